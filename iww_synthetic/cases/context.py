"""Add what surrounds a case: the network and the organisations, at the begin and at the end."""

from dataclasses import replace

from iww_synthetic.cases.truth import Case, Network
from iww_synthetic.chance import Chance
from iww_synthetic.settings import Settings, toml


def network(settings: Settings, chance: Chance, closed: bool) -> tuple[Network, Network]:
    """Say whether the network takes part at the begin and, in closed cases, at the end."""
    begin = _network(settings, chance, "begin")
    return begin, _network(settings, chance, "end") if closed else Network("end", "not_applicable")


def _network(settings: Settings, chance: Chance, moment: str) -> Network:
    involved = chance.weighted(settings.more[f"network_{moment}"])
    if involved == "yes":
        n = chance.weighted({1: 42, 2: 30, 3: 16, 4: 7, 5: 3, 6: 2}) + (moment == "end" and chance.yes(0.3))
        return Network(moment, involved, None if chance.yes(0.06) else n)
    if involved == "no":
        reason = "empty" if chance.yes(0.07) else chance.weighted(settings.more["network_reason"])
        return Network(moment, involved, None, reason)
    return Network(moment, involved)


def organisations(settings: Settings, chance: Chance, closed: bool) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Say which organisations are involved at the begin and, in closed cases, at the end: usually fewer."""
    names = list(toml("texts.toml")["organisations"][settings.name])
    begin = chance.sample(names, chance.weighted({0: 6, 1: 16, 2: 27, 3: 25, 4: 16, 5: 10}))
    end = [name for name in begin if chance.yes(0.55)] if closed else []
    if closed and chance.yes(0.2):
        end += chance.sample([name for name in names if name not in begin], 1)
    return tuple(begin), tuple(end)


def with_context(case: Case, settings: Settings, chance: Chance) -> Case:
    """Add network and organisations, which depend on whether the case is closed."""
    closed = case.closed is not None
    return replace(
        case, network=network(settings, chance, closed), organisations=organisations(settings, chance, closed)
    )
