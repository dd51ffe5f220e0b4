"""One row is one row: a sentence says a number with the word that goes with it."""

import re
from importlib.resources import files

import pytest

from iww_analysis.messages.errors import Lang, Message, Place
from iww_analysis.messages.sentences import filled

HOLDING = [*files("iww_analysis.messages").iterdir(), files("iww_analysis.figures") / "sentences.toml",
           files("iww_analysis.figures") / "words.toml"]  # fmt: skip
TEXTS = {file.name: file.read_text(encoding="utf-8") for file in HOLDING if file.name.endswith(".toml")}
BESIDE_NUMBER = re.compile(r"\{(\w+)\} \{\1:[^|}]*\|(?:\w+[edlrt] )?(\w+[ns])\b")
OF_ALL = ("van de ", "of the ")  # "van de 40 rijen": of one there is nothing to say


def test_the_word_that_goes_with_one_stands_before_the_bar() -> None:
    said = "{n} {n:rij is|rijen zijn} gelezen"
    assert [filled(said, n=n) for n in (0, 1, 2)] == [
        "0 rijen zijn gelezen",
        "1 rij is gelezen",
        "2 rijen zijn gelezen",
    ]
    assert [filled(said, n=n) for n in ("1", "1.001", "x")] == [
        "1 rij is gelezen", "1.001 rijen zijn gelezen", "x rijen zijn gelezen"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("lang", "sentence"),
    [
        ("nl", "Blad ‘A’: 1 rij met tekst is verborgen in Excel (weggefilterd of ingeklapt). Zij is gelezen en telt mee. "
               "Hoort zij er niet bij? Lever het blad zonder die rij, of sluit haar uit in de crosswalk."),
        ("en", "Sheet ‘A’: 1 row with text is hidden in Excel (filtered away or folded in). It was read and is counted. "
               "If it does not belong here, deliver the sheet without it, or exclude it in the crosswalk."),
    ],
)  # fmt: skip
def test_a_whole_sentence_of_one(lang: Lang, sentence: str) -> None:
    said = Message("rows_hidden", Place(sheet="A"), {"n": 1}).say(lang)
    assert said == sentence[0].lower() + sentence[1:]


@pytest.mark.parametrize("name", TEXTS)
def test_no_sentence_says_a_number_with_a_word_for_several_alone(name: str) -> None:
    several = {word for text in TEXTS.values() for _, word in BESIDE_NUMBER.findall(text)}
    bare = re.compile(rf"(.{{0,7}})\{{\w+\}} ((?:{'|'.join(several)})\b)")
    assert not [match[0] for match in bare.finditer(TEXTS[name]) if not match[1].endswith(OF_ALL)]
