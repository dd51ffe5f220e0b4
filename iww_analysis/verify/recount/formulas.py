"""Work out again, from its definition, what a figure says beyond counting: in plain Python and SQL, not by the analysis.

Each formula gives part -> mark -> column -> value. Which figure has which, and of what its shares are, it declares.
"""

import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import filter as like
from importlib.resources import files
from math import prod
from typing import Any

from duckdb import DuckDBPyConnection as Connection

from iww_analysis import vocabulary
from iww_analysis.analysis.sql import left_out_as_sql
from iww_analysis.figures.declaration import Entry, ShareRule
from iww_analysis.verify.recount import rule
from iww_analysis.verify.recount.recount import Keys, Recounted, Values

Extra = Mapping[str, Mapping[Keys, Values]]
_SQL: Mapping[str, str] = tomllib.loads(files(__package__).joinpath("formulas.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Behind:
    """What a formula works with: a figure's questions as recounted, the database, and the cards of the deliveries."""

    parts: Mapping[str, Recounted]
    connection: Connection
    sources: Sequence[str]
    cards: Mapping[str, Sequence[Mapping[str, Any]]]  # source -> origin.toml of each delivery, oldest first
    recorded: Mapping[str, Sequence[str]]  # source -> table.column

    def rows(self, name: str, **given: object) -> list[tuple[Any, ...]]:
        """Answer a statement of `formulas.toml`, in which `$sources` stands for the sources of the figure.

        `elsewhere` names its cases that count in another source.
        """
        settled = sorted({said for part in self.parts.values() for said in part.question.settled})
        elsewhere = left_out_as_sql(settled) if settled else "SELECT source, case_id FROM cases WHERE FALSE"
        self.connection.execute(f"CREATE OR REPLACE TEMP VIEW elsewhere AS {elsewhere}")
        return self.connection.execute(_SQL[name], {"sources": list(self.sources), **given}).fetchall()

    def of_marks(self, values: Callable[[Keys], Values | None]) -> Extra:
        """Values of each mark by its keys, where a mark has any."""
        return {name: {keys: values(keys) or {} for keys in part.marks} for name, part in self.parts.items()}


def only_asked(entry: Entry, behind: Behind) -> Behind:
    """The same without the marks that were not asked, as a figure declares.

    Of a question: those with keys for which another one counts something. `recorded`: those of municipalities whose source
    records the field that the question bears the name of.
    """
    parts = dict(behind.parts)
    for name, other in entry.asked.items():
        for part in like(parts, name):
            keys = parts[part].marks
            if other == "recorded":
                recording = [source for source in behind.sources if part in behind.recorded[source]]
                towns = replace(behind, sources=recording).rows("towns")
                kept = [mark for mark in keys if mark[:1] in towns]
            else:
                by, unit = parts[other].question.by, parts[other].question.unit
                counted = {mark for mark, values in parts[other].marks.items() if values.get(unit)}
                kept = [mark for mark in keys if _among(parts[part], mark, by) in counted]
            parts[part] = parts[part].only(kept)
    return replace(behind, parts=parts)


def _among(part: Recounted, mark: Keys, by: Sequence[str]) -> Keys:
    """The values of some of the keys of a mark."""
    return tuple(mark[part.question.by.index(key)] for key in by)


def extra(entry: Entry, behind: Behind) -> Extra:
    """Give what a figure says beyond counting; nothing for a figure that only counts."""
    if entry.formula:
        return _FORMULAS[entry.formula](behind)
    return {
        part: {mark: {} if n is None or not of else {"share": n / of} for mark, (n, of) in pairs.items()}
        for part, pairs in _pairs(entry, behind)
    }


def extra_of_shown(entry: Entry, behind: Behind, drawn: Mapping[str, Recounted]) -> Extra:
    """The same as it follows from what is shown of the counts: shares rounded, and none of too few.

    `drawn`: the questions of `behind` with what is shown. Of a share several may be right.
    """
    of_shown = replace(behind, parts=drawn)
    if entry.formula and entry.formula != "still_open":
        return _FORMULAS[entry.formula](of_shown)
    shown: dict[str, dict[Keys, Values]] = {}
    if entry.formula:
        for keys, values in _life_table(of_shown).items():
            share = rule.shares(values["share"], values["n_at_risk"])
            shown.setdefault("closed", {})[keys] = {**values, "share": share}
    for part, pairs in _pairs(entry, of_shown):
        shown[part] = {
            mark: {} if n is None or not of else {"share": rule.shares(n / of, of)} for mark, (n, of) in pairs.items()
        }
    return shown


Pairs = Mapping[Keys, tuple[float | None, float | None]]  # what is counted, of how many


def _pairs(entry: Entry, behind: Behind) -> Iterator[tuple[str, Pairs]]:
    for declared in entry.shares:
        yield from ((part, _pairs_of(declared, part, behind)) for part in like(behind.parts, declared.part))


def _pairs_of(declared: ShareRule, name: str, behind: Behind) -> Pairs:
    """Each mark of a question with its count, and of how many it is a share by what is declared."""
    part = behind.parts[name]
    if declared.over:
        return {mark: (values.get(declared.count), values.get(declared.over)) for mark, values in part.marks.items()}
    unit, by = part.question.unit, declared.by or part.question.by[:1]
    base = behind.parts[declared.of.replace("*", name.removeprefix(declared.part[:-1])) or name]
    whole: Mapping[Keys, int] = {(first,): n for first, n in base.totals.items()}
    if declared.by:
        whole = {mark: values[unit] for mark, values in base.marks.items()}
    return {mark: (values.get(unit), whole.get(_among(part, mark, by))) for mark, values in part.marks.items()}


def _life_table(behind: Behind) -> dict[Keys, Values]:
    """The actuarial curve: of who was followed no further than a class, half counts as followed in it."""
    codes = vocabulary.read("duration_class").codes
    n_of = {
        name: {mark: values.get("n_cases") or 0 for mark, values in part.marks.items()}
        for name, part in behind.parts.items()
    }
    curve = dict[Keys, Values]()
    for town in {mark[0] for counts in n_of.values() for mark in counts}:
        left = 1.0
        closed = [n_of["closed"].get((town, code), 0) + n_of["closed_month"].get((town, code), 0) for code in codes]
        opened = [n_of["open"].get((town, code), 0) for code in codes]
        for place, code in enumerate(codes):
            at_risk = sum(closed[place:]) + sum(opened[place:])
            exposed = at_risk - opened[place] / 2
            left *= 1 - closed[place] / exposed if exposed else 1.0
            curve[town, code] = {"share": left, "n_at_risk": at_risk}
    return curve


def _still_open(behind: Behind) -> Extra:
    """Kaplan and Meier's product over the days on which a case closed: one less closed over still followed that day.

    A case that was followed to a day counts as followed on that day. One that closed in a month is followed to its last day;
    it counts when the whole month falls in one class.
    """
    curve = dict[Keys, Values]()
    bounds = [(v.extra["low"], v.extra["high"]) for v in vocabulary.read("duration_class").values]
    rows = [
        (town, most, ends) for town, least, most, ends in behind.rows("followed")
        if any(low <= max(least, 0) and most <= high for low, high in bounds)
    ]  # fmt: skip
    for town in {town for town, _, _ in rows}:
        days = Counter(day for where, day, _ in rows if where == town)
        closed = Counter(day for where, day, ends in rows if where == town and ends)
        followed = {day: sum(n for other, n in days.items() if other >= day) for day in closed}
        for value in vocabulary.read("duration_class").values:
            low, high = value.extra["low"], value.extra["high"]
            left = prod(1 - n / followed[day] for day, n in sorted(closed.items()) if day <= high)
            at_risk = sum(n for day, n in days.items() if day >= low)
            curve[town, value.code] = {"share": float(left), "n_at_risk": at_risk}
    return {"closed": curve}


def _regions(behind: Behind) -> Extra:
    """The regions of a team's municipalities on the extraction date, areas of a study left out."""
    areas = [value.code for value in vocabulary.read("region").values if value.extra["region_type"] == "study"]
    marks = [(keys[0], places) for part in behind.parts.values() for keys, places in part.places.items()]
    source_of = {team: source for team, places in marks for source, _, _ in places}
    apart = {each for part in behind.parts.values() for each in part.question.apart}
    regions = dict[tuple[str, str], str]()  # by team as it stands on a mark, and source
    for source in behind.sources:
        day = str(behind.cards[source][-1]["extraction_date"])
        for team, where in behind.rows("regions", source=source, day=day, areas=areas):
            regions[f"{team} ({source})" if ("team", team, source) in apart else team, source] = where
    of_team = {team: regions[team, source] for team, source in source_of.items() if (team, source) in regions}
    return behind.of_marks(lambda keys: {"region": of_team[keys[0]]} if keys[0] in of_team else {})


def _places(behind: Behind) -> Extra:
    """Cases by the number of elements of which both voices say that they were there, then by label."""
    agreed = behind.parts["both"].totals
    cases = {case for case, *_ in behind.parts["judgements"].marks}
    ordered = sorted(cases, key=lambda case: (-agreed.get(case, 0), case))
    return behind.of_marks(lambda keys: {"place": ordered.index(keys[0]) + 1} if keys[0] in cases else {})


def _cards(behind: Behind) -> Extra:
    """What the cards of the deliveries say of a source: the last one, with the period of all."""
    of_source = dict[Keys, Values]()
    for source, cards in behind.cards.items():
        last, days = cards[-1], sorted(str(day) for card in cards for day in card.get("period", []))
        study = last.get("study", "")
        of_source[(source,)] = {
            "municipality": ", ".join(last.get("municipality", [])), "study": "" if study == "?" else study,
            "regime": last["regime"], "period": " – ".join([*days[:1], *days[-1:]]),
            "extraction_date": str(last["extraction_date"]),
            **{f"{name}_{lang}": last.get(name, {}).get(lang, "")
               for name in ("case_is", "selection") for lang in ("nl", "en")},
        }  # fmt: skip
    return behind.of_marks(of_source.get)


_N_CONDITIONS = 3
CaseKey = tuple[str, str]


def _configurations(behind: Behind) -> Extra:
    """Of each case its row of the table, what it lacks if it has none, and how the cases alike went."""
    lists = {"missing": "missing", "elements": "working_element", "parties": "perspective"}
    codes = {name: list(vocabulary.read(of).codes) for name, of in lists.items()}
    there = dict[
        CaseKey, dict[str, bool]
    ]()  # per case the elements that both voices discussed: True when neither says no
    for source, case, element, both, present in behind.rows("answers", **codes):
        there.setdefault((source, case), {}).update({element: present} if both else {})
    # per case of which an outcome is told: whether any voice says that it went better
    went = {(source, case): better for source, case, better in behind.rows("went", missing=codes["missing"])}
    conditions = _dividing(there, went)
    if not conditions:
        return {}
    configured = dict[CaseKey, Values]()
    for case in {*there, *went}:
        lacks = [code for code in conditions if code not in there.get(case, {})]
        lacks += [] if case in went else ["outcome"]
        row = "" if lacks else "".join("01"[there[case][code]] for code in conditions)
        configured[case] = {"conditions": ",".join(conditions), "row": row, "lacks": "".join(lacks[:1]), "better": ""}
    for case, values in configured.items():
        if values["row"]:
            alike = [went[other] for other, line in configured.items() if line["row"] == values["row"]]
            values |= {"better": "yes" if went[case] else "no", "n_alike": len(alike), "n_better": sum(alike)}
    return behind.of_marks(lambda keys: configured.get((keys[0], keys[1])))


def _dividing(there: Mapping[CaseKey, Mapping[str, bool]], went: Mapping[CaseKey, bool]) -> list[str]:
    """The elements that divide the cases with an outcome best: the smaller side first, then both sides, then the list."""
    codes = [code for code in vocabulary.read("working_element").codes if any(code in of for of in there.values())]
    sides = {code: Counter(of[code] for case, of in there.items() if code in of and case in went) for code in codes}
    divides = {code: (min(n[True], n[False]), n.total()) for code, n in sides.items()}
    return sorted(sorted(codes, key=divides.__getitem__, reverse=True)[:_N_CONDITIONS], key=codes.index)


_FORMULAS: Mapping[str, Callable[[Behind], Extra]] = {
    "cards": _cards, "configurations": _configurations, "places": _places, "regions": _regions, "still_open": _still_open,
}  # fmt: skip
