"""Parcels, streets, land cover, water and blocks, as GeoPackages."""

from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely

from layers.codes import OWNER_KINDS, STREET_CLASSES, SURFACE_KINDS
from layers.water import WATER_KINDS
from sample_city import land, people
from sample_city.names import TOWN
from sample_city.plan import FACTORY_CUTS
from sample_city.plots import Plot
from sample_city.town import EAST, NORTH, SRID, Town
from sample_city.trees import carriageway

MARKET = np.array([EAST, NORTH])
DISTRICT_KEY = "159901"  # Gemarkung; the cadastre has none by that number
USES = {
    "core": "Fläche gemischter Nutzung",
    "market": "Fläche gemischter Nutzung",
    "factory": "Industrie- und Gewerbefläche",
    "commercial": "Industrie- und Gewerbefläche",
    "supermarket": "Industrie- und Gewerbefläche",
    "farm": "Landwirtschaftliche Betriebsfläche",
    "park": "Sport-, Freizeit- und Erholungsfläche",
    "playground": "Sport-, Freizeit- und Erholungsfläche",
    "sports": "Sport-, Freizeit- und Erholungsfläche",
    "allotments": "Sport-, Freizeit- und Erholungsfläche",
    "cemetery": "Friedhof",
    "village_church": "Friedhof",
    "station": "Bahnverkehr",
    "square": "Platz",
    "station_square": "Platz",
    "village": "Wohnbaufläche",
}
_HOMES = {"lower", "founders", "villas", "detached", "rows", "village", "estate"}
_SPEEDS = {"primary": 50, "secondary": 50, "tertiary": 50, "residential": 30, "living_street": 7, "pedestrian": 7}


def to_map(shapes) -> np.ndarray:
    """From metres around the market to the survey's coordinates, on the centimetre."""
    return shapely.transform(np.asarray(shapes), lambda xy: np.round(xy + MARKET, 2))


def save(path: Path, layer: str, shapes, columns: dict[str, Any], kind: str, append=False):
    path.parent.mkdir(parents=True, exist_ok=True)
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": "2026-03-31T00:00:00.000Z"})  # the same file each time
    pyogrio.raw.write(
        path,
        geometry=shapely.to_wkb(to_map(shapes)),
        field_data=[_column(values) for values in columns.values()],
        fields=list(columns),
        layer=layer,
        driver="GPKG",
        geometry_type=kind,
        crs=f"EPSG:{SRID}",
        append=append,
        promote_to_multi=False,
    )


def _column(values) -> np.ndarray:
    known = [value for value in values if value is not None]
    if known and all(isinstance(value, (int, float, np.number)) and not isinstance(value, bool) for value in known):
        whole = len(known) == len(values) and all(isinstance(value, (int, np.integer)) for value in known)
        return np.array(values, "int64" if whole else "float64")
    if known and all(isinstance(value, bool) for value in known):
        return np.array(values, bool)
    return np.array(values, object)


def write_parcels(town: Town, folder: Path):
    quarter = {block.number: block.quarter for block in town.blocks}
    section = {name: n for n, name in enumerate(dict.fromkeys(block.district for block in town.blocks), 1)}
    district = {block.number: section[block.district] for block in town.blocks}
    lies = {id(town.plots[house.plot]): house.address for house in reversed(town.houses) if house.plot is not None}
    rows, numbers = [], dict.fromkeys(section.values(), 0)
    for plot, shape in _parcels(town, quarter):
        flur = district[plot.block]
        numbers[flur] += 1
        number, part = numbers[flur] // 2 + 1, (0, 1 + numbers[flur] % 4)[numbers[flur] % 2]
        key = f"{DISTRICT_KEY}{flur:03d}{number:05d}{f'{part:04d}' if part else '____'}__"
        use = USES.get(quarter[plot.block], "Wohnbaufläche" if quarter[plot.block] in _HOMES else "Gemeinbedarfsfläche")
        label = f"{number}/{part}" if part else str(number)
        rows.append((shape, key, flur, label, use, lies.get(id(plot)), OWNER_KINDS[plot.owner].de))
    shapes, keys, fluren, labels, uses, places, owners = (list(column) for column in zip(*rows, strict=True))
    columns = {
        "flstkennz": keys,
        "gemarkung": [TOWN] * len(rows),
        "flur": [str(flur) for flur in fluren],
        "flurstueck": labels,
        "amtliche_flaeche": np.maximum(1, np.round(shapely.area(shapes))).astype(int).tolist(),
        "nutzung": uses,
        "lage": places,
        "eigentuemerart": owners,
    }
    save(folder / "flurstuecke.gpkg", "flurstuecke", shapes, columns, "Polygon")


def _parcels(town: Town, quarter: dict[int, str]) -> list[tuple[Plot, shapely.Polygon]]:
    """Plots as the cadastre has them: one parcel where a house stands around the corner, several at the factory."""
    parcels, done = [], set()
    for plot in town.plots:
        shape = shapely.make_valid(shapely.Polygon(plot.ring))
        if plot.corner is not None:
            done.add(id(plot))
            if id(plot.corner) in done:
                continue
            shape = shapely.union(shape, shapely.make_valid(shapely.Polygon(plot.corner.ring)), grid_size=0.001)
        parts = _cut(shape) if quarter[plot.block] == "factory" else shapely.get_parts(shape)
        parcels += [(plot, part) for part in parts if part.geom_type == "Polygon" and part.area > 1]
    return parcels


def _cut(site):
    lines = shapely.union_all([site.boundary, *(shapely.LineString(line) for line in FACTORY_CUTS)])
    parts = shapely.get_parts(shapely.polygonize(shapely.get_parts(lines)))
    return [part for part in parts if site.contains(part.representative_point())]


def write_streets(town: Town, folder: Path):
    streets = town.streets
    rail = [street.kind == "rail" for street in streets]
    columns = {
        "strassenname": [street.name for street in streets],
        "klasse": [STREET_CLASSES[street.kind].de for street in streets],
        "tempo": [_SPEEDS.get(street.kind) for street in streets],
        "breite": [None if r else carriageway(s.width) for s, r in zip(streets, rail, strict=True)],
        "fahrstreifen": [2 if street.width >= 9 and not r else 1 for street, r in zip(streets, rail, strict=True)],
        "belag": ["Pflaster" if street.kind in land.PAVED else "Asphalt" for street in streets],
        "dtv": [street.traffic or None for street in streets],
    }
    save(folder / "strassen.gpkg", "strassen", [street.axis for street in streets], columns, "LineString")


def write_land(town: Town, folder: Path):
    covers = land.covers(town)
    columns = {
        "art": [SURFACE_KINDS[kind].de for kind, *_ in covers],
        "bezeichnung": [name for _, name, *_ in covers],
        "versiegelung": [float(sealed) for *_, sealed, _ in covers],
    }
    save(folder / "bodenbedeckung.gpkg", "bodenbedeckung", [shape for *_, shape in covers], columns, "Polygon")
    waters = [(*rest, part) for *rest, shape in land.waters(town) for part in shapely.get_parts(shape)]
    columns = {
        "gewaessername": [name for name, *_ in waters],
        "art": [WATER_KINDS[kind].de.split(",")[0] for _, kind, *_ in waters],
        "breite": [width for _, _, width, _ in waters],
    }
    shapes = [shape for *_, shape in waters]
    save(folder / "bodenbedeckung.gpkg", "gewaesser", shapes, columns, "Polygon", append=True)


def write_blocks(town: Town, folder: Path):
    census = people.count(town)
    blocks = [(block, census[block.number]) for block in town.blocks if census[block.number].dwellings]
    columns: dict[str, list] = {
        "blocknummer": [f"{block.number:05d}" for block, _ in blocks],
        "blockname": [block.district for block, _ in blocks],
        "einwohner": [count.inhabitants for _, count in blocks],
    }
    for k, ages in enumerate(("0_5", "6_17", "18_64", "65_79", "80")):
        columns[f"einwohner_{ages}"] = [count.ages[k] for _, count in blocks]
    columns["haushalte"] = [count.households for _, count in blocks]
    columns["wohnungen"] = [count.dwellings for _, count in blocks]
    columns["leere_wohnungen"] = [count.empty for _, count in blocks]
    save(folder / "bloecke.gpkg", "bloecke", [block.shape for block, _ in blocks], columns, "Polygon")
