"""A new figure is one declaration: drawn, traced with its base rows, counted again and reported; nothing else knows it."""

from collections.abc import Mapping
from dataclasses import replace
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

import pytest

from iww_analysis import figures
from iww_analysis.analysis.finding import THE_MARK, Finding, Whole, ask
from iww_analysis.analysis.question import Question
from iww_analysis.analysis.study import Study
from iww_analysis.commands import build
from iww_analysis.commands.session import sheet_finder
from iww_analysis.commands.verify import evidence
from iww_analysis.figures.declaration import CATALOGUE, Entry, ShareRule, read
from iww_analysis.figures.draw_figures import draw_with_findings
from iww_analysis.figures.figure import Figure
from iww_analysis.io.disk.lazy_files import LazyFiles
from iww_analysis.privacy.pseudonyms import demo_key
from iww_analysis.report import review
from iww_analysis.report.page import page
from iww_analysis.report.receipts import Basis, Receipt, receipts
from iww_analysis.tracing.trace import trace
from iww_analysis.verify import checks
from iww_analysis.verify.evidence import Remade
from iww_analysis.verify.finished import geometry, svg
from iww_analysis.verify.outcome import Tally
from iww_analysis.verify.recount import numbers
from iww_analysis.verify.recount.numbers import Expected
from iww_analysis.verify.recount.recount import TYPES_OF_COLUMNS
from iww_analysis.verify.recount.rule import Shown
from shared.pictures import addresses, texts_in
from shared.shown import ShownOfStudy
from shared.sources import HOME
from shared.study import by_hand

NEW, TOWN = "F90", "GM0230"
DECLARED = f"""
question = "{__name__}:statuses"
drawing = "bars.own_counts"
regime = "register"
studies = ["saz"]
needs = ["cases.status"]
notebook = 20

title = {{ nl = "Open en afgesloten", en = "Open and closed" }}
what = {{ nl = "Eén staaf is het deel van de casussen met die status.", en = "One bar is the share of cases with that status." }}
read = {{ nl = "Achter elke staaf staat het deel.", en = "Behind each bar stands the share." }}
alt = {{ nl = "Staafdiagram voor {{groups}}; n = {{n}}. {{highest}}", en = "Bar chart for {{groups}}; n = {{n}}. {{highest}}" }}

[lists]
status = "case_status"

[[shares]]
part = "statuses"

[geometry]
bars = [{{ axis = "x", value = "measure", beside = true }}]
"""


def statuses(study: Study) -> Finding:
    """Cases per municipality and status, as a share of the municipality's cases."""
    question = Question("statuses", "cases", "n_cases", ("municipality", "status"))
    return ask("any", [question], study.tables, synthetic=study.synthetic).with_shares()


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Entry]:
    """The packaged figures and one more, whose declaration lies in a folder of its own."""
    folder: Path = tmp_path_factory.mktemp("catalogue")
    (folder / f"{NEW}.toml").write_text(DECLARED, encoding="utf-8")
    return {**CATALOGUE, **read({path.stem: path.read_text(encoding="utf-8") for path in folder.glob("*.toml")})}


@cache
def elburg() -> Study:
    return build.load(HOME, ["elburg"])


@pytest.fixture(scope="module")
def shown(catalogue: Mapping[str, Entry]) -> ShownOfStudy:
    """What may be shown of the figure's counts."""
    return ShownOfStudy(elburg(), {NEW: catalogue[NEW]})


@pytest.fixture(scope="module")
def study(shown: ShownOfStudy) -> Study:
    return replace(elburg(), vectors=shown)


@pytest.fixture(scope="module")
def drawn(catalogue: Mapping[str, Entry], study: Study) -> Figure:
    return figures.draw(NEW, study, catalogue=catalogue)


@pytest.fixture(scope="module")
def both(catalogue: Mapping[str, Entry], study: Study) -> tuple[Receipt, Receipt]:
    """Its receipts, as a report holds them."""
    ((figure, finding),) = draw_with_findings(study, ids=[NEW], catalogue=catalogue)
    assert finding is not None
    texts = {source: HOME.crosswalk(source).read_bytes() for source in elburg().sources}
    return receipts(figure, finding, Basis(elburg(), {"lang": "nl"}, texts, "code", demo_key()))


@pytest.fixture(scope="module")
def expected(catalogue: Mapping[str, Entry], shown: ShownOfStudy) -> Expected:
    """What `verify` counts of it, on its own."""
    demo = evidence(HOME, LazyFiles(HOME.report("none")), elburg().sources, lambda: Remade({}, {}))
    with demo.database(TYPES_OF_COLUMNS) as connection:
        here = replace(checks.gather(demo, ["elburg"], connection), shown=Shown({"elburg": shown.document("elburg")}))
        finding = checks.asked(catalogue[NEW], here.study)
        assert finding is not None
        return checks.expectation(here, catalogue[NEW], finding)


def test_it_is_drawn_and_no_other_catalogue_knows_it(drawn: Figure) -> None:
    assert f"{NEW}|municipality={TOWN}|status=closed" in addresses(drawn)
    assert f"{NEW} · Open en afgesloten" in texts_in(drawn)
    assert any("%" in text for text in texts_in(drawn))
    assert NEW not in CATALOGUE


def test_a_mark_is_traced_with_the_rows_of_its_whole(catalogue: Mapping[str, Entry], study: Study) -> None:
    finding = catalogue[NEW].ask(elburg())
    found = trace(finding, catalogue[NEW], study, sheet_finder(HOME), {"municipality": TOWN, "status": "closed"})
    cases = elburg()["cases"]
    here = cases[cases["municipality"] == TOWN]
    assert (finding.id, found.figure) == (NEW, NEW)
    assert 0 < len(found.rows) == here["status"].eq("closed").sum() < len(here)
    assert set(found.base["whole"]) == {"statuses"}
    assert sorted(found.base["row"]) == sorted(here["source_row"])


def test_verify_counts_it_again_from_the_declaration(both: tuple[Receipt, Receipt], expected: Expected) -> None:
    tally = Tally()
    for receipt in both:
        numbers.compare(tally, expected, receipt, f"{NEW}.json", None)
    (formulas,) = [check for check in tally.checks if check.name == "formulas"]
    assert not any(check.findings for check in tally.checks)
    assert formulas.n >= 2


def test_verify_finds_a_share_that_was_changed(both: tuple[Receipt, Receipt], expected: Expected) -> None:
    mark = both[1]["marks"][0]
    other = {**both[1], "marks": [{**mark, "raw": {**mark["raw"], "share": 0.5001}}, *both[1]["marks"][1:]]}
    tally = Tally()
    numbers.compare(tally, expected, other, f"{NEW}.json", None)
    assert [check.name for check in tally.checks for _ in check.findings] == ["formulas"]


def test_its_bars_are_measured(catalogue: Mapping[str, Entry], drawn: Figure, both: tuple[Receipt, Receipt]) -> None:
    n, faults = geometry.measured(both[0], svg.read(drawn.svg), "nl", catalogue)
    assert n > 2
    assert not faults


def test_it_stands_in_the_pages_of_a_report(
    catalogue: Mapping[str, Entry], drawn: Figure, both: tuple[Receipt, Receipt]
) -> None:
    index = page(elburg(), [drawn], {}, "all", "nl")
    told = {"synthetic": True, "internal": False, "restricted": False}
    reviewed = review.page({NEW: both[0]}, [drawn], "all", "nl", **told, catalogue=catalogue)
    for made in (index, reviewed):
        assert f"{NEW}|municipality={TOWN}|status=closed" in made
        assert "Open en afgesloten" in made


# --- declarations ----------------------------------------------------------------------------------------------------


def test_a_share_without_its_whole_is_no_finding() -> None:
    finding = statuses(by_hand())
    assert finding.extra is not None
    with pytest.raises(ValueError, match="statuses"):
        finding.with_extra(finding.extra, {"share": "n_cases"})
    with pytest.raises(ValueError, match="statuses"):
        finding.with_extra(finding.extra, {"share": "n_cases"}, {"another": THE_MARK})


def test_a_declaration_that_says_something_unknown_is_refused() -> None:
    with pytest.raises(TypeError, match="colour"):
        read({NEW: f'colour = "red"\n{DECLARED}'})


@pytest.mark.parametrize("entry", CATALOGUE.values(), ids=list(CATALOGUE))
def test_what_a_figure_declares_of_its_shares_is_what_its_finding_keeps(entry: Entry) -> None:
    finding = entry.ask(by_hand())
    for name in (name for name in finding.wholes if not entry.formula and _has_share(finding, name)):
        rules = [rule for rule in entry.shares if fnmatch(name, rule.part)]
        assert [_whole(rule, name, finding) for rule in rules] == [finding.wholes[name]], name


def _has_share(finding: Finding, name: str) -> bool:
    numbers = finding.numbers
    return bool(numbers.loc[numbers["part"] == name, "share"].notna().any()) if "share" in numbers else False


def _whole(rule: ShareRule, name: str, finding: Finding) -> Whole:
    """The whole that a declared rule speaks of."""
    if rule.over:
        return THE_MARK
    of = rule.of.replace("*", name.removeprefix(rule.part.removesuffix("*"))) or name
    return Whole((of,), rule.by or finding.keys[:1])
