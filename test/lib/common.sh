# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # the files of test/lib use each other's variables
# What every script under test/ needs: where things are, a work directory that goes away, and messages.

set -euo pipefail

# The scripts call make themselves: what an outer make left in the environment would leak into it.
unset MAKEFLAGS MFLAGS MAKELEVEL

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
extension=kpi_track
extension_version=$(sed -n "s/^default_version *= *'\(.*\)'.*/\1/p" "$top/$extension.control")

export LC_MESSAGES=C TZ=UTC

say() { printf '%s\n' "$*"; }
warn() { printf '%s\n' "$*" >&2; }
die() {
    warn "error: $*"
    exit 1
}

# The server refuses to run as root, so root lets this user run it.
if [ "$(id -u)" = 0 ]; then
    server_user=${KPI_SERVER_USER:-postgres}
else
    server_user=$(id -un)
fi

# as_server COMMAND...: run a command as the user who owns the throw-away server.
as_server() {
    if [ "$(id -u)" != 0 ]; then
        "$@"
    else
        # from a directory which that user can read
        (cd / && exec runuser -u "$server_user" -- "$@")
    fi
}

# work_start: a private directory for one run. The socket lives in it, so its name must be short.
work_start() {
    KPI_WORK=$(mktemp -d "${KPI_TMP:-/tmp}/kpi_track.XXXXXX")
    export KPI_WORK
    if [ "$(id -u)" = 0 ]; then
        chown "$server_user" "$KPI_WORK"
    fi
    trap work_end EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
}

work_end() {
    local status=$?
    trap - EXIT
    if [ "${KPI_KEEP_RUNNING:-}" = 1 ] && [ "$status" = 0 ]; then
        return 0
    fi
    if declare -F server_stop >/dev/null; then
        server_stop || true
    fi
    rm -rf "${KPI_WORK:?}"
    give_back "$top/build"
    exit "$status"
}

# build/ holds everything that these scripts leave behind in the tree. Where the tree cannot be written
# to, the work directory takes its place.
build_root=${KPI_BUILD:-$top/build}
if ! mkdir -p "$build_root" 2>/dev/null || [ ! -w "$build_root" ]; then
    build_root=
fi

build_directory() {
    local dir=${build_root:-$KPI_WORK/build}/$1
    mkdir -p "$dir"
    printf '%s\n' "$dir"
}

# give_back DIRECTORY: what root builds must not get in the way of the owner of the tree.
give_back() {
    local dir=$1
    if [ "$(id -u)" = 0 ] && [ -d "$dir" ]; then
        chown -R --reference="$top" "$dir" 2>/dev/null || true
    fi
}
