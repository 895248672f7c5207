"""Survey offices' LoD2 goes out as CityGML and CityJSON, and comes in again: the same buildings, heights, surfaces."""

import numpy as np
import pytest
import shapely
from sqlalchemy import select
from sqlalchemy.orm import Session

from layers.buildings import Building
from layers.reading import citygml, cityjson
from layers.reading.batch import Wanted
from layers.reading.load import Asked, load
from tests.real import REAL, needs_real_data
from twin.feature import Scenario
from twin.store import open_store
from web.exports.formats import FORMATS
from web.exports.gather import delivery

pytestmark = needs_real_data
READERS = {"citygml": citygml, "cityjson": cityjson}


@pytest.fixture(scope="module")
def selfkant(tmp_path_factory):
    place = str(tmp_path_factory.mktemp("selfkant") / "city.gpkg")
    load(Asked([str(REAL / "selfkant-lod2-nrw-5659"), str(REAL / "selfkant-lod2-nrw-5657")], place))
    with Session(open_store(place)) as db:
        yield db


@pytest.mark.parametrize("name", list(READERS))
def test_selfkant_goes_out_and_comes_in_again(selfkant, tmp_path, name):
    path = tmp_path / f"out{FORMATS[name].ending}"
    FORMATS[name].write(delivery(selfkant, selfkant.get_one(Scenario, 0), ["buildings"]), path)
    [batch] = READERS[name].read(path, Wanted())
    before = {one.uid: one for one in selfkant.scalars(select(Building))}
    assert batch.left_out == [] and set(batch.uids) == set(before) and len(before) == 192
    for i, uid in enumerate(batch.uids):
        there = before[uid]
        for field in ("height", "base_height", "roof_type", "function", "address", "name", "year"):
            value, old = batch.fields[field][i], getattr(there, field)
            assert value == (pytest.approx(old, abs=0.0011) if isinstance(old, float) else old), (uid, field)
        assert shapely.symmetric_difference(batch.shapes[i], there.shape).area < 0.05, uid
        assert batch.fields["surface_kinds"][i] == there.surface_kinds, uid
        old, new = (shapely.get_coordinates(shapely.from_wkb(bytes(wkb)), include_z=True)
                    for wkb in (there.surfaces, batch.surfaces[i]))  # fmt: skip
        assert np.abs(old - new).max() < 0.0006, uid
