"""What a study collects: interviews of which a column says who agreed, and effect arenas as a group drew them."""

from random import Random

from benchmarks.strangers.book.model import EMPTY, Cell, Column, Meaning, Row, Sheet, Stranger
from benchmarks.strangers.book.scribe import Scribe
from benchmarks.strangers.styles import pieces
from benchmarks.strangers.styles.registers import UTF8, XLSX, deliver

ARENA = {  # kind of item -> letter of its numbers, and what a group wrote on its notes
    "investor": ("I", ("Gemeente Noordwijk aan Zee", "Zorgverzekeraar", "Woningcorporatie")),
    "activity": ("A", ("Huisbezoek met z'n tweeën", "Eén plan aan de keukentafel", "Schulden eerst", "Maandelijks overleg")),
    "effect": ("E", ("Minder dubbel werk", "Inwoner weet bij wie hij moet zijn", "Minder huisuitzettingen", "Rust in het gezin",
                     "Minder dure zorg later")),
    "beneficiary": ("P", ("Gezinnen", "Huisartsen in de wijk")),
}  # fmt: skip
NEXT = {"investor": "activity", "activity": "effect", "effect": "beneficiary"}
TEAM, GROUP = "Wijkteam Kustlijn", "Sessie 1"


def judgements_agreed(rng: Random, stranger: Stranger) -> None:
    """C5: interviews of which a column says whether the person agreed: without a yes nothing of it is used."""
    scribe = Scribe(rng, stranger)
    stranger.followed = True
    sheet = pieces.judgement_sheet(scribe, "interviews.xlsx", "Oordelen")
    heading = rng.choice(("Toestemming", "Toestemming gegeven?", "Akkoord met gebruik", "Informed consent"))
    agreed = Column(heading, "code", (Meaning("documents", "consent"),), "yes_no")
    sheet.columns.insert(2, agreed)
    voices = sorted({(row.cells[0].true, row.cells[1].true) for row in sheet.rows}, key=str)
    refused = rng.sample(voices, 2)
    for row in sheet.rows:
        no = (row.cells[0].true, row.cells[1].true) in refused
        row.cells.insert(2, scribe.cell(agreed, "no" if no else "yes"))
        row.fate, row.mess = ("aside", "no_consent") if no else (row.fate, row.mess)
    deliver(stranger, [sheet], XLSX)


def arena_arrows(rng: Random, stranger: Stranger) -> None:
    """B7: an effect arena as a list of notes; to which others each leads stands in one cell, as people write that."""
    scribe = Scribe(rng, stranger)
    numbers = {kind: [f"{letter}{n}" for n in range(1, len(notes) + 1)] for kind, (letter, notes) in ARENA.items()}
    columns = [Column("Team", "label", (Meaning("arena_nodes", "team"),)),
               Column(rng.choice(("Arena", "Sessie", "Groep")), "label", (Meaning("arena_nodes", "arena_id"),)),
               Column(rng.choice(("Nr", "Briefje", "Code")), "label", (Meaning("arena_nodes", "node_id"),)),
               Column(rng.choice(("Soort", "Vak", "Kolom van de arena")), "code", (Meaning("arena_nodes", "kind"),),
                      "arena_node_kind"),
               Column(rng.choice(("Wat staat erop", "Omschrijving", "Tekst")), "label", (Meaning("arena_nodes", "label"),)),
               Column(rng.choice(("Leidt tot", "Pijlen naar", "Gevolg", "Draagt bij aan")), "label",
                      (Meaning("arena_edges", "to_id"),))]  # fmt: skip
    rows = []
    for kind, (_, notes) in ARENA.items():
        for number, note in zip(numbers[kind], notes, strict=True):
            raw, true = _arrows(rng, numbers[NEXT[kind]]) if kind in NEXT else (None, EMPTY)
            cells = [Cell(TEAM, TEAM), Cell(GROUP, GROUP), Cell(number, number), scribe.cell(columns[3], kind),
                     Cell(note, note), Cell(raw, true)]  # fmt: skip
            rows.append(Row(cells))
    deliver(stranger, [Sheet("arena.xlsx" if rng.random() < 0.6 else "arena.csv", "", "arena_nodes", columns, rows)],
            XLSX)  # fmt: skip
    _name(stranger)


def _name(stranger: Stranger) -> None:
    """A workbook has sheets with names, text has none."""
    (delivery,) = stranger.deliveries
    (sheet,) = delivery.sheets
    if sheet.file.endswith("csv"):
        delivery.kinds[sheet.file] = UTF8
    else:
        sheet.name = "Briefjes"


def _arrows(rng: Random, others: list[str]) -> tuple[str, object]:
    """To which others an item leads, in one of the ways in which people write that down."""
    several = others[: rng.randrange(2, len(others) + 1)]
    one, two = rng.choice(others), tuple(rng.sample(others, 2))
    ways = (
        (f"→ {one}", (one,)),
        (f"{several[0]} t/m {several[-1]}", tuple(several)),
        (f"{two[0]} en {two[1]}", two),
        (", ".join(two), two),
        (f"{several[0]}-{several[-1]}", tuple(several)),
        ("".join(two), two),
        (f"{two[0]} + {two[1]}", two),
    )
    return rng.choice(ways)
