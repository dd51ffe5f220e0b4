"""Make a stranger from a seed: a style, its files, the mess in them, and with every cell what it truly says."""

from random import Random

from benchmarks.strangers.book.model import Stranger
from benchmarks.strangers.mess.kinds import KINDS
from benchmarks.strangers.styles.catalogue import STYLES

MUNICIPALITIES = ("Ede", "Elburg", "Zeist", "Tiel", "Goes", "Venlo", "Assen", "Weert", "Oss", "Hoorn", "Gouda", "Borne")
MOST_MESS = 3


def make(seed: int, style: str = "", mess: tuple[str, ...] | None = None) -> Stranger:
    """Make the stranger of a seed; `style` and `mess` instead of those that chance chooses."""
    rng = Random(f"stranger {seed}")
    name = rng.choice(sorted(STYLES))
    stranger = Stranger(seed, style or name, f"vreemd-{seed}", rng.choice(MUNICIPALITIES))
    STYLES[stranger.style](rng, stranger)
    wanted = rng.sample(sorted(KINDS), len(KINDS)) if mess is None else mess
    most = rng.randrange(MOST_MESS + 1) if mess is None else len(mess)
    for each in wanted:
        if len(stranger.mess) < most and KINDS[each](rng, stranger):
            stranger.mess.append(each)
    return stranger
