# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0

PYTHON ?= python3
MICROTVM_PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
C_FOLDERS := bench extensions project_template tests zephyr_module

.PHONY: help setup demo crt-headers test test-fast test-microtvm coverage bench fuzz clean
.PHONY: lint lint-python lint-types lint-c lint-yaml
.PHONY: zephyr-test zephyr-build zephyr-bench boards-table
help:
	@echo "make setup         create $(VENV) with the package, TVM and the development tools"
	@echo "make demo          compile, build, run and profile the bundled model on the posix board"
	@echo "make lint          check style, types and formatting: ruff, mypy, clang-format, yamllint"
	@echo "make test-fast     the tests to run while you work; under a minute on two cores"
	@echo "make test          all tests that this machine can run; lists what it skipped and why"
	@echo "make coverage      make test, with the share of the Python code that it executed"
	@echo "make test-microtvm tests with TVM 0.18; set MICROTVM_PYTHON to a Python that has it"
	@echo "make bench         measure size, speed and traffic against their limits; build/bench.json"
	@echo "make fuzz          fuzz the device's RPC server for FUZZ_SECONDS (default 600)"
	@echo "make zephyr-test   driver and end-to-end tests on Zephyr's emulated boards"
	@echo "make zephyr-build  build for every real board, with TVM 0.18's runtime too if MICROTVM_PYTHON has it"
	@echo "make zephyr-bench  measure the limits on Zephyr; build/zephyr-bench.json"
	@echo "make boards-table  write the table of boards in README.md from the boards' data"
	@echo "make clean         delete build/ and $(VENV)"

setup: $(STAMP)

$(STAMP): host/pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10) and "Python 3.10 or later is needed: make PYTHON=python3.11")'
	@echo "Setting up $(VENV): Apache TVM and the tools that build the firmware"
	@$(PYTHON) -m venv $(VENV) || { echo "python3 cannot make a virtual environment; on Debian: apt install python3-venv"; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable 'host[tvm,dev]'
	@touch $@

demo: setup
	@$(BIN)/zephyr-counters demo

# Headers of TVM 0.18's C runtime, from a package index. Without them some tests are skipped.
crt-headers: setup
	@$(BIN)/python tests/support/crt_headers.py

test: setup crt-headers
	@$(BIN)/python -m pytest

# A file stays with one worker, because its fixtures build firmware.
test-fast: setup
	@$(BIN)/python -m pytest -q -m "not slow" -n 2 --dist loadfile

# TVM 0.18 has to be built from source, so its tests run in your own environment. One process per
# file: TVM has room for 32 sessions in a process and does not release them.
test-microtvm:
	@$(MICROTVM_PYTHON) -c 'import tvm.micro' || { echo "MICROTVM_PYTHON=$(MICROTVM_PYTHON) has no TVM with microTVM: build TVM 0.18 with USE_MICRO"; exit 1; }
	@$(MICROTVM_PYTHON) -c 'import pytest, pytest_timeout, zephyr_counters' || { echo "run: $(MICROTVM_PYTHON) -m pip install --editable 'host[microtvm]'"; exit 1; }
	@failed=0; for file in tests/microtvm/test_*.py; do \
		$(MICROTVM_PYTHON) -m pytest $$file || failed=1; done; exit $$failed

# TESTS=tests/blob measures a part.
coverage: setup crt-headers
	@mkdir -p build/coverage && $(BIN)/coverage erase
	@$(BIN)/coverage run -m pytest $(TESTS)
	@$(BIN)/coverage combine --quiet && $(BIN)/coverage html --quiet
	@$(BIN)/coverage report && echo "line by line: build/coverage/html/index.html"

# Every check runs, though one before it failed.
lint: setup
	@$(MAKE) --no-print-directory --keep-going lint-python lint-c lint-yaml lint-types

lint-python: setup
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

lint-types: setup
	@$(BIN)/mypy

lint-c: setup
	@find $(C_FOLDERS) -name '*.[ch]' -print0 | xargs -0 $(BIN)/clang-format --dry-run -Werror

lint-yaml: setup
	@$(BIN)/yamllint --strict .

bench: setup crt-headers
	@$(BIN)/python -m bench --output build/bench.json

fuzz: setup
	@$(BIN)/python tests/support/fuzz.py --seconds $(or $(FUZZ_SECONDS),600)

zephyr-test: setup
	@ZEPHYR_LONG_TESTS=1 $(BIN)/python -m pytest tests/zephyr --ignore tests/zephyr/test_build.py

zephyr-build: setup
	@ZEPHYR_LONG_TESTS=1 MICROTVM_PYTHON=$(MICROTVM_PYTHON) $(BIN)/python -m pytest -s tests/zephyr/test_build.py

zephyr-bench: setup
	@$(BIN)/python -m bench zephyr --output build/zephyr-bench.json

# After a change of the boards' data; a test says when it is due.
boards-table: setup
	@$(BIN)/python tests/support/boards_table.py

clean:
	rm -rf build $(VENV)
