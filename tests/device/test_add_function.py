# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""A device function that is added as docs/extending.md says: a line and a file, nothing else."""

from __future__ import annotations

import shutil
from pathlib import Path

import crt_native
import device_build
import pytest
import rpc_client as rpc
from counters_native import BUILDS, build_flags
from rpc_client import Client

LINE = 'ZC_FUNCTION("acme.add", "ii", acme_add)\nZC_FUNCTION("acme.join", "sb?i", acme_join)\n'
HANDLERS = """
#include <errno.h>

#include <zephyr_counters/error.h>
#include <zephyr_counters/function.h>

static union zc_value kept[2];

int acme_add(const union zc_value *args, struct zc_result *result)
{
	if (args[0].word == 13) {
		return zc_error_name(-EINVAL, ZC_ERROR_OTHER, 0, "13 is unlucky", ZC_TERMINATED);
	}
	result->has_number = true;
	result->number = (uint32_t)(args[0].word + args[1].word);
	return 0;
}

static int join(struct zc_sink *sink, size_t max, uint32_t number)
{
	(void)max;
	for (size_t i = 0; i < 2; i++) {
		sink->write(sink, kept[i].span.data, kept[i].span.len);
	}
	sink->write(sink, (const uint8_t *)"0123456789", number);
	return 0;
}

int acme_join(const union zc_value *args, struct zc_result *result)
{
	kept[0] = args[0];
	kept[1] = args[1];
	result->write = join;
	result->number = (uint32_t)args[2].word;
	return 0;
}
"""


@pytest.fixture(scope="module")
def module(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of zephyr_module with the functions in it."""
    copy = tmp_path_factory.mktemp("added") / "zephyr_module"
    shutil.copytree(device_build.MODULE, copy)
    table = copy / "include/zephyr_counters/functions.def"
    text = table.read_text(encoding="utf-8")
    first = 'ZC_FUNCTION("hwcnt.catalog"'
    assert text.count(first) == 1
    table.write_text(text.replace(first, LINE + first), encoding="utf-8")
    (copy / "lib/functions/acme.c").write_text(HANDLERS, encoding="utf-8")
    return copy


def moved(sources: list[Path], module: Path) -> list[Path]:
    """The same sources, in the copy; and the files that are only there."""
    original = device_build.MODULE
    found = [
        module / path.relative_to(original) if path.is_relative_to(original) else path
        for path in sources
    ]
    return [*found, module / "lib/functions/acme.c"]


@pytest.mark.slow
def test_in_the_runtime_of_this_module(module: Path, tmp_path: Path) -> None:
    names = ("server_harness.c", "test_port.c", "tiny_model.c")
    sources = [*(device_build.TESTS / name for name in names), *device_build.DEVICE]
    # Found before those of the original.
    includes = [f"-I{module / folder}" for folder in ("include", "lib")]
    program = device_build.compile_c(tmp_path / "server", moved(sources, module), before=includes)
    with Client(program) as client:
        assert client.call("acme.add", rpc.integer(40), rpc.integer(2)) == 42
        with pytest.raises(rpc.RemoteError, match=r"^13 is unlucky$"):
            client.call("acme.add", rpc.integer(13), rpc.integer(2))
        with pytest.raises(rpc.RemoteError, match="argument: 2"):
            client.call("acme.add", rpc.integer(1), rpc.text("2"))
        args = [rpc.text("ab"), rpc.data(b"\0c")]
        assert client.call("acme.join", *args) == b"ab\0c"
        assert client.call("acme.join", *args, rpc.integer(3)) == b"ab\0c012"
        assert client.call("hwcnt.begin", rpc.integer(1)) is None
        assert client.call("hwcnt.end") is None


@pytest.mark.slow
@pytest.mark.parametrize("build", BUILDS)
def test_under_the_c_runtime_of_tvm(module: Path, tmp_path: Path, build: str) -> None:
    build_flags(build, tmp_path)
    program = crt_native.compile_shim(tmp_path, build, module=module)
    with crt_native.Shim(program) as board:
        assert board.packed("acme.add", 40, 2) == (42, b"")
        assert board.packed("acme.add", 13, 2)[0] == -1
        assert board.text == "13 is unlucky"
        for wrong in ((1, "2"), (1,), (1, 2, 3)):
            assert board.packed("acme.add", *wrong)[0] == -1
            assert board.text == "takes number, number"
        assert board.ok("acme.join", "ab", b"\0c") == b"ab\0c"
        assert board.ok("acme.join", "ab", b"\0c", 3) == b"ab\0c012"
        board.ok("hwcnt.begin", 1)
        board.ok("hwcnt.end")
