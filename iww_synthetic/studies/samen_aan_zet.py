"""Write the interviews, the cases and the outcomes on four levels of Samen aan zet in Harderwijk and Elburg."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from iww_synthetic import plan
from iww_synthetic.files import workbook
from iww_synthetic.files.forms import Field, Form, Record, as_told, drawn, pen_of
from iww_synthetic.files.mess import Pen
from iww_synthetic.registers.writing import File
from iww_synthetic.settings import deliveries, toml
from iww_synthetic.teams.team import CONTRIBUTION, PRESENT

DATA = "samen_aan_zet.toml"
FRAGMENTATION = "b03_fragmentation"
CLEARED = {"vrij": "yes", "houd": "no"}
Tables = Mapping[str, Sequence[Record]]


def study(name: str, seed: int) -> tuple[Mapping[str, Any], Sequence[File], Mapping[str, Any]]:
    """Give the card, the files and the true answers. Chance decides only how things are written."""
    tables = _tables(toml(DATA))
    files = _files(tables, pen_of(name, seed))
    return toml(DATA)["card"], files, _plan(name, tables, files)


def _tables(data: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Give what is true as records per table, each with the municipality that it is about."""
    out = {name: drawn(table) for name, table in data["tables"].items()}
    out["factors"] = list(_factors(data))
    for record in out["meetings"]:
        record["parties"] = record["parties"].split("+") if record["parties"] else []
    out["fragmentation"] = [{**each, **_quote(each["quote"] or ""), "begin": PRESENT[each["begin"]],
                             "end": PRESENT[each["end"]]} for each in out["fragmentation"]]  # fmt: skip
    for record in (each for name in out for each in out[name] if each.get("case")):
        record["municipality"] = data["municipalities"][record["case"].removeprefix("Casus ")[0]]
    return out


def _factors(data: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Every voice on every factor that it was asked about, with where the factor lies."""
    for voice in data["voice"]:
        for asked, present, contribution in zip(
            data["asked"][voice["who"]], voice["present"], voice["contribution"], strict=True
        ):
            element, _, holder = asked.partition(":")
            yield {
                "case": voice.get("case"), "municipality": data["municipalities"].get(voice.get("place")),
                "perspective": voice["who"], "date": voice["day"], "element": element, "holder": holder,
                "present": PRESENT[present], "contribution": CONTRIBUTION[contribution],
                **_quote(voice["quotes"].get(element, "")),
            }  # fmt: skip


def _quote(marked: str) -> dict[str, str | None]:
    """Take a quote apart from what stands before it: whether it was cleared."""
    mark, _, quote = marked.partition(": ")
    return {"quote": quote or None, "cleared": CLEARED[mark] if quote else "not_applicable"}


# ---- files ---------------------------------------------------------------------------------------------------------

_PLACE = (Field("Gemeente", "municipality", "municipality", merged=True), Field("Casus", "case", merged=True))
_VOICE = (Field("Volgens wie", "perspective", "perspective"), Field("Gesprek op", "date"))
_QUOTE = (Field("Citaat", "quote"), Field("Citaat vrij?", "cleared", "yes_no"))
_SAID = (Field("Richting", "direction", "outcome_direction"), Field("Volgens wie", "according_to", "perspective"),
         Field("Relevant voor", "relevant_for", "perspective"), Field("Datum", "date"))  # fmt: skip
FACTOREN = Form(
    "Factoren", ("Samen aan zet: belemmerende en helpende factoren", "Uit de gesprekken; één regel per stem en factor"),
    (*_PLACE, *_VOICE, Field("Factor", "element", "factor"), Field("Bij wie", "holder", "perspective"),
     Field("Aanwezig", "present", "judgement"), Field("Bijdrage", "contribution", "contribution"), *_QUOTE),
    ("* Bij wie: bij wie de factor ligt; volgens wie: wie dat zegt.",), {5: 40, 9: 80},
)  # fmt: skip
VERSNIPPERING = Form(
    "Versnippering", ("Ervaren versnippering bij begin en eind",),
    (*_PLACE, *_VOICE, Field("Bij begin", "begin", "judgement"), Field("Aan het eind", "end", "judgement"), *_QUOTE),
    ("Toelichting: ervaren, niet geteld; aantallen organisaties staan in de registratie.",), {7: 80},
)  # fmt: skip
BIJEENKOMSTEN = Form(
    "Bijeenkomsten", ("Casussen Samen aan zet", "De drie bijeenkomsten"),
    (Field("Casus", "case", merged=True), Field("Bijeenkomst", "kind", "meeting_kind"), Field("Datum", "date"),
     Field("Doorgegaan", "held", "yes_no"), Field("Waarom niet", "reason_not_held", "dropout_reason"),
     Field("Aanwezig", "parties", "party")),
    ("* Casus E3 is na de kennismaking gestopt.",), {6: 52},
)  # fmt: skip
WERKPROCESSEN = Form(
    "Werkprocessen", ("Context: werkprocessen rond de casus",),
    (*_PLACE, Field("Datum", "date"), Field("Werkproces", "theme"), Field("Wat we zagen", "finding"),
     Field("Wie bracht het in", "raised_by", "perspective")),
    (), {4: 34, 5: 60},
)  # fmt: skip
VERVOLGACTIES = Form(
    "Vervolgacties", ("Effecten: vervolgacties",),
    (Field("Nr", "action_id"), Field("Casus", "case"), Field("Afgesproken op", "date"), Field("Wie", "actor", "actor_role"),
     Field("Leefgebied", "domain", "life_domain"), Field("Actie", "action"), Field("Status", "status", "action_status")),
    (), {5: 24, 6: 44},
)  # fmt: skip
EFFECTEN = Form(
    "Effecten", ("Effecten per casus",),
    (*_PLACE, Field("Niveau", "level", "outcome_level"), Field("Effect", "outcome"), *_SAID),
    (), {4: 38},
)  # fmt: skip
UITKOMSTEN = Form(
    "", (),
    (Field("gemeente", "municipality", "municipality"), Field("niveau", "level", "outcome_level"),
     Field("uitkomst", "outcome"), *(Field(each.heading.casefold(), each.name, each.codes) for each in _SAID)),
)  # fmt: skip


def _files(tables: Tables, pen: Pen) -> list[File]:
    [delivery] = deliveries(toml(DATA)["card"])
    told = [
        FACTOREN.page(tables["factors"], pen, bare={**tables["factors"][2], "element": None}),
        VERSNIPPERING.page(tables["fragmentation"], pen),
    ]
    cases = [
        BIJEENKOMSTEN.page(tables["meetings"], pen, bare={**tables["meetings"][0], "kind": None}),
        WERKPROCESSEN.page(tables["themes"], pen),
        VERVOLGACTIES.page(tables["actions"], pen, again=3),
        EFFECTEN.page(tables["effects"], pen, bare={**tables["effects"][0], "level": None}),
    ]
    text = UITKOMSTEN.csv(tables["outcomes"], pen)
    text.add(text.lines[7].cells, "duplicate")
    text.add((*text.lines[3].cells, "nakijken"), "ragged")
    return [
        File(delivery, "casussen samen aan zet.xlsx", workbook.write(cases), {p.name: p.sheet for p in cases}),
        File(delivery, "interviews samen aan zet.xlsx", workbook.write(told), {p.name: p.sheet for p in told}),
        File(delivery, "uitkomsten samen aan zet.csv", text.csv(), {"": text}),
    ]


# ---- true answers --------------------------------------------------------------------------------------------------


def _plan(name: str, tables: Tables, files: Sequence[File]) -> dict[str, Any]:
    card = toml(DATA)["card"]
    quotes = [*tables["factors"], *({**each, "element": FRAGMENTATION} for each in tables["fragmentation"])]
    return {
        "format": plan.FORMAT, "source": name, "municipality": card["municipality"], "study": card["study"],
        "judgements": [
            *({**each, "moment": "not_recorded"} for each in as_told(
                tables["factors"], "case", "municipality", "perspective", "element", "holder", "present", "contribution")),
            *(_experienced(each, moment) for each in tables["fragmentation"] for moment in ("begin", "end")),
        ],
        "interviews": list({
            (each["case"], each["municipality"], each["perspective"]): as_told(
                [each], "case", "municipality", "perspective", "date")[0]
            for each in tables["factors"]
        }.values()),
        "quotes": {
            "cleared": as_told((q for q in quotes if q["cleared"] == "yes"), "case", "perspective", "element", "quote"),
            "not_cleared": dict(sorted(Counter(q["element"] for q in quotes if q["cleared"] == "no").items())),
        },
        "meetings": as_told(tables["meetings"], "case", "kind", "date", "held", "reason_not_held", "parties"),
        "themes": as_told(tables["themes"], "municipality", "case", "date", "theme", "finding", "raised_by"),
        "actions": as_told(tables["actions"], "action_id", "case", "date", "actor", "domain", "action", "status"),
        "outcomes": as_told([*tables["effects"], *tables["outcomes"]], "municipality", "case", "level", "outcome", "direction",
                            "according_to", "relevant_for", "date"),
        "ledger": plan.ledger(files),
    }  # fmt: skip


def _experienced(each: Record, moment: str) -> dict[str, Any]:
    return {
        **as_told([each], "case", "municipality", "perspective")[0], "element": FRAGMENTATION, "holder": "not_recorded",
        "present": each[moment], "contribution": "not_recorded", "moment": moment,
    }  # fmt: skip
