"""Lay out how the first rows of a delivery are read as one HTML page with everything inside it."""

from collections.abc import Sequence

from iww_analysis.messages.errors import Lang
from iww_analysis.report.first_rows.reading import SheetRead
from iww_analysis.report.page import template, texts_of


def page(source: str, sheets: Sequence[SheetRead], form: str, crosswalk: str, lang: Lang) -> str:
    """Give the page; `form` and `crosswalk`: the files in which what is wrong can be put right."""
    wording = texts_of(lang, "report", "first_rows")
    how = wording["how"].format(form=form, crosswalk=crosswalk)
    return template("first_rows.html").render(lang=lang, t=wording, source=source, sheets=sheets, how=how)
