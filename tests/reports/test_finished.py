"""What stands in finished files, held against the public receipts: nothing to say of what was made, and each change is named."""

import json
import re
from collections.abc import Callable, Mapping
from functools import cache

import pytest

from iww_analysis.commands import build
from iww_analysis.figures.draw_figures import draw_with_findings
from iww_analysis.io.disk import files
from iww_analysis.messages.errors import Lang
from iww_analysis.privacy.pseudonyms import demo_key
from iww_analysis.report.receipts import Basis, receipts
from iww_analysis.verify.finished import finished, geometry, pages, spelled, svg
from shared.sources import HOME

SOURCES = ("druten", "samen-aan-zet-interviews")
FIGURES = ("F03", "F04", "F05", "F06", "F18", "T01", "F10")  # of F10 these sources hold nothing: a panel
Files = dict[str, bytes]


@cache
def drawn(lang: Lang, *, internal: bool) -> Mapping[str, bytes]:
    """Some figures with their CSV and receipts, as a report holds them."""
    study = build.load(HOME, SOURCES)
    parameters = {"lang": lang, "internal": internal, "study": "", "sources": list(SOURCES)}
    basis = Basis(study, parameters, {s: files.read_bytes(HOME.crosswalk(s)) for s in SOURCES}, "code", demo_key())
    made = {"manifest.json": files.as_json({"synthetic": True}).encode()}
    for figure, finding in draw_with_findings(study, lang=lang, internal=internal, ids=FIGURES):
        made |= {f"figures/{figure.id}.svg": figure.svg, f"figures/{figure.id}.csv": figure.csv}
        if finding is not None:
            public, restricted = receipts(figure, finding, basis)
            made[f"figures/{figure.id}.json"] = files.as_json(public).encode()
            made[f"receipts/{figure.id}.json"] = files.as_json(restricted).encode()
    return made


def found(made: Mapping[str, bytes], lang: Lang = "nl") -> dict[str, list[tuple[str, str | None]]]:
    """Per check that says something, its findings with the file that each names."""
    checks = finished.check(made, lang)
    return {check.name: [(m.code, m.place.file) for m in check.findings] for check in checks if check.findings}


@pytest.mark.parametrize(("lang", "internal"), [("nl", False), ("en", True)])
def test_of_what_was_made_there_is_nothing_to_say(lang: Lang, internal: bool) -> None:
    made = drawn(lang, internal=internal)
    assert found(made, lang) == {}
    held = {check.name: check.n for check in finished.check(made, lang)}
    receipts = [json.loads(made[f"figures/{id_}.json"]) for id_ in FIGURES if id_ != "F10"]
    assert held["marks"] >= sum(len({mark["address"] for mark in receipt["marks"]}) for receipt in receipts) > 150
    assert held["tables"] == sum(len(mark["drawn"]) for receipt in receipts for mark in receipt["marks"])
    assert held["measures"] > 190
    assert held["badges"] == len(FIGURES) * (2 if internal else 1) - internal  # a panel has no numbers to be internal


# ---- each change is named -----------------------------------------------------------------------------------------------


def in_text(path: str, pattern: str, new: str | Callable[[re.Match[str]], str]) -> Callable[[Files], None]:
    """Change the first place in a file that fits."""

    def change(made: Files) -> None:
        text, n = re.subn(pattern, new, made[path].decode("utf-8"), count=1)
        assert n == 1, "nothing to change"
        assert text.encode() != made[path]
        made[path] = text.encode()

    return change


def in_receipt(path: str, act: Callable[[dict[str, object]], object]) -> Callable[[Files], None]:
    def change(made: Files) -> None:
        told = json.loads(made[path])
        act(told)
        made[path] = json.dumps(told).encode()

    return change


def darkened(made: Files) -> None:
    """Make the cell of the smallest share as dark as can be."""
    marks = json.loads(made["figures/F03.json"])["marks"]
    pairs = [mark for mark in marks if mark["part"] == "pairs" and mark["drawn"]["share"] is not None]
    lowest = min(pairs, key=lambda mark: mark["drawn"]["share"])["address"]
    in_text(SVG["F03"], f'(id="{re.escape(lowest)}">(?s:.*?)style="fill: )#[0-9a-f]{{6}}', r"\1#010101")(made)


BAR = r'(id="F05\|[^"]*according_to_plan">\s*<path d="M [\d.]+ [\d.]+ \nL )([\d.]+)( [\d.]+ \nL )([\d.]+)'
SVG = {name: f"figures/{name}.svg" for name in FIGURES}
CHANGES: Mapping[str, tuple[Callable[[Files], None], str, str, str]] = {
    "a bar one point longer": (
        in_text(SVG["F05"], BAR, lambda m: f"{m[1]}{float(m[2]) + 1}{m[3]}{float(m[4]) + 1}"),
        "measures", "drawn_length", "F05.svg"),
    "the number behind a bar": (in_text(SVG["F05"], r">\d+% \((\d+)\)<", r">99% (\1)<"), "measures", "drawn_number", "F05.svg"),
    "a tick of an axis": (in_text(SVG["F05"], r">20%<", ">25%<"), "measures", "drawn_scale", "F05.svg"),
    "a dot on a curve": (
        in_text(SVG["F04"], r'(F04\|[^"]*value=share">(?s:.*?)<use [^>]*y=")([\d.]+)', lambda m: f"{m[1]}{float(m[2]) + 3}"),
        "measures", "drawn_place", "F04.svg"),
    "an event on a timeline": (
        in_text(SVG["F06"], r'(event=intake\|[^"]*">(?s:.*?)<use [^>]*x=")([\d.]+)', lambda m: f"{m[1]}{float(m[2]) + 20}"),
        "measures", "drawn_place", "F06.svg"),
    "the colour of the lowest cell": (lambda made: darkened(made), "measures", "drawn_colour", "F03.svg"),
    "a number in a text mark": (in_text(SVG["T01"], r">(\d+) casussen<", ">777 casussen<"), "numbers", "drawn_number", "T01.svg"),
    "n below the title": (in_text(SVG["F05"], r"n = [\d.]+ casussen", "n = 7.777 casussen"),
                          "numbers", "n_other", "F05.svg"),
    "n of a panel": (in_text(SVG["F05"], r"Druten \(n = \d+\)", "Druten (n = 777)"),
                     "numbers", "n_other", "F05.svg"),
    "a number more": (in_text(SVG["F05"], r'(<g id="axes_1">)', r'\1<g id="text_99"><text x="9" y="9">31415</text></g>'),
                      "numbers", "number_unknown", "F05.svg"),
    "a mark gone": (in_text(SVG["F05"], r'(?s)<g id="F05\|.*?</g>', ""), "marks", "mark_absent", "F05.svg"),
    "a mark more": (in_text(SVG["F05"], r'(?s)(<g id="F05\|[^"]*)(">.*?</g>)', r"\1\2\1x\2"), "marks", "mark_extra", "F05.svg"),
    "a mark twice": (in_text(SVG["F05"], r'(?s)(<g id="F05\|.*?</g>)', r"\1\1"), "marks", "mark_extra", "F05.svg"),
    "a mark on a panel": (in_text(SVG["F10"], r'(<g id="axes_1">)', r'\1<g id="F10|a=b"><path d="M 0 0 L 9 9"/></g>'),
                          "marks", "mark_extra", "F10.svg"),
    "the badge": (in_text(SVG["F05"], "synthetische data", "data"), "badges", "badge_absent", "F05.svg"),
    "a cell of the CSV": (in_text("figures/F05.csv", r";\d+;0", ";77;0"), "tables", "csv_other", "F05.csv"),
    "a label of the CSV": (in_text("figures/F05.csv", "volgens plan", "verhuisd"), "tables", "csv_other", "F05.csv"),
    "a line of the CSV": (in_text("figures/F05.csv", r"\r\n[^\r]+\r\n$", "\r\n"), "tables", "csv_rows", "F05.csv"),
    "a point as decimal sign": (in_text("figures/F05.csv", r";0,", ";0."), "tables", "csv_other", "F05.csv"),
    "a raw number in public": (in_receipt("figures/F05.json", lambda r: r["marks"][0].update(raw={"n_cases": 3})),  # type: ignore[index]
                               "public", "restricted_shown", "F05.json"),
    "a restricted receipt in public": (in_receipt("figures/F05.json", lambda r: r.update(access="restricted")),
                                       "public", "restricted_shown", "F05.json"),
    "a receipt without marks": (in_receipt("figures/F05.json", lambda r: r.pop("marks")),
                                "public", "verify_receipt_broken", "F05.json"),
    "receipts that differ": (in_receipt("receipts/F05.json", lambda r: r["marks"][0].update(drawn={})),  # type: ignore[index]
                             "receipts_alike", "receipts_differ", "receipts/F05.json"),
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_is_named_with_its_file(change: str) -> None:
    act, check, code, file = CHANGES[change]
    made = dict(drawn("nl", internal=False))
    act(made)
    told = found(made)
    assert check in told, told
    assert code in {said for said, _ in told[check]}, told
    assert all(str(place).endswith(file) for _, place in told[check])


# ---- the page, the notebooks, the reviewer's page -----------------------------------------------------------------------


def page(made: Mapping[str, bytes], id_: str = "F05") -> str:
    """A page with one figure, its table and its account, laid out as the report's."""
    picture = made[f"figures/{id_}.svg"].decode()
    rows = pages.rows(made[f"figures/{id_}.csv"], "nl")
    receipt = json.loads(made[f"figures/{id_}.json"])
    account = "".join(
        f"<li>{spelled.number(q['n_out'], 'nl')} van {spelled.number(q['n_in'], 'nl')} casussen geteld ({q['name']})</li>"
        + "".join(
            f"<li>niet geteld: {spelled.number(n, 'nl')} (nog open) ({q['name']})</li>"
            for n in q["left_out"].values()
            if n != 0
        )
        for q in receipt["questions"]
    )
    table = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return (
        f'<p class="banner">Synthetische data: verzonnen</p><section id="{id_}">{picture[picture.index("<svg") :]}'
        f"<ul>{account}</ul><table>{table}</table></section>"
        '<section id="lacking"><ul><li><strong id="F16">F16</strong> Sluit de ondersteuning beter aan?</li></ul></section>'
    )


def reviewers_page(made: Mapping[str, bytes], id_: str = "F05") -> str:
    """The reviewer's page with one figure: its marks as a table, and as what a click opens."""
    picture = made[f"figures/{id_}.svg"].decode()
    marks = json.loads(made[f"figures/{id_}.json"])["marks"]
    numbers = [spelled.number(mark["drawn"]["n_cases"], "nl") for mark in marks]
    table = "".join(f"<tr><td>teken 1</td><td>casussen: {number}</td></tr>" for number in numbers)
    told = {id_: {"marks": [{"address": m["address"], "part": m["part"]} for m in marks]}}
    return (
        f'<section class="figure" id="{id_}">{picture[picture.index("<svg") :]}<table><tr><th>teken</th></tr>{table}</table>'
        f'</section><script type="application/json">{json.dumps(told)}</script>'
    )


PANEL = (
    b'<svg><g id="text_1"><text x="1" y="2">synthetische data</text></g></svg>'  # a figure that lacks data: no receipt
)


@pytest.fixture
def one() -> Files:
    """The files of one figure, a page, a notebook that shows it and a reviewer's page."""
    made = {
        path: content
        for path, content in drawn("nl", internal=False).items()
        if "F05" in path or path == "manifest.json"
    }
    receipt = json.loads(made["figures/F05.json"])
    n, digests = spelled.number(receipt["questions"][0]["n_out"], "nl"), receipt["digests"]
    line = f"F05 · n_cases = {n} · getallen {digests['numbers'][:6]} · tekens {digests['marks'][:6]}"
    cells = [{"outputs": [{"data": {"text/plain": line}}]}]
    made["notebooks/20-cases-compared.ipynb"] = json.dumps({"cells": cells}).encode()
    made["figures/F16.svg"] = PANEL
    return made | {"index.html": page(made).encode(), "review.html": reviewers_page(made).encode()}


def test_pages_and_notebooks_that_say_the_same_have_nothing_against_them(one: Files) -> None:
    held = {check.name: check.n for check in finished.check(one, "nl")}
    assert found(one) == {}
    assert (held["notebooks"], held["review"]) == (1, len(json.loads(one["figures/F05.json"])["marks"]))


@pytest.mark.parametrize(
    ("path", "pattern", "new", "check", "code"),
    [("index.html", "F16</strong>", "F15</strong>", "page", "page_lacking"),
     ("index.html", r"<td>0,", "<td>9,", "page", "page_table"), ("index.html", r"<li>[\d.]+", "<li>7", "page", "page_account"),
     ("index.html", r'style="fill: #ffffff', 'style="fill: #fffffe', "page", "page_figure"),
     ("index.html", r"$", "<svg></svg>", "page", "page_picture"), ("index.html", "Synthetische", "Echte", "page", "badge_absent"),
     ("review.html", r'"part": "..', '"part": "zz', "review", "review_other"),
     ("review.html", r"casussen: [\d.]+", "casussen: 7", "review", "review_other"),
     ("review.html", r'json">.', 'json">[', "review", "page_broken"),
     ("notebooks/20-cases-compared.ipynb", r"= [\d.]+", "= 7", "notebooks", "notebook_other"),
     ("notebooks/20-cases-compared.ipynb", r"getallen ......", "getallen abcdef", "notebooks", "notebook_other")],
)  # fmt: skip
def test_a_page_that_says_something_else_is_named(
    one: Files, path: str, pattern: str, new: str, check: str, code: str
) -> None:
    in_text(path, pattern, new)(one)
    told = found(one)
    assert (code, path) in told[check], told


# ---- reading a picture --------------------------------------------------------------------------------------------------

BILLION = b'<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><svg xmlns="http://www.w3.org/2000/svg"><g id="text_1"/></svg>'


@pytest.mark.parametrize(
    "content",
    [b"", b"geen xml", BILLION, b'<?xml-stylesheet href="a.css"?><svg/>', b"<svg><script>1</script></svg>",
     b'<svg><g onclick="1"/></svg>', b'<svg xmlns:x="http://www.w3.org/1999/xlink"><a x:href="https://elders.nl"/></svg>',
     b'<svg><image href="data:image/png;base64,AA"/></svg>', b"<svg><foreignObject/></svg>"],
)  # fmt: skip
def test_a_picture_that_could_act_or_reach_out_is_refused(content: bytes) -> None:
    with pytest.raises(svg.NoFigureError):
        svg.read(content)


def test_words_that_stand_outside_every_group_are_refused() -> None:
    inside = b'<svg><g id="text_1"><text x="1" y="2">n = 5</text></g>%s</svg>'
    (text,) = svg.read(inside % b"").texts
    assert (text.text, text.box) == ("n = 5", (1.0, 2.0, 1.0, 2.0))
    with pytest.raises(svg.NoFigureError):
        svg.read(inside % b'<text x="1" y="2">n = 6</text>')


@pytest.mark.parametrize(
    ("text", "expected"),
    [("40% (1.090)", ["40", "1.090"]), ("x (x)", ["x", "x"]), ("xyz Max × 2", ["2"]), ("07 jan. 2013", ["7", "2013"]),
     ("0/5", ["0", "5"]), ("n = 0", ["0"])],
)  # fmt: skip
def test_the_numbers_in_a_text(text: str, expected: list[str]) -> None:
    assert spelled.tokens(text) == expected


@pytest.mark.parametrize(
    ("text", "value", "lang", "holds"),
    [("0,4", 0.4, "nl", True), ("0.4", 0.4, "nl", False), ("0.4", 0.4, "en", True), ("0,0545455", 0.054545, "nl", True),
     ("0,0546", 0.054545, "nl", False), ("12", 12, "nl", True), ("13", 12, "nl", False), ("x", None, "nl", True),
     ("", None, "nl", False), ("yes", "yes", "nl", True), ("1e+06", 1000000, "nl", True), ("", 0, "nl", False)],
)  # fmt: skip
def test_a_cell_of_the_csv(text: str, value: float | str | None, lang: str, holds: bool) -> None:
    assert spelled.is_cell(text, value, lang) is holds


def test_a_line_through_points_is_not_moved_by_one_of_them() -> None:
    assert geometry._line([(0, 10.0), (1, 12.0), (2, 14.0), (3, 40.0), (4, 18.0), (5, 20.0)]) == (10.0, 2.0)


def test_a_number_in_the_words_of_a_reason_is_no_count() -> None:
    question = {"name": "early", "n_in": 42, "n_out": 27, "left_out": {"after_opening_phase": 10}}
    counted, left = "27 van 42 bijeenkomsten geteld (early)", "niet geteld: {} (na de eerste 3 maanden) (early)"
    assert pages._accounted(question, [counted, left.format(10)], "nl")
    assert not pages._accounted(question, [counted, left.format(11)], "nl")
