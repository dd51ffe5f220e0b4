"""Find the sheets of a file that are one table: the same headings on a sheet per team, month or year."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple

import pandas as pd

from iww_analysis import vocabulary
from iww_analysis.crosswalk.crosswalk import SEVERAL, Crosswalk, SheetCrosswalk, SheetPattern, without_years
from iww_analysis.crosswalk.propose.column_profile import ENOUGH, MOST, ColumnProfile
from iww_analysis.crosswalk.propose.recognise import RecognisedSheet, file_pattern, literal, sheet_pattern, with_form
from iww_analysis.tables.cells import dates


def with_families(
    every: Sequence[RecognisedSheet], apart: Callable[[RecognisedSheet], object]
) -> list[RecognisedSheet]:
    """The same sheets, each with the names under which the crosswalk will speak of it, and the sheets it is one table with.

    `apart`: sheets of which this is another thing are another table, whatever their headings.
    """
    kinds = [apart(sheet) for sheet in every]
    families = [
        tuple(other for other, same in zip(every, kinds, strict=True) if same == of_sheet and _same_table(sheet, other))
        for sheet, of_sheet in zip(every, kinds, strict=True)
    ]
    return [
        replace(sheet, family=family if len(family) > 1 else (), pattern=_pattern(family or (sheet,), every))
        for sheet, family in zip(every, families, strict=True)
    ]


def _same_table(sheet: RecognisedSheet, other: RecognisedSheet) -> bool:
    """Whether two sheets of a file have nearly the same headings, all or those that may be read."""
    if sheet.file != other.file or sheet.ignore or other.ignore:
        return False
    ours, theirs = ({*map(vocabulary.key, each.columns)} for each in (sheet, other))
    return _are_alike(ours, theirs) or _are_alike(ours - _not_read(sheet), theirs - _not_read(other))


def _are_alike(ours: set[str], theirs: set[str]) -> bool:
    fewer, more = sorted((len(ours), len(theirs)))
    return fewer > 1 and len(ours & theirs) >= max(MOST * fewer, ENOUGH * more)


def _not_read(sheet: RecognisedSheet) -> set[str]:
    """The folded headings that surely are not read: remarks and the like differ from sheet to sheet."""
    proposed = (p.heading for p in sheet.proposals if p.sure and p.sure.ignore)
    return {*map(vocabulary.key, (*proposed, *(sheet.crosswalk.ignore if sheet.crosswalk else ())))}


def _pattern(family: Sequence[RecognisedSheet], every: Sequence[RecognisedSheet]) -> tuple[str, str]:
    """The widest names under which no sheet of another kind falls: with stars for dates, else as they are."""
    file, names = family[0].file, [each.sheet for each in family]
    pattern = SheetPattern(file_pattern(file), SEVERAL.join(dict.fromkeys(map(sheet_pattern, names))))
    of_these = {(each.file, each.sheet) for each in family}
    meant = [other for other in every if pattern.fits(other.file, other.sheet)]
    if all((other.file, other.sheet) in of_these or other.form == family[0].form for other in meant):
        return pattern.file, pattern.sheet
    return literal(file), SEVERAL.join(map(literal, names))


def together(sheet: RecognisedSheet, others: Sequence[Crosswalk]) -> RecognisedSheet:
    """A sheet with the rows of all with which it is one table below one another, recognised by all of them.

    `others`: crosswalks of other sources. A heading is written as the first sheet has it; where one is lacking it is empty.
    """
    headings: dict[str, str] = {}
    for each in sheet.family:
        headings = {**{vocabulary.key(heading): heading for heading in each.columns}, **headings}
    columns = {heading: _joined([_column(each, name) for each in sheet.family]) for name, heading in headings.items()}
    return with_form(replace(sheet, columns=columns, n_rows=sum(each.n_rows for each in sheet.family)), others)


def _column(sheet: RecognisedSheet, name: str) -> ColumnProfile:
    """What stands under a folded heading."""
    blank = ColumnProfile(pd.Series([""] * sheet.n_rows, dtype="str"))
    return next((profile for heading, profile in sheet.columns.items() if vocabulary.key(heading) == name), blank)


def _joined(profiles: Sequence[ColumnProfile]) -> ColumnProfile:
    texts = pd.concat([profile.texts for profile in profiles], ignore_index=True)
    behind, legend = (
        {k: v for profile in profiles for k, v in getattr(profile, name).items()} for name in ("behind", "legend")
    )
    return ColumnProfile(texts, behind, legend)


def entry_of_table(sheet: RecognisedSheet, known: Crosswalk) -> SheetCrosswalk | None:
    """The entry that speaks of another sheet of its table, or of sheets in files of its name with just these headings."""
    ours = {*map(vocabulary.key, sheet.columns)}
    beside = [entry for each in sheet.family if (entry := known.sheet_for(each.file, each.sheet))]
    alike = [
        entry for entry in known.sheets
        if SheetPattern(entry.file, "").fits(sheet.file, "") and {*map(vocabulary.key, entry.known_headings)} == ours
    ]  # fmt: skip
    named = [entry for entry in (*beside, *alike) if entry.sheet]
    return named[0] if named and sheet.sheet and not sheet.ignore and len(ours) > 1 else None


class Renamed(NamedTuple):
    """An entry of a file that came again under another name, and the pattern that fits both names."""

    entry: SheetCrosswalk
    pattern: str


def renamed(sheet: RecognisedSheet, known: Crosswalk, every: Sequence[RecognisedSheet]) -> Renamed | None:
    """The entry of a file whose name differs by a day or version alone, and that has nearly these headings.

    None where the pattern for both names would fit what is another entry, or another table among `every` sheet delivered.
    """
    for entry in known.sheets if not sheet.ignore and len(sheet.columns) > 1 else ():
        wide = SheetPattern(_for_both(entry.file, literal(sheet.file)), entry.sheet)
        others = [other for other in known.sheets if other is not entry and wide.fits(other.file, other.sheet)]
        strange = [other for other in every if wide.fits(other.file, other.sheet) and not _has_headings(other, entry)]
        bare = _bare(sheet.file)
        is_same = bare == _bare(entry.file) and not bare.startswith(".") and wide.fits(sheet.file, sheet.sheet)
        if is_same and not others and not strange:
            return Renamed(entry, wide.file)
    return None


def _has_headings(sheet: RecognisedSheet, entry: SheetCrosswalk) -> bool:
    ours, theirs = ({*map(vocabulary.key, names)} for names in (sheet.columns, entry.known_headings))
    return len(ours & theirs) >= MOST * len(ours | theirs)


def _bare(file: str) -> str:
    """A name without the days, versions and copies in it."""
    stem, _, suffix = file_pattern(file).rpartition(".")
    return vocabulary.fold(re.sub(r"\(\d+\)|\b(?:v|versie|version) ?\d+|\d+\s*$", " ", stem)) + f".{suffix.lower()}"


def _for_both(pattern: str, file: str) -> str:
    """What fits two names that begin alike: a star from where they differ on, to their suffix."""
    n_alike = next(
        (n for n, (a, b) in enumerate(zip(pattern, file, strict=False)) if a != b), min(len(pattern), len(file))
    )
    stem, _, suffix = pattern.rpartition(".")
    return f"{stem[:n_alike].rstrip('*')}*.{suffix}"


def label_in(name: str) -> str:
    """What the name of a sheet tells beside a year; nothing where it is a number, a month or what every sheet is called."""
    plain = without_years(name)
    word = vocabulary.key(re.sub(r"\d+", " ", plain))
    read = dates.date_reader("dmy")
    is_day = any(read(text)[0] or read(text)[2] == "month_only" for text in (name, plain))
    return "" if is_day or not word or word in vocabulary.plain_sheet_names() else plain
