"""Lay beside each other what is known of a case: voices, registration, meetings, actions and outcomes."""

from dataclasses import replace

import pandas as pd

from iww_analysis.analysis import terms
from iww_analysis.analysis.finding import Finding, Whole, ask
from iww_analysis.analysis.question import Derive, Join, Question, Statistic, Where, rows
from iww_analysis.analysis.study import Study
from iww_analysis.analysis.terms import CASE_KNOWN, OF_ELEMENTS, PARTIES, THERE, count, days, first, same
from iww_analysis.tables.cells.missing import is_missing

CASE, LABELLED = same(case="case_id"), same(case="case_label")
NOT_OF_ONE_PARTY = Where("holder", "not_in", PARTIES)


def joint_display(study: Study) -> Finding:
    """T02: per case and theme a cleared quote of each voice, beside what the register holds of the case.

    `quote` is the first cleared one in alphabetical order, of `n_cleared`; `n_fragments` counts those that were not
    cleared too. A voice without a fragment was interviewed or not: see `interviews`. Where registers follow some of the
    cases, only those are shown; the others are left out with that reason.
    """
    interviewed = _cases_of(study["segments"])
    registered = _registered(study, interviewed)
    labels = _labels(registered if len(registered) else interviewed)
    shown = Where("case_id", "in", labels, reason="no_registration")
    questions = [
        Question("quotes", "segments", "n_fragments", ("case", "element", "perspective"), derive=CASE,
                 where=(Where("case_id", "known", reason="about_no_case"), Where("element", "known", reason="no_element"),
                        shown),
                 numbers={**count("n_fragments"), "n_cleared": Statistic("known", "quote"), **first("quote")}),
        Question("interviews", "documents", "n_documents", ("case", "perspective"), derive=CASE,
                 where=(Where("case_id", "in", labels),)),
        *_registration(registered),
    ]  # fmt: skip
    chosen = study.only(*interviewed["source"], *registered["register"])
    finding = ask("T02", questions if labels else questions[:1], chosen.tables, synthetic=study.synthetic)
    return finding.with_caveat("cases_selected")


def vignettes(study: Study) -> Finding:
    """T09: per case of which the work process is described: its meetings, context, actions, outcomes and registration.

    Of the day of a meeting only the month is told: a case could be recognised by its days.
    """
    described = _cases_of(study["themes"][study["themes"]["kind"].eq("work_process")])
    labels = _labels(described)
    mine = Where("case_id", "in", labels)
    questions = [
        Question("context", "themes", "n_themes", ("case", "theme"), derive=CASE,
                 where=(Where("kind", "in", ("work_process",)), CASE_KNOWN), numbers=count("n_themes", "finding")),
        Question("meetings", "meetings", "n_meetings", ("case", "stage", "held"), where=(mine,),
                 derive={**CASE, **same(stage="kind"), "month": Derive("month", ("date",))},
                 numbers=count("n_meetings", "month", reason="reason_not_held")),
        Question("actions", "actions", "n_actions", ("case", "action", "status"), derive=CASE,
                 where=(mine, Where("action", "known", reason="not_said_what")),
                 numbers=count("n_actions", "actor")),
        Question("outcomes", "outcomes", "n_outcomes", ("case", "outcome", "direction", "according_to"), derive=CASE,
                 where=(mine,)),
        *_registration(_registered(study, described)),
    ]  # fmt: skip
    finding = study.ask("T09", *(questions if labels else questions[:1]))
    return finding.with_caveat("cases_selected").with_caveat("own_words")


def _cases_of(frame: pd.DataFrame) -> pd.DataFrame:
    """The cases that a table is about, by their invented label: source and case_id."""
    return frame.loc[~is_missing(frame["case_id"]), ["source", "case_id"]].drop_duplicates()


def _labels(cases: pd.DataFrame) -> tuple[str, ...]:
    return tuple(sorted(cases["case_id"].unique()))


def _registered(study: Study, cases: pd.DataFrame) -> pd.DataFrame:
    """Those of these cases that a register of the same study follows under the same label: source, case_id, register."""
    of = {source: origin.study for source, origin in study.origins.items()}
    labelled = study["cases"].loc[study["cases"]["case_label"].notna(), ["source", "case_label"]]
    ours = cases.assign(study=cases["source"].map(of))
    theirs = labelled.assign(study=labelled["source"].map(of)).set_axis(["register", "case_id", "study"], axis=1)
    return ours.merge(theirs, on=["study", "case_id"]).drop(columns="study")


def _registration(registered: pd.DataFrame) -> list[Question]:
    """What registers hold of these cases: one line per case, and its joint meetings."""
    if registered.empty:
        return []
    mine = Where("case_label", "in", _labels(registered))
    there = Where("source", "in", tuple(sorted(registered["register"].unique())))
    return [
        Question("registration", "cases", "n_cases", ("case",), case_study=True, where=(mine, there),
                 derive={**LABELLED, **days("days_to_result", "date_first_result")},
                 numbers={**count("n_cases", "door", case_status="status"), **first("days_to_result")}),
        Question("joint", "meetings", "n_meetings", ("case",), (terms.CASE_JOIN,), {**LABELLED, **days("days", "date")},
                 (mine, there, terms.JOINT, terms.HELD, Where("days", "known", reason="no_date")),
                 count("n_meetings", days_to_meeting="days"), case_study=True),
    ]  # fmt: skip


def elements_by_case(study: Study) -> Finding:
    """T03: per case and working element what each voice says; cases in order of the elements that both say were there.

    `both` holds the pairs that client and professional call present (wholly or partly); its totals order the cases.
    """
    second = Join("judgements", {"perspective_2": "perspective", "present_2": "present", "holder_2": "holder"},
                  on=("source", "case_id", "element"), many=True)  # fmt: skip
    questions = [
        Question("judgements", "judgements", "n_judgements", ("case", "element", "perspective"), derive=CASE,
                 where=(CASE_KNOWN, OF_ELEMENTS, replace(NOT_OF_ONE_PARTY, reason="of_one_party")), numbers=first("present")),
        Question("both", "judgements", "n_judgements", ("case", "element"), (second,), CASE, (
            CASE_KNOWN, OF_ELEMENTS, NOT_OF_ONE_PARTY, replace(NOT_OF_ONE_PARTY, column="holder_2"),
            Where("perspective", "in", ("client",)), Where("perspective_2", "in", ("professional",)),
            Where("present", "in", THERE), Where("present_2", "in", THERE),
        )),
    ]  # fmt: skip
    sources = rows(replace(questions[0], where=(CASE_KNOWN, OF_ELEMENTS)), study.tables)["source"].unique()
    finding = ask("T03", questions, study.only(*sources).tables, synthetic=study.synthetic)
    agreed = finding.part("both").totals.set_index("case")["n_judgements"]
    cases = finding.part("judgements").numbers[["case"]].drop_duplicates()
    ordered = cases.assign(n=cases["case"].map(agreed).fillna(0)).sort_values(["n", "case"], ascending=[False, True])
    places = pd.DataFrame({"case": ordered["case"].astype("str"), "place": range(1, len(ordered) + 1)})
    return finding.with_extra(places, wholes=Whole(("both",), ("case",))).with_caveat("cases_selected")


def outcomes_by_level(study: Study) -> Finding:
    """T07: per level and outcome who finds it relevant, which way it went, and who says so."""
    for_whom = Where("relevant_for", "in", PARTIES, reason="not_said_for_whom")
    questions = [
        Question("relevant", "outcomes", "n_outcomes", ("level", "outcome", "relevant_for", "direction"), where=(for_whom,)),
        Question("told", "outcomes", "n_outcomes", ("level", "outcome", "according_to"),
                 where=(for_whom, Where("according_to", "in", PARTIES, reason="not_said_by_whom"))),
    ]  # fmt: skip
    return study.ask("T07", *questions).with_caveat("named_by_stakeholders").with_caveat("own_words")
