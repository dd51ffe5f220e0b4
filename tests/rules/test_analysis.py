"""What the questions count: small tables drawn by hand, and examples worked out elsewhere."""

from dataclasses import replace

import duckdb
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from iww_analysis import figures
from iww_analysis.analysis.declared import ELEMENTS
from iww_analysis.analysis.finding import Finding, ask, records
from iww_analysis.analysis.question import Derive, Join, Question, Where
from iww_analysis.analysis.questions import compare, coverage, displays, pathways, perspectives, sessions, voices
from iww_analysis.analysis.study import Study
from iww_analysis.messages.errors import IwwError
from shared.frames import counts, study_of
from shared.sql import as_text, in_sql

CASES = """
source|case_id|municipality|date_referral|date_closed|status|closure_reason|extraction_date|case_label|date_first_result
a     |1      |GM0243      |2020-01-10   |2020-03-10 |closed|moved         |2020-12-31     |N1        |2020-02-09
a     |2      |GM0243      |2020-01-31   |2020-06-30 |closed|moved         |2020-12-31     |N2        |
a     |3      |GM0243      |2020-03-01   |           |open  |not_applicable|2020-12-31     |          |
a     |4      |GM0243      |2020-03-01   |2020-03-01 |closed|unknown       |2020-12-31     |          |
b     |1      |GM0230      |2020-02-01   |2020-02-11 |closed|administrative|2020-12-31     |          |
b     |5      |GM0230      |2020-02-01   |           |closed|moved         |2020-12-31     |          |
"""


# ---- cases ----------------------------------------------------------------------------------------------------------


def test_cases_are_counted_in_the_month_of_their_referral_and_an_empty_month_is_zero() -> None:
    finding = compare.intake(study_of(cases=CASES))
    assert counts(finding, "intake") == {
        ("GM0243", "2020-01"): 2, ("GM0243", "2020-03"): 2, ("GM0230", "2020-02"): 2}  # fmt: skip
    zero = finding.numbers[finding.numbers["n_cases"] == 0]
    assert sorted(zip(zero["municipality"], zero["month"], strict=True)) == [
        ("GM0230", "2020-01"), ("GM0230", "2020-03"), ("GM0243", "2020-02")]  # fmt: skip


def test_a_reason_counts_closed_cases_only_and_unknown_is_a_reason_of_its_own() -> None:
    finding = compare.closure_reasons(study_of(cases=CASES))
    assert counts(finding, "reasons") == {
        ("GM0243", "moved"): 2, ("GM0243", "unknown"): 1, ("GM0230", "administrative"): 1}  # fmt: skip
    part = finding.part("reasons")
    assert (part.n_in, part.n_out) == (6, 4)
    assert part.left_out == {"still_open": 1, "closure_unknown": 0, "closed_day_unknown": 1, "closed_month_known": 0}
    shares = finding.numbers.set_index(["municipality", "reason"])["share"]
    assert shares[("GM0243", "moved")] == pytest.approx(2 / 3)
    assert shares[("GM0230", "administrative")] == 1


def test_a_source_that_does_not_record_reasons_is_absent_and_not_zero() -> None:
    study = study_of(cases=CASES)
    told = {**study.recorded, "b": study.recorded["b"] - {("cases", "closure_reason")}}
    finding = compare.closure_reasons(replace(study, recorded=told))
    assert finding.absent == {"b": "not_recorded"}
    assert finding.sources == ("a",)
    assert set(finding.numbers["municipality"]) == {"GM0243"}


def test_sources_that_mean_something_else_by_a_case_are_drawn_with_a_caveat() -> None:
    finding = compare.intake(study_of(cases=CASES))  # a case is "a" in one source and "b" in the other
    assert finding.caveats == (("case_definitions", {"n": 2}),)
    assert not compare.intake(study_of(cases=CASES).only("a")).caveats


DOMAINS = """
source|case_id|domain  |moment|status
a     |1      |finances|begin |problem
a     |1      |housing |begin |not_recorded
a     |1      |network |begin |attention
a     |1      |family  |begin |none
a     |1      |justice |end   |problem
a     |2      |finances|begin |not_recorded
a     |2      |finances|not_recorded|not_recorded
b     |1      |housing |not_recorded|not_recorded
"""


def test_a_case_with_three_domains_makes_three_pairs() -> None:
    finding = compare.life_domains(study_of(cases=CASES, case_domains=DOMAINS))
    assert counts(finding, "pairs") == {
        ("GM0243", "finances", "housing"): 1, ("GM0243", "finances", "network"): 1,
        ("GM0243", "housing", "network"): 1}  # fmt: skip


def test_a_case_counts_once_per_domain_and_a_domain_without_a_problem_not_at_all() -> None:
    finding = compare.life_domains(study_of(cases=CASES, case_domains=DOMAINS))
    assert counts(finding, "domains") == {
        ("GM0243", "finances"): 2, ("GM0243", "housing"): 1, ("GM0243", "network"): 1, ("GM0230", "housing"): 1}  # fmt: skip
    shares = finding.numbers[finding.numbers["part"] == "domains"].set_index(["municipality", "domain"])["share"]
    assert shares[("GM0243", "housing")] == 1 / 2  # of the two cases with a domain on record, not of all four
    pairs = finding.numbers[(finding.numbers["part"] == "pairs") & (finding.numbers["n_cases"] > 0)]
    assert set(pairs["share"]) == {1 / 2}  # of the same two, though one of them has a single domain


def test_a_case_opened_twice_counts_once_however_many_referrals_it_has() -> None:
    referrals = "source|case_id|date|referrer_role\na|1|2020-01-10|gp\na|1|2020-05-01|self"
    finding = coverage.recorded(study_of(cases=CASES, referrals=referrals))
    assert counts(finding, "referrals.referrer_role")[("GM0243", "referrals.referrer_role", "2020")] == 4


def test_coverage_asks_for_a_date_of_closure_of_closed_cases_only() -> None:
    finding = coverage.recorded(study_of(cases=CASES))
    field = "cases.date_closed"
    assert counts(finding, field) == {("GM0243", field, "2020"): 3, ("GM0230", field, "2020"): 2}
    assert counts(finding, field, "n_recorded") == {("GM0243", field, "2020"): 3, ("GM0230", field, "2020"): 1}


def test_a_field_that_a_form_does_not_have_gives_no_mark_and_an_empty_one_does() -> None:
    told = "cases.date_referral cases.date_closed cases.status case_network.involved"
    network = "source|case_id|moment|involved\na|1|begin|yes\na|2|begin|empty\nb|1|begin|unknown"
    numbers = coverage.recorded(study_of(told, cases=CASES, case_network=network)).numbers
    assert set(numbers["field"]) == {"cases.date_closed", "cases.status", "case_network.involved"}
    involved = numbers[numbers["field"] == "case_network.involved"].set_index("municipality")
    assert involved["n_recorded"].to_dict() == {"GM0243": 1, "GM0230": 0}
    assert involved["share"].to_dict() == {"GM0243": 1 / 4, "GM0230": 0}


# ---- time -----------------------------------------------------------------------------------------------------------

# 6-mercaptopurine arm of Freireich et al. 1963, weeks to relapse, + is censored: 6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+
# 20+ 22 23 25+ 32+ 32+ 34+ 35+. Product limit as in Kleinbaum & Klein, Survival Analysis, table 2.1.
RELAPSED = {6: 3, 7: 1, 10: 1, 13: 1, 16: 1, 22: 1, 23: 1}
CENSORED = {6: 1, 9: 1, 10: 1, 11: 1, 17: 1, 19: 1, 20: 1, 25: 1, 32: 2, 34: 1, 35: 1}
FREIREICH = {6: 0.8571, 7: 0.8067, 10: 0.7529, 13: 0.6902, 16: 0.6275, 22: 0.5378, 23: 0.4482}


def days(found: dict[int, int]) -> pd.DataFrame:
    return pd.DataFrame({"days": found.keys(), "n_cases": found.values()}, dtype="int64")


def test_the_share_still_open_is_the_product_limit_of_kaplan_and_meier() -> None:
    curve = pathways.survival(days(RELAPSED), days(CENSORED))
    assert {day: round(float(curve[day]), 4) for day in FREIREICH} == FREIREICH


def test_a_case_that_is_last_seen_on_a_day_is_at_risk_on_that_day() -> None:
    # ten cases, one closes on day 5 and one is last seen then: 1 - 1/10, not 1 - 1/9
    assert pathways.survival(days({5: 1, 9: 8}), days({5: 1}))[5] == pytest.approx(0.9)


def by_hand(closed: dict[int, int], opened: dict[int, int]) -> dict[int, float]:
    """The product limit, written out: on each day with a closure, times the share of those at risk that do not close."""
    share, out = 1.0, {}
    for day in sorted(closed):
        at_risk = sum(n for when, n in [*closed.items(), *opened.items()] if when >= day)
        share *= 1 - closed[day] / at_risk
        out[day] = share
    return out


TIMES = st.dictionaries(st.integers(0, 900), st.integers(1, 5), max_size=8)


@given(closed=TIMES.filter(bool), opened=TIMES)
def test_any_curve_equals_the_product_written_out(closed: dict[int, int], opened: dict[int, int]) -> None:
    curve = pathways.survival(days(closed), days(opened))
    assert {day: float(curve[day]) for day in closed} == pytest.approx(by_hand(closed, opened))


def test_time_to_closure_censors_open_cases_and_leaves_out_those_closed_without_a_day() -> None:
    finding = pathways.time_to_closure(study_of(cases=CASES))
    # from referral: case 1 60 days, 2 151, 4 0, b1 10; case 3 is last seen after 305; b5 is closed on an unknown day
    assert counts(finding, "closed") == {("GM0243", "m0_3"): 2, ("GM0243", "m3_6"): 1, ("GM0230", "m0_3"): 1}
    assert counts(finding, "open") == {("GM0243", "m6_12"): 1}
    assert dict(finding.part("closed").left_out) == {
        "closed_day_unknown": 1,
        "closed_month_known": 0,
        "referral_day_unknown": 0,
    }
    assert finding.part("closed").n_in + finding.part("open").n_in == 6
    shares = finding.numbers[finding.numbers["part"] == "closed"].set_index(["municipality", "class"])
    assert shares.loc["GM0243", "share"].tolist() == [1 / 2, 1 / 4, 1 / 4, 1 / 4, 1 / 4]  # 3/4·2/3, then 1/2·1/2
    assert shares.loc["GM0243", "n_at_risk"].tolist()[:3] == [4, 2, 1]
    assert shares.loc["GM0230", "share"].tolist()[0] == 0


def test_where_nothing_is_closed_everything_is_still_open() -> None:
    opened = """
        source|case_id|municipality|date_referral|date_closed|status|extraction_date
        a     |1      |GM0243      |2020-12-01   |           |open  |2020-12-31
    """
    only = pathways.time_to_closure(study_of(cases=opened))
    assert counts(only, "open") == {("GM0243", "m0_3"): 1}
    assert counts(only, "closed") == {}
    assert set(only.numbers["share"].dropna()) <= {1.0}


# ---- meetings -------------------------------------------------------------------------------------------------------

MEETINGS = """
source|case_id|meeting_id|kind                |date      |held|reason_not_held
a     |1      |m1        |joint_client_meeting|2020-01-15|no  |no_show
a     |1      |m2        |joint_client_meeting|2020-01-30|yes |
a     |1      |m3        |joint_client_meeting|2020-04-09|yes |
a     |1      |m4        |joint_client_meeting|2020-04-10|yes |
a     |1      |m5        |introduction        |2020-01-11|yes |
a     |1      |m6        |first_dialogue      |2020-01-20|yes |
a     |1      |m7        |first_dialogue      |2020-01-25|yes |
a     |1      |m8        |closing_dialogue    |          |no  |solved
a     |2      |m9        |introduction        |2020-02-01|yes |
a     |2      |m10       |first_dialogue      |          |no  |empty
a     |2      |m11       |joint_client_meeting|2020-02-05|no  |illness
a     |3      |m12       |joint_client_meeting|2020-03-02|yes |
"""


def test_a_case_counts_at_a_stage_once_when_the_meeting_was_held() -> None:
    finding = pathways.flow(study_of(cases=CASES, meetings=MEETINGS))
    assert counts(finding, "held") == {("GM0243", "introduction"): 2, ("GM0243", "first_dialogue"): 1}
    assert counts(finding, "dropped") == {("GM0243", "closing_dialogue", "solved"): 1}
    shares = finding.numbers[finding.numbers["part"] == "held"].set_index("stage")["share"]
    assert shares.to_dict() == {"introduction": 1, "first_dialogue": 1 / 2, "closing_dialogue": 0}


def test_a_meeting_that_was_not_held_is_no_first_meeting() -> None:
    finding = pathways.early_meetings(study_of(cases=CASES, meetings=MEETINGS))
    # N1 was reported on 10 January: 30 January is in the first month; 9 April is in the third and counts as early, 10 April not
    assert told(finding, "first_meeting", "months_to_meeting") == {"N1": 0}
    assert told(finding, "early", "n_early_meetings") == {"N1": 2}
    assert told(finding, "result", "months_to_result") == {"N1": 0}  # 9 February
    assert told(finding, "seen", "standing") == {"N1": "closed", "N2": "closed"}


def told(finding: Finding, part: str, value: str) -> dict[str, object]:
    """What a part says of each case."""
    return finding.part(part).numbers.set_index("case")[value].to_dict()


def test_a_timeline_holds_what_happened_to_followed_cases_only() -> None:
    finding = pathways.timelines(study_of(cases=CASES, meetings=MEETINGS))
    numbers = finding.numbers
    assert set(numbers["case"]) == {"N1", "N2"}
    joint = numbers[numbers["event"] == "joint_client_meeting"]
    assert joint["months"].astype(int).tolist() == [0, 2, 3]
    assert ("cases_selected", {}) in finding.caveats


def test_a_side_of_the_table_counts_once_per_meeting_that_was_held() -> None:
    came = """
        source|meeting_id|case_id|party      |sector      |kind
        a     |m1        |1      |client     |client      |joint_client_meeting
        a     |m2        |1      |client     |client      |joint_client_meeting
        a     |m2        |1      |workcompany|work_income |joint_client_meeting
        a     |m2        |1      |income_department|work_income|joint_client_meeting
        a     |m5        |1      |client     |client      |introduction
        a     |m12       |3      |social_team|care_welfare|joint_client_meeting
    """
    finding = pathways.parties_present(study_of(cases=CASES, meetings=MEETINGS, attendances=came))
    assert counts(finding, "parties", "n_meetings") == {
        ("GM0243", "client"): 1, ("GM0243", "work_income"): 1, ("GM0243", "care_welfare"): 1}  # fmt: skip
    assert set(finding.numbers.loc[finding.numbers["n_meetings"] > 0, "share"]) == {
        1 / 2
    }  # of two meetings with attendance


def test_plans_count_cases_and_actions_count_actions() -> None:
    plans = """
        source|case_id|date      |made_by|professionals_present
        a     |1      |2020-02-01|client |no
        a     |1      |2020-03-01|client |no
        a     |2      |2020-03-01|empty  |no
    """
    actions = "source|action_id|case_id|status\na|x|1|done\na|y|1|done\na|z|99|done"
    finding = compare.plans_and_actions(study_of(cases=CASES, plans=plans, actions=actions))
    assert counts(finding, "plans") == {("GM0243", "client", "no"): 1}
    assert counts(finding, "actions", "n_actions") == {("GM0243", "done"): 2}
    assert dict(finding.part("actions").left_out) == {"case_not_found": 1}


# ---- case studies ---------------------------------------------------------------------------------------------------


def test_client_and_professional_stand_beside_one_another_and_not_discussed_is_not_no() -> None:
    told = """
        source|team|case_id|element  |perspective |present      |contribution
        w     |T   |N1     |w03_trust|client      |not_discussed|not_discussed
        w     |T   |N1     |w03_trust|professional|yes          |helpful
    """
    numbers = perspectives.same_case(study_of(judgements=told)).numbers
    assert numbers.set_index("perspective")["present"].to_dict() == {"client": "not_discussed", "professional": "yes"}


def test_an_item_that_two_parties_placed_is_one_item() -> None:
    nodes = """
        source|team|arena_id|node_id|kind    |label |placed_by
        w     |T   |A       |A1     |activity|Intake|client
        w     |T   |A       |A1     |activity|Intake|partner
    """
    finding = perspectives.effect_arena(study_of(arena_nodes=nodes))
    assert counts(finding, "items", "n_items") == {("A", "A1", "activity"): 1}
    assert counts(finding, "placed", "n_items") == {("A", "A1", "client"): 1, ("A", "A1", "partner"): 1}


# ---- findings -------------------------------------------------------------------------------------------------------


def question(*by: str, **more: object) -> Question:
    return replace(Question("q", "cases", "n_cases", by), **more)  # type: ignore[arg-type]


def test_a_question_whose_keys_are_missing_is_refused() -> None:
    study = study_of(cases=CASES)
    with pytest.raises(IwwError, match="case_label"):
        ask("X", [question("municipality", "case_label")], study.tables)
    known = question("municipality", "case_label", where=(Where("case_label", "known", reason="not_followed"),))
    assert ask("X", [known], study.tables).part("q").left_out == {"not_followed": 4}


def test_questions_along_unlike_groups_cannot_be_read_together() -> None:
    with pytest.raises(IwwError, match="niet langs dezelfde groepen"):
        ask("X", [question("municipality"), question("source")], study_of(cases=CASES).tables)


def test_a_join_that_would_multiply_rows_unasked_is_refused() -> None:
    domains = Join("case_domains", {"domain": "domain"})
    study = study_of(cases=CASES, case_domains=DOMAINS)
    with pytest.raises(pd.errors.MergeError):
        ask("X", [question("municipality", joins=(domains,))], study.tables)


def test_the_digest_changes_when_a_number_changes_and_only_then() -> None:
    one, same = (compare.closure_reasons(study_of(cases=CASES)) for _ in range(2))
    other = compare.closure_reasons(study_of(cases=CASES.replace("|unknown  ", "|moved    ")))
    assert one.digest == same.digest
    assert one.digest != other.digest


def test_a_finding_says_its_id_its_unit_and_how_many() -> None:
    assert repr(compare.closure_reasons(study_of(cases=CASES))).startswith("F05 · reasons: n_cases = 4 van 6 · ")


def test_the_rows_behind_every_mark_recount_to_the_mark(study: Study) -> None:
    for finding in (compare.closure_reasons(study), pathways.flow(study)):
        for part in finding.parts:
            keys = list(part.question.by)
            rows = records(finding, study.tables, {})
            rows = rows[rows["part"] == part.question.name]
            recounted = rows.drop_duplicates([*keys, "source", "case_id"]).groupby(keys).size()
            marks = part.numbers.set_index(keys)["n_cases"]
            assert recounted.to_dict() == marks[marks > 0].to_dict()


def test_the_rows_of_one_mark_are_those_of_its_keys(study: Study) -> None:
    finding = compare.closure_reasons(study)
    mark = {"municipality": "GM0243", "reason": "moved"}
    rows = records(finding, study.tables, mark)
    (count,) = finding.numbers.query("municipality == 'GM0243' and reason == 'moved'")["n_cases"]
    assert len(rows) == count > 0
    assert rows["source_row"].notna().all()
    assert set(rows["source"]) == {"harderwijk"}


def test_a_mark_of_one_question_has_no_rows_of_another(study: Study) -> None:
    rows = records(
        pathways.flow(study), study.tables, {"municipality": "GM0243", "stage": "first_dialogue", "reason": "moved"}
    )
    assert set(rows["part"]) == {"dropped"}


def test_a_group_that_is_in_no_list_comes_after_those_that_are() -> None:
    levels = {"reason": ("administrative", "moved")}
    by = question("municipality", "reason", derive={"reason": Derive("same", ("closure_reason",))}, levels=levels)
    numbers = ask("X", [by], study_of(cases=CASES).tables).numbers
    assert numbers[numbers["municipality"] == "GM0243"]["reason"].tolist() == [
        "administrative",
        "moved",
        "not_applicable",
        "unknown",
    ]


def test_two_teams_of_two_sources_with_one_name_bear_their_source_beside_it() -> None:
    """On one line they would be one that never was; a name that one source alone has stays as it is."""
    teams = """
        source|team     |team_type        |mandate
        a     |Team Duin|neighbourhood_team|zelf beslissen
        b     |Team Duin|area_team         |adviseren
        b     |Team Bos |area_team         |adviseren
    """
    study = study_of(teams=teams)
    finding = sessions.team_profiles(study)
    profiles = finding.part("teams")
    named = profiles.numbers.astype("str").set_index("team")["team_type"].to_dict()
    assert named == {
        "Team Bos": "area_team", "Team Duin (a)": "neighbourhood_team", "Team Duin (b)": "area_team",
    }  # fmt: skip
    assert set(records(finding, study.tables, {"team": "Team Duin (b)"})["source"]) == {"b"}
    with duckdb.connect() as connection:
        connection.register("teams", study["teams"])
        assert as_text(in_sql(profiles.question, connection, ["a", "b"]), ("team",)) == as_text(
            profiles.numbers, ("team",)
        )
    assert figures.draw("T06", study).protected is not None
    alone = sessions.team_profiles(study.only("a")).part("teams")
    assert alone.numbers["team"].tolist() == ["Team Duin"]


def test_a_team_of_a_name_that_two_sources_have_keeps_its_own_region() -> None:
    judged = """
        source|municipality|team |element  |perspective|present
        a     |GM0546      |Noord|f01_layer|researcher |yes
        b     |GM0243      |Noord|f01_layer|researcher |no
    """.replace("f01_layer", ELEMENTS[0])
    works_for = "source|team|municipality\na|Noord|GM0546\nb|Noord|GM0243"
    member = "source|municipality|region\na|GM0546|holland_rijnland\nb|GM0243|haaglanden"
    study = study_of(judgements=judged, team_municipalities=works_for, region_memberships=member)
    numbers = voices.factors(study).numbers
    assert dict(zip(numbers["team"], numbers["region"], strict=True)) == {
        "Noord (a)": "holland_rijnland", "Noord (b)": "haaglanden",
    }  # fmt: skip


def test_two_cases_of_two_sources_with_one_label_are_refused_with_what_to_do() -> None:
    judged = """
        source|case_id|element  |perspective |present
        a     |Casus 1|x01_heard|client      |yes
        a     |Casus 1|x01_heard|professional|yes
        b     |Casus 1|x01_heard|client      |no
        b     |Casus 1|x01_heard|professional|no
    """.replace("x01_heard", ELEMENTS[0])
    study = study_of(judgements=judged)
    with pytest.raises(IwwError) as refused:
        displays.elements_by_case(study)
    assert refused.value.say("en") == (
        "A label of case occurs in more than one source (Casus 1; sources: a, b): here they would be heaped together. Choose "
        "these sources apart, or give one of them another label in the source file."
    )
    drawn_ = figures.draw("T03", study)
    assert drawn_.protected is None
    assert "Casus 1; bronnen: a, b" in drawn_.caption


def test_a_label_in_a_register_of_another_study_is_another_case() -> None:
    told = """
        source|case_id|perspective|element    |quote |cleared
        i     |N1     |client     |x01_heard  |Fijn. |yes
        i     |N2     |client     |x01_heard  |Ja.   |yes
    """
    followed = """
        source|case_id|case_label|municipality|date_referral|extraction_date
        r     |1      |N1        |GM0268      |2020-01-01   |2020-12-31
    """
    one = study_of(segments=told, cases=followed)
    cards = {name: replace(card, study="nbd") for name, card in one.origins.items()}
    same = replace(one, origins=cards)
    other = replace(one, origins=cards | {"r": replace(cards["r"], study="saz")})
    assert [part.question.name for part in displays.joint_display(same).parts] == [
        "quotes", "interviews", "registration", "joint",
    ]  # fmt: skip
    assert displays.joint_display(same).part("quotes").left_out["no_registration"] == 1
    assert [part.question.name for part in displays.joint_display(other).parts] == ["quotes", "interviews"]
    assert len(displays.joint_display(other).part("quotes").numbers) == 2
