.DEFAULT_GOAL := help
GO ?= go
GOLANGCI_LINT := $(shell $(GO) env GOPATH)/bin/golangci-lint
GOLANGCI_LINT_VERSION := v2.15.0
REDOCLY := npx --yes @redocly/cli@1.34.3

.PHONY: help
help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: build
build: ## Build ./worksctl
	$(GO) build -trimpath -o worksctl .

.PHONY: test
test: ## Run every test
	$(GO) test ./...

.PHONY: race
race: ## Run every test under the race detector
	$(GO) test -race -timeout 20m ./...

.PHONY: lint
lint: $(GOLANGCI_LINT) ## Check style and common mistakes
	$(GOLANGCI_LINT) run ./...

.PHONY: generate
generate: ## Write docs/reference, docs/man, docs/images and completions from the command tree
	$(GO) run ./internal/gen

.PHONY: check-docs
check-docs: generate ## Fail if the generated files are not the committed ones
	@git diff --exit-code -- docs completions README.md && test -z "$$(git status --porcelain -- docs completions)"

.PHONY: openapi
openapi: ## Have docs/openapi.yaml judged by an outside validator (npm)
	$(REDOCLY) lint docs/openapi.yaml

.PHONY: libreoffice
libreoffice: ## Send exports and console files through LibreOffice and read them back
	WORKSCTL_TEST_LIBREOFFICE=required $(GO) test -count=1 -run LibreOffice ./internal/devicefile

.PHONY: bench
bench: ## Measure speed and memory as ratios within one run
	$(GO) run ./internal/bench

.PHONY: release-check
release-check: ## Build a snapshot of the release for every system
	$(GO) run github.com/goreleaser/goreleaser/v2@v2.16.0 release --snapshot --clean --skip=publish

.PHONY: clean
clean: ## Remove what builds leave behind
	rm -rf worksctl dist bin

$(GOLANGCI_LINT):
	$(GO) install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(GOLANGCI_LINT_VERSION)
