"""Read what people say of a report that is to leave: who made and who checked it, why, and that no reason of refusal holds."""

import datetime as dt
import tomllib
from collections.abc import Iterator, Mapping
from importlib.resources import files
from typing import Any, get_args

from iww_analysis import vocabulary
from iww_analysis.messages.errors import Lang, Message, Place

_DECLARED: Mapping[str, Any] = tomllib.loads(files(__package__).joinpath("asked.toml").read_text(encoding="utf-8"))
ASKED: Mapping[str, Mapping[str, Any]] = _DECLARED["release"]
ASKED_OF_WITHDRAWAL: Mapping[str, Mapping[str, Any]] = _DECLARED["withdrawal"]
WITHDRAWAL = ("withdrawn_by", "why", "date")  # what is asked of one
NO = ("no", "nee", "false")
REFUSALS = "refusals"  # the table of the five reasons, each answered with "no": it does not hold
Said = Mapping[str, Any]


def asked(*, case_study: bool) -> list[str]:
    """The names of what is asked, in order."""
    return [name for name, about in ASKED.items() if case_study or not about.get("case_study")]


def reasons() -> tuple[str, ...]:
    """The five reasons of refusal, by their codes."""
    return tuple(value.code for value in vocabulary.read("release_refusal").values)


def absent(said: Said, *, case_study: bool) -> list[str]:
    """What of all that is asked is not said yet; a reason of refusal as `refusals.CODE`."""
    given = {name for name, value in said.items() if str(value).strip()}
    of_reasons = [f"{REFUSALS}.{code}" for code in reasons() if not str(_refusals(said).get(code, "")).strip()]
    return [name for name in asked(case_study=case_study) if name not in given] + of_reasons


def day(said: Said, name: str) -> dt.date | None:
    """A day that was said, as TOML has it or as text; None where it is none."""
    value = said.get(name)
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value
    try:
        return dt.date.fromisoformat(str(value).strip())
    except ValueError:
        return None


def faults(said: Said, place: Place, *, case_study: bool) -> Iterator[Message]:
    """Each thing that is not said, or not as it should be. `place`: where it was said."""
    yield from (_not_said(name, place) for name in absent(said, case_study=case_study))
    unknown = sorted(({*said} - {*ASKED, REFUSALS}) | ({*_refusals(said)} - {*reasons()}))
    if unknown:
        known = ", ".join([*asked(case_study=case_study), *(f"{REFUSALS}.{code}" for code in reasons())])
        yield Message("release_field_unknown", place, {"fields": ", ".join(unknown), "known": known})
    days = [name for name in asked(case_study=case_study) if ASKED[name].get("day") and said.get(name)]
    yield from (Message("release_date", place, {"field": name}) for name in days if day(said, name) is None)
    made, checked = (vocabulary.fold(str(said.get(name, ""))) for name in ("made_by", "checked_by"))
    if made and made == checked:
        yield Message("release_same_person", place)
    for code, answer in _refusals(said).items():
        if code in reasons() and str(answer).strip() and vocabulary.fold(str(answer)) not in NO:
            yield Message("release_reason_holds", place, _reason(code))


def _not_said(name: str, place: Place) -> Message:
    if name.startswith("quotes_"):
        return Message("release_quotes_open", place, {"field": name})
    if name.startswith(REFUSALS):
        return Message("release_reason_open", place, _reason(name.partition(".")[2]))
    return Message("release_field_absent", place, {"field": name, "what": _what(name)})


def of_withdrawal(said: Said, place: Place) -> Iterator[Message]:
    """Each thing that a withdrawal lacks."""
    for name in (name for name in WITHDRAWAL if not str(said.get(name, "")).strip()):
        yield Message("release_field_absent", place, {"field": name, "what": _what(name)})
    if said.get("date") and day(said, "date") is None:
        yield Message("release_date", place, {"field": "date"})


def question(name: str, lang: Lang) -> str:
    """What a person is asked."""
    if name.startswith(REFUSALS):
        value = vocabulary.read("release_refusal").label(name.partition(".")[2], lang)
        return str(ASKED_OF_WITHDRAWAL["refusals"][lang]).format(what=value)
    return _what(name)[lang]


def with_answers(said: Said, answers: Mapping[str, str]) -> Said:
    """Put what was answered to what was said."""
    reasons_ = {name.partition(".")[2]: text for name, text in answers.items() if name.startswith(REFUSALS)}
    rest = {name: text for name, text in answers.items() if not name.startswith(REFUSALS)}
    return {**said, **rest, REFUSALS: {**_refusals(said), **reasons_}} if answers else said


def _refusals(said: Said) -> Mapping[str, Any]:
    given = said.get(REFUSALS, {})
    return given if isinstance(given, Mapping) else {}


def _reason(code: str) -> dict[str, object]:
    words = vocabulary.read("release_refusal")
    return {"code": code, "what": {"nl": words.label(code, "nl"), "en": words.label(code, "en")}}


def _what(name: str) -> dict[Lang, str]:
    about = {**ASKED_OF_WITHDRAWAL, **ASKED}[name]
    return {lang: str(about[lang]) for lang in get_args(Lang)}
