"""List per source what was delivered and stands in no figure, each with the reason: nothing is left out unseen."""

import tomllib
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple, get_args

from iww_analysis.analysis.declared import is_declared, questions
from iww_analysis.analysis.fields import SORT, Field, fields_asked, sorts_named
from iww_analysis.analysis.finding import Finding
from iww_analysis.analysis.question import rows
from iww_analysis.analysis.study import Study
from iww_analysis.figures.declaration import CATALOGUE, Entry
from iww_analysis.messages import numbers
from iww_analysis.messages.errors import Lang
from iww_analysis.tables import TABLES

SORTED = ("meetings", "themes")  # tables of which a figure asks some kinds of records alone
Texts = Mapping[Lang, str]


class Unused(NamedTuple):
    """What was delivered under one heading and stands in no figure: the cells that are filled, or records of one kind.

    `fields`: what the heading fills, as "table.column", none where it is not read; `kind`: the code of a kind of records. `code`:
    ignored (with the crosswalk's `reason`), open or unknown; "" where it is read. `file`: the last that has it.
    """

    file: str
    sheet: str
    heading: str
    fields: tuple[str, ...]
    n: int
    why: Texts
    code: str = ""
    reason: str = ""
    kind: str = ""


@cache
def reasons() -> Mapping[str, Mapping[str, Any]]:
    """What `unused.toml` says: by field, kind of record, and what is not read."""
    return tomllib.loads(files(__package__).joinpath("unused.toml").read_text(encoding="utf-8"))


def fields_of(entry: Entry) -> frozenset[Field]:
    """The fields that a figure uses by its declaration, whatever the sources."""
    declared = [name for name in (entry.id, *entry.also_asks) if is_declared(name)]
    asked = fields_asked(question for name in declared for question in questions(name))
    return asked | _beside(entry)


@cache
def _fields_of_all() -> Mapping[str, frozenset[Field]]:
    return {id_: fields_of(entry) for id_, entry in CATALOGUE.items()}


def figures_with(field: Field) -> tuple[str, ...]:
    """The figures that use a field, or one that it serves."""
    return tuple(id_ for id_, used in _fields_of_all().items() if _uses(used, field))


def reason_of(field: Field) -> Texts | None:
    """Why no figure uses a field: that of the field, or of its whole table; None where there is none."""
    table, column = field
    given = reasons()["fields"]
    served = TABLES[table][column].gives or column
    return given.get(f"{table}.{served}") or given.get(table)


def unused_columns(study: Study, source: str, findings: Collection[Finding]) -> list[Unused]:
    """What of a source stands in none of these findings; a heading of several deliveries once, its cells counted together."""
    used = _used(source, findings)
    together: dict[tuple[Any, ...], Unused] = {}
    for line in study.ledgers[source]:
        for column in line.get("columns", ()):
            heading, fields, code, reason = (column[name] for name in ("heading", "fields", "code", "reason"))
            pairs = [_pair(name) for name in fields]
            if any(_uses(used, pair) for pair in pairs):
                continue
            key = (line["sheet"], heading, *fields, code, reason)
            n = column["n"] + (together[key].n if key in together else 0)
            why = _why(pairs[0]) if pairs else _told(code, reason=reason.rstrip("."))
            together[key] = Unused(line["file"], line["sheet"], heading, tuple(fields), n, why, code, reason)
    return [*together.values(), *_kinds(study, source, findings)]


def _used(source: str, findings: Collection[Finding]) -> frozenset[Field]:
    """The fields that these findings use of a source."""
    of_source = [finding for finding in findings if source in finding.sources]
    asked = fields_asked(part.question for finding in of_source for part in finding.parts)
    return asked.union(*(_beside(CATALOGUE[f.id]) for f in of_source if f.id in CATALOGUE))


def _beside(entry: Entry) -> frozenset[Field]:
    return frozenset((table, column.name) for table in entry.beside for column in TABLES[table])


def _uses(used: Collection[Field], field: Field) -> bool:
    served = reasons()["serves"].get(".".join(field), ())
    return field in used or any(_pair(name) in used for name in served)


def _why(field: Field) -> Texts:
    return reason_of(field) or _told("elsewhere", figures=figures_with(field))


def _told(code: str, *, reason: str = "", figures: Sequence[str] = ()) -> Texts:
    """What the list says of what is not read, or not here."""
    told = reasons()["why"][code]
    return {
        lang: told[lang].format(reason=reason, figures=numbers.listed(list(figures), lang)) for lang in get_args(Lang)
    }


def _pair(name: str) -> Field:
    table, _, column = name.partition(".")
    return table, column


def _kinds(study: Study, source: str, findings: Collection[Finding]) -> Iterator[Unused]:
    """The kinds of meetings and themes of which no record counts in a figure."""
    for table in SORTED:
        records = study.columns(table, "source", SORT)
        n_of = records.loc[records["source"] == source, SORT].dropna().value_counts().sort_index()
        if n_of.empty:
            continue
        counted = _counted_kinds(study, source, table, findings)
        for kind, n in ((str(kind), int(n)) for kind, n in n_of.items() if n and kind not in counted):
            named = [id_ for id_ in CATALOGUE if is_declared(id_) and kind in sorts_named(questions(id_), table)]
            why = reasons()["kinds"].get(f"{table}.{kind}") or _told("elsewhere", figures=named)
            yield Unused("", "", "", (f"{table}.{SORT}",), n, why, kind=kind)


def _counted_kinds(study: Study, source: str, table: str, findings: Collection[Finding]) -> set[str]:
    asked = [part.question for f in findings if source in f.sources for part in f.parts if part.question.table == table]
    counted = (rows(question, study.tables) for question in asked)
    return {str(kind) for frame in counted for kind in frame.loc[frame["source"] == source, SORT].unique()}
