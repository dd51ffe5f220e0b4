"""The reviewer's page in a real browser: every mark opens by mouse, keyboard and link, and nothing leaves the machine."""

import json
import os
import re
import shutil
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, sync_playwright

from iww_analysis import figures
from iww_analysis.analysis.study import Study
from iww_analysis.commands import build
from iww_analysis.figures.draw_figures import draw_with_findings
from iww_analysis.figures.figure import Figure
from iww_analysis.messages.errors import Lang
from iww_analysis.privacy.pseudonyms import demo_key
from iww_analysis.report import review
from iww_analysis.report.receipts import Basis, Receipt, receipts
from shared.sources import HOME

SOURCES = ("elburg", "wijkteam-noord")
# Bars, cells, lines, tables; F04 and T01 draw one mark in several elements, F20 several marks in one; F07 lacks its data.
DRAWN = ("F01", "F04", "F05", "F10", "F12", "F17", "F20", "T01", "T03")
IDS = (*DRAWN, "F07")
WHOLE = ("F04", "F05", "F17", "F20", "T01")  # of these every mark is opened
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


# ---- what is opened


@pytest.fixture(scope="module")
def study() -> Study:
    return build.load(HOME, SOURCES)


Made = Callable[..., tuple[Path, dict[str, Receipt]]]


@pytest.fixture(scope="module")
def made(study: Study, tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Make a page as a file, once: its path, and the receipts that it was made of."""
    folder = tmp_path_factory.mktemp("pagina's met een spatie")
    texts = {source: HOME.crosswalk(source).read_bytes() for source in SOURCES}
    basis = Basis(study, {"sources": list(SOURCES)}, texts, "0" * 64, demo_key())

    @cache
    def told(lang: str) -> tuple[list[Figure], list[tuple[Receipt, Receipt]]]:
        found = draw_with_findings(study, lang=lang, ids=IDS if lang == "nl" else ["F05"])
        return [f for f, _ in found], [receipts(f, asked, basis) for f, asked in found if asked]

    @cache
    def make(*, restricted: bool = False, lang: Lang = "nl") -> tuple[Path, dict[str, Receipt]]:
        drawn, pairs = told(lang)
        chosen = {pair[restricted]["figure"]: pair[restricted] for pair in pairs}
        text = review.page(chosen, drawn, "proef", lang, synthetic=True, internal=False, restricted=restricted)
        path = folder / f"review-{lang}-{restricted}.html"
        path.write_text(text, encoding="utf-8")
        return path, chosen

    return make


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's chromium. Where there is none the tests are skipped, and say so; in CI that is a failure."""
    if CHROMIUM is None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(
            "no chromium, chromium-browser or google-chrome"
        )
    root = hasattr(os, "geteuid") and os.geteuid() == 0  # chromium refuses its sandbox to root
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"] if root else [])
        yield started
        started.close()


class Window:
    """Opens pages with every request to anything else refused; keeps what was asked for and what went wrong."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.asked: list[str] = []
        self.errors: list[str] = []

    def open(self, path: Path, address: str = "", *, width: int = 1280, height: int = 900, script: bool = True) -> Page:
        context = self.browser.new_context(viewport={"width": width, "height": height}, java_script_enabled=script)
        context.route(lambda url: url.partition("#")[0] != path.as_uri(), self._refuse)
        tab = context.new_page()
        tab.on("console", lambda said: self.errors.append(said.text) if said.type in ("error", "warning") else None)
        tab.on("pageerror", lambda error: self.errors.append(str(error)))
        tab.goto(path.as_uri() + (f"#{address}" if address else ""))
        return tab

    def _refuse(self, route: Route) -> None:
        self.asked.append(route.request.url)
        route.abort()


@pytest.fixture(scope="module")
def window(browser: Browser) -> Iterator[Window]:
    opens = Window(browser)
    yield opens
    assert opens.asked == []
    assert opens.errors == []


@pytest.fixture(scope="module")
def once(made: Made, window: Window) -> Page:
    """The public page in Dutch, opened once."""
    return window.open(made()[0])


@pytest.fixture
def tab(once: Page) -> Page:
    """The public page in Dutch with nothing open, at its top, seen for the first time."""
    once.evaluate(
        "document.querySelector('dialog[open] [data-close]')?.click(); document.activeElement.blur(); scrollTo(0, 0)"
    )
    return once


# ---- what is expected, from the receipt alone


def in_dutch(name: str, value: Any) -> str:
    """A drawn number as the panel should say it."""
    if value is None:
        return "x (niet getoond)"
    if name == "share":
        return f"{value * 100:.0f}%"
    return f"{value:,}".replace(",", ".")


def expected(mark: dict[str, Any]) -> dict[str, str]:
    said = {n: in_dutch(n, v) for n, v in mark["drawn"].items() if n.startswith("n_") or n == "share"}
    some = any(n for name, n in mark["drawn"].items() if name.startswith("n_"))
    return said | ({"share": "<1%"} if said.get("share") == "0%" and some else {})


def elements(tab: Page, address: str) -> Locator:
    """Where a mark is drawn: one element, or one for each of its numbers."""
    return tab.locator(f'svg [id="{address}"], svg [id^="{address}|value="]')


SHOWN = """([figure, address, part]) => {
    const marks = JSON.parse(document.getElementById("told").textContent)[figure].marks;
    const n = marks.findIndex(mark => mark.address === address && mark.part === part);
    const words = document.querySelectorAll(`#${figure} .marks tbody tr`)[n].cells[0].textContent;
    return Object.fromEntries([...document.querySelectorAll("dialog[open] .body > section")]
        .filter(section => section.querySelector("[data-slot=words]").textContent === words)
        .flatMap(section => [...section.querySelectorAll("[data-value]")])
        .map(number => [number.dataset.value, number.textContent.split(": ")[1]])); }"""


def shown(tab: Page, mark: dict[str, Any]) -> dict[str, str]:
    """The numbers that the open panel gives for a mark, which is found by its words."""
    told = tab.evaluate(SHOWN, [mark["address"][:3], mark["address"], mark["part"]])
    return {name: told[name] for name in expected(mark) if name in told}


# ---- marks


@pytest.mark.parametrize("figure", DRAWN)
def test_marks_open_and_show_the_number_of_their_receipt(figure: str, made: Made, tab: Page) -> None:
    marks = made()[1][figure]["marks"]
    for mark in marks if figure in WHOLE else marks[:1]:
        for element in elements(tab, mark["address"]).element_handles():
            element.focus()
            tab.keyboard.press("Enter")
            assert shown(tab, mark) == expected(mark), mark
            tab.keyboard.press("Escape")
            assert element.evaluate("it => it === document.activeElement && !document.querySelector('dialog[open]')")


@pytest.mark.parametrize("figure", DRAWN)
def test_every_mark_is_an_element_with_a_name_and_a_line_in_the_table(figure: str, made: Made, tab: Page) -> None:
    marks = made()[1][figure]["marks"]
    assert tab.locator(f"#{figure} .marks tbody tr").count() == len(marks)
    named = tab.locator(f"#{figure} svg [role=button]").evaluate_all(
        "all => all.map(it => [it.id.replace(/[|]value=[^|]*$/, ''), it.getAttribute('aria-label'), it.tabIndex])"
    )
    assert {address for address, _, _ in named} == {mark["address"] for mark in marks}
    assert all(": " in label for _, label, _ in named)
    assert sum(tab_index == 0 for _, _, tab_index in named) == 1  # one stop for Tab in each figure


def test_a_mark_is_named_in_words_with_its_number(tab: Page) -> None:
    label = elements(tab, "F05|municipality=GM0230|reason=moved").get_attribute("aria-label")
    assert label == "gemeente: Elburg; reden: verhuisd. casussen: 5; deel: 3%"


def test_a_click_on_a_mark_or_just_beside_it_opens_it(tab: Page) -> None:
    mark = elements(tab, "F05|municipality=GM0230|reason=according_to_plan")
    mark.scroll_into_view_if_needed()
    box = mark.bounding_box()
    assert box is not None
    for x, y in ((box["x"] + box["width"] / 2, box["y"] + box["height"] / 2), (box["x"] + 4, box["y"] - 3)):
        tab.mouse.click(x, y)
        assert tab.locator('dialog [data-slot="words"]').inner_text() == "gemeente: Elburg; reden: volgens plan"
        tab.locator("dialog [data-close]").click()
        assert not tab.locator("dialog").is_visible()


def test_marks_that_are_drawn_as_one_are_all_shown(made: Made, window: Window) -> None:
    path, told = made()
    addresses = [mark["address"] for mark in told["F20"]["marks"]]
    together = next(address for address in addresses if addresses.count(address) > 1)
    tab = window.open(path, together)
    assert tab.locator("dialog .body > section").count() == addresses.count(together)


def test_the_keyboard_alone_reaches_every_mark_in_reading_order(made: Made, tab: Page) -> None:
    marks = made()[1]["F05"]["marks"]
    for _ in range(60):
        tab.keyboard.press("Tab")
        if tab.evaluate("Boolean(document.activeElement.closest('#F05 svg'))"):
            break
    seen: list[tuple[float, str]] = []
    for _ in marks:
        seen.append(tuple(tab.evaluate("[document.activeElement.getBBox().y, document.activeElement.id]")))
        tab.keyboard.press("ArrowDown")
    assert [address for _, address in seen] == [address for _, address in sorted(seen)]
    assert {address for _, address in seen} == {mark["address"] for mark in marks}
    tab.keyboard.press("Home")
    assert tab.evaluate("document.activeElement.id") == seen[0][1]
    tab.keyboard.press("ArrowRight")
    assert tab.evaluate("document.activeElement.id") == seen[1][1]
    tab.keyboard.press("Space")
    assert tab.evaluate("document.activeElement.id") == "opened"  # the heading of the panel
    tab.keyboard.press("Escape")
    assert tab.evaluate("document.activeElement.id") == seen[1][1]


def test_bars_that_stand_side_by_side_are_read_from_left_to_right(made: Made, tab: Page) -> None:
    marks = made()[1]["F01"]["marks"]
    tab.evaluate("document.querySelector('#F01 svg [tabindex=\"0\"]').focus()")
    months = []
    for _ in marks:
        months.append(tab.evaluate("document.activeElement.id").split("month=")[1])
        tab.keyboard.press("ArrowRight")
    assert months == sorted(months)


def test_the_focused_mark_has_a_ring_that_can_be_seen(tab: Page) -> None:
    mark = elements(tab, "F05|municipality=GM0230|reason=moved")
    mark.focus()
    ring, inner = tab.locator(".ring").bounding_box(), mark.bounding_box()
    assert ring is not None
    assert inner is not None
    assert ring["x"] < inner["x"]
    assert ring["x"] + ring["width"] > inner["x"] + inner["width"]
    colour, halo = tab.locator(".ring rect").evaluate_all(
        "all => all.map(rect => getComputedStyle(rect).stroke).reverse()"
    )
    assert halo == "rgb(255, 255, 255)"
    assert contrast(colour) >= 3  # WCAG 2.2, 1.4.11: of what shows the focus, against what is beside it


def contrast(colour: str) -> float:
    """The contrast of a colour with white, as WCAG defines it."""
    parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


# ---- links


def test_a_link_to_a_mark_opens_it(made: Made, window: Window) -> None:
    path, told = made()
    tab = window.open(path, "F05|municipality=GM0230|reason=moved")
    assert tab.locator('dialog [data-slot="words"]').inner_text() == "gemeente: Elburg; reden: verhuisd"
    spaced = next(mark for mark in told["F12"]["marks"] if "%20" in mark["address"])
    tab.evaluate("address => { location.hash = address; }", quote(spaced["address"], safe="|=%"))
    tab.locator("dialog h2", has_text="F12").wait_for()
    keys = [unquote(pair.partition("=")[2]) for pair in spaced["address"].split("|")[1:]]
    command = tab.locator('dialog [data-slot="command"]').inner_text()
    assert all(key in command for key in keys)


def test_the_address_bar_follows_what_is_open(made: Made, tab: Page) -> None:
    tab.locator("#F17 .marks summary").click()
    tab.locator("#F17 .marks tbody button").first.click()
    assert tab.url.partition("#")[2] == made()[1]["F17"]["marks"][0]["address"]


# ---- who may see what


def test_the_restricted_page_shows_how_a_mark_was_counted_and_from_which_rows(made: Made, window: Window) -> None:
    path, told = made(restricted=True)
    mark = next(m for m in told["F05"]["marks"] if m["mark"]["reason"] == "moved")
    tab = window.open(path, mark["address"])
    panel = tab.locator("dialog").inner_text()
    assert "BEPERKT, niet delen" in tab.locator("body").inner_text()
    assert tab.locator('dialog [data-slot="steps"] tbody tr').first.locator("td").all_inner_texts() == [
        "casussen", str(mark["raw"]["n_cases"]), in_dutch("n_cases", mark["drawn"]["n_cases"]),
    ]  # fmt: skip
    ((place, rows),) = mark["rows"].items()
    file, sheet = place.split("/", 2)[2].split("#")
    assert f"{file}, blad {sheet} (elburg, levering {place.split('/')[1]}): rij {rows.replace(',', ', ')}" in panel
    assert "iww trace F05 --report proef --mark municipality=GM0230 --mark reason=moved" in panel
    assert told["F05"]["rule"]["nl"] in panel
    assert "SELECT" in panel
    assert told["F05"]["sources"][0]["sha256"] in panel
    assert tab.locator('dialog [data-slot="set"]').inner_text() == mark["row_set"]
    walk = tab.locator("dialog details", has_text="elburg.toml")
    walk.locator("summary").click()
    assert told["F05"]["crosswalk"][0]["lines"][0]["text"] in walk.inner_text()


def test_of_more_rows_than_a_receipt_lists_the_panel_gives_the_number(made: Made, window: Window) -> None:
    path, told = made(restricted=True)
    mark = next(m for m in told["F17"]["marks"] if m["rows"] is None)
    tab = window.open(path, mark["address"])
    assert f"Aantal bronrijen: {mark['n_rows']}, te veel om hier te noemen" in tab.locator("dialog").inner_text()


def test_the_public_page_holds_no_raw_number_and_no_row(made: Made) -> None:
    text = made()[0].read_text(encoding="utf-8")
    document = json.loads(text.split('id="told">')[1].split("</script>")[0])
    assert {name for told in document.values() for mark in told["marks"] for name in mark} == {
        "address", "part", "command",
    }  # fmt: skip
    assert all(told["places"] == [] for told in document.values())
    restricted = made(restricted=True)[1]
    every = [mark for told in restricted.values() for mark in told["marks"]]
    raw = {n for mark in every for name, n in mark["raw"].items() if n != mark["drawn"][name] and name.startswith("n_")}
    raw |= {q["n_out"] for id_ in ("F04", "F05", "F17") for q in restricted[id_]["questions"] if q["n_out"] >= 10}
    prose = re.sub(
        r"<svg.*?</svg>|<style.*?</style>|<script.*?</script>|<pre.*?</pre>|<code.*?</code>", "", text, flags=re.S
    )
    prose = re.sub(r"\d+%", "", prose)  # a share can be any of a hundred numbers
    said = {
        int(n.replace(".", "")) for n in re.findall(r"(?<![\w.-])\d[\d.]*(?![\w-])", re.sub(r"<[^>]*>", " ", prose))
    }
    telling = {n for n in raw if n > 31 and n % 5}  # a day of a month or a rounded number can stand there for itself
    assert len(telling) > 10
    assert said & telling == set()


def test_a_public_page_of_restricted_receipts_is_refused(made: Made, study: Study) -> None:
    restricted = made(restricted=True)[1]
    with pytest.raises(ValueError, match="not public receipts: F01, F04, F05"):
        review.page(restricted, [], "proef", "nl", synthetic=True, internal=False, restricted=False)


def test_the_public_page_says_why_it_gives_no_rows(made: Made, window: Window) -> None:
    tab = window.open(made()[0], "F05|municipality=GM0230|reason=moved")
    assert "blijven binnen de veilige omgeving" in tab.locator("dialog").inner_text()


# ---- the page as a whole


def test_even_a_script_on_the_page_cannot_ask_anything_of_the_network(made: Made, browser: Browser) -> None:
    window = Window(browser)
    tab = window.open(made()[0])
    assert tab.evaluate("fetch('https://example.org').then(() => 'answered', () => 'refused')") == "refused"
    tab.evaluate("document.body.append(Object.assign(new Image(), { src: 'https://example.org/x.png' }))")
    tab.wait_for_timeout(100)
    assert window.asked == []
    assert {"default-src", "img-src"} <= {word for error in window.errors for word in re.findall(r"[a-z]+-src", error)}


def test_a_sentence_that_looks_like_the_end_of_a_script_stays_a_sentence(made: Made, study: Study) -> None:
    drawn = figures.draw_all(study, ids=["T03"])
    told = json.loads(json.dumps(made()[1]["T03"]).replace('"Casus N1"', '"</script><b>Casus"'))
    text = review.page({"T03": told}, drawn, "proef", "nl", synthetic=True, internal=False, restricted=False)
    assert "<b>" not in text


def test_a_figure_that_could_not_be_drawn_is_not_there_for_there_is_nothing_to_check(tab: Page) -> None:
    assert tab.locator("#F07").count() == 0


def test_marks_of_invented_data_and_of_internal_numbers_are_on_the_page(made: Made, study: Study) -> None:
    assert "synthetische data: alles in dit rapport is verzonnen" in made()[0].read_text(encoding="utf-8")
    text = review.page({}, [], "proef", "nl", synthetic=False, internal=True, restricted=True)
    assert "INTERN, niet delen" in text
    assert "synthetische data" not in text


def test_in_english_the_page_speaks_english(made: Made, window: Window) -> None:
    tab = window.open(made(lang="en")[0], "F05|municipality=GM0230|reason=moved")
    assert tab.evaluate("document.documentElement.lang") == "en"
    panel = tab.locator("dialog").inner_text()
    assert "municipality: Elburg; reason: moved" in panel
    assert "cases: 5" in panel
    assert "stay inside the safe zone" in panel


def test_the_command_is_copied_or_left_selected(made: Made, window: Window) -> None:
    tab = window.open(made()[0], "F05|municipality=GM0230|reason=moved")
    for _ in range(2):  # the second time in a panel that was opened anew
        copy = tab.locator("dialog [data-copy]").first
        copy.click()
        command = "iww trace F05 --report proef --mark municipality=GM0230 --mark reason=moved"
        assert tab.evaluate("getSelection().toString()").strip() == command
        done = ("Gekopieerd", "Kopiëren lukte niet: de tekst is geselecteerd, druk op Ctrl+C.")
        assert copy.inner_text() in done
        assert tab.locator("#say").inner_text() in done
        tab.keyboard.press("Escape")
        tab.keyboard.press("Enter")


def test_on_a_narrow_screen_the_panel_leaves_the_mark_in_sight(made: Made, window: Window) -> None:
    tab = window.open(made()[0], "F05|municipality=GM0230|reason=moved", width=390, height=844)
    mark = elements(tab, "F05|municipality=GM0230|reason=moved").bounding_box()
    panel = tab.locator("dialog").bounding_box()
    assert mark is not None
    assert panel is not None
    assert mark["y"] >= 0
    assert mark["y"] + mark["height"] <= panel["y"]
    assert panel["width"] <= 390
    assert tab.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_figure_is_found_by_a_word_of_its_title(tab: Page) -> None:
    tab.locator("#find").fill("afsluiting")
    assert tab.locator("section.figure:visible h2").all_inner_texts() == [
        "F04 · Tijd van aanmelding tot afsluiting", "F05 · Redenen van afsluiting",
    ]  # fmt: skip
    tab.locator("#find").fill("zeppelin")
    assert tab.locator("#found").inner_text() == "Geen figuur met deze woorden."
    tab.locator("#find").fill("")


def test_without_scripts_the_tables_still_hold_every_mark(made: Made, window: Window) -> None:
    path, told = made()
    tab = window.open(path, script=False)
    assert "Deze browser voert geen scripts uit" in tab.locator("body").inner_text()
    tab.locator("#F05 .marks summary").click()
    assert tab.locator("#F05 .marks tbody tr:visible").count() == len(told["F05"]["marks"])
