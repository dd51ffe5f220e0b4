"""Sign the head of a verified report, and hold a report against the copy, signature or key that a reviewer kept.

The manifest holds the hash of every file, so who signs the manifest signs the report. Whoever alters a report can make its hashes
fit again, but not the signature, and not the copy that lies with the reviewer.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from iww_analysis.io.disk import files, locks
from iww_analysis.io.disk.home import Home
from iww_analysis.messages.errors import Message, Place, fail
from iww_analysis.verify.outcome import Check, Verified

FORMAT = "iww-signature/1"
MANIFEST, SIGNATURE = "manifest.json", "manifest.sig"
KIND = "ed25519"  # word in front of a public key, so that a person sees what the signs are
_OF_SIGNATURES = ("signature", "against")  # checks of an earlier signature, which say nothing of what is signed
_SIGNED = ("format", "manifest", "checked", "not_checked", "public_key")


def sign(home: Home, verified: Verified, key_file: Path) -> str:
    """Sign a report that holds and store `manifest.sig` beside its manifest; give the public key, to be handed over.

    The signature says too what was checked before, and what could not be; it takes the place of an earlier one. `key_file` is
    made when it does not exist.
    """
    held = [check for check in verified.checks if not check.name.startswith(_OF_SIGNATURES)]
    if wrong := sum(len(check.findings) for check in held):
        raise fail("sign_refused", Place(MANIFEST), n=wrong)
    folder = home.report(verified.report)
    key = _private(key_file)
    document = signed(files.read_bytes(folder / MANIFEST), held, key)
    with locks.held(home, "report", verified.report):
        files.write_json(folder / SIGNATURE, document)
    return as_text(key.public_key())


def signed(manifest: bytes, checks: Sequence[Check], key: Ed25519PrivateKey) -> dict[str, Any]:
    """Make the signature of a manifest: its hash, what was checked, the public key, and the signature over all of these."""
    document: dict[str, Any] = {
        "format": FORMAT,
        "manifest": files.sha256(manifest),
        "checked": {check.name: check.n for check in checks},
        "not_checked": {check.name: check.skipped for check in checks if check.skipped},
        "public_key": as_text(key.public_key()),
    }
    return document | {"signature": key.sign(_message(document)).hex()}


def _message(document: Mapping[str, Any]) -> bytes:
    """What is signed. The format in front keeps it from being taken for a message of another kind."""
    said = json.dumps({name: document[name] for name in _SIGNED}, sort_keys=True, separators=(",", ":"))
    return f"{FORMAT}\n{said}".encode()


def _private(path: Path) -> Ed25519PrivateKey:
    """Read the private key, made on first use; only its owner may read it."""
    if not path.exists():
        made = Ed25519PrivateKey.generate()
        files.write_bytes(path, made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    try:
        key = load_pem_private_key(files.read_bytes(path), None)
    except (ValueError, TypeError, UnsupportedAlgorithm):  # no PEM, one with a password, another kind
        raise fail("key_unusable", Place(path.name)) from None
    if not isinstance(key, Ed25519PrivateKey):
        raise fail("key_unusable", Place(path.name))
    return key


def as_text(key: Ed25519PublicKey) -> str:
    """Write a public key on one line, as it is handed over."""
    return f"{KIND} {key.public_bytes(Encoding.Raw, PublicFormat.Raw).hex()}"


def _public(text: str) -> Ed25519PublicKey | None:
    """Read a public key as it was handed over; None when this is none."""
    kind, _, signs = text.strip().partition(" ")
    try:
        return Ed25519PublicKey.from_public_bytes(bytes.fromhex(signs)) if kind == KIND else None
    except ValueError:
        return None


def _is_valid(document: Mapping[str, Any]) -> bool:
    """Whether a signature was made by its own key, over what it says."""
    key = _public(str(document.get("public_key", "")))
    try:
        if key is not None:
            key.verify(bytes.fromhex(str(document["signature"])), _message(document))
    except (InvalidSignature, KeyError, ValueError):
        return False
    return key is not None


# --- holding a report against it -------------------------------------------------------------------------------------


def check(home: Home, name: str) -> list[Check]:
    """Hold the signature that lies in a report, if one does, against its manifest. Whose key it is, only a reader can say."""
    folder = home.report(name)
    if not (folder / SIGNATURE).exists():
        return [Check("signature", 0, skipped="unsigned")]
    return [Check("signature", 1, tuple(_signature(folder)))]


def _signature(folder: Path) -> list[Message]:
    document = _document(files.read_bytes(folder / SIGNATURE))
    if not _is_valid(document):
        return [Message("signature_broken", Place(SIGNATURE))]
    if document["manifest"] != files.sha256(files.read_bytes(folder / MANIFEST)):
        return [Message("signature_stale", Place(SIGNATURE))]
    return []


def against(home: Home, name: str, kept: Path) -> Check:
    """Hold a report against what a reviewer kept: the manifest, its signature, or the signer's public key.

    The check's name says which it was: `against_manifest`, `against_signature` or `against_key`.
    """
    content = files.read_bytes(kept)
    folder = home.report(name)
    document = _document(content)
    match str(document.get("format", "")).partition("/")[0]:
        case "iww-report":
            return _same_manifest(folder, document)
        case "iww-signature":
            return Check("against_signature", 1, tuple(_same_signature(folder, kept, document)))
    key = _public(content.decode("utf-8", "replace").lstrip("\ufeff"))
    if key is None:
        raise fail("against_unknown", Place(kept.name))
    return Check("against_key", 1, tuple(_signed_by(folder, as_text(key))))


def _same_manifest(folder: Path, kept: Mapping[str, Any]) -> Check:
    """The same document, or else which files differ from the kept one."""
    now = _document(files.read_bytes(folder / MANIFEST))
    then, there = kept.get("files", {}), now.get("files", {})
    if now == kept:
        return Check("against_manifest", 1 + len(then))
    differ = [path for path in sorted({*then, *there}) if then.get(path) != there.get(path)]
    found = [Message("against_other", Place(MANIFEST), {"n": len(differ)})]
    found += [Message("against_differs", Place(path)) for path in differ]
    return Check("against_manifest", 1 + len({*then, *there}), tuple(found))


def _same_signature(folder: Path, kept: Path, document: Mapping[str, Any]) -> list[Message]:
    if not _is_valid(document):
        return [Message("signature_broken", Place(kept.name))]
    if document["manifest"] != files.sha256(files.read_bytes(folder / MANIFEST)):
        return [Message("against_other_signed", Place(MANIFEST))]
    return []


def _signed_by(folder: Path, key: str) -> list[Message]:
    if not (folder / SIGNATURE).exists():
        return [Message("signature_absent", Place(SIGNATURE))]
    found = _signature(folder)
    if not found and _document(files.read_bytes(folder / SIGNATURE))["public_key"] != key:
        found = [Message("signature_other_key", Place(SIGNATURE))]
    return found


def _document(content: bytes) -> dict[str, Any]:
    """What JSON holds; nothing where it is none."""
    try:
        told = json.loads(content.decode("utf-8-sig"))
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}
