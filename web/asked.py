"""What a request asks about: the store, its city, a scenario, a layer, a feature."""

from collections.abc import Callable, Hashable
from typing import Any

from flask import Flask, current_app, g
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from layers import BY_NAME
from layers.brought import layers_of
from scenarios.diary import newest_change
from scenarios.planned import planned
from twin.city import City, city_of
from twin.errors import NotFound
from twin.feature import TODAY, Feature, Scenario, Source
from twin.store import open_store
from web.drawn.ground import Ground


def db() -> Session:
    """This request's session. Views commit it; whatever they leave uncommitted is dropped."""
    if "db" not in g:
        g.db = Session(_engine())
    return g.db


def city() -> City:
    found = city_of(db())
    if found is None:
        raise NotFound("There is no city in this store yet. Load one: twin load FOLDER")
    return found


def find_scenario(id: int) -> Scenario:
    scenario = db().get(Scenario, id)
    if scenario is None:
        raise NotFound(f"There is no scenario {id}.")
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
        raise NotFound(f"There is no layer called {name}.")
    return layers()[name]


def find_feature(scenario: int, layer: type[Feature], uid: str):
    """The feature as planned: a mapping from column to value."""
    view = planned(layer)
    row = db().execute(select(view).where(view.c.scenario_id == scenario, view.c.uid == uid)).first()
    if row is None:
        raise NotFound(f"There is no {uid} in the layer {layer.__tablename__}. It may have been cleared.")
    return row._mapping


def revision(scenario: int = TODAY) -> str:
    """A mark that changes whenever the scenario or today does: what is cached under it can never lie."""
    if "revision" not in g:
        count, newest, read = db().execute(select(func.count(), func.max(Source.id), func.max(Source.read_at))).one()
        g.revision = f"{count}-{newest or 0}-{read.timestamp() if read else 0:.0f}"
    if scenario == TODAY:
        return g.revision
    return f"{g.revision}-{newest_change(db(), scenario)}"


def counts(scenario: int) -> dict[str, int]:
    """Features of each layer, as planned."""
    return kept("counts", lambda: {name: _count(scenario, layer) for name, layer in layers().items()}, scenario)


def classes(scenario: int, layer: type[Feature], column: str) -> set[str]:
    """The values that a column of the layer has, as planned."""
    view = planned(layer)
    found = select(view.c[column]).where(view.c.scenario_id == scenario).distinct()
    return kept(("classes", layer.__tablename__, column), lambda: set(db().scalars(found)), scenario)


def ground() -> Ground:
    """The scene's ground."""
    if "ground" not in g:
        g.ground = Ground(db(), kept("level", lambda: Ground.level_of(db(), city())))
    return g.ground


def kept(key: Hashable, find: Callable[[], Any], scenario: int = TODAY) -> Any:
    """What `find` gives, looked up once for each state of the scenario."""
    mark = revision(scenario)
    state, found = current_app.extensions["twin_kept"].get(scenario, ("", {}))
    if state != mark:
        found = {}
        current_app.extensions["twin_kept"][scenario] = (mark, found)
    if key not in found:
        found[key] = find()
    return found[key]


def close_db(_=None) -> None:
    if "db" in g:
        g.pop("db").close()


def init_app(app: Flask) -> None:
    app.extensions["twin_engine"] = None
    app.extensions["twin_kept"] = {}
    app.teardown_appcontext(close_db)


def _count(scenario: int, layer: type[Feature]) -> int:
    view = planned(layer)
    return db().scalar(select(func.count()).select_from(view).where(view.c.scenario_id == scenario)) or 0


def _engine():
    # Opened by the first request that finds a city, so that the server may start before `twin load` has run.
    if current_app.extensions["twin_engine"] is None:
        current_app.extensions["twin_engine"] = open_store(current_app.config["DATABASE"])
    return current_app.extensions["twin_engine"]
