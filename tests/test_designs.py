"""Designs that were drawn elsewhere come into the city."""

import ast
import importlib.util
import json
import zipfile
from pathlib import Path

import numpy as np
import pytest
import shapely
from pyproj import CRS
from shapely.geometry import LineString, Point, Polygon, box, mapping

import layers.reading
from scenarios.designs import changes_of, fit, preview
from scenarios.designs.reading import read_design
from scenarios.designs.said import in_both
from scenarios.forms import build
from tests.conftest import missing
from tests.hamlet import EAST, NORTH, new_city
from twin.errors import BadFile, BadShape
from twin.projection import to_lonlat


def read(path, **wanted):
    return read_design(path, new_city(), **wanted)


def geojson(path, *features, **more):
    told = [{"type": "Feature", "geometry": mapping(shape), "properties": fields} for shape, fields in features]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": told, **more}), encoding="utf-8")
    return path


HOUSE = box(EAST + 100, NORTH + 40, EAST + 112, NORTH + 48)


def test_a_geojson_lies_where_its_degrees_say(tmp_path):
    path = geojson(tmp_path / "entwurf.geojson", (to_lonlat(HOUSE, 25832), {"geschosse": 3, "name": "Haus A"}))
    design = read(path)
    (house,) = design.pieces
    assert design.placed
    assert house.layer == "buildings"
    assert house.fields == {"storeys": 3, "name": "Haus A"}
    assert house.shape.equals_exact(HOUSE, 0.01)


def test_what_is_drawn_in_metres_of_its_own_is_put_on_the_map(tmp_path):
    path = geojson(tmp_path / "entwurf.geojson", (box(0, 0, 60, 12), {"storeys": 4}), (box(0, 30, 60, 42), {}))
    design = read(path)
    assert not design.placed
    assert "no degrees" in design.messages[0].en
    with pytest.raises(BadShape, match="Put it on the map first"):
        changes_of(design)
    placed = fit(design, (EAST + 50, NORTH + 50), angle=90)
    assert placed.bounds == pytest.approx((EAST + 29, NORTH + 20, EAST + 71, NORTH + 80))
    slab, low = changes_of(placed, lambda shape: 12.5)
    assert (slab.verb, slab.layer, slab.uid, slab.seen) == ("place", "buildings", None, None)
    assert (slab.fields["storeys"], slab.fields["height"], slab.fields["base_height"]) == (4, 12.0, 12.5)
    assert slab.fields["surface_kinds"] == "GWWWWR"
    assert low.fields["storeys"] == 1


def test_a_design_is_scaled_with_all_its_heights(tmp_path):
    path = geojson(tmp_path / "millimetres.geojson", (box(0, 0, 60_000, 12_000), {"height": 9000.0, "storeys": 3}))
    design = fit(read(path), (EAST, NORTH), scale=0.001)
    (deed,) = changes_of(design)
    assert deed.shape.area == pytest.approx(720)
    assert (deed.fields["height"], deed.fields["storey_height"]) == (9.0, 3.0)
    with pytest.raises(BadShape, match="scale"):
        fit(design, scale=0)
    with pytest.raises(BadShape, match="are numbers"):
        fit(design, (float("nan"), 0.0))


def test_a_preview_shows_degrees_once_the_design_has_a_place(tmp_path):
    design = read(geojson(tmp_path / "entwurf.geojson", (box(0, 0, 60, 12), {"storeys": 4})))
    shown = preview(design, 25832)
    assert (shown["placed"], shown["bounds"]) == (False, [-30, -6, 30, 6])
    shown = preview(fit(design, (EAST, NORTH)), 25832)
    assert shown["placed"]
    assert shown["bounds"][0] == pytest.approx(9.0, abs=0.01)
    assert shown["features"][0]["properties"] == {"layer": "buildings", "solid": False, "storeys": 4}


def test_a_design_for_another_town_keeps_its_size(tmp_path):
    there = box(7.4200, 43.7300, 7.4210, 43.7305)
    design = read(geojson(tmp_path / "monaco.geojson", (there, {})))
    assert not design.placed
    west, south, east, north = design.bounds
    assert (east - west, north - south) == pytest.approx((80.6, 55.6), abs=2)


def test_a_geopackage_brings_buildings_trees_and_streets(tmp_path):
    from pyogrio.raw import write

    path = tmp_path / "entwurf.gpkg"
    for name, kind, shape, column in (
        ("gebaeude", "Polygon", HOUSE, ("geschosse", np.array([5], "int32"))),
        ("baeume", "Point", Point(EAST, NORTH), ("baumart", np.array(["Linde"], object))),
        (
            "strassen",
            "LineString",
            LineString([(EAST, NORTH), (EAST + 50, NORTH)]),
            ("name", np.array(["Weg"], object)),
        ),
    ):
        write(
            path, np.array([shapely.to_wkb(shape)], object), [column[1]], [column[0]],
            layer=name, geometry_type=kind, crs="EPSG:25832", driver="GPKG", append=path.exists(),
        )  # fmt: skip
    design = read(path)
    assert design.placed
    assert sorted(piece.layer for piece in design.pieces) == ["buildings", "streets", "trees"]
    deeds = {deed.layer: deed for deed in changes_of(design)}
    assert deeds["trees"].fields == {"species": "Linde"}
    assert deeds["buildings"].fields["height"] == 15.0


def test_closed_lines_of_a_drawing_become_buildings(tmp_path):
    ezdxf = pytest.importorskip("ezdxf") if importlib.util.find_spec("ezdxf") else missing("ezdxf is not installed")
    drawing = ezdxf.new("R2010")
    space = drawing.modelspace()
    space.add_lwpolyline([(0, 0), (40, 0), (40, 12), (0, 12)], close=True, dxfattribs={"layer": "NEUBAU"})
    space.add_lwpolyline([(0, 30), (30, 30)], dxfattribs={"layer": "MASSE"})
    space.add_text("Haus 1", dxfattribs={"layer": "TEXT"})
    drawing.saveas(tmp_path / "lageplan.dxf")
    design = read(tmp_path / "lageplan.dxf")
    assert [piece.shape.area for piece in design.pieces] == [480]
    assert not design.placed
    assert any("not an area" in message.en for message in design.messages)


def test_a_drawing_in_the_citys_metres_is_recognised(tmp_path):
    ezdxf = pytest.importorskip("ezdxf") if importlib.util.find_spec("ezdxf") else missing("ezdxf is not installed")
    drawing = ezdxf.new("R2010")
    corners = shapely.get_coordinates(HOUSE)[:-1].tolist()
    drawing.modelspace().add_lwpolyline(corners, close=True, dxfattribs={"layer": "NEUBAU"})
    drawing.saveas(tmp_path / "lageplan.dxf")
    design = read(tmp_path / "lageplan.dxf")
    assert design.placed
    assert design.pieces[0].shape.equals_exact(HOUSE, 0.01)


def cityjson(path, shape, ground, reference=None):
    solid = shapely.from_wkb(build(shape, 2, 3.0, "gable", 45, ground=ground).surfaces)
    vertices, faces = [], []
    for polygon in solid.geoms:
        points = shapely.get_coordinates(polygon, include_z=True)[:-1].tolist()
        faces.append([list(range(len(vertices), len(vertices) + len(points)))])
        vertices += points
    body = {"type": "Solid", "lod": "2", "boundaries": [faces]}
    told = {
        "type": "CityJSON", "version": "1.1", "vertices": [[round(v * 1000) for v in vertex] for vertex in vertices],
        "transform": {"scale": [0.001] * 3, "translate": [0, 0, 0]},
        "CityObjects": {"a": {"type": "Building", "attributes": {"storeysAboveGround": 2}, "geometry": [body]}},
    }  # fmt: skip
    if reference:
        told["metadata"] = {"referenceSystem": f"https://www.opengis.net/def/crs/EPSG/0/{reference}"}
    path.write_text(json.dumps(told), encoding="utf-8")
    return path


def test_a_cityjson_keeps_its_roof_and_stands_on_the_ground_of_the_city(tmp_path):
    design = read(cityjson(tmp_path / "haus.city.json", HOUSE, 99.0, 25832))
    assert design.placed
    (deed,) = changes_of(design, lambda shape: 12.5)
    heights = shapely.get_coordinates(shapely.from_wkb(deed.fields["surfaces"]), include_z=True)[:, 2]
    assert (heights.min(), heights.max()) == pytest.approx((12.5, 22.5))
    assert sorted(deed.fields["surface_kinds"]) == ["G", "R", "R", "W", "W", "W", "W"]
    assert (deed.fields["height"], deed.fields["storeys"], deed.fields["base_height"]) == (10.0, 2, 12.5)


def test_a_cityjson_without_a_place_is_turned_with_its_roof(tmp_path):
    design = read(cityjson(tmp_path / "haus.city.json", box(0, 0, 12, 8), 0.0))
    assert not design.placed
    placed = fit(design, (EAST, NORTH), angle=90)
    (piece,) = placed.pieces
    assert piece.surfaces.bounds == pytest.approx((EAST - 4, NORTH - 6, EAST + 4, NORTH + 6))
    assert piece.shape.bounds == pytest.approx(piece.surfaces.bounds)


@pytest.fixture
def model(tmp_path):
    """Writes an IFC model of a house of 12 by 8 m with three storeys; returns its path."""
    if importlib.util.find_spec("ifcopenshell") is None:
        missing("ifcopenshell is not installed")
    from ifcopenshell.api import aggregate, context, geometry, georeference, project, root, spatial, unit

    def write(conversion=None, site_at=None, millimetres=False, floors=(0.0, 3.0, 6.0)):
        file = project.create_file(version="IFC4")
        whole = root.create_entity(file, ifc_class="IfcProject", name="Entwurf")
        unit.assign_unit(file, length={"is_metric": True, "raw": "MILLIMETERS" if millimetres else "METERS"})
        model = context.add_context(file, context_type="Model")
        body = context.add_context(
            file, context_type="Model", context_identifier="Body", target_view="MODEL_VIEW", parent=model
        )
        if conversion:
            georeference.add_georeferencing(file)
            georeference.edit_georeferencing(
                file, projected_crs={"Name": "EPSG:25832"}, coordinate_operation=conversion
            )
        site = root.create_entity(file, ifc_class="IfcSite")
        if site_at:
            site.RefLongitude, site.RefLatitude = site_at
        building = root.create_entity(file, ifc_class="IfcBuilding", name="Haus A")
        aggregate.assign_object(file, products=[site], relating_object=whole)
        aggregate.assign_object(file, products=[building], relating_object=site)
        for floor in floors:
            storey = root.create_entity(file, ifc_class="IfcBuildingStorey", name=f"{floor:g}")
            storey.Elevation = floor * (1000 if millimetres else 1)
            aggregate.assign_object(file, products=[storey], relating_object=building)
            for x, y, turned, length in ((0, 0, 0, 12), (12, 0, 90, 8), (12, 8, 180, 12), (0, 8, 270, 8)):
                wall = root.create_entity(file, ifc_class="IfcWall")
                form = geometry.add_wall_representation(file, context=body, length=length, height=3.0, thickness=0.3)
                geometry.assign_representation(file, product=wall, representation=form)
                cos, sin = np.cos(np.radians(turned)), np.sin(np.radians(turned))
                matrix = np.array([[cos, -sin, 0, x], [sin, cos, 0, y], [0, 0, 1, floor], [0, 0, 0, 1]])
                geometry.edit_object_placement(file, product=wall, matrix=matrix, is_si=True)
                spatial.assign_container(file, products=[wall], relating_structure=storey)
        path = tmp_path / "entwurf.ifc"
        file.write(str(path))
        return path

    return write


@pytest.mark.parametrize("millimetres", [False, True])
def test_an_ifc_model_brings_footprint_storeys_and_height(model, millimetres):
    design = read(model(millimetres=millimetres))
    assert not design.placed
    (house,) = design.pieces
    assert house.shape.area == pytest.approx(96)
    assert house.fields == {"name": "Haus A", "storeys": 3, "storey_height": 3.0, "height": 9.0}
    (deed,) = changes_of(fit(design, (EAST, NORTH), 30))
    assert deed.fields["surface_kinds"] == "GWWWWR"


def test_a_cellar_is_no_storey_above_ground(model):
    (house,) = read(model(floors=(-3.0, 0.0, 3.0))).pieces
    assert (house.fields["storeys"], house.fields["height"]) == (2, 6.0)


def test_an_ifc_model_lies_where_its_map_conversion_says(model):
    conversion = {
        "Eastings": EAST + 100, "Northings": NORTH + 50, "OrthogonalHeight": 12.0,
        "XAxisAbscissa": 0.0, "XAxisOrdinate": 1.0,
    }  # fmt: skip
    design = read(model(conversion))
    assert design.placed
    assert design.bounds == pytest.approx((EAST + 92, NORTH + 50, EAST + 100, NORTH + 62), abs=0.01)


def test_an_ifc_model_lies_near_the_coordinates_of_its_site(model):
    design = read(model(site_at=((9, 0, 0, 0), (53, 30, 0, 0))))
    assert design.placed
    assert "check it" in design.messages[0].en
    assert Point(EAST, NORTH).distance(design.pieces[0].shape) < 3000


def test_an_ifc_model_that_says_it_is_far_away_is_put_on_the_map(model):
    design = read(model(site_at=((-71, -2, -28, 0), (42, 21, 31, 0))))
    assert not design.placed
    assert "km from the city" in design.messages[0].en


def test_a_broken_ifc_file_is_refused(model, tmp_path):
    path = model()
    path.write_bytes(path.read_bytes()[:1500])
    with pytest.raises(BadFile, match=r"damaged or cut off|nothing in it"):
        read(path)
    path.write_text("<ifcXML/>", encoding="utf-8")
    with pytest.raises(BadFile, match="no IFC file"):
        read(path)


def test_without_its_library_a_sentence_says_how_ifc_is_read(tmp_path, monkeypatch):
    (tmp_path / "a.ifc").write_text("ISO-10303-21;", encoding="utf-8")
    monkeypatch.setattr("scenarios.designs.ifc.find_spec", lambda name: None)
    with pytest.raises(BadFile, match=r"twin\[ifc\]"):
        read(tmp_path / "a.ifc")


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.pdf", b"%PDF", "reads no designs from .pdf"),
        ("a", b"", "a file without an ending"),
        ("a.geojson", b"{", "content is not what its name says"),
        ("a.geojson", b"", "empty"),
        ("a.dxf", b"0\nSECTION\n2\nENTITIES\n0\nENDSEC\n0\nEOF\n", "nothing|no layer"),
        ("a.gpkg", b"SQLite format 3\0" + bytes(200), "GeoPackage"),
        ("a.zip", b"PK\3\4 nothing", "damaged"),
        ("a.json", b'{"type": "CityJSON", "version": "1.1", "CityObjects": 3, "vertices": []}', "."),
    ],
)
def test_a_broken_file_is_told_by_a_sentence(tmp_path, name, content, told):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(BadFile, match=told):
        read(tmp_path / name)


def test_an_archive_that_would_fill_the_disk_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.geojson", b" " * (250 << 20))
    with pytest.raises(BadFile, match="too large"):
        read(tmp_path / "bomb.zip")
    with zipfile.ZipFile(tmp_path / "in.zip", "w") as archive:
        archive.write(tmp_path / "bomb.zip", "bomb.zip")
    with pytest.raises(BadFile):
        read(tmp_path / "in.zip")


def test_an_archive_may_hold_a_design(tmp_path):
    path = geojson(tmp_path / "entwurf.geojson", (to_lonlat(HOUSE, 25832), {"storeys": 3}))
    with zipfile.ZipFile(tmp_path / "entwurf.zip", "w") as archive:
        archive.write(path, "entwurf.geojson")
        archive.writestr("liesmich.txt", "Entwurf für den Kai")
    assert len(read(tmp_path / "entwurf.zip").pieces) == 1


def test_only_areas_that_do_not_cross_themselves_are_taken(tmp_path):
    bow = Polygon([(0, 0), (10, 10), (10, 0), (0, 10)])
    path = geojson(tmp_path / "a.geojson", (box(0, 0, 60, 12), {}), (bow, {}), (Point(3, 3), {}))
    design = read(path)
    assert len(design.pieces) == 1
    told = " ".join(message.en for message in design.messages)
    assert "crosses itself" in told and "it is a point" in told


def test_a_projection_may_be_said_beside_the_file(tmp_path):
    path = geojson(tmp_path / "a.geojson", (HOUSE, {}))
    design = read(path, crs=CRS(25832))
    assert design.placed and design.pieces[0].shape.equals_exact(HOUSE, 0.01)


def test_a_design_of_too_many_pieces_is_refused(tmp_path):
    path = geojson(tmp_path / "a.geojson", *((box(i, 0, i + 0.9, 2), {}) for i in range(2_500)))
    with pytest.raises(BadFile, match="at most 2,000"):
        read(path)


def test_metres_of_the_city_are_recognised_where_a_geojson_should_hold_degrees(tmp_path):
    design = read(geojson(tmp_path / "a.geojson", (HOUSE, {})))
    assert design.placed and design.pieces[0].shape.equals_exact(HOUSE, 0.01)


READERS = (
    "recognise", "vector", "gdal", "drawing", "cityjson", "cityjson_pages", "citygml", "citygml_walk", "buildings3d",
    "unpacking", "crs_names",
)  # fmt: skip


def sentences_of(node):
    """Every sentence that stands in a reader's code, with something in the place of what differs."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return  # what the code says of itself
    if isinstance(node, ast.Constant | ast.JoinedStr):
        sentence = written(node)
        if " " in sentence and sentence.endswith((".", "?")) and "\\" not in sentence:
            yield sentence
    else:
        for child in ast.iter_child_nodes(node):
            yield from sentences_of(child)


def written(node):
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    ring = "a ring has 7 numbers, which is no multiple of 3"
    named = {"where": "line 7: ", "place": "line 7, column 3: ", "reason": ring}
    return "".join(
        part.value if isinstance(part, ast.Constant) else named.get(getattr(part.value, "id", ""), "7")
        for part in node.values
    )


@pytest.mark.parametrize("reader", READERS)
def test_what_a_reader_may_say_of_a_design_is_said_in_german(reader):
    code = (Path(layers.reading.__path__[0]) / f"{reader}.py").read_text("utf-8")
    found = list(sentences_of(ast.parse(code)))
    assert found or reader == "drawing"
    unknown = [one for one in found if all("englische" in in_both(told).de for told in (one, f"a 7: {one}"))]
    assert unknown == []


def test_what_differs_in_a_sentence_is_in_it_in_both_languages():
    told = in_both("the GeoPackage is cut off: 1,024 of 98,304 bytes are there. Copy or export it again.")
    assert told.de.startswith("Das GeoPackage ist abgeschnitten: 1.024 von 98.304 Bytes sind da. Bitte noch einmal")
    assert told.en.startswith("the GeoPackage is cut off: 1,024 of")
    told = in_both("its projection, “EPSG:1”, is not known. Say which it is: --crs 25832, for example.")
    assert "„EPSG:1“" in told.de and "--crs" not in f"{told.de}{told.en}" and "form" in told.en
    assert in_both("the moon is full").de == "Das lässt sich so nicht lesen (englische Meldung: the moon is full)"
