"""What may be shown of a study that a test draws: its counts protected with a key of the tests, when they are asked for."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from iww_analysis.analysis.study import Study
from iww_analysis.commands.shown_counts import asked_of
from iww_analysis.disclosure.vector.cells import Shown
from iww_analysis.disclosure.vector.of_source import Document, every_cell, protected
from iww_analysis.figures.declaration import CATALOGUE, Catalogue

KEY = bytes(range(32))


@dataclass(frozen=True)
class ShownOfStudy(Mapping[str, Shown]):
    """Per source what may be shown of its counts."""

    study: Study
    catalogue: Catalogue = field(default_factory=lambda: CATALOGUE)
    made: dict[str, Shown] = field(default_factory=dict)

    def __getitem__(self, source: str) -> Shown:
        if source not in self.study.origins:
            raise KeyError(source)
        if source not in self.made:
            self.made[source] = every_cell(self.document(source))
        return self.made[source]

    def document(self, source: str) -> Document:
        """The same as it is kept."""
        return protected(source, asked_of(self.study, source, self.catalogue), KEY)

    def __iter__(self) -> Iterator[str]:
        return iter(self.study.sources)

    def __len__(self) -> int:
        return len(self.study.sources)


def with_shown(study: Study) -> Study:
    """The same study with what may be shown of its counts."""
    return replace(study, vectors=ShownOfStudy(study))
