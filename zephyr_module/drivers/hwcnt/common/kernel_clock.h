/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* For providers that count in cycles of the kernel's clock. */

#ifndef DRIVERS_HWCNT_COMMON_KERNEL_CLOCK_H_
#define DRIVERS_HWCNT_COMMON_KERNEL_CLOCK_H_

#include <zephyr/drivers/hwcnt.h>
#include <zephyr/sys/util.h>

/** hwcnt_info.clock: SysTick counts the core's cycles. */
#define KERNEL_CLOCK                                                                               \
	(IS_ENABLED(CONFIG_ARCH_POSIX)         ? HWCNT_CLOCK_HOST                                  \
	 : IS_ENABLED(CONFIG_CORTEX_M_SYSTICK) ? HWCNT_CLOCK_CORE                                  \
					       : HWCNT_CLOCK_TIMER)

/** hwcnt_info.flags: on native_sim and in QEMU time is simulated. */
#define KERNEL_FLAGS                                                                               \
	(IS_ENABLED(CONFIG_ARCH_POSIX) || IS_ENABLED(CONFIG_QEMU_TARGET) ? HWCNT_SIMULATED : 0)

#endif /* DRIVERS_HWCNT_COMMON_KERNEL_CLOCK_H_ */
