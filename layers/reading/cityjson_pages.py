"""The pages of a CityJSON file, and what is on them: things, their families, their polygons."""

import datetime as dt
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import orjson

from layers.reading.solids import LOD_RANK, SURFACES, UNKNOWN, WALL
from layers.reading.unpacking import opened
from twin.errors import BadFile

LONGEST_LINE = 256 << 20  # bytes: one feature of a text sequence
KINDS = {**SURFACES, "Window": WALL, "Door": WALL}
DEPTHS = {"MultiSurface": 0, "CompositeSurface": 0, "Solid": 1, "MultiSolid": 2, "CompositeSolid": 2}


@dataclass
class Drawn:
    """The polygons of one thing: what each is, and its rings of corners."""

    lod: int
    faces: list[tuple[int, list[list[int]]]]
    place: int | None = None  # the vertex of a thing that is drawn as a point or from a template


def pages_of(path: Path) -> Iterator[dict]:
    """The whole file, or the lines of a text sequence: the first says the projection, the others bring a feature."""
    with opened(path) as file:
        if not is_sequence(path):
            yield page_of(file.read(), "")
            return
        number = 0
        while (line := file.readline(LONGEST_LINE)) or number == 0:
            number += 1
            if line.strip() or number == 1:
                yield page_of(line, f"line {number}: ")


def is_sequence(path: Path) -> bool:
    return ".jsonl" in (suffix.lower() for suffix in path.suffixes)


def page_of(text: bytes, where: str) -> dict:
    try:
        page = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        if error.pos >= len(error.doc) - 1:
            raise BadFile(f"{where}it is cut off after line {error.lineno}: ask for it again.") from error
        place = where or f"line {error.lineno}, column {error.colno}: "
        raise BadFile(f"{place}this is not sound JSON ({error.msg}). Ask for it again.") from error
    if not isinstance(page, dict) or page.get("type") not in ("CityJSON", "CityJSONFeature"):
        raise BadFile(f"{where}it is JSON, but not of the type CityJSON. Look whether the right file was exported.")
    if not isinstance(page.get("CityObjects"), dict):
        raise BadFile(f"{where}it has no CityObjects. Ask for it again.")
    return page


def things_of(page: dict) -> dict[str, dict]:
    return {
        uid: thing
        for uid, thing in page["CityObjects"].items()
        if isinstance(thing, dict) and isinstance(thing.get("type"), str)
    }


def parents_of(thing: dict) -> list:
    parents = thing.get("parents")
    return [parent for parent in parents if isinstance(parent, str)] if isinstance(parents, list) else []


def family_of(uid: str, things: dict[str, dict]) -> Iterator[dict]:
    """The thing, its children and theirs; each once, even where a file goes in circles."""
    waiting, met = [uid], set()
    while waiting:
        name = waiting.pop(0)
        if name in met or name not in things:
            continue
        met.add(name)
        yield things[name]
        children = things[name].get("children")
        waiting += [child for child in children if isinstance(child, str)] if isinstance(children, list) else []


def attributes_of(thing: dict) -> dict[str, Any]:
    attributes = thing.get("attributes")
    return attributes if isinstance(attributes, dict) else {}


def addresses_of(thing: dict) -> list[str]:
    said = thing.get("address")
    each = said if isinstance(said, list) else [said]
    words = [
        " ".join(str(one[key]) for key in ("ThoroughfareName", "ThoroughfareNumber") if one.get(key))
        for one in each
        if isinstance(one, dict)
    ]
    return [text for text in words if text]


def faces_of(thing: dict, vertices: int) -> Drawn:
    """The polygons of a thing in its best level of detail."""
    best, rank, place = Drawn(0, []), (-1, 0.0), None
    for geometry in thing.get("geometry") or []:
        if geometry["type"] in ("MultiPoint", "GeometryInstance"):
            place = range(vertices)[geometry["boundaries"][0]]
        elif geometry["type"] in DEPTHS:
            detail = float(geometry.get("lod", 1))
            if not 0 <= detail < 5:
                raise ValueError(f"there is no level of detail {detail}")
            mine = (int(LOD_RANK[int(detail)]), detail)
            if mine > rank:
                best, rank = Drawn(int(detail), list(named_faces(geometry))), mine
    for _, rings in best.faces:
        for ring in rings:
            if ring and not 0 <= min(ring) <= max(ring) < vertices:
                raise ValueError(f"a corner has the number {max(ring)}, but there are {vertices} vertices")
    best.place = place
    return best


def named_faces(geometry: dict) -> Iterator[tuple[int, list[list[int]]]]:
    """Each polygon with what its semantics call it."""
    semantics = geometry.get("semantics") or {}
    kinds = [KINDS.get(surface["type"], UNKNOWN) for surface in semantics.get("surfaces") or []]
    polygons, values = geometry["boundaries"], semantics.get("values")
    for _ in range(DEPTHS[geometry["type"]]):
        values = [value for i, shell in enumerate(polygons) for value in spread(values, i, len(shell))]
        polygons = [polygon for shell in polygons for polygon in shell]
    for i, polygon in enumerate(polygons):
        value = values[i] if values else None
        yield (UNKNOWN if value is None else kinds[value]), polygon


def spread(values: list | None, i: int, length: int) -> list:
    """The values of shell i: a file may write one null for all of them."""
    return values[i] if values and values[i] is not None else [None] * length


def vertices_of(page: dict) -> np.ndarray:
    try:
        vertices = np.array(page.get("vertices") or np.zeros((0, 3)), "float64")
    except (TypeError, ValueError) as error:
        raise BadFile(f"its vertices are not three numbers each ({error}). Ask for it again.") from error
    if vertices.ndim != 2 or vertices.shape[1] != 3:
        raise BadFile("its vertices are not three numbers each. Ask for it again.")
    return vertices


def placed(vertices: np.ndarray, header: dict) -> np.ndarray:
    """Where the whole numbers of the file lie in its projection."""
    transform = header.get("transform")
    if transform is None:
        return vertices
    try:
        moved = vertices * np.array(transform["scale"], "float64") + np.array(transform["translate"], "float64")
        return np.round(moved, 9)  # 84616.469, not 84616.46900000001
    except (TypeError, ValueError, KeyError) as error:
        raise BadFile("its transform needs scale and translate with three numbers each. Ask for it again.") from error


def reference(header: dict) -> str:
    metadata = header.get("metadata")
    name = metadata.get("referenceSystem") if isinstance(metadata, dict) else None
    return str(name or "")


def date_of(header: dict) -> dt.date | None:
    with suppress(ValueError, KeyError, TypeError):
        return dt.date.fromisoformat(header["metadata"]["referenceDate"][:10])
    return None
