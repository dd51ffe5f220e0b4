"""An SPSS file of a research department: a row per case with two measurements by the ZRM, each with its own version."""

import datetime as dt
import tempfile
from collections import Counter
from pathlib import Path

import pandas as pd
import pyreadstat

from shared.deliveries import Delivery

DOMAINS = {
    "fin": ("financiën", "finances"), "huis": ("huisvesting", "housing"), "rel": ("huiselijke relaties", "domestic_relations"),
    "psy": ("geestelijke gezondheid", "mental_health"), "net": ("sociaal netwerk", "social_network"),
}  # fmt: skip
LEVELS = {
    1: "acute problematiek",
    2: "niet zelfredzaam",
    3: "beperkt zelfredzaam",
    4: "voldoende zelfredzaam",
    5: "volledig zelfredzaam",
}
VERSIONS = {1: "ZRM 2013", 2: "ZRM 2017"}
START, UNTIL = dt.date(2022, 1, 10), dt.date(2023, 12, 31)


def case(n: int) -> dict[str, object]:
    """One case: scored at the start by the version of then, and at the end, if it came to that, by the version of that day."""
    first = START + dt.timedelta(4 * n)
    last = first + dt.timedelta(90 + n * 31 % 200)
    ended = last <= UNTIL
    begin = [1 + (n * (k + 2) + k) % 4 for k in range(len(DOMAINS))]
    gain = [(n + k) % 5 % 3 for k in range(len(DOMAINS))]
    return {
        "first": first, "last": last if ended else None, "version": 1 if n < 70 else 2, "version_last": 1 if n < 40 else 2,
        "begin": begin, "end": [min(5, b + g) for b, g in zip(begin, gain, strict=True)] if ended else [None] * len(DOMAINS),
    }  # fmt: skip


CASES = [case(n) for n in range(150)]


def export() -> bytes:
    """The file as SPSS writes it: short names, labels for variables and for their values."""
    rows = [
        {"zaaknr": f"G{n:05}", "aanm": each["first"], "datum0": each["first"] + dt.timedelta(7), "versie0": each["version"],
         **{f"{name}0": score for name, score in zip(DOMAINS, each["begin"], strict=True)},
         "datum1": each["last"], "versie1": each["version_last"] if each["last"] else None,
         **{f"{name}1": score for name, score in zip(DOMAINS, each["end"], strict=True)}}
        for n, each in enumerate(CASES)
    ]  # fmt: skip
    frame = pd.DataFrame(rows)
    moments = {"0": "begin", "1": "eind"}
    labels = {"zaaknr": "Zaaknummer", "aanm": "Datum aanmelding"}
    labels |= {f"datum{m}": f"Datum ZRM {word}" for m, word in moments.items()}
    labels |= {f"versie{m}": f"Versie ZRM {word}" for m, word in moments.items()}
    labels |= {
        f"{name}{m}": f"ZRM {words} {word}" for name, (words, _) in DOMAINS.items() for m, word in moments.items()
    }
    values = {f"{name}{m}": LEVELS for name in DOMAINS for m in moments} | {f"versie{m}": VERSIONS for m in moments}
    with tempfile.TemporaryDirectory() as folder:
        pyreadstat.write_sav(frame, Path(folder) / "a.sav", column_labels=labels, variable_value_labels=values)
        return (Path(folder) / "a.sav").read_bytes()


HERE = "GM0355"
OLD, NEW = "zrm_2013", "zrm_2017"
CODES = {1: OLD, 2: NEW}
BEGUN = Counter(CODES[each["version"]] for each in CASES)  # type: ignore[index]
CHANGED = Counter(
    (CODES[each["version"]], CODES[each["version_last"]], domain, "up" if end > begin else "same")  # type: ignore[index]
    for each in CASES if each["last"]
    for (_, domain), begin, end in zip(DOMAINS.values(), each["begin"], each["end"], strict=True)  # type: ignore[arg-type]
)  # fmt: skip


def begun(version: str, domain: str) -> tuple[tuple[str, str, dict[str, str]], int]:
    return ("F09", "begin", {"municipality": HERE, "version": version, "domain": domain}), BEGUN[version]


def changed(first: str, last: str, domain: str, change: str) -> tuple[tuple[str, str, dict[str, str]], int]:
    part = "change_" + (first if first == last else f"{first}_{last}")
    keys = {"municipality": HERE, "version": first, "version_end": last, "domain": domain, "change": change}
    return ("F09", part, keys), CHANGED[first, last, domain, change]


def delivery() -> Delivery:
    """What came by mail, and what is in it."""
    return Delivery(
        "zrm-onderzoek",
        [("2024-01-15", {"zrm.sav": export()})],
        truth=[
            begun(OLD, "finances"),
            begun(NEW, "housing"),
            *(
                changed(OLD, OLD, domain, change)
                for domain in ("finances", "mental_health")
                for change in ("up", "same")
            ),
            *(changed(OLD, NEW, domain, "up") for domain in ("housing", "social_network")),
            *(changed(NEW, NEW, "domestic_relations", change) for change in ("up", "same")),
        ],
        answers={
            '"municipality"': "Zeist",
        },
        lines={'municipality = ["?"]': 'municipality = ["GM0355"]'},
    )
