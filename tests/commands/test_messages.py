"""Every sentence a person can be told exists in two languages, with the gaps that the code fills, and is used."""

import ast
import string
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path

import pytest

import iww_analysis
from iww_analysis.messages.errors import IwwError, Message, Place, fail

PACKAGE = Path(iww_analysis.__file__).parent
TEXTS = tomllib.loads(files("iww_analysis.messages").joinpath("errors.toml").read_text(encoding="utf-8"))
MESSAGES: dict[str, dict[str, str]] = TEXTS["message"]
COMMANDS: dict[str, dict[str, str]] = tomllib.loads(
    files("iww_analysis.messages").joinpath("commands.toml").read_text(encoding="utf-8")
)
LANGS = ("nl", "en")
ANY = "*"  # a code made while running, or gaps that are handed on


@cache
def expressions() -> list[tuple[str, ast.expr]]:
    """Every expression in the package, with its place."""
    return [
        (f"{name}:{node.lineno}", node)
        for name, path in sorted((str(path.relative_to(PACKAGE)), path) for path in PACKAGE.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.expr)
    ]


def calls(*names: str) -> Iterator[tuple[str, ast.Call]]:
    """Every call of these functions in the package, with its place."""
    for place, node in expressions():
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
            called = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
            if called in names:
                yield place, node


def codes(node: ast.expr | None) -> list[str]:
    """The codes an argument can be: a word, either of two, or (as a pattern) words with something in between."""
    match node:
        case ast.Constant(value=str(code)):
            return [code]
        case ast.IfExp():
            return [*codes(node.body), *codes(node.orelse)]
        case ast.JoinedStr():
            return ["".join(str(part.value) if isinstance(part, ast.Constant) else ANY for part in node.values)]
    return []


def given(call: ast.Call) -> set[str]:
    """The names of the gaps that a call fills."""
    if isinstance(call.func, ast.Name) and call.func.id == "Message":
        words = call.args[2] if len(call.args) > 2 else next((k.value for k in call.keywords if k.arg == "words"), None)
        if words is None:
            return set()
        if not isinstance(words, ast.Dict):
            return {ANY}
        return {str(key.value) if isinstance(key, ast.Constant) else ANY for key in words.keys}
    return {keyword.arg or ANY for keyword in call.keywords if keyword.arg not in ("place", "lang")}


def used() -> dict[str, list[tuple[str, set[str]]]]:
    """Code or pattern -> where it is used, and the gaps that are filled there."""
    found: dict[str, list[tuple[str, set[str]]]] = defaultdict(list)
    for place, call in calls("Message", "fail"):
        first = call.args[0] if call.args else next((k.value for k in call.keywords if k.arg == "code"), None)
        for code in codes(first):
            found[code].append((place, given(call)))
    for place, node in expressions():  # a code that is handed on to what makes the message and fills the gaps
        for code in (code for code in codes(node) if code in MESSAGES or code == f"ask_{ANY}"):
            found[code].append((place, {ANY}))
    return found


USED = used()


def fits(pattern: str, code: str) -> bool:
    start, _, end = pattern.partition(ANY)
    return code == pattern if ANY not in pattern else code.startswith(start) and code.endswith(end)


def gaps(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


def test_the_package_speaks() -> None:
    assert len(USED) > 30


@pytest.mark.parametrize("code", USED)
def test_what_is_said_has_a_sentence(code: str) -> None:
    assert any(fits(code, known) for known in MESSAGES), f"{code}: {USED[code]}"


@pytest.mark.parametrize("code", MESSAGES)
def test_every_sentence_is_used(code: str) -> None:
    assert any(fits(pattern, code) for pattern in USED)


@pytest.mark.parametrize("code", MESSAGES)
def test_a_sentence_is_whole_in_both_languages_with_the_same_gaps(code: str) -> None:
    sentences = MESSAGES[code]
    assert set(sentences) == set(LANGS)
    assert gaps(sentences["nl"]) == gaps(sentences["en"])
    for sentence in sentences.values():
        assert sentence.endswith((".", "?")), sentence
        assert sentence == sentence.strip()


@pytest.mark.parametrize("code", MESSAGES)
def test_a_sentence_has_no_more_gaps_than_are_filled(code: str) -> None:
    for pattern, places in USED.items():
        for place, filled in places:
            if fits(pattern, code) and ANY not in filled:
                assert gaps(MESSAGES[code]["nl"]) <= filled, place


@pytest.mark.parametrize("code", MESSAGES)
def test_a_sentence_says_where_what_and_how_many(code: str) -> None:
    message = Message(code, Place("lijst.csv", "Blad1", 7, "Datum"), dict.fromkeys(gaps(MESSAGES[code]["nl"]), 3))
    said = message.say("nl")
    assert said.startswith("bestand lijst.csv, blad ‘Blad1’, rij 7, kolom ‘Datum’: ")
    assert "{" not in said.replace("{ to", "")


RULES = {code for _, call in calls("found") for argument in call.args[3:4] for code in codes(argument)}
WORDS = {node.value for _, node in expressions() if isinstance(node, ast.Constant)}


def test_every_rule_that_rows_can_break_has_a_sentence() -> None:
    from iww_analysis.cleaning.clean import REFUSING

    rules = {*RULES, *REFUSING, "ragged", "contradiction", "missing_required"}
    assert {f"rule_{rule}" for rule in rules} - set(MESSAGES) == set()
    told = {code.removeprefix("rule_") for code in MESSAGES if code.startswith("rule_")}
    assert told - WORDS == set()


def test_every_word_of_a_command_exists_and_is_used() -> None:
    said = {code for _, call in calls("say", "busy") for argument in call.args[:1] for code in codes(argument)}
    assert set(COMMANDS) <= said
    for sentences in COMMANDS.values():
        assert gaps(sentences["nl"]) == gaps(sentences["en"])


# ---- how a message is said ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "said"),
    [(Place(), "The file is empty."), (Place("a.csv"), "file a.csv: the file is empty."),
     (Place(row=3), "row 3: the file is empty."),
     (Place("a.xlsx", "Blad1", 3, "Nr"), "file a.xlsx, sheet ‘Blad1’, row 3, column ‘Nr’: the file is empty."),
     (Place("a.csv", ""), "file a.csv: the file is empty.")],
)  # fmt: skip
def test_a_message_names_as_much_of_the_place_as_is_known(place: Place, said: str) -> None:
    assert Message("file_empty", place).say("en").startswith(said)


def test_a_failure_carries_every_message_and_speaks_dutch_unasked() -> None:
    both = IwwError(Message("file_empty", Place("a.csv")), Message("file_nul", Place("b.csv")))
    assert str(both).splitlines() == [message.say("nl") for message in both.messages]
    assert len(both.say("en").splitlines()) == 2
    assert fail("file_kind", Place("a.pdf"), suffix=".pdf").messages[0].words == {"suffix": ".pdf"}
