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
#define ALWAYS_INLINE inline __attribute__((always_inline))
#define ARG_UNUSED(x) (void)(x)

/* C99 has no static assertion; an array of negative size is an error in every C. */
#define ZC_POSIX_CAT_(a, b) a##b
#define ZC_POSIX_CAT(a, b)  ZC_POSIX_CAT_(a, b)
#define BUILD_ASSERT(expression, ...)                                                              \
	extern __attribute__((unused)) char ZC_POSIX_CAT(zc_build_assert_,                         \
							 __COUNTER__)[(expression) ? 1 : -1]

#endif /* ZC_POSIX_ZEPHYR_TOOLCHAIN_H_ */
