/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* Boxes of a detector, chosen as TensorFlow Lite's TFLite_Detection_PostProcess does. */

#ifndef ZC_DETECTION_H_
#define ZC_DETECTION_H_

#include <stdint.h>

struct zc_detection {
	int32_t boxes;
	int32_t coordinates; /* of an encoded box, 4 at least */
	int32_t labels;      /* scores of a box: `classes`, or one more for the background, first */
	int32_t classes;
	int32_t detections;
	int32_t per_class; /* boxes of a class, if each class is chosen for itself; else 0 */
	float least_score;
	float most_overlap; /* intersection over union */
	float scale[4];     /* y, x, height, width */
};

/* One result for all: `detections` boxes (top, left, bottom, right), their classes, their scores,
 * and how many are valid; the rest is 0. None is, if a box has no area.
 *
 * `scratch`: 5 * `boxes` floats.
 */
int32_t zc_detection(const float *encoded, const float *scores, const float *anchors,
		     const int32_t *op, float *y, void *scratch);

#endif
