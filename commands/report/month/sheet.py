"""A report to file: a title, tables and notes, as text for the terminal, Markdown or HTML."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import escape

from commands.terminal.tables import aligned


@dataclass(frozen=True, slots=True)
class Section:
    """One table: its title, its columns, its rows as text; the first column has words."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Sheet:
    title: str
    about: Sequence[str]
    """Lines below the title: the issuer, the month, the state of knowledge."""
    sections: Sequence[Section]
    notes: Sequence[str] = field(default_factory=tuple)


def as_text(sheet: Sheet) -> str:
    """For a terminal, aligned."""
    parts = ["\n".join([sheet.title, *sheet.about])]
    for section in sheet.sections:
        right = [place > 0 for place in range(len(section.columns))]
        parts.append(f"{section.title}\n{aligned(section.columns, section.rows, right)}")
    if sheet.notes:
        parts.append("\n".join(f"({n}) {note}" for n, note in enumerate(sheet.notes, start=1)))
    return "\n\n".join(parts)


def as_markdown(sheet: Sheet) -> str:
    """For a document: headings and pipe tables, figures to the right."""
    parts = [f"# {_plain(sheet.title)}", "  \n".join(_plain(line) for line in sheet.about)]
    for section in sheet.sections:
        parts.append(f"## {_plain(section.title)}")
        parts.append("\n".join(_pipes(section)))
    if sheet.notes:
        parts.append("\n".join(f"{n}. {_plain(n_)}" for n, n_ in enumerate(sheet.notes, start=1)))
    return "\n\n".join(parts)


def _pipes(section: Section) -> Iterator[str]:
    yield "| " + " | ".join(map(_plain, section.columns)) + " |"
    yield "|" + "|".join(["---", *("---:" for _ in section.columns[1:])]) + "|"
    for row in section.rows:
        yield "| " + " | ".join(map(_plain, row)) + " |"


def _plain(text: str) -> str:
    """Text with the marks of Markdown escaped."""
    for mark in "\\`*_|<>[]":
        text = text.replace(mark, f"\\{mark}")
    return text


# Readable on paper and on a screen, without a network.
_STYLE = (
    ":root{color-scheme:light dark}"
    "body{font:1rem/1.5 sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse;margin:0 0 1.5rem}"
    "caption{text-align:left;font-weight:bold;padding:.5rem 0}"
    "th,td{border:1px solid;padding:.25rem .75rem;text-align:right}"
    "th:first-child{text-align:left}tbody th{font-weight:normal}"
)


def as_html(sheet: Sheet) -> str:
    """A complete HTML page."""
    return "\n".join(_html(sheet))


def _html(sheet: Sheet) -> Iterator[str]:
    yield '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width">'
    yield f"<title>{escape(sheet.title)}</title>"
    yield f"<style>{_STYLE}</style>\n</head>\n<body>\n<h1>{escape(sheet.title)}</h1>"
    yield f"<p>{'<br>'.join(escape(line) for line in sheet.about)}</p>"
    for section in sheet.sections:
        yield f"<table>\n<caption>{escape(section.title)}</caption>"
        heads = "".join(f'<th scope="col">{escape(title)}</th>' for title in section.columns)
        yield f"<thead><tr>{heads}</tr></thead>\n<tbody>"
        for first, *rest in section.rows:
            cells = "".join(f"<td>{escape(cell)}</td>" for cell in rest)
            yield f'<tr><th scope="row">{escape(first)}</th>{cells}</tr>'
        yield "</tbody>\n</table>"
    if sheet.notes:
        yield "<ol>" + "".join(f"<li>{escape(note)}</li>" for note in sheet.notes) + "</ol>"
    yield "</body>\n</html>"
