"""Participation: people watch a session while others contribute; the server is killed in between.

TWIN_BENCH_SHARE=0.1 runs it with a tenth of the people, to see that it works.
"""

import hashlib
import http.client
import json
import os
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import create_engine, make_url, text
from sqlalchemy.orm import Session

from scenarios.project import Project
from tests.benchmarks.measuring import Figure
from tests.conftest import drop_database
from tests.hamlet import hold_session, new_city, settle
from twin import postgis
from twin.feature import Scenario
from twin.store import create_store, open_store
from web import create_app
from web.participation_news import MOST_WATCHERS
from web.participation_tickets import BITS, new_ticket

SHARE = float(os.environ.get("TWIN_BENCH_SHARE", "1"))
LOADS = {"postgis": (1000, 50), "file": (100, 10)}  # watchers, contributions a second
SECONDS, KILLED = 20, 10  # of contributions; and of those during which the server is killed
WITHIN = 2.0  # seconds: the goal
SECRET = "k" * 32
HANDS = 16  # who send at a time


def figures() -> Iterator[Figure]:
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    folder = Path(tempfile.mkdtemp(prefix="twin-bench-"))
    folder.chmod(0o711)  # as root, PostgreSQL runs as another user, who has to get in
    try:
        server = make_url(postgis.start(folder / "postgis"))
        yield from _session("postgis", _new_database(server))
        yield from _session("file", str(folder / "city.gpkg"))
    finally:
        postgis.stop(folder / "postgis")
        shutil.rmtree(folder)


def _session(kind: str, store: str) -> Iterator[Figure]:
    watchers, pace = (max(int(number * SHARE), 2) for number in LOADS[kind])
    id = _fill(store)
    port = _free_port()
    with ThreadPoolExecutor(HANDS) as hands:
        with _watching(port, id, watchers) as watching, _Serving(kind, store, port) as server:
            _wait_for_watchers(server.port, id, watchers)
            calm = _contribute(hands, port, id, range(SECONDS * pace), pace)
            time.sleep(WITHIN + 1)
            seen = _told_by(watching)
        with _Serving(kind, store, port) as server:
            numbers = range(SECONDS * pace, (SECONDS + KILLED) * pace)
            threading.Timer(KILLED / 2, server.kill_and_start_again).start()
            confirmed = _contribute(hands, port, id, numbers, pace)
    note = f"{watchers} watchers, {pace} contributions a second for {SECONDS} s"
    delays = [seen.get(i, (0, calm[i] + 999))[1] - calm[i] for i in calm]
    missed = sum(watchers - seen.get(i, (0, 0))[0] for i in calm)
    yield Figure(f"participation-{kind}-seen", max(delays), WITHIN, goal=1,
                 note=f"{note}: until the last watcher has seen the slowest one; the peer is the goal")  # fmt: skip
    yield Figure(f"participation-{kind}-missed", missed, 1, goal=0, unit="", note=f"{note}: not seen by a watcher")
    took = max(calm.values()) - min(calm.values())
    yield Figure(f"participation-{kind}-pace", took, len(calm) / pace, goal=1.1,
                 note=f"until {len(calm)} were confirmed; the peer is the time in which they were sent")  # fmt: skip
    wrong = _wrongly_stored(store, [*calm, *confirmed])
    note = f"of {len(calm) + len(confirmed)} confirmed ones, half of them around a SIGKILL: missing, or there twice"
    yield Figure(f"participation-{kind}-lost", wrong, 1, goal=0, unit="", note=note)


def _contribute(hands: ThreadPoolExecutor, port: int, id: int, numbers: range, pace: int) -> dict[int, float]:
    """Each at its moment, with the work of a browser done before; number -> when it was confirmed."""
    forms = [_form(id, number) for number in numbers]
    time.sleep(2.5)  # nobody writes faster: web/participation_tickets.py
    begin = time.time() + 0.5
    doing = [hands.submit(_send, port, id, form, begin + i / pace) for i, form in enumerate(forms)]
    return {number: one.result() for number, one in zip(numbers, doing, strict=True)}


def _send(port: int, id: int, form: bytes, moment: float) -> float:
    """Sends the form until it is confirmed, as somebody whose text still stands there does."""
    time.sleep(max(moment - time.time(), 0))
    for _ in range(60):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
            connection.request(
                "POST", f"/participation/{id}/new", form, {"Content-Type": "application/x-www-form-urlencoded"}
            )
            status = connection.getresponse().status
            connection.close()
        except OSError:
            time.sleep(0.5)
            continue
        if status == 303:
            return time.time()
        raise SystemExit(f"a contribution was answered with {status}")
    raise SystemExit("the server did not come back")


def _form(id: int, number: int) -> bytes:
    with _app.app_context():
        ticket = new_ticket(SimpleNamespace(id=id))  # type: ignore[arg-type]
    sent = {"ticket": ticket, "work": _work(ticket), "text": f"bench {number} ", "category": 1, "scenario": 1,
            "longitude": 9.0001, "latitude": 53.5192}  # fmt: skip
    return urlencode(sent).encode()


def _work(ticket: str) -> int:
    begun = hashlib.sha256(f"{ticket}:".encode())
    for number in range(10**9):
        each = begun.copy()
        each.update(str(number).encode())
        if int.from_bytes(each.digest()[:4], "big") >> (32 - BITS) == 0:
            return number
    raise AssertionError


_app = create_app(SECRET_KEY=SECRET)


class _Serving:
    """A server in a group of processes, which can be killed as a whole."""

    def __init__(self, kind: str, store: str, port: int):
        self.port = port
        app = f"web:create_app(DATABASE={store!r}, SECRET_KEY={SECRET!r}, PARTICIPATION_PACE=1000000)"
        threads = MOST_WATCHERS + 40
        self.command = [
            sys.executable, "-m", "gunicorn", "-w", "2" if kind == "postgis" else "1", "-k", "gthread", "--threads",
            str(threads), "--worker-connections", str(2 * threads), "--keep-alive", "75", "--log-level", "error",
            "--graceful-timeout", "1", "--bind", f"127.0.0.1:{port}", app,
        ]  # fmt: skip

    def __enter__(self) -> "_Serving":
        self._start()
        return self

    def __exit__(self, *_: Any) -> None:
        self._kill()

    def kill_and_start_again(self) -> None:
        self._kill()
        self._start()

    def _start(self) -> None:
        self.process = subprocess.Popen(  # noqa: S603
            self.command, env={**os.environ, "PYTHONPATH": str(Path.cwd())}, start_new_session=True
        )
        for _ in range(600):
            try:
                with socket.create_connection(("127.0.0.1", self.port), 0.2):
                    return
            except OSError:
                time.sleep(0.1)
        raise SystemExit("the server does not start")

    def _kill(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@contextmanager
def _watching(port: int, id: int, watchers: int) -> Iterator[subprocess.Popen]:
    command = [sys.executable, "-m", "tests.benchmarks.watchers", str(port), _events(id), str(watchers)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
        try:
            yield process
        finally:
            process.kill()


def _told_by(watching: subprocess.Popen) -> dict[int, tuple[int, float]]:
    told, _ = watching.communicate("enough\n", timeout=60)
    return {int(number): tuple(found) for number, found in json.loads(told).items()}


def _wait_for_watchers(port: int, id: int, watchers: int) -> None:
    """Until the system counts as many open connections."""
    wanted = f":{port:04X}"
    for _ in range(600):
        lines = Path("/proc/net/tcp").read_text().splitlines()[1:]
        if sum(1 for line in lines if line.split()[1].endswith(wanted) and line.split()[3] == "01") >= watchers:
            return time.sleep(3)  # those that are open are being answered
        time.sleep(0.2)
    raise SystemExit("the watchers do not come in")


def _events(id: int) -> str:
    return f"/api/participation/{id}/events"


def _wrongly_stored(store: str, numbers: list[int]) -> int:
    engine = open_store(store)
    with engine.connect() as db:
        found: dict[str, int] = dict(db.execute(text("select text, count(*) from contribution group by text")).all())
    engine.dispose()
    return sum(found.get(f"bench {number}") != 1 for number in numbers)


def _fill(store: str) -> int:
    """The hamlet with a session that is open."""
    engine = create_store(store, new_city())
    with Session(engine) as db:
        settle(db)
        db.add_all([Project(id=1, title="Am Kai"), Scenario(id=1, title="Kai 2040", project_id=1, state="published")])
        db.flush()
        id = hold_session(db).id
        db.commit()
    engine.dispose()
    return id


def _new_database(server) -> str:
    administrator = create_engine(server, isolation_level="AUTOCOMMIT")
    with administrator.connect() as db:
        drop_database(db, "participation")
        db.execute(text("create database participation"))
    administrator.dispose()
    return server.set(database="participation").render_as_string(hide_password=False)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]
