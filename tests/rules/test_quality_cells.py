"""What the pages on quality count of a register: one set of linked cells with its figures, attacked together."""

from dataclasses import replace
from functools import cache

from iww_analysis.analysis.questions import coverage
from iww_analysis.analysis.study import Study, together
from iww_analysis.crosswalk.origin import parse
from iww_analysis.disclosure.audit.attacker import attacker
from iww_analysis.disclosure.audit.verdict import VALUES, judge
from iww_analysis.disclosure.vector import of_source
from iww_analysis.disclosure.vector.cells import LinkedCells, Name
from iww_analysis.disclosure.vector.of_source import AskedOfSource
from iww_analysis.disclosure.vector.quality_cells import quality_cells
from iww_analysis.disclosure.vector.unit_sets import UnitTables
from iww_analysis.tables import TABLES
from shared.frames import drawn, typed

LINE = {
    "delivery": "2021-01-15", "file": "list.csv", "sheet": "", "rows_in_file": 33, "rows_title": 1, "rows_header": 1,
    "rows_empty": 0, "rows_total": 0, "rows_footnote": 0, "rows_excluded": 2, "rows_read": 29, "rows_kept": 24,
    "rows_set_aside": 3, "rows_duplicate": 2, "rows_superseded": 0,
    "set_aside_by_reason": {"missing_required": 2, "ragged": 1},
    "links": [{"table": "meetings", "column": "case_id", "n": 24, "n_met": 22, "n_mended": 23, "forms": "", "known_forms": "",
               "foldings": []}],
    "columns": [{"heading": "Soort", "fields": [], "n": 25, "code": "ignored", "reason": ""}],
}  # fmt: skip
ROWS = ("quality", "rows", "2021-01-15", "list.csv", "")


@cache
def register() -> Study:
    """Twenty-four cases of two years: of three the intake is empty, and one plan is unknown of four and empty of one."""
    day = "2020-12-31"
    card = {"source": "here", "received": day, "extraction_date": day, "regime": "register", "files": {"list.csv": "0"}}
    plan = {5: "unknown", 6: "unknown", 7: "unknown", 8: "unknown", 9: ""}
    rows = [
        f"{n} | GM0243 | {2019 + n % 2}-02-01 | {'' if n < 3 else '2020-03-01'} | {plan.get(n, 'yes')}"
        for n in range(24)
    ]
    cases = "case_id | municipality | date_referral | date_intake | one_plan\n" + "\n".join(rows)
    problems = "file | sheet | heading | rule | severity\n" + "list.csv | | Aanmelding | missing_required | row\n" * 2
    changes = "table | column | raw | new | rule | n\ncases | one_plan | Ja | yes | vocabulary | 19\n"
    changes += "cases | date_intake | x | y | date_dmy | 21"
    accounts = {
        "changes": drawn(changes).assign(source="here").astype({"n": "int64"}),
        "set_aside": drawn(problems).assign(source="here"),
        "renewed": drawn("table | delivery | since | column | what | n").assign(source="here"),
        "sources": drawn("source"),
    }
    ledger = {"recorded": ["cases.date_intake", "cases.one_plan", "cases.municipality"], "sheets": [LINE]}
    frames = {"cases": typed(TABLES["cases"], drawn(cases)).assign(source_id="2021-01-15/list.csv")}
    return together([(parse(card, "here"), frames | accounts, ledger)])


@cache
def cells() -> LinkedCells:
    """Those of the pages on quality, and of F02."""
    return of_source.cells("here", figures(), quality_cells(register(), "here"))[0]


def figures() -> list[AskedOfSource]:
    of_units = replace(register(), tables=UnitTables(register().tables))
    return [AskedOfSource(coverage.recorded(of_units), exact=False)]


def n_of(*name: str) -> int:
    return cells().counts[cells().same.get(name, name)]


def wholes(*name: str) -> set[frozenset[Name]]:
    """What a cell is the sum of, in each of its sums."""
    own = cells().same.get(name, name)
    return {frozenset(each.parts) for each in cells().sums if each.whole == own}


def test_rows_read_have_one_fate_and_what_was_set_aside_one_reason() -> None:
    fates = {(*ROWS, f"rows_{fate}") for fate in ("kept", "set_aside", "duplicate", "superseded")}
    assert frozenset(fates) in wholes(*ROWS, "rows_read")
    reasons = {("quality", "reasons", *ROWS[2:], rule) for rule in ("missing_required", "ragged")}
    assert frozenset(reasons) in wholes(*ROWS, "rows_set_aside")


def test_a_field_has_a_value_or_a_reason_why_not_and_years_are_together_what_has_a_value() -> None:
    assert n_of("quality.cases.one_plan", "n_out") == 19
    assert n_of("quality.cases.one_plan", "left_out", "unknown") == 4
    assert n_of("quality.cases.one_plan", "left_out", "empty") == 1
    assert n_of("quality.cases.one_plan", "total", "2019") + n_of("quality.cases.one_plan", "total", "2020") == 19
    of_asked = {each for parts in wholes("quality.cases", "n_in") for each in parts}
    assert ("quality.cases.one_plan", "left_out", "unknown") in of_asked


def test_what_a_figure_counts_is_the_same_cell() -> None:
    def own(*name: str) -> Name:
        return cells().same.get(name, name)

    figure = own("F02.cases.date_intake", "n_recorded", "GM0243", "cases.date_intake", "2019")
    assert own("quality.cases.date_intake", "total", "2019") == figure
    assert own("quality.cases", "n_in") == own("F02.cases.date_intake", "n_in")


def test_rows_kept_of_a_sheet_of_cases_are_its_cases() -> None:
    assert frozenset({(*ROWS, "rows_kept")}) in wholes("quality", "followed", "2021-01-15", "cases")


def test_a_number_is_of_a_case_or_lost_and_what_was_set_aside_is_a_problem_found() -> None:
    at = ("quality", "links", *ROWS[2:], "case_id", "meetings")
    assert frozenset({(*at, "n_met"), (*at, "n_lost")}) in wholes(*at, "n")
    assert n_of("quality", "lost", "meetings", "n_lost") == 2
    found = ("quality", "problems", "list.csv", "", "Aanmelding", "missing_required", "row")
    assert frozenset({("quality", "reasons", *ROWS[2:], "missing_required")}) in wholes(*found)


def test_what_is_shown_adds_up_and_leaves_every_cell_five_values_or_more() -> None:
    document = of_source.protected("here", figures(), bytes(range(32)), quality=quality_cells(register(), "here"))
    shown = of_source.own_cells(document)
    assert not [name for name, n in shown.items() if n is None]
    for each in cells().sums:
        if {each.whole, *each.parts} <= set(shown):
            assert shown[each.whole] == sum(shown[part] or 0 for part in each.parts)
    verdict = judge(attacker(shown, cells().sums, reach=4), values=VALUES)
    assert (dict(verdict.short), verdict.unshown) == ({}, ())


def test_drawn_number_by_number_the_same_cells_give_some_away() -> None:
    """That the test above can fail: rounded each to the nearest, without a look at the sums."""
    nearest = {name: (n + 2) // 5 * 5 for name, n in cells().counts.items() if name not in cells().unseen}
    verdict = judge(attacker(nearest, cells().sums, reach=2), values=VALUES)
    assert not verdict.safe


def test_the_cells_of_a_case_study_are_shown_as_they_are() -> None:
    card = replace(register().origins["here"], regime="case_study")
    assert not quality_cells(replace(register(), origins={"here": card}), "here").answers
