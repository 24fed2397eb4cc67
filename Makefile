# The doors for people who run or change Family Voice. `make run` and `make test` need only
# Python 3.11+ and make; everything is installed into .venv.
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
BROWSER := $(shell command -v chromium-headless-shell || command -v chromium || command -v chromium-browser)

.PHONY: setup run test check soak bench messages screenshots contact-sheet wheel clean

setup: .venv/run

run: .venv/run
	$(BIN)/family-voice demo

.venv/run: pyproject.toml hatch_build.py package-lock.json $(wildcard assets/styles/*.scss)
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check -e .
	@touch $@

.venv/test: .venv/run package-lock.json
	$(BIN)/pip install --quiet --disable-pip-version-check -e '.[dev]'
	$(BIN)/python assets/build_styles.py --checks
ifeq ($(BROWSER),)
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq \
	    chromium-headless-shell || apt-get install -y -qq chromium; \
	else $(BIN)/playwright install --only-shell chromium; fi
endif
	@touch $@

check: .venv/test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/mypy

test: check
	$(BIN)/pytest -q -n auto --dist loadfile --no-loadscope-reorder

# The long proofs, on both databases: one table, and a status that is not zero if anything was lost.
soak: .venv/test
	$(BIN)/python -m tests.proofs --write docs/reliability.md

.venv/bench: .venv/test
	$(BIN)/pip install --quiet --disable-pip-version-check -e '.[bench]'
	@touch $@

bench: .venv/bench
	$(BIN)/python -m benchmarks --but linking --write docs/performance.md
	$(BIN)/python -m benchmarks --only linking --write docs/linking.md

# Every sentence that people read, into the catalogue that translators work from.
messages: .venv/run
	$(BIN)/python assets/extract_messages.py

screenshots: .venv/test
	$(BIN)/python -m docs.screenshots

# The main journey in every language on one sheet, to be looked at.
contact-sheet: .venv/test
	$(BIN)/python -m docs.contact_sheet

wheel: .venv/run
	$(BIN)/pip wheel --quiet --no-deps --wheel-dir dist .

clean:
	rm -rf dist build static/built .venv node_modules
