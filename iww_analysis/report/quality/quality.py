"""Lay out how good each source's data are: what asks attention first, then every file, delivery, rule and field.

Every number of a register is what the vector of the source says (see disclosure/vector/quality_cells.py); shares, shades and
points of attention are made of these numbers alone, and what is there because somebody is in it is left out where it is
shown as 0, so that they tell no more than the numbers do. A difference is told where it is more than rounding can make.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from iww_analysis import vocabulary
from iww_analysis.analysis.finding import Finding
from iww_analysis.analysis.notes import notes
from iww_analysis.analysis.questions import quality as asked
from iww_analysis.analysis.study import Study
from iww_analysis.cleaning.row_accounts import COUNTS
from iww_analysis.cleaning.supersede import RECORDS
from iww_analysis.crosswalk.ask.links import how
from iww_analysis.disclosure import public_names
from iww_analysis.disclosure.public_names import PublicNames
from iww_analysis.disclosure.public_numbers import Guard, field_name, table_name
from iww_analysis.disclosure.vector import quality_names as cells
from iww_analysis.disclosure.vector.cells import Name
from iww_analysis.disclosure.vector.quality_names import ALL, NOT_DUE
from iww_analysis.figures.unused_columns import Unused, unused_columns
from iww_analysis.messages import numbers
from iww_analysis.messages.errors import Lang
from iww_analysis.report.quality.attention import MOVED, attention
from iww_analysis.tables import TABLES

Texts = Mapping[str, Any]
Refused = Mapping[str, Sequence[str]]  # source -> the files that its last build refused
SHADES = (0.25, 0.5, 0.75, 0.95)
LOW = 0.5  # a field that fewer cases than this have a value of asks attention
FILLED, KNOWN = ("filled", "emptied", "other"), ("known_before", "known")  # of a field, what a next delivery changed
FATES = ("read", "kept", "duplicate", "superseded", "contradiction", "cases", "gone")


def pages(
    study: Study, wording: Texts, lang: Lang, *, internal: bool = False, refused: Refused | None = None,
    findings: Collection[Finding] = (),
) -> list[dict[str, Any]]:  # fmt: skip
    """Give per source what its page of data quality says; `refused`: the files that its last build refused.

    `findings`: those that are drawn; what is delivered and in none of them is listed.
    """
    told, each = notes(study), []
    for source in study.sources:
        alone, guard = study.only(source), guard_of(study, source, lang, internal=internal)
        of_source = {
            "held": asked.coverage(alone), "changed": asked.changed(alone), "deliveries": asked.deliveries(alone),
            "notes": told[told["source"] == source], "renewed": alone.accounts["renewed"],
        }  # fmt: skip
        unused = unused_columns(study, source, findings)
        each.append(_page(alone, of_source, wording, guard, list((refused or {}).get(source, ())), unused))
    return each


def guard_of(study: Study, source: str, lang: Lang, *, internal: bool = False) -> Guard:
    """What writes the numbers of a source: inside the safe zone as they are."""
    rule = "internal" if internal else study.origins[source].regime
    return Guard(rule, lang, study.vectors.get(source, {}) if rule == "register" else {})


def _page(
    study: Study, frames: Mapping[str, pd.DataFrame], wording: Texts, guard: Guard, refused: list[str], unused: list[Unused]
) -> dict[str, Any]:  # fmt: skip
    (source,) = study.sources
    called = PublicNames(study.ledgers[source], guard.lang, refused)
    lines = [called.of(line) | {"at": cells.place_of(line)} for line in study.ledgers[source]]
    deliveries, ledger = list(_deliveries(frames["deliveries"], guard)), _ledger(lines, wording, guard)
    coverage, renewed = _coverage(study, frames["held"], guard), list(_renewed(frames["renewed"], guard))
    links, whole = (
        list(_links(lines, guard)),
        Guard("internal", guard.lang),
    )  # whole: what is no number of rows or cases
    material = {"refused": [called.file(name) for name in refused], "ledger": ledger, "links": links,
                "deliveries": deliveries, "coverage": coverage, "study": study, "renewed": renewed}  # fmt: skip
    n_rows = {what: sum(line[f"rows_{what}"] for line in lines) for what in ("read", "set_aside")}
    return {
        "source": source,
        "attention": list(attention(material, wording, guard)),
        "summary": {
            "deliveries": whole.written(len(deliveries)),
            "files": whole.written(len(lines)),
            **{what: guard.written(n, *cells.cell("summary", what)) for what, n in n_rows.items()},
            "fields": whole.written(len(coverage["fields"])),
        },
        "coverage": coverage,
        "ledger": ledger,
        "links": links,
        "unused": list(_unused(unused, called, guard)),
        "deliveries": deliveries if len(deliveries) > 1 else [],
        "renewed": renewed,
        "problems": list(_problems(study.set_aside, called, guard)),
        "changed": list(_changed(frames["changed"], guard)),
        "notes": list(_notes(frames["notes"], guard)),
    }  # fmt: skip


def _coverage(study: Study, held: pd.DataFrame, guard: Guard) -> dict[str, Any]:
    """The columns (years, with their cases), the reasons of absence that are shown at all, and a line per field."""
    cases = asked.cases_asked(study)
    n_of = {**cases["year"].value_counts().sort_index().to_dict(), ALL: len(cases)}
    columns = {str(year): guard.written(n, *cells.cases_in(str(year))) for year, n in n_of.items()}
    shown = {year: n for year, n in columns.items() if year == ALL or n.is_some}
    by_field = held.groupby(["table", "column"], sort=False)
    lines = [_field(f"{table}.{name}", rows, list(shown), guard) for (table, name), rows in by_field]
    kinds = [kind for kind in asked.HELD[1:] if any(line["kinds"][kind].is_some for line in lines)]
    reasons = vocabulary.read("missing")
    labels = {kind: "" if kind == asked.NO_RECORD else reasons.label(kind, guard.lang) for kind in kinds}
    return {
        "columns": [{"name": year, "n": n if len(cases) else ""} for year, n in shown.items()],
        "kinds": [{"code": kind, "label": labels[kind]} for kind in kinds],
        "fields": [line | {"kinds": [line["kinds"][kind] for kind in kinds]} for line in lines],
    }


def _field(field: str, rows: pd.DataFrame, columns: Sequence[str], guard: Guard) -> dict[str, Any]:
    table, _, column = field.partition(".")
    why, per_case = rows.groupby("held")["n"].sum(), bool(rows["year"].iloc[0])
    return {
        "code": field,
        "table": table_name(table, guard.lang),
        "field": field_name(table, column, guard.lang),
        "per_case": per_case,
        "cells": [_cell(field, rows, year, guard) if per_case or year == ALL else None for year in columns],
        "kinds": {kind: guard.written(why.get(kind, 0), *cells.absence_of(field, kind)) for kind in asked.HELD[1:]},
    }  # fmt: skip


def _cell(field: str, rows: pd.DataFrame, year: str, guard: Guard) -> dict[str, Any] | None:
    """One field in one year, where it is asked; its judgement rests on the cases of which a value may be expected."""
    held = (rows if year == ALL else rows[rows["year"] == year]).groupby("held")["n"].sum()
    records = cells.cell("records", field.partition(".")[0])
    total = guard.written(held.sum(), *(cells.asked_of(field, year) if rows["year"].iloc[0] else records))
    if not total.is_some and year != ALL:
        return None
    having = guard.written(held.get(asked.VALUE, 0), *cells.value_of(field, year))
    expected = held[~held.index.isin(NOT_DUE)].sum()
    due = guard.written(expected, *cells.due_of(field, year)) if rows["held"].isin(NOT_DUE).any() else total
    share, of_due = guard.share(having, total), guard.share(having, due)
    return {
        "text": "" if guard.rule == "case_study" else numbers.share(share, guard.lang),
        "of": f"{having}/{total}",
        "numbers": (having, total),
        "shade": "" if share is None else f"s{sum(share >= step for step in SHADES)}",
        "share": of_due,
        "reach": guard.reach(of_due, due),
        "low": of_due is not None and of_due + guard.reach(of_due, due) < LOW,
    }


def _deliveries(deliveries: pd.DataFrame, guard: Guard) -> Iterator[dict[str, Any]]:
    for row in deliveries.to_dict("records"):
        part_of = {what: "followed" if what in ("cases", "gone") else "deliveries" for what in FATES}
        of = {what: cells.cell(part, row["delivery"], what) for what, part in part_of.items()}
        yield {"delivery": row["delivery"], **{what: guard.written(row[what], *name) for what, name in of.items()}}


def _ledger(lines: Sequence[Mapping[str, Any]], wording: Texts, guard: Guard) -> dict[str, Any]:
    """The account of every row; a column in which no number is shown, or nothing but zeros, is left out."""
    rows = []
    for line in lines:
        counts = {name: guard.written(line[name], *cells.cell("rows", *line["at"], name)) for name in COUNTS}
        every = line["set_aside_by_reason"].items()
        reasons = {rule: guard.written(n, *cells.cell("reasons", *line["at"], rule)) for rule, n in every}
        reasons = {rule: n for rule, n in reasons.items() if n.is_some}
        note = line.get("not_read_because", "")
        why = "; ".join(f"{wording['rules'][rule]}: {n}" for rule, n in reasons.items())
        told = {"reasons": reasons, "why": why or wording["not_read"].get(note, note), "note": note}
        rows.append({**{name: line[name] for name in ("delivery", "file", "sheet")}, **counts, **told})
    return {"columns": [name for name in COUNTS if any(row[name].is_some for row in rows)], "rows": rows}


def _links(lines: Sequence[Mapping[str, Any]], guard: Guard) -> Iterator[dict[str, Any]]:
    """Per sheet and identifier how many records name a case (or other owner) that is there, and what would mend the others."""
    linked = [(line, link) for line in lines for link in line.get("links", ())]
    for line, link in linked:
        every, at = {**link, "n_lost": link["n"] - link["n_met"]}, (*line["at"], link["column"], link["table"])
        named = {name: cells.cell("links", *at, name) for name in ("n", "n_met", "n_lost", "n_mended")}
        counts = {name: guard.written(every[name], *cell) for name, cell in named.items()}
        is_shown = counts["n_lost"].is_some
        yield {
            **{name: line[name] for name in ("delivery", "file", "sheet")}, **counts,
            **{name: link[name] if is_shown else "" for name in ("forms", "known_forms")},
            "code": link["table"], "table": table_name(link["table"], guard.lang), "column": link["column"],
            "field": field_name(link["table"], link["column"], guard.lang),
            "how": how(tuple(link["foldings"]), guard.lang) if is_shown else "",
        }  # fmt: skip


def _problems(problems: pd.DataFrame, called: PublicNames, guard: Guard) -> Iterator[dict[str, Any]]:
    for name, n in sorted(cells.problems_of(problems).items()):
        file, sheet, heading, rule, severity = name[2:]
        of = {
            "file": called.file(file),
            "sheet": called.sheet(sheet),
            "heading": heading,
            "rule": rule,
            "severity": severity,
        }
        if (number := guard.written(n, *name)).is_some:
            yield of | {"n": number}


def _notes(told: pd.DataFrame, guard: Guard) -> Iterator[dict[str, Any]]:
    """Per rule that spans nouns, the cases that break it."""
    for rule, n in told.groupby("rule")["case_id"].nunique().items():
        if (number := guard.written(n, *cells.cell("notes", str(rule)))).is_some:
            yield {"rule": rule, "n": number}


def _unused(unused: Sequence[Unused], called: PublicNames, guard: Guard) -> Iterator[dict[str, Any]]:
    """What was delivered and is in no figure: a heading with the fields that it fills, or a kind of records that is shown."""
    n_of = Counter[Name]()
    for each in unused:
        n_of[_cell_of(each)] += each.n
    for name, each in {_cell_of(each): each for each in unused}.items():
        n = guard.written(n_of[name], *name)
        if each.kind and not n.is_some:
            continue
        yield {
            "file": called.file(each.file), "sheet": called.sheet(each.sheet), "field": _filled(each, guard.lang), "n": n,
            "heading": public_names.heading(each.heading), "why": public_names.said(each.why[guard.lang]),
            "code": ", ".join(each.fields), "kind": each.kind, "unread": public_names.said(each.reason) or each.code,
        }  # fmt: skip


def _filled(each: Unused, lang: Lang) -> str:
    """The fields that a heading fills, or the kind of records."""
    pairs = [name.partition(".")[::2] for name in each.fields]
    if each.kind:
        table, column = pairs[0]
        return f"{table_name(table, lang)}: {vocabulary.read(TABLES[table][column].vocabulary).label(each.kind, lang)}"
    return ", ".join(dict.fromkeys(f"{field_name(*pair, lang)} ({table_name(pair[0], lang)})" for pair in pairs))


def _cell_of(each: Unused) -> Name:
    if each.kind:
        return cells.kind_of(each.fields[0].partition(".")[0], each.kind)
    return cells.unused_of(each.sheet, each.heading, each.fields, public_names.said(each.reason) or each.code)


def _renewed(renewed: pd.DataFrame, guard: Guard) -> Iterator[dict[str, Any]]:
    """Per table and delivery what it changed of the one before, and the fields of which that may be told."""
    for (table, since, delivery), rows in renewed.groupby(["table", "since", "delivery"]):
        n, at = rows.set_index(["column", "what"])["n"], (str(table), str(since), str(delivery))
        records = {what: guard.written(n["", what], *cells.cell("renewed", *at, what)) for what in RECORDS}
        fields = list[dict[str, Any]]()
        for column in filter(None, map(str, rows["column"].unique())):
            *told, had, has = [
                guard.written(n[column, what], *cells.cell("renewed_fields", *at, column, what))
                for what in (*FILLED, *KNOWN)
            ]
            before, now = guard.share(had, records["before"]), guard.share(has, records["now"])
            reach = guard.reach(before, records["before"]) + guard.reach(now, records["now"])
            fields.append({
                "code": column, "field": field_name(table, column, guard.lang), "told": told, "known": [had, has],
                "shares": [numbers.share(before, guard.lang), numbers.share(now, guard.lang)],
                "moved": before is not None and now is not None and abs(now - before) > MOVED + reach + 1e-9,
            })  # fmt: skip
        shown = [field for field in fields if field["moved"] or any(n.is_some for n in field["told"])]
        yield {
            "code": table, "table": table_name(table, guard.lang), "since": since, "delivery": delivery, "fields": shown,
            **records,
        }  # fmt: skip


def _changed(changed: pd.DataFrame, guard: Guard) -> Iterator[dict[str, Any]]:
    """Per rule its fields, with how many cells got another form."""
    for rule, rows in changed.groupby("rule"):
        fields = list[dict[str, Any]]()
        for row in rows.itertuples():
            field = f"{row.table}.{row.column}"
            n = guard.written(row.n, *cells.cell("changed_fields", str(rule), field))
            if n.is_some:
                called = {
                    "field": field_name(row.table, row.column, guard.lang),
                    "table": table_name(row.table, guard.lang),
                }
                fields.append({"code": field, **called, "n": n})
        n = guard.written(rows["n"].sum(), *cells.cell("changed", str(rule)))
        if n.is_some:
            yield {"rule": rule, "n": n, "fields": fields}
