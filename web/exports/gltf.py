"""glTF 2.0, binary (.glb): buildings in their colours, for viewers, game engines and headsets."""

import struct
from pathlib import Path
from typing import Any

import numpy as np
import orjson

from layers.palette import BUILDINGS
from layers.writing.bodies import bodies
from layers.writing.delivery import Delivery, licences
from web.exports.triangles import cut

FLOAT, TRIANGLES, VERTICES, WHOLE = 5126, 4, 34962, 5125
_WALLS = "WC?"


def gltf(delivery: Delivery, path: Path) -> None:
    """Metres, y up and north at -z, from the middle of what is shown; `extras` says where that lies."""
    table = delivery.needed("buildings", "glTF")
    corners, normals, _, letters = cut(bodies(delivery, table))
    low, high = corners.min(axis=0), corners.max(axis=0)
    origin = np.round([*((low + high) / 2)[:2], low[2]], 3)
    places, facing = _turned(corners - origin), _turned(normals)
    parts, data = [], b""
    views: list[dict[str, Any]] = []
    accessors: list[dict[str, Any]] = []
    is_wall = np.isin(letters, list(_WALLS))
    for material, chosen in enumerate((is_wall, ~is_wall)):
        mine = np.repeat(chosen, 3)
        if not mine.any():
            continue
        attributes = {}
        for name, values in (("POSITION", places[mine]), ("NORMAL", facing[mine])):
            packed = values.astype("<f4")
            attributes[name] = len(accessors)
            accessors.append({"bufferView": len(views), "componentType": FLOAT, "count": len(packed), "type": "VEC3",
                              "min": packed.min(axis=0).tolist(), "max": packed.max(axis=0).tolist()})  # fmt: skip
            views.append({"buffer": 0, "byteOffset": len(data), "byteLength": packed.nbytes, "target": VERTICES})
            data += packed.tobytes()
        parts.append({"attributes": attributes, "material": material, "mode": TRIANGLES})
    place = {"crs": f"EPSG:{delivery.epsg}", "origin": origin.tolist(), "licences": licences(table)}
    told = {
        "asset": {"version": "2.0", "generator": "Twin", "extras": place},
        "scene": 0,
        "scenes": [{"nodes": [0], "name": f"{delivery.city}: {delivery.title}"}],
        "nodes": [{"mesh": 0, "name": "buildings"}],
        "meshes": [{"primitives": parts}],
        "materials": [_material("wall"), _material("roof")],
        "accessors": accessors,
        "bufferViews": views,
        "buffers": [{"byteLength": len(data)}],
    }
    path.write_bytes(_chunked(orjson.dumps(told), data))


def _turned(xyz: np.ndarray) -> np.ndarray:
    return np.column_stack([xyz[:, 0], xyz[:, 2], -xyz[:, 1]])


def _material(part: str) -> dict[str, Any]:
    """Colours of glTF are linear."""
    linear = [round(((value / 255 + 0.055) / 1.055) ** 2.4, 4) for value in BUILDINGS["existing"][part]]
    colour = {"baseColorFactor": [*linear, 1.0], "metallicFactor": 0.0, "roughnessFactor": 0.9}
    return {"name": part, "pbrMetallicRoughness": colour, "doubleSided": True}


def _chunked(text: bytes, data: bytes) -> bytes:
    text += b" " * (-len(text) % 4)
    data += b"\0" * (-len(data) % 4)
    head = struct.pack("<4sII", b"glTF", 2, 12 + 8 + len(text) + 8 + len(data))
    return head + struct.pack("<I4s", len(text), b"JSON") + text + struct.pack("<I4s", len(data), b"BIN\0") + data
