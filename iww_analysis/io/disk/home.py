"""Know where things lie: the home folder, the sources in it, their deliveries, crosswalks and processed tables."""

import os
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from iww_analysis.io.disk import files
from iww_analysis.messages.errors import Place, fail

ORIGIN = "origin.toml"
LOGBOOK = "logbook.jsonl"  # beside the deliveries of a source
LEDGER, PACKAGE = "ledger.json", "datapackage.json"  # beside the processed tables of a source
FORM = "-vragen"  # ends the name of a source's form of open questions, beside its crosswalk
FIRST_ROWS = "-zo-gelezen"  # ends the name of the page that shows how the first rows of a source are read
NAMES_FORM = "-namen"  # that of the form of words in its texts that may be names
RECEIPTS = "receipts/"  # begins the path within a report of what stays inside
INTERNAL = "-intern"  # ends the name of a report that shows numbers as counted


@dataclass(frozen=True)
class Home:
    """The folder that holds `data/` and `reports/`."""

    path: Path

    @property
    def raw(self) -> Path:
        """Where deliveries lie, as delivered."""
        return self.path / "data" / "raw"

    def crosswalk(self, source: str) -> Path:
        """Where a source's crosswalk lies."""
        return self.path / "data" / "crosswalks" / f"{source}.toml"

    def crosswalks(self) -> tuple[Path, ...]:
        """Every crosswalk there is, in alphabetical order of the source."""
        return tuple(sorted((self.path / "data" / "crosswalks").glob("*.toml")))

    def question_form(self, source: str) -> Path:
        """Where the form of a source's open questions lies: beside its crosswalk."""
        return self.crosswalk(source).with_name(f"{source}{FORM}.xlsx")

    def first_rows(self, source: str) -> Path:
        """Where the page lies that shows how a source's first rows are read: beside its crosswalk."""
        return self.crosswalk(source).with_name(f"{source}{FIRST_ROWS}.html")

    def names_form(self, source: str) -> Path:
        """Where the form of words in a source's texts lies that may be names: beside its crosswalk."""
        return self.crosswalk(source).with_name(f"{source}{NAMES_FORM}.xlsx")

    @property
    def decisions(self) -> Path:
        """Where it lies what persons decided on a report."""
        return self.path / "data" / "decisions"

    def processed(self, source: str) -> Path:
        """Where a source's processed tables lie."""
        return self.path / "data" / "processed" / source

    def report(self, name: str) -> Path:
        """Where what may leave of a report lies; of an internal one nothing may, and it lies with the data."""
        return self.path / (Path("data") / "internal" if name.endswith(INTERNAL) else Path("reports")) / name

    def receipts(self, name: str) -> Path:
        """Where what stays inside of a report lies: raw counts, rows, and the hashes of what it was made of."""
        return self.path / "data" / "receipts" / name

    @property
    def releases(self) -> Path:
        """Where it is kept what left: bundles, which cases they were about, and one line each."""
        return self.path / "data" / "releases"

    def bundle(self, release: str) -> Path:
        """Where a release is kept as it left."""
        return self.releases / "bundles" / release

    def from_here(self, path: Path) -> str:
        """Name a place by its path from the home folder."""
        return path.relative_to(self.path).as_posix()

    def sources(self) -> tuple[str, ...]:
        """Every source with a delivery, or that was built of deliveries that are gone, in alphabetical order."""
        named = {origin.parents[1].name for origin in self.raw.glob(f"*/*/{ORIGIN}")}
        built = {folder.name for folder in _whole(self.processed("*").parent, LEDGER)}
        return tuple(sorted({name for name in named if self.deliveries(name)} | built))

    def deliveries(self, source: str) -> tuple[Path, ...]:
        """Fold a source's deliveries in order of the day they were received."""
        return self.deliveries_in(self.raw / source)

    def deliveries_in(self, place: Path) -> tuple[Path, ...]:
        """Every delivery in a folder, by its name."""
        return tuple(_whole(place, ORIGIN))

    def shown(self, source: str) -> Path:
        """Where it is kept what may be shown of the counts of a source."""
        return self.path / "data" / "shown" / f"{source}.json"

    def taken_back(self, source: str) -> Path:
        """Where the deliveries of a source lie that were taken back: nothing reads them."""
        return self.path / "data" / "taken-back" / source

    def manifests(self) -> dict[str, Mapping[str, Any]]:
        """The manifest of every report there is, by its name."""
        folders = {folder.name: folder for folder in (*self.reports(), *self.reports(INTERNAL))}
        return {name: files.read_json(folder / "manifest.json") for name, folder in sorted(folders.items())}

    def reports(self, like: str = "-") -> list[Path]:
        """The folder of every report that lies where one of such a name does."""
        return _whole(self.report(like).parent, "manifest.json")


@dataclass(frozen=True)
class Without(Home):
    """A home as it would be without some deliveries of a source, by their days."""

    of: Home
    source: str
    days: Collection[str]

    def deliveries(self, source: str) -> tuple[Path, ...]:
        """Fold a source's deliveries in order of the day they were received."""
        there = self.of.deliveries(source)
        return tuple(each for each in there if source != self.source or each.name not in self.days)


def _whole(place: Path, name: str) -> list[Path]:
    """The folders in a place that hold a file of this name, none that is being written, by their name."""
    folders = [path.parent for path in place.glob(f"*/{name}")]
    return sorted(folder for folder in folders if not folder.name.startswith(files.TEMPORARY))


FileState = tuple[str, int, int]  # path, length in bytes, time of the last change in nanoseconds


def file_states(home: Home, sources: Sequence[str]) -> tuple[FileState, ...]:
    """The length and time of every file that an answer of some sources rests on."""
    paths = [path for source in sources for path in (
        home.crosswalk(source), *sorted((home.raw / source).glob("*/*")), *sorted(home.processed(source).glob("*"))
    )]  # fmt: skip
    states = ((path, path.stat()) for path in paths if path.is_file())
    return tuple((str(path), state.st_size, state.st_mtime_ns) for path, state in states)


def find(given: str | Path | None = None) -> Home:
    """Find the home folder: the one given, else `IWW_HOME`, else the nearest folder upwards with `data/raw`."""
    if given or (given := os.environ.get("IWW_HOME")):
        return Home(Path(given).resolve())
    here = Path.cwd().resolve()
    for folder in (here, *here.parents):
        if (folder / "data" / "raw").is_dir():
            return Home(folder)
    raise fail("no_home", Place(str(here.name)))


def read_origin(delivery: Path) -> dict[str, Any]:
    """Read the card beside a delivery."""
    return files.read_toml(delivery / ORIGIN)


def names_in(delivery: Path) -> list[str]:
    """Name the files that lie in a delivery's folder, in alphabetical order; none where there is no folder yet."""
    return sorted(path.name for path in delivery.iterdir() if path.is_file()) if delivery.is_dir() else []


def chosen(home: Home, sources: Sequence[str] | None) -> tuple[str, ...]:
    """Give the sources that were named, else all there are; raises IwwError when there are none, or one is unknown."""
    known = home.sources()
    for source in sources or known or ("-",):
        if source not in known:
            raise fail("source_unknown", source=source, known=", ".join(known) or "-")
    return tuple(sources or known)
