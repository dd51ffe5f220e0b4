"""Say what changed since the previous report of a name: which figures, which numbers, and because of which rows.

Everything is read from the receipts of both reports. Numbers are said as they were drawn; rows by file and number.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from iww_analysis.figures import texts
from iww_analysis.figures.declaration import CATALOGUE
from iww_analysis.messages import numbers
from iww_analysis.messages.errors import Lang, Message
from iww_analysis.messages.sentences import say
from iww_analysis.report.receipts import FORMAT, QUALITY, Receipt
from iww_analysis.report.row_fingerprints import numbers_in, ranges

MOST = 3  # marks, files or lines that are named; of the others only how many
NAME = "receipts/changes.json"  # restricted; no part of the manifest: the same report has another past elsewhere
ATTENTION = "attention"  # the sentences of the page on quality; they follow from its numbers
NONE = "–"  # where one of the two reports has no such number

Key = tuple[str, ...]
Places = Mapping[str, str]  # place -> row numbers


@dataclass(frozen=True)
class ReportRecord:
    """What a report tells of itself: its manifest, and its receipts by figure."""

    manifest: Mapping[str, Any]
    public: Mapping[str, Receipt]
    restricted: Mapping[str, Receipt]


def record_of(files: Mapping[str, bytes]) -> ReportRecord | None:
    """Read what a report tells of itself from its files by path; None where it has another form or cannot be read."""
    try:
        receipts = {path: json.loads(content) for path, content in files.items() if _is_receipt(path)}
        manifest = json.loads(files["manifest.json"])
        forms = {receipt["format"] for receipt in receipts.values()}
    except (KeyError, TypeError, ValueError):
        return None
    if forms - {FORMAT}:
        return None
    of = {
        access: {r["figure"]: r for r in receipts.values() if r["access"] == access}
        for access in ("public", "restricted")
    }
    return ReportRecord(manifest, of["public"], of["restricted"])


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


def _is_receipt(path: str) -> bool:
    there = path.startswith(("figures/", "receipts/")) or path == f"{QUALITY}.json"
    return there and path.endswith(".json") and path != NAME


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


# --- causes ----------------------------------------------------------------------------------------------------------


def _settings(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Message]:
    other = [f"{name} {old[name] or NONE} → {new[name] or NONE}" for name in ("lang", "internal", "study")
             if old[name] != new[name]]  # fmt: skip
    if other:
        yield Message("changed_settings", words={"what": ", ".join(other)})
    for source in [source for source in new["sources"] if source not in old["sources"]]:
        yield Message("changed_source_new", words={"source": source})
    for source in [source for source in old["sources"] if source not in new["sources"]]:
        yield Message("changed_source_gone", words={"source": source})


def _inputs(old: Mapping[str, Any], new: Mapping[str, Any], lang: Lang) -> Iterator[Message]:
    """Raw files that came, went or are no longer what they were."""
    for source in [source for source in new if source in old]:
        before, now = old[source]["raw"], new[source]["raw"]
        if came := [path for path in now if path not in before]:
            yield Message("changed_raw_new", words={"source": source, "files": _some(came, lang)})
        if altered := [path for path in now if path in before and before[path] != now[path]]:
            yield Message("changed_raw", words={"source": source, "files": _some(altered, lang)})
        if gone := [path for path in before if path not in now]:
            yield Message("changed_raw_gone", words={"source": source, "files": _some(gone, lang)})


def _crosswalks(old: ReportRecord, new: ReportRecord, lang: Lang) -> Iterator[Message]:
    """Crosswalks that changed, with the lines of it that figures use; what stands on a line is never said."""
    before, now = old.manifest["inputs"], new.manifest["inputs"]
    for source in [s for s in now if s in before and before[s]["crosswalk"] != now[s]["crosswalk"]]:
        was, is_ = _lines(old, source), _lines(new, source)
        other = sorted(is_[text] for text in is_.keys() - was.keys())
        words_of = {"source": source, "n_gone": len(was.keys() - is_.keys())}
        if other or words_of["n_gone"]:
            numbers = _some([str(number) for number in other], lang) or NONE
            yield Message("changed_crosswalk", words={**words_of, "lines": numbers})
        else:
            yield Message("changed_crosswalk_aside", words={"source": source})


def _lines(report: ReportRecord, source: str) -> dict[str, int]:
    """The lines of a crosswalk that any figure uses: text -> number."""
    used = [entry for receipt in report.restricted.values() for entry in receipt.get("crosswalk", ())]
    return {line["text"]: line["line"] for entry in used if entry["source"] == source for line in entry["lines"]}


def _code(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Message]:
    names = sorted({*old["versions"], *new["versions"]})
    both = [(name, old["versions"].get(name, NONE), new["versions"].get(name, NONE)) for name in names]
    other = [f"{name} {before} → {now}" for name, before, now in both if before != now]
    if other:
        yield Message("changed_versions", words={"versions": ", ".join(other)})
    elif old["code"] != new["code"]:
        yield Message("changed_code")


# --- figures ---------------------------------------------------------------------------------------------------------


def _figures(old: ReportRecord, new: ReportRecord, lang: Lang) -> Iterator[Message]:
    figures = [figure for figure in new.public if figure in old.public]
    if came := [figure for figure in new.public if figure not in old.public]:
        yield Message("changed_figure_new", words={"figures": ", ".join(came)})
    if gone := [figure for figure in old.public if figure not in new.public]:
        yield Message("changed_figure_gone", words={"figures": ", ".join(gone)})
    for figure in figures:
        before, now = ({**report.public[figure], "rows": _rows(report, figure)} for report in (old, new))
        yield from _figure(figure, before, now, lang)
    drawn = [f for f in figures if f != QUALITY and _is_only_redrawn(old.public[f], new.public[f])]
    if drawn:
        yield Message("changed_drawing", words={"figures": ", ".join(drawn)})


def _rows(report: ReportRecord, figure: str) -> dict[Key, Places | None]:
    return {_key(mark): mark["rows"] for mark in report.restricted[figure]["marks"] if "rows" in mark}


def _key(mark: Mapping[str, Any]) -> Key:
    return (mark["part"], *(f"{key}={value}" for key, value in mark["mark"].items()))


def _is_only_redrawn(old: Receipt, new: Receipt) -> bool:
    before, now = old["digests"], new["digests"]
    return bool(before["numbers"] == now["numbers"] and before["marks"] != now["marks"])


def _figure(figure: str, old: Receipt, new: Receipt, lang: Lang) -> Iterator[Message]:
    """The numbers of one figure that are drawn differently, and those that have other rows behind them."""
    before, now = (_marks(receipt) for receipt in (old, new))
    sentences, n, same = list[str](), 0, list[str]()
    for key in dict.fromkeys((*before, *now)):
        was, is_ = before.get(key), now.get(key)
        other = _numbers(was, is_, lang)
        moved = (was or {}).get("row_set") != (is_ or {}).get("row_set")
        name, rows = (
            _name(figure, is_ or was or {}, lang),
            _behind(old["rows"].get(key, {}), new["rows"].get(key, {}), lang),
        )
        n += len(other)
        if other:
            sentences.append(
                f"{name}: {other[0]}"
                + (f" ({rows if moved else say('changed_same_rows', lang)})" if old["rows"] else "")
            )
        elif was and is_ and moved:
            same.append(f"{name} ({rows})")
    account = _accounts(figure, old, new, lang)
    if sentences or account:
        words_of = {
            "figure": _title(figure, lang),
            "n": n + len(account),
            "marks": _some([*sentences, *account], lang, "; "),
        }
        yield Message("changed_numbers", words=words_of)
    if same:
        words_of = {"figure": _title(figure, lang), "n": len(same), "marks": _some(same, lang, "; ")}
        yield Message("changed_rows_behind", words=words_of)


def _marks(receipt: Receipt) -> dict[Key, Mapping[str, Any]]:
    return {_key(mark): mark for mark in receipt["marks"] if mark["part"] != ATTENTION}


def _title(figure: str, lang: Lang) -> str:
    return say("changed_quality", lang) if figure == QUALITY else figure


def _name(figure: str, mark: Mapping[str, Any], lang: Lang) -> str:
    """What a reader calls a mark: its keys in words."""
    if figure == QUALITY:
        return " · ".join(map(str, mark["mark"].values()))
    figure_texts = CATALOGUE[figure].texts
    return " · ".join(figure_texts.label(key, code, lang) for key, code in mark["mark"].items())


def _numbers(was: Mapping[str, Any] | None, is_: Mapping[str, Any] | None, lang: Lang) -> list[str]:
    """Every number of a mark that is drawn differently: before → now."""
    before, now = (mark["drawn"] if mark else {} for mark in (was, is_))
    return [
        f"{_written(before, name, lang)} → {_written(now, name, lang)}"
        for name in dict.fromkeys((*before, *now))
        if before.get(name, NONE) != now.get(name, NONE)
    ]


def _written(drawn: Mapping[str, Any], name: str, lang: Lang) -> str:
    value = drawn.get(name, NONE)
    if isinstance(value, str):
        return value
    if name == "share":
        return numbers.share(value, lang)
    return numbers.number(value, lang, 0 if value is None or value == int(value) else 2)


def _accounts(figure: str, old: Receipt, new: Receipt, lang: Lang) -> list[str]:
    """The units counted, left out and in total that are shown differently."""
    before, now = (dict(_account(figure, receipt, lang)) for receipt in (old, new))
    return [
        f"{what}: {_written(before, what, lang)} → {_written(now, what, lang)}"
        for what in dict.fromkeys((*before, *now))
        if before.get(what, NONE) != now.get(what, NONE)
    ]


def _account(figure: str, receipt: Receipt, lang: Lang) -> Iterator[tuple[str, Any]]:
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
    came, gone = _minus(new, old, lang), _minus(old, new, lang)
    sentences = [say("changed_rows_came", lang, rows=_some(came, lang, "; "))] if came else []
    return "; ".join(sentences + ([say("changed_rows_gone", lang, rows=_some(gone, lang, "; "))] if gone else []))


def _minus(rows: Places, others: Places, lang: Lang) -> list[str]:
    """The rows that are only in the first, in words per place."""
    left = {place: numbers_in(here) - numbers_in(others.get(place, "")) for place, here in rows.items()}
    return [say("changed_row", lang, place=place, rows=ranges(np.array(sorted(n)))) for place, n in left.items() if n]


def _some(items: Sequence[str], lang: Lang, between: str = ", ") -> str:
    """Name the first few, and say how many more there are."""
    more = [say("changed_more", lang, n=len(items) - MOST)] if len(items) > MOST else []
    return between.join([*items[:MOST], *more])
