"""Ask how cases go: through the meetings, to a first result, to closure."""

from dataclasses import replace

import numpy as np
import pandas as pd

from iww_analysis import vocabulary
from iww_analysis.analysis.declared import condition, questions
from iww_analysis.analysis.finding import Finding, Whole, ask
from iww_analysis.analysis.questions.compare import comparable
from iww_analysis.analysis.study import Study


def flow(study: Study) -> Finding:
    """F17: cases per stage of the three meetings that took place, and why a stage did not.

    A case counts at a stage once, when a meeting of that kind was held. Shares of `held` are of the cases with any of
    the three; shares of `dropped` are of the cases of which a meeting did not go ahead, with a reason. `waiting`: cases of
    which the next meeting was neither held nor called off, those that are under way apart from those that were closed.
    """
    meetings = study["meetings"]
    staged = set(meetings.loc[meetings["kind"].isin(condition("stages").values), "source"])
    chosen = study.only(*(s for s in study.with_table("cases") if s in staged))
    return ask("F17", questions("F17"), chosen.tables, synthetic=study.synthetic).with_shares()


def time_to_closure(study: Study) -> Finding:
    """F04: closed and still open cases per municipality and duration class, and the share still open at its end.

    Days from referral to closure; an open case is censored at the extraction date of the delivery that last knew it; one
    that is closed on an unknown day counts in neither, and is open for nobody. One of which the month is known counts in
    `closed_month` when the whole month falls in one class. `share` is the Kaplan-Meier estimate over days (of a month its
    last), so open cases count as long as they were seen; it rests on `n_at_risk`, the cases still followed at the start of
    the class.
    """
    chosen, missing = comparable(study, "cases.date_closed")
    by_class = questions("F04")
    finding = ask("F04", by_class, chosen.tables, synthetic=study.synthetic, absent=missing)
    towns = chosen.columns("cases", "municipality")["municipality"].unique()
    if not len(towns):  # no source can be compared, so there is no curve either
        return finding
    by_days = [replace(question, by=("municipality", _DAYS[question.name]), levels={}) for question in by_class]
    exact = ask("F04", by_days, chosen.tables)
    extra = pd.concat([_curve(town, exact) for town in towns], ignore_index=True)
    whole = Whole(tuple(_DAYS), ("municipality",))
    extra = extra.assign(part="closed")
    return finding.with_extra(extra, {"share": "n_at_risk"}, whole, life_table).with_caveat("earlier_closed")


def life_table(finding: Finding) -> Finding:
    """The same finding with its curve worked out from the counts per class alone, as it is where only these may be known.

    The actuarial estimate (Cutler & Ederer, J. Chronic Diseases 1958): who was followed no further than a class counts half
    in it.
    """
    counted = [part.numbers.assign(is_open=part.question.name == "open") for part in finding.parts]
    by_town = pd.concat(counted, ignore_index=True).groupby("municipality")
    extra = pd.concat([_classes(str(town), rows) for town, rows in by_town], ignore_index=True)
    return replace(finding, extra=extra.assign(part="closed"))


def _classes(municipality: str, counted: pd.DataFrame) -> pd.DataFrame:
    codes = list(vocabulary.read("duration_class").codes)
    closed, opened = (
        counted[counted["is_open"] == is_open]
        .groupby("class")["n_cases"]
        .sum()
        .reindex(codes)
        .to_numpy("float64", na_value=0)
        for is_open in (False, True)
    )
    at_risk = (closed + opened)[::-1].cumsum()[::-1]
    exposed = at_risk - opened / 2
    left = (1 - np.divide(closed, exposed, out=np.zeros_like(closed), where=exposed > 0)).cumprod()
    return pd.DataFrame({
        "municipality": municipality, "class": codes, "n_at_risk": at_risk.astype("int64"), "share": left,
    })  # fmt: skip


_DAYS = {"closed": "days", "closed_month": "days_at_most", "open": "days"}


def _curve(municipality: str, exact: Finding) -> pd.DataFrame:
    """Share still open at the end of each duration class, and the cases at risk at its start."""
    on_day, in_month, opened = (
        part.numbers[part.numbers["municipality"] == municipality].rename(columns={"days_at_most": "days"})
        for part in exact.parts
    )
    closed = pd.concat([on_day, in_month])
    curve = survival(closed, opened)
    every = pd.concat([closed, opened])
    classes = vocabulary.read("duration_class").values
    return pd.DataFrame({
        "municipality": municipality,
        "class": [value.code for value in classes],
        "n_at_risk": [int(every.loc[every["days"] >= v.extra["low"], "n_cases"].sum()) for v in classes],
        "share": [curve[curve.index <= v.extra["high"]].min() for v in classes],
    }).fillna({"share": 1.0})  # fmt: skip


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
    """F06: per followed case its events, in whole months since referral: intake, plan, joint meetings, first result, closure.

    One that is open stands as that, without how long it was followed.
    """
    chosen = study.only(*followed(study))
    return ask("F06", questions("F06"), chosen.tables, synthetic=study.synthetic).with_caveat("cases_selected")


def followed(study: Study) -> tuple[str, ...]:
    """The sources with cases that a study followed under an invented label."""
    labelled = study["cases"].loc[study["cases"]["case_label"].notna(), "source"]
    return tuple(s for s in study.sources if s in set(labelled))


def early_meetings(study: Study) -> Finding:
    """F07: per followed case the months to the first joint client meeting, how many in the first three, months to a result.

    Whole months since referral: 0 is within the first. Of a case without a result `standing` says whether it is closed,
    and nothing says how long it was followed. No fit is made: the cases were selected and are few.
    """
    chosen = study.only(*(s for s in followed(study) if s in study.with_table("meetings")))
    finding = ask("F07", questions("F07"), chosen.tables, synthetic=study.synthetic)
    return finding.with_caveat("cases_selected").with_caveat("no_fit")


def parties_present(study: Study) -> Finding:
    """F08: joint client meetings held, per side of the table that was present; shares of the meetings with attendance."""
    chosen = study.only(*study.with_table("attendances", "cases"))
    return ask("F08", questions("F08"), chosen.tables, synthetic=study.synthetic).with_shares()
