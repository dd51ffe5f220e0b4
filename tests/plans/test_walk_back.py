"""Walk back from every mark of every figure and table, and count its raw rows again with readers of our own.

Nothing of the library reads a file here: openpyxl, csv, zipfile and ElementTree do. For every mark the traced rows must
exist in the raw files, the raw cells that trace shows must stand in them under that heading, and the distinct units in
those rows must be the raw count.
"""

import csv
import io
import re
import tomllib
import zipfile
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import openpyxl
import pandas as pd
import pytest

from iww_analysis import vocabulary
from iww_analysis.analysis.answer import Answer
from iww_analysis.analysis.finding import Finding
from iww_analysis.analysis.question import UNITS, Question, Statistic
from iww_analysis.commands.session import sheet_finder
from iww_analysis.figures.declaration import CATALOGUE
from iww_analysis.tables import TABLES
from iww_analysis.tracing.trace import Trace, trace
from shared.long import sampled
from shared.sources import HOME, asked, whole_study

FIND_SHEET = sheet_finder(HOME)
MISSING = vocabulary.read("missing").codes
PLACE = ["source", "received", "file", "sheet", "row"]
Rows = dict[int, list[str]]
PerMark = dict[tuple[str, ...], int]

# ---- reading raw files, without the library --------------------------------------------------------------------------


@cache
def raw_file(source: str, received: str, file: str) -> dict[str, Rows]:
    """Every sheet of a raw file: row number -> cells."""
    path = HOME.raw / source / received / file
    match path.suffix:
        case ".xlsx":
            book = openpyxl.load_workbook(path, data_only=True)
            return {sheet.title: dict(_sheet(sheet)) for sheet in book.worksheets}
        case ".qdpx":
            return {name: dict(enumerate(rows, start=1)) for name, rows in _project(path).items()}
    return {"": dict(enumerate(_records(path), start=1))}


def _sheet(sheet: Any) -> Iterator[tuple[int, list[str]]]:
    """Cells as text; a merged area holds what its first cell holds."""
    merged = {
        (row, column): (area.min_row, area.min_col)
        for area in sheet.merged_cells.ranges
        for row in range(area.min_row, area.max_row + 1)
        for column in range(area.min_col, area.max_col + 1)
    }
    for row in sheet.iter_rows():
        cells = [sheet.cell(*merged.get((cell.row, cell.column), (cell.row, cell.column))).value for cell in row]
        yield row[0].row, ["" if cell is None else _text(cell) for cell in cells]


def _text(cell: object) -> str:
    """As Excel shows it: a day without a time, a whole number without decimals."""
    text = str(cell).removesuffix(" 00:00:00")
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else text


def _records(path: Path) -> list[list[str]]:
    content = path.read_bytes()
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    delimiter = max(";,\t|", key=text[:2000].count)
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


def _project(path: Path) -> dict[str, list[list[str]]]:
    """A REFI-QDA project as docs/formats/qda.md lays it out: `documents` and `codings`, with their headings."""
    with zipfile.ZipFile(path) as zipped:
        xml = zipped.read(next(name for name in zipped.namelist() if name.endswith(".qde")))
    root = ElementTree.fromstring(xml)
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
    paths: dict[str, str] = {}

    def walk(code: Any, above: str) -> None:
        paths[code.get("guid")] = above + code.get("name")
        for below in code.findall("Code"):
            walk(below, paths[code.get("guid")] + "/")

    for code in root.findall("CodeBook/Codes/Code"):
        walk(code, "")
    variables = {v.get("guid"): v.get("name") for v in root.findall("Variables/Variable")}
    case_of: dict[str, str] = {}
    said: dict[str, dict[str, str]] = {}
    for case in root.findall("Cases/Case"):
        for ref in case.findall("SourceRef"):
            case_of[ref.get("targetGUID", "")] = case.get("name", "")
    names = [f"variable {name}" for name in variables.values()]
    documents, codings = [["document", "case", *names]], [["document", "begin", "end", "code_path", "case", *names]]
    for document in root.findall("Sources/*"):
        guid, name = document.get("guid", ""), document.get("name", "")
        said[guid] = {variables[v.find("VariableRef").get("targetGUID")]: "".join(v[1].itertext())
                      for v in document.findall("VariableValue")}  # fmt: skip
        values = [said[guid].get(variable, "") for variable in variables.values()]
        documents.append([name, case_of.get(guid, ""), *values])
        for selection in document.findall("PlainTextSelection"):
            for ref in selection.findall("Coding/CodeRef"):
                place = [selection.get("startPosition", ""), selection.get("endPosition", "")]
                codings.append([name, *place, paths[ref.get("targetGUID")], case_of.get(guid, ""), *values])
    return {"documents": documents, "codings": codings}


@cache
def plain(text: str) -> str:
    return " ".join(text.split()).casefold()


@cache
def position(source: str, received: str, file: str, sheet: str, heading: str) -> int | None:
    """Where a heading stands: in the first rows, alone or below a title over several columns."""
    rows = raw_file(source, received, file)[sheet]
    above: list[str] = []
    for cells in list(rows.values())[:15]:
        names = [plain(cell) for cell in cells]
        titled = [f"{title} {name}" for title, name in zip([*above, *[""] * len(names)], names, strict=False)]
        for found in (titled, names):
            if plain(heading) in found:
                return found.index(plain(heading))
        above = names
    return None


def cell(place: dict[str, Any], heading: str) -> str | None:
    """The raw cell of a row under a heading; None where the file has no such row or heading."""
    at = position(*(place[name] for name in PLACE[:4]), heading)
    cells = raw_file(place["source"], place["received"], place["file"])[place["sheet"]].get(place["row"])
    return None if at is None or cells is None else cells[at] if at < len(cells) else ""


# ---- what identifies a unit in the raw rows --------------------------------------------------------------------------


@cache
def headings_for(source: str, file: str, sheet: str, table: str, column: str) -> tuple[str, ...]:
    """The headings by which the crosswalk, read as TOML alone, fills a column, or the row's own table does."""
    document = tomllib.loads(HOME.crosswalk(source).read_text(encoding="utf-8"))
    entry = next(
        e for e in document["sheets"] if fnmatchcase(file, e["file"]) and fnmatchcase(sheet, e.get("sheet") or "*")
    )
    wanted = (f"{table}.{column}", f"{entry['one_row_is']}.{column}")
    found = [
        (wanted.index(to), heading)
        for heading, targets in entry["columns"].items()
        for target in (targets if isinstance(targets, list) else [targets])
        if (to := target if isinstance(target, str) else target["to"]) in wanted
    ]
    return tuple(heading for at, heading in found if at == min(found)[0])


def identity(text: str) -> str:
    """A case number that lost its zeros, spaces or capitals is the same number."""
    bare = "".join(text.split()).upper().removesuffix(".0")
    return bare.lstrip("0") if bare.isdigit() else bare


MONTHS = ["jan", "feb", "maa", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"]


def day(text: str) -> str:
    """A day written in numbers (day first, or year first) or with the name of its month."""
    parts = re.findall(r"\d+|[a-z]{3,}", text.split("T")[0].casefold().replace("mrt", "maart"))
    if len(parts) < 3:
        return text
    first, month, last = parts[:3]
    year, date = (first, last) if len(first) == 4 else (last, first)
    named = MONTHS.index(month[:3]) + 1 if month[:3] in MONTHS else month
    return f"{int(year) % 100:02}-{int(named):02}-{int(date):02}"


def with_units(rows: pd.DataFrame, values: pd.DataFrame, question: Question) -> pd.DataFrame:
    """The rows with `unit`: the raw cells that say which unit it is; a code in its harmonised form, which is checked apart."""
    table = question.table
    columns = [c for c in UNITS[question.unit] if c not in ("source", "source_id", "source_row", *question.by)]
    keys = {"source": rows["source"]}
    places = rows[PLACE].to_dict("records")
    coded = [c for c in columns if c in TABLES[table] and TABLES[table][c].kind in ("code", "date", "integer")]
    for column in (c for c in columns if c not in coded):
        if column == "meeting_id":  # a meeting is known by its case and its day
            keys["case"] = [
                _identity(place, table, "case_id") or _identity(place, "meetings", "session") for place in places
            ]
            keys["day"] = [day(_cell(place, "meetings", "date")) for place in places]
        else:
            keys[column] = [_identity(place, table, column) for place in places]
    if question.unit == "n_fragments":
        keys["place"] = rows[PLACE].astype("str").agg("|".join, axis=1)
    out = rows.assign(unit=pd.DataFrame(keys, index=rows.index).astype("str").agg("|".join, axis=1))
    for column in coded:
        told = values[(values["table"] == table) & (values["column"] == column)][[*PLACE, "value"]].drop_duplicates()
        out = out.merge(told, on=PLACE, how="left")
        out["unit"] = out["unit"] + "|" + out.pop("value").fillna("")
    return out


def _identity(place: dict[str, Any], table: str, column: str) -> str:
    return identity(_cell(place, table, column))


def _cell(place: dict[str, Any], table: str, column: str) -> str:
    return _cell_at(*(place[name] for name in PLACE), table, column)


@cache
def _cell_at(source: str, received: str, file: str, sheet: str, row: int, table: str, column: str) -> str:
    place = dict(zip(PLACE, (source, received, file, sheet, row), strict=True))
    headings = headings_for(source, file, sheet, table, column)
    return next((found for heading in headings if (found := cell(place, heading)) is not None), "")


# ---- the recount -----------------------------------------------------------------------------------------------------


@cache
def traced(figure: str) -> Trace:
    return trace(asked(figure), CATALOGUE[figure], whole_study(), FIND_SHEET, {})


def recounted(figure: str) -> pd.DataFrame:
    """Per mark and number that counts: what stands on the receipt (raw) and what our own readers count (own)."""
    finding, found = asked(figure), traced(figure)
    lines = []
    for part in finding.parts:
        counts = {name: s for name, s in part.question.statistics.items() if s.kind != "first"}
        marks = part.numbers.astype(dict.fromkeys(part.question.by, "str"))
        # of a row that holds three voices a single mark tells which of them have a status
        alone = part.question.unit == "n_voices"
        own = _one_by_one(finding, part, counts) if alone else counted(found, part.question, counts)
        for mark in marks.to_dict("records"):
            keys = tuple(mark[key] for key in part.question.by)
            lines += [(figure, part.question.name, keys, name, mark[name], own[name].get(keys, 0)) for name in counts]
    return pd.DataFrame(lines, columns=["figure", "part", "keys", "number", "raw", "own"])


def _one_by_one(finding: Finding, part: Answer, statistics: Mapping[str, Statistic]) -> dict[str, PerMark]:
    entry, own = CATALOGUE[finding.id], {name: PerMark() for name in statistics}
    for mark in part.numbers[list(part.question.by)].astype("str").to_dict("records"):
        one = trace(finding, entry, whole_study(), FIND_SHEET, {**mark, "part": part.question.name})
        for name, counts in counted(one, part.question, statistics).items():
            own[name] |= counts
    return own


def counted(found: Trace, question: Question, statistics: Mapping[str, Statistic]) -> dict[str, PerMark]:
    """Per number and mark the distinct units in the raw rows that trace names."""
    rows = found.rows[found.rows["part"] == question.name].reset_index(drop=True)
    if rows.empty:
        return {name: {} for name in statistics}
    if question.unit == "n_persons":  # a row of a case names several
        rows = rows.assign(unit=[_persons(place) for place in rows[PLACE].to_dict("records")]).explode("unit")
        rows["unit"] = rows["source"] + "|" + rows["unit"].astype("str")
    else:
        rows = with_units(rows, found.values, question)
    return {
        name: _per_mark(rows[_known(found, question, s.column, rows)] if s.kind == "known" else rows, question)
        for name, s in statistics.items()
    }


def _per_mark(rows: pd.DataFrame, question: Question) -> PerMark:
    units = rows[[*question.by, "unit"]].astype("str").drop_duplicates().groupby(list(question.by)).size()
    return {keys if isinstance(keys, tuple) else (keys,): int(n) for keys, n in units.items()}


def _persons(place: dict[str, Any]) -> list[str]:
    own = headings_for(place["source"], place["file"], place["sheet"], "case_persons", "person_id")
    return sorted({identity(cell(place, heading) or "") for heading in own} - {"", "ONBEKEND"})


def _known(found: Trace, question: Question, name: str, rows: pd.DataFrame) -> pd.Series:
    """The rows of which a column is filled, in the row itself or in the row of another table; of a quote, if cleared."""
    if name == "quote":
        cleared = found.fragments[found.fragments["quote"].notna()]
        return pd.MultiIndex.from_frame(rows[PLACE]).isin(pd.MultiIndex.from_frame(cleared[PLACE]))
    table, column = next(
        ((j.table, j.columns[name]) for j in question.joins if name in j.columns), (question.table, name)
    )
    told = found.values[(found.values["table"] == table) & (found.values["column"] == column)]
    places = told[~told["value"].isin(["", *MISSING])][PLACE].drop_duplicates()
    cases = {f"{place['source']}|{_identity(place, table, 'case_id')}" for place in places.to_dict("records")}
    return rows["unit"].isin(cases)


MANY = {"F02", "F09", "F11", "F19"}  # thousands of rows, or as many traces as marks
WITHOUT_MOST = sampled(CATALOGUE, CATALOGUE.keys() - {"F19"})


@pytest.mark.parametrize("figure", sampled(CATALOGUE, CATALOGUE.keys() - MANY))
def test_the_raw_rows_behind_every_mark_recount_to_its_raw_count(figure: str) -> None:
    counts = recounted(figure)
    assert len(counts) or figure in NOTHING_COUNTED
    assert counts[counts["raw"] != counts["own"]].to_dict("records") == []


NOTHING_COUNTED = ("F12", "F13", "F15")  # each mark is one judgement: its code is held against the raw cell below


@pytest.mark.parametrize("figure", WITHOUT_MOST)
def test_every_row_is_there_and_every_raw_cell_that_is_shown_stands_in_it(figure: str) -> None:
    found = traced(figure)
    for place in found.rows[PLACE].drop_duplicates().to_dict("records"):
        rows = raw_file(place["source"], place["received"], place["file"])[place["sheet"]]
        assert any(cell.strip() for cell in rows[place["row"]]), place
    shown = found.values[(found.values["heading"] != "") & (found.values["raw"] != "")]
    shown = shown[[*PLACE, "heading", "raw"]].drop_duplicates()
    told = [(cell(place, place["heading"]), place["raw"]) for place in shown.to_dict("records")]
    assert [pair for pair in told if pair[0] is None or plain(pair[1]) not in plain(pair[0])] == []


# A mark can also hold a code, a number or a word that was taken over and not counted. What a question derives (days
# between two dates, the month of a date) has no cell of its own: its dates do, and are held to theirs above. A quote is no
# value of trace: it stands with its fragment, where it was cleared.


def taken_over(question: Question) -> Iterator[tuple[str, str]]:
    """The numbers of a mark that stand in a cell of its row, with the column of the question's own table."""
    for name, statistic in question.statistics.items():
        table, column = TABLES[question.table], statistic.column
        if (
            statistic.kind == "first"
            and column in table
            and column not in question.derive
            and table[column].kind != "quote"
        ):
            yield name, column


@pytest.mark.parametrize("figure", WITHOUT_MOST)
def test_a_code_that_a_mark_shows_is_what_its_row_says(figure: str) -> None:
    finding, found = asked(figure), traced(figure)
    for part in finding.parts:
        for name, column in taken_over(part.question):
            own = found.values[(found.values["table"] == part.question.table) & (found.values["column"] == column)]
            rows = found.rows[found.rows["part"] == part.question.name].merge(own[[*PLACE, "value"]], on=PLACE)
            there = set(rows[[*part.question.by, "value"]].astype("str").itertuples(index=False, name=None))
            marks = part.numbers[part.numbers[name].notna()].astype("str")
            wanted = set(marks[[*part.question.by, name]].itertuples(index=False, name=None))
            assert wanted <= there, (part.question.name, name)


@pytest.mark.parametrize("figure", sampled(CATALOGUE, ["F03", "F05", "F07", "F12", "F17", "F20", "F23", "T01", "T03"]))
def test_a_mark_traced_alone_has_the_rows_and_the_number_it_has_among_all(figure: str) -> None:
    entry, every = CATALOGUE[figure], traced(figure)
    finding = asked(figure)
    for part in finding.parts:
        for mark in (
            part.numbers[list(part.question.by)].astype("str").iloc[[0, -1]].to_dict("records")
            if len(part.numbers)
            else []
        ):
            one = trace(finding, entry, whole_study(), FIND_SHEET, {**mark, "part": part.question.name})
            among = every.rows[every.rows["part"] == part.question.name]
            for key, value in mark.items():
                among = among[among[key] == value]
            assert set(one.rows[PLACE].itertuples(index=False, name=None)) == set(
                among[PLACE].itertuples(index=False, name=None)
            )
            told = one.values[one.values["table"] == part.question.table]
            for name, column in taken_over(part.question):
                if len(one.rows) == 1:
                    assert set(one.marks[f"raw_{name}"].dropna().astype("str")) == set(
                        told[told["column"] == column]["value"]
                    ) - {""}


SHARES = ["F03", "F05", "F08", "F09", "F17", "F19", "F23"]


@pytest.mark.parametrize("figure", sampled(SHARES, set(SHARES) - MANY))
def test_the_whole_that_a_share_is_of_is_counted_from_its_own_rows(figure: str) -> None:
    """A share is the mark's count over the units in the rows that are named as its whole."""
    finding, entry = asked(figure), CATALOGUE[figure]
    for part in finding.parts:
        marks = finding.numbers[(finding.numbers["part"] == part.question.name) & finding.numbers["share"].gt(0)]
        for mark in marks.head(1)[[*part.question.by, "share", part.question.unit]].to_dict("records"):
            keys = {key: str(mark[key]) for key in part.question.by} | {"part": part.question.name}
            base = trace(finding, entry, whole_study(), FIND_SHEET, keys).base.reset_index(drop=True)
            question = finding.part(base["whole"].iloc[0]).question
            units = with_units(base, pd.DataFrame(columns=[*PLACE, "table", "column", "value"]), question)[
                "unit"
            ].nunique()
            assert mark["share"] == pytest.approx(mark[part.question.unit] / units)
