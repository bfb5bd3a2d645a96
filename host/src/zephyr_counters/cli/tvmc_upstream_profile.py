# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""`tvmc run --device micro --profile` where TVM's own tvmc runs: it refuses, so we profile.

The run itself stays TVM's; then the board is opened again and its layers are measured.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from zephyr_counters.cli.common import progress, show, width
from zephyr_counters.cli.profile import load_inputs
from zephyr_counters.cli.tvmc_options import parse
from zephyr_counters.errors import BoardError, UsageError

_PROFILE = "--profile"
_REPEAT = 10


def taken(argv: Sequence[str]) -> tuple[list[str], argparse.Namespace | None]:
    """What TVM's tvmc is to run, and what is to be profiled after that, or None."""
    argv = list(argv)
    if argv[:1] != ["run"] or _PROFILE not in argv or {"-h", "--help", "--list-options"} & {*argv}:
        return argv, None
    parser = argparse.ArgumentParser(prog="tvmc run", add_help=False)
    parser.add_argument("--device")
    parser.add_argument(_PROFILE, action="store_true")
    parser.add_argument("-i", "--inputs", type=Path)
    parser.add_argument("--fill-mode", default="random")
    parser.add_argument("--repeat", type=int, default=_REPEAT)
    parser.add_argument("--project-option", nargs="*", default=[])
    known, rest = parser.parse_known_args(argv[1:])
    if known.device != "micro":
        return argv, None
    # TVM's own options with values are not told from PATH here: it is what is a folder.
    folders = [word for word in rest if Path(word).is_dir()]
    known.path = Path(folders[-1]).resolve() if folders else None
    return [word for word in argv if word != _PROFILE], known


def profile(options: argparse.Namespace) -> int:
    """Profile the project's model on its board, and print the report.

    Raises:
        UsageError: there is no project, or an option is not acceptable.
        BoardError: the board does not start, or fails.
    """
    import tvm  # type: ignore[import-not-found, unused-ignore]
    from tvm.driver.tvmc import TVMCException  # type: ignore[import-not-found, unused-ignore]
    from tvm.micro.project_api import client, server  # type: ignore[import-not-found, unused-ignore]

    from zephyr_counters.microtvm.upstream import said
    from zephyr_counters.report.table.render import renderable

    if options.path is None:
        raise UsageError("tvmc run --device micro wants the folder of a project")
    try:
        with progress("Profiling"):
            report = _measured(options)
    except TVMCException as error:
        raise UsageError(str(error)) from error
    except (tvm.error.TVMError, server.JSONRPCError, client.ConnectionShutdownError) as error:
        raise BoardError(said(error)) from error
    show(renderable(report, width()))
    return 0


def _measured(options: argparse.Namespace) -> Any:
    import tvm
    from tvm.driver.tvmc import (  # type: ignore[import-not-found, unused-ignore]
        model,
        runner,
    )

    from zephyr_counters import microtvm

    given = {} if options.inputs is None else load_inputs(options.inputs)
    project = tvm.micro.project.GeneratedProject.from_directory(
        options.path, parse(options.project_option)
    )
    archive = project.info()["model_library_format_path"]
    package = model.TVMCPackage(package_path=archive, project_dir=options.path)
    with tvm.micro.Session(project.transport()) as session:
        module = _executor(session, package)
        if package.executor_type == "graph":
            shapes, dtypes = runner.get_input_info(package.graph, package.params)
        else:
            shapes, dtypes = module.get_input_info()
        inputs = runner.make_inputs_dict(shapes, dtypes, given, options.fill_mode)
        return microtvm.measure(session, module, inputs, repeat=options.repeat)


def _executor(session: Any, package: Any) -> Any:
    import tvm

    if package.executor_type != "graph":
        return tvm.micro.create_local_aot_executor(session)
    # As tvmc run does it: the host walks the graph, and all models that run can be profiled.
    module = tvm.micro.create_local_debug_executor(
        package.graph, session.get_system_lib(), session.device
    )
    module.load_params(package.params)
    return module
