"""One tile as one answer: a line of JSON that says what is in it, then the arrays as the graphics card takes them.

4 bytes: the length of the JSON, little-endian. The JSON, padded with blanks to a multiple of 4. Then the arrays, each
at the `offset` (from the end of the JSON) that the JSON gives, with its `type` and `length`.
"""

import struct
from typing import Any

import numpy as np
import orjson

_TYPES = {"int16": "Int16Array", "uint16": "Uint16Array", "uint8": "Uint8Array", "uint32": "Uint32Array"}


def pack(head: dict[str, Any], arrays: dict[str, np.ndarray]) -> bytes:
    """head: what is small. arrays: what is many; of 1, 2 or 4 bytes a value."""
    places, chunks, offset = {}, [], 0
    for name, array in arrays.items():
        data = np.ascontiguousarray(array).tobytes()
        places[name] = {"type": _TYPES[array.dtype.name], "offset": offset, "length": int(array.size)}
        data += b"\0" * (-len(data) % 4)
        chunks.append(data)
        offset += len(data)
    text = orjson.dumps({**head, "arrays": places})
    text += b" " * (-len(text) % 4)
    return struct.pack("<I", len(text)) + text + b"".join(chunks)
