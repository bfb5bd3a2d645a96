/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* The part of Zephyr's header of this name that this project uses, for hosts without Zephyr. */

#ifndef ZC_POSIX_ZEPHYR_SYS_BYTEORDER_H_
#define ZC_POSIX_ZEPHYR_SYS_BYTEORDER_H_

#include <stdint.h>

static inline void sys_put_le16(uint16_t val, uint8_t dst[2])
{
	dst[0] = (uint8_t)val;
	dst[1] = (uint8_t)(val >> 8);
}

static inline void sys_put_le32(uint32_t val, uint8_t dst[4])
{
	sys_put_le16((uint16_t)val, dst);
	sys_put_le16((uint16_t)(val >> 16), &dst[2]);
}

static inline void sys_put_le64(uint64_t val, uint8_t dst[8])
{
	sys_put_le32((uint32_t)val, dst);
	sys_put_le32((uint32_t)(val >> 32), &dst[4]);
}

static inline void sys_put_be16(uint16_t val, uint8_t dst[2])
{
	dst[0] = (uint8_t)(val >> 8);
	dst[1] = (uint8_t)val;
}

static inline void sys_put_be32(uint32_t val, uint8_t dst[4])
{
	sys_put_be16((uint16_t)(val >> 16), dst);
	sys_put_be16((uint16_t)val, &dst[2]);
}

static inline void sys_put_be64(uint64_t val, uint8_t dst[8])
{
	sys_put_be32((uint32_t)(val >> 32), dst);
	sys_put_be32((uint32_t)val, &dst[4]);
}

static inline uint16_t sys_get_le16(const uint8_t src[2])
{
	return (uint16_t)(src[0] | ((unsigned int)src[1] << 8));
}

static inline uint32_t sys_get_le32(const uint8_t src[4])
{
	return sys_get_le16(src) | ((uint32_t)sys_get_le16(&src[2]) << 16);
}

static inline uint64_t sys_get_le64(const uint8_t src[8])
{
	return sys_get_le32(src) | ((uint64_t)sys_get_le32(&src[4]) << 32);
}

static inline uint16_t sys_get_be16(const uint8_t src[2])
{
	return (uint16_t)(src[1] | ((unsigned int)src[0] << 8));
}

static inline uint32_t sys_get_be32(const uint8_t src[4])
{
	return sys_get_be16(&src[2]) | ((uint32_t)sys_get_be16(src) << 16);
}

static inline uint64_t sys_get_be64(const uint8_t src[8])
{
	return sys_get_be32(&src[4]) | ((uint64_t)sys_get_be32(src) << 32);
}

#endif /* ZC_POSIX_ZEPHYR_SYS_BYTEORDER_H_ */
