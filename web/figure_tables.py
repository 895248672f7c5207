"""A project's figures for a spreadsheet: as CSV, and as a workbook with the places of each question."""

import csv
import io
from typing import Any

from flask import Response
from openpyxl import Workbook
from openpyxl.styles import Font

from scenarios.indicators.figures import Answer, Figure, Indicator
from web.answers import Asked
from web.language import language, said, words
from web.shown import title_of
from web.tables import guarded

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Groups = list[tuple[Indicator, list[dict[str, Any]]]]


def as_csv(asked: Asked, groups: Groups, answers: dict[int, dict[str, Answer]]) -> Response:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    for row in _lines(asked, groups):
        writer.writerow([_in_a_cell(value) for value in row])
    answer = Response("\ufeff" + text.getvalue(), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{words("dashboard")}.csv"'
    return answer


def as_xlsx(asked: Asked, groups: Groups, answers: dict[int, dict[str, Answer]]) -> Response:
    book = Workbook()
    sheet = book.active
    sheet.title = words("dashboard")[:31]
    for row in _lines(asked, groups):
        sheet.append([guarded(value) if isinstance(value, str) else value for value in row])
    _head(sheet)
    for one, _ in groups:
        _places(book, one, asked, answers)
    file = io.BytesIO()
    book.save(file)
    answer = Response(file.getvalue(), mimetype=XLSX)
    answer.headers["Content-Disposition"] = f'attachment; filename="{words("dashboard")}.xlsx"'
    return answer


def _lines(asked: Asked, groups: Groups):
    """Title, unit, a column a scenario, then calculation, sources and what is missing."""
    titles = [title_of(one) for one in asked.scenarios]
    yield [words("of-question"), words("figure"), words("unit"), *titles, words("by-hand"), words("sources-of"),
           words("missing-input")]  # fmt: skip
    for one, rows in groups:
        for row in rows:
            figure: Figure = row["figure"]
            values = [None if cell["value"] is None else round(cell["value"], 4) for cell in row["cells"]]
            hand = [said(cell["figure"].by_hand) for cell in row["cells"] if cell["figure"] and cell["figure"].by_hand]
            yield [said(one.title), said(figure.title), figure.unit, *values, hand[-1] if hand else "",
                   ", ".join(source.told for source in figure.sources),
                   said(row["refused"]) if row["refused"] else ""]  # fmt: skip


def _places(book: Workbook, one: Indicator, asked: Asked, answers: dict[int, dict[str, Answer]]) -> None:
    columns = next((each.columns for found in answers.values() if (each := found[one.name]).places), None)
    if not columns:
        return
    sheet = book.create_sheet(said(one.title).split(" (")[0][:31])
    units = [
        f"{said(column.title)} [{column.unit}]" if column.unit else said(column.title) for column in columns.values()
    ]
    sheet.append([words("scenario"), words("layer"), "uid", words("place"), *units, words("verdict")])
    for scenario in asked.scenarios:
        title = title_of(scenario)
        for place in answers[scenario.id][one.name].places:
            values = [place.values.get(name) for name in columns]
            sheet.append([guarded(title), place.layer, guarded(place.uid), guarded(said(place.title)), *values,
                          guarded(said(place.told)) if place.told else ""])  # fmt: skip
    _head(sheet)


def _head(sheet: Any) -> None:
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    sheet.freeze_panes = "A2"
    for column in sheet.columns:
        longest = max((len(str(cell.value)) for cell in column if cell.value is not None), default=8)
        sheet.column_dimensions[column[0].column_letter].width = min(max(longest + 2, 9), 60)


def _in_a_cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return str(value).replace(".", ",") if language() == "de" else str(value)
    return guarded(str(value))
