#!/usr/bin/env bash
# The other majors of PostgreSQL, each in a Debian of its own: test/majors.
#
#   KPI_MAJORS=short  17 and 18: build, house, SQL and isolation tests; so without this setting
#   KPI_MAJORS=yes    all of make test-majors: more majors, all suites, pg_upgrade from one to the next
#   KPI_MAJORS=no     none
# shellcheck source=test/lib/suite.sh
. "$(dirname "$0")/../lib/suite.sh"
# shellcheck source=test/lib/packages.sh
. "$lib/packages.sh"

case ${KPI_MAJORS:=short} in
short | yes) ;;
no)
    skipped "PostgreSQL 17 and 18, as KPI_MAJORS=no says"
    exit 0
    ;;
*)
    failed "KPI_MAJORS=$KPI_MAJORS: it is short, yes or no"
    exit 0
    ;;
esac
if [ "$(id -u)" != 0 ]; then
    skipped "only root can make another Debian (make test-majors)"
    exit 0
fi
packages_optional debootstrap
if ! command -v debootstrap >/dev/null; then
    skipped "there is no debootstrap"
    exit 0
fi
mkdir "$KPI_WORK/majors_mount"
if ! mount --bind /proc "$KPI_WORK/majors_mount" 2>/dev/null; then
    skipped "nothing can be mounted here, as a Debian in a folder needs"
    exit 0
fi
umount -l "$KPI_WORK/majors_mount"

settings=() limit=7200 ended=0
if [ "$KPI_MAJORS" != yes ]; then
    settings=(SUITES="house regress isolation" MAJORS="trixie:17 sid:18" UPGRADE=)
    limit=1500
fi
# the settings of this run are not those of the ones in there; a mirror that is asleep must not hold up everything
env -u SUITES -u TESTS -u MAJORS -u PG_CONFIG -u KPI_WORK -u KPI_RESULTS -u KPI_EXTENSION_DESTDIR -u KPI_EXTENSION_CONF "${settings[@]}" \
    timeout "${KPI_MAJORS_TIMEOUT:-$limit}" "$top/test/majors/run" 2>&1 | tee "$KPI_WORK/majors.out" || ended=${PIPESTATUS[0]}
while IFS= read -r line; do
    case $line in
    "ok majors/"*) passed "${line#ok majors/}" ;;
    "FAILED majors/"*) failed "${line#FAILED majors/}" ;;
    "skip majors/"*) skipped "${line#skip majors/}" ;;
    esac
done <"$KPI_WORK/majors.out"
# what timeout returns; also whatever kept the run from beginning is not to be taken for success
if [ "$ended" = 124 ] || ! grep -qE '^(ok|FAILED|skip) majors/' "$KPI_WORK/majors.out"; then
    skipped "the other majors did not come to an end in ${KPI_MAJORS_TIMEOUT:-$limit} s"
fi
