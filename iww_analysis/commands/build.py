"""Build a source: raw files to processed tables, with the account of every row."""

import gc
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from iww_analysis.analysis.overlap import Overlap, found, pairs_of, seen
from iww_analysis.analysis.study import Study, together
from iww_analysis.cleaning.known_sheet import DeliveredSheet, open_sheet
from iww_analysis.cleaning.row_accounts import COUNTS
from iww_analysis.cleaning.source import Built, Keys, build_source, decisions
from iww_analysis.commands.source_key import key_of
from iww_analysis.crosswalk import origin
from iww_analysis.crosswalk.ask.open_question import OpenQuestion
from iww_analysis.crosswalk.ask.texts import texts_question
from iww_analysis.crosswalk.crosswalk import Crosswalk
from iww_analysis.crosswalk.forms.question_form import FormAnswer, question_form, read_answers
from iww_analysis.crosswalk.origin import Origin
from iww_analysis.crosswalk.parse import parse
from iww_analysis.io import delivered_files, notebook_kernels
from iww_analysis.io.disk import files, folders, locks, logbook
from iww_analysis.io.disk.home import ORIGIN, Home, Without, chosen, names_in, read_origin
from iww_analysis.io.formats.write_workbook import saved
from iww_analysis.io.processed import inputs, store
from iww_analysis.messages import sentences
from iww_analysis.messages.console import ACT, OK, Console, table_text
from iww_analysis.messages.errors import IwwError, Lang, Message, Place, during
from iww_analysis.privacy.keys import check_value
from iww_analysis.privacy.pseudonyms import Hide
from iww_analysis.report.package.of_source import source_package
from iww_analysis.tables import TABLES


def build(home: Home, source: str) -> Built:
    """Read a source's raw files and make its processed tables; nothing is written.

    Raises IwwError when the crosswalk cannot be used, the key is another than before, or an account does not balance; refused
    files are messages.
    """
    was_enabled = gc.isenabled()
    gc.disable()  # looking for garbage in circles it would walk millions of small texts again and again
    try:
        key = key_of(home, source)
        known, refusals = read_crosswalk(home, source), list[Message]()
        sheets = read_deliveries(home, source, known, refusals, whole=False)
        gaps = inputs.gaps(home, source)
        refusals += [message for message in gaps.values() if message.code in inputs.UNSEEN]
        keys = Keys(key, may_overlap=inputs.may_overlap(home, source))
        built = build_source(source, sheets, known, keys, refusals)
        known_files = dict(sorted(inputs.known_files(home, source).items()))
        built.ledger |= {"files": known_files, "gaps": sorted(gaps), "key": check_value(key)}
        built.notices += _erased(home, source)
        return built
    finally:
        if was_enabled:
            gc.enable()


def _erased(home: Home, source: str) -> list[Message]:
    """Say of which files rows were erased, and when."""
    events = [event for event in logbook.events(home, source) if event["event"] == logbook.ERASED]
    places = [(f"{event['delivery']}/{name}", event) for event in events for name in event["files"]]
    return [Message("rows_erased", Place(path), {"n": event["rows"], "day": event["on"]}) for path, event in places]


def build_and_store(home: Home, source: str) -> Built:
    """Build a source and store what came of it.

    Raises IwwError, and lets what lies there stay, when a file that was received is gone or differs from what came in while
    the last build was whole, and when a delivery replaces most of an earlier one and nobody said that this is meant.
    """
    chosen(home, [source])
    with locks.held(home, "source", source):
        made_of = inputs.inputs_hash(home, source)  # what changes from here on is found to be new the next time
        if (gaps := inputs.gaps(home, source)) and inputs.is_whole(home, source):
            raise IwwError(*gaps.values(), Message("build_stays", words={"source": source}))
        built = build(home, source)
        if built.asked:
            raise IwwError(*built.asked)
        folders.write(home.processed(source), contents(home, source, built, made_of), folders.BUILD)
        built.notices += _ask_of_names(home, source, built)
    return built


def _ask_of_names(home: Home, source: str, built: Built) -> list[Message]:
    """Put the words that may be names in a form, on which a person decides line by line; what hinders that stops no build."""
    form = home.names_form(source)
    if not built.doubts:
        return []
    try:
        ask_in_form(form, source, [texts_question(*doubt) for doubt in built.doubts], "nl")
    except IwwError as error:
        return list(error.messages)
    return [Message("texts_open", Place(form.name), {"n": len(built.doubts), "source": source, "form": form.name})]


def ask_in_form(form: Path, source: str, questions: Sequence[OpenQuestion], lang: Lang) -> None:
    """Write a form of questions: answers in it that were not taken in stay, and one that asks just this is left alone."""
    filled = answers_in(form, source) if files.exists(form) else {}
    if set(filled) != {question.key for question in questions}:
        files.write_bytes(form, saved(question_form(form.name, source, questions, filled, lang)))


def answers_in(form: Path, source: str) -> Mapping[str, FormAnswer]:
    """Read the answers of a form."""
    return read_answers(delivered_files.read_sheets(form, files.read_bytes(form)), source, form.name)


def hide_names(home: Home, source: str) -> Hide:
    """Give what hides a name on which a person decided, in the crosswalk of a source."""
    return decisions(source, key_of(home, source))


def contents(home: Home, source: str, built: Built, made_of: str) -> Iterator[tuple[str, bytes]]:
    """Give the files that a build is stored as, one after another."""
    tables, cards = built.tables.compact, origins_of(home, source)
    return store.contents(tables.items(), {**built.ledger, "inputs": made_of}, partial(source_package, cards, tables))


def ensure_built(home: Home, sources: Iterable[str]) -> list[Message]:
    """Build and store every source whose raw files, crosswalk or library changed since it was last built."""
    messages: list[Message] = []
    for source in sources:
        if inputs.is_stale(home, source):
            with locks.held(home, "source", source):
                folders.mend(home.processed(source), folders.BUILD)
                if inputs.is_stale(home, source):  # still: another run may have built it meanwhile
                    messages += build_and_store(home, source).messages
    return messages


def load(home: Home, sources: Iterable[str]) -> Study:
    """Load sources as one study, built first where that is needed; in a notebook of a report, the study of that report."""
    sources = tuple(sources)
    if shelf := notebook_kernels.shelf():
        from iww_analysis.figures import kept_figures  # matplotlib, that no build needs

        if study := kept_figures.shared(shelf, sources):
            return study
    ensure_built(home, sources)
    return replace(_stored(home, sources), vectors=_shown(home, sources, partial(_stored, home), stored=True))


def _shown(
    home: Home, sources: tuple[str, ...], load: Callable[[Sequence[str]], Study], *, stored: bool
) -> Mapping[str, Any]:
    from iww_analysis.commands.shown_counts import ShownOfHome  # figures, that no build needs

    return ShownOfHome(home, sources, load, stored)


def _stored(home: Home, sources: Iterable[str]) -> Study:
    """Give sources as one study, as they were built."""
    return together((origin_of(home, source), *store.read_build(home.processed(source))) for source in sources)


def build_that_counts(home: Home, source: str) -> tuple[Home, Built]:
    """Build a source without the deliveries that wait for an answer, and give the home without them; nothing is written."""
    built = build(home, source)
    if not built.asked:
        return home, built
    counting = Without(home.path, home, source, {str(message.words["day"]) for message in built.asked})
    return counting, replace(build(counting, source), messages=built.messages, asked=built.asked)


def as_if_built(home: Home, sources: Iterable[str]) -> tuple[Study, list[Message]]:
    """Give sources as one study, and what their builds refuse or ask; built where that is needed, without storing anything."""
    refusals = list[Message]()
    study = together(_as_if_built(home, source, refusals) for source in sources)
    vectors = _shown(home, study.sources, lambda some: as_if_built(home, some)[0], stored=False)
    return replace(study, vectors=vectors), refusals


def _as_if_built(
    home: Home, source: str, refusals: list[Message]
) -> tuple[Origin, Mapping[str, pd.DataFrame], Mapping[str, Any]]:
    if not (inputs.is_stale(home, source) or inputs.refused(home, source)):
        return origin_of(home, source), *store.read_build(home.processed(source))
    counting, built = build_that_counts(home, source)
    refusals += [*built.messages, *built.asked]
    return origin_of(counting, source), built.tables, built.ledger


def overlaps(home: Home, sources: Collection[str]) -> Iterator[tuple[Overlap, int, int]]:
    """Measure which cases of these sources seem to stand in another register of their municipality; nothing is stored.

    Gives each pair with the number of records that hang on those cases in the one and in the other. What cannot be built is no
    part of it: building says why.
    """
    cards = dict[str, Origin]()
    for source in home.sources():
        with suppress(IwwError):
            cards[source] = origin_of(home, source)
    wanted = [pair for pair in pairs_of(cards) if {*pair} & {*sources}]
    for pair in wanted:
        with suppress(IwwError):
            study, _ = as_if_built(home, sorted(pair))
            (each,) = study.overlaps
            if each.source not in sources:  # it is said of the source that was asked about
                each = found(study.case_keys, each.other, each.source, each.said)
            cases = seen(study.case_keys, each.source, each.other)
            yield (
                each,
                _hanging(study, each.source, cases["case_id"]),
                _hanging(study, each.other, cases["case_id_other"]),
            )


def _hanging(study: Study, source: str, cases: pd.Series) -> int:
    """How many records other than the case itself hang on cases of a source."""
    tables = (study[name] for name, table in TABLES.items() if name != "cases" and "case_id" in table)
    return sum(int(((frame["source"] == source) & frame["case_id"].isin(cases)).sum()) for frame in tables)


def overlap_words(each: Overlap, here: int, there: int) -> dict[str, object]:
    """What sentences on a pair of sources say of it."""
    counts = {"n": each.n_found, "of": each.n_cases, "same_day": each.n_same_day, "birth": each.n_birth}
    of_records = {"number": each.n_number, "silent": each.n_silent, "here": here, "there": there}
    return {"source": each.source, "other": each.other, **counts, **of_records}


def origin_of(home: Home, source: str) -> Origin:
    """Read the card of a source's last delivery, with what any of them says of the period and of other sources."""
    cards = origins_of(home, source)
    days = sorted(day for card in cards for day in card.period)
    synthetic = any(card.synthetic for card in cards)
    overlap = {other: said for card in cards for other, said in card.overlap.items()}
    return replace(cards[-1], period=(days[0], days[-1]) if days else (), synthetic=synthetic, overlap=overlap)


def origins_of(home: Home, source: str) -> list[Origin]:
    """Read the card of each delivery of a source, oldest first."""
    return [origin.parse(read_origin(delivery), source) for delivery in home.deliveries(source)]


def read_crosswalk(home: Home, source: str) -> Crosswalk:
    """Read and check a source's crosswalk."""
    path = home.crosswalk(source)
    return parse(files.read_toml(path), path.name)


def read_deliveries(
    home: Home, source: str, known: Crosswalk, refusals: list[Message], *, whole: bool = True
) -> list[DeliveredSheet]:
    """Open every sheet of every delivery, oldest first; why a file is refused is put in `refusals`.

    `whole`: read all rows at once, so that whatever is wrong with a file is said here.
    """
    delivered: list[DeliveredSheet] = []
    for delivery in home.deliveries(source):
        card = origin.parse(read_origin(delivery), source)
        listed = {*card.files, ORIGIN, "plan.json"}
        refusals += [Message("file_unlisted", Place(name)) for name in names_in(delivery) if name not in listed]
        for name in card.files:
            try:
                of_file = open_file(delivery / name, card, known, refusals)
                delivered += [sheet for sheet in of_file if not whole or sheet.raw.whole]
            except IwwError as error:
                refusals += error.messages
    return delivered


def open_file(path: Path, card: Origin, known: Crosswalk, refusals: list[Message]) -> list[DeliveredSheet]:
    """Open every sheet of one delivered file as the crosswalk reads it; why one is refused is put in `refusals`."""
    with during("unexpected_reading", Place(path.name)):
        sheets = delivered_files.open_sheets(path, card.files[path.name])
        return [open_sheet(card, raw, known, refusals) for raw in sheets]


def run(home: Home, console: Console, *, sources: Sequence[str] | None) -> int:
    """Build sources, write them, and say how every sheet came out; gives the exit code."""
    is_refused, lines, messages = False, [], []
    for source in chosen(home, sources):
        try:
            with console.busy("building"):
                built = build_and_store(home, source)
        except IwwError as error:
            is_refused, of_source = True, error.messages
        else:
            is_refused |= built.refused
            of_source = (*built.messages, *built.notices)
            lines += [{"source": source, **line} for line in built.ledger["sheets"]]
        console.messages(of_source)
        messages += console.documents(of_source)
    console.write(table_text(_accounts(lines, console.lang)))
    console.give({"ok": not is_refused, "sheets": lines, "messages": messages})
    return ACT if is_refused else OK


def _accounts(lines: Sequence[Mapping[str, Any]], lang: Lang) -> pd.DataFrame:
    """The account of the rows of each sheet, headed in the reader's words; what no sheet has is left out."""
    table = pd.DataFrame(lines, columns=["source", "delivery", "file", "sheet", *COUNTS])
    shown = table.loc[:, [name not in COUNTS or bool(table[name].any()) for name in table]]
    words = sentences.read("report")
    return shown.rename(columns={name: words[name][lang] for name in map(str, shown) if name in words})
