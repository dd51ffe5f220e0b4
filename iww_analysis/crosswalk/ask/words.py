"""Ask what the unknown words of code columns mean, and write them into the crosswalk."""

from collections.abc import Sequence
from dataclasses import replace

from iww_analysis import vocabulary
from iww_analysis.crosswalk.ask.open_question import Choice, Consultation, OpenQuestion, key, of_list
from iww_analysis.crosswalk.crosswalk import OPEN, Crosswalk, HeadingTargets
from iww_analysis.crosswalk.propose.recognise import RecognisedSheet
from iww_analysis.crosswalk.propose.unknown_words import WordProposal, propose_words
from iww_analysis.crosswalk.write import CrosswalkFile, TomlLine, comment


def drop_words(
    sheet: RecognisedSheet, answered: HeadingTargets, file: CrosswalkFile, consultation: Consultation
) -> None:
    """Take away questions that stood there because a heading looked like codes; what it does hold is asked anew."""
    for heading, targets in answered.items():
        for word in propose_words(sheet.columns[heading].texts, heading, targets, {}, ()):
            if _key(word) not in consultation.questions:
                file.drop_word(word.list, word.word)


def add_words(
    sheet: RecognisedSheet,
    columns: HeadingTargets,
    file: CrosswalkFile,
    others: Sequence[Crosswalk],
    consultation: Consultation,
) -> None:
    """Write every word of a code column that neither the vocabulary nor the crosswalk knows, if it may be shown."""
    profiles = {vocabulary.key(heading): profile for heading, profile in reversed(list(sheet.columns.items()))}
    for heading, targets in columns.items():
        codes = file.document.get("codes", {})
        answered = {
            name: {vocabulary.key(word): code for word, code in lines.items() if code != OPEN}
            for name, lines in codes.items()
        }
        profile = profiles.get(vocabulary.key(heading))
        for word in propose_words(profile.texts, heading, targets, answered, others) if profile else ():
            if word.word:
                open_before = vocabulary.key(word.word) in map(vocabulary.key, codes.get(word.list, {}))
                _add_word(sheet, word, file, consultation, open_before=open_before)
            else:
                consultation.say("code_hidden", sheet, word.heading, n=word.n)
                consultation.note(sheet, word.heading, OPEN, 0, word.reason)


def _add_word(
    sheet: RecognisedSheet, word: WordProposal, file: CrosswalkFile, consultation: Consultation, *, open_before: bool
) -> None:
    asked_already = _key(word) in consultation.questions
    sure = "" if open_before else word.code
    code = sure or _answered(sheet, word, consultation)
    if asked_already and not code:  # the same word in another column: one question
        return
    likeness = comment("looks_like", candidates=f"{word.nearest} ({word.confidence} %)") if word.nearest else ""
    beside = f"{word.confidence} %: {word.reason.say('nl')}" if sure else likeness if not code else ""
    file.add_words(word.list, [TomlLine(word.word, code or OPEN, beside)])
    meaning = code or word.nearest
    label = ("" if code else f"{OPEN} ") + word.list + (f" = {meaning}" if meaning else "")
    consultation.note(sheet, word.heading, label, word.confidence, word.reason, word.word)


def _answered(sheet: RecognisedSheet, word: WordProposal, consultation: Consultation) -> str:
    return consultation.answer(OpenQuestion(
        "ask_code", sheet.place(word.heading), {"found": word.word, "n": word.n, "list": word.list},
        _choices(word, word.reason.say(consultation.lang)), free=word.list, key=_key(word), n=word.n, of=sheet.n_rows,
    ))  # fmt: skip


def _key(word: WordProposal) -> str:
    return key("word", word.list, vocabulary.key(word.word))


def _choices(word: WordProposal, why: str) -> tuple[Choice, ...]:
    """What a word can stand for: the codes of its list, the nearest one as the guess, and the reasons for a missing value."""
    likely = word.nearest or word.code
    codes = [replace(c, confidence=word.confidence, why=why) if c.value == likely else c for c in of_list(word.list)]
    known = set(vocabulary.read(word.list).lookup)
    missing = [choice for choice in of_list("missing") if not {choice.value, vocabulary.key(choice.nl)} & known]
    return (*codes, *missing)
