"""Run by the system's Python, which has QGIS: opens layers as a planner's QGIS does, and writes down what it sees.

Arguments: a JSON file {"layers": {name: [provider, address]}, "window": [xmin, ymin, xmax, ymax],
"edit": [layer, uid, field, value] or null}, and the file for the answer.
"""

import json
import sys
from pathlib import Path

from qgis.core import QgsApplication, QgsFeatureRequest, QgsRectangle, QgsVectorLayer


def main(question_file, answer_file):
    question = json.loads(Path(question_file).read_text())
    application = QgsApplication([], False)
    application.initQgis()
    layers = {name: QgsVectorLayer(address, name, provider) for name, (provider, address) in question["layers"].items()}
    window = QgsRectangle(*question["window"])
    answer = {name: seen(layer, window) for name, layer in layers.items()}
    if question["edit"]:
        name, uid, field, value = question["edit"]
        answer["edit"] = edit(layers[name], uid, field, value)
    Path(answer_file).write_text(json.dumps(answer))
    del layers
    application.exitQgis()


def seen(layer, window):
    if not layer.isValid():
        return {"valid": False, "error": layer.error().message()}
    inside = list(layer.getFeatures(QgsFeatureRequest().setFilterRect(window)))
    return {
        "valid": True,
        "crs": layer.crs().authid(),
        "count": sum(1 for _ in layer.getFeatures()),
        "ids": len({feature.id() for feature in layer.getFeatures()}),
        "inside": len(inside),
        "types": {field.name(): field.typeName() for field in layer.fields()},
        "index": layer.hasSpatialIndex() == layer.SpatialIndexPresent,
    }


def edit(layer, uid, field, value):
    """Change one field and move the shape by a metre, as with the vertex tool, and save."""
    layer.startEditing()
    feature = next(layer.getFeatures(QgsFeatureRequest().setFilterExpression(f"uid = '{uid}'")))
    shape = feature.geometry()
    shape.translate(1, 0)
    layer.changeAttributeValue(feature.id(), layer.fields().indexOf(field), value)
    layer.changeGeometry(feature.id(), shape)
    return [layer.commitChanges(), layer.commitErrors()]


main(*sys.argv[1:])
