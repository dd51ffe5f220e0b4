"""What was delivered and stands in no figure is listed, each with the reason: no field and no column is left out unseen."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest

from iww_analysis import vocabulary
from iww_analysis.analysis.declared import is_declared, questions
from iww_analysis.analysis.fields import SORT, Field, fields_asked, sorts_named
from iww_analysis.analysis.question import Derive, Join, Question, Statistic, Where
from iww_analysis.commands import build
from iww_analysis.commands.check import checked
from iww_analysis.figures.declaration import CATALOGUE, answered
from iww_analysis.figures.unused_columns import (
    SORTED,
    Unused,
    fields_of,
    figures_with,
    reason_of,
    reasons,
    unused_columns,
)
from iww_analysis.report.page import data_quality_of
from iww_analysis.tables import TABLES
from shared.homes import home_with
from shared.sources import SOURCES, asked, built, whole_study

FIELDS = [(table.name, column.name) for table in TABLES.values() for column in table]


# ---- every field is used, or has its reason ----------------------------------------------------------------------------


@pytest.mark.parametrize("field", FIELDS, ids=".".join)
def test_a_field_is_in_a_figure_or_a_reason_says_why_not(field: Field) -> None:
    assert bool(figures_with(field)) != bool(reason_of(field)), "in a figure and excused, or neither"


@pytest.mark.parametrize("table", SORTED)
def test_a_kind_of_record_is_asked_by_name_or_a_reason_says_why_not(table: str) -> None:
    every = [question for id_ in CATALOGUE if is_declared(id_) for question in questions(id_)]
    excused = {name.partition(".")[2] for name in reasons()["kinds"] if name.startswith(f"{table}.")}
    assert excused == {*vocabulary.read(TABLES[table][SORT].vocabulary).codes} - sorts_named(every, table)


def test_what_is_excused_or_serves_is_there() -> None:
    named = {*reasons()["fields"], *reasons()["serves"], *(f for fs in reasons()["serves"].values() for f in fs)}
    assert named <= {*TABLES, *(".".join(field) for field in FIELDS)}
    told = [text for kind in ("fields", "kinds", "why") for text in reasons()[kind].values()]
    assert all({*text} == {"nl", "en"} and all(text.values()) for text in told)


@pytest.mark.parametrize("id_", CATALOGUE)
def test_a_figure_asks_nothing_that_its_declaration_does_not(id_: str) -> None:
    """F02 and F09 make their questions of the sources: they use no field that no declared figure uses."""
    used = fields_asked(part.question for part in asked(id_).parts)
    every = frozenset[Field]().union(*map(fields_of, CATALOGUE.values()))
    assert used <= (fields_of(CATALOGUE[id_]) if id_ not in ("F02", "F09") else every)


def test_of_a_question_the_fields_whose_value_it_uses_are_named() -> None:
    question = Question(
        "of", "meetings", "n_cases", ("town", "stage"),
        joins=(Join("cases", {"town": "municipality", "door": "door"}),),
        derive={"stage": Derive("same", ("kind",)), "day": Derive("month", ("date",)), "word": Derive("given", ("team",))},
        where=(Where("held", "in", ("yes",)),),
        numbers={"n_why": Statistic("known", "reason_not_held"), "n_cases": Statistic("units")},
    )  # fmt: skip
    assert fields_asked([question]) == {
        ("meetings", "kind"), ("meetings", "date"), ("meetings", "held"), ("meetings", "case_id"),
        ("cases", "municipality"), ("cases", "case_id"),
    }  # fmt: skip


# ---- every delivered column of a source ---------------------------------------------------------------------------------

CROSSWALK = """
[[sheets]]
file = "cases*"
one_row_is = "cases"
[sheets.columns]
"nr" = "cases.case_id"
"reported" = "cases.date_referral"
"intake" = "cases.date_intake"
"plan" = "cases.one_plan"
"born" = "case_persons.birth_date"
"odd" = "?"
[sheets.ignore]
"BSN" = "identifies a person"
[[sheets]]
file = "talks*"
one_row_is = "meetings"
[sheets.columns]
"day" = "meetings.date"
"kind" = "meetings.kind"
"session" = "meetings.session"
"""
HEADER = "nr;reported;intake;plan;born;odd;BSN;extra\n"
FIRST = HEADER + "1;1-2-2020;3-2-2020;ja;1-1-1980;a;999990019;x\n2;1-3-2020;;nee;;;999990020;\n"
SECOND = HEADER + "3;1-4-2020;;;;;999990032;\n"
TALKS = "day;kind;session\n1-2-2020;spiegelbijeenkomst;een\n"


@cache
def listed(folder: Path) -> Mapping[str, Unused]:
    home = home_with(folder, {"cases1.csv": FIRST, "cases2.csv": SECOND, "talks.csv": TALKS}, CROSSWALK)
    study, _ = build.as_if_built(home, ["here"])
    findings = [finding for entry in CATALOGUE.values() if (finding := answered(entry, study))]
    assert "F01" in {finding.id for finding in findings}  # and not F06: no case has a label
    return {each.heading or each.kind: each for each in unused_columns(study, "here", findings)}


def test_each_column_is_counted_over_its_files_and_bears_its_reason(tmp_path: Path) -> None:
    found = {name: (each.file, each.n, each.why["nl"]) for name, each in listed(tmp_path).items()}
    assert found == {
        "intake": ("cases2.csv", 1, "alleen in F06, hier niet getekend met deze bron"),
        "plan": ("cases2.csv", 2, "nog geen figuur legt één plan naast het resultaat"),
        "born": ("cases2.csv", 1, "F02 toont alleen of het is ingevuld; geen onderzoeksvraag splitst naar leeftijd"),
        "odd": ("cases2.csv", 1, "nog niemand zei wat deze kolom betekent"),
        "BSN": ("cases2.csv", 3, "volgens de crosswalk: identifies a person"),
        "extra": ("cases2.csv", 1, "deze kop staat niet in de crosswalk"),
        "day": ("talks.csv", 1, "alleen in F06, F07, F08, F17, T02, T08 en T09, hier niet getekend met deze bron"),
        "kind": ("talks.csv", 1, "alleen in F06, F07, F17, T02, T08 en T09, hier niet getekend met deze bron"),
        "session": ("talks.csv", 1, "alleen in T08, hier niet getekend met deze bron"),
        "mirror_meeting": ("", 1, "nog geen figuur toont spiegelbijeenkomsten"),
    }  # fmt: skip


def test_check_says_it_without_asking(tmp_path: Path) -> None:
    home = home_with(tmp_path, {"cases1.csv": FIRST, "talks.csv": TALKS}, CROSSWALK)
    notes = checked(home, "here").notes
    said = [note.say("en") for note in notes if note.code in ("column_unused", "kind_unused")]
    assert "file cases1.csv, column ‘BSN’: 2 cells filled, in no figure: by the crosswalk: identifies a person." in said
    assert "Mirror meeting (meetings), 1 time, in no figure: no figure shows mirror meetings yet." in said
    assert not [text for text in said if "odd" in text or "extra" in text]  # these are asked


def test_a_heading_that_may_be_a_person_is_not_told(tmp_path: Path) -> None:
    home = home_with(tmp_path, {"cases1.csv": "nr;reported;dhr. J. de Vries\n1;1-2-2020;x\n"}, CROSSWALK)
    (line,) = build.build(home, "here").ledger["sheets"]
    assert line["columns"][2] == {"heading": "…", "fields": [], "n": 1, "code": "unknown", "reason": ""}


@pytest.mark.parametrize("source", SOURCES)
def test_every_delivered_column_is_used_by_a_figure_or_on_the_page(source: str) -> None:
    findings = [asked(id_) for id_ in CATALOGUE]
    columns = [column for line in built(source).ledger["sheets"] for column in line.get("columns", ())]
    unused = {each.heading for each in unused_columns(whole_study(), source, findings)}
    drawn = fields_asked(p.question for f in findings if source in f.sources for p in f.parts)
    beside = {table for entry in CATALOGUE.values() for table in entry.beside}
    for column in columns:
        used = [f for f in column["fields"] if tuple(f.split(".")) in drawn or f.split(".")[0] in beside]
        serves = [f for f in column["fields"] if f in reasons()["serves"]]
        assert used or serves or column["heading"] in unused, column


def test_the_page_shows_the_numbers_as_the_regime_allows() -> None:
    study = whole_study().only("harderwijk")
    (page,) = data_quality_of(study, "nl", findings=[asked(id_) for id_ in CATALOGUE])
    plan = next(line for line in page["unused"] if line["heading"] == "1 plan")
    assert (plan["field"], plan["n"].raw, plan["n"] in ("545", "550")) == ("één plan (casussen)", 547, True)
