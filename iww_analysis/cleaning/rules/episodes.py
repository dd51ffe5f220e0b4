"""Tell the episodes of a case apart: closed, and reported again later under the same number. Each is a case of its own."""

from collections.abc import Mapping

import pandas as pd

from iww_analysis.cleaning.clean import NONE_FOUND, bound, problems_of
from iww_analysis.tables import TABLES
from iww_analysis.tables.cells.interning import Frames, columns_of
from iww_analysis.tables.cells.row_hash import again

PLACE = ["source_id", "source_row"]
NEVER = pd.Timestamp("2200-01-01")


def episode_of(records: pd.DataFrame, key: list[str], period: tuple[str, ...]) -> pd.Series:
    """Number the periods of records that share their key, from 0: a next one begins when all before it were closed.

    `records`: with `delivery`; of one beginning the last delivery knows the end: of a month alone its last day. Periods that
    overlap are one, corrected or contradicted.
    """
    begin, end = period
    at = [*key, begin]
    last = records[records["delivery"] == records.groupby(at, dropna=False, observed=True)["delivery"].transform("max")]
    ends = bound(last, end, last=True) if f"{end}_month" in last else last[end]
    until = last.assign(_end=ends.fillna(NEVER))
    periods = (
        until.groupby(at, dropna=False, observed=True)["_end"].max().reset_index().sort_values(begin, kind="stable")
    )
    closed = periods.groupby(key, dropna=False, observed=True)["_end"].cummax()
    before = closed.groupby([periods[name] for name in key], dropna=False, observed=True).shift()
    periods["episode"] = (before.notna() & (periods[begin] >= before)).astype(int)
    periods["episode"] = periods.groupby(key, dropna=False, observed=True)["episode"].cumsum()
    numbered = records[at].merge(periods[[*at, "episode"]], on=at, how="left", validate="many_to_one")
    return numbered["episode"].set_axis(records.index)


def settle(records: Mapping[str, pd.DataFrame]) -> tuple[dict[str, pd.DataFrame], pd.DataFrame]:
    """Give every later episode a number of its own, "…/2", in its case and in whatever stands on its row or in its time.

    Problems: reopened (note). What bears no day and stands on no row of a case or of what bears one goes with the first.
    """
    if "cases" not in records or not _twice(records):
        return {}, NONE_FOUND
    cases = records["cases"].assign(case_id=records["cases"]["case_id"].astype("str"))
    number = cases.groupby("case_id")["date_referral"].rank(method="dense").fillna(1).astype(int)
    later = number > 1
    own = cases["case_id"].where(~later, cases["case_id"] + "/" + number.astype("str"))
    several = cases["case_id"].isin(cases.loc[later, "case_id"])
    begins = cases.assign(episode=own).loc[several, ["case_id", "date_referral", "episode", *PLACE]]
    problems = problems_of("cases", "case_id", cases[later], "reopened", "note")
    settled = {"cases": cases.assign(case_id=own)}
    places = begins.set_index([*PLACE, "case_id"])["episode"]
    undated = []
    for name in (name for name in records if name != "cases" and "case_id" in columns_of(records, name)):
        day = next((column.name for column in TABLES[name] if column.kind == "date"), None) if name in TABLES else None
        frame = records[name].assign(case_id=records[name]["case_id"].astype("str"))
        if not frame["case_id"].isin(begins["case_id"]).any():
            continue
        if day in frame:
            settled[name] = _with_episode(frame, places, begins, day)
            dated = settled[name].assign(episode=settled[name]["case_id"], case_id=frame["case_id"])
            more = dated.drop_duplicates([*PLACE, "case_id"]).set_index([*PLACE, "case_id"])["episode"]
            places = pd.concat([places, more[~more.index.isin(places.index)]])
        else:
            undated.append((name, frame))
    for name, frame in undated:
        settled[name] = _with_episode(frame, places, begins, None)
    return settled, problems


def _twice(records: Mapping[str, pd.DataFrame]) -> bool:
    if isinstance(records, Frames):
        return bool(again([records.compact["cases"].column("case_id")]).any())
    return bool(records["cases"]["case_id"].duplicated().any())


def _with_episode(frame: pd.DataFrame, places: pd.Series, begins: pd.DataFrame, day: str | None) -> pd.DataFrame:
    """The records with the episode of their row; else of their day: the last that began by then."""
    at = pd.MultiIndex.from_frame(frame[[*PLACE, "case_id"]])
    places = places[~places.index.duplicated()]
    episode = pd.Series(places.reindex(at).to_numpy(), index=frame.index, dtype="str")
    if day and (unknown := episode.isna() & frame[day].notna() & frame["case_id"].isin(begins["case_id"])).any():
        ours = frame.loc[unknown, ["case_id", day]].rename_axis("_at").reset_index().sort_values(day)
        known = begins[["case_id", "date_referral", "episode"]].sort_values("date_referral")
        tied = pd.merge_asof(ours, known, left_on=day, right_on="date_referral", by="case_id").set_index("_at")
        episode = episode.fillna(tied["episode"])
    return frame.assign(case_id=episode.fillna(frame["case_id"]).astype("str"))
