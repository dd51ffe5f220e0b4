"""See what the values of a column look like: days, numbers, identifiers, words of a list, free text."""

import itertools
import re
import statistics
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import NamedTuple

import numpy as np
import pandas as pd

from iww_analysis import vocabulary
from iww_analysis.privacy.text.shapes import identifiers_in
from iww_analysis.tables.cells import cell_readers, dates
from iww_analysis.tables.cells.missing import missing_reason

SAMPLE = 2000  # distinct values that are looked at; a column shows its kind long before
SPLIT_SAMPLE = 300  # distinct values on which separators are tried
MOST = 0.8  # share of the values that must agree before a column is said to be of a kind
ENOUGH = 0.5  # share above which an identifier in the values settles it
SIGNS = ";\n|,/+"  # what can separate several values in one cell, the surest first
DOUBTED = SIGNS[3:]  # those that stand in names too: "MEE, regio West"
LONG_TEXT = 40  # characters
MANY_WORDS = 30  # unknown distinct words above which a column is hardly one of codes

_DAY = re.compile(r"\D*\b(\d{1,2}) ?[-/. ] ?(\d{1,2}) ?[-/. ] ?'?(?:\d{4}|\d{2})(?!\d)")
_BARE_NUMBER = re.compile(r"\d+([.,]\d+)?")
_DECIMALS = {",": r"\d[\d.]*,\d{1,2}|\d{1,3}(\.\d{3}){2,}", ".": r"\d[\d,]*\.(\d{1,2}|\d{4,})|\d{1,3}(,\d{3}){2,}"}


@dataclass(frozen=True)
class ColumnProfile:
    """One column of a sheet: `texts` are its cells as they stand (index: row numbers), typed missing words included.

    `behind`: the numbers behind labels of SPSS. `legend`: what another sheet says that the codes in the cells mean, as they are
    written; then these meanings are the texts, and the codes are behind them. `ids`: a number for each filled cell of all rows
    of a long sheet of which these are a sample, in a column of identifiers.
    """

    texts: pd.Series
    behind: Mapping[str, str] = field(default_factory=dict)
    legend: Mapping[str, str] = field(default_factory=dict)
    ids: np.ndarray | None = None

    @cached_property
    def filled(self) -> pd.Series:
        """The cells that hold something other than a word for missing."""
        distinct = {text: missing_reason(text) is None for text in self.texts.unique()}
        return self.texts[self.texts.map(distinct)]

    @cached_property
    def distinct(self) -> tuple[str, ...]:
        """The distinct filled values, at most `SAMPLE` of them."""
        return tuple(self.filled.unique()[:SAMPLE])

    @cached_property
    def share_filled(self) -> float:
        """Share of the cells that are filled."""
        return len(self.filled) / len(self.texts) if len(self.texts) else 0.0

    @cached_property
    def days(self) -> float:
        """Share of the distinct values that read as a day, in one order or another."""
        readers = [dates.date_reader(order) for order in ("dmy", "mdy")]
        texts = (text for text in self.distinct if not _is_number(text))
        return self._share(text for text in texts if any(_reads(read, text) for read in readers))

    @cached_property
    def days_or_months(self) -> float:
        """Share of the distinct values that read as a day, or as a month of a year, which is known of a day at least."""
        return self.days + self._share(text for text in self.distinct if dates.month_of(text))

    @cached_property
    def numbers(self) -> float:
        """Share of the distinct values that are whole numbers."""
        sign = decimal([self])
        read = cell_readers.integer_reader(None, None, "." if sign == "." else ",")
        return self._share(text for text in self.distinct if _reads(read, text))

    @cached_property
    def numbered(self) -> float:
        """Share of the distinct values that are whole numbers, or labels of some."""
        return max(self.numbers, self._share(text for text in self.distinct if text in self.behind))

    @cached_property
    def identifier(self) -> str | None:
        """The kind of direct identifier that most values hold: bsn, e-mail, iban, telephone or postcode."""
        kinds = Counter(kind for text in self.distinct for kind in identifiers_in(text))
        needed = {"bsn": MOST}  # one in eleven numbers passes the 11-proef by chance
        n_values = len(self.distinct)
        return next((kind for kind, n in kinds.most_common() if n >= needed.get(kind, ENOUGH) * n_values), None)

    @cached_property
    def is_key(self) -> bool:
        """Whether nearly every row has a value of its own, short and without spaces."""
        short = self._share(text for text in self.distinct if len(text) <= 20 and len(text.split()) == 1)
        its_own = min(self.share_distinct, self.share_filled) >= 0.95
        return len(self.filled) > 1 and its_own and short >= MOST and self.days < ENOUGH

    @cached_property
    def share_distinct(self) -> float:
        """How many distinct values there are for each filled cell, of all rows where that is known."""
        if self.ids is not None and len(self.ids):
            return len(np.unique(self.ids)) / len(self.ids)
        return float(self.filled.nunique() / len(self.filled)) if len(self.filled) else 0.0

    @cached_property
    def has_digits(self) -> bool:
        """Whether most values have a digit in them, as numbers do that were given out."""
        return self._share(text for text in self.distinct if any(map(str.isdigit, text))) >= MOST

    @cached_property
    def is_line_number(self) -> bool:
        """Whether it counts the rows, from one or another number; what has leading zeros was given out as a number."""
        if any(re.match(r"\s*0\d", text) for text in self.distinct):
            return False
        numbers = pd.to_numeric(self.filled, errors="coerce")
        steps, rows = numbers.diff().iloc[1:], numbers.index.diff()[1:]  # of a sample rows are left out
        return len(numbers) > 2 and bool(((steps == 1) | (steps == rows)).mean() >= 0.95)

    @cached_property
    def is_free_text(self) -> bool:
        """Whether the values are long and mostly differ; a list of short names in one cell is none."""
        pieces = [piece for text in self.distinct for piece in cell_readers.pieces(text, self.separators, {})]
        differ = self.filled.nunique() > ENOUGH * len(self.filled)
        return len(pieces) > 2 and statistics.median(map(len, pieces)) >= LONG_TEXT and differ

    @cached_property
    def separators(self) -> str:
        """The signs that separate several names in one cell: those in no name, or of which the parts stand alone elsewhere."""
        return "".join(sign for sign in SIGNS if self._holds(sign) and sign not in self.doubted)

    @cached_property
    def doubted(self) -> str:
        """The signs that may separate several names in one cell, or stand in a name."""
        return "".join(sign for sign in DOUBTED if self._holds(sign) and not self._stand_alone(sign))

    def n_with(self, signs: str) -> int:
        """Count the cells that hold any of these signs."""
        return sum(any(sign in text for sign in signs) for text in self.filled)

    def _holds(self, sign: str) -> bool:
        return any(sign in text for text in self.distinct)

    def _stand_alone(self, sign: str) -> bool:
        """Whether most of what a sign cuts is the whole of another cell."""
        cut = {
            piece.strip() for text in self.distinct if sign in text for piece in re.split(f"[{re.escape(SIGNS)}]", text)
        }
        return len(cut & set(map(str.strip, self.distinct))) >= MOST * len(cut)

    def known(self, words: frozenset[str]) -> tuple[str, float, int]:
        """Hold the values against the words of a list: separators of a cell, share of distinct values known, and how many.

        `words` are folded. The separators are those that make most of the values known: in "Werk / opleiding; Wonen"
        the slash is none where "werk opleiding" is a word, and neither where most of what it cuts is known to nobody.
        """
        best = ("", 0.0, 0)
        cuts_words = {sign for sign, pieces in self._cut_by.items() if len(pieces & words) <= ENOUGH * len(pieces)}
        for split, pieces in self._split_in_all_ways.items():
            if cuts_words.intersection(split):
                continue
            n = len(pieces & words)
            share = n / len(pieces) if pieces else 0.0
            if (share, _n_sure(split)) > (best[1], _n_sure(best[0])):
                best = (split, share, n)
        return best

    @cached_property
    def _cut_by(self) -> Mapping[str, frozenset[str]]:
        """What every sign that stands in names too cuts, in folded words."""
        cut = dict[str, frozenset[str]]()
        for sign in DOUBTED:
            others = re.compile(f"[{re.escape(SIGNS.replace(sign, ''))}]")
            parts = (part for text in self.distinct[:SPLIT_SAMPLE] for part in others.split(text) if sign in part)
            cut[sign] = frozenset(filter(None, (vocabulary.key(piece) for part in parts for piece in part.split(sign))))
        return cut

    @cached_property
    def _split_in_all_ways(self) -> Mapping[str, frozenset[str]]:
        """The distinct folded values for every set of separators that occur, the fewest separators first."""
        texts = self.distinct[:SPLIT_SAMPLE]
        signs = [sign for sign in SIGNS if any(sign in text for text in texts)]
        ways = ["".join(some) for n in range(len(signs) + 1) for some in itertools.combinations(signs, n)]
        words = {
            way: {vocabulary.key(piece) for text in texts for piece in cell_readers.pieces(text, way, {})}
            for way in ways
        }
        return {way: frozenset(w for w in words[way] if missing_reason(w) is None) for way in ways}

    def _share(self, texts: Iterable[str]) -> float:
        return sum(1 for _ in texts) / len(self.distinct) if self.distinct else 0.0


def _n_sure(split: str) -> int:
    """How many of some separators stand in no word."""
    return sum(sign not in DOUBTED for sign in split)


def _is_number(text: str) -> bool:
    """Whether it is a bare number, that says day in a column of days only; eight digits can be one anywhere."""
    return bool(_BARE_NUMBER.fullmatch(text.strip())) and len(text.strip()) != len("20190403")


def _reads(read: cell_readers.Reader, text: str) -> bool:
    value, missing, _ = read(text)
    return value is not None or missing != "unreadable"


def plain_code(text: str) -> str:
    """Give a code as it is compared: folded, a number without leading zeros and decimals of nothing."""
    number = re.fullmatch(r"0*(\d+)(?:[.,]0+)?", text.strip())
    return number[1] if number else vocabulary.key(text)


def pieces_of(text: str, codes: Mapping[str, object]) -> list[str]:
    """Cut a cell that holds several codes; one that is a code itself, or a word for missing such as #N/A, stays whole."""
    whole = plain_code(text) in codes or missing_reason(text)
    return [text.strip()] if whole else [p.strip() for p in re.split(f"[{re.escape(SIGNS)}]", text) if p.strip()]


def with_meanings(texts: pd.Series, meanings: Mapping[str, str]) -> ColumnProfile:
    """Make the profile of a column of codes by what these mean (plain code -> meaning); other cells stay as they are."""
    distinct = list(texts.unique())
    several = any(
        len(pieces_of(text, meanings)) > 1 for text in distinct
    )  # then a sign in a meaning would separate too
    named = {code: re.sub(f"[{re.escape(SIGNS)}]", " ", m) if several else m for code, m in meanings.items()}
    legend = {p: named[plain_code(p)] for text in distinct for p in pieces_of(text, named) if plain_code(p) in named}

    def meant(text: str) -> str:
        parts = re.split(f"([{re.escape(SIGNS)}])", text) if several and text.strip() not in legend else [text]
        return "".join(legend.get(part.strip(), part) for part in parts)

    translated = texts.map({text: meant(text) for text in distinct}).astype("str")
    return ColumnProfile(translated, {meaning: code for code, meaning in legend.items()}, legend)


class DateOrder(NamedTuple):
    """How 03-04-2019 is meant, and how many distinct days prove it: day first, month first, or either (and it matters)."""

    order: str
    day_first: int
    month_first: int
    ambiguous: int

    @property
    def proven(self) -> str:
        """The order that the days prove: dmy or mdy; "?" where they prove both or none; empty where it does not matter."""
        if bool(self.day_first) == bool(self.month_first):
            return "?" if self.day_first or self.ambiguous else ""
        return self.order


def date_order(columns: Iterable[ColumnProfile]) -> DateOrder:
    """Count what proves how the days of these columns are meant; `order` is the likeliest, and dmy where nothing is."""
    days = [cell_readers.tidy(text) for column in columns if column.days >= ENOUGH for text in column.distinct]
    pairs = [(int(match[1]), int(match[2])) for text in days if (match := _DAY.match(text))]
    day_first = sum(first > 12 >= second for first, second in pairs)
    month_first = sum(second > 12 >= first for first, second in pairs)
    ambiguous = sum(first <= 12 and second <= 12 and first != second for first, second in pairs)
    return DateOrder("mdy" if month_first > day_first else "dmy", day_first, month_first, ambiguous)


def decimal(columns: Iterable[ColumnProfile]) -> str:
    """Give the sign before decimals that the numbers of these columns prove: "," or "."; "?" for both, empty for none."""
    texts = [cell_readers.tidy(text).lstrip("+-€ ") for column in columns for text in column.distinct]
    proven = [sign for sign, form in _DECIMALS.items() if any(re.fullmatch(form, text) for text in texts)]
    return "?" if len(proven) > 1 else "".join(proven)


def decimal_signs(texts: Iterable[str]) -> Counter[str]:
    """Count the cells that prove each sign before decimals."""
    plain = [cell_readers.tidy(text).lstrip("+-€ ") for text in texts]
    return Counter(sign for text in plain for sign, form in _DECIMALS.items() if re.fullmatch(form, text))


def lost_zeros(column: ColumnProfile) -> int | None:
    """Give the width of identifiers of which some lost their leading zeros, if that is what the values show."""
    digits = [text.strip() for text in column.distinct if text.strip().isdigit()]
    whole = {len(text) for text in digits if text.startswith("0")}
    if len(digits) < MOST * len(column.distinct) or len(whole) != 1:
        return None
    width = whole.pop()
    shorter = [text for text in digits if len(text) < width]
    return width if shorter and all(len(text) <= width for text in digits) else None


@cache
def words_of(name: str) -> frozenset[str]:
    """Give the folded words that a list knows."""
    return frozenset(vocabulary.read(name).lookup)
