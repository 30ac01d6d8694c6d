# A machine with Python 3.11 or newer is enough:
#
#   make demo     eight weeks of one runner's exports and check-ins, made up, and this week's recommendation
#   make test     the tests
#   make check    everything that continuous integration runs
#   make clean    away with the environment and everything that was built
#
# Another Python than `python3`:  make PYTHON=python3.12 demo

PYTHON ?= python3
VENV   ?= .venv

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test dev check clean anew

pip_install := $(VENV)/bin/python -m pip install --quiet --disable-pip-version-check

# An environment is whole when its Python starts, its pip loads and no installation was cut off half-way. One that is
# not whole, or of another version than the PYTHON asked for, is made anew.
whole   := $(shell test ! -e $(VENV)/unfinished && $(VENV)/bin/python -c 'import pip._internal.cli.main, sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null)
wanted  := $(if $(filter file,$(origin PYTHON)),$(whole),$(shell $(PYTHON) -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null))
ifeq ($(whole),)
$(VENV)/made: anew
else ifneq ($(whole),$(wanted))
$(VENV)/made: anew
endif

help:
	@sed -n 's/^#   make/make/p' Makefile

demo: $(VENV)/installed
	@$(VENV)/bin/restride demo

test: $(VENV)/installed-dev
	@$(VENV)/bin/python -m pytest

dev: $(VENV)/installed-dev

check:
	@bash .ci/run

clean:
	rm -rf $(VENV) .demo build dist *.egg-info .coverage .benchmarks .hypothesis mutants
	rm -rf .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
	find ingest analysis monitor tests fixtures training -type d -name __pycache__ -prune -exec rm -rf {} +

$(VENV)/made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "Restride needs Python 3.11 or newer, and $(PYTHON) is" \
	    "$$($(PYTHON) -c 'import platform; print(platform.python_version())' 2>/dev/null || echo "not installed")." >&2; \
	  echo "If a newer one is installed, name it:  make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "$(PYTHON) cannot make a virtual environment: its ensurepip is missing. On Debian and Ubuntu it is a package of its own:" >&2; \
	  echo "  apt install $$($(PYTHON) -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')" >&2; \
	  echo "Install it (as root, or with sudo), then run the same command again." >&2; exit 1; }
	@$(if $(whole),$(if $(filter $(whole),$(wanted)),:,$(new_environment)),$(new_environment))
	@touch $@

# The mark `unfinished` outlives only what was killed: when pip itself gives up, nothing is left half-way.
define new_environment
echo "Making an environment for Restride in $(VENV) ..." >&2; \
rm -rf $(VENV) && mkdir -p $(VENV) && touch $(VENV)/unfinished && \
$(PYTHON) -m venv $(VENV) && rm -f $(VENV)/unfinished
endef

define install
touch $(VENV)/unfinished; $(pip_install) -e '$(1)'; status=$$?; rm -f $(VENV)/unfinished; exit $$status
endef

$(VENV)/installed: $(VENV)/made pyproject.toml
	@echo "Installing Restride into $(VENV) (a minute or two the first time) ..." >&2
	@$(call install,.)
	@touch $@

$(VENV)/installed-dev: $(VENV)/made pyproject.toml
	@echo "Installing Restride and its test tools into $(VENV) (a minute or two the first time) ..." >&2
	@$(call install,.[dev])
	@touch $@ $(VENV)/installed
