"""Bundles: one issuer's record for somebody who has neither the ledger nor this program.

Both verifiers judge each bundle: the program's own, and the one that was written from docs/audit.md
alone. Whoever alters a bundle here knows how bundles are made, and makes it again as well as can be
done without the key.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import ROOT
from ledger.errors import Refused as RefusedByTheLedger
from ledger.errors import Unknown
from ledger.store.ledger import Ledger
from tests.conftest import Typed, record_lines
from tests.independent_verifier import Refused, verify
from tests.stores import at
from tests.strategies import ISSUER, Told, histories

IIJ = ROOT / "docs" / "cases" / "iij" / "lines.jsonl"
RIVAL = "ZEPHYR"


@dataclass
class Bundle:
    """A bundle, unpacked so that it can be altered."""

    files: dict[str, str]
    rows: list[dict[str, Any]] = field(init=False)
    proof: dict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        self.rows = [json.loads(line) for line in self.files["rows.jsonl"].split("\n")[:-1]]
        self.proof = json.loads(self.files["proof.json"])

    @classmethod
    def read(cls, data: bytes) -> Bundle:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            return cls({name: packed.read(name).decode() for name in packed.namelist()})

    def packed(self) -> bytes:
        rows = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in self.rows)
        files = {**self.files, "rows.jsonl": rows, "proof.json": json.dumps(self.proof)}
        return packed(files)

    @property
    def checkpoint(self) -> list[str]:
        return self.files["checkpoint.txt"].split("\n")

    def checkpoint_line(self, number: int, text: str) -> None:
        lines = self.checkpoint
        lines[number] = text
        self.files["checkpoint.txt"] = "\n".join(lines)

    def state(self, row: int, **changed: Any) -> None:
        """Change what a row states, in the spelling of the ledger."""
        stated = {**json.loads(self.rows[row]["state"]), **changed}
        self.rows[row]["state"] = json.dumps(stated, ensure_ascii=False, separators=(",", ":"))

    def entries(self) -> list[int]:
        """The places of the entries among the rows."""
        return [place for place, row in enumerate(self.rows) if row["name"] == "Entry"]


def packed(files: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, text in files.items():
            bundle.writestr(name, text)
    return out.getvalue()


@dataclass(frozen=True)
class House:
    """A ledger of three issuers, whose entries take turns, and what its owner handed out."""

    capital: Typed
    folder: Path
    key: str
    other_key: str

    def bundle(self, issuer: str, *options: object, name: str = "a.zip") -> bytes:
        file = self.folder / name
        file.unlink(missing_ok=True)
        self.capital.ok("audit", "bundle", issuer, "-o", file, *options)
        return file.read_bytes()

    def signed(self, issuer: str) -> Bundle:
        return Bundle.read(self.bundle(issuer, "--checkpoint", self.folder / "april"))

    def refuses(self, data: bytes, *, program_only: bool = False) -> None:
        """Both verifiers refuse the bundle, neither with a traceback."""
        if program_only:
            assert verify(data, self.key)
        else:
            with pytest.raises(Refused):
                verify(data, self.key)
        file = self.folder / "altered.zip"
        file.write_bytes(data)
        told = self.capital("audit", "verify", file, "--key", self.key)
        assert isinstance(told.exception, SystemExit), told.exc_info
        assert told.exit_code in (1, 2), told.output


def line(issuer: str, event: str, action: str, on: str, **fields: Any) -> dict[str, Any]:
    return {"issuer": issuer, "class": "common", "action": action, "event": event, "on": on} | {
        **fields,
        "source": {"title": f"{issuer} notice of {on}", "uri": f"https://{issuer}.example/{on}"},
    }


def history_of(issuer: str) -> list[list[dict[str, Any]]]:
    """Five entries of an issuer: registered and opened, then a repurchase, a split, dividends."""
    registered = {
        "issuer": issuer,
        "action": "issuer",
        "event": "IssuerRegistered",
        "code": issuer,
        "name": f"{issuer.title()} Holdings",
        "currency": "JPY",
        "fiscal_year_end": "03-31",
        "profile": "none",
    }
    dividend = {"term": "YEAR_END", "fiscal_year_end": "2020-03-31", "currency": "JPY"}
    return [
        [
            registered,
            line(issuer, "OpeningPositionStated", "class-common", "2020-03-01", issued=1000)
            | {"treasury": 10, "note": "改行\nと「引用」"},
        ],
        [
            line(issuer, "RepurchaseAuthorized", f"{issuer}-buyback", "2020-04-01", max_shares=90),
            line(issuer, "SharesRepurchased", f"{issuer}-buyback", "2020-04-03", shares=30),
        ],
        [
            line(issuer, "DividendResolved", "dividend-2020", "2020-05-01", per_share="12.50")
            | {**dividend, "record_date": "2020-03-31"}
        ],
        [line(issuer, "SharesRepurchased", f"{issuer}-buyback", "2020-05-04", shares=20)],
        [line(issuer, "DividendPaid", "dividend-2020", "2020-06-25")],
    ]


@pytest.fixture(scope="module")
def house(store: str, tmp_path_factory: pytest.TempPathFactory) -> House:
    """IIJ is one entry; ACME and ZEPHYR record by turns, on both sides of the March checkpoint."""
    folder = tmp_path_factory.mktemp("house")
    capital = Typed(folder / "capital.db")
    Ledger.create(at(capital.path)).close()
    for owner in ("example.com/capital", "example.com/other"):
        capital.ok("audit", "keygen", owner, "-o", folder / owner.rpartition("/")[2])
    turns = [
        (issuer, lines)
        for acme, zephyr in zip(history_of("ACME"), history_of(RIVAL), strict=True)
        for issuer, lines in (("ACME", acme), (RIVAL, zephyr))
    ]
    for number, (_issuer, lines) in enumerate(turns):
        if number == 3:
            capital.ok("import", IIJ)
        if number == 5:
            sign = ("--sign", folder / "capital", "-o", folder / "march")
            capital.ok("audit", "checkpoint", *sign)
        with Ledger.open(at(capital.path)) as ledger:
            record_lines(ledger, *lines)
    capital.ok("audit", "checkpoint", "--sign", folder / "capital", "-o", folder / "april")
    keys = [(folder / f"{name}.pub").read_text().strip() for name in ("capital", "other")]
    return House(capital, folder, *keys)


# --- genuine bundles -----------------------------------------------------------------------------


@pytest.mark.parametrize(("issuer", "last"), [("IIJ", 1), ("ACME", 5), (RIVAL, 5)])
def test_a_bundle_shows_the_whole_record_of_its_issuer(
    house: House, issuer: str, last: int
) -> None:
    data = house.bundle(issuer, "--checkpoint", house.folder / "april", name=f"{issuer}.zip")

    assert verify(data, house.key) == issuer
    told = house.capital.ok("audit", "verify", house.folder / f"{issuer}.zip", "--key", house.key)
    assert told.startswith(f"verified: {issuer} entries 1 to {last}, ")


def test_a_bundle_for_an_earlier_checkpoint_holds_the_entries_up_to_it(house: House) -> None:
    data = house.bundle("ACME", "--checkpoint", house.folder / "march")

    # When March was signed, ACME had recorded its first three entries.
    then = Bundle.read(data)
    size = int(then.checkpoint[1])
    assert [json.loads(then.rows[place]["state"])["number"] for place in then.entries()] == [
        1,
        2,
        3,
    ]
    assert all(row["index"] < size for row in then.rows)
    assert "DividendPaid" not in then.files["rows.jsonl"]
    assert '"state":"PAID"' not in then.files["answers.jsonl"].upper()
    assert verify(data, house.key) == "ACME"
    house.capital.ok("audit", "verify", house.folder / "a.zip", "--key", house.key)


def test_an_issuer_without_an_entry_by_the_checkpoint_has_no_bundle(house: House) -> None:
    missing = ("LATECOMER", "--checkpoint", house.folder / "march")

    house.capital.refused("audit", "bundle", *missing, "-o", house.folder / "none.zip")

    assert not (house.folder / "none.zip").exists()


def test_equal_records_give_equal_bundles(house: House) -> None:
    april = ("--checkpoint", house.folder / "april")

    assert house.bundle("ACME", *april) == house.bundle("ACME", *april, name="again.zip")


def test_a_bundle_is_verified_without_any_ledger(house: House, tmp_path: Path) -> None:
    data = house.bundle("ACME", "--checkpoint", house.folder / "april")
    elsewhere = Typed(tmp_path / "there is none.db")
    (tmp_path / "b.zip").write_bytes(data)

    assert "verified: ACME" in elsewhere.ok("audit", "verify", tmp_path / "b.zip")
    assert not elsewhere.path.exists()


@given(st.lists(histories(most_actions=2), min_size=1, max_size=3), st.data())
def test_a_bundle_of_any_history_is_verified(
    tmp_path_factory: pytest.TempPathFactory, tellings: list[Told], data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("any")
    capital = Typed(folder / "capital.db")
    codes = [f"{ISSUER}{number}" for number in range(len(tellings))]
    with Ledger.create(at(capital.path)) as ledger:
        recorded(ledger, list(zip(codes, tellings, strict=True)))
    capital.ok("audit", "keygen", "any", "-o", folder / "key")
    key = (folder / "key.pub").read_text()
    issuer = data.draw(st.sampled_from(codes))

    capital.ok("audit", "bundle", issuer, "-o", folder / "a.zip", "--sign", folder / "key")

    assert verify((folder / "a.zip").read_bytes(), key) == issuer
    assert f"verified: {issuer}" in capital.ok("audit", "verify", folder / "a.zip", "--key", key)


def recorded(ledger: Ledger, tellings: Sequence[tuple[str, Told]]) -> dict[str, int]:
    """Record what is legal of each history, two lines an entry, the issuers by turns.

    Answers each issuer's last entry.
    """
    last: dict[str, int] = {}
    for code, told in tellings:
        record_lines(ledger, {**told.registration, "issuer": code, "code": code})
        last[code] = 1
    longest = max(len(told.lines) for _, told in tellings)
    for first in range(0, longest, 2):
        for code, told in tellings:
            lines = [{**stated, "issuer": code} for stated in told.lines[first : first + 2]]
            try:
                if lines:
                    made = record_lines(ledger, *lines).entry
                    last[code] = last[code] if made is None else made.number
            except (RefusedByTheLedger, Unknown):
                continue
    return last


def test_a_note_of_any_script_and_mark_is_carried_to_the_byte(tmp_path: Path) -> None:
    capital = Typed(tmp_path / "capital.db")
    note = '𠮷野家\n"引用" \\n — 3\N{ARABIC-INDIC DIGIT FIVE} é'
    first, *_ = history_of("ACME")
    with Ledger.create(at(capital.path)) as ledger:
        record_lines(ledger, first[0], {**first[1], "note": note})
    capital.ok("audit", "keygen", "any", "-o", tmp_path / "key")

    capital.ok("audit", "bundle", "ACME", "-o", tmp_path / "a.zip", "--sign", tmp_path / "key")

    data, key = (tmp_path / "a.zip").read_bytes(), (tmp_path / "key.pub").read_text()
    assert verify(data, key) == "ACME"
    assert "verified: ACME" in capital.ok("audit", "verify", tmp_path / "a.zip", "--key", key)
    assert json.loads(Bundle.read(data).rows[1]["state"])["note"] == note


# --- what else is in a bundle --------------------------------------------------------------------


def test_a_bundle_says_nothing_of_other_issuers(house: House) -> None:
    acme, zephyr = house.signed("ACME"), house.signed(RIVAL)
    # Three letters alone may be part of a hash.
    iij = {'"IIJ"', r"\"IIJ\"", "Internet Initiative"}
    secrets = iij | {RIVAL, RIVAL.title(), f"{RIVAL}-buyback"}
    secrets |= {str(row[part]) for row in zephyr.rows for part in ("salt", "id", "state")}
    secrets |= {row["recorded_at"] for row in zephyr.rows}

    held = "\n".join(acme.files.values())

    assert "ACME" in held
    assert not [secret for secret in secrets if secret in held]


def test_no_hash_in_a_bundle_can_be_guessed_by_what_a_row_may_hold(house: House) -> None:
    """A neighbour's leaf may stand in the proof: without its salt nobody can recognize it."""
    acme, zephyr = house.signed("ACME"), house.signed(RIVAL)
    given_away = {*acme.proof["hashes"], *acme.proof["issuer"]["path"]}
    leaves = {text_of(leaf_hash(leaf_text(row))) for row in zephyr.rows}
    assert given_away & leaves, "the rows of the two take turns, so that some leaf is a neighbour"

    for row in zephyr.rows:
        for salt in ("", "00" * 16, acme.rows[0]["salt"]):
            assert text_of(leaf_hash(leaf_text({**row, "salt": salt}))) not in given_away


# --- altered bundles -----------------------------------------------------------------------------

Alteration = Callable[[Bundle, House], None]


def an_altered_figure(bundle: Bundle, house: House) -> None:
    bundle.state(1, issued=1001)


def a_state_spelled_otherwise(bundle: Bundle, house: House) -> None:
    bundle.rows[1]["state"] = bundle.rows[1]["state"].replace(":", ": ", 1)


def two_rows_exchanged(bundle: Bundle, house: House) -> None:
    one, other = bundle.rows[0], bundle.rows[1]
    one["index"], other["index"] = other["index"], one["index"]
    bundle.rows[:2] = [other, one]


def two_lines_exchanged(bundle: Bundle, house: House) -> None:
    bundle.rows[:2] = bundle.rows[1::-1]


def a_row_dropped(bundle: Bundle, house: House) -> None:
    del bundle.rows[3]


def a_row_replaced_by_its_hash(bundle: Bundle, house: House) -> None:
    proven_without(bundle, {bundle.rows[3]["index"]})


def the_last_entry_dropped(bundle: Bundle, house: House) -> None:
    """Its rows become hashes, so that the root still comes out; the second tree tells."""
    before, last = bundle.entries()[-2:]
    proven_without(bundle, {row["index"] for row in bundle.rows[before + 1 : last + 1]})
    bundle.proof["issuer"]["last_entry"] = len(bundle.entries())
    bundle.proof["issuer"]["salt"] = bundle.rows[-1]["salt"]


def the_last_entry_dropped_and_its_proof_kept(bundle: Bundle, house: House) -> None:
    before, last = bundle.entries()[-2:]
    proven_without(bundle, {row["index"] for row in bundle.rows[before + 1 : last + 1]})


def an_entry_in_the_middle_dropped(bundle: Bundle, house: House) -> None:
    first, second = bundle.entries()[:2]
    proven_without(bundle, {row["index"] for row in bundle.rows[first + 1 : second + 1]})


def every_row_dropped(bundle: Bundle, house: House) -> None:
    proven_without(bundle, {row["index"] for row in bundle.rows})


def a_row_added_at_the_end(bundle: Bundle, house: House) -> None:
    bundle.rows.append({**bundle.rows[-1], "index": int(bundle.checkpoint[1])})


def a_row_told_twice(bundle: Bundle, house: House) -> None:
    bundle.rows.insert(1, dict(bundle.rows[1]))


def the_row_of_another_issuer(bundle: Bundle, house: House) -> None:
    """Truly of the same ledger, and with a right proof: only the states tell."""
    strangers = [house.signed(RIVAL).rows[0]]
    others = [*house.signed(RIVAL).rows, *house.signed("IIJ").rows]
    bundle.rows = sorted([*bundle.rows, *others], key=lambda row: int(row["index"]))
    bundle.proof["hashes"] = []
    proven_without(bundle, {row["index"] for row in others if row not in strangers})


def all_rows_of_another_issuer(bundle: Bundle, house: House) -> None:
    other = house.signed(RIVAL)
    bundle.rows, bundle.proof["hashes"] = other.rows, other.proof["hashes"]


def the_last_entry_of_another_issuer(bundle: Bundle, house: House) -> None:
    bundle.proof["issuer"] = house.signed(RIVAL).proof["issuer"]


def another_time_of_recording(bundle: Bundle, house: House) -> None:
    for row in bundle.rows[:3]:
        row["recorded_at"] = "2019-01-01T00:00:00.000000Z"


def another_salt(bundle: Bundle, house: House) -> None:
    for row in bundle.rows[:3]:
        row["salt"] = "00" * 16


def another_index(bundle: Bundle, house: House) -> None:
    bundle.rows[-1]["index"] += 1


def another_id(bundle: Bundle, house: House) -> None:
    bundle.rows[1]["id"] = "0f" * 16


def another_version(bundle: Bundle, house: House) -> None:
    bundle.rows[1]["version"] += 1


def another_name(bundle: Bundle, house: House) -> None:
    bundle.rows[1]["name"] = "PositionReported"


def the_name_runs_into_the_state(bundle: Bundle, house: House) -> None:
    """The leaf data are the same bytes where a line feed of the state is given to the name."""
    row = bundle.rows[1]
    row["name"], row["state"] = f"{row['name']}\n{row['state']}", ""


def the_time_runs_into_the_salt(bundle: Bundle, house: House) -> None:
    for row in bundle.rows[:3]:
        row["salt"], row["recorded_at"] = f"{row['salt']}\n{row['recorded_at']}", row["id"]
        row["id"], row["version"], row["name"] = str(row["version"]), row["name"], row["state"]


def another_size(bundle: Bundle, house: House) -> None:
    bundle.checkpoint_line(1, str(int(bundle.checkpoint[1]) - 1))


def another_root(bundle: Bundle, house: House) -> None:
    bundle.checkpoint_line(2, text_of(hashlib.sha256(b"").digest()))


def another_time_of_the_checkpoint(bundle: Bundle, house: House) -> None:
    bundle.checkpoint_line(3, "time 2019-01-01T00:00:00.000000Z")


def another_root_of_issuers(bundle: Bundle, house: House) -> None:
    bundle.checkpoint_line(4, f"issuers 3 {text_of(hashlib.sha256(b'').digest())}")


def another_number_of_issuers(bundle: Bundle, house: House) -> None:
    bundle.checkpoint_line(4, bundle.checkpoint[4].replace("issuers 3", "issuers 2"))


def another_origin(bundle: Bundle, house: House) -> None:
    bundle.checkpoint_line(0, "example.com/other")


def a_checkpoint_of_rows_made_up_without_the_key(bundle: Bundle, house: House) -> None:
    """An altered figure with a root to match: only the signature tells."""
    bundle.state(1, issued=1001)
    bundle.checkpoint_line(2, text_of(grown(0, int(bundle.checkpoint[1]), bundle).hash))


def no_signature(bundle: Bundle, house: House) -> None:
    bundle.files["checkpoint.txt"] = bundle.files["checkpoint.txt"].split("\n\n")[0] + "\n"


def a_signature_of_zeros(bundle: Bundle, house: House) -> None:
    owner, value = bundle.checkpoint[6].split(" ")[1:]
    forged = base64.b64decode(value)[:4] + bytes(64)
    bundle.checkpoint_line(6, f"— {owner} {text_of(forged)}")


def a_signature_of_another_key(bundle: Bundle, house: House) -> None:
    bundle.files = Bundle.read(house.bundle("ACME", "--sign", house.folder / "other")).files


def the_signature_of_another_checkpoint(bundle: Bundle, house: House) -> None:
    march = (house.folder / "march").read_text("utf-8").split("\n")
    bundle.checkpoint_line(6, march[6])


def the_earlier_checkpoint(bundle: Bundle, house: House) -> None:
    bundle.files["checkpoint.txt"] = (house.folder / "march").read_text("utf-8")


def an_earlier_last_entry(bundle: Bundle, house: House) -> None:
    bundle.proof["issuer"]["last_entry"] -= 1


def a_later_last_entry(bundle: Bundle, house: House) -> None:
    bundle.proof["issuer"]["last_entry"] += 1


def the_last_entry_as_text(bundle: Bundle, house: House) -> None:
    bundle.proof["issuer"]["last_entry"] = "5"


def another_salt_of_the_last_entry(bundle: Bundle, house: House) -> None:
    bundle.proof["issuer"]["salt"] = bundle.rows[0]["salt"]


def a_salt_that_is_no_number(bundle: Bundle, house: House) -> None:
    bundle.proof["issuer"]["salt"] = "not hexadecimal"


def another_place_in_the_second_tree(bundle: Bundle, house: House) -> None:
    bundle.proof["issuer"]["index"] = (bundle.proof["issuer"]["index"] + 1) % 3


def the_second_root_for_a_path(bundle: Bundle, house: House) -> None:
    """A verifier that does not hold the index against the number of issuers would take it."""
    bundle.proof["issuer"] |= {"index": 3, "path": [bundle.checkpoint[4].split(" ")[2]]}
    bundle.proof["issuer"]["last_entry"] = 4


def another_hash_on_the_path(bundle: Bundle, house: House) -> None:
    bundle.proof["issuer"]["path"][0] = text_of(hashlib.sha256(b"").digest())


def a_path_too_long(bundle: Bundle, house: House) -> None:
    bundle.proof["issuer"]["path"].append(text_of(hashlib.sha256(b"").digest()))


def a_path_too_short(bundle: Bundle, house: House) -> None:
    bundle.proof["issuer"]["path"].pop()


def another_hash(bundle: Bundle, house: House) -> None:
    bundle.proof["hashes"][0] = text_of(hashlib.sha256(b"").digest())


def a_hash_too_many(bundle: Bundle, house: House) -> None:
    bundle.proof["hashes"].append(bundle.proof["hashes"][0])


def a_hash_too_few(bundle: Bundle, house: House) -> None:
    bundle.proof["hashes"].pop()


def hashes_exchanged(bundle: Bundle, house: House) -> None:
    bundle.proof["hashes"][:2] = bundle.proof["hashes"][1::-1]


def hashes_that_are_numbers(bundle: Bundle, house: House) -> None:
    bundle.proof["hashes"] = [1, 2, 3]


def no_proof_of_the_last_entry(bundle: Bundle, house: House) -> None:
    del bundle.proof["issuer"]


def an_index_as_text(bundle: Bundle, house: House) -> None:
    bundle.proof["issuer"]["index"] = str(bundle.proof["issuer"]["index"])


def a_path_that_is_a_number(bundle: Bundle, house: House) -> None:
    bundle.proof["issuer"]["path"] = 1


def a_path_that_is_no_base64(bundle: Bundle, house: House) -> None:
    bundle.proof["issuer"]["path"][0] = "!"


def a_salt_that_is_an_integer(bundle: Bundle, house: House) -> None:
    bundle.proof["issuer"]["salt"] = 1


def an_issuer_that_is_no_text(bundle: Bundle, house: House) -> None:
    bundle.proof["issuer"]["issuer"] = ["ACME"]


def an_issuer_that_utf8_cannot_write(bundle: Bundle, house: House) -> None:
    bundle.proof["issuer"]["issuer"] = "\ud800"


def a_state_that_is_no_json(bundle: Bundle, house: House) -> None:
    bundle.rows[1]["state"] = "{"


def a_state_nested_beyond_reason(bundle: Bundle, house: House) -> None:
    bundle.rows[1]["state"] = "[" * 100_000


def an_entry_that_names_events_without_end(bundle: Bundle, house: House) -> None:
    place = bundle.entries()[1]
    events = json.loads(bundle.rows[place]["state"])["events"]
    bundle.state(place, events=[*events[:-1], {**events[-1], "last": 10**12}])


def a_row_that_is_a_list(bundle: Bundle, house: House) -> None:
    bundle.rows[1] = ["index"]  # type: ignore[call-overload] # as a forger may


def a_row_without_a_salt(bundle: Bundle, house: House) -> None:
    del bundle.rows[1]["salt"]


def an_index_below_zero(bundle: Bundle, house: House) -> None:
    bundle.rows[0]["index"] = -1


def a_size_beyond_all_numbers(bundle: Bundle, house: House) -> None:
    bundle.checkpoint_line(1, "9" * 5000)


def a_file_too_many(bundle: Bundle, house: House) -> None:
    bundle.files["LOOK.txt"] = "believe me"


def a_file_too_few(bundle: Bundle, house: House) -> None:
    del bundle.files["README.md"]


def april(house: House) -> tuple[str, Path]:
    return "--checkpoint", house.folder / "april"


ALTERATIONS: list[Alteration] = [
    an_altered_figure,
    a_state_spelled_otherwise,
    two_rows_exchanged,
    two_lines_exchanged,
    a_row_dropped,
    a_row_replaced_by_its_hash,
    the_last_entry_dropped,
    the_last_entry_dropped_and_its_proof_kept,
    an_entry_in_the_middle_dropped,
    every_row_dropped,
    a_row_added_at_the_end,
    a_row_told_twice,
    the_row_of_another_issuer,
    all_rows_of_another_issuer,
    the_last_entry_of_another_issuer,
    another_time_of_recording,
    another_salt,
    another_index,
    another_id,
    another_version,
    another_name,
    the_name_runs_into_the_state,
    the_time_runs_into_the_salt,
    another_size,
    another_root,
    another_time_of_the_checkpoint,
    another_root_of_issuers,
    another_number_of_issuers,
    another_origin,
    a_checkpoint_of_rows_made_up_without_the_key,
    no_signature,
    a_signature_of_zeros,
    a_signature_of_another_key,
    the_signature_of_another_checkpoint,
    the_earlier_checkpoint,
    an_earlier_last_entry,
    a_later_last_entry,
    the_last_entry_as_text,
    another_salt_of_the_last_entry,
    a_salt_that_is_no_number,
    another_place_in_the_second_tree,
    the_second_root_for_a_path,
    another_hash_on_the_path,
    a_path_too_long,
    a_path_too_short,
    another_hash,
    a_hash_too_many,
    a_hash_too_few,
    hashes_exchanged,
    hashes_that_are_numbers,
    no_proof_of_the_last_entry,
    an_index_as_text,
    a_path_that_is_a_number,
    a_path_that_is_no_base64,
    a_salt_that_is_an_integer,
    an_issuer_that_is_no_text,
    an_issuer_that_utf8_cannot_write,
    a_state_that_is_no_json,
    a_state_nested_beyond_reason,
    an_entry_that_names_events_without_end,
    a_row_that_is_a_list,
    a_row_without_a_salt,
    an_index_below_zero,
    a_size_beyond_all_numbers,
    a_file_too_many,
    a_file_too_few,
]


def named(each: Alteration) -> Any:
    return pytest.param(each, id=each.__name__.replace("_", " "))


@pytest.mark.parametrize("altered", [named(each) for each in ALTERATIONS])
def test_a_bundle_is_refused_with(house: House, altered: Alteration) -> None:
    bundle = house.signed("ACME")
    assert verify(bundle.packed(), house.key) == "ACME"  # packed anew, it is still genuine

    altered(bundle, house)

    house.refuses(bundle.packed())


def test_an_entry_that_names_events_without_end_is_soon_refused(house: House) -> None:
    bundle = house.signed("ACME")

    an_entry_that_names_events_without_end(bundle, house)

    with pytest.raises(Refused):
        verify(bundle.packed(), house.key)


@pytest.mark.parametrize("file", ["answers.jsonl", "documents.json", "README.md"])
def test_what_only_follows_from_the_rows_is_refused_by_the_program(house: House, file: str) -> None:
    bundle = house.signed("ACME")

    bundle.files[file] = bundle.files[file].replace("2020", "2021", 1) + " "

    house.refuses(bundle.packed(), program_only=True)


def test_a_bundle_of_another_ledger_is_refused_by_the_checkpoint_one_holds(
    house: House, tmp_path: Path
) -> None:
    """Its own checkpoint is signed by the same key; the one that was kept is not it."""
    other = Typed(tmp_path / "capital.db")
    with Ledger.create(at(other.path)) as ledger:
        for lines in history_of("ACME"):
            record_lines(ledger, *lines)
    file = tmp_path / "a.zip"
    other.ok("audit", "bundle", "ACME", "-o", file, "--sign", house.folder / "capital")
    assert verify(file.read_bytes(), house.key) == "ACME"

    kept = other("audit", "verify", file, "--key", house.key, *april(house))
    grafted = house.signed("ACME")
    grafted.files["checkpoint.txt"] = Bundle.read(file.read_bytes()).files["checkpoint.txt"]

    assert (kept.exit_code, type(kept.exception)) == (1, SystemExit), kept.output
    house.refuses(grafted.packed())


def test_one_changed_byte_is_seen_or_changes_nothing_that_is_read(house: House) -> None:
    data = house.bundle("ACME", *april(house))
    genuine = Bundle.read(data).files

    @settings(max_examples=max(100, settings().max_examples))
    @given(st.integers(0, len(data) - 1), st.integers(1, 255))
    def changed(place: int, flip: int) -> None:
        altered = data[:place] + bytes([data[place] ^ flip]) + data[place + 1 :]
        file = house.folder / "flipped.zip"
        file.write_bytes(altered)

        told = house.capital("audit", "verify", file, "--key", house.key)

        assert told.exception is None or isinstance(told.exception, SystemExit), told.exc_info
        assert told.exit_code in (0, 1, 2)
        try:
            verify(altered, house.key)
        except Refused:
            assert told.exit_code or Bundle.read(altered).files == genuine
        else:
            assert Bundle.read(altered).files == genuine
            assert told.exit_code == 0, told.output

    changed()


# --- the README's own verifier -------------------------------------------------------------------


def readme_run(bundle: Bundle, folder: Path) -> subprocess.CompletedProcess[str]:
    """Unpack the bundle, and run the Python of its README with the standard library alone."""
    folder.mkdir()
    unpacked = Bundle.read(bundle.packed())
    for name, text in unpacked.files.items():
        (folder / name).write_text(text, "utf-8", newline="")
    code = unpacked.files["README.md"].split("```python\n")[1].split("```")[0]
    isolated = [sys.executable, "-I", "-S", "-c", code]
    return subprocess.run(isolated, cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(("issuer", "last"), [("IIJ", 1), ("ACME", 5)])
def test_the_readme_verifies_its_bundle(
    house: House, issuer: str, last: int, tmp_path: Path
) -> None:
    told = readme_run(house.signed(issuer), tmp_path / "unpacked")

    assert told.stdout.startswith(f"verified: {issuer} entries 1 to {last} "), told.stderr


README_REFUSES: list[Alteration] = [
    an_altered_figure,
    a_row_dropped,
    a_row_replaced_by_its_hash,
    the_last_entry_dropped,
    another_salt,
    the_row_of_another_issuer,
    the_second_root_for_a_path,
    a_hash_too_many,
]


@pytest.mark.parametrize(
    "altered", README_REFUSES, ids=lambda each: each.__name__.replace("_", " ")
)
def test_the_readme_refuses(house: House, altered: Alteration, tmp_path: Path) -> None:
    bundle = house.signed("ACME")

    altered(bundle, house)

    told = readme_run(bundle, tmp_path / "unpacked")
    assert (told.returncode, told.stdout) == (1, "")
    assert "Error" in told.stderr


# --- what a forger needs: the tree of a bundle, grown again --------------------------------------


@dataclass(frozen=True)
class Branch:
    """A node of the tree, of which a bundle knows the whole or only the hash."""

    hash: bytes
    first: int
    end: int
    below: tuple[Branch, ...] = ()


def grown(first: int, end: int, bundle: Bundle) -> Branch:
    """The tree that a bundle's rows and hashes make."""
    hashes = [base64.b64decode(text) for text in bundle.proof["hashes"]]
    leaves = {row["index"]: leaf_hash(leaf_text(row)) for row in bundle.rows}

    def grow(first: int, end: int) -> Branch:
        if not any(first <= index < end for index in leaves):
            return Branch(hashes.pop(0), first, end)
        if end - first == 1:
            return Branch(leaves[first], first, end)
        half = largest_power_below(end - first)
        left, right = grow(first, first + half), grow(first + half, end)
        joined = hashlib.sha256(b"\1" + left.hash + right.hash).digest()
        return Branch(joined, first, end, (left, right))

    return grow(first, end)


def largest_power_below(number: int) -> int:
    power = 1
    while power * 2 < number:
        power *= 2
    return power


def proven_without(bundle: Bundle, dropped: set[int]) -> None:
    """Leave rows out, and give their hashes in their place, so that the root still comes out."""
    tree = grown(0, int(bundle.checkpoint[1]), bundle)
    bundle.rows = [row for row in bundle.rows if row["index"] not in dropped]
    kept = {row["index"] for row in bundle.rows}

    def rest(branch: Branch) -> list[str]:
        if not any(branch.first <= index < branch.end for index in kept):
            return [text_of(branch.hash)]
        return [text for below in branch.below for text in rest(below)]

    bundle.proof["hashes"] = rest(tree)
    assert grown(0, tree.end, bundle).hash == tree.hash


def leaf_text(row: dict[str, Any]) -> str:
    parts = ("salt", "recorded_at", "id", "version", "name", "state")
    return "\n".join(str(row[part]) for part in parts)


def leaf_hash(text: str) -> bytes:
    return hashlib.sha256(b"\0" + text.encode()).digest()


def text_of(hash_: bytes) -> str:
    return base64.b64encode(hash_).decode()
