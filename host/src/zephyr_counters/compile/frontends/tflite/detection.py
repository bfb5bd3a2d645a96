# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""TFLite_Detection_PostProcess: boxes, without those that better ones overlap."""

from __future__ import annotations

import numpy as np
from tvm import relax

from zephyr_counters.compile.frontends.c_calls import called
from zephyr_counters.compile.frontends.tflite.context import Context, Converters, Expr
from zephyr_counters.compile.frontends.tflite.custom import Options, checked
from zephyr_counters.compile.frontends.tflite.file import Operator
from zephyr_counters.compile.kernels.signal import DETECTION
from zephyr_counters.extensions.tensors import Tensor

_PER_CLASS = 100
"""Boxes of a class, if an option does not say how many (detection_postprocess.cc)."""


def detection_postprocess(op: Operator, context: Context) -> list[Expr]:
    """TFLite_Detection_PostProcess: boxes, classes, scores, and how many are valid."""
    options = Options(op)
    encoded, scores, anchors = (context.emit(context.real(index)) for index in op.inputs[:3])
    shapes = [context.shape(expr) for expr in (encoded, scores, anchors)]
    checked([len(shape) for shape in shapes] == [3, 3, 2], "its inputs are not of rank 3, 3 and 2")
    (batch, boxes, coordinates), (_, rows, labels), (places, extent) = shapes
    checked(batch == shapes[1][0] == 1, "its batch is not 1")
    checked(rows == places == boxes and coordinates >= 4 == extent, "its inputs differ in boxes")
    classes = options.integer("num_classes")
    checked(classes >= 1 and 0 <= labels - classes <= 1, f"{labels} labels are not {classes}")
    count = options.integer("max_detections")
    checked(count >= 1, f"its detections are {count}")
    per_box = options.integer("max_classes_per_detection")
    per_class = 0
    if options.boolean("use_regular_nms"):
        has = options.has("detections_per_class")
        per_class = options.integer("detections_per_class") if has else _PER_CLASS
        checked(per_class >= 1, f"its detections of a class are {per_class}")
    else:
        # With more, TFLite's own kernels write outside of their results.
        checked(min(per_box, classes) == 1, f"{per_box} classes for a box are not supported")
    overlap = options.real("nms_iou_threshold")
    checked(0 < overlap <= 1, f"its overlap {overlap} is not within 0 and 1")
    scale = [options.real(f"{axis}_scale") for axis in "yxhw"]
    checked(all(1e-30 < abs(n) < 1e30 for n in scale), f"its scales are {scale}")
    least = options.real("nms_score_threshold")
    checked(abs(least) < 1e30, f"its least score is {least}")
    sizes = np.array([boxes, coordinates, labels, classes, count, per_class], np.int32)
    reals = np.array([least, overlap, *scale], np.float32)
    config = np.concatenate([sizes, reals.view(np.int32)])
    found = called(
        context.builder,
        "zc_detection",
        [encoded, scores, anchors],
        [config],
        Tensor((6 * count + 1,), "float32"),
        DETECTION,
        scratch=20 * boxes,
    )
    results, begin = [], 0
    for shape in ((1, count, 4), (1, count), (1, count), (1,)):
        size = int(np.prod(shape))
        part = relax.op.strided_slice(found, [0], [begin], [begin + size])
        results.append(relax.op.reshape(part, shape))
        begin += size
    return results


CONVERTERS: Converters = {"TFLite_Detection_PostProcess": detection_postprocess}
