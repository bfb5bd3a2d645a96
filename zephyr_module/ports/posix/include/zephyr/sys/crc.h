/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* The part of Zephyr's header of this name that this project uses; ports/posix/crc.c has it. */

#ifndef ZC_POSIX_ZEPHYR_SYS_CRC_H_
#define ZC_POSIX_ZEPHYR_SYS_CRC_H_

#include <stddef.h>
#include <stdint.h>

/** @brief Polynomial 0x1021, most significant bit first, nothing inverted: seed 0xffff is CCITT. */
uint16_t crc16_itu_t(uint16_t seed, const uint8_t *src, size_t len);

/** @brief As zlib.crc32(). */
uint32_t crc32_ieee(const uint8_t *data, size_t len);

/** @brief As zlib.crc32() with a start value: the CRC of all before; 0 for nothing before. */
uint32_t crc32_ieee_update(uint32_t crc, const uint8_t *data, size_t len);

#endif /* ZC_POSIX_ZEPHYR_SYS_CRC_H_ */
