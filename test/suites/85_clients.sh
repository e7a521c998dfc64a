#!/usr/bin/env bash
# The drivers of BI tools at the schema kpi_bi, each as a role that may see nothing else: test/clients.
# shellcheck source=test/lib/suite.sh
. "$(dirname "$0")/../lib/suite.sh"
# shellcheck source=test/lib/packages.sh
. "$lib/packages.sh"
packages_optional unixodbc odbc-postgresql python3-pyodbc python3-psycopg python3-psycopg2 python3-sqlalchemy libpostgresql-jdbc-java node-pg
command -v javac >/dev/null || packages_optional default-jdk-headless

run=$(build_directory clients)
rm -rf "${run:?}"/*
clients=$top/test/clients
server_database clients
for file in "$top"/test/demo/[1-9]*.sql; do
    PGTZ=UTC server_psql -d clients -f "$file" >/dev/null 2>&1
done
server_psql -d clients -f "$clients/shop.sql" >/dev/null
export PGDATABASE=clients PGUSER=bi_reader

# what is there, as that role sees it: object, kind, column, type, rows of the object
server_psql -At -F $'\t' -c "
    SELECT t.table_name, t.table_type, c.column_name, c.data_type, (xpath('/row/n/text()', query_to_xml(format('SELECT count(*) AS n FROM kpi_bi.%I', t.table_name), false, true, '')))[1]
    FROM information_schema.tables AS t JOIN information_schema.columns AS c USING (table_schema, table_name) WHERE table_schema = 'kpi_bi' ORDER BY 1, c.ordinal_position" >"$run/facts.tsv"
if [ "$(wc -l <"$run/facts.tsv")" -lt 100 ]; then
    failed facts "there is hardly anything in kpi_bi"
    exit 0
fi

# client NAME COMMAND...: each of its lines "ok CHECK" or "not ok CHECK: why" is a test
client() {
    local name=$1 status=0 line
    shift
    "$@" >"$run/$name.out" 2>"$run/$name.err" || status=$?
    while IFS= read -r line; do
        case $line in
        "ok "*) passed "$name: ${line#ok }" ;;
        "not ok "*) failed "$name: ${line#not ok }" ;;
        esac
    done <"$run/$name.out"
    if [ "$status" != 0 ] || ! grep -q '^ok ' "$run/$name.out"; then
        failed "$name" "exit status $status"
        tail -n 20 "$run/$name.err"
    fi
}

# python NAME MODULE: the interpreter that Debian's packages belong to
python() {
    if /usr/bin/python3 -c "import $2" 2>/dev/null; then
        client "$1" env PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 "$clients/$1_client.py" "$run/facts.tsv"
    else
        skipped "$1 (there is no module $2 for /usr/bin/python3)"
    fi
}
python psycopg psycopg
python odbc pyodbc
python sqlalchemy 'sqlalchemy, psycopg2'

jdbc=/usr/share/java/postgresql.jar
if [ -f "$jdbc" ] && command -v javac >/dev/null && javac -d "$run/classes" -encoding UTF-8 "$clients"/*.java 2>"$run/javac.err"; then
    client jdbc java -Dfile.encoding=UTF-8 -cp "$run/classes:$jdbc" JdbcClient "$run/facts.tsv" "$PGHOST/.s.PGSQL.$PGPORT" "$PGDATABASE" "$PGUSER"
else
    skipped "jdbc (there is no $jdbc, or no javac of Java 16 or later)"
fi

# Debian's package asks for Debian's node; with another one it comes from npm
modules=/usr/share/nodejs
if command -v npm >/dev/null && ! NODE_PATH=$modules node -e 'require("pg")' 2>/dev/null; then
    modules=$run/node/node_modules
    npm install --silent --no-audit --no-fund --ignore-scripts --prefix "$run/node" pg@8 >"$run/npm.out" 2>&1 || true
fi
if command -v node >/dev/null && NODE_PATH=$modules node -e 'require("pg")' 2>/dev/null; then
    client node env NODE_PATH="$modules" TZ=UTC node "$clients/node_client.js" "$run/facts.tsv"
else
    skipped "node (there is no node, or no package pg for it)"
fi
give_back "$top/build"
