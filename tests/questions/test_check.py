"""Checking a source: what is not understood, what nobody needs, and silence when all is well."""

import csv
import io
import re
from pathlib import Path

import openpyxl
import pytest

from iww_analysis.commands.check import check, checked
from iww_analysis.io.disk.home import Home
from shared.homes import as_bytes, home_with
from shared.sources import HOME, SOURCES

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


def test_a_sheet_of_which_no_row_counts_is_said_with_what_every_row_needs(tmp_path: Path) -> None:
    home = home_with(tmp_path, {"lijst.csv": re.sub("1[345]-02-2020", "", LIST)}, CROSSWALK)
    assert said(home) == [
        "bestand lijst.csv: geen van de 3 rijen telt mee: wat elke rij nodig heeft, ontbreekt (datum aanmelding). Zeg in het "
        "formulier (‘iww add BRON’ zet het klaar) welke kop het geeft, of vul het aan in het bronsysteem en lever opnieuw."
    ]
    assert said(home, "en") == [
        "file lijst.csv: none of the 3 rows counts: what every row needs is missing (date referral). Say in the form "
        "(‘iww add SOURCE’ makes it ready) which heading gives it, or fill it in at the source and deliver again."
    ]


def test_an_unknown_code_is_said_with_its_place_its_cells_and_the_nearest_word(tmp_path: Path) -> None:
    home = home_with(
        tmp_path,
        {"lijst.csv": LIST.replace("De Tafel", "huisarts-ondersteuner")},
        CROSSWALK.replace('"De Tafel"', '"huisarts"'),
    )
    assert said(home) == [
        "bestand lijst.csv, rij 3, kolom ‘Gemeld via’: onbekend woord, 2 keer: ‘huisarts-ondersteuner’. Lijkt op: "
        "huisarts (gp). Beantwoord de vraag in het formulier (‘iww add BRON’ zet het klaar), of zet het in "
        "de crosswalk onder [codes.referrer_role], met de code erachter.",
    ]
    assert said(home, "en") == [
        "file lijst.csv, row 3, column ‘Gemeld via’: unknown word, 2 times: ‘huisarts-ondersteuner’. Looks like: "
        "huisarts (gp). Answer the question in the form (‘iww add SOURCE’ makes it ready), or put it in "
        "the crosswalk under [codes.referrer_role], with its code behind it.",
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
        "afsluitreden. Beantwoord de vraag in het formulier (‘iww add BRON’ zet het klaar), of zet haar "
        "onder [sheets.columns], of met een reden onder [sheets.ignore]."
    ]
    assert said(home, "en") == [
        "file lijst 2019.csv, column ‘Afsluitreden’: this heading is not in the crosswalk; the column was not read. "
        "Looks like: "
        "afsluitreden. Answer the question in the form (‘iww add SOURCE’ makes it ready), or put it under "
        "[sheets.columns], or with a reason under [sheets.ignore]."
    ]


def test_open_questions_are_said_and_an_open_word_not_twice(tmp_path: Path) -> None:
    crosswalk = CROSSWALK.replace('= "cases.status"', '= "?"').replace('"De Tafel" = "welfare"', '"De Tafel" = "?"')
    home = home_with(tmp_path, {"lijst.csv": LIST}, crosswalk.replace('"loopt wat" = "open"', ""))
    assert said(home) == [
        "bestand lijst.csv, kolom ‘Stand’: wat deze kop betekent is nog een open vraag. Beantwoord de vraag in het "
        'formulier (‘iww add BRON’ zet het klaar), of vervang "?" in de crosswalk door een veld, of '
        "verplaats de kop met een reden naar [sheets.ignore].",
        "bestand here.toml: wat ‘De Tafel’ betekent is nog een open vraag. Beantwoord de vraag in het formulier "
        '(‘iww add BRON’ zet het klaar), of vervang "?" in de crosswalk onder '
        "[codes.referrer_role] door "
        "een code.",
    ]


def test_an_order_of_dates_that_nobody_said_is_a_question_for_each_column_of_a_kind_of_sheet(tmp_path: Path) -> None:
    later = LIST.replace("100", "200")
    crosswalk = CROSSWALK.replace('one_row_is = "cases"', 'one_row_is = "cases"\ndate_order = "?"')
    home = home_with(tmp_path, {"lijst 2019.csv": LIST, "lijst 2020.csv": later}, crosswalk)
    assert said(home) == [
        "bestand lijst*.csv, kolom ‘Aangemeld’: niemand heeft nog gezegd of in deze kolom de dag of de maand vooraan "
        "staat: datums als 3-4-2019 worden niet gelezen. Beantwoord de vraag in het formulier (‘iww add BRON’ zet het klaar), of "
        "zet achter de kop onder [sheets.date_orders] dmy of mdy in "
        'plaats van "?", of vul date_order van het blad in.'
    ]


def test_what_the_crosswalk_asks_is_said_even_where_the_card_lets_no_delivery_be_read(tmp_path: Path) -> None:
    crosswalk = CROSSWALK.replace('one_row_is = "cases"', 'one_row_is = "cases"\ndate_order = "?"')
    crosswalk = crosswalk.replace('= "cases.status"', '= "?"').replace('"De Tafel" = "welfare"', '"De Tafel" = "?"')
    home = home_with(tmp_path, {"lijst.csv": LIST}, crosswalk, regime="?")
    assert [(m.code, m.place.column) for m in check(home, ["here"])][-3:] == [
        ("heading_open", "Stand"),
        ("date_order_open", "Aangemeld"),
        ("code_open", None),
    ]


def test_a_faulty_crosswalk_is_said_and_the_other_sources_are_looked_at_all_the_same(tmp_path: Path) -> None:
    home = home_with(tmp_path, {"lijst.csv": LIST}, CROSSWALK.replace("referrals.date", "referrals.day"))
    assert [m.code for m in check(home, ["here", "daar"])] == ["crosswalk_column", "source_unknown"]
    home.crosswalk("here").write_text("[", encoding="utf-8")
    assert [m.code for m in check(home, ["here", "daar"])] == ["toml_broken", "source_unknown"]


def test_a_word_of_two_codes_is_like_both(tmp_path: Path) -> None:
    towns = LIST.replace("Door", "Gemeente").replace("Jo", "Ede").replace("Bo", "Bergen")
    home = home_with(
        tmp_path, {"lijst.csv": towns}, CROSSWALK.replace('"Casusnr"', '"Gemeente" = "cases.municipality"\n"Casusnr"')
        .replace('"Door" = "naam"', ""),
    )  # fmt: skip
    unknown, elsewhere = check(home, ["here"])
    assert (unknown.code, unknown.words["n"]) == ("code_unknown", 2)
    assert unknown.words["nearest"] == "Bergen (NH.) (GM0373), Bergen (L.) (GM0893)"
    assert (elsewhere.code, elsewhere.words["found"]) == ("code_elsewhere", "Ede (GM0228)")  # the card names Harderwijk


def test_a_word_with_a_separator_in_it_is_seen_as_its_records_are(tmp_path: Path) -> None:
    text = "Nr;Van;Leefgebieden\n1;13-02-2020;Baan / school, Wonen\n2;14-02-2020;Wonen\n"
    crosswalk = """
[[sheets]]
file = "*"
one_row_is = "cases"
[sheets.columns]
"Nr" = "cases.case_id"
"Van" = "cases.date_referral"
"Leefgebieden" = { to = "case_domains.domain", split = ",/" }
[codes.life_domain]
"Baan / school" = "work_education"
"""
    assert said(home_with(tmp_path, {"lijst.csv": text}, crosswalk)) == []
    assert said(home_with(tmp_path / "b", {"lijst.csv": text.replace(" / school", "")}, crosswalk))[-1] == (
        "bestand here.toml, kolom ‘codes.life_domain’: deze regel van de crosswalk is nooit nodig: ‘Baan / school’ komt in "
        "geen levering voor. Haal haar weg, of verbeter de spelling."
    )


def test_a_hidden_sheet_is_said_until_the_crosswalk_names_it_and_how_a_file_was_read_asks_nothing(
    tmp_path: Path,
) -> None:
    book = openpyxl.Workbook()
    for row in csv.reader(LIST.splitlines(), delimiter=";"):
        book.worksheets[0].append(row)
    book.create_sheet("Oud").append(["a", "=1+1"])
    book["Oud"].sheet_state = "hidden"
    book.save(content := io.BytesIO())
    crosswalk = CROSSWALK.replace("lijst*.csv", "lijst*.xlsx")
    looked = checked(home_with(tmp_path, {"lijst.xlsx": content.getvalue()}, crosswalk), "here")
    assert [message.say() for message in looked.points] == [
        "bestand lijst.xlsx, blad ‘Oud’: dit blad is verborgen en niet gelezen. Hoort het bij de gegevens, zet dan zijn "
        "naam bij sheet onder [[sheets]]; zo niet, noem het onder [[ignore_sheets]] met een reden."
    ]
    of_the_file = [note for note in looked.notes if note.code != "column_unused"]
    assert [(message.code, message.words) for message in of_the_file] == [("workbook_formulas", {"n": 1})]
    crosswalk += '[[ignore_sheets]]\nfile = "lijst.xlsx"\nsheet = "Oud"\nreason = "vorig jaar"\n'
    assert said(home_with(tmp_path / "b", {"lijst.xlsx": content.getvalue()}, crosswalk)) == []


def test_open_questions_in_the_card_are_said(tmp_path: Path) -> None:
    home = home_with(
        tmp_path, {"lijst.csv": LIST}, CROSSWALK, more='terms = "?"\ncase_is = { nl = "?", en = "a person" }\n'
    )
    assert said(home) == [
        "bestand here/2021-01-15/origin.toml: het veld ‘terms’ is nog niet ingevuld. Dit weet alleen wie "
        "de levering kent. Beantwoord de vraag in het formulier (‘iww add BRON’ zet het klaar), of vul het hier in.",
        "bestand here/2021-01-15/origin.toml: het veld ‘case_is’ is nog niet ingevuld. Dit weet alleen "
        "wie de levering kent. Beantwoord de vraag in het formulier (‘iww add BRON’ zet het klaar), of vul het hier in.",
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
    assert said(
        home_with(tmp_path, {"lijst.csv": LIST, "boek.xlsx": as_bytes({"Blad1": [["a"]]})[:900]}, crosswalk)
    ) == [
        "bestand boek.xlsx: de werkmap is beschadigd of niet volledig. Open haar in Excel, sla haar opnieuw op als "
        ".xlsx, of vraag om een nieuwe export."
    ]


def test_a_sheet_that_the_crosswalk_does_not_name_is_said(tmp_path: Path) -> None:
    home = home_with(tmp_path, {"lijst.csv": LIST, "boek.xlsx": {"Blad1": [["a", "b"], [1, 2]]}}, CROSSWALK)
    assert said(home, "en") == [
        "file boek.xlsx, sheet ‘Blad1’: the crosswalk does not name this sheet; it was not read. Let ‘iww add SOURCE’ "
        "propose it, or add a [[sheets]], or name it under [[ignore_sheets]] with a reason."
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


def test_rows_that_two_files_of_one_day_say_otherwise_are_a_point_with_the_way_out(tmp_path: Path) -> None:
    """An old system and a new one, added together: without a word the case would stay as the old one left it."""
    old = "Casusnr;Aangemeld;Door;Gemeld via;Stand\n1001;13-02-2020;Jo;huisarts;open\n"
    home = home_with(tmp_path, {"lijst a.csv": old, "lijst b.csv": old.replace("open", "gesloten")}, CROSSWALK)
    assert [sentence for sentence in said(home) if "spreekt" in sentence] == [
        "bestand lijst b.csv: spreekt een andere rij met dezelfde sleutel tegen, 1 keer (rij 2): die rijen zijn apart gezet. "
        "Zoek uit welke rij klopt en verwijder de andere in het bronsysteem. Staan zij in twee bestanden van verschillende "
        "dagen, neem elk bestand dan op als eigen levering: eerst ‘iww add BRON --undo DAG’, dan per bestand "
        "‘iww add BRON BESTAND --received DAG’."
    ]
