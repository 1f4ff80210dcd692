"""The page as one HTML file: template, style, script, charting library and data in one.

A browser that opens it needs no network, and the content security policy of the page forbids any
access: only the scripts with the listed digests run, and nothing can be fetched.
"""

from __future__ import annotations

from base64 import b64encode
from collections import Counter
from hashlib import sha256
from importlib.resources import files
from typing import Any

from commands.report.chart_data import chart_data
from commands.terminal.output import figure, money, words
from ledger.proof.checkpoint import Checkpoint
from ledger.proof.commit import root_text
from projections.reports.page import Page

ASSETS = files("commands.report") / "assets"


def html_of(page: Page, checkpoint: Checkpoint) -> str:
    """The whole file. Values of the ledger are escaped, so that they are never read as HTML."""
    from jinja2 import Environment, StrictUndefined  # noqa: PLC0415 - slow, and only needed here
    from markupsafe import Markup  # noqa: PLC0415 - as above

    def asset(name: str) -> Markup:
        return Markup(_asset(name))  # noqa: S704 - a file of this package, not of the ledger

    scripts = [asset("echarts/echarts.common.min.js"), asset("page.js")]
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.policies["json.dumps_kwargs"] = {"separators": (",", ":"), "ensure_ascii": False}
    environment.filters |= {"figure": figure, "money": money, "words": words}
    return environment.from_string(_asset("page.html")).render(
        page=page,
        data=chart_data(page),
        checkpoint=checkpoint,
        root=root_text(checkpoint.root),
        scripts=scripts,
        style=asset("page.css"),
        policy=_policy(scripts),
        **_sums(page),
    )


def _sums(page: Page) -> dict[str, Any]:
    kinds = Counter(finding.finding for finding in page.findings)
    return {
        "failures": [finding for finding in page.findings if finding.fails],
        "notes": [finding for finding in page.findings if not finding.fails],
        "kinds": sorted(kinds.items()),
        "overdue": sum(line.overdue for line in page.pending),
        "open_programs": [
            part.answer for part in page.programs if part.answer.state in ("authorized", "open")
        ],
    }


def _asset(name: str) -> str:
    return (ASSETS / name).read_text(encoding="utf-8")


def _policy(scripts: list[Any]) -> str:
    """Nothing may be loaded; only these scripts run."""
    digests = " ".join(
        f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'" for script in scripts
    )
    # The charts set colors and places as they draw, so inline style is allowed.
    return (
        f"default-src 'none'; script-src {digests}; style-src 'unsafe-inline'; "
        "base-uri 'none'; form-action 'none'"
    )
