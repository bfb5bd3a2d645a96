# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Inputs of a model: read from a file, or filled."""

from __future__ import annotations

import argparse
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zephyr_counters.errors import UsageError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from zephyr_counters.formats.model_archive import Tensor

FILL_MODES = ("zeros", "ones", "random")
_SEED = 0


def add_inputs(command: argparse.ArgumentParser, *names: str) -> None:
    """Add --inputs, with more names such as `-i`."""
    command.add_argument(
        *names, "--inputs", metavar="F", type=Path, help="arrays by input name, .npz"
    )


def add_fill_mode(command: argparse.ArgumentParser) -> None:
    """Add --fill-mode."""
    command.add_argument(
        "--fill-mode",
        choices=FILL_MODES,
        default="random",
        help="content of inputs that --inputs does not give; random content is the same each time "
        "(default: random)",
    )


def load_inputs(path: Path) -> Mapping[str, Any]:
    """Read arrays by name from a .npz file.

    Raises:
        UsageError: it cannot be read, or holds something else.
    """
    import numpy as np

    damaged = (ValueError, EOFError, AttributeError, TypeError, zipfile.BadZipFile, zlib.error)
    try:
        with np.load(path, allow_pickle=False) as arrays:
            return {name: arrays[name] for name in arrays.files}
    except OSError as error:
        reason = error.strerror or error
        raise UsageError(f"{path}: not a .npz file of arrays: {reason}") from error
    except damaged as error:
        hint = "make one with numpy.savez(F, NAME=array)"
        raise UsageError(f"{path}: not a .npz file of arrays, or damaged", hint) from error


def make_inputs(
    wanted: Sequence[Tensor], given: Mapping[str, npt.NDArray[Any]], fill_mode: str
) -> dict[str, npt.NDArray[Any]]:
    """Return all inputs by name, in the model's order.

    Args:
        wanted: the model's inputs.
        given: arrays by name; the others are filled.
        fill_mode: zeros, ones, or random: integers from 0 to 127, floats from -1 to 1, the same
            each time.

    Raises:
        UsageError: a name the model does not have, or a wrong shape or dtype.
    """
    import numpy as np

    from zephyr_counters.measure.inputs import check_array, check_names

    check_names(given, wanted)
    for tensor in wanted:
        if tensor.name in given:
            check_array(repr(tensor.name), given[tensor.name], tensor)
    generator = np.random.default_rng(_SEED)
    return {
        tensor.name: given[tensor.name]
        if tensor.name in given
        else _filled(tensor, fill_mode, generator)
        for tensor in wanted
    }


def _filled(tensor: Tensor, fill_mode: str, generator: np.random.Generator) -> npt.NDArray[Any]:
    import numpy as np

    dtype = np.dtype(tensor.dtype)
    if fill_mode != "random":
        return np.full(tensor.shape, 1 if fill_mode == "ones" else 0, dtype)
    if dtype.kind in "iu":
        return generator.integers(0, 128, tensor.shape).astype(dtype)
    if dtype.kind == "b":
        return generator.integers(0, 2, tensor.shape).astype(dtype)
    return generator.uniform(-1, 1, tensor.shape).astype(dtype)
