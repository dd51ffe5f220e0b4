"""Nobody can be found back: what looks like an identifier is recognised, pseudonyms hold, and no name comes through."""

import re
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from iww_analysis.cleaning.known_sheet import KnownSheet
from iww_analysis.cleaning.rules import meetings
from iww_analysis.commands import build
from iww_analysis.commands.build import read_crosswalk, read_deliveries
from iww_analysis.io.disk import files
from iww_analysis.io.processed import store
from iww_analysis.privacy.text.names import addresses_somebody
from iww_analysis.privacy.text.shapes import identifiers_in, passes_eleven_test
from shared.frames import drawn, placed, plain_context, pseudonymiser
from shared.homes import as_bytes, home_with
from shared.sources import HOME, SOURCES, built

# Worked out by hand: 9·9+8·9+7·9+6·9+5·9 = 315, plus 4·d6 + 3·d7 + 2·d8 - d9; the sum must be a multiple of eleven.
# 99999001d: 315 + 0 + 0 + 2·1 - d9 = 317 - d9 = 308 + (9 - d9), so d9 = 9: 999990019 passes.
BSNS = ("999990019", "999996915", "999993343")


@pytest.mark.parametrize("bsn", BSNS)
def test_a_citizen_service_number_is_known_by_its_eleven_test(bsn: str) -> None:
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    assert sum(w * int(d) for w, d in zip(weights, bsn, strict=True)) % 11 == 0
    assert passes_eleven_test(bsn)
    assert identifiers_in(f"BSN {bsn}.") == ("bsn",)
    assert not any(passes_eleven_test(bsn[:-1] + d) for d in "0123456789" if d != bsn[-1])


def test_a_number_that_lost_its_zero_is_still_one() -> None:
    # 012345672: 9·0+8·1+7·2+6·3+5·4+4·5+3·6+2·7-2 = 110 = 10·11
    assert passes_eleven_test("12345672")
    assert identifiers_in("nr 12345672") == ("bsn",)


@pytest.mark.parametrize("text", ["", "1234567", "000000000", "00000000", "9999900190", "99999001", "twaalf"])
def test_other_numbers_are_not(text: str) -> None:
    assert not passes_eleven_test(text)


IDENTIFIERS = """
jan.jansen@example.nl           e-mail
JAN+wmo@mail.example            e-mail
NL91 BANK 0417 1643 00          iban
NL91BANK0417164300              iban
06-12345678                     telephone
06 1234 5678                    telephone
0318-123456                     telephone
+31 6 12345678                  telephone
0031612345678                   telephone
3841 AB                         postcode
3841AB                          postcode
"""


@pytest.mark.parametrize(("text", "kind"), [re.split(r"\s{3,}", line) for line in IDENTIFIERS.strip().splitlines()])
def test_what_points_to_a_person_is_recognised_alone_and_within_a_sentence(text: str, kind: str) -> None:
    assert kind in identifiers_in(text)
    assert kind in identifiers_in(f"Graag contact ({text}), dank.")


@pytest.mark.parametrize(
    "text", ["", "Zij bleef komen.", "3 van 4 casussen", "26-08-2020", "2020-08-26", "HW-19-9001", "GM0243", "0,75",
             "in 2019 en 2020",             "123456", "60 gesprekken in 12 weken", "1.234.567", "A1, A3", "Wmo 2015", "4-5 keer"],
)  # fmt: skip
def test_plain_texts_codes_and_days_are_no_identifier(text: str) -> None:
    assert identifiers_in(text) == ()


# ---- pseudonyms -----------------------------------------------------------------------------------------------------

KEY, OTHER = bytes(range(32)), bytes(range(1, 33))


def test_a_pseudonym_is_stable_and_depends_on_key_and_domain() -> None:
    one = pseudonymiser(KEY, "harderwijk|case_id")("HW-19-0001")
    assert one == pseudonymiser(KEY, "harderwijk|case_id")("HW-19-0001")
    assert re.fullmatch(r"p1-[a-z2-7]{16}", one)  # 80 bits in base32
    others = {
        pseudonymiser(OTHER, "harderwijk|case_id")("HW-19-0001"),
        pseudonymiser(KEY, "elburg|case_id")("HW-19-0001"),
        pseudonymiser(KEY, "harderwijk|person_id")("HW-19-0001"),
        pseudonymiser(KEY, "harderwijk|case_id")("HW-19-0002"),
    }
    assert len({one, *others}) == 5


def test_a_pseudonym_is_what_another_implementation_makes_of_it() -> None:
    # printf 'p1|harderwijk|case_id|1' | openssl dgst -sha256 -mac HMAC -macopt hexkey:000102…1f, first ten bytes, base32
    import base64
    import hashlib
    import hmac

    mac = hmac.digest(KEY, b"p1|harderwijk|case_id|1", hashlib.sha256)
    assert pseudonymiser(KEY, "harderwijk|case_id")("1") == "p1-" + base64.b32encode(mac[:10]).decode().lower()


@given(st.lists(st.text(), unique=True, max_size=30))
def test_unlike_identifiers_get_unlike_pseudonyms(identifiers: list[str]) -> None:
    hide = pseudonymiser(KEY, "x")
    assert len({hide(text) for text in identifiers}) == len(identifiers)


def test_a_short_key_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 32 bytes"):
        pseudonymiser(bytes(31), "x")


# ---- nothing of a person in what is made ----------------------------------------------------------------------------

# Headings of the synthetic sources under which somebody's name, number, address or day of birth stands.
TELLING = re.compile(r"bsn|burgerservicenummer|sofi|naam|^cliënt$|mail|telefoon|contact|\bgeb", re.IGNORECASE)
NOT_TELLING = re.compile(r"gebied|documentnaam", re.IGNORECASE)


@cache
def personal(source: str) -> dict[str, frozenset[str]]:
    """Heading -> what stands under it in the raw files of a source, for every heading that points to a person."""
    found: dict[str, set[str]] = defaultdict(set)
    for sheet in read_deliveries(HOME, source, read_crosswalk(HOME, source), []):
        if not isinstance(sheet, KnownSheet):
            continue
        cells, header = sheet.raw.cells, sheet.header.row
        for position, heading in cells.loc[header].items():
            if TELLING.search(heading) and not NOT_TELLING.search(heading):
                found[heading] |= set(cells.loc[sheet.rows_read.index, position].str.strip())
    words = {"", "-", "?", "TEST", "onbekend", "Onbekend", "n.v.t.", "nvt"}
    return {heading: frozenset(cell for cell in texts - words if len(cell) > 5) for heading, texts in found.items()}


def pieces(source: str) -> set[str]:
    """Every name, number, address and phone on its own: cells with several are taken apart."""
    return {
        piece.strip() for texts in personal(source).values() for text in texts for piece in re.split(r" / |; ", text)
    }


REGISTERS = ("beuningen", "druten", "elburg", "harderwijk", "nijmegen")


def test_the_raw_files_do_hold_what_must_not_come_through() -> None:
    assert {source for source in SOURCES if any(personal(source).values())} == set(REGISTERS)
    for source in REGISTERS:
        joined = "\n".join(pieces(source))
        assert len(pieces(source)) > 500
        assert re.search(r"99999\d{4}", joined)
        assert "@" in joined
        assert re.search(r"[A-Z][a-z]+ (van |de |den )*[A-Z][a-z]+", joined)


def test_every_telling_heading_is_ignored_or_becomes_an_age() -> None:
    for source in REGISTERS:
        walk = read_crosswalk(HOME, source)
        ignored = {heading.casefold() for sheet in walk.sheets for heading in sheet.ignore}
        births = {
            heading.casefold()
            for sheet in walk.sheets
            for heading, targets in sheet.columns.items()
            if all(target.column == "birth_date" for target in targets)
        }
        assert {heading.casefold() for heading in personal(source)} <= ignored | births


def made_of(source: str) -> Iterator[tuple[str, str]]:
    """Everything that a build makes, as text: name and content."""
    made = built(source)
    for name, table in made.tables.items():
        values = {str(value) for column in table for value in table[column].dropna().unique()}
        yield name, "\n".join(sorted(values))
        yield f"{name}.parquet", store.table_bytes(table).decode("latin-1")
    yield "ledger.json", files.as_json(made.ledger)
    yield (
        "messages",
        "\n".join(message.say(lang) for message in (*made.messages, *made.notices) for lang in ("nl", "en")),
    )


TOKEN = re.compile(r"[\w@.+-]+")


def tokens(texts: Iterable[str]) -> frozenset[str]:
    """The words, numbers and addresses in some texts, each on its own."""
    return frozenset(token.strip(".-+") for text in texts for token in TOKEN.findall(text))


@pytest.mark.parametrize("source", REGISTERS)
def test_no_direct_identifier_of_the_raw_files_is_in_anything_that_is_made(source: str) -> None:
    secret = {
        token for token in tokens(pieces(source)) if re.fullmatch(r"[A-Z][^\W\d_]{4,}|.+@.+|\d{8,}|06-\d+", token)
    }
    assert len(secret) > 300
    for name, text in made_of(source):
        assert not secret & tokens([text]), name


@pytest.mark.parametrize("source", SOURCES)
def test_nothing_that_looks_like_an_identifier_is_in_anything_that_is_made(source: str) -> None:
    bsn = re.compile(r"(?<!\d)99999\d{4}(?!\d)")
    for name, table in built(source).tables.items():
        for column in table.select_dtypes(["str", "object"]):
            if column in (
                "sha256",
                "source_id",
                "file",
            ):  # names of files hold a day, and one in eleven days passes the test
                continue
            telling = [value for value in table[column].dropna().unique() if identifiers_in(str(value))]
            assert not telling, f"{name}.{column}: {len(telling)}"
    for name, text in made_of(source):
        if not name.endswith(".parquet"):
            assert not bsn.search(text), name


@pytest.mark.parametrize("source", REGISTERS)
def test_no_day_of_birth_is_in_any_table(source: str) -> None:
    """No column of days holds what stood under a heading for days of birth; the key of a year of birth is a keyed hash."""
    for name, table in built(source).tables.items():
        assert not [column for column in table if "birth" in column and column != "birth_key"], name
        if "birth_key" in table:
            assert table["birth_key"].dropna().str.fullmatch(r"p1-[a-z2-7]{16}").all()
        for column in table.select_dtypes("datetime"):
            assert table[column].dropna().ge(pd.Timestamp("2017-01-01")).all(), f"{name}.{column}"
    changes = built(source).tables["changes"]
    of_birth = changes[changes["column"] == "birth_date"]
    assert not of_birth[["raw", "new"]].notna().any(axis=None)


def test_identifiers_of_cases_persons_and_households_are_pseudonyms_in_a_register() -> None:
    for source in REGISTERS:
        for name, table in built(source).tables.items():
            for column in {"case_id", "person_id", "household_id", "action_id"} & set(table):
                assert table[column].dropna().str.fullmatch(r"p1-[a-z2-7]{16}").all(), f"{source} {name}.{column}"


def test_no_message_holds_the_content_of_a_cell_that_can_be_personal(tmp_path: Path) -> None:
    walk = ('[[sheets]]\nfile = "c*"\none_row_is = "cases"\n[sheets.columns]\n"nr" = "cases.case_id"\n'
            '"op" = "cases.date_referral"\n'
            '"reden" = "cases.closure_reason"\n"team" = "cases.team"')  # fmt: skip
    cells = "nr;op;reden;team\n1;mevrouw Bakkersveld;Jan Jansen;bel 06-12345678\n;999990019;jan@example.nl;x\n"
    made = build.build(home_with(tmp_path, {"c.csv": cells}, walk), "here")
    said = "\n".join(
        text for message in (*made.messages, *made.notices) for text in (message.say("nl"), message.say("en"))
    )
    kept = "\n".join(store.table_bytes(table).decode("latin-1") for table in made.tables.values())
    for secret in ("Bakkersveld", "Jansen", "06-12345678", "999990019", "jan@example.nl"):
        assert secret not in said
        assert secret not in kept
        assert secret not in files.as_json(made.ledger)
    assert said


def test_everything_committed_is_invented() -> None:
    """BSNs from 99999xxxx, which is not given out; e-mail at example.nl or .example."""
    for source in SOURCES:
        for delivery in HOME.deliveries(source):
            for path in delivery.iterdir():
                if path.suffix == ".xlsx":
                    book = openpyxl.load_workbook(path, read_only=True)
                    cells = (
                        str(c)
                        for sheet in book
                        for row in sheet.iter_rows(values_only=True)
                        for c in row
                        if c is not None
                    )
                    text = "\n".join(cells)
                elif path.suffix == ".qdpx":
                    zipped = zipfile.ZipFile(path)
                    text = "\n".join(zipped.read(name).decode("utf-8") for name in zipped.namelist())
                else:
                    text = path.read_bytes().decode("cp1252", errors="replace")
                numbers = [n for n in re.findall(r"(?<![\w-])\d{9}(?![\w-])", text) if passes_eleven_test(n)]
                assert all(n.startswith("99999") for n in numbers), path.name
                assert all(
                    re.search(r"@(\w+\.)?example(\.nl)?$", mail) for mail in re.findall(r"[\w.+-]+@[\w.-]*\w", text)
                ), path.name


def test_bytes_are_bytes() -> None:
    assert as_bytes("é") == b"\xc3\xa9"


@pytest.mark.parametrize(
    ("text", "addressed"),
    [("mevrouw De Vries belde", True), ("Dhr. van der Berg", True), ("familie Jansen", True), ("mw. Bakker", True),
     ("mevrouw is boos", False), ("familie en vrienden", False), ("de heer van stand", False), ("Team Noord", False)],
)  # fmt: skip
def test_a_form_of_address_with_a_name_is_known(text: str, addressed: bool) -> None:
    assert addresses_somebody(text) is addressed


def test_an_observer_becomes_a_letter_and_one_with_a_name_or_number_beside_it_too() -> None:
    seen = drawn("""
        meeting   |item                 |value|observer     |as
        overleg 1 |naaste krijgt ruimte |4    |Anna Jansen  |C
        overleg 1 |naaste krijgt ruimte |3    |Aad de Boer  |B
        overleg 1 |doel is gedeeld      |3    |observator 2 |observator 2
        overleg 1 |doel is gedeeld      |5    |1            |1
        overleg 1 |doel is gedeeld      |5    |999990019    |A
        overleg 1 |doel is gedeeld      |5    |Fatima 2     |D
        overleg 1 |doel is gedeeld      |5    |onbekend     |
    """)
    made = meetings.clean({"observations": placed(seen.drop(columns="as"))}, plain_context())["observations"]
    assert made.records["observer"].fillna("").tolist() == seen["as"].tolist()
    assert made.problems.empty
