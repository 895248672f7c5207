"""CityGML LoD2 tiles of one kilometre, in the profile of the German survey offices."""

from collections import defaultdict
from pathlib import Path
from xml.sax.saxutils import escape

from sample_city import names
from sample_city.houses import House, Part
from sample_city.roofs import Surface, surfaces
from sample_city.town import EAST, NORTH, Town

DELIVERED = "2026-03-31"
CRS = "urn:adv:crs:ETRS89_UTM32*DE_DHHN2016_NH"
_SCHEMAS = "http://repository.gdi-de.org/schemas/adv/citygml"

_HEAD = f"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<core:CityModel xmlns="http://www.opengis.net/citygml/1.0" xmlns:core="http://www.opengis.net/citygml/1.0" \
xmlns:gen="http://www.opengis.net/citygml/generics/1.0" xmlns:bldg="http://www.opengis.net/citygml/building/1.0" \
xmlns:gml="http://www.opengis.net/gml" xmlns:xAL="urn:oasis:names:tc:ciq:xsdschema:xAL:2.0" \
xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" \
xsi:schemaLocation="http://www.opengis.net/citygml/1.0 {_SCHEMAS}/1.0/cityGMLBaseLoD2.xsd \
http://www.opengis.net/citygml/building/1.0 {_SCHEMAS}/building/1.0/buildingLoD2.xsd \
http://www.opengis.net/citygml/generics/1.0 {_SCHEMAS}/generics/1.0/genericsLoD2.xsd">
  <gml:name>%(name)s</gml:name>
  <gml:boundedBy>
    <gml:Envelope srsName="{CRS}">
      <gml:lowerCorner srsDimension="3">%(west)d %(south)d %(low).3f</gml:lowerCorner>
      <gml:upperCorner srsDimension="3">%(east)d %(north)d %(high).3f</gml:upperCorner>
    </gml:Envelope>
  </gml:boundedBy>
"""
_BUILDING = f"""  <core:cityObjectMember>
    <bldg:Building gml:id="%(uid)s">%(name)s
      <core:creationDate>{DELIVERED}</core:creationDate>
      <core:externalReference>
        <core:informationSystem>{_SCHEMAS}/fdv/art.htm#_9100</core:informationSystem>
        <core:externalObject>
          <core:name>%(uid)s</core:name>
        </core:externalObject>
      </core:externalReference>
      <gen:stringAttribute name="DatenquelleDachhoehe">
        <gen:value>1000</gen:value>
      </gen:stringAttribute>
      <gen:stringAttribute name="DatenquelleLage">
        <gen:value>1000</gen:value>
      </gen:stringAttribute>
      <gen:stringAttribute name="DatenquelleBodenhoehe">
        <gen:value>1100</gen:value>
      </gen:stringAttribute>
      <gen:stringAttribute name="Gemeindeschluessel">
        <gen:value>{names.COMMUNITY_KEY}</gen:value>
      </gen:stringAttribute>
      <gen:stringAttribute name="Grundrissaktualitaet">
        <gen:value>{DELIVERED}</gen:value>
      </gen:stringAttribute>
      <bldg:function>%(function)s</bldg:function>%(year)s%(inside)s%(address)s
    </bldg:Building>
  </core:cityObjectMember>
"""
_PART = f"""
      <bldg:consistsOfBuildingPart>
        <bldg:BuildingPart gml:id="%(uid)s_%(number)d">
      <core:creationDate>{DELIVERED}</core:creationDate>%(inside)s
        </bldg:BuildingPart>
      </bldg:consistsOfBuildingPart>"""
_ADDRESS = f"""
      <bldg:address>
        <core:Address>
          <core:xalAddress>
            <xAL:AddressDetails>
              <xAL:Country>
                <xAL:CountryName>Germany</xAL:CountryName>
                <xAL:Locality Type="Town">
                  <xAL:LocalityName>{names.TOWN}</xAL:LocalityName>
                  <xAL:Thoroughfare Type="Street">
                    <xAL:ThoroughfareNumber>%s</xAL:ThoroughfareNumber>
                    <xAL:ThoroughfareName>%s</xAL:ThoroughfareName>
                  </xAL:Thoroughfare>
                </xAL:Locality>
              </xAL:Country>
            </xAL:AddressDetails>
          </core:xalAddress>
        </core:Address>
      </bldg:address>"""
_SOLID = """
      <bldg:lod2Solid>
        <gml:Solid>
          <gml:exterior>
            <gml:CompositeSurface>%s
            </gml:CompositeSurface>
          </gml:exterior>
        </gml:Solid>
      </bldg:lod2Solid>"""
_MEMBER = """
              <gml:surfaceMember xlink:href="#%s_%d"/>"""
_SURFACE = """
      <bldg:boundedBy>
        <bldg:%(kind)s>
          <bldg:lod2MultiSurface>
            <gml:MultiSurface>
              <gml:surfaceMember>
                <gml:Polygon gml:id="%(id)s">
                  <gml:exterior>
                    <gml:LinearRing>
                      <gml:posList srsDimension="3">%(points)s</gml:posList>
                    </gml:LinearRing>
                  </gml:exterior>
                </gml:Polygon>
              </gml:surfaceMember>
            </gml:MultiSurface>
          </bldg:lod2MultiSurface>
        </bldg:%(kind)s>
      </bldg:boundedBy>"""
_KINDS = {"G": "GroundSurface", "W": "WallSurface", "R": "RoofSurface", "C": "ClosureSurface"}


def write(town: Town, folder: Path):
    folder.mkdir(parents=True, exist_ok=True)
    tiles: dict[tuple[int, int], list[tuple[int, House]]] = defaultdict(list)
    for number, house in enumerate(town.houses):
        x, y = house.parts[0].ring[0]
        tiles[int((EAST + x) // 1000), int((NORTH + y) // 1000)].append((number, house))
    for (east, north), houses in sorted(tiles.items()):
        name = f"LoD2_32_{east}_{north}_1_ST"
        with (folder / f"{name}.gml").open("w", encoding="utf-8") as file:
            file.write(_HEAD % _envelope(name, east, north, houses))
            file.writelines(_building(number, house) for number, house in houses)
            file.write("</core:CityModel>\n")


def _envelope(name, east, north, houses) -> dict:
    return {
        "name": name,
        "west": east * 1000,
        "south": north * 1000,
        "east": (east + 1) * 1000,
        "north": (north + 1) * 1000,
        "low": min(house.base for _, house in houses),
        "high": max(house.base + house.height for _, house in houses),
    }


def _building(number: int, house: House) -> str:
    """The office knows the year of few and the storeys of most: as in life, some are missing."""
    storeys = house.storeys if number % 7 else None
    if len(house.parts) == 1:
        inside = _inside(house.uid, house.parts[0], house.base, storeys)
    else:
        inside = "".join(
            _PART % {"uid": house.uid, "number": k, "inside": _inside(f"{house.uid}_{k}", part, house.base, storeys)}
            for k, part in enumerate(house.parts, 1)
        )
    return _BUILDING % {
        "uid": house.uid,
        "name": f"\n      <gml:name>{escape(house.name)}</gml:name>" if house.name else "",
        "function": house.function if "_" in house.function else f"31001_{house.function}",
        "year": f"\n      <bldg:yearOfConstruction>{house.year}</bldg:yearOfConstruction>" if number % 5 < 2 else "",
        "inside": inside,
        "address": _ADDRESS % (house.number, escape(house.street)) if house.street else "",
    }


def _inside(uid: str, part: Part, base: float, storeys: int | None) -> str:
    """What a building has itself, or each of its parts."""
    faces = surfaces(part, base)
    above = f"\n      <bldg:storeysAboveGround>{storeys}</bldg:storeysAboveGround>" if storeys else ""
    members = "".join([_MEMBER % (uid, k) for k in range(len(faces))])
    return (
        f"\n      <bldg:roofType>{part.roof}</bldg:roofType>"
        f'\n      <bldg:measuredHeight uom="urn:adv:uom:m">{part.ridge:.3f}</bldg:measuredHeight>'
        + above
        + _SOLID % members
        + "".join([_surface(f"{uid}_{k}", face) for k, face in enumerate(faces)])
    )


def _surface(uid: str, face: Surface) -> str:
    kind, ring = face
    points = [f"{EAST + x:.3f} {NORTH + y:.3f} {z:.3f}" for x, y, z in ring]
    return _SURFACE % {"kind": _KINDS[kind], "id": uid, "points": " ".join([*points, points[0]])}
