/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief What generated kernels call of <math.h>, where the C library has none of it.
 *
 * Stands before the minimal C library's own <math.h>. Values are within 2 units in the last place
 * (tanhf: 5), those that are exact by definition are; errno is not set. Rounding is to nearest.
 */

#ifndef ZEPHYR_COUNTERS_LIB_MATH_MATH_H_
#define ZEPHYR_COUNTERS_LIB_MATH_MATH_H_

#include_next <math.h>

#ifndef INFINITY
#define INFINITY __builtin_inff()
#endif
#ifndef NAN
#define NAN __builtin_nanf("")
#endif
#ifndef isnan
#define isnan(x) __builtin_isnan(x)
#endif
#ifndef isinf
#define isinf(x) __builtin_isinf(x)
#endif
#ifndef isfinite
#define isfinite(x) __builtin_isfinite(x)
#endif
#ifndef fpclassify
#define FP_NAN        0
#define FP_INFINITE   1
#define FP_ZERO       2
#define FP_SUBNORMAL  3
#define FP_NORMAL     4
#define fpclassify(x) __builtin_fpclassify(FP_NAN, FP_INFINITE, FP_NORMAL, FP_SUBNORMAL, FP_ZERO, x)
#endif

float expf(float x);
float logf(float x);
float tanhf(float x);

float nearbyintf(float x);
float rintf(float x);
float roundf(float x);
float truncf(float x);
float floorf(float x);
float ceilf(float x);

float fabsf(float x);
float fmaxf(float x, float y);
float fminf(float x, float y);

#endif /* ZEPHYR_COUNTERS_LIB_MATH_MATH_H_ */
