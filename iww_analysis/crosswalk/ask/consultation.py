"""Keep what is asked of a person about a delivery, what was answered, and what is to be said of it."""

from dataclasses import dataclass, field, replace

from iww_analysis.crosswalk.ask.open_question import Ask, OpenQuestion
from iww_analysis.crosswalk.propose.proposal import Reason
from iww_analysis.crosswalk.propose.recognise import RecognisedSheet
from iww_analysis.messages.errors import Lang, Message

COLUMNS = ["file", "sheet", "heading", "word", "proposal", "confidence", "reason"]
CERTAIN = 100  # a person said so


@dataclass
class Consultation:
    """Questions with their answers. `ask`: who answers, nobody if None; `guesses`: what everything was taken for, and why.

    `questions`: what was asked, by key; those of `left` stay open, those of `misread` because the answer is none.
    """

    ask: Ask | None = None
    lang: Lang = "nl"
    messages: list[Message] = field(default_factory=list)
    guesses: list[dict[str, object]] = field(default_factory=list)
    questions: dict[str, OpenQuestion] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)
    misread: list[OpenQuestion] = field(default_factory=list)

    def answer(self, question: OpenQuestion) -> str:
        """Give a person's answer, or "" where nobody is asked or the answer is none; the same question is asked once."""
        if question.key in self.questions:
            same = self.questions[question.key]
            self.questions[question.key] = replace(same, n=same.n + question.n, of=same.of + question.of)
            return self.answers[question.key]
        answer = question.read(self.ask(question)) if self.ask else ""
        if answer is None:
            self.misread.append(question)
        self.questions[question.key], self.answers[question.key] = question, answer or ""
        return answer or ""

    @property
    def left(self) -> list[OpenQuestion]:
        """The questions that nobody answered."""
        return [question for name, question in self.questions.items() if not self.answers[name]]

    def say(self, code: str, sheet: RecognisedSheet, heading: str | None = None, **words: object) -> None:
        """Keep a message about a sheet, or a heading of it."""
        self.messages.append(Message(code, sheet.place(heading), words))

    def note(
        self, sheet: RecognisedSheet, heading: str, proposal: str, confidence: int, reason: Reason, word: str = ""
    ) -> None:
        """Keep what a sheet, heading or word was taken for, how surely and why."""
        values = (sheet.file, sheet.sheet, heading, word, proposal, confidence, reason.say(self.lang))
        self.guesses.append(dict(zip(COLUMNS, values, strict=True)))
