"""Measure what the layers that read free text find, and what they hide that is nobody's: makes `docs/texts.md`.

    python -m benchmarks.text_layers

On gold sets of others (`../shared/corpora/deid`, used for measuring alone), on invented people of nine origins in five
writings (`text_names.toml`), and on ordinary Dutch. Without the shared corpora it says so and writes nothing.
"""

import json
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from iww_analysis.privacy.text.cover import Cover

PROJECT = Path(__file__).parents[1]
CORPORA = PROJECT.parent / "shared" / "corpora" / "deid"
INVENTED: dict[str, Any] = tomllib.loads(Path(__file__).with_name("text_names.toml").read_text(encoding="utf-8"))
GOLD = {"deduce_names.json": "namen", "deduce_dates.json": "dagen", "deduce_phone_numbers.json": "telefoonnummers"}
BRAT = {"Name": "namen", "Address": "adressen", "Phone_fax": "telefoonnummers", "Email": "e-mail"}
TITLE = re.compile(r"\b(?:dr|drs|ir|ing|prof|mw|mr|mevrouw|mijnheer|meneer|th)\b", re.IGNORECASE)
WRITINGS = ("in de zin", "aan het begin", "kleine letters", "na mevrouw, klein", "achternaam eerst")
Place = tuple[int, int]
Examples = Iterable[tuple[str, Sequence[Place]]]  # texts, with the parts that are marked in them


def hidden_of(text: str) -> set[int]:
    """The places of letters and digits of a text that are held back."""
    places = (place for span in Cover()(text).spans for place in range(span.begin, span.end))
    return {place for place in places if text[place].isalnum()}


def is_hidden(text: str, gold: Place) -> bool:
    """Whether nothing of a part is left to see, but for a title, which points out nobody."""
    spared = {place for title in TITLE.finditer(text, *gold) for place in range(*title.span())}
    return {place for place in range(*gold) if text[place].isalnum()} - spared <= hidden_of(text)


def share(found: Iterable[bool]) -> str:
    each = list(found)
    return f"{sum(each)} van {len(each)} ({100 * sum(each) / max(len(each), 1):.0f} %)"


def too_much(examples: Examples) -> str:
    """How many words outside what is marked are held back."""
    held = []
    for text, golds in examples:
        hidden, marked = hidden_of(text), {place for gold in golds for place in range(*gold)}
        words = (range(*match.span()) for match in re.finditer(r"\w+", text))
        held += [not hidden.isdisjoint(word) for word in words if marked.isdisjoint(word)]
    return share(held)


def gold_of(name: str) -> list[tuple[str, list[Place]]]:
    examples = json.loads((CORPORA / name).read_text(encoding="utf-8"))["examples"]
    return [(each["text"], [(a["start_char"], a["end_char"]) for a in each["annotations"]]) for each in examples]


def gold_sets() -> Iterator[tuple[str, str, str]]:
    """Per set: how much of each kind is held back, and how many words that are nobody's."""
    for name, kind in GOLD.items():
        examples = gold_of(name)
        yield name, f"{kind}: {share(is_hidden(t, gold) for t, golds in examples for gold in golds)}", too_much(examples)
    for path in sorted(CORPORA.glob("nedap*.ann")):
        text = path.with_suffix(".txt").read_text(encoding="utf-8")
        marked = [(line.split()[1], *map(int, line.split()[2:4])) for line in path.read_text("utf-8").splitlines()]
        golds = {kind: [(begin, end) for name, begin, end in marked if name == tag] for tag, kind in BRAT.items()}
        recall = [f"{kind}: {share(is_hidden(text, gold) for gold in of)}" for kind, of in golds.items() if of]
        if recall:
            yield path.stem, "; ".join(recall), too_much([(text, [(begin, end) for _, begin, end in marked])])


def people() -> Iterator[list[str]]:
    """Per origin: the share of invented people of whom nothing is left to see, in each of the writings."""
    for origin, names in INVENTED["people"].items():
        yield [origin, *(share(is_hidden(*written(name, how)) for name in names) for how in INVENTED["sentences"])]


def written(name: str, how: str) -> tuple[str, Place]:
    """A sentence that names somebody in one of the writings, and where."""
    given, _, surname = name.partition(" ")
    forms = {"small": name.lower(), "addressed_small": surname.lower(), "surname_first": f"{surname}, {given}"}
    before, _, behind = INVENTED["sentences"][how].partition("{}")
    text = f"{before}{forms.get(how, name)}{behind}"
    return text, (len(before), len(text) - len(behind))


def ordinary() -> Iterator[tuple[str, str]]:
    yield "gewone zinnen, ook met Bloem, Wit en Roos als woord", too_much((t, ()) for t in INVENTED["ordinary"]["texts"])
    guide = (PROJECT / "docs" / "handleiding.md").read_text("utf-8")
    guide = re.sub(r"```.*?```|`[^`]*`|\[[^]]*\]\([^)]*\)", "", guide, flags=re.DOTALL)
    yield "de handleiding, alinea voor alinea", too_much((text, ()) for text in re.split(r"\n\s*\n", guide))
    negatives = [example for name in GOLD for example in gold_of(name) if not example[1]]
    yield "voorbeelden van anderen zonder persoonsgegeven", too_much(negatives)


def page() -> str:
    lines = [
        "# Wat van teksten wordt tegengehouden: gemeten", "",
        "Gemaakt met `python -m benchmarks.text_layers`. De lagen staan in [beslissing 22](decisions/0022-text-in-layers.md).",
        "Gemeten is zonder wat een bron zelf verbergt (namen en nummers in zijn kolommen), dat in het echt meer doet vinden.",
        "", "## Sets van anderen", "", "| set | tegengehouden van wat gemarkeerd is | van de overige woorden |",
        "| --- | --- | --- |", *(f"| {name} | {recall} | {over} |" for name, recall, over in gold_sets()), "",
        "Een dag is alleen een persoonsgegeven waar hij een geboortedag kan zijn (vóór 2010, of na ‘geb.’): die van een overleg",
        "blijft. Veel van de overige woorden in `deduce_names` kent geen lijst (‘Olanzapine’): die wachten op een beslissing.",
        "", "## Namen naar herkomst", "",
        "Verzonnen mensen, voor de lijsten niet gebruikt; geteld als er niets van de naam te zien blijft.", "",
        "| herkomst | " + " | ".join(WRITINGS) + " |", "| --- |" + " --- |" * len(WRITINGS),
        *("| " + " | ".join(line) + " |" for line in people()), "",
        "## Wat ten onrechte verdwijnt", "", "| tekst | woorden die weg zijn |", "| --- | --- |",
        *(f"| {name} | {over} |" for name, over in ordinary()), "",
    ]  # fmt: skip
    return "\n".join(lines)


def main() -> None:
    if not CORPORA.is_dir():
        sys.exit("nothing measured: the shared corpora do not lie beside the repository")
    (PROJECT / "docs" / "texts.md").write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
