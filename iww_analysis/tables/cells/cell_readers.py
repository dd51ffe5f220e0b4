"""Read cells: what a text in a column means, once per distinct text.

Every reader takes a text and gives `(value, missing, rule)`: the value or None, the code of the list `missing`
that says why there is none, and the name of the rule that changed or refused the text (None: taken as it stands).
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from iww_analysis import vocabulary
from iww_analysis.tables.cells.missing import is_machine_word, missing_reason, rule_of_missing

ParsedCell = tuple[object, str | None, str | None]  # value, missing, rule
Reader = Callable[[str], ParsedCell]

LONGEST_WORD = 7  # pieces and signs between them that can be one word: "a / b / c / d"
DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d", "-"))
_WHOLE_NUMBERS = {  # by the sign of the decimals; more digits are no count of anything
    decimal: re.compile(
        rf"[+-]?(\d{{1,15}}|\d{{1,3}}(?:[{other} ]\d{{3}}){{1,4}})(?:\{decimal}0+|\{decimal}--?|\{other}0{{1,2}})?"
    )
    for decimal, other in ((",", "."), (".", ","))
}
_MONEY = re.compile(r"^(-?) ?(?:€|eur) ?", re.IGNORECASE)
_SPACES = re.compile(r"\s+")
_PLUSES, _DASHED = re.compile(r"\s*\++\s*"), re.compile("[-\u2010-\u2015\u2212]+")


def tidy(text: str) -> str:
    """Compose accents, drop signs that take no room, collapse white space (also the non-breaking kind) and strip."""
    return _SPACES.sub(" ", vocabulary.visible(text)).strip()


def integer_reader(low: int | None, high: int | None, decimal: str = ",") -> Reader:
    """Read whole numbers; outside `low`..`high` counts as unreadable.

    `decimal`: the sign before decimals in this column, the other one (or a space) separates thousands; ? while nobody said:
    then only digits alone are read.
    """

    def read_integer(text: str) -> ParsedCell:
        if reason := missing_reason(text):
            return None, reason, rule_of_missing(text)
        plain = _MONEY.sub(r"\1", tidy(text).translate(DASHES))
        if decimal == "?" and ("," in plain or "." in plain):
            return None, "unreadable", "decimal_open"
        match = _WHOLE_NUMBERS.get(decimal, _WHOLE_NUMBERS[","]).fullmatch(plain)
        if not match:
            return None, "unreadable", "unreadable_number"
        number = int(re.sub(r"\D", "", match[1])) * (-1 if plain.startswith("-") else 1)
        if (low is not None and number < low) or (high is not None and number > high):
            return None, "unreadable", "out_of_range"
        return number, None, None

    return read_integer


def code_reader(words: vocabulary.Vocabulary, local: Mapping[str, str], *, signs: bool = False) -> Reader:
    """Read codes: the source's own words first (`local`, folded), then the vocabulary's, then words for missing.

    A text in none of these is typed `unreadable` by the rule `unknown_code`. `signs`: a plus is an answer in this column, so
    that a dash is one too, and no empty cell.
    """

    def read_code(text: str) -> ParsedCell:
        folded = vocabulary.key(text)
        if code := local.get(folded):
            rule = "crosswalk"
        elif code := words.lookup.get(folded):
            rule = "" if text == code else "vocabulary"
        elif (reason := missing_reason(text)) and not (signs and _DASHED.fullmatch(folded)):
            return None, reason, rule_of_missing(text)
        else:
            return None, "unreadable", "unknown_code"
        return (None, code, rule or None) if code in vocabulary.read("missing") else (code, None, rule or None)

    return read_code


def has_signs(texts: Iterable[str], words: vocabulary.Vocabulary) -> bool:
    """Say whether a plus stands in a column as an answer of its list."""
    return "+" in words.lookup and any(_PLUSES.fullmatch(text) for text in texts)


def read_label(text: str) -> ParsedCell:
    """Read a short text as written, white space tidied; what a program writes for nothing is said (rule `missing_word`)."""
    if reason := missing_reason(text):
        return None, reason, "missing_word" if is_machine_word(text) else rule_of_missing(text)
    plain = tidy(text)
    return plain, None, None if plain == text else "white_space"


_DUTCH = frozenset("ÀÁÂÄÇÈÉÊËÌÍÎÏÑÒÓÔÖÙÚÛÜàáâäçèéêëìíîïñòóôöùúûüĲĳŒœ")
_TYPED = frozenset("‘’“”–—…€")


def mend(text: str) -> str:
    """Give back a text that was read in the wrong encoding ("FinanciÃ«n"), however often; any other text as it is.

    Proof is that its bytes are UTF-8 for letters or typography of Dutch and for nothing else: no text that is fine is so.
    """
    mended = text
    while not mended.isascii():
        try:
            mended = b"".join(map(_byte, mended)).decode("utf-8")
        except UnicodeError:
            break
        strange = {sign for sign in mended if not sign.isascii()}
        if strange & (_DUTCH | _TYPED) and strange <= _DUTCH | _TYPED | {"\u00a0", "°"}:
            return mended
    return text


def _byte(sign: str) -> bytes:
    try:
        return sign.encode("cp1252")
    except UnicodeError:
        return sign.encode("latin-1")  # the five bytes that cp1252 leaves open


def mending(read: Reader) -> Reader:
    """Read a text; where it was mangled and says nothing as it stands, read the mended text (rule `mojibake`)."""

    def reader(text: str) -> ParsedCell:
        parsed, mended = read(text), mend(text)
        if mended == text or (parsed[0] is not None and parsed[0] != tidy(text)):
            return parsed
        value, missing, rule = read(mended)
        return value, missing, rule if value is None else "mojibake"

    return reader


def pieces(text: str, split: str, lookup: Mapping[str, str]) -> list[str]:
    """Split a cell: every sign of `split` separates, but not within a word of `lookup` (folded word -> code).

    In "Werk / opleiding, Wonen" the slash is part of a word where "opleiding" alone is none. An empty cell stays one piece.
    """
    if not split:
        return [text]
    parts = re.split(f"([{re.escape(split)}])", text)
    words, start = [], 0
    while start < len(parts):
        ends = range(min(len(parts), start + LONGEST_WORD), start, -2)
        end = next((end for end in ends if _is_word(parts[start:end], lookup)), start + 1)
        words.append("".join(parts[start:end]).strip())
        start = end + 1
    return [word for word in words if word] or [""]


def _is_word(parts: Sequence[str], lookup: Mapping[str, str]) -> bool:
    """Whether the pieces (at even places) are one word together, and not each a word with a meaning of its own."""
    whole = lookup.get(vocabulary.key("".join(parts)))
    each = {lookup.get(vocabulary.key(part)) for part in parts[::2]}
    return whole is not None and all(map(str.strip, parts[::2])) and (None in each or each == {whole})
