"""Two development plans and the land-use plan, as XPlanGML 6.1."""

import uuid
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple
from xml.sax.saxutils import escape

import numpy as np
import shapely

from sample_city.names import COMMUNITY_KEY, TOWN
from sample_city.streets import Block
from sample_city.town import EAST, NORTH, SRID, Town

_HEAD = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<xplan:XPlanAuszug xmlns:xplan="http://www.xplanung.de/xplangml/6/1" xmlns:gml="http://www.opengis.net/gml/3.2" \
xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" \
xsi:schemaLocation="http://www.xplanung.de/xplangml/6/1 \
https://repository.gdi-de.org/schemas/de.xleitstelle.xplanung/6.1/XPlanung-Operationen.xsd" gml:id="{id}">
  <gml:boundedBy>
    <gml:Envelope srsName="EPSG:{srid}">
      <gml:lowerCorner>{low}</gml:lowerCorner>
      <gml:upperCorner>{high}</gml:upperCorner>
    </gml:Envelope>
  </gml:boundedBy>
"""
_FEATURE = """  <gml:featureMember>
    <xplan:{kind} gml:id="{id}">
{inside}
    </xplan:{kind}>
  </gml:featureMember>
"""
_COMMUNITY = f"""      <xplan:gemeinde>
        <xplan:XP_Gemeinde>
          <xplan:ags>{COMMUNITY_KEY}</xplan:ags>
          <xplan:gemeindeName>{TOWN}</xplan:gemeindeName>
        </xplan:XP_Gemeinde>
      </xplan:gemeinde>"""


class Area(NamedTuple):
    """Land for one use. kind: allgemeine and besondere Art der baulichen Nutzung."""

    shape: shapely.Geometry
    kind: tuple[int, int]
    grz: float
    gfz: float
    storeys: int
    roof: int | None = None
    method: int = 1000  # open


class Feature(NamedTuple):
    kind: str
    id: str
    inside: list[str]


WA, MU, GE, MI = (1000, 1200), (2000, 1550), (3000, 1700), (2000, 1500)


def write(town: Town, folder: Path):
    folder.mkdir(parents=True, exist_ok=True)
    homes = [block for block in town.land if block.district == "Sonnenhang"]
    homes_plan = [
        Area(block.shape, WA, 0.35 if block.shape.centroid.y > 1070 else 0.4, 0.8, 2, 3100) for block in homes
    ]
    _save(
        folder / "bplan_09_sonnenhang.gml",
        _development_plan("09", "Wohngebiet Sonnenhang", "4000", "2019-06-14", homes_plan),
    )
    _save(
        folder / "bplan_14_alte_zuckerfabrik_ost.gml",
        _development_plan("14", "Alte Zuckerfabrik - östlicher Teil", "4000", "2009-11-20", _factory_edge(town)),
    )
    _save(folder / "flaechennutzungsplan.gml", _land_use_plan(town))


def _factory_edge(town: Town) -> list[Area]:
    """The edge of the factory along the Bahnhofstraße, and the two blocks across it."""
    site = next(block.shape for block in town.land if block.quarter == "factory")
    across = [block for block in town.land if block.district == "Bahnhofsviertel"][:2]
    areas = [
        Area(site.intersection(shapely.box(-16, 600, 200, 800)), MU, 0.8, 2.4, 4, 1000, 2000),
        Area(site.intersection(shapely.box(28, 300, 200, 600)), GE, 0.8, 1.6, 3),
    ]
    areas += [Area(block.shape, MI, 0.6, 1.2, 3, 3100, 2000) for block in across if block.quarter == "founders"]
    return [area for area in areas if not area.shape.is_empty]


def _development_plan(number, name, state, since, areas: list[Area]) -> list[Feature]:
    plan, part = _id("plan", name), _id("bereich", name)
    extent = shapely.union_all([area.shape for area in areas]).buffer(8, join_style="mitre")
    contents: list[Feature] = []
    for n, area in enumerate(areas):
        contents += _area(area, name, n, part)
    head = [
        _text("name", f"Bebauungsplan Nr. {number} {name}"),
        _text("nummer", number),
        _text("erstellungsMassstab", 1000),
        _geometry("raeumlicherGeltungsbereich", extent, plan),
        _COMMUNITY,
        _text("planArt", 1000),
        _text("rechtsstand", state),
        _text("inkrafttretensDatum", since),
        _link("bereich", part),
    ]
    section = [
        _text("nummer", 0),
        _geometry("geltungsbereich", extent, part),
        *[_link("planinhalt", content.id) for content in contents],
        _link("gehoertZuPlan", plan),
    ]
    return [Feature("BP_Plan", plan, head), Feature("BP_Bereich", part, section), *contents]


def _area(area: Area, plan: str, n: int, part: str) -> list[Feature]:
    """The area, the ground in it that may be built on, and the line around that."""
    ground = area.shape.buffer(-3, join_style="mitre")
    uid = _id("gebiet", plan, n)
    belongs = [_link("gehoertZuBereich", part), _text("rechtscharakter", 1000)]
    inside = [*belongs, _geometry("position", area.shape, uid), _text("flaechenschluss", "true")]
    if area.roof:
        inside.append(
            "      <xplan:dachgestaltung>\n        <xplan:BP_Dachgestaltung>\n"
            f"          <xplan:dachform>{area.roof}</xplan:dachform>\n"
            "        </xplan:BP_Dachgestaltung>\n      </xplan:dachgestaltung>"
        )
    inside += [_text("GFZ", area.gfz), _text("GRZ", area.grz), _text("Z", area.storeys)]
    inside += [_text("allgArtDerBaulNutzung", area.kind[0]), _text("besondereArtDerBaulNutzung", area.kind[1])]
    inside.append(_text("bauweise", area.method))
    features = [Feature("BP_BaugebietsTeilFlaeche", uid, inside)]
    if not ground.is_empty:
        uid = _id("fenster", plan, n)
        geometry = _geometry("position", ground, uid)
        features.append(
            Feature("BP_UeberbaubareGrundstuecksFlaeche", uid, [*belongs, geometry, _text("flaechenschluss", "false")])
        )
        uid = _id("grenze", plan, n)
        features.append(Feature("BP_BauGrenze", uid, [*belongs, _geometry("position", ground.boundary, uid)]))
    return features


# Quarter: what the land-use plan calls it, and the number of the use (allgemeine Art, or Zweckbestimmung).
_LAND_USES = {
    **dict.fromkeys(("founders", "lower", "villas", "rows", "detached", "estate"), ("FP_BebauungsFlaeche", 1000)),
    **dict.fromkeys(("core", "market", "village"), ("FP_BebauungsFlaeche", 2000)),
    **dict.fromkeys(("commercial", "factory", "farm", "supermarket"), ("FP_BebauungsFlaeche", 3000)),
    "park": ("FP_Gruen", 1000),
    "allotments": ("FP_Gruen", 1200),
    "sports": ("FP_Gruen", 1400),
    "playground": ("FP_Gruen", 1600),
    "cemetery": ("FP_Gruen", 2600),
    "administration": ("FP_Gemeinbedarf", 1000),
    "school": ("FP_Gemeinbedarf", 1200),
    "college": ("FP_Gemeinbedarf", 1200),
    "church": ("FP_Gemeinbedarf", 1400),
    "church_square": ("FP_Gemeinbedarf", 1400),
    "kindergarten": ("FP_Gemeinbedarf", 1600),
    "hospital": ("FP_Gemeinbedarf", 1800),
    "castle": ("FP_Gemeinbedarf", 2000),
    "seniors": ("FP_Gemeinbedarf", 1600),
    "fire_station": ("FP_Gemeinbedarf", 2200),
}


def _land_use_plan(town: Town) -> list[Feature]:
    name = f"Flächennutzungsplan der Stadt {TOWN}"
    plan, part = _id("plan", name), _id("bereich", name)
    contents = [_land_use(n, blocks, shape, part) for n, (blocks, shape) in enumerate(_districts(town.land)) if blocks]
    extent = shapely.box(*town.bounds())
    head = [
        _text("name", name),
        _text("nummer", "FNP 2006"),
        _text("erstellungsMassstab", 10000),
        _geometry("raeumlicherGeltungsbereich", extent, plan),
        _COMMUNITY,
        _text("planArt", 1000),
        _text("rechtsstand", 4000),
        _text("wirksamkeitsDatum", "2006-03-01"),
        _link("bereich", part),
    ]
    section = [
        _text("nummer", 0),
        _geometry("geltungsbereich", extent, part),
        *[_link("planinhalt", content.id) for content in contents],
        _link("gehoertZuPlan", plan),
    ]
    return [Feature("FP_Plan", plan, head), Feature("FP_Bereich", part, section), *contents]


def _districts(blocks: Iterable[Block]):
    """Neighbouring blocks of one use as one area, the streets between them included: so coarse is a land-use plan."""
    groups: dict[tuple[str, str], list[Block]] = {}
    for block in blocks:
        if block.quarter in _LAND_USES:
            groups.setdefault((block.district, block.quarter), []).append(block)
    for group in groups.values():
        shape = shapely.union_all([block.shape for block in group]).buffer(8.5, join_style="mitre")
        shape = shape.buffer(-8.5, join_style="mitre")
        for piece in shapely.get_parts(shape):
            yield group[0], piece


def _land_use(n: int, block: Block, shape, part: str) -> Feature:
    kind, number = _LAND_USES[block.quarter]
    uid = _id("fnp", n)
    inside = [
        _text("text", block.district),
        _link("gehoertZuBereich", part),
        _text("rechtscharakter", 3000),
        _geometry("position", shape, uid),
        _text("flaechenschluss", "true"),
    ]
    if kind == "FP_BebauungsFlaeche":
        inside.append(_text("allgArtDerBaulNutzung", number))
    else:
        complex_kind = kind.replace("FP_", "FP_KomplexeZweckbest")
        inside.append(
            f"      <xplan:zweckbestimmung>\n        <xplan:{complex_kind}>\n"
            f"          <xplan:allgemein>{number}</xplan:allgemein>\n"
            f"        </xplan:{complex_kind}>\n      </xplan:zweckbestimmung>"
        )
    return Feature(kind, uid, inside)


def _id(*what) -> str:
    return f"GML_{uuid.uuid5(uuid.NAMESPACE_URL, '/'.join(map(str, (TOWN, *what))))}"


def _text(name: str, value) -> str:
    return f"      <xplan:{name}>{escape(str(value))}</xplan:{name}>"


def _link(name: str, uid: str) -> str:
    return f'      <xplan:{name} xlink:href="#{uid}"/>'


def _geometry(name: str, shape, uid: str) -> str:
    parts = shapely.get_parts(shape)
    if shape.geom_type.endswith("LineString"):
        line = max(parts, key=lambda part: part.length)
        inside = f'<gml:LineString gml:id="{uid}_g" srsName="EPSG:{SRID}">{_pos_list(line)}</gml:LineString>'
    elif len(parts) == 1:
        inside = _polygon(parts[0], f"{uid}_{name[0]}")
    else:
        members = [
            f"<gml:surfaceMember>{_polygon(part, f'{uid}_{name[0]}{n}')}</gml:surfaceMember>"
            for n, part in enumerate(parts)
        ]
        inside = (
            f'<gml:MultiSurface gml:id="{uid}_{name[0]}" srsName="EPSG:{SRID}">{"".join(members)}</gml:MultiSurface>'
        )
    return f"      <xplan:{name}>{inside}</xplan:{name}>"


def _polygon(polygon, uid: str) -> str:
    polygon = shapely.orient_polygons(polygon)
    rings = [f"<gml:exterior><gml:LinearRing>{_pos_list(polygon.exterior)}</gml:LinearRing></gml:exterior>"]
    rings += [
        f"<gml:interior><gml:LinearRing>{_pos_list(ring)}</gml:LinearRing></gml:interior>" for ring in polygon.interiors
    ]
    return f'<gml:Polygon gml:id="{uid}" srsName="EPSG:{SRID}">{"".join(rings)}</gml:Polygon>'


def _pos_list(line) -> str:
    points = shapely.get_coordinates(line) + np.array([EAST, NORTH])
    return f"<gml:posList>{' '.join(f'{x:.2f} {y:.2f}' for x, y in points)}</gml:posList>"


def _save(path: Path, features: list[Feature]):
    low, high = _corners(features)
    with path.open("w", encoding="utf-8") as file:
        file.write(_HEAD.format(id=_id(path.stem), srid=SRID, low=low, high=high))
        for feature in features:
            file.write(_FEATURE.format(kind=feature.kind, id=feature.id, inside="\n".join(feature.inside)))
        file.write("</xplan:XPlanAuszug>\n")


def _corners(features: list[Feature]) -> tuple[str, str]:
    """Of all positions written."""
    lists = [
        text.split("</gml:posList>")[0] for f in features for i in f.inside for text in i.split("<gml:posList>")[1:]
    ]
    points = np.array(" ".join(lists).split(), float).reshape(-1, 2)
    low, high = points.min(axis=0), points.max(axis=0)
    return f"{low[0]:.2f} {low[1]:.2f}", f"{high[0]:.2f} {high[1]:.2f}"
