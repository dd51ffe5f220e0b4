"""The metadata for archives: valid by the standard's own library, and true of the files that it describes."""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import frictionless
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from iww_analysis import figures, vocabulary
from iww_analysis.analysis.study import ACCOUNTS
from iww_analysis.commands import build
from iww_analysis.crosswalk import origin
from iww_analysis.crosswalk.origin import Origin
from iww_analysis.figures.figure import Figure
from iww_analysis.io.disk import files
from iww_analysis.io.disk.home import read_origin
from iww_analysis.messages.errors import Lang
from iww_analysis.report.package import description, of_report
from iww_analysis.report.package.of_source import source_package
from iww_analysis.tables import TABLES
from shared.sources import HOME

SOURCES = ("elburg", "wijkteam-noord", "specialist-dichterbij")  # a register, an arena with people, interviews
DRAWN = ("F05", "F07", "F12", "T01")  # a register's, a case study's (nothing of it here), interviews', words
KINDS = {"date": pa.timestamp("us"), "integer": pa.int64(), "boolean": pa.bool_(), "string": pa.string()}


def cards(source: str) -> list[Origin]:
    """The cards of a source's deliveries."""
    return [origin.parse(read_origin(delivery), source) for delivery in HOME.deliveries(source)]


@cache
def described(source: str) -> tuple[dict[str, Any], dict[str, pa.Table]]:
    """The stored description of a source's processed tables, and those tables as pyarrow reads them."""
    build.ensure_built(HOME, [source])
    folder = HOME.processed(source)
    tables = {path.stem: pq.read_table(path) for path in sorted(folder.glob("*.parquet"))}
    return dict(files.read_json(folder / description.NAME)), tables


def faults(descriptor: Mapping[str, Any]) -> list[str]:
    """What frictionless says is wrong with a description itself."""
    return [str(error) for error in frictionless.Package.metadata_validate(dict(descriptor))]


def with_rows(descriptor: Mapping[str, Any], tables: Mapping[str, pa.Table]) -> dict[str, Any]:
    """The same description with the rows in it: frictionless stops at an empty date in a Parquet file (5.21)."""
    told = json.loads(json.dumps(descriptor))
    told["resources"] = [
        {key: resource[key] for key in ("name", "type", "schema")} | {"data": rows(tables[resource["name"]])}
        for resource in told["resources"]
        if resource.get("type") == "table"
    ]
    return dict(told)


def rows(table: pa.Table) -> list[list[object]]:
    """A heading and the rows of a table, days as days."""
    cells = ([v.date() if isinstance(v, dt.datetime) else v for v in row.values()] for row in table.to_pylist())
    return [list(table.column_names), *cells]


def errors(descriptor: Mapping[str, Any], folder: Path | None = None) -> list[tuple[str, str]]:
    """Validate description and data; what is wrong, as the resource and the kind of error."""
    report = frictionless.Package(dict(descriptor), basepath=str(folder or "")).validate()
    return [("", e.type) for e in report.errors] + [(t.name, e.type) for t in report.tasks for e in t.errors]


# -- processed tables ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("source", SOURCES)
def test_a_source_is_described_by_the_standard_and_its_rows_are_as_described(source: str) -> None:
    descriptor, tables = described(source)
    assert faults(descriptor) == []
    assert errors(with_rows(descriptor, tables)) == []


@pytest.mark.parametrize("source", SOURCES)
def test_the_fields_are_the_columns_of_the_file_in_order_and_type(source: str) -> None:
    descriptor, tables = described(source)
    for resource in descriptor["resources"]:
        if resource.get("type") == "table":
            schema = tables[resource["name"]].schema
            fields = [(field["name"], KINDS[field["type"]]) for field in resource["schema"]["fields"]]
            assert fields == [(field.name, field.type) for field in schema], resource["name"]


@pytest.mark.parametrize("source", SOURCES)
def test_every_file_beside_it_is_listed_with_its_size_and_hash(source: str) -> None:
    folder = HOME.processed(source)
    listed = {r["path"]: (r["bytes"], r["hash"]) for r in described(source)[0]["resources"]}
    there = {p.name: p.read_bytes() for p in folder.iterdir() if p.name != description.NAME}
    assert listed == {name: (len(content), f"sha256:{files.sha256(content)}") for name, content in there.items()}


def test_a_field_has_its_dutch_term_its_meaning_and_the_closed_list_of_its_codes() -> None:
    fields = {f["name"]: f for f in table("elburg", "cases")["schema"]["fields"]}
    reason, column = fields["closure_reason"], TABLES["cases"]["closure_reason"]
    known = vocabulary.read("closure_reason")
    assert reason["title"] == column.nl
    assert reason["description"].startswith(column.meaning)
    assert reason["constraints"]["enum"] == list(known.codes)
    assert {"value": "moved", "label": known["moved"].nl} in reason["categories"]
    assert {"value": "not_recorded", "label": "niet vastgelegd"} in reason["missingValues"]
    assert fields["date_closed_missing"]["constraints"]["enum"] == list(vocabulary.read("missing").codes)


def test_keys_are_said_where_they_are_true() -> None:
    assert table("elburg", "cases")["schema"]["primaryKey"] == ["case_id"]
    meetings = table("elburg", "meetings")["schema"]  # no team or session there: no primary key
    assert "primaryKey" not in meetings
    assert meetings["uniqueKeys"] == [["case_id", "team", "session", "kind", "date"]]
    pointing = {"fields": ["case_id"], "reference": {"resource": "cases", "fields": ["case_id"]}}
    assert pointing in table("elburg", "plans")["schema"]["foreignKeys"]
    assert not any(
        key["fields"] == ["case_id"] for key in table("wijkteam-noord", "meetings")["schema"].get("foreignKeys", ())
    )


def table(source: str, name: str) -> dict[str, Any]:
    """The description of one table."""
    return next(r for r in described(source)[0]["resources"] if r["name"] == name)


def test_a_row_that_breaks_the_description_is_found() -> None:
    descriptor, tables = described("elburg")
    told = with_rows(descriptor, tables)
    held = {resource["name"]: resource["data"] for resource in told["resources"]}
    for row, (name, column, value) in enumerate((
        ("cases", "closure_reason", "verhuist"), ("cases", "case_id", None), ("cases", "source_row", "twee"),
        ("plans", "case_id", "nowhere"), ("plans", "date_missing", "vergeten"),
    ), start=1):  # fmt: skip
        held[name][row][held[name][0].index(column)] = value
    assert {
        ("cases", "constraint-error"), ("cases", "primary-key"), ("cases", "type-error"), ("plans", "foreign-key"),
        ("plans", "constraint-error"),
    } <= set(errors(told))  # fmt: skip


def test_what_was_made_of_invented_data_says_so_and_no_clock_is_read() -> None:
    descriptor, _ = described("elburg")
    assert descriptor["synthetic"] is True
    assert "synthetische data" in descriptor["title"]
    assert descriptor["created"] == "2021-07-08T00:00:00Z"  # received on that day
    assert descriptor["contributors"] == [{"title": "Elburg (verzonnen)", "roles": ["DataCollector"]}]


def test_nobody_is_named_and_no_licence_is_made_up() -> None:
    (card,) = cards("elburg")
    named = replace(
        card, synthetic=False, delivered_by="mevrouw J. Jansen, 06-12345678", terms="Vraag het Piet de Vries."
    )
    told = json.dumps(source_package([named], {}, {"ledger.json": ("0" * 64, 2)}), ensure_ascii=False)
    assert '"title": "Elburg", "roles"' in told
    assert not any(word in told for word in ("Jansen", "0612345678", "06-12345678", "Piet", "licenses"))


def test_every_account_and_each_of_its_columns_has_words() -> None:
    assert {r["name"]: r["title"] for r in described("elburg")[0]["resources"] if r["name"] in ACCOUNTS} == {
        "changes": "wijzigingen", "set_aside": "opzij gezet", "renewed": "vernieuwd", "sources": "bladen",
    }  # fmt: skip


# -- reports ---------------------------------------------------------------------------------------------------------


@cache
def made(lang: Lang) -> tuple[list[Figure], dict[str, bytes]]:
    """A few figures and the files of a report that holds them."""
    study = build.load(HOME, ["elburg", "wijkteam-noord"])
    drawn = figures.draw_all(study, lang=lang, ids=DRAWN)
    out = {"index.html": b"<p>", "duiding.md": b"# mijn woorden", "notebooks/00-start-here.ipynb": b"{}"}
    for figure in drawn:
        out |= {f"figures/{figure.id}.svg": figure.svg, f"figures/{figure.id}.png": figure.png,
                f"figures/{figure.id}.csv": figure.csv, f"figures/{figure.id}.json": b"{}",
                f"receipts/{figure.id}.json": b'{"raw": 3}'}  # fmt: skip
    return drawn, out


def report_package(lang: Lang = "nl", *, internal: bool = False) -> dict[str, Any]:
    drawn, out = made(lang)
    return of_report.report_package(
        "proef", drawn, out, [*cards("elburg"), *cards("wijkteam-noord")], lang, internal=internal
    )


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_a_report_is_described_by_the_standard_and_its_numbers_are_as_described(lang: Lang, tmp_path: Path) -> None:
    descriptor = report_package(lang)
    for path, content in made(lang)[1].items():
        files.write_bytes(tmp_path / path, content)
    assert faults(descriptor) == []
    assert errors(descriptor, tmp_path) == []


def test_a_changed_number_or_word_in_a_report_is_found(tmp_path: Path) -> None:
    descriptor, (_, out) = report_package(), made("nl")
    first = next(line for line in out["figures/F05.csv"].split(b"\r\n")[1:] if line)
    for path, content in out.items():
        files.write_bytes(tmp_path / path, content.replace(first, first.rsplit(b";", 2)[0] + b";veel;0,1"))
    assert {("figures-f05.csv", "hash-count"), ("figures-f05.csv", "type-error")} <= set(errors(descriptor, tmp_path))


def test_a_hidden_number_is_missing_and_says_why() -> None:
    resource = next(r for r in report_package()["resources"] if r["path"] == "figures/F05.csv")
    cases = resource["schema"]["fields"][-2]
    assert (resource["dialect"]["delimiter"], cases["name"], cases["type"]) == (";", "casussen", "integer")
    assert {"value": "x", "label": "niet getoond, om te beschermen"} in cases["missingValues"]
    assert resource["schema"]["fields"][-1]["decimalChar"] == ","


def test_the_restricted_files_and_the_researchers_own_words_are_not_listed() -> None:
    listed = {resource["path"] for resource in report_package()["resources"]}
    assert listed == {path for path in made("nl")[1] if not path.startswith("receipts/") and path != "duiding.md"}


def test_a_figure_that_could_not_be_drawn_is_a_sentence_and_no_table() -> None:
    panels = [figure.id for figure in made("nl")[0] if figure.protected is None]
    assert panels
    for id_ in panels:
        resource = next(r for r in report_package()["resources"] if r["path"] == f"figures/{id_}.csv")
        assert "type" not in resource
        assert resource["mediatype"] == "text/plain"


def test_an_internal_report_says_so() -> None:
    assert "INTERN, niet delen" in report_package(internal=True)["title"]


# What RO-Crate 1.1 requires ("Root Data Entity", "Data Entities"): the descriptor, its `about`, and of the root type, id,
# name, description, datePublished and license; every file that is described is linked from the root.
def test_the_crate_has_what_ro_crate_requires() -> None:
    told = description.crate(report_package(), "nl")
    graph = {entity["@id"]: entity for entity in told["@graph"]}
    assert told["@context"] == "https://w3id.org/ro/crate/1.1/context"
    assert graph["ro-crate-metadata.json"] == {
        "@id": "ro-crate-metadata.json", "@type": "CreativeWork", "about": {"@id": "./"},
        "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
    }  # fmt: skip
    root = graph["./"]
    assert root["@type"] == "Dataset"
    assert all(root[name] for name in ("name", "description", "datePublished", "license"))
    assert dt.date.fromisoformat(root["datePublished"]) == dt.date(2021, 7, 8)
    linked = {part["@id"] for part in root["hasPart"]}
    assert linked == {id_ for id_, entity in graph.items() if entity["@type"] == "File"}
    assert {r["path"] for r in report_package()["resources"]} <= linked
    assert len(graph) == len(told["@graph"])
