/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/*
 * FAKE registers, on native_sim: memory at the addresses that the hardware has its registers at.
 * The driver under test is the one that runs on hardware. Nothing counts but what the test writes,
 * a write of 1 clears or resets nothing, and every register can be read and written.
 */

#ifndef TESTS_ZEPHYR_DRIVERS_COMMON_FAKE_REGISTERS_H_
#define TESTS_ZEPHYR_DRIVERS_COMMON_FAKE_REGISTERS_H_

#include <stddef.h>
#include <stdint.h>

/** @brief Put zeroed memory at `address`, a multiple of 4096. @return 0, or -1 if it is taken */
int fake_registers_map(uintptr_t address, size_t size);

#ifdef CONFIG_ZTEST
#include <zephyr/device.h>
#include <zephyr/sys/sys_io.h>

static inline uint32_t fake_get(uintptr_t base, uint32_t offset)
{
	return sys_read32(base + offset);
}

static inline void fake_set(uintptr_t base, uint32_t offset, uint32_t value)
{
	sys_write32(value, base + offset);
}

/** @brief Run the driver's init function again, on registers that the test has prepared. */
static inline int fake_init_again(const struct device *dev)
{
	return dev->ops.init(dev);
}
#endif

#endif /* TESTS_ZEPHYR_DRIVERS_COMMON_FAKE_REGISTERS_H_ */
