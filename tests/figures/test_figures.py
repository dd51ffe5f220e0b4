"""Figures: drawn from protected numbers alone, every mark can be found again, and the same on every run."""

import ast
import csv
import datetime as dt
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from hashlib import sha256
from itertools import combinations, pairwise
from pathlib import Path

import pandas as pd
import pytest
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle
from matplotlib.textpath import text_to_path

from iww_analysis import disclosure, figures, vocabulary
from iww_analysis.analysis.finding import Finding, ask
from iww_analysis.analysis.question import Question
from iww_analysis.analysis.questions import compare
from iww_analysis.figures import figure, texts
from iww_analysis.figures.canvas import canvas, style, wrapping
from iww_analysis.figures.canvas.addresses import gid
from iww_analysis.figures.declaration import CATALOGUE, OWN
from iww_analysis.figures.drawings import months
from iww_analysis.figures.figure import Figure
from iww_analysis.messages import numbers
from iww_analysis.messages.errors import IwwError
from shared.pictures import SVG, addresses, boxes, picture, texts_in, tree
from shared.study import by_hand

EVERY = pytest.mark.parametrize("name", CATALOGUE, scope="module")  # all rules of one figure, then the next: drawn once
ANALYSIS = Path(compare.__file__).parents[1]


def lines(drawn: Figure) -> list[dict[str, str]]:
    """The drawn numbers, as a spreadsheet reads them."""
    text = drawn.csv.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";" if drawn.lang == "nl" else ","))


def keys_of_marks(drawn: Figure) -> set[tuple[tuple[str, str], ...]]:
    """Every mark of the protected finding by its keys."""
    assert drawn.protected is not None
    marks = drawn.protected.marks
    if drawn.id == "F03":  # a pair of domains is drawn once
        marks = marks[marks["domain_2"].eq("") | (marks["domain"] < marks["domain_2"])]
    keys = drawn.protected.keys
    return {tuple((k, str(row[k])) for k in keys if str(row[k]) != "") for row in marks.to_dict("records")}


# --- marks -----------------------------------------------------------------------------------------------------------


@EVERY
def test_every_mark_has_its_address_in_the_svg_and_every_address_is_a_mark(name: str) -> None:
    drawn = picture(name)
    found = [figures.keys_of(address) for address in addresses(drawn)]
    told = {tuple((k, v) for k, v in keys.items() if k not in ("part", "value")) for _, keys in found}
    assert told == keys_of_marks(drawn)
    assert {id_ for id_, _ in found} == {name}


@EVERY
def test_no_two_marks_share_an_address(name: str) -> None:
    found = addresses(picture(name))
    assert len(found) == len(set(found))


def test_an_address_survives_signs_that_an_id_cannot_hold() -> None:
    keys = {"case": "N 1|a=b%", "event": "één\u00a0plan"}
    address = gid("F06", keys)
    assert " " not in address
    assert figures.keys_of(address) == ("F06", keys)


def test_the_address_of_a_mark_reads_as_trace_takes_it() -> None:
    assert "F05|municipality=GM0268|reason=referred_on" in addresses(picture("F05"))


# --- protection ------------------------------------------------------------------------------------------------------


def test_what_is_not_shown_changes_nothing_in_any_file() -> None:
    """Two registers of which the same may be shown, though one has a case more that moved."""
    shown = by_hand(moved=3).vectors
    one, other = (figures.draw("F05", replace(by_hand(moved=n), vectors=shown)) for n in (3, 2))
    raw = [
        int(f.numbers.set_index(["municipality", "reason"])["n_cases"]["GM0268", "moved"])
        for f in map(compare.closure_reasons, (by_hand(moved=3), by_hand(moved=2)))
    ]
    assert raw == [3, 2]
    assert (one.svg, one.png, one.csv, repr(one)) == (other.svg, other.png, other.csv, repr(other))


def test_a_number_that_may_not_be_shown_is_an_x_in_the_table_and_a_hatched_box_in_the_drawing() -> None:
    drawn = figures.draw("F05", replace(by_hand(), vectors={}))
    (line,) = [x for x in lines(drawn) if (x["municipality"], x["reason"]) == ("GM0268", "moved")]
    assert (line["casussen"], line["deel"]) == ("x", "x")
    box = next(e for e in tree(drawn).iter() if e.attrib.get("id") == "F05|municipality=GM0268|reason=moved")
    assert any("url(#h" in path.attrib.get("style", "") for path in box.iter(f"{SVG}path"))
    assert "x" in texts_in(drawn)


def test_a_share_of_fewer_than_ten_is_not_written_but_its_count_is() -> None:
    drawn = [line for line in lines(figures.draw("F05", by_hand(n=6, moved=0))) if line["municipality"] == "GM0268"]
    assert sum(int(line["casussen"]) for line in drawn) == 5  # all that were closed
    assert {line["deel"] for line in drawn} == {"x"}


@EVERY
@pytest.mark.parametrize("lang", ["nl", "en"])
def test_invented_data_say_so_on_every_figure(name: str, lang: str) -> None:
    assert texts.word("synthetic", lang) in texts_in(picture(name, lang))


def test_a_panel_without_data_says_so_too() -> None:
    assert "synthetische data" in texts_in(figures.draw("F12", by_hand().only("oost")))


def test_real_data_bear_no_such_mark() -> None:
    assert "synthetische data" not in texts_in(figures.draw("F05", by_hand(synthetic=False)))


def test_internal_figures_are_watermarked_and_unprotected() -> None:
    drawn = figures.draw("F05", by_hand(), internal=True)
    assert texts_in(drawn).count("INTERN, niet delen") == 2
    (line,) = [x for x in lines(drawn) if (x["municipality"], x["reason"]) == ("GM0268", "moved")]
    assert line["casussen"] == "3"


def test_no_percentage_is_written_of_fewer_than_ten_units() -> None:
    few = by_hand(n=8)
    drawn = figures.draw("F05", few.only("oost"), internal=True)
    (ticks,) = [e for e in tree(drawn).iter() if e.attrib.get("id") == "matplotlib.axis_1"]
    on_axis = ["".join(e.itertext()).strip() for e in ticks.iter(f"{SVG}text")]
    assert [text for text in texts_in(drawn) if "%" in text and text not in on_axis] == []


# --- digests ---------------------------------------------------------------------------------------------------------


def page_of(finding: Finding, lang: str = "nl", *, internal: bool = False) -> canvas.Canvas:
    entry = CATALOGUE[finding.id]
    data = disclosure.protect(finding, "internal" if internal else entry.regime, by_hand().vectors)
    return canvas.Canvas(data, entry.texts, lang)


def test_a_changed_number_changes_the_digest_of_the_numbers() -> None:
    assert figures.draw("F05", by_hand(moved=30)).numbers_digest != picture("F05").numbers_digest


@pytest.mark.parametrize("change", ["height", "colour"])
def test_a_changed_bar_changes_the_digest_of_the_marks(change: str) -> None:
    with style.style():
        drawn = page_of(compare.closure_reasons(by_hand()))
        CATALOGUE["F05"].draw(drawn)
        before = figure.marks_digest(drawn.figure)
        (bar,) = drawn.figure.findobj(lambda a: a.get_gid() == "F05|municipality=GM0268|reason=referred_on")
        assert isinstance(bar, Rectangle)
        if change == "height":
            bar.set_width(bar.get_width() * 1.01)
        else:
            bar.set_facecolor("#ffffff")
        assert figure.marks_digest(drawn.figure) != before


def test_the_same_study_gives_the_same_bytes_in_another_process_whatever_its_hash_seed() -> None:
    names = ("F05", "F07", "F10", "T02")
    code = (
        "import hashlib, json; from shared.pictures import picture;"
        f"print(json.dumps([hashlib.sha256(b).hexdigest() for name in {names} for f in [picture(name)]"
        " for b in (f.svg, f.png, f.csv)]))"
    )
    seed = "1" if os.environ.get("PYTHONHASHSEED") != "1" else "2"
    tests, root = Path(__file__).parents[1], Path(__file__).parents[2]
    there = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tests,
                           env={"PYTHONHASHSEED": seed, "PATH": "", "PYTHONPATH": str(root)})  # fmt: skip
    here = [sha256(b).hexdigest() for name in names for f in [picture(name)] for b in (f.svg, f.png, f.csv)]
    assert json.loads(there.stdout) == here


def test_the_look_does_not_depend_on_what_a_notebook_has_set() -> None:
    import matplotlib as mpl

    with mpl.rc_context({"font.size": 20, "axes.grid": True, "axes.facecolor": "pink", "svg.fonttype": "path"}):
        assert figures.draw("F05", by_hand()).svg == picture("F05").svg


def test_every_look_is_one_that_matplotlib_knows() -> None:
    for look in (*style.SIGNS.values(), *style.EVENTS.values(), *style.WAYS.values()):
        Line2D([], [], **look)
    for look in (*style.BOXES.values(), *style.BARS.values()):
        Patch(**look)


# --- words and numbers -----------------------------------------------------------------------------------------------


def test_numbers_are_written_as_readers_of_the_language_do() -> None:
    assert (numbers.number(1234.5, "nl", 1), numbers.number(1234.5, "en", 1)) == ("1.234,5", "1,234.5")
    assert numbers.day(dt.date(2021, 6, 30), "nl").replace(numbers.TIE, " ") == "30 juni 2021"
    assert (numbers.share(0.25, "nl"), numbers.share(None, "nl"), numbers.number(None, "nl")) == ("25%", "x", "x")


def test_a_dutch_figure_has_dutch_numbers() -> None:
    drawn = figures.draw("F05", by_hand(n=1500))
    shown = " ".join(texts_in(drawn))
    assert re.search(r"\b1\.\d{3}\b", shown)
    assert not re.search(r"\d,\d{3}", shown)
    assert all(re.fullmatch(r"x|[01](,\d+)?", line["deel"]) for line in lines(drawn))


@EVERY
def test_a_dutch_figure_holds_no_english_label(name: str) -> None:
    assert not english_labels() & set(texts_in(picture(name)))


@cache
def english_labels() -> set[str]:
    """The labels of all lists that are not Dutch too."""
    every = [v for listed in vocabulary.names() for v in vocabulary.read(listed).values]
    return {v.en for v in every if len(v.en) > 4} - {v.nl for v in every}


@EVERY
def test_every_figure_says_what_it_shows_its_n_its_sources_and_its_rule(name: str) -> None:
    drawn = picture(name)
    assert drawn.protected is not None
    shown = " ".join(texts_in(drawn))
    for part in (
        name,
        CATALOGUE[name].texts.title["nl"],
        CATALOGUE[name].texts.what["nl"],
        drawn.protected.said("nl"),
        "n = ",
    ):
        assert part in shown
    assert all(source in shown for source in drawn.protected.sources)
    assert "peildat" in shown


@EVERY
def test_no_letter_is_smaller_than_eight_points(name: str) -> None:
    sizes = [float(size) for size in re.findall(rb"font-size: ([\d.]+)px", picture(name).svg)]
    assert sizes
    assert min(sizes) >= 8


@EVERY
@pytest.mark.parametrize("lang", ["nl", "en"])
def test_no_text_falls_off_the_page_or_runs_into_another(name: str, lang: str) -> None:
    drawn = picture(name, lang)
    width, height = (float(size) for size in tree(drawn).attrib["viewBox"].split()[2:])
    every = boxes(drawn)
    assert [box for box in every if min(box.x0, box.y0) < -0.5 or box.x1 > width + 0.5 or box.y1 > height + 0.5] == []
    assert [(one.text, other.text) for one, other in combinations(every, 2) if one.meets(other)] == []


@pytest.mark.parametrize(
    "text", ["Te laat: W. Vos", "officier van justitie", "één ‘vlot’ AVI-traject, 1.075 dagen (x)", "", "A"]
)
@pytest.mark.parametrize("weight", ["normal", "bold"])
def test_a_line_is_as_wide_as_its_letters_together(text: str, weight: str) -> None:
    letter = FontProperties(family="DejaVu Sans", size=8.0, weight=weight)
    whole = text_to_path.get_text_width_height_descent(text, letter, ismath=False)[0]
    assert wrapping.width(text, 8.0, weight) == pytest.approx(whole / 72)


def test_text_is_wrapped_and_never_cut() -> None:
    text = "Arbeidsongeschiktheidsverzekeringsmaatschappij en gezins- en jeugdhulpverlening"
    wrapped = wrapping.wrap(text, 0.9)
    assert max(wrapping.width(line) for line in wrapped) <= 0.9
    assert "".join(wrapped).replace("-", "").replace(" ", "") == text.replace("-", "").replace(" ", "")


def test_names_at_the_end_of_lines_are_moved_apart() -> None:
    places = months.spread([0.5, 0.5, 0.1, 0.52], 0.1)
    ordered = sorted(places)
    assert min(b - a for a, b in pairwise(ordered)) > 0.0999
    assert places[2] == min(places)


# --- the catalogue ---------------------------------------------------------------------------------------------------


def reasons_given() -> set[str]:
    """Every reason for which a condition of a question leaves units out, wherever in the analysis it is declared."""
    calls = [node for path in ANALYSIS.rglob("*.py") for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
             if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("Where", "replace")]  # fmt: skip
    given = [word.value for call in calls for word in call.keywords if word.arg == "reason"]
    declared = (ANALYSIS / "questions.toml").read_text(encoding="utf-8")
    return {value.value for value in given if isinstance(value, ast.Constant)} | set(
        re.findall(r'\btest = [^}]*\breason = "(\w+)"', declared)
    )


def caveats_given() -> set[str]:
    texts_of = (path.read_text(encoding="utf-8") for path in ANALYSIS.rglob("*.py"))
    return {code for text in texts_of for code in re.findall(r'with_caveat\(\s*"(\w+)"', text)}


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_every_code_that_an_analysis_gives_has_its_sentence(lang: str) -> None:
    assert {"case_not_found", "not_held", "still_open", "of_one_party"} <= reasons_given()
    for code in caveats_given():
        assert texts.caveat(
            code,
            lang,
            {
                "n": 2,
                "n_lost": 1,
                "n_of": 2,
                "table": "meetings",
                "n_found": 1,
                "n_left": 1,
                "source": "a",
                "other": "b",
                "by": "same_number",
            },
        )
    for reason in reasons_given():
        assert texts.left_out(reason, lang)
    for entry in CATALOGUE.values():
        assert all(texts.lacking(need, lang) for need in entry.needs)
        assert all(getattr(entry.texts, name)[lang] for name in ("title", "what", "read", "alt"))


def test_every_event_that_a_timeline_holds_has_a_label() -> None:
    assert set(vocabulary.read("meeting_kind").codes) <= set(texts.codes("event"))


def test_the_catalogue_names_studies_that_exist() -> None:
    assert {s for e in CATALOGUE.values() for s in e.studies} <= set(vocabulary.read("study").codes)


# --- where data lack -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "what"), [("F12", "gecodeerde interviews"), ("F10", "effectenarena"), ("F05", "reden van afsluiting")]
)
def test_a_figure_without_data_is_a_panel_that_says_what_is_missing(name: str, what: str) -> None:
    study = by_hand().only("team") if name == "F05" else by_hand().only("oost")
    assert not figures.is_drawable(CATALOGUE[name], study)
    drawn = figures.draw(name, study)
    assert drawn.protected is None
    assert drawn.lacking
    assert what in " ".join(texts_in(drawn))
    assert what in drawn.csv.decode("utf-8-sig")
    assert drawn.png.startswith(b"\x89PNG")


@EVERY
def test_a_study_without_the_material_gets_a_panel_that_says_so(name: str) -> None:
    drawn = figures.draw(name, by_hand().only())
    assert drawn.protected is None
    assert drawn.lacking


@EVERY
def test_every_figure_of_a_single_source_is_drawn_or_says_why_not(name: str) -> None:
    whole = picture(name).protected
    assert whole is not None
    for source in ("oost", "register", "talks", "team"):
        alone = by_hand().only(source)
        if figures.is_drawable(CATALOGUE[name], alone) and whole.sources != (
            source,
        ):  # else the panel, or the whole again
            drawn = figures.draw(name, alone)
            assert (drawn.protected is None) == bool(drawn.lacking), source


# --- the figure as a thing -------------------------------------------------------------------------------------------


def test_a_figure_prints_itself_on_one_line() -> None:
    drawn = picture("F05")
    assert re.fullmatch(r"F05 · n_cases = 150 · getallen [0-9a-f]{6} · tekens [0-9a-f]{6}", repr(drawn))
    bundle = drawn._repr_mimebundle_()
    assert bundle["text/plain"] == repr(drawn)
    assert set(bundle) == {"text/plain", "image/png"}


def test_numbers_open_in_a_spreadsheet_and_run_nothing() -> None:
    marks = pd.DataFrame({"case": ["=1+1", "@x", "-5"], "n_cases": [12, 15, -5], "part": "a", "hidden": False})
    data = disclosure.protect(compare.closure_reasons(by_hand()), "internal", {})
    data = replace(data, marks=marks, keys=("case",), values=("n_cases",))
    text = figure.numbers_as_csv(data, OWN.texts, "nl")
    assert text.startswith(b"\xef\xbb\xbf")
    assert [row[0] for row in csv.reader(io.StringIO(text.decode("utf-8-sig")), delimiter=";")] == [
        "case",
        "'=1+1",
        "'@x",
        "-5",
    ]


def test_a_figure_or_source_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(IwwError, match=r"^Figuur ‘f5’ bestaat niet\. Kies uit: F01, F02, .*\.$"):
        figures.draw("f5", by_hand())
    with pytest.raises(IwwError, match="nergens"):
        by_hand().only("nergens")


def test_the_grid_of_life_domains_names_the_cases_that_its_shares_are_of() -> None:
    drawn = picture("F03")
    assert drawn.protected is not None
    for n in drawn.protected.totals["domains"]["n_cases"].dropna():
        named = [text for text in texts_in(drawn) if text.endswith(f"(n = {numbers.number(int(n), 'nl')})")]
        assert len(named) >= 2  # above the bars, and above the grid


def test_alt_text_names_groups_n_and_the_largest() -> None:
    alt = picture("F05").alt
    assert "Beuningen en Nijmegen" in alt
    assert "n = 150" in alt
    assert "volgens plan" in alt


def test_a_researcher_draws_a_finding_of_her_own() -> None:
    study = by_hand()
    own = ask("eigen", [Question("q", "cases", "n_cases", ("municipality", "status"))], study.tables, synthetic=True)
    drawn = figures.bars(own, title="Status per gemeente", lists={"status": "case_status"})
    shown = texts_in(drawn)
    assert "eigen · Status per gemeente" in shown
    assert vocabulary.read("case_status").label("open", "nl") in shown
    assert "synthetische data" in shown
    single = ask("eigen", [Question("q", "cases", "n_cases", ("municipality",))], study.tables, synthetic=True)
    assert "Nijmegen" in texts_in(figures.bars(single, title="Casussen"))


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def test_nothing_is_drawn_with_the_global_state_of_pyplot() -> None:
    used = {module for path in Path(style.__file__).parent.glob("*.py") for module in imports(path)}
    assert not {module for module in used if "pyplot" in module}


def test_a_figure_that_finds_nothing_to_count_says_what_it_needs() -> None:
    study = by_hand()
    joint = study["meetings"][study["meetings"]["kind"] == "joint_client_meeting"]
    drawn = figures.draw("F17", replace(study, tables=study.tables.replaced(meetings=joint)))
    assert drawn.protected is None
    assert "de drie bijeenkomsten" in " ".join(texts_in(drawn))


def test_no_followed_case_hides_another() -> None:
    """O 2 and W 2 had neither a meeting nor a result: they stand side by side in the corner."""
    marks = [g for g in tree(picture("F07", "nl")).iter(f"{SVG}g") if g.get("id", "").startswith("F07|")]
    spots = [(dot.get("x"), dot.get("y")) for mark in marks for dot in mark.iter(f"{SVG}use")]
    assert len(spots) > 3
    assert len(spots) == len(set(spots))
