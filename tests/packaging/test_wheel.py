# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The wheel: what is in it, and the whole demo from it in a clean environment.

The clean environment takes minutes and an index of packages: `make wheel-test`.
"""

from __future__ import annotations

import email
import os
import re
import subprocess
import sys
import venv
import zipfile
from email.message import Message
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("hatchling", reason="hatchling is not installed: make setup-dev")
    folder = tmp_path_factory.mktemp("wheel")
    options = ["--no-deps", "--no-build-isolation", "--no-index", "--quiet"]
    command = [sys.executable, "-m", "pip", "wheel", *options, "--wheel-dir", str(folder)]
    subprocess.run([*command, str(ROOT / "host")], check=True)
    (found,) = folder.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def metadata(wheel: Path) -> Message:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (one for one in archive.namelist() if one.endswith(".dist-info/METADATA"))
        return email.message_from_bytes(archive.read(name))


def test_the_license_is_in_the_metadata(wheel: Path, metadata: Message) -> None:
    assert metadata["License-Expression"] == "Apache-2.0"
    (name,) = metadata.get_all("License-File", [])
    with zipfile.ZipFile(wheel) as archive:
        (path,) = (one for one in archive.namelist() if one.endswith(f"dist-info/licenses/{name}"))
        assert archive.read(path) == (ROOT / "LICENSE").read_bytes()


def test_an_index_can_describe_it(metadata: Message) -> None:
    pairs = (one.partition(", ") for one in metadata.get_all("Project-URL", []))
    urls = {name: url for name, _, url in pairs}
    assert {"Homepage", "Documentation", "Source", "Issues"} <= {*urls}
    assert all(one.startswith("https://") for one in urls.values())
    classifiers = metadata.get_all("Classifier", [])
    for start in (
        "Development Status",
        "Operating System",
        "Programming Language :: Python :: 3.10",
    ):
        assert any(one.startswith(start) for one in classifiers)
    assert not any("License ::" in one for one in classifiers)


def test_its_readme_stands_alone(metadata: Message) -> None:
    """An index shows it without the repository: no relative links, and a first step."""
    text = str(metadata.get_payload())
    assert metadata["Description-Content-Type"] == "text/markdown"
    links = re.findall(r"\]\(([^)]+)\)", text)
    assert links and all(one.startswith(("https://", "#")) for one in links)
    assert "pip install" in text and "zephyr-counters demo" in text
    assert "Windows" in text and "macOS" in text


def test_it_brings_its_data(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    for folder in ("boards/posix", "extensions/mac-array", "examples/digits", "project_template"):
        assert any(one.startswith(f"zephyr_counters/_data/{folder}/") for one in names)
    assert not any("__pycache__" in one or "/build/" in one for one in names)


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.skipif("WHEEL_TEST" not in os.environ, reason="takes minutes: make wheel-test")
def test_the_demo_from_a_clean_environment(wheel: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "venv", with_pip=True)
    binaries = tmp_path / "venv" / "bin"
    pip = [str(binaries / "python"), "-m", "pip", "install", "--quiet", f"{wheel}[tvm]"]
    subprocess.run(pip, check=True)
    environment = {
        **{key: value for key, value in os.environ.items() if not key.startswith("PYTHON")},
        "PATH": f"{binaries}:{os.environ['PATH']}",
    }
    done = subprocess.run(
        [str(binaries / "zephyr-counters"), "demo"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "46 of 48 predictions were right." in done.stdout
    assert "mac-array" in done.stdout and "whole model" in done.stdout
    assert {one.name for one in tmp_path.iterdir()} == {"venv", "build"}
