#!/usr/bin/env bash
# Real data: every test/data/NAME.sql in a fresh database, output as in expected/data_NAME.out. In the
# script, :data is the directory of the data sets; COPY ... FROM PROGRAM runs as the server's user.
# shellcheck source=test/lib/suite.sh
. "$(dirname "$0")/../lib/suite.sh"

if ! compgen -G "$top/test/data/*.sql" >/dev/null; then
    skipped "there are no tests in test/data"
    exit 0
fi
if [ ! -d "$KPI_DATA" ]; then
    skipped "there is no directory $KPI_DATA with the data sets (KPI_DATA names another)"
    exit 0
fi
data=$(cd "$KPI_DATA" && pwd)
if ! as_server ls "$data"/*/ >/dev/null 2>&1; then
    skipped "user $server_user cannot read $data"
    exit 0
fi

run=$(build_directory data)
for file in "$top"/test/data/*.sql; do
    name=$(basename "$file" .sql)
    if [ -n "${TESTS:-}" ] && [[ " $TESTS " != *" $name "* ]]; then
        continue
    fi
    database=data_$name
    if ! server_database "$database"; then
        failed "$name" "no database"
        continue
    fi
    PGTZ=UTC PGDATESTYLE=ISO server_psql -a -d "$database" -v data="$data" -f "$file" 2>&1 |
        sed "s|psql:$top/||" >"$run/$name.out" || true
    if [ -f "$top/expected/data_$name.out" ]; then
        compare "$name" "$top/expected/data_$name.out" "$run/$name.out"
    else
        failed "$name" "there is no expected/data_$name.out; what came out is in build/data/$name.out"
        tail -n 20 "$run/$name.out"
    fi
    server_psql -d postgres -c "DROP DATABASE $database" || true
done
