# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The operators that docs/models.md lists; `python tests/support/models_page.py` rewrites them."""

from __future__ import annotations

import textwrap
from pathlib import Path

from zephyr_counters.compile.frontends import onnx, tflite

PAGE = Path(__file__).resolve().parents[2] / "docs" / "models.md"
START, END = "<!-- operators: {} -->", "<!-- end -->"


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


def updated(text: str) -> str:
    """The page with the operators of now."""
    for name, operators in (("TFLite", tflite_operators()), ("ONNX", onnx_operators())):
        start = START.format(name)
        head, _, rest = text.partition(start)
        _, _, tail = rest.partition(END)
        listed = "\n".join(textwrap.wrap(", ".join(operators), 100))
        text = f"{head}{start}\n{listed}\n{END}{tail}"
    return text


if __name__ == "__main__":
    PAGE.write_text(updated(PAGE.read_text()))
