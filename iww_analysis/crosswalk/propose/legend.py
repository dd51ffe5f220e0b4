"""Find the sheets that say what the codes in other sheets mean: variable, code and meaning, or code and meaning of one list."""

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from iww_analysis import vocabulary
from iww_analysis.crosswalk.propose.column_profile import ENOUGH, MOST, pieces_of, plain_code
from iww_analysis.crosswalk.propose.recognise import find_header
from iww_analysis.tables import TABLES, layout
from iww_analysis.tables.cells.missing import missing_reason
from iww_analysis.tables.raw_sheet import RawSheet

MOST_LINES, MOST_COLUMNS = 500, 8  # of a sheet that says what codes mean
SHORT = 4  # signs; what is longer is a word, and no code
NAMES = 5  # letters of a heading that may be a part of another word: "Codes afsluitredenen"
HEADER_AMONG = 200  # rows


@dataclass(frozen=True)
class Legends:
    """What codes mean. `sheets`: file and name of those that say it; `meanings`: folded heading -> code, plain -> meaning."""

    sheets: frozenset[tuple[str, str]] = frozenset()
    meanings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


Meanings = dict[str, dict[str, str]]


def find_legends(sheets: Sequence[RawSheet]) -> Legends:
    """Find what some sheets of a delivery say of the codes under headings of the others; two that differ say nothing."""
    small = [sheet for sheet in sheets if 1 < len(sheet.cells) <= MOST_LINES]
    if len(sheets) < 2 or not small:
        return Legends()
    tables = {(sheet.file, sheet.name): _table(sheet.cells) for sheet in sheets}
    found: dict[tuple[str, str], Meanings] = {}
    for sheet in small:
        place = (sheet.file, sheet.name)
        others = [table for other, table in tables.items() if other != place and table is not None]
        table = tables[place]
        if table is not None and 2 <= len(table.columns) <= MOST_COLUMNS:
            said = _of_variables(table, others) or _of_lists(table, sheet.name or sheet.file, others)
            found |= {place: said} if said else {}
    return Legends(frozenset(found), _together(found.values()))


def _together(said: Iterable[Meanings]) -> Meanings:
    every: dict[str, dict[str, set[str]]] = {}
    for meanings in said:
        for heading, codes in meanings.items():
            for code, meaning in codes.items():
                every.setdefault(heading, {}).setdefault(code, set()).add(meaning)
    return {h: {c: next(iter(m)) for c, m in codes.items() if len(m) == 1} for h, codes in every.items()}


def _table(cells: pd.DataFrame) -> pd.DataFrame | None:
    """The rows below the header, by heading."""
    header = find_header(cells.head(HEADER_AMONG))
    if header is None:
        return None
    positions = layout.headings(cells, header)
    rows = cells.loc[header + 1 :, list(positions.values())].set_axis(list(positions), axis=1)
    return rows.astype("str")


def _of_variables(table: pd.DataFrame, others: Sequence[pd.DataFrame]) -> Meanings:
    """What a table with a column of variables says; a variable can stand on its first line alone."""
    headings = {vocabulary.key(str(heading)) for other in others for heading in other}
    for variable, code in itertools.permutations(map(str, table), 2):
        names = table[variable].str.strip().replace("", None).ffill().fillna("").map(vocabulary.key)
        known = [name for name in dict.fromkeys(names) if name in headings]
        lines = table[(table[code].str.strip() != "") & (names != "")]
        meaning = _meaning(lines, [variable, code])
        if not known or meaning is None or not _are_codes(lines[code]):
            continue
        if pd.DataFrame({"of": names[lines.index], "code": lines[code].map(plain_code)}).duplicated().any():
            continue
        said = {name: _said(lines[names[lines.index] == name], code, meaning) for name in known}
        covered = {name: codes for name, codes in said.items() if codes and _covers(codes, name, others)}
        if covered and len(covered) >= ENOUGH * sum(map(bool, said.values())):
            return covered
    return {}


def _of_lists(table: pd.DataFrame, name: str, others: Sequence[pd.DataFrame]) -> Meanings:
    """What pairs of columns say, code and meaning, of the heading that they or their sheet are named after."""
    found: Meanings = {}
    pairs = list(zip(table.columns[::2], table.columns[1::2], strict=False))
    for code, meaning in pairs:
        lines = table[table[code].str.strip() != ""]
        if not _are_codes(lines[code]) or _meaning(lines[[code, meaning]], [code]) is None:
            return {}
        if lines[code].map(plain_code).duplicated().any():
            return {}
        said = _said(lines, code, meaning)
        names = [code, meaning, *([name] if len(pairs) == 1 else [])]
        found |= {
            each: said
            for each in _named(names, others)
            if _covers(said, each, others) and _come_again(said, each, others)
        }
    return found


def _meaning(lines: pd.DataFrame, others: Sequence[str]) -> str | None:
    """The column of a table in which nearly every line has words of its own."""
    for name in (name for name in map(str, lines) if name not in others):
        texts = lines[name].str.strip()
        filled = texts[texts != ""]
        worded = filled.str.contains(r"[^\W\d_]", regex=True)
        if len(filled) >= max(2, MOST * len(lines)) and worded.mean() >= MOST and len({*filled}) > 1:
            return name
    return None


def _are_codes(texts: pd.Series) -> bool:
    """Whether most of them are short, or numbers."""
    plain = texts.map(plain_code)
    return len(plain) > 1 and bool((plain.str.isdigit() | (plain.str.len() <= SHORT)).mean() >= MOST)


def _said(lines: pd.DataFrame, code: str, meaning: str) -> dict[str, str]:
    texts = zip(lines[code].map(plain_code), lines[meaning].map(lambda text: " ".join(text.split())), strict=True)
    return {each: meant for each, meant in texts if meant}


def _codes_under(heading: str, others: Sequence[pd.DataFrame], known: Mapping[str, str]) -> Counter[str]:
    """The codes in the cells under a heading of any table, plain, with how often they stand there; no words for missing."""
    n_of: Counter[str] = Counter()
    for cells in (other[name] for other in others for name in other if vocabulary.key(str(name)) == heading):
        for text, n in cells[cells.str.strip() != ""].value_counts().items():
            for piece in pieces_of(str(text), known):
                if plain_code(piece) in known or not missing_reason(piece):
                    n_of[plain_code(piece)] += int(n)
    return n_of


def _covers(codes: Mapping[str, str], heading: str, others: Sequence[pd.DataFrame]) -> bool:
    """Whether what stands under a heading are these codes."""
    there = {*_codes_under(heading, others, codes)}
    return bool(there) and len(there & {*codes}) >= MOST * len(there)


def _come_again(codes: Mapping[str, str], heading: str, others: Sequence[pd.DataFrame]) -> bool:
    """Whether codes come more than once under a heading: numbers that were given out to rows do not."""
    there = _codes_under(heading, others, codes)
    return len(there) < MOST * there.total()


def _named(names: Sequence[str], others: Sequence[pd.DataFrame]) -> list[str]:
    """The folded headings, no numbers of records, that stand in one of some names."""
    headings = dict.fromkeys(vocabulary.key(str(heading)) for other in others for heading in other)
    keys = {vocabulary.key(word) for each in vocabulary.headings() if _is_key(each.to[0]) for word in each.words}
    padded = [f" {vocabulary.key(re.sub(r'[_.]', ' ', name))} " for name in names]
    return [
        h
        for h in headings
        if h and h not in keys and any(f" {h} " in n or (len(h) >= NAMES and h in n) for n in padded)
    ]


def _is_key(field: str) -> bool:
    table, _, column = field.partition(".")
    return TABLES[table][column].kind == "key"
