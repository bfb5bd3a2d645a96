# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Models of one custom operator of TensorFlow Lite Micro, and inputs for several runs.

`python tests/support/signal_models.py` runs them by the package tflite-micro and writes the results
to tests/vectors/signal.json.
"""

from __future__ import annotations

import base64
import json
import sys
import tempfile
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from tflite_models import Builder

VECTORS = Path(__file__).resolve().parents[1] / "vectors" / "signal.json"
RUNS = 6
Tensors = list[Any]


def noise(seed: int, shape: Sequence[int], dtype: str, limit: int) -> Any:
    """Numbers up to `limit` and their edges, the same in all versions of NumPy."""
    count = int(np.prod(shape, dtype=int))
    index = np.arange(count, dtype=np.uint64) + np.uint64(seed * 1_000_003)
    mixed = (index ^ (index >> np.uint64(7))) * np.uint64(0x9E3779B97F4A7C15)
    mixed ^= mixed >> np.uint64(29)
    mixed = (mixed * np.uint64(0xBF58476D1CE4E5B9)) >> np.uint64(11)
    parts = mixed.astype(np.float64) / 2**53
    kind = np.dtype(dtype).kind
    values = parts * limit if kind == "u" else (2 * parts - 1) * limit
    if kind == "f":
        return values.astype(dtype).reshape(shape)
    info = np.iinfo(dtype)
    return np.clip(values, info.min, float(info.max) * (1 - 2**-52)).astype(dtype).reshape(shape)


@dataclass(frozen=True)
class Case:
    """A model of one operator."""

    operator: str
    inputs: Sequence[tuple[Sequence[int], str, int]]
    """Shape, type and largest magnitude of each."""
    outputs: Sequence[tuple[Sequence[int], str]]
    options: dict[str, Any]
    constants: Callable[[], Sequence[Any]] = tuple
    """Tensors after the inputs."""
    valid: int | None = None
    """The output that says in which runs the others are valid."""

    def add(self, made: Builder) -> list[int]:
        """Add the operator to a model, and return its results."""
        tensors = [made.input(shape, dtype) for shape, dtype, _ in self.inputs]
        tensors += [made.tensor(a.shape, str(a.dtype), data=a) for a in self.constants()]
        kept = self.operator == "CIRCULAR_BUFFER"
        results = [int(made.tensor(*output, variable=kept)) for output in self.outputs]
        made.custom(self.operator, tensors, results, **self.options)
        return results

    def rounds(self) -> list[Tensors]:
        """Inputs of each run: loud ones, quiet ones, silence, the extremes."""
        loudness = (1.0, 0.01, 0.0, 1.0, 0.3, 4.0)
        return [
            [
                noise(97 * run + place, shape, dtype, int(limit * loudness[run]))
                for place, (shape, dtype, limit) in enumerate(self.inputs)
            ]
            for run in range(RUNS)
        ]


def _bank() -> Sequence[Any]:
    weights = noise(5, [60], "int16", 4096).clip(0)
    starts = [0, 2, 5, 9, 14, 20]
    widths = [2, 3, 4, 5, 6, 9]
    offsets = np.cumsum([0, *widths[:-1]])
    arrays = [weights, 4096 - weights, starts, offsets, widths]
    return [np.asarray(a, np.int16) for a in arrays]


def _gains() -> Sequence[Any]:
    return [noise(9, [125], "int16", 32767)]


_TYPES = {"float32": 0, "int32": 2, "int16": 7}
_NOISE = {
    "num_channels": 7, "smoothing": 410, "one_minus_smoothing": 15974, "alternate_smoothing": 983,
    "alternate_one_minus_smoothing": 15401, "smoothing_bits": 10, "min_signal_remaining": 819,
    "spectral_subtraction_bits": 14,
}  # fmt: skip
_WIDE = 2**20
CASES = {
    "window": Case(
        "SignalWindow", [([2, 16], "int16", 32767)], [([2, 16], "int16")], {"shift": 12},
        lambda: [noise(3, [16], "int16", 16384)],
    ),
    "auto scale": Case(
        "SignalFftAutoScale", [([33], "int16", 9000)], [([33], "int16"), ([], "int32")], {}
    ),
    "energy": Case(
        "SignalEnergy", [([18], "int16", 32767)], [([9], "uint32")],
        {"start_index": 0, "end_index": 9},
    ),
    "filter bank": Case(
        "SignalFilterBank", [([40], "uint32", 2**32)], [([5], "uint64")], {"num_channels": 5}, _bank
    ),
    "square root": Case(
        "SignalFilterBankSquareRoot", [([9], "uint64", 2**63), ([], "int32", 7)],
        [([9], "uint32")], {},
    ),
    "square root of small numbers": Case(
        "SignalFilterBankSquareRoot", [([64], "uint64", 2**33), ([], "int32", 0)],
        [([64], "uint32")], {},
    ),
    "noise": Case(
        "SignalFilterBankSpectralSubtraction", [([7], "uint32", _WIDE)],
        [([7], "uint32"), ([7], "uint32")], {**_NOISE, "clamping": False},
    ),
    "clamped noise": Case(
        "SignalFilterBankSpectralSubtraction", [([7], "uint32", _WIDE)],
        [([7], "uint32"), ([7], "uint32")], {**_NOISE, "clamping": True},
    ),
    "log": Case(
        "SignalFilterBankLog", [([50], "uint32", _WIDE)], [([50], "int16")],
        {"output_scale": 1600, "input_correction_bits": 3},
    ),
    "log of all": Case(
        "SignalFilterBankLog", [([50], "uint32", 2**31)], [([50], "int16")],
        {"output_scale": 64, "input_correction_bits": 0},
    ),
    "gain": Case(
        "SignalPCAN", [([40], "uint32", 2**24), ([40], "uint32", 2**28)], [([40], "uint32")],
        {"snr_shift": 6}, _gains,
    ),
    "gain of little noise": Case(
        "SignalPCAN", [([40], "uint32", 2**16), ([40], "uint32", 900)], [([40], "uint32")],
        {"snr_shift": 15}, _gains,
    ),
    "framer": Case(
        "SignalFramer", [([2, 12], "int16", 32767)], [([2, 3, 10], "int16"), ([], "bool")],
        {"frame_size": 10, "frame_step": 4, "prefill": True}, valid=1,
    ),
    "framer that fills": Case(
        "SignalFramer", [([1, 4], "int16", 32767)], [([1, 1, 11], "int16"), ([], "bool")],
        {"frame_size": 11, "frame_step": 4, "prefill": False}, valid=1,
    ),
    "overlap": Case(
        "SignalOverlapAdd", [([2, 3, 10], "int16", 32767)], [([2, 12], "int16")],
        {"T": _TYPES["int16"], "frame_step": 4},
    ),
    "float overlap": Case(
        "SignalOverlapAdd", [([1, 2, 8], "float32", 9)], [([1, 12], "float32")],
        {"T": _TYPES["float32"], "frame_step": 6},
    ),
    "stacker": Case(
        "SignalStacker", [([3], "int16", 32767)], [([12], "int16"), ([], "bool")],
        {"num_channels": 3, "stacker_left_context": 2, "stacker_right_context": 1,
         "stacker_step": 2}, valid=1,
    ),
    "delay": Case(
        "SignalDelay", [([2, 5], "int16", 32767)], [([2, 5], "int16")], {"delay_length": 7}
    ),
    "circular buffer": Case(
        "CIRCULAR_BUFFER", [([1, 1, 2, 3], "int8", 127)], [([1, 4, 2, 3], "int8")],
        {"cycles_max": 1},
    ),
}  # fmt: skip
_LIMITS = {"int16": 32767, "int32": 2**31, "float32": 5}
for _type, _code in _TYPES.items():
    for _length in (16, 64, 128) if _type == "int16" else (32, 64):
        _given = _length - 5
        CASES[f"{_type} transform of {_length}"] = Case(
            "SignalRfft", [([2, _given], _type, _LIMITS[_type])], [([2, _length + 2], _type)],
            {"T": _code, "fft_length": _length},
        )  # fmt: skip
        CASES[f"{_type} inverse of {_length}"] = Case(
            "SignalIrfft", [([2, _length + 2], _type, _LIMITS[_type])], [([2, _length], _type)],
            {"T": _code, "fft_length": _length},
        )  # fmt: skip


def save(path: Path, cases: Sequence[Case]) -> Path:
    """Write one model of all cases."""
    made = Builder()
    return made.save(path, [index for case in cases for index in case.add(made)])


def micro(path: Path, case: Case) -> list[Tensors]:
    """Results of TensorFlow Lite Micro, of all runs of one session."""
    from tflite_micro.python.tflite_micro import runtime

    interpreter = runtime.Interpreter.from_bytes(path.read_bytes(), arena_size=1 << 20)
    results = []
    for inputs in case.rounds():
        for place, array in enumerate(inputs):
            interpreter.set_input(array, place)
        interpreter.invoke()
        results.append([np.array(interpreter.get_output(i)) for i in range(len(case.outputs))])
    return results


def recorded(name: str) -> list[Tensors]:
    """The results that the vectors have of a case."""
    case = CASES[name]
    data = zlib.decompress(base64.b64decode(json.loads(VECTORS.read_text())[name]))
    results, offset = [], 0
    for _ in range(RUNS):
        arrays = []
        for shape, dtype in case.outputs:
            count = int(np.prod(shape, dtype=int))
            array = np.frombuffer(data, dtype, count, offset)
            arrays.append(array.reshape(shape))
            offset += array.nbytes
        results.append(arrays)
    assert offset == len(data)
    return results


def main() -> int:
    """Write the vectors."""
    found = {}
    for name, case in CASES.items():
        with tempfile.TemporaryDirectory() as folder:
            results = micro(save(Path(folder) / "model.tflite", [case]), case)
        data = b"".join(array.tobytes() for arrays in results for array in arrays)
        found[name] = base64.b64encode(zlib.compress(data, 9)).decode()
    VECTORS.write_text(json.dumps(found, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
