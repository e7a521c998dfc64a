#!/usr/bin/env bash
# TAP tests with servers of their own: test/t.
# shellcheck source=test/lib/suite.sh
. "$(dirname "$0")/../lib/suite.sh"

if ! compgen -G "$top/test/t/*.pl" >/dev/null; then
    skipped "there are no tests in test/t"
    exit 0
fi
# shellcheck source=test/lib/packages.sh
. "$lib/packages.sh"
packages_optional "postgresql-$PG_MAJOR-cron" faketime libfaketime

perl_lib=${PG_PGXS%/makefiles/pgxs.mk}/test/perl
if [ ! -d "$perl_lib/PostgreSQL/Test" ]; then
    skipped "this PostgreSQL comes without the Perl modules of its TAP tests"
    exit 0
fi
if ! perl -MIPC::Run -e 1 2>/dev/null; then
    skipped "Perl's IPC::Run is not installed"
    exit 0
fi

# A copy, because the server's user may not be able to read the tree.
run=$KPI_WORK/tap
cp -R "$top/test/t" "$run"
cp -R "$top/test/golden" "$top/test/api" "$top/test/sql/attack_rows.sql" "$run"
for file in "$run"/*.pl; do
    mkdir "${file%.pl}"
done
# what pretends to a server that its disk is full; without it that part is skipped
cc -shared -fPIC -O1 -o "$run/lib/full_disk.so" "$top/test/modules/full_disk/full_disk.c" -ldl >/dev/null 2>&1 || true
if [ "$(id -u)" = 0 ]; then
    chown -R "$server_user" "$run"
fi
for file in "$run"/*.pl; do
    name=$(basename "$file" .pl)
    if [ -n "${TESTS:-}" ] && [[ " $TESTS " != *" $name "* ]]; then
        continue
    fi
    output=$run/$name.out
    status=0
    as_server env -C "$run" PERL5LIB="$perl_lib:$run/lib" PATH="$PATH" \
        PG_REGRESS="${PG_PGXS%/makefiles/pgxs.mk}/test/regress/pg_regress" \
        TESTDIR="$run/$name" TESTDATADIR="$run/$name/tmp_check" TESTLOGDIR="$run/$name/log" \
        KPI_EXTENSION_DESTDIR="$KPI_EXTENSION_DESTDIR" KPI_EXTENSION_CONF="$KPI_EXTENSION_CONF" \
        perl "$file" >"$output" 2>&1 || status=$?
    if grep -qE '^1\.\.0 # SKIP' "$output"; then
        sed -n 's/^1\.\.0 # SKIP */skipped: /p' "$output"
        say "skip $KPI_SUITE/$name" >>"$KPI_RESULTS"
        continue
    fi
    if [ "$status" != 0 ]; then
        grep -vE '^ok\b' "$output" | tail -n 60 || true
        # where it died is only in its log
        grep -hvE '^\[.*\] ok\b' "$run/$name/log/regress_log_$name" 2>/dev/null | tail -n 30 || true
        keep tap "$output" "$run/$name/tmp_check/log" "$run/$name/log"
        say "logs: build/tap"
    fi
    # what it measured
    sed -n 's/^# figure: /    /p' "$output"
    tap_count "$name" "$output" "$status"
done
