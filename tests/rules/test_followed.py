"""Which followed cases are alone with what figures tell of them, what is proposed, and who decided: small registers, by hand."""

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from iww_analysis.disclosure import followed
from iww_analysis.disclosure.followed import TOLD, alone, as_csv, undecided
from iww_analysis.messages.errors import Message, Place
from shared.study import by_hand

# as six alike cases stand in a register: open nowhere, one meeting in the first month, closed in the fourth
USUAL = {
    "municipality": "GM0268", "door": "social_team", "standing": "closed", "months_to_closure": 4, "n_meetings": 1,
    "months_to_meeting": 0, "months_to_result": 2, "months_to_intake": 0, "months_to_plan": 1,
}  # fmt: skip


def register(*others: dict[str, Any], **own: Any) -> pd.DataFrame:
    """A register with one followed case, N1, and others that are as usual but for what is said."""
    lines = [USUAL | own, *(USUAL | other for other in others)]
    frame = pd.DataFrame(lines).assign(source="nijmegen", case=["N1", *[""] * len(others)])
    months = [name for name in TOLD if name.startswith("months")]
    return frame.astype(dict.fromkeys(months, "Int64"))


def line_of(*others: dict[str, Any], **own: Any) -> dict[str, Any]:
    (line,) = alone(register(*others, **own)).to_dict("records")
    return {str(name): value for name, value in line.items()}


def test_a_case_like_five_others_is_not_alone_and_nothing_is_proposed() -> None:
    line = line_of(*[{}] * 5)
    assert (line["n_alike"], line["alone_on"], line["coarser"], line["left_out"]) == (6, (), (), ())


def test_a_case_that_came_in_by_another_door_is_alone_on_that() -> None:
    line = line_of(*[{}] * 5, door="workcompany")
    assert (line["n_alike"], line["alone_on"]) == (1, ("door",))
    assert (line["coarser"], line["left_out"], line["n_then"]) == ((), ("door",), 6)


def test_the_fewest_characteristics_are_named_with_which_a_case_is_alone() -> None:
    """Others closed in month 4 lived elsewhere, and others who lived here closed in month 5: no one of the two tells N1."""
    line = line_of(*[{"municipality": "GM0209"}] * 2, *[{"months_to_closure": 5}] * 4)
    assert line["alone_on"] == ("municipality", "months_to_closure")
    # months 3, 4 and 5 are one class: N1 and the four who lived here
    assert (line["coarser"], line["left_out"], line["n_then"]) == (("months_to_closure",), (), 5)


def test_what_is_not_recorded_of_another_case_may_be_the_same() -> None:
    assert line_of(*[{"months_to_result": pd.NA}] * 5)["n_alike"] == 6
    assert (
        line_of(*[{}] * 5, months_to_result=pd.NA)["n_alike"] == 1
    )  # but what others have and this case lacks tells it


@pytest.mark.parametrize(("one", "other", "together"), [(3, 5, True), (2, 3, False), (24, 60, True), (0, 2, True)])
def test_months_are_together_in_the_classes_of_durations(one: int, other: int, together: bool) -> None:
    line = line_of(*[{"months_to_closure": other}] * 5, months_to_closure=one)
    assert (line["coarser"] == ("months_to_closure",)) is together


def test_in_a_register_of_three_a_proposal_makes_all_three_alike() -> None:
    assert line_of({"door": "workcompany"}, {"municipality": "GM0209"})["n_then"] == 3


def test_the_list_says_in_words_what_it_proposes() -> None:
    lines = alone(register(*[{"months_to_closure": 5}] * 5, door="workcompany"))
    head, row = as_csv(lines, "nl").decode("utf-8-sig").splitlines()
    assert head == "bron;casus;casussen gelijk;alleen met;voorstel;dan gelijk;kenmerk;besluit;door;datum"
    told = lines.loc[0, "told"]
    assert row == (f'nijmegen;N1;1;ingang;"grover: maanden tot de afsluiting; weglaten: ingang";6;{told};;;')
    head, row = as_csv(lines, "en").decode("utf-8-sig").splitlines()
    assert head == "source,case,cases alike,alone with,proposal,alike then,mark,decision,by,date"
    assert row == f"nijmegen,N1,1,door,more coarsely: months to closure; leave out: door,6,{told},,,"


def filled_in(lines: pd.DataFrame, said: str, lang: Any = "nl", by: str = "S. de Wit", on: str = "1-12-2026") -> bytes:
    """The list with a decision on every line, as a spreadsheet saves it."""
    separator = ",;"[lang == "nl"]
    text = as_csv(lines, lang).decode("utf-8-sig")
    return text.replace(f"{separator * 3}\r\n", f"{separator}{said}{separator}{by}{separator}{on}\r\n").encode("cp1252")


ALONE = alone(register(*[{}] * 5, door="workcompany"))
N1 = (("nijmegen", "N1"),)


@pytest.mark.parametrize(("lang", "said"), [("nl", "akkoord"), ("nl", "Akkoord "), ("en", "agreed")])
def test_a_case_may_leave_when_a_person_agreed_to_what_is_told_now(lang: Any, said: str) -> None:
    list_ = as_csv(ALONE, lang)
    assert undecided(list_, b"") == undecided(list_, list_) == N1
    assert undecided(list_, filled_in(ALONE, said, lang)) == ()
    later = alone(register(*[{}] * 5, door="workcompany", months_to_result=3))
    assert undecided(as_csv(later, lang), filled_in(ALONE, said, lang)) == N1  # agreed was to something else


@pytest.mark.parametrize("said", ["vergroven", "niet akkoord", "?"])
def test_any_other_word_keeps_a_case_inside(said: str) -> None:
    assert undecided(as_csv(ALONE, "nl"), filled_in(ALONE, said)) == N1


def test_a_decision_says_who_and_when() -> None:
    assert undecided(as_csv(ALONE, "nl"), filled_in(ALONE, "akkoord", by="")) == N1
    assert undecided(as_csv(ALONE, "nl"), filled_in(ALONE, "akkoord", on="")) == N1


def test_a_list_of_the_other_language_decides_as_well() -> None:
    assert undecided(as_csv(ALONE, "en"), filled_in(ALONE, "akkoord", "nl")) == ()


def test_a_case_with_enough_alike_needs_no_decision() -> None:
    assert undecided(as_csv(alone(register(*[{}] * 4)), "nl"), b"") == ()
    assert undecided(as_csv(alone(register(*[{}] * 3)), "nl"), b"") == N1


def test_with_nobody_followed_there_is_no_list() -> None:
    assert as_csv(alone(register(*[{}] * 5).assign(case="")), "nl") == b""
    assert undecided(b"", b"") == ()


def test_every_followed_case_of_a_study_stands_on_its_list_also_where_no_register_holds_it() -> None:
    study = by_hand()
    origins = {s: replace(o, regime="case_study") if s in ("talks", "team") else o for s, o in study.origins.items()}
    lines = followed.listed(replace(study, origins=origins))
    registered, others = lines[lines["n_alike"] > 0], lines[lines["n_alike"] < 0]
    assert list(registered["case"]) == ["O 0", "O 1", "O 2", "N1", "W 0", "W 1", "W 2"]
    assert list(others["case"]) == ["N2", "Casus 1", "Casus 2"]
    assert {("talks", "N2"), ("team", "Casus 1")} <= {*undecided(as_csv(lines, "en"), b"")}
    assert as_csv(lines, "en").decode().count("in no register of this study") == 3


def test_how_many_wait_is_said_with_what_to_do() -> None:
    message = Message(
        "followed_undecided",
        Place("data/receipts/ede/followed.csv"),
        {"n": 1, "decided": "data/decisions/followed.csv"},
    )
    assert message.say("nl") == (
        "bestand data/receipts/ede/followed.csv: 1 gevolgde casus wacht op een besluit: te weinig casussen zijn eraan gelijk in "
        "wat figuren ervan vertellen. Vul de lijst in en bewaar haar als data/decisions/followed.csv."
    )
    assert replace(message, words=message.words | {"n": 2}).say("en").startswith(
        "file data/receipts/ede/followed.csv: 2 followed cases wait for a decision: too few cases are alike"
    )  # fmt: skip
