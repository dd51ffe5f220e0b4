"""Write down what stands behind a figure: numbers before and after protection, questions, sources and versions."""

from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

import pandas as pd

from iww_analysis.disclosure import Protected
from iww_analysis.schema.finding import Finding
from iww_analysis.schema.sql import render
from iww_analysis.study import Study

FORMAT = "iww-receipt/1"
LIBRARIES = ("iww-analysis", "pandas", "numpy", "scipy", "matplotlib", "pyarrow")


def receipt(finding: Finding, protected: Protected, study: Study, digests: Mapping[str, str]) -> dict[str, Any]:
    """Make the receipt of one figure. Restricted: it holds raw counts, for people inside the safe zone."""
    return {
        "format": FORMAT,
        "figure": finding.id,
        "access": "restricted",
        "synthetic": finding.synthetic,
        "rule": {"name": protected.rule, "nl": protected.said("nl"), "en": protected.said("en")},
        "questions": [
            {
                "name": part.question.name, "unit": part.question.unit, "keys": list(part.question.by),
                "sql": render(part.question, finding.sources), "n_in": part.n_in, "n_out": part.n_out,
                "left_out": dict(part.left_out),
            }
            for part in finding.parts
        ],
        "absent": dict(finding.absent),
        "marks": _marks(finding, protected),
        "sources": _sources(study, finding),
        "digests": dict(digests),
        "versions": {name: version(name) for name in LIBRARIES},
    }  # fmt: skip


def _marks(finding: Finding, protected: Protected) -> list[dict[str, Any]]:
    raw, drawn = finding.numbers, protected.marks
    keys = [*finding.keys]
    return [
        {
            "part": before["part"],
            "mark": {key: before[key] for key in keys if before[key] != ""},
            "raw": {value: plain(before[value]) for value in finding.values if not pd.isna(before[value])},
            "drawn": {value: plain(after[value]) for value in finding.values if not pd.isna(before[value])},
        }
        for before, after in zip(raw.to_dict("records"), drawn.to_dict("records"), strict=True)
    ]


def plain(value: Any) -> Any:
    """Give a number as JSON can hold it; None where it is hidden."""
    if pd.isna(value):
        return None
    if isinstance(value, str):
        return value
    return int(value) if float(value).is_integer() else round(float(value), 6)


def _sources(study: Study, finding: Finding) -> list[dict[str, Any]]:
    used = study.accounts["sources"]
    used = used[used["source"].isin(finding.sources) & used["read"]]
    columns = ["source", "source_id", "file", "sheet", "sha256", "rows_in_file", "rows_kept"]
    return [{str(k): v for k, v in row.items()} for row in used[columns].to_dict("records")]
