"""Find the day of referral of a case that came without one: that of its first referral, which a list of its own tells.

A case that was closed and reported again has a period for each time. A referral is of the period that it begins: it lies after
the closure of the one before, and not after its own.
"""

from collections.abc import Iterator

import pandas as pd

from iww_analysis.cleaning.clean import bound, join, problems_of

FOUND, DIFFERS = "first_referral", "referral_differs"
SILENT = ("empty", "not_recorded", "unknown")  # why there is no day, where the cell says nothing that could be one
PLACE = ["source", "source_id", "source_row"]
ASKED = ["case_id", "date_referral", "date_referral_month", "date_referral_missing", "date_closed", "date_closed_month",
         "source_id", "source_row"]  # fmt: skip
_ALWAYS, _NEVER = pd.Timestamp("1700-01-01"), pd.Timestamp("2200-01-01")


def first_days(cases: pd.DataFrame, referrals: pd.DataFrame) -> pd.Series:
    """Give for each record of a case the day of the first referral of its period; NaT where there is none.

    `cases`: with `delivery`, all that any row says of a case; `referrals`: case_id and date of those that count. What an earlier
    delivery called closed can have been corrected since: where nothing was reported after that, it is no period of its own.
    """
    until = bound(cases, "date_closed", last=True).fillna(_NEVER)
    known = cases[["case_id", "delivery"]].astype("str").assign(until=until, row=cases.index)
    several = known[known["case_id"].duplicated(keep=False)]
    pairs = several.merge(several[several["until"] < _NEVER], on="case_id", suffixes=("", "_before"))
    before = pairs[(pairs["until_before"] < pairs["until"]) & (pairs["delivery_before"] <= pairs["delivery"])]
    of_day = before[before["delivery_before"] == before["delivery"]]
    reported = referrals[["case_id", "date"]].dropna().astype({"case_id": "str"}).sort_values("date")
    return _first(known, before, reported).fillna(_first(known, of_day, reported))


def _first(known: pd.DataFrame, before: pd.DataFrame, reported: pd.DataFrame) -> pd.Series:
    """The first day after the last closure before it, and not after its own."""
    since = before.groupby("row")["until_before"].max().reindex(known.index).fillna(_ALWAYS)
    asked = known.assign(since=since.astype(known["until"].dtype)).dropna(subset="case_id").sort_values("since")
    reported = reported.astype({"date": known["until"].dtype})
    found = pd.merge_asof(
        asked, reported, left_on="since", right_on="date", by="case_id", direction="forward", allow_exact_matches=False
    )
    days = found["date"].where(found["date"] <= found["until"]).set_axis(asked.index)
    return days.reindex(known.index)


def lacking(cases: pd.DataFrame) -> pd.Series:
    """Say which cases have no day of referral, nor a month, nor a text that could be one."""
    return (
        cases["date_referral"].isna()
        & cases["date_referral_month"].isna()
        & cases["date_referral_missing"].isin(SILENT)
    )


def problems(cases: pd.DataFrame, days: pd.Series) -> pd.DataFrame:
    """Note of which cases the day comes from a list of referrals, and which of them say another day themselves.

    first_referral (note) a case without a day of referral got that of its first referral; referral_differs (note) its own day
    is not that of its first referral: its own counts.
    """
    found, own = days.notna(), cases["date_referral"]
    return join([
        problems_of("cases", "date_referral", cases[found & lacking(cases)], FOUND, "note"),
        problems_of("cases", "date_referral", cases[found & own.notna() & (own != days)], DIFFERS, "note"),
    ])  # fmt: skip


def changes(found: pd.Series) -> Iterator[tuple[str, ...]]:
    """What changed in cells that said no day, once for each."""
    return (("cases", "date_referral", "", day, FOUND) for day in found.dt.strftime("%Y-%m-%d"))


def with_found_day(cases: pd.DataFrame, set_aside: pd.DataFrame) -> pd.DataFrame:
    """The cases of which a build noted that a list of referrals tells the day."""
    return cases.merge(set_aside.loc[set_aside["rule"] == FOUND, PLACE].drop_duplicates())


def behind(cases: pd.DataFrame, referrals: pd.DataFrame) -> pd.DataFrame:
    """The row of the list that tells the day of referral of cases: PLACE of the case, and of the referral ("_of_referral")."""
    own = cases[[*PLACE, "case_id", "date_referral"]].astype({"case_id": "str"})
    day = referrals[[*PLACE, "case_id", "date"]].astype({"case_id": "str"}).rename(columns={"date": "date_referral"})
    return own.merge(day, on=["source", "case_id", "date_referral"], suffixes=("", "_of_referral"))
