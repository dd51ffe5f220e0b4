"""Make a report: executed notebooks, figures with their numbers and receipts, and one page that needs no network."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from iww_analysis.commands import build, inputs
from iww_analysis.figures.declaration import CATALOGUE
from iww_analysis.figures.draw_figures import draw_with_findings
from iww_analysis.figures.figure import Figure
from iww_analysis.io.disk import files, folders, locks
from iww_analysis.io.disk.home import PACKAGE, Home
from iww_analysis.messages.errors import Lang, Message, fail
from iww_analysis.report import changes, duiding, notebooks, package, review
from iww_analysis.report.page import cards, data_quality_of, page
from iww_analysis.report.quality import receipt
from iww_analysis.report.receipts import Basis, Receipt, receipts, versions

FORMAT = "iww-report/2"
NOTEBOOKS = ("00-start-here", "10-what-was-recorded", "20-cases-compared", "30-meetings-and-pathways", "40-effect-arena",
             "50-voices", "60-configurations", "70-outcomes", "80-report-figures")  # fmt: skip


@dataclass(frozen=True)
class Report:
    """A finished report: its files by path within the report folder, and what a person should know."""

    name: str
    files: Mapping[str, bytes]
    messages: tuple[Message, ...]
    current: bool = False  # nothing had changed: nothing was made
    changes: tuple[Message, ...] = ()  # since the previous report of this name


def report(
    home: Home, sources: Sequence[str], name: str, *, study_id: str = "", lang: Lang = "nl", internal: bool = False
) -> Report:
    """Build what is stale, run the notebooks on these sources and gather the report; nothing is written yet.

    When inputs, library, notebooks and words are those of the report that is there, that one is current.
    """
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name) or files.NOT_ON_WINDOWS.search(name):
        raise fail("report_name", found=name)
    messages = build.ensure_built(home, sources)
    folder = home.report(name)
    if _is_current(home, name, _key(home, sources, name, lang, internal, study_id)):
        return Report(name, {}, tuple(messages), current=True)
    made = make(home, sources, name, study_id=study_id, lang=lang, internal=internal)
    changed = changes.since(_told_before(folder), made, lang)
    made[changes.NAME] = files.as_json(changes.document(changed)).encode()
    return Report(name, made, tuple(messages), changes=tuple(changed))


def make(
    home: Home, sources: Sequence[str], name: str, *, study_id: str = "", lang: Lang = "nl", internal: bool = False
) -> dict[str, bytes]:
    """Make every file of a report from what lies there, whether or not it has one already: the same, the same bytes."""
    folder = home.report(name)
    study = build.load(home, sources)
    ids = [id_ for id_, entry in CATALOGUE.items() if not study_id or study_id in entry.studies]
    found = draw_with_findings(study, lang=lang, internal=internal, ids=ids)
    drawn = [figure for figure, _ in found]
    told = _told(folder / duiding.NAME)
    words = duiding.texts(told)
    executed = _run(home, sources, name, words, lang, internal)
    _same_figures(drawn, notebooks.printed(list(executed.values())))
    made: dict[str, bytes] = {
        duiding.NAME: duiding.with_headings(told, [(f.id, f.title) for f in drawn], lang).encode()
    }
    parameters = {"lang": lang, "internal": internal, "study": study_id, "sources": list(sources)}
    crosswalks = {source: files.read_bytes(home.crosswalk(source)) for source in sources}
    basis = Basis(study, parameters, crosswalks, inputs.library_hash())
    both = {figure.id: receipts(figure, finding, basis) for figure, finding in found if finding is not None}
    for figure in drawn:
        made |= _of_figure(figure, both.get(figure.id, ()))
    made |= {f"notebooks/{stem}.ipynb": notebooks.as_text(notebook).encode() for stem, notebook in executed.items()}
    refused = {source: inputs.refused(home, source) for source in sources}
    quality = data_quality_of(study, lang, internal=internal, refused=refused)
    public, restricted = receipt.receipts(quality, cards(study, lang), basis, internal=internal)
    made |= {
        "quality.json": files.as_json(public).encode(),
        "receipts/quality.json": files.as_json(restricted).encode(),
    }
    made["index.html"] = page(study, drawn, words, name, lang, internal=internal, data_quality=quality).encode()
    made |= _reviews(both, drawn, name, lang, synthetic=study.synthetic, internal=internal)
    described = package.report_package(name, drawn, made, list(study.origins.values()), lang, internal=internal)
    made |= {
        PACKAGE: files.as_json(described).encode(),
        package.CRATE: files.as_json(package.crate(described, lang)).encode(),
    }
    about = {
        "name": name, "lang": lang, "sources": list(sources), "study": study_id, "synthetic": study.synthetic,
        "internal": internal, "key": _key(home, sources, name, lang, internal, study_id),
        "inputs": {source: _inputs(home, source) for source in sources},
        "code": basis.code, "versions": versions(),
    }  # fmt: skip
    made["manifest.json"] = files.as_json(_manifest(about, made)).encode()
    return made


def write(home: Home, made: Report) -> None:
    """Store a report as one set. The researcher's words are not in it: they only get headings for new figures, first."""
    folder = home.report(made.name)
    contents = dict(made.files)
    headings = contents.pop(duiding.NAME, b"").decode("utf-8")
    with locks.held(home, "report", made.name):
        if headings:
            now = duiding.with_new_headings(_told(folder / duiding.NAME), headings)
            files.write_text(folder / duiding.NAME, now)
        folders.write(folder, contents.items(), folders.REPORT)


def _run(
    home: Home, sources: Sequence[str], name: str, words: Mapping[str, str], lang: Lang, internal: bool
) -> dict[str, notebooks.Notebook]:
    where = notebooks.folder(home.path)
    cells = duiding.for_cells(words, list(CATALOGUE), name, lang)
    parameters = {"sources": tuple(sources), "lang": lang, "internal": internal}
    ready = {stem: notebooks.prepared(notebooks.read(where / f"{stem}.ipynb"), parameters, cells) for stem in NOTEBOOKS}
    return notebooks.run(ready, home.path, home.path)


def _same_figures(drawn: Sequence[Figure], printed: str) -> None:
    """Refuse when a notebook shows a figure with other numbers or marks than the report's own."""
    for figure in drawn:
        shown = [line.strip() for line in printed.splitlines() if line.strip().startswith(f"{figure.id} ·")]
        if any(line != repr(figure) for line in shown):
            raise fail("notebook_differs", figure=figure.id)


def _told_before(folder: Path) -> dict[str, bytes]:
    """The manifest and receipts of the report that is there, by path; none when there is no report."""
    if not (folder / "manifest.json").exists():
        return {}
    receipts_there = (path for kind in ("quality", "figures/*", "receipts/*") for path in folder.glob(f"{kind}.json"))
    paths = [folder / "manifest.json", *receipts_there]
    return {path.relative_to(folder).as_posix(): files.read_bytes(path) for path in sorted(paths)}


def _of_figure(figure: Figure, both: Sequence[Receipt]) -> dict[str, bytes]:
    """The files of one figure: pictures, numbers, and both receipts where it could be drawn."""
    path = f"figures/{figure.id}"
    made = {f"{path}.svg": figure.svg, f"{path}.png": figure.png, f"{path}.csv": figure.csv}
    paths = (f"{path}.json", f"receipts/{figure.id}.json")
    return made | {path: files.as_json(receipt).encode() for path, receipt in zip(paths, both, strict=False)}


def _reviews(
    both: Mapping[str, Sequence[Receipt]],
    drawn: Sequence[Figure],
    name: str,
    lang: Lang,
    *,
    synthetic: bool,
    internal: bool,
) -> Iterator[tuple[str, bytes]]:
    """The reviewer's page, of the public receipts and of the restricted ones."""
    for path, restricted in (("review.html", False), ("receipts/review.html", True)):
        told = {id_: receipt[restricted] for id_, receipt in both.items()}
        text = review.page(told, drawn, name, lang, synthetic=synthetic, internal=internal, restricted=restricted)
        yield path, text.encode()


def _key(home: Home, sources: Sequence[str], name: str, lang: Lang, internal: bool, study_id: str) -> str:
    """One hash over all that a report is made of."""
    words = home.report(name) / duiding.NAME
    parts = [inputs.pages_hash(), *(inputs.inputs_hash(home, source) for source in sources)]
    parts += [files.sha256(files.read_bytes(notebooks.folder(home.path) / f"{stem}.ipynb")) for stem in NOTEBOOKS]
    parts += [
        repr(duiding.texts(_told(words))),
        repr(versions()),
        lang,
        str(internal),
        study_id,
        *sources,
    ]
    return files.sha256("\n".join(parts).encode())


def _told(path: Path) -> str:
    """Read the researcher's own words, if there are any yet."""
    return files.read_bytes(path).decode("utf-8-sig") if path.exists() else ""


def _is_current(home: Home, name: str, key: str) -> bool:
    manifest = home.report(name) / "manifest.json"
    if not manifest.exists():
        return False
    told = files.read_json(manifest)
    return bool(told["key"] == key) and all(
        (home.report(name) / path).exists() and files.sha256(files.read_bytes(home.report(name) / path)) == sha
        for path, sha in told["files"].items()
    )


def _inputs(home: Home, source: str) -> dict[str, Any]:
    """The hashes of all that a source's numbers come from."""
    return {
        "crosswalk": files.sha256_of(home.crosswalk(source)),
        "raw": {f"{p.parent.name}/{p.name}": files.sha256_of(p) for delivery in home.deliveries(source)
                for p in sorted(delivery.iterdir()) if p.is_file()},
        "processed": {p.name: files.sha256_of(p) for p in sorted(home.processed(source).iterdir()) if p.is_file()},
    }  # fmt: skip


def _manifest(about: Mapping[str, object], made: Mapping[str, bytes]) -> dict[str, Any]:
    """What the report was made of, and the hash of each of its files; what tells of an earlier report comes after it."""
    hashes = {path: files.sha256(content) for path, content in sorted(made.items()) if path != duiding.NAME}
    return {"format": FORMAT, **about, "files": hashes}
