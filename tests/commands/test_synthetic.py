"""The synthetic sources: the same on every run, recognisably invented, and with plans that add up."""

import hashlib
import io
import json
import re
import tomllib
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import iww_synthetic
from iww_analysis import vocabulary
from iww_analysis.cleaning.known_sheet import known_sheet
from iww_analysis.crosswalk import origin
from iww_analysis.crosswalk.parse import parse
from iww_analysis.io import delivered_files
from iww_analysis.privacy.text.shapes import identifiers_in, passes_eleven_test
from iww_synthetic import settings

HOME = Path(__file__).parents[2]
SOURCES = (*settings.REGISTERS, *settings.TEAMS, *iww_synthetic.STUDIES)
MAIL_DOMAINS = ("example.nl", "post.example", "mail.example")
MOST_BYTES = 4_500_000
CARD = origin.parse(
    {
        "source": "here",
        "received": "2021-01-15",
        "extraction_date": "2020-12-31",
        "regime": "register",
        "files": {"a": "0"},
    },
    "",
)


@cache
def sources() -> dict[str, bytes]:
    return iww_synthetic.sources()


def plan(source: str) -> Any:
    return next(
        json.loads(c) for path, c in sources().items() if re.fullmatch(rf"data/raw/{source}/.*/plan\.json", path)
    )


def raw_sheets(source: str) -> Iterator[delivered_files.RawSheet]:
    for path, content in sources().items():
        if path.startswith(f"data/raw/{source}/") and path.endswith((".xlsx", ".csv")):
            yield from delivered_files.read_sheets(Path(path), content)


def texts() -> Iterator[str]:
    for source in SOURCES:
        for sheet in raw_sheets(source):
            yield from sheet.cells.to_numpy().ravel()


def test_same_seed_gives_same_bytes() -> None:
    assert iww_synthetic.sources(cases=300) == iww_synthetic.sources(cases=300)


def test_another_seed_gives_other_cases() -> None:
    one, other = iww_synthetic.sources(1, cases=300), iww_synthetic.sources(2, cases=300)
    assert one.keys() == other.keys()
    assert sum(one[path] != other[path] for path in one if path.endswith((".xlsx", ".csv"))) >= 10


def test_workbooks_hold_no_clock() -> None:
    for path, content in sources().items():
        if path.endswith(".xlsx"):
            book = zipfile.ZipFile(io.BytesIO(content))
            assert {info.date_time for info in book.infolist()} == {(2021, 1, 1, 0, 0, 0)}
            assert b"2021-01-01T00:00:00Z</dcterms:modified>" in book.read("docProps/core.xml")


def test_committed_data_are_the_default_sources() -> None:
    for path, content in sources().items():
        assert (HOME / path).read_bytes() == content, path


def test_no_stray_files_beside_the_synthetic_sources() -> None:
    for source in SOURCES:
        found = {p.relative_to(HOME).as_posix() for p in (HOME / "data/raw" / source).rglob("*") if p.is_file()}
        assert found == {path for path in sources() if path.startswith(f"data/raw/{source}/")}


def test_raw_files_stay_small() -> None:
    assert sum(map(len, sources().values())) < MOST_BYTES


@pytest.mark.parametrize("source", SOURCES)
def test_origin_names_every_file_with_its_hash(source: str) -> None:
    origins = [path for path in sources() if re.fullmatch(rf"data/raw/{source}/.*/origin\.toml", path)]
    assert len(origins) == (2 if source == "nijmegen" else 1)
    for path in origins:
        folder = path.removesuffix("origin.toml")
        origin = tomllib.loads(sources()[path].decode())
        files = {p.removeprefix(folder): c for p, c in sources().items() if p.startswith(folder)}
        files = {name: content for name, content in files.items() if name not in ("origin.toml", "plan.json")}
        assert origin["files"] == {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
        assert origin["synthetic"] is True
        assert f"/{origin['received']}/" in path


def test_every_long_number_is_an_invented_bsn() -> None:
    numbers = {found for text in texts() for found in re.findall(r"(?<!\d)\d{8,9}(?!\d)", text) if "06-" not in text}
    assert len(numbers) > 1000
    assert all(number.startswith("99999") and len(number) == 9 for number in numbers)
    passing = sum(map(passes_eleven_test, numbers))
    assert 0.05 < passing / len(numbers) < 0.15


def test_every_address_and_number_to_call_is_invented() -> None:
    for text in texts():
        if "@" in text:
            assert text.rpartition("@")[2] in MAIL_DOMAINS
        assert all(number.startswith("06-0000") for number in re.findall(r"06-\d{8}", text))
        assert not {"iban", "postcode"} & set(identifiers_in(text))


@pytest.mark.parametrize("source", SOURCES)
def test_crosswalk_knows_every_heading_and_asks_nothing(source: str) -> None:
    walk = parse(tomllib.loads(settings.crosswalk(source).decode()), source)
    for sheet in raw_sheets(source):
        entry = walk.sheet_for(sheet.file, sheet.name)
        if entry is None:
            assert sheet.hidden
            assert walk.ignored_because(sheet.file, sheet.name)
            continue
        known = known_sheet(CARD, sheet, entry, sheet.whole)
        assert (known.unknown_headings, known.absent_headings, entry.open_headings) == ((), (), ())


@pytest.mark.parametrize("source", SOURCES)
def test_every_word_is_in_the_crosswalk_or_the_vocabulary(source: str) -> None:
    local = tomllib.loads(settings.crosswalk(source).decode()).get("codes", {})
    coded = settings.interview_words(source)
    used = {name: _together(codes, coded.get(name, {})) for name, codes in settings.words(source).items()}
    for name, codes in used.items():
        known = vocabulary.read(name).lookup
        for code, words in codes.items():
            for word in words:
                assert local.get(name, {}).get(word, known.get(vocabulary.key(word))) == code, (name, word)
    stale = {(name, word) for name, lines in local.items() for word in lines
             if not any(word in words for words in used[name].values())}  # fmt: skip
    assert not stale


def _together(codes: Mapping[str, Sequence[str]], more: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    return {code: [*codes.get(code, ()), *more.get(code, ())] for code in (*codes, *more)}


def test_every_register_has_words_of_its_own() -> None:
    for source in settings.REGISTERS:
        codes = tomllib.loads(settings.crosswalk(source).decode())["codes"]
        assert 8 <= sum(map(len, codes.values())) <= 15, source


@pytest.mark.parametrize("source", settings.REGISTERS)
def test_plan_of_a_register_adds_up(source: str) -> None:
    it = plan(source)
    n, duration = it["n_cases"], it["duration"]
    assert sum(it["status"].values()) == n == duration["n_closed"] + duration["n_censored"]
    assert 0.15 < duration["n_censored"] / n < 0.35
    assert sum(it["referrals_per_month"].values()) == n == sum(it["referrer_role"].values())
    assert sum(it["closure_reason"].values()) == duration["n_closed"] == sum(duration["classes_closed"].values())
    assert set(it["domains"]) <= set(vocabulary.read("life_domain").codes)
    assert n * 2 <= sum(it["domains"].values()) <= n * 6
    assert it["persons"]["n_persons"] < it["persons"]["n_case_persons"] == sum(it["persons"]["age_class"].values())
    for moment in it["network"].values():
        assert sum(moment["involved"].values()) == n
        assert sum(moment["reason_not"].values()) == moment["involved"]["no"]


@pytest.mark.parametrize("source", ["harderwijk", "elburg"])
def test_flow_only_loses_cases(source: str) -> None:
    it = plan(source)
    stages = [it["flow"][stage] for stage in ("introduction", "first_dialogue", "closing_dialogue")]
    held = [stage["held"] for stage in stages]
    assert held == sorted(held, reverse=True)
    for stage, before in zip(stages, [it["n_cases"], *held], strict=False):
        dropped = sum(stage["not_held"].values())
        assert stage["held"] + dropped + stage["not_reached"] == it["n_cases"]
        assert stage["held"] + dropped <= before


@pytest.mark.parametrize(("source", "n"), [("nijmegen", 6), ("beuningen", 5), ("druten", 5)])
def test_followed_cases_are_planted(source: str, n: int) -> None:
    followed = plan(source)["followed"]
    assert len(followed) == n
    for case in followed.values():
        assert case["n_joint_meetings_early"] <= min(4, case["n_joint_meetings"])
        assert (case["days_to_first_joint_meeting"] is None) == (case["n_joint_meetings"] == 0)
    assert any(case["days_to_first_result"] is None for case in followed.values())


def test_some_followed_case_never_had_a_joint_meeting() -> None:
    cases = [case for source in ("nijmegen", "beuningen", "druten") for case in plan(source)["followed"].values()]
    assert any(case["n_joint_meetings"] == 0 for case in cases)


@pytest.mark.parametrize("source", SOURCES)
def test_ledger_of_the_plan_balances(source: str) -> None:
    for line in plan(source)["ledger"]:
        kinds = ("title", "header", "empty", "total", "footnote", "excluded", "read")
        assert line["rows_in_file"] == sum(line[f"rows_{kind}"] for kind in kinds)
        fates = ("kept", "set_aside", "duplicate", "superseded")
        assert line["rows_read"] == sum(line[f"rows_{fate}"] for fate in fates)
        assert line["rows_set_aside"] == sum(line["set_aside_by_reason"].values())


@pytest.mark.parametrize("source", settings.REGISTERS)
def test_ledger_keeps_every_case_once(source: str) -> None:
    it = plan(source)
    kept = [
        line["rows_kept"]
        for line in it["ledger"]
        if re.search("casusreg|dossiers|zaken|plannen|gezinnen", line["file"])
    ]
    assert sum(kept[:1] if source == "harderwijk" else kept) == it["n_cases"]


@pytest.mark.parametrize("team", settings.TEAMS)
def test_plan_of_a_team_adds_up(team: str) -> None:
    it = plan(team)
    arena, nodes = it["arena"], it["arena"]["nodes"]
    assert all(edge["from"] in nodes and edge["to"] in nodes for edge in arena["edges"])
    assert len(arena["activities_without_effect"]) == 1
    assert arena["effects_without_beneficiary"]
    assert "Gemeente" in arena["invest_and_benefit"]
    assert len(it["judgements"]) == 4 * 2 * 9
    assert all((j["present"] == "not_discussed") == (j["contribution"] == "not_discussed") for j in it["judgements"])
    voices = {p: {(j["case"], j["element"]): j["present"] for j in it["judgements"] if j["perspective"] == p}
              for p in ("client", "professional")}  # fmt: skip
    assert sum(voices["client"][key] != voices["professional"][key] for key in voices["client"]) >= 10


def test_quotes_are_short_and_differ_between_the_teams() -> None:
    said = [reading for voices in settings.toml("quotes.toml").values() for reading in voices.values()]
    quotes = [quote for reading in said for found in reading.values() for quote in found]
    assert len(quotes) == len(set(quotes)) > 90
    assert all(6 <= len(quote.split()) <= 25 for quote in quotes)


def test_number_of_cases_is_shared_out() -> None:
    small = iww_synthetic.sources(cases=1000)
    n = {path.split("/")[2]: json.loads(c).get("n_cases") for path, c in small.items() if path.endswith("plan.json")}
    assert sum(n[source] for source in settings.REGISTERS) == pytest.approx(1000, abs=3)
    assert n["harderwijk"] > n["elburg"]
