"""What a row is: a sum line, a row that goes on with the one above, a row of which nobody knows what it is about."""

from pathlib import Path

import pytest

from iww_analysis.cleaning.source import Built
from iww_analysis.commands import build, check
from shared.homes import Content, home_with

CROSSWALK = """
[[sheets]]
file = "*"
one_row_is = "cases"
date_order = "dmy"
{more}

[sheets.columns]
"Team" = "cases.team"
"Nummer" = "cases.case_id"
"Aangemeld" = "cases.date_referral"
"Gesloten" = "cases.date_closed"
"Leefgebied" = "case_domains.domain"
"""


def built(folder: Path, content: Content, more: str = "", sheet: str = "") -> Built:
    crosswalk = CROSSWALK.format(more=sheet) + more
    return build.build(home_with(folder, {"list.csv": content}, crosswalk), "here")


def test_a_sum_line_has_no_number_and_no_day_and_is_shown_with_its_words(tmp_path: Path) -> None:
    rows = ["Team;Nummer;Aangemeld;Gesloten;Leefgebied", "Totaal Welzijn Noord;1;1-5-2020;;Wonen",
            "Totaal Welzijn Noord;;2-5-2020;;Wonen", "Zuid;3;3-5-2020;4-6-2020;Wonen", "Totaal;;;;2",
            "Totaal generaal"]  # fmt: skip
    made = built(tmp_path, "\n".join(rows) + "\n")
    (line,) = made.ledger["sheets"]
    # row 2 has a number, row 3 a day: they are no sums; row 3 cannot be used without a number, and is said to be so
    assert (line["rows_total"], line["rows_kept"], line["rows_set_aside"]) == (2, 2, 1)
    (said,) = [message for message in made.notices if message.code == "sum_lines"]
    assert said.words["rows"] == "5, 6"
    assert said.words["words"] == "Totaal; Totaal generaal"


FIRST_LINES = "\n".join(
    ["Nummer;Aangemeld;Gesloten;Leefgebied"]
    + [line for n in range(1, 6) for line in (f"Z{n};{n}-5-2020;;Financiën", ";;;Wonen", ";;;Wonen")]
)
FILL = '\n[sheets.fill_down]\n"Nummer" = "{answer}"\n'


@pytest.mark.parametrize("answer", ["", "?", "no"])
def test_rows_without_a_number_repeat_nothing_and_all_of_them_are_named(tmp_path: Path, answer: str) -> None:
    made = built(tmp_path, FIRST_LINES, FILL.format(answer=answer) if answer else "")
    (line,) = made.ledger["sheets"]
    assert (line["rows_kept"], line["rows_set_aside"], line["rows_duplicate"]) == (5, 10, 0)
    (said,) = [m for m in made.notices if m.code == "rule_missing_required" and m.place.column == "Nummer"]
    assert said.words["n"] == 10


def test_rows_that_go_on_with_the_row_above_get_what_it_says_of_the_case(tmp_path: Path) -> None:
    made = built(tmp_path, FIRST_LINES, FILL.format(answer="yes"))
    (line,) = made.ledger["sheets"]
    assert (line["rows_kept"], line["rows_set_aside"]) == (10, 0)  # the third line of a case says what the second says
    assert line["rows_duplicate"] == 5
    domains = made.tables["case_domains"]
    assert domains.groupby("case_id")["domain"].agg(sorted).tolist() == [["finances", "housing"]] * 5
    assert len(made.tables["cases"]) == 5


TOWNS = """
[[sheets]]
file = "*"
one_row_is = "cases"

[sheets.columns]
"Gemeente" = "cases.municipality"
"Nummer" = "cases.case_id"
"Aangemeld" = "cases.date_referral"
"""


def test_a_municipality_that_the_card_does_not_name_is_asked_and_not_drawn(tmp_path: Path) -> None:
    rows = "Gemeente;Nummer;Aangemeld\nHarderwijk;1;1-5-2020\nNissewaard;2;1-5-2020\nHarderwijk;3;2-5-2020\n"
    home = home_with(tmp_path, {"list.csv": rows}, TOWNS)  # the card names Harderwijk
    made = build.build(home, "here")
    assert made.tables["cases"]["municipality"].tolist() == ["GM0243"] * 2
    assert [(m.code, m.words["rows"]) for m in made.notices] == [("rule_municipality_elsewhere", "3")]
    asked = [m for m in check.check(home, ["here"]) if m.code == "code_elsewhere"]
    assert [(m.words["found"], m.words["n"]) for m in asked] == [("Nissewaard (GM1930)", 1)]


LISTS = """
[[sheets]]
file = "*"
one_row_is = "{anchor}"
[sheets.columns]
"Gemeente" = "{anchor}.municipality"
{columns}
"""
OF_CLIENT = '"Wie" = "judgements.perspective"\n"Wat" = "judgements.element"\n"Er" = "judgements.present"'
OF_YEAR = '"Wie" = "indicators.meaning"\n"Wat" = "indicators.indicator"\n"Er" = "indicators.year"'
OF_TEAM = '"Wie" = "teams.team"\n"Wat" = "teams.mandate"\n"Er" = "teams.area"'


@pytest.mark.parametrize(
    ("anchor", "columns", "cells"),
    [
        ("judgements", OF_CLIENT, "client;w03_trust;yes"),
        ("indicators", OF_YEAR, "alle huishoudens;fits_better;2019"),
        ("teams", OF_TEAM, "Oost;zorg;de stad"),
    ],
)
def test_a_municipality_elsewhere_is_no_panel_in_any_list(
    tmp_path: Path, anchor: str, columns: str, cells: str
) -> None:
    rows = f"Gemeente;Wie;Wat;Er\nHarderwijk;{cells}\nNissewaard;{cells}\n"
    home = home_with(tmp_path, {"list.csv": rows}, LISTS.format(anchor=anchor, columns=columns))
    made = build.build(home, "here")
    assert made.tables[anchor]["municipality"].tolist() == ["GM0243"]
    assert ("rule_municipality_elsewhere", "3") in [(m.code, m.words.get("rows")) for m in made.notices]
    (asked,) = [m for m in check.check(home, ["here"]) if m.code == "code_elsewhere"]
    assert (asked.words["found"], asked.words["n"]) == ("Nissewaard (GM1930)", 1)


def test_of_a_team_that_works_for_a_municipality_elsewhere_the_rest_counts(tmp_path: Path) -> None:
    rows = "Team;Werkt voor\nOost;Harderwijk, Nissewaard\n"
    crosswalk = """
[[sheets]]
file = "*"
one_row_is = "teams"
[sheets.columns]
"Team" = "teams.team"
"Werkt voor" = { to = "team_municipalities.municipality", split = "," }
"""
    home = home_with(tmp_path, {"list.csv": rows}, crosswalk)
    made = build.build(home, "here")
    assert made.tables["teams"]["team"].tolist() == ["Oost"]
    assert made.tables["team_municipalities"]["municipality"].tolist() == ["GM0243"]
    (said,) = [m for m in made.notices if m.code.endswith("municipality_elsewhere")]
    assert said.say("nl") == (
        "bestand list.csv, kolom ‘Werkt voor’: een gemeente die niet op de kaart van deze levering staat, 1 keer (rij 2): wat "
        "daarbij hoort is weggelaten, de rijen zelf tellen mee. Is het een tikfout? Verbeter haar in het bronsysteem. Hoort zij "
        "erbij? Zet haar code in origin.toml onder municipality."
    )
    (asked,) = [m for m in check.check(home, ["here"]) if m.code == "code_elsewhere"]
    assert (asked.words["found"], asked.words["n"]) == ("Nissewaard (GM1930)", 1)
