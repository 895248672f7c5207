"""What a reader hands over: features as columns, what it left out, and why."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from pyproj import CRS
from sqlalchemy.orm import Session


@dataclass
class LeftOut:
    where: str  # "line 12", "sheet Leerstand, line 7", a gml:id
    reason: str  # what is the matter, and what to do about it


@dataclass
class Batch:
    """Features of one layer: all lists have one value a feature, None where it is not known.

    layer: a name of `layers.BY_NAME`, or the name of a layer that the town brings: then `fields` may have any
        names, and `titles` their words.
    crs: of the shapes, horizontal; x is east, y is north. None: the file does not say.
    shapes: (n,) shapely geometries, in the units of `crs`; None where a row has none.
    uids: what outlives the next delivery of the same file: the cadastre's number, OpenStreetMap's id.
        None: the loader makes them from the shape.
    where: how the report names a row.
    estimated: "storeys: height / 3.2 m" for each feature in which the reader itself guessed a field; several are
        joined by "; ".
    surfaces: buildings only: (n,) shapely MultiPolygon Z in `crs`, metres above sea level, one letter a polygon in
        the field `surface_kinds`; None where a building has none.
    """

    layer: str
    crs: CRS | None
    shapes: np.ndarray
    fields: dict[str, list]
    uids: list[str] | None = None
    where: list[str] | None = None
    estimated: list[str | None] | None = None
    surfaces: np.ndarray | None = None
    titles: dict[str, str] = field(default_factory=dict)
    left_out: list[LeftOut] = field(default_factory=list)  # rows of the file that are not in this batch
    notes: list[str] = field(default_factory=list)  # said once in the report, whatever batch they come with

    def __len__(self) -> int:
        return len(self.shapes)


@dataclass
class Rows:
    """Rows without a shape that belong to a file's features: a timetable. They replace the file's earlier ones.

    table: a name of `layers.lines.TIMETABLE`. columns: one list a column, all of one length.
    """

    table: str
    columns: dict[str, list]


@dataclass
class Terrain:
    """A height raster, as delivered: the loader warps it into the city's projection."""

    path: str  # that rasterio opens; "" for a raster that is no terrain: `left_out` says what it is
    crs: CRS | None
    read: int  # cells
    holes: int  # cells without a height
    left_out: list[LeftOut] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass
class Survey:
    """A first look, before anything is read: cheap even for a file of gigabytes.

    crs: as the file says, None where it does not. bounds: (west, south, east, north) in degrees, None where unknown.
    layers: what it will give, with the number of features where that is cheap to know.
    """

    kind: str  # "CityGML 2.0 LoD2", "GTFS", "OpenStreetMap", "GeoPackage" …
    crs: CRS | None = None
    bounds: tuple[float, float, float, float] | None = None
    layers: dict[str, int | None] = field(default_factory=dict)
    place: str | None = None  # the town's name where the file says it
    delivered: Any = None  # datetime.date, where the file says it
    licence: str | None = None


@dataclass
class Wanted:
    """What the reader is asked for, beside the path."""

    layer: str | None = None  # --as: read the features as this layer
    crs: CRS | None = None  # --crs: the shapes are in this projection, whatever the file says
    near: tuple[float, float] | None = None  # longitude, latitude: where the city lies, if that is known
    srid: int | None = None  # the city's projection
    db: Session | None = None  # to join by address, parcel or block with what is loaded; never written to


class Reader(Protocol):
    """Each module in this folder that reads a format has these three functions.

    They raise `twin.errors.BadFile` with a sentence that names the place and the remedy (the loader adds the file's
    name in front). Nothing else may come out of a bad file.
    """

    def recognises(self, path: Path, head: bytes) -> bool:
        """Is this one of mine? head: the first 64 kB, unpacked where the file is gzipped."""

    def survey(self, path: Path, wanted: Wanted) -> Survey: ...

    def read(self, path: Path, wanted: Wanted) -> Iterator[Batch | Rows | Terrain]:
        """Batches of up to some 10,000 features, so that memory stays small and progress is seen."""
