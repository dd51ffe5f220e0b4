"""Take in the answers of a form."""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

from iww_analysis.commands.add.after_build import ask_card, ask_overlap, ask_whether_meant
from iww_analysis.commands.add.first_rows import Delivered
from iww_analysis.commands.add.source_files import Added, delivered_sheets, done, growing_crosswalk
from iww_analysis.commands.build import answers_in, hide_names
from iww_analysis.crosswalk.ask.add_sheets import GrowingCrosswalk
from iww_analysis.crosswalk.ask.open_question import Ask, Consultation, OpenQuestion, words_of_answer
from iww_analysis.crosswalk.ask.texts import phrase_asked, texts_question
from iww_analysis.crosswalk.crosswalk import NOT_KNOWN
from iww_analysis.crosswalk.text_decisions import IS_NAME, NO_NAME, lines_of
from iww_analysis.crosswalk.write import OriginFile
from iww_analysis.io.disk import files, locks
from iww_analysis.io.disk.home import ORIGIN, Home, chosen
from iww_analysis.messages.errors import Lang, Message, Place


def take_in(home: Home, source: str, form: Path, *, lang: Lang = "nl") -> Added:
    """Take in the answers of a form: into the crosswalk and the cards of origin, as if edited by hand.

    What answers bring to light, such as the words under a heading, is asked in a new form. An answer that is none of
    the possible ones is a message with its row, and the form is left as it is.
    """
    chosen(home, [source])
    with locks.held(home, "source", source):
        given = answers_in(form, source)
        understood: dict[str, bool] = {}

        def answer(question: OpenQuestion) -> str:
            if question.key not in given:
                return ""
            meaning = question.read(given[question.key].text, numbered=False)
            understood[question.key] = meaning is not None
            return meaning or ""

        growing, cards, delivered = reviewed(home, source, Consultation(answer, lang, ready=given))
        of_texts = {name: phrase for name in given if (phrase := phrase_asked(name)) is not None}
        decided = {phrase: answer(texts_question(phrase)) for phrase in of_texts.values()}
        decided = {phrase: decision for phrase, decision in decided.items() if decision in (IS_NAME, NO_NAME)}
        growing.file.add_texts([*lines_of(decided, hide_names(home, source))] if decided else [])
        _write(home, source, growing, cards)
        messages = growing.consultation.messages
        rows = {key: row for key, (row, text) in given.items() if text}
        strange = [key for key, is_answer in understood.items() if not is_answer]
        messages += [Message("form_answer", Place(form.name, row=rows[key])) for key in strange]
        needless = words_of_answer(NOT_KNOWN).values()  # of a word under a heading that nobody knows either
        late = ", ".join(
            str(row) for key, row in rows.items() if key not in understood and given[key].text not in needless
        )
        messages += [Message("form_late", Place(form.name), {"rows": late})] if late else []
        n_taken = len(decided) + sum(bool(text) for text in growing.consultation.answers.values())
        left = growing.consultation.left if all(understood.values()) else None
        return done(home, home.deliveries(source)[-1], delivered, growing, left, n_taken)


def ask_again(home: Home, source: str, ask: Ask | None = None, *, lang: Lang = "nl") -> Added:
    """Ask what is open in a source that is there (`ask`), and put what stays open in its form, which is made where it is gone."""
    chosen(home, [source])
    with locks.held(home, "source", source):
        form = home.question_form(source)
        ready = answers_in(form, source) if files.exists(form) else {}
        growing, cards, delivered = reviewed(home, source, Consultation(ask, lang, ready=ready))
        _write(home, source, growing, cards)
        return done(home, home.deliveries(source)[-1], delivered, growing, growing.consultation.left)


def _write(home: Home, source: str, growing: GrowingCrosswalk, cards: Mapping[Path, OriginFile]) -> None:
    """Write what was answered, and ask what shows only when all of a source is there."""
    files.write_text(home.crosswalk(source), str(growing.file))
    for path, card in cards.items():
        files.write_text(path, str(card))
    ask_whether_meant(home, source, growing.consultation)
    ask_overlap(home, source, growing.consultation)


def reviewed(
    home: Home, source: str, consultation: Consultation
) -> tuple[GrowingCrosswalk, dict[Path, OriginFile], Delivered]:
    """Go through every delivery of a source once more, asking what is open; nothing is written."""
    deliveries = home.deliveries(source)
    growing = growing_crosswalk(home, source, dt.date.fromisoformat(deliveries[-1].name), consultation)
    delivered = delivered_sheets(home, source, consultation)
    recognised = {day: growing.add_sheets(sheets) for day, sheets in delivered.items()}
    cards = {folder / ORIGIN: OriginFile(files.read_toml_text(folder / ORIGIN)) for folder in deliveries}
    for path, card in cards.items():
        ask_card(growing, card, path.parent, recognised.get(path.parent.name, ()))
    growing.ask_across(delivered, labels=[*cards.values()][-1].document["regime"] == "case_study")
    return growing, cards, delivered
