/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* The convolution, for the weights of the file that includes this.
 *
 * It has defined ZC_COMPACT_WEIGHT, their type, and zc_weight(), which converts one. Without it
 * this file is empty.
 */

#ifdef ZC_COMPACT_WEIGHT

/* The part of the kernel that lies in the image, along one axis. */
struct zc_taps {
	int32_t first;
	int32_t end;
	int32_t place; /* of tap 0 in the image; may be negative */
};

static struct zc_taps zc_taps(int32_t place, int32_t taps, int32_t dilation, int32_t size)
{
	struct zc_taps found = {0, taps, place};

	while (found.first < taps && place + found.first * dilation < 0) {
		found.first++;
	}
	while (found.end > found.first && place + (found.end - 1) * dilation >= size) {
		found.end--;
	}
	return found;
}

/* Adds one tap to four sums: of four output channels, whose weights are `step` apart. */
static void zc_four(const float *x, const ZC_COMPACT_WEIGHT *w, int32_t step, int32_t count,
		    float *sums)
{
	float a = sums[0];
	float b = sums[1];
	float c = sums[2];
	float d = sums[3];

	for (int32_t i = 0; i < count; i++) {
		a += x[i] * zc_weight(w[i]);
		b += x[i] * zc_weight(w[i + step]);
		c += x[i] * zc_weight(w[i + 2 * step]);
		d += x[i] * zc_weight(w[i + 3 * step]);
	}
	sums[0] = a;
	sums[1] = b;
	sums[2] = c;
	sums[3] = d;
}

static float zc_one(const float *x, const ZC_COMPACT_WEIGHT *w, int32_t count, float sum)
{
	for (int32_t i = 0; i < count; i++) {
		sum += x[i] * zc_weight(w[i]);
	}
	return sum;
}

/* One pixel: each output channel reads all channels of its group. */
static void zc_dense_pixel(const struct zc_compact *op, const float *x, struct zc_taps rows,
			   struct zc_taps columns, const ZC_COMPACT_WEIGHT *weights, float *y)
{
	int32_t depth = op->x_channels / op->groups;
	int32_t outputs = op->y_channels / op->groups;
	int32_t step = op->height * op->width * depth;

	for (int32_t r = rows.first; r < rows.end; r++) {
		for (int32_t c = columns.first; c < columns.end; c++) {
			int32_t row = rows.place + r * op->row_dilation;
			int32_t column = columns.place + c * op->column_dilation;
			const float *pixel = x + (row * op->x_width + column) * op->x_channels;
			const ZC_COMPACT_WEIGHT *tap = weights + (r * op->width + c) * depth;

			for (int32_t o = 0; o < op->y_channels; o++) {
				const float *part = pixel + o / outputs * depth;

				if (o % outputs + 4 <= outputs) {
					zc_four(part, tap + o * step, step, depth, y + o);
					o += 3;
				} else {
					y[o] = zc_one(part, tap + o * step, depth, y[o]);
				}
			}
		}
	}
}

/* One pixel: each output channel reads one channel. */
static void zc_depthwise_pixel(const struct zc_compact *op, const float *x, struct zc_taps rows,
			       struct zc_taps columns, const ZC_COMPACT_WEIGHT *weights, float *y)
{
	int32_t multiplier = op->y_channels / op->x_channels;

	for (int32_t r = rows.first; r < rows.end; r++) {
		for (int32_t c = columns.first; c < columns.end; c++) {
			int32_t row = rows.place + r * op->row_dilation;
			int32_t column = columns.place + c * op->column_dilation;
			const float *pixel = x + (row * op->x_width + column) * op->x_channels;
			const ZC_COMPACT_WEIGHT *tap =
				weights + (r * op->width + c) * op->y_channels;
			float *sum = y;

			for (int32_t i = 0; i < op->x_channels; i++) {
				for (int32_t m = 0; m < multiplier; m++) {
					*sum++ += pixel[i] * zc_weight(*tap++);
				}
			}
		}
	}
}

/* NaN becomes the limit, as with TVM's min and max. */
static void zc_finish(const struct zc_compact *op, const float *floats, float *y)
{
	const float *bias = floats + 2;
	const float *scale = bias + op->y_channels;

	for (int32_t o = 0; o < op->y_channels; o++) {
		float value = y[o] * scale[o] + bias[o];

		if (op->has_high) {
			value = value < floats[1] ? value : floats[1];
		}
		if (op->has_low) {
			value = value > floats[0] ? value : floats[0];
		}
		y[o] = value;
	}
}

static void zc_compact(const float *x, const int32_t *sizes, const float *floats,
		       const ZC_COMPACT_WEIGHT *weights, float *y)
{
	const struct zc_compact *op = (const void *)sizes;

	for (int32_t i = 0; i < op->images * op->y_height * op->y_width; i++) {
		int32_t row = i / op->y_width % op->y_height;
		int32_t column = i % op->y_width;
		const float *image = x + i / (op->y_width * op->y_height) * op->x_height *
						 op->x_width * op->x_channels;
		struct zc_taps rows = zc_taps(row * op->row_stride - op->pad_top, op->height,
					      op->row_dilation, op->x_height);
		struct zc_taps columns = zc_taps(column * op->column_stride - op->pad_left,
						 op->width, op->column_dilation, op->x_width);

		for (int32_t o = 0; o < op->y_channels; o++) {
			y[o] = 0.0f;
		}
		if (op->groups == op->x_channels) {
			zc_depthwise_pixel(op, image, rows, columns, weights, y);
		} else {
			zc_dense_pixel(op, image, rows, columns, weights, y);
		}
		zc_finish(op, floats, y);
		y += op->y_channels;
	}
}

#endif
