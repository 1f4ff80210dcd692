# What needs nothing but Python 3.11 or later, and make. `make demo` shows it, `make test` proves it.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

# One more than there are cores: many tests wait for a server or a disk.
WORKERS := $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)
# Where tests put their ledgers: in memory where that can be, for a commit waits for the disk.
SCRATCH := $(shell test -w /dev/shm && echo /dev/shm || echo $${TMPDIR:-/tmp})

.DEFAULT_GOAL := help
.PHONY: help demo test test-browser lint types imports unit docs wheel test-long test-cluster pictures bench reference golden lock clean

help: ## what there is to make
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 14

demo: $(READY) ## record the IIJ history and show what comes out
	@PATH="$(CURDIR)/$(BIN):$$PATH" sh docs/cases/iij/demo.sh

test: $(READY) ## everything; what CI runs
	@$(MAKE) --jobs=2 --output-sync=target lint types imports docs wheel
	@$(MAKE) unit

lint: $(READY) ## format and house rules
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(READY) ## mypy --strict, tests included
	$(BIN)/mypy

imports: $(READY) ## imports point one way
	$(BIN)/lint-imports

# Hundreds of processes are started: each compiles every module where the machine keeps no bytecode.
unit: $(READY) ## the tests
	TMPDIR=$(SCRATCH) PYTHONDONTWRITEBYTECODE= \
	  $(BIN)/pytest --numprocesses=$(WORKERS) --ignore=tests/browser tests

test-browser: $(READY) ## the report page in a real Chromium; installs Debian's where there is none
	sh tests/browser/chromium.sh
	$(BIN)/pytest tests/browser

docs: $(READY) ## README and every page under docs, executed
	$(BIN)/pytest README.md docs

wheel: $(READY) ## the built wheel, without the tools of development
	sh tests/wheel.sh "$(PYTHON)" "$(BIN)"

test-long: $(READY) ## the properties and the state machine, many times as long
	HYPOTHESIS_PROFILE=long $(BIN)/pytest --numprocesses=auto --ignore=tests/browser tests

test-cluster: $(READY) ## three PostgreSQL nodes whose leader is killed (minutes; installs them)
	$(BIN)/pytest --capture=no tests/cluster/failover.py

bench: $(READY) ## every speed goal, in ratios (minutes)
	$(BIN)/python -m benchmarks.run

reference: $(READY) ## renew what the docs take from the code: commands, events, rules
	$(BIN)/python tests/reference.py docs/events.md docs/rules.md
	$(BIN)/python tests/reference.py > docs/reference.md

golden: $(READY) ## add a golden line of an event: make golden EVENT=DividendResolved
	$(BIN)/python -m tests.golden_line $(EVENT)

pictures: $(READY) ## renew the pictures of docs/pictures.md (needs Chromium and pngquant)
	$(BIN)/python -m tests.browser.pictures docs/pictures

lock: ## renew requirements.lock (needs uv)
	uv pip compile pyproject.toml --universal --python-version 3.11 --upgrade --generate-hashes \
	  --group test --group browser --group lint --group build --no-header --no-emit-index-url \
	  --output-file requirements.lock

clean: ## forget the environment and every cache
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "capital needs Python 3.11 or later: make PYTHON=/path/to/python3"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes \
	  --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps \
	  --no-build-isolation --editable .
	@touch $@
