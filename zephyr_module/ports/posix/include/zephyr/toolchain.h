/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* The part of Zephyr's header of this name that this project uses, for hosts without Zephyr. */

#ifndef ZC_POSIX_ZEPHYR_TOOLCHAIN_H_
#define ZC_POSIX_ZEPHYR_TOOLCHAIN_H_

#define __subsystem
#ifndef __packed
#define __packed __attribute__((packed))
#endif
#ifndef __aligned
#define __aligned(x) __attribute__((aligned(x)))
#endif
#ifndef __used
#define __used __attribute__((used))
#endif
#ifndef __weak
#define __weak __attribute__((weak))
#endif
#ifndef __fallthrough
#define __fallthrough __attribute__((fallthrough))
#endif
#define ALWAYS_INLINE       inline __attribute__((always_inline))
#define ARG_UNUSED(x)       (void)(x)

#define ZC_POSIX_CAT_(a, b) a##b
#define ZC_POSIX_CAT(a, b)  ZC_POSIX_CAT_(a, b)

/* An extension to C99 that GCC and Clang have, so that the error says what is wrong. */
#define BUILD_ASSERT(expression, ...) __extension__ _Static_assert((expression), "" __VA_ARGS__)

#endif /* ZC_POSIX_ZEPHYR_TOOLCHAIN_H_ */
