"""The verdict on each printed figure, what may explain a difference, and what totals imply."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from ledger.actions.dividend import dividend_at
from ledger.counts.basis import ALL_CLASSES
from ledger.errors import BadInput, Unknown
from ledger.history.history import KnownHistory
from ledger.values.numbers import decimal_text, grouped, money_text
from projections.question import Asked, Question, asked
from projections.shares.positions import classes_asked
from projections.tie_out.counts import count_held, count_hypotheses
from projections.tie_out.dividends import dividend_asked, dividend_held, dividend_hypotheses
from projections.tie_out.held import Held, Hypothesis, Mistake
from projections.tie_out.printed import Figure, Printed
from projections.tie_out.programs import program_held, program_hypotheses, program_of_figure


class Verdict(StrEnum):
    """Whether a printed figure and the ledger agree, given the rounding of the printed figure."""

    AGREES = "agrees"
    DIFFERS = "differs"
    UNKNOWN = "unknown"
    """The ledger does not hold enough to decide."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """A mistake that would print exactly this figure."""

    mistake: Mistake
    words: str


@dataclass(frozen=True, slots=True)
class Tied:
    """One printed figure compared with the ledger."""

    figure: Figure
    printed: str
    from_: str
    """The lowest full figure that is printed as this text ..."""
    below: str
    """... and the first one above it that is not."""
    on: date
    share_class: str
    action: str | None
    verdict: Verdict
    ledger: str | None
    """The full figure; with `stated`, the figure as a document states it."""
    currency: str | None
    stated: bool
    difference: str | None
    """The ledger's figure minus the printed one."""
    held: str
    """Where the ledger's figure comes from, or why it is unknown."""
    explanations: list[Explanation]


@dataclass(frozen=True, slots=True)
class Implied:
    """The outstanding shares that a printed total implies at its dividend per share."""

    action: str
    share_class: str
    per_share: str
    total: str
    record_date: date | None
    low: int
    high: int
    outstanding: int | None
    """In the ledger."""
    issued: int | None
    holds: bool | None
    """Whether the ledger's count is in the range; also false where fewer shares are issued."""
    treasury_low: int | None
    treasury_high: int | None
    """Issued less the range, where enough shares are known to be issued."""


@dataclass(frozen=True, slots=True)
class TieOut:
    """All printed figures, and what the totals imply."""

    issuer: str
    asked: Asked
    agrees: bool
    """Whether no figure differs; an unknown figure does not count as a difference."""
    figures: list[Tied]
    implied: list[Implied]


def tie_out(known: KnownHistory, question: Question, printed: Sequence[Printed]) -> TieOut:
    """Compare the figures with the ledger, each on its own day or the day asked about.

    Raises Unknown where a class, dividend or program does not exist or is not determined,
    BadInput for the sum over classes.
    """
    figures = [_tied(known, question.on, figure) for figure in printed]
    pairs = list(zip(printed, figures, strict=True))
    return TieOut(
        known.issuer,
        asked(question, known),
        all(tied.verdict is not Verdict.DIFFERS for tied in figures),
        figures,
        list(_implied(known, pairs)),
    )


def _class_of(known: KnownHistory, figure: Printed) -> str:
    if figure.share_class == ALL_CLASSES:
        raise BadInput(
            f'{figure.figure}: a printed figure belongs to one class, not to "all"', "--class CODE"
        )
    if figure.action is not None and (event := known.ever.get(figure.action)) is not None:
        return event.share_class or ""
    if figure.share_class is not None:
        return classes_asked(known, figure.share_class)[0]
    classes = known.classes
    if len(classes) == 1:
        return classes[0]
    have = ", ".join(classes) or "none yet"
    raise Unknown(
        f"{figure.figure}: the class is not determined; {known.issuer} has: {have}",
        "name it: --class CODE",
    )


def _tied(known: KnownHistory, on: date, figure: Printed) -> Tied:
    on = figure.on or on
    share_class, action = _class_of(known, figure), figure.action
    hypotheses: Iterator[Hypothesis]
    if figure.figure.is_of_a_dividend:
        action = dividend_asked(known, share_class, on, action)
        held = dividend_held(known, action, figure.figure, on)
        hypotheses = dividend_hypotheses(known, action, figure.figure, on)
    elif figure.figure.is_of_a_program:
        action = program_of_figure(known, share_class, on, action)
        held = program_held(known, action, figure.figure, on)
        hypotheses = program_hypotheses(known, action, figure.figure, on)
    else:
        action = None
        held = count_held(known, share_class, figure.figure, on)
        hypotheses = count_hypotheses(known, share_class, figure.figure, on)
    verdict, reason = _verdict(figure, held)
    agrees = verdict is Verdict.AGREES
    low, high = figure.interval
    return Tied(
        figure=figure.figure,
        printed=figure.text,
        from_=decimal_text(low)[0],
        below=decimal_text(high)[0],
        on=on,
        share_class=share_class,
        action=action,
        verdict=verdict,
        ledger=_ledger_text(figure, held),
        currency=held.currency,
        stated=held.value is None and held.stated is not None,
        difference=None
        if held.value is None
        else decimal_text(held.value - figure.value, figure.places)[0],
        held=reason or held.reason or held.words,
        explanations=[] if agrees or reason else list(_explained(figure, held, hypotheses)),
    )


def _verdict(figure: Printed, held: Held) -> tuple[Verdict, str | None]:
    if None not in (figure.currency, held.currency) and figure.currency != held.currency:
        return Verdict.UNKNOWN, f"printed in {figure.currency}, the ledger holds {held.currency}"
    if held.value is not None:
        return (Verdict.AGREES if figure.agrees_with(held.value) else Verdict.DIFFERS), None
    if held.stated is not None:
        overlaps = figure.overlaps(*held.stated)
        return (Verdict.AGREES if overlaps else Verdict.DIFFERS), None
    return Verdict.UNKNOWN, None


def _ledger_text(figure: Printed, held: Held) -> str | None:
    """The ledger's figure in full; for a stated one the middle of its range."""
    value = held.value
    if value is None and held.stated is not None:
        value = sum(held.stated, Fraction(0)) / 2
    if value is None:
        return None
    if figure.figure.is_money and figure.figure is not Figure.PER_SHARE and held.currency:
        return money_text(value, held.currency)
    return decimal_text(value, figure.places)[0]


# --- explanations --------------------------------------------------------------------------------


def _explained(
    figure: Printed, held: Held, hypotheses: Iterator[Hypothesis]
) -> Iterator[Explanation]:
    """Each mistake that would print this figure, with its first and nearest hypothesis."""
    found: set[Mistake] = set()
    for hypothesis in (*hypotheses, *_of_printing(figure, held)):
        low_high = hypothesis.interval
        would_print = (
            figure.agrees_with(hypothesis.value) if low_high is None else figure.overlaps(*low_high)
        )
        if would_print and hypothesis.mistake not in found:
            found.add(hypothesis.mistake)
            yield Explanation(hypothesis.mistake, hypothesis.words)


_FACTORS = (
    (Fraction(1000), "a thousand times too much"),
    (Fraction(1, 1000), "a thousandth of it"),
    (Fraction(10**6), "a million times too much"),
    (Fraction(1, 10**6), "a millionth of it"),
)


def _of_printing(figure: Printed, held: Held) -> Iterator[Hypothesis]:
    """The right figure, printed wrongly."""
    value = held.value
    if value is None:
        return
    if figure.rounded_down().agrees_with(value):
        words = f"{grouped(value)} with its last digits dropped, not rounded"
        # As a rounded figure it would stand for its own value.
        yield Hypothesis(Mistake.ROUNDED_DOWN, words, figure.value)
    for factor, how in _FACTORS:
        words = f"{grouped(value)} in another unit: {how}"
        yield Hypothesis(Mistake.UNIT, words, value * factor)


# --- what totals imply ---------------------------------------------------------------------------


def _implied(known: KnownHistory, pairs: Sequence[tuple[Printed, Tied]]) -> Iterator[Implied]:
    """The range of outstanding shares that a total allows at a dividend per share."""
    for total, tied in pairs:
        if total.figure is not Figure.TOTAL or tied.action is None:
            continue
        terms = dividend_at(known.actions[tied.action], tied.on).terms
        per_share = _per_share(tied, pairs, None if terms is None else terms.per_share)
        if not per_share:
            continue
        low, high = (bound / Fraction(per_share) for bound in total.interval)
        lowest, highest = max(0, -int(-low // 1)), -int(-high // 1) - 1
        record = None if terms is None else terms.record_date
        counts = None if record is None else known.positions(tied.share_class).at(record)
        outstanding = None if counts is None else counts.outstanding
        issued = None if counts is None else counts.issued
        enough = issued is not None and issued >= lowest
        holds = None if outstanding is None else lowest <= outstanding <= highest
        yield Implied(
            tied.action,
            tied.share_class,
            format(per_share, "f"),
            total.text,
            record,
            lowest,
            highest,
            outstanding,
            issued,
            False if issued is not None and not enough else holds,
            max(0, issued - highest) if issued is not None and enough else None,
            issued - lowest if issued is not None and enough else None,
        )


def _per_share(
    total: Tied, pairs: Sequence[tuple[Printed, Tied]], resolved: Decimal | None
) -> Decimal | None:
    """The dividend printed beside the total, else as resolved."""
    for printed, tied in pairs:
        beside = (tied.action, tied.on) == (total.action, total.on)
        if printed.figure is Figure.PER_SHARE and beside:
            return printed.value_as_printed
    return resolved
