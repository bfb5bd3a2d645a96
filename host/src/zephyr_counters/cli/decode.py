# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""`zephyr-counters decode`, which needs no board and no TVM."""

from __future__ import annotations

import argparse
import json
import re
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from zephyr_counters.cli.arguments import add_command
from zephyr_counters.cli.console import say, show_table
from zephyr_counters.errors import ArchiveError, BlobError, UsageError, ZephyrCountersError

if TYPE_CHECKING:
    from zephyr_counters.blob.catalog import Catalog
    from zephyr_counters.blob.records import Measure, Record, RecordBlob
    from zephyr_counters.blob.selection import Selection
    from zephyr_counters.cli.arguments import Commands
    from zephyr_counters.measure.names import ModelNames

T = TypeVar("T")

_CATALOG = "catalog.cbor"
_NUMBERS = re.compile(r"records-(\d+)-(\d+)\.bin")


def register(commands: Commands) -> None:
    """Add the command."""
    command = add_command(
        commands,
        "decode",
        run,
        "show saved records",
        (
            "zephyr-counters profile PROJECT --blobs DIR && zephyr-counters decode DIR",
            "zephyr-counters decode DIR/records-0-0.bin",
            "zephyr-counters decode records.bin --catalog catalog.cbor --selection selection.cbor",
        ),
    )
    command.add_argument(
        "blob",
        metavar="DIR|BLOB",
        type=Path,
        help="folder saved by profile --blobs, or a saved result of hwcnt.take",
    )
    command.add_argument(
        "--catalog",
        metavar="F",
        type=Path,
        help=f"saved result of hwcnt.catalog (default: {_CATALOG} beside BLOB)",
    )
    command.add_argument(
        "--selection",
        metavar="F",
        type=Path,
        help="saved argument of hwcnt.select (default: selection-*.cbor beside BLOB that matches)",
    )
    command.add_argument(
        "--metadata",
        metavar="F",
        type=Path,
        help="metadata.json of the model, for the layers' names (default: the one beside BLOB)",
    )


def run(options: argparse.Namespace) -> int:
    """Decode the records and print them."""
    from zephyr_counters.blob.catalog_decoder import decode_catalog

    blobs = _blobs(options.blob)
    folder = blobs[0].absolute().parent
    catalog = _named(options.catalog or folder / _CATALOG, decode_catalog)
    names = _names(options.metadata, folder)
    for path in blobs:
        if len(blobs) > 1:
            say(f"{path.name}:")
        _show(path, catalog, names, options.selection)
    return 0


def _blobs(path: Path) -> list[Path]:
    """Return the files of records, in the order in which they were saved.

    Raises:
        UsageError: the folder has none.
    """
    if not path.is_dir():
        return [path]
    found = [one for one in path.iterdir() if _NUMBERS.fullmatch(one.name)]
    if not found:
        raise UsageError(
            f"{path}: no records-*.bin in this folder", "profile --blobs DIR saves them"
        )
    return sorted(found, key=lambda one: [int(digits) for digits in re.findall(r"\d+", one.name)])


def _show(
    path: Path, catalog: Catalog, names: ModelNames | None, selection_path: Path | None
) -> None:
    from zephyr_counters.blob.records import decode_records

    selection = _selection(path, selection_path)
    blob = _named(path, lambda found: decode_records(found, catalog, selection))
    headers = [one.name for one in blob.positions if one.value is not None] or [
        f"value {index}" for index in range(len(blob.overhead.values))
    ]
    say(f"{catalog.board} ({catalog.runtime}), {len(blob.records)} records, raw values")
    show_table(
        ("origin", "tag", "name", "n", "ticks", *headers, "flags"),
        [
            *(_record(record, names) for record in blob.records),
            _cost("overhead", blob.overhead),
            _cost("nested", blob.nested),
        ],
        right=(1, 3, *range(4, 5 + len(headers))),
    )
    for line in _notes(blob, catalog, selection):
        say(line)


def _named(path: Path, decode: Callable[[bytes], T]) -> T:
    """Decode a file; errors name it."""
    data = path.read_bytes()
    try:
        return decode(data)
    except BlobError as error:
        raise BlobError(f"{path}: {error.what}", error.hint) from error


def _selection(blob: Path, given: Path | None) -> Selection | None:
    from zephyr_counters.blob.records import decode_records
    from zephyr_counters.blob.selection import decode_selection

    if given is not None:
        return _named(given, decode_selection)
    wanted = _named(blob, decode_records).selection_crc
    for path in sorted(blob.absolute().parent.glob("selection-*.cbor")):
        found = path.read_bytes()
        if zlib.crc32(found) == wanted:
            return decode_selection(found)
    return None


def _names(given: Path | None, folder: Path) -> ModelNames | None:
    from zephyr_counters.measure.names import ModelNames

    path = given or folder / "metadata.json"
    if given is None and not path.exists():
        return None
    try:
        metadata = json.loads(path.read_bytes())
        return ModelNames(
            str(metadata["name"]),
            [str(one["name"]) for one in metadata["layers"]],
            [str(one) for one in metadata["kernels"]],
        )
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise ArchiveError(f"{path}: not a model's metadata: {error!r}") from error


def _record(record: Record, names: ModelNames | None) -> tuple[str, ...]:
    flags = {
        "unfinished": record.unfinished,
        "data cut": record.cut,
        "interrupts locked": record.irq_locked,
    }
    name = None if names is None else names.find(record.origin, record.tag)
    return (
        record.origin.name.lower(),
        str(record.tag),
        name or "",
        str(record.repetition),
        str(record.ticks),
        *(
            f"{value}!" if index in record.wrapped else str(value)
            for index, value in enumerate(record.values)
        ),
        ", ".join(name for name, is_set in flags.items() if is_set),
    )


def _cost(name: str, measure: Measure) -> tuple[str, ...]:
    return (name, "", "", "", str(measure.ticks), *map(str, measure.values), "")


def _notes(blob: RecordBlob, catalog: Catalog, selection: Selection | None) -> Iterator[str]:
    yield (
        f"A tick is 1/{catalog.clock_hz} s. Each record includes the overhead, which is the cost "
        "of an empty region. A region inside another adds the nested cost to the outer one."
    )
    if selection is None:
        yield (
            "Values have no names: no selection-*.cbor in the folder of the records matches; "
            "see --selection."
        )
    if blob.dropped:
        yield f"{blob.dropped} earlier records were lost because the board's buffer was full."
    if blob.remaining:
        yield f"{blob.remaining} records were still on the board."
    stuck = [one.name for one in blob.positions if one.index in blob.stuck]
    if stuck:
        yield f"Does not advance on this board: {', '.join(stuck)}."
    if any(record.wrapped for record in blob.records):
        yield "Values with ! may have wrapped more than once."
    compatible = {one.name: one.compatible for one in catalog.providers}
    for record in blob.records:
        for index, data in record.opaque.items():
            where = f"{record.origin.name.lower()} {record.tag}, repetition {record.repetition}"
            if not blob.positions:
                yield f"{where}, position {index}: {data.hex(' ')}"
                continue
            one = blob.positions[index]
            meaning = _opaque(compatible[one.provider], one.counter.name, data)
            yield f"{where}, {one.name}: {meaning}"


def _opaque(compatible: str, counter: str, data: bytes) -> str:
    """Return the decoded bytes, or their hex digits if no decoder accepts them."""
    from zephyr_counters.extensions.opaque import decode_opaque

    try:
        decoded = decode_opaque(compatible, counter, data)
    except ZephyrCountersError as error:
        return f"{data.hex(' ')} ({error.what})"
    return data.hex(" ") if decoded is None else str(decoded)
