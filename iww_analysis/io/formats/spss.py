"""Read SPSS files (sav, zsav): parsed in a limited child, labels in place of codes, chosen missing values told apart."""

from collections.abc import Iterator

from iww_analysis.io.formats import spss_cases
from iww_analysis.io.formats.workbook import blocks
from iww_analysis.io.sandbox import child_process
from iww_analysis.io.sandbox.limits import seconds_for
from iww_analysis.messages.errors import Message, Place
from iww_analysis.tables.raw_sheet import RawSheet


def read_spss(name: str, content: bytes) -> list[RawSheet]:
    """Read an SPSS file as one sheet: row 1 holds the headings, row 2 the first case. Raises IwwError when it cannot be read."""
    cases = child_process.run(spss_cases.read_cases, name, content, name=name, seconds=seconds_for(content))
    return [RawSheet(name, "", lambda: blocks(cases.stream), notes=tuple(_notes(name, cases)))]


def _notes(name: str, cases: spss_cases.Cases) -> Iterator[Message]:
    if cases.missing:
        counts = ", ".join(f"{variable} {n}" for variable, n in cases.missing.items())
        yield Message("spss_user_missing", Place(name), {"variables": counts})
    if cases.repeated:
        yield Message("spss_labels_repeat", Place(name), {"variables": ", ".join(cases.repeated)})
