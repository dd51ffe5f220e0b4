"""A workbook that a team keeps by hand: a sheet per year, headings that drift, months between the rows, days as text."""

import datetime as dt

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
