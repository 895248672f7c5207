"""A QGIS project: the layers of the city in groups, with their looks, titles, value lists, labels and licences."""

import io
import zipfile
from dataclasses import dataclass, field

from lxml import etree
from pyproj import CRS

from layers.palette import HIDDEN_AT_FIRST, PAPER
from layers.writing.qgis import styles
from layers.writing.qgis.forms import alias, forms, shown_fields
from layers.writing.qgis.markup import Element, tag
from twin.feature import TODAY, Feature, Words

VERSION = "3.22.16-Białowieża"
RAISED = Words("2,5D", "2.5D")
PLAN = Words("Stadtplan", "Town plan")
COMPARED = Words("Heute (zum Vergleich)", "Today (to compare)")


@dataclass(frozen=True)
class Entry:
    """One layer of the project. kind: "Point", "LineString" or "Polygon"; address: as QGIS's provider takes it.

    planned: an expression for what a scenario made of a thing: "new" or "changed".
    """

    layer: type[Feature]
    kind: str
    scenario: int
    provider: str
    address: str
    epsg: int
    sources: tuple[str, ...] = ()
    licences: tuple[str, ...] = ()
    writable: bool = False
    planned: str = '"planned"'

    @property
    def id(self) -> str:
        return f"{self.layer.__tablename__}_{self.kind.lower()}_{self.scenario}"


@dataclass
class Project:
    """bounds: what is seen first, in the city's metres. group: the title of the scenario; entries: ground first."""

    title: str
    epsg: int
    bounds: tuple[float, float, float, float]
    group: str
    scenario: int
    entries: list[Entry] = field(default_factory=list)
    language: str = "de"

    def said(self, words: Words) -> str:
        return getattr(words, self.language)


def packed(project: Project) -> bytes:
    """As a .qgz file."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("project.qgs", written(project))
    return file.getvalue()


def written(project: Project) -> bytes:
    """As a .qgs file."""
    root = tag(
        "qgis", {"version": VERSION, "projectname": project.title},
        tag("title", {}, project.title),
        tag("projectCrs", {}, _crs(project.epsg)),
        _tree(project),
        _canvas(project),
        tag("projectlayers", {}, *(_map_layer(project, entry) for entry in project.entries)),
        tag("layerorder", {}, *(tag("layer", {"id": entry.id}) for entry in reversed(project.entries))),
        tag("properties", {}, *_properties(project)),
    )  # fmt: skip
    doctype = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>"
    return etree.tostring(root, encoding="UTF-8", xml_declaration=False, doctype=doctype)


def style(layer: type[Feature], kind: str, language: str) -> str:
    """A layer's look and form alone, as a .qml file and a GeoPackage's layer_styles hold it."""
    parts = [styles.renderer(layer, kind, {}, language), styles.labels(layer, kind), *forms(layer, language)]
    told = {"version": VERSION, "styleCategories": "AllStyleCategories", "labelsEnabled": int(parts[1] is not None)}
    return etree.tostring(tag("qgis", told, *parts), encoding="unicode")


def _tree(project: Project) -> Element:
    """The scenario above today, each with its topmost layer first."""
    groups: list[Element] = []
    for scenario, title, is_open in ((project.scenario, project.group, True), (TODAY, project.said(COMPARED), False)):
        listed = [entry for entry in reversed(project.entries) if entry.scenario == scenario]
        if not listed or (scenario == TODAY and groups and project.scenario == TODAY):
            continue
        leaves = [_leaf(project, entry) for entry in listed]
        checked = "Qt::Checked" if is_open else "Qt::Unchecked"
        groups.append(tag("layer-tree-group", {"name": title, "checked": checked, "expanded": int(is_open)}, *leaves))
    return tag("layer-tree-group", {}, tag("customproperties"), *groups)


def _leaf(project: Project, entry: Entry) -> Element:
    shown = "Qt::Unchecked" if entry.layer.__tablename__ in HIDDEN_AT_FIRST else "Qt::Checked"
    told = {"id": entry.id, "name": _title(project, entry), "checked": shown, "expanded": 0}
    return tag("layer-tree-layer", {**told, "providerKey": entry.provider, "source": entry.address})


def _title(project: Project, entry: Entry) -> str:
    """The layer's, with the kind of its shapes where it has several."""
    alike = {other.kind for other in project.entries if other.layer is entry.layer}
    title = project.said(entry.layer.title)
    kinds = {"Point": Words("Punkte", "points"), "LineString": Words("Linien", "lines"),
             "Polygon": Words("Flächen", "areas")}  # fmt: skip
    return f"{title} ({project.said(kinds[entry.kind])})" if len(alike) > 1 else title


def _map_layer(project: Project, entry: Entry) -> Element:
    layer, language = entry.layer, project.language
    beside = _beside(project.entries, entry)
    labelled = styles.labels(layer, entry.kind)
    told = {
        "type": "vector", "geometry": entry.kind, "wkbType": entry.kind, "readOnly": int(not entry.writable),
        "labelsEnabled": int(labelled is not None), "autoRefreshEnabled": 0, "simplifyDrawingHints": 1,
        "simplifyMaxScale": 1, "simplifyDrawingTol": 1, "simplifyLocal": 1, "styleCategories": "AllStyleCategories",
    }  # fmt: skip
    return tag(
        "maplayer", told,
        tag("id", {}, entry.id), tag("datasource", {}, entry.address), tag("layername", {}, _title(project, entry)),
        tag("srs", {}, _crs(entry.epsg)),
        tag("resourceMetadata", {}, *_metadata(project, entry)),
        tag("provider", {"encoding": "UTF-8"}, entry.provider),
        tag("flags", {}, *(tag(name, {}, "1") for name in ("Identifiable", "Searchable")), tag("Removable", {}, "1")),
        styles.in_space(layer, entry.id),
        styles.renderer(layer, entry.kind, beside, language),
        labelled,
        _styles(layer, entry.kind, beside, language),
        *forms(layer, language),
        tag("attributetableconfig", {"sortOrder": 0}, _columns(layer)),
    )  # fmt: skip


def _styles(layer: type[Feature], kind: str, beside: dict[str, str], language: str) -> Element | None:
    """Buildings have a second look to choose: risen in 2.5D."""
    if layer.__tablename__ != "buildings" or kind != styles.AREA:
        return None
    raised = tag("qgis", {"version": VERSION, "labelsEnabled": 0}, styles.raised(layer, beside, language))
    raised.extend(forms(layer, language))
    plan, other = getattr(PLAN, language), getattr(RAISED, language)
    return tag(
        "map-layer-style-manager", {"current": plan},
        tag("map-layer-style", {"name": plan}), tag("map-layer-style", {"name": other}, raised),
    )  # fmt: skip


def _beside(entries: list[Entry], entry: Entry) -> dict[str, str]:
    """What a building's look hangs on."""
    found = {"planned": entry.planned} if entry.scenario != TODAY else {}
    for other in entries:
        name = other.layer.__tablename__
        if name == "vacancies" and other.scenario == entry.scenario:
            found["vacancies"] = other.id
    return found


def _columns(layer: type[Feature]) -> Element:
    names = ["uid", *(column.name for column in shown_fields(layer)), "estimated", "version"]
    hidden = [*(column.name for column in layer.fields() if column.info.get("hidden")), "id", "fid", "source_id"]
    each = [tag("column", {"type": "field", "name": name, "hidden": 0, "width": -1}) for name in names]
    each += [tag("column", {"type": "field", "name": name, "hidden": 1, "width": -1}) for name in hidden]
    return tag("columns", {}, *each)


def _metadata(project: Project, entry: Entry) -> list[Element]:
    fields = ", ".join(alias(column, project.language) for column in shown_fields(entry.layer))
    about = Words("Felder: {}. Quellen: {}", "Fields: {}. Sources: {}")
    unknown = project.said(Words("nicht bekannt", "not known"))
    return [
        tag("identifier", {}, entry.id),
        tag("type", {}, "dataset"),
        tag("title", {}, f"{_title(project, entry)} – {project.title}"),
        tag("abstract", {}, project.said(about).format(fields, "; ".join(entry.sources) or unknown)),
        tag("language", {}, project.language),
        *(tag("license", {}, licence) for licence in entry.licences or (unknown,)),
        tag("crs", {}, _crs(entry.epsg)),
    ]


def _crs(epsg: int) -> Element:
    crs = CRS(epsg)
    return tag(
        "spatialrefsys", {"nativeFormat": "Wkt"},
        tag("wkt", {}, crs.to_wkt()), tag("srid", {}, str(epsg)), tag("authid", {}, f"EPSG:{epsg}"),
        tag("description", {}, crs.name), tag("geographicflag", {}, "true" if crs.is_geographic else "false"),
    )  # fmt: skip


def _canvas(project: Project) -> Element:
    names = ("xmin", "ymin", "xmax", "ymax")
    extent = [tag(name, {}, repr(float(value))) for name, value in zip(names, project.bounds, strict=True)]
    return tag(
        "mapcanvas", {"name": "theMapCanvas", "annotationsVisible": 1},
        tag("units", {}, "meters"), tag("extent", {}, *extent), tag("rotation", {}, "0"),
        tag("destinationsrs", {}, _crs(project.epsg)),
    )  # fmt: skip


def _properties(project: Project) -> list[Element]:
    paper = [tag(f"CanvasColor{part}Part", {"type": "int"}, str(value)) for part, value in
             zip(("Red", "Green", "Blue"), PAPER, strict=True)]  # fmt: skip
    return [
        tag("Gui", {}, *paper),
        tag("Paths", {}, tag("Absolute", {"type": "bool"}, "false")),
        tag("Measurement", {}, tag("DistanceUnits", {"type": "QString"}, "meters"),
            tag("AreaUnits", {"type": "QString"}, "m2")),
        tag("SpatialRefSys", {}, tag("ProjectionsEnabled", {"type": "int"}, "1")),
        tag("PositionPrecision", {}, tag("DecimalPlaces", {"type": "int"}, "2")),
    ]  # fmt: skip
