"""Plots drawn on paper: a few rectangles in metres, given to an indicator as the store would give them."""

import datetime as dt

import numpy as np
import shapely
from shapely.geometry import box

from scenarios.assumptions import defaults
from scenarios.indicators import indicators
from scenarios.indicators.given import Given, inside
from scenarios.rows import Rows

HALLE = (11.97, 51.48)
DAY, EQUINOX = dt.date(2026, 11, 27), dt.date(2026, 3, 21)


def columns():
    """layer -> every column that some indicator reads."""
    found = {}
    for one in indicators().values():
        for layer, names in one.reads.items():
            found.setdefault(layer, {"uid": None, "estimated": None}).update(dict.fromkeys(names))
    return {layer: tuple(names) for layer, names in found.items()}


def on_paper(
    area=None, *, before=None, own=None, state="Sachsen-Anhalt", heights=None, day=DAY, sun_day=None, **layers
):
    """layers: name -> list of (shape, fields); uids are the layer's first letter and a number unless told."""
    rows = {}
    for layer, names in columns().items():
        told = layers.get(layer, [])
        listed = [{"uid": f"{layer[0]}{i}", **fields} for i, (_, fields) in enumerate(told, 1)]
        shapes = np.empty(len(told), object)
        shapes[:] = [shape for shape, _ in told]
        rows[layer] = Rows.of(listed, names, shapes)
    return Given(
        1 if before else 0, area, rows, {layer: inside(one.shapes, area) for layer, one in rows.items()}, defaults(),
        state, day, EQUINOX, HALLE, heights or flat, 1.0,
        {layer: set(uids) for layer, uids in (own or {}).items()}, before,
    )  # fmt: skip


def flat(bounds, cell):
    """Level ground at 100 m."""
    west, south, east, north = bounds
    return np.full((round((north - south) / cell), round((east - west) / cell)), 100.0, np.float32)


def house(x, y, width, depth, **fields):
    return box(x, y, x + width, y + depth), {"use": "residential", "storeys": 2, "height": 6.0, **fields}


def plot(x, y, width, depth, **fields):
    return box(x, y, x + width, y + depth), {"number": "12/3", **fields}


def zone(shape, kind, **fields):
    return shape, {"kind": kind, "plan_kind": "bplan", "state_of_law": "4000", "plan": "Nr. 7", **fields}


def figures(name, given):
    """name of a figure -> Figure."""
    return {one.name: one for one in indicators()[name].answer(given).figures}


def gabled(x, y, width, depth, eaves, ridge, base=100.0):
    """LoD2 of a house with its ridge from west to east, and the letters of its surfaces."""
    west, south, east, north, middle = x, y, x + width, y + depth, y + depth / 2
    low, high, top = base, base + eaves, base + ridge
    faces = [
        ("W", [(west, south, low), (east, south, low), (east, south, high), (west, south, high)]),
        ("W", [(east, north, low), (west, north, low), (west, north, high), (east, north, high)]),
        ("W", [(east, south, low), (east, north, low), (east, north, high), (east, middle, top), (east, south, high)]),
        ("W", [(west, north, low), (west, south, low), (west, south, high), (west, middle, top), (west, north, high)]),
        ("R", [(west, south, high), (east, south, high), (east, middle, top), (west, middle, top)]),
        ("R", [(east, north, high), (west, north, high), (west, middle, top), (east, middle, top)]),
        ("G", [(west, south, low), (west, north, low), (east, north, low), (east, south, low)]),
    ]
    solid = shapely.MultiPolygon([shapely.Polygon(ring) for _, ring in faces])
    return {"surfaces": shapely.to_wkb(solid, flavor="iso"), "surface_kinds": "".join(letter for letter, _ in faces)}
