"""Run the committed notebooks again on the synthetic demo and keep their outputs: `make notebooks`."""

from pathlib import Path

from iww_analysis.io import notebook_kernels
from iww_analysis.io.disk import files
from iww_analysis.messages.errors import IwwError
from iww_analysis.report import notebooks

FOLDER = Path(__file__).parents[1] / "notebooks"

if __name__ == "__main__":
    parsed = {path.name: notebooks.parsed(files.read_bytes(path)) for path in sorted(FOLDER.glob("*.ipynb"))}
    ready = {name: notebooks.prepared(notebook, {}) for name, notebook in parsed.items()}
    if stopped := notebook_kernels.run(ready, FOLDER, FOLDER.parent):
        raise IwwError(*stopped.values())
    for name, executed in ready.items():
        files.write_text(FOLDER / name, notebooks.as_text(executed))
