"""Ask what teams are, what they want to learn, and what sessions and observations brought."""

from iww_analysis.analysis.finding import Finding
from iww_analysis.analysis.question import Derive, Join, Question, Where
from iww_analysis.analysis.study import Study
from iww_analysis.analysis.terms import count, first

THEMES_OF_MUNICIPALITIES = ("starting_point", "informal_network", "other_services", "knowledge_issue", "steering_issue")
FINDING = count("n_themes", "finding")


def needs_and_findings(study: Study) -> Finding:
    """T04: per team its learning needs in its own order, and what the closing session laid beside each."""
    questions = [
        Question("needs", "learning_needs", "n_needs", ("team", "need"), numbers=count("n_needs", "priority")),
        Question("findings", "learning_needs", "n_needs", ("team", "need", "finding"),
                 where=(Where("finding", "known", reason="no_finding"),), numbers=count("n_needs", "element")),
    ]  # fmt: skip
    return study.ask("T04", *questions).with_caveat("own_words")


def roles_and_interests(study: Study) -> Finding:
    """T05: per team and party its role and its interest, in its own words."""
    question = Question("roles", "roles", "n_roles", ("team", "party"), numbers=count("n_roles", "role", "interest"))
    return study.ask("T05", question).with_caveat("own_words")


def team_profiles(study: Study) -> Finding:
    """T06: one line per team: kind, municipalities, mandate, composition, area and when it began."""
    questions = [
        Question("teams", "teams", "n_teams", ("team",), derive={"day": Derive("day", ("start",))},
                 numbers=count("n_teams", "team_type", "mandate", "composition", "area", "day")),
        Question("stands_in", "teams", "n_teams", ("team", "municipality"), where=(Where("municipality", "known"),)),
        Question("works_for", "team_municipalities", "n_teams", ("team", "municipality")),
    ]  # fmt: skip
    return study.ask("T06", *questions).with_caveat("own_words")


def learning_sessions(study: Study) -> Finding:
    """T08: per learning session its day, its themes with what came of them, and the parties that were there."""
    of_sessions = Where("kind", "in", ("learning_session",))
    named = Where("session", "known", reason="no_session")
    session = Join("meetings", {"session": "session"}, on=("source", "meeting_id"), many=True)
    questions = [
        Question("sessions", "meetings", "n_meetings", ("session",), derive={"day": Derive("day", ("date",))},
                 where=(of_sessions, named), numbers=count("n_meetings", "day")),
        Question("themes", "themes", "n_themes", ("session", "theme"),
                 where=(Where("kind", "in", ("learning_theme",)), named), numbers=FINDING),
        Question("parties", "attendances", "n_meetings", ("session", "party"), (session,), where=(of_sessions, named)),
    ]  # fmt: skip
    return study.ask("T08", *questions).with_caveat("own_words")


def observed_items(study: Study) -> Finding:
    """T10: the score on each item of the observation form per meeting, each observer apart.

    Scores are ordinal on the form's own scale: they are not added up or averaged. Of the day only the month is told:
    a case could be recognised by its days. `place` says where an item stands on the form: its row in the source.
    """
    scored = Where("value", "known", reason="no_score")
    numbers = first("value", "scale_low", "scale_high", place="source_row")
    questions = [
        Question("observed", "observations", "n_observations", ("meeting",),
                 derive={"month": Derive("month", ("date",))}, where=(scored,),
                 numbers=count("n_observations", "month", "form")),
        Question("named", "observations", "n_observations", ("meeting", "item", "observer"),
                 where=(scored, Where("observer", "known")), numbers=numbers),
        Question("unnamed", "observations", "n_observations", ("meeting", "item"),
                 where=(scored, Where("observer", "absent")), numbers=numbers),
    ]  # fmt: skip
    return study.ask("T10", *questions).with_caveat("ordinal")


def themes_of_municipalities(study: Study) -> Finding:
    """T11: per municipality what was found of starting points, networks, services, knowledge and steering."""
    question = Question(
        "themes", "themes", "n_themes", ("municipality", "kind", "theme"), numbers=FINDING,
        where=(Where("kind", "in", THEMES_OF_MUNICIPALITIES), Where("municipality", "known", reason="not_said_where")),
    )  # fmt: skip
    return study.ask("T11", question).with_caveat("own_words")
