"""The command `twin measure`: one question about a scenario, answered in the terminal."""

import datetime as dt
import json
from typing import Any

import click


@click.command()
@click.argument("name", metavar="INDICATOR")
@click.argument("store", default="city.gpkg")
@click.option("--scenario", "id", default=0, show_default=True, type=click.IntRange(0), help="Its number; 0 is today.")
@click.option("--area", default="project", show_default=True, help="project, city, block:UID, zone:UID or a polygon.")
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="On which the sun is looked at; 21 March by default.")
@click.option("--year", is_flag=True, help="Look at the sun over the whole year.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def measure(name: str, store: str, id: int, area: str, day: dt.datetime | None, year: bool, as_json: bool) -> None:
    """Answer a question about a scenario, beside today: areas, law, spacing, walking, served, by_bus ..."""
    from sqlalchemy.orm import Session

    from scenarios.assumptions import in_force
    from scenarios.indicators import Inquiry, indicator
    from scenarios.indicators.telling import told_answer, told_indicator
    from scenarios.indicators.whereabouts import area_of
    from scenarios.project import Project
    from twin.errors import NotFound
    from twin.feature import TODAY, Scenario
    from twin.store import open_store

    one = indicator(name)
    with Session(open_store(store)) as db:
        scenario = db.get(Scenario, id)
        if scenario is None:
            raise NotFound(f"There is no scenario {id} in {store}. `twin info` lists what the store holds.")
        project = db.get(Project, scenario.project_id) if scenario.project_id else None
        assumed = in_force(db, scenario.project_id)
        asked = area_of(db, project, area)
        inquiry = Inquiry(db, [one], asked, assumed, sun_day=day.date() if day else None, year=year)
        before = inquiry.of(TODAY)[name] if id != TODAY else None
        answer = inquiry.of(id)[name]
    told = told_answer(answer, assumed, _both if as_json else _english, before)
    if as_json:
        whole = {"indicator": told_indicator(one, _both), "scenario": id, "area": area, **told}
        click.echo(json.dumps(whole, ensure_ascii=False, indent=1))
        return
    _show(one.title.en, told)


def _show(title: str, told: dict[str, Any]) -> None:
    click.echo(f"{title}\n")
    for one in told["figures"]:
        value = "–" if one["value"] is None else f"{one['value']:,.2f} {one['unit']}"
        moved = f"  ({one['difference']:+,.2f})" if one.get("difference") else ""
        limit = f"  {'above' if one['above'] else 'up to'} {one['limit']:g}" if "limit" in one else ""
        click.echo(f"  {one['title']:<44} {value:>20}{moved}{limit}")
        for note in filter(None, (one.get("refused"), one.get("estimated"))):
            click.echo(f"      {note}")
    for place in told["places"]:
        if place["above"]:
            click.echo(f"  {place['title']}: {place['told']}")
    for note in told["notes"]:
        click.echo(f"\n  {note}")


def _both(words: Any) -> dict[str, str]:
    return {"de": words.de, "en": words.en}


def _english(words: Any) -> str:
    return words.en
