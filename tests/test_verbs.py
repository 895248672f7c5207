"""What planners do to several features at once."""

import itertools

import pytest
import shapely
from shapely.geometry import LineString, Point, Polygon, box

from layers.buildings import Building
from layers.headways import read_calls
from scenarios.verbs import find, touching
from scenarios.verbs.houses import reuse, take_down
from scenarios.verbs.land import merge_parcels, resurface, rezone, split_parcel
from scenarios.verbs.planting import grove, row_of_trees
from scenarios.verbs.traffic import change_line, move_stop, new_line, new_stop, redesign
from tests.conftest import square
from twin.errors import BadShape, NotFound
from twin.feature import Scenario


def there(uid, geom, version=0, **fields):
    return {"uid": uid, "version": version, "geom": geom, **fields}


PARCEL = there("P1", box(0, 0, 40, 30), 2, number="12/3", district="Kai", owner_kind="town", area=1198.0)
NEIGHBOUR = there("P2", box(40, 0, 60, 30), number="12/4", district="Kai", owner_kind="private", area=602.0)


def covered(deeds, layer, before=()):
    """What a layer's areas are after the deeds: none may overlap."""
    shapes = {one["uid"]: one["geom"] for one in before}
    for count, deed in enumerate(deeds):
        assert deed.layer == layer
        if deed.verb == "clear":
            del shapes[deed.uid]
        else:
            shapes[deed.uid or f"new-{count}"] = deed.shape
    found = list(shapes.values())
    assert sum(shape.area for shape in found) == pytest.approx(shapely.union_all(found).area)
    assert all(shape.is_valid for shape in found)
    return sum(shape.area for shape in found)


def test_a_parcel_is_split_by_a_line_from_edge_to_edge():
    deeds = split_parcel(PARCEL, LineString([(10, 0), (10, 30)]))
    assert covered(deeds, "parcels", [PARCEL]) == pytest.approx(1200)
    kept, other = deeds
    assert (kept.uid, kept.seen, kept.shape.area) == ("P1", 2, 900)
    assert (other.uid, other.fields["number"], other.fields["owner_kind"]) == (None, "12/3 (2)", "town")
    assert kept.fields["area"] + other.fields["area"] == 1198


def test_a_line_that_ends_within_a_parcel_does_not_split_it():
    with pytest.raises(BadShape, match="edge to edge"):
        split_parcel(PARCEL, LineString([(10, -5), (10, 20)]))
    with pytest.raises(BadShape, match="takes a line"):
        split_parcel(PARCEL, LineString([(10, 5), (10, 5)]))


def test_a_bent_line_may_split_a_parcel_into_three():
    deeds = split_parcel(PARCEL, LineString([(5, -2), (20, 20), (35, -2)]))
    assert covered(deeds, "parcels", [PARCEL]) == pytest.approx(1200)
    three = split_parcel(PARCEL, LineString([(5, -2), (10, 32), (15, -2)]))
    assert len(three) == 3
    assert covered(three, "parcels", [PARCEL]) == pytest.approx(1200)


def test_parcels_are_merged_under_the_number_of_the_largest():
    deeds = merge_parcels([NEIGHBOUR, PARCEL])
    assert covered(deeds, "parcels", [PARCEL, NEIGHBOUR]) == pytest.approx(1800)
    merged, gone = deeds
    assert (merged.uid, merged.fields["area"], merged.fields["district"]) == ("P1", 1800.0, "Kai")
    assert merged.fields["owner_kind"] is None  # they do not agree
    assert (gone.verb, gone.uid) == ("clear", "P2")


def test_a_crack_of_a_centimetre_does_not_keep_parcels_apart_but_a_lane_does():
    cracked = there("P3", box(40.01, 0, 60, 30))
    assert merge_parcels([PARCEL, cracked])[0].shape.geom_type == "Polygon"
    with pytest.raises(BadShape, match="side by side"):
        merge_parcels([PARCEL, there("P4", box(44, 0, 60, 30))])
    with pytest.raises(BadShape, match="two parcels"):
        merge_parcels([PARCEL, PARCEL])


def test_an_area_gets_a_new_kind_and_the_old_zones_give_way():
    zones = [
        there("GI", box(0, 0, 100, 100), plan_kind="bplan", kind="GI", plan="Nr. 7", grz=0.8),
        there("WA", box(100, 0, 150, 100), plan_kind="bplan", kind="WA", plan="Nr. 8"),
        there("MI", box(40, 40, 60, 60), plan_kind="bplan", kind="MI"),
        there("F", box(0, 0, 150, 100), plan_kind="fplan", kind="G"),
    ]
    zones[0]["geom"] = zones[0]["geom"].difference(zones[2]["geom"])
    area = box(30, 30, 120, 70)
    deeds = rezone(zones, area, "MU", grz=0.6)
    assert covered(deeds, "zones", zones[:3]) == pytest.approx(15_000)
    new = deeds[-1]
    assert (new.fields["kind"], new.fields["grz"], new.fields["plan"]) == ("MU", 0.6, "Nr. 7")
    assert [deed.uid for deed in deeds if deed.verb == "clear"] == ["MI"]
    assert "F" not in {deed.uid for deed in deeds}
    with pytest.raises(BadShape, match="no kind XY"):
        rezone(zones, area, "XY")


def test_a_yard_is_unsealed():
    yard = there("S1", box(0, 0, 50, 50), kind="asphalt", sealed_percent=100.0)
    deeds = resurface([yard], box(10, 10, 60, 40), "grass")
    assert covered(deeds, "surfaces", [yard]) == pytest.approx(2500 + 300)
    assert deeds[-1].fields == {"kind": "grass", "sealed_percent": 0.0}
    with pytest.raises(BadShape, match="does not cross itself"):
        resurface([yard], Polygon([(0, 0), (9, 9), (9, 0), (0, 9)]), "grass")


def test_a_row_of_trees_has_them_the_same_distance_apart():
    trees = row_of_trees(LineString([(0, 0), (100, 0)]), 8, "Platane", year=2026)
    places = [tree.shape.x for tree in trees]
    assert len(trees) == 13
    assert places[0] == pytest.approx(100 - places[-1])
    assert {round(b - a, 6) for a, b in itertools.pairwise(places)} == {8}
    assert trees[0].fields == {"species": "Platane", "height": 6.0, "crown": 3.0, "year": 2026}
    assert len(row_of_trees(LineString([(0, 0), (100, 0)]), 8, avoid=box(40, -5, 60, 5))) == 10


def test_a_grove_is_the_same_whenever_it_is_planted_and_keeps_its_distance():
    area = Point(0, 0).buffer(60)
    trees = grove(area, 8, seed=4)
    assert [tree.shape for tree in trees] == [tree.shape for tree in grove(area, 8, seed=4)]
    assert [tree.shape for tree in trees] != [tree.shape for tree in grove(area, 8, seed=5)]
    points = shapely.points([tree.shape.coords[0] for tree in trees])
    assert shapely.contains(area, points).all()
    nearest = [shapely.distance(point, points[points != point]).min() for point in points]
    assert min(nearest) > 2.9
    assert len(trees) == pytest.approx(area.area / (8 * 8 * 0.866), rel=0.1)


@pytest.mark.parametrize(
    "plant",
    [
        lambda: row_of_trees(LineString([(0, 0), (100, 0)]), 0),
        lambda: row_of_trees(LineString([(0, 0), (1e6, 0)]), 2),
        lambda: row_of_trees(LineString([(0, 0), (9, 0)]), 5, avoid=box(-1, -1, 10, 1)),
        lambda: grove(box(0, 0, 5000, 5000), 5),
        lambda: grove(LineString([(0, 0), (9, 9)]), 5),
        lambda: grove(box(0, 0, 50, 50), float("nan")),
    ],
)
def test_too_many_trees_or_none_are_refused(plant):
    with pytest.raises(BadShape):
        plant()


def test_a_street_is_divided_anew_and_lined_with_trees():
    street = there("lane", LineString([(0, 0), (90, 0)]), 1, width=12.0, lanes=2, speed=50.0)
    deeds = redesign(street, lanes=2, speed=30.0, cycling="lane", trees_every=10.0)
    assert deeds[0] == ("place", "streets", "lane", None, {"lanes": 2, "speed": 30.0, "cycling": "lane"}, 1)
    assert {tree.shape.y for tree in deeds[1:]} == {7.5, -7.5}
    assert len(deeds[1:]) == 20
    with pytest.raises(BadShape, match=r"takes 16\.6 m"):
        redesign(street, lanes=4, cycling="track")
    assert redesign(street, lanes=4, cycling="track", width=17.0)[0].fields["width"] == 17.0
    assert redesign({**street, "width": None}, speed=30.0)[0].fields == {"speed": 30.0}


def test_a_stop_moves_and_takes_the_ways_of_its_lines_along():
    stop = there("market", Point(50, 0), name="Markt")
    line = there("L", LineString([(0, 0), (50, 0), (100, 0)]), calls="west@0;market@2;east@4")
    other = there("M", LineString([(0, 0), (100, 0)]), calls="west@0;east@4")
    moved, way = move_stop(stop, Point(50, 30), [line, other])
    assert (moved.uid, moved.shape) == ("market", Point(50, 30))
    assert (way.uid, list(way.shape.coords)) == ("L", [(0, 0), (50, 30), (100, 0)])


def test_a_new_line_calls_at_its_stops_at_the_hours_of_its_headways():
    assert new_stop(Point(0, 0), "Werk")[0].fields == {"name": "Werk", "kind": "bus"}
    stops = [there("A", Point(0, 0), name="Werk"), there("B", Point(1000, 0)), there("C", Point(3000, 0), name="Markt")]
    (line,) = new_line("7", stops, "6-20:15", color="0b6e6e")
    assert line.fields["name"] == "Werk - Markt"
    assert line.fields["trips"] == 2 * 56
    assert [call.stop for call in read_calls(line.fields["calls"])] == ["A", "B", "C"]
    assert [call.after for call in read_calls(line.fields["calls"])] == [0, 240, 720]
    drawn = LineString([(0, 0), (0, 2000), (1000, 2000), (1000, 0), (3000, 0)])
    (longer,) = new_line("7", stops, "6-20:15", way=drawn)
    assert read_calls(longer.fields["calls"])[1].after == 900
    with pytest.raises(BadShape, match="two stops"):
        new_line("7", stops[:1], "6-20:15")
    with pytest.raises(BadShape, match="no headway"):
        new_line("7", stops, "often")


def test_a_new_line_follows_the_streets_where_a_bus_may_go():
    stops = [there("A", Point(0, 4), name="Werk"), there("B", Point(410, 304)), there("C", Point(800, 304))]
    streets = [
        there("road", LineString([(-50, 0), (400, 0), (400, 600)]), kind="residential"),
        there("cross", LineString([(300, 300), (900, 300)]), kind="tertiary"),  # meets the road between its corners
        there("path", LineString([(0, 0), (400, 300)]), kind="footway"),
    ]
    (line,) = new_line("7", stops, "6-20:15", streets=streets)
    assert list(line.shape.coords) == [(0, 0), (400, 0), (400, 300), (410, 300), (800, 300)]
    assert [call.after for call in read_calls(line.fields["calls"])] == [0, 120, 180]
    (moved,) = change_line(there("L", line.shape, kind="bus"), stops=stops[:2], streets=streets)
    assert moved.shape.length == 710
    for nowhere in (streets[2:], [there("far", LineString([(0, 900), (9, 900)]), kind="primary")]):
        (straight,) = new_line("7", stops, "6-20:15", streets=nowhere)
        assert list(straight.shape.coords) == [(0, 4), (410, 304), (800, 304)]
    (island,) = new_line("7", stops[:2], "6-20:15", streets=[streets[1], *streets[2:]])
    assert len(island.shape.coords) == 2
    (tram,) = new_line("1", stops[:2], "6-20:15", kind="tram", streets=streets)
    assert len(tram.shape.coords) == 2


def test_an_empty_building_gets_a_new_use_and_is_empty_no_more():
    hall = there("hall", box(0, 0, 40, 20), 3, use="storage", function="31001_2143")
    empty = [there("V1", Point(90, 90), building="hall"), there("V2", Point(5, 5)), there("V3", Point(60, 5))]
    deeds = reuse(hall, "culture", empty)
    assert deeds[0].fields["use"] == "culture" and deeds[0].fields["condition"] == "renovated"
    assert [(deed.verb, deed.uid) for deed in deeds[1:]] == [("clear", "V1"), ("clear", "V2")]
    with pytest.raises(BadShape, match="no use castle"):
        reuse(hall, "castle")


def test_a_building_is_taken_down_with_what_stands_in_its_outline():
    hall = there("hall", box(0, 0, 40, 20))
    around = {
        "trees": [there("t1", Point(5, 5)), there("t2", Point(50, 5))],
        "facilities": [there("shop", Point(9, 9))],
        "vacancies": [there("V1", Point(5, 5), building="other")],
    }
    assert [deed.uid for deed in take_down(hall, around)] == ["hall", "t1", "shop"]


def test_the_planned_features_around_are_found_in_the_scenario(db, quay):
    db.add(Building(uid="shed-1", scenario_id=1, version=4, height=20.0, shape=square(20, 12)))
    db.add(Building(uid="shed-2", scenario_id=1, gone=True, version=1, shape=square(40)))
    db.add(Scenario(id=2, title="Other"))
    db.commit()
    found = touching(db, 1, "buildings", square(5, 40))
    assert [(row["uid"], row["version"]) for row in found] == [("shed-0", 0), ("shed-1", 4)]
    assert len(touching(db, 2, "buildings", square(5, 40))) == 3
    assert find(db, 1, "buildings", "shed-1")["height"] == 20.0
    with pytest.raises(NotFound, match="no “shed-2”"):
        find(db, 1, "buildings", "shed-2")
    assert take_down(found[1], {})[0].seen == 4
