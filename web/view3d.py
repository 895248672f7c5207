"""The 3D scene, described in Python and drawn in the browser: layers name where their tiles are, not their content."""

import math
from typing import Any

import numpy as np
import pydeck
import shapely
from flask import url_for
from pydeck import Deck, Layer, ViewState
from sqlalchemy import select

from layers.buildings import Building
from layers.contents import extent
from layers.palette import (
    AREAS,
    BUILDINGS,
    COLORS,
    EDGE,
    HIDDEN_AT_FIRST,
    KERB,
    KERB_WIDTH,
    LINE_STRENGTH,
    LINE_WIDTH,
    NO_KERB,
    PLAIN_WIDTH,
    STREET_WIDTHS,
    area_of,
    color_of,
)
from scenarios.planned import planned
from scenarios.project import Project
from scenarios.viewpoints import BEARING, PITCH, zoom_over
from twin.city import City
from twin.feature import Feature, Scenario
from twin.projection import LONLAT, transformer
from web.asked import changed, counts, db, kept, layers
from web.drawn.figures import overlay
from web.drawn.reach import reached_streets
from web.tiles import tile_mark

SAMPLE = 3000  # features are enough to know where the town is
LARGE = 500.0  # m²: a hall weighs no more than a town house when the town's heart is sought
TOWN = 900.0  # metres around its densest part that the first picture may show
MARGIN = 300.0  # metres beyond the outermost feature in which tiles are asked for: one may be added
LAND_MARGIN = 4000.0  # metres of bare land or terrain around the town

# Names of the classes in static/scene.js, which extend deck.gl's own.
LAND, BUILDINGS_LAYER, TREES, MARKERS = "LandTiles", "BuildingTiles", "TreeTiles", "MarkerTiles"

pydeck.settings.custom_libraries = []  # none: our classes are registered in the page itself


def deck(scenario: int, city: City, beside: tuple[int, str] | None = None) -> Deck:
    """beside: the other scenario and this one's side, where the two are compared."""
    drawn = [layer for name, layer in layers().items() if holds(scenario, name, beside)]
    longitude, latitude, zoom = kept(("first view", scenario), lambda: first_view(scenario, city))
    wide, whole = kept("extent", lambda: [_extent(city, LAND_MARGIN), _extent(city, MARGIN)], changed(scenario))
    style = {layer.__tablename__: look(layer) for layer in drawn}
    return Deck(
        layers=[
            _tiles(LAND, "land", scenario, beside, min_zoom=11, max_zoom=17, extent=wide, style=style),
            _tiles(TREES, "trees", scenario, min_zoom=15, max_zoom=15, extent=whole, visible_min_zoom=14.5),
            _tiles(BUILDINGS_LAYER, "buildings", scenario, min_zoom=12, max_zoom=16, extent=whole, style=BUILDINGS),
            _tiles(
                MARKERS, "markers", scenario, min_zoom=13, max_zoom=13, extent=whole, visible_min_zoom=13, style=style
            ),
            *overlay(scenario),
            reached_streets(),
        ],
        initial_view_state=ViewState(
            longitude=longitude, latitude=latitude, zoom=zoom, pitch=PITCH, bearing=BEARING, max_pitch=80
        ),
        map_provider=None,
    )


def holds(scenario: int, name: str, beside: tuple[int, str] | None = None) -> bool:
    """Is there anything of a layer, here or in what it is compared with?"""
    return bool(counts(scenario)[name] or (beside and counts(beside[0])[name]))


def look(layer: type[Feature]) -> dict[str, Any]:
    name = layer.__tablename__
    found: dict[str, Any] = {"color": color_of(layer), "colors": COLORS.get(name, {}), "area": area_of(layer)}
    found["outlined"] = name in AREAS and area_of(layer)[1] > 0
    found |= {"edge": EDGE, "width": PLAIN_WIDTH}
    if name == "streets":
        found |= {"widths": STREET_WIDTHS, "kerb": KERB, "kerbWidth": KERB_WIDTH, "noKerb": NO_KERB}
    if name == "lines":
        found |= {"width": LINE_WIDTH, "strength": LINE_STRENGTH}
    return found


def shown_at_first(name: str) -> bool:
    return name not in HIDDEN_AT_FIRST


def first_view(scenario: int, city: City) -> tuple[float, float, float]:
    """longitude, latitude, zoom: what fills the picture.

    The project's area, else the densest part of the buildings, else of what there is.
    """
    area = _area(scenario)
    if area is not None:
        west, south, east, north = area.bounds
        return _framed(city, ((west + east) / 2, (south + north) / 2), math.hypot(east - west, north - south) / 2)
    middles, weights = _sample(scenario)
    if len(middles) == 0:
        return city.longitude, city.latitude, 14.0
    centre = _densest(middles, weights)
    distances = np.hypot(*(middles - centre).T)
    return _framed(city, centre, float(np.percentile(distances[distances <= TOWN], 80)))


def _area(scenario: int) -> Any:
    """Of the project that the scenario belongs to."""
    question = select(Project.area).join(Scenario, Scenario.project_id == Project.id).where(Scenario.id == scenario)
    return db().scalar(question)


def _framed(city: City, centre: Any, radius: float) -> tuple[float, float, float]:
    longitude, latitude = transformer(city.srid, LONLAT).transform(*centre)
    return round(float(longitude), 6), round(float(latitude), 6), round(zoom_over(radius, latitude), 2)


def _tiles(kind: str, name: str, scenario: int, beside: tuple[int, str] | None = None, **props: Any) -> Layer:
    address = url_for("tiles." + name, id=scenario, z=0, x=0, y=0).removesuffix("0/0/0") + "{z}/{x}/{y}"
    question = f"v={tile_mark(scenario, *(beside or ()))}"
    if beside is not None:
        question += f"&with={beside[0]}&side={beside[1]}"
    return Layer(kind, id=name, data=f"{address}?{question}", pickable=True, **props)


def _extent(city: City, margin: float) -> list[float]:
    """west, south, east, north of all layers, and `margin` metres around them."""
    found = [extent(db(), name) for name in layers()]
    bounds = np.array([box for box in found if box])
    west, south = bounds[:, :2].min(axis=0) - margin
    east, north = bounds[:, 2:].max(axis=0) + margin
    degrees = transformer(city.srid, LONLAT).transform_bounds(west, south, east, north)
    return [round(value, 6) for value in degrees]


def _sample(scenario: int) -> tuple[np.ndarray, np.ndarray]:
    """(n, 2), (n,): where buildings stand and how large they are, or where the features of the fullest layer lie."""
    count = counts(scenario)
    name = Building.__tablename__ if count[Building.__tablename__] else max(count, key=lambda key: count[key])
    view = planned(layers()[name])
    every = max(1, count[name] // SAMPLE)
    found = db().scalars(
        select(view.c.geom).where(view.c.scenario_id == scenario, view.c.fid % every == 0, view.c.geom.is_not(None))
    )
    bounds = shapely.bounds(np.array(found.all(), object)).reshape(-1, 4)
    bounds = bounds[np.isfinite(bounds).all(axis=1)]
    sizes = (bounds[:, 2:] - bounds[:, :2]).prod(axis=1)
    return (bounds[:, :2] + bounds[:, 2:]) / 2, np.clip(sizes, 1, LARGE)


def _densest(points: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The middle of the 500 m square, in steps of 250 m, that weighs the most."""
    cells = np.floor((points - points.min(axis=0)) / 250).astype(int)
    weight = np.zeros(cells.max(axis=0) + 2)
    np.add.at(weight, tuple(cells.T), weights)
    four = weight[:-1, :-1] + weight[1:, :-1] + weight[:-1, 1:] + weight[1:, 1:]
    best = np.array(np.unravel_index(four.argmax(), four.shape))
    inside = ((cells == best) | (cells == best + 1)).all(axis=1)
    return np.median(points[inside], axis=0)
