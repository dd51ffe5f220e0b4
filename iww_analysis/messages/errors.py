"""Say what went wrong: a place, a finding and a next step, in Dutch and English, never the content of a cell."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from iww_analysis.messages import sentences

Lang = Literal["nl", "en"]


@dataclass(frozen=True)
class Place:
    """Where something was found: as much of file, sheet, row and column as is known."""

    file: str | None = None
    sheet: str | None = None
    row: int | None = None
    column: str | None = None

    def say(self, lang: Lang) -> str:
        """Name the place in one phrase."""
        words = sentences.read("errors")["place"]
        known = {name: value for name, value in vars(self).items() if value not in (None, "")}
        return ", ".join(words[name][lang].format(value) for name, value in known.items())


@dataclass(frozen=True)
class Message:
    """One finding for a person. `code` names a sentence in `messages.toml`; `words` fill its gaps.

    `words` may hold headings, codes, counts and names of files: never the content of a cell that can be personal.
    """

    code: str
    place: Place = field(default_factory=Place)
    words: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))

    def say(self, lang: Lang = "nl") -> str:
        """Give the whole sentence: place, finding, next step."""
        sentence = sentences.read("errors")["message"][self.code][lang].format(**self.words)
        where = self.place.say(lang)
        return f"{where}: {sentence}" if where else sentence[0].upper() + sentence[1:]


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
