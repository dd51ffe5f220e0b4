"""Keep what a person decided on words of texts that may be names: a line each in the crosswalk, a name as its pseudonym."""

from collections.abc import Iterator, Mapping
from typing import Any

from iww_analysis.crosswalk.toml_tables import TomlLine
from iww_analysis.messages.errors import Message, Place
from iww_analysis.privacy.pseudonyms import Hide
from iww_analysis.privacy.text.words import fold, name_words

IS_NAME, NO_NAME = "name", "no_name"
Decisions = Mapping[str, Any]  # phrase, or the pseudonym of one -> IS_NAME or NO_NAME


def no_names(decisions: Decisions) -> frozenset[str]:
    """Give the folded words of which a person said that they name nobody."""
    return frozenset(word for phrase, said in decisions.items() if said == NO_NAME for word in name_words(phrase))


def names_hidden(decisions: Decisions) -> frozenset[str]:
    """Give the pseudonyms of the phrases of which a person said that they are a name."""
    return frozenset(phrase for phrase, said in decisions.items() if said == IS_NAME)


def pseudonym(phrase: str, hide: Hide) -> str:
    """Give what stands in a crosswalk for a name on which a person decided."""
    return str(hide([fold(phrase)])[0])


def lines_of(decided: Mapping[str, str], hide: Hide) -> Iterator[TomlLine]:
    """Give the lines of a crosswalk for phrases and what was decided of each."""
    for phrase, decision in decided.items():
        yield TomlLine(pseudonym(phrase, hide) if decision == IS_NAME else phrase, decision)


def faults(decisions: Decisions, name: str) -> Iterator[Message]:
    """Name what is no decision. `name`: the file of the crosswalk."""
    for said in sorted({str(said) for said in decisions.values()} - {IS_NAME, NO_NAME}):
        words = {"found": said, "expected": f"{IS_NAME}, {NO_NAME}"}
        yield Message("crosswalk_texts", Place(name, column="texts"), words)
