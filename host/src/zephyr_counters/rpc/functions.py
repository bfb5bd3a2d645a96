# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The functions of the device: the only place on the host that has their names.

The names are those of zephyr_module/include/zephyr_counters/functions.def. The border
(rpc/border.py) lets pass what each can return.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from zephyr_counters.rpc.values import Type

Types = frozenset[Type]

CATALOG = "hwcnt.catalog"
SELECT = "hwcnt.select"
BEGIN = "hwcnt.begin"
END = "hwcnt.end"
TAKE = "hwcnt.take"
INFO = "model.info"
SET_INPUT = "model.set_input"
RESET = "model.reset"
RUN = "model.run"
RUN_LAYER = "model.run_layer"
LAYER_TENSOR = "model.layer_tensor"
GET_OUTPUT = "model.get_output"
OUTPUT_CRC = "model.output_crc"
PROFILE = "model.profile"
PROFILE_FUNCTION = "model.profile_function"
LAYERS = "model.layers"
TIME_EVALUATOR = "runtime.RPCTimeEvaluator"
SYSTEM_LIB = "runtime.SystemLib"
FFI_SYSTEM_LIB = "ffi.SystemLib"
MODULE_GET_FUNCTION = "tvm.rpc.server.ModuleGetFunction"
MAX_PACKET_SIZE = "tvm.rpc.server.GetCRTMaxPacketSize"

_NOTHING: Types = frozenset((Type.NONE,))
_BYTES: Types = frozenset((Type.BYTES,))
_MODULE: Types = frozenset((Type.MODULE,))

RETURNS: Mapping[str, Types] = MappingProxyType(
    {
        CATALOG: _BYTES,
        SELECT: _NOTHING,
        BEGIN: _NOTHING,
        END: _NOTHING,
        TAKE: _BYTES,
        INFO: _BYTES,
        SET_INPUT: _NOTHING,
        RESET: _NOTHING,
        RUN: _NOTHING,
        RUN_LAYER: _NOTHING,
        LAYER_TENSOR: _BYTES,
        GET_OUTPUT: frozenset((Type.NONE, Type.TENSOR)),
        OUTPUT_CRC: frozenset((Type.INT,)),
        PROFILE: _NOTHING,
        PROFILE_FUNCTION: _NOTHING,
        LAYERS: _BYTES,
        TIME_EVALUATOR: frozenset((Type.FUNCTION,)),
        SYSTEM_LIB: _MODULE,
        FFI_SYSTEM_LIB: _MODULE,
        MODULE_GET_FUNCTION: frozenset((Type.NONE, Type.FUNCTION)),
        MAX_PACKET_SIZE: frozenset((Type.INT,)),
    }
)
"""What the functions of every firmware return."""

RETURNED: Mapping[str, Types] = MappingProxyType({TIME_EVALUATOR: _BYTES})
"""What a function returns that one of these functions returned; any value where it is not here."""
