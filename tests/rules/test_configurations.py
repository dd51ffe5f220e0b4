"""The plain truth table of F20: what counts as there, what went better, which cases are left out, and which rows lack."""

import pandas as pd
import pytest

from iww_analysis import figures
from iww_analysis.analysis.finding import Finding
from iww_analysis.analysis.questions import configurations
from iww_analysis.analysis.study import Study
from shared.frames import drawn, study_of
from shared.pictures import text_in

A, B, C, D = "w01_one_plan", "w03_trust", "w05_self_direction", "w06_social_network"
SAID = {"y": "yes", "p": "partly", "n": "no", "-": "not_discussed"}

# Per case and element what client and professional say of it.
VOICES = """
case|A |B |C |D
1   |yy|yy|nn|yy
2   |yp|ny|nn|yy
3   |nn|pp|nn|yy
4   |yy|yy|yy|yy
5   |yy|y-|nn|yy
6   |nn|nn|nn|yy
"""
OUTCOMES = """
case_id|level     |according_to|direction|outcome
1      |case      |client      |better   |rust
2      |case      |professional|better   |werk
2      |case      |client      |worse    |geld
3      |case      |client      |same     |rust
3      |individual|client      |better   |slaap
4      |case      |professional|mixed    |rust
5      |case      |client      |better   |rust
6      |team      |professional|better   |overleg
6      |case      |researcher  |better   |rust
7      |case      |client      |better   |rust
"""


def cases_of(voices: str = VOICES, outcomes: str = OUTCOMES) -> Study:
    lines = [
        f"{case['case']}|{element}|{voice}|{SAID[case[letter][place]]}"
        for case in drawn(voices).to_dict("records")
        for letter, element in zip("ABCD", (A, B, C, D), strict=True)
        for place, voice in enumerate(("client", "professional"))
    ]
    judgements = "\n".join(["case_id|element|perspective|present", *lines])
    return study_of(judgements=judgements, outcomes=outcomes)


def by_case(finding: Finding, column: str) -> dict[str, str]:
    marks = finding.numbers.drop_duplicates("case").set_index("case")[column]
    return {str(case): str(value) for case, value in marks.items() if not pd.isna(value) and str(value) != ""}


def test_the_conditions_are_the_elements_that_differ_most_between_cases() -> None:
    # with/without among cases with an outcome (1..5): A 4/1, B 3/1 (case 5 not discussed by one), C 1/4, D 5/0
    finding = configurations.truth_table(cases_of())
    assert set(by_case(finding, "conditions").values()) == {f"{A},{B},{C}"}


def test_elements_that_differ_as_much_go_by_how_many_discussed_them_and_then_by_the_list() -> None:
    presence = pd.DataFrame({D: [True, False, True], B: [True, False, None], C: [True, False, True]}, dtype="object")
    assert configurations.telling(presence, 2) == (C, D)
    assert configurations.telling(presence, 1) == (C,)


def test_an_element_is_there_when_both_say_so_at_least_in_part_and_not_when_one_says_no() -> None:
    finding = configurations.truth_table(cases_of())
    assert by_case(finding, "row") == {"1": "110", "2": "100", "3": "010", "4": "111"}


def test_a_case_went_better_when_either_voice_tells_of_something_better() -> None:
    # 2: the professional says so, the client not; 3: the case stayed the same, only a person slept better; 4: mixed
    finding = configurations.truth_table(cases_of())
    assert by_case(finding, "better") == {"1": "yes", "2": "yes", "3": "no", "4": "no"}


def test_cases_that_lack_a_judgement_or_an_outcome_are_left_out_with_the_reason() -> None:
    # 5: one voice did not discuss B; 6: only a team's outcome and a researcher's word; 7: nobody was interviewed
    finding = configurations.truth_table(cases_of())
    assert by_case(finding, "lacks") == {"5": B, "6": "outcome", "7": A}


def test_cases_alike_share_a_row_with_how_many_of_them_went_better() -> None:
    finding = configurations.truth_table(cases_of(), [A])
    assert by_case(finding, "row") == {"1": "1", "2": "1", "3": "0", "4": "1", "5": "1"}
    assert by_case(finding, "n_alike") == {"1": "4", "2": "4", "3": "1", "4": "4", "5": "4"}
    assert by_case(finding, "n_better") == {"1": "3", "2": "3", "3": "0", "4": "3", "5": "3"}


def test_few_cases_and_rows_that_do_not_occur_are_said() -> None:
    caveats = dict(configurations.truth_table(cases_of()).caveats)
    assert caveats["few_for_configurations"] == {"n": 4}
    assert caveats["unseen_configurations"] == {"n": 4}  # 8 rows, of which 110, 100, 010 and 111 occur


@pytest.mark.parametrize(
    ("lang", "few"), [("nl", "Met 4 casussen zijn er te weinig"), ("en", "With 4 cases there are too few")]
)
def test_a_picture_of_few_cases_says_so_itself(lang: str, few: str) -> None:
    assert few in text_in(figures.draw("F20", cases_of(), lang=lang))


def test_ten_cases_and_as_many_as_there_are_rows_are_not_called_few() -> None:
    voices = "case|A|B|C|D\n" + "\n".join(f"{n}|{'yy' if n % 2 else 'nn'}|yy|yy|yy" for n in range(10))
    outcomes = "case_id|level|according_to|direction|outcome\n" + "\n".join(
        f"{n}|case|client|better|x" for n in range(10)
    )
    caveats = dict(configurations.truth_table(cases_of(voices, outcomes), [A]).caveats)
    assert "few_for_configurations" not in caveats
    assert caveats["unseen_configurations"] == {"n": 0}


def test_without_cases_there_is_an_empty_table() -> None:
    finding = configurations.truth_table(cases_of().only())
    assert finding.numbers.empty


def test_what_was_said_of_one_party_or_of_the_begin_is_no_judgement_of_the_case() -> None:
    said = """
        case_id|element     |perspective |present|holder|moment
        1      |w01_one_plan|client      |yes    |      |
        1      |w01_one_plan|professional|yes    |      |end
        1      |w01_one_plan|professional|no     |      |begin
        1      |w01_one_plan|client      |no     |professional|
    """
    finding = configurations.truth_table(study_of(judgements=said, outcomes=OUTCOMES), ["w01_one_plan"])
    assert by_case(finding, "row") == {"1": "1"}


def test_where_both_voices_discussed_no_element_there_is_no_table() -> None:
    said = """
        case_id|element     |perspective |present
        1      |w01_one_plan|client      |yes
        2      |x01_heard   |client      |yes
        2      |x01_heard   |professional|yes
    """
    finding = configurations.truth_table(study_of(judgements=said, outcomes=OUTCOMES))
    assert [len(part.numbers) for part in finding.parts] == [0, 0]
