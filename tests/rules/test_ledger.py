"""The account of every row: what a second delivery does to the first, what is refused, and what never is."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iww_analysis.cleaning.row_accounts import refuse_unbalanced
from iww_analysis.cleaning.row_fates import ROW_FATES
from iww_analysis.cleaning.source import Built
from iww_analysis.commands import build
from iww_analysis.io.disk.home import Home
from iww_analysis.messages.errors import IwwError, Message
from iww_analysis.tables.layout import KINDS
from shared.homes import Content, deliver, home_with, workbook
from shared.sources import SOURCES, built

WALK = """
[[sheets]]
file = "cases*"
one_row_is = "cases"
[sheets.columns]
"nr" = "cases.case_id"
"reported" = ["cases.date_referral", "referrals.date"]
"closed" = "cases.date_closed"
"why" = "cases.closure_reason"
[sheets.ignore]
"note" = "free text"
"""
HEADER = "nr;reported;closed;why;note\r\n"
TWO = HEADER + "1;1-2-2020;;;\r\n2;1-3-2020;1-6-2020;Verhuisd;\r\n"

GOOD: dict[str, Any] = {
    "file": "a.csv", "sheet": "", "rows_in_file": 12, "rows_title": 1, "rows_header": 1, "rows_empty": 1, "rows_total": 1,
    "rows_footnote": 1, "rows_excluded": 1, "rows_read": 6, "rows_kept": 2, "rows_set_aside": 2, "rows_duplicate": 1,
    "rows_superseded": 1, "set_aside_by_reason": {"ragged": 1, "date_order": 1},
}  # fmt: skip


def test_a_line_that_balances_passes() -> None:
    refuse_unbalanced(GOOD)
    assert GOOD["rows_in_file"] == sum(GOOD[f"rows_{kind}"] for kind in KINDS) == 12
    assert GOOD["rows_read"] == sum(GOOD[f"rows_{fate}"] for fate in ROW_FATES) == 6


@pytest.mark.parametrize(
    "wrong",
    [{name: n + 1} for name, n in GOOD.items() if isinstance(n, int)] + [{"set_aside_by_reason": {"ragged": 1}}],
)
def test_a_line_that_does_not_balance_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(IwwError) as refused:
        refuse_unbalanced({**GOOD, **wrong})
    assert {message.code for message in refused.value.messages} == {"ledger_unbalanced"}
    assert "a.csv" in refused.value.say("en")


@pytest.mark.parametrize("source", SOURCES)
def test_every_committed_sheet_balances_and_says_what_is_set_aside(source: str) -> None:
    made = built(source)
    assert made.ledger["sheets"]
    for line in made.ledger["sheets"]:
        refuse_unbalanced(line)
    told = made.tables["set_aside"]
    rows = told[told["severity"] == "row"].drop_duplicates(["source_id", "source_row"])
    assert len(rows) == sum(line["rows_set_aside"] for line in made.ledger["sheets"])
    assert rows["rule"].value_counts().to_dict() == _reasons(made.ledger["sheets"])


def _reasons(lines: list[dict[str, Any]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for line in lines:
        for reason, n in line["set_aside_by_reason"].items():
            found[reason] = found.get(reason, 0) + n
    return found


# ---- two deliveries -------------------------------------------------------------------------------------------------


def lines(home: Home) -> dict[str, dict[str, int]]:
    """Per delivery, what became of its rows; only what is not nothing."""
    fates = [f"rows_{fate}" for fate in ROW_FATES]
    sheets = build.build(home, "here").ledger["sheets"]
    return {
        line["delivery"]: {fate.removeprefix("rows_"): line[fate] for fate in fates if line[fate]} for line in sheets
    }


def two_deliveries(folder: Path, first: str, second: str) -> Home:
    home = home_with(
        folder, {"cases 2020.csv": HEADER + first}, WALK, received="2020-07-01", extraction_date="2020-06-30"
    )
    deliver(home, "here", {"cases 2021.csv": HEADER + second})
    return home


def test_a_row_that_is_delivered_again_counts_once_where_it_came_last(tmp_path: Path) -> None:
    home = two_deliveries(tmp_path, "1;1-2-2020;;;\n", "1;1-2-2020;;;\n2;1-8-2020;;;\n")
    assert lines(home) == {"2020-07-01": {"duplicate": 1}, "2021-01-15": {"kept": 2}}
    cases = build.build(home, "here").tables["cases"]
    assert set(cases["source_id"]) == {"2021-01-15/cases 2021.csv"}
    assert {day.date().isoformat() for day in cases["extraction_date"]} == {"2020-12-31"}


def test_a_later_delivery_corrects_an_earlier_one(tmp_path: Path) -> None:
    home = two_deliveries(tmp_path, "1;1-2-2020;;;\n", "1;1-2-2020;1-9-2020;Verhuisd;\n")
    assert lines(home) == {"2020-07-01": {"superseded": 1}, "2021-01-15": {"kept": 1}}
    (case,) = build.build(home, "here").tables["cases"].to_dict("records")
    assert case["closure_reason"] == "moved"


def test_a_case_that_a_later_delivery_no_longer_holds_stays_as_it_was_last_known(tmp_path: Path) -> None:
    home = two_deliveries(tmp_path, "1;1-2-2020;;;\n3;1-2-2020;;;\n", "1;1-2-2020;;;nu met notitie\n")
    assert lines(home) == {"2020-07-01": {"kept": 1, "superseded": 1}, "2021-01-15": {"kept": 1}}
    cases = build.build(home, "here").tables["cases"]
    assert sorted(day.date().isoformat() for day in cases["extraction_date"]) == ["2020-06-30", "2020-12-31"]


def test_two_unlike_records_of_one_case_in_one_delivery_contradict(tmp_path: Path) -> None:
    home = home_with(tmp_path, {"cases.csv": HEADER + "1;1-2-2020;;;\n1;1-3-2020;;;\n1;01-02-2020;;;zelfde\n"}, WALK)
    assert lines(home) == {"2021-01-15": {"kept": 2, "set_aside": 1}}
    made = build.build(home, "here")
    assert made.tables["set_aside"][["rule", "source_row"]].to_numpy().tolist() == [["contradiction", 3]]
    assert len(made.tables["cases"]) == 1


def test_a_row_twice_in_one_file_counts_once(tmp_path: Path) -> None:
    home = home_with(tmp_path, {"cases.csv": HEADER + "1;1-2-2020;;;\n1;1-2-2020;;;\n"}, WALK)
    assert lines(home) == {"2021-01-15": {"kept": 1, "duplicate": 1}}


def test_an_unusable_row_that_comes_again_is_complained_of_once(tmp_path: Path) -> None:
    home = two_deliveries(tmp_path, ";1-2-2020;;;\n", ";1-2-2020;;;\n")
    assert lines(home) == {"2020-07-01": {"duplicate": 1}, "2021-01-15": {"set_aside": 1}}
    assert len(build.build(home, "here").tables["set_aside"]) == 1


ROW = st.builds(
    "{};{};{};;{}".format,
    st.sampled_from(["", "1", "2", "3", "0001"]), st.sampled_from(["1-2-2020", "31-02-2020", "1-2-2021", "03-04-2020"]),
    st.sampled_from(["", "1-1-2020", "9-9-2020", "onbekend"]), st.sampled_from(["", "x", "y;z", '"a\nb"']),
)  # fmt: skip


@settings(max_examples=10)  # each builds two deliveries
@given(first=st.lists(ROW, max_size=6), second=st.lists(ROW, max_size=6))
def test_whatever_is_delivered_twice_every_row_has_one_fate(
    first: list[str], second: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    home = two_deliveries(tmp_path_factory.mktemp("home"), "\n".join(first), "\n".join(second))
    made = build.build(home, "here")  # checks every line of the ledger itself
    assert [line["rows_read"] for line in made.ledger["sheets"]] == [len(first), len(second)]
    cases = made.tables.get("cases")
    assert cases is None or cases["case_id"].is_unique
    kept = sum(line["rows_kept"] for line in made.ledger["sheets"])
    assert kept >= (0 if cases is None else len(cases))


# ---- what is refused, and what then still goes through --------------------------------------------------------------

HTML = b"<html><table><tr><td>nr</td></tr></table></html>"
REFUSED: dict[str, tuple[str, Content, str, str]] = {
    "a stray quote": (
        "cases b.csv", HEADER + '3;1-2-2020;;;"zei\r\n4;1-2-2020;;;x\r\n5;1-2-2020;;;x\r\n', "stray_quote", "row 2"),
    "a stray quote below a title": (
        "cases b.csv", "Overzicht\r\n" + HEADER + '3;1-2-2020;;;"zei\r\n4;1-2-2020;;;x\r\n', "stray_quote", "row 3"),
    "a stray quote that closes further down": (
        "cases b.csv", HEADER + '3;1-2-2020;;;"zei\r\n4;1-2-2020;;;"ja"\r\n5;1-2-2020;;;x\r\n', "stray_quote", "row 2"),
    "a stray quote before a long file": (
        "cases b.csv", HEADER + '3;1-2-2020;;;"' + "4;1-2-2020;;;x\r\n" * 20_000, "stray_quote", "row 2"),
    "an empty file": ("cases b.csv", " \r\n ", "file_empty", "cases b.csv"),
    "an empty workbook file": ("cases b.xlsx", b"", "file_empty", "cases b.xlsx"),
    "a page of the web under another name": ("cases b.xlsx", HTML, "not_a_workbook", "cases b.xlsx"),
    "a workbook cut short": ("cases b.xlsx", workbook({"Blad1": [["nr"]]})[:700], "workbook_broken", "cases b.xlsx"),
    "a zip that is no workbook": ("cases b.xlsx", b"PK\x03\x04" + bytes(400), "workbook_broken", "cases b.xlsx"),
    "NUL characters": ("cases b.csv", HEADER + "3;1-2-\x002020;;;\r\n", "file_nul", "cases b.csv"),
    "another kind of file": ("cases b.pdf", b"%PDF-1.4", "file_kind", ".pdf"),
    "no header": ("cases b.csv", "a;b\r\nc;d\r\n", "no_header", "nr, reported, closed"),
    "the heading of the case number is gone": (
        "cases b.csv", "nummer;reported;closed;why\r\n3;1-2-2020;;\r\n", "heading_required", "column ‘nr’"),
    "bytes that are no text in the encoding that the file begins with": (
        "cases b.csv", b"\xef\xbb\xbf" + HEADER.encode() + b"3;1-2-2020;;;caf\xe9\r\n", "file_encoding", "cases b.csv"),
    "half a character at the end": (
        "cases b.csv", (HEADER + "3;1-2-2020;;;\r\n").encode("utf-16")[:-1], "file_encoding", "cases b.csv"),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_a_file_that_cannot_be_read_is_one_sentence_and_the_others_go_through(what: str, tmp_path: Path) -> None:
    name, content, code, named = REFUSED[what]
    home = home_with(tmp_path, {"cases a.csv": TWO, name: content}, WALK)
    made = build.build(home, "here")
    (message,) = made.messages
    assert message.code == code
    assert made.refused
    assert named in message.say("en")
    whole_sentences(message)
    assert [line["rows_kept"] for line in made.ledger["sheets"] if line["file"] == "cases a.csv"] == [2]


def whole_sentences(message: Message) -> None:
    for lang in ("nl", "en"):
        said = message.say(lang)  # type: ignore[arg-type]
        assert said.startswith(("bestand ", "file "))
        assert said.endswith(".")
        assert "{" not in said


def test_a_changed_and_a_vanished_file_are_named(tmp_path: Path) -> None:
    home = home_with(
        tmp_path, {"cases a.csv": TWO, "cases b.csv": HEADER + "3;1-2-2020;;;\n", "cases c.csv": HEADER}, WALK
    )
    folder = home.deliveries("here")[0]
    (folder / "cases b.csv").write_bytes(b"other")
    (folder / "cases c.csv").unlink()
    made = build.build(home, "here")
    assert [(m.code, m.place.file) for m in made.messages] == [
        ("file_changed", "cases b.csv"),
        ("file_absent", "cases c.csv"),
    ]
    assert len(made.tables["cases"]) == 2


def test_a_file_of_a_header_alone_is_said_and_the_others_go_through(tmp_path: Path) -> None:
    home = home_with(tmp_path, {"cases a.csv": TWO, "cases b.csv": HEADER}, WALK)
    made = build.build(home, "here")
    assert made.messages == []
    assert [(m.code, m.place.file) for m in made.notices] == [("no_rows", "cases b.csv")]
    whole_sentences(made.notices[0])
    assert [(line["rows_in_file"], line["rows_kept"]) for line in made.ledger["sheets"]] == [(3, 2), (1, 0)]


def test_a_source_of_which_every_file_holds_a_header_alone_still_builds(tmp_path: Path) -> None:
    made = build.build(home_with(tmp_path, {"cases a.csv": HEADER}, WALK), "here")
    assert "cases" not in made.tables
    assert len(made.tables["sources"]) == 1


def test_a_source_of_which_every_file_is_refused_is_a_sentence_per_file_and_no_build(tmp_path: Path) -> None:
    home = home_with(tmp_path, {"cases a.csv": "", "cases b.xlsx": HTML}, WALK)
    with pytest.raises(IwwError) as refused:
        build.build_and_store(home, "here")
    assert [message.code for message in refused.value.messages] == ["file_empty", "not_a_workbook"]
    assert not home.processed("here").exists()


def test_a_sheet_that_the_crosswalk_does_not_name_is_said_and_counted(tmp_path: Path) -> None:
    rows = [HEADER.strip().split(";"), ["1", "1-2-2020", "", "", ""]]
    walk = WALK.replace('file = "cases*"', 'file = "cases*"\nsheet = "Registratie"')
    home = home_with(tmp_path, {"cases.xlsx": {"Registratie": rows, "Nog iets": [["a"], ["b"]]}}, walk)
    made = build.build(home, "here")
    assert [(m.code, m.place.sheet) for m in made.messages] == [("sheet_unknown", "Nog iets")]
    assert not made.refused
    assert [line["rows_excluded"] for line in made.ledger["sheets"]] == [0, 2]


@pytest.mark.parametrize("broken", ["crosswalk", "card"])
def test_broken_toml_is_one_sentence_that_names_the_file_and_the_line(broken: str, tmp_path: Path) -> None:
    home = home_with(tmp_path, {"cases a.csv": TWO}, WALK)
    path = home.crosswalk("here") if broken == "crosswalk" else home.deliveries("here")[0] / "origin.toml"
    path.write_text('format = "x\n', encoding="utf-8")
    with pytest.raises(IwwError) as refused:
        build.build(home, "here")
    (message,) = refused.value.messages
    assert message.code == "toml_broken"
    assert path.name in message.say("en")
    assert "line 1" in message.say("en")
    whole_sentences(message)


def test_toml_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    home = home_with(tmp_path, {"cases a.csv": TWO}, WALK)
    for path in (home.crosswalk("here"), home.deliveries("here")[0] / "origin.toml"):
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert len(build.build(home, "here").tables["cases"]) == 2


def test_a_title_row_with_commas_above_semicolons_is_a_title(tmp_path: Path) -> None:
    home = home_with(tmp_path, {"cases a.csv": "Lijst, stand 31 december, concept\r\n" + TWO}, WALK)
    made = build.build(home, "here")
    assert made.messages == []
    assert [(line["rows_title"], line["rows_kept"]) for line in made.ledger["sheets"]] == [(1, 2)]


# ---- what a review found ----------------------------------------------------------------------------------------------


def made_of(folder: Path, files: dict[str, Content], walk: str = WALK) -> Built:
    return build.build(home_with(folder, files, walk), "here")


def test_a_row_with_a_cell_too_many_does_not_swallow_its_good_twin(tmp_path: Path) -> None:
    made = made_of(tmp_path, {"cases.csv": HEADER + "1;1-2-2020;;;\r\n1;1-2-2020;;;;x\r\n"})
    assert len(made.tables["cases"]) == 1
    (line,) = made.ledger["sheets"]
    assert (line["rows_kept"], line["rows_duplicate"], line["set_aside_by_reason"]) == (1, 0, {"ragged": 1})


@pytest.mark.parametrize(
    ("less", "kept", "contradicted"),
    [("onbekend", 2, {}), ("juni 2020", 2, {}), ("juli 2020", 1, {"contradiction": 1}), ("", 1, {"contradiction": 1})],
)
def test_a_row_that_does_not_know_what_another_of_its_case_tells_does_not_contradict_it(
    less: str, kept: int, contradicted: dict[str, int], tmp_path: Path
) -> None:
    """Of a case on two rows the one that knows most counts, whichever stands first; that it is open is no lack of knowledge."""
    made = made_of(
        tmp_path, {"cases.csv": HEADER + f"1;1-2-2020;{less};Verhuisd;\r\n1;1-2-2020;1-6-2020;Verhuisd;x\r\n"}
    )
    (line,) = made.ledger["sheets"]
    assert (line["rows_kept"], line["set_aside_by_reason"]) == (kept, contradicted)
    days = made.tables["cases"]["date_closed"].dropna()
    assert [f"{day:%d-%m-%Y}" for day in days] == ["01-06-2020"] * (kept - 1)


def test_two_files_received_on_one_day_contradict_and_do_not_supersede(tmp_path: Path) -> None:
    closed, opened = HEADER + "1;1-2-2020;1-6-2020;Verhuisd;\r\n", HEADER + "1;1-2-2020;;;\r\n"
    made = made_of(tmp_path, {"cases1.csv": closed, "cases2.csv": opened})
    assert [line["rows_superseded"] for line in made.ledger["sheets"]] == [0, 0]
    assert [line["set_aside_by_reason"] for line in made.ledger["sheets"]] == [{}, {"contradiction": 1}]


def test_a_later_delivery_with_other_headings_replaces_an_earlier_record(tmp_path: Path) -> None:
    second = WALK.replace('"cases*"', '"registratie*"').replace('"nr"', '"nummer"')
    home = home_with(tmp_path, {"cases.csv": HEADER + "1;1-2-2020;;;\r\n"}, WALK + second)
    later = HEADER.replace("nr;", "nummer;") + "1;1-2-2020;1-6-2020;Verhuisd;\r\n"
    deliver(home, "here", {"registratie.csv": later}, received="2023-01-01", extraction_date="2022-12-31")
    made = build.build(home, "here")
    assert made.tables["cases"]["closure_reason"].tolist() == ["moved"]
    assert [line["rows_superseded"] for line in made.ledger["sheets"]] == [1, 0]


def test_a_field_whose_heading_no_file_has_was_not_recorded(tmp_path: Path) -> None:
    made = made_of(tmp_path, {"cases.csv": "nr;reported\r\n1;1-2-2020\r\n"})
    assert "cases.date_referral" in made.ledger["recorded"]
    assert "cases.closure_reason" not in made.ledger["recorded"]


def test_a_refused_file_stays_in_the_account_of_the_build(tmp_path: Path) -> None:
    made = made_of(tmp_path, {"cases.csv": TWO, "cases-leeg.csv": ""})
    assert made.refused
    assert made.ledger["refused"] == ["cases-leeg.csv"]
    assert len(made.tables["cases"]) == 2


def test_a_heading_cannot_split_the_row_that_it_stands_in(tmp_path: Path) -> None:
    walk = WALK.replace('"why" = "cases.closure_reason"', '"why" = { to = "cases.closure_reason", split = "," }')
    with pytest.raises(IwwError) as refused:
        made_of(tmp_path, {"cases.csv": TWO}, walk)
    assert refused.value.say("nl") == (
        "bestand here.toml, kolom ‘why’: één rij is hier één ‘cases’, dus deze kop kan haar niet splitsen of met eigen "
        "constanten vullen. Kies een andere tabel bij one_row_is, of zet de constante onder [sheets.constants]."
    )


CODED = """[[sheets]]
file = "coderingen *.csv"
one_row_is = "codings"
[sheets.columns]
"Document" = "codings.document"
"Perspectief" = "codings.perspective"
"Code" = "codings.code"
"Codeur" = "codings.coder"
"""
CODED_HEADER = "Document;Perspectief;Code;Codeur\n"


def test_a_later_export_of_coded_interviews_replaces_whole_documents(tmp_path: Path) -> None:
    """The code on gesprek 1 was changed, and one was taken off: what was coded before does not stay beside it."""
    first = "gesprek 1;cliënt;Vertrouwen;1\ngesprek 1;cliënt;Schaamte;1\ngesprek 2;cliënt;Schaamte;1\n"
    later = "gesprek 1;cliënt;Eén plan;1\n"
    home = home_with(
        tmp_path, {"coderingen a.csv": CODED_HEADER + first}, CODED, received="2020-07-01", extraction_date="2020-06-30"
    )
    deliver(home, "here", {"coderingen b.csv": CODED_HEADER + later})
    assert lines(home) == {"2020-07-01": {"kept": 1, "superseded": 2}, "2021-01-15": {"kept": 1}}
    codings = build.build(home, "here").tables["codings"]
    assert codings[["document", "code"]].values.tolist() == [["gesprek 2", "Schaamte"], ["gesprek 1", "Eén plan"]]


def test_two_coders_on_one_fragment_are_two_codings(tmp_path: Path) -> None:
    both = "gesprek 1;cliënt;Vertrouwen;1\ngesprek 1;cliënt;Vertrouwen;2\ngesprek 1;cliënt;Vertrouwen;2\n"
    home = home_with(tmp_path, {"coderingen a.csv": CODED_HEADER + both}, CODED)
    assert lines(home) == {"2021-01-15": {"kept": 2, "duplicate": 1}}
    assert len(build.build(home, "here").tables["codings"]) == 2


BESIDE = """
[[sheets]]
file = "domains*"
one_row_is = "case_domains"
[sheets.columns]
"nr" = ["case_domains.case_id", "cases.case_id"]
"domain" = "case_domains.domain"
"reported" = "cases.date_referral"
"closed" = "cases.date_closed"
[sheets.constants]
"case_domains.moment" = "begin"
"""
DOMAINS = """nr;domain;reported;closed
1;Wonen;1-2-2020;1-3-2020
2;Wonen;1-2-2020;1-1-2020
3;Wonen;1-2-2021;
4;Wonen;;
"""


def test_a_case_beside_the_rows_own_that_cannot_be_used_is_in_no_table_and_the_message_says_just_that(
    tmp_path: Path,
) -> None:
    """Case 2 is closed before it was reported, 3 comes after the extraction date, 4 has no day: their domains stay."""
    made = build.build(home_with(tmp_path, {"domains.csv": DOMAINS}, BESIDE), "here")
    assert len(made.tables["cases"]) == 1
    assert len(made.tables["case_domains"]) == 4
    (line,) = made.ledger["sheets"]
    assert (line["rows_kept"], line["rows_set_aside"]) == (4, 0)
    beside = {"beside_date_order": "3", "beside_after_extraction": "4", "beside_missing_required": "5"}
    assert {m.code: m.words["rows"] for m in made.notices} == beside
    assert not any("apart gezet" in m.say("nl") for m in made.notices)


def test_a_row_that_is_said_to_be_set_aside_is_in_no_table(tmp_path: Path) -> None:
    lines = HEADER + "1;1-2-2020;;;\r\n2;1-2-2020;1-1-2020;;\r\n3;1-2-2021;;;\r\n4;;;;x\r\n"
    made = build.build(home_with(tmp_path, {"cases.csv": lines}, WALK), "here")
    said = [m for m in made.notices if "apart gezet" in m.say("nl")]
    assert sorted(row for m in said for row in str(m.words["rows"]).split(", ")) == ["3", "4", "5"]
    assert set(made.tables["cases"]["source_row"]) == {2}
