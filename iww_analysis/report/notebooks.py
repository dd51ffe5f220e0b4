"""Prepare the notebooks for chosen sources, parameters and the researcher's words in, and tell what executed copies show."""

import copy
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from iww_analysis.messages.errors import Lang, Message

_GRAMMAR = "rfc3987_syntax"  # of web addresses: where it is there jsonschema parses it, for a second; no notebook is held to it
_before = sys.modules.setdefault(_GRAMMAR, None)  # type: ignore[arg-type]
import nbformat  # noqa: E402

if _before is None:
    del sys.modules[_GRAMMAR]

Notebook = Any  # nbformat has no types: a NotebookNode


def parsed(content: bytes) -> Notebook:
    """Read a notebook from the bytes of its file."""
    return nbformat.reads(content.decode("utf-8"), as_version=4)


def prepared(notebook: Notebook, parameters: Mapping[str, object]) -> Notebook:
    """Give a copy without outputs; its cell tagged `parameters` is followed by one that sets what is given."""
    made, cells = copy.deepcopy(notebook), []
    for cell in made.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
        cells.append(cell)
        if parameters and "parameters" in cell.metadata.get("tags", ()):
            source = "\n".join(f"{name} = {value!r}" for name, value in parameters.items())
            cells.append(nbformat.v4.new_code_cell(source, id="given", metadata={"tags": ["given"]}))
    made.cells = cells
    return made


def put_words(notebook: Notebook, words: Mapping[str, str]) -> None:
    """Put words in the cells that are for those of a figure (`metadata.iww.duiding`), as Markdown."""
    for cell in notebook.cells:
        cell.source = words.get(cell.metadata.get("iww", {}).get("duiding"), cell.source)


def say_where_it_stopped(notebook: Notebook, message: Message, lang: Lang) -> None:
    """Put a message in the place of an error's text, which can hold what stands in a cell."""
    sentence = nbformat.v4.new_output("display_data", {"text/markdown": f"**{message.say(lang)}**"})
    for cell in (cell for cell in notebook.cells if cell.cell_type == "code"):
        cell.outputs = [sentence if output.output_type == "error" else output for output in cell.outputs]


def as_text(notebook: Notebook) -> str:
    """Give a notebook as text in one stable form."""
    return str(nbformat.writes(notebook)) + "\n"


def printed(notebooks: Sequence[Notebook]) -> list[str]:
    """Give every line that notebooks show in words, such as what a figure says of itself."""
    outputs = [output for notebook in notebooks for cell in notebook.cells for output in cell.get("outputs", ())]
    texts = [output.get("data", {}).get("text/plain", "") or output.get("text", "") for output in outputs]
    return [line.strip() for text in texts for line in text.splitlines()]
