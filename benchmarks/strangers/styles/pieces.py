"""Draw the sheets that municipalities keep: cases, meetings, persons, domains, scores, actions, referrals."""

import copy
import datetime as dt
from collections.abc import Sequence

from benchmarks.strangers.book.model import EMPTY, Cell, Column, Meaning, Row, Sheet
from benchmarks.strangers.book.scribe import Scribe, words
from benchmarks.strangers.book.world import DOMAINS, ZRM, Case

CORE = ("cases.date_referral", "cases.date_closed", "cases.closure_reason")
MORE = ("cases.team", "cases.status", "cases.one_plan", "cases.one_coordinator", "cases.repeated", "cases.date_intake",
        "referrals.referrer_role", "households.household_type", "households.n_children", "case_network.involved",
        "case_network.reason_not", "case_domains.domain", "case_organisations.organisation")  # fmt: skip
MANY = ("case_domains.domain", "case_organisations.organisation")
LEVELS = (
    "1 acute problematiek",
    "2 niet zelfredzaam",
    "3 beperkt zelfredzaam",
    "4 voldoende zelfredzaam",
    "5 volledig zelfredzaam",
)
TABLE_OF_KEY = "cases.case_id"


def some_fields(scribe: Scribe, n: int, *without: str) -> list[str]:
    """The fields of a list of cases: what each list has, and some of what it may have."""
    rng = scribe.rng
    more = rng.sample([field for field in MORE if field not in without], n)
    if "case_network.reason_not" in more and "case_network.involved" not in more:
        more.remove("case_network.reason_not")
    return [*CORE, *sorted(more, key=MORE.index)]


def some_unread(scribe: Scribe) -> tuple[str, ...]:
    """Columns that are of no use to an analyst."""
    rng = scribe.rng
    return tuple(rng.sample(tuple(words()["unread"]), rng.randrange(0, 3)))


def case_sheet(scribe: Scribe, file: str, name: str, cases: Sequence[Case], fields: Sequence[str]) -> Sheet:
    """One row per case."""
    columns = [scribe.column(TABLE_OF_KEY)]
    for field in fields:
        meanings = (Meaning("cases", "date_referral"), Meaning("referrals", "date")) if field == CORE[0] else ()
        columns.append(scribe.column(field, *meanings, many=field in MANY))
    get = {column.heading: field for column, field in zip(columns, (TABLE_OF_KEY, *fields), strict=True)}
    items = [{**case, TABLE_OF_KEY: scribe.key(case["number"])} for case in cases]
    return scribe.sheet(file, name, "cases", columns, items, get, unread=some_unread(scribe))


def _listed(
    scribe: Scribe, file: str, name: str, row_is: str, fields: Sequence[str], items: Sequence[Case],
    heading_of_key: str = "",
) -> Sheet:  # fmt: skip
    key = scribe.column(TABLE_OF_KEY, Meaning(row_is, "case_id"), heading=heading_of_key)
    columns = [key, *(scribe.column(f, many=f == "attendances.party") for f in fields)]
    get = {column.heading: field for column, field in zip(columns, (TABLE_OF_KEY, *fields), strict=True)}
    made = [{**item, TABLE_OF_KEY: scribe.key(item["number"])} for item in items]
    return scribe.sheet(file, name, row_is, columns, made, get)


def _parts(cases: Sequence[Case], name: str) -> list[Case]:
    """The parts of cases, each with the number of its case."""
    return [{**part, "number": case["number"]} for case in cases for part in _list(case[name])]


def parts_of(case: Case, name: str) -> list[Case]:
    """The parts of one case."""
    return _list(case[name])


def _list(value: object) -> list[Case]:
    assert isinstance(value, list)
    return value


def meeting_sheet(scribe: Scribe, file: str, name: str, cases: Sequence[Case]) -> Sheet:
    """One row per meeting; who was there in one cell."""
    fields = ["meetings.kind", "meetings.date", "meetings.held", "meetings.reason_not_held", "attendances.party"]
    return _listed(scribe, file, name, "meetings", fields, _parts(cases, "meetings"))


def person_sheet(scribe: Scribe, file: str, name: str, cases: Sequence[Case]) -> Sheet:
    """One row per person in a case."""
    fields = ["case_persons.person_id", "case_persons.role", "case_persons.sex", "case_persons.age_class"]
    items = [{**person, fields[0]: f"P{person['person']}"} for person in _parts(cases, "persons")]
    return _listed(scribe, file, name, "case_persons", fields, items)


def action_sheet(scribe: Scribe, file: str, name: str, cases: Sequence[Case]) -> Sheet:
    """One row per action that was agreed."""
    fields = ["actions.action_id", "actions.date", "actions.actor", "actions.status"]
    items = [{**action, fields[0]: action["action"]} for action in _parts(cases, "actions")]
    return _listed(scribe, file, name, "actions", fields, items)


def referral_sheet(scribe: Scribe, file: str, name: str, cases: Sequence[Case]) -> Sheet:
    """One row per referral; now and then a case was referred before."""
    items = list(cases)
    for case in cases:
        if scribe.rng.random() < 0.15:
            day = case["cases.date_referral"]
            assert isinstance(day, dt.date)
            items.append({**case, "referrals.date": day + dt.timedelta(days=scribe.rng.randrange(3, 12))})
    return _listed(scribe, file, name, "referrals", ["referrals.date", "referrals.referrer_role"], items)


def domain_sheet(scribe: Scribe, file: str, name: str, cases: Sequence[Case], *, fill_down: bool) -> Sheet:
    """One row per life domain of a case; `fill_down`: the number stands on its first line only."""
    items = []
    for case in cases:
        domains = case["case_domains.domain"]
        assert isinstance(domains, tuple)
        items += [{**case, "case_domains.domain": d, "case_domains.status": scribe.rng.choice(("problem", "attention"))}
                  for d in domains]  # fmt: skip
    sheet = _listed(scribe, file, name, "case_domains", ["case_domains.domain", "case_domains.status"], items)
    if fill_down:
        sheet.fill_down = sheet.columns[0].heading
        before = None
        for row in sheet.rows:
            raw = row.cells[0].raw
            row.cells[0].raw = None if raw == before else raw
            before = raw
    return sheet


def score_sheet(scribe: Scribe, file: str, name: str, cases: Sequence[Case], *, version_in_column: bool) -> Sheet:
    """One row per domain of a measurement."""
    fields = ["scores.domain", "scores.moment", "scores.score"]
    items = []
    for case in cases:
        scores = case["scores"]
        assert isinstance(scores, dict)
        items += [
            {"number": case["number"], "scores.domain": domain, "scores.moment": moment, "scores.score": score,
             "scores.instrument_version": "zrm_2017"}
            for moment in ("begin", "end") for domain, score in scores[moment].items() if score != EMPTY
        ][:: scribe.rng.choice((1, 1, 2))]  # fmt: skip
    names = {"scores.moment": "moment", "scores.instrument_version": "instrument_version"}
    fields += ["scores.instrument_version"] if version_in_column else []
    columns = [scribe.column("cases.case_id", Meaning("scores", "case_id"))]
    columns += [scribe.column(f, heading=scribe.heading(names.get(f, f))) for f in fields]
    get = {column.heading: field for column, field in zip(columns, (TABLE_OF_KEY, *fields), strict=True)}
    made = [{**item, TABLE_OF_KEY: scribe.key(item["number"])} for item in items]
    sheet = scribe.sheet(file, name, "scores", columns, made, get)
    if not version_in_column:
        sheet.constants = {"scores.instrument_version": "zrm_2017"}
    return sheet


def with_domains_wide(scribe: Scribe, sheet: Sheet, cases: Sequence[Case]) -> None:
    """Add a column per life domain to a list of cases: a sign where the domain is a problem."""
    sign = scribe.rng.choice(("X", "Ja", "1"))
    scribe.stranger.words["domain_status", sign.casefold()] = "problem"
    for domain in scribe.rng.sample(DOMAINS, 7):
        heading = scribe.word("life_domain", domain)
        meaning = Meaning("case_domains", "status", (("domain", domain),))
        _add(sheet, Column(heading, "code", (meaning,), "domain_status"))
        for row, case in zip(sheet.rows, cases, strict=True):
            domains = case["case_domains.domain"]
            named = isinstance(domains, tuple) and domain in domains
            row.cells[-1].raw, row.cells[-1].true = (sign, "problem") if named else (None, EMPTY)


def with_scores_wide(scribe: Scribe, sheet: Sheet, cases: Sequence[Case], domains: int = 5) -> None:
    """Add a column per domain and moment of a matrix: the version stands in no heading."""
    for moment, told in (("begin", "begin"), ("end", "eind")):
        for domain in ZRM[:domains]:
            heading = f"ZRM {scribe.word('zrm_2017', domain)} {told}"
            constants = (("domain", domain), ("instrument_version", "zrm_2017"), ("moment", moment))
            _add(sheet, Column(heading, "number", (Meaning("scores", "score", constants),)))
            for row, case in zip(sheet.rows, cases, strict=True):
                scores = case["scores"]
                assert isinstance(scores, dict)
                score = scores[moment][domain]
                row.cells[-1].raw, row.cells[-1].true = (None, EMPTY) if score == EMPTY else (score, score)


def with_meetings_wide(scribe: Scribe, sheet: Sheet, cases: Sequence[Case]) -> None:
    """Add a column per meeting to a list of cases: the day on which it was held."""
    for number, kind in enumerate(("introduction", "joint_client_meeting", "case_discussion")):
        heading = f"Datum {scribe.word('meeting_kind', kind).lower()}"
        _add(sheet, Column(heading, "date", (Meaning("meetings", "date", (("kind", kind),)),)))
        for row, case in zip(sheet.rows, cases, strict=True):
            held = [m for m in _list(case["meetings"])[number : number + 1] if m["meetings.held"] == "yes"]
            day = held[0]["meetings.date"] if held else EMPTY
            made = scribe.cell(sheet.columns[-1], day)
            row.cells[-1].raw, row.cells[-1].true = made.raw, made.true


def repeat_by_domain(scribe: Scribe, sheet: Sheet, cases: Sequence[Case]) -> None:
    """Make of each row of a case one per life domain."""
    column = scribe.column("case_domains.domain")
    sheet.columns.append(column)
    rows = []
    for row, case in zip(sheet.rows, cases, strict=True):
        domains = case["case_domains.domain"]
        assert isinstance(domains, tuple)
        rows += [Row([*copy.deepcopy(row.cells), scribe.cell(column, domain)]) for domain in domains]
    sheet.rows, sheet.row_is = rows, "case_domains"


def drop_unread(sheet: Sheet) -> None:
    """Leave out what an analyst does not need."""
    for n in reversed([n for n, column in enumerate(sheet.columns) if not column.meanings]):
        sheet.columns.pop(n)
        for row in sheet.rows:
            row.cells.pop(n)


def with_value_labels(sheet: Sheet) -> None:
    """Write codes as numbers with a label, and give the levels of scores a label too."""
    for n, column in enumerate(sheet.columns):
        cells = [row.cells[n] for row in sheet.rows]
        if column.kind == "code":
            known = {
                word: float(m)
                for m, word in enumerate(sorted({str(c.raw) for c in cells if c.raw is not None}), start=1)
            }
            sheet.labels[column.heading] = {number: word for word, number in known.items()}
            for cell in cells:
                cell.raw = None if cell.raw is None else known[str(cell.raw)]
        elif column.meanings[0].table == "scores":
            sheet.labels[column.heading] = {float(n): level for n, level in enumerate(LEVELS, start=1)}


def coded(scribe: Scribe, sheet: Sheet, file: str) -> Sheet:
    """Write codes as numbers; gives the sheet that says what they stand for."""
    lines = []
    for n, column in enumerate(sheet.columns):
        if column.kind == "code":
            cells = [row.cells[n] for row in sheet.rows]
            known = {
                word: m for m, word in enumerate(sorted({str(c.raw) for c in cells if c.raw is not None}), start=1)
            }
            for cell in cells:
                if cell.raw is not None:
                    number = known[str(cell.raw)]
                    scribe.stranger.words[column.words, str(number)] = str(cell.true)
                    cell.raw = number
            lines += [[column.heading, number, word] for word, number in known.items()]
            column.words = f"{column.words}"
    rows = [Row([Cell(value) for value in line]) for line in lines]
    return Sheet(file, "Codeboek", "", [Column("Variabele"), Column("Code"), Column("Betekenis")], rows)


def merge_down(sheet: Sheet, field: str) -> None:
    """Make one merged cell of the equal cells below one another in a column."""
    place = sheet.column(field)
    assert place is not None
    first = 0
    for n in range(1, len(sheet.rows) + 1):
        if n == len(sheet.rows) or sheet.rows[n].cells[place].raw != sheet.rows[first].cells[place].raw:
            sheet.merged.append((place, first, n - 1))
            for row in sheet.rows[first + 1 : n]:
                row.cells[place].raw, row.cells[place].mess = None, "merged_cells"
            first = n


def as_municipalities(sheet: Sheet) -> None:
    """What truly stands for the name of a municipality is its code."""
    place = sheet.column("cases.municipality")
    for row in sheet.rows:
        row.cells[place or 0].true = words()["municipalities"][row.cells[place or 0].raw]


def judgement_sheet(scribe: Scribe, file: str, name: str) -> Sheet:
    """One row per case, voice and element: whether it was there."""
    items = [
        {"case": case, "judgements.perspective": voice, "judgements.element": element,
         "judgements.present": scribe.rng.choice(("yes", "yes", "partly", "no", "not_discussed"))}
        for case in ("Casus Esdoorn", "Casus Linde", "Casus Iep", "Casus Beuk")
        for voice in ("client", "professional") for element in words()["elements"]
    ]  # fmt: skip
    said = {element: scribe.rng.choice(of) for element, of in words()["elements"].items()}
    columns = [
        Column("Casus", "key", (Meaning("judgements", "case_id"),)),
        Column("Volgens wie", "code", (Meaning("judgements", "perspective"),), "perspective"),
        Column("Werkzaam element", "code", (Meaning("judgements", "element"),), "factor"),
        Column("Aanwezig?", "code", (Meaning("judgements", "present"),), "judgement"),
    ]
    rows = []
    for item in items:
        element = str(item["judgements.element"])
        scribe.stranger.words["factor", said[element].casefold()] = element
        cells = [Cell(item["case"], item["case"]), scribe.cell(columns[1], item["judgements.perspective"]),
                 Cell(said[element], element), scribe.cell(columns[3], item["judgements.present"])]  # fmt: skip
        rows.append(Row(cells))
    return Sheet(file, name, "judgements", columns, rows)


def _add(sheet: Sheet, column: Column) -> None:
    sheet.columns.append(column)
    for row in sheet.rows:
        row.cells.append(Cell())
