"""Every real delivery, with one command and no setting: the counts are those of its SOURCE.md."""

import json

import pytest
from click.testing import CliRunner

from tests.real import REAL, needs_real_data
from web.cli import main

pytestmark = needs_real_data

# folder -> (city's projection, {layer: features read}); what SOURCE.md counts, and what follows from its traps
DELIVERIES = {
    "bayreuth-osm-srtm": (
        "EPSG:25832",
        {"terrain": 2 * 1201 * 1201, "buildings": 4267, "streets": 2073, "surfaces": 992},
    ),
    "berlin-mierendorff-lod2": ("EPSG:25833", {"buildings": 17 + 2 + 4 + 1169, "blocks": 45 + 45}),
    "bubenec-prague": ("EPSG:25833", {"buildings": 144, "streets": 35, "parcels": 407, "tessellation": 144}),
    "dutch-addresses": ("EPSG:25831", {"addresses": 2 * 2481}),
    "essen-lod2": ("EPSG:25832", {"buildings": 117}),
    "goteborg-rasters": ("EPSG:25832", {"terrain": 52182, "buildings": 137, "boundary": 1}),
    "heidelberg-osm-gtfs": ("EPSG:25832", {"lines": 7, "trip": 1480, "stop_time": 46269, "boundary": 4}),
    "helsinki-osm": ("EPSG:25835", {"buildings": 433 + 67 + 2219 + 3}),
    "liechtenstein-osm": ("EPSG:25832", {"streets": 2786}),
    "porto-alegre": (
        "EPSG:32722",
        {"terrain": 403 * 413, "lines": 117, "trip": 2374 + 1248, "stop_time": 130019 + 14855, "poa_hexgrid": 1227},
    ),
    "selfkant-lod2-nrw-5657": ("EPSG:25832", {"buildings": 83}),
    "selfkant-lod2-nrw-5659": ("EPSG:25832", {"buildings": 109}),
    "stoke-brownfield": ("EPSG:25830", {"vacancies": 218, "boundary": 1}),
    "ulm-alkis": ("EPSG:25832", {"buildings": 16}),
}


def load(*arguments):
    answer = CliRunner().invoke(main, ["load", *map(str, arguments), "--json"])
    return answer.exit_code, json.loads(answer.stdout)


@pytest.mark.parametrize("folder", DELIVERIES)
def test_a_delivery_goes_in_whole_and_again_changes_nothing(folder, tmp_path):
    crs, counts = DELIVERIES[folder]
    code, report = load(REAL / folder, "--into", tmp_path / "city.gpkg")
    assert code == 0
    assert report["city"]["crs"] == crs
    read = {}
    for file in report["files"]:
        read[file["layer"]] = read.get(file["layer"], 0) + file["read"]
        if file["layer"] and file["layer"] != "terrain":
            handled = file["loaded"] + file["changed"] + file["unchanged"] + len(file["left_out"])
            assert handled == file["read"], file["path"]
    assert {layer: read.get(layer) for layer in counts} == counts
    _, again = load(REAL / folder, "--into", tmp_path / "city.gpkg")
    assert [(file["path"], file["layer"]) for file in again["files"] if file["loaded"] or file["changed"]] == []


def test_a_delivery_without_a_projection_is_asked_for(tmp_path):
    code, report = load(REAL / "cityjson-nl", "--into", tmp_path / "city.gpkg")
    assert code == 1
    failed = {
        file["path"].rsplit("/", 1)[1]: file["left_out"][0]["reason"] for file in report["files"] if file["failed"]
    }
    assert set(failed) == {"DH_01_subs.city.json", "rotterdam_subset.json"}
    assert all("--crs: they would fit EPSG:28992" in reason for reason in failed.values())
    assert next(file["loaded"] for file in report["files"] if file["layer"] == "buildings") == 160
    code, report = load(REAL / "cityjson-nl/rotterdam_subset.json", "--crs", "28992", "--into", tmp_path / "city.gpkg")
    assert (code, report["files"][0]["loaded"]) == (0, 16)


def test_two_neighbouring_tiles_make_one_city(tmp_path):
    tiles = [REAL / "selfkant-lod2-nrw-5657", REAL / "selfkant-lod2-nrw-5659"]
    code, report = load(*tiles, "--into", tmp_path / "city.gpkg")
    assert (code, sum(file["loaded"] for file in report["files"])) == (0, 83 + 109)
    told = json.loads(CliRunner().invoke(main, ["info", str(tmp_path / "city.gpkg"), "--json"]).stdout)
    assert [(layer["name"], layer["count"], len(layer["sources"])) for layer in told["layers"]] == [
        ("buildings", 192, 2)
    ]
