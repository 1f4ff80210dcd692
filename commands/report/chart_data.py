"""The data of the charts of the page, as JSON; figures are text, so that they stay exact."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from commands.terminal.output import term_words
from ledger.history.facts import Document
from projections.dividends.annual import bar_of
from projections.dividends.fiscal_years import FiscalYear
from projections.origin import Origin
from projections.reports.page import ClassOnPage, Page, ProgramOnPage
from projections.shares.series import CountsOf

COUNTS = ("authorized", "issued", "treasury", "outstanding")

Json = dict[str, Any]


class Named:
    """Names and documents that many events share, each listed once; events hold their places."""

    def __init__(self) -> None:
        self._names: dict[str, int] = {}
        self._documents: dict[str, int] = {}

    def event(self, where: Origin) -> list[int | None]:
        """Action, name of the event, entry, document."""
        return [
            _place(where.action or "", self._names),
            _place(where.event, self._names),
            where.entry,
            self._document(where.source),
        ]

    def _document(self, source: Document | None) -> int | None:
        if source is None:
            return None
        title = source.title + (f", p. {source.page}" if source.page else "")
        return _place(title, self._documents)

    def as_json(self) -> Json:
        """The lists that the places refer to."""
        return {"names": list(self._names), "documents": list(self._documents)}


def _place(name: str, places: dict[str, int]) -> int:
    return places.setdefault(name, len(places))


def chart_data(page: Page) -> Json:
    """The data of every chart and of the date picker; columns, because events can be thousands."""
    named = Named()
    return {
        "on": page.asked.on.isoformat(),
        "shareBasis": page.asked.share_basis.isoformat(),
        "classes": [_class(part, named) for part in page.classes],
        "programs": [_program(part, named) for part in page.programs],
        **named.as_json(),
    }


def _class(part: ClassOnPage, named: Named) -> Json:
    points = part.series.points
    restated = [point.restated for point in points]
    plain = [point.counts for point in points]
    return {
        "code": part.series.share_class,
        "openedOn": _iso(part.series.opened_on),
        "day": [point.on.isoformat() for point in points],
        "counts": _columns(plain),
        # Without a split the two are the same and are written once.
        "restated": None if restated == plain else _columns(restated),
        "reason": [point.reason for point in points],
        "newShares": [", ".join(point.new_shares) or None for point in points],
        "events": [[named.event(where) for where in point.origins] for point in points],
        "years": [_year(year, part.stated, named) for year in part.years],
    }


def _columns(counts: Iterable[CountsOf]) -> dict[str, list[str | None]]:
    rows = list(counts)
    return {name: [_text(getattr(row, name)) for row in rows] for name in COUNTS}


def _text(count: int | None) -> str | None:
    """A count as text: a browser's numbers are exact only up to 16 digits."""
    return None if count is None else str(count)


def _year(year: FiscalYear, stated: dict[str, Origin], named: Named) -> Json:
    drawn = {dividend.action: group for group, dividend in bar_of(year)}
    return {
        "label": year.fiscal_year,
        "currency": year.currency,
        "declared": year.declared.per_share,
        "mixed": year.declared.mixed_basis,
        "restated": year.restated.per_share,
        "dividends": [
            {
                "action": dividend.action,
                "group": drawn.get(dividend.action),
                "term": term_words(dividend.term),
                "state": dividend.state,
                "currency": dividend.currency,
                "perShare": dividend.per_share,
                "restated": dividend.restated,
                "recordDate": _iso(dividend.record_date),
                "payableOn": _iso(dividend.payable_on),
                "event": named.event(stated[dividend.action]),
            }
            for dividend in year.dividends
        ],
    }


def _iso(day: Any) -> str | None:
    return None if day is None else str(day.isoformat())


def _program(part: ProgramOnPage, named: Named) -> Json:
    answer, points = part.answer, part.points
    return {
        "action": answer.action,
        "from": _iso(answer.from_),
        "until": _iso(answer.until),
        "maxShares": _text(answer.max_shares),
        "maxAmount": answer.max_amount and answer.max_amount.amount,
        "currency": next((p.amount.currency for p in points if p.amount is not None), None),
        "day": [point.on.isoformat() for point in points],
        "shares": [_text(point.shares) for point in points],
        "amount": [point.amount and point.amount.amount for point in points],
        "sharesPercent": [point.shares_percent for point in points],
        "amountPercent": [point.amount_percent for point in points],
        "events": [named.event(point.origin) for point in points],
    }
