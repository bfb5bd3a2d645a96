# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""TFLite models with tensors of their inside as results."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

from zephyr_counters.compile.names import shortened


def with_results(data: bytes, tensors: Collection[str]) -> tuple[bytes, list[str]]:
    """Return a model that also gives tensors of its main graph, and the names of those.

    Args:
        data: a TFLite file.
        tensors: names, as archives have them. Those of several tensors are left out.
    """
    if not tensors:
        return data, []
    import flatbuffers
    from ai_edge_litert import schema_py_generated as schema

    model = schema.ModelT.InitFromPackedBuf(data, 0)
    graph = model.subgraphs[0]
    names = [shortened((tensor.name or b"").decode("utf-8", "replace")) for tensor in graph.tensors]
    count = Counter(names)
    made = {int(index) for op in graph.operators for index in op.outputs}
    added = [
        index
        for index, name in enumerate(names)
        if name in tensors and count[name] == 1 and index in made - {int(i) for i in graph.outputs}
    ]
    graph.outputs = [*(int(i) for i in graph.outputs), *added]
    # The results of signatures stay as they are: the interpreter's own list is what is read.
    builder = flatbuffers.Builder(len(data) + 4096)
    builder.Finish(model.Pack(builder), file_identifier=b"TFL3")
    return bytes(builder.Output()), [names[index] for index in added]
