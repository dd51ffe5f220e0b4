"""Releasing: every reason why a report may not leave, as a whole sentence; what leaves is the same bytes each time."""

import datetime as dt
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from iww_analysis.commands import release as command
from iww_analysis.io.disk import files
from iww_analysis.io.disk.home import Home
from iww_analysis.messages.errors import IwwError, Message, Place
from iww_analysis.report.manifest import as_json, sha256
from iww_analysis.verify import signing
from iww_analysis.verify.outcome import Check, Verified
from iww_analysis.verify.release import bundle, declared, gate, units
from iww_analysis.verify.release.gate import Candidate, Earlier
from shared.frames import drawn

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(7, 39)))
SAID = {
    "made_by": "A. Jansen", "made_role": "onderzoeker", "checked_by": "B. de Vries", "checked_role": "functionaris",
    "purpose": "raadsbrief", "date": dt.date(2026, 12, 1), "refusals": dict.fromkeys(declared.reasons(), "no"),
}  # fmt: skip
PUBLIC = {
    "index.html": b"<p>10</p>",
    "figures/F05.json": b'{"access": "public", "rule": {"name": "register"}, "marks": []}',
}
CASE_STUDY = b'{"access": "public", "rule": {"name": "case_study"}, "marks": [{"part": "x"}]}'
SHOWN = {**PUBLIC, "figures/F06.json": CASE_STUDY}
CASES = {"ede": {f"p1-{n}": "a" for n in range(40)}}
DONE = Verified("ede", (Check("files", 3), Check("recount", 9), Check("signature", 0, skipped="unsigned")))
PLACE = Place("uitgifte.toml")


def leaving(said: Mapping[str, Any] = SAID, public: Mapping[str, bytes] = PUBLIC, **manifest: Any) -> Candidate:
    """A report of a real register that may leave: all was verified and attacked, and nothing left before."""
    told = {
        "format": "iww-report/3", "name": "ede", "sources": ["ede"], "synthetic": False, "internal": False, "not_drawn": [],
        "numbers": {"F05": "1a"}, "words": {}, "code": "c", "pseudonym_key": "k", "versions": {"scipy": "1.17.1"},
        "inside": {"salt": "ede", "root": "f"}, "files": {path: sha256(content) for path, content in public.items()},
    }  # fmt: skip
    there = {**public, "manifest.json": as_json(told | manifest), "duiding.md": b"mijn woorden"}
    return Candidate("ede", there, DONE, Check("audit", 200), said, PLACE, CASES, dt.date(2026, 11, 1))


def left(release: str = "ede-2026-11-20", **other: Any) -> Earlier:
    day = dt.date.fromisoformat(release[-10:])
    whole = {"report": "ede", "date": day, "digest": "d", "sources": ["ede"], "units": CASES}
    return Earlier(release, **{**whole, **other})


def without(number: int) -> dict[str, dict[str, str]]:
    """The cases of the register, less some."""
    return {"ede": dict(list(CASES["ede"].items())[number:])}


def changed(number: int) -> dict[str, dict[str, str]]:
    """The same cases; of some something else is recorded."""
    return {"ede": {case: "b" if n < number else "a" for n, case in enumerate(CASES["ede"])}}


def said(**other: Any) -> dict[str, Any]:
    return SAID | other


def lacking(name: str) -> dict[str, Any]:
    return {each: value for each, value in SAID.items() if each != name}


def notebook(*cells: str) -> bytes:
    """A notebook with cells of code, and one of words."""
    code = [{"cell_type": "code", "source": [cell]} for cell in cells]
    return json.dumps({"cells": [*code, {"cell_type": "markdown", "source": ["study['cases']"]}]}).encode()


WRONG = Message("held_altered", Place("index.html"))
REFUSED: dict[str, tuple[Candidate, str, str]] = {
    "internal": (
        leaving(internal=True),
        "bestand reports/ede: dit rapport toont onbeschermde aantallen en gaat niet naar buiten. Maak het zonder --internal.",
        "file reports/ede: this report shows unprotected numbers and does not leave. Make it without --internal."),
    "something does not hold": (
        replace(leaving(), verified=Verified("ede", (Check("files", 3, (WRONG,)),))),
        "bestand reports/ede: bij het nalopen klopt 1 ding niet. Zie ‘iww verify --report ede’, en maak het rapport opnieuw.",
        "file reports/ede: 1 thing does not hold when it is verified. See ‘iww verify --report ede’, and make the report again."),
    "not all was verified": (
        replace(leaving(), verified=Verified("ede", (Check("recount", 0, skipped="outside"),))),
        "bestand reports/ede: niet alles is hier na te lopen: tekens en ruwe getallen: opnieuw geteld in DuckDB. Zie met ‘iww "
        "verify --report ede’ waarom, en geef uit waar dat wel kan.",
        "file reports/ede: not all can be verified here: marks and raw numbers: counted again in DuckDB. See by ‘iww verify "
        "--report ede’ why, and release where it can."),
    "not attacked": (
        replace(leaving(), audit=Check("audit", 0, skipped="no_audit")),
        "bestand reports/ede: het is niet nagegaan of kleine aantallen uit dit rapport af te leiden zijn. Geef het niet uit; "
        "vraag wie de bescherming nakijkt.",
        "file reports/ede: it was not found out whether small counts follow from this report. Do not release it; ask who looks "
        "after the protection."),
    "too much follows": (
        replace(leaving(), audit=Check("audit", 9, (WRONG, WRONG))),
        "bestand reports/ede: van 2 aantallen is uit wat er staat te veel af te leiden. Maak het rapport opnieuw, zodat die "
        "anders worden getoond.",
        "file reports/ede: too much of 2 counts follows from what stands there. Make the report again, so that these are shown "
        "otherwise."),
    "a figure that was not drawn": (
        leaving(not_drawn=["F05"]),
        "bestand reports/ede: deze figuren konden niet worden getekend: F05. Los op waarom, en maak het rapport opnieuw.",
        "file reports/ede: these figures could not be drawn: F05. Solve why, and make the report again."),
    "words about other numbers": (
        leaving(words={"F05": {"words": "w", "numbers": "other"}}),
        "bestand reports/ede/duiding.md: de duiding bij F05 gaat over andere cijfers dan er nu staan. Lees haar na, wijzig haar, "
        "en maak het rapport opnieuw.",
        "file reports/ede/duiding.md: the words on F05 are about other numbers than stand there now. Read them again, change "
        "them, and make the report again."),
    "a kind of file that hides something": (
        leaving(public={**PUBLIC, "lijst.xlsx": b"PK"}),
        "bestand reports/ede/lijst.xlsx: in een bestand van deze soort kan meer staan dan te zien is. Haal het weg; wat naar "
        "buiten mag, eindigt op .html, .svg, .png, .csv, .json, .ipynb, .sig.",
        "file reports/ede/lijst.xlsx: a file of this kind can hold more than is seen. Take it away; what may leave ends in "
        ".html, .svg, .png, .csv, .json, .ipynb, .sig."),
    "a restricted receipt": (
        leaving(public={**PUBLIC, "figures/F05.json": b'{"access": "restricted"}'}),
        "bestand reports/ede/figures/F05.json: dit bestand zegt van zichzelf dat het binnen blijft. Haal het weg uit de map van "
        "wat naar buiten mag, en maak het rapport opnieuw.",
        "file reports/ede/figures/F05.json: this file says of itself that it stays inside. Take it from the folder of what may "
        "leave, and make the report again."),
    "a notebook that shows what it was told to": (
        replace(leaving(public={**PUBLIC, "notebooks/20.ipynb": notebook("lang = 'nl'", "draw()", "study['cases']")}),
                library_code=frozenset({"draw()"})),
        "bestand reports/ede/notebooks/20.ipynb: in dit notebook staat 1 cel met code die niet van de bibliotheek is; wat die "
        "toont, kan onbeschermd zijn. Zet eigen werk in notebooks/eigen, neem hier het notebook van de bibliotheek, en maak het "
        "rapport opnieuw.",
        "file reports/ede/notebooks/20.ipynb: in this notebook stands 1 cell of code that is not of the library; what it shows "
        "may be unprotected. Put your own work in notebooks/eigen, take the library's notebook here, and make the report again."),
    "nobody made it": (
        leaving(lacking("made_by")),
        "bestand uitgifte.toml: er staat niet ‘made_by’ (Wie maakte dit rapport). Vul het in.",
        "file uitgifte.toml: there is no ‘made_by’ (Who made this report). Fill it in."),
    "no purpose": (
        leaving(said(purpose=" ")),
        "bestand uitgifte.toml: er staat niet ‘purpose’ (Waarvoor gaat het naar buiten). Vul het in.",
        "file uitgifte.toml: there is no ‘purpose’ (What does it leave for). Fill it in."),
    "something that is not asked": (
        leaving(said(reviewer="C")),
        "bestand uitgifte.toml: dit wordt niet gevraagd: reviewer. Haal het weg; gevraagd worden made_by, made_role, checked_by, "
        "checked_role, purpose, date, refusals.unrounded, refusals.no_context, refusals.wrongly_protected, "
        "refusals.no_underlying, refusals.file_type.",
        "file uitgifte.toml: this is not asked: reviewer. Take it away; asked are made_by, made_role, checked_by, checked_role, "
        "purpose, date, refusals.unrounded, refusals.no_context, refusals.wrongly_protected, refusals.no_underlying, "
        "refusals.file_type."),
    "no day": (
        leaving(said(date="1 december")),
        "bestand uitgifte.toml: ‘date’ is geen dag. Schrijf die als 2026-12-01.",
        "file uitgifte.toml: ‘date’ is no day. Write it as 2026-12-01."),
    "a day before the data": (
        leaving(said(date=dt.date(2026, 10, 1))),
        "bestand uitgifte.toml: de dag van uitgifte (2026-10-01) ligt voor de dag waarop de gegevens binnenkwamen (2026-11-01). "
        "Geef de dag waarop het naar buiten gaat.",
        "file uitgifte.toml: the day of release (2026-10-01) is before the day on which the data were received (2026-11-01). "
        "Give the day on which it leaves."),
    "a day before the release before": (
        replace(leaving(), earlier=[left("ede-2026-12-15")]),
        "bestand uitgifte.toml: de dag van uitgifte (2026-12-01) ligt voor die van ede-2026-12-15, dat al naar buiten is. Geef "
        "de dag waarop het naar buiten gaat.",
        "file uitgifte.toml: the day of release (2026-12-01) is before that of ede-2026-12-15, which left already. Give the day "
        "on which it leaves."),
    "one person": (
        leaving(said(checked_by="a. jansen")),
        "bestand uitgifte.toml: wie het rapport maakte, keek het ook na. Laat een ander het nakijken, en zet diens naam bij "
        "‘checked_by’.",
        "file uitgifte.toml: who made the report checked it too. Let somebody else check it, and put that name under "
        "‘checked_by’."),
    "a reason that nobody looked at": (
        leaving(said(refusals=dict.fromkeys(declared.reasons()[1:], "no"))),
        "bestand uitgifte.toml: er staat niet of deze reden om te weigeren geldt: een aantal is niet beschermd "
        '(refusals.unrounded). Laat wie het nakeek, antwoorden met "no" of "yes".',
        "file uitgifte.toml: it is not said whether this reason to refuse holds: a count is not protected (refusals.unrounded). "
        'Let who checked answer "no" or "yes".'),
    "a reason that holds": (
        leaving(said(refusals={**SAID["refusals"], "no_context": "ja"})),  # type: ignore[dict-item]
        "bestand uitgifte.toml: wie het nakeek, vond een reden om te weigeren: er staat niet bij wat het is "
        "(refusals.no_context). Los die op, maak het rapport opnieuw en laat het opnieuw nakijken.",
        "file uitgifte.toml: who checked found a reason to refuse: it is not said what it is (refusals.no_context). Solve it, "
        "make the report again and have it checked again."),
    "words of cases that nobody read": (
        leaving(said(quotes_on="2026-11-30"), SHOWN),
        "bestand uitgifte.toml: dit rapport toont gevolgde casussen in woorden, en er staat niet wie ze nalas op herkenbaarheid "
        "en toestemming (‘quotes_by’). Laat ze nalezen en vul het in.",
        "file uitgifte.toml: this report shows followed cases in words, and it is not said who read them for what may point out "
        "a person and for consent (‘quotes_by’). Have them read and fill it in."),
    "unique cases that nobody decided on": (
        replace(leaving(said(quotes_by="C", quotes_on="2026-11-30"), SHOWN), undecided=2),
        "bestand data/receipts/ede/followed.csv: van 2 gevolgde casussen is niet besloten of zij zo getoond mogen worden. Vul "
        "‘besluit’, ‘door’ en ‘datum’ in en bewaar de lijst als data/decisions/followed.csv.",
        "file data/receipts/ede/followed.csv: of 2 followed cases nobody decided whether they may be shown so. Fill in "
        "‘decision’, ‘by’ and ‘date’ and save the list as data/decisions/followed.csv."),
    "a few cases more than before": (
        replace(leaving(), earlier=[left(units=without(9))]),
        "bestand reports/ede: ede heeft sinds de uitgifte ede-2026-11-20 minder dan 10 casussen meer of minder; wie beide heeft, "
        "trekt ze van elkaar af. Wacht tot het er 10 of meer zijn en geef dan in één keer uit.",
        "file reports/ede: since the release ede-2026-11-20, ede has fewer than 10 cases more or less; who has both subtracts "
        "them. Wait until there are 10 or more and release then, at once."),
    "a few cases that changed": (
        replace(leaving(), earlier=[left(units=changed(1), withdrawn=True)]),  # it was seen all the same
        "bestand reports/ede: van ede zijn sinds de uitgifte ede-2026-11-20 minder dan 10 casussen veranderd; wie beide heeft, "
        "trekt ze van elkaar af. Wacht tot het er 10 of meer zijn en geef dan in één keer uit.",
        "file reports/ede: since the release ede-2026-11-20, fewer than 10 cases of ede were changed; who has both subtracts "
        "them. Wait until there are 10 or more and release then, at once."),
    "cases that are not known any more": (
        replace(leaving(), earlier=[left(units=None)]),
        "bestand data/releases/ede-2026-11-20: het is niet bewaard over welke casussen ede-2026-11-20 gaat, dus of dit rapport "
        "daar te weinig van verschilt, is niet na te gaan. Zet data/releases/units/ede-2026-11-20.json terug.",
        "file data/releases/ede-2026-11-20: it is not kept which cases ede-2026-11-20 is about, so whether this report differs "
        "too little from it cannot be told. Put data/releases/units/ede-2026-11-20.json back."),
    "a bundle that was altered": (
        replace(leaving(), earlier=[left(whole=False)]),
        "bestand data/releases/ede-2026-11-20: wat hier van ede-2026-11-20 bewaard is, is niet meer wat naar buiten ging. Zet "
        "het terug uit een reservekopie.",
        "file data/releases/ede-2026-11-20: what is kept here of ede-2026-11-20 is no longer what left. Put it back from a "
        "backup."),
    "a name that was withdrawn": (
        replace(leaving(), earlier=[left("ede-2026-12-01", withdrawn=True)]),
        "bestand reports/ede: ede-2026-12-01 is ingetrokken. Geef uit op een andere dag, dan heeft de uitgifte een andere naam.",
        "file reports/ede: ede-2026-12-01 was withdrawn. Release on another day, then the release has another name."),
}  # fmt: skip


@pytest.mark.parametrize("why", REFUSED)
def test_a_report_that_may_not_leave_is_refused_in_a_sentence(why: str) -> None:
    candidate, dutch, english = REFUSED[why]
    found = gate.faults(candidate)
    assert ([each.say("nl") for each in found], [each.say("en") for each in found]) == ([dutch], [english])


def test_a_report_of_which_all_is_said_and_checked_may_leave() -> None:
    assert gate.faults(leaving()) == []
    invented = replace(leaving(synthetic=True), audit=Check("audit", 0, skipped="no_audit"))
    assert gate.faults(invented) == []


@pytest.mark.parametrize("other", [without(0), without(10), changed(10), {"elders": {"p1-1": "z"}}])
def test_what_differs_by_nothing_or_by_enough_may_leave(other: units.Units) -> None:
    assert gate.faults(replace(leaving(), earlier=[left(units=other)])) == []


def test_every_reason_is_said_at_once() -> None:
    found = gate.faults(replace(leaving({}), audit=Check("audit", 0, skipped="no_audit")))
    assert [each.code for each in found] == [
        "release_unaudited",
        *["release_field_absent"] * 6,
        *["release_reason_open"] * 5,
    ]


# ---- the cases that a release is about --------------------------------------------------------------------------------------

TABLES = {
    "cases": drawn("""
        source | source_id | source_row | case_id | closure_reason
        ede    | 1/a.csv   | 2          | p1      | moved
        ede    | 1/a.csv   | 3          | p2      | moved
        oss    | 1/b.csv   | 2          | p1      | moved
    """),
    "meetings": drawn("""
        source | source_id | source_row | case_id | kind
        ede    | 1/a.csv   | 2          | p1      | joint
    """),
}


def of(tables: Mapping[str, pd.DataFrame]) -> dict[str, str]:
    return units._of_source("ede", tables)


def test_a_case_is_another_when_anything_that_is_recorded_of_it_is() -> None:
    before, meetings = of(TABLES), TABLES["meetings"]
    assert set(before) == {"p1", "p2"}
    after = of({**TABLES, "meetings": meetings.assign(kind=pd.Categorical([None], ["joint"]))})
    assert (after["p1"] == before["p1"], after["p2"] == before["p2"]) == (False, True)
    assert of({**TABLES, "meetings": meetings.assign(source_id="2/c.csv", source_row=9)}) == before  # delivered again


def test_who_was_erased_has_no_name_in_what_is_kept_and_still_counts() -> None:
    """Else the next release, beside the one before, would tell of this one person."""
    kept = units.document("ede-2026-11-20", "c", CASES)
    after = units.without_names(units.without_names(kept, "ede", {"p1-0"}), "ede", {"p1-1"})["sources"]
    assert [case for case in after["ede"] if not case.startswith("p1-")] == ["erased-1", "erased-2"]
    assert len(after["ede"]) == 40
    (message,) = units.differing(without(2), after, "ede-2026-11-20", PLACE)
    assert message.code == "release_differs_few"
    assert units.without_names(kept, "oss", {"p1-0"}) == kept


# ---- what leaves ------------------------------------------------------------------------------------------------------------


def made(candidate: Candidate | None = None) -> dict[str, bytes]:
    return bundle.bundle(candidate or leaving(), b'{"of": "inside"}', b"k" * 32, KEY)


def test_what_leaves_is_public_and_the_same_bytes_each_time() -> None:
    files_ = made()
    assert files_ == made()
    assert set(files_) == {*PUBLIC, "manifest.json", "release.json"}
    told = json.loads(files_["release.json"])
    assert (told["checked_by"], told["not_checked"]) == ("B. de Vries", {"signature": "unsigned"})
    assert signing.check_release(Held(files_)).findings == ()
    assert bundle.is_whole(files_)


def test_what_was_held_against_earlier_releases_is_said() -> None:
    """After a new version of the library a record can differ though nothing in it did: then only the cases were compared."""
    before = [left(code="c"), left("ede-2026-11-21", code="b"), left("oss-2026-11-22", report="oss", sources=["oss"])]
    told = json.loads(made(replace(leaving(), earlier=before))["release.json"])
    assert told["earlier"] == {
        "ede-2026-11-20": ["cases", "records"],
        "ede-2026-11-21": ["cases"],
        "oss-2026-11-22": [],
    }


def test_two_releases_of_the_same_cannot_be_compared_by_the_root() -> None:
    later = leaving(said(date=dt.date(2027, 1, 5)))
    one, other = (json.loads(each["manifest.json"])["inside"] for each in (made(), made(later)))
    assert (one["salt"], other["salt"]) == ("ede-2026-12-01", "ede-2027-01-05")
    assert one["root"] != other["root"]


class Held(dict[str, bytes]):
    """Files that know their hashes."""

    def sha256(self, path: str) -> str:
        return sha256(self[path])


ALTERED: dict[str, Callable[[dict[str, bytes]], None]] = {
    "who checked": lambda made: made.update({"release.json": made["release.json"].replace(b"de Vries", b"de Wit")}),
    "the manifest": lambda made: made.update({"manifest.json": made["manifest.json"].replace(b"1.17.1", b"1.17.2")}),
}


@pytest.mark.parametrize("alter", ALTERED.values(), ids=ALTERED)
def test_a_release_that_was_altered_is_named(alter: Callable[[dict[str, bytes]], None]) -> None:
    files_ = made()
    alter(files_)
    assert signing.check_release(Held(files_)).findings


def test_a_bundle_of_which_a_page_was_altered_is_not_whole() -> None:
    assert not bundle.is_whole(made() | {"index.html": b"<p>11</p>"})
    assert not bundle.is_whole({})


# ---- on the disk ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def key(monkeypatch: pytest.MonkeyPatch, home: Home, tmp_path: Path) -> Path:
    """A report that lies here, with its manifest of inside; a place for the key that signs."""
    monkeypatch.setattr(command, "key_of_rows", lambda home, sources: b"k" * 32)
    files.write_bytes(home.receipts("ede") / "manifest.json", b"{}")
    (tmp_path / "sleutels").mkdir(mode=0o700)
    return tmp_path / "sleutels" / "ede.pem"


def test_a_release_is_written_out_of_the_house_kept_and_written_down(home: Home, tmp_path: Path, key: Path) -> None:
    place = command.release(home, leaving(), tmp_path / "uit", key)
    out = {path.relative_to(place).as_posix(): path.read_bytes() for path in place.rglob("*") if path.is_file()}
    assert (place.name, set(out)) == ("ede-2026-12-01", {*PUBLIC, "manifest.json", "release.json"})
    (there,) = command.earlier(home)
    assert (there.release, there.units, there.whole, there.withdrawn) == ("ede-2026-12-01", CASES, True, False)
    again = replace(leaving(), earlier=[there])
    assert (
        command.release(home, again, tmp_path / "elders", key).joinpath("release.json").read_bytes()
        == out["release.json"]
    )
    assert len((home.releases / "releases.jsonl").read_text("utf-8").splitlines()) == 1


def test_a_withdrawal_is_added_and_erases_nothing(home: Home, tmp_path: Path, key: Path) -> None:
    command.release(home, leaving(), tmp_path / "uit", key)
    by = {"withdrawn_by": "A. Jansen", "why": "fout in de bron", "date": "2026-12-03"}
    command.withdraw(home, "ede-2026-12-01", by, PLACE)
    (there,) = command.earlier(home)
    assert (there.withdrawn, there.whole) == (True, True)
    with pytest.raises(IwwError, match=r"ede-2026-12-01 is al ingetrokken; dat staat er\. Er is niets te doen\.$"):
        command.withdraw(home, "ede-2026-12-01", by, PLACE)
    with pytest.raises(IwwError, match=r"^Er is geen uitgifte ‘oss’\. Er zijn: ede-2026-12-01\.$"):
        command.withdraw(home, "oss", by, PLACE)


def test_a_withdrawal_says_who_why_and_when() -> None:
    assert [each.say("nl") for each in declared.of_withdrawal({"why": "x", "date": "gisteren"}, PLACE)] == [
        "bestand uitgifte.toml: er staat niet ‘withdrawn_by’ (Wie trekt de uitgifte in). Vul het in.",
        "bestand uitgifte.toml: ‘date’ is geen dag. Schrijf die als 2026-12-01.",
    ]


def test_where_a_release_may_not_lie_is_said(home: Home, tmp_path: Path, key: Path) -> None:
    within, taken = home.path / "data" / "uit", tmp_path / "uit"
    with pytest.raises(
        IwwError, match=r"deze map ligt in de projectmap; een uitgifte gaat naar buiten\. Geef met --to een map"
    ):
        command.release(home, leaving(), within, key)
    files.write_bytes(taken / "ede-2026-12-01" / "iets.txt", b"1")
    with pytest.raises(
        IwwError, match=r"in deze map ligt al iets anders\. Geef met --to een andere map, of maak deze leeg\.$"
    ):
        command.release(home, leaving(), taken, key)
    assert not home.releases.exists()


def test_another_content_under_the_same_name_does_not_leave(home: Home, tmp_path: Path, key: Path) -> None:
    command.release(home, leaving(), tmp_path / "uit", key)
    other = replace(leaving(public={**PUBLIC, "index.html": b"<p>15</p>"}), earlier=command.earlier(home))
    with pytest.raises(IwwError, match=r"ede-2026-12-01: ede-2026-12-01 is al naar buiten, met een andere inhoud"):
        command.release(home, other, tmp_path / "elders", key)


def test_a_list_of_releases_that_is_damaged_stops_everything(home: Home) -> None:
    files.write_bytes(home.releases / "releases.jsonl", b'{"event": "rele')
    with pytest.raises(
        IwwError, match=r"^bestand data/releases/releases\.jsonl: de lijst van uitgiften is beschadigd, dus met"
    ):
        command.earlier(home)
