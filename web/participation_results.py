"""What became of a session, for everyone: counts, a map, decisions and answers; and the contributions as files."""

import csv
import io
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely
from flask import Blueprint, Flask, Response, render_template
from openpyxl import Workbook

from scenarios.participation.allowed import permit
from scenarios.participation.results import COLUMNS, published, results_of, rows_of
from scenarios.participation.tables import Contribution, Participation
from scenarios.project import Project
from web.asked import city, db
from web.language import language, words
from web.participation import about, entries, find_session
from web.participation_words import COLUMN_WORDS
from web.people import person
from web.plans import HEIGHT, WIDTH, path_of, window_of

results = Blueprint("participation_results", __name__)

FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would reckon with what begins so

SIZES = ("length_m", "area_m2")


@results.get("/participation/<int:id>/results")
def page(id: int):
    session = find_session(id)
    permit(person(), "results", session)
    shown = published(db(), session)
    told = {**about(session, light=True), "entries": entries(session, shown)}
    return render_template(
        "participation_results.html", found=results_of(db(), session), spots=spots_of(session, shown), **told
    )


@results.get("/participation/<int:id>/results.<any(csv, xlsx, gpkg):kind>")
def export(id: int, kind: str):
    """The published contributions without anything that leads to a person."""
    session = find_session(id)
    permit(person(), "results", session)
    data, mimetype = _WRITERS[kind](rows_of(db(), session))
    answer = Response(data, mimetype=mimetype)
    answer.headers["Content-Disposition"] = f'attachment; filename="beteiligung-{session.id}.{kind}"'
    return answer


def spots_of(session: Participation, shown: list[Contribution]) -> list[tuple[int, float, float]]:
    """(number, left, top) of each place on the plan of the project's area, in the plan's units."""
    west, south, east, north = window_of(db().get_one(Project, session.project_id).area)
    points = [(one.number, shapely.centroid(one.shape)) for one in shown if one.shape is not None]
    across, down = WIDTH / (east - west), HEIGHT / (north - south)
    return [
        (number, round((point.x - west) * across, 1), round((north - point.y) * down, 1)) for number, point in points
    ]


def drawn_on_plan(session: Participation, project: Project, entries: list[dict[str, Any]]) -> list[str]:
    """The lines and areas among what was said, as SVG paths on the plan of the project's area."""
    window = window_of(project.area)
    shapes = [entry["one"].shape for entry in entries]
    drawn = [shape for shape in shapes if shape is not None and shape.geom_type in ("LineString", "Polygon")]
    return [path_of(np.array([shape], object), window, WIDTH / (window[2] - window[0])) for shape in drawn]


def init_app(app: Flask) -> None:
    app.register_blueprint(results)
    app.jinja_env.globals.update(drawn_on_plan=drawn_on_plan)


def _titles() -> list[str]:
    return [getattr(COLUMN_WORDS[name], language()) for name in COLUMNS]


def _cells(row: dict[str, Any]) -> list[Any]:
    told = {**row, "status": words(f"p-status-{row['status']}"), "way": words(f"p-way-{row['way']}")}
    told["kind"] = words(f"p-{row['kind']}") if row["kind"] else ""
    told |= {name: row[name] or "" for name in SIZES}
    return [_harmless(told[name] or (words("today") if name == "scenario" else told[name])) for name in COLUMNS]


def _harmless(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def _csv(rows: list[dict[str, Any]]) -> tuple[bytes, str]:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";" if language() == "de" else ",")
    writer.writerow(_titles())
    writer.writerows(_cells(row) for row in rows)
    return ("\ufeff" + out.getvalue()).encode(), "text/csv"


def _xlsx(rows: list[dict[str, Any]]) -> tuple[bytes, str]:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(words("p-sessions")[:30])
    sheet.append(_titles())
    for row in rows:
        sheet.append([_printable(cell) for cell in _cells(row)])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue(), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _printable(cell: Any) -> Any:
    """XML has no control characters but tab and line feed."""
    return "".join(c for c in cell if c >= " " or c in "\t\n") if isinstance(cell, str) else cell


def _gpkg(rows: list[dict[str, Any]]) -> tuple[bytes, str]:
    types: dict[str, type] = dict.fromkeys(("number", "agree", "disagree", "comments"), np.int32)
    types |= dict.fromkeys(SIZES, np.float64)
    columns: list[np.ndarray] = [np.array([row[name] for row in rows], types.get(name, object)) for name in COLUMNS]
    shapes = shapely.to_wkb(np.array([row["shape"] for row in rows], object))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "contributions.gpkg"
        pyogrio.raw.write(
            file, shapes, columns, fields=np.array(COLUMNS, object), layer="contributions", driver="GPKG",
            geometry_type="Unknown", crs=f"EPSG:{city().srid}",
        )  # fmt: skip
        return file.read_bytes(), "application/geopackage+sqlite3"


_WRITERS = {"csv": _csv, "xlsx": _xlsx, "gpkg": _gpkg}
