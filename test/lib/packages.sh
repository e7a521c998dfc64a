# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # the files of test/lib use each other's variables
# Which PostgreSQL to build against, and the packages that are missing for it.
#
#   packages_ensure [tap]     sets and exports PG_CONFIG, PG_MAJOR, PG_BINDIR, PG_PGXS; installs with
#                             apt-get, but only what is missing; tap: also what TAP tests need
#
# PG_CONFIG in the environment chooses the installation. Otherwise it is the newest server that has its
# headers, else the newest server, else the one that apt would install.

oldest_major=15

pgxs_of() { "$1" --pgxs 2>/dev/null || true; }

has_server() {
    local bin
    bin=$("$1" --bindir 2>/dev/null) && [ -x "$bin/postgres" ] && [ -x "$bin/initdb" ] && [ -x "$bin/psql" ]
}

has_headers() {
    local pgxs include
    pgxs=$(pgxs_of "$1") && include=$("$1" --includedir-server 2>/dev/null) &&
        [ -f "$pgxs" ] && [ -f "${pgxs%/makefiles/pgxs.mk}/Makefile.global" ] && [ -f "$include/postgres.h" ]
}

major_of() { "$1" --version 2>/dev/null | sed -n 's/^PostgreSQL \([0-9]*\).*/\1/p'; }

# Debian's installations of at least $oldest_major, newest first, as paths that may not exist yet.
debian_installations() {
    local bin major
    for bin in /usr/lib/postgresql/*/bin; do
        major=${bin#/usr/lib/postgresql/}
        major=${major%/bin}
        if [[ $major =~ ^[0-9]+$ ]] && [ "$major" -ge "$oldest_major" ] && [ -x "$bin/postgres" ]; then
            printf '%s\n' "$major"
        fi
    done | sort -rn
}

apt_updated=
apt_update() {
    if [ -z "$apt_updated" ]; then
        say "apt-get update"
        as_root apt-get -qq update || warn "apt-get update failed; trying with the package lists at hand"
        apt_updated=1
    fi
}

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    else
        sudo "$@"
    fi
}

# packages_choose: sets PG_CONFIG (which may not exist yet) and PG_MAJOR.
packages_choose() {
    local major
    if [ -n "${PG_CONFIG:-}" ]; then
        command -v "$PG_CONFIG" >/dev/null || die "PG_CONFIG=$PG_CONFIG cannot be run"
        PG_CONFIG=$(command -v "$PG_CONFIG")
        PG_MAJOR=$(major_of "$PG_CONFIG")
        return
    fi
    for major in $(debian_installations); do
        if has_server "/usr/lib/postgresql/$major/bin/pg_config" &&
            has_headers "/usr/lib/postgresql/$major/bin/pg_config"; then
            PG_MAJOR=$major
            PG_CONFIG=/usr/lib/postgresql/$major/bin/pg_config
            return
        fi
    done
    if command -v pg_config >/dev/null && has_server pg_config && has_headers pg_config; then
        PG_CONFIG=$(command -v pg_config)
        PG_MAJOR=$(major_of pg_config)
        return
    fi
    PG_MAJOR=$(debian_installations | head -n 1)
    if [ -z "$PG_MAJOR" ] && command -v apt-get >/dev/null; then
        apt_required postgresql postgresql-server-dev-all gcc libc6-dev make libipc-run-perl
        apt_update
        PG_MAJOR=$(LC_ALL=C apt-cache depends postgresql 2>/dev/null |
            sed -n 's/.*Depends: postgresql-\([0-9][0-9]*\)$/\1/p' | sort -rn | head -n 1)
        [ -n "$PG_MAJOR" ] || die "apt offers no PostgreSQL server (package postgresql)"
    fi
    PG_CONFIG=/usr/lib/postgresql/${PG_MAJOR:-NN}/bin/pg_config
}

can_install() { [ "$(id -u)" = 0 ] || command -v sudo >/dev/null; }

# apt_required PACKAGE...: there is no way without installing these
apt_required() {
    can_install || die "missing, and installing packages needs root or sudo: apt-get install $*"
}

# packages_missing [tap]: the names of Debian packages that are needed and absent.
packages_missing() {
    local compiler server=
    if ! has_server "$PG_CONFIG"; then
        say "postgresql-$PG_MAJOR"
    elif command -v dpkg-query >/dev/null; then
        # headers newer than the server can make a module that the server cannot load
        server=$(dpkg-query -W -f '${Version}' "postgresql-$PG_MAJOR" 2>/dev/null || true)
    fi
    if ! has_headers "$PG_CONFIG"; then
        if [ -n "$server" ] && LC_ALL=C apt-cache madison "postgresql-server-dev-$PG_MAJOR" 2>/dev/null |
            grep -qF " $server "; then
            say "postgresql-server-dev-$PG_MAJOR=$server"
        else
            say "postgresql-server-dev-$PG_MAJOR"
        fi
    fi
    compiler=$("$PG_CONFIG" --cc 2>/dev/null || true)
    if ! command -v "${CC:-${compiler:-gcc}}" >/dev/null; then
        say gcc
    fi
    if [ ! -f /usr/include/stdio.h ]; then
        say libc6-dev
    fi
    if [ ! -f /usr/include/nlopt.h ]; then
        say libnlopt-dev
    fi
    if ! command -v make >/dev/null; then
        say make
    fi
    if [ "${1:-}" = tap ]; then
        if ! command -v prove >/dev/null || ! perl -MTest::More -MTime::HiRes -MJSON::PP -e 1 2>/dev/null; then
            say perl
        fi
        if ! perl -MIPC::Run -e 1 2>/dev/null; then
            say libipc-run-perl
        fi
    fi
}

# Installing the first server package of a machine would create and start a cluster. We only want the
# programs, so say no for the time of the installation. Clusters that exist are not touched.
apt_install() {
    local conf=/etc/postgresql-common/createcluster.d/kpi_track.conf status=0 made='' dir log
    log=$(mktemp)
    for dir in /etc/postgresql-common /etc/postgresql-common/createcluster.d; do
        if [ ! -d "$dir" ]; then
            as_root mkdir "$dir"
            made="$dir $made"
        fi
    done
    say "create_main_cluster = false" | as_root tee "$conf" >/dev/null
    say "apt-get install $*"
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends \
        -o Dpkg::Use-Pty=0 install "$@" </dev/null >"$log" 2>&1 || status=$?
    as_root rm -f "$conf"
    for dir in $made; do
        as_root rmdir "$dir" 2>/dev/null || true
    done
    if [ "$status" != 0 ]; then
        cat "$log" >&2
    fi
    rm -f "$log"
    return "$status"
}

# packages_optional PACKAGE...: installs those that apt offers; what is still missing makes a test skip, not fail.
packages_optional() {
    local package wanted=()
    command -v dpkg-query >/dev/null && command -v apt-get >/dev/null && can_install || return 0
    for package in "$@"; do
        if ! dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q ' installed$'; then
            wanted+=("$package")
        fi
    done
    [ ${#wanted[@]} -gt 0 ] || return 0
    apt_update
    for package in "${wanted[@]}"; do
        apt_install "$package" 2>/dev/null || warn "note: $package could not be installed; what needs it is skipped"
    done
}

packages_ensure() {
    local missing
    packages_choose
    missing=$(packages_missing "$@")
    if [ -n "$missing" ]; then
        if ! command -v apt-get >/dev/null; then
            warn "These are needed and missing (names of Debian's packages):"
            warn "${missing//NN/$oldest_major or later}"
            warn "On other systems: the PostgreSQL server with its development files (server headers, PGXS),"
            warn "a C compiler, make, and Perl with IPC::Run and Test::More. PG_CONFIG=/path/to/pg_config"
            warn "names an installation that is not found by itself."
            exit 1
        fi
        if ! can_install && [ "$missing" = libipc-run-perl ]; then
            warn "note: TAP tests need the package libipc-run-perl"
            missing=
        fi
    fi
    if [ -n "$missing" ]; then
        # shellcheck disable=SC2086 # one word per package
        apt_required $missing
        apt_update
        missing=$(packages_missing "$@")
        # shellcheck disable=SC2086 # one word per package
        apt_install $missing || die "could not install: ${missing//$'\n'/ }"
        missing=$(packages_missing "$@")
        [ -z "$missing" ] || die "still missing after the installation: ${missing//$'\n'/ }"
    fi
    [ "$PG_MAJOR" -ge "$oldest_major" ] ||
        die "kpi_track needs PostgreSQL $oldest_major or later, but $PG_CONFIG belongs to $PG_MAJOR"
    PG_BINDIR=$("$PG_CONFIG" --bindir)
    PG_PGXS=$(pgxs_of "$PG_CONFIG")
    export PG_CONFIG PG_MAJOR PG_BINDIR PG_PGXS
    export PATH="$PG_BINDIR:$PATH"
    if [ "$(id -u)" = 0 ]; then
        id "$server_user" >/dev/null 2>&1 ||
            die "the server cannot run as root, and there is no user $server_user (KPI_SERVER_USER names another)"
    fi
}
