# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""`tvmc compile`."""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import TYPE_CHECKING

from zephyr_counters import resources
from zephyr_counters.cli.arguments import add_command
from zephyr_counters.cli.console import say, steps
from zephyr_counters.cli.validating import add_tolerance, deliver, tolerance
from zephyr_counters.errors import UsageError
from zephyr_counters.formats import board
from zephyr_counters.formats.search_path import BOARDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from zephyr_counters.cli.arguments import Commands
    from zephyr_counters.formats.model_archive import ModelArchive

    Progress = Callable[[str], None]

_SHAPE = re.compile(r"\s*((?:(?!:\s*\[).)+):\s*\[\s*(\d+(?:\s*,\s*\d+)*)?\s*\](?:\s|\Z)")


def register(commands: Commands) -> None:
    """Add the command."""
    command = add_command(
        commands,
        "compile",
        run,
        "compile a model to C sources and a plan",
        (
            "tvmc compile model.tflite --target c -o model.tar",
            "tvmc compile model.onnx --target c,mac-array -o model.tar",
            'tvmc compile model.onnx --input-shapes "image:[1,3,32,32]" -o model.tar',
        ),
    )
    command.add_argument("FILE", type=Path, help="the model, such as a TFLite or ONNX file")
    command.add_argument(
        "--target",
        default="c",
        help="c, or c,EXTENSION for its kernels, such as c,mac-array (default: c)",
    )
    core = command.add_mutually_exclusive_group()
    core.add_argument(
        "--target-c-mcpu",
        metavar="CORE",
        help="core whose instructions kernels may use, such as cortex-m4 (default: any core)",
    )
    core.add_argument(
        "--board",
        metavar="NAME",
        help="take the core from this board (zephyr-counters boards lists them)",
    )
    command.add_argument(
        "--optimize",
        choices=("size", "balanced", "speed"),
        default="balanced",
        help="what kernels are chosen for: size, the fewest bytes of code and constants; balanced, "
        "the fewest instructions with weights as they are; speed, also with weights widened to "
        "16 bits, whose price in flash is printed (default: balanced)",
    )
    command.add_argument(
        "--no-fuse",
        dest="fuse",
        action="store_false",
        help="keep additions apart from the convolutions before them: a layer for each, but more "
        "RAM",
    )
    command.add_argument(
        "--no-overwrite",
        dest="overwrite",
        action="store_false",
        help="let no layer write over its input: more RAM, but profile --batch can repeat layers",
    )
    command.add_argument(
        "-o",
        "--output",
        metavar="F",
        type=Path,
        default=Path("module.tar"),
        help="the archive to write (default: module.tar)",
    )
    command.add_argument(
        "-f",
        "--output-format",
        choices=["mlf"],
        default="mlf",
        help="mlf, the archive that tvmc micro create reads, is the only format",
    )
    command.add_argument(
        "--input-shapes",
        metavar="SHAPES",
        type=parse_shapes,
        help='for inputs that have none: "name:[1,28,28] other:[1,10]"',
    )
    command.add_argument(
        "--model-format",
        metavar="FORMAT",
        help="format that FILE must have, such as onnx or tflite (default: found by its content)",
    )
    command.add_argument(
        "--verify",
        action="store_true",
        help="build it for the host, and compare its results with those of LiteRT or ONNX Runtime",
    )
    command.add_argument(
        "--layers",
        action="store_true",
        help="with --verify: also compare each layer's result, and name the first that differs",
    )
    add_tolerance(command)
    command.add_argument(
        "--module-name", metavar="NAME", help="the model's name (default: that of FILE)"
    )


def run(options: argparse.Namespace) -> int:
    """Compile, and say what it needs."""
    if options.layers and not options.verify:
        raise UsageError("--layers needs --verify")
    if options.tolerance is not None and not options.verify:
        raise UsageError("--tolerance needs --verify")
    if not options.output.absolute().parent.is_dir():
        raise UsageError(f"{options.output}: there is no folder {options.output.absolute().parent}")
    with steps(f"Compiling {options.FILE.name}") as progress:
        core = options.target_c_mcpu or board_core(options.board)
        archive = _compiled(options, options.output, core, progress)
    for line in summary(options.output, archive).splitlines():
        say(line)
    if options.verify:
        _verify(options, archive)
    return 0


def _compiled(
    options: argparse.Namespace, output: Path | None, core: str | None, progress: Progress
) -> ModelArchive:
    from zephyr_counters.compile import compile_model

    return compile_model(
        options.FILE,
        options.target,
        output,
        name=options.module_name,
        input_shapes=options.input_shapes,
        mcpu=core,
        model_format=options.model_format,
        optimize=options.optimize,
        fuse=options.fuse,
        overwrite=options.overwrite,
        progress=progress,
    )


def _verify(options: argparse.Namespace, archive: ModelArchive) -> None:
    from zephyr_counters.validate import on_host

    with steps(f"Verifying {options.FILE.name}") as progress:
        found = on_host(
            archive,
            options.FILE,
            lambda: _compiled(options, None, None, progress),
            progress,
            options.layers,
            tolerance(options),
        )
    if found.portable is not None:
        say(
            f"verified with portable kernels, not those for {archive.metadata['mcpu']} "
            f"({found.portable}); zephyr-counters validate compares them on a board"
        )
    elif found.board != "posix":
        say(f"verified on {found.board}, emulated")
    deliver(found.validation)


def board_core(name: str | None) -> str | None:
    """Return the core of a board; None if no board is named.

    Raises:
        UsageError: there is no such board.
    """
    if name is None:
        return None
    return board.choose(board.find(resources.search(BOARDS)), name).core


def summary(path: Path, archive: ModelArchive) -> str:
    """Return what was compiled, the memory it takes, and where it takes the most."""
    macs = sum(layer.macs for layer in archive.layers)
    offloaded = sum(layer.accelerator is not None for layer in archive.layers)
    on = f", {offloaded} of them on {', '.join(archive.accelerators)}" if offloaded else ""
    memory = archive.memory
    core = archive.metadata.get("mcpu")
    target = f" for {core}" if core else ""
    lines = [
        f"{path}: {archive.name}{target}, {len(archive.layers)} layers{on}, {macs:,} MACs",
        f"RAM {memory.ram:,} bytes: {memory.arena:,} tensors and scratch memory, "
        f"{memory.executor:,} executor; at most {memory.stack:,} of a kernel's on the stack",
    ]
    if archive.peak is not None:
        alive = ", ".join(f"{count:,} {name}" for name, count in archive.peak.tensors)
        lines.append(f"peak in layer {archive.peak.layer}, {_layer(archive)}: {alive}")
    lines.append(f"flash {memory.constants:,} bytes of constants{_price(archive)}")
    return "\n  ".join(lines)


def _layer(archive: ModelArchive) -> str:
    """Return the name and operator of the layer with the peak."""
    assert archive.peak is not None
    layer = archive.layers[archive.peak.layer]
    return f"{layer.name} ({layer.kernel})"


def _price(archive: ModelArchive) -> str:
    """Return what weights cost that were widened for speed."""
    more = archive.metadata.get("extra_constants", 0)
    if not more:
        return ""
    return f"\n  of which {more:,} bytes are for widened weights (none with --optimize balanced)"


def parse_shapes(text: str) -> dict[str, tuple[int, ...]]:
    """Shapes by input name, from `name:[1,2] other:[3]`."""
    shapes: dict[str, tuple[int, ...]] = {}
    at = 0
    text = text.strip()
    while at < len(text):
        match = _SHAPE.match(text, at)
        if match is None or match[1] in shapes:
            raise argparse.ArgumentTypeError(f'{text!r}: want "name:[1,2,3] other:[4,5]"')
        shapes[match[1]] = tuple(int(extent) for extent in (match[2] or "").split(",") if extent)
        at = match.end()
    if not shapes:
        raise argparse.ArgumentTypeError('want "name:[1,2,3] other:[4,5]"')
    return shapes
