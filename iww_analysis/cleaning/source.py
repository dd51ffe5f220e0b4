"""Build a source of its sheets: processed tables, the account of every row, and what a person must know."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, NamedTuple

import pandas as pd
import pyarrow as pa

from iww_analysis.cleaning.clean import NONE_FOUND, Context
from iww_analysis.cleaning.known_sheet import DeliveredSheet, KnownSheet, moved_left_out, passed_over, sums_left_out
from iww_analysis.cleaning.notices.build_messages import notices
from iww_analysis.cleaning.row_accounts import LONG, accounts, ledger_of, links_of
from iww_analysis.cleaning.rules import NOUNS, episodes
from iww_analysis.cleaning.rules.fullest import fullest_first
from iww_analysis.cleaning.rules.texts import Doubt, hold_back
from iww_analysis.cleaning.settle import SettledSource, settle_source
from iww_analysis.cleaning.supersede import Replacement
from iww_analysis.crosswalk.ask.links import link_message
from iww_analysis.crosswalk.crosswalk import OPEN, Crosswalk, SheetCrosswalk, as_read
from iww_analysis.crosswalk.propose.like_names import like_names
from iww_analysis.crosswalk.text_decisions import pseudonym
from iww_analysis.messages.errors import IwwError, Message, Place
from iww_analysis.privacy.pseudonyms import Hide, pseudonymiser
from iww_analysis.tables import TABLES, contract
from iww_analysis.tables.cells import overlap_keys
from iww_analysis.tables.cells.interning import Frames, Numbering, columns_of, compact
from iww_analysis.tables.cells.key_folding import LETTERS


@dataclass
class Built:
    """Processed tables of a source, the account, what a person must act on, and what was found in the rows.

    `asked`: what a person must say first, before these tables may take the place of others; `doubts`: words of texts that may
    be names, and are held back until a person decided.
    """

    tables: Frames = field(default_factory=lambda: Frames({}))
    ledger: dict[str, Any] = field(default_factory=dict)
    messages: list[Message] = field(default_factory=list)
    notices: list[Message] = field(default_factory=list)
    asked: list[Message] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)

    @property
    def refused(self) -> bool:
        """Whether a file was refused: something that a person must act on."""
        return bool(self.ledger.get("refused"))


class Keys(NamedTuple):
    """What identifiers of a source are hidden with: its key, and whether cases get keys to be found in another register by."""

    key: bytes
    may_overlap: bool


def build_source(
    source: str, sheets: list[DeliveredSheet], crosswalk: Crosswalk, keys: Keys, refusals: list[Message]
) -> Built:  # fmt: skip
    """Make the processed tables of a source; raises IwwError when an account does not balance, or no file can be read at all.

    `refusals`: what a person must act on, so far.
    """
    refusals = [*refusals]
    settled, clashes = _settled(sheets, crosswalk, keys, refusals)
    if refusals and not settled.sheets:
        raise IwwError(*refusals)
    tables, problems = _tables(source, settled.records, _overlap(sheets, keys))
    tables, held_back, doubts = hold_back(tables, [sheet.hidden for sheet in settled.sheets], crosswalk.no_names)
    problems.append(held_back)
    for name, table in tables.items():
        contract.hold(TABLES[name], table)
    linked = links_of(settled, Frames(tables), crosswalk.keys)
    ledger = ledger_of(source, settled, linked)
    kept_accounts = accounts(source, settled, problems, ledger["sheets"])
    every = Frames(tables | {name: compact(frame) for name, frame in kept_accounts.items()})
    refused = {message.place.file or source for message in refusals if message.code != "sheet_unknown"}
    ledger |= {"tables": sorted(every), "refused": sorted(refused)}
    of_files = [message for sheet in settled.sheets for message in sheet.raw.notes]
    of_files += [*passed_over(settled.sheets), *sums_left_out(settled.sheets), *moved_left_out(settled.sheets)]
    letters = [Message("letters_count", Place(f"{source}.toml", column=f"keys.{c}")) for c in sorted(clashes)]
    gaps = [
        link_message(link) for found in linked.values() for link in found if link.n_met < link.n and not link.beside
    ]
    names = _like_names(settled.sheets, crosswalk)
    asked = [_asked(source, each) for each in settled.replacing]
    return Built(
        every, ledger, refusals, [*of_files, *letters, *gaps, *names, *notices(every, ledger["sheets"])], asked,
        _open(doubts, crosswalk, keys),
    )  # fmt: skip


def decisions(source: str, key: bytes) -> Hide:
    """Give what hides a name on which a person decided: its line in the crosswalk holds no name."""
    return pseudonymiser(key, f"{source}|text")


def _open(doubts: Sequence[Doubt], crosswalk: Crosswalk, keys: Keys) -> list[Doubt]:
    """The words on which nobody decided yet."""
    if not doubts or not crosswalk.names_hidden:
        return [*doubts]
    hide = decisions(crosswalk.source, keys.key)
    return [doubt for doubt in doubts if pseudonym(doubt.phrase, hide) not in crosswalk.names_hidden]


def _like_names(sheets: Sequence[DeliveredSheet], crosswalk: Crosswalk) -> list[Message]:
    """Say which names count by themselves that may be another's. A long sheet is not read again for that: `check` tells them."""
    if sum(sheet.rows_in_file for sheet in sheets) > LONG:
        return []
    known = [(sheet.raw, sheet.entry) for sheet in sheets if isinstance(sheet, KnownSheet)]
    return [each.message for each in like_names(known, crosswalk)]


def _asked(source: str, found: Replacement) -> Message:
    words = {"source": source, "day": found.delivery, "since": found.since, "what": TABLES[found.table].nl,
             "n": found.replaced, "of": found.before, "opened": found.opened, "closed": found.closed}  # fmt: skip
    return Message("delivery_replaces", Place(f"{source}/{found.delivery}"), words)


def _settled(
    sheets: list[DeliveredSheet], crosswalk: Crosswalk, keys: Keys, refusals: list[Message]
) -> tuple[SettledSource, set[str]]:
    """Settle a source; where small and large letters turn out to tell its records apart it is done once more, with both."""
    clashes, before = set[str](), [*refusals]
    settled = settle_source(sheets, lambda sheet: context_of(sheet, crosswalk, keys, clashes), refusals)
    if not clashes:
        return settled, clashes
    crosswalk = replace(crosswalk, keys={**crosswalk.keys, **dict.fromkeys(clashes, (LETTERS,))})
    refusals[:] = before
    return settle_source(sheets, lambda sheet: context_of(sheet, crosswalk, keys, set()), refusals), clashes


def context_of(sheet: KnownSheet, crosswalk: Crosswalk, keys: Keys, clashes: set[str]) -> Context:
    """Give what holds for the records of a sheet, as its card and crosswalk say; `clashes`: see `Context`."""
    card, entry = sheet.origin, sheet.entry

    def pseudonyms(column: str) -> Hide:
        return pseudonymiser(keys.key, f"{card.source}|{column}")

    return Context(
        source=card.source,
        date_order=as_read(entry.date_order),
        date_orders={place: sheet.date_order_of(*place) for place in _columns("date", "birth_date")},
        excel_epoch=entry.excel_epoch,
        decimals={place: as_read(entry.decimal_of(*place)) for place in _columns("integer")},
        machine_words={
            place: answer for place in _columns("label") if (answer := _machine_word(entry, *place)) != OPEN
        },
        codes={place: _codes(crosswalk, entry, *place) for place in _columns("code")},
        ids=entry.ids,
        keys=crosswalk.keys,
        names=crosswalk.names,
        clashes=clashes,
        pseudonyms=None if card.regime == "case_study" else pseudonyms,
        overlap=_overlap([sheet], keys),
        extraction_date=pd.Timestamp(card.extracted(sheet.raw.file)),
        municipalities=card.municipality,
    )


def _codes(crosswalk: Crosswalk, entry: SheetCrosswalk, table: str, column: str) -> Mapping[str, str]:
    """What the words of a column mean, by the headings that fill it."""
    field = f"{table}.{column}"
    headings = [name for name, filled in entry.columns.items() if field in [target.field for target in filled]]
    return crosswalk.codes_under(TABLES[table][column].vocabulary, headings or [entry.source_of(table, column)])


def _machine_word(entry: SheetCrosswalk, table: str, column: str) -> str:
    """What a person said that "NA" is in a column of names."""
    return as_read(entry.missing_words.get(entry.source_of(table, column), OPEN))


def _overlap(sheets: Sequence[DeliveredSheet], keys: Keys) -> Hide | None:
    """What hides the keys by which a case is found in another source; in a case study numbers are invented labels."""
    cards = [sheet.origin for sheet in sheets if isinstance(sheet, KnownSheet)]
    if not keys.may_overlap or any(card.regime == "case_study" for card in cards) or not cards:
        return None
    return pseudonymiser(keys.key, overlap_keys.DOMAIN)


def _columns(*kinds: str) -> Iterator[tuple[str, str]]:
    return ((table.name, column.name) for table in TABLES.values() for column in table if column.kind in kinds)


def _tables(
    source: str, records: dict[str, list[pa.Table]], overlap: Hide | None
) -> tuple[dict[str, pa.Table], list[pd.DataFrame]]:
    """Put the kept records of all sheets together and let each noun settle what needs them together."""
    numbering = Numbering(records.values())
    tables = {name: numbering.together(records.pop(name)) for name in list(records)}  # pieces go as tables come
    problems = []
    of_nouns = [noun.settle for noun in NOUNS if hasattr(noun, "settle")]
    for settle in (episodes.settle, partial(_with_birth_keys, hide=overlap), *of_nouns):
        settled, of_noun = settle(Frames(tables))
        tables |= {name: compact(frame.assign(source=source)) for name, frame in settled.items()}
        problems.append(of_noun)
    ordered, differing = fullest_first(tables)
    tables, problems = tables | ordered, [*problems, differing]
    return {name: contract.distinct(TABLES[name], table) for name, table in tables.items()}, problems


def _with_birth_keys(
    records: Mapping[str, pd.DataFrame], hide: Hide | None
) -> tuple[dict[str, pd.DataFrame], pd.DataFrame]:
    """Give persons who stand apart from their case the key by which it is found in another source; there is no problem in it."""
    if overlap_keys.BIRTH not in columns_of(records, "case_persons") or "cases" not in records:
        return {}, NONE_FOUND
    cases = records["cases"].set_index("case_id")
    return {"case_persons": overlap_keys.with_birth_key(records["case_persons"], cases, "case_id", hide)}, NONE_FOUND
