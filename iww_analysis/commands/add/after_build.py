"""Ask what shows only when all of a source is there: its cards, deliveries that replace others, cases in two sources."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from iww_analysis.commands import build
from iww_analysis.crosswalk.ask.add_sheets import GrowingCrosswalk
from iww_analysis.crosswalk.ask.open_question import Consultation, OpenQuestion
from iww_analysis.crosswalk.ask.origin_card import MEANT, ask_origin, overlap_question, replaces_question
from iww_analysis.crosswalk.crosswalk import NOT_KNOWN
from iww_analysis.crosswalk.propose.recognise import RecognisedSheet
from iww_analysis.crosswalk.toml_tables import TomlLine
from iww_analysis.crosswalk.write import OriginFile
from iww_analysis.io.disk import files
from iww_analysis.io.disk.home import ORIGIN, Home, read_origin
from iww_analysis.messages.errors import IwwError, Place


def ask_card(growing: GrowingCrosswalk, card: OriginFile, folder: Path, sheets: Sequence[RecognisedSheet]) -> None:
    """Ask what the card of a delivery leaves open."""
    place = Place(f"{growing.source}/{folder.name}/{ORIGIN}")
    ask_origin(card, place, folder.name, growing.consultation, sheets, growing.crosswalk)


def ask_whether_meant(home: Home, source: str, consultation: Consultation) -> list[OpenQuestion]:
    """Ask whether a delivery is meant to replace most of an earlier one; its card gets the answer. Gives what stays open."""
    found = []
    with suppress(IwwError):  # what else is still to be answered comes first
        found = build.build(home, source).asked if len(home.deliveries(source)) > 1 else []
    for message in found:
        path, words = home.raw / source / str(message.words["day"]) / ORIGIN, message.words
        question = replaces_question(Place(f"{message.place.file}/{ORIGIN}"), words)
        if answer := consultation.answer(question):
            card = OriginFile(files.read_toml_text(path))
            card.write([TomlLine("replaces", answer == MEANT)])
            files.write_text(path, str(card))
        else:
            consultation.messages.append(message)
    return [question for question in consultation.left if question.code == "ask_replaces"]


def ask_overlap(home: Home, source: str, consultation: Consultation) -> list[OpenQuestion]:
    """Ask whether cases that seem to stand in another register are the same; the last card gets the answer."""
    found = list(build.overlaps(home, [source]))
    for each, here, there in ((each, here, there) for each, here, there in found if each.n_found and not each.said):
        path = home.deliveries(each.source)[-1] / ORIGIN
        if read_origin(path.parent).get("overlap", {}).get(each.other) == NOT_KNOWN:
            continue
        place = Place(f"{each.source}/{path.parent.name}/{ORIGIN}")
        question = overlap_question(place, build.overlap_words(each, here, there))
        if answer := consultation.answer(question):
            card = OriginFile(files.read_toml_text(path))
            card.write([TomlLine("overlap", {**card.document.get("overlap", {}), each.other: answer})])
            files.write_text(path, str(card))
    return [question for question in consultation.left if question.code == "ask_overlap"]
