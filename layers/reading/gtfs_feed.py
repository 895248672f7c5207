"""The tables of a GTFS feed, from a zip archive or a folder, as columns of text."""

import csv
import datetime as dt
import re
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv

from layers.reading.batch import LeftOut
from twin.errors import BadFile

NEEDED = ("stops.txt", "routes.txt", "trips.txt", "stop_times.txt")
CORE = {*NEEDED, "calendar.txt", "calendar_dates.txt", "agency.txt"}
MOST = 2_000_000_000  # bytes that may be unpacked
LISTED = 1_000  # rows left out for one reason that are named one by one


class Column:
    """Texts of one column: the distinct ones, and for each row which of them."""

    def __init__(self, column: pa.ChunkedArray) -> None:
        whole = column.unify_dictionaries().combine_chunks()
        self.words: list[str] = [word.strip() for word in whole.dictionary.to_pylist()]
        self.codes: np.ndarray = whole.indices.to_numpy(zero_copy_only=False)

    def texts(self) -> list[str]:
        words = self.words
        return [words[code] for code in self.codes.tolist()]

    def numbers(self, meaning: Callable[[str], float]) -> np.ndarray:
        """(n,) float64, each distinct text understood once."""
        return np.array([meaning(word) for word in self.words] or [0.0], dtype=np.float64)[self.codes]


class Feed:
    """A folder or a zip with the files of a feed."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.left_out: list[LeftOut] = []
        self.names, self.newest = names_of(path)

    def check(self) -> None:
        for name in NEEDED:
            if name not in self.names:
                raise BadFile(f"{name} is missing: a timetable needs it. Ask the transport company for the whole feed.")
        if not {"calendar.txt", "calendar_dates.txt"} & set(self.names):
            raise BadFile(
                "calendar.txt and calendar_dates.txt are both missing: no trip has a day. Ask for the whole feed."
            )

    def table(self, name: str, columns: Sequence[str], needed: Sequence[str] = ()) -> dict[str, Column]:
        """The named columns, whether the file has them or not; blank where it does not."""
        data = self._bytes(name) if name in self.names else b""
        header = _header(data)
        missing = [column for column in needed if column not in header]
        if missing:
            place = f"{name}, line 1" if data.strip() else f"{name} is empty or missing"
            raise BadFile(f"{place}: the column {missing[0]} is missing. Ask the transport company for the whole feed.")
        if not header:
            return {column: Column(_blank(0)) for column in columns}
        table = self._parsed(name, data, header)
        return {
            column: Column(table[column]) if column in table.column_names else Column(_blank(len(table)))
            for column in columns
        }

    def leave_out(self, name: str, rows: np.ndarray, reason: Callable[[int], str]) -> None:
        """Names the rows (counted from 0) by the lines of the file."""
        for row in rows[:LISTED].tolist():
            self.left_out.append(LeftOut(f"{name}, line {row + 2}", reason(row)))
        if len(rows) > LISTED:
            more = f"the same is the matter with {len(rows) - LISTED} more lines."
            self.left_out.append(LeftOut(f"{name}, after line {rows[LISTED - 1] + 2}", more))

    def _parsed(self, name: str, data: bytes, header: list[str]) -> pa.Table:
        for encoding in ("utf8", "cp1252"):
            bad: list[LeftOut] = []

            def refuse(row: pacsv.InvalidRow, bad: list[LeftOut] = bad) -> str:
                reason = f"It has {row.actual_columns} columns, the first line has {row.expected_columns}."
                bad.append(LeftOut(f"{name}, line {row.number}" if row.number else name, reason))
                return "skip"

            try:
                table = pacsv.read_csv(
                    pa.BufferReader(data),
                    pacsv.ReadOptions(use_threads=False, column_names=header, skip_rows=1, encoding=encoding),
                    pacsv.ParseOptions(newlines_in_values=True, invalid_row_handler=refuse),
                    pacsv.ConvertOptions(column_types=dict.fromkeys(header, pa.dictionary(pa.int32(), pa.string()))),
                )
            except (pa.ArrowInvalid, UnicodeDecodeError) as error:
                if encoding == "utf8":
                    continue
                raise BadFile(f"{name} cannot be read as a table: {error}. Ask for the feed again.") from error
            self.left_out += bad
            return table
        raise AssertionError("every encoding was tried")

    def _bytes(self, name: str) -> bytes:
        if self.path.is_dir():
            return (self.path / self.names[name]).read_bytes()
        try:
            with zipfile.ZipFile(self.path) as archive:
                return archive.read(self.names[name])
        except (zipfile.BadZipFile, OSError, EOFError, RuntimeError, NotImplementedError, ValueError) as error:
            raise BadFile(f"{name} cannot be unpacked: {error}. Download the archive again.") from error


def names_of(path: Path) -> tuple[dict[str, str], dt.date | None]:
    """The tables by their plain name, and the newest date in the archive."""
    if path.is_dir():
        return {file.name.lower(): file.name for file in path.iterdir() if file.suffix.lower() == ".txt"}, None
    try:
        with zipfile.ZipFile(path) as archive:
            entries = [entry for entry in archive.infolist() if not entry.filename.startswith("__MACOSX/")]
    except (zipfile.BadZipFile, OSError, NotImplementedError, ValueError) as error:
        raise BadFile(f"The archive cannot be opened: {error}. Download it again.") from error
    if sum(entry.file_size for entry in entries) > MOST:
        raise BadFile("It unpacks to more than 2 GB. Cut the feed to your region first.")
    entries.sort(key=lambda entry: entry.filename.count("/"), reverse=True)
    names = {entry.filename.rpartition("/")[2].lower(): entry.filename for entry in entries}
    dates = [_date(entry.date_time[:3]) for entry in entries if entry.filename.lower().endswith(".txt")]
    return names, max((date for date in dates if date), default=None)


def seconds(text: str) -> float:
    """ "25:10:00" -> seconds after midnight of the service day; NaN where blank, below zero where it is no time."""
    if not text:
        return np.nan
    found = re.fullmatch(r"(\d{1,3}):([0-5]\d):([0-5]\d)", text)
    return int(found[1]) * 3600 + int(found[2]) * 60 + int(found[3]) if found else -1.0


def whole(text: str) -> float:
    """A whole number; NaN where it is none."""
    return float(int(text)) if re.fullmatch(r"\d{1,9}", text) else np.nan


def decimal(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return np.nan


def day(text: str) -> float:
    """ "20220914" -> days since 1970; NaN where it is none."""
    date = _date((int(text[:4]), int(text[4:6]), int(text[6:]))) if re.fullmatch(r"\d{8}", text) else None
    return float((date - dt.date(1970, 1, 1)).days) if date else np.nan


def _date(parts: tuple[int, ...]) -> dt.date | None:
    try:
        return dt.date(*parts)
    except ValueError:
        return None


def _header(data: bytes) -> list[str]:
    first = data.partition(b"\n")[0].decode("utf-8-sig", "replace").strip("\r")
    return [column.strip().lower() for column in next(csv.reader([first]), [])]


def _blank(count: int) -> pa.ChunkedArray:
    return pa.chunked_array([pa.array([""] * count, pa.string()).dictionary_encode()])
