/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#include <arm_mve.h>

#include "zc_elementwise.h"
#include "zc_mve.h"
#include "zc_mve_elementwise.h"

int32_t zc_mve_lookup(const int8_t *x, const int32_t *op, int8_t *y)
{
	const struct zc_lookup *lookup = (const void *)op;
	const uint8_t *from = (const uint8_t *)x;
	uint8_t *to = (uint8_t *)y;

	for (int32_t size = lookup->size; size > 0; size -= 16) {
		mve_pred16_t p = vctp8q((uint32_t)size);
		uint8x16_t index = vldrbq_z_u8(from, p);

		vstrbq_p_u8(to, vldrbq_gather_offset_z_u8(lookup->table, index, p), p);
		from += 16;
		to += 16;
	}
	return 0;
}
