"""Which city a new store is for: name, centre and projection, from a city.cfg or from what is loaded."""

from dataclasses import dataclass
from pathlib import Path

from layers.reading.batch import Survey, Wanted
from layers.reading.recognise import Found
from twin.city import City, read_city, utm_zone
from twin.errors import BadFile

# Longitudes and latitudes of Germany: a file whose coordinates lie there when swapped is swapped.
_GERMANY = (5.8, 47.2, 15.1, 55.1)
_BESIDE = 10.0  # degrees beside the area of a projection that a file may still lie


@dataclass
class Planned:
    """A file that will be read, and what a first look at it says."""

    found: Found
    survey: Survey
    error: str = ""


def city_for(paths: list[str], planned: list[Planned], wanted: Wanted) -> City:
    """Name, centre and projection of a new store: from a city.cfg, else from what is loaded."""
    for path in paths:
        config = Path(path) / "city.cfg"
        if "://" not in path and config.is_file():
            return read_city(config)
    readable = [one for one in planned if one.found.reader is not None and not one.error]
    if not readable:
        raise BadFile(_nothing_to_read(paths, planned))
    placed = [one for one in readable if one.survey.bounds and one.found.name != "raster"] or [
        one for one in readable if one.survey.bounds
    ]
    if not placed and all(_holds_nothing(one.survey) for one in readable):
        raise BadFile(f"{readable[0].found.shown}: there is nothing in it. Ask for it again.")
    if not placed:
        raise BadFile(
            f"{readable[0].found.shown}: it does not say where it lies. Name its projection (--crs 25832),"
            " or load it together with a file that has one."
        )
    for one in placed:
        _refuse_swapped(one, wanted)
        _refuse_outside(one)
    longitude, latitude = _centre([one.survey.bounds for one in placed])
    return City(
        name=next((one.survey.place for one in placed if one.survey.place), None) or _folder_name(paths[0]),
        srid=_metric_code(placed, longitude, latitude),
        longitude=longitude,
        latitude=latitude,
        state=None,
    )


def _holds_nothing(survey: Survey) -> bool:
    return bool(survey.layers) and all(count == 0 for count in survey.layers.values())


def _nothing_to_read(paths: list[str], planned: list[Planned]) -> str:
    reasons = [f"{one.found.shown}: {one.error}" for one in planned if one.error and not one.found.document]
    return (
        "\n".join(reasons) or f"{', '.join(paths)}: there is no file that Twin reads. See docs/data.md for the formats."
    )


def _centre(all_bounds: list) -> tuple[float, float]:
    """The middle of the middle-most file."""
    middles = sorted(((west + east) / 2, (south + north) / 2) for west, south, east, north in all_bounds)
    longitudes, latitudes = zip(*middles, strict=True)
    return round(sorted(longitudes)[len(middles) // 2], 6), round(sorted(latitudes)[len(middles) // 2], 6)


def _metric_code(placed: list[Planned], longitude: float, latitude: float) -> int:
    """The UTM zone that the files are in, else the one where the city lies."""
    zone = utm_zone(longitude, latitude)
    for one in placed:
        crs = one.survey.crs
        code = (crs.sub_crs_list[0] if crs.is_compound else crs).to_epsg() if crs is not None else None
        if code and abs(code - zone) <= 1 and code // 100 == zone // 100:
            return code
    return zone


def _refuse_swapped(one: Planned, wanted: Wanted) -> None:
    west, south, east, north = one.survey.bounds or (0, 0, 0, 0)
    inside = _GERMANY[1] <= west and east <= _GERMANY[3] and _GERMANY[0] <= south and north <= _GERMANY[2]
    if inside and wanted.crs is None:
        raise BadFile(
            f"{one.found.shown}: longitude and latitude are swapped: as they stand, the place is in the sea or in"
            " Somalia, swapped it is in Germany. Export it anew with longitude first. If it is right as it is, say"
            " --crs 4326."
        )


def _refuse_outside(one: Planned) -> None:
    """Far from where its projection is made for: swapped metres, or a projection that was named wrongly."""
    crs = one.survey.crs
    area = crs.area_of_use if crs is not None else None
    if crs is None or area is None or crs.is_geographic or area.west > area.east or not one.survey.bounds:
        return
    longitude, latitude = _centre([one.survey.bounds])
    if not (area.west - _BESIDE <= longitude <= area.east + _BESIDE) or not (
        area.south - _BESIDE <= latitude <= area.north + _BESIDE
    ):
        raise BadFile(
            f"{one.found.shown}: it lies far outside of the area that its projection, {crs.name}, is made for. East and"
            " north are swapped in it, or it is in another projection: say --crs 25832, for example."
        )


def _folder_name(path: str) -> str:
    name = Path(path).resolve()
    words = (name if name.is_dir() else name.parent).name.replace("_", " ").replace("-", " ")
    return words.title() if words.islower() else words
