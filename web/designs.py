"""Designs that planners bring in: first looked at, then placed, turned and scaled."""

from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Blueprint, Flask, jsonify, request
from pyproj import CRS
from pyproj.exceptions import CRSError
from werkzeug.utils import secure_filename

import layers
from scenarios.designs import Design, changes_of, fit, preview
from scenarios.designs.reading import MOST_BYTES, read_design
from scenarios.forms import lowest_ground
from twin.projection import LONLAT, transformer
from web import verb_words
from web.asked import city, db, find_scenario
from web.edit_words import filled
from web.editing import editing_errors, writing
from web.errors import BadQuestion
from web.language import said
from web.people import require
from web.verbs import performed

bringing = Blueprint("bringing", __name__, url_prefix="/api/scenarios/<int:id>")
TAKE_DESIGNS = ("bringing.designs", "design_forms.sent")
BESIDE = 100_000  # bytes that are sent beside the file


@bringing.post("/designs")
def designs(id: int):
    """A design as it would look; with `place=1` it is planned, as one step."""
    require("edit", None, find_scenario(id))
    design = design_asked()
    messages = [said(message) for message in design.messages]
    if request.form.get("place") != "1":
        return jsonify({**preview(design, city().srid), "messages": messages})
    deeds = changes_of(design, partial(lowest_ground, db()))
    return jsonify({**performed(writing(id), "design", deeds), "messages": messages}), 201


def design_asked() -> Design:
    """The file that was sent, placed, turned and scaled as asked. Raises TwinError."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise BadQuestion(verb_words.NO_FILE)
    with TemporaryDirectory(prefix="twin-") as folder:
        path = Path(folder) / (secure_filename(sent.filename) or "design")
        sent.save(path)
        design = read_design(path, city(), _crs_asked(), _layer_asked())
    return fit(design, middle_asked(), _number("angle", 0.0), _number("scale", 1.0))


def middle_asked() -> tuple[float, float] | None:
    """In the city's metres, from east and north or from longitude and latitude; None where neither is said."""
    if request.values.get("east") or request.values.get("north"):
        return _number("east", float("nan")), _number("north", float("nan"))
    return _middle_in_degrees()


def allow_large() -> None:
    """A design may be larger than what else is sent."""
    if request.endpoint in TAKE_DESIGNS:
        request.max_content_length = MOST_BYTES + BESIDE


def _number(name: str, usual: float) -> float:
    try:
        return float((request.values.get(name) or str(usual)).replace(",", "."))
    except ValueError as error:
        raise BadQuestion(filled(verb_words.NO_NUMBER, name=name)) from error


def _middle_in_degrees() -> tuple[float, float] | None:
    if "longitude" not in request.values and "latitude" not in request.values:
        return None
    longitude, latitude = _number("longitude", float("nan")), _number("latitude", float("nan"))
    if not (-180 <= longitude <= 180 and -90 <= latitude <= 90):
        raise BadQuestion(filled(verb_words.NO_NUMBER, name="longitude, latitude"))
    x, y = transformer(LONLAT, CRS(city().srid)).transform(longitude, latitude)
    return float(x), float(y)


def _crs_asked() -> CRS | None:
    told = (request.form.get("crs") or "").upper().removeprefix("EPSG:")
    try:
        return CRS(int(told)) if told else None
    except (CRSError, ValueError) as error:
        raise BadQuestion(verb_words.NO_CRS) from error


def _layer_asked() -> str | None:
    told = request.form.get("layer") or None
    if told is not None and told not in layers.BY_NAME:
        raise BadQuestion(filled(verb_words.NO_LAYER, known=", ".join(layers.BY_NAME)))
    return told


def init_app(app: Flask) -> None:
    app.before_request(allow_large)  # before the form is read for its token
    app.register_blueprint(bringing)


editing_errors(bringing)
