"""The packed spatial index of a file: SQLite itself finds it sound, and finds everything through it."""

import sqlite3

import numpy as np
import pytest

from twin import rtree


def index_of(count):
    spots = np.random.default_rng(count).uniform(300_000, 5_900_000, (count, 2))
    boxes = np.column_stack([spots[:, 0], spots[:, 0] + 12.3, spots[:, 1], spots[:, 1] + 7.7])
    connection = sqlite3.connect(":memory:")
    connection.execute("create virtual table places using rtree(id, minx, maxx, miny, maxy)")
    rtree.fill(connection, "places", np.arange(1, count + 1), boxes)
    return connection, boxes


@pytest.mark.parametrize("count", [1, 50, 51, 52, 2601, 2602, 30_000])
def test_sqlite_finds_the_index_sound(count):
    connection, _ = index_of(count)
    assert connection.execute("select rtreecheck('places')").fetchone() == ("ok",)
    assert connection.execute("select count(*) from places").fetchone() == (count,)


def test_a_window_finds_what_lies_in_it():
    connection, boxes = index_of(5000)
    window = (1_000_000, 2_500_000, 1_000_000, 3_000_000)
    question = "select id from places where maxx >= ? and minx <= ? and maxy >= ? and miny <= ?"
    inside = (
        (boxes[:, 1] >= window[0])
        & (boxes[:, 0] <= window[1])
        & (boxes[:, 3] >= window[2])
        & (boxes[:, 2] <= window[3])
    )
    found = {row[0] for row in connection.execute(question, window)}
    assert found == set((np.flatnonzero(inside) + 1).tolist())


def test_it_can_be_written_to_afterwards():
    connection, _ = index_of(2601)
    connection.executemany("insert into places values (?, 1, 2, 1, 2)", [(10_000 + i,) for i in range(200)])
    connection.execute("delete from places where id < 500")
    assert connection.execute("select rtreecheck('places')").fetchone() == ("ok",)
    assert connection.execute("select count(*) from places where maxx <= 3").fetchone() == (200,)
