"""Figures of a plan: shade on 2,000 x 2,000 cells of 1 m for 60 positions of the sun, beside `solweig`, `pybdshadow`
and copying the raster; after one edit; facades of 500 buildings; area, law and cost in a city of 100,000 buildings."""

import datetime as dt
import json
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import shapely
from sqlalchemy import text
from sqlalchemy.orm import Session

from layers.buildings import Building
from layers.parcels import Parcel
from layers.zones import Zone
from scenarios.assumptions import defaults
from scenarios.indicators import Inquiry, indicator
from scenarios.rows import Rows
from scenarios.shade.relief import relief
from scenarios.shade.scene import Scene, lit_hours, positions, sun_hours
from scenarios.shade.sweep import Counts, Heights, count_shade, recount, shaded
from tests.benchmarks.deliveries import CACHE
from tests.benchmarks.measuring import Figure, run
from twin.city import City
from twin.feature import Scenario
from twin.shape import to_blobs
from twin.store import create_store, insert_rows, quick_index

SIDE, MANY, POSITIONS, FEW = 2000, 4000, 60, 6  # 1,000 buildings on a km², as in a town
CITY, EDITED = 100_000, 200
QUARTER, STOREYS = 500, 4
PEERS = {"solweig": ("solweig==0.1.0b96",), "pybdshadow": ("pybdshadow==0.3.5", "setuptools<81")}
EAST, NORTH = 700_000.0, 5_660_000.0
RUNS = 5
EQUINOX = dt.date(2026, 3, 21)


def figures() -> Iterator[Figure]:
    folder = Path(tempfile.mkdtemp(prefix="twin-bench-"))
    try:
        yield from _shade(folder)
        yield _facades()
        yield _city(folder)
    finally:
        shutil.rmtree(folder)


def _shade(folder: Path) -> Iterator[Figure]:
    heights, boxes = town()
    azimuth, altitude = sun()
    ready = Heights.of(heights, 1.0)
    count_shade(ready, azimuth[:2], altitude[:2])  # compiled now, not while the clock runs
    cores = min(2, len(os.sched_getaffinity(0)))
    copied = np.empty_like(heights)
    ours = best(lambda: count_shade(ready, azimuth, altitude, cores)) / POSITIONS * 1000
    copying = best(lambda: copied.__setitem__(..., heights)) * 1000
    note = f"{SIDE} x {SIDE} cells, a position of the sun, {cores} cores"
    yield Figure("shade-beside-copying", ours, copying, goal=2, unit="ms", note=f"{note}; the peer copies the raster")
    yield _edited(heights, ready, ours * POSITIONS, (azimuth, altitude))
    few = list(range(0, POSITIONS, POSITIONS // FEW))
    told = {"few": [(float(azimuth[i]), float(altitude[i])) for i in few]}
    (folder / "told.json").write_text(json.dumps(told))
    np.save(folder / "heights.npy", heights)
    np.save(folder / "boxes.npy", boxes)
    for name, goal in (("solweig", 100), ("pybdshadow", 2000)):
        if (peer := peers_time(name, folder)) is not None:
            peers_note = f"{note}; the peer is {name}" + (f", {MANY:,} buildings" if name == "pybdshadow" else "")
            yield Figure(f"shade-beside-{name}", ours, peer * 1000, goal, "ms", at_least=True, note=peers_note)
    if (folder / "lit.npy").exists():
        note = f"cells that differ from solweig in {len(few)} positions, on average, {{many:,}} buildings"
        other = _differing(ready, np.load(folder / "lit.npy"), told["few"])
        yield Figure(
            "shade-differs-from-solweig", other, 1.0, 1, "%", note=f"{note.format(many=MANY)}; the peer is the goal"
        )
        dense, _ = town(2 * MANY)
        dense -= dense.min()  # solweig looks no farther than a shadow from the highest cell down to 0 m
        np.save(folder / "heights.npy", dense)
        peers_time("solweig", folder)
        other = _differing(Heights.of(dense, 1.0), np.load(folder / "lit.npy"), told["few"])
        told_of = f"{note.format(many=2 * MANY)}; the peer is the goal"
        yield Figure("shade-differs-in-a-dense-town", other, 1.0, 1, "%", note=told_of)


def _differing(ready: Heights, lit: np.ndarray, few: list[tuple[float, float]]) -> float:
    """Percent of the cells, on average over the positions of the sun."""
    return float(np.mean([(~shaded(ready, *one) != lit[k]).mean() * 100 for k, one in enumerate(few)]))


def _edited(heights: np.ndarray, ready: Heights, full: float, sun_way: tuple[np.ndarray, np.ndarray]) -> Figure:
    """One building of 14 x 12 m gets 22 m high. The counts must be those of a full run."""
    box = (1000, 1014, 900, 912)
    changed = heights.copy()
    changed[box[0] : box[1], box[2] : box[3]] += 22.0
    after, counts = Heights.of(changed, 1.0), count_shade(ready, *sun_way)
    times = []
    for _ in range(RUNS):
        mine: Counts = counts.copy()
        began = time.perf_counter()
        recount(mine, ready, after, box, *sun_way)
        times.append((time.perf_counter() - began) * 1000)
    if not (mine.total() == count_shade(after, *sun_way).total()).all():
        raise SystemExit("after the edit the counts are not those of a full run")
    note = f"after one edited building, {POSITIONS} positions, equal to the last bit; the peer is the full run"
    return Figure("shade-after-an-edit", min(times), full, goal=0.05, unit="ms", note=note)


def _facades() -> Figure:
    """Facades by storey and roofs of a quarter, every 10 minutes of a day."""
    rng = np.random.default_rng(2)
    x, y = np.meshgrid(np.arange(25) * 28.0 + 40, np.arange(20) * 26.0 + 40)
    x, y = x.ravel()[:QUARTER], y.ravel()[:QUARTER]
    shapes = shapely.box(x, y, x + 14, y + 11)
    tall = rng.uniform(8, 16, QUARTER)
    rows = Rows.of([{"height": height} for height in tall], ("height", "eaves_height", "storeys", "storey_height",
                   "base_height", "roof_type", "surfaces", "surface_kinds"), shapes)  # fmt: skip
    size = (0.0, 0.0, 800.0, 620.0)
    ground = np.zeros((620, 800), np.float32)
    middles = np.concatenate(
        [np.column_stack(side) for side in ((x + 7, y), (x + 7, y + 11), (x, y + 5), (x + 14, y + 5))]
    )
    normals = np.repeat([(0.0, -1.0), (0.0, 1.0), (-1.0, 0.0), (1.0, 0.0)], QUARTER, axis=0)
    storeys = [np.column_stack([middles, np.full(len(middles), 1.2 + 3 * i)]) for i in range(STOREYS)]
    points, outward = np.concatenate(storeys), np.tile(normals, (STOREYS, 1))
    azimuth, altitude = positions(EQUINOX, (11.97, 51.48), 0.0)

    def work() -> None:
        heights = relief(ground, size, 1.0, rows, 3.0)
        scene = Scene(heights, heights, ground, size, 1.0, False, 1.0)
        sun_hours(scene, azimuth, altitude)
        lit_hours(scene, points, outward, azimuth, altitude)

    work()
    note = (
        f"{len(points):,} points on facades and the roofs of {QUARTER} buildings, {len(azimuth)} positions; the peer is"
    )
    return Figure("facades-and-roofs", best(work, 3), 2.0, goal=1, note=f"{note} the goal")


def _city(folder: Path) -> Figure:
    """The project's area holds the edited buildings; the city around it is not read."""
    store = str(folder / "city.gpkg")
    engine = create_store(store, City(name="Grid", srid=25832, longitude=11.86, latitude=51.05, state=None))
    with Session(engine) as db:
        db.add(Scenario(id=1, title="Plan"))
        db.flush()
        columns = _write(db)
        db.commit()
    rows = -(-EDITED // columns)
    area = shapely.box(EAST - 1, NORTH - 1, EAST + 25 * columns, NORTH + 25 * rows)
    wanted = [indicator(name) for name in ("areas", "law", "cost")]
    with Session(engine) as db:
        ask = lambda: Inquiry(db, wanted, area, defaults()).of(1)  # noqa: E731
        ask()
        ours = best(ask) * 1000
    engine.dispose()
    note = f"areas, law and cost of {EDITED} edited among {CITY:,} buildings, today and then; the peer is the goal"
    return Figure("figures-of-a-plan", ours, 200.0, goal=1, unit="ms", note=note)


def town(many: int = MANY) -> tuple[np.ndarray, np.ndarray]:
    """Heights (SIDE, SIDE) float32, and (many, 5): x, y, width, depth, height of the boxes on it."""
    rng = np.random.default_rng(1)
    x, y = np.meshgrid(np.arange(SIDE), np.arange(SIDE))
    heights = (6 * np.sin(x / 310) * np.cos(y / 270)).astype(np.float32)  # gentle hills
    left, top = rng.integers(0, SIDE - 20, many), rng.integers(0, SIDE - 20, many)
    width, depth, tall = rng.integers(8, 18, many), rng.integers(8, 18, many), rng.uniform(4, 25, many)
    for x, y, wide, deep, high in zip(left, top, width, depth, tall, strict=True):
        heights[y : y + deep, x : x + wide] = heights[y, x] + high
    return heights, np.column_stack([left, SIDE - top - depth, width, depth, tall])


def sun() -> tuple[np.ndarray, np.ndarray]:
    """60 positions from 11 degrees in the morning to 11 in the evening of 21 March over Halle."""
    azimuth, altitude = positions(EQUINOX, (11.97, 51.48), 11.0, step=1)
    chosen = np.linspace(0, len(azimuth) - 1, POSITIONS).astype(int)
    return azimuth[chosen], altitude[chosen]


def peers_time(name: str, folder: Path) -> float | None:
    """Seconds of the peer for one position; None where it cannot be installed."""
    place = CACHE / name
    if not (place / "bin/python").exists():
        run([sys.executable, "-m", "venv", "--clear", place])
    try:
        run([place / "bin/pip", "install", "--quiet", *PEERS[name]])
        script = Path(__file__).with_name("peers_of_shade.py")
        return json.loads(run([place / "bin/python", script, name, folder]).splitlines()[-1])["seconds"]
    except SystemExit as error:
        print(f"{name} is left out: {str(error).splitlines()[-1]}", file=sys.stderr)
        return None


def best(work: Callable[[], object], runs: int = RUNS) -> float:
    """Median seconds."""
    times = []
    for _ in range(runs):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return statistics.median(times)


def _write(db: Session) -> int:
    """A grid of buildings, each on its parcel, in one zone; the first ones are raised by the scenario."""
    columns, place = 20, np.arange(CITY)
    x, y = EAST + 25.0 * (place % columns), NORTH + 25.0 * (place // columns)
    for layer, shapes, names, values in (
        (Building, shapely.box(x, y, x + 12, y + 9), ["height", "storeys", "use"], (9.5, 3, "residential")),
        (Parcel, shapely.box(x - 5, y - 5, x + 20, y + 20), ["number"], ("1",)),
    ):
        table = layer.__tablename__
        columns_of = ["uid", "scenario_id", "gone", "version", *names, "geom"]
        rows = ((f"{table[0]}{i}", 0, False, 0, *values, shape) for i, shape in enumerate(to_blobs(shapes, 25832)))
        with quick_index(db, table, 0):
            insert_rows(db, layer.__table__, columns_of, rows)  # type: ignore[arg-type]
    whole = shapely.box(EAST - 5, NORTH - 5, EAST + 25 * columns, y.max() + 20)
    db.add(Zone(uid="WA", kind="WA", plan_kind="bplan", plan="1", state_of_law="4000", gfz=0.8, grz=0.4, shape=whole))
    db.execute(text(
        "insert into buildings (uid, scenario_id, gone, version, height, storeys, use, geom)"
        " select uid, 1, gone, 1, 30.0, 10, use, geom from buildings"
        f" where scenario_id = 0 and cast(substr(uid, 2) as integer) < {EDITED}"
    ))  # fmt: skip
    return columns
