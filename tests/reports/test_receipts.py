"""Receipts: the rows behind every mark, nothing raw in what may leave, and what changed from one report to the next."""

import hmac
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import pandas as pd
import pytest

from iww_analysis import disclosure
from iww_analysis.analysis.answer import HeldTables
from iww_analysis.analysis.finding import ask
from iww_analysis.analysis.question import Join, Question, Where, looked_at
from iww_analysis.analysis.study import Study
from iww_analysis.commands import build
from iww_analysis.commands.report.make import key_of_rows
from iww_analysis.crosswalk.toml_lines import used_lines
from iww_analysis.disclosure import public_names
from iww_analysis.disclosure.public_names import PublicNames, heading
from iww_analysis.figures.declaration import CATALOGUE
from iww_analysis.figures.draw_figures import draw_with_findings
from iww_analysis.figures.figure import Figure
from iww_analysis.io.disk.home import Home
from iww_analysis.privacy.pseudonyms import demo_key
from iww_analysis.report import changes, page, receipts, row_fingerprints
from iww_analysis.report.quality import receipt
from iww_analysis.report.receipts import Basis, Receipt
from iww_analysis.tables import TABLES
from shared.frames import drawn, typed
from shared.homes import KEY, deliver, home_with
from shared.sources import HOME, asked, whole_study

BASE, SHARE_BASE = 5, 0.01  # disclosure/rounding.toml

# ---- the rows behind a mark -----------------------------------------------------------------------------------------

CASES = """
    case_id | municipality | status | closure_reason
    1       | GM0243       | closed | moved
    2       | GM0243       | closed | moved
    3       | GM0230       | closed | moved
    4       | GM0243       | open   |
    5       | GM0243       | closed | moved
    6       | GM0243       | closed | deceased
"""
REASONS = Question("reasons", "cases", "n_cases", ("municipality", "closure_reason"),
                   where=(Where("status", "in", ("closed",), "still_open"),),
                   levels={"closure_reason": ("moved", "deceased")})  # fmt: skip


def rows_behind(
    question: Question, tables: Mapping[str, pd.DataFrame]
) -> dict[tuple[str, ...], row_fingerprints.RowSet]:
    held = HeldTables(tables)
    finding = ask("F05", [question], held)
    marks = list(finding.numbers[[*question.by]].itertuples(index=False, name=None))
    return dict(
        zip(marks, row_fingerprints.row_sets(finding, held, ["|".join(mark) for mark in marks], b"key"), strict=True)
    )


def test_a_mark_names_the_rows_it_was_counted_from_and_one_that_counts_none_names_none() -> None:
    found = rows_behind(REASONS, {"cases": typed(TABLES["cases"], drawn(CASES))})
    assert {mark: (behind.n_rows, behind.rows) for mark, behind in found.items()} == {
        ("GM0230", "moved"): (1, {"here/here/list.csv": "4"}),
        ("GM0230", "deceased"): (0, {}),
        ("GM0243", "moved"): (3, {"here/here/list.csv": "2-3,6"}),  # row 5 is of an open case
        ("GM0243", "deceased"): (1, {"here/here/list.csv": "7"}),
    }


def test_a_row_that_a_join_repeats_is_named_once() -> None:
    tables = {
        "cases": typed(TABLES["cases"], drawn(CASES)).head(1),
        "case_domains": typed(TABLES["case_domains"], drawn("case_id | domain\n1 | finances\n1 | housing")),
    }
    question = Question(
        "q", "cases", "n_cases", ("municipality",), joins=(Join("case_domains", {"domain": "domain"}, many=True),)
    )
    assert rows_behind(question, tables)["GM0243",].rows == {"here/here/list.csv": "2"}


def test_the_rows_of_many_are_not_listed_and_still_counted() -> None:
    many = "\n".join(f"{n} | GM0243 | closed | moved" for n in range(row_fingerprints.MOST_ROWS + 1))
    cases = typed(TABLES["cases"], drawn("case_id | municipality | status | closure_reason\n" + many))
    found = rows_behind(REASONS, {"cases": cases})["GM0243", "moved"]
    assert (found.n_rows, found.rows) == (201, None)


def test_who_has_the_key_can_check_a_set_of_rows() -> None:
    """Made again by hand from docs/formats/receipt.md: the address, then each place with its row numbers in 8 bytes."""
    found = rows_behind(REASONS, {"cases": typed(TABLES["cases"], drawn(CASES))})["GM0243", "moved"]
    said = b"GM0243|moved\0" + b"here/here/list.csv\0" + b"".join(row.to_bytes(8, "little") for row in (2, 3, 6))
    assert found.hash == hmac.new(b"key", said, "sha256").hexdigest()


def test_marks_with_the_same_rows_or_none_have_hashes_of_their_own() -> None:
    """Else equal hashes would tell outside that two numbers are of the same people, or that both are zero."""
    found = rows_behind(REASONS, {"cases": typed(TABLES["cases"], drawn(CASES))})
    assert len({behind.hash for behind in found.values()}) == len(found)


@pytest.mark.parametrize("rows", [[5], [1, 2, 3], [5, 9, 10, 11, 12, 80]])
def test_row_numbers_written_short_are_read_back(rows: list[int]) -> None:
    assert row_fingerprints.numbers_in(row_fingerprints.ranges(pd.Series(rows, dtype="int64").to_numpy())) == set(rows)


# ---- the lines of a crosswalk ---------------------------------------------------------------------------------------

CROSSWALK = """format = "iww-crosswalk/1"
source = "here"
[[sheets]]
file = "lijst*.csv"
one_row_is = "cases"
[sheets.columns]
"Nummer" = "cases.case_id"
"Aangemeld" = ["cases.date_referral", "referrals.date"]
"Via" = "referrals.referrer_role"
"Reden" = "cases.closure_reason"
[sheets.constants]
"cases.status" = "closed"
[[sheets.exclude]]
column = "Opmerking"
equals = "TEST"
reason = "proef"
[codes.closure_reason]
"weg" = "moved"
[codes.referrer_role]
"huisarts" = "gp"
"""


def test_the_lines_that_fill_what_a_question_looks_at_are_named() -> None:
    asked = {(table, column) for table, column, _ in looked_at(REASONS) if column in TABLES[table]}
    assert [text for _, text in used_lines(CROSSWALK, asked)] == [
        '"Nummer" = "cases.case_id"', '"Reden" = "cases.closure_reason"', '"cases.status" = "closed"',
        'column = "Opmerking"', 'equals = "TEST"', 'reason = "proef"', '"weg" = "moved"',
    ]  # fmt: skip
    for number, text in used_lines(CROSSWALK, asked):
        assert CROSSWALK.splitlines()[number - 1] == text


def test_a_record_inherits_the_number_of_the_row_it_stands_in() -> None:
    found = used_lines(CROSSWALK, {("referrals", "case_id"), ("referrals", "referrer_role")})
    assert [number for number, _ in found][:2] == [7, 9]


# ---- every figure of the synthetic sources --------------------------------------------------------------------------


@cache
def both(id_: str) -> tuple[Receipt, Receipt, Mapping[str, bool]]:
    """The receipts of a figure, made of what is protected (nothing needs to be drawn for that); part -> is it exact.

    Exact counts are those of chosen cases, teams and conversations.
    """
    entry, finding = CATALOGUE[id_], asked(id_)
    protected = disclosure.protect(finding, entry.regime, whole_study().vectors)
    undrawn: Any = SimpleNamespace(svg=b"", png=b"")
    figure = Figure(id_, "nl", "", "", "", (), protected, undrawn, b"", "", protected.digest)
    exact = {p.question.name: entry.regime == "case_study" or p.question.case_study for p in finding.parts}
    return *receipts.receipts(figure, finding, basis()), exact


@cache
def basis() -> Basis:
    study = whole_study()
    texts = {source: HOME.crosswalk(source).read_bytes() for source in study.sources}
    return Basis(
        study,
        {"lang": "nl", "internal": False, "study": "", "sources": list(study.sources)},
        texts,
        "code",
        demo_key(),
    )


def names_in(value: object) -> Iterator[str]:
    if isinstance(value, Mapping):
        yield from value
        for name, inside in value.items():
            yield from () if name in ("mark", "drawn") else names_in(inside)
    elif isinstance(value, list):
        for inside in value:
            yield from names_in(inside)


def counts_told(receipt: Receipt) -> Iterator[tuple[str, str, Any]]:
    """Every count and share that a public receipt tells: its part, its name and what is told."""
    for question in receipt["questions"]:
        told = {
            "n_in": question["n_in"],
            "n_out": question["n_out"],
            **{f"n_{k}": v for k, v in question["left_out"].items()},
        }
        for name, n in [*told.items(), *((question["unit"], total[question["unit"]]) for total in question["totals"])]:
            yield question["name"], name, n
    for mark in receipt["marks"]:
        for name, n in mark["drawn"].items():
            if name.startswith(("n_", "share")):
                yield mark["part"], name, n


@pytest.mark.parametrize("id_", CATALOGUE)
def test_nothing_raw_stands_in_a_public_receipt(id_: str) -> None:
    public, _, exact = both(id_)
    assert not {"raw", "n_rows", "rows", "crosswalk", "lines", "rows_in_file", "rows_kept"} & set(names_in(public))
    for part, name, n in counts_told(public):
        if (
            n is None or exact[part] or (id_ == "F16" and name not in ("n_counted", "n_of", "share"))
        ):  # yearly figures are nobody
            continue
        if name.startswith("share"):
            assert abs(n / SHARE_BASE - round(n / SHARE_BASE)) < 1e-6
        else:
            assert n % BASE == 0, (part, name)


@pytest.mark.parametrize("id_", CATALOGUE)
def test_drawn_is_beside_raw_and_every_count_has_its_rows(id_: str) -> None:
    public, restricted, exact = both(id_)
    for outside, inside in zip(public["marks"], restricted["marks"], strict=True):
        assert {name: inside[name] for name in outside} == outside
        assert set(inside["raw"]) == set(inside["drawn"])
        counts = {name: n for name, n in inside["raw"].items() if name.startswith("n_") and name != "n_at_risk"}
        assert (inside["n_rows"] > 0) == any(counts.values()) or not counts
        assert (inside["rows"] is None) == (inside["n_rows"] > row_fingerprints.MOST_ROWS)
        if inside["rows"] is not None:
            assert sum(len(row_fingerprints.numbers_in(text)) for text in inside["rows"].values()) == inside["n_rows"]
        for name, n in counts.items():
            drawn, sources = inside["drawn"][name], {line["source"] for line in public["sources"]}
            about = drawn % BASE == 0 and abs(drawn - n) < BASE * len(sources)
            assert drawn == n if exact[inside["part"]] else about


def test_receipts_of_the_full_report_are_small() -> None:
    sizes = [len(json.dumps(receipt, indent=1)) for id_ in CATALOGUE for receipt in both(id_)[:2]]
    assert sum(sizes) < 5_000_000


# ---- the numbers of the page that are no figure's -------------------------------------------------------------------


def about(source: str) -> tuple[Receipt, Receipt, str]:
    """The receipts of what the page says of a source, and the page."""
    study = whole_study().only(source)
    told, shared = page.data_quality_of(study, "nl"), Basis(study, {}, {}, "", demo_key())
    public, restricted = receipt.receipts(told, page.cards(study, "nl"), shared, internal=False)
    return public, restricted, page.page(study, [], {}, "proef", "nl", data_quality=told)


@pytest.mark.parametrize("source", ["elburg", "nijmegen", "wijkteam-noord"])
def test_every_number_about_the_data_stands_on_a_receipt_and_can_be_counted_again(source: str) -> None:
    public, restricted, html = about(source)
    shown = re.findall(r'<td class="number[^"]*">(?:[^<]*<br><small>)?([^<]+)<', html[html.index('id="quality"') :])
    numbers = sorted(n for text in shown for n in text.split("/"))
    parts = {
        "summary",
        "fields",
        "absences",
        "rows",
        "links",
        "unused",
        "deliveries",
        "followed",
        "renewed",
        "problems",
        "changed",
        "notes",
    }
    told = [written(n) for mark in public["marks"] if mark["part"] in parts for n in mark["drawn"].values()]
    assert numbers == sorted(told)
    assert "raw" not in set(names_in(public))
    assert counted_again(restricted, whole_study().only(source)) == {}


def written(n: int | None) -> str:
    return "x" if n is None else f"{n:,}".replace(",", ".")


def test_what_somebody_called_a_file_or_sheet_stays_inside_where_it_can_be_looked_up() -> None:
    public, restricted, html = about("elburg")
    lines = [*restricted["sources"], *both("F05")[1]["sources"]]
    outside = html + json.dumps([public, both("F05")[0]], ensure_ascii=False)
    named = {str(line[what]) for line in lines if line["source"] == "elburg" for what in ("file", "sheet")}
    assert {name for name in named if name in outside} == set()
    assert {(line["file"], line["sheet"], line["called"]) for line in restricted["sources"]} == {
        ("Samen aan Zet Elburg dossiers.xlsx", "Dossiers", "2021-07-08/bestand 2#blad 2"),
        ("Samen aan Zet Elburg acties.xlsx", "Acties", "2021-07-08/bestand 1#blad 1"),
    }


def test_a_heading_leaves_only_where_it_points_out_nobody() -> None:
    assert [public_names.heading(text) for text in ("", "Reden afsluiting", "Fatima Yildiz", "06-12345678")] == [
        "", "Reden afsluiting", "…", "…",
    ]  # fmt: skip


def counted_again(receipt: Receipt, study: Study) -> dict[object, object]:
    """The numbers of which the SQL on the receipt does not give the raw count."""
    with duckdb.connect() as connection:
        for name, frame in {**study.tables, **study.accounts}.items():
            connection.register(f"of_{name}", frame)
            connection.execute(f'CREATE TABLE "{name}" AS SELECT * FROM of_{name}')
        counted = Counter[object]()  # headings that point out a person have one name
        for question in receipt["questions"]:
            for key, n in answers(question, connection, study):
                counted[key] += n
    asked = {question["name"] for question in receipt["questions"] if "sql" in question} | {"absences"}
    assert {"cases", "followed", "renewed", "problems", "changed", "changed_fields"} <= asked
    raw = {(mark["part"], *sorted(mark["mark"].values()), name): n
           for mark in receipt["marks"] if mark["part"] in asked for name, n in mark["raw"].items()}  # fmt: skip
    return {key: (n, counted.get(key, 0)) for key, n in raw.items() if n != counted.get(key, 0)}


def answers(
    question: Mapping[str, Any], connection: duckdb.DuckDBPyConnection, study: Study
) -> Iterator[tuple[object, int]]:
    """Every number that the SQL of a question gives, by its part, its keys and its name; files and sheets as they are called."""
    (names,) = (PublicNames(lines, "nl") for lines in study.ledgers.values())
    for field, gaps in question.get("gaps", {"": {}}).items():
        text = question.get("sql", "SELECT 1 WHERE FALSE")
        for row in connection.execute(text.format(**gaps) if gaps else text).df().to_dict("records"):
            row = names.of(row) if "file" in row else row
            row |= {"heading": heading(str(row["heading"]))} if "heading" in row else {}
            fixed = [question["source"]] if "source" in question else []
            fixed += [field] if field else []
            keys = sorted([*fixed, *(str(v) for k, v in row.items() if not is_number(k))])
            for name, n in row.items():
                if is_number(name) and question["name"] == "followed":
                    yield ("followed", *sorted([*keys, str(name)]), "n"), int(n)
                elif is_number(name) and name in ("n", "n_of"):
                    yield (question["name"], *keys, name), int(n)
                elif is_number(name) and row["year"] == "all":
                    yield ("absences", *sorted(k for k in keys if k != "all"), name), int(n)


def is_number(name: object) -> bool:
    return name in ("n", "cases", "gone") or str(name).startswith("n_")


# ---- what changed since the previous report -------------------------------------------------------------------------

PLACE = "elburg/2021-07-08/dossiers.xlsx#Dossiers"
BEFORE = """
    municipality | reason      | n  | rows
    GM0230       | moved       | 10 | 2-9,12-13
    GM0230       | deceased    | x  | 20
    GM0230       | referred_on | 10 | 30-39
"""


def report_of(marks: str, **manifest: Any) -> changes.ReportRecord:
    """A report of F05 alone: what is drawn of each mark, and its rows."""
    lines = [
        {"part": "reasons", "mark": {"municipality": line["municipality"], "reason": line["reason"]}, "row_set": line["rows"],
         "drawn": {"n_cases": None if line["n"] == "x" else int(line["n"])},
         "rows": {PLACE: line["rows"]} if line["rows"] else None}
        for line in drawn(marks).to_dict("records")
    ]  # fmt: skip
    receipt = {"figure": "F05", "questions": [], "marks": lines, "digests": {"numbers": marks, "marks": marks}}
    inputs = {"elburg": {"crosswalk": "1", "raw": {"2021-07-08/dossiers.xlsx": "1"}, "processed": {}}}
    told = {"lang": "nl", "internal": False, "study": "", "sources": ["elburg"], "inputs": inputs, "code": "1",
            "versions": {"pandas": "3.1.1"}}  # fmt: skip
    used = [{"source": "elburg", "lines": manifest.pop("lines", [{"line": 14, "text": '"verh." = "moved"'}])}]
    return changes.ReportRecord(told | manifest, {"F05": receipt}, {"F05": receipt | {"crosswalk": used}})


def said(old: changes.ReportRecord, new: changes.ReportRecord, lang: Any = "nl") -> list[str]:
    return [message.say(lang) for message in changes.changes(old, new, lang)]


def test_a_number_that_differs_is_named_with_the_rows_that_came_and_went() -> None:
    after = """
        municipality | reason      | n  | rows
        GM0230       | moved       | 15 | 2-9,12-13,14,80
        GM0230       | deceased    | x  | 20
        GM0230       | referred_on | x  | 30-38
    """
    assert said(report_of(BEFORE), report_of(after)) == [
        "F05: getallen die anders zijn (2): "
        f"Elburg · verhuisd: 10 → 15 (rijen erbij: {PLACE} rij 14,80); "
        f"Elburg · doorverwezen: 10 → x (rijen weg: {PLACE} rij 39)."
    ]


def test_of_many_rows_the_first_are_named() -> None:
    after = BEFORE.replace("| 2-9,12-13", "| 2-9,12-13,20,22,24-26,30,32-33")
    (sentence,) = said(report_of(BEFORE), report_of(after))
    assert f"{PLACE} rij 20,22,24-26, en nog 3)" in sentence


def test_the_same_number_from_other_rows_is_told_too() -> None:
    after = BEFORE.replace("| 20", "| 20-21")
    assert said(report_of(BEFORE), report_of(after), "en") == [
        f"F05: the same numbers, from other rows (1): Elburg · deceased (rows that came: {PLACE} row 21)."
    ]


def test_other_numbers_from_the_same_rows_say_so() -> None:
    after = BEFORE.replace("| 10 | 2-9", "| 15 | 2-9")
    assert said(report_of(BEFORE), report_of(after)) == [
        "F05: getallen die anders zijn (1): Elburg · verhuisd: 10 → 15 (dezelfde rijen)."
    ]


def test_of_many_marks_a_few_are_named() -> None:
    (text,) = said(report_of(BEFORE), report_of(BEFORE.replace("GM0230", "GM0243")), "en")
    assert text == (
        "F05: numbers that differ (6): "
        f"Elburg · moved: 10 → – (rows that went: {PLACE} row 2-9,12-13); "
        f"Elburg · deceased: x → – (rows that went: {PLACE} row 20); "
        f"Elburg · referred on: 10 → – (rows that went: {PLACE} row 30-39); and 3 more."
    )


def test_the_causes_come_first() -> None:
    inputs = {"elburg": {"crosswalk": "2", "raw": {"2021-07-08/dossiers.xlsx": "2", "2021-09-01/extra.xlsx": "1"}}}
    new = report_of(
        BEFORE, inputs=inputs, lines=[{"line": 15, "text": '"verh." = "deceased"'}], versions={"pandas": "3.2.0"}
    )
    assert said(report_of(BEFORE), new) == [
        "Bron elburg: nieuw geleverd: 2021-09-01/extra.xlsx.",
        "Bron elburg: na levering veranderd: 2021-07-08/dossiers.xlsx. Wat geleverd is hoort te blijven zoals het was: neem een "
        "verbeterd bestand op als nieuwe levering.",
        "Bron elburg: de crosswalk is anders; van de regels die figuren gebruiken nieuw of anders: 15; niet meer gebruikt: 1.",
        "Gemaakt met andere versies: pandas 3.1.1 → 3.2.0.",
    ]


def test_what_a_line_of_the_crosswalk_says_is_not_said() -> None:
    """It can hold a word from the raw files."""
    inputs = {"elburg": {"crosswalk": "2", "raw": {"2021-07-08/dossiers.xlsx": "1"}}}
    new = report_of(BEFORE, inputs=inputs, lines=[{"line": 15, "text": '"naar oma" = "moved"'}])
    assert "oma" not in " ".join(said(report_of(BEFORE), new))


def test_a_report_without_a_past_or_with_an_older_one_says_so() -> None:
    assert [m.code for m in changes.since({}, {}, "nl")] == ["changed_first"]
    older = {"manifest.json": b"{}", "receipts/F05.json": b'{"format": "iww-receipt/1"}'}
    assert [m.code for m in changes.since(older, {}, "nl")] == ["changed_form"]
    assert [m.code for m in changes.since({"manifest.json": b"{"}, {}, "nl")] == ["changed_form"]


def test_nothing_that_changed_is_said_as_such() -> None:
    assert said(report_of(BEFORE), report_of(BEFORE)) == [
        "Er is geen getal, teken, bestand of regel van een crosswalk veranderd sinds het vorige rapport van deze naam; alleen "
        "woorden."
    ]


# ---- a small home, from raw file to receipt -------------------------------------------------------------------------

WALK = """
[[sheets]]
file = "*.csv"
one_row_is = "cases"
[sheets.columns]
nr = "cases.case_id"
aanmelding = "cases.date_referral"
einde = "cases.date_closed"
status = "cases.status"
reden = "cases.closure_reason"
[codes.closure_reason]
"weg" = "moved"
"""
HEAD = "nr;aanmelding;einde;status;reden\n"


def lines(first: int, n: int, reason: str) -> str:
    return "".join(f"{nr};01-02-2019;01-06-2019;afgesloten;{reason}\n" for nr in range(first, first + n))


def receipts_of(home: Home) -> changes.ReportRecord:
    """Both receipts of F05, drawn from a home that is built now."""
    study = build.load(home, ["here"])
    ((figure, finding),) = draw_with_findings(study, ids=["F05"])
    assert finding is not None
    shared = Basis(study, {}, {"here": home.crosswalk("here").read_bytes()}, "", demo_key())
    public, restricted = receipts.receipts(figure, finding, shared)
    inputs = {"here": {"crosswalk": "1", "raw": {}}}
    about = {
        "lang": "nl",
        "internal": False,
        "study": "",
        "sources": ["here"],
        "inputs": inputs,
        "code": "",
        "versions": {},
    }
    return changes.ReportRecord(about, {"F05": public}, {"F05": restricted})


def test_a_delivery_that_brings_rows_is_the_cause_of_a_number_that_changed(tmp_path: Path) -> None:
    home = home_with(tmp_path, {"lijst.csv": HEAD + lines(1, 12, "weg") + lines(20, 3, "overleden")}, WALK)
    old = receipts_of(home)
    moved = next(mark for mark in old.restricted["F05"]["marks"] if mark["mark"]["reason"] == "moved")
    assert moved["raw"]["n_cases"] == 12
    before = moved["drawn"]["n_cases"]
    assert before in (10, 15)
    assert moved["rows"] == {"here/2021-01-15/lijst.csv": "2-13"}
    assert moved["address"] == "F05|municipality=GM0243|reason=moved"
    assert old.public["F05"]["questions"][0]["n_out"] in (10, 15, 20)
    assert [line["text"] for line in old.restricted["F05"]["crosswalk"][0]["lines"]] == [
        'nr = "cases.case_id"', 'einde = "cases.date_closed"', 'status = "cases.status"', 'reden = "cases.closure_reason"',
        '"weg" = "moved"',
    ]  # fmt: skip
    deliver(home, "here", {"meer.csv": HEAD + lines(40, 9, "weg")}, received="2021-02-15", extraction_date="2021-01-31")
    (text,) = said(old, receipts_of(home))
    assert text.startswith("F05: getallen die anders zijn (")
    assert f"Harderwijk · verhuisd: {before} → " in text
    assert "(rijen erbij: here/2021-02-15/meer.csv rij 2-10)" in text


def test_sets_of_rows_are_hashed_under_the_secret_key_where_anything_is_real(home: Home) -> None:
    for source in ("here", "elsewhere"):
        home_with(home.path, {"lijst.csv": HEAD + lines(1, 3, "weg")}, WALK, source=source)
    assert key_of_rows(home, ["here", "elsewhere"]) == demo_key()
    card = home.deliveries("here")[0] / "origin.toml"
    card.write_text(card.read_text("utf-8").replace("synthetic = true", "synthetic = false"), encoding="utf-8")
    assert {key_of_rows(home, sources) for sources in (["here", "elsewhere"], ["elsewhere", "here"])} == {KEY}
