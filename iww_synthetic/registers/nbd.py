"""Write what the registers around Nijmegen share: deliveries that overlap, joint meetings in a file of their own."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from iww_synthetic.cases.truth import Case, Meeting, as_of
from iww_synthetic.files.mess import Pen
from iww_synthetic.files.sheet import Cell, Sheet
from iww_synthetic.registers import writing
from iww_synthetic.registers.writing import Row
from iww_synthetic.settings import Delivery, Settings

N_REASONS_CORRECTED = 8
N_DOMAINS_ADDED = 5


@dataclass(frozen=True)
class Known:
    """What one delivery says of a case. `kind`: kept; where a later delivery has the case again, duplicate or superseded."""

    case: Case
    written: Row
    kind: str


def deliveries(
    cases: Sequence[Case], settings: Settings, write: Callable[[Case], Row]
) -> list[tuple[Delivery, list[Known]]]:
    """Say what each delivery knew, in the order in which it was received.

    The last one has the cases that were open in its period; an earlier one knew them as they were then. A row that
    did not change is written in the same way again.
    """
    *earlier, last = settings.deliveries
    written = {case.case_id: write(case) for case in cases}
    current = [case for case in cases if not earlier or case.closed is None or case.closed >= last.period[0]]
    again = {case.case_id for case in current}
    out = []
    for delivery in earlier:
        then = _mistaken(
            [as_of(case, delivery.extraction) for case in cases if case.referral <= delivery.extraction], again
        )
        truth = {case.case_id: case for case in cases}
        rows = [written[c.case_id] if _same(c, truth[c.case_id]) else write(c) for c in then]
        kinds = [_kind(case, row, written, again) for case, row in zip(then, rows, strict=True)]
        out.append((delivery, [Known(*known) for known in zip(then, rows, kinds, strict=True)]))
    return [*out, (last, [Known(case, written[case.case_id], "kept") for case in current])]


def _kind(case: Case, row: Row, written: Mapping[str, Row], again: set[str]) -> str:
    if case.case_id not in again:
        return "kept"
    return "duplicate" if row == written[case.case_id] else "superseded"


def _same(known: Case, case: Case) -> bool:
    return replace(known, joint=()) == replace(case, joint=())


def _mistaken(cases: list[Case], again: set[str]) -> list[Case]:
    """Plant what the first delivery had wrong and the second puts right: reasons for closure, a forgotten domain."""
    closed = [
        i
        for i, case in enumerate(cases)
        if case.case_id in again and case.reason in ("according_to_plan", "on_their_own")
    ]
    broad = [i for i, case in enumerate(cases) if case.case_id in again and len(case.domains) > 2]
    out = list(cases)
    for i in closed[:: max(1, len(closed) // N_REASONS_CORRECTED)][:N_REASONS_CORRECTED]:
        out[i] = replace(out[i], reason="administrative")
    for i in broad[:: max(1, len(broad) // N_DOMAINS_ADDED)][:N_DOMAINS_ADDED]:
        out[i] = replace(out[i], domains=out[i].domains[:-1])
    return out


def registration(known: Sequence[Known]) -> Sheet:
    """Make the sheet with one row per case."""
    sheet = Sheet()
    sheet.add(list(known[0].written), "header")
    for it in known:
        sheet.add(list(it.written.values()), it.kind)
    return sheet


def meetings(known: Sequence[Known], headings: Sequence[str], write: Callable[[Case, Meeting], list[Cell]],
             memory: dict[tuple[str, Meeting], list[Cell]]) -> Sheet:  # fmt: skip
    """Make the sheet with one row per joint meeting; `memory` holds how earlier deliveries wrote a meeting."""
    sheet = Sheet()
    sheet.add(headings, "header")
    for it in known:
        for meeting in it.case.joint:
            cells = memory.setdefault((it.case.case_id, meeting), write(it.case, meeting))
            sheet.add(cells, "kept" if it.kind == "kept" else "duplicate")
    return sheet


def meeting(case: Case, it: Meeting, pen: Pen, separators: Sequence[str]) -> list[Cell]:
    """Write a joint meeting: case number without its zeros, day, held or not, why not, who came."""
    number = case.case_id.lstrip("0")
    reason = pen.word("dropout_reason", it.reason_not_held) if it.reason_not_held else ""
    return [
        number,
        pen.day(it.day),
        pen.word("yes_no", it.held or "empty"),
        reason,
        pen.many("party", it.parties, separators),
    ]


def network(case: Case, moment: str, headings: tuple[str, str, str], pen: Pen) -> Row:
    """Write what is known of the network at one moment under three headings."""
    it = case.at(moment)
    cells = (pen.word("yes_no", it.involved), writing.count(it.n_people), writing.reason_not(it.reason_not, pen))
    return dict(zip(headings, cells, strict=True))


def meeting_junk(sheet: Sheet) -> None:
    """Add two rows that are no meetings of a case: one without a case number, one with cells too many."""
    row = next(line.cells for line in sheet.lines if line.kind == "kept")
    sheet.insert_among_kept(0.35, ["", *row[1:]], "missing_required")
    sheet.insert_among_kept(0.85, ["9999", *row[1:], "", "zie verslag"], "ragged")
