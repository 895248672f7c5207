"""Designs by form: what a file holds, where it shall lie, how it is turned and scaled; on a page or beside the city."""

import math
from collections import Counter
from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np
from flask import Blueprint, Flask, jsonify, redirect, render_template, request, url_for

import layers
from scenarios.designs import Design, changes_of, preview
from scenarios.forms import lowest_ground
from twin.errors import TwinError
from twin.feature import Scenario
from twin.projection import LONLAT, transformer
from web import verb_words
from web.asked import city, db, find_scenario
from web.designs import design_asked, middle_asked
from web.edit_words import filled
from web.editing import writing
from web.errors import STATUS, BadQuestion, sentence_of
from web.language import language, number, said, words
from web.people import require
from web.planner_words import PLANNER
from web.verbs import performed

NUMBERS = {"east", "north", "longitude", "latitude", "angle", "scale"}
MOST = {"longitude": 180.0, "latitude": 90.0}
ENTERED = (*NUMBERS, "crs", "layer")
forms = Blueprint("design_forms", __name__)


@forms.get("/scenarios/<int:id>/design")
def design(id: int):
    scenario = find_scenario(id)
    require("edit", None, scenario)
    return _form(scenario)


@forms.post("/scenarios/<int:id>/design")
def sent(id: int):
    """Looks at the design or, with does=place, plans it."""
    scenario = find_scenario(id)
    require("edit", None, scenario)
    try:
        found = design_asked(_entered(request.form))
        if request.form.get("does") != "place":
            return _form(scenario, found)
        performed(writing(id), "design", changes_of(found, partial(lowest_ground, db())))
    except TwinError as error:
        db().rollback()
        return _form(scenario, error=error)
    return redirect(url_for("planner.history", id=id, lang=language()), 303)


@forms.get("/scenarios/<int:id>/place")
def place(id: int):
    """A place in degrees and in the city's metres; `turned`: degrees by which north turns from the map's."""
    find_scenario(id)
    middle = middle_asked(_entered(request.args))
    if middle is None:
        raise BadQuestion(PLANNER["place-missing"])
    longitude, latitude = transformer(city().srid, LONLAT).transform(*middle)
    if not np.isfinite([longitude, latitude]).all():
        raise BadQuestion(PLANNER["place-missing"])
    beyond = transformer(LONLAT, city().srid).transform(longitude, latitude + 1e-4)
    turned = np.degrees(np.arctan2(beyond[1] - middle[1], beyond[0] - middle[0])) - 90
    east, north = (round(value, 3) for value in middle)
    return jsonify(east=east, north=north, longitude=longitude, latitude=latitude, turned=float(turned))


def init_app(app: Flask) -> None:
    app.register_blueprint(forms)


def _form(scenario: Scenario, found: Design | None = None, error: TwinError | None = None):
    page = render_template(
        "design_form.html" if "part" in request.args else "design.html",
        scenario=scenario,
        error=sentence_of(error) if error else None,
        sent=request.form,
        found=_told(found) if found else None,
        layers=[(name, said(layer.title)) for name, layer in layers.BY_NAME.items()],
        crs=f"EPSG:{city().srid}",
    )
    return page, STATUS[type(error)] if error else 200


def _entered(form: Mapping[str, str]) -> dict[str, Any]:
    """What was entered, as the interface takes it. Raises BadQuestion."""
    given: dict[str, Any] = {name: form[name].strip() for name in ENTERED if form.get(name, "").strip()}
    for name in NUMBERS & given.keys():
        try:
            given[name] = float(given[name].replace(",", "."))
        except ValueError:
            given[name] = math.nan
        if not abs(given[name]) <= MOST.get(name, 1e8):
            raise BadQuestion(filled(verb_words.NO_NUMBER, name=name))
    if given.get("layer", "buildings") not in layers.BY_NAME:
        raise BadQuestion(filled(verb_words.NO_LAYER, known=", ".join(layers.BY_NAME)))
    return given


def _told(found: Design) -> dict[str, Any]:
    """What a design holds, in words; `drawn` is what the map draws of it."""
    west, south, east, north = found.bounds
    counts = Counter(piece.layer for piece in found.pieces)
    middle = {"east": f"{(west + east) / 2:.2f}", "north": f"{(south + north) / 2:.2f}", "crs": f"EPSG:{city().srid}"}
    large = {"width": number(east - west, 1), "depth": number(north - south, 1)}
    return {
        "counts": [f"{number(count)} {said(layers.BY_NAME[name].title)}" for name, count in counts.items()],
        "large": words("design-large").format(**large),
        "where": words("design-is-placed" if found.placed else "design-no-place").format(**middle),
        "messages": [said(message) for message in found.messages],
        "drawn": preview(found, city().srid),
    }
