"""What another municipality answered helps here, but what it threw away is not thrown away here without a question."""

import pytest

from iww_analysis.crosswalk.parse import not_known_because, parse
from iww_analysis.crosswalk.propose.proposal import SURE, not_read_because
from iww_analysis.crosswalk.propose.unknown_words import WordProposal, propose_words
from shared.recognised import sheet


def elsewhere(ignore: str = "vrije tekst van het loket", word: str = "moved"):  # type: ignore[no-untyped-def]
    return parse(
        {
            "format": "iww-crosswalk/1", "source": "ede",
            "sheets": [{"file": "*.csv", "one_row_is": "cases", "columns": {"Zaaknr": "cases.case_id"},
                        "ignore": {"Spoor": ignore}}],
            "codes": {"closure_reason": {"Driekoffie": word}},
        },
        "ede.toml",
    )  # fmt: skip


LIST = """
    Zaaknr | Datum aanmelding | Datum afsluiting | {heading}
    A1     | 13-02-2020       | 14-03-2020       | {cells[0]}
    A2     | 14-02-2020       |                  | {cells[1]}
    A3     | 15-02-2020       | 16-03-2020       | {cells[2]}
"""
HERE = LIST.format(heading="Spoor", cells=("laan 1", "laan 2", "laan 1"))


def test_what_another_source_does_not_read_is_asked_here_with_that_as_a_guess() -> None:
    (proposal,) = [p for p in sheet(HERE, (elsewhere(),)).proposals if p.heading == "Spoor"]
    assert not proposal.sure
    assert (proposal.best.ignore, proposal.best.confidence) == ("vrije tekst van het loket", SURE - 1)
    assert proposal.best.reason.say("nl") == "wordt in ede niet gelezen"


@pytest.mark.parametrize("why", [not_read_because("asked"), not_known_because()])
def test_what_was_not_needed_or_not_known_there_is_no_guess_here(why: str) -> None:
    (proposal,) = [p for p in sheet(HERE, (elsewhere(ignore=why),)).proposals if p.heading == "Spoor"]
    assert not [candidate for candidate in proposal.candidates if candidate.ignore]


def word_of(code: str) -> WordProposal:
    recognised = sheet("Zaaknr | Reden\nA1 | Driekoffie\nA2 | verhuisd")
    targets = parse(
        {"format": "iww-crosswalk/1", "source": "x", "sheets": [
            {"file": "*", "one_row_is": "cases", "columns": {"Reden": "cases.closure_reason"}}]}, "x.toml",
    ).sheets[0].columns["Reden"]  # fmt: skip
    (word,) = propose_words(recognised.columns["Reden"].texts, "Reden", targets, {}, [elsewhere(word=code)])
    return word


def test_a_word_that_means_something_elsewhere_means_that_here_too() -> None:
    assert (word_of("moved").code, word_of("moved").reason.say("nl")) == ("moved", "betekent dit ook in ede")


@pytest.mark.parametrize("code", ["unreadable", "not_applicable", "unknown", "not_known"])
def test_a_word_that_says_nothing_elsewhere_is_asked_here(code: str) -> None:
    assert (word_of(code).code, word_of(code).nearest) == ("", "")


@pytest.mark.parametrize("heading", ["Partners", "Deelnemer type", "Kinderen", "Dagbesteding thuis"])
def test_a_heading_that_lacks_the_word_that_points_out_a_person_is_not_taken_for_one(heading: str) -> None:
    recognised = sheet(LIST.format(heading=heading, cells=("GGD; school", "Veilig Thuis", "school")))
    (proposal,) = [p for p in recognised.proposals if p.heading == heading]
    assert not [candidate for candidate in proposal.candidates if candidate.ignore]


@pytest.mark.parametrize("heading", ["BSN", "BSN partner", "BSN van de partner", "Telefoonnr.", "Naam cliënt"])
def test_a_heading_that_holds_it_is(heading: str) -> None:
    recognised = sheet(LIST.format(heading=heading, cells="xyz"))
    (proposal,) = [p for p in recognised.proposals if p.heading == heading]
    assert proposal.best.ignore
