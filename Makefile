# SPDX-License-Identifier: GPL-2.0
# How rtlat is built, run and tested. What rtlat.ko is made of: Kbuild.
#
#   KERNEL=6.1|6.1-rt|6.12|6.12-rt   distribution kernel to build for and to boot
#   KDIR=    kernel build directory to build the module for instead
#   O=       where the module is built instead of build/module/RELEASE
#   W=1 C=2 V=1   as in the kernel's own build
#   RESULTS= where demo, matrix and paper leave their results (results/demo,
#            else results/ and the matrix file's name)
#   SUITES=  only these of check and check-long, by the names that they print (ci/check.sh)
#   FUZZ_SECONDS=  how long fuzz takes, all targets together
#   MATRIX=  the matrix file of matrix; HOST=emulated|bochs|this; JOBS= emulated hosts
#   BOCHS=   the emulator of HOST=bochs (bochs)
#   KTAP=1   matrix: end with a line of KTAP for each cell, in place of the tables
#   PARTS=   only these of bench: probes profile limits record report turnaround
#   RELOAD_KVM=1 HOST=this: KVM's modules may be loaded again, when no VM runs

KERNEL ?= 6.1
CLOCK ?= none
# as typed, for the shell in the emulated host: its $$ are not for make
override CMD := $(value CMD)
export CMD
BUILD := $(CURDIR)/build

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

ifdef KDIR
HEADERS := $(abspath $(KDIR))
else
HEADERS := $(BUILD)/kernels/$(KERNEL)/headers
endif
RELEASE = $(shell sed -n 's/.*UTS_RELEASE "\(.*\)"/\1/p' $(HEADERS)/include/generated/utsrelease.h)
ifdef O
MODULE_DIR = $(abspath $(O))
else
MODULE_DIR = $(BUILD)/module/$(RELEASE)
endif
# the kernel's build writes beside its sources: it gets links to ours instead
MODULE_FILES := Kbuild $(shell find module -type f)

# as many compilers as CPUs, unless make was told how many itself
parallel = $(if $(filter -j% --jobserver%,$(MAKEFLAGS)),,-j$(shell nproc))

need-root = [ "$$(id -u)" -eq 0 ] || { echo "make $@ needs root; run: sudo make $@" >&2; exit 1; }

.PHONY: help
help: ## this list
	@awk -F ':.*## ' '/^[a-z][a-z_-]*:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' \
		$(firstword $(MAKEFILE_LIST))

$(BUILD)/kernels/%/headers:
	@ci/kernel.sh $* headers

# a kernel that is built here may be out of date
.PHONY: headers
headers: $(if $(KDIR),,$(BUILD)/kernels/$(KERNEL)/headers)
	$(if $(KDIR),,$(if $(wildcard ci/kernels/$(KERNEL).config),@ci/kernel.sh $(KERNEL) headers))

.PHONY: module
module: headers ## rtlat.ko for KERNEL= (or KDIR=) in build/module/RELEASE (or O=)
	@mkdir -p $(MODULE_DIR)
	@for f in $(MODULE_FILES); do \
		mkdir -p $(MODULE_DIR)/$$(dirname $$f); \
		ln -sfn $(CURDIR)/$$f $(MODULE_DIR)/$$f; \
	done
	@find $(MODULE_DIR) -xtype l -delete
	$(if $(V),,@)$(MAKE) $(parallel) -C $(HEADERS) M=$(MODULE_DIR) O= $(if $(W),W=$(W)) \
		$(if $(C),C=$(C)) $(if $(V),V=$(V)) modules

.PHONY: userspace
userspace: ## the rtlat command in build/userspace
	@$(MAKE) $(parallel) -C userspace O=$(BUILD)/userspace

.PHONY: all
all: module userspace ## both

.PHONY: deps
deps: ## install the Debian packages that demo, run and check need (root)
	@ci/deps.sh check

# `make demo` alone on a bare machine: packages, build, run, report
.PHONY: demo
demo: ## native, KVM and KVM with posted interrupts on the emulated host (HOST=bochs: an Intel one), and a report
ifeq ($(HOST),bochs)
demo: matrix
else ifneq ($(filter-out emulated,$(HOST)),)
demo:
	@echo 'make: HOST=$(HOST): the demo is for an emulated host (HOST=bochs: an Intel one); for this machine: make matrix HOST=this' >&2; exit 2
else
	@$(need-root)
	@ci/deps.sh demo
	@$(MAKE) module userspace
	@exec env KERNEL=$(KERNEL) RESULTS=$(or $(RESULTS),results/demo) ci/demo.sh
endif

# exec: a signal to make reaches the sweep
.PHONY: matrix
matrix: ## all cells of MATRIX=, on emulated hosts, HOST=bochs or this; goes on where it was
	@$(need-root)
	@ci/deps.sh $(if $(filter bochs,$(HOST)),bochs,demo)
	@$(MAKE) module userspace
	@exec env HOST=$(or $(HOST),emulated) $(if $(BOCHS),BOCHS=$(BOCHS)) RTLAT_RELOAD_KVM=$(or $(RELOAD_KVM),0) KERNEL=$(KERNEL) RESULTS=$(RESULTS) \
		MATRIX=$(MATRIX) JOBS=$(JOBS) ci/sweep.sh

.PHONY: paper
paper: ## the paper's experiment on emulated hosts: sweep, figures, findings
	@$(need-root)
	@ci/deps.sh paper
	@$(MAKE) module userspace
	@exec env HOST=emulated KERNEL=$(KERNEL) RESULTS=$(or $(RESULTS),results/paper) \
		MATRIX=selftests/matrices/paper JOBS=$(JOBS) ci/sweep.sh --paper

.PHONY: run
run: ## CMD='...' as root in an emulated host; KERNEL= CLOCK=none|instructions SMP=
	@ci/deps.sh demo
	@$(MAKE) -s module userspace >&2
	@ci/run.sh --kernel $(KERNEL) --clock $(CLOCK) $(if $(SMP),--smp $(SMP)) \
		--rw results -- "$$CMD"

.PHONY: shell
shell: ## a shell on a terminal in an emulated host; KERNEL= CLOCK= SMP=
	@ci/deps.sh demo
	@$(MAKE) -s module userspace >&2
	@ci/run.sh --kernel $(KERNEL) --clock $(CLOCK) $(if $(SMP),--smp $(SMP)) \
		--rw results --timeout 86400 --tty -- "$${CMD:-bash -i}"

.PHONY: lint
lint: userspace ## checkpatch, sparse, W=1, -Werror, cppcheck, shellcheck
	@ci/lint.sh

.PHONY: test
test: ## unit tests of the pure code and of the tools
	@$(MAKE) $(parallel) -C ktests O=$(BUILD)/ktests test
	@$(MAKE) $(parallel) -C userspace O=$(BUILD)/userspace test

.PHONY: coverage
coverage: ## lines and branches of the pure files that their unit tests reach
	@ktests/coverage.pl $(BUILD)/coverage

.PHONY: mutants
mutants: ## comparisons, constants and counters changed in turn: each must make a test fail; JOBS= emulated hosts
	@ci/deps.sh check
	@ktests/mutants.pl $(BUILD)/mutants
	@ci/kernel.sh 6.1 headers
	@JOBS=$(or $(JOBS),1) ci/site-mutants.pl

.PHONY: ktest
ktest: ## unit tests in a kernel that is built here (KERNEL=6.12-test); KDIR=: built for that one
	@ci/deps.sh check
ifdef KDIR
	@$(MAKE) -C ktests modules KDIR=$(HEADERS) O=$(BUILD)/ktests/$(RELEASE)
else
	@ci/ktest.sh $(if $(filter-out file,$(origin KERNEL)),$(KERNEL))
endif

.PHONY: fuzz
fuzz: ## readers of files under libFuzzer with sanitizers; FUZZ_SECONDS= in all (30)
	@ci/deps.sh check
	@ci/fuzz.sh

.PHONY: debug
debug: ## selftests, KUnit, random cycles and writes on a debug kernel that is built here
	@ci/deps.sh check
	@ci/debug.sh

.PHONY: kselftest
kselftest: module userspace ## selftests under the kernel's own runner; KERNEL=: all of them on that one
	@ci/selftests.sh $(if $(filter-out file,$(origin KERNEL)),--kernel $(KERNEL))

.PHONY: truth
truth: module ## delays of known size against what is measured, all sizes; docs/truth.md
	@ci/deps.sh check
	@KERNEL=$(KERNEL) ci/truth.sh

.PHONY: crosscheck
crosscheck: ## rtlat beside timerlat, cyclictest and the kernel's own events, on 6.12-test; docs/crosscheck.md
	@ci/deps.sh check
	@ci/crosscheck.sh

.PHONY: bench
bench: ## what rtlat itself costs: ratios, each with its goal; docs/performance.md
	@$(need-root)
	@ci/deps.sh check
	@ci/bench.sh $(PARTS)

.PHONY: busted
busted: ## broken modules and false claims, each of which must be reported; docs/busted.md
	@ci/deps.sh check
	@ci/busted.sh --doc

.PHONY: check
check: ## everything CI runs (SUITES=)
	@ci/deps.sh check
	@ci/check.sh

.PHONY: check-long
check-long: ## those, longer, and what takes hours: truth, mutants, the debug kernel and more (SUITES=)
	@ci/deps.sh check
	@ci/check.sh long

.PHONY: docs
docs: userspace ## docs/parameters.md from module/params.def
	@$(BUILD)/userspace/rtlat params --markdown >docs/parameters.md.new
	@mv docs/parameters.md.new docs/parameters.md

.PHONY: clean
clean: ## remove what was built, but not the unpacked kernels
	rm -rf $(BUILD)/module $(BUILD)/userspace $(BUILD)/ktests $(BUILD)/selftests $(BUILD)/lint \
		$(BUILD)/fuzz/obj $(BUILD)/coverage $(BUILD)/mutants $(BUILD)/sites
