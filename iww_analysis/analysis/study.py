"""Hold the nouns of several sources together, and the rules that span them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from iww_analysis.analysis.answer import HeldTables, StudyTables, of_sources
from iww_analysis.analysis.finding import Finding, ask
from iww_analysis.analysis.question import Question, rows
from iww_analysis.crosswalk.origin import Origin
from iww_analysis.tables import TABLES
from iww_analysis.tables.cells.missing import is_missing
from iww_analysis.tables.contract import empty
from iww_analysis.tables.statement import Table

ACCOUNTS = ("changes", "set_aside", "renewed", "sources")


@dataclass(frozen=True)
class Study:
    """Processed tables of one or more sources, with the card of each source's last delivery.

    `tables`: every canonical table (empty where no source has it), with `source`, `source_id` and `source_row`;
    `recorded`: source -> the (table, column) pairs that its forms hold at all.
    """

    tables: StudyTables
    origins: Mapping[str, Origin]
    recorded: Mapping[str, frozenset[tuple[str, str]]]
    ledgers: Mapping[str, list[dict[str, Any]]]
    accounts: Mapping[str, pd.DataFrame]  # changes, set_aside and sources, of all sources together

    def __getitem__(self, table: str) -> pd.DataFrame:
        return self.tables[table]

    @property
    def changes(self) -> pd.DataFrame:
        """One row per distinct change of a value: source, table, column, raw, new, rule, n."""
        return self.accounts["changes"]

    @property
    def set_aside(self) -> pd.DataFrame:
        """One row per problem found: place, rule and severity; never the content of a cell."""
        return self.accounts["set_aside"]

    @property
    def sources(self) -> tuple[str, ...]:
        """The sources, in alphabetical order."""
        return tuple(self.origins)

    @property
    def synthetic(self) -> bool:
        """Whether anything in it is invented; everything made from it must then say so."""
        return any(origin.synthetic for origin in self.origins.values())

    def with_table(self, *names: str) -> tuple[str, ...]:
        """The sources that have rows in every one of these tables."""
        having = [self.tables.sources_of(name) for name in names]
        return tuple(source for source in self.sources if all(source in each for each in having))

    def columns(self, table: str, *names: str) -> pd.DataFrame:
        """Some columns of a table; a long table is then not read whole."""
        return self.tables.columns(table, names)

    def only(self, *sources: str) -> "Study":
        """The same study with these sources alone."""
        return Study(
            self.tables.only(sources),
            {source: origin for source, origin in self.origins.items() if source in sources},
            {source: pairs for source, pairs in self.recorded.items() if source in sources},
            {source: lines for source, lines in self.ledgers.items() if source in sources},
            of_sources(self.accounts, sources),
        )

    def with_tables(self, **frames: pd.DataFrame) -> "Study":
        """The same study with these tables in place of those of that name."""
        return replace(self, tables=self.tables.replaced(**frames))

    def ask(self, id: str, *questions: Question) -> Finding:  # noqa: A002 - the field's word
        """Answer questions over the sources of which any of them counts something: only those are named as sources."""
        counted = {source for question in questions for source in rows(question, self.tables)["source"]}
        return ask(id, questions, self.only(*counted).tables, synthetic=self.synthetic)

    def __repr__(self) -> str:
        counts = ", ".join(
            f"{len(self[name])} {TABLES[name].nl}" for name in ("cases", "meetings", "judgements", "arena_nodes")
        )
        return f"Studie met {len(self.sources)} bronnen ({', '.join(self.sources)}): {counts}"


def together(parts: Iterable[tuple[Origin, Mapping[str, pd.DataFrame], Mapping[str, Any]]]) -> Study:
    """Put sources together: per source its origin, its processed tables and its ledger."""
    parts = list(parts)
    tables = {
        name: _stack(table, [frames[name] for _, frames, _ in parts if name in frames])
        for name, table in TABLES.items()
    }
    recorded = {o.source: recorded_in(ledger) for o, _, ledger in parts}
    return Study(
        HeldTables(tables),
        {origin.source: origin for origin, _, _ in parts},
        recorded,
        {origin.source: list(ledger["sheets"]) for origin, _, ledger in parts},
        {name: pd.concat([frames[name] for _, frames, _ in parts], ignore_index=True) for name in ACCOUNTS},
    )


def recorded_in(ledger: Mapping[str, Any]) -> frozenset[tuple[str, str]]:
    """The (table, column) pairs that a source's forms hold, by its ledger."""
    return frozenset(map(_pair, ledger["recorded"]))


def _pair(column: str) -> tuple[str, str]:
    table, _, name = column.partition(".")
    return table, name


def _stack(table: Table, frames: list[pd.DataFrame]) -> pd.DataFrame:
    filled = [frame for frame in frames if len(frame)]
    return pd.concat(filled, ignore_index=True) if filled else empty(table)


def notes(study: Study) -> pd.DataFrame:
    """Apply the rules that span nouns; one row per case that breaks one: source, case_id, rule.

    outside_inclusion   nbd: no problem with finances or work, or no other domain (DOMAIN 7.7 rule 5);
                        saz: fewer than two life domains (rule 6)
    meeting_order       a first dialogue before the introduction, or a closing one before the first (rule 6)
    incomplete_dyad     iww2017: not exactly one client and one professional on the case (rule 7)
    not_registered      told of in interviews, but no register of the same study holds a case under that label; only
                        asked where one of them follows cases
    not_told            followed under a label in a register, but no interview of the same study is about it
    possible_duplicate  two cases of one household that overlap in time (rule 12): reported, never merged
    """
    found = [frame.assign(rule=rule) for rule, frame in _rules(study) if len(frame)]
    columns = ["source", "case_id", "rule"]
    return pd.concat(found, ignore_index=True)[columns] if found else pd.DataFrame(columns=columns)


def _rules(study: Study) -> Iterator[tuple[str, pd.DataFrame]]:
    by_study = {key: [s for s, o in study.origins.items() if o.study == key] for key in ("nbd", "saz", "iww2017")}
    yield "outside_inclusion", _outside_inclusion(study.only(*by_study["nbd"]), {"finances", "work_education"})
    yield "outside_inclusion", _outside_inclusion(study.only(*by_study["saz"]), set())
    yield "meeting_order", _meeting_order(study)
    yield "incomplete_dyad", _incomplete_dyads(study.only(*by_study["iww2017"]))
    for key in sorted({origin.study for origin in study.origins.values() if origin.study}):
        told, followed = labels(study.only(*(s for s, o in study.origins.items() if o.study == key)))
        if len(told) and len(followed):
            yield "not_registered", told[~told["case_id"].isin(followed["case_id"])]
            yield "not_told", followed[~followed["case_id"].isin(told["case_id"])]
    yield "possible_duplicate", _overlapping_households(study)


def labels(study: Study) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The cases that interviews tell of, and those that registers follow under a label: by these the two are joined.

    Both: source and case_id (the label), one row per case and source; a label stands once in the registers of a study.
    """
    told = study["documents"][["source", "case_id"]].dropna().drop_duplicates()
    followed = study["cases"][["source", "case_label"]].dropna().rename(columns={"case_label": "case_id"})
    return told.reset_index(drop=True), followed.reset_index(drop=True)


def _outside_inclusion(study: Study, one_of: set[str]) -> pd.DataFrame:
    """Cases with recorded domains, fewer than two of them a problem, or none of `one_of`."""
    domains = study["case_domains"]
    per_domain = domains.assign(problem=domains["status"].ne("none")).groupby(["source", "case_id", "domain"])[
        "problem"
    ]
    known = per_domain.any().reset_index()  # a problem at any moment
    known["wanted"] = known["problem"] & (known["domain"].isin(one_of) | (not one_of))
    per_case = known.groupby(["source", "case_id"])[["problem", "wanted"]].sum()
    outside = per_case[(per_case["problem"] < 2) | (per_case["wanted"] < 1)]
    return outside.reset_index()[["source", "case_id"]]


def _meeting_order(study: Study) -> pd.DataFrame:
    stages = ["introduction", "first_dialogue", "closing_dialogue"]
    held = study["meetings"][study["meetings"]["kind"].isin(stages) & study["meetings"]["held"].eq("yes")]
    days = held.pivot_table(index=["source", "case_id"], columns="kind", values="date", aggfunc="min")
    days = days.reindex(columns=stages).astype("datetime64[us]")  # a stage that nobody held has no dates of its own
    wrong = (days["first_dialogue"] < days["introduction"]) | (days["closing_dialogue"] < days["first_dialogue"])
    return days[wrong].reset_index()[["source", "case_id"]]


def _incomplete_dyads(study: Study) -> pd.DataFrame:
    told = study["documents"][study["documents"]["case_id"].notna()]
    voices = told.groupby(["source", "case_id"])["perspective"].agg(lambda p: "+".join(sorted(set(p))))
    return voices[voices != "client+professional"].reset_index()[["source", "case_id"]]


def _overlapping_households(study: Study) -> pd.DataFrame:
    known = study["households"][~is_missing(study["households"]["household_id"])]
    spans = known[["source", "case_id", "household_id"]].merge(
        study["cases"][["source", "case_id", "date_referral", "date_closed", "extraction_date"]], validate="one_to_one"
    )
    spans["end"] = spans["date_closed"].fillna(spans["extraction_date"])
    pairs = spans.merge(spans, on=["source", "household_id"], suffixes=("", "_other"))
    overlap = (pairs["case_id"] != pairs["case_id_other"]) & (pairs["date_referral"] <= pairs["end_other"]) \
        & (pairs["date_referral_other"] <= pairs["end"])  # fmt: skip
    return pairs.loc[overlap, ["source", "case_id"]].drop_duplicates()
