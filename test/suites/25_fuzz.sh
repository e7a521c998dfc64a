#!/usr/bin/env bash
# Fuzzing of what reads bytes and texts from outside: the corpus and a few seconds of new inputs for each target.
# shellcheck source=test/lib/suite.sh
. "$(dirname "$0")/../lib/suite.sh"

# a clang whose fuzzer library is there
fuzz_compiler() {
    local compiler
    for compiler in clang clang-{20..14}; do
        if command -v "$compiler" >/dev/null &&
            echo 'int LLVMFuzzerTestOneInput(const char *d, unsigned long n) { return d == 0 && n > 0; }' |
            "$compiler" -x c -fsanitize=fuzzer,address -o "$KPI_WORK/has_fuzzer" - 2>/dev/null; then
            say "$compiler"
            return
        fi
    done
}

compiler=$(fuzz_compiler)
if [ -z "$compiler" ] && command -v apt-get >/dev/null && can_install; then
    apt_update >/dev/null 2>&1
    for version in 14 15 16 17 18 19 20; do
        if apt-cache show "libclang-rt-$version-dev" >/dev/null 2>&1; then
            apt_install "clang-$version" "libclang-rt-$version-dev" >/dev/null 2>&1 || true
            break
        fi
    done
    compiler=$(fuzz_compiler)
fi
if [ -z "$compiler" ]; then
    skipped "no clang with libFuzzer (Debian: clang, libclang-rt-14-dev)"
    exit 0
fi

output=$KPI_WORK/fuzz.out
status=0
make --no-print-directory -j2 -C "$top/test/fuzz" CLANG="$compiler" check >"$output" 2>&1 || status=$?
give_back "$top/test/fuzz"
if [ "$status" != 0 ] || grep -q '^not ok' "$output"; then
    tail -n 60 "$output"
    keep fuzz "$output" "$top/test/fuzz/build"
fi
tap_count fuzz "$output" "$status"
