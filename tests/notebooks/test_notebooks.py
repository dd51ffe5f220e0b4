"""Hold the notebooks to their promises: readable, protected, synthetic, and true to the figures they show."""

import ast
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import nbformat
import pytest

import iww_synthetic
from iww_analysis import vocabulary
from iww_analysis.commands import build
from iww_analysis.commands.home.start import start
from iww_analysis.commands.report import state
from iww_analysis.crosswalk.origin import Origin
from iww_analysis.figures.declaration import CATALOGUE
from iww_analysis.io import notebook_kernels
from iww_analysis.io.disk.home import Home
from iww_analysis.privacy.text.shapes import identifiers_in
from iww_analysis.report import notebooks

REPOSITORY = Path(__file__).parents[2]
FOLDER = REPOSITORY / "notebooks"
STEMS = sorted(path.stem for path in FOLDER.glob("*.ipynb"))
LINES = 15  # of a code cell, at most
BYTES = {"50-voices": 2_500_000}  # many tables. Any other: MOST_BYTES
MOST_BYTES, MOST_TOGETHER = 1_500_000, 7_000_000
PARAMETERS = {
    "95-new-municipality": {
        "source", "files", "received", "municipality", "study", "answers", "write_report", "lang", "internal",
    }
}  # fmt: skip
IMPORTS = {"iww_analysis", "pandas", "IPython.display"}
OPENS = {"open", "Path", "read_csv", "read_excel", "read_parquet", "read_json", "read_text", "read_bytes", "to_csv"}
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)
SHOWN = {"text/plain", "text/html", "text/markdown", "image/png"}
FIGURE_LINE = re.compile(r"^([FT]\d\d) · .+ · getallen [0-9a-f]{6} · tekens [0-9a-f]{6}$", re.MULTILINE)
RAW = re.compile(r"Studie met|n_\w+ = \d+ van \d+|raw_n_")  # what a study, a finding and a trace print, unprotected
LOADED = re.compile(r"Geladen: (.+)\.")
Notebook = Any


@pytest.fixture(params=STEMS)
def notebook(request: pytest.FixtureRequest) -> Notebook:
    return read(request.param)


def read(stem: str) -> Notebook:
    return notebooks.parsed((FOLDER / f"{stem}.ipynb").read_bytes())


def code(notebook: Notebook) -> list[Any]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def outputs(notebook: Notebook) -> Iterator[Any]:
    for cell in code(notebook):
        yield from cell.outputs


def texts(notebook: Notebook) -> str:
    """Everything a notebook's outputs say in words: all that is stored but pictures."""
    said = []
    for output in outputs(notebook):
        data = output.get("data", {})
        said += [output.get("text", ""), *(data[kind] for kind in sorted(data) if kind.startswith("text/"))]
    return "\n".join(said)


def names(tree: ast.AST) -> set[str]:
    """Every name and attribute that code mentions."""
    found = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    return found | {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}


# --- how a notebook reads --------------------------------------------------------------------------------------------


def test_the_notebooks_of_the_report_are_there() -> None:
    assert set(state.NOTEBOOKS) | {"95-new-municipality"} <= set(STEMS)


def test_opens_with_question_answer_and_caveats(notebook: Notebook) -> None:
    first = notebook.cells[0]
    assert first.cell_type == "markdown"
    assert first.source.startswith("# ")
    places = [first.source.find(word) for word in ("**Vraag.**", "**Antwoord.**", "**Let op.**")]
    assert -1 not in places
    assert places == sorted(places)


def test_the_answer_is_computed(notebook: Notebook) -> None:
    heads = [n for n, cell in enumerate(notebook.cells) if cell.source.startswith("## Antwoord")]
    assert len(heads) == 1
    answer = notebook.cells[heads[0] + 1]
    assert answer.cell_type == "code"
    assert re.search(r"\d", "".join(o.get("data", {}).get("text/markdown", "") for o in answer.outputs))


def test_one_cell_of_parameters_before_any_other_code(notebook: Notebook, request: pytest.FixtureRequest) -> None:
    tagged = [cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", ())]
    assert tagged == [code(notebook)[0]]
    stem = request.node.callspec.params["notebook"]
    assert names(ast.parse(tagged[0].source)) == PARAMETERS.get(stem, {"sources", "lang", "internal"})


def test_every_code_cell_is_short_and_announced(notebook: Notebook) -> None:
    for before, cell in zip(notebook.cells, notebook.cells[1:], strict=False):
        if cell.cell_type == "code":
            assert before.cell_type == "markdown", cell.id
            assert len(cell.source.splitlines()) <= LINES, cell.id


def test_cells_define_nothing_and_open_nothing(notebook: Notebook) -> None:
    for cell in code(notebook):
        tree = ast.parse(cell.source)
        assert not [node for node in ast.walk(tree) if isinstance(node, DEFINITIONS)], cell.id
        assert not names(tree) & OPENS, cell.id


def test_imports_are_few(notebook: Notebook) -> None:
    for cell in code(notebook):
        for node in ast.walk(ast.parse(cell.source)):
            found = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            found += [node.module] if isinstance(node, ast.ImportFrom) else []
            assert set(found) <= IMPORTS, cell.id


def test_ends_with_room_of_ones_own(notebook: Notebook) -> None:
    head, own = notebook.cells[-2:]
    assert head.source.startswith("## Eigen ruimte")
    assert own.cell_type == "code"
    assert not own.outputs


def test_prose_says_nothing_that_data_could_make_untrue(notebook: Notebook) -> None:
    prose = [c.source for c in notebook.cells if c.cell_type == "markdown" and not c.metadata.get("iww")]
    assert not re.findall(r"\d+\s?%|\d+ van de \d+|n = \d", "\n".join(prose))


# --- what a notebook promises ----------------------------------------------------------------------------------------


def test_metadata_name_version_kernel_and_figures(notebook: Notebook) -> None:
    assert re.fullmatch(r"\d+\.\d+", notebook.metadata.iww.version)
    assert notebook.metadata.kernelspec.name == "python3"
    assert set(notebook.metadata.iww.figures) <= set(CATALOGUE)


def test_shows_the_figures_it_promises_and_no_others(notebook: Notebook) -> None:
    shown = [o for o in outputs(notebook) if "image/png" in o.get("data", {})]
    assert all(FIGURE_LINE.match(o["data"]["text/plain"]) or "Z01 · " in o["data"]["text/plain"] for o in shown)
    assert set(FIGURE_LINE.findall("\n".join(o["data"]["text/plain"] for o in shown))) == set(
        notebook.metadata.iww.figures
    )


def test_every_figure_stands_in_the_notebook_the_catalogue_names() -> None:
    for entry in CATALOGUE.values():
        (home,) = (stem for stem in STEMS if stem.startswith(f"{entry.notebook:02}-"))
        assert entry.id in read(home).metadata.iww.figures


def test_no_picture_stands_in_two_notebooks() -> None:
    """Of every commit of them the pictures stay in the history for good; together they are small."""
    pictures = Counter(
        o.data["image/png"] for stem in STEMS for o in outputs(read(stem)) if "image/png" in o.get("data", {})
    )
    assert [n for n in pictures.values() if n > 1] == []
    assert sum(path.stat().st_size for path in FOLDER.glob("*.ipynb")) <= MOST_TOGETHER


def test_the_table_of_fingerprints_says_of_each_figure_what_it_says_of_itself() -> None:
    tables = [o.data["text/html"] for o in outputs(read("80-report-figures")) if "text/html" in o.get("data", {})]
    (table,) = (table for table in tables if "T11" in table)
    stems = [stem for stem in STEMS if stem[:2] in ("10", "20", "30", "40", "50", "60", "70")]
    shown = [line for stem in stems for line in FIGURE_LINE.finditer(texts(read(stem)))]
    digests_of = {line[1]: re.findall(r"[0-9a-f]{6}", line[0])[-2:] for line in shown}
    assert set(digests_of) == set(CATALOGUE)
    for figure, digests in digests_of.items():
        row = table[table.index(f"<th>{figure}</th>") :].split("</tr>")[0]
        assert all(f"<td>{digest}</td>" in row for digest in digests), figure


@pytest.mark.parametrize("stem", STEMS)
def test_every_figure_is_interpreted(stem: str) -> None:
    words = {c.metadata.iww.duiding: c for c in read(stem).cells if c.metadata.get("iww")}
    assert set(words) == set(read(stem).metadata.iww.figures)
    for cell in words.values():
        assert cell.cell_type == "markdown"
        assert cell.source.startswith("**Duiding.** ")
        assert re.search("Nog niet geschreven" if stem in PARAMETERS else "synthetisch|verzonnen", cell.source)


def test_interpretation_never_stands_without_its_figure(notebook: Notebook) -> None:
    """Only a marked cell is replaced when the notebook runs on real sources."""
    assert all(cell.metadata.get("iww") for cell in notebook.cells if cell.source.startswith("**Duiding"))
    ready = notebooks.prepared(notebook, {})
    notebooks.put_words(ready, dict.fromkeys(CATALOGUE, "**Duiding.** eigen woorden"))
    assert not any(
        re.search("synthetische (demo|data|casussen)", c.source) for c in ready.cells if c.metadata.get("iww")
    )


# --- what is stored --------------------------------------------------------------------------------------------------


def test_stored_as_executed_once_from_top_to_bottom(notebook: Notebook) -> None:
    assert [cell.execution_count for cell in code(notebook)] == list(range(1, len(code(notebook)) + 1))


def test_stored_without_traces_of_the_machine(notebook: Notebook) -> None:
    assert notebook.metadata.language_info == {"name": "python"}
    assert not any("execution" in cell.metadata for cell in notebook.cells)
    ids = [cell.id for cell in notebook.cells]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", name) for name in ids)
    assert "/" + "work/" not in notebooks.as_text(notebook)


def test_outputs_are_of_few_kinds(notebook: Notebook) -> None:
    for output in outputs(notebook):
        assert output.output_type in ("display_data", "execute_result")
        assert set(output.data) <= SHOWN


@pytest.mark.parametrize("stem", STEMS)
def test_a_notebook_stays_small(stem: str) -> None:
    assert (FOLDER / f"{stem}.ipynb").stat().st_size <= BYTES.get(stem, MOST_BYTES)


def test_outputs_hold_no_identifier_and_no_unprotected_count(notebook: Notebook) -> None:
    said = texts(notebook)
    for card in cards(Home(REPOSITORY)):
        for name in card.files:  # the name of a file may hold a day, such as 20200115, that passes for a BSN
            said = said.replace(name, "")
    said = re.sub(
        r"(?<!\w)(?=[0-9]*[a-f])[0-9a-f]{6}(?!\w)", "", said
    )  # a fingerprint passes for a plate or a postcode
    assert not identifiers_in(said)
    assert not RAW.search(said)


# --- only synthetic sources ------------------------------------------------------------------------------------------


def cards(home: Home) -> list[Origin]:
    """The card of every source's last delivery."""
    return [build.origin_of(home, source) for source in home.sources()]


WORDS_TOO = {"Buren", "Sluis"}  # also a word (neighbours) or an invented team: of these towns the code is sought


def real_sources(notebook: Notebook, home: Home) -> set[str]:
    """What the outputs mention that is not known as synthetic: sources that were loaded, and municipalities."""
    invented = [card for card in cards(home) if card.synthetic]
    said = texts(notebook)
    loaded = {name for line in LOADED.findall(said) for name in re.split(", | en ", line)}
    towns = {v.code: v.nl for v in vocabulary.read("municipality").values}
    known = {code for card in invented for code in card.municipality}
    sought = {
        code: rf"\b({code}|{re.escape(name)})\b" if name not in WORDS_TOO else code for code, name in towns.items()
    }
    strangers = {towns[code] for code, pattern in sought.items() if code not in known and re.search(pattern, said)}
    return (loaded - {card.source for card in invented}) | strangers


def test_every_notebook_says_what_it_loaded(notebook: Notebook) -> None:
    assert LOADED.search(texts(notebook))


def test_outputs_are_of_synthetic_sources(notebook: Notebook) -> None:
    assert not real_sources(notebook, Home(REPOSITORY))


def test_outputs_of_a_real_source_are_refused(notebook: Notebook, tmp_path: Path) -> None:
    home = doctored(tmp_path, "harderwijk", "elburg", "wijkteam-noord")
    card = next((tmp_path / "data/raw/harderwijk").glob("*/origin.toml"))
    card.write_text(card.read_text(encoding="utf-8").replace("synthetic = true", "synthetic = false"), encoding="utf-8")
    assert "harderwijk" in real_sources(notebook, home)


def doctored(folder: Path, *sources: str) -> Home:
    """A home folder with copies of some synthetic sources."""
    for source in sources:
        shutil.copytree(REPOSITORY / "data/raw" / source, folder / "data/raw" / source)
        (folder / "data/crosswalks").mkdir(parents=True, exist_ok=True)
        shutil.copy(REPOSITORY / "data/crosswalks" / f"{source}.toml", folder / "data/crosswalks")
    return Home(folder)


# --- what a notebook does when it runs -------------------------------------------------------------------------------


def answer(notebook: Notebook) -> str:
    """What stands under the head `Antwoord`, up to the next section."""
    start = next(n for n, cell in enumerate(notebook.cells) if cell.source.startswith("## Antwoord"))
    cells = notebook.cells[start + 1 :]
    end = next(n for n, cell in enumerate(cells) if cell.cell_type == "markdown" and cell.source.startswith("## "))
    return "\n".join(o.data.get("text/markdown", "") for cell in cells[:end] for o in cell.get("outputs", ()))


def ran(stems: Sequence[str], *sources: str) -> dict[str, Notebook]:
    """These notebooks, executed on these sources alone."""
    ready = {stem: notebooks.prepared(read(stem), {"sources": sources}) for stem in stems}
    assert not notebook_kernels.run(ready, FOLDER, FOLDER.parent)
    return ready


LACKING = {  # a source on which a notebook lacks data, and the notebooks
    "elburg": ("40-effect-arena", "50-voices", "60-configurations"),
    "wijkteam-noord": ("30-meetings-and-pathways",),
}


@pytest.mark.parametrize(
    ("stem", "source"),
    [
        pytest.param(
            stem, "elburg", marks=() if stem in ("20-cases-compared", "60-configurations") else pytest.mark.long
        )
        for stem in STEMS
        if stem not in PARAMETERS
    ]
    + [
        pytest.param(stem, "wijkteam-noord", marks=() if stem[:2] == "30" else pytest.mark.long)
        for stem in ("10-what-was-recorded", "20-cases-compared", "30-meetings-and-pathways")
    ],
)
def test_every_answer_changes_when_sources_are_dropped(stem: str, source: str) -> None:
    """One source alone: what it answers is not what all sources answer together, and where it lacks data it says so."""
    done = ran([stem], source)[stem]
    assert answer(done) != answer(read(stem))
    if stem in LACKING[source]:
        assert "De gekozen bronnen hebben geen" in answer(done)
    if source == "elburg" and stem in ("20-cases-compared", "30-meetings-and-pathways"):
        assert "Elburg" in answer(done)
        assert "Nijmegen" in answer(read(stem))
        assert "Nijmegen" not in answer(done)


@pytest.mark.long  # the notebook itself, on its own invented delivery, is run by nbval
def test_a_new_municipality_needs_no_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The files of a known source, delivered under another name and without a crosswalk: added, asked about, drawn."""
    doctored(tmp_path, "elburg")
    every = iww_synthetic.sources(cases=400).items()
    content = next(content for path, content in every if "/harderwijk/" in path and path.endswith(".xlsx"))
    delivered = tmp_path / "casusregistratie.xlsx"
    delivered.write_bytes(content)
    monkeypatch.setenv("IWW_HOME", str(tmp_path))
    given = {"source": "ede", "files": (str(delivered),), "received": "2024-05-01", "write_report": False}
    ready = notebooks.prepared(read("95-new-municipality"), given)
    assert not notebook_kernels.run({"95": ready}, FOLDER, tmp_path)
    done = ready
    assert (tmp_path / "data/crosswalks/ede.toml").exists()
    assert set(FIGURE_LINE.findall(texts(done))) == {"F01", "F02", "F03", "F04", "F05"}
    assert "ede" in real_sources(done, Home(tmp_path))
    assert not RAW.search(texts(done))
    assert not identifiers_in(texts(done))


def said(notebook: Notebook) -> dict[str, str]:
    """Cell -> all that it says in words, of the code cells."""
    shown = {cell.id: [output.get("data", {}) for output in cell.outputs] for cell in code(notebook)}
    return {
        cell: " ".join(data.get("text/markdown", data.get("text/plain", "")) for data in of_cell)
        for cell, of_cell in shown.items()
    }


def in_a_new_home(folder: Path, monkeypatch: pytest.MonkeyPatch, **given: object) -> dict[str, str]:
    """Run All in the notebook that `iww start` writes in an empty folder; gives what each cell says."""
    monkeypatch.delenv("IWW_HOME", raising=False)
    start(Home(folder))
    ready = notebooks.prepared(notebooks.parsed((folder / "notebooks/95-new-municipality.ipynb").read_bytes()), given)
    assert not notebook_kernels.run({"95": ready}, folder / "notebooks", folder)
    return said(ready)


def test_where_nothing_lies_yet_every_cell_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    next_step = "Vul in de eerste cel `source` en `files` in, en kies *Run All Cells*."
    says = in_a_new_home(tmp_path, monkeypatch)
    silent = {"parameters", "given", "eigen"}
    assert {cell for cell, words in says.items() if next_step not in words} - silent == set()


def test_a_first_file_of_which_much_is_not_known_stops_at_no_cell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody said of which municipality it is: everything is asked, and each cell says what comes first."""
    lines = [f"{n};{n}-2-2023;raar;{n % 3}" for n in range(1, 29)]
    (tmp_path / "lijst.csv").write_text("\n".join(["nr;begonnen;soort;wat", *lines]), encoding="utf-8")
    says = in_a_new_home(tmp_path, monkeypatch, source="wijk", files=("lijst.csv",))
    assert "koppen**" in says["antwoord-cel"]
    for cell in ("rekening", "rekening-tabel", "f05", "rapport"):
        assert "gemeente" in says[cell], cell


# --- nbval sees what changes -----------------------------------------------------------------------------------------

ONE_FIGURE = 'import iww_analysis as iww\n\niww.charts.draw("F01", iww.load("elburg"))'


def digit_changed(line: str, after: str) -> str:
    """Change the first character behind a word."""
    place = line.index(after) + len(after)
    return line[:place] + ("0" if line[place] != "0" else "1") + line[place + 1 :]


def same(cell: Any) -> None:
    """Change nothing."""


def another_n(cell: Any) -> None:
    data = cell.outputs[0].data
    data["text/plain"] = digit_changed(data["text/plain"], "n_cases = ")


def another_number(cell: Any) -> None:
    data = cell.outputs[0].data
    data["text/plain"] = digit_changed(data["text/plain"], "getallen ")


def another_mark(cell: Any) -> None:
    """Draw the same numbers in another colour: only the marks differ."""
    cell.source = ONE_FIGURE.replace(
        "\n\n", '\nfrom iww_analysis.figures.canvas import style\n\nstyle.MAIN = "#000001"\n'
    )


CHANGES = (same, another_n, another_number, another_mark)  # one cell each


@pytest.fixture(scope="module")
def checked_by_nbval(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What nbval says of a notebook that draws one figure in each cell, executed and then changed."""
    folder = tmp_path_factory.mktemp("nbval")
    kernel = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    cells = [nbformat.v4.new_code_cell(ONE_FIGURE, id=change.__name__.replace("_", "-")) for change in CHANGES]
    bare = nbformat.v4.new_notebook(cells=cells, metadata=kernel)
    assert not notebook_kernels.run({"one": bare}, FOLDER, FOLDER.parent)
    for change, cell in zip(CHANGES, bare.cells, strict=True):
        change(cell)
    (folder / "one.ipynb").write_text(notebooks.as_text(bare), encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "--nbval",
        "one.ipynb",
        "-rpf",
        "-p",
        "no:cacheprovider",
        f"--rootdir={folder}",
    ]
    environment = {**os.environ, "IWW_HOME": str(REPOSITORY)}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False).stdout


@pytest.mark.parametrize("change", CHANGES)
def test_nbval_sees_a_change(change: Callable[[Any], None], checked_by_nbval: str) -> None:
    verdict = "PASSED" if change is same else "FAILED"
    assert f"{verdict} one.ipynb::Cell {CHANGES.index(change)}" in checked_by_nbval, checked_by_nbval[-2000:]


def test_nbval_shows_that_of_another_mark_no_number_differs(checked_by_nbval: str) -> None:
    shown = checked_by_nbval.split("Notebook cell execution failed")[CHANGES.index(another_mark)]
    assert len(set(re.findall(r"tekens (\w{6})", shown))) == 2
    assert not re.search(r"^\s*[-+].*getallen", shown, re.MULTILINE)
