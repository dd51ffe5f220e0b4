"""Read the declarations of figures: one file per figure says all that decides about it, and nothing else does."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from importlib import import_module
from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from iww_analysis.analysis.finding import Finding
from iww_analysis.analysis.links import with_lost_cases, with_overlap
from iww_analysis.analysis.study import Study
from iww_analysis.crosswalk.origin import Regime
from iww_analysis.figures.texts import FigureTexts
from iww_analysis.messages.errors import Place, during
from iww_analysis.tables.cells.missing import is_missing

if TYPE_CHECKING:
    from iww_analysis.figures.canvas.canvas import Canvas


@dataclass(frozen=True)
class ShareRule:
    """How the shares of a question are counted again: its count, over the units of the question `of` that have its first key.

    `part`: the question; `change_*` for every one that begins so, and what the star stands for is put in `of`. Without `of`
    it is its own question. `by`: the keys of the whole, where it is the count of one mark. `count` over `over`: two numbers
    of the mark itself.
    """

    part: str
    of: str = ""
    by: tuple[str, ...] = ()
    count: str = ""
    over: str = ""


@dataclass(frozen=True)
class Entry:
    """One figure: its declaration is `catalogue/ID.toml`.

    `question` and `drawing`: `module.function` in `analysis/questions` and `figures/drawings`, or `package.module:function`;
    `needs`: tables, or table.column, that must hold something; `notebook`: the number of the notebook that discusses it;
    `answers`: questions of studies, such as hu.2, and those of `foremost` before others do. `also_asks`: the declared questions
    of another name that it asks too; `beside`: tables that it reads beside its questions.

    For `verify`, which counts on its own: `shares`; `formula`: what else goes beyond counting, by its name there; `asked`:
    question -> the one that says which of its marks were asked; `geometry`: what a reviewer measures in the picture (see
    `verify/finished/geometry.py`).
    """

    id: str
    texts: FigureTexts
    regime: Regime
    studies: tuple[str, ...]
    needs: tuple[str, ...]
    notebook: int
    question: str = ""
    drawing: str = ""
    answers: tuple[str, ...] = ()
    foremost: tuple[str, ...] = ()
    also_asks: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    shares: tuple[ShareRule, ...] = ()
    formula: str = ""
    asked: Mapping[str, str] = field(default_factory=dict)
    geometry: Mapping[str, Any] = field(default_factory=dict)

    def ask(self, study: Study) -> Finding:
        """Ask its question of a study."""
        finding: Finding = _function(self.question, "iww_analysis.analysis.questions")(study)
        asked = [part.question for part in finding.parts]
        tables = {question.table for question in asked} | {join.table for question in asked for join in question.joins}
        withheld = study.withheld(tables, study.sources) or study.withheld(
            tables, finding.sources
        )  # nothing: of its own
        return with_overlap(with_lost_cases(replace(finding, id=self.id, withheld=withheld), study), study)

    def draw(self, canvas: "Canvas") -> None:
        """Draw it on its canvas; what that takes is loaded now."""
        _function(self.drawing, "iww_analysis.figures.drawings")(canvas)

    @property
    def is_separable(self) -> bool:
        """Whether a mark can be asked for with its own question alone: of others it needs totals at most."""
        by_others = any(rule.by for rule in self.shares) or any(name != "recorded" for name in self.asked.values())
        return self.regime == "register" and self.formula in ("", "cards") and not by_others


def _function(name: str, package: str) -> Any:
    module, _, function = name.partition(":") if ":" in name else f"{package}.{name}".rpartition(".")
    return getattr(import_module(module), function)


def read(declarations: Mapping[str, str]) -> dict[str, Entry]:
    """Read declarations (id -> TOML), in order of id. What a declaration does not know is refused."""
    entries = {}
    for id_ in sorted(declarations):
        declared = tomllib.loads(declarations[id_])
        words = {each.name: declared.pop(each.name) for each in fields(FigureTexts) if each.name in declared}
        others = {name: _frozen(value) for name, value in declared.items()}
        shares = tuple(ShareRule(**rule) for rule in others.pop("shares", ()))
        entries[id_] = Entry(id_, FigureTexts(id_, **words), **others, shares=shares)
    return entries


def _frozen(value: Any) -> Any:
    """The same with tuples for lists, at any depth but in mappings of mappings."""
    if isinstance(value, list):
        return tuple(map(_frozen, value))
    return {name: _frozen(inside) for name, inside in value.items()} if isinstance(value, dict) else value


_FOLDER = files(__package__).joinpath("catalogue")
_NAMES = [file.name for file in _FOLDER.iterdir() if file.name.endswith(".toml")]
_PACKAGED = read({n.removesuffix(".toml"): _FOLDER.joinpath(n).read_text(encoding="utf-8") for n in _NAMES})
OWN = _PACKAGED.pop("own")  # how a researcher's own finding is drawn
Catalogue = Mapping[str, Entry]
CATALOGUE: Catalogue = MappingProxyType(_PACKAGED)


def answering(study: str, number: int, catalogue: Catalogue = CATALOGUE) -> list[str]:
    """The figures that answer a question of a study, of which the first is 1."""
    name = f"{study}.{number}"
    entries = [entry for entry in catalogue.values() if name in entry.answers]
    return [entry.id for entry in sorted(entries, key=lambda entry: name not in entry.foremost)]


def lacking(entry: Entry, study: Study) -> tuple[str, ...]:
    """The needs of a figure that a study does not meet."""
    missing = []
    for need in entry.needs:
        table, _, column = need.partition(".")
        given = study[table] if column == "" else study[table][~is_missing(study[table][column])]
        if given.empty:  # what follows from the sheet, not from a column, is given too
            missing.append(need)
    return tuple(missing)


def answered(entry: Entry, study: Study) -> Finding | None:
    """Ask the question of a figure; None where the study lacks what it needs, or holds nothing to count."""
    with during("unexpected_counting", Place(figure=entry.id)):
        finding = entry.ask(study) if is_drawable(entry, study) else None
    return finding if finding and any(len(part.numbers) for part in finding.parts) else None


def is_drawable(entry: Entry, study: Study) -> bool:
    """Whether a study holds what a figure needs. It can still turn out to have nothing to count."""
    return not lacking(entry, study)
