"""Write down who five invented specialist teams are, who met whom, and what the parties said of working together."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from iww_analysis import vocabulary
from iww_synthetic import plan
from iww_synthetic.chance import Chance
from iww_synthetic.files import workbook
from iww_synthetic.files.mess import NBSP, Pen
from iww_synthetic.files.sheet import Sheet
from iww_synthetic.files.workbook import Page
from iww_synthetic.registers.writing import File
from iww_synthetic.settings import deliveries, toml, words

PRESENT = {"j": "yes", "d": "partly", "n": "no", ".": "not_discussed", "_": "empty"}
FIRST_TALK = dt.date(2020, 1, 13)
JUDGED = frozenset(vocabulary.read("factor").codes)
SEPARATORS = (", ", " / ", "; ")
LEVEL = "\\"  # between a code and the one above it
OVERVIEW = "Factorenoverzicht"
OVERVIEW_DAY = dt.date(2021, 5, 17)


@dataclass(frozen=True)
class Coding:
    """A coded piece of a conversation with one party about one team; `element` not_applicable: no factor."""

    team: str
    party: str
    day: dt.date
    element: str
    begin: int
    end: int
    quote: str
    cleared: str


def study(name: str, seed: int) -> tuple[Mapping[str, Any], Sequence[File], Mapping[str, Any]]:
    """Give the card, the files and the true answers."""
    truth = toml("specialist.toml")
    codings = tuple(_codings(truth, Chance(seed, f"truth {name}")))
    pen = Pen(Chance(seed, f"mess {name}"), words(name), {"text": 40, "month": 30, "cell": 30}, noise=0.06)
    [delivery] = deliveries(truth["card"])
    files = [
        File(delivery, "teams.xlsx", *_book(_teams(truth, pen))),
        File(delivery, "leersessies.xlsx", *_book(_sessions(truth, pen))),
        File(delivery, "factoren per team.csv", (factors := _factors(truth, pen)).csv(), {"": factors}),
        File(delivery, "gesprekken specialist dichterbij.xlsx", *_book(_talks(truth, codings, pen))),
    ]
    return truth["card"], files, _answers(name, truth, codings, files, pen)


def _loose(text: str, pen: Pen) -> str:
    """Write a text with a non-breaking or double space once in a while; capitals stay as they are."""
    return text.replace(" ", pen.chance.pick((" ", NBSP, "  ")), 1)


def _book(pages: Sequence[Page]) -> tuple[bytes, Mapping[str, Sheet]]:
    return workbook.write(pages), {page.name: page.sheet for page in pages if not page.hidden}


def _codings(truth: Mapping[str, Any], chance: Chance) -> Iterator[Coding]:
    """Give what was said, conversation by conversation. Chance decides days, places in the text and what is cleared."""
    for team in truth["teams"]:
        for party, factors in truth["voices"].items():
            said = [(element, quotes[team]) for element, quotes in factors.items() if team in quotes]
            said += [(x["element"], x["quote"]) for x in truth["again"] if (x["team"], x["party"]) == (team, party)]
            day, end = FIRST_TALK + dt.timedelta(chance.between(0, 400)), 0
            for element, quote in said:
                begin = end + chance.between(40, 900)
                end = begin + len(quote)
                yield Coding(team, party, day, element, begin, end, quote, "yes" if chance.yes(0.7) else "no")


# ---- teams.xlsx ----------------------------------------------------------------------------------------------------


def _teams(truth: Mapping[str, Any], pen: Pen) -> list[Page]:
    teams, roles = Sheet(), Sheet()
    teams.add(["De specialist dichterbij: vijf integrale specialistische teams"], "title")
    teams.add(["Ingevuld door de teams zelf"], "title")
    teams.add([], "empty")
    teams.add(["Team", "Soort team", "Werkt voor", "Opdracht en mandaat", "Samenstelling", "Gebied", "Gestart op",
               "Regio"], "header")  # fmt: skip
    for name, it in truth["teams"].items():
        row = [
            f"Team {name}", pen.word("team_type", "specialist_team"),
            pen.many("municipality", it["municipalities"], (*SEPARATORS, "\n")), _loose(it["mandate"], pen),
            it["composition"], it["area"], pen.day(it["start"]), pen.word("region", it["region"]["2021-06-15"][0]),
        ]  # fmt: skip
        teams.add(row)
        if name == "Veen":
            teams.add(row, "duplicate")
    teams.add([], "empty")
    teams.add(["* De namen van de teams zijn bedacht."], "footnote")
    roles.add(["Team", "Partij", "Rol", "Belang"], "header")
    roles.add(["Voorbeeld", "gemeente", "Opdrachtgever", "Passende hulp"], "excluded")
    merged = []
    for team, parties in truth["roles"].items():
        start = len(roles.lines) + 1
        for number, (party, (role, interest)) in enumerate(parties.items()):
            roles.add([None if number else f"Team {team}", pen.word("role_party", party), role,
                       interest or pen.missing("unknown")])  # fmt: skip
        merged.append(f"A{start}:A{len(roles.lines)}")
    return [
        Page("Teams", teams, workbook.title_areas(8, 2), widths={3: 34, 4: 50, 5: 50}),
        Page("Rollen", roles, merged, widths={3: 50, 4: 50}),
    ]


# ---- leersessies.xlsx ----------------------------------------------------------------------------------------------


def _sessions(truth: Mapping[str, Any], pen: Pen) -> list[Page]:
    sessions = Sheet()
    sessions.add(["Leersessies over teams en regio's heen"], "title")
    sessions.add(["Datum", "Leersessie", "Aanwezig", "Thema's", "Ingebracht door", "Wat eruit kwam"], "header")
    merged = workbook.title_areas(6, 1)
    for it in truth["sessions"]:
        start = len(sessions.lines) + 1
        for number, (themes, raised_by, finding) in enumerate(_lines(it, pen)):
            own = [pen.day(it["date"]), it["name"], pen.many("party", it["parties"], SEPARATORS)]
            sessions.add(
                [*([None] * 3 if number else own), themes, pen.word("perspective", raised_by), _loose(finding, pen)]
            )
        merged += [f"{c}{start}:{c}{len(sessions.lines)}" for c in "ABC" if len(sessions.lines) > start]
    discussions = _discussions(truth, pen)
    choices = Sheet()
    choices.add(["Partijen"], "header")
    for party in ("gemeente", "organisatie", "oudervertegenwoordiger", "jongere"):
        choices.add([party])
    return [
        Page("Leersessies", sessions, merged, widths={3: 40, 4: 40, 6: 70}),
        Page("Casuïstiekbesprekingen", discussions, widths={4: 50}),
        Page("Observaties", _observations(truth, pen), workbook.title_areas(5, 1), widths={4: 40}),
        Page("Keuzelijst", choices, hidden=True),
    ]


def _lines(session: Mapping[str, Any], pen: Pen) -> list[tuple[str, str, str]]:
    """Give the lines of a session: one per theme, or one with all themes in a cell."""
    if not session.get("together"):
        return [(theme, raised_by, finding) for theme, raised_by, finding in session["themes"]]
    themes = pen.chance.pick(("; ", "\n")).join(theme for theme, _, _ in session["themes"])
    return [(themes, session["themes"][0][1], session["themes"][0][2])]


def _discussions(truth: Mapping[str, Any], pen: Pen) -> Sheet:
    sheet = Sheet()
    sheet.add(["Bespreking", "Team", "Datum", "Partijen aan tafel", "Opmerking"], "header")
    for it in truth["discussions"]:
        sheet.add(
            [it["name"], f"Team {it['team']}", pen.day(it["date"]), pen.many("party", it["parties"], SEPARATORS), ""]
        )
    sheet.add(["", "", "", "ouder", "nog te plannen, team volgt"], "missing_required")
    return sheet


def _observations(truth: Mapping[str, Any], pen: Pen) -> Sheet:
    sheet = Sheet()
    sheet.add([truth["observation"]["form"] + ", schaal 1-5"], "title")
    sheet.add(["Bespreking", "Team", "Datum", "Item", "Score"], "header")
    for it in truth["discussions"]:
        for item, score in zip(truth["observation"]["items"], it["items"], strict=True):
            value = pen.missing("unknown") if score == "." else int(score)
            sheet.add([it["name"], f"Team {it['team']}", pen.day(it["date"]), item, value])
    return sheet


# ---- factoren per team.csv and the conversations -------------------------------------------------------------------


def _factors(truth: Mapping[str, Any], pen: Pen) -> Sheet:
    sheet = Sheet()
    sheet.add(["Werkzame factoren per team, oordeel van de onderzoekers"], "title")
    sheet.add(["Team", "Ingevuld op", *(truth["headings"][factor] for factor in truth["factors"])], "header")
    for name, it in truth["teams"].items():
        sheet.add([f"Team {name}", pen.day(OVERVIEW_DAY), *(pen.word("judgement", PRESENT[x]) for x in it["factors"])])
    sheet.add(["* i.o. = in ontwikkeling; een open vak is niet ingevuld"], "footnote")
    return sheet


def _talks(truth: Mapping[str, Any], codings: Sequence[Coding], pen: Pen) -> list[Page]:
    segments, codes = Sheet(), Sheet()
    segments.add(["Documentgroep", "Documentnaam", "Partij", "Soort", "Datum", "Code", "Begin", "Einde", "Gewicht",
                  "Segment", "Vrijgegeven"], "header")  # fmt: skip
    for it in codings:
        segments.add([
            f"Team {it.team}", _document(it, pen), pen.word("perspective", it.party),
            pen.word("document_kind", truth["kinds"][it.party]), pen.day(it.day), _path(it.element, pen), it.begin, it.end, 0,
            it.quote, pen.word("yes_no", it.cleared),
        ])  # fmt: skip
    codes.add(["Code", "Bovenliggende code", "Memo"], "header")
    for element, memo in truth["codebook"].items():
        path = _path(element, pen)
        codes.add([path, path.partition(LEVEL)[0], memo])
    return [
        Page("Coderingen", segments, widths={2: 26, 6: 44, 10: 80}),
        Page("Codes", codes, widths={1: 44, 3: 60}),
    ]


def _document(it: Coding, pen: Pen) -> str:
    """Name a conversation by team and party, in the party's own plain word; no person is named."""
    return f"{it.team} {pen.words['perspective'][it.party][0]}"


def _path(element: str, pen: Pen) -> str:
    """Give the code as the export writes it, always alike: the code with the one above it."""
    return pen.words["factor"][element][0]


# ---- the true answers ----------------------------------------------------------------------------------------------


def _answers(
    name: str, truth: Mapping[str, Any], codings: Sequence[Coding], files: Sequence[File], pen: Pen
) -> dict[str, Any]:
    judged = {
        f"Team {team}": {f: PRESENT[x] for f, x in zip(truth["factors"], it["factors"], strict=True)}
        for team, it in truth["teams"].items()
    }
    own = ("mandate", "composition", "area")
    return {
        "format": plan.FORMAT, "source": name, "study": truth["card"]["study"],
        "teams": {
            f"Team {team}": {"team_type": "specialist_team", **{key: it[key] for key in own}, "start": it["start"].isoformat(),
                             "municipalities": sorted(it["municipalities"])}
            for team, it in truth["teams"].items()
        },
        "regions": {f"Team {team}": it["region"] for team, it in truth["teams"].items()},
        "region_of_voorschoten": truth["voorschoten"],
        "roles": [
            {"team": f"Team {team}", "party": party, "role": role, "interest": interest or None}
            for team, parties in truth["roles"].items() for party, (role, interest) in parties.items()
        ],
        "sessions": {
            it["name"]: {
                "date": it["date"].isoformat(), "parties": sorted(it["parties"]),
                "themes": [dict(zip(("theme", "raised_by", "finding"), theme, strict=True)) for theme in it["themes"]],
            }
            for it in truth["sessions"]
        },
        "case_discussions": {
            it["name"]: {"team": f"Team {it['team']}", "date": it["date"].isoformat(), "parties": sorted(it["parties"])}
            for it in truth["discussions"]
        },
        "observations": [
            {"meeting": it["name"], "item": item, "value": None if score == "." else int(score)}
            for it in truth["discussions"]
            for item, score in zip(truth["observation"]["items"], it["items"], strict=True)
        ],
        "factors": judged,
        "n_teams_by_factor": {f: plan.counts(by[f] for by in judged.values()) for f in truth["factors"]},
        "documents": [
            *({"document": _document(it, pen), "team": f"Team {it.team}", "perspective": it.party,
               "date": it.day.isoformat(), "kind": truth["kinds"][it.party]}
              for it in {(it.team, it.party): it for it in codings}.values()),
            *({"document": OVERVIEW, "team": team, "perspective": "researcher", "date": OVERVIEW_DAY.isoformat(),
               "kind": "not_recorded"} for team in judged),
        ],
        "codes": {_path(element, pen): {"element": element, "meaning": memo} for element, memo in truth["codebook"].items()},
        "n_teams_heard": plan.counts(party for _, party in {(it.team, it.party) for it in codings}),
        "n_codings": plan.counts(it.party for it in codings),
        "raised": {
            party: plan.counts(e for e, _ in {(it.element, it.team) for it in codings if it.party == party} if e in JUDGED)
            for party in truth["voices"]
        },
        "quotes": {
            key: sum(it.cleared == said for it in codings) for key, said in (("cleared", "yes"), ("not_cleared", "no"))
        },
        "ledger": plan.ledger(files),
    }  # fmt: skip
