# rawlabs: `make tour` shows every lab, `make test` proves it, `make help` lists the rest.

# The labs, in the order of the lecture: the [[bin]] entries of Cargo.toml.
LABS := $(shell sed -n '/^\[\[bin\]\]/,/^$$/s/^name = "\(.*\)"/\1/p' Cargo.toml)

# source(lab): the path of its sources without .rs and .c; several labs may share a folder.
SOURCES := $(shell sed -n '/^\[\[bin\]\]/,/^$$/s/^path = "\(.*\)\.rs"/\1/p' Cargo.toml)
source = $(filter %/$(1),$(SOURCES))

# scenarios(lab): its scenario file, which is called like it where labs share a folder.
scenarios = $(wildcard $(dir $(call source,$(1)))scenarios.toml $(call source,$(1)).toml)

# told(key,lab): the words of the lists `key = […]` in its scenario file.
told = $(shell sed -n 's/^$(1) = \[\(.*\)\]$$/\1/p' $(call scenarios,$(2)) /dev/null | tr -d '",')

# Given in the command, as in `make tour LAB=x`: an exported variable of such a name does not count.
ARGS =
TO =
LAB =
STEP =
QUICK =
C =
SCENARIO =
ALL =
JSON =
TWIN =
ORDER =
SAVE =
INPUT =
OUT =
SLEEP =
IS =
STEPS =

CARGO   ?= cargo
TARGET  := $(or $(CARGO_TARGET_DIR),$(CURDIR)/target)

# Where cargo builds, and what clean removes, is said to all its commands, whatever its own settings are.
export CARGO_TARGET_DIR := $(TARGET)
unexport CARGO_BUILD_TARGET

# Every call keeps an instruction, and so a source line, of its own:
# else the compiler shares one among branches that end alike.
# This variable goes before RUSTFLAGS and the rustflags of every setting, any of which would drop the flag otherwise.
LINES := CARGO_ENCODED_RUSTFLAGS=-Cllvm-args=-enable-tail-merge=false

# Fat LTO does not go with incremental compilation, which a variable may have asked for.
# The tour wants them to give way to its tool.
GIVE_WAY =
FOR_LABS = $(LINES) CARGO_INCREMENTAL=0 $(GIVE_WAY)

# build(arguments of cargo, variables for it). With build.target among its settings cargo would build into another
# folder, and an old file be taken. The first command fails if it is there: a setting cannot be a table as well.
build = $(CARGO) --config build.target.none=true locate-project >/dev/null && $(2) $(CARGO) build $(1) || $(call fail,$@)

fail = { echo "$(1) could not be made. If its source is right, make doctor says what is missing." >&2; exit 1; }

# What the shipped copy leaves out: only tracing reads it. The code is the same.
STRIP := --strip-all -R .eh_frame -R .eh_frame_hdr -R .gcc_except_table

.DEFAULT_GOAL := all
.PHONY: all $(LABS) labscope tour test size help doctor clean
.PHONY: $(LABS:%=run-%) $(LABS:%=strace-%) $(LABS:%=compare-%) $(LABS:%=timeline-%) $(LABS:%=orders-%) $(LABS:%=step-%) $(LABS:%=readelf-%) $(LABS:%=objdump-%)

# Cargo is called only if something is to be made anew: while it builds in another terminal it lets nobody else begin.
# A file that it made has the time at which that began, so what was changed meanwhile is newer.

# Which compiler is in use; the file is as old as the last change of it.
COMPILER := build/.compiler
.PHONY: compiler
compiler:
	@mkdir -p build/traced; version="$$($${RUSTC:-rustc} -vV 2>&1)"; \
	test "$$version" = "$$(cat $(COMPILER) 2>/dev/null)" || echo "$$version" >$(COMPILER)

# is_fresh(what cargo made, its sources): each of them is there, and older. A folder is newer when a file came or went.
is_fresh = test -x $(1) && test -z "$$(find $(2) Cargo.toml Cargo.lock Makefile $(COMPILER) -newer $(1) 2>&1)"

# install(what cargo has built, the file): by a rename, so that a running program keeps its old file,
# and two terminals may build at once.
install = cp $(1) $(2).$$$$ && touch -d @$$began $(2).$$$$ && mv $(2).$$$$ $(2) || { rm -f $(2).$$$$; false; }

# Builds labs, into build/ (stripped) and build/traced/ (whole).
# The whole file comes last: that it is as new as its sources tells that all was done.
define build_labs
@stale=; for lab in $(1); do \
    test -x build/$$lab && $(call is_fresh,build/traced/$$lab,src linker $(sort $(dir $(SOURCES)))) || stale="$$stale $$lab"; \
  done; \
  test -n "$$stale" || exit 0; \
  began=$$(date +%s.%N); \
  { $(call build,--profile lab $$(printf ' --bin %s' $$stale),$(FOR_LABS)); }; \
  for lab in $$stale; do \
    built="$(TARGET)/lab/$$lab"; \
    if cmp -s "$$built" build/traced/$$lab && test -x build/$$lab && test ! Makefile -nt build/$$lab; then \
      touch -d @$$began build/traced/$$lab; continue; \
    fi; \
    objcopy $(STRIP) "$$built" build/traced/.$$lab.$$$$ && mv build/traced/.$$lab.$$$$ build/$$lab && \
    $(call install,"$$built",build/traced/$$lab) && echo "build/$$lab" || \
    { rm -f build/traced/.$$lab.$$$$; $(call fail,build/$$lab); }; \
  done
endef

all: compiler ## builds every lab, static and stripped, into build/ (the default)
	$(call build_labs,$(LABS))

.SECONDEXPANSION:
$(LABS): compiler $$(call told,needs,$$@) ## builds one lab, and what it runs: make fork_test
	$(call build_labs,$@)

# Tells how a lab ended instead of failing: child_wait returns 1 by design.
# The empty trap keeps ^C for the lab; a handler, unlike "ignore", is not inherited.
ended = status=$$?; if test $$status -gt 128; then printf '\n'; echo "[$* was ended by SIG$$(kill -l $$status)]"; else echo "[$* ended with status $$status]"; fi

$(LABS:%=run-%): run-%: % ## runs a lab in this terminal: make run-fork_test ARGS=…
	@cd build && trap : INT QUIT; ./$* $(ARGS); $(ended)

$(LABS:%=strace-%): strace-%: % labscope $(if $(filter-out 0 no,$(TWIN)),build/c/% $$(addprefix build/c/,$$(call told,needs,$$*))) ## traces it, each call with its source line; TO=file or /dev/pts/N, SAVE=file, JSON=1, ALL=1, TWIN=1 (the C program), ORDER=child-first
	@trap : INT QUIT; $(TOOL) strace $* $(if $(TO),--to '$(TO)') $(if $(SAVE),--save '$(SAVE)') \
	  $(if $(ORDER),--order '$(ORDER)') $(if $(call yes,$(TWIN)),--c) $(if $(call yes,$(ALL)),--all) $(if $(call yes,$(JSON)),--json) -- $(ARGS)

$(LABS:%=readelf-%): readelf-%: % ## headers, segments and sections of a lab
	@readelf -hlSW build/$*

$(LABS:%=objdump-%): objdump-%: % ## the machine code of a lab between its source lines
	@objdump -dSC --no-show-raw-insn -M intel build/traced/$*

# The C twins: as a student compiles them, with the source line of each call, and not optimised.
C_FLAGS  := -std=gnu99 -O0 -g -Wall -Wextra
C_LINK   :=
TWINS    := $(LABS:%=build/c/%)
STATIC   := $(LABS:%=build/c-static/%)

.PHONY: c
c: $(TWINS) $(STATIC) ## builds the C twins: build/c/ (dynamic) and build/c-static/

# Which compiler makes them; the file is as old as the last change of it.
C_COMPILER := build/.c-compiler
.PHONY: c-compiler
c-compiler:
	@mkdir -p build; version="$(CC) $$($(CC) --version 2>&1 | head -1)"; \
	test "$$version" = "$$(cat $(C_COMPILER) 2>/dev/null)" || echo "$$version" >$(C_COMPILER)
$(C_COMPILER): c-compiler

# Stacks of a static program need the table that finds its frames.
$(STATIC): C_LINK := -static -Wl,--eh-frame-hdr
$(TWINS) $(STATIC): $$(call source,$$(@F)).c Makefile $(C_COMPILER)
	@mkdir -p $(@D)
	@$(CC) $(C_FLAGS) $(call told,c_flags,$(@F)) $(C_LINK) -o $(@D)/.$(@F).$$$$ $< && mv $(@D)/.$(@F).$$$$ $@ && echo $@ || $(call fail,$@)

size: all ## how large the labs are, in bytes
	@cd build && wc -c $(LABS)

# The tool, where no other clone that shares the folder of cargo puts its own.
TOOL := build/tools/labscope

labscope: compiler ## builds the tool behind tour, compare and strace-*
	@if $(call is_fresh,$(TOOL),bins/labscope/Cargo.toml bins/labscope/src); then exit 0; fi; \
	mkdir -p build/tools; began=$$(date +%s.%N); \
	{ $(call build,--profile tool --package labscope); }; \
	$(call install,"$(TARGET)/tool/labscope",$(TOOL)) || $(call fail,$(TOOL))

# Labs and tool are built at once: the tool alone does not keep two processors busy at its end. It is what takes longer,
# so the labs take what it leaves. Two bars of progress would not agree.
tour: ## walks through every lab by itself; LAB=x for one, STEP=1 waits for a key
	@CARGO_TERM_PROGRESS_WHEN=never $(MAKE) --no-print-directory -j2 GIVE_WAY='nice -n 5' all labscope
	@$(TOOL) tour $(if $(LAB),--lab '$(LAB)') $(if $(call yes,$(STEP)),--step)

# Whether a variable is set to something that means yes.
yes = $(filter-out 0 no,$(1))

$(LABS:%=compare-%): compare-%: all build/c/% $$(addprefix build/c/,$$(call told,needs,$$*)) labscope ## lays the C program beside the lab; C=file or folder, SCENARIO=x, ALL=1, JSON=1
	@$(TOOL) compare $* $(if $(C),--c '$(C)') $(if $(SCENARIO),--scenario '$(SCENARIO)') \
	  $(if $(call yes,$(ALL)),--all) $(if $(call yes,$(JSON)),--json)

# An argument of the shell, whatever stands in it.
quoted = '$(subst ','\'',$(1))'

$(LABS:%=orders-%): orders-%: all $$(addprefix build/c/,$$(call told,needs,$$*)) labscope ## runs it in every order: each outcome it can have; C=file, INPUT='a\n', OUT=pipe or file, SLEEP=any, IS='text', STEPS=1,2, JSON=1
	@$(TOOL) orders $* $(if $(C),--c $(call quoted,$(C))) $(if $(filter command,$(origin INPUT)),--input $(call quoted,$(value INPUT))) \
	  $(if $(OUT),--out '$(OUT)') $(if $(SLEEP),--sleep '$(SLEEP)') $(if $(value IS),--is $(call quoted,$(value IS))) \
	  $(if $(STEPS),--steps '$(STEPS)') $(if $(call yes,$(JSON)),--json) -- $(ARGS)

$(LABS:%=step-%): step-%: all $$(addprefix build/c/,$$(call told,needs,$$*)) labscope ## runs it call by call, under your hand; C=file, STEPS=1,2, INPUT='a\n', OUT=pipe or file, SLEEP=any, JSON=1
	@$(TOOL) step $* $(if $(C),--c $(call quoted,$(C))) $(if $(filter command,$(origin INPUT)),--input $(call quoted,$(value INPUT))) \
	  $(if $(OUT),--out '$(OUT)') $(if $(SLEEP),--sleep '$(SLEEP)') \
	  $(if $(STEPS),--steps '$(STEPS)') $(if $(call yes,$(JSON)),--json) -- $(ARGS)

.PHONY: bench
bench: all ## the performance table, in a few minutes; QUICK=1 for half a minute, JSON=1 for programs
	@$(call build,--profile tool --package labscope-bench)
	@"$(TARGET)/tool/labscope-bench" --target "$(TARGET)" $(if $(call yes,$(QUICK)),--quick) \
	  $(if $(call yes,$(JSON)),--json)

.PHONY: study
study: all c labscope ## pages to study from: build/study/index.html; LAB=x for one lab
	@$(call build,--profile tool --package labscope-study)
	@LABSCOPE="$(CURDIR)/$(TOOL)" "$(TARGET)/tool/labscope-study" $(if $(LAB),--lab '$(LAB)')

$(LABS:%=timeline-%): timeline-%: all labscope ## draws a run as build/timeline/<lab>-<scenario>.svg; SCENARIO=x
	@$(TOOL) timeline $* $(if $(SCENARIO),'$(SCENARIO)')

.PHONY: tables
tables: all labscope ## writes the tables of the READMEs: what the labs say of themselves, and their sizes
	@$(TOOL) tables

# The programs in tests/ whose tests are called like the lab that they are about: `child_wait::…`.
TESTS_OF_LABS := every_lab labs timeline echo calculator

ifeq ($(LAB),)
test: ## everything that CI runs; LAB=x: what is said of that lab, SCENARIO=x: of it in that scenario
	$(CARGO) fmt --all --check
	$(CARGO) clippy --workspace --all-targets -- -D warnings
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --workspace --no-deps
	$(CARGO) test --workspace
else
test:
	@$(call known,lab,$(LAB),echo $(LABS))
	@$(if $(SCENARIO),$(call known,scenario,$(SCENARIO),sed -n '/^\[\[scenario\]\]/{n;s/^name = "\(.*\)"/\1/p;}' $(call scenarios,$(LAB))))
	$(CARGO) test --workspace --no-fail-fast $(addprefix --test ,$(if $(SCENARIO),every_lab,$(TESTS_OF_LABS))) -- '$(LAB)::$(addsuffix ::,$(SCENARIO))'
endif

# known(what it is, its name, a command that lists all of the kind): else an error that names the nearest,
# by how many letters are to be changed, put in or left out; a part of a name is near.
known = $(3) | tr ' ' '\n' | awk -v what='$(1)' -v name='$(2)' '\
  function least(a, b) { return a < b ? a : b } \
  { all = all " " $$0; is_known = is_known || $$0 == name; one = tolower(name); other = tolower($$0); \
    for (i = 0; i <= length(one); i++) for (j = 0; j <= length(other); j++) \
      d[i, j] = !i ? j : !j ? i : least(least(d[i-1, j], d[i, j-1]) + 1, \
        d[i-1, j-1] + (substr(one, i, 1) != substr(other, j, 1))); \
    far = index(other, one) ? 1 : d[length(one), length(other)]; \
    if (NR == 1 || far < nearest) { near = $$0; nearest = far } } \
  END { if (!is_known) { print "there is no " what " " name ": is it " near "? There are:" all > "/dev/stderr"; exit 1 } }'

help: ## this list
	@echo "labs: $(LABS)"
	@echo
	@sed -nE 's/^\$$\(LABS[^ ]*\): ([a-z]+-)%:.*## /\1<lab>\t/p; s/^\$$\(LABS\):.*## /<lab>\t/p; s/^([a-z]+):.*## /\1\t/p' $(firstword $(MAKEFILE_LIST)) | \
	  awk -F'\t' '{ printf "  make %-14s %s\n", $$1, $$2 }'
	@echo
	@echo "variables: ARGS='$(ARGS)' TO='$(TO)' LAB='$(LAB)' STEP='$(STEP)' QUICK='$(QUICK)' C='$(C)' SCENARIO='$(SCENARIO)' ALL='$(ALL)' JSON='$(JSON)' TWIN='$(TWIN)' ORDER='$(ORDER)' SAVE='$(SAVE)' INPUT='$(INPUT)' OUT='$(OUT)' SLEEP='$(SLEEP)' IS='$(IS)' STEPS='$(STEPS)'"

# need(what, a command that succeeds when it is there, how to get it)
need = @if { $(2); } >/dev/null 2>&1; then echo "ok       $(1)"; else echo "missing  $(1): $(3)"; fi

doctor: ## what this machine lacks, and how to get it
	$(call need,Linux on x86_64,test "$$(uname -sm)" = "Linux x86_64",the labs need a Linux machine with such a processor; others are not supported yet)
	$(call need,cargo (Rust 1.90 or later),test "$$($(CARGO) --version)" && echo 1.90.0 $$(rustc --version | cut -d' ' -f2) | tr ' ' '\\n' | sort -VC,rustup update; or install it from https://rustup.rs)
	$(call need,cargo set to build for this machine,! $(CARGO) --version || $(CARGO) --config build.target.none=true locate-project,take build.target out of .cargo/config.toml (make names the file))
	$(call need,cc (links the labs; compiles the C twins),echo 'int main(void){return 0;}' | cc -static -x c - -o /dev/null,apt-get install gcc libc6-dev)
	$(call need,objcopy,objcopy --version,apt-get install binutils)
	$(call need,strace (make strace-*; tests),strace --version,apt-get install strace)
	$(call need,permission to trace,! command -v strace || strace -qq -o /dev/null true,in a container add --cap-add=SYS_PTRACE; else see /proc/sys/kernel/yama/ptrace_scope)
	$(call need,chromium (tests of the study pages),command -v chromium || command -v chromium-browser || command -v google-chrome || command -v google-chrome-stable,apt-get install chromium)

clean: ## removes build/ and target/
	rm -rf build
	$(CARGO) clean
