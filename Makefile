# Needs python3 (3.11 to 3.14) with venv and pip; everything else is installed into .venv from requirements.lock.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.synced

.DEFAULT_GOAL := help
.PHONY: help setup demo up test check bench lock columns

help:  ## list the targets
	@awk -F':.*## ' '/^[a-z]+:.*## /{printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(VENV)/bin/uv:
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv

$(STAMP): $(VENV)/bin/uv requirements.lock pyproject.toml
	@echo "Installing the locked dependencies into $(VENV) (about 1.1 GB, a minute or two) ..."
	$(BIN)/uv pip sync --quiet --python $(BIN)/python --compile-bytecode requirements.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $(STAMP)

setup: $(STAMP)  ## make .venv and install the locked dependencies

demo: $(STAMP)  ## start everything, fed by the bundled newsroom
	$(BIN)/writethru demo

up: $(STAMP)  ## start everything, following the feeds of feeds.opml
	$(BIN)/writethru up

test: $(STAMP)  ## run every test, in two processes, each on an embedded Postgres of its own
	$(BIN)/python -m pytest --numprocesses 2

check: $(STAMP)  ## lint, format, strict types, import contract
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(STAMP)  ## run all benchmarks and compare with the committed baselines
	$(BIN)/python -m benchmarks

lock: $(VENV)/bin/uv  ## resolve requirements.lock anew
	$(BIN)/uv pip compile --quiet --upgrade --universal --generate-hashes --no-header --no-annotate --extra celery --extra notebook --group dev pyproject.toml --output-file requirements.lock

columns: $(STAMP)  ## write docs/columns.md from the comments in the schema
	$(BIN)/python docs/make_columns.py
