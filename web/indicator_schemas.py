"""What the interface gives of indicators, as contracts say it: questions, figures, places, drawings."""

from web.schemas import NUMBER, TEXT, YES_NO, Schema, list_of, map_of, object_of, one_of, or_null, text, whole

AREA: Schema = text(200_000)  # project, city, block:UID, zone:UID, west,south,east,north, GeoJSON or WKT in degrees
SOURCE = object_of(
    {"norm": TEXT, "edition": TEXT, "paragraph": TEXT, "valid_from": or_null(TEXT), "valid_to": or_null(TEXT),
     "how_sure": TEXT},
    title="Norm",
)  # fmt: skip
QUESTION = object_of(
    {"name": TEXT, "title": TEXT, "question": TEXT, "method": TEXT, "limits": TEXT, "sources": list_of(SOURCE),
     "layers": list_of(TEXT)},
    title="Indicator",
)  # fmt: skip
ASSUMED_BY = object_of({"name": TEXT, "title": TEXT, "value": NUMBER, "unit": TEXT, "source": TEXT})
LARGEST = object_of({"layer": TEXT, "uid": TEXT, "value": or_null(NUMBER)})
CAUSE = object_of(
    {"kind": one_of(["new", "changed", "gone"]), "features": whole(), "value": or_null(NUMBER),
     "largest": list_of(LARGEST)}
)  # fmt: skip
FIGURE = object_of(
    {
        "name": TEXT, "title": TEXT, "unit": TEXT, "value": or_null(NUMBER), "low": NUMBER, "high": NUMBER,
        "limit": NUMBER, "limit_kind": one_of(["plan", "orientation"]), "above": YES_NO, "by_hand": TEXT,
        "estimated": TEXT, "refused": TEXT, "sources": list_of(SOURCE), "assumptions": list_of(ASSUMED_BY),
        "difference": or_null(NUMBER), "causes": list_of(CAUSE),
    },
    ("name", "title", "unit", "value", "sources", "assumptions"), "Figure",
)  # fmt: skip
PLACE = object_of(
    {"layer": TEXT, "uid": TEXT, "title": TEXT, "values": map_of(or_null(NUMBER)), "above": or_null(YES_NO),
     "told": or_null(TEXT)},
    title="FigurePlace",
)  # fmt: skip
ANSWER = object_of(
    {
        "indicator": QUESTION, "scenario": whole(), "area": TEXT, "figures": list_of(FIGURE),
        "columns": map_of(object_of({"title": TEXT, "unit": TEXT})), "places": list_of(PLACE), "notes": list_of(TEXT),
    },
    title="Answer",
)  # fmt: skip
DRAWN = object_of(
    {
        "type": one_of(["FeatureCollection"]),
        "features": list_of(object_of({
            "type": one_of(["Feature"]), "geometry": {"type": "object"},
            "properties": object_of({"kind": TEXT, "colour": list_of(whole(0, 255), 4, 4), "height": NUMBER}),
        })),
    },
    title="Drawing",
)  # fmt: skip
