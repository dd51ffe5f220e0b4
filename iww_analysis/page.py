"""Lay out the report as one HTML page with everything inside it: no request leaves the machine."""

import csv
import io
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import version
from importlib.resources import files as packaged
from typing import Any

import jinja2

from iww_analysis import disclosure, vocabulary
from iww_analysis.errors import Lang
from iww_analysis.figures import texts, words
from iww_analysis.figures.figure import Figure
from iww_analysis.schema.origin import Origin
from iww_analysis.study import Study, notes

Texts = dict[str, Any]


def page(
    study: Study, drawn: Sequence[Figure], told: Mapping[str, str], name: str, lang: Lang, *, internal: bool = False
) -> str:
    """Give the page: sources, figures with their words and numbers, the account of every row. `told`: the Duiding."""
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    said = _said(lang)
    said["made_with"] = said["made_with"].format(version=version("iww-analysis"))
    return environment.from_string(_packaged("report.html")).render(
        lang=lang,
        t=said,
        name=name,
        synthetic=study.synthetic,
        internal=internal,
        studies=list(_studies(study, drawn, lang)),
        figures=[
            _figure(figure, told, said, lang) for figure in sorted(drawn, key=lambda figure: bool(figure.lacking))
        ],
        origins=[_origin(origin, lang) for origin in study.origins.values()],
        ledgers=_ledgers(study, internal=internal),
        problems=_problems(study, internal=internal),
        notes=_notes(study),
    )


def _packaged(name: str) -> str:
    return packaged("iww_analysis").joinpath("templates", name).read_text(encoding="utf-8")


def _said(lang: Lang) -> Texts:
    """The words in one language; `rules` holds a table of its own."""
    document = tomllib.loads(_packaged("report.toml"))
    rules = {code: sentence[lang] for code, sentence in document.pop("rules").items()}
    return {code: sentence[lang] for code, sentence in document.items()} | {"rules": rules}


def _origin(origin: Origin, lang: Lang) -> dict[str, str]:
    towns = vocabulary.read("municipality")
    return {
        "source": origin.source,
        "municipality": ", ".join(towns.label(code, lang) for code in origin.municipality),
        "study": vocabulary.read("study").label(origin.study, lang) if origin.study else "",
        "period": " – ".join(words.day(day, lang) for day in origin.period),
        "extraction_date": words.day(origin.extraction_date, lang),
        "case_is": origin.case_is.get(lang, ""),
        "selection": origin.selection.get(lang, ""),
        "delivered_by": origin.delivered_by,
    }


def _studies(study: Study, drawn: Sequence[Figure], lang: Lang) -> Iterator[dict[str, Any]]:
    """Per study that a source is of, its own questions: the figures that answer each, what lacks, and how far they go."""
    by_id = {figure.id: figure for figure in drawn}
    for value in vocabulary.read("study").values:
        if value.code not in {origin.study for origin in study.origins.values()}:
            continue
        asked = zip(
            value.extra[f"questions_{lang}"], value.extra["answered_by"], value.extra[f"limits_{lang}"], strict=True
        )
        yield {
            "code": value.code,
            "name": value.nl if lang == "nl" else value.en,
            "questions": [
                {"text": text, "limit": limit} | _answered([by_id[id_] for id_ in ids if id_ in by_id])
                for text, ids, limit in asked
            ],
        }


def _answered(figures: Sequence[Figure]) -> dict[str, list[Figure]]:
    return {"with": [f for f in figures if not f.lacking], "without": [f for f in figures if f.lacking]}


def _figure(figure: Figure, told: Mapping[str, str], said: Texts, lang: Lang) -> dict[str, Any]:
    svg = figure.svg.decode()
    return {
        "figure": figure,
        "svg": svg[svg.index("<svg") :],  # an XML prologue has no place inside HTML
        "rows": list(csv.reader(io.StringIO(figure.csv.decode("utf-8-sig")), delimiter=";" if lang == "nl" else ",")),
        "words": told.get(figure.id, ""),
        "account": list(_account(figure, said, lang)),
    }


def _account(figure: Figure, said: Texts, lang: Lang) -> list[str]:
    """From source to figure: per question the units counted, those left out and why, and who is not compared."""
    data = figure.protected
    if data is None:
        return []
    lines = [
        said["counted"].format(
            n_out=words.number(data.n_out[part], lang),
            n_in=words.number(data.n_in[part], lang),
            unit=texts.unit(data.units[part], lang),
        )
        + f" ({part})"
        for part in data.n_in
    ]
    lines += [
        said["left_out"].format(n=words.number(n, lang), why=texts.left_out(why, lang)) + f" ({part})"
        for part, reasons in data.left_out.items()
        for why, n in reasons.items()
        if n != 0
    ]
    return lines + [
        said["not_compared"].format(source=source, why=texts.absent(why, lang)) for source, why in data.absent.items()
    ]


def _written(n: int, study: Study, source: str, *, internal: bool) -> str:
    """A number of rows as it may stand on the page: where a row is a case, it tells what a count of cases tells."""
    rule = "internal" if internal else study.origins[source].regime
    return disclosure.written(disclosure.protected_count(n, rule))


def _ledgers(study: Study, *, internal: bool) -> dict[str, list[dict[str, Any]]]:
    """The account of every row, protected like counts of cases; exact in ledger.json, inside the safe zone."""
    return {
        source: [
            {k: _written(v, study, source, internal=internal) if k.startswith("rows_") else v for k, v in line.items()}
            for line in lines
        ]
        for source, lines in study.ledgers.items()
    }


def _problems(study: Study, *, internal: bool) -> list[dict[str, Any]]:
    by = ["source", "file", "sheet", "heading", "rule", "severity"]
    counted = study.set_aside.groupby(by).size().rename("n").reset_index()
    return [
        {str(k): v for k, v in row.items()} | {"n": _written(row["n"], study, row["source"], internal=internal)}
        for row in counted.to_dict("records")
    ]


def _notes(study: Study) -> list[dict[str, Any]]:
    """How many cases break a rule that spans nouns, per source; protected like any count of cases."""
    counted = notes(study).groupby(["source", "rule"])["case_id"].nunique().rename("n").reset_index()
    return [
        {
            "source": row["source"],
            "rule": row["rule"],
            "n": disclosure.written(disclosure.protected_count(row["n"], study.origins[row["source"]].regime)),
        }
        for row in counted.to_dict("records")
    ]
