"""Write the interviews, observations and case descriptions of the followed cases of Nijmegen, Beuningen and Druten."""

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from iww_synthetic import plan
from iww_synthetic.files import qda, workbook
from iww_synthetic.files.forms import Field, Form, Record, as_told, drawn, pen_of
from iww_synthetic.files.mess import Pen
from iww_synthetic.files.sheet import Sheet
from iww_synthetic.registers.writing import File
from iww_synthetic.settings import deliveries, interview_words, toml
from iww_synthetic.teams.team import PRESENT

DATA = "nijmegen_interviews.toml"
SCORES = {".": "not_applicable", "?": "unknown"}
VOICES = ("client", "professional")
PLACES = {"N": "Nijmegen", "B": "Beuningen", "D": "Druten"}
NAME = "nijmegen-interviews"
_MARK = re.compile(r"\[(?P<codes>[a-z0-9 ]+)(?P<cleared>!?)\|(?P<words>[^\]]+)\]")


@dataclass(frozen=True)
class Fragment:
    """A coded piece of a text, `text[begin:end]`. `codes`: the short names of the data file."""

    begin: int
    end: int
    codes: tuple[str, ...]
    cleared: bool


@dataclass(frozen=True)
class Interview:
    """A conversation with one voice; `case` is None where a group talked about the whole municipality."""

    name: str
    case: str | None
    municipality: str
    perspective: str
    kind: str
    day: dt.date
    text: str
    fragments: tuple[Fragment, ...]


def study(name: str, seed: int) -> tuple[Mapping[str, Any], Sequence[File], Mapping[str, Any]]:
    """Give the card, the files and the true answers. Chance decides only how things are written."""
    data = toml(DATA)
    said, tables = [_interview(each) for each in data["interview"]], _tables(data)
    files = _files(name, said, tables, pen_of(name, seed))
    return data["card"], files, _plan(name, said, tables, files)


def unmarked(marked: str) -> tuple[str, tuple[Fragment, ...]]:
    """Take the marks out of a text: what is left, and where the coded pieces stand in it."""
    text, fragments, at = "", [], 0
    for mark in _MARK.finditer(marked):
        text += marked[at : mark.start()]
        begin, at = len(text), mark.end()
        text += mark["words"]
        fragments.append(Fragment(begin, len(text), tuple(mark["codes"].split()), mark["cleared"] == "!"))
    return text + marked[at:], tuple(fragments)


def _interview(it: Mapping[str, Any]) -> Interview:
    case, place = it.get("case"), it.get("place") or it["case"][0]
    text, fragments = unmarked(it["text"].strip())
    voice = {"client": "cliënt", "professional": "professional"}[it["who"]]
    name = f"Interview {case} {voice}" if case else f"Groepsgesprek {PLACES[place]}"
    kind = "interview" if case else "group_interview"
    return Interview(name, case, _municipality(place), it["who"], kind, it["day"], text, fragments)


def _municipality(label: str) -> str:
    return str(toml(DATA)["municipalities"][label[0]])


def _tables(data: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Give what is true as records per table, each with the municipality of its case."""
    out = {name: drawn(table) for name, table in data["tables"].items()}
    out |= {"voices": list(_voices(data["experience"])), "observations": list(_observed(data["observation"]))}
    for record in out["sessions"]:
        record["parties"] = record["parties"].split("+") if record["parties"] else []
    return {
        name: [{**each, "municipality": _municipality(each["case"])} if "case" in each else each for each in records]
        for name, records in out.items()
    }


def _voices(data: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for row in drawn(data["voices"]):
        for voice in VOICES:
            said = zip(data["items"], row[voice], strict=True)
            yield {"case": row["case"], "perspective": voice, **{item: PRESENT[sign] for item, sign in said}}


def _observed(data: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for row in drawn(data["meetings"]):
        for item, sign in zip(data["items"], row["scores"], strict=True):
            yield {**row, "item": item, "value": int(sign) if sign.isdigit() else SCORES[sign]}


# ---- files ---------------------------------------------------------------------------------------------------------

_PLACE = (Field("Gemeente", "municipality", "municipality", merged=True), Field("Casus", "case", merged=True))
_EXPERIENCE = ("voelt zich gehoord", "voelt zich serieus genomen", "voelt zich verbonden", "zit er als gelijke",
               "draagt mee verantwoordelijkheid", "ziet meerwaarde")  # fmt: skip
BELEVING = Form(
    "Beleving", ("Casusbeschrijvingen Nijmegen, Beuningen en Druten", "Beleving per casus en stem"),
    (*_PLACE, Field("Volgens", "perspective", "perspective"),
     *(Field(heading, f"x0{n}", "judgement") for n, heading in enumerate(_EXPERIENCE, start=1))),
    ("* Niet besproken is iets anders dan nee.",), dict.fromkeys(range(4, 10), 18),
)  # fmt: skip
OBSERVATIES = Form(
    "Observaties", ("Observaties van gezamenlijk cliëntoverleg", "De items zijn verzonnen: het echte formulier is niet openbaar"),
    (*_PLACE, Field("Overleg", "meeting", merged=True), Field("Datum overleg", "date", merged=True),
     Field("Formulier", "form", merged=True), Field("Waarnemer", "observer", merged=True), Field("Item", "item"),
     Field("Score (1-5)", "value")),
    ("* 1 = helemaal niet, 5 = helemaal wel.",), {5: 24, 7: 52},
)  # fmt: skip
DOELEN = Form(
    "Doelen", ("Doelen per casus",),
    (Field("Casus", "case"), Field("Doel", "goal"), Field("Leefgebied", "domain", "life_domain"),
     Field("GAS-variant", "gas_variant", "instrument_version"), Field("Behaald", "achieved", "yes_no")),
    (), {2: 34, 3: 24},
)  # fmt: skip
CONTEXT = Form(
    "Context", ("Werkprocessen rond de casus",),
    (*_PLACE, Field("Opgemerkt op", "date"), Field("Werkproces", "theme"), Field("Bevinding", "finding"),
     Field("Ingebracht door", "raised_by", "perspective")),
    ("Bron: actie-leren en observaties, in eigen woorden samengevat.",), {4: 36, 5: 60},
)  # fmt: skip
UITKOMSTEN = Form(
    "Uitkomsten", ("Uitkomsten per casus",),
    (Field("Gemeente", "municipality", "municipality"), Field("Casus", "case"), Field("Niveau", "level", "outcome_level"),
     Field("Uitkomst", "outcome"), Field("Richting", "direction", "outcome_direction"),
     Field("Volgens wie", "according_to", "perspective"), Field("Relevant voor", "relevant_for", "perspective"),
     Field("Verteld op", "date")),
    (), {4: 38},
)  # fmt: skip
SPIEGEL = Form(
    "Spiegel", ("Spiegelbijeenkomsten met cliënten en professionals",),
    (Field("Bijeenkomst", "session"), Field("Soort", "kind", "meeting_kind"), Field("Datum", "date"),
     Field("Doorgegaan", "held", "yes_no"), Field("Reden niet", "reason_not_held", "dropout_reason"),
     Field("Aan tafel", "parties", "party")),
    (), {1: 30, 6: 50},
)  # fmt: skip


def _files(name: str, said: Sequence[Interview], tables: Mapping[str, Sequence[Record]], pen: Pen) -> list[File]:
    [delivery] = deliveries(toml(DATA)["card"])
    voices = [
        {key[:3] if key.startswith("x0") else key: value for key, value in each.items()} for each in tables["voices"]
    ]
    pages = [
        BELEVING.page(voices, pen, bare={**voices[3], "perspective": None}),
        OBSERVATIES.page(tables["observations"], pen, bare={**tables["observations"][-1], "item": None}),
        DOELEN.page(tables["goals"], pen, again=4, bare={**tables["goals"][0], "goal": None}),
        CONTEXT.page(tables["themes"], pen),
        UITKOMSTEN.page(tables["outcomes"], pen, again=8),
        SPIEGEL.page(tables["sessions"], pen),
    ]
    project = qda.project([_document(each, pen) for each in said], _codebook(), "nvivo")
    return [
        File(delivery, "casusbeschrijvingen nijmegen eo.xlsx", workbook.write(pages), {p.name: p.sheet for p in pages}),
        File(delivery, "interviews nijmegen eo.qdpx", project, _virtual(said)),
    ]


def _codebook() -> dict[str, str]:
    return dict(toml(DATA)["codes"].values())


def _path(code: str) -> str:
    return str(toml(DATA)["codes"][code][0])


def _document(it: Interview, pen: Pen) -> qda.Document:
    day = pen.day(it.day)
    variables = {
        "Gemeente": pen.word("municipality", it.municipality), "Perspectief": pen.word("perspective", it.perspective),
        "Datum gesprek": day.isoformat() if isinstance(day, dt.date) else str(day),
        "Soort gesprek": pen.word("document_kind", it.kind), "Toestemming": pen.word("yes_no", "yes"),
    }  # fmt: skip
    remarks = interview_words(NAME)["yes_no"]
    held_back = ("", *remarks["no"])
    segments = [
        qda.Segment(
            f.begin, f.end, tuple(map(_path, f.codes)), pen.chance.pick(remarks["yes"] if f.cleared else held_back)
        )
        for f in it.fragments
    ]
    return qda.Document(it.name, it.text, it.case or "", variables, segments)


def _virtual(said: Sequence[Interview]) -> dict[str, Sheet]:
    """Give the lines of the sheets that a project is read as: what is in them is not written here."""
    paths = _codebook()
    codes = {**paths, **{path.rpartition("/")[0]: "" for path in paths}}
    n = {"documents": len(said), "codings": sum(len(f.codes) for i in said for f in i.fragments), "codes": len(codes)}
    out = {name: Sheet() for name in n}
    for name, sheet in out.items():
        sheet.add([name], "header")
        for number in range(n[name]):
            sheet.add([number])
    return out


# ---- true answers --------------------------------------------------------------------------------------------------


def _plan(
    name: str, said: Sequence[Interview], tables: Mapping[str, Sequence[Record]], files: Sequence[File]
) -> dict[str, Any]:
    card, items = toml(DATA)["card"], toml(DATA)["experience"]["items"]
    return {
        "format": plan.FORMAT, "source": name, "municipality": card["municipality"], "study": card["study"],
        "documents": [*map(_told, said), *_described(said, tables["voices"])],
        "codes": {path: _element(code) for code, (path, _) in toml(DATA)["codes"].items()},
        "codings": [
            {"document": i.name, "begin": _counted(i.text[: f.begin]), "end": _counted(i.text[: f.end]), "code": _path(code)}
            for i in said for f in i.fragments for code in f.codes
        ],
        "quotes": {
            "cleared": [
                {"case": i.case, "perspective": i.perspective, "element": _element(code), "quote": i.text[f.begin : f.end]}
                for i in said for f in i.fragments for code in f.codes if f.cleared
            ],
            "not_cleared": Counter(_element(c) for i in said for f in i.fragments for c in f.codes if not f.cleared),
        },
        "judgements": [
            {**as_told([each], "case", "municipality", "perspective")[0], "element": item, "present": each[item]}
            for each in tables["voices"] for item in items
        ],
        "observations": as_told(tables["observations"], "municipality", "case", "meeting", "date", "form", "observer", "item",
                                "value"),
        "goals": as_told(tables["goals"], "case", "goal", "domain", "gas_variant", "achieved"),
        "themes": as_told(tables["themes"], "municipality", "case", "date", "theme", "finding", "raised_by"),
        "outcomes": as_told(tables["outcomes"], "municipality", "case", "level", "outcome", "direction", "according_to",
                            "relevant_for", "date"),
        "sessions": as_told(tables["sessions"], "session", "kind", "date", "held", "reason_not_held", "parties"),
        "ledger": plan.ledger(files),
    }  # fmt: skip


def _told(it: Interview) -> dict[str, Any]:
    return {
        "document": it.name, "case": it.case, "municipality": it.municipality, "perspective": it.perspective,
        "kind": it.kind, "date": it.day.isoformat(), "consent": "yes",
    }  # fmt: skip


def _described(said: Sequence[Interview], voices: Sequence[Record]) -> Iterator[dict[str, Any]]:
    """The voices that only the case descriptions know: no interview of theirs is in the project."""
    heard = {(it.case, it.perspective) for it in said}
    for each in voices:
        if (each["case"], each["perspective"]) not in heard:
            yield {"document": None, **{name: each[name] for name in ("case", "municipality", "perspective")},
                   "kind": "not_recorded", "date": "not_recorded", "consent": "not_recorded"}  # fmt: skip


def _element(code: str) -> str:
    return next(element for element, paths in interview_words(NAME)["factor"].items() if _path(code) in paths)


def _counted(before: str) -> int:
    """Count as NVivo does: UTF-16 code units, and a line end is two."""
    return len(before.replace("\n", "\r\n").encode("utf-16-le")) // 2
