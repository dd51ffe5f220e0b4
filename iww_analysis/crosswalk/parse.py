"""Read a crosswalk from its TOML document, and name every fault in it at once."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from iww_analysis import vocabulary
from iww_analysis.crosswalk import text_decisions
from iww_analysis.crosswalk.crosswalk import (
    ANSWERS,
    DAYS,
    DECIMALS,
    EPOCHS,
    FORMAT,
    MANY_CODES,
    NAMED,
    NO,
    NOT_KNOWN,
    OPEN,
    ORDERS,
    SEPARATORS,
    SEVERAL,
    UNANSWERED,
    UNREADABLE,
    Crosswalk,
    Exclusion,
    SheetCrosswalk,
    SheetName,
    SheetPattern,
    Target,
    under,
)
from iww_analysis.messages import sentences
from iww_analysis.messages.errors import IwwError, Message, Place, fail
from iww_analysis.tables import TABLES
from iww_analysis.tables.cells import cell_readers
from iww_analysis.tables.cells.key_folding import FOLDINGS
from iww_analysis.tables.statement import Column, Table


def parse(document: Mapping[str, Any], name: str) -> Crosswalk:
    """Make a crosswalk of a read TOML document (`name`: its file); raises IwwError with every fault in it at once."""
    if faults := list(_faults(document, name)):
        raise IwwError(*faults)
    lists = _table(document, "codes")
    words = {
        name: {word: UNREADABLE if code == NOT_KNOWN else code for word, code in lines.items() if code != OPEN}
        for name, lines in lists.items()
    }
    return Crosswalk(
        source=str(document["source"]),
        sheets=tuple(_sheet(entry) for entry in _list(document, "sheets")),
        codes={name: {vocabulary.key(word): code for word, code in lines.items()} for name, lines in words.items()},
        words=words,
        words_under={name: _words_under(lines) for name, lines in lists.items()},
        ignored_sheets=tuple(
            (SheetPattern(str(e.get("file", "*")), str(e.get("sheet", ""))), str(e["reason"]))
            for e in _list(document, "ignore_sheets")
        ),
        names={
            column: {
                cell_readers.tidy(str(written)): str(written if name == NOT_KNOWN else name)
                for written, name in lines.items()
                if name != OPEN
            }
            for column, lines in _table(document, "names").items()
        },
        keys={column: keys_of(v) for column, v in _table(document, "keys").items() if v != OPEN},
        no_names=text_decisions.no_names(_table(document, "texts")),
        names_hidden=text_decisions.names_hidden(_table(document, "texts")),
    )


def _words_under(lines: Mapping[str, Any]) -> Mapping[str, Mapping[str, str]]:
    """What lines say of a word under one heading; while nobody said it, such a word is unreadable there."""
    found: dict[str, dict[str, str]] = {}
    for line, code in lines.items():
        heading, said, word = line.rpartition(under("", ""))
        if said:
            meant = UNREADABLE if code in UNANSWERED else str(code)
            found.setdefault(vocabulary.key(heading), {})[vocabulary.key(word)] = meant
    return found


def keys_of(value: object) -> tuple[str, ...]:
    """Read how a column of identifiers is folded; where nobody knows, not at all."""
    return tuple(map(str, value)) if isinstance(value, list) else ()


def targets(value: object) -> tuple[Target, ...]:
    """Read what stands behind a heading: a target, a target with constants, several, or an open question."""
    filled = []
    for given in [] if value in UNANSWERED else value if isinstance(value, list) else [value]:
        entry = {"to": given} if isinstance(given, str) else given
        if not isinstance(entry, Mapping) or "to" not in entry:
            raise fail("crosswalk_shape", found=entry, expected='{ to = "tabel.kolom" }')
        table, _, column = str(entry["to"]).partition(".")
        constants = tuple(sorted((k, str(v)) for k, v in entry.items() if k not in ("to", "split")))
        filled.append(Target(table, column, str(entry.get("split", "")), constants))
    return tuple(filled)


def not_known_because() -> str:
    """Give the reason why a column is not read of which nobody knows what it means."""
    return str(sentences.read("proposals")["ignore"]["not_known"]["nl"])


def _sheet(entry: Mapping[str, Any]) -> SheetCrosswalk:
    columns, separators = _table(entry, "columns"), _by_heading(entry, "separators")
    not_known = [heading for heading, value in columns.items() if value == NOT_KNOWN]
    constants = {
        name.partition("."): str(value) for name, value in _table(entry, "constants").items() if value not in UNANSWERED
    }
    return SheetCrosswalk(
        file=str(entry["file"]),
        sheet=SEVERAL.join(_texts(entry, "sheet")),
        anchor=str(entry["one_row_is"]),
        date_order=str(entry.get("date_order", "dmy")),
        columns={
            heading: _separated(targets(value), separators.get(heading, NO))
            for heading, value in columns.items()
            if value not in UNANSWERED
        },
        constants={(table, column): value for (table, _, column), value in constants.items()},
        ids={k: int(str(v)) for k, v in _table(entry, "ids").items()},
        ignore={k: str(v) for k, v in _table(entry, "ignore").items()} | dict.fromkeys(not_known, not_known_because()),
        exclude=tuple(Exclusion(str(e["column"]), str(e["equals"]), str(e["reason"])) for e in _list(entry, "exclude")),
        open_headings=tuple(heading for heading, value in columns.items() if value == OPEN),
        date_orders=_by_heading(entry, "date_orders"),
        decimals=_by_heading(entry, "decimals"),
        half_dates=_by_heading(entry, "half_dates"),
        fill_down=_by_heading(entry, "fill_down"),
        missing_words=_by_heading(entry, "missing_words"),
        separators=separators,
        excel_epoch=int(entry.get("excel_epoch", EPOCHS[0])),
        a_column_is=_texts(entry, "a_column_is"),
        sheet_name=_sheet_name(entry),
    )


def _texts(entry: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """One text or several."""
    given = entry.get(name, [])
    return tuple(map(str, given if isinstance(given, list) else [given]))


def _sheet_name(entry: Mapping[str, Any]) -> SheetName | None:
    """What the names of these sheets say of their rows, where a person said so."""
    said = _table(entry, "sheet_name")
    to = str(said.get("to", OPEN))
    table, _, column = to.partition(".")
    known = SheetName(table if column else "", column, str(said.get("written_as", "{}")))
    return None if to == OPEN else known


def _separated(filled: tuple[Target, ...], signs: str) -> tuple[Target, ...]:
    """Targets whose cells are split by these signs too."""
    more = "" if signs in (NO, *UNANSWERED) else signs
    return tuple(replace(target, split=target.split + more) if target.split else target for target in filled)


def _by_heading(entry: Mapping[str, Any], name: str) -> Mapping[str, str]:
    """The settings of single columns, by their heading as it stands under `columns`."""
    settings = {vocabulary.key(heading): str(value) for heading, value in _table(entry, name).items()}
    keys = {heading: vocabulary.key(heading) for heading in _table(entry, "columns")}
    return {heading: settings[key] for heading, key in keys.items() if key in settings}


def _faults(document: Mapping[str, Any], name: str) -> Iterator[Message]:
    if document.get("format") != FORMAT:
        yield Message("crosswalk_format", Place(name), {"expected": FORMAT})
    for entry in _list(document, "sheets"):
        anchor = entry.get("one_row_is")
        if anchor not in TABLES:
            yield Message("crosswalk_anchor", Place(name), {"found": anchor, "expected": ", ".join(TABLES)})
        yield from _style_faults(entry, name)
        yield from _unlike_faults(entry, name)
        yield from _sheet_name_faults(entry, name)
        yield from _column_faults(entry, name)
        for heading, value in _table(entry, "columns").items():
            for target in targets(value):
                yield from _target_faults(target, Place(name, column=heading))
                if target.table == anchor and (
                    target.split or not {*dict(target.constants)} <= {*_texts(entry, "a_column_is")}
                ):
                    yield Message("crosswalk_split_row", Place(name, column=heading), {"found": target.table})
    for column, foldings in _table(document, "keys").items():
        if foldings not in UNANSWERED and not (isinstance(foldings, list) and set(foldings) <= set(FOLDINGS)):
            words = {"found": foldings, "expected": ", ".join(FOLDINGS)}
            yield Message("crosswalk_keys", Place(name, column=f"keys.{column}"), words)
    yield from _name_faults(_table(document, "names"), name)
    yield from text_decisions.faults(_table(document, "texts"), name)
    for vocabulary_list, lines in _table(document, "codes").items():
        yield from _code_faults(vocabulary_list, lines, Place(name, column=f"codes.{vocabulary_list}"))


def _sheet_name_faults(entry: Mapping[str, Any], name: str) -> Iterator[Message]:
    """What is wrong in what the names of sheets are said to say: a field of the record that a row makes."""
    said, place = _table(entry, "sheet_name"), Place(name, column="sheet_name")
    to, anchor = str(said.get("to", NO)), str(entry.get("one_row_is"))
    known = [f"{anchor}.{column.name}" for column in TABLES[anchor] if not column.computed] if anchor in TABLES else []
    if to not in (NO, *UNANSWERED, *known):
        yield Message("crosswalk_sheet_name", place, {"found": to, "expected": ", ".join(known)})
    if "{}" not in str(said.get("written_as", "{}")):
        yield Message("crosswalk_written_as", place, {"found": said["written_as"], "example": "Team {}"})


def _column_faults(entry: Mapping[str, Any], name: str) -> Iterator[Message]:
    """What is wrong in what headings are said to stand for: a column that tells records of what a row is apart."""
    table = TABLES.get(str(entry.get("one_row_is")))
    telling = [column.name for column in table if may_be_columns(table, column)] if table else []
    for given in _texts(entry, "a_column_is"):
        if table and given not in telling:
            words = {"found": given, "expected": ", ".join(telling) or "-"}
            yield Message("crosswalk_a_column_is", Place(name, column="a_column_is"), words)


def may_be_columns(table: Table, column: Column) -> bool:
    """Whether headings can stand for a column: it is of the key, or decides a part of it, and no day or number of a record."""
    decides = any(table[name].computed for name in table.key if name in table)
    plain = not column.computed and column.kind not in ("key", *DAYS)
    return plain and (column.name in table.key or decides)


def _style_faults(entry: Mapping[str, Any], name: str) -> Iterator[Message]:
    """What is wrong in what an entry says of how days and numbers are written."""
    orders, decimals = (_table(entry, name) for name in ("date_orders", "decimals"))
    for heading, order in ((None, entry.get("date_order", ORDERS[0])), *orders.items()):
        if order not in (*ORDERS, *UNANSWERED):
            yield Message("crosswalk_date_order", Place(name, column=heading), {"found": order})
    for heading, sign in decimals.items():
        if sign not in (*DECIMALS, *UNANSWERED):
            yield Message("crosswalk_decimal", Place(name, column=heading), {"found": sign})
    answers = {setting: _table(entry, setting) for setting in ANSWERS}
    for setting, given in answers.items():
        for heading in (heading for heading, answer in given.items() if answer not in (*ANSWERS[setting], *UNANSWERED)):
            yield Message(f"setting_{setting}", Place(name, column=heading), {"found": given[heading]})
    yield from _separator_faults(separators := _table(entry, "separators"), name)
    if entry.get("excel_epoch", EPOCHS[0]) not in EPOCHS:
        yield Message("crosswalk_epoch", Place(name), {"found": entry.get("excel_epoch")})
    headings = set(map(vocabulary.key, _table(entry, "columns")))
    for heading in (*orders, *decimals, *separators, *(heading for given in answers.values() for heading in given)):
        if vocabulary.key(heading) not in headings:
            yield Message("crosswalk_notation_heading", Place(name, column=heading))


def _separator_faults(separators: Mapping[str, Any], name: str) -> Iterator[Message]:
    for heading, signs in separators.items():
        if signs not in (NO, *UNANSWERED) and not (signs and set(str(signs)) <= SEPARATORS):
            yield Message("crosswalk_separators", Place(name, column=heading), {"found": signs})


def _name_faults(names: Mapping[str, Any], name: str) -> Iterator[Message]:
    for column in (column for column, lines in names.items() if column not in NAMED or not isinstance(lines, Mapping)):
        words = {"found": column, "expected": ", ".join(f"[names.{each}]" for each in NAMED)}
        yield Message("crosswalk_names", Place(name, column=f"names.{column}"), words)


def _unlike_faults(entry: Mapping[str, Any], name: str) -> Iterator[Message]:
    """Headings that fill one column, while their days or numbers are not written alike."""
    date_order = str(entry.get("date_order", ORDERS[0]))
    for setting, kinds, default in (("date_orders", DAYS, date_order), ("decimals", ("integer",), DECIMALS[0])):
        styles, first = _by_heading(entry, setting), dict[Target, tuple[str, str]]()
        for heading, value in _table(entry, "columns").items():
            for slot in (Target(target.table, target.column) for target in targets(value)):
                if slot.table in TABLES and slot.column in TABLES[slot.table]:
                    style = styles.get(heading, default)
                    other, others = first.setdefault(slot, (heading, style))
                    if slot.statement.kind in kinds and others != style:
                        words = {"field": slot.field, "other": other, "table": setting}
                        yield Message("crosswalk_unlike", Place(name, column=heading), words)


def _target_faults(target: Target, place: Place) -> Iterator[Message]:
    if target.table not in TABLES:
        yield Message("crosswalk_table", place, {"found": target.table, "expected": ", ".join(TABLES)})
        return
    table = TABLES[target.table]
    for column, constant in ((target.column, None), *target.constants):
        if column not in table or table[column].computed:
            expected = ", ".join(c.name for c in table if not c.computed)
            yield Message("crosswalk_column", place, {"found": f"{target.table}.{column}", "expected": expected})
        elif constant is not None and (known := table[column].vocabulary) and constant not in vocabulary.read(known):
            yield _unknown_code(constant, known, place)


def _code_faults(name: str, lines: object, place: Place) -> Iterator[Message]:
    if name not in vocabulary.names():
        yield Message("crosswalk_list", place, {"found": name, "expected": ", ".join(vocabulary.names())})
        return
    if not isinstance(lines, Mapping):
        raise fail("crosswalk_shape", found=f"codes.{name}", expected=f"[codes.{name}]")
    for code in lines.values():
        if code not in UNANSWERED and code not in vocabulary.read(name) and code not in vocabulary.read("missing"):
            yield _unknown_code(code, name, place)


def _unknown_code(code: str, name: str, place: Place) -> Message:
    codes = vocabulary.read(name).codes
    expected = ", ".join(codes[:MANY_CODES]) + (" …" if len(codes) > MANY_CODES else "")
    return Message("crosswalk_code", place, {"found": code, "list": name, "expected": expected})


def _table(document: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = document.get(name, {})
    if not isinstance(value, Mapping):
        raise fail("crosswalk_shape", found=name, expected=f"[{name}]")
    return value


def _list(document: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    value = document.get(name, [])
    if not isinstance(value, list) or not all(isinstance(entry, Mapping) for entry in value):
        raise fail("crosswalk_shape", found=name, expected=f"[[{name}]]")
    return value
