"""Run the committed notebooks again on the synthetic demo and keep their outputs: `make notebooks`."""

from pathlib import Path

from iww_analysis.io.disk import files
from iww_analysis.report import notebooks

FOLDER = Path(__file__).parents[1] / "notebooks"

if __name__ == "__main__":
    ready = {path.name: notebooks.prepared(notebooks.read(path), {}, {}) for path in sorted(FOLDER.glob("*.ipynb"))}
    for name, executed in notebooks.run(ready, FOLDER, FOLDER.parent).items():
        files.write_text(FOLDER / name, notebooks.as_text(executed))
