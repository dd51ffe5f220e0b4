"""Coded interviews as REFI-QDA: real exports give their verified counts, planted codings come back word for word."""

import dataclasses
import datetime as dt
import io
import re
import tomllib
import zipfile
from collections import Counter
from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from pathlib import Path
from xml.etree import ElementTree as ET

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iww_analysis.cleaning.notices.build_messages import notices
from iww_analysis.cleaning.source import Built
from iww_analysis.commands import build
from iww_analysis.commands.add import add
from iww_analysis.commands.session import sheet_finder
from iww_analysis.io.delivered_files import RawSheet, read_sheets
from iww_analysis.io.disk.home import Home
from iww_analysis.io.projects import archive
from iww_analysis.io.projects.positions import RULERS, Ruler, Span, decide, text_of
from iww_analysis.io.projects.project import Project, read_project
from iww_analysis.messages.errors import IwwError, Message, Place
from iww_analysis.vocabulary import key
from iww_synthetic.files.qda import DIALECTS, Document, Segment, project
from shared.homes import corpus, deliver, home_with


@lru_cache(maxsize=4)
def read(content: bytes, file: str) -> list[RawSheet]:
    """The sheets of a file: most tests ask for several of one."""
    return read_sheets(Path(file), content)


def sheet(content: bytes, name: str, file: str = "p.qdpx") -> pd.DataFrame:
    """One virtual sheet, its first row as headings, row numbers as a person counts them."""
    (found,) = [each for each in read(content, file) if each.name == name]
    return found.cells.iloc[1:].set_axis(list(found.cells.loc[1]), axis=1)


def said(content: bytes, file: str = "p.qdpx") -> dict[str, Mapping[str, object]]:
    """What is said of a file: code of the message -> its words."""
    return {message.code: message.words for each in read(content, file) for message in each.notes}


# --- real exports: the counts of the manifest ---

ATLAS = "qda/atlasti84_standard_project_nomedia.qdpx"
QC = "qda/qc_demo_coded_interview.qdpx"


@cache
def real(path: str) -> tuple[Project, bytes]:
    content = corpus(path).read_bytes()
    return read_project("p.qdpx", content), content


COUNTED = """
| file                          | codes | depth | used | sources | selections | codings | sets | users | missing |
| atlasti84_standard_project_nomedia.qdpx | 14 | 1 | 9 | 12     | 15         | 16      | 16   | 3     | 12      |
| atlasti23_blank.qdpx          | 0     | 0     | 0    | 0       | 0          | 0       | 0    | 2     | 0       |
| atlasti23_target.qdpx         | 3     | 2     | 0    | 0       | 0          | 0       | 0    | 2     | 0       |
| qc_demo_coded_interview.qdpx  | 262   | 7     | 77   | 2       | 158        | 205     | 0    | 1     | 0       |
| taguette_1.4.1_codebook.qdc   | 3     | 1     | 0    | 0       | 0          | 0       | 0    | 0     | 0       |
| atlasti23_codegroup.qdc       | 1     | 1     | 0    | 0       | 0          | 0       | 1    | 0     | 0       |
"""


def lines(table: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table.strip().splitlines()][1:]


@pytest.mark.parametrize(("file", "counts"), [(row[0], list(map(int, row[1:]))) for row in lines(COUNTED)])
def test_a_real_export_gives_the_counts_of_the_manifest(file: str, counts: list[int]) -> None:
    found, _ = real(f"qda/{file}")
    selections = [each for source in found.sources for each in source.selections]
    codings = [coding for each in selections for coding in each.codings]
    assert [
        len(found.codes), max((len(code.path) for code in found.codes), default=0), len({coding.code for coding in codings}),
        len(found.sources), len(selections), len(codings), found.passed["sets"], len(found.users),
        sum(source.missing for source in found.sources),
    ] == counts  # fmt: skip


def test_the_standard_project_of_atlasti_is_read_with_all_its_kinds() -> None:
    found, content = real(ATLAS)
    kinds = Counter(source.kind for source in found.sources)
    assert kinds == {"text": 6, "pdf": 2, "picture": 1, "audio": 1, "video": 2}
    selections = Counter(each.kind for source in found.sources for each in source.selections)
    assert selections == {"text": 8, "pdf": 4, "picture": 1, "video": 2}
    assert sum(len(code.sets) for code in found.codes) == 19
    assert set(sheet(content, "codings")["coder"]) == {"coder 2"}  # the second user; no name is kept
    assert "Markgraf" not in "".join(each.cells.to_csv() for each in read_sheets(Path("p.qdpx"), content))


def test_what_was_skipped_of_the_standard_project_is_said_in_counts() -> None:
    assert said(real(ATLAS)[1]) == {
        "qda_sources_missing": {"n": 12, "total": 12},
        "qda_no_words": {"n": 16, "total": 16, "text": 9, "image": 7, "whole": 0},
        "qda_codings_twice": {"n": 2},  # two areas of a PDF, and the text of the same areas
        "qda_not_read": {"uncoded": 2, "notes": 2, "note_codings": 0, "links": 1, "graphs": 1, "sets": 16,
                         "source_members": 23, "transcripts": 3, "sync_points": 13},
    }  # fmt: skip


def test_names_of_codes_that_repeat_are_told_apart_by_their_path() -> None:
    found, content = real(QC)
    repeated = {name: n for name, n in Counter(code.name for code in found.codes).items() if n > 1}
    assert repeated.pop("citizenship") == 3
    assert sorted(repeated.values()) == [2] * 8
    assert sheet(content, "codes")["code_path"].is_unique
    assert said(content)["qda_names_repeat"] == {"n": 9, "paths": 0}


def test_every_selection_of_the_coded_interview_falls_on_whole_lines_of_its_text() -> None:
    content = real(QC)[1]
    assert said(content)["qda_positions_points"] == {"fit": 158, "n": 158, "ends": "1"}
    rows = sheet(content, "codings")
    assert rows["text"].str.endswith("\n").all()
    assert rows["text"].iloc[0] == "This district goal is engage every student in joyful, purposeful learning that \n"
    documents = sheet(content, "documents").set_index("document")
    assert dict(documents["codings"]) == {"board_2017.txt": "205", "admin-1.txt": "0"}
    assert documents.loc["admin-1.txt", "characters"] == "31906"


def test_a_codebook_and_its_csv_hold_the_same_codes() -> None:
    codebook = sheet(corpus("qda/taguette_1.4.1_codebook.qdc").read_bytes(), "codes", "c.qdc")
    (table,) = read_sheets(Path("c.csv"), corpus("qda/taguette_1.4.1_codebook.csv").read_bytes())
    assert list(codebook["code"]) == list(table.cells[0].iloc[1:]) == ["xsd:element name", "CodeBook", "Variables"]


def test_the_sets_of_a_code_stand_beside_it() -> None:
    codes = sheet(corpus("qda/atlasti23_codegroup.qdc").read_bytes(), "codes", "c.qdc")
    assert codes.to_dict("records") == [{
        "code_path": "code1", "code": "code1", "parent": "", "definition": "description", "depth": "1", "codings": "0",
        "sets": "code group 1",
    }]  # fmt: skip


@pytest.mark.parametrize(("name", "code"), [("p.ROCKproject", "file_kind"), ("p.qdpx", "qda_no_project")])
def test_another_qualitative_format_is_refused_whatever_it_is_called(name: str, code: str) -> None:
    content = corpus("qda/rock_17cases_2waves.ROCKproject").read_bytes()
    with pytest.raises(IwwError) as refused:
        read_sheets(Path(name), content)
    assert [message.code for message in refused.value.messages] == [code]


# --- planted codings come back ---

WORDS = (
    "een",
    "café",
    "cafe\u0301",
    "😀",
    "👨‍👩‍👧",
    "👍🏽",
    "é",
    "Súdwest-Fryslân",
    "zei:",
    "wel…",
    "…",
    "12",
    "🏳️‍🌈",
    "nee.",
)
BETWEEN = (" ", "\n", "\n\n", ", ", " 😀 ")


@st.composite
def documents(draw: st.DrawFn) -> list[Document]:
    """Interviews of words and line ends, coded from the start of a word to the end of one."""
    made = []
    for number in range(draw(st.integers(1, 3))):
        words = draw(st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from(BETWEEN)), min_size=1, max_size=12))
        text, places = "", []
        for word, between in words:
            places.append((len(text), len(text) + len(word)))
            text += word + between
        pairs = draw(st.lists(st.tuples(st.sampled_from(places), st.sampled_from(places)), max_size=4))
        codes = draw(st.sampled_from([("A",), ("A/B",), ("A/B", "C"), ("A", "C/B")]))
        segments = [Segment(min(p)[0], max(p)[1], codes, f"opmerking {n}") for n, p in enumerate(pairs)]
        made.append(Document(f"gesprek {number}", text, f"casus {number % 2}", {"stem": "cliënt"}, segments))
    return made


@pytest.mark.parametrize("dialect", DIALECTS)
@settings(max_examples=15)  # an example holds up to three texts
@given(planted=documents())
def test_planted_codings_come_back_exactly(dialect: str, planted: list[Document]) -> None:
    content = project(planted, {"A/B": "", "C/B": "", "A": "hoofdcode"}, dialect)  # type: ignore[arg-type]
    rows = sheet(content, "codings")
    found = rows[["document", "text", "code_path", "remark", "case", "variable stem"]].to_numpy().tolist()
    assert found == [
        [each.name, each.text[segment.begin : segment.end], code, segment.remark, each.case, "cliënt"]
        for each in planted for segment in each.segments for code in segment.codes
    ]  # fmt: skip
    assert set(rows["coder"]) <= {"coder 1"}
    listed = sheet(content, "documents")
    assert list(listed["characters"]) == [str(len(each.text)) for each in planted]


TALK = "Interviewer: hoe ging het?\nMoeder: 😀 het café was fijn.\nEinde"


def talk(*codes: str) -> Document:
    begin = TALK.index("het café")
    return Document("gesprek", TALK, "K1", {"stem": "cliënt"}, [Segment(begin, begin + 8, codes)])


def test_the_dialects_count_otherwise_and_say_so() -> None:
    """Up to "het café" are 37 code points; NVivo counts the return before the newline and the emoji twice."""
    atlas, nvivo = (project([talk("A")], {"A": ""}, dialect) for dialect in ("atlasti", "nvivo"))
    assert sheet(atlas, "codings")[["begin", "end", "text"]].to_numpy().tolist() == [["37", "45", "het café"]]
    assert sheet(nvivo, "codings")[["begin", "end", "text"]].to_numpy().tolist() == [["39", "47", "het café"]]
    assert said(atlas) == {"qda_positions_points": {"fit": 1, "n": 1, "ends": "1"}}
    assert said(nvivo) == {"qda_positions_utf16": {"fit": 1, "n": 1, "ends": "2"}}


def test_what_is_written_has_the_same_bytes_every_time() -> None:
    for dialect in DIALECTS:
        assert project([talk("A")], {"A": ""}, dialect) == project([talk("A")], {"A": ""}, dialect)  # type: ignore[arg-type]


def members(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as zipped:
        return {name: zipped.read(name) for name in zipped.namelist()}


def packed(parts: Mapping[str, bytes | str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as zipped:
        for name, content in parts.items():
            zipped.writestr(name, content)
    return out.getvalue()


XSD = "{http://www.w3.org/2001/XMLSchema}"


@pytest.mark.parametrize("dialect", DIALECTS)
def test_what_is_written_keeps_to_the_schema(dialect: str) -> None:
    """Every element in the order of its type, with its required attributes; every GUID of the form that is asked."""
    schema = ET.fromstring(corpus("qda/schema/Project-mrt2019.xsd").read_bytes())
    types = {each.get("name"): each for each in schema.iter(f"{XSD}complexType")}
    guid = re.compile(str(schema.find(f".//{XSD}simpleType[@name='GUIDType']//{XSD}pattern").get("value")))  # type: ignore[union-attr]
    written = [
        talk("A/B", "C"),
        dataclasses.replace(talk("C"), name="tweede", variables={"stem": "ouder", "team": "Noord"}),
    ]
    parts = members(project(written, {"A/B": "definitie", "C": ""}, dialect))  # type: ignore[arg-type]
    waiting = [(ET.fromstring(next(c for name, c in parts.items() if name.endswith(".qde"))), "ProjectType")]
    n = 0
    while waiting:
        element, kind = waiting.pop()
        n += 1
        attributes = {a.get("name"): a for a in types[kind].iter(f"{XSD}attribute")}
        assert set(element.attrib) <= set(attributes), element.tag
        assert {name for name, a in attributes.items() if a.get("use") == "required"} <= set(element.attrib), (
            element.tag
        )
        assert all(
            guid.fullmatch(v) for name, v in element.attrib.items() if attributes[name].get("type") == "GUIDType"
        )
        allowed = {str(e.get("name")): str(e.get("type")) for e in types[kind].iter(f"{XSD}element")}
        children = [(child, child.tag.rpartition("}")[2]) for child in element]
        order = [list(allowed).index(tag) for _, tag in children]
        assert order == sorted(order), element.tag
        waiting += [(child, allowed[tag]) for child, tag in children if not allowed[tag].startswith("xsd:")]
    assert n > 30


# --- in what unit positions count ---

MEASURED = r"""
| text                  | begin | end | name     | origin | unit   | line_end | words |
| de kat zat            | 3     | 6   |          |        | points | as_is    | kat   |
| 😀 de kat zat         | 5     | 8   |          |        | points | as_is    | kat   |
| 😀 de kat zat         | 6     | 9   |          |        | utf16  | as_is    | kat   |
| een\r\nde kat zat     | 8     | 11  |          |        | points | as_is    | kat   |
| een\r\nde kat zat     | 7     | 10  |          |        | points | 1        | kat   |
| een\nde kat zat       | 8     | 11  |          |        | points | 2        | kat   |
| 😀\nde kat zat        | 6     | 9   |          |        | utf16  | as_is    | kat   |
| 😀\nde kat zat        | 7     | 10  |          | NVivo  | utf16  | 2        | kat   |
| 😀😀 a b c d e        | 3     | 4   | a        | NVivo  | points | as_is    | a     |
| 😀😀 a b c d e        | 5     | 6   |          | NVivo  | utf16  | as_is    | a     |
| 😀😀 a b c d e        | 5     | 6   |          | ATLAS  | points | as_is    | b     |
"""


@pytest.mark.parametrize(("text", "begin", "end", "name", "origin", "unit", "line_end", "words"), lines(MEASURED))
def test_the_unit_is_the_one_by_which_selections_fall_on_words(
    text: str, begin: str, end: str, name: str, origin: str, unit: str, line_end: str, words: str
) -> None:
    written = text.replace(r"\r", "\r").replace(r"\n", "\n")
    decision = decide([Span(text_of(written), int(begin), int(end), name)], origin)
    assert (decision.ruler.unit, str(decision.ruler.line_end), decision.cuts[0].words) == (unit, line_end, words)


def test_selections_that_read_otherwise_by_a_unit_that_fits_as_well_are_counted() -> None:
    text = text_of("😀😀 a b c d e")
    assert decide([Span(text, 5, 6, ""), Span(text, 7, 8, "")], "").n_unsure == 2
    assert decide([Span(text, 3, 4, "a"), Span(text, 7, 8, "c")], "").n_unsure == 0


@pytest.mark.parametrize(
    ("text", "begin", "end"),
    [
        ("kat", 0, 2),
        ("kat", 1, 3),
        ("kat", 2, 2),
        ("kat", 2, 9),
        ("cafe\u0301 nu", 0, 4),
        ("👍🏽 goed", 0, 1),
        ("👨‍👩‍👧", 0, 1),
    ],
)
def test_a_cut_within_a_word_or_a_sign_does_not_fit(text: str, begin: int, end: int) -> None:
    assert not decide([Span(text_of(text), begin, end, "")], "").cuts[0].fits


def test_words_are_not_taken_from_texts_that_are_not_those_that_were_coded() -> None:
    """The text was replaced after coding: no selection begins and ends between words."""
    three = [placed_in(WORKER, words, "Tijd") for words in ("er was", "weinig", "Maar we")]
    parts = members(project([Document("gesprek", WORKER, segments=three)], {"Tijd": ""}, "nvivo"))
    text = next(name for name in parts if name.endswith(".txt"))
    content = packed(parts | {text: "Zij zei dat zo een geval echt niet meer voorkomt."})
    assert sheet(content, "codings")["text"].tolist() == ["", "", ""]
    assert said(content)["qda_positions_lost"] == {"fit": 0, "n": 3}
    assert sheet(packed(parts), "codings")["text"].tolist() == ["er was", "weinig", "Maar we"]


def test_a_position_within_an_emoji_or_a_line_end_is_no_position() -> None:
    marks = {ruler: Ruler.marks(ruler, text_of("😀\r\n.")).tolist() for ruler in RULERS}
    assert marks[Ruler("utf16", "as_is")] == [0, 2, 4, 5]
    assert marks[Ruler("points", "as_is")] == [0, 1, 3, 4]
    assert marks[Ruler("points", 1)] == [0, 1, 2, 3]


# --- lenient, and never trusting ---

NS = 'xmlns="urn:QDA-XML:project:1.0"'
CODES = '<CodeBook><Codes><Code guid="{c1}" name="Tijd" isCodable="true"/></Codes></CodeBook>'


def qde(sources: str = "", head: str = NS, more: str = "", codes: str = CODES) -> str:
    return f'<?xml version="1.0"?><Project {head} name="p">{codes}{more}<Sources>{sources}</Sources></Project>'


def text_source(more: str = "", *, path: str = "a.txt", attributes: str = "") -> str:
    return (
        f'<TextSource guid="S1" name="gesprek" plainTextPath="{path}" {attributes}>'
        f'<PlainTextSelection guid="P1" startPosition="0" endPosition="4"><Coding><CodeRef targetGUID="C1"/></Coding>'
        f"</PlainTextSelection>{more}</TextSource>"
    )


@pytest.mark.parametrize(
    ("inner", "path", "member", "head"),
    [("project.qde", "internal://a.txt", "sources/a.txt", NS), ("Project.qde", "internal:/A.TXT", "Sources/a.txt", NS),
     ("deep/My Study.QDE", "a.txt", "a.txt", ""), ("project.qde", "sources\\a.txt", "sources/A.txt", 'xmlns="urn:other"')],
)  # fmt: skip
def test_names_paths_and_namespaces_are_read_leniently(inner: str, path: str, member: str, head: str) -> None:
    content = packed({inner: qde(text_source(path=path), head), member: "Tijd was er niet", "__MACOSX/._p.qde": "x"})
    rows = sheet(content, "codings")
    assert rows[["document", "text", "code_path"]].to_numpy().tolist() == [["gesprek", "Tijd", "Tijd"]]
    assert rows.index.tolist() == [2]


def test_a_whole_source_an_image_and_an_unknown_code_give_rows_without_words() -> None:
    coding = '<Coding creatingUser="U9"><CodeRef targetGUID="{}"/></Coding>'
    picture = '<PictureSource guid="S2" name="kaart" path="internal://k.jpg"><PictureSelection guid="P2" firstX="0" firstY="0" ' \
        f'secondX="9" secondY="9">{coding.format("C1")}</PictureSelection></PictureSource>'  # fmt: skip
    far = '<PlainTextSelection guid="P3" startPosition="900" endPosition="9999999999999">' + coding.format("C9")
    content = packed({"project.qde": qde(text_source(far + "</PlainTextSelection>" + coding.format("c1")) + picture),
                      "a.txt": "Tijd was er niet", "k.jpg": b"\xff\xd8"})  # fmt: skip
    rows = sheet(content, "codings")
    found = rows[["document", "begin", "end", "text", "code_path", "coder"]].to_numpy().tolist()
    assert found == [
        ["gesprek", "0", "4", "Tijd", "Tijd", ""],
        ["gesprek", "900", "9999999999999", "", "", ""],
        ["gesprek", "", "", "", "Tijd", ""],
        ["kaart", "", "", "", "Tijd", ""],
    ]
    assert said(content)["qda_no_words"] == {"n": 3, "total": 4, "text": 1, "image": 1, "whole": 1}
    assert said(content)["qda_code_unknown"] == {"n": 1}
    assert sheet(content, "documents")["codings"].tolist() == ["3", "1"]


def test_a_coding_without_a_code_is_a_row_and_is_said() -> None:
    """Three name none: without a reference, with one to nothing, and one more; the selection is not called uncoded."""
    more = (
        '<PlainTextSelection guid="P3" startPosition="5" endPosition="8"><Coding/><Coding/><Coding><CodeRef/></Coding>'
    )
    nameless = '<CodeBook><Codes><Code name="zonder GUID"/><Code guid="C1" name="Tijd"/></Codes></CodeBook>'
    source = text_source(more + "</PlainTextSelection>")
    content = packed({"project.qde": qde(source, codes=nameless), "a.txt": "Tijd was er niet"})
    rows = sheet(content, "codings")
    assert rows[["text", "code_path"]].to_numpy().tolist() == [["Tijd", "Tijd"], *[["was", ""]] * 3]
    told = said(content)
    assert told.pop("qda_positions_points")
    assert told == {"qda_code_none": {"n": 3}}
    assert sheet(content, "codes")["codings"].tolist() == ["0", "1"]


def test_sources_and_selections_of_an_unknown_kind_are_counted_with_their_codings() -> None:
    """A survey with a coded answer and a coding of the whole, and in a text a selection of a kind that is not in the standard."""
    coding = '<Coding><CodeRef targetGUID="C1"/></Coding>'
    survey = f'<SurveySource guid="S9"><PlainTextSelection guid="P8">{coding}{coding}</PlainTextSelection>{coding}</SurveySource>'
    strange = f'<CellSelection guid="P9">{coding}<Coding/></CellSelection>'
    content = packed({"project.qde": qde(text_source(strange) + survey), "a.txt": "Tijd was er niet"})
    assert said(content)["qda_kind_unknown"] == {"sources": 1, "selections": 2, "codings": 5}
    assert (len(sheet(content, "codings")), len(sheet(content, "documents"))) == (1, 1)


def tree(*paths: tuple[str, ...]) -> str:
    """A codebook in which every path is a tree of its own; the GUID of its lowest code is C1, C2 and on."""
    made = ""
    for number, (*above, last) in enumerate(paths, start=1):
        upper = "".join(f'<Code guid="C{number}-{n}" name="{name}">' for n, name in enumerate(above))
        made += f'{upper}<Code guid="C{number}" name="{last}"/>' + "</Code>" * len(above)
    return f"<CodeBook><Codes>{made}</Codes></CodeBook>"


def test_a_slash_within_a_name_is_no_step_of_a_path() -> None:
    codes = tree(("A/B", "C"), ("A", "B", "C"), ("A%2FB", "C"), ("50% of 2/3",))
    codings = "".join(f'<Coding><CodeRef targetGUID="C{n}"/></Coding>' for n in (1, 2, 3, 4))
    content = packed({"project.qde": qde(f'<TextSource guid="S1" name="g">{codings}</TextSource>', codes=codes)})
    rows = sheet(content, "codings")
    assert rows["code_path"].tolist() == ["A%2FB/C", "A/B/C", "A%252FB/C", "50% of 2%2F3"]
    assert rows["code"].tolist() == ["C", "C", "C", "50% of 2/3"]
    told = sheet(content, "codes").set_index("code_path")
    assert dict(told.loc[rows["code_path"], "codings"]) == dict.fromkeys(rows["code_path"], "1")
    assert told.loc["A%2FB/C", "parent"] == "A%2FB"
    assert said(content)["qda_names_repeat"] == {"n": 1, "paths": 0}
    assert (
        len({key(path) for path in rows["code_path"]}) == 4
    )  # and a crosswalk, which looks past signs, holds them apart


NAMES = st.lists(st.sampled_from(["A", "/", "%", "2F", "2f", "25", " "]), max_size=5).map("".join).map(str.strip)


@given(st.lists(NAMES, min_size=1, max_size=3))
def test_the_names_of_a_path_can_be_read_back_from_it(names: list[str]) -> None:
    """So no two paths are written alike."""
    found = sheet(tree(tuple(names)).encode(), "codes", "c.qdc")["code_path"].iloc[-1]
    assert [
        re.sub("%2F|%25", lambda sign: {"%2F": "/", "%25": "%"}[sign[0]], step) for step in found.split("/")
    ] == names


def test_a_selection_can_belong_to_another_case_than_its_source() -> None:
    value = "<VariableValue><VariableRef targetGUID='V1'/><TextValue>{}</TextValue></VariableValue>"
    more = ("<Variables><Variable guid='V1' name='stem' typeOfVariable='Text'/></Variables><Cases>"
            f"<Case guid='K1' name='Noord'>{value.format('cliënt')}<SourceRef targetGUID='S1'/></Case>"
            f"<Case guid='K2' name='Zuid'>{value.format('ouder')}<SelectionRef targetGUID='P3'/></Case></Cases>")  # fmt: skip
    second = (
        '<PlainTextSelection guid="P3" startPosition="5" endPosition="8"><Coding><CodeRef targetGUID="C1"/></Coding>'
    )
    content = packed(
        {"project.qde": qde(text_source(second + "</PlainTextSelection>"), more=more), "a.txt": "Tijd was er"}
    )
    found = sheet(content, "codings")[["text", "case", "variable stem"]].to_numpy().tolist()
    assert found == [["Tijd", "Noord", "cliënt"], ["was", "Zuid", "ouder"]]


BILLION = '<!DOCTYPE p [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><Project name="&b;"/>'


def locked() -> bytes:
    """A project whose first member says that it is encrypted."""
    content = bytearray(packed({"project.qde": qde()}))
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


def twice() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as zipped:
        zipped.writestr("project.qde", qde())
        with pytest.warns(UserWarning, match="Duplicate"):
            zipped.writestr("project.qde", qde())
    return out.getvalue()


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "entities": (lambda: packed({"project.qde": BILLION}), "qda_xml"),
    "a bare entity bomb": (BILLION.encode, "qda_xml"),
    "half an XML": (lambda: packed({"project.qde": qde()[:60]}), "qda_xml"),
    "a picture": (lambda: b"\x89PNG\r\n", "qda_xml"),
    "another XML": (lambda: b"<html/>", "qda_no_project"),
    "half a zip": (lambda: packed({"project.qde": qde()})[:80], "qda_broken"),
    "a flipped bit": (lambda: packed({"project.qde": qde()}).replace(b"CodeBook", b"CodeBxok", 1), "qda_broken"),
    "two members of one name": (twice, "qda_broken"),
    "a password": (locked, "qda_locked"),
    "no project": (lambda: packed({"a.txt": "x"}), "qda_no_project"),
    "two projects": (lambda: packed({"a.qde": qde(), "b.qde": qde()}), "qda_no_project"),
}  # fmt: skip


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_or_broken_file_is_one_clear_message(kind: str) -> None:
    make, code = HOSTILE[kind]
    with pytest.raises(IwwError) as refused:
        read_sheets(Path("p.qdpx"), make())
    assert [message.code for message in refused.value.messages] == [code]


def test_a_bomb_is_refused_and_media_are_never_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MOST_BYTES", 2000)
    with pytest.raises(IwwError, match="uitgepakt"):
        read_sheets(Path("p.qdpx"), packed({"project.qde": qde(text_source()), "a.txt": "x" * 3000}))
    sound = packed({"project.qde": qde(text_source()), "a.txt": "Tijd", "film.mp4": b"x" * 9000})
    assert sheet(sound, "codings")["text"].tolist() == ["Tijd"]


@pytest.mark.parametrize(("levels", "read"), [(100, True), (101, False), (20_000, False)])
def test_a_tree_of_codes_is_read_down_to_a_hundred_levels(levels: int, read: bool) -> None:
    tree = '<Code name="a">' * levels + "</Code>" * levels
    content = f"<CodeBook><Codes>{tree}</Codes></CodeBook>".encode()
    if read:
        assert sheet(content, "codes", "c.qdc")["depth"].iloc[-1] == str(levels)
        return
    with pytest.raises(IwwError, match="niveaus"):
        read_sheets(Path("c.qdc"), content)


# --- from a project to processed tables, and back to a row ---

CROSSWALK = """
[[sheets]]
file = "*.qdpx"
sheet = "codings"
one_row_is = "codings"
[sheets.columns]
"document" = "codings.document"
"begin" = "codings.begin"
"end" = "codings.end"
"code_path" = ["codings.code", "codings.element"]
"coder" = "codings.coder"
"case" = "codings.case_id"
"variable perspectief" = "codings.perspective"
"variable team" = "codings.team"
"text" = "segments.quote"
"remark" = "segments.cleared"
[sheets.ignore]
"selection" = "nummer van het programma"
"code" = "staat al in code_path"
"date" = "dag van coderen"

[[sheets]]
file = "*.qdpx"
sheet = "documents"
one_row_is = "documents"
[sheets.columns]
"document" = "documents.document"
"case" = "documents.case_id"
"variable perspectief" = "documents.perspective"
"variable team" = "documents.team"

[[sheets]]
file = "*.qdpx"
sheet = "codes"
one_row_is = "codes"
[sheets.columns]
"code_path" = ["codes.code", "codes.element"]
"parent" = "codes.parent"
"definition" = "codes.meaning"

[codes.yes_no]
"vrijgegeven" = "yes"

[codes.factor]
"Werkzaam" = "not_applicable"
"Werkzaam/Vertrouwen" = "w03_trust"
"Tijd" = "b04_time"
"""

CLIENT = "Interviewer: en toen?\nMoeder: 🙂 zij kwam terug.\nElke keer."
WORKER = "Wijkteam: er was weinig tijd.\nMaar we bleven."


def placed_in(text: str, words: str, *codes: str, remark: str = "") -> Segment:
    begin = text.index(words)
    return Segment(begin, begin + len(words), codes, remark)


def interviews() -> list[Document]:
    client = [placed_in(CLIENT, "zij kwam terug", "Werkzaam/Vertrouwen", remark="vrijgegeven"),
              placed_in(CLIENT, "Elke keer", "Werkzaam/Vertrouwen", "Tijd")]  # fmt: skip
    worker = [placed_in(WORKER, "weinig tijd", "Tijd", remark="vrijgegeven")]
    return [
        Document("interview 1", CLIENT, "Casus A", {"perspectief": "cliënt", "team": "Team Noord"}, client),
        Document("interview 2", WORKER, "Casus A", {"perspectief": "professional", "team": "Team Noord"}, worker),
    ]


BOOK = {"Werkzaam/Vertrouwen": "de hulpverlener is te vertrouwen", "Tijd": ""}
CODINGS = [
    ["Casus A", "client", "interview 1", "Werkzaam/Vertrouwen", "w03_trust", 2],
    ["Casus A", "client", "interview 1", "Werkzaam/Vertrouwen", "w03_trust", 3],
    ["Casus A", "client", "interview 1", "Tijd", "b04_time", 4],
    ["Casus A", "professional", "interview 2", "Tijd", "b04_time", 5],
]


def test_dialects_give_the_same_sheets_but_for_their_positions() -> None:
    """What follows is therefore told of one of them."""
    atlas, nvivo = (
        read_sheets(Path("p.qdpx"), project(interviews(), BOOK, dialect)) for dialect in ("atlasti", "nvivo")
    )
    assert [each.name for each in atlas] == [each.name for each in nvivo] == ["documents", "codings", "codes"]
    of_program = ["selection", "begin", "end"]
    for one, other in zip(atlas, nvivo, strict=True):
        headings = list(one.cells.loc[1])
        kept = [n for n, heading in enumerate(headings) if heading not in of_program]
        assert list(other.cells.loc[1]) == headings
        assert one.cells[kept].equals(other.cells[kept])


@pytest.fixture(scope="module")
def processed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, Built]:
    """A home with one project, and what is built of it."""
    folder = tmp_path_factory.mktemp("project")
    content = project(interviews(), BOOK, "nvivo")
    home = home_with(folder, {"p.qdpx": content}, CROSSWALK, regime="case_study", more='team = "Team Noord"\n')
    return home, build.build(home, "here")


def test_a_project_becomes_processed_tables_and_every_row_is_accounted_for(processed: tuple[Home, Built]) -> None:
    _, built = processed
    assert built.messages == []
    codings = built.tables["codings"]
    told = codings[["case_id", "perspective", "document", "code", "element", "source_row"]]
    assert told.to_numpy().tolist() == CODINGS
    assert set(codings["source_id"]) == {"2021-01-15/p.qdpx#codings"}
    assert set(codings["coder"]) == {"coder 1"}
    segments = built.tables["segments"]
    quotes = (
        segments[["element", "quote", "cleared"]].astype("object").where(segments.notna(), None).to_numpy().tolist()
    )
    assert quotes == [
        ["w03_trust", "zij kwam terug", "yes"], ["w03_trust", None, "empty"], ["b04_time", None, "empty"],
        ["b04_time", "weinig tijd", "yes"],
    ]  # fmt: skip
    assert built.tables["documents"][["case_id", "perspective", "document"]].to_numpy().tolist() == [
        ["Casus A", "client", "interview 1"], ["Casus A", "professional", "interview 2"],
    ]  # fmt: skip
    assert built.tables["codes"][["code", "element"]].to_numpy().tolist() == [
        ["Werkzaam", "not_applicable"], ["Werkzaam/Vertrouwen", "w03_trust"], ["Tijd", "b04_time"],
    ]  # fmt: skip
    lines_of = {line["sheet"]: (line["rows_in_file"], line["rows_kept"]) for line in built.ledger["sheets"]}
    assert lines_of == {"documents": (3, 2), "codings": (5, 4), "codes": (4, 3)}
    (positions,) = [message for message in built.notices if message.code.startswith("qda_")]
    assert positions.words["fit"] == positions.words["n"] == 3


def test_a_row_of_a_processed_table_is_found_again_in_the_project(processed: tuple[Home, Built]) -> None:
    home, built = processed
    coding = built.tables["codings"].iloc[3]
    build.build_and_store(home, "here")
    raw = sheet_finder(home)("here", coding["source_id"])
    assert raw is not None
    assert raw.cells([coding["source_row"]], "text").tolist() == ["weinig tijd"]
    assert (raw.known.place.file, raw.known.place.sheet) == ("p.qdpx", "codings")


# --- two exports of one project ---


def exported_again(content: bytes) -> bytes:
    """The same project with other GUIDs of its selections."""
    return packed(
        {name: part.replace(b'Selection guid="', b'Selection guid="F') for name, part in members(content).items()}
    )


THREE = [*interviews(), dataclasses.replace(interviews()[1], name="interview 3")]
TWO = {"oud.qdpx": exported_again(project(interviews(), BOOK, "nvivo")), "nieuw.qdpx": project(THREE, BOOK, "nvivo")}
CODINGS_ALONE = CROSSWALK.replace('sheet = "documents"', 'sheet = "-"').replace('sheet = "codes"', 'sheet = "-"')
CODINGS_ALONE += "".join(f'[[ignore_sheets]]\nsheet = "{name}"\nreason = "elders"\n' for name in ("documents", "codes"))
ONLY_NEW = CODINGS_ALONE.replace("*.qdpx", "nieuw.qdpx")
ONLY_NEW += '[[ignore_sheets]]\nfile = "oud.qdpx"\nreason = "eerdere export"\n'


def of_projects(built: Built) -> list[Message]:
    return [message for message in built.notices if message.code == "qda_project_twice"]


def test_two_exports_of_one_project_in_one_delivery_are_said_by_the_names_of_both_files(tmp_path: Path) -> None:
    home = home_with(tmp_path, TWO, CODINGS_ALONE, regime="case_study")
    built = build.build(home, "here")
    assert len(built.tables["codings"]) == 4 + 5
    (message,) = of_projects(built)
    assert (message.place, message.words) == (Place("nieuw.qdpx"), {"other": "oud.qdpx", "n": 2})
    assert "interview" not in message.say("nl")


def test_what_the_sentence_on_two_exports_advises_helps(tmp_path: Path) -> None:
    one_left_out = home_with(tmp_path / "a", TWO, ONLY_NEW, regime="case_study")
    two_deliveries = home_with(tmp_path / "b", {"oud.qdpx": TWO["oud.qdpx"]}, CODINGS_ALONE, regime="case_study")
    deliver(two_deliveries, "here", {"nieuw.qdpx": TWO["nieuw.qdpx"]}, received="2021-02-15", regime="case_study")
    for home in (one_left_out, two_deliveries):
        built = build.build(home, "here")
        assert (len(built.tables["codings"]), built.messages, of_projects(built)) == (5, [], [])


SHARED = """
| what is shared                 | file   | received   | case_id | document | pairs |
| the same document              | b.qdpx | 2021-01-15 | A       | gesprek  | a-b 1 |
| in capitals                    | b.QDPX | 2021-01-15 | A       | gesprek  | a-b 1 |
| the same name in another case  | b.qdpx | 2021-01-15 | B       | gesprek  |       |
| another document               | b.qdpx | 2021-01-15 | A       | tweede   |       |
| no name                        | b.qdpx | 2021-01-15 | A       |          |       |
| another delivery               | b.qdpx | 2021-02-15 | A       | gesprek  |       |
| a table: one file per code     | b.xlsx | 2021-01-15 | A       | gesprek  |       |
| the same file                  | a.qdpx | 2021-01-15 | A       | gesprek  |       |
"""


@pytest.mark.parametrize(("what", "file", "received", "case", "document", "pairs"), lines(SHARED))
def test_only_projects_of_one_delivery_that_code_the_same_document_of_a_case_are_named(
    what: str, file: str, received: str, case: str, document: str, pairs: str
) -> None:
    """Beside a.qdpx, with two codings of "gesprek" on case A and one of a document without a name."""
    codings = pd.DataFrame([("1", "A", "gesprek"), ("1", "A", "gesprek"), ("1", "A", None), ("2", case, document or None)],
                           columns=["source_id", "case_id", "document"])  # fmt: skip
    codings[["municipality", "team", "perspective"]] = None
    sources = pd.DataFrame(
        [("1", "a.qdpx", "2021-01-15"), ("2", file, received)], columns=["source_id", "file", "received"]
    )
    empty = pd.DataFrame(columns=["file", "sheet", "heading", "rule", "severity"])
    found = notices({"codings": codings, "sources": sources, "set_aside": empty}, [])
    assert [f"{m.place.file[:1]}-{str(m.words['other'])[:1]} {m.words['n']}" for m in found if m.place.file] == (
        [pairs] if pairs else []
    ), what


# --- what coding programs export as a table ---

MAXQDA = "\r\n".join([
    "Document group;Document name;Code;Beginning;End;Weight score;Segment;Modified by;Modified on",
    "Casus A;cliënt 1;Werkzaam > Vertrouwen;12;12;0;zij kwam terug;Codeur;1-2-2020 10:00",
    'Casus A;cliënt 1;Tijd;14;15;0;"elke keer; weer";Codeur;1-2-2020 10:01',
]).encode("cp1252")  # fmt: skip

ATLASTI = {"Quotations": [
    ["ID", "Document", "Quotation Name", "Quotation Content", "Comment", "Codes", "Reference", "Created by"],
    ["1:1", "cliënt 1", "", "zij kwam terug", "", "Werkzaam::Vertrouwen", "12", "Codeur"],
    ["1:2", "cliënt 1", "", "elke keer; weer", "", "Tijd", "14 - 15", "Codeur"],
]}  # fmt: skip

EXPORTS = """
[[sheets]]
file = "maxqda*"
one_row_is = "codings"
[sheets.columns]
"Document group" = "codings.case_id"
"Document name" = "codings.document"
"Code" = ["codings.code", "codings.element"]
"Beginning" = "codings.begin"
"End" = "codings.end"
"Segment" = "segments.quote"
[sheets.constants]
"codings.perspective" = "client"
"segments.cleared" = "yes"
[sheets.ignore]
"Modified by" = "naam van een onderzoeker"

[[sheets]]
file = "atlasti*"
one_row_is = "codings"
[sheets.columns]
"Document" = "codings.document"
"Codes" = ["codings.code", "codings.element"]
"Quotation Content" = "segments.quote"
[sheets.constants]
"codings.perspective" = "client"
"codings.case_id" = "Casus A"
"segments.cleared" = "yes"
[sheets.ignore]
"Created by" = "naam van een onderzoeker"

[codes.factor]
"Werkzaam > Vertrouwen" = "w03_trust"
"Werkzaam::Vertrouwen" = "w03_trust"
"Tijd" = "b04_time"
"""


CODED = ("codings", "segments")


def test_tables_that_coding_programs_export_become_the_same_tables(tmp_path: Path) -> None:
    home = home_with(tmp_path, {"maxqda.csv": MAXQDA, "atlasti.xlsx": ATLASTI}, EXPORTS, regime="case_study")
    built = build.build(home, "here")
    assert built.messages == []
    columns = ["case_id", "perspective", "document", "element", "source_row"]
    for source_id in ("2021-01-15/maxqda.csv", "2021-01-15/atlasti.xlsx#Quotations"):
        codings, segments = (frame[frame["source_id"] == source_id] for frame in map(built.tables.__getitem__, CODED))
        assert codings[columns].to_numpy().tolist() == [
            ["Casus A", "client", "cliënt 1", "w03_trust", 2],
            ["Casus A", "client", "cliënt 1", "b04_time", 3],
        ]
        assert segments["quote"].tolist() == ["zij kwam terug", "elke keer; weer"]


# --- iww add knows these sheets ---


FOUND = {
    "documents": {"one_row_is": "documents", "document": "documents.document", "case": "documents.case_id",
                  "variable perspectief": "documents.perspective", "variable team": "documents.team"},
    "codings": {"one_row_is": "codings", "document": "codings.document", "case": "codings.case_id", "coder": "codings.coder",
                "begin": "codings.begin", "end": "codings.end", "text": "segments.quote",
                "code_path": ["codings.code", "codings.element"], "variable perspectief": "codings.perspective",
                "variable team": "codings.team"},
    "codes": {"one_row_is": "codes", "code_path": ["codes.code", "codes.element"], "parent": "codes.parent",
              "definition": "codes.meaning"},
}  # fmt: skip


def test_the_sheets_of_a_project_are_recognised_when_it_is_added(home: Home, tmp_path: Path) -> None:
    path = tmp_path / "gesprekken.qdpx"
    path.write_bytes(project(interviews(), BOOK, "nvivo"))
    added = add(home, "ede", [path], dt.date(2024, 2, 1), yes=True)
    assert [message.code for message in added.messages] == []
    entries = tomllib.loads(added.crosswalk.read_text(encoding="utf-8"))["sheets"]
    sure = {
        e["sheet"]: {"one_row_is": e["one_row_is"]} | {h: f for h, f in e["columns"].items() if f != "?"}
        for e in entries
    }
    assert sure == FOUND
    card = tomllib.loads((added.folder / "origin.toml").read_text(encoding="utf-8"))
    assert card["regime"] == "case_study"


def test_a_codebook_is_recognised_and_another_format_is_refused_in_a_sentence(home: Home, tmp_path: Path) -> None:
    codebook, other = tmp_path / "codes.qdc", tmp_path / "p.ROCKproject"
    codebook.write_bytes(corpus("qda/taguette_1.4.1_codebook.qdc").read_bytes())
    other.write_bytes(b"PK")
    added = add(home, "ede", [codebook, other], dt.date(2024, 2, 1), yes=True)
    assert [(message.code, message.place.file) for message in added.messages] == [("file_kind", "p.ROCKproject")]
    (entry,) = tomllib.loads(added.crosswalk.read_text(encoding="utf-8"))["sheets"]
    assert (entry["sheet"], entry["one_row_is"]) == ("codes", "codes")


# --- who is who ---


def test_documents_of_one_name_in_a_project_stay_apart_and_that_is_said() -> None:
    sources = "".join(
        f'<TextSource guid="S{n}" name="{name}"><PlainTextContent>words</PlainTextContent>'
        f'<PlainTextSelection guid="P{n}" name="words" startPosition="0" endPosition="5">'
        f'<Coding guid="C{n}"><CodeRef targetGUID="A"/></Coding></PlainTextSelection></TextSource>'
        for n, name in enumerate(["Interview 1", "Interview 1", "Interview 2", "Interview 1"])
    )
    text = (
        '<Project xmlns="urn:QDA-XML:project:1.0" name="p"><CodeBook><Codes><Code guid="A" name="Trust"/></Codes></CodeBook>'
        f"<Sources>{sources}</Sources></Project>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as zipped:
        zipped.writestr("project.qde", text)
    content = out.getvalue()
    names = ["Interview 1", "Interview 1 (2)", "Interview 2", "Interview 1 (3)"]
    assert list(sheet(content, "documents")["document"]) == names
    assert list(sheet(content, "codings")["document"]) == names
    assert said(content)["qda_documents_repeat"] == {"n": 2}
