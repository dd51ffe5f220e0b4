"""What points out somebody comes out nowhere: a sample of `python -m benchmarks.identifiers`, without its report.

The same search finds all of it where the layers that read texts are taken out: a search that finds nothing proves nothing.
"""

import pytest

from benchmarks.identifiers import Plant, deal, plants, searched

ARENA = {"gevolgd": ("effectenarena",)}
PLANTED = plants(24)


def in_texts(*, leaky: bool) -> tuple[set[Plant], set[Plant]]:
    """What was planted in texts, and what of it is found in the tables, the crosswalk and its forms, or on the terminal."""
    planted = {
        plant for where, of_place in deal(PLANTED, ARENA).items() if where[0] == "effectenarena" for plant in of_place
    }
    found = searched(PLANTED, ARENA, leaky=leaky, report=False)
    return planted, {plant for hits in found.values() for plant in hits} & planted


@pytest.mark.parametrize("leaky", [False, True])
def test_of_what_is_planted_in_texts_nothing_comes_out_unless_a_build_is_made_leaky(leaky: bool) -> None:
    planted, found = in_texts(leaky=leaky)
    assert found == (planted if leaky else set())
