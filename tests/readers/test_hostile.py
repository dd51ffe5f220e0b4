"""Files that would harm, deceive or stop the reader: one clear sentence each, quickly, and the process lives on."""

import gzip
import io
import operator
import os
import stat
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from iww_analysis.io.delivered_files import read_sheets
from iww_analysis.io.formats import preflight
from iww_analysis.io.formats.workbook import read_workbook
from iww_analysis.io.sandbox import child_process, limits
from iww_analysis.messages.errors import IwwError
from shared.homes import workbook
from shared.opendocument import cell, ods, zipped

GOOD = workbook({"Blad1": [["nr", "naam"], ["001", "a"]]})
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def parts(content: bytes = GOOD) -> dict[str, str]:
    """The members of a workbook."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return {name: book.read(name).decode() for name in book.namelist()}


def with_part(name: str, text: str) -> bytes:
    return zipped(parts() | {name: text})


def codes(content: bytes, name: str = "a.xlsx") -> list[str]:
    """What is said when a file is refused: one sentence, soon."""
    began = time.monotonic()
    with pytest.raises(IwwError) as error:
        read_workbook(name, content)
    assert time.monotonic() - began < 20
    assert "\n" not in error.value.say("nl")
    assert error.value.messages[0].place.file == name
    return [message.code for message in error.value.messages]


def packed(*members: tuple[zipfile.ZipInfo | str, bytes]) -> bytes:
    """A good workbook with members behind it."""
    out = io.BytesIO(GOOD)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as made:
        for info, content in members:
            made.writestr(info, content)
    return out.getvalue()


def link() -> zipfile.ZipInfo:
    info = zipfile.ZipInfo("xl/link.xml")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


@pytest.mark.parametrize(
    "name", ["../../a.xml", "/etc/a.xml", "C:/a.xml", "..\\..\\a.xml", "C:\\a.xml", "xl/../../a.xml"]
)
def test_a_member_that_points_outside_is_refused(name: str) -> None:
    assert codes(packed((name, b"<a/>"))) == ["zip_unsafe"]


def test_a_link_is_refused() -> None:
    assert codes(packed((link(), b"/etc/passwd"))) == ["zip_unsafe"]


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("name", ["xl/workbook.xml", "XL/Workbook.xml", "xl\\workbook.xml"])
def test_two_members_of_one_name_are_refused(name: str) -> None:
    assert codes(packed((name, b"<a/>"))) == ["zip_unsafe"]


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    assert codes(packed(("xl/bomb.xml", bytes(50_000_000)))) == ["zip_bomb"]


def test_a_bomb_that_lies_about_its_size_is_refused() -> None:
    bomb = bytearray(packed(("xl/bomb.xml", bytes(50_000_000))))
    at = bomb.rindex(b"PK\x01\x02")  # the last entry of the directory; its size unpacked is at 24
    bomb[at + 24 : at + 28] = (1000).to_bytes(4, "little")
    assert codes(bytes(bomb)) == ["workbook_broken"]


def test_a_zip_inside_a_workbook_is_never_opened() -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("bomb.xml", bytes(50_000_000))
    assert len(read_workbook("a.xlsx", packed(("xl/embeddings/b.xlsx", inner.getvalue())))) == 1


def test_too_many_members_are_refused() -> None:
    assert codes(packed(*[(f"xl/{n}.xml", b"") for n in range(limits.MOST_MEMBERS)])) == ["zip_bomb"]


def test_a_document_type_is_refused() -> None:
    laughs = '<!DOCTYPE a [<!ENTITY b "lol"><!ENTITY c "&b;&b;&b;&b;">]>'
    name = "xl/worksheets/sheet1.xml"
    assert codes(with_part(name, f'<?xml version="1.0"?>{laughs}{parts()[name]}')) == ["xml_entities"]
    assert codes(with_part("xl/workbook.xml", laughs + parts()["xl/workbook.xml"])) == ["xml_entities"]


@pytest.mark.parametrize(("far", "said"), [("XFD1048576", "1048576 en kolom XFD"), ("XFD20000", "20000 en kolom XFD")])
def test_a_cell_far_out_is_refused_with_its_place(far: str, said: str) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0]["A1"] = book.worksheets[0][far] = "x"
    out = io.BytesIO()
    book.save(out)
    with pytest.raises(IwwError, match=said) as error:
        read_workbook("a.xlsx", out.getvalue())
    assert error.value.messages[0].code == "sheet_far"


def test_a_far_cell_is_refused_however_it_is_written_and_the_process_lives_on() -> None:
    name, far = "xl/worksheets/sheet1.xml", '<row r="1048576"><c s="0" r="XFD1048576"><v>1</v></c></row></sheetData>'
    assert codes(with_part(name, parts()[name].replace("</sheetData>", far))) == ["sheet_far"]
    assert len(read_workbook("a.xlsx", GOOD)) == 1


def test_a_cell_repeated_over_a_whole_sheet_is_refused() -> None:
    repeated = cell("string", "x", 'table:number-columns-repeated="16384"')
    row = f'<table:table-row table:number-rows-repeated="1048576">{repeated}</table:table-row>'
    assert codes(ods(f'<table:table table:name="B">{row}</table:table>'), "a.ods") == ["sheet_repeats"]


@pytest.mark.parametrize("start", [b"P", b"PK\x03", b"\xd0", OLE[:7], b"$F"])
def test_a_file_of_which_only_the_first_bytes_are_there_is_no_text(start: bytes) -> None:
    with pytest.raises(IwwError, match="beschadigd of niet volledig"):
        read_sheets(Path("a.xls"), start)


@pytest.mark.parametrize("part", [0.02, 0.3, 0.6, 0.9, 0.99])
def test_a_workbook_cut_short_is_refused(part: float) -> None:
    assert codes(GOOD[: int(len(GOOD) * part)]) == ["workbook_broken"]


def test_a_changed_byte_in_a_sheet_is_noticed() -> None:
    plain = io.BytesIO()
    with zipfile.ZipFile(plain, "w", zipfile.ZIP_STORED) as made:
        for name, text in parts().items():
            made.writestr(name, text)
    assert len(read_workbook("a.xlsx", plain.getvalue())) == 1
    assert codes(plain.getvalue().replace(b"<t>001</t>", b"<t>002</t>")) == ["workbook_broken"]


@pytest.mark.parametrize(
    ("name", "found", "put"),
    [
        ("xl/workbook.xml", "<sheets>", "<sheets"), ("xl/worksheets/sheet1.xml", "</row>", "<row>"),
        ("xl/worksheets/sheet1.xml", "</worksheet>", ""), ("xl/styles.xml", "<fonts", "<fon\x00ts"),
        ("xl/_rels/workbook.xml.rels", 'Id="', "Id="),
        ("xl/workbook.xml", "<workbook", '<?xml version="1.0" encoding="WTF-8"?><workbook'),
    ],
)  # fmt: skip
def test_xml_that_is_not_well_formed_is_refused(name: str, found: str, put: str) -> None:
    assert codes(with_part(name, parts()[name].replace(found, put, 1))) == ["workbook_broken"]


def test_what_is_not_read_need_not_be_xml() -> None:
    assert len(read_workbook("a.xlsx", with_part("docProps/app.xml", ""))) == 1


def test_a_workbook_with_a_password_says_so() -> None:
    assert codes(OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le")) == ["workbook_locked"]
    assert codes(OLE + bytes(600) + b"\x09\x08\x10\x00" + bytes(16) + b"\x2f\x00\x36\x00", "a.xls") == [
        "workbook_locked"
    ]
    manifest = '<m:manifest xmlns:m="m"><m:file-entry><m:encryption-data/></m:file-entry></m:manifest>'
    assert codes(zipped({"META-INF/manifest.xml": manifest, "content.xml": "?"}), "a.ods") == ["workbook_locked"]
    flagged = bytearray(GOOD)
    flagged[flagged.index(b"PK\x01\x02") + 8] |= 1  # the flag of an encrypted member
    assert codes(bytes(flagged)) == ["workbook_locked"]


def test_a_workbook_without_sheets_or_with_nothing_in_it() -> None:
    no_sheets = parts()["xl/workbook.xml"].replace("<sheet ", "<x ")
    assert codes(with_part("xl/workbook.xml", no_sheets)) == ["workbook_broken"]
    assert codes(zipped({})) == ["workbook_broken"]
    assert codes(b"PK\x03\x04" + bytes(400)) == ["workbook_broken"]
    assert codes(OLE + bytes(2000), "a.xls") == ["workbook_broken"]


def test_a_header_without_rows_and_headings_that_repeat_are_read_as_they_are() -> None:
    (only,) = read_workbook("a.xlsx", workbook({"B": [["nr", "nr"]]}))
    assert only.cells.to_numpy().tolist() == [["nr", "nr"]]


def kind_only(value: object) -> str:
    """The name of a case: bytes of a zip hold the second it was made."""
    return value if isinstance(value, str) else ""


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (GOOD, "xlsx"), (OLE + "Workbook".encode("utf-16-le"), "xls"), (ods(""), "ods"), (b"$FL2@(#) SPSS", "spss"),
        (zipped({"project.qde": ""}), "qda"), (b'<?xml version="1.0"?><CodeBook xmlns="urn:QDA-XML:codebook:1.0"/>', "qda"),
        (b"nr;naam\r\n1;a", "text"), ("nr;naam".encode("utf-16"), "text"), (b"\xef\xbb\xbfnr;naam", "text"), (b"nr;<b>", "text"),
    ],
    ids=kind_only,
)  # fmt: skip
def test_a_file_is_what_it_is_whatever_its_name(content: bytes, kind: str) -> None:
    suffix = preflight.NAMES[kind][0]
    assert preflight.recognise(f"a{suffix.upper()}", content) == preflight.Recognised(kind)
    other = preflight.recognise("a.dat", content)
    assert (other.kind, [(m.code, m.words) for m in other.notes]) == (kind, [("file_misnamed", {"suffix": suffix})])


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"\n<!DOCTYPE html><html><table>", "HTML"), (b"<html>", "HTML"), ("\ufeff<table>".encode("utf-16-le"), "HTML"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "JPEG"), (b"\x89PNG\r\n", "PNG"), (b"%PDF-1.7", "PDF"), (gzip.compress(b"a;b"), "gzip"),
        (OLE + "WordDocument".encode("utf-16-le"), "Word"), (zipped({"word/document.xml": ""}), "Word"),
        (zipped({"a.csv": "a;b"}), "zip"), (b'<?xml version="1.0"?><Workbook/>', "XML"),
        (zipped({"xl/workbook.bin": ""}), "xlsb"),
    ],
    ids=kind_only,
)  # fmt: skip
@pytest.mark.parametrize("name", ["a.xlsx", "a.xls", "a.csv"])
def test_what_is_no_table_is_refused_by_its_kind(content: bytes, kind: str, name: str) -> None:
    with pytest.raises(IwwError) as error:
        preflight.recognise(name, content)
    assert [(m.code, m.words) for m in error.value.messages] == [("not_a_workbook", {"kind": kind})]


@pytest.fixture
def alive() -> Iterator[None]:
    """Whatever happens in the test, the process can still read a workbook after it."""
    yield
    assert read_workbook("a.xlsx", GOOD)[0].cells.loc[2, 0] == "001"


def failed(work: object, *arguments: object, **most: float) -> str:
    with pytest.raises(IwwError) as error:
        child_process.run(work, *arguments, name="a.xlsx", **most)  # type: ignore[arg-type]
    assert error.value.messages[0].place.file == "a.xlsx"
    return error.value.messages[0].code


@pytest.mark.usefixtures("alive")
def test_a_parser_that_aborts_ends_only_the_child() -> None:
    assert failed(os.abort) == "file_crashed"
    assert failed(os._exit, 0) == "file_crashed"


@pytest.mark.usefixtures("alive")
def test_a_parser_that_hangs_is_stopped() -> None:
    assert child_process.run(abs, -1, name="warm") == 1
    began = time.monotonic()
    assert failed(time.sleep, 3600, seconds=0.3) == "file_slow"
    assert time.monotonic() - began < 5


@pytest.mark.usefixtures("alive")
def test_a_parser_that_takes_too_much_memory_is_stopped() -> None:
    assert failed(operator.mul, b"x", 1_500_000_000, memory=300_000_000) == "file_swollen"
    assert failed(operator.mul, b"x", 900_000_000_000) == "file_swollen"  # refused at once


@pytest.mark.skipif(child_process.resource is None, reason="only the watch there is on Windows anyway")
@pytest.mark.usefixtures("alive")
def test_the_parent_watches_the_memory_where_the_platform_does_not() -> None:
    child_process.run(child_process.resource.setrlimit, child_process.resource.RLIMIT_AS, (-1, -1), name="warm")
    assert failed(_swell, memory=300_000_000) == "file_swollen"


def _swell() -> None:
    """Take memory bit by bit, out of reach of a limit on the address space that is set before."""
    child_process.resource.setrlimit(child_process.resource.RLIMIT_AS, (-1, -1))
    kept = []
    while True:
        kept.append(b"x" * 50_000_000)


def test_an_error_of_the_parser_is_told_by_its_kind_only() -> None:
    with pytest.raises(IwwError, match=r"\(ValueError\)") as error:
        child_process.run(int, "een geheim", name="a.xlsx")
    assert "geheim" not in error.value.say()


def test_the_child_is_kept_and_replaced_when_it_died() -> None:
    first = child_process.run(os.getpid, name="a")
    assert first not in (os.getpid(), None)
    assert child_process.run(os.getpid, name="a") == first
    assert failed(os.abort) == "file_crashed"
    assert child_process.run(os.getpid, name="a") not in (first, os.getpid())


def test_two_threads_take_turns() -> None:
    found: list[int] = []
    threads = [
        threading.Thread(target=lambda n=n: found.append(child_process.run(abs, -n, name="a"))) for n in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == list(range(8))


def test_what_a_parser_prints_does_not_reach_anyone(capfd: pytest.CaptureFixture[str]) -> None:
    assert child_process.run(os.system, "echo geheim; echo geheim >&2", name="a") == 0
    assert capfd.readouterr() == ("", "")


def test_a_script_without_a_main_guard_reads_once_and_leaves_no_child(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(GOOD)
    script = tmp_path / "script.py"
    script.write_text(
        "from pathlib import Path\nfrom iww_analysis.io.formats import workbook\n"
        "from iww_analysis.io.sandbox import child_process\nimport os\n"
        "path = Path(__file__).with_name('a.xlsx')\n"
        "print(len(workbook.read_workbook(path.name, path.read_bytes())), child_process.run(os.getpid, name='a'))\n",
        encoding="utf-8",
    )
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2],
                          env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])})  # fmt: skip
    sheets, child = done.stdout.split()
    assert (sheets, done.stderr) == ("1", "")
    assert not child_process.psutil.pid_exists(int(child))
