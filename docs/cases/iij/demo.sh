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

ask() { # ask WORDS... COMMAND: say what is asked, in words and as typed, then ask it
  printf '\n== %s\n' "$1"
  shift
  printf '$ capital %s\n' "$*"
  capital "$@"
}

echo "Internet Initiative Japan Inc., from its public documents (docs/cases/iij)."

ask "An empty ledger" init
printf '\n== The sourced facts, one line each; what could not be judged for want of a figure\n'
printf '== is listed by the check below\n$ capital import %s\n' "$lines"
capital import "$lines" 2>"$work/warnings"
printf '%s warnings, all of them "unjudged"\n' "$(grep -c '^warning: unjudged: ' "$work/warnings")"
if grep -v '^warning: unjudged: ' "$work/warnings"; then
  echo "the import said something else than expected" >&2
  exit 1
fi

ask "The notice of 2018-05-24, as it stood on that day" \
  notice IIJ dividend-2018-03-31 --on 2018-05-24
ask "The notice of 2008-10-28" notice IIJ repurchase-2008-10-28

ask "Shares the day before the repurchase was resolved" shares IIJ --on 2008-10-27
ask "... and on the day: a resolution moves no share" shares IIJ --on 2008-10-28
ask "... after it: how many shares were bought is not sourced" shares IIJ --on 2009-03-31
ask "... from the Form 20-F of the year ended 2018-03-31: issued alone" \
  shares IIJ --on 2018-03-31
ask "... and when the year-end dividend was payable" shares IIJ --on 2018-06-29

ask "The dividend of fiscal year 2016 on 2018-05-24" \
  dividends IIJ --fiscal-year FY2016 --on 2018-05-24
ask "The dividend of fiscal year 2017 on 2018-05-24: the year-end awaits the meeting" \
  dividends IIJ --fiscal-year FY2017 --on 2018-05-24
ask "... on 2018-06-28: approved" dividends IIJ --fiscal-year FY2017 --on 2018-06-28
ask "... on 2018-06-29: paid" dividends IIJ --fiscal-year FY2017 --on 2018-06-29

printf '\n== What is open to question: nothing disagrees; by kind of finding\n'
printf '$ capital check IIJ --on 2018-06-29 --format csv\n'
capital check IIJ --on 2018-06-29 --format csv >"$work/findings"
sed 1d "$work/findings" | cut -d, -f1 | sort | uniq -c

printf '\n== The whole history again from entry 1, held against what the queries answer\n'
printf '$ capital audit replay IIJ\n'
capital audit replay IIJ >"$work/replay"
sed -n '1,6p' "$work/replay"
printf '  ... %s lines more ...\n' "$(($(wc -l <"$work/replay") - 8))"
tail -n 2 "$work/replay"
