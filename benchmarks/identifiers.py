"""Plant identifiers in invented deliveries, take these through the real commands, and search all that comes out for them.

    python -m benchmarks.identifiers [N]

535 of them (or N): names of eight origins in nine writings, numbers and addresses in every form that people type. They stand in
every column of text of every form, in cleared quotes, headings, names of files and sheets, and in words of lists that a crosswalk
would hold. Then `add`, `check`, `build` and `report` run as a person runs them; every file that may leave, the crosswalk with its
form, the processed tables and what was said on the terminal are searched, folded and without separators. The same is done
once more with the layers that read text taken out, where the search must find every one: one that finds nothing proves nothing.
"""

import datetime as dt
import html
import io
import itertools
import random
import sys
import tempfile
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any, NamedTuple
from unittest import mock
from urllib.parse import unquote

import openpyxl
import pyarrow.parquet as pq

from iww_analysis import cli
from iww_analysis.crosswalk.forms.empty_form import FormField, FormSheet, sheets
from iww_analysis.privacy.text.shapes import BSN_WEIGHTS, Span
from iww_analysis.privacy.text.words import fold, is_ordinary

N = 535
TELLING = 7  # letters of a surname, from which it stands in no other words without separators
LEAST_ROWS = 12
BESIDE = 12  # one of so many stands in a heading, the name of a sheet or file, or a word of a list
TO_DECIDE = "-namen.xlsx"  # the form that asks a person about the very words that may be names: it stays inside, and is for that
RECEIVED = "2021-01-15"
Sources = Mapping[str, Sequence[str]]
SOURCES: Sources = {  # regime -> the forms of which its workbooks are
    "gevolgd": ("interview", "effectenarena", "observatie"),
    "register": ("casusregistratie", "bijeenkomst", "leersessie"),
}
PEOPLE: Mapping[str, Sequence[str]] = tomllib.loads(
    Path(__file__).with_name("text_names.toml").read_text(encoding="utf-8")
)["people"]
ORIGINS = [*PEOPLE][:8]
SENTENCES = ("Gisteren vertelde {} dat de hulp goed is.", "Afgesproken met {}, die belt.", "{} wil meer rust",
             "na overleg met {} komt er een plan", "Contact: {}")  # fmt: skip


class Plant(NamedTuple):
    """An identifier, as it is written, and what must be found nowhere (folded, without separators); `where` it was put."""

    kind: str
    text: str
    needles: tuple[str, ...]
    known_as: str = ""  # as it stands in a list of the source that is not read, where it does
    where: str = ""


def bare(text: str) -> str:
    """Fold a text, and take out what separates its signs."""
    return "".join(sign for sign in fold(text) if sign.isalnum())


# ---- what is planted --------------------------------------------------------------------------------------------------


def names(chance: random.Random, people: slice) -> Iterator[Plant]:
    """People of eight origins, put together of the given names and surnames of some of each, in nine writings."""
    writings = {
        "zoals het hoort": "{0} {1}", "kleine letters": "{0} {1}", "hoofdletters": "{0} {1}", "omgekeerd": "{1}, {0}",
        "voorletter": "{2}. {1}", "aangesproken": "mevrouw {1}", "met streepje": "{0}-{1}", "met punt": "{0}.{1}",
        "aaneen": "{0}{1}",
    }  # fmt: skip
    for n, (writing, origin) in enumerate(itertools.cycle(itertools.product(writings, ORIGINS))):
        given = chance.choice(PEOPLE[origin][people]).split(" ", 1)[0]
        surname = chance.choice(PEOPLE[origin][people]).split(" ", 1)[1]
        text = writings[writing].format(given, surname, given[0])
        text = given + "".join(part[0].upper() + part[1:] for part in surname.split()) if writing == "aaneen" else text
        text = text.lower() if writing in ("kleine letters", "met punt") else text
        text = text.upper() if writing == "hoofdletters" else text
        whole = [] if writing in ("voorletter", "aangesproken") else [bare(given + surname), bare(surname + given)]
        telling = [] if is_ordinary(fold(surname)) or len(bare(surname)) < TELLING else [bare(surname)]
        if people.stop:  # who stands in headings and words of lists is known by the whole name alone: they share surnames
            telling = []
        if whole or telling:
            yield Plant(f"{origin}, {writing}", text, (*whole, *telling), f"{given} {surname}" if n % 2 == 0 else "")


def bsns() -> Iterator[str]:
    """Numbers of nobody (99999xxxx) that pass the 11-proef."""
    for last in range(10_000):
        digits = f"99999{last:04}"
        if sum(w * int(d) for w, d in zip(BSN_WEIGHTS, digits, strict=True)) % 11 == 0:
            yield digits


def numbers(chance: random.Random) -> Iterator[Plant]:
    """Numbers, addresses and days, each in the forms in which people type it."""
    of_nobody = bsns()

    def digits(n: int) -> str:
        return "".join(chance.choice("0123456789") for _ in range(n))

    for n in itertools.count():
        b, iban, tel = next(of_nobody), f"NL{digits(2)}BANK0{digits(9)}", f"6{digits(8)}"
        code, house = f"{chance.randint(1011, 9990)}", f"{chance.randint(1, 299)}"
        letters, day = chance.choice(["KR", "XT", "ZB", "WP"]), (digits(1), str(1950 + n % 55))
        dd, mm = f"{int(day[0]) + 11}", f"{1 + n % 12:02}"
        local, client = f"post{digits(5)}", digits(6)
        plate = chance.choice([f"{digits(2)}-GBH-{1 + n % 9}", f"TX-{digits(3)}-K", f"{1 + n % 9}-ZXB-{digits(2)}"])
        forms = {
            "BSN": (b, f"{b[:3]}.{b[3:6]}.{b[6:]}", f"{b[:4]} {b[4:6]} {b[6:]}", f"{b[:3]}-{b[3:6]}-{b[6:]}", f"BSN {b}"),
            "IBAN": (iban, " ".join(iban[i : i + 4] for i in range(0, 18, 4)), iban.lower(),
                     f"{iban[:4]}.{iban[4:8]}.{iban[8:]}"),
            "postcode met huisnummer": (f"{code} {letters} {house}", f"{code}{letters.lower()} {house}",
                                        f"{code}{letters}{house}"),
            "telefoon": (f"0{tel}", f"06-{tel[1:]}", f"06.{tel[1:5]}.{tel[5:]}", f"06/{tel[1:]}",
                         f"+31 {tel[0]} {tel[1:5]} {tel[5:]}"),
            "e-mail": (f"{local}@example.nl", f"{local} at example punt nl", f"{local}(at)example.org",
                       f"{local}[at]example.com"),
            "kenteken": (plate, plate.lower(), plate.replace("-", " ")),
            "geboortedatum": (f"{dd}-{mm}-{day[1]}", f"geb. {dd}/{mm}/{day[1][2:]}", f"{dd}.{mm}.{day[1]}",
                              f"geboren {dd} mei {day[1]}"),
            "cliëntnummer": (f"cliëntnummer {client}", f"dossiernr. {client[:3]}.{client[3:]}",
                             f"klantnummer: {client[:2]} {client[2:]}"),
        }  # fmt: skip
        for kind, written in forms.items():
            text = written[n % len(written)]
            known = {"BSN": b, "cliëntnummer": client}.get(kind, "") if n % 2 == 0 else ""
            yield Plant(kind, text, (b if kind == "BSN" else bare(text),), known)


def plants(n: int) -> list[Plant]:
    """Two of three a name, the others numbers; the same every time. Who stands beside texts has no name of who stands in them."""
    chance = random.Random(535)
    beside, of_names, of_numbers = names(chance, slice(0, 4)), names(chance, slice(4, None)), numbers(chance)
    return [next(beside if i % BESIDE == 0 else of_numbers if i % 3 == 2 else of_names) for i in range(n)]


# ---- where it is planted ----------------------------------------------------------------------------------------------


class Cell(NamedTuple):
    """A place of text: the form, the sheet and the column."""

    form: str
    sheet: FormSheet
    field: FormField


def places(sources: Sources) -> list[Cell]:
    """Every column of text of every form."""
    of_forms = [(form, sheet) for forms in sources.values() for form in forms for sheet in sheets(form)]
    every = [Cell(kind, sheet, field) for kind, sheet in of_forms for field in sheet.fields]
    return [
        cell for cell in every if cell.field.column.kind in ("label", "quote") and cell.sheet.name not in NAME_OTHERS
    ]


NAME_OTHERS = ("Lijnen", "Toetsing")  # sheets whose texts are names of what stands in another, and go where that does not exist
CODE = ("interview", "Oordelen", "Perspectief")  # a column of a list: its unknown words are asked, and kept in a crosswalk


def deal(planted: Sequence[Plant], sources: Sources = SOURCES) -> dict[tuple[str, str, str], list[Plant]]:
    """Put each somewhere: one of some in a heading, the name of a sheet or file, or a word of a list; the others in texts."""
    dealt, texts = defaultdict(list), itertools.cycle(places(sources))
    beside = itertools.cycle([("", "", "kop"), ("", "", "blad"), ("", "", "bestand"), CODE])
    for n, plant in enumerate(planted):
        cell = next(texts) if n % BESIDE else None
        where = next(beside) if cell is None else (cell.form, cell.sheet.name, cell.field.heading)
        dealt[where].append(plant._replace(where=" · ".join(filter(None, where))))
    return dealt


def workbooks(
    folder: Path, dealt: Mapping[tuple[str, str, str], Sequence[Plant]], sources: Sources = SOURCES
) -> dict[str, list[Path]]:
    """Write the filled forms of each source, with lists of names and numbers that nobody reads; gives source -> its files."""
    written = dict[str, list[Path]]()
    beside = {kind: iter(dealt.get(("", "", kind), ())) for kind in ("kop", "blad", "bestand")}
    for source, forms in sources.items():
        for form in forms:
            book = openpyxl.Workbook()
            book.remove(book.worksheets[0])
            for sheet in sheets(form):
                _fill(book.create_sheet(sheet.name), form, sheet, dealt, next(beside["kop"], None))
            for plant in itertools.islice(beside["blad"], 4):
                book.create_sheet(_as_title(plant.text)).append(["Vrij veld"])
            known = [plant for (kind, *_), of_place in dealt.items() if kind == form for plant in of_place if plant.known_as]
            listed = book.create_sheet("Contactgegevens")
            for row in [["Naam", "Nummer"], *_known(known)]:
                listed.append(row)
            called = " ".join([form, *(_as_title(plant.text) for plant in itertools.islice(beside["bestand"], 2))])
            path = folder / source / f"{called}.xlsx"
            path.parent.mkdir(parents=True, exist_ok=True)
            book.save(path)
            written.setdefault(source, []).append(path)
    return written


def _as_title(text: str) -> str:
    return text.translate(dict.fromkeys(map(ord, "[]:*?/\\"), "-"))[:31]


def _known(planted: Sequence[Plant]) -> Iterator[list[str]]:
    """What a source knows of people in a list of its own: as it is written there, not as in the texts."""
    for plant in planted:
        yield [plant.known_as, ""] if "," in plant.kind else ["", plant.known_as]


def _fill(worksheet: Any, form: str, sheet: FormSheet, dealt: Mapping[Any, Sequence[Plant]], heading: Plant | None) -> None:
    """The rows of a sheet: what each column needs, and in its texts what is planted there."""
    worksheet.append([field.heading for field in sheet.fields] + ([heading.text] if heading else []))
    planted = {f.heading: dealt.get((form, sheet.name, f.heading), ()) for f in sheet.fields}
    n_rows = max(LEAST_ROWS, *(len(planted[f.heading]) for f in sheet.fields if not f.words))
    for field in (field for field in sheet.fields if field.words):  # a row with an unknown word may not be kept
        planted[field.heading] = [None] * n_rows + [*planted[field.heading]]
    for n in range(max(map(len, planted.values()), default=n_rows) or n_rows):
        row = [_cell(f, n, next(iter(planted[f.heading][n : n + 1]), None)) for f in sheet.fields]
        worksheet.append(row + ([f"waarde {n}"] if heading else []))


def _cell(field: FormField, n: int, plant: Plant | None) -> object:
    column = field.column
    if plant and not field.words:
        return plant.text if column.proper else SENTENCES[n % len(SENTENCES)].format(plant.text)
    if plant:
        return plant.text
    if column.name in ("consent", "cleared"):
        return "ja"
    if column.name == "municipality":
        return "Harderwijk"
    if field.to == "meetings.kind":
        return field.words[4 + n % 4]  # of which teams hold one too
    if field.words:
        return field.words[n % max(1, len(field.words) - 2)]
    if column.kind == "date":
        return dt.date(2020, 3, 1 + n % 27)
    if column.kind == "integer":
        return (column.low or 0) + 1
    if column.kind in ("key", "person"):
        return f"K{n:03}"
    return f"onderdeel {n}"


# ---- what comes of it -------------------------------------------------------------------------------------------------


def seams() -> Iterator[Any]:
    """Take out, here alone, all that reads texts and names: what is planted must then come out."""
    module = "iww_analysis.{}"
    yield mock.patch(module.format("privacy.text.cover.Cover.__call__"), _covers_nothing)
    for place in ("privacy.text.cover", "crosswalk.propose.unknown_words", "tracing.cell_changes", "cleaning.clean"):
        yield mock.patch(f"{module.format(place)}.may_be_shown", return_value=True)
    for place in ("disclosure.public_names", "crosswalk.propose.unknown_words"):
        yield mock.patch(f"{module.format(place)}.shown", lambda words, proper=False: [True for _ in words])
    yield mock.patch(module.format("disclosure.public_names._numbered"), lambda names, called: {name: name for name in names})


def _covers_nothing(self: Any, text: str, *, proper: bool = False) -> Any:
    from iww_analysis.privacy.text.cover import Covered

    return Covered(text, list[Span](), [])


def iww(home: Path, *words: str) -> str:
    """Run a command as a person does, and give what it said."""
    said = io.StringIO()
    with redirect_stdout(said), redirect_stderr(said):
        cli.app([*words, "--home", str(home)], standalone_mode=False)
    return said.getvalue()


def run(home: Path, files: Mapping[str, Sequence[Path]], *, report: bool = True) -> str:
    """Take deliveries from files to a report; gives all that was said."""
    (home / "data" / "raw").mkdir(parents=True)
    said = []
    for source, paths in files.items():
        said.append(iww(home, "add", source, *map(str, paths), "--received", RECEIVED, "--yes"))
    for card in home.glob("data/raw/*/*/origin.toml"):  # everything here is invented: the public key will do
        card.write_text(card.read_text("utf-8").replace("synthetic = false", "synthetic = true"), "utf-8")
    said += [iww(home, command, *files) for command in ("check", "build")]
    if report:
        said.append(iww(home, "report", *files, "--name", "zoek"))
    return "\n".join(said)


def text_of(path: Path) -> str:
    """All text of a file, also of a table or workbook."""
    if path.suffix == ".parquet":
        table = pq.read_table(path).to_pandas()
        return "\n".join(map(str, [*table.columns, *table.astype(str).to_numpy().ravel()]))
    if path.suffix == ".xlsx":
        return "\n".join(str(cell) for sheet in openpyxl.load_workbook(path) for row in sheet.values for cell in row if cell)
    text = path.read_text("utf-8", errors="replace")
    return text + html.unescape(text) + unquote(text) + path.name


def found_in(planted: Sequence[Plant], texts: Mapping[str, str]) -> dict[Plant, list[str]]:
    """Which are found, and in which text."""
    folded = {name: bare(text) for name, text in texts.items()}
    found = {plant: [name for name, text in folded.items() if any(n in text for n in plant.needles)] for plant in planted}
    return {plant: where for plant, where in found.items() if where}


def outcomes(home: Path, said: str) -> dict[str, dict[str, str]]:
    """Where to search: what may leave, the crosswalk with its forms, the processed tables, the terminal."""
    folder = home / "reports"
    public = [p for p in folder.rglob("*") if p.is_file() and "receipts" not in p.parts]
    crosswalk, processed = (home / "data" / "crosswalks").rglob("*"), (home / "data" / "processed").rglob("*")
    crosswalk = (path for path in crosswalk if not path.name.endswith(TO_DECIDE))
    groups = {"openbare bestanden": public, "crosswalk en formulieren": crosswalk, "verwerkte tabellen": processed}
    read = {
        group: {str(path.relative_to(home)): text_of(path) for path in paths if path.is_file()}
        for group, paths in groups.items()
    }
    return read | {"scherm": {"scherm": said}}


def searched(
    planted: Sequence[Plant], sources: Sources = SOURCES, *, leaky: bool = False, report: bool = True
) -> dict[str, dict[Plant, list[str]]]:
    """Plant, run, and search; gives per place what was found in it."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        dealt = deal(planted, sources)
        files = workbooks(Path(folder) / "geleverd", dealt, sources)
        for seam in seams() if leaky else ():
            stack.enter_context(seam)
        home = Path(folder) / "huis"
        said = run(home, files, report=report)
        every = [plant for of_place in dealt.values() for plant in of_place]
        return {group: found_in(every, texts) for group, texts in outcomes(home, said).items()}


def table(planted: Sequence[Plant]) -> Iterator[str]:
    """What was found where, as the library is and in the leaky build: of texts and words, and of names of files and headings."""
    yield "| gevonden in | van wat in teksten en lijsten staat | van wat in namen van bestanden, bladen en koppen staat |"
    yield "|---|---|---|"
    named = {plant for where, of_place in deal(planted).items() if not where[0] for plant in of_place}
    for leaky in (False, True):
        found = searched(planted, leaky=leaky)
        everywhere = dict.fromkeys(plant for hits in found.values() for plant in hits)
        for group, hits in (found | ({"lek gemaakt, waar dan ook": everywhere} if leaky else {})).items():
            told = group if not leaky or group.startswith("lek") else f"lek gemaakt: {group}"
            counts = [(sum((plant in named) is beside for plant in hits), beside) for beside in (False, True)]
            each = [f"{n} van {len(named) if beside else len(planted) - len(named)}" for n, beside in counts]
            yield f"| {told} | {' | '.join(each)} |"
        for group, hits in found.items() if not leaky else ():
            for plant in (plant for plant in hits if plant not in named or group == "openbare bestanden"):
                sys.stderr.write(f"{group}: {plant.kind}, {plant.where}: {plant.text!r} ({hits[plant][0]})\n")


def main() -> int:
    """Print the table; 1 where something was found in what may leave, or not all in the leaky build."""
    n = int(sys.argv[1]) if len(sys.argv) > 1 else N
    rows = list(table(plants(n)))
    sys.stdout.write("\n".join([*rows, ""]))
    whole = [cell.split(" van ") for cell in rows[-1].strip("| ").split(" | ")[1:]]
    return int(" 0 van " not in rows[2] or any(found != of for found, of in whole))


if __name__ == "__main__":
    sys.exit(main())
