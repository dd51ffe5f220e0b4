"""Protect numbers before anyone sees them; `iww.disclosure` in a notebook."""

from iww_analysis.disclosure.protect import Protected, protect, protected_marks
from iww_analysis.disclosure.rounding import limits, protected_count, protected_counts

__all__ = ["Protected", "limits", "protect", "protected_count", "protected_counts", "protected_marks"]
