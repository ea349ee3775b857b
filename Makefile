# Everything here is safe to repeat. Needs Python 3.11 or later and make; all else is installed into .venv.
PYTHON ?= python3
# Relative on purpose: a path with spaces must not reach make as a word.
BIN := .venv/bin
UI_PORT ?= 3000

.PHONY: help run test test-all lint format bench ui clean

help:
	@echo "make run       build the warehouse from raw/"
	@echo "make ui        Dagster's web server and daemon on this project (UI_PORT=$(UI_PORT))"
	@echo "make test      the tests that need nothing but Python"
	@echo "make test-all  those and the ones that need a browser, servers or minutes (first: sudo requirements/system.sh)"
	@echo "make lint      ruff, format, types"
	@echo "make bench     the benchmarks, one table"

run: .venv/run.stamp
	@$(BIN)/python -m assets build $(ARGS)

ui: .venv/run.stamp
	@$(BIN)/python -m assets ui --port $(UI_PORT)

test: .venv/dev.stamp
	$(BIN)/python -m pytest -m "not slow and not browser" $(ARGS)

test-all: test
	$(BIN)/python -m pytest -m "slow or browser" $(ARGS)

lint: .venv/dev.stamp
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .
	$(BIN)/python -m mypy

format: .venv/dev.stamp
	$(BIN)/python -m ruff check --fix .
	$(BIN)/python -m ruff format .

bench: .venv/dev.stamp
	$(BIN)/python -m benchmarks $(ARGS)

clean:
	rm -rf .venv

# A stamp names the folder that it was made in: an environment does not survive being moved.
.venv/%.stamp: requirements/%.lock pyproject.toml requirements/environment.sh
	@PYTHON="$(PYTHON)" sh requirements/environment.sh $*

ifneq ($(shell cat .venv/folder 2>/dev/null),$(CURDIR))
.PHONY: .venv/run.stamp .venv/dev.stamp
endif
