"""Trees of a tile: where each stands, how high, how wide."""

import numpy as np
from sqlalchemy.orm import Session

from layers.trees import Tree
from scenarios.rows import middles, rows_in
from scenarios.shade.relief import crowns, tree_heights
from web.drawn.colouring import Colouring
from web.drawn.frame import STEPS, Frame
from web.drawn.ground import Ground
from web.drawn.packing import pack


def tree_tile(db: Session, scenario: int, frame: Frame, ground: Ground, colouring: Colouring | None = None) -> bytes:
    by = (colouring.field,) if colouring is not None and colouring.layer is Tree else ()
    rows = rows_in(db, Tree, scenario, frame.bounds(), tuple(dict.fromkeys(("height", "crown", *by))))
    rows = rows.where(frame.holds(middles(rows.shapes)))
    middle = middles(rows.shapes)
    z = ground.heights(middle[:, 0], middle[:, 1]) * STEPS
    places = np.column_stack([frame.units(middle), z])
    sizes = np.column_stack([tree_heights(rows), crowns(rows)]) * 10
    classes = {"classes": colouring.class_of(rows[by[0]])} if colouring is not None and by else {}
    return pack(
        {"origin": frame.origin, "span": frame.span, "uids": rows["uid"].tolist()},
        {
            "places": np.clip(np.rint(places), -32768, 32767).astype(np.int16),
            "sizes": np.clip(sizes, 0, 65535).astype(np.uint16),  # decimetres: height, crown
            **classes,
        },
    )
