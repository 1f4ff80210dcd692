"""`capital report …`: reports for people, made from the ledger."""

from __future__ import annotations

from commands.lazy import LazyGroup

report = LazyGroup(
    "report",
    {
        "page": ("commands.report.page:page", "One page with charts, for a board or a file."),
    },
    help="Reports for people, made from the ledger.",
)
