"""Files as they come and go: every encoding and separator, Excel's own row numbers, and no half-written file."""

import datetime as dt
import io
import math
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iww_analysis.io.delivered_files import RawSheet, read_sheets
from iww_analysis.io.disk import files, folders
from iww_analysis.io.disk.home import Home, find
from iww_analysis.io.processed import store
from iww_analysis.messages.errors import IwwError
from shared.homes import workbook
from shared.sources import HOME

# ---- whole files ----------------------------------------------------------------------------------------------------


def test_a_file_that_already_holds_these_bytes_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "a.bin"
    assert files.write_bytes(path, b"one")
    before = path.stat()
    assert not files.write_bytes(path, b"one")
    assert (path.stat().st_mtime_ns, path.stat().st_ino) == (before.st_mtime_ns, before.st_ino)
    assert files.write_bytes(path, b"two")
    assert path.read_bytes() == b"two"


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(b"old")
    with pytest.raises(TypeError):
        files.write_bytes(path, "text is no bytes")  # type: ignore[arg-type]
    assert path.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == ["a.bin"]


def test_a_file_that_cannot_be_replaced_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.bin").mkdir()
    with pytest.raises(IwwError) as refused:
        files.write_bytes(tmp_path / "a.bin", b"x")
    (message,) = refused.value.messages
    assert (message.code, message.place.file) == ("file_locked", "a.bin")
    assert [p.name for p in tmp_path.iterdir()] == ["a.bin"]


def test_a_file_that_is_not_there_or_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(IwwError, match=r"a\.bin"):
        files.read_bytes(tmp_path / "a.bin")
    with pytest.raises(IwwError) as refused:
        files.read_bytes(tmp_path)
    assert refused.value.messages[0].code == "file_locked"


def test_json_has_one_form() -> None:
    assert (
        files.as_json({"b": 1, "a": "é", "day": dt.date(2020, 1, 2)})
        == '{\n "b": 1,\n "a": "é",\n "day": "2020-01-02"\n}\n'
    )


@pytest.mark.parametrize(("content", "detail"), [(b'a = "\xff"', "UTF-8"), (b'a = "x\n', "line 1")])
def test_broken_toml_says_what_is_wrong_with_it(content: bytes, detail: str, tmp_path: Path) -> None:
    (tmp_path / "x.toml").write_bytes(content)
    with pytest.raises(IwwError) as refused:
        files.read_toml(tmp_path / "x.toml")
    assert refused.value.messages[0].code == "toml_broken"
    assert detail in refused.value.say("en")


# ---- home -----------------------------------------------------------------------------------------------------------


def test_home_is_the_one_given_else_the_environment_else_the_nearest_above(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "home" / "data" / "raw").mkdir(parents=True)
    inside = tmp_path / "home" / "notebooks" / "eigen"
    inside.mkdir(parents=True)
    monkeypatch.chdir(inside)
    monkeypatch.delenv("IWW_HOME", raising=False)
    assert find().path == (tmp_path / "home").resolve()
    monkeypatch.setenv("IWW_HOME", str(tmp_path))
    assert find().path == tmp_path.resolve()
    assert find(inside).path == inside.resolve()


def test_without_a_home_a_sentence_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("IWW_HOME", raising=False)
    with pytest.raises(IwwError) as refused:
        find()
    assert refused.value.messages[0].code == "no_home"


def test_deliveries_come_in_order_of_receipt() -> None:
    assert [folder.name for folder in HOME.deliveries("nijmegen")] == ["2020-01-15", "2021-01-15"]
    assert HOME.deliveries("nowhere") == ()
    assert Home(Path("/nowhere")).sources() == ()


# ---- processed tables -----------------------------------------------------------------------------------------------


def table() -> pd.DataFrame:
    frame = pd.DataFrame({"text": ["a", None, "é"], "n": pd.array([1, None, 3], dtype="Int64"), "row": [1, 2, 3]})
    return frame.astype({"text": "str"}).assign(
        day=pd.to_datetime(["2020-01-02", None, "2021-01-01"]).astype("datetime64[us]")
    )


def test_the_same_table_gives_the_same_bytes_and_comes_back_equal(tmp_path: Path) -> None:
    assert store.table_bytes(table()) == store.table_bytes(table().copy())
    folders.write(tmp_path, store.contents({"t": table()}.items(), {}), folders.BUILD)
    back = store.read_table(tmp_path / "t.parquet")
    pd.testing.assert_frame_equal(back, table())


def test_a_table_that_is_no_more_goes_away(tmp_path: Path) -> None:
    folders.write(tmp_path, store.contents({"old": table(), "both": table()}.items(), {}), folders.BUILD)
    folders.write(tmp_path, store.contents({"both": table()}.items(), {}), folders.BUILD)
    assert {path.stem for path in tmp_path.glob("*.parquet")} == {"both"}


@pytest.mark.parametrize("at", [0.0, 0.02, 0.3, 0.97])
def test_one_flipped_bit_in_a_table_is_found_or_harmless_but_never_another_value(at: float, tmp_path: Path) -> None:
    many = pd.concat([table()] * 500, ignore_index=True)
    folders.write(tmp_path, store.contents({"t": many}.items(), {}), folders.BUILD)
    path = tmp_path / "t.parquet"
    content = bytearray(path.read_bytes())
    content[int(at * (len(content) - 1))] ^= 0x10
    path.write_bytes(bytes(content))
    try:
        back = store.read_table(path)
    except IwwError as error:
        assert error.messages[0].code == "table_broken"  # noqa: PT017 - or else it reads as it was
    else:
        pd.testing.assert_frame_equal(back, many, check_dtype=False)


def test_half_a_table_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "t.parquet").write_bytes(store.table_bytes(table())[:200])
    with pytest.raises(IwwError, match="tabel is beschadigd"):
        store.read_table(tmp_path / "t.parquet")


# ---- text files -----------------------------------------------------------------------------------------------------


def text_file(content: bytes, name: str = "a.csv") -> RawSheet:
    (sheet,) = read_sheets(Path(name), content)
    return sheet


def rows(sheet: RawSheet) -> list[list[str]]:
    return [list(map(str, row)) for row in sheet.cells.to_numpy().tolist()]


TEXT = "nr;één;Wijk\r\n1;café €;Sint-Annaparochie\r\n"


@pytest.mark.parametrize(
    ("encoding", "named"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("cp1252", "cp1252"), ("utf-16", "utf-16")],
)
def test_the_encoding_is_found(encoding: str, named: str) -> None:
    sheet = text_file(TEXT.encode(encoding))
    assert (sheet.encoding, rows(sheet)) == (named, [["nr", "één", "Wijk"], ["1", "café €", "Sint-Annaparochie"]])


def test_big_endian_utf_16_is_found_by_its_mark() -> None:
    assert rows(text_file(b"\xfe\xff" + TEXT.encode("utf-16-be")))[1][1] == "café €"


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_the_separator_is_found(delimiter: str) -> None:
    sheet = text_file(delimiter.join(["a", "b", "c"]).encode() + b"\n" + delimiter.join(["1", "2", "3"]).encode())
    assert (sheet.delimiter, rows(sheet)) == (delimiter, [["a", "b", "c"], ["1", "2", "3"]])


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [("nr;note\n1;a, b, c, d\n2;e, f, g, h\n", ";"), ("Lijst, 2020, concept\nnr;op;af\n1;2;3\n2;3;4\n", ";"),
     ("nr;score\n1;2,0\n2;3,0\n", ";"), ("nr,note\n1,a;b\n", ","), ("alleen\n1\n", ";"),
     ("gezin;gebieden;af\n1;a|b|c|d;x\n2;a|b|c|d;y\n", ";")],
)  # fmt: skip
def test_signs_within_the_cells_are_not_taken_for_the_separator(text: str, delimiter: str) -> None:
    assert text_file(text.encode()).delimiter == delimiter


WORDS = ("Financiën", "café", "naïef", "coördinatie", "Súdwest-Fryslân", "een goed woord", "één", "Özil", "à la carte")


@pytest.mark.parametrize("page", ["cp1252", "cp850", "mac_roman"])
def test_text_of_dos_and_of_old_macs_is_told_from_that_of_windows_and_said(page: str) -> None:
    sheet = text_file("\r\n".join(["nr;woord", *(f"{n};{word}" for n, word in enumerate(WORDS))]).encode(page))
    assert sheet.encoding == page
    assert [row[1] for row in rows(sheet)[1:]] == list(WORDS)
    assert [m.code for m in sheet.notes] == ([] if page == "cp1252" else ["file_code_page"])


@pytest.mark.parametrize(
    "text", ["foto’s €5 “x” – zo’n…", "Žižek", "Škoda;Müller", "Œuvre", "Søren Ærø", "FINANCIËN", "hé, “knieën”"]
)
def test_signs_of_windows_are_no_doubt(text: str) -> None:
    sheet = text_file(f"nr;woord\n1;{text}\n".encode("cp1252"))
    assert (sheet.encoding, sheet.notes) == ("cp1252", ())


PROSE = "".join(f'Z{n};1-2-2022;"schulden, werk, wonen\nhuur, energie, zorg\nvader, moeder"\n' for n in range(9))
TITLE = "Overzicht wijkteams, 2022, concept\nbron: gemeente, team Noord, lijst\n"


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("nr;dag;toelichting\n" + PROSE, ";"), (TITLE + "nr;dag;toelichting\n" + PROSE, ";"),
        ("nr;dag;Gebied(en), alle genoemde\n" + "Z1;1-2-2022;Geld, Wonen, Werk, Netwerk\n" * 9, ";"),
        ('"a, b";"c, d";"e, f"\n' * 9, ";"), ("1,5;2,5;3,5\n" * 9, ";"), ("a, b, c\n1, 2, 3\n", ","),
        ("nr,note\n" + '1,"a;b;c"\n2,"d;e;f"\n' * 5, ","), ("nr\tnote\n1\ta, b; c\n2\td, e; f\n", "\t"),
        ("sep=,\na;b,c;d\n1;2,3;4\n", ","), ("sep=;\nnr;dag\n1;2\n", ";"),
    ],
)  # fmt: skip
def test_the_separator_is_that_of_the_reading_most_like_a_table(text: str, delimiter: str) -> None:
    assert text_file(text.encode()).delimiter == delimiter


def test_a_cell_of_several_lines_is_one_cell_and_rows_keep_their_number() -> None:
    sheet = text_file(b'nr;note;c\r\n1;"one\r\ntwo ""quoted""";x\r\n\r\n2;;y\r\n')
    assert rows(sheet) == [["nr", "note", "c"], ["1", 'one\r\ntwo "quoted"', "x"], ["", "", ""], ["2", "", "y"]]
    assert list(sheet.cells.index) == [1, 2, 3, 4]  # records, not lines
    assert sheet.widths is not None
    assert sheet.widths.tolist() == [3, 3, 0, 3]


CELL = st.text(
    alphabet=st.characters(codec="utf-8", exclude_characters="\x00\r\n", exclude_categories=["Cs"]), max_size=8
)


@given(grid=st.lists(st.lists(CELL, min_size=4, max_size=4), min_size=2, max_size=6))
def test_whatever_python_writes_as_csv_is_read_back(grid: list[list[str]]) -> None:
    import csv

    out = io.StringIO(newline="")
    csv.writer(out, delimiter=";", lineterminator="\r\n", quoting=csv.QUOTE_ALL).writerows(
        [["a", "b", "c", "d"], *grid]
    )
    sheet = text_file(out.getvalue().encode())
    if sheet.delimiter == ";":
        assert rows(sheet) == [["a", "b", "c", "d"], *grid]


def test_a_quote_within_a_cell_is_just_a_sign() -> None:
    assert rows(text_file(b'nr;maat;c\n1;12" buis;x\n2;y;z\n'))[1][1] == '12" buis'


# ---- workbooks ------------------------------------------------------------------------------------------------------


def test_cells_become_the_text_a_person_means() -> None:
    moment = dt.datetime.fromisoformat("2020-08-26T13:45:00")
    row = [3, 3.0, 2.5, True, False, dt.date(2020, 8, 26), moment, "  x ", None, "0012"]
    (sheet,) = read_sheets(Path("a.xlsx"), workbook({"S": [row]}))
    assert rows(sheet) == [["3", "3", "2.5", "ja", "nee", "2020-08-26", "2020-08-26 13:45:00", "  x ", "", "0012"]]


@pytest.mark.parametrize("path", sorted(HOME.raw.glob("*/*/*.xlsx")), ids=lambda path: path.name)
def test_row_numbers_are_excels_own(path: Path) -> None:
    book = openpyxl.load_workbook(path)
    for sheet in read_sheets(path, path.read_bytes()):
        other = book[sheet.name]
        assert sheet.hidden == (other.sheet_state != "visible")
        for row, *cells in sheet.cells.itertuples(name=None):
            for column, text in enumerate(cells, start=1):
                value = other.cell(row, column).value
                if isinstance(value, str):
                    assert text == value.replace("_x000D_", "\r") or not value.strip(), (sheet.name, row, column)
                elif value is not None:
                    assert text, (sheet.name, row, column)


@settings(max_examples=25)
@given(top=st.integers(1, 6), left=st.integers(1, 4), gaps=st.lists(st.integers(1, 3), min_size=1, max_size=5))
def test_a_table_that_starts_anywhere_keeps_its_row_numbers(top: int, left: int, gaps: list[int]) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    filled, row = [], top
    for gap in gaps:
        sheet.cell(row, left, f"row {row}")
        filled.append(row)
        row += gap
    out = io.BytesIO()
    book.save(out)
    (read,) = read_sheets(Path("a.xlsx"), out.getvalue())
    assert {i: t for i, t in read.cells[left - 1].items() if t} == {row: f"row {row}" for row in filled}


def test_a_cell_merged_over_rows_says_the_same_in_each_and_a_title_over_columns_does_not() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in [
        ["Titel", None, None],
        ["soort", "nr", "x"],
        ["activiteit", "A1", 1],
        [None, "A2", 2],
        [None, "A3", 3],
        ["effect", "E1", 4],
    ]:
        sheet.append(row)
    for area in ("A1:C1", "A3:A5"):
        sheet.merge_cells(area)
    out = io.BytesIO()
    book.save(out)
    (read,) = read_sheets(Path("a.xlsx"), out.getvalue())
    assert read.cells[0].tolist() == ["Titel", "soort", "activiteit", "activiteit", "activiteit", "effect"]
    assert rows(read)[0] == ["Titel", "", ""]


def test_an_empty_sheet_and_a_hidden_one_are_sheets_too() -> None:
    book = openpyxl.Workbook()
    book.create_sheet("Lijsten").sheet_state = "hidden"
    book["Lijsten"].append(["a"])
    out = io.BytesIO()
    book.save(out)
    first, second = read_sheets(Path("a.xlsx"), out.getvalue())
    assert (len(first.cells), first.hidden) == (0, False)
    assert (len(second.cells), second.hidden) == (1, True)


def test_a_sheet_that_is_a_chart_is_no_reason_to_refuse_the_others() -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append(["nr", "op"])
    book.create_chartsheet("Grafiek")
    out = io.BytesIO()
    book.save(out)
    assert [sheet.name for sheet in read_sheets(Path("a.xlsx"), out.getvalue())] == ["Sheet"]


WORKBOOK = workbook({"S": [["nr", "op"], *[[n, f"1-2-{2000 + n % 20}"] for n in range(60)]]})


REFUSED = {"workbook_broken", "not_a_workbook", "file_empty", "file_encoding", "file_nul", "stray_quote", "workbook_locked",
           "zip_bomb", "zip_unsafe", "xml_entities", "sheet_far"}  # fmt: skip


@settings(max_examples=60)
@given(at=st.floats(0, 1), bit=st.integers(0, 7), cut=st.booleans())
def test_a_damaged_workbook_is_refused_in_one_sentence_or_read(at: float, bit: int, cut: bool) -> None:
    content = bytearray(WORKBOOK)
    where = int(at * (len(content) - 1))
    if cut:
        del content[where:]
    else:
        content[where] ^= 1 << bit
    try:
        read_sheets(Path("a.xlsx"), bytes(content))
    except IwwError as error:
        (message,) = error.messages
        assert message.code in REFUSED


def test_numbers_that_are_no_numbers_are_still_text() -> None:
    (sheet,) = read_sheets(Path("a.xlsx"), workbook({"S": [["#N/A", 1e20, -0.0]]}))
    assert rows(sheet)[0][1:] == ["100000000000000000000", "0"]
    assert math.isnan(float("nan"))


@pytest.mark.parametrize("mark", [b"\xef\xbb\xbf", b"\xff\xfe"])
def test_a_byte_order_mark_alone_is_a_sheet_without_rows(mark: bytes) -> None:
    (sheet,) = read_sheets(Path("a.csv"), mark)
    assert sheet.cells.empty
