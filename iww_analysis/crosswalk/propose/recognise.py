"""Recognise delivered sheets by what is in them, never by the file's name alone: the form and the headings."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import pairwise

import numpy as np
import pandas as pd

from iww_analysis import vocabulary
from iww_analysis.crosswalk.crosswalk import YEARS, Crosswalk, SheetCrosswalk
from iww_analysis.crosswalk.propose.column_profile import ENOUGH, ColumnProfile, with_meanings, words_of
from iww_analysis.crosswalk.propose.headings.by_words import propose_headings
from iww_analysis.crosswalk.propose.proposal import (
    BY_VALUES,
    GUESSED,
    MAYBE,
    SURE,
    HeadingProposal,
    ignored,
    kinds,
    not_read_because,
    options,
    part_beside,
    with_part,
)
from iww_analysis.messages.errors import Place
from iww_analysis.privacy.text.shapes import identifiers_in
from iww_analysis.tables import layout
from iww_analysis.tables.cells import dates
from iww_analysis.tables.raw_sheet import PROJECT_SUFFIXES

WIDE = 0.6  # of the widest row: how full a header is at least
CELLS, ROWS = 3, 3  # of which a table has as many at least
FEW = 0.2  # of the cells of a header: what may be a number, or a word that is found again below it


@dataclass(frozen=True)
class RecognisedSheet:
    """What a sheet is taken for.

    `form` is None when the sheet is not read: then `ignore` gives the reason, or nothing when the table is of no known
    kind. `crosswalk`: the entry that already speaks of it; proposals are then only of headings it lacks.
    `columns`: heading -> what stands under it in `n_rows` rows of data; `outside`: texts of title rows and footnotes.
    `pattern`: the names of file and sheet under which the crosswalk speaks of it, or will; `family`: the sheets of its file with
    which it is one table, itself included; none where it stands alone.
    """

    file: str
    sheet: str
    form: vocabulary.Form | None = None
    confidence: int = 0
    proposals: tuple[HeadingProposal, ...] = ()
    crosswalk: SheetCrosswalk | None = None
    columns: Mapping[str, ColumnProfile] = field(default_factory=dict)
    n_rows: int = 0
    outside: tuple[str, ...] = ()
    ignore: str = ""
    pattern: tuple[str, str] = ("", "")
    family: tuple["RecognisedSheet", ...] = ()

    @property
    def of_project(self) -> vocabulary.Form | None:
        """What the sheet is where the reader of REFI-QDA made it, which alone gave it its name and headings."""
        if not self.file.lower().endswith(PROJECT_SUFFIXES):
            return None
        return next((form for form in vocabulary.forms() if form.project_sheet == self.sheet), None)

    @property
    def anchor(self) -> str:
        """The table of which each row makes one record."""
        return self.crosswalk.anchor if self.crosswalk else self.form.one_row_is if self.form else ""

    def place(self, heading: str | None = None) -> Place:
        """Give the place of the sheet, or of a heading in it, for messages and questions."""
        return Place(self.file, self.sheet or None, column=heading)


def recognise(
    file: str, name: str, cells: pd.DataFrame, others: Sequence[Crosswalk], crosswalk: SheetCrosswalk | None = None, *,
    hidden: bool = False, numbers: Mapping[int, Mapping[str, str]] | None = None,
    meanings: Mapping[str, Mapping[str, str]] | None = None, ids: Mapping[int, np.ndarray] | None = None,
) -> RecognisedSheet:  # fmt: skip
    """Say what a sheet is; `others`: crosswalks of other sources, whose headings are known words here too.

    `numbers`: those behind the labels of a column, by its position; `meanings`: what the codes under a folded heading mean;
    `ids`: see `RawSheet`.
    """
    sheet = RecognisedSheet(file, name, crosswalk=crosswalk)
    if hidden:
        return replace(sheet, ignore=not_read_because("hidden"))
    known = crosswalk.known_headings if crosswalk else ()
    header = layout.header_row(cells, known) if known and len(cells) else find_header(cells)
    if header is None:
        return replace(sheet, ignore="" if crosswalk else not_read_because("no_table"))
    kinds = layout.row_kinds(cells, layout.header_of(cells, header), pd.Series(dtype=bool))
    rows = cells.loc[kinds == "read"]
    behind, meant, every = numbers or {}, meanings or {}, ids or {}
    columns = {
        heading: with_meanings(rows[at], codes) if (codes := meant.get(vocabulary.key(heading)))
        else ColumnProfile(rows[at], behind.get(at, {}), ids=every.get(at))
        for heading, at in layout.headings(cells, header).items()
    }  # fmt: skip
    aside = cells[kinds.isin(["title", "footnote"])].to_numpy().ravel()
    outside = tuple(text for text in aside if text.strip())
    return with_form(replace(sheet, columns=columns, n_rows=len(rows), outside=outside), others)


def passed_over_because(known: Crosswalk, file: str, name: str, cells: pd.DataFrame, *, hidden: bool) -> str | None:
    """Give the reason why the crosswalk passes over a sheet, if it does; `cells`: its first rows.

    A reason that `iww add` guessed (nothing but text on it, hidden) holds as long as it is true: next year's may hold a table.
    """
    reason, entry = known.ignored_because(file, name), known.sheet_for(file, name)
    meant = entry is not None and (bool(entry.sheet) or not hidden)  # a hidden sheet is read when it is named
    if reason == not_read_because("hidden"):
        return reason if hidden and not meant else None
    if reason == not_read_because("no_table"):
        headed = entry is not None and len(cells) > 1 and layout.header_row(cells, entry.known_headings) is not None
        return None if headed or holds_table(cells) else reason
    return None if meant else reason


def holds_table(cells: pd.DataFrame) -> bool:
    """Say whether the rows of a sheet are a table: a header, and something below it. Lists to choose words from are none."""
    return find_header(cells) is not None and not _holds_lists(cells)


def _holds_lists(cells: pd.DataFrame) -> bool:
    """Whether every column holds words of one list alone, from its first row, as the hidden sheet of our forms does."""
    columns = [{vocabulary.key(text) for text in cells[name].astype("str") if text.strip()} for name in cells]
    absent = {*vocabulary.read("missing").lookup}
    lists = [{*vocabulary.read(name).lookup} | absent for name in vocabulary.names()]
    return any(columns) and all(any(column <= words for words in lists) for column in columns)


def rows_of_no_table(why: str | None, cells: pd.DataFrame) -> int:
    """Count the rows of a sheet that is passed over as no table which look like rows of one; 0 where they are too few."""
    if why != not_read_because("no_table") or holds_table(cells):
        return 0
    n = int((layout.filled_cells(cells).sum(axis=1) >= CELLS).sum())
    return n if n >= ROWS else 0


def as_form(
    sheet: RecognisedSheet, form: vocabulary.Form, others: Sequence[Crosswalk], part: vocabulary.Form | None = None
) -> RecognisedSheet:
    """A sheet that is surely of a form: what the headings mean that the crosswalk lacks, the first of those that are alike.

    `part`: what each row tells beside it, as of a list of cases that has a row per goal.
    """
    known = sheet.crosswalk.columns if sheet.crosswalk else {}
    passed = set(map(vocabulary.key, sheet.crosswalk.known_headings if sheet.crosswalk else ()))
    new: dict[str, ColumnProfile] = {}
    for heading, profile in sheet.columns.items():
        if vocabulary.key(heading) not in passed:
            passed.add(vocabulary.key(heading))
            new[heading] = profile
    there = set(map(vocabulary.key, sheet.columns))  # a heading that is gone can have got another name
    taken = {
        replace(target, split=""): heading
        for heading, targets in known.items() if vocabulary.key(heading) in there for target in targets
    }  # fmt: skip
    asked = {
        heading: profile
        for heading, profile in new.items()
        if not (sheet.of_project and _is_unread(heading, profile, form))
    }
    meanings = with_part(form, part, others) if part else options(form, others)
    found = {each.heading: each for each in propose_headings(asked, meanings, form, taken)}
    unread = ignored("project", BY_VALUES)
    proposals = (found.get(heading, HeadingProposal(heading, profile, (unread,))) for heading, profile in new.items())
    return replace(sheet, form=form, confidence=SURE, proposals=tuple(proposals))


def _is_unread(heading: str, profile: ColumnProfile, form: vocabulary.Form) -> bool:
    """Whether a heading of a project fills no field; a remark that is a yes or no can say that a quote is cleared."""
    answers = profile.numbers < ENOUGH <= profile.known(words_of("yes_no"))[1]
    return heading in form.unread and not answers


def not_read(sheet: RecognisedSheet, why: str) -> RecognisedSheet:
    """The same sheet, as a person says that it is not to be read, or that nobody knows what it is."""
    return replace(sheet, form=None, ignore=not_read_because(why))


def find_header(frame: pd.DataFrame) -> int | None:
    """Find the header of a sheet whose headings may all be strange: the first wide row of distinct words, no numbers or days.

    A row just below it that holds more known headings is preferred: above the header may stand a row of groups.
    """
    top = frame.head(layout.HEADER_WITHIN)
    filled = (top.map(str.strip) != "").sum(axis=1)
    if len(frame) < 2 or filled.max() < 2:
        return None
    wide = [row for row in top.index if filled[row] >= max(2, WIDE * filled.max()) and _like_headings(frame, row)]
    near = [row for row in wide if row <= wide[0] + layout.NEAR and (frame.index > row).any()]
    hits = {row: len(_known_headings() & {vocabulary.key(text) for text in top.loc[row].astype("str")}) for row in near}
    return max(near, key=lambda row: (hits[row], -row), default=None)


def _like_headings(frame: pd.DataFrame, row: int) -> bool:
    """Whether a row holds distinct words, no numbers, days or identifiers, and none that its own column holds again."""
    texts = {column: text.strip() for column, text in frame.loc[row].items() if text.strip()}
    if any(map(identifiers_in, texts.values())):
        return False
    read = dates.date_reader("dmy")
    digits = {text: text.replace(",", "").replace(".", "").isdigit() for text in texts.values()}
    years = _years([*texts.values()])
    numbers = sum((digits[text] or read(text)[0] is not None) and text not in years for text in texts.values())
    below = frame[(frame.index > row) & (frame != frame.loc[row]).any(axis=1)]
    again = sum(bool((below[column].str.strip() == text).any()) for column, text in texts.items())
    few = FEW * len(texts)
    return numbers <= few and again <= few and len(set(texts.values())) >= len(texts) / 2


def _years(texts: Sequence[str]) -> set[str]:
    """The texts that are years, one after another: a column per year is headed so."""
    years = [text for text in texts if re.fullmatch(r"(?:19|20)\d\d", text)]
    in_order = len(years) > 1 and all(int(later) == int(year) + 1 for year, later in pairwise(years))
    return {*years} if in_order else set()


@cache
def _known_headings() -> frozenset[str]:
    meanings = [heading.words for heading in vocabulary.headings()]
    identifiers = [identifier.words for identifier in vocabulary.identifiers()]
    return frozenset(vocabulary.key(word) for words in meanings + identifiers for word in words)


def with_form(sheet: RecognisedSheet, others: Sequence[Crosswalk]) -> RecognisedSheet:
    """Choose the form: the first of which all telling fields are surely found, else the one that explains most columns."""
    if sheet.crosswalk:
        of_table = [form for form in kinds() if form.one_row_is == sheet.anchor]
        alike = [form for form in of_table if form.a_column_is == sheet.crosswalk.a_column_is]
        form = next(iter([*alike, *of_table]), None)
        return as_form(sheet, form, others, part_beside(form, sheet.crosswalk)) if form else sheet
    if sheet.of_project:
        return as_form(sheet, sheet.of_project, others)
    likely, several = [], None
    for form in vocabulary.forms():
        as_this = as_form(sheet, form, others)
        confidences = [
            (target.field, c.confidence) for p in as_this.proposals for c in p.candidates for target in c.targets
        ]
        telling = [[sure for field, sure in confidences if field == name] for name in form.recognised_by]
        least = min(max(each, default=0) for each in telling)
        n_sure = sum(bool(p.sure and p.sure.targets) for p in as_this.proposals)
        as_this = replace(as_this, confidence=max(least, MAYBE))
        if least >= SURE and n_sure >= 2:
            if not _holds_several(as_this):
                return as_this
            several = several or as_this
        if least >= GUESSED or n_sure >= 2:
            likely.append((n_sure, least, as_this))
    if several:
        return several
    best = max(likely, key=lambda each: each[:2], default=None)
    return replace(best[2], confidence=min(best[2].confidence, SURE - 1)) if best else sheet


def _holds_several(sheet: RecognisedSheet) -> bool:
    """Whether a cell of what a row is holds several words, on lines: then a row is something else, that has several of them."""
    own = [p for p in sheet.proposals if p.sure and any(target.table == sheet.anchor for target in p.sure.targets)]
    return any("\n" in text.strip() for p in own for text in p.profile.distinct if not p.profile.is_free_text)


def file_pattern(name: str) -> str:
    """Make the pattern that next year's file will fit too: dates, years and long numbers become a star."""
    stem, dot, suffix = name.rpartition(".")
    loose = re.sub(r"\d{4,}(?:[-_. ]*\d+)*|\d{1,2}[-_.]\d{1,2}[-_.]\d{2,4}", "*", literal(stem if dot else name))
    return re.sub(r"\*+", "*", loose) + (f".{suffix}" if dot else "")


def sheet_pattern(name: str) -> str:
    """Make the pattern for a sheet's name: years become a star, other numbers tell sheets apart and stay.

    A name that is nothing but years becomes digits: a star alone would be every sheet of the file.
    """
    loose = re.sub(YEARS, "*", literal(name))
    return re.sub(r"\d", "[0-9]", name) if loose == "*" else loose


def literal(name: str) -> str:
    """Write a name so that it fits itself alone, as a pattern."""
    return re.sub(r"([*?[])", r"[\1]", name)
