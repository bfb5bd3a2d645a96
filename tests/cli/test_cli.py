# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The command `zephyr-counters`, as far as it needs no board."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from fake_board import FakeBoard, archive
from zephyr_counters import __version__
from zephyr_counters.cli.arguments import check_folder, check_output
from zephyr_counters.cli.main import main
from zephyr_counters.errors import UsageError
from zephyr_counters.measure import profile
from zephyr_counters.report import exports

METADATA = b'{"name": "toy", "layers": [{"name": "first"}], "kernels": ["conv"]}'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    before = profile(FakeBoard(), repeat=5, blobs=tmp_path, archive=archive())
    exports.save(before, tmp_path / "a.json")
    after = profile(FakeBoard(slower=100), repeat=5, archive=archive())
    exports.save(after, tmp_path / "b.json")
    (tmp_path / "metadata.json").write_bytes(METADATA)
    return tmp_path


def test_help_and_version(capsys: pytest.CaptureFixture[str]) -> None:
    for option in ("--version", "-V"):
        assert main([option]) == 0
        assert capsys.readouterr().out == f"zephyr-counters {__version__}\n"
    for arguments in ([], ["nothing"], ["decode"], ["profile"], ["serve", "p", "--tracker", "x"]):
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        assert ended.value.code == 2


def test_decode(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    blob, catalog = str(folder / "records-0-0.bin"), str(folder / "catalog.cbor")
    assert main(["decode", blob, "--catalog", catalog]) == 0
    text = capsys.readouterr().out
    assert "core:cycles" in text and "first" in text and "overhead" in text
    assert "layer 0, repetition 0, npu:log: 00 00" in text
    selection = str(folder / "selection-0.cbor")
    assert main(["decode", blob, "--catalog", catalog, "--selection", selection]) == 0


def test_decode_a_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "blobs"
    profile(FakeBoard(), repeat=30, blobs=folder, archive=archive())
    (folder / "metadata.json").write_bytes(METADATA)
    assert main(["decode", str(folder)]) == 0
    text = capsys.readouterr().out
    files = sorted(folder.glob("records-*.bin"))
    assert len(files) > 10
    shown = [line[:-1] for line in text.splitlines() if line.startswith("records-")]
    assert {*shown} == {one.name for one in files}
    assert shown.index("records-0-2.bin") < shown.index("records-0-10.bin")
    assert "core:cycles" in text and "core:branches" in text
    assert main(["decode", str(files[0])]) == 0
    assert main(["decode", str(tmp_path)]) == 2
    assert "no records-*.bin" in capsys.readouterr().err


def test_show_a_saved_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, csv = tmp_path / "r.json", tmp_path / "r.csv"
    report = profile(FakeBoard(), repeat=2, archive=archive())
    exports.save(report, path)
    assert main(["show", str(path), "--csv", str(csv), "--top", "1", "--sort", "time"]) == 0
    text = capsys.readouterr().out
    assert "conv_2" in text and "2 more" in text
    assert csv.read_bytes().decode() == exports.to_csv(report)
    assert main(["show", str(path), "--csv", str(csv)]) == 2
    assert main(["show", str(path), "--sort", "nothing"]) == 2
    assert main(["show", str(tmp_path / "none.json")]) == 1


def test_decode_without_the_selection(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for path in folder.glob("selection-*"):
        path.unlink()
    arguments = ["decode", str(folder / "records-0-0.bin"), "--catalog"]
    assert main([*arguments, str(folder / "catalog.cbor")]) == 0
    text = capsys.readouterr().out
    assert "value 0" in text and "see --selection" in text


def test_decode_errors(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    blob, catalog = str(folder / "records-0-0.bin"), str(folder / "catalog.cbor")
    other = str(folder / "selection-1.cbor")
    (folder / "bad.json").write_text("{}")
    for arguments, message in (
        ([blob, "--catalog", blob], "catalog"),
        ([catalog, "--catalog", catalog], "damaged"),
        ([blob, "--catalog", catalog, "--selection", other], "another selection"),
        ([blob, "--catalog", str(folder / "none")], "No such file"),
        ([blob, "--catalog", catalog, "--metadata", str(folder / "bad.json")], "metadata"),
    ):
        assert main(["decode", *arguments]) == 1
        error = capsys.readouterr().err
        assert error.startswith("zephyr-counters: ") and message in error


def test_compare(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before, after = str(folder / "a.json"), str(folder / "b.json")
    assert main(["compare", before, after]) == 0
    text = capsys.readouterr().out
    assert "conv_1" in text and "higher" in text and "exact" in text
    assert main(["compare", before, before]) == 0
    assert "no significant change" in capsys.readouterr().out
    assert main(["compare", before, after, "--fail-over", "*=5"]) == 3
    assert "time grew by more than 5% in conv_0" in capsys.readouterr().err
    assert main(["compare", before, after, "--fail-over", "50"]) == 0
    assert main(["compare", after, before, "--fail-over", "1"]) == 0
    arguments = ["compare", before, after, "--counters", "macs", "--all"]
    assert main([*arguments, "--fail-over", "*=5", "--fail-counter", "npu:*"]) == 3
    for wrong in (
        ["--alpha", "2"],
        ["--counters", "nothing"],
        ["--fail-over", "5", "--fail-counter", "nothing"],
    ):
        assert main(["compare", before, after, *wrong]) == 2


def test_boards_and_template(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["boards"]) == 0
    assert "posix" in capsys.readouterr().out
    assert main(["template-dir"]) == 0
    assert (Path(capsys.readouterr().out.strip()) / "microtvm_api_server.py").is_file()


def test_a_folder_that_is_no_project(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for command in ("events", "profile", "serve"):
        assert main([command, str(tmp_path)]) == 1
        assert "hint" in capsys.readouterr().err


def test_arguments_are_checked_before_anything_starts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "there.json").write_text("mine")
    for arguments, message in (
        (["--json", str(tmp_path / "there.json")], "--force overwrites"),
        (["--csv", str(tmp_path)], "is a folder"),
        (["--trace", str(tmp_path / "no" / "t.json")], "there is no folder"),
        (["--blobs", str(tmp_path)], "is not empty"),
        (["--inputs", str(tmp_path / "there.json")], "not a .npz"),
        (["--inputs", str(tmp_path / "none.npz")], "not a .npz"),
        (["--top", "0"], "--top 0"),
        (["--counters", ","], "--counters is empty"),
    ):
        assert main(["profile", str(tmp_path / "project"), *arguments]) == 2
        assert message in capsys.readouterr().err
    assert (tmp_path / "there.json").read_text() == "mine"


def test_force(tmp_path: Path) -> None:
    path = tmp_path / "f"
    check_output(False, path, None)
    path.write_text("")
    with pytest.raises(UsageError):
        check_output(False, path)
    check_output(True, path)
    check_folder(False, tmp_path / "new")
    check_folder(True, tmp_path)
    with pytest.raises(UsageError):
        check_folder(True, path)


def test_a_reader_that_has_enough(folder: Path) -> None:
    """`zephyr-counters ... | head` ends without a complaint."""
    command = [sys.executable, "-m", "zephyr_counters.cli.main", "decode"]
    arguments = [str(folder / "records-0-0.bin"), "--catalog", str(folder / "catalog.cbor")]
    with subprocess.Popen(
        [*command, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        process.stdout.close()
        assert "Traceback" not in process.stderr.read()
