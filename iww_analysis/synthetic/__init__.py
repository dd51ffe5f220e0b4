"""Invent sources that look like the real ones, with their true answers beside them."""

import datetime as dt
import hashlib
from collections.abc import Mapping
from typing import Any

from iww_analysis.synthetic import invent, saz, settings
from iww_analysis.synthetic.settings import Delivery, Settings


def sources(seed: int = 2021, cases: int | None = None) -> dict[str, bytes]:
    """Give the synthetic sources as {path under the home: bytes}: raw files, origins, plans and crosswalks.

    `cases`: how many cases the five registers have together (default 2,270), shared out in proportion, at least
    forty each; the case studies stay as they are. The same seed gives the same bytes.
    """
    out: dict[str, bytes] = {}
    for name in settings.REGISTERS[:1]:
        out.update(_register(settings.register(name, cases), seed))
    return out


def _register(source: Settings, seed: int) -> dict[str, bytes]:
    truth = invent.cases(source, seed)
    delivery = source.deliveries[-1]
    folder = f"data/raw/{source.name}/{delivery.folder}"
    files = {name: content for name, (content, _) in saz.files(truth, source, seed).items()}
    out = {f"{folder}/{name}": content for name, content in files.items()}
    out[f"{folder}/origin.toml"] = _origin(source.name, source.more, delivery, files)
    out[f"data/crosswalks/{source.name}.toml"] = settings.crosswalk(source.name)
    return out


def _origin(name: str, more: Mapping[str, Any], delivery: Delivery, files: Mapping[str, bytes]) -> bytes:
    lines = [
        'format = "iww-origin/1"',
        f'source = "{name}"',
        f'municipality = ["{more["municipality"]}"]' if more.get("municipality") else "municipality = []",
        f'study = "{more["study"]}"',
        *([f'team = "{more["team"]}"'] if "team" in more else []),
        f'delivered_by = "{more["delivered_by"]}"',
        f"received = {delivery.received}",
        f'terms = "{more.get("terms", TERMS)}"',
        f'period = ["{delivery.period[0]}", "{delivery.period[1]}"]',
        f"extraction_date = {delivery.extraction}",
        f'case_is = {{ nl = "{more["case_is"]["nl"]}", en = "{more["case_is"]["en"]}" }}',
        f'selection = {{ nl = "{more["selection"]["nl"]}", en = "{more["selection"]["en"]}" }}',
        f'regime = "{more["regime"]}"',
        "synthetic = true",
        "",
        "[files]",
        *(f'"{file}" = "{hashlib.sha256(content).hexdigest()}"' for file, content in sorted(files.items())),
    ]
    return ("\n".join(lines) + "\n").encode()


TERMS = "Synthetische data: alles is verzonnen, vrij te gebruiken."
_ = dt
