/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/*
 * What products in assembly share. Sums of the first pixel are in r4 to r7, of the second in r8 to
 * r11; end pointers are read from the stack, as no register is left for them.
 */

#ifndef ZC_DSP_PRODUCT_ASM_H_
#define ZC_DSP_PRODUCT_ASM_H_

/* Naked functions find their arguments in registers. */
#pragma GCC diagnostic ignored "-Wunused-parameter"
#pragma GCC diagnostic ignored "-Woverlength-strings"

#define REQUANTIZE_TWO(first, second)                                                              \
	"ldm r1!, {r0, r2, r3}\n\t"                                                                \
	"smmla " first ", " first ", r0, r2\n\t"                                                   \
	"smmla " second ", " second ", r0, r2\n\t"                                                 \
	"asr " first ", " first ", r3\n\t"                                                         \
	"asr " second ", " second ", r3\n\t"                                                       \
	"ssat " first ", #8, " first "\n\t"                                                        \
	"ssat " second ", #8, " second "\n\t"                                                      \
	"strb " first ", [r12], #1\n\t"                                                            \
	"strb " second ", [lr], #1\n\t"

/* Until 2: the loop over a block's inputs. */
#define BEGIN_TWO                                                                                  \
	"push {r4-r11, lr}\n\t"                                                                    \
	"push {r0, r1, r3}\n\t"                                                                    \
	"mov r1, r2\n"                                                                             \
	"1:\n\t"                                                                                   \
	"ldr r0, [sp]\n\t"                                                                         \
	"ldm r1!, {r4-r7}\n\t"                                                                     \
	"mov r8, r4\n\t"                                                                           \
	"mov r9, r5\n\t"                                                                           \
	"mov r10, r6\n\t"                                                                          \
	"mov r11, r7\n"                                                                            \
	"2:\n\t"

/* After the loop's last input, with `finish` before the outputs. */
#define END_TWO(finish)                                                                            \
	"ldr r2, [sp, #4]\n\t"                                                                     \
	"cmp r0, r2\n\t"                                                                           \
	"bne 2b\n\t"                                                                               \
	"ldrd r12, lr, [sp, #48]\n\t" finish REQUANTIZE_TWO("r4", "r8") REQUANTIZE_TWO("r5", "r9") \
		REQUANTIZE_TWO("r6", "r10")                                                        \
			REQUANTIZE_TWO("r7", "r11") "strd r12, lr, [sp, #48]\n\t"                  \
						    "ldr r2, [sp, #8]\n\t"                         \
						    "cmp r1, r2\n\t"                               \
						    "bne 1b\n\t"                                   \
						    "add sp, sp, #12\n\t"                          \
						    "pop {r4-r11, pc}"

#define REQUANTIZE_ONE(sum)                                                                        \
	"ldm r1!, {r8, r9, r10}\n\t"                                                               \
	"smmla " sum ", " sum ", r8, r9\n\t"                                                       \
	"asr " sum ", " sum ", r10\n\t"                                                            \
	"ssat " sum ", #8, " sum "\n\t"                                                            \
	"strb " sum ", [lr], #1\n\t"

#define BEGIN_ONE                                                                                  \
	"push {r4-r11, lr}\n\t"                                                                    \
	"push {r0, r3}\n\t"                                                                        \
	"mov r12, r1\n\t"                                                                          \
	"mov r1, r2\n\t"                                                                           \
	"ldr lr, [sp, #44]\n"                                                                      \
	"1:\n\t"                                                                                   \
	"ldr r0, [sp]\n\t"                                                                         \
	"ldm r1!, {r4-r7}\n"                                                                       \
	"2:\n\t"

#define END_ONE(finish)                                                                            \
	"cmp r0, r12\n\t"                                                                          \
	"bne 2b\n\t" finish REQUANTIZE_ONE("r4") REQUANTIZE_ONE("r5") REQUANTIZE_ONE("r6")         \
		REQUANTIZE_ONE("r7") "ldr r2, [sp, #4]\n\t"                                        \
				     "cmp r1, r2\n\t"                                              \
				     "bne 1b\n\t"                                                  \
				     "add sp, sp, #8\n\t"                                          \
				     "pop {r4-r11, pc}"

#endif /* ZC_DSP_PRODUCT_ASM_H_ */
