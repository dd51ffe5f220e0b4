"""A report on the disk: one folder with what may leave, one with what stays inside; their files by one path, as they are made."""

from pathlib import Path

from iww_analysis.io.disk import files
from iww_analysis.io.disk.home import RECEIPTS, Home
from iww_analysis.io.disk.lazy_files import LazyFiles
from iww_analysis.privacy.pseudonyms import demo_key
from iww_analysis.report import manifest


def place_of(home: Home, name: str, path: str) -> Path:
    """Where a file of a report lies."""
    is_inside = path.startswith(RECEIPTS)
    return home.receipts(name) / path.removeprefix(RECEIPTS) if is_inside else home.report(name) / path


def contents_of(home: Home, name: str) -> dict[str, bytes]:
    """Every file of a report."""
    return dict(LazyFiles.of_report(home, name))


def fit_hashes(home: Home, name: str) -> None:
    """Make both manifests fit what lies there, as a careful liar would who has the key: of the demo everybody has it."""
    public, inside = (files.read_json(place_of(home, name, path)) for path in (manifest.MANIFEST, manifest.INSIDE))
    for told in (public, inside):
        there = [path for path in told["files"] if place_of(home, name, path).exists()]
        told["files"] = {path: files.sha256_of(place_of(home, name, path)) for path in there}
    for source, told in inside["inputs"].items():
        told["processed"] = {path: files.sha256_of(home.processed(source) / path) for path in told["processed"]}
    inside["public"] = manifest.files_hash(public["files"])
    public["inside"] = manifest.root(manifest.as_json(inside), name, demo_key())
    files.write_json(place_of(home, name, manifest.INSIDE), inside)
    files.write_json(place_of(home, name, manifest.MANIFEST), public)
