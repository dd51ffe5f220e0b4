"""Hold what a check of a report came to: how many things were held against each other, and each that does not hold."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from iww_analysis.messages import sentences
from iww_analysis.messages.errors import IwwError, Lang, Message, Place


@dataclass(frozen=True)
class Check:
    """One kind of check.

    `name`: a code with words in `messages/verify.toml`; `n`: how many things were held against each other; `findings`: each
    that does not hold; `notes`: what is good to know. `skipped`: code of why it could not be done here, as outside the safe
    zone; one that was done in part has both.
    """

    name: str
    n: int
    findings: tuple[Message, ...] = ()
    skipped: str = ""
    notes: tuple[Message, ...] = ()

    def say(self, lang: Lang) -> str:
        """What was held against what."""
        return str(sentences.read("verify")["check"][self.name][lang])

    def why(self, lang: Lang) -> str:
        """Why it could not be done, or not wholly; empty when it was."""
        return str(sentences.read("verify")["skipped"][self.skipped][lang]) if self.skipped else ""


@dataclass(frozen=True)
class Verified:
    """All checks of one report. A check that could not be done is no failure: it is said, and counts nothing."""

    report: str
    checks: tuple[Check, ...]

    @property
    def ok(self) -> bool:
        """Whether everything that could be checked holds."""
        return not any(check.findings for check in self.checks)

    @property
    def _comes_to(self) -> str:
        """Of words, caveats, pictures as PNG and notebooks only making a report anew says more than their hashes do."""
        why = next((check.skipped for check in self.checks if check.name == "report_anew"), "damaged")
        return "wrong" if not self.ok else "ok" if not why else "ok_outside" if why == "outside" else "ok_partly"

    def lines(self, lang: Lang) -> list[str]:
        """Say what was checked and how many, what could not be and why, each thing that does not hold, and what it comes to."""
        words = {name: text[lang] for name, text in sentences.read("verify")["said"].items()}
        lines, undone = list[str](), dict[str, list[str]]()
        for check in self.checks:
            outcome = sentences.filled(words["fails"], n=len(check.findings)) if check.findings else words["holds"]
            lines += (
                [sentences.filled(words["line"], n=check.n, what=check.say(lang), outcome=outcome)] if check.n else []
            )
            if check.skipped:
                undone.setdefault(check.why(lang), []).append(check.say(lang))
        lines += [words["left"].format(why=why, what="; ".join(names)) for why, names in undone.items()]
        wrong = [finding.say(lang) for check in self.checks for finding in check.findings]
        lines += [note.say(lang) for check in self.checks for note in check.notes]
        total, comes_to = sum(check.n for check in self.checks), words[self._comes_to]
        return [*lines, *wrong, sentences.filled(comes_to, name=self.report, n=total, wrong=len(wrong))]


class Tally:
    """What is held against each other while a report is checked: one check a name, in the order in which they come."""

    def __init__(self, *names: str) -> None:
        self._by_name = {name: Check(name, 0) for name in names}

    @property
    def checks(self) -> tuple[Check, ...]:
        """All that was held until now."""
        return tuple(self._by_name.values())

    def add(self, *checks: Check) -> None:
        """Put checks to those of the same name."""
        for check in checks:
            before = self._by_name.get(check.name, Check(check.name, 0))
            findings, skipped = before.findings + check.findings, before.skipped or check.skipped
            self._by_name[check.name] = Check(
                check.name, before.n + check.n, findings, skipped, before.notes + check.notes
            )

    def hold(self, name: str, same: bool, code: str, place: Place, /, **words: object) -> None:
        """Count one comparison; one that fails is a finding."""
        self.add(Check(name, 1, () if same else (Message(code, place, words),)))

    def fault(self, name: str, code: str, place: Place, /, **words: object) -> None:
        """Add a finding to what is counted already, or never can be."""
        self.add(Check(name, 0, (Message(code, place, words),)))

    def attempt(self, name: str, work: Callable[[], Iterable[Check]]) -> None:
        """Do a check. What is damaged can break it anywhere: that it could not be finished is then its finding."""
        try:
            checks = tuple(work())
        except IwwError as error:
            checks = (Check(name, 1, error.messages),)
        except Exception as error:  # the error's own words can hold what a cell held
            words = {"check": name, "kind": type(error).__name__}
            checks = (Check(name, 1, (Message("verify_broken", words=words),)),)
        self.add(*checks)
