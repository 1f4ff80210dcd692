#!/bin/sh
# What `make demo` shows: the IIJ history recorded from its import lines, then asked about.
# Run from the root of the project, with `capital` on the PATH.
set -eu

lines=docs/cases/iij/lines.jsonl
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
CAPITAL_LEDGER=$work/capital.db
CAPITAL_BY=demo
export CAPITAL_LEDGER CAPITAL_BY

say() { # say WORDS COMMAND: what is asked, in words and as typed
  printf '\n== %s\n$ %s\n' "$1" "$2"
}

ask() { # ask WORDS COMMAND...: say it, then ask it
  words=$1
  shift
  say "$words" "capital $*"
  capital "$@"
}

echo "Internet Initiative Japan Inc., from its public documents (docs/cases/iij)."

ask "An empty ledger" init
say "The sourced facts, one line each; nothing has to be acknowledged" "capital import $lines"
capital import "$lines" 2>&1

ask "Counts from 2005 to 2024: x5, x200, x2, x2; what was never published is unknown" \
  shares IIJ --history --on 2024-05-10
ask "The position in the notice of 2008-10-28" shares IIJ --on 2008-10-27
ask "... five months later: how many shares were bought is not sourced" \
  shares IIJ --on 2009-03-31 2>&1
ask "Issued shares of 2005 in the shares of 2022: 5 x 200 x 2 x 2 = 4,000 for one" \
  shares IIJ --on 2005-03-31 --share-basis 2022-10-01 2>&1

ask "The notice of 2008-10-28" notice IIJ repurchase-2008-10-28
ask "The notice of 2018-05-24, as it stood on that day" \
  notice IIJ dividend-2018-03-31 --on 2018-05-24

say "Annual dividends as declared, in the shares of the year's end, and restated to 2024" \
  "capital dividends IIJ --on 2024-05-10"
capital dividends IIJ --on 2024-05-10 >"$work/dividends"
sed -n '/^year .* interim /,$p' "$work/dividends"

say "What is open to question: nothing disagrees; by kind of finding" \
  "capital check IIJ --on 2024-05-10 --format csv"
capital check IIJ --on 2024-05-10 --format csv >"$work/findings"
sed 1d "$work/findings" | cut -d, -f1 | sort | uniq -c
say "... moves of shares that no sourced action explains" "capital check IIJ --on 2024-05-10"
capital check IIJ --on 2024-05-10 >"$work/check"
grep -A 1 ' adjustment: ' "$work/check" |
  sed -n 's/^\([0-9-]*\)  adjustment: .*/\1/p; s/^    class common: //p' | paste -d ' ' - -
say "... and the band of shares outstanding that each stated total of dividends implies" \
  "capital check IIJ --on 2024-05-10"
grep -A 1 ' stated-total: ' "$work/check" |
  sed -n 's/^[0-9-]*  unjudged stated-total: IIJ \([a-z0-9-]*\) .*/\1/p; s/.*; it \(implies\)/\1/p' |
  paste -d ' ' - -

say "The whole history again from entry 1, held against what the queries answer" \
  "capital audit replay IIJ"
capital audit replay IIJ >"$work/replay"
sed -n '1,6p' "$work/replay"
printf '  ... %s lines more ...\n' "$(($(wc -l <"$work/replay") - 10))"
tail -n 4 "$work/replay"

ask "Every row, entry and rule, and the tree over all rows computed again" audit verify
ask "The whole record in one file that proves itself" audit bundle IIJ -o "$work/iij.zip"
ask "... verified without a ledger" audit verify "$work/iij.zip" 2>&1
