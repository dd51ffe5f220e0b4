"""A study made by hand that holds something for every figure, and its figures, each drawn once."""

import datetime as dt
from functools import cache

import pandas as pd

from iww_analysis.analysis.answer import HeldTables
from iww_analysis.analysis.study import ACCOUNTS, Study
from iww_analysis.crosswalk.origin import Origin
from iww_analysis.tables import TABLES
from iww_analysis.tables.contract import empty
from shared.frames import typed
from shared.shown import with_shown

Frame = list[dict[str, object]]


def origin(source: str, *towns: str, synthetic: bool = True) -> Origin:
    """A card with the least that a figure says of it."""
    return Origin(
        source, towns, "saz", "", "", dt.date(2021, 1, 15), "", (dt.date(2019, 1, 1), dt.date(2021, 12, 31)),
        dt.date(2021, 12, 31), {"nl": f"Een huishouden in {source}.", "en": f"A household in {source}."},
        {"nl": "Alle.", "en": "All."}, "register", synthetic, {},
    )  # fmt: skip


def of(table: str, lines: Frame) -> pd.DataFrame:
    """A processed table of dictionaries; what is not said is missing."""
    return typed(TABLES[table], pd.DataFrame(lines).fillna("").astype("str"))


def cases(source: str, town: str, n: int, reasons: list[str]) -> Frame:
    """Cases that were closed with these reasons in turn; every fifth is still open, the first three are followed."""
    start = pd.Timestamp("2019-01-07")
    out: Frame = []
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


def meetings(every: Frame) -> Frame:
    """Three dialogues and a joint meeting per case; the closing dialogue of every third was not held."""
    out: Frame = []
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


def told() -> dict[str, Frame]:
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


def measured(every: Frame) -> dict[str, Frame]:
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


def rows(columns: str, *rows: str, **constant: object) -> Frame:
    """Rows written with bars between the cells."""
    names = columns.split("|")
    return [constant | dict(zip(names, row.split("|"), strict=True)) for row in rows]


# What the tables of text are asked of: one register, one set of interviews, teams, a municipality's themes.
TEXTS: dict[str, Frame] = {
    "cases": rows(
        "case_id|case_label|date_referral|date_first_result|door|status|municipality",
        "p1|N1|2020-01-01|2020-03-01|workcompany|closed|GM0268",
        "p2||2020-01-01||social_team|open|GM0268",
        source="register", extraction_date="2020-12-31",
    ),
    "meetings": [
        *rows("case_id|kind|date|held", "p1|joint_client_meeting|2020-01-22|yes", "p1|joint_client_meeting|2020-01-15|yes",
               "p1|joint_client_meeting|2020-01-08|no", "p2|joint_client_meeting|2020-01-05|yes", source="register"),
        *rows("case_id|kind|date|held|reason_not_held", "N1|introduction|2020-02-01|yes|", "N1|closing_dialogue||no|moved",
               source="talks"),
        *rows("session|kind|date|held", "Tweede sessie|learning_session|2021-03-02|yes",
               "Eerste sessie|learning_session|2021-01-12|yes", source="teams"),
    ],
    "segments": [
        *rows("case_id|element|perspective|quote|cleared", "N1|x01_heard|client|Er werd geluisterd.|yes",
               "N1|x01_heard|client||no", "N1|x01_heard|professional||no", "N2|w03_trust|client|Ik kende haar.|yes",
               "|w03_trust|client||no", source="talks"),
    ],
    "documents": rows("case_id|perspective|document", "N1|client|a", "N1|professional|b", "N2|client|c", source="talks"),
    "judgements": rows(
        "case_id|element|perspective|present|holder",
        "N1|w01_one_plan|client|yes|", "N1|w01_one_plan|professional|no|",
        "N2|w01_one_plan|client|yes|", "N2|w01_one_plan|professional|partly|",
        "N2|w03_trust|client|not_discussed|", "N2|w03_trust|professional|yes|",
        "N1|w07_joint_client_meeting|client|yes|relative", "N1|b01_shame|client|yes|",
        source="talks",
    ),
    "learning_needs": rows(
        "team|need|priority|finding|element", "Team Noord|Eerder samen aan tafel|2|Vroeg overleg helpt|w07_joint_client_meeting",
        "Team Noord|Luisteren|1|Cliënten voelen zich gehoord|", "Team Noord|Luisteren|1|Tijd is krap|b04_time",
        "Team Noord|Rapporteren|3||", source="teams",
    ),
    "roles": rows("team|party|role|interest", "Team A|professional|doet het werk|vakmanschap",
                   "Team A|municipality|betaalt|beheersbare kosten", "Team B|municipality|bestuurt|", source="teams"),
    "teams": rows("team|municipality|team_type|mandate|composition|area|start",
                   "Wijkteam West|GM0344|neighbourhood_team|mag zelf toekennen|vier beroepen|West|2015-01-01",
                   "Team A||specialist_team|advies|drie beroepen|de regio|", source="teams"),
    "team_municipalities": rows("team|municipality", "Team A|GM0626", "Wijkteam West|GM0344", source="teams"),
    "attendances": rows("meeting_id|kind|party|sector", "Eerste sessie|learning_session|parent_representative|client",
                         "Eerste sessie|learning_session|practice_organisation|care_welfare", source="teams"),
    "themes": [
        *rows("session|kind|theme|finding", "Eerste sessie|learning_theme|Gedeelde visie|Begin met het gezin",
               "Tweede sessie|learning_theme|Belangen op tafel|", source="teams"),
        *rows("municipality|kind|theme|finding", "GM0344|steering_issue|Wie betaalt|Twee potten",
               "GM0344|informal_network|Buurthuis|Wekelijks spreekuur", "|steering_issue|Ergens|", source="teams"),
        *rows("case_id|kind|theme|finding", "N1|work_process|Aan huis|Alle gesprekken waren thuis", source="talks"),
    ],
    "actions": rows("case_id|action_id|action|actor|status", "N1|1|Brief schrijven|client|done", "N1|2||client|done",
                     "p1|3|Bellen|client|done", source="talks"),
    "outcomes": [
        *rows("case_id|level|outcome|direction|according_to|relevant_for", "N1|case|Rust thuis|better|client|",
               source="talks"),
        *rows("municipality|level|outcome|direction|according_to|relevant_for",
               "GM0243|team|Korte lijnen|better|professional|professional",
               "GM0230|team|Korte lijnen|better|professional|professional",
               "GM0243|team|Korte lijnen|same|client|client",
               "GM0243|municipality|Minder kosten|worse||municipality", source="talks"),
    ],
    "observations": rows(
        "meeting|date|item|value|scale_low|scale_high|observer",
        "Overleg B|2020-05-01|Iedereen komt aan het woord|4|1|5|1", "Overleg B|2020-05-01|Iedereen komt aan het woord|3|1|5|2",
        "Overleg B|2020-05-01|Afspraken zijn herhaald||1|5|1", "Overleg A|2020-02-01|Afspraken zijn herhaald|2|1|5|",
        source="talks",
    ),
}  # fmt: skip


@cache
def by_hand(n: int = 120, moved: int = 3, synthetic: bool = True) -> Study:
    """Registers, interviews and teams: something for every figure. `moved`: how many cases closed because of a move."""
    reasons = ["according_to_plan", "referred_on", "according_to_plan", "unknown", "administrative"]
    east, west = cases("oost", "GM0268", n, reasons), cases("west", "GM0209", 60, reasons)
    for case in [c for c in east if c["status"] == "closed"][5 : 5 + moved]:
        case["closure_reason"] = "moved"
    both = east + west
    met = meetings(both)
    frames: dict[str, Frame] = {
        "cases": both,
        "meetings": met,
        "attendances": [
            {name: m[name] for name in ("source", "case_id", "meeting_id", "kind")} | {"party": p, "sector": s}
            for i, m in enumerate(met) for p, s in (("client", "client"), ("gp", "care_welfare"))[: 1 + i % 2]
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
    for name, more in (*told().items(), *measured(both).items(), *TEXTS.items()):
        frames[name] = [*frames.get(name, []), *more]
    frames["meetings"] = [
        {"meeting_id": m.get("session") or f"{m['case_id']}/{m['date']}"} | m for m in frames["meetings"]
    ]
    tables = {name: of(name, frames[name]) if name in frames else empty(table) for name, table in TABLES.items()}
    origins = {
        "oost": origin("oost", "GM0268", synthetic=synthetic),
        "register": origin("register", "GM0268", synthetic=synthetic),
        "talks": origin("talks", synthetic=synthetic),
        "team": origin("team", synthetic=synthetic),
        "teams": origin("teams", synthetic=synthetic),
        "west": origin("west", "GM0209", synthetic=synthetic),
    }
    recorded = {source: held(frames, source) for source in origins}
    accounts = {name: pd.DataFrame({"source": []}) for name in ACCOUNTS}
    return with_shown(Study(HeldTables(tables), origins, recorded, {}, accounts))


def held(frames: dict[str, Frame], source: str) -> frozenset[tuple[str, str]]:
    """The columns of a source's forms: those in which it says anything."""
    return frozenset(
        (name, column) for name, rows in frames.items() for row in rows if row["source"] == source for column in row
    )
