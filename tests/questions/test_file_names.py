"""A file that comes again under another name is the same file: nothing that was answered is asked again."""

import datetime as dt

import pytest

from iww_analysis.crosswalk.ask.add_sheets import GrowingCrosswalk
from iww_analysis.crosswalk.ask.open_question import Consultation, OpenQuestion
from iww_analysis.crosswalk.write import CrosswalkFile
from iww_analysis.tables.raw_sheet import RawSheet, RowBlock
from shared.homes import Rows
from shared.recognised import as_cells

DAY = dt.date(2024, 1, 15)
CASES = [
    ["Zaaknr", "Datum aanmelding", "Datum afsluiting", "Vloer"],
    ["A-1", "13-02-2020", "14-03-2020", "twee"],
    ["A-2", "14-02-2020", "15-03-2020", "drie"],
    ["A-3", "25-02-2020", "", "een"],
]
OTHERS = [
    ["Zaaknr", "Datum actie", "Actienummer", "Actie", "Wie"],
    ["A-1", "13-02-2020", "1", "bellen", "cliënt"],
    ["A-2", "14-02-2020", "2", "lopen", "cliënt"],
]


class Added:
    """A source that grows by files; what was asked of each."""

    def __init__(self, answer: str = "-") -> None:
        def say(question: OpenQuestion) -> str:
            self.asked.append(question.place.column or question.code)
            return answer

        self.asked = list[str]()
        self.growing = GrowingCrosswalk("hier", CrosswalkFile("hier", DAY), (), Consultation(say))

    def add(self, **files: Rows) -> list[str]:
        """Add files of these names; gives what was asked."""
        self.asked.clear()
        self.growing.consultation.questions.clear()
        sheets = [
            RawSheet(name, "", lambda rows=rows: iter([RowBlock(as_cells(rows))])) for name, rows in files.items()
        ]  # type: ignore[misc]
        self.growing.add_sheets(sheets)
        return self.asked

    @property
    def files(self) -> list[str]:
        return [entry.file for entry in self.growing.crosswalk.sheets]


@pytest.mark.parametrize(
    ("first", "again", "pattern"),
    [
        ("export.csv", "export 2024-07-01.csv", "export*.csv"),
        ("export.csv", "export (2).csv", "export*.csv"),
        ("export v1.csv", "export v2.csv", "export v*.csv"),
        ("export 2024-01-01.csv", "export.csv", "export*.csv"),
    ],
)
def test_a_day_or_version_makes_no_other_file(first: str, again: str, pattern: str) -> None:
    added = Added()
    assert added.add(**{first: CASES}) == ["Vloer"]
    assert (added.add(**{again: CASES}), added.files) == ([], [pattern])


def test_another_name_or_other_headings_make_another_file() -> None:
    added = Added()
    added.add(**{"export.csv": CASES})
    assert added.add(**{"zaken.csv": CASES}) == ["Vloer"]
    added.add(**{"export 2.csv": OTHERS})
    assert added.files[:2] == ["export.csv", "zaken.csv"]


def test_a_pattern_that_would_fit_another_table_is_not_taken() -> None:
    added = Added()
    added.add(**{"export.csv": CASES})
    added.add(**{"export 2.csv": CASES, "export acties.csv": OTHERS})
    assert added.files[0] == "export.csv"


def test_as_long_as_the_entry_asks_something_its_questions_keep_their_place() -> None:
    added = Added(answer="")
    added.add(**{"export.csv": CASES})
    added.add(**{"export (2).csv": CASES})
    assert added.files == ["export.csv", "export (2).csv"]
