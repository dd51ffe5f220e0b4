"""Ask how cases go: through the meetings, to a first result, to closure."""

import numpy as np
import pandas as pd

from iww_analysis import vocabulary
from iww_analysis.analysis.finding import Finding, Whole, ask
from iww_analysis.analysis.question import Derive, Join, Question, Statistic, Where
from iww_analysis.analysis.questions.compare import MUNICIPALITY, comparable
from iww_analysis.analysis.study import Study

STAGES = ("introduction", "first_dialogue", "closing_dialogue")
EARLY_DAYS = 90  # the opening phase, as S2 uses the word
DURATION = "duration_class"
FOLLOWED = Where("case_label", "known")
HELD = Where("held", "in", ("yes",), reason="not_held")
JOINT = Where("kind", "in", ("joint_client_meeting",))
CASE = Derive("same", ("case_label",))
CASE_JOIN = Join(
    "cases", {"municipality": "municipality", "case_label": "case_label", "date_referral": "date_referral"}
)


def flow(study: Study) -> Finding:
    """F17: cases per stage of the three meetings that took place, and why a stage did not.

    A case counts at a stage once, when a meeting of that kind was held. Shares of `held` are of the cases with any of
    the three; shares of `dropped` are of the cases of which a meeting did not go ahead, with a reason.
    """
    meetings = study["meetings"]
    staged = set(meetings.loc[meetings["kind"].isin(STAGES), "source"])
    chosen = study.only(*(s for s in study.with_table("cases") if s in staged))
    stage = {"stage": Derive("same", ("kind",)), "reason": Derive("same", ("reason_not_held",))}
    kinds = Where("kind", "in", STAGES)
    questions = [
        Question("held", "meetings", "n_cases", ("municipality", "stage"), (MUNICIPALITY,), stage, (kinds, HELD),
                 levels={"stage": STAGES}),
        Question("dropped", "meetings", "n_cases", ("municipality", "stage", "reason"), (MUNICIPALITY,), stage,
                 (kinds, Where("held", "in", ("no",)), Where("reason_not_held", "known", reason="no_reason")),
                 levels={"stage": STAGES, "reason": vocabulary.read("dropout_reason").codes}),
    ]  # fmt: skip
    return ask("F17", questions, chosen.tables, synthetic=study.synthetic).with_shares()


def time_to_closure(study: Study) -> Finding:
    """F04: closed and still open cases per municipality and duration class, and the share still open at its end.

    Days from referral to closure; a case without a closure is censored at the extraction date of the delivery that
    last knew it; one that is closed without a date counts in neither. `share` is the Kaplan-Meier estimate over exact
    days, so open cases count as long as they were seen; it rests on `n_at_risk`, the cases still followed at the start
    of the class.
    """
    chosen, missing = comparable(study, "cases.date_closed")
    closed = (Where("date_closed", "known"),)
    still_open = (Where("date_closed", "absent"), Where("status", "not_in", ("closed",), reason="no_date"))
    questions = [_durations("closed", "date_closed", closed), _durations("open", "extraction_date", still_open)]
    finding = ask("F04", questions, chosen.tables, synthetic=study.synthetic, absent=missing)
    towns = chosen.columns("cases", "municipality")["municipality"].unique()
    if not len(towns):  # no source can be compared, so there is no curve either
        return finding
    days = ask(
        "F04",
        [_exact_days("closed", "date_closed", closed), _exact_days("open", "extraction_date", still_open)],
        chosen.tables,
    )
    extra = pd.concat([_curve(town, days) for town in towns], ignore_index=True)
    whole = Whole(("closed", "open"), ("municipality",))
    return finding.with_extra(extra.assign(part="closed"), {"share": "n_at_risk"}, whole).with_caveat("earlier_closed")


def _durations(name: str, until: str, which: tuple[Where, ...]) -> Question:
    return Question(
        name, "cases", "n_cases", ("municipality", "class"),
        derive={"days": Derive("days", ("date_referral", until)), "class": Derive("class", ("days", DURATION))}, where=which,
        levels={"class": vocabulary.read(DURATION).codes},
    )  # fmt: skip


def _exact_days(name: str, until: str, which: tuple[Where, ...]) -> Question:
    return Question(name, "cases", "n_cases", ("municipality", "days"),
                    derive={"days": Derive("days", ("date_referral", until))}, where=which)  # fmt: skip


def _curve(municipality: str, days: Finding) -> pd.DataFrame:
    """Share still open at the end of each duration class, and the cases at risk at its start."""
    closed, opened = (p.numbers[p.numbers["municipality"] == municipality] for p in days.parts)
    curve = survival(closed, opened)
    every = pd.concat([closed, opened])
    classes = vocabulary.read(DURATION).values
    return pd.DataFrame(
        {
            "municipality": municipality,
            "class": [value.code for value in classes],
            "n_at_risk": [int(every.loc[every["days"] >= v.extra["low"], "n_cases"].sum()) for v in classes],
            "share": [curve[curve.index <= v.extra["high"]].min() for v in classes],
        }
    ).fillna({"share": 1.0})


def survival(closed: pd.DataFrame, opened: pd.DataFrame) -> pd.Series:
    """Kaplan-Meier: days -> share still open. Both frames: days and n_cases.

    Product limit by scipy.stats.ecdf on right-censored data; a case censored on a day is at risk on that day.
    """
    from scipy import stats  # takes as long to import as all the rest together

    sample = stats.CensoredData(
        uncensored=np.repeat(closed["days"].to_numpy(dtype=float), closed["n_cases"].to_numpy(dtype=int)),
        right=np.repeat(opened["days"].to_numpy(dtype=float), opened["n_cases"].to_numpy(dtype=int)),
    )
    curve = stats.ecdf(sample).sf
    return pd.Series(curve.probabilities, index=curve.quantiles.astype(int))


def timelines(study: Study) -> Finding:
    """F06: per followed case its events, in days from referral: intake, plan, joint meetings, first result, closure."""
    chosen = study.only(*followed(study))
    events = [_event(name, column) for name, column in (("intake", "date_intake"), ("plan", "date_plan"),
                                                         ("first_result", "date_first_result"), ("closed", "date_closed"),
                                                         ("last_seen", "extraction_date"))]  # fmt: skip
    meetings = Question(
        "meetings", "meetings", "n_meetings", ("municipality", "case", "event", "days"), (CASE_JOIN,),
        {"case": CASE, "event": Derive("same", ("kind",)), "days": Derive("days", ("date_referral", "date"))},
        (FOLLOWED, HELD, Where("date", "known", reason="no_date")),
    )  # fmt: skip
    return ask("F06", [*events, meetings], chosen.tables, synthetic=study.synthetic).with_caveat("cases_selected")


def followed(study: Study) -> tuple[str, ...]:
    """The sources with cases that a study followed under an invented label."""
    labelled = study["cases"].loc[study["cases"]["case_label"].notna(), "source"]
    return tuple(s for s in study.sources if s in set(labelled))


def _event(name: str, column: str) -> Question:
    return Question(
        name, "cases", "n_cases", ("municipality", "case", "event", "days"),
        derive={"case": CASE, "event": Derive("given", (name,)), "days": Derive("days", ("date_referral", column))},
        where=(FOLLOWED, Where(column, "known", reason="no_date")),
    )  # fmt: skip


def early_meetings(study: Study) -> Finding:
    """F07: per followed case the days to the first joint client meeting, how many in the first 90 days, days to a result.

    A case without a result is censored: `days_seen` says until when it was followed. No fit is made: the cases were
    selected and are few.
    """
    chosen = study.only(*(s for s in followed(study) if s in study.with_table("meetings")))
    by = ("municipality", "case")
    days = {"case": CASE, "days": Derive("days", ("date_referral", "date"))}
    joint = (FOLLOWED, JOINT, HELD)
    questions = [
        Question("first_meeting", "meetings", "n_meetings", by, (CASE_JOIN,), days, joint,
                 {"days_to_meeting": Statistic("first", "days")}),
        Question("early", "meetings", "n_meetings", by, (CASE_JOIN,), days,
                 (*joint, Where("days", "at_least", (0,)), Where("days", "at_most", (EARLY_DAYS,), reason="after_opening_phase")),
                 {"n_early_meetings": Statistic("units")}),
        _per_case("result", "days_to_result", "date_first_result", Where("date_first_result", "known", reason="no_result_yet")),
        _per_case("seen", "days_seen", "extraction_date", Where("extraction_date", "known")),
    ]  # fmt: skip
    return (
        ask("F07", questions, chosen.tables, synthetic=study.synthetic)
        .with_caveat("cases_selected")
        .with_caveat("no_fit")
    )


def _per_case(name: str, number: str, until: str, which: Where) -> Question:
    return Question(
        name, "cases", "n_cases", ("municipality", "case"),
        derive={"case": CASE, "days": Derive("days", ("date_referral", until))},
        where=(FOLLOWED, which), numbers={number: Statistic("first", "days")},
    )  # fmt: skip


def parties_present(study: Study) -> Finding:
    """F08: joint client meetings held, per side of the table that was present; shares of the meetings with attendance."""
    chosen = study.only(*study.with_table("attendances", "cases"))
    held = Join("meetings", {"held": "held"}, on=("source", "meeting_id"))
    question = Question(
        "parties", "attendances", "n_meetings", ("municipality", "party"), (MUNICIPALITY, held),
        {"party": Derive("same", ("sector",))}, (JOINT, HELD, Where("municipality", "known", reason="case_not_found")),
        levels={"party": vocabulary.read("party_sector").codes},
    )  # fmt: skip
    return ask("F08", [question], chosen.tables, synthetic=study.synthetic).with_shares()
