"""The page and the sheet ‘zo lezen wij uw bestand’: what the first rows are understood as, before anything is counted."""
# ruff: noqa: E501 - the list that is drawn here is as wide as one

import datetime as dt
import re
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner

from iww_analysis import cli
from iww_analysis.commands import check
from iww_analysis.commands.add import Added, add, take_back, take_in
from iww_analysis.commands.add.first_rows import first_rows
from iww_analysis.commands.add.source_files import delivered_sheets
from iww_analysis.commands.build import read_crosswalk
from iww_analysis.crosswalk.ask.open_question import Consultation
from iww_analysis.io.disk.home import Home
from iww_analysis.messages.errors import Lang
from iww_analysis.tables.raw_sheet import sheet_of_rows
from iww_analysis.tables.sampled_sheet import sampled
from shared.forms import fill
from shared.homes import home_with

RECEIVED = dt.date(2024, 2, 1)
TEXT = """Overzicht;;;;;;;;;
Zaaknummer;BSN;Naam;Geboortedatum;Datum melding;Datum afsluiting;Reden afsluiting;Aanmelder;Leefgebieden;Toelichting
ED-0001;999990019;J. de Vries;04-05-1981;12-03-2023;01-06-2023;verhuisd;huisarts;"Wonen, Financiën";belt morgen terug over de huur van mevrouw
ED-0002;999990020;A. Jansen;05-06-1982;13-03-2023;01-02-2023;onbekend;Koffiekamer;Wonen;
ED-0003;999990032;B. Bakker;;14-03-2023;;;school;;wil liever in de middag gebeld worden dan in de ochtend
ED-0004;999990044;C. Smit;07-08-1984;15-03-2023;morgen;doelen behaald;wijkagent;Wonen;
ED-0005;999990056;D. Visser;08-09-1985;16-03-2023;02-07-2023;verhuisd;school;Werk;
ED-0006;999990068;E. Mulder;09-10-1986;17-03-2023;03-07-2023;verhuisd;school;Werk;
"""
PERSONAL = ("99999", "Vries", "Jansen", "Bakker", "Smit", "Visser", "1981", "1982", "1984", "0001", "belt", "middag")
TITLE: dict[Lang, str] = {"nl": "Zo lezen wij uw bestand", "en": "How we read your file"}

# What each heading of rows 3 to 7 is read as, by hand.
READ = {
    "Zaaknummer": ("casusnummer", *("nummer als LL-0000",) * 5),
    "Datum melding": ("datum aanmelding", *(f"{day} maart 2023" for day in (12, 13, 14, 15, 16))),
    "Datum afsluiting": (
        "datum afsluiting", "1 juni 2023", "1 februari 2023", "niet ingevuld", "niet te lezen: datum niet leesbaar", "2 juli 2023",
    ),
    "Reden afsluiting": ("reden afsluiting", "verhuisd", "weet ik niet", "niet ingevuld", "volgens plan", "verhuisd"),
    "Aanmelder": ("aanmelder", "huisarts", "nog niet beantwoord", "onderwijs", "politie of justitie", "onderwijs"),
    "Leefgebieden": ("leefgebied", "wonen; financiën", "wonen", "niet ingevuld", "wonen", "werk en opleiding"),
    "Geboortedatum": (
        "geboortedatum", *("ingevuld (niet getoond)",) * 2, "niet ingevuld", *("ingevuld (niet getoond)",) * 2,
    ),
}  # fmt: skip


def added_to(home: Home, folder: Path, text: str = TEXT, *, received: dt.date = RECEIVED, lang: Lang = "nl") -> Added:
    path = folder / "lijst.csv"
    path.write_text(text, encoding="utf-8")
    return add(home, "ede", [path], received, yes=True, municipality="GM0228", lang=lang)


@pytest.fixture
def added(home: Home, tmp_path: Path) -> Added:
    return added_to(home, tmp_path)


@pytest.fixture(scope="module")
def looked_at(tmp_path_factory: pytest.TempPathFactory) -> Added:
    """The same, once for what is only looked at."""
    folder = tmp_path_factory.mktemp("ede")
    (folder / "data" / "raw").mkdir(parents=True)
    return added_to(Home(folder), folder)


def sheet_in(form: Path | None, lang: Lang = "nl") -> list[tuple[str, ...]]:
    """The filled cells of each row of the sheet; days with spaces at which a line may break."""
    assert form
    rows = openpyxl.load_workbook(form)[TITLE[lang]].iter_rows(values_only=True)
    return [tuple(str(cell).replace("\u00a0", " ") for cell in row if cell) for row in rows]


def read_in(form: Path | None, lang: Lang = "nl") -> dict[str, tuple[str, ...]]:
    """What each heading is read as, with its values; of one that is read for two tables, for the first."""
    return {line[1]: (line[0], *line[2:]) for line in reversed(sheet_in(form, lang)) if len(line) == 7}


def text_of(page: Path) -> str:
    """What a person reads on the page."""
    return " ".join(re.sub(r"<[^>]+>", " ", page.read_text(encoding="utf-8").partition("<body>")[2]).split())


def test_each_heading_stands_beside_what_its_first_cells_are_read_as(looked_at: Added) -> None:
    lines = read_in(looked_at.form)
    assert lines.pop("Uw kop")[1:] == ("Rij 3", "Rij 4", "Rij 5", "Rij 6", "Rij 7")
    assert {heading: lines[heading] for heading in READ} == READ
    assert lines["(herkomstkaart)"] == ("gemeente", *("Ede",) * 5)


def test_what_is_not_read_and_what_does_not_count_is_said_once(looked_at: Added) -> None:
    sentences = [line[0] for line in sheet_in(looked_at.form) if len(line) == 1]
    assert "Telt zo niet mee: rij 4 (afsluiting vóór aanmelding: datum afsluiting)." in sentences
    assert "Niet gelezen: rij 1: titel" in sentences
    assert [s.partition(": ")[2].partition(":")[0] for s in sentences if s.startswith("Niet gelezen: kop")] == [
        "kop ‘BSN’", "kop ‘Naam’", "kop ‘Toelichting’",
    ]  # fmt: skip


def test_the_page_says_what_the_sheet_says_and_needs_nothing_from_elsewhere(looked_at: Added) -> None:
    assert looked_at.page == looked_at.crosswalk.with_name("ede-zo-gelezen.html")
    said = text_of(looked_at.page)
    assert not [text for line in sheet_in(looked_at.form) for text in line if text.rpartition(": ")[2] not in said]
    assert "Dit blijft binnen" in said
    assert not re.search(r"(src|href)=|https?:|url\(", looked_at.page.read_text(encoding="utf-8"))


def test_nothing_by_which_a_person_can_be_known_is_shown(looked_at: Added) -> None:
    shown = text_of(looked_at.page) + str(sheet_in(looked_at.form))
    assert not [text for text in PERSONAL if text in shown]


def test_a_heading_that_nobody_explained_is_not_read_until_somebody_does(home: Home, tmp_path: Path) -> None:
    added = added_to(home, tmp_path, TEXT.replace("Aanmelder", "Kleur"))
    assert [line for line in sheet_in(added.form) if "Kleur" in str(line)] == [
        ("Nog niet beantwoord, en tot dan niet gelezen: kop ‘Kleur’ (het programma denkt: aanmeldingen: aanmelder)",)
    ]
    assert added.form
    taken = take_in(home, "ede", fill(added.form, {"kleur": "aanmeldingen: aanmelder"}))
    assert read_in(taken.form)["Kleur"] == READ["Aanmelder"]
    assert "nog niet beantwoord" in text_of(taken.page)  # the word that came to light


def test_answers_stay_in_a_form_that_shows_other_rows_and_one_that_shows_the_same_is_left_alone(
    added: Added, home: Home, tmp_path: Path
) -> None:
    assert added.form
    fill(added.form, {"delivered_by": "Gemeente Ede"})
    before = added.form.read_bytes()
    added_to(home, tmp_path)
    assert added.form.read_bytes() == before
    added_to(home, tmp_path, TEXT.replace("13-03-2023", "23-03-2023"), received=dt.date(2024, 3, 1))
    assert "23 maart 2023" in str(sheet_in(added.form))
    answers = [row[-2] for row in openpyxl.load_workbook(added.form)["Vragen"].iter_rows(values_only=True)]
    assert "Gemeente Ede" in answers


def test_in_english(home: Home, tmp_path: Path) -> None:
    added = added_to(home, tmp_path, lang="en")
    lines = read_in(added.form, "en")
    assert lines["Datum melding"][:2] == ("date referral", "12 March 2023")
    assert lines["Reden afsluiting"] == (
        "closure reason",
        "moved",
        "I do not know",
        "not filled in",
        "according to plan",
        "moved",
    )
    assert "This stays inside" in text_of(added.page)


def test_a_long_list_is_read_by_its_sample(looked_at: Added) -> None:
    """The rows that are left out of a sample are not read again."""
    rows = [line.replace('"', "").split(";") for line in TEXT.splitlines()]
    sheet = sampled(sheet_of_rows("lijst.csv", "", rows))

    def again() -> None:
        raise AssertionError

    home = Home(looked_at.crosswalk.parents[2])
    long = replace(sheet, every=again, n_rows=3_000_000)  # type: ignore[arg-type]
    (read,) = first_rows(home, read_crosswalk(home, "ede"), {RECEIVED.isoformat(): [long]}, [], "nl")
    assert read.rows == (3, 4, 5, 6, 7)
    assert read.tables[0].headings[0].values == READ["Zaaknummer"][1:]


def test_what_keeps_a_sheet_from_being_read_stands_in_the_place_of_its_rows(looked_at: Added) -> None:
    home = Home(looked_at.crosswalk.parents[2])
    other = sheet_of_rows("lijst.csv", "", [["Iets", "Anders"], ["1", "2"]])
    (read,) = first_rows(home, read_crosswalk(home, "ede"), {RECEIVED.isoformat(): [other]}, [], "nl")
    assert not read.rows
    assert [text for text in read.left_out if "kop" in text]


CONVERSATIONS = """
[[sheets]]
file = "gesprekken.csv"
one_row_is = "judgements"
[sheets.columns]
"Casus" = "judgements.case_id"
"Wie" = "judgements.perspective"
"Element" = "judgements.element"
"Er" = "judgements.present"
"Citaat" = "segments.quote"
"Vrij" = "segments.cleared"
[sheets.constants]
"judgements.moment" = "start"
"judgements.team" = "Team Noord"
"""


def test_words_of_a_person_are_not_shown_whether_cleared_or_not_and_what_holds_for_all_rows_is(tmp_path: Path) -> None:
    text = "Casus;Wie;Element;Er;Citaat;Vrij\nK1;cliënt;één plan;ja;dat was fijn;nee\nK2;naaste;één plan;nee;;ja\n"
    home = home_with(tmp_path, {"gesprekken.csv": text}, CONVERSATIONS, regime="case_study")
    delivered = delivered_sheets(home, "here", Consultation())
    (read,) = first_rows(home, read_crosswalk(home, "here"), delivered, [], "nl")
    values = {each.heading: each.values for table in read.tables for each in table.headings}
    assert values["Citaat"] == ("ingevuld (niet getoond)", "niet ingevuld")
    assert values["Er"] == ("ja", "nee")
    said = [each for table in read.tables for each in table.headings if each.heading == "(zo gezegd voor alle rijen)"]
    assert [(each.means, *each.values) for each in said] == [
        ("moment", *("begin",) * 2), ("team", *("Team Noord",) * 2),
    ]  # fmt: skip


def test_check_makes_the_page_anew_after_an_edit_by_hand(
    added: Added, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check, "_as_built", lambda *_: ([], [], []))  # what a report would run into takes longest
    path = home.crosswalk("ede")
    path.write_text(
        path.read_text(encoding="utf-8").replace('"Koffiekamer" = "?"', '"Koffiekamer" = "welfare"'), "utf-8"
    )
    went = CliRunner().invoke(cli.app, ["check", "ede", "--home", str(home.path)])
    assert f"Zo lezen wij uw bestand, om eerst naar te kijken: {added.page}" in went.output.replace("\n", "")
    assert "nog niet beantwoord" not in text_of(added.page).partition("Nog niet")[0]


def test_rows_that_are_erased_or_taken_back_are_shown_no_more(added: Added, home: Home) -> None:
    assert added.form
    assert not take_back.erase(home, "ede", "ED-0001", RECEIVED)
    for shown in (text_of(added.page), str(sheet_in(added.form))):
        assert "12 maart 2023" not in shown
        assert "13 maart 2023" in shown
    take_back.undo(home, "ede", RECEIVED.isoformat(), RECEIVED)
    assert not added.page.exists()
    assert not added.form.exists()
