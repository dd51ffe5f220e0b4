"""Check a finished report: its hashes and its files anywhere, and every number again where its raw files lie."""

from collections.abc import Callable
from contextlib import suppress

from iww_analysis.messages.errors import IwwError, Lang, Place
from iww_analysis.verify import hashes, signing, with_sources
from iww_analysis.verify.evidence import FORMATS, MANIFEST, Evidence
from iww_analysis.verify.finished import finished
from iww_analysis.verify.outcome import Check, Tally, Verified

Kept = tuple[str, Callable[[], bytes]]  # the name of a file, and what gives its content


def checked(evidence: Evidence, name: str, kept: Kept | None = None) -> Verified:
    """Check all of a report that can be checked here; whatever is damaged is a finding, never a failure.

    `kept`: the manifest, signature or public key that a reviewer kept.
    """
    tally, manifest = Tally(), evidence.manifest
    tally.attempt("manifest", lambda: hashes.check(evidence))
    tally.attempt("signature", lambda: [signing.check(evidence.report)])
    if kept is not None:
        file, read = kept
        tally.attempt("against", lambda: [signing.against(evidence.report, read(), file)])
    if manifest is None:  # the check of hashes tells it
        return Verified(name, tally.checks)
    if manifest["format"] not in FORMATS:
        expected = ", ".join(FORMATS)
        tally.fault("manifest", "report_format", Place(MANIFEST), found=manifest["format"], expected=expected)
        return Verified(name, tally.checks)
    report = dict[str, bytes]()
    for path in evidence.report:
        with suppress(IwwError):  # one that cannot be read is left out: the check of hashes names it
            report[path] = evidence.report[path]
    lang: Lang = "en" if manifest["lang"] == "en" else "nl"
    tally.attempt("finished", lambda: finished.check(report, lang))
    tally.attempt("recount", lambda: with_sources.check(evidence, manifest, report))
    done = {check.name for check in tally.checks}
    tally.add(*(Check(left, 0, skipped="damaged") for left in with_sources.NAMES if left not in done))
    return Verified(name, tally.checks)
