# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # the files of test/lib use each other's variables
# A throw-away server: its own directory, no network, gone at the end of the script.
#
#   server_start      needs packages_ensure, work_start and build_extension; exports PGHOST PGPORT PGUSER
#   server_stop       called by the exit trap
#   server_psql ...   psql that fails on the first error and reads no personal settings

server_start() {
    local locale
    server_data=$KPI_WORK/data
    server_socket=$KPI_WORK/socket
    server_log=$KPI_WORK/server.log
    as_server mkdir -p "$server_socket"
    for locale in C.UTF-8 C; do
        if as_server "$PG_BINDIR/initdb" -D "$server_data" -U postgres -A trust -E UTF8 --locale="$locale" \
            --no-sync --no-instructions >"$KPI_WORK/initdb.log" 2>&1; then
            break
        fi
        rm -rf "$server_data"
    done
    [ -d "$server_data" ] || {
        cat "$KPI_WORK/initdb.log" >&2
        die "initdb failed"
    }

    KPI_EXTENSION_CONF=$(extension_settings "$server_data")
    export KPI_EXTENSION_CONF

    # The directory of the socket is private, so any port number is free, and nobody else gets in.
    PGHOST=$server_socket
    PGPORT=54320
    PGUSER=postgres
    export PGHOST PGPORT PGUSER
    unset PGDATABASE PGPASSWORD PGSERVICE PGOPTIONS PGSSLMODE PGHOSTADDR PGSERVICEFILE PGPASSFILE PGCLIENTENCODING
    as_server tee -a "$server_data/postgresql.conf" >/dev/null <<CONF
listen_addresses = ''
unix_socket_directories = '$server_socket'
port = $PGPORT
fsync = off
full_page_writes = off
synchronous_commit = off
timezone = 'UTC'
log_timezone = 'UTC'
log_line_prefix = '%m [%p] %q%a '
$KPI_EXTENSION_CONF
CONF
    as_server "$PG_BINDIR/pg_ctl" -D "$server_data" -l "$server_log" -w -t 60 start >"$KPI_WORK/pg_ctl.log" 2>&1 || {
        cat "$KPI_WORK/pg_ctl.log" "$server_log" >&2 || true
        die "the throw-away server does not start"
    }
    server_running=1
}

server_stop() {
    if [ "${server_running:-}" = 1 ]; then
        server_running=
        as_server "$PG_BINDIR/pg_ctl" -D "$server_data" -m immediate -w stop >/dev/null 2>&1
    fi
}

server_psql() { "$PG_BINDIR/psql" -X -q -v ON_ERROR_STOP=1 "$@"; }

# server_database NAME: a fresh database with the extension in it
server_database() {
    server_psql -d postgres -c "DROP DATABASE IF EXISTS $1" -c "CREATE DATABASE $1" 2>&1 | grep -v NOTICE || true
    server_psql -d "$1" -c "CREATE EXTENSION $extension"
}
