# Two commands do it all:  make app  opens the workbench,  make test  checks everything.
# Both first make what is missing of the environment; `make env` does just that.

VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.matches-the-lock
JOBS   ?= auto
PACKAGES := simulator reports workbench benchmarks

# The first of these that really is Python 3.11 or later; a command may exist and still refuse to start.
NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON     ?= $(shell for name in python3.11 python3 python; do \
	"$$name" -c '$(NEW_ENOUGH)' 2>/dev/null && { echo "$$name"; break; }; done)

.DEFAULT_GOAL := help
.PHONY: help env warm app test fast lint bench lock clean

help:
	@echo "make app     open the workbench in the browser"
	@echo "make test    check everything: style, types, layers, all tests"
	@echo "make fast    the tests that take seconds"
	@echo "make bench   the speed figures of the README"
	@echo "make lock    renew requirements.lock from pyproject.toml"
	@echo "make env     make or renew the environment in $(VENV)"

env: $(STAMP)

$(STAMP): requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "Caudal needs Python 3.11 or later, and none was found. \
	Install it, or name it: make env PYTHON=/path/to/python" >&2; exit 1; }
	@"$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null || { echo "$(PYTHON) cannot make environments. \
	On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	@echo "Bringing $(VENV) in line with requirements.lock: about a minute the first time."
	@test -x $(BIN)/pip || "$(PYTHON)" -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

# Compiled code is kept, so that nobody waits for it twice; Python's own too, which it may have been told not to keep.
warm: env
	@$(BIN)/python -m compileall -q $(PACKAGES)
	@$(BIN)/python -m simulator.engines.warm

app: warm
	$(BIN)/python -m streamlit run app.py

# pytest comes last, so that its closing lines (and why browser tests were skipped) are the last thing on the screen.
test: lint warm
	$(BIN)/python -m pytest -n $(JOBS) --dist worksteal

fast: warm
	$(BIN)/python -m pytest -q -m "not slow and not browser"

lint: env
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .
	$(BIN)/python -m mypy
	$(BIN)/lint-imports

# All of it, or `make bench PARTS="peers growth"`.
bench: warm
	$(BIN)/python -m benchmarks $(PARTS)

# Keeps the pins that still fit; `make lock UPGRADE=--upgrade` renews them. The lock names no host, so that it installs
# from whatever index pip is set up with.
lock:
	$(BIN)/python -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--custom-compile-command "make lock" --extra dev --output-file requirements.lock $(UPGRADE) pyproject.toml

clean:
	rm -rf $(VENV) build simulator/__pycache__/compiled-* *.egg-info .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
