"""Recognise delivered sheets by what is in them, never by the file's name alone: the form, headings and codes."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from typing import NamedTuple

import pandas as pd

from iww_analysis import privacy, vocabulary
from iww_analysis.crosswalk.crosswalk import OPEN, Crosswalk, SheetCrosswalk, Target
from iww_analysis.crosswalk.propose import column_profile
from iww_analysis.crosswalk.propose.column_profile import Look
from iww_analysis.crosswalk.propose.heading_match import GUESSED, MAYBE, Matcher
from iww_analysis.crosswalk.propose.proposal import SURE, Proposal, Why, options, texts
from iww_analysis.tables import TABLES, layout
from iww_analysis.tables.cells import cell_readers

WIDE = 0.6  # of the widest row: how full a header is at least
FEW = 0.2  # of the cells of a header: what may be a number, or a word that is found again below it
NEAR = 3  # rows below the first wide row in which a better header may stand


@dataclass(frozen=True)
class Guess:
    """What a sheet is taken for.

    `form` is None when the sheet is not read: then `ignore` gives the reason, or nothing when the table is of no known
    kind. `walk`: the entry of the crosswalk that already speaks of it; proposals are then only of headings it lacks.
    `rows`: the rows of data, a column per heading; `outside`: texts of title rows and footnotes.
    """

    file: str
    sheet: str
    form: vocabulary.Form | None = None
    confidence: int = 0
    proposals: tuple[Proposal, ...] = ()
    walk: SheetCrosswalk | None = None
    rows: pd.DataFrame = field(default_factory=pd.DataFrame)
    outside: tuple[str, ...] = ()
    ignore: str = ""

    @cached_property
    def under(self) -> Mapping[str, Look]:
        """What stands under each heading."""
        return {str(name): Look(self.rows[name]) for name in self.rows}

    @property
    def anchor(self) -> str:
        """The table of which each row makes one record."""
        return self.walk.anchor if self.walk else self.form.one_row_is if self.form else ""


class WordGuess(NamedTuple):
    """An unknown word of a code column: what it may mean. `word` is empty for the words that may not be shown."""

    heading: str
    list: str
    word: str
    code: str
    confidence: int
    why: Why
    n: int
    nearest: str = ""


def recognise(
    file: str,
    sheet: str,
    frame: pd.DataFrame,
    others: Sequence[Crosswalk],
    walk: SheetCrosswalk | None = None,
    *,
    hidden: bool = False,
) -> Guess:
    """Say what a sheet is; `others`: crosswalks of other sources, whose headings are known words here too."""
    if hidden:
        return Guess(file, sheet, ignore=texts()["ignore"]["hidden"]["nl"])
    known = walk.known_headings if walk else ()
    header = layout.header_row(frame, known) if known and len(frame) else find_header(frame)
    if header is None:
        return Guess(file, sheet, walk=walk, ignore="" if walk else texts()["ignore"]["no_table"]["nl"])
    kinds = layout.row_kinds(frame, header, pd.Series(dtype=bool))
    positions = layout.headings(frame, header)
    rows = frame.loc[kinds == "read", list(positions.values())].set_axis(list(positions), axis=1)
    aside = frame[kinds.isin(["title", "footnote"])].to_numpy().ravel()
    given = Guess(file, sheet, walk=walk, rows=rows, outside=tuple(text for text in aside if text.strip()))
    return _with_form(given, others)


def as_form(guess: Guess, form: vocabulary.Form, others: Sequence[Crosswalk]) -> Guess:
    """A sheet as the form that a person says it is."""
    return replace(guess, form=form, confidence=SURE, proposals=_proposals(guess, form, others))


def find_header(frame: pd.DataFrame) -> int | None:
    """Find the header of a sheet whose headings may all be strange: the first wide row of distinct words, no numbers or days.

    A row just below it that holds more known headings is preferred: above the header may stand a row of groups.
    """
    top = frame.head(layout.HEADER_WITHIN)
    filled = (top.map(str.strip) != "").sum(axis=1)
    if len(frame) < 2 or filled.max() < 2:
        return None
    wide = [row for row in top.index if filled[row] >= max(2, WIDE * filled.max()) and _like_headings(frame, row)]
    near = [row for row in wide if row <= wide[0] + NEAR and (frame.index > row).any()]
    hits = {row: len(_known_headings() & {vocabulary.key(text) for text in top.loc[row].astype("str")}) for row in near}
    return max(near, key=lambda row: (hits[row], -row), default=None)


def _like_headings(frame: pd.DataFrame, row: int) -> bool:
    """Whether a row holds distinct words, no numbers, days or identifiers, and none that its own column holds again."""
    cells_of_row = {column: text.strip() for column, text in frame.loc[row].items() if text.strip()}
    if any(map(privacy.identifiers_in, cells_of_row.values())):
        return False
    read = cell_readers.date_reader("dmy")
    numbers = sum(
        text.replace(",", "").replace(".", "").isdigit() or read(text)[0] is not None for text in cells_of_row.values()
    )
    below = frame[(frame.index > row) & (frame != frame.loc[row]).any(axis=1)]
    again = sum(bool((below[column].str.strip() == text).any()) for column, text in cells_of_row.items())
    few = FEW * len(cells_of_row)
    return numbers <= few and again <= few and len(set(cells_of_row.values())) > len(cells_of_row) / 2


@cache
def _known_headings() -> frozenset[str]:
    meanings = [heading.words for heading in vocabulary.headings()]
    identifiers = [identifier.words for identifier in vocabulary.identifiers()]
    return frozenset(vocabulary.key(word) for words in meanings + identifiers for word in words)


def _with_form(given: Guess, others: Sequence[Crosswalk]) -> Guess:
    """Choose the form: the first of which all telling fields are surely found, else the one that explains most columns."""
    if given.walk:
        form = next((form for form in vocabulary.forms() if form.one_row_is == given.anchor), None)
        return as_form(given, form, others) if form else given
    likely = []
    for form in vocabulary.forms():
        proposals = _proposals(given, form, others)
        least, n_sure = _telling(form, proposals), sum(bool(p.sure and p.sure.targets) for p in proposals)
        guess = replace(given, form=form, confidence=max(least, MAYBE), proposals=proposals)
        if least >= SURE and n_sure >= 2:
            return guess
        if least >= GUESSED or n_sure >= 2:
            likely.append((n_sure, least, guess))
    best = max(likely, key=lambda g: g[:2], default=None)
    return replace(best[2], confidence=min(best[2].confidence, SURE - 1)) if best else given


def _proposals(given: Guess, form: vocabulary.Form, others: Sequence[Crosswalk]) -> tuple[Proposal, ...]:
    walk = given.walk
    known = {vocabulary.key(heading) for heading in walk.known_headings} if walk else set()
    by_key = {
        vocabulary.key(name): name for name in reversed(list(given.under))
    }  # of headings alike but for case, the first
    new = [name for name in given.under if by_key[vocabulary.key(name)] == name and vocabulary.key(name) not in known]
    taken = (
        {Target(t.table, t.column, "", t.constants): h for h, ts in walk.columns.items() for t in ts} if walk else {}
    )
    matcher = Matcher(
        new, [given.under[name] for name in new], options(form, others, TABLES), TABLES[form.one_row_is], TABLES
    )
    return matcher.propose(taken)


def _telling(form: vocabulary.Form, proposals: Iterable[Proposal]) -> int:
    """How sure the least sure of the fields is that give this form away."""
    best: dict[str, int] = {}
    for proposal in proposals:
        for candidate in proposal.candidates:
            for target in candidate.targets:
                name = f"{target.table}.{target.column}"
                best[name] = max(best.get(name, 0), candidate.confidence)
    return min(best.get(name, 0) for name in form.recognised_by)


def file_pattern(name: str) -> str:
    """Make the pattern that next year's file will fit too: dates, years and long numbers become a star."""
    stem, dot, suffix = name.rpartition(".")
    loose = re.sub(r"\d{4,}(?:[-_. ]*\d+)*|\d{1,2}[-_.]\d{1,2}[-_.]\d{2,4}", "*", literal(stem if dot else name))
    return re.sub(r"\*+", "*", loose) + (f".{suffix}" if dot else "")


def sheet_pattern(name: str) -> str:
    """Make the pattern for a sheet's name: years become a star, other numbers tell sheets apart and stay."""
    return re.sub(r"(?:19|20)\d\d(?:[-–/ ]+(?:19|20)?\d\d)?", "*", literal(name))


def literal(name: str) -> str:
    """Write a name so that it fits itself alone, as a pattern."""
    return re.sub(r"([*?[])", r"[\1]", name)


def guess_words(
    texts: pd.Series,
    heading: str,
    targets: Sequence[Target],
    here: Mapping[str, Mapping[str, str]],
    others: Iterable[Crosswalk],
) -> list[WordGuess]:
    """Propose a code for every word of a column that neither the vocabulary nor `here` (list -> folded word -> code) knows."""
    found = []
    for name, split in code_columns(targets):
        local = here.get(name, {})
        unknown = column_profile.unknown_words(
            texts, split, name, {word: code for word, code in local.items() if code != OPEN}
        )
        unknown = unknown[~unknown["word"].map(vocabulary.key).isin(local)]
        may = pd.Series(column_profile.shown(list(unknown["word"])), index=unknown.index, dtype=bool)
        counted = zip(unknown["word"][may], unknown["n"][may], strict=True)
        found += [_word(heading, name, str(word), int(n), others) for word, n in counted]
        if not may.all():
            why = Why("word_hidden", {"n": int((~may).sum())})
            found.append(WordGuess(heading, name, "", "", 0, why, int(unknown["n"][~may].sum())))
    return found


def code_columns(targets: Iterable[Target]) -> list[tuple[str, str]]:
    """Give the lists that a heading's cells hold words of, with how its cells are split."""
    pairs = ((TABLES[target.table][target.column].vocabulary, target.split) for target in targets)
    return list(dict.fromkeys((name, split) for name, split in pairs if name))


def _word(heading: str, name: str, word: str, n: int, others: Iterable[Crosswalk]) -> WordGuess:
    key = vocabulary.key(word)
    elsewhere = {other.codes[name][key]: other.source for other in others if key in other.codes.get(name, {})}
    if len(elsewhere) == 1:
        [(code, source)] = elsewhere.items()
        return WordGuess(heading, name, word, code, SURE, Why("word_known_in", {"source": source}), n)
    if codes := ", ".join(column_profile.meanings(word, name)):
        return WordGuess(heading, name, word, "", 0, Why("several", {"codes": codes}), n, codes)
    near = column_profile.nearest_word(word, name)
    if near is None:
        return WordGuess(heading, name, word, "", 0, Why("nothing"), n)
    code, known, alike = near
    why = Why("like", {"word": known})
    sure = alike >= column_profile.SURE_WORD and len(known) > 3 and _digits(key) == _digits(known)
    return WordGuess(heading, name, word, code if sure else "", alike, why, n, code)


def _digits(text: str) -> Collection[str]:
    return re.findall(r"\d+", text)
