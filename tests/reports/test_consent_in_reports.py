"""What ten persons did not agree to is in no file of a report, over all forms and both dialects; nor after a later no."""

import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from html import unescape
from pathlib import Path, PurePosixPath

import pandas as pd
import pytest

from iww_analysis.commands.add import add
from iww_analysis.commands.check import checked
from iww_analysis.commands.report import report, write
from iww_analysis.commands.verify import verify
from iww_analysis.io.disk.home import Home
from iww_synthetic.files.qda import Document, Segment, project
from shared.homes import workbook
from shared.notebooks import with_short_notebooks

TRUST, SHAME = "vertrouwensrelatie", "schaamte"
NO, YES = "Rkzw", "Kpzw"  # begin the labels and words of who did not agree, and of who did; no other text holds them
INTERVIEW = [
    ["Gemeente", "Team", "Casus", "Perspectief", "Document", "Soort document", "Datum interview", "Toestemming", "Element",
     "Bij wie", "Moment", "Aanwezig", "Bijdrage", "Citaat", "Citaat vrijgegeven"],
]  # fmt: skip
OUTCOMES = [
    "Gemeente",
    "Team",
    "Casus",
    "Niveau",
    "Uitkomst",
    "Richting",
    "Volgens",
    "Relevant voor",
    "Datum uitkomst",
    "Toestemming",
]
EVIDENCE = ["Team", "Arena", "Nummer", "Casus", "Volgens", "Status", "Toestemming"]
SEEN = [
    "Gemeente", "Team", "Casusnummer", "Bijeenkomst", "Datum observatie", "Formulier", "Item", "Score", "Schaal van",
    "Schaal tot", "Observatornummer", "Toestemming",
]  # fmt: skip


def judged(case: str, who: str, consent: str, element: str = TRUST) -> list[str]:
    """A row of the interview form whose case, document and quote bear the label."""
    talk = ["Nijmegen", "Team Linde", case, who, f"{case} gesprek {who}", "interview", "2021-05-01", consent]
    return [*talk, element, "", "eind", "ja", "helpend", f"{case} zei dit als {who}.", "ja"]


def told(case: str, consent: str) -> list[str]:
    """A row of the form of outcomes."""
    return [
        "Nijmegen",
        "Team Linde",
        case,
        "casus",
        f"{case} heeft rust",
        "beter",
        "cliënt",
        "cliënt",
        "2021-05-01",
        consent,
    ]


def looked_for(case: str, consent: str) -> list[str]:
    """A row of the form of an arena's evidence."""
    return ["Team Linde", "Arena 1", "E1", case, "cliënt", "waargenomen", consent]


def seen(case: str, consent: str) -> list[str]:
    """A row of the form of observations."""
    meeting = ["Nijmegen", "Team Linde", case, f"{case} overleg", "2021-02-03", "F 1.0"]
    return [*meeting, f"{case} aan het woord", "4", "1", "5", "observator 1", consent]


def forms() -> Mapping[str, Sequence[Sequence[object]]]:
    """The project's own forms, in one workbook: five persons who did not agree, and one case in which all did."""
    agreed = f"{YES} 1"
    return {
        "Oordelen": [
            *INTERVIEW, judged(f"{NO} 1", "cliënt", "nee"), judged(f"{NO} 2", "professional", ""),
            judged(agreed, "cliënt", "ja"), judged(agreed, "professional", "ja"), judged(agreed, "cliënt", "ja", SHAME),
        ],
        "Uitkomsten": [OUTCOMES, told(f"{NO} 3", "nee"), told(agreed, "ja")],
        "Toetsing": [EVIDENCE, looked_for(f"{NO} 4", "nee"), looked_for(agreed, "ja")],
        "Observaties": [SEEN, seen(f"{NO} 5", "nee"), seen(agreed, "ja")],
    }  # fmt: skip


def coded(first: int, *answers: str) -> list[Document]:
    """Interviews with a client, each of a case of its own, whose words and names bear the label."""
    documents = []
    for number, answer in enumerate(answers, start=first):
        case = f"{YES if answer == 'ja' else NO} {number}"
        text = f"{case} vertelt dit.\nEn nog meer."
        variables = {"Perspectief": "cliënt", "Toestemming": answer}
        variables = {name: value for name, value in variables.items() if value}
        segments = [Segment(0, text.index("."), ("Vertrouwen",), "vrijgegeven")]
        documents.append(Document(f"{case} interview", text, case, variables, segments))
    return documents


CODES = {"Vertrouwen": ""}
LISTED = "casus;perspectief;toestemming;element;aanwezig;citaat;vrijgegeven\n" \
         f"{NO} 10;cliënt;weigert;{TRUST};ja;{NO} 10 sprak;ja\n{YES} 10;cliënt;ja;{TRUST};ja;{YES} 10 sprak;ja\n"  # fmt: skip


def delivered(home: Home, folder: Path) -> list[str]:
    """Add the four kinds of material as a stranger would, and answer what stops a build."""
    contents = {
        "formulier": ("formulieren.xlsx", workbook(forms())),
        "atlasti": ("project.qdpx", project(coded(6, "nee", "", "ja"), CODES, "atlasti")),
        "nvivo": ("project.qdpx", project(coded(20, "nee", "onbekend", "ja"), CODES, "nvivo")),
        "lijst": ("lijst.csv", LISTED.encode()),
    }
    for source, (name, content) in contents.items():
        (folder / source).mkdir(parents=True)
        (folder / source / name).write_bytes(content)
        add(home, source, [folder / source / name], dt.date(2022, 1, 1), yes=True)
        card = next((home.raw / source).glob("*/origin.toml"))
        text = card.read_text(encoding="utf-8").replace("synthetic = false", "synthetic = true")
        card.write_text(text.replace('municipality = ["?"]', "municipality = []"), encoding="utf-8")
    return list(contents)


def texts_in(path: PurePosixPath | Path, content: bytes) -> Iterator[tuple[str, str]]:
    """All text in a file, also within archives and tables."""
    if path.suffix == ".parquet":
        yield str(path), pd.read_parquet(io.BytesIO(content)).to_csv()
    elif content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as inside:
            for name in inside.namelist():
                yield from texts_in(path / name, inside.read(name))
    else:
        plain = content.decode("utf-8", errors="ignore")
        yield str(path), plain + unescape(plain)


def hits(folder: Path, words: str) -> list[str]:
    """The files that hold these words, however they are spaced or capitalised."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.suffix != ".png"]
    sought = words.replace(" ", "").lower()
    return [name for path in files for name, text in texts_in(path, path.read_bytes()) if sought in spaceless(text)]


def spaceless(text: str) -> str:
    """The same in small letters without any space: a line that is broken in a picture is one again."""
    return "".join(re.sub(r"<[^>]*>", "", text).split()).lower() + "".join(text.split()).lower()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with the four sources and a report of them; its notebooks run nothing."""
    folder = tmp_path_factory.mktemp("consent")
    home = Home(folder / "home")
    home.crosswalk("x").parent.mkdir(parents=True)
    sources = delivered(home, folder / "post")
    with_short_notebooks(home.path)
    write(home, report(home, sources, "proef"))
    return home


def test_nothing_of_who_did_not_agree_is_in_any_file(made: Home) -> None:
    assert hits(made.path / "reports", NO) == []
    assert hits(made.path / "data" / "receipts", NO) == []
    assert hits(made.path / "data" / "processed", NO) == []


def test_who_did_agree_is_there_from_every_kind_of_material(made: Home) -> None:
    for source in ("formulier", "atlasti", "nvivo", "lijst"):
        assert hits(made.path / "data" / "processed" / source, YES), source
    assert hits(made.path / "reports", YES)


def test_the_page_and_the_picture_say_what_was_left_out(made: Home) -> None:
    folder = made.report("proef")
    page = unescape((folder / "index.html").read_text(encoding="utf-8"))
    assert "Niet meegeteld uit deze bronnen" in page
    assert "geen toestemming" in page
    assert "casussen met toestemming" not in page


@pytest.mark.long
def test_verify_holds_the_report_and_finds_a_row_without_consent_that_counts(made: Home) -> None:
    found = {check.name: check for check in verify(made, "proef").checks}
    assert [
        (c.name, m.code, m.place, m.words) for c in found.values() for m in c.findings if m.code != "held_extra"
    ] == []
    assert found["consent"].n > 0
    table = made.processed("lijst") / "judgements.parquet"
    whole = table.read_bytes()
    pd.read_parquet(table).assign(source_row=2).to_parquet(table)  # the row of who refused
    try:
        refused = {check.name: check for check in verify(made, "proef").checks}["consent"].findings
    finally:
        table.write_bytes(whole)
    assert {message.place.row for message in refused} == {2}


@pytest.mark.long
def test_a_later_no_empties_the_next_report_and_says_so(made: Home, tmp_path: Path) -> None:
    later = tmp_path / "formulieren.xlsx"
    kept = forms()
    later.write_bytes(workbook({**kept, "Oordelen": [*INTERVIEW, judged(f"{YES} 1", "cliënt", "nee")]}))
    add(made, "formulier", [later], dt.date(2022, 6, 1), yes=True)
    card = made.raw / "formulier" / "2022-06-01" / "origin.toml"
    text = card.read_text(encoding="utf-8").replace("synthetic = false", "synthetic = true")
    card.write_text(text.replace('municipality = ["?"]', "municipality = []"), encoding="utf-8")
    done = report(made, ["formulier"], "later")
    write(made, done)
    for words in (f"{YES} 1 zei dit als cliënt.", f"{YES} 1 gesprek cliënt"):
        assert hits(made.path / "reports" / "later", words.rstrip(".")) == []
        assert hits(made.receipts("later"), words.rstrip(".")) == []
    page = unescape((made.report("later") / "index.html").read_text(encoding="utf-8"))
    assert "toestemming ingetrokken" in page
    assert "rule_consent_withdrawn" in [message.code for message in checked(made, "formulier").notes]
