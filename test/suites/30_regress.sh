#!/usr/bin/env bash
# pg_regress over test/sql.
# shellcheck source=test/lib/suite.sh
. "$(dirname "$0")/../lib/suite.sh"

tests=()
if [ -n "${TESTS:-}" ]; then
    for name in $TESTS; do
        [ -f "$top/test/sql/$name.sql" ] || die "there is no test/sql/$name.sql"
        tests+=("$name")
    done
else
    for file in "$top"/test/sql/*.sql; do
        [ -e "$file" ] || continue
        tests+=("$(basename "$file" .sql)")
    done
fi
if [ ${#tests[@]} = 0 ]; then
    skipped "there are no tests in test/sql"
    exit 0
fi

run=$KPI_WORK/regress
mkdir -p "$run"
# it fails when a test fails; which ones is read from what it prints
"${PG_PGXS%/makefiles/pgxs.mk}/test/regress/pg_regress" --bindir="$PG_BINDIR" --inputdir="$top/test" \
    --outputdir="$run" --host="$PGHOST" --port="$PGPORT" --user="$PGUSER" --dbname=kpi_regress \
    --load-extension="$extension" "${tests[@]}" >"$run/output" 2>&1 || true

bad=0
for name in "${tests[@]}"; do
    # up to PostgreSQL 15 "test NAME ... ok", from 16 on "ok 1 - NAME"
    if grep -qE "^(test $name +\.\.\. ok|ok +[0-9]+ +[-+] $name )" "$run/output"; then
        # a test that cannot run here says so, and that is one of its expected outputs
        if why=$(sed -n 's/^skipped: //p' "$run/results/$name.out") && [ -n "$why" ]; then
            skipped "$name: $why"
        else
            passed "$name"
        fi
    else
        failed "$name"
        bad=1
    fi
done
rm -rf "$(build_directory regress)"
keep regress "$run/results"
if [ $bad = 1 ]; then
    keep regress "$run"/regression.* "$run/output"
    if [ -s "$run/regression.diffs" ]; then
        cat "$run/regression.diffs"
    else
        cat "$run/output"
    fi
    say "results: build/regress"
fi
