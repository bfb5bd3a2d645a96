/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/*
 * The MVE intrinsics that compile/kernels use, in C (Arm C Language Extensions, MVE Intrinsics
 * Reference). A predicate has a bit per byte; bytes that are off are neither read nor written.
 */

#ifndef ARM_MVE_H_
#define ARM_MVE_H_

#include <math.h>
#include <stdint.h>
#include <string.h>

typedef int8_t int8x16_t __attribute__((vector_size(16)));
typedef uint8_t uint8x16_t __attribute__((vector_size(16)));
typedef int16_t int16x8_t __attribute__((vector_size(16)));
typedef int32_t int32x4_t __attribute__((vector_size(16)));
typedef uint16_t uint16x8_t __attribute__((vector_size(16)));
typedef uint32_t uint32x4_t __attribute__((vector_size(16)));
typedef float float32x4_t __attribute__((vector_size(16)));
typedef uint16_t mve_pred16_t;

#define vreinterpretq_s32_s8(a) ((int32x4_t)(a))
#define vreinterpretq_s16_s8(a) ((int16x8_t)(a))
#define vreinterpretq_s8_s16(a) ((int8x16_t)(a))

static inline int64_t mve_saturated(int64_t value, int64_t low, int64_t high)
{
	return value < low ? low : value > high ? high : value;
}

static inline mve_pred16_t vctp8q(uint32_t count)
{
	return count >= 16U ? 0xffffU : (mve_pred16_t)((1U << count) - 1U);
}

static inline mve_pred16_t vctp16q(uint32_t count)
{
	return count >= 8U ? 0xffffU : (mve_pred16_t)((1U << 2U * count) - 1U);
}

static inline int8x16_t vldrbq_z_s8(const int8_t *from, mve_pred16_t p)
{
	int8x16_t result = {0};

	for (int i = 0; i < 16; i++) {
		if ((p >> i & 1) != 0) {
			result[i] = from[i];
		}
	}
	return result;
}

static inline int8x16_t vldrbq_s8(const int8_t *from)
{
	return vldrbq_z_s8(from, 0xffff);
}

static inline int16x8_t vldrbq_z_s16(const int8_t *from, mve_pred16_t p)
{
	int16x8_t result = {0};

	for (int i = 0; i < 8; i++) {
		if ((p >> 2 * i & 1) != 0) {
			result[i] = from[i];
		}
	}
	return result;
}

static inline int16x8_t vldrbq_s16(const int8_t *from)
{
	return vldrbq_z_s16(from, 0xffff);
}

static inline uint8x16_t vldrbq_z_u8(const uint8_t *from, mve_pred16_t p)
{
	return (uint8x16_t)vldrbq_z_s8((const int8_t *)from, p);
}

static inline uint16x8_t vldrhq_z_u16(const uint16_t *from, mve_pred16_t p)
{
	uint16x8_t result = {0};

	for (int i = 0; i < 8; i++) {
		if ((p >> 2 * i & 1) != 0) {
			result[i] = from[i];
		}
	}
	return result;
}

static inline uint16x8_t vldrhq_u16(const uint16_t *from)
{
	return vldrhq_z_u16(from, 0xffff);
}

static inline int16x8_t vldrbq_gather_offset_z_s16(const int8_t *from, uint16x8_t offsets,
						   mve_pred16_t p)
{
	int16x8_t result = {0};

	for (int i = 0; i < 8; i++) {
		if ((p >> 2 * i & 1) != 0) {
			result[i] = from[offsets[i]];
		}
	}
	return result;
}

static inline int16x8_t vldrbq_gather_offset_s16(const int8_t *from, uint16x8_t offsets)
{
	return vldrbq_gather_offset_z_s16(from, offsets, 0xffff);
}

static inline uint8x16_t vldrbq_gather_offset_z_u8(const uint8_t *from, uint8x16_t offsets,
						   mve_pred16_t p)
{
	uint8x16_t result = {0};

	for (int i = 0; i < 16; i++) {
		if ((p >> i & 1) != 0) {
			result[i] = from[offsets[i]];
		}
	}
	return result;
}

static inline void vstrbq_p_s8(int8_t *to, int8x16_t value, mve_pred16_t p)
{
	for (int i = 0; i < 16; i++) {
		if ((p >> i & 1) != 0) {
			to[i] = value[i];
		}
	}
}

static inline void vstrbq_p_u8(uint8_t *to, uint8x16_t value, mve_pred16_t p)
{
	vstrbq_p_s8((int8_t *)to, (int8x16_t)value, p);
}

static inline void vstrbq_s8(int8_t *to, int8x16_t value)
{
	vstrbq_p_s8(to, value, 0xffff);
}

static inline void vstrbq_p_s16(int8_t *to, int16x8_t value, mve_pred16_t p)
{
	for (int i = 0; i < 8; i++) {
		if ((p >> 2 * i & 1) != 0) {
			to[i] = (int8_t)value[i];
		}
	}
}

static inline void vstrbq_s16(int8_t *to, int16x8_t value)
{
	vstrbq_p_s16(to, value, 0xffff);
}

static inline int32x4_t vldrbq_s32(const int8_t *from)
{
	return (int32x4_t){from[0], from[1], from[2], from[3]};
}

static inline void vstrbq_s32(int8_t *to, int32x4_t value)
{
	for (int i = 0; i < 4; i++) {
		to[i] = (int8_t)value[i];
	}
}

static inline void vst1q_s16(int16_t *to, int16x8_t value)
{
	memcpy(to, &value, sizeof(value));
}

static inline float32x4_t vldrwq_f32(const float *from)
{
	float32x4_t result;

	memcpy(&result, from, sizeof(result));
	return result;
}

static inline void vstrwq_f32(float *to, float32x4_t value)
{
	memcpy(to, &value, sizeof(value));
}

static inline int8x16_t vdupq_n_s8(int8_t value)
{
	int8x16_t result;

	memset(&result, value, sizeof(result));
	return result;
}

static inline int16x8_t vdupq_n_s16(int16_t value)
{
	return (int16x8_t){value, value, value, value, value, value, value, value};
}

static inline int32x4_t vdupq_n_s32(int32_t value)
{
	return (int32x4_t){value, value, value, value};
}

static inline int8x16_t veorq_s8(int8x16_t a, int8x16_t b)
{
	return a ^ b;
}

static inline int16x8_t veorq_s16(int16x8_t a, int16x8_t b)
{
	return a ^ b;
}

static inline float32x4_t vdupq_n_f32(float value)
{
	return (float32x4_t){value, value, value, value};
}

static inline int8x16_t vmaxq_s8(int8x16_t a, int8x16_t b)
{
	for (int i = 0; i < 16; i++) {
		a[i] = a[i] > b[i] ? a[i] : b[i];
	}
	return a;
}

static inline int8x16_t vminq_s8(int8x16_t a, int8x16_t b)
{
	for (int i = 0; i < 16; i++) {
		a[i] = a[i] < b[i] ? a[i] : b[i];
	}
	return a;
}

static inline int32x4_t vaddq_s32(int32x4_t a, int32x4_t b)
{
	return (int32x4_t)((uint32x4_t)a + (uint32x4_t)b);
}

static inline int32x4_t vaddq_n_s32(int32x4_t a, int32_t b)
{
	return (int32x4_t)((uint32x4_t)a + (uint32_t)b);
}

static inline int16x8_t vaddq_s16(int16x8_t a, int16x8_t b)
{
	return (int16x8_t)((uint16x8_t)a + (uint16x8_t)b);
}

static inline int16x8_t vsubq_s16(int16x8_t a, int16x8_t b)
{
	return (int16x8_t)((uint16x8_t)a - (uint16x8_t)b);
}

static inline int32x4_t vmulq_n_s32(int32x4_t a, int32_t b)
{
	return (int32x4_t)((uint32x4_t)a * (uint32_t)b);
}

static inline int32x4_t vmlaq_n_s32(int32x4_t a, int32x4_t b, int32_t c)
{
	return vaddq_s32(a, vmulq_n_s32(b, c));
}

static inline int32x4_t vmlasq_n_s32(int32x4_t a, int32x4_t b, int32_t c)
{
	int32x4_t result;

	for (int i = 0; i < 4; i++) {
		result[i] = (int32_t)((uint32_t)a[i] * (uint32_t)b[i] + (uint32_t)c);
	}
	return result;
}

static inline int32x4_t vmaxq_s32(int32x4_t a, int32x4_t b)
{
	for (int i = 0; i < 4; i++) {
		a[i] = a[i] > b[i] ? a[i] : b[i];
	}
	return a;
}

static inline int32x4_t vminq_s32(int32x4_t a, int32x4_t b)
{
	for (int i = 0; i < 4; i++) {
		a[i] = a[i] < b[i] ? a[i] : b[i];
	}
	return a;
}

static inline int32x4_t veorq_s32(int32x4_t a, int32x4_t b)
{
	return a ^ b;
}

static inline int16x8_t vqaddq_n_s16(int16x8_t a, int16_t b)
{
	for (int i = 0; i < 8; i++) {
		a[i] = (int16_t)mve_saturated(a[i] + b, INT16_MIN, INT16_MAX);
	}
	return a;
}

static inline int32x4_t vmovlbq_s16(int16x8_t a)
{
	return (int32x4_t){a[0], a[2], a[4], a[6]};
}

static inline int32x4_t vmovltq_s16(int16x8_t a)
{
	return (int32x4_t){a[1], a[3], a[5], a[7]};
}

static inline int32x4_t vmullbq_int_s16(int16x8_t a, int16x8_t b)
{
	return (int32x4_t){a[0] * b[0], a[2] * b[2], a[4] * b[4], a[6] * b[6]};
}

static inline int32x4_t vmulltq_int_s16(int16x8_t a, int16x8_t b)
{
	return (int32x4_t){a[1] * b[1], a[3] * b[3], a[5] * b[5], a[7] * b[7]};
}

static inline int32x4_t vmulhq_s32(int32x4_t a, int32x4_t b)
{
	for (int i = 0; i < 4; i++) {
		a[i] = (int32_t)((int64_t)a[i] * b[i] >> 32);
	}
	return a;
}

/* Negative amounts shift to the right, rounding half up; kernels use no others. */
static inline int32_t mve_rounded_shift(int32_t value, int32_t amount)
{
	return (int32_t)((value + ((int64_t)1 << (-amount - 1))) >> -amount);
}

static inline int32x4_t vrshlq_s32(int32x4_t a, int32x4_t b)
{
	for (int i = 0; i < 4; i++) {
		a[i] = mve_rounded_shift(a[i], b[i]);
	}
	return a;
}

/* Negative amounts shift to the right; kernels use no others. */
static inline int32x4_t vshlq_r_s32(int32x4_t a, int32_t b)
{
	return a >> -b;
}

static inline int16x8_t vqmovnbq_s32(int16x8_t to, int32x4_t a)
{
	for (int i = 0; i < 4; i++) {
		to[2 * i] = (int16_t)mve_saturated(a[i], INT16_MIN, INT16_MAX);
	}
	return to;
}

static inline int16x8_t vqmovntq_s32(int16x8_t to, int32x4_t a)
{
	for (int i = 0; i < 4; i++) {
		to[2 * i + 1] = (int16_t)mve_saturated(a[i], INT16_MIN, INT16_MAX);
	}
	return to;
}

static inline int8x16_t vqmovnbq_s16(int8x16_t to, int16x8_t a)
{
	for (int i = 0; i < 8; i++) {
		to[2 * i] = (int8_t)mve_saturated(a[i], INT8_MIN, INT8_MAX);
	}
	return to;
}

static inline float32x4_t vfmaq_n_f32(float32x4_t a, float32x4_t b, float c)
{
	for (int i = 0; i < 4; i++) {
		a[i] = fmaf(b[i], c, a[i]);
	}
	return a;
}

#endif /* ARM_MVE_H_ */
