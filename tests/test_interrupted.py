"""What comes between: Ctrl-C, a full disk, a file that may not be written to. The store is as it was."""

import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from tests.test_load import bring_in, buildings, feature, outline, write
from twin.store import engine_for, file_of, is_store

# Root may write everywhere; without this right it is as anyone.
_AS_ANYONE = ["setpriv", "--bounding-set=-dac_override", "--inh-caps=-dac_override"] if os.geteuid() == 0 else []


@pytest.fixture
def few(tmp_path):
    return write(
        tmp_path / "few" / "gebaeude.geojson", *[feature(f"h{i}", outline(12, 51 + i / 1000)) for i in range(3)]
    )


@pytest.fixture
def many(tmp_path):
    rows = [feature(f"m{i}", outline(12 + i % 300 / 1000, 51 + i // 300 / 1000)) for i in range(30_000)]
    return write(tmp_path / "many" / "haeuser.geojson", *rows)


def start(*words, before=(), **more):
    command = [*before, sys.executable, "-m", "web.cli", "load", *map(str, words), "--as", "buildings"]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **more)  # noqa: S603


def is_being_written(where):
    file = file_of(where)
    if file is not None:
        return Path(f"{file}-journal").exists()
    engine = create_engine(engine_for(where).url)
    with engine.connect() as connection:
        question = "select count(*) from pg_stat_activity where datname = current_database() and query ilike 'copy %'"
        writing = connection.scalar(text(question)) > 0
    engine.dispose()
    return writing


def stopped(where, *words):
    process = start(*words, "--into", where)
    deadline = time.monotonic() + 120
    while process.poll() is None and not is_being_written(where) and time.monotonic() < deadline:
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=120)
    assert process.returncode == 1
    return told


def test_ctrl_c_makes_no_city(where, many):
    assert "the store is as it was" in stopped(where, many)
    assert not is_store(where)
    assert file_of(where) is None or not file_of(where).exists()


def test_ctrl_c_leaves_a_city_as_it_was(where, few, many):
    bring_in(where, few)
    assert "the store is as it was" in stopped(where, many)
    assert set(buildings(where)) == {"h0", "h1", "h2"}


@pytest.mark.parametrize("new", [True, False])
def test_a_full_disk_is_told_and_leaves_no_trace(tmp_path, few, many, new):
    store = tmp_path / "store" / "city.gpkg"
    store.parent.mkdir()
    if not new:
        bring_in(store, few)
    before = store.read_bytes() if store.exists() else b""
    size = len(before) + 1_000_000
    process = start(many, "--into", store, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size)))
    _, told = process.communicate(timeout=300)
    assert process.returncode == 1
    assert "Make room on the disk, then try again." in told and "Traceback" not in told
    assert [path.name for path in store.parent.iterdir()] == ([] if new else ["city.gpkg"])
    assert new or store.read_bytes() == before


@pytest.mark.parametrize("what", ["file", "folder"])
def test_a_store_that_may_not_be_written_to_says_so(tmp_path, few, many, what):
    if _AS_ANYONE and not shutil.which("setpriv"):
        pytest.skip("root may write everywhere")
    store = tmp_path / "store" / "city.gpkg"
    store.parent.mkdir()
    bring_in(store, few)
    (store if what == "file" else store.parent).chmod(0o444 if what == "file" else 0o555)
    process = start(many, "--into", store, before=_AS_ANYONE)
    _, told = process.communicate(timeout=300)
    assert process.returncode == 1
    assert "It may not be written to." in told and "Traceback" not in told
    store.parent.chmod(0o755)
    assert set(buildings(store)) == {"h0", "h1", "h2"}
