"""Write down what groups in four municipalities ask of area-based teams, who the teams are, and what was counted."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from iww_synthetic import plan
from iww_synthetic.chance import Chance
from iww_synthetic.files import workbook
from iww_synthetic.files.mess import NBSP, Pen
from iww_synthetic.files.sheet import Cell, Sheet
from iww_synthetic.files.workbook import Page
from iww_synthetic.registers.writing import File
from iww_synthetic.settings import deliveries, toml, words

NAMED = {"j": "yes", "n": "no", ".": "not_discussed", "_": "empty"}
OVERVIEW = "Kwaliteitenoverzicht"
LONG = "GM0355"  # the municipality that wrote its qualities down one under the other, in words
GROUP_HEADINGS = ("Professionals", "Teamleiders", "Beleidsambtenaren", "Wijkbewoners", "Organisaties")


def study(name: str, seed: int) -> tuple[Mapping[str, Any], Sequence[File], Mapping[str, Any]]:
    """Give the card, the files and the true answers."""
    truth = toml("hu.toml")
    pen = Pen(Chance(seed, f"mess {name}"), words(name), {"text": 50, "month": 30, "cell": 20}, noise=0.06)
    [delivery] = deliveries(truth["card"])
    texts = {
        "kwaliteiten.csv": _wide(truth, pen),
        "kwaliteiten zeist.csv": _long(truth, pen),
        "indicatoren.csv": _indicators(truth, pen),
    }
    pages = {"teamprofielen.xlsx": _teams(truth, pen), "vraagstukken.xlsx": _themes(truth, pen)}
    files = [
        *(File(delivery, file, sheet.csv(), {"": sheet}) for file, sheet in texts.items()),
        *(File(delivery, file, workbook.write([page]), {page.name: page.sheet}) for file, page in pages.items()),
    ]
    return truth["card"], files, _answers(name, truth, files)


# ---- qualities -----------------------------------------------------------------------------------------------------


def _wide(truth: Mapping[str, Any], pen: Pen) -> Sheet:
    """Write a column per group: x, a dash, a question mark or nothing."""
    sheet = Sheet()
    sheet.add(["Gevraagde kwaliteiten per groep; x = genoemd, - = niet genoemd, ? = niet besproken"], "title")
    sheet.add([], "empty")
    sheet.add(["Gemeente", "Kwaliteit", *GROUP_HEADINGS], "header")
    for municipality, groups in truth["named"].items():
        if municipality == LONG:
            continue
        for number, quality in enumerate(truth["qualities"]):
            marks = (pen.word("judgement", NAMED[groups[group][number]]) for group in truth["groups"])
            row = [pen.word("municipality", municipality), pen.word("quality", quality), *marks]
            sheet.add(row)
            if (municipality, number) == ("GM0356", 4):
                sheet.add(row, "duplicate")
    sheet.add([*["" for _ in GROUP_HEADINGS], "", "", "nog navragen"], "ragged")
    return sheet


def _long(truth: Mapping[str, Any], pen: Pen) -> Sheet:
    """Write a line per group and quality, with the answers in words."""
    pen = Pen(pen.chance, {**pen.words, "judgement": toml("words.toml")["judgement"]}, pen.dates, pen.noise)
    sheet = Sheet()
    sheet.add(["gemeente", "groep", "kwaliteit", "genoemd"], "header")
    for group, signs in truth["named"][LONG].items():
        for quality, sign in zip(truth["qualities"], signs, strict=True):
            sheet.add([
                pen.word("municipality", LONG), pen.word("perspective", group), pen.word("quality", quality),
                pen.word("judgement", NAMED[sign]),
            ])  # fmt: skip
    return sheet


# ---- indicators ----------------------------------------------------------------------------------------------------


def _indicators(truth: Mapping[str, Any], pen: Pen) -> Sheet:
    sheet = Sheet()
    sheet.add(["Gemeente", "Indicator", "Jaar", "Teller", "Noemer", "Definitie", "Vergelijkbaar"], "header")
    for it in _counted(truth):
        sheet.add([
            pen.word("municipality", it["municipality"]), pen.word("indicator", it["indicator"]), it["year"],
            _number(it["n_counted"], pen), _number(it["n_of"], pen), it["meaning"], pen.word("yes_no", it["comparable"]),
        ])  # fmt: skip
    sheet.add(
        ["", "eigen kracht en netwerk", 2013, "1.100", "4.000", "schatting voor de regio", "nee"], "missing_required"
    )
    known = sum(it["n_counted"] for it in _counted(truth) if it["n_counted"] != "unknown")
    sheet.add(["Totaal", "", "", _number(known, pen), "", "", ""], "total")
    sheet.add(["* Door de gemeenten zelf geteld; peildatum 15 mei 2014."], "footnote")
    return sheet


def _counted(truth: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Give what each municipality counted: per indicator and year, with the definition it used."""
    out = []
    for municipality, indicators in truth["counted"].items():
        for indicator, years in indicators.items():
            own = truth["unlike"].get(municipality, {}).get(indicator)
            same = {"meaning": own or truth["meaning"][indicator], "comparable": "no" if own else "yes"}
            for year, (n_counted, n_of) in years.items():
                out.append({"municipality": municipality, "indicator": indicator, "year": int(year),
                            "n_counted": n_counted, "n_of": n_of, **same})  # fmt: skip
    return out


def _number(n: int | str, pen: Pen) -> Cell:
    """Write a number with a point for the thousands, as the Dutch do, or why there is none."""
    return pen.missing(n) if isinstance(n, str) else f"{n:,}".replace(",", ".")


# ---- teams and themes ----------------------------------------------------------------------------------------------


def _teams(truth: Mapping[str, Any], pen: Pen) -> Page:
    sheet = Sheet()
    sheet.add(["Profielen van de teams in vier gemeenten"], "title")
    sheet.add(["Overgenomen uit gesprekken met teamleiders, voorjaar 2014"], "title")
    sheet.add([], "empty")
    sheet.add(
        ["Gemeente", "Team", "Soort team", "Opdracht en mandaat", "Samenstelling", "Werkgebied", "Gestart"], "header"
    )
    rows = [
        [
            it["team"],
            pen.word("team_type", it["team_type"]),
            it["mandate"],
            it["composition"],
            it["area"],
            pen.day(it["start"]),
        ]
        for it in truth["teams"]
    ]
    merged = [*workbook.title_areas(7, 2), *_under(sheet, [it["municipality"] for it in truth["teams"]], rows, pen)]
    sheet.add([], "empty")
    sheet.add(["* De namen van de teams zijn bedacht."], "footnote")
    return Page("Profielen", sheet, merged, widths={2: 24, 4: 50, 5: 50, 6: 30})


def _themes(truth: Mapping[str, Any], pen: Pen) -> Page:
    sheet = Sheet()
    sheet.add(["Vraagstukken en dilemma's"], "title")
    sheet.add(["Gemeente", "Soort", "Vraagstuk", "Ingebracht door", "Bevinding"], "header")
    rows: list[list[Cell]] = [
        [pen.word("theme_kind", it["kind"]), it["theme"].replace(" ", pen.chance.pick((" ", NBSP)), 1),
         pen.word("perspective", it["raised_by"]), it["finding"]]
        for it in truth["themes"]
    ]  # fmt: skip
    merged = _under(sheet, [it["municipality"] for it in truth["themes"]], rows, pen)
    return Page("Vraagstukken", sheet, [*workbook.title_areas(5, 1), *merged], widths={3: 40, 5: 70})


def _under(sheet: Sheet, municipalities: Sequence[str], rows: Sequence[Sequence[Cell]], pen: Pen) -> list[str]:
    """Put the rows under each other, the municipality only on its first one; give the cells to merge."""
    merged, left = [], iter(rows)
    for municipality, group in groupby(municipalities):
        start = len(sheet.lines) + 1
        for number, _ in enumerate(group):
            sheet.add([None if number else pen.word("municipality", municipality), *next(left)])
        if len(sheet.lines) > start:
            merged.append(f"A{start}:A{len(sheet.lines)}")
    return merged


# ---- the true answers ----------------------------------------------------------------------------------------------


def _answers(name: str, truth: Mapping[str, Any], files: Sequence[File]) -> dict[str, Any]:
    named = {
        municipality: {
            group: {q: NAMED[sign] for q, sign in zip(truth["qualities"], signs, strict=True)}
            for group, signs in groups.items()
        }
        for municipality, groups in truth["named"].items()
    }
    return {
        "format": plan.FORMAT, "source": name, "study": truth["card"]["study"],
        "teams": {
            it["team"]: {**{key: it[key] for key in ("team_type", "mandate", "composition", "area")},
                         "municipalities": [it["municipality"]], "start": it["start"].isoformat()}
            for it in truth["teams"]
        },
        "regions": {it["team"]: {"2014-06-01": ["utrecht_area"]} for it in truth["teams"]},
        "documents": [{"municipality": m, "perspective": "researcher", "document": OVERVIEW} for m in named if m != LONG],
        "qualities": named,
        "n_municipalities_by_quality": {
            group: plan.counts(q for groups in named.values() for q, said in groups[group].items() if said == "yes")
            for group in truth["groups"]
        },
        "indicators": [
            it | {"n_counted": None if it["n_counted"] == "unknown" else it["n_counted"]} for it in _counted(truth)
        ],
        "themes": [dict(it) | {"finding": it["finding"] or None} for it in truth["themes"]],
        "n_themes": {
            m: plan.counts(it["kind"] for it in truth["themes"] if it["municipality"] == m) for m in truth["named"]
        },
        "ledger": plan.ledger(files),
    }  # fmt: skip
