# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Generate a project: a folder that holds everything that it is built from."""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from zephyr_counters.errors import ArchiveError, ProjectError, UsageError
from zephyr_counters.formats.board import Board
from zephyr_counters.formats.extension import Extension
from zephyr_counters.formats.model_archive import ModelArchive
from zephyr_counters.formats.options import Options, Value, config
from zephyr_counters.formats.project import FILE, FORMAT, MODEL_TAR, file_hash
from zephyr_counters.formats.search_path import EXTENSIONS
from zephyr_counters.formats.suggest import close_to
from zephyr_counters.project_api import (
    archive,
    arena,
    cmsis,
    core_check,
    extra_files,
    library_format,
    standalone_demo,
)
from zephyr_counters.project_api.build import check_path
from zephyr_counters.project_api.errors import of_system
from zephyr_counters.project_api.library_format import Library

CRT = "crt"
_OWN_FILES = ("microtvm_api_server.py", "CMakeLists.txt", "options.json", "README.md")
_OWN_FOLDERS = ("platforms", "src")
PACKAGE = "zephyr_counters"
_PACKAGE_PARTS = (
    *("__init__.py", "errors.py", "processes.py", "formats"),
    *("link/__init__.py", "link/transports", "project_api"),
)
"""The parts of this package that a project's server needs. They import nothing but the standard
library."""
_DEFINITION = re.compile(r"(?:-D)?([A-Za-z_]\w*(?:=\S*)?)\Z", re.ASCII)


@dataclass(frozen=True)
class Sources:
    """Where a template takes from what it does not hold itself."""

    template: Path

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
    extensions: dict[str, Extension],
    options: Options,
    values: dict[str, Value],
) -> str:
    """Generate `project_dir`, all of it or nothing; the runtime that its model is for.

    Args:
        sources: where the parts of a project are.
        archive_path: the model, compiled by this project or by TVM 0.18.
        crt_dir: TVM 0.18's standalone C runtime, where the client has one.
        project_dir: the folder to make.
        board: the board to build for.
        extensions: those that are installed; all become part of the project, as their providers
            count whatever the model needs.
        options: all options.
        values: the options' values.

    Raises:
        ArchiveError: the archive cannot be used.
        UsageError: an option's value is not acceptable.
        ProjectError: the folder exists, or cannot be written.
    """
    if project_dir.is_symlink() or (project_dir.exists() and not _is_empty_folder(project_dir)):
        raise ProjectError(f"{project_dir} exists", "choose another folder, or use --force")
    check_path(project_dir)
    definitions = _definitions(str(values.get("compile_definitions", "")))
    model = archive.read(archive_path)
    if crt_dir is not None and not isinstance(model, Library):
        raise ArchiveError(
            f"{archive_path}: made for runtime {model.runtime!r}, and TVM 0.18 has the runtime "
            f"{library_format.RUNTIME!r}",
            "export the model with TVM 0.18, or use zephyr-counters where TVM 0.18 is not",
        )
    if not isinstance(model, Library):
        core_check.check(model.metadata, board.name, board.core)
    _check_accelerators(model, extensions)
    project_type = str(values["project_type"])
    is_demo = project_type == standalone_demo.NAME
    demo = standalone_demo.describe(model) if is_demo else None
    given = config(options, values, model.runtime)
    if not is_demo and not isinstance(model, Library):
        given.update(arena.config(model, board, sources.module, given))
    description = {
        "format": FORMAT,
        "board": board.name,
        "platform": board.platform,
        "options": values,
        "runtime": model.runtime,
        "project_type": project_type,
        "demo": demo,
        "config": {
            **(model.config if isinstance(model, Library) else {}),
            **(standalone_demo.CONFIG if is_demo else {}),
            **given,
        },
        "compile_definitions": definitions,
        "warning_as_error": values["warning_as_error"],
        "extensions": sorted(extensions),
        "archive": {
            "file": MODEL_TAR,
            "sha256": file_hash(archive_path),
            **model.describe(),
        },
    }
    try:
        project_dir.parent.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=f".{project_dir.name}.", dir=project_dir.parent))
        try:
            _fill(work, sources, archive_path, model, board, extensions)
            if isinstance(model, Library):
                model.extract_crt(crt_dir, work / CRT)
                if model.layers is not None:
                    model.layers.write(work)
            code = [data for name, data in model.files.items() if name.endswith(".c")]
            cmsis.add(values.get("cmsis_path"), code, work)
            (work / FILE).write_text(json.dumps(description, indent=1) + "\n")
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
        raise of_system(error, f"{project_dir}: cannot be written") from error
    return model.runtime


def _fill(
    work: Path,
    sources: Sources,
    archive_path: Path,
    model: ModelArchive | Library,
    board: Board,
    extensions: dict[str, Extension],
) -> None:
    for name in _OWN_FILES:
        shutil.copy2(sources.template / name, work / name)
    for name in _OWN_FOLDERS:
        _copy(sources.template / name, work / name)
    for name in _PACKAGE_PARTS:
        part, copy = sources.package / name, work / PACKAGE / name
        if part.is_dir():
            _copy(part, copy)
        else:
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(part, copy)
    _copy(sources.module, work / "zephyr_module")
    _copy(board.folder, work / "boards" / board.folder.name)
    for name, extension in extensions.items():
        _copy(extension.folder, work / "extensions" / name)
    shutil.copyfile(archive_path, work / MODEL_TAR)
    model.extract(work / "model")


def _copy(source: Path, target: Path) -> None:
    if not source.is_dir():
        raise ProjectError(f"{source} is missing", "reinstall zephyr-counters")
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", ".*", "*~"))


def _check_accelerators(model: ModelArchive | Library, extensions: dict[str, Extension]) -> None:
    for name in model.accelerators:
        if name not in extensions:
            raise UsageError(
                f"the model needs the accelerator {name!r}, which is not installed",
                close_to(name, extensions) or f"add its folder to {EXTENSIONS.environment}",
            )


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
