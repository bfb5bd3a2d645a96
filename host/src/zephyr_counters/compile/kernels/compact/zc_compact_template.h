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

/* NaN becomes the limit, as with TVM's min and max. */
static float zc_finish(const struct zc_compact *op, const float *floats, int32_t o, float sum)
{
	float value = sum * floats[2 + op->y_channels + o] + floats[2 + o];

	if (op->has_high) {
		value = value < floats[1] ? value : floats[1];
	}
	if (op->has_low) {
		value = value > floats[0] ? value : floats[0];
	}
	return value;
}

/* Adds products to the sums of two output channels. */
static void zc_two(const float *x, const float *a, const float *b, int32_t count, float *sums)
{
	float first = sums[0];
	float second = sums[1];

	for (; count >= 4; count -= 4) {
		first += x[0] * a[0];
		second += x[0] * b[0];
		first += x[1] * a[1];
		second += x[1] * b[1];
		first += x[2] * a[2];
		second += x[2] * b[2];
		first += x[3] * a[3];
		second += x[3] * b[3];
		x += 4;
		a += 4;
		b += 4;
	}
	for (const float *end = x + count; x < end; x++) {
		first += *x * *a++;
		second += *x * *b++;
	}
	sums[0] = first;
	sums[1] = second;
}

static float zc_one(const float *x, const float *a, int32_t count, float sum)
{
	for (const float *end = x + count; x < end; x++) {
		sum += *x * *a++;
	}
	return sum;
}

/* One pixel of one or two output channels, whose weights are `size` apart. */
static void zc_pixel(const struct zc_compact *op, const float *x, struct zc_taps rows,
		     struct zc_taps columns, const float *weights, int32_t count, float *sums)
{
	int32_t depth = op->x_channels / op->groups;
	int32_t size = op->height * op->width * depth;
	/* What a row of the kernel reads lies in one piece. */
	int32_t whole = op->groups == 1 && op->column_dilation == 1;
	int32_t taps = whole ? columns.end - columns.first : 1;

	for (int32_t r = rows.first; r < rows.end; r++) {
		for (int32_t c = columns.first; c < columns.end; c += taps) {
			int32_t row = rows.place + r * op->row_dilation;
			int32_t column = columns.place + c * op->column_dilation;
			const float *part = x + (row * op->x_width + column) * op->x_channels;
			const float *tap = weights + (r * op->width + c) * depth;

			if (count == 2) {
				zc_two(part, tap, tap + size, taps * depth, sums);
			} else {
				sums[0] = zc_one(part, tap, taps * depth, sums[0]);
			}
		}
	}
}

/* All pixels of `count` output channels from `o` on. */
static void zc_channels(const struct zc_compact *op, const float *x, const float *floats,
			const float *weights, int32_t o, int32_t count, float *y)
{
	x += o / (op->y_channels / op->groups) * (op->x_channels / op->groups);
	for (int32_t image = 0; image < op->images; image++) {
		for (int32_t row = 0; row < op->y_height; row++) {
			struct zc_taps rows = zc_taps(row * op->row_stride - op->pad_top,
						      op->height, op->row_dilation, op->x_height);

			for (int32_t column = 0; column < op->y_width; column++) {
				struct zc_taps columns =
					zc_taps(column * op->column_stride - op->pad_left,
						op->width, op->column_dilation, op->x_width);
				float sums[2] = {0.0f, 0.0f};

				zc_pixel(op, x, rows, columns, weights, count, sums);
				for (int32_t i = 0; i < count; i++) {
					y[o + i] = zc_finish(op, floats, o + i, sums[i]);
				}
				y += op->y_channels;
			}
		}
		x += op->x_height * op->x_width * op->x_channels;
	}
}

/* One pixel of four output channels, without weights as floats: each is read once. */
static void zc_four(const float *x, const ZC_COMPACT_WEIGHT *weights, int32_t count, float *sums)
{
	const ZC_COMPACT_WEIGHT *b = weights + count;
	const ZC_COMPACT_WEIGHT *c = b + count;
	const ZC_COMPACT_WEIGHT *d = c + count;
	float first = 0.0f;
	float second = 0.0f;
	float third = 0.0f;
	float fourth = 0.0f;

	for (const float *end = x + count; x < end; x++) {
		first += *x * zc_weight(*weights++);
		second += *x * zc_weight(*b++);
		third += *x * zc_weight(*c++);
		fourth += *x * zc_weight(*d++);
	}
	sums[0] = first;
	sums[1] = second;
	sums[2] = third;
	sums[3] = fourth;
}

static void zc_product(const struct zc_compact *op, const float *x, const float *floats,
		       const ZC_COMPACT_WEIGHT *weights, float *y)
{
	int32_t o = 0;

	for (; o + 4 <= op->y_channels; o += 4) {
		zc_four(x, weights, op->x_channels, y + o);
		weights += 4 * op->x_channels;
	}
	for (; o < op->y_channels; o++) {
		y[o] = 0.0f;
		for (int32_t i = 0; i < op->x_channels; i++) {
			y[o] += x[i] * zc_weight(*weights++);
		}
	}
	for (o = 0; o < op->y_channels; o++) {
		y[o] = zc_finish(op, floats, o, y[o]);
	}
}

static void zc_compact(const float *x, const int32_t *sizes, const float *floats,
		       const ZC_COMPACT_WEIGHT *weights, float *y, float *scratch)
{
	const struct zc_compact *op = (const void *)sizes;
	int32_t group = op->y_channels / op->groups;
	int32_t size = op->height * op->width * (op->x_channels / op->groups);

	if (op->is_product) {
		zc_product(op, x, floats, weights, y);
		return;
	}
	for (int32_t o = 0; o < op->y_channels;) {
		int32_t count = o % group + 2 <= group ? 2 : 1;

		for (int32_t i = 0; i < count * size; i++) {
			scratch[i] = zc_weight(*weights++);
		}
		zc_channels(op, x, floats, scratch, o, count, y);
		o += count;
	}
}

#endif
