"""Check a finished report: its hashes and its files anywhere, and every number again where its raw files lie."""

from collections.abc import Callable
from contextlib import suppress

from iww_analysis.messages.errors import IwwError, Lang, Message, Place
from iww_analysis.verify import hashes, inside, signing
from iww_analysis.verify.evidence import FORMATS, MANIFEST, Contents, Evidence, HashedFiles
from iww_analysis.verify.finished import finished
from iww_analysis.verify.outcome import Check, Verified, joined, tried

Kept = tuple[str, Callable[[], bytes]]  # the name of a file, and what gives its content


def checked(evidence: Evidence, name: str, kept: Kept | None = None) -> Verified:
    """Check all of a report that can be checked here; whatever is damaged is a finding, never a failure.

    `kept`: the manifest, signature or public key that a reviewer kept.
    """
    checks = [
        *tried("manifest", lambda: hashes.check(evidence)),
        *tried("signature", lambda: [signing.check(evidence.report)]),
    ]
    if kept is not None:
        file, read = kept
        checks += tried("against", lambda: [signing.against(evidence.report, read(), file)])
    manifest = evidence.manifest
    if manifest is None:  # said by the check of hashes
        return Verified(name, joined(checks))
    if manifest["format"] not in FORMATS:
        words = {"found": manifest["format"], "expected": ", ".join(FORMATS)}
        return Verified(
            name, joined([*checks, Check("manifest", 0, (Message("report_format", Place(MANIFEST), words),))])
        )
    report = _readable(evidence.report)
    lang: Lang = "en" if manifest["lang"] == "en" else "nl"
    checks += tried("finished", lambda: finished.check(report, lang))
    within = tried("recount", lambda: inside.check(evidence, manifest, report))
    undone = [
        Check(left, 0, skipped="damaged") for left in inside.NAMES if left not in {check.name for check in within}
    ]
    return Verified(name, joined([*checks, *within, *undone]))


def _readable(report: HashedFiles) -> Contents:
    """The files of a report by path; one that cannot be read is left out: the check of hashes names it."""
    contents = dict[str, bytes]()
    for path in report:
        with suppress(IwwError):
            contents[path] = report[path]
    return contents
