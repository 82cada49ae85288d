# Needs Python 3.11 or newer and make; everything else is put into .venv in the versions of constraints.txt.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
PADDLE_VENV := .venv-paddle
PADDLE_STAMP := $(PADDLE_VENV)/.installed
PEERS_VENV := .venv-peers
PEERS_STAMP := $(PEERS_VENV)/.installed
DEMO := tests/resources/demo
DEMO_OUT := out/demo
SHOW_OUT := out/demo-overlay
SHOW_DOCUMENT := julu-2022
MODELS_VERSION := 0.2.0
LINKS_VERSION := 0.1.0
MADE := out/made
SYSTEM_PACKAGES := libreoffice-writer libreoffice-calc chromium libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
  fonts-noto-cjk fonts-wqy-zenhei fonts-wqy-microhei fonts-arphic-uming fonts-arphic-ukai fonts-droid-fallback fonts-liberation \
  tesseract-ocr tesseract-ocr-chi-sim

.DEFAULT_GOAL := help
.PHONY: help venv demo models test test-paddle test-peers venv-peers lint format system clean

help: ## Show this list.
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/'

venv: $(STAMP) ## Make .venv with lanci and all that is needed to work on it.

$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

demo: $(STAMP) ## Parse the demo documents, digital and scanned, and draw one over its pages.
	$(BIN)/lanci parse $(DEMO)/*.pdf -o $(DEMO_OUT) --list --jobs 2
	$(BIN)/lanci show $(DEMO_OUT)/$(SHOW_DOCUMENT) -o $(SHOW_OUT) --source $(DEMO)/$(SHOW_DOCUMENT).pdf
	@echo
	@echo "Results:  $(DEMO_OUT)/<document>/document.json, records.csv and tables/*.csv"
	@echo "Pictures: $(SHOW_OUT)/page-001.png and following"

models: $(STAMP) ## Train the shipped models again: the same data give the same bytes.
	rm -rf $(MADE)
	$(BIN)/python -m lanci_eval.factory make -o $(MADE) --count 78 --seed 7 --vary --truth-only
	$(BIN)/lanci train annotations --made $(MADE) -o models/lanci_models --version $(MODELS_VERSION) --jobs 2
	$(BIN)/lanci train-links annotations --made $(MADE) -o models/lanci_models --version $(LINKS_VERSION)

test: $(STAMP) ## Run all tests but those of PaddleOCR and of the other systems that lanci eval measures.
	$(BIN)/python -m pytest -m "not paddle and not peers"

test-paddle: $(PADDLE_STAMP) ## Run the tests of the OCR engines with PaddleOCR, in an environment of its own.
	$(PADDLE_VENV)/bin/python -m pytest -m paddle $$(grep -rl 'mark\.paddle' tests --include='*.py')

$(PADDLE_STAMP): pyproject.toml constraints-paddle.txt
	$(PYTHON) -m venv $(PADDLE_VENV)
	$(PADDLE_VENV)/bin/python -m pip install --quiet --disable-pip-version-check \
	  -c constraints-paddle.txt -e '.[test,paddle]'
	# PaddleX brings an OpenCV that needs a display's libraries, in the folder of the one that does not
	$(PADDLE_VENV)/bin/python -m pip install --quiet --disable-pip-version-check \
	  -c constraints-paddle.txt --force-reinstall --no-deps opencv-python-headless
	@touch $@

venv-peers: $(PEERS_STAMP) ## Make .venv-peers, where lanci eval finds all systems that it can measure.

test-peers: $(PEERS_STAMP) ## Run the tests of the systems that cannot live in .venv.
	$(PEERS_VENV)/bin/python -m pytest -m peers $$(grep -rl 'mark\.peers' tests --include='*.py')

$(PEERS_STAMP): pyproject.toml constraints-peers.txt
	$(PYTHON) -m venv $(PEERS_VENV)
	$(PEERS_VENV)/bin/python -m pip install --quiet --disable-pip-version-check \
	  -c constraints-peers.txt -e '.[test,peers]'
	# img2table brings an OpenCV that needs a display's libraries; this one has the same modules and does not
	$(PEERS_VENV)/bin/python -m pip install --quiet --disable-pip-version-check \
	  -c constraints-peers.txt --force-reinstall --no-deps opencv-contrib-python-headless
	@touch $@

lint: $(STAMP) ## Check style, types and the layers between the stages.
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/mypy eval/benchmarks/*.py
	$(BIN)/lint-imports

format: $(STAMP) ## Bring the code into the house style.
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

system: ## Install with apt-get what office files, made-up documents and Tesseract need.
	@if dpkg -s $(SYSTEM_PACKAGES) >/dev/null 2>&1; then echo "all system packages are there"; else \
	  if [ "$$(id -u)" = 0 ]; then run=; else run=sudo; fi; \
	  $$run apt-get update -qq && \
	  DEBIAN_FRONTEND=noninteractive $$run apt-get install -y -qq --no-install-recommends $(SYSTEM_PACKAGES); \
	fi

clean: ## Remove .venv, the demo's results and caches.
	rm -rf $(VENV) $(PADDLE_VENV) $(PEERS_VENV) $(DEMO_OUT) $(SHOW_OUT) dist build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
