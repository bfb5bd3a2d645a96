# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""What TVM's RPC client raises, as this package's errors."""

from __future__ import annotations

from zephyr_counters.blob.device_error import translate
from zephyr_counters.errors import BoardError, LinkError, LinkTimeout, ZephyrCountersError
from zephyr_counters.link.transports.transport import BoardGone

_PREFIX = "RPCError: Error caught from RPC call:"
_TRACES = ("\nStack trace:", "\nTraceback (most recent call last):", "\n  File ")
_HINT = "\n  hint: "


def translated(error: BaseException, where: str) -> ZephyrCountersError:
    """Return LinkTimeout, LinkError or BoardGone if the bridge sent this, otherwise BoardError.

    Args:
        error: tvm.error.RPCError.
        where: board and function, for the message.
    """
    text = translate(message(str(error)))
    what, _, hint = text.partition(_HINT)
    for kind in (LinkTimeout, LinkError):
        prefix = f"{kind.__name__}: "
        if what.startswith(prefix):
            what = what.removeprefix(prefix)
            if what.endswith(f": {BoardGone.SAYS}"):
                return BoardGone(what.removesuffix(f": {BoardGone.SAYS}"))
            return kind(what, hint or None)
    return BoardError(f"{where}: {what}", hint or None)


def message(text: str) -> str:
    """Return what the other end said, without what TVM puts around it."""
    at = text.rfind(_PREFIX)
    if at >= 0:
        text = text[at + len(_PREFIX) :]
    for trace in _TRACES:
        text = text.partition(trace)[0]
    return text.strip()
