"""A real browser, and pages to open in it."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from commands.report.chromium import browser as installed
from conftest import ROOT
from tests.browser.companies import busy, hostile
from tests.conftest import Typed

CASE = ROOT / "docs" / "cases" / "iij" / "lines.jsonl"
DESKTOP, PHONE = (1280, 900), (390, 844)

Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")


@dataclass
class Opened:
    """A page in the browser, and what it did that a page should not do."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    """Errors and warnings of its console, and dialogs."""
    requests: list[str] = field(default_factory=list)
    """What it asked for beside itself."""

    def text(self, selector: str) -> str:
        return " ".join(self.page.inner_text(selector).split())

    def drawn(self, chart: str) -> int:
        """How many shapes a chart consists of."""
        return self.page.locator(f"#{chart}-chart svg path").count()


Open = Callable[..., Opened]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        started = playwright.chromium.launch(executable_path=installed(), args=arguments)
        yield started
        started.close()


@pytest.fixture
def opened(chromium: Browser) -> Iterator[Open]:
    """Opens a file as it looks on a screen of some size, in light or dark."""
    contexts = []

    def open_(
        file: Path, size: tuple[int, int] = DESKTOP, scheme: Scheme = "light", part: str = ""
    ) -> Opened:
        context = chromium.new_context(
            viewport={"width": size[0], "height": size[1]}, color_scheme=scheme
        )
        contexts.append(context)
        seen = Opened(context.new_page())
        seen.page.on("console", lambda said: seen.complaints.append(f"{said.type}: {said.text}"))
        seen.page.on("pageerror", lambda error: seen.complaints.append(str(error)))
        seen.page.on("dialog", lambda dialog: seen.complaints.append(f"dialog: {dialog.message}"))
        seen.page.on("request", lambda request: seen.requests.append(request.url))
        seen.page.goto(file.as_uri() + part)
        seen.requests.remove(file.as_uri())
        return seen

    yield open_
    for context in contexts:
        context.close()


# --- pages ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Made:
    """A page, and the ledger it was made from."""

    file: Path
    capital: Typed


def made(folder: Path, issuer: str, lines: Path, on: str) -> Made:
    typed = Typed(folder / "capital.db")
    typed.ok("init")
    typed.ok("import", lines)
    file = folder / "page.html"
    typed.ok("report", "page", issuer, "-o", file, "--on", on)
    return Made(file, typed)


def written(folder: Path, lines: list[dict[str, object]]) -> Path:
    file = folder / "lines.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return file


@pytest.fixture(scope="session")
def iij(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """The whole history of IIJ."""
    return made(tmp_path_factory.mktemp("iij"), "IIJ", CASE, "2024-05-10")


@pytest.fixture(scope="session")
def many(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """A company of five thousand events, every count of it known."""
    folder = tmp_path_factory.mktemp("many")
    return made(folder, "ACME", written(folder, busy(5_000)), "2026-03-31")


@pytest.fixture(scope="session")
def rude(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """A company whose names are written to break a page."""
    folder = tmp_path_factory.mktemp("rude")
    return made(folder, "ACME", written(folder, hostile()), "2026-03-31")
