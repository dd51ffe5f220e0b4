"""Hold the nouns of several sources together."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import pandas as pd

from iww_analysis.analysis.answer import HeldTables, StudyTables, of_sources
from iww_analysis.analysis.finding import Caveat, Finding, Withheld, ask
from iww_analysis.analysis.overlap import COLUMNS, Overlap, found, pairs_of, settled_by
from iww_analysis.analysis.question import Question, rows
from iww_analysis.cleaning.rules.consent import WITHHELD
from iww_analysis.crosswalk.origin import Origin
from iww_analysis.messages.errors import fail
from iww_analysis.tables import TABLES
from iww_analysis.tables.contract import empty

ACCOUNTS = ("changes", "set_aside", "renewed", "sources")
Consent = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True)
class Study:
    """Processed tables of one or more sources, with the card of each source's last delivery.

    `tables`: every canonical table (empty where no source has it), with `source`, `source_id` and `source_row`;
    `recorded`: source -> the (table, column) pairs that its forms hold at all; `consent`: source -> table -> why records
    of persons count or do not -> how many (see cleaning/rules/consent.py); `vectors`: source -> what may be shown of its counts
    (see disclosure/vector), without which no count of a register is shown.
    """

    tables: StudyTables
    origins: Mapping[str, Origin]
    recorded: Mapping[str, frozenset[tuple[str, str]]]
    ledgers: Mapping[str, list[dict[str, Any]]]
    accounts: Mapping[str, pd.DataFrame]  # changes, set_aside and sources, of all sources together
    gaps: Mapping[str, tuple[str, ...]] = field(default_factory=dict, kw_only=True)  # source -> files its build lacks
    consent: Mapping[str, Consent] = field(default_factory=dict, kw_only=True)
    vectors: Mapping[str, Mapping[tuple[str, ...], int | None]] = field(default_factory=dict, kw_only=True, repr=False)

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
        """The same study with these sources alone, such as `study.only("elburg")`; raises IwwError where one is not in it."""
        for source in sources:
            if source not in self.origins:
                raise fail("source_unknown", source=source, known=", ".join(self.origins) or "-")
        return Study(
            self.tables.only(sources),
            {source: origin for source, origin in self.origins.items() if source in sources},
            {source: pairs for source, pairs in self.recorded.items() if source in sources},
            {source: lines for source, lines in self.ledgers.items() if source in sources},
            of_sources(self.accounts, sources),
            gaps={source: files for source, files in self.gaps.items() if source in sources},
            consent={source: counts for source, counts in self.consent.items() if source in sources},
            vectors=self.vectors,
        )

    def withheld(self, tables: Collection[str], sources: Collection[str]) -> Withheld | None:
        """Why and how many records of persons in these tables count nowhere; None where no record in them takes consent."""
        asked = [(table, self.consent.get(source, {}).get(table, {})) for table in sorted(tables) for source in sources]
        if not any(counts for _, counts in asked):
            return None
        every: dict[str, dict[str, int]] = {why: {} for why in WITHHELD}
        for table, counts in asked:
            for why in WITHHELD:
                if n := counts.get(why, 0):
                    every[why][table] = every[why].get(table, 0) + n
        return {why: of_tables for why, of_tables in every.items() if of_tables}

    def ask(self, id: str, *questions: Question) -> Finding:  # noqa: A002 - the field's word
        """Answer questions over the sources of which any of them counts something: only those are named as sources."""
        counted = {source for question in questions for source in rows(question, self.tables)["source"]}
        return self.with_gaps(ask(id, questions, self.only(*counted).tables, synthetic=self.synthetic))

    @cached_property
    def overlaps(self) -> tuple[Overlap, ...]:
        """The cases that seem to stand in two registers of one municipality: per pair of sources how many, and what is said."""
        pairs = pairs_of(self.origins)
        return tuple(found(self.case_keys, one, two, self.origins[one].overlap.get(two, "")) for one, two in pairs)

    @cached_property
    def case_keys(self) -> Mapping[str, pd.DataFrame]:
        """What tells that cases of two sources are one."""
        return {name: self.columns(name, *columns) for name, columns in COLUMNS.items()}

    @property
    def gap_caveats(self) -> tuple[Caveat, ...]:
        """What must be said with every number: how many received files were not read; their names can point out a person."""
        return tuple(("gap", {"source": source, "n": len(names)}) for source, names in self.gaps.items())

    def with_gaps(self, finding: Finding) -> Finding:
        """The same finding with what must be said of received files that were not read."""
        others = (caveat for caveat in finding.caveats if caveat not in self.gap_caveats)
        return replace(finding, caveats=(*others, *self.gap_caveats))

    def __repr__(self) -> str:
        counts = ", ".join(
            f"{len(self[name])} {TABLES[name].nl}" for name in ("cases", "meetings", "judgements", "arena_nodes")
        )
        return f"Studie met {len(self.sources)} bronnen ({', '.join(self.sources)}): {counts}"


def together(parts: Iterable[tuple[Origin, Mapping[str, pd.DataFrame], Mapping[str, Any]]]) -> Study:
    """Put sources together: per source its origin, its processed tables and its ledger."""
    parts = list(parts)
    origins = {origin.source: origin for origin, _, _ in parts}
    tables = {}
    for name, table in TABLES.items():
        filled = [frames[name] for _, frames, _ in parts if len(frames.get(name, ()))]
        tables[name] = pd.concat(filled, ignore_index=True) if filled else empty(table)
    return Study(
        HeldTables(tables, settled_by(origins)),
        origins,
        {origin.source: recorded_in(ledger) for origin, _, ledger in parts},
        {origin.source: list(ledger["sheets"]) for origin, _, ledger in parts},
        {name: pd.concat([frames[name] for _, frames, _ in parts], ignore_index=True) for name in ACCOUNTS},
        gaps={origin.source: tuple(ledger["refused"]) for origin, _, ledger in parts if ledger.get("refused")},
        consent={origin.source: ledger.get("consent", {}) for origin, _, ledger in parts},
    )


def recorded_in(ledger: Mapping[str, Any]) -> frozenset[tuple[str, str]]:
    """The (table, column) pairs that a source's forms hold, by its ledger."""
    pairs = (column.partition(".") for column in ledger["recorded"])
    return frozenset((table, name) for table, _, name in pairs)
