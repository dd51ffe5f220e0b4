"""Say what the tables of a study must be: the nouns of the field, each with its tables."""

from collections.abc import Mapping
from types import ModuleType

from iww_analysis.tables import arena, cases, interviews, meetings, outcomes, teams
from iww_analysis.tables.statement import Table

NOUNS: tuple[ModuleType, ...] = (cases, meetings, outcomes, interviews, arena, teams)
TABLES: Mapping[str, Table] = {table.name: table for noun in NOUNS for table in noun.TABLES}
