"""Propose what the unknown words of a code column mean: from other sources' crosswalks, or because they are like a word."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import pandas as pd

from iww_analysis import vocabulary
from iww_analysis.crosswalk.crosswalk import OPEN, Crosswalk, Target
from iww_analysis.crosswalk.propose import column_profile
from iww_analysis.crosswalk.propose.proposal import SURE, Reason
from iww_analysis.tables import TABLES


class WordProposal(NamedTuple):
    """An unknown word of a code column: what it may mean. `word` is empty for the words that may not be shown."""

    heading: str
    list: str
    word: str
    code: str
    confidence: int
    reason: Reason
    n: int
    nearest: str = ""


def propose_words(
    texts: pd.Series,
    heading: str,
    targets: Sequence[Target],
    known_here: Mapping[str, Mapping[str, str]],
    others: Iterable[Crosswalk],
) -> list[WordProposal]:
    """Propose a code for every word of a column that neither the vocabulary nor the crosswalk knows.

    `known_here`: list -> folded word -> code, as the crosswalk has them, open questions too.
    """
    proposals = []
    for name, split in code_columns(targets):
        local = known_here.get(name, {})
        codes = {word: code for word, code in local.items() if code != OPEN}
        unknown = column_profile.unknown_words(texts, split, name, codes)
        unknown = unknown[~unknown["word"].map(vocabulary.key).isin(local)]
        may = pd.Series(column_profile.shown(list(unknown["word"])), index=unknown.index, dtype=bool)
        counted = zip(unknown["word"][may], unknown["n"][may], strict=True)
        proposals += [_proposed(heading, name, str(word), int(n), others) for word, n in counted]
        if not may.all():
            reason = Reason("word_hidden", {"n": int((~may).sum())})
            proposals.append(WordProposal(heading, name, "", "", 0, reason, int(unknown["n"][~may].sum())))
    return proposals


def code_columns(targets: Iterable[Target]) -> list[tuple[str, str]]:
    """Give the lists that a heading's cells hold words of, with how its cells are split."""
    pairs = ((TABLES[target.table][target.column].vocabulary, target.split) for target in targets)
    return list(dict.fromkeys((name, split) for name, split in pairs if name))


def _proposed(heading: str, name: str, word: str, n: int, others: Iterable[Crosswalk]) -> WordProposal:
    key = vocabulary.key(word)
    elsewhere = {other.codes[name][key]: other.source for other in others if key in other.codes.get(name, {})}
    if len(elsewhere) == 1:
        [(code, source)] = elsewhere.items()
        return WordProposal(heading, name, word, code, SURE, Reason("word_known_in", {"source": source}), n)
    if codes := ", ".join(column_profile.meanings(word, name)):
        return WordProposal(heading, name, word, "", 0, Reason("several", {"codes": codes}), n, codes)
    near = column_profile.nearest_word(word, name)
    if near is None:
        return WordProposal(heading, name, word, "", 0, Reason("nothing"), n)
    code, known, alike = near
    same_numbers = re.findall(r"\d+", key) == re.findall(r"\d+", known)
    sure = alike >= column_profile.SURE_WORD and len(known) > 3 and same_numbers
    return WordProposal(heading, name, word, code if sure else "", alike, Reason("like", {"word": known}), n, code)
