"""Decide whether a report may leave: every reason why not, each with its place and what to do."""

import ast
import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from iww_analysis.messages.errors import Message, Place
from iww_analysis.report import interpretation
from iww_analysis.verify.evidence import MANIFEST, Contents, Document, document
from iww_analysis.verify.hashes import NO_INPUT
from iww_analysis.verify.outcome import Check, Verified
from iww_analysis.verify.release import declared
from iww_analysis.verify.release.units import Units, differing

KINDS = (".html", ".svg", ".png", ".csv", ".json", ".ipynb", ".sig")  # of files that hold no more than is seen
LEFT = (interpretation.NAME, *NO_INPUT)  # lie in the folder and do not leave
MAY_LACK = ("signature", "against")  # what a report may leave without


@dataclass(frozen=True)
class Earlier:
    """One release that left before.

    `units`: the cases that it was about, None where they are no longer kept; `code`: the hash of the library that recorded them;
    `whole`: its bundle is as it left.
    """

    release: str
    report: str
    date: dt.date
    digest: str
    sources: Sequence[str]
    units: Units | None
    code: str = ""
    withdrawn: bool = False
    whole: bool = True


@dataclass(frozen=True)
class Candidate:
    """A report that is to leave, and all that decides whether it may.

    `files`: what lies in its folder of public files; `verified`: what verifying came to; `audit`: what the attack on what is
    shown came to; `said`: what people say of it, and `said_in`: where; `units`: the cases that it is about; `received`: the last
    day on which a delivery of it was received; `library_code`: the code in the notebooks of
    the library; `undecided`: how many followed cases nobody decided on; `earlier`: all that left
    before.
    """

    name: str
    files: Contents
    verified: Verified
    audit: Check
    said: declared.Said
    said_in: Place
    units: Units
    received: dt.date
    library_code: frozenset[str] = frozenset()
    undecided: int = 0
    earlier: Sequence[Earlier] = ()

    def with_said(self, said: declared.Said) -> "Candidate":
        """The same with more said of it."""
        return replace(self, said=said)

    @property
    def manifest(self) -> Document:
        """The public manifest."""
        return document(self.files[MANIFEST])

    @property
    def date(self) -> dt.date | None:
        """The day on which it leaves, as a person says."""
        return declared.day(self.said, "date")

    @property
    def release(self) -> str:
        """The name of the release: that of the report, and the day."""
        return f"{self.name}-{self.date or '?'}"

    @property
    def shows_cases(self) -> bool:
        """Whether followed cases are shown: exactly, with consent, and in words."""
        receipts = (document(content) for path, content in self.files.items() if _is_receipt(path))
        return any(receipt.get("rule", {}).get("name") == "case_study" and receipt.get("marks") for receipt in receipts)


def _is_receipt(path: str) -> bool:
    place = PurePosixPath(path)
    return place.suffix == ".json" and place.parent.name == "figures"


def faults(candidate: Candidate) -> list[Message]:
    """Every reason why a report may not leave; none where it may."""
    place = Place(f"reports/{candidate.name}")
    if candidate.manifest.get("internal"):
        return [Message("release_internal", place)]
    return [
        *_of_verifying(candidate, place),
        *_of_files(candidate, place),
        *_of_notebooks(candidate, place),
        *_of_cases(candidate),
        *declared.faults(candidate.said, candidate.said_in, case_study=candidate.shows_cases),
        *_of_date(candidate),
        *_of_earlier(candidate, place),
    ]


def _of_verifying(candidate: Candidate, place: Place) -> Iterator[Message]:
    """All was verified here, the attack left nothing open, and every figure was drawn."""
    checks = candidate.verified.checks
    if n := sum(len(check.findings) for check in checks):
        yield Message("release_wrong", place, {"n": n, "name": candidate.name})
    undone = [check for check in checks if check.skipped and not check.name.startswith(MAY_LACK)]
    if undone:
        what = {lang: "; ".join(check.say(lang) for check in undone) for lang in ("nl", "en")}
        yield Message("release_unseen", place, {"what": what, "name": candidate.name})
    if candidate.audit.findings:
        yield Message("release_audit_short", place, {"n": len(candidate.audit.findings)})
    elif candidate.audit.skipped and candidate.units and not candidate.manifest["synthetic"]:
        yield Message("release_unaudited", place)
    if not_drawn := candidate.manifest.get("not_drawn"):
        yield Message("release_not_drawn", place, {"figures": ", ".join(not_drawn)})
    numbers, words = candidate.manifest.get("numbers", {}), candidate.manifest.get("words", {})
    apart = [figure for figure, bound in words.items() if bound["numbers"] != numbers.get(figure)]
    if apart:
        yield Message("release_words_apart", Place(f"reports/{candidate.name}/{interpretation.NAME}"),
                      {"figures": ", ".join(apart)})  # fmt: skip


def _of_files(candidate: Candidate, place: Place) -> Iterator[Message]:
    """What lies there is what may leave, in kinds of files that hide nothing."""
    kinds = ", ".join(KINDS)
    for path in (path for path in candidate.files if PurePosixPath(path).name not in LEFT):
        if PurePosixPath(path).suffix not in KINDS:
            yield Message("release_file_type", Place(f"{place.file}/{path}"), {"kinds": kinds})
        elif path.endswith(".json") and document(candidate.files[path]).get("access") == "restricted":
            yield Message("release_inside_among", Place(f"{place.file}/{path}"))


def _of_notebooks(candidate: Candidate, place: Place) -> Iterator[Message]:
    """What notebooks show was shown by code of the library: that shows protected numbers, other code may show anything."""
    for path in (path for path in candidate.files if path.endswith(".ipynb")):
        own = [code for code in code_of(document(candidate.files[path])) if code not in candidate.library_code]
        if n := sum(not _only_sets_values(code) for code in own):
            yield Message("release_notebook_own", Place(f"{place.file}/{path}"), {"n": n})


def code_of(notebook: Document) -> list[str]:
    """The code of each cell of a notebook that has any."""
    return ["".join(cell["source"]) for cell in notebook.get("cells", ()) if cell["cell_type"] == "code"]


def _only_sets_values(code: str) -> bool:
    """Whether code does nothing but give names to plain values, as the parameters of a report are given."""
    try:
        lines = ast.parse(code).body
        return all(isinstance(line, ast.Assign) and ast.literal_eval(line.value) is not None for line in lines)
    except (SyntaxError, ValueError):
        return False


def _of_cases(candidate: Candidate) -> Iterator[Message]:
    """Somebody decided on each followed case that is alone with what is told of it."""
    if candidate.undecided:
        place = Place(f"data/receipts/{candidate.name}/followed.csv")
        yield Message("release_followed_open", place, {"n": candidate.undecided})


def _of_date(candidate: Candidate) -> Iterator[Message]:
    """It leaves after its data were received, and not before what left earlier."""
    date = candidate.date
    if date is None:
        return
    if date < candidate.received:
        yield Message("release_date_before_data", candidate.said_in, {"date": date, "received": candidate.received})
    of_report = [each for each in candidate.earlier if each.report == candidate.name and each.date > date]
    if of_report:
        last = max(each.release for each in of_report)
        yield Message("release_date_before_release", candidate.said_in, {"date": date, "release": last})


def _of_earlier(candidate: Candidate, place: Place) -> Iterator[Message]:
    """It differs from no earlier release by few, also not from one that was withdrawn: that was seen."""
    for each in candidate.earlier:
        kept = Place(f"data/releases/{each.release}")
        if not each.whole:
            yield Message("release_kept_changed", kept, {"release": each.release})
        if each.release == candidate.release and each.withdrawn:
            yield Message("release_withdrawn", place, {"release": each.release})
        if not {*each.sources} & {*candidate.units}:
            continue
        if each.units is None:
            yield Message("release_units_gone", kept, {"release": each.release})
        else:
            yield from differing(candidate.units, each.units, each.release, place)


def already(candidate: Candidate, digest: str) -> list[Message]:
    """Say that another release of this name left before; of the same bytes it may leave again."""
    there = {each.release: each.digest for each in candidate.earlier}
    if there.get(candidate.release, digest) == digest:
        return []
    return [Message("release_other", Place(f"data/releases/{candidate.release}"), {"release": candidate.release})]
