"""A hamlet small enough to keep in the head: a surveyed house, five sheds, a lane, a pond, a tree, a stop."""

import datetime as dt
import time

import shapely
from shapely.geometry import LineString, MultiPolygon, Point, Polygon, box
from sqlalchemy.orm import Session

from layers.buildings import Building
from layers.stops import Stop
from layers.streets import Street
from layers.trees import Tree
from layers.vacancies import Vacancy
from layers.water import Water
from scenarios import changes
from scenarios.participation import moderating, sessions
from scenarios.participation.allowed import PHASES
from scenarios.participation.contributing import Said, comment, contribute, rate
from scenarios.project import Person, Project
from twin.city import City
from twin.feature import Scenario, Source

EAST, NORTH = 500_000.0, 5_930_000.0
TOKEN = "a-token-of-the-form"  # noqa: S105  # what forms bear after `log_in`
PIA = 900
CITY = {"name": "Kai", "srid": 25832, "longitude": 9.0, "latitude": 53.5, "state": None}


def new_city():
    return City(**CITY)


def at(x, y, width=10.0, depth=8.0):
    return box(EAST + x, NORTH + y, EAST + x + width, NORTH + y + depth)


def gabled(outline, base, eaves, ridge):
    """The walls, the two slopes and the floor of a house over a rectangle, the ridge from west to east."""
    west, south, east, north = outline.bounds
    middle = (south + north) / 2
    low, high, top = base, base + eaves, base + ridge
    faces = [
        ("W", [(west, south, low), (east, south, low), (east, south, high), (west, south, high)]),
        ("W", [(east, north, low), (west, north, low), (west, north, high), (east, north, high)]),
        ("W", [(east, south, low), (east, north, low), (east, north, high), (east, middle, top), (east, south, high)]),
        ("W", [(west, north, low), (west, south, low), (west, south, high), (west, middle, top), (west, north, high)]),
        ("R", [(west, south, high), (east, south, high), (east, middle, top), (west, middle, top)]),
        ("R", [(east, north, high), (west, north, high), (west, middle, top), (east, middle, top)]),
        ("G", [(west, south, low), (west, north, low), (east, north, low), (east, south, low)]),
    ]
    solid = MultiPolygon([Polygon(ring) for _, ring in faces])
    return shapely.to_wkb(solid, flavor="iso"), "".join(letter for letter, _ in faces)


def settle(db):
    """Fill an empty store with the hamlet."""
    source = Source(
        path="LoD2_32_500_5930.gml", kind="CityGML 1.0 LoD2", layer="buildings", crs="EPSG:25832",
        delivered=dt.date(2026, 1, 15), read_at=dt.datetime(2026, 2, 1), licence="dl-de/by-2-0",
    )  # fmt: skip
    db.add(source)
    db.flush()
    surfaces, kinds = gabled(at(0, 30, 12, 10), base=12.5, eaves=6.0, ridge=9.5)
    db.add(
        Building(
            uid="house", name="Zollhaus <b>", function="31001_1010", storeys=2, height=9.5, eaves_height=6.0,
            base_height=12.5, roof_type="3100", shape=at(0, 30, 12, 10), surfaces=surfaces, surface_kinds=kinds,
            source_id=source.id, estimated="storeys: height / 3.2 m",
        )
    )  # fmt: skip
    db.add_all(Building(uid=f"shed-{i}", height=4.0, storeys=1, shape=at(20 * i, 0)) for i in range(5))
    lane = LineString([(EAST - 50, NORTH + 20), (EAST + 150, NORTH + 20)])
    db.add(Street(uid="lane", name="Kaiweg", kind="residential", width=5.0, shape=lane))
    db.add(Water(uid="pond", name="Ententeich", kind="lake", shape=Point(EAST + 60, NORTH + 60).buffer(15)))
    db.add(Tree(uid="lime", species="Linde", height=15.0, crown=9.0, shape=Point(EAST + 30, NORTH + 40)))
    db.add(Stop(uid="stop", name="Kai, Zollhaus", kind="bus", shape=Point(EAST + 20, NORTH + 24)))
    db.add(Vacancy(uid="V1", kind="hall", building="shed-3", shape=Point(EAST + 65, NORTH + 4)))
    db.commit()


def hold_session(db, project=1, scenario=1):
    """A session in which everything may be done, with four contributions; the fourth waits for a moderator."""
    always = (dt.date(2026, 1, 1), dt.date(2099, 1, 1))
    told = sessions.Told(
        title="Was wird aus dem Kai?", text="Reden Sie mit.", scenarios=[scenario], categories=["Verkehr", "Grün"],
        phases=dict.fromkeys(PHASES, always), moderation="after", questions=[("Wie kommen Sie?", "zu Fuß\nRad")],
        privacy="Verantwortlich ist die Stadt Kai.", contact="Rathaus, Zimmer 3",
    )  # fmt: skip
    made = sessions.make_session(db, None, db.get(Project, project), told)
    sessions.open_session(db, made)
    for i, (words, shape) in enumerate(SAID, 1):
        said = Said(words, scenario=scenario, category=1 + i % 2, shape=shape, place="Zollhaus" if i == 1 else "")
        one = contribute(db, made, said, pseudonym=f"p{i}", ticket=f"t{i}", secret=f"secret-{i}", trusted=i < 4)
        if i == 1:
            moderating.publish(one)
            moderating.set_status(one, "adopted")
            moderating.answer(db, one, None, "Das machen wir.")
            comment(db, made, one, "Sehr gut.", pseudonym="p9", ticket="c1", trusted=True)
            rate(db, one, 1, pseudonym="p9")
        if i == 2:
            moderating.hide(one, "Werbung")
    return made


SAID = (
    ("Das Zollhaus bitte als Café.", Point(EAST + 6, NORTH + 35)),
    ("Boot zu verkaufen", None),
    ("Mehr Bäume am Kai, siehe https://example.org", Point(EAST + 62, NORTH + 4)),
    ("Ein Steg am Teich.", Point(EAST + 60, NORTH + 60)),
)


def planner():
    """Pia, who may do everything: add her to a store, then `as_planner`."""
    return Person(id=PIA, login="pia", name="Pia", is_administrator=True, session="pia")


def as_planner(app):
    """A test client that is Pia's browser."""
    client = app.test_client()
    log_in(client, planner())
    return client


def cookie_of(app, person):
    """What a browser sends of whom `log_in` would log in."""
    kept = {"person": person.id, "mark": person.session, "seen": int(time.time()), "token": TOKEN}
    return app.session_interface.get_signing_serializer(app).dumps(kept)


def change(engine, verb, uid, *, scenario=1, seen=0, shape=None, **fields):
    """A building, placed, cleared or restored as planners do it."""
    with Session(engine) as db:
        with changes.step(db, db.get(Scenario, scenario), None, verb) as step:
            if verb == "place":
                done = changes.place(step, Building, uid, shape, fields, seen=seen)
            else:
                done = getattr(changes, verb)(step, Building, uid, seen=seen)
        db.commit()
    return done


def log_in(client, person, ago=0):
    """From now on this test client is the person's browser; `ago` seconds have passed since they last used it."""
    with client.session_transaction() as session:
        session.update(person=person.id, mark=person.session, seen=int(time.time()) - ago, token=TOKEN)
