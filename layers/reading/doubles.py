"""What OpenStreetMap has once more: buildings and stops that an office has told the city of already."""

from difflib import SequenceMatcher

import numpy as np
import shapely
from sqlalchemy import text
from sqlalchemy.orm import Session

from layers.reading import shapes
from layers.reading.batch import Batch, LeftOut
from layers.reading.values import fold
from twin.shape import from_stored
from twin.store import in_a_file

OSM = "OpenStreetMap"
_REASONS = {
    "buildings": "buildings of another source cover most of it and are kept; nothing is to be done.",
    "stops": "the timetable has a stop of such a name there, which is kept; nothing is to be done.",
}
LAYERS = tuple(_REASONS)
_MOSTLY = 0.5  # of an outline
_BESIDE = 20.0  # m: two surveys of one stop differ by less
_ALIKE = 0.8


class Offices:
    """The buildings or stops of today that come from elsewhere than OpenStreetMap."""

    def __init__(self, db: Session, layer: str):
        self.layer = layer
        rows = db.execute(
            text(
                f'select f.geom, f.name from "{layer}" f join source s on s.id = f.source_id'
                " where f.scenario_id = 0 and not f.gone and s.kind <> :osm"
            ),
            {"osm": OSM},
        ).all()
        self.shapes = from_stored([row[0] for row in rows], in_a_file(db))
        self.names = [fold(row[1] or "") for row in rows]
        self.tree = shapely.STRtree(self.shapes)

    def leave_out(self, batch: Batch) -> list[str]:
        """Take out of a batch, in the city's metres, what is there already. In place. Returns the uids of that."""
        if not len(self.shapes) or not len(batch):
            return []
        known = self._covered(batch.shapes) if self.layer == "buildings" else self._stops(batch)
        reason = _REASONS[self.layer]
        uids = [(batch.uids or [])[i] for i in np.flatnonzero(known).tolist()]
        batch.left_out += [LeftOut(shapes.where_is(batch, i), reason) for i in np.flatnonzero(known).tolist()]
        shapes.select(batch, ~known)
        return uids

    def _covered(self, outlines: np.ndarray) -> np.ndarray:
        mine, theirs = self.tree.query(outlines, predicate="intersects")
        shared = shapely.area(shapely.intersection(outlines[mine], shapely.buffer(self.shapes[theirs], 0)))
        return np.bincount(mine, shared, len(outlines)) > _MOSTLY * shapely.area(outlines)

    def _stops(self, batch: Batch) -> np.ndarray:
        names = [fold(name or "") for name in batch.fields.get("name") or [None] * len(batch)]
        known = np.zeros(len(batch), bool)
        for mine, theirs in zip(*self.tree.query(batch.shapes, predicate="dwithin", distance=_BESIDE), strict=True):
            known[mine] |= _alike(names[mine], self.names[theirs])
        return known


def _alike(one: str, other: str) -> bool:
    """ "Bismarckplatz" is "Heidelberg, Bismarckplatz"."""
    if not one or not other:
        return False
    return one in other or other in one or SequenceMatcher(None, one, other).ratio() >= _ALIKE
