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
