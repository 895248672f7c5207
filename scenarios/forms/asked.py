"""What a page asks of a form, checked: {"storeys": 4, "storey_height": 3, "roof": "gable", "pitch": 40}."""

from collections.abc import Mapping
from typing import Any, NoReturn

from scenarios.forms import Form, build
from scenarios.forms.roofs import CODES
from twin.errors import BadShape
from twin.feature import Words

NUMBERS = ("storey_height", "pitch", "ridge_direction", "setback")
KNOWN = ("storeys", "roof", *NUMBERS)
MOST_IN_A_LIST = 200
MOST = 1e9  # of any number: no storeys, metres or degrees are more
USUAL_STOREY = 3.0  # metres, where a building says neither its storeys nor their height


def build_asked(form: Any, footprint: Any, ground: float | None) -> Form:
    """`build`, for what a browser sent. Raises BadShape."""
    if not isinstance(form, Mapping) or not set(form) <= set(KNOWN):
        known = ", ".join(KNOWN)
        _refuse(f"Eine Bauform hat nur diese Angaben: {known}.", f"A form consists of {known} and nothing else.")
    told = {name: value for name, value in form.items() if value is not None}
    for name in NUMBERS:
        if name in told and not _is_number(told[name]):
            _refuse(f"{name}: Hier gehört eine Zahl hin.", f"{name}: this takes a number.")
    storeys = told.setdefault("storeys", 1)
    listed = isinstance(storeys, list) and len(storeys) <= MOST_IN_A_LIST and all(map(_is_number, storeys))
    if not listed and not _is_number(storeys):
        _refuse(
            "storeys: Hier gehört die Zahl der Geschosse hin, oder die Höhe jedes Geschosses.",
            "storeys: this takes the number of storeys, or the height of each.",
        )
    if not isinstance(told.get("roof", ""), str):
        _refuse("roof: Hier gehört der Name einer Dachform hin.", "roof: this takes the name of a roof.")
    return build(footprint, ground=ground, **told)


def form_of(fields: Mapping[str, Any]) -> dict[str, Any]:
    """What a building that stands there would be asked for: what its fields do not say is left to the usual."""
    roofs = {code: name for name, code in CODES.items()}
    roof = roofs.get(fields.get("roof_type") or "", "flat")
    eaves = fields.get("eaves_height") or (fields.get("height") if roof == "flat" else None)
    storeys = fields.get("storeys") or max(round((eaves or 0) / USUAL_STOREY), 1)
    form: dict[str, Any] = {"storeys": storeys, "roof": roof}
    height = fields.get("storey_height") or (eaves / storeys if eaves else None)
    if height:
        form["storey_height"] = round(height, 2)
    if roof != "flat" and fields.get("roof_pitch"):
        form["pitch"] = fields["roof_pitch"]
    return form


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and -MOST < value < MOST


def _refuse(de: str, en: str) -> NoReturn:
    raise BadShape(Words(de, en))
