"""Which city this is: its name, its projection in metres, its centre. Kept in the store, or set in a city.cfg."""

from configparser import ConfigParser
from configparser import Error as ConfigError
from pathlib import Path

from pyproj import CRS
from pyproj.exceptions import CRSError
from sqlalchemy.orm import Mapped, Session, mapped_column

from twin.errors import BadFile
from twin.feature import Stored


class City(Stored):
    """One row: the city that the store holds."""

    __tablename__ = "city"

    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    name: Mapped[str]
    srid: Mapped[int]  # EPSG code of a projection in metres: whatever is measured is measured here
    longitude: Mapped[float]
    latitude: Mapped[float]
    state: Mapped[str | None]  # whose building rules hold: "Sachsen-Anhalt"


def city_of(db: Session) -> City:
    """The city of a store: each has one."""
    return db.get_one(City, 1)


def read_city(path: Path) -> City:
    """A city.cfg: [city] name, srid, centre = longitude, latitude, state."""
    config = ConfigParser(interpolation=None)
    try:
        config.read(path, encoding="utf-8")
        values = config["city"]
        longitude, latitude = (float(part) for part in values["centre"].split(","))
        srid = values.getint("srid")
        if not CRS(srid).is_projected:
            raise ValueError(f"EPSG:{srid} is not a projection in metres")
        if not (abs(longitude) <= 180 and abs(latitude) <= 90):
            raise ValueError(f"{longitude}, {latitude} is no longitude and latitude")
        return City(name=values["name"], srid=srid, longitude=longitude, latitude=latitude, state=values.get("state"))
    except (KeyError, ValueError, ConfigError, CRSError) as error:
        words = " ".join(str(error).split())
        raise BadFile(
            f"{path}: {words}. It needs a section [city] with name, srid and centre = longitude, latitude."
        ) from error


def utm_zone(longitude: float, latitude: float) -> int:
    """EPSG code of the UTM zone there: ETRS89 in Europe (zones 28 to 38), else WGS 84."""
    zone = int((longitude + 180) // 6) % 60 + 1
    if 28 <= zone <= 38 and 34 <= latitude <= 72:
        return 25800 + zone
    return (32600 if latitude >= 0 else 32700) + zone
