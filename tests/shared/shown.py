"""What may be shown of a study that a test draws: its counts protected with a key of the tests, when they are asked for."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from iww_analysis.analysis.study import Study
from iww_analysis.commands.shown_counts import asked_of
from iww_analysis.disclosure.vector.cells import Name, Shown
from iww_analysis.disclosure.vector.of_source import Document, every_cell, protected
from iww_analysis.figures.declaration import CATALOGUE, Catalogue

KEY = bytes(range(32))


@dataclass(frozen=True)
class ShownOfSource(Mapping[Name, int | None]):
    """What may be shown of one source: of each figure by itself, when it is first asked for."""

    study: Study
    source: str
    catalogue: Catalogue
    made: dict[str, Shown] = field(default_factory=dict)

    def __getitem__(self, name: Name) -> int | None:
        figure = name[0].partition(".")[0]
        if figure not in self.catalogue:
            raise KeyError(name)
        if figure not in self.made:
            of_figure = asked_of(self.study, self.source, {figure: self.catalogue[figure]})
            self.made[figure] = every_cell(protected(self.source, of_figure, KEY))
        return self.made[figure][name]

    def __iter__(self) -> Iterator[Name]:
        raise NotImplementedError  # nobody asks for all of it

    def __len__(self) -> int:
        return len(self.catalogue)


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
            self.made[source] = ShownOfSource(self.study, source, self.catalogue)
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
