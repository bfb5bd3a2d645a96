# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Fuzz the device's RPC server with clang's libFuzzer, ASan and UBSan.

`python tests/support/fuzz.py --seconds 600`. A crash leaves its input in build/fuzz, prints how to
run it again, and the exit status is not 0.
"""

from __future__ import annotations

import argparse
import shutil
import struct
import subprocess
import sys
from pathlib import Path

import device_build
import rpc_client as rpc

FOLDER = device_build.ROOT / "build" / "fuzz"
SOURCES = ["fuzz_server.c", "fuzz_generator.c", "test_port.c", "tiny_model.c"]
WORDS = [
    "hwcnt.catalog",
    "hwcnt.select",
    "hwcnt.begin",
    "hwcnt.end",
    "hwcnt.take",
    "model.info",
    "model.set_input",
    "model.run",
    "model.run_layer",
    "model.layer_tensor",
    "model.get_output",
    "model.output_crc",
    "model.profile",
    "model.profile_function",
    "runtime.RPCTimeEvaluator",
    "ffi.SystemLib",
    "tvm.rpc.server.ModuleGetFunction",
    "scale",
    "total",
    "0.8.0",
    "global",
]


def why_not() -> str | None:
    """Return why there can be no fuzzing here; None if there can."""
    return None if shutil.which("clang") else "no clang"


def build(folder: Path) -> Path:
    """Compile the fuzzer."""
    folder.mkdir(parents=True, exist_ok=True)
    sources = [device_build.TESTS / name for name in SOURCES]
    return device_build.compile_c(
        folder / "fuzz_server",
        [*sources, *device_build.DEVICE],
        "asan",
        extra=["-fsanitize=fuzzer"],
        cc="clang",
    )


def seeds() -> list[bytes]:
    """Inputs from which the fuzzer starts: right packets, in each of its modes."""
    token = rpc.Tensor(0xAD, (4,))
    known = [rpc.Tensor(0xAD | index << 8, (4,)) for index in range(3)]
    x, b, y = map(rpc.tensor, known)
    packets = [
        rpc.u32(rpc.ALLOC_SCOPE) + rpc.sequence(rpc.tensor(rpc.Tensor(0, (4,))), rpc.none()),
        rpc.u32(rpc.COPY_TO) + token.packed() + rpc.u64(16) + bytes(16),
        rpc.u32(rpc.COPY_FROM) + token.packed() + rpc.u64(16),
        rpc.u32(rpc.GET_FUNC) + rpc.sequence(rpc.text("scale")),
        rpc.u32(rpc.CALL) + rpc.u64(0x10000010) + rpc.sequence(x, b, y),
        rpc.u32(rpc.CALL) + rpc.u64(0x10000011) + rpc.sequence(x, y),
        rpc.u32(rpc.ALLOC)
        + rpc.sequence(rpc.device(1, 0), rpc.integer(9), rpc.integer(64), rpc.dtype(0, 8, 1)),
        rpc.u32(rpc.FREE_DATA) + rpc.sequence(rpc.device(1, 0), rpc.handle(0xAD)),
    ]
    calls = [
        rpc.u32(rpc.CALL) + rpc.u64(0x10000000 | index) + rpc.sequence(*args)
        for index, args in enumerate(
            [(), (rpc.data(b"\x84\x02\x00\x00\x80"),), (rpc.integer(1),), (), ()]
        )
    ]
    sequences = [packets, calls, *evaluations(known)]
    wrapped = [b"\1" + b"".join(bytes([len(p)]) + p for p in chosen) for chosen in sequences]
    start = bytes.fromhex("fefffd04000000820000017be9")
    raw = b"\0" + start + bytes.fromhex("fffd0400000082000001") + struct.pack("<H", 0xE97B)
    generated = [b"\2" + bytes([0, 1, 0, 0, 0, 0, 0, 1, 0] + [shape] * 40) for shape in range(31)]
    return [*wrapped, raw, *generated]


def evaluations(known: list[rpc.Tensor]) -> list[list[bytes]]:
    """Packets that make tensors and a time evaluator and call that; with kernels that fail, too."""
    alloc = rpc.u32(rpc.ALLOC_SCOPE) + rpc.sequence(rpc.tensor(rpc.Tensor(0, (4,))), rpc.none())
    scalar = rpc.tensor(rpc.Tensor(0, (1, 1)))
    alloc_scalar = rpc.u32(rpc.ALLOC_SCOPE) + rpc.sequence(scalar, rpc.none())
    sequences = []
    cases = [("scale", 1, 0), ("total", 3, 2), ("total", -1, 0), ("total", -2, 0)]
    for name, content, min_ms in cases:
        numbers = [rpc.integer(value) for value in (1, 0, 2, 2, min_ms, 1, 0, 1, 0)]
        create = [rpc.none(), rpc.text(name), *numbers, rpc.text("")]
        tensors = [*known[:2], known[2]]
        if name == "total":
            tensors = [known[0], rpc.Tensor(known[1].address, (1, 1))]
        call = rpc.sequence(*map(rpc.tensor, tensors))
        value = struct.pack("<i", content) + bytes(12)
        sequences.append(
            [
                alloc,
                alloc_scalar if name == "total" else alloc,
                alloc,
                rpc.u32(rpc.COPY_TO) + known[0].packed() + rpc.u64(16) + value,
                rpc.u32(rpc.CALL) + rpc.u64(0x1000000B) + rpc.sequence(*create),
                rpc.u32(rpc.CALL) + rpc.u64(0xAD | 3 << 8) + call,
                rpc.u32(rpc.FREE_HANDLE) + rpc.sequence(rpc.handle(0xAD | 3 << 8)),
            ]
        )
    return sequences


def prepare(folder: Path) -> tuple[Path, Path]:
    """Write corpus and dictionary; returns where."""
    corpus = folder / "corpus"
    corpus.mkdir(exist_ok=True)
    for index, seed in enumerate(seeds()):
        (corpus / f"seed-{index:02}").write_bytes(seed)
    dictionary = folder / "words.dict"
    lines = [f'"{word}"' for word in WORDS]
    lines += [r'"\xff\xfd"', r'"\xff\xff"', r'"\xad\x00"', r'"\xad\x01"', r'"\x08\x00\x00\x00"']
    dictionary.write_text("\n".join(lines) + "\n")
    return corpus, dictionary


def fuzz(seconds: int, folder: Path = FOLDER) -> int:
    """Fuzz for so long; returns the exit status of the fuzzer."""
    program = build(folder)
    corpus, dictionary = prepare(folder)
    command = [
        str(program),
        f"-max_total_time={seconds}",
        f"-dict={dictionary}",
        f"-artifact_prefix={folder}/",
        "-max_len=1500",
        "-timeout=10",
        "-rss_limit_mb=1024",
        "-print_final_stats=1",
        "-verbosity=1",
        str(corpus),
    ]
    done = subprocess.run(command, stderr=subprocess.PIPE, text=True, errors="replace")
    lines = done.stderr.splitlines()
    shown = lines[-12:] if done.returncode == 0 else lines[-60:]
    print("\n".join(shown))
    if done.returncode != 0:
        print(f"again: {program} {folder}/<the artifact above>", file=sys.stderr)
    return done.returncode


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=600)
    arguments = parser.parse_args()
    if reason := why_not():
        print(f"cannot fuzz: {reason}", file=sys.stderr)
        return 2
    return fuzz(arguments.seconds)


if __name__ == "__main__":
    sys.exit(main())
