"""The ways in which municipalities keep and hand over their registers, one function each."""

import datetime as dt
from collections.abc import Callable
from random import Random

from benchmarks.strangers.book import world
from benchmarks.strangers.book.model import Delivery, FileKind, Sheet, Stranger
from benchmarks.strangers.book.scribe import Scribe, words
from benchmarks.strangers.book.world import Case
from benchmarks.strangers.styles import pieces

Style = Callable[[Random, Stranger], None]
EXTRACTED, RECEIVED = dt.date(2023, 6, 30), dt.date(2023, 7, 12)
EARLIER, EARLIER_RECEIVED = dt.date(2022, 12, 31), dt.date(2023, 1, 17)
XLSX = FileKind("xlsx")
CP1252, UTF8, TABS, PIPES = (
    FileKind("text", ";", "cp1252"),
    FileKind("text", ",", "utf-8-sig"),
    FileKind("text", "\t", "utf-16"),
    FileKind("text", "|"),
)


def _cases(rng: Random, n: int = 0, extracted: dt.date = EXTRACTED) -> list[Case]:
    teams = rng.sample(words()["teams"]["names"], rng.randrange(2, 4))
    organisations = rng.sample(words()["organisations"]["names"], 4)
    return world.cases(rng, n or rng.randrange(22, 45), dt.date(2021, 6, 1), extracted, teams, organisations)


def _deliver(
    stranger: Stranger,
    sheets: list[Sheet],
    kind: FileKind,
    *,
    received: dt.date = RECEIVED,
    extracted: dt.date = EXTRACTED,
) -> None:
    stranger.deliveries.append(Delivery(received, extracted, sheets, {sheet.file: kind for sheet in sheets}))


def system_csv(rng: Random, stranger: Stranger) -> None:
    """Two exports of a system that link by the number of the case."""
    scribe, cases = Scribe(rng, stranger, technical=True, notation=rng.choice(("%d-%m-%Y", "%Y-%m-%d"))), _cases(rng)
    fields = pieces.some_fields(scribe, 4)
    sheets = [pieces.case_sheet(scribe, "export_dossiers.csv", "", cases, fields),
              pieces.meeting_sheet(scribe, "export_overleggen.csv", "", cases)]  # fmt: skip
    _deliver(stranger, sheets, rng.choice((CP1252, CP1252, FileKind("text", ";", "cp1252", quote_all=True))))


def xlsx_titles(rng: Random, stranger: Stranger) -> None:
    """An export with titles above the table and a total below it."""
    scribe, cases = Scribe(rng, stranger, notation=rng.choice(("real", "%d-%m-%Y"))), _cases(rng)
    sheet = pieces.case_sheet(scribe, "Rapportage sociaal team.xlsx", "Dossiers", cases, pieces.some_fields(scribe, 5))
    sheet.above = [["Overzicht dossiers sociaal team"], ["Peildatum 30-06-2023"], []]
    sheet.below = [[], [f"Totaal: {len(cases)}"]]
    _deliver(stranger, [sheet], XLSX)


def book_per_year(rng: Random, stranger: Stranger) -> None:
    """A workbook kept by hand, a sheet per year of referral."""
    scribe, cases = Scribe(rng, stranger, notation="real"), _cases(rng)
    fields, years = pieces.some_fields(scribe, 4), (2021, 2022, 2023)
    state = rng.getstate()
    sheets = []
    for year in years:
        rng.setstate(state)  # every year the same columns
        part = [case for case in cases if str(case["cases.date_referral"]).startswith(str(year))]
        sheets.append(pieces.case_sheet(scribe, "Wijkteam lijst.xlsx", str(year), part, fields))
    _deliver(stranger, [sheet for sheet in sheets if sheet.rows], XLSX)


def domains_wide(rng: Random, stranger: Stranger) -> None:
    """A list of cases with a column per life domain."""
    scribe, cases = Scribe(rng, stranger), _cases(rng)
    sheet = pieces.case_sheet(
        scribe, "casuslijst.xlsx", "Blad1", cases, pieces.some_fields(scribe, 3, "case_domains.domain")
    )
    pieces.with_domains_wide(scribe, sheet, cases)
    _deliver(stranger, [sheet], XLSX)


def domain_rows(rng: Random, stranger: Stranger) -> None:
    """Cases, and beside them a row per life domain with the number on the first line only."""
    scribe, cases = Scribe(rng, stranger), _cases(rng)
    fields = pieces.some_fields(scribe, 3, "case_domains.domain")
    book = "Dossiers en leefgebieden.xlsx"
    sheets = [pieces.case_sheet(scribe, book, "Dossiers", cases, fields),
              pieces.domain_sheet(scribe, book, "Leefgebieden", cases, fill_down=rng.random() < 0.7)]  # fmt: skip
    _deliver(stranger, sheets, XLSX)


def referral_list(rng: Random, stranger: Stranger) -> None:
    """Cases, and a list of what was reported to the team."""
    scribe, cases = Scribe(rng, stranger), _cases(rng)
    fields = pieces.some_fields(scribe, 3, "referrals.referrer_role")
    sheets = [pieces.case_sheet(scribe, "dossiers.csv", "", cases, fields),
              pieces.referral_sheet(scribe, "meldingen.csv", "", cases)]  # fmt: skip
    _deliver(stranger, sheets, rng.choice((CP1252, UTF8)))


def persons(rng: Random, stranger: Stranger) -> None:
    """Cases and, in a file of their own, the people in them."""
    scribe, cases = Scribe(rng, stranger, technical=rng.random() < 0.5), _cases(rng, 20)
    sheets = [pieces.case_sheet(scribe, "zaken.xlsx", "Zaken", cases, pieces.some_fields(scribe, 3)),
              pieces.person_sheet(scribe, "personen.xlsx", "Personen", cases)]  # fmt: skip
    _deliver(stranger, sheets, XLSX)


def ods_by_hand(rng: Random, stranger: Stranger) -> None:
    """A list kept in LibreOffice, with a sheet of meetings."""
    scribe, cases = Scribe(rng, stranger, notation=rng.choice(("real", "d-m-yyyy"))), _cases(rng)
    sheets = [pieces.case_sheet(scribe, "lijst.ods", "Casussen", cases, pieces.some_fields(scribe, 4)),
              pieces.meeting_sheet(scribe, "lijst.ods", "Overleggen", cases)]  # fmt: skip
    _deliver(stranger, sheets, FileKind("ods"))


def tabs_and_pipes(rng: Random, stranger: Stranger) -> None:
    """Text with tabs in UTF-16, or with pipes: cases and the actions that were agreed."""
    scribe, cases = Scribe(rng, stranger, technical=True), _cases(rng)
    kind = rng.choice((TABS, PIPES))
    sheets = [pieces.case_sheet(scribe, "CASUS.txt", "", cases, pieces.some_fields(scribe, 4)),
              pieces.action_sheet(scribe, "ACTIE.txt", "", cases)]  # fmt: skip
    _deliver(stranger, sheets, kind)


def change_of_system(rng: Random, stranger: Stranger) -> None:
    """Two deliveries: the second from another system, with other headings and other words, and more cases."""
    cases = _cases(rng, 36)
    old, new = Scribe(rng, stranger, notation="d-m-yyyy"), Scribe(rng, stranger, technical=True, notation="%Y-%m-%d")
    new.number = old.number
    fields = pieces.some_fields(old, 3, "cases.status")
    early = [_as_known(case, EARLIER) for case in cases if str(case["cases.date_referral"]) < "2022-12-01"]
    _deliver(stranger, [pieces.case_sheet(old, "registratie.xlsx", "Registratie", early, fields)], XLSX,
             received=EARLIER_RECEIVED, extracted=EARLIER)  # fmt: skip
    _deliver(stranger, [pieces.case_sheet(new, "DOSSIERS.csv", "", cases, fields)], CP1252)


def _as_known(case: Case, on: dt.date) -> Case:
    """A case as it was known on a day: what came later is not in it."""
    closed = case["cases.date_closed"]
    told = {name: pieces.EMPTY if isinstance(value, dt.date) and value > on else value for name, value in case.items()}
    if not isinstance(closed, dt.date) or closed <= on:
        return told
    return {**told, "cases.status": "open", "cases.closure_reason": pieces.EMPTY}


def scores_long(rng: Random, stranger: Stranger) -> None:
    """Cases, and a row per domain of each measurement."""
    scribe, cases = Scribe(rng, stranger), _cases(rng, 20)
    sheets = [pieces.case_sheet(scribe, "dossiers.xlsx", "Dossiers", cases, pieces.some_fields(scribe, 3)),
              pieces.score_sheet(scribe, "zrm.xlsx", "ZRM", cases[:8], version_in_column=rng.random() < 0.5)]  # fmt: skip
    _deliver(stranger, sheets, XLSX)


def scores_wide(rng: Random, stranger: Stranger) -> None:
    """A list of cases with the scores of a matrix pivoted: a column per domain and moment."""
    scribe, cases = Scribe(rng, stranger), _cases(rng)
    sheet = pieces.case_sheet(scribe, "zrm overzicht.xlsx", "Overzicht", cases, pieces.some_fields(scribe, 2))
    pieces.with_scores_wide(scribe, sheet, cases)
    _deliver(stranger, [sheet], XLSX)


def meetings_wide(rng: Random, stranger: Stranger) -> None:
    """A list of cases with a column per meeting."""
    scribe, cases = Scribe(rng, stranger), _cases(rng)
    sheet = pieces.case_sheet(
        scribe, "voortgang.xlsx", "Voortgang", cases, pieces.some_fields(scribe, 3, "cases.date_intake")
    )
    pieces.with_meetings_wide(scribe, sheet, cases)
    _deliver(stranger, [sheet], XLSX)


def sheet_per_team(rng: Random, stranger: Stranger) -> None:
    """A workbook with a sheet per team: the team stands in no column."""
    scribe, cases = Scribe(rng, stranger, notation="real"), _cases(rng)
    fields = pieces.some_fields(scribe, 3, "cases.team")
    state, sheets = rng.getstate(), []
    for team in sorted({str(case["cases.team"]) for case in cases}):
        rng.setstate(state)
        part = [case for case in cases if case["cases.team"] == team]
        sheets.append(pieces.case_sheet(scribe, "Teams.xlsx", f"Team {team}", part, fields))
    _deliver(stranger, sheets, XLSX)


def second_delivery(rng: Random, stranger: Stranger) -> None:
    """The same export half a year later: what was open may be closed by now, and there are new cases."""
    scribe, cases = Scribe(rng, stranger), _cases(rng)
    fields = pieces.some_fields(scribe, 4)
    early = [_as_known(case, EARLIER) for case in cases if str(case["cases.date_referral"]) < "2022-12-01"]
    for day, extracted, part in ((EARLIER_RECEIVED, EARLIER, early), (RECEIVED, EXTRACTED, cases)):
        state = rng.getstate()
        sheet = pieces.case_sheet(scribe, f"uitdraai {extracted:%Y}.csv", "", part, fields)
        _deliver(stranger, [sheet], CP1252, received=day, extracted=extracted)
        rng.setstate(state)


STYLES: dict[str, Style] = {each.__name__: each for each in (
    system_csv, xlsx_titles, book_per_year, domains_wide, domain_rows, referral_list, persons, ods_by_hand, tabs_and_pipes,
    change_of_system, scores_long, scores_wide, meetings_wide, sheet_per_team, second_delivery,
)}  # fmt: skip
