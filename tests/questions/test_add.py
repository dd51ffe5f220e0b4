"""Adding a delivery: a stranger's files, recognised by what is in them; what people wrote stays."""

import dataclasses
import datetime as dt
import hashlib
import random
import tomllib
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from iww_analysis import vocabulary
from iww_analysis.analysis.questions import compare, coverage, pathways
from iww_analysis.commands import build
from iww_analysis.commands.add import Added, add
from iww_analysis.commands.check import check, checked
from iww_analysis.crosswalk import origin
from iww_analysis.crosswalk.ask.open_question import OpenQuestion
from iww_analysis.crosswalk.parse import parse
from iww_analysis.crosswalk.propose import column_profile
from iww_analysis.crosswalk.propose.column_profile import ColumnProfile
from iww_analysis.crosswalk.propose.recognise import (
    file_pattern,
    find_header,
    sheet_pattern,
)
from iww_analysis.io.disk.home import Home
from iww_analysis.messages.errors import IwwError
from shared.homes import Rows, workbook
from shared.long import sampled
from shared.recognised import as_cells, best, sheet
from shared.sources import HOME

RECEIVED = dt.date(2024, 2, 1)


@pytest.fixture
def put(tmp_path: Path) -> Callable[[str, str | bytes], Path]:
    """Write a file as it comes in by mail."""

    def write(name: str, content: str | bytes) -> Path:
        path = tmp_path / "post" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        return path

    return write


def the_crosswalk(home: Home, source: str = "ede") -> dict[str, dict[str, object]]:
    """Read the crosswalk that was written: a dictionary per sheet, and `codes`."""
    return tomllib.loads(home.crosswalk(source).read_text(encoding="utf-8"))


def columns(home: Home, source: str = "ede") -> dict[str, object]:
    return the_crosswalk(home, source)["sheets"][0]["columns"]  # type: ignore[index,no-any-return]


def codes_of(added: Added) -> list[str]:
    return [message.code for message in added.messages]


# --- a stranger's municipality: Ede, of which no heading or word was seen before ---

VIA = [
    "Huisarts",
    "School",
    "Zelf",
    "Familie",
    "Wijkagent",
    "UWV",
    "Woningcorporatie",
    "GGZ",
    "Buurtpunt",
    "Netwerkcafé",
]
THEMES = ["Schulden", "Wonen", "Werk", "Opvoeding", "Eenzaamheid", "Rondkomen"]
RESULTS = ["Verhuisd", "Doorverwezen", "Op eigen kracht", "Afgerond", "Overleden", "Niet passend", "Uit beeld geraakt"]
FAMILIES = ["Alleenstaand", "Eenoudergezin", "Gezin met kinderen", "Paar", "Kamerbewoner"]
WHO = ["cliënt", "professional", "vrijwilliger", "netwerk", "gemeente"]
STATES = ["gepland", "loopt", "afgerond", "vervallen", "op de plank"]


def questions_of_ede(n: int = 120) -> str:
    """The registration: a `;` file with a title, strange headings, day-month-year, and things nobody may read."""
    chance = random.Random("ede")
    lines = ["Sociaal team Ede - uitdraai 31-12-2023", "",
             "Kenmerk;Burgerservicenr;Wanneer kwam de vraag binnen;Via wie;Eerste gesprek;Thema's;Soort gezin;M / V;"
             "Stand;Wanneer klaar;Uitslag traject;Mailen kan naar;Het verhaal"]  # fmt: skip
    for number in range(1, n + 1):
        start = dt.date(2022, 1, 3) + dt.timedelta(days=chance.randrange(500))
        end = start + dt.timedelta(days=chance.randrange(20, 200)) if chance.random() < 0.7 else None
        talk = start + dt.timedelta(days=chance.randrange(1, 15))
        cells = [
            f"V-{number:04}", f"99999{number:04}", f"{start:%d-%m-%Y}", chance.choice(VIA), f"{talk:%d-%m-%Y}",
            " + ".join(chance.sample(THEMES, chance.randrange(1, 4))), chance.choice(FAMILIES), chance.choice("MV"),
            "afgesloten" if end else "lopend", f"{end:%d-%m-%Y}" if end else "", chance.choice(RESULTS) if end else "",
            f"client{number}@example.nl", f"Dit is het verhaal nummer {number} van een gezin dat om hulp kwam vragen.",
        ]  # fmt: skip
        lines.append(";".join(cells))
    return "\r\n".join(lines) + "\r\n"


def actions_of_ede(n: int = 60) -> bytes:
    """The actions: a workbook with a sheet of explanation, a sheet with a title, and a hidden one with lists."""
    chance = random.Random("acties")
    rows: list[list[object]] = [
        ["Wat spraken we af?"],
        [],
        ["Afspraaknr", "Hoort bij", "Afgesproken d.d.", "Wie pakt het op", "Thema", "Hoe staat het ervoor"],
    ]
    for number in range(1, n + 1):
        day = dt.date(2022, 3, 1) + dt.timedelta(days=chance.randrange(400))
        rows.append(
            [
                f"A{number:03}",
                f"V-{chance.randrange(1, 120):04}",
                day,
                chance.choice(WHO),
                chance.choice(THEMES),
                chance.choice(STATES),
            ]
        )
    rows.append(["* Alleen afspraken met een einddatum."])
    book = {
        "Uitleg": [["Deze map hoort bij de registratie."]],
        "Afspraken 2022-2023": rows,
        "Lijstjes": [["Stand"], ["open"]],
    }
    return hide(workbook(book), "Lijstjes")


def hide(content: bytes, sheet: str) -> bytes:
    import io

    book = openpyxl.load_workbook(io.BytesIO(content))
    book[sheet].sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


EDITS = {
    '"Wanneer kwam de vraag binnen" = "?"': '"Wanneer kwam de vraag binnen" = ["cases.date_referral", "referrals.date"]',
    '"Wanneer klaar" = "?"': '"Wanneer klaar" = "cases.date_closed"',
    '"Hoort bij" = "?"': '"Hoort bij" = "actions.case_id"',
    '"Afgesproken d.d." = "?"': '"Afgesproken d.d." = "actions.date"',
    '"Buurtpunt" = "?"': '"Buurtpunt" = "welfare"',
    '"Netwerkcafé" = "?"': '"Netwerkcafé" = "volunteer"',
    '"Rondkomen" = "?"': '"Rondkomen" = "finances"',
    '"Uit beeld geraakt" = "?"': '"Uit beeld geraakt" = "no_show"',
    '"Kamerbewoner" = "?"': '"Kamerbewoner" = "single"',
    '"op de plank" = "?"': '"op de plank" = "planned"',
}


@pytest.fixture
def ede(home: Home, put: Callable[[str, str | bytes], Path]) -> Added:
    """Ede's delivery, added without a word from anybody."""
    paths = [put("vragen 2023-12-31.csv", questions_of_ede().encode("cp1252")), put("afspraken.xlsx", actions_of_ede())]
    return add(home, "ede", paths, RECEIVED, yes=True)


def test_a_fifth_of_what_ede_writes_was_never_seen_before() -> None:
    words = {vocabulary.key(w) for h in vocabulary.headings() for w in h.words}
    words |= {vocabulary.key(w) for i in vocabulary.identifiers() for w in i.words}
    codes = {word for name in vocabulary.names() for word in vocabulary.read(name).lookup}
    headings = questions_of_ede(1).splitlines()[2].split(";")
    more = ["Afspraaknr", "Hoort bij", "Afgesproken d.d.", "Wie pakt het op", "Thema", "Hoe staat het ervoor"]
    written = [*headings, *more, *VIA, *THEMES, *RESULTS, *FAMILIES, *WHO, *STATES]
    unknown = [text for text in written if vocabulary.key(text) not in words | codes]
    assert len(unknown) >= len(written) / 5


def test_a_stranger_needs_ten_edited_lines_and_every_question_is_answered(home: Home, ede: Added) -> None:
    path = home.crosswalk("ede")
    text = path.read_text(encoding="utf-8")
    edits = {old: new for old, new in EDITS.items() if old in text}
    assert len(edits) <= 10
    for old, new in edits.items():
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")
    made = build.build(home, "ede")
    assert not made.refused
    assert [m.say() for m in made.messages] == []
    read = [line for line in made.ledger["sheets"] if line["rows_read"]]
    assert [line["rows_read"] for line in read] == [120, 60]
    assert all(line["rows_kept"] >= 0.95 * line["rows_read"] for line in read)
    study = build.load(home, ["ede"])
    asked = (compare.intake, compare.life_domains, compare.closure_reasons, pathways.time_to_closure, coverage.recorded)
    for question in asked:
        finding = question(study)
        assert not finding.absent, question
        assert all(len(part.numbers) for part in finding.parts if part.question.name != "closed_month"), question
    assert not [m.say() for m in check(home, ["ede"]) if m.code != "origin_field"]


def test_what_only_people_know_of_ede_stays_a_question_that_stops_nothing(home: Home, ede: Added) -> None:
    card = tomllib.loads((ede.folder / "origin.toml").read_text(encoding="utf-8"))
    assert card["municipality"] == ["GM0228"]
    assert card["extraction_date"] == dt.date(2023, 12, 31)
    assert card["received"] == RECEIVED
    assert card["regime"] == "register"
    assert card["synthetic"] is False
    assert card["case_is"] == card["selection"] == {"nl": "?", "en": "?"}
    assert card["files"] == {
        p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in ede.folder.iterdir() if p.suffix != ".toml"
    }
    assert {m.words["field"] for m in check(home, ["ede"]) if m.code == "origin_field"} == {
        "study",
        "delivered_by",
        "terms",
        "case_is",
        "selection",
    }


def test_nothing_that_identifies_a_person_is_read_or_written_down(home: Home, ede: Added) -> None:
    ignored = the_crosswalk(home)["sheets"][0]["ignore"]  # type: ignore[index]
    assert set(ignored) == {"Burgerservicenr", "Mailen kan naar", "Het verhaal"}
    assert ignored["Het verhaal"] == "vrije tekst"
    written = (
        home.crosswalk("ede").read_text(encoding="utf-8") + ede.guesses.to_csv() + str([m.say() for m in ede.messages])
    )
    assert "@example.nl" not in written
    assert "verhaal nummer" not in written
    assert "V-00" not in written


def test_hidden_sheets_and_sheets_without_a_table_are_passed_over_with_a_reason(home: Home, ede: Added) -> None:
    assert the_crosswalk(home)["ignore_sheets"] == [
        {"file": "afspraken.xlsx", "sheet": "Uitleg", "reason": "geen tabel op dit blad"},
        {"file": "afspraken.xlsx", "sheet": "Lijstjes", "reason": "verborgen blad"},
    ]


def test_the_guesses_say_what_each_heading_was_taken_for_how_surely_and_why(ede: Added) -> None:
    guesses = ede.guesses.set_index(["heading", "word"])
    assert list(ede.guesses) == ["file", "sheet", "heading", "word", "proposal", "confidence", "reason"]
    assert guesses.loc[("Uitslag traject", ""), "proposal"] == "cases.closure_reason"
    assert (
        guesses.loc[("Uitslag traject", ""), "reason"]
        == "85 % van de verschillende waarden staat in de lijst reden van afsluiting"
    )
    assert guesses.loc[("Wanneer kwam de vraag binnen", ""), "proposal"] == "? cases.date_referral + referrals.date"
    assert guesses.loc[("Uitslag traject", "Uit beeld geraakt"), "proposal"] == "? closure_reason"
    assert ede.n_open == sum(ede.guesses["proposal"].str.startswith("?"))


def test_the_crosswalk_says_beside_an_open_question_what_it_looks_like(home: Home, ede: Added) -> None:
    text = home.crosswalk("ede").read_text(encoding="utf-8")
    line = next(line for line in text.splitlines() if line.startswith('"Wanneer kwam de vraag binnen"'))
    assert line.startswith(
        '"Wanneer kwam de vraag binnen" = "?" # lijkt op: cases.date_referral + referrals.date (75 %)'
    )


def test_adding_the_same_files_again_changes_nothing(home: Home, ede: Added, tmp_path: Path) -> None:
    before = {path: path.read_bytes() for path in home.path.rglob("*") if path.is_file()}
    again = add(home, "ede", sorted((tmp_path / "post").iterdir()), RECEIVED, yes=True)
    assert {path: path.read_bytes() for path in home.path.rglob("*") if path.is_file()} == before
    assert again.n_open == ede.n_open


# --- what people wrote stays ---

SMALL = """Casusnummer;Aanmelddatum;Aanmelder;Reden afsluiting
1001;13-02-2020;huisarts;verhuisd
1002;14-02-2020;school;zelf
"""


def test_what_people_wrote_in_the_crosswalk_stays_with_its_comments(
    home: Home, put: Callable[[str, str | bytes], Path]
) -> None:
    add(home, "ede", [put("casussen 2020.csv", SMALL)], RECEIVED, yes=True)
    path = home.crosswalk("ede")
    mine = (
        path.read_text(encoding="utf-8").replace('"Aanmelder" =', '# nagevraagd bij Jo\n"Aanmelder"   =')
        + "\n# tot hier\n"
    )
    path.write_bytes(mine.replace("\n", "\r\n").encode("utf-8-sig"))
    later = SMALL.replace("Casusnummer", "Casusnummer;Ingang").replace("zelf", "Weg")
    later = later.replace("1001;", "2001;Loket oost;").replace("1002;", "2002;Loket oost;")
    added = add(home, "ede", [put("casussen 2021.csv", later)], dt.date(2025, 2, 1), yes=True)
    text = path.read_bytes().decode("utf-8")
    assert "\r\n" in text
    assert not text.replace("\r\n", "").count("\n")
    lines = text.splitlines()
    assert [line for line in mine.splitlines() if line and line not in lines] == []
    assert the_crosswalk(home)["codes"] == {"closure_reason": {"Weg": "?"}, "door": {"Loket oost": "?"}}
    assert set(columns(home)) == {"Casusnummer", "Aanmelddatum", "Aanmelder", "Reden afsluiting", "Ingang"}
    assert added.n_open == 2


def test_a_different_file_of_the_same_name_is_never_overwritten(
    home: Home, put: Callable[[str, str | bytes], Path]
) -> None:
    add(home, "ede", [put("lijst.csv", SMALL)], RECEIVED, yes=True)
    with pytest.raises(IwwError) as refused:
        add(home, "ede", [put("lijst.csv", SMALL + "1003;15-02-2020;zelf;\n")], RECEIVED, yes=True)
    assert refused.value.say("nl") == (
        "bestand lijst.csv: bij de levering van 2024-02-01 staat al een ander bestand met deze naam. Geef de dag waarop "
        "dit bestand kwam met --received, of geef het een andere naam."
    )
    assert refused.value.say("en") == (
        "file lijst.csv: the delivery of 2024-02-01 already holds another file of this name. Give the day on which this "
        "file came with --received, or rename it."
    )
    assert (home.raw / "ede" / "2024-02-01" / "lijst.csv").read_text(encoding="utf-8") == SMALL


def test_good_files_are_added_when_one_is_refused(home: Home, put: Callable[[str, str | bytes], Path]) -> None:
    added = add(
        home,
        "ede",
        [put("stuk.xlsx", b"PK\x03\x04 halverwege afgebroken"), put("lijst.csv", SMALL)],
        RECEIVED,
        yes=True,
    )
    assert codes_of(added) == ["workbook_broken"]
    assert sorted(p.name for p in added.folder.iterdir()) == ["lijst.csv", "origin.toml"]


def test_the_card_of_a_delivery_keeps_what_people_wrote_when_a_file_is_added_to_it(
    home: Home, put: Callable[[str, str | bytes], Path]
) -> None:
    added = add(home, "ede", [put("lijst.csv", SMALL)], RECEIVED, yes=True)
    card = added.folder / "origin.toml"
    card.write_text(
        card.read_text(encoding="utf-8").replace('terms = "?"', 'terms = "overeenkomst 12" # map 3'), encoding="utf-8"
    )
    add(home, "ede", [put("lijst2.csv", SMALL.replace("100", "300"))], RECEIVED, yes=True)
    assert 'terms = "overeenkomst 12" # map 3' in card.read_text(encoding="utf-8")
    assert set(tomllib.loads(card.read_text(encoding="utf-8"))["files"]) == {"lijst.csv", "lijst2.csv"}


def test_what_was_said_of_an_earlier_delivery_is_not_asked_again(
    home: Home, put: Callable[[str, str | bytes], Path]
) -> None:
    first = add(home, "wijk", [put("lijst.csv", SMALL)], RECEIVED, yes=True).folder / "origin.toml"
    text = first.read_text(encoding="utf-8")
    text = text.replace('municipality = ["?"]', 'municipality = ["GM0228"]').replace('study = "?"', 'study = ""')
    text = text.replace('case_is = {nl = "?", en = "?"}', 'case_is = {nl = "Een huishouden.", en = "?"}')
    first.write_text(text, encoding="utf-8")
    later = SMALL.replace("100", "300")
    second = add(home, "wijk", [put("lijst2.csv", later)], dt.date(2024, 8, 1), yes=True).folder / "origin.toml"
    card = tomllib.loads(second.read_text(encoding="utf-8"))
    assert (card["municipality"], card["study"], card["case_is"]["nl"]) == (["GM0228"], "", "Een huishouden.")
    assert (card["terms"], card["selection"]["nl"], card["received"]) == ("?", "?", dt.date(2024, 8, 1))
    assert "# zoals bij de levering van 2024-02-01" in second.read_text(encoding="utf-8")


def test_what_was_said_of_a_heading_holds_on_the_next_sheet_that_bears_it(
    home: Home, put: Callable[[str, str | bytes], Path]
) -> None:
    first = "Casusnummer;Aanmelddatum;Klaar op\n1;13-02-2020;20-02-2020\n2;14-02-2020;21-02-2020\n"
    add(home, "ede", [put("lijst.csv", first)], RECEIVED, ask=lambda question: {
        "Klaar op": "cases.date_closed"}.get(question.place.column or "", question.default))  # fmt: skip
    later = "Casusnummer;Meldingsdatum;Wijkteam;Klaar op\n3;13-02-2021;Noord;20-02-2021\n4;14-02-2021;Zuid;21-02-2021\n"
    asked: list[str | None] = []

    def answer(question: OpenQuestion) -> str:
        asked.append(question.place.column)
        return question.default

    add(home, "ede", [put("overzicht.csv", later)], dt.date(2024, 8, 1), ask=answer)
    assert the_crosswalk(home)["sheets"][1]["columns"]["Klaar op"] == "cases.date_closed"  # type: ignore[index]
    assert "Klaar op" not in asked


@pytest.mark.parametrize("name", ["Ede", "ede gld", "../ede", "-ede", ""])
def test_a_source_has_a_plain_name(home: Home, put: Callable[[str, str | bytes], Path], name: str) -> None:
    with pytest.raises(IwwError, match="kleine letters, cijfers en streepjes"):
        add(home, name, [put("lijst.csv", SMALL)], RECEIVED, yes=True)
    assert list(home.raw.iterdir()) == []


def test_a_file_named_as_the_card_is_refused(home: Home, put: Callable[[str, str | bytes], Path]) -> None:
    with pytest.raises(IwwError, match="deze naam gebruikt het programma zelf"):
        add(home, "ede", [put("Origin.toml", SMALL)], RECEIVED, yes=True)


# --- the card ---


@pytest.mark.parametrize(
    ("name", "source", "found", "said"),
    [
        ("export_20231130.csv", "ede", dt.date(2023, 11, 30), "gevonden in export_20231130.csv"),
        ("export 1-12-2023.csv", "ede", dt.date(2023, 12, 1), "gevonden in export 1-12-2023.csv"),
        ("export 31-12-2999.csv", "ede", RECEIVED, "peildatum niet gevonden: dit is de dag van ontvangst"),
        ("export.csv", "ede", RECEIVED, "peildatum niet gevonden: dit is de dag van ontvangst"),
    ],
)
def test_the_extraction_date_is_found_in_a_name_or_is_the_day_of_receipt_and_says_so(
    home: Home, put: Callable[[str, str | bytes], Path], name: str, source: str, found: dt.date, said: str
) -> None:
    added = add(home, source, [put(name, SMALL)], RECEIVED, yes=True)
    text = (added.folder / "origin.toml").read_text(encoding="utf-8")
    assert tomllib.loads(text)["extraction_date"] == found
    assert said in next(line for line in text.splitlines() if line.startswith("extraction_date"))


def test_a_study_that_is_still_a_question_is_no_study(ede: Added) -> None:
    card = tomllib.loads((ede.folder / "origin.toml").read_text(encoding="utf-8"))
    assert card["study"] == "?"
    assert origin.parse(card, "ede").study == ""


def test_a_source_that_no_municipality_is_named_after_must_say_which_it_is(
    home: Home, put: Callable[[str, str | bytes], Path]
) -> None:
    added = add(home, "team-noordwest", [put("lijst.csv", SMALL)], RECEIVED, yes=True)
    assert added.n_open == 1
    with pytest.raises(IwwError, match="geen bekende gemeentecode"):
        build.build(home, "team-noordwest")
    assert next(m.code for m in check(home, ["team-noordwest"])) == "origin_municipality"


def test_the_municipality_can_be_given_by_name_or_code(home: Home, put: Callable[[str, str | bytes], Path]) -> None:
    for source, given in (("een", "Ede"), ("twee", "GM0228")):
        added = add(home, source, [put("lijst.csv", SMALL)], RECEIVED, yes=True, municipality=given)
        assert tomllib.loads((added.folder / "origin.toml").read_text(encoding="utf-8"))["municipality"] == ["GM0228"]
    with pytest.raises(IwwError, match="geen bekende gemeente"):
        add(home, "drie", [put("lijst.csv", SMALL)], RECEIVED, yes=True, municipality="Nergenshuizen")


def test_interviews_and_arenas_are_case_studies(home: Home, put: Callable[[str, str | bytes], Path]) -> None:
    text = "Casus;Werkzaam element;Perspectief;Aanwezig\nC1;W01;client;ja\nC1;W01;professional;nee\n"
    added = add(home, "wijkteam", [put("oordelen.csv", text)], RECEIVED, yes=True)
    assert tomllib.loads((added.folder / "origin.toml").read_text(encoding="utf-8"))["regime"] == "case_study"


def test_a_session_of_a_team_is_no_register(home: Home, put: Callable[[str, str | bytes], Path]) -> None:
    text = "Team;Sessie;Soort bijeenkomst;Datum\nNoord;S1;leersessie;13-02-2020\nNoord;S2;leersessie;14-02-2020\n"
    added = add(home, "wijkteam", [put("sessies.csv", text)], RECEIVED, yes=True)
    assert the_crosswalk(home, "wijkteam")["sheets"][0]["one_row_is"] == "meetings"  # type: ignore[index]
    assert tomllib.loads((added.folder / "origin.toml").read_text(encoding="utf-8"))["regime"] == "case_study"


# --- asking ---


def test_a_person_is_asked_what_is_not_sure_and_may_answer_with_a_number_a_field_or_a_dash(
    home: Home, put: Callable[[str, str | bytes], Path]
) -> None:
    text = "Casusnummer;Aanmelddatum;Waar gewoond;Moment\n1;13-02-2020;Noord;20-02-2020\n2;14-02-2020;Zuid;21-02-2020\n"
    asked: list[OpenQuestion] = []

    def answer(question: OpenQuestion) -> str:
        asked.append(question)
        column = question.place.column
        return {"Waar gewoond": "-", "Moment": "cases.date_closed"}.get(column or "", question.default)

    added = add(home, "ede", [put("lijst.csv", text)], RECEIVED, ask=answer)
    assert columns(home) == {"Casusnummer": "cases.case_id", "Aanmelddatum": ["cases.date_referral", "referrals.date"],
                             "Moment": "cases.date_closed"}  # fmt: skip
    assert the_crosswalk(home)["sheets"][0]["ignore"] == {"Waar gewoond": "niet nodig, zo geantwoord bij het toevoegen"}  # type: ignore[index]
    assert added.n_open == 0
    assert [q.code for q in asked] == [
        "ask_heading", "ask_heading", "ask_study", "ask_delivered_by", "ask_terms", "ask_extraction_date", "ask_case_is",
        "ask_selection", "ask_regime",
    ]  # fmt: skip
    assert {q.code: q.default for q in asked if q.default} == {
        "ask_extraction_date": "2024-02-01", "ask_regime": "register",
    }  # fmt: skip
    assert (
        asked[0]
        .say("nl")
        .startswith(
            "bestand lijst.csv, kolom ‘Waar gewoond’: wat betekent deze kop (gaat over 2 casussen)? Mogelijk: -."
        )
    )
    assert (
        asked[0]
        .say("en")
        .startswith(
            "file lijst.csv, column ‘Waar gewoond’: what does this heading mean (concerns 2 cases)? Possibly: -."
        )
    )


def test_a_number_stands_for_the_candidate_and_an_impossible_answer_leaves_the_question(
    home: Home, put: Callable[[str, str | bytes], Path]
) -> None:
    text = "Casusnummer;Vraag van;Moment\n1;13-02-2020;20-02-2020\n2;14-02-2020;21-02-2020\n"
    answers = {"Vraag van": "1", "Moment": "cases.klaar"}
    added = add(home, "ede", [put("lijst.csv", text)], RECEIVED, ask=lambda q: answers.get(q.place.column or "", ""))
    assert columns(home)["Vraag van"] == ["cases.date_referral", "referrals.date"]
    assert columns(home)["Moment"] == "?"
    assert [m.say() for m in added.messages] == [
        "bestand lijst.csv, kolom ‘Moment’: dit is geen mogelijk antwoord; de vraag blijft staan. "
        "Beantwoord haar in het formulier of in de crosswalk."
    ]


# --- recognition ---


def test_the_form_follows_from_headings_and_contents() -> None:
    recognised = sheet("""
        actienr | casusnr | wie          | status
        a1      | 1       | cliënt       | gepland
        a2      | 1       | professional | loopt
        """)
    assert recognised.form
    assert recognised.form.name == "acties"


def test_a_known_heading_over_values_that_cannot_be_it_becomes_a_question() -> None:
    recognised = sheet("""
        casusnummer | aanmelddatum | reden afsluiting
        1           | 13-02-2020   | 13-03-2020
        2           | 14-02-2020   | 14-03-2020
        """)
    assert best(recognised, "aanmelddatum") == "cases.date_referral + referrals.date"
    assert best(recognised, "reden afsluiting") == "?"


def test_yes_and_no_answer_any_question_and_say_of_no_heading_what_it_means() -> None:
    recognised = sheet("""
        casusnummer | datum overleg | soort overleg | klant aanwezig | doorgegaan
        1           | 13-02-2020    | evaluatie     | ja             | ja
        2           | 14-02-2020    | intake        | nee            | ja
        """)
    assert best(recognised, "klant aanwezig") == "?"
    assert best(recognised, "doorgegaan") == "meetings.held"


@pytest.mark.parametrize("heading", ["Aanmelddatm", "AANMELD-DATUM", "aanmeld datum"])
def test_a_typing_error_or_a_space_is_the_same_heading(heading: str) -> None:
    recognised = sheet(f"""
        casusnummer | {heading}  | status
        1           | 13-02-2020 | open
        2           | 14-02-2020 | gesloten
        """)
    assert best(recognised, heading) == "cases.date_referral + referrals.date"


@pytest.mark.parametrize("heading", ["Netwerk betrokken tussendoor", "1e dialoog 2", "Slot-evaluatie"])
def test_another_number_or_word_is_another_heading(heading: str) -> None:
    recognised = sheet(f"""
        casusnummer | aanmelddatum | {heading}
        1           | 13-02-2020   | ja
        2           | 14-02-2020   | nee
        """)
    assert best(recognised, heading) == "?"


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        (["999990011", "999990012"], ""),
        (["999990019", "999990020"], "burgerservicenummers (11-proef)"),
        (["a@example.nl", "b@example.nl"], "e-mailadressen"),
        (["06-12345678", "0318 123456"], "telefoonnummers"),
        (["NL00BANK0123456789", "NL00 BANK 0123 4567 80"], "rekeningnummers"),
        (["6711 AA", "6712BB"], "postcodes"),
    ],
)
def test_values_that_point_out_a_person_are_known_whatever_the_heading(values: list[str], reason: str) -> None:
    recognised = sheet(f"""
        casusnummer | aanmelddatum | status | zzz
        1           | 13-02-2020   | open   | {values[0]}
        2           | 14-02-2020   | open   | {values[1]}
        """)
    candidates = next(p.candidates for p in recognised.proposals if p.heading == "zzz")
    assert (candidates[0].ignore.split(":")[0] if candidates else "") == reason


def test_one_field_is_filled_by_one_heading_and_the_second_becomes_a_question() -> None:
    recognised = sheet("""
        casusnummer | dossiernummer | aanmelddatum
        1           | D1            | 13-02-2020
        2           | D2            | 14-02-2020
        """)
    assert [best(recognised, h) for h in ("casusnummer", "dossiernummer")] == ["cases.case_id", "?"]


def test_the_day_of_coming_in_is_that_of_referral_and_the_day_of_being_done_that_of_closure() -> None:
    found = sheet("""
        Zaaknr | Binnen op  | Klaar op
        A1     | 13-05-2022 | 19-06-2022
        A2     | 14-05-2022 |
    """)
    assert [best(found, heading) for heading in ("Binnen op", "Klaar op")] == [
        "cases.date_referral + referrals.date",
        "cases.date_closed",
    ]


def test_a_column_that_counts_the_rows_is_no_case_number_where_another_can_be() -> None:
    recognised = sheet("""
        nr | code  | aanmelddatum | status
        1  | E-311 | 13-02-2020   | open
        2  | E-017 | 14-02-2020   | open
        3  | E-208 | 15-02-2020   | gesloten
        """)
    assert [best(recognised, h) for h in ("nr", "code")] == ["-", "cases.case_id"]


def test_a_case_number_that_counts_the_rows_stays_the_case_number() -> None:
    recognised = sheet("""
        casusnummer | relatiecode | aanmelddatum | status
        1           | E-311       | 13-02-2020   | open
        2           | E-017       | 14-02-2020   | open
        3           | E-208       | 15-02-2020   | gesloten
        """)
    assert best(recognised, "casusnummer") == "cases.case_id"


def test_what_another_source_calls_so_is_known_but_never_its_version_of_an_instrument() -> None:
    other = parse(tomllib.loads("""
        format = "iww-crosswalk/1"
        source = "elders"
        [[sheets]]
        file = "*"
        one_row_is = "cases"
        [sheets.columns]
        "Begon op" = "cases.date_intake"
        "Geld (b)" = { to = "scores.score", domain = "finances", moment = "begin", instrument_version = "zrm_2017" }
        """), "elders.toml")  # fmt: skip
    recognised = sheet("""
        casusnummer | aanmelddatum | Begon op   | Geld (b)
        1           | 13-02-2020   | 20-02-2020 | 3
        2           | 14-02-2020   | 21-02-2020 | 2
        """, (other,))  # fmt: skip
    assert best(recognised, "Begon op") == "cases.date_intake"
    assert best(recognised, "Geld (b)") == "scores.score (domain = finances, moment = begin)"


def test_words_that_only_a_heading_of_another_source_explains_stop_nothing() -> None:
    other = parse(tomllib.loads("""
        format = "iww-crosswalk/1"
        source = "elders"
        [[sheets]]
        file = "*"
        one_row_is = "case_persons"
        [sheets.columns]
        "Verwezen door" = "referrals.referrer_role"
        """), "elders.toml")  # fmt: skip
    recognised = sheet("""
        casusnummer | aanmelddatum | Via
        1           | 13-02-2020   | huisarts
        2           | 14-02-2020   | school
        """, (other,))  # fmt: skip
    assert recognised.anchor == "cases"


def test_separators_are_those_that_make_the_words_known() -> None:
    known = frozenset(vocabulary.read("life_domain").lookup)
    assert ColumnProfile(pd.Series(["Werk / opleiding; Wonen", "Schulden;Wonen", "Wonen"])).known(known) == (
        ";",
        1.0,
        3,
    )
    assert ColumnProfile(pd.Series(["Schulden / Wonen; Werk", "Schulden + Wonen"])).known(known) == (";/+", 1.0, 3)
    assert ColumnProfile(pd.Series(["Werk en opleiding", "Wonen"])).known(known)[0] == ""


@pytest.mark.parametrize(
    ("days", "order"),
    [
        (["13-02-2020", "01-02-2020"], "dmy"),
        (["02-13-2020", "01-02-2020"], "mdy"),
        (["01-02-2020"], "dmy"),
        (["2020-02-13"], "dmy"),
    ],
)
def test_the_order_of_dates_is_decided_by_a_day_above_twelve(days: list[str], order: str) -> None:
    assert column_profile.date_order([ColumnProfile(pd.Series(days))]).order == order


def test_an_order_that_nothing_proves_is_a_question(home: Home, put: Callable[[str, str | bytes], Path]) -> None:
    path = put("lijst.csv", SMALL.replace("13-02", "03-02").replace("14-02", "04-02"))
    add(home, "ede", [path], RECEIVED, yes=True)
    text = home.crosswalk("ede").read_text(encoding="utf-8")
    assert 'date_order = "?" # niets in de waarden bewijst wat vooraan staat' in text
    add(home, "ede", [path], RECEIVED, ask=lambda question: "mdy" if question.code == "ask_date_order" else "")
    assert 'date_order = "mdy"\n' in home.crosswalk("ede").read_text(encoding="utf-8")


def test_identifiers_that_lost_their_zeros_are_given_their_width(
    home: Home, put: Callable[[str, str | bytes], Path]
) -> None:
    text = "Casusnummer;Aanmelddatum\n0000123;13-02-2020\n124;14-02-2020\n0000125;15-02-2020\n"
    add(home, "ede", [put("lijst.csv", text)], RECEIVED, yes=True)
    assert the_crosswalk(home)["sheets"][0]["ids"] == {"case_id": 7}  # type: ignore[index]


def test_the_header_is_found_below_titles_even_if_every_heading_is_strange() -> None:
    rows = [
        ["Overzicht"],
        [],
        ["", "Groep A", "", "Groep B"],
        ["Kenm", "Wanneer", "Wat", "Hoe"],
        ["a1", "13-02-2020", "x", "y"],
        ["a2", "", "x", "y"],
    ]
    assert find_header(as_cells(rows)) == 4
    assert find_header(as_cells([["Alleen een zin."], ["En nog een."]])) is None


def test_names_of_files_and_sheets_become_patterns_that_next_year_fits() -> None:
    assert file_pattern("casussen 2021-12-31.csv") == "casussen *.csv"
    assert file_pattern("export_zaken_20200115.csv") == "export_zaken_*.csv"
    assert file_pattern("lijst [v2].xlsx") == "lijst [[]v2].xlsx"
    assert sheet_pattern("Registratie 2018-2021") == "Registratie *"
    assert sheet_pattern("2021") == "[0-9][0-9][0-9][0-9]"
    assert sheet_pattern("Blad1") == "Blad1"


def test_of_headings_that_differ_in_case_only_the_first_is_proposed(
    home: Home, put: Callable[[str, str | bytes], Path]
) -> None:
    path = put("lijst.csv", "Casusnummer;Aanmelddatum;STATUS;Status\n1;13-02-2020;open;a\n2;14-02-2020;open;b\n")
    for _ in range(2):
        add(home, "ede", [path], RECEIVED, yes=True)
        assert list(columns(home)) == ["Casusnummer", "Aanmelddatum", "STATUS"]
    assert [m.place.column for m in check(home, ["ede"]) if m.code == "heading_unknown"] == ["Status"]


def test_a_row_that_identifies_somebody_is_never_taken_for_the_header() -> None:
    rows = [
        ["Jo Bakker", "jo@example.nl", "open"],
        ["Bo Visser", "bo@example.nl", "dicht"],
        ["Al Smit", "al@example.nl", "klaar"],
    ]
    assert find_header(as_cells(rows)) is None


# --- codes ---


def test_a_word_that_may_be_a_person_is_never_written_down(home: Home, put: Callable[[str, str | bytes], Path]) -> None:
    rows = "\n".join(
        f"{n};13-02-2020;{who}"
        for n, who in enumerate(["huisarts", "school", "J. de Vries", "mw. Jansen", "06-12345678", "Buurtpunt"])
    )
    added = add(home, "ede", [put("lijst.csv", f"Casusnummer;Aanmelddatum;Aanmelder\n{rows}\n")], RECEIVED, yes=True)
    assert the_crosswalk(home)["codes"] == {"referrer_role": {"Buurtpunt": "?"}}
    assert [m.say() for m in added.messages] == [
        "bestand lijst.csv, kolom ‘Aanmelder’: 3 cellen hebben een woord dat niet bekend is en dat hier niet wordt "
        "getoond, omdat het op persoonlijke gegevens lijkt. Bekijk de kolom in het bronbestand; is het geen codekolom, zet "
        "haar dan onder [sheets.ignore]."
    ]
    assert not {"Vries", "Jansen", "12345678"} & set(added.guesses.to_csv().replace(".", " ").split())


def test_a_column_with_many_unknown_words_is_hidden_altogether(
    home: Home, put: Callable[[str, str | bytes], Path]
) -> None:
    rows = "\n".join(f"{n};13-02-2020;{'huisarts' if n < 20 else 'x' * (n % 7) + str(n)}" for n in range(60))
    added = add(home, "ede", [put("lijst.csv", f"Casusnummer;Aanmelddatum;Aanmelder\n{rows}\n")], RECEIVED, yes=True)
    assert "codes" not in the_crosswalk(home)
    assert codes_of(added) in (["code_hidden"], [])


def test_a_word_that_is_nearly_known_is_taken_and_one_that_another_source_uses_too(
    home: Home, put: Callable[[str, str | bytes], Path]
) -> None:
    home.crosswalk("elders").parent.mkdir(parents=True)
    other = 'format = "iww-crosswalk/1"\nsource = "elders"\n[codes.referrer_role]\n"De Tafel" = "welfare"\n'
    home.crosswalk("elders").write_text(other, encoding="utf-8")
    text = "Casusnummer;Aanmelddatum;Aanmelder\n1;13-02-2020;de tafel\n2;14-02-2020;huisartss\n3;15-02-2020;school\n"
    add(home, "ede", [put("lijst.csv", text)], RECEIVED, yes=True)
    assert the_crosswalk(home)["codes"] == {"referrer_role": {"de tafel": "welfare", "huisartss": "gp"}}
    written = home.crosswalk("ede").read_text(encoding="utf-8")
    assert '"de tafel" = "welfare" # 88 %: betekent dit ook in elders' in written


def test_a_table_of_no_known_kind_is_kept_and_said(home: Home, put: Callable[[str, str | bytes], Path]) -> None:
    added = add(home, "ede", [put("budget.csv", "Kostenplaats;Bedrag\nA;100\nB;200\n")], RECEIVED, yes=True)
    assert [m.say("nl") for m in added.messages] == [
        "bestand budget.csv: dit is een tabel, maar van geen bekende soort; ze staat niet in de crosswalk. Beantwoord de "
        "vraag in het formulier (‘iww add BRON’ zet het klaar), of voeg een [[sheets]] toe, "
        "of noem het blad onder [[ignore_sheets]] met een reden."
    ]
    assert [m.say("en") for m in added.messages] == [
        "file budget.csv: this is a table, but of no known kind; it is not in the crosswalk. Answer the question "
        "in the form (‘iww add SOURCE’ makes it ready), or add a [[sheets]], "
        "or name the sheet under [[ignore_sheets]] with a reason."
    ]
    assert (added.folder / "budget.csv").exists()


def test_a_needed_field_that_no_heading_surely_gives_is_said(
    home: Home, put: Callable[[str, str | bytes], Path]
) -> None:
    text = "Casusnummer;Vraag van;Status\n1;13-02-2020;open\n2;14-02-2020;open\n"
    added = add(home, "ede", [put("lijst.csv", text)], RECEIVED, yes=True)
    assert [m.say() for m in added.messages] == [
        "bestand lijst.csv: geen kop geeft zeker datum aanmelding, en zonder is geen enkele rij bruikbaar. Zeg in "
        "het formulier (‘iww add BRON’ zet het klaar) welke kop het is, of zet in de crosswalk achter die kop "
        '"cases.date_referral", of een vaste waarde onder [sheets.constants].'
    ]


# --- the pages that describe the two files ---


def example(page: str) -> dict[str, object]:
    """Read the TOML example of a page."""
    text = (HOME.path / "docs" / "formats" / page).read_text(encoding="utf-8")
    return tomllib.loads(text.split("```toml\n")[1].split("```")[0])


def test_the_example_of_the_crosswalk_page_is_a_crosswalk_with_every_feature() -> None:
    document = example("crosswalk.md")
    walk = parse(document, "crosswalk.md")
    [entry] = walk.sheets
    assert entry.fits("meldingen 2023.xlsx", "Registratie 2023")
    assert entry.columns["Leefgebieden"][0].split == ";,\n"
    assert len(entry.columns["Datum melding"]) == 2
    assert entry.open_headings == ("Netwerk",)
    assert entry.constants == {("meetings", "held"): "yes"}
    assert entry.ids == {"case_id": 7}
    assert [rule.equals for rule in entry.exclude] == ["TEST"]
    assert walk.ignored_because("meldingen 2023.xlsx", "Lijsten")
    known = {"klaar": "according_to_plan", "niet vragen": "refused", "reden 3": "moved"}
    assert walk.codes == {"closure_reason": known}


def test_the_example_of_the_origin_page_is_a_card_with_every_field() -> None:
    card = origin.parse(example("origin.md"), "ede")
    assert set(example("origin.md")) - {"format"} == {field.name for field in dataclasses.fields(card)}
    assert card.municipality == ("GM0228",)
    assert card.extraction_date == dt.date(2023, 12, 31)


# --- a guess holds as long as it is true ---

YEARS = ["Casusnummer", "Datum aanmelding", "Datum afsluiting", "Reden afsluiting"]


def years(of_2023: Rows, first: str = "2022") -> bytes:
    """A workbook with a sheet per year: three cases of 2022, and what there is of 2023."""
    cases = [[f"A{n}", dt.date(2022, 1, n), dt.date(2022, 6, n), "verhuisd"] for n in range(1, 4)]
    return workbook({first: [YEARS, *cases], "2023": of_2023})


FILLED = [YEARS, *([f"B{n}", dt.date(2023, 1, n), None, ""] for n in range(1, 6))]


def add_years(home: Home, put: Callable[[str, str | bytes], Path], content: bytes, received: str) -> Added:
    path = put("jaren.xlsx", content)
    return add(home, "ede", [path], dt.date.fromisoformat(received), yes=True, extraction_date=dt.date(2024, 1, 1))


@pytest.mark.parametrize(
    "empty", sampled([[YEARS], [["Nog in te vullen."]], []], [[YEARS]]), ids=["header", "words", "nothing"]
)
def test_a_sheet_without_a_table_that_is_filled_in_next_year_is_read_then(
    home: Home, put: Callable[[str, str | bytes], Path], empty: Rows
) -> None:
    add_years(home, put, years(empty), "2024-02-01")
    assert len(build.build(home, "ede").tables["cases"]) == 3
    add_years(home, put, years(FILLED), "2025-02-01")
    built = build.build(home, "ede")
    assert len(built.tables["cases"]) == 8
    assert not built.refused
    assert check(home, ["ede"]) == [m for m in check(home, ["ede"]) if m.code == "origin_field"]


def test_a_hidden_sheet_that_is_shown_next_year_is_read_then(
    home: Home, put: Callable[[str, str | bytes], Path]
) -> None:
    add_years(home, put, hide(years(FILLED), "2023"), "2024-02-01")
    assert len(build.build(home, "ede").tables["cases"]) == 3
    add_years(home, put, years(FILLED), "2025-02-01")
    assert len(build.build(home, "ede").tables["cases"]) == 8


def test_a_sheet_that_a_person_passes_over_while_it_holds_a_table_is_said_every_time(
    home: Home, put: Callable[[str, str | bytes], Path]
) -> None:
    add_years(home, put, years([YEARS]), "2024-02-01")
    path = home.crosswalk("ede")
    path.write_text(path.read_text("utf-8").replace("geen tabel op dit blad", "niet nodig"), encoding="utf-8")
    added = add_years(home, put, years(FILLED), "2025-02-01")
    assert [(m.code, m.place.sheet, m.words) for m in added.notes] == [
        ("sheet_passed_over", "2023", {"why": "niet nodig", "n": 6})
    ]
    built = build.build(home, "ede")
    assert len(built.tables["cases"]) == 3
    assert [m.words["n"] for m in built.notices if m.code == "sheet_passed_over"] == [6]
    assert [m.code for m in checked(home, "ede").notes if m.code != "column_unused"] == ["sheet_passed_over"]


def test_a_heading_of_sheets_that_are_years_is_asked_once_beside_a_sheet_that_is_none(
    home: Home, put: Callable[[str, str | bytes], Path]
) -> None:
    head = ["casusnummer", "datum aanmelding", "Xyz"]
    years = {year: [head, *([f"{year}{n}", f"0{n}-02-{year}", "a"] for n in range(1, 5))] for year in ("2021", "2022")}
    lists = {"Keuzelijsten": [["Verhuizing"], ["Overlijden"]]}
    add(home, "ede", [put("lijst.xlsx", workbook(years | lists))], dt.date(2024, 1, 1), yes=True)
    written = home.crosswalk("ede").read_text(encoding="utf-8")
    assert written.count('"Xyz" = "?"') == 1
    assert 'sheet = "[0-9][0-9][0-9][0-9]"' in written
