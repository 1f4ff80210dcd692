"""Every rule by id: its kind, what it holds, on what basis, under which profiles (data)."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from ledger.events.terms import ProfileName


class Kind(StrEnum):
    """How a breach is met (domain.md, section 5)."""

    REFUSED = "R"
    """Refused always: arithmetic, identity, order."""
    GUARDED = "G"
    """Refused unless acknowledged: a ledger must be able to record an unlawful fact."""
    WARNING = "W"
    """Recorded, and reported as a warning."""
    ASSERTION = "A"
    """A published figure that must agree; `check` exits 1 when it does not."""
    COMPUTED = "computed"
    """How a figure is made: it holds by construction, and is refused nowhere."""


LAWFUL = frozenset({ProfileName.JP, ProfileName.US, ProfileName.UK})
EVERY = LAWFUL | {ProfileName.NONE}


class Rule(NamedTuple):
    """One rule: what it holds, and where it applies."""

    id: str
    kind: Kind
    holds: str
    basis: str = ""
    profiles: frozenset[ProfileName] = LAWFUL


def no_acknowledgment_of(rule: str) -> str | None:
    """Why a rule of this name cannot be acknowledged; None where it can."""
    known = RULES.get(rule)
    never = (Kind.REFUSED, Kind.COMPUTED)
    if known is not None and known.kind not in never:
        return None
    can = ", ".join(r.id for r in RULES.values() if r.kind not in never)
    why = "is no rule" if known is None else "cannot be acknowledged"
    return f"{rule}: {why}; those that can be: {can}"


_R, _G, _W, _A = Kind.REFUSED, Kind.GUARDED, Kind.WARNING, Kind.ASSERTION
_JP, _US, _UK = ProfileName.JP, ProfileName.US, ProfileName.UK

RULES: dict[str, Rule] = {
    rule.id: rule
    for rule in (
        Rule(
            "counts-not-negative",
            _R,
            "0 <= treasury <= issued wherever known, at every date and on both bases",
            profiles=EVERY,
        ),
        Rule(
            "order-of-events",
            _R,
            "no execution, approval or payment before its resolution or after its end; "
            "a reversal takes back a standing event of its own action",
            profiles=EVERY,
        ),
        Rule(
            "one-kind-one-class",
            _R,
            "an action is of one kind and one class for ever",
            profiles=EVERY,
        ),
        Rule(
            "opening-once",
            _R,
            "an opening position states a count once; again only what is unknown at its date",
            profiles=EVERY,
        ),
        Rule(
            "date-order",
            _R,
            "record date <= payment date or day of effect; "
            "actual record date <= nominal record date",
            profiles=EVERY,
        ),
        Rule("distinct-record-date", _R, "another record date is another dividend", profiles=EVERY),
        Rule(
            "idempotent",
            _R,
            "the same key with the same content is a hit, with other content a conflict",
            profiles=EVERY,
        ),
        Rule(
            "look-alike",
            _R,
            "a new issuer, class or action is not shown like another that the ledger holds",
            "Unicode Technical Standard #39",
            profiles=EVERY,
        ),
        Rule(
            "within-authorized",
            _G,
            "issued <= authorized after every event",
            "Companies Act (Japan) art. 113",
        ),
        Rule(
            "repurchase-caps",
            _G,
            "cumulative purchases stay within max_shares and max_amount",
            "Companies Act (Japan) art. 156(1)",
        ),
        Rule(
            "repurchase-window",
            _G,
            "every trade date lies inside the program's period",
            "Companies Act (Japan) art. 156(1)",
        ),
        Rule(
            "repurchase-period",
            _G,
            "a program's period is at most one year (jp), five years (uk)",
            "Companies Act (Japan) art. 156(1); Companies Act 2006 (UK) s. 701(5)",
            frozenset({_JP, _UK}),
        ),
        Rule(
            "stated-total",
            _G,
            "a stated total agrees, within its rounding, with per share x outstanding at the "
            "end of the record date",
        ),
        Rule(
            "approval-needed",
            _G,
            "what needs a meeting's approval is not paid or carried out before it",
            "Companies Act (Japan) arts. 454(1), 454(5), 459",
        ),
        Rule(
            "record-date-window",
            _G,
            "jp: paid within 3 months of the record date; us: within 60 days",
            "Companies Act (Japan) art. 124(2); Delaware GCL s. 213(c)",
            frozenset({_JP, _US}),
        ),
        Rule(
            "price-times-shares",
            _G,
            "amount = price x shares, exactly, where both are stated",
        ),
        Rule(
            "rate-pair",
            _G,
            "an exchange rate is between the currencies a dividend is declared and paid in",
        ),
        Rule("no-future-facts", _G, "no event lies later than today anywhere (UTC+14)"),
        Rule(
            "one-record-date",
            _G,
            "two splits or allotments in effect on one day state their record dates: those of one "
            "record date are counted on one base",
            "Companies Act (Japan) arts. 183(2), 186(1)",
        ),
        Rule("period-straddles-split", _G, "the total of a period does not contain a split"),
        Rule(
            "caps-after-split",
            _W,
            "a split inside an open program is answered by an amendment of its cap on shares",
        ),
        Rule(
            "special-resolution",
            _W,
            "a consolidation, and buying from a named holder, take a special resolution",
            "Companies Act (Japan) arts. 180, 160",
            frozenset({_JP}),
        ),
        Rule(
            "distributable-amount",
            _W,
            "dividends and acquisitions since the stated balance sheet stay within the stated "
            "amount at each effective date",
            "Companies Act (Japan) art. 461",
            frozenset({_JP}),
        ),
        Rule(
            "dividend-base",
            Kind.COMPUTED,
            "a dividend's total is per share x outstanding at the end of the record date, by "
            "class, on settlement basis; null when the base is unknown",
            profiles=EVERY,
        ),
        Rule(
            "decided-only",
            Kind.COMPUTED,
            "forecasts never enter totals; ranges stay ranges",
            profiles=EVERY,
        ),
        Rule("ex-date", _W, "the ex-date is not after the record date"),
        Rule("unjudged", _W, "a rule could not be judged because figures are missing"),
        Rule("payment-overdue", _W, "the payment date passed with no payment recorded"),
        Rule("effect-overdue", _W, "a planned day of effect passed with nothing recorded"),
        Rule("reported-position", _A, "a published count agrees with the ledger", profiles=EVERY),
        Rule(
            "reported-progress", _A, "a published progress agrees with the ledger", profiles=EVERY
        ),
        Rule("reported-total", _A, "a published annual dividend agrees", profiles=EVERY),
    )
}
