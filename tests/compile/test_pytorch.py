# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Programs of torch.export: the results of PyTorch, and refusals that name all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from compile_fixtures import build
from zephyr_counters.cli import tvmc
from zephyr_counters.compile import compile_model
from zephyr_counters.errors import CompileError

torch = pytest.importorskip("torch", reason="PyTorch is not installed")
nn, functional = torch.nn, torch.nn.functional
pytestmark = pytest.mark.slow
X = (1, 4, 8, 8)


class Function(nn.Module):  # type: ignore[misc, name-defined]
    """A module of a function."""

    def __init__(self, function: Callable[..., Any]) -> None:
        super().__init__()
        self.function = function

    def forward(self, *inputs: Any) -> Any:
        """Call it."""
        return self.function(*inputs)


class Net(nn.Module):  # type: ignore[misc, name-defined]
    """A separable convolution with a classifier."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3, padding=1)
        self.norm = nn.BatchNorm2d(8)
        self.wide = nn.Conv2d(8, 8, 3, stride=2, padding=1, groups=8)
        self.classify = nn.Linear(8, 5)

    def forward(self, x: Any) -> Any:
        """Return the classes' probabilities."""
        x = torch.relu(self.norm(self.conv(x)))
        x = functional.relu6(self.wide(x)).mean((2, 3))
        return torch.softmax(self.classify(x), -1)


class QuantizedNet(nn.Module):  # type: ignore[misc, name-defined]
    """As PT2E writes it: int8 weights, and quantize and dequantize around each operator."""

    def __init__(self) -> None:
        super().__init__()
        import torch.ao.quantization.fx._decomposed

        generator = torch.Generator().manual_seed(0)

        def weights(*shape: int) -> Any:
            values = torch.randint(-127, 128, shape, generator=generator)
            return nn.Buffer(values.to(torch.int8))

        self.conv, self.wide, self.matrix = weights(8, 3, 3, 3), weights(8, 1, 3, 3), weights(5, 8)
        self.scale8, self.scale5 = (nn.Buffer(torch.linspace(0.002, 0.004, n)) for n in (8, 5))
        self.zero8, self.zero5 = (nn.Buffer(torch.zeros(n, dtype=torch.int64)) for n in (8, 5))
        self.bias8, self.bias5 = (nn.Parameter(torch.linspace(-0.5, 0.5, n)) for n in (8, 5))

    def channels(self, weight: Any) -> Any:
        """Real weights."""
        scale, zero = (
            (self.scale8, self.zero8) if weight.shape[0] == 8 else (self.scale5, self.zero5)
        )
        return torch.ops.quantized_decomposed.dequantize_per_channel(
            weight, scale, zero, 0, -127, 127, torch.int8
        )

    def quantized(self, x: Any, scale: float, zero: int) -> Any:
        """A round trip through int8."""
        ops = torch.ops.quantized_decomposed
        q = ops.quantize_per_tensor(x, scale, zero, -128, 127, torch.int8)
        return ops.dequantize_per_tensor(q, scale, zero, -128, 127, torch.int8)

    def forward(self, x: Any) -> Any:
        """Return five scores."""
        x = self.quantized(x, 0.03, -3)
        x = functional.conv2d(x, self.channels(self.conv), self.bias8, padding=1)
        x = self.quantized(torch.relu(x), 0.05, -128)
        x = functional.conv2d(x, self.channels(self.wide), self.bias8, padding=1, groups=8)
        x = self.quantized(x, 0.06, 4)
        x = self.quantized(x.mean((2, 3)), 0.02, 0)
        x = functional.linear(x, self.channels(self.matrix), self.bias5)
        return self.quantized(x, 0.02, 1)


def exported(module: Any, inputs: Any, path: Path, **options: Any) -> Path:
    """A saved program."""
    torch.export.save(torch.export.export(module.eval(), tuple(inputs), **options), path)
    return path


def tensors(*shapes: tuple[int, ...]) -> Any:
    """Random inputs."""
    torch.manual_seed(1)
    return [torch.randn(shape) * 1.5 for shape in shapes]


def agree(module: Any, inputs: Any, tmp_path: Path) -> Any:
    """Compile, run and compare with PyTorch; gives the archive."""
    archive = compile_model(exported(module, inputs, tmp_path / "net.pt2"))
    got = build(archive, tmp_path / "build", "-O0").run([[x.numpy() for x in inputs]])[0]
    with torch.no_grad():
        wanted = torch.utils._pytree.tree_leaves(module(*inputs))
    for a, b in zip(got, wanted, strict=True):
        assert (a.shape, str(a.dtype)) == (tuple(b.shape), str(b.dtype).removeprefix("torch."))
        np.testing.assert_allclose(a, b.numpy(), rtol=1e-3, atol=1e-5)
    return archive


def test_a_float_network_equals_pytorch(tmp_path: Path) -> None:
    archive = agree(Net(), tensors((1, 3, 16, 16)), tmp_path)
    assert [layer.name for layer in archive.layers if layer.macs] == ["conv", "wide", "classify"]


def test_an_int8_network_runs_on_integers(tmp_path: Path) -> None:
    module, inputs = QuantizedNet(), tensors((1, 3, 16, 16))
    archive = compile_model(exported(module, inputs, tmp_path / "net.pt2"))
    products = [layer for layer in archive.layers if layer.macs]
    assert len(products) == 3
    assert all(layer.outputs[0].dtype == "int8" for layer in products)
    rounds = [[x.numpy()] for _ in range(4) for x in tensors((1, 3, 16, 16))]
    got = build(archive, tmp_path / "build").run(rounds)
    for (a,), (x,) in zip(got, rounds, strict=True):
        steps = np.abs(a - module(torch.from_numpy(x)).detach().numpy()) / 0.02
        assert steps.max() < 1.01


def test_a_network_of_pt2e_runs_on_integers(tmp_path: Path) -> None:
    pt2e = pytest.importorskip("torchao.quantization.pt2e.quantize_pt2e", exc_type=ImportError)
    quantizers = pytest.importorskip("torchao.testing.pt2e._xnnpack_quantizer")
    inputs = tensors((1, 3, 16, 16))
    module = torch.export.export(Net().eval(), tuple(inputs)).module()
    config = quantizers.get_symmetric_quantization_config(is_per_channel=True)
    prepared = pt2e.prepare_pt2e(module, quantizers.XNNPACKQuantizer().set_global(config))
    prepared(*inputs)
    converted = pt2e.convert_pt2e(prepared)
    path = tmp_path / "net.pt2"
    torch.export.save(torch.export.export(converted, tuple(inputs)), path)
    archive = compile_model(path)
    assert all(layer.outputs[0].dtype == "int8" for layer in archive.layers if layer.macs)
    got = build(archive, tmp_path / "build").run([[x.numpy() for x in inputs]])[0][0]
    wanted = converted(*inputs).detach().numpy()
    np.testing.assert_allclose(got, wanted, atol=0.01)


def test_tvmc_takes_it_to_a_board(tmp_path: Path) -> None:
    module, inputs = Net(), tensors((1, 3, 16, 16))
    path = exported(module, inputs, tmp_path / "net.pt2")
    archive, project = str(tmp_path / "net.tar"), str(tmp_path / "net")
    assert tvmc.main(["compile", str(path), "-f", "mlf", "-o", archive]) == 0
    option = ["--project-option", "board=posix"]
    create = ["micro", "create", project, archive, "--template", "zephyr-counters", *option]
    assert tvmc.main(create) == 0
    for command in ("build", "flash"):
        assert tvmc.main(["micro", command, project]) == 0
    np.savez(tmp_path / "in.npz", x=inputs[0].numpy())
    files = ["-i", str(tmp_path / "in.npz"), "-o", str(tmp_path / "out.npz")]
    assert tvmc.main(["run", "--device", "micro", project, *files]) == 0
    with np.load(tmp_path / "out.npz") as outputs, torch.no_grad():
        np.testing.assert_allclose(outputs["output_0"], module(*inputs).numpy(), rtol=1e-4)


@pytest.mark.parametrize(
    "module",
    [
        nn.SELU(),
        nn.AvgPool2d(2, divisor_override=3),
        Function(lambda x: torch.add(x, x * x, alpha=2)),
        Function(lambda x: torch.sub(x, 3, alpha=0.5)),
        Function(lambda x: tuple(x.max(1))),
        Function(lambda x: tuple(x.topk(3, 1))),
        Function(lambda x: tuple(x.sort(-1))),
        Function(lambda x: x.cumsum(2)),
        Function(lambda x: x.logsumexp(1)),
        Function(lambda x: torch.var_mean(x, 3)),
        Function(lambda x: (x * 9).int() / 2),
        Function(lambda x: functional.interpolate(x, size=(3, 5))),
        Function(lambda x: functional.interpolate(x, scale_factor=1.7, mode="bilinear")),
        Function(lambda x: functional.grid_sample(x, x[..., 0:3, :2], align_corners=False)),
    ],
)
def test_what_tvm_reads_wrongly_or_lacks_equals_pytorch(module: Any, tmp_path: Path) -> None:
    agree(module, tensors(X), tmp_path)


@pytest.mark.parametrize(
    ("function", "what"),
    [
        (lambda x: functional.max_pool2d(x, 2, return_indices=True), "its indices are used"),
        (lambda x: x + torch.rand(8), "random numbers are not supported"),
        (
            lambda x: functional.interpolate(x, size=(3, 3), mode="bilinear", antialias=True),
            "antialias is not supported",
        ),
        (
            lambda x: torch.hypot(x, torch.copysign(x, x)),
            r"(?s)2 operators.*aten\.copysign\.Tensor, layer 'copysign'.*aten\.hypot\.default",
        ),
    ],
)
def test_a_refusal_names_operator_and_layer(function: Any, what: str, tmp_path: Path) -> None:
    path = exported(Function(function), tensors(X), tmp_path / "net.pt2")
    with pytest.raises(CompileError, match=what):
        compile_model(path)


def test_a_module_that_changes_its_buffers_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "net.pt2"
    torch.export.save(torch.export.export(nn.BatchNorm2d(4).train(), (torch.randn(X),)), path)
    with pytest.raises(CompileError, match="it changes its own buffers"):
        compile_model(path)


def test_an_open_batch_is_1_and_other_extents_are_asked_for(tmp_path: Path) -> None:
    inputs = tensors((2, 6, 4))
    batch, length = torch.export.Dim("batch"), torch.export.Dim("length")
    module = Function(lambda x: torch.relu(x).flatten(1) if x.shape[0] else x)
    path = exported(module, inputs, tmp_path / "a.pt2", dynamic_shapes=(({0: batch},),))
    assert compile_model(path).inputs[0].shape == (1, 6, 4)
    module = Function(lambda x: torch.relu(x).mean(1))
    shapes = (({0: batch, 1: length},),)
    path = exported(module, inputs, tmp_path / "b.pt2", dynamic_shapes=shapes)
    with pytest.raises(CompileError, match=r"open shape \[\?,\?,4\]"):
        compile_model(path)
    name = next(iter(compile_model(path, input_shapes={"inputs_0": (1, 5, 4)}).inputs))
    assert name.shape == (1, 5, 4)
    with pytest.raises(CompileError, match=r"was exported with the shape \[\?,\?,4\]"):
        compile_model(path, input_shapes={"inputs_0": (1, 5, 7)})
