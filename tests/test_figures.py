"""Figures: drawn from protected numbers alone, every mark can be found again, and the same on every run."""

import ast
import csv
import datetime as dt
import io
import json
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest
from conftest import typed
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from iww_analysis import disclosure, figures, vocabulary
from iww_analysis.analysis import compare
from iww_analysis.figures import figure, page, sheet, style, texts, words
from iww_analysis.figures.catalogue import CATALOGUE
from iww_analysis.figures.figure import Figure
from iww_analysis.schema.finding import Finding, ask
from iww_analysis.schema.origin import Origin
from iww_analysis.schema.question import Question
from iww_analysis.study import TABLES, Study, empty

IDS = tuple(CATALOGUE)
SVG = "{http://www.w3.org/2000/svg}"
ANALYSIS = Path(compare.__file__).parent


# --- a study by hand -------------------------------------------------------------------------------------------------


def origin(source: str, *towns: str, synthetic: bool = True) -> Origin:
    """A card with the least that a figure says of it."""
    return Origin(
        source, towns, "saz", "", "", dt.date(2021, 1, 15), "", (dt.date(2019, 1, 1), dt.date(2021, 12, 31)),
        dt.date(2021, 12, 31), {"nl": f"Een huishouden in {source}.", "en": f"A household in {source}."},
        {"nl": "Alle.", "en": "All."}, "register", synthetic, {},
    )  # fmt: skip


def of(table: str, lines: list[dict[str, object]]) -> pd.DataFrame:
    """A processed table of dictionaries; what is not said is missing."""
    return typed(TABLES[table], pd.DataFrame(lines).fillna("").astype("str"))


def cases(source: str, town: str, n: int, reasons: list[str]) -> list[dict[str, object]]:
    """Cases that were closed with these reasons in turn; every fifth is still open, the first three are followed."""
    start = pd.Timestamp("2019-01-07")
    out: list[dict[str, object]] = []
    for i in range(n):
        referral = start + pd.Timedelta(days=(i * 7) % 600)
        closed = i % 5 != 4
        end = referral + pd.Timedelta(days=30 + (i * 11) % 400) if closed else ""
        out.append({
            "source": source, "case_id": f"{source}{i}", "municipality": town, "date_referral": referral.date(),
            "date_closed": end.date() if isinstance(end, pd.Timestamp) else "", "status": "closed" if closed else "open",
            "closure_reason": reasons[i % len(reasons)] if closed else "not_applicable", "extraction_date": "2021-12-31",
            "case_label": f"{source[0].upper()} {i}" if i < 3 else "",
            "date_first_result": (referral + pd.Timedelta(days=80 + 20 * i)).date() if i < 2 else "",
        })  # fmt: skip
    return out


def meetings(every: list[dict[str, object]]) -> list[dict[str, object]]:
    """Three dialogues and a joint meeting per case; the closing dialogue of every third was not held."""
    out: list[dict[str, object]] = []
    for i, case in enumerate(every):
        for n, kind in enumerate(("introduction", "first_dialogue", "closing_dialogue", "joint_client_meeting")):
            if kind == "joint_client_meeting" and str(case["case_label"]).endswith("2"):
                continue
            held = not (kind == "closing_dialogue" and i % 3 == 0)
            day = pd.Timestamp(str(case["date_referral"])) + pd.Timedelta(days=14 * (n + 1) + i % 9)
            out.append({
                "source": case["source"], "case_id": case["case_id"], "kind": kind, "date": day.date(),
                "meeting_id": f"{case['case_id']}/{kind}", "held": "yes" if held else "no",
                "reason_not_held": "" if held else ("no_show", "solved")[i % 2],
            })  # fmt: skip
    return out


def told() -> dict[str, list[dict[str, object]]]:
    """What one team's arena, interviews and conversations hold: enough for every grid."""
    team, arena = {"source": "team", "team": "Team Noord"}, {"arena_id": "Arena Noord"}
    three = ("yes", "no", "not_discussed")
    factors = [team | {"element": e, "perspective": "researcher", "present": three[i]}
               for i, e in enumerate(("w10_mandate", "w11_shared_vision", "w15_expertise"))]  # fmt: skip
    voices = ("client", "professional")
    held = [{"source": "team", "case_id": "Casus 1", "element": e, "holder": h, "perspective": p, "present": ("yes", "no")[i],
             "contribution": "hindering"}
            for i, e in enumerate(("b01_shame", "w03_trust")) for h in ("client", "relative") for p in voices]  # fmt: skip
    lived = [{"source": "team", "municipality": "GM0268", "case_id": "Casus 2", "element": e, "perspective": p,
              "present": three[i]}
             for i, e in enumerate(("x01_heard", "x04_equal")) for p in voices]  # fmt: skip
    return {
        "arena_evidence": [team | arena | {"node_id": n, "case_id": "Casus 1", "voice": v, "status": s}
                           for n in ("E1", "E2")
                           for v, s in (("client", "observed"), ("professional", "contradicted"), ("registration", "expected"))],
        "judgements": factors + held + lived,
        "codings": [team | {"perspective": "parent", "document": "G1", "code": "c", "element": "w10_mandate"}],
        "documents": [team | {"perspective": p, "document": d} for p, d in (("parent", "G1"), ("municipality", "G2"))],
        "qualities": [{"source": "team", "municipality": "GM0344", "perspective": p, "quality": q, "named": three[i]}
                      for i, q in enumerate(("q01_contact", "q08_debts")) for p in ("citizen", "team_leader")],
    }  # fmt: skip


def measured(every: list[dict[str, object]]) -> dict[str, list[dict[str, object]]]:
    """What registers score and count at begin and end, a municipality's indicators, and what a team's cases came to."""
    of_case = [{"source": c["source"], "case_id": c["case_id"]} for c in every]
    team = {"source": "team", "municipality": "GM0268"}
    moments = ("begin", "end")
    return {
        "scores": [c | {"instrument_version": "zrm_2017", "moment": m, "domain": d, "score": 2 + (i % 3) * n if n else 3}
                   for i, c in enumerate(of_case) for d in ("finances", "justice") for n, m in enumerate(moments)
                   if n == 0 or i % 2],
        "case_organisations": [c | {"moment": m, "organisation": o, "canonical": o}
                               for i, c in enumerate(of_case) for n, m in enumerate(moments) for o in "ABC"[: 1 + (i + n) % 3]],
        "case_network": [c | {"moment": m, "involved": ("yes", "no", "unknown")[(i + n) % 3]}
                         for i, c in enumerate(of_case) for n, m in enumerate(moments)],
        "indicators": [team | {"indicator": k, "year": year, "n_counted": 40, "n_of": 80, "comparable": "yes"}
                       for k in ("fits_better", "own_strength") for year in (2012, 2013)]
        + [team | {"indicator": "specialist_help", "year": 2012, "n_counted": 4, "n_of": 80, "comparable": "no",
                   "meaning": "anders"}],
        "outcomes": [team | {"case_id": f"Casus {c}", "level": "case", "outcome": "rust", "according_to": "client",
                             "direction": d}
                     for c, d in ((1, "better"), (2, "same"))],
        "judgements": [team | {"case_id": "Casus 2", "element": "b03_fragmentation", "holder": "not_recorded", "moment": m,
                               "perspective": p, "present": ("yes", "no")[n]}
                       for n, m in enumerate(moments) for p in ("client", "professional")],
    }  # fmt: skip


@cache
def by_hand(n: int = 120, moved: int = 3, synthetic: bool = True) -> Study:
    """Two registers and one team: enough for every figure. `moved`: how many cases closed because of a move."""
    reasons = ["according_to_plan", "referred_on", "according_to_plan", "unknown", "administrative"]
    east, west = cases("oost", "GM0268", n, reasons), cases("west", "GM0209", 60, reasons)
    for case in [c for c in east if c["status"] == "closed"][5 : 5 + moved]:
        case["closure_reason"] = "moved"
    both = east + west
    held = meetings(both)
    frames = {
        "cases": both,
        "meetings": held,
        "attendances": [
            {name: m[name] for name in ("source", "case_id", "meeting_id", "kind")} | {"party": p, "sector": s}
            for i, m in enumerate(held) for p, s in (("client", "client"), ("gp", "care_welfare"))[: 1 + i % 2]
        ],
        "case_domains": [
            {"source": c["source"], "case_id": c["case_id"], "domain": d, "moment": "begin", "status": "problem"}
            for i, c in enumerate(both) for d in ("finances", "housing", "family")[: 1 + i % 3]
        ],
        "plans": [
            {"source": c["source"], "case_id": c["case_id"], "date": c["date_referral"],
             "made_by": ("client_network", "together")[i % 2], "professionals_present": ("no", "no", "yes", "unknown")[i % 4]}
            for i, c in enumerate(both)
        ],
        "actions": [
            {"source": c["source"], "case_id": c["case_id"], "action_id": f"a{i}",
             "status": ("done", "running", "planned")[i % 3]}
            for i, c in enumerate(both)
        ],
        "case_persons": [{"source": c["source"], "case_id": c["case_id"], "person_id": f"p{i}"} for i, c in enumerate(both)],
        "judgements": [
            {"source": "team", "team": "Team Noord", "case_id": f"Casus {c}", "element": e, "perspective": p,
             "present": ("yes", "partly", "no", "not_discussed")[(c + i + j) % 4],
             "contribution": ("helpful", "hindering")[(c + j) % 2]}
            for c in (1, 2) for i, e in enumerate(("w01_one_plan", "w03_trust")) for j, p in enumerate(("client", "professional"))
        ],
        "arena_nodes": [
            {"source": "team", "team": "Team Noord", "arena_id": "Arena Noord", "node_id": node, "kind": kind, "label": label,
             "level": "individual" if kind == "effect" else "empty", "placed_by": "client",
             "shared": "less_stress" if node == "E1" else "other_theme"}
            for node, kind, label in (
                ("I1", "investor", "Gemeente"), ("A1", "activity", "Samen aan tafel met iedereen die helpt"),
                ("E1", "effect", "Rust"), ("E2", "effect", "Minder schulden"), ("B1", "beneficiary", "Gezin"))
        ],
        "arena_edges": [
            {"source": "team", "team": "Team Noord", "arena_id": "Arena Noord", "from_id": a, "to_id": b, "kind": k}
            for a, b, k in (("I1", "A1", "invests"), ("A1", "E1", "leads_to"), ("E1", "B1", "benefits"))
        ],
    }  # fmt: skip
    for name, more in (*told().items(), *measured(both).items()):
        frames[name] = [*frames.get(name, []), *more]
    tables = {name: of(name, frames[name]) if name in frames else empty(table) for name, table in TABLES.items()}
    held_by = {name: frozenset((name, c.name) for c in TABLES[name]) for name in frames}
    registers = ("cases", "meetings", "attendances", "case_domains", "plans", "actions", "case_persons", "scores",
                 "case_organisations", "case_network")  # fmt: skip
    recorded = dict.fromkeys(("oost", "west"), frozenset().union(*(held_by[name] for name in registers)))
    recorded["team"] = frozenset().union(
        *(held_by[n] for n in ("arena_nodes", "arena_edges", "indicators", "outcomes", *told()))
    )
    origins = {
        "oost": origin("oost", "GM0268", synthetic=synthetic),
        "team": origin("team", synthetic=synthetic),
        "west": origin("west", "GM0209", synthetic=synthetic),
    }
    return Study(tables, origins, recorded, {}, {})


def drawn_all(lang: str = "nl") -> dict[str, Figure]:
    """Every figure of the study by hand, drawn once per language."""
    return _drawn_all(lang)


@cache
def _drawn_all(lang: str) -> dict[str, Figure]:
    return {f.id: f for f in figures.draw_all(by_hand(), lang=lang)}


def addresses(drawn: Figure) -> list[str]:
    """The ids in an SVG that belong to marks."""
    every = ET.fromstring(drawn.svg).iter()
    return [e.attrib["id"] for e in every if e.attrib.get("id", "").startswith(f"{drawn.id}|")]


def said(drawn: Figure) -> list[str]:
    """The texts in an SVG."""
    return ["".join(e.itertext()).strip() for e in ET.fromstring(drawn.svg).iter(f"{SVG}text")]


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


@pytest.mark.parametrize("name", IDS)
def test_every_mark_has_its_address_in_the_svg_and_every_address_is_a_mark(name: str) -> None:
    drawn = drawn_all()[name]
    found = [figures.keys_of(address) for address in addresses(drawn)]
    told = {tuple((k, v) for k, v in keys.items() if k not in ("part", "value")) for _, keys in found}
    assert told == keys_of_marks(drawn)
    assert {id_ for id_, _ in found} == {name}


@pytest.mark.parametrize("name", IDS)
def test_no_two_marks_share_an_address(name: str) -> None:
    found = addresses(drawn_all()[name])
    assert len(found) == len(set(found))


def test_an_address_survives_signs_that_an_id_cannot_hold() -> None:
    keys = {"case": "N 1|a=b%", "event": "één\u00a0plan"}
    address = sheet.gid("F06", keys)
    assert " " not in address
    assert figures.keys_of(address) == ("F06", keys)


def test_the_address_of_a_mark_reads_as_trace_takes_it() -> None:
    assert "F05|municipality=GM0268|reason=referred_on" in addresses(drawn_all()["F05"])


# --- protection ------------------------------------------------------------------------------------------------------


def test_a_hidden_number_changes_nothing_in_any_file() -> None:
    one, other = (figures.draw("F05", by_hand(moved=n)) for n in (3, 2))
    raw = [
        int(f.numbers.set_index(["municipality", "reason"])["n_cases"]["GM0268", "moved"])
        for f in map(compare.closure_reasons, (by_hand(moved=3), by_hand(moved=2)))
    ]
    assert raw == [3, 2]
    assert (one.svg, one.png, one.csv, repr(one)) == (other.svg, other.png, other.csv, repr(other))


def test_a_hidden_number_is_an_x_in_the_table_and_a_hatched_box_in_the_drawing() -> None:
    drawn = drawn_all()["F05"]
    (line,) = [x for x in lines(drawn) if (x["municipality"], x["reason"]) == ("GM0268", "moved")]
    assert (line["casussen"], line["deel"]) == ("x", "x")
    box = next(
        e for e in ET.fromstring(drawn.svg).iter() if e.attrib.get("id") == "F05|municipality=GM0268|reason=moved"
    )
    assert any("url(#h" in path.attrib.get("style", "") for path in box.iter(f"{SVG}path"))
    assert "x" in said(drawn)


def test_the_hidden_box_has_one_size_whatever_is_behind_it() -> None:
    with style.style():
        boxes = [page_of(compare.closure_reasons(by_hand(moved=n))) for n in (1, 3)]
        found = []
        for drawn in boxes:
            CATALOGUE["F05"].draw(drawn)
            (box,) = drawn.figure.findobj(lambda a: a.get_gid() == "F05|municipality=GM0268|reason=moved")
            found.append((box.get_width(), box.get_height()))
    assert found[0] == found[1]


@pytest.mark.parametrize("lang", ["nl", "en"])
@pytest.mark.parametrize("name", IDS)
def test_invented_data_say_so_on_every_figure(name: str, lang: str) -> None:
    assert texts.word("synthetic", lang) in said(drawn_all(lang)[name])


def test_a_panel_without_data_says_so_too() -> None:
    assert "synthetische data" in said(figures.draw("F12", by_hand().only("oost")))


def test_real_data_bear_no_such_mark() -> None:
    assert "synthetische data" not in said(figures.draw("F05", by_hand(synthetic=False)))


def test_internal_figures_are_watermarked_and_unprotected() -> None:
    drawn = figures.draw("F05", by_hand(), internal=True)
    assert said(drawn).count("INTERN, niet delen") == 2
    (line,) = [x for x in lines(drawn) if (x["municipality"], x["reason"]) == ("GM0268", "moved")]
    assert line["casussen"] == "3"


def test_no_percentage_is_written_of_fewer_than_ten_units() -> None:
    few = by_hand(n=8)
    drawn = figures.draw("F05", few.only("oost"), internal=True)
    (ticks,) = [e for e in ET.fromstring(drawn.svg).iter() if e.attrib.get("id") == "matplotlib.axis_1"]
    on_axis = ["".join(e.itertext()).strip() for e in ticks.iter(f"{SVG}text")]
    assert [text for text in said(drawn) if "%" in text and text not in on_axis] == []


# --- digests ---------------------------------------------------------------------------------------------------------


def page_of(finding: Finding, lang: str = "nl", *, internal: bool = False) -> sheet.Sheet:
    entry = CATALOGUE[finding.id]
    (data,) = disclosure.protect([finding], entry.regime, internal=internal)
    return sheet.Sheet(data, entry.texts, lang)


def test_a_changed_number_changes_the_digest_of_the_numbers() -> None:
    assert figures.draw("F05", by_hand(moved=30)).numbers_digest != drawn_all()["F05"].numbers_digest


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


def test_the_same_study_gives_the_same_bytes_whatever_the_hash_seed() -> None:
    code = (
        "import hashlib, json, test_figures as t; from iww_analysis import figures;"
        "print(json.dumps([hashlib.sha256(b).hexdigest() for f in figures.draw_all(t.by_hand(), ids=['F05', 'F07', 'F10'])"
        " for b in (f.svg, f.png, f.csv)]))"
    )
    runs = [
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path(__file__).parent,
                       env={"PYTHONHASHSEED": seed, "PATH": "", "PYTHONPATH": str(Path(__file__).parents[1])}).stdout
        for seed in ("1", "2")
    ]  # fmt: skip
    assert json.loads(runs[0]) == json.loads(runs[1])


def test_the_look_does_not_depend_on_what_a_notebook_has_set() -> None:
    import matplotlib as mpl

    with mpl.rc_context({"font.size": 20, "axes.grid": True, "axes.facecolor": "pink", "svg.fonttype": "path"}):
        assert figures.draw("F05", by_hand()).svg == drawn_all()["F05"].svg


# --- words and numbers -----------------------------------------------------------------------------------------------


def test_numbers_are_written_as_readers_of_the_language_do() -> None:
    assert (words.number(1234.5, "nl", 1), words.number(1234.5, "en", 1)) == ("1.234,5", "1,234.5")
    assert words.day(dt.date(2021, 6, 30), "nl").replace(words.TIE, " ") == "30 juni 2021"
    assert (words.share(0.25, "nl"), words.share(None, "nl"), words.number(None, "nl")) == ("25%", "x", "x")


def test_a_dutch_figure_has_dutch_numbers() -> None:
    drawn = figures.draw("F05", by_hand(n=1500))
    shown = " ".join(said(drawn))
    assert "1.250" in shown
    assert not re.search(r"\d,\d{3}", shown)
    assert all(re.fullmatch(r"x|[01](,\d+)?", line["deel"]) for line in lines(drawn))


@pytest.mark.parametrize("name", IDS)
def test_a_dutch_figure_holds_no_english_label(name: str) -> None:
    every = [v for listed in vocabulary.names() for v in vocabulary.read(listed).values]
    dutch = {v.nl for v in every}
    english = {v.en for v in every if len(v.en) > 4} - dutch
    assert not english & set(said(drawn_all()[name]))


@pytest.mark.parametrize("name", IDS)
def test_every_figure_says_what_it_shows_its_n_its_sources_and_its_rule(name: str) -> None:
    drawn = drawn_all()[name]
    assert drawn.protected is not None
    shown = " ".join(said(drawn))
    for part in (name, texts.of(name).title["nl"], texts.of(name).what["nl"], drawn.protected.said("nl"), "n = "):
        assert part in shown
    assert all(source in shown for source in drawn.protected.sources)
    assert "peildat" in shown


@pytest.mark.parametrize("name", IDS)
def test_no_letter_is_smaller_than_eight_points(name: str) -> None:
    sizes = [float(size) for size in re.findall(rb"font-size: ([\d.]+)px", drawn_all()[name].svg)]
    assert sizes
    assert min(sizes) >= 8


@pytest.mark.parametrize("name", IDS)
def test_no_text_falls_off_the_page(name: str) -> None:
    entry, study = CATALOGUE[name], by_hand()
    with style.style():
        drawn = replace_origins(page_of(entry.ask(study)), study)
        entry.draw(drawn)
        style.saved(drawn.figure)
        width, height = drawn.figure.canvas.get_width_height()
        off = []
        for text in drawn.figure.findobj(Text):
            assert isinstance(text, Text)
            if text.get_text().strip() and text.get_visible() and text.get_rotation() == 0:
                box = text.get_window_extent()
                if box.x0 < -1 or box.y0 < -1 or box.x1 > width + 1 or box.y1 > height + 1:
                    off.append(text.get_text())
    assert [text for text in off if text in said(drawn_all()[name])] == []


def replace_origins(drawn: sheet.Sheet, study: Study) -> sheet.Sheet:
    drawn.origins = [study.origins[source] for source in drawn.data.sources]
    return drawn


def test_text_is_wrapped_and_never_cut() -> None:
    text = "Arbeidsongeschiktheidsverzekeringsmaatschappij en gezins- en jeugdhulpverlening"
    wrapped = words.wrap(text, 0.9)
    assert max(words.width(line) for line in wrapped) <= 0.9
    assert "".join(wrapped).replace("-", "").replace(" ", "") == text.replace("-", "").replace(" ", "")


def test_names_at_the_end_of_lines_are_moved_apart() -> None:
    places = sheet.spread([0.5, 0.5, 0.1, 0.52], 0.1)
    ordered = sorted(places)
    assert min(b - a for a, b in pairwise(ordered)) > 0.0999
    assert places[2] == min(places)


# --- the catalogue ---------------------------------------------------------------------------------------------------


def codes_in_analysis(pattern: str) -> set[str]:
    return {found for path in ANALYSIS.glob("*.py") for found in re.findall(pattern, path.read_text(encoding="utf-8"))}


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_every_code_that_an_analysis_gives_has_its_sentence(lang: str) -> None:
    for code in codes_in_analysis(r'with_caveat\(\s*"(\w+)"'):
        assert texts.caveat(code, lang, {"n": 2})
    for reason in codes_in_analysis(r'reason="(\w+)"'):
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
    assert what in " ".join(said(drawn))
    assert what in drawn.csv.decode("utf-8-sig")
    assert drawn.png.startswith(b"\x89PNG")


@pytest.mark.parametrize("source", ["oost", "team"])
def test_every_figure_of_every_single_source_is_drawn_or_says_why_not(source: str) -> None:
    done = figures.draw_all(by_hand().only(source))
    assert [f.id for f in done] == list(IDS)
    assert all((f.protected is None) == bool(f.lacking) for f in done)


# --- the figure as a thing -------------------------------------------------------------------------------------------


def test_a_figure_prints_itself_on_one_line() -> None:
    drawn = drawn_all()["F05"]
    assert re.fullmatch(r"F05 · n_cases = 145 · getallen [0-9a-f]{6} · tekens [0-9a-f]{6}", repr(drawn))
    bundle = drawn._repr_mimebundle_()
    assert bundle["text/plain"] == repr(drawn)
    assert set(bundle) == {"text/plain", "image/png"}


def test_numbers_open_in_a_spreadsheet_and_run_nothing() -> None:
    marks = pd.DataFrame({"case": ["=1+1", "@x", "-5"], "n_cases": [12, 15, -5], "part": "a", "hidden": False})
    data = disclosure.protect([compare.closure_reasons(by_hand())], "register")[0]
    data = replace(data, marks=marks, keys=("case",), values=("n_cases",))
    text = figure.numbers_as_csv(data, texts.of("own"), "nl")
    assert text.startswith(b"\xef\xbb\xbf")
    assert [row[0] for row in csv.reader(io.StringIO(text.decode("utf-8-sig")), delimiter=";")] == [
        "case",
        "'=1+1",
        "'@x",
        "-5",
    ]


def test_alt_text_names_groups_n_and_the_largest() -> None:
    alt = drawn_all()["F05"].alt
    assert "Beuningen en Nijmegen" in alt
    assert "n = 145" in alt
    assert "volgens plan" in alt


def test_a_researcher_draws_a_finding_of_her_own() -> None:
    study = by_hand()
    own = ask("eigen", [Question("q", "cases", "n_cases", ("municipality", "status"))], study.tables, synthetic=True)
    drawn = figures.bars(own, title="Status per gemeente", lists={"status": "case_status"})
    shown = said(drawn)
    assert "eigen · Status per gemeente" in shown
    assert vocabulary.read("case_status").label("open", "nl") in shown
    assert "synthetische data" in shown
    single = ask("eigen", [Question("q", "cases", "n_cases", ("municipality",))], study.tables, synthetic=True)
    assert "Nijmegen" in said(figures.bars(single, title="Casussen"))


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def test_nothing_is_drawn_with_the_global_state_of_pyplot() -> None:
    used = {module for path in Path(page.__file__).parent.glob("*.py") for module in imports(path)}
    assert not {module for module in used if "pyplot" in module}


def test_a_figure_that_finds_nothing_to_count_says_what_it_needs() -> None:
    study = by_hand()
    joint = study["meetings"][study["meetings"]["kind"] == "joint_client_meeting"]
    drawn = figures.draw("F17", replace(study, tables={**study.tables, "meetings": joint}))
    assert drawn.protected is None
    assert "de drie bijeenkomsten" in " ".join(said(drawn))
