"""A workbook that a team keeps by hand: a sheet per year, headings that drift, months between the rows, days as text."""

import datetime as dt
from collections import Counter

from shared.deliveries import Delivery, counted
from shared.homes import workbook

MONTHS = ("jan", "feb", "maart", "apr", "mei", "juni", "juli", "aug", "sept", "okt", "nov", "dec")
VIA = ("huisarts", "zelf", "buren", "school", "politie", "woningbouw")
PROBLEMS = {"schulden": "finances", "wonen": "housing", "opvoeding": "family", "eenzaam": "network", "psychisch": "mental_health",
            "verslaving": "substance_use"}  # fmt: skip
ENDS = {
    "klaar": "according_to_plan",
    "verhuisd": "moved",
    "doorgezet naar BW": "referred_on",
    "niks meer gehoord": "no_show",
}
HEADINGS = {
    2021: ("Nr", "Naam", "Binnen op", "Via", "Waar gaat het over", "Wie pakt op", "Klaar op", "Hoe afgelopen", "Bijz."),
    2022: ("Nr.", "Naam", "Binnen op", "Via", "Waar gaat het over", "Wie pakt op", "Klaar op", "Hoe afgelopen", "Bijz."),
    2023: ("Dossiernr", "Naam", "Binnengekomen", "Via", "Problematiek", "Wie pakt op", "Afgerond", "Hoe afgelopen", "Bijz."),
}  # fmt: skip
PER_YEAR, UNTIL = 96, dt.date(2023, 12, 31)


def case(year: int, n: int) -> dict[str, object]:
    """What happened in one case, the n-th of a year."""
    opened = dt.date(year, 1 + n // 8, 1 + n % 8 * 3)
    closed = opened + dt.timedelta(20 + n * 29 % 300)
    number = (year - 2021) * PER_YEAR + n
    return {
        "number": f"{year % 100}-{n + 1:03}", "opened": opened, "via": VIA[number % 6],
        "problems": [name for k, name in enumerate(PROBLEMS) if (number * (k + 2) + k) % 7 < 2] or ["schulden"],
        "closed": closed if closed <= UNTIL and number % 9 else None, "end": list(ENDS)[number * 5 % 9 % 4],
    }  # fmt: skip


CASES = [case(year, n) for year in HEADINGS for n in range(PER_YEAR)]


def day(date: dt.date | None, n: int) -> object:
    """A day as it comes out of many hands: a date, or text."""
    if date is None or n % 3 == 0:
        return date
    return f"{date.day}-{date.month}-{date:%y}" if n % 3 == 1 else f"{date.day} {MONTHS[date.month - 1]} {date.year}"


def sheet(year: int) -> list[list[object]]:
    rows: list[list[object]] = [[f"Meldingen wijkteam {year}"], [], list(HEADINGS[year])]
    for n, known in enumerate(CASES[(year - 2021) * PER_YEAR :][:PER_YEAR]):
        if n % 8 == 0:
            rows += [[MONTHS[n // 8]]]
        between = (", ", " / ", " + ")[n % 3]
        rows.append([
            known["number"], f"mw {chr(65 + n % 26)}. Verzonnen", day(known["opened"], n), known["via"],
            between.join(known["problems"]), f"collega {n % 4}", day(known["closed"], n + 1),
            known["end"] if known["closed"] else None, "belt terug" if n % 7 == 0 else None,
        ])  # fmt: skip
        if n % 8 == 7:
            rows += [[]]
    return [*rows, ["totaal", None, None, None, None, None, None, None, PER_YEAR]]


def book() -> bytes:
    return workbook({str(year): sheet(year) for year in HEADINGS})


CLOSED = [known for known in CASES if known["closed"]]
ENDED = Counter(ENDS[str(known["end"])] for known in CLOSED)
MET = Counter(PROBLEMS[name] for known in CASES for name in known["problems"])  # type: ignore[attr-defined]
LASTED = Counter("m0_3" if (known["closed"] - known["opened"]).days < 91 else "longer" for known in CLOSED)  # type: ignore[operator]
HERE = "GM0342"


def delivery() -> Delivery:
    """What came by mail, and what is in it."""
    return Delivery(
        "wijkteam",
        [("2024-01-15", {"meldingen.xlsx": book()})],
        truth=[
            *counted("F05", "reasons", HERE, "reason", ENDED, ENDS.values()),
            *counted("F03", "domains", HERE, "domain", MET, ("finances", "housing", "network", "substance_use")),
            *counted("F04", "closed", HERE, "class", LASTED, ("m0_3",)),
            *counted("F01", "intake", HERE, "month", {"2022-05": PER_YEAR // 12}, ("2022-05",)),  # hidden
        ],
        answers={
            '"municipality"': "Soest",
            '"binnen op"': "casussen: datum aanmelding",
            '"binnengekomen"': "casussen: datum aanmelding",
            '"klaar op"': "casussen: datum afsluiting",
            '"afgerond"': "casussen: datum afsluiting",
            '"hoe afgelopen"': "casussen: reden afsluiting",
            '"eenzaam"': "netwerk en participatie",
            '"klaar"': "volgens plan",
            '"doorgezetnaarbw"': "doorverwezen",
            '"niksmeergehoord"': "niet verschenen",
        },
        lines={
            'municipality = ["?"]': 'municipality = ["GM0342"]',
            '"Binnen op" = ': '"Binnen op" = ["cases.date_referral", "referrals.date"]',
            '"Binnengekomen" = ': '"Binnengekomen" = ["cases.date_referral", "referrals.date"]',
            '"Klaar op" = ': '"Klaar op" = "cases.date_closed"',
            '"Afgerond" = ': '"Afgerond" = "cases.date_closed"',
            '"Hoe afgelopen" = ': '"Hoe afgelopen" = "cases.closure_reason"',
            '"eenzaam" = ': '"eenzaam" = "network"',
            "": '[codes.closure_reason]\n"klaar" = "according_to_plan"\n'
            '"doorgezet naar BW" = "referred_on"\n"niks meer gehoord" = "no_show"',
        },
    )
