"""The files that the benchmarks load, made once and kept in a cache folder."""

import json
import os
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyogrio.raw
import shapely

from tests.benchmarks.measuring import run

BUILDINGS = int(os.environ.get("TWIN_BENCH_BUILDINGS") or 100_000)
CACHE = Path(os.environ.get("TWIN_BENCH_CACHE") or Path(__file__).parents[2] / "data/bench")
LARGE = 10**9 * BUILDINGS // 100_000  # bytes of the one large CityGML file
TWIN = [sys.executable, "-m", "web.cli"]


def footprints() -> tuple[Path, Path]:
    """Plain outlines with three fields, in metres as a GeoPackage and in degrees as GeoJSON."""
    package = CACHE / f"footprints-{BUILDINGS}.gpkg"
    plain = package.with_suffix(".geojson")
    if not plain.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        package.unlink(missing_ok=True)
        _write_footprints(package)
        run(["ogr2ogr", "-t_srs", "EPSG:4326", "-lco", "RFC7946=YES", plain.with_suffix(".part.geojson"), package])
        plain.with_suffix(".part.geojson").rename(plain)
    return package, plain


def _write_footprints(path: Path) -> None:
    rng = np.random.default_rng(1)
    columns = int(BUILDINGS**0.5) + 1
    place = np.arange(BUILDINGS)
    x, y = 700_000 + 25.0 * (place % columns), 5_660_000 + 25.0 * (place // columns)
    width, depth = rng.uniform(6, 20, BUILDINGS), rng.uniform(6, 20, BUILDINGS)
    fields = [
        np.array([f"DEST{i:010d}" for i in place], dtype=object),
        rng.uniform(3, 25, BUILDINGS).round(1),
        rng.integers(1, 8, BUILDINGS).astype("int32"),
    ]
    pyogrio.raw.write(
        path,
        shapely.to_wkb(shapely.box(x, y, x + width, y + depth)),
        fields,
        ["gml_id", "height", "storeys"],
        layer="buildings",
        geometry_type="Polygon",
        crs="EPSG:25832",
    )


def cityjson() -> tuple[Path, int]:
    """Gabled houses with walls and roofs as CityJSON text sequence."""
    count = BUILDINGS // 5
    path = CACHE / f"houses-{count}.city.jsonl"
    if not path.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        with part.open("w") as file:
            file.writelines(json.dumps(line, separators=(",", ":")) + "\n" for line in _houses(count))
        part.rename(path)
    return path, count


def _houses(count: int) -> Iterator[dict]:
    yield {
        "type": "CityJSON",
        "version": "2.0",
        "transform": {"scale": [0.001] * 3, "translate": [700_000.0, 5_660_000.0, 150.0]},
        "metadata": {"referenceSystem": "https://www.opengis.net/def/crs/EPSG/0/25832"},
        "CityObjects": {},
        "vertices": [],
    }
    columns = int(count**0.5) + 1
    for i in range(count):
        yield _house(f"house-{i}", 25_000 * (i % columns), 25_000 * (i // columns), 4_000 + i % 7 * 1_000)


def _house(uid: str, x: int, y: int, eaves: int) -> dict:
    """A house of 10 by 12 m whose ridge is 4 m above its eaves. In millimetres."""
    ground = [(x, y, 0), (x + 10_000, y, 0), (x + 10_000, y + 12_000, 0), (x, y + 12_000, 0)]
    top = [(east, north, eaves) for east, north, _ in ground]
    ridge = [(x + 5_000, y, eaves + 4_000), (x + 5_000, y + 12_000, eaves + 4_000)]
    faces = [[3, 2, 1, 0], [0, 1, 5, 8, 4], [1, 2, 6, 5], [2, 3, 7, 9, 6], [3, 0, 4, 7], [5, 6, 9, 8], [7, 4, 8, 9]]
    solid = {
        "type": "Solid",
        "lod": "2.2",
        "boundaries": [[[face] for face in faces]],
        "semantics": {
            "surfaces": [{"type": "GroundSurface"}, {"type": "WallSurface"}, {"type": "RoofSurface"}],
            "values": [[0, 1, 1, 1, 1, 2, 2]],
        },
    }
    attributes = {"measuredHeight": (eaves + 4_000) / 1000, "function": "31001_1000", "roofType": "3100"}
    building = {"type": "Building", "attributes": attributes, "geometry": [solid]}
    vertices = [list(corner) for corner in ground + top + ridge]
    return {"type": "CityJSONFeature", "id": uid, "CityObjects": {uid: building}, "vertices": vertices}


def citygml() -> list[Path]:
    """The LoD2 tiles of a large sample city."""
    return [path for path in sorted(sample().rglob("*.gml")) if b"CityModel" in path.read_bytes()[:4096]]


def sample(buildings: int = BUILDINGS) -> Path:
    """The files of a sample city."""
    folder = CACHE / f"sample-{buildings}"
    if not folder.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        part = folder.with_suffix(".part")
        shutil.rmtree(part, ignore_errors=True)
        run([*TWIN, "sample", part, "--buildings", buildings, "--seed", "1"])
        part.rename(folder)
    return folder


def city(buildings: int = BUILDINGS) -> Path:
    """A sample city with all its layers in a GeoPackage."""
    store = CACHE / f"city-{buildings}.gpkg"
    if not store.exists():
        part = store.with_suffix(".part.gpkg")
        part.unlink(missing_ok=True)
        run([*TWIN, "load", sample(buildings), "--into", part])
        part.rename(store)
    return store


def large_citygml() -> Path:
    """All tiles in one file, again and again with other ids until it is as large as it shall be."""
    path = CACHE / f"large-{LARGE}.gml"
    if path.exists():
        return path
    part = path.with_suffix(".part")
    tiles = citygml()
    written = 0
    with part.open("wb") as file:
        head, _, foot = _pieces(tiles[0])
        file.write(head)
        while written < LARGE:
            for tile in tiles:
                members = _pieces(tile)[1]
                again = b"again%d_" % written
                members = re.sub(rb'(gml:id="|xlink:href="#)', rb"\1" + again, members)
                written += file.write(members)
                if written >= LARGE:
                    break
        file.write(foot)
    part.rename(path)
    return path


def _pieces(tile: Path) -> tuple[bytes, bytes, bytes]:
    """What stands before the first member, the members, and what stands after the last."""
    text = tile.read_bytes()
    first = re.search(rb"<(\w+:)?cityObjectMember", text)
    last = text.rindex(b"cityObjectMember>") + len(b"cityObjectMember>")
    if first is None:
        raise SystemExit(f"{tile} has no cityObjectMember")
    return text[: first.start()], text[first.start() : last], text[last:]
