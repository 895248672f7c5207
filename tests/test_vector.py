"""Files of every GIS: what is recognised, which field a column is, who a feature is, and what a bad file is told."""

import datetime as dt
import json
import sqlite3
import struct
import zipfile

import numpy as np
import pytest
import shapely
from pyogrio.raw import write
from pyproj import CRS
from shapely.geometry import box

from layers.reading import gdal, vector
from layers.reading.batch import Wanted
from layers.reading.recognise import HEAD
from twin.city import City
from twin.errors import BadFile
from twin.store import create_store

UTM = "EPSG:25832"
DRIVERS = {
    "gpkg": "GPKG",
    "shp": "ESRI Shapefile",
    "fgb": "FlatGeobuf",
    "geojson": "GeoJSON",
    "kml": "KML",
    "gml": "GML",
}


def squares(count, x=600_000.0, y=5_650_000.0):
    return [box(x + 20 * i, y, x + 20 * i + 10, y + 10) for i in range(count)]


def put(path, shapes, crs=UTM, kind="Polygon", layer=None, append=False, encoding=None, **columns):
    """A file as an office's GIS writes it, by its ending."""
    values = [
        np.array(column, dtype=object) if isinstance(column[0], str | None) else column for column in columns.values()
    ]
    write(
        path,
        shapely.to_wkb(np.array(shapes, dtype=object)),
        [np.asarray(column) for column in values],
        list(columns),
        driver=DRIVERS[path.suffix[1:]],
        crs=crs,
        geometry_type=kind,
        layer=layer,
        append=append,
        encoding=encoding,
    )
    return path


def geojson(path, *features, **members):
    path.write_text(json.dumps({"type": "FeatureCollection", "features": list(features), **members}), encoding="utf-8")
    return path


def at(longitude, latitude, uid=None, **properties):
    point = {"type": "Point", "coordinates": [longitude, latitude]}
    return {"type": "Feature", "geometry": point, "properties": properties} | ({"id": uid} if uid is not None else {})


def read(path, **wanted):
    assert vector.recognises(path, path.read_bytes()[:HEAD])
    return list(vector.read(path, Wanted(**wanted)))


def only(path, **wanted):
    [batch] = read(path, **wanted)
    return batch


def complaint(path, **wanted):
    with pytest.raises(BadFile) as told:
        read(path, **wanted)
    return str(told.value)


# What a file is


@pytest.mark.parametrize("ending", ["gpkg", "shp", "fgb", "geojson", "gml"])
def test_the_same_houses_are_read_from_every_format(tmp_path, ending):
    crs = "EPSG:4326" if ending == "geojson" else UTM
    shapes = squares(3, 12.0, 51.0) if ending == "geojson" else squares(3)
    batch = only(put(tmp_path / f"gebaeude.{ending}", shapes, crs, hoehe=[9.5, 12.0, 6.0], geschosse=[3, 4, 2]))
    assert batch.layer == "buildings" and len(batch) == 3
    rows = zip(batch.fields["height"], batch.fields["storeys"], strict=True)
    assert sorted(rows) == [(6.0, 2), (9.5, 3), (12.0, 4)]  # FlatGeobuf has an order of its own
    assert batch.crs.to_epsg() == int(crs[5:])
    assert shapely.area(batch.shapes) == pytest.approx([100.0] * 3)


@pytest.mark.parametrize(
    ("name", "layer"),
    [
        ("ALKIS_Gebäude_2024", "buildings"),
        ("Leerstand_Gebaeude", "vacancies"),
        ("flurstuecke", "parcels"),
        ("Baublöcke", "blocks"),
        ("B-Plan 12 Am Bahnhof", "zones"),
        ("landuse", "surfaces"),
        ("mask_layer2", "boundary"),
        ("Stadtgrenze", "boundary"),
        ("Solarkataster", "solarkataster"),
    ],
)
def test_a_layer_of_areas_is_known_by_its_name(tmp_path, name, layer):
    assert only(put(tmp_path / "lieferung.gpkg", squares(1), layer=name)).layer == layer


@pytest.mark.parametrize(
    ("name", "shape", "layer"),
    [
        ("Straßenbäume", "POINT (600000 5650000)", "trees"),
        ("haltestellen", "POINT (600000 5650000)", "stops"),
        ("strassen_achsen", "LINESTRING (600000 5650000, 600100 5650000)", "streets"),
        ("strassenlampen", "POINT (600000 5650000)", "strassenlampen"),
        ("flurstuecksgrenzen", "LINESTRING (600000 5650000, 600100 5650000)", "flurstuecksgrenzen"),
        ("baumassnahmen", "POINT (600000 5650000)", "baumassnahmen"),
    ],
)
def test_the_kind_of_shape_tells_trees_from_streets_and_lamps_from_both(tmp_path, name, shape, layer):
    shape = shapely.from_wkt(shape)
    assert only(put(tmp_path / "x.gpkg", [shape], kind=shape.geom_type, layer=name)).layer == layer


def test_a_layer_without_a_telling_name_is_known_by_its_columns(tmp_path):
    batch = only(
        put(tmp_path / "export.shp", squares(2), FLSTKENNZ=["05123400100012", "05123400100013"], NUTZART=["a", "b"])
    )
    assert batch.layer == "parcels"
    assert batch.fields["key"] == ["05123400100012", "05123400100013"] and batch.fields["use"] == ["a", "b"]


def test_what_the_planner_says_overrules_the_name(tmp_path):
    path = put(tmp_path / "gebaeude.gpkg", squares(1), hoehe=[4.0])
    assert only(path, layer="parcels").layer == "parcels"
    batch = only(path, layer="garden_sheds")
    assert batch.layer == "garden_sheds" and batch.fields == {"hoehe": [4.0]}


def test_of_a_file_with_many_layers_only_the_one_asked_for_is_read(tmp_path):
    put(tmp_path / "stadt.gpkg", squares(2), layer="gebaeude")
    path = put(tmp_path / "stadt.gpkg", squares(5), layer="flurstuecke", append=True)
    houses, parcels = read(path)
    assert (houses.layer, len(houses), houses.where[0]) == ("buildings", 2, "gebaeude, row 1")
    assert (parcels.layer, len(parcels), parcels.uids[0]) == ("parcels", 5, "stadt/flurstuecke:1")
    batch = only(path, layer="parcels")
    assert len(batch) == 5 and "not read: gebaeude" in batch.notes[0]


def test_a_survey_says_what_will_come_and_where_it_lies(tmp_path):
    survey = vector.survey(put(tmp_path / "gebaeude.gpkg", squares(3), hoehe=[1.0, 2.0, 3.0]), Wanted())
    assert survey.kind == "GeoPackage" and survey.layers == {"buildings": 3} and survey.crs.to_epsg() == 25832
    west, south, east, north = survey.bounds
    assert 10.4 < west < east < 10.5 and 50.9 < south < north < 51.1


def test_folders_of_a_kml_are_layers_of_their_own(tmp_path):
    place = "<Placemark><name>{}</name><Point><coordinates>12.1,51.0</coordinates></Point></Placemark>"
    folders = [f"<Folder><name>{name}</name>{place.format(name)}</Folder>" for name in ("Bäume", "Ideen")]
    text = f'<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{"".join(folders)}</Document></kml>'
    (tmp_path / "karte.kml").write_text(text, encoding="utf-8")
    with zipfile.ZipFile(tmp_path / "karte.kmz", "w") as archive:
        archive.writestr("doc.kml", text)
    for path in (tmp_path / "karte.kml", tmp_path / "karte.kmz"):
        trees, ideas = read(path)
        assert trees.layer == "trees" and ideas.layer == "ideen"
        assert ideas.fields["Name"] == ["Ideen"] and "tessellate" not in ideas.fields


def test_a_geojson_of_one_feature_a_line_is_read_to_its_end(tmp_path):
    lines = [json.dumps(at(12.0 + i / 100, 51.0, f"t-{i}", baumart="Linde")) for i in range(3)]
    (tmp_path / "baeume.geojsonl").write_text("\n".join(lines), encoding="utf-8")
    batch = only(tmp_path / "baeume.geojsonl")
    assert batch.layer == "trees" and batch.uids == ["t-0", "t-1", "t-2"]


def dxf(*entities):
    pairs = ["0", "SECTION", "2", "ENTITIES", *(str(value) for entity in entities for value in entity), "0", "ENDSEC"]
    return "\n".join([*pairs, "0", "EOF", ""])


def polyline(layer, handle, points, closed):
    start = [
        0,
        "LWPOLYLINE",
        5,
        handle,
        8,
        layer,
        100,
        "AcDbEntity",
        100,
        "AcDbPolyline",
        90,
        len(points),
        70,
        int(closed),
    ]
    return start + [value for x, y in points for value in (10, x, 20, y)]


def test_closed_lines_of_a_drawing_are_areas_of_their_cad_layer(tmp_path):
    square = [(600000, 5650000), (600010, 5650000), (600010, 5650010), (600000, 5650010)]
    text = [0, "TEXT", 5, "A3", 8, "BESCHRIFTUNG", 10, 600000, 20, 5650000, 40, 2.5, 1, "Haus 12"]
    (tmp_path / "plan.dxf").write_text(
        dxf(polyline("GEBAEUDE", "A1", square, True), polyline("LEITUNG", "A2", square, False), text), encoding="utf-8"
    )
    houses, pipes = read(tmp_path / "plan.dxf", crs=CRS(25832))
    assert houses.layer == "buildings" and shapely.area(houses.shapes).tolist() == [100.0]
    assert pipes.layer == "cad_leitung" and pipes.shapes[0].geom_type == "LineString"
    assert houses.uids == ["plan:A1"] and "“Haus 12”" in houses.notes[0]


def test_a_drawing_does_not_say_where_it_lies(tmp_path):
    (tmp_path / "plan.dxf").write_text(dxf(polyline("HAUS", "A1", [(0, 0), (1, 0), (1, 1)], True)), encoding="utf-8")
    assert only(tmp_path / "plan.dxf").crs is None


# Which column is which field


def test_columns_of_the_cadastre_become_fields_and_codes(tmp_path):
    batch = only(
        put(
            tmp_path / "gebaeude.gpkg",
            squares(3),
            gebfkt=["31001_1010", "2463", "Scheune"],
            aog=[2, 1, 1],
            dachform=["Satteldach", "1000", "gabled"],
            baujahr=["1905", "ca. 1960", "unter Otto I."],
            strasse=["Markt", "Markt", "Gasse"],
            hausnr=["3", None, "7a"],
            lagerichtig=["x", "y", "z"],
        )
    )
    assert batch.fields["function"] == ["31001_1010", "31001_2463", "31001_2721"]
    assert batch.fields["storeys"] == [2, 1, 1]
    assert batch.fields["roof_type"] == ["3100", "1000", "3100"]
    assert batch.fields["use"] == ["residential", "garage", "farm"]
    assert batch.fields["year"] == [1905, 1960, None]
    assert batch.estimated == [None, "year: from “ca. 1960”", None]
    assert batch.fields["address"] == ["Markt 3", "Markt", "Gasse 7a"]
    assert "columns not kept: lagerichtig" in batch.notes
    assert any(note.startswith("baujahr: “unter Otto I.”") for note in batch.notes)


def test_german_numbers_in_a_text_column_are_numbers(tmp_path):
    batch = only(
        put(tmp_path / "bebauungsplan.gpkg", squares(3), GRZ=["0,4", "0.6", None], hoehe=["1.234,5 m", "12", "-"])
    )
    assert batch.layer == "zones" and batch.fields["grz"] == [0.4, 0.6, None]
    assert batch.fields["height"] == [1234.5, 12.0, None] and not batch.notes


def test_a_parcel_is_numbered_as_the_land_register_writes_it(tmp_path):
    batch = only(
        put(
            tmp_path / "flurstuecke.gpkg",
            squares(2),
            flstnrzae=[123, 7],
            flstnrnen=["4", None],
            gemarkung=["Zeitz", "Zeitz"],
        )
    )
    assert batch.fields["number"] == ["123/4", "7"] and batch.fields["district"] == ["Zeitz", "Zeitz"]


def test_zones_streets_and_facilities_speak_the_words_of_their_lists(tmp_path):
    zones = only(put(tmp_path / "bplan.gpkg", squares(3), art=["WA 1", "Mischgebiet", "1700"]))
    assert zones.fields["kind"] == ["WA", "MI", "GE"]
    line = shapely.linestrings([(600_000, 5_650_000), (600_100, 5_650_000)])
    streets = only(
        put(tmp_path / "strassen.gpkg", [line] * 2, kind="LineString", fclass=["primary", "Feldweg"], breite=[6.5, 3.0])
    )
    assert streets.fields["kind"] == ["primary", "track"] and streets.fields["width"] == [6.5, 3.0]
    pois = only(
        geojson(tmp_path / "pois.geojson", at(12.0, 51.0, amenity="pharmacy"), at(12.1, 51.0, amenity="library"))
    )
    assert pois.fields["kind"] == ["health", "culture"] and pois.fields["detail"] == ["pharmacy", "library"]


def test_land_whose_sealing_nobody_measured_has_the_usual_share_and_says_so(tmp_path):
    land = only(put(tmp_path / "landuse.gpkg", squares(3), fclass=["meadow", "industrial", "Pflaster"]))
    assert land.fields["kind"] == ["grass", "industrial", "paving"]
    assert land.fields["sealed_percent"] == [None, 80.0, 80.0]
    assert land.estimated[0] is None and "usual share" in land.estimated[1]
    measured = only(put(tmp_path / "surfaces.gpkg", squares(1), art=["paving"], versiegelt=[60.0]))
    assert measured.fields["sealed_percent"] == [60.0] and measured.estimated == [None]


def test_a_layer_that_the_town_brings_keeps_all_its_columns(tmp_path):
    path = geojson(
        tmp_path / "solarkataster.geojson",
        at(12.0, 51.0, ertrag=7.5, seit="2024-01-02", teile=[1, 2], gid=3_000_000_000, ok=True),
        at(12.1, 51.0, ertrag=None, seit=None, teile=None, gid=None, ok=None),
    )
    batch = only(path)
    assert batch.layer == "solarkataster" and batch.titles[""] == "solarkataster"
    assert batch.fields["ertrag"] == [7.5, None] and batch.fields["seit"] == [dt.date(2024, 1, 2), None]
    assert batch.fields["teile"] == ["[1, 2]", None] and batch.fields["gid"] == ["3000000000", None]
    assert batch.fields["ok"] == [True, None]


@pytest.mark.parametrize("name", ["source", "scenario", "city"])
def test_a_brought_layer_takes_no_name_of_the_stores_own_tables(tmp_path, name):
    assert only(geojson(tmp_path / f"{name}.geojson", at(12.0, 51.0))).layer == f"{name}_"


def test_names_and_telephones_of_persons_are_never_taken_in(tmp_path):
    told = {"Eigentuemer": ["Frau K."], "Telefon": ["0123"], "zustand": ["schlecht"]}
    empty = only(put(tmp_path / "leerstand.gpkg", squares(1), **told))
    assert empty.fields == {"condition": ["poor"]}
    own = only(put(tmp_path / "solarkataster.gpkg", squares(1), **told))
    assert own.fields == {"zustand": ["schlecht"]}
    assert own.notes == ["columns not kept, because they tell of persons: Telefon, Eigentuemer"]


# Who a feature is


def test_an_id_of_the_cadastre_is_taken_as_it_is(tmp_path):
    batch = only(put(tmp_path / "gebaeude.shp", squares(2), OBJECTID=[1, 2], gml_id=["DEBW1", "DEBW2"]))
    assert batch.uids == ["DEBW1", "DEBW2"]


def test_bare_numbers_bear_the_name_of_their_file(tmp_path):
    for name in ("nord_gebaeude", "sued_gebaeude"):
        batch = only(put(tmp_path / f"{name}.shp", squares(2), OBJECTID=[1, 2]))
        assert batch.uids == [f"{name}:1", f"{name}:2"]


def test_an_id_that_occurs_twice_is_none(tmp_path):
    assert only(put(tmp_path / "gebaeude.shp", squares(3), OBJECTID=[1, 1, 2])).uids is None


def test_a_geojson_feature_keeps_its_own_id(tmp_path):
    assert only(geojson(tmp_path / "baeume.geojson", at(12.0, 51.0, "t-7"), at(12.1, 51.0, "t-9"))).uids == [
        "t-7",
        "t-9",
    ]
    assert only(geojson(tmp_path / "baeume.geojson", at(12.0, 51.0, 7), at(12.1, 51.0, 9))).uids == [
        "baeume:7",
        "baeume:9",
    ]
    assert only(geojson(tmp_path / "baeume.geojson", at(12.0, 51.0), at(12.1, 51.0))).uids is None


def test_ids_that_a_server_invents_anew_each_time_are_none(tmp_path):
    path = geojson(
        tmp_path / "baeume.geojson", *(at(12.0 + i, 51.0, f"baeume.fid-4c3ab1c2_18f{i:06x}_-7ff{i}") for i in range(3))
    )
    assert only(path).uids is None


# Where it lies


def test_a_geojson_of_the_old_kind_names_its_projection(tmp_path):
    old = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::25833"}}
    assert only(geojson(tmp_path / "baeume.geojson", at(300_000, 5_600_000), crs=old)).crs.to_epsg() == 25833


def test_metres_that_pass_for_degrees_are_refused_with_the_remedy(tmp_path):
    path = geojson(tmp_path / "baeume.geojson", at(600_000, 5_650_000))
    assert "--crs 25832" in complaint(path)
    assert only(path, crs=CRS(25832)).crs.to_epsg() == 25832


def test_one_stray_point_among_many_is_left_out_by_its_place(tmp_path):
    batch = only(geojson(tmp_path / "baeume.geojson", at(12.0, 51.0), at(600_000, 5_650_000), at(12.1, 51.0)))
    assert len(batch) == 2 and [left.where for left in batch.left_out] == ["feature 2"]


def test_a_shapefile_without_a_prj_does_not_say_where_it_lies(tmp_path):
    path = put(tmp_path / "gebaeude.shp", squares(1), a=[1])
    (tmp_path / "gebaeude.prj").unlink()
    assert only(path).crs is None and vector.survey(path, Wanted()).bounds is None


def test_umlauts_are_read_with_and_without_a_cpg(tmp_path):
    for encoding, told in (("UTF-8", 0), ("CP1252", 1)):
        path = put(tmp_path / "bloecke.shp", squares(1), name=["Straße Köln"], encoding=encoding)
        (tmp_path / "bloecke.cpg").unlink(missing_ok=True)
        with (tmp_path / "bloecke.dbf").open("r+b") as table:
            table.seek(29)
            table.write(b"\0")  # the language byte: says nothing
        batch = only(path)
        assert batch.fields["name"] == ["Straße Köln"] and len(batch.notes) == told
    put(tmp_path / "bloecke.shp", squares(1), name=["Straße Köln"], encoding="CP1252")
    (tmp_path / "bloecke.cpg").write_text("1252")
    assert only(tmp_path / "bloecke.shp").fields["name"] == ["Straße Köln"]


def test_windows_text_in_a_file_that_has_to_be_utf8_is_understood_and_said(tmp_path):
    path = put(tmp_path / "bloecke.fgb", squares(1), name=["Stra~e K~ln"])
    path.write_bytes(path.read_bytes().replace(b"Stra~e K~ln", "Straße Köln".encode("cp1252")))
    batch = only(path)
    assert batch.fields["name"] == ["Straße Köln"] and "CP1252" in batch.notes[0]


# What shapes are


def test_heights_in_the_outline_tell_the_ground_and_the_map_stays_flat(tmp_path):
    deep = [shapely.force_3d(shape, z) for shape, z in zip(squares(2), (112.456, 0.0), strict=True)]
    batch = only(put(tmp_path / "gebaeude.gpkg", deep, kind="Polygon Z"))
    assert batch.fields["base_height"] == [112.46, None]
    assert not shapely.has_z(batch.shapes).any()


def test_closed_lines_of_houses_become_outlines(tmp_path):
    ring = shapely.linestrings([(0, 0), (10, 0), (10, 10), (0, 0)])
    batch = only(put(tmp_path / "x.gpkg", [ring], kind="Unknown", a=[1]), layer="buildings")
    assert batch.shapes[0].geom_type == "Polygon"


def test_a_collection_of_areas_is_one_area_and_a_mixed_one_is_left_out(tmp_path):
    areas = shapely.geometrycollections(squares(2))
    mixed = shapely.geometrycollections([*squares(1), shapely.Point(600_000, 5_650_000)])
    batch = only(put(tmp_path / "gebaeude.gpkg", [areas, mixed, *squares(1)], kind="Unknown", a=[1, 2, 3]))
    assert [shape.geom_type for shape in batch.shapes] == ["MultiPolygon", "Polygon"]
    assert [left.where for left in batch.left_out] == ["row 2"]


def test_arcs_become_short_lines(tmp_path):
    circle = struct.pack("<BII", 1, 8, 3) + struct.pack("<6d", 0, 0, 10, 0, 0, 0)
    for declared in ("Unknown", "CURVEPOLYGON"):
        path = tmp_path / f"gebaeude_{declared.lower()}.gpkg"
        curve = np.array([struct.pack("<BII", 1, 10, 1) + circle], dtype=object)
        write(path, curve, [np.array([7])], ["a"], driver="GPKG", crs=UTM, geometry_type="Unknown", layer="gebaeude")
        if declared != "Unknown":
            with sqlite3.connect(path) as database:
                database.execute("update gpkg_geometry_columns set geometry_type_name = ?", (declared,))
            database.close()
        assert shapely.area(only(path).shapes).tolist() == [pytest.approx(78.5, abs=0.1)]


def test_missing_and_empty_shapes_keep_their_row_for_the_report(tmp_path):
    batch = only(put(tmp_path / "gebaeude.gpkg", [None, shapely.Polygon(), *squares(1)], a=[1, 2, 3]))
    assert batch.where == ["row 1", "row 2", "row 3"] and batch.shapes[0] is None


# What a bad file is told


def test_a_text_file_is_none_of_ours_whatever_its_name(tmp_path):
    for ending in ("gpkg", "geojson", "shp", "fgb", "kml", "gml", "json"):
        (tmp_path / f"x.{ending}").write_text("Guten Tag, anbei die Daten.")
        assert not vector.recognises(tmp_path / f"x.{ending}", b"Guten Tag, anbei die Daten.")


@pytest.mark.parametrize("ending", ["gpkg", "shp", "fgb", "geojson", "gml", "dxf"])
@pytest.mark.parametrize("share", [0.2, 0.6, 0.98])
def test_a_file_that_was_cut_off_is_refused(tmp_path, ending, share):
    whole = tmp_path / f"gebaeude.{ending}"
    if ending == "dxf":
        whole.write_text(dxf(*(polyline("HAUS", f"A{i}", [(0, 0), (1, 0), (1, 1)], True) for i in range(500))))
    else:
        shapes = squares(2000, 1.0, 1.0) if ending == "geojson" else squares(2000)
        put(whole, shapes, "EPSG:4326" if ending == "geojson" else UTM, hoehe=np.arange(2000.0))
    data = whole.read_bytes()
    whole.write_bytes(data[: int(len(data) * share)])
    assert "again" in complaint(whole)


@pytest.mark.parametrize("ending", [".shx", ".dbf"])
def test_a_shapefile_without_its_companions_names_the_missing_one(tmp_path, ending):
    path = put(tmp_path / "gebaeude.shp", squares(1), a=[1])
    path.with_suffix(ending).unlink()
    assert ending in complaint(path) and "Copy all files" in complaint(path)


def test_a_store_of_our_own_is_not_a_delivery(tmp_path):
    create_store(tmp_path / "stadt.gpkg", City(name="Zeitz", srid=25832, longitude=12.1, latitude=51.0)).dispose()
    assert "twin serve" in complaint(tmp_path / "stadt.gpkg")


@pytest.mark.parametrize("ending", ["kml", "gml"])
def test_xml_with_entities_is_refused_however_deep_they_hide(tmp_path, ending):
    root = (
        '<kml xmlns="http://www.opengis.net/kml/2.2"/>'
        if ending == "kml"
        else '<x xmlns="http://www.opengis.net/gml"/>'
    )
    hidden = (
        f'<?xml version="1.0"?><!-- {"x" * 100_000} --><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>{root}'
    )
    (tmp_path / f"x.{ending}").write_text(hidden)
    with pytest.raises(BadFile, match="DOCTYPE"):
        list(vector.read(tmp_path / f"x.{ending}", Wanted()))


def test_a_kmz_that_unpacks_to_gigabytes_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(gdal, "LARGEST_KML", 10_000)
    with zipfile.ZipFile(tmp_path / "x.kmz", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("doc.kml", " " * 20_000)
    assert "zip bomb" in complaint(tmp_path / "x.kmz")


def test_brackets_nested_without_end_are_refused(tmp_path):
    path = tmp_path / "x.geojson"
    nested = "[" * 200_000 + "]" * 200_000
    path.write_text('{"type":"Feature","properties":{},"geometry":{"type":"Polygon","coordinates":' + nested + "}}")
    assert "nested too deeply" in complaint(path)


def test_reading_leaves_nothing_behind_and_prints_nothing(tmp_path, capfd):
    put(tmp_path / "gebaeude.gml", squares(2), a=[1, 2])
    (tmp_path / "gebaeude.xsd").unlink(missing_ok=True)
    before = sorted(tmp_path.iterdir())
    assert len(only(tmp_path / "gebaeude.gml")) == 2
    assert sorted(tmp_path.iterdir()) == before
    (tmp_path / "x.geojson").write_text('{"type": "FeatureCollection", "features": [')
    complaint(tmp_path / "x.geojson")
    assert capfd.readouterr() == ("", "")


def test_a_large_file_is_read_in_batches_whose_rows_are_counted_on(tmp_path, monkeypatch):
    monkeypatch.setattr(vector, "_IN_MEMORY", 10)
    path = put(tmp_path / "gebaeude.fgb", squares(gdal.AT_ONCE + 5), OBJECTID=np.arange(gdal.AT_ONCE + 5))
    first, second = read(path)
    assert len(first) == gdal.AT_ONCE and second.where[0] == f"feature {gdal.AT_ONCE + 1}"
    assert len({*first.uids, *second.uids}) == gdal.AT_ONCE + 5
