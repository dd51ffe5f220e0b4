"""Protect numbers before anyone sees them; `iww.disclosure` in a notebook."""

from iww_analysis.disclosure.protect import Protected, Rule, protect
from iww_analysis.disclosure.public_names import PublicNames
from iww_analysis.disclosure.public_numbers import consent_sentence
from iww_analysis.disclosure.rounding import limits, protected_count

__all__ = ["Protected", "PublicNames", "Rule", "consent_sentence", "limits", "protect", "protected_count"]
