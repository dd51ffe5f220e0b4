"""Keep the researcher's own words: one text file per report, a heading per figure, never overwritten.

Words hold for the numbers that they were written about: those of the report that lay there then. Beside others they are
held back, until who wrote them changes them.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from iww_analysis.messages import sentences

NAME = "duiding.md"
_HEADING = re.compile(r"^## +([FT]\d\d)\b(.*)$", re.MULTILINE)


Binding = Mapping[str, str]  # of one figure's words: `words`, their hash, and `numbers`, the fingerprint they are about


@dataclass(frozen=True)
class Words:
    """The words on each figure, and the fingerprint of the numbers that they are about: none where no report lay there."""

    texts: Mapping[str, str]
    bindings: Mapping[str, Binding]

    def apart(self, numbers: Mapping[str, str]) -> dict[str, str]:
        """Give the words that are not about these numbers (figure -> fingerprint), by figure."""
        return {f: text for f, text in self.texts.items() if self.bindings[f]["numbers"] != numbers.get(f)}

    def beside(self, numbers: Mapping[str, str]) -> dict[str, str]:
        """Give the words that are about these numbers, by figure."""
        return {figure: text for figure, text in self.texts.items() if figure not in self.apart(numbers)}


def bound(document: str, before: Mapping[str, Any], seen: Mapping[str, str]) -> Words:
    """Bind the words of a document: those that stay as they were as `before`, what was written since to what was `seen`.

    `before`: the bindings in the manifest of the report that lies there; `seen`: the fingerprints of its figures' numbers.
    """
    written, bindings = texts(document), {}
    for figure, text in written.items():
        now = hashlib.sha256(text.encode()).hexdigest()
        known = before.get(figure, {})
        numbers = known["numbers"] if known.get("words") == now else seen.get(figure, "")
        bindings[figure] = {"words": now, "numbers": numbers}
    return Words(written, bindings)


def texts(document: str) -> dict[str, str]:
    """Give figure -> the words under its heading; figures without words are absent."""
    pieces = _HEADING.split(document)[1:]
    return {figure: words.strip() for figure, words in zip(pieces[::3], pieces[2::3], strict=True) if words.strip()}


def with_headings(document: str, figures: Sequence[tuple[str, str]], lang: str = "nl") -> str:
    """Give the document with a heading for every figure (id, title) that has none yet; what is written stays."""
    known = {figure for figure, _ in _HEADING.findall(document)}
    start = document.rstrip("\n") if document.strip() else sentences.read("report")["words_start"][lang]
    added = [f"\n\n## {figure} {title}" for figure, title in figures if figure not in known]
    return start + "".join(added) + "\n"


def with_new_headings(now: str, made: str) -> str:
    """Give the words as they stand now, perhaps edited since, with the headings that another document has more."""
    titles = [(figure, title.strip()) for figure, title in _HEADING.findall(made)]
    return with_headings(now, titles) if now.strip() else made


def for_cells(
    beside: Mapping[str, str], apart: Mapping[str, str], figures: Sequence[str], folder: str, lang: str
) -> dict[str, str]:
    """Give the Markdown of every `duiding` cell: the words, that they are about other numbers, or where to write them.

    `folder`: where the report lies, as a person is told.
    """
    names = ("words", "words_apart_cell", "words_unwritten")
    title, elsewhere, unwritten = (sentences.read("report")[name][lang] for name in names)
    path = f"{folder}/{NAME}"
    said = dict.fromkeys(figures, f"_{unwritten.format(path=path)}_")
    said |= dict.fromkeys(apart, f"_{elsewhere.format(path=path)}_") | dict(beside)
    return {figure: f"**{title}.** {words}" for figure, words in said.items()}
