# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # the files of test/lib use each other's variables
# Build the extension beside the tree, never in it, and install it where only our server looks.

# build_extension VARIANT: normal or test. Needs packages_ensure and work_start.
#
# The build directory is a mirror of links, one per variant and major version. A VPATH build would not do:
# make would take objects of a plain `make` in the tree for its own, whatever flags they were built with.
build_extension() {
    local variant=$1 dir flags=() log
    dir=$(build_directory "$variant-$PG_MAJOR")
    log=$KPI_WORK/build.log
    if [ "$variant" = test ]; then
        flags+=(TESTBUILD=1)
    fi
    KPI_EXTENSION_DESTDIR=$KPI_WORK/install
    export KPI_EXTENSION_DESTDIR
    (
        # two runs at once may share the directory
        exec 9>"$dir/.lock"
        flock 9
        build_mirror "$dir"
        # the bitcode is of no use here and its compiler may be absent
        make -C "$dir" -j "$(nproc 2>/dev/null || echo 2)" PG_CONFIG="$PG_CONFIG" with_llvm=no "${flags[@]}" all &&
            make -C "$dir" PG_CONFIG="$PG_CONFIG" with_llvm=no "${flags[@]}" DESTDIR="$KPI_EXTENSION_DESTDIR" install
    ) >"$log" 2>&1 || {
        cat "$log" >&2
        give_back "$top/build"
        die "the extension does not build"
    }
    # warnings of the compiler should be seen even where they are no errors
    grep -E '(warning|note): ' "$log" >&2 || true
    give_back "$top/build"
    chmod -R a+rX "$KPI_EXTENSION_DESTDIR"
}

build_mirror() {
    local dir=$1 file
    find "$dir" -type l -delete
    # linked again in any case, so that an object whose source is gone leaves the library
    rm -f "$dir/$extension.so" "$dir/$extension.dylib"
    mkdir -p "$dir/sql"
    (cd "$top" && find Makefile "$extension.control" src sql -type f \
        \( -name '*.[ch]' -o -name '*.sql' -o -name Makefile -o -name '*.control' \)) |
        while IFS= read -r file; do
            mkdir -p "$dir/$(dirname "$file")"
            ln -s "$top/$file" "$dir/$file"
        done
}

# extension_settings DATADIR: the lines of postgresql.conf that make a server find the extension under
# KPI_EXTENSION_DESTDIR. Debian has a setting for just that, PostgreSQL 18 has two; without either, the
# extension is installed for good.
extension_settings() {
    local data=$1 sharedir pkglibdir
    if has_setting "$data" extension_destdir; then
        say "extension_destdir = '$KPI_EXTENSION_DESTDIR'"
    elif has_setting "$data" extension_control_path; then
        sharedir=$("$PG_CONFIG" --sharedir)
        pkglibdir=$("$PG_CONFIG" --pkglibdir)
        say "extension_control_path = '$KPI_EXTENSION_DESTDIR$sharedir:\$system'"
        say "dynamic_library_path = '$KPI_EXTENSION_DESTDIR$pkglibdir:\$libdir'"
    else
        warn "note: this PostgreSQL finds extensions only where it is installed: installing $extension there"
        as_root cp -R "$KPI_EXTENSION_DESTDIR/." /
    fi
}

has_setting() { as_server "$PG_BINDIR/postgres" -D "$1" -C "$2" >/dev/null 2>&1; }

# build_module NAME: builds test/modules/NAME, which the tests load by its path, $KPI_WORK/NAME/NAME; it is
# installed nowhere.
build_module() {
    local name=$1 dir=$KPI_WORK/$1
    cp -R "$top/test/modules/$name" "$dir"
    make -C "$dir" PG_CONFIG="$PG_CONFIG" with_llvm=no >"$dir/build.log" 2>&1 || {
        cat "$dir/build.log" >&2
        die "the test module $name does not build"
    }
    chmod -R a+rX "$dir"
}
