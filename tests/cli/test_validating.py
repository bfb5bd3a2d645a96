# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""What a validation that fails says, and the tolerance."""

from __future__ import annotations

import argparse

import pytest
from zephyr_counters.cli.validating import add_tolerance, deliver, tolerance
from zephyr_counters.errors import ValidationError
from zephyr_counters.validate import Validation
from zephyr_counters.validate.comparison import Difference
from zephyr_counters.validate.layers import LayerDifference


def difference(largest: float) -> Difference:
    return Difference("y", largest, 0.01, 1.0, 1.0, True)


def layers(*largest: float) -> list[LayerDifference]:
    return [LayerDifference(i, f"l{i}", ("conv2d",), difference(d)) for i, d in enumerate(largest)]


def refusal(validation: Validation) -> ValidationError:
    with pytest.raises(ValidationError) as caught:
        deliver(validation)
    return caught.value


def test_without_layers_it_says_how_to_find_where_it_begins() -> None:
    error = refusal(Validation("LiteRT", 8, [difference(3)]))
    assert error.what.endswith("differs from LiteRT by 3; the limit is 1 step")
    assert error.hint == "--layers says at which layer it begins"


def test_a_kernel_that_is_wrong_is_to_be_reported() -> None:
    error = refusal(Validation("LiteRT", 8, [difference(3)], layers=layers(0, 5, 3)))
    assert error.what.endswith("; it begins at layer 1, 'l1' (conv2d)")
    assert error.hint == "please report it with the model"


@pytest.mark.parametrize(
    ("found", "where"),
    [
        (
            (0, 1, 2),
            "it begins at layer 1, 'l1' (conv2d), and is beyond it at layer 2, 'l2' (conv2d)",
        ),
        ((1, 1, 1), "it begins at layer 0, 'l0' (conv2d); no compared layer is beyond it"),
    ],
)
def test_differences_that_add_up_can_be_accepted(found: tuple[float, ...], where: str) -> None:
    error = refusal(Validation("LiteRT", 8, [difference(2)], layers=layers(*found)))
    assert error.what.endswith(f"; {where}")
    assert error.hint == "differences of earlier layers add up; --tolerance 2 accepts it"
    deliver(Validation("LiteRT", 8, [difference(2)], 2, layers=layers(*found)))


def test_tolerance_is_a_number_of_steps(capsys: pytest.CaptureFixture[str]) -> None:
    parser = argparse.ArgumentParser()
    add_tolerance(parser)
    assert tolerance(parser.parse_args([])) == 1
    assert tolerance(parser.parse_args(["--tolerance", "0"])) == 0
    for wrong in ("-1", "nan", "inf", "x"):
        with pytest.raises(SystemExit):
            parser.parse_args([f"--tolerance={wrong}"])
        assert "--tolerance" in capsys.readouterr().err
