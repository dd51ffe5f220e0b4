"""What changed: scores held against their own version, domains that can be followed, indicators, and fragmentation."""

import pandas as pd
import pytest

from iww_analysis import disclosure, figures, vocabulary
from iww_analysis.analysis.questions import effects as asked
from iww_analysis.analysis.study import Study
from iww_analysis.cleaning.clean import Cleaned
from iww_analysis.cleaning.rules import outcomes
from shared.frames import counts, drawn, placed, plain_context, study_of
from shared.pictures import addresses

# ---- cleaning: the version belongs to the measurement ---------------------------------------------------------------

SCORES = """
case_id|instrument_version|moment|domain        |score|kept|rule
1      |zrm_2017          |begin |finances      |5    |5   |
1      |zrm_2017          |begin |housing       |6    |    |out_of_scale
1      |gas_6             |begin |goal          |-3   |-3  |
1      |gas_5             |end   |goal          |-3   |    |out_of_scale
1      |gas_psw           |end   |goal          |-2   |    |out_of_scale
1      |participation_ladder|begin|ladder       |6    |6   |
1      |participation_ladder|end |ladder        |0    |    |out_of_scale
1      |positive_health   |begin |ph_meaning    |10   |10  |
1      |ors               |begin |ors_overall   |7    |7   |
1      |ors               |end   |ors_overall   |73   |    |out_of_scale
1      |ors_100           |end   |ors_overall   |73   |73  |
1      |srs_100           |end   |srs_goals     |101  |    |out_of_range
1      |zrm_2013          |begin |work_education|3    |    |domain_not_in_version
1      |zrm_2013          |begin |daytime_2013  |3    |3   |
1      |zrm_2017          |end   |daytime_2013  |3    |    |domain_not_in_version
1      |zrm_2013          |begin |basic_adl     |     |    |
"""


def cleaned_scores() -> Cleaned:
    raw = placed(drawn(SCORES).drop(columns=["kept", "rule"]))
    return outcomes.clean({"scores": raw}, plain_context())["scores"]


def test_a_score_is_held_against_the_scale_and_domains_of_its_own_version() -> None:
    result = cleaned_scores()
    kept = ["" if pd.isna(score) else str(score) for score in result.records["score"]]
    assert kept == drawn(SCORES)["kept"].tolist()
    rules = dict(zip(result.problems["source_row"], result.problems["rule"], strict=True))
    assert [rules.get(row, "") for row in range(2, len(kept) + 2)] == drawn(SCORES)["rule"].tolist()
    assert set(result.problems["severity"]) == {"cell"}


def test_a_score_that_cannot_be_is_typed_missing() -> None:
    said = cleaned_scores().records["score_missing"].astype("str").fillna("").tolist()
    assert said == ["" if k else "unreadable" if r else "empty" for k, r in drawn(SCORES)[["kept", "rule"]].to_numpy()]


def test_the_start_of_a_goal_lies_elsewhere_in_every_variant_of_gas() -> None:
    versions = vocabulary.read("instrument_version")
    assert [versions[code].extra["baseline"] for code in ("gas_6", "gas_5", "gas_psw")] == [-2, -1, 0]


def test_every_instrument_has_domains() -> None:
    held = {version for value in vocabulary.read("instrument_domain").values for version in value.extra["versions"]}
    assert held == set(vocabulary.read("instrument_version").codes)


@pytest.mark.parametrize(("version", "n"), [("positive_health", 6), ("ors", 4), ("srs_100", 4), ("gas_6", 1)])
def test_an_instrument_has_its_number_of_domains(version: str, n: int) -> None:
    assert len(asked.followable(version, version)) == n


# ---- which domains can be followed ----------------------------------------------------------------------------------


def test_eight_domains_can_be_followed_over_a_switch_of_the_matrix() -> None:
    assert list(asked.followable("zrm_2013", "zrm_2017")) == [
        "finances", "housing", "domestic_relations", "mental_health", "physical_health", "social_network", "participation",
        "justice",
    ]  # fmt: skip
    assert len(asked.followable("zrm_2017", "zrm_2017")) == 13


def test_substance_use_is_followed_only_when_asked_for() -> None:
    asked_for = asked.followable("zrm_2013", "zrm_2017", redefined=True)
    assert asked_for["addiction_2013"] == "substance_use"
    assert len(asked_for) == 9


@pytest.mark.parametrize(
    ("begin", "end"), [("gas_6", "gas_5"), ("gas_5", "gas_psw"), ("ors", "ors_100"), ("zrm_2017", "ors")]
)
def test_versions_with_another_scale_are_never_followed(begin: str, end: str) -> None:
    assert asked.followable(begin, end) == {}


# ---- F09 ------------------------------------------------------------------------------------------------------------

CASES = """
source|case_id|municipality|date_referral|date_closed|status|closure_reason
a     |1      |GM0268      |2020-01-10   |           |open  |
a     |2      |GM0268      |2020-01-10   |           |open  |
a     |3      |GM0268      |2020-01-10   |           |open  |
a     |4      |GM0268      |2020-01-10   |           |open  |
a     |5      |GM0268      |2020-01-10   |           |open  |
b     |1      |GM0225      |2020-01-10   |           |open  |
"""
# 1 up; 2 down and the same; 3 has no score at the end; 4 switched versions; 5 was never scored; 9 is no case
SCORED = """
source|case_id|instrument_version|moment|domain        |score
a     |1      |zrm_2017          |begin |finances      |2
a     |1      |zrm_2017          |end   |finances      |5
a     |2      |zrm_2017          |begin |finances      |4
a     |2      |zrm_2017          |end   |finances      |3
a     |2      |zrm_2017          |begin |housing       |4
a     |2      |zrm_2017          |end   |housing       |4
a     |3      |zrm_2017          |begin |finances      |3
a     |3      |zrm_2017          |end   |finances      |
a     |4      |zrm_2013          |begin |finances      |3
a     |4      |zrm_2017          |end   |finances      |4
a     |4      |zrm_2013          |begin |addiction_2013|3
a     |4      |zrm_2017          |end   |substance_use |4
a     |9      |zrm_2017          |begin |finances      |1
b     |1      |zrm_2017          |begin |finances      |3
"""


def scored() -> Study:
    return study_of(cases=CASES, scores=SCORED)


def test_cases_go_up_stay_or_go_down_per_domain() -> None:
    finding = asked.score_change(scored())
    assert counts(finding, "change_zrm_2017") == {
        ("GM0268", "zrm_2017", "zrm_2017", "finances", "up"): 1,
        ("GM0268", "zrm_2017", "zrm_2017", "finances", "down"): 1,
        ("GM0268", "zrm_2017", "zrm_2017", "housing", "same"): 1,
    }


def test_a_switch_of_version_is_a_question_of_its_own_on_the_domains_that_can_be_followed() -> None:
    finding = asked.score_change(scored())
    assert counts(finding, "change_zrm_2013_zrm_2017") == {("GM0268", "zrm_2013", "zrm_2017", "finances", "up"): 1}
    assert all("substance_use" not in set(part.numbers.get("domain", [])) for part in finding.parts)


def test_a_redefined_domain_is_followed_under_its_old_name_with_a_warning() -> None:
    finding = asked.score_change(scored(), redefined=True)
    assert counts(finding, "change_zrm_2013_zrm_2017_addiction_2013") == {
        ("GM0268", "zrm_2013", "zrm_2017", "addiction_2013", "up"): 1}  # fmt: skip
    assert "redefined_domain" in dict(finding.caveats)


def test_the_coverage_stands_beside_it() -> None:
    finding = asked.score_change(scored())
    assert counts(finding, "begin") == {
        ("GM0268", "zrm_2013", "finances"): 1, ("GM0268", "zrm_2013", "addiction_2013"): 1,
        ("GM0268", "zrm_2017", "finances"): 3, ("GM0268", "zrm_2017", "housing"): 1}  # fmt: skip
    assert counts(finding, "both_zrm_2017") == {
        ("GM0268", "zrm_2017", "zrm_2017", "finances"): 2, ("GM0268", "zrm_2017", "zrm_2017", "housing"): 1}  # fmt: skip
    assert counts(finding, "cases") == {("GM0268",): 5}
    assert dict(finding.absent) == {"b": "no_second_score"}


def test_a_share_is_of_the_cases_with_both_scores_on_that_domain() -> None:
    marks = asked.score_change(scored()).numbers.set_index(["version", "domain", "change"])["share"]
    assert marks[("zrm_2017", "finances", "up")] == 0.5
    assert marks[("zrm_2017", "housing", "same")] == 1


def test_without_two_scores_there_is_nothing_to_draw_and_the_panel_says_so() -> None:
    drawing = figures.draw("F09", scored().only("b"))
    assert drawing.protected is None
    assert drawing.lacking == ("cases", "scores.score")


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_every_number_of_a_study_that_switched_versions_is_drawn_once(lang: str) -> None:
    drawing = figures.draw("F09", scored(), lang=lang, internal=True)
    assert drawing.protected is not None
    assert len(addresses(drawing)) == len(set(addresses(drawing))) == len(drawing.protected.marks)


def test_a_sum_is_only_given_when_asked_for_of_whole_measurements_and_with_a_warning() -> None:
    domains = list(asked.followable("zrm_2013", "zrm_2013"))
    lines = [f"a|{case}|zrm_2013|begin|{d}|{score}" for case, score in (("1", 3), ("2", 5)) for d in domains]
    lines.append("a|3|zrm_2013|begin|finances|1")  # one domain only: no sum
    head = "source|case_id|instrument_version|moment|domain|score"
    finding = asked.sum_scores(study_of(cases=CASES, scores="\n".join([head, *lines])), "zrm_2013")
    (mark,) = finding.numbers.to_dict("records")
    assert (mark["n_cases"], mark["n_complete"], mark["median_sum"]) == (3, 2, 44)  # 33 and 55
    assert "sum_without_support" in dict(finding.caveats)


# ---- F16 ------------------------------------------------------------------------------------------------------------

INDICATORS = """
municipality|indicator      |year|n_counted|n_of|comparable|meaning
GM0344      |fits_better    |2012|60       |120 |yes       |
GM0344      |fits_better    |2013|90       |120 |yes       |
GM0344      |specialist_help|2012|         |120 |yes       |
GM0355      |fits_better    |2012|4        |80  |yes       |
GM0355      |specialist_help|2012|50       |80  |no        |alle verwijzingen
"""


def test_an_indicator_is_what_was_counted_of_how_many_in_a_year() -> None:
    finding = asked.indicators(study_of(indicators=INDICATORS))
    marks = finding.numbers[finding.numbers["part"] == "counted"].set_index(["municipality", "indicator", "year"])
    assert marks["share"].to_dict() == {
        ("GM0344", "fits_better", "2012"): 0.5, ("GM0344", "fits_better", "2013"): 0.75,
        ("GM0355", "fits_better", "2012"): 0.05}  # fmt: skip


def test_what_cannot_be_compared_is_left_out_with_its_reason_and_its_own_words() -> None:
    finding = asked.indicators(study_of(indicators=INDICATORS))
    assert dict(finding.part("counted").left_out) == {"not_comparable": 1, "no_count": 1}
    (apart,) = finding.part("apart").numbers.to_dict("records")
    assert apart == {"municipality": "GM0355", "indicator": "specialist_help", "meaning": "alle verwijzingen"}


def test_counts_of_an_indicator_are_about_and_the_number_of_years_is_not() -> None:
    study = study_of(indicators=INDICATORS)
    data = disclosure.protect(asked.indicators(study), "register", study.vectors)
    marks = data.part("counted").set_index(["municipality", "year"])
    assert set(marks["n_counted"] % 5) | set(marks["n_of"] % 5) == {0}
    assert data.part("years")["n_indicators"].tolist() == [2, 1]


# ---- F19 ------------------------------------------------------------------------------------------------------------

# 1: three at the begin, two at the end (one name twice); 2: one and one; 3: begin only; network: 1 no then yes, 2 unknown
ORGANISATIONS = """
source|case_id|moment|organisation|canonical
a     |1      |begin |A           |A
a     |1      |begin |B           |B
a     |1      |begin |C           |C
a     |1      |end   |A           |A
a     |1      |end   |a.          |A
a     |1      |end   |B           |B
a     |2      |begin |A           |A
a     |2      |end   |A           |A
a     |3      |begin |A           |A
a     |3      |begin |B           |B
"""
NETWORK = """
source|case_id|moment|involved
a     |1      |begin |no
a     |1      |end   |yes
a     |2      |begin |yes
a     |2      |end   |unknown
a     |3      |begin |yes
a     |3      |end   |yes
"""
VOICES = """
source|municipality|case_id|element          |perspective |moment|present
i     |GM0243      |H1     |b03_fragmentation|client      |begin |yes
i     |GM0243      |H1     |b03_fragmentation|client      |end   |no
i     |GM0243      |H2     |b03_fragmentation|client      |begin |yes
i     |GM0243      |H2     |b03_fragmentation|client      |end   |not_discussed
i     |GM0243      |H2     |b03_fragmentation|professional|begin |partly
i     |GM0243      |H2     |b01_shame        |client      |begin |yes
i     |GM0243      |       |b03_fragmentation|client      |begin |yes
"""


def fragmented(**more: str) -> Study:
    return study_of(cases=CASES, case_organisations=ORGANISATIONS, case_network=NETWORK, **more)


def test_organisations_are_counted_by_name_in_cases_known_at_both_moments() -> None:
    finding = asked.fragmentation(fragmented())
    assert counts(finding, "case_organisations") == {("GM0268",): 2}  # 3 has no end
    assert counts(finding, "begin_2") == {("GM0268", "begin", "2"): 1}
    assert counts(finding, "begin_3") == {("GM0268", "begin", "3"): 1}
    assert counts(finding, "end_2") == {("GM0268", "end", "2"): 1}
    assert counts(finding, "end_3") == {}  # A, a. and B are two names


def test_a_network_of_which_one_moment_is_unknown_counts_at_neither() -> None:
    finding = asked.fragmentation(fragmented())
    assert counts(finding, "case_network") == {("GM0268",): 2}
    assert counts(finding, "network_begin") == {("GM0268", "begin", "yes"): 1}
    assert counts(finding, "network_end") == {("GM0268", "end", "yes"): 2}


def test_shares_of_what_is_counted_are_of_the_cases_known_at_both_moments() -> None:
    marks = asked.fragmentation(fragmented()).numbers
    assert marks[marks["part"] == "end_2"]["share"].tolist() == [0.5]
    assert marks[marks["part"] == "network_end"]["share"].tolist() == [1.0]


def test_experienced_fragmentation_is_counted_in_cases_per_voice_and_moment_and_not_discussed_is_not_no() -> None:
    finding = asked.fragmentation(study_of(judgements=VOICES))
    assert counts(finding, "experienced") == {
        ("GM0243", "begin", "client", "yes"): 2, ("GM0243", "end", "client", "no"): 1,
        ("GM0243", "end", "client", "not_discussed"): 1, ("GM0243", "begin", "professional", "partly"): 1}  # fmt: skip
    assert counts(finding, "asked") == {
        ("GM0243", "begin", "client"): 2, ("GM0243", "end", "client"): 2, ("GM0243", "begin", "professional"): 1}  # fmt: skip


def test_voices_are_shown_exactly_beside_registers_that_are_not() -> None:
    study = fragmented(judgements=VOICES)
    data = disclosure.protect(asked.fragmentation(study), "register", study.vectors)
    assert data.part("experienced")["n_cases"].sum() == 5
    assert set(data.part("case_network")["n_cases"] % 5) <= {0}


@pytest.mark.parametrize("study", [study_of(judgements=VOICES), fragmented()], ids=["voices", "registers"])
def test_one_of_the_two_measures_is_drawn_without_the_other(study: Study) -> None:
    drawing = figures.draw("F19", study, internal=True)
    assert drawing.protected is not None
    assert set(drawing.protected.sources) == ({"i"} if len(study["judgements"]) else {"a"})
