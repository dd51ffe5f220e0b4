"""Read a REFI-QDA project or codebook as plain records, leniently: what is lacking stays empty and can be counted."""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from xml.etree.ElementTree import Element

from iww_analysis.io.projects.archive import Archive, root_of
from iww_analysis.io.projects.positions import Text, text_of
from iww_analysis.messages.errors import Place, fail

KINDS = {
    "TextSource": "text", "PDFSource": "pdf", "PictureSource": "picture", "AudioSource": "audio", "VideoSource": "video",
}  # fmt: skip
_SELECTIONS = {
    "PlainTextSelection": "text", "PDFSelection": "pdf", "PictureSelection": "picture", "AudioSelection": "audio",
    "VideoSelection": "video", "TranscriptSelection": "transcript",
}  # fmt: skip
_PASSED = {  # what is not read, and where it stands
    "notes": "Notes/Note", "links": "Links/Link", "graphs": "Graphs/Graph", "sets": "Sets/Set",
    "source_members": "Sets/Set/MemberSource", "transcripts": "Sources/*/Transcript",
    "sync_points": "Sources/*/Transcript/SyncPoint",
}  # fmt: skip
DEEPEST = 100  # levels of codes; a path repeats all names above it
_INNER_TEXTS = ("Representation", "TextDescription", "Transcript")  # texts that belong to a source of another kind


@dataclass(frozen=True)
class Code:
    """A code by its path: names repeat, and GUIDs change between exports."""

    guid: str
    name: str
    path: tuple[str, ...]
    definition: str
    sets: tuple[str, ...]


@dataclass(frozen=True)
class Coding:
    """One code on one selection. `code`: its GUID, empty where the coding names none."""

    code: str
    user: str
    day: str


@dataclass(frozen=True)
class Selection:
    """A piece of a source, or (kind "whole") the source itself. `text`: what its positions count in, where that is there."""

    guid: str
    kind: str
    begin: str
    end: str
    name: str
    remark: str
    text: Text | None
    codings: tuple[Coding, ...]


@dataclass(frozen=True)
class Source:
    """A document of any kind. `missing`: the file that it points at is not in the project."""

    guid: str
    name: str
    kind: str
    text: Text | None
    missing: bool
    selections: tuple[Selection, ...]
    values: Mapping[str, str]  # GUID of a variable -> value
    title: str = ""  # the name as written, that several can have


@dataclass(frozen=True)
class Case:
    """A case of the project, with the GUIDs of the sources and selections that belong to it."""

    name: str
    members: frozenset[str]
    values: Mapping[str, str]


@dataclass(frozen=True)
class Project:
    """What a project holds. `passed`: what is not read -> how often; `unknown`: the same, of kinds that the standard lacks."""

    origin: str
    users: tuple[str, ...]  # GUIDs, in order: names of persons are not kept
    codes: tuple[Code, ...]
    variables: Mapping[str, str] = field(default_factory=dict)  # GUID -> name
    cases: tuple[Case, ...] = ()
    sources: tuple[Source, ...] = ()
    passed: Mapping[str, int] = field(default_factory=dict)
    unknown: Mapping[str, int] = field(default_factory=dict)
    is_codebook: bool = False


def read_project(name: str, content: bytes) -> Project:
    """Read the bytes of a `.qdpx` or `.qdc`. Raises IwwError when it is damaged, locked, too large or something else."""
    root, archive = root_of(name, content)
    if root.tag == "CodeBook":
        return Project(root.get("origin", ""), (), _codes(name, root, root), is_codebook=True, passed=_passed(root))
    book = root.find("CodeBook")
    sources = _apart([_source(each, archive) for each in root.iterfind("Sources/*") if each.tag in KINDS])
    return Project(
        origin=root.get("origin", ""),
        users=tuple(_guid(user) for user in root.iterfind("Users/User")),
        codes=() if book is None else _codes(name, book, root),
        variables={_guid(each): each.get("name", "") for each in root.iterfind("Variables/Variable")},
        cases=tuple(_case(each) for each in root.iterfind("Cases/Case")),
        sources=sources,
        passed=_passed(root),
        unknown=_unknown(root, sources),
    )


def _guid(element: Element, name: str = "guid") -> str:
    """A GUID in one form: some programs put it in braces or in small letters."""
    return element.get(name, "").strip("{} ").upper()


def _text_in(element: Element) -> str:
    return (element.findtext("Description") or "").strip()


def _codes(file: str, book: Element, root: Element) -> tuple[Code, ...]:
    """Every code, a parent before its children. A stack, not recursion: a hostile tree may be very deep."""
    sets: dict[str, list[str]] = {}
    for each in root.iterfind("Sets/Set"):
        for member in each.iterfind("MemberCode"):
            code = _guid(member, "targetGUID") or _guid(member)  # ATLAS.ti 23 says guid in a codebook
            sets.setdefault(code, []).append(each.get("name", ""))
    codes: list[Code] = []
    waiting: list[tuple[Element, tuple[str, ...]]] = [(each, ()) for each in reversed(book.findall("Codes/Code"))]
    while waiting:
        each, parents = waiting.pop()
        name, guid = each.get("name", "").strip(), _guid(each)
        path = (*parents, name)
        if len(path) > DEEPEST:
            raise fail("qda_too_deep", Place(file), most=DEEPEST)
        codes.append(Code(guid, name, path, _text_in(each), tuple(sets.get(guid, ()))))
        waiting += [(child, path) for child in reversed(each.findall("Code"))]
    return tuple(codes)


def _values(element: Element) -> dict[str, str]:
    values = {}
    for each in element.iterfind("VariableValue"):
        of = each.find("VariableRef")
        text = next((value.text or "" for value in each if value.tag.endswith("Value")), "")
        if of is not None and text.strip():
            values[_guid(of, "targetGUID")] = text.strip()
    return values


def _case(element: Element) -> Case:
    refs = (*element.iterfind("SourceRef"), *element.iterfind("SelectionRef"))
    return Case(element.get("name", ""), frozenset(_guid(ref, "targetGUID") for ref in refs), _values(element))


def _source(element: Element, archive: Archive | None) -> Source:
    text = _text(element, archive) if element.tag == "TextSource" else None
    path = element.get("plainTextPath") or element.get("path") or ""
    there = text is not None or bool(archive and archive.holds(path))
    return Source(
        guid=_guid(element),
        name=(title := element.get("name", "").strip() or path.rpartition("/")[2]),
        title=title,
        kind=KINDS[element.tag],
        text=text,
        missing=not there,
        selections=tuple(_selections(element, text, archive)),
        values=_values(element),
    )


def _apart(sources: Sequence[Source]) -> tuple[Source, ...]:
    """Sources that each have a name of their own: the second of one name gets " (2)" behind it, as headings do."""
    named, taken = list[Source](), {source.name for source in sources}
    for source in sources:
        before = sum(other.title == source.title for other in named)
        others = (f"{source.name} ({n})" for n in itertools.count(before + 1))
        name = next(other for other in others if other not in taken) if source.name and before else source.name
        taken.add(name)
        named.append(replace(source, name=name))
    return tuple(named)


def _text(element: Element, archive: Archive | None) -> Text | None:
    if (inline := element.findtext("PlainTextContent")) is not None:
        return text_of(inline)
    path = element.get("plainTextPath", "")
    return text_of(archive.read(path)) if archive and archive.holds(path) else None


def _selections(element: Element, text: Text | None, archive: Archive | None) -> Iterator[Selection]:
    """Selections of a source, and of the texts that belong to it: a PDF's words, a picture's description, a transcript."""
    for each in element:
        if each.tag in _SELECTIONS:
            yield Selection(
                guid=_guid(each),
                kind=_SELECTIONS[each.tag],
                begin=(each.get("startPosition") or each.get("begin") or "").strip(),
                end=(each.get("endPosition") or each.get("end") or "").strip(),
                name=each.get("name", ""),
                remark=_text_in(each),
                text=text if each.tag == "PlainTextSelection" else None,
                codings=_codings(each, _guid(each, "creatingUser")),
            )
        elif each.tag in _INNER_TEXTS:
            yield from _selections(each, _text(each, archive), archive)
    if whole := _codings(element, ""):
        yield Selection("", "whole", "", "", "", "", None, whole)


def _codings(element: Element, user: str) -> tuple[Coding, ...]:
    """Codings of a selection; who made one and when is said by itself, else by its selection."""
    day = element.get("creationDateTime", "")
    return tuple(
        Coding(code, _guid(each, "creatingUser") or user, (each.get("creationDateTime") or day)[:10])
        for each in element.iterfind("Coding")
        for code in _codes_of(each)
    )


def _codes_of(coding: Element) -> list[str]:
    """The GUIDs of the codes that a coding names; one empty GUID where it names none, so that it is not lost."""
    return [_guid(ref, "targetGUID") for ref in coding.iterfind("CodeRef")] or [""]


def _passed(root: Element) -> dict[str, int]:
    """Count what is not read."""
    counts = {name: len(root.findall(path)) for name, path in _PASSED.items()}
    return counts | {"note_codings": sum(1 for note in root.iterfind("Notes/Note") for _ in note.iter("Coding"))}


def _unknown(root: Element, sources: Sequence[Source]) -> dict[str, int]:
    """Count what the sources hold beyond what was read of them: kinds that the standard does not have."""
    every = [each for source in root.iterfind("Sources/*") for each in source.iter()]
    read = [each for source in sources for each in source.selections]
    return {
        "sources": len(root.findall("Sources/*")) - len(sources),
        "selections": sum(each.tag.endswith("Selection") for each in every) - sum(s.kind != "whole" for s in read),
        "codings": sum(len(_codes_of(each)) for each in every if each.tag == "Coding")
        - sum(len(s.codings) for s in read),
    }
