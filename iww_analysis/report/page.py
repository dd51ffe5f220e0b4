"""Lay out the report as one HTML page with everything inside it: no request leaves the machine."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import version
from importlib.resources import files
from typing import Any

import jinja2

from iww_analysis import vocabulary
from iww_analysis.analysis.study import Study
from iww_analysis.crosswalk.origin import Origin
from iww_analysis.figures import texts
from iww_analysis.figures.declaration import answering
from iww_analysis.figures.figure import Figure
from iww_analysis.messages import numbers, sentences
from iww_analysis.messages.errors import Lang
from iww_analysis.report.quality import quality

Texts = dict[str, Any]


def page(
    study: Study,
    drawn: Sequence[Figure],
    interpretations: Mapping[str, str],
    name: str,
    lang: Lang,
    *,
    internal: bool = False,
    data_quality: Sequence[Mapping[str, Any]] | None = None,
) -> str:
    """Give the page: sources, figures with their words and numbers, the quality of the data. `interpretations`: the Duiding.

    `data_quality`: what `data_quality_of` gave, where that was asked already.
    """
    wording = texts_of(lang, "report", "quality")
    return template("report.html", "quality.html").render(
        lang=lang,
        t=wording,
        name=name,
        synthetic=study.synthetic,
        internal=internal,
        studies=list(_studies(study, drawn, lang)),
        figures=[
            _figure(figure, interpretations, wording, lang)
            for figure in sorted(drawn, key=lambda figure: bool(figure.lacking))
        ],
        origins=cards(study, lang),
        quality=data_quality_of(study, lang, internal=internal) if data_quality is None else data_quality,
    )


def data_quality_of(
    study: Study, lang: Lang, *, internal: bool = False, refused: Mapping[str, Sequence[str]] | None = None
) -> list[dict[str, Any]]:
    """Give what the page says of each source's data; `refused`: per source the files that its last build refused."""
    wording = texts_of(lang, "report", "quality")
    return quality.pages(study, wording, lang, internal=internal, refused=refused)


def cards(study: Study, lang: Lang) -> list[dict[str, str]]:
    """Give what the page says of each source, from the card of its last delivery."""
    return [_origin(origin, lang) for origin in study.origins.values()]


def template(name: str, *included: str) -> jinja2.Template:
    """Give a page's template; the style that all pages share is there to be included."""
    return jinja2.Environment(
        loader=jinja2.DictLoader({each: packaged(each) for each in (name, "style.css", *included)}),
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True,
    ).get_template(name)  # fmt: skip


def packaged(name: str) -> str:
    """Read a file that stands beside the templates."""
    return files(__package__).joinpath("templates", name).read_text(encoding="utf-8")


def texts_of(lang: Lang, *names: str) -> Texts:
    """The words in one language; what is looked up by a code (a rule) stands in a table of its own."""
    every: Texts = {}
    for name in names:
        every |= sentences.read(name)
    wording = {name: _in_one(entry, lang) for name, entry in every.items()}
    wording["made_with"] = wording["made_with"].format(version=version("iww-analysis"))
    return wording


def _in_one(entry: Mapping[str, Any], lang: Lang) -> Any:
    return entry[lang] if lang in entry else {code: _in_one(wording, lang) for code, wording in entry.items()}


def _origin(origin: Origin, lang: Lang) -> dict[str, str]:
    towns = vocabulary.read("municipality")
    return {
        "source": origin.source,
        "municipality": ", ".join(towns.label(code, lang) for code in origin.municipality),
        "study": vocabulary.read("study").label(origin.study, lang) if origin.study else "",
        "period": " – ".join(numbers.day(day, lang) for day in origin.period),
        "extraction_date": numbers.day(origin.extraction_date, lang),
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
        asked = zip(value.extra[f"questions_{lang}"], value.extra[f"limits_{lang}"], strict=True)
        yield {
            "code": value.code,
            "name": value.nl if lang == "nl" else value.en,
            "questions": [
                {"text": text, "limit": limit} | _answered([by_id[i] for i in answering(value.code, n) if i in by_id])
                for n, (text, limit) in enumerate(asked, start=1)
            ],
        }


def _answered(figures: Sequence[Figure]) -> dict[str, list[Figure]]:
    return {"with": [f for f in figures if not f.lacking], "without": [f for f in figures if f.lacking]}


def _figure(figure: Figure, interpretations: Mapping[str, str], wording: Texts, lang: Lang) -> dict[str, Any]:
    return {
        "figure": figure,
        "svg": inline(figure),
        "rows": list(csv.reader(io.StringIO(figure.csv.decode("utf-8-sig")), delimiter=";" if lang == "nl" else ",")),
        "words": interpretations.get(figure.id, ""),
        "account": list(_account(figure, wording, lang)),
    }


def inline(figure: Figure) -> str:
    """Give the drawing as it may stand inside HTML, where an XML prologue has no place."""
    svg = figure.svg.decode()
    return svg[svg.index("<svg") :]


def _account(figure: Figure, wording: Texts, lang: Lang) -> list[str]:
    """From source to figure: per question the units counted, those left out and why, and who is not compared."""
    data = figure.protected
    if data is None:
        return []
    lines = [
        wording["counted"].format(
            n_out=numbers.number(data.n_out[part], lang),
            n_in=numbers.number(data.n_in[part], lang),
            unit=texts.unit(data.units[part], lang),
        )
        + f" ({part})"
        for part in data.n_in
    ]
    lines += [
        wording["left_out"].format(n=numbers.number(n, lang), why=texts.left_out(why, lang)) + f" ({part})"
        for part, reasons in data.left_out.items()
        for why, n in reasons.items()
        if n != 0
    ]
    return lines + [
        wording["not_compared"].format(source=source, why=texts.absent(why, lang))
        for source, why in data.absent.items()
    ]
