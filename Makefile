# Two commands matter: `make demo` and `make test`. Both install what they need into .venv the first time.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
WORKERS ?= 2
ANSWERS ?= ../shared/data/learners/answers.jsonl

.DEFAULT_GOAL := help
.PHONY: help demo test check bench stubs lock clean

help:  ## say what each command does
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 10

demo: $(READY)  ## grade a whole class on all ten exercises and say where its page is
	$(BIN)/gradetape demo --workers $(WORKERS)

test: $(READY)  ## prove the project: every test, then every exercise of the course
	$(BIN)/python -m pytest --numprocesses $(WORKERS)
	$(BIN)/gradetape validate --workers $(WORKERS)

check: $(READY)  ## what to run before a commit: format, lint, types, layers, the fast tests, the stubs
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest --numprocesses $(WORKERS) -m "not slow"
	$(BIN)/gradetape validate --no-runs

bench: $(READY)  ## measure what the docs claim (needs the learners' answers beside the project)
	@mkdir -p build
	$(BIN)/python benchmarks/marking_q2.py $(ANSWERS)
	$(BIN)/python benchmarks/marking_written.py $(ANSWERS)
	$(BIN)/python benchmarks/calibrate.py --record build/q09_runs.jsonl
	$(BIN)/python benchmarks/calibrate_heads.py --record build/q10_runs.jsonl

stubs: $(READY)  ## write the students' files anew from the course's facts
	$(BIN)/gradetape validate --no-runs --write-stubs

lock: $(READY)  ## resolve every dependency anew into requirements.lock (needs uv)
	uv pip compile pyproject.toml --universal --python-version 3.10 --all-extras --generate-hashes \
	  --no-emit-index-url --no-header --no-annotate --quiet --output-file requirements.lock

clean:  ## remove what the commands above made
	rm -rf .venv build graded .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(READY): pyproject.toml requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 10) <= sys.version_info[:2] < (3, 14))' || { \
	  echo "GradeTape needs Python 3.10 to 3.13, and $(PYTHON) is `$(PYTHON) -V 2>&1`. Name another: make PYTHON=python3.12 ..."; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' || { \
	  echo "$(PYTHON) cannot make virtual environments. On Debian and Ubuntu: apt-get install python3-venv"; exit 1; }
	@echo "Installing TensorFlow and the rest into .venv: about two minutes, once."
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --disable-pip-version-check --no-deps --require-hashes --requirement requirements.lock
	$(BIN)/python -m pip install --disable-pip-version-check --no-deps --no-build-isolation --quiet --editable .
	@touch $(READY)
