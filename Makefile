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
ONLY =
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
TASK =
WITH =
IN =
ONCE =
FAULT =
FAST =
BIG =
HINT =
ARCH =
TRUST =
RUBRIC =

CARGO   ?= cargo
TARGET  := $(or $(CARGO_TARGET_DIR),$(CURDIR)/target)

# Where cargo builds, and what clean removes, is said to all its commands, whatever its own settings are.
export CARGO_TARGET_DIR := $(TARGET)
unexport CARGO_BUILD_TARGET

# The processor that labs and C programs are for: this machine's, or ARCH=…; then they are built across and stand in
# build/<processor>/, and qemu runs them.
MACHINE   := $(shell uname -m)
PROCESSOR := $(or $(ARCH),$(MACHINE))
OTHER     := $(filter-out $(MACHINE),$(ARCH))
ifeq ($(filter $(PROCESSOR),x86_64 aarch64 riscv64),)
$(error ARCH=$(PROCESSOR): the labs are for x86_64, aarch64 and riscv64)
endif
BUILD    := build$(OTHER:%=/%)
TOOLS    := $(OTHER:%=%-linux-gnu-)
QEMU     := $(OTHER:%=qemu-%)
TRIPLE   := $(patsubst riscv64,riscv64gc,$(OTHER))$(OTHER:%=-unknown-linux-gnu)
LINKER   := $(if $(OTHER),CARGO_TARGET_$(shell echo $(TRIPLE) | tr 'a-z-' 'A-Z_')_LINKER=$(TOOLS)gcc)

# Every call keeps an instruction, and so a source line, of its own:
# else the compiler shares one among branches that end alike.
# This variable goes before RUSTFLAGS and the rustflags of every setting, any of which would drop the flag otherwise.
RUSTFLAGS_OF_LABS := -Cllvm-args=-enable-tail-merge=false
ifeq ($(PROCESSOR),aarch64)
# An atomic change is made here, not by a function that asks first what the processor can do. The compiler warns that this
# may be called otherwise one day; no other warning is lost, for clippy has been there.
RUSTFLAGS_OF_LABS += -Ctarget-feature=-outline-atomics -Awarnings
endif
LINES := CARGO_ENCODED_RUSTFLAGS="$$(printf '%s' '$(RUSTFLAGS_OF_LABS)' | tr ' ' '\037')"

# Fat LTO does not go with incremental compilation, which a variable may have asked for.
# The tour wants them to give way to its tool.
GIVE_WAY =
FOR_LABS = $(LINES) $(LINKER) CARGO_INCREMENTAL=0 $(GIVE_WAY)

# build(arguments of cargo, variables for it). With build.target among its settings cargo would build into another
# folder, and an old file be taken. The first command fails if it is there: a setting cannot be a table as well.
build = $(CARGO) --config build.target.none=true locate-project >/dev/null && $(2) $(CARGO) build $(1) || $(call fail,$@)

fail = { echo "$(1) could not be made. If its source is right, make doctor says what is missing." >&2; exit 1; }

# What the shipped copy leaves out: only tracing and disassembling read it. The code is the same.
STRIP := --strip-all -R .eh_frame -R .eh_frame_hdr -R .gcc_except_table -R .riscv.attributes

.DEFAULT_GOAL := all
.PHONY: all $(LABS) labscope tour test size help doctor clean
.PHONY: $(LABS:%=run-%) $(LABS:%=strace-%) $(LABS:%=compare-%) $(LABS:%=timeline-%) $(LABS:%=orders-%) $(LABS:%=step-%) $(LABS:%=try-%) $(LABS:%=fault-%) $(LABS:%=gdb-%) $(LABS:%=beside-%) $(LABS:%=quiz-%) $(LABS:%=readelf-%) $(LABS:%=objdump-%)

# Cargo is called only if something is to be made anew: while it builds in another terminal it lets nobody else begin.
# A file that it made has the time at which that began, so what was changed meanwhile is newer.

# Which compiler is in use; the file is as old as the last change of it.
COMPILER := build/.compiler
.PHONY: compiler
compiler:
	@mkdir -p build $(BUILD)/traced; version="$$($${RUSTC:-rustc} -vV 2>&1)"; \
	test "$$version" = "$$(cat $(COMPILER) 2>/dev/null)" || echo "$$version" >$(COMPILER)

# is_fresh(what cargo made, its sources): each of them is there, and older. A folder is newer when a file came or went.
is_fresh = { test -x $(1) && test -z "$$(find $(2) Cargo.toml Cargo.lock Makefile $(COMPILER) -newer $(1) 2>&1)"; }

# install(what cargo has built, the file): by a rename, so that a running program keeps its old file,
# and two terminals may build at once.
install = cp $(1) $(2).$$$$ && touch -d @$$began $(2).$$$$ && mv $(2).$$$$ $(2) || { rm -f $(2).$$$$; false; }

# Builds labs, into build/ (stripped) and build/traced/ (whole).
# The whole file comes last: that it is as new as its sources tells that all was done.
define build_labs
@stale=; for lab in $(1); do \
    test -x $(BUILD)/$$lab && $(call is_fresh,$(BUILD)/traced/$$lab,src linker $(sort $(dir $(SOURCES)))) || stale="$$stale $$lab"; \
  done; \
  test -n "$$stale" || exit 0; \
  began=$$(date +%s.%N); \
  { $(call build,--profile lab $(TRIPLE:%=--target %) $$(printf ' --bin %s' $$stale),$(FOR_LABS)); }; \
  for lab in $$stale; do \
    built="$(TARGET)$(TRIPLE:%=/%)/lab/$$lab"; \
    if cmp -s "$$built" $(BUILD)/traced/$$lab && test -x $(BUILD)/$$lab && test ! Makefile -nt $(BUILD)/$$lab; then \
      touch -d @$$began $(BUILD)/traced/$$lab; continue; \
    fi; \
    $(TOOLS)objcopy $(STRIP) "$$built" $(BUILD)/traced/.$$lab.$$$$ && mv $(BUILD)/traced/.$$lab.$$$$ $(BUILD)/$$lab && \
    $(call install,"$$built",$(BUILD)/traced/$$lab) && echo "$(BUILD)/$$lab" || \
    { rm -f $(BUILD)/traced/.$$lab.$$$$; $(call fail,$(BUILD)/$$lab); }; \
  done
endef

# Labs and library are called `lab::main` and `rawlabs::unistd::fork`: a debugger finds them by the names of C too.
# Options of objcopy, for the lab in that file; of two functions with one name the lab's counts, then the public one.
# An address is told from the beginning of .text on.
names_of_c = text=$$(readelf -SW $(2) | sed -n 's/.* \.text  *PROGBITS  *\([0-9a-f]*\) .*/\1/p'); \
  $(TOOLS)nm -C $(2) | grep -v ::arch:: | sed -nE "s/^([0-9a-f]+) [tT] $(1)::([a-z_0-9]+)$$/1 \2 \1/p; \
    s/^([0-9a-f]+) T rawlabs(::[a-z_0-9]+)+::([a-z_0-9]+)$$/2 \3 \1/p; s/^([0-9a-f]+) t rawlabs(::[a-z_0-9]+)+::([a-z_0-9]+)$$/3 \3 \1/p" | \
  sort | awk '!told[$$2]++' | while read -r rank name address; do \
    echo "--add-symbol $$name=.text:$$((0x$$address - 0x$$text)),global,function"; \
  done

# Builds unoptimised copies of labs into build/debug/ (of another processor below its folder): in their memory each variable has a place.
define build_debug
@stale=; for lab in $(1); do \
    $(call is_fresh,$(BUILD)/debug/$$lab,src linker $(sort $(dir $(SOURCES)))) || stale="$$stale $$lab"; \
  done; \
  test -n "$$stale" || exit 0; \
  mkdir -p $(BUILD)/debug; began=$$(date +%s.%N); \
  { $(call build,--profile lab-unoptimised $(TRIPLE:%=--target %) $$(printf ' --bin %s' $$stale),$(LINES) $(LINKER)); }; \
  for lab in $$stale; do \
    built="$(TARGET)$(TRIPLE:%=/%)/lab-unoptimised/$$lab"; \
    $(TOOLS)objcopy $$($(call names_of_c,$$lab,"$$built")) "$$built" $(BUILD)/debug/.$$lab.$$$$ && \
    $(call install,$(BUILD)/debug/.$$lab.$$$$,$(BUILD)/debug/$$lab) && rm -f $(BUILD)/debug/.$$lab.$$$$ || $(call fail,$(BUILD)/debug/$$lab); \
  done
endef

# Of a lab, and of what it runs.
.PHONY: debug $(LABS:%=debug-%)
debug: compiler
	$(call build_debug,$(LABS))
$(LABS:%=debug-%): debug-%: compiler
	$(call build_debug,$* $(call told,needs,$*))

all: compiler ## builds every lab, static and stripped, into build/ (the default)
	$(call build_labs,$(LABS))

.SECONDEXPANSION:
$(LABS): compiler $$(call told,needs,$$@) ## builds one lab, and what it runs: make fork_test
	$(call build_labs,$@)

# Tells how a lab ended instead of failing: child_wait returns 1 by design.
# The empty trap keeps ^C for the lab; a handler, unlike "ignore", is not inherited.
ended = status=$$?; if test $$status -gt 128; then printf '\n'; echo "[$* was ended by SIG$$(kill -l $$status)]"; else echo "[$* ended with status $$status]"; fi

$(LABS:%=run-%): run-%: % ## runs a lab in this terminal: make run-fork_test ARGS=…
	@cd $(BUILD) && trap : INT QUIT; $(QEMU) ./$* $(ARGS); $(ended)

$(LABS:%=strace-%): strace-%: % labscope $(if $(filter-out 0 no,$(TWIN)),build/c/% $$(addprefix build/c/,$$(call told,needs,$$*))) ## traces it, each call with its source line; TO=file or /dev/pts/N, SAVE=file, JSON=1, ALL=1, TWIN=1 (the C program), ORDER=child-first
	@trap : INT QUIT; $(TOOL) strace $* $(if $(TO),--to '$(TO)') $(if $(SAVE),--save '$(SAVE)') \
	  $(if $(ORDER),--order '$(ORDER)') $(if $(call yes,$(TWIN)),--c) $(if $(call yes,$(ALL)),--all) $(if $(call yes,$(JSON)),--json) -- $(ARGS)

$(LABS:%=readelf-%): readelf-%: % ## headers, segments and sections of a lab
	@readelf -hlSW $(BUILD)/$*

$(LABS:%=objdump-%): objdump-%: % ## the machine code of a lab between its source lines
	@$(TOOLS)objdump -dSC --no-show-raw-insn $(if $(filter x86_64,$(PROCESSOR)),-M intel) $(BUILD)/traced/$*

# The C twins: as a student compiles them, with the source line of each call, and not optimised.
C_FLAGS  := -std=gnu99 -O0 -g -Wall -Wextra
C_LINK   :=
TWINS    := $(LABS:%=$(BUILD)/c/%)
STATIC   := $(LABS:%=$(BUILD)/c-static/%)

.PHONY: c
c: $(TWINS) $(STATIC) ## builds the C twins: build/c/ (dynamic) and build/c-static/

# Which compiler makes them; the file is as old as the last change of it. Its own recipe looks: make knows its age only then.
C_COMPILER := build/.c-compiler
.PHONY: always
always:
$(C_COMPILER): always
	@mkdir -p build; version="$(CC) $$($(CC) --version 2>&1 | head -1)"; \
	test "$$version" = "$$(cat $(C_COMPILER) 2>/dev/null)" || echo "$$version" >$(C_COMPILER)

ifeq ($(PROCESSOR),aarch64)
# As some distributions' compilers do unasked: a processor that can signs return addresses.
$(TWINS): C_LINK += -mbranch-protection=standard
endif

# Stacks of a static program need the table that finds its frames.
$(STATIC): C_LINK := -static -Wl,--eh-frame-hdr
ifneq ($(filter -static diet,$(CC)),)
$(TWINS): C_LINK += -Wl,--eh-frame-hdr
endif
$(TWINS) $(STATIC): $$(call source,$$(@F)).c Makefile $(C_COMPILER)
	@mkdir -p $(@D)
	@$(if $(OTHER),$(TOOLS)gcc,$(CC)) $(C_FLAGS) $(call told,c_flags,$(@F)) $(C_LINK) -o $(@D)/.$(@F).$$$$ $< && mv $(@D)/.$(@F).$$$$ $@ && echo $@ || $(call fail,$@)

.PHONY: probes
probes: # the programs of tests/probes, built as the labs are
	@$(call build,--quiet --profile lab $(TRIPLE:%=--target %) --package probes,$(FOR_LABS))

size: all ## how large the labs are, in bytes
	@cd $(BUILD) && wc -c $(LABS)

# The tool, where no other clone that shares the folder of cargo puts its own.
TOOL := build/tools/labscope
TOOL_SOURCES := bins/labscope/Cargo.toml bins/labscope/src bins/labscope/trace

labscope: compiler ## builds the tool behind tour, compare and strace-*
	@$(if $(OTHER),echo "with ARCH=$(ARCH) the labs are built and run; the tool traces on this machine's processor ($(MACHINE)) only" >&2; exit 1;) \
	$(if $(filter riscv64,$(MACHINE)),echo "the tool cannot undo stacks on riscv64: there the labs are built and run but not traced" >&2; exit 1;) \
	if $(call is_fresh,$(TOOL),$(TOOL_SOURCES)); then exit 0; fi; \
	mkdir -p build/tools; began=$$(date +%s.%N); \
	{ $(call build,--profile tool --package labscope); }; \
	$(call install,"$(TARGET)/tool/labscope",$(TOOL)) || $(call fail,$(TOOL))

# The tool with the tour alone, which is there in half the time: only where the whole one has not been made yet.
TOUR := build/tools/labscope-tour
.PHONY: labscope-tour
labscope-tour: compiler
	@if $(call is_fresh,$(TOOL),$(TOOL_SOURCES)) || $(call is_fresh,$(TOUR),$(TOOL_SOURCES)); then exit 0; fi; \
	mkdir -p build/tools; began=$$(date +%s.%N); \
	{ $(call build,--profile tour --package labscope --no-default-features --bin labscope-tour); }; \
	$(call install,"$(TARGET)/tour/labscope-tour",$(TOUR)) || $(call fail,$(TOUR))

# The first lab and the tool are built at once, the tool first: it takes longer. Two bars of progress would not agree.
# The other labs are built while the tour is under way.
tour: ## walks through every lab, at the pace of reading; LAB=x for one, STEP=1 waits for a key, BIG=1 for a projector, FAST=1 for nothing
	@CARGO_TERM_PROGRESS_WHEN=never $(MAKE) --no-print-directory -j2 GIVE_WAY='nice -n 19' labscope-tour $(or $(filter $(LABS),$(LAB)),$(firstword $(LABS)))
	@tool=$(TOOL); $(call is_fresh,$(TOOL),$(TOOL_SOURCES)) || tool=$(TOUR); \
	$$tool tour --make $(if $(LAB),--lab '$(LAB)') $(if $(call yes,$(STEP)),--step) $(if $(call yes,$(BIG)),--big) $(if $(call yes,$(FAST)),--fast)

# Whether a variable is set to something that means yes.
yes = $(filter-out 0 no,$(1))

# An argument of the shell, whatever stands in it.
quoted = '$(subst ','\'',$(1))'

# A file that is handed in is confined, unless somebody trusts it.
trust = $(if $(call yes,$(TRUST)),--trust)

$(LABS:%=compare-%): compare-%: all build/c/% $$(addprefix build/c/,$$(call told,needs,$$*)) labscope ## lays the C program beside the lab; C=file, 'a.c b.c' or a class's folder, RUBRIC=file, TRUST=1, SCENARIO=x, ALL=1, JSON=1
	@$(TOOL) compare $* $(if $(C),--c $(call quoted,$(C))) $(if $(SCENARIO),--scenario '$(SCENARIO)') \
	  $(if $(RUBRIC),--rubric $(call quoted,$(RUBRIC))) $(trust) $(if $(call yes,$(ALL)),--all) $(if $(call yes,$(JSON)),--json)

# The labs that run beside another one, which WITH names with their arguments.
beside = $(filter $(LABS),$(subst $(comma), ,$(WITH)))
comma := ,

$(LABS:%=orders-%): orders-%: all $$(addprefix build/c/,$$(call told,needs,$$*) $$(beside)) labscope ## runs it in every order: each outcome it can have; C=file, TRUST=1, WITH=lab, INPUT='a\n', OUT=pipe or file, SLEEP=any, IS='text', STEPS=1,2, JSON=1
	@$(TOOL) orders $* $(if $(C),--c $(call quoted,$(C))) $(trust) $(if $(WITH),--with $(call quoted,$(WITH))) $(if $(filter command,$(origin INPUT)),--input $(call quoted,$(value INPUT))) \
	  $(if $(OUT),--out '$(OUT)') $(if $(SLEEP),--sleep '$(SLEEP)') $(if $(value IS),--is $(call quoted,$(value IS))) \
	  $(if $(STEPS),--steps '$(STEPS)') $(if $(call yes,$(JSON)),--json) -- $(ARGS)

$(LABS:%=step-%): step-%: all $$(addprefix build/c/,$$(call told,needs,$$*) $$(beside)) labscope ## runs it call by call, under your hand; C=file, TRUST=1, WITH=lab, STEPS=1,2, INPUT='a\n', OUT=pipe or file, SLEEP=any, JSON=1
	@$(TOOL) step $* $(if $(C),--c $(call quoted,$(C))) $(trust) $(if $(WITH),--with $(call quoted,$(WITH))) $(if $(filter command,$(origin INPUT)),--input $(call quoted,$(value INPUT))) \
	  $(if $(OUT),--out '$(OUT)') $(if $(SLEEP),--sleep '$(SLEEP)') \
	  $(if $(STEPS),--steps '$(STEPS)') $(if $(call yes,$(JSON)),--json) -- $(ARGS)

$(LABS:%=try-%): try-%: all build/c/% $$(addprefix build/c/,$$(call told,needs,$$*)) labscope $(if $(filter rust,$(IN)),rust-recipe) ## a skeleton of it to fill in, build/try/<lab>.c: each time it is saved, what is missing next; TASK=name (of its guide), IN=rust, C=file, ONCE=1, HINT=2 or 3, TRUST=1
	@$(TOOL) try $* $(if $(TASK),--task $(call quoted,$(TASK))) $(if $(C),--c $(call quoted,$(C))) $(if $(IN),--in '$(IN)') $(if $(call yes,$(ONCE)),--once) $(if $(HINT),--hint '$(HINT)') $(trust)

$(LABS:%=fault-%): fault-%: all build/c/% $$(addprefix build/c/,$$(call told,needs,$$*)) labscope ## what when fork fails, a peer resets, a signal comes? A question, then C and Rust beside each other; FAULT=name, FAST=1 waits for no key
	@$(TOOL) fault $* $(if $(FAULT),--fault '$(FAULT)') $(if $(call yes,$(FAST)),--fast)

# How rustc compiles a lab, for what a student writes in Rust: with the crates that cargo has built, without cargo.
# A line `rustc=` with its path, lines `reads=` with folders, and a line an option.
RUST_RECIPE := build/tools/rustc
RUST_OPTIONS := --edition=2024 --error-format=short -Copt-level=s -Cpanic=abort -Clto=fat -Ccodegen-units=1 -Cdebuginfo=2 $(RUSTFLAGS_OF_LABS)
.PHONY: rust-recipe
rust-recipe: all
	@mkdir -p build/tools; told=$$({ $(call build,--quiet --profile lab --lib --message-format=json,$(FOR_LABS)); }) && \
	crates=$$(echo "$$told" | sed -nE 's/.*"filenames":\["([^"]*\/lib(rawlabs|libc|syscalls)(-[0-9a-f]+)?\.rlib)".*/\2=\1/p') && \
	made=$$(echo "$$told" | sed -nE 's/.*"out_dir":"([^"]*\/rawlabs-[^"]*)".*/\1/p') && \
	sysroot=$$($${RUSTC:-rustc} --print sysroot) && \
	{ echo "rustc=$$sysroot/bin/rustc"; \
	  printf 'reads=%s\n' "$$sysroot" "$(TARGET)/lab" "$(CURDIR)/linker"; \
	  printf 'option=%s\n' $(RUST_OPTIONS) "-Ldependency=$(TARGET)/lab/deps"; \
	  for crate in $$crates; do printf 'option=--extern\noption=%s\n' "$$crate"; done; \
	  sed -n 's/^cargo:rustc-link-arg-bins=/option=-Clink-arg=/p' "$$made/../output"; \
	} >$(RUST_RECIPE).$$$$ && mv $(RUST_RECIPE).$$$$ $(RUST_RECIPE)

.PHONY: gradescope
gradescope: ## an archive for Gradescope's autograder: build/gradescope-<lab>.zip; LAB=x, RUBRIC=file
	@$(call known,lab,$(LAB),echo $(LABS))
	@.ci/gradescope/archive '$(LAB)' $(call quoted,$(RUBRIC))

.PHONY: bench
bench: all ## the performance table and the ladder of servers, in some minutes; QUICK=1: a short run, ONLY=table, fork_cost, myps or ladder, JSON=1 for programs; ARCH=x builds what is measured
	@$(call build,--profile tool --package labscope-bench)
	@$(if $(ONLY),$(call known,part,$(ONLY),echo table fork_cost myps ladder))
	@$(FOR_LABS) "$(TARGET)/tool/labscope-bench" --target "$(TARGET)" $(OTHER:%=--across %) $(if $(call yes,$(QUICK)),--quick) \
	  $(if $(ONLY),--only '$(ONLY)') $(if $(call yes,$(JSON)),--json)

.PHONY: study
study: all c debug labscope ## pages to study from: build/study/index.html; LAB=x for one lab
	@$(call build,--profile tool --package labscope-study)
	@LABSCOPE="$(CURDIR)/$(TOOL)" "$(TARGET)/tool/labscope-study" $(if $(LAB),--lab '$(LAB)')

.PHONY: slides
slides: all debug labscope ## a deck for the lecture, a slide a lab: build/slides/index.html, to be shown or printed; LAB=x for one lab
	@$(call build,--profile tool --package labscope-study)
	@LABSCOPE="$(CURDIR)/$(TOOL)" "$(TARGET)/tool/labscope-study" --slides $(if $(LAB),--lab '$(LAB)')

$(LABS:%=timeline-%): timeline-%: all debug-% $$(if $$(C),$$(addprefix build/c/,$$(call told,needs,$$*))) labscope ## draws a run as build/timeline/<lab>-<scenario>.svg; SCENARIO=x, C=file, TRUST=1
	@$(TOOL) timeline $* $(if $(SCENARIO),'$(SCENARIO)') $(if $(C),--c $(call quoted,$(C))) $(trust)

$(LABS:%=quiz-%): quiz-%: all labscope debug ## asks what the lab will do, and answers from its recorded runs; SCENARIO=x
	@$(TOOL) quiz $* $(if $(SCENARIO),'$(SCENARIO)')

$(LABS:%=gdb-%): gdb-%: $$(if $$(C)$$(call yes,$$(TWIN)),build/c/% $$(addprefix build/c/,$$(call told,needs,$$*)),debug-%) labscope ## gdb on its unoptimised copy: break main, next, print pid; TWIN=1 (the C program), C=file, TRUST=1, ARGS=…
	@exec $(TOOL) gdb $* $(if $(call yes,$(TWIN)),--twin) $(if $(C),--c $(call quoted,$(C))) $(trust) -- $(ARGS)

$(LABS:%=beside-%): beside-%: all labscope ## runs what people use at the point of the lab (shells for myshell), and tells what it does
	@$(TOOL) beside $*

.PHONY: tables
tables: all labscope ## writes the tables of the READMEs, what the labs say of themselves and their sizes, and their picture
	@$(TOOL) tables

# The programs in tests/ whose tests are called like the lab that they are about: `child_wait::…`.
# The tests that make sense of labs for another processor: under qemu a tracer would see qemu, and so would
# who asks how much memory a process has or how many calls it made, or goes instruction by instruction.
TESTS_OF_PROCESSORS := processes startup stdio calculator labs processors
NOT_UNDER_QEMU      := count_thread_mutex::in_no_order count_thread_race::as_long_as_they_sleep count_thread_race::if_one_sleeps a_signal_at_each_instruction fork_cost::too_much_memory_is_told myps::it_makes_a_third_of_the_calls shm_producer_

# Of the probes, what strace changes in a run, and what a program is told of how it was started.
NOT_UNDER_QEMU += pause_ends_when_a_handler_has_run a_handler_of_signal_lets a_handler_without_sa_restart a_handler_returns_by perror_writes_one_line a_read_error_is_not_final an_error_in_the_middle_of_a_line byte_for_byte a_program_may_be_started_without

# Under qemu for riscv64 the C program's handler does not meet the lock at that moment; why is not known.
NOT_UNDER_QEMU += $(if $(filter riscv64,$(ARCH)),printf_in_a_handler_can_block_the_c_for_ever)

TESTS_OF_LABS := every_lab labs timeline echo calculator

ifneq ($(OTHER),)
test: all c bench # before qemu takes part
	ARCH=$(ARCH) tests/with-processor $(ARCH) $(CARGO) test --no-fail-fast $(TESTS_OF_PROCESSORS:%=--test %) -- $(NOT_UNDER_QEMU:%=--skip %)
else ifeq ($(LAB),)
test: ## everything that CI runs; LAB=x: what is said of that lab, SCENARIO=x: of it in that scenario
	$(CARGO) fmt --all --check
	$(CARGO) clippy --workspace --all-targets -- -D warnings
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --workspace --no-deps
	$(CARGO) test --workspace $(if $(filter true,$(CI)),--no-fail-fast)
ifneq ($(MACHINE),aarch64)
	@if test "$$CI" = true || { command -v aarch64-linux-gnu-gcc && tests/with-processor aarch64 true; } >/dev/null 2>&1; \
	then $(MAKE) --no-print-directory test ARCH=aarch64; \
	else echo "not tested here: the labs for arm64 (make doctor says what is missing)"; fi
	@test "$$CI" = true || test -e build/boot/pinned || echo "not tested here: labs and tool on arm64 kernels (make boot boots them)"
endif
else
test:
	@$(call known,lab,$(LAB),echo $(LABS))
	@$(if $(SCENARIO),$(call known,scenario,$(SCENARIO),sed -n '/^\[\[scenario\]\]/{n;s/^name = "\(.*\)"/\1/p;}' $(call scenarios,$(LAB))))
	$(CARGO) test --workspace --no-fail-fast $(addprefix --test ,$(if $(SCENARIO),every_lab,$(TESTS_OF_LABS))) -- '$(LAB)::$(addsuffix ::,$(SCENARIO))'
endif

# Machines for arm64 that are booted: a kernel each, and one file system with labs, C programs, probes, the tool and tests of them.
.PHONY: boot boot-files guest-programs
boot: ## boots arm64 machines with pages of 4 and of 16 KiB, and tests labs and tool in them, one by the instruction; what they start from is fetched (120 MB)
	CI=true $(CARGO) test --test boot -- --nocapture

boot-files:
	@mkdir -p build/boot
	@tests/guest/fetch build/boot || $(call fail,a kernel for arm64)
	@$(MAKE) --no-print-directory ARCH=aarch64 all c debug probes bench guest-programs
	@tests/guest/pack build/boot/guest.gz "$(TARGET)" $$(sed -nE '/"kind":\["test"\]|"name":"labscope(-study|-bench)?",/s/.*"executable":"([^"]*)".*/\1/p' build/boot/programs.json)

guest-programs:
	@$(call build,--quiet --profile tool --target $(TRIPLE) --package rawlabs --package labscope --bin labscope --package labscope-study --bin labscope-study \
	  --package labscope-bench --bin labscope-bench \
	  $(PARTS_OF_GUEST:%=--test %) --message-format=json >build/boot/programs.json,$(FOR_LABS))

PARTS_OF_GUEST := processes startup threads cost labs native bench every_lab

# The rules of accessibility that the study pages are held against: a program for a browser, from npm's registry.
AXE = 4.14.1

axe: ## axe-core $(AXE) for the tests of the study pages, by npm, into build/tools
	@mkdir -p build/tools
	npm install --prefix build/tools --no-save --no-package-lock --ignore-scripts --no-audit --no-fund axe-core@$(AXE)

# known(what it is, its name, a command that lists all of the kind): else an error that names the nearest,
# by how many letters are to be changed, put in or left out; a part of a name is near.
known = $(3) | tr ' ' '\n' | awk -v what="$(1)" -v name="$(2)" '\
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
	@echo "variables: ARGS='$(ARGS)' TO='$(TO)' LAB='$(LAB)' STEP='$(STEP)' QUICK='$(QUICK)' ONLY='$(ONLY)' C='$(C)' SCENARIO='$(SCENARIO)' ALL='$(ALL)' JSON='$(JSON)' TWIN='$(TWIN)' ORDER='$(ORDER)' SAVE='$(SAVE)' INPUT='$(INPUT)' OUT='$(OUT)' SLEEP='$(SLEEP)' IS='$(IS)' STEPS='$(STEPS)' TRUST='$(TRUST)' RUBRIC='$(RUBRIC)' WITH='$(WITH)' TASK='$(TASK)' IN='$(IN)' ONCE='$(ONCE)' HINT='$(HINT)' FAULT='$(FAULT)' FAST='$(FAST)' BIG='$(BIG)' ARCH='$(ARCH)'"

# need(what, a command that succeeds when it is there, how to get it)
need = @if { $(2); } >/dev/null 2>&1; then echo "ok       $(1)"; else echo "missing  $(1): $(3)"; fi

# What only an x86_64 machine needs: it builds across, for a processor that others are.
across = $(if $(filter x86_64,$(MACHINE)),$(need))

# A C program that succeeds if it may trace its child. 0x4206 is PTRACE_SEIZE.
SEIZES := long ptrace(long, ...); int fork(void), pause(void), kill(int, int); \
  int main(void) { int child = fork(); if (!child) pause(); long error = ptrace(0x4206, child, 0, 0); kill(child, 9); return error != 0; }

doctor: ## what this machine lacks, and how to get it
	$(call need,Linux on x86_64$(comma) aarch64 or riscv64,test "$$(uname -s)" = Linux && uname -m | grep -qxE 'x86_64|aarch64|riscv64',the labs need a Linux machine with such a processor)
	$(call need,cargo (Rust 1.90 or later),test "$$($(CARGO) --version)" && echo 1.90.0 $$(rustc --version | cut -d' ' -f2) | tr ' ' '\\n' | sort -VC,rustup update; or install it from https://rustup.rs)
	$(call need,cargo set to build for this machine,! $(CARGO) --version || $(CARGO) --config build.target.none=true locate-project,take build.target out of .cargo/config.toml (make names the file))
	$(call need,cc (links the labs; compiles the C twins),echo 'int main(void){return 0;}' | cc -static -x c - -o /dev/null,apt-get install gcc libc6-dev)
	$(call need,objcopy,objcopy --version,apt-get install binutils)
	$(call need,strace (make strace-*; tests of it),strace --version,apt-get install strace)
	$(call need,permission to trace,! command -v cc || { mkdir -p build && echo '$(SEIZES)' | cc -x c - -o build/.seizes && build/.seizes; },in a container add --cap-add=SYS_PTRACE; an emulated processor has no tracing at all; else see /proc/sys/kernel/yama/ptrace_scope)
	$(call across,a linker and C compiler for arm64 (ARCH=aarch64; tests),echo 'int main(void){return 0;}' | aarch64-linux-gnu-gcc -static -x c - -o /dev/null,apt-get install gcc-aarch64-linux-gnu libc6-dev-arm64-cross)
	$(call across,Rust's core library for arm64 (ARCH=aarch64; tests),test -d "$$(rustc --print target-libdir --target aarch64-unknown-linux-gnu)",rustup target add aarch64-unknown-linux-gnu)
	$(call across,qemu-aarch64 (ARCH=aarch64; tests),command -v qemu-aarch64,apt-get install qemu-user)
	$(call across,qemu-system-aarch64 (make boot; tests),command -v qemu-system-aarch64,apt-get install qemu-system-arm)
	$(call across,cpio (make boot; tests),command -v cpio,apt-get install cpio)
	$(call need,gdb (make gdb-*; tests),gdb --version,apt-get install gdb)
	$(call need,chromium (tests of the study pages),command -v chromium || command -v chromium-browser || command -v google-chrome || command -v google-chrome-stable,apt-get install chromium)

# What is called like no target: it may be a lab, or a target of one, with other letters.
of_labs = run- strace- compare- timeline- orders- step- try- fault- gdb- readelf- objdump-
.DEFAULT:
	@name='$@'; for kind in $(of_labs); do case "$$name" in $$kind*) what=lab; name=$${name#$$kind};; esac; done; \
	$(call known,$${what:-target},$$name,if test "$$what"; then echo $(LABS); else $(targets); fi) && \
	echo "make $@: there is no such target" >&2; exit 2

targets = { echo $(LABS) | tr ' ' '\n'; sed -nE 's/^([a-z]+):.*\#\# .*/\1/p' $(firstword $(MAKEFILE_LIST)); }

clean: ## removes build/ and target/, but for build/try/
	@find build -mindepth 1 -maxdepth 1 ! -name try -exec rm -rf {} + 2>/dev/null; rmdir build 2>/dev/null || true
	$(CARGO) clean
