"""`capital report …`: tables and pages made from the ledger, to file or to present."""

from __future__ import annotations

from commands.terminal.lazy import LazyGroup

report = LazyGroup(
    "report",
    {
        "repurchase-month": (
            "commands.report.month.command:repurchase_month",
            "One month of a repurchase program, in the layout to file.",
        ),
        "page": ("commands.report.page:page", "One page with charts, for a board or a file."),
    },
    help="""Reports made from the ledger, to file or to present.

\b
Example:
  capital report repurchase-month ACME repurchase-2017-04-11 --month 2017-08
""",
)
