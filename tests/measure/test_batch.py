# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Repetitions that do not count, and records that span several calls."""

from __future__ import annotations

import types
from dataclasses import replace
from typing import Any

import pytest
from fake_board import FakeBoard, archive
from zephyr_counters.errors import BoardError, LinkError, UsageError
from zephyr_counters.formats.model_archive import Tensor
from zephyr_counters.measure import ProfileStopped, profile
from zephyr_counters.report import exports
from zephyr_counters.report.totals import cost, sum_of_layers


def test_warm_up_is_set_apart() -> None:
    slow_at_first = FakeBoard(noise=lambda repetition: 500 * (repetition == 0))
    report = profile(slow_at_first, counters=["cycles"], repeat=5, warmup=1)
    row = report.layers[0]
    assert row.ticks[0].net(row.ticks[0].warmup) == (1550,)
    assert row.ticks[0].values[-1] == 1050 and len(row.ticks[0].values) == 5
    assert row.series("core:cycles").warmup == (1615,)
    assert report.seconds(row).n == 5
    assert exports.from_json(exports.to_json(report)) == report


def test_a_profile_that_stops_within_the_warm_up_has_nothing() -> None:
    class Failing(FakeBoard):
        left = 2

        def call(self, name: str, /, *args: object) -> object:
            self.left -= name == "model.profile"
            if self.left < 0:
                raise LinkError("the cable is out")
            return super().call(name, *args)

    with pytest.raises(LinkError) as caught:
        profile(Failing(take_records=4), counters=["cycles"], repeat=5, warmup=10**4)
    assert not isinstance(caught.value, ProfileStopped)


def test_values_are_per_call() -> None:
    report = profile(FakeBoard(), counters=["core:cycles", "npu:queue"], repeat=3, batch=10)
    row, whole = report.layers[1], report.whole
    assert row.ticks[0].raw == (20505,) * 3 and row.calls == 10
    assert report.seconds(row).median == 2050e-9
    assert row.statistics("core:cycles").median == 2110
    assert row.statistics("npu:queue").median == 3
    assert report.seconds(whole).median == pytest.approx(4050e-9)
    assert report.seconds(sum_of_layers(report)).median == pytest.approx((1050 + 2050 + 3050) / 1e9)
    assert cost(report).whole == pytest.approx((5 + 3 * 11) / 10 / 1e9)


def test_chunks_stay_below_what_one_call_may_run() -> None:
    board = FakeBoard()
    profile(board, counters=["cycles"], repeat=40, batch=5000)
    asked = [args for name, args in board.calls if name == "model.profile"]
    assert max(repeat * (rest or [1])[0] for repeat, *rest in asked) <= 65535


def test_a_model_whose_outputs_change_is_refused() -> None:
    with pytest.raises(UsageError, match="outputs change if each layer is called 4 times"):
        profile(FakeBoard(impure=1), batch=4)
    assert profile(FakeBoard(impure=1), counters=["cycles"]).whole is not None


def pure() -> Any:
    """An archive whose layers each write another tensor than they read."""
    model: Any = archive()
    tensors = [Tensor(name, (1, 8), "int8") for name in "abcd"]
    layers = [
        replace(layer, inputs=(tensors[i],), outputs=(tensors[i + 1],))
        for i, layer in enumerate(model.layers)
    ]
    return types.SimpleNamespace(**{**vars(model), "layers": tuple(layers)})


def test_the_layer_that_keeps_something_is_named() -> None:
    class Keeps(FakeBoard):
        """Layer 1 counts its calls."""

        made = 0

        def _model_run_layer(self, layer: int) -> None:
            self.made += layer == 1

        def _model_layer_tensor(self, layer: int, argument: int, begin: int) -> bytes:
            return bytes([self.made] * 8)[begin:]

    with pytest.raises(UsageError, match="in a row: layer conv_1 overwrites"):
        profile(Keeps(impure=1), batch=4, archive=pure())


def test_a_layer_in_place_is_refused_by_name() -> None:
    model = pure()
    layers = model.layers
    tensors = [layers[0].inputs[0], *(layer.outputs[0] for layer in layers)]
    assert profile(FakeBoard(), counters=["cycles"], batch=4, archive=model).rows[0].calls == 4
    model.layers = (*layers[:2], replace(layers[2], outputs=(tensors[2],)))
    with pytest.raises(UsageError, match="layer conv_2 overwrites its input c"):
        profile(FakeBoard(), batch=4, archive=model)


def test_firmware_that_is_too_old() -> None:
    class Old(FakeBoard):
        def call(self, name: str, /, *args: object) -> object:
            if name == "model.profile" and len(args) > 1:
                raise BoardError("unknown argument")
            return super().call(name, *args)

    with pytest.raises(BoardError, match="does not measure 4 calls in one record: unknown") as old:
        profile(Old(), batch=4)
    assert "build and flash" in str(old.value.hint)


@pytest.mark.parametrize("wrong", [{"batch": 0}, {"batch": 1 << 16}, {"warmup": -1}])
def test_counts_out_of_range(wrong: dict[str, int]) -> None:
    with pytest.raises(UsageError, match="not from"):
        profile(FakeBoard(), **wrong)
