/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* The part of Zephyr's header of this name that this project uses, for hosts without Zephyr. */

#ifndef ZC_POSIX_ZEPHYR_SYS_UTIL_H_
#define ZC_POSIX_ZEPHYR_SYS_UTIL_H_

#include <stddef.h>
#include <stdint.h>

#include <zephyr/toolchain.h>

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))
#define BIT(n)            (1UL << (n))
#define BIT64(n)          (1ULL << (n))
#define BIT_MASK(n)       (BIT(n) - 1UL)
#define BIT64_MASK(n)     (BIT64(n) - 1ULL)
#ifndef MIN
#define MIN(a, b) (((a) < (b)) ? (a) : (b))
#endif
#ifndef MAX
#define MAX(a, b) (((a) > (b)) ? (a) : (b))
#endif
#define CLAMP(value, low, high)        (((value) <= (low)) ? (low) : MIN(value, high))
#define ROUND_UP(x, align)             ((((x) + ((align)-1)) / (align)) * (align))
#define ROUND_DOWN(x, align)           (((x) / (align)) * (align))
#define DIV_ROUND_UP(n, d)             (((n) + (d)-1) / (d))
#define IS_POWER_OF_TWO(x)             (((x) != 0U) && (((x) & ((x)-1U)) == 0U))
#define CONTAINER_OF(ptr, type, field) ((type *)(void *)((char *)(ptr)-offsetof(type, field)))

#endif /* ZC_POSIX_ZEPHYR_SYS_UTIL_H_ */
