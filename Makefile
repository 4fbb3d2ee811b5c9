# Needs python3 (3.11 or newer) and make; everything else is fetched into this folder.

PYTHON ?= python3
UV_VERSION := 0.13.9
TOOLS := .tools/uv-$(UV_VERSION)
UV := $(TOOLS)/bin/uv
BIN := .venv/bin
SYNCED := .venv/.synced
PIP_FLAGS := --quiet --disable-pip-version-check --root-user-action=ignore

export UV_SYSTEM_CERTS := 1
unexport PYTHONDONTWRITEBYTECODE VIRTUAL_ENV PYTHONHOME PYTHONPATH

.DEFAULT_GOAL := help
.PHONY: help run test check format bench chaos migration schema clean
.DELETE_ON_ERROR:

help: ## Show this
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(SYNCED) ## Start Waymark here: services, PostgreSQL, NATS and a demo company
	@exec $(BIN)/waymark up

test: $(SYNCED) ## Run all tests; args="-k name" for some
	@$(BIN)/pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder $(args)

check: $(SYNCED) ## Format, lint, types, imports, drift, then the tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/waymark schema --check
	@$(MAKE) --no-print-directory test

format: $(SYNCED) ## Format and fix what can be fixed
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(SYNCED) ## Measure; the figures belong in tests/bench/README.md
	@$(BIN)/python -m tests.bench $(args)

chaos: $(SYNCED) ## Break everything for some minutes; prove that nothing is lost or doubled
	@$(BIN)/python -m tests.chaos $(args)

migration: $(SYNCED) ## Draft a migration: service=profile name="add a table"
	@test -n "$(service)" && test -n "$(name)" || { echo 'usage: make migration service=profile name="add a table"'; exit 2; }
	@$(BIN)/python -m deploy.local.drafting "$(service)" "$(name)"

schema: $(SYNCED) ## Write the GraphQL schema and the OpenAPI documents
	@$(BIN)/waymark schema

clean: ## Remove what make made; the data in .waymark stays
	rm -rf .venv .tools .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(SYNCED): pyproject.toml uv.lock | $(UV)
	@echo "Installing the locked packages into .venv ..."
	@$(UV) sync --quiet --frozen --all-extras --group test --python "$(PYTHON)"
	@touch $@

$(UV):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Waymark needs Python 3.11 or newer: make PYTHON=/path/to/python3.11 ..."; exit 1; }
	@echo "Fetching uv $(UV_VERSION) into $(TOOLS) ..."
	@if $(PYTHON) -m pip --version >/dev/null 2>&1; then \
		$(PYTHON) -m pip install $(PIP_FLAGS) --target $(TOOLS) uv==$(UV_VERSION); \
	elif $(PYTHON) -m venv .tools/pip >/dev/null 2>&1; then \
		.tools/pip/bin/python -m pip install $(PIP_FLAGS) --target $(TOOLS) uv==$(UV_VERSION); \
	else \
		rm -rf .tools/pip; \
		echo "$(PYTHON) has neither pip nor venv. Install one (Debian: apt install python3-pip)," \
			"or name an uv you have: make UV=/path/to/uv ..."; exit 1; \
	fi
