"""Open a REFI-QDA file without trusting it: nothing is unpacked to disk, no document type, no entities, a cap on bytes."""

import io
import zipfile
from collections import Counter
from dataclasses import dataclass
from pathlib import PurePosixPath
from xml.etree import ElementTree as ET
from xml.parsers import expat

from iww_analysis.io.formats.preflight import BROKEN, ZIP_START, holds_document_type
from iww_analysis.messages.errors import Place, fail

MOST_BYTES = 100_000_000  # unpacked, of the project and its texts together; pictures and sound are never unpacked


@dataclass
class Archive:
    """The members of a project by the last part of their names, without regard to case; those that share one are left out."""

    name: str
    zipped: zipfile.ZipFile
    members: dict[str, zipfile.ZipInfo]
    left: int  # bytes that may still be unpacked

    def holds(self, path: str) -> bool:
        """Say whether the file that a path of the project points at is there."""
        return last_part(path) in self.members

    def read(self, path: str) -> bytes:
        """Give the bytes of a member that is there; raises IwwError when it cannot be read or is too much."""
        member = self.members[last_part(path)]
        try:
            with self.zipped.open(member) as opened:
                content = opened.read(self.left + 1)
        except BROKEN:
            raise fail("qda_broken", Place(self.name)) from None
        self.left -= len(content)
        if self.left < 0:
            raise fail("qda_too_large", Place(self.name), most=MOST_BYTES // 1_000_000)
        return content


def last_part(path: str) -> str:
    """Give the name by which a file is found: `internal://A.txt`, `sources/a.txt` and `A.TXT` are the same file."""
    return PurePosixPath(path.replace("\\", "/")).name.casefold()


def root_of(name: str, content: bytes) -> tuple[ET.Element, Archive | None]:
    """Give the root of a project or codebook, its tags without namespace, and the archive it lay in, if any."""
    archive = None
    if content.startswith(ZIP_START):
        archive = _archive(name, content)
        projects = [info.filename for info in _files(archive.zipped) if info.filename.lower().endswith(".qde")]
        if len(projects) != 1:
            raise fail("qda_no_project", Place(name), n=len(projects))
        content = archive.read(projects[0])
    try:
        if holds_document_type(content):
            raise fail("qda_xml", Place(name))
        root = ET.fromstring(content)
    except (expat.ExpatError, ET.ParseError, ValueError, LookupError):
        raise fail("qda_xml", Place(name)) from None
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
    if root.tag not in ("Project", "CodeBook"):
        raise fail("qda_no_project", Place(name), n=0)
    return root, archive


def _archive(name: str, content: bytes) -> Archive:
    try:
        zipped = zipfile.ZipFile(io.BytesIO(content))
    except BROKEN:
        raise fail("qda_broken", Place(name)) from None
    infos = _files(zipped)
    if any(info.flag_bits & 0x1 for info in infos):
        raise fail("qda_locked", Place(name))
    if any(n > 1 for n in Counter(info.filename for info in infos).values()):
        raise fail("qda_broken", Place(name))  # two members of one name: nobody can say which is meant
    named = [(last_part(info.filename), info) for info in infos]
    alike = Counter(key for key, _ in named)
    return Archive(name, zipped, {key: info for key, info in named if alike[key] == 1}, MOST_BYTES)


def _files(zipped: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    return [info for info in zipped.infolist() if not info.is_dir() and not info.filename.startswith("__MACOSX/")]
