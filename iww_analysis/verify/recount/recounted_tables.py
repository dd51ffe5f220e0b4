"""Let figures ask their questions of DuckDB: which questions a figure has, it says itself; every answer is counted here."""

from collections.abc import Collection, Iterator, Mapping, Sequence

import pandas as pd

from iww_analysis.analysis.answer import LABELS, Answer, StudyTables
from iww_analysis.analysis.question import Question
from iww_analysis.messages.errors import fail
from iww_analysis.tables import TABLES
from iww_analysis.verify.recount.recount import Recount, Recounted


class RecountedTables(StudyTables):
    """The processed tables of some sources, which answer by the recount."""

    def __init__(self, recount: Recount, sources: Collection[str]) -> None:
        self._recount, self._sources = recount, tuple(sorted(sources))

    def __getitem__(self, table: str) -> pd.DataFrame:
        return self.columns(table, TABLES[table].stored)

    def __iter__(self) -> Iterator[str]:
        return iter(TABLES)

    def __len__(self) -> int:
        return len(TABLES)

    def sources_of(self, table: str) -> frozenset[str]:
        """Name the sources that have rows in a table."""
        return self._recount.sources_of(table) & frozenset(self._sources)

    def only(self, sources: Collection[str]) -> "RecountedTables":
        """The same tables of these sources alone."""
        return RecountedTables(self._recount, set(sources) & set(self._sources))

    def columns(self, table: str, names: Sequence[str]) -> pd.DataFrame:
        """Give some columns of a table."""
        return self._recount.frame(table, names, self._sources)

    def answer(self, question: Question) -> Answer:
        """Give the answer to a question; refuses two sources that share the label of a mark."""
        counted = self._recount.counted(question, self._sources)
        if any(
            _is_shared(counted, n) for n, key in enumerate(question.by) if key in LABELS and "source" not in question.by
        ):
            raise fail("labels_shared", key=", ".join(question.by), labels="…", sources=", ".join(self._sources))
        marks = [(*keys, *map(values.get, question.statistics)) for keys, values in counted.marks.items()]
        days = [key for key in question.by if key in question.derive and question.derive[key].kind in ("days", "minus")]
        return Answer(
            question,
            pd.DataFrame(marks, columns=[*question.by, *question.statistics]).astype(dict.fromkeys(days, "int64")),
            pd.DataFrame([*counted.totals.items()], columns=[question.by[0], question.unit]),
            counted.n_in,
            counted.n_out,
            counted.left_out,
        )

    def rows(self, question: Question, mark: Mapping[str, str]) -> pd.DataFrame:
        """Not asked for by a figure."""
        raise NotImplementedError

    def alike(self, table: str, wanted: pd.DataFrame) -> pd.DataFrame:
        """Not asked for by a figure."""
        raise NotImplementedError


def _is_shared(counted: Recounted, n: int) -> bool:
    """Whether two sources have the same value of a key."""
    sources: dict[str, str] = {}
    return any(
        sources.setdefault(keys[n], place[0]) != place[0] for keys, places in counted.places.items() for place in places
    )
