# Every target makes the virtual environment itself when needed; a second run starts in seconds.

SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help install demo serve test bench check relevance clean

PYTHON ?= python3
BIN := .venv/bin
# One file for each set of pinned requirements: another set, another name, and the packages are installed anew.
INSTALLED := .venv/.installed-$(shell cat requirements-dev.txt | cksum | tr ' ' '-')
# What `make check` looks at is the portal as it would be served to people.
PRODUCTION := env -u DATABASE_URL -u DEMO -u DEBUG SITE_URL=https://portal.example.org \
	SECRET_KEY=$(shell head -c 48 /dev/urandom | base64 | tr -d '\n')

help: ## Show the targets
	@grep -E '^[a-z]+:.*##' Makefile | sed -E 's/^([a-z]+):.*## /\1\t/' | expand -t 10
	@echo
	@echo 'PORT=8123 make demo uses another port. See .env.example for the other variables.'

install: $(INSTALLED) ## Make .venv with the pinned packages

$(INSTALLED):
	@command -v $(PYTHON) >/dev/null || { echo 'Python is missing. Install it: apt-get install python3 python3-venv'; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo 'Python 3.11 or newer is needed. Name one: make PYTHON=python3.12 install'; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo 'venv is missing. Install it: apt-get install python3-venv'; exit 1; }
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear .venv
	@echo 'Installing the pinned packages into .venv …'
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@rm -f .venv/.installed-*
	@touch $@

demo: $(INSTALLED) ## Show the portal with its starting data and demo accounts (PORT=8000)
	@exec $(BIN)/python manage.py demo

serve: $(INSTALLED) ## Serve the portal on this machine: production settings, no demo data (PORT=8000)
	@exec $(BIN)/python manage.py serve

test: $(INSTALLED) ## Run all tests, in random order; ARGS="-k name" chooses some
	@test -n "$$CHROMIUM" || command -v chromium-headless-shell chromium >/dev/null || { echo 'Chromium is missing: the browser tests need it. Install it: apt-get install chromium-headless-shell'; exit 1; }
	@$(BIN)/python manage.py compilemessages
	$(BIN)/python -m pytest -n 3 --dist worksteal $(ARGS)

bench: $(INSTALLED) ## Measure the pages beside the simplest one; ARGS="--services 1000 --rounds 2" is short
	@env -u DATABASE_URL $(BIN)/python -m bench $(ARGS)

check: $(INSTALLED) ## Check format, lint, types, migrations, translations and the production settings
	@command -v xgettext >/dev/null || { echo 'gettext is missing: the check of translations needs it. Install it: apt-get install gettext'; exit 1; }
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy .
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python manage.py check_translations
	@echo 'manage.py check --deploy, with production settings'
	@$(PRODUCTION) $(BIN)/python manage.py check --deploy --database default --fail-level WARNING
	@! grep -nE 'https?://|file://|^--|^-[a-z] ' requirements*.txt || { echo 'A requirements file names an address or an option of one machine.'; exit 1; }

relevance: $(INSTALLED) ## Tell how well the search answers judged questions; ARGS=FOLDER takes another collection
	@$(BIN)/python manage.py relevance $(ARGS)

clean: ## Remove what was made, .venv too; the data in .data/ stays
	rm -rf .venv staticfiles build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name .data -prune -o -name __pycache__ -type d -print0 | xargs -0 rm -rf
	find locale -name '*.mo' -delete
