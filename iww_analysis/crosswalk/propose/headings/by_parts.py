"""Read headings of scores by their parts, "ZRM Huis. rel. begin": an instrument, a domain by its beginnings, a moment."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from iww_analysis import vocabulary
from iww_analysis.crosswalk.crosswalk import Target
from iww_analysis.crosswalk.propose.column_profile import ENOUGH, ColumnProfile
from iww_analysis.crosswalk.propose.proposal import (
    SURE,
    Candidate,
    Candidates,
    HeadingOption,
    Reason,
    best_of_each,
    is_sure,
)

SCORE = "score"
BY_PARTS = SURE - 1  # a beginning is no proof: a person says yes to all of them at once
SHORTEST = 3  # letters of a beginning of a moment


def read_by_parts(
    profiles: Mapping[str, ColumnProfile], candidates: Candidates, options: Sequence[HeadingOption]
) -> None:
    """Propose which score each heading is that no other rule is sure of, as far as its form has such a field."""
    fields = {slot for option in options for slot in option.targets if slot.field == "scores.score"}
    for heading, profile in profiles.items():
        if profile.numbered >= ENOUGH and not is_sure(candidates[heading]):
            found = [target for target in _targets(heading) if _without_version(target) in fields]
            sureness = BY_PARTS if len(found) == 1 else BY_PARTS - len(found)
            parts = [Candidate((target,), sureness, Reason("parts")) for target in found]
            candidates[heading] = best_of_each([*parts, *candidates[heading]])


def is_by_parts(candidate: Candidate) -> bool:
    """Say whether it is the one score that the parts of its heading name."""
    return candidate.reason.name == "parts" and candidate.confidence == BY_PARTS


def _targets(heading: str) -> Iterator[Target]:
    """The scores that a heading can name: every domain whose words begin so, of the instrument and moment that it says."""
    words = vocabulary.key(re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=\D)(?=\d{4})", " ", heading)).split()
    words, version, instrument = _instrument(words)
    words, moment = _moment(words)
    if not words or not (instrument or moment):
        return
    for domain in _domains(words, version, instrument):
        constants = {"domain": domain, "moment": moment, "instrument_version": version}
        yield Target("scores", "score", "", tuple(sorted((name, code) for name, code in constants.items() if code)))


def _without_version(target: Target) -> Target:
    kept = tuple(each for each in target.constants if each[0] != "instrument_version")
    return Target(target.table, target.column, target.split, kept)


def _instrument(words: list[str]) -> tuple[list[str], str, str]:
    """The words without those of the instrument, its version if they say which, and its name ("score" for any)."""
    versions = vocabulary.read("instrument_version").lookup
    for n in (3, 2, 1):
        version = versions.get(" ".join(words[:n]), "")
        if version and len(words) > n:
            return words[n:], version, version.partition("_")[0]
    if words[:1] == [SCORE] or (words[:1] and words[0] in _instruments()):
        return words[1:], "", words[0]
    return words, "", ""


@cache
def _instruments() -> frozenset[str]:
    return frozenset(code.partition("_")[0] for code in vocabulary.read("instrument_version").codes)


def _moment(words: list[str]) -> tuple[list[str], str]:
    """The words without those of the moment, at the end or the beginning, and the moment."""
    for n in range(min(3, len(words) - 1), 0, -1):
        for part, rest in ((words[-n:], words[:-n]), (words[:n], words[n:])):
            if code := _moment_of(" ".join(part)):
                return rest, code
    return words, ""


def _moment_of(text: str) -> str:
    lookup = vocabulary.read("moment").lookup
    begun = {code for word, code in lookup.items() if len(text) >= SHORTEST and word.startswith(text)}
    return lookup.get(text) or (begun.pop() if len(begun) == 1 else "")


def _domains(words: Sequence[str], version: str, instrument: str) -> list[str]:
    """The domains of the instrument with a name of these words, else those with a name whose words begin so."""
    values = [value for value in vocabulary.read("instrument_domain").values if _is_of(value, version, instrument)]
    names = {value.code: {vocabulary.key(name) for name in value.labels_and_words} for value in values}
    same = [code for code, known in names.items() if " ".join(words) in known]
    return same or [code for code, known in names.items() if any(_begin_so(words, name.split()) for name in known)]


def _is_of(value: vocabulary.Value, version: str, instrument: str) -> bool:
    versions = [str(each) for each in value.extra.get("versions", ())]
    if version:
        return version in versions
    return instrument in ("", SCORE) or any(each.partition("_")[0] == instrument for each in versions)


def _begin_so(beginnings: Sequence[str], words: Sequence[str]) -> bool:
    """Whether each is the beginning of a word, in their order; the first word is not left out."""
    if not beginnings:
        return True
    at = [n for n, word in enumerate(words) if word.startswith(beginnings[0])]
    return bool(at) and _begin_so(beginnings[1:], words[at[0] + 1 :])
