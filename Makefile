# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0

PYTHON ?= python3
MICROTVM_PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
STAMP_DEV := $(VENV)/.installed-dev
C_FOLDERS := bench extensions host project_template tests zephyr_module

.PHONY: help setup setup-dev demo docs docs-links crt-headers test test-fast test-lowest test-microtvm test-pytorch wheel-test
.PHONY: coverage coverage-models bench bench-compare bench-kernels bench-link-integrity fuzz fuzz-kernels fuzz-host clean
.PHONY: lint lint-python lint-types lint-c lint-yaml
.PHONY: zephyr-test zephyr-build zephyr-bench boards-table
help:
	@echo "make setup         create $(VENV) with the package and TVM: what the demo needs"
	@echo "make setup-dev     add the development tools to it"
	@echo "make demo          compile, build, run and profile the bundled model on the posix board"
	@echo "make docs          build the documentation's site in build/docs"
	@echo "make docs-links    check its links to other servers"
	@echo "make lint          check style, types and formatting: ruff, mypy, clang-format, yamllint"
	@echo "make test-fast     the tests to run while you work; under a minute on two cores"
	@echo "make test          all tests that this machine can run; lists what it skipped and why"
	@echo "make coverage      make test, with the share of the Python code that it executed"
	@echo "make test-microtvm tests with TVM 0.18; set MICROTVM_PYTHON to a Python that has it"
	@echo "make wheel-test    build the wheel; run the demo from it in a clean environment"
	@echo "make test-pytorch  tests that need PyTorch, in $(VENV)-pytorch"
	@echo "make test-lowest   tests with the lowest versions of dependencies, in $(VENV)-lowest"
	@echo "make bench         measure size, speed and traffic against their limits; build/bench.json"
	@echo "make bench-compare  how often equal firmware is called different, and a 3% change is found (15 min idle)"
	@echo "make bench-link-integrity  count damaged frames that the link takes for good ones"
	@echo "make bench-kernels instructions of every kernel candidate on CORE (default: cortex-m4)"
	@echo "make fuzz-kernels  compare kernels with NumPy on OPERATORS random operators (default: 2000)"
	@echo "make coverage-models  ONNX's tests, and real models in MODELS (default: shared): which are right"
	@echo "make fuzz          fuzz the device's RPC server for FUZZ_SECONDS (default 600)"
	@echo "make fuzz-host     fuzz what the host reads from others, for FUZZ_SECONDS (default 600)"
	@echo "make zephyr-test   driver and end-to-end tests on Zephyr's emulated boards"
	@echo "make zephyr-build  build for every real board, with TVM 0.18's runtime too if MICROTVM_PYTHON has it"
	@echo "make zephyr-bench  measure the limits on Zephyr; build/zephyr-bench.json"
	@echo "make boards-table  write the table of boards in README.md from the boards' data"
	@echo "make clean         delete build/ and $(VENV)"

setup: $(STAMP)

setup-dev: $(STAMP_DEV)

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10) and "Python 3.10 or later is needed: make PYTHON=python3.11")'
	@$(PYTHON) -m venv $(VENV) || { echo "python3 cannot make a virtual environment; on Debian: apt install python3-venv"; exit 1; }

$(STAMP): host/pyproject.toml | $(VENV)/bin/python
	@echo "Setting up $(VENV): Apache TVM and the tools that build the firmware"
	@$(BIN)/python -m pip install --disable-pip-version-check --editable 'host[tvm]'
	@touch $@

$(STAMP_DEV): host/pyproject.toml | $(VENV)/bin/python
	@echo "Setting up $(VENV): Apache TVM and the development tools"
	@$(BIN)/python -m pip install --disable-pip-version-check --editable 'host[tvm,dev]'
	@touch $(STAMP) $@

# Pages, pictures from a real run, and links between them are checked: a warning is an error.
docs: setup-dev
	@$(BIN)/python -m docs.site build/docs
	@echo "open build/docs/index.html"

# Links to other servers; needs the network.
docs-links: setup-dev
	@$(BIN)/python -m docs.site build/docs-links --builder linkcheck

demo: setup
	@$(BIN)/zephyr-counters demo

# Headers of TVM 0.18's C runtime, from a package index. Without them some tests are skipped.
crt-headers: setup-dev
	@$(BIN)/python tests/support/crt_headers.py

# A file stays with one process, because its fixtures build firmware.
test: setup-dev crt-headers
	@$(BIN)/python -m pytest -n 2 --dist loadfile

test-fast: setup-dev
	@$(BIN)/python -m pytest -q -m "not slow" -n 2 --dist loadfile --ignore tests/zephyr --ignore tests/microtvm

# TVM 0.18 has to be built from source, so its tests run in your own environment. One process per
# file: TVM has room for 32 sessions in a process and does not release them.
test-microtvm:
	@$(MICROTVM_PYTHON) -c 'import tvm.micro' || { echo "MICROTVM_PYTHON=$(MICROTVM_PYTHON) has no TVM with microTVM: build TVM 0.18 with USE_MICRO"; exit 1; }
	@$(MICROTVM_PYTHON) -c 'import pytest, pytest_timeout, zephyr_counters' || { echo "run: $(MICROTVM_PYTHON) -m pip install --editable 'host[microtvm]'"; exit 1; }
	@failed=0; for file in tests/microtvm/test_*.py; do \
		$(MICROTVM_PYTHON) -m pytest $$file || failed=1; done; exit $$failed

# Takes minutes, and an index of packages.
wheel-test: setup-dev
	@WHEEL_TEST=1 $(BIN)/python -m pytest tests/packaging

# Each lower bound of host/pyproject.toml is a line of host/lowest.txt.
test-lowest:
	@$(PYTHON) -m venv $(VENV)-lowest
	@$(VENV)-lowest/bin/python -m pip install --disable-pip-version-check --constraint host/lowest.txt --editable 'host[tvm,pandas,dev]'
	@$(VENV)-lowest/bin/python -m pytest tests/blob tests/formats tests/report tests/cli tests/compile tests/measure tests/packaging

# A large download, unless pip is set up to find PyTorch's CPU build.
test-pytorch:
	@$(PYTHON) -m venv $(VENV)-pytorch
	@$(VENV)-pytorch/bin/python -m pip install --disable-pip-version-check --editable 'host[tvm,pytorch,dev]' torchao
	@$(VENV)-pytorch/bin/python -m pytest $(wildcard tests/*/test_*torch*.py)

# TESTS=tests/blob measures a part.
coverage: setup-dev crt-headers
	@mkdir -p build/coverage && $(BIN)/coverage erase
	@$(BIN)/coverage run -m pytest -n 2 --dist loadfile $(TESTS)
	@$(BIN)/coverage combine --quiet && $(BIN)/coverage html --quiet
	@$(BIN)/coverage report && echo "line by line: build/coverage/html/index.html"

# Every check runs, though one before it failed.
lint: setup-dev
	@$(MAKE) --no-print-directory --keep-going lint-python lint-c lint-yaml lint-types

lint-python: setup-dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

lint-types: setup-dev
	@$(BIN)/mypy

lint-c: setup-dev
	@find $(C_FOLDERS) -name '*.[ch]' -print0 | xargs -0 $(BIN)/clang-format --dry-run -Werror

lint-yaml: setup-dev
	@$(BIN)/yamllint --strict .

bench: setup-dev crt-headers
	@$(BIN)/python -m bench --output build/bench.json

bench-compare: setup-dev
	@$(BIN)/python -m bench.compare

bench-link-integrity: setup-dev
	@$(BIN)/python -m bench.link_integrity

coverage-models: setup-dev
	@$(BIN)/python tests/support/coverage_models.py --output build/coverage-models.jsonl $(if $(MODELS),--models $(MODELS))

bench-kernels: setup-dev
	@$(BIN)/python -m bench.kernel_candidates --core $(or $(CORE),cortex-m4)

fuzz-kernels: setup-dev
	@PYTHONPATH=. $(BIN)/python tests/support/fuzz_kernels.py --operators $(or $(OPERATORS),2000)

fuzz: setup-dev
	@$(BIN)/python tests/support/fuzz.py --seconds $(or $(FUZZ_SECONDS),600)

zephyr-test: setup-dev
	@ZEPHYR_LONG_TESTS=1 $(BIN)/python -m pytest tests/zephyr --ignore tests/zephyr/test_build.py

zephyr-build: setup-dev
	@ZEPHYR_LONG_TESTS=1 MICROTVM_PYTHON=$(MICROTVM_PYTHON) $(BIN)/python -m pytest -s tests/zephyr/test_build.py

zephyr-bench: setup-dev
	@$(BIN)/python -m bench zephyr --output build/zephyr-bench.json

# After a change of the boards' data; a test says when it is due.
boards-table: setup-dev
	@$(BIN)/python tests/support/boards_table.py

clean:
	rm -rf build $(VENV) $(VENV)-lowest $(VENV)-pytorch
