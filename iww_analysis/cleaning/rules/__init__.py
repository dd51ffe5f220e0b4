"""Apply the rules of each noun: one module per noun, each with `clean` for a batch and, where it must, `settle` for all."""

from types import ModuleType

from iww_analysis.cleaning.rules import arena, cases, interviews, meetings, outcomes, teams

NOUNS: tuple[ModuleType, ...] = (cases, meetings, outcomes, interviews, arena, teams)
