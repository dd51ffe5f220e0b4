"""Write down what stands behind a figure: numbers before and after protection, questions, rows, sources and versions.

Two receipts in one form (docs/formats/receipt.md): a public one that may leave with the figure, and a restricted one
with raw counts and rows, for people who may see the raw files.
"""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from iww_analysis.analysis.answer import Answer
from iww_analysis.analysis.finding import Finding
from iww_analysis.analysis.question import looked_at
from iww_analysis.analysis.sql import render
from iww_analysis.analysis.study import Study
from iww_analysis.crosswalk.toml_lines import used_lines
from iww_analysis.disclosure import Protected
from iww_analysis.disclosure.public_names import PublicNames
from iww_analysis.figures.canvas.addresses import Addresses, gid
from iww_analysis.figures.figure import Figure
from iww_analysis.messages.errors import Lang
from iww_analysis.report.manifest import sha256, versions
from iww_analysis.report.row_fingerprints import row_sets
from iww_analysis.tables import TABLES

FORMAT = "iww-receipt/3"
QUALITY = "quality"  # the receipt of the numbers on the pages about the quality of the data
Receipt = dict[str, Any]
Account = tuple[int | None, int | None, Mapping[str, int | None], pd.DataFrame]  # n_in, n_out, left out, totals


@dataclass(frozen=True)
class Basis:
    """What all receipts of a report share: the study, what was asked for, the text of each crosswalk, and the code.

    `key`: that under which sets of rows are hashed; the public one only where everything is invented.
    """

    study: Study
    parameters: Mapping[str, object]
    crosswalks: Mapping[str, bytes]
    code: str
    key: bytes

    @property
    def lang(self) -> Lang:
        """The language of the report."""
        return "en" if self.parameters.get("lang") == "en" else "nl"


def receipts(figure: Figure, finding: Finding, basis: Basis) -> tuple[Receipt, Receipt]:
    """Make the public and the restricted receipt of one figure."""
    protected = figure.protected
    assert protected is not None
    head = {
        "format": FORMAT, "figure": finding.id, "access": "", "synthetic": finding.synthetic,
        "parameters": dict(basis.parameters),
        "rule": {"name": protected.rule, "nl": protected.said("nl"), "en": protected.said("en")},
    }  # fmt: skip
    about, raw = (
        {"absent": dict(finding.absent), "caveats": [{"code": code, "words": dict(words)} for code, words in caveats]}
        for caveats in (protected.caveats, finding.caveats)
    )
    digests = {"numbers": figure.numbers_digest, "marks": figure.marks_digest}
    foot = {"digests": digests, "code": basis.code, "versions": versions()}
    marks = list(_marks(figure, finding, basis))
    public = {
        **head, "access": "public", "questions": [_question(part, finding, protected) for part in finding.parts], **about,
        "marks": [{name: mark[name] for name in PUBLIC_MARK} for mark in marks if "drawn" in mark],
        "sources": public_sources(basis, finding.sources), **foot,
    }  # fmt: skip
    restricted = {
        **head, "access": "restricted", "questions": [_question(part, finding) for part in finding.parts], **raw,
        "marks": [mark for mark in marks if "drawn" in mark], "not_drawn": [mark for mark in marks if "drawn" not in mark],
        "sources": sources(basis, finding.sources),
        "crosswalk": _crosswalk(basis, finding), **foot,
    }  # fmt: skip
    return public, restricted


_SHEET = ("source", "source_id", "file", "sheet")
_OF_INSIDE = ("sha256", "rows_in_file", "rows_kept")  # of a sheet: a file can be guessed from its plain hash
PUBLIC_MARK = ("part", "mark", "address", "drawn")  # which rows are behind it, also as a keyed hash, stays inside


def _question(part: Answer, finding: Finding, protected: Protected | None = None) -> dict[str, Any]:
    """One question with its account; protected, or as counted where no protection is given."""
    name = part.question.name
    account: Account = (part.n_in, part.n_out, part.left_out, part.totals)
    if protected is not None:
        account = (protected.n_in[name], protected.n_out[name], protected.left_out[name], protected.totals[name])
    n_in, n_out, left_out, totals = account
    return {
        "name": name, "unit": part.question.unit, "keys": list(part.question.by),
        "sql": render(part.question, finding.sources), "n_in": n_in, "n_out": n_out, "left_out": dict(left_out),
        "totals": [{str(k): plain(v) for k, v in row.items()} for row in totals.to_dict("records")],
    }  # fmt: skip


def _marks(figure: Figure, finding: Finding, basis: Basis) -> Iterator[dict[str, Any]]:
    """Every mark with its numbers before and after protection and its rows, in the order of the finding."""
    assert figure.protected is not None
    keys, values, shown = finding.keys, finding.values, figure.protected.marks
    of_shown = dict(zip(shown.index, Addresses(figure.protected).drawn(figure.svg), strict=True))
    numbers, raw = finding.numbers, finding.numbers.to_dict("records")
    addresses = [of_shown.get(at) or _address(finding, row) for at, row in zip(numbers.index, raw, strict=True)]
    sets, drawn = (
        row_sets(finding, basis.study.tables, addresses, basis.key),
        shown.reindex(numbers.index).to_dict("records"),
    )
    for at, before, after, address, behind in zip(numbers.index, raw, drawn, addresses, sets, strict=True):
        there = [value for value in values if not pd.isna(before[value])]
        yield {
            "part": before["part"], "mark": {key: before[key] for key in keys if before[key] != ""}, "address": address,
            **({"drawn": {value: plain(after[value]) for value in there}} if at in of_shown else {}), "row_set": behind.hash,
            "raw": {value: plain(before[value]) for value in there}, "n_rows": behind.n_rows, "rows": behind.rows,
        }  # fmt: skip


def _address(finding: Finding, row: Mapping[Hashable, Any]) -> str:
    """The address of a mark that is not drawn, because being there would tell something."""
    keys = {key: str(row[key]) for key in finding.keys if str(row[key]) != ""}
    return gid(finding.id, keys | {"part": str(row["part"])})


def plain(value: Any) -> Any:
    """Give a number as JSON can hold it; None where it is hidden."""
    if pd.isna(value):
        return None
    if isinstance(value, str):
        return value
    return int(value) if float(value).is_integer() else round(float(value), 6)


def sources(basis: Basis, of: Sequence[str]) -> list[dict[str, Any]]:
    """Give the sheets that were read of these sources, with the hash of their file, and what public pages call each."""
    used = basis.study.accounts["sources"]
    used = used[used["source"].isin(of) & used["read"]][[*_SHEET, *_OF_INSIDE]]
    lines = [{str(name): value for name, value in row.items()} for row in used.to_dict("records")]
    return [line | {"called": _called(basis, line)["source_id"]} for line in lines]


def public_sources(basis: Basis, of: Sequence[str]) -> list[dict[str, Any]]:
    """Give the same sheets by the names that may leave."""
    return [{name: _called(basis, line)[name] for name in _SHEET} for line in sources(basis, of)]


def _called(basis: Basis, line: Mapping[str, Any]) -> dict[str, Any]:
    """A sheet by its public names."""
    return PublicNames(basis.study.ledgers[line["source"]], basis.lang).of(line)


def _crosswalk(basis: Basis, finding: Finding) -> list[dict[str, Any]]:
    """Per source the lines of its crosswalk that fill what the questions look at."""
    looked = {(table, column) for part in finding.parts for table, column, _ in looked_at(part.question)}
    columns = {(table, column) for table, column in looked if column in TABLES[table]}
    used = []
    for source in finding.sources:
        text = basis.crosswalks[source]
        lines = [{"line": n, "text": line} for n, line in used_lines(text.decode("utf-8-sig"), columns)]
        used.append({"source": source, "sha256": sha256(text), "lines": lines})
    return used
