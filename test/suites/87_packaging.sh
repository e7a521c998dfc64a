#!/usr/bin/env bash
# The zip for PGXN and the Debian package: test/packaging. They are built as somebody would who has nothing but what they need, installed,
# tried, removed.
# shellcheck source=test/lib/suite.sh
. "$(dirname "$0")/../lib/suite.sh"
# shellcheck source=test/lib/packages.sh
. "$lib/packages.sh"
# shellcheck source=test/lib/build.sh
. "$lib/build.sh"

packages_optional git unzip dpkg-dev debhelper postgresql-server-dev-all lintian
run=$KPI_WORK/packaging
mkdir -p "$run"
packaging=$top/test/packaging

# ---- META.json ----

check_meta() { perl "$packaging/check_meta.pl" "$1" "$top" "$extension_version"; }
check "META.json is what the spec of PGXN asks for" check_meta "$top/META.json"

# each of these changes to it has to be noticed, or the check would say nothing
notices_all() {
    local change status=0
    while IFS= read -r change; do
        perl -MJSON::PP -0777 -e 'my $m = decode_json(<STDIN>); eval "$ARGV[0]; 1" or die $@; print JSON::PP->new->canonical->encode($m)' "$change" <"$top/META.json" >"$run/META.json"
        if check_meta "$run/META.json" >"$run/meta.out" 2>&1; then
            echo "not noticed: $change"
            status=1
        elif ! grep -q '^META.json: ' "$run/meta.out"; then
            cat "$run/meta.out"
            status=1
        fi
    done <<'CHANGES'
delete $m->{name}
delete $m->{abstract}
delete $m->{maintainer}
delete $m->{license}
delete $m->{provides}
delete $m->{"meta-spec"}
$m->{name} = "kpi track"
$m->{version} = "0.1"
$m->{version} = "00.1.0"
$m->{version} = "9.9.9"
$m->{maintainer} = []
$m->{license} = "PostgreSQL"
$m->{license} = { PostgreSQL => "nowhere" }
$m->{provides} = {}
delete $m->{provides}{kpi_track}{file}
$m->{provides}{kpi_track}{file} = "sql/kpi_track.sql"
$m->{provides}{kpi_track}{docfile} = "../README.md"
$m->{provides}{kpi_track}{version} = "0.0.9"
$m->{provides}{kpi_track}{homepage} = "x"
$m->{prereqs}{run} = {}
$m->{prereqs}{runtime}{needs} = {}
$m->{prereqs}{runtime}{requires}{PostgreSQL} = "15"
$m->{prereqs}{runtime}{requires}{PostgreSQL} = "at least 15.0.0"
$m->{resources}{homepage} = "example.org"
$m->{resources}{repository} = { type => "Git" }
$m->{tags} = ["a/b"]
$m->{tags} = [""]
$m->{release_status} = "beta"
$m->{"meta-spec"}{version} = "2.0.0"
$m->{keywords} = []
CHANGES
    return $status
}
check "whatever is wrong with META.json is noticed" notices_all

# ---- the zip ----

# Nothing but these: a compiler, make, and the small tools of any system.
tools=$run/tools
mkdir "$tools"
for tool in sh bash make gcc cc as ld ar ranlib install mkdir rm rmdir cp mv ln cat sed awk grep cmp diff touch echo printf test sort dirname basename uname find env true expr tr cut wc head pg_config; do
    found=$(PATH=/usr/local/bin:/usr/bin:/bin command -v "$tool" || true)
    # builtins of the shell have no file
    case $found in /*) ln -s "$found" "$tools/$tool" ;; esac
done
compiler=$("$PG_CONFIG" --cc)
[ -e "$tools/${compiler##*/}" ] || ln -s "$(command -v "$compiler")" "$tools/${compiler##*/}"
bare() { env -i PATH="$tools" HOME="$run" LC_ALL=C "$@"; }

zip=$run/dist/dist/$extension-$extension_version.zip
build_zip() { KPI_BUILD=$run/dist "$packaging/dist"; }
if ! command -v git >/dev/null || ! command -v unzip >/dev/null; then
    skipped "the zip for PGXN (there is no git or no unzip)"
else
    check "make dist makes a zip" build_zip
    cp "$zip" "$run/first.zip"
    twice_the_same() { build_zip >/dev/null 2>&1 && cmp "$run/first.zip" "$zip"; }
    check "two zips of the same sources are the same" twice_the_same

    unpacked=$run/$extension-$extension_version
    unzip -q "$zip" -d "$run"
    # some programs that unpack know no links
    rm "$unpacked/test/expected"
    printf '../expected' >"$unpacked/test/expected"
    (cd "$unpacked" && find . -type f | sort) >"$run/packed"
    everything_is_in_it() {
        grep -qx ./META.json "$run/packed" && ! grep -E '^\./(build/|\.git/)|\.(o|bc|so)$' "$run/packed"
    }
    check "it has the sources and nothing that was built" everything_is_in_it
    check "META.json is right about what is in it" perl "$packaging/check_meta.pl" "$unpacked/META.json" "$unpacked" "$extension_version"

    without_warnings() {
        bare make -C "$unpacked" -j "$(nproc)" PG_CONFIG="$PG_CONFIG" with_llvm=no >"$run/make.log" 2>&1 && ! grep -E 'warning:' "$run/make.log" || {
            tail -n 20 "$run/make.log"
            return 1
        }
    }
    check "make works with a compiler and the headers alone, without warnings" without_warnings

    installed_files() {
        bare make -C "$unpacked" PG_CONFIG="$PG_CONFIG" with_llvm=no DESTDIR="$run/root" install >"$run/install.log" 2>&1 || {
            tail -n 20 "$run/install.log"
            return 1
        }
        diff <(printf '%s\n' "$("$PG_CONFIG" --pkglibdir)/$extension.so" "$("$PG_CONFIG" --sharedir)/extension/$extension.control" "$("$PG_CONFIG" --sharedir)/extension/$extension--$extension_version.sql" \
            "$(find "$unpacked/sql" -name "$extension--*--*.sql" -printf "$("$PG_CONFIG" --sharedir)/extension/%f\n")" | grep . | sort) <(cd "$run/root" && find . -type f | sed 's/^\.//' | sort)
    }
    check "make install installs the library, the control file, the scripts" installed_files

    # pg_regress hands settings on to its sessions; those of another installation take the place of the ones of this run
    chmod -R a+rX "$run"
    settings=
    while IFS= read -r line; do
        value=${line#*= }
        settings="$settings -c ${line%% =*}=${value//\'/}"
    done < <(KPI_EXTENSION_DESTDIR=$run/root extension_settings "$server_data")
    some_tests="funnel define hostile catalog"
    if [ "${KPI_PACKAGING:-}" = full ]; then
        some_tests=$(cd "$unpacked/test/sql" && printf '%s ' *.sql)
    fi
    installcheck() {
        make -C "$unpacked" PG_CONFIG="$PG_CONFIG" with_llvm=no REGRESS="${some_tests//.sql/}" PGOPTIONS="$settings" installcheck >"$run/installcheck.log" 2>&1 || {
            tail -n 60 "$run/installcheck.log"
            return 1
        }
    }
    if [[ $settings = *"$run/root"* ]]; then
        check "make installcheck passes${KPI_PACKAGING:+ ($KPI_PACKAGING)}" installcheck
    else
        skipped "make installcheck of the zip (this PostgreSQL finds extensions only where it is installed)"
    fi
    clean_again() {
        make -C "$unpacked" PG_CONFIG="$PG_CONFIG" with_llvm=no clean >/dev/null && diff "$run/packed" <(cd "$unpacked" && find . -type f | sort)
    }
    check "make clean leaves what was unpacked" clean_again

    # the sources cannot be written to, the objects are elsewhere
    out_of_tree() {
        mkdir "$run/vpath"
        chmod -R a-w "$unpacked"
        (cd "$run/vpath" && make -j "$(nproc)" -f "$unpacked/Makefile" VPATH="$unpacked" PG_CONFIG="$PG_CONFIG" with_llvm=no DESTDIR="$run/vroot" install) >"$run/vpath.log" 2>&1 || {
            tail -n 20 "$run/vpath.log"
            return 1
        }
        diff <(cd "$run/root" && find . -type f | sort) <(cd "$run/vroot" && find . -type f | sort) && diff "$run/packed" <(cd "$unpacked" && find . -type f | sort)
    }
    check "it builds out of the tree" out_of_tree
    chmod -R u+w "$unpacked"
fi

# ---- the Debian package ----

if ! command -v dpkg-buildpackage >/dev/null || ! command -v dh_pgxs_test >/dev/null || [ "$PG_BINDIR" != "/usr/lib/postgresql/$PG_MAJOR/bin" ]; then
    skipped "the Debian package (Debian: dpkg-dev, debhelper, postgresql-server-dev-all, and a server of Debian)"
    exit 0
fi

# by somebody who is not root, from a tree of somebody else; without a network where that can be had
deb=$run/deb
mkdir -p "$deb"
[ "$(id -u)" != 0 ] || chown "$server_user" "$deb"
offline=()
if [ "$(id -u)" = 0 ] && unshare --net true 2>/dev/null; then
    offline=(unshare --net)
fi
build_deb() {
    "${offline[@]}" bash -c '. "$0/common.sh" && as_server env HOME="$1" KPI_BUILD="$1" PGVERSIONS="$2" "$3"' "$lib" "$deb" "$PG_MAJOR" "$packaging/deb"
}
check "make deb makes a package${offline[*]:+, without a network}" build_deb
package=$(find "$deb/deb" -name "postgresql-$PG_MAJOR-kpi-track_*.deb" 2>/dev/null || true)
tree=$deb/deb/kpi-track-$extension_version
if [ -z "$package" ]; then
    keep packaging "$deb/deb/build.log"
    exit 0
fi
check "it builds without warnings" bash -c '! grep -E "warning: " "$0"' "$deb/deb/build.log"

lintian_is_silent() { ! lintian --allow-root --fail-on none --tag-display-limit 0 "$deb"/deb/*.changes 2>&1 | grep .; }
if command -v lintian >/dev/null; then
    check "lintian says nothing" lintian_is_silent
else
    skipped "lintian (it is not installed)"
fi

# the library loads on the first release of the major (test/lib/symbols_15.txt); who has not got the latest minor yet may install it
check "it depends on no minor release" bash -c '! dpkg-deb --field "$0" Depends | grep -E "postgresql-[0-9]+ \("' "$package"

contents() { dpkg-deb --contents "$package" | awk '$1 ~ /^[-l]/ { print substr($6, 2) }' | sort; }
has_its_files() {
    local doc=/usr/share/doc/postgresql-$PG_MAJOR-kpi-track share=/usr/share/postgresql/$PG_MAJOR/extension library=/usr/lib/postgresql/$PG_MAJOR/lib
    {
        printf '%s\n' "$library/$extension.so" "$share/$extension.control" "$share/$extension--$extension_version.sql" "$doc/copyright" "$doc/README.md" "$doc/changelog.gz" "$doc/changelog.Debian.gz" \
            "/usr/share/lintian/overrides/postgresql-$PG_MAJOR-kpi-track"
        find "$top/sql" -name "$extension--*--*.sql" -printf "$share/%f\n"
        (cd "$tree" && find docs -type f -printf "$doc/%p\n" && find test/demo -name '[0-9]*.sql' -printf "$doc/examples/%f\n")
        # of every source if the server was built with a just-in-time compiler
        if [ -d "/usr/lib/postgresql/$PG_MAJOR/lib/bitcode" ]; then
            say "$library/bitcode/$extension.index.bc"
            (cd "$tree" && find src -name '*.c' | sed "s|^\(.*\)\.c\$|$library/bitcode/$extension/\1.bc|")
        fi
    } | sort >"$run/wanted"
    contents | diff "$run/wanted" -
}
check "its files are where they belong" has_its_files

# a page that refers to another one that is not in the package is of no use there
links_lead_somewhere() {
    rm -rf "$run/extracted"
    dpkg-deb --extract "$package" "$run/extracted"
    cd "$run/extracted/usr/share/doc/postgresql-$PG_MAJOR-kpi-track"
    perl -e '
        for my $page (@ARGV) {
            my ($folder) = $page =~ m{^(.*/)?};
            open my $in, "<", $page or die;
            while (<$in>) {
                while (/\]\(([^)#:\s]+)(?:#[^)]*)?\)/g) {
                    next if -e ($folder // "") . $1;
                    print "$page: $1\n";
                    $bad = 1;
                }
            }
        }
        exit($bad // 0)' README.md docs/*.md
}
check "the links between its pages lead somewhere" links_lead_somewhere

if [ "$(id -u)" = 0 ]; then
    mkdir "$run/try"
    status=0
    "$packaging/try_package" "$run/try" "$tree" "$server_user" "$package" >"$run/try.out" 2>&1 || status=$?
    if grep -q '^1\.\.0 # SKIP' "$run/try.out"; then
        skipped "installing it ($(sed -n 's/^1\.\.0 # SKIP //p' "$run/try.out"))"
    else
        grep -vE '^(ok|1\.\.)' "$run/try.out" || true
        tap_count package "$run/try.out" "$status"
    fi
fi
if ! grep -q '^ok' "$run/try.out" 2>/dev/null; then
    # not installed: where it was put together, in a cluster that looks there
    tried_in_place() { as_server env -C "$tree" pg_buildext psql . . 'postgresql-%v-kpi-track' <"$packaging/smoke.sql"; }
    check "its test passes where it was built: a funnel, a KPI" tried_in_place
fi
