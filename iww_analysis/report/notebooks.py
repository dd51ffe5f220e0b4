"""Run the notebooks on chosen sources: parameters in, the researcher's own words in, executed copies out."""

import asyncio
import copy
import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from iww_analysis.io.disk import files
from iww_analysis.messages.errors import Place, fail

AT_ONCE = 2  # kernels side by side
TIMEOUT = 600  # seconds per cell
Notebook = Any  # nbformat has no types: a NotebookNode


def folder(home: Path) -> Path:
    """Where the notebooks lie: in the home folder, else beside the library."""
    own = home / "notebooks"
    return own if own.is_dir() else Path(__file__).parents[2] / "notebooks"


def read(path: Path) -> Notebook:
    """Read a notebook."""
    import nbformat  # takes seconds to import, and every command but `report` does without

    return nbformat.reads(files.read_bytes(path).decode("utf-8"), as_version=4)


def prepared(notebook: Notebook, parameters: Mapping[str, object], words: Mapping[str, str]) -> Notebook:
    """Give a copy without outputs, with these parameters and the researcher's words.

    A cell tagged `parameters` is followed by one that sets what is given; a cell tagged `duiding` gets the words of the
    figure it belongs to (`metadata.iww.duiding`), as Markdown.
    """
    import nbformat

    made = copy.deepcopy(notebook)
    cells = []
    for cell in made.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
        figure = cell.metadata.get("iww", {}).get("duiding")
        if figure:
            cell.source = words.get(figure, cell.source)
        cells.append(cell)
        if parameters and "parameters" in cell.metadata.get("tags", ()):
            source = "\n".join(f"{name} = {value!r}" for name, value in parameters.items())
            cells.append(nbformat.v4.new_code_cell(source, id="given", metadata={"tags": ["given"]}))
    made.cells = cells
    return made


def run(notebooks: Mapping[str, Notebook], where: Path, home: Path) -> dict[str, Notebook]:
    """Execute notebooks, two at a time, each in a kernel of its own that starts in `where` and works on `home`.

    A cell that fails stops everything with a message that names notebook, cell and kind of error, never its text.
    """
    with ThreadPoolExecutor(max_workers=1) as own:  # a notebook that asks for this has an event loop of its own
        return own.submit(asyncio.run, _run_all(notebooks, where, home)).result()


async def _run_all(notebooks: Mapping[str, Notebook], where: Path, home: Path) -> dict[str, Notebook]:
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(name: str, notebook: Notebook) -> Notebook:
        async with gate:
            return await _execute(name, notebook, where, home)

    done = await asyncio.gather(*(one(name, notebook) for name, notebook in notebooks.items()), return_exceptions=True)
    for failure in done:  # raised when every kernel has ended, so that none is cut off
        if isinstance(failure, BaseException):
            raise failure
    return dict(zip(notebooks, done, strict=True))


async def _execute(name: str, notebook: Notebook, where: Path, home: Path) -> Notebook:
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, DeadKernelError

    client = NotebookClient(
        notebook, timeout=TIMEOUT, kernel_name="python3", record_timing=False, shutdown_kernel="immediate",
        resources={"metadata": {"path": str(where)}}, extra_arguments=["--IPKernelApp.log_level=ERROR"],
    )  # fmt: skip
    try:
        await client.async_execute(env={**os.environ, "IWW_HOME": str(home)})
    except CellExecutionError as error:
        raise fail("notebook_failed", Place(), notebook=name, cell=failed_cell(notebook), kind=error.ename) from None
    except DeadKernelError as error:
        raise fail("notebook_failed", Place(), notebook=name, cell=0, kind=type(error).__name__) from None
    notebook.metadata["language_info"] = {"name": "python"}  # the kernel's own version says nothing about the data
    return notebook


def failed_cell(notebook: Notebook) -> int:
    """Give the position (from 1) of the first cell that holds an error."""
    for number, cell in enumerate(notebook.cells, start=1):
        if any(output.output_type == "error" for output in cell.get("outputs", ())):
            return number
    return 0


def as_text(notebook: Notebook) -> str:
    """Give a notebook as text in one stable form."""
    import nbformat

    return str(nbformat.writes(notebook)) + "\n"


def printed(notebooks: Sequence[Notebook]) -> str:
    """Give everything that the notebooks' figures say of themselves, to hold it against the report's own."""
    outputs = [output for notebook in notebooks for cell in notebook.cells for output in cell.get("outputs", ())]
    return "\n".join(output.get("data", {}).get("text/plain", "") or output.get("text", "") for output in outputs)
