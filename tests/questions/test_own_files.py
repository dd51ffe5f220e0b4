"""What the library itself reads or writes bears headings that it knows: nobody is asked what they mean."""

import pytest

from iww_analysis import vocabulary
from iww_analysis.crosswalk.ask.open_question import Consultation, OpenQuestion
from iww_analysis.crosswalk.ask.row_kind import as_asked
from iww_analysis.crosswalk.propose.recognise import RecognisedSheet, as_form, recognise
from iww_analysis.io.projects.qda import read_qda
from iww_synthetic.files.qda import Document, Segment, project
from shared.recognised import as_cells, best

SAID = "zij kwam terug en bleef bellen"
OF_PROGRAM = {
    "documents": ["kind", "characters", "codings"],
    "codings": ["selection", "code", "date"],
    "codes": ["code", "depth", "codings", "sets"],
}


def sheets(file: str = "gesprekken.qdpx", remark: str = "", **variables: str) -> dict[str, RecognisedSheet]:
    """The sheets of a project of one interview in which two codes were given, as they are recognised."""
    segments = [Segment(0, 14, ("Vertrouwen",), remark), Segment(18, 24, ("Vertrouwen", "Tijd"), remark)]
    content = project([Document("interview 1", SAID, "", variables, segments)], {"Vertrouwen": "", "Tijd": ""}, "nvivo")
    return {name: recognise(file, name, as_cells(rows), ()) for name, rows in read_qda(file, content)[0].items()}


def asked(sheet: RecognisedSheet) -> list[str]:
    return [proposal.heading for proposal in sheet.proposals if not proposal.sure]


@pytest.mark.parametrize("name", OF_PROGRAM)
def test_of_a_project_no_heading_of_our_own_is_a_question(name: str) -> None:
    sheet = sheets(perspectief="cliënt")[name]
    assert asked(sheet) == []
    assert [best(sheet, heading) for heading in OF_PROGRAM[name]] == ["-"] * len(OF_PROGRAM[name])


def test_what_a_sheet_of_a_project_is_nobody_is_asked_either_when_it_says_little() -> None:
    questions = list[OpenQuestion]()
    consultation = Consultation(lambda question: questions.append(question) or "")  # type: ignore[func-returns-value]
    found = sheets()
    anchors = [as_asked(sheet, [], (), consultation).anchor for sheet in found.values()]  # type: ignore[union-attr]
    assert (anchors, questions) == (["documents", "codings", "codes"], [])


def test_a_remark_that_says_yes_can_clear_a_quote_and_is_a_question() -> None:
    assert asked(sheets(remark="ja", perspectief="cliënt")["codings"]) == ["remark"]
    assert best(sheets(remark="nog eens lezen", perspectief="cliënt")["codings"], "remark") == "-"


def test_what_a_project_calls_its_own_variables_stays_a_question() -> None:
    assert asked(sheets(perspectief="cliënt", Vloer="laan 1")["documents"]) == ["variable Vloer"]


def test_the_same_headings_in_a_list_of_somebody_else_are_asked() -> None:
    assert "selection" in asked(sheets(file="gesprekken.xlsx", perspectief="cliënt")["codings"])


ARENA = ["Team;Sessie;Briefje;Tekst;Gevolg", "Kustlijn;S1;A1;Huisbezoek;E1", "Kustlijn;S1;E1;Rust;"]
THEMES = ["Team;Sessie;Soort;Thema", "Kustlijn;S1;vraagstuk;Wachtlijst", "Kustlijn;S1;thema;Schulden"]
YEARS = ["Wat is gemeten;Jaar 2021;Jaar 2022", "Verwijzingen;84;123", "Meldingen;289;"]


@pytest.mark.parametrize(
    ("rows", "likeliest"),
    [(ARENA, ["segments"]), (THEMES, []), (YEARS, ["indicatoren_breed"])],
    ids=["arena", "themes", "years"],
)
def test_a_sheet_that_was_taken_for_something_by_what_many_sheets_have_is_asked_about(
    rows: list[str], likeliest: list[str]
) -> None:
    questions = list[OpenQuestion]()
    consultation = Consultation(lambda question: questions.append(question) or "")  # type: ignore[func-returns-value]
    found = recognise("lijst.csv", "", as_cells([row.split(";") for row in rows]), ())
    as_asked(found, [found], (), consultation)
    assert [question.choices[0].value for question in questions] == likeliest


@pytest.mark.parametrize(
    ("cells", "means"), [("Ja;Deels;Nee", "judgements.present (perspective = client)"), ("Esdoorn;Iep;Els", "-")]
)
def test_a_heading_that_can_be_a_name_is_that_of_a_voice_above_what_voices_say(cells: str, means: str) -> None:
    rows = [
        ["Casus", "Werkzaam element", "Cliënt"],
        *(["C1", f"w{n}", cell] for n, cell in enumerate(cells.split(";"))),
    ]
    by_voice = next(form for form in vocabulary.wide_forms() if form.a_column_is == ("perspective",))
    assert best(as_form(recognise("lijst.csv", "", as_cells(rows), ()), by_voice, ()), "Cliënt") == means
