"""What the elements of a CityGML building say, noted in one walk over them."""

from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from pyproj import CRS

from layers.reading.batch import Batch, LeftOut, Wanted
from layers.reading.buildings3d import Told, batch_of
from layers.reading.crs_names import crs_of_name, straight
from layers.reading.positions import points_of
from layers.reading.solids import INSTALLATION, SURFACES, UNKNOWN
from twin.projection import transformer

BODIES = [f"lod{n}{form}" for n in range(5) for form in ("Solid", "MultiSurface", "FootPrint", "RoofEdge", "Geometry")]
POLYGONS = ("Polygon", "PolygonPatch", "Triangle", "Rectangle")
TEXTS = {
    "name": "name",
    "function": "function",
    "roofType": "roof_type",
    "measuredHeight": "height",
    "storeysAboveGround": "storeys",
    "storeysBelowGround": "storeys_below",
    "yearOfConstruction": "year",
    "dateOfConstruction": "year",
}
ATTRIBUTES = [f"{kind}Attribute" for kind in ("string", "int", "double", "date", "uri", "measure")]
CURVES = [f"lod{n}{form}" for n in range(5) for form in ("TerrainIntersection", "MultiCurve")]
OUR_ID = "twin-id"  # what `layers/writing/citygml.py` writes where an id is no name of XML
HREF = "{http://www.w3.org/1999/xlink}href"


class Walk:
    """Goes over the elements of buildings in their order, and notes what they say.

    Only elements of the names below are looked at, and each only at its start: what follows belongs to it until the
    next one says otherwise. That is half the work of looking at every element.
    """

    def __init__(self) -> None:
        self.crs_name: str | None = None  # of the whole file; a building may have its own
        self.version = ""
        self.closing_tag = b"</Building>"
        self.dimension = 3
        self.corners: list[str] = []  # of the file's envelope
        self.places: Counter[str] = Counter()
        self.attributes: set[str] = set()  # generic ones, which are not kept
        self.noted: set[str] = set()  # those of them that an earlier batch has told
        self.buildings = 0  # in all batches
        self.handlers = Handlers(self)
        self._start_batch()

    def _start_batch(self) -> None:
        self.told = Told()
        self.drawing = self.told.drawing
        self.texts: list[str] = []  # the coordinates of each ring
        self.dimensions = bytearray()
        self.crs_names: list[str | None] = []  # of each building

    def gather(self, member: Any) -> None:
        """member: a cityObjectMember, or the envelope of the file."""
        self.building_element = self.unit_element = None
        self.surfaces = 0
        buildings, polygons = len(self.told.ids), len(self.drawing.polygon_unit)
        for element in member.iter(*NAMES):
            self.handlers[element.tag](element)
        if self.surfaces and not self.drawing.polygon_kind[polygons:].strip(bytes([UNKNOWN, INSTALLATION])):
            self._link(member, polygons)
        if len(self.told.ids) == buildings and not local(member).endswith("Envelope"):
            self._other(member)

    def batch(self, wanted: Wanted) -> Batch:
        """What was gathered since the last one."""
        points, sizes, wrong = points_of(self.texts, self.dimensions)
        ring_building = self.drawing.ring_buildings()
        for ring, reason in wrong.items():
            self.told.broken[int(ring_building[ring])] = f"{reason}. Ask the survey office for this building."
        crs = self._straighten(points, np.repeat(ring_building, sizes), wanted)
        if new := self.attributes - self.noted:
            self.told.notes.append(f"generic attributes that are not kept: {', '.join(sorted(new))}")
            self.noted |= new
        batch = batch_of(self.told, points, sizes, crs)
        self._start_batch()
        return batch

    def _straighten(self, points: np.ndarray, building: np.ndarray, wanted: Wanted) -> CRS | None:
        """One projection for the batch, x east. building: of each point."""
        if wanted.crs is not None:
            straight(points, wanted.crs, self.crs_name or "")
            return wanted.crs
        names = np.array([name or self.crs_name or "" for name in self.crs_names])
        distinct = list(dict.fromkeys(names.tolist()))
        crs = crs_of_name(distinct[0]) if distinct else crs_of_name(self.crs_name)
        for name in distinct:
            own = crs_of_name(name)
            if own is not None:
                mine = (names == name)[building]
                points[mine] = straight(points[mine], own, name)
                if crs is not None and own != crs:
                    points[mine, :2] = np.column_stack(transformer(own, crs).transform(*points[mine, :2].T))
        return crs

    def building(self, element: Any) -> None:
        self.drawing.start_building()
        self.told.ids.append(gml_id(element))
        self.told.addresses.append([])
        self.crs_names.append(None)
        self.building_element, self.own = element, len(self.told.units)
        if not self.buildings:
            self.version = element.tag.partition("}")[0].rpartition("/")[2]
            prefix = f"{element.prefix}:" if element.prefix else ""
            self.closing_tag = f"</{prefix}Building>".encode()
            self.crs_name = self.crs_name or next(iter(element.xpath("(.//@srsName)[1]")), None)
        self.buildings += 1
        self._start_unit(element)

    def part(self, element: Any) -> None:
        self.drawing.start_part()
        self._start_unit(element)

    def _start_unit(self, element: Any) -> None:
        self.unit_element = element
        self.told.units.append({})
        self.kind, self.lod, self.installed = UNKNOWN, 0, False
        self.open = self.apart = False

    def surface(self, kind: int, element: Any) -> None:
        if self.installed and element.getparent().getparent() is self.unit_element:
            self.installed = False
        self.kind = INSTALLATION if self.installed else kind
        self.surfaces += 1
        self.apart = False

    def body(self, lod: int, element: Any) -> None:
        if element.getparent() is self.unit_element:
            self.kind = UNKNOWN
        self.lod, self.apart = lod, False

    def installation(self, element: Any) -> None:
        self.installed, self.kind = True, INSTALLATION

    def prototype(self, element: Any) -> None:
        """Drawn once around its own origin, and set up in several places: not where the building is."""
        self.apart = True

    def curve(self, element: Any) -> None:
        self.open = False

    def polygon(self, element: Any) -> None:
        self.open = self.unit_element is not None and not self.apart
        if self.open:
            self.drawing.start_polygon(self.kind, self.lod)

    def ring(self, element: Any) -> None:
        if not self.open:
            return
        first = element[0] if len(element) == 1 else None
        if first is not None and first.tag.endswith("posList"):
            self.texts.append(first.text or "")
            self.dimensions.append(3 if first.get("srsDimension", self.dimension) in ("3", 3) else 2)
        else:
            each = list(element.iter("{*}pos", "{*}posList"))
            self.texts.append(" ".join(position.text or "" for position in each))
            said = each[0].get("srsDimension") if each else None
            self.dimensions.append(2 if len((each[0].text or "").split()) == 2 and not said else 3)
        self.drawing.start_ring()

    def text(self, name: str, element: Any) -> None:
        parent = element.getparent()
        if element.text and parent is self.unit_element:
            self.told.units[-1].setdefault(name, element.text.strip())
        elif element.text and parent is self.building_element:
            self.told.units[self.own].setdefault(name, element.text.strip())

    def attribute(self, element: Any) -> None:
        name = element.get("name", "without a name")
        if name == OUR_ID and self.told.ids and element.getparent() is self.building_element:
            self.told.ids[-1] = " ".join("".join(element.itertext()).split()) or self.told.ids[-1]
        else:
            self.attributes.add(name)

    def address(self, element: Any) -> None:
        parts: dict[str, list[str]] = {}
        for word in element.iter("{*}ThoroughfareName", "{*}ThoroughfareNumber", "{*}LocalityName"):
            parts.setdefault(local(word), []).append(" ".join(" ".join(word.itertext()).split()))
        self.places.update(parts.get("LocalityName", []))
        street = " ".join(parts.get("ThoroughfareName", []) + parts.get("ThoroughfareNumber", []))
        street = street or " ".join(parts.get("LocalityName", []))  # some offices know no more
        if street and self.told.addresses:
            self.told.addresses[-1].append(street)

    def envelope(self, element: Any) -> None:
        name = element.get("srsName")
        if element.get("srsDimension") == "2":
            self.dimension = 2
        if self.unit_element is None:
            self.crs_name = name
            self.corners = [corner.text or "" for corner in element.iter("{*}lowerCorner", "{*}upperCorner", "{*}pos")]
        elif name and self.crs_names:
            self.crs_names[-1] = name

    def _link(self, member: Any, start: int) -> None:
        """Some producers draw the polygons in the solid, and its named surfaces only refer to them."""
        kinds = {}
        for surface in member.iter(*(f"{{*}}{name}" for name in SURFACES)):
            for drawn in surface.iter("{*}surfaceMember"):
                kinds[drawn.get(HREF, "").removeprefix("#")] = SURFACES[local(surface)]
        polygons = list(member.iter(*(f"{{*}}{name}" for name in POLYGONS)))
        named = [kinds.get(gml_id(polygon) or "") for polygon in polygons]
        if all(named) and start + len(named) == len(self.drawing.polygon_kind):
            self.drawing.polygon_kind[start:] = bytes(kind or UNKNOWN for kind in named)

    def _other(self, member: Any) -> None:
        for child in member:
            if isinstance(child.tag, str):
                where = gml_id(child) or f"line {child.sourceline}"
                reason = f"a {local(child)} is no building, and only buildings are read from CityGML."
                self.told.left_out.append(LeftOut(where, reason))


class Handlers(dict):
    """What a walk does at an element, by its full tag: the same names stand in the namespaces of three editions."""

    def __init__(self, walk: Walk):
        super().__init__()
        self.by_name: dict[str, Callable] = {
            "Building": walk.building,
            "BuildingPart": walk.part,
            "BuildingInstallation": walk.installation,
            "ImplicitGeometry": walk.prototype,
            "LinearRing": walk.ring,
            "AddressDetails": walk.address,
            "Envelope": walk.envelope,
        }
        self.by_name |= {name: partial(walk.surface, kind) for name, kind in SURFACES.items()}
        self.by_name |= {name: partial(walk.body, int(name[3])) for name in BODIES}
        self.by_name |= {name: partial(walk.text, field) for name, field in TEXTS.items()}
        self.by_name |= dict.fromkeys(CURVES, walk.curve)
        self.by_name |= dict.fromkeys(POLYGONS, walk.polygon)
        self.by_name |= dict.fromkeys(ATTRIBUTES, walk.attribute)

    def __missing__(self, tag: str) -> Callable:
        self[tag] = self.by_name[tag.rpartition("}")[2]]
        return self[tag]


NAMES = [f"{{*}}{name}" for name in Handlers(Walk()).by_name]


def gml_id(element: Any) -> str | None:
    return element.get("{http://www.opengis.net/gml}id") or element.get("{http://www.opengis.net/gml/3.2}id")


def local(element: Any) -> str:
    return element.tag.rpartition("}")[2]
