"""Two files of text over a change of system: the old one up to a summer, the new one with what was open then, in other words."""

import datetime as dt
from collections import Counter

from shared.deliveries import Delivery, counted

OLD_ENDS = {"Succesvol afgerond": "according_to_plan", "Verhuisd": "moved", "Client haakt af": "dropped_out"}
NEW_ENDS = {
    "doelen gehaald": "according_to_plan",
    "vertrokken uit gemeente": "moved",
    "uitstroom naar Wlz": "referred_on",
}
OLD_VIA, NEW_VIA = ("HUISARTS", "ZELF", "SCHOOL", "POLITIE"), ("huisarts", "inwoner zelf", "onderwijs", "politie")
DOMAINS = {
    "Financien": "finances",
    "Huisvesting": "housing",
    "Relaties": "family",
    "Geestelijke gezondheid": "mental_health",
}
START, CHANGE, UNTIL = dt.date(2021, 1, 4), dt.date(2022, 7, 1), dt.date(2023, 12, 31)


def case(n: int) -> dict[str, object]:
    """What happened in one case: every sixth day one, closed between one month and fourteen later."""
    opened = START + dt.timedelta(5 * n)
    closed = opened + dt.timedelta(30 + n * 53 % 400)
    ends = list(OLD_ENDS if closed < CHANGE else NEW_ENDS)
    domains = [name for k, name in enumerate(DOMAINS) if (n * (k + 3) + k) % 9 < 3] or ["Huisvesting"]
    return {
        "n": n,
        "opened": opened,
        "closed": closed if closed <= UNTIL else None,
        "end": ends[n * 4 % 7 % 3],
        "domains": domains,
    }


CASES = [case(n) for n in range(215)]
OLD = [each for each in CASES if each["opened"] < CHANGE]  # type: ignore[operator]
NEW = [each for each in CASES if not each["closed"] or each["closed"] >= CHANGE]  # type: ignore[operator]


def old_system() -> bytes:
    """As the old system gave it on the day of the change: what was closed later stands open."""
    lines = ["DossierNr;AanmeldDt;Aangemeld door;SluitDt;Sluitreden;Leefgebied 1;Leefgebied 2;Leefgebied 3;Postcode"]
    for each in OLD:
        closed = each["closed"] if each["closed"] and each["closed"] < CHANGE else None
        three = [*each["domains"], "", "", ""][:3]
        lines.append(";".join([
            f"D-{each['opened']:%Y}-{each['n']:04}", f"{each['opened']:%d-%m-%Y}", OLD_VIA[each["n"] % 4],
            f"{closed:%d-%m-%Y}" if closed else "", each["end"] if closed else "", *three, "0000AA",
        ]))  # fmt: skip
    return ("\r\n".join(lines) + "\r\n").encode("cp1252")


def new_system() -> bytes:
    """As the new system gives it: comma, ISO days, other numbers for the same cases, other words."""
    lines = ["zaak_id,ontvangstdatum,melder,status,einddatum,resultaat,leefgebieden"]
    for each in NEW:
        ended = each["closed"]
        lines.append(",".join([
            f"D{each['opened']:%Y}{each['n']:04}", f"{each['opened']:%Y-%m-%d}", NEW_VIA[each["n"] % 4],
            "afgesloten" if ended else "lopend", f"{ended:%Y-%m-%d}" if ended else "", each["end"] if ended else "",
            f'"{"|".join(each["domains"])}"',
        ]))  # fmt: skip
    return ("\ufeff" + "\n".join(lines) + "\n").encode()


IN_NEW = {each["n"] for each in NEW}
ENDED = Counter({**OLD_ENDS, **NEW_ENDS}[str(each["end"])] for each in CASES if each["closed"])
MET = Counter(
    DOMAINS[name]
    for each in CASES
    for name in each["domains"][: None if each["n"] in IN_NEW else 3]  # type: ignore[index]
)
MONTHS = Counter(f"{each['opened']:%Y-%m}" for each in CASES)
HERE = "GM0632"


def delivery() -> Delivery:
    """What came by mail, and what is in it."""
    return Delivery(
        "twee-systemen",
        [
            ("2022-07-04", {"dossiers.csv": old_system()}),
            ("2024-01-15", {"zaken.csv": new_system()}),
        ],
        truth=[
            *counted(
                "F05", "reasons", HERE, "reason", ENDED, ("according_to_plan", "moved", "dropped_out", "referred_on")
            ),
            *counted("F03", "domains", HERE, "domain", MET, DOMAINS.values()),
            *counted("F01", "intake", HERE, "month", MONTHS, ("2021-01",)),
            (("T01", "cases", {"source": "twee-systemen"}), len(CASES)),
        ],
        answers={
            '"municipality"': "Woerden",
            '"aanmelddt"': "casussen: datum aanmelding",
            '"sluitdt"': "casussen: datum afsluiting",
            '"leefgebied 2"': "leefgebieden per casus: leefgebied",
            '"leefgebied 3"': "leefgebieden per casus: leefgebied",
            '"clienthaaktaf"': "voortijdig gestopt",
            '"ontvangstdatum"': "casussen: datum aanmelding",
            '"resultaat"': "casussen: reden afsluiting",
            '"link"': "zonder streepjes vergelijken: dan komen 46 van de 152 overeen in plaats van 0",
            '"uitstroomnaarwlz"': "doorverwezen",
        },
        lines={
            'municipality = ["?"]': 'municipality = ["GM0632"]',
            '"AanmeldDt" = ': '"AanmeldDt" = ["cases.date_referral", "referrals.date"]',
            '"SluitDt" = ': '"SluitDt" = "cases.date_closed"',
            '"Leefgebied 2" = ': '"Leefgebied 2" = "case_domains.domain"',
            '"Leefgebied 3" = ': '"Leefgebied 3" = "case_domains.domain"',
            '"Client haakt af" = ': '"Client haakt af" = "dropped_out"\n'
            '"uitstroom naar Wlz" = "referred_on"\n"doelen gehaald" = "according_to_plan"',
            '"ontvangstdatum" = ': '"ontvangstdatum" = ["cases.date_referral", "referrals.date"]',
            '"resultaat" = ': '"resultaat" = "cases.closure_reason"',
            '"case_id" = "?"': '"case_id" = ["separators"]',
        },
    )
