"""A fact as plain columns of the index, and read back from them: counts need no event."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from fractions import Fraction
from typing import Any, NamedTuple

from ledger.counts import movements as m
from ledger.counts.day_order import Moment
from ledger.counts.movements import Effect
from ledger.history.facts import Document, Facts, StatedFact

_OF_AN_EFFECT = tuple(
    "treasury cost currency mark issued outstanding authorized new old until".split()
)
FACT_COLUMNS = (
    *("entry", "line", "class", "action", "kind", "event", "key", "day", "moment", "settled_on"),
    *("effect", *_OF_AN_EFFECT),
    *("begins", "disclosed", "reverses", "legal_basis", "title", "uri", "sha256", "page"),
)
"""The columns of a fact, after the issuer's; what is seldom filled comes last."""
NUMBERS = frozenset(
    "entry line moment page issued treasury outstanding authorized new old mark".split()
)
"""The columns that hold a number; the others hold text."""

_COST, _UNTIL, _MARK = (_OF_AN_EFFECT.index(name) for name in ("cost", "until", "mark"))
_NOTHING = (None,) * (1 + len(_OF_AN_EFFECT))


def _at(*columns: str) -> tuple[int, ...]:
    return tuple(_OF_AN_EFFECT.index(name) for name in columns)


COLUMNS_OF: dict[type[Effect], tuple[int, ...]] = {
    m.Change: _at("issued", "treasury", "cost", "currency", "mark"),
    m.Authorize: _at("authorized"),
    m.Adjust: _at("issued", "treasury", "until"),
    m.TakeBack: _at("issued", "treasury"),
    m.Opening: _at("issued", "treasury", "outstanding", "authorized", "cost", "currency"),
    m.Scale: _at("new", "old", "authorized", "issued", "treasury", "until"),
    m.Allot: _at("new", "old", "authorized", "issued", "treasury", "until"),
    m.TakeIn: _at("treasury", "cost", "currency", "mark"),
    m.Retire: _at("mark"),
    m.NewShares: _at("new", "old", "mark", "authorized", "until"),
    m.TakeEffect: _at("issued", "treasury"),
    m.Home: _at("currency", "mark"),
}
"""Where each field of an effect stands."""
_NAMED = {kind.__name__: (kind, columns) for kind, columns in COLUMNS_OF.items()}


def fact_columns(facts: Iterable[StatedFact]) -> Iterator[tuple[Any, ...]]:
    """The facts as rows of these columns."""
    for fact in facts:
        event, entry = fact.event, fact.entry
        on, begins, settles, disclosed = event.on, event.begins, event.settles, event.disclosed
        source = event.source or entry.source
        yield (
            entry.number,
            fact.line,
            event.share_class,
            event.action,
            None if event.reversed_key else event.action_kind,  # a reversal has no kind
            event.name,
            event.key,
            on.isoformat(),
            int(event.moment),
            None if settles is None else settles.isoformat(),
            *_effect_columns(event.movement()),
            None if begins is on else begins.isoformat(),
            None if disclosed is on else disclosed.isoformat(),
            event.reversed_key,
            event.legal_basis,
            *(
                (None, None, None, None)
                if source is None
                else (source.title, source.uri, source.sha256, source.page)
            ),
        )


def _effect_columns(effect: Effect | None) -> tuple[Any, ...]:
    if effect is None:
        return _NOTHING
    values: list[Any] = [None] * len(_OF_AN_EFFECT)
    for column, value in zip(COLUMNS_OF[type(effect)], effect, strict=True):
        values[column] = value
    if values[_COST] is not None:
        values[_COST] = str(values[_COST])
    if values[_UNTIL] is not None:
        values[_UNTIL] = values[_UNTIL].isoformat()
    if values[_MARK] is not None:
        values[_MARK] = int(values[_MARK])
    return type(effect).__name__, *values


class IndexedDocument(NamedTuple):
    """A document as the index has it."""

    title: str
    uri: str | None
    sha256: str | None
    page: int | None


class IndexedEvent(NamedTuple):
    """An event as the index has it."""

    share_class: str | None
    action: str
    action_kind: str
    name: str
    key: str
    on: date
    begins: date
    settles: date | None
    moment: Moment
    disclosed: date | datetime
    reversed_key: str | None
    legal_basis: str | None
    source: Document | None
    stated: Effect | None

    def movement(self) -> Effect | None:
        return self.stated


class IndexedEntry(NamedTuple):
    """An entry as the index has it; its document stands with each of its events."""

    number: int
    recorded_at: datetime
    source: Document | None = None


class IndexedFact(NamedTuple):
    """An event at its place in the register, as the index has it."""

    event: IndexedEvent
    entry: IndexedEntry
    line: int

    @property
    def order(self) -> tuple[date, int, int, int]:
        return self.event.on, self.event.moment, self.entry.number, self.line


def facts_of(
    issuer: str, entries: Iterable[tuple[str, int, str]], rows: Iterable[tuple[Any, ...]]
) -> Facts[IndexedFact]:
    """One issuer's facts from its rows in the two tables, issuer first, in order.

    Raises ValueError, TypeError or LookupError where they are not what was written.
    """
    numbered = {
        number: IndexedEntry(number, datetime.fromisoformat(recorded_at))
        for _, number, recorded_at in entries
    }
    return Facts(issuer, list(numbered.values()), [_fact(row, numbered) for row in rows])


def _fact(row: tuple[Any, ...], entries: dict[int, IndexedEntry]) -> IndexedFact:
    _, number, line, code, action, kind, name, key, day, moment, settled_on, effect, *rest = row
    *values, begins, disclosed, reverses, legal_basis, title, uri, sha256, page = rest
    on = date.fromisoformat(day)
    event = IndexedEvent(
        code,
        action,
        kind,
        name,
        key,
        on,
        on if begins is None else date.fromisoformat(begins),
        None if settled_on is None else date.fromisoformat(settled_on),
        _MOMENTS[moment],
        on if disclosed is None else _day_or_instant(disclosed),
        reverses,
        legal_basis,
        None if title is None else IndexedDocument(title, uri, sha256, page),
        None if effect is None else _effect(effect, values),
    )
    return IndexedFact(event, entries[number], line)


_MOMENTS = {moment.value: moment for moment in Moment}


def _day_or_instant(text: str) -> date | datetime:
    return (date if len(text) == len("2018-05-24") else datetime).fromisoformat(text)


def _effect(name: str, values: list[Any]) -> Effect:
    if values[_COST] is not None:
        cost = values[_COST]
        values[_COST] = int(cost) if cost.isdecimal() else Fraction(cost)
    if values[_UNTIL] is not None:
        values[_UNTIL] = date.fromisoformat(values[_UNTIL])
    if values[_MARK] is not None:
        values[_MARK] = bool(values[_MARK])
    kind, columns = _NAMED[name]
    return kind(*[values[column] for column in columns])
