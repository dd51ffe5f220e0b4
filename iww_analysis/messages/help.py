"""Give the help of the command line in the language that was asked for, before it is built."""

import re
from collections.abc import Mapping, Sequence

from iww_analysis.messages import sentences
from iww_analysis.messages.errors import Lang

LANGS = ("nl", "en")


def lang_asked(words: Sequence[str], environment: Mapping[str, str]) -> str:
    """Read the language from `--lang` among the words of a command, else from IWW_LANG, else Dutch; known or not."""
    asked = environment.get("IWW_LANG") or "nl"
    for word, following in zip(words, [*words[1:], ""], strict=True):
        if word == "--lang" or word.startswith("--lang="):
            asked = word.removeprefix("--lang=") if "=" in word else following
    return asked


def help_text(lang: Lang, command: str, option: str = "") -> str:
    """Give what a command, or one of its options, is for; options that every command has are written once."""
    texts = sentences.read("help")
    if not option:
        return str(texts[command][lang])
    return str(texts[command].get(option, texts["every"].get(option))[lang])


def value_named(lang: Lang) -> str:
    """Give the word that stands for the value of an option."""
    return str(sentences.read("help")["value"][lang])


def translated(page: str, lang: Lang) -> str:
    """Put what the command line itself writes on a page of help into Dutch; types, that say nothing to a reader, make room."""
    page = re.sub(r" <\w+(\[\w+\])?>", lambda kind: " " * len(kind[0]), page)
    for english, dutch in sentences.read("help")["dutch"].items() if lang == "nl" else ():
        page = page.replace(english, dutch)
    return page
