"""Tables for spreadsheets: CSV with the shapes as WKT, and Excel workbooks."""

import csv
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import shapely
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from layers.writing.delivery import CannotHold, Delivery, Table, guarded, kinds_of
from layers.writing.qgis.forms import KEPT, alias
from layers.writing.qgis.markup import clean
from layers.writing.vector import zipped
from twin.feature import Words

MOST_ROWS = 1_048_575  # of an Excel sheet, below its head
LONGEST_CELL = 32_767  # letters
WKT = "wkt"


def csv_file(delivery: Delivery, path: Path) -> None:
    """With semicolons, as Excel opens it in German; names of columns as in the interface, shapes as WKT in metres."""
    tables = [table for table in delivery.tables if len(table)]
    if len(tables) == 1 and path.suffix != ".zip":
        _csv(delivery, tables[0], path)
        return
    with TemporaryDirectory() as folder:
        for table in tables:
            _csv(delivery, table, Path(folder) / f"{delivery.name_of(table)}.csv")
        zipped(Path(folder), path)


def workbook(delivery: Delivery, path: Path) -> None:
    """A sheet for each layer: titles with units, value lists in words, the place as two columns in metres."""
    book = Workbook(write_only=True)
    for table in delivery.tables:
        if len(table) > MOST_ROWS:
            raise CannotHold(
                Words(
                    f"Ein Blatt von Excel hat höchstens {MOST_ROWS} Zeilen. Bitte einen Ausschnitt wählen, oder CSV.",
                    f"A sheet of Excel has up to {MOST_ROWS:,} rows. Choose a part of the city, or CSV.",
                )
            )
        sheet = book.create_sheet(delivery.said(table.layer.title)[:31])
        sheet.freeze_panes = "B2"
        sheet.append([_bold(sheet, title) for title in titles(delivery, table)])
        for row in _rows(delivery, table):
            sheet.append(row)
    if not book.worksheets:
        book.create_sheet("–")
    book.save(path)


def titles(delivery: Delivery, table: Table) -> list[str]:
    fields = [alias(column, delivery.language) for column in table.fields()]
    kept = {name: delivery.said(words) for name, words in KEPT.items()}
    x, y = Words("Ost (m)", "East (m)"), Words("Nord (m)", "North (m)")
    return [kept["uid"], *fields, kept["estimated"], kept["version"], delivery.said(x), delivery.said(y)]


def _csv(delivery: Delivery, table: Table, path: Path) -> None:
    names = list(kinds_of(table))
    shapes = shapely.to_wkt(table.shapes, rounding_precision=3, trim=True)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow([*names, WKT])
        for row in zip(*(table.columns[name] for name in names), shapes, strict=True):
            writer.writerow([_plain(value) for value in row])


def _plain(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return guarded(value)


def _rows(delivery: Delivery, table: Table) -> Iterator[list[Any]]:
    columns = {column.name: column.info.get("codes") or {} for column in table.fields()}
    places = shapely.get_coordinates(shapely.point_on_surface(table.shapes)).round(2).tolist()
    for i, (x, y) in enumerate(places):
        values = [_cell(delivery, codes, table.columns[name][i]) for name, codes in columns.items()]
        kept = [_cell(delivery, {}, table.columns[name][i]) for name in ("estimated", "version")]
        yield [guarded(clean(str(table.columns["uid"][i]))), *values, *kept, x, y]


def _cell(delivery: Delivery, codes: dict[str, Words], value: Any) -> Any:
    if value in codes:
        return delivery.said(codes[value])
    return guarded(clean(value)[:LONGEST_CELL]) if isinstance(value, str) else value


def _bold(sheet: Any, title: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, title)
    cell.font = Font(bold=True)
    return cell
