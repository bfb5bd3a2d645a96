/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* FAKE machine counter registers: functions of the test. HPM_XLEN comes from the build. */

#ifndef TESTS_ZEPHYR_DRIVERS_RISCV_HPM_FAKE_RISCV_HPM_CSR_H_
#define TESTS_ZEPHYR_DRIVERS_RISCV_HPM_FAKE_RISCV_HPM_CSR_H_

#include <stdint.h>

#include <zephyr/sys/util.h>

#if HPM_XLEN == 64
typedef uint64_t hpm_csr_t;
#else
typedef uint32_t hpm_csr_t;
#endif

hpm_csr_t hpm_counter_read(unsigned int n);
hpm_csr_t hpm_counter_read_high(unsigned int n);
hpm_csr_t hpm_event_read(unsigned int n);
void hpm_event_write(unsigned int n, hpm_csr_t value);
hpm_csr_t hpm_inhibit_read(void);
void hpm_inhibit_write(hpm_csr_t value);

#endif /* TESTS_ZEPHYR_DRIVERS_RISCV_HPM_FAKE_RISCV_HPM_CSR_H_ */
