"""Say what the tables of a study must be: the nouns of the field, of which each declares its tables in one file."""

import tomllib
from collections.abc import Mapping
from importlib.resources import files
from typing import NamedTuple

from iww_analysis.tables.statement import Table, read_tables


class Noun(NamedTuple):
    """A noun of the field: what it is `about`, and its tables."""

    about: str
    tables: tuple[Table, ...]


def _noun(name: str) -> Noun:
    declared = tomllib.loads(files(__package__).joinpath(f"{name}.toml").read_text(encoding="utf-8"))
    return Noun(declared["about"], read_tables(declared))


NOUNS: Mapping[str, Noun] = {n: _noun(n) for n in ("cases", "meetings", "outcomes", "interviews", "arena", "teams")}
TABLES: Mapping[str, Table] = {table.name: table for noun in NOUNS.values() for table in noun.tables}
