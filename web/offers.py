"""What the town offers: public pages with surroundings in figures, an enquiry, a PDF sheet, a feed."""

import io
from typing import Any
from xml.sax.saxutils import escape

import shapely
from flask import Blueprint, Flask, Response, g, render_template, request, url_for
from sqlalchemy import Date, select

from layers.vacancies import Vacancy
from scenarios.access.needs import needs
from scenarios.indicators.figures import number as in_both
from scenarios.register import keeping
from scenarios.register.tables import VacancyFile
from twin.errors import NotFound, TwinError
from twin.feature import TODAY
from twin.projection import to_lonlat
from twin.store import begin_writing
from web.asked import city, db, find_scenario
from web.described import title_of, value_in_words
from web.errors import STATUS, sentence_of
from web.language import language, said, words
from web.participation_tickets import check_pace
from web.uses import places_of

offers = Blueprint("offers", __name__)

TOLD = (
    "kind", "address", "area", "dwellings", "use", "condition", "storey", "step_free", "broadband", "price", "since",
    "contact_role",
)  # fmt: skip  # what everyone may read


@offers.get("/offers")
def page():
    found = _offered()
    photos = _photos([one.uid for one in found])
    g.embeddable = "embed" in request.args
    template = "offers_embedded.html" if g.embeddable else "offers.html"
    return render_template(template, city=city(), found=found, photos=photos, title=_title, facts=_facts)


@offers.route("/offers/<path:uid>", methods=["GET", "POST"])
def one(uid: str):
    """One offer, and the enquiry about it."""
    offer, error, sent = _offer(uid), None, False
    status = 200
    if request.method == "POST":
        begin_writing(db())
        try:
            check_pace("say")
            form = request.form
            if not form.get("website"):  # which no person sees
                keeping.enquire(db(), uid, form.get("name", ""), form.get("contact", ""), form.get("text", ""))
            db().commit()
            sent = True
        except TwinError as refused:
            db().rollback()
            error, status = sentence_of(refused), STATUS[type(refused)]
        offer = _offer(uid)
    at = to_lonlat(shapely.point_on_surface(offer.shape), city().srid)
    return render_template(
        "offer.html", city=city(), one=offer, title=_title(offer), facts=_facts(offer), around=_around(uid), at=at,
        photos=_photos([uid]).get(uid, []), error=error, sent=sent, typed=request.form,
    ), status  # fmt: skip


@offers.get("/offers.xml")
def feed():
    """Atom: for the town's own site and for readers."""
    found = _offered()
    entries = "".join(map(_feed_entry, found))
    title, here = escape(f"{words('offers')} – {city().name}"), escape(url_for("offers.feed", _external=True))
    newest = max((one.checked_on.isoformat() for one in found if one.checked_on), default="2026-01-01")
    answer = (
        f'<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom"><id>{here}</id>'
        f'<title>{title}</title><link rel="self" href="{here}"/><updated>{newest}T00:00:00Z</updated>{entries}</feed>'
    )
    return Response(answer, mimetype="application/atom+xml")


@offers.get("/offer-sheet/<path:uid>.pdf")
def sheet(uid: str):
    """The offer on one page, to print and to hand out."""
    from reportlab.lib.pagesizes import A4  # only here: it takes a while to import
    from reportlab.lib.styles import getSampleStyleSheet
    from reportlab.platypus import Image, Paragraph, SimpleDocTemplate, Spacer, Table

    offer, styles, out = _offer(uid), getSampleStyleSheet(), io.BytesIO()
    story: list[Any] = [Paragraph(escape(_title(offer)), styles["Title"])]
    for id in _photos([uid]).get(uid, [])[:1]:
        story.append(Image(io.BytesIO(db().get_one(VacancyFile, id).content), 420, 300, kind="proportional"))
    story += [Spacer(1, 10), Paragraph(escape(offer.offer or ""), styles["BodyText"]), Spacer(1, 12)]
    story.append(Table([[name, value] for name, value in _facts(offer)], colWidths=(180, 300), hAlign="LEFT"))
    story += [Spacer(1, 12), Paragraph(words("offer-around"), styles["Heading2"])]
    story.append(
        Table([[name, value] for name, value in _around(uid)] or [["–", ""]], colWidths=(300, 180), hAlign="LEFT")
    )
    story += [Spacer(1, 14), Paragraph(escape(f"{city().name} · {_link(offer)}"), styles["BodyText"])]
    SimpleDocTemplate(out, pagesize=A4, title=_title(offer), leftMargin=56, rightMargin=56).build(story)
    return Response(out.getvalue(), mimetype="application/pdf")


def init_app(app: Flask) -> None:
    app.register_blueprint(offers)


def _feed_entry(one: Vacancy) -> str:
    link, day = escape(_link(one)), one.checked_on or one.since or "2026-01-01"
    return (
        f'<entry><id>{link}</id><title>{escape(_title(one))}</title><link href="{link}"/>'
        f"<updated>{day}T00:00:00Z</updated><summary>{escape(one.offer or '')}</summary></entry>"
    )


def _offered() -> list[Vacancy]:
    found = select(Vacancy).where(Vacancy.scenario_id == TODAY, Vacancy.gone.is_(False), Vacancy.status == "offered")
    return list(db().scalars(found.order_by(Vacancy.checked_on.desc(), Vacancy.address)))


def _offer(uid: str) -> Vacancy:
    one = next((each for each in _offered() if each.uid == uid), None)
    if one is None:
        raise NotFound(words("offer-gone"))
    return one


def _photos(uids: list[str]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    asked = select(VacancyFile.uid, VacancyFile.id).where(VacancyFile.uid.in_(uids), VacancyFile.kind == "photo")
    for uid, id in db().execute(asked.order_by(VacancyFile.id)):
        found.setdefault(uid, []).append(id)
    return found


def _title(one: Vacancy) -> str:
    return title_of(Vacancy, {column.name: getattr(one, column.name) for column in Vacancy.fields()} | {"uid": one.uid})


def _facts(one: Vacancy) -> list[tuple[str, str]]:
    columns = {column.name: column for column in Vacancy.fields()}
    told = []
    for name in TOLD:
        value, column = getattr(one, name), columns[name]
        if value is not None and value != "":
            shown = value.strftime("%d.%m.%Y") if isinstance(column.type, Date) else value_in_words(column, value)
            told.append((said(column.info["title"]), f"{shown} {column.info['unit']}".strip()))
    return told


def _around(uid: str) -> list[tuple[str, str]]:
    """Minutes on foot to what people need, and how many live near."""
    places = places_of(find_scenario(TODAY))
    row = next((i for i, each in enumerate(places.rows["uid"]) if each == uid), None)
    if row is None:
        return []
    values = places.values[row]
    told = [(said(need.title), f"{said(in_both(values[name], 0))} min") for name, need in needs().items()
            if values.get(name) is not None]  # fmt: skip
    return [*told, (words("offer-people"), said(in_both(values.get("people") or 0.0)))]


def _link(one: Vacancy) -> str:
    return url_for("offers.one", uid=one.uid, lang=language(), _external=True)
