# Gongkai: `make demo` shows it, `make test` checks it. Everything installs itself; run `make help`.
SHELL := /bin/bash
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
CATALOGS := $(patsubst %.po,%.mo,$(shell find core plugins -name '*.po'))

# Tests start the program a hundred times: it is compiled once.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help demo test lint fix bench bench-nation soak i18n build system clean

help: ## Show the targets
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

demo: $(VENV)/.run build ## Install, load the demonstration county, serve it (PORT=8000)
	$(BIN)/gongkai demo --port $(PORT)

test: system $(VENV)/.dev build ## Run every test, on SQLite and PostgreSQL, in a real browser too
	$(BIN)/pytest -n $$(nproc) --dist worksteal -m "not alone"
	$(BIN)/pytest -m alone

lint: $(VENV)/.dev ## Check style, types and architecture
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	PYTHONPATH=. $(BIN)/lint-imports --no-cache
	$(BIN)/djlint core plugins frontend/templates --lint --quiet
	$(BIN)/codespell core plugins migrations tests docs README.md CHANGELOG.md

fix: $(VENV)/.dev ## Mend what can be mended automatically
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/.dev build ## Timings, as ratios within one run (kept in var/bench)
	$(BIN)/python -m tests.bench

bench-nation: $(VENV)/.dev build ## The whole country imported, and what its size costs a village
	$(BIN)/python -m tests.bench nation

soak: $(VENV)/.dev build ## Every soak test at full length (an hour and a half; docs/soak.md)
	$(BIN)/python -m tests.soak

i18n: $(VENV)/.dev ## Bring the message catalogs up to date with the sources
	$(BIN)/python -m core.testing.catalogs

build: frontend/dist/manifest.json $(CATALOGS) | $(VENV)/.run ## Build the front end, the message catalogs, the bytecode
	@$(BIN)/python -m compileall -q core plugins

%.mo: %.po | $(VENV)/.run
	$(BIN)/pybabel -q compile --use-fuzzy -i $< -o $@

FRONTEND := $(shell find frontend -path frontend/node_modules -prune -o -path frontend/dist -prune -o -type f -print)
frontend/dist/manifest.json: $(FRONTEND)
	@command -v npm >/dev/null || { echo "npm is missing: install Node.js 20"; exit 1; }
	cd frontend && npm ci --ignore-scripts --no-audit --no-fund && npm run build

system: ## Install what tests need from Debian (deploy/debian-packages.txt)
	@deploy/install-debian-packages

$(VENV)/bin/python:
	@command -v $(PYTHON) >/dev/null || { echo "$(PYTHON) is missing: install Python 3.11"; exit 1; }
	@$(PYTHON) -c "import venv, ensurepip" 2>/dev/null || deploy/install-debian-packages
	$(PYTHON) -m venv $(VENV)

# The package's data must be there when it is installed: the front end comes first.
$(VENV)/.run: requirements.lock pyproject.toml | $(VENV)/bin/python frontend/dist/manifest.json
	$(BIN)/pip install --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --disable-pip-version-check --no-deps --no-build-isolation -q -e .
	@touch $@

$(VENV)/.dev: requirements-dev.lock pyproject.toml | $(VENV)/.run
	$(BIN)/pip install --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

clean: ## Remove everything that was built or installed
	rm -rf $(VENV) var frontend/node_modules frontend/dist
