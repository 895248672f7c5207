"""Ways: street distances beside networkx, transit beside a search over every call of the sample's and real feeds, all
facilities on foot for 100,000 buildings, transit for every block, after an edit, a reach area, and beside `pandana`."""

import datetime as dt
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import networkx
import numpy as np
import shapely
from sqlalchemy import text
from sqlalchemy.orm import Session

from layers.blocks import Block
from layers.buildings import Building
from layers.facilities import Facility
from layers.reading.load import Asked, load
from layers.streets import Street
from sample_city import generate
from scenarios.access import asked as access
from scenarios.access.areas import areas, set_out
from scenarios.access.needs import needs, reach, supply
from scenarios.access.net import Net, join, nearest
from scenarios.access.speeds import mode_called
from scenarios.access.timetable import Runs, Timetable, places, timetable
from scenarios.access.transit import HORIZON, NEVER, arrivals, transit_of, walks_between
from scenarios.access.ways import READS, ways_of
from scenarios.assumptions import defaults
from scenarios.indicators import Inquiry, indicator
from scenarios.indicators.given import EVERYWHERE, read
from scenarios.rows import Rows, rows_in
from tests import brute
from tests.benchmarks.deliveries import CACHE
from tests.benchmarks.measuring import Figure, run
from tests.real import REAL
from twin.city import City
from twin.feature import Scenario
from twin.shape import to_blobs
from twin.store import create_store, insert_rows, open_store, quick_index

TRIPS = 500
CITY, SIDE, STEP = 100_000, 130, 90.0  # buildings; streets each way; metres between them
EAST, NORTH = 700_000.0, 5_660_000.0
MORNING = 8 * 3600
FEEDS = {"heidelberg": "heidelberg-osm-gtfs", "porto-alegre": "porto-alegre"}


def figures() -> Iterator[Figure]:
    folder = Path(tempfile.mkdtemp(prefix="twin-bench-"))
    try:
        yield from _sample(folder)
        for name, delivery in FEEDS.items():
            feeds = sorted((REAL / delivery).glob("*.zip"))
            if feeds:
                yield from _feed(name, feeds, folder)
        yield from _town(folder)
    finally:
        shutil.rmtree(folder)


def _sample(folder: Path) -> Iterator[Figure]:
    generate(folder / "sample", 3000, 1)
    load(Asked([str(folder / "sample")], str(folder / "sample.gpkg")))
    with Session(open_store(str(folder / "sample.gpkg"))) as db:
        given = read(db, 0, None, [indicator("walking")], defaults())
        net = Net.of(access.ways_given(given), mode_called("walk"))
        homes = net.onto(shapely.centroid(given.rows["buildings"].shapes))
        shops = supply(given.rows["facilities"], given.rows["stops"])
        yield _as_networkx(net, homes, shops.points[shops.of["food"]])
        yield _as_brute("sample", timetable(db, 0), net)


def _as_networkx(net: Net, homes, shops: np.ndarray) -> Figure:
    chosen = homes.where(np.random.default_rng(1).choice(len(homes.piece), TRIPS))
    joined = join(net, net.onto(shops))
    ours = joined.times(nearest(joined, np.arange(len(shops)))[0], chosen, towards=True)
    points = shapely.line_interpolate_point(net.ways.lines()[chosen.piece], chosen.along, normalized=True)
    both = join(net, net.onto(np.concatenate([shops, points])))
    graph = networkx.from_scipy_sparse_array(both.graph.T, create_using=networkx.DiGraph)
    told = networkx.multi_source_dijkstra_path_length(graph, set(both.node[: len(shops)].tolist()))
    theirs = np.array([told[node] for node in both.node[len(shops) :].tolist()]) + net.beside(chosen)
    note = f"largest difference of {TRIPS} ways to the next shop, on the same graph; the peer is the goal"
    return Figure("walk-differs-from-networkx", float(np.abs(ours - theirs).max()), 1.0, goal=1, note=note)


def _feed(name: str, feeds: list[Path], folder: Path) -> Iterator[Figure]:
    store = str(folder / f"{name}.gpkg")
    load(Asked([str(path) for path in feeds], store))
    with Session(open_store(store)) as db:
        table = timetable(db, 0)
        yield _as_brute(name, table, _grid_net(places(table)))


def _grid_net(xy: np.ndarray) -> Net:
    """Streets every 300 m over the stops' town: the feed alone has none."""
    middle = np.median(xy, axis=0)
    west, south = np.floor((middle - 9000) / 300) * 300
    steps = np.arange(61) * 300.0
    lines = [shapely.LineString(np.column_stack([west + steps, np.full(61, south + y)])) for y in steps]
    lines += [shapely.LineString(np.column_stack([np.full(61, west + x), south + steps])) for x in steps]
    rows = Rows.of(
        [{"uid": str(i), "kind": "residential"} for i in range(len(lines))], ("uid", *READS), np.array(lines)
    )
    return Net.of(ways_of(rows, None, set()), mode_called("walk"))


def _as_brute(name: str, table: Timetable, net: Net) -> Figure:
    transit = transit_of(table, net)
    rng, many = np.random.default_rng(2), len(transit.rides.stop_of)
    on_net = np.flatnonzero(transit.joined.node[:many] >= 0)
    xy = shapely.get_coordinates(transit.stops[rng.choice(on_net, TRIPS)]) + rng.uniform(-250, 250, (TRIPS, 2))
    both = join(net, net.onto(np.append(transit.stops, shapely.points(xy))))
    walks = walks_between(both, many + np.arange(TRIPS), np.arange(many), 900)
    between = {i: dict(zip(transit.to[a:b].tolist(), transit.walk[a:b].tolist(), strict=True))
               for i, (a, b) in enumerate(zip(transit.first, transit.first[1:], strict=False))}  # fmt: skip
    told = brute.timetable((table.runs.trip, np.searchsorted(transit.rides.stop_of, table.runs.stop), *table.runs[2:4]))
    leaves, worst, there = rng.integers(6 * 3600, 20 * 3600, TRIPS).tolist(), 0, 0
    for i, departure in enumerate(leaves):
        row = walks[i]
        ours = arrivals(transit, row, departure)[0]
        afoot = dict(zip(row.indices.tolist(), np.ceil(row.data).astype(int).tolist(), strict=True))
        theirs = brute.arrivals(told, afoot, between, departure, transit.change, HORIZON)
        target = int(rng.integers(many))
        times = (int(ours[target]), theirs.get(target, NEVER))
        worst, there = max(worst, min(abs(times[0] - times[1]), 86_400)), there + (times[0] < NEVER)
    note = f"largest difference of {TRIPS} random trips, {there} arrive; {len(table.runs.trip):,} calls; goal: a minute"
    return Figure(f"transit-differs-{name}", worst / 60, 1.0, goal=1, unit="min", note=note)


def _town(folder: Path) -> Iterator[Figure]:
    store = str(folder / "city.gpkg")
    engine = create_store(store, City(name="Grid", srid=25832, longitude=11.86, latitude=51.05, state=None))
    with Session(engine) as db:
        db.add(Scenario(id=1, title="Plan"))
        db.flush()
        _write(db)
        db.commit()
    with Session(engine) as db:
        note = f"{CITY:,} buildings, {2 * SIDE} streets, {len(needs())} needs, read from the file; the peer is the goal"
        ask = lambda scenario: Inquiry(db, [indicator("walking")], None, defaults()).of(scenario)  # noqa: E731
        yield Figure("facilities-on-foot", _best(lambda: ask(0), 2), 10.0, goal=1, note=note)
        given = read(db, 0, None, [indicator("walking")], defaults())
        net = Net.of(access.ways_given(given), mode_called("walk"))
        yield from _quick(db, net, given)
    yield from _beside_pandana(folder, net, given)
    engine.dispose()


def _quick(db: Session, net: Net, given) -> Iterator[Figure]:
    middle = shapely.Point(EAST + SIDE * STEP / 2, NORTH + SIDE * STEP / 2)
    areas(set_out(net, middle))
    seconds = _best(lambda: areas(set_out(net, middle)), 5)
    yield Figure("reach-area", 1000 * seconds, 300.0, goal=1, unit="ms", note="5, 10, 15, 30 min; the peer is the goal")
    homes = net.onto(shapely.centroid(given.rows["buildings"].shapes))

    def edited() -> None:
        """A street is closed: the net anew from the file, and all facilities."""
        rows = rows_in(db, Street, 1, EVERYWHERE, READS)
        anew = Net.of(ways_of(rows, None, {"s7"}), mode_called("walk"))
        reach(anew, homes, supply(given.rows["facilities"], given.rows["stops"]))

    note = "streets read again, the net made anew, all facilities for all doors; the peer is the goal"
    yield Figure("facilities-after-an-edit", _best(edited, 2), 2.0, goal=1, note=note)
    table = _lines()
    blocks = shapely.centroid(given.rows["blocks"].shapes)

    def by_transit() -> None:
        transit = transit_of(table, net)
        many = len(transit.rides.stop_of)
        both = join(net, net.onto(np.append(transit.stops, blocks)))
        arrivals(transit, walks_between(both, many + np.arange(len(blocks)), np.arange(many), 900), MORNING)

    by_transit()
    note = f"{len(blocks):,} blocks, {len(table.runs.trip):,} calls, {len(table.stops)} stops; the peer is the goal"
    yield Figure("transit-for-every-block", _best(by_transit, 2), 10.0, goal=1, note=note)


def _beside_pandana(folder: Path, net: Net, given) -> Iterator[Figure]:
    """The nearest shop from each node of the same net."""
    supplied = supply(given.rows["facilities"], given.rows["stops"])
    shops = supplied.points[supplied.of["food"]]
    joined = join(net, net.onto(shops))

    def ours() -> None:
        nearest(joined, np.arange(len(shops)))

    ours()
    told = {"nodes": net.ways.xy.tolist(), "start": net.ways.start.tolist(), "end": net.ways.end.tolist(),
            "metres": net.ways.length.tolist(), "shops": shapely.get_coordinates(shops).tolist()}  # fmt: skip
    (folder / "net.json").write_text(json.dumps(told))
    place = CACHE / "pandana"
    if not (place / "bin/python").exists():
        run([sys.executable, "-m", "venv", "--clear", place])
    try:
        run([place / "bin/pip", "install", "--quiet", "pandana==0.8"])
        script = Path(__file__).with_name("peer_of_ways.py")
        peer = json.loads(run([place / "bin/python", script, folder / "net.json"]).splitlines()[-1])["seconds"]
    except SystemExit as error:
        print(f"pandana is left out: {str(error).splitlines()[-1]}", file=sys.stderr)
        return
    note = (
        f"the nearest of {len(shops)} shops from {len(net.ways.xy):,} nodes; the peer is pandana, its net made before"
    )
    yield Figure("nearest-beside-pandana", 1000 * _best(ours, 5), 1000 * peer, goal=2, unit="ms", note=note)


def _best(work: Callable[[], object], runs: int) -> float:
    times = []
    for _ in range(runs):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return min(times)


def _write(db: Session) -> None:
    """A square town: crooked streets with a corner at each crossing, houses along them, blocks, facilities."""
    rng = np.random.default_rng(5)
    square = np.stack(np.meshgrid(EAST + np.arange(SIDE) * STEP, NORTH + np.arange(SIDE) * STEP), axis=-1)
    square += rng.uniform(-15, 15, square.shape)  # or all ways over the grid were equally long
    lines = [shapely.LineString(way) for way in (*square, *square.swapaxes(0, 1))]
    side = SIDE * STEP
    x, y = (
        EAST + rng.uniform(0, side - STEP, CITY),
        NORTH + rng.integers(0, SIDE - 1, CITY) * STEP + rng.uniform(8, 30, CITY),
    )
    corners = [(EAST + i * 3 * STEP, NORTH + j * 3 * STEP) for i in range(SIDE // 3) for j in range(SIDE // 3)]
    squares = shapely.box(*np.array([(a, b, a + 3 * STEP, b + 3 * STEP) for a, b in corners]).T)
    kinds = [need for need in needs().values() if need.layer == "facilities"]
    told = [(kinds[i % len(kinds)].kind, (kinds[i % len(kinds)].details or ("x",))[0]) for i in range(400)]
    spots = shapely.points(EAST + rng.uniform(0, side, 400), NORTH + rng.uniform(0, side, 400))
    _rows(db, Street, np.array(lines), ("kind",), [("residential",)] * len(lines))
    _rows(
        db, Building, shapely.box(x, y, x + 12, y + 9), ("use", "storeys", "dwellings"), [("residential", 2, 2)] * CITY
    )
    _rows(db, Block, squares, ("inhabitants",), [(180,)] * len(squares))
    _rows(db, Facility, spots, ("kind", "detail"), told)
    db.execute(text("insert into streets (uid, scenario_id, gone, version, kind, geom) select uid, 1, gone, 1, 'rail',"
                    " geom from streets where scenario_id = 0 and uid = 's7'"))  # fmt: skip


def _rows(db: Session, layer, shapes: np.ndarray, names: tuple[str, ...], values: list[tuple]) -> None:
    table = layer.__tablename__
    columns = ["uid", "scenario_id", "gone", "version", *names, "geom"]
    blobs = to_blobs(shapes, 25832)
    rows = (
        (f"{table[0]}{i}", 0, False, 0, *told, blob) for i, (told, blob) in enumerate(zip(values, blobs, strict=True))
    )
    with quick_index(db, table, 0):
        insert_rows(db, layer.__table__, columns, rows)  # type: ignore[arg-type]


def _lines() -> Timetable:
    """Forty lines over the grid, every ten minutes both ways: some 130,000 calls."""
    stops = [(i, j) for i in range(0, SIDE, 4) for j in range(0, SIDE, 4)]
    number = {place: k for k, place in enumerate(stops)}
    ways = [[(i, j) for j in range(0, SIDE, 4)] for i in range(0, SIDE, 8)]
    ways += [[(i, j) for i in range(0, SIDE, 4)] for j in range(0, SIDE, 8)]
    calls: list[tuple[int, int, int, int]] = []
    for way in [*ways, *(way[::-1] for way in ways)]:
        for leaves in range(5 * 3600, 22 * 3600, 1000):
            trip = calls[-1][0] + 1 if calls else 0
            calls += [(trip, number[place], leaves + 75 * k, leaves + 75 * k + 15) for k, place in enumerate(way)]
    points = shapely.points([(EAST + i * STEP + 5, NORTH + j * STEP + 5) for i, j in stops])
    rows = Rows.of([{"uid": str(k)} for k in range(len(stops))], ("uid", "name", "kind", "station"), points)
    line = Rows.of([{"uid": "1", "kind": "bus"}], ("uid", "kind"), shapely.points([(EAST, NORTH)]))
    trip, stop, arrival, departure = np.array(calls).T
    return Timetable(
        dt.date(2026, 3, 17), rows, line, Runs(trip, stop, arrival, departure, np.zeros(trip[-1] + 1, int)), ()
    )
