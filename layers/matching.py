"""Which building an empty place is in, where the register gives a position and no building."""

import numpy as np
import shapely
from sqlalchemy import select
from sqlalchemy.orm import Session

from layers.buildings import Building
from twin.feature import TODAY


def find_buildings(db: Session, fields: dict[str, list], shapes: np.ndarray) -> None:
    """Fill `building` with the uid of the building around each place. In place; shapes: (n,) in the city's metres.

    Land is in no building; a place outside all outlines stays without one.
    """
    known = fields.setdefault("building", [None] * len(shapes))
    kinds = fields.get("kind") or [None] * len(shapes)
    wanted = [i for i in range(len(shapes)) if known[i] is None and kinds[i] != "land"]
    if not wanted:
        return
    today = select(Building.uid, Building.shape).where(Building.scenario_id == TODAY, Building.gone.is_(False))
    rows = db.execute(today).all()
    outlines = shapely.STRtree([row.shape for row in rows])
    places, found = outlines.query(shapely.point_on_surface(shapes[wanted]), predicate="within")
    for place, building in zip(places.tolist(), found.tolist(), strict=True):
        known[wanted[place]] = rows[building].uid
