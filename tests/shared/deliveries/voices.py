"""Interviews, an observation form with a column per item, and the flap of an effect arena typed over; some people said no."""

import datetime as dt
from collections import Counter

from shared.deliveries import Delivery
from shared.homes import workbook

ITEMS = {"Gehoord worden": "x01_heard", "Serieus genomen": "x02_taken_seriously", "Gelijkwaardig aan tafel": "x04_equal",
         "Samen de schouders eronder": "x05_shares_responsibility", "Meerwaarde": "x06_added_value"}  # fmt: skip
VOICES = {"inwoner": "client", "wijkteamer": "professional"}
SAID = {"ja": "yes", "deels": "partly", "nee": "no", "kwam niet langs": "not_discussed"}
LABELS = ("Linde", "Beuk", "Esdoorn", "Wilg", "Berk", "Hazelaar", "Vlier", "Kastanje", "Els", "Iep", "Populier", "Lijsterbes",
          "Eik", "Spar", "Lariks", "Taxus", "Hulst", "Meidoorn", "Sleedoorn", "Kornoelje")  # fmt: skip
REFUSED = {("Wilg", "inwoner"), ("Iep", "wijkteamer")}
FIRST = dt.date(2023, 3, 6)
TALKS = [
    {"label": label, "voice": voice, "day": FIRST + dt.timedelta(4 * n + k), "agreed": (label, voice) not in REFUSED,
     "said": {item: list(SAID)[(n * (i + 1) + 2 * k + i) % 7 % 4] for i, item in enumerate(ITEMS)}}
    for n, label in enumerate(LABELS) for k, voice in enumerate(VOICES)
]  # fmt: skip

SEEN = ("Iedereen kwam aan het woord", "De inwoner bepaalde waar het over ging", "Er was een gezamenlijk plan",
        "Afspraken zijn herhaald")  # fmt: skip
OBSERVED = [[None if (n + i) % 5 == 4 else 1 + (n * 2 + i) % 5 for i in range(len(SEEN))] for n in range(9)]

FLAP = {
    "Groep A": (("I1 gemeente", "I2 corporatie"), ("A1 elke week samen aan tafel", "A2 huisbezoek in duo"),
                ("E1 minder stress thuis", "E2 schulden lopen niet op"), ("B1 gezinnen",)),
    "Groep B": (("I1 zorgverzekeraar",), ("A1 een vaste contactpersoon",),
                ("E1 sneller hulp", "E2 minder stress thuis", "E3 minder meldingen"), ("B1 bewoners", "B2 huisartsen")),
}  # fmt: skip


def interviews() -> bytes:
    """A row per voice, case and point of the list of topics."""
    rows = [
        [talk["label"], talk["voice"], talk["day"], item, said, "ja" if talk["agreed"] else "nee"]
        for talk in TALKS
        for item, said in talk["said"].items()  # type: ignore[attr-defined]
    ]
    heads = ["Schuilnaam", "Wie sprak", "Gesproken op", "Waarover", "Was het er", "Toestemming"]
    return workbook({"Gesprekken": [["Gesprekken over samen werken aan een plan"], [], heads, *rows]})


def observations() -> bytes:
    """A row per meeting, a column per item of the form."""
    rows = [[f"Overleg {n + 1}", dt.date(2023, 4, 3 + n), *scores] for n, scores in enumerate(OBSERVED)]
    return workbook({"Formulier": [["Overleg", "Datum overleg", *SEEN], *rows]})


def flap() -> bytes:
    """A row per group, a column per ingredient; the notes of one place stand under each other in their cell."""
    heads = ["Groep", "Wie investeert", "Wat doen we", "Effecten", "Wie profiteert"]
    rows = [[group, *map("\n".join, notes)] for group, notes in FLAP.items()]
    return workbook({"Flap": [["Effectenarena van wijkteam De Brug"], [], heads, *rows]})


def experienced(item: str, voice: str, said: str) -> int:
    """In how many cases a voice that agreed to it gave this answer."""
    return sum(talk["voice"] == voice and talk["agreed"] and talk["said"][item] == said for talk in TALKS)  # type: ignore[index, misc]


ASKED = [("Gehoord worden", "inwoner", "ja"), ("Gehoord worden", "wijkteamer", "nee"),
         ("Serieus genomen", "inwoner", "deels"), ("Samen de schouders eronder", "inwoner", "kwam niet langs"),
         ("Samen de schouders eronder", "wijkteamer", "ja"), ("Meerwaarde", "inwoner", "nee")]  # fmt: skip
FILLED = Counter({f"Overleg {n + 1}": sum(score is not None for score in scores) for n, scores in enumerate(OBSERVED)})

WRITTEN = """
[[sheets]]
file = "gesprekken.xlsx"
sheet = "Gesprekken"
one_row_is = "judgements"
[sheets.columns]
"Schuilnaam" = "judgements.case_id"
"Wie sprak" = "judgements.perspective"
"Gesproken op" = "?"
"Waarover" = "judgements.element"
"Was het er" = "judgements.present"
"Toestemming" = "documents.consent"

[[sheets]]
file = "observatie overleggen.xlsx"
sheet = "Formulier"
one_row_is = "observations"
a_column_is = "item"
[sheets.columns]
"Overleg" = "observations.meeting"
"Datum overleg" = "observations.date"
"Iedereen kwam aan het woord" = { to = "observations.value", item = "Iedereen kwam aan het woord" }
"De inwoner bepaalde waar het over ging" = { to = "observations.value", item = "De inwoner bepaalde waar het over ging" }
"Er was een gezamenlijk plan" = { to = "observations.value", item = "Er was een gezamenlijk plan" }
"Afspraken zijn herhaald" = { to = "observations.value", item = "Afspraken zijn herhaald" }

[codes.factor]
"Samen de schouders eronder" = "x05_shares_responsibility"
[codes.judgement]
"kwam niet langs" = "not_discussed"
[codes.perspective]
"wijkteamer" = "professional"
"""


def delivery() -> Delivery:
    """What came by mail, and what is in it."""
    return Delivery(
        "gesprekken",
        [("2023-09-01", {"gesprekken.xlsx": interviews(), "observatie overleggen.xlsx": observations(), "flap.xlsx": flap()})],
        truth=[
            *((("F22", "experience", {"municipality": "GM0513", "item": ITEMS[item], "perspective": VOICES[voice],
                                      "present": SAID[said]}), experienced(item, voice, said)) for item, voice, said in ASKED),
            *((("T10", "observed", {"meeting": meeting}), FILLED[meeting]) for meeting in ("Overleg 1", "Overleg 2")),
            (("F10", "items", {"arena": "Groep A", "node": "A2", "kind": "activity"}), 1),
            (("F10", "items", {"arena": "Groep B", "node": "E3", "kind": "effect"}), 1),
        ],
        answers={
            '"municipality"': "Gouda",
            '"row", "gesprekken': "interviews",
            '"wie sprak"': "oordelen: perspectief",
            '"wijkteamer"': "professional",
            '"samendeschouderseronder"': "deelt verantwoordelijkheid",
            '"kwamnietlang"': "niet besproken",
            '"row", "observatie': "observaties, één kolom per item",
            '"family", "observatie': "ja, alle zo lezen",
            '"team"': "Team De Brug",
        },
        lines={
            "municipality = []": 'municipality = ["GM0513"]',
            'team = "?"': 'team = "Team De Brug"',
            "": WRITTEN,
        },
        regime="case_study",
    )  # fmt: skip
