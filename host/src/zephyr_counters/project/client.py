# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Client of the microTVM Project API: JSON-RPC 2.0, one line per request, one line per reply."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zephyr_counters.errors import SERVER_KINDS, ProjectError, UsageError, ZephyrCountersError
from zephyr_counters.formats.suggest import close_to
from zephyr_counters.project.server_process import ServerProcess

PROTOCOL_VERSION = 1
_TIMEOUTS = {"generate_project": 120.0, "build": 3600.0, "flash": 600.0, "open_transport": 120.0}
_TIMEOUT = 20.0


@dataclass(frozen=True)
class Option:
    """A project option, as the server describes it."""

    name: str
    type: str
    choices: tuple[str, ...] | None
    default: Any
    methods: tuple[str, ...]
    help: str


class ProjectClient:
    """Calls the server in a template's or project's folder; a context manager.

    Args:
        folder: template or project.

    Attributes:
        folder: template or project.

    Raises:
        ProjectError: there is no server, or it does not speak version 1 of the protocol.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._process = ServerProcess(folder)
        self._next_id = 1
        try:
            info = self.call("server_info_query", tvm_version="")
            if info.get("protocol_version") != PROTOCOL_VERSION:
                raise ProjectError(
                    f"{folder}: its server speaks protocol {info.get('protocol_version')!r}, "
                    f"not {PROTOCOL_VERSION}"
                )
            self.is_template = bool(info["is_template"])
            self.options = {item["name"]: _option(item) for item in info["project_options"]}
        except (KeyError, TypeError) as error:
            self.close()
            raise self._malformed(info) from error
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> ProjectClient:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the server and whatever it has started."""
        self._process.close()

    def call_with_options(
        self,
        method: str,
        options: Mapping[str, Any],
        progress: Callable[[str], None] | None = None,
        **params: Any,
    ) -> Any:
        """Call `method` with project options, which may be texts.

        Args:
            method: name of the method.
            options: project options.
            progress: called with a line for each step, from another thread.
            **params: the method's other parameters.

        Raises:
            UsageError: an option is unknown, or is not one of `method`.
            ZephyrCountersError: what the server answered.
        """
        self._check(method, options)
        self._process.on_progress = progress
        try:
            return self.call(method, options=dict(options), **params)
        finally:
            self._process.on_progress = None

    def call(self, method: str, **params: Any) -> Any:
        """Call `method`; its result.

        Raises:
            ZephyrCountersError: of the class that the server's error names.
            ProjectError: the server ended, did not answer in time, or answered nonsense.
        """
        request = {"jsonrpc": "2.0", "method": method, "params": params, "id": self._next_id}
        self._next_id += 1
        timeout = _TIMEOUTS.get(method, _TIMEOUT)
        end = time.monotonic() + timeout
        try:
            # A server that broke before it read this may have said why.
            with contextlib.suppress(BrokenPipeError):
                self._process.write_line(json.dumps(request).encode(), end)
            line = self._process.read_line(end)
        except TimeoutError:
            said = self._said()
            raise ProjectError(
                f"{self.folder}: {method}: no answer in {timeout:g} s{said}"
            ) from None
        except (EOFError, OSError):
            ending = self._process.ending()
            raise ProjectError(
                f"{self.folder}: {method}: the project's server ended ({ending}){self._said()}"
            ) from None
        try:
            reply = json.loads(line)
            if reply["jsonrpc"] != "2.0" or reply["id"] != request["id"]:
                raise ValueError("not the reply to this request")
            if "error" in reply:
                error = _error(method, reply["error"])
            else:
                return reply["result"]
        except (ValueError, KeyError, TypeError, AttributeError) as problem:
            raise self._malformed(line) from problem
        raise error

    def _check(self, method: str, options: Mapping[str, Any]) -> None:
        for name in options:
            option = self.options.get(name)
            usable = [known for known, item in self.options.items() if method in item.methods]
            if option is None:
                raise UsageError(
                    f"unknown project option '{name}'",
                    close_to(name, self.options) or _listed(method, usable),
                )
            if method not in option.methods:
                others = " and ".join(option.methods)
                raise UsageError(
                    f"project option '{name}' is one of {others}, not of {method}",
                    _listed(method, usable),
                )

    def _said(self) -> str:
        return "".join(f"\n  {line}" for line in self._process.said)

    def _malformed(self, reply: Any) -> ProjectError:
        return ProjectError(f"{self.folder}: malformed reply from its server: {reply!r:.200}")


def _listed(method: str, names: list[str]) -> str:
    return f"options of {method}: {', '.join(names) or 'none'}"


def _option(item: Mapping[str, Any]) -> Option:
    return Option(
        name=item["name"],
        type=item["type"],
        choices=tuple(item["choices"]) if item["choices"] else None,
        default=item["default"],
        methods=(*(item["required"] or ()), *(item["optional"] or ())),
        help=item["help"],
    )


def _error(method: str, error: Mapping[str, Any]) -> ZephyrCountersError:
    data = error.get("data")
    if not isinstance(data, dict) or "kind" not in data:
        return ProjectError(f"{method}: {error['message']}")
    return SERVER_KINDS.get(data["kind"], ProjectError)(
        str(data["what"]), data["hint"], data["detail"]
    )
