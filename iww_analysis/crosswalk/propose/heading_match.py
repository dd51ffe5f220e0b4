"""Propose what each heading of a sheet means, from its own words and from what stands under it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import numpy as np
from rapidfuzz import fuzz, process

from iww_analysis import vocabulary
from iww_analysis.crosswalk.crosswalk import Target
from iww_analysis.crosswalk.propose import column_profile
from iww_analysis.crosswalk.propose.column_profile import ENOUGH, MANY_WORDS, MOST, Look
from iww_analysis.crosswalk.propose.proposal import SURE, Candidate, Option, Proposal, Why, ignored
from iww_analysis.tables.cells import cell_readers
from iww_analysis.tables.cells.distinct_values import read_distinct
from iww_analysis.tables.statement import Column, Table, Tables

EXACT, ELSEWHERE, BY_VALUES = 100, 97, 99
MAYBE = 60  # likeness under which a proposal is not worth naming
UNFIT, GUESSED = 65, 75  # the heading is known but the values do not fit; the shape of the values speaks alone
WORD, GLUED = 80, 95  # likeness of one word, and of headings that differ in where their spaces are
SHORT = 5  # letters; shorter headings are too easily alike
ANY_NUMBER = {"nr", "no", "nummer", "volgnr", "volgnummer", "id", "rij", "regel"}  # headings that do not say of what
FEW_DAYS = 5  # distinct days of extraction that one file can hold
N_NAMED = 3  # candidates named to a person

Found = dict[str, list[Candidate]]  # heading -> candidates, best first
Likeness = tuple["np.ndarray[Any, Any]", "np.ndarray[Any, Any]", list[list[str]]]


@dataclass(frozen=True)
class Matcher:
    """Headings of one sheet held against the options of one form."""

    headings: Sequence[str]
    looks: Sequence[Look]
    options: Sequence[Option]
    anchor: Table
    tables: Tables

    def propose(self, taken: Mapping[Target, str]) -> tuple[Proposal, ...]:
        """Propose a meaning for every heading; `taken`: fields that headings in the crosswalk already fill."""
        if not self.headings:
            return ()
        found = {heading: self._candidates(i) for i, heading in enumerate(self.headings)}
        filled = dict(taken)
        self._tell_line_numbers(found)
        _share_out(found, filled)
        self._fill_by_shape(found, filled)
        _share_out(found, filled)
        named = {heading: tuple(_named(candidates, filled)) for heading, candidates in found.items()}
        return tuple(
            Proposal(heading, look, named[heading], tuple(self._possible(i, named[heading], filled)))
            for i, (heading, look) in enumerate(zip(self.headings, self.looks, strict=True))
        )

    def _possible(self, i: int, named: Sequence[Candidate], filled: Mapping[Target, str]) -> list[Candidate]:
        """What else the heading can mean: fields of the form that no heading fills and that the values fit."""
        fitting = [n for n, o in enumerate(self.options) if o.targets and not o.source and self._fits(i, o)]
        found = [Candidate(self._with_split(i, self.options[n]), 0, Why("possible")) for n in fitting]
        taken = {candidate.slots for candidate in named}
        return [c for c in _best_of_each(found) if c.slots not in taken and not any(slot in filled for slot in c.slots)]

    def _column(self, option: Option) -> Column:
        table, column = option.field
        return self.tables[table][column]

    @cached_property
    def _known(self) -> Mapping[tuple[int, str], tuple[str, float, int]]:
        """Per column and list of words: separators, share of the distinct values known, how many."""
        lists = {name for option in self.options if option.targets and (name := self._column(option).vocabulary)}
        return {(i, name): look.known(_words_of(name)) for i, look in enumerate(self.looks) for name in sorted(lists)}

    @cached_property
    def _likeness(self) -> Likeness:
        """Headings by options: strict likeness (typing errors and endings only), loose likeness, and the likest word."""
        words = [word for option in self.options for word in option.words]
        starts = np.cumsum([0] + [len(option.words) for option in self.options[:-1]])
        keys = [vocabulary.key(heading) for heading in self.headings]
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
        ends = [*starts[1:], len(words)]
        likest = [[words[s + int(np.argmax(row[s:e]))] for s, e in zip(starts, ends, strict=True)] for row in rank]
        return np.maximum.reduceat(strict, starts, axis=1), np.maximum.reduceat(loose, starts, axis=1), likest

    def _candidates(self, i: int) -> list[Candidate]:
        look = self.looks[i]
        if look.identifier:
            return [ignored(look.identifier, BY_VALUES)]
        found = self._by_values(i) + [c for n in range(len(self.options)) if (c := self._by_heading(i, n))]
        found = _best_of_each(found)
        if look.is_free_text and not (found and found[0].confidence >= SURE and self._may_be_long(i, found[0])):
            return [ignored("free_text", BY_VALUES)]
        if not look.distinct:
            found = [c if c.confidence >= SURE else c.less(c.confidence, Why("empty")) for c in found]
        rivals = found[:2] if len(found) > 1 and found[1].confidence >= SURE else []
        if rivals and rivals[0].confidence < ELSEWHERE and rivals[0].confidence - rivals[1].confidence < 3:
            found[:2] = [c.less(SURE - 1) for c in rivals]
        return found

    def _by_heading(self, i: int, n: int) -> Candidate | None:
        strict, loose, likest = self._likeness
        option, word = self.options[n], likest[i][n]
        alike = int(strict[i, n]) if strict[i, n] >= SURE else min(int(loose[i, n]), SURE - 1)
        if not option.targets:
            return (
                Candidate((), alike, Why("identifier"), option.ignore)
                if alike >= (SURE if option.source else GUESSED)
                else None
            )
        is_day = self._column(option).kind == "date" and self.looks[i].days >= ENOUGH
        is_own_day = is_day and option.field[0] == self.anchor.name and not option.source and self._fits(i, option)
        if alike < MAYBE and not is_own_day:
            return None
        targets = self._with_split(i, option)
        if not self._fits(i, option):
            return Candidate(targets, UNFIT, Why("not_the_kind", {"word": word})) if alike >= SURE else None
        if option.source and alike >= SURE:
            return Candidate(targets, min(alike, ELSEWHERE), Why("known_in", {"source": option.source}))
        why = Why("known") if alike == EXACT else Why("day") if alike < MAYBE else Why("like", {"word": word})
        return Candidate(targets, alike, why)

    def _fits(self, i: int, option: Option) -> bool:
        """Say whether the values can be what the option's column holds."""
        look, column = self.looks[i], self._column(option)
        if not look.distinct:
            return True
        match column.kind:
            case "date" if column.name == "extraction_date" and len(look.distinct) > FEW_DAYS:
                return False  # the data are taken from the system on one day
            case "date" | "birth_date":
                return look.days >= ENOUGH or (look.numbers >= MOST and all(len(text) == 5 for text in look.distinct))
            case "integer":
                return look.numbers >= ENOUGH
            case "code":
                own, best = self._known[i, str(column.vocabulary)][1], self._best_list(i)[1]
                few = len(look.distinct) <= MANY_WORDS and look.days < ENOUGH and look.numbers < ENOUGH
                return own >= ENOUGH or (best < MOST and (few or own >= 0.2))
        is_number = column.kind == "key" or (option.field[0] == self.anchor.name and column.name in self.anchor.key)
        return look.days < ENOUGH and not (is_number and self._best_list(i)[1] >= MOST)

    def _best_list(self, i: int) -> tuple[list[str], float]:
        """The lists that know most of the values, where they know at least two, and the share that they know.

        Bare numbers point at no list whose codes are numbers: most small numbers are the code of some municipality.
        """
        bare = self.looks[i].numbers >= ENOUGH
        known = {name: found for (j, name), found in self._known.items() if j == i}
        lists = {name: (share, n) for name, (_, share, n) in known.items() if not (bare and _is_numbered(name))}
        best = max(lists.values(), default=(0.0, 0))
        return ([name for name, found in lists.items() if found == best], best[0]) if best[1] > 1 else ([], 0.0)

    def _by_values(self, i: int) -> list[Candidate]:
        """Candidates because the values are words of a list: sure when one field of the form holds that list."""
        names, share = self._best_list(i)
        if share < ENOUGH:
            return []
        loose = self._likeness[1][i]
        fitting = [
            n for n, o in enumerate(self.options) if o.targets and not o.source and self._column(o).vocabulary in names
        ]
        plain = [n for n in fitting if not self.options[n].targets[0].constants]
        likest = max(fitting, key=lambda n: float(loose[n]))
        chosen = likest if loose[likest] >= GUESSED or not plain else plain[0]
        one_field = len({self.options[n].field for n in fitting}) == 1
        percent = int(100 * share)
        why = Why("values", {"share": percent, "list": ", ".join(names)})
        if share >= MOST and one_field and (1 in (len(fitting), len(plain)) or loose[likest] >= GUESSED):
            return [Candidate(self._with_split(i, self.options[chosen]), max(SURE, min(percent, ELSEWHERE - 1)), why)]
        likely = sorted(plain or fitting, key=lambda n: -float(loose[n]))
        least = max(MAYBE, min(percent, GUESSED)) if one_field else MAYBE
        return [
            Candidate(self._with_split(i, self.options[n]), min(SURE - 1, max(least, int(loose[n]))), why)
            for n in likely
        ]

    def _with_split(self, i: int, option: Option) -> tuple[Target, ...]:
        if not option.split:
            return option.targets
        name = self._column(option).vocabulary
        split = (self._known[i, name][0] if name else self.looks[i].separators) or ";"
        return tuple(Target(t.table, t.column, split, t.constants) for t in option.targets)

    def _may_be_long(self, i: int, candidate: Candidate) -> bool:
        """Say whether a column of long texts can still be read: words of a list, several names, a quote, a known heading."""
        if not candidate.targets:
            return True
        target = candidate.targets[0]
        column = self.tables[target.table][target.column]
        if column.vocabulary:
            return self._known[i, column.vocabulary][1] >= ENOUGH
        if column.kind == "label":  # under "Bevinding" a sentence is what is asked for
            return candidate.confidence == EXACT or bool(target.split and self.looks[i].separators)
        return column.kind == "quote" or bool(target.split and self.looks[i].separators)

    def _tell_line_numbers(self, found: Found) -> None:
        """A column that counts the rows is no case number where another column can be it, unless its heading says so."""
        if any(look.is_key and not look.is_line_number for look in self.looks):
            for heading, look in zip(self.headings, self.looks, strict=True):
                known = found[heading] and found[heading][0].confidence >= SURE
                said = known and (found[heading][0].ignore or vocabulary.key(heading) not in ANY_NUMBER)
                if look.is_key and look.is_line_number and not said:
                    found[heading].insert(0, ignored("line_number", BY_VALUES))

    def _fill_by_shape(self, found: Found, filled: Mapping[Target, str]) -> None:
        """For what the form cannot do without and no heading gives: the only number of its own, the earliest day."""
        free = [i for i, h in enumerate(self.headings) if not (found[h] and found[h][0].confidence >= SURE)]
        for column in self.anchor:
            slot = Target(self.anchor.name, column.name)
            if not column.required or slot in filled:
                continue
            if column.kind == "key" and self.anchor.key == (column.name,):
                own = [i for i in free if self.looks[i].is_key]
                confidence, why = (SURE if len(own) == 1 else GUESSED), Why("own_number")
            elif column.kind == "date":
                own, confidence, why = self._first_days(free), GUESSED, Why("first_day")
            else:
                continue
            option = next((o for o in self.options if o.targets and slot in o.targets), None)
            for i in own:
                best = Candidate(option.targets if option else (slot,), confidence, why)
                found[self.headings[i]] = _best_of_each([best, *found[self.headings[i]]])

    def _first_days(self, free: Sequence[int]) -> list[int]:
        """Columns of days that are (nearly) always filled and hardly ever later than another day of the row."""
        columns = [i for i, look in enumerate(self.looks) if look.days >= ENOUGH]
        read = cell_readers.date_reader(column_profile.date_order(self.looks[i] for i in columns).order)
        days = {i: read_distinct(self.looks[i].texts, read).days for i in columns}
        full = [i for i in columns if i in free and self.looks[i].share_filled >= 0.95]
        return [i for i in full if all((days[i] <= days[j])[days[j].notna()].mean() >= MOST for j in columns if j != i)]


def _best_of_each(found: Sequence[Candidate]) -> list[Candidate]:
    """Keep the surest candidate of each meaning, the surest first."""
    best: dict[tuple[tuple[Target, ...], str], Candidate] = {}
    for candidate in sorted(found, key=lambda c: -c.confidence):
        best.setdefault((candidate.slots, candidate.ignore), candidate)
    return list(best.values())


def _named(found: Sequence[Candidate], filled: Mapping[Target, str]) -> list[Candidate]:
    """The candidates worth naming: the likeliest, and for a column of days the days that no heading gives yet."""
    likely = [c for c in found if c.confidence >= MAYBE][:N_NAMED]
    return likely + [c for c in found if c.confidence < MAYBE and not any(slot in filled for slot in c.slots)]


def _share_out(found: Found, filled: dict[Target, str]) -> None:
    """Let every field be filled by one heading, the surest; a second one becomes a question."""
    for heading in sorted((h for h in found if found[h]), key=lambda h: -found[h][0].confidence):
        while found[heading][0].confidence >= SURE:
            best = found[heading][0]
            other = next((filled[slot] for slot in best.slots if filled.get(slot, heading) != heading), None)
            if other is None:
                filled.update(dict.fromkeys(best.slots, heading))
                break
            found[heading] = _best_of_each([best.less(UNFIT, Why("taken", {"heading": other})), *found[heading][1:]])


def _is_numbered(name: str) -> bool:
    return vocabulary.read(name).number_codes


@cache
def _words_of(name: str) -> frozenset[str]:
    return frozenset(vocabulary.read(name).lookup)


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
