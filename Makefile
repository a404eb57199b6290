# Recourse. `make` alone prints what there is to do. Works with GNU make 3.81 and later.
SHELL := /bin/bash
.DEFAULT_GOAL := help

GO        ?= go
STATE     ?= .local
TOOLS_BIN := $(CURDIR)/.tools/bin
DEMO      ?= deploy/demo/cambria
# ARGS is handed on: make run ARGS="--auto-ports", make test ARGS="-run TestEnquiry".
ARGS      ?=

# The versions of the tools are pinned here and nowhere else.
GOLANGCI_LINT := v2.15.0
WORKFLOWCHECK := v0.6.0
OAPI_CODEGEN  := v2.8.2

VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)
LDFLAGS := -X main.version=$(VERSION)

# The race detector needs a C compiler.
RACE := $(shell command -v cc >/dev/null 2>&1 && echo -race)

export PATH := $(TOOLS_BIN):$(PATH)
# Nothing may fetch another Go behind your back.
export GOTOOLCHAIN ?= local

say = @printf '\033[1m==> %s\033[0m\n' "$(1)"

##@ Every day

.PHONY: help
help: ## Print this list
	@awk 'BEGIN {FS = ":.*## "} /^##@/ {printf "\n\033[1m%s\033[0m\n", substr($$0, 5)} /^[a-z-]+:.*## / {printf "  \033[36m%-14s\033[0m %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@printf '\nThe first build compiles a Temporal server and takes some minutes; later ones take seconds.\n'

.PHONY: run
run: build ## Start everything with demo data: API, Temporal and its UI, PostgreSQL, S3, mail (Ctrl-C stops it)
	$(call say,Starting the stack; its state is kept in $(STATE))
	@folder=$$(scripts/find-postgres) && RECOURSE_POSTGRES_BIN=$$folder exec bin/stack up --state $(STATE) --demo-data $(DEMO) $(ARGS)

.PHONY: demo
demo: build ## Play seven enquiries from request to invoice in front of you and check every result
	@folder=$$(scripts/find-postgres) && RECOURSE_POSTGRES_BIN=$$folder bin/stack demo $(ARGS)

.PHONY: test
test: build ## Run every test: the product's with the race detector and, beside them, the whole system's
	$(call say,Testing the product$(if $(RACE), with the race detector,; no C compiler here so without the race detector) and the whole system)
	@folder=$$(scripts/find-postgres) && RECOURSE_POSTGRES_BIN=$$folder scripts/test "$(RACE)" $(ARGS)

.PHONY: lint
lint: needs-go $(TOOLS_BIN)/golangci-lint-$(GOLANGCI_LINT) ## Run the linters on both modules
	$(call say,golangci-lint $(GOLANGCI_LINT))
	@$(TOOLS_BIN)/golangci-lint-$(GOLANGCI_LINT) run ./...
	@cd deploy/local && $(TOOLS_BIN)/golangci-lint-$(GOLANGCI_LINT) run --config ../../.golangci.yml ./...

.PHONY: fmt
fmt: $(TOOLS_BIN)/golangci-lint-$(GOLANGCI_LINT) ## Format all code as the linters want it
	@$< fmt ./...
	@cd deploy/local && $< fmt --config ../../.golangci.yml ./...

.PHONY: clean
clean: ## Forget the local stack's state and the built binaries (tools and downloads stay)
	@if [ -x bin/stack ]; then bin/stack clean --state $(STATE); fi
	@rm -rf bin
	@echo "Forgotten. Tools stay in $(TOOLS_BIN)."

##@ Build

.PHONY: build
build: needs-go ## Build bin/recourse (the product) and bin/stack (the local stack)
	$(call say,Building the product)
	@scripts/with-progress $(GO) build -v -ldflags '$(LDFLAGS)' -o bin/recourse ./cmd/recourse
	$(call say,Building the local stack (the first time compiles a Temporal server: minutes))
	@scripts/with-progress $(GO) -C deploy/local build -v -o ../../bin/stack .

# Says what to do instead of "command not found".
.PHONY: needs-go
needs-go:
	@command -v $(GO) >/dev/null || { echo "Go is not installed: get 1.26 or later from https://go.dev/dl and start again"; exit 1; }

.PHONY: generate
generate: $(TOOLS_BIN)/oapi-codegen-$(OAPI_CODEGEN) ## Write the generated code again: the API from openapi.yaml, the state diagram from the table
	$(call say,Generating)
	@ln -sf oapi-codegen-$(OAPI_CODEGEN) $(TOOLS_BIN)/oapi-codegen
	@$(GO) generate ./...

.PHONY: verify
verify: needs-go $(TOOLS_BIN)/oapi-codegen-$(OAPI_CODEGEN) $(TOOLS_BIN)/workflowcheck-$(WORKFLOWCHECK) ## Check that generated code, modules and the compose file are in order
	@scripts/verify $(TOOLS_BIN)/workflowcheck-$(WORKFLOWCHECK)

.PHONY: bench
bench: build ## Measure start-up, open latency and throughput beside a bare workflow
	@folder=$$(scripts/find-postgres) && export RECOURSE_POSTGRES_BIN=$$folder && \
		$(GO) test -run '^$$' -bench . -benchmem ./casework/... ./store/... && bin/stack bench $(ARGS)

.PHONY: replay-record
replay-record: build ## Record the histories that later releases must replay (from released code only)
	@mkdir -p workflows/testdata/histories
	@folder=$$(scripts/find-postgres) && RECOURSE_POSTGRES_BIN=$$folder RECOURSE_RECORD_HISTORIES=$(CURDIR)/workflows/testdata/histories $(GO) -C deploy/local test -count=1 -timeout 20m ./e2e/...

##@ Tools

.PHONY: tools
tools: $(TOOLS_BIN)/golangci-lint-$(GOLANGCI_LINT) $(TOOLS_BIN)/workflowcheck-$(WORKFLOWCHECK) $(TOOLS_BIN)/oapi-codegen-$(OAPI_CODEGEN) ## Install the pinned tools into .tools/bin

.PHONY: postgres
postgres: ## Say which PostgreSQL the stack and the tests use, and fetch one if there is none
	@scripts/find-postgres >/dev/null

$(TOOLS_BIN)/golangci-lint-$(GOLANGCI_LINT):
	@scripts/install-tool $@ github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(GOLANGCI_LINT)

$(TOOLS_BIN)/workflowcheck-$(WORKFLOWCHECK):
	@scripts/install-tool $@ go.temporal.io/sdk/contrib/tools/workflowcheck@$(WORKFLOWCHECK)

$(TOOLS_BIN)/oapi-codegen-$(OAPI_CODEGEN):
	@scripts/install-tool $@ github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen@$(OAPI_CODEGEN)
