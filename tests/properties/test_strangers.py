"""A sample of `make strangers`: files of municipalities that nobody has seen, through the form alone: every value is right."""

import pytest

from benchmarks.strangers.trial.tally import MOST_ANSWERS, trial

SAMPLE = (2000, 2004, 2010)  # text, two municipalities, a sheet per year; others stand in benchmarks/results.md


@pytest.mark.parametrize("seed", SAMPLE)
def test_what_a_stranger_delivers_is_read_as_it_truly_is(seed: int) -> None:
    tried = trial(seed)
    assert tried.verdict == "right", "\n".join(
        (tried.say(), tried.outcome.stopped, tried.outcome.crashed, *map(str, tried.compared.wrong[:5]))
    )
    assert tried.compared.n_right > 100
    assert tried.n_answers <= MOST_ANSWERS
