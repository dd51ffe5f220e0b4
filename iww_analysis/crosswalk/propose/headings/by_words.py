"""Propose what the headings of a sheet mean, from their words and from what stands under them; each field has one heading."""

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
from iww_analysis.crosswalk.propose.headings.by_parts import read_by_parts
from iww_analysis.crosswalk.propose.headings.by_shape import fill_by_shape, set_counters_aside
from iww_analysis.crosswalk.propose.headings.columns import columns_of, read_columns
from iww_analysis.crosswalk.propose.headings.neighbours import EXACT, ask_neighbours, follow_numbered, goes_on
from iww_analysis.crosswalk.propose.headings.persons import read_persons, with_number
from iww_analysis.crosswalk.propose.proposal import (
    BY_VALUES,
    GUESSED,
    MAYBE,
    SURE,
    UNFIT,
    Candidate,
    Candidates,
    HeadingOption,
    HeadingProposal,
    Reason,
    best_of_each,
    ignored,
    is_sure,
    not_read_because,
)
from iww_analysis.tables import TABLES
from iww_analysis.tables.statement import Table

ELSEWHERE = 97  # likeness of what another source heads so
WORD, GLUED = 80, 95  # likeness of one word, and of headings that differ in where their spaces are
SHORT = 5  # letters; shorter headings are too easily alike
FEW_DAYS = 5  # distinct days of extraction that one file can hold
N_NAMED = 3  # candidates named to a person


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

    def candidates(self) -> list[Candidate]:
        """Give what the heading can mean, the surest first; two meanings that are about as sure are both a question."""
        if self.profile.identifier:
            return [ignored(self.profile.identifier, BY_VALUES)]
        candidates = best_of_each([*self._by_values(), *self._by_heading()])
        candidates.sort(key=lambda candidate: not self._is_of_a_list(candidate))
        if self.profile.is_free_text and not (is_sure(candidates) and self._may_be_long(candidates[0])):
            return [ignored("free_text", BY_VALUES)]
        if not self.profile.distinct:
            candidates = [c if c.confidence >= SURE else c.less(c.confidence, Reason("empty")) for c in candidates]
        rivals = candidates[:2] if len(candidates) > 1 and candidates[1].confidence >= SURE else []
        if rivals and rivals[0].confidence < ELSEWHERE and rivals[0].confidence - rivals[1].confidence < 3:
            candidates[:2] = [candidate.less(SURE - 1) for candidate in rivals]
        return candidates

    def _is_of_a_list(self, candidate: Candidate) -> bool:
        """Whether the heading is that of codes, and holds them: "Cliënt" above yes and no names nobody."""
        name = candidate.targets[0].statement.vocabulary if candidate.targets else ""
        return candidate.confidence == EXACT and bool(name) and self._known[name][1] >= ENOUGH

    def possible(
        self, named: Sequence[Candidate], filled: Mapping[Target, str], stands_for: Sequence[Candidate] = ()
    ) -> list[Candidate]:
        """Give what else it can mean: fields of the form that no heading fills and that the values fit, and what it is."""
        fitting = [option for option in self.options if option.targets and not option.source and self._fits(option)]
        every = [with_number(self._split(option), self.heading) for option in fitting]
        every += [candidate.targets for candidate in stands_for if self.profile.numbered >= ENOUGH]
        others = best_of_each([Candidate(targets, 0, Reason("possible")) for targets in every])
        taken = {candidate.slots for candidate in named}
        return [c for c in others if c.slots not in taken and not any(slot in filled for slot in c.slots)]

    @cached_property
    def _known(self) -> Mapping[str, tuple[str, float, int]]:
        """Per list of words: separators, share of the distinct values known, how many."""
        lists = {name for option in self.options if option.targets and (name := option.column.vocabulary)}
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
                yield from self._unread(option, alike, word)
                continue
            fits, filled = self._fits(option), self._split(option)
            is_own_day = option.column.kind == "date" and option.table == self.anchor.name and not option.source
            if not fits and alike >= SURE:
                yield Candidate(filled, UNFIT, Reason("not_the_kind", {"word": word}))
            elif fits and option.source and alike >= SURE:
                yield Candidate(filled, min(alike, ELSEWHERE), Reason("known_in", {"source": option.source}))
            elif fits and alike >= MAYBE and self._is_part_of_a_day_beside(option, word):
                yield Candidate(filled, min(alike, GUESSED - 1), Reason("like", {"word": word}))
            elif fits and alike >= MAYBE:
                yield Candidate(filled, alike, Reason("known") if alike == EXACT else Reason("like", {"word": word}))
            elif fits and is_own_day and self.profile.days >= ENOUGH:
                yield Candidate(filled, alike, Reason("day"))

    def _is_part_of_a_day_beside(self, option: HeadingOption, word: str) -> bool:
        """Whether a heading has but some of the words of a day of another record: "Start" is not yet "datum ZRM start"."""
        beside = option.column.kind == "date" and option.table != self.anchor.name
        return beside and {*vocabulary.key(self.heading).split()} < {*word.split()}

    def _unread(self, option: HeadingOption, alike: int, word: str) -> Iterator[Candidate]:
        """That it is not to be read: surely what points out a person; what another source leaves out is for a person to say."""
        if option.source:
            not_needed = (not_read_because("asked"), not_read_because("not_known"))  # there: here it can be
            if alike >= SURE and option.ignore not in not_needed:
                yield Candidate((), SURE - 1, Reason("unread_in", {"source": option.source}), option.ignore)
        elif alike >= GUESSED and _holds_words(vocabulary.key(self.heading), word):
            yield Candidate((), alike, Reason("identifier"), option.ignore)

    def _fits(self, option: HeadingOption) -> bool:
        """Say whether the values can be what the option's column holds."""
        profile, column = self.profile, option.column
        if not profile.distinct:
            return True
        match column.kind:
            case "date" if column.name == "extraction_date" and len(profile.distinct) > FEW_DAYS:
                return False  # the data are taken from the system on one day
            case "date" | "birth_date":
                serial = profile.numbers >= MOST and all(len(text) == 5 for text in profile.distinct)
                return profile.days_or_months >= ENOUGH or serial
            case "integer":
                return profile.numbered >= ENOUGH
            case "code":
                share, best = self._known[str(column.vocabulary)][1], self._best_lists[1]
                few = len(profile.distinct) <= MANY_WORDS and profile.days < ENOUGH and profile.numbers < ENOUGH
                return share >= ENOUGH or (best < MOST and (few or share >= 0.2))
        is_number = column.kind == "key" or (option.table == self.anchor.name and column.name in self.anchor.key)
        return profile.days < ENOUGH and not (is_number and self._best_lists[1] >= MOST)

    def _by_values(self) -> list[Candidate]:
        """Candidates because the values are words of a list: sure when one field of the form holds that list."""
        names, share = self._best_lists
        alike = [(float(loose), option) for loose, option in zip(self.likeness.loose, self.options, strict=True)
                 if option.targets and not option.source and option.column.vocabulary in names]  # fmt: skip
        if share < ENOUGH or not alike:
            return []
        alike.sort(key=lambda each: -each[0])
        plain = [each for each in alike if not each[1].targets[0].constants]
        (likeness, likest), percent = alike[0], int(100 * share)
        fields = {(option.table, option.column.name) for _, option in alike}
        one_field = len(fields) == 1 and not any(vocabulary.read(name).fits_anything for name in names)
        lists = [vocabulary.read(name) for name in names]
        called = {"nl": ", ".join(each.nl for each in lists), "en": ", ".join(each.en for each in lists)}
        reason = Reason("values", {"share": percent, "list": called})
        is_column = bool(likest.targets[0].constants) and likest.table == self.anchor.name and not plain
        likely = likeness >= (
            SURE if is_column else GUESSED
        )  # of a sheet on its side the heading alone says which it is
        if share >= MOST and one_field and (1 in (len(alike), len(plain)) or likely):
            chosen = likest if likeness >= GUESSED or not plain else plain[0][1]
            return [Candidate(self._split(chosen), max(SURE, min(percent, ELSEWHERE - 1)), reason)]
        least = max(MAYBE, min(percent, GUESSED)) if one_field else MAYBE
        return [Candidate(self._split(option), min(SURE - 1, max(least, int(loose))), reason)
                for loose, option in plain or alike]  # fmt: skip

    def _split(self, option: HeadingOption) -> tuple[Target, ...]:
        """The fields of an option, with the signs that separate several values in these cells."""
        if not option.split:
            return option.targets
        name = option.column.vocabulary
        split = (self._known[name][0] if name else self.profile.separators) or ";"
        return tuple(Target(t.table, t.column, split, t.constants) for t in option.targets)

    def _may_be_long(self, candidate: Candidate) -> bool:
        """Say whether a column of long texts can still be read: words of a list, several names, a quote, a known heading."""
        if not candidate.targets:
            return True
        target = candidate.targets[0]
        column = target.statement
        if column.vocabulary:
            return self._known[column.vocabulary][1] >= ENOUGH
        several = bool(target.split and self.profile.separators)
        sentence_asked = column.kind == "label" and candidate.confidence == EXACT  # under "Bevinding"
        return sentence_asked or column.kind == "quote" or several


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


def _holds_words(heading: str, word: str) -> bool:
    """Say whether every word of a folded text stands in a heading, typing errors aside: "Partners" is not "BSN partner"."""
    words = heading.split()
    return _glue(word) in _glue(heading) or all(
        any(fuzz.ratio(w, like) >= WORD for like in words) for w in word.split()
    )


def _same_words(one: str, other: str) -> bool:
    """Say whether two folded texts differ by typing errors, endings and spaces only: not by a number or a whole word."""
    if re.findall(r"\d+", one) != re.findall(r"\d+", other) or min(len(one), len(other)) < SHORT:
        return False
    words, others = one.split(), other.split()
    if len(words) != len(others) and fuzz.ratio(_glue(one), _glue(other)) >= GLUED:
        return True
    pairs = ((words, others), (others, words))
    return all(any(fuzz.ratio(word, like) >= WORD for like in b) for a, b in pairs for word in a)


def propose_headings(
    profiles: Mapping[str, ColumnProfile],
    options: Sequence[HeadingOption],
    form: vocabulary.Form,
    taken: Mapping[Target, str],
) -> tuple[HeadingProposal, ...]:
    """Propose a meaning for every heading; `taken`: fields that headings in the crosswalk already fill."""
    if not profiles:
        return ()
    anchor = TABLES[form.one_row_is]
    matches = [
        HeadingMatch(heading, profile, alike, options, anchor)
        for (heading, profile), alike in zip(profiles.items(), likenesses(list(profiles), options), strict=True)
    ]
    candidates = {match.heading: match.candidates() for match in matches}
    filled = dict(taken)
    set_counters_aside(profiles, candidates, anchor, taken)
    ask_neighbours(profiles, candidates, taken)
    read_by_parts(profiles, candidates, options)
    read_persons(profiles, candidates, options)
    read_columns(profiles, candidates, form)
    follow_numbered(candidates)
    _share_out(candidates, filled)
    fill_by_shape(profiles, options, anchor, candidates, filled)
    _share_out(candidates, filled)
    named = {heading: _named(likely, filled) for heading, likely in candidates.items()}
    return tuple(
        HeadingProposal(
            m.heading,
            m.profile,
            named[m.heading],
            tuple(m.possible(named[m.heading], filled, columns_of(m.heading, form))),
        )
        for m in matches
    )


def _share_out(candidates: Candidates, filled: dict[Target, str]) -> None:
    """Let every field be filled by one heading, the surest; a second one becomes a question."""
    for heading in sorted((h for h in candidates if candidates[h]), key=lambda h: -candidates[h][0].confidence):
        while is_sure(candidates[heading]):
            best, *others = candidates[heading]
            rival = next((filled[slot] for slot in best.slots if filled.get(slot, heading) != heading), None)
            if rival is None or goes_on(heading, rival, best):
                filled.update(dict.fromkeys(best.slots, heading))
                break
            candidates[heading] = best_of_each([best.less(UNFIT, Reason("taken", {"heading": rival})), *others])


def _named(candidates: Sequence[Candidate], filled: Mapping[Target, str]) -> tuple[Candidate, ...]:
    """The candidates worth naming: the likeliest, and for a column of days the days that no heading gives yet."""
    likely = [c for c in candidates if c.confidence >= MAYBE][:N_NAMED]
    others = [c for c in candidates if c.confidence < MAYBE and not any(slot in filled for slot in c.slots)]
    return (*likely, *others)
