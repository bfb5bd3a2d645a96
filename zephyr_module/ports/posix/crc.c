/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#include <zephyr/sys/crc.h>

/* Polynomial 0x04c11db7 with its bits reversed, as the bytes go in least significant bit first. */
#define CRC32_POLYNOMIAL 0xedb88320U

uint16_t crc16_itu_t(uint16_t seed, const uint8_t *src, size_t len)
{
	uint32_t crc = seed;

	/* A byte at a time without a table: x^16 + x^12 + x^5 + 1 folds into four shifts. */
	for (size_t i = 0; i < len; i++) {
		crc = ((crc >> 8) | (crc << 8)) & 0xffffU;
		crc ^= src[i];
		crc ^= (crc & 0xffU) >> 4;
		crc ^= (crc << 12) & 0xffffU;
		crc ^= (crc & 0xffU) << 5;
	}
	return (uint16_t)crc;
}

uint32_t crc32_ieee(const uint8_t *data, size_t len)
{
	return crc32_ieee_update(0, data, len);
}

uint32_t crc32_ieee_update(uint32_t crc, const uint8_t *data, size_t len)
{
	crc = ~crc;
	for (size_t i = 0; i < len; i++) {
		crc ^= data[i];
		for (int bit = 0; bit < 8; bit++) {
			crc = (crc >> 1) ^ (CRC32_POLYNOMIAL & (0U - (crc & 1U)));
		}
	}
	return ~crc;
}
