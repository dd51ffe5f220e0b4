"""Damage small valid files, the same way for the same seed: cut off, flipped, overwritten, doubled, deleted, a NUL put in."""

import csv
import io
import random
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from benchmarks import readings, seeds

ZIPPED = (".xlsx", ".ods", ".qdpx")
LENGTHS = (1, 2, 4, 16, 64, 256)
TEXTS = (".csv", ".tsv", ".psv")


class Damage(NamedTuple):
    """Bytes after damage, and which bytes of the original it touched."""

    content: bytes
    kind: str
    start: int
    end: int


@dataclass(frozen=True)
class Case:
    """One damaged file. `inside`: what of a packed file was damaged before it was packed again."""

    file: str
    original: bytes
    damage: Damage
    inside: str = ""

    @property
    def told(self) -> str:
        """Name the damage."""
        return f"{self.file}: {self.damage.kind} at {self.damage.start}" + (f" of {self.inside}" if self.inside else "")

    @cached_property
    def untouched(self) -> Counter[tuple[str, ...]]:
        """Count the records of a text that the damage did not touch."""
        if Path(self.file).suffix not in TEXTS:
            return Counter()
        text, encoding = readings.decoded(self.original)
        records = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter_of(self.original)))
        at = begin = len(self.original) - len(text.encode(encoding))
        unit = len("\n".encode(encoding))  # half a sign damaged is a sign damaged
        quoted, kept = False, []
        for sign in text:
            at += len(sign.encode(encoding))
            quoted ^= sign == '"'
            if sign == "\n" and not quoted:
                kept.append(self.damage.start > at or self.damage.end + unit <= begin)
                begin = at
        return Counter(_trimmed(record) for record, keep in zip(records, kept, strict=True) if keep)


def _trimmed(record: list[str]) -> tuple[str, ...]:
    return tuple(readings.filled([record]).get(1, ()))


def delimiter_of(content: bytes) -> str:
    """Give the separator of an undamaged text: what stands behind its first heading."""
    return readings.decoded(content)[0].removeprefix(seeds.HEADINGS[0])[0]


def damaged(chance: random.Random, content: bytes) -> Damage:
    """Damage some bytes somewhere."""
    at = chance.randrange(len(content))
    end = min(len(content), at + chance.choice(LENGTHS))
    before, piece, after = content[:at], content[at:end], content[end:]
    match chance.choice(("cut off", "flip", "overwrite", "duplicate", "delete", "nul")):
        case "cut off":
            return Damage(before, "cut off", at, len(content))
        case "flip":
            bit = 1 << chance.randrange(8)
            return Damage(before + bytes([content[at] ^ bit]) + content[at + 1 :], f"flip {bit}", at, at + 1)
        case "overwrite":
            fill = chance.choice((b"\x00", b'"', b"\n", b""))
            new = fill * len(piece) if fill else chance.randbytes(len(piece))
            return Damage(before + new + after, f"overwrite {len(piece)} with {fill or 'chance'!r}", at, end)
        case "duplicate":
            return Damage(before + piece + piece + after, f"duplicate {len(piece)}", end, end)
        case "delete":
            return Damage(before + after, f"delete {len(piece)}", at, end)
    return Damage(before + b"\x00" + piece + after, "nul", at, at)


def case(reader: str, seed: int, number: int) -> Case:
    """Make the damaged file of a number; of packed files every other one is damaged inside and packed again."""
    chance = random.Random(f"{seed} {reader} {number}")
    file, original = chance.choice(seeds.SEEDS[reader])
    if Path(file).suffix not in ZIPPED or number % 2:
        return Case(file, original, damaged(chance, original))
    parts = seeds.members(original)
    name = chance.choice([name for name, content in parts.items() if content])
    damage = damaged(chance, parts[name])
    return Case(file, original, damage._replace(content=seeds.zipped(parts | {name: damage.content})), name)
