"""Parcels are split and merged, zones and surfaces cut out and laid anew."""

from collections.abc import Sequence
from typing import Any

import shapely
from shapely.geometry import LineString, MultiPolygon, Polygon
from shapely.ops import split

from layers.codes import SEALED_PERCENT, SURFACE_KINDS, ZONE_KINDS
from scenarios.verbs import Deed, There, changed, cleared, new, refuse

BEYOND = 1.0  # metres by which a line that was drawn from edge to edge is drawn on
SLIVER = 0.5  # m²: less is left over by drawing, not meant
CRACK = 0.02  # metres between parcels that touch in the field
OF_A_PARCEL = ("district", "section", "use", "address", "owner_kind")
OF_A_ZONE = ("plan", "plan_kind", "name", "grz", "gfz", "storeys", "state_of_law")


def split_parcel(parcel: There, line: LineString) -> list[Deed]:
    """The largest piece keeps the number, and the official area goes by the pieces' shares. Raises BadShape."""
    pieces = _polygons(split(parcel["geom"], _longer(line)))
    if len(pieces) < 2:
        refuse(
            "Die Linie teilt das Flurstück nicht. Bitte von Rand zu Rand zeichnen.",
            "The line does not divide the parcel. Draw it from edge to edge.",
        )
    pieces.sort(key=lambda piece: -piece.area)
    official = parcel.get("area") or parcel["geom"].area
    areas = _shared(official, [piece.area for piece in pieces])
    kept = {name: parcel.get(name) for name in OF_A_PARCEL}
    deeds = [changed("parcels", parcel, pieces[0], area=areas[0])]
    for count, (piece, area) in enumerate(zip(pieces[1:], areas[1:], strict=True), 2):
        number = f"{parcel['number']} ({count})" if parcel.get("number") else None
        deeds.append(new("parcels", piece, number=number, area=area, **kept))
    return deeds


def merge_parcels(parcels: Sequence[There]) -> list[Deed]:
    """One parcel under the largest one's number; what they do not agree in is left empty. Raises BadShape."""
    if len({parcel["uid"] for parcel in parcels}) < 2:
        refuse("Zum Vereinigen braucht es zwei Flurstücke.", "It takes two parcels to merge them. Choose another one.")
    whole = shapely.union_all([parcel["geom"] for parcel in parcels])
    if whole.geom_type != "Polygon":
        whole = whole.buffer(CRACK, join_style="mitre").buffer(-CRACK, join_style="mitre")
    if whole.geom_type != "Polygon":
        refuse(
            "Diese Flurstücke liegen nicht aneinander. Bitte nur Nachbarn vereinigen.",
            "These parcels do not lie side by side. Choose neighbours only.",
        )
    largest = max(parcels, key=lambda parcel: parcel["geom"].area)
    areas = [parcel.get("area") for parcel in parcels]
    total = None if None in areas else round(sum(area for area in areas if area is not None), 2)
    agreed = {name: _agreed([parcel.get(name) for parcel in parcels]) for name in OF_A_PARCEL}
    others = [cleared("parcels", parcel) for parcel in parcels if parcel["uid"] != largest["uid"]]
    return [changed("parcels", largest, whole, area=total, **agreed), *others]


def rezone(zones: Sequence[There], area: Any, kind: str, plan_kind: str = "bplan", **fields: Any) -> list[Deed]:
    """A new kind of area; zones of the same plan give way to it. zones: those that touch the area.

    fields: of the new zone; what is not said of plan and storeys stays as in the zone that it mostly replaces.
    """
    if kind not in ZONE_KINDS:
        _unknown(kind, ", ".join(ZONE_KINDS))
    same = [zone for zone in zones if (zone.get("plan_kind") or plan_kind) == plan_kind]
    deeds = cut_out("zones", same, area)
    main = max(same, key=lambda zone: zone["geom"].intersection(area).area, default=None)
    before = {} if main is None else {name: main.get(name) for name in OF_A_ZONE}
    return [*deeds, new("zones", area, **{**before, **fields, "kind": kind, "plan_kind": plan_kind})]


def resurface(surfaces: Sequence[There], area: Any, kind: str, sealed_percent: float | None = None) -> list[Deed]:
    """Pave or unseal: the ground within the area becomes of another kind. surfaces: those that touch the area."""
    if kind not in SURFACE_KINDS:
        _unknown(kind, ", ".join(SURFACE_KINDS))
    sealed = SEALED_PERCENT.get(kind, 0.0) if sealed_percent is None else sealed_percent
    return [*cut_out("surfaces", surfaces, area), new("surfaces", area, kind=kind, sealed_percent=sealed)]


def cut_out(layer: str, there: Sequence[There], area: Any) -> list[Deed]:
    if area is None or area.geom_type not in ("Polygon", "MultiPolygon") or not area.is_valid or area.area < SLIVER:
        refuse(
            "Hier gehört eine Fläche hin, die sich nicht selbst kreuzt.",
            "This takes an area that does not cross itself. Draw it again.",
        )
    deeds = []
    for one in there:
        if one["geom"].intersection(area).area < SLIVER:
            continue
        left = _polygons(one["geom"].difference(area))
        if left:
            deeds.append(changed(layer, one, left[0] if len(left) == 1 else MultiPolygon(left)))
        else:
            deeds.append(cleared(layer, one))
    return deeds


def _polygons(shape: Any) -> list[Polygon]:
    return [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon" and part.area >= SLIVER]


def _longer(line: LineString) -> LineString:
    points = shapely.get_coordinates(line)
    if len(points) < 2 or line.length == 0:
        refuse("Zum Teilen braucht es eine Linie.", "It takes a line to divide a parcel. Draw it from edge to edge.")
    ends = []
    for end, inner in ((points[0], points[1]), (points[-1], points[-2])):
        way = end - inner
        ends.append(end + way / max((way @ way) ** 0.5, 1e-9) * BEYOND)
    return LineString([ends[0], *points[1:-1], ends[1]])


def _shared(total: float, areas: list[float]) -> list[float]:
    """In whole square metres that add up."""
    shares = [float(round(total * area / sum(areas))) for area in areas]
    return [round(total - sum(shares[1:]), 2), *shares[1:]]


def _agreed(values: list[Any]) -> Any:
    return values[0] if all(value == values[0] for value in values) else None


def _unknown(kind: str, known: str) -> None:
    refuse(
        f"Die Art „{kind[:40]}“ gibt es nicht. Es gibt: {known}.",
        f"There is no kind {kind[:40]}. Choose one of {known}.",
    )
