# Two commands do everything: `make demo` and `make test`.
SHELL := /bin/bash
PREFIX ?= /usr/local
SWIFT_FLAGS := --explicit-target-dependency-import-check error
LIBRARIES := libxlsxwriter-dev coinor-libcbc-dev libzstd-dev zlib1g-dev pkg-config
TEST_TOOLS := libreoffice-calc poppler-utils librsvg2-bin zstd chromium slurm-wlm munge python3-yaml python3-jsonschema
BINARY := .build/release/fleetplan

.PHONY: demo test templates build bench format lint install libraries test-tools report-fresh clean

demo: build
	$(BINARY) plan fixtures/scenarios/demo.yaml --out reports/demo --format xlsx,md,json
	@echo "Open reports/demo/plan.xlsx, reports/demo/report.md and reports/demo/plan.json"

build: libraries
	swift build -c release --product fleetplan --static-swift-stdlib $(SWIFT_FLAGS)

test: libraries test-tools
	swift build --build-tests $(SWIFT_FLAGS)
	swift test --skip-build

# What `fleetplan init` writes runs at once, for every template, and the what-ifs under examples give their answers.
templates: build
	scripts/test-templates $(BINARY)
	scripts/test-examples $(BINARY)

bench: libraries
	cd Benchmarks && swift build -c release && ./run
	swift build -c release --product fleetplan && Benchmarks/large-plan.py

format:
	swift format -i --recursive Package.swift Sources Tests Benchmarks

lint:
	swift format lint --strict --recursive Package.swift Sources Tests

install: build
	install -D -m 755 $(BINARY) $(DESTDIR)$(PREFIX)/bin/fleetplan

# The committed sample report equals what the demo makes now.
report-fresh: demo
	git diff --exit-code -- reports/demo

libraries:
	@./scripts/install-packages $(LIBRARIES)

test-tools:
	@./scripts/install-packages $(TEST_TOOLS)

clean:
	rm -rf .build out
