"""Walk from a mark on a figure back to the rows of the raw files, and every change of value on the way."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd

from iww_analysis.analysis.finding import Finding, records
from iww_analysis.analysis.questions.fragments import behind
from iww_analysis.analysis.sql import render
from iww_analysis.analysis.study import Study
from iww_analysis.disclosure.protect import protected_marks
from iww_analysis.figures.declaration import CATALOGUE, Entry
from iww_analysis.messages.errors import IwwError, fail
from iww_analysis.tracing.base_rows import base_rows
from iww_analysis.tracing.cell_changes import PLACE, changes_of, is_told_twice
from iww_analysis.tracing.source_sheet import FindSheet

FEW = 20  # rows that are shown on a terminal


@dataclass(frozen=True)
class Trace:
    """What stands behind one mark (or behind all marks that share the given keys).

    `marks`: per mark its keys, part, and for each number `raw_*` and what is drawn; `rows`: one row per record:
    part, the keys of its mark, source, received, file, sheet, row; `fragments`: the coded fragments behind a judgement,
    with the quote only where a person cleared it.
    """

    figure: str
    mark: Mapping[str, str]
    rule: str
    marks: pd.DataFrame
    rows: pd.DataFrame
    fragments: pd.DataFrame
    sql: Mapping[str, str]
    _reread: Callable[[pd.DataFrame], pd.DataFrame] = field(repr=False)
    _whole: Callable[[], pd.DataFrame] = field(repr=False)

    @cached_property
    def base(self) -> pd.DataFrame:
        """The rows of the whole that a share, a rank or a curve rests on: part, `whole` (its question), keys and place."""
        return self._whole()

    @cached_property
    def values(self) -> pd.DataFrame:
        """What the raw cells held that decided, and what they became: one row per cell, read again from the raw files.

        Place, table, column, heading, raw, value, rule, said_in. `rule` is the rule of changes.parquet, or: "" (as
        delivered), white_space, part_of_cell, constant (the crosswalk gives it), origin (the card of the delivery does),
        derived (it follows from other cells). `said_in` is the file, and the lines in it, that say so. A raw text is told
        only of codes, days, numbers and short texts that were understood.
        """
        return self.values_of(self.rows)

    def values_of(self, rows: pd.DataFrame) -> pd.DataFrame:
        """The same for some of the rows."""
        return self._reread(rows)

    @property
    def frame(self) -> pd.DataFrame:
        """The rows, each with `changes`: heading ‘raw’ → value (rule, file:line), in one text."""
        return self.rows.merge(_told(self.values), on=PLACE, how="left", validate="many_to_one").fillna({"changes": ""})

    def __repr__(self) -> str:
        said = f"{self.figure} {dict(self.mark)}: {len(self.rows)} rijen"
        return "\n".join([said, self.marks.to_string(index=False), self.rows.to_string(index=False)])

    def _repr_html_(self) -> str:
        return str(self.marks.to_html(index=False)) + str(self.rows.to_html(index=False, max_rows=50))


def _told(values: pd.DataFrame) -> pd.DataFrame:
    """Per row of a raw file its changes as one text."""
    kinds = ["table", "column", "heading", "raw", "value", "rule", "said_in"]
    which = values.groupby(kinds, sort=False).ngroup().to_numpy()
    distinct = values[kinds].drop_duplicates().itertuples(index=False, name=None)
    texts = np.array([change_text(dict(zip(kinds, line, strict=True))) for line in distinct], dtype=object)
    groups = values.groupby(PLACE, sort=False)
    place, nth = groups.ngroup().to_numpy(), groups.cumcount().to_numpy()
    told: pd.DataFrame = values.loc[nth == 0, PLACE].assign(changes=texts[which[nth == 0]])
    changes = told["changes"].to_numpy(dtype=object, copy=True)
    for n in range(1, int(nth.max(initial=0)) + 1):
        changes[place[nth == n]] += "; " + texts[which[nth == n]]
    told["changes"] = changes
    return told


def change_text(line: Mapping[str, str]) -> str:
    """One change of value in a line: heading ‘raw’ → value (rule, file:line)."""
    how = ", ".join(part for part in (line["rule"], line["said_in"]) if part)
    name = line["heading"] or f"{line['table']}.{line['column']}"
    raw = f" ‘{line['raw']}’" if line["raw"] else ""
    return f"{name}{raw} → {line['value']}" + (f" ({how})" if how else "")


def trace(
    study: Study, find_sheet: FindSheet, figure: str, mark: Mapping[str, str], *, internal: bool = False
) -> Trace:
    """Recount a mark from the processed tables; its rows are read again from the raw files when `values` are asked for.

    `find_sheet` gives a source's raw sheets. Nothing is taken from receipts: it answers the same when
    they are gone.
    """
    entry = entry_of(figure)
    return traced(entry.ask(study), entry, study, find_sheet, mark, internal=internal)


def traced(
    finding: Finding,
    entry: Entry,
    study: Study,
    find_sheet: FindSheet,
    mark: Mapping[str, str],
    *,
    internal: bool = False,
) -> Trace:
    """Trace a mark of a figure whose question was asked already."""
    whole = finding
    finding = _asked_for(finding, mark)
    keys = {key: value for key, value in mark.items() if key != "part"}
    rule, drawn = protected_marks(finding, entry.regime, internal=internal)
    marks = _marks(finding, drawn, keys)
    if marks.empty:
        raise _no_such_mark(finding, mark)
    found = {p.question.name: placed(records(finding.only(p.question.name), study.tables, keys)) for p in finding.parts}
    named = list(dict.fromkeys(["part", *finding.keys]))
    columns = list(dict.fromkeys([*named, *PLACE]))
    own = {p.question.name: ["part", *p.question.by] for p in finding.parts}
    marked = [_only(part, own[name], named).reindex(columns=columns) for name, part in found.items()]
    rows = (
        pd.concat([_texts(part, named) for part in marked], ignore_index=True).drop_duplicates().reset_index(drop=True)
    )
    said = [behind(study, part, own[name]) for name, part in found.items()]

    def reread(some: pd.DataFrame) -> pd.DataFrame:
        parts = found if some is rows else {name: _among(part, some) for name, part in found.items()}
        told = [changes_of(p.question, parts[p.question.name], study, find_sheet) for p in finding.parts]
        values = pd.concat(told, ignore_index=True)
        twice = is_told_twice([part.question for part in finding.parts])
        return values.drop_duplicates().reset_index(drop=True) if twice else values

    return Trace(
        entry.id,
        mark,
        rule,
        marks,
        rows,
        _with_place(pd.concat(said, ignore_index=True)),
        {part.question.name: render(part.question, finding.sources) for part in finding.parts},
        reread,
        lambda: placed(base_rows(whole, marks, study)).drop(columns=["source_id", "source_row"]).reset_index(drop=True),
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


def _marks(finding: Finding, drawn: pd.DataFrame, keys: Mapping[str, str]) -> pd.DataFrame:
    """The marks with these keys: raw numbers beside drawn ones."""
    raw = finding.numbers
    both = drawn.assign(**{f"raw_{value}": raw[value] for value in finding.values})
    for key, value in keys.items():
        both = both[both[key] == value]
    return both.reset_index(drop=True)


def placed(found: pd.DataFrame) -> pd.DataFrame:
    """Take `source_id` apart into the day of receipt, file and sheet."""
    distinct = pd.Series(found["source_id"].unique(), dtype="str")
    apart = distinct.str.extract(r"^(?P<received>[^/]+)/(?P<file>.*?)(?:#(?P<sheet>[^#]*))?$").fillna("")
    at = {name: dict(zip(distinct, apart[name], strict=True)) for name in apart}
    told = {str(name): found["source_id"].map(own).astype("str") for name, own in at.items()}
    ordered = found.assign(**told, row=found["source_row"])
    if len(distinct) == 1:
        return ordered.sort_values("source_row", kind="stable")
    return ordered.sort_values(["source", "source_id", "source_row"], kind="stable")


def _only(frame: pd.DataFrame, own: Sequence[str], keys: Sequence[str]) -> pd.DataFrame:
    """The same without the keys that another question of the figure has, unless they say where a row stands."""
    return frame.drop(columns=[key for key in keys if key in frame and key not in (*own, *PLACE)])


def _among(part: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """The records of a part that stand on some rows."""
    return part.merge(rows[["part", *PLACE]].drop_duplicates(), on=["part", *PLACE])


def _texts(frame: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """The same with these columns as text, as marks bear them; "" where there is none."""
    return frame.assign(**{name: frame[name].astype("str").where(frame[name].notna(), "") for name in names})


def _with_place(fragments: pd.DataFrame) -> pd.DataFrame:
    """Fragments with file, sheet and row in place of the build's own names for them."""
    told = placed(fragments).drop(columns=["source_id", "source_row"])
    return told.reset_index(drop=True)
