# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""What a hostile or broken board can do to the host: nothing but fail its session."""

from __future__ import annotations

import json
import os
import struct
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from link_fake_board import HOSTILE, KINDS, VOID, integer, number, returned, tensor, text, values
from link_fixtures import QUICK, RawClient, Remote, fake_board
from zephyr_counters.rpc import packet as rpc_packet
from zephyr_counters.rpc.border import Border, Refused
from zephyr_counters.rpc.bridge import Bridge
from zephyr_counters.rpc.functions import RETURNS
from zephyr_counters.rpc.packet import Code

COPY_16 = rpc_packet.packet(Code.COPY_FROM_REMOTE, tensor(1, (4,))[4:] + struct.pack("<Q", 16))
BYTES = values(2, integer(1, 66), text(9, b"blob"))
FUNCTION = values(2, integer(1, 68), integer(4, 40))
TENSOR = values(3, integer(1, 70), tensor(1, (4,)), integer(4, 9))
NONE = HOSTILE["void call"]


def bound(border: Border, name: str, handle: int = 7) -> bytes:
    """A call of a function that the border has seen the handle of."""
    border.admit(rpc_packet.get_global(name), returned((4, handle)))
    return rpc_packet.call(handle)


@pytest.mark.parametrize(
    ("request_", "answer"),
    [
        (rpc_packet.init_server(), VOID),
        (rpc_packet.get_global("x"), returned((4, 3))),
        (rpc_packet.get_global("x"), HOSTILE["null"]),
        (COPY_16, HOSTILE["ack 16"]),
        (rpc_packet.packet(Code.COPY_TO_REMOTE), VOID),
        (rpc_packet.packet(Code.GET_ATTR), VOID),
        (rpc_packet.packet(Code.GET_ATTR), values(1, integer(1, 1))),
        (rpc_packet.packet(Code.ALLOC_DATA), HOSTILE["handle"]),
        (rpc_packet.packet(Code.STREAM_SYNC), VOID),
        (rpc_packet.call(99), NONE),
        (rpc_packet.call(99), number(4)),
        (rpc_packet.call(99), BYTES),
        (rpc_packet.call(99), TENSOR),
    ],
)
def test_true_answers_pass(request_: Any, answer: Any) -> None:
    assert Border().admit(request_, answer) == answer


@pytest.mark.parametrize("name", list(RETURNS))
def test_a_function_returns_what_it_can_return(name: Any) -> None:
    border = Border()
    call = bound(border, name)
    kinds = {"none": NONE, "bytes": BYTES, "function": FUNCTION, "tensor": TENSOR, "int": number(1)}
    kinds["module"] = values(2, integer(1, 73), integer(4, 9))
    allowed = {kind.name.lower() for kind in RETURNS[name]}
    for kind, answer in kinds.items():
        if kind in allowed:
            assert border.admit(call, answer) == answer
        else:
            with pytest.raises(Refused, match=f"{name} returned {kind}"):
                border.admit(call, answer)


def test_an_evaluator_returns_bytes() -> None:
    border = Border()
    border.admit(bound(border, "runtime.RPCTimeEvaluator"), FUNCTION)
    assert border.admit(rpc_packet.call(40), BYTES) == BYTES
    with pytest.raises(Refused):
        border.admit(rpc_packet.call(40), NONE)
    # The handle is given again, to a kernel.
    border.admit(bound(border, "tvm.rpc.server.ModuleGetFunction"), FUNCTION)
    assert border.admit(rpc_packet.call(40), NONE) == NONE


def test_an_error_of_the_board_is_no_error_of_the_link_and_prints() -> None:
    answer = Border().admit(rpc_packet.call(1), HOSTILE["exception"])
    assert rpc_packet.exception_text(answer) == "board: LinkError: not from the link ?[31m"


@given(st.sampled_from(list(Code)), st.binary(max_size=80), st.sampled_from(KINDS), st.data())
def test_any_answer_passes_or_is_refused(code: Any, rest: Any, kind: Any, data: Any) -> None:
    request = rpc_packet.packet(code, rest)
    answer = bytearray(HOSTILE[kind])
    for _ in range(data.draw(st.integers(0, 3))):
        at = data.draw(st.integers(8, max(8, len(answer) - 1)))
        if at < len(answer):
            answer[at] = data.draw(st.integers(0, 255))
    try:
        passed = Border().admit(request, bytes(answer))
    except Refused:
        return
    assert rpc_packet.code_of(passed) in (Code.RETURN, Code.EXCEPTION, Code.COPY_ACK)


def test_repeats_are_noticed_by_their_content() -> None:
    border = Border()
    assert not border.may_be_old(COPY_16, HOSTILE["ack 16"])
    assert border.may_be_old(COPY_16, HOSTILE["ack 16"])
    assert not border.may_be_old(COPY_16, HOSTILE["ack 500"])
    assert not border.may_be_old(rpc_packet.call(1), NONE)
    assert not border.may_be_old(rpc_packet.call(1), NONE)


QUESTIONS = {
    "getfunc": (Code.GET_GLOBAL_FUNC, "board._functions.clear() or board.function('count')"),
    "call": (Code.CALL_FUNC, "board.call('count')"),
    "copy from": (Code.COPY_FROM_REMOTE, "board.array(x)"),
    "copy to": (Code.COPY_TO_REMOTE, "board.tensor(np.zeros(4, 'int32'))"),
    "alloc": (Code.ALLOC_DATA_WITH_SCOPE, "board.tensor(np.zeros(4, 'int32'))"),
    "sync": (Code.STREAM_SYNC, "sync()"),
    "free": (Code.FREE_DATA, "free()"),
}
PROGRAM = """
import gc, json, logging, signal, sys, time
import numpy as np
from link_fake_board import KINDS
from link_fixtures import QUICK, fake_board
from zephyr_counters.board.board import Board
from zephyr_counters.errors import BoardError, LinkError, ZephyrCountersError
logging.disable(50)
code, question = int(sys.argv[1]), sys.argv[2]
def sync():
    with board._asking("sync"):
        board.rpc.cpu(0).sync()
def free():
    y = board.tensor(np.zeros(4, "int32"))
    board.call("arm", code, kind)
    del y
    gc.collect()
with fake_board() as (transport, process):
    with Board(transport, timeouts=QUICK) as board:
        for kind, name in enumerate(KINDS):
            signal.alarm(60)
            board.function("count"), board.function("arm")
            x = board.tensor(np.zeros(4, "int32"))
            if question != "free()":
                board.call("arm", code, kind)
            begin = time.monotonic()
            try:
                said = ["value", repr(eval(question))[:80]]
            except ZephyrCountersError as error:
                said = [type(error).__name__, str(error)]
            took = time.monotonic() - begin
            # In step again, or over: never an answer to another question.
            try:
                after = ["value", repr(board.call("add", 20, kind))]
            except ZephyrCountersError as error:
                after = [type(error).__name__, str(error)]
            print(json.dumps([name, said, after, took]), flush=True)
            del x
            board.reconnect()
print("survived")
"""


@pytest.mark.slow
@pytest.mark.parametrize("question", list(QUESTIONS))
def test_every_question_with_every_answer(question: Any) -> None:
    """TVM's own client, in a process that must survive."""
    pytest.importorskip("tvm")
    code, expression = QUESTIONS[question]
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(int(code)), expression],
        capture_output=True,
        text=True,
        timeout=280,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )
    assert done.stdout.endswith("survived\n"), done.stdout[-1000:] + done.stderr[-3000:]
    lines = [json.loads(line) for line in done.stdout.splitlines()[:-1]]
    assert [line[0] for line in lines] == list(KINDS)
    for number_, (name, said, after, took) in enumerate(lines):
        assert took < QUICK.call + 2, name
        assert said[0] in ("value", "LinkError", "LinkTimeout", "BoardError"), (name, said)
        assert after[0] in ("value", "LinkError"), (name, after)
        if after[0] == "value":
            assert after[1] == str(20 + number_), (name, after)
        if said[0] == "value" and question not in ("free", "sync"):
            assert name in PASSES[question], (name, said)


PASSES = {
    "getfunc": ("handle",),
    "call": ("number", "void call"),
    "copy from": ("ack 16",),
    "copy to": ("void",),
    "alloc": ("handle", "null"),
}


def test_a_board_that_asks_instead_of_answering_runs_nothing(tmp_path: Path) -> None:
    """A request of the board ends its session; it never reaches the client."""
    with fake_board() as (transport, _), Bridge(transport, timeouts=QUICK) as bridge:
        client = RawClient(bridge.port)
        for name in ("init_server", "get_global_func", "call_func", "shutdown", "copy_from_remote"):
            client.call("arm", int(Code.CALL_FUNC), KINDS.index(name))
            with pytest.raises(
                Remote, match=f"LinkError: fake board: call_func was answered with {name}"
            ):
                client.call("count")
            client.leave()
            assert bridge.free.wait(5)
            client = RawClient(bridge.port)
        assert client.call("add", 1, 2) == 3
