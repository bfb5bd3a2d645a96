/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/*
 * The clock that regions are timed by: a counter that one file of this folder knows, extended to 64
 * bits by clock.c.
 */

#ifndef ZC_PORTS_ZEPHYR_CLOCK_H_
#define ZC_PORTS_ZEPHYR_CLOCK_H_

#include <stdbool.h>
#include <stdint.h>

#include <zephyr/drivers/hwcnt.h>

#include "../../common/extended.h"

/** A counter to make a clock of. */
struct zc_clock_source {
	const char *name;
	/** The name of the kernel's clock where it takes this one's place. */
	const char *replacement;
	enum hwcnt_clock kind;
	/** It may stop while the core sleeps. */
	bool stops_in_sleep;
	/** Let it count. NULL if it always does. @return 0 or -errno */
	int (*start)(void);
	/** The counter, of as many bits as a word. */
	zc_word (*read)(void);
	/** Its frequency in Hz, 0 if that is not known; it is compared with the kernel's clock. */
	uint64_t (*hz)(void);
};

/** The kernel's own, which is there always. */
extern const struct zc_clock_source zc_clock_kernel;

/** @brief zc_clock_kernel.read */
zc_word zc_clock_kernel_read(void);

/** The one that Kconfig chose, if that is another. */
extern const struct zc_clock_source zc_clock_chosen;

/** @brief The core is about to sleep; with interrupts locked or not. */
void zc_clock_before_sleep(void);

#endif /* ZC_PORTS_ZEPHYR_CLOCK_H_ */
