"""What QGIS says of a layer's fields: titles with units, value lists, and which are not to be written."""

from typing import Any

from sqlalchemy import Boolean, Column, Date

from layers.writing.qgis.markup import Element, option, tag
from twin.feature import Feature, Words

OWN = '"uid"'
KEPT = {
    "uid": Words("Kennung", "Id"),
    "version": Words("Fassung", "Version"),
    "estimated": Words("Geschätzt", "Estimated"),
}


def shown_fields(layer: type[Feature]) -> list[Column]:
    return [column for column in layer.fields() if not column.info.get("hidden")]


def alias(column: Column, language: str) -> str:
    """The title with its unit: Höhe (m)."""
    title, unit = getattr(column.info["title"], language), column.info["unit"]
    return f"{title} ({unit})" if unit else title


def forms(layer: type[Feature], language: str) -> list[Element]:
    """The parts of a layer's file that are about its fields."""
    titles = {name: getattr(words, language) for name, words in KEPT.items()}
    titles |= {column.name: alias(column, language) for column in shown_fields(layer)}
    widgets = [_field(name, "TextEdit", {"IsMultiline": False}) for name in KEPT]
    widgets += [_field(column.name, *_widget(column, language)) for column in shown_fields(layer)]
    listed = [tag("alias", {"field": name, "index": i, "name": said}) for i, (name, said) in enumerate(titles.items())]
    fixed = [tag("field", {"name": name, "editable": "0"}) for name in KEPT]
    return [
        tag("fieldConfiguration", {}, *widgets),
        tag("aliases", {}, *listed),
        tag("editable", {}, *fixed),
        tag("previewExpression", {}, _preview(layer)),
    ]


def _preview(layer: type[Feature]) -> str:
    names = {column.name for column in shown_fields(layer)}
    told = [f'"{name}"' for name in ("name", "number", "address", "species") if name in names]
    return f"coalesce({', '.join([*told, OWN])})"


def _field(name: str, widget: str, config: dict[str, Any]) -> Element:
    return tag(
        "field", {"name": name, "configurationFlags": "None"},
        tag("editWidget", {"type": widget}, tag("config", {}, option(config))),
    )  # fmt: skip


def _widget(column: Column, language: str) -> tuple[str, dict[str, Any]]:
    codes = column.info.get("codes")
    if codes:
        empty = Words("nicht bekannt", "not known")
        listed = [{getattr(empty, language): "{2839923C-8B7D-419E-B84B-CA2FE9B80EC7}"}]  # what QGIS writes for nothing
        return "ValueMap", {"map": listed + [{getattr(words, language): code} for code, words in codes.items()]}
    if isinstance(column.type, Boolean):
        return "CheckBox", {"CheckedState": "", "UncheckedState": ""}
    if isinstance(column.type, Date):
        return "DateTime", {"display_format": "dd.MM.yyyy" if language == "de" else "yyyy-MM-dd",
                            "field_format": "yyyy-MM-dd", "calendar_popup": True, "allow_null": True}  # fmt: skip
    return "TextEdit", {"IsMultiline": False, "UseHtml": False}
