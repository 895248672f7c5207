"""Files that come gzipped, read as if they did not, up to a limit."""

import gzip
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from twin.errors import BadFile

MOST_UNPACKED = 20 << 30  # bytes
MOST_RATIO = 100  # XML packs about 20 times; what packs far better was made to fill the memory


class Unpacked:
    """A gzipped file, but not without limit."""

    def __init__(self, file: gzip.GzipFile, packed: int):
        self.file = file
        self.left = min(MOST_UNPACKED, MOST_RATIO * packed + (100 << 20))

    def read(self, size: int = -1) -> bytes:
        return self._within_limit(self.file.read, size if size >= 0 else self.left + 1)

    def readline(self, size: int) -> bytes:
        return self._within_limit(self.file.readline, size)

    def _within_limit(self, take: Callable[[int], bytes], size: int) -> bytes:
        try:
            piece = take(size)
        except (EOFError, OSError, zlib.error) as error:
            raise BadFile(f"it cannot be unpacked ({error}): ask for it again.") from error
        self.left -= len(piece)
        if self.left < 0:
            raise BadFile(
                "it unpacks to far more than a city: a zip bomb, or damaged. Unpack it yourself and load that."
            )
        return piece


@contextmanager
def opened(path: Path) -> Iterator[Any]:
    with path.open("rb") as file:
        packed = file.read(2) == b"\x1f\x8b"
        file.seek(0)
        yield Unpacked(gzip.GzipFile(fileobj=file), path.stat().st_size) if packed else file
