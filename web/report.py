"""A project's figures as a report to print: overview, plans, and how each question was answered."""

import datetime as dt
import io
from typing import Any
from xml.sax.saxutils import escape

import numpy as np
import shapely
from flask import Response
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.platypus import (
    Flowable,
    KeepTogether,
    PageBreak,
    Paragraph,
    SimpleDocTemplate,
    Spacer,
    Table,
    TableStyle,
)

from layers.buildings import Building
from scenarios.indicators.figures import Answer, Indicator
from scenarios.rows import rows_in
from scenarios.rules import MARKS
from web.answers import Asked
from web.asked import city, db
from web.figure_plans import flat, picture
from web.language import number, said, words
from web.plans import window_of
from web.shown import shown, title_of

Groups = list[tuple[Indicator, list[dict[str, Any]]]]
INK, SOFT, LINE, ACCENT = (colors.HexColor(code) for code in ("#1e2a30", "#4f5d64", "#dcd7cb", "#0b6e6e"))
TEXT = ParagraphStyle("text", fontName="Helvetica", fontSize=9, leading=12, textColor=INK)
SMALL = ParagraphStyle("small", parent=TEXT, fontSize=7.5, leading=9.5, textColor=SOFT)
SMALL_RIGHT = ParagraphStyle("small-right", parent=SMALL, alignment=2)
RIGHT = ParagraphStyle("right", parent=TEXT, alignment=2)
HEAD = ParagraphStyle("head", parent=TEXT, fontName="Helvetica-Bold", fontSize=15, leading=19, spaceAfter=4)
TITLE = ParagraphStyle("title", parent=HEAD, fontSize=24, leading=29)
PAGE, MARGIN = landscape(A4), 16 * mm
STYLES = {
    "area": ("#0b6e6e", 0.2), "overlap": ("#b3261e", 0.75), "crossing": ("#c77700", 0.75), "above": ("#c77700", 0.3),
    "envelope": ("#7a5ab5", 0.35),
    "roof-good": ("#e3a008", 1.0), "roof-fair": ("#f3d38a", 1.0), "roof-poor": ("#7b8794", 1.0),
    "walk-5": ("#0b5e5e", 1.0), "walk-10": ("#2a8f7a", 1.0), "walk-15": ("#7ab254", 1.0), "walk-30": ("#deba54", 1.0),
    "walk-far": ("#b3261e", 1.0), "served-A": ("#0b5e5e", 1.0), "served-B": ("#2a8f7a", 1.0),
    "served-C": ("#7ab254", 1.0), "served-D": ("#c9cf5f", 1.0), "served-E": ("#deba54", 1.0),
    "served-F": ("#d68a3c", 1.0), "served-none": ("#b3261e", 1.0),
    "none": ("#423e85", 1.0), "minimum": ("#359988", 1.0), "medium": ("#7abe5e", 1.0), "high": ("#ddb23a", 1.0),
}  # fmt: skip
NAMED = 8  # places of an answer
WALLS = ("none", "minimum", "medium", "high")
BESIDE = str.maketrans({"₂": "2", "≥": "ab ", "≤": "bis ", "−": "-", "…": "..."})  # what the standard fonts have not


def answer(asked: Asked, groups: Groups, answers: dict[int, dict[str, Answer]]) -> Response:
    found = Response(written(asked, groups, answers), mimetype="application/pdf")
    found.headers["Content-Disposition"] = f'inline; filename="{words("dashboard")}.pdf"'
    return found


def written(asked: Asked, groups: Groups, answers: dict[int, dict[str, Answer]]) -> bytes:
    file = io.BytesIO()
    title = asked.project.title if asked.project else city().name
    document = SimpleDocTemplate(
        file, pagesize=PAGE, leftMargin=MARGIN, rightMargin=MARGIN, topMargin=MARGIN, bottomMargin=MARGIN,
        title=words("dashboard-of").format(title=title), author=city().name, lang="de",
    )  # fmt: skip
    story: list[Flowable] = [*_front(asked, title)]
    for one, rows in groups:
        short = [row for row in rows if row["figure"].name in one.headline]
        story.append(KeepTogether([_text(said(one.title), HEAD), _table(asked, short), Spacer(1, 5 * mm)]))
    for one, rows in groups:
        story += [PageBreak(), *_question(asked, one, rows, answers)]
    document.build(story, onFirstPage=_foot, onLaterPages=_foot)
    return file.getvalue()


def _front(asked: Asked, title: str) -> list[Flowable]:
    about = [city().name, words("report-made").format(day=f"{dt.date.today():%d.%m.%Y}")]
    if asked.area is not None:
        about.append(f"{words('of-area')}: {number(round(asked.area.area))} m²")
    brief = asked.project.brief if asked.project else ""
    return [
        _text(words("dashboard-of").format(title=title), TITLE), _text(" · ".join(about), SMALL), _text(brief, TEXT),
        _text(words("dashboard-why"), SMALL), Spacer(1, 4 * mm),
    ]  # fmt: skip


def _table(asked: Asked, rows: list[dict[str, Any]]) -> Table:
    head = [_text(words("figure"), SMALL), *(_text(title_of(one), SMALL_RIGHT) for one in asked.scenarios)]
    body = []
    for row in rows:
        cells = []
        for cell in row["cells"]:
            told = shown(cell["figure"], cell["value"]) if cell["figure"] else "–"
            moved = f"<br/><font size=7 color='#4f5d64'>{_safe(shown(cell['figure'], cell['difference'], True))}</font>"
            bold = f"<b>{_safe(told)}</b>" if cell["figure"] and cell["figure"].above else _safe(told)
            cells.append(Paragraph(bold + (moved if cell["difference"] else ""), RIGHT))
        refused = f"<br/><font size=7 color='#9a5100'>{_safe(said(row['refused']))}</font>" if row["refused"] else ""
        body.append([Paragraph(_safe(said(row["figure"].title)) + refused, TEXT), *cells])
    width = PAGE[0] - 2 * MARGIN
    first = width * 0.34
    each = (width - first) / max(len(asked.scenarios), 1)
    table = Table([head, *body], colWidths=[first, *[each] * len(asked.scenarios)], repeatRows=1)
    table.setStyle(TableStyle([
        ("LINEBELOW", (0, 0), (-1, -1), 0.4, LINE), ("LINEBELOW", (0, 0), (-1, 0), 1, ACCENT),
        ("VALIGN", (0, 0), (-1, -1), "TOP"), ("TOPPADDING", (0, 0), (-1, -1), 2),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
    ]))  # fmt: skip
    return table


def _question(asked: Asked, one: Indicator, rows: list[dict[str, Any]], answers: dict[int, dict[str, Answer]]):
    story: list[Flowable] = [_text(said(one.title), HEAD), _text(said(one.question), TEXT), Spacer(1, 3 * mm)]
    found = [(scenario, answers[scenario.id][one.name]) for scenario in asked.scenarios]
    story += [_text(said(note), SMALL) for note in found[-1][1].notes]
    drawn = [(scenario, each) for scenario, each in found if each.grid or flat(each)]
    if drawn:
        wide = (PAGE[0] - 2 * MARGIN) / 2 - 4 * mm
        plans = [[Plan(asked, scenario.id, each, wide), _text(title_of(scenario), SMALL)] for scenario, each in drawn]
        pairs = [plans[i : i + 2] for i in range(0, len(plans), 2)]
        story.append(Table([[*pair, ""][:2] for pair in pairs], colWidths=[wide + 4 * mm] * 2))
        story.append(_text(_legend(asked, drawn[-1][1]), SMALL))
    story += [Spacer(1, 3 * mm), _table(asked, rows), Spacer(1, 4 * mm)]
    for scenario, each in found:
        story += [_text(f"{title_of(scenario)}: {said(figure.title)} = {said(figure.by_hand)}", SMALL)
                  for figure in each.figures if figure.by_hand]  # fmt: skip
    for scenario, each in found:
        story += [_text(f"{title_of(scenario)}, {line}", SMALL) for line in _places(each)]
    story += [Spacer(1, 3 * mm), _text(f"{words('method')}. {said(one.method)}", TEXT), Spacer(1, 2 * mm),
              _text(f"{words('limits')}. {said(one.limits)}", TEXT), Spacer(1, 2 * mm)]  # fmt: skip
    return [*story, *[_text(f"{source.told} – {said(MARKS[source.mark])}", SMALL) for source in one.sources]]


def _places(answer: Answer) -> list[str]:
    """The first places by name, with their values and the finding: those above a value, or hit the most, come first."""
    found = sorted((one for one in answer.places if one.told), key=lambda one: not one.above)[:NAMED]
    told = []
    for one in found:
        values = [
            f"{said(column.title)} {number(round(value, column.digits), column.digits)} {column.unit}".strip()
            for name, column in answer.columns.items()
            if (value := one.values.get(name)) is not None
        ]
        told.append(f"{said(one.title)}: {said(one.told) if one.told else ''} ({'; '.join(values)})")
    if len(answer.places) > len(found) > 0:
        told.append(words("more-places").format(n=number(len(answer.places) - len(found))))
    return told


def _legend(asked: Asked, answer: Answer) -> str:
    if answer.grid is not None:
        return words("hours-of-sun").format(day=f"{asked.sun_day:%d.%m.%Y}")
    return " · ".join(words(f"kind-{one.kind}") for one in flat(answer) if len(one.shapes))


class Plan(Flowable):
    """What an answer draws, in the plan's proportions."""

    def __init__(self, asked: Asked, scenario: int, answer: Answer, width: float):
        super().__init__()
        self.asked, self.answer, self.width, self.height = asked, answer, width, width / 2
        west, south, east, north = answer.grid.bounds if answer.grid else window_of(asked.area, scenario)
        half = max((east - west) / 2, north - south)
        x, y = (west + east) / 2, (south + north) / 2
        self.window = (x - half, y - half / 2, x + half, y + half / 2)
        self.scale = width / (2 * half)
        self.buildings = rows_in(db(), Building, scenario, self.window, ()).shapes

    def wrap(self, *_: float) -> tuple[float, float]:
        return self.width, self.height

    def draw(self) -> None:
        clip = self.canv.beginPath()
        clip.rect(0, 0, self.width, self.height)
        self.canv.clipPath(clip, stroke=0)
        self._fill([shapely.box(*self.window)], "#f3f0e8", 1.0)
        if self.answer.grid is not None:
            self._grid()
        self._fill(self.buildings, "#c9b9a8", 0.0 if self.answer.grid else 1.0, "#5d5650")
        for one in flat(self.answer):
            colour, opacity = STYLES[one.kind]
            self._fill(
                one.shapes, colour, 0.0 if one.kind in WALLS else opacity, colour, 1.4 if one.kind in WALLS else 0.5
            )
        if self.asked.area is not None:
            self._fill([self.asked.area], "#0b6e6e", 0.0, "#0b6e6e", 1.2)

    def _grid(self) -> None:
        west, south, east, north = self.answer.grid.bounds  # type: ignore[union-attr]
        image = ImageReader(picture(self.answer.grid))  # type: ignore[arg-type]
        x, y = (west - self.window[0]) * self.scale, (south - self.window[1]) * self.scale
        self.canv.drawImage(image, x, y, (east - west) * self.scale, (north - south) * self.scale, mask="auto")

    def _fill(self, shapes: Any, colour: str, opacity: float, edge: str | None = None, width: float = 0.3) -> None:
        path = self.canv.beginPath()
        parts = shapely.get_parts(shapely.get_parts(shapely.force_2d(np.asarray(shapes, object))))
        areas = parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]
        lines = parts[shapely.get_type_id(parts) == shapely.GeometryType.LINESTRING]
        for line in (*shapely.get_rings(areas), *lines):
            points = (shapely.get_coordinates(line) - self.window[:2]) * self.scale
            path.moveTo(*points[0])
            for point in points[1:]:
                path.lineTo(*point)
        self.canv.setFillColor(colors.HexColor(colour), opacity)
        self.canv.setStrokeColor(colors.HexColor(edge or colour))
        self.canv.setLineWidth(width)
        self.canv.drawPath(path, stroke=int(edge is not None), fill=int(opacity > 0), fillMode=0)


def _foot(canvas: Any, document: Any) -> None:
    canvas.setFont("Helvetica", 7.5)
    canvas.setFillColor(SOFT)
    canvas.drawString(MARGIN, 8 * mm, _safe(document.title))
    canvas.drawRightString(PAGE[0] - MARGIN, 8 * mm, str(canvas.getPageNumber()))


def _text(told: str, style: ParagraphStyle) -> Paragraph:
    return Paragraph(_safe(told), style)


def _safe(told: str) -> str:
    """Nothing that the standard fonts cannot write, and no markup of somebody's title."""
    return escape(told.translate(BESIDE).encode("cp1252", "replace").decode("cp1252"))
