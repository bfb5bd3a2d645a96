/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/*
 * A counter of 32 or 64 bits as a clock of 64 bits. Reading takes no lock: only zc_extended_set()
 * changes the clock's base, from time to time, and a reader that it interrupted reads again. A
 * counter has as many bits as a register, and the difference takes one instruction.
 */

#ifndef ZC_PORTS_COMMON_EXTENDED_H_
#define ZC_PORTS_COMMON_EXTENDED_H_

#include <stdbool.h>
#include <stdint.h>

/* What a register holds. */
#ifdef CONFIG_64BIT
typedef uint64_t zc_word;
#else
typedef uint32_t zc_word;
#endif

struct zc_extended {
	zc_word (*read)(void);
	/* The counter may have stood still since the clock was read; zc_extended_now() ignores it.
	 */
	volatile bool stood_still;
	/* Counts the calls of zc_extended_set(). */
	volatile uint32_t changes;
	/* The clock when the counter was at `raw`; less than a wrap ago. */
	uint64_t base;
	zc_word raw;
};

/** @brief The clock now. */
static inline uint64_t zc_extended_now(const struct zc_extended *clock)
{
	uint32_t changes;
	uint64_t now;

	do {
		changes = clock->changes;
		__atomic_signal_fence(__ATOMIC_SEQ_CST);
		now = clock->base + (zc_word)(clock->read() - clock->raw);
		__atomic_signal_fence(__ATOMIC_SEQ_CST);
	} while (changes != clock->changes);
	return now;
}

/** @brief Let the clock be at `now` when the counter is at `raw`; with interrupts locked. */
static inline void zc_extended_set(struct zc_extended *clock, uint64_t now, zc_word raw)
{
	clock->base = now;
	clock->raw = raw;
	clock->changes++;
}

#endif /* ZC_PORTS_COMMON_EXTENDED_H_ */
