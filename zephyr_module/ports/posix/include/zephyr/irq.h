/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* The part of Zephyr's header of this name that this project uses: a process has no interrupts. */

#ifndef ZC_POSIX_ZEPHYR_IRQ_H_
#define ZC_POSIX_ZEPHYR_IRQ_H_

static inline unsigned int irq_lock(void)
{
	return 0;
}

static inline void irq_unlock(unsigned int key)
{
	(void)key;
}

#endif /* ZC_POSIX_ZEPHYR_IRQ_H_ */
