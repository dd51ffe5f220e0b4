"""Hold coded interviews: documents, codes, what was coded, and who judged what of which element in which case."""

from iww_analysis.tables.statement import Column, Table

_MUNICIPALITY = Column("municipality", "code", "gemeente", "Municipality that it is about.", "municipality")
_TEAM = Column("team", "label", "team", "Team that it is about.")

_CASE_ID = Column("case_id", "key", "casus", "The case that it is about; empty where a team or municipality is judged.")
_PERSPECTIVE = Column("perspective", "code", "perspectief", "Whose voice this is.", "perspective", required=True)

_ELEMENT = Column("element", "code", "element", "Working element, barrier or experience.", "factor", required=True)
_DOCUMENT = Column("document", "label", "document", "The interview or report, by its invented name.")

WHERE = ("municipality", "team", "case_id", "perspective")

DOCUMENTS = Table(
    "documents", "documenten", "interview or report", key=(*WHERE, "document"), inherits=(*WHERE, "document"),
    columns=(
        _MUNICIPALITY, _TEAM, _CASE_ID, _PERSPECTIVE, _DOCUMENT,
        Column("kind", "code", "soort document", "Interview, observation, report of a meeting.", "document_kind"),
        Column("date", "date", "datum interview", "Day of the interview."),
        Column("consent", "code", "toestemming", "Whether the person agreed to its use.", "yes_no"),
    ),
)  # fmt: skip

CODES = Table(
    "codes", "codeboek", "code", key=("code",),
    columns=(
        Column("code", "label", "code", "The code with those above it, as in 'Werkzame elementen/Vertrouwen'.", required=True,
               trap="Names repeat within a tree and identifiers change between exports: the path is the key."),
        Column("parent", "label", "bovenliggende code", "The code above it."),
        Column("meaning", "label", "definitie", "What the code stands for, in the researchers' words."),
        Column("element", "code", "element", "The same on the project's own list.", "factor"),
    ),
)  # fmt: skip

CODINGS = Table(
    "codings", "coderingen", "code on a fragment", key=("source_id", "source_row", "code"),
    inherits=(*WHERE, "document"), renewed_by=("document",), needs=("code",),
    columns=(
        _MUNICIPALITY, _TEAM, _CASE_ID, _PERSPECTIVE, _DOCUMENT,
        Column("begin", "integer", "begin", "Where the fragment starts, as the export counts.", unit="characters",
               low=0, high=100_000_000),
        Column("end", "integer", "einde", "Where the fragment ends, as the export counts.", unit="characters",
               low=0, high=100_000_000),
        Column("code", "label", "code", "The code with those above it.", required=True),
        Column("element", "code", "element", "The same on the project's own list.", "factor"),
        Column("valence", "code", "valentie", "Whether it was said in favour or against.", "valence"),
        Column("coder", "person", "codeur", "Who coded, as a number."),
    ),
    trap="Count cases or voices in which a code occurs, not fragments: long interviews would weigh more.",
)  # fmt: skip

JUDGEMENTS = Table(
    "judgements", "oordelen", "case or team, element and perspective", key=(*WHERE, "element", "holder", "moment"),
    inherits=(*WHERE, "element"),
    columns=(
        _MUNICIPALITY, _TEAM, _CASE_ID, _PERSPECTIVE, _ELEMENT,
        Column("holder", "code", "bij wie", "Who holds the barrier or carries the element.", "perspective"),
        Column("moment", "code", "moment", "When it was so.", "moment"),
        Column("present", "code", "aanwezig", "Whether the element was there, in this voice.", "judgement",
               trap="Not discussed is not no."),
        Column("contribution", "code", "bijdrage", "Whether it helped or hindered, in this voice.", "contribution"),
    ),
)  # fmt: skip

SEGMENTS = Table(
    "segments", "fragmenten", "coded fragment", key=("source_id", "source_row", "element"),
    inherits=(*WHERE, "document", "element"), renewed_by=("document",),
    needs=('quote',),
    columns=(
        _MUNICIPALITY, _TEAM, _CASE_ID, _PERSPECTIVE, _DOCUMENT,
        Column("element", "code", "element", "Working element, barrier or experience.", "factor"),
        Column("quote", "quote", "citaat", "What was said; kept only when cleared."),
        Column("cleared", "code", "citaat vrijgegeven", "Whether a person cleared the quote for publication.", "yes_no"),
    ),
)  # fmt: skip

QUALITIES = Table(
    "qualities", "kwaliteiten", "quality asked by a group", key=("municipality", "perspective", "quality"),
    columns=(
        _MUNICIPALITY, _PERSPECTIVE,
        Column("quality", "code", "kwaliteit", "Quality asked of the teams, generic or specific.", "quality", required=True),
        Column("named", "code", "genoemd", "Whether the group asks it of the team.", "judgement",
               trap="Not discussed is not no."),
    ),
)  # fmt: skip

TABLES = (DOCUMENTS, CODES, CODINGS, JUDGEMENTS, SEGMENTS, QUALITIES)
