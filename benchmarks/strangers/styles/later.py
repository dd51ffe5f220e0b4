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


def pairs_of_systems(rng: Random, stranger: Stranger) -> None:
    """Of either system a file of cases and one of meetings: the old one at its end, the new one with all that it took over."""
    cases = some_cases(rng, 30)
    old = Scribe(rng, stranger, notation="%d-%m-%Y")
    new = Scribe(rng, stranger, technical=True, notation="%Y-%m-%d")
    new.number = old.number
    fields = pieces.some_fields(old, 3, "cases.status")
    early = [_as_known(case, EARLIER) for case in cases if str(case["cases.date_referral"]) < "2022-12-01"]
    for case in early:
        case["meetings"] = [m for m in pieces.parts_of(case, "meetings") if str(m["meetings.date"]) <= str(EARLIER)]
    for scribe, part, names, kind, received, extracted in (
        (old, early, ("zaken.xlsx", "Zaken", "gesprekken.xlsx", "Gesprekken"), XLSX, EARLIER_RECEIVED, EARLIER),
        (new, cases, ("DOSSIER.csv", "", "OVERLEG.csv", ""), CP1252, RECEIVED, EXTRACTED),
    ):
        sheets = [pieces.case_sheet(scribe, names[0], names[1], part, fields),
                  pieces.meeting_sheet(scribe, names[2], names[3], part)]  # fmt: skip
        deliver(stranger, sheets, kind, received=received, extracted=extracted)


def corrected(rng: Random, stranger: Stranger) -> None:
    """C3: the same export once more, in which most cases were put right: another reason, another day of closing."""
    scribe, cases = Scribe(rng, stranger, notation="%d-%m-%Y"), some_cases(rng)
    fields, state = pieces.some_fields(scribe, 3), rng.getstate()
    reasons = sorted({str(case["cases.closure_reason"]) for case in cases if case["cases.closure_reason"] != pieces.EMPTY})
    wrong = [_mistaken(case, reasons) if n % 5 else case for n, case in enumerate(cases)]
    for part, day in ((wrong, dt.date(2023, 7, 4)), (cases, RECEIVED)):
        rng.setstate(state)
        deliver(stranger, [pieces.case_sheet(scribe, f"export {day:%d%m%Y}.csv", "", part, fields)], CP1252, received=day)
    stranger.replaces = True


def _mistaken(case: Case, reasons: list[str]) -> Case:
    """A case as it was before somebody put it right."""
    closed, reason = case["cases.date_closed"], case["cases.closure_reason"]
    team = {"cases.repeated": "no" if case["cases.repeated"] == "yes" else "yes"}
    if not isinstance(closed, dt.date):
        return {**case, **team}
    other = reasons[(reasons.index(str(reason)) + 1) % len(reasons)]
    return {**case, **team, "cases.closure_reason": other, "cases.date_closed": closed + dt.timedelta(days=1)}


def reopened(rng: Random, stranger: Stranger) -> None:
    """B3: what was closed and reported again later stands on a row of its own, under the number that it had."""
    scribe, cases = Scribe(rng, stranger), some_cases(rng)
    fields = pieces.some_fields(scribe, 4)
    closed = [c for c in cases if isinstance(c["cases.date_closed"], dt.date) and str(c["cases.date_closed"]) < "2023-04-01"]
    again = [_reported_again(case, rng.randrange(20, 70)) for case in rng.sample(closed, min(4, len(closed)))]
    rows = sorted([*cases, *again], key=lambda case: str(case["cases.date_referral"]))
    sheet = pieces.case_sheet(scribe, "dossiers.xlsx", "Dossiers", rows, fields)
    for row, case in zip(sheet.rows, rows, strict=True):
        row.again = int(case in again)
    deliver(stranger, [sheet], XLSX)


def _reported_again(case: Case, days: int) -> Case:
    closed = case["cases.date_closed"]
    assert isinstance(closed, dt.date)
    day = closed + dt.timedelta(days=days)
    nothing = dict.fromkeys(("cases.date_intake", "cases.date_closed", "cases.closure_reason"), pieces.EMPTY)
    return {**case, **nothing, "cases.date_referral": day, "referrals.date": day, "cases.status": "open", "cases.repeated": "yes"}


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
