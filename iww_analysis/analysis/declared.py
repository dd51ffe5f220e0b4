"""Read the questions that `questions.toml` declares, and name once what several questions use."""

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, get_args, get_type_hints

from iww_analysis import vocabulary
from iww_analysis.analysis.question import Derive, Join, Question, Statistic, Where

_DECLARED = tomllib.loads(files(__package__).joinpath("questions.toml").read_text(encoding="utf-8"))


@cache
def questions(name: str) -> tuple[Question, ...]:
    """Give the questions of a figure, in the order in which they are declared."""
    return tuple(_question(name, declared) for name, declared in _DECLARED[name].items())


def is_declared(name: str) -> bool:
    """Whether the questions of a figure are declared; others are made where they are asked."""
    return name in _DECLARED


def condition(declared: str | Mapping[str, Any]) -> Where:
    """Give a condition, by its name in `questions.toml` or as it is declared there."""
    fields = dict(_DECLARED["conditions"][declared] if isinstance(declared, str) else declared)
    codes = [code for name in fields.pop("of", ()) for code in vocabulary.read(name).codes]
    without = fields.pop("but", ())
    values = tuple(value for value in (*fields.pop("values", ()), *codes) if value not in without)
    return Where(**fields | {"test": _one_of(Where, "test", fields["test"]), "values": values})


def join(declared: str | Mapping[str, Any]) -> Join:
    """Give a join, by its name in `questions.toml` or as it is declared there."""
    fields = dict(_DECLARED["joins"][declared] if isinstance(declared, str) else declared)
    only = {column: tuple(values) for column, values in fields.get("only", {}).items()}
    return Join(**fields | {"on": tuple(fields.get("on", Join.on)), "only": only})


def _question(name: str, declared: Mapping[str, Any]) -> Question:
    fields = {
        **declared,
        "by": tuple(declared["by"]),
        "joins": tuple(map(join, declared.get("joins", ()))),
        "derive": {new: derived(rule) for new, rule in declared.get("derive", {}).items()},
        "where": tuple(map(condition, declared.get("where", ()))),
        "numbers": {new: _statistic(new, number) for new, number in declared.get("numbers", {}).items()},
        "levels": {
            key: vocabulary.read(values).codes if isinstance(values, str) else tuple(values)
            for key, values in declared.get("levels", {}).items()
        },
    }
    return Question(name, **fields)


def derived(rule: str | Sequence[str]) -> Derive:
    """Give a column made of others as it is declared; of `when`, the cases that bear the name that follows."""
    kind, *columns = ("same", rule) if isinstance(rule, str) else rule
    if kind != "when":
        return Derive(_one_of(Derive, "kind", kind), tuple(columns))
    cases = tuple((case["is"], tuple(map(condition, case["where"]))) for case in _DECLARED["when"][columns[0]])
    return Derive("when", tuple(dict.fromkeys(each.column for _, where in cases for each in where)), cases)


def _statistic(name: str, number: str | Sequence[str]) -> Statistic:
    kind, column = (number, "" if number == "units" else name) if isinstance(number, str) else number
    return Statistic(_one_of(Statistic, "kind", kind), column)


def _one_of(statement: type, field: str, value: str) -> Any:
    """The value of a field of a statement that knows a few; refuses any other."""
    known = get_args(get_type_hints(statement)[field])
    if value not in known:
        raise ValueError(f"{statement.__name__}: {value} is none of {', '.join(known)}")
    return value


ELEMENTS = vocabulary.read("working_element").codes
DYAD = ("client", "professional")  # the two voices on one case
THERE = ("yes", "partly")
ANSWERS = (*THERE, "no")  # not discussed is none of them
