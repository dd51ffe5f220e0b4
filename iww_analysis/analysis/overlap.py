"""Find cases that stand in two sources, and leave out of one what its card says is counted in the other.

By the keys of `tables/cells/overlap_keys.py`: a number, or the day of referral and a year of birth. `sql.py` says the same.
"""

from collections.abc import Iterable, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from itertools import combinations
from typing import NamedTuple

import pandas as pd

from iww_analysis.crosswalk.origin import OVERLAP, Origin
from iww_analysis.messages.errors import fail

CASE = ["source", "case_id"]
NUMBER, BIRTH, OTHER = OVERLAP  # what a card can say of another source
COLUMNS = {"cases": (*CASE, "number_key", "date_referral"), "case_persons": (*CASE, "birth_key")}  # that are looked at
EVIDENCE = ("same_day", "birth", "number")  # the strongest first: number and day, day and year of birth, number alone
COUNTED = "counted_in"  # the source in which a case counts, of one that is left out
REASON = "in_other_source"
Tables = Mapping[str, pd.DataFrame]


class Settled(NamedTuple):
    """What the card of `source` says: its cases that are found in `other` by this evidence count there."""

    source: str
    other: str
    by: str


class Overlap(NamedTuple):
    """How many cases of `source` are found in `other`, each once, by the strongest evidence there is.

    By number and day of referral, by that day and a year of birth, by number alone. `n_silent`: cases without a day, or of
    whom nobody's year of birth is known: of these only the number can be found. `said`: what a card says of them.
    """

    source: str
    other: str
    n_same_day: int
    n_birth: int
    n_number: int
    n_cases: int
    n_silent: int
    said: str = ""

    @property
    def n_found(self) -> int:
        """The cases that seem to stand in both."""
        return self.n_same_day + self.n_birth + self.n_number


def pairs_of(origins: Mapping[str, Origin]) -> list[tuple[str, str]]:
    """Registers that share a municipality, two by two: the one whose card says what of the other, or else was received last."""
    registers = [card for card in origins.values() if card.regime == "register"]
    pairs = []
    for one, two in combinations(sorted(registers, key=lambda card: (card.received, card.source)), 2):
        if {*one.municipality} & {*two.municipality}:
            first = (one, two) if two.source in one.overlap else (two, one)
            pairs.append((first[0].source, first[1].source))
    return pairs


def settled_by(origins: Mapping[str, Origin]) -> tuple[Settled, ...]:
    """What the cards of sources say of cases that count in another of them. Refuses cards that point at one another."""
    said = [(source, *each) for source, card in sorted(origins.items()) for each in sorted(card.overlap.items())]
    meant = tuple(Settled(*each) for each in said if each[2] in (NUMBER, BIRTH) and each[1] in origins)
    try:
        TopologicalSorter(
            {each.source: [m.other for m in meant if m.source == each.source] for each in meant}
        ).prepare()
    except CycleError as error:
        raise fail("overlap_round", sources=", ".join(sorted(set(error.args[1])))) from None
    return meant


def found(tables: Tables, source: str, other: str, said: str = "") -> Overlap:
    """Measure the cases of one source that seem to stand in another."""
    by = seen(tables, source, other)["by"].value_counts()
    cases, persons = _of(tables["cases"], source), _of(tables["case_persons"], source)
    silent = ~cases["case_id"].isin(persons.loc[persons["birth_key"].notna(), "case_id"])
    same_day, birth, number = (int(by.get(name, 0)) for name in EVIDENCE)
    return Overlap(source, other, same_day, birth, number, len(cases), int(silent.sum()), said)


def seen(tables: Tables, source: str, other: str) -> pd.DataFrame:
    """The cases of a source that seem to stand in another: case_id, case_id_other, `by` (the strongest evidence)."""
    numbers, births = by_number(tables, source, other), by_birth(tables, source, other)
    same_day, birth, number = EVIDENCE
    of_each = [numbers[numbers["same_day"]].assign(by=same_day), births.assign(by=birth), numbers.assign(by=number)]
    return pd.concat(of_each, ignore_index=True).drop_duplicates("case_id")[["case_id", "case_id_other", "by"]]


def by_number(tables: Tables, source: str, other: str) -> pd.DataFrame:
    """Pairs of cases with one number: case_id, case_id_other, same_day.

    Of a number that is of several cases in either source, such as one that was closed and reported again, only those of one day.
    """
    columns = ["case_id", "number_key", "date_referral"]
    here, there = (_of(tables["cases"], name)[columns].dropna(subset="number_key") for name in (source, other))
    pairs = here.merge(there, on="number_key", suffixes=("", "_other"))
    pairs["same_day"] = pairs["date_referral"] == pairs["date_referral_other"]
    return pairs.loc[pairs["same_day"] | _single(pairs), ["case_id", "case_id_other", "same_day"]]


def by_birth(tables: Tables, source: str, other: str) -> pd.DataFrame:
    """Pairs of cases (case_id, case_id_other) with one day of referral and a person of one year of birth in both.

    Only where one case of each source fits, of those that are not found by number and day.
    """
    found = by_number(tables, source, other).query("same_day")
    persons = tables["case_persons"][[*CASE, "birth_key"]].dropna(subset="birth_key").drop_duplicates()
    here, there = (_of(persons, name)[["case_id", "birth_key"]] for name in (source, other))
    here, there = here[~here["case_id"].isin(found["case_id"])], there[~there["case_id"].isin(found["case_id_other"])]
    pairs = here.merge(there, on="birth_key", suffixes=("", "_other"))
    pairs = pairs[["case_id", "case_id_other"]].drop_duplicates()
    return pairs[_single(pairs)]


def left_out(tables: Tables, said: Iterable[Settled]) -> pd.DataFrame:
    """The cases that count in another source: source, case_id and that source; one row per case."""
    frames = [pd.DataFrame(columns=[*CASE, COUNTED], dtype="str")]
    for source, other, by in said:
        pairs = by_number(tables, source, other)
        if by == BIRTH:
            pairs = pd.concat([pairs[pairs["same_day"]], by_birth(tables, source, other)])
        frames.append(pairs[["case_id"]].assign(source=source, **{COUNTED: other}))
    return pd.concat(frames, ignore_index=True).sort_values(COUNTED, kind="stable").drop_duplicates(CASE)


def of_question(said: Sequence[Settled], having: Iterable[str]) -> tuple[Settled, ...]:
    """What is settled among the sources that have rows in the table that a question counts."""
    there = set(having)
    return tuple(each for each in said if {each.source, each.other} <= there)


def _of(frame: pd.DataFrame, source: str) -> pd.DataFrame:
    return frame[frame["source"] == source]


def _single(pairs: pd.DataFrame) -> pd.Series:
    """Whether both cases of a pair are in no other pair."""
    return ~pairs["case_id"].duplicated(keep=False) & ~pairs["case_id_other"].duplicated(keep=False)
