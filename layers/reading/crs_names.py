"""The many names that survey offices give to one projection."""

import re
from functools import cache

import numpy as np
from pyproj import CRS
from pyproj.exceptions import CRSError

from twin.errors import BadFile
from twin.projection import LONLAT, transformer

# AdV, Koordinatenreferenzsysteme in GeoInfoDok; the vertical part after "*" is not needed here.
ADV_NAMES = {
    "ETRS89_UTM31": 25831,
    "ETRS89_UTM32": 25832,
    "ETRS89_UTM33": 25833,
    "ETRS89_LAT-LON": 4258,
    "DE_DHDN_3GK2": 31466,
    "DE_DHDN_3GK3": 31467,
    "DE_DHDN_3GK4": 31468,
    "DE_DHDN_3GK5": 31469,
    "DE_PD-83_3GK3": 3396,
    "DE_PD-83_3GK4": 3397,
    "DE_RD-83_3GK4": 3398,
    "DE_RD-83_3GK5": 3399,
    "DE_42-83_3GK4": 2398,
    "DE_42-83_3GK5": 2399,
}
ZONES = {25831: 31, 25832: 32, 25833: 33}
ZONED = 30e6  # m: an easting beyond this begins with the number of its UTM zone


@cache
def crs_of_name(name: str | None) -> CRS | None:
    """The horizontal projection behind "urn:ogc:def:crs:EPSG::25832", an AdV name, a URL; None for no name."""
    if not name or not name.strip():
        return None
    code = epsg_in(name.strip())
    try:
        return horizontal(CRS.from_epsg(code) if code else CRS.from_user_input(name.strip()))
    except CRSError as error:
        raise BadFile(
            f"the coordinate reference system “{name}” is not known. Say which it is: --crs 25832, for example."
        ) from error


def epsg_in(name: str) -> int | None:
    adv = re.search(r"adv:crs:([^*]+)", name, re.IGNORECASE)
    if adv:
        short = adv[1].upper()
        return next((code for known, code in ADV_NAMES.items() if short.startswith(known)), None)
    epsg = re.search(r"epsg\D*(?:\d{1,2}(?:\.\d+)*\D+)?(\d{4,6})(?!\d)", name, re.IGNORECASE)
    return int(epsg[1]) if epsg else None


def horizontal(crs: CRS) -> CRS:
    """Without heights: EPSG:7415 is EPSG:28992 and a vertical part."""
    if crs.is_compound:
        crs = crs.sub_crs_list[0]
    return crs.to_2d() if len(crs.axis_info) > 2 else crs


def straight(points: np.ndarray, crs: CRS, name: str) -> np.ndarray:
    """Points of a file as x east, y north. points: (n, 2 or 3), changed in place.

    The rule of the name comes first; where the first point then lies outside of the area that the projection is made
    for, and would lie inside if swapped, the file was written the other way round. Some offices put the number of the
    UTM zone before the easting: 32 359 853 instead of 359 853.
    """
    if not len(points):
        return points
    x, y = points[0, :2].tolist()
    swapped = says_north_first(name, crs)
    as_named, otherwise = ((y, x), (x, y)) if swapped else ((x, y), (y, x))
    if not lies_in_area(crs, *as_named) and lies_in_area(crs, *otherwise):
        swapped = not swapped
    if swapped:
        points[:, :2] = points[:, 1::-1]
    if points[0, 0] > ZONED:
        points[:, 0] -= zone_number(crs) * 1e6
    return points


def says_north_first(name: str, crs: CRS) -> bool:
    """Whether coordinates under this name should start with the latitude or the northing, as the authority has it.

    Only the long names promise the authority's order; "EPSG:4326" has always been used both ways, mostly east first.
    """
    return crs.axis_info[0].direction == "north" and name.startswith(("urn:", "http"))


def lies_in_area(crs: CRS, x: float, y: float) -> bool:
    area = crs.area_of_use
    if area is None:
        return False
    x -= zone_number(crs) * 1e6 if x > ZONED else 0
    longitude, latitude = transformer(crs, LONLAT).transform(x, y)
    return area.west - 3 <= longitude <= area.east + 3 and area.south - 3 <= latitude <= area.north + 3


def zone_number(crs: CRS) -> int:
    return ZONES.get(crs.to_epsg() or 0, 0)
