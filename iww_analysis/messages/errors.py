"""Say what went wrong: a place, a finding and a next step, in Dutch and English, never the content of a cell."""

import platform
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from pathlib import PurePath
from types import MappingProxyType
from typing import Literal

from iww_analysis.messages import sentences

Lang = Literal["nl", "en"]


@dataclass(frozen=True)
class Place:
    """Where something was found: as much of figure, file, sheet, row and column as is known."""

    file: str | None = None
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    figure: str | None = None

    def say(self, lang: Lang) -> str:
        """Name the place in one phrase."""
        words = sentences.read("errors")["place"]
        known = {name: value for name, value in vars(self).items() if value not in (None, "")}
        return ", ".join(words[name][lang].format(value) for name, value in known.items())


@dataclass(frozen=True)
class Message:
    """One finding for a person. `code` names a sentence in `messages.toml`; `words` fill its gaps.

    `words` may hold headings, codes, counts and names of files: never the content of a cell that can be personal; and other
    messages, which become a list within the sentence; and texts by language.
    """

    code: str
    place: Place = field(default_factory=Place)
    words: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))

    def say(self, lang: Lang = "nl") -> str:
        """Give the whole sentence: place, finding, next step."""
        sentence, where = self._sentence(lang), self.place.say(lang)
        return f"{where}: {sentence}" if where else sentence[0].upper() + sentence[1:]

    def _sentence(self, lang: Lang) -> str:
        words = {name: _in_words(value, lang) for name, value in self.words.items()}
        return sentences.filled(sentences.read("errors")["message"][self.code][lang], **words)


def _in_words(value: object, lang: Lang) -> object:
    """What fills a gap of a sentence, in one language."""
    if isinstance(value, tuple):
        return "; ".join(each._sentence(lang).removesuffix(".") for each in value)
    return value[lang] if isinstance(value, Mapping) else value


class IwwError(Exception):
    """A failure that a person must act on; carries every message, not only the first."""

    def __init__(self, *messages: Message) -> None:
        self.messages = messages
        super().__init__(self.say("nl"))

    def say(self, lang: Lang = "nl") -> str:
        """Give all messages, one on a line."""
        return "\n".join(message.say(lang) for message in self.messages)


def fail(code: str, place: Place | None = None, **words: object) -> IwwError:
    """Make the error for one message."""
    return IwwError(Message(code, place or Place(), words))


UNFORESEEN = "unexpected"  # how the codes begin of what nobody foresaw


def unforeseen(error: BaseException, code: str = UNFORESEEN, place: Place | None = None, **words: object) -> Message:
    """A bug report of an error that nobody foresaw: what kind of error, where in the library, under which versions.

    The error's own words are left out, and so is a traceback: both can hold what a cell held.
    """
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if "iww_analysis" in frame.filename]
    where = " < ".join(f"{PurePath(frame.filename).name}:{frame.lineno}" for frame in reversed(frames[-3:]))
    made_with = f"iww {version('iww-analysis')}, pandas {version('pandas')}, Python {platform.python_version()}"
    facts = {"kind": type(error).__name__, "where": where or "–", "made_with": made_with}
    return Message(code, place or Place(), {**facts, **words})


@contextmanager
def during(code: str, place: Place, **words: object) -> Iterator[None]:
    """Make of an error that nobody foresaw a message with its place, which goes the way of every other.

    Steps stand within each other: what the inner one does not know of the place, the outer one fills in.
    """
    try:
        yield
    except IwwError as error:
        raise IwwError(*(_placed(message, place) for message in error.messages)) from error
    except Exception as error:
        raise IwwError(unforeseen(error, code, place, **words)) from error


def _placed(message: Message, place: Place) -> Message:
    """A message with the rest of its place; one of what was foreseen knows its own, but for the figure."""
    place = place if message.code.startswith(UNFORESEEN) else Place(figure=place.figure)
    known = {name: value for name, value in vars(message.place).items() if value is not None}
    return replace(message, place=replace(place, **known))
