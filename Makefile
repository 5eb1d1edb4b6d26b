# What to type. Needs Python 3.11 or newer, make, and a package index; everything else is made here.

PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python
CARILLON := $(VENV)/bin/carillon
READY := $(VENV)/.ready
# A file's tests share a database; the slow files come first, in the order in which they are collected.
SIDE_BY_SIDE := -n 4 --dist loadfile --no-loadscope-reorder

# Some machines forbid bytecode; it makes a second start faster.
unexport PYTHONDONTWRITEBYTECODE
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help demo dev test test-pooled chaos check bench venv db-install db-init db-reset db-schema db-seed

help:
	@echo "make demo           play the story of every finished system on this machine, then stay up"
	@echo "make demo ONCE=1    the same, and end; exit code 0 only if every step arrived"
	@echo "make dev            everything up, nothing played, the database kept"
	@echo "make test           all tests"
	@echo "make test-pooled    those in which functions meet a database, but the slow ones, again through PgBouncer"
	@echo "make chaos          kills, frozen processes, lost answers: those tests alone, with their figures"
	@echo "make check          lint, format, types, imports"
	@echo "make bench          all benchmarks; one: make bench NAME=ingest"
	@echo "make venv           the environment alone; also as make db-install"
	@echo "make db-init        the database of .env anew: db-reset, db-schema, db-seed; YES=1 does not ask"
	@echo
	@echo "PYTHON=python3.12 chooses a Python; DATABASE_URL=postgresql://... a Postgres (15 or newer) of yours."

demo: $(READY)
	@$(RUN) -m infra.demo.run $(if $(ONCE),--once)

dev: $(READY)
	@$(RUN) -m infra.demo.dev

# Whoever measures how long a recovery takes should not share the machine with three others: the chaos suite goes by itself.
test: $(READY)
	@$(RUN) -m pytest $(SIDE_BY_SIDE) --ignore tests/chaos $(ARGS)
	@$(RUN) -m pytest -n 2 --dist loadfile tests/chaos

# Those of the functions: commands are typed by people, who have the direct address. Chaos, too: make chaos ARGS=--pooled
test-pooled: $(READY)
	@if PATH="$$PATH:/usr/sbin" command -v pgbouncer >/dev/null; then \
		$(RUN) -m pytest $(SIDE_BY_SIDE) --pooled -m 'not slow' --ignore tests/chaos --ignore tests/infra $(ARGS); \
	else \
		echo "SKIPPED test-pooled: pgbouncer is not installed. On Debian and Ubuntu: apt install pgbouncer"; \
	fi

chaos: $(READY)
	@$(RUN) -m pytest tests/chaos $(ARGS)

check: $(READY)
	$(VENV)/bin/ruff check
	$(VENV)/bin/ruff format --check
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports

bench: $(READY)
	@$(RUN) -m tests.benchmarks $(NAME)

venv db-install: $(READY)

# One after the other, also with -j; whoever says no to the first hears nothing of the others.
db-init: $(READY)
	@$(CARILLON) db reset $(if $(YES),--yes)
	@$(CARILLON) db schema
	@$(CARILLON) db seed

db-reset: $(READY)
	@$(CARILLON) db reset $(if $(YES),--yes)

db-schema db-seed: $(READY)
	@$(CARILLON) db $(@:db-%=%)

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Carillon needs Python 3.11 or newer as $(PYTHON). Install one, or say: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "This Python cannot make environments. On Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
	@echo "Making the environment in $(VENV) (once; about a minute) ..."
	@$(PYTHON) -m venv $(VENV)
	@$(RUN) -m pip install -qq -c constraints.txt -e '.[dev]'
	@touch $@
