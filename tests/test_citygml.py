"""CityGML in the many ways in which it is written, by a village of very small houses."""

import gzip
import pickle
import tracemalloc

import numpy as np
import pytest
import shapely
from pyproj import CRS

from layers.reading import citygml, unpacking
from layers.reading.batch import Wanted
from twin.errors import BadFile

UTM32 = "urn:adv:crs:ETRS89_UTM32*DE_DHHN2016_NH*GCG2016"
EAST, NORTH, GROUND = 680_000.0, 5_660_000.0, 150.0


def model(*members, srs=UTM32, edition="2.0", prolog="", gml="http://www.opengis.net/gml"):
    envelope = f'<gml:boundedBy><gml:Envelope srsName="{srs}"/></gml:boundedBy>' if srs else ""
    members = "".join(f"<cityObjectMember>{member}</cityObjectMember>\n" for member in members)
    return f"""<?xml version="1.0" encoding="UTF-8"?>{prolog}
<CityModel xmlns="http://www.opengis.net/citygml/{edition}" xmlns:gml="{gml}"
 xmlns:bldg="http://www.opengis.net/citygml/building/{edition}"
 xmlns:gen="http://www.opengis.net/citygml/generics/{edition}"
 xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:xAL="urn:oasis:names:tc:ciq:xsdschema:xAL:2.0">
{envelope}
{members}</CityModel>
"""


def building(name, *content):
    return f'<bldg:Building gml:id="{name}">{"".join(content)}</bldg:Building>'


def part(*content):
    inside = f"<bldg:BuildingPart>{''.join(content)}</bldg:BuildingPart>"
    return f"<bldg:consistsOfBuildingPart>{inside}</bldg:consistsOfBuildingPart>"


def ring(points):
    return f"<gml:LinearRing><gml:posList>{' '.join(str(v) for p in points for v in p)}</gml:posList></gml:LinearRing>"


def polygon(points, *holes, name=None):
    holes = "".join(f"<gml:interior>{ring(hole)}</gml:interior>" for hole in holes)
    named = f' gml:id="{name}"' if name else ""
    return f"<gml:Polygon{named}><gml:exterior>{ring(points)}</gml:exterior>{holes}</gml:Polygon>"


def surface(kind, *polygons, lod=2):
    members = "".join(f"<gml:surfaceMember>{one}</gml:surfaceMember>" for one in polygons)
    shape = f"<bldg:lod{lod}MultiSurface><gml:MultiSurface>{members}</gml:MultiSurface></bldg:lod{lod}MultiSurface>"
    return f"<bldg:boundedBy><bldg:{kind}Surface>{shape}</bldg:{kind}Surface></bldg:boundedBy>"


def solid(*polygons, lod=2):
    members = "".join(f"<gml:surfaceMember>{one}</gml:surfaceMember>" for one in polygons)
    shell = f"<gml:exterior><gml:CompositeSurface>{members}</gml:CompositeSurface></gml:exterior>"
    return f"<bldg:lod{lod}Solid><gml:Solid>{shell}</gml:Solid></bldg:lod{lod}Solid>"


def square(x=0.0, y=0.0, z=GROUND, side=10.0):
    x, y = EAST + x, NORTH + y
    return [(x, y, z), (x, y + side, z), (x + side, y + side, z), (x + side, y, z), (x, y, z)]


def wall(a, b, height):
    return [a, b, (*b[:2], b[2] + height), (*a[:2], a[2] + height), a]


def box(x=0.0, y=0.0, z=GROUND, side=10.0, height=6.0):
    """The faces of a block: its floor, walls and flat roof."""
    floor = square(x, y, z, side)
    return (
        floor,
        [wall(a, b, height) for a, b in zip(floor[1:], floor, strict=False)],
        square(x, y, z + height, side)[::-1],
    )


def block(x=0.0, y=0.0, z=GROUND, side=10.0, height=6.0):
    floor, walls, roof = box(x, y, z, side, height)
    return (
        surface("Ground", polygon(floor))
        + "".join(surface("Wall", polygon(one)) for one in walls)
        + surface("Roof", polygon(roof))
    )


def gable(x=0.0, eaves=3.0, ridge=8.0):
    """A saddle roof of 45 degrees over a square of 10 m."""
    x, y, z, top = EAST + x, NORTH, GROUND + eaves, GROUND + ridge
    west = [(x, y, z), (x + 5, y, top), (x + 5, y + 10, top), (x, y + 10, z), (x, y, z)]
    east = [(x + 10, y, z), (x + 10, y + 10, z), (x + 5, y + 10, top), (x + 5, y, top), (x + 10, y, z)]
    return surface("Ground", polygon(square())) + surface("Roof", polygon(west)) + surface("Roof", polygon(east))


def height(metres):
    return f'<bldg:measuredHeight uom="urn:adv:uom:m">{metres}</bldg:measuredHeight>'


def address(street, *numbers, town="Zeitz"):
    numbers = "".join(f"<xAL:ThoroughfareNumber>{number}</xAL:ThoroughfareNumber>" for number in numbers)
    return (
        "<bldg:address><Address><xalAddress><xAL:AddressDetails><xAL:Country>"
        f"<xAL:Locality><xAL:LocalityName>{town}</xAL:LocalityName><xAL:Thoroughfare>{numbers}"
        f"<xAL:ThoroughfareName>{street}</xAL:ThoroughfareName></xAL:Thoroughfare></xAL:Locality>"
        "</xAL:Country></xAL:AddressDetails></xalAddress></Address></bldg:address>"
    )


@pytest.fixture
def read(tmp_path):
    def read(text, **wanted):
        path = tmp_path / "tile.gml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        [batch] = citygml.read(path, Wanted(**wanted))
        return batch

    return read


@pytest.fixture
def refused(tmp_path):
    def refused(text):
        path = tmp_path / "tile.gml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        with pytest.raises(BadFile) as error:
            list(citygml.read(path, Wanted()))
        return str(error.value)

    return refused


def test_a_house_has_a_footprint_a_height_and_a_roof(read):
    batch = read(model(building("house", height(8.0), "<bldg:roofType>3100</bldg:roofType>", gable())))
    assert batch.layer == "buildings" and batch.uids == ["house"] and batch.crs.to_epsg() == 25832
    assert batch.shapes[0].equals(shapely.box(EAST, NORTH, EAST + 10, NORTH + 10))
    found = {name: values[0] for name, values in batch.fields.items()}
    assert (found["height"], found["eaves_height"], found["base_height"]) == (8.0, 3.0, 150.0)
    assert (found["roof_type"], found["roof_pitch"], found["surface_kinds"]) == ("3100", 45.0, "GRR")
    assert batch.estimated == [None]


@pytest.mark.parametrize("edition", ["1.0", "2.0", "3.0"])
def test_all_editions_are_read(read, edition):
    gml = "http://www.opengis.net/gml/3.2" if edition == "3.0" else "http://www.opengis.net/gml"
    assert read(model(building("house", block()), edition=edition, gml=gml)).uids == ["house"]


def test_a_height_that_is_not_stated_is_taken_from_the_surfaces_and_says_so(read):
    batch = read(
        model(building("house", block(height=6.0)), building("unknown", height(-9999), block(x=20, height=4.0)))
    )
    assert batch.fields["height"] == [6.0, 4.0]
    assert batch.estimated == ["height: highest less lowest point of its surfaces"] * 2


def test_parts_make_one_building_as_tall_as_the_tallest_above_the_lowest_ground(read):
    uphill = part(height(9.0), "<bldg:roofType>3100</bldg:roofType>", block(x=10, z=GROUND + 2, side=20, height=9.0))
    downhill = part(height(5.0), "<bldg:roofType>1000</bldg:roofType>", block(height=5.0))
    batch = read(model(building("hall", "<bldg:function>31001_2100</bldg:function>", downhill, uphill)))
    assert len(batch) == 1 and batch.fields["parts"] == [2]
    assert batch.fields["height"] == [11.0] and batch.fields["base_height"] == [150.0]
    assert batch.shapes[0].area == 500 and batch.shapes[0].geom_type == "Polygon"
    assert batch.fields["roof_type"] == ["3100"]  # of the larger part
    assert batch.fields["surface_kinds"] == ["GWWWWRGWWWWR"]


def test_a_courtyard_stays_open(read):
    yard = surface("Ground", polygon(square(side=30), square(x=10, y=10)[::-1]))
    batch = read(model(building("block", yard, surface("Roof", polygon(square(z=160, side=30))))))
    assert batch.shapes[0].area == 800 and len(batch.shapes[0].interiors) == 1


def test_points_may_come_one_by_one_and_rings_unclosed(read):
    positions = "".join(f"<gml:pos>{x} {y} {z}</gml:pos>" for x, y, z in square()[:-1])
    ground = f"<gml:Polygon><gml:exterior><gml:LinearRing>{positions}</gml:LinearRing></gml:exterior></gml:Polygon>"
    batch = read(model(building("house", surface("Ground", ground), surface("Roof", polygon(square(z=155))))))
    assert batch.shapes[0].area == 100
    assert [len(face.exterior.coords) for face in shapely.from_wkb(batch.surfaces[0]).geoms] == [5, 5]


def test_line_breaks_between_coordinates_do_no_harm(read):
    text = model(building("house", block())).replace(f" {NORTH} ", f"\n   {NORTH}\t")
    assert read(text).shapes[0].area == 100


def test_a_solid_that_only_refers_to_its_walls_is_not_counted_twice(read):
    named = surface("Ground", polygon(square(), name="p1")) + surface("Roof", polygon(square(z=156), name="p2"))
    links = '<gml:surfaceMember xlink:href="#p1"/><gml:surfaceMember xlink:href="#p2"/>'
    shell = f"<gml:exterior><gml:CompositeSurface>{links}</gml:CompositeSurface></gml:exterior>"
    batch = read(model(building("house", f"<bldg:lod2Solid><gml:Solid>{shell}</gml:Solid></bldg:lod2Solid>", named)))
    assert batch.fields["surface_kinds"] == ["GR"]


def test_walls_that_only_refer_to_the_solid_keep_their_names(read):
    floor, walls, roof = box()
    drawn = solid(*(polygon(one, name=f"p{i}") for i, one in enumerate([roof, *walls, floor])))

    def linked(kind, *names):
        members = "".join(f'<gml:surfaceMember xlink:href="#{name}"/>' for name in names)
        shape = f"<bldg:lod2MultiSurface><gml:MultiSurface>{members}</gml:MultiSurface></bldg:lod2MultiSurface>"
        return f"<bldg:boundedBy><bldg:{kind}Surface>{shape}</bldg:{kind}Surface></bldg:boundedBy>"

    named = linked("Roof", "p0") + linked("Wall", "p1", "p2", "p3") + linked("Closure", "p4") + linked("Ground", "p5")
    assert read(model(building("house", drawn, named))).fields["surface_kinds"] == ["RWWWCG"]


def test_a_block_model_tells_floor_walls_and_roof_from_how_they_lie(read):
    floor, walls, roof = box(height=7.0)
    batch = read(model(building("house", height(7.0), solid(*(polygon(one) for one in [roof, *walls, floor]), lod=1))))
    assert batch.fields["surface_kinds"] == ["RWWWWG"] and batch.shapes[0].area == 100
    assert batch.fields["roof_pitch"] == batch.fields["eaves_height"] == [None]  # a block model does not know


def test_roofs_stand_in_for_a_ground_that_is_missing(read):
    batch = read(model(building("canopy", surface("Roof", polygon(square(z=153))))))
    assert batch.shapes[0].area == 100 and batch.fields["height"] == [None]


def test_of_two_levels_of_detail_the_finer_is_drawn(read):
    floor, walls, roof = box(side=12)
    rough = solid(*(polygon(one) for one in [roof, *walls, floor]), lod=1)
    batch = read(model(building("house", rough, gable()), building("in parts", rough, part(gable()))))
    assert batch.fields["surface_kinds"] == ["GRR", "GRR"] and [shape.area for shape in batch.shapes] == [100, 100]


def test_several_addresses_stand_beside_each_other(read):
    home = building("house", block(), address("Wasserstraße", 3), address("Am Markt", 1, 2), address("Wasserstraße", 3))
    assert read(model(home)).fields["address"] == ["Wasserstraße 3; Am Markt 1 2"]


def test_functions_are_written_in_one_way(read):
    functions = ["31001_1010", "2463", "51009_1610", "31001_9998", "Scheune"]
    members = [
        building(f"b{i}", f"<bldg:function>{function}</bldg:function>", block(x=20 * i))
        for i, function in enumerate(functions)
    ]
    batch = read(model(*members))
    assert batch.fields["function"] == ["31001_1010", "31001_2463", "51009_1610", "31001_9998", "Scheune"]
    assert batch.fields["use"] == ["residential", "garage", "other", None, None]


def test_storeys_and_year_are_read_and_zero_is_not_known(read):
    old = "<bldg:yearOfConstruction>1898</bldg:yearOfConstruction><bldg:storeysAboveGround>3</bldg:storeysAboveGround>"
    none = "<bldg:yearOfConstruction>0000</bldg:yearOfConstruction><bldg:storeysAboveGround>0</bldg:storeysAboveGround>"
    batch = read(model(building("old", old, block()), building("unknown", none, block(x=20))))
    assert batch.fields["year"] == [1898, None] and batch.fields["storeys"] == [3, None]


@pytest.mark.parametrize(
    ("srs", "code"),
    [
        (UTM32, 25832),
        ("urn:ogc:def:crs:EPSG::25832", 25832),
        ("urn:ogc:def:crs,crs:EPSG::25832,crs:EPSG::5783", 25832),
        ("EPSG:25832", 25832),
        ("http://www.opengis.net/def/crs/EPSG/0/5555", 25832),
    ],
)
def test_each_office_names_the_projection_in_its_own_way(read, srs, code):
    assert read(model(building("house", block()), srs=srs)).crs.to_epsg() == code


def test_a_projection_may_stand_at_each_building(read):
    own = '<gml:boundedBy><gml:Envelope srsName="urn:ogc:def:crs:EPSG::25832"/></gml:boundedBy>'
    assert read(model(building("house", own, block()), srs=None)).crs.to_epsg() == 25832


def test_buildings_in_two_projections_end_up_in_one(read):
    there = '<gml:boundedBy><gml:Envelope srsName="EPSG:25833"/></gml:boundedBy>'
    batch = read(model(building("here", block()), building("there", there, block(x=-420_000))))
    assert batch.crs.to_epsg() == 25832 and batch.shapes[1].centroid.x == pytest.approx(678_600, abs=3_000)
    assert batch.shapes[1].area == pytest.approx(100, rel=0.01)


def test_a_projection_that_is_not_named_is_not_guessed(read):
    assert read(model(building("house", block()), srs=None)).crs is None
    assert read(model(building("house", block()), srs=None), crs=CRS(25833)).crs.to_epsg() == 25833


def test_an_unknown_projection_is_asked_about(refused):
    message = refused(model(building("house", block()), srs="urn:ogc:def:crs:EPSG::99999"))
    assert "99999" in message and "--crs" in message


def test_the_zone_number_before_the_easting_is_taken_off(read):
    text = model(building("house", block())).replace("680000.0", "32680000.0").replace("680010.0", "32680010.0")
    assert read(text).shapes[0].bounds == (EAST, NORTH, EAST + 10, NORTH + 10)


def test_degrees_are_measured_in_metres(read):
    x, y = 12.1357, 51.0480
    a, b = 10 / 70_000, 10 / 111_250
    floor = [(y, x, GROUND), (y + b, x, GROUND), (y + b, x + a, GROUND), (y, x + a, GROUND), (y, x, GROUND)]
    steep = [(y, x, 150), (y + b, x, 150), (y + b, x + a, 160), (y, x + a, 160), (y, x, 150)]
    home = building("house", surface("Ground", polygon(floor)), surface("Roof", polygon(steep)))
    batch = read(model(home, srs="urn:ogc:def:crs:EPSG::4326"))
    assert batch.shapes[0].bounds == pytest.approx((x, y, x + a, y + b), abs=1e-7)
    assert batch.fields["roof_pitch"][0] == pytest.approx(45, abs=1)
    assert shapely.get_coordinates(shapely.from_wkb(batch.surfaces[0])).min(axis=0) == pytest.approx((x, y), abs=1e-7)


def test_flat_outlines_have_no_height_and_no_walls(read):
    numbers = " ".join(f"{x} {y}" for x, y, _ in square())
    outline = f'<gml:LinearRing><gml:posList srsDimension="2">{numbers}</gml:posList></gml:LinearRing>'
    flat = f"<gml:Polygon><gml:exterior>{outline}</gml:exterior></gml:Polygon>"
    shape = f"<gml:MultiSurface><gml:surfaceMember>{flat}</gml:surfaceMember></gml:MultiSurface>"
    batch = read(model(building("house", f"<bldg:lod0FootPrint>{shape}</bldg:lod0FootPrint>")))
    assert batch.shapes[0].area == 100 and batch.surfaces[0] is None
    assert batch.fields["height"] == batch.fields["base_height"] == [None]


def test_a_building_without_any_geometry_is_left_out_by_name(read):
    batch = read(model(building("ghost", height(5.0)), building("house", block())))
    assert batch.uids == ["house"]
    assert [left.where for left in batch.left_out] == ["ghost"] and "no footprint" in batch.left_out[0].reason


def test_a_building_with_broken_coordinates_is_left_out_and_the_others_stay(read):
    text = model(building("broken", block()), building("house", block(x=20)))
    text = text.replace("680000.0 5660000.0 150.0", "680000.0 fünf 150.0", 1)
    batch = read(text)
    assert batch.uids == ["house"]
    assert batch.left_out[0].where == "broken" and "fünf" in batch.left_out[0].reason


def test_what_is_no_building_is_said(read):
    bridge = '<bldg:Bridge gml:id="bridge-1"/>'
    batch = read(model(building("house", block()), bridge))
    assert [(left.where, left.reason.split()[1]) for left in batch.left_out] == [("bridge-1", "Bridge")]


def test_a_file_without_buildings_says_what_is_in_it(refused):
    assert "LandUse" in refused(model('<bldg:LandUse gml:id="x"/>'))
    assert "there is no building" in refused(model())


def test_a_house_without_id_is_known_again_by_where_it_stands(read):
    text = model("<bldg:Building>" + block() + "</bldg:Building>")
    first, again = read(text), read(text)
    assert first.uids == again.uids and first.uids[0].startswith("at-")


def test_a_file_that_is_cut_off_names_the_line_and_the_remedy(refused):
    text = model(building("house", block()), building("shed", block(x=20)))
    message = refused(text[: len(text) - 400])
    assert "cut off after line" in message and "ask for it again" in message


def test_broken_xml_names_line_and_column(refused):
    message = refused(model(building("house", block())).replace("</bldg:Building>", "</bldg:Bilding>"))
    assert "line 7, column" in message and "not sound XML" in message


LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY secret SYSTEM "file:///etc/hostname">]>'


@pytest.mark.parametrize(("prolog", "entity"), [(LAUGHS, "&c;"), (OUTSIDE, "&secret;")])
def test_entities_are_refused(refused, prolog, entity):
    named = building("house", f"<gml:name>{entity}</gml:name>", block())
    assert "DOCTYPE" in refused(model(named, prolog=prolog))


def test_a_million_laughs_in_an_attribute_end_quickly(refused):
    deep = "".join(f'<!ENTITY e{i} "{f"&e{i - 1};" * 10}">' for i in range(1, 12))
    prolog = f'<!DOCTYPE x [<!ENTITY e0 "ha">{deep}]>'
    assert refused(model(building("&e11;", block()), prolog=prolog))


def test_a_gzipped_file_is_read_as_it_is(tmp_path):
    path = tmp_path / "tile.gml.gz"
    path.write_bytes(gzip.compress(model(building("house", block())).encode()))
    [batch] = citygml.read(path, Wanted())
    assert batch.uids == ["house"] and citygml.survey(path, Wanted()).layers == {"buildings": None}


def test_a_gzipped_file_that_unpacks_without_end_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(unpacking, "MOST_UNPACKED", 1 << 20)
    path = tmp_path / "bomb.gml.gz"
    head = model(building("house", block())).removesuffix("</CityModel>\n").encode()
    path.write_bytes(gzip.compress(head + b" " * (4 << 20)))
    with pytest.raises(BadFile, match="zip bomb"):
        list(citygml.read(path, Wanted()))


def test_a_damaged_gzip_is_refused(tmp_path):
    path = tmp_path / "tile.gml.gz"
    path.write_bytes(gzip.compress(model(building("house", block())).encode())[:-30])
    with pytest.raises(BadFile, match="cannot be unpacked"):
        list(citygml.read(path, Wanted()))


def test_a_large_file_is_handed_over_in_pieces_and_forgotten(tmp_path, monkeypatch):
    monkeypatch.setattr(citygml, "RINGS_AT_ONCE", 600)
    path = tmp_path / "town.gml"
    path.write_text(model(*(building(f"b{i}", block(x=20 * i)) for i in range(1000))))
    tracemalloc.start()
    sizes = [len(batch) for batch in citygml.read(path, Wanted())]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert sum(sizes) == 1000 and max(sizes) == 100 and peak < 3e6


def test_a_batch_travels_between_processes(read):
    batch = pickle.loads(pickle.dumps(read(model(building("house", gable())))))  # noqa: S301
    assert batch.shapes[0].area == 100 and batch.crs.to_epsg() == 25832 and isinstance(batch.surfaces[0], bytes)


def test_other_xml_is_not_taken_for_a_city():
    assert citygml.recognises(None, model(building("house")).encode())
    assert not citygml.recognises(None, b"<html>CityModel</html>")
    assert not citygml.recognises(None, b'<xplan:XPlanAuszug xmlns:xplan="http://www.xplanung.de/xplangml/6/0"/>')


def test_walls_and_roofs_keep_their_order_and_place(read):
    batch = read(model(building("a", block()), building("b", block(x=20, height=3.0))))
    tops = [shapely.get_coordinates(shapely.from_wkb(one), include_z=True)[:, 2].max() for one in batch.surfaces]
    assert tops == [156.0, 153.0] and batch.fields["surface_kinds"] == ["GWWWWR"] * 2
    assert np.all(shapely.get_type_id(shapely.from_wkb(batch.surfaces)) == 6)
