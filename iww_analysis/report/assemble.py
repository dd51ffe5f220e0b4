"""Put a report together from what was drawn of a study and from its executed notebooks: one set of files, given as bytes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from iww_analysis import disclosure
from iww_analysis.disclosure import Rule
from iww_analysis.figures.declaration import CATALOGUE
from iww_analysis.figures.figure import Figure
from iww_analysis.figures.kept_figures import Drawn
from iww_analysis.messages.errors import fail
from iww_analysis.report import interpretation, notebooks, review
from iww_analysis.report.manifest import RECEIPTS, Request, as_json, manifests
from iww_analysis.report.notebooks import Notebook
from iww_analysis.report.package import description
from iww_analysis.report.package.of_report import report_package
from iww_analysis.report.page import cards, data_quality_of, page
from iww_analysis.report.quality import receipt
from iww_analysis.report.receipts import Basis, Receipt, receipts

FOLLOWED = f"{RECEIPTS}followed.csv"
Receipts = Mapping[str, tuple[Receipt, Receipt]]  # figure -> its public and its restricted receipt


@dataclass(frozen=True)
class Material:
    """What a report is put together from.

    `words`: the researcher's document; `apart`: figure -> the words that are about other numbers; `made_of`: the key and the
    hashes of what the report comes from, as its manifest tells them; `refused`: source -> the files that its last build refused;
    `followed`: the list of followed cases that are alone with what is told of them, for the inside.
    """

    basis: Basis
    drawn: Sequence[Drawn]
    notebooks: Mapping[str, Notebook]
    words: str
    apart: Mapping[str, str]
    made_of: Mapping[str, object]
    refused: Mapping[str, Sequence[str]]
    followed: bytes


def assemble(request: Request, material: Material) -> dict[str, bytes]:
    """Give every file of a report by its path: the same material, the same bytes."""
    figures = [figure for figure, _ in material.drawn]
    _hold(material, request.internal)
    of_figures = {f.id: receipts(f, finding, material.basis) for f, finding in material.drawn if finding is not None}
    made = {path: content for figure in figures for path, content in _of_figure(figure, of_figures.get(figure.id, ()))}
    made |= {f"notebooks/{name}.ipynb": notebooks.as_text(n).encode() for name, n in material.notebooks.items()}
    made |= _pages(request, material, figures, of_figures)
    made |= {FOLLOWED: material.followed} if material.followed else {}
    origins = list(material.basis.study.origins.values())
    described = report_package(request.name, figures, made, origins, request.lang, internal=request.internal)
    titles = [(figure.id, figure.title) for figure in figures]
    made |= {
        description.NAME: as_json(described),
        description.CRATE: as_json(description.crate(described, request.lang)),
        interpretation.NAME: interpretation.with_headings(material.words, titles, request.lang).encode(),
    }
    basis = material.basis
    return made | manifests(request, basis.study.synthetic, material.made_of, made, basis.key)


def _hold(material: Material, internal: bool) -> None:
    """Refuse a figure that is not what its finding gives when protected, or that a notebook shows otherwise."""
    shown = notebooks.printed(list(material.notebooks.values()))
    for figure, finding in material.drawn:
        lines = [line for line in shown if line.startswith(f"{figure.id} ·")]
        rule: Rule = "internal" if internal else CATALOGUE[figure.id].regime
        vectors = material.basis.study.vectors
        same = finding is None or disclosure.protect(finding, rule, vectors).digest == figure.numbers_digest
        if any(line != repr(figure) for line in lines) or not same:
            raise fail("notebook_differs", figure=figure.id)


def _of_figure(figure: Figure, both: Sequence[Receipt]) -> Iterator[tuple[str, bytes]]:
    """The files of one figure: pictures, numbers, and both receipts where it could be drawn."""
    path = f"figures/{figure.id}"
    yield from ((f"{path}.svg", figure.svg), (f"{path}.png", figure.png), (f"{path}.csv", figure.csv))
    for place, receipt_ in zip((f"{path}.json", f"{RECEIPTS}{figure.id}.json"), both, strict=False):
        yield place, as_json(receipt_)


def _pages(
    request: Request, material: Material, figures: Sequence[Figure], of_figures: Receipts
) -> Iterator[tuple[str, bytes]]:
    """The report, the receipts of its numbers on quality, and the reviewer's pages: of public receipts and of restricted ones."""
    study, lang, internal = material.basis.study, request.lang, request.internal
    findings = [finding for _, finding in material.drawn if finding is not None]
    quality = data_quality_of(study, lang, internal=internal, refused=material.refused, findings=findings)
    of_quality = receipt.receipts(quality, cards(study, lang), material.basis, internal=internal)
    yield from zip(("quality.json", f"{RECEIPTS}quality.json"), map(as_json, of_quality), strict=True)
    words, apart, name = interpretation.texts(material.words), material.apart, request.name
    beside = {figure: text for figure, text in words.items() if figure not in apart}
    made = page(study, figures, beside, name, lang, apart=apart, internal=internal, data_quality=quality)
    yield "index.html", made.encode()
    for path, restricted in (("review.html", False), (f"{RECEIPTS}review.html", True)):
        chosen, synthetic = {figure: both[restricted] for figure, both in of_figures.items()}, study.synthetic
        text = review.page(chosen, figures, name, lang, synthetic=synthetic, internal=internal, restricted=restricted)
        yield path, text.encode()
