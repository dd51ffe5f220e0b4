"""Write values the way people fill in registrations; everything here can be read back by crosswalk and vocabulary."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from iww_synthetic.cases.truth import Person
from iww_synthetic.chance import Chance
from iww_synthetic.files.sheet import Cell
from iww_synthetic.settings import Words

NBSP = "\u00a0"
FOREVER = dt.date(9999, 12, 31)
MONTHS = ("januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober",
          "november", "december")  # fmt: skip
SHORT = ("jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
WEEKDAYS = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")


def _slash_short(day: dt.date) -> str:
    return f"{day.day:02}/{day.month:02}/{day.year % 100:02}"


DATE_STYLES: Mapping[str, Callable[[dt.date], str]] = {
    "text": lambda day: f"{day.day}-{day.month}-{day.year}",
    "padded": lambda day: f"{day.day:02}-{day.month:02}-{day.year}",
    "month": lambda day: f"{day.day} {MONTHS[day.month - 1]} {day.year}",
    "month_short": lambda day: f"{day.day} {SHORT[day.month - 1]} {day.year}",
    "weekday": lambda day: f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]} {day.year}",
    "slash": lambda day: f"{day.day:02}/{day.month:02}/{day.year}",
    "slash_short": _slash_short,
    "iso": lambda day: day.isoformat(),
    "iso_midnight": lambda day: f"{day.isoformat()} 00:00:00",
}


@dataclass
class Pen:
    """How one source writes. `dates`: style -> weight, where the style "cell" is a real date cell of Excel."""

    chance: Chance
    words: Words
    dates: Mapping[str, float]
    noise: float = 0.08

    def word(self, vocabulary: str, code: str) -> str:
        """Write a code in one of the source's own words."""
        if code in self.words["missing"]:
            return self.missing(code)
        return self.scribble(self.chance.pick(self.words[vocabulary][code]))

    def many(self, vocabulary: str, codes: Sequence[str], separators: Sequence[str]) -> str:
        """Write several codes in one cell, the separators mixed."""
        text = ""
        for code in codes:
            text += (self.chance.pick(separators) if text else "") + self.word(vocabulary, code)
        return text

    def missing(self, code: str) -> str:
        """Write why there is no value."""
        return self.chance.pick(self.words["missing"][code])

    def day(self, day: dt.date | None, missing: str = "empty") -> Cell:
        """Write a day, in one of the styles; or why there is none."""
        if day is None:
            return self.missing(missing)
        style = self.chance.weighted(self.dates)
        return day if style == "cell" else DATE_STYLES[style](day)

    def month_day(self, day: dt.date) -> str:
        """Write a day with the name of its month."""
        return DATE_STYLES["month"](day)

    def birth(self, person: Person) -> Cell:
        """Write a day of birth."""
        return self.missing(person.birth_missing) if person.birth is None else self._four_digits(person.birth)

    def _four_digits(self, day: dt.date) -> Cell:
        """Write a day without a year of two digits, which could be meant in two centuries."""
        style = self.chance.weighted(self.dates)
        return day if style == "cell" else DATE_STYLES[style.removesuffix("_short")](day)

    def closing_day(self, day: dt.date | None) -> Cell:
        """Write the day of closure; an open case is open until the end of time in some systems."""
        if day is None:
            return self._four_digits(FOREVER) if self.chance.yes(0.5) else ""
        return self.day(day)

    def scribble(self, text: str) -> str:
        """Write a text carelessly once in a while: capitals, double or non-breaking or trailing spaces."""
        if not self.chance.yes(self.noise):
            return text
        match self.chance.between(1, 5):
            case 1:
                return text.upper()
            case 2:
                return text.lower()
            case 3:
                return text.replace(" ", "  ", 1)
            case 4:
                return text.replace(" ", NBSP, 1)
            case _:
                return text + " "
