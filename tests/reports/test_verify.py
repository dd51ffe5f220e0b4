"""Verify: an untouched report holds; each kind of lie is named in a sentence, also when every hash was made to fit it."""

import json
import re
import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest
from typer.testing import CliRunner

from iww_analysis import cli, disclosure
from iww_analysis import verify as verify_package
from iww_analysis.analysis.finding import Finding
from iww_analysis.analysis.question import Question
from iww_analysis.analysis.study import Study
from iww_analysis.commands import build, report
from iww_analysis.commands.verify import evidence, make_anew, verify
from iww_analysis.figures.declaration import CATALOGUE
from iww_analysis.io.disk import files
from iww_analysis.io.disk.home import Home
from iww_analysis.io.disk.lazy_files import LazyFiles
from iww_analysis.io.processed import store
from iww_analysis.verify import checks, made_anew
from iww_analysis.verify.evidence import Evidence, Remade
from iww_analysis.verify.outcome import Check, Verified
from iww_analysis.verify.raw import sample
from iww_analysis.verify.recount import formulas, rule
from iww_analysis.verify.recount.formulas import Behind
from iww_analysis.verify.recount.recount import TYPES_OF_COLUMNS
from shared.homes import deliver, home_with
from shared.long import sampled
from shared.notebooks import with_short_notebooks
from shared.reports import fit_hashes, place_of
from shared.sources import HOME, SOURCES, whole_study

RUN = CliRunner()
NAME = "proef"

# ---- a report of one small source, made for real --------------------------------------------------------------------

CROSSWALK = """
[[sheets]]
file = "cases.csv"
one_row_is = "cases"
date_order = "dmy"
[sheets.columns]
"Nr" = "cases.case_id"
"Melding" = "cases.date_referral"
"Einde" = "cases.date_closed"
"Reden" = "cases.closure_reason"
"Stand" = "cases.status"
"Domein" = { to = "case_domains.domain", split = ",", moment = "begin" }
[codes.closure_reason]
"Klaar" = "according_to_plan"
"Weg" = "moved"
"""


def register(n: int = 60) -> str:
    """Cases of 2019 and 2020: two of three closed, after 20 days or more; some by moving."""
    lines = ["Nr;Melding;Einde;Reden;Stand;Domein"]
    for i in range(n):
        start = pd.Timestamp("2019-01-07") + pd.Timedelta(days=11 * i % 500)
        end = start + pd.Timedelta(days=20 + 37 * i % 200)
        closed = (f"{end:%d-%m-%Y}", "Weg" if i % 4 == 0 else "Klaar", "Afgesloten")
        domains = "Financiën,Wonen" if i % 2 else "Financiën"
        lines.append(";".join([f"2019-{i:03}", f"{start:%d-%m-%Y}", *(closed if i % 3 else ("", "", "Open")), domains]))
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, Remade]:
    """A home with a finished report, and everything in it made anew once."""
    home = home_with(tmp_path_factory.mktemp("verify"), {"cases.csv": register()}, CROSSWALK, study="saz")
    with_short_notebooks(home.path)
    report.write(home, report.report(home, ["here"], NAME, study_id="saz"))
    return home, make_anew(home, NAME)


@pytest.fixture
def lying(made: tuple[Home, Remade], tmp_path: Path) -> Home:
    """A copy of that home, to be altered."""
    shutil.copytree(made[0].path, tmp_path / "copy")
    return Home(tmp_path / "copy")


def checked(home: Home, anew: Remade) -> dict[str, Check]:
    return {check.name: check for check in verify(home, NAME, remade=anew).checks}


def said(verified: Verified, lang: str = "nl") -> list[str]:
    return [finding.say("en" if lang == "en" else "nl") for check in verified.checks for finding in check.findings]


def test_an_untouched_report_holds_and_every_check_was_done(made: tuple[Home, Remade]) -> None:
    home, anew = made
    verified = verify(home, NAME, remade=anew)
    assert said(verified) == []
    done = {check.name: check.n for check in verified.checks}
    skipped = {check.name: check.skipped for check in verified.checks if check.skipped}
    assert skipped == {"signature": "unsigned"}
    for name in checks.NAMES:
        assert done[name] > 1 or name == "consent", name  # a register rests on another ground


# ---- lies -----------------------------------------------------------------------------------------------------------

Document = dict[str, Any]


def mark_of(receipt: Document, part: str, **keys: str) -> Document:
    return next(mark for mark in receipt["marks"] if mark["part"] == part and keys.items() <= mark["mark"].items())


def question_of(receipt: Document, part: str) -> Document:
    return next(question for question in receipt["questions"] if question["name"] == part)


def one_more(of: Document, name: str) -> None:
    of[name] += 1


def a_share(receipt: Document) -> None:
    mark_of(receipt, "reasons", reason="moved")["raw"]["share"] += 0.01


def a_number_shown_otherwise(receipt: Document) -> None:
    receipt["marks"][0]["drawn"]["n_cases"] += 5


# each lie stands in a place of its own, so that all can be told at once: what is changed, and what must be said of it
LIES: Mapping[str, tuple[str, Callable[[Document], object], str]] = {
    "a raw number": (
        "receipts/F05.json", lambda r: one_more(mark_of(r, "reasons", reason="according_to_plan")["raw"], "n_cases"),
        "F05, vraag ‘reasons’, teken municipality=GM0243, reason=according_to_plan: n_cases is hier 31, de hertelling geeft 30."),
    "a raw share": ("receipts/F05.json", a_share, "reason=moved: share is hier 0.26, de hertelling geeft 0.25."),
    "a number shown that no vector says": ("figures/F05.json", a_number_shown_otherwise, "n_cases is getekend als "),
    "a number drawn otherwise": (
        "receipts/F03.json", lambda r: one_more(mark_of(r, "domains", domain="finances")["drawn"], "n_cases"),
        "F03, vraag ‘domains’, teken municipality=GM0243, domain=finances: n_cases is getekend als 61"),
    "a total": ("receipts/F05.json", lambda r: one_more(question_of(r, "reasons")["totals"][0], "n_cases"),
                "teken municipality=GM0243: totals is hier 41, de hertelling geeft 40."),
    "units asked for": ("receipts/F01.json", lambda r: one_more(question_of(r, "intake"), "n_in"),
                        "F01, vraag ‘intake’, teken –: n_in is hier 61, de hertelling geeft 60."),
    "units lost": ("receipts/F01.json", lambda r: None, "F01, vraag ‘intake’: 1 eenheden zijn gevraagd en staan niet"),
    "units left out": ("figures/F05.json", lambda r: one_more(question_of(r, "reasons")["left_out"], "still_open"),
                       "left_out still_open is hier 21, de hertelling geeft 20."),
    "another SQL": ("figures/F03.json", lambda r: question_of(r, "pairs").update(sql="SELECT 1"),
                    "F03, vraag ‘pairs’: de SQL op de kwitantie is niet de SQL waarmee de figuur is geteld."),
    "other rows": ("receipts/F03.json", lambda r: mark_of(r, "domains", domain="housing").update(row_set="0" * 64),
                   "domain=housing: de rijen op de kwitantie zijn niet de 30 rijen waaruit het is geteld."),
    "rows that are listed": ("receipts/F03.json", lambda r: mark_of(r, "domains", domain="housing").update(rows={"here/x": "2"}),
                             "domain=housing: de rijen op de kwitantie zijn niet de 30 rijen waaruit het is geteld."),
    "a mark too few": ("figures/F02.json", lambda r: r["marks"].pop(0), "staat er 0 keer, volgens de hertelling hoort het er 1"),
    "a mark twice": ("receipts/F02.json", lambda r: r["marks"].append(r["marks"][-1]), "staat er 2 keer"),
    "an estimate of what stays open": (
        "receipts/F04.json", lambda r: mark_of(r, "closed", **{"class": "m0_3"})["raw"].update(share=0.9),
        "F04, vraag ‘closed’, teken municipality=GM0243, class=m0_3: share is hier 0.9, de hertelling geeft 0."),
    "a card": ("receipts/T01.json", lambda r: r["marks"][0]["raw"].update(regime="case_study"),
               "regime is hier case_study, de hertelling geeft register."),
    "rows of a source": ("receipts/T01.json", lambda r: one_more(r["sources"][0], "rows_kept"),
                         "wat de kwitantie zegt van here, 2021-01-15/cases.csv"),
    "what is said of the sources": (
        "receipts/quality.json", lambda r: one_more(mark_of(r, "fields", field="cases.date_closed", year="all")["raw"], "n"),
        "‘fields’, source=here, field=cases.date_closed, year=all: n is hier 41, de hertelling geeft 40."),
    "a caveat that goes": ("figures/F05.json", lambda r: r["caveats"].clear(), "opnieuw gemaakt is dit bestand anders"),
}  # fmt: skip


@pytest.fixture(scope="module")
def lies_told(made: tuple[Home, Remade], tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What is said of a report in which every lie is told and every hash fits."""
    home = Home(tmp_path_factory.mktemp("lies") / "home")
    shutil.copytree(made[0].path, home.path)
    for path, tell, _ in LIES.values():
        receipt = files.read_json(place_of(home, NAME, path))
        tell(receipt)
        files.write_json(place_of(home, NAME, path), receipt)
    fit_hashes(home, NAME)
    return said(verify(home, NAME, remade=made[1]))


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_is_named_although_every_hash_fits(lie: str, lies_told: list[str]) -> None:
    path, _, told = LIES[lie]
    assert [line for line in lies_told if line.startswith(f"bestand {path}: ") and told in line], lies_told


def test_no_hash_gave_the_lies_away(lies_told: list[str]) -> None:
    assert not [line for line in lies_told if "SHA-256" in line and "kaart" not in line]


def test_what_may_be_shown_is_held_against_its_sums_its_attack_and_the_counts(
    made: tuple[Home, Remade], lying: Home
) -> None:
    path = lying.shown("here")
    document = files.read_json(path)
    cell = next(cell for cell in document["shown"] if cell[:2] == ["F05.reasons", "n_cases"] and cell[-1])
    cell[-1] += 10
    files.write_json(path, document)
    found = checked(lying, made[1])
    assert {m.code for m in found["shown"].findings} == {"verify_shown_sum", "verify_shown_audit"}
    assert {m.code for m in found["protection"].findings} == {"verify_drawn"}


def change_table(home: Home, change: Callable[[pd.DataFrame], pd.DataFrame]) -> None:
    """Change the stored cases and let every hash fit."""
    path = home.processed("here") / "cases.parquet"
    files.write_bytes(path, store.table_bytes(change(store.read_table(path))))
    fit_hashes(home, NAME)


def test_a_row_that_goes_from_a_table_is_missed(made: tuple[Home, Remade], lying: Home) -> None:
    change_table(lying, lambda cases: cases.drop(index=4))
    found = checked(lying, made[1])
    assert found["recount"].findings
    assert [m.place.file for m in found["processed_anew"].findings] == ["data/processed/here/cases.parquet"]


def test_a_value_that_is_changed_in_a_table_is_read_otherwise_in_the_raw_file(
    made: tuple[Home, Remade], lying: Home
) -> None:
    change_table(lying, lambda cases: cases.assign(closure_reason=cases["closure_reason"].replace("moved", "other")))
    named = checked(lying, made[1])["sample"].findings
    assert {(m.place.file, m.place.column) for m in named} == {("data/raw/here/2021-01-15/cases.csv", "Reden")}


def test_a_row_that_a_table_invents_is_not_in_the_account(made: tuple[Home, Remade], lying: Home) -> None:
    change_table(
        lying, lambda cases: pd.concat([cases, cases.tail(1).assign(case_id="p1-x", source_row=99)], ignore_index=True)
    )
    found = checked(lying, made[1])
    assert [m.place.file for m in found["stored"].findings] == ["data/processed/here/cases.parquet"]


def test_a_ledger_that_does_not_add_up_is_named(made: tuple[Home, Remade], lying: Home) -> None:
    path = lying.processed("here") / "ledger.json"
    ledger = files.read_json(path)
    ledger["sheets"][0]["rows_empty"] += 1
    files.write_json(path, ledger)
    fit_hashes(lying, NAME)
    assert "rows_in_file is 61, de delen tellen op tot 62." in checked(lying, made[1])["ledger"].findings[0].say("nl")


def test_a_figure_that_goes_with_its_receipts_is_missed(made: tuple[Home, Remade], lying: Home) -> None:
    for path in (*lying.report(NAME).rglob("F03.*"), lying.receipts(NAME) / "F03.json"):
        path.unlink()
    fit_hashes(lying, NAME)
    found = checked(lying, made[1])
    assert {"figures/F03.json", "receipts/F03.json"} <= {m.place.file for m in found["recount"].findings}
    assert {"figures/F03.svg", "figures/F03.csv"} <= {m.place.file for m in found["report_anew"].findings}


@pytest.mark.parametrize(
    ("present", "made", "same"),
    [
        ({"n": 3, "versions": {"pandas": "3.0"}}, {"n": 3, "versions": {"pandas": "3.1"}}, True),
        ({"n": 3}, {"n": 4}, False),
        ([{"n": 3}], {"n": 3}, False),
        ([], {}, False),
        ("x", {"n": 3}, False),
        ({"n": None}, {}, False),
        ([1], [1, None], False),
        ({"n": True}, {"n": 1}, False),
    ],
)
def test_under_other_versions_of_libraries_documents_that_differ_anywhere_are_named(
    present: object, made: object, same: bool
) -> None:
    one, other = (json.dumps(document, indent=indent).encode() for document, indent in ((present, 1), (made, 2)))
    manifest = json.dumps({"files": {"x.json": ""}}).encode()
    anew = Remade({}, {"x.json": other, "manifest.json": manifest}, alike=False)
    tally = made_anew.check(LazyFiles(HOME.report("none")), {"x.json": one, "manifest.json": manifest}, anew)
    assert [len(check.findings) for check in tally if check.name == "report_anew"] == [0 if same else 1]


# ---- damage, and what cannot be checked -----------------------------------------------------------------------------

DAMAGED = ("reports/proef/manifest.json", "data/receipts/proef/F05.json", "data/receipts/proef/manifest.json",
           "reports/proef/figures/F05.json",
           "data/processed/here/cases.parquet", "data/processed/here/ledger.json", "data/crosswalks/here.toml",
           "data/raw/here/2021-01-15/origin.toml")  # fmt: skip


@pytest.mark.parametrize("path", DAMAGED)
def test_a_damaged_file_is_a_finding_and_no_traceback(path: str, made: tuple[Home, Remade], lying: Home) -> None:
    whole = (lying.path / path).read_bytes()
    (lying.path / path).write_bytes(whole[: len(whole) // 2])
    assert [line for line in said(verify(lying, NAME, remade=made[1])) if Path(path).name in line]


@pytest.mark.parametrize("path", ["data/raw/here/2021-01-15/cases.csv", "data/crosswalks/here.toml"])
def test_a_file_that_is_gone_is_a_finding_and_no_traceback(path: str, made: tuple[Home, Remade], lying: Home) -> None:
    (lying.path / path).unlink()
    findings = [m for check in verify(lying, NAME, remade=made[1]).checks for m in check.findings]
    assert ("held_lacks", path) in [(m.code, m.place.file) for m in findings]
    assert "verify_broken" not in [m.code for m in findings]


def test_outside_the_safe_zone_it_says_what_was_not_checked_and_why(made: tuple[Home, Remade], tmp_path: Path) -> None:
    shutil.copytree(made[0].report(NAME), tmp_path / "reports" / NAME)
    result = RUN.invoke(cli.app, ["verify", "--report", NAME, "--home", str(tmp_path)])
    assert result.exit_code == 0, result.output
    (line,) = [
        line
        for line in result.output.splitlines()
        if line.startswith("Niet of niet geheel nagelopen, want hier liggen geen ruwe")
    ]
    assert "dat kan alleen binnen de veilige omgeving" in line
    assert "tekens en ruwe getallen: opnieuw geteld in DuckDB" in line


def test_the_command_makes_everything_anew_and_tells_as_json_what_it_checked(made: tuple[Home, Remade]) -> None:
    result = RUN.invoke(cli.app, ["verify", "--report", NAME, "--home", str(made[0].path), "--json"])
    told = json.loads(result.output)
    assert (result.exit_code, told["ok"]) == (0, True), told
    assert {"name": "ledger", "n": 3, "skipped": "", "findings": [], "notes": []} in told["checks"]


def test_a_report_that_is_not_there_is_said(made: tuple[Home, Remade]) -> None:
    result = RUN.invoke(cli.app, ["verify", "--report", "weg", "--home", str(made[0].path), "--lang", "en"])
    assert result.exit_code == 2
    assert "There is no report ‘weg’ with a manifest. Choose one of: proef;" in result.output


def test_a_report_of_an_earlier_version_is_verified_as_far_as_its_tables_go(lying: Home) -> None:
    """As one that version 0.4.1 made: the same form, tables of another library; only making the report anew is left out."""
    earlier = dict(build.contents(lying, "here", build.build(lying, "here"), "0" * 64))
    for path, content in earlier.items():
        files.write_bytes(lying.processed("here") / path, content)
    manifest = files.read_json(lying.report(NAME) / "manifest.json")
    manifest["versions"]["iww-analysis"] = "0.4.1"
    files.write_json(lying.report(NAME) / "manifest.json", manifest)
    fit_hashes(lying, NAME)
    verified = verify(lying, NAME)
    assert said(verified) == []
    skipped = {check.name: check.skipped for check in verified.checks if check.skipped}
    assert skipped == {"signature": "unsigned", "report_anew": "not_current"}


def test_a_report_of_a_form_that_is_not_known_is_said_to_be_so(lying: Home) -> None:
    manifest = files.read_json(lying.report(NAME) / "manifest.json")
    files.write_json(lying.report(NAME) / "manifest.json", manifest | {"format": "iww-report/1"})
    (line,) = said(verify(lying, NAME))
    assert line.startswith(
        "bestand manifest.json: dit rapport heeft de vorm ‘iww-report/1’; deze versie loopt iww-report/3 na."
    )


@pytest.mark.parametrize("lacking", ["lang", "inside", "sources", "files"])
def test_a_manifest_that_lacks_something_is_no_way_around_the_checks(lacking: str, lying: Home) -> None:
    manifest = files.read_json(lying.report(NAME) / "manifest.json")
    del manifest[lacking]
    files.write_json(lying.report(NAME) / "manifest.json", manifest)
    assert [m.code for check in verify(lying, NAME).checks for m in check.findings] == ["manifest_broken"]


def test_every_check_and_every_reason_has_words() -> None:
    package = Path(verify_package.__path__[0])
    code = "".join(path.read_text("utf-8") for path in package.rglob("*.py"))
    names = {
        *re.findall(r'(?:Check|hold|tally\.fault|attempt)\(\s*"(\w+)"', code),
        *checks.NAMES,
        "files",
        "crosswalks",
        "raw",
        "processed",
        "finished",
        "against",
    }
    for name in names:
        assert Check(name, 0).say("nl") != Check(name, 0).say("en")
    for reason in {*re.findall(r'skipped="(\w+)"', code), "outside", "not_current", "other_versions"}:
        assert Check("sql", 0, skipped=reason).why("nl")


# ---- the second implementation --------------------------------------------------------------------------------------


def evidence_here(home: Home, sources: Sequence[str]) -> Evidence:
    """What lies here of some sources, without a report."""
    return evidence(home, LazyFiles(home.report("none")), sources, lambda: Remade({}, {}))


def questions_of(finding: Finding | None) -> tuple[Question, ...]:
    """What a figure asks: the same, whether its answers come from pandas or from SQL."""
    return tuple(part.question for part in finding.parts) if finding else ()


def plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: round(value, 9) if isinstance(value, float) else value
        for name, value in values.items()
        if not pd.isna(value)
    }


TOGETHER, ALONE = "+".join(SOURCES), ("elburg", "nijmegen-interviews", "wijkteam-noord")


@pytest.mark.parametrize("name", sampled([TOGETHER, *SOURCES], [TOGETHER, *ALONE]))
def test_every_number_of_every_figure_is_the_same_in_sql_and_by_formula(name: str) -> None:
    study = whole_study() if "+" in name else whole_study().only(name)
    assert counted_twice(HOME, study) > 20


def test_closings_known_to_a_month_or_not_at_all_are_the_same_in_sql_and_by_formula(tmp_path: Path) -> None:
    lines = register().splitlines()
    for i, word in ((5, "april 2019"), (9, "07-2019"), (14, "volgt nog"), (18, "#N/A")):
        nr, start, _, *others = lines[i].split(";")
        lines[i] = ";".join([nr, start, word, *others])
    home = home_with(tmp_path, {"cases.csv": "\n".join(lines) + "\n"}, CROSSWALK)
    study = build.load(home, ["here"])
    closed = CATALOGUE["F04"].ask(study).part("closed_month")
    # referred on 20 February: 40 to 69 days; on 5 April: 87 to 117, which is two classes; of two the day is not known at all
    assert (closed.n_in, closed.n_out) == (4, 1)
    assert counted_twice(home, study) > 20


def test_cases_that_count_in_another_source_are_the_same_in_sql_and_by_formula(tmp_path: Path) -> None:
    head, *lines = register().splitlines()
    home = home_with(tmp_path, {"cases.csv": "\n".join([head, *lines]) + "\n"}, CROSSWALK)
    walk = home.crosswalk("here").read_text(encoding="utf-8").replace('"here"', '"team"')
    home.crosswalk("team").write_text(walk, encoding="utf-8")
    others = [f"9{line}" for line in lines[12:20]]  # other numbers
    both = {"cases.csv": "\n".join([head, *lines[:10], *others]) + "\n"}
    deliver(home, "team", both, more='overlap = { here = "same_number" }\n')
    study = build.load(home, ["here", "team"])
    intake = CATALOGUE["F01"].ask(study).part("intake")
    assert dict(intake.left_out) == {"in_other_source": 10}
    assert intake.n_out == len(lines) + len(others)
    assert counted_twice(home, study) > 20


def counted_twice(home: Home, study: Study) -> int:
    """Count the numbers of every figure of a study; each must be the same in SQL and by formula."""
    n = 0
    raw = evidence_here(home, study.sources)
    with raw.database(TYPES_OF_COLUMNS) as connection:
        here = checks.gather(raw, study.sources, connection)
        for entry in CATALOGUE.values():
            finding, recounted = checks.asked(entry, study), checks.asked(entry, here.study)
            assert questions_of(finding) == questions_of(recounted), entry.id
            if finding is None:
                continue
            extra = [] if finding.extra is None else [c for c in finding.extra if c not in (*finding.keys, "part")]
            own = checks.expectation(here, entry, finding)
            again = {column for marks in own.extra.values() for values in marks.values() for column in values}
            assert again <= set(extra), entry.id
            told = {(row["part"], tuple(str(row[key]) for key in own.parts[row["part"]].question.by)): row
                    for row in finding.numbers.to_dict("records")}  # fmt: skip
            assert set(told) == {(part, keys) for part, counted in own.parts.items() for keys in counted.marks}, (
                entry.id
            )
            for (part, keys), row in told.items():
                wanted = plain({value: row[value] for value in finding.values})
                assert plain(own.raw(part, keys)) == wanted, (entry.id, part, keys)
                n += len(wanted)
            for part in finding.parts:
                again = own.parts[part.question.name]
                assert (again.n_in, again.n_out, [*again.left_out.items()]) == (
                    part.n_in,
                    part.n_out,
                    [*part.left_out.items()],
                )
                assert dict(again.totals) == {str(k): v for k, v in part.totals.itertuples(index=False, name=None)}
    return n


def test_the_rule_written_twice_hides_and_rounds_the_same_counts() -> None:
    for n in range(120):
        assert rule.count(n, "register") == disclosure.protected_count(n, "register")
        assert rule.count(n, "case_study") == n


def test_the_rule_written_twice_rounds_the_same_shares() -> None:
    # 5 of 200 is two and a half per cent: halfway, where the last bits of a division decide, both neighbours are right
    assert rule.shares(5 / 200, 200) == pytest.approx((0.02, 0.03))
    assert rule.shares(5 / 40, 40) == pytest.approx((0.12, 0.13))
    assert rule.shares(5 / 45, 45) == pytest.approx((0.11,))
    assert rule.shares(1.2, 50) == pytest.approx((1.0,))  # a part can be shown as more than its whole
    assert rule.shares(0.5, 5) == (None,)


def test_what_stays_open_by_hand() -> None:
    # closed after 10 and 40 days, still open after 20 and 100: (1 - 1/4) * (1 - 1/2) = 0.375
    days = [(10, True), (20, False), (40, True), (100, False)]
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE cases (source VARCHAR, case_id VARCHAR, municipality VARCHAR, date_referral DATE, "
                           "date_closed DATE, "
                           "extraction_date DATE, status VARCHAR, date_referral_month VARCHAR, date_closed_month VARCHAR, "
                           "date_closed_missing VARCHAR, closure_reason VARCHAR)")  # fmt: skip
        for n, closed in days:
            end = f"DATE '2020-01-01' + {n}"
            connection.execute(f"INSERT INTO cases SELECT 'a', '{n}', 'GM1', DATE '2020-01-01', {end if closed else 'NULL'}, "
                               f"{end}, '{'closed' if closed else 'open'}', NULL, NULL, NULL, 'empty'")  # fmt: skip
        told = formulas.extra(CATALOGUE["F04"], Behind({}, connection, ["a"], {}, {}))["closed"]
    assert told["GM1", "m0_3"] == {"share": pytest.approx(0.375), "n_at_risk": 4}
    assert told["GM1", "m3_6"] == {"share": pytest.approx(0.375), "n_at_risk": 1}


@pytest.mark.parametrize("source", ["elburg", "nijmegen", "wijkteam-noord"])
def test_a_sample_of_a_source_reads_the_same_by_other_readers(source: str) -> None:
    build.ensure_built(HOME, [source])
    demo = evidence_here(HOME, [source])
    with demo.database(TYPES_OF_COLUMNS) as connection:
        sampled = checks.sampled(demo, checks.gather(demo, [source], connection), source, "seed")
    assert [(check.findings, check.n > 100) for check in sampled] == [((), True)]


def test_a_sample_is_the_same_for_the_same_report() -> None:
    with evidence_here(HOME, ["elburg"]).database(TYPES_OF_COLUMNS) as connection:
        one, again, other = (sample.drawn(connection, "elburg", seed) for seed in ("a", "a", "b"))
    assert one == again != other
    assert len(one) == sample.PER_SOURCE
