"""Draw what was asked: protected findings in, figures out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from iww_analysis import disclosure
from iww_analysis.analysis.finding import Caveat, Finding, digest
from iww_analysis.analysis.study import Study
from iww_analysis.crosswalk.origin import Origin, Regime
from iww_analysis.disclosure import Protected, Rule
from iww_analysis.figures import kept_figures, texts
from iww_analysis.figures.canvas import style, wrapping
from iww_analysis.figures.canvas.canvas import Canvas
from iww_analysis.figures.canvas.wording import missing
from iww_analysis.figures.declaration import CATALOGUE, OWN, Catalogue, Entry, answered, lacking
from iww_analysis.figures.figure import Figure, marks_digest, numbers_as_csv
from iww_analysis.figures.kept_figures import Drawn
from iww_analysis.figures.shapes import bar_charts
from iww_analysis.messages import numbers
from iww_analysis.messages.errors import IwwError, Place, during, fail

# what decides which cases are in the figure at all
IN_CAPTION = ("gap", "overlap_open", "overlap_settled", "case_not_found")


def draw(id: str, study: Study, *, lang: str = "nl", internal: bool = False,  # noqa: A002 - the field's word
         catalogue: Catalogue = CATALOGUE) -> Figure:  # fmt: skip
    """Draw one figure of the catalogue from a study, such as F05."""
    return draw_all(study, lang=lang, internal=internal, ids=[id], catalogue=catalogue)[0]


def draw_all(
    study: Study, *, lang: str = "nl", internal: bool = False, ids: Sequence[str] | None = None,
    catalogue: Catalogue = CATALOGUE,
) -> list[Figure]:  # fmt: skip
    """Draw the figures of a report; a figure that lacks data says what is missing."""
    drawn = draw_with_findings(study, lang=lang, internal=internal, ids=ids, catalogue=catalogue)
    return [figure for figure, _ in drawn]


def draw_with_findings(
    study: Study, *, lang: str = "nl", internal: bool = False, ids: Sequence[str] | None = None,
    catalogue: Catalogue = CATALOGUE,
) -> list[Drawn]:  # fmt: skip
    """Draw the figures of a report, each with the unprotected finding it was drawn from; none where it lacks data.

    Of the study of a report that is being made each is drawn once: what a notebook drew before is given again.
    """
    wanted = catalogue if ids is None else ids
    for name in wanted:
        if name not in catalogue:
            raise fail("figure_unknown", found=name, expected=", ".join(catalogue))
    entries = [catalogue[name] for name in wanted]
    shelf = kept_figures.shelf_of(study, lang, internal=internal) if catalogue is CATALOGUE else None
    drawn = kept_figures.read(shelf, [entry.id for entry in entries]) if shelf else {}
    fresh = [_drawn(study, lang, internal, entry) for entry in entries if entry.id not in drawn]
    if shelf:
        kept_figures.write(shelf, fresh)
    drawn |= {figure.id: (figure, finding) for figure, finding in fresh}
    return [drawn[entry.id] for entry in entries]


def _drawn(study: Study, lang: str, internal: bool, entry: Entry) -> Drawn:
    """Draw one figure of which nothing was drawn yet; what keeps it from being drawn costs no other figure: a panel says it."""
    step = texts.word("next_step", lang)
    try:
        finding = answered(entry, study)
        finding = finding and study.with_gaps(finding)
        protected = (
            disclosure.protect(finding, "internal" if internal else entry.regime, study.vectors) if finding else None
        )
        needs = lacking(entry, study) or entry.needs or ("marks",)
        with during("unexpected_drawing", Place(figure=entry.id)):
            if protected and not protected.marks.empty:
                cards = [study.origins[source] for source in protected.sources]
                return _finished(protected, entry, lang, cards), finding
    except IwwError as error:
        here = [replace(message, place=replace(message.place, figure=None)) for message in error.messages]
        why = IwwError(*here).say("en" if lang == "en" else "nl")
        panel = _panel(entry, entry.needs or ("marks",), study, lang, why, "", step, internal=internal)
        is_choice = {message.code for message in error.messages} == {"labels_shared"}  # of sources; the panel says it
        return replace(panel, stopped=() if is_choice else error.messages), None
    sources = numbers.listed(list(study.sources), lang) or "–"
    why = texts.word(
        "needed", lang, what=numbers.listed([texts.lacking(need, lang) for need in needs], lang), sources=sources
    )
    consent = disclosure.consent_sentence(
        study.withheld({need.partition(".")[0] for need in needs}, study.sources) or None, lang
    )
    return _panel(entry, needs, study, lang, f"{why} {consent}".strip(), "", step, internal=internal), None


def _said(caveats: Iterable[Caveat], lang: str) -> tuple[str, ...]:
    return tuple(texts.caveat(code, lang, words) for code, words in caveats)


def _finished(data: Protected, entry: Entry, lang: str, origins: Sequence[Origin]) -> Figure:
    words = entry.texts
    with style.style():
        canvas = Canvas(data, words, lang, origins)
        entry.draw(canvas)
        marks = marks_digest(canvas.figure)
    gaps = _said(
        (caveat for caveat in data.caveats if caveat[0] in IN_CAPTION), lang
    )  # also where only the caption goes along
    first = next(name for name in (*words.parts, *data.n_out) if name in data.n_out)  # of which the page says n
    counted = f"{data.totals[first].columns[1]} = {canvas.number(data.n_out[first])}"
    return Figure(
        data.id, lang, words.title[lang], " ".join((words.what[lang], words.read[lang], data.said(lang), *gaps)),
        _alt(canvas), _said(data.caveats, lang), data, style.Pictures(canvas.figure),
        numbers_as_csv(data, words, lang), marks, data.digest, counted=counted,
    )  # fmt: skip


def _panel(entry: Entry, needs: Sequence[str], study: Study, lang: str, why: str, *more: str, internal: bool) -> Figure:
    """The same page without numbers: why it cannot be drawn, and what more there is to say on the picture.

    An empty sentence leaves a line open.
    """
    words, why = entry.texts, " ".join((why, *_said(study.gap_caveats, lang)))
    rule, marks = "internal" if internal else entry.regime, pd.DataFrame(columns=["part", "hidden"])
    data = Protected(entry.id, rule, (), (), "", marks, {}, {}, {}, {}, study.synthetic, study.sources, (), {})
    with style.style():
        canvas = Canvas(data, words, lang, list(study.origins.values()))
        ax = canvas.figure.add_subplot(canvas.rows(1.9)[0])
        ax.set(xticks=[], yticks=[])
        ax.spines[:].set(visible=True, color=style.GREY, linestyle=(0, (4, 3)))
        middle: dict[str, Any] = {"ha": "center", "va": "center", "transform": ax.transAxes}
        ax.text(0.5, 0.78, canvas.word("not_drawable"), weight="bold", fontsize=10, **middle)
        lines = [line for sentence in (why, *more) for line in wrapping.wrap(sentence, style.WIDTH - 0.9, 9)]
        ax.text(0.5, 0.36, "\n".join(lines), fontsize=9, linespacing=1.35, **middle)
    pictures, content = style.Pictures(canvas.figure), b"\xef\xbb\xbf" + why.encode() + b"\r\n"
    return Figure(entry.id, lang, words.title[lang], why, f"{words.title[lang]}. {why}", (), None, pictures, content,
                  digest(pd.DataFrame({"lacking": needs})), digest(pd.DataFrame()), tuple(needs))  # fmt: skip


def _alt(canvas: Canvas) -> str:
    """Fill the alt text: n, unit, groups and, where it makes sense, the largest category of each group."""
    data, lang = canvas.data, canvas.lang
    n = numbers.number(next(iter(data.n_out.values()), None), lang)
    groups = numbers.listed([canvas.label(data.keys[0], code) for code in canvas.groups(data.keys[0])], lang)
    template = canvas.texts.alt[lang]
    highest = _highest(canvas) if "{highest}" in template and len(data.keys) > 1 else ""
    return template.format(n=n, unit=texts.unit(data.unit, lang), groups=groups, highest=highest).strip()


def _highest(canvas: Canvas) -> str:
    """Per group its largest mark of the first question, in words."""
    (first, second, *_), name = canvas.data.keys, next(iter(canvas.data.totals))
    value = bar_charts.measure(canvas)
    sentences = []
    for group in canvas.groups(first, name):
        shown = [row for row in canvas.marks(name, **{first: group}) if not missing(row[value])]
        if shown:
            top = max(shown, key=lambda row: float(row[value]))
            number = canvas.share(top[value]) if value == "share" else canvas.number(top[value])
            names = {"group": canvas.label(first, group), "label": canvas.label(second, top[second])}
            sentences.append(canvas.word("highest", **names, value=number))
    return " ".join(sentences)


def bars(
    finding: Finding, *, title: str, lang: str = "nl", regime: Regime = "register", internal: bool = False,
    lists: Mapping[str, str] | None = None,
) -> Figure:  # fmt: skip
    """Draw a finding of your own: counts by one or two keys, for inside: they stand in no vector.

    `lists`: key -> the vocabulary list that holds its labels, such as {"reason": "closure_reason"}.
    """
    rule: Rule = "internal" if internal else "own" if regime == "register" else "case_study"
    data = disclosure.protect(finding, rule, {})
    entry = replace(OWN, texts=replace(OWN.texts, title={lang: title}, lists=lists or {}))
    return _finished(data, entry, lang, ())
