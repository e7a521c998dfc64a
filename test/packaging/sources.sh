# shellcheck shell=bash
# shellcheck disable=SC2154 # variables of test/lib
# What belongs to a package of the sources.

# sources_copy DIRECTORY: a copy of the sources as they are in the working tree, without what was built
sources_copy() {
    local to=$1
    mkdir -p "$to"
    if command -v git >/dev/null && sources_git rev-parse --is-inside-work-tree >/dev/null 2>&1 && [ "$(sources_git rev-parse --show-prefix)" = "" ]; then
        # what git knows and what is new; a file that is deleted, but not yet for git, is not there to be copied
        (cd "$top" && sources_git ls-files -z -co --exclude-standard | tar --null --ignore-failed-read -cf - -T - 2>/dev/null) | tar -xf - -C "$to"
    else
        # an unpacked archive
        (cd "$top" && tar -cf - --exclude=./build --exclude=./.git --exclude='./kpi_track--*.sql' --exclude='*.o' --exclude='*.bc' --exclude='*.so' --exclude='*.dylib' .) | tar -xf - -C "$to"
    fi
}

# the owner of the tree may be another one, as when root builds
sources_git() { git -c safe.directory="$top" -C "$top" "$@"; }

# sources_note: says what of the working tree is not what is committed
sources_note() {
    if sources_git rev-parse HEAD >/dev/null 2>&1 && [ -n "$(sources_git status --porcelain 2>/dev/null)" ]; then
        warn "note: the working tree has changes that are not committed; they are in it, too"
    fi
}

# sources_time: when they were made, in seconds since 1970, so that two builds of the same are the same
sources_time() {
    if [ -n "${SOURCE_DATE_EPOCH:-}" ]; then
        say "$SOURCE_DATE_EPOCH"
    else
        sources_git log -1 --format=%ct 2>/dev/null || stat -c %Y "$top/$extension.control"
    fi
}
