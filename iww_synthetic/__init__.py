"""Invent sources that look like the real ones, with their true answers beside them."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

from iww_analysis.io.disk import files as written_files
from iww_analysis.io.disk import folders, locks
from iww_analysis.io.disk.home import Home
from iww_synthetic import plan, settings
from iww_synthetic.cases import invent
from iww_synthetic.registers import register
from iww_synthetic.registers.writing import File
from iww_synthetic.settings import Delivery
from iww_synthetic.studies import hu, nijmegen_interviews, samen_aan_zet, specialist
from iww_synthetic.teams import team, team_files

CROSSWALKS, RAW = "data/crosswalks/", "data/raw/"
TERMS = "Synthetische data: alles is verzonnen, vrij te gebruiken."


SEED = 2021  # of the committed sources

# Source -> what gives its card, its files and the answers of its plan.
STUDIES: Mapping[str, Callable[[str, int], tuple[Mapping[str, Any], Sequence[File], Mapping[str, Any]]]] = {
    "hu-wijkteams": hu.study,
    "nijmegen-interviews": nijmegen_interviews.study,
    "samen-aan-zet-interviews": samen_aan_zet.study,
    "specialist-dichterbij": specialist.study,
}


def sources(seed: int = SEED, cases: int | None = None) -> dict[str, bytes]:
    """Give the synthetic sources as {path under the home: bytes}: raw files, origins, plans and crosswalks.

    `cases`: how many cases the five registers have together (default 2,270), shared out in proportion, at least
    forty each; the case studies stay as they are. The same seed gives the same bytes.
    """
    out: dict[str, bytes] = {}
    for name in settings.REGISTERS:
        source = settings.register(name, cases)
        truth = invent.cases(source, seed)
        made = register.files(truth, source, seed)
        out |= _delivered(name, source.more, made, plan.register(truth, source, made))
    for name in settings.TEAMS:
        it = team.team(name, seed)
        made = team_files.files(it, seed)
        out |= _delivered(name, it.more, made, plan.team(it, made))
    for name, study in STUDIES.items():
        out |= _delivered(name, *study(name, seed))
    return out


def write(home: Home, made: Mapping[str, bytes]) -> list[str]:
    """Write sources, each delivery as one set; gives the paths that changed."""
    written: list[str] = []
    for source in sorted({PurePosixPath(path).stem for path in made if path.startswith(CROSSWALKS)}):
        crosswalk, raw = f"{CROSSWALKS}{source}.toml", f"{RAW}{source}/"
        days = sorted({path.removeprefix(raw).partition("/")[0] for path in made if path.startswith(raw)})
        with locks.held(home, "source", source):
            written += [crosswalk] if written_files.write_bytes(home.path / crosswalk, made[crosswalk]) else []
            for folder in (f"{raw}{day}/" for day in days):
                contents = {path.removeprefix(folder): made[path] for path in made if path.startswith(folder)}
                changed = folders.write(home.path / folder, contents.items(), folders.DELIVERY)
                written += [f"{folder}{name}" for name in changed]
    return written


def _delivered(
    name: str, more: Mapping[str, Any], made: Sequence[File], answers: Mapping[str, Any]
) -> dict[str, bytes]:
    """Lay a source out in folders; the plan stands beside the last delivery."""
    out = {f"data/crosswalks/{name}.toml": settings.crosswalk(name)}
    for delivery in settings.deliveries(more):
        folder = f"data/raw/{name}/{delivery.folder}"
        contents = {file.name: file.content for file in made if file.delivery == delivery}
        out |= {f"{folder}/{file}": content for file, content in contents.items()}
        out[f"{folder}/origin.toml"] = _origin(name, more, delivery, contents)
    out[f"data/raw/{name}/{settings.deliveries(more)[-1].folder}/plan.json"] = plan.dump(answers)
    return out


def _origin(name: str, more: Mapping[str, Any], delivery: Delivery, contents: Mapping[str, bytes]) -> bytes:
    lines = [
        'format = "iww-origin/1"',
        f'source = "{name}"',
        f"municipality = {json.dumps(_municipalities(more))}",
        f'study = "{more["study"]}"',
        *([f'team = "{more["team"]}"'] if "team" in more else []),
        f'delivered_by = "{more["delivered_by"]}"',
        f"received = {delivery.received}",
        f'terms = "{TERMS}"',
        f'period = ["{delivery.period[0]}", "{delivery.period[1]}"]',
        f"extraction_date = {delivery.extraction}",
        f'case_is = {{ nl = "{more["case_is"]["nl"]}", en = "{more["case_is"]["en"]}" }}',
        f'selection = {{ nl = "{more["selection"]["nl"]}", en = "{more["selection"]["en"]}" }}',
        f'regime = "{more["regime"]}"',
        *([_consent(more["consent"])] if "consent" in more else []),
        "synthetic = true",
        "",
        "[files]",
        *(f'"{file}" = "{hashlib.sha256(content).hexdigest()}"' for file, content in sorted(contents.items())),
    ]
    return ("\n".join(lines) + "\n").encode()


def _consent(answer: Mapping[str, str]) -> str:
    return f'consent = {{ everyone = "{answer["everyone"]}", according_to = "{answer["according_to"]}" }}'


def _municipalities(more: Mapping[str, Any]) -> list[str]:
    codes = more.get("municipality", [])
    return [codes] if isinstance(codes, str) else list(codes)
