"""One case in two sources: it is found, said, and counted once for every selection when a card says so."""

import datetime as dt
import json
import shutil
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from iww_analysis.analysis.question import Question
from iww_analysis.analysis.sql import render, render_account
from iww_analysis.analysis.study import Study, together
from iww_analysis.commands import build, report
from iww_analysis.commands.add import add
from iww_analysis.commands.check import overlapping
from iww_analysis.commands.trace import walk_back
from iww_analysis.commands.verify import evidence
from iww_analysis.crosswalk.ask.open_question import OpenQuestion
from iww_analysis.figures.declaration import CATALOGUE
from iww_analysis.figures.draw_figures import draw
from iww_analysis.io.disk.home import Home
from iww_analysis.io.disk.lazy_files import LazyFiles
from iww_analysis.io.processed import store
from iww_analysis.messages.errors import IwwError
from iww_analysis.tracing.rows import counted_in, places_of_row
from iww_analysis.verify import checks
from iww_analysis.verify.evidence import Remade
from iww_analysis.verify.outcome import Tally
from iww_analysis.verify.recount import overlap
from iww_analysis.verify.recount.recount import TYPES_OF_COLUMNS
from shared.homes import deliver, home_with
from shared.notebooks import with_short_notebooks

WALK = """
[[sheets]]
file = "cases.csv"
one_row_is = "cases"
[sheets.columns]
"nr" = "cases.case_id"
"reported" = "cases.date_referral"
"client" = "case_persons.person_id"
"born" = "case_persons.birth_date"
[sheets.constants]
"cases.municipality" = "GM0243"
[[sheets]]
file = "meetings.csv"
one_row_is = "meetings"
[sheets.columns]
"id" = "meetings.meeting_id"
"nr" = "meetings.case_id"
"kind" = "meetings.kind"
"day" = "meetings.date"
[codes.meeting_kind]
"overleg" = "joint_client_meeting"
"""
# town and team number alike but for zeros and dashes: 1 and 2 are the same; 3 has another day; 4 and T-900 are one person
TOWN = """nr;reported;client;born
HW-0001;01-02-2020;11;01-05-1980
HW-0002;03-02-2020;12;02-06-1990
HW-0003;05-02-2020;13;03-07-1970
HW-0004;07-02-2020;14;04-08-1960
"""
TEAM = """nr;reported;client;born
HW1;01-02-2020;71;01-05-1980
HW2;03-02-2020;72;
HW3;20-06-2020;73;09-09-1999
T-900;07-02-2020;74;31-12-1960
T-901;08-02-2020;75;05-01-1955
"""
MEETINGS = "id;nr;kind;day\nm1;HW1;overleg;01-03-2020\nm2;T-901;overleg;02-03-2020\n"


def two_sources(
    folder: Path, *, said: str = "", town: str = TOWN, team: str = TEAM, walk: str = WALK, **more: str
) -> Home:
    """A town's register and a team's list of one municipality; `said`: what the team's card says of the town."""
    home = home_with(folder, {"cases.csv": town}, walk, source="town")
    of_town = home.crosswalk("town").read_text(encoding="utf-8")
    home.crosswalk("team").write_text(of_town.replace('"town"', '"team"'), encoding="utf-8")
    line = f'overlap = {{ town = "{said}" }}\n' if said else ""
    deliver(home, "team", {"cases.csv": team, "meetings.csv": MEETINGS}, more=line, received="2021-02-15", **more)
    return home


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Both sources, built, while no card says anything."""
    made = two_sources(tmp_path_factory.mktemp("overlap"))
    build.load(made, ["team", "town"])
    return made


def study_in(home: Home, **said: str) -> Study:
    """Both sources, as if the card of the team (or of the town) said this of the other."""
    other = {"team": "town", "town": "team"}
    cards = {source: build.origin_of(home, source) for source in other}
    cards = {s: replace(card, overlap={other[s]: said[s]} if said.get(s) else {}) for s, card in cards.items()}
    return together((card, *store.read_build(home.processed(source))) for source, card in cards.items())


REFERRALS = Question("referrals", "cases", "n_cases", ("source",))
MEETINGS_HELD = Question("held", "meetings", "n_meetings", ("source",))
PERSONS = Question("persons", "case_persons", "n_persons", ("source",))


def test_cases_are_found_by_number_and_day_by_day_and_birth_and_by_number_alone(home: Home) -> None:
    (found,) = study_in(home).overlaps
    assert (found.source, found.other, found.n_cases) == ("team", "town", 5)  # of the one that came last
    assert (found.n_same_day, found.n_birth, found.n_number) == (2, 1, 1)
    assert found.n_silent == 1  # HW2 came without a day of birth


@pytest.mark.parametrize(
    ("said", "of_team"),
    [
        ("", 5),  # nobody said anything: all count, and the caption says so
        ("other_cases", 5),
        ("same_number", 2),  # HW1, HW2 and HW3 count in town
        ("same_day_and_birth", 2),  # HW1, HW2 and T-900; HW3 bears another day
    ],
)
def test_what_a_card_says_decides_in_pandas_and_in_sql(home: Home, said: str, of_team: int) -> None:
    answer = study_in(home, team=said).tables.answer(REFERRALS)
    counted = dict(zip(answer.numbers["source"], answer.numbers["n_cases"], strict=True))
    assert counted == {"town": 4, "team": of_team}
    assert (answer.n_in, dict(answer.left_out)) == (9, {"in_other_source": 3} if of_team == 2 else {})
    with duckdb.connect() as connection:
        for table in ("cases", "case_persons"):
            files = [str(home.processed(source) / f"{table}.parquet") for source in ("team", "town")]
            connection.execute(f"CREATE VIEW {table} AS SELECT * FROM read_parquet({files})")
        assert dict(connection.sql(render(answer.question)).fetchall()) == counted
        assert connection.sql(render_account(answer.question)).fetchall() == [(9, 6) if of_team == 2 else (9,)]


def test_either_card_can_say_it(home: Home) -> None:
    answer = study_in(home, town="same_number").tables.answer(REFERRALS)
    assert answer.numbers.to_numpy().tolist() == [["team", 5], ["town", 1]]


def test_a_selection_without_the_other_source_counts_all(home: Home) -> None:
    study = study_in(home, team="same_number")
    assert study.tables.answer(REFERRALS).n_out == 6
    assert study.only("team").tables.answer(REFERRALS).n_out == 5


def test_what_hangs_on_a_case_goes_with_it_only_where_the_other_source_has_such_records(home: Home) -> None:
    """The town delivered no meetings: those of the team are no second count of anything."""
    study = study_in(home, team="same_number")
    assert study.tables.answer(MEETINGS_HELD).n_out == 2
    persons = study.tables.answer(PERSONS)
    assert (persons.n_out, dict(persons.left_out)) == (6, {"in_other_source": 3})


def test_of_a_case_with_two_episodes_the_one_that_is_there_is_left_out(tmp_path: Path) -> None:
    """The town knows case 1 twice, closed and reported again; the team knows the first episode."""
    walk = WALK.replace('"client"', '"closed" = "cases.date_closed"\n"client"')
    known_twice = "nr;reported;closed\n1;01-02-2020;01-03-2020\n1;01-06-2020;\n"
    home = two_sources(tmp_path, town=known_twice, team="nr;reported;closed\n1;01-02-2020;\n", walk=walk)
    build.load(home, ["team", "town"])
    (found,) = study_in(home).overlaps
    assert (found.n_same_day, found.n_number) == (1, 0)
    answer = study_in(home, town="same_number").tables.answer(REFERRALS)
    assert answer.numbers.to_numpy().tolist() == [["team", 1], ["town", 1]]


def test_cards_that_point_at_one_another_are_refused(home: Home) -> None:
    with pytest.raises(IwwError) as refused:
        study_in(home, team="same_number", town="same_number")
    assert refused.value.say("nl") == (
        "De kaarten van team, town wijzen naar elkaar: elk laat zijn casussen weg omdat zij bij een ander tellen. "
        "Laat één kaart het zeggen (overlap in origin.toml)."
    )


OPEN = {"source": "team", "other": "town", "n_found": 4, "regime": "register"}
LEFT = {"source": "team", "other": "town", "by": "same_number", "n_left": 3, "regime": "register"}


@pytest.mark.parametrize(
    ("said", "caveats"),
    [("", [("overlap_open", OPEN)]), ("other_cases", []), ("same_number", [("overlap_settled", LEFT)])],
)
def test_a_figure_that_counts_cases_of_both_says_it(home: Home, said: str, caveats: list[object]) -> None:
    finding = CATALOGUE["F01"].ask(study_in(home, team=said))
    assert [caveat for caveat in finding.caveats if caveat[0].startswith("overlap")] == caveats


def test_the_caption_says_it_with_protected_numbers(home: Home) -> None:
    figure = draw("F01", study_in(home))
    assert (
        "Let op: x casussen van bron team lijken ook in bron town te staan en tellen hier twee keer; niemand heeft nog "
        "gezegd of het dezelfde zijn."
    ) in figure.caption
    assert (
        "x casussen van bron team staan ook in bron town (zelfde nummer) en tellen alleen daar, met wat eraan hangt."
    ) in draw("F01", study_in(home, team="same_number")).caption


def test_checking_measures_it_and_asks(home: Home) -> None:
    (point,) = overlapping(home, ["team", "town"]).points
    assert point.say("nl") == (
        "bestand team/2021-02-15/origin.toml: 4 van de 5 casussen lijken ook in bron town te staan, en tellen in een rapport "
        "over beide twee keer: 2 op nummer en dag van aanmelding, 1 op dag van aanmelding en geboortejaar (zwakker: dat kan "
        "toeval zijn), 1 op nummer alleen. Van 1 casus is geen dag of geboortejaar bekend: die zijn alleen op nummer te "
        "vinden. Zijn het dezelfde? Aan die casussen hangen hier 5 andere records, en daar 4: laat de kaart het zeggen van de "
        "bron die er het minst van weet. Beantwoord de vraag in het formulier (‘iww add BRON’ zet het klaar), of zeg het op "
        'één van beide kaarten: overlap.town = "same_number" (of "same_day_and_birth", "other_cases").'
    )
    (point,) = overlapping(home, ["town"]).points
    assert (point.words["source"], point.words["other"], point.words["of"]) == ("town", "team", 4)


def test_adding_asks_it_and_the_answer_stands_on_the_card(home: Home, tmp_path: Path) -> None:
    copy = Home(tmp_path / "home")
    shutil.copytree(home.path, copy.path, ignore=shutil.ignore_patterns("processed"))
    for card in copy.raw.glob("*/*/origin.toml"):  # what is added is not invented, and never meets what is
        card.write_text(
            card.read_text(encoding="utf-8").replace("synthetic = true", "synthetic = false"), encoding="utf-8"
        )
    late = tmp_path / "late.csv"
    late.write_text("casusnummer;datum aanmelding\nHW-0001;01-02-2020\nHW-0009;13-03-2020\n", encoding="utf-8")
    asked = []

    def answer(question: OpenQuestion) -> str:
        asked.append(question.code)
        return "same_number" if question.words.get("other") == "town" and question.code == "ask_overlap" else ""

    added = add(copy, "desk", [late], dt.date(2021, 3, 1), ask=answer, municipality="GM0243")
    assert asked.count("ask_overlap") == 2  # of the town and of the team
    written = tomllib.loads((added.folder / "origin.toml").read_text(encoding="utf-8"))
    assert written["overlap"] == {"town": "same_number"}
    assert added.form


def test_what_is_settled_is_measured_and_asked_no_more(tmp_path: Path) -> None:
    found = overlapping(two_sources(tmp_path, said="other_cases"), ["team"])
    assert found.points == []
    assert [(note.code, note.words["n"]) for note in found.notes] == [("overlap_measured", 4)]


def test_keys_meet_no_other_municipality_and_tell_no_number(home: Home, tmp_path: Path) -> None:
    study = study_in(home)
    keys = study["cases"]["number_key"]
    assert keys.str.fullmatch(r"p1-[a-z2-7]{16}").all()
    elsewhere = two_sources(tmp_path, walk=WALK.replace("GM0243", "GM0230"))
    for path in elsewhere.raw.glob("*/*/origin.toml"):
        path.write_text(path.read_text(encoding="utf-8").replace("GM0243", "GM0230"), encoding="utf-8")
    others = build.load(elsewhere, ["town"])
    assert not keys.isin(others["cases"]["number_key"]).any()
    assert not study["case_persons"]["birth_key"].isin(others["case_persons"]["birth_key"].dropna()).any()


def test_keys_are_made_once_there_is_another_register_to_be_found_in(tmp_path: Path) -> None:
    home = home_with(tmp_path, {"cases.csv": TOWN}, WALK, source="town")
    assert build.load(home, ["town"])["cases"]["number_key"].isna().all()
    shutil.copytree(home.raw / "town", home.raw / "team")
    for card in (home.raw / "team").glob("*/origin.toml"):
        card.write_text(
            card.read_text(encoding="utf-8").replace('source = "town"', 'source = "team"'), encoding="utf-8"
        )
    assert build.load(home, ["town"])["cases"]["number_key"].notna().all()


def test_invented_labels_of_a_case_study_have_no_keys(tmp_path: Path) -> None:
    home = two_sources(tmp_path, regime="case_study")
    study = build.load(home, ["team", "town"])
    assert study["cases"]["number_key"].isna().all()  # and the register has nothing to be found in
    assert study.overlaps == ()


def test_no_heading_can_be_a_key(tmp_path: Path) -> None:
    home = two_sources(tmp_path, walk=WALK.replace('"cases.case_id"', '["cases.case_id", "cases.number_key"]'))
    with pytest.raises(IwwError) as refused:
        build.build(home, "town")
    assert [message.code for message in refused.value.messages] == ["crosswalk_column"]


# ---- what is told of it to others, and counted a second time ------------------------------------------------------------


Reported = tuple[Home, Mapping[str, bytes]]


@pytest.fixture(scope="module")
def reported(tmp_path_factory: pytest.TempPathFactory) -> Reported:
    """Both sources, the team's card says that the town counts its cases; and the files of a report on both."""
    home = two_sources(tmp_path_factory.mktemp("reported"), said="same_number")
    with_short_notebooks(home.path)
    return home, report.report(home, ["team", "town"], "proef").files


def test_the_way_back_leads_to_the_rows_that_count_and_says_of_the_others_where_they_do(reported: Reported) -> None:
    home, _ = reported
    back = walk_back(home, "F01", {"month": "2020-02", "part": "intake"}, "proef", ["team", "town"])
    assert back.marks["raw_n_cases"].tolist() == [6]
    rows = back.rows[["source", "received", "file", "row"]].itertuples(index=False, name=None)
    of_team, of_town = [("team", "2021-02-15", "cases.csv", n) for n in (5, 6)], ("town", "2021-01-15", "cases.csv")
    assert sorted(rows) == [*of_team, *((*of_town, n) for n in (2, 3, 4, 5))]
    assert set(back.values.query("column == 'date_referral'")["row"]) == {2, 3, 4, 5, 6}
    study = build.load(home, ["team", "town"])
    at = places_of_row(study, "cases.csv:2")  # of both: HW1 of the team, HW-0001 of the town
    counted = counted_in(study, at, "F01").set_index("why")["n"]
    assert counted.to_dict() == {"in_other_source": 1, "": 1}


def test_no_key_that_links_sources_stands_in_a_report(reported: Reported) -> None:
    """In no figure, receipt, page or package; a pseudonym of a case stands there as little."""
    home, files = reported
    study = build.load(home, ["team", "town"])
    hidden = (
        ("cases", "case_id"),
        ("cases", "number_key"),
        ("case_persons", "person_id"),
        ("case_persons", "birth_key"),
    )
    keys = [str(key) for table, column in hidden for key in study[table][column].dropna().unique()]
    assert (
        len(keys) == 9 + 6 + 9 + 6
    )  # three numbers stand in both sources; two days with a year of birth do, and one has none
    package = build.contents(home, "team", build.build(home, "team"), "")
    every = {**files, **{f"team/{name}": content for name, content in package if not name.endswith(".parquet")}}
    assert {"index.html", "receipts/F01.json", "datapackage.json", "team/datapackage.json"} <= {*every}
    assert [name for name, content in every.items() if any(key.encode() in content for key in keys)] == []
    for name in ("index.html", "datapackage.json", "ro-crate-metadata.json", "figures/F01.csv", "figures/F01.svg"):
        assert b"_key" not in every[name], name


def recounted(home: Home, files: Mapping[str, bytes]) -> list[str]:
    """What verifying finds in the receipts of F01."""
    raw = evidence(home, LazyFiles(home.report("none")), ["team", "town"], lambda: Remade({}, {}))
    with raw.database(TYPES_OF_COLUMNS) as connection:
        here, tally = checks.gather(raw, ["team", "town"], connection), Tally()
        due = overlap.recounted(CATALOGUE["F01"].ask(here.study).caveats, connection)
        for name in ("figures/F01.json", "receipts/F01.json"):
            overlap.compare(tally, due, json.loads(files[name]), name, "F01", internal=False)
    return [finding.say("nl") for check in tally.checks for finding in check.findings]


def test_what_a_receipt_says_of_two_sources_is_counted_again(reported: Reported) -> None:
    home, files = reported
    build.ensure_built(home, ["team", "town"])
    assert recounted(home, files) == []
    lie = files["receipts/F01.json"].replace(b'"n_left": 3', b'"n_left": 2')
    assert lie != files["receipts/F01.json"]
    assert recounted(home, {**files, "receipts/F01.json": lie}) == [
        "bestand receipts/F01.json: F01, vraag ‘overlap_settled’, teken team / town: n_left is hier 2, de hertelling geeft 3. "
        "Loop het na met ‘iww trace F01’."
    ]


def test_keys_of_raw_numbers_and_years_of_birth_are_made_again(reported: Reported) -> None:
    home, _ = reported
    raw = evidence(home, LazyFiles(home.report("none")), ["team"], lambda: Remade({}, {}))
    with raw.database(TYPES_OF_COLUMNS) as connection:
        here = checks.gather(raw, ["team"], connection)
        assert [check.findings for check in checks.sampled(raw, here, "team", "seed")] == [()]
        for table, column in (("cases", "number_key"), ("case_persons", "birth_key")):
            connection.execute(f"UPDATE {table} SET {column} = 'p1-aaaaaaaaaaaaaaaa' WHERE source_row = 2")
        (check,) = checks.sampled(raw, here, "team", "seed")
    found = [(finding.words["column"], finding.place.row, finding.place.column) for finding in check.findings]
    assert sorted(found) == [("case_persons.birth_key", 2, "born"), ("cases.number_key", 2, "nr")]
