"""The Excel form of open questions: what it asks, and what becomes of the answers."""

import datetime as dt
import tomllib
from collections.abc import Mapping
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from iww_analysis.commands import build
from iww_analysis.commands.add import Added, add, ask_again, take_in
from iww_analysis.commands.check import check
from iww_analysis.io.disk.home import Home
from iww_analysis.messages.errors import IwwError

RECEIVED = dt.date(2024, 2, 1)
TEXT = """Casusnummer;Aanmelddatum;Vraag van;Gestuurd;Wie belt
1001;13-02-2020;13-02-2020;huisarts;J. de Vries
1002;14-02-2020;15-02-2020;school;mw. Jansen
1003;15-02-2020;16-02-2020;Koffiekamer;A. Bakker
1004;16-02-2020;17-02-2020;wijkagent;B. Smit
"""
VISIBLE = [
    "Vraag",
    "Bestand",
    "Blad",
    "Kop",
    "Gaat over",
    "Wat eronder staat",
    "Wat het programma denkt",
    "Antwoord",
]


@pytest.fixture
def added(home: Home, tmp_path: Path) -> Added:
    """A delivery of which two headings, one word and most of the card are unknown."""
    path = tmp_path / "lijst.csv"
    path.write_text(TEXT, encoding="utf-8")
    return add(home, "loket-vaart", [path], RECEIVED, yes=True)


def sheet_of(path: Path) -> Worksheet:
    return openpyxl.load_workbook(path)["Vragen"]


def lines(path: Path) -> dict[str, dict[str, object]]:
    """The questions of a form: by their heading, and by their own text where they have none or ask about a word."""
    heads, *rows = sheet_of(path).iter_rows(values_only=True)
    found = [dict(zip(map(str, heads), row, strict=True)) for row in rows]
    return {str(line["Kop"] if line["Vraag"] == "Wat betekent deze kop?" else line["Vraag"]): line for line in found}


def fill(path: Path, given: Mapping[str, object], to: Path | None = None) -> Path:
    """Write answers as a person does, by heading or by the beginning of the question."""
    book = openpyxl.load_workbook(path)
    for row in book["Vragen"].iter_rows(min_row=2):
        asked = str(row[3].value if row[0].value == "Wat betekent deze kop?" else row[0].value)
        row[7].value = next((value for start, value in given.items() if asked.startswith(start)), None)
    book.save(to or path)
    return to or path


def the_crosswalk(home: Home) -> dict[str, dict[str, object]]:
    return tomllib.loads(home.crosswalk("loket-vaart").read_text(encoding="utf-8"))


def card_of(added: Added) -> dict[str, object]:
    return tomllib.loads((added.folder / "origin.toml").read_text(encoding="utf-8"))


# --- what the form asks ---


def test_the_form_lies_beside_the_crosswalk_and_asks_everything_that_is_open(added: Added, home: Home) -> None:
    assert added.form == home.crosswalk("loket-vaart").with_name("loket-vaart-vragen.xlsx")
    asked = lines(added.form)
    assert [cell.value for cell in sheet_of(added.form)[1]][:8] == VISIBLE
    assert [name for name in asked if asked[name]["Bestand"] == "lijst.csv"] == [
        "Vraag van", "Gestuurd", "Wie belt", "Wat betekent ‘Koffiekamer’?"
    ]  # fmt: skip
    card = [name for name in asked if asked[name]["Bestand"] != "lijst.csv"]
    assert [name.split()[0] for name in card] == ["Van", "Wat", "Hoe", "Bij", "Wie", "Onder", "Op", "Zijn"]


def test_a_question_says_how_often_what_is_under_it_and_what_the_program_thinks(added: Added) -> None:
    assert added.form
    asked = lines(added.form)
    assert asked["Gestuurd"]["Gaat over"] == "4 casussen"
    assert asked["Gestuurd"]["Wat eronder staat"] == "huisarts; school; Koffiekamer; wijkagent"
    assert str(asked["Gestuurd"]["Wat het programma denkt"]).startswith("aanmeldingen: aanmelder (75 %: 75 % van")
    assert asked["Vraag van"]["Wat eronder staat"] == "datums"
    assert asked["Wat betekent ‘Koffiekamer’?"]["Gaat over"] == "1 van de 4 casussen"


def test_no_value_that_can_be_of_a_person_stands_in_the_form(added: Added) -> None:
    assert added.form
    cells = {str(cell) for sheet in openpyxl.load_workbook(added.form) for row in sheet.values for cell in row}
    assert not [cell for cell in cells for name in ("Vries", "Jansen", "Bakker", "Smit", "1001") if name in cell]
    assert lines(added.form)["Wie belt"]["Wat eronder staat"] == "teksten (niet getoond: ze kunnen personen aanwijzen)"


def test_the_list_holds_exactly_the_possible_answers_the_likeliest_first(added: Added) -> None:
    assert added.form
    book = openpyxl.load_workbook(added.form)
    sheet = book["Vragen"]
    lists = {str(rule.sqref): rule.formula1 for rule in sheet.data_validations.dataValidation if rule.formula1}
    row = next(row[0].row for row in sheet.iter_rows(min_row=2) if row[3].value == "Vraag van")
    name, _, area = lists[f"H{row}"].partition("!")
    words = [line[0].value for line in book[name][area.replace("$", "")]]
    assert words[-2:] == ["niet lezen", "weet ik niet"]
    assert "casussen: datum afsluiting" in words
    assert "casussen: casusnummer" not in words  # filled by another heading
    assert "aanmeldingen: aanmelder" not in words  # no date
    assert book[name].sheet_state == "hidden"


def test_a_form_in_english(home: Home, tmp_path: Path) -> None:
    path = tmp_path / "lijst.csv"
    path.write_text(TEXT, encoding="utf-8")
    form = add(home, "loket-vaart", [path], RECEIVED, yes=True, lang="en").form
    assert form
    assert [c.value for c in openpyxl.load_workbook(form)["Questions"][1]][:2] == ["Question", "File"]


# --- what becomes of the answers ---

ANSWERS = {
    "Vraag van": "casussen: datum intake", "Gestuurd": "aanmeldingen: aanmelder", "Wie belt": "niet lezen",
    "Wat betekent ‘Koffiekamer’": "welzijn", "Van welke gemeente": "Ede", "Bij welke studie": "geen van deze",
    "Op welke dag": dt.date(2020, 12, 31),
    "Wat is een casus": "Een huishouden.", "Zijn dit": "register: aantallen worden beschermd",
}  # fmt: skip


def test_answers_are_written_as_if_edited_by_hand_and_comments_stay(added: Added, home: Home) -> None:
    path = home.crosswalk("loket-vaart")
    mine = path.read_text(encoding="utf-8").replace('"Vraag van"', '# nagevraagd bij Jo\n"Vraag van"')
    path.write_text(mine, encoding="utf-8")
    assert added.form
    taken = take_in(home, "loket-vaart", fill(added.form, ANSWERS))
    assert (taken.n_taken, taken.n_open, taken.messages) == (9, 0, ())
    [sheet] = the_crosswalk(home)["sheets"]
    assert sheet["columns"] == {  # type: ignore[index]
        "Casusnummer": "cases.case_id", "Aanmelddatum": ["cases.date_referral", "referrals.date"],
        "Vraag van": "cases.date_intake", "Gestuurd": "referrals.referrer_role",
    }  # fmt: skip
    assert sheet["ignore"] == {"Wie belt": "niet nodig, zo geantwoord bij het toevoegen"}  # type: ignore[index]
    assert the_crosswalk(home)["codes"] == {"referrer_role": {"Koffiekamer": "welfare"}}
    text = path.read_text(encoding="utf-8")
    assert '# nagevraagd bij Jo\n"Vraag van" = "cases.date_intake"\n' in text
    assert [line for line in mine.splitlines() if line.startswith("#") and line not in text.splitlines()] == []
    card = card_of(added)
    assert card["municipality"] == ["GM0228"]
    assert card["study"] == ""
    assert card["extraction_date"] == dt.date(2020, 12, 31)
    assert card["case_is"] == {"nl": "Een huishouden.", "en": "?"}
    assert [m.words["field"] for m in check(home, ["loket-vaart"])] == ["delivered_by", "terms", "selection"]


def test_taking_in_the_same_form_again_changes_nothing_and_says_which_lines_are_late(
    added: Added,
    home: Home,
    tmp_path: Path,
) -> None:
    assert added.form
    form = fill(added.form, ANSWERS, tmp_path / "ingevuld.xlsx")
    take_in(home, "loket-vaart", form)
    before = {path: path.read_bytes() for path in home.path.rglob("*") if path.is_file()}
    again = take_in(home, "loket-vaart", form)
    assert {path: path.read_bytes() for path in home.path.rglob("*") if path.is_file()} == before
    assert again.n_taken == 0
    assert [m.code for m in again.messages] == ["form_late"]


def test_an_empty_answer_and_not_yet_known_stay_questions(added: Added, home: Home) -> None:
    assert added.form
    taken = take_in(home, "loket-vaart", fill(added.form, {"Vraag van": "weet ik nog niet"}))
    assert (taken.n_taken, taken.n_open, taken.messages) == (0, added.n_open, ())


def test_an_answer_that_is_not_understood_is_named_by_its_row_and_never_repeated(added: Added, home: Home) -> None:
    assert added.form
    form = fill(added.form, {"Vraag van": "Jansen, 2e deur", "Op welke dag": "gisteren", "Gestuurd": "3"})
    taken = take_in(home, "loket-vaart", form)
    rows = [row for row in range(2, 20) if sheet_of(form).cell(row, 8).value]
    assert [m.say() for m in taken.messages] == [
        f"bestand loket-vaart-vragen.xlsx, rij {row}: dit antwoord is niet begrepen; de vraag blijft open. Kies een woord uit "
        "de lijst (een datum als dd-mm-jjjj), sla op en neem het formulier opnieuw op."
        for row in rows
    ]
    assert taken.form == form  # with its answers, to be mended
    assert taken.n_open == added.n_open
    corrected = fill(form, {"Vraag van": "cases.date_intake", "Op welke dag": "31-12-2020"})
    assert take_in(home, "loket-vaart", corrected).n_taken == 2


def test_what_an_answer_brings_to_light_is_asked_in_a_new_form(home: Home, tmp_path: Path) -> None:
    path = tmp_path / "lijst.csv"
    path.write_text(
        TEXT.replace("huisarts", "Buurtpunt").replace("school", "Netwerkcafé").replace("wijkagent", "Fietspunt"),
        encoding="utf-8",
    )
    added = add(home, "loket-vaart", [path], RECEIVED, yes=True)
    assert added.form
    assert "Wat betekent ‘Buurtpunt’?" not in lines(added.form)
    taken = take_in(
        home, "loket-vaart", fill(added.form, {"Gestuurd": "aanmeldingen: aanmelder", "Vraag": "niet lezen"})
    )
    assert taken.form
    asked = lines(taken.form)
    assert {"Wat betekent ‘Buurtpunt’?", "Wat betekent ‘Netwerkcafé’?", "Wat betekent ‘Koffiekamer’?"} <= set(asked)
    assert "Gestuurd" not in asked


def test_answers_that_were_not_taken_in_yet_survive_another_delivery(added: Added, home: Home, tmp_path: Path) -> None:
    assert added.form
    fill(added.form, ANSWERS)
    later = tmp_path / "afspraken.csv"
    later.write_text(
        "Actienr;Casusnummer;Wie;Gevraagd op\n1;1001;cliënt;1-3-2020\n2;1002;cliënt;13-3-2020\n", encoding="utf-8"
    )
    add(home, "loket-vaart", [later], dt.date(2024, 3, 1), yes=True)
    asked = lines(added.form)
    assert asked["Vraag van"]["Antwoord"] == "casussen: datum intake"
    assert "Gevraagd op" in asked


def test_a_form_of_another_source_and_another_workbook_are_refused(added: Added, home: Home, tmp_path: Path) -> None:
    path = tmp_path / "lijst.csv"
    add(home, "ede", [path], RECEIVED, yes=True)
    assert added.form
    with pytest.raises(IwwError, match="hoort bij de bron ‘loket-vaart’"):
        take_in(home, "ede", added.form)
    other = tmp_path / "ander.xlsx"
    book = openpyxl.Workbook()
    book.worksheets[0].append(["Vraag", "Antwoord"])
    book.save(other)
    with pytest.raises(IwwError, match="geen formulier met open vragen"):
        take_in(home, "ede", other)


def test_rows_may_be_sorted_and_taken_away(added: Added, home: Home) -> None:
    assert added.form
    book = openpyxl.load_workbook(fill(added.form, ANSWERS))
    sheet = book["Vragen"]
    rows = list(sheet.iter_rows(min_row=2, values_only=True))
    sheet.delete_rows(2, len(rows))
    for row in reversed([row for row in rows if row[7]][:4]):
        sheet.append(row)
    book.save(added.form)
    assert take_in(home, "loket-vaart", added.form).n_taken == 4


def test_a_form_that_is_gone_is_made_again_and_asks_the_same(added: Added, home: Home) -> None:
    assert added.form
    before = lines(added.form)
    added.form.unlink()
    again = ask_again(home, "loket-vaart").form
    assert again == added.form
    assert lines(again) == before


def test_a_sheet_of_no_known_kind_can_be_named_or_left_unread(home: Home, tmp_path: Path) -> None:
    path = tmp_path / "kosten.csv"
    path.write_text("Kostenplaats;Bedrag\nA;100\nB;200\n", encoding="utf-8")
    added = add(home, "loket-vaart", [path], RECEIVED, yes=True)
    assert added.form
    taken = take_in(home, "loket-vaart", fill(added.form, {"Wat is dit blad": "niet lezen"}))
    assert the_crosswalk(home)["ignore_sheets"] == [
        {"file": "kosten.csv", "reason": "niet nodig, zo geantwoord bij het toevoegen"}
    ]
    assert taken.messages == ()


def test_which_instrument_was_used_is_one_question_for_the_sheet(home: Home, tmp_path: Path) -> None:
    path = tmp_path / "meetlat.csv"
    path.write_text(
        "Casusnummer;Meetmoment;Domein;Score\nC1;begin;Financiën;2\nC1;eind;Financiën;4\n", encoding="utf-8"
    )
    added = add(home, "loket-vaart", [path], RECEIVED, yes=True)
    assert added.form
    taken = take_in(home, "loket-vaart", fill(added.form, {"Geen kop zegt dit": "ZRM 2017"}))
    [sheet] = the_crosswalk(home)["sheets"]
    assert sheet["constants"] == {"scores.instrument_version": "zrm_2017"}  # type: ignore[index]
    assert taken.n_open == 1  # the municipality


def test_the_form_is_found_by_its_source(home: Home) -> None:
    assert home.question_form("ede").name == "ede-vragen.xlsx"


# --- a delivery that replaces most of an earlier one ---


def registration(n: int, closed: bool) -> str:
    lines = [
        f"A{day};{day + 12}-01-2022;" + (f"{day + 12}-06-2022;verhuisd" if closed else ";") for day in range(1, n + 1)
    ]
    return "\n".join(["Casusnummer;Datum aanmelding;Datum afsluiting;Reden afsluiting", *lines]) + "\n"


def written(folder: Path, name: str, content: str) -> Path:
    (folder / name).write_text(content, encoding="utf-8")
    return folder / name


def add_registrations(home: Home, folder: Path, **how: object) -> Added:
    day = dt.date(2023, 1, 1)
    add(
        home,
        "ede",
        [written(folder, "register 2022.csv", registration(9, closed=True))],
        dt.date(2023, 2, 1),
        yes=True,
        extraction_date=day,
    )
    aanmeldingen = written(folder, "register 2023.csv", registration(9, closed=False))
    return add(home, "ede", [aanmeldingen], dt.date(2024, 2, 1), extraction_date=day, **how)  # type: ignore[arg-type]


def test_adding_asks_whether_a_delivery_may_open_what_was_closed_with_numbers(home: Home, tmp_path: Path) -> None:
    added = add_registrations(home, tmp_path, yes=True)
    (message,) = [m for m in added.messages if m.code == "delivery_replaces"]
    assert "9 van de 9 afgesloten casussen zouden weer open zijn" in message.say("nl")
    assert [m.code for m in check(home, ["ede"]) if m.code == "delivery_replaces"] == ["delivery_replaces"]
    with pytest.raises(IwwError):
        build.build_and_store(home, "ede")
    assert added.form
    taken = take_in(
        home,
        "ede",
        fill(
            added.form,
            {
                "Deze levering zegt": "ja: 0 van de 9 (casussen) worden vervangen, en 9 van de 9 "
                "afgesloten casussen gaan weer open"
            },
        ),
    )
    assert not [m for m in taken.messages if m.code == "delivery_replaces"]
    assert build.build_and_store(home, "ede").tables["cases"]["date_closed"].isna().all()


def test_the_answer_on_the_terminal_stands_on_the_card(home: Home, tmp_path: Path) -> None:
    added = add_registrations(home, tmp_path, ask=lambda question: "1" if question.code == "ask_replaces" else "")
    assert tomllib.loads((added.folder / "origin.toml").read_text("utf-8"))["replaces"] is True
    assert not build.build(home, "ede").asked
