"""Put a register together: its truth, and its files as the municipality would deliver them."""

from collections.abc import Callable, Mapping, Sequence

from iww_synthetic.cases.truth import Case
from iww_synthetic.chance import Chance
from iww_synthetic.files.mess import Pen
from iww_synthetic.registers import beuningen, druten, elburg, harderwijk, nijmegen
from iww_synthetic.registers.writing import File
from iww_synthetic.settings import Settings, words

Writer = Callable[[Sequence[Case], Settings, Pen], list[File]]

WRITERS: Mapping[str, tuple[Writer, Mapping[str, float]]] = {
    "harderwijk": (harderwijk.files, harderwijk.DATES),
    "elburg": (elburg.files, elburg.DATES),
    "nijmegen": (nijmegen.files, nijmegen.DATES),
    "beuningen": (beuningen.files, beuningen.DATES),
    "druten": (druten.files, druten.DATES),
}


def files(cases: Sequence[Case], settings: Settings, seed: int) -> list[File]:
    """Write a register's cases down, mess and all."""
    write, dates = WRITERS[settings.name]
    return write(cases, settings, Pen(Chance(seed, f"mess {settings.name}"), words(settings.name), dates))
