"""Turn what was recognised in a delivery into lines of a crosswalk, asking a person where nothing is sure."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace

from iww_analysis import vocabulary
from iww_analysis.crosswalk import crosswalk
from iww_analysis.crosswalk.ask.headings import choose_meaning
from iww_analysis.crosswalk.ask.open_question import (
    CERTAIN,
    NOT_READ,
    Choice,
    Consultation,
    OpenQuestion,
    key,
    not_read,
)
from iww_analysis.crosswalk.ask.sheet_entry import pattern_of, sheet_entry
from iww_analysis.crosswalk.ask.words import add_words, drop_words
from iww_analysis.crosswalk.crosswalk import OPEN, Crosswalk, Target
from iww_analysis.crosswalk.propose.proposal import HeadingProposal, Reason, not_read_because
from iww_analysis.crosswalk.propose.recognise import RecognisedSheet, as_form, literal, recognise
from iww_analysis.crosswalk.write import CrosswalkFile
from iww_analysis.tables.raw_sheet import RawSheet


@dataclass(frozen=True)
class GrowingCrosswalk:
    """A crosswalk that grows by the sheets of a delivery. `others`: crosswalks of other sources, whose words help."""

    source: str
    file: CrosswalkFile
    others: tuple[Crosswalk, ...]
    consultation: Consultation

    def add_sheets(self, sheets: Sequence[RawSheet]) -> list[RecognisedSheet]:
        """Write what every sheet is; sheets of one kind share an entry. Gives what the sheets that are read are."""
        known = self._crosswalk()
        first = [self._recognised(sheet, known) for sheet in sheets]
        added = []
        for sheet, recognised in zip(sheets, first, strict=True):
            known = self._crosswalk()
            covered = known.sheet_for(sheet.file, sheet.name)
            if covered and recognised.crosswalk is None:
                recognised = self._recognised(sheet, known)
            if covered or known.ignored_because(sheet.file, sheet.name) is None:
                entry = recognised.crosswalk
                pattern = (entry.file, entry.sheet) if entry else pattern_of(recognised, first)
                self._add_sheet(replace(recognised, pattern=pattern), known)
                added.append(recognised)
        return added

    def _crosswalk(self) -> Crosswalk:
        return crosswalk.parse(tomllib.loads(str(self.file)), f"{self.source}.toml")

    def _recognised(self, sheet: RawSheet, known: Crosswalk) -> RecognisedSheet:
        """A sheet as it is recognised; of what the crosswalk has as a question, the meaning is proposed anew."""
        entry = known.sheet_for(sheet.file, sheet.name)
        hidden = sheet.hidden and not (entry and entry.sheet)
        answered = replace(entry, open_headings=()) if entry and not hidden else None
        return recognise(sheet.file, sheet.name, sheet.cells, self.others, answered, hidden=hidden)

    def _add_sheet(self, sheet: RecognisedSheet, known: Crosswalk) -> None:
        if sheet.crosswalk is None:
            sheet = sheet if sheet.form else self._named_by_a_person(sheet)
            if sheet.form is None:
                return
            reason = Reason("form", {"form": sheet.form.nl})
            self.consultation.note(sheet, "", f"one_row_is = {sheet.anchor}", sheet.confidence, reason)
        entry = known.sheet_for(sheet.file, sheet.sheet) if sheet.crosswalk else None
        known_open = set(map(vocabulary.key, entry.open_headings)) if entry else set()
        chosen = {
            p.heading: choose_meaning(sheet, p, self.consultation, asked_before=vocabulary.key(p.heading) in known_open)
            for p in sheet.proposals
        }
        columns = dict(entry.columns) if entry else {}
        columns |= {heading: best.targets for heading, best in chosen.items() if best and best.targets}
        self.file.add_sheet(*sheet_entry(sheet, known, columns, chosen, self.consultation))
        likely = {p.heading: _by_words(p) for p in sheet.proposals}
        answered = [heading for heading, best in chosen.items() if best and vocabulary.key(heading) in known_open]
        drop_words(sheet, {heading: likely[heading] for heading in answered}, self.file, self.consultation)
        columns |= {heading: likely[heading] for heading, best in chosen.items() if not best}
        add_words(sheet, columns, self.file, self.others, self.consultation)

    def _named_by_a_person(self, sheet: RecognisedSheet) -> RecognisedSheet:
        """A sheet of no known kind, as what a person says it is; without a form: it is not read, or the question stays."""
        answer = NOT_READ if sheet.ignore else self.consultation.answer(OpenQuestion(
            "ask_sheet", sheet.place(), choices=(*(Choice(f.name, f.nl, f.en) for f in vocabulary.forms()), not_read()),
            key=key("sheet", sheet.file, sheet.sheet), of=sheet.n_rows,
        ))  # fmt: skip
        if answer == NOT_READ:  # by its own name alone: next year's may hold a table
            because = sheet.ignore or not_read_because("asked")
            self.file.ignore_sheet(literal(sheet.file), literal(sheet.sheet), because)
            self.consultation.note(sheet, "", NOT_READ, CERTAIN, Reason("not_read", {"why": because}))
        elif not answer:
            self.consultation.say("sheet_unrecognised", sheet)
            self.consultation.note(sheet, "", OPEN, 0, Reason("no_form"))
        form = next((form for form in vocabulary.forms() if form.name == answer), None)
        return as_form(sheet, form, self.others) if form else sheet


def _by_words(proposal: HeadingProposal) -> tuple[Target, ...]:
    """What a heading that is not sure would fill because of the words under it: these can be asked at once."""
    return proposal.best.targets if proposal.best.reason.name == "values" else ()
