# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The errors of a profile that a failing link or Ctrl-C stopped."""

from __future__ import annotations

from zephyr_counters.errors import LinkError
from zephyr_counters.report.report import Report


class ProfileStopped(LinkError):
    """The link failed in the middle of a profile.

    Attributes:
        report: the repetitions measured before the failure; its notes say how many.
    """

    def __init__(self, report: Report, cause: LinkError) -> None:
        super().__init__(cause.what, cause.hint)
        self.report = report


class ProfileInterrupted(KeyboardInterrupt):
    """Ctrl-C in the middle of a profile.

    Attributes:
        report: the repetitions measured before it; its notes say how many.
    """

    def __init__(self, report: Report) -> None:
        super().__init__()
        self.report = report
