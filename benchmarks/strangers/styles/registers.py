"""Registers as systems export them and teams keep them: cases, and beside them what hangs on a case."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from random import Random

from benchmarks.strangers.book import world
from benchmarks.strangers.book.model import Delivery, FileKind, Sheet, Stranger
from benchmarks.strangers.book.scribe import Scribe, words
from benchmarks.strangers.book.world import Case
from benchmarks.strangers.styles import pieces

Style = Callable[[Random, Stranger], None]
EXTRACTED, RECEIVED = dt.date(2023, 6, 30), dt.date(2023, 7, 12)
XLSX = FileKind("xlsx")
CP1252, UTF8, TABS, PIPES = (
    FileKind("text", ";", "cp1252"),
    FileKind("text", ",", "utf-8-sig"),
    FileKind("text", "\t", "utf-16"),
    FileKind("text", "|"),
)


def some_cases(rng: Random, n: int = 0, extracted: dt.date = EXTRACTED) -> list[Case]:
    """Invent some cases, with a few teams and organisations."""
    teams = rng.sample(words()["teams"]["names"], rng.randrange(2, 4))
    organisations = rng.sample(words()["organisations"]["names"], 4)
    return world.cases(rng, n or rng.randrange(22, 45), dt.date(2021, 6, 1), extracted, teams, organisations)


def deliver(
    stranger: Stranger,
    sheets: list[Sheet],
    kind: FileKind,
    *,
    received: dt.date = RECEIVED,
    extracted: dt.date = EXTRACTED,
) -> None:
    """Hand sheets over, each file written as `kind` says."""
    stranger.deliveries.append(Delivery(received, extracted, sheets, {sheet.file: replace(kind) for sheet in sheets}))


def system_csv(rng: Random, stranger: Stranger) -> None:
    """Two exports of a system that link by the number of the case."""
    scribe, cases = (
        Scribe(rng, stranger, technical=True, notation=rng.choice(("%d-%m-%Y", "%Y-%m-%d"))),
        some_cases(rng),
    )
    fields = pieces.some_fields(scribe, 4)
    sheets = [pieces.case_sheet(scribe, "export_dossiers.csv", "", cases, fields),
              pieces.meeting_sheet(scribe, "export_overleggen.csv", "", cases)]  # fmt: skip
    deliver(stranger, sheets, rng.choice((CP1252, CP1252, FileKind("text", ";", "cp1252", quote_all=True))))


def xlsx_titles(rng: Random, stranger: Stranger) -> None:
    """An export with titles above the table and a total below it."""
    scribe, cases = Scribe(rng, stranger, notation=rng.choice(("real", "%d-%m-%Y"))), some_cases(rng)
    sheet = pieces.case_sheet(scribe, "Rapportage sociaal team.xlsx", "Dossiers", cases, pieces.some_fields(scribe, 5))
    sheet.above = [["Overzicht dossiers sociaal team"], ["Peildatum 30-06-2023"], []]
    sheet.below, sheet.titled_across = [[], [f"Totaal: {len(cases)}"]], rng.random() < 0.5
    deliver(stranger, [sheet], XLSX)


def book_per_year(rng: Random, stranger: Stranger) -> None:
    """A workbook kept by hand, a sheet per year of referral."""
    scribe, cases = Scribe(rng, stranger, notation="real"), some_cases(rng)
    fields, years = pieces.some_fields(scribe, 4), (2021, 2022, 2023)
    state = rng.getstate()
    sheets = []
    for year in years:
        rng.setstate(state)  # every year the same columns
        part = [case for case in cases if str(case["cases.date_referral"]).startswith(str(year))]
        sheets.append(pieces.case_sheet(scribe, "Wijkteam lijst.xlsx", str(year), part, fields))
    deliver(stranger, [sheet for sheet in sheets if sheet.rows], XLSX)


def domain_rows(rng: Random, stranger: Stranger) -> None:
    """Cases, and beside them a row per life domain with the number on the first line only."""
    scribe, cases = Scribe(rng, stranger), some_cases(rng)
    fields = pieces.some_fields(scribe, 3, "case_domains.domain")
    book = "Dossiers en leefgebieden.xlsx"
    sheets = [pieces.case_sheet(scribe, book, "Dossiers", cases, fields),
              pieces.domain_sheet(scribe, book, "Leefgebieden", cases, fill_down=rng.random() < 0.7)]  # fmt: skip
    deliver(stranger, sheets, XLSX)


def referral_list(rng: Random, stranger: Stranger) -> None:
    """Cases, and a list of what was reported to the team."""
    scribe, cases = Scribe(rng, stranger), some_cases(rng)
    fields = pieces.some_fields(scribe, 3, "referrals.referrer_role")
    sheets = [pieces.case_sheet(scribe, "dossiers.csv", "", cases, fields),
              pieces.referral_sheet(scribe, "meldingen.csv", "", cases)]  # fmt: skip
    deliver(stranger, sheets, rng.choice((CP1252, UTF8)))


def persons(rng: Random, stranger: Stranger) -> None:
    """Cases and, in a file of their own, the people in them."""
    scribe, cases = Scribe(rng, stranger, technical=rng.random() < 0.5), some_cases(rng, 20)
    sheets = [pieces.case_sheet(scribe, "zaken.xlsx", "Zaken", cases, pieces.some_fields(scribe, 3)),
              pieces.person_sheet(scribe, "personen.xlsx", "Personen", cases)]  # fmt: skip
    deliver(stranger, sheets, XLSX)


def ods_by_hand(rng: Random, stranger: Stranger) -> None:
    """A list kept in LibreOffice, with a sheet of meetings."""
    scribe, cases = Scribe(rng, stranger, notation=rng.choice(("real", "d-m-yyyy"))), some_cases(rng)
    sheets = [pieces.case_sheet(scribe, "lijst.ods", "Casussen", cases, pieces.some_fields(scribe, 4)),
              pieces.meeting_sheet(scribe, "lijst.ods", "Overleggen", cases)]  # fmt: skip
    deliver(stranger, sheets, FileKind("ods"))


def tabs_and_pipes(rng: Random, stranger: Stranger) -> None:
    """Text with tabs in UTF-16, or with pipes: cases and the actions that were agreed."""
    scribe, cases = Scribe(rng, stranger, technical=True), some_cases(rng)
    kind = rng.choice((TABS, PIPES))
    sheets = [pieces.case_sheet(scribe, "CASUS.txt", "", cases, pieces.some_fields(scribe, 4)),
              pieces.action_sheet(scribe, "ACTIE.txt", "", cases)]  # fmt: skip
    deliver(stranger, sheets, kind)


def scores_long(rng: Random, stranger: Stranger) -> None:
    """Cases, and a row per domain of each measurement."""
    scribe, cases = Scribe(rng, stranger), some_cases(rng, 20)
    sheets = [pieces.case_sheet(scribe, "dossiers.xlsx", "Dossiers", cases, pieces.some_fields(scribe, 3)),
              pieces.score_sheet(scribe, "zrm.xlsx", "ZRM", cases[:8], version_in_column=rng.random() < 0.5)]  # fmt: skip
    deliver(stranger, sheets, XLSX)


def sheet_per_team(rng: Random, stranger: Stranger) -> None:
    """A workbook with a sheet per team: the team stands in no column."""
    scribe, cases = Scribe(rng, stranger, notation="real"), some_cases(rng)
    fields = pieces.some_fields(scribe, 3, "cases.team")
    state, sheets = rng.getstate(), []
    for team in sorted({str(case["cases.team"]) for case in cases}):
        rng.setstate(state)
        part = [case for case in cases if case["cases.team"] == team]
        sheets.append(pieces.case_sheet(scribe, "Teams.xlsx", f"Team {team}", part, fields))
        sheets[-1].constants, sheets[-1].named = {"cases.team": team}, True
    deliver(stranger, sheets, XLSX)


def english_system(rng: Random, stranger: Stranger) -> None:
    """A system of American make: its own words for columns, month first, numbers in which small and large letters matter."""
    scribe, cases = Scribe(rng, stranger, english=True, notation="%m/%d/%Y"), some_cases(rng)
    scribe.number, letters = "500{}AA", "aAbBcC"
    for n, case in enumerate(cases):
        case["number"] = f"{1000 + n // 6}{letters[n % 6]}"
    fields = pieces.some_fields(scribe, 4)
    sheet = pieces.case_sheet(scribe, "report1688.csv", "", cases, fields)
    sheet.order = "mdy"
    deliver(stranger, [sheet], FileKind("text", ",", "utf-8", quote_all=True))


def day_from_referrals(rng: Random, stranger: Stranger) -> None:
    """The list of cases does not say when a case was reported: that stands in the list of referrals."""
    scribe, cases = Scribe(rng, stranger), some_cases(rng)
    fields = [field for field in pieces.some_fields(scribe, 3, "referrals.referrer_role") if field != pieces.CORE[0]]
    sheets = [pieces.case_sheet(scribe, "trajecten.xlsx", "Trajecten", cases, fields),
              pieces.referral_sheet(scribe, "trajecten.xlsx", "Meldingen", cases)]  # fmt: skip
    stranger.day_from_referrals = True
    deliver(stranger, sheets, XLSX)


def rows_per_domain(rng: Random, stranger: Stranger) -> None:
    """One table in which a case stands on as many rows as it has life domains, all that is said of it on each."""
    scribe, cases = Scribe(rng, stranger), some_cases(rng)
    fields = pieces.some_fields(scribe, 3, *pieces.MANY)
    sheet = pieces.case_sheet(scribe, "export leefgebieden.csv", "", cases, fields)
    pieces.repeat_by_domain(scribe, sheet, cases)
    deliver(stranger, [sheet], CP1252)


def spss(rng: Random, stranger: Stranger) -> None:
    """A file of SPSS of which the codes have value labels, scores of a matrix too."""
    scribe, cases = Scribe(rng, stranger, notation="real"), some_cases(rng)
    fields = [f for f in pieces.some_fields(scribe, 4) if f not in pieces.MANY]
    sheet = pieces.case_sheet(scribe, "bestand.sav", "", cases, fields)
    pieces.with_scores_wide(scribe, sheet, cases, 3)
    pieces.drop_unread(sheet)
    pieces.with_value_labels(sheet)
    deliver(stranger, [sheet], FileKind("sav"))


def codes_and_legend(rng: Random, stranger: Stranger) -> None:
    """Cells hold numbers; what they stand for is a table on a sheet of its own."""
    scribe, cases = Scribe(rng, stranger), some_cases(rng)
    fields = [f for f in pieces.some_fields(scribe, 4) if f not in pieces.MANY]
    sheet = pieces.case_sheet(scribe, "gecodeerd.xlsx", "Data", cases, fields)
    legend = pieces.coded(scribe, sheet, "gecodeerd.xlsx")
    deliver(stranger, [sheet, legend], XLSX)


def merged_down(rng: Random, stranger: Stranger) -> None:
    """A list in order of team, in which the name of the team is one merged cell beside all its cases."""
    scribe, cases = Scribe(rng, stranger), some_cases(rng)
    cases.sort(key=lambda case: str(case["cases.team"]))
    fields = ["cases.team", *pieces.some_fields(scribe, 3, "cases.team")]
    sheet = pieces.case_sheet(scribe, "per team.xlsx", "Lijst", cases, fields)
    pieces.merge_down(sheet, "cases.team")
    deliver(stranger, [sheet], XLSX)


def two_municipalities(rng: Random, stranger: Stranger) -> None:
    """A team of two municipalities: every row says of which."""
    scribe, cases = Scribe(rng, stranger), some_cases(rng)
    other = rng.choice([name for name in words()["municipalities"] if name != stranger.municipality])
    pair = (stranger.municipality, other)
    for case in cases:
        case["cases.municipality"] = rng.choice(pair)
    fields = ["cases.municipality", *pieces.some_fields(scribe, 3)]
    sheet = pieces.case_sheet(scribe, "regioteam.csv", "", cases, fields)
    pieces.as_municipalities(sheet)
    stranger.municipality = "; ".join(pair)
    deliver(stranger, [sheet], CP1252)


def judgements(rng: Random, stranger: Stranger) -> None:
    """Interviews about followed cases: a row per case, voice and element; everyone agreed, which stands in no column."""
    scribe = Scribe(rng, stranger)
    stranger.consent = "onderzoekers; formulieren in de kluis"
    deliver(stranger, [pieces.judgement_sheet(scribe, "interviews.xlsx", "Oordelen")], XLSX)
