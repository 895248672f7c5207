"""Files are read while the one before is written: large deliveries in processes, others in a thread."""

import multiprocessing as mp
import os
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from importlib import import_module
from queue import Empty, Full, Queue
from threading import Event, Thread
from typing import Any

import numpy as np
import shapely

from layers.reading.batch import Batch, Wanted
from layers.reading.recognise import Found
from twin.errors import BadFile

_WORTH_IT = 40 << 20  # bytes: below that the processes' start takes longer than they save
_AHEAD = 4  # batches that a process may be ahead; what bounds the memory


@dataclass
class _End:
    error: BaseException | None = None


@contextmanager
def read_ahead(files: list[Found], wanted: Wanted) -> Iterator[dict[str, Any]]:
    """What files' readers give, by their shown names: of the first file, and of all where that is worth while.

    They begin at once: while the tables of a new city are made, its first file is read.
    """
    alone = replace(wanted, db=None)
    first = files[0] if files and getattr(files[0].reader, "IN_A_THREAD", False) else None
    ahead: dict[str, Any] = {first.shown: Beside(first.reader.read(first.path, alone))} if first else {}
    workers: list[Any] = []
    try:
        parallel = [found for found in files if getattr(found.reader, "PARALLEL", False)]
        size = sum(found.path.stat().st_size for found in parallel if not isinstance(found.path, str))
        if size >= _WORTH_IT:
            ahead |= _in_processes(parallel, alone, workers)
        yield ahead
    finally:
        if first:
            ahead[first.shown].close()
        for worker in workers:
            worker.terminate()


def _in_processes(files: list[Found], alone: Wanted, workers: list[Any]) -> dict[str, Generator]:
    count = min(len(files), max(2, os.cpu_count() or 2))
    context = mp.get_context("spawn")
    queues: list[Any] = [context.Queue(_AHEAD) for _ in range(count)]
    jobs = [[(found.reader.__name__, found.path) for found in files[k::count]] for k in range(count)]
    for job, queue in zip(jobs, queues, strict=True):
        workers.append(context.Process(target=_work, args=(job, alone, queue), daemon=True))
        workers[-1].start()
    return {found.shown: _pieces(queues[i % count], workers[i % count]) for i, found in enumerate(files)}


class Beside:
    """The same pieces, each read in a thread while the one before is written: GDAL and the store both wait a lot."""

    def __init__(self, pieces: Iterator[Any]) -> None:
        self.pieces = pieces
        self.queue: Queue = Queue(1)
        self.given_up = Event()
        self.thread = Thread(target=self._read, daemon=True)
        self.thread.start()

    def __iter__(self) -> Iterator[Any]:
        while not isinstance(piece := self.queue.get(), _End):
            yield piece
        if piece.error is not None:
            raise piece.error

    def close(self) -> None:
        """What is left of it is not read."""
        self.given_up.set()
        self.thread.join()

    def _read(self) -> None:
        try:
            for piece in self.pieces:
                self._put(piece)
            self._put(_End())
        except BaseException as error:
            self._put(_End(error))

    def _put(self, piece: Any) -> None:
        while not self.given_up.is_set():
            with suppress(Full):
                return self.queue.put(piece, timeout=0.1)


def _work(jobs: list[tuple[str, Any]], wanted: Wanted, queue: Any) -> None:
    for reader, path in jobs:
        try:
            for piece in import_module(reader).read(path, wanted):
                queue.put(_light(piece))
            queue.put(_End())
        except BadFile as error:
            queue.put(_End(error))


def _light(piece: Any) -> Any:
    """Shapes travel between processes as bytes."""
    if isinstance(piece, Batch):
        piece.shapes = _as_bytes(piece.shapes)
        piece.surfaces = None if piece.surfaces is None else _as_bytes(piece.surfaces)
    return piece


def _as_bytes(shapes: np.ndarray) -> np.ndarray:
    first = next((one for one in shapes if one is not None), None)
    return shapely.to_wkb(shapes, flavor="iso", byte_order=1) if isinstance(first, shapely.Geometry) else shapes


def _pieces(queue: Any, worker: Any) -> Generator:
    """One file's pieces. Where the loader gives the file up, the rest of it is passed over."""
    piece: Any = None
    try:
        while not isinstance(piece := _next(queue, worker), _End):
            yield piece
        if piece.error is not None:
            raise piece.error
    finally:
        while not isinstance(piece, _End):
            piece = _next(queue, worker)


def _next(queue: Any, worker: Any) -> Any:
    while True:
        try:
            return queue.get(timeout=5)
        except Empty:
            if not worker.is_alive():
                return _End(BadFile("the process that read it ended: out of memory? Load fewer files at once."))
