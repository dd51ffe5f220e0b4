"""Know where a delivery comes from: who, when, what a case is there, under which disclosure regime."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from iww_analysis import vocabulary
from iww_analysis.crosswalk.crosswalk import NOT_KNOWN, OPEN, UNANSWERED
from iww_analysis.messages.errors import IwwError, Message, Place

FORMAT = "iww-origin/1"
Regime = Literal["register", "case_study"]
OVERLAP = ("same_number", "same_day_and_birth", "other_cases")


@dataclass(frozen=True)
class Origin:
    """The card of one delivery. `extraction_date`: open cases are censored there. `files`: name -> SHA-256.

    `extraction_dates`: file -> its own day, where that is not the one of the delivery.
    `consent`: of material that does not say it per person: whether `everyone` agreed, and `according_to` whom.
    `replaces`: a person said that it is meant to replace most of what an earlier delivery says. `overlap`: other source ->
    one of OVERLAP, what a person says of cases that seem to stand in both.
    """

    source: str
    municipality: tuple[str, ...]
    study: str
    team: str
    delivered_by: str
    received: dt.date
    terms: str
    period: tuple[dt.date, ...]
    extraction_date: dt.date
    case_is: Mapping[str, str]
    selection: Mapping[str, str]
    regime: Regime
    synthetic: bool
    files: Mapping[str, str]
    consent: Mapping[str, str] = field(default_factory=dict)
    replaces: bool = False
    overlap: Mapping[str, str] = field(default_factory=dict)
    extraction_dates: Mapping[str, dt.date] = field(default_factory=dict)

    def extracted(self, file: str) -> dt.date:
        """The day until which a file of the delivery knows."""
        return self.extraction_dates.get(file, self.extraction_date)

    @property
    def everyone_agreed(self) -> str:
        """What the card says of everyone: "yes" where somebody stands for it, "no", or "" where that is not answered."""
        everyone, by = (self.consent.get(name, OPEN) for name in ("everyone", "according_to"))
        return "" if everyone in UNANSWERED or (everyone == "yes" and by in (*UNANSWERED, "")) else everyone

    @property
    def givens(self) -> dict[str, str]:
        """Columns that hold for every row: the municipality when there is one, the team when it is named."""
        givens = {"municipality": self.municipality[0]} if len(self.municipality) == 1 else {}
        return givens | ({"team": self.team} if self.team else {})


def parse(card: Mapping[str, Any], source: str) -> Origin:
    """Make an origin of a read card; raises IwwError with every fault in it at once."""
    place = Place(f"{source}/origin.toml")
    days = {name: _days(card.get(name)) for name in ("received", "extraction_date", "period")}
    codes = card.get("municipality", [])
    faults = [Message("origin_field", place, {"field": name}) for name in _NEEDED if card.get(name) in (None, "", "?")]
    of_files = {file: _days(day) for file, day in card.get("extraction_dates", {}).items()}
    days |= {f"extraction_dates.{file}": read or [None] for file, read in of_files.items()}
    faults += [Message("origin_day", place, {"field": name}) for name, read in days.items() if None in read]
    if card.get("regime") not in ("register", "case_study"):
        faults.append(Message("origin_regime", place))
    if not isinstance(card.get("synthetic", False), bool):
        faults.append(Message("origin_synthetic", place))
    known = vocabulary.read("municipality")
    faults += [Message("origin_municipality", place, {"found": code}) for code in codes if code not in known]
    overlap = card.get("overlap", {})
    faults += [
        Message("origin_overlap", place, {"other": other})
        for other, said in overlap.items()
        if said not in (*OVERLAP, *UNANSWERED)
    ]
    if faults:
        raise IwwError(*faults)
    known_days = {name: [day for day in read if day] for name, read in days.items()}
    return Origin(
        source=card["source"],
        municipality=tuple(codes),
        study="" if card.get("study") in UNANSWERED else card.get("study", ""),  # which stops nothing
        team="" if card.get("team") in UNANSWERED else card.get("team", ""),
        delivered_by=_said(card.get("delivered_by", "")),
        received=known_days["received"][0],
        terms=_said(card.get("terms", "")),
        period=tuple(known_days["period"]),
        extraction_date=known_days["extraction_date"][0],
        case_is=_in_words(card.get("case_is", {})),
        selection=_in_words(card.get("selection", {})),
        regime=card["regime"],
        synthetic=card.get("synthetic", False),
        files=card["files"],
        consent=card.get("consent", {}),
        replaces=card.get("replaces") is True,
        overlap={other: said for other, said in overlap.items() if said not in UNANSWERED},
        extraction_dates={file: day for file, read in of_files.items() for day in read if day},
    )


def parse_so_far(card: Mapping[str, Any], source: str) -> Origin:
    """Make an origin of a card that people have not finished: what is open is left out.

    Until the extraction date is said, a delivery is taken to know up to the day on which it was received.
    """
    said = {name: value for name, value in card.items() if value not in (*UNANSWERED, [OPEN])}
    of_files = {file: day for file, day in card.get("extraction_dates", {}).items() if day not in UNANSWERED}
    return parse({"extraction_date": card.get("received"), **said, "extraction_dates": of_files}, source)


def is_invented(cards: Mapping[str, Mapping[str, Any]]) -> bool:
    """Whether a source is invented, by its cards (place -> card); raises IwwError where they do not all say the same."""
    says = {place: card.get("synthetic", False) for place, card in cards.items()}
    if unclear := [
        Message("origin_synthetic", Place(place)) for place, said in says.items() if not isinstance(said, bool)
    ]:
        raise IwwError(*unclear)
    if {*says.values()} == {True, False}:
        raise IwwError(*(Message("origin_synthetic_mixed", Place(place)) for place, said in says.items() if said))
    return all(says.values())


def _said(text: str) -> str:
    return "" if text == NOT_KNOWN else text


def _in_words(texts: Mapping[str, str]) -> Mapping[str, str]:
    """What a card says in each language; that nobody knows it is said."""
    unknown = vocabulary.read("missing")["unknown"]
    return {
        lang: {"nl": unknown.nl, "en": unknown.en}[lang] if text == NOT_KNOWN else text for lang, text in texts.items()
    }


_NEEDED = ("source", "received", "extraction_date", "regime", "files")


def _days(value: object) -> list[dt.date | None]:
    """Read a day or a list of days, as TOML days or as text; None where one cannot be read."""
    if isinstance(value, list):
        return [day for item in value for day in _days(item)]
    if isinstance(value, dt.date) or value in (None, "", "?"):
        return [value] if isinstance(value, dt.date) else []
    try:
        return [dt.date.fromisoformat(str(value))]
    except ValueError:
        return [None]
