"""Turn what was recognised in a delivery into lines of a crosswalk, asking a person where nothing is sure."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from iww_analysis import vocabulary
from iww_analysis.crosswalk.ask import open_question
from iww_analysis.crosswalk.ask.cells.fill_down import fill_down
from iww_analysis.crosswalk.ask.cells.missing_words import missing_words
from iww_analysis.crosswalk.ask.cells.number_and_date_style import NumberAndDateStyle
from iww_analysis.crosswalk.ask.cells.separators import separators
from iww_analysis.crosswalk.ask.links import ask_links
from iww_analysis.crosswalk.ask.meanings import add_words, choose_meanings, drop_words, lost_headings
from iww_analysis.crosswalk.ask.names import ask_names
from iww_analysis.crosswalk.ask.open_question import CERTAIN, NOT_READ, Consultation, OpenQuestion, of_list
from iww_analysis.crosswalk.ask.row_kind import as_asked, is_of_referrals
from iww_analysis.crosswalk.ask.sheet_name import as_column, sheet_name
from iww_analysis.crosswalk.crosswalk import NOT_KNOWN, OPEN, SEVERAL, Crosswalk, HeadingTargets
from iww_analysis.crosswalk.parse import parse
from iww_analysis.crosswalk.propose import column_profile, recognise
from iww_analysis.crosswalk.propose.headings.by_parts import is_by_parts
from iww_analysis.crosswalk.propose.headings.by_shape import is_counter
from iww_analysis.crosswalk.propose.headings.by_words import ELSEWHERE
from iww_analysis.crosswalk.propose.legend import Legends, find_legends
from iww_analysis.crosswalk.propose.like_names import like_names
from iww_analysis.crosswalk.propose.linkage import all_key_columns
from iww_analysis.crosswalk.propose.proposal import (
    BY_VALUES,
    SURE,
    Candidate,
    HeadingProposal,
    Reason,
    ignored,
    not_read_because,
)
from iww_analysis.crosswalk.propose.recognise import RecognisedSheet, literal
from iww_analysis.crosswalk.propose.row_kinds import GIVEN
from iww_analysis.crosswalk.propose.sheet_families import entry_of_table, renamed, together, with_families
from iww_analysis.crosswalk.toml_tables import TomlLine, comment
from iww_analysis.crosswalk.write import CrosswalkFile, written
from iww_analysis.messages.errors import UNFORESEEN, IwwError, Message, Place, during
from iww_analysis.tables import TABLES
from iww_analysis.tables.raw_sheet import RawSheet

OF_A_SCORE = ("score", "date", "rater")


@dataclass(frozen=True)
class GrowingCrosswalk:
    """A crosswalk that grows by the sheets of a delivery. `others`: crosswalks of other sources, whose words help."""

    source: str
    file: CrosswalkFile
    others: tuple[Crosswalk, ...]
    consultation: Consultation

    def add_sheets(self, sheets: Sequence[RawSheet], before: Sequence[RawSheet] = ()) -> list[RecognisedSheet]:
        """Write what every sheet is; sheets of one kind share an entry. Gives what the sheets that are read are.

        `before`: those of earlier deliveries, beside which a new one can turn out to be something else.
        """
        legends = find_legends(sheets)
        first = self._tables(sheets, legends)
        others = [*first, *(self._recognised(sheet, self.crosswalk, Legends()) for sheet in before)]
        added, done = [], set[tuple[str, str]]()
        for sheet, recognised in zip(sheets, first, strict=True):
            family, known = recognised.family, self.crosswalk
            covered = known.sheet_for(sheet.file, sheet.name)
            if family and (sheet.file, family[0].sheet) in done:
                added += [recognised] if covered else []
                continue
            if covered and recognised.crosswalk is None:
                recognised = replace(self._recognised(sheet, known, legends), family=family)
            if family:
                done.add((sheet.file, family[0].sheet))
                recognised = together(recognised, self.others)
            why = recognise.passed_over_because(known, sheet.file, sheet.name, sheet.cells, hidden=sheet.hidden)
            if n := recognise.rows_of_no_table(why or recognised.ignore, sheet.cells):
                self.consultation.messages.append(Message("sheet_no_table", recognised.place(), {"n": n}))
            if why is None and recognised.crosswalk is None and not recognised.ignore:
                with self._kept_apart(sheet):
                    asked = as_asked(recognised, others, self.others, self.consultation)
                    if asked is None:  # it is not read as long as nobody knows
                        continue
                    recognised = asked
            if why is None:
                entry = recognised.crosswalk
                pattern = (entry.file, entry.sheet) if entry else recognised.pattern
                with self._kept_apart(sheet):
                    self._add_sheet(replace(recognised, pattern=pattern), known)
                    added.append(recognised)
            elif recognise.holds_table(sheet.cells) and (sheet.file, sheet.name) not in legends.sheets:
                self.consultation.notes.append(
                    Message(
                        "sheet_passed_over", recognised.place(), {"why": why, "n": sheet.n_rows or len(sheet.cells)}
                    )
                )
        return added

    def ask_across(self, deliveries: Mapping[str, Sequence[RawSheet]], *, labels: bool) -> None:
        """Ask what shows over all deliveries: identifiers that do not meet, and names that are written like a commoner one.

        A sheet of cases that tells no day of referral needs none where a list of referrals does: that is no question then.
        `labels`: the identifiers are those of a case study.
        """
        known = self.crosswalk
        read = [
            (sheet, entry, delivery) for delivery, sheets in deliveries.items() for sheet in sheets
            if (entry := known.sheet_for(sheet.file, sheet.name)) and not (sheet.hidden and not entry.sheet)
        ]  # fmt: skip
        lists = [
            sheet for sheet, entry, _ in read if entry.heading_of("referrals", "date") and entry.anchor == "referrals"
        ]
        self.consultation.settle_required("cases.date_referral", [(sheet.file, sheet.name) for sheet in lists])
        ask_links([*all_key_columns(read)], self.file, self.consultation, labels=labels)
        ask_names([*like_names([(sheet, entry) for sheet, entry, _ in read], known)], self.file, self.consultation)

    @contextmanager
    def _kept_apart(self, sheet: RawSheet) -> Iterator[None]:
        """What nobody foresaw in one sheet is said of it, and costs no other sheet its proposal."""
        try:
            with during("unexpected_proposing", Place(sheet.file, sheet.name)):
                yield
        except IwwError as error:
            if not error.messages[0].code.startswith(UNFORESEEN):
                raise
            self.consultation.messages += error.messages

    @property
    def crosswalk(self) -> Crosswalk:
        """What it says by now."""
        return parse(tomllib.loads(str(self.file)), f"{self.source}.toml")

    def _recognised(self, sheet: RawSheet, known: Crosswalk, legends: Legends) -> RecognisedSheet:
        """A sheet as it is recognised; of what the crosswalk has as a question, the meaning is proposed anew."""
        entry = known.sheet_for(sheet.file, sheet.name)
        if entry is None and (sheet.file, sheet.name) in legends.sheets:
            return RecognisedSheet(sheet.file, sheet.name, ignore=not_read_because("legend"))
        hidden = sheet.hidden and not (entry and entry.sheet)
        answered = replace(entry, open_headings=()) if entry and not hidden else None
        others = self.others if entry else (known, *self.others)  # what a heading means on one sheet was asked already
        with during("unexpected_proposing", Place(sheet.file, sheet.name)):
            return recognise.recognise(
                sheet.file, sheet.name, sheet.cells, others, answered, hidden=hidden, numbers=sheet.numbers,
                meanings=legends.meanings, ids=sheet.ids,
            )  # fmt: skip

    def _tables(self, sheets: Sequence[RawSheet], legends: Legends) -> list[RecognisedSheet]:
        """Sheets as they are recognised, each with those that it is one table with; new ones join the entry of their table."""
        known = self.crosswalk
        first = with_families([self._recognised(sheet, known, legends) for sheet in sheets], is_of_referrals)
        for sheet in first:
            known = self.crosswalk
            is_new = not known.sheet_for(sheet.file, sheet.sheet) and not known.ignored_because(sheet.file, sheet.sheet)
            if entry := entry_of_table(sheet, known) if is_new and not is_of_referrals(sheet) else None:
                self.file.add_sheet_name(known.sheets.index(entry), literal(sheet.sheet))
                reason = Reason("one_table", {"others": entry.sheet.replace(SEVERAL, ", ")})
                self.consultation.note(sheet, "", f"one_row_is = {entry.anchor}", BY_VALUES, reason)
            elif is_new and (again := renamed(sheet, known, first)):
                self.file.widen(known.sheets.index(again.entry), again.pattern)
        known = self.crosswalk
        return with_families(first, lambda each: (is_of_referrals(each), known.sheet_for(each.file, each.sheet)))

    def _add_sheet(self, sheet: RecognisedSheet, known: Crosswalk) -> None:
        self.consultation.row_is[sheet.file, sheet.sheet or None] = sheet.anchor
        if sheet.crosswalk is None:
            if sheet.form is None:
                self._not_read(sheet)
                return
            reason = Reason("form", {"form": sheet.form.nl})
            self.consultation.note(sheet, "", f"one_row_is = {sheet.anchor}", sheet.confidence, reason)
        entry = known.sheet_for(sheet.file, sheet.sheet) if sheet.crosswalk else None
        known_open = set(map(vocabulary.key, entry.open_headings)) if entry else set()
        chosen = choose_meanings(sheet, known_open, self.consultation)
        lost = lost_headings(sheet, entry, chosen)
        counted = ignored("line_number", BY_VALUES)
        chosen |= {heading: counted for heading, profile in lost.items() if is_counter(heading, profile)}
        for heading in lost:
            label = NOT_READ if heading in chosen else OPEN
            self.consultation.note(sheet, heading, label, BY_VALUES, Reason("given_up"))
        columns = {heading: filled for heading, filled in entry.columns.items() if heading not in lost} if entry else {}
        columns |= {heading: best.targets for heading, best in chosen.items() if best and best.targets}
        number, head, parts = sheet_entry(sheet, known, columns, chosen, self.consultation)
        self.file.ask_again(number, lost)
        self.file.add_sheet(number, head, parts)
        likely = {  # because of the words under it: these can be asked at once
            p.heading: p.best.targets if p.best.reason.name == "values" else () for p in sheet.proposals
        }
        answered = [heading for heading, best in chosen.items() if best and vocabulary.key(heading) in known_open]
        drop_words(sheet, {heading: likely[heading] for heading in answered}, self.file, self.consultation)
        columns |= {heading: likely[heading] for heading, best in chosen.items() if not best}
        add_words(sheet, columns, self.file, self.others, self.consultation)
        said = next((e.sheet_name for e in self.crosswalk.sheets if e.fits(sheet.file, sheet.sheet)), None)
        if said and said.column:
            names, of_names = as_column(sheet, said)
            add_words(names, of_names, self.file, self.others, self.consultation)
        if lost and sheet.form:  # what they mean then is a question
            known = self.crosswalk
            entry = known.sheet_for(sheet.file, sheet.sheet)
            asked = replace(sheet, crosswalk=replace(entry, open_headings=()) if entry else None)
            self._add_sheet(recognise.as_form(asked, sheet.form, self.others), known)

    def _not_read(self, sheet: RecognisedSheet) -> None:
        """A sheet that holds no table, that a person does not want to be read, or of which nobody says what it is."""
        if sheet.ignore:  # by its own name alone: next year's may hold a table
            self.file.ignore_sheet(literal(sheet.file), literal(sheet.sheet), sheet.ignore)
            self.consultation.note(sheet, "", NOT_READ, CERTAIN, Reason("not_read", {"why": sheet.ignore}))
        else:
            self.consultation.say("sheet_unrecognised", sheet)
            self.consultation.note(sheet, "", OPEN, 0, Reason("no_form"))


def sheet_entry(
    sheet: RecognisedSheet, known: Crosswalk, columns: HeadingTargets, chosen: Mapping[str, Candidate | None],
    consultation: Consultation,
) -> tuple[int | None, list[TomlLine], dict[str, list[TomlLine]]]:  # fmt: skip
    """Give the lines of one kind of sheet, or those that its entry lacks, as `CrosswalkFile.add_sheet` takes them.

    `columns`: what every heading fills, known before or now; `chosen`: what the headings mean that are new or were open.
    """
    likely = {p.heading: p.best.targets for p in sheet.proposals if not chosen[p.heading] and is_by_parts(p.best)}
    asked = [p for p in sheet.proposals if not chosen[p.heading]]
    constants = list(_constants(sheet, {**columns, **likely}, asked, consultation))  # asked at once with what they are
    style = NumberAndDateStyle(sheet, columns, consultation.answer, known.sheet_for(sheet.file, sheet.sheet))
    number, head = None, [style.order] if style.order else []
    if sheet.crosswalk:
        number = next(n for n, entry in enumerate(known.sheets) if entry.fits(sheet.file, sheet.sheet))
    elif sheet.form:
        doubt = {"confidence": sheet.confidence, "form": sheet.form.nl}
        unsure = comment("form_unsure", **doubt) if sheet.confidence < SURE else ""
        of_sheets = sheet.pattern[1].split(SEVERAL)
        names = [("file", sheet.pattern[0]), ("sheet", of_sheets if len(of_sheets) > 1 else of_sheets[0])]
        head = [
            *(TomlLine(*each) for each in names if each[1]),
            TomlLine("one_row_is", sheet.anchor, unsure),
            *_columns(sheet.form),
            *head,
        ]
    read = [p for p in sheet.proposals if not ((best := chosen[p.heading]) and best.ignore)]
    keys = [(p, best.targets[0].column) for p in read
            if (best := chosen[p.heading]) and best.targets and best.targets[0].statement.kind == "key"]  # fmt: skip
    widths = [(column, column_profile.lost_zeros(p.profile)) for p, column in keys]
    parts = {
        "columns": [_column(proposal, chosen[proposal.heading]) for proposal in read],
        "constants": constants,
        "sheet_name": list(sheet_name(sheet, columns, consultation)),
        "date_orders": list(style.orders),
        "half_dates": list(style.half_dates),
        "decimals": list(style.decimals),
        "fill_down": list(fill_down(sheet, columns, consultation)),
        "missing_words": list(missing_words(sheet, columns, consultation)),
        "separators": list(separators(sheet, columns, consultation)),
        "ids": [TomlLine(column, width) for column, width in widths if width],
        "ignore": [TomlLine(heading, best.ignore) for heading, best in chosen.items() if best and best.ignore],
    }
    return number, head, parts


def _columns(form: vocabulary.Form) -> list[TomlLine]:
    """What headings stand for, on a sheet on its side."""
    names = [*form.a_column_is]
    return [TomlLine("a_column_is", names if len(names) > 1 else names[0])] if names else []


def _column(proposal: HeadingProposal, chosen: Candidate | None) -> TomlLine:
    if chosen is None:
        named = ", ".join(f"{c.ignore or c.label} ({c.confidence} %)" for c in proposal.candidates)
        like = comment("looks_like", candidates=named) if named else proposal.best.reason.say("nl")
        return TomlLine(proposal.heading, OPEN, like)
    if chosen.reason.name == NOT_KNOWN:
        return TomlLine(proposal.heading, NOT_KNOWN)
    beside = f"{chosen.confidence} %: {chosen.reason.say('nl')}" if chosen.confidence < ELSEWHERE else ""
    return TomlLine(proposal.heading, written(chosen.targets), beside)


def _constants(
    sheet: RecognisedSheet, columns: HeadingTargets, asked: Sequence[HeadingProposal], consultation: Consultation
) -> Iterator[TomlLine]:
    """What every row, and the version of every score, needs and no heading gives: a code or name can hold for all rows.

    What else is needed is said. What a heading gives by now is a line without a value; `asked`: headings that can give it yet.
    """
    every = [target for targets in columns.values() for target in targets]
    given = {(target.table, name) for target in every for name in (target.column, *dict(target.constants))}
    given |= {
        (name, t.column) for t in every for name, table in TABLES.items() if t.holds_for(table, dict(t.constants))
    }
    given |= set(sheet.crosswalk.constants) if sheet.crosswalk else set()
    likely = {(t.table, t.column) for p in asked for c in p.candidates for t in c.targets}
    yield from (TomlLine(f"{table}.{name}", None) for table, name in given)
    given_elsewhere = {*GIVEN, *(sheet.form.a_column_is if sheet.form else ())}
    required = [
        (sheet.anchor, column)
        for column in TABLES[sheet.anchor]
        if column.required and column.name not in given_elsewhere
    ]
    scores = {
        t.table for t in every if t.table != sheet.anchor and "instrument_version" in TABLES[t.table]
        and t.column in OF_A_SCORE and "instrument_version" not in dict(t.constants)
    }  # fmt: skip
    required += [(table, TABLES[table]["instrument_version"]) for table in sorted(scores)]
    for table, column in required:
        field = f"{table}.{column.name}"
        if (table, column.name) in given:
            continue
        is_name = column.kind == "label" and column.name in TABLES[table].inherits  # what a row tells all its records
        if not (column.vocabulary or is_name) or (table, column.name) in likely:
            if table == sheet.anchor:
                consultation.say("required_open", sheet, means=column.nl, field=field)
            continue
        answer = consultation.answer(OpenQuestion(
            "ask_constant_name" if is_name else "ask_constant", sheet.place(), {"means": column.nl},
            () if is_name else of_list(column.vocabulary), free="text" if is_name else "",
            key=open_question.key("constant", *sheet.pattern, column.name), n=sheet.n_rows, of=sheet.n_rows,
        ))  # fmt: skip
        yield TomlLine(field, answer or OPEN, "" if answer else comment("constant", means=column.nl))
        label = f"{field} = {answer}" if answer else f"{OPEN} {field}"
        consultation.note(sheet, "", label, CERTAIN if answer else 0, Reason("asked" if answer else "no_heading"))
