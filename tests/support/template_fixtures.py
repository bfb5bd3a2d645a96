# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Templates, archives and projects for the tests in this folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fake_library import make_crt
from fake_sources import Build, RawClient, generate, make_archive, make_sources


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A template with fake device code; not to be changed."""
    return make_sources(tmp_path_factory.mktemp("sources"))


@pytest.fixture(scope="module")
def server(template: Path) -> Iterator[RawClient]:
    """A template's server."""
    with RawClient(template) as client:
        yield client


@pytest.fixture(scope="session")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model archive that the fake device code links."""
    return make_archive(tmp_path_factory.mktemp("archive") / "model.tar")


@pytest.fixture(scope="session")
def crt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The C runtime of a client with TVM 0.18."""
    return make_crt(tmp_path_factory.mktemp("crt"))


@pytest.fixture(scope="session")
def built(template: Path, archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Build:
    """A function that makes a built project, one for each set of macros; not to be changed."""
    projects: dict[str, Path] = {}

    def build(macros: str = "") -> Path:
        if macros not in projects:
            folder = tmp_path_factory.mktemp("built") / "project"
            generate(template, archive, folder, compile_definitions=macros or None)
            with RawClient(folder) as client:
                client.call("build", options={})
            projects[macros] = folder
        return projects[macros]

    return build
