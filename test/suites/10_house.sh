#!/usr/bin/env bash
# The things of which there are several copies must agree.
# shellcheck source=test/lib/suite.sh
. "$(dirname "$0")/../lib/suite.sh"
# shellcheck source=test/lib/packages.sh
. "$lib/packages.sh"

check "the control file has a version" test -n "$extension_version"

meta_versions() {
    # shellcheck disable=SC2016 # perl's variables, not the shell's
    perl -MJSON::PP -0777 -ne '
        my $m = decode_json($_);
        my $v = $ENV{extension_version};
        for (["version", $m->{version}], ["provides", $m->{provides}{kpi_track}{version}]) {
            next if ($_->[1] // "") eq $v;
            print "META.json: $_->[0] is $_->[1], the control file says $v\n";
            $bad = 1;
        }
        END { exit($bad ? 1 : 0) }' "$top/META.json"
}
export extension_version
check "META.json has the version of the control file" meta_versions

changelog_version() {
    local heading
    heading=$(grep -m 1 '^## ' "$top/CHANGELOG.md")
    if [[ $heading != *"$extension_version"* ]]; then
        echo "CHANGELOG.md: the newest heading is \"$heading\", the control file says $extension_version"
        return 1
    fi
}
check "CHANGELOG.md starts with the version of the control file" changelog_version

no_conflicts() {
    ! grep -rnE '^(<<<<<<<|>>>>>>>) ' "$top"/*.md "$top/Makefile" "$top/docs" "$top/sql" "$top/src" "$top/test" "$top/expected" --include='*.[a-z]*'
}
check "no conflict of a merge is left" no_conflicts

# a database of any encoding can run it; what is not ASCII is in C, as UTF-8, and converted there
script_is_ascii() { ! LC_ALL=C grep -nP '[^\x00-\x7F]' "$top"/sql/*.sql; }
check "the install script is ASCII" script_is_ascii

# whoever may connect could take those of SQL, and keep everybody from refreshing: kpi.take_lock() has others
no_lock_of_sql() { ! grep -n 'pg_[a-z_]*advisory' "$top"/sql/*.sql; }
check "the install script takes no advisory lock that everybody can take" no_lock_of_sql

# linters of extensions ask for it: in function bodies, too, nothing is named in a way that another could mean
names_in_script() { /usr/bin/python3 "$top/test/lint/names.py" <(cat "$top"/sql/[0-9][0-9]_*.sql); }
packages_optional python3-pglast
if [ "$PG_MAJOR" != 15 ]; then
    skipped "names in the install script: they are looked at with PostgreSQL 15"
elif /usr/bin/python3 -c 'import pglast' 2>/dev/null; then
    check "the install script names everything with its schema, replaces nothing and pins search_path" names_in_script
else
    skipped "names in the install script: there is no python3-pglast"
fi

# what an older minor of the same major than the headers lacks would be noticed only by those who have it
no_new_symbols() {
    local library
    library=$(find "$KPI_EXTENSION_DESTDIR" -name "$extension.so" | head -n 1)
    [ -n "$library" ] || return 1
    nm -D --undefined-only "$library" | awk '$1 == "U" && $2 !~ /@/ && $2 !~ /^nlopt_/ { print $2 }' | sort >"$KPI_WORK/symbols"
    [ "$(wc -l <"$KPI_WORK/symbols")" -gt 100 ] && ! comm -23 "$KPI_WORK/symbols" <(grep -v '^#' "$top/test/lib/symbols_15.txt" | sort) | grep .
}
if [ "$PG_MAJOR" = 15 ]; then
    check "the library needs no symbol that the first 15 lacks" no_new_symbols
fi

check "test/expected leads to expected" test "$top/test/expected" -ef "$top/expected"

create_and_drop() {
    server_database house
    server_psql -d house -c "DROP EXTENSION $extension"
    # what is left of the schema would have been made behind the extension's back
    server_psql -d house -c "CREATE EXTENSION $extension"
}
check "the extension can be created, dropped and created again" create_and_drop

# Every test has its expected output, and no expected output has lost its test.
pairs() {
    local file name status=0
    for file in "$top"/test/sql/*.sql "$top"/test/specs/*.spec "$top"/test/data/*.sql; do
        [ -e "$file" ] || continue
        name=$(basename "${file%.*}")
        case $file in */test/data/*) name=data_$name ;; esac
        if ! compgen -G "$top/expected/$name.out" >/dev/null; then
            echo "${file#"$top"/} has no expected/$name.out"
            status=1
        fi
    done
    for file in "$top"/expected/*.out; do
        [ -e "$file" ] || continue
        name=$(basename "$file" .out)
        # pg_regress allows alternatives: name_1.out
        if [ ! -e "$top/test/sql/$name.sql" ] && [ ! -e "$top/test/sql/${name%_[0-9]}.sql" ] &&
            [ ! -e "$top/test/specs/$name.spec" ] && [ ! -e "$top/test/data/${name#data_}.sql" ] &&
            [ ! -e "$top/test/demo/${name#demo_}.sql" ]; then
            echo "expected/$name.out belongs to no test"
            status=1
        fi
    done
    return $status
}
check "tests and expected outputs come in pairs" pairs

# A statement that the server cannot make sense of tests nothing. Those that are meant name "no_such_..." or "nonsense".
tests_mean_something() {
    ! grep -nE '^(psql:.*)?ERROR:  *((function|relation|column|operator|type|table|view|cast) .*does not exist|.*cannot be matched|syntax error at or near|.* is ambiguous|.*specified more than once|missing FROM-clause|.* is not unique|could not determine|.*must appear in the GROUP BY|current transaction is aborted)' \
        "$top"/expected/*.out | grep -vE 'no_such_|nonsense'
}
check "no expected output has an error of the test itself" tests_mean_something
