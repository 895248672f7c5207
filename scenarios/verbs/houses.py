"""Buildings get a new use, a courtyard, another part; or they are cleared with what belongs to them."""

from collections.abc import Sequence
from typing import Any

import shapely

from layers.codes import USES
from scenarios.forms.asked import build_asked, form_of
from scenarios.verbs import Deed, There, changed, cleared, refuse

GO_WITH_IT = ("vacancies", "trees", "facilities")  # layers whose features go with the building that they stand in

LEAST_PART = 1.0  # m² that a courtyard or a part has at least
STRAIGHT = 0.01  # metres by which a wall may bend and still is one


def reuse(
    building: There, use: str, vacancies: Sequence[There] = (), *, dwellings: int | None = None, condition="renovated"
) -> list[Deed]:
    """A building's new use. vacancies: those that may be in it; they are over. Raises BadShape."""
    if use not in USES:
        known = ", ".join(USES)
        refuse(f"Eine Nutzung „{use[:40]}“ gibt es nicht. Es gibt: {known}.", f"There is no use {use[:40]}: {known}.")
    fields = {"use": use, "function": None, "storey_uses": None, "condition": condition, "dwellings": dwellings}
    ended = [cleared("vacancies", vacancy) for vacancy in vacancies if _is_in(vacancy, building)]
    return [changed("buildings", building, **fields), *ended]


def take_down(building: There, around: dict[str, Sequence[There]]) -> list[Deed]:
    """Clear a building. around: layer -> features near it: those that stand in its outline go with it."""
    deeds = [cleared("buildings", building)]
    for layer, found in around.items():
        deeds += [cleared(layer, one) for one in found if one["uid"] != building["uid"] and _is_in(one, building)]
    return deeds


def cut_courtyard(building: There, area: Any, ground: float | None) -> list[Deed]:
    """Open a courtyard: the area is taken out of the outline, and walls and roof follow. Raises BadShape."""
    left = building["geom"].difference(area)
    if left.is_empty or left.area > building["geom"].area - LEAST_PART:
        refuse(
            "Der Hof liegt nicht im Gebäude, oder es bliebe nichts übrig. Bitte innerhalb des Umrisses zeichnen.",
            "The courtyard is not in the building, or nothing would be left of it. Draw it within the outline.",
        )
    return [_rebuilt(building, left, ground)]


def add_part(building: There, area: Any, ground: float | None) -> list[Deed]:
    """Add a wing, or a part that stands by itself: one building with the same storeys and roof. Raises BadShape."""
    whole = building["geom"].union(area)
    if whole.area < building["geom"].area + LEAST_PART:
        refuse(
            "Dieser Teil liegt schon im Gebäude. Bitte daneben oder darüber hinaus zeichnen.",
            "This part lies within the building already. Draw it beside it, or beyond its outline.",
        )
    return [_rebuilt(building, whole, ground)]


def _rebuilt(building: There, outline: Any, ground: float | None) -> Deed:
    outline = outline.simplify(STRAIGHT)
    fields = build_asked(form_of(building), outline, ground).fields()
    return changed("buildings", building, outline, **fields)


def _is_in(one: There, building: There) -> bool:
    """By its name where it names a building, else by its place."""
    named = one.get("building")
    return named == building["uid"] if named else bool(shapely.covers(building["geom"], one["geom"]))
