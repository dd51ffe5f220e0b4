"""Keep what may be shown of the counts of each source: made once for a state of its data, and read by whatever draws."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

from iww_analysis.analysis.study import Study
from iww_analysis.commands.source_key import is_invented, key_of
from iww_analysis.disclosure.vector.cells import Shown
from iww_analysis.disclosure.vector.of_source import AskedOfSource, Document, every_cell, own_cells, protected
from iww_analysis.disclosure.vector.quality_cells import quality_cells
from iww_analysis.disclosure.vector.unit_sets import UnitTables
from iww_analysis.figures.declaration import CATALOGUE, Catalogue, answered
from iww_analysis.io.disk import files, locks
from iww_analysis.io.disk.home import Home, read_origin
from iww_analysis.io.processed import inputs
from iww_analysis.messages.errors import IwwError, Message, fail
from iww_analysis.privacy.keys import check_value
from iww_analysis.tables import TABLES
from iww_analysis.verify.outcome import Check
from iww_analysis.verify.recount.rule import Shown as ShownBySource

MOST_RECORDS = 100_000  # in one table of a source
PATIENCE = 600.0  # seconds that one waits for another who makes the same
QUESTIONS = (
    "analysis/questions.toml",
    "analysis/questions",
    "figures/catalogue",
    "disclosure/vector",
)  # what decides which counts there are


@dataclass(frozen=True)
class ShownOfHome(Mapping[str, Shown]):
    """Per source what may be shown of its counts, under every name of a cell; made when it is first asked for.

    `load` gives sources as one study. `stored`: what is made is kept, and what was kept is read.
    """

    home: Home
    sources: tuple[str, ...]
    load: Callable[[Sequence[str]], Study]
    stored: bool
    read: dict[str, Shown] = field(default_factory=dict)

    def __getitem__(self, source: str) -> Shown:
        if source not in self.sources:
            raise KeyError(source)
        if source not in self.read:
            self.read[source] = every_cell(self._document(source))
        return self.read[source]

    def __iter__(self) -> Iterator[str]:
        return iter(self.sources)

    def __len__(self) -> int:
        return len(self.sources)

    def _document(self, source: str) -> Document:
        """What lies there, where it is of this state of the source; else it is made."""
        beside = _beside(self.home, source)
        state, there = state_of(self.home, [source, *beside]), document_of(self.home, source)
        if there.get("state") == state:
            return there
        if not self.stored:
            return made(self.home, self.load([source, *beside]), source, there)
        with locks.held(self.home, "source", source, PATIENCE):
            there = document_of(self.home, source)
            if there.get("state") != state:  # still: another run may have made it meanwhile
                there = {**made(self.home, self.load([source, *beside]), source, there), "state": state}
                files.write_json(self.home.shown(source), there)
        return there


def _beside(home: Home, source: str) -> list[str]:
    """The sources in which cases of a source count, by its cards."""
    cards = [read_origin(delivery) for delivery in home.deliveries(source)]
    return sorted({other for card in cards for other in card.get("overlap", {})} & {*home.sources()})


def document_of(home: Home, source: str) -> Document:
    """What is kept of a source; nothing where nothing is."""
    with suppress(IwwError):
        return files.read_json(home.shown(source)) if files.exists(home.shown(source)) else {}
    return {}


def of_all(study: Study) -> tuple[dict[str, Shown], list[Message]]:
    """What may be shown of every source of a study, and why of some nothing may."""
    every, why = dict[str, Shown](), list[Message]()
    for source in study.sources:
        try:
            every[source] = study.vectors[source]
        except IwwError as error:
            why += error.messages
    return every, why


def kept(home: Home, sources: Sequence[str]) -> dict[str, Shown]:
    """What is kept of these sources of this state; nothing is made. Of a source without it no number of a register is shown."""
    there = {
        source: (document_of(home, source), state_of(home, [source, *_beside(home, source)])) for source in sources
    }
    return {
        source: every_cell(document) for source, (document, state) in there.items() if document.get("state") == state
    }


def state_of(home: Home, sources: Sequence[str]) -> str:
    """A hash of what counts come from: what the builds read, and which questions there are."""
    parts = [*(inputs.inputs_hash(home, source) for source in sources), files.sha256_below(inputs.LIBRARY, QUESTIONS)]
    return files.sha256("\n".join(parts).encode())


def made(home: Home, study: Study, source: str, there: Document) -> Document:
    """Protect the counts of a source; those that were shown before of the same tables stay as they were.

    Of what is invented nothing has to stay: its numbers are the same everywhere, whatever was made before. Raises IwwError
    where there are more records than can be told apart in memory.
    """
    n = max(len(study.tables.only([source])[table]) for table in TABLES)
    if n > MOST_RECORDS:
        raise fail("too_many_records", source=source, n=n, most=MOST_RECORDS)
    key, data = key_of(home, source), {"tables": inputs.ledger_of(home, source).get("tables", {})}
    of_now = {"source": source, "key": check_value(key), **data}
    same = not is_invented(home, source) and all(there.get(name) == value for name, value in of_now.items())
    before, quality = own_cells(there) if same else None, quality_cells(study, source)
    return {**protected(source, asked_of(study, source), key, before, quality), **of_now}


def audited(home: Home, sources: Sequence[str]) -> Check:
    """Attack what may be shown of sources: all that any report says of them follows from that."""
    documents = {source: document for source in sources if (document := document_of(home, source))}
    return (
        ShownBySource(documents).attacked() if len(documents) == len(sources) else Check("audit", 0, skipped="no_audit")
    )


def asked_of(study: Study, source: str, catalogue: Catalogue = CATALOGUE) -> Iterator[AskedOfSource]:
    """Every figure, as it is asked of the source alone, and beside those in which cases of it count."""
    beside = {each.other for each in study.tables.settled if each.source == source}
    for sources in [(source,), *([(source, *sorted(beside))] if beside else [])]:
        alone = study.only(*sources)
        of_units = replace(alone, tables=UnitTables(alone.tables, alone.tables.settled))
        for entry in catalogue.values():
            with suppress(IwwError):  # what keeps a figure from being drawn, is said where it is drawn
                if finding := answered(entry, of_units):
                    yield AskedOfSource(finding, exact=entry.regime == "case_study")
