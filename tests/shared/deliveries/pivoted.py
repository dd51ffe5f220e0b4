"""The export of a system: a title, an empty line, a row per case with a column per domain, a total; contacts on a sheet apart."""

import datetime as dt
from collections import Counter

from shared.deliveries import Delivery, counted
from shared.homes import workbook

DOMAINS = {"Inkomen & schulden": "finances", "Wonen": "housing", "Psychisch": "mental_health", "Gezin & relaties": "family",
           "Dagbesteding": "daytime", "Verslaving": "substance_use"}  # fmt: skip
ENDS = {
    "Doel bereikt": "according_to_plan",
    "Verhuizing": "moved",
    "Overdracht Wlz": "referred_on",
    "Klant stopt": "dropped_out",
}
TALKS = {"Intake": "introduction", "Rondetafel": "joint_client_meeting", "Casuïstiek": "case_discussion"}
VIA, TEAMS = ("Huisarts", "Eigen initiatief", "School", "Corporatie", "Politie"), ("Noord", "Midden", "Zuid")
FIRST, UNTIL = dt.date(2022, 1, 3), dt.date(2023, 12, 31)
HEADINGS = ("Zaaknummer", "BSN", "Geboortejaar", "Team", "Regisseur", "Ontvangen op", "Ontvangen via", "Status", "Gereed op",
            "Uitkomst", *DOMAINS, "Toelichting")  # fmt: skip
CASES = [
    {
        "number": f"Z22-{n:04}", "opened": (opened := FIRST + dt.timedelta(3 * n)), "via": VIA[n % 5], "team": TEAMS[n % 3],
        "closed": closed if (closed := opened + dt.timedelta(40 + 37 * n % 420)) <= UNTIL else None,
        "end": list(ENDS)[n * 7 % 11 % 4], "domains": [name for k, name in enumerate(DOMAINS) if (n * (k + 2) + k) % 11 < 4],
    }
    for n in range(240)
]  # fmt: skip
HELD = [(case, list(TALKS)[n % 3], case["opened"] + dt.timedelta(9 + n % 12)) for n, case in enumerate(CASES) if n % 4]  # type: ignore[operator]


def row(n: int, case: dict[str, object]) -> list[object]:
    opened, closed, domains = case["opened"], case["closed"], case["domains"]
    flags = ["J" if name in domains else "N" for name in DOMAINS]  # type: ignore[operator]
    return [case["number"], f"99999{n:04}", 1950 + n % 50, case["team"], f"Regisseur {n % 7}", opened, case["via"],
            "Gereed" if closed else "In behandeling", closed, case["end"] if closed else None, *flags,
            "zie dossier" if n % 9 == 0 else None]  # fmt: skip


def export() -> bytes:
    """The workbook as the system writes it."""
    rows = [row(n, case) for n, case in enumerate(CASES)]
    head = [["Rapportage zaken sociaal team, peildatum 31-12-2023"], []]
    contacts = [[case["number"], day, kind, "J" if n % 3 else "N"] for n, (case, kind, day) in enumerate(HELD)]
    return workbook({
        "Zaken": [*head, HEADINGS, *rows, ["Totaal", len(CASES)]],
        "Contactmomenten": [["Zaaknummer", "Datum contact", "Soort contact", "Klant aanwezig"], *contacts],
    })  # fmt: skip


MONTHS = Counter(f"{case['opened']:%Y-%m}" for case in CASES)
ENDED = Counter(ENDS[str(case["end"])] for case in CASES if case["closed"])
MET = Counter(DOMAINS[name] for case in CASES for name in case["domains"])  # type: ignore[attr-defined]
HERE = "GM0345"


def delivery() -> Delivery:
    """What came by mail, and what is in it."""
    return Delivery(
        "zaaksysteem",
        [("2024-01-15", {"export zaken.xlsx": export()})],
        truth=[
            *counted("F05", "reasons", HERE, "reason", ENDED, ENDS.values()),
            *counted("F03", "domains", HERE, "domain", MET, ("finances", "housing", "mental_health", "substance_use")),
            *counted("F01", "intake", HERE, "month", MONTHS, ("2022-01", "2022-02")),  # of which one is hidden
        ],
        answers={
            '"municipality"': "Veenendaal",
            '"ontvangen op"': "casussen: datum aanmelding",
            '"gereed op"': "casussen: datum afsluiting",
            '"uitkomst"': "casussen: reden afsluiting",
            '"inkomen schulden"': "leefgebieden per casus: status (financiën)",
            '"gezin relaties"': "leefgebieden per casus: status (gezin en relaties)",
            '"datum contact"': "bijeenkomsten: datum bijeenkomst",
            '"overdrachtwlz"': "doorverwezen",
            '"klantstopt"': "voortijdig gestopt",
        },
        lines={
            'municipality = ["?"]': 'municipality = ["GM0345"]',
            '"Ontvangen op" = ': '"Ontvangen op" = ["cases.date_referral", "referrals.date"]',
            '"Gereed op" = ': '"Gereed op" = "cases.date_closed"',
            '"Uitkomst" = ': '"Uitkomst" = "cases.closure_reason"',
            '"Inkomen & schulden" = ': '"Inkomen & schulden" = { to = "case_domains.status", domain = "finances" }',
            '"Gezin & relaties" = ': '"Gezin & relaties" = { to = "case_domains.status", domain = "family" }',
            '"Datum contact" = ': '"Datum contact" = "meetings.date"',
            '"Overdracht Wlz" = ': '"Overdracht Wlz" = "referred_on"',
            '"Klant stopt" = ': '"Klant stopt" = "dropped_out"',
        },
    )
