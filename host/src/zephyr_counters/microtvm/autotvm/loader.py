# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""From what AutoTVM built of a candidate to a session with a board that runs it."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import tvm.micro
from tvm import rpc
from tvm.error import TVMError
from tvm.micro import project
from tvm.micro.project_api.server import JSONRPCError
from tvm.micro.session import SessionTerminatedError

from zephyr_counters import resources
from zephyr_counters.microtvm.upstream import said
from zephyr_counters.rpc.functions import SYSTEM_LIB

HERE = "$local$device"
"""The device key that stands for a board at this machine, without a tracker."""


class FirmwareError(TVMError):  # type: ignore[misc]
    """A candidate's firmware could not be generated or built."""


class ModuleLoader(tvm.micro.AutoTvmModuleLoader):  # type: ignore[misc]
    """Makes a project of each candidate, builds, flashes and opens it.

    With this package's `LocalRunner` that happens in the process that AutoTVM gives to the
    candidate, so that each step's error is the candidate's. With an `RPCRunner` it is done by the
    RPC server that the tracker gives, which must have TVM 0.18 and the template under the same
    path; that server does not send what a build said.

    Args:
        project_options: of the template; none is posix.
        template_project_dir: None takes this package's.
    """

    def __init__(
        self,
        project_options: Mapping[str, Any] | None = None,
        template_project_dir: Path | str | None = None,
    ) -> None:
        template = template_project_dir or resources.path("project_template")
        super().__init__(str(template), dict(project_options or {}))

    @contextlib.contextmanager
    def __call__(self, remote_kw: dict[str, Any], build_result: Any) -> Iterator[tuple[Any, Any]]:
        """Yield the RPC session and the module of one candidate.

        Raises:
            FirmwareError: the project could not be generated or built.
            TVMError: it could not be flashed or opened.
        """
        archive = Path(build_result.filename).resolve()
        if remote_kw["device_key"] == HERE:
            # Beside the archive: LocalBuilder removes that folder, should this process be killed.
            with (
                TemporaryDirectory(dir=archive.parent) as folder,
                self._here(archive, folder) as at,
            ):
                yield at, at.get_function(SYSTEM_LIB)()
        else:
            remote = self._there(remote_kw, archive)
            yield remote, remote.get_function(SYSTEM_LIB)()

    @contextlib.contextmanager
    def _here(self, archive: Path, folder: str) -> Iterator[Any]:
        try:
            template = project.TemplateProject.from_directory(self._template_project_dir)
            generated = template.generate_project_from_mlf(
                str(archive), str(Path(folder) / "project"), dict(self._project_options)
            )
            generated.build()
        except Exception as error:
            raise FirmwareError(said(error)) from error
        try:
            generated.flash()
            session = tvm.micro.Session(generated.transport()).__enter__()
        except Exception as error:
            raise TVMError(said(error)) from error
        try:
            yield session._rpc
        except (JSONRPCError, SessionTerminatedError) as error:
            raise TVMError(f"the board stopped while the candidate ran: {said(error)}") from error
        finally:
            # What the candidate did counts, not how a board that trapped closes its session.
            with contextlib.suppress(Exception):
                session.__exit__(None, None, None)

    def _there(self, remote_kw: dict[str, Any], archive: Path) -> Any:
        tracker = rpc.connect_tracker(remote_kw["host"], remote_kw["port"])
        try:
            # A firmware that does not build builds no better at the second try.
            return tracker.request(
                remote_kw["device_key"],
                priority=remote_kw["priority"],
                session_timeout=remote_kw["timeout"],
                max_retry=1,
                session_constructor_args=[
                    "tvm.micro.compile_and_create_micro_session",
                    archive.read_bytes(),
                    self._template_project_dir,
                    json.dumps(self._project_options),
                    None,
                    False,
                ],
            )
        except RuntimeError as error:
            raise TVMError(
                f"the RPC server of {remote_kw['device_key']} could not generate, build, flash or "
                f"open the project; its log may say why. {said(error)}"
            ) from error
