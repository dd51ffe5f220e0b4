"""Lay beside each other what is known of a case: voices, registration, meetings, actions and outcomes."""

from dataclasses import replace

import pandas as pd

from iww_analysis import vocabulary
from iww_analysis.analysis.pathways import CASE_JOIN, HELD, JOINT, followed
from iww_analysis.analysis.sessions import asked
from iww_analysis.schema.clean import is_missing
from iww_analysis.schema.finding import Finding, ask
from iww_analysis.schema.question import Derive, Join, Question, Statistic, Where, rows
from iww_analysis.study import Study

VOICES = vocabulary.read("perspective").codes
THERE = ("yes", "partly")
CASE = {"case": Derive("same", ("case_id",))}
LABELLED = {"case": Derive("same", ("case_label",))}


def joint_display(study: Study) -> Finding:
    """T02: per case and theme a cleared quote of each voice, beside what the register holds of the case.

    `quote` is the first cleared one in alphabetical order, of `n_cleared`; `n_fragments` counts those that were not
    cleared too. A voice without a fragment was interviewed or not: see `interviews`. Where registers follow some of the
    cases, only those are shown; the others are left out with that reason.
    """
    told = _labels(study["segments"])
    labels = tuple(label for label in told if label in set(study["cases"]["case_label"])) or told
    questions = [
        Question("quotes", "segments", "n_fragments", ("case", "element", "perspective"), derive=CASE,
                 where=(Where("case_id", "known", reason="about_no_case"), Where("element", "known", reason="no_element"),
                        Where("case_id", "in", labels, reason="no_registration")),
                 numbers={"n_fragments": Statistic("units"), "n_cleared": Statistic("known", "quote"),
                          "quote": Statistic("first", "quote")}),
        Question("interviews", "documents", "n_documents", ("case", "perspective"), derive=CASE,
                 where=(Where("case_id", "in", labels),)),
        *_registration(study, labels),
    ]  # fmt: skip
    return asked("T02", questions if labels else questions[:1], study).with_caveat("cases_selected")


def vignettes(study: Study) -> Finding:
    """T09: per case of which the work process is described: its meetings, context, actions, outcomes and registration."""
    themes = study["themes"]
    process = themes[themes["kind"].eq("work_process")]
    labels = _labels(process)
    mine = Where("case_id", "in", labels)
    questions = [
        Question("context", "themes", "n_themes", ("case", "theme"), derive=CASE,
                 where=(Where("kind", "in", ("work_process",)), Where("case_id", "known")),
                 numbers={"n_themes": Statistic("units"), "finding": Statistic("first", "finding")}),
        Question("meetings", "meetings", "n_meetings", ("case", "stage", "held"), where=(mine,),
                 derive={**CASE, "stage": Derive("same", ("kind",)), "day": Derive("day", ("date",))},
                 numbers={"n_meetings": Statistic("units"), "day": Statistic("first", "day"),
                          "reason": Statistic("first", "reason_not_held")}),
        Question("actions", "actions", "n_actions", ("case", "action", "status"), derive=CASE,
                 where=(mine, Where("action", "known", reason="not_said_what")),
                 numbers={"n_actions": Statistic("units"), "actor": Statistic("first", "actor")}),
        Question("outcomes", "outcomes", "n_outcomes", ("case", "outcome", "direction", "according_to"), derive=CASE,
                 where=(mine,)),
        *_registration(study, labels),
    ]  # fmt: skip
    return asked("T09", questions if labels else questions[:1], study).with_caveat("cases_selected")


def _labels(frame: pd.DataFrame) -> tuple[str, ...]:
    """The invented labels of the cases that a table is about."""
    return tuple(sorted(frame.loc[~is_missing(frame["case_id"]), "case_id"].unique()))


def _registration(study: Study, labels: tuple[str, ...]) -> list[Question]:
    """What registers hold of the cases with these labels: one line per case, and its joint meetings."""
    if not followed(study):
        return []
    mine = Where("case_label", "in", labels)
    days = {"days": Derive("days", ("date_referral", "date"))}
    results = {"days_to_result": Derive("days", ("date_referral", "date_first_result"))}
    return [
        Question("registration", "cases", "n_cases", ("case",), derive={**LABELLED, **results}, where=(mine,),
                 numbers={"n_cases": Statistic("units"), "door": Statistic("first", "door"),
                          "case_status": Statistic("first", "status"), "days_to_result": Statistic("first", "days_to_result")},
                 case_study=True),
        Question("joint", "meetings", "n_meetings", ("case",), (CASE_JOIN,), {**LABELLED, **days},
                 (mine, JOINT, HELD, Where("days", "known", reason="no_date")),
                 {"n_meetings": Statistic("units"), "days_to_meeting": Statistic("first", "days")}, case_study=True),
    ]  # fmt: skip


def elements_by_case(study: Study) -> Finding:
    """T03: per case and working element what each voice says; cases in order of the elements that both say were there.

    `both` holds the pairs that client and professional call present (wholly or partly); its totals order the cases.
    """
    known, about = Where("case_id", "known"), Where("element", "in", vocabulary.read("working_element").codes)
    second = Join("judgements", {"perspective_2": "perspective", "present_2": "present", "holder_2": "holder"},
                  on=("source", "case_id", "element"), many=True)  # fmt: skip
    questions = [
        Question("judgements", "judgements", "n_judgements", ("case", "element", "perspective"), derive=CASE,
                 where=(known, about, Where("holder", "not_in", VOICES, reason="of_one_party")),
                 numbers={"present": Statistic("first", "present")}),
        Question("both", "judgements", "n_judgements", ("case", "element"), (second,), CASE, (
            known, about, Where("holder", "not_in", VOICES), Where("holder_2", "not_in", VOICES),
            Where("perspective", "in", ("client",)), Where("perspective_2", "in", ("professional",)),
            Where("present", "in", THERE), Where("present_2", "in", THERE),
        )),
    ]  # fmt: skip
    told = rows(replace(questions[0], where=(known, about)), study.tables)["source"].unique()
    finding = ask("T03", questions, study.only(*told).tables, synthetic=study.synthetic)
    return finding.with_extra(_by_agreement(finding)).with_caveat("cases_selected")


def _by_agreement(finding: Finding) -> pd.DataFrame:
    """Give each case its place: most elements on which both voices agree that they were there first, then by label."""
    agreed = finding.part("both").totals.set_index("case")["n_judgements"]
    cases = finding.part("judgements").numbers[["case"]].drop_duplicates()
    ordered = cases.assign(n=cases["case"].map(agreed).fillna(0)).sort_values(["n", "case"], ascending=[False, True])
    return pd.DataFrame({"case": ordered["case"].astype("str"), "place": range(1, len(ordered) + 1)})


def outcomes_by_level(study: Study) -> Finding:
    """T07: per level and outcome who finds it relevant, which way it went, and who says so."""
    for_whom = Where("relevant_for", "in", VOICES, reason="not_said_for_whom")
    questions = [
        Question("relevant", "outcomes", "n_outcomes", ("level", "outcome", "relevant_for", "direction"), where=(for_whom,)),
        Question("told", "outcomes", "n_outcomes", ("level", "outcome", "according_to"),
                 where=(for_whom, Where("according_to", "in", VOICES, reason="not_said_by_whom"))),
    ]  # fmt: skip
    return asked("T07", questions, study).with_caveat("named_by_stakeholders")
