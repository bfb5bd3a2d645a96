# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""A project's server: its environment, and whose it may be."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from fake_sources import Build
from zephyr_counters.cli.main import parser
from zephyr_counters.errors import ProjectError
from zephyr_counters.project import Project
from zephyr_counters.project.trust import ALLOW_FOREIGN, PASS_ON, check_owner


@pytest.fixture
def project(built: Build, tmp_path: Path) -> Project:
    """A project whose server first writes down its environment."""
    folder = shutil.copytree(built(), tmp_path / "p")
    server = folder / "microtvm_api_server.py"
    text = server.read_text()
    dump = "import os, pathlib\npathlib.Path('environ').write_text('\\n'.join(os.environ))\n"
    server.write_text(dump + text)
    return Project.open(folder)


def test_environment_is_listed(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    secrets = ("GITHUB_TOKEN", "AWS_SECRET_ACCESS_KEY", "SSH_AUTH_SOCK", "MY_SERVER")
    for name in (*secrets, "GNUARMEMB_TOOLCHAIN_PATH", "ZEPHYR_BASE", "LC_ALL", "CFLAGS"):
        monkeypatch.setenv(name, "" if name == "CFLAGS" else "C")
    monkeypatch.setenv(PASS_ON, "MY_SERVER, OTHER")
    with project.open_transport():
        pass
    seen = set((project.path / "environ").read_text().split("\n"))
    assert {"PATH", "GNUARMEMB_TOOLCHAIN_PATH", "ZEPHYR_BASE", "LC_ALL", "CFLAGS"} <= seen
    assert not seen & {*secrets} - {"MY_SERVER"} and "MY_SERVER" in seen


@pytest.mark.parametrize("foreign", ["p", "p/microtvm_api_server.py"])
def test_another_users_project(
    project: Project, monkeypatch: pytest.MonkeyPatch, foreign: str
) -> None:
    path = project.path.parent / foreign
    if os.geteuid() == 0:
        os.chown(path, 54321, -1)
        owner = 54321
    else:
        owner = os.geteuid()
        monkeypatch.setattr(os, "geteuid", lambda: owner + 1)
        path = project.path
    with pytest.raises(ProjectError, match=rf"{path}: belongs to user .*runs programs") as caught:
        project.open_transport()
    assert caught.value.hint is not None and f"{ALLOW_FOREIGN}=1" in caught.value.hint
    assert not (project.path / "environ").exists()
    assert "--allow-foreign-owner" in caught.value.hint
    monkeypatch.setenv(ALLOW_FOREIGN, "")
    parser().parse_args(["events", "p", "--allow-foreign-owner"])
    assert os.environ[ALLOW_FOREIGN] == "1"
    project.open_transport().close()


def test_the_template_that_comes_with_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever installed it: that user's code runs already."""
    from zephyr_counters.project import template_dir

    monkeypatch.setattr(os, "geteuid", lambda: 54321)
    check_owner(template_dir(), template_dir() / "microtvm_api_server.py")
