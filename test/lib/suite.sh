# shellcheck shell=bash
# First line of every suite: test/run has set the scene, this brings its functions.

lib=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=test/lib/common.sh
. "$lib/common.sh"
# shellcheck source=test/lib/server.sh
. "$lib/server.sh"
# shellcheck source=test/lib/report.sh
. "$lib/report.sh"
[ -n "${KPI_RESULTS:-}" ] || die "suites are started by test/run: make test SUITES=$(basename "$0" .sh | cut -d_ -f2)"
