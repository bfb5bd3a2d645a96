/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/*
 * Bare metal under QEMU's -icount shift=0, where an instruction takes 1 ns: output by semihosting,
 * and SysTick (Armv7-M ARM, B3.3) as a clock.
 */

#ifndef EMULATED_H_
#define EMULATED_H_

#include <stdint.h>

/** @brief Print a text. */
void emulated_print(const char *text);

/** @brief Print a number and a space. */
void emulated_print_number(uint32_t number);

/** @brief Begin to count; at most 2^24 ticks. */
void emulated_begin(void);

/** @brief Ticks of the board's clock since emulated_begin(). */
uint32_t emulated_end(void);

/** @brief What the program does; then the emulator ends. */
int main(void);

#endif /* EMULATED_H_ */
