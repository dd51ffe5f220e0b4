"""Workbooks: every kind gives the same text, as Excel shows it, in Excel's own rows."""

import datetime as dt
import io
import zipfile
from collections.abc import Sequence

import openpyxl
import pytest
import xlwt
from openpyxl.styles import numbers

from iww_analysis.io.formats.workbook import read_workbook
from iww_analysis.messages.errors import IwwError
from iww_analysis.tables.raw_sheet import RawSheet
from shared.homes import corpus, workbook
from shared.opendocument import cell, ods, zipped


def saved(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def rows(sheet: RawSheet) -> list[list[str]]:
    return sheet.cells.to_numpy().tolist()


def read(content: bytes, name: str = "a.xlsx") -> list[list[str]]:
    return rows(read_workbook(name, content)[0])


# The same table in three kinds of file, beginning in B4: text that looks like a number, a whole number, a number with
# the noise of floating point (0.1 + 0.2), a yes, a day, a moment, a duration of 36 hours, half past nine, a percentage.
TABLE = [
    "001",
    "1",
    "0.3",
    "ja",
    "2020-08-26",
    "2020-08-26 13:45:00",
    "36:30:00",
    "09:30:00",
    "0.25",
    "NA",
    "1e5",
    "a\nb",
]
VALUES: Sequence[tuple[object, str]] = [
    ("001", "General"), (1, "General"), (0.1 + 0.2, "General"), (True, "General"),
    (dt.date(2020, 8, 26), "DD-MM-YYYY"), (dt.datetime(2020, 8, 26, 13, 45), "DD-MM-YYYY HH:MM"),  # noqa: DTZ001
    (36.5 / 24, "[h]:mm"), (9.5 / 24, "hh:mm"), (0.25, "0%"), ("NA", "General"), ("1e5", "General"), ("a\nb", "General"),
]  # fmt: skip


def xlsx_table() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for column, (value, form) in enumerate(VALUES, start=2):
        sheet.cell(4, column, value).number_format = form
    return saved(book)


def xls_table() -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("Blad1")
    for column, (value, form) in enumerate(VALUES, start=1):
        sheet.write(3, column, value, xlwt.easyxf(num_format_str=form))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def ods_table() -> bytes:
    cells = [
        cell("string", "001"), cell("float", "1", 'office:value="1"'),
        cell("float", "0,3", 'office:value="0.30000000000000004"'), cell("boolean", "WAAR", 'office:boolean-value="true"'),
        cell("date", "26-08-20", 'office:date-value="2020-08-26"'),
        cell("date", "26-08-20 13:45", 'office:date-value="2020-08-26T13:45:00"'),
        cell("time", "36:30", 'office:time-value="PT36H30M00S"'), cell("time", "09:30", 'office:time-value="PT09H30M00S"'),
        cell("percentage", "25%", 'office:value="0.25"'), cell("string", "NA"), cell("string", "1e5"),
        cell("string", "a</text:p><text:p>b"),
    ]  # fmt: skip
    empty = '<table:table-cell table:number-columns-repeated="1024"/>'
    above = f'<table:table-row table:number-rows-repeated="3">{empty}</table:table-row>'
    row = f"<table:table-row><table:table-cell/>{''.join(cells)}</table:table-row>"
    below = above.replace('rows-repeated="3"', 'rows-repeated="1048570"')
    return ods(f'<table:table table:name="Blad1">{above}{row}{below}</table:table>')


@pytest.mark.parametrize(("name", "make"), [("a.xlsx", xlsx_table), ("a.xls", xls_table), ("a.ods", ods_table)])
def test_a_table_that_begins_in_b4_reads_the_same_from_every_kind(name: str, make: object) -> None:
    (sheet,) = read_workbook(name, make())  # type: ignore[operator]
    assert rows(sheet) == [[""] * 13] * 3 + [["", *TABLE]]
    assert list(sheet.cells.index) == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0.1 + 0.2, "0.3"), (1 / 3, "0.333333333333333"), (1e-7, "0.0000001"), (-0.0, "0"), (1e15, "1000000000000000"),
        (1234567890123456, "1234567890123456"),  # 16 digits, and exact in the file
        (1234567890123456789, "1234567890123460000"),  # 19: only 15 are sure
        (41800000.01, "41800000.01"), (-12.5, "-12.5"), (100.0, "100"),
    ],
)  # fmt: skip
def test_a_number_is_written_in_full_with_the_digits_excel_keeps(number: float, text: str) -> None:
    assert read(workbook({"Blad1": [[number]]})) == [[text]]


def test_numbers_that_are_too_long_for_excel_are_said_with_their_column() -> None:
    (sheet,) = read_workbook("a.xlsx", workbook({"Blad1": [["nr", "n"], [1234567890123456, 5]]}))
    assert [(m.code, m.place.sheet, m.words) for m in sheet.notes] == [("digits_lost", "Blad1", {"columns": "A"})]


def test_yes_and_one_in_one_column_stay_apart() -> None:
    assert read(workbook({"Blad1": [[True], [1], [False], [0], ["x"]]})) == [["ja"], ["1"], ["nee"], ["0"], ["x"]]


def test_an_error_is_its_text() -> None:
    assert read(workbook({"A&B": [["", ""], ["", "#N/A"], ["#DIV/0!", "x"]]})) == [
        ["", ""],
        ["", "#N/A"],
        ["#DIV/0!", "x"],
    ]


def test_errors_months_and_hidden_rows_of_xls_are_as_those_of_xlsx() -> None:
    book = xlwt.Workbook()
    book.add_sheet("Ander").write(0, 0, "y")
    sheet = book.add_sheet("B")
    sheet.write(0, 1, "x")
    sheet.row(0).set_cell_error(0, 0x2A)  # #N/A
    for column, form in enumerate(("mmm-yy", "mmmm yyyy", "dd-mm-yyyy")):
        sheet.write(1, column, dt.date(2022, 5, 1), xlwt.easyxf(num_format_str=form))
    sheet.write(2, 0, "door", xlwt.easyxf("font: struck_out on"))
    sheet.row(2).hidden = True
    sheet.col(2).hidden = True
    out = io.BytesIO()
    book.save(out)
    _, read_sheet = read_workbook("a.xls", out.getvalue())
    assert rows(read_sheet) == [["#N/A", "x", ""], ["2022-05", "2022-05", "2022-05-01"], ["door", "", ""]]
    assert noted(read_sheet) == {
        "rows_hidden": {"n": 1, "columns": ""}, "columns_hidden": {"columns": "C"}, "cells_struck": {"n": 1},
        "months_shown": {"n": 2, "columns": "A, B"},
    }  # fmt: skip


def test_days_counted_from_1904_are_the_same_days() -> None:
    book = openpyxl.Workbook()
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    book.worksheets[0]["A1"] = dt.date(2020, 8, 26)
    assert read(saved(book)) == [["2020-08-26"]]
    old = xlwt.Workbook()
    old.dates_1904 = True
    old.add_sheet("B").write(0, 0, 40000.0, xlwt.easyxf(num_format_str="DD-MM-YYYY"))  # 1904-01-01 and 40,000 days
    out = io.BytesIO()
    old.save(out)
    assert read(out.getvalue(), "a.xls") == [["2013-07-07"]]


def test_hidden_sheets_are_marked_and_charts_have_no_rows() -> None:
    book = openpyxl.Workbook()
    book.worksheets[0]["A1"] = "x"
    book.create_sheet("Verborgen").sheet_state = "hidden"
    book.create_sheet("Diep").sheet_state = "veryHidden"
    book.create_chartsheet("Grafiek")
    sheets = read_workbook("a.xlsx", saved(book))
    assert [(s.name, s.hidden) for s in sheets] == [("Sheet", False), ("Verborgen", True), ("Diep", True)]


def test_hidden_sheets_of_xls_and_ods_are_marked() -> None:
    book = xlwt.Workbook()
    book.add_sheet("Open")
    book.add_sheet("Dicht").visibility = 1
    out = io.BytesIO()
    book.save(out)
    assert [(s.name, s.hidden) for s in read_workbook("a.xls", out.getvalue())] == [("Open", False), ("Dicht", True)]
    style = (
        '<style:style style:name="t" style:family="table"><style:table-properties table:display="false"/></style:style>'
    )
    tables = '<table:table table:name="Open"/><table:table table:name="Dicht" table:style-name="t"/>'
    assert [(s.name, s.hidden) for s in read_workbook("a.ods", ods(tables, style))] == [
        ("Open", False),
        ("Dicht", True),
    ]


def merged(table: Sequence[Sequence[str]], *ranges: str) -> list[list[str]]:
    book = openpyxl.Workbook()
    for row in table:
        book.worksheets[0].append(row)
    for name in ranges:
        book.worksheets[0].merge_cells(name)
    return read(saved(book))


def test_a_cell_merged_downwards_says_the_same_in_every_row() -> None:
    assert merged([["a", "1"], ["", "2"], ["", "3"]], "A1:A3") == [["a", "1"], ["a", "2"], ["a", "3"]]


def test_the_title_of_a_group_of_columns_stands_over_each_of_them() -> None:
    table = [["Scores", "", ""], ["nr", "Financiën", ""], ["", "begin", "eind"], ["1", "2", "3"]]
    assert merged(table, "A1:C1", "A2:A3", "B2:C2") == [
        ["Scores", "", ""], ["nr", "Financiën", "Financiën"], ["nr", "begin", "eind"], ["1", "2", "3"],
    ]  # fmt: skip


def test_the_title_of_a_sheet_and_a_remark_among_the_data_are_not_repeated() -> None:
    table = [["Titel", "", ""], ["nr", "a", "b"], ["1", "zie noot", ""], ["2", "3", ""]]
    assert merged(table, "A1:C1", "B3:C3") == table


def test_merged_cells_of_xls_and_ods_are_repeated_too() -> None:
    book = xlwt.Workbook()
    book.add_sheet("B").write_merge(1, 3, 1, 1, "samen")
    book.get_sheet("B").write(3, 2, "x")
    out = io.BytesIO()
    book.save(out)
    expected = [["", "", ""], ["", "samen", ""], ["", "samen", ""], ["", "samen", "x"]]
    assert read(out.getvalue(), "a.xls") == expected
    empty, covered = "<table:table-cell/>", "<table:covered-table-cell/>"
    lines = [empty, empty + cell("string", "samen", 'table:number-rows-spanned="3"'), empty + covered, empty + covered]
    lines[3] += cell("string", "x")
    table = "".join(f"<table:table-row>{line}</table:table-row>" for line in lines)
    assert read(ods(f'<table:table table:name="B">{table}</table:table>'), "a.ods") == expected


def test_a_formula_gives_its_stored_result_and_one_without_is_said() -> None:
    fresh = workbook({"Blad1": [["n"], ["=1+1"], ["=A2"], [3]]})  # openpyxl calculates nothing
    (sheet,) = read_workbook("a.xlsx", fresh)
    assert rows(sheet) == [["n"], [""], [""], ["3"]]
    assert [(m.code, m.words) for m in sheet.notes] == [("workbook_formulas", {"n": 2})]
    with zipfile.ZipFile(io.BytesIO(fresh)) as book:
        members = {name: book.read(name).decode() for name in book.namelist()}
    name = "xl/worksheets/sheet1.xml"
    members[name] = members[name].replace("</f><v />", "</f><v>2</v>")
    (sheet,) = read_workbook("a.xlsx", zipped(members))
    assert (rows(sheet), sheet.notes) == ([["n"], ["2"], ["2"], ["3"]], ())


def noted(sheet: RawSheet) -> dict[str, object]:
    return {message.code: dict(message.words) for message in sheet.notes}


def test_a_month_is_no_day_and_a_day_that_is_shown_as_a_month_stays_a_day() -> None:
    book = openpyxl.Workbook()
    forms = ["mmm-yy", "mmmm yyyy", "[$-413]mmm/yy;@", "yyyy", "yyyy", "mmm-yy", "d-mmm", '"maand" mm', "dd-mm-yyyy"]
    days = [(5, 1), (5, 1), (5, 1), (1, 1), (5, 1), (5, 17), (5, 1), (5, 1), (5, 1)]
    for row, (form, (month, day)) in enumerate(zip(forms, days, strict=True), start=1):
        book.worksheets[0].cell(row, 2, dt.date(2022, month, day)).number_format = form
    (sheet,) = read_workbook("a.xlsx", saved(book))
    assert [row[1] for row in rows(sheet)] == [
        "2022-05", "2022-05", "2022-05", "2022", "2022-05-01", "2022-05-17", "2022-05-01", "2022-05", "2022-05-01",
    ]  # fmt: skip
    assert noted(sheet) == {"months_shown": {"n": 7, "columns": "B"}}


def test_hidden_rows_and_columns_are_read_and_said_with_where_they_differ() -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["nr", "gemeente", "reden", "leeg"])
    for n in range(8):
        sheet.append([f"Z{n}", "Ede" if n % 2 else "Barneveld", ["verhuisd", "anders"][n // 4]])
        sheet.row_dimensions[n + 2].hidden = n % 2 == 0
    sheet.row_dimensions[30].hidden = True  # holds nothing
    sheet.column_dimensions["C"].hidden = sheet.column_dimensions["D"].hidden = True
    sheet["A3"].font = openpyxl.styles.Font(strike=True)
    (read_sheet,) = read_workbook("a.xlsx", saved(book))
    assert len(read_sheet.cells) == 9
    assert noted(read_sheet) == {
        "rows_hidden_differ": {"n": 4, "columns": "B"}, "columns_hidden": {"columns": "C, D"}, "cells_struck": {"n": 1},
    }  # fmt: skip


CALC = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"


def test_an_error_of_an_opendocument_formula_is_its_text_also_where_it_was_saved_as_nothing_or_zero() -> None:
    failed = f'table:formula="of:=NA()" xmlns:c="{CALC}" office:string-value="" c:value-type="error"'
    note = "<office:annotation><text:p>wie?</text:p></office:annotation>"
    first = cell("string", "#N/B", failed).replace("<text:p>", f"{note}<text:p>", 1)
    cells = [first, cell("float", "#N/A", 'table:formula="of:=NA()" office:value="0"'), cell("string", "x")]
    last = cell("string", "Err:502", f'{failed} table:number-columns-repeated="2"')
    table = f"<table:table-row>{''.join(cells)}</table:table-row>"
    table += f'<table:table-row table:number-rows-repeated="2" table:visibility="filter">{last}</table:table-row>'
    (sheet,) = read_workbook("a.ods", ods(f'<table:table table:name="B">{table}</table:table>'))
    assert rows(sheet) == [["#N/B", "#N/A", "x"], *[["Err:502", "Err:502", ""]] * 2]
    assert noted(sheet) == {"rows_hidden": {"n": 2, "columns": ""}}


def test_an_opendocument_month_is_no_day_whether_the_cell_or_its_column_has_the_format() -> None:
    number = 'xmlns:number="urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0"'
    styles = (
        f'<number:date-style {number} style:name="N1"><number:month number:textual="true"/><number:text>-</number:text>'
        f'<number:year/></number:date-style><number:date-style {number} style:name="N2"><number:day/><number:month/>'
        '</number:date-style><style:style style:name="m" style:family="table-cell" style:data-style-name="N1"/>'
        '<style:style style:name="d" style:family="table-cell" style:data-style-name="N2"/>'
        '<style:style style:name="kind" style:family="table-cell" style:parent-style-name="m"/>'
    )
    day = 'office:date-value="2022-05-01"'
    cells = [cell("date", "mei-22", day), *(cell("date", "?", f'{day} table:style-name="{s}"') for s in ("d", "kind"))]
    columns = (
        '<table:table-column table:default-cell-style-name="m"/><table:table-column table:number-columns-repeated="2"/>'
    )
    table = f'<table:table table:name="B">{columns}<table:table-row>{"".join(cells)}</table:table-row></table:table>'
    (sheet,) = read_workbook("a.ods", ods(table, styles))
    assert rows(sheet) == [["2022-05", "2022-05-01", "2022-05"]]
    assert noted(sheet) == {"months_shown": {"n": 2, "columns": "A, C"}}


def test_a_percentage_is_its_number() -> None:
    book = openpyxl.Workbook()
    book.worksheets[0]["A1"] = 0.255
    book.worksheets[0]["A1"].number_format = numbers.FORMAT_PERCENTAGE_00
    assert read(saved(book)) == [["0.255"]]


def test_more_rows_than_one_block_keep_their_numbers_and_merges() -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for number in range(1, 45_001):
        sheet.append([number, "samen" if number == 19_999 else None])
    sheet.merge_cells("B19999:B40001")
    cells = read_workbook("a.xlsx", saved(book))[0].cells
    assert list(cells[0]) == [str(number) for number in cells.index]
    assert list(cells.index[cells[1] == "samen"]) == list(range(19_999, 40_002))


def test_an_empty_sheet_has_no_rows() -> None:
    assert read_workbook("a.xlsx", workbook({"Leeg": []}))[0].cells.empty


# What openpyxl, xlrd and odfpy say of files that others made (shared corpora, MANIFEST.md).
@pytest.mark.parametrize(
    ("name", "sheets"),
    [
        ("csvkit_sheets.xlsx", {"not this one": (0, 0), "data": (6, 8), "ʤ": (2, 3)}),
        ("readxl_deaths.xlsx", {"arts": (19, 6), "other": (19, 6)}),
        ("readxl_missing-first-column.xlsx", {"Sheet1": (3, 2), "Sheet2": (0, 0), "Sheet3": (0, 0)}),
        ("agate_test_skip_lines.xlsx", {"test.csv": (7, 5)}),
        ("messy_excel_properties.xls", {"Sheet1": (19, 1)}),
        ("messy_simple.ods", {"Sheet1": (4, 3)}),
        ("messy_loffice-4.4.1.2.ods", {"Sheet1": (4, 3)}),
        ("messy_libreoffice.xlsx", {"Sheet1": (0, 0)}),
    ],
)
def test_workbooks_of_others_have_the_shape_they_are_known_to_have(
    name: str, sheets: dict[str, tuple[int, int]]
) -> None:
    found = read_workbook(name, corpus(f"torture/xlsx/{name}").read_bytes())
    assert {sheet.name: sheet.cells.shape for sheet in found} == sheets


@pytest.mark.parametrize(
    ("name", "row", "texts"),
    [
        ("readxl_deaths.xlsx", 5, ["Name", "Profession", "Age", "Has kids", "Date of birth", "Date of death"]),
        ("readxl_deaths.xlsx", 6, ["David Bowie", "musician", "69", "ja", "1947-01-08", "2016-01-10"]),
        ("readxl_big-texty-numbers-xlsx.xlsx", 4, ["2147483648", "2147483648", "x + 1"]),
        ("readxl_dates-1900-LibreOffice.xlsx", 1, ["2000-01-01"] * 5),
        ("readxl_dates-leap-year-1900-xlsx.xlsx", 6, ["1900-03-01 08:00:00", "1900-03-01 08:00:00", "ja"]),
        ("readxl_unnamed-duplicated-columns.xlsx", 1, ["", "var2", "", "var2"]),
        ("readxl_whitespace-xlsx.xlsx", 5, ["\t<-tab, tab->\t"]),
        ("readxl_texty-dates-xlsx.xlsx", 3, ["1985-03-11 13:23:32"]),
        ("readxl_inlineStr.xlsx", 2, ["1", "+", "", "1.", "RQ11610", "requirement", "Textual Requirement", "test"]),
        ("agate_test_skip_lines.xlsx", 5, ["1", "a", "ja", "2015-11-04", "2015-11-04 12:22:00"]),
        ("messy_simple.ods", 2, ["Bob", "20", "2010-10-10"]),
        ("messy_excel_properties.xls", 19, ["2014-01-01"]),
    ],
)
def test_cells_of_others_read_as_they_show(name: str, row: int, texts: list[str]) -> None:
    cells = read_workbook(name, corpus(f"torture/xlsx/{name}").read_bytes())[0].cells
    assert list(cells.loc[row]) == texts


def test_a_workbook_with_a_password_is_told_apart_from_a_damaged_one() -> None:
    with pytest.raises(IwwError) as error:
        read_workbook(
            "a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le")
        )
    assert [message.code for message in error.value.messages] == ["workbook_locked"]
