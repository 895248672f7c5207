"""What planners do to several features at once: each function gives the deeds of one step, and writes nothing."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, NoReturn

import shapely
from sqlalchemy import select, text
from sqlalchemy.orm import Session

import layers
from scenarios import changes
from scenarios.changes import Step
from scenarios.planned import planned
from twin.errors import BadShape, NotFound
from twin.feature import Words
from twin.store import near

There = Mapping[str, Any]  # a planned feature: its fields, `uid`, `version`, and `geom` in the city's metres


class Deed(NamedTuple):
    """One verb on one feature.

    uid: None for a new feature. shape: in the city's metres, None keeps what is there. seen: the version looked at.
    """

    verb: str  # "place" or "clear"
    layer: str
    uid: str | None
    shape: Any | None
    fields: dict[str, Any]
    seen: int | None


def new(layer: str, shape: Any, **fields: Any) -> Deed:
    return Deed("place", layer, None, shape, {name: value for name, value in fields.items() if value is not None}, None)


def changed(layer: str, there: There, shape: Any | None = None, **fields: Any) -> Deed:
    return Deed("place", layer, there["uid"], shape, fields, there["version"])


def cleared(layer: str, there: There) -> Deed:
    return Deed("clear", layer, there["uid"], None, {}, there["version"])


def find(db: Session, scenario: int, layer: str, uid: str) -> There:
    """A planned feature. Raises NotFound."""
    view = planned(layers.BY_NAME[layer])
    row = db.execute(select(view).where(view.c.scenario_id == scenario, view.c.uid == uid)).mappings().first()
    if row is None:
        raise NotFound(
            Words(
                f"{layers.BY_NAME[layer].title.de}: „{uid[:60]}“ gibt es in diesem Szenario nicht (mehr).",
                f"{layers.BY_NAME[layer].title.en}: there is no “{uid[:60]}” in this scenario (any more).",
            )
        )
    return dict(row)


def touching(db: Session, scenario: int, layer: str, shape: Any) -> list[There]:
    """The planned features of a layer that meet a shape."""
    view = planned(layers.BY_NAME[layer])
    # By uid: what a scenario changed stands in the window with today's row or with its own.
    inside = text(f'uid in (select uid from "{layer}" where {near(db, layer)})').bindparams(
        **dict(zip(("minx", "miny", "maxx", "maxy"), shape.bounds, strict=True))
    )
    found = db.execute(select(view).where(view.c.scenario_id == scenario, inside).order_by(view.c.uid)).mappings()
    return [dict(row) for row in found if shapely.intersects(row["geom"], shape)]


def perform(step: Step, deeds: Iterable[Deed]) -> None:
    """Write the deeds, all in one step."""
    for deed in deeds:
        layer = layers.BY_NAME[deed.layer]
        if deed.verb == "clear" and deed.uid is not None:
            changes.clear(step, layer, deed.uid, seen=deed.seen)
        else:
            changes.place(step, layer, deed.uid, deed.shape, deed.fields, seen=deed.seen)


def refuse(de: str, en: str) -> NoReturn:
    raise BadShape(Words(de, en))
