#!/usr/bin/env bash
# The demo runs, quickly, and its shop is the same shop everywhere. A part that has an
# expected/demo_NAME.out must print just that.
# shellcheck source=test/lib/suite.sh
. "$(dirname "$0")/../lib/suite.sh"

run=$(build_directory demo)
server_database shop

for file in "$top"/test/demo/[1-9]*.sql; do
    name=$(basename "$file" .sql)
    started=$SECONDS
    if ! PGTZ=UTC PGDATESTYLE=ISO server_psql -d shop -f "$file" >"$run/$name.out" 2>&1; then
        failed "$name"
        tail -n 20 "$run/$name.out"
    elif [ -f "$top/expected/demo_$name.out" ]; then
        compare "$name" "$top/expected/demo_$name.out" "$run/$name.out"
    else
        passed "$name"
    fi
    if [ $((SECONDS - started)) -gt 30 ]; then
        failed "$name" "it took $((SECONDS - started)) seconds"
    fi
done

# The examples of the README, in the same shop: they print what it says.
examples=$(build_directory readme)
rm -f "$examples"/*
perl "$top/test/lib/examples.pl" "$top/README.md" "$examples"
server_database readme
PGTZ=UTC PGDATESTYLE=ISO server_psql -d readme -f "$top/test/demo/10_shop.sql" >/dev/null 2>&1
tidy() { sed -e 's/[[:space:]]*$//' -e '/^$/d' "$1"; }
for file in "$examples"/*.sql; do
    name=$(basename "$file" .sql)
    if ! PGTZ=UTC PGDATESTYLE=ISO server_psql -d readme -f "$file" >"$examples/$name.out" 2>&1; then
        failed "readme_$name"
        tail -n 20 "$file" "$examples/$name.out"
    elif [ ! -f "$examples/$name.expected" ]; then
        passed "readme_$name"
    elif diff <(tidy "$examples/$name.expected") <(tidy "$examples/$name.out") >"$examples/$name.diff"; then
        passed "readme_$name"
    else
        failed "readme_$name" "the README says something else"
        cat "$file" "$examples/$name.diff"
    fi
done
