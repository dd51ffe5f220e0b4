"""Find the words of a selection: decide in what unit a project counts its positions, by where they fall on the text."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, NamedTuple

import numpy as np

from iww_analysis.io.formats.encoding import encoding_of

_LINE_END = re.compile(r"\r\n|\r|\n")
_JOINER = "\u200d"
_SKIN = range(0x1F3FB, 0x1F400)  # what changes the picture before it


@dataclass(frozen=True)
class Text:
    """A source's words with every line end as one newline; `ends`: how many characters each line end was."""

    words: str
    ends: tuple[int, ...]

    @cached_property
    def points(self) -> "np.ndarray[Any, Any]":
        """The code point of every character."""
        return np.frombuffer(self.words.encode("utf-32-le", "surrogatepass"), dtype="<u4")


def text_of(content: bytes | str) -> Text:
    """Read a source's text; a byte-order mark is no part of it."""
    if isinstance(content, bytes):
        content = content.decode(encoding_of([content]).name, errors="replace")
    ends = tuple(len(end) for end in _LINE_END.findall(content))
    return Text(_LINE_END.sub("\n", content), ends)


class Ruler(NamedTuple):
    """What one step of a position is: a code point or a UTF-16 code unit, and how many steps a line end is."""

    unit: Literal["points", "utf16"]
    line_end: Literal["as_is", 1, 2]

    def marks(self, text: Text) -> "np.ndarray[Any, Any]":
        """Give the position of every character of a text, and of its end."""
        steps = np.ones(len(text.words), dtype=np.int64)
        if self.unit == "utf16":
            steps += text.points > 0xFFFF
        steps[text.points == ord("\n")] = text.ends if self.line_end == "as_is" else self.line_end
        return np.concatenate([[0], np.cumsum(steps)])


RULERS = (  # the likeliest first: where several fit as well, the first is taken
    Ruler("points", "as_is"), Ruler("points", 1), Ruler("utf16", "as_is"), Ruler("utf16", 1), Ruler("points", 2),
    Ruler("utf16", 2),
)  # fmt: skip


class Span(NamedTuple):
    """A selection in a text: its positions as the file gives them, and its name, which often repeats the words."""

    text: Text
    begin: int
    end: int
    name: str


class Cut(NamedTuple):
    """The words of a selection. `fits`: both ends fall between words; `named`: the selection's name says the same."""

    words: str
    fits: bool
    named: bool


class Decision(NamedTuple):
    """The unit that was decided on. `n_unsure`: selections that read otherwise by a unit that fits just as well."""

    ruler: Ruler
    cuts: tuple[Cut, ...]
    n_unsure: int

    @property
    def holds(self) -> bool:
        """Whether at least half of the selections fall on words: else the words are likely not those that were coded."""
        return 2 * sum(cut.fits or cut.named for cut in self.cuts) >= len(self.cuts)


def decide(spans: Sequence[Span], origin: str) -> Decision:
    """Decide the unit for a whole project: most names that agree, then most ends between words, then the maker's habit.

    NVivo counts UTF-16 code units and a line end as it stands (two in CRLF); the others count code points.
    """
    nvivo = "nvivo" in origin.casefold()
    rulers = sorted(RULERS, key=lambda ruler: ruler.unit != "utf16") if nvivo else RULERS
    cuts = {ruler: tuple(_cuts(spans, ruler)) for ruler in rulers}
    scores = {ruler: (sum(c.named for c in cuts[ruler]), sum(c.fits for c in cuts[ruler])) for ruler in rulers}
    best = max(rulers, key=scores.__getitem__)
    rivals = [cuts[ruler] for ruler in rulers if scores[ruler] == scores[best]]
    n_unsure = sum(len({cut.words for cut in each}) > 1 for each in zip(*rivals, strict=True))
    return Decision(best, cuts[best], n_unsure)


def _cuts(spans: Iterable[Span], ruler: Ruler) -> Iterable[Cut]:
    marks: dict[int, Any] = {}
    for span in spans:
        words = span.text.words
        if id(span.text) not in marks:
            marks[id(span.text)] = ruler.marks(span.text)
        of_text = marks[id(span.text)]
        if 0 <= span.begin <= span.end <= of_text[-1]:
            first, last = (int(n) for n in np.searchsorted(of_text, [span.begin, span.end]))
            whole = bool(of_text[first] == span.begin and of_text[last] == span.end)
            fits = whole and first < last and not (_splits(words, first) or _splits(words, last))
            yield Cut(words[first:last], fits, _says_the_same(span.name, words[first:last]))
        else:
            yield Cut("", fits=False, named=False)


def _splits(words: str, at: int) -> bool:
    """Whether a cut here falls within a word or within what is seen as one sign."""
    if not 0 < at < len(words):
        return False
    before, after = words[at - 1], words[at]
    joined = unicodedata.category(after)[0] == "M" or _JOINER in (before, after) or ord(after) in _SKIN
    return joined or (_of_a_word(before) and _of_a_word(after))


def _of_a_word(sign: str) -> bool:
    return sign.isalnum() or unicodedata.category(sign)[0] == "M"


def _says_the_same(name: str, words: str) -> bool:
    """Whether a selection's name is its words, or their beginning followed by dots."""
    label, plain = " ".join(name.split()), " ".join(words.split())
    start = label.removesuffix("…").removesuffix("...").rstrip()
    return bool(start) and (plain == label or (start != label and plain.startswith(start)))
