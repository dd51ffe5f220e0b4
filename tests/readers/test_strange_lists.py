"""Lists as strangers deliver them, from files to tables: a number is right, or a person is asked with how much it is about."""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pytest

from iww_analysis.analysis.questions.compare import closure_reasons
from iww_analysis.analysis.questions.coverage import recorded
from iww_analysis.commands import build
from iww_analysis.commands.add import Added, add
from iww_analysis.commands.check import check
from iww_analysis.disclosure.protect import protect
from iww_analysis.io.disk.home import Home
from shared.homes import Content, as_bytes

HEAD = "Casusnummer;Datum aanmelding;Datum afsluiting;Reden afsluiting"


def rows(first: int, last: int, *, number: str = "Z{:03}") -> list[str]:
    """Closed cases, one a day from the 1st of March 2022."""
    return [f"{number.format(n)};{n}-03-2022;{n}-09-2022;volgens plan" for n in range(first, last + 1)]


def text(*lines: str) -> str:
    return "\n".join(lines) + "\n"


def added(folder: Path, files: Mapping[str, Content]) -> tuple[Home, Added]:
    """Files of Harderwijk as `iww add --yes` takes them in."""
    home = Home(folder / "home")
    paths = [folder / name for name in files]
    for path in paths:
        path.write_bytes(as_bytes(files[path.name]))
    return home, add(home, "harderwijk", paths, dt.date(2024, 1, 15), yes=True, extraction_date=dt.date(2023, 12, 31))


def cases_of(home: Home) -> pd.DataFrame:
    return build.build(home, "harderwijk").tables["cases"]


def asked(home: Home) -> dict[str, object]:
    """What `check` asks of the files, with how many; of the card it asks what only a person knows."""
    return {m.code: m.words.get("n") for m in check(home, ["harderwijk"]) if m.code != "origin_field"}


def test_one_row_per_case_and_domain_is_one_case_with_its_domains(tmp_path: Path) -> None:
    """Case 52: 20 cases, 40 domains."""
    pairs = [f"{row};{domain}" for row in rows(1, 20) for domain in ("Financiën", "Wonen")]
    home, done = added(tmp_path, {"m.csv": text(f"{HEAD};Leefgebied", *pairs)})
    tables = build.build(home, "harderwijk").tables
    assert (done.n_open, len(tables["cases"]), len(tables["case_domains"])) == (0, 20, 40)


def test_a_column_proves_the_order_of_days_for_another(tmp_path: Path) -> None:
    """Case 53: the days of closure go beyond the 12th, those of referral do not."""
    lines = [f"Z{n:03},{n % 12 + 1}/{n % 9 + 1}/2022,{n % 3 + 10}/{n + 12}/2023,volgens plan" for n in range(15)]
    home, _ = added(tmp_path, {"us.csv": text(HEAD.replace(";", ","), *lines)})
    cases = cases_of(home)
    assert list(cases["date_referral"].dt.month) == [n % 12 + 1 for n in range(15)]
    assert list(cases["date_closed"].dt.day) == [n + 12 for n in range(15)]


@pytest.mark.parametrize("at", [(10,), (4, 9, 15)])
def test_a_header_that_comes_again_is_a_header(tmp_path: Path, at: tuple[int, ...]) -> None:
    """Cases 60 and 61: files pasted together, and a header on every page."""
    lines = rows(1, 20)
    for n, before in enumerate(at):
        lines.insert(before + n, HEAD)
    home, done = added(tmp_path, {"m.csv": text(HEAD, *lines)})
    assert (done.n_open, len(cases_of(home)), asked(home)) == (0, 20, {})


def test_what_stands_below_a_header_in_another_order_is_not_read_and_asked_about(tmp_path: Path) -> None:
    moved = [
        f"{number};{closed};{referral};{why}" for number, referral, closed, why in (r.split(";") for r in rows(11, 20))
    ]
    other = "Casusnummer;Datum afsluiting;Datum aanmelding;Reden afsluiting"
    home, _ = added(tmp_path, {"m.csv": text(HEAD, *rows(1, 10), other, *moved, HEAD, *rows(21, 25))})
    cases = cases_of(home)
    assert (len(cases), asked(home)) == (15, {"header_moved": 10})
    assert (cases["date_closed"] > cases["date_referral"]).all()


def test_three_deaths_among_166_cases_cannot_be_derived(tmp_path: Path) -> None:
    """Case 42: 142 to plan, 21 moved, 3 died; what the page shows adds up, and fits any number from 0 to 4 that died."""
    reasons = ["volgens plan"] * 142 + ["verhuisd"] * 21 + ["overleden"] * 3
    lines = [f"Z{n:04};{n % 28 + 1}-03-2022;{n % 28 + 1}-09-2022;{why}" for n, why in enumerate(reasons)]
    home, _ = added(tmp_path, {"m.csv": text(HEAD, *lines)})
    study, _ = build.as_if_built(home, ["harderwijk"])
    done = protect(closure_reasons(study), "register", study.vectors)
    shown = done.part("reasons").set_index("reason")
    n = shown["n_cases"]
    assert (n["according_to_plan"] in (140, 145), n["moved"] in (20, 25), n["deceased"] in (0, 5)) == (True, True, True)
    assert {done.n_in["reasons"], done.n_out["reasons"], *done.totals["reasons"]["n_cases"]} == {n.sum()}


@pytest.mark.parametrize("sign", ["^", "~", "\t", "|"])
def test_a_list_is_divided_by_the_sign_that_makes_it_a_table(tmp_path: Path, sign: str) -> None:
    home, _ = added(tmp_path, {"m.txt": text(HEAD, *rows(1, 20)).replace(";", sign)})
    assert (len(cases_of(home)), asked(home)) == (20, {})


def test_a_file_of_which_nothing_is_read_is_said_in_add_and_check(tmp_path: Path) -> None:
    side_by_side = [["", "naam", "", "naam", "", "naam"], *([n, "x", n, "y", n, "z"] for n in range(5))]
    home, done = added(tmp_path, {"m.csv": text(HEAD, *rows(1, 20)).replace(";", ":"), "n.xlsx": {"A": side_by_side}})
    assert [m.code for m in done.notes] == ["file_one_column"]
    assert [m.code for m in done.messages] == ["sheet_no_table"]
    assert asked(home) == {"sheet_no_table": 6}


def test_months_of_a_known_heading_are_months(tmp_path: Path) -> None:
    """Case 03, as text: a month is enough for the month of referral, and no first of the month is made up."""
    written = [
        "2022-03",
        "apr. '22",
        "mei 2022",
        "eind juni 2022",
        "07-2022",
        "2022 aug",
        "begin 09-2022",
        "medio okt. 2022",
    ]
    lines = [f"Z{n:03};{month};;" for n, month in enumerate(written)]
    home, _ = added(tmp_path, {"m.csv": text(HEAD, *lines)})
    cases = cases_of(home)
    assert list(cases["date_referral_month"]) == [f"2022-{n:02}" for n in range(3, 11)]
    assert cases["date_referral"].isna().all()


@pytest.mark.parametrize(
    "words", ["Totalen;;20;", "Tot.;;20;", "Ttl.;20;;", "∑;;;20", "Sum of cases;;20;", "N = 20;;20;"]
)
def test_sums_in_other_words_are_sums_and_said(tmp_path: Path, words: str) -> None:
    home, _ = added(tmp_path, {"m.csv": text(HEAD, *rows(1, 20), words)})
    built = build.build(home, "harderwijk")
    assert built.ledger["sheets"][0]["rows_total"] == 1
    assert [m.words["words"] for m in built.notices if m.code == "sum_lines"] == [words.split(";")[0]]


def test_numbers_that_a_spreadsheet_rounded_are_asked_about(tmp_path: Path) -> None:
    home, done = added(tmp_path, {"m.csv": text(HEAD, *rows(1, 20, number="2,02203E+11"))})
    (message,) = done.messages
    assert message.say("nl") == (
        "bestand m.csv, kolom ‘Casusnummer’: 20 van de 20 nummers in deze kolom staan in wetenschappelijke notatie (zoals "
        "2,02E+11): een spreadsheet heeft de laatste cijfers weggegooid, en wat verschilde is nu gelijk. Vraag om een export "
        "waarin deze kolom tekst is."
    )
    assert asked(home) == {"key_rounded": 20, "rule_contradiction": 19}  # they contradict, now that they are one


def test_numbers_that_excel_made_months_are_read_back_where_a_person_says_so(tmp_path: Path) -> None:
    """Case 33, saved as text: 12 of 30 numbers such as 3-2022 became 2022-03, and the actions have them as they were."""
    numbers = [f"{n}-2022" for n in range(1, 31)]
    cases = [f"{f'2022-{n:02}' if n <= 12 else number};{n % 28 + 1}-03-2022;;" for n, number in enumerate(numbers, 1)]
    actions = [f"A{n};{number};{n % 28 + 1}-04-2022;professional;gedaan" for n, number in enumerate(numbers, 1)]
    head = "Actienummer;Casusnummer;Datum actie;Wie;Status actie"
    _, done = added(tmp_path, {"casussen.csv": text(HEAD, *cases), "acties.csv": text(head, *actions)})
    (message,) = [m for m in done.messages if m.code == "link_mended"]
    words = message.words
    assert (words["met"], words["n"], words["mended"], words["keys"]) == (18, 30, 30, 'case_id = ["m-yyyy"]')


def test_a_source_that_records_nothing_but_referrals_has_no_coverage_to_draw(tmp_path: Path) -> None:
    home, _ = added(
        tmp_path, {"m.csv": text("Casusnummer;Datum aanmelding", *(f"Z{n};{n}-03-2022" for n in range(10, 29)))}
    )
    study, _ = build.as_if_built(home, ["harderwijk"])
    assert (recorded(study).parts, asked(home)) == ((), {})
