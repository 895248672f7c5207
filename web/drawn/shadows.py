"""What casts a shadow on the land of a tile: outlines with heights, from around it too. The browser moves the sun."""

from collections.abc import Iterator

import numpy as np
import shapely
from sqlalchemy.orm import Session

from layers.buildings import Building
from layers.trees import Tree
from scenarios.rows import Rows, rows_in
from scenarios.shade.relief import crowns, tree_heights
from web.drawn.buildings import tops
from web.drawn.frame import Frame

TREES_FROM = 15  # the zoom from which on trees cast shadows
REACH, TREE_REACH = 150.0, 50.0  # metres: longer shadows are cut off; as in static/shadows.js
LONGEST = 9.6  # metres of shadow for a metre of height, the sun at 6 degrees; as in static/sunlight.js
CASTER_SCALE = 4  # units of the tile in one of a caster: it may stand three tiles away
AREA = 3  # shapely's number

Casters = tuple[str, np.ndarray, np.ndarray]


def casters(db: Session, scenario: int, frame: Frame, tolerance: float) -> Iterator[Casters]:
    """name, (n,) polygons, (n,) metres of height."""
    yield _buildings(db, scenario, frame, tolerance)
    if frame.z >= TREES_FROM:
        yield _trees(db, scenario, frame)


def _buildings(db: Session, scenario: int, frame: Frame, tolerance: float) -> Casters:
    rows = rows_in(db, Building, scenario, frame.bounds(REACH), ("height", "storeys", "eaves_height"))
    heights = _mean_heights(rows)
    near = shapely.distance(rows.shapes, shapely.box(*frame.bounds())) <= heights * LONGEST
    simple = shapely.simplify(shapely.force_2d(rows.shapes[near]), tolerance)
    parts, which = shapely.get_parts(simple, return_index=True)
    good = shapely.get_type_id(parts) == AREA
    return "shadows", parts[good], heights[near][which[good]]


def _trees(db: Session, scenario: int, frame: Frame) -> Casters:
    rows = rows_in(db, Tree, scenario, frame.bounds(TREE_REACH), ("height", "crown"))
    round_crowns = shapely.buffer(shapely.force_2d(rows.shapes), crowns(rows) / 2, quad_segs=2)
    return "tree-shadows", round_crowns, tree_heights(rows) * 0.6


def _mean_heights(buildings: Rows) -> np.ndarray:
    """Between eaves and ridge: a prism of that height shades about as much as the roof does."""
    ridge, eaves = tops(buildings), buildings.numbers("eaves_height")
    return np.where(eaves > 0, (ridge + eaves) / 2, ridge)
