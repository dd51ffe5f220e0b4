"""Which row of a sheet is what, and which heading is which: however the sheet is dressed up, no row is lost."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iww_analysis.cleaning.clean_batch import read_batches
from iww_analysis.cleaning.known_sheet import KnownSheet, known_sheet
from iww_analysis.cleaning.row_accounts import ledger_line, refuse_unbalanced
from iww_analysis.cleaning.row_fates import settle_fates
from iww_analysis.crosswalk import origin
from iww_analysis.crosswalk.crosswalk import SheetCrosswalk
from iww_analysis.crosswalk.parse import parse
from iww_analysis.messages.errors import IwwError, Place
from iww_analysis.tables import TABLES, layout
from iww_analysis.tables.cells.interning import as_frame
from iww_analysis.tables.layout import header_row
from iww_analysis.tables.raw_sheet import RawSheet, RowBlock
from shared.frames import plain_context

WALK = parse(
    {
        "format": "iww-crosswalk/1", "source": "here",
        "sheets": [{
            "file": "*", "one_row_is": "cases",
            "columns": {"Casusnr.": "cases.case_id", "Aanmelddatum": ["cases.date_referral", "referrals.date"],
                        "Afgesloten op": "cases.date_closed", "Reden": "cases.closure_reason"},
            "ignore": {"Toelichting": "vrije tekst"},
            "exclude": [{"column": "Toelichting", "equals": "TEST", "reason": "proef"}],
        }],
    },
    "here.toml",
).sheets[0]  # fmt: skip
HEADER = ("Casusnr.", "Aanmelddatum", "Afgesloten op", "Reden", "Toelichting")
PLACE = Place("lijst.csv")


def sheet(rows: list[tuple[str, ...]]) -> pd.DataFrame:
    """A sheet of text, rectangular, its index the row number a person sees."""
    width = max(map(len, rows))
    padded = [[*row, *[""] * (width - len(row))] for row in rows]
    return pd.DataFrame(padded, index=range(1, len(rows) + 1), dtype="str")


CARD = origin.parse(
    {"source": "here", "municipality": ["GM0243"], "received": "2021-01-01", "extraction_date": "2020-12-31",
     "regime": "register", "files": {"lijst.csv": "0"}}, "here",
)  # fmt: skip


def known(cells: pd.DataFrame, widths: pd.Series | None = None, entry: SheetCrosswalk = WALK) -> KnownSheet:
    """A sheet of these rows, known by its crosswalk."""
    block = RowBlock(cells, widths)
    return known_sheet(CARD, RawSheet("lijst.csv", "", lambda: iter([block])), entry, block)


def kinds_of(rows: list[tuple[str, ...]], entry: SheetCrosswalk = WALK) -> pd.Series:
    """What each row of a sheet is."""
    opened = known(sheet(rows), entry=entry)
    return opened.row_kinds(opened.padded(opened.raw.cells))


def account(
    cells: pd.DataFrame, widths: pd.Series | None = None
) -> tuple[dict[str, object], pd.DataFrame, pd.DataFrame]:
    """Take one sheet in: its line of the ledger, the fate of each row that was read, and the clean cases."""
    opened = known(cells, widths)
    (batch,), _ = read_batches(opened, plain_context())
    (fates,) = settle_fates([batch], TABLES["cases"])
    line = ledger_line(PLACE, len(cells), fates.reindex(batch.kinds.index).assign(kind=batch.kinds))
    refuse_unbalanced(line)
    return line, fates.reset_index(), as_frame(batch.records["cases"])


# ---- any sheet ------------------------------------------------------------------------------------------------------

DRESS = {
    "title": [("Casusregistratie",), ("Peildatum 31 december 2020; vertrouwelijk", ""), ("Blad 1 van 2",)],
    "empty": [("",), ("", "  ", ""), ("\u00a0",)],
    "header": [HEADER],
    "total": [("Totaal", "12"), ("", "Totaal", "3"), ("Subtotaal 2019", "4"), ("Som", "4")],
    "footnote": [("* Bron: registratie",), ("Noot: voorlopige cijfers",), ("1) zonder heropende dossiers",)],
    "excluded": [("HW-TEST", "1-1-2019", "", "", "TEST"), ("", "", "", "", " test ")],
}  # fmt: skip
DAYS = st.dates(pd.Timestamp("2018-01-01").date(), pd.Timestamp("2020-06-30").date())


@st.composite
def dressed_up(draw: st.DrawFn) -> tuple[list[tuple[str, ...]], dict[str, int], list[tuple[str, str]]]:
    """A sheet, how many rows of each kind it holds, and the cases that are good."""
    good = {f"HW-{n}": draw(DAYS).isoformat() for n in range(draw(st.integers(1, 8)))}
    rows: list[tuple[str, tuple[str, ...]]] = [("kept", (key, day, "", "", "")) for key, day in good.items()]
    for kind in ("empty", "header", "excluded"):
        rows += [(kind, draw(st.sampled_from(DRESS[kind]))) for _ in range(draw(st.integers(0, 2)))]
    rows += [("total", draw(st.sampled_from(DRESS["total"]))) for _ in range(draw(st.integers(0, 1)))]
    rows += [
        ("duplicate", draw(st.sampled_from([row for kind, row in rows if kind == "kept"])))
        for _ in range(draw(st.integers(0, 2)))
    ]
    rows += [("missing_required", ("", "1-1-2019", "", "", "zonder nummer"))] * draw(st.integers(0, 1))
    rows += [("missing_required", ("HW-X", "31-02-2019", "", "", ""))] * draw(st.integers(0, 1))
    rows += [("date_order", ("HW-Y", "1-5-2019", "1-4-2019", "Verhuisd", ""))] * draw(st.integers(0, 1))
    rows += [("after_extraction", ("HW-Z", "1-5-2021", "", "", ""))] * draw(st.integers(0, 1))
    rows = draw(st.permutations(rows))
    top = [("title", row) for row in DRESS["title"][: draw(st.integers(0, 3))]]
    bottom = [("footnote", row) for row in DRESS["footnote"][: draw(st.integers(0, 3))]]
    whole = [*top, ("header", HEADER), *rows, *bottom]
    n: dict[str, int] = {}
    for kind, _ in whole:
        n[kind] = n.get(kind, 0) + 1
    return [row for _, row in whole], n, sorted(good.items())


@settings(max_examples=20)
@given(made=dressed_up())
def test_every_row_is_accounted_for_and_the_good_ones_come_back(
    made: tuple[list[tuple[str, ...]], dict[str, int], list[tuple[str, str]]],
) -> None:
    rows, n, good = made
    line, fates, records = account(sheet(rows))
    assert line["rows_in_file"] == len(rows)
    for kind in (*DRESS, "duplicate", "kept"):
        assert line[f"rows_{kind}"] == n.get(kind, 0), kind
    reasons = {"missing_required", "date_order", "after_extraction"} & n.keys()
    assert line["set_aside_by_reason"] == {reason: n[reason] for reason in reasons}
    kept = records.merge(fates[fates["fate"] == "kept"])
    assert sorted(zip(kept["case_id"], kept["date_referral"].dt.strftime("%Y-%m-%d"), strict=True)) == good


# ---- rules, one by one ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "row"), [(kind, row) for kind, rows in DRESS.items() for row in rows])
def test_each_kind_of_row_is_known_for_what_it_is(kind: str, row: tuple[str, ...]) -> None:
    first, last = ("HW-1", "1-1-2019", "", "", ""), ("HW-2", "1-1-2019", "", "", "")
    rows = [row, HEADER, first] if kind == "title" else [HEADER, first, row, last]
    kinds = kinds_of(rows)
    assert kinds[1 if kind == "title" else 3] == kind


def test_a_lone_sentence_below_the_table_is_a_footnote_but_a_lone_case_number_in_it_is_read() -> None:
    rows = [HEADER, ("HW-1",), ("HW-2", "1-1-2019"), ("dossiers van vóór 2018 ontbreken",)]
    assert list(kinds_of(rows)) == [
        "header",
        "read",
        "read",
        "footnote",
    ]


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        (("januari",), "title"), (("Febr. 2020",), "title"), (("mei '20",), "title"),
        (("", "mei 2020"), "read"), (("Mei", "1-5-2019"), "read"), (("Meijer",), "read"),
    ],
)  # fmt: skip
def test_a_month_alone_in_the_place_of_a_number_is_a_title_of_the_rows_below_it(
    row: tuple[str, ...], kind: str
) -> None:
    assert list(kinds_of([HEADER, ("HW-1", "1-1-2019"), row, ("HW-2", "1-1-2019")])) == ["header", "read", kind, "read"]


def test_a_case_whose_note_begins_with_total_is_still_a_case() -> None:
    full = ("HW-1", "1-1-2019", "2-2-2019", "Verhuisd", "Totaal 3 gesprekken")
    assert list(kinds_of([HEADER, full])) == ["header", "read"]


def test_the_header_is_found_below_titles_and_however_it_is_written() -> None:
    rows = [
        ("Aanmelddatum is de dag van melding",),
        ("",),
        (" CASUSNR ", "aanmelddatum", "Afgesloten  op", "reden", "Overig"),
    ]
    rows = [*rows, ("HW-1", "1-1-2019", "", "", "")]
    taken = known(sheet(rows))
    assert list(kinds_of(rows)) == ["title", "empty", "header", "read"]
    assert list(taken.rows_read) == ["Casusnr.", "Aanmelddatum", "Afgesloten op", "Reden"]
    assert taken.unknown_headings == ("Overig",)
    assert taken.absent_headings == ("Toelichting",)


def test_a_sheet_without_a_header_is_refused_in_one_sentence() -> None:
    with pytest.raises(IwwError) as refused:
        known(sheet([("a", "b"), ("c", "d")]))
    (message,) = refused.value.messages
    assert message.code == "no_header"
    assert message.say("en").startswith("file lijst.csv: no row looks like the expected header (Casusnr., Aanmelddatum")


def test_an_empty_sheet_is_refused_too() -> None:
    with pytest.raises(IwwError):
        known(pd.DataFrame())


def test_a_sheet_of_a_header_alone_holds_nothing_and_balances() -> None:
    line, _, records = account(sheet([HEADER]))
    assert (line["rows_in_file"], line["rows_header"], line["rows_read"], len(records)) == (1, 1, 0, 0)


def test_a_heading_that_occurs_twice_is_numbered() -> None:
    assert layout.headings(sheet([("Datum", "", "Datum", "Wie", "Datum")]), 1) == {
        "Datum": 0,
        "Datum (2)": 2,
        "Wie": 3,
        "Datum (3)": 4,
    }


def test_two_spellings_of_one_heading_in_the_crosswalk_claim_one_column() -> None:
    assert layout.match_headings(["Datum", "Wie"], ["Datum", "datum", "WIE"]) == {"Datum": "Datum", "WIE": "Wie"}


def test_the_column_by_which_rows_are_excluded_need_not_be_read() -> None:
    walk = parse(
        {"format": "iww-crosswalk/1", "source": "here", "sheets": [{
            "file": "*", "one_row_is": "cases", "columns": {"Casusnr.": "cases.case_id", "Aanmelddatum": "cases.date_referral"},
            "exclude": [{"column": "Soort", "equals": "proef", "reason": "proef"}]}]},
        "here.toml",
    ).sheets[0]  # fmt: skip
    rows = [("Casusnr.", "Aanmelddatum", "SOORT"), ("1", "1-1-2019", "Proef"), ("2", "1-1-2019", "echt")]
    assert list(kinds_of(rows, walk)) == ["header", "excluded", "read"]


def test_a_row_with_more_or_fewer_cells_than_headings_is_set_aside() -> None:
    rows = [HEADER, ("HW-1", "1-1-2019", "", "", ""), ("HW-2", "1-1-2019", "", "", "", "over"), ("HW-3", "1-1-2019")]
    widths = pd.Series([5, 5, 6, 2], index=range(1, 5))
    line, fates, _ = account(sheet(rows), widths)
    assert line["set_aside_by_reason"] == {"ragged": 2}
    assert fates.set_index("source_row")["fate"].to_dict() == {2: "kept", 3: "set_aside", 4: "set_aside"}


def test_of_two_equal_headings_each_bears_the_title_above_it() -> None:
    rows = [("", "Financiën", "Financiën", "Wonen", "Wonen"), ("Casusnr.", "begin", "eind", "begin", "eind")]
    assert list(layout.headings(sheet(rows), 2)) == [
        "Casusnr.", "Financiën begin", "Financiën eind", "Wonen begin", "Wonen eind"
    ]  # fmt: skip


def test_a_title_stands_over_what_follows_it_and_over_all_of_its_group() -> None:
    names = ("Casusnr.", "Wonen", "Werk", "Wonen", "Justitie")
    unmerged = [("", "Start", "", "Einde", ""), names]
    assert list(layout.headings(sheet(unmerged), 2)) == [
        "Casusnr.",
        "Start Wonen",
        "Start Werk",
        "Einde Wonen",
        "Justitie",
    ]
    merged = [("", "Start", "Start", "Einde", "Einde"), names]
    assert list(layout.headings(sheet(merged), 2)) == [
        "Casusnr.", "Start Wonen", "Start Werk", "Einde Wonen", "Einde Justitie"
    ]  # fmt: skip
    one = [("Overzicht", "", ""), ("Casusnr.", "Wonen", "Wonen")]
    assert list(layout.headings(sheet(one), 2)) == ["Casusnr.", "Wonen", "Wonen (2)"]


def test_headings_that_are_told_apart_keep_their_own_name_below_a_title() -> None:
    rows = [("", "Dagen", "Dagen"), ("Casusnr.", "intake", "plan")]
    assert list(layout.headings(sheet(rows), 2)) == ["Casusnr.", "intake", "plan"]


def test_equal_headings_without_a_title_get_a_number() -> None:
    assert list(layout.headings(sheet([("Lijst", "", ""), ("Reden", "Reden", "Reden")]), 2)) == [
        "Reden", "Reden (2)", "Reden (3)"
    ]  # fmt: skip


def test_a_heading_that_was_read_in_the_wrong_encoding_is_known() -> None:
    assert layout.match_headings(["CliÃ«ntnummer"], ["Cliëntnummer"]) == {"Cliëntnummer": "CliÃ«ntnummer"}


def test_empty_cells_at_the_end_of_a_row_are_no_width() -> None:
    rows = [(*HEADER[:3], "", ""), ("1", "1-2-2020", "", "", ""), ("2", "1-2-2020", "2-3-2020", "", ""),
            ("3", "1-2-2020", "2-3-2020", "", "x"), ("4", "1-2-2020", "", "", "")]  # fmt: skip
    for widths, ragged in (
        ([3, 4, 5, 5, 3], [4]),
        ([4, 3, 4, 5, 2], [4, 5]),
    ):  # of the header first; row 5 is too short
        opened = known(sheet(rows), pd.Series(widths, index=range(1, 6)))
        cells = opened.raw.cells.loc[2:]
        assert cells.index[opened.ragged(opened.raw.widths, cells)].tolist() == ragged


def test_a_fuller_header_far_below_makes_no_titles_of_the_rows_above_it() -> None:
    rows = [HEADER[:4], *((str(n), "1-2-2020", "", "") for n in range(5)), HEADER]
    assert header_row(sheet(rows), HEADER) == 1
    assert header_row(sheet([HEADER[:3], *rows[-1:], *rows[1:-1]]), HEADER) == 2
