"""What a request asks about: the store, its city, a scenario, a layer, a feature."""

from collections.abc import Callable, Hashable
from typing import Any

from flask import Flask, current_app, g
from sqlalchemy import Engine, case, exists, func, select
from sqlalchemy.orm import Session, aliased

from layers import BY_NAME
from layers.brought import layers_of
from scenarios.diary import newest_change
from scenarios.planned import planned
from twin.city import City, city_of
from twin.errors import NotFound
from twin.feature import TODAY, Feature, Scenario, Source
from twin.store import open_store
from web.drawn.ground import Ground
from web.language import said, words

LARGEST = 2**31  # number of a scenario that a store can hold


def db() -> Session:
    """This request's session. Views commit it; whatever they leave uncommitted is dropped."""
    if "db" not in g:
        g.db = Session(engine())
    return g.db


def city() -> City:
    if "city" not in g:
        g.city = city_of(db())  # the session itself forgets what nobody holds
    if g.city is None:
        raise NotFound("There is no city in this store yet. Load one: twin load FOLDER")
    return g.city


def find_scenario(id: int) -> Scenario:
    """The scenario, for those who may see it; for all others there is none."""
    from web.people import check_seen  # only here: who asks is looked up in this file's store

    scenario = db().get(Scenario, id) if abs(id) < LARGEST else None
    if not check_seen(scenario) or scenario is None:
        raise NotFound(words("no-scenario").format(id=id))
    return scenario


def layers() -> dict[str, type[Feature]]:
    """All layers of the store, in the order in which they are drawn: the town's own on the ground, above land cover."""
    if "layers" not in g:
        g.layers = layers_of(db())
    return g.layers


def find_layer(name: str) -> type[Feature]:
    if name in BY_NAME:
        return BY_NAME[name]  # the town's own layers need not be looked up
    if name not in layers():
        raise NotFound(words("no-layer").format(name=name))
    return layers()[name]


def find_feature(scenario: int, layer: type[Feature], uid: str):
    """The feature as planned: a mapping from column to value."""
    view = planned(layer)
    row = db().execute(select(view).where(view.c.scenario_id == scenario, view.c.uid == uid)).first()
    if row is None:
        raise NotFound(words("no-feature").format(uid=uid, layer=said(layer.title)))
    return row._mapping


def revision() -> str:
    """A mark that changes whenever something is loaded: what holds for the whole city is kept under it."""
    if "revision" not in g:
        count, newest, read = db().execute(select(func.count(), func.max(Source.id), func.max(Source.read_at))).one()
        kept_up = newest_change(db(), TODAY)  # of the register of empty places
        g.revision = f"{count}-{newest or 0}-{read.timestamp() if read else 0:.0f}{f'-{kept_up}' if kept_up else ''}"
    return g.revision


def changed(scenario: int) -> str:
    """A mark that changes with each edit of a scenario; with `revision()` no cache can lie.

    It costs no more in a large city: only the diary's last line is looked at.
    """
    if scenario == TODAY:
        return "0"
    marks = g.setdefault("changed", {})
    if scenario not in marks:
        marks[scenario] = str(newest_change(db(), scenario))
    return marks[scenario]


def counts(scenario: int) -> dict[str, int]:
    """Features of each layer, as planned: today's are counted once for each load, edits are added."""
    today = kept("counts", lambda: {name: _count(layer) for name, layer in layers().items()})
    if scenario == TODAY:
        return today
    return kept(
        ("counts", scenario),
        lambda: {name: today[name] + _added(scenario, layer) for name, layer in layers().items()},
        changed(scenario),
    )


def classes(scenario: int, layer: type[Feature], column: str) -> set[str]:
    """The values that a column of the layer has today, or in the scenario."""
    values = select(layer.__table__.c[column]).distinct()

    def of(id: int) -> set[str]:
        own = values.where(layer.scenario_id == id, layer.gone.is_(False))
        key = ("classes", id, layer.__tablename__, column)
        return kept(key, lambda: set(db().scalars(own)), changed(id))

    return of(TODAY) | of(scenario)


def ground() -> Ground:
    """The scene's ground."""
    if "ground" not in g:
        g.ground = Ground(db(), kept("level", lambda: Ground.level_of(db(), city())))
    return g.ground


def kept(key: Hashable, find: Callable[[], Any], state: str = "") -> Any:
    """What `find` gives, looked up once for each load and, where it hangs on more than that, for each `state`."""
    loaded, found = current_app.extensions["twin_kept"]
    if loaded != revision():
        found = {}
        current_app.extensions["twin_kept"] = (revision(), found)
    if key not in found or found[key][0] != state:
        found[key] = (state, find())
    return found[key][1]


def close_db(_=None) -> None:
    if "db" in g:
        g.pop("db").close()


def init_app(app: Flask) -> None:
    app.extensions["twin_engine"] = None
    app.extensions["twin_kept"] = ("", {})
    app.teardown_appcontext(close_db)


def _count(layer: type[Feature]) -> int:
    today = select(func.count()).select_from(layer).where(layer.scenario_id == TODAY, layer.gone.is_(False))
    return db().scalar(today) or 0


def _added(scenario: int, layer: type[Feature]) -> int:
    """By how many features the scenario has more than today."""
    before = aliased(layer)
    stood = exists().where(before.scenario_id == TODAY, before.uid == layer.uid, before.gone.is_(False))
    more = case((layer.gone, 0), else_=1) - case((stood, 1), else_=0)
    return db().scalar(select(func.sum(more)).where(layer.scenario_id == scenario)) or 0


def engine() -> Engine:
    # Opened by the first request that finds a city, so that the server may start before `twin load` has run.
    if current_app.extensions["twin_engine"] is None:
        current_app.extensions["twin_engine"] = open_store(current_app.config["DATABASE"])
    return current_app.extensions["twin_engine"]
