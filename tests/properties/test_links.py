"""Numbers of cases as two files write them: every meeting finds its case, is asked about, or is counted as belonging to none."""

import datetime as dt
import io
from pathlib import Path
from random import Random

import openpyxl
import pytest

from iww_analysis.analysis.links import with_lost_cases
from iww_analysis.analysis.questions.compare import MUNICIPALITY, Question, Where, ask
from iww_analysis.analysis.study import Study, together
from iww_analysis.cleaning.source import Built
from iww_analysis.commands import build
from iww_analysis.commands.check import Checked, checked
from iww_analysis.io.disk.home import Home
from iww_analysis.report.page import data_quality_of
from shared.homes import home_with
from shared.long import sampled

PAIRS, AT_ONCE = 2_000, 5
FIRST = dt.date(2020, 1, 1)
FORMS = {  # how a source writes its numbers
    "dashes": "ED-{y}-{n:04}", "slashes": "{y4}/{n:03}", "zeros": "{n:07}", "letters": "ZAAK{n:05}", "plain": "{n}",
    "excel": "{n}-{y4}", "mixed": "00{h}",
}  # fmt: skip
WAYS = {  # how another file writes the same number
    "same": lambda text, rng: text,
    "no separators": lambda text, rng: text.replace("-", "").replace("/", ""),
    "other separators": lambda text, rng: text.replace("-", " / ").replace("/", "."),
    "odd dashes": lambda text, rng: text.replace("-", rng.choice("\u2011\u2013\u2212")),
    "lost zeros": lambda text, rng: text.lstrip("0") or "0",
    "small letters": lambda text, rng: text.lower(),
    "no prefix": lambda text, rng: text.lstrip("EDZAK-"),
    "spaces": lambda text, rng: f" {text}\u00a0",
    "wide digits": lambda text, rng: text.translate(str.maketrans("0123456789", "０１２３４５６７８９")),
    "another number": lambda text, rng: f"{text}9",
    "days": lambda text, rng: text,  # see `_day_of`
}
CROSSWALK = """
[[sheets]]
file = "cases.xlsx"
one_row_is = "cases"
[sheets.columns]
"nr" = "cases.case_id"
"reported" = "cases.date_referral"
[[sheets]]
file = "meetings.csv"
one_row_is = "meetings"
[sheets.columns]
"case" = "meetings.case_id"
"kind" = "meetings.kind"
"day" = "meetings.date"
{keys}
"""
FOUND = Where("municipality", "known", reason="case_not_found")
COUNT = Question("held", "meetings", "n_meetings", ("municipality",), (MUNICIPALITY,), where=(FOUND,))


def _number(rng: Random, form: str, n: int) -> str:
    letters = "".join(rng.choice("aAbBcC") for _ in range(6))
    return FORMS[form].format(n=n, y=22, y4=2022, h=f"{letters}{n % 3}")


def _day_of(text: str) -> dt.date | None:
    """What a spreadsheet makes of 3-2022."""
    first, _, year = text.partition("-")
    return dt.date(int(year), int(first), 1) if first.isdigit() and year.isdigit() and 0 < int(first) <= 12 else None


def _book(numbers: list[object]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["nr", "reported"])
    for n, number in enumerate(numbers):
        sheet.append([number, FIRST + dt.timedelta(n)])  # of each case its own day
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _built(home: Home) -> tuple[Checked, Built, Study]:
    look, built = checked(home, "here"), build.build(home, "here")
    frames = {name: built.tables[name] for name in built.tables}
    return look, built, together([(build.origin_of(home, "here"), frames, built.ledger)])


def _days_met(study: Study) -> dict[dt.date, dt.date]:
    """Day of the meeting -> day of referral of the case that it was tied to."""
    tied = study["meetings"].merge(study["cases"][["case_id", "date_referral"]], on="case_id")
    return dict(zip(tied["date"].dt.date, tied["date_referral"].dt.date, strict=True))


def _hold(folder: Path, seed: int) -> str:
    rng = Random(f"iww pair {seed}")
    form = rng.choice([*FORMS])
    numbers = sorted({_number(rng, form, n + 1) for n in rng.sample(range(40), rng.randint(3, 30))})
    way, share = rng.choice([*WAYS]), rng.choice([0.1, 0.5, 1.0])
    of_case = [rng.randrange(len(numbers)) for _ in range(rng.randint(2, 40))]
    lines, truth = ["case;kind;day"], dict[dt.date, dt.date]()
    for n, case in enumerate(of_case):
        day = dt.date(2023, 1, 1) + dt.timedelta(n)
        text = WAYS[way](numbers[case], rng) if rng.random() < share else numbers[case]
        lines.append(f"{text};joint_client_meeting;{day}")
        if way != "another number":
            truth[day] = FIRST + dt.timedelta(case)
    cells = [(_day_of(number) if way == "days" else None) or number for number in numbers]
    files = {"cases.xlsx": _book(cells), "meetings.csv": "\n".join(lines) + "\n"}
    card = {"received": "2024-01-15", "extraction_date": "2023-12-31"}
    home = home_with(folder / f"{seed}", files, CROSSWALK.format(keys=""), **card)
    look, built, study = _built(home)
    met = _days_met(study)
    lost = len(of_case) - len(met)
    if way != "another number":
        assert met.items() <= truth.items(), "a meeting of one case is tied to another"
    (link,) = [each for line in built.ledger["sheets"] for each in line.get("links", ())]
    assert (link["n"], link["n_met"]) == (len(of_case), len(met))
    (page,) = data_quality_of(study, "nl", internal=True)
    assert [(each["n"].raw, each["n_met"].raw) for each in page["links"]] == [(len(of_case), len(met))]
    finding = with_lost_cases(ask("own", [COUNT], study.tables), study)
    assert [words["n_lost"] for _, words in finding.caveats] == ([lost] if lost else [])
    for messages in ([*look.points, *look.notes], built.notices):
        said = [message.words["lost"] for message in messages if message.code in ("link", "link_mended")]
        assert said == ([lost] if lost else [])
    asked = [point for point in look.points if point.code in ("link", "link_mended")]
    assert bool(asked) == (len(met) < 0.95 * len(of_case))
    if asked and asked[0].code == "link_mended":  # as a person answers
        keys = "[keys]\n" + str(asked[0].words["keys"])
        home.crosswalk("here").write_text(home.crosswalk("here").read_text() + keys, encoding="utf-8")
        again = _days_met(_built(home)[2])
        assert len(again) == asked[0].words["mended"] > len(met)
        assert way == "another number" or again.items() <= truth.items()
        return "mended"
    return "lost" if lost else "met"


@pytest.mark.parametrize("first", sampled(range(0, PAIRS, AT_ONCE), [0]))
def test_every_meeting_finds_its_case_or_is_counted(tmp_path: Path, first: int) -> None:
    outcomes = [_hold(tmp_path, seed) for seed in range(first, first + AT_ONCE)]
    assert {*outcomes} <= {"met", "lost", "mended"}
