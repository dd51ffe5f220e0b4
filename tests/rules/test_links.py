"""Who is who: identifiers of two sheets that do not meet are asked about, with the folding that would mend it."""

import datetime as dt
from pathlib import Path

import openpyxl
import pytest

from iww_analysis import vocabulary
from iww_analysis.commands import build
from iww_analysis.commands.add import add
from iww_analysis.commands.check import check
from iww_analysis.crosswalk.ask.open_question import OpenQuestion
from iww_analysis.crosswalk.propose.linkage import KeyColumn, links
from iww_analysis.crosswalk.propose.proposal import kinds
from iww_analysis.figures.declaration import CATALOGUE
from iww_analysis.figures.draw_figures import draw
from iww_analysis.io.disk.home import Home
from iww_analysis.messages.errors import Place
from iww_analysis.report.page import data_quality_of
from iww_analysis.tables import TABLES
from iww_analysis.tables.cells.key_folding import folded, form, identifier
from shared.homes import home_with, workbook

CASES = """casusnummer;datum aanmelding;datum afsluiting
ED-23-0001;01-02-2023;13-05-2023
ED-23-0002;13-02-2023;14-05-2023
ED-23-0003;14-02-2023;15-05-2023
"""
MEETINGS = """casusnummer;soort overleg;datum
ED230001;gezamenlijk cliëntoverleg;13-03-2023
ED230002;gezamenlijk cliëntoverleg;14-03-2023
ED-23-0003;gezamenlijk cliëntoverleg;15-03-2023
"""
WALK = """
[[sheets]]
file = "cases.csv"
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
"""


@pytest.mark.parametrize(
    ("text", "foldings", "one_form"),
    [
        ("ED‑23–0001", [], "ED-23-0001"),  # dashes of every kind
        (" ed-23 0001\u00a0", [], "ED-230001"),
        ("００１２", [], "0012"),  # wide digits
        ("ED-23-0001", ["separators"], "ED230001"),
        ("0012", ["zeros"], "12"),
        ("ED-0012", ["prefix", "zeros"], "12"),
        ("2022-03-01", ["m-yyyy"], "3-2022"),
        ("2022-03-01 00:00:00", ["yyyy-m"], "2022-3"),
        ("mrt-22", ["m-yyyy"], "3-2022"),
        ("01-03-2022", ["d-m"], "1-3"),
        ("ABC", ["prefix"], "ABC"),  # nothing would be left
        ("0015g00000Aa1b2", ["letters"], "0015g00000Aa1b2"),
    ],
)
def test_an_identifier_has_one_form(text: str, foldings: list[str], one_form: str) -> None:
    assert folded(identifier(text, letters="letters" in foldings), foldings) == one_form


def test_a_form_shows_no_identifier() -> None:
    assert form("ED-23-0001") == "LL-00-0000"
    assert form("a1B/") == "l0L/"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def put(folder: Path, **files: str | bytes) -> list[Path]:
    paths = []
    for name, content in files.items():
        path = folder / name.replace("_", ".")
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        paths.append(path)
    return paths


def test_numbers_with_and_without_hyphens_are_one_question_with_what_follows(tmp_path: Path, home: Home) -> None:
    asked = []
    paths = put(tmp_path, zaken_csv=CASES, overleg_csv=MEETINGS)
    added = add(home, "ede", paths, dt.date(2024, 1, 1), ask=lambda question: asked.append(question) or "")  # type: ignore[func-returns-value]
    (question,) = [each for each in asked if each.code == "ask_link"]
    assert "1 van de 3" in question.say()
    assert [choice.nl for choice in question.choices] == [
        "zonder streepjes vergelijken: dan komen 3 van de 3 overeen in plaats van 1",
        "zo laten: 2 van de 3 horen bij niets in casussen en tellen niet mee waar per casus geteld wordt",
    ]
    assert added.n_open == 1
    assert "Zonder streepjes komen 3 van de 3 overeen in plaats van 1" in " ".join(m.say() for m in added.messages)
    assert "0001" not in "".join(m.say() for m in added.messages)
    again = add(home, "ede", paths, dt.date(2024, 1, 1), ask=lambda q: "separators" if q.code == "ask_link" else "")
    assert again.n_open == 0
    assert '"case_id" = ["separators"]' in home.crosswalk("ede").read_text(encoding="utf-8")
    assert not [m for m in check(home, ["ede"]) if m.code.startswith("link")]


def linked(home: Home) -> tuple[int, int]:
    tables = build.build(home, "here").tables
    meetings = tables["meetings"]
    return len(meetings), int(meetings["case_id"].isin(tables["cases"]["case_id"]).sum())


def test_what_a_person_folds_meets(tmp_path: Path) -> None:
    files = {
        "cases.csv": "nr;reported\nA-1;1-1-2020\nA-2;1-2-2020\n",
        "meetings.csv": "case;kind\nA1;joint_client_meeting\n",
    }
    home = home_with(tmp_path, files, WALK)
    assert linked(home) == (1, 0)
    (point,) = [m for m in check(home, ["here"]) if m.code == "link_mended"]
    assert (point.words["met"], point.words["mended"], point.words["forms"]) == (0, 1, "L0")
    home.crosswalk("here").write_text(home.crosswalk("here").read_text() + '[keys]\ncase_id = ["separators"]\n')
    assert linked(home) == (1, 1)
    assert not [m for m in check(home, ["here"]) if m.code.startswith("link")]


def test_a_folding_that_joins_two_cases_is_not_proposed(tmp_path: Path) -> None:
    files = {
        "cases.csv": "nr;reported\n1-23;1-1-2020\n12-3;1-2-2020\n",
        "meetings.csv": "case;kind\n123;joint_client_meeting\n",
    }
    (point,) = [m for m in check(home_with(tmp_path, files, WALK), ["here"]) if m.code.startswith("link")]
    assert (point.code, point.words["lost"]) == ("link", 1)


def test_letters_that_tell_two_cases_apart_are_not_folded(tmp_path: Path) -> None:
    files = {
        "cases.csv": "nr;reported\n0015aB;1-1-2020\n0015Ab;1-2-2020\n",
        "meetings.csv": "case;kind\n0015aB;joint_client_meeting\n0015Ab;joint_client_meeting\n0015AB;joint_client_meeting\n",
    }
    home = home_with(tmp_path, files, WALK)
    built = build.build(home, "here")
    assert built.tables["cases"]["case_id"].nunique() == 2
    assert "letters_count" in [notice.code for notice in built.notices]
    assert linked(home) == (3, 2)
    home.crosswalk("here").write_text(home.crosswalk("here").read_text() + '[keys]\ncase_id = ["letters"]\n')
    built = build.build(home, "here")
    assert "letters_count" not in [notice.code for notice in built.notices]
    assert built.tables["cases"]["case_id"].nunique() == 2


def test_numbers_that_a_spreadsheet_made_days_are_named(tmp_path: Path) -> None:
    rows = [
        ["nr", "reported"],
        *([dt.date(2022, n, 1) if n <= 12 else f"{n}-2022", dt.date(2022, 1, n)] for n in range(1, 31)),
    ]
    files = {
        "cases.xlsx": workbook({"Blad1": rows}),
        "meetings.csv": "case;kind\n" + "".join(f"{n}-2022;joint_client_meeting\n" for n in range(1, 31)),
    }
    home = home_with(
        tmp_path, files, WALK.replace("cases.csv", "cases.xlsx"), received="2024-01-15", extraction_date="2023-12-31"
    )
    days, link = [m for m in check(home, ["here"]) if m.code in ("key_days", "link_mended")]
    days, link = (days, link) if days.code == "key_days" else (link, days)
    assert (days.words["n"], days.words["of"]) == (12, 30)
    assert (link.words["met"], link.words["mended"], link.words["keys"]) == (18, 30, 'case_id = ["m-yyyy"]')


ARENA = """
[[sheets]]
file = "arena.csv"
one_row_is = "{anchor}"
[sheets.columns]
"""


def test_items_without_a_number_get_one_of_ours_and_that_is_said(tmp_path: Path) -> None:
    text = "team;arena;does;brings\nT;1;Visits;Less debt\nT;1;Help;More rest\nT;1;Cooking;More contact\n"
    walk = (
        ARENA.format(anchor="arenas")
        + """
"team" = "arenas.team"
"arena" = "arenas.arena_id"
"does" = { to = "arena_nodes.item", kind = "activity" }
"brings" = { to = "arena_nodes.item", kind = "effect" }
"""
    )
    built = build.build(home_with(tmp_path, {"arena.csv": text}, walk, regime="case_study"), "here")
    items = built.tables["arena_nodes"]
    assert dict(zip(items["node_id"], items["label"], strict=True)) == {
        "A1": "Visits", "A2": "Help", "A3": "Cooking", "E1": "Less debt", "E2": "More rest", "E3": "More contact",
    }  # fmt: skip
    assert "rule_numbered_here" in [notice.code for notice in built.notices]
    assert "arena_edges" not in built.tables or built.tables["arena_edges"].empty


@pytest.mark.parametrize(
    ("arrow", "ends"),
    [
        ("A1 t/m A3", "A1 A2 A3"),
        ("→ A1", "A1"),
        ("-> A1, => A2", "A1 A2"),
        ("A1-A2", "A1 A2"),
        ("A1 en A3", "A1 A3"),
        ("A1A3", "A1 A3"),
        ("A2", "A2"),
        ("A1 tot en met A2 + A3", "A1 A2 A3"),
    ],
)
def test_arrows_are_understood_as_people_write_them(tmp_path: Path, arrow: str, ends: str) -> None:
    text = f"team;arena;nr;kind;what;to\nT;1;I1;investor;Town;{arrow}\nT;1;;investor;Region;A1\n"
    text += "".join(f"T;1;A{n};activity;Thing {n};\n" for n in (1, 2, 3))
    walk = (
        ARENA.format(anchor="arena_nodes")
        + """
"team" = "arena_nodes.team"
"arena" = "arena_nodes.arena_id"
"nr" = ["arena_nodes.node_id", "arena_edges.from_id"]
"kind" = "arena_nodes.kind"
"what" = "arena_nodes.label"
"to" = { to = "arena_edges.to_id", split = ";" }
"""
    )
    built = build.build(home_with(tmp_path, {"arena.csv": text}, walk, regime="case_study"), "here")
    lines = built.tables["arena_edges"]
    assert sorted(lines.loc[lines["from_id"] == "I1", "to_id"]) == ends.split()
    assert list(lines.loc[lines["from_id"] == "I2", "to_id"]) == ["A1"]  # the item whose number is ours


LINES = """
[[sheets]]
file = "lines.csv"
one_row_is = "arena_edges"
[sheets.columns]
"team" = "arena_edges.team"
"arena" = "arena_edges.arena_id"
"from" = "arena_edges.from_id"
"to" = "arena_edges.to_id"
"""


@pytest.mark.parametrize(
    ("begins", "ends", "lines"),
    [
        ("A1", "E1 t/m E3", "A1E1 A1E2 A1E3"),
        ("A1 en A2", "E1", "A1E1 A2E1"),
        ("a1 Thing 1", "E2. Good 2", "A1E2"),  # number and words
        ("Thing 2", "good 3", "A2E3"),  # words alone
        ("Thing 2", "Same", ""),  # two items of these words: nobody can say which
        ("A1", "E9", ""),
    ],
)
def test_a_sheet_of_lines_alone_is_read_as_people_write_them(
    tmp_path: Path, begins: str, ends: str, lines: str
) -> None:
    items = [("A", "activity", "Thing"), ("E", "effect", "Good")]
    text = "team;arena;nr;kind;what\n" + "".join(
        f"T;1;{letter}{n};{kind};{word} {n}\n" for letter, kind, word in items for n in (1, 2, 3)
    )
    text += "T;1;E4;effect;Same\nT;1;E5;effect;Same\n"
    walk = (
        ARENA.format(anchor="arena_nodes")
        + """
"team" = "arena_nodes.team"
"arena" = "arena_nodes.arena_id"
"nr" = "arena_nodes.node_id"
"kind" = "arena_nodes.kind"
"what" = "arena_nodes.label"
"""
    )
    files = {"arena.csv": text, "lines.csv": f"team;arena;from;to\nT;1;{begins};{ends}\nT;1;A3;E3\n"}
    built = build.build(home_with(tmp_path, files, walk + LINES, regime="case_study"), "here")
    edges = built.tables["arena_edges"]
    drawn = edges.loc[edges["from_id"] != "A3"]
    assert sorted(drawn["from_id"] + drawn["to_id"]) == lines.split()
    assert set(edges["kind"]) == {"leads_to"}
    said = [m.words["n"] for m in built.notices if m.code == "rule_dangling_line"]
    assert said == ([] if lines else [1])


PERSONS = """casusnummer;datum aanmelding;cliëntnummer;geslacht
1;01-02-2023;K-0001;vrouw
2;13-02-2023;K-0002;man
3;14-02-2023;K-0003;man
"""
ROLES = """casusnummer;cliëntnummer;rol
1;K0001;ouder
2;K0002;ouder
3;K0003;ouder
"""


def test_persons_that_two_sheets_number_otherwise_are_asked_about(tmp_path: Path, home: Home) -> None:
    """Unasked, each of the three would be two persons in its case."""
    paths = put(tmp_path, zaken_csv=PERSONS, personen_csv=ROLES)
    added = add(home, "ede", paths, dt.date(2024, 1, 1), yes=True)
    (message,) = [m for m in added.messages if m.code == "link_mended_own"]
    words = message.words
    assert (words["met"], words["n"], words["mended"], words["keys"]) == (0, 3, 3, 'person_id = ["separators"]')
    assert [m.place.file for m in check(home, ["ede"]) if m.code == "link_mended_own"] == ["personen.csv"]
    answered = add(
        home,
        "ede",
        paths,
        dt.date(2024, 1, 1),
        ask=lambda question: "separators" if question.code == "ask_link_own" else "",
    )
    assert not [m for m in answered.messages if m.code == "link_mended_own"]  # what is answered is not asked once more
    assert '"person_id" = ["separators"]' in home.crosswalk("ede").read_text(encoding="utf-8")
    assert build.build(home, "ede").tables["case_persons"]["person_id"].nunique() == 3


DOSSIERS = "casusnummer;datum aanmelding;datum afsluiting\n1;01-02-2023;13-05-2023\n2;13-02-2023;\n3;14-02-2023;\n"
REPORTS = """casusnummer;datum aanmelding;aanmelder
1;01-02-2023;huisarts
2;13-02-2023;school
3;14-02-2023;school
3;20-03-2023;school
"""


@pytest.mark.parametrize("later", [False, True])
def test_a_list_that_reads_like_cases_beside_one_is_asked_with_what_would_follow(
    tmp_path: Path, home: Home, later: bool
) -> None:
    paths = put(tmp_path, dossiers_csv=DOSSIERS, meldingen_csv=REPORTS)
    if later:
        add(home, "ede", paths[:1], dt.date(2023, 7, 1), yes=True)
        paths = paths[1:]
    added = add(home, "ede", paths, dt.date(2024, 1, 1), yes=True)
    (message,) = [m for m in added.messages if m.code == "sheet_open_row"]
    assert (message.words["n"], message.words["common"]) == (3, 3)
    assert "meldingen" not in home.crosswalk("ede").read_text(encoding="utf-8")
    assert added.form is not None
    asked = []

    def answer(question: OpenQuestion) -> str:
        asked.append(question)
        return "aanmeldingen" if question.code == "ask_row" else ""

    add(home, "ede", paths, dt.date(2024, 1, 1), ask=answer)
    (question,) = [each for each in asked if each.code == "ask_row"]
    (cases,) = [choice for choice in question.choices if choice.value == "casusregistratie"]
    assert cases.why.startswith("een lijst van casussen: 3 casussen van ")
    written = home.crosswalk("ede").read_text(encoding="utf-8")
    assert 'one_row_is = "referrals"' in written
    assert '"aanmelder" = "referrals.referrer_role"' in written


@pytest.mark.parametrize(
    ("answer", "n_cases", "n_referrals"), [("casusregistratie", 3, 3), ("aanmeldingen", 0, 4), ("", 0, 0)]
)
def test_a_list_of_referrals_alone_is_asked_with_what_would_follow(
    tmp_path: Path, home: Home, answer: str, n_cases: int, n_referrals: int
) -> None:
    path = tmp_path / "aanmeldingen 2023.csv"
    path.write_text(REPORTS, encoding="utf-8")
    asked = []

    def given(question: OpenQuestion) -> str:
        asked.append(question)
        return answer if question.code == "ask_row_alone" else ""

    added = add(home, "ede", [path], dt.date(2024, 1, 1), ask=given, extraction_date=dt.date(2023, 12, 31))
    (question,) = [each for each in asked if each.code == "ask_row_alone"]
    assert [choice.why for choice in question.choices[:2]] == [
        "een lijst van aanmeldingen: 4 aanmeldingen, die meetellen zodra de casussen geleverd zijn; er komt geen casus bij",
        "een lijst van casussen: er komen 3 casussen bij, zonder afloop",
    ]
    assert ("sheet_open_row_alone" in [m.code for m in added.messages]) == (answer == "")
    tables = build.build(home, "ede").tables
    assert tuple(len(tables.get(name, ())) for name in ("cases", "referrals")) == (n_cases, n_referrals)


def test_several_codes_on_lines_of_one_cell_are_each_a_coding(tmp_path: Path, home: Home) -> None:
    head = ["Document", "Codes", "Quotation Content"]
    rows = [head, ["D1", "Vertrouwen\nRegie", "a"], ["D1", "Regie", "b"], ["D2", "Vertrouwen", "c"]]
    add(home, "hier", put(tmp_path, quotations_xlsx=workbook({"Quotations": rows})), dt.date(2024, 1, 1), yes=True)
    written = home.crosswalk("hier").read_text(encoding="utf-8")
    assert 'to = "codings.code", split = "\\n"' in written
    walk = '[[sheets]]\nfile = "quotations.xlsx"\none_row_is = "documents"\n[sheets.columns]\n"Document" = "documents.document"\n'
    walk += '"Codes" = [{ to = "codings.code", split = "\\n" }, { to = "codings.element", split = "\\n" }]\n'
    walk += '[sheets.constants]\n"documents.perspective" = "client"\n[codes.factor]\n"Regie" = "w02_one_coordinator"\n'
    files = {"quotations.xlsx": workbook({"Quotations": rows})}
    built = build.build(home_with(tmp_path / "b", files, walk, regime="case_study"), "here")
    codings = built.tables["codings"]
    assert list(codings["code"]) == ["Vertrouwen", "Regie", "Regie", "Vertrouwen"]
    assert list(codings["element"].astype("str"))[1:3] == ["w02_one_coordinator"] * 2
    assert list(codings["document"]) == ["D1", "D1", "D1", "D2"]
    assert len(built.tables["documents"]) == 2


CASES_OF_TWO = "Dossiernr;Aangemeld op;Datum afsluiting;Reden afsluiting\nW01;27/06/2021;19/05/2022;Verhuizing\n"
PEOPLE = "TRAJECTNUMMER;REGNR_PERSOON;GEZINSROL;GENDER\n" + "".join(
    f"W0{case};P{case}{n};{role};{sex}\n"
    for case in (1, 2)
    for n, (role, sex) in enumerate((("Partner", "M"), ("Kind", "V")) * 2)
)
DOMAINS = "Dossiernr;Leefgebied\nW01;Wonen\nW01;Schulden\nW01;Werk\nW02;Wonen\nW02;Schulden\nW02;Werk\n"


@pytest.mark.parametrize(
    ("text", "kind", "table", "would_follow"),
    [
        (PEOPLE, "personen", "case_persons", "8 rijen geven 8 casussen"),
        (DOMAINS, "case_domains", "case_domains", "6 rijen noemen 2 casussen: 4 rijen zouden een andere tegenspreken"),
    ],
)
def test_what_a_row_is_can_be_any_kind_of_record_and_the_part_of_a_case_that_its_columns_tell_is_proposed(
    tmp_path: Path, home: Home, text: str, kind: str, table: str, would_follow: str
) -> None:
    paths = put(tmp_path, zaken_csv=CASES_OF_TWO, lijst_csv=text)
    asked = []

    def answer(question: OpenQuestion) -> str:
        asked.append(question)
        return kind if question.code in ("ask_sheet", "ask_row_kind") else ""

    add(home, "ede", paths, dt.date(2024, 1, 1), ask=answer)
    (question,) = [each for each in asked if each.code in ("ask_sheet", "ask_row_kind")]
    assert question.place.file == "lijst.csv"
    assert question.choices[0].value == kind
    assert question.examples.startswith(f"{text.partition(';')[0]}: ")
    assert {"meetings", "scores", "actions", "judgements", "attendances", "organisations"} <= {
        form.one_row_is for form in kinds() if form.name in {choice.value for choice in question.choices}
    }
    assert {form.one_row_is for form in kinds()} == set(TABLES)
    (cases,) = [choice for choice in question.choices if choice.value == "casusregistratie"]
    assert cases.why == would_follow
    written = home.crosswalk("ede").read_text(encoding="utf-8")
    assert f'one_row_is = "{table}"' in written


def test_what_a_row_is_stays_a_question_and_the_sheet_unread_while_nobody_answers(tmp_path: Path, home: Home) -> None:
    added = add(home, "ede", put(tmp_path, zaken_csv=CASES_OF_TWO, lijst_csv=DOMAINS), dt.date(2024, 1, 1), yes=True)
    assert [m.place.file for m in added.messages if m.code in ("sheet_unrecognised", "sheet_open_row_kind")] == [
        "lijst.csv"
    ]
    assert "lijst" not in home.crosswalk("ede").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("in_cases", "roles", "said"),
    [("", ["huisarts", "school"], []), (";politie", ["politie", "school"], [("meldingen.csv", 2)])],
)
def test_what_a_list_of_referrals_and_one_of_cases_say_of_one_day_is_one_record_and_a_contradiction_is_noted(
    tmp_path: Path, in_cases: str, roles: list[str], said: list[tuple[str, int]]
) -> None:
    head = ";door" if in_cases else ""
    cases = f"nr;reported{head}\n1;01-02-2020{in_cases}\n2;13-02-2020{';' if in_cases else ''}\n"
    reports = "nr;day;by\n1;01-02-2020;huisarts\n2;13-02-2020;school\n"
    walk = """
[[sheets]]
file = "cases.csv"
one_row_is = "cases"
[sheets.columns]
"nr" = "cases.case_id"
"reported" = ["cases.date_referral", "referrals.date"]
"door" = "referrals.referrer_role"
[[sheets]]
file = "meldingen.csv"
one_row_is = "referrals"
[sheets.columns]
"nr" = "referrals.case_id"
"day" = "referrals.date"
"by" = "referrals.referrer_role"
"""
    built = build.build(home_with(tmp_path, {"cases.csv": cases, "meldingen.csv": reports}, walk), "here")
    words = vocabulary.read("referrer_role").lookup
    assert sorted(built.tables["referrals"]["referrer_role"].astype("str")) == sorted(words[role] for role in roles)
    aside = built.tables["set_aside"].query("rule == 'sheets_differ'")
    assert list(zip(aside["file"].astype("str"), aside["source_row"], strict=True)) == said


WITH_PERSONS = (
    WALK
    + """
[[sheets]]
file = "persons.csv"
one_row_is = "case_persons"
[sheets.columns]
"case" = "case_persons.case_id"
"client" = "case_persons.person_id"
"sex" = "case_persons.sex"
"""
)


def test_of_persons_too_it_is_said_how_many_meet_their_case(tmp_path: Path) -> None:
    """Of 40 persons 25 name a case that is there: said in the build, on the quality page, in the captions that rest on them."""
    cases = ["nr;reported", *(f"{n};1-2-2020" for n in range(1, 41)), ""]
    persons = ["case;client;sex", *(f"{n if n <= 25 else n + 100};{n};man" for n in range(1, 41)), ""]
    home = home_with(tmp_path, {"cases.csv": "\n".join(cases), "persons.csv": "\n".join(persons)}, WITH_PERSONS)
    (notice,) = [each for each in build.build(home, "here").notices if each.code == "link"]
    assert notice.say("nl").startswith(
        "bestand persons.csv, kolom ‘case’: 25 van de 40 nummers in personen per casus komen voor in casussen"
    )
    study = build.load(home, ["here"])
    (page,) = data_quality_of(study, "nl")
    assert [(link["code"], link["n"].raw, link["n_met"].raw) for link in page["links"]] == [("case_persons", 40, 25)]
    gap = {"table": "case_persons", "n_lost": 15, "n_of": 40, "regime": "register"}
    for figure in ("F02", "T01"):  # filled in per case; persons per source
        finding = CATALOGUE[figure].ask(study)
        assert ("case_not_found", gap) in list(finding.caveats), figure
    assert "Van 15 van de 40 personen per casus is de casus niet gevonden" in draw("T01", study).caption


def test_of_a_number_whose_case_was_set_aside_no_form_is_told(tmp_path: Path) -> None:
    cases = "nr;reported;closed\n1;01-02-2020;\n2;02-02-2020;03-03-2029\n"  # closed after the data were extracted
    walk = WALK.replace(
        '"reported" = "cases.date_referral"', '"reported" = "cases.date_referral"\n"closed" = "cases.date_closed"'
    )
    meetings = "case;kind\n1;gezamenlijk cliëntoverleg\n2;gezamenlijk cliëntoverleg\n"
    built = build.build(home_with(tmp_path, {"cases.csv": cases, "meetings.csv": meetings}, walk), "here")
    (note,) = [each for each in built.notices if each.code.startswith("link")]
    assert note.say("nl") == (
        "bestand meetings.csv, kolom ‘case’: 1 van de 2 nummers in bijeenkomsten komen voor in casussen; van 1 niet: dat "
        "nummer staat op een rij die apart is gezet, of nergens. Kijk eerst wat er in casussen apart is gezet."
    )


def test_of_a_later_list_it_is_asked_whether_numbers_are_the_same_and_what_follows_if_not(
    home: Home, tmp_path: Path
) -> None:
    """A second system writes the same numbers otherwise: what does not meet is no loose end, but a case that counts twice."""
    for day, written in ((dt.date(2024, 1, 1), "A-{:03}"), (dt.date(2024, 7, 1), "A{:03}")):
        path = tmp_path / f"zaken {day.year}-{day.month}.csv"
        rows = [f"{written.format(n)};{n}-1-2024" for n in range(13, 25)]
        path.write_text("\n".join(["Casusnr;Datum aanmelding", *rows, ""]), encoding="utf-8")
        added = add(home, "ede", [path], day, yes=True, municipality="Ede")
    (point,) = [each for each in added.messages if each.code == "link_mended_own"]
    of_other = "0 van de 12 nummers komen ook voor in een andere lijst van casussen"
    of_other += " (de rest ziet eruit als L000; die andere als L-000)"
    assert point.say("nl") == (
        f"bestand zaken 2024-7.csv, kolom ‘Casusnr’: {of_other}. Zonder streepjes komen 12 van de 12 overeen in plaats van 0: "
        "zo lang dat niet gezegd is, tellen zij dubbel. Beantwoord dit in het formulier (‘iww add BRON’ zet het klaar), "
        "of schrijf onder [keys]: "
        'case_id = ["separators"], of een lege lijst als het andere zijn.'
    )
    rows_of_form = openpyxl.load_workbook(added.form)["Vragen"].iter_rows(values_only=True)  # type: ignore[arg-type]
    (asked,) = [str(row[0]) for row in rows_of_form if '"link"' in str(row[-1])]
    assert asked == f"{of_other}. Zijn er meer dezelfde, anders geschreven?"


@pytest.mark.parametrize(
    ("own", "there", "gentlest"),
    [
        ("ED-230001", "ED230001", ("separators",)),  # without the letters in front they would meet too
        ("ED-0012", "ED-12", ("zeros",)),
        ("ED-12", "12", ("prefix",)),
    ],
)
def test_of_foldings_that_help_alike_the_gentlest_is_proposed(own: str, there: str, gentlest: tuple[str, ...]) -> None:
    columns = [
        KeyColumn(table, "case_id", Place(f"{table}.csv"), "2024-01-01", {text: 1, f"{text}7": 1})
        for table, text in (("cases", own), ("meetings", there))
    ]
    (link,) = links(columns, {}, labels=False)
    assert (link.n_met, link.n_mended, link.foldings) == (0, 2, gentlest)
