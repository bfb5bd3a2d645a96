# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The methods of the Project API."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from zephyr_counters.errors import ProjectError, UsageError
from zephyr_counters.formats import board as boards
from zephyr_counters.formats import extension, project
from zephyr_counters.formats import options as project_options
from zephyr_counters.formats.project_lock import ProjectLock
from zephyr_counters.formats.search_path import BOARDS, EXTENSIONS, SearchPath
from zephyr_counters.link import transports
from zephyr_counters.processes import Child
from zephyr_counters.project_api import generate, zephyr, zephyr_flash
from zephyr_counters.project_api.build import FOLDER, Builder
from zephyr_counters.project_api.commands import commands as build_commands
from zephyr_counters.project_api.errors import METHOD_NOT_FOUND, RpcError
from zephyr_counters.project_api.extra_files import WHY_ABSOLUTE
from zephyr_counters.project_api.params import METHODS, checked, from_base85, to_base85
from zephyr_counters.project_api.transport import Transport

PLATFORM_NAME = "zephyr-counters"
PROTOCOL_VERSION = 1


class ProjectHandler:
    """Serves the template or the project in `home`.

    Args:
        home: folder of microtvm_api_server.py; a project if it holds project.json.
        check: raises ClientGone if the client no longer waits for a reply.
        progress: whether to report progress on stderr, as lines `progress: TEXT`.
    """

    def __init__(self, home: Path, check: Callable[[], None], progress: bool = False) -> None:
        self._home = home
        self._check = check
        self._progress = progress
        self._transport = Transport(check)
        self._lock: ProjectLock | None = None

    def call(self, method: str, params: dict[str, Any]) -> Any:
        """Carry out a request; what protocol.Handler wants."""
        if method not in METHODS:
            raise RpcError(METHOD_NOT_FOUND, f"{method!r:.100}: no such method")
        return getattr(self, f"_{method}")(**checked(method, params))

    def close(self) -> None:
        """End the firmware, if it runs."""
        self._close_transport()

    @property
    def _is_template(self) -> bool:
        return not (self._home / project.FILE).exists()

    def _server_info_query(self, tvm_version: str) -> dict[str, Any]:
        if self._is_template:
            archive, defaults = None, {}
            known = self._boards()
            names = [*known, *(alias for board in known.values() for alias in board.aliases)]
        else:
            description = project.load(self._home)
            archive, defaults = str(self._home / project.MODEL_TAR), description["options"]
            names = [description["board"]]
        options = self._options(self._extensions())
        return {
            "platform_name": PLATFORM_NAME,
            "is_template": self._is_template,
            "model_library_format_path": archive,
            "project_options": project_options.describe(options, defaults, {"board": names}),
            "protocol_version": PROTOCOL_VERSION,
            "project_format": project.FORMAT,
        }

    def _generate_project(
        self,
        model_library_format_path: str,
        standalone_crt_dir: str | None,
        project_dir: str,
        options: dict[str, Any],
    ) -> dict[str, Any]:
        if not self._is_template:
            raise ProjectError(f"{self._home} is a project, not a template")
        crt_dir = Path(standalone_crt_dir) if standalone_crt_dir else None
        archive, target = Path(model_library_format_path), Path(project_dir)
        for path in (archive, target):
            if not path.is_absolute():
                raise UsageError(f"{path} is a relative path", WHY_ABSOLUTE)
        method = "generate_project"
        extensions = self._extensions()
        known = self._options(extensions)
        values = project_options.resolve(known, method, options)
        board = boards.choose(self._boards(), str(values.get("board", known["board"].default)))
        # A kind of transport that is missing shows before anything is built.
        transports.get(board.transport, extensions)
        merged = project_options.with_defaults(known, method, values, board)
        merged["board"] = board.name
        runtime = generate.generate(
            generate.Sources(self._home),
            archive,
            crt_dir,
            target,
            board,
            extensions,
            known,
            merged,
        )
        return {"warnings": project_options.without_effect(known, values, board, runtime)}

    def _build(self, options: dict[str, Any]) -> None:
        values, board = self._for_project("build", options)
        commands = build_commands(board, self._home, self._home / FOLDER, values)
        verbose = bool(values.get("verbose"))
        with self._locked("building it"):
            Builder(self._home, commands, self._check, self._report, verbose).build()

    def _flash(self, options: dict[str, Any]) -> None:
        values, board = self._for_project("flash", options)
        if board.data["flash"] is None:
            _echo(f"{board.name} has nothing to flash: its firmware runs on this machine\n")
            return
        on_line = _echo if values.get("verbose") else None
        command = board.command("flash", self._home, values)
        environment: dict[str, str] = {}
        hint = None
        if command[0] == "west":
            hint = zephyr_flash.hint(command, self._home / FOLDER, board.runners)
            west, environment = zephyr.west(self._home, values)
            command = [*west, *zephyr_flash.for_runner(command[1:], self._home / FOLDER)]
        with self._locked("flashing it"):
            child = Child(command, self._home, on_line, environment)
            try:
                code = child.wait(self._check)
            finally:
                child.stop()
        if code:
            raise ProjectError(f"flashing failed: {child.ending()}", hint, "\n".join(child.output))

    def _open_transport(self, options: dict[str, Any]) -> dict[str, Any]:
        values, board = self._for_project("open_transport", options)
        extensions = self._extensions()
        # A board that is a process runs as often as it is started; there is one of a real board.
        held = self._lock or self._locked("opening its board", shared=board.runs_here)
        try:
            stream = self._transport.open(board, self._home, values, extensions)
        except BaseException:
            if held is not self._lock:
                held.release()
            raise
        self._lock = held
        return {"timeouts": board.data["timeouts"], "stream": stream}

    def _close_transport(self) -> dict[str, Any]:
        result = self._transport.close()
        lock, self._lock = self._lock, None
        if lock is not None:
            lock.release()
        return result

    def _locked(self, what: str, *, shared: bool = False) -> ProjectLock:
        # Whoever looks for the other process knows the command that started this server.
        return ProjectLock(self._home, what, os.getppid(), shared=shared)

    def _read_transport(self, n: int, timeout_sec: float | None) -> dict[str, str]:
        return {"data": to_base85(self._transport.read(n, timeout_sec))}

    def _write_transport(self, data: str, timeout_sec: float | None) -> None:
        self._transport.write(from_base85(data), timeout_sec)

    def _for_project(
        self, method: str, given: dict[str, Any]
    ) -> tuple[dict[str, project_options.Value], boards.Board]:
        if self._is_template:
            raise ProjectError(f"{self._home} is a template, not a project", "generate one from it")
        description = project.load(self._home)
        board = boards.choose(self._boards(), description["board"])
        known = self._options(self._extensions())
        stored = project_options.resolve(known, method, description["options"])
        return {**stored, **project_options.resolve(known, method, given)}, board

    def _boards(self) -> dict[str, boards.Board]:
        folders = self._search(BOARDS)
        found = boards.find(folders)
        if not found:
            raise ProjectError(f"{folders[0]}: no boards", "reinstall zephyr-counters")
        return found

    def _extensions(self) -> dict[str, extension.Extension]:
        return extension.find(self._search(EXTENSIONS))

    def _search(self, kind: SearchPath) -> list[Path]:
        """Return a project's own folder, or a template's search path.

        The host package adds to the environment what installed packages bring.
        """
        if self._is_template:
            return [self._home.parent / kind.name, *kind.from_environment()]
        return [self._home / kind.name]

    def _options(
        self, extensions: dict[str, extension.Extension]
    ) -> dict[str, project_options.Option]:
        return transports.with_options(project_options.load(self._home), extensions)

    def _report(self, text: str) -> None:
        if self._progress:
            print(f"progress: {text}", file=sys.stderr, flush=True)


def _echo(line: str) -> None:
    sys.stderr.write(line)
