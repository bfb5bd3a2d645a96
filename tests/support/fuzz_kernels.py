# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Compare kernel candidates with NumPy on thousands of random operators: make fuzz-kernels.

`PYTHONPATH=. python tests/support/fuzz_kernels.py --operators 2000`, from the repository's root.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path
from random import Random

import kernel_operators
import kernel_program
from zephyr_counters.compile.kernels import LIBRARIES, libraries_for
from zephyr_counters.formats import core

from bench import emulated_core

BATCH = 40
SANITIZED = "sanitized"


def run(place: str, seed: int) -> int:
    """Compare the candidates of one batch, and return their number.

    Args:
        place: a core of bench/emulated_core.py, or SANITIZED.
        seed: chooses the operators.
    """
    random = Random(seed)
    here = place == SANITIZED
    libraries = (
        [library for library, _ in LIBRARIES] if here else libraries_for(core.features(place))
    )
    operators = [kernel_operators.operator(random) for _ in range(BATCH)]
    found = kernel_program.cases(libraries, operators, random)
    with tempfile.TemporaryDirectory() as folder:
        if here:
            lines = kernel_program.run_here(found, Path(folder))
        else:
            lines = kernel_program.run_on_core(found, emulated_core.CORES[place], Path(folder))
    kernel_program.check(found, lines)
    return len(found)


def main() -> int:
    """Fuzz until so many operators were compared everywhere, or a candidate differs."""
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("--operators", type=int, default=2000, help="how many (default: 2000)")
    parser.add_argument("--seed", type=int, default=0, help="of the first batch (default: 0)")
    parser.add_argument("--core", action="append", help="only there; repeatable")
    options = parser.parse_args()
    places = options.core or ["cortex-m4", "cortex-m7", "cortex-m33", "cortex-m55", SANITIZED]
    if missing := emulated_core.missing():
        print(f"{missing}: only {SANITIZED}")
        places = [SANITIZED] if shutil.which("cc") else []
    done = candidates = 0
    for seed in range(options.seed, options.seed + -(-options.operators // BATCH)):
        for place in places:
            try:
                candidates += run(place, seed)
            except (AssertionError, emulated_core.EmulatorError) as error:
                print(f"seed {seed}, {place}: {error}")
                return 1
        done += BATCH
        print(f"{done} operators, {candidates} candidates: equal", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
