"""One workbook in many spellings of its XML: the same cells, the same errors, the same rows hidden."""

import random
from collections.abc import Sequence
from xml.sax.saxutils import escape

import pytest

from iww_analysis.io.formats.workbook import read_workbook
from shared.opendocument import zipped

# Kind and text of each cell; None is no cell at all. `d`: a day by its number, `m`: the same shown as a month, `e`: an error.
CELLS: Sequence[Sequence[tuple[str, str] | None]] = [
    [("s", "nr"), ("s", "begin"), ("s", "eind"), ("s", "n & o"), ("s", "ja")],
    [("s", "001"), ("d", "44621"), ("e", "#N/A"), ("n", "3"), ("b", "1")],
    [("s", "a < b"), None, ("d", "44622"), ("e", "#DIV/0!"), None],
    [],
    [("s", " x "), ("m", "44621"), None, None, ("e", "#REF!")],
    [("s", "002"), ("m", "44627"), ("s", ""), ("n", "2.5"), ("b", "0")],
    [None, None, ("e", "#N/A")],
]
READ = [
    ["nr", "begin", "eind", "n & o", "ja"],
    ["001", "2022-03-01", "#N/A", "3", "ja"],
    ["a < b", "", "2022-03-02", "#DIV/0!", ""],
    [""] * 5,
    [" x ", "2022-03", "", "", "#REF!"],
    ["002", "2022-03-07", "", "2.5", "nee"],
    ["", "", "#N/A", "", ""],
]
HIDDEN_ROW = 5  # 1-based
MAIN = ("http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/spreadsheetml/main")
LINKS = tuple(f"{ns}/relationships" for ns in (
    "http://schemas.openxmlformats.org/officeDocument/2006", "http://purl.oclc.org/ooxml/officeDocument"))  # fmt: skip
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml."


class Spelling:
    """Writes the workbook as one seed has it: prefixes, places left out, orders, quotes, strings here or there, strict or not."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.strict = self.dice.random() < 0.4
        self.prefix = self.dice.choice(["", "", "x:", "main:"])
        self.places = self.dice.choice(["all", "all", "none", "some"])  # which rows and cells say where they stand
        self.quote = self.dice.choice("\"'")
        self.between = self.dice.choice(["", "\n  ", "<!-- - -->"])
        self.iso = self.strict and self.dice.random() < 0.5
        self.strings: list[str] = []

    def element(self, name: str, attributes: dict[str, str], inner: str = "") -> str:
        given = list(attributes.items())
        self.dice.shuffle(given)
        space = self.dice.choice([" ", "  ", "\n"])
        head = "".join(f"{space}{key}={self.quote}{escape(value)}{self.quote}" for key, value in given)
        short = not inner and self.dice.random() < 0.5
        return f"<{self.prefix}{name}{head}/>" if short else f"<{self.prefix}{name}{head}>{inner}</{self.prefix}{name}>"

    def root(self, name: str, inner: str) -> str:
        xmlns = f"xmlns:{self.prefix[:-1]}" if self.prefix else "xmlns"
        main, links = MAIN[self.strict], LINKS[self.strict]
        head = f'<{self.prefix}{name} {xmlns}="{main}" xmlns:q="{links}">'
        return f'<?xml version="1.0" encoding="UTF-8"?>\n{head}{inner}</{self.prefix}{name}>'

    def says(self) -> bool:
        return self.places == "all" or (self.places == "some" and self.dice.random() < 0.5)

    def cell(self, kind: str, text: str, place: dict[str, str]) -> str:
        if kind == "s":
            space = {"xml:space": "preserve"}
            if self.dice.random() < 0.5:
                return self.element(
                    "c", {**place, "t": "inlineStr"}, self.element("is", {}, self.element("t", space, escape(text)))
                )
            self.strings.append(text)
            return self.element("c", {**place, "t": "s"}, self.element("v", {}, str(len(self.strings) - 1)))
        style = {"d": {"s": "1"}, "m": {"s": "2"}}.get(kind, {})
        if kind in "dm" and self.iso:
            day = 1 + int(text) - 44621
            return self.element("c", {**place, **style, "t": "d"}, self.element("v", {}, f"2022-03-{day:02}"))
        formula = self.element("f", {}, "1/0") if kind == "e" and self.dice.random() < 0.5 else ""
        text = text.replace("#", "&#35;") if self.dice.random() < 0.2 else text
        named = {"t": kind} if kind in "eb" else {"t": "n"} if self.dice.random() < 0.3 else {}
        return self.element("c", {**place, **style, **named}, formula + self.element("v", {}, text))

    def sheet(self) -> str:
        rows = []
        for n, cells in enumerate(CELLS, start=1):
            written = []
            for column, cell in enumerate(cells):
                place = {"r": f"{'ABCDE'[column]}{n}"}
                if cell is not None:
                    written.append(self.cell(*cell, place if self.says() else {}))
                elif self.places != "all":  # what is not there cannot be counted
                    written.append(self.element("c", place if self.says() else {}))
            hidden = {"hidden": self.dice.choice(["1", "true"])} if n == HIDDEN_ROW else {}
            rows.append(
                self.element("row", {**({"r": str(n)} if self.says() else {}), **hidden}, self.between.join(written))
            )
        return self.root("worksheet", self.element("sheetData", {}, self.between.join(rows)))

    def workbook(self) -> bytes:
        sheet = self.sheet()
        strings = "".join(
            self.element("si", {}, self.element("t", {"xml:space": "preserve"}, escape(t))) for t in self.strings
        )
        fmt = self.element(
            "numFmts", {"count": "1"}, self.element("numFmt", {"numFmtId": "170", "formatCode": "[$-413]mmm/yy;@"})
        )
        xfs = [self.element("xf", {"numFmtId": n, "fontId": "0"}) for n in ("0", "14", self.dice.choice(["17", "170"]))]
        styles = fmt + self.element("cellXfs", {"count": "3"}, "".join(xfs))
        target = self.dice.choice(["worksheets/a.xml", "/xl/worksheets/a.xml"])
        names = {"sheet": target, "styles": "styles.xml", "strings": "sharedStrings.xml"}
        kinds = {"sheet": "worksheet", "styles": "styles", "strings": "sharedStrings"}
        links = "".join(
            f'<Relationship Id="{key}" Type="{LINKS[self.strict]}/{kinds[key]}" Target="{path}"/>'
            for key, path in names.items()
        )
        kinds_of = {"/xl/workbook.xml": "sheet.main", "/xl/worksheets/a.xml": "worksheet", "/xl/styles.xml": "styles",
                    "/xl/sharedStrings.xml": "sharedStrings"}  # fmt: skip
        types = "".join(f'<Override PartName="{p}" ContentType="{KIND}{k}+xml"/>' for p, k in kinds_of.items())
        rels = f'<Relationship Id="r" Type="{LINKS[self.strict]}/officeDocument" Target="xl/workbook.xml"/>'
        xml = '<Default Extension="xml" ContentType="application/xml"/>'
        xml += '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        return zipped({
            "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">{xml}{types}</Types>',
            "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{rels}</Relationships>',
            "xl/workbook.xml": self.root("workbook", self.element("sheets", {}, self.element(
                "sheet", {"name": "A & B", "sheetId": "1", "q:id": "sheet"}))),
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{links}</Relationships>',
            "xl/worksheets/a.xml": sheet,
            "xl/styles.xml": self.root("styleSheet", styles),
            "xl/sharedStrings.xml": self.root("sst", strings),
        })  # fmt: skip


@pytest.mark.parametrize("seed", range(24))
def test_a_workbook_reads_the_same_however_its_xml_is_written(seed: int) -> None:
    (sheet,) = read_workbook("a.xlsx", Spelling(seed).workbook())
    assert sheet.cells.to_numpy().tolist() == READ
    assert [(note.code, note.words.get("n")) for note in sheet.notes] == [("rows_hidden", 1), ("months_shown", 2)]


@pytest.mark.parametrize("named", [5000, 1000])
def test_an_error_far_down_has_its_place_also_where_rows_above_it_do_not_say_theirs(named: int) -> None:
    rows = []
    for n in range(1, 5001):
        row, cells = (f' r="{n}"', [f' r="{c}{n}"' for c in "ABC"]) if n <= named else ("", [""] * 3)
        last = "<v>#N/A</v>" if n == 4000 else "<v>3</v>"
        kinds = ["", "", ' t="e"' if n == 4000 else ""]
        values = ["<v>1</v>", "<v>2</v>", last]
        rows.append(
            f"<row{row}>{''.join(f'<c{c}{k}>{v}</c>' for c, k, v in zip(cells, kinds, values, strict=True))}</row>"
        )
    spelling = Spelling(0)
    spelling.prefix, spelling.strict = "", False
    spelling.sheet = lambda: spelling.root("worksheet", f"<sheetData>{''.join(rows)}</sheetData>")  # type: ignore[method-assign]
    (sheet,) = read_workbook("a.xlsx", spelling.workbook())
    assert sheet.cells.shape == (5000, 3)
    assert sheet.cells.loc[4000].tolist() == ["1", "2", "#N/A"]
    assert (sheet.cells[2] == "3").sum() == 4999
