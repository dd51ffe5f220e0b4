"""Find the coded fragments that lie behind a judgement: who said it, in which document, where."""

import pandas as pd

from iww_analysis.analysis.study import Study

VOICE = ["source", "case_id", "perspective", "element"]  # what a judgement and the fragments behind it share
ABOUT = ["municipality", "team"]  # and these, where both say so
PLACE = ["source", "source_id", "source_row"]
FRAGMENT = [*PLACE, "perspective", "document", "element", "begin", "end", "quote", "cleared"]


def fragments(study: Study) -> pd.DataFrame:
    """Every coded fragment with an element: FRAGMENT, `case_id`, `municipality` and `team`.

    `quote` holds what was said only where a person cleared it; `begin` and `end` count signs, where the export tells them.
    """
    at = [*PLACE, "element"]
    about = [*VOICE[1:3], *ABOUT, "document"]
    coded, quoted = (
        study["codings"][[*at, *about, "begin", "end"]],
        study["segments"][[*at, *about, "quote", "cleared"]],
    )
    both = coded.merge(quoted, on=at, how="outer", suffixes=("", "_told"))
    for name in about:
        both[name] = both[name].where(both[name].notna(), both[f"{name}_told"])
    both = both.drop_duplicates([*at]).astype({"begin": "Int64", "end": "Int64"})
    return both[both["element"].notna()][[*FRAGMENT, "case_id", *ABOUT]].reset_index(drop=True)


def behind(study: Study, records: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """The fragments behind records that say of a voice what it said of an element: the keys of their mark, then FRAGMENT."""
    columns = list(dict.fromkeys([*keys, *FRAGMENT]))
    if not {"perspective", "element"} <= set(records):
        return pd.DataFrame(columns=columns)
    known = records.reindex(columns=list(dict.fromkeys([*keys, *VOICE, *ABOUT]))).drop_duplicates()
    every = fragments(study)
    both = _alike(known).merge(_alike(every), on=VOICE, suffixes=("_of", ""))
    for name in ABOUT:
        both = both[both[f"{name}_of"].isna() | both[name].isna() | (both[f"{name}_of"] == both[name])]
    return both.reindex(columns=columns).drop_duplicates().reset_index(drop=True)


def _alike(frame: pd.DataFrame) -> pd.DataFrame:
    """The same with texts to compare by, in which a missing value equals a missing value."""
    texts = {name: frame[name].astype("str").where(frame[name].notna(), "") for name in VOICE}
    return frame.assign(**texts, **{name: frame[name].astype("object") for name in ABOUT})
