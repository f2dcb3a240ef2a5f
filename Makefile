# Every target sets up what it needs in .venv and is quick when nothing changed.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

VENV := $(CURDIR)/.venv
READY := $(VENV)/ready
COLLECTION := $(VENV)/collections/ansible_collections/machineid/infisical
PY := $(VENV)/bin/python

# The interpreter .venv is made with; `make PYTHON=/path/to/python3.12` decides otherwise.
PYTHON ?=

export PATH := $(VENV)/bin:$(PATH)
export ANSIBLE_COLLECTIONS_PATH := $(VENV)/collections

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# The link and the .pth make `ansible_collections.machineid.infisical` importable from a checkout at any path.
$(READY): tests/requirements.txt
	python="$(PYTHON)"; [ -n "$$python" ] || python=$$(python3 tests/gates/pythons.py); "$$python" -m venv $(VENV)
	$(PY) -m pip install --quiet --upgrade --upgrade-strategy eager --requirement tests/requirements.txt
	mkdir -p $(dir $(COLLECTION))
	ln -sfn ../../../.. $(COLLECTION)
	echo $(VENV)/collections > $$($(PY) -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/collections.pth
	touch $@

.PHONY: setup
setup: $(READY) ## make or refresh .venv

.PHONY: demo
demo: $(READY) ## show the collection at work on the emulator
	$(PY) -m tests.demo

.PHONY: clean
clean: ## remove .venv and everything the tools left behind
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis .ansible .cache .coverage .coverage.* htmlcov \
		tests/output changelogs/.plugin-cache.yaml machineid-infisical-*.tar.gz importer_result.json
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
