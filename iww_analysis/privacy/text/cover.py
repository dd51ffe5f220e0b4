"""Show a text without what may point out a person: […] stands in its place until somebody decided."""

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from iww_analysis.privacy.text.names import is_like_a_person, named
from iww_analysis.privacy.text.roster import Roster
from iww_analysis.privacy.text.shapes import Span, shaped
from iww_analysis.privacy.text.words import folded_words, is_listed_name

HELD_BACK = "[…]"


class Covered(NamedTuple):
    """A text as it may be shown, the parts of it that were covered, and those of them on which a person can decide."""

    text: str
    spans: Sequence[Span]
    to_decide: Sequence[str]


class Cover:
    """What covers the texts of one source, each read once; two texts that differ stay two.

    `roster`: whom the source itself names; `no_names`: folded words of which a person said that they name nobody.
    """

    def __init__(self, roster: Roster | None = None, no_names: Collection[str] = ()) -> None:
        self._roster, self._no_names = roster or Roster(), no_names
        self._covered: dict[tuple[str, bool], Covered] = {}
        self._first: dict[str, list[str]] = {}  # text as shown -> the texts that came to be shown so

    def __call__(self, text: str, *, proper: bool = False) -> Covered:
        """Give a text as it may be shown; see `names.named` for `proper`."""
        if (text, proper) not in self._covered:
            certain, doubted = (
                _merged([*shaped(text), *self._roster.found_in(text)]),
                named(text, self._no_names, proper=proper),
            )
            spans = _merged([*certain, *doubted])
            to_decide = [
                text[s.begin : s.end] for s in doubted if not any(s.begin < c.end and c.begin < s.end for c in certain)
            ]
            self._covered[text, proper] = Covered(self._told_apart(text, spans) if spans else text, spans, to_decide)
        return self._covered[text, proper]

    def _told_apart(self, text: str, spans: Sequence[Span]) -> str:
        """The text with […] for its parts, with a number behind the last where another text is shown the same."""
        shown = without(text, spans)
        alike = self._first.setdefault(shown, [])
        if text not in alike:
            alike.append(text)
        number = alike.index(text) + 1
        before, _, behind = shown.rpartition(HELD_BACK)
        return shown if number == 1 else f"{before}{HELD_BACK} ({number}){behind}"


def without(text: str, spans: Iterable[Span]) -> str:
    """Give a text with […] in the place of some parts, that do not overlap and are in order."""
    kept, at = [], 0
    for span in spans:
        kept += [text[at : span.begin], HELD_BACK]
        at = span.end
    return "".join([*kept, text[at:]])


def may_be_shown(text: str, *, proper: bool = False) -> bool:
    """Say whether a short text by itself, such as a word of a list, holds nothing that may point out a person.

    A capital tells nothing there. `proper`: it is the name of a team or organisation, see `names.named`.
    """
    is_person = not proper and (is_like_a_person(text) or any(map(is_listed_name, folded_words(text))))
    return not is_person and not shaped(text) and not named(text, proper=True)


def _merged(spans: Iterable[Span]) -> list[Span]:
    """Parts that overlap or touch as one."""
    merged: list[Span] = []
    for span in sorted(spans):
        if merged and span.begin <= merged[-1].end:
            merged[-1] = merged[-1]._replace(end=max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return merged
