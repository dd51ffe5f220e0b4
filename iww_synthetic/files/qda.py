"""Write invented coded interviews as REFI-QDA projects, in the dialects of two programs; the same bytes every time."""

import io
import uuid
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal
from xml.etree import ElementTree as ET

from iww_analysis.io.formats.write_workbook import ZIP_DAY
from iww_synthetic.files.workbook import CREATOR

NAME_LENGTH = 100  # characters of a selection's words that ATLAS.ti repeats as its name
_SPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:iww-analysis:synthetic:qda")
_MADE = "2021-01-01T12:00:00Z"


@dataclass(frozen=True)
class Segment:
    """A coded piece of a text: `begin` and `end` as in `text[begin:end]`; `codes` are paths such as "Barriers/Time"."""

    begin: int
    end: int
    codes: tuple[str, ...]
    remark: str = ""


@dataclass(frozen=True)
class Document:
    """An interview. Its text has single newlines; the dialect decides how they are written and counted."""

    name: str
    text: str
    case: str = ""
    variables: Mapping[str, str] = field(default_factory=dict)
    segments: Sequence[Segment] = ()


@dataclass(frozen=True)
class Dialect:
    """How one program writes a project: as its exports do, or as their makers and users describe them."""

    origin: str
    inner: str  # the file in the zip that holds the project
    prefix: str  # before the name of a source's file
    guid: str
    line_end: str
    encoding: str
    step: Literal["points", "utf16"]
    names: bool  # whether a selection repeats its words as its name
    case_values: bool  # whether what all interviews of a case share is said once, of the case


DIALECTS = {
    "atlasti": Dialect("ATLAS.ti for Windows", "project.qde", "internal://", "{}", "\n", "utf-8", "points", True, True),
    "nvivo": Dialect("NVivo", "Project.qde", "", "{{{}}}", "\r\n", "utf-8-sig", "utf16", False, False),
}


def project(documents: Sequence[Document], codes: Mapping[str, str], dialect: Literal["atlasti", "nvivo"]) -> bytes:
    """Make the bytes of a `.qdpx`; `codes`: path -> definition, those above a code are made where they lack."""
    writer = _Writer(DIALECTS[dialect])
    members = {writer.dialect.inner: writer.project(documents, codes)}
    for document in documents:
        text = document.text.replace("\n", writer.dialect.line_end)
        members[f"Sources/{writer.file(document)}"] = text.encode(writer.dialect.encoding)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as zipped:
        for name, content in members.items():
            zipped.writestr(zipfile.ZipInfo(name, ZIP_DAY), content, zipfile.ZIP_STORED)
    return out.getvalue()


@dataclass(frozen=True)
class _Writer:
    """The parts of a project in one dialect."""

    dialect: Dialect

    def guid(self, *parts: object) -> str:
        return self.dialect.guid.format(str(uuid.uuid5(_SPACE, "|".join(map(str, parts)))).upper())

    def file(self, document: Document) -> str:
        return self.guid("source", document.name).strip("{}") + ".txt"

    def project(self, documents: Sequence[Document], codes: Mapping[str, str]) -> bytes:
        user = self.guid("user")
        root = ET.Element("Project", {
            "xmlns": "urn:QDA-XML:project:1.0", "name": "synthetische data", "origin": f"{self.dialect.origin}, {CREATOR}",
            "creatingUserGUID": user, "creationDateTime": _MADE,
        })  # fmt: skip
        ET.SubElement(ET.SubElement(root, "Users"), "User", guid=user, name="codeur (verzonnen)")
        if codes:
            self._codes(ET.SubElement(ET.SubElement(root, "CodeBook"), "Codes"), codes)
        if names := dict.fromkeys(name for document in documents for name in document.variables):
            variables = ET.SubElement(root, "Variables")
            for name in names:
                ET.SubElement(variables, "Variable", guid=self.guid("variable", name), name=name, typeOfVariable="Text")
        if cases := dict.fromkeys(document.case for document in documents if document.case):
            parent = ET.SubElement(root, "Cases")
            for case in cases:
                self._case(parent, case, documents)
        if documents:
            sources = ET.SubElement(root, "Sources")
            for document in documents:
                self._source(sources, document, documents)
        ET.indent(root)
        return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))

    def _codes(self, parent: ET.Element, codes: Mapping[str, str]) -> None:
        made: dict[str, ET.Element] = {"": parent}
        for path in dict.fromkeys(step for code in codes for step in _with_parents(code)):
            upper, _, name = path.rpartition("/")
            made[path] = ET.SubElement(made[upper], "Code", guid=self.guid("code", path), name=name, isCodable="true")
        for path, definition in codes.items():
            if definition:
                description = ET.Element("Description")
                description.text = definition
                made[path].insert(0, description)

    def _case(self, parent: ET.Element, case: str, documents: Sequence[Document]) -> None:
        made = ET.SubElement(parent, "Case", guid=self.guid("case", case), name=case)
        self._values(made, self._shared(case, documents))
        for document in documents:
            if document.case == case:
                ET.SubElement(made, "SourceRef", targetGUID=self.guid("source", document.name))

    def _shared(self, case: str, documents: Sequence[Document]) -> dict[str, str]:
        """What all interviews of a case have in common, where the dialect says that of the case."""
        if not case or not self.dialect.case_values:
            return {}
        first, *others = [document.variables for document in documents if document.case == case]
        return {name: value for name, value in first.items() if all(each.get(name) == value for each in others)}

    def _values(self, parent: ET.Element, values: Mapping[str, str]) -> None:
        for name, value in values.items():
            made = ET.SubElement(parent, "VariableValue")
            ET.SubElement(made, "VariableRef", targetGUID=self.guid("variable", name))
            ET.SubElement(made, "TextValue").text = value

    def _source(self, parent: ET.Element, document: Document, documents: Sequence[Document]) -> None:
        source = ET.SubElement(
            parent, "TextSource", guid=self.guid("source", document.name), name=document.name,
            plainTextPath=self.dialect.prefix + self.file(document), creatingUser=self.guid("user"), creationDateTime=_MADE,
        )  # fmt: skip
        for number, segment in enumerate(document.segments):
            self._selection(source, document, number, segment)
        shared = self._shared(document.case, documents)
        self._values(source, {name: value for name, value in document.variables.items() if name not in shared})

    def _selection(self, parent: ET.Element, document: Document, number: int, segment: Segment) -> None:
        place, user = (document.name, number), self.guid("user")
        name = {"name": _name(document.text[segment.begin : segment.end])} if self.dialect.names else {}
        made = ET.SubElement(
            parent, "PlainTextSelection", {"guid": self.guid("selection", *place), **name},
            startPosition=str(self._position(document.text[: segment.begin])),
            endPosition=str(self._position(document.text[: segment.end])), creatingUser=user, creationDateTime=_MADE,
        )  # fmt: skip
        if segment.remark:
            ET.SubElement(made, "Description").text = segment.remark
        for path in segment.codes:
            guid = self.guid("coding", *place, path)
            coding = ET.SubElement(made, "Coding", guid=guid, creatingUser=user, creationDateTime=_MADE)
            ET.SubElement(coding, "CodeRef", targetGUID=self.guid("code", path))

    def _position(self, before: str) -> int:
        written = before.replace("\n", self.dialect.line_end)
        return len(written) if self.dialect.step == "points" else len(written.encode("utf-16-le")) // 2


def _with_parents(path: str) -> Iterator[str]:
    names = path.split("/")
    return ("/".join(names[:n]) for n in range(1, len(names) + 1))


def _name(words: str) -> str:
    plain = " ".join(words.split())
    return plain if len(plain) <= NAME_LENGTH else plain[:NAME_LENGTH] + "…"
