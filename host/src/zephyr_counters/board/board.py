# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""A board, as a program on the host sees it: functions to call, tensors, counters."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from zephyr_counters.blob.device_error import translate
from zephyr_counters.board.functions import DeviceFunctions
from zephyr_counters.board.remote_error import translated
from zephyr_counters.errors import BoardError, LinkError, UsageError, ZephyrCountersError
from zephyr_counters.link.transports.transport import BoardGone, Closing, Transport
from zephyr_counters.rpc.bridge import Timeouts
from zephyr_counters.rpc.bridge_process import BridgeProcess

if TYPE_CHECKING:
    from zephyr_counters.board.functions import Array


_ARENA_FULL = re.compile(r"the host's tensors has no room for bytes: (\d+)")


class Opens(Protocol):
    """A project: it can start its board, again and again."""

    def open_transport(self) -> Transport:
        """Start the board; closing the transport ends it."""


class Board(DeviceFunctions, Closing):
    """A connection to a board; ends with close() or `with`.

    Args:
        target: a transport, which stays its owner's to close and must have a descriptor, or a
            project, whose board is started, asked whether it runs the project's firmware, and
            ended by close().
        timeouts: seconds to wait for the board.
        on_log: called in a thread with each line that the board logs; logger "board" otherwise.

    Raises:
        LinkTimeout: the board does not answer.
        LinkError: the port cannot be opened, or the board speaks another version.
        ArchiveError: the board runs another project's firmware.
        UsageError: apache-tvm is not installed, or the project is one of TVM 0.18.
    """

    def __init__(
        self,
        target: Transport | Opens,
        *,
        timeouts: Timeouts | None = None,
        on_log: Callable[[str], None] | None = None,
    ) -> None:
        self.project: Any = target if hasattr(target, "open_transport") else None
        self.timeouts = timeouts or Timeouts()
        super().__init__()
        self._tvm = _tvm()
        self._on_log = on_log
        self._transport: Transport | None = None if self.project is not None else target  # type: ignore[assignment]
        self._bridge: BridgeProcess | None = None
        self._counted = (0, 0)
        self._session: Any = None
        self._functions: dict[str, Callable[..., Any]] = {}
        try:
            self._start()
        except BaseException:
            self.close()
            raise

    @property
    def rpc(self) -> Any:
        """The tvm.rpc.RPCSession; LinkError if there is none."""
        if self._session is None:
            raise LinkError(f"{self.name}: not connected", "reconnect()")
        return self._session

    @property
    def name(self) -> str:
        """Where the board is: its port."""
        return self._transport.name if self._transport is not None else "board"

    @property
    def bytes_in(self) -> int:
        """Bytes that came from the board since this object was made, on the wire."""
        return self._counts()[0]

    @property
    def bytes_out(self) -> int:
        """Bytes that went to the board since this object was made, on the wire."""
        return self._counts()[1]

    def function(self, name: str) -> Callable[..., Any]:
        """Return a function of the board; asks for its handle once a session.

        Raises:
            BoardError: there is none of that name.
            LinkTimeout, LinkError: no answer.
        """
        if name not in self._functions:
            with self._asking(name):
                try:
                    self._functions[name] = self.rpc.get_function(name)
                except AttributeError:
                    raise BoardError(f"{self.name}: the firmware has no function {name}") from None
        return self._functions[name]

    def call(self, name: str, /, *args: Any) -> Any:
        """Call a function of the board.

        Args:
            name: of the function.
            args: None, int, float, str, bytes, remote tensors, or arrays, which are copied there.

        Raises:
            BoardError: the board answered with an error; the session goes on.
            LinkTimeout, LinkError: no answer, and whether it was done is unknown; reconnect().
            UsageError: an argument of a type that cannot be sent.
        """
        function = self.function(name)
        sent = [self.tensor(arg) if isinstance(arg, np.ndarray) else arg for arg in args]
        with self._asking(name):
            return function(*sent)

    def tensor(self, array: Array) -> Any:
        """Return a tvm.runtime.Tensor on the board that holds a copy of `array`.

        Raises:
            BoardError: no room for it, or a dtype that the board does not take.
            LinkTimeout, LinkError: no answer.
        """
        with self._asking("copying a tensor to the board"):
            return self._tvm.runtime.tensor(np.asarray(array, order="C"), device=self.rpc.cpu(0))

    def array(self, tensor: Any) -> Array:
        """Return a copy of a tensor on the board.

        Raises:
            BoardError, LinkTimeout, LinkError: as call().
        """
        with self._asking("copying a tensor from the board"):
            copied: Array = tensor.numpy()
            return copied

    @contextmanager
    def patience(self, seconds: float) -> Iterator[None]:
        """Wait up to `seconds` for the answer of each call meanwhile, however long others may take.

        Raises:
            LinkError: not connected.
        """
        if self._bridge is None:
            raise LinkError(f"{self.name}: closed")
        self._bridge.set_call_timeout(seconds)
        try:
            yield
        finally:
            if self._bridge is not None:
                self._bridge.set_call_timeout(self.timeouts.call)

    def reconnect(self) -> None:
        """Begin a new session, on a new start of the project's board if need be.

        Tensors and functions of the session before are of no use any more.

        Raises:
            LinkTimeout, LinkError: as the constructor.
        """
        self._disconnect()
        try:
            self._connect()
        except LinkError:
            if self.project is None:
                raise
            self._stop()
            self._start()

    def close(self) -> None:
        """Disconnect; end the project's board if this started it."""
        self._disconnect()
        self._stop()

    def _start(self) -> None:
        if self._transport is None:
            # Not all that can start a board know what it is to run.
            check = getattr(self.project, "check_runtime", None)
            if check is not None:
                check()
            self._transport = self.project.open_transport()
            self.selection = None
        assert self._transport is not None
        self._bridge = BridgeProcess(
            self._transport,
            key=secrets.token_hex(8),
            timeouts=self.timeouts,
            on_log=self._on_log,
        )
        self._connect()
        check = getattr(self.project, "check_firmware", None)
        if check is not None:
            check(self)

    def _stop(self) -> None:
        if self._bridge is not None:
            with suppress(LinkError):
                self._counted = self._counts()
            bridge, self._bridge = self._bridge, None
            bridge.close()
        if self.project is not None and self._transport is not None:
            transport, self._transport = self._transport, None
            transport.close()

    def _connect(self) -> None:
        bridge = self._bridge
        if bridge is None:
            raise LinkError(f"{self.name}: closed")
        with self._asking("connecting"):
            self._session = self._tvm.rpc.connect(bridge.host, bridge.port, bridge.key)

    def _disconnect(self) -> None:
        """Leave; what is still held of the session frees itself without asking the board."""
        self._catalog = None
        # Each is given back, and the board forgets records it sent once it hears the next request.
        self._functions.clear()
        session, self._session = self._session, None
        if session is not None:
            # It may be broken already.
            with suppress(RuntimeError):
                session._sess.get_function("CloseRPCConnection")()

    def _counts(self) -> tuple[int, int]:
        now = self._bridge.counts() if self._bridge is not None else (0, 0)
        return self._counted[0] + now[0], self._counted[1] + now[1]

    @contextmanager
    def _asking(self, what: str) -> Iterator[None]:
        """Translate what TVM raises; end a session that an interruption left half way."""
        try:
            yield
        except ZephyrCountersError:
            raise
        except self._tvm.error.RPCError as error:
            raise self._explained(translated(error, f"{self.name}: {what}")) from None
        except (TypeError, ValueError) as error:
            raise UsageError(f"{what}: {error}") from error
        except RuntimeError as error:
            self._disconnect()
            raise LinkError(f"{self.name}: {what}: {error}", "reconnect()") from error
        except BaseException:
            # The answer may still come, and must not be taken for that of the next call, nor be
            # waited for, as TVM would before it lets go of the session.
            if self._bridge is not None:
                self._bridge.hang_up()
            self._disconnect()
            raise

    def _explained(self, error: ZephyrCountersError) -> ZephyrCountersError:
        """Add what the transport knows of the end of a board that is a process."""
        ending = getattr(self._transport, "ending", None)
        if isinstance(error, BoardGone) and ending is not None and (why := ending()):
            return BoardGone(self.name, f"{BoardGone.SAYS}: {translate(why)}")
        if isinstance(error, BoardError) and (full := _ARENA_FULL.search(error.what)):
            return BoardError(error.what, self._larger_arena(int(full[1])))
        return error

    def _larger_arena(self, nbytes: int) -> str | None:
        """Return how to make room for so many bytes beside the tensors that there are."""
        with suppress(ZephyrCountersError):
            limits = self.catalog().limits
            if limits is not None:
                total = -(-(limits.arena_bytes + nbytes) // 16) * 16
                return (
                    "free some, or make the project anew with "
                    f"--project-option arena_size_bytes={total}"
                )
        return None


def _tvm() -> Any:
    try:
        import tvm
        import tvm.rpc
    except ImportError as error:
        raise UsageError(
            "talking to a board needs apache-tvm", "pip install 'zephyr-counters[tvm]'"
        ) from error
    return tvm


__all__ = ["Board", "Timeouts"]
