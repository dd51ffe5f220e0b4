"""What leaves and what stays never share a folder; a report of before, that had both in one, is said and not read."""

import pytest

from iww_analysis.commands import report
from iww_analysis.commands.report import state
from iww_analysis.commands.trace import walk_back
from iww_analysis.commands.verify import verify
from iww_analysis.io.disk import files
from iww_analysis.io.disk.home import Home
from iww_analysis.io.disk.lazy_files import LazyFiles
from iww_analysis.messages.errors import IwwError
from iww_analysis.report.manifest import Request, manifests, root

OLD = {"format": "iww-report/2", "internal": False, "sources": ["here"]}


def lay(home: Home, name: str, **told: object) -> None:
    """A report as an earlier version left it."""
    folder = home.path / "reports" / name
    files.write_json(folder / "manifest.json", OLD | told)
    files.write_bytes(folder / "receipts" / "F05.json", b'{"raw": 3}')


def test_a_report_of_before_is_said_with_what_to_do(home: Home) -> None:
    lay(home, "ede")
    lay(home, "ede-intern", internal=True)
    files.write_json(home.path / "reports" / "nieuw" / "manifest.json", OLD | {"format": "iww-report/3"})
    files.write_bytes(home.path / "reports" / "kapot" / "manifest.json", b"{")
    assert [message.say("nl") for message in state.old_places(home)] == [
        "bestand reports/ede: dit rapport is van een eerdere versie: bij wat naar buiten mag, liggen nog ruwe aantallen en "
        "rijen. Maak het opnieuw met ‘iww report’ (--name ede); die gaan dan naar data/receipts.",
        "bestand reports/ede-intern: dit rapport is van een eerdere versie en toont onbeschermde aantallen, tussen rapporten die "
        "naar buiten mogen. Bewaar uw duiding.md en verwijder deze map; wat u nu met --internal maakt, komt in data/internal.",
    ]


def test_a_report_of_before_is_neither_verified_nor_traced(home: Home) -> None:
    lay(home, "ede")
    (finding,) = [message for check in verify(home, "ede").checks for message in check.findings]
    assert finding.say("en") == (
        "file manifest.json: this report is by an earlier version: raw counts and rows still lie among what may leave. Make it "
        "again with ‘iww report’ (--name ede); these then go to data/receipts."
    )
    with pytest.raises(IwwError, match=r"^bestand reports/ede: dit rapport is van een eerdere versie: "):
        walk_back(home, "F05", {}, "ede")


def test_its_receipts_go_when_it_is_made_again_and_the_words_stay(home: Home) -> None:
    lay(home, "ede")
    files.write_text(home.report("ede") / "duiding.md", "Mijn woorden.\n")
    report.write(home, state.Report("ede", {"index.html": b"new", "manifest.json": b"{}", "receipts/F05.json": b"{}"}))
    assert {path.name for path in home.report("ede").iterdir()} == {"index.html", "manifest.json", "duiding.md"}
    assert [path.name for path in home.receipts("ede").iterdir()] == ["F05.json"]


def test_where_a_report_lies_follows_from_its_name(home: Home) -> None:
    places = [home.from_here(home.report(name)) for name in ("ede", "ede-intern")]
    assert places == ["reports/ede", "data/internal/ede-intern"]
    assert home.from_here(home.receipts("ede")) == "data/receipts/ede"


@pytest.mark.parametrize(("name", "internal"), [("ede-intern", False), ("ede", True)])
def test_a_name_that_says_otherwise_than_what_is_shown_is_refused(name: str, internal: bool, home: Home) -> None:
    with pytest.raises(IwwError) as refused:
        report.report(home, ["here"], name, internal=internal)
    assert refused.value.say("nl") == (
        f"De naam van een rapport met onbeschermde aantallen eindigt op ‘-intern’, en geen andere. Gevonden: ‘{name}’. Kies een "
        "andere naam, of maak het met --internal."
    )


def test_what_lies_among_the_public_files_and_does_not_belong_there_has_its_own_path(home: Home) -> None:
    files.write_bytes(home.report("ede") / "receipts" / "F05.json", b"misplaced")
    files.write_bytes(home.receipts("ede") / "F05.json", b"inside")
    assert dict(LazyFiles.of_report(home, "ede")) == {
        "reports/ede/receipts/F05.json": b"misplaced", "receipts/F05.json": b"inside",
    }  # fmt: skip


def test_of_what_stays_inside_one_keyed_hash_is_told_outside() -> None:
    made_of = {"key": "secret key", "inputs": {"here": {"raw": {"a.csv": "plain hash"}}}, "code": "c"}
    made = {"index.html": b"page", "receipts/F05.json": b'{"raw": 3}'}
    public, inside = (manifests(Request("ede", ("here",)), True, made_of, made, b"k")[f"{place}manifest.json"]
                      for place in ("", "receipts/"))  # fmt: skip
    assert [word in inside for word in (b"secret key", b"plain hash", b"receipts/F05.json")] == [True, True, True]
    assert [word in public for word in (b"secret key", b"plain hash", b"receipts/F05.json")] == [False, False, False]
    assert root(inside, "ede", b"k")["root"].encode() in public
    assert len({root(inside, salt, key)["root"] for salt in ("ede", "oss") for key in (b"k", b"l")}) == 4
