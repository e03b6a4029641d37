# Every target makes the virtual environment and installs what it needs by itself.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: help demo run test slow lint check bench clean
.DEFAULT_GOAL := help

help:  ## what there is to make
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "digestbot needs Python 3.11 or newer: make PYTHON=python3.11 …")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $@

demo: $(STAMP)  ## a chat page on this machine with a real bot in it: no token needed
	$(BIN)/digestbot demo

run: $(STAMP)  ## the bot itself; needs DIGESTBOT_TELEGRAM_TOKEN
	$(BIN)/digestbot run

test: $(STAMP)  ## the tests, without the slow ones
	$(BIN)/pytest -n 2 -m "not slow"

slow: $(STAMP)  ## the slow tests: kills, fuzzing, simulated month
	$(BIN)/pytest -n 2 -m slow

lint: $(STAMP)  ## style, types, import rules, Dockerfile
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/hadolint Dockerfile

check: lint test slow  ## everything CI runs

bench: $(STAMP)  ## speed and quality, against peers
	$(BIN)/python -m benchmarks

clean:  ## remove the virtual environment and caches
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis build dist
