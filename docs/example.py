"""The invented export that both guides walk with, and how its analyst fills in the form of open questions.

Ede delivered nothing: every number, day and word here is made up. A second export, of half a year later, has what
happened since to the same cases, and new ones.
"""

import random
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

from openpyxl import Workbook, load_workbook

FIRST, SECOND = date(2023, 12, 31), date(2024, 6, 30)
FILES = {FIRST: "export wijkteams 2023-12.xlsx", SECOND: "export wijkteams 2024-06.xlsx"}
CASES, OPENED, START = 300, 880, date(2022, 1, 3)  # new cases, over so many days
CASE_HEADINGS = ("Zaaknummer", "BSN", "Datum melding", "Datum afsluiting", "Reden afsluiting", "Melder", "Leefgebieden",
                 "Huishouden", "Partners", "Opmerking")  # fmt: skip
MEETING_HEADINGS = ("Zaaknummer", "Datum overleg", "Soort overleg", "Doorgegaan")
REASONS = ("doelen behaald", "doelen behaald", "verhuisd", "overdracht ZB", "wil niet meer")
REFERRERS = ("huisarts", "school", "zelf", "politie", "buurtsportcoach")
DOMAINS = ("Financiën", "Wonen", "Psychische gezondheid", "Dagbesteding", "Opvoeding", "Verslaving")
HOUSEHOLDS = ("alleenstaand", "eenoudergezin", "gezin met kinderen", "onbekend")
PARTNERS = ("GGD", "woningcorporatie", "Veilig Thuis", "schuldhulp")
MEETINGS = ("intake", "gezamenlijk gesprek", "evaluatie", "MDO")

# What the analyst fills in, by a part of the question that nothing else asks.
ANSWERS: Mapping[str, str] = {
    "Wat betekent deze kop?": "organisaties per casus: organisatie",
    "‘wil niet meer’": "voortijdig gestopt",
    "‘overdracht ZB’": "doorverwezen",
    "‘buurtsportcoach’": "welzijn",
    "‘gezamenlijk gesprek’": "gezamenlijk cliëntoverleg",
    "‘MDO’": "casuïstiekbespreking",
    "Bij welke studie": "geen van deze",
    "Wie heeft de bestanden": "Gemeente Ede, team Informatie",
    "Onder welke afspraken": "Gegevensovereenkomst wijkteams (verzonnen)",
    "(peildatum)": "31-12-2023",
    "Wat is een casus": "Een huishouden met een melding bij het wijkteam.",
    "Hoe zijn de casussen": "Alle meldingen vanaf 2022.",
    "Zijn dit registraties": "register: aantallen worden beschermd",
}


def export(folder: Path, until: date) -> Path:
    """Write what the system of this municipality would give on a day, into a folder; gives the file."""
    drawn = random.Random("handleiding")
    book = Workbook()
    cases, meetings = book.create_sheet("Meldingen"), book.create_sheet("Overleggen")
    book.remove(book.worksheets[0])
    cases.append([f"Overzicht meldingen wijkteams, gemaakt op {until:%d-%m-%Y}"])
    cases.append([])
    cases.append(CASE_HEADINGS)
    meetings.append(MEETING_HEADINGS)
    for number in range(1, CASES + 1):
        opened = START + timedelta(number * OPENED // CASES)
        closed, met = (opened + timedelta(drawn.randrange(*days)) for days in ((40, 300), (5, 30)))
        reason, domains = drawn.choice(REASONS), drawn.sample(DOMAINS, drawn.randrange(1, 4))
        partners, kind, held = drawn.sample(PARTNERS, drawn.randrange(3)), drawn.choice(MEETINGS), drawn.random() < 0.8
        named = f"ED-{number:04}"
        end = (f"{closed:%d-%m-%Y}", reason) if closed <= until else (None, None)
        row = [named, f"99999{number:04}", f"{opened:%d-%m-%Y}", *end, drawn.choice(REFERRERS), "; ".join(domains),
               drawn.choice(HOUSEHOLDS), "; ".join(partners), drawn.choice((None, None, "belt terug"))]  # fmt: skip
        if opened <= until:
            cases.append(row)
        if met <= until:
            meetings.append([named, f"{met:%d-%m-%Y}", kind, "ja" if held else "nee"])
    path = folder / FILES[until]
    book.save(path)
    return path


def fill_in(form: Path, answers: Mapping[str, str] = ANSWERS) -> int:
    """Fill in a form of open questions as the analyst would; gives how many questions were answered."""
    book = load_workbook(form)
    sheet, filled = book["Vragen"], 0
    for question, *_, answer, _key in sheet.iter_rows(min_row=2):
        for part, said in answers.items():
            if part in str(question.value):
                answer.value, filled = said, filled + 1
    book.save(form)
    return filled
