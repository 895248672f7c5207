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
    heights, storeys, eaves = (_numbers(fields.get(name), count) for name in ("height", "storeys", "eaves_height"))
    no_height, no_storeys = np.isnan(heights), np.isnan(storeys)
    uses = fields.get("use") or [None] * count
    usual = np.array([USUAL_STOREYS.get(use, 2) for use in uses], float)
    usual[areas < SMALL] = 1
    lower = np.where(np.isnan(eaves) | (eaves <= 0), heights * EAVES_SHARE, eaves)
    storeys = np.where(no_storeys, np.where(no_height, usual, np.maximum(1, np.rint(lower / STOREY))), storeys)
    heights = np.where(no_height, np.round(np.maximum(1, storeys) * STOREY, 1), heights)
    for missing, method in (
        (no_height & no_storeys, "height, storeys: usual for its use and size"),
        (no_height & ~no_storeys, f"height: storeys × {STOREY} m"),
        (~no_height & no_storeys, f"storeys: height / {STOREY} m"),
    ):
        for i in np.flatnonzero(missing).tolist():
            _say(estimated, i, method)
    if no_height.any():
        fields["height"] = heights.tolist()
    if no_storeys.any():
        fields["storeys"] = storeys.astype(int).tolist()


def _numbers(values: list | None, count: int) -> np.ndarray:
    return np.full(count, np.nan) if values is None else np.array(values, float)


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
