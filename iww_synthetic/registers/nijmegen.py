"""Write Nijmegen: an export in two deliveries that overlap, with notes of several lines and ZRM 2017 side by side."""

import datetime as dt
from collections.abc import Mapping, Sequence

from iww_synthetic.cases.truth import Case, Meeting
from iww_synthetic.files.mess import Pen
from iww_synthetic.files.sheet import Cell, Sheet
from iww_synthetic.registers import nbd, writing
from iww_synthetic.registers.writing import File, Row
from iww_synthetic.settings import Delivery, Settings

DATES = {"text": 70, "padded": 30}
MUNICIPALITY = ("Nijmegen", "NIJMEGEN", "268", "0268", "GM0268", "GM0268    ")
ZRM: Mapping[str, str] = {
    "finances": "Financiën", "work_education": "Werk & Opleiding", "time_use": "Tijdsbesteding", "housing": "Huisvesting",
    "domestic_relations": "Huiselijke relaties", "mental_health": "Geestelijke gezondheid",
    "physical_health": "Lichamelijke gezondheid", "substance_use": "Middelengebruik", "basic_adl": "Basale ADL",
    "instrumental_adl": "Instrumentele ADL", "social_network": "Sociaal netwerk",
    "participation": "Maatschappelijke participatie", "justice": "Justitie",
}  # fmt: skip
MEETING = ("Zaaknummer", "Datum overleg", "Doorgegaan", "Reden niet", "Aanwezig")


def files(cases: Sequence[Case], settings: Settings, pen: Pen) -> list[File]:
    """Give the registration and the joint meetings of each delivery."""
    out: list[File] = []
    memory: dict[tuple[str, Meeting], list[Cell]] = {}
    for delivery, known in nbd.deliveries(cases, settings, lambda case: _row(case, pen)):
        day = f"{delivery.received:%Y%m%d}"
        sheet = nbd.registration(known)
        _junk(sheet, [it.written for it in known], delivery, latest=delivery == settings.deliveries[-1])
        out.append(File(delivery, f"export_zaken_{day}.csv", sheet.csv(), {"": sheet}))
        meetings = nbd.meetings(
            known, MEETING, lambda case, it: nbd.meeting(case, it, pen, (", ", " / ", "; ")), memory
        )
        if delivery == settings.deliveries[-1]:
            nbd.meeting_junk(meetings)
        out.append(File(delivery, f"export_gco_{day}.csv", meetings.csv(), {"": meetings}))
    return out


def _row(case: Case, pen: Pen) -> Row:
    person = case.members[0].person
    partner = next((member.person for member in case.members if member.role == "partner"), None)
    begin, end = ({k: f"ZRM {moment} {name}" for k, name in ZRM.items()} for moment in ("begin", "eind"))
    return {
        "Zaaknummer": case.case_id,
        "Gemeente": pen.chance.pick(MUNICIPALITY),
        "Ingang": pen.word("door", case.door),
        "Casuslabel": case.label,
        "BSN": person.bsn,
        "Naam": person.name,
        "E-mailadres": person.contact,
        "Cliëntnummer": person.person_id,
        "Geboortedatum": pen.birth(person),
        "Geslacht": pen.word("sex", person.sex),
        "Cliëntnummer partner": partner.person_id if partner else "",
        "Geboortedatum partner": pen.birth(partner) if partner else "",
        "Geslacht partner": pen.word("sex", partner.sex) if partner else "",
        "Huishouden": case.household_id,
        "Leefvorm": pen.word("household_type", case.household_type),
        "Aantal kinderen": writing.count(case.n_children),
        "Datum aanmelding": pen.day(case.referral),
        "Aangemeld door": pen.word("referrer_role", case.referrer),
        "Eerste gesprek": writing.intake(case, pen),
        "Datum ondersteuningsplan": pen.day(case.date_plan),
        "Leefgebieden": pen.many("life_domain", case.domains, (", ", "; ", " / ")),
        "Eén plan": pen.word("yes_no", case.one_plan),
        "Eén regisseur": pen.word("yes_no", case.one_coordinator),
        "Herhaald beroep": pen.word("yes_no", case.repeated),
        **nbd.network(case, "begin", ("Netwerk begin", "Naasten begin", "Reden geen netwerk begin"), pen),
        **nbd.network(case, "end", ("Netwerk eind", "Naasten eind", "Reden geen netwerk eind"), pen),
        "Organisaties begin": writing.organisations(case.organisations[0], "nijmegen", pen, ("; ", " / ")),
        "Organisaties eind": writing.organisations(case.organisations[1], "nijmegen", pen, ("; ", " / ")),
        "Zaakstatus": pen.word("case_status", case.status),
        "Einddatum": pen.closing_day(case.closed),
        "Reden beëindiging": pen.word("closure_reason", case.reason) if case.reason else "",
        "Eerste resultaat": pen.day(case.first_result) if case.label else "",
        "ZRM datum begin": pen.day(case.measured[0]),
        **writing.scores(case, "begin", begin, pen),
        "ZRM datum eind": pen.day(case.measured[1]),
        **writing.scores(case, "end", end, pen),
        "Uren inzet": f"{pen.chance.between(2, 160) / 4:g}".replace(".", ","),
        "Notitie": writing.note(case, "nijmegen", pen, lines=True),
    }


def _junk(sheet: Sheet, rows: Sequence[Row], delivery: Delivery, latest: bool) -> None:
    """Add the rows that are no cases: each is set aside, excluded or counted, for the reason named here."""
    header = rows[0]
    earlier = delivery.extraction - dt.timedelta(days=200)
    stamp = "1" if latest else "0"
    bare = {"Gemeente": "Nijmegen", "Ingang": "SWT", "Leefgebieden": "Financiën, Werk", "Zaakstatus": "open"}

    def day(value: dt.date) -> str:
        return f"{value.day}-{value.month}-{value.year}"

    writing.put_bare(sheet, 0.3, "missing_required", header, {**bare, "Datum aanmelding": day(earlier)})
    writing.put_bare(
        sheet,
        0.5,
        "missing_required",
        header,
        {**bare, "Zaaknummer": f"009900{stamp}", "Datum aanmelding": "31-02-2019"},
    )
    writing.put_bare(sheet, 0.7, "date_order", header, {
        **bare, "Zaaknummer": f"009901{stamp}", "Datum aanmelding": day(earlier), "Zaakstatus": "gesloten",
        "Einddatum": day(earlier - dt.timedelta(days=60)), "Reden beëindiging": "Verhuisd",
    })  # fmt: skip
    writing.put_bare(sheet, 0.9, "after_extraction", header, {
        **bare, "Zaaknummer": f"009902{stamp}", "Datum aanmelding": day(delivery.extraction + dt.timedelta(days=8)),
    })  # fmt: skip
    if latest:
        writing.put_row(sheet, 0.99, "duplicate", writing.at(rows, 0.99), {})
        ragged = dict.fromkeys(header, "") | bare | {"Zaaknummer": "0099031", "Datum aanmelding": day(earlier)}
        sheet.insert_among_kept(0.2, [*ragged.values(), "belt terug", "na 5 uur"], "ragged")
        writing.put_row(sheet, 0.0, "excluded", rows[0], {"Zaaknummer": "0000001", "Ingang": "TESTOMGEVING"})
