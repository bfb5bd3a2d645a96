# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""A template with device code of twenty lines, model archives, and a bare client for its server."""

from __future__ import annotations

import json
import os
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from zephyr_counters.formats.model_archive import ModelArchive

REPOSITORY = Path(__file__).resolve().parents[2]
TEMPLATE = REPOSITORY / "project_template"

Build = Callable[..., Path]
"""Makes a built project from macros of the C compiler; the fixture `built`."""

FIRMWARE = r"""
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

#include <zephyr_counters/link.h>

extern int model_answer;

int zc_link_serve(void)
{
	struct termios settings;
	char data[256];
	int master = posix_openpt(O_RDWR | O_NOCTTY);
	int slave;

	grantpt(master);
	unlockpt(master);
	slave = open(ptsname(master), O_RDWR | O_NOCTTY);
	tcgetattr(slave, &settings);
	cfmakeraw(&settings);
	tcsetattr(slave, TCSANOW, &settings);
	printf("fake firmware %d\n", model_answer);
#ifdef FAKE_EXIT
	printf("no luck today\n");
	exit(FAKE_EXIT);
#endif
#ifdef FAKE_SILENT
	for (;;) {
		pause();
	}
#endif
#ifdef FAKE_HANG
	signal(SIGTERM, SIG_IGN);
#endif
	printf("%s\n", ptsname(master));
	fflush(stdout);
	for (;;) {
		struct pollfd fds[] = {{master, POLLIN, 0}, {STDIN_FILENO, POLLIN, 0}};

		poll(fds, 2, -1);
		if (fds[0].revents & POLLIN) {
			ssize_t n = read(master, data, sizeof(data));
#ifdef FAKE_CRASH
			printf("about to crash\n");
			fflush(stdout);
			raise(SIGSEGV);
#endif
			if (n > 0 && write(master, data, (size_t)n) != n) {
				return 2;
			}
		}
#ifdef FAKE_HANG
		for (;;) {
			pause();
		}
#endif
		if (fds[1].revents != 0 && read(STDIN_FILENO, data, sizeof(data)) <= 0) {
			return 0;
		}
	}
}
"""

POSIX_CMAKE = """
if(NOT DEFINED CONFIG_ZC_PACKET_SIZE)
  set(CONFIG_ZC_PACKET_SIZE 8192)
endif()
function(zc_posix_add target)
  add_library(${target}_runtime OBJECT ${ZC_MODULE_DIR}/fake.c)
  target_include_directories(${target}_runtime PUBLIC ${ZC_MODULE_DIR}/include)
  target_compile_options(${target}_runtime PRIVATE -Wall -Werror)
  target_compile_definitions(${target}_runtime PUBLIC FAKE_PACKET=${CONFIG_ZC_PACKET_SIZE})
  target_link_libraries(${target} PRIVATE ${target}_runtime)
endfunction()
"""


def make_sources(root: Path, firmware: str = FIRMWARE) -> Path:
    """A copy of the template with fake device code in `root`; the template's folder."""
    shutil.copytree(TEMPLATE, root / "project_template")
    (root / "host").mkdir()
    (root / "host" / "src").symlink_to(REPOSITORY / "host" / "src")
    shutil.copytree(REPOSITORY / "boards" / "posix", root / "boards" / "posix")
    module = root / "zephyr_module"
    (module / "ports/posix").mkdir(parents=True)
    (module / "include/zephyr_counters").mkdir(parents=True)
    (module / "include/zephyr_counters/link.h").write_text("int zc_link_serve(void);\n")
    (module / "fake.c").write_text(firmware)
    (module / "ports/posix/posix.cmake").write_text(POSIX_CMAKE)
    driver = root / "extensions" / "fake-npu"
    driver.mkdir(parents=True)
    (driver / "extension.json").write_text('{"format": 1, "name": "fake-npu"}\n')
    return root / "project_template"


def make_metadata(**changes: Any) -> dict[str, Any]:
    """Metadata of a model with one layer."""
    tensor = {"name": "x", "shape": [1, 4], "dtype": "int8", "constant": False}
    output = {**tensor, "name": "y"}
    layer = {
        "index": 0,
        "name": "add",
        "kernel": "add",
        "ops": ["add"],
        "inputs": [tensor],
        "outputs": [output],
        "macs": 0,
        "bytes_read": 4,
        "bytes_written": 4,
        "accelerator": None,
    }
    return {
        "format": 1,
        "abi": 2,
        "generator": "test",
        "tvm": "0",
        "runtime": "tvm-ffi",
        "target": "c",
        "name": "tiny",
        "source": {"file": "tiny.onnx", "sha256": "00" * 32},
        "inputs": [tensor],
        "outputs": [output],
        "kernels": ["add"],
        "layers": [layer],
        "memory": {"activations": 8, "workspace": 0, "constants": 0},
        "accelerators": [],
        **changes,
    }


def make_archive(path: Path, kernels: str = "int model_answer = 42;\n", **changes: Any) -> Path:
    """Write an archive that the fake firmware links."""
    files = {
        "src/kernels.c": kernels.encode(),
        "src/plan.c": b"int model_plan;\n",
        "src/weights.c": b"int model_weights;\n",
    }
    ModelArchive.create(make_metadata(**changes), files).save(path)
    return path


class RawClient:
    """Writes lines to a server and reads lines from it; TVM's client does the same."""

    def __init__(self, folder: Path, *python: str) -> None:
        request_read, self.write_fd = os.pipe()
        self.read_fd, reply_write = os.pipe()
        pipes = ["--read-fd", str(request_read), "--write-fd", str(reply_write)]
        self.process = subprocess.Popen(
            [sys.executable, *python, str(folder / "microtvm_api_server.py"), *pipes],
            cwd=folder,
            pass_fds=(request_read, reply_write),
        )
        os.close(request_read)
        os.close(reply_write)
        self._buffer = b""
        self._id = 0

    def send(self, line: bytes) -> None:
        """Send bytes as they are."""
        while line:
            line = line[os.write(self.write_fd, line) :]

    def receive(self, timeout: float = 30) -> dict[str, Any]:
        """The next reply."""
        end = time.monotonic() + timeout
        while b"\n" not in self._buffer:
            ready, _, _ = select.select([self.read_fd], [], [], max(0, end - time.monotonic()))
            assert ready, "no reply in time"
            data = os.read(self.read_fd, 65536)
            assert data, "the server ended"
            self._buffer += data
        line, self._buffer = self._buffer.split(b"\n", 1)
        reply: dict[str, Any] = json.loads(line)
        return reply

    def call(self, method: str, **params: Any) -> Any:
        """The result of a request that must succeed."""
        reply = self.request(method, **params)
        assert "error" not in reply, reply["error"]["message"]
        return reply["result"]

    def fail(self, method: str, **params: Any) -> dict[str, Any]:
        """The error of a request that must fail."""
        error: dict[str, Any] = self.request(method, **params)["error"]
        return error

    def request(self, method: str, **params: Any) -> dict[str, Any]:
        """Any reply to a request."""
        self._id += 1
        request = {"jsonrpc": "2.0", "method": method, "params": params, "id": self._id}
        self.send(json.dumps(request).encode() + b"\n")
        reply = self.receive()
        assert reply["jsonrpc"] == "2.0" and reply["id"] == self._id
        return reply

    def close(self) -> int:
        """Close the pipes; the server's exit code."""
        for name in ("write_fd", "read_fd"):
            fd = getattr(self, name)
            if fd >= 0:
                os.close(fd)
                setattr(self, name, -1)
        return self.process.wait(20)

    def __enter__(self) -> RawClient:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def generate(template: Path, archive: Path, folder: Path, **options: object) -> None:
    """Generate a project with TVM's parameters."""
    with RawClient(template) as client:
        client.call(
            "generate_project",
            model_library_format_path=str(archive),
            standalone_crt_dir="",
            project_dir=str(folder),
            options=options,
        )


def children(pid: int) -> list[int]:
    """Process ids of the children of `pid`."""
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(word) for word in text.split()]


def ends(pid: int, timeout: float = 10) -> bool:
    """Whether the process ends in that time."""
    end = time.monotonic() + timeout
    while time.monotonic() < end:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return True
        if state == "Z":
            return True
        time.sleep(0.02)
    return False
