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

/** @brief Flip the bits of `size` bytes that `flip` has; returns at once if it has none. */
void zc_mve_flip(int8_t *y, int32_t size, int32_t flip);

/** @brief Limit `size` bytes to [low, high], unless that is all of int8; then flip bits. */
void zc_mve_clamp(int8_t *y, int32_t size, int32_t low, int32_t high, int32_t flip);

#endif /* ZC_MVE_BYTES_H_ */
