"""Sign the head of a verified report, and hold a report against the copy, signature or key that a reviewer kept.

The manifest holds the hash of every file, so who signs the manifest signs the report. Whoever alters a report can make its hashes
fit again, but not the signature, and not the copy that lies with the reviewer.
"""

import json
from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from iww_analysis.messages.errors import Message, Place, fail
from iww_analysis.privacy.keys import is_guessable
from iww_analysis.verify import made_anew
from iww_analysis.verify.evidence import MANIFEST, RELEASE, SIGNATURE, Document, HashedFiles, document
from iww_analysis.verify.outcome import Check, Verified
from iww_analysis.verify.recount import numbers

FORMAT = "iww-signature/2"
KIND = "ed25519"  # word in front of a public key, so that a person sees what the signs are
_OF_SIGNATURES = (
    "signature",
    "against",
    "release",
)  # checks of an earlier signature, which say nothing of what is signed
_SIGNED_1 = ("format", "manifest", "checked", "not_checked", "public_key")  # and in which form these stood before
_SIGNED = {FORMAT: (*_SIGNED_1, "signer"), "iww-signature/1": _SIGNED_1}
_RECOUNTED = (*numbers.CHECKS, "sample", *made_anew.NAMES)  # checks that begin from the raw files or tables


def to_be_signed(verified: Verified) -> list[Check]:
    """The checks that a signature tells of; raises IwwError where one of them does not hold."""
    checks = [check for check in verified.checks if not check.name.startswith(_OF_SIGNATURES)]
    if wrong := sum(len(check.findings) for check in checks):
        raise fail("sign_refused", Place(MANIFEST), n=wrong)
    return checks


def signed(manifest: bytes, checks: Sequence[Check], key: Ed25519PrivateKey, signer: str = "") -> dict[str, Any]:
    """Make the signature of a manifest: its hash, what was checked, who says so, and the signature over all of these."""
    signature: dict[str, Any] = {
        "format": FORMAT, "manifest": sha256(manifest).hexdigest(),
        "checked": {check.name: check.n for check in checks},
        "not_checked": {check.name: check.skipped for check in checks if check.skipped}, "public_key": public_key(key),
        "signer": signer,
    }  # fmt: skip
    return signature | {"signature": key.sign(_message(signature)).hex()}


def _message(signature: Document) -> bytes:
    """What is signed. The format in front keeps it from being taken for a message of another kind."""
    form = str(signature["format"])
    text = json.dumps({name: signature[name] for name in _SIGNED[form]}, sort_keys=True, separators=(",", ":"))
    return f"{form}\n{text}".encode()


def signed_document(told: Document, key: Ed25519PrivateKey) -> dict[str, Any]:
    """Sign a document that has a format: all that it says, and the public key."""
    signed_ = {**told, "public_key": public_key(key)}
    return signed_ | {"signature": key.sign(_of_document(signed_)).hex()}


def _of_document(told: Document) -> bytes:
    rest = {name: value for name, value in told.items() if name != "signature"}
    return f"{told['format']}\n{json.dumps(rest, sort_keys=True, separators=(',', ':'))}".encode()


def check_release(report: HashedFiles) -> Check:
    """Hold what a release says of itself against its signature and its manifest. Whose key it is, only a reader can say."""
    told, place = document(report[RELEASE]), Place(RELEASE)
    try:
        key = _parsed_key(str(told.get("public_key", "")))
        if key is None:
            raise InvalidSignature
        key.verify(bytes.fromhex(str(told["signature"])), _of_document(told))
    except (InvalidSignature, KeyError, ValueError):
        return Check("release", 1, (Message("signature_broken", place),))
    same = told.get("manifest") == sha256(report[MANIFEST]).hexdigest()
    return Check("release", 1, () if same else (Message("signature_stale", place),))


def new_key() -> bytes:
    """Make a private key, as it is kept in a file."""
    pem, pkcs8 = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    return Ed25519PrivateKey.generate().private_bytes(pem, pkcs8, serialization.NoEncryption())


def private_key(content: bytes, file: str) -> Ed25519PrivateKey:
    """Read a private key from the content of its file."""
    try:
        key = serialization.load_pem_private_key(content, None)
    except (ValueError, TypeError, UnsupportedAlgorithm):  # no PEM, one with a password, another kind
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise fail("key_unusable", Place(file))
    if is_guessable(key.private_bytes_raw()):
        raise fail("key_weak", Place(file))
    return key


def public_key(key: Ed25519PrivateKey) -> str:
    """Write the public key of a private one on one line, as it is handed over."""
    return f"{KIND} {key.public_key().public_bytes_raw().hex()}"


def _parsed_key(text: str) -> Ed25519PublicKey | None:
    """Read a public key as it was handed over; None when this is none."""
    kind, _, signs = text.strip().partition(" ")
    try:
        return Ed25519PublicKey.from_public_bytes(bytes.fromhex(signs)) if kind == KIND else None
    except ValueError:
        return None


def check(report: HashedFiles) -> Check:
    """Hold the signature that lies in a report, if one does, against its manifest. Whose key it is, only a reader can say."""
    if SIGNATURE not in report:
        return Check("signature", 0, skipped="unsigned")
    signature, stale = document(report[SIGNATURE]), Message("signature_stale", Place(SIGNATURE))
    faults = _faults(report, signature, SIGNATURE, stale)
    return Check("signature", 1, faults, notes=() if faults else (signed_by(signature),))


def signed_by(signature: Document) -> Message:
    """Say who signed, and whether all numbers were counted again from the raw files when it was signed."""
    left = [name for name in _RECOUNTED if name in signature["not_checked"] or not signature["checked"].get(name)]
    code = "signed_by" if not left else "signed_unseen" if len(left) == len(_RECOUNTED) else "signed_partly"
    n = sum(signature["checked"].get(name, 0) for name in _RECOUNTED)
    return Message(code, words={"signer": signature.get("signer") or "–", "n": n})


def against(report: HashedFiles, content: bytes, file: str) -> Check:
    """Hold a report against what a reviewer kept in a file: the manifest, its signature, or the signer's public key.

    The check's name says which it was: `against_manifest`, `against_signature` or `against_key`.
    """
    kept = document(content)
    match str(kept.get("format", "")).partition("/")[0]:
        case "iww-report":  # the same document, or else which files differ from the kept one
            present = document(report[MANIFEST])
            hashes, expected = present.get("files", {}), kept.get("files", {})
            paths = sorted({*expected, *hashes})
            differing = [path for path in paths if expected.get(path) != hashes.get(path)]
            findings = [Message("against_other", Place(MANIFEST), {"n": len(differing)})]
            findings += [Message("against_differs", Place(path)) for path in differing]
            return Check("against_manifest", 1 + len(paths), () if present == kept else tuple(findings))
        case "iww-signature":
            other = Message("against_other_signed", Place(MANIFEST))
            return Check("against_signature", 1, _faults(report, kept, file, other))
    key = _parsed_key(content.decode("utf-8", "replace").lstrip("\ufeff"))
    if key is None:
        raise fail("against_unknown", Place(file))
    if SIGNATURE not in report:
        return Check("against_key", 1, (Message("signature_absent", Place(SIGNATURE)),))
    faults = check(report).findings
    if not faults and _parsed_key(document(report[SIGNATURE])["public_key"]) != key:
        faults = (Message("signature_other_key", Place(SIGNATURE)),)
    return Check("against_key", 1, faults)


def _faults(report: HashedFiles, signature: Document, file: str, other: Message) -> tuple[Message, ...]:
    """What is wrong with a signature: not made by its own key over what it says, or, as `other` says, of another manifest."""
    key = _parsed_key(str(signature.get("public_key", "")))
    try:
        if key is None:
            raise InvalidSignature
        key.verify(bytes.fromhex(str(signature["signature"])), _message(signature))
    except (InvalidSignature, KeyError, ValueError):
        return (Message("signature_broken", Place(file)),)
    return () if signature["manifest"] == sha256(report[MANIFEST]).hexdigest() else (other,)
