# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""A generated project: create it, build it, flash it, open the stream to its board."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zephyr_counters import resources
from zephyr_counters.board import firmware
from zephyr_counters.errors import ArchiveError, ProjectError, UsageError
from zephyr_counters.formats import board as boards
from zephyr_counters.formats.model_archive import ModelArchive
from zephyr_counters.formats.model_metadata import RUNTIME
from zephyr_counters.formats.project import FILE, TEMPLATE, file_hash, load
from zephyr_counters.formats.project_lock import ProjectLock
from zephyr_counters.project.client import ProjectClient
from zephyr_counters.project.transport import ProjectTransport

if TYPE_CHECKING:
    from zephyr_counters.board.board import Board

Progress = Callable[[str], None]


def template_dir(template: str | Path = TEMPLATE) -> Path:
    """Return the folder of a template: the one that comes with this package, or a path.

    Raises:
        ProjectError: there is no such folder.
    """
    folder = resources.path("project_template") if template == TEMPLATE else Path(template)
    if not folder.is_dir():
        raise ProjectError(
            f"template {str(template)!r}: no such folder", f"use {TEMPLATE}, or a folder's path"
        )
    return folder.resolve()


@dataclass(frozen=True)
class Project:
    """A folder that a template has generated.

    Attributes:
        path: the folder.
        description: its project.json.
    """

    path: Path
    description: Mapping[str, Any]

    @classmethod
    def open(cls, path: str | Path) -> Project:
        """Return the project in the folder `path`.

        Raises:
            ProjectError: there is none.
            ArchiveError: it is damaged, or was made by another version.
        """
        folder = Path(path).resolve()
        if not (folder / FILE).is_file():
            hint = "tvmc micro create makes one"
            raise ProjectError(f"{path}: not a project: no {FILE} in it", hint)
        description = load(folder)
        archive = folder / description["archive"]["file"]
        try:
            digest = file_hash(archive)
        except OSError as error:
            raise ArchiveError(f"{archive}: cannot be read: {error.strerror}") from error
        if digest != description["archive"]["sha256"]:
            hint = "create the project again"
            raise ArchiveError(f"{archive}: not the archive that the project was made from", hint)
        return cls(folder, description)

    @cached_property
    def archive(self) -> ModelArchive:
        """The model that it was made from.

        Raises:
            ArchiveError: it is of another version, or damaged.
        """
        return ModelArchive.open(self.path / self.description["archive"]["file"])

    @property
    def metadata(self) -> Mapping[str, Any]:
        """metadata.json of the model."""
        return self.archive.metadata

    @property
    def board(self) -> str:
        """Name of the board."""
        return str(self.description["board"])

    @property
    def needs_flash(self) -> bool:
        """Whether flash() programs a board; if not, the firmware runs on this machine.

        Raises:
            ProjectError: the board's data are missing or damaged.
        """
        found = boards.find([self.path / "boards"])
        return boards.choose(found, self.board).data["flash"] is not None

    @property
    def options(self) -> Mapping[str, Any]:
        """The options it was created with, defaults included."""
        options: Mapping[str, Any] = self.description["options"]
        return options

    def build(
        self,
        progress: Progress | None = None,
        options: Mapping[str, Any] | None = None,
        *,
        clean: bool = False,
    ) -> None:
        """Build what has changed of the firmware.

        Args:
            progress: called with a line for each step, from another thread.
            options: project options of `build`.
            clean: build everything again.

        Raises:
            ProjectError: with the compiler's errors, or another process uses the project.
            UsageError: an option is not acceptable.
        """
        if clean:
            # Without it the server configures anew, and holds the lock meanwhile.
            (self.path / "build" / "stamp.json").unlink(missing_ok=True)
        with ProjectClient(self.path) as client:
            client.call_with_options("build", options or {}, progress)

    def flash(self, options: Mapping[str, Any] | None = None) -> None:
        """Program the board; does nothing for one that is a process.

        Raises:
            ProjectError: it failed, or another process uses the project.
            UsageError: an option is not acceptable.
        """
        with ProjectClient(self.path) as client:
            client.call_with_options("flash", options or {})

    def open_transport(self, options: Mapping[str, Any] | None = None) -> ProjectTransport:
        """Start the board if it is a process, and open its stream; close() ends both.

        Raises:
            ProjectError: it is not built, does not start, or another process builds it or has its
                board.
            LinkError: its port cannot be opened.
            UsageError: an option is not acceptable.
        """
        with contextlib.ExitStack() as stack:
            client = stack.enter_context(ProjectClient(self.path))
            reply = client.call_with_options("open_transport", options or {})
            transport = ProjectTransport(client, reply["stream"])
            stack.pop_all()
            return transport

    @property
    def is_upstream(self) -> bool:
        """Whether TVM 0.18 compiled the model, for its C runtime."""
        return self.description.get("runtime") != RUNTIME

    def check_runtime(self) -> None:
        """Check that today's TVM can talk to the firmware.

        Raises:
            UsageError: it holds the C runtime of TVM 0.18.
        """
        if self.is_upstream:
            raise UsageError(
                f"{self.path}: made with TVM 0.18, whose firmware talks to TVM 0.18 only",
                "profile it with TVM 0.18: tvmc run --device micro PROJECT --profile, "
                "or zephyr_counters.microtvm in Python",
            )

    def check_firmware(self, board: Board) -> None:
        """Check that a connected board runs this project's firmware.

        With TVM 0.18's C runtime, firmware does not say which model it holds.

        Raises:
            ArchiveError: it runs another project's.
            LinkTimeout, LinkError: no answer.
        """
        if not self.is_upstream:
            info = boards.choose(boards.find([self.path / "boards"]), self.board)
            # Without Zephyr, firmware calls its board by the platform.
            firmware.check(board, self.archive, info.zephyr_board or info.platform)


def create(
    template: str | Path,
    archive: str | Path,
    project_dir: str | Path,
    options: Mapping[str, Any] | None = None,
    *,
    force: bool = False,
    progress: Progress | None = None,
) -> Project:
    """Generate a project.

    Args:
        template: name or folder of a template.
        archive: what `tvmc compile` made.
        project_dir: where the project goes.
        options: project options of `generate_project`; texts are converted.
        force: replace an existing project, once the new one is complete.
        progress: called with one line per warning.

    Raises:
        ArchiveError: the archive is damaged, foreign, or of another version.
        UsageError: an option is unknown or not acceptable.
        ProjectError: the folder exists, cannot be written, or another process uses the project.
    """
    target = Path(os.path.abspath(project_dir))  # noqa: PTH100, a symbolic link stays one
    replace = force and target.exists() and _is_replaceable(target)
    with ProjectClient(template_dir(template)) as client:
        if not client.is_template:
            raise ProjectError(f"{template}: a project, not a template")
        generated = target
        work = None
        if replace:
            work = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
            generated = work / "new"
        try:
            reply = client.call_with_options(
                "generate_project",
                options or {},
                model_library_format_path=str(Path(archive).resolve()),
                standalone_crt_dir=None,
                project_dir=str(generated),
            )
            if work:
                with ProjectLock(target, "replacing it", os.getpid()):
                    target.rename(work / "old")
                    generated.rename(target)
        finally:
            if work:
                shutil.rmtree(work, ignore_errors=True)
    if progress:
        for warning in reply.get("warnings", ()):
            progress(warning)
    return Project.open(target)


def _is_replaceable(target: Path) -> bool:
    """Whether --force may remove it: a project, or nothing at all."""
    if target.is_dir() and not target.is_symlink():
        if (target / FILE).is_file():
            return True
        if not any(target.iterdir()):
            return False
    raise ProjectError(f"{target}: is not a project, so it is not replaced", "remove it yourself")
