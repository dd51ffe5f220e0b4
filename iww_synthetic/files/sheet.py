"""Hold a sheet line by line, each line with what it is: the ledger's true answer is counted from that."""

import csv
import datetime as dt
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

Cell = str | int | float | dt.date | None

NOT_READ = ("title", "header", "empty", "total", "footnote", "excluded")


@dataclass(frozen=True)
class Line:
    """One line. `kind`: one of NOT_READ, `kept`, `duplicate`, `superseded`, or the reason why it is set aside."""

    cells: tuple[Cell, ...]
    kind: str = "kept"


@dataclass
class Sheet:
    """The lines of a sheet or text file, top to bottom."""

    lines: list[Line] = field(default_factory=list)

    def add(self, cells: Sequence[Cell], kind: str = "kept") -> None:
        """Put a line under the others."""
        self.lines.append(Line(tuple(cells), kind))

    def insert_among_kept(self, share: float, cells: Sequence[Cell], kind: str) -> None:
        """Put a line in between, at a share (0..1) of the way down the lines that are kept."""
        places = [i for i, line in enumerate(self.lines) if line.kind in ("kept", "duplicate", "superseded")]
        at = places[int(share * (len(places) - 1))] + 1 if places else len(self.lines)
        self.lines.insert(at, Line(tuple(cells), kind))

    def ledger(self) -> dict[str, object]:
        """Count the lines by kind, under the names of `ledger.json`."""
        n = Counter(line.kind for line in self.lines)
        reasons = {k: v for k, v in sorted(n.items()) if k not in (*NOT_READ, "kept", "duplicate", "superseded")}
        counts = {f"rows_{kind}": n[kind] for kind in NOT_READ}
        read = sum(reasons.values()) + n["kept"] + n["duplicate"] + n["superseded"]
        return {
            "rows_in_file": len(self.lines), **counts, "rows_read": read, "rows_kept": n["kept"],
            "rows_set_aside": sum(reasons.values()), "set_aside_by_reason": reasons,
            "rows_duplicate": n["duplicate"], "rows_superseded": n["superseded"],
        }  # fmt: skip

    def csv(self) -> bytes:
        """Write as Dutch Excel does: semicolons, cp1252, CRLF; lines ragged where they are."""
        out = io.StringIO(newline="")
        writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
        for line in self.lines:
            writer.writerow(["" if cell is None else cell for cell in line.cells])
        return out.getvalue().encode("cp1252")
