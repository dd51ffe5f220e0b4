"""Know where a delivery comes from: who, when, what a case is there, under which disclosure regime."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from iww_analysis import vocabulary
from iww_analysis.errors import IwwError, Message, Place

FORMAT = "iww-origin/1"
Regime = Literal["register", "case_study"]


@dataclass(frozen=True)
class Origin:
    """The card of one delivery. `extraction_date`: open cases are censored there. `files`: name -> SHA-256."""

    source: str
    municipality: tuple[str, ...]
    study: str
    team: str
    delivered_by: str
    received: dt.date
    terms: str
    period: tuple[str, ...]
    extraction_date: dt.date
    case_is: Mapping[str, str]
    selection: Mapping[str, str]
    regime: Regime
    synthetic: bool
    files: Mapping[str, str]

    @property
    def givens(self) -> dict[str, str]:
        """Columns that hold for every row: the municipality when there is one, the team when it is named."""
        givens = {"municipality": self.municipality[0]} if len(self.municipality) == 1 else {}
        return givens | ({"team": self.team} if self.team else {})


def parse(card: Mapping[str, Any], source: str) -> Origin:
    """Make an origin of a read card; raises IwwError with every fault in it at once."""
    place = Place(f"{source}/origin.toml")
    faults = [Message("origin_field", place, {"field": name}) for name in _NEEDED if card.get(name) in (None, "", "?")]
    if card.get("regime") not in ("register", "case_study"):
        faults.append(Message("origin_regime", place))
    codes = card.get("municipality", [])
    known = vocabulary.read("municipality")
    faults += [Message("origin_municipality", place, {"found": code}) for code in codes if code not in known]
    if faults:
        raise IwwError(*faults)
    return Origin(
        source=card["source"], municipality=tuple(codes), study=card.get("study", ""), team=card.get("team", ""),
        delivered_by=card.get("delivered_by", ""), received=card["received"], terms=card.get("terms", ""),
        period=tuple(str(day) for day in card.get("period", ())), extraction_date=card["extraction_date"],
        case_is=card.get("case_is", {}), selection=card.get("selection", {}), regime=card["regime"],
        synthetic=bool(card.get("synthetic", False)), files=card["files"],
    )  # fmt: skip


_NEEDED = ("source", "received", "extraction_date", "regime", "files")
