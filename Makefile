# make            the program, build/anketa
# make run        sets up what is missing, serves the demonstration at http://127.0.0.1:8080
# make check      sets up what the tests need, runs them all (T=expr: one suite)
# make bench      each figure beside its baseline, measured in the same run
# make fuzz       the fuzzers, FUZZ_SECONDS each (default 60)

CC      = gcc
PKGS    = libmicrohttpd sqlite3 xlsxwriter libfyaml jansson libsodium icu-i18n libcurl pangocairo libqrencode libzip expat
OPT     = -O2
WARN    = -Wall -Wextra -Werror -Wshadow -Wpointer-arith -Wstrict-prototypes -Wmissing-prototypes -Wundef \
          -Wformat=2 -Wcast-qual -Wwrite-strings -Wvla
CFLAGS  = -std=c11 -D_GNU_SOURCE -g $(OPT) $(WARN) -fno-omit-frame-pointer -fstack-protector-strong \
          -D_FORTIFY_SOURCE=2 -Isrc -MMD -MP
LDLIBS  = $(shell pkg-config --libs $(PKGS)) -lcsv -lpthread -lm
PKGINC := $(shell pkg-config --cflags $(PKGS) 2>/dev/null)

SRCS   := $(sort $(wildcard src/*/*.c src/*/*/*.c))
LIBSRC := $(filter-out src/cli/main.c,$(SRCS))
ASSETS := $(sort $(shell find templates -type f 2>/dev/null) $(wildcard src/store/*.sql src/store/migrations/*.sql) \
          src/survey/passwords.txt)

B       = build
SAN     = $(B)/san
OBJS   := $(LIBSRC:%.c=$(B)/%.o) $(B)/assets.o
SANOBJ := $(LIBSRC:%.c=$(SAN)/%.o) $(B)/assets.o
SANFLAGS = -fsanitize=address,undefined -fno-sanitize-recover=all -U_FORTIFY_SOURCE -O1

UNIT   := $(patsubst tests/unit/%.c,$(SAN)/unit/%,$(wildcard tests/unit/*_test.c))
FUZZ   := $(patsubst tests/fuzz/%.c,$(B)/fuzz/%,$(wildcard tests/fuzz/fuzz_*.c))
BENCH  := $(patsubst tests/bench/%.c,$(B)/bench/%,$(wildcard tests/bench/bench_*.c))

.PHONY: all run check bench fuzz clean setup setup-tests san unit
all: $(B)/anketa

setup:
	@tools/setup program
setup-tests:
	@tools/setup tests

# The set-up may bring the tools that this file asks about, so the real work is a second make.
run: setup
	@$(MAKE) --no-print-directory -j2 all
	@tools/demo
check: setup-tests
	@$(MAKE) --no-print-directory -j2 all san unit
	@tests/run $(T)
bench: setup-tests
	@$(MAKE) --no-print-directory -j2 all $(BENCH)
	@tools/bench
fuzz: setup-tests
	@$(MAKE) --no-print-directory -j2 $(FUZZ)
	@tests/fuzz/run

$(B)/libanketa.a: $(OBJS)
	@rm -f $@; ar rcs $@ $^
$(SAN)/libanketa.a: $(SANOBJ)
	@rm -f $@; ar rcs $@ $^

$(B)/anketa: $(B)/src/cli/main.o $(B)/libanketa.a
	@echo LD $@
	@$(CC) $(CFLAGS) -o $@ $^ $(LDLIBS)
san: $(SAN)/anketa
unit: $(UNIT)
$(SAN)/anketa: $(SAN)/src/cli/main.o $(SAN)/libanketa.a
	@echo LD $@
	@$(CC) $(CFLAGS) $(SANFLAGS) -o $@ $^ $(LDLIBS)

$(B)/src/%.o: src/%.c
	@mkdir -p $(@D)
	@echo CC $<
	@$(CC) $(CFLAGS) $(PKGINC) -c -o $@ $<
$(SAN)/src/%.o: src/%.c
	@mkdir -p $(@D)
	@echo CC $< with sanitizers
	@$(CC) $(CFLAGS) $(SANFLAGS) $(PKGINC) -c -o $@ $<

$(B)/assets.S: $(ASSETS) tools/embed
	@mkdir -p $(@D)
	@tools/embed $(ASSETS) > $@
$(B)/assets.o: $(B)/assets.S
	$(CC) -c -o $@ $<

$(SAN)/unit/%: tests/unit/%.c $(SAN)/libanketa.a
	@mkdir -p $(@D)
	@echo CC $<
	@$(CC) $(CFLAGS) $(SANFLAGS) $(PKGINC) -Itests -o $@ $< $(SAN)/libanketa.a -lcmocka $(LDLIBS)
$(B)/bench/%: tests/bench/%.c $(B)/libanketa.a
	@mkdir -p $(@D)
	@echo CC $<
	@$(CC) $(CFLAGS) $(PKGINC) -Itests -o $@ $< $(B)/libanketa.a $(LDLIBS)
FUZZFLAGS = $(filter-out -MMD -MP -Werror -W%,$(CFLAGS)) $(PKGINC) -w -U_FORTIFY_SOURCE
$(B)/fuzz/src/%.o: src/%.c
	@mkdir -p $(@D)
	@clang $(FUZZFLAGS) -fsanitize=fuzzer-no-link,address,undefined -c -o $@ $<
$(B)/fuzz/libanketa.a: $(LIBSRC:%.c=$(B)/fuzz/%.o) $(B)/assets.o
	@rm -f $@; ar rcs $@ $^
$(B)/fuzz/fuzz_%: tests/fuzz/fuzz_%.c $(B)/fuzz/libanketa.a
	@echo LD $@
	@clang $(FUZZFLAGS) -fsanitize=fuzzer,address,undefined -Itests -o $@ $< $(B)/fuzz/libanketa.a $(LDLIBS)

clean:
	rm -rf $(B)

-include $(SRCS:%.c=$(B)/%.d) $(SRCS:%.c=$(SAN)/%.d) $(UNIT:%=%.d)
