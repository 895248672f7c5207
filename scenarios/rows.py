"""The planned features of one window, each column as an array."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from sqlalchemy import TextClause, literal_column, select, text
from sqlalchemy.orm import Session

from scenarios.planned import planned
from twin.feature import Feature
from twin.shape import from_stored
from twin.store import in_a_file, near

Bounds = tuple[float, float, float, float]


@dataclass
class Rows:
    """columns: name -> (n,) array of objects. shapes: (n,) shapely geometries in the city's metres."""

    columns: dict[str, np.ndarray]
    shapes: np.ndarray

    def __len__(self) -> int:
        return len(self.shapes)

    def __getitem__(self, name: str) -> np.ndarray:
        return self.columns[name]

    def numbers(self, name: str) -> np.ndarray:
        """A column as float64, NaN where it is not known."""
        return np.array([np.nan if value is None else value for value in self.columns[name]], float)

    @staticmethod
    def of(rows: Sequence[Mapping[str, Any]], names: tuple[str, ...], shapes: np.ndarray) -> "Rows":
        """Rows that come one by one; a column that a row has not is None."""
        return Rows({name: _objects([row.get(name) for row in rows]) for name in names}, shapes)

    def where(self, chosen: np.ndarray) -> "Rows":
        return Rows({name: values[chosen] for name, values in self.columns.items()}, self.shapes[chosen])


def rows_in(db: Session, layer: type[Feature], scenario: int, bounds: Bounds, names: tuple[str, ...]) -> Rows:
    """names: the columns that are wanted, beside `uid`, `estimated` and the shape."""
    view = planned(layer)
    wanted = ("uid", "estimated", *names)
    # The shapes come as they are stored and are read all at once: one by one takes three times as long.
    found = db.execute(
        select(literal_column("geom"), *(view.c[name] for name in wanted)).where(
            view.c.scenario_id == scenario, in_window(db, layer, bounds)
        )
    ).all()
    stored, *values = zip(*found, strict=True) if found else [()] * (len(wanted) + 1)
    rows = Rows(
        {name: _objects(column) for name, column in zip(wanted, values, strict=True)},
        from_stored(stored, in_a_file(db)),
    )
    return rows.where(~shapely.is_missing(rows.shapes) & ~shapely.is_empty(rows.shapes))


def in_window(db: Session, layer: type[Feature], bounds: Bounds, mark: str = "") -> TextClause:
    """By uid: what a scenario changed stands in the window with today's row or with its own.

    mark: tells the windows of one question apart.
    """
    table, names = layer.__tablename__, ("minx", "miny", "maxx", "maxy")
    there = re.sub(rf":({'|'.join(names)})\b", rf":\1{mark}", near(db, table))
    return text(f'uid in (select uid from "{table}" where {there})').bindparams(
        **{name + mark: float(value) for name, value in zip(names, bounds, strict=True)}
    )


def _objects(values: Sequence) -> np.ndarray:
    array = np.empty(len(values), object)
    array[:] = values
    return array


def middles(shapes: np.ndarray) -> np.ndarray:
    """(n, 2): the middle of each shape's bounds; by it a shape belongs to one tile."""
    bounds = shapely.bounds(shapes)
    return (bounds[:, :2] + bounds[:, 2:]) / 2
