"""The commands: what they say and how they end."""

import json
import subprocess
import sys
import tomllib
from importlib.metadata import EntryPoint
from pathlib import Path

import openpyxl
import pytest
from typer.main import get_command
from typer.testing import CliRunner

import iww_analysis
from iww_analysis import cli
from iww_analysis.commands import check, synthesize
from iww_analysis.messages import sentences
from iww_analysis.messages.errors import IwwError, Lang
from shared.homes import home_with
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
    assert "ValueError in check.py:" in said
    assert "Traceback" not in said


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("check", "harderwijk"), 0),
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


def test_a_build_gives_the_account_of_each_sheet_in_the_readers_words(tmp_path: Path) -> None:
    walk = '[[sheets]]\nfile = "cases.csv"\none_row_is = "cases"\n[sheets.columns]\n' + (
        '"nr" = "cases.case_id"\n"reported" = "cases.date_referral"\n'
    )
    home = home_with(tmp_path, {"cases.csv": "nr;reported\n1;1-2-2020\n1;1-2-2020\n2;nooit\n"}, walk)
    code, said = run("build", home=home.path)
    assert code == 0
    assert [line.split() for line in said.splitlines()[-2:]] == [
        ["bron", "levering", "bestand", "blad", "rijen", "kop", "gelezen", "behouden", "apart", "gezet", "dubbel"],
        ["here", "2021-01-15", "cases.csv", "4", "1", "3", "1", "1", "1"],
    ]


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
    assert (
        f'Vul {form} in, en dan: iww add loket-oost --answers "{form}"' in run("check", "loket-oost", home=tmp_path)[1]
    )
    book = openpyxl.load_workbook(form)
    book["Vragen"]["H2"] = "Ede"
    book.save(form)
    code, said = run("add", "loket-oost", "--answers", form, "--json", home=tmp_path)
    assert (code, json.loads(said)["taken"], json.loads(said)["open"]) == (0, 1, 0)
    assert run("add", "loket-oost", home=tmp_path)[0] == 0  # asks once more what is open: nothing
    assert run("add", "loket-west", home=tmp_path)[0] == 2  # neither files, nor a form, nor a source
    assert run("add", "loket-west", "--answers", form, home=tmp_path)[0] == 2


# ---- help, in two languages -----------------------------------------------------------------------------------------

GROUP = get_command(cli.app)
COMMANDS: dict[str, set[str]] = {
    name: {str(option.name) for option in command.params}
    for name, command in GROUP.commands.items()  # type: ignore[attr-defined]
}
HELP = sentences.read("help")


def help_page(*words: str, environment: dict[str, str] | None = None) -> str:
    """A page of help as one line of text."""
    result = RUN.invoke(cli.app, [*words, "--help"], env={"IWW_LANG": "", **(environment or {}), "COLUMNS": "100"})
    assert result.exit_code == 0
    return " ".join(result.output.split())


def purposes(lang: str, command: str) -> set[str]:
    """What the help of a command must say: what the command is for, and each of its options."""
    texts = [HELP[command], *(HELP[command].get(option, HELP["every"].get(option)) for option in COMMANDS[command])]
    return {text[lang] for text in texts}


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_a_command_says_all_there_is_in_one_language(command: str) -> None:
    for lang, other in (("nl", "en"), ("en", "nl")):
        page = help_page(command, "--lang", lang)
        assert not {purpose for purpose in purposes(lang, command) if purpose not in page}
        assert not {purpose for purpose in purposes(other, command) if purpose in page}
        flags = {flag for option in GROUP.commands[command].params for flag in option.opts if flag.startswith("--")}  # type: ignore[attr-defined]
        assert not {flag for flag in flags if flag not in page}


@pytest.mark.parametrize("command", COMMANDS)
def test_what_the_command_line_adds_to_help_is_in_the_same_language(command: str) -> None:
    dutch, english = help_page(command), help_page(command, environment={"IWW_LANG": "en"})
    assert "Gebruik:" in dutch
    assert not {phrase for phrase in HELP["dutch"] if phrase in dutch}
    assert not {phrase for phrase in HELP["dutch"].values() if phrase in english}


def test_the_language_of_help_is_read_wherever_it_stands() -> None:
    pages = [help_page("--lang", "en"), help_page("--lang=en"), help_page(environment={"IWW_LANG": "en"})]
    assert {HELP["iww"]["en"] in page for page in pages} == {True}
    assert all(HELP[command]["en"] in pages[0] for command in COMMANDS)
    assert HELP["check"]["nl"] in help_page("check", "--lang", "nl", environment={"IWW_LANG": "en"})
    assert HELP["check"]["en"] in help_page("--lang", "en", "check")
    assert HELP["check"]["nl"] in help_page("check")


def test_every_text_of_help_is_used() -> None:
    texts = {command: {name for name, text in HELP[command].items() if isinstance(text, dict)} for command in COMMANDS}
    assert set(HELP) == {"iww", "every", "dutch", "value", *COMMANDS}
    assert not {(command, option) for command in COMMANDS for option in texts[command] - COMMANDS[command]}
    assert set(HELP["every"]) <= set.union(*COMMANDS.values())


def test_a_language_that_nobody_speaks_here_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data" / "raw").mkdir(parents=True)
    result = RUN.invoke(cli.app, ["check", "--home", str(tmp_path)], env={"IWW_LANG": "fr"})
    assert (result.exit_code, "nl | en" in result.output) == (2, True)
    result = RUN.invoke(cli.app, ["check", "--home", str(tmp_path)], env={"IWW_LANG": "en"})
    assert "Add a delivery with ‘iww add’." in result.output


# ---- invented sources, a package of its own -------------------------------------------------------------------------


def test_invented_sources_are_found_by_their_entry_point() -> None:
    import iww_synthetic

    project = tomllib.loads((HOME.path / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    ((name, value),) = project["entry-points"][synthesize.GROUP].items()
    assert synthesize.inventor_in([EntryPoint(name, value, synthesize.GROUP)]) is iww_synthetic


@pytest.mark.parametrize(
    ("lang", "sentence"), [("nl", "Installeer iww-analysis opnieuw"), ("en", "Install iww-analysis again")]
)
def test_where_nothing_invents_sources_that_is_said(lang: Lang, sentence: str) -> None:
    with pytest.raises(IwwError) as error:
        synthesize.inventor_in([])
    assert sentence in error.value.say(lang)


# ---- a light start --------------------------------------------------------------------------------------------------

HEAVY = (
    "pandas",
    "pyarrow",
    "numpy",
    "matplotlib",
    "rich",
    "duckdb",
    "python_calamine",
    "pyreadstat",
    "openpyxl",
    "scipy",
)


def loaded_by(*words: str) -> set[str]:
    """Which heavy packages a fresh Python has loaded after some work."""
    code = f"import sys; {'; '.join(words)}; print(*(name for name in {HEAVY} if name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=HOME.path)
    return set(done.stdout.splitlines()[-1].split())


def test_the_library_loads_nothing_heavy_until_it_is_used() -> None:
    assert loaded_by("import iww_analysis") == set()
    assert loaded_by("import iww_analysis.cli") == set()


def test_help_loads_nothing_heavy() -> None:
    assert (
        loaded_by("import iww_analysis.cli", "iww_analysis.cli.app(['report', '--help'], standalone_mode=False)")
        == set()
    )


def test_tab_shows_the_public_names_and_nothing_else() -> None:
    assert dir(iww_analysis) == sorted(iww_analysis.__all__)
    assert all(getattr(iww_analysis, name) is not None for name in iww_analysis.__all__)


@pytest.mark.parametrize("lang", ["nl", "en"])
@pytest.mark.parametrize("command", COMMANDS)
def test_help_names_no_type_of_python(command: str, lang: str) -> None:
    words = ["--help"] if command == "iww" else [command, "--help"]
    page = RUN.invoke(cli.app, words, env={"IWW_LANG": lang}).output
    assert "<" not in page
    assert ("WAARDE" if lang == "nl" else "VALUE") in page
