"""Candidates that the data point to: gaps between buildings, parcels used far below what is allowed, empty houses.

They are guesses: somebody has to look before one becomes an entry of the register.
"""

from typing import Any, NamedTuple

import numpy as np
import shapely

from scenarios.access.people import block_of
from scenarios.assumptions import Assumed
from scenarios.counting import count_all
from scenarios.indicators.figures import sentence
from scenarios.places.land import is_traffic, shares_built
from scenarios.rows import Rows
from scenarios.rules import rules
from twin.feature import Words

KINDS = {
    "gap": Words("Baulücke", "Gap between buildings"),
    "reserve": Words("Wenig genutzt", "Under-used"),
    "empty": Words("Wohl leer", "Likely empty"),
}
BARE = 0.02  # share of a parcel that may be built over for a gap: a shed


class Guess(NamedTuple):
    """kind: of KINDS. layer, uid: of the parcel or building; why: in numbers of this place; measure: m² or homes."""

    kind: str
    layer: str
    uid: str
    title: str
    why: Words
    measure: float
    shape: Any


def candidates(
    parcels: Rows, buildings: Rows, blocks: Rows, zones: Rows, assumed: dict[str, Assumed], registered: np.ndarray
) -> list[Guess]:
    """registered: points and shapes of the entries that there are; what they lie in is no candidate any more."""
    known = _touched(parcels.shapes, registered)
    lonely = _touched(buildings.shapes, registered)
    found = [*_gaps(parcels, buildings, known), *_reserves(parcels, buildings, zones, assumed, known),
             *_empty(buildings, blocks, assumed, lonely)]  # fmt: skip
    return sorted(found, key=lambda one: (list(KINDS).index(one.kind), -one.measure))


def _touched(shapes: np.ndarray, registered: np.ndarray) -> np.ndarray:
    touched = np.zeros(len(shapes), bool)
    if len(shapes) and len(registered):
        touched[np.unique(shapely.STRtree(registered).query(shapes, predicate="intersects")[0])] = True
    return touched


def _gaps(parcels: Rows, buildings: Rows, known: np.ndarray) -> list[Guess]:
    """Bare parcels of a building plot's size between built ones: two neighbours bear a house."""
    told = rules("land")["candidates"]
    area, built = shapely.area(parcels.shapes), shares_built(parcels, buildings)
    bare = (built < BARE) & (area >= told["gap_least"]) & (area <= told["gap_most"]) & ~is_traffic(parcels) & ~known
    built_up = parcels.shapes[built >= told["built_up"]]
    if not bare.any() or len(built_up) == 0:
        return []
    mine = np.flatnonzero(bare)
    which = shapely.STRtree(built_up).query(parcels.shapes[mine], predicate="dwithin", distance=0.5)[0]
    neighbours = np.bincount(which, minlength=len(mine))
    return [
        Guess("gap", "parcels", str(parcels["uid"][i]), str(parcels["number"][i] or ""), sentence(
            "{area} m² ohne Gebäude, neben {n} bebauten Flurstücken",
            "{area} m² without a building, beside {n} built-up parcels", area=(area[i], 0), n=(int(many), 0),
        ), float(area[i]), parcels.shapes[i])
        for i, many in zip(mine.tolist(), neighbours.tolist(), strict=True) if many >= 2
    ]  # fmt: skip


def _reserves(
    parcels: Rows, buildings: Rows, zones: Rows, assumed: dict[str, Assumed], known: np.ndarray
) -> list[Guess]:
    """Built-up parcels whose floor area is far below the GFZ of their plan."""
    told = rules("land")["candidates"]
    gfz = np.full(len(parcels), np.nan)
    bearing = np.isfinite(zones.numbers("gfz")) if len(zones) else np.empty(0, bool)
    if bearing.any() and len(parcels):
        which, zone = shapely.STRtree(zones.shapes[bearing]).query(
            shapely.point_on_surface(parcels.shapes), predicate="within"
        )
        gfz[which] = zones.numbers("gfz")[bearing][zone]
    floor = count_all(buildings, shapely.area(buildings.shapes), assumed).floor_area
    on = np.zeros(len(parcels))
    if len(buildings) and len(parcels):
        building, parcel = shapely.STRtree(parcels.shapes).query(shapely.centroid(buildings.shapes), predicate="within")
        np.add.at(on, parcel, floor[building])
    area = shapely.area(parcels.shapes)
    with np.errstate(invalid="ignore"):
        low = (on > 0) & (on / np.maximum(area, 1) < told["reserve"] * gfz) & (area >= told["gap_least"]) & ~known
    return [
        Guess("reserve", "parcels", str(parcels["uid"][i]), str(parcels["number"][i] or ""), sentence(
            "GFZ {now} von {allowed}: {free} m² Geschossfläche frei", "GFZ {now} of {allowed}: {free} m² of floor free",
            now=(on[i] / area[i], 2), allowed=(gfz[i], 2), free=(gfz[i] * area[i] - on[i], 0),
        ), float(gfz[i] * area[i] - on[i]), parcels.shapes[i])
        for i in np.flatnonzero(low).tolist()
    ]  # fmt: skip


def _empty(buildings: Rows, blocks: Rows, assumed: dict[str, Assumed], known: np.ndarray) -> list[Guess]:
    """Homes of blocks where nobody is counted, or most dwellings are told to be empty."""
    told = rules("land")["candidates"]
    block = block_of(buildings, blocks)
    homes = count_all(buildings, shapely.area(buildings.shapes), assumed).dwellings
    people = np.append(blocks.numbers("inhabitants"), np.nan)
    empty, dwellings = (np.append(blocks.numbers(name), np.nan) for name in ("empty_dwellings", "dwellings"))
    with np.errstate(invalid="ignore", divide="ignore"):
        nobody = people == 0
        share = empty / dwellings
        likely = (nobody | (share >= told["empty_share"]))[block] & (homes > 0) & ~known
    found = []
    for i in np.flatnonzero(likely).tolist():
        number = str(blocks["number"][block[i]] or blocks["uid"][block[i]])
        why = (
            Words(f"im Block {number} wohnt niemand", f"nobody lives in block {number}") if nobody[block[i]] else
            sentence("im Block {number} stehen {share} % der Wohnungen leer", "{share} % of block {number} is empty",
                     number=number, share=(100 * share[block[i]], 0))
        )  # fmt: skip
        title = str(buildings["address"][i] or buildings["name"][i] or "")
        found.append(
            Guess("empty", "buildings", str(buildings["uid"][i]), title, why, float(homes[i]), buildings.shapes[i])
        )
    return found
