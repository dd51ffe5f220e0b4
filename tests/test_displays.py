"""Tables of text: what each question counts and says, and that every mark can be found on the page."""

import xml.etree.ElementTree as ET
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
from conftest import typed
from matplotlib.text import Text
from test_sql import database, in_sql, said

from iww_analysis import disclosure, figures, vocabulary
from iww_analysis.analysis import displays, sessions
from iww_analysis.figures import sheet, style, text_table, texts
from iww_analysis.figures.catalogue import CATALOGUE
from iww_analysis.figures.figure import Figure
from iww_analysis.schema.finding import Finding
from iww_analysis.schema.origin import parse
from iww_analysis.study import ACCOUNTS, TABLES, Study, empty

IDS = ("T02", "T03", "T04", "T05", "T06", "T07", "T08", "T09", "T10", "T11")
Frame = list[dict[str, object]]


def lines(columns: str, *rows: str, **constant: object) -> Frame:
    """Rows written with bars between the cells."""
    names = columns.split("|")
    return [constant | dict(zip(names, row.split("|"), strict=True)) for row in rows]


# What the tables below are asked of: one register, one set of interviews, teams, a municipality's themes.
FRAMES: dict[str, Frame] = {
    "cases": lines(
        "case_id|case_label|date_referral|date_first_result|door|status|municipality",
        "p1|N1|2020-01-01|2020-03-01|workcompany|closed|GM0268",
        "p2||2020-01-01||social_team|open|GM0268",
        source="register", extraction_date="2020-12-31",
    ),
    "meetings": [
        *lines("case_id|kind|date|held", "p1|joint_client_meeting|2020-01-22|yes", "p1|joint_client_meeting|2020-01-15|yes",
               "p1|joint_client_meeting|2020-01-08|no", "p2|joint_client_meeting|2020-01-05|yes", source="register"),
        *lines("case_id|kind|date|held|reason_not_held", "N1|introduction|2020-02-01|yes|", "N1|closing_dialogue||no|moved",
               source="talks"),
        *lines("session|kind|date|held", "Tweede sessie|learning_session|2021-03-02|yes",
               "Eerste sessie|learning_session|2021-01-12|yes", source="teams"),
    ],
    "segments": [
        *lines("case_id|element|perspective|quote|cleared", "N1|x01_heard|client|Er werd geluisterd.|yes",
               "N1|x01_heard|client||no", "N1|x01_heard|professional||no", "N2|w03_trust|client|Ik kende haar.|yes",
               "|w03_trust|client||no", source="talks"),
    ],
    "documents": lines("case_id|perspective|document", "N1|client|a", "N1|professional|b", "N2|client|c", source="talks"),
    "judgements": lines(
        "case_id|element|perspective|present|holder",
        "N1|w01_one_plan|client|yes|", "N1|w01_one_plan|professional|no|",
        "N2|w01_one_plan|client|yes|", "N2|w01_one_plan|professional|partly|",
        "N2|w03_trust|client|not_discussed|", "N2|w03_trust|professional|yes|",
        "N1|w07_joint_client_meeting|client|yes|relative", "N1|b01_shame|client|yes|",
        source="talks",
    ),
    "learning_needs": lines(
        "team|need|priority|finding|element", "Team Noord|Eerder samen aan tafel|2|Vroeg overleg helpt|w07_joint_client_meeting",
        "Team Noord|Luisteren|1|Cliënten voelen zich gehoord|", "Team Noord|Luisteren|1|Tijd is krap|b04_time",
        "Team Noord|Rapporteren|3||", source="teams",
    ),
    "roles": lines("team|party|role|interest", "Team A|professional|doet het werk|vakmanschap",
                   "Team A|municipality|betaalt|beheersbare kosten", "Team B|municipality|bestuurt|", source="teams"),
    "teams": lines("team|municipality|team_type|mandate|composition|area|start",
                   "Wijkteam West|GM0344|neighbourhood_team|mag zelf toekennen|vier beroepen|West|2015-01-01",
                   "Team A||specialist_team|advies|drie beroepen|de regio|", source="teams"),
    "team_municipalities": lines("team|municipality", "Team A|GM0626", "Wijkteam West|GM0344", source="teams"),
    "attendances": lines("meeting_id|kind|party|sector", "Eerste sessie|learning_session|parent_representative|client",
                         "Eerste sessie|learning_session|practice_organisation|care_welfare", source="teams"),
    "themes": [
        *lines("session|kind|theme|finding", "Eerste sessie|learning_theme|Gedeelde visie|Begin met het gezin",
               "Tweede sessie|learning_theme|Belangen op tafel|", source="teams"),
        *lines("municipality|kind|theme|finding", "GM0344|steering_issue|Wie betaalt|Twee potten",
               "GM0344|informal_network|Buurthuis|Wekelijks spreekuur", "|steering_issue|Ergens|", source="teams"),
        *lines("case_id|kind|theme|finding", "N1|work_process|Aan huis|Alle gesprekken waren thuis", source="talks"),
    ],
    "actions": lines("case_id|action_id|action|actor|status", "N1|1|Brief schrijven|client|done", "N1|2||client|done",
                     "p1|3|Bellen|client|done", source="talks"),
    "outcomes": [
        *lines("case_id|level|outcome|direction|according_to|relevant_for", "N1|case|Rust thuis|better|client|",
               source="talks"),
        *lines("municipality|level|outcome|direction|according_to|relevant_for",
               "GM0243|team|Korte lijnen|better|professional|professional",
               "GM0230|team|Korte lijnen|better|professional|professional",
               "GM0243|team|Korte lijnen|same|client|client",
               "GM0243|municipality|Minder kosten|worse||municipality", source="talks"),
    ],
    "observations": lines(
        "meeting|date|item|value|scale_low|scale_high|observer",
        "Overleg B|2020-05-01|Iedereen komt aan het woord|4|1|5|1", "Overleg B|2020-05-01|Iedereen komt aan het woord|3|1|5|2",
        "Overleg B|2020-05-01|Afspraken zijn herhaald||1|5|1", "Overleg A|2020-02-01|Afspraken zijn herhaald|2|1|5|",
        source="talks",
    ),
}  # fmt: skip


@cache
def study() -> Study:
    """The frames above as one study."""
    for frame in ("meetings", "attendances"):
        for row in FRAMES[frame]:
            row.setdefault("meeting_id", row.get("session") or f"{row.get('case_id')}/{row.get('date')}")
    tables = {
        name: typed(table, pd.DataFrame(FRAMES[name]).fillna("").astype("str")) if name in FRAMES else empty(table)
        for name, table in TABLES.items()
    }
    recorded = frozenset((name, column.name) for name in FRAMES for column in TABLES[name])
    names = ("register", "talks", "teams")
    cards = {name: parse({"source": name, "received": "2021-01-01", "extraction_date": "2020-12-31", "regime": "case_study",
                          "synthetic": True, "files": {"x": "y"}}, name) for name in names}  # fmt: skip
    return Study(tables, cards, dict.fromkeys(names, recorded), {}, {n: pd.DataFrame({"source": []}) for n in ACCOUNTS})


def marks(finding: Finding, part: str, *values: str) -> dict[tuple[str, ...], object]:
    """What a part says: keys -> one value, or several."""
    frame = finding.numbers[finding.numbers["part"] == part]
    keys = list(finding.part(part).question.by)
    rows = frame.astype("object").where(frame.notna(), None).to_dict("records")
    told = {tuple(str(row[key]) for key in keys): tuple(row[value] for value in values) for row in rows}
    return {key: value[0] if len(values) == 1 else value for key, value in told.items()}


# ---- what is asked --------------------------------------------------------------------------------------------------


def test_a_quote_stands_with_all_fragments_of_that_voice_cleared_or_not() -> None:
    followed = {
        ("N1", "x01_heard", "client"): (2, 1, "Er werd geluisterd."),
        ("N1", "x01_heard", "professional"): (1, 0, None),
    }
    finding = displays.joint_display(study())
    assert marks(finding, "quotes", "n_fragments", "n_cleared", "quote") == followed
    assert finding.part("quotes").left_out == {"about_no_case": 1, "no_element": 0, "no_registration": 1}
    alone = displays.joint_display(study().only("talks"))
    every = followed | {("N2", "w03_trust", "client"): (1, 1, "Ik kende haar.")}
    assert marks(alone, "quotes", "n_fragments", "n_cleared", "quote") == every


def test_the_registration_of_a_case_is_that_of_its_invented_label() -> None:
    finding = displays.joint_display(study())
    # referred on 1 January 2020, first result on 1 March: 60 days; held on the 15th and the 22nd, the first after 14 days
    assert marks(finding, "registration", "door", "days_to_result") == {("N1",): ("workcompany", 60)}
    assert marks(finding, "joint", "n_meetings", "days_to_meeting") == {("N1",): (2, 14)}
    assert finding.part("registration").question.case_study


def test_cases_stand_in_order_of_what_both_voices_call_present() -> None:
    finding = displays.elements_by_case(study())
    # N2: one plan, yes and partly; N1: yes and no. What one party holds is another judgement, and shame no working element.
    assert marks(finding, "both", "n_judgements") == {("N2", "w01_one_plan"): 1}
    places = finding.numbers.drop_duplicates("case").set_index("case")["place"]
    assert dict(places) == {"N2": 1, "N1": 2}
    assert finding.part("judgements").left_out == {"of_one_party": 1}
    assert marks(finding, "judgements", "present")[("N2", "w03_trust", "client")] == "not_discussed"


def test_a_need_without_a_finding_is_still_a_need() -> None:
    finding = sessions.needs_and_findings(study())
    assert marks(finding, "needs", "priority") == {
        ("Team Noord", "Eerder samen aan tafel"): 2, ("Team Noord", "Luisteren"): 1,
        ("Team Noord", "Rapporteren"): 3}  # fmt: skip
    assert finding.part("findings").left_out == {"no_finding": 1}


def test_a_team_stands_in_the_municipalities_it_works_for() -> None:
    finding = sessions.team_profiles(study())
    assert marks(finding, "works_for", "n_teams") == {("Team A", "GM0626"): 1, ("Wijkteam West", "GM0344"): 1}
    assert marks(finding, "stands_in", "n_teams") == {("Wijkteam West", "GM0344"): 1}
    assert marks(finding, "teams", "day") == {("Team A",): None, ("Wijkteam West",): "2015-01-01"}


def test_an_outcome_counts_for_whom_it_is_relevant_to_and_each_way_it_went() -> None:
    finding = displays.outcomes_by_level(study())
    assert marks(finding, "relevant", "n_outcomes") == {
        ("municipality", "Minder kosten", "municipality", "worse"): 1,
        ("team", "Korte lijnen", "client", "same"): 1,
        ("team", "Korte lijnen", "professional", "better"): 2,  # in two municipalities
    }
    assert finding.part("relevant").left_out == {"not_said_for_whom": 1}
    assert finding.part("told").left_out["not_said_by_whom"] == 1


def test_a_session_has_its_themes_and_the_parties_that_came() -> None:
    finding = sessions.learning_sessions(study())
    assert marks(finding, "sessions", "day") == {("Eerste sessie",): "2021-01-12", ("Tweede sessie",): "2021-03-02"}
    assert marks(finding, "themes", "finding") == {
        ("Eerste sessie", "Gedeelde visie"): "Begin met het gezin", ("Tweede sessie", "Belangen op tafel"): None}  # fmt: skip
    assert set(marks(finding, "parties", "n_meetings")) == {
        ("Eerste sessie", "parent_representative"), ("Eerste sessie", "practice_organisation")}  # fmt: skip


def test_a_vignette_is_of_cases_of_which_the_process_is_described_and_of_nothing_else() -> None:
    finding = displays.vignettes(study())
    assert marks(finding, "meetings", "day", "reason") == {
        ("N1", "closing_dialogue", "no"): (None, "moved"), ("N1", "introduction", "yes"): ("2020-02-01", None)}  # fmt: skip
    assert set(marks(finding, "actions", "n_actions")) == {("N1", "Brief schrijven", "done")}  # not those of pseudonyms
    assert set(marks(finding, "outcomes", "n_outcomes")) == {("N1", "Rust thuis", "better", "client")}
    assert set(finding.numbers["case"]) == {"N1"}


def test_two_observers_of_one_meeting_stay_apart() -> None:
    finding = sessions.observed_items(study())
    word, item = "Iedereen komt aan het woord", "Afspraken zijn herhaald"
    assert marks(finding, "named", "value") == {("Overleg B", word, "1"): 4, ("Overleg B", word, "2"): 3}
    assert marks(finding, "unnamed", "value", "scale_low", "scale_high") == {("Overleg A", item): (2, 1, 5)}
    assert finding.part("observed").left_out == {"no_score": 1}


def test_themes_belong_to_a_municipality_or_are_left_out_with_a_reason() -> None:
    finding = sessions.themes_of_municipalities(study())
    assert marks(finding, "themes", "finding") == {
        ("GM0344", "informal_network", "Buurthuis"): "Wekelijks spreekuur",
        ("GM0344", "steering_issue", "Wie betaalt"): "Twee potten"}  # fmt: skip
    assert finding.part("themes").left_out == {"not_said_where": 1}


def test_roles_stand_per_team_and_party() -> None:
    finding = sessions.roles_and_interests(study())
    assert marks(finding, "roles", "interest")[("Team B", "municipality")] is None
    assert len(marks(finding, "roles", "role")) == 3


@pytest.mark.parametrize("id_", IDS)
def test_a_table_of_text_is_the_same_in_sql(id_: str, tmp_path: Path) -> None:
    with database(tmp_path, study().tables) as connection:
        for part in CATALOGUE[id_].ask(study()).parts:
            assert said(part.numbers, part.question.by) == said(in_sql(part.question, connection), part.question.by), (
                part.question.name
            )


# ---- what is drawn --------------------------------------------------------------------------------------------------


@cache
def drawn(id_: str, lang: str = "nl") -> Figure:
    return figures.draw(id_, study(), lang=lang)


def shown(id_: str, lang: str = "nl") -> str:
    """All words of a table, in one line."""
    return read(drawn(id_, lang))


def read(figure: Figure) -> str:
    """All words of a picture, in one line."""
    said = (e for e in ET.fromstring(figure.svg).iter() if e.tag.endswith("}text"))
    return " ".join(" ".join("".join(e.itertext()) for e in said).split())


@pytest.mark.parametrize("id_", IDS)
def test_every_mark_of_a_table_has_one_address(id_: str) -> None:
    figure = drawn(id_)
    found = [e.attrib["id"] for e in ET.fromstring(figure.svg).iter() if e.attrib.get("id", "").startswith(f"{id_}|")]
    assert len(found) == len(set(found))
    told = {tuple((k, v) for k, v in figures.keys_of(a)[1].items() if k not in ("part", "value")) for a in found}
    assert figure.protected is not None
    keys = figure.protected.keys
    assert told == {
        tuple((k, str(row[k])) for k in keys if str(row[k]) != "") for row in figure.protected.marks.to_dict("records")
    }


@pytest.mark.parametrize("lang", ["nl", "en"])
@pytest.mark.parametrize("id_", IDS)
def test_no_text_of_a_table_runs_into_another_or_off_the_page(id_: str, lang: str) -> None:
    entry = CATALOGUE[id_]
    (data,) = disclosure.protect([entry.ask(study())], entry.regime)
    with style.style():
        page = sheet.Sheet(data, entry.texts, lang)
        entry.draw(page)
        style.saved(page.figure)
        width, height = page.figure.canvas.get_width_height()
        found = [
            text for text in page.figure.axes[-1].findobj(Text) if isinstance(text, Text) and text.get_text().strip()
        ]
        boxes = [text.get_window_extent() for text in found if text.get_visible()]
    assert all(b.x0 > -1 and b.y0 > -1 and b.x1 < width + 1 and b.y1 < height + 1 for b in boxes)
    inner = [b.padded(-1) for b in boxes]
    assert not [1 for n, one in enumerate(inner) for other in inner[n + 1 :] if one.overlaps(other)]


@pytest.mark.parametrize("id_", IDS)
def test_a_dutch_table_holds_no_english_label(id_: str) -> None:
    every = [v for listed in vocabulary.names() for v in vocabulary.read(listed).values]
    english = {v.en for v in every if len(v.en) > 4} - {v.nl for v in every}
    words = {"".join(e.itertext()).strip() for e in ET.fromstring(drawn(id_).svg).iter() if e.tag.endswith("}text")}
    assert not english & words


def test_what_was_not_cleared_not_raised_and_not_asked_are_three_things() -> None:
    table = shown("T02")
    assert "“Er werd geluisterd.” (1 van 2)" in table
    assert "niet vrijgegeven (1)" in table
    assert "het eerste 14 dagen na de aanmelding" in table
    alone = read(figures.draw("T02", study().only("talks")))
    assert "niet geïnterviewd" in alone  # N2: nobody spoke to the professional
    assert "Niet in een registratie gevolgd" in alone


def test_a_meeting_that_was_not_held_says_why() -> None:
    assert "slotdialoog: niet doorgegaan (verhuisd)" in shown("T09")
    assert "closing dialogue: not held (moved)" in shown("T09", "en")


def test_needs_stand_in_the_order_of_the_team() -> None:
    table = shown("T04")
    assert table.index("Luisteren") < table.index("Eerder samen aan") < table.index("Rapporteren")
    assert "Tijd is krap (tijd en caseload)" in table


def test_every_working_element_says_who_names_it() -> None:
    known = vocabulary.read("working_element").values
    assert {v.source.split(";")[0].strip() for v in known} <= set(texts.codes("named_by"))
    assert "IWW 2017" in shown("T03")


@pytest.mark.parametrize("id_", IDS)
def test_a_study_without_the_material_gets_a_panel_that_says_so(id_: str) -> None:
    figure = figures.draw(id_, study().only("register"))
    assert figure.protected is None
    assert figure.lacking


def test_a_sign_that_the_letter_has_not_is_said_to_be_one() -> None:
    assert text_table.legible("klaar 🙌 é") == "klaar [emoji] é"


def test_marks_without_an_order_come_last() -> None:
    rows: list[sheet.Row] = [
        {"name": name, "by": by} for name, by in (("b", None), ("c", 2), ("a", 2), ("d", 1), ("b", None))
    ]
    assert text_table.in_order(rows, "name", "by") == ["d", "a", "c", "b"]
