"""The verbs on several features by form: a list of them, and for each what it asks, on a page or beside the city."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Flask, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict

import layers
from scenarios.verbs import find
from twin.errors import NotFound, TwinError
from twin.feature import Scenario
from web.asked import city, db, find_scenario
from web.described import title_of
from web.edit_words import filled
from web.editing import writing
from web.errors import STATUS, BadQuestion, sentence_of
from web.language import language, said
from web.people import require
from web.pointing import feature_meant, offered
from web.verb_fields import DESCRIBED, FEATURES, GROUPS, SHAPES, Described, Field, begun_with
from web.verb_words import NO_NUMBER, NO_VERB
from web.verbs import deeds_asked, performed

forms = Blueprint("verbs", __name__)

MOST_IN_A_LINK = 100  # features


@forms.get("/scenarios/<int:id>/do")
def verb_list(id: int):
    scenario = _planned(id)
    return render_template("verbs.html", scenario=scenario, groups=grouped())


@forms.get("/scenarios/<int:id>/do/<name>")
def verb_form(id: int, name: str):
    """The form, filled with what the address says: ?parcel=P1. With ?part it is what stands beside the city."""
    return _form(_planned(id), name, request.args)


@forms.post("/scenarios/<int:id>/do/<name>")
def verb_done(id: int, name: str):
    scenario, verb = writing(id), _verb(name)
    try:
        performed(scenario, name, deeds_asked(id, name, asked_of(verb, request.form)))
    except TwinError as error:
        db().rollback()
        return _form(scenario, name, request.form, error)
    return redirect(url_for("planner.history", id=id, lang=language()), 303)


def asked_of(verb: Described, form: Mapping[str, str]) -> dict[str, Any]:
    """What was entered, as the interface takes it. Raises BadQuestion."""
    asked: dict[str, Any] = {}
    for field in verb.fields:
        text = form.get(field.name, "").strip()
        if not text:
            continue
        whole, _, part = field.name.partition(".")
        if part:
            asked.setdefault(whole, {})[part] = _value(field, text)
        else:
            asked[whole] = _value(field, text)
    return asked


def grouped() -> list[dict[str, Any]]:
    """The verbs by group, as lists and menus show them."""
    found: dict[str, dict[str, Any]] = {
        group: {"name": group, "title": said(title), "verbs": []} for group, title in GROUPS.items()
    }
    for name, verb in DESCRIBED.items():
        told = {"name": name, "title": said(verb.title), "does": said(verb.does), "subject": verb.subject}
        found[verb.group]["verbs"].append(told)
    return list(found.values())


def further(scenario: int, layer: str, uids: Sequence[str]) -> list[dict[str, str]]:
    """What can be done with these features beside their own form: {title, link}."""
    if not 1 <= len(uids) <= MOST_IN_A_LINK:
        return []
    return [
        {
            "title": said(DESCRIBED[name].title),
            "link": f"{url_for('verbs.verb_form', id=scenario, name=name, lang=language())}&{urlencode(given, True)}",
        }
        for name, given in begun_with(layer, uids).items()
    ]


def init_app(app: Flask) -> None:
    app.register_blueprint(forms)
    app.jinja_env.globals.update(further=further, verb_groups=grouped)


def _planned(id: int) -> Scenario:
    scenario = find_scenario(id)
    require("edit", None, scenario)
    return scenario


def _verb(name: str) -> Described:
    if name not in DESCRIBED:
        raise NotFound(filled(NO_VERB, known=", ".join(DESCRIBED)))
    return DESCRIBED[name]


def _form(scenario: Scenario, name: str, given: MultiDict[str, str], error: TwinError | None = None):
    verb = _verb(name)
    now = _as_it_stands(scenario.id, verb, given)
    page = render_template(
        "verb_form.html" if "part" in request.args else "verb.html",
        scenario=scenario,
        name=name,
        verb=verb,
        fields=[_control(scenario.id, field, given, now) for field in verb.fields],
        error=sentence_of(error) if error else None,
        crs=f"EPSG:{city().srid}",
        shapes=SHAPES,
        features=FEATURES,
    )
    return page, STATUS[type(error)] if error else 200


def _as_it_stands(scenario: int, verb: Described, given: MultiDict[str, str]) -> Mapping[str, Any]:
    """The fields of the feature that the verb changes, where it is known already."""
    subject = verb.subject
    if subject is None or subject.kind != "feature" or not given.get(subject.name):
        return {}
    try:
        return feature_meant(scenario, subject.layer, given[subject.name])
    except TwinError:
        return {}  # which the form says when it is sent


def _control(scenario: int, field: Field, given: MultiDict[str, str], now: Mapping[str, Any]) -> dict[str, Any]:
    values = [value.strip() for value in given.getlist(field.name) if value.strip()]
    value = "\n".join(values) if values else str(field.usual) if field.name not in given else ""
    told = {**field._asdict(), "value": value, "called": [], "offered": [], "now": _plain(now.get(field.name))}
    if field.kind in FEATURES:
        layer = layers.BY_NAME[field.layer]
        told |= {"called": _called(scenario, field.layer, value), "offered": offered(scenario, layer)}
    return told


def _plain(value: Any) -> Any:
    return f"{value:g}" if isinstance(value, float) else value


def _called(scenario: int, layer: str, value: str) -> list[str]:
    """What the features are called whose ids stand there."""
    found = []
    for uid in value.split("\n")[:20]:
        try:
            found.append(title_of(layers.BY_NAME[layer], find(db(), scenario, layer, uid.strip())))
        except NotFound:
            continue
    return found


def _value(field: Field, text: str) -> Any:
    if field.kind == "features":
        return [line.strip() for line in text.splitlines() if line.strip()]
    if field.kind == "texts":
        return [part.strip() for part in text.split(",") if part.strip()]
    if field.kind not in ("number", "whole"):
        return text
    try:
        number = float(text.replace(",", "."))
        return int(number) if field.kind == "whole" and number.is_integer() else number
    except ValueError:
        raise BadQuestion(filled(NO_NUMBER, name=said(field.title))) from None
