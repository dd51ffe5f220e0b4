"""A column that Excel half converted: asked, read as a person says, and never read silently."""

import datetime as dt
import io
from collections import Counter
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iww_analysis.cleaning.known_sheet import KnownSheet, known_sheet
from iww_analysis.cleaning.notices.not_understood import half_converted
from iww_analysis.crosswalk import origin
from iww_analysis.crosswalk.parse import parse
from iww_analysis.io.delivered_files import read_sheets
from iww_analysis.messages.errors import IwwError
from iww_analysis.tables.cells import dates

CARD = origin.parse(
    {"source": "here", "municipality": ["GM0243"], "received": "2021-01-01", "extraction_date": "2020-12-31",
     "regime": "register", "files": {"a.xlsx": "0"}}, "here",
)  # fmt: skip
DAYS = st.lists(st.dates(dt.date(2015, 1, 1), dt.date(2023, 12, 31)), min_size=20, max_size=60, unique=True)


def opened_in_another_country(days: list[dt.date], order: str = "%d-%m-%Y") -> list[dt.date | str]:
    """Days in numbers as Excel makes them that reads the other order: a real day where it can, else the text."""
    return [dt.date(day.year, day.day, day.month) if day.day <= 12 else day.strftime(order) for day in days]


def texts(cells: list[dt.date | str]) -> Counter[str]:
    return Counter(cell if isinstance(cell, str) else cell.isoformat() for cell in cells)


def delivered(cells: list[dt.date | str], said: str = "", name: str = "a.xlsx") -> KnownSheet:
    """A sheet with one column of days, and what the crosswalk says of it."""
    book = openpyxl.Workbook()
    rows = [("nr", "Van"), *((f"Z{n}", cell) for n, cell in enumerate(cells))]
    for row in rows:
        book.worksheets[0].append(row)
    out = io.BytesIO()
    book.save(out)
    (raw,) = read_sheets(Path(name), out.getvalue())
    document = {"format": "iww-crosswalk/1", "source": "here", "sheets": [
        {"file": "*", "one_row_is": "cases", "columns": {"nr": "cases.case_id", "Van": "cases.date_referral"},
         "half_dates": {"Van": said} if said else {}},
    ]}  # fmt: skip
    return known_sheet(CARD, raw, parse(document, "here.toml").sheets[0], next(raw.blocks()))


@settings(max_examples=200)
@given(days=DAYS, order=st.sampled_from(["%d-%m-%Y", "%m/%d/%Y"]))
def test_a_half_converted_column_is_seen_and_what_was_written_comes_back(days: list[dt.date], order: str) -> None:
    cells = opened_in_another_country(days, order)
    n_days = sum(isinstance(cell, dt.date) for cell in cells)
    half = dates.half_converted(texts(cells))
    if n_days in (0, len(days)):
        assert half is None
        return
    assert half == (n_days, len(days) - n_days)
    read = dates.date_reader({"%d-%m-%Y": "dmy", "%m/%d/%Y": "mdy"}[order] + "/swapped")
    assert [read(text)[0].date() for cell in cells for text in texts([cell])] == days


@settings(max_examples=200)
@given(days=DAYS, written=st.lists(st.booleans(), min_size=60, max_size=60))
def test_a_column_in_which_real_days_are_of_all_kinds_is_no_question(days: list[dt.date], written: list[bool]) -> None:
    cells = [day.strftime("%d-%m-%Y") if text else day for day, text in zip(days, written, strict=False)]
    real = {cell.day for cell in cells if isinstance(cell, dt.date)}
    if max(real, default=31) > 12:
        assert dates.half_converted(texts(cells)) is None


def test_two_cells_prove_nothing() -> None:
    assert dates.half_converted({"2022-03-10": 1, "13-03-2022": 1}) is None


def test_one_day_in_many_rows_is_one_witness() -> None:
    assert (
        dates.half_converted({"2019-04-11": 8, "2019-06-06": 8, "2019-02-05": 8, "19-3-2019": 8, "21-5-2019": 8})
        is None
    )


MIXED = opened_in_another_country([dt.date(2022, 1 + n % 12, 1 + n % 28) for n in range(60)])
DAY = "2022-10-03"  # in the file; 10 March as it was written


@pytest.mark.parametrize(
    ("said", "day", "rule"),
    [("", None, "date_half_converted"), ("?", None, "date_half_converted"), ("swapped", dt.date(2022, 3, 10), "date_swapped"),
     ("as_written", dt.date(2022, 10, 3), None)],
)  # fmt: skip
def test_no_day_is_read_until_somebody_says_what_the_real_days_are(
    said: str, day: dt.date | None, rule: str | None
) -> None:
    sheet = delivered(MIXED, said)
    value, _, by = dates.date_reader(sheet.date_order_of("cases", "date_referral"))(DAY)
    assert (value.date() if value is not None else None, by) == (day, rule)
    asked = [(m.code, m.place.column) for m in half_converted([sheet])]
    assert asked == ([("half_dates_open", "Van")] if said in ("", "?") else [])


def test_an_answer_does_not_hold_for_a_file_that_is_whole() -> None:
    sheet = delivered([dt.date(2022, 1 + n % 12, 1 + n % 28) for n in range(60)], "swapped")
    assert sheet.date_order_of("cases", "date_referral") == "dmy"


def test_another_answer_is_refused() -> None:
    with pytest.raises(IwwError) as error:
        delivered(MIXED, "ja")
    assert [message.code for message in error.value.messages] == ["setting_half_dates"]
