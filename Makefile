# make demo needs Python 3.11 or newer and nothing else; `make` alone lists the commands.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed

CHECKS := 'ruff check .' 'ruff format --check .' mypy
# one more than cores: tests also wait, for servers that start and for what is killed
WORKERS := $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)
TESTS := 'pytest --numprocesses $(WORKERS) --maxprocesses 4 --dist loadfile --no-loadscope-reorder'
DEMO := env DATABASE_URL= HETANG_DATA='$(CURDIR)/.hetang' $(BIN)/hetang
SAMPLE := --unit 001001 --year 2024

.PHONY: help demo test lint bench clean

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1	/p' $(MAKEFILE_LIST)

demo: $(INSTALLED) ## load the sample, print form 8 rebuilt, compare all forms with what was published
	$(DEMO) db upgrade
	$(DEMO) load samples/
	$(DEMO) report 8 $(SAMPLE)
	$(DEMO) compare $(SAMPLE)
	@case "$${HETANG_LANG:-$${LC_ALL:-$${LC_MESSAGES:-$$LANG}}}" in \
	zh*) echo '以上是样例的装载结果、还原的表 8 和全部报表的比对。演示服务器仍在运行，地址：HETANG_DATA=.hetang $(BIN)/hetang db url；用 make clean 停止并清除其数据和环境。';; \
	*) echo 'This was the sample loaded, form 8 rebuilt, and all forms compared. The server stays up. Its address: HETANG_DATA=.hetang $(BIN)/hetang db url; make clean ends it and removes its data and the environment.';; \
	esac

test: $(INSTALLED) ## linters, types and the whole test suite
	@failed=0; for check in $(CHECKS) $(TESTS); do echo "$$check"; PYTHONDONTWRITEBYTECODE= $(BIN)/$$check || failed=1; done; exit $$failed

lint: $(INSTALLED) ## linters and types only
	@failed=0; for check in $(CHECKS); do echo "$$check"; $(BIN)/$$check || failed=1; done; exit $$failed

bench: $(INSTALLED) ## what loading costs, and how fast ten thousand disclosures answer; takes half an hour
	$(BIN)/python -m benchmarks.bulk
	$(BIN)/python -m benchmarks.growth

clean: ## end the demo server; remove its data, the environment and the caches
	@if [ -x $(BIN)/hetang ]; then $(DEMO) db stop; fi
	rm -rf .hetang $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(INSTALLED): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.11 ...")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --editable '.[dev]'
	@touch $@
