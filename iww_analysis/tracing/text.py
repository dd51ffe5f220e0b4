"""Write a trace for a terminal: drawn value, rule, raw count, then the rows with what stood there and what it became."""

from collections.abc import Hashable, Iterator, Mapping

import pandas as pd

from iww_analysis.disclosure.rounding import sentence
from iww_analysis.messages.errors import Lang
from iww_analysis.messages.numbers import HIDDEN
from iww_analysis.messages.sentences import say
from iww_analysis.tracing.cell_changes import PLACE
from iww_analysis.tracing.trace import FEW, Trace, change_text

Row = Mapping[Hashable, object]
_AT = "   "


def trace_lines(trace: Trace, lang: Lang) -> Iterator[str]:
    """Give the lines of a trace; of many rows the first few, and how many there are more."""
    yield say("traced_rule", lang, figure=trace.figure, rule=sentence(trace.rule, lang))
    for mark in trace.marks.head(FEW).to_dict("records"):
        yield say("traced_mark", lang, mark=_mark(mark), numbers="; ".join(_numbers(mark, lang)))
    if len(trace.marks) > FEW:
        yield _AT + say("traced_more_marks", lang, n=len(trace.marks) - FEW)
    yield ""
    yield say("traced_rows", lang, n=len(trace.places))
    places = trace.places.head(FEW)
    shown = trace.rows.merge(places, on=PLACE)
    changes = dict(list(trace.values_of(shown).groupby(PLACE, sort=False))) if len(shown) else {}
    for row in places.itertuples(index=False, name=None):
        yield f"{_AT}{_place(*row, lang=lang)}"
        if row in changes:
            yield from (f"{_AT}{_AT}{change_text(line)}" for line in changes[row].astype("str").to_dict("records"))
    if len(trace.places) > FEW:
        yield _AT + say("traced_more", lang, n=len(trace.places) - FEW)
    if len(trace.fragments):
        yield ""
        yield say("traced_fragments", lang, n=len(trace.fragments))
        few = trace.fragments.head(FEW).astype("object")
        for fragment in few.where(few.notna(), "").to_dict("records"):
            yield from (f"{_AT}{line}" for line in _fragment(fragment, lang))
        if len(trace.fragments) > FEW:
            yield _AT + say("traced_more", lang, n=len(trace.fragments) - FEW)
    if "raw_share" in trace.marks:
        yield ""
        yield say("traced_base", lang)


def _mark(mark: Row) -> str:
    numbers = {name for name in mark if f"raw_{name}" in mark or str(name).startswith("raw_")}
    keys = [name for name in mark if name not in numbers and name != "hidden"]
    return ", ".join(f"{name}={mark[name]}" for name in keys if mark[name] not in ("", None))


def _numbers(mark: Row, lang: Lang) -> Iterator[str]:
    """Each number of a mark: what is drawn, and what was counted."""
    for name, value in mark.items():
        number = str(name).removeprefix("raw_")
        if number != name and not pd.isna(value):  # type: ignore[call-overload]
            drawn = HIDDEN if pd.isna(mark[number]) else _plain(mark[number])  # type: ignore[call-overload]
            yield say("traced_number", lang, name=number, drawn=drawn, raw=_plain(value))


def _plain(value: object) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _place(source: str, received: str, file: str, sheet: str, row: int, *, lang: Lang) -> str:
    at = say("traced_sheet", lang, sheet=sheet) if sheet else ""
    return f"{source} · {received} · {file}{at} · " + say("traced_row", lang, row=row)


def _fragment(row: Row, lang: Lang) -> Iterator[str]:
    """Who said it, in which document, where; and what, where that was cleared."""
    begin, end = row["begin"], row["end"]
    signs = f" · {say('traced_signs', lang, begin=begin, end=end)}" if begin != "" else ""
    place = _place(*(row[name] for name in PLACE), lang=lang)  # type: ignore[arg-type]
    yield f"{row['perspective']} · {row['document'] or '–'} · {row['element']}{signs} · {place}"
    yield _AT + (f"‘{row['quote']}’" if row["quote"] else say("traced_no_quote", lang))
