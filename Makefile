# Set-up, demo and tests. `make` alone says what can be asked for.

PORT ?= 5000
HOST ?= 127.0.0.1
STORE ?= geopackage
DATABASE ?=
BUILDINGS ?= 3000
ONLY ?=

IN := .venv/bin
# A stamp bears the content of what it was made from, and is written last: an interrupted step is done again.
content = $(shell cat $(1) 2>/dev/null | sha256sum | cut -c 1-16)
INSTALLED := .venv/.installed-$(call content,requirements.lock setup.cfg)
FOR_TESTS := .venv/.for-tests-$(call content,requirements.lock setup.cfg)
BUNDLE_SOURCES := $(sort $(wildcard web/bundle/*.json web/bundle/*.js web/bundle/*.mjs))
BUNDLE := web/static/bundle/.built-$(call content,$(BUNDLE_SOURCES))

.PHONY: help demo test lint bench lock clean

help:
	@echo 'make demo                  a sample city in the browser, http://$(HOST):$(PORT)  (PORT=, HOST=, DATABASE= change that)'
	@echo 'make demo STORE=postgis    the same on a private PostGIS server'
	@echo 'make test                  everything that shows that it works'
	@echo 'make lint                  style and types alone'
	@echo 'make bench ONLY=loading    figures of speed, also kept in docs/benchmarks.md'
	@echo 'make lock                  take up newer versions of the libraries'
	@echo 'make clean                 remove what was installed and built; data/ stays'

demo: $(INSTALLED) $(BUNDLE)
	@STORE='$(STORE)' DATABASE='$(DATABASE)' HOST='$(HOST)' PORT='$(PORT)' BUILDINGS='$(BUILDINGS)' .ci/demo.sh

test: $(FOR_TESTS) $(BUNDLE)
	@.ci/packages.sh postgis browser gdal qgis
	@$(MAKE) --no-print-directory lint; style=$$?; $(IN)/python -m pytest --numprocesses auto && exit $$style

lint: $(FOR_TESTS)
	$(IN)/ruff check .
	$(IN)/ruff format --check .
	$(IN)/mypy .

bench: $(FOR_TESTS) $(BUNDLE)
	@.ci/packages.sh postgis gdal browser nginx
	$(IN)/python -m tests.benchmarks $(ONLY)

lock: $(FOR_TESTS)
	$(IN)/pip install --quiet uv
	$(IN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --all-extras --no-annotate \
		--custom-compile-command 'make lock' setup.cfg -o requirements.lock

clean:
	rm -rf .venv web/bundle/node_modules web/static/bundle .mypy_cache .ruff_cache .pytest_cache *.egg-info

$(INSTALLED):
	@.ci/environment.sh
	@rm -f .venv/.installed-* .venv/.for-tests-*
	$(IN)/pip install --quiet --constraint requirements.lock --editable .
	@touch $@

$(FOR_TESTS): $(INSTALLED)
	$(IN)/pip install --quiet --constraint requirements.lock --editable '.[test]'
	@touch $@

$(BUNDLE): | $(INSTALLED)
	@.ci/bundle.sh
	@touch $@
