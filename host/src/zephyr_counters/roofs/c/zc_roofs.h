/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/*
 * Micro-kernels that do one thing as fast as the core can, to measure its roofs. Each repeats it
 * sizes[1] times over sizes[0] words of 32 bits, a multiple of 8, and writes four words to y.
 */

#ifndef ZC_ROOFS_H_
#define ZC_ROOFS_H_

#include <stdint.h>

/* Load or store 8 words at p, and move p behind them. */
#if defined(__thumb2__)
#define ZC_LOAD_8(p)                                                                               \
	__asm__ volatile("ldmia %0!, {r1-r6, r8, r9}"                                              \
			 : "+r"(p)                                                                 \
			 :                                                                         \
			 : "r1", "r2", "r3", "r4", "r5", "r6", "r8", "r9", "memory")
#define ZC_STORE_8(p)                                                                              \
	__asm__ volatile("stmia %0!, {r1-r6, r8, r9}"                                              \
			 : "+r"(p)                                                                 \
			 :                                                                         \
			 : "r1", "r2", "r3", "r4", "r5", "r6", "r8", "r9", "memory")
#elif defined(__thumb__)
#define ZC_LOAD_8(p)                                                                               \
	__asm__ volatile("ldmia %0!, {r3-r6}\n\tldmia %0!, {r3-r6}"                                \
			 : "+l"(p)                                                                 \
			 :                                                                         \
			 : "r3", "r4", "r5", "r6", "memory")
#define ZC_STORE_8(p)                                                                              \
	__asm__ volatile("stmia %0!, {r3-r6}\n\tstmia %0!, {r3-r6}"                                \
			 : "+l"(p)                                                                 \
			 :                                                                         \
			 : "r3", "r4", "r5", "r6", "memory")
#else
/* In units of registers; volatile, so that each is one access. */
#define ZC_PER_8 (32U / sizeof(uintptr_t))
#define ZC_LOAD_8(p)                                                                               \
	do {                                                                                       \
		const volatile uintptr_t *words_ = (const volatile uintptr_t *)(p);                \
		for (unsigned int i_ = 0; i_ < ZC_PER_8; i_++) {                                   \
			(void)words_[i_];                                                          \
		}                                                                                  \
		(p) += 8;                                                                          \
	} while (0)
#define ZC_STORE_8(p)                                                                              \
	do {                                                                                       \
		volatile uintptr_t *words_ = (volatile uintptr_t *)(p);                            \
		for (unsigned int i_ = 0; i_ < ZC_PER_8; i_++) {                                   \
			words_[i_] = i_;                                                           \
		}                                                                                  \
		(p) += 8;                                                                          \
	} while (0)
#endif

#endif /* ZC_ROOFS_H_ */
