#!/usr/bin/env bash
# The dashboard in a real browser, headless: by light and in the dark, at the width of a phone and of a desk. Nothing overflows, nothing is
# asked for, nothing acts, everything can be read.
# shellcheck source=test/lib/suite.sh
. "$(dirname "$0")/../lib/suite.sh"

browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)
if [ -z "$browser" ]; then
    skipped "there is no chromium (apt-get install chromium)"
    exit 0
fi

run=$(build_directory browser)
rm -rf "${run:?}"/*
server_database shop
for file in "$top"/test/demo/[1-9]*.sql; do
    PGTZ=UTC server_psql -d shop -f "$file" >/dev/null 2>&1
done
server_psql -d shop -f "$top/test/browser/hostile.sql" >/dev/null

as_of="as_of => '2026-03-20 09:00 Europe/Berlin'"
page() { server_psql -d shop -XAtc "$2" >"$run/$1.html"; }
page english "SELECT kpi.dashboard($as_of)"
page korean "SELECT kpi.dashboard($as_of, lang => 'ko')"
page part "SELECT kpi.dashboard(objective => 'service', $as_of)"
# with the numbers of all pictures opened
sed 's/<details>/<details open="open">/g' "$run/english.html" >"$run/open.html"
server_database empty
server_psql -d empty -XAtc "SELECT kpi.dashboard($as_of)" >"$run/empty.html"

# the pages as a literal; "</" would end the script that it stands in
perl -MJSON::PP -0777 -e '
    my ($frame, $run) = @ARGV;
    my %pages = map { my $f = "$run/$_.html"; open my $h, "<:encoding(UTF-8)", $f or die; ($_ => scalar <$h>) } qw(english korean open part empty);
    my $json = JSON::PP->new->canonical->ascii->encode(\%pages);
    $json =~ s{</}{<\\/}g;
    $json =~ s{<!--}{<\\!--}g;
    open my $t, "<", $frame or die;
    my $text = <$t>;
    $text =~ s/const pages = PAGES;/"const pages = " . $json . ";"/e;
    print $text' "$top/test/browser/measure.html" "$run" >"$run/measure.html"

for scheme in light dark; do
    settings=preferredColorScheme=$([ "$scheme" = dark ] && echo 0 || echo 1)
    "$browser" --headless --no-sandbox --disable-gpu --disable-background-networking --user-data-dir="$run/profile" --enable-logging=stderr --blink-settings="$settings" \
        --virtual-time-budget=60000 --dump-dom "file://$run/measure.html" >"$run/$scheme.out" 2>"$run/$scheme.err" || true
    if grep -q "measured 5 in $scheme; all well" "$run/$scheme.out" && ! grep -q 'CONSOLE' "$run/$scheme.err"; then
        passed "$scheme"
    else
        failed "$scheme"
        grep -v '^<' "$run/$scheme.out" | tail -n 40
        grep 'CONSOLE' "$run/$scheme.err" | tail -n 10 || true
    fi
done
give_back "$top/build"
