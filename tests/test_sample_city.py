"""The made-up town: a planner believes it, and the readers find in it what offices deliver."""

import csv
import io
import json
import subprocess
import sys
import zipfile
from collections import Counter
from pathlib import Path

import numpy as np
import openpyxl
import pyogrio
import pytest
import rasterio
import shapely
from lxml import etree

from layers import BY_NAME
from sample_city import generate, land, people, roofs, town
from sample_city.town import EAST, NORTH
from twin.city import read_city

BLDG = "{http://www.opengis.net/citygml/building/1.0}"
XPLAN = "{http://www.xplanung.de/xplangml/6/1}"


@pytest.fixture(scope="module")
def merlenburg():
    return town.grow(3000, 1, print)


@pytest.fixture(scope="module")
def delivered(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("sample")
    generate(folder, 700, 1)
    return folder


def test_the_town_has_as_many_buildings_as_were_asked_for(delivered):
    tiles = sorted((delivered / "lod2").glob("LoD2_32_*_1_ST.gml"))
    buildings = [element for tile in tiles for element in etree.parse(tile).iter(f"{BLDG}Building")]
    assert len(buildings) == 700
    assert len({element.get("{http://www.opengis.net/gml}id") for element in buildings}) == 700


def test_the_same_seed_gives_the_same_files_and_another_seed_another_town(tmp_path):
    for name, seed in (("first", 5), ("again", 5), ("other", 6)):
        generate(tmp_path / name, 40, seed)
    files = sorted(path.relative_to(tmp_path / "first") for path in (tmp_path / "first").rglob("*.*"))
    assert len(files) > 15
    for file in files:
        assert (tmp_path / "first" / file).read_bytes() == (tmp_path / "again" / file).read_bytes(), file
    tile = next(file for file in files if file.suffix == ".gml" and "LoD2" in file.name)
    assert (tmp_path / "first" / tile).read_bytes() != (tmp_path / "other" / tile).read_bytes()


def test_no_house_stands_in_another_in_a_street_or_in_the_river(merlenburg):
    houses = town.footprints(merlenburg.houses)
    assert shapely.is_valid(houses).all()
    first, second = shapely.STRtree(houses).query(houses, predicate="intersects")
    pairs = first < second
    assert shapely.area(shapely.intersection(houses[first[pairs]], houses[second[pairs]])).max() < 0.01
    wet = shapely.union_all([shape for *_, shape in land.waters(merlenburg)])
    assert not shapely.intersects(wet, houses).any()
    streets = [street for street in merlenburg.streets if street.kind not in ("rail", "track", "footway")]
    lanes = shapely.buffer([street.axis for street in streets], [max(s.width - 4, 2) / 2 for s in streets])
    house, lane = shapely.STRtree(lanes).query(houses, predicate="intersects")
    assert shapely.area(shapely.intersection(houses[house], np.array(lanes)[lane])).sum() < 20


def test_every_house_is_a_closed_solid_with_even_roofs(merlenburg):
    forms = Counter()
    for house in merlenburg.houses:
        for part in house.parts:
            faces = roofs.surfaces(part, house.base)
            forms[part.roof] += 1
            edges = Counter((ring[k], ring[(k + 1) % len(ring)]) for _, ring in faces for k in range(len(ring)))
            assert all(edges[b, a] == count for (a, b), count in edges.items()), (house.quarter, part)
            assert all(_unevenness(ring) < 0.01 for _, ring in faces), (house.quarter, part)
    assert {"1000", "2100", "3100", "3200", "3400", "3500", "3800", "3900", "4000"} <= set(forms)


def _unevenness(ring) -> float:
    """Metres that a corner lies off the plane of its face."""
    points = np.array(ring) - np.mean(ring, axis=0)
    return float(np.linalg.svd(points)[1][2]) if len(ring) > 3 else 0.0


def test_a_house_stands_on_the_lowest_ground_under_it(delivered, merlenburg):
    hall = next(house for house in merlenburg.houses if house.name == "Rathaus")
    x, y = np.array([point for part in hall.parts for point in part.ring]).T
    tile = delivered / "dgm" / f"dgm1_32_{int(EAST // 1000)}_{int(NORTH // 1000)}_1_st.tif"
    with rasterio.open(tile) as dgm:
        heights = [value[0] for value in dgm.sample(zip(EAST + x, NORTH + y, strict=True))]
    assert hall.base == pytest.approx(min(heights), abs=0.15)


def test_a_quarter_of_the_dwellings_in_the_core_is_empty(merlenburg):
    core = [house for house in merlenburg.houses if house.quarter in ("core", "market", "lower")]
    share = sum(house.empty for house in core) / sum(house.dwellings for house in core)
    assert 0.21 < share < 0.3
    edge = [house for house in merlenburg.houses if house.quarter in ("detached", "rows")]
    assert sum(house.empty for house in edge) / sum(house.dwellings for house in edge) < 0.1


def test_people_live_only_where_dwellings_are_let(merlenburg):
    for count in people.count(merlenburg).values():
        let = count.dwellings - count.empty
        assert let >= 0
        assert 1.4 * let - 1 <= count.inhabitants <= 2.7 * let + 1


def test_the_closed_factory_lies_between_the_station_and_the_old_town_beside_the_river(merlenburg):
    site = next(block.shape for block in merlenburg.blocks if block.quarter == "factory")
    station = next(house for house in merlenburg.houses if house.function == "3091")
    assert 5 < site.area / 10_000 < 12
    assert 0 < site.centroid.y < station.front[1]
    assert min(site.distance(shape) for _, kind, _, shape in land.waters(merlenburg) if kind == "river") < 20
    halls = [house for house in merlenburg.houses if house.quarter == "factory" and house.vacant]
    assert len(halls) > 8


def test_addresses_are_given_once(merlenburg):
    addresses = [house.address for house in merlenburg.houses if house.address]
    assert len(addresses) == len(set(addresses)) > 1200
    assert all(house.address for house in merlenburg.houses if house.dwellings)


def test_a_county_grows_villages_around_the_town():
    county = town.grow(6000, 2, print)
    assert len(county.houses) == 6000
    villages = {block.district for block in county.blocks if block.quarter == "village"}
    assert len(villages) > 5
    houses = town.footprints(county.houses)
    first, second = shapely.STRtree(houses).query(houses, predicate="intersects")
    pairs = first < second
    assert shapely.area(shapely.intersection(houses[first[pairs]], houses[second[pairs]])).max() < 0.01


def test_buses_run_all_day_and_less_on_sundays(delivered):
    with zipfile.ZipFile(delivered / "gtfs" / "stadtverkehr.zip") as feed:
        tables = {name: list(csv.DictReader(io.StringIO(feed.read(name).decode()))) for name in feed.namelist()}
    services = Counter(trip["service_id"] for trip in tables["trips.txt"])
    assert services["Mo-Fr"] > services["Sa"] > services["So+Feiertag"] > 50
    stops = {stop["stop_id"] for stop in tables["stops.txt"]}
    assert {call["stop_id"] for call in tables["stop_times.txt"]} <= stops
    times = [call["departure_time"] for call in tables["stop_times.txt"]]
    assert min(times) < "05:00:00"
    assert max(times) > "22:30:00"
    calls: dict[str, list[str]] = {}
    for call in tables["stop_times.txt"]:
        calls.setdefault(call["trip_id"], []).append(call["arrival_time"])
    assert all(trip == sorted(trip) and len(trip) > 2 for trip in calls.values())


def test_the_vacancy_register_is_kept_as_offices_keep_it(delivered):
    sheet = openpyxl.load_workbook(delivered / "leerstand" / "Leerstandskataster.xlsx")["Leerstand"]
    rows = list(sheet.iter_rows(values_only=True))
    head = rows[2]
    assert head[:4] == ("Lfd. Nr.", "Adresse", "Flurstück", "Objektart")
    entries = [dict(zip(head, row, strict=True)) for row in rows[3:]]
    assert {"Gebäude", "Wohnung", "Laden", "Halle", "Fläche"} == {entry["Objektart"] for entry in entries}
    assert sum(entry["Ostwert"] is None for entry in entries) > len(entries) / 5
    assert all(entry["Adresse"] or entry["Ostwert"] for entry in entries)
    assert any(isinstance(entry["Fläche m²"], str) for entry in entries)


def test_the_development_plans_say_how_densely_may_be_built(delivered):
    for name in ("bplan_09_sonnenhang", "bplan_14_alte_zuckerfabrik_ost"):
        plan = etree.parse(delivered / "bplan" / f"{name}.gml").getroot()
        areas = list(plan.iter(f"{XPLAN}BP_BaugebietsTeilFlaeche"))
        assert len(areas) > 1
        assert all(0.2 <= float(area.findtext(f"{XPLAN}GRZ")) <= 0.8 for area in areas)
        assert all(area.findtext(f"{XPLAN}GFZ") and area.findtext(f"{XPLAN}Z") for area in areas)
    uses = etree.parse(delivered / "bplan" / "flaechennutzungsplan.gml").getroot()
    assert len(list(uses.iter(f"{XPLAN}FP_BebauungsFlaeche"))) > 10


def test_parcels_do_not_lie_on_each_other(delivered):
    parcels = shapely.from_wkb(pyogrio.raw.read(delivered / "alkis" / "flurstuecke.gpkg")[2])
    first, second = shapely.STRtree(parcels).query(parcels, predicate="intersects")
    pairs = first < second
    shared = shapely.area(shapely.intersection(parcels[first[pairs]], parcels[second[pairs]]))
    assert shared.sum() < 0.002 * shapely.area(parcels).sum()


def test_the_land_is_covered_once(merlenburg):
    covers = [shape for *_, shape in land.covers(merlenburg)]
    west, south, east, north = merlenburg.bounds()
    water = shapely.union_all([shape for *_, shape in land.waters(merlenburg)])
    whole = shapely.union_all([*covers, water])
    assert shapely.area(covers).sum() == pytest.approx(shapely.union_all(covers).area, rel=1e-4)
    box = shapely.box(west, south, east, north)
    assert whole.intersection(box).area == pytest.approx(box.area, rel=2e-3)


def test_trees_are_listed_in_the_register_s_own_style(delivered):
    text = (delivered / "baumkataster.csv").read_bytes().decode("cp1252")
    head, first, *rest = text.splitlines()
    assert head.startswith("BaumNr;Baumart;")
    assert len(rest) > 300
    assert "," in first.split(";")[-1]


def test_the_town_says_where_it_is(delivered):
    city = read_city(delivered / "city.cfg")
    assert (city.name, city.srid, city.state) == ("Merlenburg", 25832, "Sachsen-Anhalt")
    assert "CC0" in (delivered / "LIESMICH.txt").read_text("utf-8")


def test_all_of_it_loads_and_nothing_is_left_out(delivered, tmp_path):
    command = [sys.executable, "-m", "web.cli", "load", delivered, "--into", tmp_path / "city.gpkg", "--json"]
    answer = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 (our own command)
    report = json.loads(answer.stdout)
    assert report["city"] == {"name": "Merlenburg", "crs": "EPSG:25832"}
    assert sum(len(file["left_out"]) for file in report["files"]) == 0
    loaded = {file["layer"]: file["loaded"] for file in report["files"]}
    assert set(BY_NAME) <= set(loaded)
