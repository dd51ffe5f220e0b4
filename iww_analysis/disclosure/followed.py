"""List which followed cases are alone with what figures tell of them, and propose what to tell more coarsely: a person decides.

A case is held against all cases of the registers that follow any, by what F06, F07, T02 and T09 tell (`followed.toml`). One of
which a characteristic is not recorded may have it, so it is alike. What is told in words (quotes, themes) only a person can
weigh. docs/formats/followed.md says how the list is read and decided on.
"""

import csv
import hashlib
import io
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from importlib.resources import files
from itertools import chain, combinations, product
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from iww_analysis.analysis.declared import questions
from iww_analysis.analysis.finding import ask
from iww_analysis.analysis.questions.displays import followed_elsewhere
from iww_analysis.analysis.questions.pathways import followed
from iww_analysis.analysis.study import Study
from iww_analysis.messages import sentences
from iww_analysis.messages.errors import Lang
from iww_analysis.tables.cells.missing import is_missing

NAME = "followed.csv"
_DECLARED = tomllib.loads(files(__package__).joinpath("followed.toml").read_text(encoding="utf-8"))
LEAST: int = _DECLARED["least"]
TOLD: Mapping[str, Mapping[str, Any]] = _DECLARED["characteristic"]
_COLUMNS = ("source", "case", "n_alike", "alone_on", "proposal", "n_then", "told")
_TO_FILL = ("decision", "by", "on")
_NO_REGISTER = -1  # cases alike, of one that stands in no register
_EXACT, _CLASS, _LEFT_OUT = range(3)  # how coarsely a characteristic is told
# Every way to tell all of them, the fewest steps first.
_CHOICES = sorted(
    product(*((_EXACT, _CLASS, _LEFT_OUT) if "bounds" in rule else (_EXACT, _LEFT_OUT) for rule in TOLD.values())),
    key=lambda coarse: (sum(coarse), coarse),
)

Decisions = Mapping[
    tuple[str, str], tuple[str, str]
]  # source and case -> the mark of what was told, and what was decided


def told_of(study: Study) -> pd.DataFrame:
    """What figures can tell of each case of the registers that follow any: source, case ("" where not followed), and TOLD."""
    cases, meetings = ask("alike", questions("alike"), study.only(*followed(study)).tables).parts
    key = ["source", "case_id"]
    together = cases.numbers.merge(meetings.numbers.drop(columns="municipality"), on=key, how="left")
    return together.assign(
        case=together["case"].fillna(""), n_meetings=together["n_meetings"].fillna(0).astype("int64")
    )


def alone(told: pd.DataFrame) -> pd.DataFrame:
    """The list: per followed case how many are alike, the fewest characteristics with which it is alone, and a proposal.

    `coarser`, `left_out`: what to tell so or not at all, so that `n_then` are alike, in the fewest steps: to leave out is two,
    and what is least known to others goes first. `told`: the mark of what is told of it.
    """
    lines = [_line(told, int(at)) for at in np.flatnonzero(told["case"].ne(""))]
    columns = ("source", "case", "n_alike", "alone_on", "coarser", "left_out", "n_then", "told")
    return pd.DataFrame(lines, columns=columns).sort_values(["source", "case"], ignore_index=True)


def _line(told: pd.DataFrame, at: int) -> tuple[Any, ...]:
    own = told.iloc[at]
    needed = np.column_stack([_needed(told[name], at, rule.get("bounds")) for name, rule in TOLD.items()])
    steps, times = np.unique(needed, axis=0, return_counts=True)

    def alike(places: Sequence[int], coarse: Sequence[int]) -> int:
        return int(times[(steps[:, places] <= coarse).all(axis=1)].sum())

    everything = range(len(TOLD))
    subsets = chain.from_iterable(combinations(everything, n) for n in range(1, len(TOLD) + 1))
    alone_on = next((found for found in subsets if alike(found, [_EXACT] * len(found)) == 1), ())
    chosen = next(coarse for coarse in _CHOICES if alike(everything, coarse) >= min(LEAST, len(told)))
    coarser, left_out = (
        tuple(name for name, n in zip(TOLD, chosen, strict=True) if n == way) for way in (_CLASS, _LEFT_OUT)
    )
    n_alike = alike(everything, [_EXACT] * len(TOLD))
    names = tuple(list(TOLD)[place] for place in alone_on)
    return (own["source"], own["case"], n_alike, names, coarser, left_out, alike(everything, chosen), _mark(own))


def _needed(column: pd.Series, at: int, bounds: Sequence[int] | None) -> npt.NDArray[np.int_]:
    """How coarsely a characteristic must be told for each case to be as this one; one that is not recorded is as any."""
    unknown = column.isna() | is_missing(column)
    same = column.eq(column.iloc[at]).fillna(False).astype(bool)
    in_class = _classes(column, bounds).eq(_classes(column, bounds).iloc[at]) if bounds else same
    return np.select([(same | unknown).to_numpy(), in_class.to_numpy()], [_EXACT, _CLASS], _LEFT_OUT)


def _classes(numbers: pd.Series, bounds: Sequence[int]) -> pd.Series:
    """The class of each number, by its place; one that is missing has none, and no other is in it."""
    return pd.Series(np.digitize(numbers.astype("float64"), bounds), index=numbers.index).where(numbers.notna())


def _mark(own: pd.Series) -> str:
    """A short hash of what is told of a case: a decision holds for that alone."""
    return hashlib.sha256("|".join(f"{name}={own[name]}" for name in TOLD).encode()).hexdigest()[:12]


def listed(study: Study) -> pd.DataFrame:
    """The whole list of a study; the cases that stand in no register last, for they cannot be counted."""
    others = [(source, case, _NO_REGISTER, (), (), (), _NO_REGISTER, "") for source, case in followed_elsewhere(study)]
    known = alone(told_of(study))
    return pd.concat([known, pd.DataFrame(others, columns=known.columns)], ignore_index=True) if others else known


# --- the file that a person reads and fills in ----------------------------------------------------------------------


def as_csv(lines: pd.DataFrame, lang: Lang) -> bytes:
    """The list as a file for a spreadsheet, with columns to fill in; with nobody followed there is none: no bytes."""
    words, out = sentences.read("followed"), io.StringIO()
    if lines.empty:
        return b""
    writer = csv.writer(out, delimiter=";" if lang == "nl" else ",", lineterminator="\r\n")
    writer.writerow(words["column"][name][lang] for name in (*_COLUMNS, *_TO_FILL))
    for line in lines.to_dict("records"):
        n_alike, n_then = ("" if line[name] == _NO_REGISTER else line[name] for name in ("n_alike", "n_then"))
        proposal = "; ".join(_proposed(line, lang))
        row = (line["source"], line["case"], n_alike, _named(line["alone_on"], lang), proposal, n_then, line["told"])
        writer.writerow([*row, *[""] * len(_TO_FILL)])
    return out.getvalue().encode("utf-8-sig")


def _proposed(line: Mapping[Any, Any], lang: Lang) -> Iterator[str]:
    words = sentences.read("followed")["proposal"]
    if line["n_alike"] == _NO_REGISTER:
        yield words["no_register"][lang]
    elif not (line["coarser"] or line["left_out"]):
        yield words["none"][lang]
    for name in ("coarser", "left_out"):
        if line[name]:
            yield sentences.filled(words[name][lang], what=_named(line[name], lang))


def _named(names: Sequence[str], lang: Lang) -> str:
    return ", ".join(str(TOLD[name][lang]) for name in names)


def undecided(list_: bytes, filled_in: bytes) -> tuple[tuple[str, str], ...]:
    """Source and label of the cases that may not leave yet: fewer than LEAST are alike, and nobody agreed to what is told now.

    `list_`: the list of a report; `filled_in`: one on which a person decided (no bytes: nobody did). Agreed is a decision by the
    mark of what is told, with who and when; one about other numbers, or any other word, opens nothing.
    """
    agreed = {words.casefold() for words in sentences.read("followed")["decision"]["agreed"].values()}
    signed = {who: row for who, row in _rows(filled_in).items() if row["by"] and row["on"]}
    decided = {who: row["told"] for who, row in signed.items() if row["decision"].casefold() in agreed}
    few = ((who, row["told"]) for who, row in _rows(list_).items() if int(row["n_alike"] or 0) < LEAST)
    return tuple(who for who, told in few if decided.get(who) != told)


def _rows(content: bytes) -> Mapping[tuple[str, str], Mapping[str, str]]:
    """The lines of a list by source and case, in either language and as any spreadsheet saves it."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252")
    columns = sentences.read("followed")["column"]
    known = {words[lang]: name for name, words in columns.items() for lang in ("nl", "en")}
    lines = csv.reader(io.StringIO(text), delimiter=max(";,\t", key=text.partition("\n")[0].count))
    names = [known.get(heading.strip(), "") for heading in next(lines, [])]
    rows = (dict.fromkeys(columns, "") | dict(zip(names, map(str.strip, cells), strict=False)) for cells in lines)
    return {(row["source"], row["case"]): row for row in rows}
