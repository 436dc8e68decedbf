# The project's tasks. `make` prints them; CI runs the same ones, nothing more.
# What takes more than a few lines stands in hack/.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

# No C compiler is needed, and one setting for all of them means one build cache.
export CGO_ENABLED := 0
# What `go generate` calls by name is what we pinned.
export PATH := $(CURDIR)/bin/tools:$(PATH)

VERSION := $(or $(shell git describe --tags --always --dirty 2>/dev/null),dev)
COMMIT := $(or $(shell git rev-parse HEAD 2>/dev/null),unknown)
COMMITTED := $(or $(shell git log -1 --format=%cI 2>/dev/null),unknown)
LDFLAGS := -s -w -X main.version=$(VERSION) -X main.commit=$(COMMIT) -X main.committed=$(COMMITTED)

##@ Work

.PHONY: help
help: ## this list
	@awk -f hack/help.awk $(MAKEFILE_LIST)

.PHONY: dev
dev: build $(if $(RECOURSE_TEMPORAL__ADDRESS),,devserver) ## start everything on this machine; ARGS="--no-samples" and the like
	@exec bin/recourse dev $(ARGS)

.PHONY: assets
assets: ## what the console needs of others, installed from its lock (needs Node and npm once)
	@hack/assets.sh

.PHONY: build
build: assets ## bin/recourse, one static file
	go build -buildvcs=false -ldflags '$(LDFLAGS)' -o bin/recourse ./cmd/recourse

.PHONY: devserver
devserver: bin/recourse-devserver ## bin/recourse-devserver, the embedded Temporal server (once; takes minutes)

bin/recourse-devserver: $(shell find devserver -type f ! -name '*_test.go' ! -path '*/testdata/*')
	@hack/build-devserver.sh $@

.PHONY: generate
generate: tools-generate ## write every generated file again
	go generate ./...

.PHONY: fmt
fmt: tools-lint ## gofumpt and import order, in place
	golangci-lint fmt ./...

.PHONY: clean
clean: ## remove everything that was built, tools included
	rm -rf bin console/node_modules console/static/vendor

##@ Prove

.PHONY: test
test: assets devserver tools-test ## every test of both modules, with all the set-up; prints counts and the twenty slowest
	@hack/test.sh all

.PHONY: test-unit
test-unit: assets tools-test ## everything but the end-to-end tests
	@hack/test.sh unit

.PHONY: test-postgres
test-postgres: assets tools-test ## what has Postgres under it; fails where there is none
	@hack/test.sh postgres

.PHONY: e2e
e2e: assets devserver tools-test ## the whole program from outside, on the embedded Temporal server
	@hack/test.sh e2e

.PHONY: test-browser
test-browser: assets devserver tools-test ## the console in a headless chromium: every page in every look, and what people do there
	@hack/test.sh browser

.PHONY: replay
replay: tools-test ## today's workflows against the recorded histories
	@hack/test.sh replay

.PHONY: lint
lint: assets tools-lint ## the arrows, the style, determinism, formatting, dead code; both modules
	@hack/lint.sh

.PHONY: verify
verify: assets tools-generate tools-verify ## what is generated is current, what is paired is paired, nothing leaks, nothing is known to be vulnerable
	@hack/verify.sh

.PHONY: bench-commands
bench-commands: build devserver ## how long a command takes, beside a bare update; ARGS="--help" tells more
	bin/recourse bench commands $(ARGS)

.PHONY: bench-clocks
bench-clocks: build devserver ## deadlines by the thousand, timers' lateness, idling, moving cases to another policy; ARGS="--help" tells more
	bin/recourse bench clocks $(ARGS)

.PHONY: bench-intake
bench-intake: build devserver ## how fast intake is, beside bare Temporal; ARGS="--help" tells more
	bin/recourse bench intake $(ARGS)

.PHONY: bench-simulate
bench-simulate: build ## how long it takes to simulate 141,712 rows of a public log (../shared/data), and in how much memory
	@log=../shared/data/uci-incident/incident_event_log.csv.gz; if [ ! -f $$log ]; then echo "!!! $$log is not here: nothing was measured"; exit 0; fi; \
	start=$$(date +%s.%N); bin/recourse simulate $$log --mapping examples/history/uci-incident.yaml --policy examples/policies/flat.yaml \
		--as-of 2017-03-01T00:00:00Z --zone UTC --usage | tail -1; echo "$$start $$(date +%s.%N)" | awk '{printf "%.1f s in all\n", $$2 - $$1}'

.PHONY: bench-search
bench-search: ## how long lists and searches take on Postgres; CASES=100000, DATABASE=sqlite for the other
	RECOURSE_BENCH_CASES=$(or $(CASES),100000) RECOURSE_BENCH_DATABASE=$(DATABASE) \
		go test ./internal/cases -run TestHowFastSearchIs -v -count=1 -timeout 60m

.PHONY: bench-console
bench-console: assets ## how long the console's pages take on Postgres; CASES=100000, FOLDER=… keeps the record for the next time
	RECOURSE_BENCH_CASES=$(or $(CASES),100000) RECOURSE_BENCH_FOLDER=$(FOLDER) \
		go test ./console -run TestHowFastPagesAre -v -count=1 -timeout 60m

.PHONY: bench-kpi
bench-kpi: ## how long figures take over a record on Postgres; CASES=1000000, DATABASE=sqlite for the other
	RECOURSE_BENCH_CASES=$(or $(CASES),1000000) RECOURSE_BENCH_DATABASE=$(DATABASE) \
		go test ./internal/figures -run TestHowFastFiguresAre -v -count=1 -timeout 60m

.PHONY: bench-extract
bench-extract: ## how long tables of CASES=100000 cases take over HTTP, and in how much memory; DATABASE=sqlite for the other
	RECOURSE_BENCH_CASES=$(or $(CASES),100000) RECOURSE_BENCH_DATABASE=$(DATABASE) \
		go test ./internal/figures -run TestHowMuchAnExtractTakes -v -count=1 -timeout 60m

.PHONY: walk
walk: assets devserver ## every link of the console as every role among CASES=20000 generated cases, with how long pages take
	RECOURSE_E2E_LONG=$(or $(CASES),20000) go test ./e2e/browser -run TestEveryLinkLeadsSomewhere -v -count=1 -timeout 60m

.PHONY: screenshots
screenshots: build devserver ## pictures of the console's main pages, from the sample company, into docs/screenshots
	@hack/screenshots.sh

include hack/tools.mk
