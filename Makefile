# Needs only make, Python 3.11 or newer and a network. No root: everything goes into .venv.
# Another Python: make test PYTHON=python3.12
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# npm on the Node.js that a Python package brings.
FRONT := $(BIN)/python frontend/npm.py
FRONT_SOURCES := frontend/package.json frontend/package-lock.json $(filter-out %.test.ts,$(wildcard frontend/*.ts frontend/bulletin/*.ts frontend/bulletin/*/*.ts))
SHARED ?= ../shared/data
POSTGRES_URL ?= postgres://postgres@127.0.0.1:5432/haq

.PHONY: help demo pictures test test-postgres prove check format bench lock clean
.DEFAULT_GOAL := help

help:  ## say what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-14s %s\n", $$1, $$2}' Makefile

demo: $(VENV)/.core  ## make a synthetic Kazakh election, check it, build its site and serve it
	@$(BIN)/haq check examples/kazakhstan-2021 --site out/demo
	@$(BIN)/haq bulletin serve out/demo

pictures: $(VENV)/.dev  ## make the pictures of the README again (SHARED: folder of the real elections)
	@$(BIN)/python docs/pictures/make.py $(SHARED)

test: $(VENV)/.dev tests/journeys/node_modules/.package-lock.json  ## run all tests, with a small slice of the long simulations
	@$(FRONT) run --silent test
	@$(BIN)/pytest

test-postgres: $(VENV)/.dev  ## run the application's tests on PostgreSQL (POSTGRES_URL)
	@DATABASE_URL="$(POSTGRES_URL)" $(BIN)/pytest tests/web $(wildcard tests/journeys/web)

prove: $(VENV)/.dev  ## run the long simulations and the fuzzing in full (minutes)
	@HAQ_PROVE=1 $(BIN)/pytest -m prove

check: $(VENV)/.dev frontend/node_modules/.package-lock.json  ## check format, style, types, contracts and the application's own rules
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(FRONT) run --silent check
	@HAQ_DEBUG=1 $(BIN)/python -m haq_web check --fail-level WARNING
	@HAQ_DEBUG=1 DATABASE_URL=sqlite:///:memory: $(BIN)/python -m haq_web makemigrations --check --dry-run

format: $(VENV)/.dev  ## bring the code into shape
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: $(VENV)/.bench  ## run all benchmarks and print their ratios
	@$(BIN)/python benchmarks/run.py

# The widest set is resolved first; the others follow its versions, so that they fit on top of each other.
COMPILE = $(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-annotate --custom-compile-command "make lock" \
	pyproject.toml --group build

lock: $(VENV)/.dev  ## bring requirements/*.txt up to date with pyproject.toml
	@$(COMPILE) --extra web --extra dev --extra oracles --group peers -o requirements/bench.txt
	@$(COMPILE) --extra web --extra dev --extra oracles -c requirements/bench.txt -o requirements/dev.txt
	@$(COMPILE) --extra web -c requirements/bench.txt -o requirements/web.txt
	@$(COMPILE) -c requirements/bench.txt -o requirements/core.txt

clean:  ## remove everything that was made
	@rm -rf $(VENV) frontend/node_modules tests/journeys/node_modules frontend/dist src/haq/bulletin/assets/*.js \
		build dist out play found benchmarks/results.json \
		.pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	@find src tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +
	@find src -name '*.mo' -delete

$(BIN)/python:
	@command -v "$(PYTHON)" >/dev/null || \
		{ echo "haq needs Python 3.11 or newer, and there is no '$(PYTHON)'. Name yours: make ... PYTHON=python3.12" >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
		{ echo "haq needs Python 3.11 or newer; $(PYTHON) is $$("$(PYTHON)" -V 2>/dev/null || echo something else). Name a newer one: make ... PYTHON=python3.12" >&2; exit 1; }
	@"$(PYTHON)" -c 'import venv, ensurepip' 2>/dev/null || \
		{ echo "$(PYTHON) lacks venv. Install it (Debian and Ubuntu: the package python3-venv) and try again." >&2; exit 1; }
	@"$(PYTHON)" -m venv $(VENV)

frontend/node_modules/.package-lock.json: frontend/package-lock.json | $(VENV)/.dev
	@$(FRONT) ci --ignore-scripts --silent
	@touch $@

# What the browser tests check pages with.
tests/journeys/node_modules/.package-lock.json: tests/journeys/package-lock.json | $(VENV)/.dev
	@$(FRONT) ci --ignore-scripts --silent --prefix ../tests/journeys
	@touch $@

# A stamp each: .venv/.core, .venv/.dev, .venv/.bench, .venv/.web. A changed lock, pyproject.toml or
# translation installs again.
$(VENV)/.%: requirements/%.txt pyproject.toml hatch_build.py $(FRONT_SOURCES) $(wildcard src/*/locale/*/LC_MESSAGES/*.po src/*/*/locale/*/LC_MESSAGES/*.po) | $(BIN)/python
	@echo "Installing requirements/$*.txt into $(VENV) (the first time takes a minute or two) ..." >&2
	@$(BIN)/python -m pip --disable-pip-version-check install --quiet --require-hashes -r requirements/$*.txt
	@$(BIN)/python -m pip --disable-pip-version-check install --quiet --no-deps --no-build-isolation -e .
	@$(BIN)/python -m pip --disable-pip-version-check check >/dev/null || \
		{ echo "requirements/$*.txt do not fit pyproject.toml: run make lock." >&2; exit 1; }
	@touch $@
