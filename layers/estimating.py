"""Heights, storeys and slopes that no file gives: what is usual, or what the terrain says; marked as estimated."""

import numpy as np
import shapely
from sqlalchemy.orm import Session

from twin import ground

STOREY = 3.2  # m from floor to floor with the slab; a default, see docs/data.md
EAVES_SHARE = 0.8  # of a building's height, where the eaves are not known
# Storeys that are usual where neither height nor storeys are known, by use; small buildings have one.
USUAL_STOREYS = {
    "garage": 1,
    "storage": 1,
    "farm": 1,
    "industry": 1,
    "sports": 1,
    "utilities": 1,
    "office": 3,
    "health": 3,
}
SMALL = 60.0  # m² of footprint


def complete(fields: dict[str, list], areas: np.ndarray, estimated: list[str | None]) -> None:
    """Fill missing heights and storeys of buildings in place, and say so in `estimated`.

    fields: as in a Batch; areas: (n,) m² of footprint. Height from the storeys, storeys from the height, both from
    the use and the size where neither is known.
    """
    count = len(areas)
    heights = fields.setdefault("height", [None] * count)
    storeys = fields.setdefault("storeys", [None] * count)
    eaves = fields.get("eaves_height") or [None] * count
    uses = fields.get("use") or [None] * count
    for i in range(count):
        if heights[i] is not None and storeys[i] is not None:
            continue
        if heights[i] is not None:
            storeys[i] = max(1, round((eaves[i] or heights[i] * EAVES_SHARE) / STOREY))
            method = f"storeys: height / {STOREY} m"
        elif storeys[i] is not None:
            heights[i] = round(max(1, storeys[i]) * STOREY, 1)
            method = f"height: storeys × {STOREY} m"
        else:
            storeys[i] = 1 if areas[i] < SMALL else USUAL_STOREYS.get(uses[i], 2)
            heights[i] = round(storeys[i] * STOREY, 1)
            method = "height, storeys: usual for its use and size"
        _say(estimated, i, method)


def stand_on_ground(db: Session, fields: dict[str, list], shapes: np.ndarray, estimated: list[str | None]) -> None:
    """Buildings without a base height get the lowest ground under their outline. In place; shapes: (n,) polygons."""
    bases = fields.setdefault("base_height", [None] * len(shapes))
    unknown = np.flatnonzero([base is None for base in bases])
    corners, owner = shapely.get_coordinates(shapes[unknown], return_index=True)
    heights = ground.heights_at(db, corners[:, 0], corners[:, 1])
    lowest = np.full(len(unknown), np.inf, "float32")
    np.fmin.at(lowest, owner, heights)
    for i, base in zip(unknown.tolist(), lowest.tolist(), strict=True):
        if np.isfinite(base):
            bases[i] = round(base, 2)
            _say(estimated, i, "base_height: lowest terrain under the outline")


def slope(db: Session, fields: dict[str, list], shapes: np.ndarray, estimated: list[str | None]) -> None:
    """Streets without a slope get it from the terrain. In place; shapes: (n,) lines."""
    slopes = fields.setdefault("slope_percent", [None] * len(shapes))
    unknown = np.flatnonzero([value is None for value in slopes])
    for i, percent in zip(unknown.tolist(), ground.line_slopes(db, shapes[unknown]).tolist(), strict=True):
        if percent == percent:
            slopes[i] = round(percent, 1)
            _say(estimated, i, "slope_percent: from the terrain, every 10 m")


def _say(estimated: list[str | None], i: int, method: str) -> None:
    estimated[i] = f"{estimated[i]}; {method}" if estimated[i] else method
