"""More than one delivery, or more files than one of a kind."""

import datetime as dt
from random import Random

from benchmarks.strangers.book.model import Stranger
from benchmarks.strangers.book.scribe import MONTHS, Scribe
from benchmarks.strangers.book.world import Case
from benchmarks.strangers.styles import pieces
from benchmarks.strangers.styles.registers import CP1252, EXTRACTED, RECEIVED, XLSX, deliver, some_cases

EARLIER, EARLIER_RECEIVED = dt.date(2022, 12, 31), dt.date(2023, 1, 17)


def change_of_system(rng: Random, stranger: Stranger) -> None:
    """Two deliveries: the second from another system, with other headings and other words, and more cases."""
    cases = some_cases(rng, 36)
    old, new = Scribe(rng, stranger, notation="d-m-yyyy"), Scribe(rng, stranger, technical=True, notation="%Y-%m-%d")
    new.number = old.number
    fields = pieces.some_fields(old, 3, "cases.status")
    early = [_as_known(case, EARLIER) for case in cases if str(case["cases.date_referral"]) < "2022-12-01"]
    deliver(stranger, [pieces.case_sheet(old, "registratie.xlsx", "Registratie", early, fields)], XLSX,
             received=EARLIER_RECEIVED, extracted=EARLIER)  # fmt: skip
    deliver(stranger, [pieces.case_sheet(new, "DOSSIERS.csv", "", cases, fields)], CP1252)


def _as_known(case: Case, on: dt.date) -> Case:
    """A case as it was known on a day: what came later is not in it."""
    closed = case["cases.date_closed"]
    told = {name: pieces.EMPTY if isinstance(value, dt.date) and value > on else value for name, value in case.items()}
    if not isinstance(closed, dt.date) or closed <= on:
        return told
    return {**told, "cases.status": "open", "cases.closure_reason": pieces.EMPTY}


def second_delivery(rng: Random, stranger: Stranger) -> None:
    """The same export half a year later: what was open may be closed by now, and there are new cases."""
    scribe, cases = Scribe(rng, stranger), some_cases(rng)
    fields = pieces.some_fields(scribe, 4)
    early = [_as_known(case, EARLIER) for case in cases if str(case["cases.date_referral"]) < "2022-12-01"]
    for day, extracted, part in ((EARLIER_RECEIVED, EARLIER, early), (RECEIVED, EXTRACTED, cases)):
        state = rng.getstate()
        sheet = pieces.case_sheet(scribe, f"uitdraai {extracted:%Y}.csv", "", part, fields)
        deliver(stranger, [sheet], CP1252, received=day, extracted=extracted)
        rng.setstate(state)


def quarters(rng: Random, stranger: Stranger) -> None:
    """One delivery of an export per quarter, each with the cases that were reported in it."""
    scribe, cases = Scribe(rng, stranger), some_cases(rng)
    fields, state, sheets = pieces.some_fields(scribe, 4), rng.getstate(), []
    for year, quarter in ((year, quarter) for year in (2021, 2022, 2023) for quarter in (1, 2, 3, 4)):
        part = [case for case in cases if _quarter_of(case) == (year, quarter)]
        rng.setstate(state)
        if len(part) > 2:
            sheets.append(pieces.case_sheet(scribe, f"export {year}-Q{quarter}.csv", "", part, fields))
    deliver(stranger, sheets, CP1252)


def _quarter_of(case: Case) -> tuple[int, int]:
    day = case["cases.date_referral"]
    assert isinstance(day, dt.date)
    return day.year, (day.month + 2) // 3


def sheet_per_month(rng: Random, stranger: Stranger) -> None:
    """A workbook with a sheet per month: the cases that were reported in it."""
    scribe, cases = Scribe(rng, stranger, notation="real"), some_cases(rng, 40)
    fields, sheets = pieces.some_fields(scribe, 3), []
    state = rng.getstate()
    for month in range(1, 7):
        part = [c for c in cases if str(c["cases.date_referral"]).startswith(f"2022-{month:02}")]
        rng.setstate(state)
        if part:
            sheets.append(pieces.case_sheet(scribe, "Instroom 2022.xlsx", MONTHS[month - 1], part, fields))
    deliver(stranger, sheets, XLSX)
