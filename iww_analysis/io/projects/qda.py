"""Turn a REFI-QDA project or codebook into virtual sheets (docs/formats/qda.md), and say what was not read."""

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from iww_analysis.io.projects.positions import Decision, Span, decide
from iww_analysis.io.projects.project import Case, Code, Coding, Project, Selection, Source, read_project
from iww_analysis.messages.errors import Message, Place

_CODINGS = ("document", "selection", "begin", "end", "text", "code_path", "code", "coder", "date", "remark", "case")
_DOCUMENTS = ("document", "kind", "characters", "codings", "case")
_CODES = ("code_path", "code", "parent", "definition", "depth", "codings", "sets")
_NUMBER = re.compile(r"[0-9]{1,12}")
_IN_A_NAME = re.compile(r"/|%(?=2[5Ff])")  # what would read as a step of a path, or as what stands for one
_WRITTEN = {"/": "%2F", "%": "%25"}

Rows = list[list[str]]


def read_qda(name: str, content: bytes) -> tuple[dict[str, Rows], tuple[Message, ...]]:
    """Give the rows of each virtual sheet, header first, and what is to be said of the file."""
    project = read_project(name, content)
    if project.is_codebook:
        return {"codes": _codes(project)}, tuple(_about_codes(project, Place(name)))
    view = _View(project)
    sheets = {"documents": list(view.document_rows()), "codings": list(view.coding_rows()), "codes": _codes(project)}
    return sheets, tuple(itertools.chain(_about(view, Place(name)), _about_codes(project, Place(name))))


@dataclass(frozen=True)
class _View:
    """A project with what is looked up while its rows are made."""

    project: Project

    @cached_property
    def by_guid(self) -> Mapping[str, Code]:
        return {code.guid: code for code in self.project.codes if code.guid}

    @cached_property
    def selections(self) -> list[tuple[Source, Selection]]:
        return [(source, each) for source in self.project.sources for each in source.selections]

    @cached_property
    def codings(self) -> list[tuple[Source, Selection, Coding]]:
        return [(source, each, coding) for source, each in self.selections for coding in each.codings]

    @cached_property
    def measured(self) -> list[tuple[Selection, Span]]:
        """Selections of a text that is there, with positions that are numbers."""
        return [
            (each, Span(each.text, int(each.begin), int(each.end), each.name))
            for _, each in self.selections
            if each.text is not None and _NUMBER.fullmatch(each.begin) and _NUMBER.fullmatch(each.end)
        ]

    @cached_property
    def decision(self) -> Decision:
        return decide([span for _, span in self.measured], self.project.origin)

    @cached_property
    def words(self) -> Mapping[int, str]:
        """The words of a selection, by its place in memory: a PDF's area and its text can share a GUID."""
        if not self.decision.holds:
            return {}
        cuts = zip(self.measured, self.decision.cuts, strict=True)
        return {id(selection): cut.words for (selection, _), cut in cuts}

    @cached_property
    def variables(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for name in self.project.variables.values() if name))

    def coding_rows(self) -> Iterator[list[str]]:
        """One row per selection and code."""
        yield [*_CODINGS, *(f"variable {name}" for name in self.variables)]
        coders = {guid: f"coder {n}" for n, guid in enumerate(self.project.users, start=1)}
        for source, each, coding in self.codings:
            code = self.by_guid.get(coding.code)
            cases = self.cases(source, each)
            yield [
                source.name, each.guid, each.begin, each.end, self.words.get(id(each), ""),
                _path(code.path) if code else "", code.name if code else "",
                coders.get(coding.user, ""), coding.day, each.remark, *self.about(source, cases),
            ]  # fmt: skip

    def document_rows(self) -> Iterator[list[str]]:
        """One row per source."""
        yield [*_DOCUMENTS, *(f"variable {name}" for name in self.variables)]
        for source in self.project.sources:
            n = sum(len(each.codings) for each in source.selections)
            length = str(len(source.text.words)) if source.text else ""
            yield [source.name, source.kind, length, str(n), *self.about(source, self.cases(source))]

    def cases(self, source: Source, selection: Selection | None = None) -> list[Case]:
        """The cases of a selection, where it has its own; else those of its source."""
        guids_of_selection = {selection.guid} - {""} if selection else set()
        of_selection = [case for case in self.project.cases if case.members & guids_of_selection]
        return of_selection or [case for case in self.project.cases if source.guid in case.members]

    def about(self, source: Source, cases: Sequence[Case]) -> list[str]:
        """The names of the cases and the value of every variable, of the source itself or else of its cases."""
        cells = [_together(case.name for case in cases)]
        for name in self.variables:
            guids = [guid for guid, known in self.project.variables.items() if known == name]
            of_source = [source.values[guid] for guid in guids if guid in source.values]
            cells.append(
                _together(of_source or [case.values[guid] for case in cases for guid in guids if guid in case.values])
            )
        return cells


def _codes(project: Project) -> Rows:
    used = Counter(c.code for s in project.sources for each in s.selections for c in each.codings if c.code)
    rows = [
        [_path(code.path), code.name, _path(code.path[:-1]), code.definition, str(len(code.path)), str(used[code.guid]),
         _together(code.sets)]
        for code in project.codes
    ]  # fmt: skip
    return [list(_CODES), *rows]


def _path(names: Sequence[str]) -> str:
    """Join the names of codes; a "/" within a name becomes %2F, so that no two paths look the same."""
    return "/".join(_IN_A_NAME.sub(lambda match: _WRITTEN[match[0]], name) for name in names)


def _together(texts: Iterable[str]) -> str:
    return "; ".join(dict.fromkeys(text for text in texts if text))


def _about(view: _View, place: Place) -> Iterator[Message]:
    """Say how positions were read and what of the codings is not whole: counts only, names can be personal."""
    project, decision = view.project, view.decision
    if decision.cuts:
        words: dict[str, object] = {"fit": sum(cut.fits for cut in decision.cuts), "n": len(decision.cuts)}
        as_is = {end for _, span in view.measured for end in span.text.ends} or {1}
        ends = as_is if decision.ruler.line_end == "as_is" else {decision.ruler.line_end}
        if decision.holds:
            words["ends"] = "/".join(map(str, sorted(ends)))
        yield Message(f"qda_positions_{decision.ruler.unit if decision.holds else 'lost'}", place, words)
    silent = Counter(each.kind for _, each, _ in view.codings if not view.words.get(id(each)))
    kinds = {"whole": silent["whole"], "text": silent["text"]}
    kinds["image"] = silent.total() - sum(kinds.values())
    twice = Counter(
        (each.guid, coding.code, coding.user) for _, each, coding in view.codings if each.guid and coding.code
    )
    codes = [coding.code for _, _, coding in view.codings]
    counts = {
        "qda_positions_unsure": {"n": decision.n_unsure if decision.holds else 0},
        "qda_sources_missing": {"n": sum(s.missing for s in project.sources), "total": len(project.sources)},
        "qda_documents_repeat": {"n": sum(s.name != s.title for s in project.sources)},
        "qda_no_words": {"n": silent.total(), "total": len(codes), **kinds},
        "qda_code_none": {"n": codes.count("")},
        "qda_code_unknown": {"n": sum(bool(code) and code not in view.by_guid for code in codes)},
        "qda_codings_twice": {"n": twice.total() - len(twice)},
    }
    yield from (Message(code, place, words) for code, words in counts.items() if words["n"])
    passed = {**project.passed, "uncoded": sum(not each.codings for _, each in view.selections)}
    not_read = {"qda_kind_unknown": project.unknown, "qda_not_read": passed}
    yield from (Message(code, place, words) for code, words in not_read.items() if any(words.values()))


def _about_codes(project: Project, place: Place) -> Iterator[Message]:
    names = Counter(code.name for code in project.codes)
    paths = Counter(code.path for code in project.codes)
    if n := sum(times > 1 for times in names.values()):
        yield Message("qda_names_repeat", place, {"n": n, "paths": sum(times > 1 for times in paths.values())})
