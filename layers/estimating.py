"""Heights and storeys that no file gives: what is usual, marked as estimated, with the method."""

import numpy as np

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
        estimated[i] = f"{estimated[i]}; {method}" if estimated[i] else method
