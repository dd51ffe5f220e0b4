"""Hold the receipts of a figure against the recount: SQL, account, totals, marks, rows, and what the rule makes of them."""

import hmac
import re
import struct
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from iww_analysis.messages.errors import Place
from iww_analysis.verify.evidence import Document
from iww_analysis.verify.outcome import Tally
from iww_analysis.verify.recount import rule as rules
from iww_analysis.verify.recount.formulas import Extra
from iww_analysis.verify.recount.recount import Keys, Recounted, RowPlaces, Values

CHECKS = ("sql", "account", "recount", "row_sets", "formulas", "protection")
_NEAR = 1.1e-6  # receipts hold six decimals
_REPEATED = re.compile(r"[\w.,+-]{0,40}|–")  # numbers and codes; what people wrote is not repeated in a message


@dataclass(frozen=True)
class Expected:
    """What the receipts of a figure must hold: its questions as recounted, what goes beyond counting, and its rule."""

    figure: str
    rule: str
    parts: Mapping[str, Recounted]
    extra: Extra
    rests_on: str = ""  # the count under a share, where it is not what the question counts

    def raw(self, part: str, keys: Keys) -> Values:
        """All numbers of a mark."""
        return {**self.parts[part].marks[keys], **self.extra.get(part, {}).get(keys, {})}

    def rule_of(self, part: str) -> str:
        """The rule of one question: consented cases may be counted beside a register."""
        return "case_study" if self.parts[part].question.case_study and self.rule == "register" else self.rule

    def has(self, part: str, keys: Keys) -> bool:
        """Whether the recount gives a mark."""
        return part in self.parts and keys in self.parts[part].marks


def compare(tally: Tally, expected: Expected, receipt: Document, file: str, key: bytes | None) -> None:
    """Hold one receipt, public or restricted, against the recount. Without `key` sets of rows are not looked at."""
    comparison = _Comparison(tally, expected, Place(file), receipt["access"] == "restricted")
    questions = {question["name"]: question for question in receipt["questions"]}
    for part in dict.fromkeys([*expected.parts, *questions]):
        both = part in questions and part in expected.parts
        comparison.hold("sql", both, "verify_question", part=part)
        if both:
            comparison.question(part, questions[part])
    marks = [(mark["part"], _keys(expected, mark), mark) for mark in receipt["marks"]]
    comparison.marks(Counter((part, keys) for part, keys, _ in marks))
    for part, keys, mark in marks:
        if expected.has(part, keys):
            comparison.mark(part, keys, mark)
            if key is not None:
                comparison.row_set(part, keys, mark, key)


def _keys(expected: Expected, mark: Document) -> Keys:
    part = expected.parts.get(mark["part"])
    by = part.question.by if part and {*mark["mark"]} <= {*part.question.by} else tuple(mark["mark"])
    return tuple(str(mark["mark"].get(key, "")) for key in by)


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
        of_account = {"n_in": part.n_in, "n_out": part.n_out, **_prefixed(part.left_out)}
        account = {"n_in": question["n_in"], "n_out": question["n_out"], **_prefixed(question["left_out"])}
        self.numbers("account", whole, {what: self._shown(name, n) for what, n in of_account.items()}, account)
        if self.raw:  # on the receipt itself, whatever was recounted: nobody is lost between asked for and counted
            lost = question["n_in"] - question["n_out"] - sum(question["left_out"].values())
            self.hold("account", lost == 0, "verify_account", part=name, lost=lost)
        totals = {str(row[first]): {"totals": row[part.question.unit]} for row in question["totals"]}
        recounted = {value: {"totals": self._shown(name, n)} for value, n in part.totals.items()}
        for value in dict.fromkeys([*recounted, *totals]):
            group = {"part": name, "mark": f"{first}={value}"}
            self.numbers("account", group, recounted.get(value, {}), totals.get(value, {}))

    def _shown(self, part: str, n: int) -> int | None:
        return n if self.raw else rules.count(n, self.expected.rule_of(part))

    def marks(self, times: Counter[tuple[str, Keys]]) -> None:
        """Every mark that the recount gives stands there once, and no other."""
        recounted = [(part, keys) for part, counted in self.expected.parts.items() for keys in counted.marks]
        for part, keys in dict.fromkeys([*recounted, *times]):
            n, due = times[part, keys], int(self.expected.has(part, keys))
            self.hold("recount", n == due, "verify_mark", **self._named(part, keys), n=n, expected=due)

    def mark(self, part: str, keys: Keys, mark: Document) -> None:
        """The numbers of a mark are those of the recount, and what is drawn is what the rule makes of them."""
        recounted, named = self.expected.raw(part, keys), self._named(part, keys)
        if self.raw:
            beyond = self.expected.extra.get(part, {}).get(keys, {})
            for check, is_beyond in (("recount", False), ("formulas", True)):
                values = (
                    {k: v for k, v in of.items() if (k in beyond) == is_beyond} for of in (recounted, mark["raw"])
                )
                self.numbers(check, named, *values)
        base = self.expected.rests_on
        base = base if base in recounted else self.expected.parts[part].question.unit
        self.numbers("protection", named, rules.drawn(recounted, self.expected.rule_of(part), base), mark["drawn"])

    def row_set(self, part: str, keys: Keys, mark: Document, key: bytes) -> None:
        """The keyed hash of the rows behind a mark, and the rows themselves where they are listed."""
        places = self.expected.parts[part].places.get(keys, [])
        words = {**self._named(part, keys), "n": len(places)}
        self.hold("row_sets", mark["row_set"] == row_set(mark["address"], places, key), "verify_rows", **words)
        if "n_rows" in mark:
            rows = sorted((f"{source}/{source_id}", row) for source, source_id, row in places)
            listed = mark["rows"] is None or sorted(_listed(mark["rows"])) == rows
            self.hold("row_sets", listed and mark["n_rows"] == len(places), "verify_rows", **words)

    def _named(self, part: str, keys: Keys) -> dict[str, str]:
        by = self.expected.parts[part].question.by if part in self.expected.parts else ("?",) * len(keys)
        return {"part": part, "mark": ", ".join(f"{key}={value}" for key, value in zip(by, keys, strict=False))}


def _prefixed(left_out: Mapping[str, Any]) -> dict[str, Any]:
    return {f"left_out {why}": n for why, n in left_out.items()}


def _repeated(value: object) -> str:
    """A number or a code; a hidden number is x, and what people wrote is not repeated."""
    text = "x" if value is None else f"{value:.6g}" if isinstance(value, float) else str(value)
    return text if _REPEATED.fullmatch(text) else "…"


def _same(present: object, expected: object) -> bool:
    if isinstance(present, bool) or isinstance(expected, bool) or isinstance(present, str) != isinstance(expected, str):
        return False
    if isinstance(present, int | float) and isinstance(expected, int | float):
        return abs(present - expected) < _NEAR
    return present == expected


# ---- rows -----------------------------------------------------------------------------------------------------------


def row_set(address: str, places: RowPlaces, key: bytes) -> str:
    """The keyed hash of a mark's rows, as docs/formats/receipt.md says."""
    rows: dict[str, list[int]] = {}
    for source, source_id, row in places:
        rows.setdefault(f"{source}/{source_id}", []).append(row)
    parts = [address.encode() + b"\0"]
    parts += [
        name.encode() + b"\0" + struct.pack(f"<{len(each)}q", *sorted(each)) for name, each in sorted(rows.items())
    ]
    return hmac.digest(key, b"".join(parts), "sha256").hex()


def _listed(rows: Mapping[str, str]) -> Iterator[tuple[str, int]]:
    for place, text in rows.items():
        for piece in text.split(","):
            first, _, last = piece.partition("-")
            yield from ((place, row) for row in range(int(first), int(last or first) + 1))
