"""Make the pictures of the guides: go their way with the invented export, and photograph what one sees.

    python -m docs.screenshots       (needs Chromium; a few minutes, the report is made for real)

The form is shown as a table made from its own cells: no spreadsheet program is needed.
"""

import html
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from openpyxl import load_workbook
from playwright.sync_api import Page, sync_playwright

from docs import example

PICTURES = Path(__file__).parent / "beelden"
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
MARK = "F05|municipality=GM0228|reason=moved"  # the bar that the guides walk back
SHOWN = 7  # columns of the form that are photographed: without the file, which all lines share, and the hidden key
LOOK = """<!doctype html><meta charset="utf-8"><style>
body { margin: 0; font: 14px Carlito, Calibri, "DejaVu Sans", sans-serif } table { border-collapse: collapse }
td, th { border: 1px solid #c8c8c8; padding: 3px 6px; vertical-align: top; text-align: left; white-space: pre-line }
td, th { max-width: 260px }
th { background: #e7e6e6 } td:last-child { background: #FFF6CC; min-width: 190px }
</style><table>%s</table>"""


def iww(home: Path, *words: str) -> None:
    """Give a command as one types it; one that has something to say ends with 1."""
    done = subprocess.run([sys.executable, "-m", "iww_analysis", *words], cwd=home, check=False, capture_output=True)
    if done.returncode > 1:
        raise SystemExit(done.stderr.decode("utf-8", "replace"))


def form_page(form: Path) -> str:
    """Draw the sheet of questions as a page, from the cells of the form."""
    head, *lines = load_workbook(form)["Vragen"].iter_rows(values_only=True)

    def row(cells: tuple[object, ...], tag: str) -> Iterator[str]:
        yield "<tr>"
        for cell in (cells[0], *cells[2 : SHOWN + 1]):
            yield f"<{tag}>{html.escape(str(cell or ''))}</{tag}>"
        yield "</tr>"

    return LOOK % "".join([*row(head, "th"), *(part for line in lines for part in row(line, "td"))])


def photograph(page: Page, name: str, clip: str = "") -> None:
    """Write one picture: of a part of the page, or of what is on the screen."""
    shown = page.locator(clip).first if clip else page
    shown.screenshot(path=PICTURES / f"{name}.png")


def walk(folder: Path) -> dict[str, Path]:
    """Go from an empty folder to a report; gives the pages to photograph, by name."""
    home, form = folder / "wijkteams", Path("data/crosswalks/ede-vragen.xlsx")
    iww(folder, "start", str(home))
    iww(home, "key", "new")
    export = example.export(home, example.FIRST)
    iww(home, "add", "ede", export.name, "--received", "2024-01-15", "--yes")
    example.fill_in(home / form)
    questions = folder / "vragen.html"
    questions.write_text(form_page(home / form), encoding="utf-8")
    iww(home, "add", "ede", "--answers", str(form))
    iww(home, "report", "ede")
    return {"vragen": questions} | {name: home / "reports" / "ede" / f"{name}.html" for name in ("index", "review")}


def photographs(pages: Mapping[str, Path]) -> None:
    """Photograph the pages of a walk, one picture after another."""
    root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        page = playwright.chromium.launch(executable_path=CHROMIUM, args=root).new_page()
        page.set_viewport_size({"width": 1300, "height": 1400})
        page.goto(pages["vragen"].as_uri())
        photograph(page, "vragen", clip="table")
        page.set_viewport_size({"width": 900, "height": 900})
        page.goto(pages["index"].as_uri())
        photograph(page, "rapport")
        page.locator("#F05 details").last.evaluate("element => element.open = true")
        photograph(page, "figuur", clip="#F05")
        page.set_viewport_size({"width": 1150, "height": 720})
        page.goto(pages["review"].as_uri())
        page.locator(f'svg [id="{MARK}"]').first.click()
        photograph(page, "nalopen")


def main() -> None:
    """Make every picture anew."""
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["IWW_KEY_FILE"] = str(Path(folder) / "key")
        photographs(walk(Path(folder)))


if __name__ == "__main__":
    main()
