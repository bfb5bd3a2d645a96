/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/*
 * The machine counter registers by index. The instructions take a register's number only as a
 * constant, hence the switches. Numbers: The RISC-V Instruction Set Manual, Volume II, Privileged
 * Architecture, version 20211203, section 2.2 (CSR Listing).
 */

#ifndef DRIVERS_HWCNT_ARCH_RISCV_RISCV_HPM_CSR_H_
#define DRIVERS_HWCNT_ARCH_RISCV_RISCV_HPM_CSR_H_

#include <zephyr/sys/util.h>

#define HPM_XLEN __riscv_xlen

typedef unsigned long hpm_csr_t;

#define HPM_CSR_MCYCLE        0xb00
#define HPM_CSR_MCYCLEH       0xb80
#define HPM_CSR_MCOUNTINHIBIT 0x320
/* mhpmevent3 is 0x323. */
#define HPM_CSR_MHPMEVENT 0x320

#define HPM_READ_CASE(n, block)                                                                    \
	case n:                                                                                    \
		__asm__ volatile("csrr %0, %1" : "=r"(value) : "i"((block) + (n)));                \
		break;

#define HPM_WRITE_CASE(n, block)                                                                   \
	case n:                                                                                    \
		__asm__ volatile("csrw %1, %0" : : "r"(value), "i"((block) + (n)));                \
		break;

/** @brief mcycle (0), minstret (2), mhpmcounter3 to mhpmcounter31; the low half on RV32. */
static inline hpm_csr_t hpm_counter_read(unsigned int n)
{
	hpm_csr_t value = 0;

	switch (n) {
		LISTIFY(32, HPM_READ_CASE, (), HPM_CSR_MCYCLE)
	default:
		break;
	}
	return value;
}

/** @brief The high half; RV32 only. */
static inline hpm_csr_t hpm_counter_read_high(unsigned int n)
{
	hpm_csr_t value = 0;

	switch (n) {
		LISTIFY(32, HPM_READ_CASE, (), HPM_CSR_MCYCLEH)
	default:
		break;
	}
	return value;
}

/** @brief mhpmevent3 to mhpmevent31. */
static inline hpm_csr_t hpm_event_read(unsigned int n)
{
	hpm_csr_t value = 0;

	switch (n) {
		LISTIFY(32, HPM_READ_CASE, (), HPM_CSR_MHPMEVENT)
	default:
		break;
	}
	return value;
}

static inline void hpm_event_write(unsigned int n, hpm_csr_t value)
{
	switch (n) {
		LISTIFY(32, HPM_WRITE_CASE, (), HPM_CSR_MHPMEVENT)
	default:
		break;
	}
}

static inline hpm_csr_t hpm_inhibit_read(void)
{
	hpm_csr_t value;

	__asm__ volatile("csrr %0, %1" : "=r"(value) : "i"(HPM_CSR_MCOUNTINHIBIT));
	return value;
}

static inline void hpm_inhibit_write(hpm_csr_t value)
{
	__asm__ volatile("csrw %1, %0" : : "r"(value), "i"(HPM_CSR_MCOUNTINHIBIT));
}

#endif /* DRIVERS_HWCNT_ARCH_RISCV_RISCV_HPM_CSR_H_ */
