# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""TFLite_Detection_PostProcess, against LiteRT."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from compile_fixtures import build
from references import litert
from tflite_models import Builder
from zephyr_counters.compile import compile_model
from zephyr_counters.errors import CompileError

BOXES, CLASSES, COUNT = 60, 5, 12
OPTIONS = {
    "max_detections": COUNT, "max_classes_per_detection": 1, "num_classes": CLASSES,
    "nms_score_threshold": 0.3, "nms_iou_threshold": 0.4,
    "y_scale": 10.0, "x_scale": 10.0, "h_scale": 5.0, "w_scale": 5.0,
}  # fmt: skip


def model(path: Path, background: int, quantized: bool = False, **options: Any) -> Path:
    """A model of the operator alone; `background` is 1 if the first score is that of no class."""
    rng = np.random.default_rng(4)
    places = np.concatenate([rng.uniform(0, 1, (BOXES, 2)), rng.uniform(0.1, 0.4, (BOXES, 2))], 1)
    made = Builder()
    shapes = [1, BOXES, 4], [1, BOXES, CLASSES + background]
    if quantized:
        inputs = [
            made.input(shapes[0], "uint8", 0.08, 190),
            made.input(shapes[1], "uint8", 1 / 256),
            made.tensor((BOXES, 4), "uint8", 0.006, data=np.round(places / 0.006).clip(0, 255)),
        ]
    else:
        inputs = [made.input(shape, "float32") for shape in shapes]
        inputs.append(made.tensor((BOXES, 4), "float32", data=places))
    results = [made.tensor([], "float32") for _ in range(4)]
    made.custom("TFLite_Detection_PostProcess", inputs, results, **{**OPTIONS, **options})
    return made.save(path, results)


def scored(background: int, quantized: bool) -> list[list[Any]]:
    """Boxes and scores; equal scores, none above the limit, all alike."""
    rng = np.random.default_rng(7)
    rounds = []
    for kind in range(4):
        boxes = rng.normal(0, 2, (1, BOXES, 4))
        scores = rng.uniform(0, 1, (1, BOXES, CLASSES + background))
        scores = [scores, np.round(scores, 1), scores * 0.29, np.full_like(scores, 0.7)][kind]
        if quantized:
            rounds.append([np.round(boxes / 0.08 + 190).clip(0, 255).astype(np.uint8),
                           np.round(scores * 256).clip(0, 255).astype(np.uint8)])  # fmt: skip
        else:
            rounds.append([boxes.astype(np.float32), scores.astype(np.float32)])
    return rounds


@pytest.mark.slow
@pytest.mark.parametrize(
    ("background", "quantized", "options"),
    [
        (0, False, {}),
        (1, True, {}),
        (1, False, {"use_regular_nms": True, "detections_per_class": 3}),
        (0, True, {"use_regular_nms": True}),
    ],
)
def test_boxes_are_those_of_litert(
    background: int, quantized: bool, options: Any, tmp_path: Path
) -> None:
    path = model(tmp_path / "model.tflite", background, quantized, **options)
    archive = compile_model(path)
    assert [tensor.shape for tensor in archive.outputs] == [
        (1, COUNT, 4), (1, COUNT), (1, COUNT), (1,)
    ]  # fmt: skip
    rounds = scored(background, quantized)
    got = build(archive, tmp_path / "build", "-O1", "-fsanitize=undefined,address").run(rounds)
    counts = []
    for found, wanted in zip(got, litert(path, rounds), strict=True):
        counts.append(int(wanted[3][0]))
        assert found[3] == wanted[3]
        for a, b in zip(found[:3], wanted[:3], strict=True):
            np.testing.assert_array_equal(a[0, : counts[-1]], b[0, : counts[-1]])
            assert not a[0, counts[-1] :].any()
    assert counts[2] == 0 < counts[0]


def test_a_box_without_area_gives_no_detections(tmp_path: Path) -> None:
    path = model(tmp_path / "model.tflite", 0)
    boxes, scores = scored(0, False)[0]
    boxes[0, 3, 2] = -1000
    results = build(compile_model(path), tmp_path / "build", "-O0").run([[boxes, scores]])[0]
    assert not any(result.any() for result in results)


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({"max_classes_per_detection": 2}, "2 classes for a box"),
        ({"nms_iou_threshold": 0.0}, "its overlap 0"),
        ({"num_classes": 3}, "5 labels are not 3"),
        ({"x_scale": 0.0}, r"its scales are \[10.0, 0.0"),
        ({"max_detections": 0}, "its detections are 0"),
    ],
)
def test_what_tensorflow_lite_refuses_is_refused(options: Any, why: str, tmp_path: Path) -> None:
    with pytest.raises(CompileError, match=f"operator TFLite_Detection_PostProcess, .*{why}"):
        compile_model(model(tmp_path / "model.tflite", 0, **options))
