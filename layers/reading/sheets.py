"""Opens CSV files and workbooks: a header, and rows of values, wherever in the sheet they begin."""

import csv
import io
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import openpyxl

from layers.reading.batch import LeftOut
from layers.reading.unpacking import opened
from layers.reading.values import clean
from twin.errors import BadFile

DELIMITERS = ";,\t|"
MOST_CELLS = 20_000_000  # a million trees with twenty columns: what fits into 1 GB of memory
MOST_BYTES = 300 << 20
MOST_UNPACKED = 1 << 30  # bytes of a workbook
MOST_RATIO = 200  # how many times larger than packed a part of it may be, beyond the first 50 MB
# What openpyxl lets through of a workbook that is not as it should be.
DAMAGE = (KeyError, ValueError, TypeError, AttributeError, IndexError, EOFError, SyntaxError, OSError,
          zipfile.BadZipFile, zlib.error)  # fmt: skip
HEAD_ROWS = 25  # titles, dates and logos may stand above the header, not more than that


@dataclass
class Sheet:
    """A table of a file. rows: as wide as the header; lines: where each stands in the file."""

    name: str
    header: list[str]
    rows: list[list]
    lines: list[int]
    where: str = "line"  # what the report puts before the line
    decimal: str = "."  # what a number with one mark in it most likely means
    left_out: list[LeftOut] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def column(self, i: int) -> list:
        return [row[i] for row in self.rows]

    def place(self, row: int) -> str:
        return f"{self.where} {self.lines[row]}"


def open_sheets(path: Path, most_rows: int | None = None) -> list[Sheet]:
    """All tables of a file. most_rows: for a first look. Raises BadFile."""
    sheets = list(_workbook(path, most_rows) if is_workbook(path) else _csv(path, most_rows))
    if not sheets:
        raise BadFile("no table is in the file: no row with the names of columns. Put the names above the values.")
    return sheets


def is_workbook(path: Path) -> bool:
    return path.suffix.lower() in (".xlsx", ".xlsm")


def name_of(path: Path) -> str:
    """The file's name without its endings: that of `Bäume.csv.gz` is `Bäume`."""
    return Path(path.stem).stem if path.suffix.lower() == ".gz" else path.stem


def looks_like_a_table(head: bytes) -> bool:
    """Do these first bytes of a text file have columns?"""
    try:
        text = decode(head[: len(head) // 2 * 2])
    except BadFile:
        return False
    lines = [line for line in text.splitlines()[:40] if line.strip()]
    if text.lstrip()[:1] in ("<", "{") or len(lines) < 2:
        return False
    delimiter = _delimiter(lines)
    widths = Counter(len(row) for row in csv.reader(lines[:-1] or lines, delimiter=delimiter))
    width, often = widths.most_common(1)[0]
    return width > 1 and often * 2 > len(lines[:-1])


def decode(data: bytes) -> str:
    """The text of UTF-8, UTF-16 or the Windows code page 1252. Raises BadFile for what is no text."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    if b"\x00" in data:
        raise BadFile("this is not a text file, whatever its name says. Export the table as CSV or XLSX.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if error.start >= len(data) - 4 and error.reason == "unexpected end of data":
            return data[: error.start].decode("utf-8-sig")  # a head that ends within a letter
    return data.decode("cp1252", "replace")


def _csv(path: Path, most_rows: int | None) -> Iterator[Sheet]:
    with opened(path) as file:
        data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise BadFile(f"it is larger than {MOST_BYTES >> 20} MB. Split it, and load the parts one after the other.")
    text = decode(data)
    if text[:4].lower() == "sep=":  # Excel's own hint
        text = "\n" + text.partition("\n")[2]
    delimiter = _delimiter([line for line in text[:200_000].splitlines()[:200] if line.strip()])
    csv.field_size_limit(50_000_000)  # an outline as WKT is long
    reader = csv.reader(io.StringIO(text), delimiter=delimiter)
    sheet = _table(name_of(path), _numbered(reader), most_rows)
    if sheet:
        sheet.decimal = "," if delimiter == ";" else "."
        yield sheet


def _numbered(reader: Any) -> Iterator[tuple[int, list]]:
    """Rows with the line that each begins on: a quoted value may hold line breaks."""
    line = 1
    try:
        for row in reader:
            yield line, row
            line = reader.line_num + 1
    except csv.Error as error:
        raise BadFile(f"line {line}: {error}. A quotation mark may be missing there.") from error


def _delimiter(lines: list[str]) -> str:
    """What splits most lines into the same number of columns."""

    def agreement(delimiter: str) -> tuple[int, int]:
        widths = Counter(len(row) for row in csv.reader(lines, delimiter=delimiter))
        wide = [(often, width) for width, often in widths.items() if width > 1]
        return max(wide, default=(0, 0))

    return max(DELIMITERS, key=agreement)


def _workbook(path: Path, most_rows: int | None) -> Iterator[Sheet]:
    with _opened(path) as book:
        for sheet in book.worksheets:
            sheet.reset_dimensions()  # programs write wrong ones
            name = sheet.title.strip()
            table = _table(name, enumerate(map(list, sheet.iter_rows(values_only=True)), 1), most_rows)
            if table:
                table.notes += _never_calculated(path, sheet.title, most_rows)
                table.where = f"sheet {name}, line"
                table.decimal = ","
                yield table


def _never_calculated(path: Path, title: str, most_rows: int | None) -> list[str]:
    """A workbook that a program wrote may hold formulas, but no values of them."""
    if most_rows is not None or not _has_formulas(path):
        return []
    formulas = openpyxl.load_workbook(path, read_only=True)
    results = openpyxl.load_workbook(path, read_only=True, data_only=True)
    try:
        pairs = zip(_cells(formulas[title]), _cells(results[title]), strict=False)
        count = sum(result is None and str(cell).startswith("=") for cell, result in pairs if cell is not None)
    finally:
        formulas.close()
        results.close()
    if not count:
        return []
    return [
        f"sheet {title.strip()}: {count} formulas have no result yet. Open the workbook, save it, and load it again."
    ]


def _has_formulas(path: Path) -> bool:
    with zipfile.ZipFile(path) as archive:
        sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/")]
        return any(re.search(rb"<f[ >]", archive.read(name)) for name in sheets)


def _cells(sheet: Any) -> Iterator[Any]:
    return (cell for row in sheet.iter_rows(values_only=True) for cell in row)


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    _check_workbook(path)
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        try:
            yield book
        finally:
            book.close()
    except DAMAGE as error:
        raise BadFile(f"the workbook is damaged ({error}). Save it again as .xlsx, or export it as CSV.") from error


def _check_workbook(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            for part in archive.infolist():
                _check_part(archive, part)
            if sum(part.file_size for part in archive.infolist()) > MOST_UNPACKED:
                raise BadFile("the workbook unpacks to more than 1 GB. Export the sheet as CSV.")
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise BadFile(f"this is no workbook that can be opened ({error}). Save it again as .xlsx.") from error


def _check_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    if part.file_size > 50 << 20 and part.file_size > MOST_RATIO * max(part.compress_size, 1):
        raise BadFile(f"{part.filename} in the workbook unpacks to {part.file_size >> 20} MB: a zip bomb, or damaged.")
    if part.filename.endswith((".xml", ".rels")):
        with archive.open(part) as opened:
            head = opened.read(4096)
        if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
            raise BadFile(f"{part.filename} in the workbook declares entities, which workbooks never need. Refused.")


def _table(name: str, rows: Iterable[tuple[int, list]], most_rows: int | None) -> Sheet | None:
    """The table that begins with the first row that looks like names. None where there is none."""
    rows = iter(rows)
    head = [(line, [clean(value) for value in row]) for line, row in islice(rows, HEAD_ROWS)]
    at = _header_row([row for _, row in head])
    if at is None:
        return None
    header = _names(head[at][1])
    sheet = Sheet(name, header, [], [])
    memo: dict[Any, Any] = {}  # the same words again and again: kept once
    for line, row in head[at + 1 :]:
        _take(sheet, line, row, memo)
    for line, row in rows:
        if most_rows is not None and len(sheet.rows) >= most_rows:
            break
        _take(sheet, line, [clean(value) for value in row], memo)
    return sheet


def _take(sheet: Sheet, line: int, row: list, memo: dict) -> None:
    if not any(value is not None for value in row):
        return
    width = len(sheet.header)
    if any(value is not None for value in row[width:]):
        reason = (
            f"it has {len(row)} values, but there are {width} names of columns. Quote values that hold the delimiter."
        )
        sheet.left_out.append(LeftOut(f"{sheet.where} {line}", reason))
        return
    if len(sheet.rows) * width > MOST_CELLS:
        raise BadFile(f"it holds more than {len(sheet.rows):,} rows. Split it, and load the parts one after the other.")
    values = [memo.setdefault(value, value) if isinstance(value, str) else value for value in row[:width]]
    sheet.rows.append(values + [None] * (width - len(values)))
    sheet.lines.append(line)


def _header_row(rows: list[list]) -> int | None:
    """The first row that is nearly as wide as the table, and all words."""
    widest = max((_filled(row) for row in rows), default=0)
    for i, row in enumerate(rows):
        words = [value for value in row if isinstance(value, str) and not re.fullmatch(r"[\d.,\s-]+", value)]
        enough = _filled(row) >= max(1, 0.6 * widest) and len(words) >= 0.6 * _filled(row)
        if enough and words and any(_filled(later) for later in rows[i + 1 :]):
            return i
    return next((i for i, row in enumerate(rows) if len(rows) == 1 and _filled(row) > 1), None)


def _filled(row: list) -> int:
    return sum(value is not None for value in row)


def _names(row: list) -> list[str]:
    """The names of the columns: unique, and one for those without."""
    while row and row[-1] is None:
        row = row[:-1]
    seen: Counter = Counter()
    names = []
    for i, value in enumerate(row, 1):
        name = " ".join(str(value).split()) if value is not None else f"column {i}"
        seen[name] += 1
        names.append(name if seen[name] == 1 else f"{name} {seen[name]}")
    return names
