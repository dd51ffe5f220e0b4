"""Walk from a mark on a figure back to the rows of the raw files, and every change of value on the way."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from iww_analysis import disclosure, privacy
from iww_analysis.deliveries import read_crosswalk, read_deliveries
from iww_analysis.errors import IwwError, fail
from iww_analysis.figures.catalogue import CATALOGUE, Entry
from iww_analysis.io.home import Home
from iww_analysis.schema.crosswalk import SheetWalk
from iww_analysis.schema.finding import Finding, records
from iww_analysis.schema.intake import Intake
from iww_analysis.schema.question import Question
from iww_analysis.schema.sql import render
from iww_analysis.study import TABLES, Study

PLACE = ["source", "received", "file", "sheet", "row"]
VALUES = [*PLACE, "table", "column", "heading", "raw", "value", "rule"]


@dataclass(frozen=True)
class Trace:
    """What stands behind one mark (or behind all marks that share the given keys).

    `marks`: per mark its keys, part, and for each number `raw_*` and what is drawn; `rows`: one row per record:
    part, the keys of its mark, source, received, file, sheet, row; `values`: what the raw cells held that decided, and
    what they became: table, column, heading, raw, value, rule. Raw cells are shown only for codes, dates and numbers.
    """

    figure: str
    mark: Mapping[str, str]
    rule: str
    marks: pd.DataFrame
    rows: pd.DataFrame
    values: pd.DataFrame
    sql: Mapping[str, str]

    def __repr__(self) -> str:
        said = f"{self.figure} {dict(self.mark)}: {len(self.rows)} rijen"
        return "\n".join([said, self.marks.to_string(index=False), self.rows.to_string(index=False)])

    def _repr_html_(self) -> str:
        return str(self.marks.to_html(index=False)) + str(self.rows.to_html(index=False, max_rows=50))


Reader = Callable[[str], Mapping[str, Intake]]


def trace(study: Study, reader: Reader, figure: str, mark: Mapping[str, str], *, internal: bool = False) -> Trace:
    """Recount a mark from the processed tables and read its rows again from the raw files.

    `reader` gives a source's raw sheets (see `raw_reader`). Nothing is taken from receipts: it answers the same when
    they are gone.
    """
    entry = entry_of(figure)
    finding = _asked_for(entry.ask(study), mark)
    keys = {key: value for key, value in mark.items() if key != "part"}
    protected = disclosure.protect([finding], entry.regime, internal=internal)[0]
    marks = _marks(finding, protected, keys)
    if marks.empty:
        raise _no_such_mark(finding, mark)
    found = records(finding, study.tables, keys)
    values = [row for part in finding.parts for row in _values(part.question, found, study, reader)]
    rows = _places(found)[list(dict.fromkeys(["part", *finding.keys, *PLACE]))]
    return Trace(
        figure,
        mark,
        protected.rule,
        marks,
        rows.fillna("").drop_duplicates().reset_index(drop=True),
        pd.DataFrame(values, columns=VALUES).drop_duplicates().reset_index(drop=True),
        {part.question.name: render(part.question, finding.sources) for part in finding.parts},
    )


def _asked_for(finding: Finding, mark: Mapping[str, str]) -> Finding:
    """The finding with only the questions that a mark speaks of: those with its keys, or the one named as `part`."""
    keys = set(mark) - {"part"}
    names = [
        p.question.name
        for p in finding.parts
        if keys <= set(p.question.by) and mark.get("part", p.question.name) == p.question.name
    ]
    if not names:
        raise _no_such_mark(finding, mark)
    return finding.only(*names)


def _no_such_mark(finding: Finding, mark: Mapping[str, str]) -> IwwError:
    found = ", ".join(f"{key}={value}" for key, value in mark.items())
    return fail("mark_unknown", found=found, expected=", ".join(finding.keys))


def parse_marks(texts: Sequence[str]) -> dict[str, str]:
    """Read marks written as KEY=VALUE."""
    for text in texts:
        if "=" not in text:
            raise fail("mark_key", found=text)
    return dict(text.split("=", 1) for text in texts)


def entry_of(figure: str) -> Entry:
    """Find a figure in the catalogue by its id."""
    if figure.upper() not in CATALOGUE:
        raise fail("figure_unknown", found=figure, expected=", ".join(CATALOGUE))
    return CATALOGUE[figure.upper()]


def _marks(finding: Finding, protected: disclosure.Protected, keys: Mapping[str, str]) -> pd.DataFrame:
    """The marks with these keys: raw numbers beside drawn ones."""
    raw = finding.numbers
    both = protected.marks.assign(**{f"raw_{value}": raw[value] for value in finding.values})
    for key, value in keys.items():
        both = both[both[key] == value]
    return both.reset_index(drop=True)


def _places(found: pd.DataFrame) -> pd.DataFrame:
    """Take `source_id` apart into the day of receipt, file and sheet."""
    apart = found["source_id"].str.extract(r"^(?P<received>[^/]+)/(?P<file>.*?)(?:#(?P<sheet>[^#]*))?$")
    return found.assign(
        received=apart["received"], file=apart["file"], sheet=apart["sheet"].fillna(""), row=found["source_row"]
    ).sort_values(["part", *PLACE])


def raw_reader(home: Home) -> Reader:
    """Make the reader of raw sheets, which opens each source once: source -> source_id -> what was taken in."""
    known: dict[str, Mapping[str, Intake]] = {}

    def read(source: str) -> Mapping[str, Intake]:
        if source not in known:
            readings = read_deliveries(home, source, read_crosswalk(home, source), [])
            known[source] = {r.intake.source_id: r.intake for r in readings if r.intake}
        return known[source]

    return read


def _values(question: Question, found: pd.DataFrame, study: Study, reader: Reader) -> Iterator[tuple[object, ...]]:
    """For each row behind the mark, the cells that the question looks at: as delivered, and as harmonised."""
    rules = {
        (row["source"], row["table"], row["column"], row["raw"], row["new"]): row["rule"]
        for row in study.changes.to_dict("records")
    }
    for row in _places(found[found["part"] == question.name]).to_dict("records"):
        record = {str(name): value for name, value in row.items()}
        intake = reader(str(record["source"])).get(str(record["source_id"]))
        if intake is None:
            continue
        for table, column, name in _columns(question):
            heading = _heading(intake.walk, table, column, record)
            if heading is None or heading not in intake.rows:
                continue
            value = _text(record[name])
            raw = _raw(record, name, str(intake.rows.at[record["source_row"], heading]))
            told = raw if _may_be_told(raw, value) else ""
            rule = rules.get((record["source"], table, column, raw, value), "")
            yield (*(record[p] for p in PLACE), table, column, heading, told, value, rule)


def _raw(record: Mapping[str, object], name: str, cell: str) -> str:
    """The raw text of a value: of a cell that holds several, only the word that was understood."""
    word = record.get(f"{name}_raw")
    return cell if word is None or word == " ".join(cell.split()) else str(word)


def _may_be_told(raw: str, value: str) -> bool:
    """Whether a raw cell can be shown: it was understood, and holds nothing that looks like an identifier."""
    return value not in ("", "unreadable") and not privacy.identifiers_in(raw)


def _text(value: object) -> str:
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    return "" if pd.isna(value) else str(value)  # type: ignore[call-overload]


def _columns(question: Question) -> list[tuple[str, str, str]]:
    """Codes, days and numbers that decide what is counted: table, column, and what the question calls it."""
    looked_at = {*question.by, *(c.column for c in question.where)}
    looked_at |= {column for rule in question.derive.values() for column in rule.of}
    looked_at |= {statistic.column for statistic in question.statistics.values()}
    own = [(question.table, column.name, column.name) for column in TABLES[question.table] if column.name in looked_at]
    joined = [(j.table, old, new) for j in question.joins for new, old in j.columns.items() if new in looked_at]
    return [
        (table, column, name)
        for table, column, name in own + joined
        if column in TABLES[table] and TABLES[table][column].kind in ("code", "date", "integer")
    ]


def _heading(walk: SheetWalk, table: str, column: str, record: Mapping[str, object]) -> str | None:
    """The heading that filled this column in this record: the one whose constants the record has."""
    for heading, targets in walk.columns.items():
        for target in targets:
            same = all(str(record.get(name, value)) == value for name, value in target.constants)
            if (target.table, target.column) == (table, column) and same:
                return heading
    return None
