"""Checking a source: what is not understood, what nobody needs, and silence when all is well."""

from pathlib import Path

import pytest
from conftest import HOME, SOURCES, home_with

from iww_analysis.check import check
from iww_analysis.io.home import Home

LIST = """Casusnr;Aangemeld;Door;Gemeld via;Stand
1001;13-02-2020;Jo;huisarts;open
1002;14-02-2020;Bo;De Tafel;loopt wat
1003;15-02-2020;Bo;De Tafel;gesloten
"""
CROSSWALK = """
[[sheets]]
file = "lijst*.csv"
one_row_is = "cases"
[sheets.columns]
"Casusnr" = "cases.case_id"
"Aangemeld" = ["cases.date_referral", "referrals.date"]
"Gemeld via" = "referrals.referrer_role"
"Stand" = "cases.status"
[sheets.ignore]
"Door" = "naam"
[codes.referrer_role]
"De Tafel" = "welfare"
[codes.case_status]
"loopt wat" = "open"
"""


def said(home: Home, lang: str = "nl") -> list[str]:
    return [message.say(lang) for message in check(home, ["here"])]  # type: ignore[arg-type]


@pytest.mark.parametrize("source", SOURCES)
def test_the_committed_sources_leave_nothing_to_say(source: str) -> None:
    assert [message.say() for message in check(HOME, [source])] == []


def test_a_source_that_is_understood_leaves_nothing_to_say(tmp_path: Path) -> None:
    assert said(home_with(tmp_path, {"lijst.csv": LIST}, CROSSWALK)) == []


def test_an_unknown_code_is_said_with_its_place_its_cells_and_the_nearest_word(tmp_path: Path) -> None:
    home = home_with(
        tmp_path,
        {"lijst.csv": LIST.replace("De Tafel", "huisarts-ondersteuner")},
        CROSSWALK.replace('"De Tafel"', '"huisarts"'),
    )
    assert said(home) == [
        "bestand lijst.csv, rij 3, kolom ‘Gemeld via’: 2 cellen hebben een woord dat niet bekend is: "
        "‘huisarts-ondersteuner’. Lijkt op: "
        "huisarts (gp). Zet het in de crosswalk onder [codes.referrer_role].",
    ]
    assert said(home, "en") == [
        "file lijst.csv, row 3, column ‘Gemeld via’: 2 cells have a word that is not known: ‘huisarts-ondersteuner’. "
        "Looks like: "
        "huisarts (gp). Put it in the crosswalk under [codes.referrer_role].",
    ]


def test_an_unknown_heading_is_said_once_however_many_deliveries_have_it(tmp_path: Path) -> None:
    extra = (
        LIST.replace("Stand", "Stand;Afsluitreden")
        .replace("open\n", "open;\n")
        .replace("wat\n", "wat;\n")
        .replace("gesloten\n", "gesloten;\n")
    )
    home = home_with(tmp_path, {"lijst 2019.csv": extra, "lijst 2020.csv": extra.replace("100", "200")}, CROSSWALK)
    assert said(home) == [
        "bestand lijst 2019.csv, kolom ‘Afsluitreden’: deze kop staat niet in de crosswalk; de kolom is niet gelezen. "
        "Lijkt op: "
        "afsluitreden. Zet haar onder [sheets.columns], of met een reden onder [sheets.ignore]."
    ]
    assert said(home, "en") == [
        "file lijst 2019.csv, column ‘Afsluitreden’: this heading is not in the crosswalk; the column was not read. "
        "Looks like: "
        "afsluitreden. Put it under [sheets.columns], or with a reason under [sheets.ignore]."
    ]


def test_open_questions_are_said_and_an_open_word_not_twice(tmp_path: Path) -> None:
    crosswalk = CROSSWALK.replace('= "cases.status"', '= "?"').replace('"De Tafel" = "welfare"', '"De Tafel" = "?"')
    home = home_with(tmp_path, {"lijst.csv": LIST}, crosswalk.replace('"loopt wat" = "open"', ""))
    assert said(home) == [
        'bestand lijst.csv, kolom ‘Stand’: wat deze kop betekent is nog een open vraag. Vervang "?" in de crosswalk '
        "door een veld, of "
        "verplaats de kop met een reden naar [sheets.ignore].",
        'bestand here.toml: wat ‘De Tafel’ betekent is nog een open vraag. Vervang "?" in de crosswalk onder '
        "[codes.referrer_role] door "
        "een code.",
    ]


def test_open_questions_in_the_card_are_said(tmp_path: Path) -> None:
    home = home_with(
        tmp_path, {"lijst.csv": LIST}, CROSSWALK, more='terms = "?"\ncase_is = { nl = "?", en = "a person" }\n'
    )
    assert said(home) == [
        "bestand here/2021-01-15/origin.toml: het veld ‘terms’ is nog niet ingevuld. Vul het in; dit weet alleen wie "
        "de levering kent.",
        "bestand here/2021-01-15/origin.toml: het veld ‘case_is’ is nog niet ingevuld. Vul het in; dit weet alleen "
        "wie de levering kent.",
    ]


def test_lines_that_no_delivery_needs_are_said(tmp_path: Path) -> None:
    crosswalk = CROSSWALK.replace('"Stand" =', '"Afsluiting" = "cases.date_closed"\n"Stand" =') + """
"weg" = "closed"
[[ignore_sheets]]
file = "budget.csv"
reason = "geen casussen"
"""  # fmt: skip
    rule = '[[sheets.exclude]]\ncolumn = "Door"\nequals = "TEST"\nreason = "proef"\n'
    rule += '[[sheets]]\nfile = "oud.csv"\none_row_is = "cases"\n'
    home = home_with(
        tmp_path, {"lijst.csv": LIST}, crosswalk.replace("[codes.referrer_role]", rule + "[codes.referrer_role]")
    )
    assert said(home) == [
        "bestand here.toml, kolom ‘Afsluiting’: deze kop staat in de crosswalk maar niet in het bestand. Haal de "
        "regel weg, of zet de "
        "nieuwe naam van de kop erin.",
        "bestand here.toml, kolom ‘Door’: deze regel van de crosswalk is nooit nodig: ‘TEST’ komt in geen levering "
        "voor. Haal haar weg, of "
        "verbeter de spelling.",
        "bestand here.toml: deze regel van de crosswalk is nooit nodig: ‘oud.csv’ komt in geen levering voor. Haal "
        "haar weg, of verbeter "
        "de spelling.",
        "bestand here.toml: deze regel van de crosswalk is nooit nodig: ‘budget.csv’ komt in geen levering voor. Haal "
        "haar weg, of "
        "verbeter de spelling.",
        "bestand here.toml, kolom ‘codes.case_status’: deze regel van de crosswalk is nooit nodig: ‘weg’ komt in geen "
        "levering voor. Haal "
        "haar weg, of verbeter de spelling.",
    ]


def test_a_heading_that_one_of_two_deliveries_has_is_needed(tmp_path: Path) -> None:
    older = "\n".join(line.rsplit(";", 1)[0] for line in LIST.splitlines()) + "\n"
    assert (
        said(home_with(tmp_path, {"lijst 2019.csv": older, "lijst 2020.csv": LIST.replace("100", "200")}, CROSSWALK))
        == []
    )


def test_a_refused_file_is_said_and_nothing_is_called_needless_then(tmp_path: Path) -> None:
    crosswalk = CROSSWALK + '[[sheets]]\nfile = "boek.xlsx"\none_row_is = "cases"\n'
    assert said(home_with(tmp_path, {"lijst.csv": LIST, "boek.xlsx": b"geen boek"}, crosswalk)) == [
        "bestand boek.xlsx: dit is geen Excel-werkmap, al heet het wel zo. Open het in Excel en sla het op als .xlsx."
    ]


def test_a_sheet_that_the_crosswalk_does_not_name_is_said(tmp_path: Path) -> None:
    home = home_with(tmp_path, {"lijst.csv": LIST, "boek.xlsx": {"Blad1": [["a", "b"], [1, 2]]}}, CROSSWALK)
    assert said(home, "en") == [
        "file boek.xlsx, sheet ‘Blad1’: the crosswalk does not name this sheet; it was not read. Add a [[sheets]], or "
        "name it under "
        "[[ignore_sheets]] with a reason."
    ]


@pytest.mark.parametrize(
    "word", ["J. de Vries", "dhr. Bakker", "06-12345678", "jo@example.nl", "01-02-1980", "999990019", "x " * 40]
)
def test_a_word_that_may_be_personal_is_counted_but_not_shown(tmp_path: Path, word: str) -> None:
    home = home_with(
        tmp_path, {"lijst.csv": LIST.replace("De Tafel", word)}, CROSSWALK.replace('"De Tafel" = "welfare"', "")
    )
    assert said(home) == [
        "bestand lijst.csv, kolom ‘Gemeld via’: 2 cellen hebben een woord dat niet bekend is en dat hier niet wordt "
        "getoond, omdat het op "
        "persoonlijke gegevens lijkt. Bekijk de kolom in het bronbestand; is het geen codekolom, zet haar dan onder "
        "[sheets.ignore]."
    ]


def test_a_column_with_more_than_thirty_unknown_words_is_not_shown(tmp_path: Path) -> None:
    rows = "".join(f"{2000 + n};13-02-2020;Bo;Zomaar {n};open\n" for n in range(31))
    home = home_with(tmp_path, {"lijst.csv": LIST + rows}, CROSSWALK)
    assert [(m.code, m.words["n"]) for m in check(home, ["here"])] == [("code_hidden", 31)]


def test_a_source_without_a_crosswalk_or_without_a_delivery_is_said(tmp_path: Path) -> None:
    home = home_with(tmp_path, {"lijst.csv": LIST}, CROSSWALK)
    home.crosswalk("here").unlink()
    assert [m.say() for m in check(home, ["here", "daar"])] == [
        "bestand here.toml: deze bron heeft nog geen crosswalk. Maak haar met ‘iww add’.",
        "De bron ‘daar’ is onbekend. Bekend zijn: here. Voeg een levering toe met ‘iww add’.",
    ]


def test_checking_writes_nothing(tmp_path: Path) -> None:
    home = home_with(tmp_path, {"lijst.csv": LIST}, CROSSWALK)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    check(home, ["here"])
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before
