"""Tables turned on their side that stand alone: a column per element, item, year, domain or person, and no cases in it."""

import datetime as dt
from collections.abc import Sequence
from random import Random

from benchmarks.strangers.book.model import EMPTY, Cell, Column, Meaning, Row, Sheet, Stranger
from benchmarks.strangers.book.scribe import Scribe, words
from benchmarks.strangers.book.world import Case
from benchmarks.strangers.styles import pieces
from benchmarks.strangers.styles.registers import CP1252, XLSX, deliver, some_cases

LABELS = ("Casus Esdoorn", "Casus Linde", "Casus Iep", "Casus Beuk", "Casus Els")
ITEMS = (
    "De cliënt kwam zelf aan het woord", "Iedereen kende het doel", "Er is gesproken over wat goed gaat",
    "Afspraken zijn hardop herhaald", "De taal was begrijpelijk", "Naasten konden meepraten", "Er was tijd voor vragen",
)  # fmt: skip


def judgements_wide(rng: Random, stranger: Stranger) -> None:
    """Interviews about followed cases: a row per case and voice, a column per working element."""
    scribe = Scribe(rng, stranger)
    stranger.consent = "onderzoekers; formulieren in de kluis"
    said = {element: rng.choice(of) for element, of in words()["elements"].items()}
    columns = [Column("Casus", "key", (Meaning("judgements", "case_id"),)),
               Column("Volgens wie", "code", (Meaning("judgements", "perspective"),), "perspective")]  # fmt: skip
    columns += [
        Column(heading, "code", (Meaning("judgements", "present", (("element", element),)),), "judgement")
        for element, heading in said.items()
    ]
    rows = []
    for case in LABELS:
        for voice in ("client", "professional"):
            cells = [Cell(case, case), scribe.cell(columns[1], voice)]
            cells += [
                scribe.cell(column, rng.choice(("yes", "partly", "no", "not_discussed", EMPTY))) for column in columns[2:]
            ]
            rows.append(Row(cells))
    deliver(stranger, [Sheet("matrix interviews.xlsx", "Matrix", "judgements", columns, rows, wide="element")], XLSX)


def voices_wide(rng: Random, stranger: Stranger) -> None:
    """The same turned otherwise: a row per case and element, a column per voice."""
    scribe = Scribe(rng, stranger)
    stranger.consent = "onderzoekers; formulieren in de kluis"
    columns = [Column("Casus", "key", (Meaning("judgements", "case_id"),)),
               Column("Werkzaam element", "code", (Meaning("judgements", "element"),), "factor")]  # fmt: skip
    columns += [
        Column(scribe.word("perspective", voice), "code",
               (Meaning("judgements", "present", (("perspective", voice),)),), "judgement")
        for voice in ("client", "professional")
    ]  # fmt: skip
    rows = []
    for case in LABELS[:4]:
        for element, of in words()["elements"].items():
            stranger.words["factor", of[0].casefold()] = element
            cells = [Cell(case, case), Cell(of[0], element)]
            cells += [scribe.cell(column, rng.choice(("yes", "partly", "no", EMPTY))) for column in columns[2:]]
            rows.append(Row(cells))
    deliver(stranger, [Sheet("oordelen.xlsx", "Per element", "judgements", columns, rows, wide="perspective")], XLSX)


def observations_wide(rng: Random, stranger: Stranger) -> None:
    """An observation form as a form builder exports it: a row per meeting, a column per item in its own words."""
    scribe = Scribe(rng, stranger, notation=rng.choice(("real", "%d-%m-%Y")))
    stranger.consent = "het projectteam; lijst op de projectschijf"
    columns = [Column("Overleg", "label", (Meaning("observations", "meeting"),)),
               Column("Datum observatie", "date", (Meaning("observations", "date"),)),
               Column("Observator", "key", (Meaning("observations", "observer"),))]  # fmt: skip
    columns += [
        Column(item, "number", (Meaning("observations", "value", (("item", item),)),))
        for item in rng.sample(ITEMS, rng.randrange(4, len(ITEMS) + 1))
    ]
    rows = []
    for n in range(rng.randrange(9, 16)):
        day = dt.date(2022, 3, 1) + dt.timedelta(days=11 * n)
        name = f"Overleg {'ABCDEFGHIJKLMNOP'[n]}"
        cells = [Cell(name, name), scribe.cell(columns[1], day), Cell(1 + n % 2, 1 + n % 2)]
        cells += [scribe.cell(column, EMPTY if rng.random() < 0.15 else rng.randrange(1, 6)) for column in columns[3:]]
        rows.append(Row(cells))
    deliver(stranger, [Sheet("observatieformulier.xlsx", "Antwoorden", "observations", columns, rows, wide="item")], XLSX)


def indicators_wide(rng: Random, stranger: Stranger) -> None:
    """Cases, and in a file of their own the figures of a year report: a row per indicator, a column per year."""
    scribe, cases = Scribe(rng, stranger), some_cases(rng, 20)
    said = {code: rng.choice(of) for code, of in words()["indicators"].items()}
    stranger.words |= {("indicator", word.casefold()): code for code, word in said.items()}
    columns = [Column("Wat is gemeten", "code", (Meaning("indicators", "indicator"),), "indicator")]
    columns += [
        Column(f"{told}{year}", "number", (Meaning("indicators", "n_counted", (("year", str(year)),)),))
        for told in [rng.choice(("", "Aantal ", "Jaar "))] for year in (2019, 2020, 2021, 2022)
    ]  # fmt: skip
    rows = [
        Row([Cell(word, code), *(scribe.cell(c, EMPTY if rng.random() < 0.2 else rng.randrange(20, 400)) for c in columns[1:])])
        for code, word in said.items()
    ]  # fmt: skip
    sheets = [pieces.case_sheet(scribe, "dossiers.xlsx", "Dossiers", cases, pieces.some_fields(scribe, 3)),
              Sheet("jaarcijfers.xlsx", "Per jaar", "indicators", columns, rows, wide="year")]  # fmt: skip
    deliver(stranger, sheets, XLSX)


def scores_apart(rng: Random, stranger: Stranger) -> None:
    """Cases, and in a file of their own the scores of a matrix: the number of the case, and a column per domain and moment."""
    scribe, cases = Scribe(rng, stranger), some_cases(rng)
    some = [case for case in cases if rng.random() < 0.7]
    scores = _by_case(scribe, "zrm.csv", "", "scores", some)
    pieces.with_scores_wide(scribe, scores, some, rng.randrange(3, 7))
    scores.wide = "domain"
    sheets = [pieces.case_sheet(scribe, "dossiers.csv", "", cases, pieces.some_fields(scribe, 3)), scores]
    deliver(stranger, sheets, CP1252)


def domains_apart(rng: Random, stranger: Stranger) -> None:
    """Cases, and on a sheet of their own the life domains of each: a sign under each that is a problem."""
    scribe, cases = Scribe(rng, stranger), some_cases(rng)
    domains = _by_case(scribe, "registratie.xlsx", "Leefgebieden", "case_domains", cases)
    pieces.with_domains_wide(scribe, domains, cases)
    domains.wide = "domain"
    fields = pieces.some_fields(scribe, 3, "case_domains.domain")
    deliver(stranger, [pieces.case_sheet(scribe, "registratie.xlsx", "Dossiers", cases, fields), domains], XLSX)


def family_wide(rng: Random, stranger: Stranger) -> None:
    """A list of cases with columns for everyone in the household, children by number, with sex and day of birth."""
    scribe, cases = Scribe(rng, stranger), some_cases(rng)
    for case in cases:
        _more_children(rng, case)
    sheet = pieces.case_sheet(scribe, "huishoudens.xlsx", "Blad1", cases, pieces.some_fields(scribe, 2))
    behind = rng.random() < 0.5  # "Geslacht partner", or "Partner geslacht"
    sex, born = rng.choice((("m/v", "geb.datum"), ("geslacht", "geboortedatum")))
    for role, nth, told in (
        ("applicant", "", rng.choice(("Cliënt", "Hoofdaanvrager"))),
        ("partner", "", "Partner"),
        ("child", "1", "Kind 1"),
        ("child", "2", "Kind 2"),
    ):
        place = (("place", f"{role} {nth}"),) if nth else ()
        for suffix, column, kind in ((sex, "sex", "code"), (born, "age_class", "date")):
            heading = f"{suffix} {told.lower()}".capitalize() if behind else f"{told} {suffix}"
            meaning = Meaning("case_persons", column, (*place, ("role", role)))
            sheet.columns.append(Column(heading, kind, (meaning,), "sex" if column == "sex" else ""))
            for row, case in zip(sheet.rows, cases, strict=True):
                row.cells.append(_of_person(scribe, sheet.columns[-1], case, role, int(nth or 1)))
    deliver(stranger, [sheet], XLSX)


def _more_children(rng: Random, case: Case) -> None:
    """Now and then a child gets a brother or sister."""
    people = pieces.parts_of(case, "persons")
    children = [person for person in people if person["case_persons.role"] == "child"]
    day = case["cases.date_referral"]
    if children and rng.random() < 0.5 and isinstance(day, dt.date):
        people.append({**children[0], "case_persons.sex": rng.choice(("man", "woman"))})


def _of_person(scribe: Scribe, column: Column, case: Case, role: str, nth: int) -> Cell:
    """What stands of the person with a role, the first or a next one: a day of birth truly says the age."""
    people = [person for person in pieces.parts_of(case, "persons") if person["case_persons.role"] == role]
    if len(people) < nth:
        return Cell(None, EMPTY)
    person = people[nth - 1]
    if column.kind == "code":
        return scribe.cell(column, person["case_persons.sex"])
    day = person["born"]
    assert isinstance(day, dt.date)
    return Cell(scribe.day(day), person["case_persons.age_class"])


def _by_case(scribe: Scribe, file: str, name: str, row_is: str, cases: Sequence[Case]) -> Sheet:
    """A sheet that has nothing yet but the number of each case."""
    key = scribe.column(pieces.TABLE_OF_KEY, Meaning(row_is, "case_id"))
    rows = [Row([Cell(scribe.key(case["number"]), scribe.key(case["number"]))]) for case in cases]
    return Sheet(file, name, row_is, [key], rows)
