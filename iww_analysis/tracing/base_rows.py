"""Say on which rows a share, a rank or a curve rests: the whole of which a mark is a part."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import pandas as pd

from iww_analysis.analysis.finding import Finding, records
from iww_analysis.analysis.question import PROVENANCE
from iww_analysis.analysis.study import Study


class Whole(NamedTuple):
    """The questions that count the whole, and the keys that it has in common with the mark."""

    parts: Sequence[str]
    keys: tuple[str, ...]


BASE = ["part", "whole", *PROVENANCE]


def base_rows(finding: Finding, marks: pd.DataFrame, study: Study) -> pd.DataFrame:
    """The rows of the whole of marks: the part and shared keys of the marks, `whole` (its question) and the rows."""
    frames = []
    for part, own in marks.groupby("part", sort=False):
        whole = whole_of(finding, str(part))
        if whole is None or own[[f"raw_{name}" for name in _beyond(finding)]].isna().all(axis=None):
            continue
        shared = own[list(whole.keys)].drop_duplicates()
        rows = records(finding.only(*whole.parts), study.tables, {})
        rows = rows.assign(**{key: rows[key].astype("str") for key in whole.keys}).merge(shared, on=list(whole.keys))
        frames.append(rows.rename(columns={"part": "whole"}).assign(part=part)[[*whole.keys, *BASE]].drop_duplicates())
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=BASE)


def whole_of(finding: Finding, part: str) -> Whole | None:
    """The whole that the numbers beyond counting of a part rest on; None where they rest on the mark's own rows."""
    first = finding.keys[0]
    names = [p.question.name for p in finding.parts]
    match finding.id:
        case "F03" | "F05" | "F08" | "F17" | "F23":
            return Whole(["domains" if part == "pairs" else part], (first,))
        case "F04":
            return Whole(names, (first,))
        case "F09" if part.startswith("change_"):
            return Whole([part.replace("change_", "both_", 1)], ("municipality", "version", "version_end", "domain"))
        case "F19" if part not in _OF_F19:
            return Whole([finding.part(part).question.table], (first,))
        case "T03":
            return Whole(["both"], ("case",))
    return None


_OF_F19 = ("experienced", "asked", "case_organisations", "case_network")


def _beyond(finding: Finding) -> list[str]:
    """The columns that go beyond counting."""
    extra: Mapping[str, object] = {} if finding.extra is None else dict.fromkeys(map(str, finding.extra.columns))
    return [name for name in extra if name not in (*finding.keys, "part") and name in finding.numbers]
