"""Write Elburg: other headings in another order, ages in classes, actions in a workbook of their own."""

import datetime as dt
from collections.abc import Sequence

from iww_synthetic.cases.truth import Case, Meeting, age_class
from iww_synthetic.files import workbook
from iww_synthetic.files.mess import Pen
from iww_synthetic.files.sheet import Cell, Sheet
from iww_synthetic.files.workbook import Page
from iww_synthetic.registers import writing
from iww_synthetic.registers.writing import File, Row
from iww_synthetic.settings import Settings

DATES = {"cell": 70, "text": 16, "month_short": 6, "weekday": 8}


def files(cases: Sequence[Case], settings: Settings, pen: Pen) -> list[File]:
    """Give the two workbooks."""
    delivery = settings.deliveries[-1]
    rows = [_row(case, pen) for case in cases]
    register = Sheet()
    register.add(["Gemeente Elburg - Samen aan Zet - dossiers"], "title")
    register.add(list(rows[0]), "header")
    for row in rows:
        register.add(list(row.values()))
    _junk(register, rows, delivery.extraction)
    total: list[Cell] = [""] * len(rows[0])
    total[0], total[1] = "Totaal aantal dossiers", len(rows)
    register.add(total, "total")
    register.add(["Let op: dossiers van voor juni 2018 staan in het oude systeem."], "footnote")
    register.add(["Toelichting: een gezin kan meer dan één dossier hebben."], "footnote")
    actions = _actions(cases, pen)
    main = workbook.write([Page("Dossiers", register, workbook.title_areas(8, 1), widths={3: 24})])
    second = workbook.write([Page("Acties", actions)])
    return [
        File(delivery, "Samen aan Zet Elburg dossiers.xlsx", main, {"Dossiers": register}),
        File(delivery, "Samen aan Zet Elburg acties.xlsx", second, {"Acties": actions}),
    ]


def _row(case: Case, pen: Pen) -> Row:
    person = case.members[0].person
    begin, end = case.at("begin"), case.at("end")
    return {
        "Dossiernummer": case.case_id,
        "Cliëntnummer": writing.sometimes_number(person.person_id, pen),
        "Cliënt": person.name,
        "Burgerservicenummer": person.bsn,
        "Contact": person.contact,
        "Geslacht": pen.word("sex", person.sex),
        "Leeftijdsgroep": pen.word("age_class", age_class(person.birth, case.referral)) if person.birth
        else pen.missing(person.birth_missing),
        "Melding d.d.": pen.day(case.referral),
        "Einde dossier": pen.closing_day(case.closed),
        "Reden einde": pen.word("closure_reason", case.reason) if case.reason else "",
        "Stand van zaken": pen.word("case_status", case.status),
        "Gemeld door": pen.word("referrer_role", case.referrer),
        "Huisbezoek": writing.intake(case, pen),
        "Gezin": pen.word("household_type", case.household_type),
        "Thuiswonende kinderen": writing.count(case.n_children),
        "Levensdomeinen": pen.many("life_domain", case.domains, ("\n", "\n", " + ")),
        "Bekend bij team?": pen.word("yes_no", case.repeated),
        "Eén plan?": pen.word("yes_no", case.one_plan),
        "Eén regisseur?": pen.word("yes_no", case.one_coordinator),
        **_stage(case.stage("introduction"), "Introductiegesprek", pen),
        **_stage(case.stage("first_dialogue"), "Dialoog", pen),
        **_stage(case.stage("closing_dialogue"), "Slot", pen),
        "Plan op": pen.day(case.date_plan) if case.plan else "",
        "Plan van": pen.word("plan_maker", case.plan.made_by) if case.plan else "",
        "Professional aanwezig?": pen.word("yes_no", case.plan.professionals_present) if case.plan else "",
        "Naasten mee bij begin": pen.word("yes_no", begin.involved),
        "Hoeveel (begin)": writing.count(begin.n_people),
        "Waarom niet (begin)": writing.reason_not(begin.reason_not, pen),
        "Naasten mee bij einde": pen.word("yes_no", end.involved),
        "Hoeveel (einde)": writing.count(end.n_people),
        "Waarom niet (einde)": writing.reason_not(end.reason_not, pen),
        "Instanties begin": writing.organisations(case.organisations[0], "elburg", pen, ("\n",)),
        "Instanties einde": writing.organisations(case.organisations[1], "elburg", pen, ("\n",)),
        "Bijzonderheden": writing.note(case, "elburg", pen),
    }  # fmt: skip


def _stage(meeting: Meeting, name: str, pen: Pen) -> Row:
    reason = pen.word("dropout_reason", meeting.reason_not_held) if meeting.reason_not_held else ""
    held = "" if meeting.held is None else pen.word("yes_no", meeting.held)
    return {f"{name}": pen.day(meeting.day), f"{name} doorgegaan": held, f"{name} niet, want": reason}


def _junk(sheet: Sheet, rows: Sequence[Row], extraction: dt.date) -> None:
    """Add the rows that are no cases: each is set aside, excluded or counted, for the reason named here."""
    earlier = extraction - dt.timedelta(days=300)
    bare = {"Gemeld door": "Huisarts", "Levensdomeinen": "Wonen\nFinanciën", "Stand van zaken": "Open"}
    writing.put_row(sheet, 0.30, "missing_required", writing.at(rows, 0.3), {"Dossiernummer": ""})
    writing.put_bare(
        sheet, 0.45, "missing_required", rows[0], {**bare, "Dossiernummer": "199001E", "Melding d.d.": "31-02-2019"}
    )
    writing.put_bare(sheet, 0.65, "date_order", rows[0], {
        **bare, "Dossiernummer": "209002E", "Melding d.d.": earlier, "Stand van zaken": "Gesloten", "Reden einde": "Verhuisd",
        "Einde dossier": earlier - dt.timedelta(days=30),
    })  # fmt: skip
    writing.put_bare(sheet, 0.95, "after_extraction", rows[0],
                     {**bare, "Dossiernummer": "219003E", "Melding d.d.": extraction + dt.timedelta(days=12)})  # fmt: skip
    writing.put_row(sheet, 0.75, "duplicate", writing.at(rows, 0.75), {})
    writing.put_row(sheet, 0.01, "excluded", rows[0], {"Dossiernummer": "180000E", "Cliënt": "TEST"})


def _actions(cases: Sequence[Case], pen: Pen) -> Sheet:
    sheet = Sheet()
    sheet.add(["Nummer", "Dossier", "Op", "Door wie", "Levensdomein", "Wat", "Klaar?"], "header")
    for case in cases:
        for action in case.actions:
            sheet.add(writing.action(action, case, pen))
    first = next(line.cells for line in sheet.lines if line.kind == "kept")
    sheet.insert_among_kept(0.3, ["", *first[1:]], "missing_required")
    sheet.add([], "empty")
    sheet.add(["* Acties van na het slotgesprek staan in het eigen systeem van de professional."], "footnote")
    return sheet
