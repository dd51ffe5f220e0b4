"""Turn identifiers into keyed pseudonyms."""

import hashlib
from collections.abc import Callable, Sequence
from importlib.resources import files

import numpy as np
import pyarrow as pa

PSEUDONYM_VERSION = "p1"
PSEUDONYM_BYTES = 10  # 80 bits: for 100,000 identifiers the chance of any collision is 4e-15
KEY_BYTES = 32
HMAC_BLOCK = 64  # bytes that SHA-256 takes at once

_INNER, _OUTER = (bytes(byte ^ pad for byte in range(256)) for pad in (0x36, 0x5C))
_LETTERS = np.frombuffer(b"abcdefghijklmnopqrstuvwxyz234567", np.uint8)
_PAIRS = np.column_stack([np.repeat(_LETTERS, 32), np.tile(_LETTERS, 32)]).view(np.uint16).ravel()

Hide = Callable[[Sequence[str]], pa.LargeStringArray]  # gives what stands in the place of identifiers


def demo_key() -> bytes:
    """Give the public key for synthetic sources, so that everyone's demo is byte-equal. Never for real data."""
    return bytes.fromhex(files(__package__).joinpath("demo.key").read_text(encoding="ascii").strip())


def pseudonymiser(key: bytes, domain: str) -> Hide:
    """Make the function that turns identifiers into their pseudonyms.

    HMAC-SHA256 with a secret key over version, domain and identifier; 80 bits in base32. Another `domain`
    (a source, a kind of identifier) gives unlinkable pseudonyms. An unkeyed hash would be guessed in minutes.
    The two keyed states of HMAC (RFC 2104) are made once and copied, which is much faster than `hmac` itself.
    """
    if len(key) < KEY_BYTES:
        raise ValueError(f"the pseudonym key must hold at least {KEY_BYTES} bytes")
    block = (hashlib.sha256(key).digest() if len(key) > HMAC_BLOCK else key).ljust(HMAC_BLOCK, b"\0")
    inner = hashlib.sha256(block.translate(_INNER) + f"{PSEUDONYM_VERSION}|{domain}|".encode())
    outer = hashlib.sha256(block.translate(_OUTER))

    def hide(identifiers: Sequence[str]) -> pa.LargeStringArray:
        digests, begin, seal = bytearray(), inner.copy, outer.copy
        for identifier in identifiers:
            inner_hash, outer_hash = begin(), seal()
            inner_hash.update(identifier.encode())
            outer_hash.update(inner_hash.digest())
            digests += outer_hash.digest()
        return _written(np.frombuffer(digests, np.uint8).reshape(-1, outer.digest_size)[:, :PSEUDONYM_BYTES])

    return hide


def _written(digests: np.ndarray) -> pa.LargeStringArray:
    """Write digests, one a row, in base32, in small letters, behind the version."""
    fives = (
        np.ascontiguousarray(digests).reshape(-1, 5).astype(np.uint16)
    )  # bytes: four numbers of 10 bits, 2 letters each
    tens = [fives[:, n] << 2 * (n + 1) | fives[:, n + 1] >> 6 - 2 * n for n in range(4)]
    letters = _PAIRS[np.column_stack(tens) & 1023].view(np.uint8).reshape(len(digests), PSEUDONYM_BYTES * 8 // 5)
    head = np.broadcast_to(
        np.frombuffer(f"{PSEUDONYM_VERSION}-".encode(), np.uint8), (len(letters), len(PSEUDONYM_VERSION) + 1)
    )
    texts = np.hstack([head, letters])
    starts = np.arange(len(texts) + 1, dtype=np.int64) * texts.shape[1]
    return pa.LargeStringArray.from_buffers(len(texts), pa.py_buffer(starts), pa.py_buffer(texts.tobytes()))
