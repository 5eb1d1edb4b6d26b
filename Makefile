# What to type. Needs Python 3.11 or newer, make, and a package index; everything else is made here.

PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python
CARILLON := $(VENV)/bin/carillon
# Each has a file that says it is installed. The demo needs a part of what the tests need, the command a part of that.
TOOLS := $(VENV)/.tools
DEMO := $(VENV)/.demo
DEV := $(VENV)/.dev
INSTALLED_tools := tools
INSTALLED_demo := tools demo
INSTALLED_dev := tools demo dev
# Only what was typed with the command: a variable of the environment is nobody's word for emptying a database.
NAMED = $(if $(filter command,$(origin DATABASE)),--database "$(DATABASE)")
UV := VIRTUAL_ENV=$(VENV) $(VENV)/bin/uv pip
LOCK := $(UV) compile -q --universal --python-version 3.11 --generate-hashes --no-annotate --custom-compile-command "make lock"
# A file's tests share a database; the slow files come first, in the order in which they are collected.
SIDE_BY_SIDE := -n 4 --dist loadfile --no-loadscope-reorder

# Some machines forbid bytecode; it makes a second start faster.
unexport PYTHONDONTWRITEBYTECODE
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help demo dev test test-again test-pooled test-oldest standins chaos broadcast-kills histories check bench openapi pictures previews function package package-gcp package-yandex venv lock db-install db-init db-reset db-schema db-seed

help: ## what can be typed
	@sed -n 's/^\([a-z][a-z -]*\):.*## \(.*\)/\1|\2/p' $(MAKEFILE_LIST) | while IFS='|' read -r name text; do \
		printf 'make %-18s %s\n' "$$name" "$$text"; done
	@echo
	@echo "PYTHON=python3.12 chooses a Python; DATABASE_URL=postgresql://... a Postgres (15 or newer) of yours."

demo: $(DEMO) ## play each story, or CHAPTER=support, then stay up; ONCE=1 ends, HAND=1 leaves the stories to the page
	@$(RUN) -m infra.demo.run $(if $(ONCE),--once) $(if $(HAND),--by-hand) $(if $(CHAPTER),--chapter $(CHAPTER)) $(NAMED)

dev: $(DEMO) ## everything up, nothing played, database and chats kept
	@$(RUN) -m infra.demo.dev $(NAMED)

# Whoever measures how long a recovery takes should not share the machine with all others: the chaos suite goes by itself.
test: $(DEV) ## all tests
	@$(RUN) -m pytest $(SIDE_BY_SIDE) --ignore tests/chaos $(ARGS)
	@$(RUN) -m pytest -n 2 --dist loadfile tests/chaos

test-again: $(DEV) ## whether the few tests that failed beside all others fail alone, too; then chaos
	@$(RUN) -m tests.helpers.flaky
	@$(RUN) -m pytest -n 2 --dist loadfile tests/chaos

# Those of the functions: commands are typed by people, who have the direct address. Chaos, too: make chaos ARGS=--pooled
test-pooled: $(DEV) ## those in which functions meet a database, but the slow ones, again through PgBouncer
	@if PATH="$$PATH:/usr/sbin" command -v pgbouncer >/dev/null; then \
		$(RUN) -m pytest $(SIDE_BY_SIDE) --pooled -m 'not slow' --ignore tests/chaos --ignore tests/infra $(ARGS); \
	else \
		echo "SKIPPED test-pooled: pgbouncer is not installed. On Debian and Ubuntu: apt install pgbouncer"; \
	fi

test-oldest: $(DEV) ## statements, migrations and walls on Postgres 15, if it is installed; ARGS="tests/..." others
	@$(RUN) -m tests.helpers.oldest_postgres $(ARGS)

standins: $(DEV) ## strangers' suites and clients against the sandbox; one of them: ARGS=aiogram
	@$(RUN) -m tests.standins $(ARGS)

chaos: $(DEV) ## kills, frozen processes, lost answers: those tests alone, with their figures
	@$(RUN) -m pytest tests/chaos $(ARGS)

broadcast-kills: $(DEV) ## dispatchers that are killed in the middle of a broadcast to N=10000 people, with its figures
	@BROADCAST_PEOPLE=$(or $(N),10000) $(RUN) -m pytest -q -s tests/functions/dispatch_notifications/courses/test_killed.py

histories: $(DEV) ## what dispatchers, gateways and people may do, in any order: N=100000 histories; SEED=1 the same again
	@HISTORIES=$(or $(N),1000) HISTORIES_SEED=$(SEED) $(RUN) -m pytest tests/functions/dispatch_notifications/histories $(ARGS)

# mypy keeps one processor busy for most of a minute. Beside it the tests are collected: four workers would each compile
# them, and whatever is wrong with them they will say.
check: $(DEV) ## lint, format, types, imports, migrations
	$(VENV)/bin/ruff check
	$(VENV)/bin/ruff format --check
	@$(VENV)/bin/squawk migrations/versions/*.up.sql
	@$(VENV)/bin/squawk --no-assume-in-transaction migrations/versions/*.concurrently.sql
	@$(VENV)/bin/mypy & types=$$!; \
		$(VENV)/bin/lint-imports; imports=$$?; \
		$(RUN) -m pytest --collect-only -qq >/dev/null 2>&1; \
		wait $$types && test $$imports = 0

bench: $(DEV) ## all benchmarks; one of them: NAME=ingest
	@$(RUN) -m tests.benchmarks $(NAME) $(ARGS)

openapi: $(DEV) ## the OpenAPI documents, made of the tables of routes
	@$(RUN) -m infra.openapi

pictures: $(DEV) ## the README's pictures of the sandbox, of the page as it is now
	@$(RUN) -m tests.infra.demo.pictures

previews: $(DEV) ## every screen of the school's bot with example data, on a page to look at
	@$(RUN) -m infra.previews

function: $(DEV) ## lay out a new function: NAME=greet_newcomers, TRIGGER=http, EVERY="1 hour"
	@$(RUN) -m infra.scaffold "$(NAME)" $(if $(TRIGGER),--trigger "$(TRIGGER)") $(if $(EVERY),--every "$(EVERY)")

# Lambda's Python compiles the bytecode: uv finds it, or gets it.
package: $(TOOLS) ## each function as a zip for AWS Lambda, into build/aws; ARCHITECTURE=x86_64, EXTRAS="telemetry archive"
	@$(RUN) -m infra.package aws --architecture $(or $(ARCHITECTURE),arm64) $(addprefix --extra ,$(EXTRAS)) $(ARGS)

package-gcp: $(TOOLS) ## each function as a source archive for Google Cloud Run functions, into build/gcp
	@$(RUN) -m infra.package gcp $(addprefix --extra ,$(EXTRAS)) $(ARGS)

package-yandex: $(TOOLS) ## each function as a zip for Yandex Cloud Functions, into build/yandex
	@$(RUN) -m infra.package yandex $(addprefix --extra ,$(EXTRAS)) $(ARGS)

venv: $(DEV) ## the environment alone, for editors

# Whatever is installed, has its hash in requirements/: for all platforms, and with what builds this project itself.
lock: $(TOOLS) ## requirements/ anew, after a change of the dependencies: UPGRADE=1 takes newer versions, too
	$(LOCK) --group installer $(if $(UPGRADE),--upgrade) -o requirements/installer.txt
	$(LOCK) pyproject.toml --extra dev --group build $(if $(UPGRADE),--upgrade) -o requirements/dev.txt
	$(LOCK) pyproject.toml --extra demo --group build -c requirements/dev.txt --upgrade -o requirements/demo.txt
	$(LOCK) pyproject.toml --extra tools --group build -c requirements/dev.txt --upgrade -o requirements/tools.txt
	$(LOCK) pyproject.toml --extra aws --extra archive --extra telemetry -c requirements/dev.txt --upgrade -o requirements/functions.txt
	$(LOCK) pyproject.toml --extra server --group build -c requirements/dev.txt --upgrade -o requirements/server.txt
	$(LOCK) pyproject.toml --extra gcp --extra archive --extra telemetry -c requirements/dev.txt --upgrade -o requirements/container.txt

db-install: $(TOOLS) ## what the commands need, alone

# One after the other, also with -j; whoever says no to the first hears nothing of the others.
db-init: $(TOOLS) ## the database of .env anew: db-reset, db-schema, db-seed; YES=1, DATABASE=its_name do not ask
	@$(CARILLON) db reset $(if $(YES),--yes) $(NAMED)
	@$(CARILLON) db schema
	@$(CARILLON) db seed

db-reset: $(TOOLS)
	@$(CARILLON) db reset $(if $(YES),--yes) $(NAMED)

db-schema db-seed: $(TOOLS)
	@$(CARILLON) db $(@:db-%=%)

# uv takes a tenth of pip's time; where only pip's own settings name a package index, pip goes on.
$(TOOLS) $(DEMO) $(DEV): $(VENV)/.%: pyproject.toml requirements/%.txt requirements/installer.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Carillon needs Python 3.11 or newer as $(PYTHON). Install one, or say: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "This Python cannot make environments. On Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
	@echo "Installing $* into $(VENV) (once; a minute or so) ..."
	@test -x $(RUN) || $(PYTHON) -m venv $(VENV)
	@$(RUN) -m pip install -qq --require-hashes --no-deps -r requirements/installer.txt
	@$(UV) install -q --require-hashes --no-deps -r requirements/$*.txt || \
		$(RUN) -m pip install -qq --require-hashes --no-deps -r requirements/$*.txt
	@$(UV) install -q --no-build-isolation --no-deps -e .
	@touch $(INSTALLED_$*:%=$(VENV)/.%)
