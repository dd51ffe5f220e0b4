"""Say what is not understood: unknown headings and codes, open questions, and lines of the crosswalk that nothing needs."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from functools import partial
from typing import Any, NamedTuple, get_args

from iww_analysis import vocabulary
from iww_analysis.analysis.finding import Finding
from iww_analysis.cleaning.known_sheet import DeliveredSheet, KnownSheet, moved_left_out, passed_over
from iww_analysis.cleaning.notices import build_messages, not_understood
from iww_analysis.cleaning.notices.not_known import not_known, on_card
from iww_analysis.cleaning.rules.consent import WITHHELD
from iww_analysis.commands import build
from iww_analysis.commands.add.first_rows import read_so_far, write_page
from iww_analysis.commands.build import read_crosswalk, read_deliveries
from iww_analysis.commands.report.state import old_places
from iww_analysis.crosswalk.ask import links
from iww_analysis.crosswalk.crosswalk import Crosswalk
from iww_analysis.crosswalk.parse import not_known_because
from iww_analysis.crosswalk.propose.like_names import like_names
from iww_analysis.crosswalk.propose.linkage import key_columns
from iww_analysis.crosswalk.write import OriginFile
from iww_analysis.disclosure.public_numbers import table_name
from iww_analysis.figures.declaration import CATALOGUE, answered
from iww_analysis.figures.unused_columns import Unused, unused_columns
from iww_analysis.io.disk import files
from iww_analysis.io.disk.home import ORIGIN, Home, chosen, read_origin
from iww_analysis.io.processed import inputs
from iww_analysis.messages.console import ACT, OK, Console
from iww_analysis.messages.errors import IwwError, Lang, Message, Place, fail
from iww_analysis.report.first_rows.reading import SheetRead
from iww_analysis.tables import TABLES

CONTRADICTION = "contradiction"  # the rule by which rows of one key that differ are set aside


class Checked(NamedTuple):
    """What a person should look at, and what is good to know of how files were read, which asks for no answer.

    `first_rows`: how the first rows of each sheet are read, where a page shows it.
    """

    points: list[Message]
    notes: list[Message]
    first_rows: Sequence[SheetRead] = ()


def check(home: Home, sources: Iterable[str]) -> list[Message]:
    """Give everything about these sources that a person should look at; nothing is written.

    A code is shown only where it cannot point out a person; else the message says how many cells hold such words.
    """
    sources = [*sources]
    points = [point for source in sources for point in checked(home, source).points]
    return [*points, *overlapping(home, sources).points]


def checked(home: Home, source: str, lang: Lang = "nl") -> Checked:
    """Look one source over; nothing is written."""
    path = home.crosswalk(source)
    try:
        chosen(home, [source])
        if not files.exists(path):
            raise fail("crosswalk_absent", Place(path.name))
        crosswalk, document = read_crosswalk(home, source), files.read_toml(path)
    except IwwError as error:
        return Checked([*error.messages], [])
    asked = list(not_understood.open_lines(document, crosswalk, path.name))
    refusals = [gap for gap in inputs.gaps(home, source).values() if gap.code in inputs.UNSEEN]
    points = list[Message]()
    try:
        for delivery in home.deliveries(source):
            points += not_understood.open_in_origin(f"{source}/{delivery.name}/{ORIGIN}", read_origin(delivery))
        delivered = read_deliveries(home, source, crosswalk, refusals)
    except IwwError as error:
        headings = not_understood.open_headings(crosswalk, path.name)
        return Checked([*refusals, *error.messages, *points, *headings, *asked], [])
    sheets = [sheet for sheet in delivered if isinstance(sheet, KnownSheet)]
    of_sheets = _of_sheets(delivered, crosswalk, document)
    points += [*of_sheets.points, *asked]
    if not refusals:  # what could not be read may hold what seems to be missing
        unread = [sheet for sheet in delivered if not isinstance(sheet, KnownSheet)]
        points += not_understood.unused_lines(sheets, unread, crosswalk, path.name)
    withheld, unanswered, unused = _as_built(home, source, points)
    points += unanswered if not refusals else []
    answered_for = _apart([*withheld, *passed_over(delivered)], ("consent_open", "sheet_no_table", CONTRADICTION))
    notes = [message for sheet in delivered for message in sheet.raw.notes]
    not_answered = [*not_known(sheets, document, crosswalk, path.name), *_not_known_on_cards(home, source)]
    return Checked(
        [*refusals, *points, *answered_for.points],
        [*notes, *answered_for.notes, *of_sheets.notes, *unused, *not_answered],
        _first_rows(delivered, crosswalk, refusals, lang) if files.exists(home.first_rows(source)) else [],
    )


def _first_rows(
    delivered: Iterable[DeliveredSheet], crosswalk: Crosswalk, refusals: Sequence[Message], lang: Lang
) -> list[SheetRead]:
    last_first = sorted(delivered, key=lambda sheet: sheet.origin.received, reverse=True)
    return [read_so_far(sheet, crosswalk, (), refusals, lang) for sheet in last_first]


def _not_known_on_cards(home: Home, source: str) -> Iterator[Message]:
    for delivery in home.deliveries(source):
        fields = OriginFile(files.read_toml_text(delivery / ORIGIN)).not_known
        yield from on_card(f"{source}/{delivery.name}/{ORIGIN}", fields)


def _of_sheets(delivered: Sequence[DeliveredSheet], crosswalk: Crosswalk, document: Mapping[str, Any]) -> Checked:
    """What is not understood of the sheets that were read, and how their numbers meet."""
    sheets = [sheet for sheet in delivered if isinstance(sheet, KnownSheet)]
    hidden = [sheet.raw for sheet in delivered if sheet.note == "sheet_hidden"]  # and passed over by no line
    columns = [c for s in sheets for c in key_columns(s.raw, s.entry, s.origin.received.isoformat())]
    labels = any(sheet.origin.regime == "case_study" for sheet in sheets)
    unlinked, linked = links.messages(columns, crosswalk.keys, labels=labels)
    points = [
        *(Message("sheet_hidden", Place(raw.file, raw.name)) for raw in hidden),
        *not_understood.unknown_headings(sheets),
        *not_understood.half_converted(sheets),
        *not_understood.machine_words(sheets),
        *not_understood.joined_names(sheets),
        *(each.message for each in like_names([(sheet.raw, sheet.entry) for sheet in sheets], crosswalk)),
        *unlinked,
        *not_understood.unknown_words(sheets, crosswalk, document),
        *not_understood.codes_elsewhere(sheets, crosswalk),
        *moved_left_out(sheets),
    ]
    return Checked(points, list(linked))


def _apart(messages: Sequence[Message], asking: tuple[str, ...]) -> Checked:
    """Messages that ask for an answer, and those that do not: a no, for one."""
    asks = [message.code.endswith(asking) for message in messages]
    return Checked(
        [message for message, ask in zip(messages, asks, strict=True) if ask],
        [message for message, ask in zip(messages, asks, strict=True) if not ask],
    )


def _as_built(home: Home, source: str, points: Sequence[Message]) -> tuple[list[Message], list[Message], list[Message]]:
    """What a report would run into, by what a build makes, which is not stored.

    What counts nowhere for want of consent, or because another row contradicts it; what stops the report, as each figure's
    question is asked; and what was delivered and is in none of these figures.
    """
    try:
        study, refusals = build.as_if_built(home, [source])
    except IwwError as error:
        return [], [message for message in error.messages if message not in points], []
    messages = [message for message in refusals if message not in points]
    findings = list[Finding]()
    for entry in CATALOGUE.values():
        try:
            findings += filter(None, [answered(entry, study)])
        except IwwError as error:
            messages += error.messages
    is_said = study.set_aside["rule"].isin([*WITHHELD, CONTRADICTION])
    withheld = list(build_messages.of_rows(study.set_aside[is_said]))
    asked_about = [point.place.file for point in points if point.place.file]  # what is open there can be why
    for message in build_messages.without_a_row(study.set_aside, study.ledgers[source]):
        if not any(fnmatchcase(message.place.file or "", pattern) for pattern in asked_about):
            messages.append(message)
    unused = [
        each
        for each in unused_columns(study, source, findings)
        if each.code not in ("open", "unknown") and each.reason != not_known_because()
    ]  # fmt: skip - these are said above
    known = {"cases": study["cases"], "referrals": study["referrals"], **study.accounts, "set_aside": study.set_aside}
    return withheld, messages, [*build_messages.first_referrals(known), *map(_unused, unused)]


def _unused(each: Unused) -> Message:
    """Say of what was delivered why it is in no figure."""
    if not each.kind:
        return Message(
            "column_unused", Place(each.file, each.sheet, column=each.heading), {"n": each.n, "why": each.why}
        )
    table, _, column = each.fields[0].partition(".")
    words = vocabulary.read(TABLES[table][column].vocabulary)
    found, what = (
        {lang: name(lang) for lang in get_args(Lang)}
        for name in (partial(words.label, each.kind), partial(table_name, table))
    )
    return Message("kind_unused", Place(), {"n": each.n, "why": each.why, "found": found, "what": what})


def overlapping(home: Home, sources: Collection[str]) -> Checked:
    """Say which cases of these sources stand in another one too: to be answered on a card, or measured alone."""
    points, notes = list[Message](), list[Message]()
    for each, here, there in build.overlaps(home, sources):
        place = Place(f"{each.source}/{home.deliveries(each.source)[-1].name}/{ORIGIN}")
        is_open = bool(each.n_found and not each.said)
        code = "overlap_open" if is_open else "overlap_measured"
        (points if is_open else notes).append(Message(code, place, build.overlap_words(each, here, there)))
    return Checked(points, notes)


def run(home: Home, console: Console, *, sources: Sequence[str] | None) -> int:
    """Look sources over and say what is found; gives the exit code."""
    with console.busy("checking"):
        wanted = chosen(home, sources)
        found = {source: checked(home, source, console.lang) for source in wanted}
        every = [*found.values(), overlapping(home, wanted)]
    points = [message for each in every for message in each.points] + old_places(home)
    notes = [message for each in every for message in each.notes]
    console.messages_by_sheet(notes)
    console.messages(points)
    console.say("checked", n=len(points))
    for source in (
        source for source in found if _asks(found[source].points) and files.exists(home.question_form(source))
    ):
        console.say("form_written", form=home.question_form(source), source=source)
    for source, sheets in ((source, each.first_rows) for source, each in found.items() if each.first_rows):
        console.say("first_rows_written", page=write_page(home, source, sheets, console.lang))
    if not points:
        console.say("checked_well", sources=" ".join(wanted))
    console.give({"ok": not points, "messages": console.documents(points), "notes": console.documents(notes)})
    return ACT if points else OK


def _asks(points: Iterable[Message]) -> bool:
    """Whether a point is an open question, which the form of the source holds too."""
    return any(point.code == "origin_field" or point.code.endswith("_open") for point in points)
