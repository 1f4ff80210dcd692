"""A ledger moved between stores is the same ledger; a backup is one too."""

from __future__ import annotations

import tempfile
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from commands.main import cli
from ledger.counts.basis import Basis
from ledger.history.knowledge import Knowledge
from ledger.store.ledger import Ledger
from projections.audit.replay import Digest, replay
from projections.question import Question
from projections.shares.positions import share_counts
from tests.conftest import Typed, book, prepared, record_lines
from tests.stores import STORE, at
from tests.strategies import Told, days_asked, histories, line, registration

IIJ = Path(__file__).parent.parent / "docs" / "cases" / "iij" / "lines.jsonl"
QUESTIONS = (
    "shares IIJ --class all",
    "shares IIJ --history",
    "shares --all",
    "treasury IIJ",
    "dividends IIJ",
    "repurchases IIJ",
    "actions IIJ",
    "check IIJ",
)


def other_than(store: str, path: Path) -> str:
    """A place in the other store."""
    STORE.kind = "postgresql" if store == "sqlite" else "sqlite"
    try:
        return str(at(path))
    finally:
        STORE.kind = store


@pytest.fixture
def elsewhere(store: str, path: Path) -> str:
    """A place in the other store, where nothing lies."""
    return other_than(store, path.with_name("elsewhere.db"))


@pytest.fixture
@prepared
def acme(capital: Typed) -> Typed:
    with Ledger.open(at(capital.path)) as ledger:
        record_lines(ledger, registration())
        opening = line("OpeningPositionStated", "class-common", "common", date(2020, 3, 1))
        record_lines(ledger, {**opening, "issued": 1000, "treasury": 0})
    return capital


def answered(location: str, words: str) -> Any:
    result = CliRunner(env={"CAPITAL_LEDGER": location}).invoke(cli, words.split())
    return result.exit_code, result.output


def digest_of(location: Path | str) -> Digest:
    with Ledger.open(location) as ledger:
        *_, last = replay(ledger, details=False)
    assert isinstance(last, Digest)
    return last


def test_a_copy_has_the_same_root_and_answers_on_every_axis(capital: Typed, elsewhere: str) -> None:
    capital.ok("import", IIJ)

    said = capital.ok("copy", at(capital.path), elsewhere)

    digest = digest_of(at(capital.path))
    assert digest_of(elsewhere) == digest
    assert f"the same root {digest.root}" in said
    for words in QUESTIONS:
        for on in ("2013-10-01", "2020-01-01", "2024-06-30"):
            asked = words if "history" in words else f"{words} --on {on}"
            assert answered(elsewhere, asked) == answered(str(at(capital.path)), asked)
    assert answered(elsewhere, "audit verify") == answered(str(at(capital.path)), "audit verify")


def test_a_copy_is_recorded_on_like_any_ledger(acme: Typed, elsewhere: str) -> None:
    acme.ok("copy", at(acme.path), elsewhere)

    with Ledger.open(elsewhere) as ledger:
        acquired = line("SharesAcquired", "odd-lots", "common", date(2020, 4, 1))
        receipt = record_lines(ledger, {**acquired, "shares": 5, "cause": "ODD_LOT"})

        assert receipt.entry is not None
        assert receipt.entry.number == 3
    assert answered(elsewhere, "audit verify")[0] == 0


def test_a_copy_of_a_copy_is_the_ledger_again(acme: Typed, elsewhere: str, path: Path) -> None:
    acme.ok("copy", at(acme.path), elsewhere)
    acme.ok("copy", elsewhere, at(path.with_name("back.db")))

    assert digest_of(at(path.with_name("back.db"))) == digest_of(at(acme.path))


def test_an_empty_ledger_is_copied_as_one(capital: Typed, elsewhere: str) -> None:
    assert "copied 0 rows" in capital.ok("copy", at(capital.path), elsewhere)
    assert answered(elsewhere, "audit verify")[0] == 0


def test_a_target_that_holds_anything_is_left_as_it_is(acme: Typed, elsewhere: str) -> None:
    acme.ok("copy", at(acme.path), elsewhere)
    before = digest_of(elsewhere)

    said = acme.refused("copy", at(acme.path), elsewhere, code=3)

    assert "is not empty: it holds 4 rows; nothing was copied" in said
    assert digest_of(elsewhere) == before


def test_a_ledger_is_not_copied_onto_itself(acme: Typed) -> None:
    assert "is not empty" in acme.refused("copy", at(acme.path), at(acme.path), code=3)


def test_a_ledger_that_does_not_verify_is_not_copied(acme: Typed, elsewhere: str) -> None:
    STORE.run(acme.path, "INSERT INTO stored_events VALUES " + _row_in_no_commit())

    assert "nothing was copied" in acme.refused("copy", at(acme.path), elsewhere)
    assert "there is no ledger" in answered(elsewhere, "shares")[1]


def _row_in_no_commit() -> str:
    values = "'00000000000000000000000000000000', 1, 'SharesAcquired'"
    return f"({values}, x'7b7d')" if STORE.kind == "sqlite" else f"(5, {values}, '{{}}')"


def test_a_copy_from_nowhere_makes_nothing(capital: Typed, path: Path, elsewhere: str) -> None:
    assert "there is no ledger" in capital.refused(
        "copy", at(path.with_name("absent.db")), elsewhere, code=3
    )
    assert "there is no ledger" in answered(elsewhere, "shares")[1]


@given(histories(), days_asked, st.integers(0, 12), st.sampled_from(Basis))
def test_the_same_history_answers_the_same_in_both_stores(
    store: str, told: Told, on: date, known: int, basis: Basis
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        here, there = Path(folder) / "here.db", Path(folder) / "there.db"
        try:
            with Ledger.create(at(here)) as mine, Ledger.create(other_than(store, there)) as other:
                for ledger in (mine, other):
                    record_lines(ledger, told.registration)
                    for each in told.lines:
                        with suppress(Exception):
                            record_lines(ledger, each)
                then = Knowledge(known or None)
                histories_ = [book(ledger).history.as_of(then) for ledger in (mine, other)]
                asked = Question(on, basis=basis)
                for code in histories_[0].classes:
                    one, same = (share_counts(each, code, asked) for each in histories_)
                    assert one == same
        finally:
            STORE.forget(Path(folder))


# --- backups -------------------------------------------------------------------------------------


@pytest.mark.sqlite_file
def test_a_backup_is_the_ledger_in_one_file(acme: Typed, tmp_path: Path) -> None:
    with Ledger.open(acme.path):  # somebody has it open: what was recorded lies in its log
        said = acme.ok("backup", tmp_path / "backup.db")

    assert "4 rows, verified" in said
    assert digest_of(tmp_path / "backup.db") == digest_of(acme.path)
    assert [file.name for file in tmp_path.glob("backup*")] == ["backup.db"]


@pytest.mark.sqlite_file
def test_a_backup_never_replaces_a_file(acme: Typed, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")

    assert "exists already" in acme.refused("backup", tmp_path / "notes.txt", code=3)
    assert (tmp_path / "notes.txt").read_text() == "mine"


@pytest.mark.sqlite_file
def test_a_backup_into_a_folder_that_is_not_there(acme: Typed, tmp_path: Path) -> None:
    acme.refused("backup", tmp_path / "nowhere" / "backup.db", code=3)


def test_a_server_makes_its_own_backups(store: str, tmp_path: Path) -> None:
    place = other_than("sqlite", tmp_path / "a.db")
    try:
        Ledger.create(place).close()

        code, said = answered(place, f"backup {tmp_path / 'backup.db'}")

        assert code == 2
        assert "pg_dump" in said
    finally:
        STORE.forget(tmp_path)
