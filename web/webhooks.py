"""Tells other programs of what has happened here: a scenario was published, a contribution came in."""

import hashlib
import hmac
import json
import logging
import threading
import time
from collections.abc import Callable
from typing import Any

import requests
from flask import Flask, current_app, has_request_context, url_for
from sqlalchemy import event, inspect
from sqlalchemy.orm import Session

from scenarios.participation.tables import Contribution
from scenarios.project import now
from twin.feature import Scenario

PATIENCE, TRIES, PAUSE = 10.0, 3, 2.0  # seconds for an answer; how often; seconds between
KEPT = "webhooks"  # in a session: what is told once it is committed
Told = dict[str, Any]


def note(session: Session, *_: Any) -> None:
    """What a flush wrote that others want to know of."""
    if not has_request_context() or not current_app.config["WEBHOOKS"]:
        return
    told = session.info.setdefault(KEPT, [])
    for one in session.new:
        if isinstance(one, Contribution):
            address = url_for("participation.page", id=one.participation_id, _external=True)
            told.append({"event": "contribution.new", "contribution": one.id, "participation": one.participation_id,
                         "address": address})  # fmt: skip
    for one in session.dirty:
        if isinstance(one, Scenario) and "published" in inspect(one).attrs.state.history.added:
            address = url_for("pages.scenario", id=one.id, _external=True)
            told.append({"event": "scenario.published", "scenario": one.id, "title": one.title, "address": address})


def send(session: Session) -> None:
    """What is committed is told, in a thread of its own: nobody waits for another program."""
    told = session.info.pop(KEPT, [])
    if told and has_request_context():
        addresses, secret = current_app.config["WEBHOOKS"], current_app.config["WEBHOOK_SECRET"]
        moment = now().isoformat() + "Z"
        bodies = [json.dumps({**one, "at": moment}, ensure_ascii=False).encode() for one in told]
        threading.Thread(target=_deliver, args=(addresses, secret, bodies), daemon=True).start()


def forget(session: Session) -> None:
    session.info.pop(KEPT, None)


def signature(secret: str, body: bytes) -> str:
    """What stands in X-Twin-Signature: whoever knows the secret can see that it was us."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def init_app(app: Flask) -> None:
    hooks: dict[str, Callable] = {"after_flush": note, "after_commit": send, "after_rollback": forget}
    for name, hook in hooks.items():
        if not event.contains(Session, name, hook):
            event.listen(Session, name, hook)


def _deliver(addresses: list[str], secret: str | None, bodies: list[bytes]) -> None:
    for address in addresses:
        for body in bodies:
            heads = {"Content-Type": "application/json"}
            if secret:
                heads["X-Twin-Signature"] = signature(secret, body)
            _try(address, body, heads)


def _try(address: str, body: bytes, heads: dict[str, str]) -> None:
    for attempt in range(TRIES):
        try:
            requests.post(address, data=body, headers=heads, timeout=PATIENCE, allow_redirects=False).raise_for_status()
            return
        except requests.RequestException as error:
            logging.getLogger(__name__).warning(
                "%s did not take the news (%s of %s): %s", address, attempt + 1, TRIES, error
            )
            time.sleep(PAUSE * attempt)
