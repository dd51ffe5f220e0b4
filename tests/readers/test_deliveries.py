"""Several deliveries of one source: the latest knows best, nothing counts twice, and each case is followed to its own day."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from iww_analysis.cleaning.row_fates import ROW_FATES
from iww_analysis.cleaning.source import Built
from iww_analysis.commands import build
from iww_analysis.messages.errors import Message
from shared.homes import Content, deliver, home_with

WALK = """
[[sheets]]
file = "cases*"
one_row_is = "cases"
[sheets.columns]
"nr" = "cases.case_id"
"reported" = "cases.date_referral"
"closed" = "cases.date_closed"
"why" = "cases.closure_reason"
"domains" = { to = "case_domains.domain", split = "," }
[sheets.ignore]
"note" = "free text"
"""
HEADER = "nr;reported;closed;why;domains;note\n"
OPEN = "1;1-2-2019;;;Wonen;\n"
MOVED = "1;1-2-2019;1-9-2020;Verhuisd;Wonen;\n"
DONE = "1;1-2-2019;1-9-2020;Doelen behaald;Wonen;\n"
OTHER = "2;1-3-2019;;;Geld;\n"
DAYS = (("2020-01-15", "2019-12-31"), ("2021-01-15", "2020-12-31"), ("2022-01-15", "2021-12-31"))


def made_of(folder: Path, *texts: str, days: Sequence[tuple[str, str]] = DAYS) -> Built:
    """Build a source of which these texts came in, one a year, below one header; the days may be put in another order."""
    files: list[Mapping[str, Content]] = [
        {f"cases {day}.csv": HEADER + text} for text, (day, _) in zip(texts, days, strict=False)
    ]
    home = home_with(folder, files[0], WALK, received=days[0][0], extraction_date=days[0][1])
    for content, (received, extracted) in zip(files[1:], days[1:], strict=False):
        deliver(home, "here", content, received=received, extraction_date=extracted)
    return build.build(home, "here")


def fates(made: Built) -> list[dict[str, int]]:
    """Per sheet, oldest first, what became of its rows; only what is not nothing."""
    return [
        {fate: line[f"rows_{fate}"] for fate in ROW_FATES if line[f"rows_{fate}"]} for line in made.ledger["sheets"]
    ]


def followed(made: Built) -> dict[str, str]:
    """Case by its day of referral -> the day on which it was last known."""
    cases = made.tables["cases"]
    days = cases[["date_referral", "extraction_date"]].apply(lambda day: day.dt.date.astype(str))
    return dict(days.to_numpy().tolist())


def codes(messages: Sequence[Message]) -> list[tuple[str, str | None]]:
    return [(message.code, message.place.file) for message in messages]


# ---- what becomes of a row ------------------------------------------------------------------------------------------


def test_of_three_deliveries_the_last_one_counts(tmp_path: Path) -> None:
    made = made_of(tmp_path, OPEN, MOVED, DONE)
    assert fates(made) == [{"superseded": 1}, {"superseded": 1}, {"kept": 1}]
    assert made.tables["cases"]["closure_reason"].tolist() == ["according_to_plan"]
    assert followed(made) == {"2019-02-01": "2021-12-31"}


def test_a_correction_that_is_taken_back_is_the_first_row_delivered_again(tmp_path: Path) -> None:
    made = made_of(tmp_path, OPEN, MOVED, OPEN)
    assert fates(made) == [{"duplicate": 1}, {"superseded": 1}, {"kept": 1}]
    assert made.tables["cases"]["date_closed"].isna().all()


def test_a_row_in_every_delivery_counts_once(tmp_path: Path) -> None:
    made = made_of(tmp_path, OPEN, OPEN + OTHER, OPEN + OTHER)
    assert fates(made) == [{"duplicate": 1}, {"duplicate": 2}, {"kept": 2}]


def test_what_a_corrected_row_brought_along_goes_with_it(tmp_path: Path) -> None:
    """Housing was crossed out, money came: the housing of the first delivery does not stay beside it."""
    made = made_of(tmp_path, "1;1-2-2019;;;Wonen;\n", "1;1-2-2019;;;Geld;\n")
    assert made.tables["case_domains"]["domain"].tolist() == ["finances"]


def test_a_later_delivery_wins_also_when_it_knows_less(tmp_path: Path) -> None:
    made = made_of(tmp_path, MOVED, OPEN)
    (case,) = made.tables["cases"].to_dict("records")
    assert (case["closure_reason"], case["date_closed_missing"]) == ("empty", "empty")


def test_a_later_row_that_cannot_be_used_does_not_push_out_a_good_one(tmp_path: Path) -> None:
    made = made_of(tmp_path, OPEN, "1;31-02-2019;;;Wonen;\n")  # no such day
    assert fates(made) == [{"kept": 1}, {"set_aside": 1}]
    assert followed(made) == {"2019-02-01": "2019-12-31"}


def test_rows_that_contradict_each_other_in_a_later_delivery(tmp_path: Path) -> None:
    """The first of the two counts, the second is set aside, and both are newer than the first delivery's."""
    made = made_of(tmp_path, OPEN, MOVED + DONE)
    assert fates(made) == [{"superseded": 1}, {"kept": 1, "set_aside": 1}]
    assert made.tables["cases"]["closure_reason"].tolist() == ["moved"]
    assert made.tables["set_aside"][["rule", "source_row"]].to_numpy().tolist() == [["contradiction", 3]]


# ---- the order of deliveries ----------------------------------------------------------------------------------------


def test_an_old_delivery_that_comes_in_late_is_still_old(tmp_path: Path) -> None:
    late = made_of(tmp_path / "late", MOVED, OPEN + OTHER, days=[DAYS[1], DAYS[0]])
    in_order = made_of(tmp_path / "order", OPEN + OTHER, MOVED)
    assert fates(late) == fates(in_order) == [{"kept": 1, "superseded": 1}, {"kept": 1}]
    assert followed(late) == {"2019-02-01": "2020-12-31", "2019-03-01": "2019-12-31"}


def test_a_case_is_followed_to_the_day_of_the_delivery_that_last_knew_it(tmp_path: Path) -> None:
    third = "3;1-4-2020;;;Werk;\n"
    made = made_of(tmp_path, OPEN + OTHER, OTHER + third, third)
    assert followed(made) == {"2019-02-01": "2019-12-31", "2019-03-01": "2020-12-31", "2020-04-01": "2021-12-31"}


def test_a_day_after_the_first_extraction_is_no_fault_in_the_second(tmp_path: Path) -> None:
    made = made_of(tmp_path, OPEN, MOVED)  # closed in September 2020, after the first delivery was extracted
    assert made.tables["set_aside"].empty


# ---- the same rows in another form ----------------------------------------------------------------------------------


def test_a_row_in_a_workbook_and_in_a_text_file_of_one_delivery_counts_once(tmp_path: Path) -> None:
    rows = [line.split(";") for line in (HEADER + OPEN).splitlines()]
    made = build.build(home_with(tmp_path, {"cases.csv": HEADER + OPEN, "cases.xlsx": {"Blad1": rows}}, WALK), "here")
    assert fates(made) == [{"kept": 1}, {"duplicate": 1}]
    assert len(made.tables["cases"]) == 1


def test_a_row_that_comes_again_in_another_form_is_not_a_correction_to_worry_about(tmp_path: Path) -> None:
    """A text file first, then a workbook: the same words, so delivered again; the case is followed a year longer."""
    home = home_with(tmp_path, {"cases.csv": HEADER + OPEN}, WALK, received=DAYS[0][0], extraction_date=DAYS[0][1])
    rows = [line.split(";") for line in (HEADER + OPEN).splitlines()]
    deliver(home, "here", {"cases.xlsx": {"Blad1": rows}}, received=DAYS[1][0], extraction_date=DAYS[1][1])
    made = build.build(home, "here")
    assert fates(made) == [{"duplicate": 1}, {"kept": 1}]
    assert followed(made) == {"2019-02-01": "2020-12-31"}


# ---- what is said about it ------------------------------------------------------------------------------------------


def test_a_delivery_that_is_wholly_in_a_later_one_is_said(tmp_path: Path) -> None:
    made = made_of(tmp_path, OPEN, OPEN)
    assert codes(made.notices) == [("delivery_repeated", "cases 2020-01-15.csv")]
    assert made.notices[0].words == {"delivery": "2020-01-15", "n": 1}


def test_two_deliveries_that_overlap_are_said_with_how_many_were_corrected(tmp_path: Path) -> None:
    gone = "3;1-4-2019;;;Werk;\n"
    made = made_of(tmp_path, OPEN + OTHER + gone, MOVED + OTHER)
    (message,) = made.notices
    assert (message.code, message.place.file) == ("delivery_overlap", "cases 2020-01-15.csv")
    assert message.words == {"delivery": "2020-01-15", "n": 3, "again": 1, "corrected": 1, "only": 1}
    assert message.say("nl") == (
        "bestand cases 2020-01-15.csv: van de 3 rijen van levering 2020-01-15 staan er 1 ongewijzigd nog eens in de bron, zijn "
        "er 1 vervangen door een latere levering en komen er 1 alleen hier voor. Gaat de latere levering over dezelfde periode, "
        "vraag dan waarom rijen die alleen hier voorkomen daar ontbreken."
    )


def test_deliveries_of_different_cases_do_not_overlap(tmp_path: Path) -> None:
    assert made_of(tmp_path, OPEN, OTHER).notices == []


def test_a_row_twice_in_the_only_delivery_is_no_overlap(tmp_path: Path) -> None:
    assert made_of(tmp_path, OPEN + OPEN + OTHER).notices == []
