/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* Bytes, 16 at a time; the last ones by predication. */

#ifndef ZC_MVE_BYTES_H_
#define ZC_MVE_BYTES_H_

#include <stdint.h>

/** @brief Copy `size` bytes; nothing if that is 0. */
void zc_mve_copy(int8_t *to, const int8_t *from, int32_t size);

/** @brief Set `size` bytes; nothing if that is 0. */
void zc_mve_fill(int8_t *to, int32_t value, int32_t size);

/** @brief Limit `size` bytes to [low, high]; returns at once if that is all of int8. */
void zc_mve_clamp(int8_t *y, int32_t size, int32_t low, int32_t high);

#endif /* ZC_MVE_BYTES_H_ */
