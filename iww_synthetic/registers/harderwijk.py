"""Write Harderwijk: one workbook, everything of a case in one long row, actions on a second sheet."""

import datetime as dt
from collections.abc import Sequence

from iww_synthetic.cases.truth import Case, Meeting
from iww_synthetic.files import workbook
from iww_synthetic.files.mess import Pen
from iww_synthetic.files.sheet import Cell, Sheet
from iww_synthetic.files.workbook import Page
from iww_synthetic.registers import writing
from iww_synthetic.registers.writing import File, Row
from iww_synthetic.settings import Settings, toml

DATES = {"cell": 40, "text": 25, "padded": 10, "month": 25}
TITLE, BAND, HEADER = 2, 4, 5  # Excel's rows


def files(cases: Sequence[Case], settings: Settings, pen: Pen) -> list[File]:
    """Give the workbook."""
    delivery = settings.deliveries[-1]
    rows = [_row(number, case, pen) for number, case in enumerate(cases, start=1)]
    headings = list(rows[0])
    bands = {"Casusnr.": "Cliënt en huishouden", "Netwerk betrokken start": "Netwerk en organisaties",
             "Kennismaking d.d.": "De drie gesprekken"}  # fmt: skip
    starts = [headings.index(heading) for heading in bands]
    register = Sheet()
    register.add(["Casusregistratie Samen aan zet"], "title")
    register.add([f"Peildatum {pen.month_day(delivery.extraction)}; vertrouwelijk"], "title")
    register.add([], "empty")
    register.add([bands.get(heading, "") for heading in headings], "title")
    register.add(headings, "header")
    for row in rows:
        register.add(list(row.values()))
    _junk(register, rows, delivery.extraction)
    _bottom(register, len(rows), len(headings))
    actions = _actions(cases, pen)
    merged = workbook.title_areas(12, TITLE) + workbook.band_areas(BAND, (*starts, len(headings)))
    pages = [
        Page("Registratie 2018-2021", register, merged, widths={4: 24, 5: 30}),
        Page("Vervolgacties", actions, workbook.title_areas(7, 1)),
        Page("Organisaties", organisations := _organisations(pen), workbook.title_areas(3, 1), widths={1: 30, 2: 30}),
        Page("Lijsten", _lists(pen), hidden=True),
    ]
    sheets = {"Registratie 2018-2021": register, "Vervolgacties": actions, "Organisaties": organisations}
    return [File(delivery, "casusregistratie 2018-2021.xlsx", workbook.write(pages), sheets)]


def _row(number: int, case: Case, pen: Pen) -> Row:
    person = case.members[0].person
    partner = next((member.person for member in case.members if member.role == "partner"), None)
    begin, end = case.at("begin"), case.at("end")
    return {
        "Volgnr": number,
        "Casusnr.": case.case_id + (" " if pen.chance.yes(0.02) else ""),
        "BSN": int(person.bsn) if pen.chance.yes(0.5) else person.bsn,
        "Naam cliënt": person.name,
        "Telefoon / e-mail": person.contact,
        "Cliëntnr": writing.sometimes_number(person.person_id, pen),
        "Geb.datum": pen.birth(person),
        "M/V": pen.word("sex", person.sex),
        "Cliëntnr partner": writing.sometimes_number(partner.person_id, pen) if partner else "",
        "Geb.datum partner": pen.birth(partner) if partner else "",
        "M/V partner": pen.word("sex", partner.sex) if partner else "",
        "Huishoudnr": int(case.household_id),
        "Samenstelling": pen.word("household_type", case.household_type),
        "Kinderen thuis": case.n_children if case.n_children is not None else pen.missing("unknown"),
        "Aanmelddatum": pen.day(case.referral),
        "Binnengekomen via": pen.word("referrer_role", case.referrer),
        "Datum intake": writing.intake(case, pen),
        "Leefgebieden": pen.many("life_domain", case.domains, ("; ", ", ", " / ", ";")),
        "1 plan": pen.word("yes_no", case.one_plan),
        "1 regisseur": pen.word("yes_no", case.one_coordinator),
        "Eerder bekend": pen.word("yes_no", case.repeated),
        "": "",
        "Netwerk betrokken start": pen.word("yes_no", begin.involved),
        "Aantal naasten start": writing.count(begin.n_people),
        "Zo nee, waarom niet (start)": writing.reason_not(begin.reason_not, pen),
        "Netwerk betrokken eind": pen.word("yes_no", end.involved),
        "Aantal naasten eind": writing.count(end.n_people),
        "Zo nee, waarom niet (eind)": writing.reason_not(end.reason_not, pen),
        "Organisaties start": writing.organisations(case.organisations[0], "harderwijk", pen, ("; ", ";\n")),
        "Organisaties eind": writing.organisations(case.organisations[1], "harderwijk", pen, ("; ", ";\n")),
        **_stage(case.stage("introduction"), "Kennismaking", pen),
        **_stage(case.stage("first_dialogue"), "1e dialoog", pen),
        **_stage(case.stage("closing_dialogue"), "Slotdialoog", pen),
        "Datum plan": pen.day(case.date_plan) if case.plan else "",
        "Plan gemaakt door": pen.word("plan_maker", case.plan.made_by) if case.plan else "",
        "Professionals erbij": pen.word("yes_no", case.plan.professionals_present) if case.plan else "",
        "Status": pen.word("case_status", case.status),
        "Einddatum": pen.closing_day(case.closed),
        "Afsluitreden": pen.word("closure_reason", case.reason) if case.reason else "",
        "Toelichting": writing.note(case, "harderwijk", pen),
        "Opmerking": "",
    }


def _stage(meeting: Meeting, name: str, pen: Pen) -> Row:
    reason = pen.word("dropout_reason", meeting.reason_not_held) if meeting.reason_not_held else ""
    return {f"{name} d.d.": pen.day(meeting.day), f"{name}: reden niet": reason}


def _junk(sheet: Sheet, rows: Sequence[Row], extraction: dt.date) -> None:
    """Add the rows that are no cases: each is set aside, excluded or counted, for the reason named here."""
    earlier = extraction - dt.timedelta(days=400)
    bare = {"Binnengekomen via": "Huisarts", "Leefgebieden": "Wonen; Financiën", "Status": "open"}
    writing.put_row(sheet, 0.10, "missing_required", writing.at(rows, 0.1), {"Casusnr.": ""})
    writing.put_row(
        sheet, 0.55, "missing_required", writing.at(rows, 0.5), {"Casusnr.": "", "Toelichting": "nog geen nummer"}
    )
    writing.put_bare(
        sheet, 0.25, "missing_required", rows[0], {**bare, "Casusnr.": "HW-19-9001", "Aanmelddatum": "31-02-2019"}
    )
    writing.put_bare(sheet, 0.40, "date_order", rows[0], {
        **bare, "Casusnr.": "HW-20-9002", "Aanmelddatum": earlier, "Status": "gesloten", "Afsluitreden": "Verhuisd",
        "Einddatum": earlier - dt.timedelta(days=90),
    })  # fmt: skip
    writing.put_bare(sheet, 0.80, "after_extraction", rows[0],
                     {**bare, "Casusnr.": "HW-21-9003", "Aanmelddatum": extraction + dt.timedelta(days=40)})  # fmt: skip
    writing.put_row(sheet, 0.60, "duplicate", writing.at(rows, 0.6), {})
    writing.put_row(sheet, 0.90, "duplicate", writing.at(rows, 0.9), {})
    writing.put_row(sheet, 0.02, "excluded", rows[0], {"Casusnr.": "HW-18-TEST", "Opmerking": "TEST"})
    sheet.insert_among_kept(0.5, list(rows[0]), "header")


def _bottom(sheet: Sheet, n: int, width: int) -> None:
    sheet.add([], "empty")
    total: list[Cell] = [""] * width
    total[0], total[1] = "Totaal", n
    sheet.add(total, "total")
    sheet.add(["* Bron: casusregistratie sociaal team, stand op de peildatum. Voorlopige cijfers."], "footnote")
    for _ in range(3):
        sheet.add([" "], "empty")


def _actions(cases: Sequence[Case], pen: Pen) -> Sheet:
    sheet = Sheet()
    sheet.add(["Vervolgacties bij de casusregistratie"], "title")
    sheet.add(["Actienr", "Casusnr.", "Afgesproken op", "Wie", "Leefgebied", "Actie", "Stand"], "header")
    for case in cases:
        for action in case.actions:
            sheet.add(writing.action(action, case, pen))
    first, second = [line.cells for line in sheet.lines if line.kind == "kept"][:2]
    sheet.insert_among_kept(0.4, ["", *first[1:]], "missing_required")
    sheet.insert_among_kept(0.7, second, "duplicate")
    return sheet


def _organisations(pen: Pen) -> Sheet:
    """Make the sheet that says under which name an organisation counts; nothing in it is left to chance."""
    texts = toml("texts.toml")
    sheet = Sheet()
    sheet.add(["Organisaties: zoals ze in de registratie staan, en onder één naam"], "title")
    sheet.add(["Zoals in de registratie", "Organisatie", "Sector"], "header")
    for name, aliases in texts["organisations"]["harderwijk"].items():
        for alias in aliases:
            sheet.add([alias, name, pen.words["organisation_sector"][texts["sectors"][name]][0]])
    sheet.insert_among_kept(0.6, sheet.lines[2].cells, "duplicate")
    sheet.insert_among_kept(0.8, ["(naam niet te lezen)", "", ""], "missing_required")
    return sheet


def _lists(pen: Pen) -> Sheet:
    """Make the hidden sheet with the lists to choose from."""
    sheet = Sheet()
    sheet.add(["Afsluitreden", "Leefgebied"])
    for reasons, domains in zip(pen.words["closure_reason"].values(), pen.words["life_domain"].values(), strict=False):
        sheet.add([reasons[0], domains[0]])
    return sheet
