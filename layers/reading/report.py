"""What became of each file: read, loaded, changed, unchanged, and every row that was left out, with the reason."""

from dataclasses import asdict, dataclass, field
from typing import Any

from layers.reading.batch import LeftOut


@dataclass
class FileReport:
    """One file's features of one layer; a file of several layers has several of these."""

    path: str
    kind: str
    layer: str | None = None
    crs: str | None = None
    read: int = 0
    loaded: int = 0  # new in the store
    changed: int = 0
    unchanged: int = 0
    estimated: int = 0  # features of which a height, a number of storeys or the like had to be guessed
    left_out: list[LeftOut] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    failed: bool = False  # the file could not be read at all; the reason is in left_out


@dataclass
class Report:
    city: dict[str, Any] | None  # name, crs; None where nothing was there and nothing could be loaded
    files: list[FileReport] = field(default_factory=list)

    @property
    def failed(self) -> list[FileReport]:
        return [file for file in self.files if file.failed]

    @property
    def written(self) -> int:
        return sum(file.loaded + file.changed for file in self.files)

    def as_json(self) -> dict[str, Any]:
        return {"city": self.city, "files": [asdict(file) for file in self.files]}
