"""Run by the system's Python, which has QGIS: opens projects as a planner's QGIS does, and writes down what it sees.

Arguments: a JSON file {"projects": {name: address}, "draw": {name: [picture, bounds,
style]}, "tiles": [[address, bounds]]}, and the answer's file.
"""

import json
import sys
from pathlib import Path

from qgis._3d import Qgs3D, QgsVectorLayer3DRenderer
from qgis.core import (
    QgsApplication,
    QgsExpressionContext,
    QgsExpressionContextUtils,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsProject,
    QgsRectangle,
    QgsRenderContext,
    QgsVectorTileLayer,
)
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QColor


def main(question_file, answer_file):
    question = json.loads(Path(question_file).read_text())
    application = QgsApplication([], False)
    application.initQgis()
    Qgs3D.initialize()
    answer = {name: told(address, question.get("draw", {}).get(name)) for name, address in question["projects"].items()}
    answer["tiles"] = [tile(*asked) for asked in question.get("tiles", [])]
    Path(answer_file).write_text(json.dumps(answer))
    QgsProject.instance().clear()
    application.exitQgis()


def tile(address, bounds):
    """Pixels that QGIS draws of vector tiles, None where it does not take the layer. bounds: in EPSG:3857."""
    layer = QgsVectorTileLayer(address, "tiles")
    if not layer.isValid():
        return None
    settings = QgsMapSettings()
    settings.setLayers([layer])
    settings.setDestinationCrs(layer.crs())
    settings.setBackgroundColor(QColor("white"))
    settings.setExtent(QgsRectangle(*bounds))
    settings.setOutputSize(QSize(200, 200))
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    image = job.renderedImage()
    return sum(image.pixelColor(x, y) != QColor("white") for x in range(200) for y in range(200))


def told(address, picture):
    project = QgsProject.instance()
    project.clear()
    found = {"read": project.read(address), "error": project.error(), "title": project.title()}
    root = project.layerTreeRoot()
    found["groups"] = {group.name(): [leaf.name() for leaf in group.findLayers()] for group in root.findGroups()}
    found["crs"] = project.crs().authid()
    found["layers"] = {id: seen(layer) for id, layer in project.mapLayers().items()}
    if picture:
        draw(project, *picture)
    return found


def seen(layer):
    if not layer.isValid():
        return {"valid": False, "error": layer.error().message(), "source": layer.source()}
    renderer = layer.renderer()
    features = list(layer.getFeatures())
    fields = layer.fields()
    manager = layer.styleManager()
    return {
        "valid": True,
        "count": len(features),
        "crs": layer.crs().authid(),
        "read_only": layer.readOnly(),
        "aliases": {field.name(): field.alias() for field in fields if field.alias()},
        "widgets": {field.name(): field.editorWidgetSetup().type() for field in fields},
        "lists": {
            field.name(): field.editorWidgetSetup().config().get("map")
            for field in fields
            if field.editorWidgetSetup().type() == "ValueMap"
        },
        "renderer": renderer.type(),
        "colors": colors(renderer),
        "drawn": drawn(layer, features),
        "labels": layer.labelsEnabled() and layer.labeling() is not None,
        "styles": manager.styles(),
        "licences": layer.metadata().licenses(),
        "abstract": layer.metadata().abstract(),
        "in_space": raised(layer.renderer3D()),
    }


def raised(renderer):
    """The expression for the height in QGIS's 3D map."""
    if renderer is None:
        return None
    symbol = sip.cast(renderer, QgsVectorLayer3DRenderer).symbol()
    return symbol.dataDefinedProperties().property(symbol.PropertyExtrusionHeight).expressionString()


def colors(renderer):
    """value -> the colour of the fill, or of the topmost line."""
    if renderer.type() == "singleSymbol":
        return {"": rgb(renderer.symbol())}
    return {category.value(): rgb(category.symbol()) for category in renderer.categories()}


def rgb(symbol):
    color = symbol.symbolLayer(symbol.symbolLayerCount() - 1).color()
    return [color.red(), color.green(), color.blue()]


def drawn(layer, features):
    """uid -> the colour in which QGIS draws it, by the renderer's own choice of a symbol."""
    context = QgsRenderContext()
    expressions = QgsExpressionContext(QgsExpressionContextUtils.globalProjectLayerScopes(layer))
    context.setExpressionContext(expressions)
    renderer = layer.renderer().clone()
    renderer.startRender(context, layer.fields())
    found = {}
    for feature in features[:200]:
        context.expressionContext().setFeature(feature)
        symbol = renderer.originalSymbolForFeature(feature, context)
        found[str(feature["uid"])] = rgb(symbol) if symbol else None
    renderer.stopRender(context)
    return found


def draw(project, file, bounds, style):
    """A picture of the map, half a metre a pixel. style: of the buildings, or None for the first."""
    layers = [leaf.layer() for leaf in project.layerTreeRoot().findLayers() if leaf.isVisible() and leaf.layer()]
    for layer in layers:
        if style and style in layer.styleManager().styles():
            layer.styleManager().setCurrentStyle(style)
    settings = QgsMapSettings()
    settings.setLayers(layers)
    settings.setDestinationCrs(project.crs())
    settings.setBackgroundColor(project.backgroundColor())
    settings.setExtent(QgsRectangle(*bounds))
    settings.setOutputSize(QSize(round((bounds[2] - bounds[0]) * 2), round((bounds[3] - bounds[1]) * 2)))
    context = QgsExpressionContext()
    context.appendScope(QgsExpressionContextUtils.globalScope())
    context.appendScope(QgsExpressionContextUtils.projectScope(project))
    context.appendScope(QgsExpressionContextUtils.mapSettingsScope(settings))
    settings.setExpressionContext(context)
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    job.renderedImage().save(file)


main(*sys.argv[1:])
