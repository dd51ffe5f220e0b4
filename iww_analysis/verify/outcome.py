"""Hold what a check of a report came to: how many things were held against each other, and each that does not hold."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from iww_analysis.messages import sentences
from iww_analysis.messages.errors import IwwError, Lang, Message


@dataclass(frozen=True)
class Check:
    """One kind of check.

    `name`: a code with words in `messages/verify.toml`; `n`: how many things were held against each other; `findings`: each
    that does not hold. `skipped`: code of why it could not be done here, as outside the safe zone; one that was done in part
    has both.
    """

    name: str
    n: int
    findings: tuple[Message, ...] = ()
    skipped: str = ""

    def say(self, lang: Lang) -> str:
        """What was held against what."""
        return _words()["check"][self.name][lang]

    def why(self, lang: Lang) -> str:
        """Why it could not be done, or not wholly; empty when it was."""
        return _words()["skipped"][self.skipped][lang] if self.skipped else ""


@dataclass(frozen=True)
class Verified:
    """All checks of one report. A check that could not be done is no failure: it is said, and counts nothing."""

    report: str
    checks: tuple[Check, ...]

    @property
    def ok(self) -> bool:
        """Whether everything that could be checked holds."""
        return not any(check.findings for check in self.checks)

    def lines(self, lang: Lang) -> list[str]:
        """Say what was checked and how many, what could not be and why, each thing that does not hold, and what it comes to."""
        words = {name: text[lang] for name, text in _words()["said"].items()}
        done = [words["line"].format(n=check.n, what=check.say(lang), outcome=_outcome(check, words))
                for check in self.checks if check.n]  # fmt: skip
        undone = dict[str, list[str]]()
        for check in self.checks:
            if check.skipped:
                undone.setdefault(check.why(lang), []).append(check.say(lang))
        wrong = [finding.say(lang) for check in self.checks for finding in check.findings]
        total = sum(check.n for check in self.checks)
        return [
            *done,
            *(words["left"].format(why=why, what="; ".join(names)) for why, names in undone.items()),
            *wrong,
            words["ok" if self.ok else "wrong"].format(name=self.report, n=total, wrong=len(wrong)),
        ]


def tried(name: str, work: Callable[[], Sequence[Check]]) -> Sequence[Check]:
    """Do a check. What is damaged can break it anywhere: that it could not be finished is then its finding."""
    try:
        return work()
    except IwwError as error:
        return [Check(name, 1, error.messages)]
    except Exception as error:  # the error's own words can hold what a cell held
        return [Check(name, 1, (Message("verify_broken", words={"check": name, "kind": type(error).__name__}),))]


def joined(checks: Sequence[Check]) -> tuple[Check, ...]:
    """Put checks of one name together, in the order in which their names first come."""
    by_name = dict[str, list[Check]]()
    for check in checks:
        by_name.setdefault(check.name, []).append(check)
    return tuple(
        Check(
            name,
            sum(check.n for check in alike),
            tuple(finding for check in alike for finding in check.findings),
            next((check.skipped for check in alike if check.skipped), ""),
        )
        for name, alike in by_name.items()
    )


def _outcome(check: Check, words: Mapping[str, str]) -> str:
    return words["fails"].format(n=len(check.findings)) if check.findings else words["holds"]


@cache
def _words() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    return sentences.read("verify")
