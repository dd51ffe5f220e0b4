"""Read names: of what is called so, each under the one name that a person said it has."""

from collections.abc import Mapping

from iww_analysis.privacy.text.names import addresses_somebody
from iww_analysis.privacy.text.shapes import identifiers_in
from iww_analysis.tables.cells.cell_readers import ParsedCell, Reader, read_label
from iww_analysis.tables.cells.missing import NAME, is_machine_word


def name_reader(machine_word: str, one_name: Mapping[str, str]) -> Reader:
    """Read labels; what in them may point out a person is held back when all that a source hides is known.

    `machine_word`: what a person said that "NA" is here; `one_name`: name as written -> name under which it counts.
    """

    def read_name(text: str) -> ParsedCell:
        if machine_word and is_machine_word(text):
            return (text.strip(), None, None) if machine_word == NAME else (None, "empty", None)
        name, missing, rule = read_label(text)
        counts_as = one_name.get(str(name), name)
        return (name, missing, rule) if counts_as == name else (counts_as, None, "crosswalk")

    return read_name


def read_invented_name(text: str) -> ParsedCell:
    """Read what a case or person is called in a study: a label that was invented, and no identifier or somebody's name."""
    if identifiers_in(text) or addresses_somebody(text):
        return None, "suppressed", "identifier_in_text"
    return read_label(text)
