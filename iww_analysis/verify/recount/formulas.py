"""Work out again, from its definition, what a figure says beyond counting: in plain Python and SQL, not by the analysis.

Each formula gives part -> mark -> column -> value. Which figure has which, and of what its shares are, it declares.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

import duckdb

from iww_analysis import vocabulary
from iww_analysis.figures.declaration import Entry, ShareRule
from iww_analysis.verify.recount.recount import Keys, Recounted, Values

Extra = Mapping[str, Mapping[Keys, Values]]


@dataclass(frozen=True)
class Behind:
    """What a formula works with: a figure's questions as recounted, the database, and the cards of the deliveries."""

    parts: Mapping[str, Recounted]
    connection: duckdb.DuckDBPyConnection
    sources: Sequence[str]
    cards: Mapping[str, Sequence[Mapping[str, Any]]]  # source -> origin.toml of each delivery, oldest first
    recorded: Mapping[str, Sequence[str]]  # source -> table.column

    def rows(self, text: str) -> list[tuple[Any, ...]]:
        """Answer SQL in which `$sources` stands for the sources of the figure."""
        return self.connection.execute(text, {"sources": list(self.sources)}).fetchall()


def kept(entry: Entry, behind: Behind) -> dict[str, Recounted]:
    """The questions of a figure without the marks that were not asked, as it declares.

    Of a question: those with keys for which another one counts something. `recorded`: those of municipalities whose source
    records the field that the question bears the name of.
    """
    parts = dict(behind.parts)
    for name, other in entry.asked.items():
        for part in _like(name, parts):
            keys = parts[part].marks
            if other == "recorded":
                towns = _towns(behind, [source for source in behind.sources if part in behind.recorded[source]])
                parts[part] = parts[part].only({mark for mark in keys if mark[0] in towns})
            else:
                by, unit = parts[other].question.by, parts[other].question.unit
                counted = {mark for mark, values in parts[other].marks.items() if values.get(unit)}
                parts[part] = parts[part].only({m for m in keys if _among(parts[part], m, by) in counted})
    return parts


def _like(pattern: str, names: Iterable[str]) -> list[str]:
    """The names that a pattern is, or begins, as in `change_*`."""
    return [name for name in names if name == pattern or (pattern[-1] == "*" and name.startswith(pattern[:-1]))]


def _among(part: Recounted, mark: Keys, by: Sequence[str]) -> Keys:
    """The values of some of the keys of a mark."""
    return tuple(mark[part.question.by.index(key)] for key in by)


def _towns(behind: Behind, sources: Sequence[str]) -> set[str]:
    text = "SELECT DISTINCT municipality FROM cases WHERE list_contains($of, source)"
    return {town for (town,) in behind.connection.execute(text, {"of": list(sources)}).fetchall()}


def extra(entry: Entry, behind: Behind) -> Extra:
    """Give what a figure says beyond counting; nothing for a figure that only counts."""
    if entry.formula:
        return _FORMULAS[entry.formula](behind)
    return {part: _shares(rule, part, behind) for rule in entry.shares for part in _like(rule.part, behind.parts)}


def _shares(rule: ShareRule, name: str, behind: Behind) -> dict[Keys, Values]:
    """Each mark of a question with its count as a share of what the rule says."""
    part = behind.parts[name]
    if rule.over:
        return {mark: _share(values.get(rule.count), values.get(rule.over)) for mark, values in part.marks.items()}
    unit = part.question.unit
    base = behind.parts[rule.of.replace("*", name.removeprefix(rule.part[:-1])) or name]
    if rule.by:
        whole: Mapping[Keys, int] = {mark: values[unit] for mark, values in base.marks.items()}
    else:
        whole = {(first,): n for first, n in base.totals.items()}
    by = rule.by or part.question.by[:1]
    return {mark: _share(values.get(unit), whole.get(_among(part, mark, by))) for mark, values in part.marks.items()}


def _share(n: float | None, of: float | None) -> Values:
    return {} if n is None or not of else {"share": n / of}


# ---- time -----------------------------------------------------------------------------------------------------------

_FOLLOWED = """
SELECT municipality, date_diff('day', date_referral, coalesce(date_closed, extraction_date)), date_closed IS NOT NULL
FROM cases
WHERE list_contains($sources, source) AND (date_closed IS NOT NULL OR status IS DISTINCT FROM 'closed')
"""


def _still_open(behind: Behind) -> Extra:
    """Kaplan and Meier's product over the days on which a case closed: one less closed over still followed that day.

    A case that was followed to a day counts as followed on that day.
    """
    curve = dict[Keys, Values]()
    rows = behind.rows(_FOLLOWED)
    for town in {town for town, _, _ in rows}:
        days = Counter(day for where, day, _ in rows if where == town)
        closed = Counter(day for where, day, ends in rows if where == town and ends)
        followed = {day: sum(n for other, n in days.items() if other >= day) for day in closed}
        for value in vocabulary.read("duration_class").values:
            low, high = value.extra["low"], value.extra["high"]
            left = prod(1 - n / followed[day] for day, n in sorted(closed.items()) if day <= high)
            curve[town, value.code] = {
                "share": float(left),
                "n_at_risk": sum(n for day, n in days.items() if day >= low),
            }
    return {"closed": curve}


# ---- teams, cases and sources ---------------------------------------------------------------------------------------

_REGIONS = """
SELECT DISTINCT t.team, m.region
FROM team_municipalities t JOIN region_memberships m USING (source, municipality)
WHERE list_contains($sources, t.source) AND t.source = $source
  AND (m.valid_from IS NULL OR m.valid_from <= CAST($day AS TIMESTAMP))
  AND (m.valid_to IS NULL OR m.valid_to >= CAST($day AS TIMESTAMP))
"""


def _regions(behind: Behind) -> Extra:
    """The regions of a team's municipalities on the extraction date, areas of a study left out."""
    areas = {value.code for value in vocabulary.read("region").values if value.extra["region_type"] == "study"}
    codes_of = dict[str, set[str]]()
    for source in behind.sources:
        given = {
            "sources": list(behind.sources),
            "source": source,
            "day": str(behind.cards[source][-1]["extraction_date"]),
        }
        for team, region in behind.connection.execute(_REGIONS, given).fetchall():
            if region not in areas:
                codes_of.setdefault(team, set()).add(region)
    regions = {team: {"region": "+".join(sorted(codes))} for team, codes in codes_of.items()}
    return {name: {k: regions.get(k[0], {}) for k in part.marks} for name, part in behind.parts.items()}


def _places(behind: Behind) -> Extra:
    """Cases by the number of elements of which both voices say that they were there, then by label."""
    cases = {keys[0] for keys in behind.parts["judgements"].marks}
    agreed = behind.parts["both"].totals
    ordered = sorted(cases, key=lambda case: (-agreed.get(case, 0), case))
    place = {case: {"place": number} for number, case in enumerate(ordered, start=1)}
    return {name: {k: place.get(k[0], {}) for k in part.marks} for name, part in behind.parts.items()}


def _cards(behind: Behind) -> Extra:
    """What the cards of the deliveries say of a source: the last one, with the period of all."""
    of_source: dict[Keys, Values] = {(source,): _card(cards) for source, cards in behind.cards.items()}
    return {name: {k: of_source.get(k, {}) for k in part.marks} for name, part in behind.parts.items()}


def _card(cards: Sequence[Mapping[str, Any]]) -> Values:
    last = cards[-1]
    days = sorted(str(day) for card in cards for day in card.get("period", []))
    study = last.get("study", "")
    return {
        "municipality": ", ".join(last.get("municipality", [])), "study": "" if study == "?" else study,
        "regime": last["regime"], "period": " – ".join([*days[:1], *days[-1:]]),
        "extraction_date": str(last["extraction_date"]),
        **{f"{name}_{lang}": last.get(name, {}).get(lang, "") for name in ("case_is", "selection") for lang in ("nl", "en")},
    }  # fmt: skip


# ---- configurations -------------------------------------------------------------------------------------------------

_ANSWERS = """
SELECT source, case_id, element, perspective, min(present) FROM judgements
WHERE list_contains($sources, source) AND case_id IS NOT NULL AND NOT list_contains($missing, case_id)
  AND perspective IN ('client', 'professional') AND list_contains($elements, element)
  AND (holder IS NULL OR NOT list_contains($parties, holder)) AND moment IS DISTINCT FROM 'begin'
GROUP BY ALL
"""
_WENT = """
SELECT source, case_id, bool_or(direction = 'better') FROM outcomes
WHERE list_contains($sources, source) AND case_id IS NOT NULL AND NOT list_contains($missing, case_id)
  AND level = 'case' AND according_to IN ('client', 'professional')
  AND direction IS NOT NULL AND NOT list_contains($missing, direction)
GROUP BY ALL
"""
_N_CONDITIONS = 3
CaseKey = tuple[str, str]


def _configurations(behind: Behind) -> Extra:
    """Of each case its row of the table, what it lacks if it has none, and how the cases alike went."""
    there, went = _there(behind), _went(behind)
    conditions = _dividing(there, went)
    if not conditions:
        return {}
    lacks = {case: _lacks(there.get(case, {}), case in went, conditions) for case in {*there, *went}}
    row = {case: "" if why else "".join("01"[there[case][c]] for c in conditions) for case, why in lacks.items()}
    configured: dict[CaseKey, Values] = {
        case: {"conditions": ",".join(conditions), "row": row[case], "lacks": why, "better": ""}
        for case, why in lacks.items()
    }
    for case, case_values in configured.items():
        if not case_values["lacks"]:
            alike = [went[other] for other in row if row[other] == row[case]]
            case_values |= {"better": "yes" if went[case] else "no", "n_alike": len(alike), "n_better": sum(alike)}
    return {name: {k: configured.get((k[0], k[1]), {}) for k in part.marks} for name, part in behind.parts.items()}


def _there(behind: Behind) -> dict[CaseKey, dict[str, bool]]:
    """Per case the elements that both voices discussed: True when neither says no."""
    given = {
        "sources": list(behind.sources), "missing": list(vocabulary.read("missing").codes),
        "elements": list(vocabulary.read("working_element").codes), "parties": list(vocabulary.read("perspective").codes),
    }  # fmt: skip
    answers = dict[CaseKey, dict[str, list[str]]]()
    for source, case, element, _, present in behind.connection.execute(_ANSWERS, given).fetchall():
        answers.setdefault((source, case), {}).setdefault(element, []).append(present)
    return {
        case: {e: "no" not in two for e, two in of.items() if len(two) == 2 and {*two} <= {"yes", "partly", "no"}}
        for case, of in answers.items()
    }


def _went(behind: Behind) -> dict[CaseKey, bool]:
    """Per case of which an outcome is told: whether any voice says that it went better."""
    given = {"sources": list(behind.sources), "missing": list(vocabulary.read("missing").codes)}
    return {(source, case): better for source, case, better in behind.connection.execute(_WENT, given).fetchall()}


def _dividing(there: Mapping[CaseKey, Mapping[str, bool]], went: Mapping[CaseKey, bool]) -> list[str]:
    """The elements that divide the cases with an outcome best: the smaller side first, then both sides, then the list."""
    codes = [code for code in vocabulary.read("working_element").codes if any(code in of for of in there.values())]
    sides = {code: Counter(of[code] for case, of in there.items() if code in of and case in went) for code in codes}
    best = sorted(
        codes, key=lambda code: (min(sides[code][True], sides[code][False]), sides[code].total()), reverse=True
    )
    return sorted(best[:_N_CONDITIONS], key=codes.index)


def _lacks(there: Mapping[str, bool], has_outcome: bool, conditions: Sequence[str]) -> str:
    return next((code for code in conditions if code not in there), "" if has_outcome else "outcome")


_FORMULAS: Mapping[str, Callable[[Behind], Extra]] = {
    "cards": _cards, "configurations": _configurations, "places": _places, "regions": _regions, "still_open": _still_open,
}  # fmt: skip
