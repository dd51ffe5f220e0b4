"""Hold the receipts of a figure against the recount: SQL, account, totals, marks, rows, and what the rule makes of them."""

import hmac
import re
import struct
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from iww_analysis.messages.errors import Message, Place
from iww_analysis.verify.outcome import Check
from iww_analysis.verify.recount import rule as rules
from iww_analysis.verify.recount.formulas import Extra
from iww_analysis.verify.recount.recount import Counted, Keys, Places, Values

CHECKS = ("sql", "account", "recount", "row_sets", "formulas", "protection")
_NEAR = 1.1e-6  # receipts hold six decimals
_TOLD = re.compile(r"[\w.,+-]{0,40}")  # numbers and codes; what people wrote is not repeated in a message


@dataclass(frozen=True)
class Expected:
    """What the receipts of a figure must hold: its questions as recounted, what goes beyond counting, and its rule."""

    figure: str
    rule: str
    parts: Mapping[str, Counted]
    extra: Extra
    rests_on: str = ""  # the count under a share, where it is not what the question counts

    def raw(self, part: str, keys: Keys) -> Values:
        """All numbers of a mark."""
        return {**self.parts[part].marks[keys], **self.extra.get(part, {}).get(keys, {})}

    def rule_of(self, part: str) -> str:
        """The rule of one question: consented cases may be counted beside a register."""
        return "case_study" if self.parts[part].question.case_study and self.rule == "register" else self.rule


@dataclass
class Tally:
    """What was held against each other, by kind of check, and what differs."""

    n: Counter[str] = field(default_factory=Counter)
    findings: list[tuple[str, Message]] = field(default_factory=list)

    def hold(self, check: str, same: bool, message: Message) -> None:
        """Count one comparison; one that fails is a finding."""
        self.n[check] += 1
        if not same:
            self.findings.append((check, message))

    def checks(self) -> list[Check]:
        """The outcome per kind of check."""
        return [Check(name, self.n[name], tuple(m for check, m in self.findings if check == name)) for name in CHECKS]


def compare(tally: Tally, expected: Expected, receipt: Mapping[str, Any], file: str, key: bytes | None) -> None:
    """Hold one receipt, public or restricted, against the recount. Without `key` sets of rows are not looked at."""
    raw, place = receipt["access"] == "restricted", Place(file)
    questions = {question["name"]: question for question in receipt["questions"]}
    for name in dict.fromkeys([*expected.parts, *questions]):
        there = name in questions and name in expected.parts
        tally.hold("sql", there, Message("verify_question", place, {"figure": expected.figure, "part": name}))
        if there:
            _question(tally, expected, name, questions[name], place, raw=raw)
    found = [(mark["part"], _keys(expected, mark), mark) for mark in receipt["marks"]]
    _same_marks(tally, expected, [(part, keys) for part, keys, _ in found], place)
    for part, keys, mark in found:
        if part in expected.parts and keys in expected.parts[part].marks:
            _mark(tally, expected, part, keys, mark, place, raw=raw)
            if key is not None:
                _row_set(tally, expected, part, keys, mark, place, key)


def _question(
    tally: Tally, expected: Expected, name: str, question: Mapping[str, Any], place: Place, *, raw: bool
) -> None:
    part, figure = expected.parts[name], expected.figure
    tally.hold("sql", question["sql"] == part.sql, Message("verify_sql", place, {"figure": figure, "part": name}))
    own = {"unit": part.question.unit, "keys": ", ".join(part.question.by)}
    told = {"unit": question["unit"], "keys": ", ".join(question["keys"])}
    _numbers(tally, "sql", expected, name, "–", own, told, place)
    of = (lambda n: n) if raw else (lambda n: rules.count(n, expected.rule_of(name)))
    account = {"n_in": part.n_in, "n_out": part.n_out} | {f"left_out {why}": n for why, n in part.left_out.items()}
    found = {"n_in": question["n_in"], "n_out": question["n_out"]}
    found |= {f"left_out {why}": n for why, n in question["left_out"].items()}
    _numbers(tally, "account", expected, name, "–", {what: of(n) for what, n in account.items()}, found, place)
    if raw:  # on the receipt itself, whatever was recounted: nobody is lost between asked for and counted
        lost = question["n_in"] - question["n_out"] - sum(question["left_out"].values())
        words = {"figure": figure, "part": name, "lost": lost}
        tally.hold("account", lost == 0, Message("verify_account", place, words))
    totals = {str(row[part.question.by[0]]): row[part.question.unit] for row in question["totals"]}
    expected_totals = {first: of(n) for first, n in part.totals.items()}
    first = part.question.by[0]
    for value in dict.fromkeys([*expected_totals, *totals]):
        pair = ({"totals": expected_totals.get(value, "–")}, {"totals": totals.get(value, "–")})
        _numbers(tally, "account", expected, name, f"{first}={value}", *pair, place)


def _keys(expected: Expected, mark: Mapping[str, Any]) -> Keys:
    part = expected.parts.get(mark["part"])
    by = part.question.by if part and {*mark["mark"]} <= {*part.question.by} else tuple(mark["mark"])
    return tuple(str(mark["mark"].get(key, "")) for key in by)


def _same_marks(tally: Tally, expected: Expected, found: Sequence[tuple[str, Keys]], place: Place) -> None:
    """Every mark that the recount gives stands there once, and no other."""
    times = Counter(found)
    for part, keys in dict.fromkeys([*((name, k) for name, own in expected.parts.items() for k in own.marks), *found]):
        there = part in expected.parts and keys in expected.parts[part].marks
        words = {"figure": expected.figure, "part": part, "mark": _named(expected, part, keys), "n": times[part, keys],
                 "expected": int(there)}  # fmt: skip
        tally.hold("recount", times[part, keys] == int(there), Message("verify_mark", place, words))


def _mark(
    tally: Tally, expected: Expected, part: str, keys: Keys, mark: Mapping[str, Any], place: Place, *, raw: bool
) -> None:
    """Hold the numbers of a mark against the recount, and what is drawn against what the rule makes of the recount."""
    own, name = expected.raw(part, keys), _named(expected, part, keys)
    if raw:
        beyond = {*expected.extra.get(part, {}).get(keys, {})}
        for check, some in (("recount", {*own} - beyond), ("formulas", beyond)):
            told = {k: v for k, v in mark["raw"].items() if k in some or (check == "recount" and k not in own)}
            _numbers(tally, check, expected, part, name, {k: own[k] for k in own if k in some}, told, place)
    rests_on = expected.rests_on if expected.rests_on in own else expected.parts[part].question.unit
    may = rules.drawn(own, expected.rule_of(part), rests_on)
    for number in dict.fromkeys([*may, *mark["drawn"]]):
        found = mark["drawn"].get(number, "–")
        same = any(_same(found, value) for value in may.get(number, ()))
        words = _words(expected, part, name, number, found, next(iter(may.get(number, ())), "–"))
        tally.hold("protection", same, Message("verify_drawn", place, words))


def _numbers(
    tally: Tally, check: str, expected: Expected, part: str, mark: str, own: Values, found: Values, place: Place
) -> None:
    for number in dict.fromkeys([*own, *found]):
        one, other = own.get(number, "–"), found.get(number, "–")
        message = Message("verify_number", place, _words(expected, part, mark, number, other, one))
        tally.hold(check, _same(other, one), message)


def _words(expected: Expected, part: str, mark: str, number: str, found: object, own: object) -> dict[str, object]:
    return {
        "figure": expected.figure,
        "part": part,
        "mark": mark,
        "number": number,
        "found": _told(found),
        "expected": _told(own),
    }


def _told(value: object) -> str:
    """A number or a code; a hidden number is x, and what people wrote is not repeated."""
    text = "x" if value is None else f"{value:.6g}" if isinstance(value, float) else str(value)
    return text if _TOLD.fullmatch(text) or text == "–" else "…"


def _same(found: object, own: object) -> bool:
    if isinstance(found, bool) or isinstance(own, bool) or isinstance(found, str) != isinstance(own, str):
        return False
    if isinstance(found, int | float) and isinstance(own, int | float):
        return abs(found - own) < _NEAR
    return found == own


def _named(expected: Expected, part: str, keys: Keys) -> str:
    by: Iterable[str] = expected.parts[part].question.by if part in expected.parts else ("?",) * len(keys)
    return ", ".join(f"{key}={value}" for key, value in zip(by, keys, strict=False))


# ---- rows -----------------------------------------------------------------------------------------------------------


def _row_set(
    tally: Tally, expected: Expected, part: str, keys: Keys, mark: Mapping[str, Any], place: Place, key: bytes
) -> None:
    """Hold the keyed hash of the rows behind a mark, and the rows themselves where they are listed, against the recount."""
    places = expected.parts[part].places.get(keys, [])
    words = {"figure": expected.figure, "part": part, "mark": _named(expected, part, keys), "n": len(places)}
    same = mark["row_set"] == row_set(mark["address"], places, key)
    tally.hold("row_sets", same, Message("verify_rows", place, words))
    if "n_rows" in mark:
        listed = mark["rows"] is None or sorted(_listed(mark["rows"])) == sorted(
            (f"{s}/{i}", row) for s, i, row in places
        )
        tally.hold("row_sets", listed and mark["n_rows"] == len(places), Message("verify_rows", place, words))


def row_set(address: str, places: Places, key: bytes) -> str:
    """The keyed hash of a mark's rows, as docs/formats/receipt.md says."""
    rows: dict[str, list[int]] = {}
    for source, source_id, row in places:
        rows.setdefault(f"{source}/{source_id}", []).append(row)
    told = [address.encode() + b"\0"]
    told += [name.encode() + b"\0" + struct.pack(f"<{len(own)}q", *sorted(own)) for name, own in sorted(rows.items())]
    return hmac.digest(key, b"".join(told), "sha256").hex()


def _listed(rows: Mapping[str, str]) -> Iterator[tuple[str, int]]:
    for place, text in rows.items():
        for piece in text.split(","):
            first, _, last = piece.partition("-")
            yield from ((place, row) for row in range(int(first), int(last or first) + 1))
