"""What differs between two scenarios, or between one and today: new, changed, gone."""

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

import shapely
from sqlalchemy import text
from sqlalchemy.orm import Session

from layers.brought import layers_of
from scenarios.overlay import SCENARIOS_OWN, Row, shape_of
from twin.feature import TODAY, Feature

_NOT_SAID = {*SCENARIOS_OWN, "uid", "source_id", "estimated", "surface_kinds"}
_CALLED = {"geom": "shape", "surfaces": "form"}

Bounds = tuple[float, float, float, float]


class Difference(NamedTuple):
    """From one scenario to the other. fields: that differ, with `shape` and `form`; bounds: metres, of both."""

    layer: type[Feature]
    uid: str
    kind: str  # "new", "changed", "gone"
    fields: list[str]
    bounds: Bounds
    before: Row | None  # rows as the driver gives them
    after: Row | None


def differences(db: Session, before: int, after: int) -> list[Difference]:
    """All of them, by layer. Only rows that the two scenarios changed are read, however large the city is."""
    return [
        one
        for layer in layers_of(db).values()
        for uid, rows in _rows(db, layer, before, after).items()
        for one in _difference(db, layer, uid, rows, before, after)
    ]


def _difference(
    db: Session, layer: type[Feature], uid: str, rows: dict[int, Row], before: int, after: int
) -> Iterator[Difference]:
    old, new = (_standing(rows.get(scenario) or rows.get(TODAY)) for scenario in (before, after))
    fields = _differing(old, new) if old and new else []
    if (old is None and new is None) or (old and new and not fields):
        return
    kind = "changed" if old and new else "new" if new else "gone"
    boxes = shapely.total_bounds([shape_of(db, row) for row in (old, new) if row])
    yield Difference(layer, uid, kind, fields, tuple(boxes.tolist()), old, new)


def _rows(db: Session, layer: type[Feature], before: int, after: int) -> dict[str, dict[int, Row]]:
    """uid -> scenario -> row, of what either scenario has a row of its own for."""
    table = layer.__tablename__
    listed = ", ".join(f'"{column.name}"' for column in layer.__table__.columns)
    asked = text(
        f'select {listed} from "{table}" where scenario_id in ({TODAY}, :before, :after) and uid in'
        f' (select uid from "{table}" where scenario_id in (:before, :after) and scenario_id <> {TODAY}) order by uid'
    )
    found: dict[str, dict[int, Row]] = defaultdict(dict)
    for row in db.execute(asked, {"before": before, "after": after}).mappings():
        found[row["uid"]][row["scenario_id"]] = dict(row)
    return found


def _standing(row: Row | None) -> Row | None:
    return row if row and not row["gone"] else None


def _differing(old: Row, new: Row) -> list[str]:
    return [_CALLED.get(name, name) for name in new if name not in _NOT_SAID and old[name] != new[name]]
