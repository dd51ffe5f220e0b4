"""Ask whether a name that is written like a commoner one is the same."""

from collections.abc import Sequence

from iww_analysis.crosswalk.ask.open_question import Consultation, OpenQuestion, in_words, key
from iww_analysis.crosswalk.crosswalk import OPEN
from iww_analysis.crosswalk.propose.like_names import LikeName
from iww_analysis.crosswalk.toml_tables import TomlLine, comment
from iww_analysis.crosswalk.write import CrosswalkFile
from iww_analysis.messages import sentences

SAME, OWN = "same", "own"


def ask_names(found: Sequence[LikeName], file: CrosswalkFile, consultation: Consultation) -> None:
    """Write under which name each counts, as a person says; without an answer the question stays in the crosswalk."""
    said = sentences.read("proposals")["answer"]["names"]
    for each in found:
        if not each.may_be_shown:
            consultation.messages.append(each.message)
            continue
        choices = tuple(in_words(value, said[value], **each.words) for value in (SAME, OWN))
        about = key("names", each.column, each.name)
        answer = consultation.answer(
            OpenQuestion("ask_names", each.place, each.words, choices, key=about, n=each.n, of=each.n + each.n_like)
        )
        counts_as = {SAME: each.like, OWN: each.name}.get(answer, answer or OPEN)
        file.add_names(each.column, TomlLine(each.name, counts_as, "" if answer else comment("names", **each.words)))
        if not answer:
            consultation.messages.append(each.message)
