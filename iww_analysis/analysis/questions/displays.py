"""Lay beside each other what is known of a case: voices, registration, meetings, actions and outcomes."""

from dataclasses import replace

import pandas as pd

from iww_analysis.analysis.declared import questions
from iww_analysis.analysis.finding import Finding, Whole, ask
from iww_analysis.analysis.question import Question, Where, rows
from iww_analysis.analysis.study import Study
from iww_analysis.tables.cells.missing import is_missing

_OF_FOLLOWED = ("segments", "themes", "judgements", "outcomes")  # what is told of cases under a label


def joint_display(study: Study) -> Finding:
    """T02: per case and theme a cleared quote of each voice, beside what the register holds of the case.

    `quote` is the first cleared one in alphabetical order, of `n_cleared`; `n_fragments` counts those that were not
    cleared too. A voice without a fragment was interviewed or not: see `interviews`. Where registers follow some of the
    cases, only those are shown; the others are left out with that reason.
    """
    interviewed = _cases_of(study["segments"])
    registered = _registered(study, interviewed)
    labels = _labels(registered if len(registered) else interviewed)
    of_cases = Where("case_id", "in", labels)
    quotes, interviews = questions("T02")
    quotes = replace(quotes, where=(*quotes.where, replace(of_cases, reason="no_registration")))
    asked = [quotes, replace(interviews, where=(of_cases,)), *_registration(registered)]
    chosen = study.only(*interviewed["source"], *registered["register"])
    finding = ask("T02", asked if labels else asked[:1], chosen.tables, synthetic=study.synthetic)
    return finding.with_caveat("cases_selected")


def vignettes(study: Study) -> Finding:
    """T09: per case of which the work process is described: its meetings, context, actions, outcomes and registration.

    Of the day of a meeting only the whole months since the introduction are told: a case could be recognised by its days.
    """
    described = _cases_of(study["themes"][study["themes"]["kind"].eq("work_process")])
    labels = _labels(described)
    context, *others = questions("T09")
    of_cases = [replace(question, where=(Where("case_id", "in", labels), *question.where)) for question in others]
    asked = [context, *of_cases, *_registration(_registered(study, described))]
    finding = study.ask("T09", *(asked if labels else asked[:1]))
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


def followed_elsewhere(study: Study) -> list[tuple[str, str]]:
    """The followed cases, by source and label, that no register of their study follows."""
    studied = [source for source, origin in study.origins.items() if origin.regime == "case_study"]
    told = [table for table in _OF_FOLLOWED if not study[table].empty]
    cases = pd.concat([_cases_of(study[table]) for table in told]).drop_duplicates() if told else pd.DataFrame()
    if cases.empty:
        return []
    known = _registered(study, cases).drop(columns="register").assign(known=True)
    held = cases[cases["source"].isin(studied)].merge(known, on=["source", "case_id"], how="left")
    unknown = held.loc[held["known"].isna(), ["source", "case_id"]].sort_values(["source", "case_id"])
    return [(str(source), str(case)) for source, case in unknown.itertuples(index=False)]


def _registration(registered: pd.DataFrame) -> list[Question]:
    """What registers hold of these cases: one line per case, and its joint meetings."""
    if registered.empty:
        return []
    of_cases = Where("case_label", "in", _labels(registered))
    of_registers = Where("source", "in", tuple(sorted(registered["register"].unique())))
    asked = questions("followed_cases")
    return [replace(question, where=(of_cases, of_registers, *question.where)) for question in asked]


def elements_by_case(study: Study) -> Finding:
    """T03: per case and working element what each voice says; cases in order of the elements that both say were there.

    `both` holds the pairs that client and professional call present (wholly or partly); its totals order the cases.
    """
    judgements, both = questions("T03")
    of_any_party = [condition for condition in judgements.where if condition.column != "holder"]
    sources = rows(replace(judgements, where=tuple(of_any_party)), study.tables)["source"].unique()
    finding = ask("T03", [judgements, both], study.only(*sources).tables, synthetic=study.synthetic)
    agreed = finding.part("both").totals.set_index("case")["n_judgements"]
    cases = finding.part("judgements").numbers[["case"]].drop_duplicates()
    ordered = cases.assign(n=cases["case"].map(agreed).fillna(0)).sort_values(["n", "case"], ascending=[False, True])
    places = pd.DataFrame({"case": ordered["case"].astype("str"), "place": range(1, len(ordered) + 1)})
    return finding.with_extra(places, wholes=Whole(("both",), ("case",))).with_caveat("cases_selected")


def outcomes_by_level(study: Study) -> Finding:
    """T07: per level and outcome who finds it relevant, which way it went, and who says so."""
    return study.ask("T07", *questions("T07")).with_caveat("named_by_stakeholders").with_caveat("own_words")
