"""Clocks and scales: wall time and memory of whole programs, side by side with a peer's."""

import os
import re
import statistics
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

RUNS = 3


@dataclass
class Figure:
    """One line of the outcome. goal: the largest (or, `at_least`, the smallest) ratio that is good enough.

    ratio: ours to the peer's; with `at_least` the peer's to ours, so that more is better.
    """

    name: str
    ours: float
    peer: float
    goal: float
    unit: str = "s"
    at_least: bool = False
    note: str = ""

    @property
    def ratio(self) -> float:
        return self.peer / self.ours if self.at_least else self.ours / self.peer

    @property
    def reached(self) -> bool:
        return self.ratio >= self.goal if self.at_least else self.ratio <= self.goal

    @property
    def goal_shown(self) -> str:
        return f"{'>=' if self.at_least else '<='}{self.goal:g}"

    def __str__(self) -> str:
        verdict = "ok" if self.reached else "short"
        measured = f"ours={self.ours:.2f}{self.unit} peer={self.peer:.2f}{self.unit} ratio={self.ratio:.2f}"
        return f"{self.name} {measured} goal={self.goal_shown} {verdict}"


def run(command: list, **surroundings: str) -> str:
    """What a program prints. One that fails ends the benchmark with its own words."""
    done = subprocess.run(  # noqa: S603
        [str(word) for word in command], capture_output=True, text=True, env={**os.environ, **surroundings}
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(map(str, command[:4]))} … failed:\n{done.stderr[-2000:] or done.stdout[-2000:]}")
    return done.stdout


def side_by_side(ours: Callable[[], object], peer: Callable[[], object], runs: int = RUNS) -> tuple[float, float]:
    """Median seconds of both, run in turn, so that a busy moment of the machine meets both."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(runs):
        for work, seconds in zip((ours, peer), times, strict=True):
            began = time.perf_counter()
            work()
            seconds.append(time.perf_counter() - began)
    return statistics.median(times[0]), statistics.median(times[1])


def peak_memory(command: list) -> float:
    """The most megabytes that a program and all processes it starts hold at once; shared pages count once."""
    with subprocess.Popen([str(word) for word in command], stdout=subprocess.DEVNULL) as process:  # noqa: S603
        peak, done = 0.0, threading.Event()

        def watch():
            nonlocal peak
            while not done.wait(0.1):
                peak = max(peak, sum(_memory(pid) for pid in _family(process.pid)))

        watcher = threading.Thread(target=watch)
        watcher.start()
        code = process.wait()
        done.set()
        watcher.join()
    if code:
        raise SystemExit(f"{' '.join(map(str, command[:4]))} … failed")
    return peak


def _family(pid: int) -> list[int]:
    """A process, its children and theirs."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []
    return [pid, *(one for child in children for one in _family(int(child)))]


def _memory(pid: int) -> float:
    try:
        said = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0.0
    found = re.search(r"^Pss:\s+(\d+) kB", said, re.MULTILINE)
    return int(found[1]) / 1024 if found else 0.0
