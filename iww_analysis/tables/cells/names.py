"""Read names: of what is called so, never of a person, each under the one name that a person said it has."""

from collections.abc import Mapping

from iww_analysis.privacy.identifiers_in_text import addresses_somebody, identifiers_in
from iww_analysis.tables.cells.cell_readers import ParsedCell, Reader, read_label
from iww_analysis.tables.cells.missing import NAME, is_machine_word


def name_reader(machine_word: str, one_name: Mapping[str, str]) -> Reader:
    """Read labels that name no person.

    `machine_word`: what a person said that "NA" is here; `one_name`: name as written -> name under which it counts.
    """

    def read_name(text: str) -> ParsedCell:
        if identifiers_in(text) or addresses_somebody(text):
            return None, "suppressed", "identifier_in_text"
        if machine_word and is_machine_word(text):
            return (text.strip(), None, None) if machine_word == NAME else (None, "empty", None)
        name, missing, rule = read_label(text)
        counts_as = one_name.get(str(name), name)
        return (name, missing, rule) if counts_as == name else (counts_as, None, "crosswalk")

    return read_name
