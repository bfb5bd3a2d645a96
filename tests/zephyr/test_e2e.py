# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The demo's model and keyword spotting through the Project API on every emulated board."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from zephyr_counters.blob import Kind, Origin, Provider, Record, Selection
from zephyr_counters.board.board import Board
from zephyr_counters.project import Project, create
from zephyr_counters.rpc.bridge import Timeouts
from zephyr_fixtures import board_data, need, samples, zephyr_boards

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200)]

PATIENT = Timeouts(call=300, start=90)
"""An emulator on a busy machine may take long to boot; no test measures time."""

EMULATED = zephyr_boards(emulated=True)
WITH_ICOUNT = [name for name in EMULATED if "icount" in board_data(name)["run"].get("options", {})]
ADVANCING = {"native_sim": "host-clock"}
"""The provider to look at where the kernel's clock stands still in computations."""
EXACT = {"qemu_riscv64": ("hpm", 0)}
"""A provider whose last counter counts instructions, and by how many it may differ."""

FINEST = {"qemu_cortex_a53": "pmccntr", "qemu_riscv64": "mcycle"}
"""Clocks of regions; QEMU has no DWT."""

MODELS = ("archive", "kws_archive")
WITH_MAC_ARRAY = ("native_sim", "mps2_an385", "qemu_riscv64")
"""The accelerator is the same C everywhere: a process, 32 bits and 64 bits are enough."""

TOO_LARGE = {"qemu_cortex_m0": ("kws_archive",)}
"""Models that a board's memory does not hold."""

CASES = [(b, m) for b in EMULATED for m in MODELS if m not in TOO_LARGE.get(b, ())]

Built = Callable[[str, Path], Project]


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """A function that builds a project, once for a board and an archive."""
    projects: dict[tuple[str, Path], Project] = {}

    def build(board: str, archive: Path) -> Project:
        if board != "posix":
            need(board)
        if (board, archive) not in projects:
            folder = tmp_path_factory.mktemp("projects") / board
            project = create("zephyr-counters", archive, folder, {"board": board})
            project.build()
            projects[board, archive] = project
        return projects[board, archive]

    return build


def outputs(project: Project, **options: Any) -> list[np.ndarray[Any, Any]]:
    """What the model says about each sample."""
    found = []
    with project.open_transport(options) as transport, Board(transport, timeouts=PATIENT) as board:
        for sample in samples(project.path / project.description["archive"]["file"]):
            board.set_input(0, sample)
            board.run()
            found.append(np.array(board.get_output(0)))
    return found


@pytest.mark.parametrize(("name", "model"), CASES)
def test_predictions_as_on_posix(
    name: str, model: str, built: Built, request: pytest.FixtureRequest
) -> None:
    """Whole numbers are equal; a float's last digits are the C library's."""
    archive = request.getfixturevalue(model)
    project = built(name, archive)
    expected = outputs(built("posix", archive))
    for here, there in zip(outputs(project), expected, strict=True):
        assert here.argmax() == there.argmax()
        if here.dtype == "int8":
            np.testing.assert_array_equal(here, there)
        else:
            np.testing.assert_allclose(here, there, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(("name", "model"), CASES)
def test_counters_advance(
    name: str, model: str, built: Built, request: pytest.FixtureRequest
) -> None:
    icount = {"icount": True} if name in WITH_ICOUNT else {}
    project = built(name, request.getfixturevalue(model))
    found = layers(project, ADVANCING.get(name, "kernel-cycles"), icount, 2)
    assert {r.repetition for r in found} == {0, 1}
    for repetition in (0, 1):
        assert sum(r.values[0] for r in found if r.repetition == repetition) > 0


@pytest.mark.parametrize("name", EMULATED)
def test_a_tick_is_a_microsecond_or_less(name: str, built: Built, archive: Path) -> None:
    """By the core's own counter, where QEMU has it; test_build.py looks at the real boards."""
    project = built(name, archive)
    with project.open_transport() as transport, Board(transport, timeouts=PATIENT) as board:
        catalog = board.catalog()
    assert catalog.clock_hz >= 1_000_000
    assert catalog.clock_name.startswith(FINEST.get(name, "kernel"))


@pytest.mark.parametrize("name", WITH_ICOUNT)
def test_counts_repeat_with_icount(name: str, built: Built, archive: Path) -> None:
    """Instructions to the last one; a clock's cycles but for where in one the layer begins."""
    provider, slack = EXACT.get(name, ("kernel-cycles", 1))
    project = built(name, archive)
    first, second = (layers(project, provider, {"icount": True}, 1) for _ in range(2))
    assert max(r.values[0] for r in first) > 100
    for a, b in zip(first, second, strict=True):
        assert abs(a.values[0] - b.values[0]) <= slack


def test_layers_and_rest_are_the_whole(built: Built, archive: Path) -> None:
    """With a clock that counts instructions: what is not in a layer is the loop over them."""
    project = built("mps2_an385", archive)
    with (
        project.open_transport({"icount": True}) as transport,
        Board(transport, timeouts=PATIENT) as board,
    ):
        board.set_input(0, samples(archive)[0])
        board.run()
        board.profile(3)
        blob = board.take()
    rests = []
    for repetition in range(3):
        records = [r for r in blob.records if r.repetition == repetition]
        inner = [r.ticks - blob.overhead.ticks for r in records if r.origin is Origin.LAYER]
        (whole,) = [r.ticks for r in records if r.origin is Origin.WHOLE]
        net = whole - blob.overhead.ticks - len(inner) * blob.nested.ticks
        assert net > sum(inner) > 0
        # A tick is 1.25 instructions; the loop, which fills in a layer's arguments before its
        # region begins, has about 150 for a layer, never 250.
        assert (net - sum(inner)) * 1.25 < 250 * len(inner)
        rests.append(net - sum(inner))
    assert max(rests) - min(rests) <= len(inner)


@pytest.mark.parametrize("name", sorted(EXACT))
def test_the_loop_over_the_layers_is_all_that_is_not_in_one(
    name: str, built: Built, archive: Path, kws_archive: Path
) -> None:
    """Counted in instructions: the same in each repetition, and little for each layer."""
    provider, _ = EXACT[name]
    rests: set[tuple[int, int]] = set()
    for path in (archive, kws_archive):
        project = built(name, path)
        with (
            project.open_transport({"icount": True}) as transport,
            Board(transport, timeouts=PATIENT) as board,
        ):
            described = board.catalog().providers
            index = [one.name for one in described].index(provider)
            last = len(described[index].counters) - 1
            board.select(Selection(True, ((index, (last,)),)))
            board.set_input(0, samples(path)[0])
            board.run()
            board.profile(3)
            blob = board.take()
        for repetition in range(3):
            records = [r for r in blob.records if r.repetition == repetition]
            own, inner = blob.overhead.values[0], blob.nested.values[0]
            parts = [r.values[0] - own for r in records if r.origin is Origin.LAYER]
            (whole,) = [r.values[0] - own for r in records if r.origin is Origin.WHOLE]
            rests.add((whole - len(parts) * inner - sum(parts), len(parts)))
    assert len(rests) == 2, rests
    for rest, layers_in_all in rests:
        # The loop fills in each argument of a layer, so it depends on how many there are.
        assert 0 < rest < 300 * layers_in_all, rests


def layers(
    project: Project, provider: str, options: dict[str, Any], repeat: int, *, every: bool = False
) -> list[Record]:
    """Records of each layer, of a board that has just started; interrupts locked.

    Args:
        every: all that the provider counts, not its last counter alone.
    """
    archive = project.path / project.description["archive"]["file"]
    with project.open_transport(options) as transport, Board(transport, timeouts=PATIENT) as board:
        names = [entry.name for entry in board.catalog().providers]
        index = names.index(provider)
        found: list[Record] = []
        for counters in passes(board.catalog().providers[index], every):
            board.select(Selection(True, ((index, counters),)))
            board.set_input(0, samples(archive)[0])
            board.run()
            board.profile(repeat)
            blob = board.take()
            assert blob.dropped == blob.remaining == 0
            assert not blob.stuck
            found += [r for r in blob.records if r.origin is Origin.LAYER]
        return found


def passes(provider: Provider, every: bool) -> list[tuple[int, ...]]:
    """What to select, one after the other: no more at once than the provider has slots."""
    kinds = [counter.kind for counter in provider.counters]
    if not every:
        return [(len(kinds) - 1,)]
    counts = tuple(i for i, kind in enumerate(kinds) if kind is Kind.COUNT)
    step = provider.slots or len(counts)
    return [counts[at : at + step] for at in range(0, len(counts), step)]


@pytest.mark.parametrize("model", ["mac_array_archive", "kws_mac_array_archive"])
@pytest.mark.parametrize("name", WITH_MAC_ARRAY)
def test_mac_array_counts_as_on_posix(
    name: str, model: str, built: Built, request: pytest.FixtureRequest
) -> None:
    """Every counter of the accelerator, layer by layer, to the last digit."""
    archive = request.getfixturevalue(model)
    here = layers(built(name, archive), "mac-array", {}, 2, every=True)
    there = layers(built("posix", archive), "mac-array", {}, 2, every=True)
    assert sum(sum(record.values) for record in here) > 0
    for a, b in zip(here, there, strict=True):
        assert (a.tag, a.repetition, a.values) == (b.tag, b.repetition, b.values)


def test_mac_array_as_on_posix(built: Built, mac_array_archive: Path) -> None:
    """The same model of the accelerator: outputs equal to the last digit."""
    here = outputs(built("native_sim", mac_array_archive))
    there = outputs(built("posix", mac_array_archive))
    assert all((a == b).all() for a, b in zip(here, there, strict=True))
