"""Turn identifiers into keyed pseudonyms."""

import hashlib
from collections.abc import Callable, Sequence
from importlib.resources import files

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

PSEUDONYM_VERSION = "p1"
PSEUDONYM_BYTES = 10  # 80 bits: for 100,000 identifiers the chance of any collision is 4e-15
KEY_BYTES = 32
HMAC_BLOCK = 64  # bytes that SHA-256 takes at once
BASE32 = np.frombuffer(b"abcdefghijklmnopqrstuvwxyz234567", np.uint8)

Hide = Callable[[Sequence[str]], pa.LargeStringArray]  # gives what stands in the place of identifiers


def demo_key() -> bytes:
    """Give the public key for synthetic sources, so that everyone's demo is byte-equal. Never for real data."""
    return bytes.fromhex(files(__package__).joinpath("demo.key").read_text(encoding="ascii").strip())


def pseudonymiser(key: bytes, domain: str) -> Hide:
    """Make the function that turns identifiers into their pseudonyms.

    HMAC-SHA256 with a secret key over version, domain and identifier; 80 bits in base32. Another `domain`
    (a source, a kind of identifier) gives unlinkable pseudonyms. An unkeyed hash would be guessed in minutes.
    The two keyed states of HMAC (RFC 2104) are made once and copied, and all digests are written at once, which is much
    faster than `hmac` and `base64`.
    """
    if len(key) < KEY_BYTES:
        raise ValueError(f"the pseudonym key must hold at least {KEY_BYTES} bytes")
    block = (hashlib.sha256(key).digest() if len(key) > HMAC_BLOCK else key).ljust(HMAC_BLOCK, b"\0")
    inner, outer = (hashlib.sha256(bytes(byte ^ pad for byte in block)) for pad in (0x36, 0x5C))
    inner.update(f"{PSEUDONYM_VERSION}|{domain}|".encode())

    def hide(identifiers: Sequence[str]) -> pa.LargeStringArray:
        digests, begin, seal = bytearray(), inner.copy, outer.copy
        for identifier in identifiers:
            inner_hash, outer_hash = begin(), seal()
            inner_hash.update(identifier.encode())
            outer_hash.update(inner_hash.digest())
            digests += outer_hash.digest()
        whole = np.frombuffer(digests, np.uint8).reshape(-1, outer.digest_size)
        fives = np.zeros(
            (len(whole) * PSEUDONYM_BYTES // 5, 8), np.uint8
        )  # five bytes are one number: 8 letters of 5 bits
        fives[:, 3:] = whole[:, :PSEUDONYM_BYTES].reshape(-1, 5)
        numbers = fives.view(">u8") >> np.arange(35, -1, -5, dtype=np.uint64)
        letters = pa.py_buffer(BASE32[numbers & np.uint64(31)].tobytes())
        of_each = pa.binary(PSEUDONYM_BYTES * 8 // 5)
        texts = pa.FixedSizeBinaryArray.from_buffers(of_each, len(identifiers), [None, letters])
        version, sign = (pa.scalar(text, pa.large_string()) for text in (PSEUDONYM_VERSION, "-"))
        return pc.binary_join_element_wise(version, texts.cast(pa.large_binary()).cast(pa.large_string()), sign)

    return hide
