"""Lay out the report as one HTML page with everything inside it: no request leaves the machine."""

import csv
import io
from collections.abc import Collection, Iterator, Mapping, Sequence
from importlib.metadata import version
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import jinja2

from iww_analysis import vocabulary
from iww_analysis.analysis.finding import Finding
from iww_analysis.analysis.study import Study
from iww_analysis.figures import texts
from iww_analysis.figures.declaration import answering
from iww_analysis.messages import numbers, sentences
from iww_analysis.messages.errors import Lang
from iww_analysis.report.quality import quality

if TYPE_CHECKING:  # matplotlib, that a page of rows does not need
    from iww_analysis.figures.figure import Figure

Texts = dict[str, Any]


def page(
    study: Study,
    drawn: Sequence["Figure"],
    interpretations: Mapping[str, str],
    name: str,
    lang: Lang,
    *,
    apart: Mapping[str, str] | None = None,
    internal: bool = False,
    data_quality: Sequence[Mapping[str, Any]] | None = None,
) -> str:
    """Give the page: sources, figures with their words and numbers, the quality of the data. `interpretations`: the Duiding.

    `apart`: figure -> the words on it that are about other numbers; `data_quality`: what `data_quality_of` gave, where that
    was asked already.
    """
    wording = texts_of(lang, "report", "quality")
    shown = [figure for figure in drawn if not figure.lacking]
    return template("report.html", "quality.html").render(
        lang=lang, t=wording, name=name, synthetic=study.synthetic, internal=internal,
        studies=list(_studies(study, drawn, lang)), origins=cards(study, lang),
        figures=[_figure(figure, interpretations, wording, lang) for figure in shown], lacking=_lacking(drawn),
        apart=apart or {}, titles={figure.id: figure.title for figure in drawn},
        quality=data_quality_of(study, lang, internal=internal) if data_quality is None else data_quality,
    )  # fmt: skip


def data_quality_of(
    study: Study, lang: Lang, *, internal: bool = False, refused: Mapping[str, Sequence[str]] | None = None,
    findings: Collection[Finding] = (),
) -> list[dict[str, Any]]:  # fmt: skip
    """Give what the page says of each source's data, `iww.data_quality` in a notebook: see `quality.pages`."""
    wording = texts_of(lang, "report", "quality")
    return quality.pages(study, wording, lang, internal=internal, refused=refused, findings=findings)


def cards(study: Study, lang: Lang) -> list[dict[str, str]]:
    """Give what the page says of each source, from the card of its last delivery."""
    towns, studies = vocabulary.read("municipality"), vocabulary.read("study")
    return [
        {
            "source": origin.source,
            "municipality": ", ".join(towns.label(code, lang) for code in origin.municipality),
            "study": studies.label(origin.study, lang) if origin.study else "",
            "period": " – ".join(numbers.day(day, lang) for day in origin.period),
            "extraction_date": numbers.day(origin.extraction_date, lang),
            "case_is": origin.case_is.get(lang, ""),
            "selection": origin.selection.get(lang, ""),
        }
        for origin in study.origins.values()
    ]


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
    wording: Texts = {code: _in_one(entry, lang) for name in names for code, entry in sentences.read(name).items()}
    wording["made_with"] = wording["made_with"].format(version=version("iww-analysis"))
    return wording


def _in_one(entry: Mapping[str, Any], lang: Lang) -> Any:
    return entry[lang] if lang in entry else {code: _in_one(wording, lang) for code, wording in entry.items()}


def _studies(study: Study, drawn: Sequence["Figure"], lang: Lang) -> Iterator[dict[str, Any]]:
    """Per study that a source is of, its own questions: the figures that answer each, what lacks, and how far they go."""
    by_id, of = {figure.id: figure for figure in drawn}, {origin.study for origin in study.origins.values()}
    for value in (value for value in vocabulary.read("study").values if value.code in of):
        questions, asked = [], zip(value.extra[f"questions_{lang}"], value.extra[f"limits_{lang}"], strict=True)
        for n, (text, limit) in enumerate(asked, start=1):
            figures = [by_id[id_] for id_ in answering(value.code, n) if id_ in by_id]
            answered, without = ([f for f in figures if bool(f.lacking) == lacks] for lacks in (False, True))
            questions.append({"text": text, "limit": limit, "with": answered, "without": without})
        yield {"code": value.code, "name": value.nl if lang == "nl" else value.en, "questions": questions}


def _figure(figure: "Figure", interpretations: Mapping[str, str], wording: Texts, lang: Lang) -> dict[str, Any]:
    return {
        "figure": figure,
        "svg": inline(figure),
        "rows": list(csv.reader(io.StringIO(figure.csv.decode("utf-8-sig")), delimiter=";" if lang == "nl" else ",")),
        "words": interpretations.get(figure.id, ""),
        "account": list(_account(figure, wording, lang)),
    }


def _lacking(drawn: Sequence["Figure"]) -> dict[str, list["Figure"]]:
    """What keeps figures from being drawn, in a sentence, and which."""
    reasons = dict[str, list["Figure"]]()
    for figure in (figure for figure in drawn if figure.lacking):
        reasons.setdefault(figure.caption, []).append(figure)
    return reasons


def inline(figure: "Figure") -> str:
    """Give the drawing as it may stand inside HTML, where an XML prologue has no place."""
    svg = figure.svg.decode()
    return svg[svg.index("<svg") :]


def _account(figure: "Figure", wording: Texts, lang: Lang) -> list[str]:
    """From source to figure: per question the units counted, those left out and why, and who is not compared."""
    data = figure.protected
    if data is None:
        return []
    accounts = {
        part: account(data.units[part], data.n_in[part], data.n_out[part], data.left_out[part], wording, lang)
        for part in data.n_in
    }
    counted = [f"{lines[0]} ({part})" for part, lines in accounts.items()]
    left_out = [f"{line} ({part})" for part, lines in accounts.items() for line in lines[1:]]
    consent = [data.consent(lang)] if data.withheld else []
    return counted + left_out + consent + not_compared(data.absent, wording, lang)


def account(
    unit: str, n_in: int | None, n_out: int | None, left_out: Mapping[str, int | None], wording: Texts, lang: Lang
) -> list[str]:
    """The account of one question, one sentence a line: counted of asked for, and what was left out, with why."""
    asked, counted = numbers.number(n_in, lang), numbers.number(n_out, lang)
    return [wording["counted"].format(n_out=counted, n_in=asked, unit=texts.unit(unit, lang))] + [
        wording["left_out"].format(n=numbers.number(n, lang), why=texts.left_out(why, lang))
        for why, n in left_out.items()
        if n != 0
    ]


def not_compared(absent: Mapping[str, str], wording: Texts, lang: Lang) -> list[str]:
    """The sources that a figure leaves out, and why, one sentence each."""
    words = wording["not_compared"]
    return [words.format(source=source, why=texts.absent(why, lang)) for source, why in absent.items()]
