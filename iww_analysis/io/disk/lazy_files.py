"""Hold files by their path: each is read when it is asked for, and hashed once."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Self

from iww_analysis.io.disk import files
from iww_analysis.io.disk.home import RECEIPTS, Home


class LazyFiles(Mapping[str, bytes]):
    """The files in some folders, and files by themselves, by their path from a base; without places: all in the base.

    What is asked for is read then: one that cannot be read raises IwwError.
    """

    def __init__(self, base: Path, places: Iterable[Path] | None = None) -> None:
        folders = [base] if places is None else places
        every = (path for place in folders for path in ([place] if place.is_file() else place.rglob("*")))
        self._paths = {path.relative_to(base).as_posix(): path for path in sorted(every) if path.is_file()}
        self._hashes: dict[str, str] = {}

    @classmethod
    def of_report(cls, home: Home, name: str) -> Self:
        """Both folders of a report as one: what stays inside is under `receipts/`.

        What lies under that name among the public files, where it does not belong, has its path from the home folder.
        """
        every, inside, folder = cls(home.report(name)), cls(home.receipts(name)), home.from_here(home.report(name))
        public = {f"{folder}/{path}" if path.startswith(RECEIPTS) else path: at for path, at in every._paths.items()}
        every._paths = public | {f"{RECEIPTS}{path}": at for path, at in inside._paths.items()}
        return every

    def __getitem__(self, path: str) -> bytes:
        return files.read_bytes(self._paths[path])

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)

    def __contains__(self, path: object) -> bool:
        return path in self._paths

    def sha256(self, path: str) -> str:
        """Give the SHA-256 of a file; empty where it cannot be read: not there, or held by another program."""
        if path in self._paths and path not in self._hashes:
            self._hashes[path] = files.sha256_or("", self._paths[path])
        return self._hashes.get(path, "")
