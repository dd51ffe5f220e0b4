"""Make a report: executed notebooks, figures with their numbers and receipts, and one page that needs no network."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from iww_analysis import build, duiding, figures, notebooks
from iww_analysis.errors import Lang, Message, fail
from iww_analysis.figures.catalogue import CATALOGUE
from iww_analysis.figures.figure import Figure
from iww_analysis.io import files
from iww_analysis.io.home import Home
from iww_analysis.page import page
from iww_analysis.receipts import receipt
from iww_analysis.study import Study

FORMAT = "iww-report/1"
NOTEBOOKS = ("00-start-here", "10-what-was-recorded", "20-cases-compared", "30-meetings-and-pathways", "40-effect-arena",
             "50-voices", "60-configurations", "70-outcomes", "80-report-figures")  # fmt: skip


@dataclass(frozen=True)
class Report:
    """A finished report: its files by path within the report folder, and what a person should know."""

    name: str
    files: Mapping[str, bytes]
    messages: tuple[Message, ...]
    current: bool = False  # nothing had changed: nothing was made


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
    key = _key(home, sources, name, lang, internal, study_id)
    if _is_current(home, name, key):
        return Report(name, {}, tuple(messages), current=True)
    study = build.load(home, sources)
    ids = [id_ for id_, entry in CATALOGUE.items() if not study_id or study_id in entry.studies]
    drawn = figures.draw_all(study, lang=lang, internal=internal, ids=ids)
    told = _told(folder / duiding.NAME)
    words = duiding.texts(told)
    executed = _run(home, sources, name, words, lang, internal)
    _same_figures(drawn, notebooks.printed(list(executed.values())))
    made: dict[str, bytes] = {
        duiding.NAME: duiding.with_headings(told, [(f.id, f.title) for f in drawn], lang).encode()
    }
    for figure in drawn:
        made |= {f"figures/{figure.id}.{kind}": content for kind, content in
                 (("svg", figure.svg), ("png", figure.png), ("csv", figure.csv))}  # fmt: skip
        if figure.protected is not None:
            made[f"receipts/{figure.id}.json"] = files.as_json(_receipt(figure, study)).encode()
    made |= {f"notebooks/{stem}.ipynb": notebooks.as_text(notebook).encode() for stem, notebook in executed.items()}
    made["index.html"] = page(
        study, drawn, words, name, lang, internal=internal, refused={s: build.refused(home, s) for s in sources}
    ).encode()
    made["manifest.json"] = files.as_json(_manifest(name, sources, made, key, internal, study)).encode()
    return Report(name, made, tuple(messages))


def write(home: Home, made: Report) -> None:
    """Store a report and drop figures, receipts and notebooks of an earlier one that are no more."""
    folder = home.report(made.name)
    for path, content in made.files.items():
        files.write_bytes(folder / path, content)
    for kind in ("figures", "receipts", "notebooks"):
        for old in (folder / kind).glob("*"):
            if old.is_file() and f"{kind}/{old.name}" not in made.files:
                files.remove(old)


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


def _receipt(figure: Figure, study: Study) -> dict[str, Any]:
    finding = CATALOGUE[figure.id].ask(study)
    assert figure.protected is not None
    return receipt(finding, figure.protected, study, {"numbers": figure.numbers_digest, "marks": figure.marks_digest})


def _key(home: Home, sources: Sequence[str], name: str, lang: Lang, internal: bool, study_id: str) -> str:
    """One hash over all that a report is made of."""
    words = home.report(name) / duiding.NAME
    parts = [build.inputs_hash(home, source) for source in sources]
    parts += [files.sha256(files.read_bytes(notebooks.folder(home.path) / f"{stem}.ipynb")) for stem in NOTEBOOKS]
    parts += [
        repr(duiding.texts(_told(words))),
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


def _manifest(
    name: str, sources: Sequence[str], made: Mapping[str, bytes], key: str, internal: bool, study: Study
) -> dict[str, Any]:
    return {
        "format": FORMAT, "name": name, "sources": list(sources), "synthetic": study.synthetic, "internal": internal, "key": key,
        "files": {path: files.sha256(content) for path, content in sorted(made.items()) if path != duiding.NAME},
    }  # fmt: skip
