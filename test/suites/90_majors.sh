#!/usr/bin/env bash
# The other majors of PostgreSQL, each in a Debian of its own: test/majors. Only if KPI_MAJORS=yes, and where root can make one.
# shellcheck source=test/lib/suite.sh
. "$(dirname "$0")/../lib/suite.sh"
# shellcheck source=test/lib/packages.sh
. "$lib/packages.sh"

if [ "${KPI_MAJORS:-}" != yes ]; then
    skipped "PostgreSQL 17 and 18, which take a Debian each: KPI_MAJORS=yes make test, or make test-majors"
    exit 0
fi
if [ "$(id -u)" != 0 ]; then
    skipped "only root can make another Debian (make test-majors)"
    exit 0
fi
packages_optional debootstrap
if ! command -v debootstrap >/dev/null; then
    skipped "there is no debootstrap"
    exit 0
fi
# the settings of this run are not those of the ones in there
env -u SUITES -u TESTS -u PG_CONFIG -u KPI_WORK -u KPI_RESULTS -u KPI_EXTENSION_DESTDIR -u KPI_EXTENSION_CONF "$top/test/majors/run" 2>&1 | tee "$KPI_WORK/majors.out" || true
while IFS= read -r line; do
    case $line in
    "ok majors/"*) passed "${line#ok majors/}" ;;
    "FAILED majors/"*) failed "${line#FAILED majors/}" ;;
    "skip majors/"*) skipped "${line#skip majors/}" ;;
    esac
done <"$KPI_WORK/majors.out"
