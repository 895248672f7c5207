"""The form for work on site: it keeps what is entered on the phone until it can be sent, and takes it once only."""

import base64
import binascii
from typing import Any

import shapely
from flask import Blueprint, Flask, Response, jsonify, render_template, url_for
from sqlalchemy import select

from layers.buildings import Building
from layers.vacancies import Vacancy
from scenarios.register import keeping
from scenarios.rows import rows_in
from twin.errors import BadField, BadFile
from twin.feature import TODAY
from twin.projection import to_metres
from web.asked import city, db
from web.contract import asked, body, contract
from web.described import title_of
from web.language import words
from web.people import person, require
from web.schemas import LATITUDE, LONGITUDE, PLACE, TEXT, UID, VALUE, YES_NO, list_of, map_of, object_of, or_null, text
from web.search import find

field = Blueprint("register_field", __name__)

ASKED = ("kind", "name", "address", "area", "dwellings", "use", "owner_kind", "condition", "storey", "step_free",
         "contact_role", "remark")  # fmt: skip
NEAR = 40.0  # metres around a position in which a building may be meant
PHOTO = 6_000_000  # letters of a photo in base64
ENTRY = object_of(
    {"uid": {"type": "string", "pattern": "^[a-z0-9-]{8,40}$"}, "fields": map_of(VALUE), "building": or_null(UID),
     "longitude": or_null(LONGITUDE), "latitude": or_null(LATITUDE), "photo": or_null(text(PHOTO))},
    ("uid", "fields"),
)  # fmt: skip


@field.get("/register/field")
def page():
    require("manage")
    fields = [column for column in Vacancy.fields() if column.name in ASKED]
    return render_template("register_field.html", city=city(), fields=fields)


@field.get("/register/field/worker.js")
def worker():
    """Keeps the form itself on the phone, so that it opens without a connection."""
    kept = [url_for("register_field.page")] + [
        url_for("static", filename=name) for name in ("tokens.css", "page.css", "figures.css", "register.css",
                                                      "people.css", "field.js", "mark.svg")
    ]  # fmt: skip
    answer = Response(render_template("field_worker.js", kept=kept), mimetype="text/javascript")
    answer.headers["Cache-Control"] = "no-cache"
    answer.headers["Service-Worker-Allowed"] = url_for("register_field.page")  # which lies above its own folder
    return answer


@field.get("/api/register/buildings")
@contract(list_of(object_of({"uid": TEXT, "title": TEXT})), asks=PLACE, needs=tuple(PLACE), also=(401, 403))
def buildings():
    """Buildings within 40 m of a position, the nearest first."""
    require("manage")
    here = to_metres(shapely.Point(asked("longitude"), asked("latitude")), city().srid)
    rows = rows_in(db(), Building, TODAY, here.buffer(NEAR).bounds, ("name", "address", "function", "use"))
    order = shapely.distance(rows.shapes, here).argsort()[:8]
    return jsonify([
        {"uid": str(rows["uid"][i]), "title": title_of(Building, {name: rows[name][i] for name in rows.columns})}
        for i in order
    ])  # fmt: skip


@field.post("/api/register")
@contract(object_of({"uid": TEXT, "known": YES_NO}), takes=ENTRY, also=(401, 403, 409, 422))
def record():
    """An entry from the field. Sent twice, it is taken once: its uid is made on the phone."""
    require("manage")
    sent = body()
    known = db().scalar(select(Vacancy.id).where(Vacancy.uid == sent["uid"], Vacancy.scenario_id == TODAY)) is not None
    if not known:
        place = _place(sent)
        told = {
            "status": "reported",
            **sent["fields"],
            **({"building": sent["building"]} if sent.get("building") else {}),
        }
        with keeping.writing(db(), person(), "field") as step:
            keeping.keep(step, sent["uid"], place, told, seen=None)
            if sent.get("photo"):
                keeping.add_file(db(), sent["uid"], "vor-ort.jpg", _photo(sent["photo"]), person())
        db().commit()
    return jsonify(uid=sent["uid"], known=known)


def init_app(app: Flask) -> None:
    app.register_blueprint(field)


def _place(sent: dict[str, Any]) -> shapely.Point:
    """The position, else that of the building or of the address."""
    if sent.get("building"):
        shape = db().scalar(
            select(Building.shape).where(Building.uid == sent["building"], Building.scenario_id == TODAY)
        )
        if shape is not None:
            return shapely.point_on_surface(shape)
    longitude, latitude = sent.get("longitude"), sent.get("latitude")
    if longitude is None or latitude is None:
        called = str(sent["fields"].get("address") or "")
        hit = next((one for one in find(TODAY, called[:100], 3) if one["longitude"] is not None), None)
        if hit is None:
            raise BadField(words("field-no-position"))
        longitude, latitude = hit["longitude"], hit["latitude"]
    return to_metres(shapely.Point(longitude, latitude), city().srid)


def _photo(told: str) -> bytes:
    try:
        return base64.b64decode(told.partition(",")[2] or told, validate=True)
    except (binascii.Error, ValueError):
        raise BadFile(words("field-photo")) from None
