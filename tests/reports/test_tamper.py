"""A sample of `python -m benchmarks.tamper`: what was altered in a report is named, and nothing in an untouched one."""

import random
from collections import Counter
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from benchmarks import tamper
from benchmarks.forging import CAREFUL, rehashed
from benchmarks.spoiling import SINGLE, Tree
from iww_analysis.commands.verify import evidence_of, verify
from iww_analysis.io.disk.home import Home
from iww_analysis.verify import hashes, signing
from iww_analysis.verify.evidence import Remade
from shared.long import sampled

Made = tuple[Home, Remade]
THOROUGH = (
    "drawn number: receipts, csv, picture, pages", "length of a bar: picture, pages", "n counted or asked for: receipts",
    "rows behind a mark: receipts", "mark gone: receipts, csv, picture, pages", "value in a processed table",
    "numbers of a ledger",
)  # fmt: skip

pytestmark = pytest.mark.long  # a short one of its kind: tests/reports/test_verify.py, the lies


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """A finished report on two small sources; what is made anew is taken to be as it lies (test_determinism holds that)."""
    home = tamper.made_home(tmp_path_factory.mktemp("tamper"))
    return home, tamper.as_it_lies(home)


def test_an_untouched_report_holds(made: Made) -> None:
    found = verify(made[0], tamper.NAME, remade=made[1])
    assert [message.say("en") for check in found.checks for message in check.findings] == []
    assert {check.name: check.skipped for check in found.checks if check.skipped} == {"signature": "unsigned"}
    assert sum(check.n for check in found.checks) > 5000


@pytest.mark.parametrize("number", sampled(range(2 * len(SINGLE)), range(len(SINGLE))))
def test_what_is_altered_is_named_by_a_hash(made: Made, number: int) -> None:
    outcome = tamper.single(*made, seed=5, number=number)
    assert outcome.kind == list(SINGLE)[number % len(SINGLE)]
    assert tamper.is_named(outcome, by_recount=False), outcome


@pytest.mark.parametrize("kind", THOROUGH)
def test_what_is_forged_with_every_hash_is_named_by_the_recount(made: Made, kind: str) -> None:
    outcome = tamper.careful(*made, seed=5, number=list(CAREFUL).index(kind))
    assert outcome.kind == kind
    assert tamper.is_named(outcome, by_recount=True), outcome
    assert not outcome.found_by & tamper.HASHES  # each hash fits: it is not by them


def test_a_page_of_a_table_has_a_checksum_of_its_own(made: Made) -> None:
    tree, path = Tree(made[0], tamper.NAME), "data/processed/elburg/cases.parquet"
    content = bytearray(tree.files[path])
    content[len(content) // 3] ^= 1
    with tamper.changed(tree, rehashed(tree, {path: bytes(content)})):
        found = {
            check.name: [m.place.file for m in check.findings]
            for check in hashes.check(evidence_of(made[0], tamper.NAME))
        }
    assert {name: said for name, said in found.items() if said} == {"pages": [path]}


def test_words_written_since_are_named_as_such(made: Made) -> None:
    place = made[0].report(tamper.NAME) / "duiding.md"
    before = place.read_bytes()
    place.write_bytes(before + b"\n## F01\n\nRustig in de zomer.\n")
    found = [m for check in hashes.check(evidence_of(made[0], tamper.NAME)) for m in check.findings]
    place.write_bytes(before)
    assert [message.say("nl") for message in found] == [
        "bestand duiding.md: de Duiding is veranderd nadat het rapport is gemaakt; daarom zijn hieronder ook de pagina's anders. "
        "Maak het rapport opnieuw met ‘iww report’ en loop het dan na."
    ]


def test_a_report_is_whole_again_after_each(made: Made) -> None:
    assert [message for check in hashes.check(evidence_of(made[0], tamper.NAME)) for message in check.findings] == []


def test_outside_the_safe_zone_the_report_alone_is_checked(made: Made, tmp_path: Path) -> None:
    """A released report without raw files: hashes and files hold, the rest is said to be skipped; a forgery is still found."""
    tree = Tree(made[0], tamper.NAME)
    outside = Home(tmp_path / "buiten")
    for path in tree.report("*") + tree.report("*/*"):
        place = outside.path / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(tree.files[path])
    found = verify(outside, tamper.NAME)
    assert found.ok
    skipped = Counter(check.skipped for check in found.checks if check.skipped)
    assert skipped == {"no_receipts": 3, "outside": 3 + len(tamper.RECOUNTED), "unsigned": 1}
    kept = signing.signed(
        tree.files[f"reports/{tamper.NAME}/manifest.json"], found.checks, Ed25519PrivateKey.generate()
    )
    assert kept["not_checked"]["recount"] == "outside"
    forged = rehashed(tree, CAREFUL["length of a bar: picture, pages"](tree, random.Random(1)))
    for path, content in forged.items():
        if path.startswith("reports/"):
            (outside.path / path).write_bytes(content or b"")
    assert {check.name for check in verify(outside, tamper.NAME).checks if check.findings} == {"measures"}
