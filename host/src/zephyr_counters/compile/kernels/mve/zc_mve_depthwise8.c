/* SPDX-License-Identifier: Apache-2.0 */
#include "zc_mve_depthwise8.h"
#include <arm_mve.h>

void zc_mve_depthwise8(const int8_t *const *taps, int32_t num_taps, const int8_t *blocks, int8_t *y, int32_t channels, int32_t zero)
{
	for (int32_t c = 0; c < channels; c += 8) {
		const int8_t *const *tap = taps;
		int32x4_t even = vldrwq_s32((const int32_t *)blocks);
		int32x4_t odd = vldrwq_s32((const int32_t *)(blocks + 16));

		blocks += 32;
		for (int32_t t = num_taps; t > 0; t--) {
			int16x8_t x = vldrbq_s16(*tap++ + c);
			int16x8_t w = vldrbq_s16(blocks);

			blocks += 8;
			even = vaddq_s32(even, vmullbq_int_s16(x, w));
			odd = vaddq_s32(odd, vmulltq_int_s16(x, w));
		}
		even = vmulhq_s32(even, vldrwq_s32((const int32_t *)blocks));
		odd = vmulhq_s32(odd, vldrwq_s32((const int32_t *)(blocks + 16)));
		even = vrshlq_s32(even, vldrwq_s32((const int32_t *)(blocks + 32)));
		odd = vrshlq_s32(odd, vldrwq_s32((const int32_t *)(blocks + 48)));
		blocks += 64;
		int16x8_t q = vqmovntq_s32(vqmovnbq_s32(vuninitializedq_s16(), even), odd);

		q = vqaddq_n_s16(q, (int16_t)zero);
		vstrbq_s16(y + c, vreinterpretq_s16_s8(vqmovnbq_s16(vreinterpretq_s8_s16(q), q)));
	}
}
