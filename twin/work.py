"""Long work: how far it is, and whether somebody wants it to end."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from twin.errors import TwinError
from twin.feature import Words


class Cancelled(TwinError):
    """Somebody ended the work before it was done."""


class Progress:
    """Written by the thread that works, read and cancelled by others."""

    def __init__(self, total: int):
        self.total, self.done, self.share = total, 0, 0.0
        self.doing = Words("wartet", "waiting")
        self._end = threading.Event()

    @property
    def percent(self) -> int:
        return int(100 * min(1.0, (self.done + self.share) / max(self.total, 1)))

    def begin(self, doing: Words) -> None:
        """One of the `total` parts. Raises Cancelled."""
        self.check()
        self.doing, self.share = doing, 0.0

    def finish(self) -> None:
        self.done, self.share = self.done + 1, 0.0

    def cancel(self) -> None:
        self._end.set()

    def check(self) -> None:
        if self._end.is_set():
            raise Cancelled(Words("Die Berechnung wurde abgebrochen.", "The computation was cancelled."))


_FOR_ALL = Progress(0)
_CURRENT: ContextVar[Progress] = ContextVar("progress", default=_FOR_ALL)


def current() -> Progress:
    """Of the work that this thread does; of no interest to anyone where nobody asked for it."""
    return _CURRENT.get()


def tell(done: int, of: int) -> None:
    """How far the part is that is being worked on. Raises Cancelled."""
    progress = current()
    progress.check()
    progress.share = done / of


@contextmanager
def told_to(progress: Progress) -> Iterator[None]:
    token = _CURRENT.set(progress)
    try:
        yield
    finally:
        _CURRENT.reset(token)
