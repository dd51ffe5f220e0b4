"""Hold what a heading can mean, with how sure that is and why, until a person or a rule decides."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import chain
from typing import NamedTuple

from iww_analysis import vocabulary
from iww_analysis.crosswalk.crosswalk import Crosswalk, SheetCrosswalk, Target
from iww_analysis.crosswalk.parse import targets
from iww_analysis.crosswalk.propose.column_profile import ColumnProfile
from iww_analysis.messages import sentences
from iww_analysis.messages.errors import Lang
from iww_analysis.tables import TABLES
from iww_analysis.tables.statement import Column, Table

NOT_BORROWED = ("instrument_version",)  # that another source uses the version of 2017 proves nothing here
ANY_NUMBER = {"nr", "no", "nummer", "volgnr", "volgnummer", "id", "rij", "regel"}  # headings that do not say of what
PERSONS = "case_persons"
SURE = 88  # likeness, of 100, from which a proposal is taken without asking
BY_VALUES = 99  # what stands under a heading leaves no doubt
MAYBE = 60  # likeness under which a proposal is not worth naming
UNFIT, GUESSED = 65, 75  # the heading is known but the values do not fit; the shape of the values speaks alone


@dataclass(frozen=True)
class Reason:
    """A reason in words: its name in proposals.toml and what fills its gaps, by language where they differ."""

    name: str
    words: Mapping[str, object] = field(default_factory=dict)

    def say(self, lang: Lang) -> str:
        """Give the reason as a phrase."""
        words = {name: value[lang] if isinstance(value, Mapping) else value for name, value in self.words.items()}
        return sentences.filled(sentences.read("proposals")["reason"][self.name][lang], **words)


@dataclass(frozen=True)
class Candidate:
    """What a heading can mean: the fields it fills, or (with `ignore`, the reason) that it is not to be read."""

    targets: tuple[Target, ...]
    confidence: int
    reason: Reason
    ignore: str = ""

    @property
    def label(self) -> str:
        """Name the fields as a person would choose them: "case_network.involved (moment = begin)"."""
        constants = [", ".join(f"{name} = {value}" for name, value in target.constants) for target in self.targets]
        named = zip(self.targets, constants, strict=True)
        return " + ".join(target.field + (f" ({those})" if those else "") for target, those in named) or "-"

    @property
    def slots(self) -> tuple[Target, ...]:
        """The fields it fills, however its cells are split."""
        return tuple(replace(target, split="") for target in self.targets)

    def less(self, confidence: int, reason: Reason | None = None) -> "Candidate":
        """The same meaning, less sure."""
        return replace(self, confidence=confidence, reason=reason or self.reason)


Candidates = dict[str, list[Candidate]]  # heading -> candidates, best first


def best_of_each(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Keep the surest candidate of each meaning, the surest first."""
    best: dict[tuple[tuple[Target, ...], str], Candidate] = {}
    for candidate in sorted(candidates, key=lambda c: -c.confidence):
        best.setdefault((candidate.slots, candidate.ignore), candidate)
    return list(best.values())


def is_sure(candidates: Sequence[Candidate]) -> bool:
    """Say whether the best of them is taken without asking."""
    return bool(candidates) and candidates[0].confidence >= SURE


def ignored(name: str, confidence: int) -> Candidate:
    """The candidate that a column is not to be read, for a reason of proposals.toml."""
    reason = Reason(name if name in sentences.read("proposals")["reason"] else "identifier")
    return Candidate((), confidence, reason, not_read_because(name))


def not_read_because(name: str) -> str:
    """Give the reason why a column or sheet is not read, as the crosswalk holds it."""
    return str(sentences.read("proposals")["ignore"][name]["nl"])


@dataclass(frozen=True)
class HeadingProposal:
    """A heading, what stands under it, and what it can mean: the best candidate first.

    `possible`: every other meaning that its values allow, for a person to choose from.
    """

    heading: str
    profile: ColumnProfile
    candidates: tuple[Candidate, ...]
    possible: tuple[Candidate, ...] = ()

    @property
    def best(self) -> Candidate:
        """What the heading is likeliest to mean; one that looks like nothing known is nothing, with no confidence."""
        nothing = Candidate((), 0, Reason("nothing" if self.profile.distinct else "empty"))
        return self.candidates[0] if self.candidates else nothing

    @property
    def sure(self) -> Candidate | None:
        """The candidate that is taken without asking, if there is one."""
        return self.best if self.best.confidence >= SURE else None


class HeadingOption(NamedTuple):
    """One meaning a heading of a form can have, and the folded words by which it is known."""

    targets: tuple[Target, ...]
    words: tuple[str, ...]
    split: bool = False
    ignore: str = ""
    source: str = ""

    @property
    def table(self) -> str:
        """The table that it fills first."""
        return self.targets[0].table

    @property
    def column(self) -> Column:
        """What the column that it fills first must be."""
        return self.targets[0].statement


@cache
def kinds() -> tuple[vocabulary.Form, ...]:
    """Every kind of sheet: known by its headings, or one that only a person names: on its side, or of another table."""
    known = vocabulary.forms()
    others = TABLES.keys() - {form.one_row_is for form in known}
    return (*known, *vocabulary.wide_forms(), *(
        vocabulary.Form(name, table.nl, name.replace("_", " "), name, ()) for name, table in TABLES.items() if name in others
    ))  # fmt: skip


@cache
def parts() -> tuple[vocabulary.Form, ...]:
    """The kinds of sheet of which a row is a part of a case, such as a life domain, a person or a goal."""
    tables = {name for name, table in TABLES.items() if "case_id" in table.inherits and table["case_id"].required}
    return tuple(
        kind for kind in kinds() if kind.one_row_is in tables - {"referrals"} and not kind.a_column_is
    )  # a list of referrals has questions of its own


def part_beside(form: vocabulary.Form, entry: SheetCrosswalk) -> vocabulary.Form | None:
    """What each row tells beside its own record, by headings of the crosswalk that the form itself does not have."""
    known = {target.field for option in options(form, ()) for target in option.targets if not target.constants}
    beside = {t.table for filled in entry.columns.values() for t in filled if not t.constants and t.field not in known}
    return next((part for part in parts() if part.one_row_is in beside - {form.one_row_is}), None)


def options(form: vocabulary.Form, others: Iterable[Crosswalk]) -> list[HeadingOption]:
    """List what headings of a form can mean: direct identifiers first, then the vocabulary, then other sources' words."""
    known = [HeadingOption((), _keys(entry.words), ignore=entry.reason["nl"]) for entry in vocabulary.identifiers()]
    table = TABLES[form.one_row_is]
    # of a sheet on its side: filled by what a column is alone
    cells = {f"{table.name}.{name}" for name in (*form.cells_are, *form.a_column_is)}
    of_form = (
        *vocabulary.headings(form.name),
        *_headings_of(table, form.name),
        *_by_role(table, form.name),
        *_of_columns(form),
    )
    for heading in (each for each in of_form if each.constants or not cells & {*each.to}):
        here = [TABLES[to.partition(".")[0]] for to in heading.to]
        constants = [{name: code for name, code in heading.constants.items() if name in table} for table in here]
        filled = targets([{"to": to} | each for to, each in zip(heading.to, constants, strict=True)])
        known.append(HeadingOption(filled, _keys(heading.words), heading.split))
    sheets = [
        (other.source, sheet)
        for other in others
        for sheet in other.sheets
        if (sheet.anchor, sheet.a_column_is) == (form.one_row_is, form.a_column_is)
    ]
    for source, sheet in sheets:
        for text, borrowed in sheet.columns.items():
            split = any(target.split for target in borrowed)
            kept = [tuple(each for each in target.constants if each[0] not in NOT_BORROWED) for target in borrowed]
            filled = tuple(replace(t, split="", constants=each) for t, each in zip(borrowed, kept, strict=True))
            known.append(HeadingOption(filled, _keys([text]), split, source=source))
        known += [HeadingOption((), _keys([text]), ignore=why, source=source) for text, why in sheet.ignore.items()]
    return [option for option in known if option.words]


def with_part(form: vocabulary.Form, part: vocabulary.Form, others: Sequence[Crosswalk]) -> list[HeadingOption]:
    """List what headings can mean where each row tells a part beside its own record, of which other rows tell other parts."""
    own = [_of_part(option, part.one_row_is) for option in options(form, others)]
    known = {option.targets for option in own}
    inherited = {f"{part.one_row_is}.{name}" for name in TABLES[form.one_row_is].key}
    beside = [option for option in options(part, others) if option.targets and option.targets not in known]
    return [*own, *(option for option in beside if option.targets[0].field not in inherited)]


def _of_part(option: HeadingOption, table: str) -> HeadingOption:
    """Less what the record that several rows share cannot have of each part, such as the day of its one plan."""
    of_part = tuple(target for target in option.targets if target.table == table)
    return option._replace(targets=of_part or option.targets)


def _headings_of(table: Table, form: str) -> Iterator[vocabulary.Heading]:
    """How the columns of a table are headed in other forms: the numbers of records, and all of a table that has no form."""
    every = [heading for heading in vocabulary.headings() if not heading.constants]
    here = {word for heading in vocabulary.headings(form) for word in heading.words} | ANY_NUMBER
    for column in table:
        ends = f".{column.name}" if column.kind == "key" else f"{table.name}.{column.name}"
        words = chain.from_iterable(h.words for h in every if any(to.endswith(ends) for to in h.to))
        if column.kind == "key" or not vocabulary.headings(form):
            others = tuple(word for word in (*words, column.nl) if word not in here)
            yield vocabulary.Heading((f"{table.name}.{column.name}",), others, (), {}, False)


def _by_role(table: Table, form: str) -> Iterator[vocabulary.Heading]:
    """What a form says of a person, per role: a list of cases can have a column for each person in them."""
    every = vocabulary.headings(form) if table.name != PERSONS else ()
    fields = [to for heading in every for to in heading.to if not heading.constants and to.startswith(f"{PERSONS}.")]
    for name in (name for name in fields if name != f"{PERSONS}.role"):
        column = TABLES[PERSONS][name.partition(".")[2]]
        for role in vocabulary.read("person_role").values:
            yield vocabulary.Heading((name,), (f"{column.nl} {role.nl}",), (), {"role": role.code}, False)


def _of_columns(form: vocabulary.Form) -> Iterator[vocabulary.Heading]:
    """What headings of a sheet on its side can stand for: as in other forms, and every word of the one list that they are of."""
    table, names = TABLES[form.one_row_is], {*form.a_column_is}
    for heading in vocabulary.headings() if names else ():
        here = tuple(to for to in heading.to if to.startswith(f"{table.name}.") and heading.constants.keys() <= names)
        if here and heading.constants:
            yield heading._replace(to=here)
    lists = [table[name].vocabulary for name in form.a_column_is]
    for value in vocabulary.read(lists[0]).values if len(lists) == 1 and lists[0] else ():
        for cell in form.cells_are:
            yield vocabulary.Heading(
                (f"{table.name}.{cell}",), value.labels_and_words, (), {form.a_column_is[0]: value.code}, False
            )


def _keys(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(vocabulary.key(word) for word in words))
