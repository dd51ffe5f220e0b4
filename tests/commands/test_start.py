"""Starting: an empty folder becomes a home; what is there stays; what is installed needs no clone."""

import json
import subprocess
import sys
from pathlib import Path

from benchmarks.wheel import bare, go, make_wheel
from iww_analysis.commands.home.start import start
from iww_analysis.commands.report.state import NOTEBOOKS, notebook_folder
from iww_analysis.io.disk.home import Home, find


def test_an_empty_folder_becomes_a_home_with_notebooks_that_hold_nobodys_outputs_and_words(tmp_path: Path) -> None:
    written = start(Home(tmp_path / "wijk"))
    assert find(tmp_path / "wijk").raw.is_dir()
    assert notebook_folder(Home(tmp_path / "wijk")) == tmp_path / "wijk" / "notebooks"
    books = [json.loads(path.read_text(encoding="utf-8")) for path in written if path.suffix == ".ipynb"]
    assert {path.stem for path in written if path.suffix == ".ipynb"} >= {*NOTEBOOKS, "95-new-municipality"}
    cells = [cell for book in books for cell in book["cells"]]
    assert not [cell for cell in cells if cell.get("outputs")]
    words = ["".join(cell["source"]) for cell in cells if "duiding" in cell["metadata"].get("iww", {})]
    assert set(words) == {"**Duiding.** _Nog niet geschreven; dat kan in `reports/all/duiding.md`._"}


def test_reading_notebooks_parses_no_grammar_and_still_sees_one_that_is_not_whole() -> None:
    script = (
        "import sys; from iww_analysis.report import notebooks as n; import nbformat; "
        "print('lark' in sys.modules, 'rfc3987_syntax' in sys.modules, "
        "nbformat.validator.isvalid({'nbformat': 4, 'nbformat_minor': 5, 'metadata': {}, 'cells': [{'cell_type': 'x'}]}))"
    )
    said = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert said.stdout.split() == ["False", "False", "False"]


def test_what_lies_there_already_stays(tmp_path: Path) -> None:
    own = tmp_path / "notebooks" / "20-cases-compared.ipynb"
    own.parent.mkdir()
    own.write_text("mijn eigen werk", encoding="utf-8")
    start(Home(tmp_path))
    assert own.read_text(encoding="utf-8") == "mijn eigen werk"
    assert start(Home(tmp_path)) == []


def test_the_wheel_goes_from_an_empty_folder_to_tables_without_the_repository(tmp_path: Path) -> None:
    wheel, library = make_wheel(tmp_path / "wheel"), tmp_path / "library"
    words = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--target", library, wheel]
    subprocess.run([sys.executable, *words], check=True, capture_output=True)
    environment = bare(tmp_path) | {"PYTHONPATH": str(library)}
    where = subprocess.run([sys.executable, "-c", "import iww_analysis; print(iww_analysis.__file__)"], cwd=tmp_path,
                           env=environment, capture_output=True, text=True, check=True)  # fmt: skip
    assert where.stdout.strip() == str(library / "iww_analysis" / "__init__.py")
    (tmp_path / "empty").mkdir()
    home = go(
        [sys.executable, "-m", "iww_analysis"],
        tmp_path / "empty",
        ("start", "key", "add", "check", "build"),
        environment,
    )
    assert (home / "data" / "processed" / "ede" / "cases.parquet").is_file()
    assert (home / "notebooks" / "95-new-municipality.ipynb").is_file()
