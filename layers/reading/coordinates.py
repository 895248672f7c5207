"""In which projection bare numbers are, judged by where they would put the city."""

from functools import cache

import numpy as np
from pyproj import CRS, Geod, Proj
from pyproj.aoi import AreaOfInterest
from pyproj.database import query_crs_info
from pyproj.enums import PJType
from pyproj.exceptions import ProjError

from twin.city import utm_zone
from twin.errors import BadFile
from twin.projection import LONLAT, transformer

# What German offices deliver, the likeliest first: UTM, UTM with the zone in front, Gauss-Krüger, Europe's, the web's,
# Soldner Berlin.
GERMAN = (25832, 25833, 4647, 5650, 5649, 31467, 31468, 31466, 31469, 3035, 3857, 3068)
NEARBY = 50_000.0  # metres from the city's centre: a region, yet less than a mistaken zone
SAME = 200.0  # metres: datums of one grid differ by less, and nobody means the other one
_GERMANY = (5.5, 47.0, 15.5, 55.5)  # west, south, east, north
_EARTH = Geod(ellps="WGS84")


def guess_crs(x, y, near: tuple[float, float] | None) -> tuple[CRS, str]:
    """The projection of these numbers, and how it was recognised.

    x, y: (n,) east and north, NaN where a row has none. near: longitude, latitude of the city, if that is known.
    Raises BadFile where none fits, where several do, and where x and y are swapped.
    """
    east, north = _middle(x, y)
    if np.isnan(east):
        raise BadFile("no coordinates are in the file. Look whether the right columns were exported.")
    if looks_swapped(x, y, near):
        raise BadFile(
            f"east and north are swapped: {_shown(north)} is the east value here, and {_shown(east)} the north one."
            " Swap the headings of the two columns, and load it again."
        )
    if _in_degrees(x, y):
        return LONLAT, "longitude and latitude, as the numbers are degrees"
    if near is None:
        return _by_digits(east, north)
    return _by_place(east, north, near)


def looks_swapped(x, y, near: tuple[float, float] | None) -> bool:
    """Would these numbers fit if east were north?"""
    east, north = _middle(x, y)
    if np.isnan(east):
        return False
    if near is None:
        return not _in_germany(east, north) and _in_germany(north, east)
    return not _fitting(east, north, near) and bool(_fitting(north, east, near))


def suggestion(x, y, near: tuple[float, float] | None) -> str:
    """For a file that does not say its projection: `they would fit EPSG:28992 (Amersfoort / RD New)`, or nothing."""
    east, north = _middle(x, y)
    if np.isnan(east):
        return ""
    codes = _fitting(east, north, near) if near else _codes_by_digits(east, north)
    return f"they would fit {' or '.join(_named(code) for code in codes[:3])}" if codes else ""


def _middle(x, y) -> tuple[float, float]:
    """The median of each: a swapped or mistyped row does not move it."""
    x, y = np.asarray(x, float), np.asarray(y, float)
    known = np.isfinite(x) & np.isfinite(y)
    if not known.any():
        return np.nan, np.nan
    return float(np.median(x[known])), float(np.median(y[known]))


def _in_degrees(x, y) -> bool:
    east, north = _middle(x, y)
    return abs(east) <= 180 and abs(north) <= 90


def _by_place(east: float, north: float, near: tuple[float, float]) -> tuple[CRS, str]:
    codes = _fitting(east, north, near)
    if not codes:
        raise BadFile(
            f"no projection in use near {near[0]:.2f}, {near[1]:.2f} would put {_shown(east)}, {_shown(north)} there."
            " Ask the sender which one it is, and give it with --crs."
        )
    places = [transformer(CRS(code), LONLAT).transform(east, north) for code in codes]
    if max(_EARTH.inv(*places[0], *place)[2] for place in places) > SAME:
        raise BadFile(_ambiguous(east, north, codes))
    return CRS(codes[0]), f"{_named(codes[0])}, as it puts the numbers near the city"


def _fitting(east: float, north: float, near: tuple[float, float]) -> list[int]:
    """EPSG codes that put the point near the city: those of German offices, else those in use there."""
    if abs(east) <= 180 and abs(north) <= 90:
        return [4326] if _EARTH.inv(east, north, *near)[2] < NEARBY else []
    usual = [code for code in (*GERMAN, *_utm(*near)) if _distance(code, east, north, near) < NEARBY]
    if usual:
        return usual
    in_use = _in_use(round(near[0], 1), round(near[1], 1))
    return [code for code in in_use if _distance(code, east, north, near) < NEARBY]


def _utm(longitude: float, latitude: float) -> list[int]:
    """The UTM zone there, and its neighbours: a town may use that of its state."""
    return [utm_zone((longitude + 180 + step) % 360 - 180, latitude) for step in (0, -6, 6)]


@cache
def _in_use(longitude: float, latitude: float) -> tuple[int, ...]:
    """The EPSG codes of the projections whose area holds the place, the smallest area first: a country's own grid."""
    here = AreaOfInterest(longitude, latitude, longitude, latitude)
    found = query_crs_info(auth_name="EPSG", pj_types=PJType.PROJECTED_CRS, area_of_interest=here, contains=True)
    # S-JTSK (Ferro) is S-JTSK once more, counted from another meridian.
    current = [info for info in found if not info.deprecated and "(Ferro)" not in info.name]
    return tuple(int(info.code) for info in sorted(current, key=_extent))


def _extent(info) -> float:
    area = info.area_of_use
    return (area.east - area.west) % 360 * (area.north - area.south)


def _distance(code: int, east: float, north: float, near: tuple[float, float]) -> float:
    """Metres from the city; without the shift between datums, which takes long to look up and matters little here."""
    try:
        longitude, latitude = _projection(code)(east, north, inverse=True)
    except ProjError:
        return np.inf
    return _EARTH.inv(longitude, latitude, *near)[2] if np.isfinite(longitude) else np.inf


@cache
def _projection(code: int) -> Proj:
    return Proj(CRS(code))


def _by_digits(east: float, north: float) -> tuple[CRS, str]:
    codes = _codes_by_digits(east, north)
    if not codes:
        raise BadFile(
            f"in which projection {_shown(east)}, {_shown(north)} are cannot be told."
            " Give it with --crs, or load it together with a file that says where the city is."
        )
    if len(codes) > 1:
        raise BadFile(_ambiguous(east, north, codes))
    return CRS(codes[0]), f"{_named(codes[0])}, by the number of digits"


def _codes_by_digits(east: float, north: float) -> list[int]:
    """The German systems that numbers of this size may be in, without knowing the city."""
    if not 5_200_000 < north < 6_200_000:
        return [3035] if 4_000_000 < east < 4_700_000 and 2_600_000 < north < 3_600_000 else []
    if 31e6 < east < 34e6:
        return [{31: 5649, 32: 4647, 33: 5650}[int(east // 1e6)]]
    if 2_400_000 < east < 5_700_000:
        return [31464 + int(east // 1e6)]  # the first digit is the zone: 31466 is zone 2
    return [25832, 25833] if 100_000 < east < 1_000_000 else []


def _in_germany(east: float, north: float) -> bool:
    west, south, far_east, far_north = _GERMANY
    if west < east < far_east and south < north < far_north:
        return True
    return bool(_codes_by_digits(east, north))


def _ambiguous(east: float, north: float, codes: list[int]) -> str:
    names = ", ".join(_named(code) for code in codes[:6])
    return (
        f"{_shown(east)}, {_shown(north)} fit several projections: {names}. Give the right one with --crs, such as"
        f" --crs {codes[0]}, or load it together with a file that says where the city is."
    )


def _named(code: int) -> str:
    return f"EPSG:{code} ({CRS(code).name})"


def _shown(number: float) -> str:
    return f"{number:.4f}" if abs(number) <= 180 else f"{number:.0f}"
