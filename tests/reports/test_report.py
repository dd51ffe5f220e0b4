"""The report: one page that needs no network, the same bytes in any folder, nothing made when nothing changed."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

import iww_synthetic
from iww_analysis import cli, figures
from iww_analysis.commands import build, report
from iww_analysis.commands.report import state
from iww_analysis.figures.declaration import CATALOGUE
from iww_analysis.io.disk import files
from iww_analysis.io.disk.home import Home
from iww_analysis.io.processed import inputs
from iww_analysis.messages import sentences
from iww_analysis.report import changes
from iww_analysis.report.page import page, texts_of
from shared import counting
from shared.notebooks import with_short_notebooks
from shared.reports import contents_of

SOURCES = ("elburg", "wijkteam-noord")
RUN_WHOLE = ("20-cases-compared",)  # all run in `make report` and under nbval
RUN = CliRunner()


def home_with_sources(folder: Path) -> Home:
    """A home that holds two invented sources, and of the notebooks one that runs."""
    for path, content in iww_synthetic.sources(cases=400).items():
        if any(f"/{source}" in path for source in SOURCES):
            files.write_bytes(folder / path, content)
    with_short_notebooks(folder, RUN_WHOLE)
    return Home(folder)


WORDS = "# Duiding\n\n## F05 Redenen\n\nHier stopt men om <goede> redenen.\n"


def home_with_words(folder: Path) -> Home:
    home = home_with_sources(folder)
    files.write_text(home.report("proef") / "duiding.md", WORDS)
    return home


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file in which all processes write what the making of the report took."""
    return tmp_path_factory.mktemp("log")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, log: Path) -> tuple[Home, dict[str, bytes]]:
    """A finished report as the command stores it: its home, and its files by path."""
    home = home_with_words(tmp_path_factory.mktemp("one") / "map met spatie")
    with pytest.MonkeyPatch.context() as patch:
        counting.in_kernels_too(log, patch.setenv)
        counting.count(patch.setattr)
        result = RUN.invoke(cli.app, ["report", *SOURCES, "--name", "proef", "--home", str(home.path), "--json"])
    assert result.exit_code == 0, result.output
    assert json.loads(result.output)["current"] is False
    return home, contents_of(home, "proef")


def test_each_figure_is_drawn_once_in_two_formats(made: tuple[Home, dict[str, bytes]], log: Path) -> None:
    """By the notebook that shows it, or by the report itself."""
    assert counting.counted(log / "counts", "drawn") == dict.fromkeys(
        ("FigureCanvasSVG", "FigureCanvasAgg"), len(CATALOGUE)
    )


def test_each_question_is_answered_once(made: tuple[Home, dict[str, bytes]], log: Path) -> None:
    times = counting.counted(log / "counts", "answered")
    assert times
    assert [question for question, n in times.items() if n > 1] == []


def test_each_raw_file_is_hashed_once(made: tuple[Home, dict[str, bytes]], log: Path) -> None:
    times = counting.counted(log / "counts", "hashed")
    raw = [str(path) for source in SOURCES for path in (made[0].raw / source).glob("*/*")]
    assert {path: times[path] for path in raw} == dict.fromkeys(raw, 1)


def test_the_page_asks_nothing_of_the_network(made: tuple[Home, dict[str, bytes]]) -> None:
    page = made[1]["index.html"].decode()
    asked = re.findall(r"(?:src|href|url\()\s*=?\s*[\"']?(?!#|data:)(https?:|//)[^\"')]*", page)
    assert not asked
    assert "<script" not in page
    assert "default-src 'none'" in page


def test_every_figure_of_the_catalogue_is_there_as_svg_png_and_csv_with_a_receipt(
    made: tuple[Home, dict[str, bytes]],
) -> None:
    for figure in ("F01", "F02", "F03", "F04", "F05", "F10", "F12", "F17", "F23", "T01"):
        for path in (
            f"figures/{figure}.svg",
            f"figures/{figure}.png",
            f"figures/{figure}.csv",
            f"receipts/{figure}.json",
        ):
            assert made[1][path], path


def test_a_figure_whose_data_no_source_has_says_so(made: tuple[Home, dict[str, bytes]]) -> None:
    assert "figures/F07.svg" in made[1]
    assert "receipts/F07.json" not in made[1]
    assert "Deze figuur kan nog niet worden getekend." in made[1]["figures/F07.svg"].decode()
    page = made[1]["index.html"].decode()
    assert '<section id="F07">' not in page
    _, _, without = page.partition('<section id="lacking">')
    assert '<strong id="F07">F07</strong> Eerste gezamenlijk cliëntoverleg en eerste resultaat' in without
    assert 'id="F07"' not in made[1]["review.html"].decode()


def test_every_rule_that_a_message_names_has_words_on_the_page() -> None:
    named = {name for name in sentences.read("errors")["message"] if name.startswith("rule_")}
    assert {name.removeprefix("rule_") for name in named} <= set(texts_of("nl", "report", "quality")["rules"])


def test_every_output_says_that_it_is_invented(made: tuple[Home, dict[str, bytes]]) -> None:
    for path, content in made[1].items():
        if path.endswith((".svg", ".html")):
            assert "synthetische data" in content.decode(), path
    assert json.loads(made[1]["manifest.json"])["synthetic"] is True


def test_the_manifests_hold_the_hash_of_every_file_each_of_its_own_folder(made: tuple[Home, dict[str, bytes]]) -> None:
    public, inside = (json.loads(made[1][path])["files"] for path in ("manifest.json", "receipts/manifest.json"))
    every = set(made[1]) - {"manifest.json", "receipts/manifest.json", "duiding.md", "receipts/changes.json"}
    assert (set(public) | set(inside), set(public) & set(inside)) == (every, set())
    assert {path.partition("/")[0] for path in inside} == {"receipts"}
    for path, sha in (public | inside).items():
        assert files.sha256(made[1][path]) == sha


def test_what_leaves_lies_apart_from_what_stays(made: tuple[Home, dict[str, bytes]]) -> None:
    home = made[0]
    assert {path.name for path in home.report("proef").iterdir()} == {
        "datapackage.json", "duiding.md", "figures", "index.html", "manifest.json", "notebooks", "quality.json",
        "review.html", "ro-crate-metadata.json",
    }  # fmt: skip
    assert {"F05.json", "changes.json", "manifest.json", "quality.json", "review.html"} <= {
        path.name for path in home.receipts("proef").iterdir()
    }
    assert '<a href="../../../reports/proef/index.html">' in made[1]["receipts/review.html"].decode()


def test_no_hash_of_rows_or_of_a_restricted_file_leaves(made: tuple[Home, dict[str, bytes]]) -> None:
    """What is restricted can be guessed from its plain hash; rows beside those of another report can be told to be others."""
    inside = json.loads(made[1]["receipts/manifest.json"])
    plain = {sha for path, sha in inside["files"].items() if path.startswith("receipts/")}
    for of in inside["inputs"].values():
        plain |= {of["crosswalk"], *of["raw"].values(), *of["processed"].values()}
    rows = {mark["row_set"] for mark in json.loads(made[1]["receipts/F05.json"])["marks"]}
    assert len(plain) > 50
    for path, content in made[1].items():
        if not path.startswith("receipts/"):
            assert not [sha for sha in {*plain, *rows, inside["key"]} if sha.encode() in content], path


def test_the_manifest_of_inside_holds_what_the_report_was_made_of(made: tuple[Home, dict[str, bytes]]) -> None:
    home, told = made[0], json.loads(made[1]["manifest.json"])
    assert (told["format"], told["lang"], told["study"], told["internal"]) == ("iww-report/3", "nl", "", False)
    inside = json.loads(made[1]["receipts/manifest.json"])
    for source in SOURCES:
        inputs = inside["inputs"][source]
        assert inputs["crosswalk"] == files.sha256_of(home.crosswalk(source))
        assert inputs["raw"] == {
            f"{p.parent.name}/{p.name}": files.sha256_of(p) for p in (home.raw / source).glob("*/*")
        }
        assert inputs["processed"] == {p.name: files.sha256_of(p) for p in home.processed(source).iterdir()}


def test_every_receipt_is_there_in_public_and_in_full(made: tuple[Home, dict[str, bytes]]) -> None:
    told = {path: json.loads(content) for path, content in made[1].items() if re.search(r"/[FT]\d\d\.json$", path)}
    told |= {path: json.loads(made[1][path]) for path in ("quality.json", "receipts/quality.json")}
    public = {receipt["figure"]: receipt for path, receipt in told.items() if receipt["access"] == "public"}
    restricted = {receipt["figure"]: receipt for path, receipt in told.items() if receipt["access"] == "restricted"}
    assert set(public) == set(restricted)
    assert all(path.startswith("receipts/") == (receipt["access"] == "restricted") for path, receipt in told.items())
    for figure, receipt in public.items():
        assert [mark["drawn"] for mark in receipt["marks"]] == [mark["drawn"] for mark in restricted[figure]["marks"]]


def test_every_mark_of_a_receipt_can_be_found_on_its_figure(made: tuple[Home, dict[str, bytes]]) -> None:
    for path, content in made[1].items():
        if re.fullmatch(r"figures/[FT]\d\d\.json", path):
            there = set(re.findall(r' id="([^"]*)"', made[1][path.replace(".json", ".svg")].decode()))
            assert {mark["address"] for mark in json.loads(content)["marks"]} <= there, path


def test_a_report_says_what_changed_since_the_one_before(made: tuple[Home, dict[str, bytes]]) -> None:
    first = json.loads(made[1]["receipts/changes.json"])
    assert [change["code"] for change in first["changes"]] == ["changed_first"]
    again = changes.since(made[1], made[1], "nl")
    assert [message.code for message in again] == ["changed_nothing"]


def test_what_the_receipt_draws_is_in_the_csv_and_the_raw_count_is_not(made: tuple[Home, dict[str, bytes]]) -> None:
    receipt = json.loads(made[1]["receipts/F05.json"])
    drawn = made[1]["figures/F05.csv"].decode("utf-8-sig")
    for mark in receipt["marks"]:
        start = ";".join([mark["mark"]["municipality"], mark["mark"]["reason"], ""])
        line = next(row for row in drawn.splitlines() if row.startswith(start))
        counted = mark["drawn"]["n_cases"]
        assert f";{'x' if counted is None else counted};" in line + ";"


def test_a_second_report_makes_nothing(made: tuple[Home, dict[str, bytes]]) -> None:
    result = RUN.invoke(cli.app, ["report", *SOURCES, "--name", "proef", "--home", str(made[0].path), "--json"])
    assert json.loads(result.output)["current"] is True


def test_the_researchers_words_stay_and_get_headings(made: tuple[Home, dict[str, bytes]]) -> None:
    assert made[1]["duiding.md"].decode().startswith(WORDS.rstrip())
    assert "## F17" in made[1]["duiding.md"].decode()


def test_words_from_before_there_was_a_report_stand_at_its_end(made: tuple[Home, dict[str, bytes]]) -> None:
    page, notebook = made[1]["index.html"].decode(), made[1]["notebooks/20-cases-compared.ipynb"].decode()
    figures, _, end = page.partition('<section id="words-apart">')
    assert "Hier stopt men om &lt;goede&gt; redenen." in end
    assert "Hier stopt men" not in figures + notebook
    assert '<a href="#words-F05">Geschreven bij andere cijfers' in figures
    assert "_Geschreven bij andere cijfers dan hier staan." in notebook


def test_words_changed_since_are_about_the_numbers_of_the_report_that_lies_there(
    made: tuple[Home, dict[str, bytes]],
) -> None:
    place, numbers = made[0].report("proef") / "duiding.md", json.loads(made[1]["figures/F05.json"])["digests"]
    files.write_text(place, WORDS + "\nNagelezen.\n")
    assert state.bound_words(made[0], "proef").apart({"F05": numbers["numbers"]}) == {}
    files.write_bytes(place, made[1]["duiding.md"])
    assert set(state.bound_words(made[0], "proef").apart({"F05": numbers["numbers"]})) == {"F05"}


@pytest.mark.long  # short: the three before this
def test_words_that_were_read_again_come_back_in_page_and_notebook(made: tuple[Home, dict[str, bytes]]) -> None:
    place = made[0].report("proef") / "duiding.md"
    files.write_text(place, WORDS + "\nNagelezen.\n")
    again = report.report(made[0], SOURCES, "proef")
    assert "Hier stopt men om &lt;goede&gt; redenen.\n\nNagelezen." in again.files["index.html"].decode()
    assert "Hier stopt men om <goede> redenen." in again.files["notebooks/20-cases-compared.ipynb"].decode()
    assert b'id="words-apart"' not in again.files["index.html"]
    assert not again.messages
    files.write_bytes(place, made[1]["duiding.md"])


@pytest.mark.long  # a sample: test_determinism
def test_two_runs_in_different_folders_give_the_same_bytes(
    made: tuple[Home, dict[str, bytes]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONHASHSEED", "7")
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    again = report.report(home_with_words(tmp_path), SOURCES, "proef").files
    assert set(again) == set(made[1])
    assert [path for path in again if made[1][path] != again[path]] == []


def test_an_internal_page_and_its_figures_say_so(made: tuple[Home, dict[str, bytes]]) -> None:
    study = build.load(made[0], ["elburg"])
    drawn = figures.draw_all(study, lang="nl", internal=True, ids=["F05"])
    assert "INTERN, niet delen" in drawn[0].svg.decode()
    assert "INTERN, niet delen" in page(study, drawn, {}, "elburg-intern", "nl", internal=True)


@pytest.mark.parametrize(
    ("path", "rebuilds"),
    [
        ("messages/errors.toml", False), ("messages/report.toml", False), ("report/templates/report.html", False),
        ("report/page.py", False), ("figures/texts.py", False), ("figures/catalogue/F05.toml", False), ("cli.py", False),
        ("cleaning/clean.py", True), ("vocabulary/headings.toml", True), ("tables/cases.toml", True),
        ("io/formats/text.py", True), ("crosswalk/crosswalk.py", True),
        ("analysis/finding.py", True), ("privacy/__init__.py", True),
    ],
)  # fmt: skip
def test_a_changed_sentence_remakes_a_report_and_rebuilds_no_source(
    path: str, rebuilds: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(inputs.LIBRARY, tmp_path / "library", ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(inputs, "LIBRARY", tmp_path / "library")
    before = inputs.library_hash.__wrapped__(), inputs.pages_hash.__wrapped__()
    place = tmp_path / "library" / path
    place.write_bytes(place.read_bytes() + b"\n")
    after = inputs.library_hash.__wrapped__(), inputs.pages_hash.__wrapped__()
    assert (before[0] != after[0]) is rebuilds
    assert before[1] != after[1]


def test_all_that_a_build_loads_counts_in_its_hash() -> None:
    """But for what only words messages."""
    script = (
        "import sys, iww_analysis.commands.build; print(*(getattr(m, '__file__', '') for m in sys.modules.values()))"
    )
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.split()
    own = [Path(path).relative_to(inputs.LIBRARY) for path in loaded if path.startswith(str(inputs.LIBRARY))]
    decide = [Path(name) for name in inputs.DECIDES]
    others = [path for path in own if not any(path == name or name in path.parents for name in decide)]
    assert {path.parts[0] for path in others if path.name != "__init__.py"} <= {"messages"}


@pytest.mark.long
def test_a_notebook_that_stops_costs_no_figure_of_the_report(tmp_path: Path) -> None:
    home = home_with_sources(tmp_path)
    path = home.path / "notebooks" / "20-cases-compared.ipynb"
    path.write_text(path.read_text("utf-8").replace("study = iww.load(*sources)", "study = 1 / 0"), encoding="utf-8")
    stopped = report.report(home, SOURCES, "proef")
    assert [(m.code, m.words["notebook"], m.words["kind"]) for m in stopped.stopped] == [
        ("notebook_failed", "20-cases-compared", "ZeroDivisionError")
    ]
    for figure in ("F01", "F05", "F17", "T01"):
        assert f"figures/{figure}.json" in stopped.files
    notebook = stopped.files["notebooks/20-cases-compared.ipynb"].decode()
    assert "20-cases-compared is in cel" in notebook
    assert "division by zero" not in notebook
    report.write(home, stopped)
    assert json.loads((home.receipts("proef") / "manifest.json").read_bytes())["key"] == ""  # the next run tries again
