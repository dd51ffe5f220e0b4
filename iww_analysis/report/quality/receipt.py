"""Write down what stands behind the numbers of a report that are no figure's: the sources, and the quality of their data.

Each number is a mark, as in the receipt of a figure (docs/formats/receipt.md). Its question says where it can be counted
again: SQL over `data/processed`, or the field of a source's `ledger.json` or `origin.toml`.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from iww_analysis import disclosure, vocabulary
from iww_analysis.analysis.questions.coverage import ELIGIBLE
from iww_analysis.analysis.questions.quality import HELD, VALUE
from iww_analysis.analysis.sql import condition_as_sql
from iww_analysis.cleaning.supersede import RECORDS
from iww_analysis.disclosure.public_numbers import Number
from iww_analysis.report.manifest import versions
from iww_analysis.report.quality.quality import ALL, FATES, FILLED, KNOWN, OTHER
from iww_analysis.report.receipts import FORMAT, QUALITY, Basis, Receipt, sources
from iww_analysis.tables import TABLES

Page = Mapping[str, Any]
Mark = tuple[str, dict[str, str], dict[str, Number | str]]  # part, keys, values
_FROM = {
    "cards": "origin.toml of the last delivery",
    "attention": "the numbers of the other questions, as drawn",
    "summary": "ledger.json: the deliveries, the lines of `sheets`, the sums of rows_read and rows_set_aside; the fields below",
    "rows": "ledger.json: sheets[].<what>",
    "reasons": "ledger.json: sheets[].set_aside_by_reason",
    "deliveries": "ledger.json: the sums of sheets[].rows_<what>; contradiction: of set_aside_by_reason",
    "notes": "iww_analysis.notes: rules over several tables, in docs/rules.md",
}
_SQL = {
    "followed": """
WITH own AS (SELECT *, split_part(source_id, '/', 1) AS delivery FROM cases),
began AS (
  SELECT o.*, (SELECT COALESCE(MIN(l.date_closed), MIN(l.date_referral)) FROM own l
               WHERE l.source = o.source AND l.delivery > o.delivery) AS begins FROM own o)
SELECT source, delivery, COUNT(*) AS cases,
       COUNT(*) FILTER (WHERE begins IS NOT NULL AND (date_closed IS NULL OR date_closed >= begins)) AS gone
FROM began GROUP BY ALL ORDER BY ALL""",
    "renewed": """
SELECT source, "table", since, delivery, what, n FROM renewed WHERE "column" = '' ORDER BY ALL""",
    "renewed_fields": """
SELECT source, "table", since, delivery, "column" AS field, what, n FROM renewed WHERE "column" <> '' ORDER BY ALL""",
    "problems": """
SELECT source, file, sheet, heading, rule, severity, COUNT(*) AS n FROM set_aside GROUP BY ALL ORDER BY ALL""",
    "changed": "SELECT source, rule, SUM(n) AS n FROM changes GROUP BY ALL ORDER BY ALL",
    "changed_fields": """
SELECT source, rule, "table" || '.' || "column" AS field, SUM(n) AS n FROM changes GROUP BY ALL ORDER BY ALL""",
}


def receipts(
    pages: Sequence[Page], cards: Sequence[Mapping[str, str]], basis: Basis, *, internal: bool
) -> tuple[Receipt, Receipt]:
    """Make the public and the restricted receipt of what the report says of its sources."""
    study = basis.study
    marks = [*_cards(cards), *(mark for page in pages for mark in _marks(page))]
    rules = {page["source"]: "internal" if internal else study.origins[page["source"]].regime for page in pages}
    questions = [
        *({"name": name, "from": where} for name, where in _FROM.items()),
        *({"name": name, "sql": text.strip()} for name, text in _SQL.items()),
        *(question for page in pages for question in _questions(page, rules[page["source"]])),
    ]

    def receipt(access: str, kept: Sequence[dict[str, Any]], *columns: str) -> Receipt:
        return {
            "format": FORMAT, "figure": QUALITY, "access": access, "synthetic": study.synthetic,
            "parameters": dict(basis.parameters), "rules": rules, "questions": questions, "marks": list(kept),
            "sources": sources(study, study.sources, columns), "code": basis.code, "versions": versions(),
        }  # fmt: skip

    restricted = [_as_document(mark, "drawn", "raw") for mark in marks]
    public = [_as_document(mark, "drawn") for mark in marks]
    return receipt("public", public), receipt("restricted", restricted, "rows_in_file", "rows_kept")


def _as_document(mark: Mark, *kinds: str) -> dict[str, Any]:
    part, keys, values = mark
    kept = {kind: {name: getattr(n, kind, n) for name, n in values.items()} for kind in kinds}
    return {"part": part, "mark": keys, **kept}


# --- marks -----------------------------------------------------------------------------------------------------------


def _cards(cards: Sequence[Mapping[str, str]]) -> Iterator[Mark]:
    for card in cards:
        yield "cards", {"source": card["source"]}, {name: text for name, text in card.items() if name != "source"}


def _marks(page: Page) -> Iterator[Mark]:
    """Every number that is said of one source's data."""
    source = {"source": str(page["source"])}
    for place, text in enumerate(page["attention"], start=1):
        yield "attention", source | {"point": str(place)}, {"text": text}
    for what, n in page["summary"].items():
        yield "summary", source | {"what": what}, {"n": n}
    for part, keys, n in (*_of_rows(page), *_of_deliveries(page), *_of_values(page)):
        yield part, source | keys, {"n": n}
    for column in page["coverage"]["columns"]:
        if column["n"]:
            yield "cases", source | {"year": column["name"]}, {"n": column["n"]}
    for line in page["coverage"]["fields"]:
        for column, cell in zip(page["coverage"]["columns"], line["cells"], strict=True):
            if cell:
                keys = {"field": line["code"], "year": column["name"]}
                yield "fields", source | keys, dict(zip(("n", "n_of"), cell["numbers"], strict=True))
        why = {f"n_{kind['code']}": n for kind, n in zip(page["coverage"]["kinds"], line["kinds"], strict=True)}
        if why:
            yield "absences", source | {"field": line["code"]}, why


def _of_rows(page: Page) -> Iterator[tuple[str, dict[str, str], Number]]:
    for line in page["ledger"]["rows"]:
        keys = {name: line[name] for name in ("delivery", "file", "sheet")}
        for what in page["ledger"]["columns"]:
            yield "rows", keys | {"what": what}, line[what]
        for rule, n in line["reasons"].items():
            yield "reasons", keys | {"rule": rule}, n


def _of_deliveries(page: Page) -> Iterator[tuple[str, dict[str, str], Number]]:
    for line in page["deliveries"]:
        for what in FATES:
            part = "followed" if what in ("cases", "gone") else "deliveries"
            yield part, {"delivery": line["delivery"], "what": what}, line[what]
    for line in page["renewed"]:
        keys = {"table": line["code"], "since": line["since"], "delivery": line["delivery"]}
        for what in RECORDS:
            yield "renewed", keys | {"what": what}, line[what]
        for field in line["fields"]:
            for what, n in zip((*FILLED, *KNOWN), (*field["told"], *field["known"]), strict=True):
                yield "renewed_fields", keys | {"field": field["code"], "what": what}, n


def _of_values(page: Page) -> Iterator[tuple[str, dict[str, str], Number]]:
    for line in page["problems"]:
        yield "problems", {name: line[name] for name in ("file", "sheet", "heading", "rule", "severity")}, line["n"]
    for line in page["changed"]:
        yield "changed", {"rule": line["rule"]}, line["n"]
        for field in line["fields"]:
            yield "changed_fields", {"rule": line["rule"], "field": field["code"]}, field["n"]
    for line in page["notes"]:
        yield "notes", {"rule": line["rule"]}, line["n"]


# --- questions about what fields hold --------------------------------------------------------------------------------

_YEARS = """SELECT *, strftime(date_referral, '%Y') AS y, COUNT(*) OVER (PARTITION BY strftime(date_referral, '%Y')) AS of_year
   FROM cases WHERE source = '{source}'"""
_CASES = """SELECT COALESCE(shown, '{all}') AS year, COUNT(*) AS n
FROM (SELECT CASE WHEN of_year < {least} THEN '{other}' ELSE y END AS shown FROM ({years}))
GROUP BY GROUPING SETS ((shown), ())"""
_HOLDS = """SELECT *, list_position([{order}], CASE WHEN "{{column}}" IS NOT NULL
     AND CAST("{{column}}" AS VARCHAR) NOT IN ({missing}) THEN '{value}' ELSE COALESCE(CAST("{{why}}" AS VARCHAR), 'empty') END)
   AS holds FROM {{table}} WHERE source = '{source}'"""
_OF_CASES = """SELECT COALESCE(shown, '{all}') AS year, {counts}
FROM (SELECT CASE WHEN of_year < {least} THEN '{other}' ELSE y END AS shown, COALESCE(holds, {last}) AS holds
  FROM (SELECT * FROM ({years}) WHERE {{asked}})
  LEFT JOIN (SELECT case_id, MIN(holds) AS holds FROM ({holds}) GROUP BY case_id) USING (case_id))
GROUP BY GROUPING SETS ((shown), ())"""
_OF_RECORDS = "SELECT '{all}' AS year, {counts}\nFROM ({holds})"


def _questions(page: Page, rule: str) -> Iterator[dict[str, Any]]:
    """The SQL of the cases per year, and of what fields hold: one statement with gaps, and what fills them per field.

    `n`: cases (of a source that registers none: records) with a value, `n_of`: those asked, `n_…`: why others have none.
    """
    least = int(disclosure.limits(rule).get("threshold", 0))
    names = {"source": page["source"], "all": ALL, "other": OTHER, "least": least, "value": VALUE, "last": len(HELD)}
    names["years"] = _YEARS.format(**names)
    names["missing"], names["order"] = (_listed(codes) for codes in (vocabulary.read("missing").codes, HELD))
    names["counts"] = "COUNT(*) FILTER (holds = 1) AS n, COUNT(*) AS n_of,\n  " + ", ".join(
        f"COUNT(*) FILTER (holds = {place}) AS n_{held}" for place, held in enumerate(HELD[1:], start=2)
    )
    names["holds"] = _HOLDS.format(**names)
    yield {"name": "cases", "source": page["source"], "sql": _CASES.format(**names)}
    for per_case, text in ((True, _OF_CASES), (False, _OF_RECORDS)):
        fields = [line["code"] for line in page["coverage"]["fields"] if line["per_case"] is per_case]
        if fields:
            yield {"name": "fields", "source": page["source"], "sql": text.format(**names),
                   "gaps": {field: _gaps(field) for field in fields}}  # fmt: skip


def _gaps(field: str) -> dict[str, str]:
    table, column = field.split(".")
    why = f"{column}_missing" if TABLES[table][column].typed_missing else column
    asked = condition_as_sql(ELIGIBLE[field]) if field in ELIGIBLE else "TRUE"
    return {"table": table, "column": column, "why": why, "asked": asked}


def _listed(codes: Sequence[str]) -> str:
    return ", ".join(f"'{code}'" for code in codes)
