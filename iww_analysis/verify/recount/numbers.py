"""Hold the receipts of a figure against the recount: SQL, account, totals, marks, rows, and what the rule makes of them."""

import hmac
import re
import struct
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

from iww_analysis.messages.errors import Place
from iww_analysis.verify.evidence import Document
from iww_analysis.verify.outcome import Tally
from iww_analysis.verify.recount.formulas import Extra
from iww_analysis.verify.recount.recount import Keys, Recounted, RowPlaces, Values

CHECKS = ("sql", "account", "recount", "row_sets", "formulas", "protection", "shown")
_NEAR = 1.1e-6  # receipts hold six decimals
_REPEATED = re.compile(r"[\w.,+-]{0,40}|–")  # numbers and codes; what people wrote is not repeated in a message


@dataclass(frozen=True)
class Expected:
    """What the receipts of a figure must hold: its questions as recounted and what goes beyond counting, before and after
    protection.
    """

    figure: str
    parts: Mapping[str, Recounted]
    extra: Extra
    shown_parts: Mapping[str, Recounted]
    shown_extra: Extra
    reach: int = 0  # how far what is shown of a count may lie from it

    def raw(self, part: str, keys: Keys) -> Values:
        """All numbers of a mark."""
        return {**self.parts[part].marks[keys], **self.extra.get(part, {}).get(keys, {})}

    def shown(self, part: str, keys: Keys) -> Values:
        """What is drawn of a mark; of a number several may be right."""
        values = {**self.shown_parts[part].marks[keys], **self.shown_extra.get(part, {}).get(keys, {})}
        raw = self.raw(part, keys)
        return {name: value if isinstance(value, tuple) else (value,) for name, value in values.items()} | {
            name: (None,) for name in raw if name not in values
        }

    def has(self, part: str, keys: Keys) -> bool:
        """Whether the recount gives a mark."""
        return part in self.parts and keys in self.parts[part].marks

    def is_shown(self, part: str, keys: Keys) -> bool:
        """Whether a mark of the recount is drawn: one of nothing can tell something by being there."""
        return self.has(part, keys) and keys in self.shown_parts[part].marks

    def keys_of(self, part: str, unknown: Keys) -> Keys:
        """The names of the keys of a question; `unknown` where no question is of that name."""
        return self.parts[part].question.by if part in self.parts else unknown

    def named(self, part: str, keys: Keys) -> dict[str, str]:
        """A mark as a message names it."""
        by = self.keys_of(part, ("?",) * len(keys))
        return {"part": part, "mark": ", ".join(f"{key}={value}" for key, value in zip(by, keys, strict=False))}


def compare(tally: Tally, expected: Expected, receipt: Document, file: str, key: bytes | None) -> None:
    """Hold one receipt, public or restricted, against the recount. Without `key` sets of rows are not looked at."""
    comparison = _Comparison(tally, expected, Place(file), receipt["access"] == "restricted")
    questions = {question["name"]: question for question in receipt["questions"]}
    for part in dict.fromkeys([*expected.parts, *questions]):
        both = part in questions and part in expected.parts
        comparison.hold("sql", both, "verify_question", part=part)
        if both:
            comparison.question(part, questions[part])
    marks, apart = list[tuple[str, Keys, Document]](), receipt.get("not_drawn", [])
    for mark in (*receipt["marks"], *apart):
        by = expected.keys_of(mark["part"], tuple(mark["mark"]))
        by = by if {*mark["mark"]} <= {*by} else tuple(mark["mark"])
        marks.append((mark["part"], tuple(str(mark["mark"].get(key, "")) for key in by), mark))
    times = Counter((part, keys) for part, keys, _ in marks)
    recounted = [(part, keys) for part, counted in expected.parts.items() for keys in counted.marks]
    for part, keys in dict.fromkeys([*recounted, *times]):  # each mark of the recount stands there once, and no other
        n, due = times[part, keys], int(expected.has(part, keys) and (comparison.raw or expected.is_shown(part, keys)))
        comparison.hold("recount", n == due, "verify_mark", **expected.named(part, keys), n=n, expected=due)
    for part, keys, mark in marks:
        if expected.has(part, keys):
            comparison.mark(part, keys, mark)
            if key is not None and comparison.raw:
                comparison.row_set(part, keys, mark, key)


@dataclass(frozen=True)
class _Comparison:
    """One receipt against what is expected of it. `raw`: it is the restricted one, which holds numbers before protection."""

    tally: Tally
    expected: Expected
    place: Place
    raw: bool

    def hold(self, check: str, same: bool, code: str, **words: object) -> None:
        self.tally.hold(check, same, code, self.place, figure=self.expected.figure, **words)

    def numbers(self, check: str, mark: Mapping[str, str], recounted: Values, present: Values) -> None:
        """Each number stands there as it was recounted, or is one of several that it may be, and no other stands there."""
        code = "verify_drawn" if check == "protection" else "verify_number"
        for number in dict.fromkeys([*recounted, *present]):
            value, one = recounted.get(number, ()), present.get(number, "–")
            allowed = value if isinstance(value, tuple) else (value,)
            same = any(_same(one, each) for each in allowed)
            words = {"found": _repeated(one), "expected": _repeated(next(iter(allowed), "–"))}
            self.hold(check, same, code, number=number, **mark, **words)

    def question(self, name: str, question: Document) -> None:
        """Its SQL, what it counts by which keys, its account, and its totals."""
        part, (first, *_) = self.expected.parts[name], self.expected.parts[name].question.by
        whole = {"part": name, "mark": "–"}
        self.hold("sql", question["sql"] == part.sql, "verify_sql", part=name)
        asked = {"unit": part.question.unit, "keys": ", ".join(part.question.by)}
        self.numbers("sql", whole, asked, {"unit": question["unit"], "keys": ", ".join(question["keys"])})
        counted = part if self.raw else self.expected.shown_parts[name]
        of_account = _account(counted.n_in, counted.n_out, counted.left_out)
        account = _account(question["n_in"], question["n_out"], question["left_out"])
        self.numbers("account", whole, of_account, account)
        if self.raw:  # on the receipt itself, whatever was recounted: nobody is lost between asked for and counted
            lost = question["n_in"] - question["n_out"] - sum(question["left_out"].values())
            self.hold("account", lost == 0, "verify_account", part=name, lost=lost)
        totals = {str(row[first]): {"totals": row[part.question.unit]} for row in question["totals"]}
        recounted = {value: {"totals": n} for value, n in counted.totals.items()}
        for value in dict.fromkeys([*recounted, *totals]):
            group = {"part": name, "mark": f"{first}={value}"}
            self.numbers("account", group, recounted.get(value, {}), totals.get(value, {}))

    def mark(self, part: str, keys: Keys, mark: Document) -> None:
        """The numbers of a mark are those of the recount, and what is drawn is what the rule makes of them."""
        recounted, named = self.expected.raw(part, keys), self.expected.named(part, keys)
        if self.raw:
            beyond = self.expected.extra.get(part, {}).get(keys, {})
            counted = {name: value for name, value in mark["raw"].items() if name not in beyond}
            worked_out = {name: value for name, value in mark["raw"].items() if name in beyond}
            self.numbers("recount", named, {k: v for k, v in recounted.items() if k not in beyond}, counted)
            self.numbers("formulas", named, beyond, worked_out)
        is_drawn = "drawn" in mark
        self.hold("protection", is_drawn == self.expected.is_shown(part, keys), "verify_mark_shown", **named)
        if is_drawn and self.expected.is_shown(part, keys):
            self.numbers("protection", named, self.expected.shown(part, keys), mark["drawn"])
            self._near(part, named, mark)

    def _near(self, part: str, named: Mapping[str, str], mark: Document) -> None:
        """What is shown of a count lies beside it."""
        counts = [name for name in self.expected.parts[part].question.statistics if name in mark.get("raw", {})]
        for name in (name for name in counts if name.startswith("n_") and mark["drawn"].get(name) is not None):
            near = abs(mark["drawn"][name] - mark["raw"][name]) <= self.expected.reach
            self.hold("shown", near, "verify_shown_far", number=name, **named)

    def row_set(self, part: str, keys: Keys, mark: Document, key: bytes) -> None:
        """The keyed hash of the rows behind a mark, and the rows themselves where they are listed."""
        places = self.expected.parts[part].places.get(keys, [])
        words = {**self.expected.named(part, keys), "n": len(places)}
        self.hold("row_sets", mark["row_set"] == row_set(mark["address"], places, key), "verify_rows", **words)
        rows = sorted((f"{source}/{source_id}", row) for source, source_id, row in places)
        listed = mark["rows"] is None or sorted(_listed(mark["rows"])) == rows
        self.hold("row_sets", listed and mark["n_rows"] == len(places), "verify_rows", **words)


def _account(n_in: int, n_out: int, left_out: Mapping[str, Any]) -> dict[str, Any]:
    return {"n_in": n_in, "n_out": n_out, **{f"left_out {why}": n for why, n in left_out.items()}}


def _repeated(value: object) -> str:
    """A number or a code; a hidden number is x, and what people wrote is not repeated."""
    text = "x" if value is None else f"{value:.6g}" if isinstance(value, float) else str(value)
    return text if _REPEATED.fullmatch(text) else "…"


def _same(present: object, expected: object) -> bool:
    if isinstance(present, bool) or isinstance(expected, bool):
        return False
    if isinstance(present, int | float) and isinstance(expected, int | float):
        return abs(present - expected) < _NEAR
    return present == expected


def row_set(address: str, places: RowPlaces, key: bytes) -> str:
    """The keyed hash of a mark's rows, as docs/formats/receipt.md says."""
    digest = hmac.new(key, address.encode() + b"\0", "sha256")
    rows = sorted((f"{source}/{source_id}", row) for source, source_id, row in places)
    for name, of_place in groupby(rows, itemgetter(0)):
        digest.update(name.encode() + b"\0" + b"".join(struct.pack("<q", row) for _, row in of_place))
    return digest.hexdigest()


def _listed(rows: Mapping[str, str]) -> Iterator[tuple[str, int]]:
    for place, text in rows.items():
        for piece in text.split(","):
            first, _, last = piece.partition("-")
            yield from ((place, row) for row in range(int(first), int(last or first) + 1))
