"""Ask how identifiers are to be folded where those of one sheet do not meet those of another."""

from collections.abc import Mapping, Sequence

from iww_analysis.crosswalk.ask.open_question import Choice, Consultation, OpenQuestion, key
from iww_analysis.crosswalk.crosswalk import NOT_KNOWN, OPEN
from iww_analysis.crosswalk.parse import keys_of
from iww_analysis.crosswalk.propose.linkage import OWNERS, Foldings, KeyColumn, Link, links
from iww_analysis.crosswalk.toml_tables import TomlLine, comment
from iww_analysis.crosswalk.write import CrosswalkFile
from iww_analysis.messages import numbers, sentences
from iww_analysis.messages.errors import Lang, Message, Place
from iww_analysis.tables import TABLES

AS_THEY_ARE = "-"
SURE_TO_MEET = 80  # how sure a folding is that makes nearly all meet


def ask_links(columns: Sequence[KeyColumn], file: CrosswalkFile, consultation: Consultation, *, labels: bool) -> None:
    """Write how identifiers are folded, as a person says; without an answer the question stays in the crosswalk."""
    declared = {column: keys_of(v) for column, v in file.document.get("keys", {}).items() if v != OPEN}
    consultation.messages += rounded(columns)
    for column, found in by_column(links(columns, declared, labels=labels)).items():
        consultation.messages += [day_message(each) for each in columns if each.column == column and each.n_days
                                  and column not in declared]  # fmt: skip
        asking = [link for link in found if link.asks]
        if not asking:
            file.drop_key(column)
        elif column not in declared:
            foldings = next((link.foldings for link in asking if link.foldings), ())
            answer = consultation.answer(_question(column, asking, foldings))
            consultation.messages += [] if answer else map(link_message, asking)
            beside = "" if answer else comment("link", **words_of(asking, "nl"))
            chosen = {"": OPEN, NOT_KNOWN: NOT_KNOWN, AS_THEY_ARE: list[str]()}.get(answer, list(foldings))
            file.add_keys([TomlLine(column, chosen, beside)])


def by_column(found: Sequence[Link]) -> Mapping[str, list[Link]]:
    """Put the links of one identifier together."""
    columns = dict.fromkeys(link.child.column for link in found)
    return {column: [link for link in found if link.child.column == column] for column in columns}


def messages(
    columns: Sequence[KeyColumn], declared: Mapping[str, Foldings], *, labels: bool
) -> tuple[list[Message], list[Message]]:
    """Give what a person must look at of how identifiers meet, and what is good to know of it."""
    points, notes = rounded(columns), list[Message]()
    for column, found in by_column(links(columns, declared, labels=labels)).items():
        points += [day_message(c) for c in columns if c.column == column and c.n_days and column not in declared]
        for link in (link for link in found if link.asks or (link.n_met < link.n and not link.child.is_own)):
            is_open = link.asks and (column not in declared or (declared[column] and link.foldings))
            (points if is_open else notes).append(link_message(link))
    return points, notes


def rounded(columns: Sequence[KeyColumn]) -> list[Message]:
    """Say of which columns a spreadsheet threw away the last digits of identifiers."""
    return [Message("key_rounded", c.place, {"n": c.n_rounded, "of": c.n}) for c in columns if c.n_rounded]


def link_message(link: Link) -> Message:
    """Say how a sheet meets the owner of its identifiers, with the folding that would mend it."""
    mended = "link_mended_own" if link.child.is_own else "link_mended"
    code = mended if link.foldings else "link" if link.forms else "link_owner_absent"
    return Message(code, link.child.place, words_of([link], "nl") | {"how": capital(how(link.foldings, "nl"))})


def day_message(column: KeyColumn) -> Message:
    """Say that identifiers are days: a spreadsheet made them so."""
    return Message("key_days", column.place, {"n": column.n_days, "of": column.n})


def words_of(found: Sequence[Link], lang: Lang) -> dict[str, object]:
    """What fills the gaps of a sentence on how identifiers meet: numbers of cells, and forms, never an identifier."""
    first = max(found, key=lambda link: link.n - link.n_met)
    foldings = next((link.foldings for link in found if link.foldings), ())
    owner = OWNERS[first.child.column]
    return {
        "n": sum(link.n for link in found), "met": sum(link.n_met for link in found),
        "lost": sum(link.n - link.n_met for link in found), "mended": sum(link.n_mended for link in found),
        "left": sum(link.n - link.n_mended for link in found),
        "table": TABLES[first.child.table].nl if lang == "nl" else first.child.table.replace("_", " "),
        "owner": TABLES[owner].nl if lang == "nl" else owner.replace("_", " "),
        "forms": first.forms, "known_forms": first.known_forms, "how": how(foldings, lang),
        "keys": f"{first.child.column} = [" + ", ".join(f'"{step}"' for step in foldings) + "]",
    }  # fmt: skip


def how(foldings: Foldings, lang: Lang) -> str:
    """Give a folding in words: "zonder streepjes en zonder voornullen"."""
    texts = sentences.read("proposals")["folding"]
    return numbers.listed([str(texts[step][lang]) for step in foldings], lang)


def capital(text: str) -> str:
    """Begin a sentence."""
    return text[:1].upper() + text[1:]


def _question(column: str, asking: Sequence[Link], foldings: Foldings) -> OpenQuestion:
    place = max(asking, key=lambda link: link.n - link.n_met).child.place
    words = {lang: words_of(asking, lang) for lang in ("nl", "en")}
    answers = sentences.read("proposals")["answer"]
    of_one_table = all(link.child.is_own for link in asking)  # what does not meet is another case then, and counts
    stay, fold = (
        {lang: sentences.filled(answers[name][lang], **words[lang]) for lang in words}
        for name in ("key_stays_own" if of_one_table else "key_stays", "key_folded")
    )
    choices = [Choice(AS_THEY_ARE, stay["nl"], stay["en"])]
    if foldings:
        choices.insert(0, Choice("+".join(foldings), **fold, confidence=SURE_TO_MEET))
    proposed = capital(sentences.filled(answers["key_proposed"]["nl"], **words["nl"])) if foldings else ""
    numbers_of = words["nl"] | {"proposed": proposed}
    return OpenQuestion(
        "ask_link_own" if of_one_table else "ask_link",
        Place(place.file, place.sheet, column=place.column), numbers_of, tuple(choices),
        key=key("link", column), n=int(str(numbers_of["lost"])), of=int(str(numbers_of["n"])), unit="numbers",
    )  # fmt: skip
