"""What is missing is named with the remedy, or marked: a figure is never a silent zero."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest
from shapely.geometry import box

from scenarios.assumptions import defaults
from scenarios.indicators import Inquiry, indicator, indicators
from scenarios.rules import out_of_date, rules, source_of
from tests.drawn import figures, flat, house, on_paper, plot, zone
from tests.hamlet import EAST, NORTH, settle

AREA = box(0, 0, 60, 60)
HOUSE = house(20, 20, 20, 10)
HAMLET = box(EAST - 10, NORTH - 10, EAST + 100, NORTH + 60)
BUILT = {"buildings": [HOUSE]}

# question, figure, what is given, what the refusal names
REFUSED = [
    ("areas", "plots", BUILT, "Liegenschaftskataster"),
    ("law", "gfz", BUILT, "Liegenschaftskataster"),
    ("spacing", "crossings", BUILT, "Kataster (ALKIS)"),
    ("envelope", "allowed_floor", BUILT, "Kataster und Bauleitpläne"),
    ("surroundings", "around_gfz", BUILT, "Kataster"),
    ("law", "plots_above", {**BUILT, "parcels": [plot(0, 0, 60, 60)]}, "Kein Bauleitplan"),
    ("envelope", "allowed_floor", {**BUILT, "parcels": [plot(0, 0, 60, 60)]}, "Bauleitplan"),
    ("law", "plots_above", {**BUILT, "parcels": [plot(0, 0, 60, 60)], "zones": [zone(AREA, None)]}, "Gebietsart fehlt"),
    ("envelope", "floor_left", {**BUILT, "parcels": [plot(0, 0, 60, 60)], "zones": [zone(AREA, None)]}, "Gebietsart"),
    ("law", "lines_crossed", BUILT, "XPlanung"),
    ("law", "off_the_line", BUILT, "XPlanung"),
    ("areas", "sealed_share", BUILT, "--as surfaces"),
    ("daylight", "homes_lit", {}, "keine Wohngebäude"),
    ("facades", "facades_sun", {}, "keine Gebäude"),
]  # fmt: skip


@pytest.mark.parametrize(("question", "name", "given", "named"), REFUSED)
def test_the_figure_is_refused_and_names_what_is_missing(question, name, given, named):
    figure = figures(question, on_paper(AREA, **given))[name]
    assert figure.value is None
    assert named.lower() in figure.refused.de.lower()
    assert figure.refused.en


def test_no_tree_is_marked_where_none_is_known_around():
    assert "Baumkataster" in figures("areas", on_paper(AREA, **BUILT))["trees"].estimated.de


@pytest.mark.parametrize(
    ("name", "named"),
    [("cost_town", "Eigentümerart"), ("kg100", "Bodenrichtwert"), ("kg600", "nicht"), ("kg800", "nicht")],
)
def test_a_cost_that_is_not_known_is_no_zero(name, named):
    found = figures("cost", on_paper(AREA, before=on_paper(AREA), buildings=[HOUSE]))[name]
    assert found.value is None
    assert named in found.refused.de


SUN = ("sunlight", "facades", "daylight", "solar")


@pytest.mark.parametrize("question", SUN)
def test_without_terrain_the_sun_s_figures_are_marked(question):
    nowhere = lambda bounds, cell: flat(bounds, cell) * np.nan  # noqa: E731
    (note,) = indicators()[question].answer(on_paper(AREA, **BUILT, heights=nowhere)).notes
    assert "auf ebenem Grund" in note.de
    assert "twin load" in note.de


@pytest.mark.parametrize("question", SUN)
def test_a_terrain_coarser_than_two_metres_marks_the_sun_s_figures(question):
    given = on_paper(AREA, **BUILT)
    assert indicators()[question].answer(replace(given, ground_cell=2.0)).notes == ()
    (note,) = indicators()[question].answer(replace(given, ground_cell=5.0, found={})).notes
    assert "5 m grob" in note.de
    assert "DGM1" in note.de


def test_each_set_of_rules_out_of_date_is_marked_once():
    """Before its edition, and after an edition that has ended."""
    source = source_of(rules("daylight")["sunlight"])
    (mark,) = out_of_date([source, source], dt.date(2020, 1, 1))
    assert "DIN EN 17037" in mark.de
    assert "scenarios/rules" in mark.de
    assert out_of_date([source], dt.date(2026, 1, 1)) == ()
    assert len(out_of_date([source._replace(valid_to=dt.date(2025, 12, 31))], dt.date(2026, 1, 1))) == 1
    assert out_of_date([source], dt.date(2020, 1, 1), but=(mark,)) == ()


@pytest.mark.parametrize("question", ["law", "spacing", "cost", "daylight", "surroundings"])
def test_a_question_asked_of_another_time_says_that_its_rules_do_not_hold(db, question):
    """Figures rest on norms of today: asked of 1990, each question with a dated norm says so."""
    settle(db)
    one = indicator(question)
    dated = any(source.valid_from for source in one.sources)
    answer = Inquiry(db, [one], HAMLET, defaults(), day=dt.date(1990, 1, 1)).of(0)[question]
    used = any(source.valid_from for figure in answer.figures for source in figure.sources)
    marked = any("gilt am 01.01.1990 nicht" in note.de for note in answer.notes)
    assert marked == used or (question == "law" and marked)
    assert dated or not used
