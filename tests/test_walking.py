"""Ways on foot: which streets meet, how long they take, who reaches what, and that nothing moves by itself."""

import networkx
import numpy as np
import pytest
from shapely.geometry import Point, box

from scenarios.access.areas import areas, set_out
from scenarios.access.needs import needs, reach, supply
from scenarios.access.net import join, nearest
from scenarios.access.people import settled
from scenarios.assumptions import defaults
from scenarios.indicators import indicator
from tests.drawn import figures, house, on_paper
from tests.lanes import block, net_of, points, rows_of, shop, street
from twin.errors import BadValue

WALK = 5 / 3.6  # metres a second


def seconds_to(net, shops, homes):
    joined = join(net, net.onto(points(*shops)))
    at_nodes, _ = nearest(joined, np.arange(len(shops)))
    return joined.times(at_nodes, net.onto(points(*homes)), towards=True)


def test_a_way_is_as_long_as_the_street_and_the_paths_beside_it():
    net = net_of(street((0, 0), (400, 0)), street((400, 0), (400, 300)))
    assert seconds_to(net, [(410, 200)], [(100, 8)]) == pytest.approx((8 + 300 + 200 + 10) / WALK)


def test_on_one_street_nobody_walks_to_the_corner_first():
    net = net_of(street((0, 0), (400, 0)))
    assert seconds_to(net, [(200, 0), (390, 0)], [(210, 0), (150, 0)]) * WALK == pytest.approx([10, 50])


def test_streets_meet_where_they_share_a_corner_or_an_end_touches():
    crossing = street((100, -200), (100, 200))
    around = street((0, 0), (200, 0))
    assert np.isinf(seconds_to(net_of(around, crossing, street((0, 0), (0, 9))), [(100, 150)], [(20, 0)]))
    touching = net_of(around, street((100, 0.8), (100, 200)))
    assert seconds_to(touching, [(100, 150)], [(20, 0)]) * WALK == pytest.approx(80 + 150, abs=1)
    drawn = net_of(around, crossing, own=["s2"])
    assert seconds_to(drawn, [(100, 150)], [(20, 0)]) * WALK == pytest.approx(230)


def test_stairs_are_slow_and_no_way_for_a_wheelchair_or_a_pram():
    ways = [street((0, 0), (100, 0)), street((100, 0), (150, 0), kind="steps"), street((150, 0), (250, 0)),
            street((100, 0), (100, 100), (150, 100), (150, 0))]  # fmt: skip
    ask = lambda mode: float(seconds_to(net_of(*ways, mode=mode), [(200, 0)], [(50, 0)])[0])  # noqa: E731
    assert ask("walk") == pytest.approx((50 + 2 * 50 + 50) / WALK)
    assert ask("wheelchair") * 3.5 / 3.6 == pytest.approx(50 + 250 + 50)
    assert ask("pram") * 4.0 / 3.6 == pytest.approx(350)


def hill(bounds, cell):
    """Ten per cent up to the east."""
    west, south, east, north = bounds
    x = west + cell * (np.arange(round((east - west) / cell)) + 0.5)
    return np.tile(100 + 0.1 * x, (round((north - south) / cell), 1)).astype(np.float32)


def test_uphill_takes_longer_than_down_and_a_bicycle_notices_most():
    lane = street((0, 0), (500, 0))
    up, down = [(450, 0)], [(50, 0)]
    on_foot, by_bicycle = net_of(lane, heights=hill), net_of(lane, mode="bicycle", heights=hill)
    assert seconds_to(on_foot, up, down) == pytest.approx(400 / WALK * np.exp(3.5 * 0.1), rel=0.01)
    assert seconds_to(on_foot, down, up) == pytest.approx(400 / WALK, rel=0.01)
    assert seconds_to(by_bicycle, up, down) == pytest.approx(400 / (5 / 3.6), rel=0.01)
    assert seconds_to(by_bicycle, down, up) == pytest.approx(400 / ((15 + 8.6) / 3.6), rel=0.01)
    assert np.isinf(seconds_to(net_of(lane, mode="wheelchair", heights=hill), up, down))


def test_a_bridge_is_level_though_the_terrain_falls_to_the_river():
    def valley(bounds, cell):
        heights = hill(bounds, cell) * 0 + 100
        first = round((100 - bounds[0]) / cell)
        heights[:, first : first + 10] = 80
        return heights

    bridge = street((0, 0), (300, 0))
    over = net_of(bridge, heights=valley, water=[box(95, -50, 205, 50)])
    assert seconds_to(over, [(290, 0)], [(10, 0)]) == pytest.approx(280 / WALK, rel=0.01)
    assert seconds_to(net_of(bridge, heights=valley), [(290, 0)], [(10, 0)]) > 300 / WALK


def test_one_way_streets_bind_bicycles_and_cars_but_not_those_on_foot():
    ring = [street((0, 0), (300, 0), oneway=True), street((300, 0), (300, 100), (0, 100), (0, 0))]
    for mode, speed, metres in (("walk", 5, 100), ("bicycle", 15, 700)):
        there = seconds_to(net_of(*ring, mode=mode), [(100, 0)], [(200, 0)])
        assert there * speed / 3.6 == pytest.approx(metres)


def grid(across, step, seed):
    """Streets of a town of square blocks, some of which are missing."""
    rng = np.random.default_rng(seed)
    places = [((x, y), (x + dx, y + dy)) for x in range(across) for y in range(across) for dx, dy in ((1, 0), (0, 1))]
    kept = [pair for pair in places if max(map(max, pair)) < across and rng.random() < 0.8]
    return [street(*(tuple(step * part for part in end) for end in pair)) for pair in kept]


def test_ways_are_those_that_networkx_finds():
    net = net_of(*grid(14, 90.0, 3))
    rng = np.random.default_rng(4)
    shops, homes = rng.uniform(0, 1170, (5, 2)), rng.uniform(0, 1170, (120, 2))
    joined = join(net, net.onto(points(*shops)))
    at_nodes, source = nearest(joined, np.arange(5))
    ours, node = joined.reached(at_nodes, net.onto(points(*homes)), towards=True)
    both = join(net, net.onto(points(*shops, *homes)))
    graph = networkx.from_scipy_sparse_array(both.graph, create_using=networkx.DiGraph)
    told = networkx.multi_source_dijkstra_path_length(graph.reverse(), set(both.node[:5][both.node[:5] >= 0].tolist()))
    theirs = np.array([told.get(one, np.inf) for one in both.node[5:].tolist()])
    assert np.isfinite(ours).sum() > 60
    assert ours == pytest.approx(theirs, abs=1e-5)
    assert set(source[node[np.isfinite(ours)]]) <= set(range(5))


def test_reach_on_a_grid_of_streets_is_a_diamond():
    across = [street((0, y), (2000, y)) for y in range(0, 2001, 50)]
    up = [street((x, 0), (x, 2000)) for x in range(0, 2001, 50)]
    net = net_of(*across, *up, own=[f"s{i}" for i in range(1, 42)])
    found = {one.minutes: one for one in areas(set_out(net, Point(1000, 1000)), (5, 10))}
    reach_5 = 300 * WALK
    assert found[5].shape.area == pytest.approx(2 * reach_5**2, rel=0.08)
    assert found[10].shape.covers(found[5].shape)
    assert found[5].streets.length + found[10].streets.length > 20_000
    assert found[5].streets.distance(Point(1000, 1000)) < 1


def test_a_place_in_the_river_is_told_so():
    with pytest.raises(BadValue, match="within 300 m there is no street"):
        set_out(net_of(street((0, 0), (100, 0))), Point(50, 400))


def town(**more):
    """A street with three houses in a block of 90, and a shop 500 m on."""
    return {
        "streets": [street((0, 0), (3000, 0))],
        "buildings": [house(x, 10, 10, 10, dwellings=homes) for x, homes in ((0, 1), (40, 2), (2600, 6))],
        "blocks": [block(box(-50, -50, 100, 100), 60, inhabitants_0_5=6, inhabitants_6_17=6, inhabitants_18_64=30,
                         inhabitants_65_79=12, inhabitants_80=6),
                   block(box(2500, -50, 2700, 100), 30, number="0102")],
        "facilities": [shop(500, 5), shop(520, 5, "education", "kindergarten")],
        **more,
    }  # fmt: skip


def test_a_block_s_people_live_where_its_dwellings_are():
    given = on_paper(**town())
    found = settled(given.rows["buildings"], given.rows["blocks"], defaults())
    assert found.people == pytest.approx([20, 40, 30])
    assert found.ages[1] == pytest.approx([4, 4, 20, 8, 4])
    assert found.ages[2] == pytest.approx([3, 3, 15, 6, 3])  # of no block with ages: as all together


def test_who_reaches_what_is_counted_for_those_who_need_it():
    found = figures("walking", on_paper(**town()))
    assert found["reach_food"].value == pytest.approx(60)
    assert found["reach_kindergarten"].value == pytest.approx(6)
    assert found["short_ways_share"].value == pytest.approx(100 * 60 / 90)
    assert found["far"].value == pytest.approx(30)
    assert "Arztpraxis" in found["reach_doctor"].refused.de


def test_blocks_are_listed_with_what_many_of_them_lack():
    answer = on_paper(**town(blocks=[block(box(2500, -50, 2700, 100), 300)]))
    places = [place for place in _walking(answer).places if place.above]
    assert [place.told.en for place in places] == ["far for many: Food (300), Kindergarten (300)"]
    assert places[0].values["food"] == pytest.approx((2105 - 0 + 15 + 5) / WALK / 60, abs=0.5)


def _walking(given):
    return indicator("walking").answer(given)


def test_a_shop_and_dwellings_of_a_scenario_win_people_and_only_there():
    today = on_paper(**town())
    plan = town()
    plan["facilities"] = [*plan["facilities"], shop(2590, 5)]
    plan["buildings"] = [*plan["buildings"], house(60, 10, 10, 10, dwellings=10)]
    then = on_paper(before=today, own={"facilities": ["f3"], "buildings": ["b4"]}, **plan)
    before, after = figures("walking", today), figures("walking", then)
    assert after["reach_food"].value == pytest.approx(60 + 30 + 20)
    moved = dict(
        zip(
            after["reach_food"].parts.uids,
            after["reach_food"].parts.values - [*before["reach_food"].parts.values, 0],
            strict=True,
        )
    )
    assert moved == pytest.approx({"b1": 0, "b2": 0, "b3": 30, "b4": 20})


def test_where_nothing_changes_nothing_moves():
    today = on_paper(**town())
    before, after = figures("walking", today), figures("walking", on_paper(before=today, **town()))
    assert {name: one.value for name, one in before.items()} == {name: one.value for name, one in after.items()}


def test_what_is_missing_is_said_with_the_remedy():
    assert "twin load" in figures("walking", on_paper(**town(streets=[])))["far"].refused.de
    assert "Gebäude" in figures("walking", on_paper(**town(buildings=[])))["far"].refused.de
    lonely = town()["streets"] + [street((0, 50), (20, 50))]
    told = " ".join(note.en for note in _walking(on_paper(**town(streets=lonely, blocks=[]))).notes)
    assert "1 streets are not connected" in told
    assert "No blocks with inhabitants" in told


def test_every_need_is_met_by_some_facility():
    rows = rows_of(
        [shop(0, 0, need.kind, (need.details or ("x",))[0]) for need in needs().values()],
        ("kind", "detail", "name", "station"),
    )
    found = supply(rows, rows_of([], ("name", "kind", "station")))
    assert all(found.of[name].any() for name in needs() if name != "stop")
    net = net_of(street((0, 0), (100, 0)))
    _, reached = reach(net, net.onto(points((50, 0))), found)
    assert reached.seconds["food"] == pytest.approx([50 / WALK])
