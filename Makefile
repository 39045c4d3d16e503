# Two commands matter: `make run` and `make test`. Both fetch what is missing from the distribution.

SHELL := /bin/bash
.DEFAULT_GOAL := run

# what the program needs to run, and what its tests need besides
RUN_PACKAGES := postgresql build-essential
TEST_PACKAGES := redis-server chromium mariadb-server pkg-config libssl-dev

.PHONY: run
run: packages app ## build everything and start the server
	cargo build --release
	@exec ./target/release/queryforge serve

.PHONY: packages
packages:
	@scripts/packages $(RUN_PACKAGES)

.PHONY: app
app: static/dist/index.html ## build the browser app

static/dist/index.html: static/node_modules/.package-lock.json $(shell find static/src static/public static/index.html static/vite.config.ts static/tsconfig.json -type f 2>/dev/null)
	cd static && npm run build

static/node_modules/.package-lock.json: static/package-lock.json
	cd static && npm ci

.PHONY: test
test: test-packages app test-rust test-app test-e2e ## everything that CI checks

.PHONY: test-packages
test-packages:
	@scripts/packages $(RUN_PACKAGES) $(TEST_PACKAGES)

.PHONY: test-rust
test-rust: kdb-peer duckdb-library tests/aimock/node_modules/@copilotkit/aimock/package.json
	cargo fmt --check
	cargo clippy --all-targets --locked -- -D warnings
	cargo test --locked
	RUSTDOCFLAGS="-D warnings" cargo doc --no-deps --locked

.PHONY: kdb-peer
kdb-peer: ## what the tests of the kdb target speak with; a workspace of its own, so that nobody else pays for it
	CARGO_TARGET_DIR=target/kdb-peer cargo build --locked --manifest-path tests/kdb-peer/Cargo.toml
	scripts/node-q

.PHONY: duckdb-library
duckdb-library: ## DuckDB's official build, for DuckDB files
	scripts/duckdb-library

tests/aimock/node_modules/@copilotkit/aimock/package.json: tests/aimock/package.json
	npm install --prefix tests/aimock --no-audit --no-fund --no-package-lock

.PHONY: test-app
test-app: static/node_modules/.package-lock.json
	cd static && npm run check && npm test

.PHONY: test-e2e
test-e2e: app tests/e2e/node_modules/.package-lock.json
	cargo build --locked
	cd tests/e2e && npm test

tests/e2e/node_modules/.package-lock.json: tests/e2e/package-lock.json
	cd tests/e2e && npm ci

.PHONY: screenshots
screenshots: app tests/e2e/node_modules/.package-lock.json ## make docs/screenshots anew
	cargo build --locked
	cd tests/e2e && SCREENSHOTS=1 node --test --test-concurrency=1 browser.test.js knowledge.test.js

.PHONY: test-faults
test-faults: test-packages ## the long forms of the fault harness: 600 kills, 1,000 turns, 96 faults of dependencies
	cargo test --locked --test it faults:: -- --ignored --nocapture --test-threads 1

.PHONY: bench
bench: app ## speed and memory, as ratios within one run
	cargo bench

.PHONY: fuzz
fuzz: ## ten minutes of coverage-guided fuzzing of the query checker
	fuzz/run 600
