# Everything a developer or the machine calls. `make test` is the whole proof.
export GOTOOLCHAIN := local
export GOFLAGS     := -mod=readonly

.PHONY: test install lint unit race browser test-readers axe-all screenshots lcp fuzz bench demo image

test: install lint unit browser ## installs what it needs and runs every check

install: ## PostgreSQL, Chromium and Node from Debian, browser modules from npm
	.ci/install

lint: ## gofmt, go vet, golangci-lint
	.ci/lint

unit: ## every Go test on both databases, with the race detector; what is long of it once more without it
	CGO_ENABLED=1 go test -race -shuffle=on -count=1 -timeout 40m ./...
	CGO_ENABLED=0 go test -count=1 -run TwoTabs ./app/respond
	CGO_ENABLED=0 go test -count=1 -run ASender ./app/outbox
	CGO_ENABLED=0 go test -count=1 -run Scanners ./app

browser: ## the pages in a real Chromium
	.ci/browser

test-readers: ## PSPP, R, DuckDB, LibreOffice and xmllint open the files of releases and must agree with the CSV
	.ci/readers

axe-all: ## every page, state, language, width and colour scheme through axe-core; writes docs/accessibility.md
	.ci/browser AccessibilityReport

screenshots: ## pictures of every page and state in every language at three widths, into screenshots/
	.ci/browser Screenshots

lcp: ## how long a slow phone waits for the first page
	.ci/browser LargestContentfulPaint

fuzz: ## each fuzz target for a short while
	.ci/fuzz

bench: ## speed and memory, each as a ratio to a bound of the same run
	CGO_ENABLED=0 go run ./app/loadtest bench

demo:
	CGO_ENABLED=0 go run ./app demo

image:
	docker build -t rondo .
