"""Settle a source: all its rows are read first, then what becomes of each is decided, then only the kept ones go on."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from iww_analysis.cleaning import clean
from iww_analysis.cleaning.changes import Changes
from iww_analysis.cleaning.clean_batch import CleanBatch, read_batches, records_of
from iww_analysis.cleaning.known_sheet import DeliveredSheet, KnownSheet
from iww_analysis.cleaning.row_fates import set_aside, settle_fates
from iww_analysis.cleaning.rules import consent, referral_days
from iww_analysis.cleaning.supersede import COLUMNS as RENEWED
from iww_analysis.cleaning.supersede import Replacement, renewals, replacements
from iww_analysis.messages.errors import IwwError, Message, during
from iww_analysis.tables import TABLES
from iww_analysis.tables.cells.interning import as_frame, plain


@dataclass(frozen=True)
class SettledSource:
    """What came of all rows of a source.

    `sheets`: those that could be read to their end, and those that are not read. `records`: by table the clean records of
    kept rows, in pieces. `rows`: per known sheet kind, fate and reason of every row, by its number (fate and reason of those
    that were read). `problems`: per known sheet, see `Cleaned`. `renewed`: what deliveries changed, see `renewals`.
    `consent`: see `consent.account`.
    `replacing`: deliveries that replace most of an earlier one while their card does not say that this is meant.
    """

    sheets: list[DeliveredSheet]
    records: dict[str, list[pa.Table]]
    rows: Mapping[KnownSheet, pd.DataFrame]
    problems: Mapping[KnownSheet, pd.DataFrame]
    changes: Changes
    renewed: pd.DataFrame
    consent: Mapping[str, Mapping[str, int]]
    replacing: list[Replacement]


def settle_source(
    sheets: list[DeliveredSheet], context_of: Callable[[KnownSheet], clean.Context], refusals: list[Message]
) -> SettledSource:
    """Read and clean all rows of all sheets, and settle what becomes of them.

    A sheet of which reading stops halfway is left out, and why is put in `refusals`.
    """
    read = _read(sheets, context_of, refusals)
    days, noted = _referral_days([batch for of_sheet, _ in read.values() for batch in of_sheet])
    lacking = [sheet for sheet in read if sheet.source_id in days]  # read once more, with the days that were found
    again = _read(lacking, lambda s: replace(context_of(s), referral_days=days[s.source_id]), refusals)
    read = {sheet: again.get(sheet, once) for sheet, once in read.items() if sheet in again or sheet not in lacking}
    batches = {sheet: of_sheet for sheet, (of_sheet, _) in read.items()}
    changes = Changes(change for found in days.values() for change in referral_days.changes(found))
    for _, changed in read.values():
        changes.update(changed)
    every = [batch for of_sheet in batches.values() for batch in of_sheet]
    rivals = defaultdict(list)  # rows can only repeat, replace or contradict rows that make records of the same table
    for batch in every:
        rivals[batch.anchor, batch.makes_several].append(batch)
    renewed, replacing, fates = [], list[Replacement](), dict[CleanBatch, pd.DataFrame]()
    meant = {batch.delivery for batch in every if batch.sheet.origin.replaces}
    for (anchor, _), of_table in rivals.items():
        renewed.append(renewals(of_table, TABLES[anchor]))
        found = replacements(of_table, TABLES[anchor])
        replacing += [each for each in found if each.is_most and each.delivery not in meant]
        fates |= zip(of_table, settle_fates(of_table, TABLES[anchor]), strict=True)
    grounds, without_consent = _withhold(every, fates)
    records: dict[str, list[pa.Table]] = defaultdict(list)
    for batch in every:  # from here on it is known of every row whether it is kept: no other record stays in memory
        kept = fates[batch].index[fates[batch]["fate"] == "kept"].to_series()
        for name, of_kept_rows in batch.hand_over(kept):
            records[name].append(of_kept_rows)
    return SettledSource(
        sheets=[sheet for sheet in sheets if not isinstance(sheet, KnownSheet) or sheet in batches],
        records=records,
        rows={sheet: _rows(of_sheet, fates) for sheet, of_sheet in batches.items()},
        problems={
            s: clean.join(
                [
                    noted[noted["source_id"] == s.source_id],
                    *(p for b in of_s for p in (b.problems, *without_consent.get(b, ()))),
                ]
            )
            for s, of_s in batches.items()
        },
        changes=_of_kept(changes, records)
        if any({*consent.WITHHELD} & of.keys() for of in grounds.values())
        else changes,
        renewed=clean.join(renewed, RENEWED),
        consent=grounds,
        replacing=replacing,
    )


def _read(
    sheets: Iterable[DeliveredSheet], context_of: Callable[[KnownSheet], clean.Context], refusals: list[Message]
) -> dict[KnownSheet, tuple[list[CleanBatch], Changes]]:
    """Read and clean all rows of the sheets that are known; why one is left out is put in `refusals`."""
    read = {}
    for sheet in (sheet for sheet in sheets if isinstance(sheet, KnownSheet)):
        try:
            with during("unexpected_cleaning", sheet.place):
                read[sheet] = read_batches(sheet, context_of(sheet))
        except IwwError as error:
            refusals += error.messages
    return read


def _referral_days(batches: list[CleanBatch]) -> tuple[Mapping[str, pd.Series], pd.DataFrame]:
    """The days of referral of cases that say none, by sheet and row, from the lists of referrals; and what is noted of cases."""
    lists, making = ([b for b in batches if b.anchor == "referrals"], [b for b in batches if "cases" in b.records])
    if not lists or not making:
        return {}, clean.NONE_FOUND
    known = consent.consents(each for batch in batches for each in _material(batch))
    counting = [
        pd.DataFrame({"batch": n, "source_row": _counting(batch, fates, known)})
        for n, (batch, fates) in enumerate(zip(lists, settle_fates(lists, TABLES["referrals"]), strict=True))
    ]
    records = [as_frame(b.records["cases"].select(referral_days.ASKED)).assign(delivery=b.delivery) for b in making]
    cases = pd.concat(records, ignore_index=True)
    referrals = records_of(pd.concat(counting, ignore_index=True), lists)
    days = referral_days.first_days(cases, referrals) if len(referrals) else pd.Series(pd.NaT, index=cases.index)
    found = cases.assign(day=days)[days.notna() & referral_days.lacking(cases)]
    found = found.drop_duplicates(["source_id", "source_row"], keep=False)  # a row of two cases says not of which
    by_sheet = {str(name): of.set_index("source_row")["day"] for name, of in found.groupby("source_id", observed=True)}
    return by_sheet, referral_days.problems(cases, days)


def _counting(batch: CleanBatch, fates: pd.DataFrame, known: consent.Consents) -> pd.Index:
    """The rows of a list that are kept, and of nobody who did not agree."""
    own = [each for each in _material(batch) if each.table.name == batch.anchor]
    withheld = [each.records.filter(pa.array(np.isin(known.grounds(each), consent.WITHHELD))) for each in own]
    rows = fates.index[fates["fate"] == "kept"]
    return rows.difference([row for records in withheld for row in records.column("source_row").to_pylist()])


def _withhold(
    batches: list[CleanBatch], fates: dict[CleanBatch, pd.DataFrame]
) -> tuple[Mapping[str, Mapping[str, int]], Mapping[CleanBatch, list[pd.DataFrame]]]:
    """Leave out what nobody agreed to: a row by its own record, or a record beside it. Gives the account, and why per batch."""
    material = {batch: list(_material(batch)) for batch in batches}
    known = consent.consents(each for of_batch in material.values() for each in of_batch)
    grounded: dict[str, list[tuple[pa.Table, np.ndarray]]] = defaultdict(list)
    problems: dict[CleanBatch, list[pd.DataFrame]] = defaultdict(list)
    for batch in batches:
        kept = fates[batch].index[fates[batch]["fate"] == "kept"]
        for each in material[batch]:
            name, grounds, rows = each.table.name, known.grounds(each), each.records.column("source_row").to_numpy()
            counts = batch.usable[name] & np.isin(rows, kept)
            grounded[name].append((each.records.filter(pa.array(counts)), grounds[counts]))
            out = counts & np.isin(grounds, consent.WITHHELD)
            batch.usable[name][out] = False
            places = pd.DataFrame({"source_id": batch.sheet.source_id, "source_row": rows})
            is_anchor = name == batch.anchor
            problems[batch].append(
                clean.problems_of(name, "", places[out], list(grounds[out]), "row" if is_anchor else "cell")
            )
            if is_anchor:
                fates[batch] = set_aside(fates[batch], pd.Series(grounds[out], index=rows[out]))
            if "quote" in each.table:
                silent = counts & ~out & ~known.may_be_quoted(each) & each.records["quote"].is_valid().to_numpy()
                batch.records[name] = _without_quotes(each.records, silent)
                problems[batch].append(clean.problems_of(name, "quote", places[silent], "no_consent", "cell"))
    return consent.account(grounded), problems


def _of_kept(changes: Changes, records: Mapping[str, list[pa.Table]]) -> Changes:
    """The changes without the words and days that no kept record has: those of who did not agree are told nowhere."""
    kept: Changes = Counter()
    for change, n in changes.items():
        table, column, raw, new, _ = change
        pieces = records.get(str(table), ())
        is_code = any(f"{column}_raw" in piece.column_names for piece in pieces)
        name, text = (f"{column}_raw", raw) if is_code else (str(column), new)  # of a day the one that it became
        held = {str(one)[: len(text or "")] for piece in pieces if name in piece.column_names
                for one in as_frame(piece.select([name]))[name].unique()}  # fmt: skip
        if raw is None or text in held:
            kept[change] = n
    return kept


def _material(batch: CleanBatch) -> Iterator[consent.Material]:
    """The records of persons in a batch; in a register their own words alone."""
    card, documents = batch.sheet.origin, {}
    if "documents" in batch.records:
        documents = consent.documents_of(batch.records["documents"])
    is_study = card.regime == "case_study"
    for name, records in batch.records.items():
        material = consent.Material(TABLES[name], records, batch.delivery, is_study, card.everyone_agreed, documents)
        if material.is_bound:
            yield material


def _without_quotes(records: pa.Table, silent: np.ndarray) -> pa.Table:
    quotes = pc.if_else(pa.array(~silent), plain(records["quote"]), None)
    return records.set_column(records.column_names.index("quote"), "quote", quotes)


def _rows(batches: list[CleanBatch], fates: Mapping[CleanBatch, pd.DataFrame]) -> pd.DataFrame:
    kinds = pd.concat([batch.kinds for batch in batches])
    return pd.concat([fates[batch] for batch in batches]).reindex(kinds.index).assign(kind=kinds)
