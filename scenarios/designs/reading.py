"""A file or archive becomes a design: GeoJSON, GeoPackage, Shapefile, DXF, CityJSON, CityGML, IFC."""

from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn
from zipfile import BadZipFile, ZipFile

import numpy as np
import shapely
from pyproj import CRS

import layers
from layers.reading import gdal, meaning, recognise
from layers.reading.batch import Batch, Wanted
from layers.reading.coordinates import guess_crs
from layers.reading.recognise import Found
from layers.reading.shapes import as_shapes
from scenarios.designs import Design, Piece
from scenarios.designs.ifc import read_ifc
from scenarios.designs.said import in_both, name_in_both
from twin.city import City, utm_zone
from twin.errors import BadFile
from twin.feature import Words
from twin.projection import LONLAT, transform, transformer

ENDINGS = (".geojson", ".json", ".gpkg", ".dxf", ".gml", ".ifc", ".zip")
IN_ARCHIVES = (*ENDINGS[:-2], ".shp", ".fgb")
READERS = ("vector", "cityjson", "citygml")
MOST_BYTES = 50 << 20  # of the file
MOST_UNPACKED = 200 << 20
MOST_PIECES = 2_000
MOST_POINTS = 200_000
DRAWN = CRS('LOCAL_CS["drawing", UNIT["metre", 1]]')  # metres of a drawing's own
NEAR = 50_000.0  # metres from the city's middle: farther away a design is not where it belongs
DRAWN_LOCALLY = 0.5  # degrees: what reaches farther in a GeoJSON far away is metres of a drawing, not degrees


def read_design(path: Path, city: City, crs: CRS | None = None, layer: str | None = None) -> Design:
    """crs: of the coordinates, whatever the file says; layer: of all that is in it. Raises BadFile."""
    _check_file(path)
    near = transformer(LONLAT, CRS(city.srid)).transform(city.longitude, city.latitude)
    if path.suffix.lower() == ".ifc":
        return _checked(read_ifc(path, city.srid, near, NEAR))
    wanted = Wanted(layer=layer, crs=crs, near=(city.longitude, city.latitude), srid=city.srid)
    design = Design([], placed=True)
    with ExitStack() as keep:
        for found in recognise.find([str(path)], keep):
            _gather(design, found, wanted, city, near)
    return _checked(design)


def _check_file(path: Path) -> None:
    ending, size = path.suffix.lower(), path.stat().st_size
    if ending not in ENDINGS:
        _refuse(
            f"Twin liest keine Entwürfe als {ending or 'Datei ohne Endung'}. Es geht mit {', '.join(ENDINGS)}.",
            f"Twin reads no designs from {ending or 'a file without an ending'}. Bring {', '.join(ENDINGS)}.",
        )
    if ending == ".zip":
        try:
            with ZipFile(path) as archive:
                size = sum(entry.file_size for entry in archive.infolist())
        except BadZipFile:
            _refuse("Das Archiv ist beschädigt. Bitte neu packen.", "The archive is damaged. Pack it again.")
    most = MOST_UNPACKED if ending == ".zip" else MOST_BYTES
    if size > most:
        _refuse(
            f"Der Entwurf ist mit {size / 1e6:.0f} MB zu groß: höchstens {most >> 20} MB. Bitte teilen.",
            f"The design of {size / 1e6:.0f} MB is too large: at most {most >> 20} MB. Divide it.",
        )


def _gather(design: Design, found: Found, wanted: Wanted, city: City, near: tuple[float, float]) -> None:
    if found.document:
        return
    name = Path(found.path).name
    if found.name not in READERS or Path(found.path).suffix.lower() not in IN_ARCHIVES:
        raise _named(name, found.reason or "it is no design. Bring GeoJSON, GeoPackage, DXF, CityJSON or IFC.")
    try:
        _read(design, found, wanted, city, near)
    except BadFile as error:
        raise error if isinstance(error.args[0], Words) else _named(name, str(error)) from error


def _named(name: str, sentence: str) -> BadFile:
    """A reader's sentence with the file's name before it, in both languages."""
    said = in_both(sentence)
    return BadFile(Words(f"{name}: {said.de}", f"{name}: {said.en}"))


def _read(design: Design, found: Found, wanted: Wanted, city: City, near: tuple[float, float]) -> None:
    if wanted.crs is None and _is_no_map(found):
        wanted = replace(wanted, crs=DRAWN)
    for batch in found.reader.read(found.path, wanted):
        if not isinstance(batch, Batch):
            continue
        batch.shapes = as_shapes(batch.shapes)
        design.messages += [in_both(note) for note in batch.notes]
        design.messages += [_left_out(left.where, left.reason) for left in batch.left_out[:5]]
        _take(design, batch, wanted, city, near)
        if len(design.pieces) > MOST_PIECES:
            _refuse(
                f"Ein Entwurf hat höchstens {MOST_PIECES} Teile. Größeres wird mit twin load geladen.",
                f"A design has at most {MOST_PIECES:,} pieces. Load what is larger with twin load.",
            )


def _is_no_map(found: Found) -> bool:
    """Does a GeoJSON hold numbers that cannot be degrees, and not say what they are?"""
    if found.name != "vector" or gdal.KINDS[Path(found.path).suffix.lower()] != "GeoJSON":
        return False
    part = gdal.parts_of(Path(found.path), "GeoJSON")[0]
    if part.bounds is None or part.crs is None or not part.crs.is_geographic:
        return False
    west, south, east, north = part.bounds
    return west < -180 or east > 180 or south < -90 or north > 90


def _take(design: Design, batch: Batch, wanted: Wanted, city: City, near: tuple[float, float]) -> None:
    keep = ~(shapely.is_missing(batch.shapes) | shapely.is_empty(batch.shapes))
    keep &= np.isfinite(shapely.bounds(batch.shapes)).all(axis=1)
    if not keep.any():
        return
    source, target = _plane(design, batch.shapes[keep], wanted.crs or batch.crs, city, near)
    layer = batch.layer if batch.layer in layers.BY_NAME else "buildings"
    fields = _fields(batch, layer)
    for i in np.flatnonzero(keep).tolist():
        shape = shapely.force_2d(batch.shapes[i])
        if layers.BY_NAME[layer].outlined and shape.geom_type not in ("Polygon", "MultiPolygon"):
            design.messages.append(_left_out(_where(batch, i), f"it is a {shape.geom_type}, not an area."))
            continue
        if not shape.is_valid:
            design.messages.append(_left_out(_where(batch, i), "its outline crosses itself. Redraw it there."))
            continue
        told = {name: values[i] for name, values in fields.items() if values[i] not in (None, "")}
        kinds = told.pop("surface_kinds", None)
        surfaces = None if batch.surfaces is None else as_shapes(batch.surfaces)[i]
        shape, surfaces = (_moved(one, source, target) for one in (shape, surfaces))
        design.pieces.append(Piece(layer, shape, told, surfaces, None if surfaces is None else kinds))


def _fields(batch: Batch, layer: str) -> dict[str, list]:
    """The layer's own fields. A design stands on the city's ground, not on its own."""
    columns = layers.BY_NAME[layer].__table__.columns
    if batch.layer == layer:
        fields = {name: values for name, values in batch.fields.items() if name in columns}
    else:
        found = meaning.columns_of(layer, list(batch.fields))
        fields = {
            name: meaning.values_of(layer, name, batch.fields[column], {}, [None] * len(batch))
            for name, column in found.items()
        }
    fields.pop("base_height", None)
    for name, values in fields.items():
        codes = columns[name].info.get("codes")
        if codes:
            fields[name] = [value if value in codes else None for value in values]
    return fields


def _plane(
    design: Design, shapes: np.ndarray, crs: CRS | None, city: City, near: tuple[float, float]
) -> tuple[CRS | None, CRS | None]:
    """From which projection into which; a design that does not lie near the city keeps its own metres."""
    west, south, east, north = shapely.total_bounds(shapes).tolist()
    if crs is None or crs == DRAWN:
        try:
            x, y = np.array([west, east]), np.array([south, north])
            crs, how = guess_crs(x, y, (city.longitude, city.latitude))
            told = in_both(how)
            design.messages.append(Words(f"Ort erkannt: {told.de}", f"Its place was recognised: {told.en}"))
        except BadFile:
            design.placed = False
            return None, None
    target = CRS(city.srid)
    middle = ((west + east) / 2, (south + north) / 2)
    x, y = transformer(crs, target).transform(*middle)
    if np.hypot(x - near[0], y - near[1]) <= NEAR:
        return crs, target
    design.placed = False
    if not crs.is_geographic:
        return None, None
    if max(east - west, north - south) > DRAWN_LOCALLY:
        design.messages.append(
            Words(
                "Die Koordinaten sind keine Grad: Sie gelten als Meter des Entwurfs.",
                "Its coordinates are no degrees: they are taken for metres of the drawing.",
            )
        )
        return None, None
    return crs, CRS(utm_zone(*middle))


def _moved(shape: Any, source: CRS | None, target: CRS | None) -> Any:
    return shape if shape is None or source is None or target is None else transform(shape, source, target)


def _checked(design: Design) -> Design:
    if not design.pieces:
        de, en = (f" ({one})" for one in design.messages[0]) if design.messages else ("", "")
        _refuse(
            f"Darin ist nichts, was sich planen lässt: Gebäude und Flächen als Polygone zeichnen.{de}",
            f"There is nothing in it that can be planned: draw buildings and areas as polygons.{en}",
        )
    if shapely.get_num_coordinates([piece.shape for piece in design.pieces]).sum() > MOST_POINTS:
        _refuse(
            f"Der Entwurf hat mehr als {MOST_POINTS} Punkte. Bitte vereinfachen.",
            f"The design has more than {MOST_POINTS:,} points. Simplify it.",
        )
    if not design.placed:
        west, south, east, north = design.bounds
        about = np.array([(west + east) / 2, (south + north) / 2])
        for i, piece in enumerate(design.pieces):
            moved = [None if one is None else _about(one, about) for one in (piece.shape, piece.surfaces)]
            design.pieces[i] = piece._replace(shape=moved[0], surfaces=moved[1])
    return design


def _about(shape: Any, middle: np.ndarray) -> Any:
    def moved(points: np.ndarray) -> np.ndarray:
        points = points.copy()
        points[:, :2] -= middle
        return points

    return shapely.transform(shape, moved, include_z=bool(shapely.has_z(shape)))


def _where(batch: Batch, i: int) -> str:
    return batch.where[i] if batch.where else f"feature {i + 1}"


def _left_out(where: str, reason: str) -> Words:
    place, why = name_in_both(where), in_both(reason)
    return Words(f"Nicht übernommen: {place.de}: {why.de}", f"Left out: {place.en}: {why.en}")


def _refuse(de: str, en: str) -> NoReturn:
    raise BadFile(Words(de, en))
