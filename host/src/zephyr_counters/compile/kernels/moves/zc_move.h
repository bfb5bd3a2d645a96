/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* Elements that only change their places, a run of neighbouring bytes at a time. */

#ifndef ZC_MOVE_H_
#define ZC_MOVE_H_

#include <stdint.h>

#define ZC_MOVE_AXES 3

/* A box of runs in an input and in the output. All numbers are bytes, but extents. */
struct zc_move_block {
	int32_t run;
	int32_t x_offset;
	int32_t y_offset;
	/* Outermost axis first; of those that are not used the extent is 1. */
	int32_t extent[ZC_MOVE_AXES];
	int32_t x_stride[ZC_MOVE_AXES];
	int32_t y_stride[ZC_MOVE_AXES];
};

struct zc_move {
	int32_t filled; /* bytes of the output that are set first; 0 if there are several inputs */
	int32_t fill;
	struct zc_move_block block[]; /* one for each input */
};

/** @brief Move the elements of an input; op is struct zc_move. */
int32_t zc_move1(const void *x0, const int32_t *op, void *y);

/** @brief The same of two inputs, and so on. */
int32_t zc_move2(const void *x0, const void *x1, const int32_t *op, void *y);
int32_t zc_move3(const void *x0, const void *x1, const void *x2, const int32_t *op, void *y);
int32_t zc_move4(const void *x0, const void *x1, const void *x2, const void *x3, const int32_t *op,
		 void *y);

#endif /* ZC_MOVE_H_ */
