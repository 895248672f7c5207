"""How far one comes from a place: areas, streets, people and what is nearest, planned beside today."""

import re
from typing import Any, NamedTuple

import numpy as np
import shapely
from flask import Blueprint, Flask, Response, jsonify, render_template, request

from scenarios.access.areas import MINUTES, Area, Outing, areas
from scenarios.access.needs import needs
from scenarios.access.people import AGES
from scenarios.access.speeds import Mode, mode_called, modes
from twin.errors import NotFound
from twin.feature import TODAY, Scenario
from twin.projection import LONLAT, to_lonlat, to_metres, transformer
from web.asked import city, find_scenario, ground
from web.contract import asked, contract
from web.errors import BadQuestion
from web.language import said, words
from web.nets import Around, around
from web.reach_plan import drawing
from web.schemas import NUMBER, PLACE, TEXT, list_of, map_of, object_of, one_of, or_null, whole
from web.search import find

reach = Blueprint("reach", __name__)

COLOURS = {5: (11, 94, 94), 10: (42, 143, 122), 15: (122, 178, 84), 30: (222, 186, 84)}  # darker is nearer
ABOVE = 0.8  # metres over the ground
CLOCK = "^([01][0-9]|2[0-9]):[0-5][0-9]$"  # up to 29:59: after midnight
MORNING = "08:00"
NUMBERS = re.compile(r"\s*(-?\d{1,3}(?:[.]\d+)?)\s*[,; ]\s*(-?\d{1,2}(?:[.]\d+)?)\s*")
_MODE = {"mode": one_of(modes()), "time": {"type": "string", "pattern": CLOCK}}
_GROUP = object_of({"minutes": whole(), "people": NUMBER, "ages": map_of(or_null(NUMBER)), "area": NUMBER})
_NEAR = object_of(
    {"need": TEXT, "title": TEXT, "minutes": or_null(NUMBER), "name": TEXT, "layer": or_null(TEXT),
     "uid": or_null(TEXT)}
)  # fmt: skip
REACHED = object_of(
    {
        "type": one_of(["FeatureCollection"]), "mode": TEXT, "groups": list_of(_GROUP), "nearest": list_of(_NEAR),
        "features": list_of(object_of({
            "type": one_of(["Feature"]), "geometry": {"type": "object"}, "properties": object_of({"minutes": whole()}),
        })),
    },
    title="Reach",
)  # fmt: skip
STREETS = object_of(
    {
        "type": one_of(["FeatureCollection"]),
        "features": list_of(object_of({
            "type": one_of(["Feature"]), "geometry": {"type": "object"},
            "properties": object_of({"minutes": whole(), "colour": list_of(whole(0, 255), 3, 3)}),
        })),
    },
    title="ReachedStreets",
)  # fmt: skip


class Found(NamedTuple):
    """From one place in one scenario: the areas, and what is told of each and of the nearest."""

    areas: list[Area]
    groups: list[dict[str, Any]]
    nearest: list[dict[str, Any]]


@reach.get("/api/scenarios/<int:id>/reach")
@contract(REACHED, asks={**PLACE, **_MODE}, needs=tuple(PLACE), also=(422,))
def areas_of(id: int):
    """Reach areas of 5, 10, 15 and 30 minutes, who lives there, and the nearest of what is needed."""
    found = _found(find_scenario(id), _place(), mode_called(asked("mode", "walk")), seconds_of(asked("time", MORNING)))
    srid = city().srid
    features = [
        {"type": "Feature", "geometry": shapely.geometry.mapping(to_lonlat(one.shape, srid)),
         "properties": {"minutes": one.minutes}}
        for one in found.areas
    ]  # fmt: skip
    told = {"groups": found.groups, "nearest": found.nearest}
    return jsonify(type="FeatureCollection", mode=asked("mode", "walk"), **told, features=features)


@reach.get("/api/scenarios/<int:id>/reach/streets")
@contract(STREETS, asks={**PLACE, **_MODE}, needs=tuple(PLACE), also=(422,))
def streets_of(id: int):
    """The streets that are reached, on the ground of the scene, in bands of minutes."""
    mode = mode_called(asked("mode", "walk"))
    there = around(find_scenario(id), _place(), mode)
    features = [
        {"type": "Feature", "geometry": shapely.geometry.mapping(shape),
         "properties": {"minutes": one.minutes, "colour": COLOURS[one.minutes]}}
        for one in areas(there.set_out(_place(), seconds_of(asked("time", MORNING))))
        if not one.streets.is_empty and (shape := _in_scene(one.streets))
    ]  # fmt: skip
    return jsonify(type="FeatureCollection", features=features)


@reach.get("/scenarios/<int:id>/reach")
def page(id: int):
    """The same for people: a plan and tables; with ?part only these, for the panel beside the city."""
    scenario, mode = find_scenario(id), mode_called(request.args.get("mode", "walk"))
    place, title = _place_meant(scenario)
    leaves = _time_meant()
    told: dict[str, Any] = {"place": None}
    if place is not None:
        now = _found(scenario, place, mode, seconds_of(leaves))
        before = _found(find_scenario(TODAY), place, mode, seconds_of(leaves)) if id != TODAY else None
        told = {"place": place, "now": now, "before": before, "at": to_lonlat(place, city().srid)}
        told["no_buses"] = bool(mode.told.get("timetable")) and around(scenario, place, mode).transit is None
    return render_template(
        "reach_part.html" if "part" in request.args else "reach.html",
        city=city(), scenario=scenario, mode=mode, modes=modes().values(), title=title, ages=AGES, minutes=MINUTES,
        colours=COLOURS, leaves=leaves, **told,
    )  # fmt: skip


@reach.get("/scenarios/<int:id>/reach.svg")
def plan(id: int):
    """The areas around the place, as a plan."""
    scenario, mode = find_scenario(id), mode_called(request.args.get("mode", "walk"))
    place, _ = _place_meant(scenario)
    if place is None:
        raise NotFound(words("reach-nowhere").format(q=request.args.get("q", "")[:40]))
    outing = around(scenario, place, mode).set_out(place, seconds_of(_time_meant()))
    answer = Response(drawing(scenario, place, areas(outing)))
    answer.mimetype, answer.headers["Cache-Control"] = "image/svg+xml", "no-cache"
    return answer


def init_app(app: Flask) -> None:
    app.register_blueprint(reach)
    app.jinja_env.globals.update(reach_modes=lambda: modes().values())


def seconds_of(time: str) -> int:
    """From "08:05" to seconds after midnight."""
    hours, minutes = time.split(":")
    return int(hours) * 3600 + int(minutes) * 60


def _time_meant() -> str:
    told = request.args.get("time", "").strip() or MORNING
    if not re.fullmatch(CLOCK, told):
        raise BadQuestion(words("reach-no-time").format(told=told[:20]))
    return told


def _place() -> shapely.Point:
    return to_metres(shapely.Point(asked("longitude"), asked("latitude")), city().srid)


def _place_meant(scenario: Scenario) -> tuple[shapely.Point | None, str]:
    """By degrees, or by what is called so. Raises BadQuestion where nothing is."""
    told = request.args.get("q", "").strip()
    match = NUMBERS.fullmatch(told)
    if match:
        longitude, latitude = float(match[1]), float(match[2])
        if abs(longitude) > 180 or abs(latitude) > 90:
            raise BadQuestion(words("reach-nowhere").format(q=told[:40]))
        return to_metres(shapely.Point(longitude, latitude), city().srid), request.args.get("name", "")[:80] or told
    if not told:
        return None, ""
    hit = next((one for one in find(scenario.id, told[:100], 5) if one["longitude"] is not None), None)
    if hit is None:
        raise BadQuestion(words("reach-nowhere").format(q=told[:40]))
    return to_metres(shapely.Point(hit["longitude"], hit["latitude"]), city().srid), hit["title"]


def _found(scenario: Scenario, place: shapely.Point, mode: Mode, departure: int) -> Found:
    there = around(scenario, place, mode)
    outing = there.set_out(place, departure)
    drawn = areas(outing)
    return Found(drawn, _groups(there, outing, drawn), _nearest(there, outing))


def _groups(there: Around, outing: Outing, drawn: list[Area]) -> list[dict[str, Any]]:
    """Those who live within each time."""
    seconds, settled = outing.at(there.buildings), there.town.settled
    found = []
    for one in drawn:
        mine = seconds <= 60 * one.minutes
        ages = settled.ages[mine].sum(axis=0)
        told = {name: round(float(age)) if np.isfinite(age) else None for name, age in zip(AGES, ages, strict=True)}
        people = round(float(settled.people[mine].sum()))
        found.append({"minutes": one.minutes, "people": people, "ages": told, "area": round(one.shape.area)})
    return found


def _nearest(there: Around, outing: Outing) -> list[dict[str, Any]]:
    seconds, supplied = outing.at(there.supply), there.town.supplied
    found = []
    for name, need in needs().items():
        mine = np.flatnonzero(supplied.of[name])
        best = mine[np.argmin(seconds[mine])] if len(mine) else -1
        known = best >= 0 and np.isfinite(seconds[best])
        found.append({
            "need": name, "title": said(need.title), "minutes": round(float(seconds[best]) / 60, 1) if known else None,
            "name": supplied.titles[best] if known else "", "layer": supplied.layers[best] if known else None,
            "uid": supplied.uids[best] if known else None,
        })  # fmt: skip
    return found


def _in_scene(shape: Any) -> Any:
    """Degrees, and metres over the scene's zero."""
    to_degrees = transformer(city().srid, LONLAT)

    def placed(points: np.ndarray) -> np.ndarray:
        z = ground().heights(points[:, 0], points[:, 1]) + ABOVE
        longitude, latitude = to_degrees.transform(points[:, 0], points[:, 1])
        return np.column_stack([np.round(longitude, 6), np.round(latitude, 6), np.round(z, 1)])

    return shapely.transform(shapely.force_3d(shape), placed, include_z=True)
