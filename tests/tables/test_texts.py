"""No text points out a person: identifiers by their shape, whom the source itself names, names of every origin."""

import re
from collections.abc import Sequence

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from iww_analysis.privacy.text.cover import Cover, may_be_shown
from iww_analysis.privacy.text.roster import HiddenColumns, roster_for
from iww_analysis.privacy.text.shapes import BSN_WEIGHTS, identifiers_in, shaped
from shared.frames import drawn

GAPS = st.sampled_from(["", " ", ".", "-", "/", " - ", "\u00a0"])


def bsn_of(first: int) -> str | None:
    """A number that passes the 11-proef, from its first eight digits; with some there is no ninth."""
    digits = f"{first:08}"
    rest = sum(w * int(d) for w, d in zip(BSN_WEIGHTS, digits, strict=False)) % 11
    return f"{digits}{rest}" if rest < 10 else None


BSNS = st.integers(99_999_000, 99_999_999).map(bsn_of).filter(bool)  # 99999xxxx is not given out


def separated(digits: str, gaps: Sequence[str]) -> str:
    return "".join(digit + gap for digit, gap in zip(digits, [*gaps, ""], strict=True))


@given(BSNS, st.lists(GAPS, min_size=8, max_size=8))
def test_a_bsn_is_found_whatever_separates_its_digits(bsn: str, gaps: list[str]) -> None:
    text = f"zij heet zo (bsn {separated(bsn, gaps)}) en woont hier"
    assert not re.search(r"\d", Cover()(text).text)


@given(BSNS, st.integers(0, 9), GAPS)
def test_a_number_that_fails_the_eleven_test_is_found_where_a_hidden_column_has_it(
    bsn: str, other: int, gap: str
) -> None:
    number = bsn[:-1] + str(other)
    written = gap.join([number[:4], number[4:]])
    hidden = HiddenColumns()
    hidden.add("cliëntnummer", pa.array([number, "99999123"]))
    text = f"nummer {written} belde"
    assert Cover(roster_for([text], [hidden]))(text).text == "nummer […] belde"


SHAPES = """
text                                         | shown
bel 06.12.34.56.78                           | bel […]
klantnummer: 77 5952                         | klantnummer: […]
1957ZB158                                    | […]
bel 06/12345678                              | bel […]
bel (0318) 123 456                           | bel […]
nl91 bank 0417 1643 00                       | […]
NL91.BANK.0417.1643.00                       | […]
mail jan at example punt nl                  | mail […]
mail jan(at)example.nl                       | mail […]
mail jan apenstaartje example.nl             | mail […]
woont op 3841ab 12                           | woont op […]
woont op 3841 AB                             | woont op […]
auto GX-123-B                                | auto […]
auto gx-123-b                                | auto […]
auto 12abc3                                  | auto […]
geb. 3-5-1980                                | geb. […]
geboren te Elburg op 3 mei 2012              | geboren te Elburg op […]
op 03-05-1980                                | op […]
cliëntnummer 4711                            | cliëntnummer […]
dossiernr. A-20-331                          | dossiernr. […]
"""


@pytest.mark.parametrize(("text", "shown"), drawn(SHAPES).to_numpy().tolist())
def test_an_identifier_is_known_by_its_shape_in_any_writing(text: str, shown: str) -> None:
    assert Cover()(text).text == shown


ORDINARY = [
    "in 2019 is zij gestart", "op 26-08-2020 om 14:30", "26-08-2020 3 keer", "2019 en 2020", "1500 km per jaar", "GM0243",
    "HW-19-9001", "A4 t/m A6", "12 van 30", "1.234.567", "2015 wordt 2016", "per 01-02-2020 13:00", "de client mag 3 keer",
]  # fmt: skip


@pytest.mark.parametrize("text", ORDINARY)
def test_a_year_a_day_a_code_and_a_count_are_no_identifier(text: str) -> None:
    assert not shaped(text)
    assert identifiers_in(text) == ()


# ---- names ----------------------------------------------------------------------------------------------------------

NAMED = """
text                                            | shown
mevrouw De Vries belde                          | mevrouw […] belde
mevr. de wit heeft hulp                         | mevr. […] heeft hulp
buurvrouw yordanos helpt                        | buurvrouw […] helpt
Fatima el Amrani kwam                           | […] kwam
fatima el amrani kwam                           | […] kwam
YILDIZ, Ayşe                                    | […]
volgens Tesfay Gebremedhin                      | volgens […]
volgens Oluwaseun Adeyemi                       | volgens […]
Selam Tekle vertelde                            | […] vertelde
J.P. de Vries is arts                           | […] is arts
gesproken met Agnieszka Kowalczyk               | gesproken met […]
Nguyen Van Minh, Chen Wei, Rajesh Ramdin        | […]
Jan krijgt rust                                 | […] krijgt rust
dat zei Bloem ook                               | dat zei […] ook
wij spraken de Wit                              | wij spraken […]
de buurt om de Dorpsstraat 12a                  | de buurt om de […]
zij woont aan de Kerkweg 4, boven               | zij woont aan de […], boven
mail naar fatima.qwarazi en bel                 | mail naar […] en bel
FatimaYildiz vertelde                           | […] vertelde
na overleg met TOURIA MEZOUAR is er rust        | na overleg met […] is er rust
de brief van Ł. Cojocaru                        | de brief van […]
Kifleyesqu, Alganesq                            | […]
"""


@pytest.mark.parametrize(("text", "shown"), drawn(NAMED).to_numpy().tolist())
def test_a_name_of_any_origin_is_held_back(text: str, shown: str) -> None:
    assert Cover()(text).text == shown


@pytest.mark.parametrize(
    "text",
    ["De bloem staat in de tuin", "Bakker is een vak", "Hoop op beter", "Wil graag hulp", "mevrouw wil hulp", "Mark",
     "de heer van stand", "familie en vrienden", "Cliënt houdt de regie", "De gemeente Harderwijk", "Team Noord",
     "ervaring 2 en antwoord 3", "overzicht 2020", "onderweg 3 keer", "het Leger des Heils", "de Wmo en de GGZ",
     "Gezin krijgt rust", "Eén plan, één regisseur"],
)  # fmt: skip
def test_an_ordinary_word_stays_though_it_is_a_name_too(text: str) -> None:
    assert Cover()(text).text == text


@pytest.mark.parametrize(
    "name", ["Team Elburg", "GGZ Rivier", "Samenwerkverband Zorgplus", "Arena Noord", "Thuiszorg De Els"]
)
def test_a_capital_tells_nothing_in_the_name_of_a_team_or_organisation(name: str) -> None:
    assert Cover()(name, proper=True).text == name


@pytest.mark.parametrize(
    "name", ["Fatima Qwarazi", "Natsnet-Bekele", "TouriaOuchan", "touria ouchan", "Roos Postma", "Wąsowska, Bogusława"]
)
def test_two_words_that_are_a_name_are_one_where_teams_and_organisations_are_named_too(name: str) -> None:
    assert Cover()(name, proper=True).text == "[…]"


def test_a_word_of_which_a_person_said_that_it_names_nobody_stays() -> None:
    assert Cover()("wij spraken Waaierhofq").text == "wij spraken […]"
    assert Cover(no_names={"waaierhofq"})("wij spraken Waaierhofq").text == "wij spraken Waaierhofq"


@pytest.mark.parametrize(
    ("word", "may"), [("verhuisd", True), ("Jan Jansen", False), ("999990019", False), ("bij Fatima", False)]
)
def test_a_word_of_a_list_is_shown_where_it_points_out_nobody(word: str, may: bool) -> None:
    assert may_be_shown(word) is may


def test_two_texts_that_differ_stay_two() -> None:
    cover = Cover()
    shown = [cover(text).text for text in ("mevrouw Jansen belt", "mevrouw Bakker belt", "mevrouw Jansen belt")]
    assert shown == ["mevrouw […] belt", "mevrouw […] (2) belt", "mevrouw […] belt"]


# ---- roster ---------------------------------------------------------------------------------------------------------


def roster_of(texts: Sequence[str], **columns: Sequence[str]) -> Cover:
    hidden = HiddenColumns()
    for heading, cells in columns.items():
        hidden.add(heading, pa.array(cells))
    return Cover(roster_for(texts, [hidden]))


PEOPLE = ["Xqwara el Zsomething", "Fatima Yildiz", "Jan Jansen", "Piet de Boer", "Ayşe Kaya"]


@pytest.mark.parametrize(
    "text",
    ["xqwara hielp", "Zsomething, X.", "zsomething xqwara", "xqwaraelzsomething", "zsomethingxqwara", "xqw ara"],
)
def test_whom_the_source_names_is_found_in_any_order_in_small_letters_and_in_pieces(text: str) -> None:
    assert "…" in roster_of([text], naam=PEOPLE)(text).text
    assert not re.search(r"xqwara|zsomething", roster_of([text], naam=PEOPLE)(text).text, re.IGNORECASE)


@pytest.mark.parametrize("text", ["tjerk de bakker", "Bakker, Tjerk", "TJERK BAKKER", "tjerk.bakker"])
def test_a_whole_name_of_the_source_is_found_however_ordinary_its_words(text: str) -> None:
    hidden = [*PEOPLE, "Tjerk de Bakker"]
    assert roster_of([text], naam=hidden)(text).text == "[…]"
    assert roster_of(["de bakker en de boer"], naam=hidden)("de bakker en de boer").text == "de bakker en de boer"


def test_a_hidden_column_of_ordinary_words_hides_none_of_them() -> None:
    text = "regie bij cliënt, afgesloten"
    assert roster_of([text], status=["afgesloten", "lopend"], effect=["cliënt heeft de regie"])(text).text == text


def test_a_client_number_is_known_by_the_shape_that_the_source_gives_it() -> None:
    text = "zie ook zk-2019/004711 en ZK2019004712"
    cover = roster_of([text], zaak=["ZK-2019-000001", "ZK-2019-000002", "ZK-2020-000003"])
    assert cover(text).text == "zie ook […] en […]"


def test_a_day_of_birth_of_the_source_is_found_however_it_is_written() -> None:
    text = "jarig op 3-5-2014, gesprek op 4-5-2021"
    assert roster_of([text], geboren=["2014-05-03 00:00:00"])(text).text == "jarig op […], gesprek op 4-5-2021"
