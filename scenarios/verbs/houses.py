"""Empty buildings get a new use; buildings are cleared with what belongs to them."""

from collections.abc import Sequence

import shapely

from layers.codes import USES
from scenarios.verbs import Deed, There, changed, cleared, refuse

GO_WITH_IT = ("vacancies", "trees", "facilities")  # layers whose features go with the building that they stand in


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


def _is_in(one: There, building: There) -> bool:
    """By its name where it names a building, else by its place."""
    named = one.get("building")
    return named == building["uid"] if named else bool(shapely.covers(building["geom"], one["geom"]))
