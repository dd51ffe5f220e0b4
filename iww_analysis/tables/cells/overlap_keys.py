"""Give cases the keys by which one of them is found in two sources: keyed hashes of what two systems can share.

The secret of the project keys them, never a source's name, and the municipality is in them: a key of one municipality meets
none of another. They tell nothing but that two are the same, and stay in the processed tables.
"""

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from iww_analysis.privacy.pseudonyms import Hide
from iww_analysis.tables.cells.interning import TEXT

DOMAIN = "overlap"
BIRTH = "birth_date"
_WRITTEN_OTHERWISE = (  # what two systems write otherwise in one number (a prefix can tell two apart): zeros, separators
    (r"(^|[^\p{Nd}])0+(\p{Nd})", r"\1\2"),
    (r"[^\p{L}\p{N}]+", ""),
)


def with_number_key(cases: pd.DataFrame, numbers: pa.Array, hide: Hide | None) -> pd.DataFrame:
    """Give cases a key over municipality and number; `numbers`: those of the same records, in their one form.

    Small and large letters are the same.
    """
    if hide is None:
        return cases
    return cases.assign(number_key=_hidden(cases.index, hide, _texts(cases["municipality"]), _bare(numbers)))


def _bare(numbers: pa.Array) -> pa.Array:
    """Numbers as all systems could have written them; what that would leave nothing of stays as it is."""
    texts = pc.utf8_upper(numbers)
    for pattern, instead in _WRITTEN_OTHERWISE:
        folded = pc.replace_substring_regex(texts, pattern, instead)
        texts = pc.if_else(pc.equal(folded, ""), texts, folded)
    return texts


def with_birth_key(persons: pd.DataFrame, cases: pd.DataFrame, by: str, hide: Hide | None) -> pd.DataFrame:
    """Give persons a key over municipality, day of referral and year of birth; `cases`: on the index that `by` names."""
    if hide is None:
        return persons
    case = cases.loc[~cases.index.duplicated(), ["municipality", "date_referral"]].reindex(persons[by])
    referral = case["date_referral"].set_axis(persons.index)
    born = persons[BIRTH].where(persons[BIRTH] <= referral)
    day, year = pa.array(referral).cast(pa.date32()).cast(TEXT), pc.year(pa.array(born)).cast(TEXT)
    keys = _hidden(persons.index, hide, _texts(case["municipality"]), day, year)
    return persons.assign(
        birth_key=keys.fillna(persons["birth_key"].astype("str"))
    )  # of persons on the row of their case


def _texts(names: pd.Series) -> pa.Array:
    return pa.array(names.astype("str"), TEXT, from_pandas=True)


def _hidden(index: pd.Index, hide: Hide, *parts: pa.Array) -> pd.Series:
    """Keyed hashes of texts of several parts; where one is not known there is none."""
    texts = pc.binary_join_element_wise(*parts, pa.scalar("|", TEXT)).dictionary_encode()
    keys = hide(texts.dictionary.to_pylist())
    return pd.Series(keys.take(texts.indices), index=index, dtype="str")
