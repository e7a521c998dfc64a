#!/usr/bin/env bash
# Concurrent sessions: test/specs.
# shellcheck source=test/lib/suite.sh
. "$(dirname "$0")/../lib/suite.sh"

tests=()
for file in "$top"/test/specs/*.spec; do
    [ -e "$file" ] || continue
    tests+=("$(basename "$file" .spec)")
done
if [ ${#tests[@]} = 0 ]; then
    skipped "there are no tests in test/specs"
    exit 0
fi

isolation=${PG_PGXS%/makefiles/pgxs.mk}/test/isolation
if [ ! -x "$isolation/pg_isolation_regress" ]; then
    skipped "this PostgreSQL comes without pg_isolation_regress"
    exit 0
fi
run=$KPI_WORK/isolation
mkdir -p "$run"
# it looks for isolationtester beside itself
(cd "$run" && "$isolation/pg_isolation_regress" --bindir="$PG_BINDIR" --inputdir="$top/test" \
    --outputdir="$run" --host="$PGHOST" --port="$PGPORT" --user="$PGUSER" --dbname=kpi_isolation \
    --load-extension="$extension" "${tests[@]}" >"$run/output" 2>&1) || true

bad=0
for name in "${tests[@]}"; do
    if grep -qE "^(test $name +\.\.\. ok|ok +[0-9]+ +[-+] $name )" "$run/output"; then
        passed "$name"
    else
        failed "$name"
        bad=1
    fi
done
if [ $bad = 1 ]; then
    cat "$run/output" "$run/regression.diffs" 2>/dev/null || true
    keep isolation "$run"/.
    say "results: build/isolation"
fi
