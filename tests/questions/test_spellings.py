"""One word in several spellings is one question; its answer holds for all of them."""

import pandas as pd
import pytest

from iww_analysis.crosswalk.ask.open_question import OpenQuestion
from iww_analysis.crosswalk.crosswalk import Target
from iww_analysis.crosswalk.forms.question_form import question_form
from iww_analysis.crosswalk.propose.unknown_words import WordProposal, propose_words, root_of

REFERRER = [Target("referrals", "referrer_role")]


def proposed(*texts: str, known: dict[str, str] | None = None) -> list[WordProposal]:
    return propose_words(pd.Series(texts, dtype="str"), "Melder", REFERRER, {"referrer_role": known or {}}, ())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Koffiekamer", "KOFFIEKAMER"),
        ("Koffiekamer", "koffie-kamer"),
        ("Koffiekamer", "koffie kamer."),
        ("Koffiekamer", "  Köffiekamer "),
        ("koffiekamer", "koffiekamers"),
        ("wijkagent", "wijkagenten"),
    ],
)
def test_case_accents_hyphens_spaces_and_a_plural_make_no_other_word(one: str, other: str) -> None:
    assert root_of(one) == root_of(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("loket 1", "loket 11"), ("1 2", "12"), ("<75", "75+"), ("team a", "team b"), ("wonen", "woning")],
)
def test_numbers_signs_and_other_letters_do(one: str, other: str) -> None:
    assert root_of(one) != root_of(other)


def test_the_spellings_of_a_word_are_counted_each_the_commonest_first() -> None:
    texts = ["Koffiekamer"] * 3 + ["koffie-kamer"] + ["KOFFIEKAMER"] * 2 + ["Spoor"]
    word, other = proposed(*texts)
    assert (word.word, word.n) == ("Koffiekamer", 6)
    assert word.spellings == (("Koffiekamer", 3), ("KOFFIEKAMER", 2), ("koffie-kamer", 1))
    assert word.keys == ("Koffiekamer", "koffie-kamer")  # that of capitals is folded: one line of the crosswalk
    assert other.spellings == (("Spoor", 1),)


def test_what_was_answered_holds_for_a_spelling_that_comes_later() -> None:
    (word,) = proposed("koffie kamers", known={"koffiekamer": "welfare"})
    assert (word.code, word.reason.say("nl")) == ("welfare", "lijkt op ‘koffiekamer’")


def test_where_two_spellings_were_answered_otherwise_a_third_is_asked() -> None:
    (word,) = proposed("koffie kamers", known={"koffiekamer": "welfare", "koffie kamer": "self"})
    assert word.code == ""


def test_a_spelling_that_may_point_out_a_person_is_shown_nowhere() -> None:
    (word,) = proposed("mw Jansen", "Mw. Jansen")
    assert (word.word, word.spellings, word.n) == ("", (), 2)


def test_the_question_names_every_spelling_with_its_count() -> None:
    asked = OpenQuestion("ask_code", spellings={"Koffiekamer": 3, "koffie-kamer": 1}, key="a")
    alone = OpenQuestion("ask_code", spellings={"Spoor": 2}, key="b")
    sheet = question_form("vragen.xlsx", "hier", [asked, alone], {}, "nl")["Vragen"]
    assert [row[0].value for row in sheet.iter_rows(min_row=2)] == [
        "Wat betekent ‘Koffiekamer’ (3), ‘koffie-kamer’ (1)?", "Wat betekent ‘Spoor’?"
    ]  # fmt: skip
