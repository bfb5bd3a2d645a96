# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Limits on growth, series of reports, and what compare prints about both."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import made_up
import pytest
from zephyr_counters.blob.records import Origin
from zephyr_counters.cli.main import main
from zephyr_counters.report import Report, compare, exports
from zephyr_counters.report.comparison import Verdict
from zephyr_counters.report.gate import Gate, matches
from zephyr_counters.report.progression import progression
from zephyr_counters.report.runs import join, repeats, samples, undisturbed

RUNS = 5


def report(a: int, b: int, spread: int = 3, runs: int = RUNS) -> Report:
    """A report of a model of two layers, `a` and `b` ns long, whose runs differ by `spread`."""
    made = []
    for run in range(runs):
        noise = spread * (run % 3)
        rows = [
            made_up.row([a + noise] * 4, name="a"),
            made_up.row([b + noise] * 4, name="b", tag=1),
            made_up.row([a + b + noise] * 4, name="m", tag=2, origin=Origin.WHOLE),
        ]
        made.append(made_up.report(rows))
    return join(made)


def save(folder: Path, *reports: Report) -> list[str]:
    paths = [folder / f"r{index}.json" for index in range(len(reports))]
    for path, one in zip(paths, reports, strict=True):
        exports.save(one, path)
    return [str(path) for path in paths]


def test_what_a_gate_covers() -> None:
    comparison = compare(report(1000, 5000), report(1200, 5000))

    def covered(gate: Gate) -> list[str]:
        return [pair.name for pair, _ in gate.covered(comparison)]

    assert covered(Gate(5)) == ["m"]
    assert covered(Gate(5, "a")) == ["a"]
    assert covered(Gate(5, "[ab]")) == ["a", "b"]
    assert covered(Gate(5, "*")) == ["a", "b", "m"]
    assert covered(Gate(5, "*", "core:*")) == []
    without = replace(
        comparison, pairs=tuple(one for one in comparison.pairs if one.origin is not Origin.WHOLE)
    )
    assert [pair.name for pair, _ in Gate(5).covered(without)] == ["a", "b"]
    assert matches("core:cycles", "cycles") and matches("core:cycles", "core:*")
    assert not matches("core:cycles", "macs")


def test_a_limit_that_could_not_be_seen_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    noisy = report(1000, 5000, spread=400)
    files = save(tmp_path, noisy, noisy, report(1000, 5000))
    assert main(["compare", *files[:2], "--fail-over", "5%"]) == 0
    assert "could not have been seen, so 5% is no limit" in capsys.readouterr().out
    assert main(["compare", files[2], files[2], "--fail-over", "5%"]) == 0
    assert "is no limit" not in capsys.readouterr().out


def test_a_series(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    reports = [report(1000, 5000), report(1000, 5000), report(1500, 5000), report(1500, 4000)]
    found = progression(reports)
    whole = [one for _, one in found.durations(None)]
    assert whole[0] is None
    assert [one.verdict for one in whole[1:] if one] == [
        Verdict.NOT_SIGNIFICANT,
        Verdict.HIGHER,
        Verdict.LOWER,
    ]
    assert found.layers(1) == ("b",) and found.layers(2) == ("b", "a")
    assert found.durations("a")[0][0] == pytest.approx(1001e-9, abs=3e-9)
    assert found.durations("nothing")[1:] == [(None, None)] * 3
    files = save(tmp_path, *reports)
    assert main(["compare", *files, "--fail-over", "1%"]) == 0  # the last is faster than the first
    text = capsys.readouterr().out
    assert "whole model, µs" in text and "b, µs" in text
    assert "+8.3%" in text and "-15.4%" in text and "From the first report to the last" in text
    assert main(["compare", *files[:3], "--fail-over", "1%"]) == 3


def test_colours_only_on_a_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    files = save(tmp_path, report(1000, 5000), report(1500, 5000))
    main(["compare", *files])
    plain = capsys.readouterr().out
    assert "\x1b" not in plain
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.delenv("NO_COLOR", raising=False)
    main(["compare", *files])
    coloured = capsys.readouterr().out
    assert "\x1b[31m" in coloured
    assert [line for line in coloured.splitlines() if "\x1b[31m" in line and " a " in line]
    for code in ("\x1b[31m", "\x1b[0m"):
        coloured = coloured.replace(code, "")
    assert coloured.splitlines() == plain.splitlines()
    monkeypatch.setenv("NO_COLOR", "1")
    main(["compare", *files])
    assert "\x1b[31m" not in capsys.readouterr().out


def test_what_differs_is_named() -> None:
    before = report(1000, 5000)
    assert before.model is not None
    after = replace(
        before,
        generator="zephyr-counters 9",
        model=replace(before.model, target="c,npu", tvm="9", hash="ff", memory={"activations": 7}),
        rows=tuple(replace(row, calls=4) for row in before.rows),
    )
    notes = compare(before, after).notes
    for line in (
        "the programs that measured differ: test, zephyr-counters 9",
        "the calls per record differ: 1, 4",
        "toy was compiled differently, from another file or with another target, options or "
        "version (hash 00, then ff)",
        "the targets differ: c, c,npu",
        "the versions of TVM differ: 0, 9",
        "the sizes of activations differ: 100 bytes, 7 bytes",
    ):
        assert line in notes
    assert not compare(before, before).notes


def sequence(values: Sequence[int], runs: int) -> Report:
    return join([made_up.report([made_up.row(values)]) for _ in range(runs)])


def test_runs_of_other_lengths_that_repeat_exactly_do_not_differ() -> None:
    """Such as a page fault in the first repetition of each run: more repetitions are no change."""
    few, many = sequence([5, 1, 1], 3), sequence([5, 1, 1, 1, 1], 3)
    for before, after in ((few, many), (many, few)):
        ((difference,),) = [pair.differences for pair in compare(before, after).pairs]
        assert difference.verdict is Verdict.SAME and difference.before == difference.after
    ((difference,),) = [
        pair.differences for pair in compare(few, sequence([6, 1, 1, 1, 1], 3)).pairs
    ]
    assert difference.verdict is Verdict.HIGHER


def test_what_repeats_from_run_to_run_is_exact() -> None:
    """As with icount: the first repetition differs from the others, in each run alike."""
    before, after = sequence([1300, 1000, 1000], 3), sequence([1303, 1000, 1000], 3)
    (pair,) = compare(before, after).pairs
    (time,) = pair.differences
    assert (time.verdict, time.p) == (Verdict.HIGHER, 0.0)
    assert time.change == pytest.approx(1e-9)
    (pair,) = compare(before, before).pairs
    assert pair.differences[0].verdict is Verdict.SAME
    assert not repeats(sequence([1, 2], 1), [1, 2]) and repeats(sequence([2, 2], 1), [2, 2])


def test_a_run_is_its_undisturbed_repetitions() -> None:
    assert undisturbed([5, 1, 9]) == 1 and undisturbed(range(100)) == 1
    found = sequence([10, 11, 90, 12], 2)
    assert samples(found, [10, 11, 90, 12] * 2) == [10, 10]
    assert samples(found, [10, 11, 90, 12] * 2, is_level=True) == [11.5, 11.5]


def test_exit_codes_are_in_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["compare", "--help"])
    assert "exit codes:" in capsys.readouterr().out
