"""Longitude and latitude outside, metres inside; the two meet only here."""

from functools import cache

import shapely
from pyproj import CRS, Transformer

LONLAT = CRS("OGC:CRS84")


@cache
def transformer(source: CRS | int | str, target: CRS | int | str) -> Transformer:
    return Transformer.from_crs(source, target, always_xy=True)


def to_metres(shape, srid: int):
    return transform(shape, LONLAT, CRS(srid))


def to_lonlat(shape, srid: int):
    return transform(shape, CRS(srid), LONLAT)


def degrees(bounds: tuple[float, float, float, float], srid: int) -> list[float]:
    """A box of the city's metres as west, south, east, north, to the centimetre."""
    to_degrees = transformer(srid, LONLAT.srs)  # found by its name at once; a CRS is compared by its whole text
    return [round(value, 7) for value in to_degrees.transform_bounds(*bounds, densify_pts=2)]


def transform(shapes, source: CRS, target: CRS):
    """shapes: one shapely geometry or an array of them; heights stay as they are. Returns the same in `target`."""
    change = transformer(source, target)

    def moved(xyz):
        x, y = change.transform(xyz[:, 0], xyz[:, 1])
        xyz = xyz.copy()
        xyz[:, 0], xyz[:, 1] = x, y
        return xyz

    flat = shapely.has_z(shapes)
    if getattr(flat, "any", lambda: flat)():
        return shapely.transform(shapes, moved, include_z=True)
    return shapely.transform(shapes, moved)
