"""Keep the researcher's own words: one text file per report, a heading per figure, never overwritten."""

import re
from collections.abc import Mapping, Sequence

from iww_analysis.messages import sentences

NAME = "duiding.md"
_HEADING = re.compile(r"^## +([FT]\d\d)\b(.*)$", re.MULTILINE)


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


def for_cells(words: Mapping[str, str], figures: Sequence[str], report: str, lang: str) -> dict[str, str]:
    """Give the Markdown of every `duiding` cell: the words, or where to write them."""
    title, unwritten = (sentences.read("report")[name][lang] for name in ("words", "words_unwritten"))
    empty = f"_{unwritten.format(path=f'reports/{report}/{NAME}')}_"
    return {figure: f"**{title}.** {words.get(figure, empty)}" for figure in figures}
