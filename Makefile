# make demo   everything at once: broker, store, demo devices, hub and wall
# make test   lint, types and all tests; installs what it needs
# make bench  measures, and writes docs/reference/performance.md
# make fuzz   searches for input that breaks something, and writes docs/reference/fuzzing.md
# make faults kills, cuts and starves everything, and writes docs/reference/faults.md; two hours
# make cluster  kills parts of a three-node Artemis cluster with three hubs, and writes
#             docs/reference/cluster.md; needs Java 17 and Maven (openjdk-17-jre-headless maven)
# make fresh  runs make demo and make test in bare Debians (as root; an hour for each); before a release
# make gen    writes the generated files again
# make lock   writes requirements/*.txt again from pyproject.toml
.PHONY: demo test lint types unit bench faults cluster fresh fuzz gen gen-check lock clean
.DELETE_ON_ERROR:

unexport PYTHONDONTWRITEBYTECODE  # images set it; each of hundreds of hubs would compile itself anew
BIN := .venv/bin
SYSTEM := mosquitto mosquitto-clients influxdb docker-compose openssl g++ iproute2 chromium-headless-shell fonts-noto-cjk

demo: .venv/run.stamp
	$(BIN)/hub demo

.venv/run.stamp: requirements/run.txt requirements/build.txt pyproject.toml scripts/venv
	scripts/venv requirements/run.txt
	touch $@

.venv/dev.stamp: requirements/dev.txt requirements/build.txt pyproject.toml scripts/venv
	scripts/system g++  # a decoder that a test needs is built from source
	scripts/venv requirements/dev.txt
	touch $@ .venv/run.stamp

.venv/node.stamp: tests/js/package.json tests/js/package-lock.json scripts/node .venv/dev.stamp
	scripts/node
	touch $@

.venv/system.stamp: Makefile scripts/system scripts/localhost scripts/mosquitto .venv/node.stamp
	scripts/system $(SYSTEM)
	scripts/localhost
	scripts/mosquitto
	touch $@

test:
	$(MAKE) --jobs=2 lint types gen-check
	$(MAKE) unit

lint: .venv/dev.stamp .venv/node.stamp
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports --no-cache --no-logo
	tests/js/node_modules/.bin/eslint -c tests/js/eslint.config.mjs hub/web/static/js tests/js
	tests/js/node_modules/.bin/prettier --config tests/js/prettier.json --check \
		"hub/web/static/js/*.js" "tests/js/*.mjs" "tests/js/unit/*.mjs"

types: .venv/dev.stamp .venv/node.stamp
	$(BIN)/mypy
	tests/js/node_modules/.bin/tsc -p tests/js/tsconfig.json

unit: .venv/dev.stamp .venv/system.stamp
	scripts/versions
	node --test tests/js/unit/*.test.mjs
	scripts/artemis --if-possible
	$(BIN)/pytest --numprocesses 3 --dist loadfile --no-loadscope-reorder

gen: .venv/dev.stamp
	$(BIN)/python -m tools.gen

gen-check: .venv/dev.stamp
	$(BIN)/python -m tools.gen --check

bench: .venv/dev.stamp .venv/system.stamp
	$(BIN)/python -m bench

faults: .venv/dev.stamp .venv/system.stamp
	$(BIN)/python -m faults

cluster: .venv/dev.stamp .venv/system.stamp
	scripts/artemis
	$(BIN)/python -m faults.cluster

fresh:
	scripts/fresh

fuzz: .venv/dev.stamp
	$(BIN)/python -m fuzz

lock: .venv/dev.stamp
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
		--no-annotate --no-emit-index-url pyproject.toml -o requirements/run.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
		--no-annotate --no-emit-index-url --group build -c requirements/run.txt \
		-o requirements/build.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
		--no-annotate --no-emit-index-url pyproject.toml --all-extras --group build --group dev \
		--group bench -c requirements/run.txt -c requirements/build.txt -o requirements/dev.txt

clean:
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis hub-data tests/js/node_modules
