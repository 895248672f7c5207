"""Shapes on their way into the store: in the city's metres, sound, and near the city."""

from collections.abc import Callable

import numpy as np
import shapely
from pyproj import CRS

from layers.reading.batch import Batch, LeftOut
from layers.reading.coordinates import suggestion
from twin.errors import BadFile
from twin.projection import transform

FAR = 200_000.0  # m from the centre: not this city
_REPAIRED_SHARE = 0.01  # an outline that a repair changes by more is the planner's to redraw
_POLYGONAL = (3, 6)  # shapely's type ids of Polygon and MultiPolygon


def to_city(batch: Batch, srid: int, near: tuple[float, float]) -> None:
    """The batch's shapes and surfaces in the city's projection, in place. near: its longitude and latitude."""
    batch.shapes = as_shapes(batch.shapes)
    if batch.crs is None:
        middles = shapely.bounds(batch.shapes).reshape(-1, 2, 2).mean(axis=1)
        fitting = suggestion(middles[:, 0], middles[:, 1], near)
        raise BadFile(
            "it does not say in which projection its coordinates are. Say it with --crs"
            + (f": {fitting}." if fitting else ", as in --crs 25832.")
        )
    if not same_plane(batch.crs, srid):
        batch.shapes = transform(batch.shapes, batch.crs, CRS(srid))
        if batch.surfaces is not None:
            batch.surfaces = transform(as_shapes(batch.surfaces), batch.crs, CRS(srid))
    if shapely.has_z(batch.shapes).any():
        batch.shapes = shapely.force_2d(batch.shapes)


def as_shapes(shapes: np.ndarray) -> np.ndarray:
    """Some readers hand over ISO WKB, which travels faster between processes than shapes do."""
    first = next((shape for shape in shapes if shape is not None), None)
    return shapely.from_wkb(shapes) if isinstance(first, bytes) else shapes


_planes: dict[tuple[str, int], bool] = {}


def same_plane(crs: CRS, srid: int) -> bool:
    key = (crs.srs, srid)
    if key not in _planes:
        code = crs.to_epsg() if not crs.is_compound else crs.sub_crs_list[0].to_epsg()
        _planes[key] = code == srid
    return _planes[key]


def check(batch: Batch, centre: tuple[float, float], *, outlined: bool, point: bool) -> None:
    """Repair what can be repaired, and leave out the rest, with the place and the remedy. In place.

    centre: of the city, in its metres. outlined: only polygons are of this layer. point: a point stands for the shape.
    """
    keep = np.ones(len(batch), bool)

    def leave_out(which: np.ndarray, why: Callable[[int], str]) -> None:
        for i in np.flatnonzero(which & keep).tolist():
            batch.left_out.append(LeftOut(where_is(batch, i), why(i)))
        keep[which] = False

    missing = shapely.is_missing(batch.shapes) | shapely.is_empty(batch.shapes)
    leave_out(missing, lambda _: "it has no shape. Draw one, or give the row coordinates or an address.")
    bounds = shapely.bounds(batch.shapes)
    finite = np.isfinite(bounds).all(axis=1)
    leave_out(~finite, lambda _: "its coordinates are no numbers in this projection. Check the projection: --crs.")
    _mend(batch, keep, leave_out)
    if outlined:
        flat = ~np.isin(shapely.get_type_id(batch.shapes), _POLYGONAL)
        leave_out(flat, lambda i: f"it needs an outline, but is a {batch.shapes[i].geom_type}. Draw it as a polygon.")
    middle = (bounds[:, :2] + bounds[:, 2:]) / 2
    away = np.hypot(middle[:, 0] - centre[0], middle[:, 1] - centre[1])
    leave_out(
        away > FAR, lambda i: f"it lies {away[i] / 1000:,.0f} km from the city. Check its coordinates (swapped?)."
    )
    if point:
        spread = (shapely.get_type_id(batch.shapes) != 0) & keep
        batch.shapes[spread] = shapely.centroid(batch.shapes[spread])
    select(batch, keep)


def _mend(batch: Batch, keep: np.ndarray, leave_out: Callable) -> None:
    broken = keep & ~shapely.is_valid(batch.shapes)
    if not broken.any():
        return
    mended = shapely.make_valid(batch.shapes[broken])
    mended = np.array(
        [_largest_kind(after, before) for after, before in zip(mended, batch.shapes[broken], strict=True)]
    )
    before, after = shapely.area(batch.shapes[broken]), shapely.area(mended)
    sound = np.abs(after - before) <= _REPAIRED_SHARE * np.maximum(after, before)
    places = np.flatnonzero(broken)
    repaired = [where_is(batch, i) for i in places[sound].tolist()]
    if repaired:
        batch.notes.append(f"{len(repaired):,} outlines touched themselves and were repaired: {_some(repaired)}")
    reasons = dict(zip(places.tolist(), shapely.is_valid_reason(batch.shapes[broken]).tolist(), strict=True))
    batch.shapes[places[sound]] = mended[sound]
    crossing = broken.copy()
    crossing[places[sound]] = False
    leave_out(crossing, lambda i: f"its outline crosses itself ({reasons[i]}, in the city's metres). Redraw it there.")


def _some(names: list[str]) -> str:
    return ", ".join(names[:5]) + (" …" if len(names) > 5 else "")


def _largest_kind(after: shapely.Geometry, before: shapely.Geometry) -> shapely.Geometry:
    """make_valid may add stray lines and points to a polygon; they go."""
    if before.geom_type not in ("Polygon", "MultiPolygon") or after.geom_type in ("Polygon", "MultiPolygon"):
        return after
    polygons = [part for part in shapely.get_parts(after, return_index=False) if part.geom_type.endswith("Polygon")]
    return shapely.union_all(polygons) if polygons else shapely.Polygon()


def where_is(batch: Batch, i: int) -> str:
    if batch.where is not None:
        return batch.where[i]
    return batch.uids[i] if batch.uids is not None else f"feature {i + 1}"


def select(batch: Batch, keep: np.ndarray) -> None:
    """Only the rows of a batch that are to be kept. In place."""
    if keep.all():
        return
    places = np.flatnonzero(keep).tolist()
    batch.shapes = batch.shapes[keep]
    batch.fields = {name: [values[i] for i in places] for name, values in batch.fields.items()}
    for name in ("uids", "where", "estimated"):
        values = getattr(batch, name)
        if values is not None:
            setattr(batch, name, [values[i] for i in places])
    if batch.surfaces is not None:
        batch.surfaces = batch.surfaces[keep]
