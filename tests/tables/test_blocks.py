"""A long text is read a block at a time: what comes of it is what comes of it at once, wherever the cuts fall."""

import csv
import io

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from iww_analysis.commands import build
from iww_analysis.io.formats import text
from iww_analysis.io.processed import store
from iww_analysis.tables.cells.interning import Numbering, as_frame, compact
from iww_analysis.tables.cells.row_hash import again, row_hash, used, within
from shared.long import sampled
from shared.sources import HOME, built

# Lines within a cell that are as full as a row are refused (a stray quote may have swallowed rows): here is no such cell.
CELLS = st.text(st.sampled_from('ab ;"\x1fé€'), max_size=12) | st.text(st.sampled_from('ab "\n\ré€'), max_size=12)
RECORDS = st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=30)


def cut(monkeypatch: pytest.MonkeyPatch, step: int, block: int) -> None:
    """Let texts longer than `block` bytes be read in blocks, and worked on in steps."""
    monkeypatch.setattr(text, "STEP", step)
    monkeypatch.setattr(text, "BLOCK", block)


@given(RECORDS, st.sampled_from(["utf-8", "cp1252", "utf-16"]), st.integers(1, 40), st.integers(1, 200))
def test_wherever_a_text_is_cut_its_records_are_those_of_csv(
    records: list[list[str]], encoding: str, step: int, block: int
) -> None:
    written = io.StringIO()
    csv.writer(written, delimiter=";").writerows(records)
    content = written.getvalue().encode(encoding)
    with pytest.MonkeyPatch.context() as patched:
        cut(patched, step, block)
        dialect = text.Dialect("a.csv", text.encoding_of([content]), ";")
        read = [
            row for part in text._blocks(lambda: io.BytesIO(content), dialect) for row in part.cells.to_numpy().tolist()
        ]
    decoded = content.decode(dialect.encoding.name)
    expected = list(csv.reader(io.StringIO(decoded, newline=""), delimiter=";", strict=True))
    assert [row[: len(own)] for row, own in zip(read, expected, strict=True)] == expected


def test_every_block_numbers_its_rows_on_from_the_one_before(monkeypatch: pytest.MonkeyPatch) -> None:
    content = "".join(f"{n};{n};{n}\n" for n in range(1, 200)).encode()
    cut(monkeypatch, 64, 128)
    blocks = list(text.read_text("a.csv", lambda: io.BytesIO(content)).blocks())
    assert len(blocks) > 5
    rows = pd.concat([block.cells for block in blocks])
    assert rows.index.tolist() == list(range(1, 200)) == rows[0].astype(int).tolist()


BLOCKS = [
    (source, *cut)
    for source in ("nijmegen", "beuningen", "druten", "hu-wijkteams")
    for cut in ((700, 1500), (5000, 5000))
]


@pytest.mark.parametrize(
    ("source", "step", "block"),
    sampled(BLOCKS, [("druten", 5000, 5000), ("hu-wijkteams", 700, 1500)]),
)
def test_a_source_that_is_read_in_blocks_is_the_same_source(
    source: str, step: int, block: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = built(source)
    cut(monkeypatch, step, block)
    made = build.build(HOME, source)
    assert sorted(made.tables) == sorted(whole.tables)
    for name in whole.tables:
        by = [column for column in whole.tables[name] if column != "sha256"]
        old, new = (tables[name].sort_values(by, ignore_index=True) for tables in (whole.tables, made.tables))
        pd.testing.assert_frame_equal(new, old, obj=name)
    assert made.ledger["sheets"] == whole.ledger["sheets"]


# ---- tables of pieces ------------------------------------------------------------------------------------------------

WORDS = st.lists(st.sampled_from(["a", "b", "c", None]), max_size=12)


@given(st.lists(st.lists(st.tuples(*[st.sampled_from(["a", "b", "c", None])] * 2), max_size=8), min_size=1, max_size=4))
def test_pieces_of_a_table_under_each_other_are_the_table(pieces: list[list[tuple[str | None, str | None]]]) -> None:
    frames = [pd.DataFrame(piece, columns=["x", "y"], dtype="str") for piece in pieces]
    frames = [frame.assign(x=frame["x"].astype("category")) for frame in frames]
    tables = [compact(frame) for frame in frames]
    together = Numbering([tables]).together(tables)
    expected = pd.concat([frame.astype("str") for frame in frames], ignore_index=True)
    pd.testing.assert_frame_equal(as_frame(together), expected)
    assert again(together.columns).tolist() == expected.duplicated().tolist()
    assert sorted(map(str, used(together["x"]).to_pylist())) == sorted(
        {str(v) if v == v else "None" for v in expected["x"]}
    )


def test_pieces_of_few_and_of_many_unlike_texts_go_under_each_other() -> None:
    """Up to 127 texts are numbered in a byte, more in four: both are held text by text when they are put together."""
    few, many = ([f"{n}" for n in range(start, start + length)] for start, length in ((0, 100), (100, 200)))
    tables = [compact(pd.DataFrame({"x": pd.Series(texts, dtype="category")})) for texts in (few, many)]
    assert as_frame(Numbering([tables]).together(tables))["x"].tolist() == [*few, *many]


@given(WORDS, WORDS)
def test_a_column_lies_within_another_when_each_of_its_values_does(
    own: list[str | None], other: list[str | None]
) -> None:
    one, two = (compact(pd.DataFrame({"x": pd.Series(words, dtype="str")}))["x"] for words in (own, other))
    assert within(one, two) == ({*own} - {None} <= {*other})


def test_texts_of_rows_that_were_let_go_do_not_reach_the_file() -> None:
    frame = pd.DataFrame({"x": pd.Series(["a", "Jan Jansen", "a", None], dtype="category")})
    table = compact(frame).filter(pa.array([True, False, True, True]))
    assert b"Jan Jansen" in store.table_bytes(compact(frame))
    assert b"Jan Jansen" not in (content := store.table_bytes(table))
    assert pq.read_table(io.BytesIO(content))["x"].to_pylist() == ["a", "a", None]


def test_a_piece_that_lacks_a_column_knows_nothing_of_it() -> None:
    one = compact(pd.DataFrame({"x": ["a"], "y": pd.to_datetime(["2020-01-01"]).astype("datetime64[us]")}))
    two = compact(pd.DataFrame({"x": ["b"]}))
    for pieces in ([one, two], [two, one]):
        told = as_frame(Numbering([pieces]).together(pieces)).set_index("x")["y"]
        assert told["a"] == pd.Timestamp("2020-01-01")
        assert pd.isna(told["b"])


COLUMNS = st.lists(st.tuples(*[st.sampled_from(["", "a", "b", "ab"])] * 3), max_size=12)


@given(COLUMNS)
def test_rows_have_one_hash_when_their_cells_are_the_same_and_empty_ones_at_the_end_count_for_nothing(
    rows: list[tuple[str, ...]],
) -> None:
    columns = [pa.array(column, pa.large_string()) for column in zip(*rows, strict=True)]
    hashes = row_hash(columns, len(rows))
    assert pd.Series(hashes).duplicated().tolist() == pd.Series(rows, dtype=object).duplicated().tolist()
    assert (row_hash([column.dictionary_encode() for column in columns], len(rows)) == hashes).all()
    assert (row_hash([*columns, pa.array([""] * len(rows), pa.large_string())], len(rows)) == hashes).all()


def test_one_broken_letter_far_into_a_text_of_utf_8_leaves_it_utf_8() -> None:
    content = "x;één\n".encode() * 1000 + b"an ascii line\n" * 90_000 + b"caf\xe9\n"
    assert text.read_text("a.csv", lambda: io.BytesIO(content)).encoding == "utf-8"
