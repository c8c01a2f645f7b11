# make run: set up and start the reader      make test: set up, lint, types, contracts, tests
# make demo: the sample edition              make help: all targets
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
NEWEST ?= /usr/bin/python3
WORKERS ?= 2
WAITERS ?= 3
SLOWEST = --durations 15 --durations-min 10
DEB_PYTHON ?= /usr/bin/python3
ARGS ?=
RUNS ?= 2000
SEED ?= $(shell date +%s)
CHECKED = $(addprefix tests/unit/test_,documents.py examples.py changelog.py i18n.py message_wording.py prose.py code_structure.py code_in_strings.py affected_tests.py feature_costs.py) tests/cli/test_completions.py
CATALOGUE = bpost_tui/locale/bn/LC_MESSAGES/bpost.po

unexport PYTHONDONTWRITEBYTECODE # the tests start thousands of processes, which would compile all of bpost each time (80 ms a command)
export TAG # the shell never sees it but as a variable: whoever pushes a tag names it
.DEFAULT_GOAL := help
.PHONY: help setup run demo test check quick lint types contracts unit computing waiting unit-newest messages docs pictures bench crash torture machines mutants planted faults fuzz soak walk year audit lock build recipes deb release clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

$(BIN)/bpost: requirements.lock
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps -e .
	@$(BIN)/python -m compileall -q -j 0 bpost_tui # else the first start does it, for half a second
	@touch $@

$(CATALOGUE:.po=.mo): $(CATALOGUE) $(BIN)/bpost
	@$(BIN)/python -c "from pathlib import Path; from tools.catalogue_hook import compile_catalogue; compile_catalogue(Path('$(CATALOGUE)'))"
	@touch $@

$(VENV)/.dev: $(BIN)/bpost requirements-dev.lock $(CATALOGUE:.po=.mo)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

setup: $(VENV)/.dev ## make the virtual environment with everything for development

run: $(BIN)/bpost $(CATALOGUE:.po=.mo) ## start the reader (ARGS="…" for its options)
	$(BIN)/bpost $(ARGS)

demo: $(BIN)/bpost $(CATALOGUE:.po=.mo) ## read the sample edition, no network needed
	$(BIN)/bpost demo $(ARGS)

test: check unit ## everything that must be green

check: lint types contracts ## quick checks: format, rules, types, contracts, documents, catalogue (40 s)
	$(BIN)/pytest -q -n $(WORKERS) --dist worksteal $(CHECKED)

quick: $(VENV)/.dev ## the tests that reach the changes since the last commit (ARGS="--since main", ARGS=--list)
	@$(BIN)/python -m tools.affected_tests -n $(WORKERS) $(ARGS)

lint: $(VENV)/.dev ## ruff: rules and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.dev ## mypy --strict, tests included
	$(BIN)/mypy

contracts: $(VENV)/.dev ## who may import whom
	$(BIN)/lint-imports

unit: $(VENV)/.dev ## all tests; tests that wait run beside tests that compute
	@$(MAKE) --no-print-directory -j 2 computing waiting

# 5: ARGS selects no such test
computing: $(VENV)/.dev
	$(BIN)/pytest -q -n $(WORKERS) --dist worksteal -m "not waits" $(SLOWEST) $(ARGS) || [ $$? = 5 ]

waiting: $(VENV)/.dev
	$(BIN)/pytest -q -n $(WAITERS) --dist worksteal -m waits $(SLOWEST) $(ARGS) || [ $$? = 5 ]

unit-newest: ## tests without a screen on another Python (NEWEST=/usr/bin/python3.13), in a virtual environment of its own
	$(MAKE) unit PYTHON=$(NEWEST) VENV=.venv-newest ARGS="$(or $(ARGS),tests/unit tests/cli tests/fuzz tests/pty/test_terminal_restored.py)"

bench: $(VENV)/.dev ## measure speed, size and memory, beside newsboat, hb-view and pango-view where installed (20 min; the first time, an hour: a library of a million is made)
	$(BIN)/python -m tests.benchmarks --docs $(ARGS)

crash: $(VENV)/.dev ## kills, full disks, three processes at once, two machines, into build/reports/crash.md (16 min)
	$(BIN)/python -m tests.crash

torture: $(VENV)/.dev ## every system call of 25 commands fails once, into build/reports/torture.md (1 h; ARGS="mark sync": of these alone)
	$(BIN)/python -m tests.torture $(ARGS)

machines: $(VENV)/.dev ## state machines of library and sync, with fresh seeds (RUNS=2000; SEED=7 replays one)
	BPOST_MACHINE_RUNS=$(RUNS) $(BIN)/pytest -q -n $(WORKERS) tests/state_machines --hypothesis-seed=$(SEED) $(ARGS)
	BPOST_SERVICE_KILLS=300 $(BIN)/pytest -q tests/service/test_killed_sync.py

mutants: $(VENV)/.dev ## mutation testing of modules that could lose data; tests must notice 85 %, into build/reports/mutants.md (ARGS="mark_sync.sync_folder --share 0.1")
	$(BIN)/python -m tools.mutation_testing $(ARGS)

planted: $(VENV)/.dev ## faults planted in a copy of the code; the trials must find them, into build/reports/planted.md (1 h; ARGS="--only service")
	$(BIN)/python -m tests.planted $(ARGS)

faults: $(VENV)/.dev ## every fault a portal may have, through the command line and on the screen, into build/reports/faults.md (15 min)
	$(BIN)/python -m tests.faults

fuzz: $(VENV)/.dev ## mutated recordings for every input, 5,000 each, and growth of time; failing inputs are kept; figures into build/reports/fuzz.md (ARGS="feed --runs 200000", ARGS=time)
	$(BIN)/python -m tests.fuzz $(ARGS)

soak: $(VENV)/.dev ## eight hours of use in five minutes: memory may not grow
	$(BIN)/python -m tests.soak $(ARGS)

walk: $(VENV)/.dev ## 2,000 random keys and more in each way of drawing, compared with a repaint and a fresh reader; 300 pages in each terminal (ARGS="--walk-seed 7"; 2 h)
	$(BIN)/pytest -n $(WORKERS) tests/tui/test_random_walks.py tests/terminals/test_random_walks.py --walk-steps 2000 --pages 300 $(ARGS)

year: $(VENV)/.dev ## nine papers and two machines for 365 days, compared with a model, into build/reports/year.md (ARGS="--seed 2 --other v0.1.0"; 15 min of processor time)
	$(BIN)/python -m tests.year $(ARGS)

audit: ## known vulnerabilities of pinned packages, by pip-audit; needs an index that serves advisories
	$(PYTHON) -m venv build/audit
	build/audit/bin/python -m pip install --quiet --disable-pip-version-check pip-audit
	build/audit/bin/pip-audit --require-hashes --disable-pip --strict -r requirements.lock

messages: $(VENV)/.dev ## compile the Bengali catalogue
	$(BIN)/python -m tools.messages

docs: $(VENV)/.dev ## write the manual page and the completions
	$(BIN)/python -m tools.manual_page

pictures: $(VENV)/.dev ## docs/pictures, from kitty, Konsole and Alacritty on a hidden screen (4 min)
	$(BIN)/python -m tests.terminals.draw_pictures
	$(BIN)/python -m tests.terminals.draw_themes
	$(BIN)/python -m tests.terminals.draw_moving

lock: $(VENV)/.dev ## pin the packages of pyproject.toml, with hashes
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-annotate pyproject.toml --group build -o requirements.lock
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-annotate pyproject.toml --group dev -c requirements.lock -o requirements-dev.lock
	$(BIN)/python -m tools.sbom

build: $(VENV)/.dev ## wheel and sdist in dist/, built twice, the wheel tried without the checkout (TAG=v1.2.3 in the environment or here: of exactly that)
	rm -rf build/installed
	$(BIN)/python -m tools.distributions
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --target build/installed dist/*.whl
	cd build && PYTHONPATH=installed ../$(BIN)/python -P -m bpost_tui --version
	cd build && PYTHONPATH=installed ../$(BIN)/python -P -c "from bpost_tui.core.themes import bundled_folder as folder; assert 'installed' in str(folder()) and len([*folder().glob('*.toml')]) > 7"

recipes: build ## build/recipes: for AUR, Homebrew and Nix, from the build
	$(BIN)/python -m tools.package_recipes

deb: ## build/*.deb for Debian, with a virtual environment in it, by the system's Python (DEB_PYTHON=/usr/bin/python3)
	$(DEB_PYTHON) tools/deb.py

release: $(VENV)/.dev ## VERSION=1.2.3: date the changelog, commit, tag, build (ARGS=--dry-run: change nothing)
	$(BIN)/python -m tools.release $(VERSION) $(ARGS)

clean: ## remove build results and environments
	rm -rf $(VENV) .venv-newest build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
