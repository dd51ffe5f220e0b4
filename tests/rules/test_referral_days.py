"""A case that came without its day of referral gets that of its first referral, from a list of its own; others keep theirs."""

import datetime as dt
import itertools
from pathlib import Path

import pandas as pd
import pytest

from iww_analysis.cleaning.source import Built
from iww_analysis.commands import build, report
from iww_analysis.commands.add import add, take_in
from iww_analysis.commands.check import checked
from iww_analysis.commands.trace import walk_back
from iww_analysis.commands.verify import evidence, verify
from iww_analysis.figures.declaration import CATALOGUE
from iww_analysis.io.disk.home import Home
from iww_analysis.io.disk.lazy_files import LazyFiles
from iww_analysis.tracing.rows import counted_in, places_of_row, row_lines
from iww_analysis.verify import checks
from iww_analysis.verify.evidence import Remade
from iww_analysis.verify.recount import accounts
from iww_analysis.verify.recount.recount import TYPES_OF_COLUMNS
from shared.forms import fill
from shared.homes import deliver, home_with
from shared.notebooks import with_short_notebooks

WALK = """
[[sheets]]
file = "cases*"
one_row_is = "cases"
[sheets.columns]
"nr" = "cases.case_id"
"reported" = "cases.date_referral"
"closed" = "cases.date_closed"
"client" = "case_persons.person_id"
"born" = "case_persons.birth_date"
[[sheets]]
file = "referrals*"
one_row_is = "referrals"
[sheets.columns]
"nr" = "referrals.case_id"
"day" = "referrals.date"
[keys]
case_id = ["separators"]
"""
SILENT = WALK.replace('"reported" = "cases.date_referral"\n', "")  # the list of cases has no such column


def days(built: Built) -> list[str]:
    """The day of referral of each case, in order of rows."""
    cases = built.tables["cases"].sort_values("source_row")
    return list(cases["date_referral"].dt.strftime("%d-%m-%Y").fillna(cases["date_referral_month"].astype("str")))


def periods(built: Built) -> list[tuple[str, str]]:
    """The first and last day of each case, the earliest first; "" where it goes on."""
    cases = built.tables["cases"].sort_values("date_referral")
    first, last = (cases[name].dt.strftime("%d-%m-%Y").fillna("") for name in ("date_referral", "date_closed"))
    return list(zip(first, last, strict=True))


def aside(built: Built, rule: str) -> list[int]:
    return sorted(built.tables["set_aside"].query("rule == @rule")["source_row"])


def test_the_first_referral_counts_where_a_case_says_no_day_and_only_there(tmp_path: Path) -> None:
    cases = """nr;reported;closed
H-1;;
H-2;05-02-2019;
H-3;06-02-2019;
H-4;;
H-5;mei 2019;
H-6;32-13-2019;
H-7;onbekend;
"""
    listed = """nr;day
H1;09-03-2019
H1;01-03-2019
H2;05-02-2019
H3;01-02-2019
H5;08-05-2019
H6;09-05-2019
H7;10-05-2019
H7;volgt nog
;01-01-2019
"""
    built = build.build(home_with(tmp_path, {"cases.csv": cases, "referrals.csv": listed}, WALK), "here")
    assert days(built) == ["01-03-2019", "05-02-2019", "06-02-2019", "2019-05", "10-05-2019"]
    assert aside(built, "first_referral") == [2, 8]
    assert aside(built, "referral_differs") == [4]  # it says the sixth, and keeps it
    assert aside(built, "missing_required") == [
        5,
        7,
        10,
    ]  # not in the list; a text that could be another day; no number
    assert built.tables["cases"]["date_referral_missing"].notna().tolist() == [False, False, False, True, False]
    said = [notice.say("nl") for notice in built.notices if "referral" in notice.code]
    assert said == [
        "bestand cases.csv, kolom ‘reported’: de dag van aanmelding is een andere dan die van de eerste aanmelding in de lijst "
        "van aanmeldingen, 1 keer (rij 4): de dag die hier staat telt. Kijk welke klopt.",
        "bestand cases.csv: van 2 casussen staat hier geen dag van aanmelding: zij kregen die van hun eerste aanmelding, uit "
        "referrals.csv. Bij iedere casus staat de rij in: iww trace F01.",
    ]


def test_without_a_list_of_referrals_such_cases_stay_set_aside(tmp_path: Path) -> None:
    built = build.build(home_with(tmp_path, {"cases.csv": "nr;closed\n1;\n2;\n"}, SILENT), "here")
    assert ("cases" in built.tables, aside(built, "missing_required")) == (False, [2, 3])


@pytest.mark.parametrize(("headings", "says"), [("nr;closed", "01-02-2020"), ("nr;closed;since", "heading_required")])
def test_a_file_that_has_its_day_of_referral_no_more_gets_it_from_the_list(
    headings: str, says: str, tmp_path: Path
) -> None:
    """Unless a heading stands there of which nobody said what it means: that can be the new name of the day."""
    files = {"cases.csv": f"{headings}\n1;\n", "referrals.csv": "nr;day\n1;01-02-2020\n"}
    built = build.build(home_with(tmp_path, files, WALK), "here")
    refused = [message.code for message in built.messages if message.place.column == "reported"]
    assert (refused or days(built)) == [says]


PERIODS = ["1;01-06-2018", "1;01-06-2019", "1;"]
REPORTED = ["1;01-02-2018", "1;09-02-2018", "1;01-02-2019", "1;05-09-2019", "2;01-04-2018"]


@pytest.mark.parametrize("order", list(itertools.permutations(PERIODS)))
def test_each_period_of_a_case_gets_the_referral_that_it_begins_with(tmp_path: Path, order: list[str]) -> None:
    """What was reported while a case was open is of that period; the only referral of case 2 came after its closure."""
    files = {
        "cases.csv": "\n".join(["nr;closed", *order, "2;01-03-2018", ""]),
        "referrals.csv": "\n".join(["nr;day", *REPORTED, ""]),
    }
    built = build.build(home_with(tmp_path, files, SILENT), "here")
    assert periods(built) == [("01-02-2018", "01-06-2018"), ("01-02-2019", "01-06-2019"), ("05-09-2019", "")]
    assert aside(built, "missing_required") == [5]
    of_day = built.tables["referrals"].set_index(built.tables["referrals"]["date"].astype("str"))["case_id"]
    numbers = built.tables["cases"].sort_values("date_referral")["case_id"].tolist()
    assert of_day[["2018-02-01", "2018-02-09", "2019-02-01", "2019-09-05"]].tolist() == [numbers[0], *numbers]


@pytest.mark.parametrize(
    ("first", "later", "expected"),
    [
        (("1;", "1;01-02-2018"), ("1;01-06-2018", "1;01-02-2018"), [("01-02-2018", "01-06-2018")]),  # closed since
        (("1;01-06-2018", "1;01-02-2018"), ("1;01-07-2018", ""), [("01-02-2018", "01-07-2018")]),  # corrected
        (("1;01-06-2018", "1;01-02-2018"), ("1;", ""), [("01-02-2018", "")]),  # not closed after all
        (
            ("1;01-06-2018", "1;01-02-2018"),
            ("1;", "1;01-02-2019"),
            [("01-02-2018", "01-06-2018"), ("01-02-2019", "")],
        ),  # reported again; only that is delivered
    ],
)
def test_a_later_delivery_corrects_a_period_or_brings_another(
    tmp_path: Path, first: tuple[str, str], later: tuple[str, str], expected: list[tuple[str, str]]
) -> None:
    def files(delivered: tuple[str, str]) -> dict[str, str]:
        return {"cases.csv": f"nr;closed\n{delivered[0]}\n", "referrals.csv": f"nr;day\n{delivered[1]}\n"}

    home = home_with(tmp_path, files(first), SILENT, received="2020-01-15", extraction_date="2019-12-31")
    deliver(home, "here", files(later), received="2021-01-15", extraction_date="2020-12-31")
    assert periods(build.build(home, "here")) == expected


@pytest.mark.parametrize(("said", "expected"), [("yes", [("01-02-2018", "")]), ("no", [])])
def test_a_list_of_people_who_did_not_agree_tells_no_day(
    tmp_path: Path, said: str, expected: list[tuple[str, str]]
) -> None:
    study = {"regime": "case_study", "extraction_date": "2019-12-31"}
    consent = f'consent = {{ everyone = "{said}", according_to = "de onderzoekers" }}'
    listed = {"referrals.csv": "nr;day\n1;01-02-2018\n"}
    home = home_with(tmp_path, listed, SILENT, received="2020-01-15", consent=consent, **study)
    deliver(home, "here", {"cases.csv": "nr;closed\n1;\n"}, **study)
    built = build.build(home, "here")
    assert (periods(built) if "cases" in built.tables else []) == expected
    assert aside(built, "missing_required") == ([] if expected else [2])


def test_all_that_rests_on_the_day_follows(tmp_path: Path) -> None:
    """The rules of a case, the age of persons, the keys by which it is found in a register that says the day itself."""
    cases = "nr;closed;client;born\n1;01-03-2019;11;01-03-1954\n2;;12;01-01-1980\n"
    own = "nr;reported;closed;client;born\n1;28-02-2019;01-03-2019;11;01-03-1954\n"
    files = {"cases.csv": cases, "referrals.csv": "nr;day\n1;28-02-2019\n2;05-01-2021\n"}
    home = home_with(tmp_path, files, SILENT, extraction_date="2020-12-31")
    home.crosswalk("other").write_text('format = "iww-crosswalk/1"\nsource = "other"\n' + WALK, encoding="utf-8")
    deliver(home, "other", {"cases.csv": own})
    built, other = build.build(home, "here"), build.build(home, "other")
    assert built.tables["case_persons"]["age_class"].tolist() == ["50-64"]  # 65 on the day after
    assert aside(built, "after_extraction") == [3]  # reported after the last day that the delivery knows
    for table, column in (("cases", "number_key"), ("case_persons", "birth_key")):
        assert built.tables[table][column].notna().all()
        assert built.tables[table][column].tolist() == other.tables[table][column].tolist()


def test_a_sheet_that_says_a_day_in_no_row_records_it_through_the_list(tmp_path: Path) -> None:
    home = home_with(tmp_path, {"cases.csv": "nr;closed\n1;\n", "referrals.csv": "nr;day\n1;01-02-2019\n"}, SILENT)
    assert "cases.date_referral" in build.build(home, "here").ledger["recorded"]
    (note,) = (note for note in checked(home, "here").notes if note.code == "first_referral")
    assert note.words == {"n": 1, "other": "referrals.csv"}


# ---- from a stranger's files to a report ------------------------------------------------------------------------------

N = 30
ANSWERS = {
    '"row", "aanmeldingen.csv"': "lijst van aanmeldingen bij casussen, één aanmelding per regel",
    '"municipality"': "Ede", '"extraction_date"': "31-12-2020", '"case_is.nl"': "Een huishouden.",
    '"selection.nl"': "Alle meldingen.",
}  # fmt: skip


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Thirty cases without a day, and a list of referrals: one each, and of the first five a second one."""
    folder = tmp_path_factory.mktemp("told")
    ends = [
        f"{100 + n};Noord;{'' if n % 3 else f'{1 + n % 28:02}-06-2020'};{'' if n % 3 else 'Verhuisd'}" for n in range(N)
    ]
    first = [f"{100 + n};{1 + n % 28:02}-{1 + n // 10:02}-2020;Huisarts" for n in range(N)]
    again = [f"{100 + n};20-05-2020;School" for n in range(5)]
    (folder / "zaken.csv").write_text(
        "\n".join(["Zaaknummer;Team;Einddatum;Reden afsluiting", *ends, ""]), encoding="utf-8"
    )
    (folder / "aanmeldingen.csv").write_text(
        "\n".join(["Zaaknummer;Datum aanmelding;Aanmelder", *again, *first, ""]), encoding="utf-8"
    )
    home = Home(folder / "home")
    home.raw.mkdir(parents=True)
    added = add(home, "ede", [folder / "zaken.csv", folder / "aanmeldingen.csv"], dt.date(2021, 1, 15), yes=True)
    assert "required_open" in [message.code for message in added.messages]  # as long as nobody says what the list is
    assert added.form
    done = take_in(home, "ede", fill(added.form, ANSWERS))
    assert [note.say("nl") for note in done.notes if note.code == "required_elsewhere"] == [
        "bestand zaken.csv: geen kop geeft datum aanmelding: elke casus krijgt die van zijn eerste aanmelding, uit "
        "aanmeldingen.csv. Een casus die daar niet staat, wordt apart gezet."
    ]
    assert "required_open" not in [message.code for message in done.messages]
    card = home.deliveries("ede")[0] / "origin.toml"
    card.write_text(card.read_text(encoding="utf-8").replace("synthetic = false", "synthetic = true"), encoding="utf-8")
    return home


def test_the_figure_counts_each_case_on_its_first_referral_and_the_way_back_leads_there(told: Home) -> None:
    study = build.load(told, ["ede"])
    monthly = CATALOGUE["F01"].ask(study).part("intake").numbers.set_index("month")["n_cases"]
    assert monthly[monthly > 0].to_dict() == {"2020-01": 10, "2020-02": 10, "2020-03": 10}
    back = walk_back(told, "F01", {"month": "2020-01", "part": "intake"}, "all", ["ede"])
    values = back.values.query("column == 'date_referral'").sort_values("row")
    assert values[["row", "raw", "value", "rule", "said_in"]].iloc[0].tolist() == [
        2, "", "2020-01-01", "first_referral", "aanmeldingen.csv:7"
    ]  # fmt: skip
    assert set(values["rule"]) == {"first_referral"}
    said = "de dag van aanmelding van de casus op 2021-01-15/zaken.csv · rij 2 komt uit 2021-01-15/aanmeldingen.csv · rij 7"
    for row in ("zaken.csv:2", "aanmeldingen.csv:7"):  # asked from either end
        places = places_of_row(study, row)
        assert said in list(row_lines(study, places, counted_in(study, places, "F01"), "nl"))


def test_the_days_are_counted_again_and_the_sample_of_raw_rows_holds(told: Home) -> None:
    study = build.load(told, ["ede"])
    raw = evidence(told, LazyFiles(told.report("none")), study.sources, lambda: Remade({}, {}))
    with raw.database(TYPES_OF_COLUMNS) as connection:
        here = checks.gather(raw, study.sources, connection)
        assert [check.findings for check in checks.sampled(raw, here, "ede", "seed")] == [()]
        again = CATALOGUE["F01"].ask(here.study).part("intake").numbers
        pd.testing.assert_frame_equal(again, CATALOGUE["F01"].ask(study).part("intake").numbers, check_like=True)
        assert not any(check.findings for check in accounts.check(connection, here.study.ledgers, {}, {}))
        connection.execute("DELETE FROM referrals WHERE date = DATE '2020-01-01'")
        (finding,) = (finding for check in accounts.check(connection, {}, {}, {}) for finding in check.findings[-1:])
    assert finding.say("nl") == (
        "bestand data/processed/ede/cases.parquet: van 30 casussen komt de dag van aanmelding uit een lijst van aanmeldingen, "
        "maar 29 daarvan hebben een aanmelding op die dag. Bouw opnieuw met ‘iww build’ en vergelijk."
    )


@pytest.mark.long  # short: the one before this
def test_a_report_on_them_holds(told: Home) -> None:
    with_short_notebooks(told.path)
    report.write(told, report.report(told, ["ede"], "proef"))
    verified = verify(told, "proef")
    assert [finding.say("nl") for check in verified.checks for finding in check.findings] == []
    sampled = next(check for check in verified.checks if check.name == "sample")
    assert sampled.n > N
