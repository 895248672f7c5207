"""Whose numbers a register has: those of the features that the city knows, or its own, which only look the same."""

import re

import numpy as np
import shapely
from pyproj import CRS
from sqlalchemy import select
from sqlalchemy.orm import Session

from layers.reading.values import fold
from twin.feature import TODAY, Feature
from twin.projection import transform

APART = 100.0  # m: a corrected position is nearer, another register's tree number 7 is farther away
_SAMPLE = 500


def is_another(db: Session, layer: type[Feature], uids: list[str], shapes: np.ndarray, crs: CRS, srid: int) -> bool:
    """Do the city's features with these numbers stand elsewhere? Then it is another register that counts from 1."""
    mine = dict(zip(uids[:_SAMPLE], transform(shapes[:_SAMPLE], crs, CRS(srid)), strict=True))
    question = select(layer.uid, layer.shape).where(layer.scenario_id == TODAY, layer.uid.in_(mine))
    away = [shapely.distance(mine[uid], shape) for uid, shape in db.execute(question)]
    return bool(away) and float(np.median(away)) > APART


def prefix_of(stem: str) -> str:
    """What such numbers are told apart by: the file's name, without the year that changes with each delivery."""
    return f"{fold(re.sub(r'[0-9]+', '', stem))}:"
