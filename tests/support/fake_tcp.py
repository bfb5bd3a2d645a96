# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""A board whose stream is a TCP port: device code, board data, and a transport from outside."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from fake_sources import REPOSITORY

FIRMWARE = r"""
#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include <zephyr_counters/link.h>

extern int model_answer;

/* Prints where it listens, takes one client, and sends back what comes. */
int zc_link_serve(void)
{
	struct sockaddr_in address = {.sin_family = AF_INET};
	socklen_t size = sizeof(address);
	int server = socket(AF_INET, SOCK_STREAM, 0);
	char data[4096];
	int client;

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (bind(server, (struct sockaddr *)&address, size) != 0 || listen(server, 1) != 0) {
		return 1;
	}
	getsockname(server, (struct sockaddr *)&address, &size);
	printf("model %d\ntcp 127.0.0.1:%d\n", model_answer, ntohs(address.sin_port));
	fflush(stdout);

	struct pollfd fds[] = {{server, POLLIN, 0}, {STDIN_FILENO, POLLIN, 0}};

	poll(fds, 2, -1);
	if (fds[1].revents != 0) {
		return 0;
	}
	client = accept(server, NULL, NULL);
	fds[0].fd = client;
	for (;;) {
		poll(fds, 2, -1);
		if (fds[0].revents != 0) {
			ssize_t n = read(client, data, sizeof(data));

			if (n <= 0 || write(client, data, (size_t)n) != n) {
				return 2;
			}
		}
		if (fds[1].revents != 0 && read(STDIN_FILENO, data, sizeof(data)) <= 0) {
			return 0;
		}
	}
}
"""

# A whole transport: what a third party writes.
TRANSPORT = '''
"""Kind "acme": a TCP port, by the option acme_host."""

import socket

from zephyr_counters.formats.options import Option
from zephyr_counters.link.transports.tcp import SocketTransport

KIND = "acme"
OPTIONS = (
    Option("acme_host", "str", "Host of an Acme probe.", optional=("open_transport",)),
)


def locate(board, values, announced):
    host, port = announced().split(":")
    return {"address": [values.get("acme_host", host), int(port)]}


def connect(stream):
    return SocketTransport(socket.create_connection(stream["address"], 5), "acme probe")
'''


def add_board(folder: Path, name: str, /, **changes: Any) -> Path:
    """A board's folder in `folder`, like posix but for `changes`; a None takes a member out."""
    data = json.loads((REPOSITORY / "boards/posix/board.json").read_text())
    data |= {"name": name, **changes}
    data = {key: value for key, value in data.items() if value is not None or key == "run"}
    board = folder / name
    board.mkdir(parents=True)
    (board / "board.json").write_text(json.dumps({"zephyr_board": None, "flash": None, **data}))
    return board


def add_extension(folder: Path, name: str, transport: str, /, **changes: Any) -> Path:
    """An extension's folder in `folder`, whose transport's file holds `transport`."""
    extension = folder / name
    extension.mkdir(parents=True)
    described = {"kind": "acme", "file": "acme.py", **changes}
    data = {"format": 1, "name": name, "transport": described}
    (extension / "extension.json").write_text(json.dumps(data))
    (extension / "acme.py").write_text(transport)
    return extension
