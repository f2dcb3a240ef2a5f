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

# Pass options to pytest with `make unit PYTEST_OPTIONS='-k login -x'`; WORKERS=0 runs in one process, for --pdb.
PYTEST_OPTIONS ?=
WORKERS ?= auto
PYTEST = pytest --numprocesses $(WORKERS) --dist worksteal $(PYTEST_OPTIONS)

# Tests import the same files in many processes, so bytecode has to be kept.
unexport PYTHONDONTWRITEBYTECODE
export PATH := $(VENV)/bin:$(PATH)
export ANSIBLE_COLLECTIONS_PATH := $(VENV)/collections

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z -]+:.*## / {printf "make %-18s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

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

.PHONY: test
test: lint sanity pytest ## everything a developer wants to know before a commit

.PHONY: pytest
pytest: $(READY) ## unit, property, emulator, conformance and integration tests
	$(PY) -m $(PYTEST) tests

# METHOD=identity_aws_auth selects all tests of that module by its name. Without it, PYTEST_OPTIONS='-k name' selects unit
# and conformance tests.
.PHONY: quick
quick: lint-code ## feedback in a minute: METHOD=identity_aws_auth, or PYTEST_OPTIONS='-k name'
	TEST_EFFORT=quick $(PY) -m $(PYTEST) $(if $(METHOD),--concerning $(METHOD) tests,tests/unit tests/conformance)

.PHONY: unit conformance integration
unit conformance integration: $(READY) ## only those tests
	$(PY) -m $(PYTEST) tests/$@

# CASES='races singles/onboard/3/closed-after' runs only those, SAMPLE=1000 so many of them (always the same ones);
# RECORD=yes writes the figures into docs/reliability.md.
.PHONY: faults
faults: $(READY) ## thousands of runs that meet faults, rivals and odd answers: counts, and what was broken
	$(PY) -m tests.faults $(CASES) $(if $(SAMPLE),--sample $(SAMPLE)) $(if $(RECORD),--record)

.PHONY: generate
generate: $(READY) ## write what follows from the modules and tables: runtime.yml, the methods in documentation
	$(PY) -m tests.gates.generated

.PHONY: lint lint-code
lint: lint-code ## ruff, mypy, ansible-lint, house rules, words, citations, generated files
	ansible-lint

lint-code: $(READY)
	ruff check --quiet .
	mypy -p tests -p ansible_collections.machineid.infisical.plugins
	$(PY) -m tests.gates.house_rules
	$(PY) -m tests.gates.directions
	$(PY) -m tests.gates.citations
	$(PY) -m tests.gates.words
	$(PY) -m tests.gates.action_groups
	$(PY) -m tests.gates.generated --check

.PHONY: sanity
sanity: $(READY) ## ansible-test sanity on what users get, with the ansible-core of .venv and no ignore file
	$(PY) -m tests.gates.sanity

# The slower rest: `make --keep-going gates` shows all that is wrong at once.
GATES := thorough display sanity-everywhere docs-check changelog-check dist-check galaxy-check
.PHONY: gates $(GATES)
gates: $(GATES) ## the slower checks that a release needs

.PHONY: list-gates
list-gates:
	@echo $(GATES)

thorough: $(READY) ## tests that cover more with more effort: many examples, all execution paths
	TEST_EFFORT=thorough $(PY) -m $(PYTEST) -m 'hypothesis or extent or thorough' --ignore tests/display tests

display: $(READY) ## no secret is displayed, on every supported ansible-core there is a Python for
	TEST_EFFORT=thorough DISPLAY_EVERY_CORE=1 $(PY) -m $(PYTEST) tests/display

sanity-everywhere: $(READY) ## ansible-test sanity with every supported ansible-core and Python, on the tests too
	$(PY) -m tests.gates.sanity --everywhere

docs-check: $(READY) ## antsibull-docs: what the documentation names exists
	$(PY) -m tests.gates.docs

changelog-check: $(READY) ## antsibull-changelog: fragments and changelog.yaml are well formed
	antsibull-changelog lint

dist-check: $(READY) ## install the built tarball elsewhere: contents, documentation, modules, execution environment
	$(PY) -m tests.gates.dist

galaxy-check: $(READY) ## galaxy-importer on the built tarball, in an environment of its own
	$(PY) -m tests.gates.galaxy_importer

.PHONY: coverage
coverage: $(READY) ## branch coverage of plugins/
	rm -f .coverage .coverage.*
	coverage run -m $(PYTEST) tests
	coverage combine --quiet
	coverage report

.PHONY: bench
bench: $(READY) ## time per task and requests per task
	$(PY) -m tests.bench

.PHONY: clean
clean: ## remove .venv and everything the tools left behind
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis .ansible .cache .coverage .coverage.* htmlcov \
		tests/output changelogs/.plugin-cache.yaml machineid-infisical-*.tar.gz importer_result.json
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
