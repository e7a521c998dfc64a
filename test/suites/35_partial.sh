#!/usr/bin/env bash
# Every aggregate as Citus would call it: partial states on workers, combined by a coordinator.
# shellcheck source=test/lib/suite.sh
. "$(dirname "$0")/../lib/suite.sh"
# shellcheck source=test/lib/build.sh
. "$(dirname "$0")/../lib/build.sh"

build_module partial_agg
server_database partial

output=$KPI_WORK/partial.out
status=0
for file in partial_agg samples check; do
    server_psql -At -d partial -v module="$KPI_WORK/partial_agg/partial_agg" \
        -f "$top/test/modules/partial_agg/$file.sql" >>"$output" 2>&1 || status=$?
done
if [ "$status" != 0 ]; then
    grep -vE '^(not )?ok\b' "$output" | tail -n 20 || true
    keep partial "$output"
fi
tap_count partial "$output" "$status"
