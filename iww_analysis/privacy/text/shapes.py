"""Find identifiers in text by their shape, however they are separated: what has a checksum or a form of its own."""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

BSN_WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2, -1)
FIRST_GIVEN_OUT = 2010  # a day before this year is one of birth: no register of these studies goes back so far


class Span(NamedTuple):
    """A part of a text that may point out a person, and what kind of thing it is."""

    begin: int
    end: int
    kind: str


_GAP = r"(?: ?[\u00a0./-] ?| )?"  # what can stand between the signs of one number
_DIGITS = re.compile(
    rf"(?<!\d)(?=(\d(?:{_GAP}\d){{8}})(?!\d))"
)  # nine, at every place: a number beside it may be the BSN
_EIGHT = re.compile(r"(?<![\d.-])\d{8}(?![\d-])")
_DAY = r"(?:\d{1,2} ?[-/. ] ?\d{1,2} ?[-/. ] ?(?:(?:19|20)\d{2})|(?:19|20)\d{2}[-/.]\d{1,2}[-/.]\d{1,2})"
_MONTHS = (
    r"jan(?:uari)?|feb(?:ruari)?|maart|mrt|april|apr|mei|juni?|juli?|aug(?:ustus)?|sept?(?:ember)?"
    r"|okt(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
_NAMED_DAY = rf"\d{{1,2}}[ -](?:{_MONTHS})\.?[ -]'?(?:(?:19|20)\d{{2}}|\d{{2}})"
_ANY_DAY = rf"(?:{_DAY}|{_NAMED_DAY}|\d{{1,2}}[-/.]\d{{1,2}}[-/.]'?\d{{2}})(?!\d)"
_YEAR = re.compile(r"(?:19|20)\d{2}")
_AT = r"(?:@| ?[(\[]\s*(?:at|apenstaartje|@)\s*[)\]] ?| at | apenstaartje )"
_DOT = r"(?:\.| ?[(\[]\s*(?:dot|punt)\s*[)\]] ?| punt | dot )"
_WORDS = (  # two small letters behind four digits that are no postcode: "in 2019 is"
    "al|an|as|bv|nl|px|kj|ww|ca|cl|cm|dd|de|do|dr|du|eg|ei|el|en|er|et|eu|ex|gb|ga|ge|gr|ha|he|hf|hm|ik|in|is|ja|je|jr|kb|kg|km|kw|la|lp|ma|mb"
    "|me|mg|mi|ml|mm|mw|na|nr|nu|of|om|op|or|pa|pc|pk|ps|re|st|te|ti|to|uw|va|we|wo|ze|zo|di|vr|za|by|at|it|to"
)
_OF_CLIENT = r"(?:cli[eë]nt|dossier|zaak|klant|relatie|registratie|burger|polis|pas)(?:nummer|nr)|kenmerk|crv|v-nummer"

_PATTERNS: Mapping[str, re.Pattern[str]] = {
    "e-mail": re.compile(rf"[\w.+-]+{_AT}[\w-]+(?:{_DOT}[\w-]+)+|(?<![\w@])@[a-z_]\w{{2,}}", re.IGNORECASE),
    "iban": re.compile(
        rf"(?<![^\W_])[A-Z]{{2}}{_GAP}\d{_GAP}\d{_GAP}(?:[A-Z]{_GAP}){{4}}(?:\d{_GAP}){{9}}\d(?!\d)", re.IGNORECASE
    ),
    "telephone": re.compile(
        r"(?<!\d)(?:(?:\+|00) ?31|\(?0)[ ./-]{0,2}(?:\(0\))?\)?[ ./-]{0,3}[1-9](?:[ ./()-]{0,3}\d){8}(?!\d)"
        r"|(?<![\w+])(?:\+|00)(?!31)[1-9]\d{0,2}(?:[ ./()-]{0,2}\d){8,11}(?!\d)"
    ),
    "postcode": re.compile(
        r"(?<![\w.,-])[1-9]\d{3} ?(?!SA|SD|SS)[A-Z]{2}"
        r"(?:(?![^\W_])(?: *\d{1,4}(?!\d) ?[a-z]?(?![^\W_]))?|\d{1,4}[a-zA-Z]?(?![^\W_]))"
        rf"|(?<![\w.,-])[1-9]\d{{3}} ?(?!{_WORDS})(?!sa|sd|ss)[a-z]{{2}}(?![^\W_])(?: *\d{{1,4}}(?![\w]))?"
    ),
    "birth_date": re.compile(rf"\bgeb(?:oren|oortedatum|datum)?\b[^\d\n]{{0,25}}(?P<day>{_ANY_DAY})", re.IGNORECASE),
    "plate": re.compile(
        "|".join(
            rf"(?<![\w-]){shape}(?![\w-])"
            for shape in (
                r"[A-Z]{2}-\d\d-\d\d", r"\d\d-\d\d-[A-Z]{2}", r"\d\d-[A-Z]{2}-\d\d", r"[A-Z]{2}-\d\d-[A-Z]{2}",
                r"[A-Z]{2}-[A-Z]{2}-\d\d", r"\d\d-[A-Z]{2}-[A-Z]{2}", r"\d\d[ -]?[A-Z]{3}[ -]?\d", r"\d[ -]?[A-Z]{3}[ -]?\d\d",
                r"[A-Z]{2}[ -]?\d{3}[ -]?[A-Z]", r"[A-Z][ -]?\d{3}[ -]?[A-Z]{2}", r"[A-Z]{3}[ -]?\d\d[ -]?[A-Z]",
                r"[A-Z][ -]?\d\d[ -]?[A-Z]{3}", r"\d-[A-Z]{2}-\d{3}", r"\d{3}-[A-Z]{2}-\d",
            )
        ),
        re.IGNORECASE,
    ),
    "client_number": re.compile(
        rf"\b(?:{_OF_CLIENT})\b[\s:#.-]{{1,4}}"
        r"(?P<number>(?=(?:[A-Z./ -]*\d){3})[A-Z0-9](?:[A-Z0-9./-]|\d (?=\d))*\d)",
        re.IGNORECASE,
    ),
}  # fmt: skip
_GROUP = {"birth_date": "day", "client_number": "number"}  # what of it points out a person
_OLD_DAY = re.compile(rf"(?<!\d)(?:{_DAY}|{_NAMED_DAY})(?!\d)", re.IGNORECASE)
_MAY_HOLD_ONE = re.compile(r"\d|@|\bat\b|apenstaart|[(\[]at", re.IGNORECASE)
_WHOLE_DAY = re.compile(rf"(?<!\d){_DAY}(?!\d)")


def passes_eleven_test(digits: str) -> bool:
    """Say whether nine digits (eight: a zero was lost) pass the BSN's 11-proef; 1 in 11 of other numbers do too."""
    padded = digits.zfill(len(BSN_WEIGHTS))
    if len(padded) != len(BSN_WEIGHTS) or not padded.isdigit() or int(padded) == 0:
        return False
    return sum(w * int(d) for w, d in zip(BSN_WEIGHTS, padded, strict=True)) % 11 == 0


def shaped(text: str) -> list[Span]:
    """Give the parts of a text that have the shape of an identifier; they can overlap. Names are not recognised here."""
    if not _MAY_HOLD_ONE.search(text):
        return []
    return [span for find in (_by_pattern, _numbers, _old_days) for span in find(text)]


def identifiers_in(text: str) -> tuple[str, ...]:
    """Name the kinds of direct identifier that a text seems to hold; a day, which can be one of birth, is none by itself."""
    return tuple(dict.fromkeys(span.kind for span in shaped(text) if span.kind != "birth_date"))


def _by_pattern(text: str) -> Iterator[Span]:
    for kind, pattern in _PATTERNS.items():
        for match in pattern.finditer(text):
            is_day = kind == "telephone" and _WHOLE_DAY.match(match[0])  # with a time behind it
            if not is_day and (kind != "plate" or _is_plate(match[0])):
                yield Span(*match.span(_GROUP.get(kind, 0)), kind)


def _is_plate(text: str) -> bool:
    """Whether it is no number with a word beside it: with spaces, or with nothing between, its letters are capitals."""
    return (
        "-" in text
        or text == text.upper()
        or (" " not in text and len(text) == 6 and text[0].isdigit() == text[-1].isdigit())
    )


def _numbers(text: str) -> Iterator[Span]:
    """The numbers that pass the 11-proef, by themselves or with signs between their digits; a day with a number is none."""
    for match in _DIGITS.finditer(text):
        if passes_eleven_test(re.sub(r"\D", "", match[1])) and not _WHOLE_DAY.search(match[1]):
            yield Span(*match.span(1), "bsn")
    for match in _EIGHT.finditer(text):
        if passes_eleven_test(match[0]):
            yield Span(*match.span(), "bsn")


def _old_days(text: str) -> Iterator[Span]:
    for match in _OLD_DAY.finditer(text):
        year = _YEAR.search(match[0])
        if year and int(year[0]) < FIRST_GIVEN_OUT:
            yield Span(*match.span(), "birth_date")
