"""Say of raw rows, or of all rows of a case, in which marks they count, and of each figure why not."""

from collections.abc import Iterator

import pandas as pd

from iww_analysis.analysis.finding import Finding
from iww_analysis.analysis.question import PROVENANCE, Question, fates
from iww_analysis.analysis.study import Study
from iww_analysis.cleaning.rules import referral_days
from iww_analysis.figures import texts
from iww_analysis.figures.declaration import CATALOGUE, Entry, answered
from iww_analysis.messages.errors import IwwError, Lang, Place, fail
from iww_analysis.messages.numbers import listed
from iww_analysis.messages.sentences import say
from iww_analysis.tables import TABLES
from iww_analysis.tracing.cell_changes import FindSheet

COUNTED = ["figure", "part", "mark", "why", "column", "n"]  # `mark`: records count in it; else `why` (a reason) not
_FEW = 12  # marks of one question that are named


def places_of_row(study: Study, found: str) -> pd.DataFrame:
    """The places (PROVENANCE) that FILE:SHEET:ROW names: one for each delivery that has such a file."""
    name, _, row = found.rpartition(":")
    if not name or not row.isdigit():
        raise fail("row_key", found=found)
    sheets = study.accounts["sources"]
    sheets = sheets[sheets["read"]]
    names = sheets["file"] + sheets["sheet"].fillna("").map(lambda sheet: f":{sheet}" if sheet else "")
    at = sheets[(names == name) | (names == name.rstrip(":"))]
    if at.empty:
        raise fail("row_unknown", Place(name), known=", ".join(names.drop_duplicates()))
    return at[["source", "source_id"]].assign(source_row=int(row)).drop_duplicates().reset_index(drop=True)


def places_of_case(study: Study, find_sheet: FindSheet, number: str) -> pd.DataFrame:
    """The places of all records of a case, by its number in any form that its source takes for the same."""
    frames = list[pd.DataFrame]()
    read = study.accounts["sources"].query("read")[["source", "source_id"]].drop_duplicates()
    for source, source_id in read.itertuples(index=False, name=None):
        if sheet := find_sheet(str(source), str(source_id)):
            rows = sheet.known.rows_of_case(number, sheet.foldings)
            frames.append(pd.DataFrame({"source": source, "source_id": source_id, "source_row": rows}))
    at = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=PROVENANCE)
    if at.empty:
        raise fail("case_unknown", sources=", ".join(study.sources))
    keyed = [name for name, table in TABLES.items() if "case_id" in table]
    found = pd.concat([study[name].merge(at, on=PROVENANCE)[["source", "case_id"]] for name in keyed])
    ids = found.dropna().drop_duplicates()
    of_case = [study[name].merge(ids, on=["source", "case_id"])[PROVENANCE] for name in keyed]
    return pd.concat([at, *of_case], ignore_index=True).drop_duplicates().reset_index(drop=True)


def records_at(study: Study, places: pd.DataFrame) -> pd.DataFrame:
    """Which records the rows made: place, table, n."""
    counts = [
        study[name].merge(places, on=PROVENANCE).groupby(PROVENANCE).size().reset_index(name="n").assign(table=name)
        for name in TABLES
    ]
    return pd.concat(counts, ignore_index=True)


def counted_in(study: Study, places: pd.DataFrame, figure: str = "") -> pd.DataFrame:
    """Follow the records of these rows through every question of every figure that can be drawn (columns: COUNTED)."""
    entries = [entry for entry in CATALOGUE.values() if figure in ("", entry.id)]
    lines = [line for entry in entries for line in _of_figure(study, entry, places)]
    return pd.DataFrame(lines, columns=COUNTED)


def _of_figure(study: Study, entry: Entry, places: pd.DataFrame) -> Iterator[tuple[object, ...]]:
    try:
        finding = answered(entry, study)
    except IwwError:
        finding = None
    if finding is None:
        yield (entry.id, "", "", "not_drawable", "", 0)
        return
    here = study.only(*finding.sources)
    absent = {source: finding.absent[source] for source in set(places["source"]) & set(finding.absent)}
    yield from ((entry.id, "", "", why, "source", 0) for why in absent.values())
    lines = [line for part in finding.parts for line in _of_question(here, finding, part.question, places)]
    yield from ((entry.id, *line) for line in lines)
    if not lines and not absent:
        yield (entry.id, "", "", "no_record", "", 0)


def _of_question(
    study: Study, finding: Finding, question: Question, places: pd.DataFrame
) -> Iterator[tuple[object, ...]]:
    drawn = set(finding.part(question.name).numbers[[*question.by]].astype("str").itertuples(index=False, name=None))
    for condition, records in fates(question, study.tables, places):
        if condition and len(records):
            yield (question.name, "", condition.reason, condition.column, len(records))
        elif len(records):
            for keys, of_mark in records.groupby([*question.by], sort=True):
                mark = ", ".join(f"{key}={value}" for key, value in zip(question.by, keys, strict=True))
                is_drawn = tuple(map(str, keys)) in drawn
                yield (question.name, mark, "" if is_drawn else "not_asked", "", len(of_mark))


def row_lines(study: Study, places: pd.DataFrame, counted: pd.DataFrame, lang: Lang) -> Iterator[str]:
    """Write it for a terminal: what the rows made, then each figure with its marks or why not."""
    records = records_at(study, places)
    for place in places.to_dict("records"):
        here = records[(records[PROVENANCE] == pd.Series(place)).all(axis=1)]
        counted_there = here[["table", "n"]].itertuples(index=False, name=None)
        made = [f"{n} {TABLES[table].nl if lang == 'nl' else table}" for table, n in counted_there]
        where = f"{place['source']} · {place['source_id']} · " + say("traced_row", lang, row=int(place["source_row"]))
        yield say("traced_place", lang, place=where, records=listed(made, lang) or _no_record(study, place, lang))
    yield from _days_elsewhere(study, places, lang)
    yield ""
    for (figure, part), of_part in counted[counted["part"] != ""].groupby(["figure", "part"], sort=False):
        marks = list(of_part.loc[(of_part["mark"] != "") & (of_part["why"] == ""), "mark"])
        named = "; ".join(marks[:_FEW]) + (f"; … (+{len(marks) - _FEW})" if len(marks) > _FEW else "")
        reasons = [
            _why(why, column, lang) for why, column in of_part.loc[of_part["why"] != "", ["why", "column"]].to_numpy()
        ]
        why = listed([*dict.fromkeys(reasons)], lang)
        if not marks:
            yield say("traced_out", lang, figure=figure, part=part, why=why)
        elif reasons:
            yield say("traced_partly", lang, figure=figure, part=part, marks=named, why=why)
        else:
            yield say("traced_in", lang, figure=figure, part=part, marks=named)
    absent = counted[(counted["part"] == "") & (counted["column"] == "source")]
    for figure, why in absent[["figure", "why"]].drop_duplicates().itertuples(index=False, name=None):
        yield say("traced_absent", lang, figure=figure, why=texts.absent(why, lang))
    for code in ("no_record", "not_drawable"):
        if figures := ", ".join(counted.loc[counted["why"] == code, "figure"]):
            yield say("traced_other_tables" if code == "no_record" else "traced_not_drawn", lang, figures=figures)


def _days_elsewhere(study: Study, places: pd.DataFrame, lang: Lang) -> Iterator[str]:
    """Which of these rows is of a case of which another row tells the day of referral, or tells that of another."""
    if referral_days.FOUND not in set(study.set_aside["rule"]):
        return
    behind = referral_days.behind(referral_days.with_found_day(study["cases"], study.set_aside), study["referrals"])
    rows = set(places[PROVENANCE].itertuples(index=False, name=None))
    for *case, referral, row in (
        behind[[*PROVENANCE, "source_id_of_referral", "source_row_of_referral"]].to_numpy().tolist()
    ):
        if {tuple(case), (case[0], referral, row)} & rows:
            names = (f"{source_id} · " + say("traced_row", lang, row=n) for source_id, n in (case[1:], (referral, row)))
            yield say("traced_day", lang, **dict(zip(("case", "referral"), names, strict=True)))


def _why(reason: str, column: str, lang: Lang) -> str:
    return (
        texts.left_out(reason, lang) if reason != "not_asked" else say("traced_not_asked", lang, column=column or "–")
    )


def _no_record(study: Study, place: dict[object, object], lang: Lang) -> str:
    """Why a row made no record, as far as the account of problems says it."""
    problems = study.set_aside
    at = (problems["source_id"] == place["source_id"]) & (problems["source_row"] == place["source_row"])
    rules = ", ".join(problems.loc[at, "rule"].drop_duplicates()) or "–"
    return say("traced_no_record", lang, why=say("traced_not_kept", lang, rules=rules))
