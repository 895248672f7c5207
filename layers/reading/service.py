"""What a server of maps offers, however it speaks: collections, each given page by page."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from pyproj import CRS

from twin.errors import BadFile

JSON = "application/geo+json, application/json;q=0.9, */*;q=0.1"
MOST = 200_000  # features beyond which only those around the city are asked for
_AROUND = 10_000.0  # m from the city's centre, to each side
_DEGREE = 111_320.0  # m of latitude


@dataclass
class Page:
    """features: GeoJSON ones, or the bytes of a GML answer. crs: None for longitude and latitude, or what GML says."""

    features: list[dict[str, Any]] | bytes
    crs: CRS | None = None
    note: str | None = None


@dataclass
class Collection:
    """pages: called with the city's longitude and latitude where they are known. bounds: in degrees."""

    name: str
    pages: Callable[[tuple[float, float] | None], Iterator[Page]]
    title: str | None = None
    bounds: tuple[float, float, float, float] | None = None
    count: int | None = None


def too_many(count: int | None, near: tuple[float, float] | None) -> bool:
    """Is it more than a town needs? Raises BadFile where nobody knows which town it is."""
    if count is None or count <= MOST:
        return False
    if near is None:
        raise BadFile(
            f"it holds {count:,} features, and it is not known yet where the city lies. Load the city's other files"
            " first, or add a window to the address: &bbox=west,south,east,north, in degrees."
        )
    return True


def box_around(count: int | None, near: tuple[float, float] | None) -> tuple[str, tuple[float, float, float, float]]:
    """A window around the city, and the sentence that says so."""
    longitude, latitude = near or (0.0, 0.0)
    up = _AROUND / _DEGREE
    right = up / max(0.01, math.cos(math.radians(latitude)))
    note = (
        f"the server holds {count or 0:,} features: only those within {_AROUND / 1000:.0f} km of the city's centre were"
        " asked for. For another window add &bbox=west,south,east,north to the address."
    )
    return note, (longitude - right, latitude - up, longitude + right, latitude + up)
