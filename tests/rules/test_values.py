"""How a column is written decides what its cells mean: order of dates, decimals, mangled text, several values in one cell."""

import csv
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from iww_analysis import vocabulary
from iww_analysis.cleaning.notices.not_understood import open_lines
from iww_analysis.cleaning.records import _pieces
from iww_analysis.crosswalk.ask.cells.number_and_date_style import NumberAndDateStyle
from iww_analysis.crosswalk.ask.open_question import OpenQuestion
from iww_analysis.crosswalk.crosswalk import SheetCrosswalk, Target
from iww_analysis.crosswalk.parse import parse
from iww_analysis.crosswalk.propose import column_profile, unknown_words
from iww_analysis.crosswalk.propose.column_profile import ColumnProfile
from iww_analysis.crosswalk.propose.recognise import RecognisedSheet, recognise
from iww_analysis.messages.errors import IwwError
from iww_analysis.tables.cells import cell_readers
from shared.homes import corpus

# ---- the order of dates, per column ---------------------------------------------------------------------------------


def column(*texts: str) -> ColumnProfile:
    return ColumnProfile(pd.Series(texts, dtype="str"))


@pytest.mark.parametrize(
    ("texts", "proven"),
    [(["13-02-2020", "01-02-2020"], "dmy"), (["02-13-2020", "01-02-2020"], "mdy"), (["13-02-2020", "02-13-2020"], "?"),
     (["01-02-2020", "3-4-2019"], "?"), (["05-05-2020"], ""), (["2020-02-13"], ""), (["13 mei 2020"], ""),
     (["wo 26/8/20 9:30"], "dmy")],
)  # fmt: skip
def test_a_column_proves_an_order_by_days_above_twelve_or_asks(texts: list[str], proven: str) -> None:
    assert column_profile.date_order([column(*texts)]).proven == proven


MEANS = {"Van": "cases.date_referral", "Intake": "cases.date_intake", "Tot": "cases.date_closed"}


def notation(columns: Mapping[str, list[str]], entry: SheetCrosswalk | None = None, answer: str = "") -> dict[str, str]:
    """What is written for a sheet: its own order under "", and that of columns; `asked` counts the questions."""
    asked: list[OpenQuestion] = []

    def ask(question: OpenQuestion) -> str:
        asked.append(question)
        return answer

    profiles = {heading: column(*texts) for heading, texts in columns.items()}
    sheet = RecognisedSheet("lijst.csv", "", columns=profiles, pattern=("lijst.csv", ""))
    targets = {heading: (Target(*MEANS[heading].split(".")),) for heading in columns}
    style = NumberAndDateStyle(sheet, targets, ask, entry)
    lines = ([style.order._replace(key="")] if style.order else []) + list(style.orders)
    return {line.key: str(line.value) for line in lines} | ({"asked": str(len(asked))} if asked else {})


PROVES_DMY, PROVES_MDY, EITHER, BOTH = (
    ["13-2-2020", "1-2-2020"],
    ["2-13-2020", "1-2-2020"],
    ["1-2-2020"] * 2,
    ["13-2-2020", "2-13-2020"],
)


def test_a_column_that_proves_nothing_takes_the_order_that_the_sheet_proves() -> None:
    assert notation({"Van": PROVES_DMY, "Tot": EITHER}) == {"": "dmy", "Tot": "dmy"}
    assert notation({"Van": EITHER, "Tot": PROVES_MDY}) == {"": "mdy", "Van": "mdy"}


def test_columns_of_one_sheet_may_prove_different_orders_and_the_third_is_a_question() -> None:
    found = notation({"Van": PROVES_DMY, "Intake": PROVES_MDY, "Tot": EITHER})
    assert found == {"": "dmy", "Intake": "mdy", "Tot": "?", "asked": "1"}


def test_a_sheet_that_proves_nothing_is_one_question() -> None:
    assert notation({"Van": EITHER, "Tot": EITHER}) == {"": "?", "asked": "1"}
    assert notation({"Van": EITHER, "Tot": EITHER}, answer="mdy") == {"": "mdy", "asked": "1"}


def test_a_column_that_proves_both_orders_is_a_question() -> None:
    assert notation({"Van": BOTH}) == {"": "?", "asked": "1"}
    assert notation({"Van": PROVES_DMY, "Tot": BOTH}) == {"": "dmy", "Tot": "?", "asked": "1"}
    assert notation({"Van": PROVES_DMY, "Tot": BOTH}, answer="dmy") == {"": "dmy", "asked": "1"}


def test_what_a_person_said_stands() -> None:
    entry = SheetCrosswalk("lijst.csv", "", "cases", "dmy", {"Van": (Target("cases", "date_referral"),)})
    assert notation({"Van": PROVES_MDY, "Tot": EITHER}, entry) == {}


def test_an_order_that_does_not_matter_is_no_question() -> None:
    assert notation({"Van": ["2020-02-13", "5-5-2020"]}) == {"": "dmy"}


@pytest.mark.parametrize(
    ("texts", "sign"),
    [(["1,5", "1.234"], ","), (["1.5"], "."), (["1.234"], ""), (["12", "7"], ""), (["1,5", "1.5"], "?"),
     (["1.234,50"], ","), (["1,234.50"], "."), (["1.234.567"], ","), (["1.2345"], "."), (["€ 3,50"], ",")],
)  # fmt: skip
def test_a_column_of_numbers_proves_its_decimal_sign(texts: list[str], sign: str) -> None:
    assert column_profile.decimal([column(*texts)]) == sign


def test_a_column_that_writes_numbers_both_ways_is_read_the_dutch_way() -> None:
    assert column("12", "7", "1,0", "2.50").numbers == 0.75


# ---- what the crosswalk says of it ----------------------------------------------------------------------------------

SHEET = """
format = "iww-crosswalk/1"
source = "ede"
[[sheets]]
file = "*"
one_row_is = "cases"
{head}
[sheets.columns]
"Nr" = "cases.case_id"
"Van" = "cases.date_referral"
"Melding" = "referrals.date"
"Ook van" = "cases.date_referral"
"Aantal" = {{ to = "case_network.n_people", moment = "begin" }}
{tables}
"""


def parsed(head: str = "", tables: str = "") -> SheetCrosswalk:
    return parse(tomllib.loads(SHEET.format(head=head, tables=tables)), "ede.toml").sheets[0]


def asked(head: str = "", tables: str = "") -> list[tuple[str, str | None]]:
    document = tomllib.loads(SHEET.format(head=head, tables=tables))
    walk = parse(document, "ede.toml")
    return [(message.code, message.place.column) for message in open_lines(document, walk, "ede.toml")]


def test_an_order_holds_for_the_sheet_unless_a_column_says_otherwise() -> None:
    walk = parsed('date_order = "ymd"', '[sheets.date_orders]\n"MELDING" = "mdy"\n[sheets.decimals]\n"Aantal" = "."')
    assert walk.date_order_of("cases", "date_referral") == "ymd"
    assert walk.date_order_of("referrals", "date") == "mdy"
    assert (walk.decimal_of("case_network", "n_people"), walk.decimal_of("scores", "score")) == (".", ",")
    assert (walk.excel_epoch, parsed("excel_epoch = 1904").excel_epoch) == (1900, 1904)


FAULTS: list[tuple[str, str, str]] = [
    ('date_order = "dym"', "", "crosswalk_date_order"),
    ("excel_epoch = 1970", "", "crosswalk_epoch"),
    ("", '[sheets.date_orders]\n"Melding" = "dd-mm"', "crosswalk_date_order"),
    ("", '[sheets.date_orders]\n"Weg" = "mdy"', "crosswalk_notation_heading"),
    ("", '[sheets.decimals]\n"Aantal" = ";"', "crosswalk_decimal"),
    ("", '[sheets.date_orders]\n"Van" = "mdy"', "crosswalk_unlike"),
]


@pytest.mark.parametrize(("head", "tables", "code"), FAULTS)
def test_what_cannot_be_meant_is_a_fault(head: str, tables: str, code: str) -> None:
    with pytest.raises(IwwError) as refused:
        parsed(head, tables)
    assert [message.code for message in refused.value.messages] == [code]


def test_two_headings_of_one_field_may_be_said_to_be_written_otherwise_together() -> None:
    assert (
        parsed("", '[sheets.date_orders]\n"Van" = "mdy"\n"Ook van" = "mdy"').date_order_of("cases", "date_referral")
        == "mdy"
    )


def test_an_open_order_is_asked_for_per_column() -> None:
    assert asked('date_order = "?"') == [("date_order_open", heading) for heading in ("Van", "Melding", "Ook van")]
    assert asked("", '[sheets.date_orders]\n"Melding" = "?"') == [("date_order_open", "Melding")]


# ---- mangled text ---------------------------------------------------------------------------------------------------

MANGLED = [
    ("SÃºdwest-FryslÃ¢n", "Súdwest-Fryslân"), ("FinanciÃ«n", "Financiën"), ("â€™s-Gravenhage", "’s-Gravenhage"),
    ("SÃƒÂºdwest", "Súdwest"), ("BelgiÃƒÆ’Ã‚Â«", "België"), ("FRYSLÃ‚N", "FRYSLÂN"), ("cliÃ«nt â€“ begin", "cliënt – begin"),
]  # fmt: skip


@pytest.mark.parametrize(("mangled", "meant"), MANGLED)
def test_a_text_in_the_wrong_encoding_is_mended_however_often_it_went_wrong(mangled: str, meant: str) -> None:
    assert cell_readers.mend(mangled) == meant


@pytest.mark.parametrize("fine", ["", "Financiën", "Ã", "50 Â°", "Â", "CAFÉ®", "FRYSLÂN", "São Paulo", "naïef", "Ã© é"])
def test_a_text_that_is_fine_or_proves_nothing_stays(fine: str) -> None:
    assert cell_readers.mend(fine) == fine


LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZàáâäçèéêëìíîïñòóôöùúûüÀÁÂÄÇÈÉÊËÌÍÎÏÑÒÓÔÖÙÚÛÜ"


@given(st.text(LETTERS + " -'’/&.", max_size=40))
def test_no_dutch_word_is_mended_and_every_mangled_one_is(words: str) -> None:
    assert cell_readers.mend(words) == words
    once = words.encode().decode("latin-1")
    assert cell_readers.mend(once) == words
    assert cell_readers.mend(once.encode().decode("latin-1")) == words


@given(st.text())
def test_mending_twice_is_mending_once(text: str) -> None:
    assert cell_readers.mend(cell_readers.mend(text)) == cell_readers.mend(text)


def test_only_a_text_that_says_nothing_as_it_stands_is_mended_and_that_is_told() -> None:
    words = vocabulary.read("life_domain")
    assert cell_readers.mending(cell_readers.code_reader(words, {}))("FinanciÃ«n") == ("finances", None, "mojibake")
    own = {vocabulary.key("FinanciÃ«n"): "housing"}
    assert cell_readers.mending(cell_readers.code_reader(words, own))("FinanciÃ«n") == ("housing", None, "crosswalk")
    assert cell_readers.mending(cell_readers.code_reader(words, {}))("FruÃ«l") == (None, "unreadable", "unknown_code")
    assert cell_readers.mending(cell_readers.read_label)("CafÃ© Ons") == ("Café Ons", None, "mojibake")
    assert cell_readers.mending(cell_readers.read_label)("Café  Ons") == ("Café Ons", None, "white_space")


def test_signs_that_take_no_room_and_split_accents_are_tidied() -> None:
    assert cell_readers.tidy(" Finan\u00adci\u200be\u0308n\u00a0 en  werk\ufeff") == "Financiën en werk"


# ---- several values in one cell -------------------------------------------------------------------------------------

DOMAINS = {"werk opleiding": "work", "werk": "work", "wonen": "home", "inkomen": "money", "werk inkomen": "work",
           "lichamelijke psychische gezondheid": "health"}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("Wonen; Werk / opleiding, Inkomen", ["Wonen", "Werk / opleiding", "Inkomen"]),
        ("Werk / inkomen", ["Werk", "inkomen"]),  # each a word with a meaning of its own
        ("lichamelijke / psychische gezondheid,Wonen", ["lichamelijke / psychische gezondheid", "Wonen"]),
        ("Wonen,, Tuin /", ["Wonen", "Tuin"]),
        ("", [""]),
    ],
)
def test_a_sign_within_a_known_word_does_not_cut_it(text: str, pieces: list[str]) -> None:
    assert cell_readers.pieces(text, ";,/", DOMAINS) == pieces


@given(st.text("ab;,/ ", max_size=12))
def test_without_known_words_every_sign_cuts(text: str) -> None:
    plain = [part.strip() for part in text.replace(",", ";").replace("/", ";").split(";")]
    assert cell_readers.pieces(text, ";,/", {}) == ([part for part in plain if part] or [""])


@given(st.lists(st.lists(st.sampled_from(["Werk", "opleiding", "Wonen", " ", ";", "/", ","]), max_size=7), max_size=6))
def test_a_column_of_cells_falls_into_the_pieces_of_each(cells: list[list[str]]) -> None:
    texts = ["".join(cell) for cell in cells]
    sizes, pieces = _pieces(pa.array(texts, pa.large_string()), ";,/", DOMAINS)
    of_each = [cell_readers.pieces(text, ";,/", DOMAINS) for text in texts]
    assert (sizes.tolist(), pieces.to_pylist()) == (
        [len(each) for each in of_each],
        [p for each in of_each for p in each],
    )


# ---- municipalities, against lists made by others -------------------------------------------------------------------


def rows(path: str, encoding: str, delimiter: str = ",") -> Iterator[dict[str, str]]:
    with corpus(path).open(encoding=encoding, newline="") as file:
        yield from csv.DictReader(file, delimiter=delimiter)


def code_of(written: str) -> Any:
    return cell_readers.code_reader(vocabulary.read("municipality"), {})(written)[0]


def test_every_municipality_of_2020_is_known_by_code_and_name() -> None:
    for row in rows("nl/cbs_schuld_kaart_risico_gemeente.csv", "cp1252", ";"):
        assert code_of(row["gemeentecode"] + "    ") == code_of(row["gemeentenaam"]) == row["gemeentecode"]


def test_every_municipality_of_2022_is_known_by_bare_number_and_name() -> None:
    for row in rows("nl/gemeente_postcode4.csv", "utf-8-sig"):
        assert code_of(row["gemcode"]) == code_of(row["gemeente"]) == f"GM{int(row['gemcode']):04}"


def test_every_municipality_of_2023_is_known_by_its_everyday_name_but_bergen() -> None:
    names = {row["gemeente"] for row in rows("nl/tk2023_per_gemeente.csv", "utf-8-sig")}
    assert {name for name in names if code_of(name) is None} == {"Bergen"}


def test_every_place_that_others_call_a_municipality_is_known_but_the_caribbean() -> None:
    names = corpus("refs/gemeentenamen_deduce.txt").read_text(encoding="utf-8").split("\n")
    assert {name for name in names if name and code_of(name) is None} == {"Bergen", "Bonaire", "Saba", "Sint Eustatius"}


@pytest.mark.parametrize("year", [2018, 2021])
def test_a_code_went_into_the_codes_where_its_addresses_are(year: int) -> None:
    towns = vocabulary.read("municipality")
    moved = list(rows(f"refs/grenswijziging_{year}_naar_{year + 1}.csv", "utf-8"))
    ended = {f"GM{row['van_gemeentecode']}" for row in moved} - {f"GM{row['naar_gemeentecode']}" for row in moved}
    for code in ended:
        into = {
            f"GM{row['naar_gemeentecode']}"
            for row in moved
            if f"GM{row['van_gemeentecode']}" == code and int(row["adressen"]) > 1
        }  # one address is a mended border
        assert set(towns[code].extra["into"]) == into, code
        assert towns[code].extra["valid_to"].isoformat() == f"{year}-12-31", code


def test_a_name_of_two_municipalities_names_both() -> None:
    assert unknown_words.meanings("gemeente Bergen", "municipality") == ("GM0373", "GM0893")
    assert unknown_words.nearest_word("Bergen", "municipality") is None
    assert unknown_words.meanings("Ede", "municipality") == ()


def test_small_numbers_are_no_municipalities_though_most_are_the_code_of_one() -> None:
    frame = pd.DataFrame([["Casusnummer", "Aanmelddatum", "Iets"], ["A1", "13-02-2020", "14"], ["A2", "14-02-2020", "34"],
                          ["A3", "15-02-2020", "50"]], index=range(1, 5), dtype="str")  # fmt: skip
    found = {p.heading: p for p in recognise("lijst.csv", "", frame, ()).proposals}
    assert all(t.column != "municipality" for c in found["Iets"].candidates for t in c.targets)
