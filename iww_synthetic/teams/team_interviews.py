"""Write the interviews of a team as texts in which pieces are coded; where a piece stands is computed, not typed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from iww_synthetic.chance import Chance
from iww_synthetic.files.qda import Document, Segment
from iww_synthetic.files.sheet import Sheet
from iww_synthetic.settings import interview_words, toml
from iww_synthetic.teams.team import Judgement, Team

CLEARED = "vrijgegeven"


@dataclass
class _Page:
    """A text while it is written, and the pieces of it that are coded."""

    text: str = ""
    segments: list[Segment] = field(default_factory=list)

    def coded(self, words: str, codes: Sequence[str], remark: str = "") -> None:
        begin = len(self.text)
        self.text += words
        self.segments.append(Segment(begin, len(self.text), tuple(codes), remark))


@dataclass
class _Phrases:
    """Sentences of which none is used twice before all were."""

    chance: Chance
    left: dict[str, list[str]] = field(default_factory=dict)

    def next(self, name: str, every: Sequence[str]) -> str:
        if not self.left.get(name):
            self.left[name] = self.chance.sample(every, len(every))
        return self.left[name].pop()


def documents(it: Team) -> list[Document]:
    """Give the coded interviews of a team, two per case."""
    phrases = _Phrases(Chance(it.seed, f"interviews {it.name}"))
    return [_document(it, told, phrases) for told in toml("team_interviews.toml")["told"] if told["case"] in it.cases]


def codebook() -> Mapping[str, str]:
    """Give every code with those above it, and what it stands for."""
    return dict(toml("team_interviews.toml")["codebook"])


def elements(source: str) -> dict[str, str]:
    """Say which factor each code is; `not_applicable` for what is no factor."""
    return {path: code for code, paths in interview_words(source)["factor"].items() for path in paths}


def _document(it: Team, told: Mapping[str, Any], phrases: _Phrases) -> Document:
    texts, voice = toml("team_interviews.toml"), told["perspective"]
    judged = [j for j in it.judgements if (j.case, j.perspective) == (told["case"], voice)]
    words = interview_words(it.name)
    who = words["perspective"][voice][0]
    page = _Page(texts["head"].format(case=told["case"], who=who))
    page.text += texts["opening"][voice].format(name=told["name"]) + told["begin"] + "\n"
    extra = list(told["extra"])
    for judgement in judged:
        if judgement.present != "not_discussed":
            _answer(page, judgement, words["factor"][judgement.element], phrases)
            if extra and judgement.element in ("w03_trust", "w06_social_network", "w08_equality"):
                _more(page, extra.pop(0), voice)
    for more in extra:
        _more(page, more, voice)
    page.text += texts["closing"][voice].format(name=told["name"], last=told["last"])
    variables = {"perspectief": who, "datum": judged[0].day.isoformat(), "toestemming": "ja"}
    return Document(f"{told['case']} {who}", page.text, told["case"], variables, page.segments)


def _answer(page: _Page, judgement: Judgement, codes: Sequence[str], phrases: _Phrases) -> None:
    texts, voice, present = toml("team_interviews.toml"), judgement.perspective, judgement.present
    page.text += f"O: {texts['questions'][voice][judgement.element]}\n{texts['signs'][voice]}: "
    page.text += phrases.next(voice, texts["leads"][voice]) + " "
    if judgement.quote:
        page.coded(judgement.quote, codes)
    else:
        page.text += texts["plain"][present]
    page.text += " " + phrases.next(present, texts["asides"][present]) + "\n"


def _more(page: _Page, extra: Mapping[str, Any], voice: str) -> None:
    page.text += f"{toml('team_interviews.toml')['signs'][voice]}: "
    page.coded(extra["say"], extra["codes"], CLEARED if extra["cleared"] else "")
    page.text += "\n"


def codings(it: Team) -> Iterator[dict[str, Any]]:
    """Say what is coded, as a plan tells it: document, begin, end, code, element."""
    known = elements(it.name)
    for document in documents(it):
        for segment in document.segments:
            for code in segment.codes:
                yield {"document": document.name, "begin": segment.begin, "end": segment.end, "code": code,
                       "element": known[code]}  # fmt: skip


def n_quotable(it: Team) -> int:
    """Count the coded fragments that were cleared."""
    return sum(len(s.codes) for d in documents(it) for s in d.segments if s.remark == CLEARED)


def sheets(it: Team) -> dict[str, Sheet]:
    """Give the sheets that a reader makes of the project, as far as the account of rows needs them."""
    n = {"codings": len(list(codings(it))), "documents": len(documents(it)), "codes": len(codebook())}
    return {name: _rows(rows) for name, rows in n.items()}


def _rows(n: int) -> Sheet:
    sheet = Sheet()
    sheet.add(["heading"], "header")
    for _ in range(n):
        sheet.add([])
    return sheet
