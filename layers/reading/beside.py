"""What a source.cfg beside a delivery says of its files: of which day they are, and under which licence."""

import datetime as dt
from configparser import ConfigParser
from configparser import Error as ConfigError
from pathlib import Path
from typing import Any, NamedTuple

from twin.errors import BadFile

NAME = "source.cfg"
FOLDERS = 3  # it may lie so many folders up: beside the file, or beside the folder of its kind


class Said(NamedTuple):
    delivered: dt.date | None = None
    licence: str | None = None


def said_beside(path: Any) -> Said:
    """path: of the file that is read; an address has nothing beside it."""
    if not isinstance(path, Path):
        return Said()
    folders = path.absolute().parents[:FOLDERS]
    found = next((folder / NAME for folder in folders if (folder / NAME).is_file()), None)
    return read(found) if found else Said()


def read(path: Path) -> Said:
    """[source] delivered = 2026-03-31, licence = dl-de/by-2-0; either may be missing."""
    config = ConfigParser(interpolation=None)
    try:
        config.read(path, encoding="utf-8")
        values = config["source"]
        day = values.get("delivered", "").strip()
        return Said(dt.date.fromisoformat(day) if day else None, values.get("licence", "").strip() or None)
    except (KeyError, ValueError, ConfigError) as error:
        words = " ".join(str(error).split())
        raise BadFile(
            f"{path}: {words}. It needs a section [source] with delivered = 2026-03-31 or licence = dl-de/by-2-0."
        ) from error
