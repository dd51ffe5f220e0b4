"""A long sheet is recognised by some of its rows: the words that count are among them, whatever row they stand in."""

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest

from iww_analysis.commands.add import add
from iww_analysis.crosswalk.propose.column_profile import ColumnProfile
from iww_analysis.io.disk.home import Home
from iww_analysis.tables import sampled_sheet
from iww_analysis.tables.raw_sheet import RawSheet, RowBlock, sheet_of_rows
from iww_analysis.tables.sampled_sheet import sampled

N = 2_000


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is long in these tests: a hundred rows."""
    for name, n in {"WHOLE": 100, "FIRST": 50, "RUN": 10, "MOST_RUNS": 4, "MOST_WORDS": 40}.items():
        monkeypatch.setattr(sampled_sheet, name, n)


def rows(n: int = N) -> list[list[str]]:
    """Cases, of which the number comes again far below in every fourth, and one word stands in one row alone."""
    reasons = ["verhuisd", "afgerond; verhuisd"]
    cases = [[f"ED-{i if i % 4 else i // 2:05}", reasons[i % 2], str(i), f"tekst {i}"] for i in range(1, n)]
    cases[n // 2][1] = "afgerond; Driekoffie"
    return [["Zaaknr", "Reden", "Regel", "Toelichting"], *cases]


def in_blocks(cells: list[list[str]], size: int = 300) -> RawSheet:
    whole = sheet_of_rows("lijst.csv", "", cells).cells
    blocks = [RowBlock(whole.iloc[n : n + size]) for n in range(0, len(whole), size)]
    return RawSheet("lijst.csv", "", lambda: iter(blocks))


def test_a_short_sheet_is_taken_as_it_is() -> None:
    sheet = in_blocks(rows(90))
    assert sampled(sheet).cells.equals(sheet.cells)
    assert (sampled(sheet).n_rows, sampled(sheet).every, sampled(sheet).notes) == (0, None, ())


def test_of_a_long_sheet_the_first_rows_runs_and_the_last_rows_are_kept_under_their_own_numbers() -> None:
    sheet = in_blocks(rows())
    sample = sampled(sheet)
    kept = list(sample.cells.index)
    assert kept == sorted({*kept})
    assert kept[:50] == list(range(1, 51))
    assert kept[-10:] == list(range(N - 9, N + 1))
    assert 80 <= len(kept) <= 110
    assert sample.n_rows == N
    assert sample.cells.equals(sheet.cells.loc[kept])
    assert sum(len(block.cells) for block in sample.all_blocks()) == N


@pytest.mark.parametrize("n", range(241, 249))
def test_the_rows_stand_in_the_order_of_the_sheet_wherever_its_last_run_begins(n: int) -> None:
    assert sampled(in_blocks(rows(n))).cells.index.is_monotonic_increasing


def test_a_word_that_stands_in_one_row_is_in_the_sample() -> None:
    assert sampled(in_blocks(rows())).cells[1].str.contains("Driekoffie").sum() == 1


def test_columns_of_more_words_than_a_list_has_add_no_rows() -> None:
    texts = sampled(in_blocks(rows())).cells[3]
    assert len(texts) < 200


def test_the_size_of_the_blocks_does_not_matter() -> None:
    samples = [sampled(in_blocks(rows(), size)).cells for size in (150, 700, N)]
    assert all(sample.equals(samples[0]) for sample in samples)


def test_how_many_identifiers_are_distinct_is_known_of_all_rows() -> None:
    sample = sampled(in_blocks(rows()))
    column = ColumnProfile(sample.cells.loc[2:, 0], ids=sample.ids[0])
    repeated = len({row[0] for row in rows()}) / N
    assert column.share_distinct == pytest.approx(repeated)
    assert repeated < 0.9 < column.filled.nunique() / len(column.filled)  # as the sample alone would say
    assert not column.is_key


def test_a_column_of_line_numbers_is_one_in_a_sample_too() -> None:
    sample = sampled(in_blocks(rows()))
    assert ColumnProfile(sample.cells.loc[2:, 2]).is_line_number
    assert not ColumnProfile(pd.Series(["1", "7", "3", "12"], index=[2, 3, 4, 5])).is_line_number


def test_what_is_asked_of_a_long_file_is_what_stands_in_it(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    home.raw.mkdir(parents=True)
    reasons = ["verhuisd"] * (N - 1)
    reasons[1500] = "Driekoffie"
    lines = [f"ED-{i:05};{1 + i % 28}-{1 + i % 12}-2021;{reasons[i - 1]}" for i in range(1, N)]
    export = tmp_path / "casussen.csv"
    export.write_text("\n".join(["Zaaknr;Datum aanmelding;Reden afsluiting", *lines]), encoding="utf-8")
    added = add(home, "ede", [export], dt.date(2022, 1, 15), yes=True)
    (note,) = added.notes
    assert note.say("nl") == (
        "bestand casussen.csv: een lang blad: de voorstellen, en de aantallen bij de vragen, komen van 91 van de 2000 rijen. "
        "Elk woord uit kolommen met weinig woorden is erbij. Bouwen leest alle rijen."
    )
    assert '"Driekoffie" = "?"' in home.crosswalk("ede").read_text(encoding="utf-8")
    assert (home.raw / "ede" / "2022-01-15" / "casussen.csv").read_bytes() == export.read_bytes()


def test_numbers_of_two_long_lists_are_held_against_each_other_in_full(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    home.raw.mkdir(parents=True)
    numbers = [f"ED-{i:05}" for i in range(1, N)]
    cases = [f"{number};{1 + i % 28}-{1 + i % 12}-2021;verhuisd" for i, number in enumerate(numbers)]
    meetings = [f"{number};{1 + i % 28}-{1 + i % 12}-2021;intake" for i, number in enumerate(reversed(numbers))]
    files = {"casussen.csv": ["Zaaknr;Datum aanmelding;Reden afsluiting", *cases],
             "overleg.csv": ["Zaaknr;Datum overleg;Soort overleg", *meetings]}  # fmt: skip
    for name, lines in files.items():
        (tmp_path / name).write_text("\n".join(lines), encoding="utf-8")
    added = add(home, "ede", [tmp_path / name for name in files], dt.date(2022, 1, 15), yes=True)
    assert not {message.code for message in added.messages} & {"link", "link_mended"}
    assert "[keys]" not in home.crosswalk("ede").read_text(encoding="utf-8")
