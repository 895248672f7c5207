"""Walls and roofs go where their building goes, and vanish where they no longer fit."""

import numpy as np
import shapely
from sqlalchemy.orm import Session

from layers.buildings import Building
from scenarios import overlay
from scenarios.overlay import Row
from twin.feature import Feature

FORMED_BY = {"height", "eaves_height", "storeys", "roof_type", "roof_pitch"}
_EXACT = 0.02  # m: closer than surveyed


def follow(db: Session, layer: type[Feature], before: Row, after: Row, said: dict) -> Row:
    """The row with the surfaces that fit its shape. said: the fields that change."""
    if layer is not Building or before["surfaces"] is None or "surfaces" in said:
        return after
    if after["geom"] == before["geom"] and not FORMED_BY & said.keys():
        return after
    moved = None
    if not FORMED_BY & said.keys():
        moved = _moved(before["surfaces"], overlay.shape_of(db, before), overlay.shape_of(db, after))
    return {**after, "surfaces": moved, "surface_kinds": before["surface_kinds"] if moved else None}


def _moved(surfaces: bytes, before, after) -> bytes | None:
    """The surfaces, moved and turned as the outline was; None where it was redrawn."""
    old, new = shapely.get_coordinates(before), shapely.get_coordinates(after)
    if len(old) != len(new) or len(old) < 3:
        return None
    middle = old.mean(axis=0)  # large coordinates would drown the small differences
    known = np.column_stack([old - middle, np.ones(len(old))])
    plan, *_ = np.linalg.lstsq(known, new, rcond=None)
    if np.abs(known @ plan - new).max() > _EXACT:
        return None

    def moved(points):
        flat = np.column_stack([points[:, :2] - middle, np.ones(len(points))]) @ plan
        return np.column_stack([flat, points[:, 2:]])

    there = shapely.transform(shapely.from_wkb(bytes(surfaces)), moved, include_z=True)
    return shapely.to_wkb(there, flavor="iso", byte_order=1)
