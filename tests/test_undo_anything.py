"""Whatever two planners do, it can be taken back to the last bit, and done again."""

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from shapely import affinity
from shapely.geometry import Point
from sqlalchemy import text
from sqlalchemy.orm import Session

from layers.brought import bring, layers_of
from layers.buildings import Building
from scenarios.changes import clear, place, redo, restore, return_to, step, undo
from scenarios.overlay import shape_of
from scenarios.project import Person
from tests.hamlet import at, settle
from twin.errors import NotFound, Overtaken
from twin.feature import Scenario
from twin.store import in_a_file

HOUSES = ["house", "shed-0", "shed-1", "new-1", "new-2"]
TREES = ["lime", "oak"]
BENCHES = ["bench-1", "bench-2"]


@pytest.fixture
def hamlet(store):
    """A hamlet with a scenario in which something was planned before, by a fork: rows without a line in the diary."""
    with Session(store) as db:
        settle(db)
        db.add_all(
            [
                Scenario(id=7, title="Kai 2040"),
                Person(id=1, login="ada", name="Ada"),
                Person(id=2, login="bo", name="Bo"),
            ]
        )
        benches = bring(db, "benches", "Bänke", {"made_of": ("Baustoff", "text"), "seats": ("Sitze", "int")})
        db.add(benches(uid="bench-1", made_of="Holz", seats=3, shape=Point(500_010, 5_930_010)))
        db.flush()
        db.add(
            Building(
                uid="shed-4", scenario_id=7, version=5, height=12.0, storeys=4, shape=at(80, 0), estimated="height: x"
            )
        )
        db.add(Building(uid="shed-3", scenario_id=7, version=3, gone=True, height=4.0, storeys=1, shape=at(60, 0)))
        db.commit()
    return store


def rows(db):
    """Every row of every layer, every column, the shape as the store keeps it."""
    found = {}
    for name in sorted(layers_of(db)):
        shape = "hex(geom)" if in_a_file(db) else "encode(ST_AsEWKB(geom), 'hex')"
        listed = db.execute(text(f'select *, {shape} as bits from "{name}" order by id')).mappings()
        found[name] = [{key: bytes(v) if isinstance(v, memoryview) else v for key, v in row.items()} for row in listed]
    return found


def planned_rows(db):
    """What the scenario shows."""
    return {
        name: [
            tuple(row)
            for row in db.execute(
                text(f'select uid, version, gone, * from "{name}" where scenario_id = 7 order by uid')
            )
        ]
        for name in ("buildings", "trees", "benches")
    }


fields = {
    "buildings": st.fixed_dictionaries({}, optional={
        "height": st.floats(0, 900), "storeys": st.integers(0, 200), "name": st.none() | st.text(max_size=20),
        "use": st.sampled_from(["residential", "storage", None]),
    }),
    "trees": st.fixed_dictionaries({}, optional={"height": st.floats(0, 40), "species": st.sampled_from("LE")}),
    "benches": st.fixed_dictionaries({}, optional={"seats": st.integers(-5, 10**6), "made_of": st.text(max_size=5)}),
}  # fmt: skip
where = st.none() | st.tuples(st.floats(-200, 200), st.floats(-200, 200), st.floats(0, 360))


def one(layer, uids):
    verbs = st.sampled_from(["place", "place", "place", "clear", "restore"])
    return st.tuples(st.just(layer), st.sampled_from(uids), verbs, fields[layer], where)


anything = st.one_of(one("buildings", HOUSES), one("trees", TREES), one("benches", BENCHES))
action = st.tuples(st.integers(1, 2), st.lists(anything, min_size=1, max_size=3)) | st.tuples(
    st.integers(1, 2), st.sampled_from(["undo", "redo", "return"])
)


def standing(step, layer, uid):
    today, own = step.find(layer, uid)
    row = own or today
    return None if row is None or row["gone"] else row


def shape_at(step, layer, there, place):
    if place is None:
        return None
    x, y, angle = place
    if layer is not Building:
        return Point(500_000 + x, 5_930_000 + y)
    shape = shape_of(step.db, there) if there else at(0, 0)
    return affinity.translate(affinity.rotate(shape, angle), x, y)


def do(db, person, listed):
    """As a planner would: with the version that they see. What cannot be is refused, and nothing of it happens."""
    layers = layers_of(db)
    try:
        with step(db, db.get(Scenario, 7), db.get(Person, person), "edit") as now:
            for name, uid, verb, said, where in listed:
                layer = layers[name]
                there = standing(now, layer, uid)
                seen = there["version"] if there else None
                if verb == "place":
                    shape = shape_at(now, layer, there, where or (None if there else (5.0, 5.0, 0.0)))
                    place(now, layer, uid, shape, said, seen=seen)
                else:
                    (clear if verb == "clear" else restore)(now, layer, uid, seen=seen)
    except (NotFound, Overtaken):
        pass


def try_to(db, verb, person, *rest):
    try:
        verb(db, db.get(Scenario, 7), db.get(Person, person), *rest)
    except (NotFound, Overtaken):
        return False
    return True


def all_of(db, verb):
    """Both go on, in turn, as long as either can."""
    for _ in range(500):
        if not [person for person in (1, 2) if try_to(db, verb, person)]:
            return
    raise AssertionError("it never ends")


@settings(
    max_examples=30, deadline=None, derandomize=True, database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip
@given(actions=st.lists(action, min_size=1, max_size=12))
@example(
    actions=[(1, [("buildings", "shed-3", "restore", {}, None)]), (2, [("buildings", "new-1", "place", {}, None)])]
)
def test_whatever_is_done_can_be_undone_to_the_last_bit_and_done_again(hamlet, actions):
    with Session(hamlet) as db:
        before = rows(db)
        for person, what in actions:
            if what == "return":
                try_to(db, return_to, person, 0)
            elif isinstance(what, str):
                try_to(db, undo if what == "undo" else redo, person)
            else:
                do(db, person, what)
        all_of(db, redo)
        planned = planned_rows(db)
        all_of(db, undo)
        assert rows(db) == before
        all_of(db, redo)
        assert planned_rows(db) == planned
        db.rollback()
