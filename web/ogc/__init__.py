"""OGC API: the planned city for QGIS, GDAL and whatever else speaks it; today and each scenario is a service."""

from flask import Flask, Response, request

from web.errors import OGC


def init_app(app: Flask) -> None:
    from web.ogc import items, landing, styles, tiles, writing  # noqa: F401  # each adds its addresses
    from web.ogc.common import ogc

    app.after_request(open_to_other_sites)
    app.register_blueprint(ogc)


def open_to_other_sites(response: Response) -> Response:
    """Other sites' scripts may ask (CORS). They get what is public: a browser sends no login along with "*"."""
    if request.path.startswith(OGC):
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Expose-Headers"] = "Content-Crs, ETag, Location, Link"
        if request.method == "OPTIONS":
            response.headers["Access-Control-Allow-Methods"] = response.headers.get("Allow", "GET, HEAD, OPTIONS")
            response.headers["Access-Control-Allow-Headers"] = "Authorization, Content-Type, Content-Crs, If-Match"
            response.headers["Access-Control-Max-Age"] = "86400"
    return response
