"""Lay out how good each source's data are: what asks attention first, then every file, delivery, rule and field.

Every number is protected by the source's regime before anything is said of it; shares, shades and points of attention
are made of the protected numbers alone, so that they tell no more than those do.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

import pandas as pd

from iww_analysis import vocabulary
from iww_analysis.analysis.finding import Finding
from iww_analysis.analysis.notes import notes
from iww_analysis.analysis.questions import quality as asked
from iww_analysis.analysis.questions.coverage import FIELDS
from iww_analysis.analysis.study import Study
from iww_analysis.cleaning.row_accounts import COUNTS
from iww_analysis.cleaning.supersede import RECORDS
from iww_analysis.crosswalk.ask.links import how
from iww_analysis.disclosure import public_names
from iww_analysis.disclosure.public_names import PublicNames
from iww_analysis.disclosure.public_numbers import Guard, field_name, table_name
from iww_analysis.figures.unused_columns import Unused, unused_columns
from iww_analysis.messages import numbers, sentences
from iww_analysis.messages.errors import Lang
from iww_analysis.tables import TABLES

Texts = Mapping[str, Any]
Refused = Mapping[str, Sequence[str]]  # source -> the files that its last build refused
ALL = "all"
OTHER = "other"  # the years with too few cases to be named
SHADES = (0.25, 0.5, 0.75, 0.95)
LOW = 0.5  # a field that fewer cases than this have a value of asks attention
NOT_DUE = ("not_applicable", asked.NO_RECORD)  # here a value is not expected
FILLED, KNOWN = ("filled", "emptied", "other"), ("known_before", "known")  # of a field, what a next delivery changed
FATES = ("read", "kept", "duplicate", "superseded", "contradiction", "cases", "gone")
MOVED = 0.10  # a field that differs more than this from the year or the delivery before
MANY = 0.05  # a file of which this share of the rows was set aside
NAMED = 5  # fields named in one point

Point = tuple[str, dict[str, object]]


def pages(
    study: Study, wording: Texts, lang: Lang, *, internal: bool = False, refused: Refused | None = None,
    findings: Collection[Finding] = (),
) -> list[dict[str, Any]]:  # fmt: skip
    """Give per source what its page of data quality says; `refused`: the files that its last build refused.

    `findings`: those that are drawn; what is delivered and in none of them is listed.
    """
    frames = {"held": asked.coverage(study), "changed": asked.changed(study), "deliveries": asked.deliveries(study),
              "notes": notes(study), "renewed": study.accounts["renewed"]}  # fmt: skip
    each = []
    for source in study.sources:
        guard = Guard("internal" if internal else study.origins[source].regime, lang)
        of_source = {name: frame[frame["source"] == source] for name, frame in frames.items()}
        unused = unused_columns(study, source, findings)
        each.append(_page(study.only(source), of_source, wording, guard, list((refused or {}).get(source, ())), unused))
    return each


def _page(
    study: Study, frames: Mapping[str, pd.DataFrame], wording: Texts, guard: Guard, refused: list[str], unused: list[Unused]
) -> dict[str, Any]:  # fmt: skip
    (source,) = study.sources
    called = PublicNames(study.ledgers[source], guard.lang, refused)
    refused, lines = [called.file(name) for name in refused], [called.of(line) for line in study.ledgers[source]]
    deliveries = frames["deliveries"].to_dict("records")
    coverage, renewed = _coverage(study, frames["held"], guard), list(_renewed(frames["renewed"], guard))
    read, aside = (sum(line[f"rows_{kind}"] for line in lines) for kind in ("read", "set_aside"))
    problems = (
        _with_public_names(study.set_aside, called).groupby(["file", "sheet", "heading", "rule", "severity"]).size()
    )
    broken = frames["notes"].groupby("rule")["case_id"].nunique()  # per rule that spans nouns, the cases that break it
    whole = Guard("internal", guard.lang)  # for what is no number of rows or cases
    material = {"refused": refused, "lines": lines, "deliveries": deliveries, "coverage": coverage, "study": study,
                "renewed": renewed}  # fmt: skip
    return {
        "source": source,
        "attention": list(_attention(material, wording, guard)),
        "summary": {
            "deliveries": whole.written(len(deliveries)), "files": whole.written(len(lines)), "read": guard.written(read),
            "set_aside": guard.written(aside), "fields": whole.written(len(coverage["fields"])),
        },
        "coverage": coverage,
        "ledger": _ledger(lines, wording, guard),
        "links": list(_links(lines, guard)),
        "unused": [_unused(each, called, guard) for each in unused],
        "deliveries": _table(deliveries, FATES, guard) if len(deliveries) > 1 else [],
        "renewed": renewed,
        "problems": _table(problems.reset_index(name="n").to_dict("records"), ("n",), guard),
        "changed": list(_changed(frames["changed"], guard)),
        "notes": _table(broken.reset_index(name="n").to_dict("records"), ("n",), guard),
    }  # fmt: skip


def _coverage(study: Study, held: pd.DataFrame, guard: Guard) -> dict[str, Any]:
    """The columns (years, with their cases), the reasons of absence that are shown at all, and a line per field."""
    cases = study["cases"]["date_referral"].dt.year.astype("str").value_counts().sort_index()
    enough = [year for year, n in cases.items() if guard.count(n) is not None]
    columns = [*enough, *([OTHER] if len(enough) < len(cases) else []), ALL] if len(cases) else [ALL]
    column_of = {year: year if year in enough else OTHER for year in cases.index}
    n_of = cases.groupby(cases.index.map(column_of)).sum().to_dict() | {ALL: cases.sum()}
    by_field = held.groupby(["table", "column"], sort=False)
    lines = [_field(f"{table}.{name}", rows, column_of, columns, guard) for (table, name), rows in by_field]
    kinds = [kind for kind in asked.HELD[1:] if any(line["kinds"][kind].drawn for line in lines)]
    reasons = vocabulary.read("missing")
    labels = {kind: "" if kind == asked.NO_RECORD else reasons.label(kind, guard.lang) for kind in kinds}
    return {
        "columns": [{"name": name, "n": guard.written(n_of[name]) if len(cases) else ""} for name in columns],
        "kinds": [{"code": kind, "label": labels[kind]} for kind in kinds],
        "fields": [line | {"kinds": [line["kinds"][kind] for kind in kinds]} for line in lines],
    }


def _field(
    field: str, rows: pd.DataFrame, column_of: Mapping[str, str], columns: Sequence[str], guard: Guard
) -> dict[str, Any]:
    table, _, column = field.partition(".")
    by = rows.assign(of=rows["year"].map(lambda year: column_of.get(year, ALL)))
    by = pd.concat([by, by[by["of"] != ALL].assign(of=ALL)])
    total, having = by.groupby("of")["n"].sum(), by[by["held"].eq(asked.VALUE)].groupby("of")["n"].sum()
    due = by[~by["held"].isin(NOT_DUE)].groupby("of")["n"].sum()
    why = by[by["of"] == ALL].groupby("held")["n"].sum()
    return {
        "code": field,
        "table": table_name(table, guard.lang),
        "field": field_name(table, column, guard.lang),
        "per_case": bool(rows["year"].iloc[0]),
        "cells": [_cell(having.get(of, 0), due.get(of, 0), total[of], guard) if of in total else None for of in columns],
        "kinds": {kind: guard.written(why.get(kind, 0)) for kind in asked.HELD[1:]},
    }  # fmt: skip


def _cell(having: int, due: int, total: int, guard: Guard) -> dict[str, Any]:
    """One field in one year; `due`: the cases of which a value may be expected, on which its judgement rests."""
    share, of_due = guard.share(having, total), guard.share(having, due)
    few = bool(guard.count(due)) and guard.count(having) is None  # nearly nobody of enough
    return {
        "text": "" if guard.rule == "case_study" else numbers.share(share, guard.lang),
        "of": f"{guard.written(having)}/{guard.written(total)}",
        "numbers": (guard.written(having), guard.written(total)),
        "shade": "" if share is None else f"s{sum(share >= step for step in SHADES)}",
        "share": of_due,
        "low": few or (of_due is not None and of_due < LOW),
    }


def _table(rows: Iterable[Mapping[Any, Any]], numbers: Sequence[str], guard: Guard) -> list[dict[str, Any]]:
    return [{**row, **{name: guard.written(row[name]) for name in numbers}} for row in rows]


def _ledger(lines: Sequence[Mapping[str, Any]], wording: Texts, guard: Guard) -> dict[str, Any]:
    """The account of every row; a column in which no number is shown, or nothing but zeros, is left out."""
    shown = [name for name in COUNTS if any(guard.count(line[name]) for line in lines)]
    reasons = [{rule: guard.written(n) for rule, n in line["set_aside_by_reason"].items() if n} for line in lines]
    not_read = [wording["not_read"].get(note, note) for note in (line.get("not_read_because", "") for line in lines)]
    rows = [
        row | {"reasons": why, "why": "; ".join(f"{wording['rules'][rule]}: {n}" for rule, n in why.items()) or note}
        for row, why, note in zip(_table(lines, COUNTS, guard), reasons, not_read, strict=True)
    ]
    return {"columns": shown, "rows": rows}


def _links(lines: Sequence[Mapping[str, Any]], guard: Guard) -> Iterator[dict[str, Any]]:
    """Per sheet and identifier how many records name a case (or other owner) that is there, and what would mend the others."""
    for line in lines:
        for link in line.get("links", ()):
            counts = {name: guard.written(link[name]) for name in ("n", "n_met", "n_mended")}
            is_shown = guard.count(link["n"] - link["n_met"]) is not None and link["n_met"] < link["n"]
            forms = {name: link[name] if is_shown else "" for name in ("forms", "known_forms")}
            yield {
                **{name: line[name] for name in ("delivery", "file", "sheet")}, **counts, **forms,
                "code": link["table"], "table": table_name(link["table"], guard.lang), "column": link["column"],
                "field": field_name(link["table"], link["column"], guard.lang),
                "how": how(tuple(link["foldings"]), guard.lang) if is_shown else "",
            }  # fmt: skip


def _with_public_names(problems: pd.DataFrame, called: PublicNames) -> pd.DataFrame:
    by = {"file": called.file, "sheet": called.sheet, "heading": public_names.heading}
    names = {column: {str(name): give(str(name)) for name in problems[column].unique()} for column, give in by.items()}
    return problems.assign(**{column: problems[column].astype("str").map(names[column]) for column in by})


def _unused(each: Unused, called: PublicNames, guard: Guard) -> dict[str, Any]:
    """What was delivered and is in no figure: a heading with the fields that it fills, or a kind of records."""
    pairs = [name.partition(".")[::2] for name in each.fields]
    field = ", ".join(
        dict.fromkeys(f"{field_name(*pair, guard.lang)} ({table_name(pair[0], guard.lang)})" for pair in pairs)
    )
    if each.kind:
        table, column = pairs[0]
        words = vocabulary.read(TABLES[table][column].vocabulary)
        field = f"{table_name(table, guard.lang)}: {words.label(each.kind, guard.lang)}"
    return {
        "file": called.file(each.file), "sheet": called.sheet(each.sheet), "heading": public_names.heading(each.heading),
        "field": field, "why": public_names.said(each.why[guard.lang]), "code": ", ".join(each.fields), "kind": each.kind,
        "unread": public_names.said(each.reason) or each.code, "n": guard.written(each.n),
    }  # fmt: skip


def _renewed(renewed: pd.DataFrame, guard: Guard) -> Iterator[dict[str, Any]]:
    """Per table and delivery what it changed of the one before, and the fields of which that may be told."""
    for (table, since, delivery), rows in renewed.groupby(["table", "since", "delivery"]):
        n = rows.set_index(["column", "what"])["n"]
        fields = list[dict[str, Any]]()
        for column in filter(None, map(str, rows["column"].unique())):
            pairs = zip(KNOWN, ("before", "now"), strict=True)
            before, now = (guard.share(n[column, known], n["", of]) for known, of in pairs)
            fields.append({
                "code": column, "field": field_name(table, column, guard.lang),
                "told": [guard.written(n[column, what]) for what in FILLED],
                "known": [guard.written(n[column, what]) for what in KNOWN],
                "shares": [numbers.share(before, guard.lang), numbers.share(now, guard.lang)],
                "moved": before is not None and now is not None and abs(now - before) > MOVED + 1e-9,
            })  # fmt: skip
        shown = [field for field in fields if field["moved"] or any(n != numbers.HIDDEN for n in field["told"])]
        yield {
            "code": table, "table": table_name(table, guard.lang), "since": since, "delivery": delivery, "fields": shown,
            **{what: guard.written(n["", what]) for what in RECORDS},
        }  # fmt: skip


def _changed(changed: pd.DataFrame, guard: Guard) -> Iterator[dict[str, Any]]:
    """Per rule its fields, with how many cells got another form."""
    for rule, rows in changed.groupby("rule"):
        fields = [
            {"code": f"{row.table}.{row.column}", "field": field_name(row.table, row.column, guard.lang),
             "table": table_name(row.table, guard.lang), "n": guard.written(row.n)}
            for row in rows.itertuples()
        ]  # fmt: skip
        yield {"rule": rule, "n": guard.written(rows["n"].sum()), "fields": fields}


# ---- what asks attention, the gravest first ---------------------------------------------------------------------------


def _attention(material: Mapping[str, Any], wording: Mapping[str, Any], guard: Guard) -> Iterator[str]:
    """What a person with five minutes should know, the gravest first; nothing that the tables below do not show."""
    for points in (_of_files, _of_links, _of_deliveries, _of_fields):
        yield from (sentences.filled(wording["attention"][code], **gaps) for code, gaps in points(material, guard))


def _of_files(material: Mapping[str, Any], guard: Guard) -> Iterator[Point]:
    if material["refused"]:
        yield "refused", {"files": numbers.listed(list(material["refused"]), guard.lang)}
    for line in material["lines"]:
        place = {"file": line["file"] + (f" · {line['sheet']}" if line["sheet"] else "")}
        aside, read = line["rows_set_aside"], line["rows_read"]
        if line.get("not_read_because") in ("refused", "sheet_hidden"):
            yield "not_read", place
        elif guard.count(aside) and (guard.count(aside) or 0) >= MANY * (guard.count(read) or 0):
            yield "set_aside", place | {"n": guard.written(aside), "read": guard.written(read)}


def _of_links(material: Mapping[str, Any], guard: Guard) -> Iterator[Point]:
    for line in material["lines"]:
        for link in line.get("links", ()):
            lost = link["n"] - link["n_met"]
            if guard.count(lost):
                place = {"file": line["file"] + (f" · {line['sheet']}" if line["sheet"] else "")}
                yield "unlinked", place | {"n": guard.written(lost), "of": guard.written(link["n"])}


def _of_deliveries(material: Mapping[str, Any], guard: Guard) -> Iterator[Point]:
    for row in material["deliveries"]:
        which = {"delivery": row["delivery"]}
        if row["read"] and row["read"] == row["duplicate"]:
            yield "repeated", which
        for what in ("contradiction", "gone"):
            if guard.count(row[what]):
                yield what, which | {"n": guard.written(row[what])}
    for renewal in material["renewed"]:
        moved = [f"{f['field']} ({' → '.join(f['shares'])})" for f in renewal["fields"] if f["moved"]]
        if moved:
            which = {name: renewal[name] for name in ("delivery", "since")}
            yield "renewed", which | {"fields": _listed(moved, guard)}


def _of_fields(material: Mapping[str, Any], guard: Guard) -> Iterator[Point]:
    coverage, (source,) = material["coverage"], material["study"].sources
    recorded = material["study"].recorded[source]
    absent = [pair for pair in (f.split(".") for f in FIELDS) if tuple(pair) not in recorded]
    if absent and len(material["study"]["cases"]):
        yield "absent", {"fields": _listed([field_name(table, column, guard.lang) for table, column in absent], guard)}
    low = [line["field"] for line in coverage["fields"] if line["cells"][-1]["low"]]
    if low:
        yield "low", {"fields": _listed(low, guard), "n": len(low)}
    moved = sorted(_moved(coverage, guard), reverse=True)
    if moved:
        yield "moved", {"fields": _listed([text for _, text in moved], guard), "n": len(moved)}


def _listed(items: Sequence[str], guard: Guard) -> str:
    return numbers.listed(list(items[:NAMED]), guard.lang) + (" …" if len(items) > NAMED else "")


def _moved(coverage: Mapping[str, Any], guard: Guard) -> Iterator[tuple[float, str]]:
    """Fields of which the share of one year differs from that of the year before, with the largest difference."""
    years = [column["name"] for column in coverage["columns"]]
    for line in coverage["fields"]:
        shares = [
            (year, cell["share"])
            for year, cell in zip(years, line["cells"], strict=True)
            if year.isdigit() and cell and cell["share"] is not None
        ]
        steps = [(abs(b - a), f"{line['field']} ({one}: {numbers.share(a, guard.lang)}, {two}: {numbers.share(b, guard.lang)})")
                 for (one, a), (two, b) in pairwise(shares)]  # fmt: skip
        if steps and max(steps)[0] > MOVED + 1e-9:
            yield max(steps)
