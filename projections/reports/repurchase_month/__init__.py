"""One month of a repurchase program in the layouts that companies file: Japan, United States, UK.

Each layout is a module of its own; `period` has what they share.
"""

from projections.reports.repurchase_month.japan import JapaneseReport, japanese_report
from projections.reports.repurchase_month.period import Period
from projections.reports.repurchase_month.uk import UkReport, uk_report
from projections.reports.repurchase_month.us import UsReport, us_report

__all__ = [
    "JapaneseReport",
    "Period",
    "UkReport",
    "UsReport",
    "japanese_report",
    "uk_report",
    "us_report",
]
