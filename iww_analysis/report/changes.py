"""Say what changed since the previous report of a name: which figures, which numbers, and because of which rows.

Everything is read from the receipts of both reports. Numbers are said as they were drawn; rows by file and number.
"""

import json
from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from iww_analysis.figures import texts
from iww_analysis.figures.declaration import CATALOGUE
from iww_analysis.messages import numbers
from iww_analysis.messages.errors import Lang, Message
from iww_analysis.messages.sentences import say
from iww_analysis.report.manifest import INSIDE, MANIFEST, RECEIPTS
from iww_analysis.report.receipts import FORMAT, QUALITY, Receipt
from iww_analysis.report.row_fingerprints import numbers_in, ranges

MOST = 3  # marks, files or lines that are named; of the others only how many
NAME = f"{RECEIPTS}changes.json"  # restricted; no part of the manifest: the same report has another past elsewhere
ATTENTION = "attention"  # the sentences of the page on quality; they follow from its numbers
NONE = "–"  # where one of the two reports has no such number

Key = tuple[str, ...]
Places = Mapping[str, str]  # place -> row numbers
Manifest = Mapping[str, Any]


@dataclass(frozen=True)
class ReportRecord:
    """What a report tells of itself: both manifests as one, and its receipts by figure."""

    manifest: Manifest
    public: Mapping[str, Receipt]
    restricted: Mapping[str, Receipt]

    def marks(self, figure: str) -> dict[Key, Mapping[str, Any]]:
        """The marks of a figure as drawn, by part and keys; each with its rows where the restricted receipt has them."""
        behind = [mark for mark in self.restricted[figure]["marks"] if "rows" in mark]
        rows = {_key(mark): {name: mark[name] for name in ("rows", "row_set")} for mark in behind}
        marks = [mark for mark in self.public[figure]["marks"] if mark["part"] != ATTENTION]
        return {_key(mark): mark | rows.get(_key(mark), {}) for mark in marks}

    def lines(self, source: str) -> dict[str, int]:
        """The lines of a crosswalk that any figure uses: text -> number."""
        used = [entry for receipt in self.restricted.values() for entry in receipt.get("crosswalk", ())]
        return {line["text"]: line["line"] for entry in used if entry["source"] == source for line in entry["lines"]}


def _key(mark: Mapping[str, Any]) -> Key:
    return (mark["part"], *(f"{key}={value}" for key, value in mark["mark"].items()))


def record_of(files: Mapping[str, bytes]) -> ReportRecord | None:
    """Read what a report tells of itself from its files by path; None where it has another form or cannot be read."""
    paths = [path for path in files if path.startswith(("figures/", RECEIPTS)) or path == f"{QUALITY}.json"]
    try:
        receipts = [json.loads(files[path]) for path in paths if path.endswith(".json") and path not in (NAME, INSIDE)]
        manifest = json.loads(files[INSIDE]) | json.loads(files[MANIFEST])
        if any(receipt["format"] != FORMAT for receipt in receipts):
            return None
    except (KeyError, TypeError, ValueError):
        return None
    public, restricted = ({r["figure"]: r for r in receipts if r["access"] == a} for a in ("public", "restricted"))
    return ReportRecord(manifest, public, restricted)


def since(before: Mapping[str, bytes], now: Mapping[str, bytes], lang: Lang) -> list[Message]:
    """Say what changed from the files of one report (none: there was none) to those of the next."""
    old, new = record_of(before), record_of(now)
    if not before:
        return [Message("changed_first")]
    return changes(old, new, lang) if old and new else [Message("changed_form")]


def document(messages: Sequence[Message]) -> dict[str, Any]:
    """Give what changed as it is kept beside the restricted receipts."""
    sentences = [{"code": m.code, "words": dict(m.words), "nl": m.say("nl"), "en": m.say("en")} for m in messages]
    return {"format": "iww-changes/1", "access": "restricted", "changes": sentences}


def changes(old: ReportRecord, new: ReportRecord, lang: Lang) -> list[Message]:
    """Say what changed from one report to the next: causes first, then figure by figure."""
    messages = [
        *_settings(old.manifest, new.manifest),
        *_inputs(old.manifest["inputs"], new.manifest["inputs"], lang),
        *_crosswalks(old, new, lang),
        *_code(old.manifest, new.manifest),
        *_figures(old, new, lang),
    ]
    return messages or [Message("changed_nothing")]


def _beyond(names: Iterable[str], others: Container[str]) -> list[str]:
    """The names that others lack."""
    return [name for name in names if name not in others]


def _settings(old: Manifest, new: Manifest) -> Iterator[Message]:
    other = [f"{name} {old[name] or NONE} → {new[name] or NONE}" for name in ("lang", "internal", "study")
             if old[name] != new[name]]  # fmt: skip
    if other:
        yield Message("changed_settings", words={"what": ", ".join(other)})
    for source in _beyond(new["sources"], old["sources"]):
        yield Message("changed_source_new", words={"source": source})
    for source in _beyond(old["sources"], new["sources"]):
        yield Message("changed_source_gone", words={"source": source})


def _inputs(old: Mapping[str, Any], new: Mapping[str, Any], lang: Lang) -> Iterator[Message]:
    """Raw files that came, are no longer what they were, or went."""
    for source in [source for source in new if source in old]:
        before, now = old[source]["raw"], new[source]["raw"]
        altered = [path for path in now if path in before and before[path] != now[path]]
        came, went = _beyond(now, before), _beyond(before, now)
        for code, paths in (("changed_raw_new", came), ("changed_raw", altered), ("changed_raw_gone", went)):
            if paths:
                yield Message(code, words={"source": source, "files": _some(paths, lang)})


def _crosswalks(old: ReportRecord, new: ReportRecord, lang: Lang) -> Iterator[Message]:
    """Crosswalks that changed, with the lines of it that figures use; what stands on a line is never said."""
    before, now = old.manifest["inputs"], new.manifest["inputs"]
    for source in [s for s in now if s in before and before[s]["crosswalk"] != now[s]["crosswalk"]]:
        was, is_ = old.lines(source), new.lines(source)
        other, n_gone = sorted(is_[text] for text in is_.keys() - was.keys()), len(was.keys() - is_.keys())
        if other or n_gone:
            lines = _some(list(map(str, other)), lang) or NONE
            yield Message("changed_crosswalk", words={"source": source, "n_gone": n_gone, "lines": lines})
        else:
            yield Message("changed_crosswalk_aside", words={"source": source})


def _code(old: Manifest, new: Manifest) -> Iterator[Message]:
    names = sorted({*old["versions"], *new["versions"]})
    both = [(name, old["versions"].get(name, NONE), new["versions"].get(name, NONE)) for name in names]
    other = [f"{name} {before} → {now}" for name, before, now in both if before != now]
    if other:
        yield Message("changed_versions", words={"versions": ", ".join(other)})
    elif old["code"] != new["code"]:
        yield Message("changed_code")


def _figures(old: ReportRecord, new: ReportRecord, lang: Lang) -> Iterator[Message]:
    if came := _beyond(new.public, old.public):
        yield Message("changed_figure_new", words={"figures": ", ".join(came)})
    if gone := _beyond(old.public, new.public):
        yield Message("changed_figure_gone", words={"figures": ", ".join(gone)})
    redrawn = []
    for figure in [figure for figure in new.public if figure in old.public]:
        yield from _figure(figure, old, new, lang)
        if figure != QUALITY:
            before, now = (report.public[figure]["digests"] for report in (old, new))
            redrawn += [figure] if before["numbers"] == now["numbers"] and before["marks"] != now["marks"] else []
    if redrawn:
        yield Message("changed_drawing", words={"figures": ", ".join(redrawn)})


def _figure(figure: str, old: ReportRecord, new: ReportRecord, lang: Lang) -> Iterator[Message]:
    """The numbers of one figure that are drawn differently, and those that have other rows behind them."""
    before, now = old.marks(figure), new.marks(figure)
    listed = any("rows" in mark for mark in before.values())
    sentences, n, same = list[str](), 0, list[str]()
    for key in dict.fromkeys((*before, *now)):
        was, is_ = before.get(key, {}), now.get(key, {})
        other = list(_differences(was.get("drawn", {}), is_.get("drawn", {}), lang).values())
        moved = was.get("row_set") != is_.get("row_set")
        name = _name(figure, is_ or was, lang)
        rows = _behind(was.get("rows", {}), is_.get("rows", {}), lang) if moved else say("changed_same_rows", lang)
        n += len(other)
        if other:
            sentences.append(f"{name}: {other[0]}" + (f" ({rows})" if listed else ""))
        elif was and is_ and moved:
            same.append(f"{name} ({rows})")
    was_counted, is_counted = (dict(_account(figure, report.public[figure], lang)) for report in (old, new))
    recounted = _differences(was_counted, is_counted, lang)
    sentences += [f"{what}: {change}" for what, change in recounted.items()]
    title = say("changed_quality", lang) if figure == QUALITY else figure
    n += len(recounted)
    if sentences:
        yield Message("changed_numbers", words={"figure": title, "n": n, "marks": _some(sentences, lang, "; ")})
    if same:
        yield Message("changed_rows_behind", words={"figure": title, "n": len(same), "marks": _some(same, lang, "; ")})


def _name(figure: str, mark: Mapping[str, Any], lang: Lang) -> str:
    """What a reader calls a mark: its keys in words."""
    if figure == QUALITY:
        return " · ".join(map(str, mark["mark"].values()))
    figure_texts = CATALOGUE[figure].texts
    return " · ".join(figure_texts.label(key, code, lang) for key, code in mark["mark"].items())


def _differences(before: Mapping[str, Any], now: Mapping[str, Any], lang: Lang) -> dict[str, str]:
    """Each number that is written differently, by its name: before → now."""
    other = [name for name in dict.fromkeys((*before, *now)) if before.get(name, NONE) != now.get(name, NONE)]
    return {name: " → ".join(_written(name, of.get(name, NONE), lang) for of in (before, now)) for name in other}


def _written(name: str, value: str | float | None, lang: Lang) -> str:
    if isinstance(value, str):
        return value
    if name == "share":
        return numbers.share(value, lang)
    return numbers.number(value, lang, 0 if value is None or value == int(value) else 2)


def _account(figure: str, receipt: Receipt, lang: Lang) -> Iterator[tuple[str, Any]]:
    """The units of each question that were counted, asked, left out and in total."""
    for question in receipt["questions"]:
        name = question["name"]
        yield say("changed_counted", lang, part=name), question.get("n_out")
        yield say("changed_asked", lang, part=name), question.get("n_in")
        for why, n in question.get("left_out", {}).items():
            yield say("changed_left_out", lang, part=name, why=texts.left_out(why, lang)), n
        for group in question.get("totals", ()):
            first = question["keys"][0]
            label = CATALOGUE[figure].texts.label(first, str(group[first]), lang)
            yield say("changed_total", lang, part=name, group=label), group[question["unit"]]


def _behind(old: Places | None, new: Places | None, lang: Lang) -> str:
    """The rows that came and went behind a mark, where these are not too many to be listed."""
    if old is None or new is None:
        return say("changed_many_rows", lang)
    came, gone = _rows_beyond(new, old, lang), _rows_beyond(old, new, lang)
    sentences = [say("changed_rows_came", lang, rows=came)] if came else []
    return "; ".join(sentences + ([say("changed_rows_gone", lang, rows=gone)] if gone else []))


def _rows_beyond(rows: Places, others: Places, lang: Lang) -> str:
    """The rows of one side that the other has not, place by place."""
    left = {place: numbers_in(here) - numbers_in(others.get(place, "")) for place, here in rows.items()}
    texts = [say("changed_row", lang, place=place, rows=_first(rows, lang)) for place, rows in left.items() if rows]
    return _some(texts, lang, "; ")


def _first(rows: Collection[int], lang: Lang) -> str:
    """Name the first few rows, or runs of rows, and say how many rows there are more; receipts list them all."""
    runs = ranges(np.array(sorted(rows))).split(",")
    n = len(rows) - sum(len(numbers_in(run)) for run in runs[:MOST])
    return ",".join(runs[:MOST]) + (", " + say("changed_more", lang, n=n).removesuffix(".") if n else "")


def _some(items: Sequence[str], lang: Lang, between: str = ", ") -> str:
    """Name the first few, and say how many more there are."""
    more = [say("changed_more", lang, n=len(items) - MOST)] if len(items) > MOST else []
    return between.join([*items[:MOST], *more])
