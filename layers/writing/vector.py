"""GeoPackage, GeoJSON, FlatGeobuf and Shapefile, written by GDAL."""

import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pyogrio
import shapely
from pyproj import CRS

from layers.writing import handed, styled
from layers.writing.delivery import CannotHold, Delivery, Table, kinds_of, licences, told_sources
from twin.feature import TODAY, Words
from twin.projection import LONLAT, transform

LONGEST_NAME, LONGEST_TEXT = 10, 254  # bytes of a Shapefile's field
LARGEST_SHAPEFILE = 2_000_000  # features: below its 2 GB
_EMPTY: dict[str, tuple[str, Any]] = {
    "int": ("int64", 0), "float": ("float64", np.nan), "bool": ("bool", False), "date": ("datetime64[D]", "NaT"),
}  # fmt: skip
_LIMITS = Words(
    "Ein Shapefile kann weniger als die Stadt: Feldnamen haben höchstens 10 Zeichen, Texte 254 Bytes, ja und nein sind"
    " 1 und 0, und je Datei gibt es eine Art von Geometrie. Vollständig ist GeoPackage.",
    "A Shapefile holds less than the city: names of fields have up to 10 letters, texts 254 bytes, yes and no are 1 and"
    " 0, and each file has one kind of geometry. GeoPackage holds all.",
)


def geopackage(delivery: Delivery, path: Path) -> None:
    """All layers with their styles, and a project that opens from within the file."""
    for table in delivery.tables:
        for kind in table.kinds:
            name = delivery.name_of(table, kind)
            told = {"IDENTIFIER": name, "DESCRIPTION": _description(delivery, table)}
            _write(path, name, table.of_kind(kind), delivery.epsg, "GPKG", append=path.exists(), layer_options=told,
                   **({} if path.exists() else {"dataset_options": {"VERSION": "1.3"}}))  # fmt: skip
    if not path.exists():
        raise _nothing()
    styled.add(delivery, path)
    if delivery.scenario != TODAY:
        handed.note(delivery, path)


def geojson(delivery: Delivery, path: Path) -> None:
    """In degrees, as RFC 7946 has it; one layer a file, several as a .zip."""
    _each(delivery, path, "GeoJSON", ".geojson", degrees=True, layer_options={"RFC7946": "YES"})


def flatgeobuf(delivery: Delivery, path: Path) -> None:
    _each(delivery, path, "FlatGeobuf", ".fgb")


def shapefile(delivery: Delivery, path: Path) -> None:
    """A .zip with a file for each layer and kind of shape, and a text that says what a Shapefile cannot hold."""
    with TemporaryDirectory() as folder:
        told = [delivery.said(_LIMITS), ""]
        for table in delivery.tables:
            for kind in table.kinds:
                part = table.of_kind(kind)
                if len(part) > LARGEST_SHAPEFILE:
                    raise CannotHold(_LIMITS)
                name = delivery.name_of(table, kind)
                short = short_names(list(kinds_of(table)))
                _write(Path(folder) / f"{name}.shp", name, part, delivery.epsg, "ESRI Shapefile", short=short)
                told += [f"{name}.shp: " + ", ".join(f"{new} = {old}" for old, new in short.items())]
        (Path(folder) / "LIESMICH.txt").write_text("\n".join(told) + "\n", encoding="utf-8")
        zipped(Path(folder), path)


def short_names(names: list[str]) -> dict[str, str]:
    """Ten letters, each name once: storeys_below becomes storeys_be."""
    found: dict[str, str] = {}
    for name in names:
        short, number = name[:LONGEST_NAME], 0
        while short in found.values():
            number += 1
            short = f"{name[: LONGEST_NAME - len(str(number))]}{number}"
        found[name] = short
    return found


def zipped(folder: Path, path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as archive:
        for file in sorted(folder.iterdir()):
            archive.write(file, file.name)


def _each(delivery: Delivery, path: Path, driver: str, ending: str, degrees: bool = False, **more: Any) -> None:
    """One file for each layer; a single one stands alone, unless a .zip is asked for."""
    if not any(len(table) for table in delivery.tables):
        raise _nothing()
    epsg = None if degrees else delivery.epsg
    if len(delivery.tables) == 1 and path.suffix != ".zip":
        _write(path, delivery.tables[0].name, _placed(delivery.tables[0], delivery.epsg, degrees), epsg, driver, **more)
        return
    with TemporaryDirectory() as folder:
        for table in delivery.tables:
            name = delivery.name_of(table)
            file = Path(folder) / f"{name}{ending}"
            _write(file, name, _placed(table, delivery.epsg, degrees), epsg, driver, **more)
        zipped(Path(folder), path)


def _placed(table: Table, epsg: int, degrees: bool) -> Table:
    if not degrees:
        return table
    shapes = transform(table.shapes, CRS(epsg), LONLAT)
    return Table(table.layer, table.scenario, table.columns, shapes, table.sources)


def _write(
    path: Path, name: str, table: Table, epsg: int | None, driver: str, short: dict[str, str] | None = None, **more: Any
) -> None:
    """epsg: None for degrees. short: other names for the columns."""
    kinds = kinds_of(table)
    arrays, masks = zip(*(_column(table.columns[column], kind) for column, kind in kinds.items()), strict=True)
    if short:
        arrays = tuple(_fitting(array) for array in arrays)
    simple = {0: "Point", 1: "LineString", 2: "Polygon"}
    dimensions = np.unique(shapely.get_dimensions(table.shapes))
    kind = simple.get(int(dimensions[0])) if len(dimensions) == 1 else None
    single = np.isin(shapely.get_type_id(table.shapes), [0, 1, 3]).all()
    geometry = "Unknown" if kind is None else kind if single else f"Multi{kind}"
    pyogrio.raw.write(
        str(path), shapely.to_wkb(shapely.force_2d(table.shapes)), list(arrays),
        np.array([short[column] if short else column for column in kinds], object),
        field_mask=list(masks), layer=name, driver=driver, geometry_type=geometry,
        crs=f"EPSG:{epsg}" if epsg else "OGC:CRS84", encoding="UTF-8",
        promote_to_multi=kind is not None and not single, **more,
    )  # fmt: skip


def _column(values: np.ndarray, kind: str) -> tuple[np.ndarray, np.ndarray]:
    """The column in the driver's type, and where it is not known."""
    missing = np.array([value is None for value in values], bool)
    if kind == "text":
        return np.array([None if value is None else str(value) for value in values], object), missing
    dtype, instead = _EMPTY[kind]
    return np.array([instead if value is None else value for value in values], dtype), missing


def _fitting(array: np.ndarray) -> np.ndarray:
    """As a Shapefile holds it: texts cut between letters, yes and no as 1 and 0."""
    if array.dtype == bool:
        return array.astype("int32")
    if array.dtype != object:
        return array
    cut = [value and value.encode()[:LONGEST_TEXT].decode(errors="ignore") for value in array]
    return np.array(cut, object)


def _description(delivery: Delivery, table: Table) -> str:
    return "; ".join([delivery.said(table.layer.title), *told_sources(table), *licences(table)])


def _nothing() -> CannotHold:
    return CannotHold(
        Words(
            "In diesem Ausschnitt liegt nichts von den gewählten Ebenen. Bitte einen größeren Ausschnitt wählen.",
            "None of the chosen layers has anything in this part. Choose a larger part.",
        )
    )
