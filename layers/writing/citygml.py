"""CityGML 2.0: buildings of LoD2 where the survey has them, else of LoD1."""

import re
from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from layers.writing.bodies import Body, Ring, bodies
from layers.writing.cityjson import NAMED, SURFACES, attributes
from layers.writing.delivery import Delivery, Table, licences
from layers.writing.qgis.markup import clean

# In the order of the schema, which a reader may insist on.
_ORDER = ("function", "yearOfConstruction", "roofType", "measuredHeight", "storeysAboveGround", "storeysBelowGround")
_NUMBERS = {"measuredHeight": ' uom="m"'}
_KEPT = "twin-id"  # where a uid is no XML name
_NAME = re.compile(r"[A-Za-z_][\w.-]*")
_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<core:CityModel xmlns:core="http://www.opengis.net/citygml/2.0" \
xmlns:gen="http://www.opengis.net/citygml/generics/2.0" xmlns:bldg="http://www.opengis.net/citygml/building/2.0" \
xmlns:gml="http://www.opengis.net/gml" \
xmlns:xAL="urn:oasis:names:tc:ciq:xsdschema:xAL:2.0" xmlns:xlink="http://www.w3.org/1999/xlink" \
xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="\
http://www.opengis.net/citygml/2.0 http://schemas.opengis.net/citygml/2.0/cityGMLBase.xsd \
http://www.opengis.net/citygml/building/2.0 http://schemas.opengis.net/citygml/building/2.0/building.xsd \
http://www.opengis.net/citygml/generics/2.0 http://schemas.opengis.net/citygml/generics/2.0/generics.xsd">
<gml:description>{about}</gml:description>
<gml:name>{name}</gml:name>
<gml:boundedBy><gml:Envelope srsName="urn:ogc:def:crs:EPSG::{epsg}" srsDimension="3">\
<gml:lowerCorner>{low}</gml:lowerCorner><gml:upperCorner>{high}</gml:upperCorner></gml:Envelope></gml:boundedBy>
"""
_ADDRESS = """<bldg:address><core:Address><core:xalAddress><xAL:AddressDetails><xAL:Locality Type="Town">\
<xAL:Thoroughfare Type="Street"><xAL:ThoroughfareName>{street}</xAL:ThoroughfareName></xAL:Thoroughfare>\
</xAL:Locality></xAL:AddressDetails></core:xalAddress></core:Address></bldg:address>"""


def citygml(delivery: Delivery, path: Path) -> None:
    table = delivery.needed("buildings", "CityGML")
    found = bodies(delivery, table)
    corners = [point for body in found for _, rings in body.faces for ring in rings for point in ring]
    low, high = (" ".join(f"{pick(axis):.3f}" for axis in zip(*corners, strict=True)) for pick in (min, max))
    with path.open("w", encoding="utf-8") as file:
        file.write(
            _HEAD.format(
                about=_text("; ".join(licences(table))), name=_text(f"{delivery.city}: {delivery.title}"),
                epsg=delivery.epsg, low=low, high=high,
            )
        )  # fmt: skip
        for body in found:
            file.writelines(_building(table, body))
        file.write("</core:CityModel>\n")


def _building(table: Table, body: Body) -> Iterator[str]:
    told, uid = attributes(table, body.row), str(table.columns["uid"][body.row])
    known = set(NAMED.values())
    name, address = told.pop("name", None), told.pop("address", None)
    generic = {key: value for key, value in told.items() if key not in known}
    id = uid if _NAME.fullmatch(uid) else f"id_{uid.encode().hex()}"
    if id != uid:
        generic[_KEPT] = uid
    yield f'<core:cityObjectMember><bldg:Building gml:id="{id}">'
    yield f"<gml:name>{_text(name)}</gml:name>" if name else ""
    for key, value in generic.items():
        yield f"<gen:stringAttribute name={quoteattr(key)}><gen:value>{_text(value)}</gen:value></gen:stringAttribute>"
    for key in _ORDER:
        if key in told:
            yield f"<bldg:{key}{_NUMBERS.get(key, '')}>{_text(told[key])}</bldg:{key}>"
    yield from _surveyed(id, body) if body.surveyed else _block(id, body)
    for street in address.split("; ") if address else ():
        yield _ADDRESS.format(street=_text(street))
    yield "</bldg:Building></core:cityObjectMember>\n"


def _surveyed(id: str, body: Body) -> Iterator[str]:
    """The named surfaces, and the solid that refers to them where they close."""
    faces = [face for face in body.faces if all(len(ring) > 3 for ring in face[1])]
    if body.is_closed():
        members = "".join(f'<gml:surfaceMember xlink:href="#{id}_{i}"/>' for i in range(len(faces)))
        yield f"<bldg:lod2Solid>{_solid(members)}</bldg:lod2Solid>"
    loose = "".join(_polygon(f"{id}_{i}", rings) for i, (kind, rings) in enumerate(faces) if kind not in SURFACES)
    if loose:
        yield f"<bldg:lod2MultiSurface><gml:MultiSurface>{loose}</gml:MultiSurface></bldg:lod2MultiSurface>"
    for i, (kind, rings) in enumerate(faces):
        if kind in SURFACES:
            surface, polygon = SURFACES[kind], _polygon(f"{id}_{i}", rings)
            yield f"<bldg:boundedBy><bldg:{surface}><bldg:lod2MultiSurface><gml:MultiSurface>{polygon}"
            yield f"</gml:MultiSurface></bldg:lod2MultiSurface></bldg:{surface}></bldg:boundedBy>"


def _block(id: str, body: Body) -> Iterator[str]:
    members = "".join(_polygon(f"{id}_{i}", rings) for i, (_, rings) in enumerate(body.faces))
    yield f"<bldg:lod1Solid>{_solid(members)}</bldg:lod1Solid>"


def _solid(members: str) -> str:
    return f"<gml:Solid><gml:exterior><gml:CompositeSurface>{members}</gml:CompositeSurface></gml:exterior></gml:Solid>"


def _polygon(id: str, rings: list[Ring]) -> str:
    outer, *inner = (f"<gml:LinearRing><gml:posList>{_places(ring)}</gml:posList></gml:LinearRing>" for ring in rings)
    holes = "".join(f"<gml:interior>{ring}</gml:interior>" for ring in inner)
    return (
        f'<gml:surfaceMember><gml:Polygon gml:id="{id}"><gml:exterior>{outer}</gml:exterior>{holes}</gml:Polygon>'
        "</gml:surfaceMember>"
    )


def _places(ring: Ring) -> str:
    return " ".join(f"{x:.3f} {y:.3f} {z:.3f}" for x, y, z in ring)


def _text(value: object) -> str:
    return escape(clean(str(value)))
