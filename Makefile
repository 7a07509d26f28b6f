# Needs python3 (3.11 to 3.13) and make; everything else comes into .venv, the database into .pgdata.

PYTHON ?= python3
PORT ?= 8000
WORKERS ?= 2
CHROMIUM ?= $(shell command -v chromium || command -v chromium-browser || command -v google-chrome)

BIN := .venv/bin
MANAGE := $(BIN)/python manage.py
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard centrum/locale/*/LC_MESSAGES/*.po))
STATIC := $(shell find static */static */*/static -type d -o -type f 2>/dev/null)
random = $(shell head -c 32 /dev/urandom | base64)

# Only `make run` is a demo, whatever the caller's shell holds.
unexport DEMO DEBUG
export CHROMIUM

.PHONY: help run test check bench stop format
.DELETE_ON_ERROR:
# Prerequisites stand in their order: the packages first.
.NOTPARALLEL:

help: ## say what can be made
	@sed -n 's/^\([a-z]*\):.*## /\1: /p' Makefile | while IFS=: read -r name what; do printf '  make %-8s%s\n' "$$name" "$$what"; done

# Three workers, so that one export or PDF does not hold up the other pages; a worker is one process of
# some 100 MB. The time-out is for the import of a large file in the browser.
run: export DEMO = 1
run: export SITE_URL = http://127.0.0.1:$(PORT)
run: .venv/.runtime $(CATALOGUES) .static/staticfiles.json ## the portal with demo data on http://127.0.0.1:PORT (PORT=8000); Ctrl-C ends it
	@$(MANAGE) migrate --noinput --verbosity 0
	@$(MANAGE) populate_demo --if-empty
	@$(MANAGE) demo_statements .demo
	@echo "The portal: $$SITE_URL (Ctrl-C ends it; make stop ends its database server)"
	@exec $(BIN)/python -m gunicorn centrum.wsgi --bind 127.0.0.1:$(PORT) --workers 3 --timeout 120 \
		--no-control-socket --log-level warning

test: export DJANGO_SETTINGS_MODULE = tests.settings
test: .venv/.dev $(CATALOGUES) ## all tests, two at a time (WORKERS=0 for one); a part of them: make test ARGS=tests/kit
ifeq ($(CHROMIUM),)
	@echo "No chromium on PATH: the tests in tests/browser are left out."
endif
	$(BIN)/python -m pytest -n $(WORKERS) $(if $(CHROMIUM),,--ignore=tests/browser) $(ARGS)

check: export SECRET_KEY = $(random)$(random)
check: export DATA_KEY = $(random)
check: export ALLOWED_HOSTS = portal.example
check: export SITE_URL = https://portal.example
check: .venv/.dev $(CATALOGUES) ## format, lint, import directions, migrations, catalogue, settings as in production
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .
	find . -path ./.venv -prune -o -path '*/templates/*' -name '*.html' -print0 | xargs -0 $(BIN)/djade --check --target-version 5.2
	$(BIN)/lint-imports
	$(MANAGE) makemigrations --check --dry-run
	$(MANAGE) catalogue --check
	$(MANAGE) check --deploy --fail-level WARNING
	$(BIN)/python -m pip check

format: .venv/.dev ## format Python and templates
	$(BIN)/python -m ruff check --fix --exit-zero .
	$(BIN)/python -m ruff format .
	find . -path ./.venv -prune -o -path '*/templates/*' -name '*.html' -print0 | xargs -0 $(BIN)/djade --target-version 5.2 || true

bench: export DJANGO_SETTINGS_MODULE = tests.settings
bench: .venv/.dev $(CATALOGUES) ## measure beside PostgreSQL's own work; lines "name value unit"
	@$(BIN)/python -m tests.volume.bench

stop: .venv/.runtime ## stop the database server (the web server ends by Ctrl-C); the data stay
	@$(BIN)/python -m centrum.postgres stop

.venv/.made:
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' \
		|| { echo "$(PYTHON) is not Python 3.11, 3.12 or 3.13: name one, as in make PYTHON=python3.12 run" >&2; exit 1; }
	@$(PYTHON) -m venv .venv \
		|| { echo "$(PYTHON) cannot make virtual environments; on Debian: apt install python3-venv" >&2; exit 1; }
	@touch $@

.venv/.runtime: requirements.txt | .venv/.made
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

.venv/.dev: requirements-dev.txt | .venv/.made
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

# Compiling needs no secret, so it takes the settings of the tests.
%.mo: %.po
	@DJANGO_SETTINGS_MODULE=tests.settings $(MANAGE) catalogue --compile

.static/staticfiles.json: .venv/.runtime $(STATIC)
	@$(MANAGE) collectstatic --noinput --clear --verbosity 0
