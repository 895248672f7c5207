"""What the camera shows, in one sentence for those who hear the page rather than see it."""

import math

import shapely
from flask import Blueprint, Flask, jsonify
from shapely.geometry import Point
from sqlalchemy import func, select, text

from layers.buildings import Building
from layers.contents import extent
from scenarios.planned import planned
from scenarios.rows import Bounds, rows_in
from twin.projection import LONLAT, to_metres, transformer
from twin.store import near
from web.asked import city, counts, db, find_scenario, layers
from web.contract import asked, contract
from web.errors import BadQuestion
from web.language import number, words
from web.schemas import LATITUDE, LONGITUDE, PLACE, TEXT, Schema, object_of
from web.schemas import number as between

seen = Blueprint("seen", __name__)

NEAR = 200.0  # metres from the middle of the picture in which a name tells where it is
EDGES: dict[str, Schema] = {"west": LONGITUDE, "south": LATITUDE, "east": LONGITUDE, "north": LATITUDE}
PICTURE = {**PLACE, **EDGES, "bearing": between(-360, 360)}
NAMING = ("streets", "stops", "facilities", "water")  # what people know their way by, the best first


@seen.get("/api/scenarios/<int:id>/seen")
@contract(object_of({"sentence": TEXT}), asks=PICTURE, needs=tuple(PICTURE))
def sentence(id: int):
    """What a picture of the city shows: its middle and edges in degrees, and where the eye looks to."""
    scenario, here = find_scenario(id).id, city()
    middle = to_metres(Point(asked("longitude"), asked("latitude")), here.srid)
    west, south, east, north = (asked(edge) for edge in EDGES)
    if west > east or south > north:
        raise BadQuestion(words("bad-picture"))
    bounds = transformer(LONLAT, here.srid).transform_bounds(west, south, east, north)
    directions = words("directions-in-words").split()
    told = words("seen").format(
        place=place_name(scenario, middle) or here.name,
        count=number(buildings_in(scenario, bounds)),
        direction=directions[round(asked("bearing") / 45) % 8],
    )
    return jsonify(sentence=told)


def place_name(scenario: int, middle: Point) -> str | None:
    """The nearest name of the first layer that has one near."""
    for name in NAMING:
        layer = layers()[name]
        if not counts(scenario)[name]:
            continue
        rows = rows_in(db(), layer, scenario, middle.buffer(NEAR).bounds, ("name",))
        away = shapely.distance(rows.shapes, middle)
        named = sorted((far, called) for far, called in zip(away, rows["name"], strict=True) if called and far <= NEAR)
        if named:
            return named[0][1]
    return None


def buildings_in(scenario: int, bounds: Bounds) -> int:
    """How many buildings the window of the city touches."""
    table = Building.__tablename__
    whole = extent(db(), table)
    if not whole or not all(map(math.isfinite, bounds)):
        return 0
    if bounds[0] <= whole[0] and bounds[1] <= whole[1] and bounds[2] >= whole[2] and bounds[3] >= whole[3]:
        return counts(scenario)[table]
    view = planned(Building)
    inside = text(f'uid in (select uid from "{table}" where {near(db(), table)})')
    window = dict(zip(("minx", "miny", "maxx", "maxy"), map(float, bounds), strict=True))
    return (
        db().scalar(select(func.count()).select_from(view).where(view.c.scenario_id == scenario, inside), window) or 0
    )


def init_app(app: Flask) -> None:
    app.register_blueprint(seen)
