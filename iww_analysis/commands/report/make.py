"""Make every file of a report: the notebooks draw its figures, what none of them shows is drawn here, and all is put together."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain

from iww_analysis.commands import build, source_key
from iww_analysis.commands.report.state import NOTEBOOKS, Report, bound_words, key_of, notebook, words_of
from iww_analysis.commands.shown_counts import of_all
from iww_analysis.disclosure import followed
from iww_analysis.figures import kept_figures
from iww_analysis.figures.declaration import CATALOGUE
from iww_analysis.figures.draw_figures import draw_with_findings
from iww_analysis.io import notebook_kernels
from iww_analysis.io.disk import files, locks
from iww_analysis.io.disk.home import Home
from iww_analysis.io.notebook_kernels import Shelf
from iww_analysis.io.processed import inputs
from iww_analysis.messages.errors import Message, Place
from iww_analysis.privacy.keys import check_value
from iww_analysis.privacy.pseudonyms import demo_key
from iww_analysis.report import changes, interpretation, notebooks
from iww_analysis.report.assemble import Material, assemble
from iww_analysis.report.manifest import MANIFEST, RECEIPTS, Request, as_json
from iww_analysis.report.notebooks import Notebook
from iww_analysis.report.receipts import Basis


def make_with_changes(home: Home, request: Request) -> Report:
    """Make a report, and say what changed since the one of its name that is there."""
    messages = build.ensure_built(home, request.sources)
    made = make(home, request)
    there, folder = (MANIFEST, "quality.json", "figures/*.json"), home.report(request.name)
    before = files.read_all(folder, there) if files.are_there(folder, [MANIFEST]) else {}
    if before:
        inside = files.read_all(home.receipts(request.name), ["*.json"])
        before |= {f"{RECEIPTS}{path}": content for path, content in inside.items()}
    changed = changes.since(before, made.files, request.lang)
    contents = {**made.files} | {changes.NAME: as_json(changes.document(changed))}
    return replace(made, files=contents, messages=(*messages, *made.messages), changes=tuple(changed))


def make(home: Home, request: Request) -> Report:
    """Make every file of a report from what lies there, whether or not it has one already: the same, the same bytes."""
    loaded, key = build.load(home, request.sources), key_of_rows(home, request.sources)
    vectors, unshown = ({}, []) if request.internal else of_all(loaded)
    study = replace(loaded, vectors=vectors)
    folder = home.from_here(home.report(request.name))
    with locks.held(home, "report", request.name), notebook_kernels.new_shelf(home.report(request.name)) as shelf:
        kept_figures.share(study, request.lang, shelf, internal=request.internal)
        executed, stopped = _run(home, request, shelf)
        ids = [id_ for id_, entry in CATALOGUE.items() if not request.study or request.study in entry.studies]
        report_study = kept_figures.of_report(study, request.lang, shelf, internal=request.internal)
        drawn = draw_with_findings(report_study, lang=request.lang, internal=request.internal, ids=ids)
    not_drawn = {figure.id: figure.stopped for figure, _ in drawn if figure.stopped}
    crosswalks = {source: files.read_bytes(home.crosswalk(source)) for source in request.sources}
    basis = Basis(study, request.parameters, crosswalks, inputs.library_hash(), key)
    words, numbers = bound_words(home, request.name), {f.id: f.numbers_digest for f, _ in drawn if not f.lacking}
    apart = words.apart(numbers)
    cells = interpretation.for_cells(words.beside(numbers), apart, list(CATALOGUE), folder, request.lang)
    for each in executed.values():
        notebooks.put_words(each, cells)
    made_of = {
        "key": "" if stopped or not_drawn else key_of(home, request),  # none where something stopped: it is tried again
        "not_drawn": sorted(not_drawn),
        "inputs": {source: inputs.hashes(home, source) for source in request.sources},
        "code": inputs.library_hash(),
        "numbers": numbers,
        "words": words.bindings,
        "pseudonym_key": check_value(key),
    }
    refused = {source: inputs.refused(home, source) for source in request.sources}
    list_ = followed.as_csv(followed.listed(study), request.lang)
    material = Material(basis, drawn, executed, words_of(home, request.name), apart, made_of, refused, list_)
    said = Message("words_apart", Place(f"{folder}/{interpretation.NAME}"), {"figures": ", ".join(apart)})
    messages = (*((said,) if apart else ()), *_undecided(home, request.name, list_), *unshown)
    return Report(
        request.name, assemble(request, material), messages,
        stopped=(*stopped.values(), *chain(*not_drawn.values())),
    )  # fmt: skip


def _undecided(home: Home, name: str, list_: bytes) -> Iterator[Message]:
    """Say how many followed cases wait for a person's decision."""
    decided = home.decisions / followed.NAME
    filled_in = files.read_bytes(decided) if files.are_there(home.decisions, [followed.NAME]) else b""
    if waiting := followed.undecided(list_, filled_in):
        words = {"n": len(waiting), "decided": home.from_here(decided)}
        yield Message("followed_undecided", Place(home.from_here(home.receipts(name) / followed.NAME)), words)


def _run(home: Home, request: Request, shelf: Shelf) -> tuple[dict[str, Notebook], dict[str, Message]]:
    """Execute the notebooks, the last when all others have left their figures; what one that stops left out is drawn later."""
    parameters = {"sources": request.sources, "lang": request.lang, "internal": request.internal}
    ready = {
        name: notebooks.prepared(notebooks.parsed(files.read_bytes(notebook(home, name))), parameters)
        for name in NOTEBOOKS
    }
    stopped: dict[str, Message] = {}
    for names in (NOTEBOOKS[:-1], NOTEBOOKS[-1:]):
        stopped |= notebook_kernels.run({name: ready[name] for name in names}, home.path, home.path, shelf)
    for name, message in stopped.items():
        notebooks.say_where_it_stopped(ready[name], message, request.lang)
    return ready, stopped


def key_of_rows(home: Home, sources: Sequence[str]) -> bytes:
    """Give the key of all keyed hashes of a report: the public one only where everything is invented."""
    keys = [source_key.key_of(home, source) for source in sources]
    return next((key for key in keys if key != demo_key()), demo_key())
