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

# The examples of a page print what it says: examples NAME PAGE, in the database NAME.
examples() {
    local name=$1 page=$2 folder file example
    folder=$(build_directory "$name")
    rm -f "$folder"/*
    perl "$top/test/lib/examples.pl" "$top/$page" "$folder"
    for file in "$folder"/*.sql; do
        example=$(basename "$file" .sql)
        if ! PGTZ=UTC PGDATESTYLE=ISO server_psql -d "$name" -f "$file" >"$folder/$example.out" 2>&1; then
            failed "${name}_$example"
            tail -n 20 "$file" "$folder/$example.out"
        elif [ ! -f "$folder/$example.expected" ]; then
            passed "${name}_$example"
        elif diff <(tidy "$folder/$example.expected") <(tidy "$folder/$example.out") >"$folder/$example.diff"; then
            passed "${name}_$example"
        else
            failed "${name}_$example" "$page says something else"
            cat "$file" "$folder/$example.diff"
        fi
    done
}
tidy() { sed -e 's/[[:space:]]*$//' -e '/^$/d' "$1"; }

# Those of the README and of pages that need data in the same shop, a fresh one for each; the others in an empty database.
for page in README.md docs/explain.md docs/sources.md docs/tutorial.md; do
    name=$(basename "$page" .md | tr '[:upper:]' '[:lower:]')
    server_database "$name"
    PGTZ=UTC PGDATESTYLE=ISO server_psql -d "$name" -f "$top/test/demo/10_shop.sql" >/dev/null 2>&1
    examples "$name" "$page"
done
# … and those of pages that ask about the goals of the demo.
for page in docs/checks.md docs/actions.md docs/dba.md docs/bi.md docs/monitoring.md docs/operations.md docs/sizing.md docs/citus.md; do
    name=$(basename "$page" .md)
    server_database "$name"
    for part in 10_shop 80_money 90_goals 92_loop; do
        PGTZ=UTC PGDATESTYLE=ISO server_psql -d "$name" -f "$top/test/demo/$part.sql" >/dev/null 2>&1
    done
    examples "$name" "$page"
done
# The queries for an exporter of metrics run, and have the columns that are said of them.
exporter_queries() {
    perl -ne '
        if (/^  query: "(.*)"$/) { $query = $1; @columns = () }
        elsif (/^    - (\w+): \{usage: "(?:LABEL|GAUGE)", description: "[^"]+"\}$/) { push @columns, $1 }
        if ($query && @columns && (/^```/ || /^\w+:$/)) { print join(",", @columns), "\t$query\n"; $query = "" }' "$top/docs/monitoring.md" >"$KPI_WORK/queries"
    [ "$(wc -l <"$KPI_WORK/queries")" = "$(grep -c '^  query:' "$top/docs/monitoring.md")" ] || return 1
    local columns query
    while IFS=$'\t' read -r columns query; do
        [ "$(server_psql -d monitoring -A -F , -P footer=off -c "$query" </dev/null | head -n 1)" = "$columns" ] || {
            echo "$query: its columns are not $columns"
            return 1
        }
    done <"$KPI_WORK/queries"
}
check "monitoring_exporter" exporter_queries

for page in judgement presets; do
    server_database "$page"
    examples "$page" "docs/$page.md"
done
