"""Rooms of the code: few entries on every level, and a sentence that says what each holds."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
AT_MOST = 12
ROOMS = sorted(
    folder
    for package in ("ledger", "projections", "commands")
    for folder in (ROOT / package, *(ROOT / package).rglob("*"))
    if (folder / "__init__.py").is_file()
)


def test_rooms_are_found() -> None:
    assert {room.name for room in ROOMS} >= {"ledger", "projections", "commands", "actions"}


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.relative_to(ROOT).as_posix())
def test_a_room_holds_at_most_a_dozen_entries(room: Path) -> None:
    entries = [
        entry.name for entry in room.iterdir() if entry.name not in ("__init__.py", "__pycache__")
    ]

    assert len(entries) <= AT_MOST, f"split this room: {', '.join(sorted(entries))}"


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.relative_to(ROOT).as_posix())
def test_a_room_and_each_of_its_modules_say_what_they_hold(room: Path) -> None:
    silent = [
        module.relative_to(ROOT).as_posix()
        for module in room.glob("*.py")
        if ast.get_docstring(ast.parse(module.read_text("utf-8"))) is None
    ]

    assert not silent
