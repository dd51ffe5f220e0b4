"""Find the sheets of a file that are one table: the same headings on a sheet per team, month or year."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

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


def label_in(name: str) -> str:
    """What the name of a sheet tells beside a year; nothing where it is a number, a month or what every sheet is called."""
    plain = without_years(name)
    word = vocabulary.key(re.sub(r"\d+", " ", plain))
    read = dates.date_reader("dmy")
    is_day = any(read(text)[0] or read(text)[2] == "month_only" for text in (name, plain))
    return "" if is_day or not word or word in vocabulary.plain_sheet_names() else plain
