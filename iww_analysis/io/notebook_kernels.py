"""Execute notebooks, each in a kernel of its own; on a shelf they find the study of a report and leave what it collects."""

import asyncio
import os
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from iww_analysis.io.disk import files, folders
from iww_analysis.messages.errors import Message

AT_ONCE = 2  # kernels side by side
TIMEOUT = 600  # seconds per cell
SHELF = "IWW_SHELF"  # the environment variable that names a kernel's shelf
Notebook = Any  # nbformat has no types: a NotebookNode


@dataclass(frozen=True)
class Shelf:
    """A folder for what the kernels of one report share: contents by name."""

    folder: Path

    def read(self, name: str) -> bytes | None:
        """Give what was left under a name, if anything was."""
        path = self.folder / name
        return files.read_bytes(path) if path.exists() else None

    def write(self, name: str, content: bytes) -> None:
        """Leave something under a name; it is there whole or not at all."""
        files.write_bytes(self.folder / name, content)


def shelf() -> Shelf | None:
    """The shelf of the report for which this process runs a notebook; None in any other process."""
    folder = os.environ.get(SHELF)
    return Shelf(Path(folder)) if folder else None


@contextmanager
def new_shelf(report: Path) -> Iterator[Shelf]:
    """Put up a shelf beside a report's place, for this user alone; what a killed run left of it is swept as any temporary."""
    with folders.temporary(report, "shelf") as folder:
        yield Shelf(folder)


def run(notebooks: Mapping[str, Notebook], where: Path, home: Path, on: Shelf | None = None) -> dict[str, Message]:
    """Execute notebooks in place, two at a time; each kernel starts in `where`, works on `home`, and has the shelf `on`.

    Gives for each notebook that stopped a message with the cell and the kind of error, never its text.
    """
    environment = {**os.environ, "IWW_HOME": str(home)} | ({SHELF: str(on.folder)} if on else {})
    with ThreadPoolExecutor(max_workers=1) as apart:  # a notebook that asks for this has an event loop of its own
        return apart.submit(asyncio.run, _run_all(notebooks, where, environment)).result()


async def _run_all(notebooks: Mapping[str, Notebook], where: Path, environment: dict[str, str]) -> dict[str, Message]:
    gate = asyncio.Semaphore(AT_ONCE)

    async def execute(name: str, notebook: Notebook) -> Message | None:
        async with gate:
            return await _execute(name, notebook, where, environment)

    executions = [execute(name, notebook) for name, notebook in notebooks.items()]
    ended = await asyncio.gather(*executions, return_exceptions=True)
    for error in ended:
        if isinstance(error, BaseException):  # raised when every kernel has ended, so that none is cut off
            raise error
    return {name: message for name, message in zip(notebooks, ended, strict=True) if isinstance(message, Message)}


async def _execute(name: str, notebook: Notebook, where: Path, environment: Mapping[str, str]) -> Message | None:
    if all(cell.cell_type != "code" for cell in notebook.cells):
        return None  # nothing to execute: no kernel is started
    from nbclient import NotebookClient  # takes seconds to import, and every command but `report` does without
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    client = NotebookClient(
        notebook, timeout=TIMEOUT, kernel_name="python3", record_timing=False, shutdown_kernel="immediate",
        resources={"metadata": {"path": str(where)}}, extra_arguments=["--IPKernelApp.log_level=ERROR"],
    )  # fmt: skip
    failed, kind = 0, None  # the position (from 1) of the first cell that holds an error, and of what kind it is
    try:
        await client.async_execute(env=environment)
    except CellExecutionError as error:
        outputs = [cell.get("outputs", ()) for cell in notebook.cells]
        with_errors = (n for n, each in enumerate(outputs, start=1) if any(o.output_type == "error" for o in each))
        failed, kind = next(with_errors, 0), error.ename
    except (CellTimeoutError, DeadKernelError) as error:
        kind = type(error).__name__
    notebook.metadata["language_info"] = {"name": "python"}  # the kernel's own version says nothing about the data
    words = {"notebook": name, "cell": failed, "kind": kind}
    return None if kind is None else Message("notebook_failed", words=words)
