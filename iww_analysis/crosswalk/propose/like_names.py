"""Find names without a list that are written like a commoner one: a slip of the pen makes a panel or mark of its own."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from rapidfuzz.distance import OSA

from iww_analysis import vocabulary
from iww_analysis.crosswalk.crosswalk import NAMED, Crosswalk, SheetCrosswalk
from iww_analysis.crosswalk.propose.linkage import texts_under
from iww_analysis.crosswalk.propose.unknown_words import shown
from iww_analysis.messages.errors import Message, Place
from iww_analysis.tables.cells.cell_readers import tidy
from iww_analysis.tables.cells.missing import missing_reason
from iww_analysis.tables.raw_sheet import RawSheet

FAR = 5  # times as often: the commoner of two names that differ in letters
SHORT, LONG = 4, 8  # letters of a word from which one may differ, and two
HIDDEN = "…"  # in place of what may point out a person

Sheets = Iterable[tuple[RawSheet, SheetCrosswalk]]


class LikeName(NamedTuple):
    """A name with the commoner one that it is written like, and in how many rows each stands. `place`: the first of it."""

    column: str
    name: str
    n: int
    like: str
    n_like: int
    place: Place

    @property
    def may_be_shown(self) -> bool:
        """Whether neither can point out a person."""
        return all(shown([self.name, self.like], proper=True))

    @property
    def words(self) -> dict[str, object]:
        """What fills the gaps of a sentence on it."""
        name, like = (self.name, self.like) if self.may_be_shown else (HIDDEN, HIDDEN)
        return {"found": name, "n": self.n, "like": like, "n_like": self.n_like, "names": f"names.{self.column}"}

    @property
    def message(self) -> Message:
        """Say that it counts by itself as long as nobody says whether it is the other."""
        return Message("name_like", self.place, self.words)


def like_names(sheets: Sheets, crosswalk: Crosswalk) -> Iterator[LikeName]:
    """Give the names of a source that are like a commoner one, and of which its crosswalk does not say yet if they are it."""
    counts = {column: Counter[str]() for column in NAMED}
    first = dict[tuple[str, str], Place]()
    for raw, entry in sheets:
        for column, heading, texts in _names(raw, entry):
            for name, n in texts.items():
                said = crosswalk.names.get(column, {}).get(name, name)
                counts[column][said] += n
                first.setdefault((column, said), Place(raw.file, raw.name or None, column=heading or None))
    for column, of_column in counts.items():
        told = crosswalk.names.get(column, {})
        ordered = sorted(of_column, key=lambda name, of=of_column: (-of[name], name))  # type: ignore[misc]
        for number, name in enumerate(ordered):
            like = next((other for other in ordered[:number] if is_like(name, other, of_column)), None)
            if like and name not in told:
                yield LikeName(column, name, of_column[name], like, of_column[like], first[column, name])


def is_like(name: str, other: str, n_of: Mapping[str, int]) -> bool:
    """Whether a name can be a slip of the pen of another: case, spaces and dashes, or a letter or two of a far commoner one.

    Numbers and short words tell names apart: Team 1 and Team 2, Team A and Team B, Oost and West.
    """
    ours, theirs = (vocabulary.fold(text).split() for text in (name, other))
    if "".join(ours) == "".join(theirs):
        return True
    same_numbers = re.findall(r"\d+", name) == re.findall(r"\d+", other)
    pairs = list(zip(ours, theirs, strict=False)) if len(ours) == len(theirs) else [("".join(ours), "".join(theirs))]
    return n_of[other] >= FAR * n_of[name] and same_numbers and all(_is_near(*pair) for pair in pairs)


def _is_near(word: str, other: str) -> bool:
    shorter = min(len(word), len(other))
    return OSA.distance(word, other) <= (shorter >= SHORT) + (shorter >= LONG)


def _names(raw: RawSheet, entry: SheetCrosswalk) -> Iterator[tuple[str, str, Counter[str]]]:
    """The columns of names of a sheet: which, under which heading (none: its own name), and in how many rows each name stands."""
    columns = {h: c for h, targets in entry.columns.items() for c in NAMED if c in [t.column for t in targets]}
    for heading, texts in texts_under(raw, entry, columns) if columns else ():
        counts = Counter[str]()
        for text, n in texts.value_counts(sort=False).items():
            if missing_reason(str(text)) is None:
                counts[tidy(str(text))] += int(n)
        yield columns[heading], heading, counts
    for column, text in entry.named(raw.name).items():
        if column in NAMED:
            yield column, "", Counter({tidy(text): len(raw.cells)})
