"""Mapbox Vector Tiles 2.1, packed by hand: what the standard asks for is small."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import shapely

EXTENT = 4096  # units across a tile
BUFFER = 64  # units beyond its edge, so that outlines show no seams
_KINDS = {0: 1, 1: 2, 2: 3}  # dimension -> point, line, polygon
_MOVE, _LINE, _CLOSE = 1, 2, 7


def layer(name: str, shapes: np.ndarray, ids: list[int], fields: dict[str, list[Any]]) -> bytes:
    """One layer of a tile. shapes: (n,) in units of the tile, y down; fields: name -> (n,) values, None left out."""
    keys, values = list(fields), _Values()
    body = _text(1, name)
    for i, shape in enumerate(shapes):
        geometry = _geometry(shape)
        if not geometry:
            continue
        tags: list[int] = []
        for k, key in enumerate(keys):
            value = fields[key][i]
            if value is not None:
                tags += [k, values.number(value)]
        kind = _KINDS[shapely.get_dimensions(shape).item()]
        feature = _number(1, ids[i]) + _packed(2, tags) + _number(3, kind) + _packed(4, geometry)
        body += _bytes(2, feature)
    body += b"".join(_text(3, key) for key in keys) + b"".join(_bytes(4, value) for value in values.packed)
    return _bytes(3, body + _number(5, EXTENT) + _number(15, 2))


class _Values:
    def __init__(self) -> None:
        self.numbers: dict[tuple[type, Any], int] = {}
        self.packed: list[bytes] = []

    def number(self, value: Any) -> int:
        key = (type(value), value)
        if key not in self.numbers:
            self.numbers[key] = len(self.packed)
            self.packed.append(_value(value))
        return self.numbers[key]


def _value(value: Any) -> bytes:
    if isinstance(value, bool):
        return _number(7, int(value))
    if isinstance(value, int):
        return _number(6, _zigzag(value))
    if isinstance(value, float):
        return _varint(3 << 3 | 1) + np.float64(value).tobytes()
    return _text(1, value.isoformat() if hasattr(value, "isoformat") else str(value))


def _geometry(shape: Any) -> list[int]:
    """Commands and steps: move, draw, close."""
    found: list[int] = []
    at = np.zeros(2, int)
    parts = shapely.get_parts(shape)
    if shapely.get_dimensions(shape) == 0:
        points = np.rint(shapely.get_coordinates(parts)).astype(int)
        return [_MOVE | len(points) << 3, *_steps(points, at)[0]] if len(points) else []
    for ring, closed in _rings(parts):
        points = np.rint(shapely.get_coordinates(ring)).astype(int)
        kept = points[np.append(True, (np.diff(points, axis=0) != 0).any(axis=1))]
        if closed:
            kept = kept[:-1] if len(kept) > 1 and (kept[0] == kept[-1]).all() else kept
        if len(kept) < (3 if closed else 2):
            continue
        steps, at = _steps(kept, at)
        found += [_MOVE | 1 << 3, *steps[:2], _LINE | (len(kept) - 1) << 3, *steps[2:]]
        if closed:
            found.append(_CLOSE | 1 << 3)
    return found


def _rings(parts: np.ndarray) -> Iterator[tuple[Any, bool]]:
    """Outer rings clockwise on the screen, holes the other way, as the standard tells them apart."""
    for part in parts:
        if part.geom_type == "Polygon":
            turned = shapely.orient_polygons(part)  # y points down here
            for ring in (turned.exterior, *turned.interiors):
                yield ring, True
        elif part.geom_type == "LineString":
            yield part, False


def _steps(points: np.ndarray, at: np.ndarray) -> tuple[list[int], np.ndarray]:
    moved = np.diff(np.vstack([at, points]), axis=0)
    return ((moved << 1) ^ (moved >> 63)).ravel().tolist(), points[-1]


def _zigzag(value: int) -> int:
    return (value << 1) ^ (value >> 63)


def _varint(value: int) -> bytes:
    found = bytearray()
    while value > 0x7F:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    found.append(value)
    return bytes(found)


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _bytes(field: int, data: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(data)) + data


def _text(field: int, text: str) -> bytes:
    return _bytes(field, text.encode())


def _packed(field: int, values: list[int]) -> bytes:
    return _bytes(field, b"".join(map(_varint, values)))
