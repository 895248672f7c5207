"""Editing: 20 planners, each with a change a second, over HTTP to a server of two processes; time of an answer."""

import http.client
import json
import os
import random
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from sqlalchemy import URL, create_engine, make_url, text
from sqlalchemy.orm import Session

from layers.buildings import Building
from scenarios.project import Project
from tests.benchmarks.measuring import Figure
from tests.conftest import drop_database
from tests.hamlet import cookie_of, planner
from twin import postgis
from twin.city import City
from twin.feature import Scenario
from twin.shape import to_blobs
from twin.store import create_store, in_a_file, insert_rows, quick_index
from web import create_app

MANY, FEW = 100_000, 10_000  # buildings
SCENARIOS, PROJECTS = 50, 5
PLANNED = 50  # buildings that differ in each scenario
PLANNERS = 20
SECONDS = 15
IN_TURN = 150  # answers for a comparison of two servers
EAST, NORTH = 700_000.0, 5_660_000.0
MEDIAN, WORST = 50.0, 150.0  # ms: the goals
GROWTH = 1.3

Times = list[float]  # ms


def figures() -> Iterator[Figure]:
    folder = Path(tempfile.mkdtemp(prefix="twin-bench-"))
    folder.chmod(0o711)  # as root, PostgreSQL runs as another user, who has to get in
    try:
        server = make_url(postgis.start(folder / "postgis"))
        stores = {
            "large": new_database(server, "large", MANY, SCENARIOS),
            "small": new_database(server, "small", FEW, SCENARIOS),
            "lonely": new_database(server, "lonely", MANY, 1),
        }
        file = str(folder / "city.gpkg")
        fill(file, FEW, SCENARIOS)
        yield from _at_once("postgis", stores["large"], MANY)
        yield from _at_once("file", file, FEW)
        yield from _growing(stores)
    finally:
        postgis.stop(folder / "postgis")
        shutil.rmtree(folder)


def _at_once(kind: str, store: str, buildings: int) -> Iterator[Figure]:
    with serving(store) as port:
        times = planners(port)
    median, worst = statistics.median(times), statistics.quantiles(times, n=20)[-1]
    note = f"{PLANNERS} planners, {buildings:,} buildings, {SCENARIOS} scenarios, {len(times)} changes; the peer is"
    yield Figure(f"editing-{kind}-median", median, MEDIAN, goal=1, unit="ms", note=f"{note} the goal")
    yield Figure(f"editing-{kind}-p95", worst, WORST, goal=1, unit="ms", note=f"95th percentile; {note} the goal")


def _growing(stores: dict[str, str]) -> Iterator[Figure]:
    """One server beside the other, asked in turn."""
    with serving(stores["large"]) as large, serving(stores["small"]) as small:
        ours, peer = in_turn(Planner(large, 1).change, Planner(small, 1).change)
        note = f"a change in a city of {MANY:,} buildings; the peer has {FEW:,}"
        yield Figure("editing-by-size-of-city", ours, peer, goal=GROWTH, unit="ms", note=note)
        ours, peer = in_turn(Planner(large, 1).window, Planner(small, 1).window)
        note = f"a window of a scenario after each change in a city of {MANY:,} buildings; the peer has {FEW:,}"
        yield Figure("window-by-size-of-city", ours, peer, goal=GROWTH, unit="ms", note=note)
    with serving(stores["large"]) as large, serving(stores["lonely"]) as lonely:
        ours, peer = in_turn(Planner(large, 1).change, Planner(lonely, 1).change)
        note = f"a change in a city with {SCENARIOS} scenarios; the peer has one"
        yield Figure("editing-by-scenarios", ours, peer, goal=GROWTH, unit="ms", note=note)


def in_turn(ours, peer) -> tuple[float, float]:
    pairs = [(ours(), peer()) for _ in range(IN_TURN + 10)][10:]  # the first ones open connections
    return tuple(statistics.median(times) for times in zip(*pairs, strict=True))  # type: ignore[return-value]


class Planner:
    """One who changes buildings of a scenario, one after the other, and knows their versions."""

    def __init__(self, port: int, scenario: int):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.headers = {"Cookie": f"twin={cookie_of(create_app(), planner())}", "Content-Type": "application/json"}
        self.scenario, self.random = scenario, random.Random(scenario)  # noqa: S311
        self.seen: dict[int, int] = {}

    def change(self) -> float:
        number = self.random.randrange(FEW - PLANNED)
        address = f"/api/scenarios/{self.scenario}/buildings/{_uid(number)}"
        if number not in self.seen:
            self.seen[number] = json.loads(self._ask("GET", f"{address}?geojson")[1])["version"]
        sent = {"properties": {"height": round(self.random.uniform(3, 60), 1)}, "seen": self.seen[number]}
        took, answer = self._ask("PUT", address, sent)
        self.seen[number] = json.loads(answer)["version"]
        return took

    def window(self) -> float:
        self.change()
        took, _ = self._ask("GET", f"/tiles/{self.scenario}/buildings/16/{_TILE[0]}/{_TILE[1]}")
        return took

    def _ask(self, method: str, address: str, sent: Any = None) -> tuple[float, bytes]:
        body = None if sent is None else json.dumps(sent)
        began = time.perf_counter()
        self.connection.request(method, address, body, self.headers)
        answer = self.connection.getresponse()
        told = answer.read()
        took = (time.perf_counter() - began) * 1000
        if answer.status != 200:
            raise RuntimeError(f"{method} {address}: {answer.status} {told[:300]!r}")
        return took, told


def planners(port: int) -> Times:
    """All at once, each with a pause of half a second to one and a half after each answer."""
    times: Times = []
    all_there = threading.Barrier(PLANNERS)

    def plan(number: int) -> None:
        planner = Planner(port, number + 1)
        planner.change()  # the first one finds the server still waking up
        all_there.wait()
        until = time.monotonic() + SECONDS
        while time.monotonic() < until:
            time.sleep(planner.random.uniform(0.5, 1.5))
            times.append(planner.change())

    threads = [threading.Thread(target=plan, args=(number,)) for number in range(PLANNERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if len(times) < PLANNERS:
        raise SystemExit("the planners had no answers")
    return times


def new_database(server: URL, name: str, buildings: int, scenarios: int) -> str:
    administrator = create_engine(server, isolation_level="AUTOCOMMIT")
    with administrator.connect() as db:
        drop_database(db, name)
        db.execute(text(f"create database {name}"))
    administrator.dispose()
    url = server.set(database=name).render_as_string(hide_password=False)
    fill(url, buildings, scenarios)
    return url


def fill(store: str, buildings: int, scenarios: int) -> None:
    """A grid of boxes, and in each scenario some that are higher."""
    engine = create_store(store, City(name="Grid", srid=25832, longitude=11.86, latitude=51.05, state=None))
    with Session(engine) as db:
        projects = [Project(id=i + 1, title=f"Project {i}") for i in range(PROJECTS)]
        db.add_all([planner(), *projects])
        db.flush()
        db.add_all(Scenario(id=i + 1, title=f"Scenario {i}", project_id=i % PROJECTS + 1) for i in range(scenarios))
        db.flush()
        _write_buildings(db, buildings)
        for i in range(scenarios):
            _plan(db, i + 1)
        db.commit()
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("analyze")
    engine.dispose()


def _write_buildings(db: Session, buildings: int) -> None:
    place = np.arange(buildings)
    columns = 100  # a large city is longer, not denser
    x, y = EAST + 25.0 * (place % columns), NORTH + 25.0 * (place // columns)
    boxes = shapely.box(x, y, x + 12, y + 9)
    shapes: list = (
        to_blobs(boxes, 25832)
        if in_a_file(db)
        else shapely.to_wkb(shapely.set_srid(boxes, 25832), include_srid=True).tolist()
    )
    names = ["uid", "scenario_id", "gone", "version", "height", "storeys", "use", "geom"]
    rows = ((_uid(i), 0, False, 0, 9.5, 3, "residential", shape) for i, shape in enumerate(shapes))
    with quick_index(db, "buildings", 0):
        insert_rows(db, Building.__table__, names, rows)  # type: ignore[arg-type]


def _plan(db: Session, scenario: int) -> None:
    """The last of the first few buildings, with the diary's lines, as if planners had raised them."""
    uids = [_uid(FEW - 1 - i) for i in range(PLANNED)]
    listed = ", ".join(f"'{uid}'" for uid in uids)
    db.execute(
        text(
            "insert into buildings (uid, scenario_id, gone, version, height, storeys, use, geom)"
            f" select uid, {scenario}, gone, 1, 30.0, 10, use, geom from buildings"
            f" where scenario_id = 0 and uid in ({listed})"
        )
    )
    db.execute(
        text(
            "insert into change (scenario_id, step, verb, what, layer, uid, version, made_at)"
            f" select {scenario}, 0, 'place', 'height', 'buildings', uid, 1, '2026-01-01T00:00:00.000Z'"
            f" from buildings where scenario_id = {scenario}"
        )
    )


@contextmanager
def serving(store: str) -> Iterator[int]:
    """gunicorn with two processes, as behind a town's proxy."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "-w",
        "2",
        "-k",
        "gthread",
        "--threads",
        "40",
        "--keep-alive",
        "75",
        "--log-level",
        "error",
    ]
    command += ["--bind", f"127.0.0.1:{port}", f"web:create_app(DATABASE={store!r})"]
    with subprocess.Popen(command, env={**os.environ, "PYTHONPATH": str(Path.cwd())}) as process:  # noqa: S603
        try:
            _wait_for(port)
            yield port
        finally:
            process.terminate()
            process.wait(20)


def _wait_for(port: int) -> None:
    for _ in range(600):
        try:
            with socket.create_connection(("127.0.0.1", port), 0.2):
                return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the server does not start")


def _uid(number: int) -> str:
    return f"DEBENCH{number:08d}"


def _tile_of(longitude: float, latitude: float, zoom: int) -> tuple[int, int]:
    across = 2**zoom
    up = np.arcsinh(np.tan(np.radians(latitude))) / np.pi
    return int((longitude + 180) / 360 * across), int((1 - up) / 2 * across)


_TILE = _tile_of(11.864, 51.062, 16)
