"""Walk from a mark on a figure back to the rows of the raw files, and every change of value on the way."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property

import pandas as pd

from iww_analysis import vocabulary
from iww_analysis.analysis.finding import THE_MARK, Finding, records
from iww_analysis.analysis.question import PROVENANCE, Question
from iww_analysis.analysis.questions.fragments import behind
from iww_analysis.analysis.sql import render
from iww_analysis.analysis.study import Study
from iww_analysis.disclosure.protect import Protected, protect
from iww_analysis.figures.declaration import CATALOGUE, Entry
from iww_analysis.messages.errors import IwwError, Message, fail
from iww_analysis.tracing.cell_changes import PLACE, FindSheet, changes_of, share_a_column

_NEAREST = 5  # values that are named when one is not known
FEW = 20  # rows that are shown on a terminal
Mark = Mapping[str, str]  # what is asked for: key -> value, and perhaps `part`
_CHANGE = ["table", "column", "heading", "raw", "value", "rule", "said_in"]


@dataclass(frozen=True)
class Trace:
    """What stands behind one mark (or behind all marks that share the given keys).

    `marks`: per mark its keys, part, and for each number `raw_*` and what is drawn; `rows`: one row per record:
    part, the keys of its mark, source, received, file, sheet, row; `fragments`: the coded fragments behind a judgement,
    with the quote only where a person cleared it; `otherwise`: marks of which the report shows other numbers than these.
    """

    figure: str
    mark: Mark
    rule: str
    marks: pd.DataFrame
    rows: pd.DataFrame
    fragments: pd.DataFrame
    sql: Mapping[str, str]
    _reread: Callable[[pd.DataFrame], pd.DataFrame] = field(repr=False)
    _whole: Callable[[], pd.DataFrame] = field(repr=False)
    otherwise: tuple[Message, ...] = ()

    @property
    def places(self) -> pd.DataFrame:
        """Each raw row once, however many marks and questions it is in."""
        return self.rows[PLACE].drop_duplicates().reset_index(drop=True)

    @cached_property
    def base(self) -> pd.DataFrame:
        """The rows of the whole that a share, a rank or a curve rests on: part, `whole` (its question), keys and place."""
        return self._whole()

    @cached_property
    def values(self) -> pd.DataFrame:
        """What the raw cells held that decided, and what they became: one row per cell, read again from the raw files.

        Place, table, column, heading, raw, value, rule, said_in. `rule` is the rule of changes.parquet, or: "" (as
        delivered), white_space, part_of_cell, constant (the crosswalk gives it), origin (the card of the delivery does),
        derived (it follows from other cells), first_referral (a list of referrals does), no_such_field (the row has no cell
        for it). `said_in` is the file, and the lines or the row in it, that say so. A raw text is given only of codes, days,
        numbers and short texts that were understood.
        """
        return self.values_of(self.rows)

    def values_of(self, rows: pd.DataFrame) -> pd.DataFrame:
        """The same for some of the rows."""
        return self._reread(rows)

    @property
    def frame(self) -> pd.DataFrame:
        """The rows, each with `changes`: heading ‘raw’ → value (rule, file:line), in one text."""
        distinct = self.values[_CHANGE].drop_duplicates()
        texts = ["; " + change_text(change) for change in distinct.to_dict("records")]
        changes = self.values.merge(distinct.assign(changes=texts), on=_CHANGE, how="left")
        by_row = changes.groupby(PLACE, sort=False)["changes"].sum().str.removeprefix("; ").reset_index()
        return self.rows.merge(by_row, on=PLACE, how="left", validate="many_to_one").fillna({"changes": ""})

    def __repr__(self) -> str:
        heading = f"{self.figure} {dict(self.mark)}: {len(self.places)} rijen"
        return "\n".join([heading, self.marks.to_string(index=False), self.rows.to_string(index=False)])

    def _repr_html_(self) -> str:
        return str(self.marks.to_html(index=False)) + str(self.rows.to_html(index=False, max_rows=50))


def change_text(change: Mapping[Hashable, str]) -> str:
    """One change of value in a line: heading ‘raw’ → value (rule, file:line)."""
    how = ", ".join(text for text in (change["rule"], change["said_in"]) if text)
    name = change["heading"] or f"{change['table']}.{change['column']}"
    raw = f" ‘{change['raw']}’" if change["raw"] else ""
    return f"{name}{raw} → {change['value']}" + (f" ({how})" if how else "")


def trace(
    finding: Finding, entry: Entry, study: Study, find_sheet: FindSheet, mark: Mark, *, internal: bool = False
) -> Trace:
    """Trace a mark of a figure, by the answer to its question; raw files are read again when `values` are asked for.

    `find_sheet` gives a source's raw sheets. Nothing is taken from receipts: it answers the same when they are gone.
    """
    asked = _asked_for(finding, mark)
    keys = {key: _code(asked, entry, key, value) for key, value in mark.items() if key != "part"}
    protected = protect(finding, "internal" if internal else entry.regime, study.vectors)
    rule, marks = protected.rule, _with_raw(finding, asked, protected)
    for key, value in keys.items():
        marks = marks[marks[key] == value]
    marks = marks.reset_index(drop=True)
    if marks.empty:
        raise _no_such_mark(asked, mark)
    questions = {part.question.name: part.question for part in asked.parts}
    counted = {name: placed(records(asked.only(name), study.tables, keys)) for name in questions}
    names = list(dict.fromkeys(["part", *asked.keys]))
    marked = [_marked(counted[name], question, names) for name, question in questions.items()]
    rows = _distinct(pd.concat(marked, ignore_index=True))
    fragments = [behind(study, counted[name], ["part", *question.by]) for name, question in questions.items()]

    def reread(some: pd.DataFrame) -> pd.DataFrame:
        by = ["part", *PLACE]
        here = (
            counted if some is rows else {n: of.merge(some[by].drop_duplicates(), on=by) for n, of in counted.items()}
        )
        changes = [changes_of(question, here[name], study, find_sheet) for name, question in questions.items()]
        values = pd.concat(changes, ignore_index=True)
        return _distinct(values) if share_a_column([*questions.values()]) else values

    sql = {name: render(question, asked.sources) for name, question in questions.items()}
    coded = _without_ids(placed(pd.concat(fragments, ignore_index=True)))

    def whole() -> pd.DataFrame:
        return _without_ids(placed(_base_rows(finding, marks, study)))

    return Trace(entry.id, {**mark, **keys}, rule, marks, rows, coded, sql, reread, whole)


def _with_raw(finding: Finding, asked: Finding, protected: Protected) -> pd.DataFrame:
    """Every mark of the questions asked for: its keys, part, each number as it is drawn (missing where it is not), and raw."""
    raw = finding.numbers[finding.numbers["part"].isin([part.question.name for part in asked.parts])]
    drawn = protected.marks.reindex(raw.index)[[*asked.values, "hidden"]].fillna({"hidden": True})
    numbers = {f"raw_{value}": raw[value] for value in asked.values}
    return pd.concat([raw[[*asked.keys]], drawn[[*asked.values]], raw[["part"]], drawn[["hidden"]]], axis=1).assign(
        **numbers
    )


def _asked_for(finding: Finding, mark: Mark) -> Finding:
    """The finding with only the questions that a mark speaks of: those with its keys, or the one named as `part`."""
    keys = set(mark) - {"part"}
    questions = [part.question for part in finding.parts]
    names = [q.name for q in questions if keys <= set(q.by) and mark.get("part", q.name) == q.name]
    if not names:
        raise _no_such_mark(finding, mark)
    return finding.only(*names)


def _code(asked: Finding, entry: Entry, key: str, value: str) -> str:
    """The code that is meant by a code or a label; raises IwwError with the nearest that there are."""
    codes = [code for code in asked.numbers[key].unique() if code != ""]
    labels = {code: [entry.texts.label(key, code, lang) for lang in ("nl", "en")] for code in codes}
    meant = [code for code in codes if vocabulary.key(value) in map(vocabulary.key, (code, *labels[code]))]
    if value in codes or len(meant) == 1 or not codes:
        return value if value in codes or not codes else meant[0]
    words = {vocabulary.key(word): code for code in codes for word in (code, *labels[code])}
    near = dict.fromkeys(
        words[word] for word in get_close_matches(vocabulary.key(value), words, n=_NEAREST, cutoff=0.5)
    )
    names = [" / ".join(dict.fromkeys((code, *labels[code]))) for code in (near or codes[:_NEAREST])]
    raise fail("mark_value_unknown", key=key, found=value, nearest="; ".join(names), n=len(codes))


def _no_such_mark(finding: Finding, mark: Mark) -> IwwError:
    texts = [f"{key}={value}" for key, value in mark.items()]
    return fail("mark_unknown", found=", ".join(texts), expected=", ".join(finding.keys))


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


def _base_rows(finding: Finding, marks: pd.DataFrame, study: Study) -> pd.DataFrame:
    """The rows of the whole of marks: the part and shared keys of the marks, `whole` (its question) and the rows."""
    frames, base = [], ["part", "whole", *PROVENANCE]
    extra = [] if finding.extra is None else [str(name) for name in finding.extra]  # what goes beyond counting
    beyond = [f"raw_{name}" for name in extra if name not in (*finding.keys, "part") and name in finding.numbers]
    for part, of_part in marks.groupby("part", sort=False):
        whole = finding.wholes.get(str(part), THE_MARK)
        if whole == THE_MARK or of_part[beyond].isna().all(axis=None):
            continue
        shared = of_part[list(whole.keys)].drop_duplicates()
        rows = records(finding.only(*whole.parts), study.tables, {})
        rows = rows.assign(**{key: rows[key].astype("str") for key in whole.keys}).merge(shared, on=list(whole.keys))
        frames.append(rows.rename(columns={"part": "whole"}).assign(part=part)[[*whole.keys, *base]].drop_duplicates())
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=base)


def placed(records: pd.DataFrame) -> pd.DataFrame:
    """Take `source_id` apart into the day of receipt, file and sheet."""
    distinct = pd.Series(records["source_id"].unique(), dtype="str")
    parts = distinct.str.extract(r"^(?P<received>[^/]+)/(?P<file>.*?)(?:#(?P<sheet>[^#]*))?$").fillna("")
    places = parts.set_axis(distinct).astype("str")
    columns = {str(name): records["source_id"].map(places[name]).astype("str") for name in places}
    order = ["source_row"] if len(distinct) == 1 else ["source", "source_id", "source_row"]
    return records.assign(**columns, row=records["source_row"]).sort_values(order, kind="stable")


def _marked(records: pd.DataFrame, question: Question, names: Sequence[str]) -> pd.DataFrame:
    """The rows of a question as marks name them: `names` as text, "" for a key that only other questions have; then PLACE."""
    others = [name for name in names if name not in ("part", *question.by, *PLACE)]
    rows = records.drop(columns=others, errors="ignore").reindex(columns=list(dict.fromkeys([*names, *PLACE])))
    return rows.assign(**{name: rows[name].astype("str").where(rows[name].notna(), "") for name in names})


def _distinct(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.drop_duplicates().reset_index(drop=True)


def _without_ids(frame: pd.DataFrame) -> pd.DataFrame:
    """The same without the build's own names for a place."""
    return frame.drop(columns=["source_id", "source_row"]).reset_index(drop=True)
