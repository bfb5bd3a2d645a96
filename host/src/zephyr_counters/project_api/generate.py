# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Generate a project: a folder that holds everything that it is built from."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zephyr_counters.project_api import (
    accelerators,
    archive,
    cmsis,
    core_check,
    extra_files,
    library_format,
    standalone_demo,
)
from zephyr_counters.project_api.boards import Board
from zephyr_counters.project_api.errors import ArchiveError, ServerError, UsageError
from zephyr_counters.project_api.options import Value, config

PROJECT_FILE = "project.json"
PROJECT_FORMAT = 1
MODEL_TAR = "model.tar"
CRT = "crt"
_OWN_FILES = ("microtvm_api_server.py", "CMakeLists.txt", "options.json", "README.md")
_OWN_FOLDERS = ("platforms", "src")
PACKAGE = "zephyr_counters"
_PACKAGE_PARTS = ("__init__.py", "errors.py", "formats", "project_api")
"""What a project takes along of this package: what its server needs. Standard library only."""
_DEFINITION = re.compile(r"(?:-D)?([A-Za-z_]\w*(?:=\S*)?)\Z", re.ASCII)


@dataclass(frozen=True)
class Sources:
    """Where a template takes from what it does not hold itself."""

    template: Path

    @property
    def boards(self) -> Path:
        """Folder of boards."""
        return self.template.parent / "boards"

    @property
    def module(self) -> Path:
        """The C code."""
        return self.template.parent / "zephyr_module"

    @property
    def package(self) -> Path:
        """This Python package."""
        return Path(__file__).resolve().parents[1]


def generate(
    sources: Sources,
    archive_path: Path,
    crt_dir: Path | None,
    project_dir: Path,
    board: Board,
    options: dict[str, dict[str, Any]],
    values: dict[str, Value],
) -> str:
    """Generate `project_dir`, all of it or nothing; the runtime that its model is for.

    Args:
        sources: where the parts of a project are.
        archive_path: the model, compiled by this project or by TVM 0.18.
        crt_dir: TVM 0.18's standalone C runtime, where the client has one.
        project_dir: the folder to make.
        board: the board to build for.
        options: the options' data.
        values: the options' values.

    Raises:
        ArchiveError: the archive cannot be used.
        UsageError: an option's value is not acceptable.
        ServerError: the folder exists, or cannot be written.
    """
    if project_dir.is_symlink() or (project_dir.exists() and not _is_empty_folder(project_dir)):
        raise ServerError(f"{project_dir} exists", "choose another folder, or use --force")
    definitions = _definitions(str(values.get("compile_definitions", "")))
    model = archive.read(archive_path)
    if crt_dir is not None and not isinstance(model, library_format.Library):
        raise ArchiveError(
            f"{archive_path}: made for runtime {model.runtime!r}, and TVM 0.18 has the runtime "
            f"{library_format.RUNTIME!r}",
            "export the model with TVM 0.18, or use zephyr-counters where TVM 0.18 is not",
        )
    if not isinstance(model, library_format.Library):
        core_check.check(model.metadata, board.name, board.data.get("core"))
    folders = accelerators.find(sources.template, list(model.accelerators))
    project_type = str(values["project_type"])
    is_demo = project_type == standalone_demo.NAME
    demo = standalone_demo.describe(model) if is_demo else None
    description = {
        "format": PROJECT_FORMAT,
        "board": board.name,
        "platform": board.platform,
        "options": values,
        "runtime": model.runtime,
        "project_type": project_type,
        "demo": demo,
        "config": {
            **model.config,
            **(standalone_demo.CONFIG if is_demo else {}),
            **config(options, values, model.runtime),
        },
        "compile_definitions": definitions,
        "warning_as_error": values["warning_as_error"],
        "extensions": sorted(folders),
        "archive": {
            "file": MODEL_TAR,
            "sha256": hashlib.sha256(archive_path.read_bytes()).hexdigest(),
            **model.describe(),
        },
    }
    try:
        project_dir.parent.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=f".{project_dir.name}.", dir=project_dir.parent))
        try:
            _fill(work, sources, model, board, folders)
            if isinstance(model, library_format.Library):
                model.extract_crt(crt_dir, work / CRT)
                code = [data for name, data in model.files.items() if name.endswith(".c")]
                cmsis.add(values.get("cmsis_path"), code, work)
            (work / PROJECT_FILE).write_text(json.dumps(description, indent=1) + "\n")
            extra_files.add(values.get("extra_files_tar"), work)
            if is_demo:
                standalone_demo.check_headers(work)
            # mkdtemp makes a folder for its owner alone.
            umask = os.umask(0)
            os.umask(umask)
            work.chmod(0o777 & ~umask)
            work.rename(project_dir)
        except BaseException:
            shutil.rmtree(work, ignore_errors=True)
            raise
    except OSError as error:
        raise ServerError(f"{project_dir}: cannot be written: {error}") from error
    return model.runtime


def _fill(
    work: Path,
    sources: Sources,
    model: archive.Archive | library_format.Library,
    board: Board,
    folders: dict[str, Path],
) -> None:
    for name in _OWN_FILES:
        shutil.copy2(sources.template / name, work / name)
    for name in _OWN_FOLDERS:
        _copy(sources.template / name, work / name)
    (work / PACKAGE).mkdir()
    for name in _PACKAGE_PARTS:
        part = sources.package / name
        if part.is_dir():
            _copy(part, work / PACKAGE / name)
        else:
            shutil.copy2(part, work / PACKAGE / name)
    _copy(sources.module, work / "zephyr_module")
    _copy(board.folder, work / "boards" / board.folder.name)
    for name, folder in folders.items():
        _copy(folder, work / "extensions" / name)
    shutil.copyfile(model.path, work / MODEL_TAR)
    model.extract(work / "model")


def _copy(source: Path, target: Path) -> None:
    if not source.is_dir():
        raise ServerError(f"{source} is missing", "reinstall zephyr-counters")
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", ".*", "*~"))


def _is_empty_folder(path: Path) -> bool:
    return path.is_dir() and not any(path.iterdir())


def _definitions(text: str) -> list[str]:
    found = []
    for word in text.split():
        match = _DEFINITION.match(word)
        if not match:
            raise UsageError(
                f"project option 'compile_definitions': want NAME or NAME=VALUE; got {word!r:.100}"
            )
        found.append(match[1])
    return found


def load(home: Path) -> dict[str, Any]:
    """project.json of the project in `home`.

    Raises:
        ArchiveError: damaged, or of another version.
    """
    path = home / PROJECT_FILE
    try:
        description = json.loads(path.read_text())
        version = description["format"]
        if version == PROJECT_FORMAT:
            [str(description[key]) for key in ("board", "options", "archive")]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ArchiveError(f"{path}: damaged: {error!r}", "create it again") from error
    if version != PROJECT_FORMAT:
        raise ArchiveError(
            f"{path}: project format {version!r}, this server reads {PROJECT_FORMAT}",
            "create the project again with this version of zephyr-counters",
        )
    result: dict[str, Any] = description
    return result
