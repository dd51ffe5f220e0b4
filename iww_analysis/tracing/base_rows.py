"""Say on which rows a share, a rank or a curve rests: the whole of which a mark is a part."""

import pandas as pd

from iww_analysis.analysis.finding import THE_MARK, Finding, records
from iww_analysis.analysis.question import PROVENANCE
from iww_analysis.analysis.study import Study

BASE = ["part", "whole", *PROVENANCE]


def base_rows(finding: Finding, marks: pd.DataFrame, study: Study) -> pd.DataFrame:
    """The rows of the whole of marks: the part and shared keys of the marks, `whole` (its question) and the rows."""
    frames = []
    for part, mine in marks.groupby("part", sort=False):
        whole = finding.wholes.get(str(part), THE_MARK)
        if whole == THE_MARK or mine[[f"raw_{name}" for name in _beyond(finding)]].isna().all(axis=None):
            continue
        shared = mine[list(whole.keys)].drop_duplicates()
        rows = records(finding.only(*whole.parts), study.tables, {})
        rows = rows.assign(**{key: rows[key].astype("str") for key in whole.keys}).merge(shared, on=list(whole.keys))
        frames.append(rows.rename(columns={"part": "whole"}).assign(part=part)[[*whole.keys, *BASE]].drop_duplicates())
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=BASE)


def _beyond(finding: Finding) -> list[str]:
    """The columns that go beyond counting."""
    extra = [] if finding.extra is None else [str(name) for name in finding.extra]
    return [name for name in extra if name not in (*finding.keys, "part") and name in finding.numbers]
