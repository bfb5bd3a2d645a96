/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief What the runtime needs of the platform under it: Zephyr, or ports/posix.
 */

#ifndef ZEPHYR_COUNTERS_PORT_H_
#define ZEPHYR_COUNTERS_PORT_H_

#include <stddef.h>
#include <stdint.h>

#include <zephyr/drivers/hwcnt.h>

/** @brief A clock that never wraps and never steps back; the unit of `ticks`. */
uint64_t zc_port_clock(void);

/** @brief Its frequency in Hz, constant and not 0. */
uint64_t zc_port_clock_hz(void);

/** @brief What drives it. */
enum hwcnt_clock zc_port_clock_kind(void);

/** @brief Its name, for people: `dwt`, `kernel`, `monotonic`. */
const char *zc_port_clock_name(void);

/** @brief Lock interrupts. @return key for zc_port_irq_unlock() */
unsigned int zc_port_irq_lock(void);

/** @brief Undo zc_port_irq_lock(). */
void zc_port_irq_unlock(unsigned int key);

/** @brief Fill with bytes that differ from boot to boot. */
void zc_port_random(uint8_t *buf, size_t len);

/** @brief Zephyr's board target, or "posix". */
const char *zc_port_board(void);

/** @brief Number of counter providers. */
size_t zc_port_num_providers(void);

/** @brief A provider, by index below zc_port_num_providers(). */
const struct device *zc_port_provider(size_t index);

#endif /* ZEPHYR_COUNTERS_PORT_H_ */
