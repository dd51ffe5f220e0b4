"""Draw for each cell whether it goes up or down, by a secret key: the same draw each time, and no draw for who has no key.

Unbiased random rounding: a count with remainder r of the base goes up r times in `base` (Fellegi, "Controlled random
rounding", Survey Methodology 1975). A function of key and name in place of chance (a PRF, here HMAC-SHA256) makes the draw
repeatable: a cell that comes back in another figure or after new deliveries is drawn alike, and cannot be averaged out.
"""

import hmac
import json
from typing import NamedTuple

from iww_analysis.disclosure.vector.cells import Name

KEY_BYTES = 32
TIES = 256


class Draw(NamedTuple):
    """What the key says of a cell: it goes up when `least` is below its remainder; `tie` weighs it among equals."""

    least: int
    tie: int


def draw(key: bytes, source: str, name: Name, turn: int, base: int) -> Draw:
    """Draw for one cell of a source; `turn`: how often it was drawn before."""
    if len(key) < KEY_BYTES:
        raise ValueError(f"the key must hold at least {KEY_BYTES} bytes")
    said = json.dumps(["disclosure", source, turn, *name], ensure_ascii=True).encode()
    digest = hmac.digest(key, said, "sha256")
    return Draw(int.from_bytes(digest[:16]) % base, digest[16] % TIES)
