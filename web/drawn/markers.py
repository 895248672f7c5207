"""Marks of a tile for what is a place rather than a body: stops, facilities, vacancies, points that a town brings."""

import numpy as np
import shapely
from sqlalchemy.orm import Session

from layers.buildings import Building
from layers.palette import class_column
from layers.trees import Tree
from scenarios.rows import middles, rows_in
from twin.feature import Feature
from web.drawn.colouring import Colouring
from web.drawn.frame import STEPS, Frame
from web.drawn.ground import Ground
from web.drawn.packing import pack

POINT, MULTIPOINT = 0, 4  # shapely's numbers
IN_BODIES = (Building, Tree)
ALWAYS_MARKED = ("facilities", "vacancies")  # also where the register gives an outline


def marker_tile(
    db: Session,
    scenario: int,
    frame: Frame,
    ground: Ground,
    layers: list[type[Feature]],
    colouring: Colouring | None = None,
) -> bytes:
    groups, places = [], [np.empty((0, 3))]
    for layer in layers:
        if layer in IN_BODIES:
            continue
        column = class_column(layer)
        chosen_by = colouring if colouring is not None and colouring.layer is layer else None
        names = tuple(dict.fromkeys(name for name in (column, chosen_by and chosen_by.field) if name))
        rows = rows_in(db, layer, scenario, frame.bounds(), names)
        marked = np.isin(shapely.get_type_id(rows.shapes), [POINT, MULTIPOINT])
        if layer.__tablename__ in ALWAYS_MARKED:
            marked[:] = True
        rows = rows.where(marked & frame.holds(middles(rows.shapes)))
        middle = middles(rows.shapes)
        places.append(np.column_stack([frame.units(middle), ground.heights(middle[:, 0], middle[:, 1]) * STEPS]))
        classes = ["" if kind is None else str(kind) for kind in rows[column]] if column else [""] * len(rows)
        fills = {"fills": chosen_by.class_of(rows[chosen_by.field]).tolist()} if chosen_by else {}
        groups.append({"layer": layer.__tablename__, "uids": rows["uid"].tolist(), "classes": classes, **fills})
    return pack(
        {"origin": frame.origin, "span": frame.span, "groups": groups},
        {"places": np.clip(np.rint(np.concatenate(places)), -32768, 32767).astype(np.int16)},
    )
