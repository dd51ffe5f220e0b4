"""Write the card of a delivery: what its files and rows say of their origin, and what only people know as a question."""

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from iww_analysis import vocabulary
from iww_analysis.crosswalk.ask.open_question import (
    NOT_READ,
    Choice,
    Consultation,
    OpenQuestion,
    in_words,
    key,
    of_list,
)
from iww_analysis.crosswalk.ask.row_kind import CASES
from iww_analysis.crosswalk.crosswalk import NOT_KNOWN, OPEN, Crosswalk, SheetCrosswalk
from iww_analysis.crosswalk.propose.recognise import RecognisedSheet
from iww_analysis.crosswalk.toml_tables import TomlLine, comment
from iww_analysis.crosswalk.write import OriginFile
from iww_analysis.messages import sentences
from iww_analysis.messages.errors import Place, fail
from iww_analysis.tables import NOUNS, TABLES
from iww_analysis.tables.cells import dates

CASE_STUDY = frozenset(table.name for noun in ("interviews", "arena", "teams") for table in NOUNS[noun].tables) | {
    "observations", "outcomes", "themes",
}  # fmt: skip
REGISTER = "register"
SESSIONS = "sessies"  # meetings of teams, not of cases
TEAM, MUNICIPALITY = "team", "municipality"  # what the card can say for all rows, where no heading does
BOTH = ("case_is", "selection")  # asked in both languages
CONSENT, FILE_DAYS = "consent", "extraction_dates"
LIKELY, ASSUMED = 75, 50  # how sure a regime is that the tables show, and what else the card assumes
MEANT = "yes"  # as the answer whether a delivery is meant to replace most of an earlier one
ASSUMED_ALIKE = ("regime", "synthetic")  # of every delivery of a source, without a question
NOT_NEEDED = ("terms", "delivered_by", "study")  # nothing stops without
FEW, RARE = 2, 0.05  # rows, and of all rows, of a municipality that may be a typing error: `check` asks about it
_FREE = {"municipality": "municipality", "extraction_date": "day", "extraction_dates": "day", "delivered_by": "text",
         "terms": "text", "team": "text", "case_is": "text", "selection": "text", "consent.according_to": "text"}  # fmt: skip
_DAY = re.compile(
    r"\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{4}|\d{1,2} [a-zA-Z]+ \d{4}|(?<!\d)(?:19|20)\d{6}(?!\d)"
)


def first_lines(
    source: str, received: dt.date, sheets: Sequence[RecognisedSheet], municipality: str, extraction_date: dt.date | None,
    study: str, before: Mapping[str, Any],
) -> Iterator[TomlLine]:  # fmt: skip
    """Say where a new delivery comes from; what only people know stands as "?", unless they said it of the one before.

    `before`: the card of an earlier delivery of this source, if there is one. Who agreed is asked of every delivery.
    """
    for line in _first_lines(source, received, sheets, municipality, extraction_date, study):
        said = before.get(line.key, OPEN)
        if _is_said(said) and (line.key in ASSUMED_ALIKE or not _is_said(line.value)):
            yield TomlLine(line.key, said, comment("as_before", day=before["received"]))
        else:
            yield line


def _is_said(value: object) -> bool:
    """Whether a field of a card is filled in; one in two languages, in Dutch."""
    return (value["nl"] if isinstance(value, dict) else value) not in (OPEN, [OPEN])


def _first_lines(
    source: str, received: dt.date, sheets: Sequence[RecognisedSheet], municipality: str, extraction_date: dt.date | None,
    study: str,
) -> Iterator[TomlLine]:  # fmt: skip
    anchors = {"" if sheet.form and sheet.form.name == SESSIONS else sheet.anchor for sheet in sheets if sheet.anchor}
    regime = "case_study" if anchors and anchors <= CASE_STUDY | {""} else "register"
    codes = _municipality(source, sheets, municipality)
    both = {"nl": OPEN, "en": OPEN}
    yield TomlLine("source", source)
    yield TomlLine("municipality", codes if codes or regime == "case_study" else [OPEN], comment("municipality"))
    yield TomlLine("study", study or OPEN, "" if study else comment("study"))
    yield TomlLine("delivered_by", OPEN)
    yield TomlLine("received", received)
    yield TomlLine("terms", OPEN)
    yield _extraction_date(received, sheets, extraction_date)
    yield TomlLine("case_is", dict(both), comment("case_is"))
    yield TomlLine("selection", dict(both), comment("selection"))
    yield TomlLine("regime", regime, comment("regime"))
    yield TomlLine("synthetic", False)


def ask_origin(
    card: OriginFile, place: Place, received: str, consultation: Consultation, sheets: Sequence[RecognisedSheet] = (),
    known: Crosswalk | None = None,
) -> None:  # fmt: skip
    """Ask what the card does not say yet, or assumed, and write the answers in it. `place`: where the card lies.

    What it says in English too is asked of who answers in English.
    `sheets`: those of the delivery, as the crosswalk `known` reads them.
    """
    silent_on_team = sum(sheet.n_rows for sheet in _silent(known, sheets, TEAM)) if known else 0
    if silent_on_team and TEAM not in card.document:
        card.write([TomlLine(TEAM, OPEN, comment(TEAM))])
    for name, default in _open(card):
        only_in_english = consultation.lang == "nl" and name.endswith(".en")
        if not name.startswith(CONSENT) and not only_in_english:
            _ask(card, name, default, place, received, consultation, silent_on_team if name == TEAM else 0)
    if card.document.get(MUNICIPALITY) == [] and known and _silent(known, sheets, MUNICIPALITY):
        _ask(card, MUNICIPALITY, "", place, received, consultation)
    if card.document.get("regime") == "case_study" and known:
        silent = silent_on_consent(known, sheets)
        if silent and CONSENT not in card.document:
            card.write([TomlLine(CONSENT, {"everyone": OPEN, "according_to": OPEN}, comment(CONSENT))])
        for name in [f"{CONSENT}.{part}" for part, text in card.document.get(CONSENT, {}).items() if text == OPEN]:
            _ask(card, name, "", place, received, consultation, sum(sheet.n_rows for sheet in silent))


def _ask(
    card: OriginFile, name: str, default: str, place: Place, received: str, consultation: Consultation, n: int = 0
) -> None:
    field, _, file = name.partition(".")
    code = f"ask_{field if field == FILE_DAYS else name.removesuffix('.nl').replace('.', '_')}"
    answer = consultation.answer(OpenQuestion(
        code, place, {"n": n} | ({"file": file} if field == FILE_DAYS else {}),
        choices=_choices(name, default, card), default=default, key=key("card", received, name),
        free=_FREE.get(name if name.startswith(CONSENT) else name.partition(".")[0], ""), n=n, of=n,
        assumed=bool(default) or name.endswith(".en") or name in NOT_NEEDED, needed=name == "municipality",
    ))  # fmt: skip
    if answer == NOT_KNOWN and default:  # what is assumed stays, of a regime what protects most
        card.answer(name, _value(name, REGISTER if name == "regime" else default), comment(NOT_KNOWN))
    elif answer:
        card.answer(name, _value(name, answer))


def silent_on_consent(known: Crosswalk, sheets: Sequence[RecognisedSheet]) -> list[RecognisedSheet]:
    """The sheets that hold words of persons while nothing in them, or in what is said of their documents, says who agreed."""
    filled = {(sheet.file, sheet.sheet): _filled(known.sheet_for(sheet.file, sheet.sheet)) for sheet in sheets}
    says = {place: any(column == CONSENT for _, column in of_sheet) for place, of_sheet in filled.items()}
    of_documents = any(says[place] and ("documents", "document") in of_sheet for place, of_sheet in filled.items())
    silent = {
        place for place, of_sheet in filled.items()
        if any(column == "case_id" or (TABLES[table].speaker and not TABLES[table].of_groups) for table, column in of_sheet)
        and not says[place]
        and not (of_documents and any(column == "document" for _, column in of_sheet))
    }  # fmt: skip
    return [sheet for sheet in sheets if (sheet.file, sheet.sheet) in silent]


def _silent(known: Crosswalk, sheets: Sequence[RecognisedSheet], column: str) -> list[RecognisedSheet]:
    """The sheets with records that this column tells apart, while no heading, constant or name of a sheet gives it.

    A team is asked where a record cannot do without; a municipality where no sheet of the delivery names one.
    """
    entries = [(sheet, entry) for sheet in sheets if (entry := known.sheet_for(sheet.file, sheet.sheet))]
    says = [
        column in entry.named(sheet.sheet) or column in {name for _, name in _filled(entry)} for sheet, entry in entries
    ]
    if column == MUNICIPALITY and any(says):
        return []
    tables = [TABLES[entry.anchor] for _, entry in entries]
    apart = [column in table.key[:-1] and (column != TEAM or table[column].required) for table in tables]
    return [sheet for (sheet, _), of, said in zip(entries, apart, says, strict=True) if of and not said]


def _filled(entry: SheetCrosswalk | None) -> set[tuple[str, str]]:
    """The columns that a kind of sheet fills, by headings and constants."""
    if entry is None:
        return set()
    return {(t.table, t.column) for targets in entry.columns.values() for t in targets} | set(entry.constants)


def replaces_question(place: Place, words: Mapping[str, object]) -> OpenQuestion:
    """Ask whether a delivery is meant to replace most of an earlier one; `words`: how many records, and of what."""
    answers = sentences.read("proposals")["answer"]["replaces"].items()
    choices = tuple(in_words(value, text, **words) for value, text in answers)
    return OpenQuestion("ask_replaces", place, words, choices, key=key("replaces", str(words["day"])), needed=True)


def overlap_question(place: Place, words: Mapping[str, object]) -> OpenQuestion:
    """Ask whether cases that seem to stand in another source are the same; `words`: how many, by which evidence."""
    answers = sentences.read("proposals")["answer"]["overlap"].items()
    choices = tuple(in_words(value, text, **words) for value, text in answers)
    names = key("overlap", str(words["source"]), str(words["other"]))
    return OpenQuestion(
        "ask_overlap", place, words, choices, key=names, n=int(str(words["n"])), of=int(str(words["of"])), unit="cases"
    )


def _open(card: OriginFile) -> Iterator[tuple[str, str]]:
    """The fields that are a question, and those that are assumed with what is assumed."""
    for name, value in card.document.items():
        if isinstance(value, dict) and name in BOTH:
            yield from ((f"{name}.{lang}", "") for lang, text in value.items() if text == OPEN)
        elif isinstance(value, dict) and name == FILE_DAYS:
            yield from ((f"{name}.{file}", str(day)) for file, day in value.items() if card.assumed(f"{name}.{file}"))
        elif value in (OPEN, [OPEN]):
            yield name, ""
        elif card.assumed(name):
            yield name, str(value)


def _choices(name: str, default: str, card: OriginFile) -> tuple[Choice, ...]:
    answers = sentences.read("proposals")["answer"]
    if name == "study":
        return (*of_list("study"), Choice(NOT_READ, **answers["no_study"]))
    if name == "regime":
        sure = {default: LIKELY}
        return tuple(
            Choice(value, **words, confidence=sure.get(value, 0)) for value, words in answers["regime"].items()
        )
    if name == f"{CONSENT}.everyone":
        return tuple(Choice(value, **words) for value, words in answers["consent"].items())
    why = card.assumed(name).removesuffix(comment("confirm")).rstrip(" .")
    return (Choice(default, default, default, ASSUMED, why),) if default else ()


def _value(name: str, answer: str) -> object:
    if name == "municipality":
        return answer.split(";")
    if name.partition(".")[0] in ("extraction_date", FILE_DAYS):
        return dt.date.fromisoformat(answer)
    return "" if name == "study" and answer == NOT_READ else answer


def _municipality(source: str, sheets: Sequence[RecognisedSheet], given: str) -> list[str]:
    """The code that was given, that the source is named after, or those that the rows hold, unless few do."""
    known = vocabulary.read("municipality").lookup
    if given and vocabulary.key(given) not in known:
        raise fail("municipality_unknown", found=given)
    if code := known.get(vocabulary.key(given or source)):
        return [code]
    words = Counter(
        vocabulary.key(text)
        for proposal in (proposal for sheet in sheets for proposal in sheet.proposals)
        if proposal.sure and "cases.municipality" in [target.field for target in proposal.sure.targets]
        for text in proposal.profile.filled
    )
    codes = Counter[str]()
    for word, n in words.items():
        codes.update({known[word]: n} if word in known else {})
    return sorted(code for code, n in codes.items() if n > FEW or n >= RARE * codes.total())


def _extraction_date(received: dt.date, sheets: Sequence[RecognisedSheet], given: dt.date | None) -> TomlLine:
    """The day on which the data were taken from the system: given, found, or else the day of receipt."""
    if given:
        return TomlLine("extraction_date", given, comment("extraction_asked"))
    of_cases = [sheet for sheet in sheets if sheet.anchor == CASES]  # what lies beside them says nothing of them
    day, where = max(_days_of_files(received, of_cases or sheets).values(), default=(received, ""))
    beside = comment("extraction_found", where=where) if where else comment("extraction_received")
    return TomlLine("extraction_date", day, beside)


def days_of_files(card: OriginFile, received: dt.date, sheets: Sequence[RecognisedSheet]) -> None:
    """Write on the card which files say another day than the delivery: that of a workshop is not the one of a register."""
    found = {file: day for file, (day, _) in _days_of_files(received, sheets).items()}
    card.add_days({file: day for file, day in found.items() if day != card.document.get("extraction_date")})


def _days_of_files(received: dt.date, sheets: Sequence[RecognisedSheet]) -> dict[str, tuple[dt.date, str]]:
    """The last day until the day of receipt that each file says of itself, and where: in its name, a title or a footnote."""
    found: dict[str, tuple[dt.date, str]] = {}
    for sheet in sheets:
        days = [each for each in _days_outside([sheet]) if each[0] <= received]
        if days:
            found[sheet.file] = max([*days, *filter(None, [found.get(sheet.file)])])
    return found


def _days_outside(sheets: Sequence[RecognisedSheet]) -> Iterator[tuple[dt.date, str]]:
    """Days in the names of the files and in the titles and footnotes of their sheets."""
    read = dates.date_reader("dmy")
    for sheet in sheets:
        where = f"{sheet.file} {sheet.sheet}".strip()
        for at, text in ((sheet.file, sheet.file), *((where, text) for text in sheet.outside)):
            for match in _DAY.findall(text.replace("_", " ")):
                plain = f"{match[:4]}-{match[4:6]}-{match[6:]}" if match.isdigit() else match
                day = read(plain)[0]
                if isinstance(day, pd.Timestamp):
                    yield day.date(), at
