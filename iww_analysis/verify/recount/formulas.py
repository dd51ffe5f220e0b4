"""Work out again, from its definition, what a figure says beyond counting: in plain Python and SQL, not by the analysis.

Each formula gives part -> mark -> column -> value. `COLUMNS` says which figure has which column, and which of them are
no outcome but text that is passed along.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

import duckdb

from iww_analysis import vocabulary
from iww_analysis.verify.recount.recount import Counted, Keys, Values

Extra = Mapping[str, Mapping[Keys, Values]]

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "F02": ("share",), "F03": ("share",), "F04": ("n_at_risk", "share"), "F05": ("share",), "F08": ("share",),
    "F09": ("share",), "F13": ("region",), "F16": ("share",), "F17": ("share",), "F19": ("share",),
    "F20": ("row", "lacks", "better", "n_alike", "n_better", "conditions"), "F23": ("share",), "T03": ("place",),
    "T01": ("municipality", "study", "regime", "period", "extraction_date", "case_is_nl", "case_is_en", "selection_nl",
            "selection_en"),  # passed along from the cards of the deliveries
}  # fmt: skip
RESTS_ON = {"F04": "n_at_risk", "F16": "n_counted"}  # the count under a share, where it is not what the question counts


@dataclass(frozen=True)
class Behind:
    """What a formula works with: a figure's questions as recounted, the database, and the cards of the deliveries."""

    parts: Mapping[str, Counted]
    connection: duckdb.DuckDBPyConnection
    sources: Sequence[str]
    cards: Mapping[str, Sequence[Mapping[str, Any]]]  # source -> origin.toml of each delivery, oldest first
    recorded: Mapping[str, Sequence[str]]  # source -> table.column

    def rows(self, text: str) -> list[tuple[Any, ...]]:
        """Answer SQL in which `$sources` stands for the sources of the figure."""
        return self.connection.execute(text, {"sources": list(self.sources)}).fetchall()


def kept(figure: str, behind: Behind) -> dict[str, Counted]:
    """The questions of a figure without the marks that were not asked.

    F02: of a municipality whose source does not record the field; F14: of a party that was not spoken with; F18: of a
    factor, holder and voice that nobody discussed.
    """
    parts = dict(behind.parts)
    if figure == "F02":
        for field, part in parts.items():
            towns = _towns(behind, [source for source in behind.sources if field in behind.recorded[source]])
            parts[field] = part.only({keys for keys in part.marks if keys[0] in towns})
    if figure == "F14":
        spoken = {party for (party,), values in parts["spoken"].marks.items() if values["n_teams"] > 0}
        parts["raised"] = parts["raised"].only({keys for keys in parts["raised"].marks if keys[0] in spoken})
    if figure == "F18":
        parts["reported"] = parts["reported"].only(set(parts["discussed"].marks))
    return parts


def _towns(behind: Behind, sources: Sequence[str]) -> set[str]:
    text = "SELECT DISTINCT municipality FROM cases WHERE list_contains($of, source)"
    return {town for (town,) in behind.connection.execute(text, {"of": list(sources)}).fetchall()}


def extra(figure: str, behind: Behind) -> Extra:
    """Give what a figure says beyond counting; nothing for a figure that only counts."""
    return _FORMULAS[figure](behind) if figure in _FORMULAS else {}


# ---- shares ---------------------------------------------------------------------------------------------------------


def _share(n: float | None, of: float | None) -> Values:
    return {} if n is None or not of else {"share": n / of}


def _of_totals(behind: Behind, **of_part: str) -> Extra:
    """The count of a mark over the units of its first key, in its own question or another."""
    return {
        name: {
            keys: _share(values.get(part.question.unit), behind.parts[of_part.get(name, name)].totals.get(keys[0]))
            for keys, values in part.marks.items()
        }
        for name, part in behind.parts.items()
    }


def _filled(behind: Behind) -> Extra:
    """F02: cases of which the field is filled, of all cases."""
    return {
        name: {keys: _share(values["n_recorded"], values["n_cases"]) for keys, values in part.marks.items()}
        for name, part in behind.parts.items()
    }


def _of_both(behind: Behind) -> Extra:
    """F09: the cases with one direction, of those with both scores on the domain."""
    both = {name.removeprefix("both_"): part for name, part in behind.parts.items() if name.startswith("both_")}
    return {
        f"change_{pair}": {
            keys: _share(values["n_cases"], part.marks.get(keys[:-1], {}).get("n_cases"))
            for keys, values in behind.parts[f"change_{pair}"].marks.items()
        }
        for pair, part in both.items()
    }


def _of_named(behind: Behind) -> Extra:
    """F16: what was counted, of how many."""
    return {"counted": {k: _share(v.get("n_counted"), v.get("n_of")) for k, v in behind.parts["counted"].marks.items()}}


def _of_same_cases(behind: Behind) -> Extra:
    """F19: what registers count at a moment, of the cases that are known at both moments."""
    told = {}
    for name, part in behind.parts.items():
        if "moment" in part.question.by and part.question.table != "judgements":
            base = {town: values["n_cases"] for (town,), values in behind.parts[part.question.table].marks.items()}
            told[name] = {keys: _share(values["n_cases"], base.get(keys[0])) for keys, values in part.marks.items()}
    return told


# ---- time -----------------------------------------------------------------------------------------------------------

_FOLLOWED = """
SELECT municipality, date_diff('day', date_referral, coalesce(date_closed, extraction_date)), date_closed IS NOT NULL
FROM cases
WHERE list_contains($sources, source) AND (date_closed IS NOT NULL OR status IS DISTINCT FROM 'closed')
"""


def _still_open(behind: Behind) -> Extra:
    """F04: Kaplan and Meier's product over the days on which a case closed: one less closed over still followed that day.

    A case that was followed to a day counts as followed on that day.
    """
    told = dict[Keys, Values]()
    rows = behind.rows(_FOLLOWED)
    for town in {town for town, _, _ in rows}:
        days = Counter(day for where, day, _ in rows if where == town)
        closed = Counter(day for where, day, ends in rows if where == town and ends)
        followed = {day: sum(n for other, n in days.items() if other >= day) for day in closed}
        for value in vocabulary.read("duration_class").values:
            low, high = value.extra["low"], value.extra["high"]
            left = prod(1 - n / followed[day] for day, n in sorted(closed.items()) if day <= high)
            told[town, value.code] = {
                "share": float(left),
                "n_at_risk": sum(n for day, n in days.items() if day >= low),
            }
    return {"closed": told}


# ---- teams, cases and sources ---------------------------------------------------------------------------------------

_REGIONS = """
SELECT DISTINCT t.team, m.region
FROM team_municipalities t JOIN region_memberships m USING (source, municipality)
WHERE list_contains($sources, t.source) AND t.source = $source
  AND (m.valid_from IS NULL OR m.valid_from <= CAST($day AS TIMESTAMP))
  AND (m.valid_to IS NULL OR m.valid_to >= CAST($day AS TIMESTAMP))
"""


def _regions(behind: Behind) -> Extra:
    """F13: the regions of a team's municipalities on the extraction date, areas of a study left out."""
    areas = {value.code for value in vocabulary.read("region").values if value.extra["region_type"] == "study"}
    found = dict[str, set[str]]()
    for source in behind.sources:
        given = {
            "sources": list(behind.sources),
            "source": source,
            "day": str(behind.cards[source][-1]["extraction_date"]),
        }
        for team, region in behind.connection.execute(_REGIONS, given).fetchall():
            if region not in areas:
                found.setdefault(team, set()).add(region)
    regions = {team: {"region": "+".join(sorted(codes))} for team, codes in found.items()}
    return {name: {k: regions.get(k[0], {}) for k in part.marks} for name, part in behind.parts.items()}


def _places(behind: Behind) -> Extra:
    """T03: cases by the number of elements of which both voices say that they were there, then by label."""
    cases = {keys[0] for keys in behind.parts["judgements"].marks}
    agreed = behind.parts["both"].totals
    ordered = sorted(cases, key=lambda case: (-agreed.get(case, 0), case))
    place = {case: {"place": number} for number, case in enumerate(ordered, start=1)}
    return {name: {k: place.get(k[0], {}) for k in part.marks} for name, part in behind.parts.items()}


def _cards(behind: Behind) -> Extra:
    """T01: what the cards of the deliveries say of a source: the last one, with the period of all."""
    told: dict[Keys, Values] = {(source,): _card(cards) for source, cards in behind.cards.items()}
    return {name: {k: told.get(k, {}) for k in part.marks} for name, part in behind.parts.items()}


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

_SAID = """
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
Case = tuple[str, str]


def _configurations(behind: Behind) -> Extra:
    """F20: of each case its row of the table, what it lacks if it has none, and how the cases alike went."""
    there, went = _there(behind), _went(behind)
    conditions = _dividing(there, went)
    if not conditions:
        return {}
    lacks = {case: _lacks(there.get(case, {}), case in went, conditions) for case in {*there, *went}}
    row = {case: "" if why else "".join("01"[there[case][c]] for c in conditions) for case, why in lacks.items()}
    told: dict[Case, Values] = {
        case: {"conditions": ",".join(conditions), "row": row[case], "lacks": why, "better": ""}
        for case, why in lacks.items()
    }
    for case, own in told.items():
        if not own["lacks"]:
            alike = [went[other] for other in row if row[other] == row[case]]
            own |= {"better": "yes" if went[case] else "no", "n_alike": len(alike), "n_better": sum(alike)}
    return {name: {k: told.get((k[0], k[1]), {}) for k in part.marks} for name, part in behind.parts.items()}


def _there(behind: Behind) -> dict[Case, dict[str, bool]]:
    """Per case the elements that both voices discussed: True when neither says no."""
    given = {
        "sources": list(behind.sources), "missing": list(vocabulary.read("missing").codes),
        "elements": list(vocabulary.read("working_element").codes), "parties": list(vocabulary.read("perspective").codes),
    }  # fmt: skip
    said = dict[Case, dict[str, list[str]]]()
    for source, case, element, _, present in behind.connection.execute(_SAID, given).fetchall():
        said.setdefault((source, case), {}).setdefault(element, []).append(present)
    return {
        case: {e: "no" not in two for e, two in of.items() if len(two) == 2 and {*two} <= {"yes", "partly", "no"}}
        for case, of in said.items()
    }


def _went(behind: Behind) -> dict[Case, bool]:
    """Per case of which an outcome is told: whether any voice says that it went better."""
    given = {"sources": list(behind.sources), "missing": list(vocabulary.read("missing").codes)}
    return {(source, case): better for source, case, better in behind.connection.execute(_WENT, given).fetchall()}


def _dividing(there: Mapping[Case, Mapping[str, bool]], went: Mapping[Case, bool]) -> list[str]:
    """The elements that divide the cases with an outcome best: the smaller side first, then both sides, then the list."""
    codes = [code for code in vocabulary.read("working_element").codes if any(code in of for of in there.values())]
    sides = {code: Counter(of[code] for case, of in there.items() if code in of and case in went) for code in codes}
    best = sorted(
        codes, key=lambda code: (min(sides[code][True], sides[code][False]), sides[code].total()), reverse=True
    )
    return sorted(best[:_N_CONDITIONS], key=codes.index)


def _lacks(there: Mapping[str, bool], told: bool, conditions: Sequence[str]) -> str:
    return next((code for code in conditions if code not in there), "" if told else "outcome")


_FORMULAS: Mapping[str, Callable[[Behind], Extra]] = {
    "F02": _filled, "F03": lambda behind: _of_totals(behind, pairs="domains"), "F04": _still_open, "F05": _of_totals,
    "F08": _of_totals, "F09": _of_both, "F13": _regions, "F16": _of_named, "F17": _of_totals, "F19": _of_same_cases,
    "F20": _configurations, "F23": _of_totals, "T01": _cards, "T03": _places,
}  # fmt: skip
