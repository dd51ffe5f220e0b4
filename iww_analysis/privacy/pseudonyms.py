"""Turn identifiers into keyed pseudonyms."""

import hmac
from collections.abc import Callable, Sequence
from importlib.resources import files

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

PSEUDONYM_VERSION = "p1"
PSEUDONYM_BYTES = 10  # 80 bits: for 100,000 identifiers the chance of any collision is 4e-15
KEY_BYTES = 32
BASE32 = np.frombuffer(b"abcdefghijklmnopqrstuvwxyz234567", np.uint8)

Hide = Callable[[Sequence[str]], pa.LargeStringArray]  # gives what stands in the place of identifiers


def demo_key() -> bytes:
    """Give the public key for synthetic sources, so that everyone's demo is byte-equal. Never for real data."""
    return bytes.fromhex(files(__package__).joinpath("demo.key").read_text(encoding="ascii").strip())


def pseudonymiser(key: bytes, domain: str) -> Hide:
    """Make the function that turns identifiers into their pseudonyms.

    HMAC-SHA256 with a secret key over version, domain and identifier; 80 bits in base32. Another `domain`
    (a source, a kind of identifier) gives unlinkable pseudonyms. An unkeyed hash would be guessed in minutes.
    The keyed state of HMAC is made once and copied, and all digests are written at once: `hmac` and `base64` take much longer.
    """
    if len(key) < KEY_BYTES:
        raise ValueError(f"the pseudonym key must hold at least {KEY_BYTES} bytes")
    keyed = hmac.new(key, f"{PSEUDONYM_VERSION}|{domain}|".encode(), "sha256")

    def hide(identifiers: Sequence[str]) -> pa.LargeStringArray:
        digests = bytearray()
        for identifier in identifiers:
            digest = keyed.copy()
            digest.update(identifier.encode())
            digests += digest.digest()[:PSEUDONYM_BYTES]
        bits = np.unpackbits(np.frombuffer(digests, np.uint8)).reshape(-1, 5)
        letters = pa.py_buffer(BASE32[np.packbits(bits, axis=1)[:, 0] >> 3])
        of_each = pa.binary(PSEUDONYM_BYTES * 8 // 5)
        texts = pa.FixedSizeBinaryArray.from_buffers(of_each, len(identifiers), [None, letters])
        version, sign = (pa.scalar(text, pa.large_string()) for text in (PSEUDONYM_VERSION, "-"))
        return pc.binary_join_element_wise(version, texts.cast(pa.large_binary()).cast(pa.large_string()), sign)

    return hide
