# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""What docs/extending.md adds to the device: a provider's folder and a board's link driver."""

from __future__ import annotations

from pathlib import Path

import documented
import numpy as np
import pytest
from zephyr_counters.blob import Selection
from zephyr_counters.board.board import Board
from zephyr_counters.project import create
from zephyr_counters.rpc.bridge import Timeouts
from zephyr_fixtures import need, samples

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200)]

BOARD = "native_sim"
PATIENT = Timeouts(call=300, start=90)


def test_provider_and_link_driver_are_found(archive: Path, tmp_path: Path) -> None:
    """Added to the project's copy of the module and of the board; nothing else is changed."""
    need(BOARD)
    project = create("zephyr-counters", archive, tmp_path / "project", {"board": BOARD})
    documented.write("drivers/hwcnt/uptime/", project.path / "zephyr_module")
    documented.write("dts/bindings/", project.path / "zephyr_module")
    link = documented.files("link/uart_poll.c")["link/uart_poll.c"]
    (project.path / "boards" / BOARD / "link.c").write_text(link)
    project.build()
    config = (project.path / "build" / "zephyr" / ".config").read_text()
    assert "CONFIG_HWCNT_UPTIME=y" in config and "CONFIG_ZC_LINK_OTHER=y" in config
    with Board(project, timeouts=PATIENT) as board:
        names = [provider.name for provider in board.catalog().providers]
        assert {"uptime", "kernel-cycles", "runtime-stats", "host-clock"} <= set(names)
        board.select(Selection(groups=((names.index("uptime"), (0,)),)))
        board.set_input(0, samples(archive)[0])
        board.run()
        assert np.isfinite(board.get_output(0)).all()
        board.profile(2)
        records = board.take().records
        assert records and all(len(record.values) == 1 for record in records)
