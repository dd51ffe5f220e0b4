"""Read headings of persons by their parts, "Kind 2 m/v": a role, which of those, and what is said of that person."""

import re
from collections.abc import Iterator, Mapping, Sequence

from iww_analysis import vocabulary
from iww_analysis.crosswalk.crosswalk import Target
from iww_analysis.crosswalk.propose.column_profile import ENOUGH, MOST, ColumnProfile, words_of
from iww_analysis.crosswalk.propose.proposal import (
    BY_VALUES,
    PERSONS,
    SURE,
    UNFIT,
    Candidate,
    Candidates,
    HeadingOption,
    Reason,
    best_of_each,
    is_sure,
)

SHORTEST = 3  # letters of the beginning of what is said of a person: "leeftijd" of "leeftijdsklasse"
LONGEST = 3  # words of a role
NTH = re.compile(r"(\d{1,2})(?:e|de|ste)?")
Constants = tuple[tuple[str, str], ...]


def read_persons(
    profiles: Mapping[str, ColumnProfile], candidates: Candidates, options: Sequence[HeadingOption]
) -> None:
    """Propose which person, and what of that person, each heading names, as far as a form has persons beside its rows.

    A heading that is known without a role ("geslacht cliënt") has one where headings beside it name others.
    """
    fields = [option for option in options if option.targets and option.table == PERSONS and not option.source]
    plain = [option for option in fields if not option.targets[0].constants]
    named = {heading: found for heading in profiles if len(fields) > len(plain) and (found := _named(heading))}
    several = len({person for person, _ in named.values()}) > 1
    for heading, (person, said) in named.items():
        before = candidates[heading]
        meant = dict(_meant(said, profiles[heading], plain))
        if meant and (several or not is_sure(before) or before[0].reason.name in ("like", "values")):
            sureness = max(meant.values()) if len(meant) == 1 else SURE - 1
            parts = [Candidate((_of(target, person),), sureness, Reason("parts_person")) for target in meant]
            others = [c if c.ignore and is_sure([c]) else c.less(min(c.confidence, UNFIT)) for c in before]
            candidates[heading] = best_of_each([*others, *parts])


def with_number(targets: tuple[Target, ...], heading: str) -> tuple[Target, ...]:
    """The same fields, of the person whom a heading numbers among those with their role."""
    person, _ = _named(heading) or ((), "")
    roles = [("role", role) for role in [dict(person).get("role")] if role]
    return tuple(_of(t, person) if t.table == PERSONS and [*t.constants] == roles else t for t in targets)


def _of(target: Target, person: Constants) -> Target:
    return Target(target.table, target.column, target.split, person)


def _named(heading: str) -> tuple[Constants, str] | None:
    """The person that a heading begins or ends with, and what it says of that person."""
    words = vocabulary.key(re.sub(r"(?<=[^\W\d])(?=\d)|_", " ", heading)).split()
    roles = vocabulary.read("person_role").lookup
    for first, last in ((n, n + long) for long in range(LONGEST, 0, -1) for n in range(len(words) - long + 1)):
        before, after, nth = words[:first], words[last:], ""
        if after and NTH.fullmatch(after[0]):
            nth, after = after[0], after[1:]
        elif before and NTH.fullmatch(before[-1]):
            nth, before = before[-1], before[:-1]
        role = roles.get(" ".join(words[first:last]), "")
        if role and bool(before) != bool(after):
            number = (("nth", re.sub(r"\D", "", nth).lstrip("0")),) if nth else ()
            return (*number, ("role", role)), " ".join([*before, *after])
    return None


def _meant(said: str, profile: ColumnProfile, options: Sequence[HeadingOption]) -> Iterator[tuple[Target, int]]:
    """What can be said of a person in these words, or by what stands under them, with how sure that is."""
    for option in options:
        target = option.targets[0]
        known = _share_known(profile, target)
        worded = said in option.words
        begun = len(said) >= SHORTEST and any(word.startswith(said) for word in option.words)
        by_values = bool(target.statement.vocabulary) and bool(profile.distinct) and known >= MOST
        if by_values or ((worded or begun) and known >= ENOUGH):
            yield target, BY_VALUES if by_values or worded else SURE - 1


def _share_known(profile: ColumnProfile, target: Target) -> float:
    """Share of the values that the field can hold."""
    if not profile.distinct:
        return 1.0
    if target.statement.vocabulary:
        return profile.known(words_of(target.statement.vocabulary))[1]
    return profile.days_or_months if target.statement.kind == "birth_date" else 1.0 - profile.days
