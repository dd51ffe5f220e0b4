# Every target sets up what it needs; the second time that costs nothing.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
RUNTIME := $(VENV)/.runtime
DEV := $(VENV)/.dev

.PHONY: help setup report test notebooks lint bench mutate kills same tamper lock

help:            ## what you can do here
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/'

setup: $(RUNTIME) ## install the library and what it runs on, hash-checked

report: $(RUNTIME) ## raw files -> reports/all/index.html
	$(BIN)/iww report

test: $(DEV)     ## unit tests, then the notebooks held against their outputs
	$(BIN)/pytest -n 2 --dist loadfile tests --nbval notebooks --ignore=notebooks/eigen

notebooks: $(RUNTIME) ## run the committed notebooks again on the synthetic demo
	$(BIN)/python -m docs.rerun

lint: $(DEV)     ## style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check iww_analysis iww_synthetic tests
	$(BIN)/mypy

bench: $(DEV)    ## speed, as ratios side by side (see benchmarks/results.md)
	$(BIN)/python -m benchmarks.run

mutate: $(DEV)   ## damage files in 1,000 ways per reader (see benchmarks/results.md)
	$(BIN)/python -m benchmarks.mutate

kills: $(DEV)    ## kill iww 300 times and let its disk fail (see benchmarks/results.md)
	$(BIN)/python -m benchmarks.kills

same: $(DEV)     ## make the report twice under other circumstances: the same bytes (see benchmarks/results.md)
	$(BIN)/python -m benchmarks.same

tamper: $(DEV)   ## alter a report in 250 ways: each is named by iww verify (see benchmarks/results.md)
	$(BIN)/python -m benchmarks.tamper

lock: $(DEV)     ## make both lock files again from pyproject.toml (needs uv)
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --extra build pyproject.toml -o requirements.lock
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --extra build --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(RUNTIME): $(VENV)/bin/python requirements.lock pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(DEV): $(RUNTIME) requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@
