"""From what a 3D file says about its buildings to a batch of features."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
import shapely
from pyproj import CRS

from layers.reading.batch import Batch, LeftOut
from layers.reading.solids import FROM_SURFACES, Drawing, Forms, forms_of
from layers.uses import cadastral_function, function_to_use
from twin.city import utm_zone
from twin.projection import LONLAT, transform, transformer

# CityGML's own roof types (SIG 3D) beside those of the AdV, which are kept.
ROOF_TYPES = {
    "1010": "2100",
    "1020": "2200",
    "1030": "3100",
    "1040": "3200",
    "1050": "3300",
    "1060": "3400",
    "1070": "3500",
    "1080": "3600",
    "1090": "3700",
    "1100": "3800",
    "1110": "3900",
    "1120": "4000",
    "1130": "5000",
}
NO_GROUND = (
    "it has no surface that covers any ground, so there is no footprint. Ask the survey office for this building."
)


@dataclass
class Told:
    """What a file tells about buildings beside their polygons. units: one dict for each unit of the drawing."""

    drawing: Drawing = field(default_factory=Drawing)
    ids: list[str | None] = field(default_factory=list)
    units: list[dict[str, Any]] = field(default_factory=list)
    addresses: list[list[str]] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    broken: dict[int, str] = field(default_factory=dict)  # building -> what is wrong with its coordinates


def batch_of(told: Told, points: np.ndarray, ring_sizes: np.ndarray, crs: CRS | None) -> Batch:
    """points: (n, 3) as the file has them, x east; ring_sizes: how many of them each ring of the drawing has."""
    measured = np.array([positive(unit.get("height")) for unit in told.units], "float64")
    forms = placed_forms(told.drawing, points, ring_sizes, measured, crs)
    found = np.array([shape is not None for shape in forms.shapes], bool)
    found[list(told.broken)] = False
    left_out = list(told.left_out)
    for i in np.flatnonzero(~found).tolist():
        left_out.append(LeftOut(told.ids[i] or f"building {i + 1} without id", told.broken.get(i, NO_GROUND)))
    fields = fields_of(told, forms)
    kept = np.flatnonzero(found).tolist()
    shapes = forms.shapes[found]
    return Batch(
        "buildings",
        crs,
        shapes,
        {name: [values[i] for i in kept] for name, values in fields.items()},
        uids=[told.ids[i] or named_by_place(shape) for i, shape in zip(kept, shapes, strict=True)],
        estimated=[FROM_SURFACES if forms.height_estimated[i] else None for i in kept],
        surfaces=forms.surfaces[found],
        left_out=left_out,
        notes=list(told.notes),
    )


def placed_forms(
    drawing: Drawing, points: np.ndarray, ring_sizes: np.ndarray, measured: np.ndarray, crs: CRS | None
) -> Forms:
    """Areas and pitches need metres: what is drawn in degrees is measured in its UTM zone and then taken back."""
    if crs is None or not crs.is_geographic or not len(points):
        return forms_of(drawing, points, ring_sizes, measured)
    longitude, latitude = transformer(crs, LONLAT).transform(points[0, 0], points[0, 1])
    metres = CRS.from_epsg(utm_zone(longitude, latitude))
    points = points.copy()
    points[:, 0], points[:, 1] = transformer(crs, metres).transform(points[:, 0], points[:, 1])
    forms = forms_of(drawing, points, ring_sizes, measured)
    forms.shapes = transform(forms.shapes, metres, crs)
    forms.surfaces = shapely.to_wkb(transform(shapely.from_wkb(forms.surfaces), metres, crs), flavor="iso")
    return forms


def fields_of(told: Told, forms: Forms) -> dict[str, list]:
    """The columns of the layer: a building's own word first, else that of its parts."""
    first = np.searchsorted(told.drawing.unit_building, np.arange(told.drawing.buildings + 1)).tolist()
    bodies = [told.units[a:b] for a, b in pairwise(first)]
    mains = [told.units[i] for i in forms.main_unit.tolist()]
    functions = [cadastral_function(first_of("function", body)) for body in bodies]
    roof_types = [
        roof_type(first_of("roof_type", (body[0], main, *body))) for body, main in zip(bodies, mains, strict=True)
    ]
    return {
        "name": [first_of("name", body) for body in bodies],
        "address": ["; ".join(dict.fromkeys(each)) or None for each in told.addresses],
        "function": functions,
        "use": [function_to_use(function) for function in functions],
        "storeys": [most("storeys", body) for body in bodies],
        "storeys_below": [most("storeys_below", body) for body in bodies],
        "height": numbers(forms.height),
        "eaves_height": numbers(np.where(forms.eaves > 0, np.round(forms.eaves, 3), np.nan)),
        "base_height": numbers(forms.base),
        "roof_type": roof_types,
        "roof_pitch": numbers(forms.pitch),
        "year": [year(first_of("year", body)) for body in bodies],
        "parts": [len(body) - 1 or None for body in bodies],
        "surface_kinds": forms.kinds,
    }


def first_of(name: str, units: Iterable[dict]) -> Any:
    return next((unit[name] for unit in units if unit.get(name)), None)


def most(name: str, units: list[dict]) -> int | None:
    """The largest number of storeys that is said; 0 is what offices write where they do not know."""
    said = [int(value) for unit in units if 0 < (value := positive(unit.get(name))) < 200]
    return max(said, default=None)


def positive(value: Any) -> float:
    """NaN for what is no number, and for -9999 or 0, which mean that nobody knows."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        return float("nan")
    return number if 0 < number < 1e4 else float("nan")


def year(value: Any) -> int | None:
    found = re.match(r"\s*(\d{4})(?!\d)", str(value)) if value is not None else None
    return int(found[1]) if found and 0 < int(found[1]) < 2200 else None


def roof_type(code: Any) -> str | None:
    return ROOF_TYPES.get(str(code), str(code)) if code else None


def numbers(values: np.ndarray) -> list[float | None]:
    return [None if value != value else value for value in values.tolist()]


def named_by_place(shape: shapely.Geometry) -> str:
    """A building without an id is known again by where it stands."""
    return "at-" + hashlib.blake2b(shapely.to_wkb(shapely.normalize(shape)), digest_size=8).hexdigest()
