# Everything here is safe to repeat. Needs Python 3.11 or later and make; all else is installed into .venv.
PYTHON ?= python3
# Relative on purpose: a path with spaces must not reach make as a word.
BIN := .venv/bin
UI_PORT ?= 3000

.PHONY: help run test test-all test-scale lint format bench ui clean env-run env-dev env-bench env-scale

help:
	@echo "make run       build the warehouse from raw/"
	@echo "make ui        Dagster's web server and daemon on this project (UI_PORT=$(UI_PORT))"
	@echo "make test      the tests that need nothing but Python"
	@echo "make test-all  those, the ones that need a browser or minutes, and test-scale (first: sudo requirements/system.sh)"
	@echo "make test-scale  the tests with a Dask cluster, a PostgreSQL and an object store, in .venv/scale"
	@echo "make lint      ruff, format, types"
	@echo "make bench     the benchmarks, one table"

run: env-run
	@$(BIN)/python -m assets build $(ARGS)

ui: env-run
	@$(BIN)/python -m assets ui --port $(UI_PORT)

test: env-dev
	$(BIN)/python -m pytest -n 2 -m "not slow and not browser" $(ARGS)

test-all: test
	$(BIN)/python -m pytest -m "(slow or browser) and not scale" $(ARGS)
	@$(MAKE) --no-print-directory test-scale

test-scale: env-scale
	.venv/scale/bin/python -m pytest -m scale $(ARGS)

lint: env-dev
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .
	$(BIN)/python -m mypy

format: env-dev
	$(BIN)/python -m ruff check --fix .
	$(BIN)/python -m ruff format .

bench: env-bench
	.venv/bench/bin/python -m benchmarks $(ARGS)

clean:
	rm -rf .venv

env-run env-dev env-bench env-scale: env-%:
	@PYTHON="$(PYTHON)" sh requirements/environment.sh $*
