# SPDX-License-Identifier: GPL-2.0
# How rtlat is built, run and tested. What rtlat.ko is made of: Kbuild.
#
#   KERNEL=6.1|6.1-rt|6.12|6.12-rt   distribution kernel to build for and to boot
#   KDIR=   kernel build directory to build the module for instead
#   O=      where the module is built instead of build/module/RELEASE
#   W=1 C=2 V=1   as in the kernel's own build

KERNEL ?= 6.1
CLOCK ?= none
RESULTS ?= results/demo
BUILD := $(CURDIR)/build
JOBS := $(shell nproc)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

FLAVOURS := $(shell sed -n 's/^\([0-9][^ \t]*\).*/\1/p' ci/matrix)

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

.PHONY: help
help: ## this list
	@grep -hE '^[a-z][a-z_-]*:.*## ' $(MAKEFILE_LIST) | sort -u | \
		awk -F ':.*## ' '{ printf "  make %-14s %s\n", $$1, $$2 }'

$(BUILD)/kernels/%/headers:
	@ci/kernel.sh $* headers

.PHONY: headers
headers: $(if $(KDIR),,$(BUILD)/kernels/$(KERNEL)/headers)

.PHONY: module
module: headers ## rtlat.ko for KERNEL= (or KDIR=) in build/module/RELEASE (or O=)
	@mkdir -p $(MODULE_DIR)
	@for f in $(MODULE_FILES); do \
		mkdir -p $(MODULE_DIR)/$$(dirname $$f); \
		ln -sfn $(CURDIR)/$$f $(MODULE_DIR)/$$f; \
	done
	@find $(MODULE_DIR) -xtype l -delete
	$(if $(V),,@)$(MAKE) -C $(HEADERS) M=$(MODULE_DIR) $(if $(W),W=$(W)) \
		$(if $(C),C=$(C)) $(if $(V),V=$(V)) modules

.PHONY: userspace
userspace: ## the rtlat command in build/userspace
	@$(MAKE) -C userspace O=$(BUILD)/userspace

.PHONY: clean
clean: ## remove what was built, but not the unpacked kernels
	rm -rf $(BUILD)/module $(BUILD)/userspace $(BUILD)/selftests
