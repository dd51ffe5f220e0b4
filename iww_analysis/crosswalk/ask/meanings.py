"""Ask what a heading, and the unknown words under it, mean, where their words and values do not make it sure."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import replace

from iww_analysis import vocabulary
from iww_analysis.crosswalk.ask import open_question
from iww_analysis.crosswalk.ask.families import family_meanings, heading_key
from iww_analysis.crosswalk.ask.open_question import CERTAIN, NOT_READ, Choice, Consultation, OpenQuestion, of_list
from iww_analysis.crosswalk.crosswalk import NOT_KNOWN, OPEN, Crosswalk, HeadingTargets, SheetCrosswalk, Target, under
from iww_analysis.crosswalk.parse import targets
from iww_analysis.crosswalk.propose.column_profile import ENOUGH, ColumnProfile, words_of
from iww_analysis.crosswalk.propose.headings.by_shape import is_counter
from iww_analysis.crosswalk.propose.proposal import (
    BY_VALUES,
    Candidate,
    HeadingProposal,
    Reason,
    ignored,
    not_read_because,
)
from iww_analysis.crosswalk.propose.recognise import RecognisedSheet
from iww_analysis.crosswalk.propose.unknown_words import WordProposal, propose_codes, propose_words, root_of, shown
from iww_analysis.crosswalk.toml_tables import TomlLine, comment
from iww_analysis.crosswalk.write import CrosswalkFile
from iww_analysis.messages import sentences
from iww_analysis.messages.errors import Lang, Message
from iww_analysis.tables import TABLES
from iww_analysis.tables.cells import cell_readers


def choose_meanings(
    sheet: RecognisedSheet, known_open: Container[str], consultation: Consultation
) -> dict[str, Candidate | None]:
    """What every new heading means, None for an open question: first what a person says, whose answer takes the field.

    `known_open`: the folded headings that stand in the crosswalk as a question already.
    """
    asked_before = {p.heading: vocabulary.key(p.heading) in known_open for p in sheet.proposals}
    chosen = family_meanings(sheet, [heading for heading, before in asked_before.items() if before], consultation)
    alone = [proposal for proposal in sheet.proposals if proposal.heading not in chosen]
    for proposal in sorted(alone, key=lambda p: bool(p.sure) and not asked_before[p.heading]):
        left = _without(proposal, answered_fields(sheet, chosen))
        before = asked_before[proposal.heading]
        chosen[proposal.heading] = choose_meaning(sheet, left, consultation, asked_before=before)
    return {p.heading: chosen[p.heading] for p in sheet.proposals}


def answered_fields(sheet: RecognisedSheet, chosen: Mapping[str, Candidate | None]) -> set[Target]:
    """The fields of a row's own record that a person has now said a heading for: a row has one value of each."""
    answered = [best for best in chosen.values() if best and best.reason.name == "asked"]
    return {slot for best in answered for slot in best.slots if slot.table == sheet.anchor}


def lost_headings(
    sheet: RecognisedSheet, entry: SheetCrosswalk | None, chosen: Mapping[str, Candidate | None]
) -> dict[str, ColumnProfile]:
    """The headings of the crosswalk whose field another heading of this sheet has by a person's answer now."""
    here = {vocabulary.key(heading): profile for heading, profile in sheet.columns.items()}
    others = {key: {h: best for h, best in chosen.items() if vocabulary.key(h) != key} for key in here}
    return {
        heading: here[key]
        for heading, filled in (entry.columns if entry else {}).items()
        if (key := vocabulary.key(heading)) in here
        and answered_fields(sheet, others[key]) & {replace(target, split="") for target in filled}
    }


def _without(proposal: HeadingProposal, taken: set[Target]) -> HeadingProposal:
    """A proposal without what a person's answer took from it; what counts the rows is a line number then."""
    if not (proposal.sure and taken & {*proposal.sure.slots}):
        return proposal
    if is_counter(proposal.heading, proposal.profile):
        return replace(proposal, candidates=(ignored("line_number", BY_VALUES),))
    left = [tuple(c for c in those if not taken & {*c.slots}) for those in (proposal.candidates, proposal.possible)]
    return replace(proposal, candidates=left[0], possible=left[1])


def choose_meaning(
    sheet: RecognisedSheet, proposal: HeadingProposal, consultation: Consultation, *, asked_before: bool
) -> Candidate | None:
    """The candidate that is sure, or that a person chose; None leaves the heading an open question.

    `asked_before`: it stands in the crosswalk as a question already, which is never answered without a person.
    """
    sure = None if asked_before else proposal.sure
    chosen = sure or _asked_meaning(sheet, proposal, consultation)
    label = chosen.label if chosen else f"{OPEN} {proposal.best.label}"
    likeliest = chosen or proposal.best
    consultation.note(sheet, proposal.heading, label, likeliest.confidence, likeliest.reason)
    return chosen


def _asked_meaning(sheet: RecognisedSheet, proposal: HeadingProposal, consultation: Consultation) -> Candidate | None:
    lang = consultation.lang
    fields = [c for c in (*proposal.candidates, *proposal.possible) if c.targets]
    ignore = next((c for c in proposal.candidates if c.ignore), None)
    unread = open_question.not_read(ignore.confidence, ignore.reason.say(lang)) if ignore else open_question.not_read()
    choices = sorted((*(_choice(c, lang) for c in fields), unread), key=lambda choice: -choice.confidence)
    answer = consultation.answer(OpenQuestion(
        "ask_heading", sheet.place(proposal.heading), choices=tuple(choices), free="field",
        key=heading_key(sheet, proposal.heading),
        n=len(proposal.profile.filled), of=len(proposal.profile.texts), examples=examples(proposal, lang),
    ))  # fmt: skip
    if answer == NOT_KNOWN:
        return Candidate((), CERTAIN, Reason(NOT_KNOWN))
    if answer == NOT_READ:
        return Candidate((), CERTAIN, Reason("asked"), not_read_because("asked"))
    typed = tuple(t for t in targets(answer) if t.table in TABLES and t.column in TABLES[t.table])
    filled = next((c.targets for c in fields if c.label == answer), typed)
    return Candidate(filled, CERTAIN, Reason("asked")) if filled else None


def _choice(candidate: Candidate, lang: Lang) -> Choice:
    """The answer that a heading fills the fields of a candidate."""
    target, *_ = candidate.targets
    nl = f"{TABLES[target.table].nl}: {target.statement.nl}{constants_in_words(target, 'nl')}"
    en = f"{target.table}: {target.column}{constants_in_words(target, 'en')}".replace("_", " ")
    return Choice(candidate.label, nl, en, candidate.confidence, candidate.reason.say(lang))


def constants_in_words(target: Target, lang: Lang) -> str:
    """What tells the record of a target apart from others, behind its name: " (Wonen, begin)"."""
    columns = [(TABLES[target.table][name].vocabulary, value) for name, value in target.constants]
    columns.sort(key=lambda each: not each[0])  # "kind, 2": what a list says first
    labels = [vocabulary.read(name).label(value, lang) if name else value for name, value in columns]
    return f" ({', '.join(labels)})" if labels else ""


def examples(proposal: HeadingProposal, lang: Lang) -> str:
    """What stands under a heading, as far as nobody can be meant by it: words of a column of codes, else of what kind."""
    profile = proposal.profile
    names = {target.statement.vocabulary for c in proposal.candidates for target in c.targets[:1]}
    known = [profile.known(words_of(name)) for name in sorted(filter(None, names))]
    split, share, _ = max(known, key=lambda each: each[1], default=("", 0.0, 0))
    if share >= ENOUGH:
        words = dict.fromkeys(piece for text in profile.distinct for piece in cell_readers.pieces(text, split, {}))
        return "; ".join(word for word, may in zip(words, shown(words), strict=True) if may)
    kind = "days" if profile.days >= ENOUGH else "numbers" if profile.numbers >= ENOUGH else "texts"
    return str(sentences.read("proposals")["under"][kind][lang]) if profile.distinct else ""


def drop_words(
    sheet: RecognisedSheet, answered: HeadingTargets, file: CrosswalkFile, consultation: Consultation
) -> None:
    """Take away questions that stood there because a heading looked like codes; what it does hold is asked anew."""
    for heading, filled in answered.items():
        for word in _words(sheet.columns[heading], heading, filled, {}, ()):
            if _key(word) not in consultation.questions:
                for key in word.keys:
                    file.drop_word(word.list, key)


def add_words(
    sheet: RecognisedSheet, columns: HeadingTargets, file: CrosswalkFile, others: Sequence[Crosswalk],
    consultation: Consultation,
) -> None:  # fmt: skip
    """Write every word of a code column that neither the vocabulary nor the crosswalk knows, if it may be shown."""
    profiles = {vocabulary.key(heading): profile for heading, profile in reversed(list(sheet.columns.items()))}
    for heading, filled in columns.items():
        lists = file.document.get("codes", {})
        known = {name: {vocabulary.key(word): code for word, code in lines.items()} for name, lines in lists.items()}
        answered = {name: {word: code for word, code in codes.items() if code != OPEN} for name, codes in known.items()}
        profile = profiles.get(vocabulary.key(heading))
        for word in _words(profile, heading, filled, answered, others) if profile else ():
            said = answered.get(word.list, {}).get(vocabulary.key(word.keys[0])) if word.meaning else None
            if said:
                if word.code and said != word.code:
                    words = {"found": word.word, "list": word.list, "code": said}
                    consultation.notes.append(Message("legend_other", sheet.place(heading), words))
            elif word.word:
                _add_word(sheet, word, file, consultation, {*known.get(word.list, {})})
            else:
                consultation.say("code_hidden", sheet, word.heading, n=word.n)
                consultation.note(sheet, word.heading, OPEN, 0, word.reason)


def _words(
    profile: ColumnProfile, heading: str, filled: Sequence[Target], known: Mapping[str, Mapping[str, str]],
    others: Sequence[Crosswalk],
) -> list[WordProposal]:  # fmt: skip
    """The words of a column that are not known yet: where a legend says what its codes mean, by that."""
    if profile.legend:
        return propose_codes(profile, heading, filled, known, others)
    return propose_words(profile.texts, heading, filled, known, others)


def _add_word(
    sheet: RecognisedSheet,
    word: WordProposal,
    file: CrosswalkFile,
    consultation: Consultation,
    open_before: Container[str],
) -> None:
    """Write what a word stands for, in each of its spellings; `open_before`: the folded words that are a question already."""
    asked_already = _key(word) in consultation.questions
    sure = "" if any(vocabulary.key(key) in open_before for key in word.keys) else word.code
    code = sure or _asked_code(sheet, word, consultation)
    keys = [key for key in word.keys if code or not (asked_already and vocabulary.key(key) in open_before)]
    if not keys:  # the same word in another column: one question
        return
    likeness = comment("looks_like", candidates=f"{word.nearest} ({word.confidence} %)") if word.nearest else ""
    beside = f"{word.confidence} %: {word.reason.say('nl')}" if sure else likeness if not code else ""
    beside = comment("legend", meaning=word.meaning) if word.meaning else beside
    file.add_words(word.list, [TomlLine(key, code or OPEN, beside) for key in keys])
    meaning = code or word.nearest
    label = ("" if code else f"{OPEN} ") + word.list + (f" = {meaning}" if meaning else "")
    how_sure = (CERTAIN, Reason("asked")) if code and not sure else (word.confidence, word.reason)
    consultation.note(sheet, word.heading, label, *how_sure, word.word)


def _asked_code(sheet: RecognisedSheet, word: WordProposal, consultation: Consultation) -> str:
    """What a person says a word stands for: a code of its list, of which the nearest is the guess, or why there is none."""
    likely, why = word.nearest or word.code, word.reason.say(consultation.lang)
    codes = [replace(c, confidence=word.confidence, why=why) if c.value == likely else c for c in of_list(word.list)]
    known = set(vocabulary.read(word.list).lookup)
    missing = [choice for choice in of_list("missing") if not {choice.value, vocabulary.key(choice.nl)} & known]
    found = {under(word.word, word.meaning): word.n} if word.meaning else dict(word.spellings)  # "3 = Traject afgerond"
    return consultation.answer(OpenQuestion(
        "ask_code", sheet.place(word.heading), {"list": word.list}, (*codes, *missing),
        free=word.list, key=_key(word), n=word.n, of=sheet.n_rows, spellings=found,
    ))  # fmt: skip


def _key(word: WordProposal) -> str:
    if word.meaning:
        return open_question.key("word", word.list, vocabulary.key(word.heading), vocabulary.key(word.word))
    return open_question.key("word", word.list, root_of(word.word))
