"""The land of a tile: its terrain, and whatever lies flat on it, as outlines that the browser paints and drapes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from layers.buildings import Building
from layers.palette import class_column
from layers.stops import Stop
from layers.trees import Tree
from scenarios.planned import planned
from scenarios.rows import Bounds, Rows, in_window, rows_in
from twin.feature import Feature
from web.drawn.colouring import Colouring
from web.drawn.frame import STEPS, Frame
from web.drawn.ground import Ground
from web.drawn.packing import pack
from web.drawn.shadows import CASTER_SCALE, casters

STANDING = (Building, Tree, Stop)  # these are drawn in space, not on the ground
PIXELS = 1024  # across a tile: finer than that is left out
SHADOWS_FROM = 14  # the zoom from which on shadows are drawn
AREA, LINE = 3, 1  # shapely's numbers


@dataclass
class Outlines:
    """Groups of parts, drawn in their order. A part is one polygon or one line."""

    groups: list[dict[str, Any]] = field(default_factory=list)
    points: list[np.ndarray] = field(default_factory=list)  # (n, 2) int16
    ring_sizes: list[np.ndarray] = field(default_factory=list)
    part_rings: list[np.ndarray] = field(default_factory=list)
    classes: list[np.ndarray] = field(default_factory=list)
    sizes: list[np.ndarray] = field(default_factory=list)  # decimetres: a street's width, a shadow caster's height

    def arrays(self) -> dict[str, np.ndarray]:
        return {
            "points": _together(self.points, np.int16),
            "ringSizes": _together(self.ring_sizes, np.uint32),
            "partRings": _together(self.part_rings, np.uint32),
            "classes": _together(self.classes, np.uint16),
            "sizes": _together(self.sizes, np.uint16),
        }


@dataclass
class Looks:
    """Of each part: its class, its size in decimetres, and the class by which it is coloured, where it is."""

    kinds: np.ndarray
    sizes: np.ndarray
    fills: np.ndarray | None = None

    def where(self, chosen: np.ndarray) -> "Looks":
        return Looks(self.kinds[chosen], self.sizes[chosen], None if self.fills is None else self.fills[chosen])


@dataclass
class Fitting:
    """What a filter leaves of one layer; the rest of it is painted pale. where: its conditions."""

    layer: type[Feature]
    where: list[ColumnElement[bool]]

    def of(self, db: Session, uids: np.ndarray, bounds: Bounds) -> np.ndarray:
        """Which of the uids in a window fit."""
        question = select(planned(self.layer).c.uid).where(*self.where, in_window(db, self.layer, bounds))
        return np.isin(uids.astype(str), list(db.scalars(question)))


@dataclass
class Differing:
    """What of one layer differs in a comparison: (n,) shapes in metres, how they differ, their classes and widths."""

    layer: str
    shapes: np.ndarray
    differences: np.ndarray  # "new", "changed", "gone"
    kinds: np.ndarray
    widths: np.ndarray  # metres


def land_tile(
    db: Session,
    scenario: int,
    frame: Frame,
    ground: Ground,
    layers: list[type[Feature]],
    colouring: Colouring | None = None,
    fitting: Fitting | None = None,
    differing: Sequence[Differing] = (),
) -> bytes:
    """The last groups are what differs; they lie over all the others."""
    outlines = Outlines()
    for layer in layers:
        if layer not in STANDING:
            _add_layer(outlines, db, layer, scenario, frame, colouring, fitting)
    for one in differing:
        _add_differing(outlines, frame, one)
    if frame.z >= SHADOWS_FROM:
        for name, outline, heights in casters(db, scenario, frame, frame.metres / PIXELS):
            plain = Looks(np.full(len(outline), None, object), heights * 10)
            _add_group(outlines, frame, {"layer": name, "geometry": "area", "scale": CASTER_SCALE}, outline, plain)
    head: dict[str, Any] = {"origin": frame.origin, "span": frame.span, "metres": frame.metres}
    steps = 1 if ground.flat else (64 if frame.z <= 14 else 32)
    heights = ground.heights(*(axis.ravel() for axis in frame.grid(steps))) * STEPS
    arrays = {"heights": np.clip(np.rint(heights), -32768, 32767).astype(np.int16), **outlines.arrays()}
    return pack({**head, "steps": steps, "groups": outlines.groups}, arrays)


def _add_layer(
    outlines: Outlines,
    db: Session,
    layer: type[Feature],
    scenario: int,
    frame: Frame,
    colouring: Colouring | None,
    fitting: Fitting | None,
) -> None:
    chosen_by = colouring if colouring is not None and colouring.layer is layer else None
    wanted = (
        class_column(layer),
        chosen_by and chosen_by.field,
        "width" if "width" in layer.__table__.columns else None,
    )
    names = tuple(dict.fromkeys(name for name in wanted if name))
    margin = frame.metres / 20
    rows = rows_in(db, layer, scenario, frame.bounds(margin), names)
    parts, which = _parts(rows.shapes, frame, margin)
    looks = _looks(rows, wanted[0], chosen_by).where(which)
    fits = np.ones(len(parts), bool)
    if fitting is not None and fitting.layer is layer:
        fits = fitting.of(db, rows["uid"], frame.bounds(margin))[which]
    for geometry, kind in (("area", AREA), ("line", LINE)):
        chosen = shapely.get_type_id(parts) == kind
        if kind == AREA:
            chosen &= shapely.area(parts) > (2 * frame.metres / PIXELS) ** 2
        group = {"layer": layer.__tablename__, "geometry": geometry}
        for pale, some in (({"pale": True}, chosen & ~fits), ({}, chosen & fits)):
            _add_group(outlines, frame, {**group, **pale}, parts[some], looks.where(some))


def _add_differing(outlines: Outlines, frame: Frame, one: Differing) -> None:
    margin = frame.metres / 20
    near = shapely.intersects(shapely.box(*frame.bounds(margin)), one.shapes)
    parts, which = _parts(one.shapes[near], frame, margin)
    looks = Looks(one.kinds[near], one.widths[near] * 10).where(which)
    differences = one.differences[near][which]
    for geometry, kind in (("area", AREA), ("line", LINE)):
        for difference in np.unique(differences):
            chosen = (shapely.get_type_id(parts) == kind) & (differences == difference)
            group = {"layer": one.layer, "geometry": geometry, "difference": difference}
            _add_group(outlines, frame, group, parts[chosen], looks.where(chosen))


def _looks(rows: Rows, column: str | None, chosen_by: Colouring | None) -> Looks:
    kinds = rows[column] if column else np.full(len(rows), None, object)
    sizes = np.nan_to_num(rows.numbers("width")) * 10 if "width" in rows.columns else np.zeros(len(rows))
    return Looks(kinds, sizes, chosen_by.class_of(rows[chosen_by.field]) if chosen_by else None)


def _parts(shapes: np.ndarray, frame: Frame, margin: float) -> tuple[np.ndarray, np.ndarray]:
    """What of the shapes lies in the tile, single polygons and lines, no finer than can be seen."""
    flat = shapely.force_2d(shapes)
    bounds = frame.bounds(margin)
    large = ~shapely.covers(shapely.box(*bounds), flat)
    flat[large] = [_clipped(shape, bounds) for shape in flat[large]]
    simple = shapely.simplify(flat, frame.metres / PIXELS / 3, preserve_topology=False)
    parts, which = shapely.get_parts(simple, return_index=True)
    parts, inner = shapely.get_parts(parts, return_index=True)  # a collection may hold collections
    return parts, which[inner]


def _clipped(shape, bounds):
    try:
        return shapely.clip_by_rect(shape, *bounds)
    except shapely.GEOSException:  # a shape that crosses itself can be drawn whole all the same
        return shape


def _add_group(outlines: Outlines, frame: Frame, group: dict[str, Any], parts: np.ndarray, looks: Looks) -> None:
    """group: its layer and geometry; what the parts look like is added: `classes`, and `fills` of a colouring."""
    if len(parts) == 0:
        return
    if group["geometry"] == "area":
        large_first = np.argsort(-shapely.area(parts), kind="stable")
        parts, looks = parts[large_first], looks.where(large_first)
        rings, owner = shapely.get_rings(parts, return_index=True)
    else:
        rings, owner = parts, np.arange(len(parts))
    points = np.clip(np.rint(frame.units(shapely.get_coordinates(rings)) / group.get("scale", 1)), -32768, 32767)
    kinds, classes = np.unique(["" if kind is None else str(kind) for kind in looks.kinds], return_inverse=True)
    found: dict[str, Any] = {**group, "parts": len(parts), "classes": kinds.tolist()}
    if looks.fills is not None:
        pairs, classes = np.unique(np.column_stack([classes, looks.fills]), axis=0, return_inverse=True)
        found |= {"classes": kinds[pairs[:, 0]].tolist(), "fills": pairs[:, 1].tolist()}
    outlines.points.append(points.astype(np.int16))
    outlines.ring_sizes.append(shapely.get_num_coordinates(rings))
    outlines.part_rings.append(np.bincount(owner, minlength=len(parts)))
    outlines.classes.append(classes.ravel())
    outlines.sizes.append(np.clip(looks.sizes, 0, 65535))
    outlines.groups.append(found)


def _together(arrays: list[np.ndarray], kind: Any) -> np.ndarray:
    return np.concatenate([array.astype(kind) for array in arrays]) if arrays else np.empty(0, kind)
