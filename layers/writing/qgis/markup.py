"""The elements of which QGIS makes its files."""

from typing import Any

from lxml import etree

Element = Any  # of lxml
_TYPES = {bool: "bool", int: "int", float: "double", str: "QString"}


def tag(name: str, attributes: dict[str, Any] | None = None, *inside: Any) -> Element:
    """inside: text, elements, or None for what is left out."""
    made = etree.Element(name, {key: _text(value) for key, value in (attributes or {}).items()})
    for one in inside:
        if isinstance(one, str):
            made.text = clean(one)
        elif one is not None:
            made.append(one)
    return made


def option(value: Any, name: str | None = None) -> Element:
    """A value as QGIS keeps it: {"color": "1,2,3"} becomes <Option type="Map"><Option name="color" …/></Option>."""
    named = {} if name is None else {"name": name}
    if isinstance(value, dict):
        return tag("Option", {**named, "type": "Map"}, *(option(inner, str(key)) for key, inner in value.items()))
    if isinstance(value, (list, tuple)):
        return tag("Option", {**named, "type": "List"}, *(option(inner) for inner in value))
    if value is None:
        return tag("Option", {**named, "type": "invalid"})
    return tag("Option", {**named, "type": _TYPES[type(value)], "value": value})


def properties(found: dict[str, str], where: str = "data_defined_properties") -> Element:
    """What an expression decides: {"outlineWidth": '"width"'}."""
    each = {name: {"active": True, "expression": said, "type": 3} for name, said in found.items()}
    return tag(where, {}, option({"name": "", "properties": each or None, "type": "collection"}))


def clean(text: str) -> str:
    """Without the letters that no XML may hold."""
    return "".join(letter for letter in text if letter >= " " or letter in "\t\n")


def quoted(text: str) -> str:
    """A text within an expression."""
    return "'" + text.replace("'", "''") + "'"


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return clean(str(value))
