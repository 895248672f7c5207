"""A library of building types to draw with, in the proportions that are usual in Germany."""

import itertools
from dataclasses import dataclass
from typing import Any

import shapely
from shapely import affinity
from shapely.geometry import MultiPolygon, Polygon, box

from layers.storey_uses import read_storey_uses
from scenarios.forms import Form, build
from twin.errors import BadShape
from twin.feature import Words

AREA_PER_DWELLING = 100.0  # m² of floor area; the town's own assumption goes before it
ROW_HOUSE = 6.0  # metres wide
LARGEST, SMALLEST = 1000.0, 2.0  # metres
NARROWEST_COURT = 6.0  # metres


@dataclass(frozen=True)
class Type:
    """width, depth, storey_height, block_depth: metres; roof: a name of scenarios.forms.roofs; pitch: degrees.

    block_depth: of a building around a courtyard. dwellings: how many, where that does not follow from the floor area.
    """

    title: Words
    width: float
    depth: float
    storeys: int
    storey_height: float
    roof: str
    pitch: float
    use: str
    function: str
    storey_uses: str | None = None
    block_depth: float | None = None
    dwellings: int | None = None
    houses: float | None = None  # width of each house of a row


TYPES = {
    "detached": Type(
        Words("Einfamilienhaus", "Detached house"), 11, 9.5, 2, 2.9, "gable", 38, "residential", "31001_1010",
        dwellings=1,
    ),
    "semi_detached": Type(
        Words("Doppelhaus", "Semi-detached house"), 13, 11, 2, 2.9, "gable", 38, "residential", "31001_1010",
        dwellings=2,
    ),
    "row": Type(
        Words("Reihenhäuser", "Row houses"), 30, 11, 2, 2.9, "gable", 35, "residential", "31001_1010", houses=ROW_HOUSE,
    ),
    "perimeter": Type(
        Words("Blockrand", "Perimeter block"), 70, 60, 4, 3.0, "gable", 30, "residential", "31001_1000", block_depth=13,
    ),
    "slab": Type(Words("Zeile", "Slab"), 48, 12, 4, 2.9, "flat", 0, "residential", "31001_1000"),
    "tower": Type(
        Words("Hochhaus", "Tower"), 22, 22, 12, 3.0, "flat", 0, "residential", "31001_1120",
        storey_uses="0:trade;1-11:residential",
    ),
    "hall": Type(Words("Halle", "Hall"), 60, 36, 1, 8.0, "flat", 0, "industry", "31001_2143"),
    "car_park": Type(Words("Parkhaus", "Car park"), 62, 33, 5, 2.8, "flat", 0, "garage", "31001_2461"),
}  # fmt: skip


def types() -> dict[str, Type]:
    return TYPES


def outline(
    name: str, middle: tuple[float, float], width: float | None = None, depth: float | None = None, angle: float = 0.0
) -> Polygon:
    """What a building of a type covers. angle: degrees counter-clockwise; at 0 its width runs from west to east.

    middle: in the city's metres. Raises BadShape.
    """
    kind = _type(name)
    width, depth = kind.width if width is None else width, kind.depth if depth is None else depth
    for size in (width, depth):
        if not SMALLEST <= size <= LARGEST:
            raise BadShape(
                Words(
                    f"Ein Gebäude ist {SMALLEST:g} bis {LARGEST:g} m lang und tief, nicht {size:g} m.",
                    f"A building is {SMALLEST:g} to {LARGEST:g} m long and deep, not {size:g} m.",
                )
            )
    x, y = middle
    whole = box(x - width / 2, y - depth / 2, x + width / 2, y + depth / 2)
    if kind.block_depth:
        whole = block_edge(whole, kind.block_depth)
    return affinity.rotate(whole, angle, origin=(x, y))


def block_edge(block: Polygon, depth: float, front: float = 0.0) -> Polygon:
    """A building along the whole edge of a block or parcel, with a courtyard inside. Raises BadShape.

    depth: of the building; front: how far it stands back from the edge, metres.
    """
    outer = block.buffer(-front, join_style="mitre") if front else block
    if outer.is_empty or outer.geom_type != "Polygon":
        raise BadShape(
            Words(
                f"Um {front:g} m zurückgesetzt bleibt hier nichts zu bebauen. Bitte weniger wählen.",
                f"Set back by {front:g} m nothing of this block is left to build on. Choose less.",
            )
        )
    court = outer.buffer(-depth, join_style="mitre")
    if depth <= 0 or outer.buffer(-depth - NARROWEST_COURT / 2).is_empty:
        raise BadShape(
            Words(
                f"Bei {depth:g} m Tiefe bleibt hier kein Hof von {NARROWEST_COURT:g} m."
                " Bitte weniger tief oder ohne Hof zeichnen.",
                f"A building {depth:g} m deep leaves no courtyard of {NARROWEST_COURT:g} m here."
                " Make it less deep, or draw it without a courtyard.",
            )
        )
    return shapely.difference(Polygon(outer.exterior), court)


def draw(
    name: str,
    footprint: Polygon | MultiPolygon,
    ground: float | None = None,
    area_per_dwelling: float = AREA_PER_DWELLING,
    **other: Any,
) -> tuple[Form, dict[str, Any]]:
    """A building of a type over an outline: its form, and all its fields.

    other: what of `build` is not as usual for the type: storeys, storey_height, roof, pitch, ridge_direction, setback.
    """
    kind = _type(name)
    told: dict[str, Any] = {
        "storeys": kind.storeys,
        "storey_height": kind.storey_height,
        "roof": kind.roof,
        "pitch": kind.pitch,
    }
    told |= {key: value for key, value in other.items() if value is not None}
    if told["roof"] != kind.roof and "pitch" not in other:
        told["pitch"] = None
    form = build(footprint, ground=ground, **told)
    uses = kind.storey_uses if form.storeys == kind.storeys else None
    fields = form.fields() | {"use": kind.use, "function": kind.function, "storey_uses": uses, "condition": "new"}
    fields["dwellings"] = _dwellings(kind, form, footprint, area_per_dwelling, uses)
    return form, fields


def dwellings_in(floor_area: float, storeys: int, use: str | None, storey_uses: str | None, each: float) -> int:
    """How many dwellings fit: by the storeys that are lived in, else by the use of the whole. each: m² floor area."""
    uses = read_storey_uses(storey_uses)
    lived_in = [uses.get(storey, use) == "residential" for storey in range(storeys)]
    return round(floor_area * sum(lived_in) / storeys / each)


def _dwellings(kind: Type, form: Form, footprint: Any, each: float, uses: str | None) -> int | None:
    if kind.use != "residential":
        return None
    if kind.houses:
        box_ = shapely.get_coordinates(shapely.oriented_envelope(footprint))
        length = max(shapely.Point(a).distance(shapely.Point(b)) for a, b in itertools.pairwise(box_))
        return max(round(length / kind.houses), 1)
    return kind.dwellings or dwellings_in(form.floor_area, form.storeys, kind.use, uses, each)


def _type(name: str) -> Type:
    if name not in TYPES:
        raise BadShape(
            Words(
                f"Einen Gebäudetyp „{name}“ gibt es nicht. Es gibt: {', '.join(TYPES)}.",
                f"There is no building type called {name}. Choose one of {', '.join(TYPES)}.",
            )
        )
    return TYPES[name]
