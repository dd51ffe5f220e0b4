"""Deliveries of municipalities nobody saw before: by the form, a text editor or notebook 95 to the same true numbers."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from typer.testing import CliRunner

from iww_analysis import cli
from iww_analysis.commands import build
from iww_analysis.commands.report.make import key_of_rows
from iww_analysis.figures.draw_figures import draw_with_findings
from iww_analysis.io.disk.home import Home
from iww_analysis.report.notebooks import parsed, prepared
from iww_analysis.report.receipts import Basis, receipts
from shared.deliveries import Delivery, change, pivoted, scores, voices, years
from shared.forms import fill
from shared.long import sampled
from shared.notebooks import with_short_notebooks

MOST_ANSWERS = 12
BASE = 5  # docs/decisions/0023-all-counts-of-a-source-at-once.md
MODULES = {"pivoted": pivoted, "years": years, "change": change, "scores": scores, "voices": voices}
SAMPLE = ("change",)  # files of text, two deliveries
NOTEBOOK = Path(__file__).parents[2] / "notebooks" / "95-new-municipality.ipynb"
CELLS = ("parameters", "given", "laden", "rekening")  # those that do something; the others show what came of it
RUN = CliRunner()


@dataclass(frozen=True)
class Taken:
    """A delivery that was taken in through the form, in a home of its own, with how many answers that took.

    `post`: where its files lie, and other homes can.
    """

    post: Path
    delivery: Delivery
    home: Home
    n_answers: int


@pytest.fixture(scope="module", params=sampled(MODULES, SAMPLE))
def taken(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Taken:
    """Each delivery, added as it came and asked about until nothing is left that its analyst knows."""
    post, delivery = tmp_path_factory.mktemp(request.param), MODULES[request.param].delivery()
    home, n = home_in(post / "form"), 0
    for day, paths in by_day(delivery, post):
        form = iww(home, "add", delivery.source, *paths, "--received", day, "--yes")["form"]
        while form and knows(delivery, Path(form)):
            said = iww(home, "add", delivery.source, "--answers", str(fill(Path(form), delivery.answers)))
            form, n = said["form"], n + said["taken"]
    return Taken(post, delivery, home, n)


def home_in(folder: Path) -> Home:
    (folder / "data" / "raw").mkdir(parents=True)
    return Home(folder)


def by_day(delivery: Delivery, folder: Path) -> Iterator[tuple[str, Sequence[str]]]:
    """The files as they were received."""
    for day, contents in delivery.files:
        (folder / day).mkdir(parents=True, exist_ok=True)
        for name, content in contents.items():
            (folder / day / name).write_bytes(content)
        yield day, [str(folder / day / name) for name in contents]


def iww(home: Home, *words: str) -> Mapping[str, Any]:
    return json.loads(RUN.invoke(cli.app, [*words, "--home", str(home.path), "--json"]).output)  # type: ignore[no-any-return]


def knows(delivery: Delivery, form: Path) -> bool:
    """Whether the analyst knows an answer to what the form asks."""
    keys = [str(row[-1]) for row in openpyxl.load_workbook(form)["Vragen"].iter_rows(min_row=2, values_only=True)]
    return any(part in key for key in keys for part in delivery.answers)


def tables_of(home: Home, delivery: Delivery) -> Mapping[str, pd.DataFrame]:
    return build.load(home, [delivery.source]).tables


# ---- ten marks ------------------------------------------------------------------------------------------------------


def test_what_an_analyst_knows_is_asked_in_a_few_questions(taken: Taken) -> None:
    assert 0 < taken.n_answers <= len(taken.delivery.answers) <= MOST_ANSWERS


def test_ten_marks_are_the_truth_and_what_is_drawn_follows_by_the_rule(taken: Taken) -> None:
    hold(taken.delivery, drawn(taken))


@pytest.mark.long
def test_the_same_marks_stand_on_the_receipts_of_a_report(taken: Taken) -> None:
    with_short_notebooks(taken.home.path)
    said = iww(taken.home, "report", taken.delivery.source)
    folder = taken.home.receipts(taken.delivery.source)
    assert (said["ok"], said["messages"]) == (True, [])
    hold(taken.delivery, {path.stem: json.loads(path.read_text("utf-8")) for path in folder.glob("[FT]*.json")})


def drawn(taken: Taken) -> Mapping[str, Mapping[str, Any]]:
    """The restricted receipts of the figures that are asked about, as a report has them."""
    source = taken.delivery.source
    study = build.load(taken.home, [source])
    basis = Basis(study, {}, {source: taken.home.crosswalk(source).read_bytes()}, "", key_of_rows(taken.home, [source]))
    figures = draw_with_findings(study, ids=sorted({figure for (figure, *_), _ in taken.delivery.truth}))
    return {figure.id: receipts(figure, finding, basis)[1] for figure, finding in figures if finding}


def hold(delivery: Delivery, found: Mapping[str, Mapping[str, Any]]) -> None:
    """Hold ten marks against what is truly so, and what is drawn of each against the rule as it is written."""
    assert len(delivery.truth) == 10
    for (figure, part, keys), n in delivery.truth:
        marks = (*found[figure]["marks"], *found[figure]["not_drawn"])
        [mark] = [each for each in marks if (each["part"], each["mark"]) == (part, keys)]
        [count] = [question["unit"] for question in found[figure]["questions"] if question["name"] == part]
        of_register = delivery.regime == "register"
        shown = mark["drawn"][count] if "drawn" in mark else 0
        follows = shown % BASE == 0 and abs(shown - n) < BASE if of_register else shown == n
        assert (mark["raw"][count], follows) == (n, True), (figure, part, keys)


# ---- the same by other ways -----------------------------------------------------------------------------------------


def test_the_same_tables_by_a_text_editor(taken: Taken) -> None:
    """What a person writes in the crosswalk and on the card says all that the form said."""
    home, delivery = home_in(taken.post / "editor"), taken.delivery
    for day, paths in by_day(delivery, taken.post):
        iww(home, "add", delivery.source, *paths, "--received", day, "--yes")
    edit(home, delivery)
    same(tables_of(home, delivery), tables_of(taken.home, delivery))


def edit(home: Home, delivery: Delivery) -> None:
    """Write the lines of which the beginning is named, and those that are new below all others."""
    written = dict.fromkeys(delivery.lines, 0)
    crosswalk = home.crosswalk(delivery.source)
    for path in (crosswalk, *(folder / "origin.toml" for folder in home.deliveries(delivery.source))):
        lines = path.read_text("utf-8").splitlines()
        for n, line in enumerate(lines):
            for start in (start for start in delivery.lines if start and line.startswith(start)):
                lines[n], written[start] = delivery.lines[start], written[start] + 1
        path.write_text("\n".join([*lines, delivery.lines.get("", "") if path == crosswalk else ""]), "utf-8")
    assert all(n for start, n in written.items() if start), written


@pytest.mark.long
def test_the_same_tables_by_notebook_95(taken: Taken, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run once for the files, and once for every form that is filled in."""
    home, delivery = home_in(taken.post / "notebook"), taken.delivery
    monkeypatch.setenv("IWW_HOME", str(home.path))
    form = home.question_form(delivery.source)
    for day, paths in by_day(delivery, taken.post):
        given: dict[str, object] = {"source": delivery.source, "files": tuple(paths), "received": day}
        run_cells(given)
        while knows(delivery, form):
            run_cells(given | {"answers": str(fill(form, delivery.answers))})
    same(tables_of(home, delivery), tables_of(taken.home, delivery))


def run_cells(parameters: Mapping[str, object]) -> None:
    cells = {cell.id: cell.source for cell in prepared(parsed(NOTEBOOK.read_bytes()), parameters).cells}
    names: dict[str, object] = {"display": lambda _: None}
    for name in CELLS:
        exec(cells[name], names)


def same(some: Mapping[str, pd.DataFrame], others: Mapping[str, pd.DataFrame]) -> None:
    assert set(some) == set(others)
    for name, table in some.items():
        pd.testing.assert_frame_equal(table, others[name], obj=name)
