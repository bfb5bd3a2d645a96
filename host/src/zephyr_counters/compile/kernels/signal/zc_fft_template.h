/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* The transforms, for the type of the file that includes this.
 *
 * It has defined ZC_FFT_ELEMENT, and the functions
 *
 *	element zc_sum(element a, element b), zc_difference(element a, element b)
 *	element zc_half_sum(element a, element b), zc_half_difference(element a, element b)
 *	element zc_products_sum(element a, element b, element c, element d)   a * b + c * d, rounded
 *	element zc_products_difference(...)   a * b - c * d, rounded
 *	element zc_negative(element a)
 *	element zc_part(element a, int32_t parts)   a / parts; a, if the type needs no room
 *
 * Without ZC_FFT_ELEMENT it is empty.
 */

#ifdef ZC_FFT_ELEMENT

struct zc_point {
	ZC_FFT_ELEMENT re;
	ZC_FFT_ELEMENT im;
};

static struct zc_point zc_plus(struct zc_point a, struct zc_point b)
{
	return (struct zc_point){zc_sum(a.re, b.re), zc_sum(a.im, b.im)};
}

static struct zc_point zc_minus(struct zc_point a, struct zc_point b)
{
	return (struct zc_point){zc_difference(a.re, b.re), zc_difference(a.im, b.im)};
}

static struct zc_point zc_times(struct zc_point a, struct zc_point b)
{
	return (struct zc_point){zc_products_difference(a.re, b.re, a.im, b.im),
				 zc_products_sum(a.re, b.im, a.im, b.re)};
}

static struct zc_point zc_share(struct zc_point a, int32_t parts)
{
	return (struct zc_point){zc_part(a.re, parts), zc_part(a.im, parts)};
}

/* Where the result's element `index` comes from: its digits in reversed order. */
static int32_t zc_origin(const struct zc_fft *op, int32_t index)
{
	int32_t left = op->length / 2;
	int32_t stride = 1;
	int32_t origin = 0;

	for (int32_t stage = 0; stage < op->stages; stage++) {
		left /= op->radix[stage];
		origin += index / left * stride;
		index %= left;
		stride *= op->radix[stage];
	}
	return origin;
}

static void zc_pair(struct zc_point *z, const struct zc_point *roots, int32_t stride, int32_t count)
{
	for (int32_t k = 0; k < count; k++) {
		struct zc_point a = zc_share(z[k], 2);
		struct zc_point b = zc_times(zc_share(z[count + k], 2), roots[k * stride]);

		z[count + k] = zc_minus(a, b);
		z[k] = zc_plus(a, b);
	}
}

static void zc_quad(struct zc_point *z, const struct zc_point *roots, int32_t stride, int32_t count,
		    int32_t inverse)
{
	struct zc_point *second = z + (inverse ? 3 : 1) * count;
	struct zc_point *fourth = z + (inverse ? 1 : 3) * count;

	for (int32_t k = 0; k < count; k++) {
		struct zc_point a = zc_share(z[k], 4);
		struct zc_point b = zc_times(zc_share(z[count + k], 4), roots[k * stride]);
		struct zc_point c = zc_times(zc_share(z[2 * count + k], 4), roots[2 * k * stride]);
		struct zc_point d = zc_times(zc_share(z[3 * count + k], 4), roots[3 * k * stride]);
		struct zc_point even = zc_plus(a, c);
		struct zc_point odd = zc_plus(b, d);
		struct zc_point real = zc_minus(a, c);
		struct zc_point turned = zc_minus(b, d);

		z[k] = zc_plus(even, odd);
		z[2 * count + k] = zc_minus(even, odd);
		second[k].re = zc_sum(real.re, turned.im);
		second[k].im = zc_difference(real.im, turned.re);
		fourth[k].re = zc_difference(real.re, turned.im);
		fourth[k].im = zc_sum(real.im, turned.re);
	}
}

/* The complex transform of elements in the order of zc_origin(). */
static void zc_transform(const struct zc_fft *op, const struct zc_point *roots, struct zc_point *z,
			 int32_t inverse)
{
	int32_t points = op->length / 2;
	int32_t count = 1;

	for (int32_t stage = op->stages - 1; stage >= 0; stage--) {
		int32_t block = op->radix[stage] * count;

		for (int32_t first = 0; first < points; first += block) {
			if (op->radix[stage] == 2) {
				zc_pair(z + first, roots, points / block, count);
			} else {
				zc_quad(z + first, roots, points / block, count, inverse);
			}
		}
		count = block;
	}
}

/* The transform of the reals, from that of the same memory taken as complex numbers. */
static void zc_forward(const struct zc_fft *op, const ZC_FFT_ELEMENT *x,
		       const struct zc_point *roots, struct zc_point *y)
{
	int32_t points = op->length / 2;
	struct zc_point first;

	for (int32_t k = 0; k < points; k++) {
		int32_t from = 2 * zc_origin(op, k);

		y[k].re = from < op->given ? x[from] : 0;
		y[k].im = from + 1 < op->given ? x[from + 1] : 0;
	}
	zc_transform(op, roots, y, 0);
	first = zc_share(y[0], 2);
	y[0] = (struct zc_point){zc_sum(first.re, first.im), 0};
	y[points] = (struct zc_point){zc_difference(first.re, first.im), 0};
	for (int32_t k = 1; k <= points / 2; k++) {
		struct zc_point *low = y + k;
		struct zc_point *high = y + points - k;
		struct zc_point mirrored = {high->re, zc_negative(high->im)};
		struct zc_point a = zc_share(*low, 2);
		struct zc_point b = zc_share(mirrored, 2);
		struct zc_point sum = zc_plus(a, b);
		struct zc_point turned = zc_times(zc_minus(a, b), roots[points + k - 1]);

		low->re = zc_half_sum(sum.re, turned.re);
		low->im = zc_half_sum(sum.im, turned.im);
		high->re = zc_half_difference(sum.re, turned.re);
		high->im = zc_half_difference(turned.im, sum.im);
	}
}

static void zc_backward(const struct zc_fft *op, const struct zc_point *x,
			const struct zc_point *roots, struct zc_point *y, struct zc_point *z)
{
	int32_t points = op->length / 2;
	struct zc_point ends = {zc_sum(x[0].re, x[points].re),
				zc_difference(x[0].re, x[points].re)};

	z[0] = zc_share(ends, 2);
	for (int32_t k = 1; k <= points / 2; k++) {
		const struct zc_point *high = x + points - k;
		struct zc_point mirrored = {high->re, zc_negative(high->im)};
		struct zc_point a = zc_share(x[k], 2);
		struct zc_point b = zc_share(mirrored, 2);
		struct zc_point even = zc_plus(a, b);
		struct zc_point odd = zc_times(zc_minus(a, b), roots[points + k - 1]);
		struct zc_point last = zc_minus(even, odd);

		z[k] = zc_plus(even, odd);
		z[points - k] = (struct zc_point){last.re, zc_negative(last.im)};
	}
	for (int32_t k = 0; k < points; k++) {
		y[k] = z[zc_origin(op, k)];
	}
	zc_transform(op, roots, y, 1);
}

static void zc_forward_rows(const ZC_FFT_ELEMENT *x, const struct zc_fft *op,
			    const ZC_FFT_ELEMENT *roots, ZC_FFT_ELEMENT *y)
{
	for (int32_t row = 0; row < op->rows; row++) {
		zc_forward(op, x, (const void *)roots, (void *)y);
		x += op->given;
		y += op->length + 2;
	}
}

static void zc_backward_rows(const ZC_FFT_ELEMENT *x, const struct zc_fft *op,
			     const ZC_FFT_ELEMENT *roots, ZC_FFT_ELEMENT *y, void *scratch)
{
	for (int32_t row = 0; row < op->rows; row++) {
		zc_backward(op, (const void *)x, (const void *)roots, (void *)y, scratch);
		x += op->length + 2;
		y += op->length;
	}
}

#endif
