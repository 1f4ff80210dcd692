#!/bin/sh
# Build the wheel, install it beside locked runtime dependencies only, and use it once.
set -eu
python=$1
bin=$(cd "$2" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$bin/python" -m hatchling build -t wheel -d "$work" >/dev/null
"$python" -m venv "$work/venv"
# Only what the wheel itself asks for, in the versions of the lock.
sed 's/ *--hash=[^ ]*//; s/ *\\$//' requirements.lock | grep -E '^[a-z]' >"$work/constraints.txt"
"$work/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
  --constraint "$work/constraints.txt" "$work"/capital_ledger-*.whl
cd "$work"
capital=$work/venv/bin/capital
"$capital" --version
"$capital" init >/dev/null
"$capital" issuer register ACME --name "Acme K.K." --currency JPY --profile jp >/dev/null
"$capital" class open ACME common --on 2020-03-31 --issued 1000000 --treasury 20000 >/dev/null
test "$("$capital" shares ACME --on 2020-03-31 --format csv | tail -1)" = \
  "ACME,common,2020-03-31,,1000000,20000,980000,2"
"$capital" report page ACME --on 2020-03-31 -o page.html >/dev/null
"$capital" shares ACME --history --plot --on 2020-03-31 >/dev/null
echo "the wheel works without the tools of development"
