"""Ask of words in texts whether they are a name: until a person decided, they are shown as […]."""

import json

from iww_analysis.crosswalk.ask.open_question import Choice, OpenQuestion, key
from iww_analysis.crosswalk.text_decisions import IS_NAME, NO_NAME
from iww_analysis.messages import sentences
from iww_analysis.messages.errors import Place

KIND = "texts"  # of a question, in its key


def texts_question(phrase: str, shown: str = "", n: int = 0, place: Place | None = None) -> OpenQuestion:
    """Ask whether a phrase is a name; `shown`: a text that holds it, without it; `n`: in how many records it stands."""
    answers = sentences.read("proposals")["answer"][KIND]
    choices = tuple(Choice(value, **answers[value]) for value in (IS_NAME, NO_NAME))
    words = {"found": phrase, "n": n}
    return OpenQuestion("ask_texts", place or Place(), words, choices, key=key(KIND, phrase), n=n, of=n, examples=shown)


def phrase_asked(question_key: str) -> str | None:
    """Give the phrase that a line of a form asks about; None where it asks something else."""
    kind, *parts = json.loads(question_key)
    return str(parts[0]) if kind == KIND else None
