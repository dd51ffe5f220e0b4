"""Signing: only a report that holds is signed; who kept the manifest, the signature or the key can tell it from another."""

import json
import os
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from iww_analysis.commands.verify import sign
from iww_analysis.io.disk import files
from iww_analysis.io.disk.home import Home
from iww_analysis.io.disk.lazy_files import LazyFiles
from iww_analysis.messages.errors import IwwError, Message
from iww_analysis.verify import signing
from iww_analysis.verify.outcome import Check, Verified

HELD = Verified(
    "proef", (Check("files", 3), Check("sample", 0, skipped="outside"), Check("signature", 0, skipped="unsigned"))
)


def manifest(home: Home, **hashes: str) -> bytes:
    """Put a manifest in a report, and give it."""
    told = {
        "format": "iww-report/2",
        "name": "proef",
        "inputs": {},
        "files": hashes or {"index.html": "aa", "figures/F05.svg": "bb"},
    }
    files.write_json(home.report("proef") / "manifest.json", told)
    return (home.report("proef") / "manifest.json").read_bytes()


def signature(home: Home) -> Path:
    return home.report("proef") / "manifest.sig"


def signature_check(home: Home) -> Check:
    return signing.check(LazyFiles(home.report("proef")))


def held_against(home: Home, path: Path) -> Check:
    return signing.against(LazyFiles(home.report("proef")), path.read_bytes(), path.name)


def codes(check: Check) -> list[str]:
    return [message.code for message in check.findings]


@pytest.fixture
def key(home: Home, tmp_path: Path) -> str:
    """A signed report; the public key that was handed over."""
    manifest(home)
    return sign(home, HELD, tmp_path / "sleutel.pem", "A. Jansen, Ede")


def test_the_signature_is_over_the_manifest_and_what_was_checked(home: Home, key: str) -> None:
    told = json.loads(signature(home).read_text("utf-8"))
    assert told["manifest"] == files.sha256(manifest(home))
    assert (told["checked"], told["not_checked"]) == ({"files": 3, "sample": 0}, {"sample": "outside"})
    public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(key.removeprefix("ed25519 ")))
    # The message by hand: the format on a line of its own, then JSON with its names in order and no spaces.
    said = (
        f'{{"checked":{{"files":3,"sample":0}},"format":"iww-signature/2","manifest":"{told["manifest"]}",'
        f'"not_checked":{{"sample":"outside"}},"public_key":"{key}","signer":"A. Jansen, Ede"}}'
    )
    public.verify(bytes.fromhex(told["signature"]), b"iww-signature/2\n" + said.encode())
    with pytest.raises(InvalidSignature):
        public.verify(bytes.fromhex(told["signature"]), said.encode())


def test_a_signature_says_whether_the_numbers_were_counted_again() -> None:
    whole = dict.fromkeys(signing._RECOUNTED, 3)
    for checked, left, code in (
        (whole, {}, "signed_by"),
        (whole, {"report_anew": "not_current"}, "signed_partly"),
        ({"files": 3}, dict.fromkeys(signing._RECOUNTED, "outside"), "signed_unseen"),
    ):
        told = {"checked": checked, "not_checked": left, "signer": "A. Jansen"}
        assert (signing.signed_by(told).code, signing.signed_by(told).words["signer"]) == (code, "A. Jansen")


def test_a_signature_of_the_form_before_still_holds(home: Home, tmp_path: Path) -> None:
    key = signing.private_key(signing.new_key(), "x")
    told = signing.signed(manifest(home), [Check("files", 3)], key) | {"format": "iww-signature/1"}
    del told["signer"]
    files.write_json(signature(home), told | {"signature": key.sign(signing._message(told)).hex()})
    assert (signature_check(home).findings, signature_check(home).notes[0].words["signer"]) == ((), "–")
    del told["format"]
    files.write_json(signature(home), told | {"signature": "00"})
    assert codes(signature_check(home)) == ["signature_broken"]


def test_a_key_is_made_once_for_its_owner_alone(home: Home, key: str, tmp_path: Path) -> None:
    path = tmp_path / "sleutel.pem"
    assert path.read_bytes().startswith(b"-----BEGIN PRIVATE KEY-----")
    if os.name == "posix":
        assert path.stat().st_mode & 0o077 == 0
    before = signature(home).read_bytes()
    assert sign(home, HELD, path, "A. Jansen, Ede") == key
    assert signature(home).read_bytes() == before


def test_a_report_that_does_not_hold_is_not_signed(home: Home, tmp_path: Path) -> None:
    manifest(home)
    wrong = Verified("proef", (Check("files", 3, (Message("manifest_broken"), Message("manifest_broken"))),))
    with pytest.raises(IwwError) as error:
        sign(home, wrong, tmp_path / "sleutel.pem")
    assert str(error.value).startswith("bestand manifest.json: het rapport is niet ondertekend: 2 punten kloppen niet.")
    assert not signature(home).exists()
    assert not (tmp_path / "sleutel.pem").exists()


def test_a_key_that_others_get_or_guess_does_not_sign(home: Home, tmp_path: Path) -> None:
    manifest(home)
    guessed = Ed25519PrivateKey.from_private_bytes(bytes(32))
    (tmp_path / "zero.pem").write_bytes(guessed.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    sign(home, HELD, tmp_path / "open.pem")
    (tmp_path / "open.pem").chmod(0o644)
    for path, code in (
        (home.path / "sleutel.pem", "key_inside"), (tmp_path / "zero.pem", "key_weak"), (tmp_path / "open.pem", "key_readable"),
    ):  # fmt: skip
        with pytest.raises(IwwError) as error:
            sign(home, HELD, path)
        assert [message.code for message in error.value.messages] == [code]
    assert not (home.path / "sleutel.pem").exists()


@pytest.mark.parametrize("kind", ["text", "other"])
def test_what_is_no_key_cannot_sign(home: Home, tmp_path: Path, kind: str) -> None:
    other = generate_private_key(SECP256R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path = tmp_path / "notitie.txt"
    path.write_bytes(other if kind == "other" else b"boodschappen")
    manifest(home)
    with pytest.raises(IwwError) as error:
        sign(home, HELD, path)
    assert [message.code for message in error.value.messages] == ["key_unusable"]
    assert path.read_bytes() in (other, b"boodschappen")


# ---- the signature in a report ------------------------------------------------------------------------------------------


def test_an_unsigned_report_is_no_fault(home: Home) -> None:
    manifest(home)
    assert signature_check(home) == Check("signature", 0, skipped="unsigned")


def test_a_signed_report_holds_until_its_manifest_changes(home: Home, key: str, tmp_path: Path) -> None:
    held = signature_check(home)
    assert (held.n, held.findings) == (1, ())
    assert held.notes[0].say("nl").startswith("Ondertekend door A. Jansen, Ede; bij het ondertekenen lagen de bron")
    manifest(home, **{"index.html": "cc"})
    stale = signature_check(home)
    assert codes(stale) == ["signature_stale"]
    again = Verified(
        "proef", (Check("files", 3), stale)
    )  # only the old signature does not hold: a new one may take its place
    assert sign(home, again, tmp_path / "sleutel.pem") == key
    held = signature_check(home)
    assert (held.n, held.findings) == (1, ())


@pytest.mark.parametrize(
    "altered",
    [{"checked": {"files": 9999}}, {"not_checked": {}}, {"signature": "00" * 64}, {"signature": "geen"},
     {"public_key": "ed25519 " + "11" * 32}, {"public_key": "rsa 11"}, {"manifest": "00"}],
)  # fmt: skip
def test_a_signature_that_was_altered_does_not_hold(home: Home, key: str, altered: dict[str, object]) -> None:
    told = json.loads(signature(home).read_text("utf-8"))
    files.write_json(signature(home), told | altered)
    assert codes(signature_check(home)) == ["signature_broken"]


# ---- what a reviewer kept -----------------------------------------------------------------------------------------------


def kept(tmp_path: Path, content: bytes | str) -> Path:
    path = tmp_path / "bewaard"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_a_kept_manifest_names_each_file_that_differs(home: Home, tmp_path: Path) -> None:
    copy = kept(tmp_path, manifest(home, **{"index.html": "aa", "figures/F05.svg": "bb", "figures/F05.csv": "cc"}))
    assert held_against(home, copy) == Check("against_manifest", 4)
    manifest(home, **{"index.html": "aa", "figures/F05.svg": "dd", "figures/F08.svg": "ee"})
    found = held_against(home, copy)
    assert codes(found) == ["against_other", "against_differs", "against_differs", "against_differs"]
    assert [message.place.file for message in found.findings[1:]] == [
        "figures/F05.csv",
        "figures/F05.svg",
        "figures/F08.svg",
    ]
    assert "3 bestanden verschillen" in found.findings[0].say("nl")


def test_a_kept_signature_is_of_this_manifest_or_of_another(home: Home, key: str, tmp_path: Path) -> None:
    copy = kept(tmp_path, signature(home).read_bytes())
    assert held_against(home, copy) == Check("against_signature", 1)
    manifest(home, **{"index.html": "cc"})
    assert codes(held_against(home, copy)) == ["against_other_signed"]


def test_a_kept_key_says_who_signed(home: Home, key: str, tmp_path: Path) -> None:
    for text in (key, f"\ufeff{key.replace('ed25519 ', 'ed25519 ').upper().replace('ED25519', 'ed25519')}\r\n"):
        assert held_against(home, kept(tmp_path, text)) == Check("against_key", 1)
    sign(home, HELD, tmp_path / "andere.pem")
    assert codes(held_against(home, kept(tmp_path, key))) == ["signature_other_key"]
    signature(home).unlink()
    assert codes(held_against(home, kept(tmp_path, key))) == ["signature_absent"]


@pytest.mark.parametrize("content", [b"", b"ed25519 kort", b'{"format": "iww-receipt/2"}', b"\xff\xfe", b"[1]"])
def test_what_is_none_of_the_three_is_said(home: Home, tmp_path: Path, content: bytes) -> None:
    manifest(home)
    with pytest.raises(IwwError) as error:
        held_against(home, kept(tmp_path, content))
    assert [message.code for message in error.value.messages] == ["against_unknown"]
