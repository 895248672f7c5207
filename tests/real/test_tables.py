from collections import Counter

import pytest
from shapely.geometry import box
from sqlalchemy.orm import Session

from layers.blocks import Block
from layers.reading import tables
from layers.reading.batch import Wanted
from tests.real import REAL, needs_real_data
from twin.city import City
from twin.store import create_store

pytestmark = needs_real_data

STOKE = REAL / "stoke-brownfield" / "brownfield_register_2022.xlsx"
BERLIN = REAL / "berlin-mierendorff-lod2"
PORTO_ALEGRE = REAL / "porto-alegre"


def one(path, **wanted):
    batches = list(tables.read(path, Wanted(**wanted)))
    assert len(batches) == 1
    return batches[0]


def test_stoke_lists_its_empty_land():
    batch = one(STOKE, near=(-2.18, 53.0))
    assert (batch.layer, batch.crs.to_epsg()) == ("vacancies", 27700)
    assert len(batch) + len(batch.left_out) == 218
    assert set(batch.fields["kind"]) == {"land"}
    still_empty = [area for area, until in zip(batch.fields["area"], batch.fields["until"], strict=True) if not until]
    assert (len(still_empty), sum(batch.fields["dwellings"])) == (151, 10_711)  # with the one left out: 152 and 11,003
    assert round(sum(batch.fields["area"]) / 10_000, 2) == 212.01
    assert Counter(batch.fields["owner_kind"]) == {"private": 193, "public": 22, "unknown": 2}


def test_in_stoke_the_row_with_east_and_north_swapped_is_told():
    batch = one(STOKE, near=(-2.18, 53.0))
    assert [(left.where, "swapped" in left.reason) for left in batch.left_out] == [
        ("sheet Brownfield Register 2024 Final, line 216", True)
    ]
    west, south, east, north = 383_000, 339_000, 394_000, 354_000
    assert all(west < shape.x < east and south < shape.y < north for shape in batch.shapes)


@pytest.fixture
def mierendorff(tmp_path):
    """The blocks of the quarter, as squares: their real outlines do not matter here."""
    city = City(name="Berlin", srid=25833, longitude=13.3, latitude=52.53, state="Berlin")
    engine = create_store(str(tmp_path / "berlin.gpkg"), city)
    lines = (BERLIN / "03_Inhabitants2022.csv").read_text(encoding="utf-8").splitlines()[1:]
    with Session(engine) as db:
        for i, line in enumerate(lines):
            number = line.split(",")[0].strip('"')
            square = box(384_000 + 100 * i, 5_820_000, 384_090 + 100 * i, 5_820_090)
            db.add(Block(uid=f"block-{number}", number=number, shape=square))
        db.commit()
        yield db
    engine.dispose()


def test_berlin_counts_its_people_by_block(mierendorff):
    batch = one(BERLIN / "03_Inhabitants2022.csv", db=mierendorff, srid=25833, near=(13.3, 52.53))
    assert (batch.layer, len(batch), batch.left_out) == ("blocks", 45, [])
    assert sum(batch.fields["inhabitants"]) == 14_136
    kaiserin_augusta = batch.uids.index("block-020027")
    ages = ("inhabitants_0_5", "inhabitants_6_17", "inhabitants_18_64", "inhabitants_65_79", "inhabitants_80")
    assert [batch.fields[name][kaiserin_augusta] for name in ages] == [32, 35, 540, 91, 25]


@pytest.mark.parametrize(
    ("name", "read", "left_out"),
    [
        ("01_StatistischeBloecke", 45, []),
        ("02_Gebäudealter", 48, ["line 8", "line 9", "line 42"]),
        ("05_DistrictHeating", 45, []),
    ],
)
def test_berlin_brings_other_lists_by_block_as_layers(mierendorff, name, read, left_out):
    batch = one(BERLIN / f"{name}.csv", db=mierendorff, srid=25833, near=(13.3, 52.53))
    assert batch.layer == name
    assert len(batch) + len(batch.left_out) == read
    assert [left.where for left in batch.left_out] == left_out
    assert batch.fields["blknr"][0] == "019017"
    assert batch.fields["ewk"][0] == "unbewohnt"


def test_porto_alegre_brings_a_grid_and_its_facilities():
    grid = one(PORTO_ALEGRE / "poa_hexgrid.csv")
    assert (grid.layer, len(grid)) == ("poa_hexgrid", 1227)
    assert grid.uids[0] == "89a901291abffff"
    facilities = one(PORTO_ALEGRE / "poa_points_of_interest.csv")
    assert (facilities.layer, len(facilities)) == ("facilities", 15)
    for batch in (grid, facilities):
        assert all(-52 < shape.x < -51 and -31 < shape.y < -29 for shape in batch.shapes)
