"""Trace: from every mark back to rows that anyone can open and count again."""

import csv
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

import iww_analysis as iww
from iww_analysis.analysis.study import Study
from iww_analysis.commands import build
from iww_analysis.commands.session import Session, sheet_finder
from iww_analysis.disclosure import protect
from iww_analysis.figures.declaration import CATALOGUE
from iww_analysis.io.disk.home import Home
from iww_analysis.io.formats import record_lookup
from iww_analysis.io.formats.text import read_text
from iww_analysis.messages.errors import IwwError
from iww_analysis.report.receipts import plain
from iww_analysis.tracing.cell_changes import FindSheet
from iww_analysis.tracing.trace import Trace, entry_of, parse_marks, trace
from shared.homes import home_with
from shared.long import sampled
from shared.sources import asked, whole_study

ROOT = Path(__file__).parents[2]
HOME = Home(ROOT)
FIND_SHEET = sheet_finder(HOME)


@pytest.fixture(scope="module")
def study() -> Study:
    return whole_study()


def traced(study: Study, find_sheet: FindSheet, figure: str, mark: dict[str, str]) -> Trace:
    """Ask the question of a figure, and trace a mark of it."""
    entry = entry_of(figure)
    return trace(entry.ask(study), entry, study, find_sheet, mark)


def receipt_marks(figure: str, study: Study) -> list[dict[str, Any]]:
    """The marks as the restricted receipt of a report holds them: raw beside drawn."""
    entry = CATALOGUE[figure]
    finding = entry.ask(study)
    drawn = protect(finding, entry.regime, study.vectors).marks
    return [
        {"part": raw["part"], "mark": {key: raw[key] for key in finding.keys if raw[key] != ""},
         "raw": {"n_cases": plain(raw["n_cases"])}, "drawn": {"n_cases": plain(shown["n_cases"])}}
        for raw, shown in zip(finding.numbers.loc[drawn.index].to_dict("records"), drawn.to_dict("records"), strict=True)
    ]  # fmt: skip


@cache
def raw_rows(source: str, received: str, file: str, sheet: str) -> dict[int, list[str]]:
    """Every row of a raw file, read by openpyxl or the csv module alone: row number -> cells."""
    path = ROOT / "data" / "raw" / source / received / file
    if path.suffix == ".xlsx":
        rows = openpyxl.load_workbook(path, data_only=True)[sheet].iter_rows(values_only=True)
        return {n: ["" if cell is None else str(cell) for cell in row] for n, row in enumerate(rows, start=1)}
    with path.open(encoding="cp1252", newline="") as file_:
        return dict(enumerate(csv.reader(file_, delimiter=";"), start=1))


@cache
def heading_for(source: str, column: str, sheet: str) -> tuple[str, ...]:
    """The headings that a source's crosswalk gives to a column, by the TOML alone."""
    document = tomllib.loads((ROOT / "data" / "crosswalks" / f"{source}.toml").read_text(encoding="utf-8"))
    found = [
        heading
        for entry in document["sheets"]
        for heading, targets in entry["columns"].items()
        for target in (targets if isinstance(targets, list) else [targets])
        if (target if isinstance(target, str) else target["to"]) == column
    ]
    assert found, (source, column, sheet)
    return tuple(found)


def cells_under(source: str, place: dict[str, Any], column: str) -> str:
    """The raw cell of a row under the heading for a column."""
    rows = raw_rows(source, place["received"], place["file"], place["sheet"])
    for heading in heading_for(source, column, place["sheet"]):
        for cells in list(rows.values())[:12]:
            if heading in [" ".join(cell.split()) for cell in cells]:
                position = [" ".join(cell.split()) for cell in cells].index(heading)
                return rows[place["row"]][position]
    raise AssertionError(f"no heading for {column} in {place['file']}")


def distinct_cases(rows: pd.DataFrame) -> int:
    """Count the case numbers in the raw rows of a trace; a number written with lost zeros is the same number."""
    numbers = {
        (place["source"], cells_under(place["source"], place, "cases.case_id").strip().upper().lstrip("0"))
        for place in rows.to_dict("records")
    }
    return len(numbers)


@pytest.mark.long  # a sample: test_walk_back
@pytest.mark.parametrize("figure", ["F05", "F17"])
def test_the_raw_rows_behind_every_mark_recount_to_the_number_on_its_receipt(figure: str, study: Study) -> None:
    marks = receipt_marks(figure, study)
    rows = traced(study, FIND_SHEET, figure, {}).rows
    assert len(marks) > 30
    for mark in marks:
        own = rows[rows["part"] == mark["part"]]
        for key, value in mark["mark"].items():
            own = own[own[key] == value]
        assert distinct_cases(own) == mark["raw"]["n_cases"], mark


def test_one_mark_traced_alone_has_the_rows_it_has_among_all(study: Study) -> None:
    mark = {"municipality": "GM0230", "stage": "closing_dialogue"}
    every, one = traced(study, FIND_SHEET, "F17", {}).rows, traced(study, FIND_SHEET, "F17", mark).rows
    among = every[(every["municipality"] == "GM0230") & (every["stage"] == "closing_dialogue")]
    assert one.reset_index(drop=True).equals(among.reset_index(drop=True))


def test_trace_shows_what_stood_in_the_cell_and_what_it_became(study: Study) -> None:
    found = traced(study, FIND_SHEET, "F05", {"municipality": "GM0243", "reason": "moved"})
    reasons = found.values[found.values["column"] == "closure_reason"]
    assert set(reasons["value"]) == {"moved"}
    for place in reasons.to_dict("records"):
        raw = cells_under("harderwijk", place, "cases.closure_reason")
        assert raw == place["raw"]


def test_drawn_is_a_multiple_of_five_beside_the_recount(study: Study) -> None:
    for mark in receipt_marks("F05", study):
        raw, drawn = mark["raw"]["n_cases"], mark["drawn"]["n_cases"]
        assert drawn % 5 == 0
        assert abs(drawn - raw) < 5


def test_trace_answers_the_same_without_any_receipt(study: Study, tmp_path: Path) -> None:
    with_receipts = traced(study, FIND_SHEET, "F17", {"municipality": "GM0230", "stage": "first_dialogue"})
    elsewhere = Home(tmp_path)  # the same raw files and crosswalks, no reports folder at all
    for part in ("raw", "crosswalks"):
        target = tmp_path / "data" / part
        target.parent.mkdir(exist_ok=True)
        target.symlink_to(ROOT / "data" / part, target_is_directory=True)
    rebuilt = build.load(elsewhere, ["elburg"])
    without = traced(rebuilt, sheet_finder(elsewhere), "F17", {"municipality": "GM0230", "stage": "first_dialogue"})
    assert without.rows.equals(with_receipts.rows)
    assert without.marks.equals(with_receipts.marks)


def test_an_unknown_mark_is_said_with_the_keys_there_are(study: Study) -> None:
    with pytest.raises(IwwError) as error:
        traced(study, FIND_SHEET, "F05", {"gemeente": "GM0243"})
    assert error.value.say("nl") == (
        "Deze figuur heeft geen teken gemeente=GM0243. Sleutels zijn: municipality, reason."
    )


def test_an_unknown_figure_is_said_with_the_figures_there_are(study: Study) -> None:
    with pytest.raises(IwwError, match=r"Figuur ‘F99’ bestaat niet\. Kies uit: F01, "):
        traced(study, FIND_SHEET, "F99", {})


def test_a_mark_is_a_key_and_a_value() -> None:
    assert parse_marks(["municipality=GM0243", "reason=moved"]) == {"municipality": "GM0243", "reason": "moved"}
    with pytest.raises(IwwError, match=r"Gevonden: ‘moved’\."):
        parse_marks(["moved"])


@pytest.mark.parametrize("figure", list(CATALOGUE))
def test_a_mark_of_every_figure_is_traced(figure: str, study: Study) -> None:
    """The first mark that counts something: its rows are there, and the numbers are those of the whole figure."""
    finding = asked(figure)
    part = finding.parts[-1]
    counted = [name for name, statistic in part.question.statistics.items() if statistic.kind != "first"]
    marks = part.numbers[(part.numbers[counted] > 0).all(axis=1)] if len(part.numbers) else finding.parts[0].numbers
    mark = {key: str(marks.iloc[0][key]) for key in part.question.by if key in marks}
    found = traced(study, FIND_SHEET, figure, {**mark, "part": part.question.name} if len(part.numbers) else mark)
    assert len(found.rows)
    assert set(found.rows["source"]) <= set(finding.sources)


@pytest.mark.parametrize("figure", list(CATALOGUE))
def test_a_question_asked_alone_has_the_numbers_it_has_among_all(figure: str, study: Study) -> None:
    finding = asked(figure)
    for name in (part.question.name for part in finding.parts):
        alone, together = (
            finding.only(name).numbers,
            finding.numbers[finding.numbers["part"] == name].reset_index(drop=True),
        )
        shared = [column for column in alone if column in together]
        pd.testing.assert_frame_equal(alone[shared], together[shared], check_dtype=False)


def test_a_changed_word_names_the_line_of_the_crosswalk_that_says_so(study: Study) -> None:
    found = traced(study, FIND_SHEET, "F05", {"municipality": "GM0243", "reason": "dropped_out"}).values
    word = found[(found["column"] == "closure_reason") & (found["rule"] == "crosswalk")].iloc[0]
    heading, line = (int(number) for number in word["said_in"].removeprefix("harderwijk.toml:").split(", "))
    lines = (ROOT / "data" / "crosswalks" / "harderwijk.toml").read_text(encoding="utf-8").splitlines()
    assert f'"{word["heading"]}" = ' in lines[heading - 1]
    assert f'"{word["raw"]}" = "dropped_out"' in lines[line - 1]


def test_a_value_that_stands_in_no_cell_names_the_line_or_the_card_that_gives_it(study: Study) -> None:
    found = traced(study, FIND_SHEET, "F17", {"municipality": "GM0230", "stage": "first_dialogue"}).values
    stage = found[found["column"] == "kind"].iloc[0]
    line = (
        (ROOT / "data" / "crosswalks" / "elburg.toml")
        .read_text(encoding="utf-8")
        .splitlines()[int(stage["said_in"].removeprefix("elburg.toml:")) - 1]
    )
    assert (stage["rule"], stage["heading"], stage["raw"]) == ("constant", "", "")
    assert 'kind = "first_dialogue"' in line
    assert set(found[found["column"] == "municipality"]["said_in"]) == {"origin.toml"}


def test_a_judgement_opens_the_fragments_behind_it_with_words_only_where_they_were_cleared(study: Study) -> None:
    found = traced(study, FIND_SHEET, "F12", {"case": "Casus N1", "element": "w03_trust"})
    assert set(found.fragments["perspective"]) == {"client", "professional"}
    assert {"document", "begin", "end", "file", "sheet", "row"} <= set(found.fragments)
    uncleared = found.fragments[found.fragments["cleared"] != "yes"]
    assert uncleared["quote"].isna().all()
    every = traced(study, FIND_SHEET, "F12", {}).fragments
    assert every["quote"].notna().any()
    assert every["begin"].notna().any()


@pytest.mark.parametrize("figure", ["F10", "T08"])
def test_a_mark_of_an_arena_or_a_session_opens_its_rows_of_the_sheet(figure: str, study: Study) -> None:
    found = traced(study, FIND_SHEET, figure, {})
    assert (found.rows["sheet"] != "").any()
    assert set(found.values["file"]) == set(found.rows["file"])


def test_python_gives_a_frame_with_a_row_per_raw_row_and_what_changed_in_it() -> None:
    frame = iww.trace("F05", municipality="GM0230", reason="moved", sources=["elburg"], home=ROOT)
    assert list(frame.columns) == [
        "part",
        "municipality",
        "reason",
        "source",
        "received",
        "file",
        "sheet",
        "row",
        "changes",
    ]
    assert frame["changes"].str.contains("→ moved (", regex=False).all()
    again = iww.trace("F05", {"municipality": "GM0230", "reason": "moved"}, sources=["elburg"], home=ROOT)
    assert frame.equals(again)


def test_a_session_that_sees_a_file_change_counts_anew(tmp_path: Path) -> None:
    rows = "zaak;aangemeld;gesloten;reden\n1;01-02-2020;01-03-2020;verhuisd\n2;03-02-2020;05-03-2020;verhuisd\n"
    crosswalk = """
[[sheets]]
file = "zaken.csv"
one_row_is = "cases"
[sheets.columns]
"zaak" = "cases.case_id"
"aangemeld" = "cases.date_referral"
"gesloten" = "cases.date_closed"
"reden" = "cases.closure_reason"
"""
    home = home_with(tmp_path, {"zaken.csv": rows}, crosswalk)
    before = iww.trace("F05", reason="moved", home=home.path)
    assert list(before["row"]) == [2, 3]
    assert len(iww.trace("F05", reason="moved", home=home.path)) == 2
    path = home.crosswalk("here")
    path.write_text(
        path.read_text(encoding="utf-8") + '[codes.closure_reason]\nverhuisd = "on_their_own"\n', encoding="utf-8"
    )
    assert list(iww.trace("F05", reason="on_their_own", home=home.path)["row"]) == [2, 3]


def test_records_of_a_long_text_are_picked_as_csv_reads_them(tmp_path: Path) -> None:
    """Quotes, line ends within cells, short rows and another encoding; `picking` must give the rows of csv.reader."""
    wanted = [
        ["kop", "één", "x"],
        ["1", 'met "aanhaling"', "a;b"],
        ["2", "twee\nregels", ""],
        ["3", "kort"],
        ["4", "é", "z"],
    ]
    content = 'kop;één;x\r\n1;"met ""aanhaling""";"a;b"\r\n2;"twee\nregels";\r\n3;kort\r\n4;é;z'.encode("cp1252")
    path = tmp_path / "lang.csv"
    path.write_bytes(content)
    sheet = read_text("lang.csv", lambda: path.open("rb"))
    found = record_lookup.records(path, sheet, 5)
    assert found is not None
    for rows in ([1, 2, 3, 4, 5], [2], [3, 5], [4], [2, 4]):
        cells = found.cells(rows)
        assert list(cells.index) == rows
        for row in rows:
            assert [cell for cell in cells.loc[row].fillna("") if cell] == [cell for cell in wanted[row - 1] if cell]
    assert record_lookup.records(path, sheet, 6) is None  # not as many as the build found: read the file whole


LONG_MARKS = [
    ("F01", {"month": "2019-03"}), ("F02", {"field": "scores.score"}), ("F03", {"domain": "finances"}), ("F04", {}),
    ("F05", {"reason": "moved"}), ("F08", {}), ("F09", {"domain": "finances"}), ("F12", {"element": "w03_trust"}),
    ("F17", {"stage": "first_dialogue"}), ("F18", {}), ("F21", {"voice": "client"}), ("T01", {}), ("T03", {}),
]  # fmt: skip

NOT_IN_SAMPLE = ("F02", "F03", "F08", "F09", "F12", "T01", "T03")


@pytest.mark.parametrize(
    ("figure", "mark"), sampled(LONG_MARKS, [line for line in LONG_MARKS if line[0] not in NOT_IN_SAMPLE])
)
def test_long_tables_are_traced_by_sql_to_the_same_marks_rows_and_changes(
    figure: str, mark: dict[str, str], study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("iww_analysis.commands.session.LONG", -1)
    there, here = Session(HOME, HOME.sources()).trace(figure, mark), traced(study, FIND_SHEET, figure, mark)
    for name in ("marks", "rows", "values", "fragments", "base"):
        found, wanted = getattr(there, name), getattr(here, name)
        assert told(found, wanted) == told(wanted, wanted), name


def told(frame: pd.DataFrame, like: pd.DataFrame) -> list[tuple[str, ...]]:
    """The lines of a frame as text, in any order; a number is one number however it is held."""
    texts = frame.reindex(columns=like.columns).map(
        lambda v: "" if pd.isna(v) else f"{v:.9g}" if isinstance(v, float) else str(v)
    )
    return sorted(texts.itertuples(index=False, name=None))
