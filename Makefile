# Every target sets up what it needs; the second time that costs nothing.
# The first of these that is there, runs and fits; `make PYTHON=...` takes another.
PYTHONS := python3.13 python3.12 python3.11 python3 python
FITS := import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))
PYTHON ?= $(shell for each in $(PYTHONS); do $$each -c "$(FITS)" 2>/dev/null && echo $$each && break; done)
VENV := .venv
BIN := $(VENV)/bin
RUNTIME := $(VENV)/.runtime
DEV := $(VENV)/.dev

.PHONY: help setup report test notebooks long lint bench mutate kills same tamper wheel strangers lock

help:            ## what you can do here
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/'

setup: $(RUNTIME) ## install the library and what it runs on, hash-checked

report: $(RUNTIME) ## raw files -> reports/all/index.html
	$(BIN)/iww report

test: $(DEV)     ## unit tests, then the notebooks held against their outputs
	$(BIN)/pytest -n 3 --dist loadfile --no-loadscope-reorder --nbval notebooks tests --ignore=notebooks/eigen

long: $(DEV)     ## the tests of which `make test` takes a sample (see benchmarks/results.md)
	$(BIN)/pytest -n 2 --dist loadfile -m long tests

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

wheel: $(DEV)    ## install the wheel in an empty folder and go the whole way, on each Python that is there
	$(BIN)/python -m benchmarks.wheel

tamper: $(DEV)   ## alter a report in 250 ways: each is named by iww verify (see benchmarks/results.md)
	$(BIN)/python -m benchmarks.tamper

strangers: $(DEV) ## try the files of 200 municipalities that nobody here has seen (see benchmarks/results.md)
	$(BIN)/python -m benchmarks.strangers

lock: $(DEV)     ## make both lock files again from pyproject.toml (needs uv)
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --extra build pyproject.toml -o requirements.lock
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --extra build --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "Geen Python 3.11, 3.12 of 3.13 gevonden: installeer er een (python.org), of geef hem: make PYTHON=/pad/naar/python." \
		"/ No Python 3.11, 3.12 or 3.13 found: install one (python.org), or name it: make PYTHON=/path/to/python." >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(RUNTIME): $(VENV)/bin/python requirements.lock pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(DEV): $(RUNTIME) requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@
