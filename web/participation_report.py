"""The report of a session for the council, to read and as PDF: who took part, what was said, what was decided."""

import datetime as dt
import io
from typing import Any

import numpy as np
import shapely
from flask import Blueprint, Flask, Response, render_template
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from layers.buildings import Building
from scenarios.participation.allowed import permit, phases_of
from scenarios.participation.results import Results, published, results_of
from scenarios.participation.tables import Contribution, Participation
from scenarios.project import Project
from scenarios.rows import rows_in
from twin.feature import TODAY
from web.asked import city, db
from web.language import number, words
from web.participation import about, day, entries, find_session, title_in
from web.participation_results import spots_of
from web.people import person
from web.plans import HEIGHT, WIDTH, window_of
from web.report import ACCENT, HEAD, LINE, SMALL, TEXT, TITLE

reports = Blueprint("participation_report", __name__)

MARGIN = 18 * mm
WIDE = A4[0] - 2 * MARGIN
FIGURES = (
    ("contributions", "p-n-contributions"), ("participants", "p-n-participants"), ("ratings", "p-n-ratings"),
    ("comments", "p-n-comments"), ("answered", "p-n-answered"), ("decided", "p-n-decided"),
)  # fmt: skip
BESIDE = str.maketrans({"₂": "2", "−": "-", "…": "...", "≥": ">=", "≤": "<="})  # what the standard fonts have not


@reports.get("/participation/<int:id>/report")
def page(id: int):
    """To read and to print."""
    session = find_session(id)
    permit(person(), "results", session)
    return render_template("participation_report.html", figures=FIGURES, **_told(session))


@reports.get("/participation/<int:id>/report.pdf")
def file(id: int):
    session = find_session(id)
    permit(person(), "results", session)
    told = _told(session)
    answer = Response(written(session, told["found"], told["entries"]), mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="beteiligung-{session.id}.pdf"'
    return answer


def written(session: Participation, found: Results, entries: list[dict[str, Any]]) -> bytes:
    out = io.BytesIO()
    title = f"{words('p-report')}: {title_in(session)}"
    document = SimpleDocTemplate(
        out, pagesize=A4, leftMargin=MARGIN, rightMargin=MARGIN, topMargin=MARGIN, bottomMargin=MARGIN, title=title,
        author=city().name, lang="de",
    )  # fmt: skip
    shown = published(db(), session)
    story = [*_front(session, found), Spacer(1, 4 * mm), Where(session, shown), Spacer(1, 4 * mm)]
    for heading, counts in _counted(found):
        story += [_text(heading, HEAD), _bars(counts), Spacer(1, 4 * mm)]
    story += [_text(words("p-report-all"), HEAD), _all(entries)]
    document.build(story, onFirstPage=_foot, onLaterPages=_foot)
    return out.getvalue()


class Where(Flowable):
    """The places of what was said, over the buildings of the project's area."""

    def __init__(self, session: Participation, shown: list[Contribution]):
        super().__init__()
        self.width, self.height = WIDE, WIDE * HEIGHT / WIDTH
        self.window = window_of(db().get_one(Project, session.project_id).area)
        self.scale = self.width / (self.window[2] - self.window[0])
        self.buildings = rows_in(db(), Building, TODAY, self.window, ()).shapes
        self.shown = [one for one in shown if one.shape is not None]
        self.spots = spots_of(session, shown)

    def wrap(self, *_: float) -> tuple[float, float]:
        return self.width, self.height

    def draw(self) -> None:
        clip = self.canv.beginPath()
        clip.rect(0, 0, self.width, self.height)
        self.canv.clipPath(clip, stroke=0)
        self.canv.setFillColor(colors.HexColor("#f3f0e8"))
        self.canv.rect(0, 0, self.width, self.height, stroke=0, fill=1)
        self._draw(self.buildings, "#c9b9a8", 1.0)
        self._draw([one.shape for one in self.shown], "#0b6e6e", 0.25)
        unit = self.width / WIDTH
        for label, left, top in self.spots:
            x, y = left * unit, self.height - top * unit
            self.canv.setFillColor(ACCENT)
            self.canv.circle(x, y, 6, stroke=0, fill=1)
            self.canv.setFillColor(colors.white)
            self.canv.setFont("Helvetica-Bold", 6)
            self.canv.drawCentredString(x, y - 2, str(label))

    def _draw(self, shapes: Any, colour: str, opacity: float) -> None:
        flat = shapely.get_parts(shapely.force_2d(np.asarray(shapes, object)))
        kinds = shapely.get_type_id(flat)
        areas, lines = (flat[kinds == kind] for kind in (shapely.GeometryType.POLYGON, shapely.GeometryType.LINESTRING))
        path = self.canv.beginPath()
        for line in (*shapely.get_rings(areas), *lines):
            points = (shapely.get_coordinates(line) - self.window[:2]) * self.scale
            path.moveTo(*points[0])
            for point in points[1:]:
                path.lineTo(*point)
        self.canv.setFillColor(colors.HexColor(colour), opacity)
        self.canv.setStrokeColor(colors.HexColor(colour))
        self.canv.setLineWidth(1.2)
        self.canv.drawPath(path, stroke=int(opacity < 1), fill=1, fillMode=0)


def init_app(app: Flask) -> None:
    app.register_blueprint(reports)


def _told(session: Participation) -> dict[str, Any]:
    shown = published(db(), session)
    told = about(session, light=True)
    return {
        **told, "found": results_of(db(), session), "entries": entries(session, shown),
        "spots": spots_of(session, shown), "made_on": day(dt.date.today()),
    }  # fmt: skip


def _counted(found: Results) -> list[tuple[str, dict[str, int]]]:
    """(heading, name -> how many), of what there is."""
    status = {words(f"p-status-{name}"): count for name, count in found.status.items()}
    scenario = {name or words("today"): count for name, count in found.scenario.items()}
    polls = [(title, dict(choices)) for title, choices in found.polls]
    told = [
        (words("p-what-about"), found.category), (words("p-what-became"), status),
        (words("p-which-scenario"), scenario), *polls,
    ]  # fmt: skip
    return [(heading, counts) for heading, counts in told if counts]


def _front(session: Participation, found: Results) -> list[Flowable]:
    phases = " · ".join(
        f"{words(f'p-phase-{one.kind}')} {day(one.begins)} – {day(one.ends)}" for one in phases_of(session)
    )
    cells = [[_text(number(getattr(found, name)), TITLE) for name, _ in FIGURES],
             [_text(words(word), SMALL) for _, word in FIGURES]]  # fmt: skip
    made = words("report-made").format(day=day(dt.date.today()))
    return [
        _text(title_in(session), TITLE), _text(f"{city().name} · {made}", SMALL),
        _text(words(f"p-formal-{session.formal}"), TEXT), _text(phases, SMALL), Spacer(1, 3 * mm),
        _text(session.text, TEXT), Spacer(1, 3 * mm), Table(cells, colWidths=[WIDE / len(FIGURES)] * len(FIGURES)),
        _text(words("p-counted-how"), SMALL),
        *([_text(words("p-n-hidden").format(n=number(found.hidden)), SMALL)] if found.hidden else []),
    ]  # fmt: skip


def _bars(counts: dict[str, int]) -> Table:
    most = max([*counts.values(), 1])
    rows = [[_text(name, TEXT), _text(number(count), TEXT), Bar(WIDE * 0.45 * count / most)]
            for name, count in counts.items()]  # fmt: skip
    table = Table(rows, colWidths=[WIDE * 0.42, WIDE * 0.1, WIDE * 0.48])
    table.setStyle(TableStyle([("VALIGN", (0, 0), (-1, -1), "MIDDLE"), ("BOTTOMPADDING", (0, 0), (-1, -1), 1)]))
    return table


class Bar(Flowable):
    def __init__(self, long: float):
        super().__init__()
        self.width, self.height = max(long, 0.5), 9

    def draw(self) -> None:
        self.canv.setFillColor(ACCENT)
        self.canv.rect(0, 0, self.width, self.height, stroke=0, fill=1)


def _all(entries: list[dict[str, Any]]) -> Table:
    """Each contribution with its status and the answer; a row may go on over the page."""
    head = [_text(words(word), SMALL) for word in ("p-number", "p-text-said", "p-status")]
    rows = [head]
    for entry in entries:
        one = entry["one"]
        beside = " · ".join(filter(None, [entry["category"], entry["about"], one.place, day(one.made_at),
                                          words("p-agree-n").format(n=number(entry["agree"]))]))  # fmt: skip
        answers = "".join(
            f"<br/><b>{_safe(words('p-answer'))}:</b> {_safe(answer.text)}" for answer in entry["answers"]
        )
        told = f"{_safe(one.text)}<br/><font size=7 color='#4f5d64'>{_safe(beside)}</font>{answers}"
        rows.append([_text(str(one.number), TEXT), Paragraph(told, TEXT), _text(words(f"p-status-{one.status}"), TEXT)])
    table = Table(rows, colWidths=[WIDE * 0.1, WIDE * 0.66, WIDE * 0.24], repeatRows=1, splitInRow=1)
    table.setStyle(TableStyle([
        ("LINEBELOW", (0, 0), (-1, -1), 0.4, LINE), ("LINEBELOW", (0, 0), (-1, 0), 1, ACCENT),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ]))  # fmt: skip
    return table


def _foot(canvas: Any, document: Any) -> None:
    canvas.setFont("Helvetica", 7.5)
    canvas.setFillColor(colors.HexColor("#4f5d64"))
    canvas.drawString(MARGIN, 9 * mm, document.title.translate(BESIDE)[:110])
    canvas.drawRightString(A4[0] - MARGIN, 9 * mm, str(canvas.getPageNumber()))


def _text(told: str, style: Any) -> Paragraph:
    return Paragraph(_safe(told), style)


def _safe(told: str) -> str:
    """Nothing that the standard fonts cannot write, and no markup of somebody's words."""
    plain = told.translate(BESIDE).encode("cp1252", "replace").decode("cp1252")
    for sign, name in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        plain = plain.replace(sign, name)
    return plain.replace("\n", "<br/>")
