"""The report of one page, as a file: what is in it, and that nothing in it can do harm."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from commands.report.html import ASSETS
from conftest import ROOT
from tests.conftest import Typed

CASE = ROOT / "docs" / "cases" / "iij" / "lines.jsonl"
HOSTILE = '</script><script>alert("x")</script><img src=x onerror=alert(1)> & Söhne'


class Read(HTMLParser):
    """A page as a browser takes it apart: its tags, its words, its scripts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[tuple[dict[str, str | None], str]] = []
        self.words: list[str] = []
        self._inside: str | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._inside = tag
        if tag == "script":
            self.scripts.append((dict(attrs), ""))

    def handle_endtag(self, tag: str) -> None:
        self._inside = None

    def handle_data(self, data: str) -> None:
        if self._inside == "script":
            attrs, before = self.scripts[-1]
            self.scripts[-1] = attrs, before + data
        elif self._inside != "style":
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    @property
    def data(self) -> Any:
        (text,) = (text for attrs, text in self.scripts if attrs.get("id") == "data")
        return json.loads(text)


@pytest.fixture(scope="module")
def iij(tmp_path_factory: pytest.TempPathFactory) -> Typed:
    typed = Typed(tmp_path_factory.mktemp("iij") / "capital.db")
    typed.ok("init")
    typed.ok("import", CASE)
    return typed


def page(capital: Typed, tmp_path: Path, issuer: str, *more: str) -> Read:
    file = tmp_path / "page.html"
    capital.ok("report", "page", issuer, "-o", file, *more)
    return Read(file.read_text(encoding="utf-8"))


@pytest.fixture
def hostile(capital: Typed) -> Typed:
    """A company whose every name, title and note is written to break a page."""
    source = ("--source-title", HOSTILE, "--source-uri", "javascript:alert(1)")
    capital.ok(
        "issuer",
        "register",
        "ACME",
        "--name",
        HOSTILE,
        "--currency",
        "JPY",
        "--profile",
        "none",
        *source,
    )
    capital.ok("class", "open", "ACME", "<b>", *"--on 2020-03-31 --issued 1000".split(), *source)
    capital.ok(
        "dividend",
        "resolve",
        "ACME",
        "<i>d</i>",
        "--class",
        "<b>",
        *source,
        *"--on 2020-05-01 --term YEAR_END --per-share 5".split(),
        *"--fiscal-year-end 2020-03-31".split(),
    )
    capital.ok(
        "class",
        "adjust",
        "ACME",
        "<b>",
        "--on",
        "2020-06-01",
        "--issued-change",
        "unknown",
        "--treasury-change",
        "unknown",
        "--reason",
        HOSTILE,
        *source,
    )
    return capital


# --- what is in it -------------------------------------------------------------------------------


def test_the_page_says_what_the_queries_say(iij: Typed, tmp_path: Path) -> None:
    made = page(iij, tmp_path, "IIJ", "--on", "2018-06-29")

    # Form 20-F, fiscal year 2017: 46,713,800 issued; the notice of 2018-05-24: 27.00 a year.
    assert "Internet Initiative Japan Inc." in made.text
    assert "Issued 46,713,800" in made.text
    assert "Dividend for FY2017 JPY 27.00" in made.text
    assert "Pending, and deadlines" in made.text


def test_every_action_is_listed_with_its_state_and_documents(iij: Typed, tmp_path: Path) -> None:
    made = page(iij, tmp_path, "IIJ", "--on", "2018-06-29")

    for action in iij.json("actions", "IIJ", "--on", "2018-06-29"):
        assert f"{action['action']} {action['kind']}" in made.text
    links = [attrs["href"] for tag, attrs in made.tags if tag == "a"]
    assert "https://www.sec.gov/Archives/edgar/data/1090633/000117184308000830/exh_1.htm" in links


def test_what_is_pending_stands_with_its_day(iij: Typed, tmp_path: Path) -> None:
    made = page(iij, tmp_path, "IIJ", "--on", "2018-05-24")

    assert "2018-06-28 AGM to approve it dividend-2018-03-31 ahead" in made.text
    assert "2018-06-29 payment dividend-2018-03-31 ahead" in made.text
    assert "2018-06-30 last day to pay, by the record date dividend-2018-03-31 ahead" in made.text
    assert "three months (Companies Act art. 124(2))" in made.text


def test_the_page_names_the_checkpoint_it_was_made_from(iij: Typed, tmp_path: Path) -> None:
    made = page(iij, tmp_path, "IIJ", "--on", "2018-06-29")

    _, size, root, *_ = iij.ok("audit", "checkpoint").splitlines()
    assert f"tree of {int(size):,} rows" in made.text
    assert root in made.text


def test_a_failure_of_the_check_is_on_the_page(capital: Typed, tmp_path: Path) -> None:
    capital.ok(*"issuer register ACME --name Acme --currency JPY --profile none".split())
    capital.ok(*"class open ACME common --on 2020-03-31 --issued 1000".split())
    capital.ok(*"class report ACME common --on 2020-04-30 --issued 999".split())

    made = page(capital, tmp_path, "ACME", "--on", "2020-12-31")

    assert "1 failure" in made.text
    assert "reported-position , class-common (entry 3)" in made.text
    assert "difference 1" in made.text


def test_an_issuer_with_nothing_but_its_name_has_a_page(capital: Typed, tmp_path: Path) -> None:
    capital.ok(*"issuer register ACME --name Acme --currency JPY --profile none".split())

    made = page(capital, tmp_path, "ACME")

    assert "No repurchase program is recorded." in made.text
    assert "Nothing is pending." in made.text
    assert made.data["classes"] == []


def test_the_figures_of_the_charts_are_exact_text(iij: Typed, tmp_path: Path) -> None:
    (common,) = page(iij, tmp_path, "IIJ", "--on", "2022-10-01").data["classes"]

    by_day = dict(zip(common["day"], common["counts"]["issued"], strict=True))
    restated = dict(zip(common["day"], common["restated"]["issued"], strict=True))

    # 206,478 x 200 = 41,295,600; x 2 x 2 in the shares of 2022-10-01.
    assert (by_day["2012-10-01"], restated["2012-10-01"]) == ("41295600", "165182400")
    ratios = {day: new for day, new in zip(common["day"], common["newShares"], strict=True) if new}
    assert ratios["2012-10-01"] == "200:1"
    (fy2021,) = [year for year in common["years"] if year["label"] == "FY2021"]
    assert fy2021["declared"] == "48.00"


def test_earlier_knowledge_makes_the_page_of_then(iij: Typed, tmp_path: Path) -> None:
    made = page(
        iij, tmp_path, "IIJ", *"--on 2018-06-29 --known-at 2008-10-28 --known-by disclosed".split()
    )

    assert "as known (disclosed) at 2008-10-28" in made.text
    assert max(made.data["classes"][0]["day"]) <= "2008-10-28"


# --- no harm -------------------------------------------------------------------------------------


def test_markup_in_names_titles_and_references_is_text(hostile: Typed, tmp_path: Path) -> None:
    made = page(hostile, tmp_path, "ACME", "--on", "2020-12-31")

    assert len(made.scripts) == len(["the data", "the library", "the page's own"])
    assert "img" not in {tag for tag, _ in made.tags}
    assert made.text.count(HOSTILE) > 3
    assert "<i>d</i>" in made.text
    assert HOSTILE in made.data["documents"]


def test_an_address_that_is_no_web_address_is_no_link(hostile: Typed, tmp_path: Path) -> None:
    made = page(hostile, tmp_path, "ACME", "--on", "2020-12-31")

    assert [attrs["href"] for tag, attrs in made.tags if tag == "a"] == ["#content"]


def test_only_the_scripts_of_the_page_may_run_and_nothing_may_be_loaded(
    iij: Typed, tmp_path: Path
) -> None:
    made = page(iij, tmp_path, "IIJ", "--on", "2018-06-29")

    (policy,) = [
        attrs["content"] or ""
        for tag, attrs in made.tags
        if tag == "meta" and attrs.get("http-equiv") == "Content-Security-Policy"
    ]
    allowed = set(re.findall(r"'sha256-([^']+)'", policy))
    run = {
        b64encode(sha256(text.encode()).digest()).decode()
        for attrs, text in made.scripts
        if "type" not in attrs
    }
    assert run == allowed
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    loading = {"src", "srcset", "data", "poster", "background", "action", "formaction"}
    assert not [(tag, attrs) for tag, attrs in made.tags if loading & attrs.keys()]
    assert "link" not in {tag for tag, _ in made.tags}


def test_no_part_of_a_page_would_end_a_script_early() -> None:
    for name in ("page.js", "echarts/echarts.common.min.js"):
        text = (ASSETS / name).read_text(encoding="utf-8")
        assert not re.search("</script|<!--", text, re.IGNORECASE)


def test_the_charting_library_is_the_published_file() -> None:
    library = (ASSETS / "echarts" / "echarts.common.min.js").read_bytes()

    assert sha256(library).hexdigest() in (ASSETS / "echarts" / "README.md").read_text("utf-8")


# --- files ---------------------------------------------------------------------------------------


def test_a_file_that_exists_is_left_as_it_is(iij: Typed, tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    file.write_text("mine", encoding="utf-8")

    said = iij.refused("report", "page", "IIJ", "-o", file, code=2)

    assert "already exists" in said
    assert file.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("name", ["x" * 300, "no-folder/page.html"])
def test_a_file_that_cannot_be_is_refused_in_words(iij: Typed, tmp_path: Path, name: str) -> None:
    said = iij.refused("report", "page", "IIJ", "-o", tmp_path / name, code=2)

    assert "Try: name another file" in said


def test_an_unknown_issuer_is_refused_and_no_file_is_written(iij: Typed, tmp_path: Path) -> None:
    said = iij.refused("report", "page", "XYZ", "-o", tmp_path / "page.html")

    assert "holds no issuer 'XYZ'" in said
    assert list(tmp_path.iterdir()) == []


def test_a_picture_without_a_browser_says_what_to_install(
    iij: Typed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    said = iij.refused(
        *("report", "page", "IIJ", "-o", tmp_path / "a.html", "--png", tmp_path / "a.png"), code=2
    )

    assert "--png needs Chromium" in said
    assert "apt-get install chromium" in said
    assert list(tmp_path.iterdir()) == []


def test_a_browser_that_fails_leaves_the_page_and_says_so(
    iij: Typed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "chromium"
    broken.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    broken.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin")

    said = iij.refused(
        *("report", "page", "IIJ", "-o", tmp_path / "a.html", "--png", tmp_path / "a.png"), code=2
    )

    assert "could not make a picture" in said
    assert (tmp_path / "a.html").exists()
    assert not (tmp_path / "a.png").exists()
