"""Give cases the keys by which one of them is found in two sources: keyed hashes of what two systems can share.

The secret of the project keys them, never a source's name, and the municipality is in them: a key of one municipality meets
none of another. They tell nothing but that two are the same, and stay in the processed tables.
"""

from collections.abc import Collection

import pandas as pd

from iww_analysis.privacy.pseudonyms import Hide
from iww_analysis.tables.cells.key_folding import folded, key_reader

DOMAIN = "overlap"
FOLDED = ("zeros", "separators")  # what two systems write otherwise in one number; a prefix can tell two apart
BIRTH = "birth_date"


def with_number_key(
    cases: pd.DataFrame, raw: pd.DataFrame, width: int | None, foldings: Collection[str], hide: Hide | None
) -> pd.DataFrame:
    """Give cases a key over municipality and number; `raw`: the same records as text. Small and large letters are the same.

    `width` and `foldings`: how the source writes its numbers (see `key_folding`).
    """
    if hide is None or "case_id" not in raw:
        return cases
    read = key_reader(width, foldings)
    numbers = raw["case_id"].astype("str").map(lambda text: read(text)[0])
    plain = numbers.map(lambda number: folded(number.upper(), FOLDED), na_action="ignore")
    return cases.assign(number_key=_hidden(cases["municipality"].astype("str") + "|" + plain.astype("str"), hide))


def with_birth_key(persons: pd.DataFrame, cases: pd.DataFrame, by: str, hide: Hide | None) -> pd.DataFrame:
    """Give persons a key over municipality, day of referral and year of birth; `cases`: on the index that `by` names."""
    if hide is None:
        return persons
    case = cases.loc[~cases.index.duplicated(), ["municipality", "date_referral"]].reindex(persons[by])
    case = case.set_axis(persons.index)
    born = persons[BIRTH].where(persons[BIRTH] <= case["date_referral"])
    texts = case["municipality"].astype("str") + "|" + case["date_referral"].dt.strftime("%Y-%m-%d|")
    keys = _hidden(texts + born.dt.strftime("%Y"), hide)
    return persons.assign(
        birth_key=keys.fillna(persons["birth_key"].astype("str"))
    )  # of persons on the row of their case


def _hidden(texts: pd.Series, hide: Hide) -> pd.Series:
    """Keyed hashes of texts; what is not known has none."""
    known = texts[texts.notna()]
    keys = pd.Series(hide(known.tolist()).to_pylist(), index=known.index, dtype="str")
    return keys.reindex(texts.index)
