# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The JSON-RPC server: whatever arrives, one reply a line, and the next line is served."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fake_sources import RawClient
from hypothesis import given, settings
from hypothesis import strategies as st
from zephyr_counters.errors import LinkError, LinkTimeout
from zephyr_counters.project_api import errors, protocol


def line(**changes: Any) -> bytes:
    """A request; a change to None leaves the member out."""
    request = {"jsonrpc": "2.0", "method": "close_transport", "params": {}, "id": 7, **changes}
    return json.dumps({k: v for k, v in request.items() if v is not None}).encode()


HOSTILE = {
    "empty": (b"", errors.PARSE_ERROR),
    "not JSON": (b"{", errors.PARSE_ERROR),
    "not UTF-8": (b'"\xff\xfe"', errors.PARSE_ERROR),
    "deep": (b"[" * 100_000, errors.PARSE_ERROR),
    "huge number": (b"1" * 100_000, errors.PARSE_ERROR),
    "long": (b'"' + b"x" * (protocol.MAX_LINE + 10) + b'"', errors.PARSE_ERROR),
    "null": (b"null", errors.INVALID_REQUEST),
    "batch": (b"[" + line() + b"]", errors.INVALID_REQUEST),
    "no version": (line(jsonrpc=None), errors.INVALID_REQUEST),
    "version 1": (line(jsonrpc="1.0"), errors.INVALID_REQUEST),
    "no id": (line(id=None), errors.INVALID_REQUEST),
    "id object": (line(id={}), errors.INVALID_REQUEST),
    "id bool": (line(id=True), errors.INVALID_REQUEST),
    "no method": (line(method=None), errors.INVALID_REQUEST),
    "method number": (line(method=1), errors.INVALID_REQUEST),
    "unknown method": (line(method="erase"), errors.METHOD_NOT_FOUND),
    "private method": (line(method="_build"), errors.METHOD_NOT_FOUND),
    "dunder method": (line(method="__init__"), errors.METHOD_NOT_FOUND),
    "own method": (line(method="close"), errors.METHOD_NOT_FOUND),
    "no params": (line(params=None), errors.INVALID_REQUEST),
    "params list": (line(params=[1]), errors.INVALID_REQUEST),
    "extra": (line(params={"self": 1}), errors.INVALID_PARAMS),
    "missing": (line(method="build"), errors.INVALID_PARAMS),
    "options list": (line(method="build", params={"options": []}), errors.INVALID_PARAMS),
    "n zero": (
        line(method="read_transport", params={"n": 0, "timeout_sec": 1}),
        errors.INVALID_PARAMS,
    ),
    "n huge": (
        line(method="read_transport", params={"n": 1 << 40, "timeout_sec": 1}),
        errors.INVALID_PARAMS,
    ),
    "n bool": (
        line(method="read_transport", params={"n": True, "timeout_sec": 1}),
        errors.INVALID_PARAMS,
    ),
    "timeout NaN": (
        line(method="read_transport", params={"n": 1, "timeout_sec": float("nan")}),
        errors.INVALID_PARAMS,
    ),
    "timeout negative": (
        line(method="read_transport", params={"n": 1, "timeout_sec": -1}),
        errors.INVALID_PARAMS,
    ),
    "timeout text": (
        line(method="read_transport", params={"n": 1, "timeout_sec": "1"}),
        errors.INVALID_PARAMS,
    ),
    "not base85": (
        line(method="write_transport", params={"data": '"""""', "timeout_sec": 1}),
        errors.INVALID_PARAMS,
    ),
    "not ASCII": (
        line(method="write_transport", params={"data": "äöü", "timeout_sec": 1}),
        errors.INVALID_PARAMS,
    ),
    "path with NUL": (
        line(
            method="generate_project",
            params={
                "model_library_format_path": "a\0b",
                "standalone_crt_dir": "",
                "project_dir": "x",
                "options": {},
            },
        ),
        errors.INVALID_PARAMS,
    ),
    "read closed": (
        line(method="read_transport", params={"n": 1, "timeout_sec": 0}),
        errors.SERVER_ERROR,
    ),
    "build a template": (line(method="build", params={"options": {}}), errors.SERVER_ERROR),
}


@pytest.fixture(scope="module")
def server(template: Path) -> Iterator[RawClient]:
    """One server for all hostile lines: none may end it."""
    with RawClient(template) as client:
        yield client


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_request(server: RawClient, name: str) -> None:
    request, code = HOSTILE[name]
    server.send(request + b"\n")
    reply = server.receive()
    assert reply["error"]["code"] == code, reply
    assert len(reply["error"]["message"]) < 300
    assert server.call("close_transport") == {"ended": None, "output": []}


def test_two_requests_in_one_write(server: RawClient) -> None:
    server.send(line(id="a") + b"\n" + line(id="b") + b"\n")
    assert [server.receive()["id"], server.receive()["id"]] == ["a", "b"]


def test_request_in_pieces(server: RawClient) -> None:
    for byte in line(id="c") + b"\n":
        server.send(bytes([byte]))
    assert server.receive()["id"] == "c"


def test_id_null_is_answered(server: RawClient) -> None:
    server.send(b'{"jsonrpc":"2.0","method":"close_transport","params":{},"id":null}\n')
    assert server.receive()["id"] is None


def test_end_of_input_ends_the_server(template: Path) -> None:
    with RawClient(template) as client:
        client.send(b'{"jsonrpc": "2.0", "meth')
        assert client.close() == 0


@pytest.mark.parametrize("fds", [("987", "1"), ("0", "99999999999999999999"), ("-1", "1")])
def test_bad_descriptors(template: Path, fds: tuple[str, str]) -> None:
    import subprocess
    import sys

    script = template / "microtvm_api_server.py"
    result = subprocess.run(
        [sys.executable, script, "--read-fd", fds[0], "--write-fd", fds[1]],
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    assert result.returncode == 2 and "file descriptor" in result.stderr


def test_upstream_error_names(template: Path) -> None:
    """TVM's client tells these by the message."""
    assert errors.to_json(LinkError("x"))["message"] == "TransportClosedError"
    assert errors.to_json(LinkTimeout("x"))["message"] == "IoTimeoutError"
    assert errors.to_json(LinkTimeout("x"))["code"] == -32000
    assert "x" in errors.to_json(LinkTimeout("x"))["data"]["traceback"]


class _Echo:
    """Returns the parameters, and fails in all the ways there are."""

    def call(self, method: str, params: dict[str, Any]) -> Any:
        if method == "raise":
            raise KeyError(method)
        return params


def _serve(data: bytes) -> list[dict[str, Any]]:
    request_read, request_write = os.pipe()
    reply_read, reply_write = os.pipe()

    def feed() -> None:
        with os.fdopen(request_write, "wb") as file:
            file.write(data)

    feeder = threading.Thread(target=feed)
    feeder.start()
    replies: list[bytes] = []
    reader = threading.Thread(target=lambda: replies.append(os.fdopen(reply_read, "rb").read()))
    reader.start()
    protocol.serve(protocol.Pipes(request_read, reply_write), _Echo())
    os.close(reply_write)
    feeder.join()
    reader.join()
    os.close(request_read)
    return [json.loads(reply) for reply in replies[0].splitlines()]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
REQUESTS = st.fixed_dictionaries(
    {},
    optional={
        "jsonrpc": st.just("2.0") | JSON,
        "method": st.sampled_from(["echo", "raise"]) | JSON,
        "params": st.dictionaries(st.text(), JSON, max_size=2) | JSON,
        "id": st.integers() | JSON,
    },
)
LINES = st.one_of(
    st.binary(max_size=60).map(lambda data: data.replace(b"\n", b"")),
    JSON.map(lambda value: json.dumps(value).encode()),
    REQUESTS.map(lambda value: json.dumps(value).encode()),
)


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(st.lists(LINES, max_size=6))
def test_any_lines(lines: list[bytes]) -> None:
    replies = _serve(b"".join(one + b"\n" for one in lines))
    assert len(replies) == len(lines)
    for reply in replies:
        assert reply["jsonrpc"] == "2.0" and ("result" in reply) != ("error" in reply)
