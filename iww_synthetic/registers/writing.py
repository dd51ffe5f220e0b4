"""Write the parts of a case that every register has, each in the register's own dialect."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from iww_synthetic.cases.truth import Action, Case, Score
from iww_synthetic.files.mess import Pen
from iww_synthetic.files.sheet import Cell, Sheet
from iww_synthetic.settings import Delivery, toml

Row = dict[str, Cell]


@dataclass(frozen=True)
class File:
    """A delivered file, with the sheets that are in it (a text file has one, without a name)."""

    delivery: Delivery
    name: str
    content: bytes
    sheets: Mapping[str, Sheet]


def sometimes_number(text: str, pen: Pen) -> Cell:
    """Write digits mostly as a number, as Excel does unasked."""
    return int(text) if pen.chance.yes(0.8) else text


def reason_not(code: str | None, pen: Pen) -> str:
    """Write why the network takes no part; nothing where that was not asked."""
    return "" if code is None else pen.word("network_reason", code)


def count(n: int | None) -> Cell:
    """Write a number, or nothing."""
    return "" if n is None else n


def intake(case: Case, pen: Pen) -> Cell:
    """Write the day of the intake; now and then in words that are no day."""
    if case.intake is None and case.intake_missing == "unreadable":
        return str(pen.chance.pick(toml("texts.toml")["notes"]["unreadable_days"]))
    return pen.day(case.intake, case.intake_missing)


def organisations(names: Sequence[str], source: str, pen: Pen, separators: Sequence[str]) -> str:
    """Write organisations in one cell, each in one of its spellings."""
    spellings: Mapping[str, Sequence[str]] = toml("texts.toml")["organisations"][source]
    text = ""
    for name in names:
        text += (pen.chance.pick(separators) if text else "") + pen.scribble(pen.chance.pick(spellings[name]))
    return text


def note(case: Case, source: str, pen: Pen, lines: bool = False) -> str:
    """Write a free text, more often than not with an invented name in it; `lines`: sometimes over several lines."""
    texts = toml("texts.toml")
    if pen.chance.yes(0.4):
        return ""
    if lines and pen.chance.yes(0.25):
        text = "\r\n".join(texts["notes"]["lines"][: pen.chance.between(2, 4)])
    else:
        text = str(pen.chance.pick(texts["notes"]["named" if pen.chance.yes(0.6) else "plain"]))
    organisation = pen.chance.pick(list(texts["organisations"][source]))
    return text.format(name=case.members[0].person.name, organisation=organisation)


def action(it: Action, case: Case, pen: Pen) -> list[Cell]:
    """Write an action: number, case, day, who, domain, what, status."""
    return [
        it.action_id, case.case_id, pen.day(it.day), pen.word("actor_role", it.actor), pen.word("life_domain", it.domain),
        pen.chance.pick(toml("texts.toml")["notes"]["actions"]), pen.word("action_status", it.status),
    ]  # fmt: skip


def scores(case: Case, moment: str, domains: Mapping[str, str], pen: Pen, decimals: str = "") -> Row:
    """Write the scores of a moment next to one another: heading per domain -> what stands in the cell."""
    found = {score.domain: score for score in case.scores if score.moment == moment}
    return {heading: _score(found.get(domain), pen, decimals) for domain, heading in domains.items()}


def _score(score: Score | None, pen: Pen, decimals: str) -> Cell:
    if score is None:
        return ""
    if score.value is None:
        return "7" + decimals if score.missing == "unreadable" else pen.missing(score.missing)
    return f"{score.value}{decimals}"


def put_row(sheet: Sheet, share: float, kind: str, row: Row, changes: Row) -> None:
    """Put a row with some cells changed in between, at a share of the way down; without changes a row comes twice."""
    sheet.insert_among_kept(share, list({**row, **changes}.values()), kind)


def put_bare(sheet: Sheet, share: float, kind: str, row: Row, cells: Row) -> None:
    """Put a row in between of which only these cells are filled."""
    put_row(sheet, share, kind, dict.fromkeys(row, ""), cells)


def at(rows: Sequence[Row], share: float) -> Row:
    """Give the row at a share of the way down."""
    return rows[int(share * (len(rows) - 1))]
