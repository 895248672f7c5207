"""Services: 100,000 buildings in PostGIS, two workers each, asked by eight at once; an export beside ogr2ogr's."""

import contextlib
import http.client
import json
import math
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

from sqlalchemy import URL, create_engine, make_url, text

from tests.benchmarks.deliveries import CACHE, TWIN, footprints
from tests.benchmarks.loading import load, new_database
from tests.benchmarks.measuring import Figure, run, side_by_side
from twin import postgis
from web.ogc.matrices import WEB

TIPG = ("tipg==1.6.1", "uvicorn")
PYGEOAPI = ("pygeoapi==0.21.0", "gunicorn", "psycopg2-binary", "sqlalchemy<2.1", "geoalchemy2")
ASKERS, SECONDS, WORKERS = 8, 10.0, 2
WINDOWS = 400  # that are asked for in turn, so that few are answered from a memory
SOME = 1_000  # features of an answer
ZOOM = 14
PATIENCE = 120  # seconds in which a server has to answer for the first time

Asked = Callable[[int], str]


def figures() -> Iterator[Figure]:
    folder = Path(tempfile.mkdtemp(prefix="twin-bench-"))
    folder.chmod(0o711)  # as root, PostgreSQL runs as another user, who has to get in
    try:
        server = make_url(postgis.start(folder / "postgis"))
        os.environ["PGPASSFILE"] = str(server.query["passfile"])
        with new_database(server) as database:
            load([footprints()[0]], database.render_as_string(hide_password=False), "--as", "buildings")
            yield from _services(database, folder)
            yield _export(database, folder)
    finally:
        postgis.stop(folder / "postgis")
        shutil.rmtree(folder)


def _services(database: URL, folder: Path) -> Iterator[Figure]:
    places = Places(database)
    about = f"ms an answer, {ASKERS} ask at once, {WORKERS} workers"
    with ours(database) as root:
        mine = f"{root}/ogc/scenarios/0/collections/buildings"
        items = pace(lambda i: f"{mine}/items?limit={SOME}&bbox={places.window(i)}")
        tiles = pace(lambda i: f"{mine}/tiles/WebMercatorQuad/{places.tile(i)}")
        kept = pace(lambda i: f"{mine}/tiles/WebMercatorQuad/{places.tile(0)}")
        tile = _asked(f"{mine}/tiles/WebMercatorQuad/{places.tile(0)}")
    with tipg(database) as root:
        its = f"{root}/collections/public.buildings"
        peer = pace(lambda i: f"{its}/items?limit={SOME}&bbox={places.window(i)}")
        yield Figure("items-beside-tipg", items, peer, 8, "ms", note=f"{SOME:,} features in a window, {about}", **MORE)
        peer = pace(lambda i: f"{its}/tiles/WebMercatorQuad/{places.tile(i, column_first=True)}")
        yield Figure("tiles-beside-tipg", tiles, peer, 2, "ms", note=f"tiles of zoom {ZOOM}, {about}", **MORE)
    with pygeoapi(database, folder) as root:
        peer = pace(lambda i: f"{root}/collections/buildings/items?f=json&limit={SOME}&bbox={places.window(i)}")
        yield Figure(
            "items-beside-pygeoapi", items, peer, 10, "ms", note=f"{SOME:,} features in a window, {about}", **MORE
        )
    if shutil.which("nginx"):
        with nginx(folder, tile) as root:
            peer = pace(lambda i: f"{root}/tile")
        yield Figure("kept-tile-beside-nginx", kept, peer, 2, "ms", note=f"one tile again and again, {about}")


MORE = {"at_least": True}


def _export(database: URL, folder: Path) -> Figure:
    address = database.render_as_string(hide_password=False)
    source = f"PG:host={database.host} port={database.port} dbname={database.database} user={database.username}"
    one, other = folder / "ours.gpkg", folder / "peer.gpkg"
    wanted, peer = side_by_side(
        lambda: run([*TWIN, "export", address, one, "--layers", "buildings"]),
        lambda: run(["ogr2ogr", "-overwrite", "-f", "GPKG", other, source, "buildings"]),
    )
    return Figure("export-to-geopackage", wanted, peer, goal=1, note="100,000 buildings, `twin export` and `ogr2ogr`")


class Places:
    """Windows and tiles all over the town, each with the same number of buildings or so."""

    def __init__(self, database: URL) -> None:
        box = "select ST_XMin(b), ST_YMin(b), ST_XMax(b), ST_YMax(b), n from"
        inner = "(select ST_Extent(ST_Transform(geom, 4326)) b, count(*) n from buildings) as boxed"
        with create_engine(database).connect() as connection:
            west, south, east, north, count = connection.execute(text(f"{box} {inner}")).one()
        self.box = (west, south, east, north)
        self.share = min((1.2 * SOME / count) ** 0.5, 0.5)

    def _corner(self, i: int) -> tuple[float, float]:
        """Spread over the box, another for each number: the fractions of two roots never come together."""
        west, south, east, north = self.box
        x, y = (i % WINDOWS * 0.754877666) % 1, (i % WINDOWS * 0.569840291) % 1
        return west + x * (1 - self.share) * (east - west), south + y * (1 - self.share) * (north - south)

    def window(self, i: int) -> str:
        west, south, east, north = self.box
        x, y = self._corner(i)
        return f"{x:.6f},{y:.6f},{x + self.share * (east - west):.6f},{y + self.share * (north - south):.6f}"

    def tile(self, i: int, *, column_first: bool = False) -> str:
        x, y = self._corner(i)
        side = WEB.widest / 2**ZOOM
        column = int((x / 180 * WEB.widest / 2 - WEB.origin[0]) / side)
        up = math.log(math.tan(math.pi / 4 + math.radians(y) / 2)) / math.pi * WEB.widest / 2
        row = int((WEB.origin[1] - up) / side)
        return f"{ZOOM}/{column}/{row}" if column_first else f"{ZOOM}/{row}/{column}"


def pace(address: Asked) -> float:
    """Milliseconds an answer, of all who ask together. Whoever is refused ends the benchmark."""
    _asked(address(0))
    done, end = [0] * ASKERS, time.perf_counter() + SECONDS
    failed: list[str] = []

    def ask(me: int) -> None:
        host, number = address(0).split("/")[2], me
        line = http.client.HTTPConnection(host, timeout=PATIENCE)
        while time.perf_counter() < end and not failed:
            line.request("GET", "/" + address(number).split("/", 3)[3], headers={"Accept-Encoding": "identity"})
            answer = line.getresponse()
            answer.read()
            if answer.status not in (200, 204):
                failed.append(f"{address(number)}: {answer.status}")
            done[me] += 1
            number += ASKERS
        line.close()

    began = time.perf_counter()
    threads = [threading.Thread(target=ask, args=(me,)) for me in range(ASKERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise SystemExit(failed[0])
    return (time.perf_counter() - began) * 1000 / sum(done)


@contextlib.contextmanager
def ours(database: URL) -> Iterator[str]:
    app = f"web:create_app(DATABASE={database.render_as_string(hide_password=False)!r})"
    command = [sys.executable, "-m", "gunicorn", "-w", WORKERS, "--threads", ASKERS, "--log-level", "error"]
    with _serving([*command, "-b", "127.0.0.1:{port}", app], "/ogc") as root:
        yield root


@contextlib.contextmanager
def tipg(database: URL) -> Iterator[str]:
    programs = _installed("tipg", TIPG)
    surroundings = {"DATABASE_URL": _with_password(database), "TIPG_DB_SCHEMAS": '["public"]'}
    command = [programs / "uvicorn", "tipg.main:app", "--workers", WORKERS, "--port", "{port}", "--log-level", "error"]
    with _serving(command, "/collections", surroundings) as root:
        yield root


@contextlib.contextmanager
def pygeoapi(database: URL, folder: Path) -> Iterator[str]:
    programs = _installed("pygeoapi", PYGEOAPI)
    port = _free_port()
    settings, document = folder / "pygeoapi.json", folder / "openapi.json"
    settings.write_text(json.dumps(_pygeoapi_settings(database, port)))
    surroundings = {"PYGEOAPI_CONFIG": str(settings), "PYGEOAPI_OPENAPI": str(document)}
    run([programs / "pygeoapi", "openapi", "generate", settings, "--output-file", document], **surroundings)
    command = [programs / "gunicorn", "-w", WORKERS, "--log-level", "error", "-b", "127.0.0.1:{port}"]
    with _serving([*command, "pygeoapi.flask_app:APP"], "/collections?f=json", surroundings, port) as root:
        yield root


def _pygeoapi_settings(database: URL, port: int) -> dict:
    data = {"host": database.host, "port": str(database.port), "dbname": database.database, "user": database.username,
            "password": make_url(_with_password(database)).password, "search_path": ["public"]}  # fmt: skip
    provider = {"type": "feature", "name": "PostgreSQL", "data": data, "id_field": "id", "table": "buildings",
                "geom_field": "geom", "storage_crs": "http://www.opengis.net/def/crs/EPSG/0/25832",
                "crs": ["http://www.opengis.net/def/crs/OGC/1.3/CRS84"]}  # fmt: skip
    whole = {"spatial": {"bbox": [-180, -90, 180, 90], "crs": "http://www.opengis.net/def/crs/OGC/1.3/CRS84"}}
    said = {"title": {"en": "Buildings"}, "description": {"en": "Buildings"}, "keywords": {"en": ["buildings"]}}
    link = [{"type": "text/html", "rel": "canonical", "title": "-", "href": "http://localhost", "hreflang": "en"}]
    address = {"url": f"http://127.0.0.1:{port}"}
    server = {
        "bind": {"host": "127.0.0.1", "port": port}, **address, "mimetype": "application/json; charset=UTF-8",
        "encoding": "utf-8", "languages": ["en"], "limits": {"default_items": SOME, "max_items": SOME},
        "map": {"url": "http://localhost", "attribution": "-"},
    }  # fmt: skip
    return {
        "server": server,
        "logging": {"level": "ERROR"},
        "metadata": {
            "identification": {**said, "keywords_type": "theme", "terms_of_service": "-", **address},
            "license": {"name": "-", **address}, "provider": {"name": "-", **address},
            "contact": {"name": "-", "position": "-", "address": "-", "city": "-", "stateorprovince": "-",
                        "postalcode": "-", "country": "-", "phone": "-", "fax": "-", "email": "a@b.c", **address,
                        "hours": "-", "instructions": "-", "role": "pointOfContact"},
        },
        "resources": {"buildings": {"type": "collection", **said, "links": link, "extents": whole,
                                    "providers": [provider]}},
    }  # fmt: skip


@contextlib.contextmanager
def nginx(folder: Path, tile: bytes) -> Iterator[str]:
    """The same bytes as a file."""
    port = _free_port()
    (folder / "tile").write_bytes(tile)
    (folder / "nginx.conf").write_text(
        f"daemon off; pid {folder}/nginx.pid; error_log /dev/null; worker_processes {WORKERS}; events {{}}"
        f" http {{ access_log off; server {{ listen 127.0.0.1:{port}; root {folder}; }} }}"
    )
    with _serving(["nginx", "-c", folder / "nginx.conf"], "/tile", port=port) as root:
        yield root


@contextlib.contextmanager
def _serving(command: list, first: str, surroundings: dict[str, str] | None = None, port: int = 0) -> Iterator[str]:
    """The address of a server, once it answers. {port} in the command is where it listens."""
    port = port or _free_port()
    words = [str(word).replace("{port}", str(port)) for word in command]
    root = f"http://127.0.0.1:{port}"
    with subprocess.Popen(words, env={**os.environ, **(surroundings or {})}) as process:  # noqa: S603
        try:
            end = time.monotonic() + PATIENCE
            while True:
                try:
                    _asked(root + first)
                    break
                except OSError:
                    if process.poll() is not None or time.monotonic() > end:
                        raise SystemExit(f"{' '.join(words[:3])} … does not answer at {root}{first}") from None
                    time.sleep(0.2)
            yield root
        finally:
            process.terminate()


def _installed(name: str, wanted: tuple[str, ...]) -> Path:
    """The programs of a peer, in an environment of its own."""
    if not (CACHE / name / "done").exists():
        run([sys.executable, "-m", "venv", "--clear", CACHE / name])
        run([CACHE / name / "bin/pip", "install", "--quiet", *wanted])
        (CACHE / name / "done").touch()
    return CACHE / name / "bin"


def _with_password(database: URL) -> str:
    password = Path(str(database.query["passfile"])).read_text().strip().rsplit(":", 1)[1]
    plain = database.set(drivername="postgresql", password=password, query={})
    return plain.render_as_string(hide_password=False)


def _asked(address: str) -> bytes:
    with urllib.request.urlopen(address, timeout=PATIENCE) as answer:  # noqa: S310
        return answer.read()


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]
