"""Ask questions of the sources that have something to say."""

from iww_analysis.analysis.finding import Finding, ask
from iww_analysis.analysis.question import Question, rows
from iww_analysis.analysis.study import Study


def asked(id: str, study: Study, *questions: Question) -> Finding:  # noqa: A002 - the field's word
    """Answer questions over the sources of which any of them counts something: only those are named as sources."""
    counted = {source for question in questions for source in rows(question, study.tables)["source"]}
    return ask(id, questions, study.only(*counted).tables, synthetic=study.synthetic)
