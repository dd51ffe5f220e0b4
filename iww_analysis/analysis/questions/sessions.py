"""Ask what teams are, what they want to learn, and what sessions and observations brought."""

from iww_analysis.analysis.declared import questions
from iww_analysis.analysis.finding import Finding
from iww_analysis.analysis.study import Study


def needs_and_findings(study: Study) -> Finding:
    """T04: per team its learning needs in its own order, and what the closing session laid beside each."""
    return study.ask("T04", *questions("T04")).with_caveat("own_words")


def roles_and_interests(study: Study) -> Finding:
    """T05: per team and party its role and its interest, in its own words."""
    return study.ask("T05", *questions("T05")).with_caveat("own_words")


def team_profiles(study: Study) -> Finding:
    """T06: one line per team: kind, municipalities, mandate, composition, area and when it began."""
    return study.ask("T06", *questions("T06")).with_caveat("own_words")


def learning_sessions(study: Study) -> Finding:
    """T08: per learning session its day, its themes with what came of them, and the parties that were there."""
    return study.ask("T08", *questions("T08")).with_caveat("own_words")


def observed_items(study: Study) -> Finding:
    """T10: the score on each item of the observation form per meeting, each observer apart.

    Scores are ordinal on the form's own scale: they are not added up or averaged. Of the day nothing is told: a case
    could be recognised by it. `place` says where an item stands on the form: its row in the source.
    """
    return study.ask("T10", *questions("T10")).with_caveat("ordinal")


def themes_of_municipalities(study: Study) -> Finding:
    """T11: per municipality what was found of starting points, networks, services, knowledge and steering."""
    return study.ask("T11", *questions("T11")).with_caveat("own_words")
