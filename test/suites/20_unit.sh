#!/usr/bin/env bash
# The engine, the languages and the models in plain C, without a server.
# shellcheck source=test/lib/suite.sh
. "$(dirname "$0")/../lib/suite.sh"

if [ ! -f "$top/test/unit/Makefile" ]; then
    skipped "there is no test/unit/Makefile"
    exit 0
fi

output=$KPI_WORK/unit.out
status=0
make --no-print-directory -j "$(nproc)" --output-sync=target -C "$top/test/unit" check >"$output" 2>&1 || status=$?
give_back "$top/test/unit"
if [ "$status" != 0 ]; then
    grep -vE '^ok\b' "$output" | tail -n 60 || true
    keep unit "$output"
fi
tap_count unit "$output" "$status"
