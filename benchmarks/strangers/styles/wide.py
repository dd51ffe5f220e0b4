"""Lists of cases with a column per life domain, score, meeting or person, and other tables that were turned on their side."""

from random import Random

from benchmarks.strangers.book.model import EMPTY, Cell, Column, Meaning, Stranger
from benchmarks.strangers.book.scribe import Scribe
from benchmarks.strangers.styles import pieces
from benchmarks.strangers.styles.registers import XLSX, deliver, some_cases


def domains_wide(rng: Random, stranger: Stranger) -> None:
    """A list of cases with a column per life domain."""
    scribe, cases = Scribe(rng, stranger), some_cases(rng)
    sheet = pieces.case_sheet(
        scribe, "casuslijst.xlsx", "Blad1", cases, pieces.some_fields(scribe, 3, "case_domains.domain")
    )
    pieces.with_domains_wide(scribe, sheet, cases)
    deliver(stranger, [sheet], XLSX)


def domains_numbered(rng: Random, stranger: Stranger) -> None:
    """A list of cases with three columns for the life domains at issue, the first, the second and the third."""
    scribe, cases = Scribe(rng, stranger), some_cases(rng)
    sheet = pieces.case_sheet(
        scribe, "overzicht casussen.xlsx", "Casussen", cases, pieces.some_fields(scribe, 3, "case_domains.domain")
    )
    told = scribe.heading("case_domains.domain").removesuffix("(en)")
    for n in range(3):
        column = Column(f"{told} {n + 1}", "code", (Meaning("case_domains", "domain"),), "life_domain")
        sheet.columns.append(column)
        for row, case in zip(sheet.rows, cases, strict=True):
            domains = case["case_domains.domain"]
            assert isinstance(domains, tuple)
            row.cells.append(scribe.cell(column, domains[n] if n < len(domains) else EMPTY))
    deliver(stranger, [sheet], XLSX)


def scores_wide(rng: Random, stranger: Stranger) -> None:
    """A list of cases with the scores of a matrix pivoted: a column per domain and moment."""
    scribe, cases = Scribe(rng, stranger), some_cases(rng)
    sheet = pieces.case_sheet(scribe, "zrm overzicht.xlsx", "Overzicht", cases, pieces.some_fields(scribe, 2))
    pieces.with_scores_wide(scribe, sheet, cases)
    deliver(stranger, [sheet], XLSX)


def meetings_wide(rng: Random, stranger: Stranger) -> None:
    """A list of cases with a column per meeting."""
    scribe, cases = Scribe(rng, stranger), some_cases(rng)
    sheet = pieces.case_sheet(
        scribe, "voortgang.xlsx", "Voortgang", cases, pieces.some_fields(scribe, 3, "cases.date_intake")
    )
    pieces.with_meetings_wide(scribe, sheet, cases)
    deliver(stranger, [sheet], XLSX)


def scores_two_headers(rng: Random, stranger: Stranger) -> None:
    """Scores below two titles: the same headings for the first and the second time."""
    scribe, cases = Scribe(rng, stranger), some_cases(rng)
    sheet = pieces.case_sheet(scribe, "matrix.xlsx", "Matrix", cases, pieces.some_fields(scribe, 2))
    pieces.with_scores_wide(scribe, sheet, cases, 4)
    for column in sheet.columns:
        constants = dict(column.meanings[0].constants) if column.meanings else {}
        if "moment" in constants:
            column.group = {"begin": "ZRM bij start", "end": "ZRM bij afsluiting"}[constants["moment"]]
            column.heading = column.heading.removeprefix("ZRM ").removesuffix(" begin").removesuffix(" eind")
    sheet.above = [["Matrix per casus"], []]
    deliver(stranger, [sheet], XLSX)


def scores_two_versions(rng: Random, stranger: Stranger) -> None:
    """Scores of two versions of a matrix: each row says which."""
    scribe, cases = Scribe(rng, stranger), some_cases(rng)
    sheet = pieces.case_sheet(scribe, "zelfredzaamheid.xlsx", "ZRM", cases, pieces.some_fields(scribe, 2))
    pieces.with_scores_wide(scribe, sheet, cases, 1)
    names = {"zrm_2013": "2013", "zrm_2017": "2017"}
    for code, word in names.items():
        stranger.words["instrument_version", word] = code
    for column in sheet.columns:
        if column.meanings and column.meanings[0].table == "scores":
            meaning = column.meanings[0]
            constants = tuple(pair for pair in meaning.constants if pair[0] != "instrument_version")
            column.meanings = (meaning._replace(constants=constants),)
    version = Column("Versie ZRM", "code", (Meaning("scores", "instrument_version"),), "instrument_version")
    sheet.columns.append(version)
    for n, row in enumerate(sheet.rows):
        code = "zrm_2013" if n < len(sheet.rows) // 2 else "zrm_2017"
        row.cells.append(Cell(names[code], code))
    deliver(stranger, [sheet], XLSX)


def persons_wide(rng: Random, stranger: Stranger) -> None:
    """A list of cases with columns for the client, the partner and the first child."""
    scribe, cases = Scribe(rng, stranger), some_cases(rng)
    sheet = pieces.case_sheet(scribe, "gezinnen.xlsx", "Gezinnen", cases, pieces.some_fields(scribe, 2))
    for role, told in (("applicant", "Cliënt"), ("partner", "Partner"), ("child", "Kind 1")):
        for field, suffix in (("sex", "m/v"), ("age_class", "leeftijd")):
            name = f"case_persons.{field}"
            column = Column(f"{told} {suffix}", "code", (Meaning("case_persons", field, (("role", role),)),), field)
            sheet.columns.append(column)
            for row, case in zip(sheet.rows, cases, strict=True):
                people = {person["case_persons.role"]: person for person in pieces.parts_of(case, "persons")}
                row.cells.append(scribe.cell(column, people[role][name] if role in people else EMPTY))
    deliver(stranger, [sheet], XLSX)
