"""The key of the pseudonyms: made when asked, kept where nobody else comes, and another one is said before anything is built."""

import json
import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from iww_analysis import cli
from iww_analysis.commands import build, verify
from iww_analysis.io.disk import files, key_file, logbook
from iww_analysis.io.disk.home import Home
from iww_analysis.messages.errors import IwwError
from iww_analysis.privacy.keys import check_value
from iww_analysis.privacy.pseudonyms import demo_key
from shared.frames import pseudonymiser
from shared.homes import KEY, deliver, home_with, key_in

WALK = """
[[sheets]]
file = "c*"
one_row_is = "cases"
[sheets.columns]
"nr" = "cases.case_id"
"op" = "cases.date_referral"
"""
OTHER = KEY[::-1]
rights = pytest.mark.skipif(os.name == "nt", reason="Windows tells no rights of a file")


def say(home: Home, card: str, received: str = "2021-01-15", source: str = "here") -> None:
    """Write on the card of a delivery what is invented."""
    path = home.raw / source / received / "origin.toml"
    path.write_text(path.read_text("utf-8").replace("synthetic = true", card), encoding="utf-8")


@pytest.fixture
def real(home: Home) -> Home:
    """A home with one source that is not invented."""
    home_with(home.path, {"c.csv": "nr;op\n1;1-2-2020\n"}, WALK)
    say(home, "synthetic = false")
    return home


@pytest.fixture
def lies(home: Home, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the key lies in this test; there is none yet."""
    path = home.path.parent / "own" / "pseudonym.key"
    monkeypatch.setenv("IWW_KEY_FILE", str(path))
    return path


def run(home: Home, *words: str) -> tuple[int, str]:
    result = CliRunner().invoke(cli.app, [*words, "--home", str(home.path)])
    return result.exit_code, result.output


def refused(home: Home, source: str = "here") -> list[str]:
    with pytest.raises(IwwError) as error:
        build.build_and_store(home, source)
    return [message.say("nl") for message in error.value.messages]


def case_of(home: Home) -> str:
    (case,) = build.load(home, ["here"])["cases"]["case_id"]
    return str(case)


# ---- made when asked ------------------------------------------------------------------------------------------------


def test_without_a_key_nothing_is_built_and_it_is_said_what_to_type(real: Home, lies: Path) -> None:
    assert refused(real) == [
        f"Er is nog geen sleutel voor pseudoniemen ({lies}). Maak hem één keer: iww key new. Hebt u er al een, zet het bestand "
        "dan daar, of wijs het aan met IWW_KEY_FILE."
    ]
    assert (lies.exists(), real.processed("here").exists()) == (False, False)
    code, said = run(real, "key", "new")
    check = check_value(key_file.read(real))
    assert code == 0
    assert said.splitlines() == [
        f"De sleutel voor pseudoniemen is gemaakt: {lies} (controlewaarde {check}). Bewaar een kopie zoals een wachtwoord, nooit "
        "bij de gegevens: met een andere sleutel krijgt elke casus een ander pseudoniem.",
        "Of deze plaats naar een cloud of netwerkschijf wordt gekopieerd, is hier niet te zien: ga dat na, en wijs anders met "
        "IWW_KEY_FILE een andere plaats aan.",
    ]
    assert run(real, "build")[0] == 0
    assert case_of(real) == pseudonymiser(key_file.read(real), "here|case_id")("1")
    assert files.read_json(real.processed("here") / "ledger.json")["key"] == check


def test_taking_back_says_it_before_it_counts(real: Home, lies: Path) -> None:
    assert run(real, "add", "here", "--undo", "2021-01-15", "--yes")[1].startswith("Er is nog geen sleutel")
    assert real.deliveries("here")


def test_adding_says_it_too_and_takes_the_files_in(home: Home, lies: Path, tmp_path: Path) -> None:
    export = tmp_path / "lijst.csv"
    export.write_text("Casusnummer;Aanmelddatum\n1;13-02-2020\n2;14-02-2020\n", encoding="utf-8")
    said = run(home, "add", "ede", str(export), "--received", "2024-02-01", "--yes")[1]
    assert "Maak hem één keer: iww key new." in said
    assert (home.raw / "ede" / "2024-02-01" / "lijst.csv").exists()


def test_what_is_invented_needs_no_key(home: Home, lies: Path) -> None:
    home_with(home.path, {"c.csv": "nr;op\n1;1-2-2020\n"}, WALK)
    assert case_of(home) == pseudonymiser(demo_key(), "here|case_id")("1")
    assert not lies.exists()


def test_a_key_that_is_there_is_never_made_again(home: Home, lies: Path) -> None:
    run(home, "key", "new")
    before = lies.read_bytes()
    code, said = run(home, "key", "new")
    check = check_value(key_file.read(home))
    assert (code, lies.read_bytes()) == (1, before)
    assert said == (
        f"Er is al een sleutel ({lies}, controlewaarde {check}); die blijft. ‘iww key show’ zegt er meer van, ‘iww key rotate’ "
        "vervangt hem.\n"
    )


@rights
def test_a_new_key_and_its_folder_are_its_owners_alone(home: Home, lies: Path) -> None:
    mask = os.umask(0o002)  # as many systems have it: a group of one's own
    try:
        run(home, "key", "new")
    finally:
        os.umask(mask)
    assert (lies.stat().st_mode & 0o777, lies.parent.stat().st_mode & 0o777) == (0o600, 0o700)


def test_what_cannot_be_done_with_a_key_is_said(home: Home) -> None:
    assert run(home, "key", "weg") == (2, "‘weg’ kan niet met een sleutel. Kies uit: new, show, rotate.\n")


# ---- shown ----------------------------------------------------------------------------------------------------------


def test_the_key_itself_is_shown_only_where_that_is_asked(home: Home, lies: Path) -> None:
    assert run(home, "key", "show")[0] == 1
    lies.parent.mkdir()
    key_in(lies)
    code, said = run(home, "key", "show")
    assert (code, said.splitlines()[0]) == (
        0, f"De sleutel voor pseudoniemen ligt in {lies}; controlewaarde {check_value(KEY)}."
    )  # fmt: skip
    assert KEY.hex() not in said + run(home, "key", "show", "--json")[1]
    assert run(home, "key", "show", "--reveal")[1].splitlines()[-1] == KEY.hex()
    assert json.loads(run(home, "key", "show", "--reveal", "--json")[1])["key"] == KEY.hex()


def test_on_windows_it_is_said_that_rights_were_not_checked(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    put(home.path.parent / "own" / "pseudonym.key", monkeypatch).chmod(0o644)
    monkeypatch.setattr(key_file, "tells_rights", lambda: False)
    assert run(home, "key", "show")[1].splitlines()[1] == (
        "Of anderen op deze computer dit bestand kunnen lezen, is op Windows niet nagegaan: bekijk het in Eigenschappen, "
        "tabblad Beveiliging."
    )
    assert key_file.faults(home) == []


# ---- within reach of others -----------------------------------------------------------------------------------------

INSIDE = (
    "bestand pseudonym.key: deze sleutel ligt in een projectmap of in een map met versiebeheer: wie die map krijgt, krijgt ook "
    "de sleutel. Verplaats hem naar een map die u niet deelt, en geef die plaats op (met IWW_KEY_FILE, of achter --sign)."
)


def put(path: Path, monkeypatch: pytest.MonkeyPatch, key: bytes = KEY) -> Path:
    """Put a key in a place, and say that it is there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    monkeypatch.setenv("IWW_KEY_FILE", str(path))
    return key_in(path, key)


@pytest.mark.parametrize(
    "inside", ["home/pseudonym.key", "home/data/raw/pseudonym.key", "other/k/pseudonym.key", "git/pseudonym.key"]
)
def test_a_key_in_a_folder_that_is_handed_over_is_refused(
    inside: str, real: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    around = real.path.parent
    (around / "other" / "data" / "raw").mkdir(parents=True)
    (around / "git" / ".git").mkdir(parents=True)
    put(around / inside, monkeypatch)
    assert refused(real) == [INSIDE]


def test_a_link_is_followed_both_ways(real: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    around = real.path.parent
    put(real.path / "pseudonym.key", monkeypatch)
    (around / "pseudonym.key").symlink_to(real.path / "pseudonym.key")
    monkeypatch.setenv("IWW_KEY_FILE", str(around / "pseudonym.key"))  # outside, and leads inside
    assert refused(real) == [INSIDE]
    outside = put(around / "own" / "pseudonym.key", monkeypatch)
    (real.path / "pseudonym.key").unlink()
    (real.path / "pseudonym.key").symlink_to(outside)  # inside, and leads outside: a copy of the home has it
    monkeypatch.setenv("IWW_KEY_FILE", str(real.path / "pseudonym.key"))
    assert refused(real) == [INSIDE]
    (around / "alias").symlink_to(real.path)
    monkeypatch.setenv("IWW_KEY_FILE", str(around / "alias" / "data" / "pseudonym.key"))  # and where there is none yet
    assert run(real, "key", "new") == (1, f"{INSIDE[0].upper()}{INSIDE[1:]}\n".replace("Bestand", "bestand"))


def test_a_way_around_the_home_is_not_inside(real: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    put(real.path.parent / "own" / "pseudonym.key", monkeypatch)
    monkeypatch.chdir(real.path)
    monkeypatch.setenv("IWW_KEY_FILE", "../own/pseudonym.key")
    assert key_file.faults(real) == []


@rights
def test_a_key_that_others_can_read_or_replace_is_refused(real: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    path = put(real.path.parent / "own" / "pseudonym.key", monkeypatch)
    for mode in (0o640, 0o604, 0o620):
        path.chmod(mode)
        assert refused(real) == [
            "bestand pseudonym.key: anderen op deze computer kunnen deze sleutel lezen of veranderen. Typ: "
            f'chmod 600 "{path}". Kan hij al gezien zijn, gebruik dan een nieuwe.'
        ]
    path.chmod(0o400)
    path.parent.chmod(0o775)
    assert refused(real) == [
        "bestand pseudonym.key: anderen op deze computer kunnen in de map van deze sleutel een ander bestand op zijn plaats "
        f'zetten. Typ: chmod go-w "{path.parent}".'
    ]
    path.parent.chmod(0o1777)  # as /tmp: each removes their own alone
    assert build.build(real, "here").tables["cases"].shape[0] == 1


def test_the_demo_key_and_one_that_can_be_guessed_hide_nothing_real(
    real: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = real.path.parent / "pseudonym.key"
    put(path, monkeypatch, demo_key())
    assert refused(real) == [
        "bestand pseudonym.key: dit is de openbare sleutel van de verzonnen bronnen: wie hem kent vindt achter elk pseudoniem de "
        "persoon. Zet de eigen sleutel terug; is deze gebruikt voor echte gegevens, geef dan ‘iww key rotate’."
    ]
    put(path, monkeypatch, bytes(32))
    assert [line.split(": ")[1] for line in refused(real)] == ["deze sleutel is te raden"]
    assert run(real, "key", "rotate", "--yes")[0] == 0  # out of it
    assert run(real, "build")[0] == 0


# ---- what is invented, and what is real -----------------------------------------------------------------------------


def test_synthetic_is_yes_or_no_and_not_a_text(real: Home) -> None:
    path = real.raw / "here" / "2021-01-15" / "origin.toml"
    path.write_text(path.read_text("utf-8").replace("synthetic = false", 'synthetic = "false"'), encoding="utf-8")
    assert refused(real) == [
        "bestand here/2021-01-15/origin.toml: synthetic moet true of false zijn, zonder aanhalingstekens. Alleen een bron waarin "
        "alles verzonnen is, krijgt true: zij wordt met een openbare sleutel gebouwd."
    ]


def test_a_source_is_invented_or_real_in_all_its_deliveries(real: Home) -> None:
    deliver(real, "here", {"c.csv": "nr;op\n2;1-3-2020\n"}, received="2021-02-15")
    assert refused(real) == [
        "bestand here/2021-02-15/origin.toml: deze levering heet verzonnen (synthetic = true), een andere van dezelfde bron "
        "niet. Een bron is verzonnen of echt: neem wat verzonnen is op onder een eigen naam, of zet hier synthetic = false."
    ]


# ---- another key ----------------------------------------------------------------------------------------------------


def test_another_key_is_said_before_anything_is_built(real: Home, lies: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(lies, monkeypatch)
    build.build_and_store(real, "here")
    tables = {path.name: path.read_bytes() for path in real.processed("here").iterdir()}
    key_in(lies, OTHER)
    assert refused(real) == [
        f"Bron ‘here’ is gebouwd met een andere sleutel (controlewaarde {check_value(KEY)}) dan waarmee zij nu gebouwd zou "
        f"worden ({check_value(OTHER)}). Er is niets gebouwd: alle pseudoniemen zouden veranderen. Zet de eerste sleutel terug "
        "of wijs hem aan met IWW_KEY_FILE; is de andere bedoeld, geef dan ‘iww key rotate’."
    ]
    assert run(real, "key", "show")[0] == 1
    lies.unlink()
    gone = (
        f"Bron ‘here’ is gebouwd met de sleutel met controlewaarde {check_value(KEY)}, en die is er niet ({lies}). Er is niets "
        "gebouwd. Zet hem terug, of wijs hem aan met IWW_KEY_FILE. Is hij echt weg, dan maakt ‘iww key rotate’ een nieuwe: alle "
        "pseudoniemen van deze bron veranderen dan."
    )
    assert refused(real) == [gone]
    assert run(real, "key", "new") == (1, f"{gone}\n")  # no second one in its place without a word
    assert tables == {path.name: path.read_bytes() for path in real.processed("here").iterdir()}
    assert case_of(real) == pseudonymiser(KEY, "here|case_id")("1")  # what lies there is read without a key


def test_a_card_that_calls_real_data_invented_is_stopped_by_the_key(real: Home) -> None:
    build.build_and_store(real, "here")
    path = real.raw / "here" / "2021-01-15" / "origin.toml"
    path.write_text(path.read_text("utf-8").replace("synthetic = false", "synthetic = true"), encoding="utf-8")
    assert "gebouwd met een andere sleutel" in refused(real)[0]


def test_rotating_is_asked_shown_and_written_down(real: Home, lies: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(lies, monkeypatch)
    home_with(real.path, {"c.csv": "nr;op\n1;1-2-2020\n"}, WALK, source="invented")
    for source in ("here", "invented"):
        build.build_and_store(real, source)
    files.write_json(real.report("all") / "manifest.json", {"sources": ["here"]})
    code, said = run(real, "key", "rotate")
    assert (code, key_file.content()) == (1, KEY)
    assert said.splitlines() == [
        f"Er komt een nieuwe sleutel (nu {check_value(KEY)}). De pseudoniemen van deze bronnen veranderen, en passen niet meer "
        "bij tabellen die iemand bewaarde: here",
        "Rapporten met deze bron: all",
        "Er is niets veranderd. Doe het met --yes, of bevestig het op het scherm.",
    ]
    code, said = run(real, "key", "rotate", "--yes")
    new, aside = key_file.read(real), lies.with_name(f"pseudonym-{check_value(KEY)}.key")
    assert (code, said.splitlines()[2:]) == (0, [
        f"De vorige sleutel ligt in {aside}: daarmee zijn eerdere rapporten nog na te lopen. Vernietig hem als "
        "dat niet meer hoeft.",
        f"De sleutel ligt in {lies} (controlewaarde {check_value(new)}); bewaar er een kopie van. In het logboek van elke bron "
        "staat dat hij veranderd is. Over namen in teksten wordt opnieuw gevraagd. Maak de rapporten opnieuw met ‘iww report’; "
        "een andere projectmap met de vorige sleutel zegt het voordat zij bouwt: geef daar dan ook ‘iww key rotate’.",
    ])  # fmt: skip
    (event,) = logbook.events(real, "here")
    assert {**event, "on": ""} == {
        "event": "key_changed",
        "before": check_value(KEY),
        "key": check_value(new),
        "on": "",
    }
    assert logbook.events(real, "invented") == []
    assert key_file.with_check(check_value(KEY)) == KEY
    assert case_of(real) == pseudonymiser(new, "here|case_id")("1")  # built anew when it is asked for


def test_another_home_with_the_old_key_goes_over_to_the_new_one(
    real: Home, lies: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(lies, monkeypatch)
    second = home_with(tmp_path / "second", {"c.csv": "nr;op\n1;1-2-2020\n"}, WALK)
    say(second, "synthetic = false")
    for home in (real, second):
        build.build_and_store(home, "here")
    run(real, "key", "rotate", "--yes")
    new = key_file.read(real)
    assert f"({check_value(new)})" in refused(second)[0]
    said = run(second, "key", "rotate", "--yes")[1]
    assert said.startswith(f"De sleutel die hier nu ligt ({check_value(new)}) blijft.")
    assert key_file.read(real) == new
    assert [case_of(home) for home in (real, second)] == [pseudonymiser(new, "here|case_id")("1")] * 2


def test_a_lost_key_is_replaced_by_rotating(real: Home, lies: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(lies, monkeypatch)
    build.build_and_store(real, "here")
    lies.unlink()
    assert run(real, "key", "rotate", "--yes")[0] == 0
    assert case_of(real) == pseudonymiser(key_file.read(real), "here|case_id")("1")
    assert [event["before"] for event in logbook.events(real, "here")] == [check_value(KEY)]


def test_a_key_file_that_is_none_is_kept_aside(home: Home, lies: Path) -> None:
    lies.parent.mkdir(mode=0o700)
    key_in(lies, b"")
    lies.write_text("weg", encoding="ascii")
    assert run(home, "key", "new")[1] == (
        "bestand pseudonym.key: dit is geen sleutel voor pseudoniemen: er hoort één getal van 64 cijfers en letters a-f in te "
        "staan. Zet de oorspronkelijke sleutel terug; is die er niet meer, geef dan ‘iww key rotate’.\n"
    )
    assert run(home, "key", "rotate", "--yes")[0] == 0
    assert key_file.faults(home) == []
    assert [path.read_text("ascii") for path in lies.parent.glob("pseudonym-*.key")] == ["weg"]


def test_a_build_of_before_keys_had_a_check_value_is_built_on(real: Home) -> None:
    build.build_and_store(real, "here")
    ledger = real.processed("here") / "ledger.json"
    files.write_json(ledger, {name: value for name, value in files.read_json(ledger).items() if name != "key"})
    assert build.build_and_store(real, "here").ledger["key"] == check_value(KEY)


# ---- verifying without the key --------------------------------------------------------------------------------------


def test_what_cannot_be_verified_without_the_key_is_said_and_no_key_is_made(real: Home, lies: Path) -> None:
    files.write_json(real.report("all") / "manifest.json", {"sources": ["here"]})
    assert verify.make_anew(real, "all").skipped == "no_key"
    assert not lies.exists()
