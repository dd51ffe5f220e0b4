"""Signs are part of what people write: what compares, what answers, and what stands before decimals."""

import pandas as pd
import pytest

from iww_analysis import vocabulary
from iww_analysis.cleaning.rules import cases, interviews
from iww_analysis.crosswalk.propose.unknown_words import propose_words, unknown_words_of
from iww_analysis.tables.cells import cell_readers
from shared.frames import placed, plain_context


@pytest.mark.parametrize(("word", "code"), [
    ("75+", "75+"), ("75 +", "75+"), ("≥75", "75+"), (">= 75", "75+"), (">74", "75+"), ("75 plus", "75+"),
    ("<75", None), ("≤75", None), ("75-", None), ("75", None), ("> 75", None), ("12-17", "12-17"), ("12 – 17", "12-17"),
])  # fmt: skip
def test_a_sign_that_compares_is_part_of_a_word(word: str, code: str | None) -> None:
    assert vocabulary.read("age_class").lookup.get(vocabulary.key(word)) == code


@pytest.mark.parametrize("name", ["valence", "contribution", "judgement", "yes_no"])
def test_where_a_plus_is_an_answer_a_dash_is_asked_and_else_it_is_an_empty_cell(name: str) -> None:
    signs = unknown_words_of(pd.Series(["+", "-", "-", "", "+"], index=range(2, 7)), "", name, {})
    assert signs[["word", "n"]].to_numpy().tolist() == [["-", 2]]
    assert unknown_words_of(pd.Series(["-", "-", ""]), "", name, {}).empty
    answered = unknown_words_of(pd.Series(["+", "-"]), "", name, {"-": vocabulary.read(name).codes[-1]})
    assert answered.empty


def test_a_dash_that_is_asked_is_unreadable_until_it_is_answered_and_is_like_no_word() -> None:
    drawn = pd.DataFrame({"document": "Interview 1", "code": ["a", "b", "c"], "valence": ["+", "-", ""]}, dtype="str")
    asked = interviews.clean({"codings": placed(drawn)}, plain_context())["codings"].records
    assert asked["valence"].tolist() == ["positive", "unreadable", "empty"]
    context = plain_context(codes={("codings", "valence"): {"-": "negative"}})
    answered = interviews.clean({"codings": placed(drawn)}, context)["codings"].records
    assert answered["valence"].tolist() == ["positive", "negative", "empty"]
    alone = interviews.clean({"codings": placed(drawn.assign(valence=["-", "-", ""]))}, plain_context())
    assert alone["codings"].records["valence"].tolist() == ["empty"] * 3
    assert unlike_any("valence")


def unlike_any(name: str) -> bool:
    """Whether a dash is proposed to mean nothing in particular."""
    from iww_analysis.crosswalk.crosswalk import Target

    (word,) = propose_words(pd.Series(["+", "-"]), "Valentie", [Target("codings", name)], {}, ())
    return (word.word, word.code, word.nearest) == ("-", "", "")


BIRTHS = {  # as written, referred in 2020 -> the class of the age
    "13-05-48": "65-74", "15-05-55": "50-64", "20-05-68": "50-64", "21-05-69": "50-64", "29-02-48": "65-74", "27-05-03": "12-17",
    "18-05-19": "0-11", "13 mei '48": "65-74", "13-05-2048": "unreadable", "13-05-1905": "unreadable", "2-5-2020": "unreadable",
    "1-5-2020": "0-11", "1-6-1910": "75+",
}  # fmt: skip


def test_a_birth_lies_before_the_referral_and_within_110_years_in_the_century_that_fits() -> None:
    drawn = pd.DataFrame({"case_id": [f"Z{n}" for n in range(len(BIRTHS))], "municipality": "GM0243",
                          "date_referral": "1-5-2020", "birth_date": list(BIRTHS)}, dtype="str")  # fmt: skip
    persons = placed(drawn[["case_id", "birth_date"]].assign(person_id=drawn["case_id"]))
    made = cases.clean({"cases": placed(drawn.drop(columns="birth_date")), "case_persons": persons}, plain_context())
    records = made["case_persons"].records
    assert dict(zip(BIRTHS, records["age_class"].astype("str"), strict=True)) == BIRTHS
    problems = made["case_persons"].problems
    assert sorted(problems.loc[problems["rule"] == "birth_impossible", "source_row"] - 2) == [8, 9, 10]


def test_what_r_writes_for_nothing_is_nothing_in_every_column_and_said_of_a_label() -> None:
    drawn = pd.DataFrame({"case_id": ["1", "NA"], "municipality": "GM0243", "date_referral": "1-5-2020", "date_closed": "NA",
                          "team": ["NA", "Na de brug"], "door": "NA"}, dtype="str")  # fmt: skip
    made = cases.clean({"cases": placed(drawn)}, plain_context())["cases"]
    assert made.records["team"].tolist()[1] == "Na de brug"
    assert made.records[["case_id", "team"]].isna().to_numpy().tolist() == [[False, True], [True, False]]
    assert made.records["date_closed_missing"].tolist() == made.records["door"].tolist() == ["empty", "empty"]
    said = made.problems[made.problems["rule"] == "missing_word"]
    assert said[["column", "source_row"]].to_numpy().tolist() == [["case_id", 3], ["team", 2]]


def test_while_nobody_said_which_sign_stands_before_decimals_digits_alone_are_read() -> None:
    read = cell_readers.integer_reader(0, 5, "?")
    assert read("3") == (3, None, None)
    assert read("2,0") == read("2.5") == (None, "unreadable", "decimal_open")
    assert cell_readers.integer_reader(0, 5, ",")("2,0") == (2, None, None)
