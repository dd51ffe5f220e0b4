"""Forms to fill in: written, filled in with the words they offer, added without a question, built, and drawn."""
# ruff: noqa: E501 - the tables that are drawn here are as wide as the forms

import datetime as dt
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl
import pandas as pd
import pytest
from openpyxl.worksheet.worksheet import Worksheet
from typer.testing import CliRunner

from iww_analysis import vocabulary
from iww_analysis.cleaning.source import Built
from iww_analysis.cli import app
from iww_analysis.commands import build
from iww_analysis.commands.add import Added, add
from iww_analysis.commands.home.template import template
from iww_analysis.crosswalk.forms import empty_form
from iww_analysis.crosswalk.forms.empty_form import FormField, FormSheet, kinds, sheets
from iww_analysis.crosswalk.forms.workbook import COVER, LISTS
from iww_analysis.crosswalk.propose.recognise import holds_table
from iww_analysis.figures import draw
from iww_analysis.io.disk.home import Home
from iww_analysis.messages.errors import IwwError, Lang
from shared.frames import drawn

RECEIVED = dt.date(2022, 3, 1)

# What is filled in; columns that are not named here get the words of their own list in turn. "" is an empty row.
FILLED = {
    "casusregistratie": {
        "Casussen": """
Casusnummer | Gemeente   | Datum aanmelding | Datum plan | Betrokken organisaties begin | Aantal naasten begin | Aantal naasten eind | Status   | Datum afsluiting | Reden afsluiting
K-01        | Harderwijk | 2021-01-12       | 2021-02-20 | Buurtwijs; Thuiszorg De Els  | 0                    | 2                   | gesloten | 2021-06-01       | volgens plan
K-02        | Harderwijk | 2021-01-20       | 2021-03-01 | Buurtwijs                    | 1                    | 1                   | gesloten | 2021-09-01       | verhuisd
            |            |                  |            |                              |                      |                     |          |                  |
K-03        | Elburg     | 2021-02-02       | onbekend   | Thuiszorg De Els             | onbekend             | 3                   | gesloten | 2021-04-11       | onbekend
K-04        | Elburg     | 2021-02-14       | 2021-03-12 |                              | 2                    | 4                   | open     |                  |
K-05        | Harderwijk | 2021-03-03       | 2021-04-30 | Schuldhulp Noord; Buurtwijs  | 4                    | 4                   | gesloten | 2021-12-30       | zelf verder
K-06        | Elburg     | 2021-05-09       | 2021-06-01 | Buurtwijs                    | 1                    |                     | open     |                  |
""",
        "Personen": """
Casusnummer | Cliëntnummer | Rol         | Geslacht | Leeftijdsklasse
K-01        | P-11         | hulpvrager  | vrouw    | 23-34 jaar
K-01        | P-12         | kind        | man      | 0-11 jaar
            |              |             |          |
K-02        | P-13         | hulpvrager  | man      | 50-64 jaar
K-03        | P-14         | hulpvrager  | onbekend | 35-49 jaar
K-04        | P-15         | hulpvrager  | anders   | 75 jaar en ouder
""",
        "Acties": """
Actienummer | Casusnummer | Datum actie | Actie
A-1         | K-01        | 2021-02-21  | samen de post doornemen en een lijst van schulden maken
A-2         | K-01        | 2021-02-21  | inschrijven bij de woningcorporatie en het vervolg afspreken
A-3         | K-02        | onbekend    | een gesprek voeren met de werkgever over minder uren
            |             |             |
A-4         | K-03        | 2021-03-05  | kennismaken met het buurthuis en daar een keer mee-eten
A-5         | K-05        | 2021-05-01  | een maatje zoeken
""",
    },
    "bijeenkomst": {
        "Bijeenkomsten": """
Casusnummer | Soort bijeenkomst           | Datum bijeenkomst | Doorgegaan | Reden niet doorgegaan    | Aanwezige partij
K-01        | kennismaking                | 2021-01-20        | ja         |                          | cliënt; naaste
K-01        | eerste dialoog              | 2021-02-20        | ja         |                          | cliënt; naaste; sociaal (wijk)team
K-01        | slotdialoog                 |                   | nee        | vraag opgelost           |
            |                             |                   |            |                          |
K-02        | gezamenlijk cliëntoverleg   | 2021-02-11        | ja         |                          | cliënt; WerkBedrijf; huisarts
K-03        | gezamenlijk cliëntoverleg   | 2021-02-28        | ja         |                          | sociaal (wijk)team
K-05        | eerste dialoog              | onbekend          | nee        | hulpvrager trok zich terug |
""",
    },
    "effectenarena": {
        "Onderdelen": """
Team      | Arena   | Datum arena | Nummer | Soort        | Omschrijving                                        | Niveau        | Geplaatst door | Gedeeld thema
Team Linde | Arena 1 | 2021-04-06 | I1     | investeerder | gemeente                                            |               | ambtenaar      |
Team Linde | Arena 1 | 2021-04-06 | A1     | activiteit   | elke week samen met de cliënt aan één tafel zitten  |               | teamlid        |
Team Linde | Arena 1 | 2021-04-06 | E1     | effect       | minder stress thuis, voor ouders en voor kinderen   | individu      | cliënt         | minder stress
Team Linde | Arena 1 | 2021-04-06 | E1     | effect       | minder stress thuis, voor ouders en voor kinderen   | individu      | teamlid        | minder stress
           |         |            |        |              |                                                     |               |                |
Team Linde | Arena 1 | 2021-04-06 | E2     | effect       | schulden die niet verder oplopen in het eerste jaar | buurt of wijk | tegendenker    | minder schulden
Team Linde | Arena 1 | 2021-04-06 | P1     | incasseerder | bewoners                                            |               | onbekend       |
""",
        "Lijnen": """
Team       | Arena   | Van | Naar
Team Linde | Arena 1 | I1  | A1
Team Linde | Arena 1 | A1  | E1
           |         |     |
Team Linde | Arena 1 | A1  | E2
Team Linde | Arena 1 | E1  | P1
Team Linde | Arena 1 | E2  | P1
""",
        "Toetsing": """
Team       | Arena   | Nummer | Casus   | Volgens      | Status | Toestemming
Team Linde | Arena 1 | E1     | Casus A | cliënt       | waargenomen | ja
Team Linde | Arena 1 | E1     | Casus A | professional | verwacht | ja
Team Linde | Arena 1 | E1     | Casus B | registratie  | niet besproken | ja
           |         |        |         |              | |
Team Linde | Arena 1 | E2     | Casus A | cliënt       | tegengesproken | ja
Team Linde | Arena 1 | E2     | Casus B | professional | waargenomen | ja
""",
        "Leerbehoeften": """
Team       | Leerbehoefte                                   | Prioriteit | Bevinding                                            | Element
Team Linde | hoe betrekken we naasten eerder bij het plan   | 1          | waar naasten vroeg meededen bleef het plan overeind  | sociaal netwerk betrekken
Team Linde | hoe betrekken we naasten eerder bij het plan   | 1          | schaamte kwam in drie gesprekken terug als drempel   | schaamte
           |                                                |            |                                                      |
Team Linde | wie mag beslissen over de inzet van uren       | 2          | mandaat lag in geen van de casussen bij het team     | mandaat en ruimte
Team Linde | wanneer schalen we af en wie houdt contact     | 3          | daarover zei niemand iets in de gesprekken           |
Team Linde | hoe leggen we vast zonder dubbel te registreren | onbekend  | registraties liepen weken achter op de gesprekken    | onbekend
""",
    },
    "interview": {
        "Oordelen": """
Gemeente | Team       | Casus   | Perspectief  | Document      | Soort document | Toestemming | Datum interview | Element                   | Bij wie      | Moment   | Aanwezig       | Citaat                                     | Citaat vrijgegeven
Nijmegen | Team Linde | Casus A | cliënt       | Interview A-c | interview      | ja          | 2021-05-01      | vertrouwensrelatie        |              | eind     | ja             | Zij bleef bellen, ook toen ik niet opnam.  | ja
Nijmegen | Team Linde | Casus A | cliënt       | Interview A-c | interview      | ja          | 2021-05-01      | schaamte                  | cliënt       | begin    | deels          | Ik durfde het mijn zus niet te vertellen.  | nee
Nijmegen | Team Linde | Casus A | cliënt       | Interview A-c | interview      | ja          | 2021-05-01      | voelt zich gehoord        |              |          | ja             |                                            |
Nijmegen | Team Linde | Casus A | professional | Interview A-p | interview      | ja          | 2021-05-03      | vertrouwensrelatie        |              | eind     | niet besproken |                                            |
         |            |         |              |               |                |             |                 |                           |              |          |                |                                            |
Nijmegen | Team Linde | Casus A | professional | Interview A-p | interview      | ja          | 2021-05-03      | schaamte                  | cliënt       | begin    | ja             | Schaamte zat in alles wat we bespraken.    | ja
Nijmegen | Team Linde | Casus B | cliënt       | Interview B-c | interview      | ja          | onbekend        | voelt zich gehoord        |              | onbekend | nee            |                                            |
Nijmegen | Team Linde | Casus B | professional | Interview B-p | interview      | ja          | 2021-06-10      | wachttijd                 | gemeente     | begin    | ja             | Negen weken wachten op een beschikking.    | ja
""",
        "Uitkomsten": """
Gemeente | Team       | Casus   | Niveau   | Uitkomst                                      | Richting | Volgens      | Relevant voor | Datum uitkomst | Toestemming
Nijmegen | Team Linde | Casus A | casus    | weer overzicht over de post en over het geld  | beter    | cliënt       | cliënt        | 2021-05-01 | ja
Nijmegen | Team Linde | Casus A | individu | de oudste gaat weer elke dag naar school toe  | beter    | professional | naaste        | 2021-05-03 | ja
Nijmegen | Team Linde | Casus B | casus    | nog steeds brieven die ongeopend blijven liggen | gelijk | cliënt       | cliënt        | onbekend | ja
         |            |         |          |                                               |          |              |               | |
Nijmegen | Team Linde |         | team     | sneller weten wie er al bij betrokken is      | gemengd  | professional | teamleider    | 2021-06-10 | ja
Nijmegen |            |         | gemeente | minder aanvragen die twee keer worden gedaan  | onbekend | teamleider   | gemeente      | 2021-06-11 | ja
""",
    },
    "observatie": {
        "Observaties": """
Gemeente | Team       | Casusnummer | Bijeenkomst | Datum observatie | Formulier     | Item                             | Score    | Schaal van | Schaal tot | Observatornummer | Toestemming
Nijmegen | Team Linde | Casus A     | Overleg A1  | 2021-02-03       | Formulier 1.0 | de cliënt bepaalt waar het over gaat | 4    | 1          | 5          | observator 1 | ja
Nijmegen | Team Linde | Casus A     | Overleg A1  | 2021-02-03       | Formulier 1.0 | iedereen aan tafel komt aan het woord | 2   | 1          | 5          | observator 1 | ja
Nijmegen | Team Linde | Casus A     | Overleg A1  | 2021-02-03       | Formulier 1.0 | afspraken worden hardop herhaald     | 5    | 1          | 5          | observator 1 | ja
         |            |             |             |                  |               |                                      |      |            |            | |
Nijmegen | Team Linde | Casus B     | Overleg B1  | onbekend         | Formulier 1.0 | de cliënt bepaalt waar het over gaat | 3    | 1          | 5          | observator 2 | ja
Nijmegen | Team Linde | Casus B     | Overleg B1  | onbekend         | Formulier 1.0 | iedereen aan tafel komt aan het woord | onbekend | 1      | 5          | observator 2 | ja
""",
    },
    "leersessie": {
        "Sessies": """
Sessie   | Team       | Soort bijeenkomst | Datum bijeenkomst | Doorgegaan | Aanwezige partij
Sessie 1 |            | leersessie        | 2021-03-01        | ja         | specialistisch team; gemeente; oudervertegenwoordiger
Sessie 2 |            | leersessie        | 2021-04-12        | ja         | specialistisch team; praktijkorganisatie
         |            |                   |                   |            |
Sessie 3 | Team Linde | spiegelbijeenkomst | 2021-05-20       | ja         | jongere; gemeente
Sessie 4 |            | leersessie        | onbekend          | onbekend   |
Sessie 5 |            | slotsessie        | 2021-09-30        | ja         | gemeente
""",
        "Thema’s": """
Sessie   | Gemeente | Team       | Datum      | Soort thema    | Thema                    | Bevinding                                              | Ingebracht door
Sessie 1 | Gouda    | Team Linde | 2021-03-01 | leerthema      | mandaat                  | wie beslist moet vooraf duidelijk zijn voor iedereen   | organisatie
Sessie 1 | Gouda    | Team Linde | 2021-03-01 | leerthema      | mandaat                  | wie beslist moet vooraf duidelijk zijn voor iedereen   | ouder
         |          |            |            |                |                          |                                                        |
Sessie 2 | Leiden   |            | 2021-04-12 | leerthema      | op- en afschalen         | afschalen vraagt dat iemand bereikbaar blijft          | gemeente
Sessie 3 |          | Team Linde | 2021-05-20 | werkproces     | jongeren horen           | jongeren willen zelf kiezen wie er aan tafel zit       | jongere
Sessie 4 |          |            | onbekend   | leerthema      | samen leren              |                                                        | onbekend
""",
    },
}  # fmt: skip

# Figure ids that must be drawn from a form (with the case registration beside a meeting, which is about its cases).
DRAWN = {
    "casusregistratie": ("F01", "F02", "F03", "F04", "F05", "F23"),
    "bijeenkomst": ("F08", "F17"),
    "effectenarena": ("F10", "F11", "T04"),
    "interview": ("F12", "F18", "F22", "T07"),
    "observatie": ("T10",),
    "leersessie": ("T08",),
}
BESIDE = {"bijeenkomst": ("casusregistratie",)}
REGISTERS = ("casusregistratie", "bijeenkomst")
ONCE = ("arenas", "documents")  # what several rows say of one arena or interview is kept once
MISSING = set(vocabulary.read("missing").codes)


class Went(NamedTuple):
    """One form on its way: as it was filled in (per sheet, heading -> text per row), added, and built."""

    filled: Mapping[str, pd.DataFrame]
    added: Added
    built: Built
    home: Home


def filled_in(kind: str, sheet: Worksheet, page: FormSheet) -> pd.DataFrame:
    """Fill in a sheet; gives what was written, as text, with the row numbers of Excel."""
    rows = drawn(FILLED[kind][page.name])
    rows.index = range(2, len(rows) + 2)
    empty = (rows == "").all(axis=1)
    for field in page.fields:
        if field.heading not in rows:
            turn = [field.words[i % len(field.words)] if field.words else "" for i in range(len(rows))]
            rows[field.heading] = pd.Series(turn, index=rows.index).mask(empty, "")
    columns = {cell.value: cell.column for cell in sheet[1]}
    for field in page.fields:
        for row, text in rows[field.heading].items():
            if text:
                sheet.cell(int(str(row)), columns[field.heading], typed(field, text))
    return rows[~empty]


def typed(field: FormField, text: str) -> object:
    """What Excel holds after a person typed it."""
    if text == "onbekend":
        return text
    if field.column.kind == "date":
        return dt.datetime.fromisoformat(text)
    return int(text) if field.column.kind == "integer" else text


@pytest.fixture(scope="module")
def went(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Went]:
    """Every form: written, filled in, added with `--yes`, its card answered, built."""
    folder = tmp_path_factory.mktemp("forms")
    (folder / "home" / "data" / "raw").mkdir(parents=True)
    home = Home(folder / "home")
    return {kind: _on_its_way(kind, home, folder) for kind in kinds()}


def _on_its_way(kind: str, home: Home, folder: Path) -> Went:
    filled, files = {}, []
    for each in (kind, *BESIDE.get(kind, ())):
        path = template(each, folder / kind / each)
        book = openpyxl.load_workbook(path)
        for page in sheets(each):
            filled[page.name] = filled_in(each, book[page.name], page)
        book.save(path)
        files.append(path)
    added = add(home, kind, files, RECEIVED, yes=True)
    _answer_the_card(added.folder / "origin.toml", kind)
    return Went(filled, added, build.build_and_store(home, kind), home)


def _answer_the_card(card: Path, kind: str) -> None:
    """Say what only a person knows: here that rows say their own municipality, and what kind of delivery it is."""
    text = card.read_text(encoding="utf-8")
    regime = "register" if kind in REGISTERS else "case_study"
    for name in ("register", "case_study"):
        text = text.replace(f'regime = "{name}"', f'regime = "{regime}"')
    text = text.replace('municipality = ["?"]', "municipality = []").replace('"?"', '"gevraagd"')
    card.write_text(text.replace('study = "gevraagd"', 'study = ""'), encoding="utf-8")


# --- what is written ---


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, openpyxl.Workbook]:
    """Every form as it is written, empty."""
    folder = tmp_path_factory.mktemp("empty")
    return {kind: openpyxl.load_workbook(template(kind, folder / kind)) for kind in kinds()}


def every_field() -> Iterator[tuple[str, FormSheet, FormField]]:
    for kind in kinds():
        for page in sheets(kind):
            yield from ((kind, page, field) for field in page.fields)


def rule_of(sheet: Worksheet, heading: str) -> Any:
    """The validation of the column under a heading."""
    cell = next(cell for cell in sheet[1] if cell.value == heading)
    return next(rule for rule in sheet.data_validations.dataValidation if f"{cell.column_letter}2" in rule.sqref)


def test_the_forms_are_those_that_were_asked_for() -> None:
    assert kinds() == ("casusregistratie", "bijeenkomst", "effectenarena", "interview", "observatie", "leersessie")


@pytest.mark.parametrize("kind", kinds())
def test_a_form_begins_with_its_explanation_and_hides_its_lists(
    kind: str, books: Mapping[str, openpyxl.Workbook]
) -> None:
    assert books[kind].sheetnames == [COVER, *(page.name for page in sheets(kind)), LISTS]
    assert [sheet.sheet_state for sheet in books[kind]] == ["visible"] * (len(sheets(kind)) + 1) + ["hidden"]
    for page in sheets(kind):
        sheet = books[kind][page.name]
        assert [cell.value for cell in sheet[1]] == [field.heading for field in page.fields]
        assert (sheet.max_row, sheet.freeze_panes) == (1, "B2")


@pytest.mark.parametrize("kind", kinds())
def test_the_explanation_has_a_line_per_column_and_says_what_never_to_write(
    kind: str, books: Mapping[str, openpyxl.Workbook]
) -> None:
    lines = [cell.value for cell in books[kind][COVER]["A"] if cell.value]
    assert lines[1].startswith("Schrijf nooit een naam, BSN, geboortedatum")
    for page in sheets(kind):
        assert f"Blad ‘{page.name}’: {page.row_is['nl']}" in lines
        for field in page.fields:
            assert f"{named(field)}: {field.explain('nl')}" in lines
            assert all(word in field.explain("nl") for word in field.words)


def named(field: FormField) -> str:
    return f"{field.heading} (verplicht)" if field.required else field.heading


def test_a_column_is_required_where_its_row_cannot_be_used_without() -> None:
    required = {field.to for kind, _, field in every_field() if kind == "casusregistratie" and field.required}
    assert required == {
        "cases.case_id", "cases.municipality", "cases.date_referral", "case_persons.case_id", "actions.action_id",
        "actions.case_id",
    }  # fmt: skip


def test_a_coded_column_offers_the_labels_of_its_list_and_words_for_missing(
    books: Mapping[str, openpyxl.Workbook],
) -> None:
    rule = rule_of(books["interview"]["Oordelen"], "Aanwezig")
    assert (rule.type, rule.showErrorMessage) == ("list", True)
    column = rule.formula1.split("!")[1].replace("$", "")
    offered = [row[0].value for row in books["interview"][LISTS][column]]
    assert offered == ["ja", "deels", "nee", "niet besproken", "onbekend", "niet van toepassing"]


@pytest.mark.parametrize("kind", kinds())
def test_every_list_stands_where_the_column_says(kind: str, books: Mapping[str, openpyxl.Workbook]) -> None:
    for page in sheets(kind):
        for field in page.fields:
            rule = rule_of(books[kind][page.name], field.heading)
            if field.words:
                cells = books[kind][LISTS][rule.formula1.split("!")[1].replace("$", "")]
                assert tuple(row[0].value for row in cells) == field.words
            assert len(rule.prompt) <= empty_form.LONGEST_PROMPT


def test_a_word_that_would_lose_the_row_is_not_offered() -> None:
    for _, _, field in every_field():
        if field.column.required:
            assert not set(field.words) & {"onbekend", "niet van toepassing"}, field.to


def test_a_day_is_written_day_first_and_held_to_be_a_day_with_a_warning_only(
    books: Mapping[str, openpyxl.Workbook],
) -> None:
    sheet = books["bijeenkomst"]["Bijeenkomsten"]
    rule = rule_of(sheet, "Datum bijeenkomst")
    assert (rule.type, rule.errorStyle, rule.formula1) == ("date", "warning", "DATE(1901,1,1)")
    assert sheet.column_dimensions["C"].number_format == "dd-mm-yyyy"


def test_a_cell_for_several_values_may_hold_more_than_its_list_offers(books: Mapping[str, openpyxl.Workbook]) -> None:
    rule = rule_of(books["bijeenkomst"]["Bijeenkomsten"], "Aanwezige partij")
    assert (rule.type, rule.showErrorMessage) == ("list", False)


@pytest.mark.parametrize("kind", kinds())
def test_no_heading_is_cut_off_and_none_repeats(kind: str, books: Mapping[str, openpyxl.Workbook]) -> None:
    for page in sheets(kind):
        assert len({field.heading for field in page.fields}) == len(page.fields)
        dimensions = books[kind][page.name].column_dimensions
        for cell in books[kind][page.name][1]:
            assert dimensions[cell.column_letter].width > len(cell.value)


def test_no_form_asks_for_what_identifies_a_person() -> None:
    never = {vocabulary.key(word) for identifier in vocabulary.identifiers() for word in identifier.words}
    assert not [
        f.to for _, _, f in every_field() if vocabulary.key(f.heading) in never or f.column.kind == "birth_date"
    ]


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_a_form_that_is_there_is_never_overwritten(lang: Lang, tmp_path: Path) -> None:
    (tmp_path / "formulier.xlsx").write_bytes(b"ingevuld")
    with pytest.raises(IwwError) as refused:
        template("interview", tmp_path / "formulier", lang)
    assert (tmp_path / "formulier.xlsx").read_bytes() == b"ingevuld"
    assert (
        refused.value.say(lang)
        == {
            "nl": "bestand formulier.xlsx: dit bestand is er al en wordt niet overschreven; misschien is het ingevuld. "
            "Geef met --to een andere naam, of haal het eerst weg.",
            "en": "file formulier.xlsx: this file is already there and is not overwritten; it may have been filled in. "
            "Give another name with --to, or remove it first.",
        }[lang]
    )


def test_an_unknown_form_names_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(IwwError) as refused:
        template("vragenlijst", tmp_path)
    assert refused.value.say("nl") == (
        "Er is geen formulier van de soort ‘vragenlijst’. Kies een van: casusregistratie, bijeenkomst, effectenarena, "
        "interview, observatie, leersessie."
    )


def test_a_form_in_english_has_the_same_headings(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(template("observatie", tmp_path, "en"))
    assert book[COVER]["A2"].value.startswith("Never write a name")
    assert [cell.value for cell in book["Observaties"][1]] == [
        field.heading for field in sheets("observatie")[0].fields
    ]


# --- there and back ---


@pytest.mark.parametrize("kind", kinds())
def test_a_filled_form_is_added_without_a_question(kind: str, went: Mapping[str, Went]) -> None:
    guesses = went[kind].added.guesses
    assert guesses[guesses["proposal"].str.startswith("?")].empty
    assert went[kind].added.messages == ()
    taken = guesses[(guesses["heading"] == "") & guesses["proposal"].str.startswith("one_row_is")]
    for page in sheets(kind):
        (form,) = [form for form in vocabulary.forms() if form.name == page.form]
        assert list(taken.loc[taken["sheet"] == page.name, "reason"]) == [form.nl]


@pytest.mark.parametrize("kind", kinds())
def test_our_own_lists_of_words_are_no_table_and_a_list_under_a_heading_is_one(kind: str) -> None:
    lists = pd.DataFrame(
        [[cell or "" for cell in row] for row in empty_form.empty_form(kind)[LISTS].values], dtype="str"
    )
    assert not holds_table(lists)
    headed = pd.concat([pd.DataFrame([[f"Kop {n}" for n in lists]]), lists], ignore_index=True)
    assert len(lists.columns) == 1 or holds_table(headed)


@pytest.mark.parametrize("kind", kinds())
def test_the_explanation_and_the_hidden_lists_are_passed_over_with_a_reason(
    kind: str, went: Mapping[str, Went]
) -> None:
    guesses = went[kind].added.guesses.set_index("sheet")
    assert set(guesses.loc[[COVER], "reason"]) == {"geen tabel op dit blad"}
    assert set(guesses.loc[[LISTS], "reason"]) == {"verborgen blad"}
    assert not [m for m in went[kind].built.notices if m.code == "sheet_passed_over"]


@pytest.mark.parametrize("kind", kinds())
def test_every_row_of_a_filled_form_is_kept(kind: str, went: Mapping[str, Went]) -> None:
    lines = {line["sheet"]: line for line in went[kind].built.ledger["sheets"]}
    assert went[kind].built.messages == []
    for name, rows in went[kind].filled.items():
        assert (lines[name]["rows_read"], lines[name]["rows_kept"]) == (len(rows), len(rows)), name
        assert lines[name]["rows_empty"] == 1, name


@pytest.mark.parametrize("kind", kinds())
def test_every_value_comes_back_as_it_was_filled_in(kind: str, went: Mapping[str, Went]) -> None:
    for page in sheets(kind):
        (anchor,) = [form.one_row_is for form in vocabulary.forms() if form.name == page.form]
        rows = went[kind].filled[page.name]
        for field in page.fields:
            table, _, column = field.to.partition(".")
            if field.column.transient:  # decides, and is not kept
                continue
            records = went[kind].built.tables[table]
            records = records[records["source_id"].str.endswith(f"#{page.name}")]
            for name, code in field.constants.items():
                records = records[records[name] == code]
            typed_missing = table == anchor and field.column.kind in ("code", "date", "integer")
            back = {row: held(records[records["source_row"] == row], field) for row in rows.index}
            want = {row: wanted(field, text) for row, text in rows[field.heading].items()}
            if not typed_missing:  # a record that nothing was filled in for need not exist
                back, want = ({row: found - MISSING for row, found in d.items()} for d in (back, want))
            if table in ONCE:
                back, want = ({0: set().union(*d.values())} for d in (back, want))
            if (
                field.column.kind == "key" and kind in REGISTERS
            ):  # hidden behind a pseudonym, each number behind its own
                back, want = ({0: {len(set().union(*d.values()))}} for d in (back, want))
            if column == "quote":
                want = {
                    row: found if rows.at[row, "Citaat vrijgegeven"] == "ja" else set() for row, found in want.items()
                }
            assert back == want, (page.name, field.heading)


def held(records: pd.DataFrame, field: FormField) -> set[object]:
    """What a row's records hold, with the reason where a day or number is absent."""
    name = field.to.partition(".")[2]
    values = records[name].astype(object)
    if field.column.typed_missing:
        values = values.where(values.notna(), records[f"{name}_missing"])
    return set(values.dropna())


def wanted(field: FormField, text: str) -> set[object]:
    """What a cell should become."""
    return {value_of(field, part.strip()) for part in (text.split(";") if field.several else [text])}


def value_of(field: FormField, text: str) -> object:
    if vocabulary.key(text) in vocabulary.read("missing").lookup:
        return vocabulary.read("missing").lookup[vocabulary.key(text)]
    if field.column.vocabulary:
        return vocabulary.read(field.column.vocabulary).lookup[vocabulary.key(text)]
    if field.column.kind == "date":
        return pd.Timestamp(text)
    return int(text) if field.column.kind == "integer" else text


@pytest.mark.parametrize(("kind", "id_"), [(kind, id_) for kind, ids in DRAWN.items() for id_ in ids])
def test_what_a_form_is_for_is_drawn_from_it(kind: str, id_: str, went: Mapping[str, Went]) -> None:
    study = build.load(went[kind].home, [kind])
    figure = draw(id_, study, internal=True)
    assert figure.lacking == ()
    assert figure.protected is not None
    assert len(figure.protected.marks)


# --- the command ---


def test_the_command_writes_a_form_once_and_names_the_forms_there_are(tmp_path: Path) -> None:
    (tmp_path / "data" / "raw").mkdir(parents=True)

    def run(*words: str) -> tuple[int, str]:
        done = CliRunner().invoke(app, ["template", *words, "--home", str(tmp_path)])
        return done.exit_code, " ".join(done.output.split())

    code, said = run("observatie", "--to", str(tmp_path))
    assert code == 0
    assert said.startswith("Formulier geschreven: ")
    assert said.endswith("observatie.xlsx. Ingevuld? Neem het op met: iww add BRON BESTAND")
    assert (tmp_path / "observatie.xlsx").exists()
    assert run("observatie", "--to", str(tmp_path))[0] == 1
    assert run("vragenlijst", "--lang", "en") == (
        2,
        "There is no form of the kind ‘vragenlijst’. Choose one of: casusregistratie, bijeenkomst, effectenarena, "
        "interview, observatie, leersessie.",
    )
