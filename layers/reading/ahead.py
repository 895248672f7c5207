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
def read_ahead(files: list[Found], wanted: Wanted) -> Iterator[dict[str, Generator]]:
    """What each file's reader gives, by its shown name, in the files' order; {} where it is not worth while."""
    parallel = [found for found in files if getattr(found.reader, "PARALLEL", False)]
    size = sum(found.path.stat().st_size for found in parallel if not isinstance(found.path, str))
    if size < _WORTH_IT:
        yield {}
        return
    count = min(len(parallel), max(2, os.cpu_count() or 2))
    context = mp.get_context("spawn")
    queues: list[Any] = [context.Queue(_AHEAD) for _ in range(count)]
    alone = replace(wanted, db=None)
    jobs = [[(found.reader.__name__, found.path) for found in parallel[k::count]] for k in range(count)]
    workers = [
        context.Process(target=_work, args=(job, alone, queue), daemon=True)
        for job, queue in zip(jobs, queues, strict=True)
    ]
    for worker in workers:
        worker.start()
    try:
        yield {found.shown: _pieces(queues[i % count], workers[i % count]) for i, found in enumerate(parallel)}
    finally:
        for worker in workers:
            worker.terminate()


def read_beside(pieces: Iterator[Any]) -> Generator:
    """The same pieces, each read in a thread while the one before is written: GDAL and the store both wait a lot."""
    queue: Queue = Queue(1)
    given_up = Event()

    def put(piece: Any) -> None:
        while not given_up.is_set():
            with suppress(Full):
                return queue.put(piece, timeout=0.1)

    def read() -> None:
        try:
            for piece in pieces:
                put(piece)
            put(_End())
        except BaseException as error:
            put(_End(error))

    thread = Thread(target=read, daemon=True)
    thread.start()
    try:
        while not isinstance(piece := queue.get(), _End):
            yield piece
        if piece.error is not None:
            raise piece.error
    finally:
        given_up.set()
        thread.join()


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
