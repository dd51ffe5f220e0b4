"""The five studies: every figure of the plan is filled from the committed sources, and every question has its answer."""

import re
from functools import cache

import pytest

from iww_analysis import figures, vocabulary
from iww_analysis.figures.declaration import CATALOGUE, answering
from iww_analysis.figures.figure import Figure
from iww_analysis.report.page import page
from shared.frames import drawn
from shared.long import sampled
from shared.sources import HOME, whole_study

# marks: at least so many; sources: at least so many of which something is drawn
WANTED = """
id |marks|sources|regime
F01|100  |5      |register
F02|150  |5      |register
F03|60   |5      |register
F04|40   |5      |register
F05|40   |5      |register
F06|40   |3      |case_study
F07|16   |3      |case_study
F08|12   |3      |register
F09|20   |3      |register
F10|60   |2      |case_study
F11|20   |2      |case_study
F12|100  |2      |case_study
F13|40   |1      |case_study
F14|20   |1      |case_study
F15|200  |1      |case_study
F16|24   |1      |register
F17|10   |2      |register
F18|16   |1      |case_study
F19|12   |3      |register
F20|3    |2      |case_study
F21|20   |2      |case_study
F22|24   |1      |case_study
F23|12   |2      |register
T01|11   |11     |register
T02|8    |1      |case_study
T03|30   |2      |case_study
T04|6    |2      |case_study
T05|15   |1      |case_study
T06|6    |2      |case_study
T07|15   |1      |case_study
T08|8    |1      |case_study
T09|10   |1      |case_study
T10|30   |1      |case_study
T11|15   |1      |case_study
"""
STUDIES = vocabulary.read("study").codes


@cache
def every_figure(lang: str = "nl") -> dict[str, Figure]:
    return {figure.id: figure for figure in figures.draw_all(whole_study(), lang=lang)}


def test_the_catalogue_holds_every_figure_of_the_plan_and_no_other() -> None:
    assert list(CATALOGUE) == drawn(WANTED)["id"].tolist()


@pytest.mark.parametrize(("name", "marks", "sources", "regime"), drawn(WANTED).values.tolist())
def test_every_figure_is_filled_from_the_committed_sources(name: str, marks: str, sources: str, regime: str) -> None:
    data = every_figure()[name].protected
    assert data is not None
    assert len(data.marks) >= int(marks)
    assert len(data.sources) >= int(sources)
    assert data.rule == regime


def test_every_mark_of_the_data_is_drawn_or_hidden_and_no_other() -> None:
    """An address in the picture is a mark of the numbers, and every mark has an address."""
    for figure in every_figure().values():
        assert figure.protected is not None
        addressed = set(re.findall(r'<g id="([FT]\d\d\|[^"]+)"', figure.svg.decode()))
        told = {
            tuple(sorted((key, str(row[key])) for key in figure.protected.keys if str(row[key]) != ""))
            for row in figure.protected.marks.to_dict("records")
        }
        shown = {
            tuple(sorted((k, v) for k, v in figures.keys_of(address)[1].items() if k not in ("part", "value")))
            for address in addressed
        }
        assert shown, figure.id
        assert shown <= told | {part for keys in told for part in _fewer(keys)}, figure.id


def _fewer(keys: tuple[tuple[str, str], ...]) -> list[tuple[tuple[str, str], ...]]:
    """The addresses of marks drawn as one: the same keys with some left out."""
    return [tuple(pair for n, pair in enumerate(keys) if kept >> n & 1) for kept in range(1, 2 ** len(keys))]


@pytest.mark.parametrize("code", sampled(STUDIES, ["sd"]))
def test_the_page_answers_each_question_of_a_study_or_says_how_far_it_goes(code: str) -> None:
    value = vocabulary.read("study")[code]
    asked = len(value.extra["questions_nl"])
    assert asked == len(value.extra["limits_nl"]) == len(value.extra["limits_en"])
    assert all(answering(code, n) for n in range(1, asked + 1))
    assert not answering(code, asked + 1)
    own = whole_study().only(*(s for s, o in whole_study().origins.items() if o.study == code))
    ids = [id_ for id_, entry in CATALOGUE.items() if code in entry.studies]
    made = page(own, figures.draw_all(own, ids=ids), {}, code, "nl")
    section = made[made.index(f'id="study-{code}"') : made.index("<h2>Figuren</h2>")]
    assert section.count("Hoe ver het antwoord reikt") == asked
    assert "Deze bronnen beantwoorden deze vraag niet." not in section
    for question in value.extra["questions_nl"]:
        assert question in section


def test_a_question_that_the_sources_cannot_answer_is_said_with_what_lacks() -> None:
    only = whole_study().only("harderwijk")
    made = page(only, figures.draw_all(only), {}, "harderwijk", "nl")
    section = made[made.index('id="study-saz"') : made.index("<h2>Figuren</h2>")]
    first = section[: section.index(vocabulary.read("study")["saz"].extra["questions_nl"][1])]
    assert "Deze bronnen beantwoorden deze vraag niet." in first
    assert re.search(r"T07: Nodig: .+ De gekozen bronnen \(harderwijk\) bevatten dat niet\.", first)


def test_every_synthetic_source_belongs_to_a_study_and_every_study_has_one() -> None:
    assert {origin.study for origin in whole_study().origins.values()} == set(STUDIES)
    assert set(HOME.sources()) == set(whole_study().sources)
