# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0

PYTHON ?= python3
MICROTVM_PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: help setup demo crt-headers test test-microtvm lint bench fuzz clean
.PHONY: zephyr-test zephyr-build zephyr-bench boards-table
help:
	@echo "make demo    compile, build, run and profile the bundled model"
	@echo "make setup   set up $(VENV)"
	@echo "make test    every test that this machine can run; says what it skipped"
	@echo "make test-microtvm  tests with TVM 0.18 (MICROTVM_PYTHON=the Python that imports tvm.micro)"
	@echo "make lint    ruff, mypy, clang-format"
	@echo "make bench   measure the limits we promise; writes build/bench.json"
	@echo "make boards-table  write README's table of boards from the boards' data"
	@echo "make fuzz    fuzz the device's RPC server (FUZZ_SECONDS=600)"
	@echo "make zephyr-test   drivers' and end-to-end tests on Zephyr's emulated boards"
	@echo "make zephyr-build  compile for every real board; prints flash and RAM"
	@echo "make zephyr-bench  measure the limits on Zephyr; writes build/zephyr-bench.json"

setup: $(STAMP)

$(STAMP): host/pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10) and "Python 3.10 or later is needed: make PYTHON=python3.11")'
	@echo "Setting up $(VENV): Apache TVM and the tools that build the firmware"
	@$(PYTHON) -m venv $(VENV) || { echo "python3 cannot make a virtual environment; on Debian: apt install python3-venv"; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable 'host[tvm,dev]'
	@touch $@

demo: setup
	@$(BIN)/zephyr-counters demo

# Does nothing if they are there, and does not fail if they cannot be had.
crt-headers: setup
	@$(BIN)/python tests/support/crt_headers.py

test: setup crt-headers
	@$(BIN)/python -m pytest

# TVM 0.18 comes from nowhere but its source, so its tests run in the user's own environment: a
# process for each file, as TVM has room for 32 sessions in one and does not give them back.
test-microtvm:
	@$(MICROTVM_PYTHON) -c 'import tvm.micro' || { echo "MICROTVM_PYTHON=$(MICROTVM_PYTHON) has no TVM with microTVM: build TVM 0.18 with USE_MICRO"; exit 1; }
	@$(MICROTVM_PYTHON) -c 'import pytest, pytest_timeout, zephyr_counters' || { echo "run: $(MICROTVM_PYTHON) -m pip install --editable 'host[microtvm]'"; exit 1; }
	@failed=0; for file in tests/microtvm/test_*.py; do \
		$(MICROTVM_PYTHON) -m pytest $$file || failed=1; done; exit $$failed

lint: setup
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && cd host && ../$(BIN)/mypy

bench: setup crt-headers
	@$(BIN)/python -m bench --output build/bench.json

fuzz: setup
	@$(BIN)/python tests/support/fuzz.py --seconds $(or $(FUZZ_SECONDS),600)

zephyr-test: setup
	@ZEPHYR_LONG_TESTS=1 $(BIN)/python -m pytest tests/zephyr --ignore tests/zephyr/test_build.py

zephyr-build: setup
	@ZEPHYR_LONG_TESTS=1 $(BIN)/python -m pytest -s tests/zephyr/test_build.py

zephyr-bench: setup
	@$(BIN)/python -m bench zephyr --output build/zephyr-bench.json

# After a change of the boards' data; a test says when it is due.
boards-table: setup
	@$(BIN)/python tests/support/boards_table.py

clean:
	rm -rf build $(VENV)
