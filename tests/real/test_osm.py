"""Real extracts of OpenStreetMap: what is loaded and what is left out is together what the file holds."""

from collections import Counter, defaultdict
from functools import cache

import osmium
import pytest

from layers.reading import osm
from layers.reading.batch import Wanted
from tests.real import REAL, needs_real_data

pytestmark = needs_real_data
BAYREUTH = "bayreuth-osm-srtm/north-bayreuth.osm.gz"
HEIDELBERG = "heidelberg-osm-gtfs/heidelberg.test.pbf"
HELSINKI = "helsinki-osm/Helsinki.osm.pbf"
KOTKA = "helsinki-osm/test.osm.pbf"
LIECHTENSTEIN = "liechtenstein-osm/liechtenstein-2013-08-03.osm.pbf"
PORTO_ALEGRE = "porto-alegre/poa_osm.pbf"


@cache
def read(name):
    return Read(name)


class Read:
    """What came of a file: uids of each layer, loaded and left out."""

    def __init__(self, name):
        self.loaded, self.left_out, self.shapes = defaultdict(list), defaultdict(list), {}
        for batch in osm.read(REAL / name, Wanted()):
            self.loaded[batch.layer] += batch.uids
            self.left_out[batch.layer] += [left.where[0] + left.where.split()[1] for left in batch.left_out]
            self.shapes |= {(batch.layer, uid): shape for uid, shape in zip(batch.uids, batch.shapes, strict=True)}

    def all_of(self, layer, kind):
        return sorted(uid for uid in self.loaded[layer] + self.left_out[layer] if uid[0] in kind)


def in_the_file(name, key, kinds, without=()):
    """The uids of all things with the tag, counted by osmium alone."""
    things = osmium.FileProcessor(REAL / name).with_filter(osmium.filter.KeyFilter(key))
    return sorted(
        f"{thing.type_str()}{thing.id}"
        for thing in things
        if thing.type_str() in kinds and thing.tags[key] not in without
    )


@pytest.mark.parametrize(
    ("name", "ways", "relations"),
    [(BAYREUTH, 4267, 0), (HELSINKI, 433, 67), (KOTKA, 2219, 0), (LIECHTENSTEIN, 3722, 1), (HEIDELBERG, 5, 0)],
)
def test_every_building_is_loaded_or_named_as_left_out(name, ways, relations):
    town = read(name)
    assert (
        town.all_of("buildings", "w") == in_the_file(name, "building", "w")
        and len(town.all_of("buildings", "w")) == ways
    )
    assert town.all_of("buildings", "r") == in_the_file(name, "building", "r")
    assert len(town.all_of("buildings", "r")) == relations
    assert len(set(town.loaded["buildings"])) == len(town.loaded["buildings"])


@pytest.mark.parametrize(
    ("name", "count"), [(BAYREUTH, 2056), (HEIDELBERG, 25359), (LIECHTENSTEIN, 2753), (PORTO_ALEGRE, 15886)]
)
def test_every_highway_is_a_street_or_a_square_or_a_platform_or_named_as_left_out(name, count):
    town = read(name)
    highways = in_the_file(name, "highway", "w")
    assert len(highways) == count
    elsewhere = set(highways) - set(town.all_of("streets", "w"))
    ways = {f"w{way.id}": dict(way.tags) for way in osmium.FileProcessor(REAL / name, osmium.osm.WAY)}
    assert all(
        ways[uid].get("area") == "yes" or ways[uid]["highway"] in ("platform", "rest_area", "services", "bus_stop")
        for uid in elsewhere
    )


def test_the_villages_north_of_bayreuth_have_all_their_land_use():
    town = read(BAYREUTH)
    landuse = in_the_file(BAYREUTH, "landuse", "w")
    buildings = set(in_the_file(BAYREUTH, "building", "w"))
    assert len(landuse) == 683
    assert set(landuse) - buildings <= {*town.all_of("surfaces", "w"), *town.all_of("water", "w")}
    assert town.left_out["surfaces"] == ["r16600", "r85885"]  # they reach outside the extract


def test_the_clearings_of_bayreuths_old_manner_woods_are_holes():
    town = read(BAYREUTH)
    holes = sum(
        len(shape.interiors) for (layer, uid), shape in town.shapes.items() if layer == "surfaces" and uid[0] == "w"
    )
    assert holes >= 21


def test_helsinkis_palaces_keep_their_courtyards():
    town = read(HELSINKI)
    yards = [uid for (layer, uid), shape in town.shapes.items() if layer == "buildings" and len(_interiors(shape))]
    assert len(yards) > 50 and all(uid[0] == "r" for uid in yards)


def test_helsinkis_empty_premises_are_found():
    town = read(HELSINKI)
    former = {
        uid for key in ("disused:amenity", "disused:shop") for uid in in_the_file(HELSINKI, key, "nwr", without=("no",))
    }
    assert former and former <= set(town.loaded["vacancies"])


@pytest.mark.parametrize(
    ("name", "place"),
    [(BAYREUTH, "Bindlach"), (HEIDELBERG, "Heidelberg"), (HELSINKI, "Helsinki"), (LIECHTENSTEIN, "Vaduz")],
)
def test_the_town_is_known_by_its_name(name, place):
    assert osm.survey(REAL / name, Wanted()).place == place


def test_the_extent_is_believable_where_the_header_says_the_whole_world():
    west, south, east, north = osm.survey(REAL / HEIDELBERG, Wanted()).bounds
    assert west < 8.69 < east and south < 49.41 < north and east - west < 1.5


def test_no_uid_comes_twice_in_a_layer():
    for name in (LIECHTENSTEIN, PORTO_ALEGRE):
        for uids in read(name).loaded.values():
            assert max(Counter(uids).values()) == 1


def _interiors(shape):
    return [ring for part in getattr(shape, "geoms", [shape]) for ring in part.interiors]
