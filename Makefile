# The developer's interface. `make` lists what there is.
#
# Everything happens in .venv, made from the locked versions in requirements/. The locks are used as
# pip *constraints*: pyproject.toml says what is needed, the locks say which version. They carry no
# hashes, because a hashed file must list every wheel of every platform and of Windows-only
# dependencies, which a lock made on one machine cannot see.

PYTHON ?= $(firstword $(foreach python,python3 python3.14 python3.13 python3.12 python3.11,\
  $(shell $(python) -c 'import sys; sys.version_info >= (3, 11) and print("$(python)")' 2>/dev/null)))

VENV := .venv
BIN  := $(VENV)/bin
PIP  := $(BIN)/python -m pip --disable-pip-version-check -qq
LOCK_VENV := .venv-lock

.DEFAULT_GOAL := help
.PHONY: help demo setup test lint types unit format docs site readme bench bench-fleet lock dist clean

help:                 ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(VENV)/.runtime   ## install, then scan a project that has every mistake of the checklist
	@$(BIN)/stockade scan examples/checklist-before --fail-on never

setup: $(VENV)/.dev   ## install the project and its development tools into .venv

test: lint types unit ## lint, types and tests: what CI runs

lint: $(VENV)/.dev    ## ruff: rules and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.dev   ## mypy, strict
	$(BIN)/mypy

unit: $(VENV)/.dev    ## the tests (some need STOCKADE_TERRAFORM and STOCKADE_TF_PLUGINS, see CONTRIBUTING.md)
	$(BIN)/pytest -n auto --maxprocesses 8 --dist loadfile --no-loadscope-reorder

format: $(VENV)/.dev  ## rewrite files as ruff would have them
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: $(VENV)/.dev    ## write docs/controls, and the tables of validation codes and of fixes
	$(BIN)/python -m scripts.build_docs
	$(BIN)/python scripts/build_validation_codes.py
	$(BIN)/python -m scripts.build_module
	$(BIN)/python -m scripts.build_libraries
	$(BIN)/python scripts/build_fixes.py
	$(BIN)/python scripts/build_live.py

site: $(VENV)/.dev    ## the documentation as a site, in build/site
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict --quiet --site-dir build/site

readme: $(VENV)/.dev  ## write the README's sample of output from a real run
	$(BIN)/python scripts/build_readme.py

bench: $(VENV)/.bench ## measure all that a version is held to, beside peers, and write the pages (slow)
	$(BIN)/python -m benchmarks.iam --write docs/iam/performance.md
	$(BIN)/python -m benchmarks.terraform --by-local --write docs/performance.md
	$(BIN)/python -m benchmarks.targets --large --checkov .venv-checkov --write docs/performance.md

bench-fleet: $(VENV)/.bench ## measure a fleet: made organisations, kills, ten million findings, Checkov (hours)
	$(BIN)/python -m benchmarks.fleet --sizes 1000,3000,10000,30000,100000 --minutes 180 --write docs/fleet.md
	$(BIN)/python -m benchmarks.fleet --killed 10000 --parts 1000
	$(BIN)/python -m benchmarks.posture --findings 10000000 --pieces 2000
	$(BIN)/python -m benchmarks.repositories --made 20

dist: $(VENV)/.dev    ## build the wheel and the source archive into dist/
	$(BIN)/hatchling build -d dist

clean:                ## remove everything that make made
	rm -rf $(VENV) $(LOCK_VENV) .venv-checkov dist .mypy_cache .pytest_cache .ruff_cache .hypothesis

# ------------------------------------------------------------------------------------ environments
# A stamp per environment, newer than the files that decide it: nothing happens when nothing changed.

$(VENV)/.python:
	@test -n "$(PYTHON)" || { echo "stockade needs Python 3.11 or newer; say which with: make PYTHON=/path/to/python3" >&2; exit 1; }
	@echo "making $(VENV) with $$($(PYTHON) --version)" >&2
	@$(PYTHON) -m venv $(VENV)
	@touch $@

# pip itself first: the one that comes with Python may be too old for what follows. The project is
# built by the pinned hatchling in the environment, so that no unlocked copy of it is downloaded.
$(VENV)/.build: $(VENV)/.python requirements/build.txt
	@$(PIP) install --upgrade -r requirements/build.txt
	@touch $@

$(VENV)/.runtime: $(VENV)/.build requirements/runtime.txt pyproject.toml
	@echo "installing stockade" >&2
	@$(PIP) install --no-build-isolation -c requirements/runtime.txt -e .
	@$(BIN)/python -m compileall -q src   # quick starts also where Python is told to write no bytecode
	@touch $@

$(VENV)/.dev: $(VENV)/.runtime requirements/dev.txt
	@echo "installing the development tools" >&2
	@$(PIP) install -c requirements/dev.txt --group dev
	@touch $@

$(VENV)/.bench: $(VENV)/.dev
	@$(PIP) install -c requirements/dev.txt --group benchmark
	@touch $@

# ------------------------------------------------------------------------------------------- locks
# A fresh environment each time, so that nothing left over is locked. Review the difference.

LOCK_PIP := $(LOCK_VENV)/bin/python -m pip --disable-pip-version-check -qq
FROZEN   := $(LOCK_PIP) freeze --all --exclude setuptools --exclude stockade

lock:                 ## renew requirements/*.txt: the newest versions that pyproject.toml allows
	rm -rf $(LOCK_VENV)
	$(PYTHON) -m venv $(LOCK_VENV)
	$(LOCK_PIP) install --upgrade pip hatchling editables
	{ echo "# Made by \`make lock\`: pip, and what builds the project."; $(FROZEN); } > requirements/build.txt
	$(LOCK_PIP) install --no-build-isolation -e .
	{ echo "# Made by \`make lock\`: what stockade runs on."; $(FROZEN) | grep -vxFf requirements/build.txt; } > requirements/runtime.txt
	$(LOCK_PIP) install --group dev --group benchmark
	{ echo "# Made by \`make lock\`: everything a developer has."; $(FROZEN); } > requirements/dev.txt
	rm -rf $(LOCK_VENV)
