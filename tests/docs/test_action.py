# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The GitHub action: its steps run here as GitHub runs them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import made_up
import pytest
from zephyr_counters.blob.records import Origin
from zephyr_counters.report import Report, exports
from zephyr_counters.report.runs import join

yaml = pytest.importorskip("yaml", reason="PyYAML is not installed")
if shutil.which("bash") is None:
    pytest.skip("needs bash", allow_module_level=True)

ROOT = Path(__file__).parents[2]
ACTION = ROOT / ".github" / "actions" / "compare" / "action.yml"
DESCRIBED = yaml.safe_load(ACTION.read_text(encoding="utf-8"))


PAGE = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
# GitHub's metadata syntax of composite actions.
TOP = {"name", "author", "description", "inputs", "outputs", "runs", "branding"}
INPUT = {"description", "required", "default", "deprecationMessage"}
STEP = {
    *("name", "id", "if", "run", "shell", "working-directory", "env", "uses", "with"),
    "continue-on-error",
}


def report(ticks: int) -> Report:
    runs = []
    for run in range(5):
        values = [ticks + run % 3] * 4
        rows = [
            made_up.row(values, name="a"),
            made_up.row(values, name="m", tag=1, origin=Origin.WHOLE),
        ]
        runs.append(made_up.report(rows))
    return join(runs)


def filled(text: str, inputs: Mapping[str, str]) -> str:
    """Expressions of GitHub, as far as the action has them."""

    def value(found: re.Match[str]) -> str:
        context, _, name = found[1].partition(".")
        return str(ACTION.parent) if context == "github" else inputs[name]

    return re.sub(r"\$\{\{ ((?:inputs|github)\.[\w-]+) \}\}", value, text)


def wanted(condition: str | None, inputs: Mapping[str, str]) -> bool:
    if condition is None:
        return True
    name, operator, expected = re.findall(r"inputs\.([\w-]+) (==|!=) '(\w*)'", condition)[0]
    return (inputs[name] == expected) is (operator == "==")


def run(folder: Path, **given: str) -> tuple[int, str, str]:
    """Run the steps; return the exit code of the first that fails, the summary and outputs."""
    inputs = {name: one.get("default", "") for name, one in DESCRIBED["inputs"].items()}
    inputs |= {name.replace("_", "-"): value for name, value in given.items()}
    for name, one in DESCRIBED["inputs"].items():
        assert not one.get("required") or inputs[name], name
    files = {name: folder / name for name in ("GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT")}
    for path in files.values():
        path.write_text("")
    environment = {**os.environ, **{name: str(path) for name, path in files.items()}}
    environment["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{environment['PATH']}"
    code = 0
    for step in DESCRIBED["runs"]["steps"]:
        if code or not wanted(step.get("if"), inputs):
            continue
        script = folder / "step.sh"
        script.write_text(step["run"])
        own = {name: filled(text, inputs) for name, text in step["env"].items()}
        code = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)],
            cwd=folder,
            env={**environment, **own},
            check=False,
        ).returncode
    summary, outputs = (path.read_text() for path in files.values())
    return code, summary, outputs


def saved(folder: Path, **reports: Report) -> dict[str, str]:
    for name, one in reports.items():
        exports.save(one, folder / f"{name}.json")
    return {name: f"{name}.json" for name in reports} | {"install": "false"}


def test_a_change_over_the_limit_fails_and_is_in_the_summary(tmp_path: Path) -> None:
    files = saved(tmp_path, before=report(1000), after=report(1100))
    code, summary, outputs = run(tmp_path, **files, junit="j.xml")
    assert code == 3 and "exit-code=3" in outputs
    assert "Whole model" in summary and "Failed: time grew by more than 5% in m" in summary
    assert ElementTree.parse(tmp_path / "j.xml").getroot().get("failures") == "1"


@pytest.mark.slow
def test_several_limits(tmp_path: Path) -> None:
    files = saved(tmp_path, before=report(1000), after=report(1100))
    code, summary, _ = run(tmp_path, **files, fail_over="20%\n\na=15%\n")
    assert code == 0 and "Passed: a within 15%" in summary
    assert run(tmp_path, **files, fail_over="20%\na*=5%\n")[0] == 3
    assert run(tmp_path, **files, fail_over="")[0] == 0


def test_without_a_report_to_compare_with_nothing_fails(tmp_path: Path) -> None:
    files = saved(tmp_path, after=report(1100))
    code, summary, outputs = run(tmp_path, **files, before="none.json")
    assert code == 0 and not summary and "exit-code=0" in outputs


def test_hostile_inputs_are_no_commands(tmp_path: Path) -> None:
    files = saved(tmp_path, before=report(1000), after=report(1000))
    code, _, outputs = run(tmp_path, **files, fail_over="$(touch pwned)=5%", fail_counter="`id`")
    assert code == 2 and "exit-code=2" in outputs and not (tmp_path / "pwned").exists()
    text = ACTION.read_text(encoding="utf-8")
    steps: list[dict[str, Any]] = yaml.safe_load(text)["runs"]["steps"]
    assert not any("${{" in step["run"] for step in steps)


def test_the_project_is_profiled(tmp_path: Path) -> None:
    """With a program in place of zephyr-counters that says what it was asked to do."""
    fake = tmp_path / "bin"
    fake.mkdir()
    (fake / "zephyr-counters").write_text('#!/bin/sh\nprintf "%s\\n" "$@" >> called\n')
    (fake / "zephyr-counters").chmod(0o755)
    (step,) = [one for one in DESCRIBED["runs"]["steps"] if one["name"] == "Profile"]
    inputs = {"project": "my project", "after": "a.json", "profile-arguments": "--runs 7 -q"}
    environment = {name: filled(text, inputs) for name, text in step["env"].items()}
    subprocess.run(
        ["bash", "-eo", "pipefail", "-c", step["run"]],
        cwd=tmp_path,
        env={**os.environ, **environment, "PATH": f"{fake}{os.pathsep}{os.environ['PATH']}"},
        check=True,
    )
    assert (tmp_path / "called").read_text().splitlines() == [
        *("profile", "my project", "--json", "a.json", "--force", "--runs", "7", "-q")
    ]


def test_the_options_of_the_profile_are_options(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """The program itself takes the arguments, and misses only the project."""
    code, _, _ = run(
        tmp_path,
        before="b.json",
        after="a.json",
        project="none",
        profile_arguments="--project-option icount=1 --repeat 10",
        install="false",
    )
    error = capfd.readouterr().err
    assert code == 1 and "none" in error and "usage:" not in error


def test_its_description_has_the_keys_that_github_knows() -> None:
    assert set(DESCRIBED) <= TOP and {"name", "description", "runs"} <= set(DESCRIBED)
    for one in DESCRIBED["inputs"].values():
        assert set(one) <= INPUT and one["description"]
        assert isinstance(one.get("default", ""), str) and isinstance(
            one.get("required", False), bool
        )
    assert (
        set(DESCRIBED["runs"]) == {"using", "steps"} and DESCRIBED["runs"]["using"] == "composite"
    )
    for step in DESCRIBED["runs"]["steps"]:
        assert set(step) <= STEP and step["shell"] == "bash" and "uses" not in step
        assert all(isinstance(value, str) for value in step["env"].values())


def test_its_expressions_name_what_there_is() -> None:
    text = ACTION.read_text(encoding="utf-8")
    contexts = re.findall(r"(?<![\w.])(inputs|steps|github)\.([\w.-]+)", text)
    assert {name for context, name in contexts if context == "inputs"} == set(DESCRIBED["inputs"])
    assert {name for context, name in contexts if context == "github"} == {"action_path"}
    steps = {one["id"]: one["run"] for one in DESCRIBED["runs"]["steps"] if "id" in one}
    for one in DESCRIBED["outputs"].values():
        assert set(one) == {"description", "value"}
        (found,) = re.findall(r"\$\{\{ steps\.([\w-]+)\.outputs\.([\w-]+) \}\}", one["value"])
        assert f'echo "{found[1]}=' in steps[found[0]]


def examples() -> list[str]:
    return [f"on: pull_request\n{one}" for one in re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)]


def test_the_examples_give_inputs_that_there_are() -> None:
    (workflow,) = map(yaml.safe_load, examples())
    steps = [one for job in workflow["jobs"].values() for one in job["steps"]]
    (ours,) = [one for one in steps if ACTION.parent.name == Path(one.get("uses", "")).name[:7]]
    assert ours["uses"].split("@")[0].endswith(ACTION.parent.relative_to(ROOT).as_posix())
    assert set(ours["with"]) <= set(DESCRIBED["inputs"])
    needed = {name for name, one in DESCRIBED["inputs"].items() if one.get("required")}
    assert needed <= set(ours["with"])


@pytest.mark.skipif(shutil.which("actionlint") is None, reason="actionlint is not installed")
def test_actionlint_finds_nothing(tmp_path: Path) -> None:
    """In our workflows and in the examples, which it holds against the action's description."""
    (tmp_path / ".git").mkdir()  # where it looks for the root of local actions
    shutil.copytree(ROOT / ".github", tmp_path / ".github")
    workflows = tmp_path / ".github" / "workflows"
    local = f"./{ACTION.parent.relative_to(ROOT).as_posix()}"
    for index, text in enumerate(examples()):
        (workflows / f"example-{index}.yml").write_text(
            re.sub(r"zephyr-counters/zephyr-counters/\S+@\S+", local, text), encoding="utf-8"
        )
    argv = ["actionlint", "-shellcheck=", *map(str, workflows.glob("*.yml"))]
    done = subprocess.run(argv, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("project", "has_tvm", "extra"), [("", False, ""), ("p", True, ""), ("p", False, "[tvm]")]
)
def test_a_tvm_is_installed_where_profiling_needs_one(
    tmp_path: Path, project: str, has_tvm: bool, extra: str
) -> None:
    """With a program in place of python3."""
    fake = tmp_path / "bin"
    fake.mkdir()
    (fake / "python3").write_text(
        f'#!/bin/sh\n[ "$1" != -c ] || exit {int(not has_tvm)}\nprintf "%s\\n" "$@" >> called\n'
    )
    (fake / "python3").chmod(0o755)
    (step,) = [one for one in DESCRIBED["runs"]["steps"] if "Install" in one["name"]]
    environment = {name: filled(text, {"project": project}) for name, text in step["env"].items()}
    subprocess.run(
        ["bash", "-eo", "pipefail", "-c", step["run"]],
        cwd=tmp_path,
        env={**os.environ, **environment, "PATH": f"{fake}{os.pathsep}{os.environ['PATH']}"},
        check=True,
    )
    *_, package = (tmp_path / "called").read_text().splitlines()
    assert package == f"{environment['PACKAGE']}{extra}"


def test_what_is_installed_is_this_package() -> None:
    (step,) = [one for one in DESCRIBED["runs"]["steps"] if "Install" in one["name"]]
    folder = Path(filled(step["env"]["PACKAGE"], {}))
    assert (folder / "pyproject.toml").resolve() == ROOT / "host" / "pyproject.toml"
    for name in DESCRIBED["inputs"]:
        assert f"| `{name}` |" in PAGE
