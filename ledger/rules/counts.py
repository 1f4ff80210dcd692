"""Rules on the counts of a class: never impossible, opened once, within the articles."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from ledger.counts.basis import Basis
from ledger.counts.movements import Adjust, Allot, Authorize, Change, Opening, Scale, TakeBack
from ledger.counts.positions import Position
from ledger.events.recorded import Breach
from ledger.rules.context import Context, unjudged
from ledger.values.numbers import grouped


def counts_not_negative(context: Context) -> Iterator[Breach]:
    """0 <= treasury <= issued, after every step, by settlement and by trade."""
    for share_class in context.history.classes:
        for basis in Basis:
            for position in context.history.positions(share_class, basis):
                impossible = position.counts.impossible
                if impossible is not None:
                    yield _breach(
                        context,
                        position,
                        "counts-not-negative",
                        f"{impossible} on {position.step.day} ({basis} basis); it held "
                        f"{_held(position)} before",
                        "correct the figure or the date; where earlier movements were never "
                        "captured, record a position adjustment first: capital class adjust",
                        about=basis,
                    )


def opening_once(context: Context) -> Iterator[Breach]:
    """An opening position states each count once, again only where it is unknown by then."""
    for share_class in context.history.classes:
        for position in context.history.positions(share_class):
            if not isinstance(opening := position.step.movement, Opening):
                continue
            before = position.before
            known = [
                f"{name} {held:,}"
                for name, held, stated in (
                    ("issued", before.issued, opening.issued),
                    ("treasury", before.treasury, opening.treasury),
                    ("outstanding", before.outstanding, opening.outstanding),
                    ("authorized", before.authorized, opening.authorized),
                )
                if held is not None and stated is not None
            ]
            if before.cost is not None and opening.cost is not None:
                known.append(f"treasury cost {grouped(before.cost)}")
            parts = [
                stated if stated is not None else held
                for stated, held in (
                    (opening.issued, before.issued),
                    (opening.treasury, before.treasury),
                    (opening.outstanding, before.outstanding),
                )
            ]
            if known:
                yield _breach(
                    context,
                    position,
                    "opening-once",
                    f"class {share_class} is opened already: on {position.step.day} the ledger "
                    f"holds {', '.join(known)}",
                    "a published count is compared, not opened: capital class report; an "
                    "unexplained difference is a gap: capital class adjust",
                )
            elif None not in parts and parts[0] - parts[1] != parts[2]:  # type: ignore[operator]  # none is None
                yield _breach(
                    context,
                    position,
                    "opening-once",
                    f"issued {parts[0]:,} less treasury {parts[1]:,} is not outstanding "
                    f"{parts[2]:,} on {position.step.day}",
                    "state only counts that are unknown on that date, or that agree with the known "
                    "ones",
                )


def within_authorized(context: Context) -> Iterator[Breach]:
    """Issued shares never exceed what the articles allow."""
    for share_class in context.history.classes:
        wanting = None
        splits = set(context.history.positions(share_class).restatement.days)
        for position in context.history.positions(share_class):
            issued, authorized = position.counts.issued, position.counts.authorized
            if issued is None or not _moves_issued_or_authorized(position):
                continue
            if isinstance(position.step.movement, Authorize) and position.step.day in splits:
                continue  # the articles change for the split of the day: judged with it
            if authorized is None:
                wanting = wanting or position
            elif issued > authorized:
                yield _breach(
                    context,
                    position,
                    "within-authorized",
                    f"{issued:,} issued on {position.step.day} would exceed {authorized:,} "
                    "authorized",
                    "record the amendment of the articles: capital class authorize",
                )
        if wanting is not None:
            fact = context.history.by_key[wanting.step.key]
            yield unjudged(fact, "within-authorized", "authorized is not captured")


def one_record_date(context: Context) -> Iterator[Breach]:
    """Two on one day say whether they are counted on the same shares or one after the other."""
    for share_class in context.history.classes:
        before = None
        for position in context.history.positions(share_class):
            movement, day = position.step.movement, position.step.day
            if not isinstance(movement, Scale | Allot):
                continue
            if before is not None and before.step.day == day:
                undated = [
                    each.step.action
                    for each in (before, position)
                    if isinstance(each.step.movement, Scale | Allot)
                    and each.step.movement.record_date is None
                ]
                if undated:
                    yield _breach(
                        context,
                        position,
                        "one-record-date",
                        f"{before.step.action} takes effect on the same day, and no record date of "
                        f"{' and '.join(undated)} is recorded: of one record date, both would be "
                        "counted on the same shares",
                        "record both resolutions with their record dates; or acknowledge it: the "
                        "second is then counted on the shares after the first",
                    )
            before = position


def period_straddles_split(context: Context) -> Iterator[Breach]:
    """The total of a period, and a passing gap, lie on one side of every split."""
    for share_class in context.history.classes:
        positions = context.history.positions(share_class)
        for position in positions:
            step = position.step
            last = step.traded_on
            if isinstance(step.movement, TakeBack):  # before any split of its own day
                last -= timedelta(days=1)
            if isinstance(step.movement, Change) and not (
                step.movement.issued or step.movement.treasury
            ):
                continue  # a period without a purchase is nought in any shares
            for day in positions.restatement.days:
                if step.begins < day <= last:
                    yield _breach(
                        context,
                        position,
                        "period-straddles-split",
                        f"the period {step.begins} to {last} contains the split of {day}",
                        f"cut it in two at {day}; or acknowledge it: its figure is then in the "
                        f"shares of {last}",
                    )


def _moves_issued_or_authorized(position: Position) -> bool:
    match position.step.movement:
        case Change(issued=change):
            return change > 0
        case Adjust(issued=gap):
            return gap is not None and gap > 0
        case TakeBack(issued=gap):
            return gap is not None and gap < 0
        case Opening(issued=issued, outstanding=outstanding, authorized=authorized):
            return (issued, outstanding, authorized) != (None, None, None)
        case Authorize() | Scale() | Allot():
            return True


def _breach(
    context: Context,
    position: Position,
    rule: str,
    message: str,
    remedy: str | None,
    about: str = "",
) -> Breach:
    event = context.history.by_key[position.step.key].event
    what = f"{event.name} of {event.action} on {event.on}: {message}"
    return Breach(rule, event.action, event.key, position.step.day, what, remedy, about)


def _held(position: Position) -> str:
    before = position.before
    figures = (("issued", before.issued), ("treasury", before.treasury))
    return ", ".join(f"{name} {_shown(count)}" for name, count in figures)


def _shown(count: int | None) -> str:
    return "unknown" if count is None else f"{count:,}"
