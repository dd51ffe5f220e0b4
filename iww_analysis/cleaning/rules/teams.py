"""Apply the rules of teams: records in, clean records and what is wrong with them out."""

from collections.abc import Mapping

import pandas as pd

from iww_analysis import vocabulary
from iww_analysis.cleaning.clean import NONE_FOUND, PLACE, Cleaned, Context, clean_tables


def clean(raw: Mapping[str, pd.DataFrame], context: Context) -> dict[str, Cleaned]:
    """Clean a batch of teams, organisations and roles; `raw`: table -> records as text, with their rows."""
    return clean_tables("teams", raw, context)


def settle(records: Mapping[str, pd.DataFrame]) -> tuple[dict[str, pd.DataFrame], pd.DataFrame]:
    """Add the regions, with dates, of the municipalities for which teams work (list `region`). Finds no problems."""
    if "team_municipalities" not in records:
        return {}, NONE_FOUND
    known = records["team_municipalities"].drop_duplicates("municipality")[["municipality", *PLACE]]
    members = known.merge(memberships(), on="municipality", validate="one_to_many")
    raw = {"region_raw": None, "municipality_raw": None, "valid_from_missing": None, "valid_to_missing": None}
    return {"region_memberships": members.assign(**raw).astype(dict.fromkeys(raw, "str"))}, NONE_FOUND


def memberships() -> pd.DataFrame:
    """Which municipality belonged to which region, from when to when: region, municipality, valid_from, valid_to."""
    lines = [
        {"region": region.code, "valid_from": None, "valid_to": None, **member}
        for region in vocabulary.read("region").values for member in region.extra["members"]
    ]  # fmt: skip
    days = dict.fromkeys(("valid_from", "valid_to"), "datetime64[us]")
    return pd.DataFrame(lines)[["region", "municipality", *days]].astype(days)
