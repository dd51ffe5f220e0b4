"""Know of every record of a case study whether the person whose words it holds, or whom it is about, agreed to its use.

A register rests on another ground: of what stands in one, only a form that says no binds, and only the words of persons.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa

from iww_analysis import vocabulary
from iww_analysis.tables import TABLES
from iww_analysis.tables.cells.interning import as_frame
from iww_analysis.tables.cells.missing import is_missing
from iww_analysis.tables.statement import Table

FORM, CARD, FREE = "form", "card", ""  # why a record counts: its form says yes, the card does, it is of no person
WITHHELD = ("no_consent", "consent_withdrawn", "consent_open")  # why not: a no, a no after a yes, nobody said yes
_SILENT = ""
USE, QUOTES, CLIENT = "consent", "consent_quotes", "consent_client"
CLIENT_SPEAKS = "client"
NO_PERSON = frozenset(
    value.code for name in ("perspective", "voice") for value in vocabulary.read(name).values
    if not value.extra.get("is_person", True)
)  # fmt: skip


class Voice(NamedTuple):
    """Who speaks in what, on which case; "" is not known."""

    case_id: str
    document: str
    speaker: str
    municipality: str
    team: str

    def is_of(self, other: "Voice") -> bool:
        """Whether what is said by one holds for the other: nothing that is known of both differs.

        Two documents of one name are one, unless they are of different cases.
        """
        if any(a and b and a != b for a, b in zip(self[1:], other[1:], strict=True)):
            return False
        if self.document and other.document and not (self.case_id and other.case_id):
            return True
        return bool({*self.case_id.split(";")} & {*other.case_id.split(";")})


class Statement(NamedTuple):
    """What one cell says of consent. `agrees`: None where it is empty. `delivery`: the day of receipt."""

    voice: Voice
    use: str
    agrees: bool | None
    delivery: str


class Material(NamedTuple):
    """Records of one table in one delivery. `is_study`: its card says case study; `everyone`: what the card says of all.

    `documents`: row -> the document that it names, for tables that have no such column.
    """

    table: Table
    records: pa.Table
    delivery: str
    is_study: bool
    everyone: str
    documents: Mapping[int, str] = MappingProxyType({})

    @property
    def is_bound(self) -> bool:
        """Whether its records take consent: in a register the words of persons alone."""
        return bool(self.table.speaker) or (self.is_study and self.table.of_persons)


@dataclass(frozen=True)
class Consents:
    """All that the forms and cards of a source say of consent.

    `cards`: day of receipt -> "yes", "no", or "" where nobody answered whether everyone agreed.
    """

    statements: Mapping[str, Sequence[Statement]]  # by what is asked
    cards: Mapping[str, str]
    _known: dict[tuple[str, Voice], str] = field(default_factory=dict)

    def grounds(self, material: Material) -> np.ndarray:
        """Give for each record why it counts (FORM, CARD, FREE) or why it does not (one of WITHHELD)."""
        voices = _voices(material)
        ground = {voice: self._ground(voice, material) for voice in {*voices}}
        return np.array([ground[voice] for voice in voices], dtype=object)

    def may_be_quoted(self, material: Material) -> np.ndarray:
        """Say of each record whether no form refuses to have it quoted."""
        return np.array([self._said(QUOTES, voice) in (FORM, _SILENT) for voice in _voices(material)], dtype=bool)

    def _ground(self, voice: Voice, material: Material) -> str:
        is_person = bool(material.table.speaker) and voice.speaker not in NO_PERSON
        by_form = self._by_form(voice, is_person=is_person)
        if by_form or not material.is_study:
            return by_form
        hangs_on_one = bool(voice.case_id) or (is_person and not material.table.of_groups)
        return self._by_card(material.delivery) if hangs_on_one else FREE

    def _by_form(self, voice: Voice, *, is_person: bool) -> str:
        """What forms say: of who speaks, of what the client says of others' words, of the client where no person speaks."""
        asked = [self._said(USE, voice)] if voice.speaker or is_person else []
        asked += [said for said in [self._said(CLIENT, voice)] if said in WITHHELD[:2]]
        if not is_person:
            asked.append(self._said(USE, voice._replace(document="", speaker=CLIENT_SPEAKS)))
        return next((said for why in (*WITHHELD, FORM) for said in asked if said == why), _SILENT)

    def _by_card(self, delivery: str) -> str:
        """What the card says of everyone; a later card that says no holds for what came before as well."""
        if any(answer == "no" for day, answer in self.cards.items() if day > delivery):
            return "consent_withdrawn" if self.cards[delivery] == "yes" else "no_consent"
        return {"yes": CARD, "no": "no_consent"}.get(self.cards[delivery], "consent_open")

    def _said(self, use: str, voice: Voice) -> str:
        if (use, voice) not in self._known:
            stated = [each for each in self.statements.get(use, ()) if each.voice.is_of(voice)]
            self._known[use, voice] = _verdict(stated)
        return self._known[use, voice]


def consents(every: Iterable[Material]) -> Consents:
    """Gather what is said in all rows that were read, whatever becomes of them: a no in a row that cannot be used is a no."""
    every = list(every)
    stated = dict.fromkeys(statement for material in every for statement in _statements(material))
    by_use = defaultdict(list)
    for statement in stated:
        by_use[statement.use].append(statement)
    return Consents(by_use, {m.delivery: m.everyone for m in every})


def account(grounded: Mapping[str, Sequence[tuple[pa.Table, np.ndarray]]]) -> dict[str, dict[str, int]]:
    """Count per table the distinct records by why they count or do not; `grounded`: table -> records with their grounds."""
    counted = dict[str, dict[str, int]]()
    for name, parts in sorted(grounded.items()):
        keys = [as_frame(records.select(list(TABLES[name].key))).assign(ground=ground) for records, ground in parts]
        every = pd.concat(keys, ignore_index=True).drop_duplicates()
        if of_table := Counter(every.loc[every["ground"] != FREE, "ground"]):
            counted[name] = dict(sorted(of_table.items()))
    return counted


def documents_of(records: pa.Table) -> dict[int, str]:
    """The document that each row names, by the documents that the rows of a sheet make."""
    documents = as_frame(records.select(["source_row", "document"])).dropna()
    documents = documents[~is_missing(documents["document"])].drop_duplicates("source_row")
    return dict(zip(documents["source_row"], documents["document"].astype("str").map(_folded), strict=True))


def _voices(material: Material) -> list[Voice]:
    names = {"case_id": "case_id", "document": "document", "speaker": material.table.speaker,
             "municipality": "municipality", "team": "team"}  # fmt: skip
    there = {part: name for part, name in names.items() if name in material.records.column_names}
    frame = as_frame(material.records.select(list(there.values()))).astype("str")
    texts = {part: frame[name].where(~is_missing(frame[name]), "").map(_folded) for part, name in there.items()}
    if "document" not in texts and material.documents:
        rows = material.records.column("source_row").to_pylist()
        texts["document"] = pd.Series([material.documents.get(row, "") for row in rows], index=frame.index)
    columns = [texts.get(part, pd.Series("", index=frame.index)) for part in Voice._fields]
    return [Voice(*values) for values in zip(*columns, strict=True)]


def _folded(text: str) -> str:
    return ";".join(vocabulary.key(part) for part in text.split(";"))


def _statements(material: Material) -> Iterator[Statement]:
    """What the records say. Words that are no plain yes are no yes, whether a list knows them or not."""
    asked = [use for use in (USE, QUOTES, CLIENT) if use in material.table]
    if not asked or not len(material.records):
        return
    voices, answers = _voices(material), as_frame(material.records.select(asked)).astype("object")
    if not material.table.speaker:
        voices = [voice._replace(speaker=CLIENT_SPEAKS) for voice in voices]
    for use in asked:
        for voice, answer in zip(voices, answers[use], strict=True):
            if answer != "not_recorded":
                yield Statement(voice, use, None if answer == "empty" else answer == "yes", material.delivery)


def _verdict(stated: Sequence[Statement]) -> str:
    """What holds by the latest word on each document, and on the voice as a whole; every one of them must be a yes.

    A no on the voice as a whole binds its documents, but where a later delivery says yes of each.
    """
    of_document = defaultdict(list)
    for statement in stated:
        of_document[statement.voice.document].append(statement)
    whole, day = _latest(of_document.pop("", []))
    latest = [_latest(statements) for statements in of_document.values()]
    if whole in WITHHELD[:2]:
        yes_again = bool(latest) and all(said == FORM and later > day for said, later in latest)
        withdrawn = any(each.agrees and each.delivery < day for each in stated)
        return FORM if yes_again else "consent_withdrawn" if withdrawn else whole
    every = [FORM if said == WITHHELD[2] and whole == FORM else said for said, _ in latest] or [whole]
    return next((why for why in (*WITHHELD, FORM) if why in every), _SILENT)


def _latest(stated: Sequence[Statement]) -> tuple[str, str]:
    """What the last delivery that says anything says, and its day."""
    answered = [each for each in stated if each.agrees is not None]
    day = max((each.delivery for each in answered), default="")
    if not answered:
        return (WITHHELD[2] if stated else _SILENT), day
    if all(each.agrees for each in answered if each.delivery == day):
        return FORM, day
    return ("consent_withdrawn" if any(each.agrees and each.delivery < day for each in answered) else "no_consent"), day
