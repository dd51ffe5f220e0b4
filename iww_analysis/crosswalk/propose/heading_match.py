"""Say what one heading of a sheet can mean, from its own words and from what stands under it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from rapidfuzz import fuzz, process

from iww_analysis import vocabulary
from iww_analysis.crosswalk.crosswalk import Target
from iww_analysis.crosswalk.propose.column_profile import ENOUGH, MANY_WORDS, MOST, ColumnProfile, words_of
from iww_analysis.crosswalk.propose.proposal import SURE, Candidate, HeadingOption, Reason, ignored
from iww_analysis.tables.statement import Column, Table, Tables

EXACT, ELSEWHERE = 100, 97  # likeness of the same words, and of what another source heads so
WORD, GLUED = 80, 95  # likeness of one word, and of headings that differ in where their spaces are
SHORT = 5  # letters; shorter headings are too easily alike
BY_VALUES = 99  # what stands under a heading leaves no doubt
MAYBE = 60  # likeness under which a proposal is not worth naming
UNFIT, GUESSED = 65, 75  # the heading is known but the values do not fit; the shape of the values speaks alone
FEW_DAYS = 5  # distinct days of extraction that one file can hold


class Likeness(NamedTuple):
    """One heading against every option: strict (typing errors and endings only), loose, and each option's likest word."""

    strict: "np.ndarray[Any, Any]"
    loose: "np.ndarray[Any, Any]"
    words: list[str]


@dataclass(frozen=True)
class HeadingMatch:
    """A heading and the column under it, held against the options of one form. `anchor`: the table a row makes a record of."""

    heading: str
    profile: ColumnProfile
    likeness: Likeness
    options: Sequence[HeadingOption]
    anchor: Table
    tables: Tables

    def candidates(self) -> list[Candidate]:
        """Give what the heading can mean, the surest first; two meanings that are about as sure are both a question."""
        if self.profile.identifier:
            return [ignored(self.profile.identifier, BY_VALUES)]
        candidates = best_of_each([*self._by_values(), *self._by_heading()])
        if self.profile.is_free_text and not (
            candidates and candidates[0].confidence >= SURE and self._may_be_long(candidates[0])
        ):
            return [ignored("free_text", BY_VALUES)]
        if not self.profile.distinct:
            candidates = [c if c.confidence >= SURE else c.less(c.confidence, Reason("empty")) for c in candidates]
        rivals = candidates[:2] if len(candidates) > 1 and candidates[1].confidence >= SURE else []
        if rivals and rivals[0].confidence < ELSEWHERE and rivals[0].confidence - rivals[1].confidence < 3:
            candidates[:2] = [candidate.less(SURE - 1) for candidate in rivals]
        return candidates

    def possible(self, named: Sequence[Candidate], filled: Mapping[Target, str]) -> list[Candidate]:
        """Give what else it can mean: fields of the form that no heading fills and that the values fit."""
        fitting = [option for option in self.options if option.targets and not option.source and self._fits(option)]
        others = best_of_each([Candidate(self._split(option), 0, Reason("possible")) for option in fitting])
        taken = {candidate.slots for candidate in named}
        return [c for c in others if c.slots not in taken and not any(slot in filled for slot in c.slots)]

    def _column(self, option: HeadingOption) -> Column:
        table, column = option.field
        return self.tables[table][column]

    @cached_property
    def _known(self) -> Mapping[str, tuple[str, float, int]]:
        """Per list of words: separators, share of the distinct values known, how many."""
        lists = {name for option in self.options if option.targets and (name := self._column(option).vocabulary)}
        return {name: self.profile.known(words_of(name)) for name in sorted(lists)}

    @cached_property
    def _best_lists(self) -> tuple[list[str], float]:
        """The lists that know most of the values, where they know at least two, and the share that they know.

        Bare numbers point at no list whose codes are numbers: most small numbers are the code of some municipality.
        """
        bare = self.profile.numbers >= ENOUGH
        lists = {
            name: (share, n)
            for name, (_, share, n) in self._known.items() if not (bare and vocabulary.read(name).number_codes)
        }  # fmt: skip
        best = max(lists.values(), default=(0.0, 0))
        return ([name for name, known in lists.items() if known == best], best[0]) if best[1] > 1 else ([], 0.0)

    def _by_heading(self) -> Iterator[Candidate]:
        """What the heading's own words are like, as far as the values fit; a day of the form's own is always possible."""
        for option, strict, loose, word in zip(self.options, *self.likeness, strict=True):
            alike = int(strict) if strict >= SURE else min(int(loose), SURE - 1)
            if not option.targets:
                if alike >= (SURE if option.source else GUESSED):
                    yield Candidate((), alike, Reason("identifier"), option.ignore)
                continue
            is_day = self._column(option).kind == "date" and self.profile.days >= ENOUGH
            is_own_day = is_day and option.field[0] == self.anchor.name and not option.source and self._fits(option)
            if alike < MAYBE and not is_own_day:
                continue
            if not self._fits(option):
                if alike >= SURE:
                    yield Candidate(self._split(option), UNFIT, Reason("not_the_kind", {"word": word}))
            elif option.source and alike >= SURE:
                yield Candidate(
                    self._split(option), min(alike, ELSEWHERE), Reason("known_in", {"source": option.source})
                )
            else:
                like = Reason("day") if alike < MAYBE else Reason("like", {"word": word})
                yield Candidate(self._split(option), alike, Reason("known") if alike == EXACT else like)

    def _fits(self, option: HeadingOption) -> bool:
        """Say whether the values can be what the option's column holds."""
        profile, column = self.profile, self._column(option)
        if not profile.distinct:
            return True
        match column.kind:
            case "date" if column.name == "extraction_date" and len(profile.distinct) > FEW_DAYS:
                return False  # the data are taken from the system on one day
            case "date" | "birth_date":
                serial = profile.numbers >= MOST and all(len(text) == 5 for text in profile.distinct)
                return profile.days >= ENOUGH or serial
            case "integer":
                return profile.numbers >= ENOUGH
            case "code":
                share, best = self._known[str(column.vocabulary)][1], self._best_lists[1]
                few = len(profile.distinct) <= MANY_WORDS and profile.days < ENOUGH and profile.numbers < ENOUGH
                return share >= ENOUGH or (best < MOST and (few or share >= 0.2))
        is_number = column.kind == "key" or (option.field[0] == self.anchor.name and column.name in self.anchor.key)
        return profile.days < ENOUGH and not (is_number and self._best_lists[1] >= MOST)

    def _by_values(self) -> list[Candidate]:
        """Candidates because the values are words of a list: sure when one field of the form holds that list."""
        names, share = self._best_lists
        if share < ENOUGH:
            return []
        loose = dict(enumerate(map(float, self.likeness.loose)))
        fitting = [n for n, option in enumerate(self.options)
                   if option.targets and not option.source and self._column(option).vocabulary in names]  # fmt: skip
        plain = [n for n in fitting if not self.options[n].targets[0].constants]
        likest = max(fitting, key=loose.__getitem__)
        one_field = len({self.options[n].field for n in fitting}) == 1
        percent = int(100 * share)
        reason = Reason("values", {"share": percent, "list": ", ".join(names)})
        if share >= MOST and one_field and (1 in (len(fitting), len(plain)) or loose[likest] >= GUESSED):
            chosen = likest if loose[likest] >= GUESSED or not plain else plain[0]
            return [Candidate(self._split(self.options[chosen]), max(SURE, min(percent, ELSEWHERE - 1)), reason)]
        least = max(MAYBE, min(percent, GUESSED)) if one_field else MAYBE
        return [
            Candidate(self._split(self.options[n]), min(SURE - 1, max(least, int(loose[n]))), reason)
            for n in sorted(plain or fitting, key=lambda n: -loose[n])
        ]

    def _split(self, option: HeadingOption) -> tuple[Target, ...]:
        """The fields of an option, with the signs that separate several values in these cells."""
        if not option.split:
            return option.targets
        name = self._column(option).vocabulary
        split = (self._known[name][0] if name else self.profile.separators) or ";"
        return tuple(Target(t.table, t.column, split, t.constants) for t in option.targets)

    def _may_be_long(self, candidate: Candidate) -> bool:
        """Say whether a column of long texts can still be read: words of a list, several names, a quote, a known heading."""
        if not candidate.targets:
            return True
        target = candidate.targets[0]
        column = self.tables[target.table][target.column]
        if column.vocabulary:
            return self._known[column.vocabulary][1] >= ENOUGH
        several = bool(target.split and self.profile.separators)
        sentence_asked = column.kind == "label" and candidate.confidence == EXACT  # under "Bevinding"
        return sentence_asked or column.kind == "quote" or several


def best_of_each(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Keep the surest candidate of each meaning, the surest first."""
    best: dict[tuple[tuple[Target, ...], str], Candidate] = {}
    for candidate in sorted(candidates, key=lambda c: -c.confidence):
        best.setdefault((candidate.slots, candidate.ignore), candidate)
    return list(best.values())


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
