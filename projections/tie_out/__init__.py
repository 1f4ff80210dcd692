"""Compares printed figures with the ledger and looks for what may explain a difference."""

from projections.tie_out.printed import Figure, Printed, printed_figure
from projections.tie_out.tie import TieOut, Verdict, tie_out

__all__ = ["Figure", "Printed", "TieOut", "Verdict", "printed_figure", "tie_out"]
