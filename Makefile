# kpi_track: build with PGXS.
#
#   make && make install      as any PostgreSQL extension; PG_CONFIG chooses the server
#   make installcheck         SQL tests against a running server that has the extension
#   make test                 everything, on a throw-away server; installs what is missing (Debian, Ubuntu)
#   make demo                 a small web shop to play with; KEEP=1 leaves its server running
#   make deb                  Debian packages in build/deb; PGVERSIONS="15 17" chooses the majors
#   make dist                 the zip for PGXN in build/dist
#   make bench                measurements against other engines
#   make fuzz SECONDS=600     coverage-guided fuzzing, so long for each target (needs clang with libFuzzer)
#   make soak MINUTES=5       16 connections that refresh, ask, write and edit at once; every answer is checked
#   make sqlsmith QUERIES=10000   queries at random over the demo shop: no crash, no internal error
#   make valgrind TESTS=funnel    SQL tests on a server under Valgrind
#
# make test takes SUITES="regress unit" and TESTS="funnel pattern". It builds in build/, with warnings as
# errors and assertions; TESTBUILD=1 switches the same on by hand.

all:

EXTENSION = kpi_track
MODULE_big = kpi_track

top := $(patsubst %/,%,$(dir $(firstword $(MAKEFILE_LIST))))
EXTVERSION := $(shell sed -n "s/^default_version *= *'\(.*\)'.*/\1/p" '$(top)/$(EXTENSION).control')

# Objects: every C file of src/ and its folders.
src_dirs := src $(addprefix src/,engine language analyses measures models catalog surfaces)
src_files := $(patsubst $(top)/%,%,$(wildcard $(addsuffix /*.c,$(addprefix $(top)/,$(src_dirs)))))
src_headers := $(wildcard $(addsuffix /*.h,$(addprefix $(top)/,$(src_dirs))))
OBJS = $(src_files:.c=.o)

# The install script is put together from the numbered parts; upgrade scripts are written by hand.
install_script := $(EXTENSION)--$(EXTVERSION).sql
sql_parts := $(sort $(wildcard $(top)/sql/[0-9][0-9]_*.sql))
DATA_built = $(install_script)
DATA = $(patsubst $(top)/%,%,$(wildcard $(top)/sql/$(EXTENSION)--*--*.sql))

PG_CPPFLAGS = -I$(top)/src -DKPI_TRACK_VERSION='"$(EXTVERSION)"'
SHLIB_LINK = -lnlopt -lm

ifdef TESTBUILD
PG_CPPFLAGS += -DUSE_ASSERT_CHECKING
PG_CFLAGS += -Wall -Wextra -Werror -Wno-unused-parameter
endif

# pg_regress wants both in one folder; not every archive keeps the link test/expected.
regress_output = build/installcheck
regress_input = $(regress_output)/input
REGRESS = $(sort $(basename $(notdir $(wildcard $(top)/test/sql/*.sql))))
REGRESS_OPTS = --inputdir=$(regress_input) --outputdir=$(regress_output) --load-extension=$(EXTENSION)
REGRESS_PREP = $(regress_input)

EXTRA_CLEAN = build

PG_CONFIG = pg_config
PGXS := $(shell $(PG_CONFIG) --pgxs 2>/dev/null)
server_headers := $(shell $(PG_CONFIG) --includedir-server 2>/dev/null)

# pg_config alone proves nothing: client packages ship it, too. Without the server's headers only the goals
# that install them first can work.
ifneq (,$(and $(wildcard $(PGXS)),$(wildcard $(server_headers)/postgres.h)))

include $(PGXS)

ifneq (,$(filter 9.% 10 11 12 13 14,$(MAJORVERSION)))
$(error kpi_track needs PostgreSQL 15 or later, but $(PG_CONFIG) belongs to PostgreSQL $(VERSION))
endif
# The headers of 15 have function pointers without parameters, which C23 takes for ones that have none; compilers of 2025 and later speak it.
ifeq (15,$(MAJORVERSION))
override CFLAGS += -std=gnu17
endif

else

major := $(shell $(PG_CONFIG) --version 2>/dev/null | sed -n 's/^PostgreSQL \([0-9]*\).*/\1/p')

all install installcheck installdirs uninstall check:
	@echo >&2 'kpi_track is built with the development files of the PostgreSQL server, which $(PG_CONFIG) does not find.'
	@echo >&2 'Install them, on Debian and Ubuntu with: apt-get install postgresql-server-dev-$(or $(major),all)'
	@echo >&2 'or name another installation: make PG_CONFIG=/path/to/pg_config'
	@exit 1

clean:
	rm -rf $(EXTRA_CLEAN)

.PHONY: all install installcheck installdirs uninstall check clean

endif

# Coarse, but never wrong: a changed header rebuilds every object.
$(OBJS) $(OBJS:.o=.bc): $(src_headers)

# Changes when a test build follows a plain one or the other way round, so that their objects do not meet.
variant_stamp = build/variant
$(OBJS) $(OBJS:.o=.bc): $(variant_stamp)
$(variant_stamp): FORCE
	@mkdir -p build; echo '$(TESTBUILD)' | cmp -s - $@ || echo '$(TESTBUILD)' > $@
FORCE:
.PHONY: FORCE

# In a VPATH build the folders of the objects do not exist yet, but make would find those of the sources.
ifneq ($(top),.)
$(shell mkdir -p $(sort $(dir $(OBJS))))
endif

# The folder itself is a prerequisite, so that a removed part is noticed.
$(install_script): $(sql_parts) $(top)/$(EXTENSION).control $(top)/sql
	@test -n '$(EXTVERSION)' || { echo >&2 'no default_version in $(EXTENSION).control'; exit 1; }
	@test -n '$(sql_parts)' || { echo >&2 'no sql/[0-9][0-9]_*.sql to assemble $@ from'; exit 1; }
	printf '%s\n\n' '\echo Use "CREATE EXTENSION $(EXTENSION)" to load this file. \quit' > $@.tmp
	cat $(sql_parts) >> $@.tmp
	mv $@.tmp $@

$(regress_input): FORCE
	mkdir -p $@
	ln -sfn $(abspath $(top)/test/sql) $@/sql
	ln -sfn $(abspath $(top)/expected) $@/expected
	ln -sfn $(abspath $(top)/docs) $(regress_output)/docs

test:
	@$(top)/test/run

demo:
	@$(top)/test/demo/run

bench:
	@$(top)/test/bench/run

test-majors:
	@$(top)/test/majors/run

fuzz:
	@$(MAKE) -C $(top)/test/fuzz long

deb dist:
	@$(top)/test/packaging/$@

soak:
	@SUITES=tap TESTS=011_soak KPI_SECONDS=$$((60 * $(or $(MINUTES),5))) $(top)/test/run

sqlsmith:
	@$(top)/test/sqlsmith/run

valgrind:
	@$(top)/test/valgrind/run

.PHONY: test test-majors demo bench fuzz deb dist soak sqlsmith valgrind
