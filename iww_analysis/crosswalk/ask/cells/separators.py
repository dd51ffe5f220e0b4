"""Ask whether a sign in cells of names separates several, or stands in a name, where nothing proves it."""

from collections.abc import Iterator

from iww_analysis.crosswalk.ask.open_question import Choice, Consultation, OpenQuestion, in_words, key
from iww_analysis.crosswalk.crosswalk import NO, OPEN, HeadingTargets
from iww_analysis.crosswalk.propose.column_profile import ColumnProfile
from iww_analysis.crosswalk.propose.recognise import RecognisedSheet
from iww_analysis.crosswalk.propose.unknown_words import shown
from iww_analysis.crosswalk.toml_tables import TomlLine, comment
from iww_analysis.messages import sentences

N_SHOWN = 3  # cells that are shown as examples


def separators(sheet: RecognisedSheet, columns: HeadingTargets, consultation: Consultation) -> Iterator[TomlLine]:
    """Give the lines of the headings of names whose cells may hold several: the signs that a person says separate them."""
    known = sheet.crosswalk.separators if sheet.crosswalk else {}
    for heading, targets in columns.items():
        profile, of_names = sheet.columns.get(heading), any(t.split and not t.statement.vocabulary for t in targets)
        if not (profile and of_names and profile.doubted) or known.get(heading, OPEN) != OPEN:
            continue
        n, of = profile.n_with(profile.doubted), len(profile.texts)
        answer = consultation.answer(OpenQuestion(
            "ask_separators", sheet.place(heading), {"n": n, "of": of, "signs": _named(profile.doubted)},
            _choices(profile), key=key("separators", *sheet.pattern, heading), n=n, of=of, examples=_examples(profile),
        ))  # fmt: skip
        yield TomlLine(
            heading, answer or OPEN, "" if answer else comment("separators", n=n, signs=_named(profile.doubted))
        )


def _choices(profile: ColumnProfile) -> tuple[Choice, ...]:
    """Every sign together, each of them alone, and none."""
    answers = sentences.read("proposals")["answer"]["separators"]
    ways = dict.fromkeys((profile.doubted, *profile.doubted))
    several = [in_words(signs, answers["several"], n=profile.n_with(signs), signs=_named(signs)) for signs in ways]
    return (*several, Choice(NO, **answers["one"]))


def _examples(profile: ColumnProfile) -> str:
    """A few cells that hold such a sign, of those that cannot point out a person."""
    texts = [text for text in profile.distinct if any(sign in text for sign in profile.doubted)]
    return "; ".join([text for text, may in zip(texts, shown(texts), strict=True) if may][:N_SHOWN])


def _named(signs: str) -> str:
    return " ".join(f"‘{sign}’" for sign in signs)
