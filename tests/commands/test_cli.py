"""The commands: what they say and how they end."""

import json
from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner

from iww_analysis import cli
from iww_analysis.commands import check
from shared.sources import HOME

RUN = CliRunner()


def run(*words: str, home: Path = HOME.path) -> tuple[int, str]:
    result = RUN.invoke(cli.app, [*words, "--home", str(home)])
    return result.exit_code, result.output


def test_an_unforeseen_failure_is_a_sentence_without_what_the_cell_held(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise ValueError("Jan de Vries")

    monkeypatch.setattr(check, "checked", fails)
    code, said = run("check")
    assert code == 1
    assert "Jan de Vries" not in said
    assert "ValueError in cli.py:" in said
    assert "Traceback" not in said


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("check",), 0),
        (("trace", "F99"), 2),
        (("trace", "F05", "--mark", "moved"), 2),
        (("trace", "F05", "--mark", "gemeente=GM0243"), 2),
        (("build", "nosuch"), 2),
        (("report", "--study", "nosuch"), 2),
        (("check", "--lang", "fr"), 2),
        (("add", "Ede!", "x.csv", "--received", "2024-01-01"), 2),
        (("add", "ede", "x.csv", "--received", "gisteren"), 2),
    ],
)
def test_a_command_used_wrongly_ends_with_two(words: tuple[str, ...], code: int) -> None:
    assert run(*words)[0] == code


def test_json_is_all_there_is_on_stdout() -> None:
    code, said = run("trace", "F05", "--mark", "municipality=GM0243", "--mark", "reason=moved", "--json")
    told = json.loads(said)
    assert code == 0
    assert told["ok"] is True
    assert len(told["rows"]) == told["marks"][0]["raw_n_cases"]


def test_a_home_without_sources_is_said(tmp_path: Path) -> None:
    (tmp_path / "data" / "raw").mkdir(parents=True)
    code, said = run("report", home=tmp_path)
    assert code == 2
    assert "Voeg een levering toe met ‘iww add’." in said


def test_add_names_its_form_and_takes_it_in_without_files(tmp_path: Path) -> None:
    (tmp_path / "data" / "raw").mkdir(parents=True)
    path = tmp_path / "lijst.csv"
    path.write_text("Casusnummer;Aanmelddatum\n1;13-02-2020\n2;14-02-2020\n", encoding="utf-8")
    code, said = run("add", "loket-oost", str(path), "--received", "2024-02-01", "--yes", "--json", home=tmp_path)
    form = json.loads(said)["form"]
    assert (code, Path(form).name) == (1, "loket-oost-vragen.xlsx")
    book = openpyxl.load_workbook(form)
    book["Vragen"]["H2"] = "Ede"
    book.save(form)
    code, said = run("add", "loket-oost", "--answers", form, "--json", home=tmp_path)
    assert (code, json.loads(said)["taken"], json.loads(said)["open"]) == (0, 1, 0)
    assert run("add", "loket-oost", home=tmp_path)[0] == 2  # neither files nor a form
    assert run("add", "loket-west", "--answers", form, home=tmp_path)[0] == 2
