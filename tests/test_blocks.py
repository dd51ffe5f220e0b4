"""A long text is read a block at a time: what comes of it is what comes of it at once, wherever the cuts fall."""

import csv
import io

import pandas as pd
import pytest
from conftest import HOME, built
from hypothesis import given
from hypothesis import strategies as st

from iww_analysis import build
from iww_analysis.io import text
from iww_analysis.schema.alike import again, used, within
from iww_analysis.schema.compact import Numbering, as_frame, compact

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


@pytest.mark.parametrize("source", ["nijmegen", "beuningen", "druten", "hu-wijkteams"])
@pytest.mark.parametrize(("step", "block"), [(700, 1500), (5000, 5000)])
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


@given(WORDS, WORDS)
def test_a_column_lies_within_another_when_each_of_its_values_does(
    own: list[str | None], other: list[str | None]
) -> None:
    one, two = (compact(pd.DataFrame({"x": pd.Series(words, dtype="str")}))["x"] for words in (own, other))
    assert within(one, two) == ({*own} - {None} <= {*other})
