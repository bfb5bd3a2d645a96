# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""`tvmc` where TVM 0.18 is installed: TVM's own does the work, in the user's folder, on posix."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("tvm.micro", reason="TVM 0.18 with tvm.micro is not importable")

import tvm
from tvm import relay
from tvm.relay.backend import Executor, Runtime

pytestmark = [pytest.mark.microtvm, pytest.mark.timeout(600)]

SOURCES = Path(__file__).resolve().parents[2] / "host" / "src"
WEIGHTS = np.random.default_rng(5).standard_normal((10, 16), "float32")
INPUT = np.random.default_rng(6).standard_normal((1, 16), "float32")


def export(path: Any, executor: Any) -> None:
    """The archive of a model with two layers."""
    x = relay.var("x", shape=INPUT.shape)
    dense = relay.nn.dense(x, relay.var("w", shape=WEIGHTS.shape))
    model = relay.Function(relay.analysis.free_vars(dense), relay.nn.softmax(dense))
    with tvm.transform.PassContext(opt_level=3, config={"tir.disable_vectorize": True}):
        library = relay.build(
            tvm.IRModule.from_expr(model),
            target=tvm.target.Target("c"),
            params={"w": tvm.nd.array(WEIGHTS)},
            runtime=Runtime("crt", {"system-lib": True}),
            executor=Executor(executor),
        )
    tvm.micro.export_model_library_format(library, path)


def tvmc(folder: Any, *words: Any, code: int = 0) -> Any:
    """Run the command in a folder; what it printed."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(SOURCES), *sys.path])}
    done = subprocess.run(
        [sys.executable, "-m", "zephyr_counters.cli.tvmc", *words],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.fixture(scope="module", params=["graph", "aot"])
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A folder with an archive and a project, made by its relative path, and built."""
    folder = tmp_path_factory.mktemp(request.param)
    export(folder / "model.tar", request.param)
    np.savez(folder / "in.npz", x=INPUT)
    option = ("--project-option", "board=posix")
    tvmc(folder, "micro", "create", "p", "model.tar", "--template", "zephyr-counters", *option)
    tvmc(folder, "micro", "build", "p")
    return folder


def test_run(folder: Any) -> None:
    tvmc(folder, "micro", "flash", "p")
    said = tvmc(
        folder, "run", "--device", "micro", "p", "-i", "in.npz", "-o", "out.npz", "--print-top", "1"
    )
    scores = np.exp(INPUT @ WEIGHTS.T)
    with np.load(folder / "out.npz") as outputs:
        np.testing.assert_allclose(outputs["output_0"], scores / scores.sum(), rtol=1e-4)
    assert str(scores.argmax()) in said


def test_profile(folder: Any) -> None:
    said = tvmc(
        folder, "run", "--device", "micro", "p", "-i", "in.npz", "-o", "again.npz", "--profile",
        "--repeat", "3",
    )  # fmt: skip
    assert (folder / "again.npz").is_file()
    assert "host-clock:time" in said
    if folder.name.startswith("graph"):
        assert "dense" in said and "softmax" in said and "sum of layers" in said


def test_profile_of_what_is_no_project(folder: Any) -> None:
    said = tvmc(folder, "run", "--device", "micro", "--profile", "nothing", code=1)
    assert "Project API server not found" in said


def test_existing_projects_and_builds(folder: Any) -> None:
    create = ("micro", "create", "p", "model.tar", "--template", "zephyr-counters")
    assert "already exists" in tvmc(folder, *create, code=4)
    assert "already a build" in tvmc(folder, "micro", "build", "p", code=4)


def test_force(tmp_path: Path) -> None:
    export(tmp_path / "model.tar", "graph")
    create = ("micro", "create", "p", "model.tar", "--template", "zephyr-counters")
    tvmc(tmp_path, *create)
    (tmp_path / "p" / "mine").touch()
    tvmc(tmp_path, *create, "-f")
    assert not (tmp_path / "p" / "mine").exists()


def test_template_s_folder(tmp_path: Path) -> None:
    export(tmp_path / "model.tar", "graph")
    template = os.path.relpath(SOURCES.parents[1] / "project_template", tmp_path)
    where = ("template", "--template-dir", template)
    tvmc(tmp_path, "micro", "create", "p", "model.tar", *where, "--project-option", "board=posix")
    assert (tmp_path / "p" / "project.json").is_file()
    said = tvmc(tmp_path, "micro", "create", "q", "model.tar", *where, "--list-options")
    assert "record_buffer_bytes" in said
    assert not (tmp_path / "q").exists()


@pytest.mark.parametrize(
    ("option", "said", "code"),
    [
        ("board=nix", "Choice 'nix' for option 'board' is invalid", 4),
        ("bord=posix", "Option 'bord' is invalid", 4),
        ("extra_files_tar=x.tar", "x.tar is relative", 1),
    ],
)
def test_bad_options(tmp_path: Path, option: Any, said: Any, code: Any) -> None:
    export(tmp_path / "model.tar", "graph")
    create = ("micro", "create", "p", "model.tar", "--template", "zephyr-counters")
    assert said in tvmc(tmp_path, *create, "--project-option", option, code=code)
    assert not (tmp_path / "p").exists()
