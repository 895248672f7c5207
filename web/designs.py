"""Designs that planners bring in: first looked at, then placed, turned and scaled."""

from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flask import Blueprint, Flask, jsonify, request
from pyproj import CRS
from pyproj.exceptions import CRSError
from werkzeug.utils import secure_filename

import layers
from scenarios.designs import SCALES, Design, changes_of, fit, preview
from scenarios.designs.reading import MOST_BYTES, read_design
from scenarios.forms import lowest_ground
from twin.projection import LONLAT, transformer
from web import api_words, verb_words
from web.asked import city, db, find_scenario
from web.contract import body, contract
from web.edit_words import filled
from web.editing import writing
from web.errors import BadQuestion
from web.language import said
from web.people import require
from web.schemas import ANYTHING, PLACE, STEP_TOLD, TEXT, YES_NO, list_of, number, object_of, one_of, text
from web.verbs import performed

bringing = Blueprint("bringing", __name__, url_prefix="/api/scenarios/<int:id>")
METRES = ("east", "north")
BESIDE = 100_000  # bytes that are sent beside the file
_PREVIEW = {"placed": YES_NO, "bounds": list_of(ANYTHING), "type": one_of(["FeatureCollection"])}
DESIGN = {
    "anyOf": [
        object_of({**_PREVIEW, "features": list_of(ANYTHING), "messages": list_of(TEXT)}, title="DesignPreview"),
        object_of(STEP_TOLD, title="DesignPlaced"),
    ]
}
FORM = object_of(
    {
        "file": {"type": "string", "contentMediaType": "application/octet-stream"},
        "place": one_of("01"), **PLACE, "east": number(-1e8, 1e8),
        "north": number(-1e8, 1e8), "angle": number(-360, 360), "scale": number(*SCALES), "crs": text(20),
        "layer": one_of(layers.BY_NAME),
    },
    ("file",),
)  # fmt: skip


@bringing.post("/designs")
@contract(DESIGN, takes=FORM, is_form=True, most=MOST_BYTES + BESIDE, also=(201, 409, 422, 503))
def designs(id: int):
    """A design as it would look; with `place=1` it is planned, as one step.

    GeoJSON, GeoPackage, DXF, CityJSON or IFC; longitude and latitude: where its middle goes; angle: degrees
    counter-clockwise; east and north: the same in the city's metres; crs: an EPSG number, layer: what it is, where the
    file does not say.
    """
    require("edit", None, find_scenario(id))
    asked = body()
    design = design_asked(asked)
    messages = [said(message) for message in design.messages]
    if asked.get("place") != "1":
        return jsonify({**preview(design, city().srid), "messages": messages})
    deeds = changes_of(design, partial(lowest_ground, db()))
    return jsonify({**performed(writing(id), "design", deeds), "messages": messages}), 201


def design_asked(asked: dict[str, Any]) -> Design:
    """The file that was sent, placed, turned and scaled as asked. Raises TwinError."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise BadQuestion(verb_words.NO_FILE)
    with TemporaryDirectory(prefix="twin-") as folder:
        path = Path(folder) / (secure_filename(sent.filename) or "design")
        sent.save(path)
        design = read_design(path, city(), _crs(asked), asked.get("layer"))
    return fit(design, middle_asked(asked), asked.get("angle", 0.0), asked.get("scale", 1.0))


def middle_asked(asked: dict[str, Any]) -> tuple[float, float] | None:
    """In the city's metres, from east and north or from longitude and latitude; None where neither is said."""
    for names in (METRES, tuple(PLACE)):
        missing = [name for name in names if name not in asked]
        if len(missing) == len(names):
            continue
        if missing:
            raise BadQuestion(filled(api_words.MISSING, names=", ".join(missing)))
        if names == METRES:
            return asked["east"], asked["north"]
        x, y = transformer(LONLAT, CRS(city().srid)).transform(asked["longitude"], asked["latitude"])
        return float(x), float(y)
    return None


def allow_large() -> None:
    """A design may be larger than what else is sent by form."""
    if request.endpoint == "design_forms.sent":
        request.max_content_length = MOST_BYTES + BESIDE


def _crs(asked: dict[str, Any]) -> CRS | None:
    told = asked.get("crs", "").upper().removeprefix("EPSG:")
    try:
        return CRS(int(told)) if told else None
    except (CRSError, ValueError) as error:
        raise BadQuestion(verb_words.NO_CRS) from error


def init_app(app: Flask) -> None:
    app.before_request(allow_large)  # before the form is read for its token
    app.register_blueprint(bringing)
