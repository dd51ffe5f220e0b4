"""Find the unknown words of a code column, and propose what they mean: known elsewhere, or like a word that is known."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import NamedTuple

import pandas as pd
from rapidfuzz import fuzz, process

from iww_analysis import vocabulary
from iww_analysis.crosswalk.crosswalk import Crosswalk, Target, under
from iww_analysis.crosswalk.propose.column_profile import MANY_WORDS, ColumnProfile
from iww_analysis.crosswalk.propose.proposal import BY_VALUES, SURE, Reason
from iww_analysis.privacy.text.cover import may_be_shown
from iww_analysis.tables.cells import cell_readers

LONG_WORD = 60  # characters
SURE_WORD = 90  # likeness, of 100

_PERSONAL = re.compile(
    r"\b(?i:dhr|de heer|meneer|mevr|mevrouw|mw)\.? [A-Z]"  # Mw. Jansen
    r"|\b[A-Z]\.\s?(?:[A-Z]\.\s?)*(?:[a-z]+ ){0,3}[A-Z][a-z]+"  # J. de Vries
    r"|\d{6}|\d{1,4}[-/. ]\d{1,2}[-/. ]\d{1,4}"  # a number, a day
)


class WordProposal(NamedTuple):
    """An unknown word of a code column: what it may mean. `word` is empty for the words that may not be shown.

    `meaning`: what a legend says of it, where it is a code; it means this under its own heading alone. `spellings`: how it is
    written, the commonest first, with in how many cells.
    """

    heading: str
    list: str
    word: str
    code: str
    confidence: int
    reason: Reason
    n: int
    nearest: str = ""
    meaning: str = ""
    spellings: tuple[tuple[str, int], ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        """The word as a crosswalk writes it, in each spelling that folding does not make the same."""
        if self.meaning:
            return (under(self.heading, self.word),)
        written = {vocabulary.key(text): text for text, _ in reversed(self.spellings)}
        return tuple(reversed(written.values()))


def propose_words(
    texts: pd.Series, heading: str, targets: Sequence[Target], known_here: Mapping[str, Mapping[str, str]],
    others: Iterable[Crosswalk],
) -> list[WordProposal]:  # fmt: skip
    """Propose a code for every word of a column that neither the vocabulary nor the crosswalk knows.

    `known_here`: list -> folded word -> code, as the crosswalk has them.
    """
    proposals = []
    for name, split in code_columns(targets):
        here = known_here.get(name, {})
        words = _by_root(_unknown_cells(texts, split, name, here)["word"])
        few = shown(next(iter(spellings)) for spellings in words.values())
        may = [one and all(shown(spellings)) for one, spellings in zip(few, words.values(), strict=True)]
        for (root, spellings), seen in zip(words.items(), may, strict=True):
            proposals += [_proposed(heading, name, root, spellings, here, others)] if seen else []
        hidden = [sum(spellings.values()) for spellings, seen in zip(words.values(), may, strict=True) if not seen]
        if hidden:
            reason = Reason("word_hidden", {"n": len(hidden)})
            proposals.append(WordProposal(heading, name, "", "", 0, reason, sum(hidden)))
    return proposals


def root_of(word: str) -> str:
    """What the spellings of a word share: folded, without spaces (but between numbers) and without the ending of a plural."""
    return re.sub(r"(?<=[^\W\d]{5})(?:en|s)$", "", re.sub(r"(?<!\d) | (?!\d)", "", vocabulary.key(word)))


def _by_root(words: pd.Series) -> dict[str, dict[str, int]]:
    """How words are written, with how often: by what the spellings of one share, the commonest first."""
    found: dict[str, dict[str, int]] = {}
    for text, n in sorted(words.value_counts(sort=False).items(), key=lambda each: -int(each[1])):
        found.setdefault(root_of(str(text)), {})[str(text)] = int(n)
    return dict(sorted(found.items(), key=lambda each: -sum(each[1].values())))


def propose_codes(
    profile: ColumnProfile, heading: str, targets: Sequence[Target], known_here: Mapping[str, Mapping[str, str]],
    others: Iterable[Crosswalk],
) -> list[WordProposal]:  # fmt: skip
    """Propose what the codes under a heading mean by the words of a legend: sure where such a word is known.

    Words that the legend does not have are proposed as those of any other column.
    """
    proposals = []
    unknown = propose_words(profile.texts, heading, targets, known_here, others)
    by_word = {(word.list, vocabulary.key(text)): word for word in unknown for text, _ in word.spellings}
    for name, split in code_columns(targets):
        n_of = Counter(piece for text in profile.texts for piece in cell_readers.pieces(text, split, {}))
        here = known_here.get(name, {})
        read = cell_readers.mending(cell_readers.code_reader(vocabulary.read(name), here))
        for code, meaning in profile.legend.items():
            word = by_word.get((name, vocabulary.key(meaning)))
            value, missing, _ = read(meaning)
            if word:
                proposals.append(word._replace(word=code, meaning=meaning, n=n_of[meaning], spellings=()))
            elif known := value or missing:
                proposals.append(
                    WordProposal(
                        heading, name, code, str(known), BY_VALUES, Reason("legend"), n_of[meaning], meaning=meaning
                    )
                )
    told = {vocabulary.key(meaning) for meaning in profile.legend.values()}
    return proposals + [word for word in unknown if vocabulary.key(word.word) not in told]


def code_columns(targets: Iterable[Target]) -> list[tuple[str, str]]:
    """Give the lists that a heading's cells hold words of, with how its cells are split."""
    pairs = ((target.statement.vocabulary, target.split) for target in targets)
    return list(dict.fromkeys((name, split) for name, split in pairs if name))


def _proposed(
    heading: str, name: str, root: str, spellings: Mapping[str, int], here: Mapping[str, str], others: Iterable[Crosswalk]
) -> WordProposal:  # fmt: skip
    """What a word means, however it is written: what another spelling means here, else as elsewhere or by likeness."""
    word, n = next(iter(spellings)), sum(spellings.values())
    known = {code: text for text, code in here.items() if root_of(text) == root}
    if len(known) == 1:
        [(code, text)] = known.items()
        proposal = WordProposal(heading, name, word, code, SURE, Reason("like", {"word": text}), n)
    else:
        proposal = _by_likeness(heading, name, word, n, others)
    return proposal._replace(spellings=tuple(spellings.items()))


def _by_likeness(heading: str, name: str, word: str, n: int, others: Iterable[Crosswalk]) -> WordProposal:
    key = vocabulary.key(word)
    known_there = {other.codes[name][key]: other.source for other in others if key in other.codes.get(name, {})}
    absent = vocabulary.read("missing")  # that a word says nothing there is no reason to throw it away here
    elsewhere = {code: source for code, source in known_there.items() if code not in absent}
    if len(elsewhere) == 1:
        [(code, source)] = elsewhere.items()
        return WordProposal(heading, name, word, code, SURE, Reason("word_known_in", {"source": source}), n)
    if codes := ", ".join(meanings(word, name)):
        return WordProposal(heading, name, word, "", 0, Reason("several", {"codes": codes}), n, codes)
    near = nearest_word(word, name)
    if near is None:
        return WordProposal(heading, name, word, "", 0, Reason("nothing"), n)
    code, known, alike = near
    same_numbers = re.findall(r"\d+", key) == re.findall(r"\d+", known)
    sure = alike >= SURE_WORD and len(known) > 3 and same_numbers
    return WordProposal(heading, name, word, code if sure else "", alike, Reason("like", {"word": known}), n, code)


def unknown_words_of(texts: pd.Series, split: str, name: str, local: Mapping[str, str]) -> pd.DataFrame:
    """Find the words of a code column that neither the source's own words (`local`) nor the list `name` knows.

    One row per folded word: word (as first written), n (cells), first_row; most frequent first.
    """
    cells = _unknown_cells(texts, split, name, local)
    cells["key"] = cells["word"].map(vocabulary.key)
    grouped = cells.groupby("key", sort=False).agg(word=("word", "first"), n=("row", "size"), first_row=("row", "min"))
    return grouped.sort_values("n", ascending=False, kind="stable").reset_index(drop=True)


def _unknown_cells(texts: pd.Series, split: str, name: str, local: Mapping[str, str]) -> pd.DataFrame:
    """The unknown words of a code column: a line for each time that one stands in a row."""
    known = vocabulary.read(name)
    signs, lookup = cell_readers.has_signs(texts.unique(), known), {**known.lookup, **local}
    read = cell_readers.mending(cell_readers.code_reader(known, local, signs=signs))
    unread = cache(lambda piece: read(piece)[2] == "unknown_code")
    unknown = {text: [p for p in cell_readers.pieces(text, split, lookup) if unread(p)] for text in texts.unique()}
    hits = texts[texts.map(bool) & texts.map(lambda text: bool(unknown[text]))]
    words = hits.map(unknown).explode()
    return pd.DataFrame({"word": words.astype("str"), "row": words.index})


def shown(words: Iterable[str], *, proper: bool = False) -> list[bool]:
    """Say which unknown words of one column may be shown to a person: none if there are many, none that look personal.

    `proper`: they are names of teams or organisations.

    What can point out a person: an identifier, a name, a title, initials with a name, a number, a day, a sentence.
    """
    few = len(words := list(words)) <= MANY_WORDS
    if not few:
        return [False] * len(words)
    return [
        len(word) <= LONG_WORD and not _PERSONAL.search(word) and may_be_shown(word, proper=proper) for word in words
    ]


def nearest_word(word: str, name: str) -> tuple[str, str, int] | None:
    """Give the known word of a list that is most like this one: code, word, likeness; None when nothing is.

    A word of several codes ("Bergen") is like none of them more than the other: see `meanings`; a bare sign is like no word.
    """
    lookup, key = vocabulary.read(name).names, vocabulary.key(word)
    if key in vocabulary.read(name).ambiguous or not vocabulary.fold(key):
        return None
    if best := process.extractOne(key, list(lookup), scorer=fuzz.ratio, score_cutoff=65):
        return lookup[best[0]], best[0], int(best[1])
    best = process.extractOne(key, list(lookup), scorer=fuzz.WRatio, score_cutoff=80)  # one is a part of the other
    return (lookup[best[0]], best[0], min(int(best[1]), SURE_WORD - 1)) if best else None


def meanings(word: str, name: str) -> tuple[str, ...]:
    """Give the codes that a word can stand for alike; none for any other word."""
    return vocabulary.read(name).ambiguous.get(vocabulary.key(word), ())
