"""Buildings and what surrounds them from CityJSON 1.0 to 2.0 and from CityJSON text sequences."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import shapely
from pyproj import CRS

from layers.reading.batch import Batch, LeftOut, Survey, Wanted
from layers.reading.buildings3d import Told, batch_of
from layers.reading.cityjson_pages import (
    Drawn,
    addresses_of,
    attributes_of,
    date_of,
    faces_of,
    family_of,
    is_sequence,
    pages_of,
    parents_of,
    placed,
    reference,
    things_of,
    vertices_of,
)
from layers.reading.crs_names import crs_of_name, straight
from layers.reading.solids import GROUND, INSTALLATION, Drawing, outlines_of
from twin.errors import BadFile
from twin.projection import LONLAT, transformer

PARALLEL = True  # several files may be read at once, each in a process of its own
AT_ONCE = 5_000  # features in a batch
SURVEYED = 200  # features of a text sequence that a first look reads
TEXTS = {
    "name": "name",
    "function": "function",
    "roofType": "roof_type",
    "measuredHeight": "height",
    "storeysAboveGround": "storeys",
    "storeysBelowGround": "storeys_below",
    "yearOfConstruction": "year",
}
WRONG_FORM = (TypeError, ValueError, KeyError, AttributeError, IndexError)
# What is no building: its layer, and there its kind.
LAYERS: dict[str, tuple[str, str | None]] = {
    "LandUse": ("surfaces", "other"),
    "PlantCover": ("surfaces", "scrub"),
    "Road": ("surfaces", "asphalt"),
    "TransportSquare": ("surfaces", "paving"),
    "Railway": ("surfaces", "railway"),
    "WaterBody": ("water", "other"),
    "Waterway": ("water", "other"),
    "SolitaryVegetationObject": ("trees", None),
    "Bridge": ("bridges", None),
    "Tunnel": ("tunnels", None),
    "CityFurniture": ("furniture", None),
    "OtherConstruction": ("constructions", None),
    "GenericCityObject": ("generic", None),
}
BROUGHT = {
    "bridges": "Brücken",
    "tunnels": "Tunnel",
    "furniture": "Stadtmöbel",
    "constructions": "Bauwerke",
    "generic": "Sonstige Objekte",
}
KEPT = {"surfaces": ["kind", "name"], "water": ["kind", "name"], "trees": ["species", "height"]}
NO_PLACE = "it covers no ground and has no place in this file. Ask for it with its geometry."
NOT_READ = {
    "TINRelief": "it is terrain. Load the terrain as a raster: GeoTIFF, ASCII grid or XYZ.",
    "CityObjectGroup": "it only lists other features.",
}


def recognises(path: Path, head: bytes) -> bool:
    return head.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] == b"{" and bool(
        re.search(rb'"CityObjects"\s*:|"type"\s*:\s*"CityJSON(Feature)?"', head)
    )


def survey(path: Path, wanted: Wanted) -> Survey:
    counts: Counter[str] = Counter()
    corners = []
    for number, page in enumerate(pages_of(path)):
        if number == 0:
            header = page
        counts.update(layer_of(thing) for thing in things_of(page).values() if not parents_of(thing))
        points = placed(vertices_of(page), header)
        corners += [points.min(axis=0), points.max(axis=0)] if len(points) else []
        if number >= SURVEYED:
            break
    counts.pop("", None)
    long = number >= SURVEYED  # then the rest is not counted
    crs = wanted.crs or crs_of_name(reference(header))
    return Survey(
        kind=f"CityJSON{'Seq' if is_sequence(path) else ''} {header.get('version', '')}".strip(),
        crs=crs,
        bounds=bounds_of(np.array(corners), crs, reference(header)),
        layers={layer: None if long else count for layer, count in counts.items()},
        delivered=date_of(header),
    )


def read(path: Path, wanted: Wanted) -> Iterator[Batch]:
    pages = pages_of(path)
    first = next(pages)
    table = Table(first, wanted)
    for page in chain([first], pages):
        yield from table.gather(page)
    yield from table.batches()
    if table.left_out:
        yield Batch("buildings", table.crs, np.zeros(0, object), {}, uids=[], left_out=table.left_out)


class Table:
    """What was read so far, by layer, until it is handed over."""

    def __init__(self, header: dict, wanted: Wanted):
        if header["type"] != "CityJSON":
            raise BadFile("line 1: a text sequence begins with a line of the type CityJSON. Ask for the whole file.")
        self.header = header
        self.crs_name = reference(header)
        self.crs = wanted.crs or crs_of_name(self.crs_name)
        self.left_out: list[LeftOut] = []
        self.noted: set[tuple[str, str]] = set()  # layer and attribute: what is not kept is said once
        self._start()

    def _start(self) -> None:
        self.told = Told()
        self.walls = Sketch(self.told.drawing)
        self.others: dict[str, Others] = {}
        self.unkept: set[tuple[str, str]] = set()
        self.size = 0

    def gather(self, page: dict) -> Iterator[Batch]:
        vertices = placed(vertices_of(page), self.header)
        things = things_of(page)
        for uid, thing in things.items():
            if any(parent in things for parent in parents_of(thing)):
                continue  # comes with its parent
            family = list(family_of(uid, things))
            try:
                drawn = [faces_of(member, len(vertices)) for member in family]
            except WRONG_FORM as error:
                self.left_out.append(
                    LeftOut(uid, f"its geometry is not as CityJSON has it ({error}). Ask for it again.")
                )
                continue
            self._note(uid, thing, family, drawn)
            if self.size >= AT_ONCE:
                self._end_page(vertices)
                yield from self.batches()
        self._end_page(vertices)

    def _note(self, uid: str, thing: dict, family: list[dict], drawn: list[Drawn]) -> None:
        layer = layer_of(thing)
        self.size += 1
        if layer == "buildings":
            self._building(uid, family, drawn)
        elif layer:
            self.others.setdefault(layer, Others()).note(uid, thing, drawn)
        else:
            reason = NOT_READ.get(thing["type"], "CityJSON knows no such thing.")
            self.left_out.append(LeftOut(uid, f"a {thing['type']}: {reason}"))

    def _building(self, uid: str, family: list[dict], drawn: list[Drawn]) -> None:
        drawing = self.told.drawing
        self.told.ids.append(uid)
        self.told.addresses.append([text for member in family for text in addresses_of(member)])
        for number, (member, one) in enumerate(zip(family, drawn, strict=True)):
            part = number == 0 or member["type"] == "BuildingPart"
            if part:
                drawing.start_part() if number else drawing.start_building()
                self.told.units.append(self._attributes(member))
            elif member["type"] != "BuildingInstallation":
                self.left_out.append(
                    LeftOut(uid, f"a {member['type']} in it: what is inside of buildings is not read.")
                )
                continue
            self.walls.draw(one, None if part else INSTALLATION)

    def _attributes(self, member: dict) -> dict[str, Any]:
        attributes = attributes_of(member)
        self.unkept.update(("buildings", name) for name in attributes.keys() - TEXTS.keys())
        values = {TEXTS[name]: value for name, value in attributes.items() if name in TEXTS}
        return {name: value[0] if isinstance(value, list) and value else value for name, value in values.items()}

    def _end_page(self, vertices: np.ndarray) -> None:
        self.walls.resolve(vertices)
        for other in self.others.values():
            other.resolve(vertices)

    def batches(self) -> Iterator[Batch]:
        """What was gathered since the last time, a batch for each layer."""
        if self.told.ids:
            yield self._noted(batch_of(self.told, *self.walls.straight(self.crs, self.crs_name), self.crs))
        for layer, other in self.others.items():
            self.unkept.update((layer, name) for name in other.unkept(layer))
            yield self._noted(other.batch(layer, self.crs, self.crs_name))
        self._start()

    def _noted(self, batch: Batch) -> Batch:
        batch.left_out += self.left_out
        self.left_out = []
        new = sorted(name for layer, name in self.unkept - self.noted if layer == batch.layer)
        if new:
            batch.notes.append(f"attributes that are not kept: {', '.join(new)}")
            self.noted |= self.unkept
        return batch


class Sketch:
    """Polygons by the numbers of their corners, until the page's vertices are at hand."""

    def __init__(self, drawing: Drawing):
        self.drawing = drawing
        self.corners: list[int] = []
        self.sizes: list[int] = []
        self.points: list[np.ndarray] = []

    def draw(self, drawn: Drawn, as_kind: int | None = None) -> None:
        for kind, rings in drawn.faces:
            self.drawing.start_polygon(as_kind or kind, drawn.lod)
            for ring in rings:
                self.drawing.start_ring()
                self.sizes.append(len(ring))
                self.corners += ring

    def resolve(self, vertices: np.ndarray) -> None:
        if self.corners:
            self.points.append(vertices[np.array(self.corners, "int64")])
            self.corners = []

    def straight(self, crs: CRS | None, name: str) -> tuple[np.ndarray, np.ndarray]:
        points = np.concatenate(self.points) if self.points else np.zeros((0, 3))
        return straight(points, crs, name) if crs is not None else points, np.array(self.sizes, "int64")


class Others:
    """Things of one layer that are no buildings."""

    def __init__(self) -> None:
        self.sketch = Sketch(Drawing())
        self.ids: list[str] = []
        self.kinds: list[str | None] = []
        self.attributes: list[dict[str, Any]] = []
        self.vertices: list[int | None] = []  # where those of this page stand
        self.places: list[np.ndarray | None] = []

    def resolve(self, vertices: np.ndarray) -> None:
        self.sketch.resolve(vertices)
        self.places += [None if one is None else vertices[one] for one in self.vertices]
        self.vertices = []

    def note(self, uid: str, thing: dict, drawn: list[Drawn]) -> None:
        self.sketch.drawing.start_building()
        self.ids.append(uid)
        self.kinds.append(LAYERS.get(thing["type"], ("", None))[1])
        self.attributes.append(attributes_of(thing))
        self.vertices.append(next((one.place for one in drawn if one.place is not None), None))
        for one in drawn:
            self.sketch.draw(one, GROUND)

    def batch(self, layer: str, crs: CRS | None, name: str) -> Batch:
        points, sizes = self.sketch.straight(crs, name)
        shapes = outlines_of(self.sketch.drawing, points, sizes)
        for i, place in enumerate(self.places):
            if place is not None and shapes[i] is None:
                shapes[i] = shapely.Point(straight(place[None, :2].copy(), crs, name)[0] if crs else place[:2])
        found = [i for i, shape in enumerate(shapes) if shape is not None]
        ids = [self.ids[i] for i in found]
        left_out = [LeftOut(self.ids[i], NO_PLACE) for i, shape in enumerate(shapes) if shape is None]
        columns = sorted(self.names()) if layer in BROUGHT else KEPT[layer]
        fields = {key: [plain(self.attributes[i].get(key)) for i in found] for key in columns}
        if "kind" in fields and layer not in BROUGHT:
            fields["kind"] = [self.kinds[i] for i in found]
        titles = {"": BROUGHT[layer]} if layer in BROUGHT else {}
        return Batch(layer, crs, shapes[found], fields, ids, left_out=left_out, titles=titles)

    def names(self) -> set[str]:
        return {name for attributes in self.attributes for name in attributes}

    def unkept(self, layer: str) -> set[str]:
        return set() if layer in BROUGHT else self.names() - set(KEPT[layer]) | self.names() & {"kind"}


def layer_of(thing: dict) -> str:
    """Extensions begin with a plus: their makers' own kinds of things."""
    if thing["type"] in ("Building", "BuildingPart"):
        return "buildings"
    return "generic" if thing["type"].startswith("+") else LAYERS.get(thing["type"], ("", None))[0]


def bounds_of(corners: np.ndarray, crs: CRS | None, name: str) -> tuple[float, float, float, float] | None:
    """In degrees."""
    if crs is None or not len(corners):
        return None
    points = straight(corners, crs, name)
    low, high = points[:, :2].min(axis=0), points[:, :2].max(axis=0)
    return transformer(crs, LONLAT).transform_bounds(*low.tolist(), *high.tolist())


def plain(value: Any) -> Any:
    """As a column takes it: what is nested becomes JSON."""
    return orjson.dumps(value).decode() if isinstance(value, (dict, list)) else value
