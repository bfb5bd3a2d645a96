# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The errors that a device sends as numbers, in English.

A device sends `zc-error NUMBER ARGUMENT[ NAME]`, in the text of an RPC exception or in a log line.
The numbers are those of zephyr_module/include/zephyr_counters/errors.def, which also says what
ARGUMENT and NAME are; this table has a text for each.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_SENT = re.compile(r"\bzc-error ([0-9]{1,10}) ([0-9]{1,10})\b(?: ([^\n]*))?")

_TEXTS = {
    1: ("FRAME_START", "frame dropped: no start"),
    2: ("FRAME_LENGTH", "frame dropped: too long"),
    3: ("FRAME_CRC", "frame dropped: wrong CRC"),
    4: ("FRAME_ESCAPE", "frame dropped: invalid escape"),
    5: ("FRAME_CUT", "frame dropped: cut short"),
    6: ("FRAME_OTHER_SESSION", "frame dropped: of another session"),
    7: ("FRAME_OVERRUN", "frame dropped: receive overrun"),
    20: ("SELECTION_MALFORMED", "selection malformed at byte: {argument}"),
    21: ("PROVIDER_UNKNOWN", "selection has no provider: {argument}"),
    22: ("PROVIDERS_TOO_MANY", "selection has more providers than: {argument}"),
    23: ("PROVIDER_UNAVAILABLE", "{name}"),
    24: ("COUNTER_UNKNOWN", "{name} has no counter: {argument}"),
    25: ("COUNTERS_TOO_MANY", "selection has more counters than: {argument}"),
    26: ("SLOTS_TOO_FEW", "{name} needs more slots than: {argument}"),
    27: ("PROVIDER_REFUSED", "{name} refuses with error: {argument}"),
    28: ("RECORD_BUFFER_TOO_SMALL", "record buffer too small"),
    29: ("REGION_OPEN", "a region is open"),
    30: ("REGIONS_TOO_MANY", "two regions are open already"),
    31: ("REGION_NOT_OPEN", "no region is open"),
    32: ("RECORD_BUFFER_FULL", "record buffer full"),
    33: ("PACKET_TOO_SMALL", "packet too small"),
    34: ("COUNTERS_NOT_INITIALIZED", "counters are not initialized"),
    40: ("HANDLE_INVALID", "handle is invalid or freed"),
    41: ("PACKET_LENGTH", "packet of wrong length: {argument}"),
    42: ("ARGUMENT_NUMBER", "wrong number of arguments: {argument}"),
    43: ("ARGUMENT_TYPE", "wrong type or range, argument: {argument}"),
    44: ("DTYPE_INVALID", "invalid dtype: {argument}"),
    45: ("SHAPE_INVALID", "invalid shape, dimension: {argument}"),
    46: ("DEVICE_UNKNOWN", "no device but cpu"),
    47: ("TENSOR_OUTSIDE", "tensor outside its memory"),
    48: ("TENSOR_MISMATCH", "tensor of another shape or dtype"),
    49: ("TENSOR_ALIGNMENT", "tensor not aligned"),
    50: ("ARENA_FULL", "the memory for the host's tensors has no room for bytes: {argument}"),
    51: ("COPY_OUTSIDE", "copy past the end of the tensor"),
    52: ("COPY_SIZES", "tensors of different sizes"),
    53: ("MEMORY_SCOPE", "unknown memory scope"),
    54: ("PACKET_CODE", "unknown packet code: {argument}"),
    55: ("RPC_VERSION", "device speaks RPC 0.8.0, client: {name}"),
    56: ("SESSION_CONSTRUCTOR", "no session constructors"),
    57: ("SESSION_NOT_INITIALIZED", "RPC session not initialized, or lost"),
    58: ("LIBRARY_UNKNOWN", "no such library"),
    59: ("TENSORS_TOO_MANY", "no room for more tensors and evaluators than: {argument}"),
    60: ("KERNEL_UNKNOWN", "no kernel: {name}"),
    61: ("KERNEL_FAILED", "kernel failed: {name}"),
    62: ("WORKSPACE_TOO_SMALL", "workspace too small: {name}"),
    63: ("REPETITIONS", "more repetitions than: {argument}"),
    64: ("EVALUATOR_CALLS", "number times repeat not in 1 to: {argument}"),
    65: ("EVALUATOR_DURATION", "min_repeat_ms over: {argument}"),
    66: ("EVALUATOR_OPTION", "no cooldown, cache flush or f_preproc"),
    67: ("TENSOR_UNKNOWN", "no such tensor of the model: {argument}"),
    68: ("MODEL_VERSION", "model of another version: {argument}"),
    69: ("TENSOR_DAMAGED", "the tensor was damaged on its way: its CRC-32 differs"),
    70: ("LAYER_UNKNOWN", "no such layer of the model: {argument}"),
    80: ("SIGNATURE", "takes {signature}"),
    81: ("TAKES_NUMBER", "takes one number, up to: {argument}"),
    83: ("NO_EXECUTOR", "no executor on the board: create it first"),
    84: ("OPERATOR_FAILED", "an operator failed"),
    85: ("REPLY_MEMORY", "no memory for a reply"),
    86: ("REGISTRY_FULL", "functions do not fit into a registry of bytes: {argument}"),
    87: ("REGISTRY_FAILED", "registering functions failed with: {argument}"),
    88: ("PLATFORM_FAILED", "the platform does not start"),
    100: ("ACCELERATOR_TIMEOUT", "{name} does not finish a job"),
    101: ("ACCELERATOR_REFUSED", "{name} refused a job, code: {argument}"),
    110: ("ERRNO", "error: {argument}"),
    111: ("OTHER", "{name}"),
}


_ONE = {"": "no argument", "i": "one number, up to: 4294967295", "s": "one text", "b": "bytes"}
_LETTERS = {"i": "number", "s": "text", "b": "bytes", "?": "and optionally"}


@dataclass(frozen=True)
class DeviceError:
    """An error as a device sent it.

    Attributes:
        number: of errors.def.
        argument: 0 if the error has none.
        name: empty if the error has none.
    """

    number: int
    argument: int = 0
    name: str = ""

    @property
    def kind(self) -> str:
        """Its name in errors.def; empty for a number that is not known here."""
        return _TEXTS.get(self.number, ("", ""))[0]

    @property
    def drops_frame(self) -> bool:
        """Whether the device could not read what was sent."""
        return self.kind.startswith("FRAME_")

    @property
    def text(self) -> str:
        """The error in English, one line."""
        _, text = _TEXTS.get(self.number, ("", "{sent}, a number that this program does not know"))
        sent = f"device error {self.number}, argument {self.argument}"
        return text.format(
            argument=self.argument,
            name=self.name,
            signature=_signature(self.name),
            sent=f"{sent}, {self.name}" if self.name else sent,
        )


def _signature(letters: str) -> str:
    """Return the arguments of a function, in English."""
    if letters.removeprefix("?") in _ONE:
        return _ONE[letters.removeprefix("?")]
    return ", ".join(_LETTERS.get(letter, letter) for letter in letters)


def parse(text: str) -> DeviceError | None:
    """Return the first error in a text that a device sent, None if there is none."""
    match = _SENT.search(text)
    if match is None:
        return None
    return DeviceError(int(match[1]), int(match[2]), match[3] or "")


def translate(text: str) -> str:
    """Return a text that a device sent, with each error in it in English.

    What else the text holds stays: TVM puts lines before and after what a device says.
    """

    def english(match: re.Match[str]) -> str:
        return DeviceError(int(match[1]), int(match[2]), match[3] or "").text

    return _SENT.sub(english, text)


def numbers() -> dict[int, str]:
    """Return the names of all errors by number, as in errors.def."""
    return {number: name for number, (name, _) in _TEXTS.items()}
