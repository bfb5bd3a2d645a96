# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""`tvmc run --device micro --profile` with TVM's own tvmc, which refuses to profile boards.

TVM runs the model; then this module opens the board again and measures its layers.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from zephyr_counters.cli.arguments import add_force
from zephyr_counters.cli.console import progress
from zephyr_counters.cli.exporting import add_exports, check_exports, measured
from zephyr_counters.cli.inputs import add_fill_mode, add_inputs, load_inputs
from zephyr_counters.cli.measuring import add_measuring, measuring
from zephyr_counters.cli.project_options import parse
from zephyr_counters.cli.tables import add_explain
from zephyr_counters.errors import BoardError, UsageError

_PROFILE = "--profile"
_SHARED = ("--repeat",)
"""Options of measuring that TVM's tvmc has, too."""
_UNSUPPORTED = ("--warmup", "--batch")
"""Options of measuring that TVM 0.18's executors do not have."""


def taken(argv: Sequence[str]) -> tuple[list[str], argparse.Namespace | None]:
    """Split off what TVM's tvmc does not do.

    Returns:
        The arguments for TVM's tvmc, and the options of the profile to make after that; None if
        there is none to make.

    Raises:
        UsageError: a file of the profile's exports cannot be written.
    """
    argv = list(argv)
    if argv[:1] != ["run"] or _PROFILE not in argv or {"-h", "--help", "--list-options"} & {*argv}:
        return argv, None
    options, for_upstream = _ours().parse_known_args(argv[1:])
    _, others = _shared().parse_known_args(for_upstream, options)
    if options.device != "micro":
        return argv, None
    check_exports(options)
    # Values of options that only TVM knows are among the others, but only PATH is a folder.
    folders = [word for word in others if Path(word).is_dir()]
    options.path = Path(folders[-1]).resolve() if folders else None
    return ["run", *for_upstream], options


def _ours() -> argparse.ArgumentParser:
    """Return a parser of the options that TVM's tvmc must not see."""
    parser = argparse.ArgumentParser(prog="tvmc run", add_help=False, allow_abbrev=False)
    parser.add_argument(_PROFILE, action="store_true")
    add_measuring(parser, lambda flag: flag not in (*_SHARED, *_UNSUPPORTED))
    add_explain(parser)
    add_force(parser)
    add_exports(parser)
    return parser


def _shared() -> argparse.ArgumentParser:
    """Return a parser of the options that TVM's tvmc has, too."""
    parser = argparse.ArgumentParser(prog="tvmc run", add_help=False, allow_abbrev=False)
    parser.add_argument("--device")
    add_inputs(parser, "-i")
    add_fill_mode(parser)
    add_measuring(parser, lambda flag: flag in _SHARED)
    parser.add_argument("--project-option", nargs="*", default=[])
    return parser


def profile(options: argparse.Namespace) -> int:
    """Profile the project's model on its board, print the table and save the exports.

    Raises:
        UsageError: there is no project, or an option is not acceptable.
        BoardError: the board does not start, or fails.
    """
    import tvm  # type: ignore[import-not-found, unused-ignore]
    from tvm.driver.tvmc import TVMCException  # type: ignore[import-not-found, unused-ignore]
    from tvm.micro.project_api import client, server  # type: ignore[import-not-found, unused-ignore]

    from zephyr_counters.microtvm.upstream import said

    if options.path is None:
        raise UsageError("tvmc run --device micro needs the folder of a project")
    try:
        measured(lambda: _report(options), options)
    except TVMCException as error:
        raise UsageError(str(error)) from error
    except (tvm.error.TVMError, server.JSONRPCError, client.ConnectionShutdownError) as error:
        raise BoardError(said(error)) from error
    return 0


def _report(options: argparse.Namespace) -> Any:
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
        with progress("Profiling"):
            return microtvm.measure(session, module, inputs, **measuring(options))


def _executor(session: Any, package: Any) -> Any:
    import tvm

    if package.executor_type != "graph":
        return tvm.micro.create_local_aot_executor(session)
    # Like tvmc run: the host walks the graph, so every model that runs can be profiled.
    module = tvm.micro.create_local_debug_executor(
        package.graph, session.get_system_lib(), session.device
    )
    module.load_params(package.params)
    return module
