# shellcheck shell=bash
# How a suite tells its results: one line each in the file KPI_RESULTS, which test/run counts.

passed() {
    say "pass $KPI_SUITE/$1" >>"$KPI_RESULTS"
    say "ok       $KPI_SUITE/$1"
}

failed() {
    say "fail $KPI_SUITE/$1" >>"$KPI_RESULTS"
    say "FAILED   $KPI_SUITE/$1${2:+: $2}"
}

skipped() {
    say "skip $KPI_SUITE" >>"$KPI_RESULTS"
    say "skipped: $1"
}

# check NAME COMMAND...: passed if the command succeeds; what it printed is shown if not
check() {
    local name=$1 output
    shift
    if output=$("$@" 2>&1); then
        passed "$name"
    else
        failed "$name"
        [ -z "$output" ] || printf '%s\n' "$output"
    fi
}

# compare NAME EXPECTED RESULT: passed if the two files are equal; shows the difference if not
compare() {
    if diff -u "$2" "$3" >"$3.diff" 2>&1; then
        rm -f "$3.diff"
        passed "$1"
    else
        failed "$1"
        cat "$3.diff"
    fi
}

# keep NAME FILE...: copies to build/NAME, for a look afterwards
keep() {
    local dir
    dir=$(build_directory "$1")
    shift
    cp -R "$@" "$dir/" 2>/dev/null || true
}

# tap_count NAME FILE STATUS: counts the ok / not ok lines of a TAP program, and its death
tap_count() {
    local name=$1 file=$2 status=$3 line ok bad
    ok=$(grep -cE '^ok\b' "$file" || true)
    bad=$(grep -cE '^not ok\b' "$file" || true)
    grep -E '^ok\b' "$file" | sed "s|^|pass $KPI_SUITE/$name: |" >>"$KPI_RESULTS" || true
    while IFS= read -r line; do
        failed "$name" "$line"
    done < <(grep -E '^not ok\b' "$file" || true)
    if [ "$status" != 0 ] && [ "$bad" = 0 ]; then
        failed "$name" "exit status $status"
    elif [ "$ok" = 0 ] && [ "$bad" = 0 ]; then
        failed "$name" "it reported no test"
    fi
    say "$name: $ok ok, $bad not ok, exit status $status"
}
