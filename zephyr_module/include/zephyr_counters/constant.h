/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief A model's constants, which the assembler takes from a file.
 */

#ifndef ZEPHYR_COUNTERS_CONSTANT_H_
#define ZEPHYR_COUNTERS_CONSTANT_H_

#define ZC_CONSTANT_TEXT_(x_) #x_
#define ZC_CONSTANT_TEXT(x_)  ZC_CONSTANT_TEXT_(x_)

/** A symbol's name in assembly. */
#define ZC_CONSTANT_SYMBOL(name_) ZC_CONSTANT_TEXT(__USER_LABEL_PREFIX__) #name_

#ifdef __APPLE__
#define ZC_CONSTANT_BEGIN(name_)      ".section __TEXT,__const\n"
#define ZC_CONSTANT_END(name_, size_) ".text\n"
#else
/* A section of its own each, so that the linker drops those that nothing uses. */
#define ZC_CONSTANT_BEGIN(name_)                                                                   \
	".section .rodata." #name_ ",\"a\",%progbits\n"                                            \
	".type " #name_ ", %object\n"
#define ZC_CONSTANT_END(name_, size_)                                                              \
	".size " #name_ ", " #size_ "\n"                                                           \
	".previous\n"
#endif

/**
 * @brief Define a constant, aligned to 16 bytes: `size` bytes of weights.bin from `offset`.
 *
 * weights.bin is looked for in the compiler's include folders.
 */
#define ZC_CONSTANT(name_, offset_, size_)                                                         \
	__asm__(ZC_CONSTANT_BEGIN(                                                                 \
		name_) ".balign 16\n"                                                              \
		       ".globl " ZC_CONSTANT_SYMBOL(name_) "\n" ZC_CONSTANT_SYMBOL(                \
			       name_) ":\n"                                                        \
				      ".incbin \"weights.bin\", " #offset_ ", " #size_             \
				      "\n" ZC_CONSTANT_END(name_, size_));

#endif /* ZEPHYR_COUNTERS_CONSTANT_H_ */
