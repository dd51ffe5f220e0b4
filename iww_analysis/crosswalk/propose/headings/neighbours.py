"""Let the columns beside it decide what a heading means whose words fit two fields; a person where they do not."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from iww_analysis import vocabulary
from iww_analysis.crosswalk.crosswalk import Target
from iww_analysis.crosswalk.propose.column_profile import ColumnProfile, words_of
from iww_analysis.crosswalk.propose.proposal import SURE, UNFIT, Candidate, Candidates, Reason, best_of_each, is_sure

EXACT = 100  # likeness of the same words
FAMILY = 2  # columns beside it that are one of a field each, from which it is one of them


def ask_neighbours(profiles: Mapping[str, ColumnProfile], candidates: Candidates, taken: Mapping[Target, str]) -> None:
    """Choose among meanings that the words of a heading fit alike, or make them less sure; `taken`: as in the crosswalk.

    Meant is what knows most of the values, then what has a neighbour of its table. A field per code ("domain = network")
    is hardly meant where a column beside it holds these codes, unless it is one of a family.
    """
    meanings = {heading: _meanings(likely) for heading, likely in candidates.items()}
    sure = {h: likely[0].slots for h, likely in candidates.items() if is_sure(likely) and len(meanings[h]) < 2}
    for heading, alike in meanings.items():
        beside = [*taken, *(slot for name, slots in sure.items() if name != heading for slot in slots)]
        meant = _meant(profiles[heading], alike, beside)
        if len(meant) == 1 and meant != alike:
            lost = [c.less(UNFIT, Reason("other_beside")) for c in alike if c not in meant]
            candidates[heading] = best_of_each([*meant, *lost, *_others(candidates[heading], alike)])
        elif len(alike) > 1 or not meant:
            asked = [c.less(SURE - 1, _what_follows(profiles[heading], c)) for c in alike]
            candidates[heading] = best_of_each([*asked, *_others(candidates[heading], alike)])


def goes_on(heading: str, other: str, candidate: Candidate) -> bool:
    """Whether two headings differ by a number alone and hold what a row can have several of: "Leefgebied 1", "Leefgebied 2"."""
    names = [re.sub(r"\d+", " ", vocabulary.key(name)).split() for name in (heading, other)]
    return names[0] == names[1] and bool(candidate.targets) and all(target.split for target in candidate.targets)


def follow_numbered(candidates: Candidates) -> None:
    """Take what is likely of a heading for sure where that is surely meant by one that differs by its number alone."""
    sure = {heading: likely[0] for heading, likely in candidates.items() if is_sure(likely)}
    for heading, likely in candidates.items() if sure else ():
        if heading not in sure:
            meant = [best for other, best in sure.items() if goes_on(heading, other, best)]
            found = [c for c in likely if meant and c.slots == meant[0].slots]
            candidates[heading] = best_of_each([*(c.less(SURE) for c in found), *likely])


def _meanings(likely: Sequence[Candidate]) -> list[Candidate]:
    """What the words of a heading mean exactly: several fields, or one of a family."""
    exact = [c for c in likely if c.targets and c.confidence == EXACT]
    return exact if len(exact) > 1 or any(c.targets[0].constants for c in exact) else []


def _others(likely: Sequence[Candidate], alike: Sequence[Candidate]) -> list[Candidate]:
    return [c for c in likely if c not in alike]


def _meant(profile: ColumnProfile, alike: Sequence[Candidate], beside: Sequence[Target]) -> list[Candidate]:
    """Those that the values know best, that nothing beside them contradicts, and that have a neighbour if one has."""
    known = [_share_known(profile, c.targets[0]) for c in alike]
    best = [c for c, share in zip(alike, known, strict=True) if share == max(known)]
    possible = [c for c in best if _n_of_family(c, beside) >= FAMILY or not _stands_beside(c, beside)]
    return [c for c in possible if _n_of_family(c, beside)] or possible


def _share_known(profile: ColumnProfile, target: Target) -> float:
    name = target.statement.vocabulary
    return profile.known(words_of(name))[1] if name else 0.0


def _n_of_family(candidate: Candidate, beside: Sequence[Target]) -> int:
    """How many fields beside it are of its table, told apart by the same columns."""
    target, of = candidate.targets[0], {*dict(candidate.targets[0].constants)}
    return sum(
        slot.table == target.table and {*dict(slot.constants)} == of and slot not in candidate.slots for slot in beside
    )


def _stands_beside(candidate: Candidate, beside: Sequence[Target]) -> bool:
    """Whether a column beside it holds the codes that it has a field of each for."""
    target = candidate.targets[0]
    return any(slot.table == target.table and slot.column in dict(target.constants) for slot in beside)


def _what_follows(profile: ColumnProfile, candidate: Candidate) -> Reason:
    """What the cells would say, in codes of the list: how many of each."""
    name = candidate.targets[0].statement.vocabulary
    words = vocabulary.read(name) if name else None
    codes = Counter(words.lookup.get(vocabulary.key(text), "") for text in profile.filled) if words else Counter[str]()
    said = {
        lang: ", ".join(f"{n} × {words.label(code, lang)}" for code, n in codes.most_common() if words and code)
        for lang in ("nl", "en")
    }
    return Reason("would_say", said)
