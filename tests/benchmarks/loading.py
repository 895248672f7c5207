"""Loading: whole programs, started anew each time, into a new store; median seconds of three runs in turn."""

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, create_engine, make_url, text

from tests.benchmarks.deliveries import BUILDINGS, CACHE, TWIN, citygml, cityjson, footprints, large_citygml
from tests.benchmarks.measuring import Figure, peak_memory, run, side_by_side
from tests.conftest import drop_database
from twin import postgis

CJDB = ("cjdb==2.3.0", "sqlalchemy<2.1")  # 2.1 would ask for a driver that cjdb does not bring
WALK = (
    "import sys; from lxml.etree import iterparse\nfor path in sys.argv[1:]:\n  for _, e in iterparse(path): e.clear()"
)


def figures() -> Iterator[Figure]:
    folder = Path(tempfile.mkdtemp(prefix="twin-bench-"))
    folder.chmod(0o711)  # as root, PostgreSQL runs as another user, who has to get in
    try:
        server = make_url(postgis.start(folder / "postgis"))
        os.environ["PGPASSFILE"] = str(server.query["passfile"])
        for path in footprints():
            yield from _footprints(path, folder, server)
        yield _against_cjdb(server)
        yield _against_a_walk(server)
        yield _memory(folder)
    finally:
        postgis.stop(folder / "postgis")
        shutil.rmtree(folder)


def _footprints(path: Path, folder: Path, server: URL) -> Iterator[Figure]:
    kind = path.suffix[1:]
    note = f"{BUILDINGS:,} plain footprints, `twin load` and `ogr2ogr`"
    ours, peer = side_by_side(
        lambda: load([path], new_file(folder), "--as", "buildings"),
        lambda: run(["ogr2ogr", "-f", "GPKG", "-t_srs", "EPSG:25832", new_file(folder), path]),
    )
    yield Figure(f"footprints-{kind}-into-geopackage", ours, peer, goal=2, note=note)
    ours, peer = side_by_side(
        lambda: load_into_server([path], server, "--as", "buildings"), lambda: ogr2ogr_into_server(path, server)
    )
    yield Figure(f"footprints-{kind}-into-postgis", ours, peer, goal=2, note=note)


def _against_cjdb(server: URL) -> Figure:
    install_cjdb()
    path, count = cityjson()
    ours, peer = side_by_side(
        lambda: load_into_server([path], server, count=count), lambda: cjdb_into_server(path, server)
    )
    note = f"{count:,} LoD2 buildings, CityJSON into PostGIS, `twin load` and `cjdb`"
    return Figure("cityjson-into-postgis", ours, peer, goal=3, at_least=True, note=note)


def _against_a_walk(server: URL) -> Figure:
    tiles = citygml()
    ours, peer = side_by_side(
        lambda: load_into_server(tiles, server, count=BUILDINGS), lambda: run([sys.executable, "-c", WALK, *tiles])
    )
    note = f"{BUILDINGS:,} LoD2 buildings, CityGML into PostGIS; the peer merely walks the files with lxml's iterparse"
    return Figure("citygml-into-postgis", ours, peer, goal=4, note=note)


def _memory(folder: Path) -> Figure:
    path = large_citygml()
    peak = peak_memory([*TWIN, "load", path, "--into", new_file(folder), "--json"])
    note = (
        f"most memory held while {path.stat().st_size / 1e9:.1f} GB of CityGML in one file are loaded; the peer is 1 GB"
    )
    return Figure("citygml-memory", peak, 1024, goal=1, unit="MB", note=note)


def load(paths: list[Path], store: object, *options: str, count: int = BUILDINGS) -> None:
    """`twin load`, and a look whether all buildings are in the store."""
    report = json.loads(run([*TWIN, "load", *paths, "--into", store, "--json", *options]))
    loaded = sum(file["loaded"] for file in report["files"] if file["layer"] == "buildings")
    if abs(loaded - count) > count / 100:  # the sample city may be a few houses larger or smaller
        raise SystemExit(f"{loaded:,} of {count:,} buildings were loaded")


def load_into_server(paths: list[Path], server: URL, *options: str, count: int = BUILDINGS) -> None:
    with new_database(server) as database:
        load(paths, database.render_as_string(hide_password=False), *options, count=count)


def ogr2ogr_into_server(path: Path, server: URL) -> None:
    with new_database(server) as database:
        address = f"PG:host={database.host} port={database.port} dbname={database.database} user={database.username}"
        run(["ogr2ogr", "-f", "PostgreSQL", "-t_srs", "EPSG:25832", address, path])


def cjdb_into_server(path: Path, server: URL) -> None:
    password = Path(str(server.query["passfile"])).read_text().strip().rsplit(":", 1)[1]  # cjdb asks for it else
    with new_database(server) as database:
        address = ["-H", database.host, "-p", database.port, "-U", database.username, "-d", database.database]
        run([CACHE / "cjdb/bin/cjdb", "import", *address, "-P", password, "-s", "city", "-f", path])


def install_cjdb() -> None:
    if not (CACHE / "cjdb/bin/cjdb").exists():
        run([sys.executable, "-m", "venv", "--clear", CACHE / "cjdb"])
        run([CACHE / "cjdb/bin/pip", "install", "--quiet", *CJDB])


def new_file(folder: Path) -> Path:
    path = folder / "city.gpkg"
    for old in folder.glob("city.gpkg*"):
        old.unlink()
    return path


@contextmanager
def new_database(server: URL) -> Iterator[URL]:
    administrator = create_engine(server, isolation_level="AUTOCOMMIT")
    with administrator.connect() as db:
        drop_database(db, "bench")
        db.execute(text("create database bench"))
    administrator.dispose()
    yield server.set(database="bench")
