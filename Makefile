# The two commands of README.md: each makes its own environment and needs nothing but Python and a package registry.
PYTHON ?= python3
UV := $(shell command -v uv 2>/dev/null)

.PHONY: demo test unit one docs golden types bench same versions faults fuzz long requirements clean

demo: .venv-demo/ready
	.venv-demo/bin/kafka-gitops demo

test: .venv-test/ready
	.venv-test/bin/ruff check .
	.venv-test/bin/ruff format --check .
	.venv-test/bin/mypy
	.venv-test/bin/python -m pytest -n 2

fuzz: .venv-test/ready  ## thousands of generated inputs where CI tries hundreds
	FUZZ=$(or $(FUZZ),5000) .venv-test/bin/python -m pytest -n 2 $(wildcard tests/*/fuzz_*_test.py)

unit: .venv-test/ready  ## what needs neither Kafka nor the network nor a pipeline's runner: minutes, on all processors
	.venv-test/bin/python -m pytest -n auto -m "not kafka and not hooks and not ci"

one: .venv-test/ready  ## one file or test, at once: make one T=tests/text/address_test.py::test_a_long_text_is_cut
	.venv-test/bin/python -m pytest $(or $(T),$(error say which: make one T=tests/text/address_test.py))

docs: .venv-test/ready  ## the generated pages and schemas of docs/, and the hooks' manifest
	.venv-test/bin/python tools/docs.py

golden: .venv-test/ready  ## writes anew what tests expect in files (not the 40 of the reference): look at the difference
	.venv-test/bin/python -m pytest --update $(shell grep -rlE "^(import|from) goldens" tests --include=*_test.py)
	git diff --stat -- tests

types: .venv-test/ready  ## mypy --strict over all
	.venv-test/bin/mypy

bench: .venv-test/ready  ## how fast it is, as one table (20 minutes on a quiet machine): make bench ROWS=lint,warm ROUNDS=7
	.venv-test/bin/python bench/table.py $(if $(ROWS),--rows $(ROWS)) $(if $(ROUNDS),--rounds $(ROUNDS))

same: .venv-test/ready  ## lint and plan of 200 generated repositories, byte by byte as at an earlier commit: make same COMMIT=main
	.venv-test/bin/python bench/same.py $(if $(COMMIT),--commit $(COMMIT)) $(if $(COUNT),--count $(COUNT))

versions: .venv-test/ready  ## the main job on every Kafka from 2.8 on, as a table (5 minutes, 700 MB of jars the first time)
	.venv-test/bin/python tools/matrix.py

faults: .venv-test/ready  ## each request of an apply is lost, refused or late in turn; the tests try a part of it
	KAFKA_GITOPS_FAULTS=all .venv-test/bin/python -m pytest tests/live/faults_test.py

long: .venv-test/ready  ## 60 generated topologies and 60 imported clusters, 200 deaths of an apply, 3,000 pairs of schemas, where CI tries 12, 12, 8, 320; 3,000 inventories; 30 days of drift watch; a share group; 1,000 random plans, 50 of them on a broker; 500 merges of a fleet
	KAFKA_GITOPS_LONG=1 .venv-test/bin/python -m pytest tests/generated tests/live/drift_watch_test.py tests/live/share_groups_test.py tests/schemas/avro_pairs_kafka_test.py tests/adopt/adopt_files_test.py tests/plan/model_test.py

requirements: .venv-test/ready  ## newer versions, with their hashes, of what the pipelines install
	echo hatchling | .venv-test/bin/uv pip compile --quiet --universal --generate-hashes --upgrade --python-version 3.10 \
		--extra cluster --extra schemas --no-annotate --no-header pyproject.toml - -o .requirements
	{ head -1 requirements.txt; cat .requirements; } > .requirements.new && mv .requirements.new requirements.txt && rm .requirements

.venv-demo/ready: pyproject.toml
	$(call environment,.venv-demo,sandbox)

.venv-test/ready: pyproject.toml
	$(call environment,.venv-test,dev)

define environment
$(if $(UV),$(UV) venv --quiet --clear --python $(PYTHON) $(1),$(PYTHON) -m venv --clear $(1))
$(if $(UV),$(UV) pip install --quiet --python $(1)/bin/python -e ".[$(2)]",$(1)/bin/python -m pip install --quiet --disable-pip-version-check -e ".[$(2)]")
touch $@
endef

clean:
	rm -rf .venv-demo .venv-test .pytest_cache .mypy_cache .ruff_cache
