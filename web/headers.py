"""What every answer says to the browser about safety: no host but ours and those named, no frame but our own."""

import re

from flask import Flask, Response, current_app, g

from web.basemaps import hosts

COMPRESSED = [
    "text/html",
    "text/css",
    "text/javascript",
    "application/javascript",
    "application/json",
    "application/geo+json",
    "image/svg+xml",
    "application/octet-stream",
]
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self' 'unsafe-inline'",  # deck.gl sets the style of its canvas in markup
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'{hosts}",  # the maps of others that the configuration names
        "frame-src 'self'",  # a comparison and a story hold the city in a frame
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'self'{frames}",
    )
)


def protect(response: Response) -> Response:
    policy = POLICY.format(
        hosts="".join(f" {host}" for host in hosts()),
        frames="".join(f" {one}" for one in current_app.config["EMBEDDED_IN"]),
    )
    if g.get("embeddable"):  # a view that only shows what is public: the town's own site may hold it in a frame
        policy = re.sub(r"frame-ancestors [^;]*", "frame-ancestors *", policy)
    response.headers["Content-Security-Policy"] = policy
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    return response


def init_app(app: Flask) -> None:
    app.after_request(protect)
