"""Say how like the headings of a sheet are to the words by which a form's headings are known."""

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from rapidfuzz import fuzz, process

from iww_analysis import vocabulary
from iww_analysis.crosswalk.propose.proposal import SURE, HeadingOption

EXACT, ELSEWHERE = 100, 97  # likeness of the same words, and of what another source heads so
WORD, GLUED = 80, 95  # likeness of one word, and of headings that differ in where their spaces are
SHORT = 5  # letters; shorter headings are too easily alike


class Likeness(NamedTuple):
    """One heading against every option: strict (typing errors and endings only), loose, and each option's likest word."""

    strict: "np.ndarray[Any, Any]"
    loose: "np.ndarray[Any, Any]"
    words: list[str]


def likenesses(headings: Sequence[str], options: Sequence[HeadingOption]) -> list[Likeness]:
    """Hold headings against options; one likeness per heading, of 100."""
    words = [word for option in options for word in option.words]
    starts = np.cumsum([0] + [len(option.words) for option in options[:-1]])
    ends = [*starts[1:], len(words)]
    keys = [vocabulary.key(heading) for heading in headings]
    glued = process.cdist([_glue(k) for k in keys], [_glue(w) for w in words], scorer=fuzz.ratio)
    loose = np.maximum.reduce([
        glued,
        process.cdist(keys, words, scorer=fuzz.token_sort_ratio),
        0.9 * process.cdist(keys, words, scorer=fuzz.token_set_ratio),
    ])  # fmt: skip
    strict = np.zeros_like(glued)
    for i, n in zip(*np.nonzero(glued >= SURE), strict=True):
        if keys[i] == words[n]:
            strict[i, n] = EXACT
        elif _same_words(keys[i], words[n]):
            strict[i, n] = min(glued[i, n], ELSEWHERE - 1)
    rank = strict * 1000 + loose
    likest = [
        [words[start + int(np.argmax(row[start:end]))] for start, end in zip(starts, ends, strict=True)] for row in rank
    ]
    best = (np.maximum.reduceat(strict, starts, axis=1), np.maximum.reduceat(loose, starts, axis=1))
    return [Likeness(*each) for each in zip(*best, likest, strict=True)]


def _glue(text: str) -> str:
    return text.replace(" ", "")


def _same_words(one: str, other: str) -> bool:
    """Say whether two folded texts differ by typing errors, endings and spaces only: not by a number or a whole word."""
    if re.findall(r"\d+", one) != re.findall(r"\d+", other) or min(len(one), len(other)) < SHORT:
        return False
    words, others = one.split(), other.split()
    if len(words) != len(others) and fuzz.ratio(_glue(one), _glue(other)) >= GLUED:
        return True
    pairs = ((words, others), (others, words))
    return all(any(fuzz.ratio(word, like) >= WORD for like in b) for a, b in pairs for word in a)
