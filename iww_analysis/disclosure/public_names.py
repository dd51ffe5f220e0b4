"""Call the files, sheets and headings of a source by names that may leave: what somebody called a file can point out a person."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from iww_analysis.crosswalk.propose.unknown_words import shown
from iww_analysis.messages import sentences
from iww_analysis.messages.errors import Lang
from iww_analysis.privacy.text.cover import Cover

NOT_SHOWN = "…"  # a heading that may point out a person
_SURNAME_FIRST = re.compile(r"[^\W\d_' ]*(?:[' ][^\W\d_]+)*, ?[A-Z][^\W\d_]+")


class PublicNames:
    """The names of one source's files and sheets: their numbers, in the order of its account, where an insider looks them up.

    `lines`: those of its ledger; `refused`: files that stand in none of them.
    """

    def __init__(self, lines: Sequence[Mapping[str, Any]], lang: Lang, refused: Iterable[str] = ()) -> None:
        words = sentences.read("quality")["public_name"]
        self._files = _numbered([*(line["file"] for line in lines), *refused], words["file"][lang])
        self._sheets = _numbered([line["sheet"] for line in lines], words["sheet"][lang])

    def file(self, name: str) -> str:
        """Give what a file is called; nothing where there is none."""
        return self._files.get(name, "")

    def sheet(self, name: str) -> str:
        """Give what a sheet is called; nothing where a file has no sheets."""
        return self._sheets.get(name, "")

    def place(self, line: Mapping[str, Any]) -> str:
        """Give the public names of file and sheet of a line as one."""
        return " · ".join(filter(None, (self.file(line["file"]), self.sheet(line["sheet"]))))

    def of(self, line: Mapping[str, Any]) -> dict[str, Any]:
        """Give a line with its file and sheet called by their public names, in its `source_id` too where it has one."""
        file, sheet = self.file(line["file"]), self.sheet(line["sheet"])
        day = str(line.get("source_id", "")).partition("/")[0]
        place = {"source_id": f"{day}/{file}" + (f"#{sheet}" if sheet else "")} if "source_id" in line else {}
        return {**line, "file": file, "sheet": sheet, **place}


def heading(text: str) -> str:
    """Give a heading as it may leave."""
    return text if not text or (all(shown([text])) and not _SURNAME_FIRST.fullmatch(text)) else NOT_SHOWN


def said(text: str) -> str:
    """Give what somebody wrote of a column, as it may leave."""
    return Cover()(text).text


def _numbered(names: Iterable[str], called: str) -> dict[str, str]:
    return {name: called.format(n=n) for n, name in enumerate(dict.fromkeys(filter(None, names)), start=1)}
