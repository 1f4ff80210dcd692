"""One month of a repurchase program in the layouts that companies file: Japan, United States, UK.

Each layout is a module of its own; `period` has what they share.
"""

from projections.reports.repurchase_month.fiscal_months import (
    MONTHS_IN_A_QUARTER,
    calendar_month,
    calendar_months,
    fiscal_months,
    months_of_weeks,
)
from projections.reports.repurchase_month.japan import JapaneseReport, japanese_report
from projections.reports.repurchase_month.period import Period
from projections.reports.repurchase_month.uk import UkReport, uk_report
from projections.reports.repurchase_month.us import UsReport, us_report

__all__ = [
    "MONTHS_IN_A_QUARTER",
    "JapaneseReport",
    "Period",
    "UkReport",
    "UsReport",
    "calendar_month",
    "calendar_months",
    "fiscal_months",
    "japanese_report",
    "months_of_weeks",
    "uk_report",
    "us_report",
]
