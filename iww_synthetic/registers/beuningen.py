"""Write Beuningen: short codes, days with slashes and two digits for the year, scores with a decimal comma."""

import datetime as dt
from collections.abc import Mapping, Sequence

from iww_synthetic.cases.truth import Case
from iww_synthetic.files.mess import Pen
from iww_synthetic.files.sheet import Cell, Sheet
from iww_synthetic.registers import nbd, writing
from iww_synthetic.registers.writing import File, Row
from iww_synthetic.settings import Settings

DATES = {"slash": 60, "slash_short": 40}
ZRM: Mapping[str, str] = {
    "finances": "fin", "work_education": "werk", "time_use": "tijd", "housing": "huis", "domestic_relations": "rel",
    "mental_health": "psy", "physical_health": "lich", "substance_use": "midd", "basic_adl": "badl",
    "instrumental_adl": "iadl", "social_network": "netw", "participation": "part", "justice": "just",
}  # fmt: skip
MEETING = ("PLANNR", "DATUM", "DOOR", "REDEN", "WIE")


def files(cases: Sequence[Case], settings: Settings, pen: Pen) -> list[File]:
    """Give the plans and the joint meetings."""
    [(delivery, known)] = nbd.deliveries(cases, settings, lambda case: _row(case, pen))
    sheet = nbd.registration(known)
    _junk(sheet, [it.written for it in known], delivery.extraction)
    total: list[Cell] = [""] * len(known[0].written)
    total[0], total[1] = "Totaal", len(known)
    sheet.add(total, "total")
    meetings = nbd.meetings(known, MEETING, lambda case, it: nbd.meeting(case, it, pen, (" + ", "+", " / ")), {})
    nbd.meeting_junk(meetings)
    return [
        File(delivery, "plannen 2018-2020.csv", sheet.csv(), {"": sheet}),
        File(delivery, "overleggen 2018-2020.csv", meetings.csv(), {"": meetings}),
    ]


def _row(case: Case, pen: Pen) -> Row:
    person = case.members[0].person
    begin, end = ({k: f"Z_{moment}_{name.upper()}" for k, name in ZRM.items()} for moment in ("B", "E"))
    return {
        "PLANNR": case.case_id,
        "CLNR": person.person_id,
        "NAAM": person.name,
        "SOFI": person.bsn,
        "MAIL": person.contact,
        "GEBDAT": pen.birth(person),
        "MV": pen.word("sex", person.sex),
        "LABEL": case.label,
        "DEUR": pen.word("door", case.door),
        "AANM": pen.day(case.referral),
        "VIA": pen.word("referrer_role", case.referrer),
        "GESPREK1": writing.intake(case, pen),
        "PLANDAT": pen.day(case.date_plan),
        "GEBIEDEN": pen.many("life_domain", case.domains, (" + ", "+", " / ")),
        "EENPLAN": pen.word("yes_no", case.one_plan),
        "EENREG": pen.word("yes_no", case.one_coordinator),
        "TERUG": pen.word("yes_no", case.repeated),
        **nbd.network(case, "begin", ("NETW", "NETW_N", "NETW_WAAROM"), pen),
        "STATUS": pen.word("case_status", case.status),
        "EIND": pen.closing_day(case.closed),
        "REDEN": pen.word("closure_reason", case.reason) if case.reason else "",
        "RESULT1": pen.day(case.first_result) if case.label else "",
        "Z_B_DAT": pen.day(case.measured[0]),
        **writing.scores(case, "begin", begin, pen, decimals=",0"),
        "Z_E_DAT": pen.day(case.measured[1]),
        **writing.scores(case, "end", end, pen, decimals=",0"),
        "MEMO": writing.note(case, "beuningen", pen, lines=True),
    }


def _junk(sheet: Sheet, rows: Sequence[Row], extraction: dt.date) -> None:
    """Add the rows that are no cases: each is set aside, excluded or counted, for the reason named here."""
    header = rows[0]
    earlier = extraction - dt.timedelta(days=250)
    bare = {"DEUR": "ST", "GEBIEDEN": "Financiën + Wonen", "STATUS": "open"}
    writing.put_row(sheet, 0.15, "missing_required", writing.at(rows, 0.15), {"PLANNR": ""})
    writing.put_bare(sheet, 0.4, "missing_required", header, {**bare, "PLANNR": "009001", "AANM": "31/02/2019"})
    writing.put_bare(sheet, 0.6, "date_order", header, {
        **bare, "PLANNR": "009002", "AANM": f"{earlier:%d/%m/%Y}", "STATUS": "gesloten", "REDEN": "VHS",
        "EIND": f"{earlier - dt.timedelta(days=45):%d/%m/%Y}",
    })  # fmt: skip
    writing.put_bare(sheet, 0.8, "after_extraction", header,
                     {**bare, "PLANNR": "009003", "AANM": f"{extraction + dt.timedelta(days=15):%d/%m/%Y}"})  # fmt: skip
    writing.put_row(sheet, 0.5, "duplicate", writing.at(rows, 0.5), {})
    writing.put_row(sheet, 0.02, "excluded", rows[0], {"PLANNR": "000000", "NAAM": "TEST"})
    ragged = dict.fromkeys(header, "") | bare | {"PLANNR": "009004", "AANM": f"{earlier:%d/%m/%Y}"}
    sheet.insert_among_kept(0.33, [*ragged.values(), "belt terug"], "ragged")
