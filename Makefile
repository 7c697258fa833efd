# make demo    installs into .venv and answers a situation
# make test    the same set-up, then style, types and tests
# make check   the same set-up, then the checks of the rules
#
# PYTHON chooses the interpreter, VENV the environment: make test PYTHON=python3.12 VENV=/elsewhere/env

VENV ?= .venv
SUITABLE := import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))
PYTHON ?= $(shell for each in python3 python3.13 python3.12 python3.11 python; do \
	if $$each -c "$(SUITABLE)" >/dev/null 2>&1; then echo $$each; break; fi; done)
PIP = "$(VENV)/bin/python" -m pip --disable-pip-version-check --quiet
DEMO = transcripts/arvenia-alone.md

.PHONY: demo test check clean

demo: $(VENV)/installed
	"$(VENV)/bin/advisor" advise $(DEMO)

test: $(VENV)/installed-dev
	"$(VENV)/bin/python" -m ruff check .
	"$(VENV)/bin/python" -m ruff format --check .
	"$(VENV)/bin/python" -m mypy
	"$(VENV)/bin/advisor" check
	"$(VENV)/bin/python" -m pytest -q -n auto --maxprocesses 4 --dist worksteal

check: $(VENV)/installed
	"$(VENV)/bin/advisor" check

clean:
	rm -rf "$(VENV)" dist

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "make: no Python 3.11, 3.12 or 3.13 with venv was found; name one: make demo PYTHON=/path/to/python3.12" >&2; exit 2; }
	@"$(PYTHON)" -c "$(SUITABLE)" || { echo "make: $(PYTHON) is not Python 3.11, 3.12 or 3.13 with venv" >&2; exit 2; }
	"$(PYTHON)" -m venv "$(VENV)"

# Installed in place, so that an edit to the program, a rule or a template counts at once.
$(VENV)/installed: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(PIP) install --constraint constraints.txt --editable .
	@touch "$@"

$(VENV)/installed-dev: $(VENV)/installed
	$(PIP) install --constraint constraints.txt --editable ".[dev]"
	@touch "$@"
