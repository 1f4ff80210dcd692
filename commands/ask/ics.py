"""Calendar files (RFC 5545); the icalendar library folds lines, escapes text, writes dates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import uuid5

from icalendar import Calendar, Event

from commands.terminal.output import source_words
from ledger.events.kinds import Progress
from ledger.values.ids import NAMESPACE
from projections.actions.calendar import Deadline

_PRODUCT = "-//capital//capital calendar//EN"


def calendar_file(
    issuer: str, name: str | None, lines: Sequence[Deadline], recorded: Mapping[int, datetime]
) -> bytes:
    """One all-day event for each day; `recorded` has the time of each entry.

    The same history gives the same bytes. A day keeps its UID when it is moved or called off, and
    its SEQUENCE rises with the entries, so that a calendar that imports the file again moves the
    event instead of adding one.
    """
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", f"{name or issuer}: capital actions")
    for line in lines:
        calendar.add_component(_event(issuer, line, recorded))
    data: bytes = calendar.to_ical()  # which the library leaves untyped
    return data


def _event(issuer: str, line: Deadline, recorded: Mapping[int, datetime]) -> Event:
    last_entry = max(line.stated_entry, line.done_entry or 0)
    event = Event()
    event.add("uid", str(uuid5(NAMESPACE, f"{issuer}\n{line.action}\n{line.what}")))
    event.add("dtstamp", recorded[last_entry])
    event.add("sequence", last_entry)
    event.add("dtstart", line.day)
    event.add("summary", f"{issuer}: {line.what}, {line.action}")
    event.add("description", _description(line))
    event.add("status", "CANCELLED" if line.state is Progress.CALLED_OFF else "CONFIRMED")
    event.add("transp", "TRANSPARENT")  # a deadline does not make the day busy
    return event


def _description(line: Deadline) -> str:
    done = f"done on {line.done_on}" if line.done_on else line.state.value
    said = [
        f"State on {line.asked.on}: {done}.",
        f"From {line.stated_by}, entry {line.stated_entry}.",
        "" if line.law is None else f"Within: {line.law}.",
        source_words(line.source),
    ]
    return "\n".join(part for part in said if part)
