"""Verify a report: open what lies here of it and of its sources, make everything anew, and hold the one against the other."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from iww_analysis.commands import build, source_key
from iww_analysis.commands.shown_counts import audited
from iww_analysis.io.disk import files, key_file, locks
from iww_analysis.io.disk.home import INTERNAL, LEDGER, Home
from iww_analysis.io.disk.lazy_files import LazyFiles
from iww_analysis.io.processed import database
from iww_analysis.io.processed.inputs import inputs_hash
from iww_analysis.messages.console import ACT, OK, Console
from iww_analysis.messages.errors import IwwError, Lang, Message, fail
from iww_analysis.report.manifest import Request, versions
from iww_analysis.verify import signing
from iww_analysis.verify.checks import checked
from iww_analysis.verify.evidence import MANIFEST, SIGNATURE, Evidence, Remade, inside_of, manifest_of
from iww_analysis.verify.outcome import Verified


def verify(home: Home, name: str, *, against: Path | None = None, remade: Remade | None = None) -> Verified:
    """Check all of a report that can be checked here; whatever is damaged is a finding, never a failure.

    `against`: the manifest, signature or public key that a reviewer kept. `remade`: tables and report made anew before, to
    check many reports against one making. Raises IwwError where there is no such report.
    """
    kept = (against.name, partial(files.read_bytes, against)) if against else None
    return checked(evidence_of(home, name, remade), name, kept)


def evidence_of(home: Home, name: str, remade: Remade | None = None) -> Evidence:
    """Open what lies here of a report and of its sources."""
    report = LazyFiles.of_report(home, name)
    if MANIFEST not in report:
        known = sorted(folder.name for folder in (*home.reports(), *home.reports(INTERNAL)))
        raise fail("report_unknown", found=name, known=", ".join(known) or "-")
    sources = (manifest_of(report) or {}).get("sources", ())
    return evidence(home, report, sources, lambda: remade or make_anew(home, name))


def evidence(home: Home, report: LazyFiles, sources: Sequence[str], anew: Callable[[], Remade]) -> Evidence:
    """Open what lies here of some sources, beside the files of a report; `anew` makes both again when it is asked for."""
    places = [place for s in sources for place in (home.raw / s, home.crosswalk(s), home.processed(s), home.shown(s))]
    return Evidence(
        report=report,
        manifest=manifest_of(report) if MANIFEST in report else None,
        inside=inside_of(report, sources),
        home=LazyFiles(home.path, places),
        origins=lambda: {source: build.origin_of(home, source) for source in sources},
        database=partial(database.opened, [home.processed(source) for source in sources]),
        key_with=key_file.with_check,
        anew=anew,
    )


def make_anew(home: Home, name: str) -> Remade:
    """Build a report's sources from raw, and make it from the tables that lie there; nothing is written.

    The report is not made when the tables are not of these raw files and this library: its notebooks would build them.
    """
    from iww_analysis.commands.report.make import make  # takes a notebook's format, that other checks do without

    manifest = files.read_json(home.report(name) / MANIFEST)
    if source_key.key_faults(home, manifest["sources"]):
        return Remade({}, {}, skipped="no_key")
    processed, stopped = dict[str, Mapping[str, bytes]](), list[Message]()
    inputs = {source: files.read_json(home.processed(source) / LEDGER).get("inputs") for source in manifest["sources"]}
    for source in manifest["sources"]:
        try:
            processed[source] = dict(build.contents(home, source, build.build(home, source), inputs[source]))
        except IwwError as error:
            stopped += error.messages
    if any(inputs[source] != inputs_hash(home, source) for source in manifest["sources"]):
        return Remade(processed, {}, tuple(stopped), "not_current")
    lang: Lang = "en" if manifest["lang"] == "en" else "nl"
    request = Request(name, tuple(manifest["sources"]), manifest["study"], lang, manifest["internal"])
    return Remade(processed, make(home, request).files, tuple(stopped), "", manifest["versions"] == versions())


def sign(home: Home, verified: Verified, key_path: Path, signer: str = "") -> str:
    """Sign a report that holds and store `manifest.sig` beside its manifest; give the public key, to be handed over.

    The signature says too what was checked before, and what could not be; it takes the place of an earlier one. `key_path` is
    made when it does not exist, for its owner alone. `signer`: who signs, as a reader should know them. Raises IwwError where
    others could come by the key.
    """
    checks = signing.to_be_signed(verified)
    key = signing_key(home, key_path)
    folder = home.report(verified.report)
    signature = signing.signed(files.read_bytes(folder / MANIFEST), checks, key, signer)
    with locks.held(home, "report", verified.report):
        files.write_json(folder / SIGNATURE, signature)
    return signing.public_key(key)


def signing_key(home: Home, key_path: Path) -> Ed25519PrivateKey:
    """Give the key that signs, made where there is none, for its owner alone; raises IwwError where others could come by it."""
    content = files.read_if_there(key_path) or signing.new_key()
    key = signing.private_key(content, key_path.name)
    if found := [*key_file.within_reach(key_path, home)]:
        raise IwwError(*found)
    files.write_bytes(key_path, content)
    return key


def run(
    home: Home, console: Console, *, report_name: str, sign_with: Path | None, signer: str, against: Path | None, audit: bool
) -> int:  # fmt: skip
    """Verify a report and say what was found; gives the exit code. `audit`: attack what it shows of registers anew."""
    with console.busy("verifying"):
        verified = verify(home, report_name, against=against)
        if audit:
            sources = files.read_json(home.report(report_name) / MANIFEST)["sources"]
            verified = replace(verified, checks=(*verified.checks, audited(home, sources)))
    console.write("\n".join(verified.lines(console.lang)))
    key = sign(home, verified, sign_with, signer) if sign_with else ""
    if key:
        console.say("signed", file=SIGNATURE, key=key)
    if key and not signer:
        console.say("signed_unnamed")
    console.give({"ok": verified.ok, "report": report_name, "public_key": key, "checks": [
        {"name": check.name, "n": check.n, "skipped": check.skipped, "findings": console.documents(check.findings),
         "notes": console.documents(check.notes)}
        for check in verified.checks
    ]})  # fmt: skip
    return OK if verified.ok or key else ACT
