"""The page that hands the city out: a project for QGIS, files of each format, a model for a 3D printer."""

import math
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, Response, render_template, request, send_file, url_for
from werkzeug.utils import secure_filename

from layers.writing.delivery import CannotHold
from layers.writing.qgis.project import packed
from scenarios.permissions import may
from scenarios.returning import bring_back
from twin.feature import TODAY, Feature, Scenario
from twin.projection import LONLAT, transformer
from web import export_words
from web.asked import city, counts, db, find_layer, find_scenario, layers
from web.edit_words import filled
from web.editing import writing
from web.errors import STATUS, BadQuestion
from web.exports.formats import FORMATS, Format
from web.exports.gather import MOST, area_of_project, area_told, delivery
from web.exports.qgis import over_service
from web.exports.stl import Print, stl
from web.language import language, said, words
from web.people import person

exports = Blueprint("exports", __name__)

STATUS[CannotHold] = 422
_PRINTED = {"side": 200, "scale": 1000, "bed": 200, "base": 3}
MOST_SENT = 200_000_000  # bytes of a file that comes back
_ZIP, _STL = "application/zip", "model/stl"


@exports.get("/scenarios/<int:id>/export")
def page(id: int):
    """What can be taken along of a scenario, in which formats, and at which addresses it is served."""
    scenario = find_scenario(id)
    count = counts(id)
    area = area_of_project(db(), scenario)
    longitude, latitude = city().longitude, city().latitude
    if area is not None:
        middle = transformer(city().srid, LONLAT).transform(area.centroid.x, area.centroid.y)
        longitude, latitude = (round(value, 6) for value in middle)
    listed = [(name, said(layer.title), count[name]) for name, layer in reversed(layers().items()) if count[name]]
    return render_template(
        "export.html", city=city(), scenario=scenario, listed=listed, formats=FORMATS, has_area=area is not None,
        printed={"longitude": longitude, "latitude": latitude, **_PRINTED},
        service=url_for("ogc.landing", id=id, _external=True),
        edits=may(person(), "edit", None, scenario),
        embedded=url_for("pages.scenario", id=id, embedded="", _external=True),
    )  # fmt: skip


@exports.get("/scenarios/<int:id>/export/file")
def file(id: int):
    """?format=gpkg&layers=buildings&layers=trees&area=project"""
    scenario, format = find_scenario(id), _format()
    names = [name for name in request.args.getlist("layers") if name] or list(format.layers or layers())
    for name in names:
        _check_held(format, name)
    ending = format.name_of(sum(1 for name in names if counts(id)[name]))
    made = delivery(
        db(), scenario, names, _area(scenario), language=language(), most=MOST,
        with_today=format.beside or request.args.get("with") == "today",
    )  # fmt: skip
    kind = format.kind if ending == format.ending else _ZIP
    return _sent(scenario, ending, kind, lambda path: format.write(made, path))


@exports.get("/scenarios/<int:id>/export/qgis")
def qgis(id: int):
    """A project over this server's OGC API."""
    scenario = find_scenario(id)
    project = over_service(db(), request.host_url, scenario, language())
    return _sent(scenario, ".qgz", "application/x-qgis-project", lambda path: path.write_bytes(packed(project)))


@exports.get("/scenarios/<int:id>/export/print")
def model(id: int):
    """?longitude=…&latitude=…&side=200&scale=1000&bed=200&base=3"""
    scenario = find_scenario(id)
    numbers = {name: _number(name, usual) for name, usual in _PRINTED.items()}
    place = _number("longitude", city().longitude), _number("latitude", city().latitude)
    middle = transformer(LONLAT, city().srid).transform(*place)
    asked = Print(middle, numbers["side"], round(numbers["scale"]), numbers["bed"], numbers["base"])
    asked.check()
    ending, kind = (".stl", _STL) if asked.tiles == 1 else (".stl.zip", _ZIP)
    return _sent(scenario, ending, kind, lambda path: stl(db(), scenario.id, asked, path))


@exports.post("/scenarios/<int:id>/export/back")
def back(id: int):
    """What was edited in QGIS, in a file that was handed out: all of it, or none with the reasons."""
    scenario = writing(id)
    sent = request.files.get("file")
    with tempfile.TemporaryDirectory(prefix="twin-back-") as folder:
        path = Path(folder) / "sent.gpkg"
        if sent is not None:
            sent.save(path)
        found = bring_back(db(), scenario, person(), path)
    if found.step is not None:
        db().commit()
    told = [(words_of(layers(), one.table), one.uid or one.fid, said(one.why)) for one in found.refused]
    made = len(found.step.changes) if found.step is not None else 0
    return render_template("back.html", city=city(), scenario=scenario, refused=told, made=made), 422 if told else 200


back.most_bytes = MOST_SENT  # type: ignore[attr-defined]


def words_of(known: dict[str, type[Feature]], table: str) -> str:
    """The title of the layer that a table of a file holds: buildings, facilities_point."""
    layer = known.get(table) or known.get(table.rpartition("_")[0])
    return said(layer.title) if layer is not None else table


def init_app(app: Flask) -> None:
    app.register_blueprint(exports)


def _area(scenario: Scenario) -> Any | None:
    told = request.args.get("area", "city")
    if told == "box":
        told = request.args.get("box", "").replace(" ", "")
    return area_told(told, area_of_project(db(), scenario), city().srid)


def _format() -> Format:
    name = request.args.get("format", "gpkg")
    if name not in FORMATS:
        raise BadQuestion(filled(export_words.NO_FORMAT, name=name[:40], known=", ".join(FORMATS)))
    return FORMATS[name]


def _check_held(format: Format, name: str) -> None:
    layer = find_layer(name)
    if format.layers is not None and name not in format.layers:
        told = {"format": format.title, "layer": said(layer.title), "known": ", ".join(format.layers)}
        raise CannotHold(filled(export_words.CANNOT_HOLD, **told))


def _number(name: str, usual: float) -> float:
    told = request.args.get(name, "").strip().replace(",", ".")
    try:
        value = float(told) if told else usual
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise BadQuestion(filled(export_words.NO_NUMBER, name=name))
    return value


def _sent(scenario: Scenario, ending: str, kind: str, write: Callable[[Path], object]) -> Response:
    """The file lives as long as it is sent."""
    title = f"{city().name} {words('today') if scenario.id == TODAY else scenario.title}"
    name = secure_filename(title) or "twin"
    with tempfile.TemporaryDirectory(prefix="twin-export-") as folder:
        path = Path(folder) / f"{name}{ending}"
        write(path)
        opened = path.open("rb")
    answer = send_file(opened, mimetype=kind, as_attachment=True, download_name=path.name)
    answer.headers["Cache-Control"] = "no-cache"
    return answer
