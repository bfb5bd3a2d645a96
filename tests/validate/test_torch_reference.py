# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Programs of torch.export compared with what PyTorch makes of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from zephyr_counters.cli import tvmc
from zephyr_counters.compile import compile_model
from zephyr_counters.compile import source as sources
from zephyr_counters.validate import process
from zephyr_counters.validate.reference import reference

torch = pytest.importorskip("torch", reason="PyTorch is not installed")
nn = torch.nn
pytestmark = pytest.mark.slow


class Net(nn.Module):  # type: ignore[misc, name-defined]
    """A convolution between quantization steps, a float layer, and two results."""

    def __init__(self) -> None:
        super().__init__()
        import torch.ao.quantization.fx._decomposed

        torch.manual_seed(2)
        self.conv, self.last = nn.Conv2d(3, 4, 3, padding=1), nn.Linear(4, 5)

    def forward(self, x: Any, offset: Any) -> Any:
        """Return scores and the quantized image."""
        ops = torch.ops.quantized_decomposed
        y = torch.relu(self.conv(x)) + offset
        q = ops.quantize_per_tensor(y, 0.02, -10, -128, 127, torch.int8)
        y = ops.dequantize_per_tensor(q, 0.02, -10, -128, 127, torch.int8)
        return self.last(y.mean((2, 3))), y


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("torch") / "net.pt2"
    inputs = torch.zeros(1, 3, 8, 8), torch.zeros(4, 1, 1)
    torch.export.save(torch.export.export(Net().eval(), inputs), path)
    return path


def test_the_program_gives_what_the_module_gives(program: Path) -> None:
    runtime = reference(sources.read(program), "pytorch", ["relu"])
    rng = np.random.default_rng(0)
    x, offset = (rng.normal(size=shape).astype(np.float32) for shape in ((1, 3, 8, 8), (4, 1, 1)))
    scores, image, inner = runtime.run([x, offset])
    module = Net().eval()
    with torch.no_grad():
        wanted = module(torch.from_numpy(x), torch.from_numpy(offset))
        hidden = torch.relu(module.conv(torch.from_numpy(x)))
    for got, right in zip((scores, image, inner), (*wanted, hidden), strict=True):
        np.testing.assert_allclose(got, right.numpy(), rtol=1e-5, atol=1e-6)
    assert (runtime.name, runtime.tensors, runtime.steps) == (
        "PyTorch", ["relu"], [None, pytest.approx(0.02), None]
    )  # fmt: skip


def test_it_runs_in_a_process_of_its_own(program: Path) -> None:
    zeros = [np.zeros((1, 3, 8, 8), np.float32), np.zeros((4, 1, 1), np.float32)]
    found = process.run(sources.read(program), "pytorch", [zeros, zeros])
    assert found.name == "PyTorch"
    assert [len(arrays) for arrays in found.outputs] == [2, 2]


def test_compile_verifies_layer_by_layer(
    program: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["compile", str(program), "-o", str(tmp_path / "m.tar"), "--verify", "--layers"]
    assert tvmc.main(command) == 0
    assert "PyTorch" in capsys.readouterr().out
    compared = [layer.tensor for layer in compile_model(program).layers]
    assert sum(name is not None for name in compared) >= 2, compared
