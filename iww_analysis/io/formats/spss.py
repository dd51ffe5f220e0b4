"""Read SPSS files (sav, zsav): labels with the numbers behind them, chosen missing values told apart.

Runs in the limited child, so it knows no pandas.
"""

import datetime as dt
import io
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

import pyarrow as pa
import pyreadstat

from iww_analysis.io.formats.grid import Grid, as_text
from iww_analysis.messages.errors import Message, Place, fail
from iww_analysis.tables.cells.missing import missing_reason

Value = float | str
_BEGIN = dt.datetime(1582, 10, 14)  # noqa: DTZ001 - where SPSS counts seconds from
_DAYS = re.compile(r"(?:DATE|ADATE|EDATE|JDATE|SDATE)\d")
_PERIODS = re.compile(r"(MOYR|QYR|WKYR)\d")
_MOMENTS = re.compile(r"(?:DATETIME|YMDHMS)\d")
_TIMES = re.compile(r"(?:TIME|DTIME|MTIME)\d")
_UNKNOWN = "onbekend"  # why a value is missing, where its label is no reason


def read_cases(name: str, content: bytes) -> list[Grid]:
    """Give an SPSS file as one sheet: row 1 holds the headings, row 2 the first case.

    It is noted how often each variable is missing by choice, and where labels repeat. Raises IwwError when the file cannot
    be read, or holds other than it says.
    """
    try:
        data, meta = pyreadstat.read_sav(
            io.BytesIO(content), user_missing=True, disable_datetime_conversion=True, output_format="dict"
        )
    except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError, UnicodeDecodeError, LookupError) as error:
        strange = isinstance(error, UnicodeDecodeError | LookupError) or re.search("charac|encod|convert", str(error))
        raise fail("spss_encoding" if strange else "spss_broken", Place(name)) from None
    if any(len(values) != _count(content) for values in data.values()) and _count(content) >= 0:
        raise fail("spss_broken", Place(name))
    columns, missing, repeated, periods = list[pa.Array](), [], [], []
    numbers: dict[int, dict[str, str]] = {}
    for heading, (variable, values) in zip(_headings(meta), data.items(), strict=True):
        labels = meta.variable_value_labels.get(variable, {})
        ranges: Sequence[Any] = meta.missing_ranges.get(variable, ())  # system-missing and empty text never lie in one
        known = set(values) - {None, ""}
        absent = {value for value in known if any(span["lo"] <= value <= span["hi"] for span in ranges)}
        form = meta.original_variable_types[variable] or ""
        written = {value: _written(value, labels, form) for value in set(values)}
        reasons = {value for value, label in labels.items() if label.strip() and missing_reason(label)}
        written |= {value: labels[value] if value in reasons else _UNKNOWN for value in absent}
        scores = {value for value in written if value in labels and isinstance(value, float)} - absent - reasons
        numbers[len(columns)] = {written[value]: as_text(value) for value in scores}
        if _PERIODS.match(form) and any(text.count("-") == 1 or "week" in text for text in written.values()):
            periods.append(variable)
        columns.append(pa.array([heading, *map(written.__getitem__, values)], pa.large_string()))
        if absent:
            missing.append(f"{variable} {sum(value in absent for value in values)}")
        if len(set(labels.values())) < len(labels):
            repeated.append(variable)
    table = pa.table(columns, [str(n) for n in range(len(columns))])
    sink = io.BytesIO()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    counts = {"spss_user_missing": missing, "spss_labels_repeat": repeated, "spss_periods": periods}
    notes = [Message(code, Place(name), {"variables": ", ".join(texts)}) for code, texts in counts.items() if texts]
    return [Grid("", False, sink.getvalue(), tuple(notes), numbers)]


def _count(content: bytes) -> int:
    """Give the number of cases that the file says it holds (bytes 80-83); -1 when it does not say."""
    little = int.from_bytes(content[64:68], "little") in (2, 3)  # the layout code
    return int.from_bytes(content[80:84], "little" if little else "big", signed=True)


def _headings(meta: Any) -> list[str]:
    """A variable's label where it has one of its own, else its name; a label used twice gets the name behind it."""
    labels = {name: " ".join((label or "").split()) or name for name, label in meta.column_names_to_labels.items()}
    used = Counter(labels.values())
    return [label if used[label] == 1 or label == name else f"{label} ({name})" for name, label in labels.items()]


def _written(value: Value | None, labels: Mapping[Any, str], form: str) -> str:
    """Write a value: its label, with the value behind it where two values share the label; else a date, a number or text."""
    if value is None:
        return ""
    label = labels.get(value, "").strip()
    if label:
        shared = sum(other.strip() == label for other in labels.values()) > 1
        return f"{label} ({as_text(value)})" if shared else label
    return value if isinstance(value, str) else as_text(_moment(value, form))


def _moment(value: float, form: str) -> object:
    """Read seconds as what their form says; a moment that no calendar holds stays a number."""
    with suppress(OverflowError):
        if _TIMES.match(form):
            return dt.timedelta(seconds=value)
        if _MOMENTS.match(form):
            return _BEGIN + dt.timedelta(seconds=value)
        if _DAYS.match(form):
            return (_BEGIN + dt.timedelta(seconds=value)).date()
        if period := _PERIODS.match(form):
            return _period((_BEGIN + dt.timedelta(seconds=value)).date(), period[1])
    return value


def _period(day: dt.date, form: str) -> str:
    """A month, quarter or week (counted from 1 January, as SPSS does) by its first day; any other day is known as a day."""
    weeks, rest = divmod(day.timetuple().tm_yday - 1, 7)
    if form == "WKYR":
        return day.isoformat() if rest else f"{day.year} week {weeks + 1}"
    quarter, month = divmod(day.month - 1, 3)
    if day.day != 1 or (form == "QYR" and month):
        return day.isoformat()
    return f"{day:%Y-%m}" if form == "MOYR" else f"{day.year}-Q{quarter + 1}"
