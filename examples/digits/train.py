# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Train the demo's model: a small convolutional classifier of scikit-learn's digits, in int8.

Writes digits_int8.onnx and heldout.npz next to this file. Run it by hand; the demo does not:

    pip install torch onnx onnxruntime scikit-learn
    python examples/digits/train.py

The data set is scikit-learn's `load_digits`: 1,797 images of 8x8 pixels with values from 0 to 16. A
stratified fifth is held out: neither training nor calibration uses it. Weights are quantized per
channel and activations per tensor, both to int8, by onnxruntime's static quantization in QDQ form,
calibrated on training images.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from torch import nn

HERE = Path(__file__).resolve().parent
SEED = 20261122
EPOCHS = 60
HELD_OUT_IMAGES = 48


class DigitsNet(nn.Module):
    """Convolutions of three kinds (full, depthwise, pointwise), pooling, a dense layer."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Conv2d(1, 16, 3, padding=1)
        self.depthwise = nn.Conv2d(16, 16, 3, padding=1, groups=16)
        self.pointwise = nn.Conv2d(16, 32, 1)
        self.conv = nn.Conv2d(32, 32, 3, padding=1)
        self.dense = nn.Linear(32 * 2 * 2, 10)

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        """Compute the scores, (n, 10), of images, (n, 1, 8, 8)."""
        x = torch.relu(self.stem(image))
        x = torch.relu(self.depthwise(x))
        x = torch.relu(self.pointwise(x))
        x = torch.max_pool2d(x, 2)
        x = torch.relu(self.conv(x))
        x = torch.max_pool2d(x, 2)
        return self.dense(x.flatten(1))


class Calibration(CalibrationDataReader):
    """Training images, one at a time, under the name of the model's input."""

    def __init__(self, images: np.ndarray) -> None:
        self._feeds = iter([{"image": image[None]} for image in images])

    def get_next(self) -> dict[str, np.ndarray] | None:
        """Return the next image, or None after the last."""
        return next(self._feeds, None)


def train(images: np.ndarray, labels: np.ndarray) -> DigitsNet:
    """Train on images, (n, 1, 8, 8) with values from 0 to 1, augmented with noise."""
    torch.manual_seed(SEED)
    rng = np.random.default_rng(SEED)
    net = DigitsNet()
    optimizer = torch.optim.AdamW(net.parameters(), lr=3e-3, weight_decay=1e-3)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, EPOCHS)
    for _ in range(EPOCHS):
        for batch in np.array_split(rng.permutation(len(images)), len(images) // 64):
            noise = rng.normal(0, 0.1, images[batch].shape).astype(np.float32)
            loss = nn.functional.cross_entropy(
                net(torch.from_numpy(images[batch] + noise)),
                torch.from_numpy(labels[batch]),
                label_smoothing=0.05,
            )
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        schedule.step()
    return net.eval()


def to_onnx(net: DigitsNet, path: Path) -> None:
    """Write the float model with named nodes, which name the layers in a profile."""
    weights = {name: value.detach().numpy() for name, value in net.state_dict().items()}
    node = onnx.helper.make_node

    def conv(name: str, source: str, target: str, padding: int, groups: int = 1) -> onnx.NodeProto:
        inputs = [source, f"{name}.weight", f"{name}.bias"]
        return node("Conv", inputs, [target], name, pads=[padding] * 4, group=groups)

    nodes = [
        conv("stem", "image", "a0", 1),
        node("Relu", ["a0"], ["a1"], "stem_relu"),
        conv("depthwise", "a1", "b0", 1, groups=16),
        node("Relu", ["b0"], ["b1"], "depthwise_relu"),
        conv("pointwise", "b1", "c0", 0),
        node("Relu", ["c0"], ["c1"], "pointwise_relu"),
        node("MaxPool", ["c1"], ["c2"], "pool1", kernel_shape=[2, 2], strides=[2, 2]),
        conv("conv", "c2", "d0", 1),
        node("Relu", ["d0"], ["d1"], "conv_relu"),
        node("MaxPool", ["d1"], ["d2"], "pool2", kernel_shape=[2, 2], strides=[2, 2]),
        node("Flatten", ["d2"], ["e0"], "flatten"),
        node("Gemm", ["e0", "dense.weight", "dense.bias"], ["scores"], "dense", transB=1),
    ]
    value = onnx.helper.make_tensor_value_info
    graph = onnx.helper.make_graph(
        nodes,
        "digits",
        [value("image", onnx.TensorProto.FLOAT, [1, 1, 8, 8])],
        [value("scores", onnx.TensorProto.FLOAT, [1, 10])],
        [onnx.numpy_helper.from_array(array, name) for name, array in weights.items()],
    )
    model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 17)])
    model.ir_version = 8
    onnx.checker.check_model(model)
    onnx.save(model, path)


def accuracy(path: Path, images: np.ndarray, labels: np.ndarray) -> float:
    """Return the share of correct answers; onnxruntime runs one image at a time."""
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    scores = [session.run(None, {"image": image[None]})[0] for image in images]
    return float((np.concatenate(scores).argmax(axis=1) == labels).mean())


def main() -> None:
    """Train, quantize, print the accuracies and save the model and the held-out images."""
    digits = load_digits()
    images = (digits.images[:, None] / 16).astype(np.float32)
    train_x, test_x, train_y, test_y = train_test_split(
        images, digits.target, test_size=0.2, random_state=SEED, stratify=digits.target
    )
    net = train(train_x, train_y)
    model = HERE / "digits_int8.onnx"
    with tempfile.TemporaryDirectory() as folder:
        float_model, prepared = Path(folder) / "float.onnx", Path(folder) / "prepared.onnx"
        to_onnx(net, float_model)
        quant_pre_process(str(float_model), str(prepared))
        quantize_static(
            str(prepared),
            str(model),
            Calibration(train_x[:256]),
            quant_format=QuantFormat.QDQ,
            per_channel=True,
            activation_type=QuantType.QInt8,
            weight_type=QuantType.QInt8,
        )
        print(f"float32: {accuracy(float_model, test_x, test_y):.4f} of {len(test_x)} held out")
    print(f"int8:    {accuracy(model, test_x, test_y):.4f}, {model.stat().st_size} bytes")
    np.savez_compressed(
        HERE / "heldout.npz", image=test_x[:HELD_OUT_IMAGES], label=test_y[:HELD_OUT_IMAGES]
    )


if __name__ == "__main__":
    main()
