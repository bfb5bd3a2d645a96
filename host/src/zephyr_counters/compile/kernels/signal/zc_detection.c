/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#include "zc_detection.h"

#include <math.h>
#include <string.h>

struct zc_box {
	float top;
	float left;
	float bottom;
	float right;
};

struct zc_found {
	struct zc_box *boxes;
	float *classes;
	float *scores;
	int32_t count;
};

/* Boxes around their anchors (center, size), in double precision as TensorFlow Lite has them.
 * Returns 0 if all have an area.
 */
static int zc_decode(const struct zc_detection *op, const float *encoded, const float *anchors,
		     struct zc_box *boxes)
{
	int flat = 0;

	for (int32_t i = 0; i < op->boxes; i++) {
		const float *box = encoded + i * op->coordinates;
		const float *anchor = anchors + 4 * i;
		double height = anchor[2];
		double width = anchor[3];
		float y =
			(float)((double)box[0] / (double)op->scale[0] * height + (double)anchor[0]);
		float x =
			(float)((double)box[1] / (double)op->scale[1] * width + (double)anchor[1]);
		float up = (float)(0.5 * exp((double)box[2] / (double)op->scale[2]) * height);
		float aside = (float)(0.5 * exp((double)box[3] / (double)op->scale[3]) * width);

		boxes[i] = (struct zc_box){y - up, x - aside, y + up, x + aside};
		flat |= boxes[i].top >= boxes[i].bottom || boxes[i].left >= boxes[i].right;
	}
	return flat;
}

static float zc_overlap(const struct zc_box *a, const struct zc_box *b)
{
	float area_a = (a->bottom - a->top) * (a->right - a->left);
	float area_b = (b->bottom - b->top) * (b->right - b->left);
	float height = (a->bottom < b->bottom ? a->bottom : b->bottom) -
		       (a->top > b->top ? a->top : b->top);
	float width = (a->right < b->right ? a->right : b->right) -
		      (a->left > b->left ? a->left : b->left);
	float common = (height > 0.0f ? height : 0.0f) * (width > 0.0f ? width : 0.0f);

	return area_a <= 0.0f || area_b <= 0.0f ? 0.0f : common / (area_a + area_b - common);
}

/* The best box of a column of scores, or -1; those that it overlaps get the score NaN, so they are
 * never the best.
 */
static int32_t zc_next(const struct zc_detection *op, const struct zc_box *boxes, float *column)
{
	int32_t best = -1;

	for (int32_t i = 0; i < op->boxes; i++) {
		if (column[i] >= op->least_score && (best < 0 || column[i] > column[best])) {
			best = i;
		}
	}
	if (best < 0) {
		return best;
	}
	for (int32_t i = 0; i < op->boxes; i++) {
		if (i != best && column[i] >= op->least_score &&
		    zc_overlap(&boxes[best], &boxes[i]) > op->most_overlap) {
			column[i] = NAN;
		}
	}
	return best;
}

/* Keeps the best detections in order; of equal ones that which came first. */
static void zc_insert(const struct zc_detection *op, struct zc_found *found,
		      const struct zc_box *box, int32_t class, float score)
{
	int32_t place = found->count;

	while (place > 0 && found->scores[place - 1] < score) {
		place--;
	}
	if (place == op->detections) {
		return;
	}
	if (found->count < op->detections) {
		found->count++;
	}
	for (int32_t i = found->count - 1; i > place; i--) {
		found->boxes[i] = found->boxes[i - 1];
		found->classes[i] = found->classes[i - 1];
		found->scores[i] = found->scores[i - 1];
	}
	found->boxes[place] = *box;
	found->classes[place] = (float)class;
	found->scores[place] = score;
}

static void zc_each_class(const struct zc_detection *op, const struct zc_box *boxes,
			  const float *scores, float *column, struct zc_found *found)
{
	int32_t first = op->labels - op->classes;

	for (int32_t class = 0; class < op->classes; class ++) {
		for (int32_t i = 0; i < op->boxes; i++) {
			column[i] = scores[i * op->labels + first + class];
		}
		for (int32_t n = 0; n < op->per_class; n++) {
			int32_t best = zc_next(op, boxes, column);

			if (best < 0) {
				break;
			}
			zc_insert(op, found, &boxes[best], class, column[best]);
			column[best] = NAN;
		}
	}
}

static int32_t zc_best_class(const float *scores, int32_t classes)
{
	int32_t best = 0;

	for (int32_t class = 1; class < classes; class ++) {
		best = scores[class] > scores[best] ? class : best;
	}
	return best;
}

static void zc_all_classes(const struct zc_detection *op, const struct zc_box *boxes,
			   const float *scores, float *column, struct zc_found *found)
{
	const float *first = scores + op->labels - op->classes;

	for (int32_t i = 0; i < op->boxes; i++) {
		const float *row = first + i * op->labels;

		column[i] = row[zc_best_class(row, op->classes)];
	}
	while (found->count < op->detections) {
		int32_t best = zc_next(op, boxes, column);

		if (best < 0) {
			break;
		}
		found->boxes[found->count] = boxes[best];
		found->classes[found->count] =
			(float)zc_best_class(first + best * op->labels, op->classes);
		found->scores[found->count++] = column[best];
		column[best] = NAN;
	}
}

int32_t zc_detection(const float *encoded, const float *scores, const float *anchors,
		     const int32_t *op, float *y, void *scratch)
{
	const struct zc_detection *config = (const void *)op;
	struct zc_box *boxes = scratch;
	float *column = (float *)(boxes + config->boxes);
	struct zc_found found = {.boxes = (void *)y,
				 .classes = y + 4 * config->detections,
				 .scores = y + 5 * config->detections};

	memset(y, 0, sizeof(*y) * (size_t)(6 * config->detections + 1));
	if (zc_decode(config, encoded, anchors, boxes) == 0) {
		if (config->per_class > 0) {
			zc_each_class(config, boxes, scores, column, &found);
		} else {
			zc_all_classes(config, boxes, scores, column, &found);
		}
	}
	y[6 * config->detections] = (float)found.count;
	return 0;
}
