"""What one cell means: days, numbers, codes, identifiers, and the kinds of missing."""

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iww_analysis import vocabulary
from iww_analysis.tables.cells import cell_readers, dates, key_folding
from iww_analysis.tables.cells.distinct_values import read_distinct
from shared.frames import drawn

# Every form of DOMAIN 2.6, in the order of day, month and year that people here write.
WRITTEN_DAYS = """
text                     | day        | missing        | rule
26-8-2020                | 2020-08-26 |                | date_dmy
03-04-2019               | 2019-04-03 |                | date_dmy
3-4-2019                 | 2019-04-03 |                | date_dmy
26/08/20                 | 2020-08-26 |                | date_dmy
26.08.2020               | 2020-08-26 |                | date_dmy
26 08 2020               | 2020-08-26 |                | date_dmy
1-1-69                   | 1969-01-01 |                | date_dmy
1-1-68                   | 2068-01-01 |                | date_dmy
2020-08-26               | 2020-08-26 |                |
2020-08-26 00:00:00      | 2020-08-26 |                |
2020-08-26T13:45:00.000  | 2020-08-26 |                |
26-8-2020 0:00           | 2020-08-26 |                | date_dmy
26 augustus 2020         | 2020-08-26 |                | date_month_name
26 AUG. 2020             | 2020-08-26 |                | date_month_name
26-okt-2020              | 2020-10-26 |                | date_month_name
1 mrt 19                 | 2019-03-01 |                | date_month_name
woensdag 26 augustus 2020| 2020-08-26 |                | date_month_name
44069                    | 2020-08-26 |                | date_excel_serial
44069.0                  | 2020-08-26 |                | date_excel_serial
1-1-1900                 |            | unknown        | sentinel_date
31-12-9999               |            | not_applicable | sentinel_date
9999-12-31 00:00:00      |            | not_applicable | sentinel_date
26 - 8 - 2020            | 2020-08-26 |                | date_dmy
26-8-2020 om 13.45 uur   | 2020-08-26 |                | date_dmy
wo 26-8-2020             | 2020-08-26 |                | date_dmy
20200826                 | 2020-08-26 |                |
20200826T134500          | 2020-08-26 |                |
2011-10-11 13:45:40.276+02:00 | 2011-10-11 |           |
2020-08-25T22:00:00Z     | 2020-08-26 |                | date_time_zone
2020-08-26 00:00:00Z     | 2020-08-26 |                |
20200825T223000Z         | 2020-08-26 |                | date_time_zone
2020-08-25T20:00:00-05:00 | 2020-08-26 |               | date_time_zone
2020-08-25 8:00 pm -0500 | 2020-08-26 |                | date_time_zone
2020-08-26T05:00:00+09:00 | 2020-08-25 |               | date_time_zone
2020-08-26T00:00:00 GMT+02:00 | 2020-08-26 |           |
26aug2020                | 2020-08-26 |                | date_month_name
26e augustus 2020        | 2020-08-26 |                | date_month_name
wo. 26 aug. '20          | 2020-08-26 |                | date_month_name
Wed, 26 Aug 2020         | 2020-08-26 |                | date_month_name
August 26, 2020          | 2020-08-26 |                | date_month_name
44069,75                 | 2020-08-26 |                | date_excel_serial
01/01/1900 0:00          |            | unknown        | sentinel_date
1 januari 1900           |            | unknown        | sentinel_date
00-00-0000               |            | empty          | sentinel_date
0000-00-00 00:00:00      |            | empty          | sentinel_date
00000000                 |            | empty          | sentinel_date
00:00:00                 |            | empty          | sentinel_date
00-13-2020               |            | unreadable     | unreadable_date
1-1-0001                 |            | unknown        | sentinel_date
0001-01-01T00:00:00      |            | unknown        | sentinel_date
31.12.9999 23:59:59      |            | not_applicable | sentinel_date
99991231                 |            | not_applicable | sentinel_date
2958465                  |            | not_applicable | sentinel_date
maart 2019               |            | unreadable     | month_only
mrt-19                   |            | unreadable     | month_only
mei                      |            | unreadable     | month_only
03-2019                  |            | unreadable     | month_only
2019-03                  |            | unreadable     | month_only
2019                     |            | unreadable     | month_only
2022-Q2                  |            | unreadable     | month_only
Q2 2022                  |            | unreadable     | month_only
2 Q 22                   |            | unreadable     | month_only
2e kwartaal 2022         |            | unreadable     | month_only
kwartaal 2 2022          |            | unreadable     | month_only
2022 week 12             |            | unreadable     | month_only
wk 12 2022               |            | unreadable     | month_only
medio mei                |            | unreadable     | month_only
week 14                  |            | unreadable     | unreadable_date
26082020                 |            | unreadable     | unreadable_date
999                      |            | unreadable     | unreadable_date
31-02-2019               |            | unreadable     | unreadable_date
13-13-2019               |            | unreadable     | unreadable_date
29-02-2019               |            | unreadable     | unreadable_date
1-1-1850                 |            | unreadable     | unreadable_date
1-1-2100                 |            | unreadable     | unreadable_date
in het voorjaar          |            | unreadable     | unreadable_date
                         |            | empty          |
-                        |            | empty          |
?                        |            | unknown        |
n.v.t.                   |            | not_applicable |
weigert                  |            | refused        |
"""


@pytest.mark.parametrize(("text", "day", "missing", "rule"), drawn(WRITTEN_DAYS).to_numpy().tolist())
def test_a_day_is_read_as_people_here_write_it(text: str, day: str, missing: str, rule: str) -> None:
    assert dates.date_reader("dmy")(text) == (pd.Timestamp(day) if day else None, missing or None, rule or None)


@pytest.mark.parametrize(
    ("order", "text", "day"),
    [("dmy", "03-04-2019", "2019-04-03"), ("mdy", "03-04-2019", "2019-03-04"), ("ymd", "2019-04-03", "2019-04-03"),
     ("dmy", "2019-04-03", "2019-04-03"), ("mdy", "2019-04-03", "2019-04-03"), ("ymd", "3 april 2019", "2019-04-03"),
     ("ymd", "03-04-2019", None), ("mdy", "26-08-2020", None), ("dmy", "08-26-2020", None), ("dmy", "1-2-201", None)],
)  # fmt: skip
def test_the_order_of_day_and_month_is_said_per_column_and_never_guessed(
    order: str, text: str, day: str | None
) -> None:
    value, missing, _ = dates.date_reader(order)(text)
    assert value == (pd.Timestamp(day) if day else None)
    assert missing == (None if day else "unreadable")


OPEN_ORDER = """
text       | day        | rule
3-4-2019   |            | date_order_open
26-8-2019  |            | date_order_open
2019-04-03 | 2019-04-03 |
20190403   | 2019-04-03 |
3 apr 2019 | 2019-04-03 | date_month_name
43558      | 2019-04-03 | date_excel_serial
"""


@pytest.mark.parametrize(("text", "day", "rule"), drawn(OPEN_ORDER).to_numpy().tolist())
def test_while_the_order_is_a_question_no_day_in_numbers_is_read_however_clear(text: str, day: str, rule: str) -> None:
    value, missing, said = dates.date_reader("?")(text)
    assert (value, said) == (pd.Timestamp(day) if day else None, rule or None)
    assert missing == (None if day else "unreadable")


MONTHS = ("januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november",
          "december")  # fmt: skip
SHORT = ("jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
ENGLISH = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
WEEKDAYS = ("ma", "di", "wo", "do", "vr", "za", "zo")
FORMS = {
    "dmy": [
        lambda d: f"{d.day}-{d.month}-{d.year}", lambda d: f"{d.day:02}/{d.month:02}/{d.year}",
        lambda d: f"{d.day}.{d.month}.{d.year} 0:00:00", lambda d: f"{d.day:02} / {d.month:02} / {d.year}, 9:30 uur",
        lambda d: f"{WEEKDAYS[d.weekday()]} {d.day}\u2011{d.month}\u2011{d.year}",
    ],
    "mdy": [lambda d: f"{d.month}/{d.day}/{d.year}", lambda d: f"{d.month:02}-{d.day:02}-{d.year}"],
    "ymd": [lambda d: f"{d.year}/{d.month}/{d.day}"],
    "any": [
        lambda d: d.isoformat(), lambda d: f"{d} 00:00:00", lambda d: f"{d.day} {MONTHS[d.month - 1]} {d.year}",
        lambda d: f"{d:%Y%m%d}", lambda d: f"{d:%Y%m%dT235959}", lambda d: f"{d}T12:59:59.999+01:00",
        lambda d: f"{WEEKDAYS[d.weekday()]}. {d.day} {SHORT[d.month - 1]}. {d.year}",
        lambda d: f"{d.day:02}{ENGLISH[d.month - 1]}{d.year}", lambda d: f"{ENGLISH[d.month - 1]} {d.day}, {d.year}",
        lambda d: f" {d.day}  {SHORT[d.month - 1].upper()} {d.year} ", lambda d: f"{d.day}-{SHORT[d.month - 1]}-{d.year}",
    ],
}  # fmt: skip


@given(day=st.dates(dates.FIRST_DAY, dates.LAST_DAY), order=st.sampled_from(["dmy", "mdy", "ymd"]))
def test_any_day_in_any_form_reads_back_to_itself(day: dt.date, order: str) -> None:
    for form in [*FORMS[order], *FORMS["any"]]:
        assert dates.date_reader(order)(form(day))[0] == pd.Timestamp(day), form(day)


@given(day=st.dates(dt.date(1969, 1, 1), dt.date(2068, 12, 31)))
def test_a_year_of_two_digits_lies_between_1969_and_2068(day: dt.date) -> None:
    assert dates.date_reader("dmy")(f"{day:%d-%m-%y}")[0] == pd.Timestamp(day)


@given(day=st.dates(dt.date(1932, 1, 1), dates.LAST_DAY), part=st.sampled_from(["", ".0", ",5", ".999988"]))
def test_excels_own_count_of_days_reads_back_in_both_its_epochs(day: dt.date, part: str) -> None:
    # Excel counts from 30 December 1899 (with 29 February 1900, that was not), on old Macs from 1 January 1904
    for epoch, zero in ((1900, dt.date(1899, 12, 30)), (1904, dt.date(1904, 1, 1))):
        assert dates.date_reader("dmy", epoch)(f"{(day - zero).days}{part}")[0] == pd.Timestamp(day)


@given(day=st.dates(dates.FIRST_DAY, dates.LAST_DAY), hour=st.integers(0, 21))
def test_the_time_of_greenwich_is_the_day_it_was_here(day: dt.date, hour: int) -> None:
    assert dates.date_reader("dmy")(f"{day} {hour:02}:30:00Z")[0] == pd.Timestamp(day)


@given(
    moment=st.datetimes(dt.datetime(1980, 1, 1), dt.datetime(2090, 1, 1)),  # noqa: DTZ001
    hours=st.integers(-12, 14), minutes=st.sampled_from([0, 30, 45]),
)  # fmt: skip
def test_the_time_of_any_zone_is_the_day_it_was_here(moment: dt.datetime, hours: int, minutes: int) -> None:
    ahead = dt.timezone(dt.timedelta(hours=hours, minutes=minutes if hours >= 0 else -minutes))
    here = moment.replace(second=0, microsecond=0, tzinfo=dt.UTC).astimezone(dates.DUTCH_TIME).date()
    assert dates.date_reader("?")(moment.replace(tzinfo=dt.UTC).astimezone(ahead).isoformat())[0] == pd.Timestamp(here)


# Plain forms, and what is nearly one: years of three digits, days and months that are none, zones, weekdays, other digits.
NAMES = st.sampled_from([*MONTHS, *SHORT, *ENGLISH, *WEEKDAYS, "Mei", "maa", "sept", "koe", "zo mei"])
NEARLY_PLAIN = st.one_of(
    st.from_regex(r"\d{1,5}[-/. ][0-3]?\d[-/. ]\d{1,4}([ T]\d{1,2}[:.]\d\d(:\d\d)?(Z|\+02:00)?)?", fullmatch=True),
    st.from_regex(r"([0-9]{4,6}|1?[0-9]{8}|[1-7٣][0-9٣]{4})([.,][0-9]{1,2})?", fullmatch=True),
    st.builds(lambda day, month, year, sign: f"{day}{sign}{month}{sign}{year:02}",
              st.integers(0, 33), NAMES, st.integers(0, 2100), st.sampled_from("- ./")),
    st.builds(lambda day, form: form(day),
              st.dates(dates.FIRST_DAY) | st.dates(),
              st.sampled_from([form for forms in FORMS.values() for form in forms])),
)  # fmt: skip
ORDERS = st.sampled_from(["dmy", "mdy", "ymd", "?"])


@settings(max_examples=500)
@given(
    text=NEARLY_PLAIN,
    mess=st.sampled_from(["", "", "\u200b", "?", "wo "]),
    order=ORDERS,
    epoch=st.sampled_from([1900, 1904]),
)
def test_a_plain_day_is_read_at_once_and_as_a_closer_look_would_read_it(
    text: str, mess: str, order: str, epoch: int
) -> None:
    read = dates.date_reader(order, epoch)
    for written in (text, text + mess, mess + text):
        assert read(written) == read(f" {written}"), written  # no plain form begins with a space


WRITTEN_NUMBERS = """
text    | number | missing        | rule
3       | 3      |                |
03      | 3      |                |
3.0     | 3      |                |
3,0     | 3      |                |
3,00    | 3      |                |
-2      | -2     |                |
1.234   | 1234   |                |
1.234,0 | 1234   |                |
 3      | 3      |                |
12.00   | 12     |                |
1 234   | 1234   |                |
1 234   | 1234   |                |
€ 1.234,- | 1234   |                |
EUR 12,00 | 12   |                |
+3      | 3      |                |
−2      | -2     |                |
3,5     |        | unreadable     | unreadable_number
1e3     |        | unreadable     | unreadable_number
1,234   |        | unreadable     | unreadable_number
3 uur   |        | unreadable     | unreadable_number
1.23.456|        | unreadable     | unreadable_number
1.23    |        | unreadable     | unreadable_number
drie    |        | unreadable     | unreadable_number
2000    |        | unreadable     | out_of_range
-3      |        | unreadable     | out_of_range
        |        | empty          |
onbekend|        | unknown        |
nvt     |        | not_applicable |
"""


@pytest.mark.parametrize(("text", "number", "missing", "rule"), drawn(WRITTEN_NUMBERS).to_numpy().tolist())
def test_a_number_is_read_in_dutch_notation(text: str, number: str, missing: str, rule: str) -> None:
    assert cell_readers.integer_reader(-2, 1999)(text) == (
        int(number) if number else None,
        missing or None,
        rule or None,
    )


@pytest.mark.parametrize(
    ("text", "number"),
    [("1,234", 1234), ("1,234.00", 1234), ("12.0", 12), ("3", 3), ("1.234", None), ("1.234,00", None), ("3.5", None)],
)
def test_a_number_is_read_in_english_notation_where_the_column_is_said_to_be(text: str, number: int | None) -> None:
    assert cell_readers.integer_reader(None, None, ".")(text)[0] == number


@given(number=st.integers(-(10**12), 10**12))
def test_any_whole_number_in_either_notation_reads_back(number: int) -> None:
    english = f"{number:,}"
    dutch = english.replace(",", ".")
    for text in (dutch, f"{dutch},00", dutch.replace(".", "\u00a0"), str(number)):
        assert cell_readers.integer_reader(None, None, ",")(text)[0] == number, text
    for text in (english, f"{english}.00", english.replace(",", " "), str(number)):
        assert cell_readers.integer_reader(None, None, ".")(text)[0] == number, text


CODES = """
text                  | code             | missing    | rule
according_to_plan     | according_to_plan|            |
Volgens plan          | according_to_plan|            | vocabulary
VOLGENS  PLAN.        | according_to_plan|            | vocabulary
klaar!                | moved            |            | crosswalk
Sluis 2               |                  | suppressed | crosswalk
onbekend              |                  | unknown    |
                      |                  | empty      |
iets heel anders      |                  | unreadable | unknown_code
"""


@pytest.mark.parametrize(("text", "code", "missing", "rule"), drawn(CODES).to_numpy().tolist())
def test_the_sources_own_word_goes_before_that_of_the_list(text: str, code: str, missing: str, rule: str) -> None:
    local = {vocabulary.key("Klaar"): "moved", vocabulary.key("sluis 2"): "suppressed"}
    read = cell_readers.code_reader(vocabulary.read("closure_reason"), local)
    assert read(text) == (code or None, missing or None, rule or None)


def test_missing_is_never_no() -> None:
    read = cell_readers.code_reader(vocabulary.read("yes_no"), {})
    for text in ("", "-", "?", "n.v.t.", "onbekend", "geweigerd"):
        assert read(text)[0] is None
    assert [
        read(text)[0] for text in ("Ja", "J", "x", "1", "true", "WAAR", "Y", "\u2611", "\u2713", "\u2714\ufe0f")
    ] == ["yes"] * 10
    assert [read(text)[0] for text in ("nee", "N", "0", "false", "ONWAAR", "Nee.")] == ["no"] * 6


KEYS = """
text     | width | key
4102     | 6     | 004102
004102   | 6     | 004102
4102.0   | 6     | 004102
hw-19-7  | 6     | HW-19-7
 HW 19-7 |       | HW19-7
1234567  | 6     | 1234567
"""


@pytest.mark.parametrize(("text", "width", "key"), drawn(KEYS).to_numpy().tolist())
def test_an_identifier_has_one_form_and_gets_its_zeros_back(text: str, width: str, key: str) -> None:
    assert key_folding.key_reader(int(width) if width else None)(text)[0] == key


def test_padded_keys_of_statline_and_bare_numbers_are_the_same_municipality() -> None:
    read = cell_readers.code_reader(vocabulary.read("municipality"), {})  # forms of DOMAIN 6.4
    assert {read(text)[0] for text in ("268", "0268", "GM268", "GM0268    ", "Nijmegen", "NIJMEGEN", "gm0268")} == {
        "GM0268"
    }


READERS = {
    **{f"date {order}": dates.date_reader(order) for order in ("dmy", "mdy", "ymd", "?")},
    "date 1904": dates.date_reader("dmy", 1904), "english": cell_readers.integer_reader(None, None, "."),
    "mended": cell_readers.mending(cell_readers.read_label),
    "integer": cell_readers.integer_reader(0, 50), "any integer": cell_readers.integer_reader(None, None),
    "code": cell_readers.code_reader(vocabulary.read("yes_no"), {}), "label": cell_readers.read_label,
    "key": key_folding.key_reader(7),
}  # fmt: skip
ALMOST = st.from_regex(r"-?[0-9٣²½]{0,6}[-/. ,]?[0-9a-zé]{0,9}[-/. ]?[0-9]{0,5}(T0:00)?", fullmatch=True)


@pytest.mark.parametrize("name", READERS)
@given(text=st.one_of(st.text(), ALMOST))
def test_no_text_makes_a_reader_fail(name: str, text: str) -> None:
    value, missing, _ = READERS[name](text)
    assert (value is None) != (missing is None)
    assert missing is None or missing in vocabulary.read("missing")


@pytest.mark.parametrize("name", READERS)
def test_a_very_long_number_is_no_reason_to_fail(name: str) -> None:
    assert len(READERS[name]("9" * 10_000)) == 3  # Python itself refuses to turn more than 4300 digits into a number


@given(
    texts=st.lists(st.sampled_from(["", "1-2-2019", "31-02-2019", "?", "9999-12-31", "x", " 1-2-2019"]), max_size=20)
)
def test_reading_distinct_texts_is_reading_every_cell(texts: list[str]) -> None:
    column = pd.Series(texts, index=range(7, 7 + len(texts)), dtype="str")
    read = dates.date_reader("dmy")
    together = read_distinct(column, read)
    means = together.parsed
    of_cells = [(means.values[n], means.missing[n], means.rules[n]) for n in together.codes]
    assert of_cells == [read(text) for text in texts]
    assert list(together.index) == list(column.index)
