"""Teams: whom they work for, in which region that was on which day, and organisations under one name."""

from typing import Any

import pandas as pd
import pytest

from iww_analysis.cleaning.clean import Cleaned
from iww_analysis.cleaning.rules import cases, teams
from shared.frames import drawn, placed, plain_context


def cleaned(table: str, drawing: str, **context: Any) -> Cleaned:
    """Clean one drawn table of teams; rows are numbered from 2."""
    return teams.clean({table: placed(drawn(drawing))}, plain_context(**context))[table]


def settled(drawing: str) -> pd.DataFrame:
    """The region memberships that follow from drawn municipalities of teams."""
    records, problems = teams.settle({"team_municipalities": cleaned("team_municipalities", drawing).records})
    assert problems.empty
    return records["region_memberships"]


def region_on(municipality: str, day: str) -> list[str]:
    """The regions to which a municipality belonged on a day."""
    known = teams.memberships()
    on = pd.Timestamp(day)
    held = (known["valid_from"].isna() | (known["valid_from"] <= on)) & (
        known["valid_to"].isna() | (on <= known["valid_to"])
    )
    return list(known.loc[held & (known["municipality"] == municipality), "region"])


# ---- regions --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "region"),
    [
        ("2021-06-15", "haaglanden"),
        ("2023-12-31", "haaglanden"),
        ("2024-01-01", "holland_rijnland"),
        ("2030-01-01", "holland_rijnland"),
    ],
)
def test_voorschoten_changes_region_on_the_first_day_of_2024(day: str, region: str) -> None:
    assert region_on("GM0626", day) == [region]


def test_a_municipality_that_was_merged_belongs_to_no_region_afterwards() -> None:
    assert region_on("GM0576", "2018-12-31") == ["holland_rijnland"]
    assert region_on("GM0576", "2019-01-01") == []


@pytest.mark.parametrize("day", ["2014-06-01", "2021-06-15", "2023-12-31", "2024-01-01"])
def test_no_municipality_is_in_two_regions_of_one_kind_on_a_day(day: str) -> None:
    for municipality in teams.memberships()["municipality"].unique():
        assert len(region_on(municipality, day)) <= 1


def test_only_municipalities_for_which_a_team_works_get_their_regions() -> None:
    found = settled("""
team|municipality
Duin|Leiden
Kust|Voorschoten
Kust|Wassenaar
""")
    lines = found[["region", "municipality"]].itertuples(index=False, name=None)
    assert sorted(lines) == [
        ("haaglanden", "GM0626"),
        ("haaglanden", "GM0629"),
        ("holland_rijnland", "GM0546"),
        ("holland_rijnland", "GM0626"),
    ]


def test_the_days_of_a_membership_stand_in_the_table_and_are_absent_where_nothing_bounds_it() -> None:
    found = settled("team|municipality\nKust|626\n").set_index("region")
    assert pd.isna(found.loc["haaglanden", "valid_from"])
    assert found.loc["haaglanden", "valid_to"] == pd.Timestamp("2023-12-31")
    assert found.loc["holland_rijnland", "valid_from"] == pd.Timestamp("2024-01-01")
    assert pd.isna(found.loc["holland_rijnland", "valid_to"])


def test_two_teams_of_one_municipality_make_its_memberships_once_with_the_first_row_as_their_place() -> None:
    found = settled("team|municipality\nDuin|Leiden\nPolder|gemeente Leiden\n")
    assert list(found["municipality"]) == ["GM0546"]
    assert list(found["source_row"]) == [2]


def test_without_municipalities_of_teams_there_is_nothing_to_settle() -> None:
    records, problems = teams.settle({"teams": cleaned("teams", "team\nDuin\n").records})
    assert records == {}
    assert problems.empty


# ---- teams and roles ------------------------------------------------------------------------------------------------


def test_a_municipality_is_known_by_name_by_code_and_by_a_code_that_lost_its_zero() -> None:
    drawing = """
team|municipality
A   |Voorschoten
B   |GM0626
C   |0626
D   |626
E   |gem. Voorschoten
"""
    assert set(cleaned("team_municipalities", drawing).records["municipality"]) == {"GM0626"}


def test_a_role_without_a_team_or_a_party_cannot_be_used() -> None:
    found = cleaned(
        "roles", "team|party|role|interest\nDuin|gemeente|stuurt|grip\n|gemeente|stuurt|grip\nDuin||stuurt|grip\n"
    )
    row = found.problems[["source_row", "column", "rule", "severity"]].itertuples(index=False, name=None)
    assert set(row) == {(3, "team", "missing_required", "row"), (4, "party", "missing_required", "row")}


def test_an_interest_that_nobody_knows_is_missing_and_the_role_stays() -> None:
    (role,) = cleaned("roles", "team|party|role|interest\nDuin|aanbieder|werkgever|?\n").records.itertuples()
    assert (role.party, role.role) == ("practice_organisation", "werkgever")
    assert pd.isna(role.interest)


# ---- organisations under one name -----------------------------------------------------------------------------------

LIST = """
organisation       |alias              |sector
Stichting De Oever |De Oever           |welzijn
Stichting De Oever |st. de oever       |welzijn
Woonstichting Veld |WSV                |wonen
"""
NAMED = """
case_id|organisation      |moment
1      |De Oever          |begin
1      |ST DE OEVER       |eind
2      |WSV               |begin
2      |Huisartsen Centrum|begin
"""


def one_names(list_of_names: str | None) -> list[str]:
    """The one name of each organisation in a case, in the order in which they are drawn."""
    raw = {"case_organisations": placed(drawn(NAMED))}
    records = {"case_organisations": cases.clean(raw, plain_context())["case_organisations"].records}
    if list_of_names is not None:
        records["organisations"] = cleaned("organisations", list_of_names).records
    return list(cases.settle(records)[0]["case_organisations"]["canonical"])


def test_an_organisation_is_counted_under_the_one_name_of_the_list_however_it_is_written() -> None:
    assert one_names(LIST) == ["Stichting De Oever", "Stichting De Oever", "Woonstichting Veld", "Huisartsen Centrum"]


def test_without_a_list_every_organisation_is_counted_under_its_own_name() -> None:
    assert one_names(None) == ["De Oever", "ST DE OEVER", "WSV", "Huisartsen Centrum"]


def test_a_line_of_the_list_without_a_name_or_an_alias_cannot_be_used() -> None:
    found = cleaned("organisations", "organisation|alias|sector\nDe Oever||welzijn\n|WSV|wonen\n")
    assert list(found.problems["rule"]) == ["missing_required", "missing_required"]
