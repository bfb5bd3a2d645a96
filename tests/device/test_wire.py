# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The device's framing and session replay the vectors that the host's replay, too."""

from __future__ import annotations

import json
import random
import subprocess
from binascii import crc_hqx
from pathlib import Path
from typing import Any

import device_build
import pytest

VECTORS = device_build.ROOT / "tests" / "vectors"
FRAMING = json.loads((VECTORS / "framing.json").read_text())
SESSION = json.loads((VECTORS / "session.json").read_text())
BOARD_CASES = [case for case in SESSION["cases"] if case["role"] == "board"]


@pytest.fixture(scope="module", params=list(device_build.VARIANTS))
def replay(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    if reason := device_build.why_not(request.param):
        pytest.skip(reason)
    sources = [device_build.TESTS / "wire_replay.c", *device_build.WIRE, device_build.CRC]
    output = tmp_path_factory.mktemp("wire") / "wire_replay"
    return device_build.compile_c(output, sources, request.param)


def run(program: Path, commands: list[str]) -> list[list[str]]:
    text = "\n".join(commands) + "\n"
    done = subprocess.run([program], input=text, text=True, capture_output=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return [line.split(maxsplit=1) for line in done.stdout.splitlines()]


def frame(payload: bytes) -> bytes:
    """The frame of a payload, made independently of all code under test."""
    body = len(payload).to_bytes(4, "little") + payload
    sent = b"\xff\xfd" + body.replace(b"\xff", b"\xff\xff")
    return sent + crc_hqx(sent, 0xFFFF).to_bytes(2, "little").replace(b"\xff", b"\xff\xff")


# Numbers of errors.def.
REASONS = {"crc": "3", "long": "2", "escape": "4", "short": "5"}
NO_START = "1"
OTHER_SESSION = "6"


def expected_events(events: list[list[str]]) -> list[list[str]]:
    return [[kind, *(REASONS.get(arg, arg) or "-" for arg in args)] for kind, *args in events]


def without_noise(lines: list[list[str]]) -> list[list[str]]:
    """That bytes outside of frames are told, too, is the device's own."""
    return [line for line in lines if line != ["damaged", NO_START]]


@pytest.mark.parametrize("vector", FRAMING["frames"], ids=lambda vector: vector["name"])
def test_frames(replay: Path, vector: dict[str, Any]) -> None:
    commands = ["framer", f"frame {vector['payload'] or '-'}", "sent"]
    commands += ["deframer 4096", f"feed {vector['frame']}"]
    assert run(replay, commands) == [
        ["sent", "fe" + vector["frame"]],
        ["packet", vector["payload"] or "-"],
    ]


@pytest.mark.parametrize("vector", FRAMING["trains"], ids=lambda vector: vector["name"])
def test_trains(replay: Path, vector: dict[str, Any]) -> None:
    commands = ["framer"]
    for operation, *args in vector["ops"]:
        commands.append(f"frame {args[0] or '-'}" if operation == "frame" else "framer")
    assert run(replay, [*commands, "sent"]) == [["sent", vector["wire"]]]


@pytest.mark.parametrize("vector", FRAMING["streams"], ids=lambda vector: vector["name"])
def test_streams_however_split(replay: Path, vector: dict[str, Any]) -> None:
    wire = vector["wire"]
    pairs = [wire[i : i + 2] for i in range(0, len(wire), 2)]
    splits = [[wire], pairs]
    splits += [["".join(pairs[:i]), "".join(pairs[i:])] for i in range(1, len(pairs))]
    expected = expected_events(vector["events"])
    commands = [c for parts in splits for c in ("deframer 8192", *(f"feed {p}" for p in parts))]
    assert without_noise(run(replay, commands)) == expected * len(splits)


def test_board_cases_exist() -> None:
    assert BOARD_CASES


@pytest.mark.parametrize("case", BOARD_CASES, ids=lambda case: case["name"])
@pytest.mark.parametrize("split", [False, True], ids=["whole", "bytewise"])
def test_sessions(replay: Path, case: dict[str, Any], split: bool) -> None:
    # This end is born initialized; the cases that begin otherwise start without that message.
    commands, expected = ["session 00", "unsent"], []
    for step in case["steps"]:
        operation, arg = step["op"], step["arg"] or "-"
        if operation == "initialize":
            commands[-2:] = [f"session {arg}"]
        elif operation == "receive" and split:
            commands += [f"receive {arg[i : i + 2]}" for i in range(0, len(arg), 2)]
        else:
            commands.append(f"{operation} {arg}")
        commands += ["sent", "state"]
        # It has no use for the host's log, and does not report it.
        expected += expected_events([event for event in step["events"] if event[0] != "log"])
        expected += [["sent", step["sends"] or "-"], ["state", str(int(step["established"]))]]
    told = [line for line in run(replay, commands) if line != ["damaged", OTHER_SESSION]]
    assert without_noise(told) == expected


def test_message_of_another_session_is_told(replay: Path) -> None:
    start = frame(bytes([7, 0, 0, 1])).hex()
    other = frame(bytes([9, 9, 0x10]) + b"late").hex()
    lines = run(replay, ["session 00", f"receive {start}", f"receive {other}"])
    assert lines == [["established"], ["damaged", OTHER_SESSION]]


def test_noise_is_told_once_a_run(replay: Path) -> None:
    noise = b"boot\r\n\xfe\xfe".hex()
    lines = run(replay, ["deframer 64", f"feed {noise}{noise}{frame(b'a').hex()}{noise}"])
    assert lines == [["damaged", NO_START], ["packet", "61"], ["damaged", NO_START]]


def test_longest_payload_that_fits(replay: Path) -> None:
    fits, too_long = frame(b"\xff" * 64).hex(), frame(b"\xff" * 65).hex()
    lines = run(replay, ["deframer 64", f"feed {fits}", f"feed {too_long}", f"feed {fits}"])
    # FF FF FD cannot be told from a start when outside of a frame; here there is no FD.
    assert lines == [["packet", "ff" * 64], ["damaged", REASONS["long"]], ["packet", "ff" * 64]]


def test_random_payloads_come_back(replay: Path) -> None:
    random_bytes = random.Random(1)
    commands = ["deframer 4096", "framer"]
    expected: list[Any] = []
    for _ in range(50):
        payload = bytes(
            random_bytes.choice([0xFF, 0xFD, 0xFE, random_bytes.randrange(256)])
            for _ in range(random_bytes.randrange(200))
        )
        commands += [f"frame {payload.hex() or '-'}", "sent", f"feed {frame(payload).hex()}"]
        nop = "" if expected else "fe"
        expected += [["sent", nop + frame(payload).hex()], ["packet", payload.hex() or "-"]]
    assert run(replay, commands) == expected
