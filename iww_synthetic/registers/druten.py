"""Write Druten: families, with the persons in a file of their own, ISO days and the ZRM of 2013."""

import datetime as dt
from collections.abc import Mapping, Sequence

from iww_synthetic.cases.truth import Case
from iww_synthetic.files.mess import Pen
from iww_synthetic.files.sheet import Sheet
from iww_synthetic.registers import nbd, writing
from iww_synthetic.registers.writing import File, Row
from iww_synthetic.settings import Settings

DATES = {"iso": 85, "iso_midnight": 15}
ZRM: Mapping[str, str] = {
    "finances": "Financiën", "daytime_2013": "Dagbesteding", "housing": "Huisvesting",
    "domestic_relations": "Huiselijke relaties", "mental_health": "Geestelijke gezondheid",
    "physical_health": "Lichamelijke gezondheid", "addiction_2013": "Verslaving", "adl_2013": "ADL",
    "social_network": "Sociaal netwerk", "participation": "Maatschappelijke participatie", "justice": "Justitie",
}  # fmt: skip
MEETING = ("gezin", "datum", "doorgegaan", "waarom niet", "aan tafel")


def files(cases: Sequence[Case], settings: Settings, pen: Pen) -> list[File]:
    """Give the families, the persons and the joint meetings."""
    [(delivery, known)] = nbd.deliveries(cases, settings, lambda case: _row(case, pen))
    families = nbd.registration(known)
    _junk(families, [it.written for it in known], delivery.extraction)
    meetings = nbd.meetings(known, MEETING, lambda case, it: nbd.meeting(case, it, pen, (" | ", "|")), {})
    nbd.meeting_junk(meetings)
    sheets = {"gezinnen.csv": families, "personen.csv": _persons(cases, pen), "overleggen.csv": meetings}
    return [File(delivery, name, sheet.csv(), {"": sheet}) for name, sheet in sheets.items()]


def _row(case: Case, pen: Pen) -> Row:
    begin, end = ({k: f"{name} ({moment})" for k, name in ZRM.items()} for moment in ("begin", "eind"))
    return {
        "gezin": case.case_id,
        "huishoudnr": case.household_id,
        "samenstelling": pen.word("household_type", case.household_type),
        "kinderen": writing.count(case.n_children),
        "contactgegevens": case.members[0].person.contact,
        "label": case.label,
        "ingang": pen.word("door", case.door),
        "gemeld": pen.day(case.referral),
        "gemeld door": pen.word("referrer_role", case.referrer),
        "eerste gesprek": writing.intake(case, pen),
        "plan": pen.day(case.date_plan),
        "leefgebieden": pen.many("life_domain", case.domains, (" | ", "|")),
        "1 plan": pen.word("yes_no", case.one_plan),
        "1 regisseur": pen.word("yes_no", case.one_coordinator),
        "eerder in beeld": pen.word("yes_no", case.repeated),
        **nbd.network(case, "begin", ("netwerk start", "aantal start", "reden start"), pen),
        **nbd.network(case, "end", ("netwerk einde", "aantal einde", "reden einde"), pen),
        "organisaties start": writing.organisations(case.organisations[0], "druten", pen, (" | ", "|")),
        "organisaties einde": writing.organisations(case.organisations[1], "druten", pen, (" | ", "|")),
        "status": pen.word("case_status", case.status),
        "gesloten": pen.closing_day(case.closed),
        "waarom gesloten": pen.word("closure_reason", case.reason) if case.reason else "",
        "eerste resultaat": pen.day(case.first_result) if case.label else "",
        "zrm begin": pen.day(case.measured[0]),
        **writing.scores(case, "begin", begin, pen),
        "zrm eind": pen.day(case.measured[1]),
        **writing.scores(case, "end", end, pen),
        "bijzonder": writing.note(case, "druten", pen, lines=True),
    }


def _persons(cases: Sequence[Case], pen: Pen) -> Sheet:
    sheet = Sheet()
    sheet.add(["gezin", "persoon", "bsn", "naam", "rol", "geboren", "sekse"], "header")
    for case in cases:
        for member in case.members:
            it = member.person
            sheet.add([case.case_id, it.person_id, it.bsn, it.name, pen.word("person_role", member.role), pen.birth(it),
                       pen.word("sex", it.sex)])  # fmt: skip
    row = next(line.cells for line in sheet.lines if line.kind == "kept")
    sheet.insert_among_kept(0.45, ["", *row[1:]], "missing_required")
    sheet.insert_among_kept(0.0, row, "duplicate")
    return sheet


def _junk(sheet: Sheet, rows: Sequence[Row], extraction: dt.date) -> None:
    """Add the rows that are no cases: each is set aside, excluded or counted, for the reason named here."""
    header = rows[0]
    earlier = extraction - dt.timedelta(days=150)
    bare = {"ingang": "Sociaal team", "leefgebieden": "Financiën | Wonen", "status": "open"}
    writing.put_row(sheet, 0.2, "missing_required", writing.at(rows, 0.2), {"gezin": ""})
    writing.put_bare(sheet, 0.5, "missing_required", header, {**bare, "gezin": "D09001", "gemeld": "2019-02-31"})
    writing.put_bare(sheet, 0.6, "date_order", header, {
        **bare, "gezin": "D09002", "gemeld": earlier.isoformat(), "status": "gesloten", "waarom gesloten": "Verhuisd",
        "gesloten": (earlier - dt.timedelta(days=20)).isoformat(),
    })  # fmt: skip
    writing.put_bare(sheet, 0.8, "after_extraction", header,
                     {**bare, "gezin": "D09003", "gemeld": (extraction + dt.timedelta(days=5)).isoformat()})  # fmt: skip
    writing.put_row(sheet, 0.7, "duplicate", writing.at(rows, 0.7), {})
    writing.put_row(sheet, 0.0, "excluded", rows[0], {"gezin": "D00000", "bijzonder": "TEST"})
    ragged = dict.fromkeys(header, "") | bare | {"gezin": "D09004", "gemeld": earlier.isoformat()}
    sheet.insert_among_kept(0.9, [*ragged.values(), "let op"], "ragged")
