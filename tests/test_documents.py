"""`capital audit documents`: the files of a folder, by the digests that entries recorded."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import tempfile
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Typed
from tests.test_store import somebody_without_rights

NOTICE = b"Notice regarding the acquisition of treasury shares\n"
REPORT = b"%PDF-1.7 annual report\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The documents as they were when they were recorded."""
    made = tmp_path / "documents"
    made.mkdir()
    (made / "notice.pdf").write_bytes(NOTICE)
    (made / "report.pdf").write_bytes(REPORT)
    return made


@pytest.fixture
def filed(capital: Typed, folder: Path) -> Typed:
    """A record on three documents: two with their digests, one named by its title alone."""
    capital.ok("issuer", "register", "ACME", "--name", "A", "--currency", "JPY", "--profile", "jp")
    capital.ok(
        *"class open ACME common --on 2020-03-31 --issued 1000 --treasury 0".split(),
        *("--source-file", folder / "report.pdf", "--source-title", "Annual report"),
        *("--source-uri", "https://example.com/ir/2020/report%20of%20the%20year.pdf?v=2"),
        *("--source-page", 12),
    )
    for number, shares in ((1, 20), (2, 30)):
        capital.ok(
            *f"acquisition acquire ACME odd-lots-{number} --on 2020-05-10 --cause ODD_LOT".split(),
            *("--shares", shares, "--source-file", folder / "notice.pdf"),
        )
    capital.ok(
        *"class authorize ACME common --authorized 4000 --on 2020-06-26".split(),
        *("--source-title", "Articles of incorporation"),
    )
    return capital


def held(capital: Typed, folder: Path, *, code: int) -> list[dict[str, Any]]:
    result = capital("audit", "documents", "ACME", "--folder", folder, "--format", "json")
    assert result.exit_code == code, result.output
    answer: list[dict[str, Any]] = json.loads(result.stdout)
    return answer


def presence(capital: Typed, folder: Path, *, code: int) -> dict[str, tuple[str, str | None]]:
    """What is found of each document, and the file it is found in."""
    return {
        each["title"]: (each["presence"], each["file"]) for each in held(capital, folder, code=code)
    }


UNCHECKED = ("no digest recorded", None)


def test_documents_nobody_touched_are_present(filed: Typed, folder: Path) -> None:
    assert presence(filed, folder, code=0) == {
        "Annual report": ("present", "report.pdf"),
        "notice.pdf": ("present", "notice.pdf"),
        "Articles of incorporation": UNCHECKED,
    }


def test_a_document_says_which_entries_rest_on_it(filed: Typed, folder: Path) -> None:
    report, notice, articles = held(filed, folder, code=0)

    assert (report["entries"], report["pages"]) == ([2], [12])
    assert (notice["entries"], notice["pages"]) == ([3, 4], [])
    assert articles["entries"] == [5]
    assert report["sha256"] == sha256(REPORT).hexdigest()
    assert report["uri"].startswith("https://example.com/ir")
    assert articles["sha256"] is None


@pytest.mark.parametrize("data", [NOTICE + b" ", NOTICE[:-1], b"", REPORT])
def test_a_file_of_its_name_with_another_digest_was_altered(
    filed: Typed, folder: Path, data: bytes
) -> None:
    (folder / "notice.pdf").write_bytes(data)

    found = presence(filed, folder, code=1)

    assert found["notice.pdf"] == ("altered", "notice.pdf")
    assert found["Annual report"][0] == "present"


def test_a_document_without_a_file_is_missing(filed: Typed, folder: Path) -> None:
    (folder / "notice.pdf").unlink()

    assert presence(filed, folder, code=1)["notice.pdf"] == ("missing", None)


def test_an_empty_folder_holds_nothing(filed: Typed, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()

    assert presence(filed, tmp_path / "empty", code=1) == {
        "Annual report": ("missing", None),
        "notice.pdf": ("missing", None),
        "Articles of incorporation": UNCHECKED,
    }


@pytest.mark.parametrize("name", ["scan 0001.pdf", "通知.pdf", "a/b/c/notice.pdf", ".notice"])
def test_a_file_is_its_document_by_its_digest_whatever_its_name(
    filed: Typed, folder: Path, name: str
) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / "notice.pdf").rename(folder / name)

    assert presence(filed, folder, code=0)["notice.pdf"] == ("present", name)


def test_a_document_altered_in_one_place_is_present_by_its_other_copy(
    filed: Typed, folder: Path
) -> None:
    (folder / "copies").mkdir()
    (folder / "copies" / "notice.pdf").write_bytes(NOTICE)
    (folder / "notice.pdf").write_bytes(b"altered")

    assert presence(filed, folder, code=0)["notice.pdf"] == ("present", "copies/notice.pdf")


def test_an_altered_file_is_known_by_the_last_part_of_the_address(
    filed: Typed, folder: Path
) -> None:
    (folder / "report.pdf").unlink()
    (folder / "report of the year.pdf").write_bytes(b"altered")

    assert presence(filed, folder, code=1)["Annual report"] == (
        "altered",
        "report of the year.pdf",
    )


def test_files_that_no_entry_names_are_nobodys_business(filed: Typed, folder: Path) -> None:
    (folder / "minutes.txt").write_text("not for the auditor")
    os.mkfifo(folder / "pipe")
    (folder / "link").symlink_to("nowhere")
    (folder / "loop").symlink_to(folder)

    said = filed.ok("audit", "documents", "ACME", "--folder", folder)

    assert "minutes" not in said


def test_people_are_told_how_many_of_each(filed: Typed, folder: Path) -> None:
    (folder / "notice.pdf").write_bytes(b"altered")
    (folder / "report.pdf").unlink()

    result = filed("audit", "documents", "ACME", "--folder", folder)

    assert result.exit_code == 1
    assert result.stderr == "1 altered, 1 missing, 1 no digest recorded\n"
    assert [line.split("  ")[0] for line in result.stdout.splitlines()[2:]] == [
        "missing",
        "altered",
        "no digest recorded",
    ]


def test_programs_are_told_a_line_for_each(filed: Typed, folder: Path) -> None:
    result = filed("audit", "documents", "ACME", "--folder", folder, "--format", "csv")

    assert result.exit_code == 0
    rows = list(csv.DictReader(io.StringIO(result.stdout)))
    assert [(row["presence"], row["title"], row["entries"]) for row in rows] == [
        ("present", "Annual report", "2"),
        ("present", "notice.pdf", "3, 4"),
        ("no digest recorded", "Articles of incorporation", "5"),
    ]


def test_a_record_on_no_documents_needs_none(capital: Typed, tmp_path: Path) -> None:
    capital.ok("issuer", "register", "ACME", "--name", "A", "--currency", "JPY", "--profile", "jp")

    result = capital("audit", "documents", "ACME", "--folder", tmp_path)

    assert result.exit_code == 0
    assert result.stderr == "no documents\n"


@pytest.mark.parametrize("what", ["nothing", "a file"])
def test_what_is_no_folder_is_refused(filed: Typed, folder: Path, what: str) -> None:
    place = folder / ("notice.pdf" if what == "a file" else "nowhere")

    assert str(place) in filed.refused("audit", "documents", "ACME", "--folder", place, code=2)


def test_a_folder_without_a_name_is_refused(filed: Typed) -> None:
    filed.refused("audit", "documents", "ACME", "--folder", "", code=2)


@pytest.mark.sqlite_file
def test_a_folder_that_may_not_be_read_is_not_one_that_lacks_the_document(
    filed: Typed, folder: Path
) -> None:
    with tempfile.TemporaryDirectory() as public:
        Path(public).chmod(0o777)
        place = Path(public) / "capital.db"
        shutil.copy(filed.path, place)
        place.chmod(0o666)
        shutil.copytree(folder, Path(public) / "documents" / "closed")
        (Path(public) / "documents" / "closed").chmod(0)
        words = ("audit", "documents", "ACME", "--folder", Path(public) / "documents")
        filed(*words)  # whatever is loaded late is loaded

        with somebody_without_rights():
            result = Typed(place)(*words)

        assert result.exit_code == 2, result.output
        assert "closed" in result.stderr


def test_an_issuer_that_is_not_there_is_refused(filed: Typed, folder: Path) -> None:
    assert "NOBODY" in filed.refused("audit", "documents", "NOBODY", "--folder", folder)
