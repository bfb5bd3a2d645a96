# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The operators that docs/models.md lists; `python tests/support/models_page.py` rewrites them."""

from __future__ import annotations

import textwrap
from pathlib import Path

from micro_operators import BUILTIN, CUSTOM
from zephyr_counters.compile.frontends import onnx, tflite

ROOT = Path(__file__).resolve().parents[2]
PAGE, README = ROOT / "docs" / "models.md", ROOT / "README.md"
START, END = "<!-- operators: {} -->", "<!-- end -->"
RESULTS = "<!-- results of make coverage-models -->"
GETS_IN = "<!-- what gets in -->"
Results = dict[str, dict[str, int]]
"""By family: how many tests passed, were refused, ..."""


def tflite_operators() -> list[str]:
    """TFLite's operators that have a converter."""
    from zephyr_counters.compile.frontends.tflite import control

    found = {**tflite._converters(), **control.converters(lambda *_: None)}
    return sorted(found)


def onnx_operators() -> list[str]:
    """ONNX's own operators that have a converter, of ours or of TVM's."""
    from onnx import defs
    from tvm.relax.frontend.onnx.onnx_frontend import _get_convert_map
    from zephyr_counters.compile.frontends.onnx import normalization, quantized

    standard = {schema.name for schema in defs.get_all_schemas() if schema.domain == ""}
    found = {**_get_convert_map(), **onnx._converters(), **quantized.REWRITES}
    refused = {n for n, c in normalization.CONVERTERS.items() if c is normalization.of_data}
    sequences = {n for n in found if "Sequence" in n or "Optional" in n} - {"ReverseSequence"}
    own = {n for n in quantized.REWRITES if n not in standard}
    return sorted(((set(found) & standard) | own) - refused - sequences)


def between(text: str, start: str, content: str) -> str:
    """The text with other content after a mark, up to the end mark."""
    head, _, rest = text.partition(start)
    _, _, tail = rest.partition(END)
    return f"{head}{start}\n{content}\n{END}{tail}"


def updated(text: str) -> str:
    """The page with the operators of now."""
    for name, operators in (("TFLite", tflite_operators()), ("ONNX", onnx_operators())):
        listed = "\n".join(textwrap.wrap(", ".join(operators), 100))
        text = between(text, START.format(name), listed)
    return text


def with_results(text: str, counts: Results) -> str:
    """The page with the results of ONNX's own tests."""
    lines = ["| family | tests | pass | refused | wrong |", "|---|---|---|---|---|"]
    total: dict[str, int] = {}
    for family, found in sorted(counts.items()):
        lines.append(_row(family, found))
        for result, number in found.items():
            total[result] = total.get(result, 0) + number
    return between(text, RESULTS, "\n".join([*lines, _row("all", total)]))


def _row(family: str, found: dict[str, int]) -> str:
    passed, refused = found.get("pass", 0), found.get("refused", 0)
    tests = sum(found.values())
    return f"| {family} | {tests} | {passed} | {refused} | {tests - passed - refused} |"


def passed(page: str) -> tuple[int, int]:
    """How many of ONNX's tests the page says pass, and of how many."""
    _, _, rest = page.partition(RESULTS)
    row = next(line for line in rest.splitlines() if line.startswith("| all |"))
    tests, passing = (int(cell) for cell in row.split("|")[2:4])
    return passing, tests


def readme(text: str, page: str) -> str:
    """The README with its table of what gets in."""
    passing, tests = passed(page)
    ours, micro = tflite_operators(), BUILTIN | CUSTOM
    rows = [
        "| model | what gets in |",
        "|---|---|",
        f"| TFLite | {len(ours)} operators, among them the {len(micro)} of TensorFlow Lite "
        "Micro; int8, uint8, int16 x int8, float32, float16 and dynamic-range weights |",
        f"| ONNX | {len(onnx_operators())} operators, QDQ and QOperator; of the {tests} tests of "
        f"ONNX of a microcontroller's operators {passing} pass, the others are refused |",
        "| PyTorch | programs of `torch.export`, float and int8 (PT2E) |",
    ]
    return between(text, GETS_IN, "\n".join(rows))


if __name__ == "__main__":
    PAGE.write_text(updated(PAGE.read_text()))
    README.write_text(readme(README.read_text(), PAGE.read_text()))
