"""Write the registers of Samen aan zet down as the two municipalities keep them: workbooks with two dialects."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence

from iww_analysis.synthetic import workbook
from iww_analysis.synthetic.chance import Chance
from iww_analysis.synthetic.mess import Pen
from iww_analysis.synthetic.settings import Delivery, Settings, toml, words
from iww_analysis.synthetic.sheet import Cell, Sheet
from iww_analysis.synthetic.truth import Action, Case, Meeting, age_class
from iww_analysis.synthetic.workbook import Page

Row = dict[str, Cell]


def files(cases: Sequence[Case], settings: Settings, seed: int) -> dict[str, tuple[bytes, dict[str, Sheet]]]:
    """Give the files of a register: name -> bytes and the sheets in it (by name)."""
    write = {"harderwijk": _harderwijk, "elburg": _elburg}[settings.name]
    return write(cases, settings, Chance(seed, f"mess {settings.name}"))


# ---- Harderwijk: one workbook, everything in one long row, actions on a second sheet --------------------------------


def _harderwijk(cases: Sequence[Case], settings: Settings, chance: Chance) -> dict[str, tuple[bytes, dict[str, Sheet]]]:
    delivery = settings.deliveries[-1]
    pen = Pen(chance, words("harderwijk"), {"cell": 40, "text": 25, "padded": 10, "month": 25})
    rows = [_harderwijk_row(number, case, pen) for number, case in enumerate(cases, start=1)]
    headings = list(rows[0])
    register = Sheet()
    register.add(["Casusregistratie Samen aan zet"], "title")
    register.add([f"Peildatum {delivery.extraction.day} juni {delivery.extraction.year}; vertrouwelijk"], "title")
    register.add([], "empty")
    band: list[Cell] = [""] * len(headings)
    band[1], band[headings.index("Netwerk betrokken start")] = "Cliënt en huishouden", "Netwerk en organisaties"
    band[headings.index("Kennismaking d.d.")] = "De drie gesprekken"
    register.add(band, "title")
    register.add(headings, "header")
    for row in rows:
        register.add(list(row.values()))
    _harderwijk_junk(register, rows, pen, delivery)
    register.add([], "empty")
    total: list[Cell] = [""] * len(headings)
    total[0], total[1] = "Totaal", len(rows)
    register.add(total, "total")
    register.add(["* Bron: casusregistratie sociaal team, stand op de peildatum. Voorlopige cijfers."], "footnote")
    for _ in range(3):
        register.add([" "], "empty")
    actions = _harderwijk_actions(cases, pen)
    lists = Sheet()
    lists.add(["Afsluitreden", "Leefgebied"])
    for reason, domain in zip(pen.words["closure_reason"].values(), pen.words["life_domain"].values(), strict=False):
        lists.add([reason[0], domain[0]])
    band_columns = (headings.index("Netwerk betrokken start"), headings.index("Kennismaking d.d."), len(headings))
    pages = [
        Page("Registratie 2018-2021", register, workbook.title_areas(12, 2) + workbook.band_areas(4, (1, *band_columns)),
             widths={5: 24, 6: 16}),
        Page("Vervolgacties", actions, workbook.title_areas(7, 1)),
        Page("Lijsten", lists, hidden=True),
    ]  # fmt: skip
    content = workbook.write(pages)
    return {"casusregistratie 2018-2021.xlsx": (content, {"Registratie 2018-2021": register, "Vervolgacties": actions})}


def _harderwijk_row(number: int, case: Case, pen: Pen) -> Row:
    person = case.members[0].person
    partner = next((member.person for member in case.members if member.role == "partner"), None)
    begin, end = case.at("begin"), case.at("end")
    return {
        "Volgnr": number,
        "Casusnr.": case.case_id + (" " if pen.chance.yes(0.02) else ""),
        "BSN": int(person.bsn) if pen.chance.yes(0.5) else person.bsn,
        "Naam cliënt": person.name,
        "Telefoon / e-mail": person.contact,
        "Cliëntnr": _number(person.person_id, pen),
        "Geb.datum": pen.day(person.birth, person.birth_missing),
        "M/V": pen.word("sex", person.sex),
        "Cliëntnr partner": _number(partner.person_id, pen) if partner else "",
        "Geb.datum partner": pen.day(partner.birth, partner.birth_missing) if partner else "",
        "M/V partner": pen.word("sex", partner.sex) if partner else "",
        "Huishoudnr": int(case.household_id),
        "Samenstelling": pen.word("household_type", case.household_type),
        "Kinderen thuis": case.n_children if case.n_children is not None else pen.missing("unknown"),
        "Aanmelddatum": pen.day(case.referral),
        "Binnengekomen via": pen.word("referrer_role", case.referrer),
        "Datum intake": _intake(case, pen),
        "Leefgebieden": pen.many("life_domain", case.domains, ("; ", ", ", " / ", ";")),
        "1 plan": pen.word("yes_no", case.one_plan),
        "1 regisseur": pen.word("yes_no", case.one_coordinator),
        "Eerder bekend": pen.word("yes_no", case.repeated),
        "": "",
        "Netwerk betrokken start": pen.word("yes_no", begin.involved),
        "Aantal naasten start": _people(begin.n_people),
        "Zo nee, waarom niet (start)": _reason(begin.reason_not, pen),
        "Netwerk betrokken eind": pen.word("yes_no", end.involved),
        "Aantal naasten eind": _people(end.n_people),
        "Zo nee, waarom niet (eind)": _reason(end.reason_not, pen),
        "Organisaties start": _organisations(case.organisations[0], "harderwijk", pen, ("; ", ";\n")),
        "Organisaties eind": _organisations(case.organisations[1], "harderwijk", pen, ("; ", ";\n")),
        **_stage(case.stage("introduction"), "Kennismaking", pen),
        **_stage(case.stage("first_dialogue"), "1e dialoog", pen),
        **_stage(case.stage("closing_dialogue"), "Slotdialoog", pen),
        "Datum plan": pen.day(case.date_plan),
        "Plan gemaakt door": pen.word("plan_maker", case.plan.made_by) if case.plan else "",
        "Professionals erbij": pen.word("yes_no", case.plan.professionals_present) if case.plan else "",
        "Status": pen.word("case_status", case.status),
        "Einddatum": pen.closing_day(case.closed),
        "Afsluitreden": pen.word("closure_reason", case.reason) if case.reason else "",
        "Toelichting": note(case, "harderwijk", pen),
        "Opmerking": "",
    }


def _stage(meeting: Meeting, name: str, pen: Pen) -> Row:
    reason = pen.word("dropout_reason", meeting.reason_not_held) if meeting.reason_not_held else ""
    return {f"{name} d.d.": pen.day(meeting.day), f"{name}: reden niet": reason}


def _harderwijk_actions(cases: Sequence[Case], pen: Pen) -> Sheet:
    sheet = Sheet()
    sheet.add(["Vervolgacties bij de casusregistratie"], "title")
    sheet.add(["Actienr", "Casusnr.", "Afgesproken op", "Wie", "Leefgebied", "Actie", "Stand"], "header")
    for case in cases:
        for action in case.actions:
            sheet.add(action_row(action, case, pen))
    lost = [line.cells for line in sheet.lines if line.kind == "kept"][:2]
    sheet.insert_among_kept(0.4, ["", *lost[0][1:]], "missing_required")
    sheet.insert_among_kept(0.7, lost[1], "duplicate")
    return sheet


def action_row(action: Action, case: Case, pen: Pen) -> list[Cell]:
    """Write an action: number, case, day, who, domain, what, status."""
    return [
        action.action_id, case.case_id, pen.day(action.day), pen.word("actor_role", action.actor),
        pen.word("life_domain", action.domain), pen.chance.pick(toml("texts.toml")["notes"]["actions"]),
        pen.word("action_status", action.status),
    ]  # fmt: skip


def _harderwijk_junk(sheet: Sheet, rows: Sequence[Row], pen: Pen, delivery: Delivery) -> None:
    """Add the rows that are no cases: every one is set aside, excluded or counted, with its reason."""
    after = delivery.extraction + dt.timedelta(days=40)
    earlier = delivery.extraction - dt.timedelta(days=400)
    add = _adder(sheet, rows)
    add(0.10, "missing_required", {"Casusnr.": ""})
    add(0.55, "missing_required", {"Casusnr.": "", "Toelichting": "nog geen nummer"})
    add(0.25, "missing_required", {"Casusnr.": "HW-19-9001", "Aanmelddatum": "31-02-2019"})
    add(0.40, "date_order", {"Casusnr.": "HW-20-9002", "Aanmelddatum": earlier, "Einddatum": earlier - dt.timedelta(days=90)})
    add(0.80, "after_extraction", {"Casusnr.": "HW-21-9003", "Aanmelddatum": after})
    add(0.60, "duplicate", {})
    add(0.90, "duplicate", {})
    add(0.02, "excluded", {"Casusnr.": "HW-18-TEST", "Opmerking": "TEST"})
    sheet.insert_among_kept(0.5, list(rows[0]), "header")


def _adder(sheet: Sheet, rows: Sequence[Row]) -> Callable[[float, str, Row], None]:
    """Make the function that puts a row of junk in between: an open case's row with some cells changed.

    Without changes it is the row itself, for the second time.
    """

    def add(share: float, kind: str, changes: Row) -> None:
        row = dict(rows[int(share * (len(rows) - 1))])
        sheet.insert_among_kept(share, list({**row, **changes}.values()), kind)

    return add


# ---- shared by the two dialects ------------------------------------------------------------------------------------


def _number(text: str, pen: Pen) -> Cell:
    return int(text) if pen.chance.yes(0.8) else text


def _people(n: int | None) -> Cell:
    return "" if n is None else n


def _reason(code: str | None, pen: Pen) -> str:
    return "" if code is None else pen.word("network_reason", code)


def _intake(case: Case, pen: Pen) -> Cell:
    if case.intake is None and case.intake_missing == "unreadable":
        return str(pen.chance.pick(toml("texts.toml")["notes"]["unreadable_days"]))
    return pen.day(case.intake, case.intake_missing)


def _organisations(names: Sequence[str], source: str, pen: Pen, separators: Sequence[str]) -> str:
    spellings: Mapping[str, Sequence[str]] = toml("texts.toml")["organisations"][source]
    text = ""
    for name in names:
        text += (pen.chance.pick(separators) if text else "") + pen.scribble(pen.chance.pick(spellings[name]))
    return text


def note(case: Case, source: str, pen: Pen) -> str:
    """Write a free text, with an invented name in it more often than not."""
    texts = toml("texts.toml")
    if pen.chance.yes(0.4):
        return ""
    kind = "named" if pen.chance.yes(0.6) else "plain"
    text = str(pen.chance.pick(texts["notes"][kind]))
    organisation = pen.chance.pick(list(texts["organisations"][source]))
    return text.format(name=case.members[0].person.name, organisation=organisation)


def _elburg(cases: Sequence[Case], settings: Settings, chance: Chance) -> dict[str, tuple[bytes, dict[str, Sheet]]]:
    _ = age_class
    return {}
