"""Write down what stands behind the numbers of a report that are no figure's: the sources, and the quality of their data.

Each number is a mark, as in the receipt of a figure (docs/formats/receipt.md). Its question says where it can be counted
again: SQL over `data/processed`, or the field of a source's `ledger.json` or `origin.toml`.
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from importlib.resources import files
from typing import Any

from iww_analysis import vocabulary
from iww_analysis.analysis.questions.coverage import ELIGIBLE, STANDING, YEAR
from iww_analysis.analysis.questions.quality import HELD, VALUE
from iww_analysis.analysis.sql import condition_as_sql, derived_as_sql, quoted
from iww_analysis.cleaning.supersede import RECORDS
from iww_analysis.disclosure.public_numbers import Number
from iww_analysis.disclosure.vector.quality_names import ALL
from iww_analysis.report.manifest import versions
from iww_analysis.report.quality.quality import FATES, FILLED, KNOWN
from iww_analysis.report.receipts import FORMAT, QUALITY, Basis, Receipt, public_sources, sources
from iww_analysis.tables import TABLES

Page = Mapping[str, Any]
Mark = tuple[str, dict[str, str], dict[str, Number | str]]  # part, keys, values
_DECLARED = tomllib.loads(files(__package__).joinpath("receipt.toml").read_text(encoding="utf-8"))


def receipts(
    pages: Sequence[Page], cards: Sequence[Mapping[str, str]], basis: Basis, *, internal: bool
) -> tuple[Receipt, Receipt]:
    """Make the public and the restricted receipt of what the report says of its sources."""
    study = basis.study
    marks: list[Mark] = [("cards", {"source": card["source"]}, {name: text for name, text in card.items() if name != "source"})
                         for card in cards]  # fmt: skip
    marks += [mark for page in pages for mark in _marks(page)]
    rules = {page["source"]: "internal" if internal else study.origins[page["source"]].regime for page in pages}
    questions = [
        *({"name": name, "from": where} for name, where in _DECLARED["from"].items()),
        *(
            {"name": name, "sql": text.format(standing=derived_as_sql(STANDING))}
            for name, text in _DECLARED["sql"].items()
        ),
        *(question for page in pages for question in _questions(page)),
    ]

    def receipt(access: str, kinds: Sequence[str], read: Sequence[Mapping[str, Any]]) -> Receipt:
        documents = []
        for part, keys, values in marks:
            kept = {kind: {name: getattr(n, kind, n) for name, n in values.items()} for kind in kinds}
            documents.append({"part": part, "mark": keys, **kept})
        return {
            "format": FORMAT, "figure": QUALITY, "access": access, "synthetic": study.synthetic,
            "parameters": dict(basis.parameters), "rules": rules, "questions": questions, "marks": documents,
            "sources": list(read), "code": basis.code, "versions": versions(),
        }  # fmt: skip

    public, restricted = public_sources(basis, study.sources), sources(basis, study.sources)
    return receipt("public", ["drawn"], public), receipt("restricted", ["drawn", "raw"], restricted)


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
    for line in page["unused"]:
        keys = {"sheet": line["sheet"], "heading": line["heading"], "field": line["code"], "kind": line["kind"]}
        yield "unused", keys | {"why": line["unread"]}, line["n"]
    for link in page["links"]:
        keys = {name: link[name] for name in ("delivery", "file", "sheet", "column")} | {"table": link["code"]}
        for what in ("n", "n_met", "n_mended"):
            yield "links", keys | {"what": what}, link[what]


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


def _questions(page: Page) -> Iterator[dict[str, Any]]:
    """The SQL of the cases per year, and of what fields hold: one statement with gaps, and what fills them per field.

    `n`: cases (of a source that registers none: records) with a value, `n_of`: those asked, `n_…`: why others have none.
    """
    declared = _DECLARED["fields"]
    names = {"source": page["source"], "all": ALL, "value": VALUE, "last": len(HELD)}
    names["missing"], names["order"] = (
        ", ".join(map(quoted, codes)) for codes in (vocabulary.read("missing").codes, HELD)
    )
    names["counts"] = "COUNT(*) FILTER (holds = 1) AS n, COUNT(*) AS n_of,\n  " + ", ".join(
        f"COUNT(*) FILTER (holds = {place}) AS n_{held}" for place, held in enumerate(HELD[1:], start=2)
    )
    names |= {"year": derived_as_sql(YEAR), "standing": derived_as_sql(STANDING)}
    names |= {name: declared[name].format(**names) for name in ("years", "holds")}
    yield {"name": "cases", "source": page["source"], "sql": declared["cases"].format(**names)}
    for per_case, name in ((True, "of_cases"), (False, "of_records")):
        gaps = {}
        for field in [line["code"] for line in page["coverage"]["fields"] if line["per_case"] is per_case]:
            table, column = field.split(".")
            why = f"{column}_missing" if TABLES[table][column].typed_missing else column
            asked = " AND ".join(map(condition_as_sql, ELIGIBLE.get(field, ()))) or "TRUE"
            gaps[field] = {"table": table, "column": column, "why": why, "asked": asked}
        if gaps:
            yield {"name": "fields", "source": page["source"], "sql": declared[name].format(**names), "gaps": gaps}
