"""One column type for shapes: PostGIS geometry on a server, a GeoPackage blob in a file."""

import struct
from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from sqlalchemy.types import TypeDecorator, UserDefinedType

_HEADER = struct.Struct("<2sBBi4d")  # magic, version, flags, srs id, envelope
_HEADERS = np.dtype([("magic", "S2"), ("version", "u1"), ("flags", "u1"), ("srid", "<i4"), ("envelope", "<f8", 4)])
_ENVELOPE = struct.Struct("<4d")  # minx, maxx, miny, maxy
_LITTLE_ENDIAN_WITH_XY_ENVELOPE = 0b0000_0011
_EMPTY = 0b0001_0000


class _Blob(UserDefinedType):
    """A GeoPackage geometry column is declared by its kind: `geom POINT`."""

    cache_ok = True

    def __init__(self, kind: str):
        self.kind = kind

    def get_col_spec(self, **_):
        return self.kind


class Shape(TypeDecorator):
    """Hands shapely geometries in and out, whichever database is behind it.

    The projection belongs to the store, not to the model: `open_store` leaves it on the dialect as `city_srid`.
    """

    impl = _Blob
    cache_ok = True

    def __init__(self, kind: str = "GEOMETRY"):
        super().__init__(kind)
        self.kind = kind
        self.srid, self.spatial_index = -1, False  # GeoAlchemy2 asks for both

    def load_dialect_impl(self, dialect):
        in_a_file = dialect is not None and dialect.name == "sqlite"  # GeoAlchemy2 asks with None
        if in_a_file:
            return _Blob(self.kind)
        from geoalchemy2 import Geometry  # only here: a file does without, and it takes a while to import

        return Geometry(self.kind, srid=getattr(dialect, "city_srid", -1), spatial_index=False)

    def bind_expression(self, bindvalue):
        return bindvalue  # shapes are bound as they are, without GeoAlchemy2's ST_GeomFromEWKT

    def column_expression(self, column):
        return column

    def process_bind_param(self, value, dialect):
        if value is None:
            return None
        srid = dialect.city_srid
        return to_blob(value, srid) if dialect.name == "sqlite" else to_ewkb(value, srid).hex()

    def process_result_value(self, value, dialect):
        if value is None or isinstance(value, shapely.Geometry):
            return value
        if dialect.name == "sqlite":
            return from_blob(value)
        return shapely.from_wkb(getattr(value, "desc", value))  # of GeoAlchemy2's element: its hexadecimal EWKB


def to_ewkb(shape, srid: int) -> bytes:
    return shapely.to_wkb(shapely.set_srid(shape, srid), include_srid=True, byte_order=1)


def to_blob(shape, srid: int) -> bytes:
    """A GeoPackage geometry (OGC 12-128r18, 2.1.3): header with the XY envelope, then ISO WKB."""
    return _header(srid, *shape.bounds) + shapely.to_wkb(shape, flavor="iso", byte_order=1)


def to_blobs(shapes: np.ndarray, srid: int) -> list[bytes]:
    """`to_blob` for many shapes at once. shapes: (n,) shapely geometries, none missing."""
    headers = np.zeros(len(shapes), _HEADERS)
    headers["magic"], headers["srid"] = b"GP", srid
    boxes = shapely.bounds(shapes)
    headers["flags"] = np.where(
        np.isnan(boxes[:, 0]), _LITTLE_ENDIAN_WITH_XY_ENVELOPE | _EMPTY, _LITTLE_ENDIAN_WITH_XY_ENVELOPE
    )
    headers["envelope"] = boxes[:, (0, 2, 1, 3)]
    wkbs = shapely.to_wkb(shapes, flavor="iso", byte_order=1).tolist()
    return [header + wkb for header, wkb in zip(headers.view(f"V{_HEADERS.itemsize}").tolist(), wkbs, strict=True)]


def _header(srid: int, minx: float, miny: float, maxx: float, maxy: float) -> bytes:
    flags = _LITTLE_ENDIAN_WITH_XY_ENVELOPE | (_EMPTY if minx != minx else 0)
    return _HEADER.pack(b"GP", 0, flags, srid, minx, maxx, miny, maxy)


def from_blob(blob: bytes) -> Any:
    return shapely.from_wkb(wkb_of(blob))


def from_stored(values: Sequence, file: bool) -> np.ndarray:
    """Many shapes at once, as the driver gives them: blobs of a file, hexadecimal EWKB of a server."""
    return shapely.from_wkb(np.array([wkb_of(value) if file and value else value for value in values], object))


def wkb_of(blob: bytes) -> bytes:
    envelope_bytes = (0, 32, 48, 48, 64)[(blob[3] >> 1) & 0b111]  # QGIS may write other envelopes
    return blob[8 + envelope_bytes :]


def blob_bounds(blob: bytes) -> tuple[float, float, float, float]:
    """minx, maxx, miny, maxy, from the header where it has them: the index triggers ask for each row."""
    if blob[3] & 0b1110 and blob[3] & 1:
        return _ENVELOPE.unpack_from(blob, 8)
    minx, miny, maxx, maxy = from_blob(blob).bounds
    return minx, maxx, miny, maxy


def blob_is_empty(blob: bytes) -> bool:
    return bool(blob[3] & _EMPTY)


def blobs_relate(relation: str, one: bytes | None, other: bytes | None) -> bool | None:
    """relation: a predicate of shapely's: "intersects", "within" ..."""
    if one is None or other is None:
        return None
    return bool(getattr(shapely, relation)(from_blob(one), from_blob(other)))
